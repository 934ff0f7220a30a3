package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-si-changed",
	Title:     "The cell's system information changed without the notice that a change needs",
	Family:    rule.Structure,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L42"},
	Needs:     []event.Kind{event.KindSIB1, event.KindSIB2, event.KindSIB3, event.KindSIB4, event.KindSIB5, event.KindSIB6, event.KindSIB7},
	Weight:    0.7, WeightBasis: expert,
	Why: "With every change of its system information a cell counts up a number, so that phones need not read all of it again. If the content differs and the number " +
		"does not, it comes from two senders: one of them imitates the other.",
	Benign: []rule.Benign{
		{Explanation: "The physical number was not recorded, and a block of another cell on the frequency was taken for one of this cell.", Test: func(v rule.View) rule.BenignStatus {
			if v.Cell.PCI == cell.NoPCI {
				return rule.Possible
			}
			return rule.Excluded
		}},
		{Explanation: "A cell far away with the same frequency and physical number."},
		{Explanation: "The number ran through its 32 values in between.", Test: func(v rule.View) rule.BenignStatus {
			if p, ok := v.Cell.Param(cell.SystemInfoValueTag); ok && p.Changes == 0 {
				return rule.Excluded
			}
			return rule.Possible
		}},
	},
	Refs:   []string{"TS 36.331 §5.2.1.3", "TS 36.331 §6.2.2", "TR 33.809 §6.4"},
	Params: []rule.Param{{Name: "window", Default: 10800, Unit: "s", Min: 10, Max: 10800, Source: "TS 36.331 §5.2.1.3: a phone holds system information valid for 3 hours while the value tag stays"}},
	New:    func(p rule.Values) rule.Observer { return &siChanged{window: int64(p["window"] * 1e9)} },
	Vectors: []rule.Vector{
		{Name: "another SIB3 under the same tag", Fires: true, Frames: macro(1300, 7, 70001).cycle() + macro(1300, 7, 70001).but(greedyLTE).cycle() + macro(1300, 7, 70001).cycle()},
		{Name: "another SIB5, physical number not recorded", Fires: true, Frames: macro(1300, -1, 70001).cycle() +
			macro(1300, -1, 70001).but(func(c *lteCell) { c.sibs = []sib{sib4(7, 8), sib5(carrier{2900, 6})} }).cycle()},
		{Name: "another tag", Frames: macro(1300, 7, 70001).cycle() + macro(1300, 7, 70001).but(func(c *lteCell) { c.tag = 2; greedyLTE(c) }).cycle()},
		{Name: "the tag follows", Frames: macro(1300, 7, 70001).cycle() + macro(1300, 7, 70001).si(macro(1300, 7, 70001).but(greedyLTE).sib3()) +
			macro(1300, 7, 70001).but(func(c *lteCell) { c.tag = 2; greedyLTE(c) }).cycle()},
		{Name: "after the validity of three hours", Frames: macro(1300, 7, 70001).cycle() + "@12000 " + macro(1300, 7, 70001).but(greedyLTE).cycle()},
		{Name: "no change", Frames: lteCycles(macro(1300, 7, 70001), macro(1300, 7, 70001))},
		{Name: "physical number not recorded, two cells on the frequency", Frames: macro(1300, -1, 70001).cycle() + macro(1300, -1, 70002).sib1() +
			macro(1300, -1, 70001).but(greedyLTE).cycle() + macro(1300, 7, 70003).cycle()},
		{Name: "neither frequency nor physical number recorded", Frames: macro(0, -1, 70001).cycle() + macro(0, -1, 70001).si(macro(1300, 7, 70001).but(greedyLTE).sib3())},
	},
})

const (
	// maxContents bounds the contents kept of one block.
	maxContents = 8
	// longestModification is the longest modification period of the BCCH in nanoseconds
	// (TS 36.331 §6.3.2: modificationPeriodCoeff 16, defaultPagingCycle 256): SIB1 with
	// the new tag may be read that much after the first block of the new content.
	longestModification = 41e9
)

// siChanged keeps the contents of the cell's blocks with the tag in force.
type siChanged struct {
	window int64
	blocks map[event.Source][]content
	// changes are those found, until SIB1 tells that it was a regular one.
	changes []change
	read    bool
}

type content struct {
	digest uint64
	tag    int
	ref    event.Ref
	time   int64
}

type change struct {
	source       event.Source
	tag          int
	before, here event.Ref
	time         int64
	returned     bool
}

func (o *siChanged) Observe(e *event.Event) []rule.Evidence {
	s, ok := e.Body.(*event.SystemInformation)
	if !ok || s.ValueTag < 0 || e.Basis > event.ByFrequency {
		return nil // of a phone's log without frequency two cells may mix
	}
	if s.Source == event.SIB1 {
		kept := o.changes[:0]
		for _, c := range o.changes {
			if c.tag == s.ValueTag || e.Time-c.time > longestModification {
				kept = append(kept, c)
			}
		}
		o.changes = kept
		return nil
	}
	if s.Source < event.SIB2 || s.Source > event.SIB7 {
		return nil
	}
	o.read = true
	if o.blocks == nil {
		o.blocks = map[event.Source][]content{}
	}
	list := o.blocks[s.Source]
	n := content{s.Digest, s.ValueTag, e.Ref, e.Time}
	last, same := -1, -1
	for i := range list {
		if list[i].tag != n.tag {
			continue
		}
		if list[i].digest == n.digest {
			same = i
		} else if last < 0 || list[last].ref.Before(list[i].ref) {
			last = i
		}
	}
	if last >= 0 && len(o.changes) < maxPending && (same < 0 || list[same].ref.Before(list[last].ref)) && n.time-list[last].time <= o.window {
		o.changes = append(o.changes, change{s.Source, n.tag, list[last].ref, e.Ref, e.Time, same >= 0})
	}
	switch {
	case same >= 0:
		list[same] = n
	case len(list) < maxContents:
		o.blocks[s.Source] = append(list, n)
	}
	return nil
}

// Enough implements rule.Sufficiency.
func (o *siChanged) Enough(v rule.View) bool { return v.Cell.ID.Known && o.read && separate(v) }

// Finish implements rule.Finisher.
func (o *siChanged) Finish(v rule.View) []rule.Evidence {
	if !v.Cell.ID.Known || !separate(v) {
		return nil
	}
	var out []rule.Evidence
	for _, c := range o.changes {
		ev := rule.Evidence{
			Frames: []event.Ref{c.before, c.here}, Field: "systemInfoValueTag", Scale: 0.6, Basis: event.ByFrequency,
			Got: fmt.Sprintf("%d before and after a change of %s", c.tag, c.source), Expect: "another value after a change",
			Summary: fmt.Sprintf("The cell's %s changed while the number that announces changes stayed %d.", c.source, c.tag),
		}
		if c.returned {
			ev.Scale = 1
			ev.Summary = fmt.Sprintf("Two contents of the cell's %s were heard in turn while the number that announces changes stayed %d.", c.source, c.tag)
		}
		if v.Cell.PCI == cell.NoPCI {
			ev.Scale *= 0.4
		}
		out = append(out, ev)
	}
	return out
}

// separate reports whether the cell's blocks can be told from those of others: by the
// physical identity, or because no other cell was heard on the frequency.
func separate(v rule.View) bool {
	if v.Cell.PCI != cell.NoPCI {
		return true
	}
	for _, c := range v.Others() {
		if c.ARFCN == v.Cell.ARFCN {
			return false
		}
	}
	return true
}
