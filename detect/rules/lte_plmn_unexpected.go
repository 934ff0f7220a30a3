package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-plmn-unexpected",
	Title:     "The cell claims a network that does not belong here",
	Family:    rule.Identifier,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"X12", "X13"},
	Needs:     []event.Kind{event.KindIdentity},
	Weight:    1.2, WeightBasis: expert,
	Why: "Network codes are allotted. Codes for tests and private use, codes of no country and codes that nobody was given do not belong to a public network; " +
		"they are what software for home-made base stations comes with. It makes the cell unusual, not false.",
	Benign: []rule.Benign{
		{Explanation: "A laboratory, school, factory, exhibition or private network.", Test: func(v rule.View) rule.BenignStatus {
			if v.Cell.ID.PLMN.Test() {
				return rule.Possible
			}
			return rule.NotTestable
		}},
		{Explanation: "A network aboard a ship or an aircraft, or at sea, which uses the international code 901.", Test: func(v rule.View) rule.BenignStatus {
			if v.Cell.ID.PLMN.MCC == 901 {
				return rule.Possible
			}
			return rule.Excluded
		}},
		{Explanation: "A border, beyond which the other country's networks are heard.", Test: func(v rule.View) rule.BenignStatus {
			if country(int(v.Cell.ID.PLMN.MCC)) == "" {
				return rule.Excluded
			}
			return rule.Possible
		}},
		{Explanation: "A code allotted after the table of this program was made (2024)."},
	},
	Refs: []string{"ITU-T E.212", "TS 23.003 §2.2", "TS 23.003 §12.1"},
	Params: []rule.Param{
		{Name: "min_cells", Default: 5, Unit: "cells", Min: 2, Max: 1000, Source: "expert: cells that tell in which country the captures were taken"},
		{Name: "home_share", Default: 0.8, Unit: "share of cells", Min: 0.5, Max: 1, Source: "expert: near a border or on Cyprus (280 and 286) several countries are heard and none is odd"},
	},
	New: func(p rule.Values) rule.Observer {
		return atEnd{judge: func(v rule.View) []rule.Evidence {
			plmn := v.Cell.ID.PLMN
			mcc := int(plmn.MCC)
			ev := rule.Evidence{Frames: sib1Frame(v.Cell), Field: "plmn-Identity", Got: plmn.String(), Expect: "a network of the country", Scale: 1}
			switch {
			case plmn.Test():
				ev.Summary = "The cell uses a network code (" + plmn.String() + ") that is set aside for tests and private networks."
			case mcc == 901:
				ev.Summary = "The cell uses a network code (" + plmn.String() + ") of no country, which is meant for satellites, ships and aircraft."
			case country(mcc) == "":
				ev.Summary = "The cell uses a country code (" + plmn.String()[:3] + ") that no country has."
			default:
				home, share := homeCountry(v, int(p["min_cells"]))
				if home == "" || home == country(mcc) || share < p["home_share"] {
					return nil
				}
				ev.Scale = 0.25
				ev.Expect = home
				ev.Got += " (" + country(mcc) + ")"
				ev.Summary = fmt.Sprintf("The cell claims a network of %s, while nearly all cells in these captures are of %s.", country(mcc), home)
			}
			return []rule.Evidence{ev}
		}}
	},
	Vectors: []rule.Vector{
		{Name: "test network", Fires: true, Frames: macro(1300, 7, 70001).cycle()},
		{Name: "international code", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.mcc, c.mnc = "901", "99" }).cycle()},
		{Name: "code of no country", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.mcc, c.mnc = "998", "99" }).cycle()},
		{Name: "another country among five cells of one", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.mcc, c.mnc = "284", "99" }).cycle() +
			lteCycles(abroad(8, 70002), abroad(9, 70003), abroad(10, 70004), abroad(11, 70005), abroad(12, 70006))},
		{Name: "code of a country", Frames: abroad(7, 70001).cycle()},
	},
})

// abroad is a cell of 295-99, which is Liechtenstein's and not allotted.
func abroad(pci, eci int) lteCell {
	return macro(1300, pci, eci).but(func(c *lteCell) { c.mcc, c.mnc = "295", "99" })
}
