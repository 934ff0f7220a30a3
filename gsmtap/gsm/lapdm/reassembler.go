package lapdm

// Bounds of a Reassembler.
const (
	// MaxMessage is the longest layer 3 message in octets: what TS 44.006 §5.8 lets
	// acknowledged operation segment.
	MaxMessage = 251
	// MaxLinks is the number of links followed at once. A carrier has eight
	// timeslots of at most eight SDCCH with their SACCH, each with two access
	// points: 256; so this is four carriers at full load.
	MaxLinks = 1024
)

// Link names a data link connection in one direction.
type Link struct {
	// Channel tells one dedicated channel from another: ARFCN, timeslot, subslot and
	// whether it is the associated channel, in any code of the caller's choice.
	Channel uint64
	// SAPI is the frame's service access point, 0 or 3.
	SAPI uint8
	// Uplink is set for what the phone sends.
	Uplink bool
}

// Status says what a Reassembler made of a frame. Several can be set.
type Status struct {
	// Complete: the frame completes a layer 3 message, that Push returned.
	Complete bool
	// Segment: the frame is part of a message that is not complete.
	Segment bool
	// Duplicate: the frame repeats one that was pushed before; nothing is returned.
	Duplicate bool
	// Echo: the message is the content of a UA frame, in which the network repeats
	// the message of the SABM frame (TS 44.006 §8.4.1.4, contention resolution). It
	// was sent by the phone, in spite of its direction.
	Echo bool
	// Repeated: the message of an Echo was returned before, for the SABM frame; it
	// must not be counted again. Without it the capture holds no such SABM frame.
	Repeated bool
	// Contention: the Echo answers a SABM frame with another content than the one
	// pushed: the channel was given to another phone.
	Contention bool
	// Gap: at least one frame is missing before this one.
	Gap bool
	// Unsure: a message is returned whose first octet may not be the message's,
	// because the frame before it is missing.
	Unsure bool
	// Lost: a message in progress was given up.
	Lost bool
	// Skipped: the frame is part of a message whose first frames are missing.
	Skipped bool
	// Reset: the frame establishes or releases the link.
	Reset bool
}

// Stats counts what a Reassembler did.
type Stats struct {
	// Messages is the number of messages returned, Segmented of them from more than
	// one frame.
	Messages, Segmented uint64
	// Duplicates is the number of frames dropped because they were retransmitted.
	Duplicates uint64
	// Echoes is the number of UA frames with content.
	Echoes uint64
	// Gaps is the number of times that frames were missing.
	Gaps uint64
	// Lost is the number of messages given up for any reason, Overlong those that
	// exceeded MaxMessage.
	Lost, Overlong uint64
	// Evicted is the number of links forgotten because there were more than MaxLinks.
	Evicted uint64
}

// Reassembler joins the segments of layer 3 messages. Its zero value is ready. It
// is not for concurrent use.
//
// It listens, so it cannot ask for a missing frame: it numbers the frames of both
// directions as the receiver would (TS 44.006 §5.5, window 1) and gives a message
// up when one of its frames was not captured.
type Reassembler struct {
	index map[linkKey]int32
	links []link
	// Least and most recently used link.
	oldest, newest int32
	stats          Stats
}

// linkKey is a Link without its direction: the two directions are established and
// released together.
type linkKey struct {
	channel uint64
	sapi    uint8
}

// link is the state of both directions of a data link connection.
type link struct {
	key        linkKey
	prev, next int32 // by use; -1 at the ends
	dir        [2]direction
	// establish is the content of the last SABM frame, or of a UA frame whose SABM
	// was not captured, until the link is in use or released.
	establish    [N201]byte
	establishLen uint8
	established  bool // establish counts
}

// direction is the state of what one side sends.
type direction struct {
	synced   bool // next is known
	skipping bool // the message in progress lacks a segment
	more     bool // a message is in progress
	repeat   bool // last holds the frame before next
	unsure   bool // the message in progress may lack its first frames
	next     uint8
	n        uint8
	lastLen  uint8
	last     [N201]byte
	buf      [MaxMessage]byte
}

