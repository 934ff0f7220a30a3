package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-way-back-missing",
	Title:     "The cell shows phones no way back to LTE although its network does",
	Family:    rule.Attract,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G45"},
	Needs:     []event.Kind{event.KindCapabilities},
	Weight:    0.3, WeightBasis: expert,
	Why: "Cells of a network with LTE tell phones on 2G how to get back. A box that took a phone down from LTE does not want it to return.",
	Benign: []rule.Benign{
		{Explanation: "An old cell of the operator, or one far from LTE."},
		{Explanation: "The message that lists LTE frequencies was missed."},
	},
	Refs:   []string{"TS 44.018 §10.5.2.33b", "TS 44.018 §9.1.7", "TS 45.008 §6.6.6"},
	Params: []rule.Param{minPeers(3), minShare(0.66)},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool {
				_, ok := wayBack(v.Cell)
				return ok && len(knownWays(v)) >= int(p["min_peers"])
			},
			judge: func(v rule.View) []rule.Evidence {
				if back, _ := wayBack(v.Cell); back {
					return nil
				}
				with := 0
				ways := knownWays(v)
				for _, back := range ways {
					if back {
						with++
					}
				}
				if float64(with) < p["min_share"]*float64(len(ways)) {
					return nil
				}
				return []rule.Evidence{{
					Frames: named(v.Cell), Field: "SI 2quater Indicator", Got: "absent", Expect: fmt.Sprintf("present, as on %d of %d other cells", with, len(ways)),
					Summary: "The cell tells phones of no way back to LTE or 3G, although the other cells of its network do.",
				}}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "without among three with", Fires: true, Frames: cycles(ordinary(33, 10001), withQuater(40, 10002), withQuater(41, 10003), withQuater(42, 10004))},
		{Name: "with", Frames: cycles(withQuater(33, 10001), withQuater(40, 10002), withQuater(41, 10003), withQuater(42, 10004))},
		{Name: "network without", Frames: cycles(ordinary(33, 10001), ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
		{Name: "too few to compare", Frames: cycles(ordinary(33, 10001), withQuater(40, 10002))},
	},
})

// wayBack reports whether a cell announces the message that lists LTE frequencies and
// priorities; ok if it said so either way.
func wayBack(c *cell.Cell) (back, ok bool) {
	return c.Has&(event.AnnouncesSI2quater|event.HasEUTRANNeighbours|event.HasPriorities) != 0, c.Known&event.AnnouncesSI2quater != 0
}

func knownWays(v rule.View) []bool {
	var out []bool
	for _, c := range heardPeers(v) {
		if back, ok := wayBack(c); ok {
			out = append(out, back)
		}
	}
	return out
}

// withQuater is an ordinary cell that announces SI2quater: H and position 0 in place of
// the eighth bit of the padding (TS 44.018 §10.5.2.34); for vectors.
func withQuater(arfcn, ci int) synthetic {
	return ordinary(arfcn, ci).but(func(c *synthetic) { c.rest = "2a2b2b2b" })
}
