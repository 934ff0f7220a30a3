package earfcn

import (
	"math"
	"testing"
)

// TestTable checks what the table promises: rows sorted by band and by downlink
// number, no overlap, and ranges as wide as each other where the specification has
// them so.
func TestTable(t *testing.T) {
	for i, r := range ranges {
		if i > 0 {
			p := ranges[i-1]
			if r.Band <= p.Band || r.DLFirst <= p.DLLast {
				t.Errorf("band %d after %d: not in order", r.Band, p.Band)
			}
			if r.Mode == FDD && p.Mode == FDD && r.ULFirst <= p.ULLast {
				t.Errorf("band %d: uplink overlaps band %d", r.Band, p.Band)
			}
		}
		if r.DLLast < r.DLFirst || r.DLLast > Max || r.ULLast < r.ULFirst {
			t.Errorf("band %d: bad range", r.Band)
		}
		dl, ul := r.DLLast-r.DLFirst, r.ULLast-r.ULFirst
		switch {
		case r.Mode != FDD:
			if r.ULFirst != 0 || r.ULLast != 0 || r.UL100kHz != 0 {
				t.Errorf("band %d: uplink of its own", r.Band)
			}
		case r.Band == 66: // 90 MHz down, 70 MHz up
			if dl != 899 || ul != 699 {
				t.Errorf("band 66: %d, %d", dl, ul)
			}
		case r.Band == 70: // 25 MHz down, 15 MHz up
			if dl != 249 || ul != 149 {
				t.Errorf("band 70: %d, %d", dl, ul)
			}
		default:
			if dl != ul {
				t.Errorf("band %d: downlink %d, uplink %d wide", r.Band, dl+1, ul+1)
			}
		}
		// Up to band 28 the uplink numbers are 18000 above the downlink's.
		if r.Mode == FDD && r.Band <= 28 && r.ULFirst-r.DLFirst != 18000 {
			t.Errorf("band %d: offset %d", r.Band, r.ULFirst-r.DLFirst)
		}
		if got, ok := Of(r.Band); !ok || got != r {
			t.Errorf("Of(%d) = %+v, %v", r.Band, got, ok)
		}
	}
	for _, b := range []int{-1, 0, 15, 16, 54, 64, 77, 86, 89, 253, 256, 1 << 20} {
		if _, ok := Of(b); ok {
			t.Errorf("band %d found", b)
		}
	}
}

func TestBand(t *testing.T) {
	for _, tt := range []struct {
		earfcn uint32
		band   int
		mhz    float64
		mode   string
	}{
		{0, 1, 2110, "FDD"}, {599, 1, 2169.9, "FDD"}, {600, 2, 1930, "FDD"},
		{1300, 3, 1815, "FDD"}, {1949, 3, 1879.9, "FDD"}, {2400, 5, 869, "FDD"},
		{3350, 7, 2680, "FDD"}, {3799, 8, 959.9, "FDD"}, {4949, 11, 1495.8, "FDD"},
		{4950, 0, 0, ""}, {5009, 0, 0, ""}, {5010, 12, 729, "FDD"}, {5780, 17, 739, "FDD"},
		{6300, 20, 806, "FDD"}, {6449, 20, 820.9, "FDD"}, {7400, 0, 0, ""},
		{9260, 28, 763, "FDD"}, {9660, 29, 717, "SDL"}, {10359, 32, 1495.9, "SDL"},
		{10360, 0, 0, ""}, {35999, 0, 0, ""}, {36000, 33, 1900, "TDD"}, {38098, 38, 2604.8, "TDD"},
		{39649, 40, 2399.9, "TDD"}, {40936, 41, 2624.6, "TDD"}, {46790, 46, 5150, "TDD"},
		{54539, 46, 5924.9, "TDD"}, {60254, 53, 2494.9, "TDD"}, {60255, 0, 0, ""},
		{65535, 0, 0, ""}, {65536, 65, 2110, "FDD"}, {66786, 66, 2145, "FDD"}, {67335, 66, 2199.9, "FDD"},
		{68686, 71, 627, "FDD"}, {70645, 88, 426.9, "FDD"}, {70655, 103, 757.9, "FDD"}, {70656, 0, 0, ""},
		{131072, 0, 0, ""}, {255144, 252, 5150, "SDL"}, {Max, 255, 5849.9, "SDL"}, {Max + 1, 0, 0, ""},
		{math.MaxUint32, 0, 0, ""},
	} {
		band, ok := Band(tt.earfcn)
		if band != tt.band || ok != (tt.band != 0) {
			t.Errorf("Band(%d) = %d, %v", tt.earfcn, band, ok)
		}
		if f := DownlinkMHz(tt.earfcn); f != tt.mhz {
			t.Errorf("DownlinkMHz(%d) = %v, want %v", tt.earfcn, f, tt.mhz)
		}
		if r, _ := Of(tt.band); r.Mode.String() != tt.mode {
			t.Errorf("band %d is %v, want %s", tt.band, r.Mode, tt.mode)
		}
		if InBand(tt.earfcn, tt.band) != ok || InBand(tt.earfcn, tt.band+1) {
			t.Errorf("InBand(%d, %d)", tt.earfcn, tt.band)
		}
	}
}

