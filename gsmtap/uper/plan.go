package uper

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
	"sync"
)

// form is how a whole number, or the size of a string or list, is encoded.
type form uint8

const (
	ranged form = iota // X.691 §11.5: width bits, counted from min
	semi               // §11.7: length and number counted from min; of a size, §11.9.3.5 to 8
	free               // §11.8: length and two's complement
)

// plan is a type as the decoder needs it: widths worked out, components in one table.
type plan struct {
	min      int64
	span     uint64 // greatest value minus min
	base     int32  // first of its components in plans.comps
	count    int32  // number of root components, root alternatives or root values
	alts     int32  // number of alternatives, additions included
	opts     int32  // number of optional root components
	child    int32  // element of a list, content of a CONTAINING string, or -1
	adds     []addPlan
	kind     Kind
	form     form
	ext      bool
	contains bool
	width    uint8 // bits of a ranged number or size, or of an index
	unit     uint8 // bits of a unit of a string
}

// addPlan is an extension addition of a SEQUENCE.
type addPlan struct {
	from, to int32 // its components in plans.comps
	opts     int32 // number of optional ones, 0 if it is no group
}

// compPlan is a component or alternative.
type compPlan struct {
	name  string
	typ   int32
	add   int32 // its extension addition, -1 for the root
	opt   bool  // has a bit in a preamble
	spare bool  // alternative that no message should take
}

// plans are the plans of a schema's types, by TypeID.
type plans struct {
	schema *Schema
	types  []plan
	comps  []compPlan
	err    error // what check found
}

var plansMu sync.Mutex

// plansOf returns the plans of s, which it makes once.
func plansOf(s *Schema) *plans {
	plansMu.Lock()
	defer plansMu.Unlock()
	if s.plans == nil {
		s.plans = makePlans(s)
	}
	return s.plans
}

func makePlans(s *Schema) *plans {
	p := &plans{schema: s, err: check(s)}
	if p.err != nil {
		return p
	}
	total := 0
	for i := range s.Types {
		total += len(s.Types[i].Root)
		for _, a := range s.Types[i].Additions {
			total += len(a.Components)
		}
	}
	p.comps = make([]compPlan, 0, total)
	p.types = make([]plan, len(s.Types))
	for i := range s.Types {
		p.types[i] = p.plan(&s.Types[i])
	}
	return p
}

func (p *plans) plan(t *Type) plan {
	q := plan{kind: t.Kind, ext: t.Extensible, child: -1, min: t.Min, base: int32(len(p.comps))}
	switch t.Kind {
	case Integer:
		q.bound(t)
	case BitString, OctetString:
		q.unit = 1
		if t.Kind == OctetString {
			q.unit = 8
		}
		if t.Contains != NoType {
			q.child, q.contains = int32(t.Contains), true
		}
		q.bound(t)
	case CharacterString:
		q.unit = t.Bits
		q.bound(t)
	case SequenceOf:
		q.child = int32(t.Element)
		q.bound(t)
	case Enumerated:
		q.count = int32(len(t.Names))
		q.width = indexWidth(len(t.Names))
	case Choice:
		q.count = int32(len(t.Root))
		q.width = indexWidth(len(t.Root))
		for _, c := range t.Root {
			p.comps = append(p.comps, alternative(c, -1))
		}
		for _, a := range t.Additions {
			for _, c := range a.Components {
				p.comps = append(p.comps, alternative(c, int32(len(p.comps))-q.base-q.count))
			}
		}
		q.alts = int32(len(p.comps)) - q.base
	case Sequence:
		q.count = int32(len(t.Root))
		for _, c := range t.Root {
			q.opts += p.component(c, -1, c.Optional)
		}
		q.adds = make([]addPlan, len(t.Additions))
		for i, a := range t.Additions {
			b := addPlan{from: int32(len(p.comps))}
			for _, c := range a.Components {
				b.opts += p.component(c, int32(i), a.Group && c.Optional)
			}
			b.to = int32(len(p.comps))
			q.adds[i] = b
		}
	}
	return q
}

// bound sets how the number or size is encoded.
func (q *plan) bound(t *Type) {
	switch {
	case t.Kind == Integer && !t.HasMin:
		q.form = free
	case t.HasMax && (t.Kind == Integer || t.Max < wholeSizes):
		q.form = ranged
		q.span = uint64(t.Max) - uint64(t.Min)
		q.width = uint8(bits.Len64(q.span))
	case t.HasMax:
		q.form = semi
		q.span = uint64(t.Max) - uint64(t.Min)
	default:
		q.form = semi
		q.span = math.MaxInt64 - uint64(t.Min)
	}
}

