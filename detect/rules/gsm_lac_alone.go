package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-lac-alone",
	Title:     "All neighbours of the cell are in another location area",
	Family:    rule.Attract,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G19"},
	Needs:     []event.Kind{event.KindIdentity},
	Weight:    0.45, WeightBasis: expert,
	Why: "A phone that comes into another location area must name itself to the network. A false base station therefore uses an area of its own, " +
		"unlike all cells around.",
	Benign: []rule.Benign{
		{Explanation: "The cell lies at the border of a location area.", Test: func(v rule.View) rule.BenignStatus {
			for _, c := range peers(v) {
				if c.ID.Area == v.Cell.ID.Area {
					return rule.Possible // the area does exist, though not among the neighbours
				}
			}
			return rule.NotTestable
		}},
	},
	Refs:   []string{"TS 23.003 §4.1", "TS 24.008 §4.4.1", "SnoopSnitch metric A2", "Dabrowski et al., ACSAC 2014"},
	Params: []rule.Param{minPeers(3), windowParam},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool { return float64(len(neighbours(v, p["window"]))) >= p["min_peers"] },
			judge: func(v rule.View) []rule.Evidence {
				near := neighbours(v, p["window"])
				ev := rule.Evidence{Frames: named(v.Cell), Field: "Location Area Code", Scale: 1}
				areas := map[uint32]bool{}
				for _, n := range near {
					for _, c := range n.cells {
						if c.ID.Area == v.Cell.ID.Area {
							return nil
						}
						areas[c.ID.Area] = true
					}
					ev.Frames = append(ev.Frames, n.frames()...)
				}
				for _, c := range peers(v) {
					if c.ID.Area == v.Cell.ID.Area {
						ev.Scale = 0.5
					}
				}
				if len(areas) > 1 {
					ev.Scale *= 0.6 // areas meet here
				}
				ev.Got = fmt.Sprintf("%d", v.Cell.ID.Area)
				ev.Expect = fmt.Sprintf("one of the %d location areas of its neighbours", len(areas))
				ev.Summary = fmt.Sprintf("The cell is in a location area in which none of its %d neighbours heard nearby is.", len(near))
				return []rule.Evidence{ev}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "own area", Fires: true, Frames: cycles(ordinary(33, 10001, 40, 41, 42).but(func(c *synthetic) { c.lac = 4000 }),
			ordinary(40, 10002, 33), ordinary(41, 10003, 33), ordinary(42, 10004, 33))},
		{Name: "same area", Frames: cycles(ordinary(33, 10001, 40, 41, 42), ordinary(40, 10002, 33), ordinary(41, 10003, 33), ordinary(42, 10004, 33))},
		{Name: "two neighbours are too few", Frames: cycles(ordinary(33, 10001, 40, 41).but(func(c *synthetic) { c.lac = 4000 }),
			ordinary(40, 10002, 33), ordinary(41, 10003, 33))},
	},
})
