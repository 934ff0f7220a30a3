package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-access-barred",
	Title:     "The cell shuts phones out unlike the rest of its network",
	Family:    rule.Deny,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G37"},
	Needs:     []event.Kind{event.KindAccess},
	Weight:    0.15, WeightBasis: expert,
	Why: "A barred cell, or one that bars classes of phones, takes part of the phones only. Someone who wants certain phones, or only to fill a frequency, may " +
		"use that. Mostly it is maintenance.",
	Benign: []rule.Benign{
		{Explanation: "The cell is under maintenance, new, or overloaded."},
	},
	Refs:   []string{"TS 44.018 §10.5.2.29", "TS 45.008 §9", "TS 22.011 §4"},
	Params: []rule.Param{minPeers(3), minShare(0.66)},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: amongPeers(cell.Barred, p["min_peers"]),
			judge: func(v rule.View) []rule.Evidence {
				var out []rule.Evidence
				for _, name := range []string{cell.Barred, cell.BarredClasses, cell.BarQualify} {
					own, ok := v.Cell.Param(name)
					mode, known := usual(v, name, p["min_peers"], p["min_share"])
					if !ok || !known || own.Value == 0 || own.Value == mode.Value {
						continue
					}
					out = append(out, fromParam(own, 1, mode.Text+", as on most other cells of the network",
						"The cell shuts out phones that the other cells of its network admit."))
				}
				return out
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "barred", Fires: true, Frames: cycles(ordinary(33, 10001).but(func(c *synthetic) { c.access = "bb0000" }),
			ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
		{Name: "classes 0 to 4 barred", Fires: true, Frames: cycles(ordinary(33, 10001).but(func(c *synthetic) { c.access = "b9001f" }),
			ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
		{Name: "open as the others", Frames: cycles(ordinary(33, 10001), ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
	},
})
