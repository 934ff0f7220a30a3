package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-identifier-invalid",
	Title:     "The cell's area or cell number is reserved or looks made up",
	Family:    rule.Identifier,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
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
	Refs: []string{"TS 23.003 §19.4.2.3", "TS 23.003 §19.6", "TS 36.331 §6.3.4"},
	New: func(rule.Values) rule.Observer {
		return atEnd{judge: func(v rule.View) []rule.Evidence {
			var out []rule.Evidence
			add := func(scale float64, field, got, why string) {
				out = append(out, rule.Evidence{
					Frames: sib1Frame(v.Cell), Field: field, Got: got, Expect: "a number as the network's others",
					Summary: fmt.Sprintf("The cell's %s (%s) %s.", field, got, why), Scale: scale,
				})
			}
			tac := v.Cell.ID.Area
			got := fmt.Sprintf("%d (0x%04x)", tac, tac)
			switch {
			case tac == 0, tac == 0xfffe:
				add(1, "trackingAreaCode", got, "is reserved and may not be broadcast")
			case tac == 0xffff:
				add(0.5, "trackingAreaCode", got, "has all bits set, as if never configured")
			case tac == 1, patterned(uint64(tac)):
				add(0.12, "trackingAreaCode", got, "looks made up, as sample configurations have it")
			}
			eci := v.Cell.ID.Cell
			enb := eci >> 8 // of 28 bits the last eight number the cells of a base station
			got = fmt.Sprintf("%d (base station %d, cell %d)", eci, enb, eci&0xff)
			switch {
			case eci == 0, eci == 0xfffffff:
				add(0.5, "cellIdentity", got, "is at the end of its range, as if never configured")
			case enb <= 1, patterned(enb), patterned(eci):
				add(0.12, "cellIdentity", got, "looks made up, as sample configurations have it")
			}
			return out
		}}
	},
	Vectors: []rule.Vector{
		{Name: "reserved area", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.tac = 0xfffe }).cycle()},
		{Name: "area 0", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.tac = 0 }).cycle()},
		{Name: "area 65535", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.tac = 0xffff }).cycle()},
		{Name: "area 1", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.tac = 1 }).cycle()},
		{Name: "cell 0", Fires: true, Frames: macro(1300, 7, 0).cycle()},
		{Name: "base station 12345", Fires: true, Frames: macro(1300, 7, 12345<<8|1).cycle()},
		{Name: "inconspicuous", Frames: macro(1300, 7, 70001).cycle()},
	},
})
