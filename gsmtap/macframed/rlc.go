package macframed

import "github.com/fbsdetect/fbsdetect/gsmtap/wire"

// Bounds of a reassembler.
const (
	// MaxSDU is the longest RLC SDU in octets that is put together, and bounds what is
	// kept of incomplete ones: a PDCP SDU of 8188 octets (TS 36.323 §4.3.1) with
	// header and MAC-I.
	MaxSDU = 8188 + 1 + 4
	// maxPieces is the number of pieces of SDUs kept. A signalling message of MaxSDU
	// octets takes fewer in transport blocks of 100 octets.
	maxPieces = 96
	// maxSeen is how many of the latest PDUs are remembered, to know repetitions.
	// Signalling bearers have few PDUs in flight.
	maxSeen = 64
	// maxDelivered is the same for SDUs. It must stay below the 32 numbers of PDCP.
	maxDelivered = 8
)

// rlcMode is the mode of an RLC entity, with the size of its sequence number.
type rlcMode uint8

const (
	rlcAM  rlcMode = iota // 10 bits
	rlcUM5                // 5 bits
)

func (m rlcMode) modulus() uint64 {
	if m == rlcAM {
		return 1 << 10
	}
	return 1 << 5
}

// reassembler joins the pieces of RLC SDUs that one side sends on one bearer.
//
// It only listens, and a passive receiver misses PDUs for good. So it does not keep
// to the order of delivery of TS 36.322 §5.1.3: an SDU is returned with the PDU
// that completes it, and what lacks a piece is dropped when the window has moved on
// or room is needed.
type reassembler struct {
	mode   rlcMode
	synced bool
	// high is the highest sequence number so far, counted on when it wraps.
	high      uint64
	seen      [maxSeen]seenPDU // by number modulo maxSeen
	delivered [maxDelivered]uint64
	nextSlot  uint8 // of delivered
	pieces    []piece
	buf       []byte // of pieces, in their order

	cur cursor
}

type seenPDU struct {
	sn   uint64
	hash uint64
	// state says whether the PDU was received, whole or as segments.
	state uint8
}

const (
	seenNot = iota
	seenSegment
	seenWhole
)

// piece is a part of an SDU that lacks others.
type piece struct {
	sn         uint64
	start, end int  // octets in the data field of PDU sn
	off        int  // in buf
	first      bool // begins the SDU
	last       bool // ends the SDU
	endOfPDU   bool // end is that of the data field
}

// cursor walks over the data field elements of the PDU pushed last.
type cursor struct {
	b        []byte // PDU
	li       int    // offset of the length indicators
	count    int    // of length indicators; there is one more element
	left     int    // elements not yet taken
	off      int    // of the next element
	sn       uint64
	base     int // position of the data field in that of the whole PDU
	data     int // offset of the data field
	fi       uint8
	endOfPDU bool
}

// pushed says what became of a PDU.
type pushed uint8

const (
	pushedData pushed = iota
	pushedControl
	pushedRepeated
)

// firstSN is where counting of sequence numbers begins: a multiple of every
// modulus, so high that nothing before it is negative.
const firstSN = 1 << 20

// push reads the header of a PDU; take then returns what it completes. Errors have
// offsets in b and leave the reassembler as it was.
func (r *reassembler) push(b []byte, s *Stats) (pushed, error) {
	c := cursor{b: b}
	segment := false
	var sn uint64
	rd := wire.NewReader(b)
	v := rd.U8("RLC header")
	more := false
	if r.mode == rlcAM {
		if v&0x80 == 0 { // STATUS PDU (TS 36.322 §6.2.1.6)
			r.cur = cursor{}
			rd.U8("RLC STATUS PDU")
			return pushedControl, rd.Err()
		}
		sn = uint64(v&3)<<8 | uint64(rd.U8("RLC header.SN"))
		segment, c.fi, more = v&0x40 != 0, v>>3&3, v&0x04 != 0
		c.endOfPDU = true
		if segment {
			so := rd.U16("RLC header.SO")
			c.endOfPDU, c.base = so&0x8000 != 0, int(so&0x7fff)
		}
	} else {
		sn, c.fi, more = uint64(v&0x1f), v>>6, v&0x20 != 0
		c.endOfPDU = true
	}
	if !rd.OK() {
		return 0, rd.Err()
	}
	c.li = rd.Offset()
	total := 0
	for more {
		off := c.li + 3*(c.count>>1) + c.count&1
		if off+2 > len(b) {
			return 0, &wire.DecodeError{Path: "RLC header.LI", Offset: off, Err: wire.ErrShort}
		}
		var n int
		more, n = c.indicator(c.count)
		if n == 0 {
			return 0, &wire.DecodeError{Path: "RLC header.LI", Offset: off, Bit: 4 * (c.count & 1), Err: wire.ErrInvalid}
		}
		total += n
		c.count++
	}
	c.data = c.li + (3*c.count+1)/2
	c.off, c.left = c.data, c.count+1
	switch {
	case c.data >= len(b):
		return 0, &wire.DecodeError{Path: "RLC data", Offset: len(b), Err: wire.ErrShort}
	case total >= len(b)-c.data:
		return 0, &wire.DecodeError{Path: "RLC header.LI", Offset: c.li, Err: wire.ErrLength}
	}
	if r.accept(&c, sn, segment, s) {
		r.cur = c
		return pushedData, nil
	}
	r.cur = cursor{}
	s.Retransmissions++
	return pushedRepeated, nil
}

