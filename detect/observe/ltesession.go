package observe

import (
	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/lte/nas"
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
)

// lteSession is what a session of LTE has beside the rest.
type lteSession struct {
	// camped is the cell whose system information was read before the connection began.
	camped *cell.Cell
	basis  event.Basis
	// radio is where the connection is, so that a SIB1 read later names its cell.
	radio *radio
	// rrc: RRC messages of it were captured; initial: a NAS message that begins one was.
	rrc, initial bool
	// awaits: the session came by handover and its cell has not named itself since.
	awaits bool
	// capability is the security capability that the phone sent, if hasCapability.
	capability    nas.UENetworkCapability
	hasCapability bool
	recent        [recentNAS]nasSeen
	next          int
}

// recentNAS is how many NAS messages are remembered to recognise one that a tool logged
// twice, inside RRC and alone. Tools write the two within a few messages.
const recentNAS = 12

// nasSeen is a NAS message of a session.
type nasSeen struct {
	digest uint64
	inRRC  bool
	uplink bool
	step   int
	time   int64
	frame  int
}

// sameNAS is how far apart the two records of one NAS message can be, in nanoseconds
// and, where the tool writes no time, in frames.
const (
	sameNAS       = 3e9
	sameNASFrames = 64
)

// lateNAS is how long after the release of its connection a NAS message may still be
// logged as one of it, in nanoseconds.
const lateNAS = 2e9

// fallbackPaging is how long after a page for the circuit switched domain a connection
// may be the answer, in nanoseconds: T3413 and the phone's response (TS 24.301 §10.2).
const fallbackPaging = 10e9

// lte observes a packet of LTE.
func (o *Observer) lte(ref event.Ref, time int64, p *gsmtap.Packet) {
	f := &o.frame
	*f = frame{ref: ref, time: time, rat: event.LTE, packet: p}
	f.arfcn, f.pci = frequencyOf(p)
	o.last = nil
	if p.Deferred {
		if o.heardAgain(f) {
			return
		}
		p.Resolve()
	}
	switch {
	case p.Replayed():
	case p.S1AP != nil:
		o.s1ap(f)
	case p.NAS != nil:
		o.nas(f, nil)
	case p.Message == nil:
		o.hidden(f, o.current(f)) // a ciphered message of RRC
	default:
		f.message = p.Message.Name()
		if m, ok := p.Message.(*rrc.Message); ok {
			o.rrc(f, m)
		}
	}
}

// rrc observes an RRC message. Of a broadcast message with an error nothing is used:
// what it lacks must not be taken for what it says.
func (o *Observer) rrc(f *frame, m *rrc.Message) {
	switch m.Channel {
	case rrc.BCCHBCH, rrc.BCCHDLSCH, rrc.PCCH:
		if f.packet.Err != nil {
			return
		}
		switch f.message {
		case "MasterInformationBlock":
			o.mibMessage(f, m)
		case "SystemInformationBlockType1":
			o.sib1(f, m)
		case "SystemInformation":
			o.systemInformation(f, m)
		case "Paging":
			o.ltePaging(f, m)
		}
	case rrc.DLCCCH, rrc.ULCCCH, rrc.DLDCCH, rrc.ULDCCH:
		o.connection(f, m)
	}
}

// linkOf tells the phones of a capture apart: 0 is the phone that wrote the log.
func linkOf(p *gsmtap.Packet) uint64 { return uint64(p.Origin)<<32 | p.Connection }

func lteKey(p *gsmtap.Packet) channelKey {
	k := channelKey{rat: event.LTE, arfcn: cell.NoARFCN}
	if p.Origin == gsmtap.FromMAC || p.Origin == gsmtap.FromS1AP {
		k.link = linkOf(p)
	}
	return k
}

// current returns the open session of a packet's connection, or nil.
func (o *Observer) current(f *frame) *session { return o.sessions[lteKey(f.packet)] }

