package uper

import (
	"encoding/binary"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Decoder decodes messages into storage that it uses again. It is not for concurrent
// use; decoders of one schema share its tables.
type Decoder struct {
	p     *plans
	gen   uint32 // counts messages, so that a Value of an earlier one is known
	nodes []node // of a tree, in the order of the encoding
	rest  Rest

	// arena holds the octets decoded from, each region followed by guard: the message,
	// reassembled fragments, further messages.
	arena   []byte
	regions []region
	pos     int // next bit of the arena
	end     int // first bit not to be read
	nested  int // how many open types around pos limit end

	shifted []byte // strings that do not lie on octet borders, shifted
	faults  []fault
	tails   []tail

	err   error   // sentinel of the failure
	errAt int     // bit of the arena where it is reported
	trail []int32 // its path, innermost first: index of a component or, inverted, of a list element
}

// node is one value. A node's first child is the node after it, its next sibling the
// node at end.
type node struct {
	val   uint64 // number, index, count of addition bits; of a string its first bit and, in the low half, length in bits
	pos   int32  // first bit in the arena
	bits  int32  // length of the encoding
	end   int32  // index after the last node of the subtree
	typ   int32  // type, or -1 for what the schema does not know
	comp  int32  // index of the component, or noComp, or an unknown addition: unknownComp minus its index
	aux   int32  // number of children; of a string 1 + its place in shifted, 0 if not there
	depth uint8
	flags uint8
}

const (
	noComp      = -1
	unknownComp = -2
)

const (
	flagExt       = 1 << iota // the extension bit of a constraint is set
	flagContained             // the content of a string follows as a subtree
	flagFault                 // the content of a string could not be decoded
	flagTail                  // an addition has a tail
	flagPartial               // decoding ended inside
)

// region says that the arena's bits from start on were at bit from of their message.
type region struct{ start, from int }

// fault is why the content of the string node could not be decoded; nil if it could.
type fault struct {
	node int32
	err  *wire.DecodeError
}

// tail is what an open type holds behind its known content, bits pos to end of the
// arena; it is kept too, empty, for a group that is present without components.
type tail struct {
	node, index int32
	pos, end    int
}

// Rest is what was tolerated in a message and the messages added by More.
type Rest struct {
	// TrailingBits counts the bits behind a message's end, of more than its padding to
	// the octet border, in contained messages too.
	TrailingBits int
	// NonZeroPadding is set by a padding bit that is 1 (X.691 §11.1.2).
	NonZeroPadding bool
	// UnknownExtensions counts extension additions, alternatives and enumerated values
	// that the schema does not have.
	UnknownExtensions int
	// UnknownBits counts the bits of unknown additions and alternatives, and those
	// behind the known content of known ones.
	UnknownBits int
	// SpareBranches counts alternatives taken whose name starts with "spare" or is
	// "criticalExtensionsFuture".
	SpareBranches int
}

// guard keeps loads of 64 bits inside the arena.
var guard [8]byte

// NewDecoder returns a decoder for s, which must not be changed from then on. If s is
// not a valid schema, every Decode says so.
func NewDecoder(s *Schema) *Decoder { return &Decoder{p: plansOf(s)} }

// Decode decodes the message b of the root type named pdu (X.691 §11.1). The Value is
// valid until the next Decode or DecodeRoot.
//
// An error is a *wire.DecodeError with the path and place of the first defect; the
// Value then holds what was decoded before it. A value outside its constraint or an
// index without alternative is wire.ErrInvalid; a message longer than 256 KiB, nested
// deeper than 128 values, of more than 100 000 values or of an unknown type is
// wire.ErrUnsupported.
func (d *Decoder) Decode(pdu string, b []byte) (Value, error) {
	d.reset()
	return d.named(pdu, b)
}

// DecodeRoot is Decode with the type's index, which Schema.Roots gives.
func (d *Decoder) DecodeRoot(id TypeID, b []byte) (Value, error) {
	d.reset()
	return d.message(id, b)
}

// More decodes b as a further message and keeps the ones before, for containers whose
// type follows from another field. The bound on the number of values counts all; Rest
// adds up. Offsets in b's values and errors count from b.
func (d *Decoder) More(pdu string, b []byte) (Value, error) { return d.named(pdu, b) }

// Rest returns what was tolerated since the last Decode or DecodeRoot.
func (d *Decoder) Rest() Rest { return d.rest }

func (d *Decoder) reset() {
	d.gen++
	d.nodes, d.arena, d.regions = d.nodes[:0], d.arena[:0], d.regions[:0]
	d.shifted, d.faults, d.tails = d.shifted[:0], d.faults[:0], d.tails[:0]
	if cap(d.shifted) > keptOctets {
		d.shifted = nil
	}
	d.rest = Rest{}
}

func (d *Decoder) named(pdu string, b []byte) (Value, error) {
	id, ok := d.p.schema.Roots[pdu]
	if !ok && d.p.err == nil {
		return Value{}, &wire.DecodeError{Path: pdu, Err: wire.ErrUnsupported}
	}
	return d.message(id, b)
}

func (d *Decoder) message(id TypeID, b []byte) (Value, error) {
	if d.p.err != nil {
		return Value{}, d.p.err
	}
	if id < 0 || int(id) >= len(d.p.types) {
		return Value{}, &wire.DecodeError{Path: "type " + strconv.Itoa(int(id)), Err: wire.ErrUnsupported}
	}
	if len(b) > maxMessage || len(b) > maxArena-len(d.arena) {
		return Value{}, &wire.DecodeError{Path: d.p.schema.Types[id].Name, Err: wire.ErrUnsupported}
	}
	start := 8 * len(d.arena)
	if start != 0 {
		d.regions = append(d.regions, region{start: start})
	}
	d.arena = append(append(d.arena, b...), guard[:]...)
	d.pos, d.end, d.nested = start, start+8*len(b), 0
	root := len(d.nodes)
	ok := d.value(int32(id), noComp, 0)
	v := Value{}
	if len(d.nodes) > root {
		v = Value{d: d, i: int32(root), gen: d.gen}
	}
	if !ok {
		return v, d.located(d.p.schema.Types[id].Name)
	}
	d.rest.TrailingBits += d.left(start)
	return v, nil
}

// origin returns where the arena's bit pos was in its message.
func (d *Decoder) origin(pos int) int {
	i := sort.Search(len(d.regions), func(i int) bool { return d.regions[i].start > pos })
	if i == 0 {
		return pos
	}
	r := d.regions[i-1]
	return pos - r.start + r.from
}

// fail records a failure at the next bit.
func (d *Decoder) fail(err error) bool { return d.failAt(d.pos, err) }

func (d *Decoder) failAt(pos int, err error) bool {
	d.err, d.errAt = err, pos
	d.trail = d.trail[:0]
	return false
}

// short records that the bits end here. Inside an open type that is whole, its length
// is to blame.
func (d *Decoder) short() bool {
	if d.nested > 0 {
		return d.fail(wire.ErrLength)
	}
	return d.fail(wire.ErrShort)
}

// located returns the recorded failure with its path inside the type named root.
func (d *Decoder) located(root string) *wire.DecodeError {
	var path strings.Builder
	path.WriteString(root)
	for _, c := range slices.Backward(d.trail) {
		if c < 0 {
			path.WriteString("[" + strconv.Itoa(int(^c)) + "]")
			continue
		}
		if path.Len() != 0 {
			path.WriteByte('.')
		}
		path.WriteString(d.p.comps[c].name)
	}
	at := d.origin(d.errAt)
	return &wire.DecodeError{Path: path.String(), Offset: at / 8, Bit: at % 8, Err: d.err}
}

// peek returns the n bits (at most 57) from bit pos of the arena on.
func (d *Decoder) peek(pos, n int) uint64 {
	return binary.BigEndian.Uint64(d.arena[pos>>3:]) << (pos & 7) >> uint(64-n)
}

// read returns the next n bits, at most 57.
func (d *Decoder) read(n int) (uint64, bool) {
	if n > d.end-d.pos {
		return 0, false
	}
	v := d.peek(d.pos, n)
	d.pos += n
	return v, true
}

// read64 returns the next n bits, at most 64.
func (d *Decoder) read64(n int) (uint64, bool) {
	if n > d.end-d.pos {
		return 0, false
	}
	if n <= 32 {
		return d.read(n)
	}
	high, _ := d.read(n - 32)
	low, _ := d.read(32)
	return high<<32 | low, true
}

// left judges what lies between the next bit and the end of an encoding that began at
// start: it returns the number of bits, or 0 if they are padding to the octet border
// (X.691 §11.1.2; an encoding of no bits is one octet, §11.1.3).
func (d *Decoder) left(start int) int {
	n := d.end - d.pos
	if n < 8 || n == 8 && d.pos == start {
		if n > 0 && d.peek(d.pos, n) != 0 {
			d.rest.NonZeroPadding = true
		}
		return 0
	}
	return n
}

// value decodes a value of type typ.
func (d *Decoder) value(typ, comp int32, depth uint8) bool {
	if depth > maxDepth || len(d.nodes) >= maxNodes {
		return d.fail(wire.ErrUnsupported)
	}
	t := &d.p.types[typ]
	pos := d.pos
	n := node{pos: int32(pos), end: int32(len(d.nodes) + 1), typ: typ, comp: comp, depth: depth}
	switch t.kind {
	case Sequence:
		d.nodes = append(d.nodes, n)
		return d.closed(int(n.end)-1, d.sequence(int(n.end)-1, t, depth))
	case SequenceOf:
		d.nodes = append(d.nodes, n)
		return d.closed(int(n.end)-1, d.list(int(n.end)-1, t, depth))
	case Choice:
		d.nodes = append(d.nodes, n)
		return d.closed(int(n.end)-1, d.choice(int(n.end)-1, t, depth))
	case Integer:
		if t.form == ranged && !t.ext && t.width <= 57 {
			v, ok := d.read(int(t.width))
			if !ok {
				return d.short()
			}
			if v > t.span {
				return d.failAt(pos, wire.ErrInvalid)
			}
			n.val = uint64(t.min) + v
		} else if !d.integer(&n, t) {
			d.errAt = pos
			return false
		}
	case Enumerated:
		if !d.enumerated(&n, t) {
			d.errAt = pos
			return false
		}
	case Boolean:
		v, ok := d.read(1)
		if !ok {
			return d.short()
		}
		n.val = v
	case BitString, OctetString, CharacterString:
		if !d.str(&n, t) {
			d.errAt = pos
			return false
		}
		if t.contains {
			n.bits = int32(d.pos - pos)
			d.nodes = append(d.nodes, n)
			d.contained(int(n.end)-1, t.child, depth)
			return true
		}
	case OpenType:
		o, ok := d.open()
		if ok && o.cut {
			ok = d.short()
		}
		if !ok {
			d.errAt = pos
			return false
		}
		n.val = o.val()
		d.pos = o.next
	case Null:
	}
	n.bits = int32(d.pos - pos)
	d.nodes = append(d.nodes, n)
	return true
}

// closed completes the node i, whose children are decoded, and passes ok on.
func (d *Decoder) closed(i int, ok bool) bool {
	n := &d.nodes[i]
	n.bits = int32(d.pos) - n.pos
	n.end = int32(len(d.nodes))
	if !ok {
		n.flags |= flagPartial
	}
	return ok
}

// sequence decodes a SEQUENCE (X.691 §19) into node i.
func (d *Decoder) sequence(i int, t *plan, depth uint8) bool {
	extended := false
	if t.ext {
		v, ok := d.read(1)
		if !ok {
			return d.short()
		}
		extended = v != 0
	}
	if !d.components(i, t.base, t.base+t.count, t.opts, depth) {
		return false
	}
	return !extended || d.additions(i, t, depth)
}

// components decodes the preamble's bits for opts optional components and then the
// components from to to.
func (d *Decoder) components(i int, from, to, opts int32, depth uint8) bool {
	if int(opts) > d.end-d.pos {
		return d.short()
	}
	bitmap := d.pos
	d.pos += int(opts)
	for c := from; c < to; c++ {
		k := &d.p.comps[c]
		if k.opt {
			bitmap++
			if d.arena[(bitmap-1)>>3]<<((bitmap-1)&7)&0x80 == 0 {
				continue
			}
		}
		before := len(d.nodes)
		ok := d.value(k.typ, c, depth+1)
		if len(d.nodes) > before {
			d.nodes[i].aux++
		}
		if !ok {
			d.trail = append(d.trail, c)
			return false
		}
	}
	return true
}

// additions decodes the extension additions of a SEQUENCE (X.691 §19.7 to 9).
func (d *Decoder) additions(i int, t *plan, depth uint8) bool {
	pos := d.pos
	n, ok := d.smallLength()
	if !ok {
		d.errAt = pos
		return false
	}
	if n > d.end-d.pos {
		return d.short()
	}
	d.nodes[i].val = uint64(n)
	bitmap := d.pos
	d.pos += n
	for a := range n {
		if d.peek(bitmap+a, 1) == 0 {
			continue
		}
		if a >= len(t.adds) {
			if !d.unknown(i, a, depth) {
				return false
			}
			continue
		}
		o, ok := d.open()
		if !ok {
			return false
		}
		children := d.nodes[i].aux
		outer := d.enter(o)
		add := &t.adds[a]
		ok = d.components(i, add.from, add.to, add.opts, depth)
		if ok {
			d.after(i, a, o, d.nodes[i].aux == children)
		}
		if !d.leave(o, outer, ok) {
			return false
		}
	}
	return true
}

// unknown keeps an addition or alternative that the schema does not have as a child of
// node i.
func (d *Decoder) unknown(i, index int, depth uint8) bool {
	if depth >= maxDepth || len(d.nodes) >= maxNodes {
		return d.fail(wire.ErrUnsupported)
	}
	pos := d.pos
	o, ok := d.open()
	if ok && o.cut {
		ok = d.short()
	}
	if !ok {
		d.errAt = pos
		return false
	}
	d.pos = o.next
	d.nodes[i].aux++
	d.nodes = append(d.nodes, node{val: o.val(), pos: int32(pos), bits: int32(d.pos - pos),
		end: int32(len(d.nodes) + 1), typ: -1, comp: unknownComp - int32(index), depth: depth + 1})
	d.rest.UnknownExtensions++
	d.rest.UnknownBits += o.end - o.start
	return true
}

// list decodes a SEQUENCE OF (X.691 §20) into node i. The count sizes nothing: each
// element takes bits or, if its type has none, a node of the bounded number.
func (d *Decoder) list(i int, t *plan, depth uint8) bool {
	pos := d.pos
	n, whole, ok := d.size(&d.nodes[i], t)
	if !ok {
		d.errAt = pos
		return false
	}
	for total := uint64(0); ; {
		for range n {
			before := len(d.nodes)
			ok := d.value(t.child, noComp, depth+1)
			if len(d.nodes) > before {
				d.nodes[i].aux++
			}
			if !ok {
				d.trail = append(d.trail, ^int32(total))
				return false
			}
			total++
		}
		if whole {
			if !d.nodes[i].allows(t, total) {
				return d.failAt(pos, wire.ErrInvalid)
			}
			return true
		}
		if n, whole, ok = d.length(); !ok {
			return false
		}
	}
}

// choice decodes a CHOICE (X.691 §23) into node i.
func (d *Decoder) choice(i int, t *plan, depth uint8) bool {
	pos := d.pos
	index, root, ok := d.index(t)
	if !ok {
		d.errAt = pos
		return false
	}
	d.nodes[i].val = index
	if root {
		return d.alternative(i, t.base+int32(index), depth)
	}
	if index >= uint64(t.alts) {
		return d.unknown(i, int(index), depth)
	}
	o, ok := d.open()
	if !ok {
		return false
	}
	outer := d.enter(o)
	ok = d.alternative(i, t.base+int32(index), depth)
	if ok {
		d.after(i, int(index), o, false)
	}
	return d.leave(o, outer, ok)
}

func (d *Decoder) alternative(i int, c int32, depth uint8) bool {
	k := &d.p.comps[c]
	if k.spare {
		d.rest.SpareBranches++
	}
	before := len(d.nodes)
	ok := d.value(k.typ, c, depth+1)
	if len(d.nodes) > before {
		d.nodes[i].aux++
	}
	if !ok {
		d.trail = append(d.trail, c)
	}
	return ok
}

// index decodes the index of an ENUMERATED or CHOICE (X.691 §14, §23); that of an
// addition counts on from the root's.
func (d *Decoder) index(t *plan) (v uint64, root, ok bool) {
	if t.ext {
		e, ok := d.read(1)
		if !ok {
			return 0, false, d.short()
		}
		if e != 0 {
			v, ok := d.smallNumber()
			return v + uint64(t.count), false, ok
		}
	}
	v, ok = d.read(int(t.width))
	if !ok {
		return 0, false, d.short()
	}
	if v >= uint64(t.count) {
		return 0, false, d.fail(wire.ErrInvalid)
	}
	return v, true, true
}

func (d *Decoder) enumerated(n *node, t *plan) bool {
	v, root, ok := d.index(t)
	if !ok {
		return false
	}
	n.val = v
	if !root && v >= uint64(t.count)+uint64(len(d.p.schema.Types[n.typ].MoreNames)) {
		d.rest.UnknownExtensions++
	}
	return true
}

// smallNumber decodes a normally small non-negative whole number (X.691 §11.6).
func (d *Decoder) smallNumber() (uint64, bool) {
	v, ok := d.read(7)
	if !ok {
		return 0, d.short()
	}
	if v < 64 {
		return v, true
	}
	d.pos -= 6 // the bit 1 was all: a semi-constrained number follows
	v, _, ok = d.octetNumber()
	if ok && v > maxIndex {
		return 0, d.fail(wire.ErrUnsupported)
	}
	return v, ok
}

// smallLength decodes a normally small length of at least 1 (X.691 §11.9.3.4).
func (d *Decoder) smallLength() (int, bool) {
	v, ok := d.read(7)
	if !ok {
		return 0, d.short()
	}
	if v < 64 {
		return int(v) + 1, true
	}
	d.pos -= 6
	n, whole, ok := d.length()
	switch {
	case !ok:
		return 0, false
	case !whole:
		return 0, d.fail(wire.ErrUnsupported)
	case n == 0:
		return 0, d.fail(wire.ErrInvalid)
	}
	return n, true
}

// length decodes a general length (X.691 §11.9.3.5 to 8): n units, after which another
// length follows unless whole.
func (d *Decoder) length() (n int, whole, ok bool) {
	v, ok := d.read(8)
	switch {
	case !ok:
		return 0, false, d.short()
	case v < 0x80:
		return int(v), true, true
	case v < 0xc0:
		w, ok := d.read(8)
		if !ok {
			return 0, false, d.short()
		}
		return int(v&0x3f<<8 | w), true, true
	case v&0x3f == 0 || v&0x3f > maxFragments:
		return 0, false, d.fail(wire.ErrInvalid)
	}
	return int(v&0x3f) * fragment, false, true
}

// octetNumber decodes a length and a number of so many octets, at most 8 (X.691 §11.7
// and 8), of which bits says how many bits it has.
func (d *Decoder) octetNumber() (v uint64, bits int, ok bool) {
	n, whole, ok := d.length()
	switch {
	case !ok:
		return 0, 0, false
	case n == 0:
		return 0, 0, d.fail(wire.ErrInvalid)
	case !whole || n > 8:
		return 0, 0, d.fail(wire.ErrUnsupported)
	}
	v, ok = d.read64(8 * n)
	if !ok {
		return 0, 0, d.short()
	}
	return v, 8 * n, true
}

// integer decodes an INTEGER (X.691 §13).
func (d *Decoder) integer(n *node, t *plan) bool {
	f := t.form
	if t.ext {
		e, ok := d.read(1)
		if !ok {
			return d.short()
		}
		if e != 0 {
			f = free
			n.flags |= flagExt
		}
	}
	switch f {
	case ranged:
		v, ok := d.read64(int(t.width))
		if !ok {
			return d.short()
		}
		if v > t.span {
			return d.fail(wire.ErrInvalid)
		}
		n.val = uint64(t.min) + v
	case semi:
		v, _, ok := d.octetNumber()
		if !ok {
			return false
		}
		if v > t.span {
			return d.fail(wire.ErrUnsupported)
		}
		n.val = uint64(t.min) + v
	case free:
		v, bits, ok := d.octetNumber()
		if !ok {
			return false
		}
		n.val = uint64(int64(v<<(64-bits)) >> (64 - bits))
	}
	return true
}

// size decodes the extension bit and the first length of a string or list.
func (d *Decoder) size(n *node, t *plan) (units int, whole, ok bool) {
	if t.ext {
		e, ok := d.read(1)
		if !ok {
			return 0, false, d.short()
		}
		if e != 0 {
			n.flags |= flagExt
		}
	}
	if t.form != ranged || n.flags&flagExt != 0 {
		return d.length()
	}
	v, ok := d.read(int(t.width))
	if !ok {
		return 0, false, d.short()
	}
	if v > t.span {
		return 0, false, d.fail(wire.ErrInvalid)
	}
	return int(uint64(t.min) + v), true, true
}

// allows reports whether a string or list of the node's type may have so many units.
func (n *node) allows(t *plan, units uint64) bool {
	return n.flags&flagExt != 0 || units-uint64(t.min) <= t.span
}

// str decodes a string's size and notes where its content lies.
func (d *Decoder) str(n *node, t *plan) bool {
	units, whole, ok := d.size(n, t)
	if !ok {
		return false
	}
	unit := int(t.unit)
	if !whole {
		start, end, ok := d.gather(units, unit)
		if !ok {
			return false
		}
		n.val = span(start, end)
		units = (end - start) / unit
	} else {
		if units*unit > d.end-d.pos {
			return d.short()
		}
		n.val = span(d.pos, d.pos+units*unit)
		d.pos += units * unit
	}
	if !n.allows(t, uint64(units)) {
		return d.fail(wire.ErrInvalid)
	}
	return true
}

// span packs the place of a string's content into a node's val.
func span(start, end int) uint64 { return uint64(start)<<32 | uint64(end-start) }

// gather copies the fragments of a string to the arena's end, the first of which has n
// units (X.691 §11.9.3.8), and returns where they lie.
func (d *Decoder) gather(n, unit int) (start, end int, ok bool) {
	start = 8 * len(d.arena)
	end = start
	for whole := false; ; {
		size := n * unit
		if size > d.end-d.pos {
			d.arena = append(d.arena, guard[:]...)
			return 0, 0, d.short()
		}
		if size/8 > maxArena-len(d.arena) {
			d.arena = append(d.arena, guard[:]...)
			return 0, 0, d.fail(wire.ErrUnsupported)
		}
		if size > 0 {
			d.regions = append(d.regions, region{start: end, from: d.origin(d.pos)})
			d.arena = appendBits(d.arena, d.arena, d.pos, size)
		}
		d.pos += size
		end += size
		if whole {
			d.arena = append(d.arena, guard[:]...)
			return start, end, true
		}
		if n, whole, ok = d.length(); !ok {
			d.arena = append(d.arena, guard[:]...)
			return 0, 0, false
		}
	}
}

// appendBits appends n bits of src from bit pos on to b, filling the last octet with
// zeros.
func appendBits(b, src []byte, pos, n int) []byte {
	if n <= 0 {
		return b
	}
	src, shift := src[pos>>3:(pos+n+7)>>3], pos&7
	if shift == 0 {
		b = append(b, src...)
	} else {
		for i := range (n + 7) >> 3 {
			o := src[i] << shift
			if i+1 < len(src) {
				o |= src[i+1] >> (8 - shift)
			}
			b = append(b, o)
		}
	}
	if n&7 != 0 {
		b[len(b)-1] &= 0xff << (8 - n&7)
	}
	return b
}

// opened is the content of an open type: bits start to end, and the bit behind it.
type opened struct {
	start, end, next int
	cut              bool // the enclosing encoding ends before the content does
}

func (o opened) val() uint64 { return span(o.start, o.end) }

// open decodes the length of an open type (X.691 §11.2). A content that is cut is
// still given, so that what is there can be decoded.
func (d *Decoder) open() (opened, bool) {
	pos := d.pos
	n, whole, ok := d.length()
	if !ok {
		d.errAt = pos
		return opened{}, false
	}
	if !whole {
		start, end, ok := d.gather(n, 8)
		if !ok {
			d.errAt = pos
		}
		return opened{start: start, end: end, next: d.pos}, ok
	}
	o := opened{start: d.pos, end: d.pos + 8*n}
	if o.end > d.end {
		o.end, o.cut = d.end, true
	}
	o.next = o.end
	return o, true
}

// enter confines decoding to an open type and returns the end of what is around it.
func (d *Decoder) enter(o opened) int {
	outer := d.end
	d.pos, d.end = o.start, o.end
	if !o.cut {
		d.nested++
	}
	return outer
}

// leave goes on behind an open type; ok is what came of its content.
func (d *Decoder) leave(o opened, outer int, ok bool) bool {
	d.pos, d.end = o.next, outer
	if !o.cut {
		d.nested--
	} else if ok {
		return d.short()
	}
	return ok
}

// after notes what an open type holds behind its content, or that the content has no
// components.
func (d *Decoder) after(i, index int, o opened, empty bool) {
	n := d.left(o.start)
	if n == 0 && !empty {
		return
	}
	d.rest.UnknownBits += n
	d.tails = append(d.tails, tail{node: int32(i), index: int32(index), pos: d.pos, end: d.pos + n})
	d.nodes[i].flags |= flagTail
}

// contained decodes the content of the string node i as type typ. It is a message of
// its own: its failure does not end the message around it.
func (d *Decoder) contained(i int, typ int32, depth uint8) {
	pos, end, nested := d.pos, d.end, d.nested
	n := &d.nodes[i]
	d.pos = int(n.val >> 32)
	d.end, d.nested = d.pos+int(uint32(n.val)), 0
	start := d.pos
	slot := len(d.faults)
	d.faults = append(d.faults, fault{node: int32(i)}) // in the order of nodes
	if d.value(typ, noComp, depth+1) {
		d.rest.TrailingBits += d.left(start)
		if len(d.faults) == slot+1 {
			d.faults = d.faults[:slot]
		}
	} else {
		d.faults[slot].err = d.located(d.p.schema.Types[typ].Name)
		d.nodes[i].flags |= flagFault
	}
	if len(d.nodes) > i+1 {
		d.nodes[i].flags |= flagContained
	}
	d.nodes[i].end = int32(len(d.nodes))
	d.pos, d.end, d.nested = pos, end, nested
}
