package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-lac-single-cell",
	Title:     "The cell is the only one heard in its location area",
	Family:    rule.Attract,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G23"},
	Needs:     []event.Kind{event.KindIdentity},
	Weight:    0.25, WeightBasis: expert,
	Why: "A location area spans tens to hundreds of cells. The more cells of a network are heard, the odder is an area with a single one. " +
		"At the edge of the ground covered that is bound to happen, so it weighs little.",
	Benign: []rule.Benign{
		{Explanation: "The ground covered just touches another location area."},
	},
	Refs:   []string{"TS 23.003 §4.1", "SnoopSnitch metric A5"},
	Params: []rule.Param{minPeers(5), windowParam},
	New: func(p rule.Values) rule.Observer {
		heard := func(v rule.View) (n int, alone bool) {
			alone = true
			for _, c := range peers(v) {
				if c.ID.Area == v.Cell.ID.Area {
					alone = false
				}
				if near(v.Cell, c, p["window"]) {
					n++
				}
			}
			return n, alone
		}
		return atEnd{
			enough: func(v rule.View) bool { n, _ := heard(v); return float64(n) >= p["min_peers"] },
			judge: func(v rule.View) []rule.Evidence {
				n, alone := heard(v)
				if !alone {
					return nil
				}
				return []rule.Evidence{{
					Frames: named(v.Cell), Field: "Location Area Code", Got: fmt.Sprintf("%d, one cell", v.Cell.ID.Area),
					Expect: "several cells in the area", Scale: min(1, float64(n)/20),
					Summary: fmt.Sprintf("No other cell of the cell's location area was heard, but %d cells of its network in other areas.", n),
				}}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "five cells in another area", Fires: true, Frames: cycles(ordinary(33, 10001).but(func(c *synthetic) { c.lac = 4000 }),
			ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004), ordinary(43, 10005), ordinary(44, 10006))},
		{Name: "all in one area", Frames: cycles(ordinary(33, 10001), ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004), ordinary(43, 10005), ordinary(44, 10006))},
	},
})
