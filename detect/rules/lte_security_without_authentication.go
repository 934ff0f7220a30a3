package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

// noKeySet is the key set identifier of a phone without keys (TS 24.301 §9.9.3.21).
const noKeySet = 7

var _ = rule.Register(rule.Rule{
	ID:        "lte-security-without-authentication",
	Title:     "The network turns security on with a key that nobody agreed on",
	Family:    rule.Cipher,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L18"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.0, WeightBasis: expert,
	Why: "A phone that registers says which key set it shares with the network. If it has none, only an authentication makes one. A network that " +
		"orders security without it cannot have a key; with some faulty phones such an order opens the door.",
	Benign: []rule.Benign{lostFrames, laboratory},
	Refs:   []string{"TS 24.301 §5.4.3.2", "TS 24.301 §9.9.3.21", "TS 33.401 §6.1.1", "rayhunter-threat-analyzer LTE-12"},
	New: func(rule.Values) rule.Observer {
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			n := c.command(false, 0)
			if n < 0 || !c.whole {
				return nil, false
			}
			a := c.start(n)
			if a < 0 {
				return nil, false
			}
			first := &c.Steps[a]
			// An update from 2G or 3G names no key set of LTE and brings its keys along.
			if first.Action != event.UpdateRequest || !first.Attach || first.KeySet != noKeySet || c.emergency() {
				return nil, true
			}
			for i := range c.Steps {
				switch c.Steps[i].Action {
				case event.AuthenticationRequest, event.AuthenticationResponse, event.AuthenticationFailure:
					return nil, true
				}
			}
			ev := rule.Evidence{
				Frames: c.refs(a, n), Field: "NAS key set identifier, Security Mode Command", Got: "no key is available (7), then " + c.Steps[n].IntegrityAlgorithm,
				Expect: "Authentication Request between the two", Scale: 1,
				Summary: "The phone said that it shares no key with the network, and the network ordered security without an authentication.",
			}
			if c.find(event.SecurityComplete, n) >= 0 && !c.Steps[n].NullIntegrity {
				ev.Scale = 0.3 // the phone checked a signature: the authentication was lost to the receiver
				ev.Summary += " The phone accepted it, so the authentication may have been missed by the receiver."
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "no key set, no authentication", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) +
			station.dl(nasSecure22) + station.ul(nasSecureReject) + station.release("")},
		{Name: "no key set, authenticated", Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() +
			station.dl(nasSecure22) + station.ul(nasSecured) + station.release("")},
		{Name: "key set named", Frames: station.cycle() + station.connect(attachKeySet1) +
			station.dl(nasSecure22) + station.ul(nasSecured) + station.release("")},
	},
})

// attachKeySet1 is attachGUTI of a phone that has key set 1.
const attachKeySet1 = "07 41 11 0b f600f110800101 11223344 04 e0e0 0000 0004 0201d011 52 00f1100bb8"
