package rules

import (
	"fmt"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-reselection-greedy",
	Title:     "The cell draws phones in and does not let them go",
	Family:    rule.Attract,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L40"},
	Needs:     []event.Kind{event.KindSIB1, event.KindSIB3},
	Weight:    1.5, WeightBasis: expert,
	Why: "A cell broadcasts how weak it may be received, how much better another must be, how important its frequency is, and from when on phones look for others. " +
		"Networks set one of these to its end now and then. All at their ends make a trap: every phone that hears the cell at all comes and never looks for another.",
	Benign: []rule.Benign{
		{Explanation: "A cell in the country or at sea that is to reach as far as possible and has no neighbour.", Test: func(v rule.View) rule.BenignStatus {
			if p, ok := v.Cell.Param(cell.QRxLevMin); ok && p.Value > -136 {
				return rule.Excluded
			}
			return rule.Possible
		}},
		{Explanation: "The operator prefers this frequency and sets it so on all its cells.", Test: func(v rule.View) rule.BenignStatus {
			n := 0
			for _, c := range peers(v) {
				if len(having([]*cell.Cell{c}, cell.QHyst)) == 0 {
					continue
				}
				n++
				if p, ok := c.Param(cell.ReselectionPriority); ok && p.Value == 7 {
					return rule.Possible
				}
			}
			if n >= 5 {
				return rule.Excluded
			}
			return rule.NotTestable
		}},
		laboratory,
	},
	Refs: []string{"TS 36.304 §5.2.3.2", "TS 36.304 §5.2.4.2", "TS 36.304 §5.2.4.6", "TS 36.331 §6.3.1"},
	Params: []rule.Param{
		{Name: "level", Default: -138, Unit: "dBm", Min: -140, Max: -100, Source: "expert: -120 to -136 dBm on each of 431 commercial cells that were read for this rule"},
		{Name: "hysteresis", Default: 10, Unit: "dB", Min: 2, Max: 24, Source: "expert: 2 to 4 dB on each of 352 commercial cells that were read for this rule"},
		minPeers(3), minShare(0.5),
	},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool {
				_, one := v.Cell.Param(cell.QRxLevMin)
				_, three := v.Cell.Param(cell.QHyst)
				return one && three
			},
			judge: func(v rule.View) []rule.Evidence {
				var ev rule.Evidence
				var names, values, words []string
				sign := func(name, what string, greedy func(float64) bool) {
					own, ok := v.Cell.Param(name)
					if !ok || !greedy(own.Value) {
						return
					}
					if mode, ok := usual(v, name, p["min_peers"], p["min_share"]); ok && greedy(mode.Value) {
						return // the network has it so
					}
					ev.Frames, ev.Basis = append(ev.Frames, own.First), max(ev.Basis, own.Basis)
					names, values, words = append(names, name), append(values, own.Text), append(words, what)
				}
				zero := func(x float64) bool { return x == 0 }
				sign(cell.QRxLevMin, "it takes phones at any level", func(x float64) bool { return x <= p["level"] })
				sign(cell.QHyst, "it holds phones against better cells", func(x float64) bool { return x >= p["hysteresis"] })
				sign(cell.ReselectionPriority, "it claims the highest priority", func(x float64) bool { return x == 7 })
				sign(cell.SIntraSearch, "it has phones never look for others on its frequency", zero)
				sign(cell.SNonIntraSearch, "it has phones never look for others elsewhere", zero)
				if len(names) == 0 {
					return nil
				}
				// One of them happens in any network, two in some; four or five are a plan.
				ev.Scale = [...]float64{0, 0.1, 0.3, 0.6, 0.9, 1}[len(names)]
				ev.Field, ev.Got = strings.Join(names, ", "), strings.Join(values, ", ")
				ev.Expect = fmt.Sprintf("above %g dBm, below %g dB, priority 0 to 6, thresholds above 0 dB", p["level"], p["hysteresis"])
				ev.Summary = fmt.Sprintf("Of five settings the cell has %d at the end that draws phones in or keeps them: %s.", len(words), strings.Join(words, ", "))
				return []rule.Evidence{ev}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "everything at its end", Fires: true, Frames: macro(1300, 7, 70001).but(greedyLTE).cycle()},
		{Name: "everything at its end, among others", Fires: true, Frames: macro(1300, 7, 70001).but(greedyLTE).cycle() + eight(3000)},
		{Name: "priority 7 only", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.priority = 7 }).cycle()},
		{Name: "priority 7 on all cells", Frames: lteCycles(topPriority(7, 70001), topPriority(8, 70002), topPriority(9, 70003), topPriority(10, 70004))},
		{Name: "thresholds absent: phones always look", Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.intra, c.nonIntra = -1, -1 }).cycle()},
		{Name: "usual values", Frames: macro(1300, 7, 70001).cycle()},
	},
})

// topPriority is a cell on a frequency with the highest priority.
func topPriority(pci, eci int) lteCell {
	return macro(1300, pci, eci).but(func(c *lteCell) { c.priority = 7 })
}
