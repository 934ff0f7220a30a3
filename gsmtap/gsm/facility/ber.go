package facility

import "github.com/fbsdetect/fbsdetect/gsmtap/wire"

// maxDepth bounds how deep elements of indefinite length may be nested. The components
// of TS 24.080 nest their parameters at most six deep.
const maxDepth = 8

// element is an element of BER (ITU-T X.690 §8.1).
type element struct {
	// tag is its first octet: class, whether it is made of others, and the number; of
	// numbers from 31 on the low five bits are ones and the rest is not kept.
	tag uint8
	// start and end are the borders of the contents in the buffer.
	start, end int
}

// Universal tags and constructed ones.
const (
	tagInteger     = 0x02
	tagOctetString = 0x04
	tagNull        = 0x05
	tagOID         = 0x06
	tagIA5String   = 0x16
	tagSequence    = 0x30
	constructed    = 0x20
	manyOctets     = 0x1f
)

// next reads an element from r, which must be a reader of the whole buffer up to where
// the element's container ends.
func next(r *wire.Reader, field string, depth int) element {
	at := r.Offset()
	if depth > maxDepth {
		r.Fail(field, at, wire.ErrUnsupported)
		return element{}
	}
	tag := r.U8(field)
	if tag&manyOctets == manyOctets {
		for i := 0; r.U8(field)&0x80 != 0; i++ {
			if i == 2 { // numbers of 14 bits are more than any specification has
				r.Fail(field, at, wire.ErrInvalid)
			}
		}
	}
	at = r.Offset()
	length := r.U8(field)
	n := int(length)
	switch {
	case length == 0x80:
		return indefinite(r, field, tag, depth)
	case length > 0x83: // no message holds 16 MiB
		r.Fail(field, at, wire.ErrLength)
	case length > 0x80:
		n = 0
		for range length & 0x7f {
			n = n<<8 | int(r.U8(field))
		}
	}
	e := element{tag: tag, start: r.Offset()}
	r.Octets(field, n)
	e.end = r.Offset()
	return e
}

// indefinite reads the contents of an element up to the two zero octets that end it.
func indefinite(r *wire.Reader, field string, tag uint8, depth int) element {
	e := element{tag: tag, start: r.Offset(), end: r.Offset()}
	if tag&constructed == 0 {
		r.Fail(field, e.start-1, wire.ErrInvalid)
	}
	for r.OK() {
		e.end = r.Offset()
		if v, ok := r.Peek(); ok && v == 0 {
			if r.U16(field) != 0 {
				r.Fail(field, e.end, wire.ErrInvalid)
			}
			break
		}
		next(r, field, depth+1)
	}
	return e
}

// in returns a reader of what e contains, that counts its offsets from the start of b.
func (e element) in(b []byte) wire.Reader {
	r := wire.NewReader(b[:e.end])
	r.Octets("", e.start)
	return r
}

// octets returns what e contains.
func (e element) octets(b []byte) []byte { return b[e.start:e.end:e.end] }

// integer reads an INTEGER of at most four octets.
func (e element) integer(r *wire.Reader, b []byte, field string) int32 {
	v := e.octets(b)
	if len(v) == 0 || len(v) > 4 {
		r.Fail(field, e.start, wire.ErrLength)
		return 0
	}
	n := int32(int8(v[0]))
	for _, o := range v[1:] {
		n = n<<8 | int32(o)
	}
	return n
}

// expect reads an element that must have a tag.
func expect(r *wire.Reader, field string, tag uint8) element {
	at := r.Offset()
	e := next(r, field, 0)
	if e.tag != tag {
		r.Fail(field, at, wire.ErrInvalid)
	}
	return e
}
