package rules

import (
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/engine"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/rule/ruletest"
	"github.com/fbsdetect/fbsdetect/gsmtap"
)

// TestBandMismatchCut: the EARFCN of a GSMTAP header of version 2 has 14 bits; vectors
// are of version 3, which has all.
func TestBandMismatchCut(t *testing.T) {
	tests := []struct {
		name   string
		band   int
		earfcn uint32
		want   engine.Outcome
	}{
		{"in band 3", 3, 1300, engine.Clear},
		{"38900 of band 40", 40, 38900 & 0x3fff, engine.Clear},
		{"of no frequency of band 3", 3, 100, engine.Fired},
		{"not recorded", 3, 0, engine.Insufficient},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			frames, err := ruletest.Parse(macro(1300, -1, 70001).but(func(c *lteCell) { c.band = tt.band }).sib1())
			if err != nil {
				t.Fatal(err)
			}
			sub, _ := gsmtap.LTERRCSubType("BCCH-DL-SCH")
			full := gsmtap.Header{Version: 3, Type: gsmtap.TypeLTERRC, SubType: sub, ARFCN: 1300}
			message := frames[0].Octets[len(gsmtap.AppendHeader(nil, &full)):]
			cut := gsmtap.Header{Version: 2, Type: gsmtap.TypeLTERRC, SubType: 5, ARFCN: tt.earfcn} // BCCH-DL-SCH
			frames[0].Octets = append(gsmtap.AppendHeader(nil, &cut), message...)
			got, err := ruletest.Judge(frames, []*rule.Rule{rule.ByID("lte-band-mismatch")})
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != 1 || got[0].Outcomes[0] != tt.want {
				t.Errorf("%+v, want one cell and %v", got, tt.want)
			}
		})
	}
}
