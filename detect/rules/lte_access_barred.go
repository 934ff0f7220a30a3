package rules

import (
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-access-barred",
	Title:     "The cell shuts phones out, or keeps them off its frequency",
	Family:    rule.Deny,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L39"},
	Needs:     []event.Kind{event.KindSIB1},
	Weight:    0.3, WeightBasis: expert,
	Why: "A barred cell that also forbids the other cells of its frequency keeps every phone that reads it away from the genuine network for five minutes at a time. " +
		"A cell reserved for staff or for a closed group lets a false base station choose its victims. Each of it is legal on its own and usual where cells are tested.",
	Benign: []rule.Benign{
		{Explanation: "The cell is under maintenance, new or overloaded."},
		{Explanation: "A small cell of a company or household, open to its members only.", Test: func(v rule.View) rule.BenignStatus {
			if p, ok := v.Cell.Param(cell.CSGIndication); ok && p.Value == 1 {
				return rule.Possible
			}
			return rule.Excluded
		}},
	},
	Refs:   []string{"TS 36.331 §6.2.2", "TS 36.304 §5.3.1"},
	Params: []rule.Param{minPeers(3), minShare(0.5)},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool { return len(having([]*cell.Cell{v.Cell}, cell.CellBarred)) > 0 },
			judge: func(v rule.View) []rule.Evidence {
				var found []cell.Parameter
				scale := 0.0
				// odd notes a parameter that has the value and, where the network is known,
				// has another value on most of its cells.
				odd := func(name string, value, weight float64) bool {
					own, ok := v.Cell.Param(name)
					if !ok || own.Value != value {
						return false
					}
					if mode, ok := usual(v, name, p["min_peers"], p["min_share"]); ok && mode.Value == value {
						return false
					}
					found = append(found, own)
					scale += weight
					return true
				}
				barred := odd(cell.CellBarred, 1, 0.4)
				reserved := odd(cell.ReservedForOperator, 1, 0.3)
				odd(cell.CSGIndication, 1, 0.3)
				if barred || reserved {
					odd(cell.IntraFreqReselection, 0, 0.4)
				} else if len(having(peers(v), cell.IntraFreqReselection)) >= int(p["min_peers"]) {
					odd(cell.IntraFreqReselection, 0, 0.2) // without effect as long as the cell is open
				}
				if len(found) == 0 {
					return nil
				}
				ev := rule.Evidence{Expect: "notBarred, notReserved, allowed", Scale: min(scale, 1)}
				var names, values []string
				for _, f := range found {
					names, values = append(names, f.Name), append(values, f.Text)
					ev.Basis = max(ev.Basis, f.Basis)
				}
				ev.Frames = []event.Ref{found[0].First}
				ev.Field, ev.Got = strings.Join(names, ", "), strings.Join(values, ", ")
				notAllowed := found[len(found)-1].Name == cell.IntraFreqReselection
				switch {
				case (barred || reserved) && notAllowed:
					ev.Summary = "The cell shuts phones out and forbids them to look for another cell on its frequency."
				case barred:
					ev.Summary = "The cell is barred for phones."
				case reserved:
					ev.Summary = "The cell is reserved for the operator's own phones."
				case notAllowed && len(found) == 1:
					ev.Summary = "If it is closed, the cell forbids phones to look for another on its frequency, unlike the rest of its network."
				default:
					ev.Summary = "The cell is open to a closed group of phones only."
				}
				return []rule.Evidence{ev}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "barred, frequency forbidden", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.barred, c.reselection = "barred", "notAllowed" }).cycle()},
		{Name: "reserved", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.reserved = "reserved" }).cycle()},
		{Name: "closed group", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.csg = true }).cycle()},
		{Name: "frequency forbidden, others not", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.reselection = "notAllowed" }).cycle() + eight(3000)},
		{Name: "open", Frames: macro(1300, 7, 70001).cycle()},
		{Name: "frequency forbidden on an open cell, nothing to compare", Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.reselection = "notAllowed" }).cycle()},
	},
})
