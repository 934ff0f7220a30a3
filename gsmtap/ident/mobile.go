package ident

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// IdentityType says what a mobile identity is (TS 24.008 §10.5.1.4, the type of
// identity; TS 24.008 §10.5.5.9 uses the same numbers in requests).
type IdentityType uint8

// Types of mobile identity.
const (
	NoIdentity IdentityType = 0
	IMSI       IdentityType = 1
	IMEI       IdentityType = 2
	IMEISV     IdentityType = 3
	TMSI       IdentityType = 4 // also P-TMSI and M-TMSI
	TMGI       IdentityType = 5
)

// String names the type as the specification does.
func (t IdentityType) String() string {
	switch t {
	case NoIdentity:
		return "No Identity"
	case IMSI:
		return "IMSI"
	case IMEI:
		return "IMEI"
	case IMEISV:
		return "IMEISV"
	case TMSI:
		return "TMSI"
	case TMGI:
		return "TMGI"
	}
	return fmt.Sprintf("reserved (%d)", uint8(t))
}

// MarshalText writes the type's name.
func (t IdentityType) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// maxDigits is the longest identity in digits: an IMEISV has 16 (TS 23.003 §6.2.2).
const maxDigits = 16

// MobileIdentity is an identity of a subscriber or a phone. It is a value, usable
// as a map key, and holds personal data: print it through Pseudonyms.
type MobileIdentity struct {
	// Type says which of the other fields count.
	Type IdentityType
	// Value is the TMSI.
	Value  uint32
	digits [maxDigits / 2]byte
	n      uint8
}

// TMSIIdentity returns the identity of a TMSI.
func TMSIIdentity(v uint32) MobileIdentity { return MobileIdentity{Type: TMSI, Value: v} }

// Digits returns the decimal digits of an IMSI, IMEI or IMEISV, else "".
func (m MobileIdentity) Digits() string {
	b := make([]byte, m.n)
	for i := range b {
		b[i] = '0' + m.digits[i/2]>>(4*(i&1))&15
	}
	return string(b)
}

// MCC returns the country code of an IMSI, or -1.
func (m MobileIdentity) MCC() int {
	if m.Type != IMSI || m.n < 3 {
		return -1
	}
	d := func(i int) int { return int(m.digits[i/2] >> (4 * (i & 1)) & 15) }
	return d(0)*100 + d(1)*10 + d(2)
}

// OfNetwork reports whether an IMSI belongs to a subscriber of p; false for every
// other type.
func (m MobileIdentity) OfNetwork(p PLMN) bool {
	if m.Type != IMSI || !p.Known() || int(m.n) < 3+int(p.MNCDigits) || m.MCC() != int(p.MCC) {
		return false
	}
	v := 0
	for i := 3; i < 3+int(p.MNCDigits); i++ {
		v = v*10 + int(m.digits[i/2]>>(4*(i&1))&15)
	}
	return v == int(p.MNC)
}

// Present reports whether m holds an identity.
func (m MobileIdentity) Present() bool { return m.Type != NoIdentity }

// DecodeMobileIdentity reads the value part of the Mobile Identity element (TS
// 24.008 §10.5.1.4): from the octet with the type of identity. An empty value and
// the type "no identity" give the zero identity and no error.
func DecodeMobileIdentity(b []byte) (MobileIdentity, error) {
	fail := func(off int, err error) (MobileIdentity, error) {
		return MobileIdentity{}, &wire.DecodeError{Path: "Mobile Identity", Offset: off, Err: err}
	}
	if len(b) == 0 {
		return MobileIdentity{}, nil
	}
	m := MobileIdentity{Type: IdentityType(b[0] & 7)}
	switch m.Type {
	case NoIdentity:
		return MobileIdentity{}, nil
	case TMSI:
		if len(b) < 5 {
			return fail(len(b), wire.ErrShort)
		}
		m.Value = uint32(b[1])<<24 | uint32(b[2])<<16 | uint32(b[3])<<8 | uint32(b[4])
		return m, nil
	case IMSI, IMEI, IMEISV:
	default: // TMGI and reserved types: the type is kept, the value is not read
		return m, nil
	}
	count := 2*len(b) - 1
	if b[0]&8 == 0 { // even number of digits: the last half octet is filler
		count--
	}
	if count > maxDigits {
		return fail(0, wire.ErrLength)
	}
	for i := range count {
		half := i + 1 // half octets, the first holds the type
		d := b[half/2]
		if half&1 == 1 {
			d >>= 4
		}
		if d &= 15; d > 9 {
			return fail(half/2, wire.ErrInvalid)
		}
		m.digits[i/2] |= d << (4 * (i & 1))
	}
	m.n = uint8(count)
	return m, nil
}

// AppendMobileIdentity appends the value part that DecodeMobileIdentity reads.
func AppendMobileIdentity(b []byte, m MobileIdentity) []byte {
	switch m.Type {
	case NoIdentity:
		return append(b, 0xf0)
	case TMSI:
		return append(b, 0xf4, uint8(m.Value>>24), uint8(m.Value>>16), uint8(m.Value>>8), uint8(m.Value))
	}
	d := func(i int) uint8 {
		if i >= int(m.n) {
			return 15
		}
		return m.digits[i/2] >> (4 * (i & 1)) & 15
	}
	first := d(0)<<4 | uint8(m.Type)
	if m.n&1 == 1 {
		first |= 8
	}
	b = append(b, first)
	for i := 1; i < int(m.n); i += 2 {
		b = append(b, d(i+1)<<4|d(i))
	}
	return b
}

// ParseDigits returns the identity of type t with the given decimal digits.
func ParseDigits(t IdentityType, s string) (MobileIdentity, bool) {
	if len(s) == 0 || len(s) > maxDigits {
		return MobileIdentity{}, false
	}
	m := MobileIdentity{Type: t, n: uint8(len(s))}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return MobileIdentity{}, false
		}
		m.digits[i/2] |= (s[i] - '0') << (4 * (i & 1))
	}
	return m, true
}
