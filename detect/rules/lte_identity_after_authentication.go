package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-identity-after-authentication",
	Title:     "The network asks for the subscriber's number although it has authenticated the phone",
	Family:    rule.Identify,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L09a"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.6, WeightBasis: expert,
	Why: "To challenge a phone a network must know whose SIM card it is, so it asks for the number (IMSI) before, not after. Unsigned questions after security " +
		"was turned on do not come from the network that turned it on.",
	Benign: []rule.Benign{
		{Explanation: "The phone's answer to the challenge was wrong, because its temporary number belonged to somebody else, and the network asks anew.", Test: working},
		{Explanation: "The tool that wrote the capture took the signature off."},
	},
	Refs: []string{"TS 24.301 §5.4.4", "TS 24.301 §5.4.2.5", "TS 24.301 §4.4.4.2", "Rayhunter #557"},
	New: func(rule.Values) rule.Observer {
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			a := c.find(event.AuthenticationResponse, 0)
			if a < 0 {
				return nil, false
			}
			n := -1
			for i := a + 1; i < len(c.Steps) && n < 0; i++ {
				switch st := &c.Steps[i]; st.Action {
				case event.AuthenticationFailure, event.AuthenticationReject:
					return nil, true // here the specification has the network ask again
				case event.IdentityRequest:
					if st.Identity == ident.IMSI || st.Protection == event.Unprotected && c.coreSecured(i) >= 0 {
						n = i
					}
				}
			}
			if n < 0 {
				return nil, true
			}
			ev := rule.Evidence{
				Frames: c.refs(a, n), Field: "Identity Request", Got: c.Steps[n].Identity.String() + " after Authentication Response", Expect: "before it", Scale: 1,
				Summary: "The network asked for the phone's number (" + c.Steps[n].Identity.String() + ") after it had authenticated the phone and so knew it.",
			}
			switch {
			case c.Steps[n].Protection == event.Integrity:
				ev.Scale = 0.3 // signed: odd, but by the network with the key
			case c.find(event.AuthenticationRequest, n) >= 0:
				ev.Scale = 0.4
				ev.Summary += " Another authentication followed."
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "IMSI after the answer", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() +
			station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.release("")},
		{Name: "unsigned IMEISV after security", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() +
			station.dl(nasSecure22) + station.ul(nasSecured) + station.dl(nasAskIMEISV) + station.release("")},
		{Name: "IMEISV between answer and security", Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() +
			station.dl(nasAskIMEISV) + station.ul(nasGiveIMEISV) + station.dl(nasSecure22) + station.ul(nasSecured) + station.release("")},
		{Name: "IMSI after a refused challenge", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasChallenge) + station.ul(nasFailMAC) +
			station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.authenticate() + station.release("")},
		{Name: "IMSI before the challenge", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) +
			station.authenticate() + station.release("")},
	},
})
