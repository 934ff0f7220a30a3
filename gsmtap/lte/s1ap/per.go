package s1ap

import "github.com/fbsdetect/fbsdetect/gsmtap/wire"

// segment says that a reassembled buffer holds, from octet at on, what the input has
// from octet off on.
type segment struct{ at, off int }

// reader reads the aligned variant of PER (X.691 V.2021) and keeps the first failure:
// after it every getter returns zero. Alignment is to the octets of buf, which agree
// with those of the message because every open type starts on one.
type reader struct {
	buf []byte
	pos int // next bit of buf
	end int // first bit of buf that does not belong to the value
	// segs maps a buffer that was put together from fragments to the input; nil for
	// the input itself.
	segs []segment
	err  *wire.DecodeError
}

func (r *reader) ok() bool { return r.err == nil }

// input returns the octet of the input that octet i of buf came from.
func (r *reader) input(i int) int {
	for n := len(r.segs) - 1; n >= 0; n-- {
		if s := r.segs[n]; s.at <= i {
			return s.off + i - s.at
		}
	}
	return i
}

// fail records a failure of field, which starts at bit pos, unless one is recorded.
func (r *reader) fail(field string, pos int, err error) {
	if r.err == nil {
		r.err = &wire.DecodeError{Path: field, Offset: r.input(pos / 8), Bit: pos % 8, Err: err}
	}
}

// bits returns the next n bits, n at most 32: a bit-field (X.691 §11.5.7.1).
func (r *reader) bits(field string, n int) uint32 {
	if r.err != nil {
		return 0
	}
	if n > r.end-r.pos {
		r.fail(field, r.pos, wire.ErrShort)
		return 0
	}
	var v uint32
	for n > 0 {
		k := min(n, 8-r.pos&7)
		o := r.buf[r.pos>>3] << (r.pos & 7) >> (8 - k)
		v = v<<k | uint32(o)
		r.pos += k
		n -= k
	}
	return v
}

func (r *reader) flag(field string) bool { return r.bits(field, 1) == 1 }

// align passes over the padding before the next octet.
func (r *reader) align() { r.pos = min((r.pos+7)&^7, r.end) }

// octets returns the next n octets, from an octet border on, aliasing buf.
func (r *reader) octets(field string, n int) []byte {
	if r.err != nil {
		return nil
	}
	r.align()
	if n > (r.end-r.pos)/8 {
		r.fail(field, r.pos, wire.ErrShort)
		return nil
	}
	i := r.pos / 8
	r.pos += 8 * n
	return r.buf[i : i+n : i+n]
}

// number returns an unsigned number of n octets, n at most 4.
func (r *reader) number(field string, n int) uint32 {
	var v uint32
	for _, o := range r.octets(field, n) {
		v = v<<8 | uint32(o)
	}
	return v
}

func (r *reader) u8(field string) uint8   { return uint8(r.number(field, 1)) }
func (r *reader) u16(field string) uint16 { return uint16(r.number(field, 2)) }

// whole returns a constrained whole number from 0 on whose range is above 64K: its
// length, 1 to most octets (most at most 4) in n bits, then the octets (X.691
// §11.5.7.4).
func (r *reader) whole(field string, n, most int) uint32 {
	at := r.pos
	k := int(r.bits(field, n)) + 1
	if k > most {
		r.fail(field, at, wire.ErrInvalid)
		return 0
	}
	return r.number(field, k)
}

// fragment is the unit of the lengths that announce a further fragment.
const fragment = 16 << 10

// length returns a length determinant without upper bound; more says that it is of a
// fragment that another one follows (X.691 §11.9.3.5 to §11.9.3.8).
func (r *reader) length(field string) (n int, more bool) {
	r.align()
	at := r.pos
	switch v := r.u8(field); v >> 6 {
	case 2:
		return int(v&0x3f)<<8 | int(r.u8(field)), false
	case 3:
		if v &= 0x3f; v == 0 || v > 4 {
			r.fail(field, at, wire.ErrInvalid)
			return 0, false
		}
		return int(v) * fragment, true
	default:
		return int(v), false
	}
}

