package rules

import (
	"fmt"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// connection is a session of LTE as its rules look at it.
type connection struct {
	*event.Session
	// whole: its beginning was captured. Only then does the absence of an authentication
	// before a later message mean that there was none.
	whole bool
}

// lateStart is how many messages may be logged before the first one of a connection: some
// logs write the two directions, or RRC and NAS, out of order.
const lateStart = 3

func connected(s *event.Session) connection {
	c := connection{Session: s}
	if s.Continued || len(s.Steps) == 0 {
		return c
	}
	for i := range s.Steps[:min(len(s.Steps), 1+lateStart)] {
		if a := s.Steps[i].Action; a <= event.Detach || a == event.ConnectionRequest || a == event.ConnectionSetup {
			c.whole = true
		}
	}
	return c
}

// find returns the index of the first step with that action at or after from, or -1.
func (c *connection) find(a event.Action, from int) int {
	_, i := c.Find(a, from)
	return i
}

// command returns the index of the first security command of RRC (as) or NAS at or after
// from, or -1.
func (c *connection) command(as bool, from int) int {
	for i := from; i < len(c.Steps); i++ {
		if c.Steps[i].Action == event.SecurityCommand && c.Steps[i].AS == as {
			return i
		}
	}
	return -1
}

// secured reports whether anything before step n belongs to an authentication or a
// security command, from either side and of either layer: one frame of either may have
// been lost.
func (c *connection) secured(n int) bool { return slices.ContainsFunc(c.Steps[:n], securing) }

// unprotected reports whether the connection was captured from its beginning and nothing
// in it shows a key in use.
func (c *connection) unprotected() bool { return c.whole && c.Hidden == 0 && !c.secured(len(c.Steps)) }

// radioSecured reports whether radio security was, or may have been, in force at step n.
func (c *connection) radioSecured(n int) bool {
	return c.Continued || !c.whole || slices.ContainsFunc(c.Steps[:n], func(st event.Step) bool {
		return st.AS && (st.Action == event.SecurityCommand || st.Action == event.SecurityComplete)
	})
}

// coreSecured returns the index of the step before n that completed the security of the
// core network's messages (NAS), or -1. Where the phone is not heard, or its answer is
// ciphered already, the command stands for it.
func (c *connection) coreSecured(n int) int {
	for i := range c.Steps[:n] {
		st := &c.Steps[i]
		if st.AS {
			continue
		}
		hidden := !c.UplinkSeen || st.Ciphered && c.Hidden > 0
		if st.Action == event.SecurityComplete || st.Action == event.SecurityCommand && hidden {
			return i
		}
	}
	return -1
}

// start returns the index of the last message before step n with which the phone asked
// the core network for something, or -1.
func (c *connection) start(n int) int {
	for i := n - 1; i >= 0; i-- {
		if c.Steps[i].Action <= event.Detach {
			return i
		}
	}
	return -1
}

// asked returns the index of the first request for the subscriber's number (IMSI) among
// the first n steps, or -1. A response stands for a request that the receiver did not
// hear.
func (c *connection) asked(n int) int {
	for i := range c.Steps[:n] {
		st := &c.Steps[i]
		if (st.Action == event.IdentityRequest || st.Action == event.IdentityResponse) && st.Identity == ident.IMSI {
			return i
		}
	}
	return -1
}

// emergency reports whether the connection was for an emergency call, which needs no
// subscription and so no key (TS 33.401 §15).
func (c *connection) emergency() bool {
	return slices.ContainsFunc(c.Steps, func(st event.Step) bool { return st.Emergency })
}

// fallback reports whether the connection was for a call over 2G or 3G.
func (c *connection) fallback() bool {
	return c.PagedCS || slices.ContainsFunc(c.Steps, func(st event.Step) bool { return st.Fallback })
}

// keyed reports whether the network showed in the connection that it has a key: the phone
// or ciphered messages confirmed its security command.
func (c *connection) keyed() bool {
	for i := range c.Steps {
		st := &c.Steps[i]
		if st.Action == event.SecurityCommand && !st.NullIntegrity && (c.find(event.SecurityComplete, i) >= 0 || c.Hidden > 0) {
			return true
		}
	}
	return false
}

// vouched reports whether connections that showed a key speak for the cell: of an entry
// without identity they may have been another cell's.
func vouched(v rule.View, keyed bool) bool { return keyed && v.Cell.ID.Known }

// refs lists the frames of the steps with these indices in order, each once; negative
// ones are left out.
func (c *connection) refs(index ...int) []event.Ref {
	var r []event.Ref
	for _, i := range index {
		if i >= 0 {
			r = append(r, c.Steps[i].Ref)
		}
	}
	slices.SortFunc(r, func(a, b event.Ref) int {
		switch {
		case a.Before(b):
			return -1
		case b.Before(a):
			return 1
		}
		return 0
	})
	return slices.Compact(r)
}

// subscriber is where a phone comes from, as far as a connection tells.
type subscriber struct {
	identity ident.MobileIdentity
	previous ident.PLMN // of the last visited TAI
}

func (c *connection) subscriber() subscriber {
	o := subscriber{identity: c.Identity}
	for i := range c.Steps {
		if p := c.Steps[i].PreviousPLMN; p.Known() {
			o.previous = p
			break
		}
	}
	return o
}

// networks lists the networks of a cell.
func networks(v rule.View) []ident.PLMN {
	if len(v.Cell.PLMNs) == 0 && v.Cell.ID.Known {
		return []ident.PLMN{v.Cell.ID.PLMN}
	}
	return v.Cell.PLMNs
}

// own reports whether the phone is a customer of the cell's network, or was served by it
// before.
func (o subscriber) own(v rule.View) bool {
	for _, p := range networks(v) {
		if o.identity.OfNetwork(p) || o.previous == p && o.identity.Type != ident.IMSI {
			return true
		}
	}
	return false
}

// visitor reports whether the phone is a customer of another network, or, as far as its
// number did not appear, comes from another one. On an unknown cell a phone counts as one
// that was a visitor where it was before. Test networks have no visitors: a phone of an
// operator has no business there.
func (o subscriber) visitor(v rule.View) bool {
	n, named := networks(v), o.identity.Type == ident.IMSI
	switch {
	case len(n) == 0:
		return named && o.previous.Known() && !o.identity.OfNetwork(o.previous)
	case n[0].Test() || o.own(v):
		return false
	}
	return named || o.previous.Known()
}

// waiting is a finding of a connection that waits for what only the end of the input
// tells.
type waiting struct {
	rule.Evidence
	subscriber
	// cause of a reject.
	cause int
	// time of the connection's end, 0 if unknown.
	time int64
	drop bool
}

// connections is an Observer of LTE connections.
type connections struct {
	// judge returns what it finds in a connection, and whether that could have shown it.
	judge func(*connection) (found []rule.Evidence, judged bool)
	// weigh, if set, adjusts a finding at the end by what is then known of the cell.
	weigh func(rule.View, *waiting)
	// finish, if set, adds what only all connections together show.
	finish func(rule.View) []rule.Evidence

	judged bool
	later  []waiting
}

func (p *connections) Observe(e *event.Event) []rule.Evidence {
	s, ok := e.Body.(*event.Session)
	if !ok {
		return nil
	}
	c := connected(s)
	found, judged := p.judge(&c)
	p.judged = p.judged || judged
	if p.weigh == nil {
		return found
	}
	for _, ev := range found {
		if len(p.later) >= maxPending {
			break
		}
		ev.Basis = e.Basis
		if ev.Scale == 0 {
			ev.Scale = 1
		}
		w := waiting{Evidence: ev, subscriber: c.subscriber(), time: e.Time}
		for i := range s.Steps {
			if a := s.Steps[i].Action; a == event.UpdateReject || a == event.ServiceReject || a == event.NetworkDetach {
				w.cause = s.Steps[i].Cause
			}
		}
		p.later = append(p.later, w)
	}
	return nil
}

func (p *connections) Finish(v rule.View) []rule.Evidence {
	var out []rule.Evidence
	for i := range p.later {
		if p.weigh(v, &p.later[i]); !p.later[i].drop {
			out = append(out, p.later[i].Evidence)
		}
	}
	if p.finish != nil {
		out = append(out, p.finish(v)...)
	}
	return out
}

// Enough implements rule.Sufficiency.
func (p *connections) Enough(rule.View) bool { return p.judged }

// guest lowers a finding by factor if the phone is a visitor, and says so.
func (w *waiting) guest(v rule.View, factor float64) {
	if w.visitor(v) {
		w.Scale *= factor
		w.Summary += " The phone was a customer of another network, which networks without a roaming agreement turn away."
	}
}

// causeScale is how much a reject that no authentication preceded speaks for a false base
// station, 0 to 1, by its cause; own says that the phone belongs to the network.
//
// A network decides before authentication only what its home register answers to the
// request for a challenge: user unknown (8), no subscription to LTE (15, seldom 7) or no
// right to roam (11 to 15) (TS 29.272 §A). Cause 3 presumes an authentication that
// failed, cause 6 a checked serial number.
func causeScale(cause int, own bool) float64 {
	switch cause {
	case 3, 6, 7, 14:
		return 1
	case 11, 13:
		if own {
			return 1 // no network bars its own customers from roaming in it
		}
		return 0.6
	case 12:
		if own {
			return 0.8
		}
		return 0.6
	case 2, 8, 15, 35:
		return 0.6
	}
	return 0.4
}

// lastHeard is the time of the last message of a cell, in nanoseconds since 1970.
func lastHeard(c *cell.Cell) int64 {
	last := c.LastTime
	for _, list := range c.Digests {
		for i := range list {
			last = max(last, list[i].LastTime)
		}
	}
	return last
}

// heardAfter reports whether the captures go on: some cell was heard more than seconds
// after the time.
func heardAfter(v rule.View, time int64, seconds float64) bool {
	return slices.ContainsFunc(v.All, func(c *cell.Cell) bool { return float64(lastHeard(c)-time) > seconds*1e9 })
}

// more adds frames to a list that is kept only to be shown; the engine shows fewer.
func more(list []event.Ref, frames ...event.Ref) []event.Ref {
	const shown = 64
	return append(list, frames[:min(len(frames), max(0, shown-len(list)))]...)
}

// practice weighs an order not to encrypt the radio by what else is known of the network:
// own counts the other connections of the cell that encrypt.
func practice(v rule.View, w *waiting, own int) {
	ciphered, plain := own, 0
	if v.Cell.ID.Known {
		for _, c := range peers(v) {
			switch {
			case c.Sessions.Ciphered > 0:
				ciphered++
			case c.Sessions.Authenticated > 0:
				plain++
			}
		}
	}
	switch {
	case ciphered > 0:
		w.Summary += " Other connections of the same network were encrypted."
	case plain > 0:
		w.Scale *= 0.3
	default:
		w.Scale *= 0.65
	}
}

// Harmless causes that several rules share.

var noCipher = rule.Benign{
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
}

var forgotten = rule.Benign{
	Explanation: "The network's core was restarted, or the phone comes from a part of it that does not share its records.",
	Test:        working,
}

// station is the cell of the vectors about connections.
var station = macro(1300, 1, 0x100a01)

// rejected looks for a refusal that the network did not sign and that no authentication
// or security preceded; weigh gives its weight, 0 to 1, by cause.
func rejected(c *connection, action event.Action, attach bool, weigh func(cause int) float64) ([]rule.Evidence, bool) {
	if !c.whole {
		return nil, false
	}
	n := -1
	for i := range c.Steps {
		if c.Steps[i].Action == action && c.Steps[i].Attach == attach {
			n = i
			break
		}
	}
	if n < 0 {
		return nil, len(c.Steps) > 2
	}
	st := &c.Steps[n]
	scale := weigh(st.Cause)
	if scale == 0 || st.Protection == event.Integrity || c.Hidden > 0 || c.secured(n) {
		return nil, true
	}
	ev := rule.Evidence{
		Frames: c.refs(c.start(n), n), Field: "EMM cause", Got: plainName(st) + " " + cause(st), Expect: "an accept, or a reject after authentication", Scale: scale,
		Summary: fmt.Sprintf("The network sent the phone away (%s) without having checked who it is and without a signature.", plainName(st)),
	}
	if st.Protection == event.ProtectionUnknown {
		ev.Summary = fmt.Sprintf("The network sent the phone away (%s) without having checked who it is.", plainName(st))
	}
	if st.Seconds > 0 {
		ev.Summary += fmt.Sprintf(" It told the phone to wait %g s.", st.Seconds)
	}
	return []rule.Evidence{ev}, true
}

// maxPhones bounds the phones that a rule tells apart on a cell.
const maxPhones = 1024

// plainName names the other messages of the core network.
func plainName(st *event.Step) string {
	switch st.Action {
	case event.NetworkDetach:
		return "Detach Request"
	case event.IdentityRequest:
		return "Identity Request"
	case event.AuthenticationRequest:
		return "Authentication Request"
	case event.AuthenticationReject:
		return "Authentication Reject"
	case event.UpdateReject:
		if st.Attach {
			return "Attach Reject"
		}
		return "Tracking Area Update Reject"
	case event.ServiceReject:
		return "Service Reject"
	}
	return "message"
}
