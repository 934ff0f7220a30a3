package uper

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strconv"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Encode appends the encoding of v, which d decoded, to b, with zeros as padding to the
// octet border. What the schema does not have and the content of CONTAINING strings
// are written as they came, so that the octets of a message come back; those that a
// sender may not send that way come back as X.691 wants them: lengths and numbers of
// more octets than needed, padding that is not zero, trailing bits.
//
// An absent Value, one that failed to decode to its end, or one of another decoder is
// an error that wraps wire.ErrInvalid; b is then returned as it was.
func (d *Decoder) Encode(b []byte, v Value) ([]byte, error) {
	n := v.node()
	if n == nil || v.d != d {
		return b, fmt.Errorf("encode: %w: no value of this decoder", wire.ErrInvalid)
	}
	slices.SortFunc(d.tails, func(a, b tail) int {
		return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.index, b.index))
	})
	if n.flags&flagPartial != 0 {
		return b, fmt.Errorf("encode %s: %w: decoded in part", v.TypeName(), wire.ErrInvalid)
	}
	w := writer{b: b}
	if err := d.encode(&w, v.i); err != nil {
		return b, fmt.Errorf("encode %s: %w", v.TypeName(), err)
	}
	w.complete(len(b))
	return w.b, nil
}

// writer appends bits to octets.
type writer struct {
	b    []byte
	free int // unused bits of the last octet
}

// put appends the low n bits (at most 64) of v.
func (w *writer) put(v uint64, n int) {
	for n > 0 {
		if w.free == 0 {
			w.b = append(w.b, 0)
			w.free = 8
		}
		k := min(n, w.free)
		part := byte(v >> (n - k) & (1<<k - 1))
		w.b[len(w.b)-1] |= part << (w.free - k)
		w.free -= k
		n -= k
	}
}

func (w *writer) flag(v bool) {
	if v {
		w.put(1, 1)
	} else {
		w.put(0, 1)
	}
}

// copy appends n bits of src from bit pos on.
func (w *writer) copy(src []byte, pos, n int) {
	if w.free == 0 {
		w.b = appendBits(w.b, src, pos, n)
		w.free = -n & 7
		return
	}
	for n > 0 {
		k := min(8-pos&7, n)
		w.put(uint64(src[pos>>3]>>(8-pos&7-k)), k)
		pos += k
		n -= k
	}
}

// complete fills the last octet; an encoding of no bits, which began at octet start,
// becomes one zero octet (X.691 §11.1.3).
func (w *writer) complete(start int) {
	w.free = 0
	if len(w.b) == start {
		w.b = append(w.b, 0)
	}
}

// units appends a general length and each part of the n units, which it has put write
// (X.691 §11.9.3.5 to 8).
func (w *writer) units(n int, put func(from, to int) error) error {
	from := 0
	for n-from >= fragment {
		m := min((n-from)/fragment, maxFragments)
		w.put(0xc0|uint64(m), 8)
		if err := put(from, from+m*fragment); err != nil {
			return err
		}
		from += m * fragment
	}
	if rest := n - from; rest < 0x80 {
		w.put(uint64(rest), 8)
	} else {
		w.put(0x8000|uint64(rest), 16)
	}
	return put(from, n)
}

// octets appends an open type whose content is n octets of src from bit pos on.
func (w *writer) octets(src []byte, pos, n int) {
	_ = w.units(n, func(from, to int) error {
		w.copy(src, pos+8*from, 8*(to-from))
		return nil
	})
}

// smallNumber appends a normally small number (X.691 §11.6).
func (w *writer) smallNumber(v uint64) {
	if v < 64 {
		w.put(v, 7)
		return
	}
	w.put(1, 1)
	w.number(v, max(1, (bits.Len64(v)+7)/8))
}

// smallLength appends a normally small length of at least 1 (X.691 §11.9.3.4).
func (w *writer) smallLength(n int) {
	if n <= 64 {
		w.put(uint64(n-1), 7)
		return
	}
	w.put(1, 1)
	_ = w.units(n, func(int, int) error { return nil })
}

// number appends the low n octets of v with their length.
func (w *writer) number(v uint64, n int) {
	w.put(uint64(n), 8)
	w.put(v, 8*n)
}

func unencodable(format string, args ...any) error {
	return fmt.Errorf("%w: %s", wire.ErrInvalid, fmt.Sprintf(format, args...))
}

// encode appends node i.
func (d *Decoder) encode(w *writer, i int32) error {
	n := &d.nodes[i]
	if n.typ < 0 {
		pos, size := n.content()
		w.octets(d.arena, pos, size/8)
		return nil
	}
	t := &d.p.types[n.typ]
	switch t.kind {
	case Boolean:
		w.put(n.val, 1)
	case Integer:
		return w.integer(t, int64(n.val), n.flags&flagExt != 0)
	case Enumerated:
		w.index(t, n.val)
	case BitString, OctetString, CharacterString:
		pos, size := n.content()
		unit := int(t.unit)
		return w.sized(t, size/unit, n.flags&flagExt != 0, func(from, to int) error {
			w.copy(d.arena, pos+unit*from, unit*(to-from))
			return nil
		})
	case OpenType:
		pos, size := n.content()
		w.octets(d.arena, pos, size/8)
	case SequenceOf:
		child, done := i+1, 0
		return w.sized(t, int(n.aux), n.flags&flagExt != 0, func(from, to int) error {
			for ; done < to; done++ {
				if err := d.encode(w, child); err != nil {
					return fmt.Errorf("[%d]: %w", done, err)
				}
				child = d.nodes[child].end
			}
			return nil
		})
	case Choice:
		return d.encodeChoice(w, i, t)
	case Sequence:
		return d.encodeSequence(w, i, t)
	case Null:
	}
	return nil
}

