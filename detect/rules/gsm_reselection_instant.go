package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-reselection-instant",
	Title:     "The cell's large offset counts at once for passing phones",
	Family:    rule.Attract,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G15"},
	Needs:     []event.Kind{event.KindReselection},
	Weight:    0.15, WeightBasis: expert,
	Why: "Together with a large offset operators often set a penalty that keeps passing phones away for a while. Without it the cell draws every phone from " +
		"the first moment. Many operators leave the penalty out, so this only adds to a large offset.",
	Benign: []rule.Benign{
		{
			Explanation: "The operator uses offsets without penalty.",
			Test: func(v rule.View) rule.BenignStatus {
				same, n := instantPeers(v)
				switch {
				case same > 0:
					return rule.Possible
				case n >= 5:
					return rule.Excluded
				}
				return rule.NotTestable
			},
		},
	},
	Refs:   []string{"TS 45.008 §6.4", "TS 44.018 §10.5.2.34"},
	Params: []rule.Param{{Name: "offset", Default: 40, Unit: "dB", Min: 2, Max: 126, Source: "SnoopSnitch X-GOLD histogram: 40 common, more rare"}},
	New: func(p rule.Values) rule.Observer {
		return atEnd{judge: func(v rule.View) []rule.Evidence {
			own, _ := v.Cell.Param(cell.CRO)
			to, ok := v.Cell.Param(cell.TemporaryOffset)
			pt, _ := v.Cell.Param(cell.PenaltyTime)
			if !ok || own.Value < p["offset"] || to.Value != 0 || pt.Value != 0 {
				return nil
			}
			if same, n := instantPeers(v); same > 0 && 2*same >= n {
				return nil
			}
			return []rule.Evidence{{
				Frames: []event.Ref{to.First}, Field: "TEMPORARY_OFFSET, PENALTY_TIME", Got: "0, 0 with CELL_RESELECT_OFFSET " + own.Text,
				Expect:  "a temporary offset, or a small offset",
				Summary: fmt.Sprintf("The cell's offset of %g dB counts at once, without a penalty for phones that just pass.", own.Value),
			}}
		}}
	},
	Vectors: []rule.Vector{
		{Name: "126 dB at once", Fires: true, Frames: ordinary(33, 10001).but(offset126).cycle()},
		{Name: "126 dB after 40 s", Frames: ordinary(33, 10001).but(func(c *synthetic) { c.rest = "bf612b2b" }).cycle()},
		{Name: "no offset", Frames: ordinary(33, 10001).cycle()},
	},
})

// instantPeers counts the other cells of the network that add an offset of 20 dB and
// more at once, and all that tell.
func instantPeers(v rule.View) (same, n int) {
	rule.Each(peers(v), cell.CRO, func(c *cell.Cell, p cell.Parameter) {
		n++
		to, ok := c.Param(cell.TemporaryOffset)
		pt, _ := c.Param(cell.PenaltyTime)
		if ok && p.Value >= 20 && to.Value == 0 && pt.Value == 0 {
			same++
		}
	})
	return same, n
}
