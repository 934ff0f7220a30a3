package rules

import (
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
	Why:    plmnWhy,
	Benign: plmnBenign,
	Refs:   []string{"ITU-T E.212", "TS 23.003 §2.2", "TS 23.003 §12.1"},
	Params: plmnParams,
	New: func(p rule.Values) rule.Observer {
		return atEnd{judge: func(v rule.View) []rule.Evidence {
			found := unexpectedPLMN(p, v)
			for i := range found {
				found[i].Frames, found[i].Field = sib1Frame(v.Cell), "plmn-Identity"
			}
			return found
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
