package rules

import (
	"fmt"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-plmns-one-radio",
	Title:     "Cells of different networks were heard as one and the same radio",
	Family:    rule.Structure,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L51"},
	Needs:     []event.Kind{event.KindIdentity},
	Weight:    0.7, WeightBasis: expert,
	Why: "Operators have frequencies of their own. Where they share a radio, the cell names all of them at once. Names of different networks one after the other " +
		"from the same frequency and physical number point to one transmitter that changes its name to catch the customers of each.",
	Benign: []rule.Benign{
		{Explanation: "A border or a boundary between licences, where another operator has the same frequency.", Test: func(v rule.View) rule.BenignStatus {
			for _, c := range sameRadio(v) {
				if !sameCountry(int(c.ID.PLMN.MCC), int(v.Cell.ID.PLMN.MCC)) {
					return rule.Possible
				}
			}
			return rule.NotTestable
		}},
		{Explanation: "A laboratory that tries out several networks one after the other.", Test: laboratory.Test},
	},
	Refs: []string{"TS 36.331 §6.2.2", "TS 23.251 §4.2", "TS 36.211 §6.11"},
	Params: []rule.Param{
		{Name: "window", Default: 600, Unit: "s", Min: 10, Max: 86400, Source: "expert: longer apart, the receiver may have moved to where both are used again"},
	},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool { return v.Cell.ARFCN != cell.NoARFCN && v.Cell.PCI != cell.NoPCI },
			judge: func(v rule.View) []rule.Evidence {
				ev := rule.Evidence{
					Frames: sib1Frame(v.Cell), Field: "plmn-IdentityList", Expect: "all networks of the radio in one list", Scale: 0.3,
					Got: v.Cell.ID.PLMN.String(),
				}
				n := 1
				for _, c := range sameRadio(v) {
					if len(ev.Frames) >= maxPending {
						break
					}
					n++
					ev.Frames = append(ev.Frames, sib1Frame(c)...)
					ev.Got += ", " + c.ID.PLMN.String()
					if near(v.Cell, c, p["window"]) {
						ev.Scale = 0.8
					}
				}
				if n == 1 {
					return nil
				}
				if n > 2 && ev.Scale > 0.5 {
					ev.Scale = 1
				}
				ev.Got += fmt.Sprintf(" on EARFCN %d with PCI %d", v.Cell.ARFCN, v.Cell.PCI)
				ev.Summary = fmt.Sprintf("The frequency and physical number of the cell were heard under the names of %d networks that do not name each other.", n)
				return []rule.Evidence{ev}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "two networks in turn", Fires: true, Frames: lteCycles(macro(1300, 7, 70001), macro(1300, 7, 70001).but(func(c *lteCell) { c.mnc = "02" }))},
		{Name: "three networks in turn", Fires: true, Frames: lteCycles(macro(1300, 7, 70001), macro(1300, 7, 70001).but(func(c *lteCell) { c.mnc = "02" }), macro(1300, 7, 70001).but(func(c *lteCell) { c.mnc = "03" }))},
		{Name: "two networks in one list", Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.more = []string{"00102"} }).cycle()},
		{Name: "the list in another order", Frames: lteCycles(macro(1300, 7, 70001).but(func(c *lteCell) { c.more = []string{"00102"} }),
			macro(1300, 7, 70001).but(func(c *lteCell) { c.mnc, c.more = "02", []string{"00101"} }))},
		{Name: "two frequencies", Frames: lteCycles(macro(1300, 7, 70001), macro(1500, 7, 70002).but(func(c *lteCell) { c.mnc = "02" }))},
	},
})

// sameRadio lists a cell of each other network that was heard on the cell's frequency
// under its physical identity, if neither names the other's network.
func sameRadio(v rule.View) []*cell.Cell {
	own := v.Cell
	if own.ARFCN == cell.NoARFCN || own.PCI == cell.NoPCI {
		return nil
	}
	var out []*cell.Cell
	for _, c := range v.Others() {
		if c.Radio != own.Radio || c.Broadcasts[event.SIB1].Count == 0 || slices.Contains(own.PLMNs, c.ID.PLMN) || slices.Contains(c.PLMNs, own.ID.PLMN) ||
			c.ID.PLMN == own.ID.PLMN || slices.ContainsFunc(out, func(o *cell.Cell) bool { return o.ID.PLMN == c.ID.PLMN }) {
			continue
		}
		out = append(out, c)
	}
	return out
}