// beginLTE opens a session for the packet's connection on the cell that was camped on.
func (o *Observer) beginLTE(f *frame) *session {
	s := o.open(lteKey(f.packet), f.time)
	l := &s.lte
	if l.radio == &o.camped && !l.rrc && !s.body.Continued && f.arfcn != cell.NoARFCN {
		l.radio, l.camped = nil, nil // NAS tells no frequency, and RRC now does
	}
	if l.radio == nil {
		r := o.lteRadio(f)
		l.radio = r
		switch {
		case o.tracker.Known(r.current):
			l.camped, l.basis = r.current, o.lteBasis(r)
		case r == &o.camped && f.packet.Origin == gsmtap.FromGSMTAP && o.tracker.Known(o.named):
			l.camped, l.basis = o.named, event.ByCamping
		}
		if at := max(r.pagedCS, o.camped.pagedCS); at > 0 && f.time >= at && f.time-at <= fallbackPaging {
			s.body.PagedCS = true
		}
	}
	return s
}

// lteSessionCell returns the cell a session of LTE belongs to and what that rests on.
func (o *Observer) lteSessionCell(s *session) (*cell.Cell, event.Basis) {
	known := o.tracker.Known
	l := &s.lte
	switch {
	case known(s.bound):
		return s.bound, event.ByIdentity
	case known(l.camped):
		return l.camped, l.basis
	case l.radio != nil && l.radio != &o.camped && known(l.radio.current):
		return l.radio.current, event.ByFrequency
	}
	if s.area.Known {
		if c := o.tracker.InArea(event.LTE, s.area); c != nil {
			return c, event.ByArea
		}
	}
	return o.tracker.Unattributed(event.LTE, o.capture), event.ByNothing
}

// bindHandover gives a session that came by handover to the cell that names itself next
// where no frequency tells it.
func (o *Observer) bindHandover(f *frame, r *radio, c *cell.Cell) {
	if r != &o.camped {
		return
	}
	if s := o.current(f); s != nil && s.lte.awaits {
		s.lte.camped, s.lte.basis, s.lte.awaits = c, event.ByCamping, false
	}
}

// hidden counts a ciphered message of a session.
func (o *Observer) hidden(f *frame, s *session) {
	if s == nil {
		return
	}
	s.body.Hidden++
	s.body.Last = f.ref
	if f.time > 0 {
		s.last = f.time
	}
	o.last, _ = o.lteSessionCell(s)
}

// add adds a step to a session and returns its index, -1 if it is full.
func (o *Observer) add(f *frame, s *session, st event.Step) int {
	st.Ref, st.Time, st.Message, st.Uplink = f.ref, f.time, f.message, f.packet.Uplink
	n := len(s.body.Steps)
	if old := routine(s.body.Steps, &st); old != nil {
		old.Repeats++
		s.body.Last = f.ref
	} else {
		s.step(st)
	}
	c, _ := o.lteSessionCell(s)
	o.last = nil
	if c.ID.Known {
		o.last = c
	}
	if len(s.body.Steps) == n {
		return -1
	}
	return n
}

// routine returns the step that st only repeats, or nil. A connection with user traffic
// has hundreds of reports and reconfigurations, of which the first of a kind tells all.
func routine(steps []event.Step, st *event.Step) *event.Step {
	switch st.Action {
	case event.MeasurementReport, event.ConnectionReconfigured, event.MeasurementOrder:
	default:
		return nil
	}
	for i := range steps {
		if o := &steps[i]; o.Action == st.Action && o.Location == st.Location && o.Seconds == st.Seconds {
			return o
		}
	}
	return nil
}

// newStep is a step without anything that is not told.
func newStep(a event.Action) event.Step {
	return event.Step{Action: a, MCC: -1, KeySet: -1, TargetARFCN: cell.NoARFCN, TargetPCI: cell.NoPCI}
}

