package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-sms-unciphered",
	Title:     "The cell hands short messages over without any proof or encryption",
	Family:    rule.Push,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"S02"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.2, WeightBasis: expert,
	Why: "A network encrypts the connection before it hands a message over. A false base station cannot, and does not need to: the phone takes the message all the same. " +
		"That a passive receiver can read a message at all says that it was not encrypted.",
	Benign: []rule.Benign{
		noEncryption,
		{Explanation: "The tool that wrote the capture leaves out the messages that turn encryption on."},
		laboratory,
	},
	Refs: []string{"TS 43.020 §4.3", "TS 24.011 §7.2.1", "TS 23.040 §9.2.2.1", "SnoopSnitch metric C5"},
	New: func(rule.Values) rule.Observer {
		return &onPushes{judge: func(v rule.View, b *inbox) []rule.Evidence {
			plain := b.plain()
			if len(plain) == 0 {
				return nil
			}
			ev := rule.Evidence{
				Frames: refsOf(plain), Field: "SMS-DELIVER", Got: "without authentication and ciphering",
				Expect:  "Ciphering Mode Command before it",
				Summary: fmt.Sprintf("The cell handed over %s without authentication and without encryption.", count(len(plain), "short message")),
			}
			customaryPlain(v, &ev)
			return []rule.Evidence{ev}
		}}
	},
	Vectors: []rule.Vector{
		{Name: "handed to a phone that was not asked for proof", Fires: true, Frames: ordinary(33, 10001).cycle() + pushed(1, message("hello"))},
		{Name: "after authentication and ciphering", Frames: ordinary(33, 10001).cycle() + handed(1, message("hello"))},
		{Name: "authenticated in a network that does not encrypt", Frames: ordinary(33, 10001).cycle() + authenticatedOnly(1, message("hello"))},
		{Name: "capture begins after the encryption", Frames: ordinary(33, 10001).cycle() + message("hello").line() + "DTAP 33 ul: 8904\n" + release},
	},
})
