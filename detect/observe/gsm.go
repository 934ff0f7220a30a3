package observe

import (
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/cbch"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/gmm"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/lapdm"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/rr"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// bodies is storage for event bodies, so that an event costs no allocation.
type bodies struct {
	identity       event.Identity
	selection      event.Selection
	reselection    event.Reselection
	controlChannel event.ControlChannel
	access         event.Access
	neighbours     event.Neighbours
	carriers       event.Carriers
	capabilities   event.Capabilities
	paging         event.Paging
	assignment     event.Assignment
	reuse          event.RadioReuse
	area           event.AreaChange
	contradiction  event.Contradiction
}

// frame is the packet being observed and where it was heard.
type frame struct {
	ref     event.Ref
	time    int64
	rat     event.RAT
	arfcn   int
	pcs     bool
	pci     int
	packet  *gsmtap.Packet
	message string
}

// gsm observes a packet of GSM.
func (o *Observer) gsm(ref event.Ref, time int64, p *gsmtap.Packet) {
	f := &o.frame
	*f = frame{ref: ref, time: time, rat: event.GSM, arfcn: cell.NoARFCN, pci: cell.NoPCI, packet: p}
	if p.Header.ARFCN != 0 && p.Header.ARFCN <= 1023 {
		f.arfcn, f.pcs = int(p.Header.ARFCN), p.Header.PCS
	}
	o.last = nil
	if !p.Uplink {
		o.clock.hear(p.Header.ARFCN, p.Header.FrameNumber, time)
	}
	if p.Message == nil {
		o.link(f)
		return
	}
	f.message = p.Message.Name()
	if p.Err != nil {
		// What a broadcast message lacks must not be taken for what it says. A message of
		// a session does what its type says even where an element is wrong.
		if !p.Unsure {
			o.dedicated(f)
		}
		return
	}
	switch m := p.Message.(type) {
	case *rr.SystemInformation3:
		o.si3(f, m)
	case *rr.SystemInformation1:
		o.broadcast(f, event.SI1, func(emit emitter) {
			o.body.carriers = event.Carriers{ARFCNs: m.CellChannels.ARFCNs}
			emit(&o.body.carriers)
			emit(o.accessOf(event.SI1, m.RACH))
		})
	case *rr.SystemInformation2:
		o.broadcast(f, event.SI2, func(emit emitter) {
			emit(o.neighboursOf(event.SI2, &m.Neighbours))
			emit(o.accessOf(event.SI2, m.RACH))
		})
	case *rr.SystemInformation2bis:
		o.broadcast(f, event.SI2bis, func(emit emitter) { emit(o.neighboursOf(event.SI2bis, &m.Neighbours)) })
	case *rr.SystemInformation2ter:
		o.broadcast(f, event.SI2ter, func(emit emitter) { emit(o.neighboursOf(event.SI2ter, &m.Neighbours)) })
	case *rr.SystemInformation2quater:
		o.broadcast(f, event.SI2quater, func(emit emitter) { emit(o.quaterCapabilities(m)) })
	case *rr.SystemInformation4:
		o.si4(f, m)
	case *rr.SystemInformation13:
		o.broadcast(f, event.SI13, func(emit emitter) {
			o.body.capabilities = event.Capabilities{Source: event.SI13, Has: event.HasSI13, Known: event.HasSI13}
			emit(&o.body.capabilities)
		})
	case *rr.SystemInformation5:
		o.associated(f, event.SI5, &m.Neighbours)
	case *rr.SystemInformation5bis:
		o.associated(f, event.SI5bis, &m.Neighbours)
	case *rr.SystemInformation5ter:
		o.associated(f, event.SI5ter, &m.Neighbours)
	case *rr.SystemInformation6:
		o.si6(f, m)
	case *rr.PagingRequestType1:
		o.paging(f, m.Pages[:min(m.Count, len(m.Pages))])
	case *rr.PagingRequestType2:
		o.paging(f, m.Pages[:min(m.Count, len(m.Pages))])
	case *rr.PagingRequestType3:
		o.paging(f, m.Pages[:min(m.Count, len(m.Pages))])
	case *rr.ImmediateAssignment:
		if m.TBF {
			o.assign(f, event.Assignment{Packet: true, Hopping: m.PacketChannel.Coding != rr.PacketNoHopping,
				TimingAdvance: int(m.TimingAdvance)}, nil)
			return
		}
		o.assign(f, event.Assignment{Hopping: m.Channel.Hopping, TimingAdvance: int(m.TimingAdvance)}, &m.Channel)
	case *rr.ImmediateAssignmentExtended:
		for i := range m.Assigned {
			a := &m.Assigned[i]
			o.assign(f, event.Assignment{Hopping: a.Channel.Hopping, TimingAdvance: int(a.TimingAdvance)}, &a.Channel)
		}
	case *cbch.ScheduleMessage: // says when pages come
	case *cbch.Page:
		o.warning(f, m)
	default:
		o.dedicated(f)
	}
}

// warning handles a page of cell broadcast.
func (o *Observer) warning(f *frame, m *cbch.Page) {
	r := o.radio(f.arfcn, f.pcs)
	b := &event.Warning{
		ID: int(m.MessageIdentifier), Serial: int(m.Scope)<<14 | int(m.MessageCode)<<4 | int(m.UpdateNumber),
		Emergency: m.MessageIdentifier.Emergency(), Text: m.Text,
	}
	if r.waits(o) {
		o.wait(f, r, event.NumSources, func(emit emitter) { emit(b) })
		return
	}
	o.heard(f, r.current, event.NumSources)
	o.put(f, r.current, event.ByFrequency, b)
}

// Cell returns the cell that the last packet was attributed to when it was read, or
// nil; a session's messages may find their cell later.
func (o *Observer) Cell() *cell.Cell { return o.last }

type emitter func(event.Body)

func (o *Observer) neighboursOf(src event.Source, n *rr.NeighbourCells) event.Body {
	o.body.neighbours = event.Neighbours{
		Source: src, Dedicated: src >= event.SI5, ARFCNs: n.ARFCNs, Extended: n.EXTIND,
	}
	return &o.body.neighbours
}

func (o *Observer) accessOf(src event.Source, p rr.RACHControlParameters) event.Body {
	o.body.access = event.Access{
		Source:                 src,
		Barred:                 p.CellBarAccess,
		ReestablishmentAllowed: !p.RE,
		EmergencyAllowed:       p.EmergencyCallAllowed(),
		BarredClasses:          p.AccessControlClass &^ (1 << 10),
		MaxRetrans:             p.Retransmissions(),
		TxInteger:              int(p.TxInteger),
	}
	return &o.body.access
}

func (o *Observer) selectionOf(src event.Source, p rr.CellSelectionParameters) event.Body {
	o.body.selection = event.Selection{
		Source:            src,
		HysteresisDB:      p.HysteresisDB(),
		RxLevAccessMin:    int(p.RxLevAccessMin),
		RxLevAccessMinDBm: p.RxLevAccessMinDBm(),
		TxPwrMaxCCH:       int(p.MSTxPwrMaxCCH),
		NECI:              p.NECI,
		ACS:               p.ACS,
	}
	return &o.body.selection
}

func (o *Observer) reselectionOf(src event.Source, p rr.SelectionParameters) event.Body {
	o.body.reselection = event.Reselection{
		Source:          src,
		Present:         p.Present,
		CBQ:             p.CBQ,
		CRO:             int(p.CellReselectOffset),
		OffsetDB:        p.OffsetDB(),
		TemporaryOffset: int(p.TemporaryOffset),
		PenaltyTime:     int(p.PenaltyTime),
	}
	return &o.body.reselection
}

func (o *Observer) quaterCapabilities(m *rr.SystemInformation2quater) event.Body {
	c := event.Capabilities{Source: event.SI2quater}
	if m.UTRAN.FDDCount+m.UTRAN.TDDCount > 0 {
		c.Has |= event.HasUTRANNeighbours
	}
	if m.EUTRAN.Count > 0 {
		c.Has |= event.HasEUTRANNeighbours
	}
	if m.PriorityAndEUTRAN {
		c.Has |= event.HasPriorities
	}
	// One instance of several says what is there, not what is absent.
	c.Known = c.Has
	if m.Count == 0 {
		c.Known = event.HasUTRANNeighbours | event.HasEUTRANNeighbours | event.HasPriorities
	}
	o.body.capabilities = c
	return &o.body.capabilities
}

func gsmID(lai ident.LAI, ci uint16) event.CellID {
	return event.CellID{PLMN: lai.PLMN, Area: uint32(lai.LAC), Cell: uint64(ci), Known: lai.PLMN.Known()}
}

// si3 is the message in which a GSM cell names itself.
func (o *Observer) si3(f *frame, m *rr.SystemInformation3) {
	id := gsmID(m.LAI, m.CI)
	if !id.Known {
		o.dedicated(f)
		return
	}
	r := o.radio(f.arfcn, f.pcs)
	c := o.identify(f, r, id)
	repeat := r.repeats(event.SI3, f.packet.Octets)
	o.heard(f, c, event.SI3)
	if repeat && !o.sink.Repeats() {
		return
	}
	emit := o.emitTo(f, c, event.ByIdentity, repeat)
	o.body.identity = event.Identity{ID: id, Source: event.SI3}
	emit(&o.body.identity)
	d := m.ControlChannel
	o.body.controlChannel = event.ControlChannel{
		AttachAllowed:     d.ATT,
		BlocksReserved:    int(d.BSAGBlksRes),
		CCCHConf:          int(d.CCCHConf),
		PagingMultiframes: d.PagingMultiframes(),
		T3212:             int(d.T3212),
	}
	emit(&o.body.controlChannel)
	emit(o.selectionOf(event.SI3, m.CellSelection))
	emit(o.reselectionOf(event.SI3, m.Rest.Selection))
	emit(o.accessOf(event.SI3, m.RACH))
	caps := event.HasGPRS | event.AnnouncesSI2ter | event.AnnouncesSI2quater | event.EarlyClassmark
	b := event.Capabilities{Source: event.SI3, Known: caps}
	set := func(c event.Capability, on bool) {
		if on {
			b.Has |= c
		}
	}
	set(event.HasGPRS, m.Rest.GPRS.Present)
	set(event.AnnouncesSI2ter, m.Rest.SI2ter)
	set(event.AnnouncesSI2quater, m.Rest.SI2quater)
	set(event.EarlyClassmark, m.Rest.EarlyClassmarkSending)
	o.body.capabilities = b
	emit(&o.body.capabilities)
}

// identify makes id the cell on the frequency, and tells what changed there.
func (o *Observer) identify(f *frame, r *radio, id event.CellID) *cell.Cell {
	if o.tracker.Known(r.current) && r.current.ID == id && (r.current.ARFCN == f.arfcn || f.arfcn == cell.NoARFCN) {
		if r.doubtRef.Frame != 0 {
			o.body.contradiction = r.doubt
			ev := event.Event{Ref: r.doubtRef, Time: f.time, RAT: event.GSM, Basis: event.ByFrequency, Message: r.doubt.Source.String(), Body: &o.body.contradiction}
			if f.arfcn == cell.NoARFCN {
				ev.Basis = event.ByLastBroadcast
			}
			o.emit(r.current, &ev, false)
			r.doubtRef = event.Ref{}
		}
		r.lastRef, r.lastTime = f.ref, f.time
		o.bindPending(r)
		return r.current
	}
	previous := r.current
	c := o.tracker.Lookup(event.GSM, id, cell.GSM(f.arfcn, f.pcs))
	r.doubtRef = event.Ref{}
	r.blocks = [event.NumSources]block{}
	if o.tracker.Known(previous) && f.arfcn != cell.NoARFCN && previous.ID.Known {
		gap := int64(-1)
		if f.time > 0 && r.lastTime > 0 {
			gap = max(0, f.time-r.lastTime)
		}
		o.body.reuse = event.RadioReuse{
			ARFCN: f.arfcn, PCI: cell.NoPCI, Previous: previous.ID, PreviousRef: r.lastRef, Gap: gap, Returned: r.before == id,
		}
		o.emit(c, &event.Event{Ref: f.ref, Time: f.time, RAT: event.GSM, Basis: event.ByIdentity, Message: f.message, Body: &o.body.reuse}, false)
		if previous.ID.PLMN == id.PLMN && previous.ID.Cell == id.Cell {
			o.body.area = event.AreaChange{Previous: previous.ID.Area, PreviousRef: r.lastRef, Gap: gap}
			o.emit(c, &event.Event{Ref: f.ref, Time: f.time, RAT: event.GSM, Basis: event.ByIdentity, Message: f.message, Body: &o.body.area}, false)
		}
		r.before = previous.ID
	}
	if r == &o.noFrequency || previous != nil {
		// Another cell came between what waited and its own name.
		o.dropPending(r)
	}
	r.current, r.lastRef, r.lastTime = c, f.ref, f.time
	o.bindPending(r)
	return c
}

// bindPending gives the events that wait on a frequency to the cell there.
func (o *Observer) bindPending(r *radio) {
	basis := event.ByFrequency
	if r == &o.noFrequency {
		basis = event.ByLastBroadcast
	}
	o.flush(r, r.current, basis)
}

// flush gives the events that wait on a frequency to c.
func (o *Observer) flush(r *radio, c *cell.Cell, basis event.Basis) {
	for i := range r.pending {
		p := &r.pending[i]
		p.event.Basis = basis
		if p.first {
			o.tracker.Heard(c, p.event.Ref, p.event.Time, p.src)
		}
		o.emit(c, &p.event, false)
	}
	clear(r.pending)
	r.pending = r.pending[:0]
}

// dropPending sends events that no cell claimed to the entry without identity.
func (o *Observer) dropPending(r *radio) {
	if len(r.pending) > 0 {
		o.flush(r, o.tracker.Unattributed(r.pending[0].event.RAT, o.capture), event.ByNothing)
	}
}

// repeats reports whether a message is the same as the last of its type on the
// frequency.
func (r *radio) repeats(src event.Source, octets []byte) bool {
	b := &r.blocks[src]
	if b.is(octets) {
		return true
	}
	b.set(octets)
	return false
}

// is reports whether the block holds these octets.
func (b *block) is(octets []byte) bool {
	return int(b.n) == len(octets) && string(b.octets[:b.n]) == string(octets)
}

// set keeps the octets, or none if they are more than a block.
func (b *block) set(octets []byte) {
	b.n = 0
	if len(octets) <= len(b.octets) {
		b.n = uint8(copy(b.octets[:], octets))
	}
}

// heard counts a frame of a cell.
func (o *Observer) heard(f *frame, c *cell.Cell, src event.Source) {
	o.last = c
	o.tracker.Heard(c, f.ref, f.time, src)
	if h := f.packet.Header; h != nil && h.SignalMeasured && !f.packet.Uplink {
		c.Level.Add(int(h.SignalDBm))
		c.Levels.Add(f.ref, int(h.SignalDBm))
	}
}

// emitTo returns a function that sends event bodies of the frame to a cell.
func (o *Observer) emitTo(f *frame, c *cell.Cell, basis event.Basis, repeat bool) emitter {
	o.event = event.Event{Ref: f.ref, Time: f.time, RAT: f.rat, Basis: basis, Message: f.message}
	return func(b event.Body) {
		o.event.Body = b
		o.emit(c, &o.event, repeat)
	}
}

// put sends one event body of the frame to a cell.
func (o *Observer) put(f *frame, c *cell.Cell, basis event.Basis, b event.Body) {
	o.event = event.Event{Ref: f.ref, Time: f.time, RAT: f.rat, Basis: basis, Message: f.message, Body: b}
	o.emit(c, &o.event, false)
}

// broadcast handles a message of BCCH that does not name its cell: it belongs to
// the cell heard on the same frequency, or waits for it.
func (o *Observer) broadcast(f *frame, src event.Source, bodies func(emitter)) {
	r := o.radio(f.arfcn, f.pcs)
	repeat := r.repeats(src, f.packet.Octets)
	if r.waits(o) {
		o.wait(f, r, src, bodies)
		return
	}
	r.lastRef, r.lastTime = f.ref, f.time
	o.heard(f, r.current, src)
	if repeat && !o.sink.Repeats() {
		return
	}
	bodies(o.emitTo(f, r.current, event.ByFrequency, repeat))
}

// waits reports whether messages on the frequency must wait until a cell names
// itself: before the first has, and always where the tool records no frequency. A
// phone's log interleaves its own cell with those it measures, so there a message
// belongs to a cell only if that cell names itself before and after it.
func (r *radio) waits(o *Observer) bool {
	return r == &o.noFrequency || !o.tracker.Known(r.current)
}

// wait keeps the events of a message until its cell names itself.
func (o *Observer) wait(f *frame, r *radio, src event.Source, bodies func(emitter)) {
	limit := maxPending
	if r == &o.noFrequency || r == &o.camped {
		limit = maxPendingPhone
	}
	first := true
	bodies(func(b event.Body) {
		if len(r.pending) >= limit {
			o.dropPending(r)
		}
		e := event.Event{Ref: f.ref, Time: f.time, RAT: f.rat, Basis: event.ByNothing, Message: f.message, Body: clone(b)}
		r.pending = append(r.pending, pending{event: e, src: src, first: first})
		first = false
	})
}

// clone copies a body out of the storage that events share.
func clone(b event.Body) event.Body {
	switch b := b.(type) {
	case *event.Selection:
		c := *b
		return &c
	case *event.Reselection:
		c := *b
		return &c
	case *event.Access:
		c := *b
		return &c
	case *event.Neighbours:
		c := *b
		return &c
	case *event.Carriers:
		c := *b
		return &c
	case *event.Capabilities:
		c := *b
		return &c
	case *event.Paging:
		c := *b
		return &c
	case *event.Assignment:
		c := *b
		return &c
	case *event.Identity:
		c := *b
		return &c
	case *event.SystemInformation:
		c := *b
		c.Parameters, c.Carriers = slices.Clone(b.Parameters), slices.Clone(b.Carriers)
		return &c
	}
	return b
}

// si4 names the area but not the cell.
func (o *Observer) si4(f *frame, m *rr.SystemInformation4) {
	r := o.radio(f.arfcn, f.pcs)
	if cur := r.current; o.tracker.Known(cur) && m.LAI.PLMN.Known() {
		if area := gsmID(m.LAI, 0); cur.ID.PLMN != area.PLMN || cur.ID.Area != area.Area {
			if r != &o.noFrequency {
				o.doubt(f, r, event.SI4, "Location Area Identification", m.LAI.String(),
					ident.LAI{PLMN: cur.ID.PLMN, LAC: uint16(cur.ID.Area)}.String())
				o.si4Events(f, m, o.tracker.Unattributed(event.GSM, o.capture), event.ByNothing)
				return
			}
			// Another cell has come in between: nothing says whose message this is, nor whose
			// the next ones are until a cell names itself.
			o.dropPending(r)
			r.current = nil
			if c := o.tracker.InArea(event.GSM, area); c != nil {
				o.si4Events(f, m, c, event.ByArea)
				return
			}
		}
	}
	o.broadcast(f, event.SI4, func(emit emitter) { o.si4Bodies(m, emit) })
}

func (o *Observer) si4Events(f *frame, m *rr.SystemInformation4, c *cell.Cell, basis event.Basis) {
	o.heard(f, c, event.SI4)
	o.si4Bodies(m, o.emitTo(f, c, basis, false))
}

func (o *Observer) si4Bodies(m *rr.SystemInformation4, emit emitter) {
	emit(o.selectionOf(event.SI4, m.CellSelection))
	emit(o.reselectionOf(event.SI4, m.Rest.Selection))
	emit(o.accessOf(event.SI4, m.RACH))
}

// doubt remembers a message that names the cell on its frequency differently. If
// the next message that names it fully says the same as before, the cell
// contradicts itself; if not, another cell has taken the frequency.
func (o *Observer) doubt(f *frame, r *radio, src event.Source, field, got, expect string) {
	r.doubt = event.Contradiction{Source: src, Field: field, Got: got, Expect: expect}
	r.doubtRef = f.ref
}

// key returns the dedicated channel of a frame. Layer 3 without a channel is the
// phone's own, on the channel that phones' logs leave zero.
func (f *frame) key() channelKey {
	h := f.packet.Header
	k := channelKey{rat: event.GSM, arfcn: f.arfcn, pcs: f.pcs}
	if h.Type == gsmtap.TypeUm {
		k.timeslot, k.subslot = h.Timeslot, h.SubSlot
	}
	return k
}

// si6 proves the cell of the session on its channel.
func (o *Observer) si6(f *frame, m *rr.SystemInformation6) {
	id := gsmID(m.LAI, m.CI)
	if !id.Known {
		return
	}
	s := o.open(f.key(), f.time)
	r := o.radio(f.arfcn, f.pcs)
	if cur := r.current; f.arfcn != cell.NoARFCN && o.tracker.Known(cur) && cur.ID != id {
		o.doubt(f, r, event.SI6, "Cell Identity, Location Area Identification",
			ident.CGI{LAI: m.LAI, CI: m.CI}.String(),
			ident.CGI{LAI: ident.LAI{PLMN: cur.ID.PLMN, LAC: uint16(cur.ID.Area)}, CI: uint16(cur.ID.Cell)}.String())
	}
	var c *cell.Cell
	switch cur := r.current; {
	case r == &o.noFrequency:
		c = o.identify(f, r, id)
	case o.tracker.Known(cur) && cur.ID == id:
		c = cur
	default:
		// The session's channel may be on another carrier of the cell than its BCCH.
		if c = o.tracker.ByID(event.GSM, id); c == nil {
			c = o.tracker.Lookup(event.GSM, id, cell.GSM(f.arfcn, f.pcs))
		}
	}
	s.bound = c
	o.heard(f, c, event.SI6)
	o.body.identity = event.Identity{ID: id, Source: event.SI6}
	o.put(f, c, event.BySI6, &o.body.identity)
	for i := range s.associated {
		a := &s.associated[i]
		a.event.Basis = event.BySI6
		o.tracker.Heard(c, a.event.Ref, a.event.Time, a.src)
		o.emit(c, &a.event, false)
	}
	s.associated = nil
}

// associated handles SI5: neighbours for phones in a connection, sent on the
// session's slow associated channel.
func (o *Observer) associated(f *frame, src event.Source, n *rr.NeighbourCells) {
	s := o.open(f.key(), f.time)
	body := o.neighboursOf(src, n)
	c, basis := s.bound, event.BySI6
	if !o.tracker.Known(c) && f.arfcn != cell.NoARFCN {
		c, basis = o.radio(f.arfcn, f.pcs).current, event.ByFrequency
	}
	if !o.tracker.Known(c) {
		// SI6 alternates with SI5 and will tell.
		if len(s.associated) < maxPending {
			e := event.Event{Ref: f.ref, Time: f.time, RAT: event.GSM, Message: f.message, Body: clone(body)}
			s.associated = append(s.associated, pending{event: e, src: src})
		}
		return
	}
	o.heard(f, c, src)
	if o.radio(f.arfcn, f.pcs).repeats(src, f.packet.Octets) && s.told == c {
		return
	}
	s.told = c
	o.put(f, c, basis, body)
}

// paging counts the identities of a paging message.
func (o *Observer) paging(f *frame, pages []rr.Page) {
	var b event.Paging
	for i := range pages {
		switch pages[i].Identity.Type {
		case ident.IMSI:
			b.IMSIs++
		case ident.TMSI:
			b.TMSIs++
		}
	}
	r := o.radio(f.arfcn, f.pcs)
	o.body.paging = b
	if r.waits(o) {
		if b.IMSIs+b.TMSIs > 0 {
			o.wait(f, r, event.NumSources, func(emit emitter) { emit(&o.body.paging) })
		}
		return
	}
	o.heard(f, r.current, event.NumSources)
	if b.IMSIs+b.TMSIs > 0 {
		o.put(f, r.current, event.ByFrequency, &o.body.paging)
	}
}

// packetLink is set in the link of a channel of the packet domain.
const packetLink = 1 << 40

// assign opens the session on an assigned channel; ch is nil for packet resources.
func (o *Observer) assign(f *frame, a event.Assignment, ch *rr.ChannelDescription) {
	r := o.radio(f.arfcn, f.pcs)
	o.body.assignment = a
	if r.waits(o) {
		o.wait(f, r, event.NumSources, func(emit emitter) { emit(&o.body.assignment) })
	} else {
		o.heard(f, r.current, event.NumSources)
		o.put(f, r.current, event.ByFrequency, &o.body.assignment)
	}
	if ch == nil || r == &o.noFrequency {
		// A phone's log has one channel, and the request may be logged before the
		// assignment that led to it.
		return
	}
	_, sub := ch.Kind()
	k := channelKey{rat: event.GSM, arfcn: f.arfcn, pcs: f.pcs, timeslot: ch.TN, subslot: uint8(sub)}
	if !ch.Hopping && ch.ARFCN != 0 {
		k.arfcn = int(ch.ARFCN)
	}
	if s := o.sessions[k]; s != nil {
		if s.assignment.is(f.packet.Octets) {
			return // sent twice, or heard by two phones that log together
		}
		if len(s.body.Steps) > 0 {
			o.close(s, s.body.Released)
		}
	}
	s := o.open(k, f.time)
	s.bound, s.assigned = nil, r.current
	s.assignment.set(f.packet.Octets)
}

// link handles LAPDm frames without a message: the release of a link ends the
// session on its channel.
func (o *Observer) link(f *frame) {
	if f.packet.Link == lapdm.DISC || f.packet.Link == lapdm.DM {
		if s := o.sessions[f.key()]; s != nil && s.body.Released {
			o.close(s, true)
		}
	}
}

// dedicated handles the messages of a session.
func (o *Observer) dedicated(f *frame) {
	p := f.packet
	if p.Repeated { // the network's echo of a message that was seen
		if s := o.sessions[f.key()]; s != nil {
			o.last, _ = o.sessionCell(s)
		}
		return
	}
	st := event.Step{Ref: f.ref, Time: f.time, Message: f.message, Uplink: p.Uplink, MCC: -1, FN: p.Header.FrameNumber}
	var phone ident.MobileIdentity
	if p.Echo {
		st.Uplink = true // the phone sent it, the network repeats it
	}
	if !o.step(&st, &phone, f) {
		return
	}
	k := f.key()
	if st.Packet {
		// The packet domain has a connection of its own, with the phone's TLLI where the
		// frame tells it.
		k = channelKey{rat: event.GSM, link: packetLink | p.Connection, arfcn: f.arfcn, pcs: f.pcs}
	}
	s := o.open(k, f.time)
	initial := st.Action <= event.Detach
	if initial && s.initial && !(p.Echo && len(s.body.Steps) == 1) {
		// A phone begins one connection at a time on a channel.
		bound := s.bound
		o.close(s, s.body.Released)
		s = o.open(k, f.time)
		if f.arfcn != cell.NoARFCN {
			s.bound = bound
		}
	} else if s.body.Released && st.Action != event.Release && st.Action != event.MeasurementReport {
		o.close(s, true)
		s = o.open(k, f.time)
	}
	if initial {
		s.initial = true
		if s.body.Lure == nil {
			s.body.Lure = o.lure(f.time)
		}
	}
	if st.Action == event.MeasurementReport && len(s.body.Steps) == 0 {
		return // the associated channel of a session that has not begun
	}
	if phone.Type == ident.IMSI {
		st.MCC = phone.MCC()
	}
	if st.Identity == ident.NoIdentity {
		st.Identity = phone.Type
	}
	s.identify(phone)
	s.step(st)
	switch m := p.Message.(type) {
	case *mm.LocationUpdatingAccept:
		s.area = gsmID(m.LAI, 0)
		s.called(m.Identity)
	case *mm.TMSIReallocationCommand:
		s.called(m.Identity)
	case *gmm.AttachAccept:
		s.area = gsmID(m.RAI.LAI, 0)
		s.called(m.PTMSI)
	case *gmm.RoutingAreaUpdateAccept:
		s.area = gsmID(m.RAI.LAI, 0)
		s.called(m.PTMSI)
	}
	if st.Action == event.Release {
		s.body.Released = true
	}
	if c, _ := o.sessionCell(s); c.ID.Known {
		o.last = c
	}
}