// indicator returns the k-th length indicator and whether another one follows. The
// caller has checked that it is there.
func (c *cursor) indicator(k int) (more bool, n int) {
	p := c.b[c.li+3*(k>>1)+k&1:]
	v := uint16(p[0])<<8 | uint16(p[1])
	if k&1 == 0 {
		v >>= 4
	}
	return v&0x800 != 0, int(v & 0x7ff)
}

// accept places the PDU in the order of those before. It returns false for a
// repetition.
func (r *reassembler) accept(c *cursor, sn uint64, segment bool, s *Stats) bool {
	modulus := r.mode.modulus()
	hash := uint64(0)
	if !segment {
		hash = hashPDU(c.b, r.mode)
	}
	if !r.synced {
		r.restart(firstSN + sn)
	}
	c.sn = r.high - r.high%modulus + sn
	switch {
	case c.sn > r.high+modulus/2:
		c.sn -= modulus
	case c.sn+modulus/2 <= r.high:
		c.sn += modulus
	}
	e := &r.seen[c.sn%maxSeen]
	if c.sn <= r.high {
		known := e.state != seenNot && e.sn == c.sn
		switch {
		case known && e.state == seenWhole && (segment || e.hash == hash):
			return false
		case known && e.state == seenSegment:
		case known, r.high-c.sn >= min(maxSeen, modulus/2):
			// The number was used for something else, or is long past: the entity was
			// established anew and the capture does not show it.
			s.Restarts++
			s.Lost += uint64(len(r.pieces))
			r.restart(firstSN + sn)
			c.sn = r.high
			e = &r.seen[c.sn%maxSeen]
		}
	} else {
		s.Gaps += c.sn - r.high - 1
		r.high = c.sn
		r.expire(s)
	}
	if state := uint8(seenWhole); !segment || e.state == seenNot || e.sn != c.sn {
		if segment {
			state = seenSegment
		}
		*e = seenPDU{sn: c.sn, hash: hash, state: state}
	}
	return true
}

// restart makes sn the highest number.
func (r *reassembler) restart(sn uint64) {
	r.seen = [maxSeen]seenPDU{}
	r.pieces, r.buf = r.pieces[:0], r.buf[:0]
	r.synced, r.high = true, sn
}

// reset forgets all but the SDUs delivered: the message that ends a connection is
// often repeated.
func (r *reassembler) reset() {
	r.synced = false
	r.cur = cursor{}
	r.pieces, r.buf = r.pieces[:0], r.buf[:0]
}

// expire drops pieces whose number left the window.
func (r *reassembler) expire(s *Stats) {
	for i := 0; i < len(r.pieces); {
		if r.pieces[i].sn+r.mode.modulus()/2 < r.high {
			r.remove(i)
			s.Lost++
			continue
		}
		i++
	}
}

// take returns the next SDU that the PDU pushed last completes; ok is false if there
// is none any more. The SDU aliases the PDU or scratch. at is the offset in the PDU
// where the SDU's last piece starts.
func (r *reassembler) take(scratch *[]byte, s *Stats) (sdu []byte, at int, ok bool) {
	for c := &r.cur; c.left > 0; {
		k := c.count + 1 - c.left
		c.left--
		n := len(c.b) - c.off
		if k < c.count {
			_, n = c.indicator(k)
		}
		at, data := c.off, c.b[c.off:c.off+n]
		c.off += n
		p := piece{
			sn:    c.sn,
			start: c.base + at - c.data, end: c.base + at - c.data + n,
			first: k > 0 || c.fi&2 == 0, last: k < c.count || c.fi&1 == 0,
			endOfPDU: k == c.count && c.endOfPDU,
		}
		if p.first && p.last {
			return data, at, true
		}
		if !r.add(p, data, s) {
			continue
		}
		if r.join(scratch) {
			s.Segmented++
			return *scratch, at, true
		}
	}
	r.cur = cursor{}
	return nil, 0, false
}

