package sms

import (
	"github.com/warthog618/sms/encoding/gsm7"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/coding"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Elements of the user data header (TS 23.040 §9.2.3.24).
const (
	ieConcatenation8  = 0x00
	ieIndication      = 0x01
	iePort8           = 0x04
	iePort16          = 0x05
	ieConcatenation16 = 0x08
	ieSingleShift     = 0x24
	ieLockingShift    = 0x25
)

// maxElements bounds the elements of a header that are recorded by their number.
const maxElements = 8

// UserDataHeader is TP-UDH (TS 23.040 §9.2.3.24). Elements of the wrong length are
// recorded like unknown ones.
type UserDataHeader struct {
	// Present is TP-UDHI.
	Present bool
	// Length is its length in octets without the octet that says so.
	Length uint8
	// HasConcatenation: the message is part Sequence of Total with the same Reference
	// (§9.2.3.24.1, §9.2.3.24.8).
	HasConcatenation bool
	Concatenation    Concatenation
	// HasPorts: the message is for the application at DestinationPort (§9.2.3.24.3,
	// §9.2.3.24.4).
	HasPorts bool
	Ports    Ports
	// HasIndication: Special SMS Message Indication (§9.2.3.24.2), the octets Indication,
	// with bit 8 set if the message is to be stored, and Count, of waiting messages.
	HasIndication bool
	Indication    Indication
	// LockingShift and SingleShift number the national tables of characters, 0 for the
	// default (§9.2.3.24.15, §9.2.3.24.16).
	LockingShift, SingleShift uint8
	// IEI are the numbers of the first elements that are none of those above.
	IEI      [maxElements]uint8
	IEICount int
}

// Concatenation says which part of a long message a message is.
type Concatenation struct {
	Reference uint16
	// Total is the number of parts, Sequence the number of this one, from 1.
	Total, Sequence uint8
}

// valid reports whether a receiver may put parts together by it (TS 23.040 §9.2.3.24.1).
func (c Concatenation) valid() bool { return c.Total > 0 && c.Sequence > 0 && c.Sequence <= c.Total }

// Ports are application ports.
type Ports struct{ Destination, Originator uint16 }

// Indication is the content of a Special SMS Message Indication.
type Indication struct{ Type, Count uint8 }

// UserData is TP-UD with its length (TS 23.040 §9.2.3.16, §9.2.3.24).
type UserData struct {
	// Length is TP-UDL: septets in the 7-bit alphabets, else octets, header included.
	Length uint8
	Header UserDataHeader
	// Text is the text of this message, Data its octets where it is none.
	Text ident.Text
	Data []byte
	// HasWhole: this is the part of a long message that was missing last; Whole is all its
	// text.
	HasWhole bool
	Whole    ident.Text
}

// Said returns the text to read: of a long message the whole where it is known.
func (u *UserData) Said() ident.Text {
	if u.HasWhole {
		return u.Whole
	}
	return u.Text
}

// body is what a text is decoded from: septets or octets.
type body struct {
	alphabet        coding.Alphabet
	locking, single uint8
	octets          []byte
}

func (b *body) text() ident.Text {
	switch b.alphabet {
	case coding.GSM7:
		return ident.Text(septets(b.octets, b.locking, b.single))
	case coding.UCS2:
		return ident.Text(characters(b.octets))
	}
	return ""
}

// decode reads TP-UDL and TP-UD. It returns what the text was decoded from.
func (u *UserData) decode(r *wire.Reader, dcs DCS, udhi bool) body {
	at := r.Offset()
	u.Length = r.U8("TP-User-Data-Length")
	if !r.OK() {
		return body{}
	}
	n, alphabet := int(u.Length), dcs.Alphabet()
	if alphabet == coding.GSM7 && !dcs.Compressed() {
		n = (7*n + 7) / 8
	}
	off := r.Offset()
	ud := r.Octets("TP-User-Data", min(n, r.Len()))
	switch {
	case len(ud) < n:
		r.Fail("TP-User-Data", at, wire.ErrShort)
	case r.Len() > 0:
		r.Fail("TP-User-Data", r.Offset(), wire.ErrLength)
	}
	header := 0
	if udhi {
		header = u.Header.decode(r, ud, off)
	}
	if dcs.Compressed() || alphabet == coding.Octets {
		u.Data = ud[header:]
		return body{alphabet: coding.Octets}
	}
	b := body{alphabet: alphabet, locking: u.Header.LockingShift, single: u.Header.SingleShift, octets: ud[header:]}
	if alphabet == coding.GSM7 {
		before := (8*header + 6) / 7 // septets that the header takes
		if len(b.octets) > 0 {
			b.octets = gsm7.Unpack7Bit(b.octets, 7*before-8*header)
		}
		b.octets = b.octets[:min(len(b.octets), max(0, int(u.Length)-before))]
	}
	u.Text = b.text()
	return b
}

// decode reads the header at the beginning of ud, which is at octet off, and returns its
// whole length.
func (h *UserDataHeader) decode(r *wire.Reader, ud []byte, off int) int {
	h.Present = true
	if len(ud) == 0 {
		r.Fail("TP-User-Data-Header", off, wire.ErrShort)
		return 0
	}
	h.Length = ud[0]
	n := 1 + int(h.Length)
	if n > len(ud) {
		r.Fail("TP-User-Data-Header", off, wire.ErrLength)
		n = len(ud)
	}
	for b := ud[1:n]; len(b) > 0; {
		if len(b) < 2 || 2+int(b[1]) > len(b) {
			r.Fail("TP-User-Data-Header", off+n-len(b), wire.ErrShort)
			break
		}
		h.element(b[0], b[2:2+int(b[1])])
		b = b[2+int(b[1]):]
	}
	return n
}

// element takes an element; of a repeated one the last counts (TS 23.040 §9.2.3.24).
func (h *UserDataHeader) element(iei uint8, v []byte) {
	switch {
	case iei == ieConcatenation8 && len(v) == 3:
		h.Concatenation, h.HasConcatenation = Concatenation{uint16(v[0]), v[1], v[2]}, true
	case iei == ieConcatenation16 && len(v) == 4:
		h.Concatenation, h.HasConcatenation = Concatenation{uint16(v[0])<<8 | uint16(v[1]), v[2], v[3]}, true
	case iei == iePort8 && len(v) == 2:
		h.Ports, h.HasPorts = Ports{uint16(v[0]), uint16(v[1])}, true
	case iei == iePort16 && len(v) == 4:
		h.Ports, h.HasPorts = Ports{uint16(v[0])<<8 | uint16(v[1]), uint16(v[2])<<8 | uint16(v[3])}, true
	case iei == ieIndication && len(v) == 2:
		h.Indication, h.HasIndication = Indication{v[0], v[1]}, true
	case iei == ieSingleShift && len(v) == 1:
		h.SingleShift = v[0]
	case iei == ieLockingShift && len(v) == 1:
		h.LockingShift = v[0]
	default:
		if h.IEICount < len(h.IEI) {
			h.IEI[h.IEICount] = iei
		}
		h.IEICount++
	}
}

// Bounds of the parts kept: a cell has some dozens of channels; the oldest message goes.
const maxLong = 64

// Assembler puts long messages together (TS 23.040 §9.2.3.24.1). The zero value is ready.
type Assembler struct {
	// Evicted counts messages dropped to make room.
	Evicted int
	long    []*longMessage // oldest first
}

type longKey struct {
	channel   uint64
	sender    ident.Address
	reference uint16
	total     uint8
	up        bool
}

type longMessage struct {
	key   longKey
	parts []body // by sequence, from 0; octets nil where missing
	have  int
}

// push adds a part and returns the whole text if it was the last that was missing. A part
// that was there already changes nothing; another one in its place begins anew.
func (a *Assembler) push(key longKey, sequence uint8, b body) (whole ident.Text, ok bool) {
	i := 0
	for i < len(a.long) && a.long[i].key != key {
		i++
	}
	if i == len(a.long) {
		if i >= maxLong {
			a.Evicted++
			a.long = append(a.long[:0], a.long[1:]...)
			i--
		}
		a.long = append(a.long, &longMessage{key: key})
	}
	m := a.long[i]
	for len(m.parts) < int(sequence) {
		m.parts = append(m.parts, body{})
	}
	b.octets = append(make([]byte, 0, len(b.octets)), b.octets...)
	switch p := &m.parts[sequence-1]; {
	case p.octets == nil:
		*p = b
		m.have++
	case string(p.octets) != string(b.octets):
		clear(m.parts)
		*p, m.have = b, 1
	}
	if m.have < int(key.total) {
		return "", false
	}
	a.long = append(a.long[:i], a.long[i+1:]...)
	// Parts of one alphabet are joined before they are decoded: a character may be split.
	for n := 0; n < len(m.parts); {
		run := m.parts[n]
		for n++; n < len(m.parts); n++ {
			p := &m.parts[n]
			if p.alphabet != run.alphabet || p.locking != run.locking || p.single != run.single {
				break
			}
			run.octets = append(run.octets, p.octets...)
		}
		whole += run.text()
	}
	return whole, true
}
