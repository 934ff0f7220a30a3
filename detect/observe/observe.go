// Package observe turns decoded messages into events and says which cell each
// belongs to. It is the only package that knows both the messages and the events.
//
// A capture interleaves the serving cell, neighbours that the phone measures and
// several channels, and some tools record no frequency. So every attribution
// carries its basis, and what cannot be attributed goes to an entry without
// identity instead of the nearest cell.
package observe

import (
	"cmp"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// Sink takes the events. repeat marks a broadcast message that is the same, octet
// for octet, as the one of that type before it on the same cell.
type Sink interface {
	Observe(c *cell.Cell, e *event.Event, repeat bool)
	// Repeats reports whether repetitions are of interest.
	Repeats() bool
}

// maxRadios bounds the frequencies kept per capture; GSM has 1024 in two numberings.
const maxRadios = 4096

// maxPending bounds the broadcast events per frequency that wait for the cell to
// name itself: one system information cycle has eight messages (TS 45.002 §6.3.1.3).
const maxPending = 24

// maxPendingPhone is the same for a phone's log, which has no frequencies but every
// paging message: some minutes of a busy cell.
const maxPendingPhone = 1024

// Observer observes one capture.
type Observer struct {
	// SessionsCutOff counts sessions ended early to keep the bound.
	SessionsCutOff int
	// StepsDropped counts messages of sessions longer than event.MaxSteps.
	StepsDropped int
	tracker      *cell.Tracker
	sink         Sink
	capture      int
	radios       map[radioKey]*radio
	noFrequency  radio
	// camped stands for the frequency where LTE's is not recorded: the cell that named
	// itself last is the one that the phone camps on.
	camped radio
	// named is the LTE cell that named itself last, on whatever frequency.
	named *cell.Cell
	// lastRadio is the radio of LTE looked up last, by lastKey.
	lastKey   radioKey
	lastRadio *radio
	views     lteViews
	rrcViews  rrcViews
	sessions  map[channelKey]*session
	body      bodies
	event     event.Event
	frame     frame
	last      *cell.Cell
	// lastLTE is the LTE session of the phone that wrote the log, open or over.
	lastLTE *session
	// centre is the service centre that the frame centreRef named.
	centre    ident.Address
	centreRef event.Ref
	clock     clock
}

type radioKey struct {
	rat   event.RAT
	arfcn int
	pcs   bool
	pci   int
}

// radio is one frequency and the cell on it.
type radio struct {
	current *cell.Cell
	// before is the cell that was on the frequency before current.
	before   event.CellID
	lastRef  event.Ref
	lastTime int64
	blocks   [event.NumSources]block
	pending  []pending
	// doubt is a message that named the cell differently, waiting for the next that
	// names it as before.
	doubt    event.Contradiction
	doubtRef event.Ref

	// Of LTE: what the cells on the radio broadcast, the present one's first, and when it
	// paged for the circuit switched domain. Where the tool tells no cells of a frequency
	// apart they take turns.
	lte     []*heardCell
	pagedCS int64
}

// maxHeardCells bounds the cells of a radio whose broadcasts are remembered: a
// frequency has some dozens in reach of a drive.
const maxHeardCells = 64

// heardCell is what was heard of the system information of an LTE cell: the value tag of
// its SIB1, -1 before, and the contents of the blocks and messages.
type heardCell struct {
	cell     *cell.Cell
	valueTag int
	digests  [event.NumSources]uint64
	// by is the message that carried each block last, by its hash.
	by       [event.NumSources]uint64
	messages [maxSIMessages]siMessage
	next     int
}

// take makes c the cell on an LTE radio.
func (r *radio) take(c *cell.Cell) {
	r.current = c
	for i, h := range r.lte {
		if h.cell == c {
			copy(r.lte[1:i+1], r.lte[:i])
			r.lte[0] = h
			return
		}
	}
	var h *heardCell
	if len(r.lte) >= maxHeardCells {
		h = r.lte[len(r.lte)-1]
	} else {
		h = new(heardCell)
		r.lte = append(r.lte, nil)
	}
	copy(r.lte[1:], r.lte)
	*h = heardCell{cell: c, valueTag: -1}
	r.lte[0] = h
}

// heard returns what was heard of the cell on an LTE radio; nil before it named itself.
func (r *radio) heard() *heardCell {
	if len(r.lte) == 0 || r.lte[0].cell != r.current {
		return nil
	}
	return r.lte[0]
}

// valueTag is the systemInfoValueTag in force on an LTE radio, or -1.
func (r *radio) valueTag() int {
	if h := r.heard(); h != nil {
		return h.valueTag
	}
	return -1
}

// maxSIMessages is how many different SI messages a cell can have (TS 36.331 §6.4,
// maxSI-Message).
const maxSIMessages = 32

// siMessage is an SI message: a hash of its octets and the blocks in it.
type siMessage struct {
	digest  uint64
	sources uint64
}

// block is the last message of one type, to recognise repetitions.
type block struct {
	n      uint8
	octets [24]byte
}

// pending is an event that waits for its cell to name itself.
type pending struct {
	event event.Event
	src   event.Source
	// first marks the first event of its frame.
	first bool
}

// New returns an Observer for the capture with that index.
func New(t *cell.Tracker, sink Sink, capture int) *Observer {
	return &Observer{
		tracker:  t,
		sink:     sink,
		capture:  capture,
		radios:   make(map[radioKey]*radio),
		sessions: make(map[channelKey]*session),
	}
}

// Packet observes one decoded packet of frame number frame at time (nanoseconds
// since 1970, 0 if unknown).
func (o *Observer) Packet(frame int, time int64, p *gsmtap.Packet) {
	ref := event.Ref{Capture: o.capture, Frame: frame, Time: time}
	switch p.RAT {
	case "gsm":
		o.gsm(ref, time, p)
	case "lte":
		o.lte(ref, time, p)
	default:
		o.last = nil
	}
}

// Close ends the capture: open sessions end, and events whose cell never named
// itself go to the entry without identity.
func (o *Observer) Close() {
	open := make([]*session, 0, len(o.sessions))
	for _, s := range o.sessions {
		open = append(open, s)
	}
	slices.SortFunc(open, func(a, b *session) int {
		if a.body.First != b.body.First {
			if a.body.First.Before(b.body.First) {
				return -1
			}
			return 1
		}
		if lessKey(a.key, b.key) {
			return -1
		}
		return 1
	})
	for _, s := range open {
		o.close(s, false)
	}
	var unnamed []*radio
	for _, r := range o.radios {
		if len(r.pending) > 0 {
			unnamed = append(unnamed, r)
		}
	}
	if len(o.camped.pending) > 0 {
		unnamed = append(unnamed, &o.camped)
	}
	slices.SortFunc(unnamed, func(a, b *radio) int {
		return cmp.Compare(a.pending[0].event.Ref.Frame, b.pending[0].event.Ref.Frame)
	})
	for _, r := range unnamed {
		o.dropPending(r)
	}
	if r := &o.noFrequency; o.tracker.Known(r.current) {
		o.bindPending(r) // nothing came after it
	} else {
		o.dropPending(r)
	}
}

// emit records an event at its cell and gives it to the sink.
func (o *Observer) emit(c *cell.Cell, e *event.Event, repeat bool) {
	if !repeat {
		o.tracker.Apply(c, e)
	}
	o.sink.Observe(c, e, repeat)
}

// radio returns the state of a frequency.
func (o *Observer) radio(arfcn int, pcs bool) *radio {
	if arfcn == cell.NoARFCN {
		return &o.noFrequency
	}
	k := radioKey{rat: event.GSM, arfcn: arfcn, pcs: pcs, pci: cell.NoPCI}
	r := o.radios[k]
	if r == nil {
		if len(o.radios) >= maxRadios {
			return &o.noFrequency
		}
		r = &radio{}
		o.radios[k] = r
	}
	return r
}