func TestUplink(t *testing.T) {
	for _, tt := range []struct {
		earfcn uint32
		band   int
		mhz    float64
	}{
		{17999, 0, 0}, {18000, 1, 1920}, {19300, 3, 1720}, {27809, 31, 457.4}, {27810, 0, 0},
		{38098, 38, 2604.8}, {131972, 66, 1710}, {132671, 66, 1779.9}, {134291, 103, 787.9},
		{9700, 0, 0}, {Max, 0, 0},
	} {
		if band, ok := UplinkBand(tt.earfcn); band != tt.band || ok != (tt.band != 0) {
			t.Errorf("UplinkBand(%d) = %d, %v", tt.earfcn, band, ok)
		}
		if f := UplinkMHz(tt.earfcn); f != tt.mhz {
			t.Errorf("UplinkMHz(%d) = %v, want %v", tt.earfcn, f, tt.mhz)
		}
	}
}

func TestRecover(t *testing.T) {
	for _, tt := range []struct {
		name      string
		low       uint32
		band      int
		more      []int
		want      uint32
		ok, ambig bool
	}{
		{"whole number fits", 1300, 3, nil, 1300, true, false},
		{"band 66", 66786 & 0x3fff, 66, nil, 66786, true, false},
		{"band 40, two wraps", 39150 & 0x3fff, 40, nil, 39150, true, false},
		{"band 46 crosses a wrap", 49151 & 0x3fff, 46, nil, 49151, true, false},
		{"band 46 after the wrap", 49152 & 0x3fff, 46, nil, 49152, true, false},
		{"number is of another band", 1300, 7, nil, 0, false, false},
		{"number is of the other band", 1300, 7, []int{3}, 1300, true, false},
		{"same band twice", 1300, 3, []int{3, 3}, 1300, true, false},
		{"no band", 1300, 0, nil, 0, false, false},
		{"band that does not exist", 1300, 64, []int{256}, 0, false, false},
		// 66436 and 900 have the same low bits.
		{"bands 66 and 2", 900, 66, []int{2}, 66436, false, true},
		{"bands 2 and 66", 900, 2, []int{66}, 900, false, true},
		{"higher bits ignored", 1300 | 1<<20, 3, nil, 1300, true, false},
	} {
		got, ok, ambig := Recover(tt.low, tt.band, tt.more)
		if got != tt.want || ok != tt.ok || ambig != tt.ambig {
			t.Errorf("%s: %d, %v, %v", tt.name, got, ok, ambig)
		}
	}
	// Every EARFCN is found again from its low bits and its band.
	for _, r := range ranges {
		for n := r.DLFirst; n <= r.DLLast; n++ {
			if got, ok, ambig := Recover(n&0x3fff, r.Band, nil); got != n || !ok || ambig {
				t.Fatalf("band %d: %d recovered as %d, %v, %v", r.Band, n, got, ok, ambig)
			}
		}
	}
	if n := testing.AllocsPerRun(100, func() { Recover(1250, 66, []int{4, 10}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzRecover(f *testing.F) {
	f.Add(uint32(900), 66, 2)
	f.Fuzz(func(t *testing.T, low uint32, a, b int) {
		n, ok, ambig := Recover(low, a, []int{b})
		if ok && ambig {
			t.Fatal("both certain and ambiguous")
		}
		if (ok || ambig) && (n&0x3fff != low&0x3fff || !InBand(n, a) && !InBand(n, b)) {
			t.Fatalf("Recover(%d, %d, %d) = %d", low, a, b, n)
		}
	})
}

func BenchmarkRecover(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Recover(1250, 66, []int{4, 10})
	}
}
