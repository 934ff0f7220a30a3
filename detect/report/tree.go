package report

import (
	"encoding/hex"
	"strings"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// Treed is a message that is kept as a tree of ASN.1 values (RRC).
type Treed interface {
	// Value is the message as its module defines it.
	Value() uper.Value
	// Tolerated is what its decoder passed over.
	Tolerated() uper.Rest
}

// treed returns the fields of such a message.
func (w walker) treed(t Treed) Object {
	o, ok := w.tree(t.Value(), 0).(Object)
	if !ok {
		o = Object{}
	}
	r := t.Tolerated()
	var rest Object
	for _, m := range []struct {
		name string
		n    int
	}{
		{"trailingBits", r.TrailingBits}, {"unknownExtensions", r.UnknownExtensions},
		{"unknownBits", r.UnknownBits}, {"spareBranches", r.SpareBranches},
	} {
		if m.n > 0 {
			rest = append(rest, Member{m.name, int64(m.n)})
		}
	}
	if r.NonZeroPadding {
		rest = append(rest, Member{"nonZeroPadding", true})
	}
	if rest != nil {
		o = append(o, Member{"notDecoded", rest})
	}
	return o
}

// tree writes an ASN.1 value: a SEQUENCE as an object of what is there, a CHOICE as an
// object of one member, an ENUMERATED by its name, a BIT STRING in binary. What can
// identify a person goes through names: identities by their type, positions and other
// octets by their number.
func (w walker) tree(v uper.Value, depth int) any {
	if depth > maxTreeDepth {
		return "…"
	}
	if id, ok := w.identity(v); ok {
		return id
	}
	switch v.Kind() {
	case uper.Boolean:
		return v.Bool()
	case uper.Integer:
		return v.Int()
	case uper.Enumerated:
		if s := v.Text(); s != "" {
			return s
		}
		return v.Int() // of a later release
	case uper.BitString:
		return w.bits(v, depth)
	case uper.OctetString, uper.OpenType:
		if c := v.Contained(); c.Present() {
			return w.tree(c, depth+1)
		}
		return w.contents(v)
	case uper.CharacterString:
		return cut(v.Text())
	case uper.Null:
		return true
	case uper.SequenceOf:
		out := make([]any, 0, min(v.Len(), 64))
		for c := v.First(); c.Present(); c = c.Next() {
			out = append(out, w.tree(c, depth+1))
		}
		return out
	}
	out := make(Object, 0, min(v.Len(), 32))
	for c := v.First(); c.Present(); c = c.Next() {
		out = append(out, Member{c.Name(), w.tree(c, depth+1)})
	}
	return out
}

// maxTreeDepth bounds the nesting; the deepest RRC message with its containers stays
// below 60.
const maxTreeDepth = 128

// identity writes values that are an identity of a person. They are told by the names
// that the RRC modules give them.
func (w walker) identity(v uper.Value) (any, bool) {
	if k := v.Kind(); k == uper.SequenceOf || k == uper.BitString {
		switch t, ok := ident.ASN1(v.Name(), v.TypeName(), k == uper.SequenceOf); {
		case ok && k == uper.SequenceOf:
			return w.digits(v, t), true
		case ok:
			return w.names.Mobile(ident.TMSIIdentity(uint32(v.Uint()))), true
		}
	}
	return nil, false
}

func (w walker) digits(v uper.Value, t ident.IdentityType) string {
	var b strings.Builder
	for c := v.First(); c.Present(); c = c.Next() {
		if d := c.Int(); d >= 0 && d <= 9 {
			b.WriteByte('0' + byte(d))
		}
	}
	m, ok := ident.ParseDigits(t, b.String())
	if !ok {
		return t.String() + " (malformed)"
	}
	return w.names.Mobile(m)
}

// longBits is the longest BIT STRING written bit by bit; none that is a parameter of a
// cell is longer.
const longBits = 128

func (w walker) bits(v uper.Value, depth int) any {
	if c := v.Contained(); c.Present() {
		return w.tree(c, depth+1)
	}
	n := v.BitLen()
	if n > longBits {
		return w.contents(v)
	}
	b, out := v.Octets(), make([]byte, n)
	for i := range out {
		out[i] = '0' + b[i/8]>>(7-i%8)&1
	}
	return string(out)
}

// public are the octet strings that a cell broadcasts to everyone.
var public = map[string]bool{
	"warningMessageSegment": true, "warningMessageSegment-r9": true, "warningType": true, "dataCodingScheme": true,
	"dataCodingScheme-r9": true, "warningSecurityInfo": true,
}

func (w walker) contents(v uper.Value) any {
	b := v.Octets()
	if public[v.Name()] {
		return hex.EncodeToString(b)
	}
	if len(b) == 0 {
		return nil
	}
	o := Object{{"octets", int64(len(b))}}
	if w.names.Reveals() {
		o = append(o, Member{"hex", hex.EncodeToString(b)})
	}
	return o
}
