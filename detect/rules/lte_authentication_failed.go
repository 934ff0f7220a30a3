package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-authentication-failed",
	Title:     "The network cannot authenticate itself to phones",
	Family:    rule.Cipher,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L16", "M02"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.3, WeightBasis: expert,
	Why: "In LTE the network's challenge carries a signature made with the subscriber's key. A phone that finds it wrong says so. A false base station " +
		"can make up a challenge or repeat an old one, but not sign it, and it can do nothing with a right answer.",
	Benign: []rule.Benign{
		{Explanation: "Two phones had the same temporary number, so the challenge was made for another subscriber.", Test: working},
		{Explanation: "The SIM card's counter or key does not match its network's register.", Test: working},
		lostFrames, laboratory,
	},
	Refs: []string{"TS 24.301 §5.4.2.6", "TS 24.301 §5.4.2.7", "TS 24.301 §8.2.5", "TS 33.401 §6.1.1", "Phoenix, NDSS 2021"},
	Params: []rule.Param{{
		Name: "connections", Default: 2, Unit: "connections", Min: 1, Max: 100,
		Source: "expert: one answered challenge without consequence is a lost frame",
	}},
	New: func(p rule.Values) rule.Observer {
		var idle, outdated int // challenges answered in vain, and refused as old ones
		var idleFrames, outdatedFrames []event.Ref
		keyed := false
		o := &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			keyed = keyed || c.keyed()
			a := c.find(event.AuthenticationRequest, 0)
			if a < 0 {
				return nil, false
			}
			for i := a; i < len(c.Steps); i++ {
				if st := &c.Steps[i]; st.Action == event.AuthenticationFailure && (st.Cause == 20 || st.Cause == 26) {
					return []rule.Evidence{refusedChallenge(c, a, i)}, true
				}
			}
			if f := c.find(event.AuthenticationFailure, a); f >= 0 && !c.keyed() {
				outdated++
				outdatedFrames = more(outdatedFrames, c.refs(a, f)...)
			}
			if c.answeredInVain(a) {
				idle++
				idleFrames = more(idleFrames, c.refs(a, c.find(event.AuthenticationResponse, a))...)
			}
			return nil, true
		}}
		o.finish = func(v rule.View) []rule.Evidence {
			var found []rule.Evidence
			vouched := vouched(v, keyed)
			if n := outdated; !vouched && float64(n) >= p["connections"] {
				found = append(found, rule.Evidence{
					Frames: outdatedFrames, Field: "Authentication Failure", Got: fmt.Sprintf("synch failure (21) in %d connections", n), Expect: "once, then a challenge that the phone accepts", Scale: 0.5,
					Summary: fmt.Sprintf("In %d connections phones refused the network's challenge as an old one, and it never made one that they accepted.", n),
				})
			}
			if n := idle; !vouched && float64(n) >= p["connections"] {
				found = append(found, rule.Evidence{
					Frames: idleFrames, Field: "Authentication Response", Got: fmt.Sprintf("without consequence in %d connections", n), Expect: "Security Mode Command", Scale: 0.5,
					Summary: fmt.Sprintf("In %d connections phones answered the network's challenge and it ended the connection, as one does that cannot check the answer.", n),
				})
			}
			return found
		}
		return o
	},
	Vectors: []rule.Vector{
		{Name: "identity, challenge, refused", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) +
			station.dl(nasChallenge) + station.ul(nasFailMAC) + station.release("")},
		{Name: "counter out of step again and again", Fires: true, Frames: station.cycle() + repeat(station.connect(attachGUTI)+station.dl(nasChallenge)+station.ul(nasFailSync)+station.release(""), 3)},
		{Name: "answers without consequence", Fires: true, Frames: station.cycle() + repeat(station.connect(attachGUTI)+station.authenticate()+station.release(""), 3)},
		{Name: "counter out of step once", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasChallenge) + station.ul(nasFailSync) +
			station.authenticate() + station.dl(nasSecure22) + station.ul(nasSecured) + station.release("")},
		{Name: "authenticated and secured", Frames: station.cycle() + repeat(station.secured(), 3)},
	},
})

// refusedChallenge is the evidence of a challenge at step a whose signature the phone
// refused at step f.
func refusedChallenge(c *connection, a, f int) rule.Evidence {
	imsi := c.asked(a)
	ev := rule.Evidence{
		Frames: c.refs(imsi, a, f), Field: "Authentication Failure", Got: cause(&c.Steps[f]), Expect: "Authentication Response", Scale: 0.8,
		Summary: "The phone found the signature of the network's challenge wrong: the network does not have the subscriber's key.",
	}
	if imsi >= 0 {
		ev.Scale = 1
		ev.Got = "IMSI asked, then " + ev.Got
		ev.Summary += " It had asked for the subscriber's number (IMSI) before, so it was no mix-up."
	}
	if c.keyed() {
		ev.Scale *= 0.3
		ev.Summary += " A later challenge was right."
	}
	return ev
}

// answeredInVain reports whether the phone answered the challenge at step a and the
// network then ended the connection without accepting, refusing or asking anything.
func (c *connection) answeredInVain(a int) bool {
	n := c.find(event.AuthenticationResponse, a)
	if n < 0 || c.Hidden > 0 || c.find(event.Release, n) < 0 {
		return false
	}
	for _, st := range c.Steps[n:] {
		switch st.Action {
		case event.SecurityCommand, event.SecurityComplete, event.AuthenticationReject, event.UpdateReject, event.ServiceReject,
			event.UpdateAccept, event.ServiceAccept, event.NetworkDetach, event.Detach, event.IdentityRequest:
			return false
		}
	}
	return true
}
