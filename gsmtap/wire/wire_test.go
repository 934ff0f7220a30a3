package wire

import (
	"errors"
	"fmt"
	"testing"
)

func TestReader(t *testing.T) {
	r := NewReader([]byte{1, 2, 3, 2, 0xaa, 0xbb, 9})
	if v := r.U8("a"); v != 1 {
		t.Errorf("U8 = %d", v)
	}
	if v := r.U16("b"); v != 0x0203 {
		t.Errorf("U16 = %#x", v)
	}
	if v := r.LV("c"); len(v) != 2 || v[1] != 0xbb {
		t.Errorf("LV = %x", v)
	}
	if v, ok := r.Peek(); !ok || v != 9 || r.Len() != 1 || r.Offset() != 6 {
		t.Errorf("Peek = %d, %v; Len %d, Offset %d", v, ok, r.Len(), r.Offset())
	}
	if v := r.U32("d"); v != 0 {
		t.Errorf("U32 past the end = %d", v)
	}
	var de *DecodeError
	if err := r.Err(); !errors.As(err, &de) || de.Path != "d" || de.Offset != 6 || !errors.Is(err, ErrShort) {
		t.Errorf("Err = %v", r.Err())
	}
	// After a failure everything is zero and the first failure stays.
	if r.U8("e") != 0 || r.Octets("f", 1) != nil || r.Rest() != nil || r.Len() != 0 || r.OK() {
		t.Error("reads on after a failure")
	}
	if errors.As(r.Err(), &de); de.Path != "d" {
		t.Errorf("first failure replaced by %v", r.Err())
	}
}

func TestReaderLimits(t *testing.T) {
	for _, n := range []int{-1, 3, 1 << 62} {
		r := NewReader([]byte{1, 2})
		if r.Octets("x", n) != nil || r.OK() {
			t.Errorf("Octets(%d) of two octets succeeds", n)
		}
	}
	r := NewReader([]byte{200, 1})
	if r.LV("x") != nil {
		t.Error("LV longer than the input succeeds")
	}
	if err := r.Err(); err == nil || err.Error() != "x at octet 0: message ends early" {
		t.Errorf("error = %v", err)
	}
}

func TestBits(t *testing.T) {
	r := NewBitReader([]byte{0b1010_0111, 0xff, 0x00})
	if v := r.Bits("a", 3); v != 0b101 {
		t.Errorf("Bits = %b", v)
	}
	if v := r.Bits("b", 7); v != 0b0011111 {
		t.Errorf("Bits = %b", v)
	}
	if r.Pos() != 10 || r.Len() != 14 {
		t.Errorf("Pos %d, Len %d", r.Pos(), r.Len())
	}
	r.Skip("c", 13)
	if r.Flag("d") || !r.OK() {
		t.Error("last bit")
	}
	r.Flag("e")
	if err := r.Err(); err == nil || err.Error() != "e at octet 3: message ends early" {
		t.Errorf("error = %v", err)
	}
	r = NewBitReader([]byte{1})
	r.Skip("a", 5)
	r.Bits("b", 9)
	if err := r.Err(); err == nil || err.Error() != "b at octet 0 bit 5: message ends early" {
		t.Errorf("error = %v", err)
	}
}

// TestLH: L is the padding 0x2b, H its inverse, and what lies behind the end is
// padding.
func TestLH(t *testing.T) {
	r := NewBitReader([]byte{0x2b, 0x2b ^ 0xff})
	for i := range 8 {
		if r.LH() {
			t.Errorf("bit %d of the padding is H", i)
		}
	}
	for i := range 8 {
		if !r.LH() {
			t.Errorf("bit %d of the inverse is L", i)
		}
	}
	if r.LH() || !r.OK() {
		t.Error("past the end is not L")
	}
}

func TestWithin(t *testing.T) {
	if Within(nil, "x", 3) != nil {
		t.Error("nil becomes an error")
	}
	other := fmt.Errorf("other")
	if Within(other, "x", 3) != other {
		t.Error("a foreign error is changed")
	}
	inner := &DecodeError{Path: "MCC", Offset: 2, Bit: 4, Err: ErrInvalid}
	err := Within(inner, "LAI", 5)
	if err.Error() != "LAI.MCC at octet 7 bit 4: value not allowed here" || !errors.Is(err, ErrInvalid) {
		t.Errorf("Within = %v", err)
	}
	if inner.Offset != 2 {
		t.Error("the inner error is changed")
	}
	if got := Within(inner, "", 1).Error(); got != "MCC at octet 3 bit 4: value not allowed here" {
		t.Errorf("without path: %v", got)
	}
}

func FuzzReaders(f *testing.F) {
	f.Add([]byte{1, 2, 3}, []byte{0, 1, 2, 3})
	f.Fuzz(func(t *testing.T, b, script []byte) {
		r, bits := NewReader(b), NewBitReader(b)
		for _, op := range script {
			n := int(op >> 3)
			switch op & 7 {
			case 0:
				r.U8("x")
			case 1:
				r.U16("x")
			case 2:
				r.LV("x")
			case 3:
				r.Octets("x", n)
			case 4:
				bits.Bits("x", n)
			case 5:
				bits.LH()
			case 6:
				bits.Skip("x", n)
			case 7:
				r.U32("x")
			}
		}
		if r.Offset() < 0 || r.Offset() > len(b) || bits.Pos() < 0 || bits.Pos() > 8*len(b) {
			t.Fatalf("position %d, bit %d of %d octets", r.Offset(), bits.Pos(), len(b))
		}
		var de *DecodeError
		for _, err := range []error{r.Err(), bits.Err()} {
			if err != nil && (!errors.As(err, &de) || de.Offset > len(b)) {
				t.Fatalf("error %v outside %d octets", err, len(b))
			}
		}
	})
}
