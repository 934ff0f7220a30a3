package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-cell-two-arfcns",
	Title:     "The same cell identity was heard on two frequencies",
	Family:    rule.Structure,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G22"},
	Needs:     []event.Kind{event.KindIdentity},
	Weight:    0.7, WeightBasis: expert,
	Why: "A cell broadcasts on one frequency. A false base station that copies the identity of a genuine cell must use another frequency, or it would drown in " +
		"its signal. The finding does not say which of the two is the copy: both get it.",
	Benign: []rule.Benign{
		{Explanation: "The operator gave the cell another frequency between the two recordings.", Test: func(v rule.View) rule.BenignStatus {
			for _, c := range twins(v) {
				if c.FirstTime > 0 && v.Cell.FirstTime > 0 && c.FirstTime <= v.Cell.LastTime && v.Cell.FirstTime <= c.LastTime {
					return rule.Excluded // both were on air at once
				}
			}
			return rule.Possible
		}},
		{Explanation: "The tool recorded a wrong frequency for some frames."},
	},
	Refs:   []string{"TS 23.003 §4.3.1", "TS 45.002 §7", "SnoopSnitch metric A4 (as meant)"},
	Params: []rule.Param{{Name: "gap", Default: 600, Unit: "s", Min: 0, Max: 86400, Source: "expert: frequencies are changed at night and with an outage of the cell, not within minutes"}},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool { return v.Cell.ARFCN != cell.NoARFCN },
			judge: func(v rule.View) []rule.Evidence {
				var out []rule.Evidence
				for _, c := range twins(v) {
					ev := rule.Evidence{
						Frames: append(named(v.Cell), named(c)...), Field: "Cell Identity",
						Got:     fmt.Sprintf("%d also on ARFCN %d", v.Cell.ID.Cell, c.ARFCN),
						Expect:  "one BCCH frequency per cell identity",
						Summary: fmt.Sprintf("The cell's identity was also heard on frequency %d; one of the two may be a copy.", c.ARFCN),
						Scale:   0.3,
					}
					if near(v.Cell, c, p["gap"]) {
						ev.Scale = 1
					}
					out = append(out, ev)
				}
				return out
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "copy on another frequency", Fires: true, Frames: cycles(ordinary(33, 10001), ordinary(101, 10001))},
		{Name: "two cells", Frames: cycles(ordinary(33, 10001), ordinary(101, 10002))},
	},
})

// twins lists the entries with the cell's identity on another frequency whose
// broadcast was heard there. A frequency of its own cell allocation is none: tools
// record the frequency of a traffic channel too.
func twins(v rule.View) []*cell.Cell {
	var out []*cell.Cell
	for _, c := range v.All {
		if c != v.Cell && c.RAT == v.Cell.RAT && c.ID == v.Cell.ID && c.ARFCN != cell.NoARFCN && v.Cell.ARFCN != cell.NoARFCN &&
			(c.ARFCN != v.Cell.ARFCN || c.PCS != v.Cell.PCS) &&
			c.Broadcasts[event.SI3].Count > 0 && v.Cell.Broadcasts[event.SI3].Count > 0 &&
			!v.Cell.Carriers.Has(c.ARFCN) && !c.Carriers.Has(v.Cell.ARFCN) {
			out = append(out, c)
		}
	}
	return out
}
