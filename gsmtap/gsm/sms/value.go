package sms

import (
	"strconv"
	"time"

	"github.com/warthog618/sms/encoding/gsm7"
	"github.com/warthog618/sms/encoding/ucs2"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/coding"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// PID is TP-Protocol-Identifier (TS 23.040 §9.2.3.9).
type PID uint8

// PIDType0 is of a message that the phone acknowledges and shows nobody.
const PIDType0 PID = 0x40

// String names the protocol.
func (p PID) String() string {
	switch {
	case p == 0:
		return "Default store and forward short message"
	case p < 0x20:
		return "SME-to-SME protocol"
	case p < 0x40:
		return "Telematic interworking"
	case p == PIDType0:
		return "Short Message Type 0"
	case p >= 0x41 && p <= 0x47:
		return "Replace Short Message Type " + strconv.Itoa(int(p&7))
	case p == 0x48:
		return "Device Triggering Short Message"
	case p == 0x5e:
		return "Enhanced Message Service (Obsolete)"
	case p == 0x5f:
		return "Return Call Message"
	case p == 0x7c:
		return "ANSI-136 R-DATA"
	case p == 0x7d:
		return "ME Data download"
	case p == 0x7e:
		return "ME De-personalization Short Message"
	case p == 0x7f:
		return "(U)SIM Data download"
	case p >= 0xc0:
		return "SC specific use"
	}
	return "Reserved"
}

// ToSIM reports whether the message is for the SIM card or the software of the phone,
// not for a person.
func (p PID) ToSIM() bool { return p >= 0x7c && p <= 0x7f }

// DCS is TP-Data-Coding-Scheme (TS 23.038 §4).
type DCS uint8

// Groups of the upper half octet.
const (
	dcsDiscard   = 0xc // waiting indication, discard the message
	dcsStore     = 0xd
	dcsStoreUCS2 = 0xe
	dcsClass     = 0xf
)

func (d DCS) general() bool { return d < 0x80 }

// Alphabet returns the alphabet; reserved schemes are taken for GSM 7 bit.
func (d DCS) Alphabet() coding.Alphabet {
	switch {
	case d.general():
		if a := coding.Alphabet(d >> 2 & 3); a <= coding.UCS2 {
			return a
		}
	case d>>4 == dcsStoreUCS2:
		return coding.UCS2
	case d>>4 == dcsClass && d&4 != 0:
		return coding.Octets
	}
	return coding.GSM7
}

// Compressed reports whether the text is compressed by TS 23.042.
func (d DCS) Compressed() bool { return d.general() && d&0x20 != 0 }

// Class returns the message class, 0 to 3; ok is false if the scheme has none. Class 0
// goes to the screen at once.
func (d DCS) Class() (class uint8, ok bool) {
	return uint8(d & 3), d.general() && d&0x10 != 0 || d>>4 == dcsClass
}

// Discard reports whether the message only sets a waiting indication and is thrown away.
func (d DCS) Discard() bool { return d>>4 == dcsDiscard }

// Waiting returns the indication that the message sets or clears: 0 voicemail, 1 fax, 2
// electronic mail, 3 other; ok is false if it is none.
func (d DCS) Waiting() (kind uint8, active, ok bool) {
	ok = d>>4 >= dcsDiscard && d>>4 <= dcsStoreUCS2
	return uint8(d & 3), d&8 != 0, ok
}

// String says what the scheme says.
func (d DCS) String() string {
	s := [...]string{coding.GSM7: "GSM 7 bit", coding.Octets: "8 bit", coding.UCS2: "UCS-2"}[d.Alphabet()]
	if d.Compressed() {
		s += ", compressed"
	}
	if c, ok := d.Class(); ok {
		s += ", class " + strconv.Itoa(int(c))
	}
	if kind, active, ok := d.Waiting(); ok {
		s += [...]string{", voicemail", ", fax", ", electronic mail", ", other message"}[kind]
		if !active {
			s += " no longer"
		}
		s += " waiting"
		if d.Discard() {
			s += ", discard"
		}
	}
	return s
}

// Timestamp is a time with its zone (TS 23.040 §9.2.3.11).
type Timestamp struct {
	// Present is false if a half octet that must be a digit is none, or no such day exists;
	// Time is then zero.
	Present bool
	// Time is in UTC.
	Time time.Time
	// Zone is the offset of local time in quarters of an hour, -79 to 79.
	Zone int8
}

// timestamp reads seven octets.
func timestamp(r *wire.Reader, field string) (t Timestamp) {
	b := r.Octets(field, 7)
	if b == nil {
		return t
	}
	var v [7]int
	for i, o := range b {
		tens, units := int(o&15), int(o>>4)
		if i == 6 {
			tens &= 7
		}
		if tens > 9 || units > 9 {
			return t
		}
		v[i] = 10*tens + units
	}
	if v[6] > 79 {
		return t
	}
	t.Zone = int8(v[6])
	if b[6]&8 != 0 {
		t.Zone = -t.Zone
	}
	at := time.Date(2000+v[0], time.Month(v[1]), v[2], v[3], v[4], v[5], 0, time.UTC)
	if at.Year() != 2000+v[0] || int(at.Month()) != v[1] || at.Day() != v[2] || at.Hour() != v[3] || at.Minute() != v[4] || at.Second() != v[5] {
		return Timestamp{}
	}
	t.Present, t.Time = true, at.Add(-time.Duration(t.Zone)*15*time.Minute)
	return t
}

// address reads an address of a TPDU (TS 23.040 §9.1.2.5).
func address(r *wire.Reader, field string) ident.Address {
	off := r.Offset()
	n := int(r.U8(field)) // in half octets
	toa := r.U8(field)
	b := r.Octets(field, (n+1)/2)
	if !r.OK() {
		return ident.Address{}
	}
	a := ident.Address{TypeOfNumber: ident.TypeOfNumber(toa >> 4 & 7), Plan: ident.NumberingPlan(toa & 15)}
	if n > maxAddress {
		r.Fail(field, off, wire.ErrLength)
	}
	if a.Alphanumeric() {
		s := gsm7.Unpack7Bit(b, 0)
		a.Value = septets(s[:min(len(s), n*4/7)], 0, 0)
		return a
	}
	digits := make([]byte, 0, maxAddress)
	for i := range min(n, maxAddress) {
		v := b[i/2] >> (4 * (i & 1)) & 15
		if v == 15 {
			break
		}
		digits = append(digits, "0123456789*#abc"[v])
	}
	a.Value = string(digits)
	return a
}

// maxAddress is the longest address in half octets (TS 23.040 §9.1.2.5: twelve octets,
// two of them length and type).
const maxAddress = 20

// septets decodes characters of the default alphabet or, if locking or single is not 0,
// of the national tables of those numbers (TS 23.038 §6.2.1.2).
func septets(s []byte, locking, single uint8) string {
	var o []gsm7.DecoderOption
	if locking != 0 {
		o = append(o, gsm7.WithCharset(int(locking)))
	}
	if single != 0 {
		o = append(o, gsm7.WithExtCharset(int(single)))
	}
	t, _ := gsm7.Decode(s, o...) // fails in strict mode only
	return string(t)
}

// characters decodes characters of two octets, and as UTF-16 where surrogates are paired.
func characters(b []byte) string {
	r, _ := ucs2.Decode(b[:len(b)&^1]) // its error says that a surrogate is alone
	return string(r)
}
