package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-identifier-invalid",
	Title:     "The cell's area or cell number is reserved or looks made up",
	Family:    rule.Identifier,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"X13"},
	Needs:     []event.Kind{event.KindIdentity},
	Weight:    0.8, WeightBasis: expert,
	Why: "The area numbers 0 and 65534 mean \"no valid area\" to a phone and may not be broadcast. Other numbers are free, but hand-made configurations tend to " +
		"1, 12345 or all ones in binary, which weighs next to nothing alone.",
	Benign: []rule.Benign{
		{Explanation: "The operator numbers its cells like that.", Test: func(v rule.View) rule.BenignStatus {
			for _, c := range peers(v) {
				if c.ID.Area == v.Cell.ID.Area {
					return rule.Possible
				}
			}
			return rule.NotTestable
		}},
		laboratory,
	},
	Refs: []string{"TS 23.003 §4.1", "TS 23.003 §4.3.1", "TS 24.008 §10.5.1.3"},
	New: func(rule.Values) rule.Observer {
		return atEnd{judge: func(v rule.View) []rule.Evidence {
			var out []rule.Evidence
			add := func(scale float64, field string, got uint64, why string) {
				out = append(out, rule.Evidence{
					Frames: named(v.Cell), Field: field, Got: fmt.Sprintf("%d (0x%04x)", got, got), Expect: "a number as the network's others",
					Summary: fmt.Sprintf("The cell's %s (%d) %s.", field, got, why), Scale: scale,
				})
			}
			switch lac := v.Cell.ID.Area; lac {
			case 0, 0xfffe:
				add(1, "Location Area Code", uint64(lac), "is reserved and may not be broadcast")
			case 0xffff:
				add(0.5, "Location Area Code", uint64(lac), "has all bits set, as if never configured")
			case 1:
				add(0.12, "Location Area Code", uint64(lac), "is the lowest, as sample configurations have it")
			}
			switch ci := v.Cell.ID.Cell; {
			case ci == 0, ci == 0xffff:
				add(0.3, "Cell Identity", ci, "is at the end of its range, as if never configured")
			case ci == 1, patterned(ci):
				add(0.12, "Cell Identity", ci, "looks made up")
			}
			return out
		}}
	},
	Vectors: []rule.Vector{
		{Name: "reserved area", Fires: true, Frames: ordinary(33, 10001).but(func(c *synthetic) { c.lac = 0xfffe }).cycle()},
		{Name: "cell 65535", Fires: true, Frames: ordinary(33, 65535).cycle()},
		{Name: "area 65535", Fires: true, Frames: ordinary(33, 10001).but(func(c *synthetic) { c.lac = 0xffff }).cycle()},
		{Name: "area 1, cell 1", Fires: true, Frames: ordinary(33, 1).but(func(c *synthetic) { c.lac = 1 }).cycle()},
		{Name: "inconspicuous", Frames: ordinary(33, 10001).cycle()},
	},
})