// add keeps a piece of an SDU; it returns false if nothing in it is new.
func (r *reassembler) add(p piece, data []byte, s *Stats) bool {
	for i := 0; i < len(r.pieces); {
		e := &r.pieces[i]
		switch {
		case e.sn != p.sn || p.end <= e.start || e.end <= p.start:
		case e.start <= p.start && p.end <= e.end:
			return false
		case p.start <= e.start && e.end <= p.end:
			r.remove(i)
			continue
		case e.start < p.start:
			data = data[e.end-p.start:]
			p.start, p.first = e.end, false
		default:
			data = data[:e.start-p.start]
			p.end, p.last, p.endOfPDU = e.start, false, false
		}
		i++
	}
	if len(data) > MaxSDU {
		s.Lost++
		return false
	}
	for len(r.pieces) == maxPieces || len(data) > MaxSDU-len(r.buf) {
		r.remove(0)
		s.Lost++
	}
	p.off = len(r.buf)
	r.buf = append(r.buf, data...)
	r.pieces = append(r.pieces, p)
	return true
}

// remove forgets a piece.
func (r *reassembler) remove(i int) {
	p := r.pieces[i]
	n := p.end - p.start
	r.buf = append(r.buf[:p.off], r.buf[p.off+n:]...)
	r.pieces = append(r.pieces[:i], r.pieces[i+1:]...)
	for j := i; j < len(r.pieces); j++ {
		r.pieces[j].off -= n
	}
}

// join puts together the SDU that the piece added last belongs to, if it is
// complete, and forgets its pieces.
func (r *reassembler) join(scratch *[]byte) bool {
	var chain [maxPieces]uint8
	i := len(r.pieces) - 1
	for !r.pieces[i].first {
		if i = r.find(i, false); i < 0 {
			return false
		}
	}
	n := 0
	for {
		chain[n] = uint8(i)
		n++
		if r.pieces[i].last {
			break
		}
		if i = r.find(i, true); i < 0 {
			return false
		}
	}
	out := (*scratch)[:0]
	for _, i := range chain[:n] {
		p := r.pieces[i]
		out = append(out, r.buf[p.off:p.off+p.end-p.start]...)
	}
	*scratch = out
	// Highest index first, so that the others stay.
	for ; n > 0; n-- {
		top := 0
		for j := range n {
			if chain[j] > chain[top] {
				top = j
			}
		}
		r.remove(int(chain[top]))
		chain[top] = chain[n-1]
	}
	return true
}

// find returns the piece next to piece i, after or before it, or -1. No piece is
// empty and none overlap, so that walking one way ends.
func (r *reassembler) find(i int, after bool) int {
	for j := range r.pieces {
		a, b := &r.pieces[i], &r.pieces[j]
		if !after {
			a, b = b, a
		}
		if i != j && !a.last && !b.first &&
			(a.sn == b.sn && a.end == b.start || a.endOfPDU && a.sn+1 == b.sn && b.start == 0) {
			return j
		}
	}
	return -1
}

// repeated reports whether the SDU was among the last delivered, and remembers it.
func (r *reassembler) repeated(sdu []byte) bool {
	h := hashOctets(hashBasis, sdu)
	for _, d := range r.delivered {
		if d == h {
			return true
		}
	}
	r.delivered[r.nextSlot] = h
	r.nextSlot = (r.nextSlot + 1) % maxDelivered
	return false
}

// hashBasis and hashPrime are those of FNV-1a with 64 bits.
const (
	hashBasis = 14695981039346656037
	hashPrime = 1099511628211
)

func hashOctets(h uint64, b []byte) uint64 {
	for _, v := range b {
		h = (h ^ uint64(v)) * hashPrime
	}
	return h
}

// hashPDU hashes a PDU without its polling bit, which a retransmission may change.
func hashPDU(b []byte, m rlcMode) uint64 {
	first := b[0]
	if m == rlcAM {
		first &^= 0x20
	}
	return hashOctets((hashBasis^uint64(first))*hashPrime, b[1:])
}
