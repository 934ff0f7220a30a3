package observe

import (
	"cmp"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// Bounds on open sessions. A cell has at most some dozens of dedicated channels; a
// capture of a few cells stays far below.
const (
	maxSessions = 512
	// sessionPause ends a session in which nothing was heard for this long: T3240 and
	// the longest guard timers of a dedicated channel without traffic are shorter (TS
	// 24.008 §11.2).
	sessionPause = 30e9
	// sessionPauseLTE is the same for LTE, where a connection with user traffic is
	// silent on its signalling bearers for longer.
	sessionPauseLTE = 120e9
)

// channelKey names a dedicated channel of a capture: the frequency, timeslot and
// subchannel a tool recorded. Tools disagree on the channel type (SDCCH, SDCCH/4,
// SDCCH/8 and their SACCHs), so it is not part of the key. Layer 3 without a
// channel is one channel of its own: the phone that wrote the log.
type channelKey struct {
	rat event.RAT
	// link is what LTE has in place of a channel, see linkOf.
	link     uint64
	arfcn    int
	pcs      bool
	timeslot uint8
	subslot  uint8
}

// session is an open connection.
type session struct {
	key  channelKey
	body event.Session
	// bound is the cell that named itself on the channel, assigned the cell that
	// assigned it, nearby the cell last heard when the session began.
	bound, assigned, nearby *cell.Cell
	// assignment is the message that assigned the channel; it holds the number of the frame
	// in which the phone asked, so that no two are alike.
	assignment block
	area       event.CellID // named by an accept
	initial    bool         // an initial message was heard
	// associated are neighbour lists that wait for SI6 to name the cell; told is the
	// cell that has the present one.
	associated []pending
	told       *cell.Cell
	first      int64
	last       int64
	lte        lteSession
}

func (s *session) step(st event.Step) {
	if s.body.First.Frame == 0 {
		s.body.First, s.first = st.Ref, st.Time
	}
	s.body.Last = st.Ref
	if st.Uplink {
		s.body.UplinkSeen = true
	} else {
		s.body.DownlinkSeen = true
	}
	if len(s.body.Steps) >= event.MaxSteps {
		s.body.Dropped++
		return
	}
	s.body.Steps = append(s.body.Steps, st)
}

// identify keeps the most telling identity of the phone: a permanent one before a
// temporary one.
func (s *session) identify(m ident.MobileIdentity) {
	s.called(m)
	if m.Present() && (s.body.Identity.Type != ident.IMSI || m.Type == ident.IMSI) {
		s.body.Identity = m
	}
}

// called adds an identity by which the phone is known in this session.
func (s *session) called(m ident.MobileIdentity) {
	if ids := &s.body.Identities; m.Present() && m.Type < ident.TMGI && len(*ids) < event.MaxIdentities && !slices.Contains(*ids, m) {
		*ids = append(*ids, m)
	}
}

// cell returns the cell the session belongs to and what that rests on.
func (o *Observer) sessionCell(s *session) (*cell.Cell, event.Basis) {
	known := o.tracker.Known
	if s.key.rat == event.LTE {
		return o.lteSessionCell(s)
	}
	switch {
	case known(s.bound):
		return s.bound, event.BySI6
	case known(s.assigned) && s.key.arfcn != cell.NoARFCN:
		return s.assigned, event.ByAssignment
	}
	if s.key.arfcn != cell.NoARFCN {
		if r := o.radios[radioKey{rat: event.GSM, arfcn: s.key.arfcn, pcs: s.key.pcs, pci: cell.NoPCI}]; r != nil && known(r.current) {
			return r.current, event.ByFrequency
		}
	}
	if s.area.Known {
		if c := o.tracker.InArea(event.GSM, s.area); c != nil {
			return c, event.ByArea
		}
	}
	if s.key.arfcn == cell.NoARFCN && known(s.nearby) {
		return s.nearby, event.ByLastBroadcast
	}
	return o.tracker.Unattributed(event.GSM, o.capture), event.ByNothing
}

// close ends a session and gives it to its cell.
func (o *Observer) close(s *session, released bool) {
	delete(o.sessions, s.key)
	c, basis := o.sessionCell(s)
	for i := range s.associated {
		a := &s.associated[i]
		a.event.Basis = basis
		o.tracker.Heard(c, a.event.Ref, a.event.Time, a.src)
		o.emit(c, &a.event, false)
	}
	if len(s.body.Steps) == 0 {
		return
	}
	s.body.Released = s.body.Released || released
	o.StepsDropped += s.body.Dropped
	o.tracker.Heard(c, s.body.First, s.first, event.NumSources)
	o.tracker.Heard(c, s.body.Last, s.last, event.NumSources)
	o.emit(c, &event.Event{Ref: s.body.Last, Time: s.last, RAT: s.key.rat, Basis: basis, Body: &s.body}, false)
}

// open returns the session on a channel; a long pause on it has ended the one
// before.
func (o *Observer) open(k channelKey, time int64) *session {
	s := o.sessions[k]
	pause := int64(sessionPause)
	if k.rat == event.LTE {
		pause = sessionPauseLTE
	}
	if s != nil && len(s.body.Steps) > 0 && time > 0 && s.last > 0 && time-s.last > pause {
		o.close(s, false)
		s = nil
	}
	if s == nil {
		if len(o.sessions) >= maxSessions {
			o.closeOldest()
		}
		s = &session{key: k}
		s.nearby = o.noFrequency.current
		o.sessions[k] = s
	}
	if time > 0 {
		s.last = time
	}
	if k.rat == event.LTE && k.link == 0 {
		o.lastLTE = s
	}
	return s
}

// lureWithin is how long after an LTE cell released or refused a phone its registration
// on 2G counts as the consequence, in seconds: blasters take phones over in less than
// ten (GSMA on SMS blasters, 2024).
const lureWithin = 10

// lure tells what drove the phone that wrote the log from LTE in the seconds before
// now, or nil.
func (o *Observer) lure(now int64) *event.Lure {
	s := o.lastLTE
	if s == nil || now == 0 {
		return nil
	}
	fallback := false
	for i := range s.body.Steps {
		fallback = fallback || s.body.Steps[i].Fallback
	}
	for i := len(s.body.Steps) - 1; i >= 0; i-- {
		st := &s.body.Steps[i]
		seconds := float64(now-st.Time) / 1e9
		if st.Time == 0 || seconds < 0 || seconds > lureWithin {
			return nil
		}
		switch {
		case st.Action == event.Release && st.HasTarget && st.Target == event.GSM:
		case st.Action == event.UpdateReject, st.Action == event.ServiceReject, st.Action == event.NetworkDetach:
		default:
			continue
		}
		c, _ := o.sessionCell(s)
		return &event.Lure{Ref: st.Ref, Action: st.Action, Seconds: seconds, From: c.ID, Fallback: fallback || s.body.PagedCS}
	}
	return nil
}

// closeOldest makes room: the session that was heard longest ago ends.
func (o *Observer) closeOldest() {
	var oldest *session
	for _, s := range o.sessions {
		if oldest == nil || s.body.Last.Before(oldest.body.Last) ||
			s.body.Last == oldest.body.Last && lessKey(s.key, oldest.key) {
			oldest = s
		}
	}
	o.SessionsCutOff++
	o.close(oldest, false)
}

func lessKey(a, b channelKey) bool {
	return cmp.Or(cmp.Compare(a.rat, b.rat), cmp.Compare(a.link, b.link), cmp.Compare(a.arfcn, b.arfcn),
		cmp.Compare(a.timeslot, b.timeslot), cmp.Compare(a.subslot, b.subslot)) < 0
}
