package rules

import (
	"fmt"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// gsm is what rules of this generation look at.
var gsm = []event.RAT{event.GSM}

// Weight bases.
const (
	expert = "expert"
	// oneCapture marks rules conceived, and weighted, on a single capture that they then
	// helped to judge: what they find there confirms nothing.
	oneCapture = "expert, conceived on one capture"
)

// dialogue is a session from the phone's first message on.
type dialogue struct {
	steps []event.Step
	// before holds what was logged before it: the end of another session, or, in logs
	// that do not keep the order of the two directions, a part of this one.
	before []event.Step
	// whole: the phone's first message was captured. Only then does the absence of an
	// authentication before a later message mean that there was none.
	whole bool
}

func begin(s *event.Session) dialogue {
	for i := range s.Steps {
		if s.Steps[i].Action <= event.Detach {
			return dialogue{steps: s.Steps[i:], before: s.Steps[:i], whole: true}
		}
	}
	// Of a receiver of the downlink alone the network's first question is the first
	// thing heard; everything else may be the middle of a session.
	first := len(s.Steps) > 0 && s.Steps[0].Action == event.IdentityRequest && !s.UplinkSeen
	return dialogue{steps: s.Steps, whole: first}
}

// find returns the index of the first step with that action at or after from, or -1.
func (d *dialogue) find(a event.Action, from int) int {
	for i := from; i < len(d.steps); i++ {
		if d.steps[i].Action == a {
			return i
		}
	}
	return -1
}

// secured reports whether anything before step n belongs to an authentication or to
// the start of ciphering, from either side: one frame of either may have been lost.
func (d *dialogue) secured(n int) bool {
	return slices.ContainsFunc(d.before, securing) || slices.ContainsFunc(d.steps[:n], securing)
}

func securing(st event.Step) bool {
	switch st.Action {
	case event.AuthenticationRequest, event.AuthenticationResponse, event.AuthenticationFailure,
		event.SecurityCommand, event.SecurityComplete:
		return true
	}
	return false
}

// asked returns the indices of the first requests for the subscriber's and for the
// phone's permanent identity among the first n steps, or -1. A response stands for a
// request that the receiver did not hear.
func (d *dialogue) asked(n int) (imsi, equipment int) {
	imsi, equipment = -1, -1
	for i := range d.steps[:n] {
		if a := d.steps[i].Action; a != event.IdentityRequest && a != event.IdentityResponse {
			continue
		}
		switch d.steps[i].Identity {
		case ident.IMSI:
			if imsi < 0 {
				imsi = i
			}
		case ident.IMEI, ident.IMEISV:
			if equipment < 0 {
				equipment = i
			}
		}
	}
	return imsi, equipment
}

// refs lists the frames of the steps with these indices in order; negative ones are
// left out.
func (d *dialogue) refs(index ...int) []event.Ref {
	var r []event.Ref
	for _, i := range index {
		if i >= 0 {
			r = append(r, d.steps[i].Ref)
		}
	}
	slices.SortFunc(r, func(a, b event.Ref) int {
		if a.Before(b) {
			return -1
		}
		return 1
	})
	return r
}

// origin is where the phone comes from, as far as the session tells.
type origin struct {
	mcc      int // of the IMSI, -1 if unknown
	previous ident.PLMN
}

func (d *dialogue) origin() origin {
	o := origin{mcc: -1}
	for i := range d.steps {
		if o.mcc < 0 {
			o.mcc = d.steps[i].MCC
		}
		if !o.previous.Known() {
			o.previous = d.steps[i].PreviousPLMN
		}
	}
	return o
}

// foreign reports whether the phone is a visitor in the cell's network: its IMSI is
// of another country, or, without one, it comes from another network.
func (o origin) foreign(v rule.View) bool {
	id := v.Cell.ID
	switch {
	case !id.Known:
		return false
	case o.mcc >= 0:
		return !sameCountry(o.mcc, int(id.PLMN.MCC))
	}
	return o.previous.Known() && o.previous != id.PLMN
}

// pending is a finding that waits for what only the end of the input tells.
type pending struct {
	evidence rule.Evidence
	origin   origin
	basis    event.Basis
}

// maxPending bounds the findings that wait; the engine keeps eight that differ.
const maxPending = 64

// perSession is an Observer of sessions.
type perSession struct {
	// judge returns what it finds in a session, and whether the session could have
	// shown it.
	judge func(*dialogue) (found []rule.Evidence, judged bool)
	// weigh, if set, adjusts a finding at the end by what is then known of the cell.
	weigh func(rule.View, origin, *rule.Evidence)
	// packet: judge sessions of the packet domain (GPRS) instead of those of the circuit
	// switched one.
	packet bool

	judged bool
	later  []pending
}

func (p *perSession) Observe(e *event.Event) []rule.Evidence {
	s, ok := e.Body.(*event.Session)
	if !ok || packetDomain(s) != p.packet {
		return nil
	}
	d := begin(s)
	found, judged := p.judge(&d)
	p.judged = p.judged || judged
	if p.weigh == nil {
		return found
	}
	for _, ev := range found {
		if len(p.later) < maxPending {
			p.later = append(p.later, pending{ev, d.origin(), e.Basis})
		}
	}
	return nil
}

func (p *perSession) Finish(v rule.View) []rule.Evidence {
	var out []rule.Evidence
	for _, f := range p.later {
		ev := f.evidence
		if ev.Scale == 0 {
			ev.Scale = 1
		}
		p.weigh(v, f.origin, &ev)
		ev.Basis = f.basis
		out = append(out, ev)
	}
	return out
}

// Enough implements rule.Sufficiency.
func (p *perSession) Enough(rule.View) bool { return p.judged }

// cause writes a reject cause as reports do.
func cause(st *event.Step) string {
	if st.CauseName == "" {
		return fmt.Sprintf("#%d", st.Cause)
	}
	return fmt.Sprintf("#%d (%s)", st.Cause, st.CauseName)
}

// visitor lowers a finding by factor if the phone is a visitor, and says so.
func visitor(v rule.View, o origin, ev *rule.Evidence, factor float64) {
	if o.foreign(v) {
		ev.Scale *= factor
		ev.Summary += " The phone was a visitor from another network, which networks without a roaming agreement turn away."
	}
}

// customary lowers a finding on a cell that authenticated many more phones than it
// turned away: networks turn phones away every day.
func customary(v rule.View, ev *rule.Evidence) {
	if n := v.Cell.Sessions; n.Authenticated >= 3 && n.Authenticated > 3*n.Rejected {
		ev.Scale *= 0.5
		ev.Summary += fmt.Sprintf(" It authenticated phones in %d other sessions.", n.Authenticated)
	}
}

// Harmless causes that several rules share.

// working looks for sessions in which the network proved that it knows a
// subscriber's key: then it is likely a genuine network that has a reason.
func working(v rule.View) rule.BenignStatus {
	if v.Cell.Sessions.Authenticated > 0 && v.Cell.Sessions.Ciphered > 0 {
		return rule.Possible
	}
	return rule.NotTestable
}

var lostFrames = rule.Benign{
	Explanation: "The receiver missed the frames in which the network authenticated the phone.",
	Test: func(v rule.View) rule.BenignStatus {
		if v.Cell.Sessions.Authenticated > 0 {
			return rule.Possible // it does authenticate, and here it was not heard
		}
		return rule.NotTestable
	},
}

var roaming = rule.Benign{
	Explanation: "The phone is a visitor and its home network has no roaming agreement with this one.",
	Test:        working,
}

var deadSIM = rule.Benign{
	Explanation: "The SIM card is expired, blocked or unknown to its network.",
	Test:        working,
}

var laboratory = rule.Benign{
	Explanation: "A laboratory, school or private network that answers to phones nearby.",
	Test: func(v rule.View) rule.BenignStatus {
		if v.Cell.ID.PLMN.Test() {
			return rule.Possible
		}
		return rule.NotTestable // an operator's own laboratory uses the operator's code
	},
}

// cipherPractice counts the other cells of the network, and this cell's own other
// sessions, that encrypt, and the other cells with sessions that do not.
func cipherPractice(v rule.View) (ciphered, plain int) {
	if v.Cell.Sessions.Ciphered > 0 {
		ciphered++
	}
	if !v.Cell.ID.Known {
		return ciphered, 0
	}
	for _, c := range peers(v) {
		switch {
		case c.Sessions.Ciphered > 0:
			ciphered++
		case c.Sessions.Authenticated > 0:
			plain++
		}
	}
	return ciphered, plain
}

// packetDomain reports whether a session is one of the packet domain.
func packetDomain(s *event.Session) bool { return len(s.Steps) > 0 && s.Steps[0].Packet }
