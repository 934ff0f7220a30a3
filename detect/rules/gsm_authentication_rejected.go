package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-authentication-rejected",
	Title:     "The cell sends an Authentication Reject",
	Family:    rule.Deny,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G11"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.9, WeightBasis: expert,
	Why: "This message makes a phone take its SIM card for invalid and delete its temporary number and key: it stays without service until it is " +
		"switched off and on. A network sends it after a wrong answer to its challenge. Sent without a challenge it follows no procedure of the specification.",
	Benign: []rule.Benign{
		{Explanation: "The SIM card is a copy, or its key is wrong in the network's register.", Test: working},
		lostFrames,
	},
	Refs: []string{"TS 24.008 §4.3.2.5", "TS 24.008 §9.2.1"},
	New: func(rule.Values) rule.Observer {
		return &perSession{judge: func(d *dialogue) ([]rule.Evidence, bool) {
			n := d.find(event.AuthenticationReject, 0)
			if n < 0 {
				return nil, d.find(event.AuthenticationRequest, 0) >= 0 || d.whole && len(d.steps) > 1
			}
			ev := rule.Evidence{
				Frames: d.refs(n), Field: "Authentication Reject", Got: "after a challenge", Scale: 0.3,
				Expect:  "a wrong Authentication Response before it",
				Summary: "The network declared the phone's SIM card invalid after a challenge.",
			}
			if d.whole && !d.secured(n) {
				ev.Scale, ev.Got = 1, "without a challenge"
				ev.Summary = "The network declared the phone's SIM card invalid although it had not challenged it."
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "without a challenge", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + refuseKey + release},
		{Name: "after a challenge", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + refuseKey + release},
		{Name: "accepted", Frames: ordinary(33, 10001).cycle() + protected},
	},
})
