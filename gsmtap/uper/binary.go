package uper

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// magic begins a binary schema; its last octet counts the versions of the notation.
//
// Numbers are variable-length as in encoding/binary. After the magic come the strings,
// sorted: their number, their lengths, their octets; everything after refers to them by
// index. Then the release; the numbers of types, components, additions and enumerated
// values in all; each type; the number of roots, and each root's name and type in the
// order of names.
//
// A type is an octet (kind, 0x10 extensible, 0x20 has a minimum, 0x40 has a maximum), its name
// and what its kind needs; see writeType.
const magic = "UPER\x01"

// Bits of a type's first octet, beside the kind.
const (
	kindMask   = 0x0f
	extensible = 0x10
	minimum    = 0x20
	maximum    = 0x40
)

// AppendBinary appends the schema in its binary form to b. Equal schemas give equal
// octets. An error says what makes the schema invalid.
func (s *Schema) AppendBinary(b []byte) ([]byte, error) {
	if err := check(s); err != nil {
		return b, err
	}
	w := schemaWriter{index: map[string]int{s.Release: 0}}
	for i := range s.Types {
		w.count(&s.Types[i])
	}
	for name := range s.Roots {
		w.index[name] = 0
	}
	names := slices.Sorted(maps.Keys(w.index))
	w.b = append(b, magic...)
	w.uint(len(names))
	for i, name := range names {
		w.index[name] = i
		w.uint(len(name))
	}
	for _, name := range names {
		w.b = append(w.b, name...)
	}
	w.str(s.Release)
	w.uint(len(s.Types))
	w.uint(w.components)
	w.uint(w.additions)
	w.uint(w.values)
	for i := range s.Types {
		w.writeType(&s.Types[i])
	}
	w.uint(len(s.Roots))
	for _, name := range slices.Sorted(maps.Keys(s.Roots)) {
		w.str(name)
		w.uint(int(s.Roots[name]))
	}
	return w.b, nil
}

// schemaWriter appends the parts of a binary schema.
type schemaWriter struct {
	b                             []byte
	index                         map[string]int // of strings
	components, additions, values int
}

func (w *schemaWriter) uint(n int)   { w.b = binary.AppendUvarint(w.b, uint64(n)) }
func (w *schemaWriter) str(s string) { w.uint(w.index[s]) }

// count notes the strings of t and adds up its parts.
func (w *schemaWriter) count(t *Type) {
	w.index[t.Name] = 0
	for _, list := range [...][]string{t.Names, t.MoreNames} {
		w.values += len(list)
		for _, name := range list {
			w.index[name] = 0
		}
	}
	count := func(components []Component) {
		w.components += len(components)
		for _, c := range components {
			w.index[c.Name] = 0
		}
	}
	count(t.Root)
	w.additions += len(t.Additions)
	for _, a := range t.Additions {
		count(a.Components)
	}
}

func (w *schemaWriter) writeType(t *Type) {
	first := byte(t.Kind)
	if t.Extensible {
		first |= extensible
	}
	if t.HasMin {
		first |= minimum
	}
	if t.HasMax {
		first |= maximum
	}
	w.b = append(w.b, first)
	w.str(t.Name)
	if t.HasMin {
		w.b = binary.AppendVarint(w.b, t.Min)
	}
	if t.HasMax {
		w.b = binary.AppendVarint(w.b, t.Max)
	}
	switch t.Kind {
	case CharacterString:
		w.uint(int(t.Bits))
	case BitString, OctetString:
		w.uint(int(t.Contains) + 1)
	case SequenceOf:
		w.uint(int(t.Element))
	case Enumerated:
		w.strs(t.Names)
		w.strs(t.MoreNames)
	case Sequence, Choice:
		w.uint(len(t.Root))
		w.list(t.Root)
		w.uint(len(t.Additions))
		for _, a := range t.Additions {
			n := len(a.Components) << 1
			if a.Group {
				n |= 1
			}
			w.uint(n)
			w.list(a.Components)
		}
	}
}

func (w *schemaWriter) strs(names []string) {
	w.uint(len(names))
	for _, name := range names {
		w.str(name)
	}
}

func (w *schemaWriter) list(components []Component) {
	for _, c := range components {
		w.str(c.Name)
		n := int(c.Type) << 1
		if c.Optional {
			n |= 1
		}
		w.uint(n)
	}
}

// Load reads a schema in its binary form. Its strings share one string's octets, not
// b's. The first defect is a *wire.DecodeError with its offset in b; a defect of the
// schema as a whole is an error that names the type.
func Load(b []byte) (*Schema, error) {
	r := schemaReader{b: b}
	if len(b) > maxSchema {
		return nil, &wire.DecodeError{Path: "schema", Err: wire.ErrUnsupported}
	}
	if len(b) < len(magic) || string(b[:len(magic)]) != magic {
		return nil, &wire.DecodeError{Path: "schema magic", Err: wire.ErrInvalid}
	}
	r.off = len(magic)
	r.readStrings()
	s := &Schema{Release: r.str("release")}
	types := r.total("types", maxTypes)
	r.components = make([]Component, 0, r.total("components", maxItems))
	r.additions = make([]Addition, 0, r.total("additions", maxItems))
	r.values = make([]string, 0, r.total("values", maxItems))
	s.Types = make([]Type, types)
	for i := range s.Types {
		r.readType(&s.Types[i])
		if r.err != nil {
			return nil, r.err
		}
	}
	roots := r.total("roots", maxTypes)
	s.Roots = make(map[string]TypeID, roots)
	last := -1
	for range roots {
		at := r.off
		name := r.uint("root name", len(r.strings)-1)
		if name <= last {
			r.fail("root name", at, wire.ErrInvalid)
		}
		id := r.uint("root type", types-1)
		if r.err != nil {
			return nil, r.err
		}
		last = name
		s.Roots[r.strings[name]] = TypeID(id)
	}
	if r.off != len(b) {
		r.fail("schema end", r.off, wire.ErrLength)
	}
	if r.err != nil {
		return nil, r.err
	}
	if err := check(s); err != nil {
		return nil, err
	}
	return s, nil
}

