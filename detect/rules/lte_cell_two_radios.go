package rules

import (
	"fmt"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/lte/earfcn"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-cell-two-radios",
	Title:     "One cell was heard as two, or two cells as one",
	Family:    rule.Structure,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L34"},
	Needs:     []event.Kind{event.KindIdentity, event.KindRadioReuse},
	Weight:    0.7, WeightBasis: expert,
	Why: "An LTE cell has one frequency and one physical number, and neighbours never share both. A false base station that copies a genuine cell's identity " +
		"needs a frequency or a physical number of its own; one that copies the radio side is heard in turn with the original. " +
		"The finding does not say which of the two is false: both get it.",
	Benign: []rule.Benign{
		{Explanation: "The operator gave the cell another frequency or physical number between two recordings.", Test: func(v rule.View) rule.BenignStatus {
			for _, c := range lteTwins(v) {
				if c.FirstTime > 0 && v.Cell.FirstTime > 0 && c.FirstTime <= v.Cell.LastTime && v.Cell.FirstTime <= c.LastTime {
					return rule.Excluded // both were on air at once
				}
			}
			return rule.Possible
		}},
		{Explanation: "The receiver moved to a place where the frequency and the physical number are used again."},
		{Explanation: "The tool recorded a wrong frequency for some frames, as at a handover."},
	},
	Refs: []string{"TS 23.003 §19.6", "TS 36.211 §6.11", "TS 36.300 §22.3.5", "CellGuard, seemoo.de"},
	Params: []rule.Param{
		{Name: "gap", Default: 600, Unit: "s", Min: 0, Max: 86400, Source: "expert: frequencies and physical numbers are changed at night and with an outage of the cell, not within minutes"},
		{Name: "dwell", Default: 60, Unit: "s", Min: 1, Max: 3600, Source: "expert: at 100 km/h 1.7 km, less than the distance at which a physical number is used again on a frequency"},
	},
	New: func(p rule.Values) rule.Observer { return &cellTwoRadios{values: p} },
	Vectors: []rule.Vector{
		{Name: "copy on another frequency", Fires: true, Frames: lteCycles(macro(1300, 7, 70001), macro(1500, 7, 70001))},
		{Name: "copy under another physical number", Fires: true, Frames: lteCycles(macro(1300, 7, 70001), macro(1300, 8, 70001))},
		{Name: "two cells in turn on one radio", Fires: true, Frames: lteCycles(macro(1300, 7, 70001), macro(1300, 7, 70002), macro(1300, 7, 70001))},
		{Name: "two cells", Frames: lteCycles(macro(1300, 7, 70001), macro(1500, 8, 70002))},
		{Name: "an hour apart", Frames: macro(1300, 7, 70001).cycle() + "@3600 " + macro(1300, 7, 70002).cycle()},
		{Name: "one frequency under the numbers of two bands", Frames: lteCycles(macro(5060, 7, 70001).but(func(c *lteCell) { c.band = 12 }),
			macro(5730, 7, 70001).but(func(c *lteCell) { c.band = 17 }))},
		{Name: "physical number not recorded", Frames: lteCycles(macro(1300, -1, 70001), macro(1300, 7, 70001))},
	},
})

// cellTwoRadios keeps what replaced what on a radio: only the end tells whether the two
// are one cell with another list of networks.
type cellTwoRadios struct {
	values rule.Values
	reuse  []reused
}

type reused struct {
	evidence rule.Evidence
	previous event.CellID
}

func (o *cellTwoRadios) Observe(e *event.Event) []rule.Evidence {
	r, ok := e.Body.(*event.RadioReuse)
	if !ok || r.ARFCN == cell.NoARFCN || r.Gap > int64(o.values["dwell"]*1e9) || r.Gap < 0 && !r.Returned || len(o.reuse) >= maxPending {
		return nil
	}
	ev := rule.Evidence{
		Frames: []event.Ref{r.PreviousRef, e.Ref}, Field: "cellIdentity", Scale: 0.3, Basis: e.Basis,
		Got:     fmt.Sprintf("two cells on EARFCN %d with PCI %d", r.ARFCN, r.PCI),
		Expect:  "one cell with a physical identity on a frequency at one place",
		Summary: fmt.Sprintf("On frequency %d and physical number %d another cell was heard shortly before this one; one of the two may be false.", r.ARFCN, r.PCI),
	}
	if r.Returned && r.Gap >= 0 {
		ev.Scale = 1
		ev.Summary = fmt.Sprintf("On frequency %d and physical number %d this cell and another were heard in turn; one of the two may be false.", r.ARFCN, r.PCI)
	}
	o.reuse = append(o.reuse, reused{ev, r.Previous})
	return nil
}

// Enough implements rule.Sufficiency.
func (*cellTwoRadios) Enough(v rule.View) bool { return v.Cell.ARFCN != cell.NoARFCN }

func (o *cellTwoRadios) Finish(v rule.View) []rule.Evidence {
	if !v.Cell.ID.Known {
		return nil
	}
	var out []rule.Evidence
	for _, r := range o.reuse {
		// The same cell under another area is lte-tac-change's; under another of its
		// networks it is one that lists them in another order.
		if r.previous.Cell != v.Cell.ID.Cell || r.previous.PLMN != v.Cell.ID.PLMN && !slices.Contains(v.Cell.PLMNs, r.previous.PLMN) {
			out = append(out, r.evidence)
		}
	}
	for _, c := range lteTwins(v) {
		ev := rule.Evidence{
			Frames: append(sib1Frame(v.Cell), sib1Frame(c)...), Field: "cellIdentity",
			Got:     fmt.Sprintf("%d also on EARFCN %d", v.Cell.ID.Cell, c.ARFCN),
			Expect:  "one frequency and one PCI per cell identity",
			Summary: fmt.Sprintf("The cell's identity was also heard on frequency %d; one of the two may be a copy.", c.ARFCN),
			Scale:   0.3,
		}
		if c.ARFCN == v.Cell.ARFCN {
			ev.Got = fmt.Sprintf("%d also with PCI %d", v.Cell.ID.Cell, c.PCI)
			ev.Summary = fmt.Sprintf("The cell's identity was also heard under the physical number %d; one of the two may be a copy.", c.PCI)
		}
		if near(v.Cell, c, o.values["gap"]) {
			ev.Scale = 1
		}
		out = append(out, ev)
	}
	return out
}

// lteTwins lists the entries with the cell's identity on another frequency, or on the
// same under another physical identity, whose SIB1 was heard there.
func lteTwins(v rule.View) []*cell.Cell {
	own := v.Cell
	if own.ARFCN == cell.NoARFCN || own.Broadcasts[event.SIB1].Count == 0 {
		return nil
	}
	var out []*cell.Cell
	for _, c := range v.All {
		if c == own || c.RAT != own.RAT || c.ID != own.ID || c.ARFCN == cell.NoARFCN || c.Broadcasts[event.SIB1].Count == 0 {
			continue
		}
		otherPCI := c.PCI != cell.NoPCI && own.PCI != cell.NoPCI && c.PCI != own.PCI
		if c.ARFCN != own.ARFCN && !sameFrequency(c.ARFCN, own.ARFCN) || otherPCI {
			out = append(out, c)
		}
	}
	return out
}

// sameFrequency reports whether two EARFCNs are the numbers of one frequency in bands
// that overlap.
func sameFrequency(a, b int) bool {
	mhz := earfcn.DownlinkMHz(uint32(a))
	return mhz > 0 && mhz == earfcn.DownlinkMHz(uint32(b))
}
