package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-sms-link",
	Title:     "An unencrypted message under a name asks to open a web address",
	Family:    rule.Push,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"S04"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.5, WeightBasis: expert,
	Why: "Fraudulent messages call themselves by the name of a bank, a shop or a government office and lead to a copy of its web site. " +
		"Genuine bulk messages look the same, so this counts only where the cell handed the message over without encryption.",
	Benign: []rule.Benign{
		{Explanation: "A genuine message of a company with a link in it."},
		noEncryption,
		laboratory,
	},
	Refs: []string{"TS 23.040 §9.1.2.5", "TS 23.040 §9.2.3.24", "Zhang et al. (FBS-Radar), NDSS 2017"},
	New: func(rule.Values) rule.Observer {
		return &onPushes{judge: func(v rule.View, b *inbox) []rule.Evidence {
			var linked []push
			named := 0
			for _, m := range b.plain() {
				if len(ident.Hosts(string(m.Text))) == 0 {
					continue
				}
				linked = append(linked, m)
				if m.Sender.Alphanumeric() {
					named++
				}
			}
			if len(linked) == 0 {
				return nil
			}
			ev := rule.Evidence{
				Frames: refsOf(linked), Field: "TP-User-Data", Got: "a web address", Expect: "an encrypted connection",
				Summary: fmt.Sprintf("%s without encryption asked to open a web address.", count(len(linked), "short message")), Scale: 0.5,
			}
			if named > 0 {
				ev.Got, ev.Scale = "a web address, under a name instead of a number", 1
				ev.Summary = fmt.Sprintf("%s without encryption asked to open a web address and named no number that could be called back.", count(len(linked), "short message"))
			}
			customaryPlain(v, &ev)
			return []rule.Evidence{ev}
		}}
	},
	Vectors: []rule.Vector{
		{Name: "link under a name", Fires: true, Frames: ordinary(33, 10001).cycle() + pushed(1, message("blocked: https://bank.example/k").but(func(m *shortMessage) { m.sender = senderName }))},
		{Name: "link from a number", Fires: true, Frames: ordinary(33, 10001).cycle() + pushed(1, message("blocked: bank.example/k"))},
		{Name: "no link", Frames: ordinary(33, 10001).cycle() + pushed(1, message("see you at 3.14 or 10/11"))},
		{Name: "encrypted", Frames: ordinary(33, 10001).cycle() + handed(1, message("blocked: https://bank.example/k").but(func(m *shortMessage) { m.sender = senderName }))},
	},
})
