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
		{Name: "UTRA over LTE, no SIB5 scheduled", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) {
			c.sibs, c.scheduled = []sib{sib6(carrier{10700, 6})}, 1
		}).cycle()},
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
	legacy, in, serving, other := priorities(v.Cell)
	if !v.Cell.ID.Known || !rankingHeard(v.Cell) || legacy <= max(serving, other) {
		return nil
	}
	own, _ := v.Cell.Param(cell.ReselectionPriority)
	name, list := cell.UTRACarriers, "3G"
	if in == event.SIB7 {
		name, list = cell.GERANCarriers, "2G"
	}
	from, _ := v.Cell.Param(name)
	ev := rule.Evidence{
		Frames: append(heardOf(v.Cell, in), own.First), Field: "cellReselectionPriority", Scale: 1, Basis: max(own.Basis, from.Basis),
		Got:     fmt.Sprintf("%d in %s, %d in %s", legacy, in, serving, event.SIB3),
		Expect:  "the highest priority for an LTE frequency",
		Summary: fmt.Sprintf("The cell tells phones to prefer %s (priority %d) over every LTE frequency (priority %d or less).", list, legacy, max(serving, other)),
	}
	if other >= 0 {
		ev.Frames = append(ev.Frames, heardOf(v.Cell, event.SIB5)...)
		ev.Got += fmt.Sprintf(", at most %d in %s", other, event.SIB5)
	}
	if same, judged := legacyPreferring(v); float64(judged) >= o.values["min_peers"] && float64(same) >= o.values["min_share"]*float64(judged) {
		ev.Scale = 0.3
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

// priorities returns the highest priority of a 2G or 3G frequency and the block that
// gives it, that of the cell's own frequency and the highest of another LTE frequency;
// -1 where none is given.
func priorities(c *cell.Cell) (legacy int, in event.Source, serving, other int) {
	legacy, serving, other = -1, -1, -1
	for _, src := range []event.Source{event.SIB6, event.SIB7} {
		for _, f := range c.Measured[src] {
			if f.Priority > legacy {
				legacy, in = f.Priority, src
			}
		}
	}
	if p, ok := c.Param(cell.ReselectionPriority); ok {
		serving = int(p.Value)
	}
	for _, f := range c.Measured[event.SIB5] {
		other = max(other, f.Priority)
	}
	return legacy, in, serving, other
}

// legacyPreferring counts the other cells of the network that prefer 2G or 3G, and
// those whose priorities were heard.
func legacyPreferring(v rule.View) (same, judged int) {
	for _, c := range peers(v) {
		legacy, _, serving, other := priorities(c)
		if legacy < 0 || !rankingHeard(c) {
			continue
		}
		judged++
		if legacy > max(serving, other) {
			same++
		}
	}
	return same, judged
}