// Stats returns the counts since the Reassembler was made.
func (r *Reassembler) Stats() Stats { return r.stats }

// Len returns the number of links followed.
func (r *Reassembler) Len() int { return len(r.links) }

// Push takes the next frame of link and returns the layer 3 message that it
// completes, if it does. The message is valid until the next Push and as long as
// the frame's input: it may alias either.
//
// Frames without acknowledgement (UI and the formats without a control field) are
// messages of their own and need no link.
func (r *Reassembler) Push(l Link, f *Frame) (l3 []byte, st Status) {
	switch f.Kind {
	case I:
		return r.pushI(r.link(l), l.Uplink, f)
	case SABM:
		return r.pushSABM(r.link(l), f)
	case UA:
		return r.pushUA(r.link(l), f)
	case DISC, DM:
		if s := r.find(l); s != nil {
			st.Lost = r.release(s)
		}
		st.Reset = true
		return nil, st
	case RR, RNR, REJ:
		if s := r.find(l); s != nil {
			s.established = false
		}
		return nil, st
	}
	if len(f.Info) == 0 {
		return nil, st
	}
	return r.message(f.Info, st)
}

// Release forgets what is known of channel: the caller saw it released or assigned
// anew.
func (r *Reassembler) Release(channel uint64) {
	for sapi := range uint8(8) {
		if i, ok := r.index[linkKey{channel, sapi}]; ok {
			r.release(&r.links[i])
		}
	}
}

func (r *Reassembler) message(l3 []byte, st Status) ([]byte, Status) {
	r.stats.Messages++
	st.Complete = true
	return l3, st
}

// pushSABM establishes the link in both directions. Its content, if it has any, is
// a message (TS 44.006 §5.4.1.4); the phone repeats the frame until it is answered.
func (r *Reassembler) pushSABM(s *link, f *Frame) ([]byte, Status) {
	st := Status{Reset: true, Lost: r.reset(s)}
	if s.established && s.sameEstablish(f.Info) {
		r.stats.Duplicates++
		st.Duplicate = true
		return nil, st
	}
	s.setEstablish(f.Info)
	if len(f.Info) == 0 {
		return nil, st
	}
	return r.message(f.Info, st)
}

// pushUA takes the answer to SABM or DISC.
func (r *Reassembler) pushUA(s *link, f *Frame) ([]byte, Status) {
	st := Status{Reset: true, Lost: r.reset(s)}
	if len(f.Info) == 0 {
		s.established = false
		return nil, st
	}
	r.stats.Echoes++
	st.Echo = true
	switch {
	case s.established && s.sameEstablish(f.Info):
		st.Repeated = true
	case s.established && s.establishLen != 0:
		st.Contention = true
		s.setEstablish(f.Info)
	default:
		s.setEstablish(f.Info)
	}
	return r.message(f.Info, st)
}

// pushI takes a numbered frame.
func (r *Reassembler) pushI(s *link, uplink bool, f *Frame) ([]byte, Status) {
	var st Status
	s.established = false
	d := &s.dir[0]
	if uplink {
		d = &s.dir[1]
	}
	if d.repeat && f.NS == (d.next+7)&7 && string(d.last[:d.lastLen]) == string(f.Info) {
		r.stats.Duplicates++
		st.Duplicate = true
		return nil, st
	}
	if d.synced && f.NS != d.next {
		st.Gap = true
		r.stats.Gaps++
		if d.more { // its end is missing, or this is it: wait for a frame that ends one
			st.Lost = r.giveUp(d)
			d.skipping = true
		}
	}
	// Without a SABM frame only N(S) 0 is known to begin a message; after a gap none.
	first := !d.more
	if first {
		st.Unsure = st.Gap || !d.synced && f.NS != 0
		d.n = 0
	}
	d.synced, d.next, d.more = true, (f.NS+1)&7, f.More
	d.repeat = len(f.Info) <= len(d.last)
	d.lastLen = uint8(copy(d.last[:], f.Info))
	switch {
	case d.skipping:
		d.skipping = f.More
		st.Skipped, st.Unsure = true, false
		return nil, st
	case first && !f.More:
		if len(f.Info) == 0 {
			return nil, st
		}
		return r.message(f.Info, st)
	case len(f.Info) > len(d.buf)-int(d.n):
		r.stats.Lost++
		r.stats.Overlong++
		st.Lost, st.Unsure = true, false
		d.n, d.skipping = 0, f.More
		return nil, st
	}
	d.n += uint8(copy(d.buf[d.n:], f.Info))
	if first {
		d.unsure = st.Unsure
	}
	if f.More {
		st.Segment = true
		return nil, st
	}
	if d.n == 0 {
		return nil, st // segments without a single octet
	}
	st.Unsure = d.unsure
	r.stats.Segmented++
	return r.message(d.buf[:d.n:d.n], st)
}

