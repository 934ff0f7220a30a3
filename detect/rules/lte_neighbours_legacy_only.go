package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-neighbours-legacy-only",
	Title:     "The cell tells phones of 2G or 3G cells and of no other LTE cell",
	Family:    rule.Neighbour,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L04"},
	Needs:     []event.Kind{event.KindSIB6, event.KindSIB7},
	Weight:    0.3, WeightBasis: expert,
	Why: "A phone that leaves the cell is shown the way to 2G or 3G only. A base station that drives phones out of LTE is set up like this; " +
		"so is a genuine cell where its network has LTE on one frequency only.",
	Benign: []rule.Benign{
		{Explanation: "A cell in the country, where the network has LTE on one frequency only.", Test: func(v rule.View) rule.BenignStatus {
			for _, c := range peers(v) {
				if c.ARFCN != cell.NoARFCN && v.Cell.ARFCN != cell.NoARFCN && c.ARFCN != v.Cell.ARFCN && near(v.Cell, c, 600) {
					return rule.Excluded
				}
			}
			return rule.Possible
		}},
	},
	Refs:   []string{"TS 36.331 §6.3.1", "TS 36.304 §5.2.4", "Rayhunter issue 814"},
	Params: []rule.Param{minPeers(3), minShare(0.5)},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool {
				_, known := v.Cell.Param(cell.ScheduledSIBs)
				return known
			},
			judge: func(v rule.View) []rule.Evidence {
				c := v.Cell
				if !legacyOnly(c) {
					return nil
				}
				same, all := 0, 0
				for _, other := range having(peers(v), cell.ScheduledSIBs) {
					all++
					if legacyOnly(other) {
						same++
					}
				}
				if float64(all) >= p["min_peers"] && float64(same) >= p["min_share"]*float64(all) {
					return nil // the network has LTE on one frequency
				}
				own, _ := c.Param(cell.ScheduledSIBs)
				ev := fromParam(own, 1, "SIB5, or SIB4, beside them", "The cell tells phones of 2G or 3G cells, but of no other LTE cell.")
				ev.Frames = append(ev.Frames, append(heardOf(c, event.SIB6), heardOf(c, event.SIB7)...)...)
				return []rule.Evidence{ev}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "SIB7 only", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.sibs = []sib{sib7(carrier{600, 1})} }).mapped(`"sibType7"`)},
		{Name: "SIB6 among cells with SIB5", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.sibs = []sib{sib6(carrier{10700, 1})} }).mapped(`"sibType6"`) +
			lteCycles(macro(1300, 8, 70002), macro(1300, 9, 70003), macro(1300, 10, 70004))},
		{Name: "SIB5 and SIB6", Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.sibs = append(c.sibs, sib6(carrier{10700, 1})) }).cycle()},
		{Name: "SIB4 and SIB6", Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.sibs = []sib{sib4(8), sib6(carrier{10700, 1})} }).mapped(`"sibType4","sibType6"`)},
		{Name: "the whole network is like that", Frames: oneFrequency(7, 70001) + oneFrequency(8, 70002) + oneFrequency(9, 70003) + oneFrequency(10, 70004)},
	},
})

// legacyOnly reports whether the cell broadcasts SIB6 or SIB7 and neither SIB4 nor SIB5.
func legacyOnly(c *cell.Cell) bool {
	if c.Broadcasts[event.SIB4].Count > 0 || c.Broadcasts[event.SIB5].Count > 0 || schedules(c, 4) || schedules(c, 5) {
		return false
	}
	return c.Broadcasts[event.SIB6].Count > 0 || c.Broadcasts[event.SIB7].Count > 0
}

// oneFrequency is the cycle of a cell whose network has no other LTE frequency.
func oneFrequency(pci, eci int) string {
	return macro(1300, pci, eci).but(func(c *lteCell) { c.sibs = []sib{sib6(carrier{10700, 1})} }).mapped(`"sibType6"`)
}
