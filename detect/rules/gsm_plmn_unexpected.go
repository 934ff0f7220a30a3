package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-plmn-unexpected",
	Title:     "The cell claims a network that does not belong here",
	Family:    rule.Identifier,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G34", "X12"},
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
				found[i].Frames, found[i].Field = named(v.Cell), "MCC, MNC"
			}
			return found
		}}
	},
	Vectors: []rule.Vector{
		{Name: "test network", Fires: true, Frames: ordinary(33, 10001).cycle()},
		{Name: "international code", Fires: true, Frames: ordinary(33, 10001).but(func(c *synthetic) { c.plmn = "09f199" }).cycle()},
		{Name: "code of no country", Fires: true, Frames: ordinary(33, 10001).but(func(c *synthetic) { c.plmn = "99f899" }).cycle()},
		// 295 is Liechtenstein; its MNC 99 is not allotted.
		{Name: "code of a country", Frames: ordinary(33, 10001).but(func(c *synthetic) { c.plmn = "92f599" }).cycle()},
	},
})
