package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-sms-hidden",
	Title:     "The cell sends a message that the phone does not show",
	Family:    rule.Push,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G43"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.6, WeightBasis: expert,
	Why: "A message of type 0 makes a phone answer without its owner noticing, so that it can be located; others set up the SIM card or the phone. " +
		"Over an encrypted connection they are the operator's or a court's business; from a cell that proves nothing they are an attack.",
	Benign: []rule.Benign{
		{Explanation: "The operator sets a waiting indication or configures the phone."},
		noEncryption,
		laboratory,
	},
	Refs:   []string{"TS 23.040 §9.2.3.9", "TS 23.038 §4", "SnoopSnitch event types 1 and 2"},
	Params: []rule.Param{{Name: "push_octets", Default: 28, Unit: "octets", Min: 1, Max: 140, Source: "SnoopSnitch: a genuine WAP push holds an address and is longer"}},
	New: func(p rule.Values) rule.Observer {
		return &onPushes{judge: func(v rule.View, b *inbox) []rule.Evidence {
			var out []rule.Evidence
			for _, m := range b.plain() {
				ev := rule.Evidence{Frames: []event.Ref{m.ref}, Expect: "an authenticated, encrypted connection"}
				switch {
				case m.Silent:
					ev.Field, ev.Got = "TP-Protocol-Identifier", "0x40 (Short Message Type 0)"
					ev.Summary = "A silent message, which the phone acknowledges and shows nobody, came without encryption."
				case m.ToSIM:
					ev.Field, ev.Got = "TP-Protocol-Identifier", "data download"
					ev.Summary = "A message for the SIM card or the phone's software came without encryption."
				case m.Port == 2948 && float64(m.Octets) <= p["push_octets"]:
					ev.Field, ev.Got, ev.Scale = "Application port", "2948 (WAP push)", 0.7
					ev.Summary = "A short WAP push, which can hide a message, came without encryption."
				case m.Discard:
					ev.Field, ev.Got, ev.Scale = "TP-Data-Coding-Scheme", "waiting indication, discard message", 0.3
					ev.Summary = "A message that is thrown away unread came without encryption."
				default:
					continue
				}
				customaryPlain(v, &ev)
				out = append(out, ev)
			}
			return out
		}}
	},
	Vectors: []rule.Vector{
		{Name: "type 0", Fires: true, Frames: ordinary(33, 10001).cycle() + pushed(1, message("").but(func(m *shortMessage) { m.pid, m.dcs = 0x40, 0 }))},
		{Name: "for the SIM card", Fires: true, Frames: ordinary(33, 10001).cycle() + pushed(1, message("").but(func(m *shortMessage) { m.pid, m.dcs = 0x7f, 0xf6 }))},
		{Name: "WAP push", Fires: true, Frames: ordinary(33, 10001).cycle() + pushed(1, message("").but(func(m *shortMessage) { m.dcs, m.header = 0xf5, "06 05 04 0b84 23f0" }))},
		{Name: "voicemail after ciphering", Frames: ordinary(33, 10001).cycle() + handed(1, message("").but(func(m *shortMessage) { m.dcs, m.header = 0xc8, "04 01 02 0003" }))},
		{Name: "type 0 after ciphering", Frames: ordinary(33, 10001).cycle() + handed(1, message("").but(func(m *shortMessage) { m.pid, m.dcs = 0x40, 0 }))},
		{Name: "flash of the operator after ciphering", Frames: ordinary(33, 10001).cycle() + handed(1, message("credit used up").but(func(m *shortMessage) { m.dcs = 0x18 }))},
		{Name: "ordinary", Frames: ordinary(33, 10001).cycle() + pushed(1, message("a"))},
	},
})
