package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:       "gsm-session-protected",
	Title:    "The cell authenticated a phone and turned on encryption",
	Family:   rule.Counter,
	Severity: rule.Info,
	Status:   rule.Experimental,
	Since:    "0.1.0",
	Version:  1,
	RATs:     gsm,
	Needs:    []event.Kind{event.KindSession},
	Weight:   -1.5, WeightBasis: expert,
	Why: "A base station without the subscriber's key can send a challenge but not go on under encryption. A session that did so speaks for a genuine " +
		"network. It proves less than one would wish: in GSM only the phone proves itself, so a device that relays to a genuine network is not excluded, " +
		"nor one that broke the cipher in time. A challenge with network authentication (UMTS AKA) counts for more.",
	Refs: []string{"TS 43.020 §3.3", "TS 43.020 §4", "TS 24.008 §4.3.2", "TS 33.102 §6.3"},
	New: func(rule.Values) rule.Observer {
		return &perSession{judge: func(d *dialogue) ([]rule.Evidence, bool) {
			a := d.find(event.AuthenticationRequest, 0)
			n := d.find(event.SecurityCommand, max(a, 0))
			if a < 0 || n < 0 || !d.steps[n].Ciphered || d.steps[n].Algorithm == "A5/2" || d.find(event.AuthenticationReject, 0) >= 0 {
				return nil, len(d.steps) > 1
			}
			if f := d.find(event.AuthenticationFailure, a); f >= 0 {
				// The phone refused the challenge; only a later one counts.
				if a = d.find(event.AuthenticationRequest, f); a < 0 {
					return nil, true
				}
			}
			// A phone's log, or a receiver that decrypts, shows what came under encryption:
			// only a network with the key gets that far. To a passive receiver the order to
			// encrypt is the last thing readable, and that order anyone can send.
			further := -1
			if done := d.find(event.SecurityComplete, n); done >= 0 {
				for i := done + 1; i < len(d.steps) && further < 0; i++ {
					if !d.steps[i].Uplink && d.steps[i].Action != event.SecurityCommand {
						further = i
					}
				}
			}
			ev := rule.Evidence{
				Frames: d.refs(a, n, further), Field: "Authentication Request, Cipher Mode Setting",
				Got: d.steps[n].Algorithm + " ordered", Expect: "what a genuine network does", Scale: 0.6,
				Summary: "The network authenticated a phone and ordered encryption, which a false base station without the subscriber's key can begin but not continue. A relay is not excluded.",
			}
			if further >= 0 {
				ev.Scale, ev.Got = 1, d.steps[n].Algorithm+", and the session went on"
				ev.Summary = "The network authenticated a phone and went on under encryption, which needs the subscriber's key. A relay is not excluded."
			}
			if d.steps[a].Mutual {
				ev.Scale *= 1.2
				ev.Got += ", with AUTN"
				ev.Summary += " The network proved itself to the phone as well."
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "authenticated, ciphered, accepted", Fires: true, Frames: ordinary(33, 10001).cycle() + protected},
		{Name: "with AUTN", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + challengeAKA + answer + cipherA51 + cipherDone + acceptTMSI + release},
		{Name: "phone refuses the challenge", Frames: ordinary(33, 10001).cycle() + updateTMSI + challengeAKA + failMAC + cipherA51 + release},
		{Name: "challenge without encryption", Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + accept + release},
	},
})