// integer appends an INTEGER; forced sets the extension bit of a value in the root.
func (w *writer) integer(t *plan, v int64, forced bool) error {
	in := t.form == free || v >= t.min && uint64(v)-uint64(t.min) <= t.span
	if t.ext {
		w.flag(forced || !in)
	} else if !in {
		return unencodable("%d is not in %d..%d", v, t.min, int64(uint64(t.min)+t.span))
	}
	switch off := uint64(v) - uint64(t.min); {
	case forced || !in || t.form == free:
		// One bit more than the magnitude has, for the sign.
		w.number(uint64(v), bits.Len64(uint64(v^v>>63))/8+1)
	case t.form == ranged:
		w.put(off, int(t.width))
	default:
		w.number(off, max(1, (bits.Len64(off)+7)/8))
	}
	return nil
}

// index appends the index of an ENUMERATED or CHOICE and reports whether it is in the
// root. An index outside the root of an inextensible type does not come here.
func (w *writer) index(t *plan, v uint64) (root bool) {
	root = v < uint64(t.count)
	if t.ext {
		w.flag(!root)
	}
	if root {
		w.put(v, int(t.width))
	} else {
		w.smallNumber(v - uint64(t.count))
	}
	return root
}

// sized appends the size n of a string or list and its units, which it has put write.
func (w *writer) sized(t *plan, n int, forced bool, put func(from, to int) error) error {
	in := uint64(n)-uint64(t.min) <= t.span
	if t.ext {
		w.flag(forced || !in)
	} else if !in {
		return unencodable("size %d is not in %d..%d", n, t.min, int64(uint64(t.min)+t.span))
	}
	if forced || !in || t.form != ranged {
		return w.units(n, put)
	}
	w.put(uint64(n)-uint64(t.min), int(t.width))
	return put(0, n)
}

// tail returns what lies behind the known content of an addition of node i.
func (d *Decoder) tail(i, index int32) (tail, bool) {
	if d.nodes[i].flags&flagTail == 0 {
		return tail{}, false
	}
	k, ok := slices.BinarySearchFunc(d.tails, tail{node: i, index: index}, func(a, b tail) int {
		return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.index, b.index))
	})
	if !ok {
		return tail{}, false
	}
	return d.tails[k], true
}

// encodeOpen appends an open type of node i whose known content put writes.
func (d *Decoder) encodeOpen(w *writer, i, index int32, put func(w *writer) error) error {
	var content writer
	if err := put(&content); err != nil {
		return err
	}
	if t, ok := d.tail(i, index); ok {
		content.copy(d.arena, t.pos, t.end-t.pos)
	}
	content.complete(0)
	w.octets(content.b, 0, len(content.b))
	return nil
}

func (d *Decoder) encodeChoice(w *writer, i int32, t *plan) error {
	n := &d.nodes[i]
	if n.aux != 1 {
		return unencodable("no alternative")
	}
	root := w.index(t, n.val)
	child := i + 1
	put := func(w *writer) error {
		if err := d.encode(w, child); err != nil {
			return fmt.Errorf("%s: %w", d.label(child), err)
		}
		return nil
	}
	if root || d.nodes[child].typ < 0 {
		return put(w)
	}
	return d.encodeOpen(w, i, int32(n.val), put)
}

func (d *Decoder) encodeSequence(w *writer, i int32, t *plan) error {
	count := int32(d.nodes[i].val) // of addition bits
	if t.ext {
		w.flag(count > 0)
	}
	child, err := d.encodeComponents(w, i, i+1, t.base, t.base+t.count)
	if err != nil || count == 0 {
		return err
	}
	w.smallLength(int(count))
	end := d.nodes[i].end
	c := child
	for a := range count {
		_, present := d.tail(i, a)
		for ; c < end && d.addition(c) == a; c = d.nodes[c].end {
			present = true
		}
		w.flag(present)
	}
	for a := range count {
		here := child < end && d.addition(child) == a
		if here && d.nodes[child].typ < 0 {
			if err := d.encode(w, child); err != nil {
				return err
			}
			child = d.nodes[child].end
			continue
		}
		if _, empty := d.tail(i, a); !here && !empty {
			continue
		}
		add := &t.adds[a]
		from := child
		err := d.encodeOpen(w, i, a, func(w *writer) (err error) {
			child, err = d.encodeComponents(w, i, from, add.from, add.to)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// addition returns the index of the addition that node c belongs to, -1 for the root.
func (d *Decoder) addition(c int32) int32 {
	if comp := d.nodes[c].comp; comp < 0 {
		return unknownComp - comp
	} else {
		return d.p.comps[comp].add
	}
}

// encodeComponents appends the preamble and content of the components from to to of
// node i, the first of which is node child if it is there, and returns the node behind
// them.
func (d *Decoder) encodeComponents(w *writer, i, child, from, to int32) (int32, error) {
	end := d.nodes[i].end
	c := child
	for k := from; k < to; k++ {
		present := c < end && d.nodes[c].comp == k
		switch {
		case d.p.comps[k].opt:
			w.flag(present)
		case !present:
			return child, unencodable("%s is missing", d.p.comps[k].name)
		}
		if present {
			c = d.nodes[c].end
		}
	}
	for ; child < c; child = d.nodes[child].end {
		if err := d.encode(w, child); err != nil {
			return child, fmt.Errorf("%s: %w", d.label(child), err)
		}
	}
	return child, nil
}

// label is the name of node i in the JSON form.
func (d *Decoder) label(i int32) string {
	n := &d.nodes[i]
	if n.comp <= unknownComp {
		return "[" + strconv.Itoa(int(unknownComp-n.comp)) + "]"
	}
	return d.name(n)
}
