package earfcn

import "testing"

func TestOverlap(t *testing.T) {
	for _, tt := range []struct {
		earfcn uint32
		band   int
		want   bool
	}{
		{675, 25, true},   // band 2 lies in band 25
		{8040, 2, true},   // and its start in band 2
		{8690, 2, false},  // 1995 MHz, band 25 alone
		{675, 3, false},   // 1937.5 MHz
		{675, 99, false},  // no band
		{65535, 3, false}, // no EARFCN of any band
	} {
		if got := Overlaps(tt.earfcn, tt.band); got != tt.want {
			t.Errorf("Overlaps(%d, %d) = %v", tt.earfcn, tt.band, got)
		}
	}
	if n, ok, ambiguous := RecoverOverlap(675, []int{25}); n != 675 || !ok || ambiguous {
		t.Errorf("RecoverOverlap = %d, %v, %v", n, ok, ambiguous)
	}
	if _, ok, ambiguous := RecoverOverlap(9000, []int{3}); ok || ambiguous {
		t.Error("9000 recovered in band 3")
	}
}
