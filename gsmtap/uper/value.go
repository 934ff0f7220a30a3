package uper

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Value is one value of a decoded message: a handle, to be passed by value. The zero
// Value, and one of an earlier message, is absent: every method of it returns zero, so
// that v.Field("a").Field("b").Int() needs no checks.
type Value struct {
	d   *Decoder
	i   int32
	gen uint32
}

// node returns the node of v, or nil.
func (v Value) node() *node {
	if v.d == nil || v.gen != v.d.gen || int(v.i) >= len(v.d.nodes) {
		return nil
	}
	return &v.d.nodes[v.i]
}

func (v Value) at(i int32) Value { return Value{d: v.d, i: i, gen: v.gen} }

// kind returns the kind of n; what the schema does not have is an OpenType.
func (d *Decoder) kind(n *node) Kind {
	if n.typ < 0 {
		return OpenType
	}
	return d.p.types[n.typ].kind
}

// parent reports whether the nodes after n are its children.
func (d *Decoder) parent(n *node) bool {
	k := d.kind(n)
	return k == Sequence || k == SequenceOf || k == Choice
}

// name returns the name of the component that n is.
func (d *Decoder) name(n *node) string {
	if n.comp < 0 {
		return ""
	}
	return d.p.comps[n.comp].name
}

// Present reports whether v is there.
func (v Value) Present() bool { return v.node() != nil }

// Name returns the name of the component or alternative as ASN.1 writes it
// ("cellAccessRelatedInfo"); "" for a message, a list element and an addition that the
// schema does not have.
func (v Value) Name() string {
	n := v.node()
	if n == nil {
		return ""
	}
	return v.d.name(n)
}

// TypeName returns the type's reference ("SystemInformationBlockType1"), or "" for a
// type written in place.
func (v Value) TypeName() string {
	n := v.node()
	if n == nil || n.typ < 0 {
		return ""
	}
	return v.d.p.schema.Types[n.typ].Name
}

// Kind returns the kind of the value's type: OpenType for an addition or alternative
// that the schema does not have.
func (v Value) Kind() Kind {
	n := v.node()
	if n == nil {
		return Boolean
	}
	return v.d.kind(n)
}

// Field returns the SEQUENCE's component of that name, whether in the root, an addition
// or a group, or the CHOICE's alternative if it is the one taken.
func (v Value) Field(name string) Value {
	n := v.node()
	if n == nil || !v.d.parent(n) {
		return Value{}
	}
	nodes, comps := v.d.nodes, v.d.p.comps
	for i := v.i + 1; i < n.end; i = nodes[i].end {
		if c := nodes[i].comp; c >= 0 && comps[c].name == name {
			return v.at(i)
		}
	}
	return Value{}
}

// Chosen returns the alternative that a CHOICE takes.
func (v Value) Chosen() Value {
	n := v.node()
	if n == nil || v.d.kind(n) != Choice {
		return Value{}
	}
	return v.First()
}

// First returns the first child: component, element or alternative.
func (v Value) First() Value {
	n := v.node()
	if n == nil || n.aux == 0 || !v.d.parent(n) {
		return Value{}
	}
	return v.at(v.i + 1)
}

// Next returns the child after v of the same parent.
func (v Value) Next() Value {
	n := v.node()
	if n == nil || n.depth == 0 || int(n.end) >= len(v.d.nodes) || v.d.nodes[n.end].depth != n.depth {
		return Value{}
	}
	return v.at(n.end)
}

// Len returns the number of children.
func (v Value) Len() int {
	n := v.node()
	if n == nil || !v.d.parent(n) {
		return 0
	}
	return int(n.aux)
}

// At returns child i, counted from 0. It walks over those before; First and Next are
// quicker for all of a long list.
func (v Value) At(i int) Value {
	if i < 0 || i >= v.Len() {
		return Value{}
	}
	c := v.First()
	for range i {
		c = c.Next()
	}
	return c
}

// Int returns the value of an INTEGER, the index of an ENUMERATED, whose additions
// count on after the root, or 0 and 1 for a BOOLEAN.
func (v Value) Int() int64 {
	n := v.node()
	if n == nil {
		return 0
	}
	switch v.d.kind(n) {
	case Integer, Enumerated, Boolean:
		return int64(n.val)
	}
	return 0
}

