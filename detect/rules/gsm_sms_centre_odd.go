package rules

import (
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-sms-centre-odd",
	Title:     "The service centre of messages is none that a network would have",
	Family:    rule.Push,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"S03"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.5, WeightBasis: expert,
	Why: "Every message names the service centre that hands it over, by an international number of some network. A box has no service centre and puts in what its program has by default, " +
		"nothing at all, or another number with every message.",
	Benign: []rule.Benign{
		{Explanation: "The operator has several service centres, or messages come from those of other networks."},
		laboratory,
	},
	Refs: []string{"TS 24.011 §8.2.5.1", "TS 23.040 §5.2.1", "Dabrowski et al., RAID 2016"},
	New: func(rule.Values) rule.Observer {
		return &onPushes{judge: func(v rule.View, b *inbox) []rule.Evidence {
			var out []rule.Evidence
			var centres []ident.Address
			plain := b.plain()
			add := func(m push, got, why string) {
				ev := rule.Evidence{Frames: []event.Ref{m.ref}, Field: "RP-Originator Address", Got: got, Expect: "one international E.164 number", Summary: why}
				customaryPlain(v, &ev)
				out = append(out, ev)
			}
			for _, m := range plain {
				switch c := m.Centre; {
				case !m.CentreSeen:
				case !c.Present():
					add(m, "absent", "A message came without the number of a service centre.")
				case c.TypeOfNumber != ident.NumberInternational || c.Plan != ident.PlanE164 || len(c.Value) < 7:
					add(m, "no international number", "The service centre of a message has a number that no network would use.")
				case !slices.Contains(centres, c):
					centres = append(centres, c)
				}
			}
			if len(centres) > 2 && len(centres)*2 > len(plain) {
				ev := rule.Evidence{
					Frames: refsOf(plain), Field: "RP-Originator Address", Got: "another one with almost every message", Expect: "one international E.164 number",
					Summary: "Almost every message names another service centre.",
				}
				customaryPlain(v, &ev)
				out = append(out, ev)
			}
			return out
		}}
	},
	Vectors: []rule.Vector{
		{Name: "no number", Fires: true, Frames: ordinary(33, 10001).cycle() + pushed(1, message("a").but(func(m *shortMessage) { m.centre = "00" }))},
		{Name: "six digits of no type", Fires: true, Frames: ordinary(33, 10001).cycle() + pushed(1, message("a").but(func(m *shortMessage) { m.centre = centreOdd }))},
		{Name: "international number", Frames: ordinary(33, 10001).cycle() + pushed(1, message("a"))},
		{Name: "two centres of an operator", Frames: ordinary(33, 10001).cycle() + pushed(1, message("a")) + pushed(2, message("a").but(func(m *shortMessage) { m.centre = centreOther }))},
		{Name: "encrypted", Frames: ordinary(33, 10001).cycle() + handed(1, message("a").but(func(m *shortMessage) { m.centre = centreOdd }))},
	},
})