// small returns a normally small non-negative number (X.691 §11.6).
func (r *reader) small(field string) uint32 {
	if !r.flag(field) {
		return r.bits(field, 6)
	}
	at := r.pos
	n, more := r.length(field)
	if more || n > 4 {
		r.fail(field, at, wire.ErrInvalid)
		return 0
	}
	return r.number(field, n)
}

// enum returns an extensible enumeration or the index of an extensible choice, whose
// root has the given number of values in n bits; additions count on from the root
// (X.691 §14, §23).
func (r *reader) enum(field string, n, root int) uint8 {
	at := r.pos
	v := root
	if r.flag(field) {
		v += int(r.small(field))
		if v > 255 {
			r.fail(field, at, wire.ErrUnsupported)
		}
	} else if v = int(r.bits(field, n)); v >= root {
		r.fail(field, at, wire.ErrInvalid)
	}
	if r.err != nil {
		return 0
	}
	return uint8(v)
}

// fields returns the presence bits of an extensible sequence: of additions and of n
// optional fields, the first of them highest (X.691 §19.1 to §19.3).
func (r *reader) fields(field string, n int) (more bool, present uint32) {
	v := r.bits(field, 1+n)
	return v>>n != 0, v & (1<<n - 1)
}

// skipOpen passes over an open type or octet string and returns its length in octets.
func (r *reader) skipOpen(field string) int {
	total := 0
	for more := true; more && r.err == nil; {
		var n int
		n, more = r.length(field)
		total += len(r.octets(field, n))
	}
	return total
}

// tail passes over what ends an extensible sequence: iE-Extensions, if present, and
// the additions of later versions (X.691 §19.7 to §19.9).
func (r *reader) tail(more, extensions bool) {
	if extensions {
		for n := int(r.u16("iE-Extensions")) + 1; n > 0 && r.err == nil; n-- {
			r.u16("iE-Extensions.id")
			r.bits("iE-Extensions.criticality", 2)
			r.skipOpen("iE-Extensions.extensionValue")
		}
	}
	if !more || r.err != nil {
		return
	}
	const field = "extension additions"
	at := r.pos
	n := 0
	if r.flag(field) {
		var frag bool
		if n, frag = r.length(field); frag {
			r.fail(field, at, wire.ErrUnsupported)
		}
	} else {
		n = int(r.bits(field, 6)) + 1
	}
	if n > r.end-r.pos {
		r.fail(field, r.pos, wire.ErrShort)
	}
	present := *r
	if r.err == nil {
		r.pos += n
	}
	for ; n > 0 && r.err == nil; n-- {
		if present.flag(field) {
			r.skipOpen(field)
		}
	}
}

// open returns a reader of an open type or octet string and passes over it (X.691
// §11.2, §17.8). Fragments are put together in d's storage.
func (d *Decoder) open(r *reader, field string) reader {
	n, more := r.length(field)
	if !more {
		v := *r
		r.octets(field, n)
		v.end, v.err = r.pos, r.err
		return v
	}
	at, first := len(d.joined), len(d.segs)
	for {
		i := r.pos / 8
		b := r.octets(field, n)
		if r.err != nil {
			return reader{err: r.err}
		}
		for done := 0; ; {
			// A fragment of a buffer that was joined itself may lie across its seams.
			k := len(b) - done
			for _, s := range r.segs {
				if s.at > i+done {
					k = min(k, s.at-i-done)
					break
				}
			}
			d.segs = append(d.segs, segment{len(d.joined) - at + done, r.input(i + done)})
			if done += k; done == len(b) {
				break
			}
		}
		d.joined = append(d.joined, b...)
		if !more {
			break
		}
		n, more = r.length(field)
	}
	buf := d.joined[at:len(d.joined):len(d.joined)]
	return reader{buf: buf, end: 8 * len(buf), segs: d.segs[first:len(d.segs):len(d.segs)]}
}
