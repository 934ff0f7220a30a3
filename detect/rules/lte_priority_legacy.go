package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-priority-legacy",
	Title:     "The cell tells phones to prefer 2G or 3G over LTE",
	Family:    rule.Cipher,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L03"},
	Needs:     []event.Kind{event.KindSIB6, event.KindSIB7},
	Weight:    0.8, WeightBasis: expert,
	Why: "Every LTE cell gives each frequency a priority, and phones move to the highest that they can receive. Networks rank LTE above 2G and 3G. " +
		"A cell that ranks them the other way round sends phones to where their traffic is easier to read.",
	Benign: []rule.Benign{
		{Explanation: "The operator keeps phones on 2G or 3G on purpose, for instance around a site where LTE is overloaded or being built.", Test: func(v rule.View) rule.BenignStatus {
			same, judged := legacyPreferring(v)
			switch {
			case judged == 0:
				return rule.NotTestable
			case same > 0:
				return rule.Possible
			case judged >= 5:
				return rule.Excluded // so many cells of the network were read and none does
			}
			return rule.NotTestable
		}},
		{Explanation: "One 3G frequency is preferred for phones of a special kind, as of small cells at home.", Test: func(v rule.View) rule.BenignStatus {
			if _, _, all := preferred(v.Cell); all {
				return rule.Excluded
			}
			return rule.Possible
		}},
		{Explanation: "A block of system information was read from another cell than the others.", Test: func(v rule.View) rule.BenignStatus {
			if p, ok := v.Cell.Param(cell.ReselectionPriority); ok && p.Basis <= event.ByFrequency {
				return rule.Excluded
			}
			return rule.Possible
		}},
	},
	Refs:   []string{"TS 36.331 §6.3.1", "TS 36.304 §5.2.4.1", "TS 36.304 §5.2.4.5", "Rayhunter heuristic LTE SIB6/7 downgrade"},
	Params: []rule.Param{minPeers(3), minShare(0.5)},
	New:    func(p rule.Values) rule.Observer { return priorityLegacy{p} },
	Vectors: []rule.Vector{
		{Name: "GERAN over LTE", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.sibs = append(c.sibs, sib7(carrier{600, 7})) }).cycle()},
		{Name: "GERAN over LTE, UTRA higher still", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) {
			c.priority, c.sibs = 4, []sib{sib5(carrier{2850, 5}), sib6(carrier{10700, 7}), sib7(carrier{600, 6})}
		}).mapped(`"sibType5","sibType6","sibType7"`)},
		{Name: "UTRA over LTE, no SIB5 scheduled", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) {
			c.sibs, c.scheduled = []sib{sib6(carrier{10700, 6})}, 1
		}).cycle()},
		{Name: "one 3G frequency of two over LTE", Fires: true, Frames: preferring3G(7, 70001)},
		{Name: "one 3G frequency of two over LTE in the whole network", Frames: preferring3G(7, 70001) + preferring3G(8, 70002) + preferring3G(9, 70003) + preferring3G(10, 70004)},
		{Name: "below LTE", Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.sibs = append(c.sibs, sib6(carrier{10700, 3}), sib7(carrier{600, 1})) }).cycle()},
		{Name: "over the own frequency, under that of SIB5", Frames: macro(1300, 7, 70001).but(func(c *lteCell) {
			c.priority = 2
			c.sibs = append(c.sibs, sib6(carrier{10700, 5}))
		}).cycle()},
		{Name: "no priority given", Frames: macro(1300, 7, 70001).but(func(c *lteCell) {
			c.sibs = append(c.sibs, sib{"sib6", `{"carrierFreqListUTRA-FDD":[{"carrierFreq":10700,"threshX-High":5,"threshX-Low":5,"q-RxLevMin":-58,"p-MaxUTRA":24,"q-QualMin":-18}],"t-ReselectionUTRA":2}`})
		}).cycle()},
		{Name: "SIB5 scheduled and not heard", Frames: macro(1300, 7, 70001).sib1() +
			macro(1300, 7, 70001).si(macro(1300, 7, 70001).sib2(), macro(1300, 7, 70001).sib3(), sib7(carrier{600, 7}))},
		{Name: "SIB24 scheduled and not heard", Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.sibs = append(c.sibs, sib7(carrier{600, 7})) }).
			mapped(`"sibType5","sibType24-v1530"`)},
	},
})

type priorityLegacy struct{ values rule.Values }

// Observe implements rule.Observer.
func (priorityLegacy) Observe(*event.Event) []rule.Evidence { return nil }