// schemaReader reads the parts of a binary schema and keeps the first failure; after
// it every getter returns zero.
type schemaReader struct {
	b       []byte
	off     int
	err     error
	strings []string

	// Storage of all types' parts; a capacity, checked against the octets present, is
	// never exceeded.
	components []Component
	additions  []Addition
	values     []string
}

func (r *schemaReader) fail(field string, off int, err error) {
	if r.err == nil {
		r.err = &wire.DecodeError{Path: field, Offset: off, Err: err}
	}
}

// uint returns a number that must not exceed limit.
func (r *schemaReader) uint(field string, limit int) int {
	if r.err != nil {
		return 0
	}
	v, n := binary.Uvarint(r.b[r.off:])
	switch {
	case n == 0:
		r.fail(field, r.off, wire.ErrShort)
		return 0
	case n < 0 || limit < 0 || v > uint64(limit):
		r.fail(field, r.off, wire.ErrInvalid)
		return 0
	}
	r.off += n
	return int(v)
}

// total returns a number of things that have an octet each.
func (r *schemaReader) total(field string, limit int) int {
	at := r.off
	n := r.uint(field, limit)
	if n > len(r.b)-r.off {
		r.fail(field, at, wire.ErrLength)
		return 0
	}
	return n
}

func (r *schemaReader) octet(field string) byte {
	if r.err != nil {
		return 0
	}
	if r.off == len(r.b) {
		r.fail(field, r.off, wire.ErrShort)
		return 0
	}
	r.off++
	return r.b[r.off-1]
}

func (r *schemaReader) int(field string) int64 {
	if r.err != nil {
		return 0
	}
	v, n := binary.Varint(r.b[r.off:])
	if n <= 0 {
		r.fail(field, r.off, wire.ErrInvalid)
		return 0
	}
	r.off += n
	return v
}

func (r *schemaReader) str(field string) string {
	i := r.uint(field, len(r.strings)-1)
	if r.err != nil {
		return ""
	}
	return r.strings[i]
}

func (r *schemaReader) readStrings() {
	lengths := make([]int, r.total("strings", maxItems))
	total := 0
	for i := range lengths {
		lengths[i] = r.uint("string length", maxSchema)
		total += lengths[i]
	}
	if r.err == nil && total > len(r.b)-r.off {
		r.fail("strings", r.off, wire.ErrLength)
	}
	if r.err != nil {
		return
	}
	all := string(r.b[r.off : r.off+total])
	r.strings = make([]string, len(lengths))
	for i, n := range lengths {
		r.strings[i], all = all[:n], all[n:]
		if i > 0 && r.strings[i] <= r.strings[i-1] {
			r.fail("strings", r.off, wire.ErrInvalid)
		}
	}
	r.off += total
}

func (r *schemaReader) readType(t *Type) {
	first := r.octet("kind")
	t.Kind = Kind(first & kindMask)
	t.Extensible = first&extensible != 0
	t.HasMin = first&minimum != 0
	t.HasMax = first&maximum != 0
	t.Element, t.Contains = NoType, NoType
	t.Name = r.str("type name")
	if t.HasMin {
		t.Min = r.int("minimum")
	}
	if t.HasMax {
		t.Max = r.int("maximum")
	}
	switch t.Kind {
	case CharacterString:
		t.Bits = uint8(r.uint("character bits", math.MaxUint8))
	case BitString, OctetString:
		t.Contains = TypeID(r.uint("contained type", maxTypes)) - 1
	case SequenceOf:
		t.Element = TypeID(r.uint("element type", maxTypes-1))
	case Enumerated:
		t.Names = r.names()
		t.MoreNames = r.names()
	case Sequence, Choice:
		t.Root = r.list(r.uint("components", maxItems))
		n := r.room("additions", len(r.additions), cap(r.additions))
		if n == 0 {
			return
		}
		from := len(r.additions)
		r.additions = r.additions[:from+n]
		t.Additions = r.additions[from : from+n : from+n]
		for i := range t.Additions {
			v := r.uint("addition", 2*maxItems)
			t.Additions[i] = Addition{Group: v&1 != 0, Components: r.list(v >> 1)}
		}
	}
}

// room returns a number of things for which storage must be left.
func (r *schemaReader) room(field string, used, capacity int) int {
	return r.uint(field, capacity-used)
}

func (r *schemaReader) names() []string {
	n := r.room("values", len(r.values), cap(r.values))
	if n == 0 {
		return nil
	}
	from := len(r.values)
	for range n {
		r.values = append(r.values, r.str("value"))
	}
	return r.values[from:len(r.values):len(r.values)]
}

func (r *schemaReader) list(n int) []Component {
	if n > cap(r.components)-len(r.components) {
		r.fail("components", r.off, wire.ErrLength)
	}
	if r.err != nil || n == 0 {
		return nil
	}
	from := len(r.components)
	for range n {
		name := r.str("component name")
		v := r.uint("component type", 2*maxTypes-1)
		r.components = append(r.components, Component{Name: name, Type: TypeID(v >> 1), Optional: v&1 != 0})
	}
	return r.components[from:len(r.components):len(r.components)]
}
