package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-session-unprotected",
	Title:     "The cell accepts a phone without authentication and without encryption",
	Family:    rule.Cipher,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G04"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.5, WeightBasis: expert,
	Why: "A network that meets a phone it does not know asks who it is and then has it prove that, because it wants to be paid. " +
		"A false base station does not know the key with which the proof could be checked, so it takes the phone's word and accepts it. " +
		"With a phone that the network knows already it may skip the proof; then the finding weighs little.",
	Benign: []rule.Benign{
		lostFrames,
		{
			Explanation: "The operator neither authenticates nor encrypts location updates.",
			Test: func(v rule.View) rule.BenignStatus {
				if ciphered, _ := cipherPractice(v); ciphered > 0 {
					return rule.Excluded
				}
				return rule.NotTestable
			},
		},
		laboratory,
	},
	Refs: []string{"TS 24.008 §4.3.2", "TS 24.008 §4.4.4.5", "TS 43.020 §3.3", "Dabrowski et al., ACSAC 2014"},
	New: func(rule.Values) rule.Observer {
		return &perSession{judge: func(d *dialogue) ([]rule.Evidence, bool) {
			n := d.find(event.UpdateAccept, 0)
			if n < 0 || !d.whole || d.steps[0].Action != event.UpdateRequest {
				return nil, false
			}
			if d.secured(len(d.steps)) || d.steps[0].Periodic {
				return nil, true
			}
			imsi, equipment := d.asked(n)
			ev := rule.Evidence{
				Frames: d.refs(0, imsi, equipment, n), Field: "Location Updating Accept",
				Expect: "Authentication Request and Ciphering Mode Command before it",
			}
			switch {
			case imsi >= 0:
				ev.Got = "without authentication and ciphering, after asking for the IMSI"
				ev.Summary = "The network asked a phone that it did not know for the subscriber's number (IMSI) and accepted it without any proof and without encryption."
			case d.steps[0].Identity == ident.IMSI:
				ev.Scale = 0.7
				ev.Got = "without authentication and ciphering, IMSI given"
				ev.Summary = "The network accepted a phone that named its subscriber's number (IMSI) without any proof and without encryption."
			default:
				ev.Scale = 0.25
				ev.Got = "without authentication and ciphering, TMSI given"
				ev.Summary = "The network accepted a phone that gave a temporary number without any proof and without encryption."
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "unknown phone accepted on its word", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + askIMEISV + giveIMEISV + askIMSI + giveIMSI + acceptTMSI + release},
		{Name: "authenticated and ciphered", Frames: ordinary(33, 10001).cycle() + protected},
		{Name: "challenge logged before the request that led to it", Frames: ordinary(33, 10001).cycle() + challenge + updateTMSI + askIMSI + giveIMSI + accept + release},
		{Name: "periodic update of a known phone", Frames: ordinary(33, 10001).cycle() + updatePeriodic + accept + release},
		{Name: "capture begins in the middle", Frames: ordinary(33, 10001).cycle() + accept + release + updatePeriodic + accept + release},
	},
})
