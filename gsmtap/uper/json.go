package uper

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// extensionMember is the member of a SEQUENCE's object that says how many additions
// the sender knows, where that is not the schema's number.
const extensionMember = "..."

// AppendJSON appends v as JSON to b; null if it is absent.
//
// SEQUENCE is an object of the components present, CHOICE an object with one member,
// SEQUENCE OF an array, INTEGER a number, BOOLEAN true or false, NULL null, ENUMERATED
// its name as a string, BIT STRING a string of 0 and 1, OCTET STRING and open type a
// string of hexadecimal digits, and a character string a string. A CONTAINING string
// whose content is a SEQUENCE or CHOICE and was decoded to its end is the object of that.
//
// What the schema does not have is named "[n]" after its index, which counts extension
// additions from the first one, and alternatives and enumerated values from the first
// of the root; the content is a string of hexadecimal digits. A SEQUENCE with additions
// whose sender knows another number of them than the schema has the member "...": n.
//
// Not shown are padding, trailing bits and what lies behind the known content of an
// addition.
func (v Value) AppendJSON(b []byte) []byte {
	n := v.node()
	if n == nil {
		return append(b, "null"...)
	}
	switch v.d.kind(n) {
	case Boolean:
		return strconv.AppendBool(b, n.val != 0)
	case Integer:
		return strconv.AppendInt(b, int64(n.val), 10)
	case Enumerated:
		if name := v.Text(); name != "" {
			return appendQuoted(b, name)
		}
		return append(strconv.AppendUint(append(b, `"[`...), n.val, 10), `]"`...)
	case CharacterString:
		return appendQuoted(b, v.Text())
	case BitString, OctetString, OpenType:
		return v.appendString(b, n)
	case SequenceOf:
		b = append(b, '[')
		for c, sep := v.First(), ""; c.Present(); c, sep = c.Next(), "," {
			b = c.AppendJSON(append(b, sep...))
		}
		return append(b, ']')
	case Sequence, Choice:
		b = append(b, '{')
		sep := ""
		t := &v.d.p.types[n.typ]
		implied := int32(0) // number of additions that the members imply
		for c := v.First(); c.Present(); c = c.Next() {
			b = appendQuoted(append(b, sep...), v.d.label(c.i))
			b = c.AppendJSON(append(b, ':'))
			sep = ","
			if a := v.d.addition(c.i); a >= 0 {
				implied = max(int32(len(t.adds)), a+1)
			}
		}
		if t.kind == Sequence && n.val != uint64(implied) {
			b = strconv.AppendUint(append(b, sep+`"`+extensionMember+`":`...), n.val, 10)
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}

// appendString appends the string v, whose node is n.
func (v Value) appendString(b []byte, n *node) []byte {
	if c := v.Contained(); n.flags&flagFault == 0 && (c.Kind() == Sequence || c.Kind() == Choice) {
		return c.AppendJSON(b)
	}
	b = append(b, '"')
	if v.Kind() == BitString {
		pos, bits := n.content()
		for i := range bits {
			b = append(b, '0'+byte(v.d.peek(pos+i, 1)))
		}
	} else {
		b = hex.AppendEncode(b, v.Octets())
	}
	return append(b, '"')
}

// appendQuoted appends s as a JSON string; octets that are no UTF-8 become U+FFFD.
func appendQuoted(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ' || r == 0x7f:
			b = append(b, '\\', 'u', '0', '0', digits[r>>4], digits[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

// EncodeJSON appends the encoding of a message of the root type named pdu to b. The
// text is in the form that AppendJSON writes, with members in any order; where a
// CONTAINING string is an object, its content is encoded from that. Members that the
// type does not have are an error, as are values outside their constraint; errors wrap
// wire.ErrInvalid or come from encoding/json, and b is then returned as it was.
//
// A SEQUENCE with additions is encoded with a bit for each addition of the schema
// (X.691 §19.8) unless a member "..." gives their number.
func (s *Schema) EncodeJSON(b []byte, pdu string, text []byte) ([]byte, error) {
	d := NewDecoder(s)
	if d.p.err != nil {
		return b, d.p.err
	}
	id, ok := s.Roots[pdu]
	if !ok {
		return b, fmt.Errorf("%s: %w", pdu, wire.ErrUnsupported)
	}
	if len(text) > maxText {
		return b, fmt.Errorf("%s: %w: text of %d octets", pdu, wire.ErrUnsupported, len(text))
	}
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	var x any
	if err := in.Decode(&x); err != nil {
		return b, fmt.Errorf("%s: %w", pdu, err)
	}
	if _, err := in.Token(); err != io.EOF {
		return b, fmt.Errorf("%s: %w", pdu, unencodable("text goes on behind the value"))
	}
	if err := d.build(int32(id), noComp, 0, x); err != nil {
		return b, fmt.Errorf("%s: %w", pdu, err)
	}
	w := writer{b: b}
	if err := d.encode(&w, 0); err != nil {
		return b, fmt.Errorf("%s: %w", pdu, err)
	}
	w.complete(len(b))
	return w.b, nil
}

// build appends the node of x, a value as encoding/json gives it, as type typ.
func (d *Decoder) build(typ, comp int32, depth uint8, x any) error {
	if depth > maxDepth || len(d.nodes) >= maxNodes {
		return fmt.Errorf("%w: nested too deep or too many values", wire.ErrUnsupported)
	}
	i := len(d.nodes)
	d.nodes = append(d.nodes, node{typ: typ, comp: comp, depth: depth})
	err := d.fill(i, &d.p.types[typ], x)
	d.nodes[i].end = int32(len(d.nodes))
	return err
}

func (d *Decoder) fill(i int, t *plan, x any) error {
	depth := d.nodes[i].depth
	ok := false
	switch t.kind {
	case Null:
		ok = x == nil
	case Boolean:
		var v bool
		if v, ok = x.(bool); v {
			d.nodes[i].val = 1
		}
	case Integer:
		var v json.Number
		if v, ok = x.(json.Number); ok {
			n, err := strconv.ParseInt(string(v), 10, 64)
			if err != nil {
				return unencodable("number %s", v)
			}
			d.nodes[i].val = uint64(n)
		}
	case SequenceOf:
		var v []any
		if v, ok = x.([]any); ok {
			for k, y := range v {
				if err := d.build(t.child, noComp, depth+1, y); err != nil {
					return fmt.Errorf("[%d]: %w", k, err)
				}
				d.nodes[i].aux++
			}
		}
	case Sequence:
		var v map[string]any
		if v, ok = x.(map[string]any); ok {
			return d.fillSequence(i, t, v)
		}
	case Choice:
		var v map[string]any
		if v, ok = x.(map[string]any); ok && len(v) == 1 {
			for name, y := range v {
				return d.fillChoice(i, t, name, y)
			}
		}
		ok = false
	case Enumerated:
		var v string
		if v, ok = x.(string); ok {
			return d.fillEnumerated(i, t, v)
		}
	case BitString, OctetString, CharacterString, OpenType:
		switch v := x.(type) {
		case string:
			return d.fillString(i, t, v)
		case map[string]any:
			if t.contains {
				return d.fillContained(i, t, v)
			}
		}
	}
	if !ok {
		return unencodable("%.40v does not fit the type", x)
	}
	return nil
}

// children builds those of the components from to to that members has and returns how
// many.
func (d *Decoder) children(i int, from, to int32, members map[string]any) (int, error) {
	n := 0
	for c := from; c < to; c++ {
		k := &d.p.comps[c]
		y, ok := members[k.name]
		if !ok {
			continue
		}
		if err := d.build(k.typ, c, d.nodes[i].depth+1, y); err != nil {
			return n, fmt.Errorf("%s: %w", k.name, err)
		}
		n++
	}
	d.nodes[i].aux += int32(n)
	return n, nil
}

func (d *Decoder) fillSequence(i int, t *plan, members map[string]any) error {
	used, err := d.children(i, t.base, t.base+t.count, members)
	if err != nil {
		return err
	}
	need := 0 // addition bits that the additions take
	for a, add := range t.adds {
		n, err := d.children(i, add.from, add.to, members)
		if err != nil {
			return err
		}
		if n > 0 {
			need = a + 1
		}
		used += n
	}
	count := 0
	if need > 0 {
		count = len(t.adds)
	}
	if t.ext {
		var unknown []int
		for name := range members {
			if index, ok := unknownIndex(name); ok && index >= len(t.adds) && index < fragment-1 {
				unknown = append(unknown, index)
			}
		}
		slices.Sort(unknown)
		for _, index := range unknown {
			name := "[" + strconv.Itoa(index) + "]"
			if err := d.fillUnknown(i, index, members[name]); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			need, count = index+1, index+1
		}
		used += len(unknown)
		if x, ok := members[extensionMember]; ok {
			v, _ := x.(json.Number)
			count, err = strconv.Atoi(string(v))
			if err != nil || count < max(need, 1) || count >= fragment {
				return unencodable("%d extension additions are taken, not %v", need, x)
			}
			used++
		}
	}
	if used != len(members) {
		for _, name := range slices.Sorted(maps.Keys(members)) {
			if !d.hasMember(t, name) {
				return unencodable("there is no component %q", name)
			}
		}
	}
	d.nodes[i].val = uint64(count)
	return nil
}

// hasMember reports whether the SEQUENCE has a component of that name.
func (d *Decoder) hasMember(t *plan, name string) bool {
	to := t.base + t.count
	if n := len(t.adds); n > 0 {
		to = t.adds[n-1].to
	}
	for _, c := range d.p.comps[t.base:to] {
		if c.name == name {
			return true
		}
	}
	return false
}

// unknownIndex returns n of the name "[n]".
func unknownIndex(name string) (int, bool) {
	digits, ok := strings.CutPrefix(name, "[")
	if !ok {
		return 0, false
	}
	if digits, ok = strings.CutSuffix(digits, "]"); !ok {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil && n >= 0 && strconv.Itoa(n) == digits
}

// fillUnknown builds a child of node i that the schema does not have.
func (d *Decoder) fillUnknown(i, index int, x any) error {
	text, ok := x.(string)
	octets, err := hex.DecodeString(text)
	if err != nil || !ok {
		return unencodable("%.40v is not in hexadecimal", x)
	}
	if len(d.nodes) >= maxNodes {
		return fmt.Errorf("%w: too many values", wire.ErrUnsupported)
	}
	d.nodes[i].aux++
	d.nodes = append(d.nodes, node{val: d.store(octets), end: int32(len(d.nodes) + 1), typ: -1,
		comp: unknownComp - int32(index), depth: d.nodes[i].depth + 1})
	return nil
}

// store keeps octets in the arena and returns the val of their node.
func (d *Decoder) store(octets []byte) uint64 {
	start := 8 * len(d.arena)
	d.arena = append(append(d.arena, octets...), guard[:]...)
	return span(start, start+8*len(octets))
}

func (d *Decoder) fillChoice(i int, t *plan, name string, x any) error {
	for k, c := range d.p.comps[t.base : t.base+t.alts] {
		if c.name == name {
			d.nodes[i].val = uint64(k)
			_, err := d.children(i, t.base+int32(k), t.base+int32(k)+1, map[string]any{name: x})
			return err
		}
	}
	if index, ok := unknownIndex(name); ok && t.ext && index >= int(t.alts) && index-int(t.count) <= maxIndex {
		d.nodes[i].val = uint64(index)
		if err := d.fillUnknown(i, index, x); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
	return unencodable("there is no alternative %q", name)
}

func (d *Decoder) fillEnumerated(i int, t *plan, name string) error {
	y := &d.p.schema.Types[d.nodes[i].typ]
	total := len(y.Names) + len(y.MoreNames)
	index := slices.Index(y.Names, name)
	if index < 0 {
		if index = slices.Index(y.MoreNames, name); index >= 0 {
			index += len(y.Names)
		}
	}
	if index < 0 {
		n, ok := unknownIndex(name)
		if !ok || !t.ext || n < total || n-len(y.Names) > maxIndex {
			return unencodable("there is no value %q", name)
		}
		index = n
	}
	d.nodes[i].val = uint64(index)
	return nil
}

func (d *Decoder) fillString(i int, t *plan, text string) error {
	start := 8 * len(d.arena)
	w := writer{b: d.arena}
	size := 0
	switch t.kind {
	case BitString:
		for k := range len(text) {
			if text[k]|1 != '1' {
				return unencodable("%.40q is not of 0 and 1", text)
			}
			w.put(uint64(text[k]&1), 1)
		}
		size = len(text)
	case CharacterString:
		for k := range len(text) {
			if text[k]>>t.unit != 0 {
				return unencodable("%.40q is not of 7-bit characters", text)
			}
			w.put(uint64(text[k]), int(t.unit))
		}
		size = len(text) * int(t.unit)
	default:
		octets, err := hex.DecodeString(text)
		if err != nil {
			return unencodable("%.40q is not in hexadecimal", text)
		}
		w.b = append(w.b, octets...)
		size = 8 * len(octets)
	}
	d.arena = append(w.b, guard[:]...)
	d.nodes[i].val = span(start, start+size)
	return nil
}

// fillContained makes the content of the string node i from an object.
func (d *Decoder) fillContained(i int, t *plan, members map[string]any) error {
	if err := d.build(t.child, noComp, d.nodes[i].depth+1, members); err != nil {
		return err
	}
	var w writer
	if err := d.encode(&w, int32(i+1)); err != nil {
		return err
	}
	w.complete(0)
	if len(w.b) > maxStored-len(d.arena) {
		return fmt.Errorf("%w: contained messages too long", wire.ErrUnsupported)
	}
	d.nodes = d.nodes[:i+1]
	d.nodes[i].val = d.store(w.b)
	return nil
}
