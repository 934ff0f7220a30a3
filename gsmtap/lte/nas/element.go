package nas

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// MaxOther is how many elements of one message are kept undecoded. No message of TS
// 24.301 has more than 42 optional elements.
const MaxOther = 48

// IE is an information element that is kept and not decoded.
type IE struct {
	// IEI is the information element identifier; of a type 1 element, whose value is
	// half an octet, the upper half octet.
	IEI uint8
	// Name is the element's name in the message's table, empty if that has no such
	// element.
	Name string
	// Octets is the value; of a type 1 element the octet with identifier and value.
	Octets []byte
}

// ComprehensionRequired reports whether a receiver that does not know the element
// must reject the message (TS 24.007 §11.2.4): bits 8 to 5 of the identifier are 0.
func (e IE) ComprehensionRequired() bool { return e.IEI < 0x10 }

// Elements are what a message holds beyond its fields.
type Elements struct {
	// Other are the optional elements that are not decoded: known ones of no concern,
	// unknown ones, repetitions, and ones too short for their content.
	Other []IE
	// Dropped is the number of elements beyond MaxOther, of which nothing is kept.
	Dropped int
	// Extraneous is the number of octets at the end that are no whole element, or
	// padding with zeros. They are no error: tools that log inside a phone leave octets
	// of their own there.
	Extraneous int
}

// Empty reports whether nothing was kept, dropped or left over.
func (e Elements) Empty() bool { return len(e.Other) == 0 && e.Dropped == 0 && e.Extraneous == 0 }

// cleared returns e empty, with its storage.
func (e Elements) cleared() Elements { return Elements{Other: e.Other[:0]} }

func (e *Elements) add(iei uint8, name string, v []byte) {
	if len(e.Other) >= MaxOther {
		e.Dropped++
		return
	}
	e.Other = append(e.Other, IE{iei, name, v})
}

// format is how an element is coded (TS 24.007 §11.2.1.1).
type format uint8

const (
	half  format = iota // type 1: identifier and value share an octet
	fixed               // type 3: identifier and a value of min octets
	tlv                 // type 4: identifier, length, value
	tlve                // type 6: identifier, length of two octets, value
)

// element is a row of a message's table of optional elements. min and max count the
// octets of the value.
type element struct {
	iei      uint8
	format   format
	min, max int
	name     string
}

// optional is a message with optional elements.
type optional interface {
	// element takes the element iei with the value v, which stands at octet off and has
	// the length its table row demands; false if it is to be kept undecoded.
	element(p *parser, iei uint8, v []byte, off int) bool
}

// parser reads one message. The Reader's error stops it; a defect inside an element
// of known length does not (TS 24.301 §7.7).
type parser struct {
	wire.Reader
	b   []byte
	dir Direction
	err *wire.DecodeError
	// odd: the message holds something that its specification does not have.
	odd bool
	// container is the parser for a message inside the message.
	container *parser
}

func (p *parser) reset(b []byte, dir Direction) {
	*p = parser{Reader: wire.NewReader(b), b: b, dir: dir}
}

// defect records what is wrong inside an element at octet off.
func (p *parser) defect(field string, off int, err error) {
	if p.err == nil {
		p.err = &wire.DecodeError{Path: field, Offset: off, Err: err}
	}
}

// within records the error of a part that starts at octet off.
func (p *parser) within(field string, off int, err error) {
	if err == nil || p.err != nil {
		return
	}
	if d, ok := wire.Within(err, field, off).(*wire.DecodeError); ok {
		p.err = d
	}
}

// result is the first error of the message.
func (p *parser) result() error {
	if p.err != nil {
		return p.err
	}
	return p.Err()
}

// begin passes over protocol discriminator and message type of an EMM message.
func (p *parser) begin() EMMType {
	p.U8("Protocol Discriminator")
	return EMMType(p.U8("Message type"))
}

// lv reads a length and a value of min to max octets. A shorter value is a defect
// and not returned.
func (p *parser) lv(field string, min, max int) (v []byte, off int) {
	off = p.Offset()
	return p.bounded(field, p.LV(field), off+1, min, max)
}

// lve is lv with a length of two octets.
func (p *parser) lve(field string, min, max int) (v []byte, off int) {
	off = p.Offset()
	return p.bounded(field, p.octets16(field), off+2, min, max)
}

func (p *parser) bounded(field string, v []byte, off, min, max int) ([]byte, int) {
	if p.OK() && len(v) < min {
		p.defect(field, off, wire.ErrLength)
		return nil, off
	}
	p.odd = p.odd || len(v) > max
	return v, off
}

// octets16 reads a length of two octets and that many octets.
func (p *parser) octets16(field string) []byte {
	off := p.Offset()
	n := int(p.U16(field))
	if p.OK() && n > p.Len() {
		p.Fail(field, off, wire.ErrShort)
	}
	return p.Octets(field, n)
}

// elements reads the optional elements to the end: those that m takes go into its
// fields, all others into rest.
func (p *parser) elements(table []element, m optional, rest *Elements) {
	var seen uint64
	for p.Len() > 0 {
		start := p.Offset()
		iei := p.U8("IEI")
		row := lookup(table, iei)
		if row < 0 {
			p.unknown(rest, iei, start)
			continue
		}
		e := &table[row]
		var v []byte
		switch e.format {
		case half:
			v = p.b[start : start+1 : start+1]
		case fixed:
			v = p.Octets(e.name, e.min)
		case tlv:
			v = p.LV(e.name)
		case tlve:
			v = p.octets16(e.name)
		}
		if !p.OK() {
			return
		}
		off := p.Offset() - len(v)
		repeated := seen>>row&1 != 0
		seen |= 1 << row
		p.odd = p.odd || repeated || len(v) > e.max
		switch {
		case repeated:
		case len(v) < e.min:
			p.defect(e.name, off, wire.ErrLength)
		case m.element(p, e.iei, v, off):
			continue
		}
		rest.add(e.iei, e.name, v)
	}
}

// lookup returns the row for an identifier, or -1.
func lookup(table []element, iei uint8) int {
	for i := range table {
		if e := &table[i]; e.iei == iei || e.format == half && e.iei == iei&0xf0 {
			return i
		}
	}
	return -1
}

// unknown passes over an element that the table does not have (TS 24.007 §11.2.4):
// with bit 8 set it is this octet, with bits 7 to 4 set it has a length of two
// octets, any other a length of one.
func (p *parser) unknown(rest *Elements, iei uint8, start int) {
	p.odd = true
	left := p.b[start+1:]
	n, head := 0, 0
	switch {
	case iei&0x80 != 0:
		rest.add(iei&0xf0, "", p.b[start:start+1:start+1])
		return
	case iei == 0 && zero(left):
		head = len(left) + 1
	case iei >= 0x78:
		if head = 2; len(left) >= head {
			n = int(left[0])<<8 | int(left[1])
		}
	default:
		if head = 1; len(left) >= head {
			n = int(left[0])
		}
	}
	if head > len(left) || n > len(left)-head {
		rest.Extraneous = 1 + len(left)
		p.Rest()
		return
	}
	p.Octets("length", head)
	rest.add(iei, "", p.Octets("unknown element", n))
}

func zero(b []byte) bool {
	for _, v := range b {
		if v != 0 {
			return false
		}
	}
	return true
}

// none takes the elements of a message that has none.
type none struct{}

func (none) element(*parser, uint8, []byte, int) bool { return false }