// Bool returns the value of a BOOLEAN.
func (v Value) Bool() bool { return v.Kind() == Boolean && v.Int() != 0 }

// Text returns the name of an ENUMERATED value, "" if the schema does not have it, or
// the characters of a character string, made new.
func (v Value) Text() string {
	n := v.node()
	if n == nil {
		return ""
	}
	switch v.d.kind(n) {
	case Enumerated:
		t := &v.d.p.schema.Types[n.typ]
		i := n.val
		if i < uint64(len(t.Names)) {
			return t.Names[i]
		}
		if i -= uint64(len(t.Names)); i < uint64(len(t.MoreNames)) {
			return t.MoreNames[i]
		}
	case CharacterString:
		pos, bits := n.content()
		unit := int(v.d.p.types[n.typ].unit)
		var s strings.Builder
		for ; bits >= unit; bits -= unit {
			s.WriteByte(byte(v.d.peek(pos, unit)))
			pos += unit
		}
		return strings.ToValidUTF8(s.String(), string(utf8.RuneError))
	}
	return ""
}

// content returns where a string's content lies in the arena.
func (n *node) content() (pos, bits int) { return int(n.val >> 32), int(uint32(n.val)) }

// strung returns the node of v if it has octets, else nil.
func (v Value) strung() *node {
	n := v.node()
	if n == nil {
		return nil
	}
	switch v.d.kind(n) {
	case BitString, OctetString, OpenType:
		return n
	}
	return nil
}

// Uint returns a BIT STRING or OCTET STRING of up to 64 bits as a number, its first
// bit the most significant; 0 if it is longer.
func (v Value) Uint() uint64 {
	n := v.strung()
	if n == nil {
		return 0
	}
	pos, bits := n.content()
	switch {
	case bits > 64:
		return 0
	case bits > 32:
		return v.d.peek(pos, bits-32)<<32 | v.d.peek(pos+bits-32, 32)
	}
	return v.d.peek(pos, bits)
}

// BitLen returns the length of a BIT STRING, an OCTET STRING or an open type's content
// in bits.
func (v Value) BitLen() int {
	n := v.strung()
	if n == nil {
		return 0
	}
	_, bits := n.content()
	return bits
}

// Octets returns the content of an OCTET STRING or open type, or a BIT STRING from its
// first octet's most significant bit on, filled up with zeros. It is valid as long as
// v and must not be changed.
func (v Value) Octets() []byte {
	n := v.strung()
	if n == nil {
		return nil
	}
	d := v.d
	pos, bits := n.content()
	if pos&7 == 0 && bits&7 == 0 {
		return d.arena[pos>>3 : (pos+bits)>>3 : (pos+bits)>>3]
	}
	if n.aux == 0 {
		n.aux = int32(len(d.shifted)) + 1
		d.shifted = appendBits(d.shifted, d.arena, pos, bits)
	}
	from := int(n.aux) - 1
	to := from + (bits+7)>>3
	return d.shifted[from:to:to]
}

// Contained returns the decoded content of a string whose type is CONTAINING another,
// as far as it could be decoded.
func (v Value) Contained() Value {
	n := v.node()
	if n == nil || n.flags&flagContained == 0 {
		return Value{}
	}
	return v.at(v.i + 1)
}

// ContainedErr returns why the content of a string could not be decoded to its end, a
// *wire.DecodeError whose offset counts from the start of the outermost message, or
// nil.
func (v Value) ContainedErr() error {
	n := v.node()
	if n == nil || n.flags&flagFault == 0 {
		return nil
	}
	f := v.d.faults
	i := sort.Search(len(f), func(i int) bool { return f[i].node >= v.i })
	return f[i].err
}

// Offset returns the value's first bit, counted from the start of the outermost
// message; that of a preamble or length if the type has one.
func (v Value) Offset() int {
	n := v.node()
	if n == nil {
		return 0
	}
	return v.d.origin(int(n.pos))
}

// Bits returns the length of the value's encoding in bits; of a value that failed, of
// what was decoded.
func (v Value) Bits() int {
	n := v.node()
	if n == nil {
		return 0
	}
	return int(n.bits)
}
