package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-scheduling-sparse",
	Title:     "The cell broadcasts hardly any system information",
	Family:    rule.Neighbour,
	Severity:  rule.Info,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L08"},
	Needs:     []event.Kind{event.KindSIB1},
	Weight:    0.2, WeightBasis: expert,
	Why: "An LTE cell announces in which messages its system information comes. Networks need several, open software for home-made base stations comes with one. " +
		"Some genuine cells have one as well, so it weighs little.",
	Benign: []rule.Benign{
		{Explanation: "A cell whose operator put everything into one message.", Test: func(v rule.View) rule.BenignStatus {
			for _, n := range []int{5, 6, 7} {
				if schedules(v.Cell, n) {
					return rule.Possible
				}
			}
			return rule.NotTestable
		}},
		laboratory,
	},
	Refs:   []string{"TS 36.331 §6.2.2", "TS 36.331 §5.2.1.2", "Rayhunter pull request 473"},
	Params: []rule.Param{minPeers(3), minShare(0.5)},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool { return len(having([]*cell.Cell{v.Cell}, cell.SIMessages)) > 0 },
			judge: func(v rule.View) []rule.Evidence {
				own, _ := v.Cell.Param(cell.SIMessages)
				if own.Value >= 2 {
					return nil
				}
				if mode, ok := usual(v, cell.SIMessages, p["min_peers"], p["min_share"]); ok && mode.Value < 2 && country(int(v.Cell.ID.PLMN.MCC)) != "" {
					return nil // the network is like that; one of no country is a few such cells
				}
				got, _ := v.Cell.Param(cell.ScheduledSIBs)
				ev := fromParam(own, 1, "2 or more entries", fmt.Sprintf("The cell sends its system information in %g message beside the first (SIB %s).", own.Value, got.Text))
				if schedules(v.Cell, 4) || schedules(v.Cell, 5) {
					ev.Scale = 0.5
				}
				if country(int(v.Cell.ID.PLMN.MCC)) == "" {
					ev.Scale *= 0.4 // lte-plmn-unexpected says so
				}
				return []rule.Evidence{ev}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "one entry", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.sibs, c.scheduled = nil, 1 }).cycle()},
		{Name: "one entry among cells with three", Fires: true, Frames: lteCycles(macro(1300, 7, 70001).but(func(c *lteCell) { c.scheduled = 1 }),
			macro(1300, 8, 70002), macro(1300, 9, 70003), macro(1300, 10, 70004))},
		{Name: "three entries", Frames: macro(1300, 7, 70001).cycle()},
		{Name: "the whole network has one", Frames: lteCycles(single(7, 70001), single(8, 70002), single(9, 70003), single(10, 70004))},
	},
})

// single is a cell of 295-99 with one entry in schedulingInfoList.
func single(pci, eci int) lteCell {
	return macro(1300, pci, eci).but(func(c *lteCell) { c.mcc, c.mnc, c.scheduled = "295", "99", 1 })
}
