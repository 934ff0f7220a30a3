package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:       "lte-session-protected",
	Title:    "The network proved to a phone that it has the subscriber's key",
	Family:   rule.Counter,
	Severity: rule.Info,
	Status:   rule.Experimental,
	Since:    "0.2.0",
	Version:  1,
	RATs:     lte,
	Needs:    []event.Kind{event.KindSession},
	Weight:   -1.5, WeightBasis: expert,
	Why: "In LTE the network authenticates itself to the phone and signs the order to turn security on. A phone that accepts that order has checked the " +
		"signature, and a base station without the subscriber's key cannot make one. A device that relays all messages to the genuine network is not excluded. " +
		"For networks with a test code it proves little, because whoever writes their SIM cards knows the keys; where the capture does not " +
		"tell the cell it proves nothing, because the next connection may have been another cell's.",
	Refs: []string{"TS 33.401 §6.1.1", "TS 33.401 §7.2.4.4", "TS 24.301 §5.4.3.3", "TS 36.331 §5.3.4.3", "Rupprecht et al., S&P 2019"},
	New: func(rule.Values) rule.Observer {
		return &connections{
			judge: func(c *connection) ([]rule.Evidence, bool) {
				ev, ok := proof(c)
				if !ok {
					return nil, c.command(false, 0) >= 0 || c.command(true, 0) >= 0 || c.whole && len(c.Steps) > 2
				}
				return []rule.Evidence{ev}, true
			},
			weigh: func(v rule.View, w *waiting) {
				switch n := networks(v); {
				case len(n) == 0:
					w.drop = true
				case n[0].Test():
					w.Scale *= 0.4
					w.Summary += " The network has a test code: whoever wrote the SIM card knows the key."
				}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "authenticated and secured", Fires: true, Frames: public(station).cycle() + public(station).secured()},
		{Name: "key set of an earlier authentication", Fires: true, Frames: public(station).cycle() + public(station).connect(serviceNAS) +
			public(station).asSecurity("eea2", "eia2") + public(station).reconfigure("") + public(station).release("")},
		{Name: "unknown cell", Frames: public(station).secured()},
		{Name: "keys of a test network", Fires: true, Frames: station.cycle() + station.secured()},
		{Name: "challenge only", Frames: public(station).cycle() + public(station).connect(attachGUTI) + public(station).authenticate() + public(station).release("")},
		{Name: "null integrity", Frames: public(station).cycle() + public(station).connect(attachGUTI) + public(station).authenticate() +
			public(station).dl(nasSecure00) + public(station).ul(nasSecured) + public(station).release("")},
		{Name: "phone refuses the order", Frames: public(station).cycle() + public(station).connect(attachGUTI) + public(station).authenticate() +
			public(station).dl(nasSecure22) + public(station).ul(nasSecureReject) + public(station).release("")},
	},
})

// proof looks for the network's proof of its key in a connection.
func proof(c *connection) (rule.Evidence, bool) {
	ev := rule.Evidence{Field: "Security Mode Command", Expect: "what a genuine network does"}
	core, radio := accepted(c, false), accepted(c, true)
	a := c.find(event.AuthenticationRequest, 0)
	switch {
	case c.find(event.AuthenticationReject, 0) >= 0 || c.find(event.SecurityFailure, 0) >= 0:
		return ev, false
	case core < 0 && radio < 0:
		return ev, false
	case !c.UplinkSeen && c.Hidden == 0:
		return ev, false // an order to secure is all that was heard: anyone can send one
	case !c.UplinkSeen:
		ev.Scale, ev.Got = 0.6, "and ciphered messages after it"
		ev.Summary = "The network turned security on and went on under encryption, as far as a receiver of the downlink alone can tell. A relay is not excluded."
	case a >= 0 && core >= 0:
		ev.Scale, ev.Got = 1.1, "after Authentication Request, accepted"
		ev.Summary = "The network authenticated itself to the phone, and the phone accepted its signed order to turn security on, which needs the subscriber's key. A relay is not excluded."
	default:
		ev.Scale, ev.Got = 0.8, "with the keys of an earlier authentication, accepted"
		ev.Summary = "The phone accepted the signed order to turn security on, which needs keys from the subscriber's network. A relay is not excluded."
	}
	if f := c.find(event.AuthenticationFailure, max(a, 0)); a >= 0 && f >= 0 {
		// The phone refused the challenge; only a later one counts.
		if a = c.find(event.AuthenticationRequest, f); a < 0 {
			return ev, false
		}
	}
	ev.Frames = c.refs(a, core, radio)
	return ev, true
}

// accepted returns the index of a signed security command of RRC (as) or NAS that the
// phone obeyed, as far as it was heard, or -1.
func accepted(c *connection, as bool) int {
	n := c.command(as, 0)
	if n < 0 || c.Steps[n].NullIntegrity || c.Steps[n].IntegrityAlgorithm == "" {
		return -1
	}
	if !c.UplinkSeen || c.Hidden > 0 {
		return n
	}
	for i := n; i < len(c.Steps); i++ {
		if st := &c.Steps[i]; st.Action == event.SecurityComplete && st.AS == as {
			return n
		}
	}
	return -1
}
