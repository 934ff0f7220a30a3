package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-cipher-none",
	Title:     "The cell orders phones to go on without encryption",
	Family:    rule.Cipher,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G01"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.2, WeightBasis: expert,
	Why: "After identifying a phone a network turns on encryption. A base station without the subscriber's key cannot encrypt, " +
		"so one that wants to listen in or to inject messages orders the phone to stay in the clear (A5/0).",
	Benign: []rule.Benign{
		{
			Explanation: "The operator or the country does not encrypt.",
			Test: func(v rule.View) rule.BenignStatus {
				switch ciphered, plain := cipherPractice(v); {
				case ciphered > 0:
					return rule.Excluded // cells of the network do encrypt
				case plain > 0:
					return rule.Possible
				}
				return rule.NotTestable
			},
		},
		{Explanation: "An emergency call without SIM card, which cannot be encrypted."},
		laboratory,
	},
	Refs: []string{"TS 44.018 §3.4.7", "TS 44.018 §9.1.9", "TS 44.018 §10.5.2.9", "TS 43.020 §4.3"},
	New: func(rule.Values) rule.Observer {
		return &perSession{
			judge: func(d *dialogue) ([]rule.Evidence, bool) {
				i := d.find(event.SecurityCommand, 0)
				if i < 0 {
					return nil, false
				}
				first := &d.steps[0]
				if d.steps[i].Ciphered || first.Action == event.ServiceRequest && first.Identity == ident.IMEI {
					return nil, true // a phone without SIM can only call for help
				}
				return []rule.Evidence{{
					Frames: d.refs(i), Field: "Cipher Mode Setting, SC", Got: "0 (no ciphering)", Expect: "1 (start ciphering)",
					Summary: "The network ordered the phone to go on without encryption.",
				}}, true
			},
			weigh: func(v rule.View, _ origin, ev *rule.Evidence) {
				switch ciphered, plain := cipherPractice(v); {
				case ciphered > 0:
					ev.Summary += " Other sessions of the same network were encrypted."
				case plain > 0:
					ev.Scale *= 0.3
				default:
					ev.Scale *= 0.7
				}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "A5/0 after authentication", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + cipherNone + cipherDone + accept + release},
		{Name: "A5/1", Frames: ordinary(33, 10001).cycle() + protected},
		{Name: "emergency call without SIM", Frames: ordinary(33, 10001).cycle() + emergencyNoSIM + cipherNone + release},
	},
})
