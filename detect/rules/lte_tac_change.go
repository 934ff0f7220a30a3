package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-tac-change",
	Title:     "The cell was heard in two tracking areas",
	Family:    rule.Structure,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L35"},
	Needs:     []event.Kind{event.KindIdentity},
	Weight:    0.9, WeightBasis: expert,
	Why: "A cell's number is unique in its network and belongs to one tracking area. When the area changes, every phone in the cell must name itself again. " +
		"Operators do that in a planned outage at night; a false base station does it to collect the same place anew, or copies a cell's number into an area of its own.",
	Benign: []rule.Benign{
		{Explanation: "The operator moved the cell to another area between two recordings.", Test: func(v rule.View) rule.BenignStatus {
			for _, c := range otherAreas(v) {
				if c.FirstTime > 0 && v.Cell.FirstTime > 0 && c.FirstTime <= v.Cell.LastTime && v.Cell.FirstTime <= c.LastTime {
					return rule.Excluded // both were on air at once
				}
			}
			return rule.Possible
		}},
		laboratory,
	},
	Refs:   []string{"TS 23.003 §19.4.2.3", "TS 23.003 §19.6", "TS 24.301 §5.5.3.2.2"},
	Params: []rule.Param{{Name: "gap", Default: 600, Unit: "s", Min: 1, Max: 86400, Source: "detection catalogue G32: a flip within 1 to 10 minutes"}},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			// One look at the cell shows no change.
			enough: func(v rule.View) bool { return v.Cell.Broadcasts[event.SIB1].Count > 1 || len(otherAreas(v)) > 0 },
			judge: func(v rule.View) []rule.Evidence {
				var out []rule.Evidence
				for _, c := range otherAreas(v) {
					ev := rule.Evidence{
						Frames: append(sib1Frame(v.Cell), sib1Frame(c)...), Field: "trackingAreaCode",
						Got: fmt.Sprintf("%d and %d", v.Cell.ID.Area, c.ID.Area), Expect: "one area per cell", Scale: 0.3,
						Summary: fmt.Sprintf("The cell was heard in tracking area %d and in %d; changing it makes every phone name itself again.", v.Cell.ID.Area, c.ID.Area),
					}
					if near(v.Cell, c, p["gap"]) {
						ev.Scale = 1
						if v.Cell.ARFCN == cell.NoARFCN || c.ARFCN == cell.NoARFCN {
							ev.Scale = 0.8
						}
					}
					out = append(out, ev)
				}
				return out
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "another area seconds later", Fires: true, Frames: lteCycles(macro(1300, 7, 70001), macro(1300, 7, 70001).but(func(c *lteCell) { c.tac = 41000 }))},
		{Name: "frequency not recorded", Fires: true, Frames: lteCycles(macro(0, -1, 70001), macro(0, -1, 70001).but(func(c *lteCell) { c.tac = 41000 }))},
		{Name: "another cell", Frames: lteCycles(macro(1300, 7, 70001), macro(1300, 8, 70002).but(func(c *lteCell) { c.tac = 41000 }), macro(1300, 7, 70001))},
		{Name: "no change", Frames: lteCycles(macro(1300, 7, 70001), macro(1300, 7, 70001))},
	},
})

// otherAreas lists the entries with the cell's network and number in another area, one
// an area.
func otherAreas(v rule.View) []*cell.Cell {
	var out []*cell.Cell
	for _, c := range heardPeers(v) {
		if c.ID.Cell == v.Cell.ID.Cell && c.ID.Area != v.Cell.ID.Area && c.Broadcasts[event.SIB1].Count > 0 {
			out = append(out, c)
		}
	}
	return out
}
