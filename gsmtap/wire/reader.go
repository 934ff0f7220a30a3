package wire

// Reader reads octets and keeps the first failure: after it every getter returns
// zero, so a decoder reads like the specification's table and checks Err once.
// The zero value reads nothing; set it up with Reset.
type Reader struct {
	buf []byte
	off int
	err *DecodeError
}

// NewReader returns a Reader over b, which it does not copy.
func NewReader(b []byte) Reader { return Reader{buf: b} }

// Err returns the first failure, a *DecodeError, or nil.
func (r *Reader) Err() error {
	if r.err == nil {
		return nil
	}
	return r.err
}

// OK reports whether nothing failed so far.
func (r *Reader) OK() bool { return r.err == nil }

// Offset returns how many octets were read.
func (r *Reader) Offset() int { return r.off }

// Len returns how many octets are left; 0 after a failure.
func (r *Reader) Len() int {
	if r.err != nil {
		return 0
	}
	return len(r.buf) - r.off
}

// Fail records a failure of field at octet off, unless one is recorded already.
func (r *Reader) Fail(field string, off int, err error) {
	if r.err == nil {
		r.err = &DecodeError{Path: field, Offset: off, Err: err}
	}
}

// Octets returns the next n octets, aliasing the input.
func (r *Reader) Octets(field string, n int) []byte {
	if r.err != nil {
		return nil
	}
	if n < 0 || n > len(r.buf)-r.off {
		r.Fail(field, r.off, ErrShort)
		return nil
	}
	r.off += n
	return r.buf[r.off-n : r.off : r.off]
}

// U8 returns the next octet.
func (r *Reader) U8(field string) uint8 {
	if r.err != nil {
		return 0
	}
	if r.off >= len(r.buf) {
		r.Fail(field, r.off, ErrShort)
		return 0
	}
	r.off++
	return r.buf[r.off-1]
}

// U16 returns the next two octets, most significant first.
func (r *Reader) U16(field string) uint16 {
	b := r.Octets(field, 2)
	if b == nil {
		return 0
	}
	return uint16(b[0])<<8 | uint16(b[1])
}

// U32 returns the next four octets, most significant first.
func (r *Reader) U32(field string) uint32 {
	b := r.Octets(field, 4)
	if b == nil {
		return 0
	}
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

// Peek returns the next octet without reading it; ok is false at the end.
func (r *Reader) Peek() (v uint8, ok bool) {
	if r.err != nil || r.off >= len(r.buf) {
		return 0, false
	}
	return r.buf[r.off], true
}

// LV returns the value of a length-value field: one octet of length, then that
// many octets, aliasing the input.
func (r *Reader) LV(field string) []byte {
	start := r.off
	n := int(r.U8(field))
	if r.err != nil {
		return nil
	}
	if n > len(r.buf)-r.off {
		r.Fail(field, start, ErrShort)
		return nil
	}
	return r.Octets(field, n)
}

// Rest returns everything not yet read, aliasing the input, and reads it.
func (r *Reader) Rest() []byte {
	if r.err != nil {
		return nil
	}
	b := r.buf[r.off:]
	r.off = len(r.buf)
	return b
}
