package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-authentication-rejected",
	Title:     "The cell declares a phone's SIM card invalid",
	Family:    rule.Deny,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L15"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.8, WeightBasis: expert,
	Why: "This message makes a phone take its SIM card for invalid and delete its temporary number and keys: it stays without service until it is switched off " +
		"and on. It needs no signature. A network sends it after a wrong answer to its challenge; without a challenge it follows no procedure.",
	Benign: []rule.Benign{
		{Explanation: "The SIM card is a copy, or its key is wrong in the network's register.", Test: working},
		lostFrames, laboratory,
	},
	Refs: []string{"TS 24.301 §5.4.2.5", "TS 24.301 §8.2.6", "Phoenix, NDSS 2021", "Hussain et al., LTEInspector, NDSS 2018"},
	New: func(rule.Values) rule.Observer {
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			n := c.find(event.AuthenticationReject, 0)
			if n < 0 {
				return nil, c.find(event.AuthenticationRequest, 0) >= 0 || c.whole && len(c.Steps) > 2
			}
			ev := rule.Evidence{
				Frames: c.refs(c.find(event.AuthenticationRequest, 0), n), Field: "Authentication Reject", Got: "after a challenge", Expect: "a wrong Authentication Response before it", Scale: 0.5,
				Summary: "The network declared the phone's SIM card invalid after a challenge.",
			}
			if c.whole && !c.secured(n) {
				ev.Scale, ev.Got = 1, "without a challenge"
				ev.Summary = "The network declared the phone's SIM card invalid although it had not challenged it."
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "without a challenge", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasNoKey) + station.release("")},
		{Name: "after a challenge", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() + station.dl(nasNoKey) + station.release("")},
		{Name: "secured", Frames: station.cycle() + station.secured()},
	},
})