// connection observes a message of a radio connection.
func (o *Observer) connection(f *frame, m *rrc.Message) {
	st := newStep(event.NumActions)
	st.AS = true
	st.CodeImplausible = f.packet.HasMACI && uniform(f.packet.MACI)
	if !rrcStep(&st, f.message, m, &o.rrcViews) {
		return
	}
	s := o.current(f)
	switch {
	case st.Action == event.ConnectionRequest:
		// A connection begins. NAS that a tool logged just before belongs to it.
		if s != nil && (s.lte.rrc || s.body.Released) {
			o.close(s, s.body.Released)
			s = nil
		}
		s = o.beginLTE(f)
		if v := o.rrcViews.request.STMSI; v.Present {
			s.identify(ident.TMSIIdentity(v.Value.MTMSI))
		}
	case s != nil && s.body.Released && !(st.Action == event.Release && f.time-s.last < lateNAS):
		o.close(s, true)
		s = o.beginLTE(f)
	default:
		s = o.beginLTE(f)
	}
	s.lte.rrc = true
	if a := o.rrcViews.ordered; a != nil {
		// A null algorithm is a grave finding on three bits: they must come out the same when
		// the message is encoded again. If not, the order is kept without its algorithms.
		if a.Ciphering != 0 && a.Integrity != 0 || f.packet.RoundTrips() {
			algorithms(&st, a)
			st.Unoffered = st.Action == event.SecurityCommand && s.lte.unoffered(int(a.Ciphering), int(a.Integrity))
		} else {
			st.Ciphered = true
		}
	}
	o.add(f, s, st)
	switch st.Action {
	case event.Release, event.ConnectionReject, event.ReestablishmentReject:
		s.body.Released = true
	case event.ChannelChange:
		o.leave(f, s, &st)
	}
}

// leave ends a session at a handover; the connection goes on in another cell.
func (o *Observer) leave(f *frame, s *session, st *event.Step) {
	s.body.Left = true
	from := s.lte
	identity := s.body.Identity
	o.close(s, false)
	if st.HasTarget && st.Target != event.LTE {
		return
	}
	s = o.open(lteKey(f.packet), f.time)
	s.body.Continued = true
	s.body.Identity = identity
	s.lte.rrc, s.lte.initial = true, true
	s.lte.capability, s.lte.hasCapability = from.capability, from.hasCapability
	target := *f
	target.pci = st.TargetPCI
	if st.TargetARFCN != cell.NoARFCN {
		target.arfcn = st.TargetARFCN
		if h := f.packet.Header; h != nil && h.Version == 2 {
			target.arfcn &= earfcnBits14 - 1
		}
	}
	if f.pci == cell.NoPCI {
		target.pci = cell.NoPCI // the tool records none, so no cell is kept by it
	}
	s.lte.radio = &o.camped
	s.lte.awaits = true
	if target.arfcn == cell.NoARFCN || f.pci == cell.NoPCI && target.arfcn == f.arfcn {
		return // to another cell on a frequency on which the tool tells no cells apart
	}
	r := o.lteRadio(&target)
	s.lte.radio = r
	if o.tracker.Known(r.current) {
		s.lte.camped, s.lte.basis, s.lte.awaits = r.current, event.ByFrequency, false
	}
}

// nas observes a NAS message. s is its session if the framing tells it.
func (o *Observer) nas(f *frame, s *session) {
	p := f.packet
	pdu := p.NAS
	if s == nil {
		s = o.current(f)
	}
	if pdu.Message == nil {
		o.hidden(f, s)
		return
	}
	f.message = pdu.Message.Name()
	st := newStep(event.NumActions)
	var n nasContent
	if !nasStep(&st, &n, pdu) {
		return
	}
	st.Digest = hash(pdu.Octets)
	st.Protection = protection(p)
	// A log of the NAS layer has the uplink before its code is computed.
	st.CodeImplausible = st.Protection == event.Integrity && p.In != "" && !pdu.Security.Type.ServiceRequest() && uniform(pdu.Security.MAC)
	if s != nil {
		if seen := s.lte.find(f, st.Digest); seen != nil {
			o.again(s, seen, &st, f)
			return
		}
	}
	initial := n.initial && p.Uplink
	switch {
	case s == nil:
	case s.body.Released && (initial || f.time-s.last > lateNAS || p.In != ""):
		o.close(s, true)
		s = nil
	case initial && s.lte.initial && !s.lte.rrc && p.Origin != gsmtap.FromS1AP:
		// A log of NAS alone: the phone begins anew.
		o.close(s, false)
		s = nil
	}
	if s == nil || s.lte.radio == &o.camped && f.arfcn != cell.NoARFCN {
		s = o.beginLTE(f)
	}
	if p.In != "" && p.Origin != gsmtap.FromS1AP {
		s.lte.rrc = true
	}
	if initial {
		s.lte.initial = true
	}
	if f.time > 0 {
		s.last = f.time
	}
	l := &s.lte
	if n.hasCapability {
		l.capability, l.hasCapability = n.capability, true
	}
	if n.hasReplayed && l.hasCapability {
		st.Mismatch = n.replayed.EEA != l.capability.EEA || n.replayed.EIA != l.capability.EIA
	}
	st.Unoffered = n.orders && l.unoffered(n.eea, n.eia)
	if n.phone.Type == ident.IMSI {
		st.MCC = n.phone.MCC()
	}
	if st.Identity == ident.NoIdentity {
		st.Identity = n.phone.Type
	}
	s.identify(n.phone)
	if n.area.Known {
		s.area = n.area
	}
	at := o.add(f, s, st)
	l.recent[l.next%recentNAS] = nasSeen{digest: st.Digest, inRRC: p.In != "", uplink: p.Uplink, step: at, time: f.time, frame: f.ref.Frame}
	l.next++
}

