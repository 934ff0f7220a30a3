package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-sms-mass",
	Title:     "The cell sends many phones the same text",
	Family:    rule.Push,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"S05"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.2, WeightBasis: expert,
	Why: "Nobody writes the same text to every phone in one cell. Bulk messages of companies go to customers all over a country, " +
		"and each over its own encrypted connection; a box that pushes one text to whoever comes near is an SMS blaster.",
	Benign: []rule.Benign{
		{Explanation: "A public warning, which some countries send as short messages where they have no cell broadcast.", Test: func(v rule.View) rule.BenignStatus {
			if v.Cell.Sessions.Authenticated > 0 {
				return rule.Possible
			}
			return rule.NotTestable
		}},
		laboratory,
	},
	Refs:   []string{"TS 23.040 §9.2.2.1", "Zhang et al. (FBS-Radar), NDSS 2017", "GSMA, SMS blaster fraud, 2024"},
	Params: []rule.Param{{Name: "min_phones", Default: 3, Unit: "phones", Min: 2, Max: 1000, Source: "expert: two acquaintances may get one text, three strangers in one cell do not"}},
	New: func(p rule.Values) rule.Observer {
		return &onPushes{judge: func(v rule.View, b *inbox) []rule.Evidence {
			var out []rule.Evidence
			for _, t := range b.texts(b.plain()) {
				if float64(t.phones) < p["min_phones"] {
					continue
				}
				ev := rule.Evidence{
					Frames: t.refs, Field: "TP-User-Data", Got: fmt.Sprintf("one text to %d phones", t.phones), Expect: "another text to each",
					Summary: fmt.Sprintf("The cell sent one and the same text to %d different phones, unencrypted.", t.phones),
				}
				customaryPlain(v, &ev)
				return append(out, ev)
			}
			return out
		}}
	},
	Vectors: []rule.Vector{
		{Name: "one text to three phones", Fires: true, Frames: ordinary(33, 10001).cycle() + pushed(1, message("win https://a.example/1")) + pushed(2, message("win https://a.example/1")) + pushed(3, message("win https://a.example/1"))},
		{Name: "another text to each", Frames: ordinary(33, 10001).cycle() + pushed(1, message("one")) + pushed(2, message("two")) + pushed(3, message("three"))},
		{Name: "one phone three times", Frames: ordinary(33, 10001).cycle() + pushed(1, message("one")) + pushed(1, message("one")) + pushed(1, message("one"))},
		{Name: "a phone that has both its old and its new number", Frames: ordinary(33, 10001).cycle() + taken(1) + pushed(1, message("one")) + taken(1) + pushed(1, message("one")) + pushed(2, message("one"))},
		{Name: "over encrypted connections", Frames: ordinary(33, 10001).cycle() + handed(1, message("one")) + handed(2, message("one")) + handed(3, message("one"))},
	},
})