// component appends c and returns 1 if it has a bit in a preamble, else 0.
func (p *plans) component(c Component, add int32, opt bool) int32 {
	p.comps = append(p.comps, compPlan{name: c.Name, typ: int32(c.Type), add: add, opt: opt})
	if opt {
		return 1
	}
	return 0
}

func alternative(c Component, add int32) compPlan {
	return compPlan{name: c.Name, typ: int32(c.Type), add: add,
		spare: strings.HasPrefix(c.Name, "spare") || c.Name == "criticalExtensionsFuture"}
}

// indexWidth is the number of bits of an index into n things (X.691 §11.5.6).
func indexWidth(n int) uint8 { return uint8(bits.Len(uint(n - 1))) }

// check reports what makes s unusable.
func check(s *Schema) error {
	if len(s.Types) > maxTypes {
		return fmt.Errorf("schema: %d types, at most %d are taken", len(s.Types), maxTypes)
	}
	n := TypeID(len(s.Types))
	for i := range s.Types {
		if err := checkType(&s.Types[i], n); err != nil {
			return fmt.Errorf("schema: type %d (%s): %w", i, s.Types[i].Name, err)
		}
	}
	for name, id := range s.Roots {
		if id < 0 || id >= n {
			return fmt.Errorf("schema: root %s has type %d of %d", name, id, n)
		}
	}
	return nil
}

func checkType(t *Type, n TypeID) error {
	if t.HasMin && t.HasMax && t.Min > t.Max {
		return fmt.Errorf("bounds %d..%d", t.Min, t.Max)
	}
	switch t.Kind {
	case Boolean, Integer, Null, OpenType:
	case BitString, OctetString, CharacterString, SequenceOf:
		if t.Min < 0 || t.HasMax && t.Max < t.Min {
			return fmt.Errorf("size %d..%d", t.Min, t.Max)
		}
		if t.Kind == CharacterString && t.Bits != 7 && t.Bits != 8 {
			return fmt.Errorf("characters of %d bits", t.Bits)
		}
		if t.Kind == SequenceOf && (t.Element < 0 || t.Element >= n) {
			return fmt.Errorf("element type %d of %d", t.Element, n)
		}
		if (t.Kind == BitString || t.Kind == OctetString) && (t.Contains < NoType || t.Contains >= n) {
			return fmt.Errorf("contained type %d of %d", t.Contains, n)
		}
	case Enumerated:
		if len(t.Names) == 0 {
			return fmt.Errorf("no values")
		}
		for _, names := range [...][]string{t.Names, t.MoreNames} {
			for _, name := range names {
				if err := checkName(name); err != nil {
					return err
				}
			}
		}
	case Sequence, Choice:
		if t.Kind == Choice && len(t.Root) == 0 {
			return fmt.Errorf("no alternatives")
		}
		if err := checkComponents(t.Root, n); err != nil {
			return err
		}
		for i, a := range t.Additions {
			if len(a.Components) == 0 || !a.Group && len(a.Components) != 1 {
				return fmt.Errorf("addition %d has %d components", i, len(a.Components))
			}
			if err := checkComponents(a.Components, n); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("kind %d", t.Kind)
	}
	if !t.Extensible && (len(t.Additions) != 0 || len(t.MoreNames) != 0) {
		return fmt.Errorf("additions without extension marker")
	}
	return nil
}

func checkComponents(components []Component, n TypeID) error {
	for _, c := range components {
		if err := checkName(c.Name); err != nil {
			return err
		}
		if c.Type < 0 || c.Type >= n {
			return fmt.Errorf("component %s has type %d of %d", c.Name, c.Type, n)
		}
	}
	return nil
}

// checkName holds names to the characters of ASN.1 identifiers (X.680 §12.3), which
// keeps them apart from the members "..." and "[n]" of the JSON form.
func checkName(name string) error {
	for i := range len(name) {
		c := name[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || c != '-' && c != '_' && (c < '0' || c > '9')) {
			return fmt.Errorf("name %q", name)
		}
	}
	if name == "" {
		return fmt.Errorf("component or value without name")
	}
	return nil
}
