package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-tac-alone",
	Title:     "The cell is the only one heard in its tracking area",
	Family:    rule.Attract,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L35"},
	Needs:     []event.Kind{event.KindIdentity},
	Weight:    0.35, WeightBasis: expert,
	Why: "A phone that comes into a tracking area it does not know must name itself to the network. A false base station therefore claims an area of its own. " +
		"Genuine areas span tens to hundreds of cells; at the edge of the ground covered a single one of them may be heard, so it weighs little.",
	Benign: []rule.Benign{
		{Explanation: "The ground covered just touches another tracking area.", Test: func(v rule.View) rule.BenignStatus {
			for _, c := range peers(v) {
				if adjacent(c.ID.Area, v.Cell.ID.Area) {
					return rule.Possible // operators number areas near each other in sequence
				}
			}
			return rule.NotTestable
		}},
		{Explanation: "An indoor or test cell to which the operator gave an area of its own."},
	},
	Refs: []string{"TS 23.003 §19.4.2.3", "TS 24.301 §5.5.3.2.2", "SnoopSnitch metric A5", "Rayhunter issue 534"},
	Params: []rule.Param{
		{Name: "min_peers", Default: 8, Unit: "cells", Min: 2, Max: 100, Source: "expert: fewer cells whose areas are shared do not show that areas are"},
		windowParam,
	},
	New: func(p rule.Values) rule.Observer {
		// others counts the cells of the network nearby that are in areas of two cells or
		// more; alone says that the cell's own is none of these.
		others := func(v rule.View) (n int, alone bool) {
			cells := map[uint32]int{}
			for _, c := range peers(v) {
				if c.ID.Area == v.Cell.ID.Area && c.ID.Cell != v.Cell.ID.Cell {
					return 0, false
				}
				if near(v.Cell, c, p["window"]) {
					cells[c.ID.Area]++
				}
			}
			for _, k := range cells {
				if k >= 2 {
					n += k
				}
			}
			return n, true
		}
		return atEnd{
			enough: func(v rule.View) bool { n, alone := others(v); return !alone || float64(n) >= p["min_peers"] },
			judge: func(v rule.View) []rule.Evidence {
				n, alone := others(v)
				if !alone {
					return nil
				}
				ev := rule.Evidence{
					Frames: sib1Frame(v.Cell), Field: "trackingAreaCode", Got: fmt.Sprintf("%d, one cell", v.Cell.ID.Area),
					Expect: "several cells in the area", Scale: min(1, float64(n)/20),
					Summary: fmt.Sprintf("No other cell of the cell's tracking area was heard, but %d cells of its network in areas with several cells.", n),
				}
				for _, c := range peers(v) {
					if adjacent(c.ID.Area, v.Cell.ID.Area) {
						ev.Scale *= 0.5
						break
					}
				}
				return []rule.Evidence{ev}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "eight cells in another area", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.tac = 41000 }).cycle() + eight(3000)},
		{Name: "all in one area", Frames: macro(1300, 7, 70001).cycle() + eight(3000)},
		{Name: "two areas of several cells", Frames: lteCycles(macro(1300, 7, 70001).but(func(c *lteCell) { c.tac = 41000 }), macro(1300, 8, 70002).but(func(c *lteCell) { c.tac = 41000 })) + eight(3000)},
	},
})

// adjacent reports whether two area codes lie so close together that they may be of
// one plan.
func adjacent(a, b uint32) bool { return a != b && max(a, b)-min(a, b) <= 16 }
