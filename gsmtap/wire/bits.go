package wire

// csnPadding is the octet with which GSM fills rest octets; a CSN.1 bit L equals
// the padding bit at its place and H differs from it (TS 44.018 §10.5.1.1, TS
// 44.006 §5.2).
const csnPadding = 0x2b

// BitReader reads bits, most significant first, and keeps the first failure like
// Reader.
type BitReader struct {
	buf []byte
	pos int // bits read
	err *DecodeError
}

// NewBitReader returns a BitReader over b, which it does not copy.
func NewBitReader(b []byte) BitReader { return BitReader{buf: b} }

// Err returns the first failure, a *DecodeError, or nil.
func (r *BitReader) Err() error {
	if r.err == nil {
		return nil
	}
	return r.err
}

// OK reports whether nothing failed so far.
func (r *BitReader) OK() bool { return r.err == nil }

// Pos returns the number of bits read.
func (r *BitReader) Pos() int { return r.pos }

// Len returns how many bits are left; 0 after a failure.
func (r *BitReader) Len() int {
	if r.err != nil {
		return 0
	}
	return 8*len(r.buf) - r.pos
}

// Fail records a failure of field at the current bit, unless one is recorded.
func (r *BitReader) Fail(field string, err error) {
	if r.err == nil {
		r.err = &DecodeError{Path: field, Offset: r.pos / 8, Bit: r.pos % 8, Err: err}
	}
}

// Bits returns the next n bits (n at most 32) as a number.
func (r *BitReader) Bits(field string, n int) uint32 {
	if r.err != nil {
		return 0
	}
	if n < 0 || n > 32 || n > 8*len(r.buf)-r.pos {
		r.Fail(field, ErrShort)
		return 0
	}
	var v uint32
	for range n {
		v = v<<1 | uint32(r.buf[r.pos>>3]>>(7-r.pos&7)&1)
		r.pos++
	}
	return v
}

// Flag returns the next bit.
func (r *BitReader) Flag(field string) bool { return r.Bits(field, 1) == 1 }

// LH returns whether the next bit is H, that is, differs from the padding at its
// place. Rest octets that end are padding to the end (TS 44.018 §10.5.1.1), so a
// bit past the end is L and no failure.
func (r *BitReader) LH() bool {
	if r.err != nil || r.pos >= 8*len(r.buf) {
		return false
	}
	b := r.buf[r.pos>>3] ^ csnPadding
	h := b>>(7-r.pos&7)&1 == 1
	r.pos++
	return h
}

// Skip passes over n bits.
func (r *BitReader) Skip(field string, n int) {
	if r.err != nil {
		return
	}
	if n < 0 || n > 8*len(r.buf)-r.pos {
		r.Fail(field, ErrShort)
		return
	}
	r.pos += n
}