// Enough implements rule.Sufficiency: all blocks with priorities were heard.
func (priorityLegacy) Enough(v rule.View) bool {
	return v.Cell.ID.Known && rankingHeard(v.Cell) && heardIfScheduled(v.Cell, 6, event.SIB6) && heardIfScheduled(v.Cell, 7, event.SIB7)
}

// Finish implements rule.Finisher.
func (o priorityLegacy) Finish(v rule.View) []rule.Evidence {
	in, top, all := preferred(v.Cell)
	if !v.Cell.ID.Known || top < 0 || !rankingHeard(v.Cell) {
		return nil
	}
	own, _ := v.Cell.Param(cell.ReselectionPriority)
	ev := rule.Evidence{
		Frames: append(heardOf(v.Cell, in), own.First), Field: "cellReselectionPriority", Scale: 1,
		Got:    fmt.Sprintf("%d in %s, %g in %s", top, in, own.Value, event.SIB3),
		Expect: "the highest priority for an LTE frequency",
	}
	name, list := cell.GERANCarriers, "2G"
	if in == event.SIB6 {
		// 3G proves itself to the phone as LTE does, so that there is less to gain there.
		name, list, ev.Scale = cell.UTRACarriers, "3G", 0.5
	}
	from, _ := v.Cell.Param(name)
	ev.Basis = max(own.Basis, from.Basis)
	ev.Summary = fmt.Sprintf("The cell tells phones to prefer %s (priority %d) over every LTE frequency (priority %d or less).", list, top, topLTE(v.Cell))
	if v.Cell.Broadcasts[event.SIB5].Count > 0 {
		ev.Frames = append(ev.Frames, heardOf(v.Cell, event.SIB5)...)
		ev.Got += fmt.Sprintf(", at most %d with %s", topLTE(v.Cell), event.SIB5)
	}
	same, judged := legacyPreferring(v)
	common := float64(judged) >= o.values["min_peers"] && float64(same) >= o.values["min_share"]*float64(judged)
	switch {
	case !all && common:
		return nil // the network prefers one of its frequencies
	case !all:
		ev.Scale *= 0.3
		ev.Summary += " It does not prefer the others that it lists."
	case common:
		ev.Scale *= 0.3
		ev.Summary += " Most cells of its network do so."
	}
	return []rule.Evidence{ev}
}

// rankingHeard reports whether all that the cell says about the priorities of LTE was
// heard. SIB24 counts because it comes in the same message as others: where it was not
// decoded they may be missing too.
func rankingHeard(c *cell.Cell) bool {
	_, ok := c.Param(cell.ReselectionPriority)
	return ok && heardIfScheduled(c, 5, event.SIB5) && heardIfScheduled(c, 24, event.SIB24)
}

// topLTE returns the highest priority of an LTE frequency, the cell's own included, or -1.
func topLTE(c *cell.Cell) int {
	top := -1
	if p, ok := c.Param(cell.ReselectionPriority); ok {
		top = int(p.Value)
	}
	for _, f := range c.Measured[event.SIB5] {
		top = max(top, f.Priority)
	}
	return top
}

// preferred returns the block, of SIB7 and SIB6, in which a frequency has a higher
// priority than any of LTE, and that priority, or -1. With all, every frequency that the
// block lists with a priority is over those of LTE.
func preferred(c *cell.Cell) (in event.Source, top int, all bool) {
	highest := topLTE(c)
	for _, src := range []event.Source{event.SIB7, event.SIB6} {
		top, all = -1, true
		for _, f := range c.Measured[src] {
			top = max(top, f.Priority)
			all = all && (f.Priority < 0 || f.Priority > highest)
		}
		if top > highest {
			return src, top, all
		}
	}
	return 0, -1, false
}

// legacyPreferring counts the other cells of the network that prefer 2G or 3G, and
// those whose priorities were heard.
func legacyPreferring(v rule.View) (same, judged int) {
	for _, c := range peers(v) {
		if c.Broadcasts[event.SIB6].Count+c.Broadcasts[event.SIB7].Count == 0 || !rankingHeard(c) {
			continue
		}
		judged++
		if _, top, _ := preferred(c); top >= 0 {
			same++
		}
	}
	return same, judged
}

// preferring3G is the cycle of a cell that prefers one of its 3G frequencies to LTE.
func preferring3G(pci, eci int) string {
	return macro(1300, pci, eci).but(func(c *lteCell) { c.sibs = append(c.sibs, sib6(carrier{10700, 1}, carrier{10720, 7})) }).mapped(`"sibType5","sibType6"`)
}
