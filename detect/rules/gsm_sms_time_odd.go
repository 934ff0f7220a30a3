package rules

import (
	"fmt"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-sms-time-odd",
	Title:     "The time in messages is not when they were sent",
	Family:    rule.Push,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"S09"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.4, WeightBasis: expert,
	Why: "A service centre stamps every message with the time at which it took it. A box that pushes one prepared message to everybody often stamps all of them alike, or with a time to come.",
	Benign: []rule.Benign{
		{Explanation: "The clock of the phone or computer that wrote the capture was wrong."},
		laboratory,
	},
	Refs: []string{"TS 23.040 §9.2.3.11"},
	Params: []rule.Param{{Name: "min_phones", Default: 3, Unit: "phones", Min: 2, Max: 1000, Source: "expert: two messages may be of one second by chance"},
		{Name: "hours_ahead", Default: 26, Unit: "h", Min: 1, Max: 1000, Source: "expert: more than any error of a time zone"}},
	New: func(p rule.Values) rule.Observer {
		return &onPushes{judge: func(v rule.View, b *inbox) []rule.Evidence {
			var out []rule.Evidence
			alike := map[int64][]push{}
			for _, m := range b.plain() {
				if m.Sent == 0 {
					continue
				}
				alike[m.Sent] = append(alike[m.Sent], m)
				// Clocks that are years off are the capture's.
				if ahead := float64(m.Sent-m.time) / 3600e9; m.time > 0 && ahead > p["hours_ahead"] && ahead < 365*24 && len(out) == 0 {
					out = append(out, rule.Evidence{
						Frames: []event.Ref{m.ref}, Field: "TP-Service-Centre-Time-Stamp", Got: fmt.Sprintf("%.0f hours to come", ahead), Expect: "a time past", Scale: 0.5,
						Summary: "A message is stamped with a time that had not come yet.",
					})
				}
			}
			for _, list := range alike {
				phones := map[int]bool{}
				for _, m := range list {
					if m.phone >= 0 {
						phones[b.phones.root(m.phone)] = true
					}
				}
				if float64(len(phones)) < p["min_phones"] {
					continue
				}
				out = append(out, rule.Evidence{
					Frames: refsOf(list), Field: "TP-Service-Centre-Time-Stamp", Got: "one time in messages to several phones", Expect: "the time of each message",
					Summary: fmt.Sprintf("Messages to %d phones are stamped with the same second.", len(phones)),
				})
			}
			slices.SortFunc(out, func(a, b rule.Evidence) int {
				if a.Frames[0].Before(b.Frames[0]) {
					return -1
				}
				return 1
			})
			for i := range out {
				customaryPlain(v, &out[i])
			}
			return out
		}}
	},
	Vectors: []rule.Vector{
		{Name: "one second for three phones", Fires: true, Frames: ordinary(33, 10001).cycle() + pushed(1, message("a")) + pushed(2, message("b")) + pushed(3, message("c"))},
		{Name: "a month to come", Fires: true, Frames: ordinary(33, 10001).cycle() + pushed(1, message("a").but(func(m *shortMessage) { m.sent = "32214122312200" }))},
		{Name: "each its own", Frames: ordinary(33, 10001).cycle() + pushed(1, message("a")) + pushed(2, message("b").but(func(m *shortMessage) { m.sent = "32114122313200" })) + pushed(3, message("c").but(func(m *shortMessage) { m.sent = "32114122314200" }))},
		{Name: "the capture's clock is decades off", Frames: ordinary(33, 10001).cycle() + pushed(1, message("a").but(func(m *shortMessage) { m.sent = "54214122312200" }))},
		{Name: "encrypted", Frames: ordinary(33, 10001).cycle() + handed(1, message("a")) + handed(2, message("b")) + handed(3, message("c"))},
	},
})