// unoffered reports whether the phone said what algorithms it has and one of these is
// not among them. EIA0 is not announced (TS 24.301 §9.9.3.34).
func (l *lteSession) unoffered(eea, eia int) bool {
	return l.hasCapability && (!l.capability.EEA.Has(eea) || eia != 0 && !l.capability.EIA.Has(eia))
}

// find returns the same message logged before on the other path, or nil. A message that
// comes again on the same path was sent again.
func (l *lteSession) find(f *frame, digest uint64) *nasSeen {
	inRRC := f.packet.In != ""
	for i := range l.recent {
		m := &l.recent[i]
		if m.digest != digest || m.frame == 0 || m.inRRC == inRRC || m.uplink != f.packet.Uplink {
			continue
		}
		if f.ref.Frame-m.frame <= sameNASFrames && (f.time == 0 || m.time == 0 || f.time-m.time <= sameNAS) {
			return m
		}
	}
	return nil
}

// again notes that a message was logged on the other path too: there its protection may
// be known.
func (o *Observer) again(s *session, seen *nasSeen, st *event.Step, f *frame) {
	if seen.step >= 0 {
		old := &s.body.Steps[seen.step]
		if old.Protection == event.ProtectionUnknown {
			old.Protection = st.Protection
		}
	}
	if f.packet.In != "" {
		s.lte.rrc = true
	}
	seen.digest = 0 // a third one is a repetition
	s.body.Last = f.ref
	o.last, _ = o.lteSessionCell(s)
}

// uniform reports whether a code is one octet four times.
func uniform(code uint32) bool { return code == code&0xff*0x01010101 }

// protection says whether a NAS message was integrity protected. A tool that logs NAS
// beside RRC may have taken the header off.
func protection(p *gsmtap.Packet) event.Protection {
	switch h := &p.NAS.Security; {
	case h.Protected():
		return event.Integrity
	case p.Origin == gsmtap.FromGSMTAP && p.In == "":
		return event.ProtectionUnknown
	}
	return event.Unprotected
}

// s1ap observes a message between the base station and its core network, or a NAS
// message in one.
func (o *Observer) s1ap(f *frame) {
	p := f.packet
	m := p.S1AP
	if p.NAS == nil {
		f.message = m.Name()
		if m.HasEUTRANCGI && m.HasTAI && m.TAI.PLMN.Known() {
			id := event.CellID{PLMN: m.TAI.PLMN, Area: uint32(m.TAI.TAC), Cell: uint64(m.EUTRANCGI.ECI), Known: true}
			c := o.tracker.Lookup(event.LTE, id, cell.NoRadio)
			o.heard(f, c, event.NumSources)
			if m.HasENBUES1APID {
				if f.message == "InitialUEMessage" {
					if s := o.current(f); s != nil {
						o.close(s, s.body.Released)
					}
				}
				o.beginLTE(f).bound = c
			}
		}
		if f.message == "UEContextReleaseCommand" {
			if s := o.current(f); s != nil {
				st := newStep(event.Release)
				st.AS = true
				st.CauseName = m.Cause.Name
				o.add(f, s, st)
				s.body.Released = true
			}
		}
		return
	}
	o.nas(f, o.current(f))
}
