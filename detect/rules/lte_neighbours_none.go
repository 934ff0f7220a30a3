package rules

import (
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-neighbours-none",
	Title:     "The cell tells phones of no other LTE cell",
	Family:    rule.Neighbour,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L41"},
	Needs:     []event.Kind{event.KindSIB1},
	Weight:    0.8, WeightBasis: expert,
	Why: "A cell of a network tells phones on which other frequencies LTE is to be found. A base station that stands alone has nothing to say there, " +
		"and one that wants to keep phones is silent on purpose.",
	Benign: []rule.Benign{
		{Explanation: "The only LTE cell of its network far and wide, or a network with a single LTE frequency.", Test: func(v rule.View) rule.BenignStatus {
			for _, c := range peers(v) {
				if c.ARFCN != cell.NoARFCN && v.Cell.ARFCN != cell.NoARFCN && c.ARFCN != v.Cell.ARFCN && near(v.Cell, c, 600) {
					return rule.Excluded // the network was heard on another frequency at that time
				}
			}
			return rule.Possible
		}},
		laboratory,
	},
	Refs: []string{"TS 36.331 §6.3.1", "TS 36.331 §5.2.2.4", "TS 36.304 §5.2.4"},
	New: func(rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool { return neighboursKnown(v.Cell) },
			judge: func(v rule.View) []rule.Evidence {
				c := v.Cell
				ev := rule.Evidence{Field: "SystemInformationBlockType4, SystemInformationBlockType5", Expect: "other LTE frequencies or cells", Scale: 1}
				own := onlyItself(c)
				switch {
				case !schedules(c, 4) && !schedules(c, 5):
					p, _ := c.Param(cell.ScheduledSIBs)
					ev.Frames, ev.Basis = []event.Ref{p.First}, p.Basis
					ev.Got = "not scheduled (SIB " + p.Text + " are)"
					ev.Summary = "The cell names no other LTE frequency or cell to which phones could change."
				case own && listsNone(c):
					p, _ := c.Param(cell.InterFreqCarriers)
					ev.Frames, ev.Basis = []event.Ref{p.First}, p.Basis
					ev.Got = "only " + p.Text + ", its own frequency"
					ev.Summary = "The cell names only its own frequency to phones that look for another."
				default:
					return nil
				}
				for _, n := range []int{6, 7, 8, 24} {
					if schedules(c, n) {
						ev.Scale = 0.6 // it has neighbours, though none of LTE
					}
				}
				if country(int(c.ID.PLMN.MCC)) == "" {
					// A network of no country consists of a cell or two; that it is there at all
					// is what lte-plmn-unexpected says.
					ev.Scale *= 0.4
				}
				return []rule.Evidence{ev}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "SIB3 only", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.sibs, c.scheduled = nil, 1 }).cycle()},
		{Name: "SIB5 lists its own frequency", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.sibs = []sib{sib5(carrier{1300, 5})} }).cycle()},
		{Name: "SIB3 and SIB7 only", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.sibs = []sib{sib7(carrier{600, 1})} }).mapped(`"sibType7"`)},
		{Name: "another frequency", Frames: macro(1300, 7, 70001).cycle()},
		{Name: "neighbours on its own frequency only", Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.sibs = []sib{sib4(8, 9)} }).mapped(`"sibType4"`)},
		{Name: "SIB5 scheduled and not heard", Frames: macro(1300, 7, 70001).sib1()},
		{Name: "SIB5 lists its own frequency, SIB4 others", Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.sibs = []sib{sib4(8), sib5(carrier{1300, 5})} }).mapped(`"sibType4","sibType5"`)},
	},
})

// onlyItself reports whether SIB5 was heard and lists no frequency but the cell's own.
func onlyItself(c *cell.Cell) bool {
	list := c.Measured[event.SIB5]
	if len(list) == 0 || c.ARFCN == cell.NoARFCN {
		return false
	}
	for _, f := range list {
		if int(f.ARFCN) != c.ARFCN {
			return false
		}
	}
	return true
}

// listsNone reports whether SIB4 is not broadcast or was heard and lists no cell.
func listsNone(c *cell.Cell) bool {
	p, ok := c.Param(cell.IntraFreqNeighbours)
	return ok && p.Value == 0 || !ok && !schedules(c, 4)
}

// neighboursKnown reports whether it is known what the cell says of its LTE neighbours.
func neighboursKnown(c *cell.Cell) bool {
	return heardIfScheduled(c, 5, event.SIB5) && (!schedules(c, 5) || heardIfScheduled(c, 4, event.SIB4))
}

// mapped is the cell's cycle with other blocks than SIB5 announced in SIB1 beside SIB3;
// types is a list of SIB-Type values in JSON.
func (c lteCell) mapped(types string) string {
	return strings.ReplaceAll(c.cycle(), `"sibType5"`, types)
}