// giveUp drops a message in progress; it reports whether there was one.
func (r *Reassembler) giveUp(d *direction) bool {
	lost := d.more && !d.skipping
	if lost {
		r.stats.Lost++
	}
	d.n, d.more = 0, false
	return lost
}

// release ends the link; it reports whether a message was lost. What was sent last
// is kept: a capture made by several phones can repeat it now.
func (r *Reassembler) release(s *link) bool {
	lost := false
	s.established = false
	for i := range s.dir {
		d := &s.dir[i]
		lost = r.giveUp(d) || lost
		d.synced, d.skipping = false, false
	}
	return lost
}

// reset puts both directions at N(S) 0; it reports whether a message was lost.
func (r *Reassembler) reset(s *link) bool {
	lost := false
	for i := range s.dir {
		d := &s.dir[i]
		lost = r.giveUp(d) || lost
		d.synced, d.next, d.skipping, d.repeat = true, 0, false, false
	}
	return lost
}

func (s *link) sameEstablish(b []byte) bool {
	return string(s.establish[:s.establishLen]) == string(b)
}

func (s *link) setEstablish(b []byte) {
	s.established = len(b) <= len(s.establish)
	s.establishLen = uint8(copy(s.establish[:], b))
}

// find returns the state of l, or nil if it is not followed.
func (r *Reassembler) find(l Link) *link {
	i, ok := r.index[linkKey{l.Channel, l.SAPI}]
	if !ok {
		return nil
	}
	r.touch(i)
	return &r.links[i]
}

// link returns the state of l, in place of the link used longest ago if there are
// too many.
func (r *Reassembler) link(l Link) *link {
	if s := r.find(l); s != nil {
		return s
	}
	key := linkKey{l.Channel, l.SAPI}
	if r.index == nil {
		r.index = make(map[linkKey]int32)
		r.oldest, r.newest = -1, -1
	}
	var i int32
	if len(r.links) < MaxLinks {
		i = int32(len(r.links))
		r.links = append(r.links, link{})
	} else {
		i = r.oldest
		r.unlink(i)
		delete(r.index, r.links[i].key)
		r.stats.Evicted++
		for k := range r.links[i].dir {
			r.giveUp(&r.links[i].dir[k])
		}
	}
	s := &r.links[i]
	*s = link{key: key}
	r.index[key] = i
	r.pushBack(i)
	return s
}

func (r *Reassembler) touch(i int32) {
	if r.newest != i {
		r.unlink(i)
		r.pushBack(i)
	}
}

func (r *Reassembler) unlink(i int32) {
	s := &r.links[i]
	if s.prev >= 0 {
		r.links[s.prev].next = s.next
	} else {
		r.oldest = s.next
	}
	if s.next >= 0 {
		r.links[s.next].prev = s.prev
	} else {
		r.newest = s.prev
	}
}

func (r *Reassembler) pushBack(i int32) {
	s := &r.links[i]
	s.prev, s.next = r.newest, -1
	if r.newest >= 0 {
		r.links[r.newest].next = i
	} else {
		r.oldest = i
	}
	r.newest = i
}
