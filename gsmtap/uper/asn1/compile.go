package asn1

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// compiler turns definitions into types. Named types are compiled from a queue, so
// that a type may hold itself and no chain of names is a chain of calls.
type compiler struct {
	modules map[string]*module
	order   []*module
	schema  *uper.Schema
	named   map[string]uper.TypeID // by module, name and actual parameters
	inPlace map[string]uper.TypeID // types without definition of their own, by content
	queue   []job
	parts   int
	err     *Error
}

// job is a definition whose TypeID is given out and whose type is still to be built.
type job struct {
	id  uper.TypeID
	def *typeDef
	env *env
}

// env is what names mean in a definition: its module, and for a parameterised one the
// actual parameters.
type env struct {
	mod    *module
	types  map[string]uper.TypeID
	values map[string]int64
}

// fail records the first error.
func (c *compiler) fail(m *module, off int, format string, args ...any) {
	if c.err == nil {
		c.err = errorAt(m.src, off, format, args...)
	}
}

// messages returns the names of all types that look like a message.
func (c *compiler) messages() []string {
	var names []string
	for _, m := range c.order {
		for _, d := range m.order {
			at := strings.Index(d.name, "-Message")
			if at < 0 || d.body.kind != uper.Sequence || len(d.params) > 0 {
				continue
			}
			if rest := d.name[at+len("-Message"):]; rest != "" && rest[0] != '-' {
				continue
			}
			if slices.ContainsFunc(d.body.root, func(m member) bool { return m.name == "message" }) {
				names = append(names, d.name)
			}
		}
	}
	return names
}

// root compiles a type that no other need refer to; one whose name ends in "?" may
// be missing.
func (c *compiler) root(name string) {
	name, optional := strings.CutSuffix(name, "?")
	var found *typeDef
	for _, m := range c.order {
		d := m.types[name]
		switch {
		case d == nil:
		case found != nil:
			c.fail(m, d.body.off, "root %s is defined in %s and in %s", name, found.mod.name, m.name)
		case len(d.params) > 0:
			c.fail(m, d.body.off, "root %s has parameters", name)
		default:
			found = d
		}
	}
	if c.err != nil {
		return
	}
	if found == nil {
		if optional {
			return
		}
		c.err = &Error{Text: fmt.Sprintf("root %s is defined in no module", name)}
		return
	}
	c.schema.Roots[name] = c.instance(found, &env{mod: found.mod}, "")
}

// drain builds the queued types.
func (c *compiler) drain() {
	for len(c.queue) > 0 && c.err == nil {
		j := c.queue[0]
		c.queue = c.queue[1:]
		t := c.build(j.def.body, j.env, 0)
		t.Name = j.def.name
		c.schema.Types[j.id] = t
	}
}

// spend counts n types and components; false once there are too many.
func (c *compiler) spend(m *module, off, n int) bool {
	if c.parts += n; c.parts > maxParts {
		c.fail(m, off, "more than %d types and components", maxParts)
	}
	return c.err == nil
}

// instance returns the type of a definition with the parameters in e, whose TypeIDs
// and values args spells out.
func (c *compiler) instance(d *typeDef, e *env, args string) uper.TypeID {
	key := d.mod.name + "." + d.name + args
	if id, ok := c.named[key]; ok {
		return id
	}
	if !c.spend(d.mod, d.body.off, 1) {
		return uper.NoType
	}
	id := c.add(uper.Type{Name: d.name, Element: uper.NoType, Contains: uper.NoType})
	c.named[key] = id
	c.queue = append(c.queue, job{id, d, e})
	return id
}

func (c *compiler) add(t uper.Type) uper.TypeID {
	c.schema.Types = append(c.schema.Types, t)
	return uper.TypeID(len(c.schema.Types) - 1)
}

// typeOf returns the type that x stands for.
func (c *compiler) typeOf(x *typeExpr, e *env, depth int) uper.TypeID {
	if c.err != nil {
		return uper.NoType
	}
	if x.kind == reference && len(x.constraints) == 0 {
		if id, ok := e.types[x.name]; ok {
			return id
		}
		d, de, args := c.definition(x, e, depth)
		if d == nil {
			return uper.NoType
		}
		return c.instance(d, de, args)
	}
	t := c.build(x, e, depth)
	if c.err != nil {
		return uper.NoType
	}
	if x.kind == reference {
		t.Name = x.name
	}
	// Names and numbers hold none of the signs that %v writes between them, so
	// different types have different keys.
	key := fmt.Sprintf("%v", t)
	id, ok := c.inPlace[key]
	if !ok {
		id = c.add(t)
		c.inPlace[key] = id
	}
	return id
}

// definition looks up the definition that the reference x leads to, its environment,
// and its actual parameters in writing.
func (c *compiler) definition(x *typeExpr, e *env, depth int) (*typeDef, *env, string) {
	if depth > maxNesting {
		c.fail(e.mod, x.off, "types nested deeper than %d levels", maxNesting)
		return nil, nil, ""
	}
	d := e.mod.types[x.name]
	if d == nil {
		from, ok := e.mod.imports[x.name]
		if !ok {
			c.fail(e.mod, x.off, "type %s is not defined", x.name)
			return nil, nil, ""
		}
		if m := c.modules[from]; m != nil {
			d = m.types[x.name]
		}
		if d == nil {
			c.fail(e.mod, x.off, "type %s is not defined in module %s", x.name, from)
			return nil, nil, ""
		}
	}
	if len(x.args) != len(d.params) {
		c.fail(e.mod, x.off, "type %s takes %d parameters, not %d", x.name, len(d.params), len(x.args))
		return nil, nil, ""
	}
	de := &env{mod: d.mod}
	var args strings.Builder
	for i, a := range x.args {
		name := d.params[i]
		if isType := name[0] >= 'A' && name[0] <= 'Z'; isType != (a.typ != nil) {
			c.fail(e.mod, x.off, "parameter %s of type %s is of the other kind", name, x.name)
			return nil, nil, ""
		}
		if a.typ != nil {
			id := c.typeOf(a.typ, e, depth+1)
			if de.types == nil {
				de.types = map[string]uper.TypeID{}
			}
			de.types[name] = id
			fmt.Fprintf(&args, " t%d", id)
			continue
		}
		n := c.number(a.value, e)
		if de.values == nil {
			de.values = map[string]int64{}
		}
		de.values[name] = n
		fmt.Fprintf(&args, " v%d", n)
	}
	if c.err != nil {
		return nil, nil, ""
	}
	return d, de, args.String()
}

// build builds the type that x stands for, without a name.
func (c *compiler) build(x *typeExpr, e *env, depth int) uper.Type {
	t := uper.Type{Kind: x.kind, Element: uper.NoType, Contains: uper.NoType, Extensible: x.extensible}
	if depth > maxNesting {
		c.fail(e.mod, x.off, "types nested deeper than %d levels", maxNesting)
	}
	if !c.spend(e.mod, x.off, 1) {
		return t
	}
	switch x.kind {
	case reference:
		if _, ok := e.types[x.name]; ok {
			c.fail(e.mod, x.off, "parameter %s as a whole definition or with a constraint is not supported", x.name)
			return t
		}
		d, de, _ := c.definition(x, e, depth)
		if d == nil {
			return t
		}
		t = c.build(d.body, de, depth+1)
	case uper.Enumerated:
		t.Names = c.names(c.numbered(x.root, e), e)
		t.MoreNames = c.names(x.more, e)
		c.distinct(e.mod, slices.Concat(x.root, x.more))
		if len(t.Names) == 0 {
			c.fail(e.mod, x.off, "an ENUMERATED of nothing")
		}
	case uper.Sequence:
		var all []member
		t.Root, all = c.components(x.root, e, depth)
		for _, m := range x.more {
			a := uper.Addition{Group: m.isGroup}
			ms := []member{m}
			if m.isGroup {
				ms = m.group
			}
			a.Components, ms = c.components(ms, e, depth)
			all = append(all, ms...)
			t.Additions = append(t.Additions, a)
		}
		c.distinct(e.mod, all)
	case uper.Choice:
		var all, more []member
		t.Root, all = c.components(x.root, e, depth)
		var cs []uper.Component
		cs, more = c.components(x.more, e, depth)
		for i := range cs {
			t.Additions = append(t.Additions, uper.Addition{Components: cs[i : i+1 : i+1]})
		}
		c.distinct(e.mod, append(all, more...))
		if len(t.Root) == 0 {
			c.fail(e.mod, x.off, "a CHOICE of nothing")
		}
	case uper.SequenceOf:
		t.HasMin = true
		t.Element = c.typeOf(x.element, e, depth+1)
	case uper.BitString, uper.OctetString:
		t.HasMin = true
	case uper.CharacterString:
		t.HasMin = true
		t.Bits = x.charBits
	}
	for _, con := range x.constraints {
		c.constrain(&t, con, e, depth)
	}
	return t
}

// components builds components; it also returns them as written, those that
// COMPONENTS OF brings in included.
func (c *compiler) components(ms []member, e *env, depth int) ([]uper.Component, []member) {
	var list []uper.Component
	var written []member
	for _, m := range ms {
		if !c.spend(e.mod, m.off, 1) {
			return nil, nil
		}
		if m.componentsOf {
			cs, ws := c.componentsOf(m.typ, e, depth+1)
			list, written = append(list, cs...), append(written, ws...)
			continue
		}
		list = append(list, uper.Component{Name: m.name, Type: c.typeOf(m.typ, e, depth+1), Optional: m.optional})
		written = append(written, m)
	}
	return list, written
}

// componentsOf builds the root components of the SEQUENCE that x names (X.680 §25.5).
func (c *compiler) componentsOf(x *typeExpr, e *env, depth int) ([]uper.Component, []member) {
	for range maxChain {
		if x.kind != reference || c.err != nil {
			break
		}
		d, de, _ := c.definition(x, e, depth)
		if d == nil {
			return nil, nil
		}
		x, e = d.body, de
	}
	if x.kind != uper.Sequence {
		c.fail(e.mod, x.off, "COMPONENTS OF what is no SEQUENCE")
		return nil, nil
	}
	if depth > maxNesting {
		c.fail(e.mod, x.off, "types nested deeper than %d levels", maxNesting)
		return nil, nil
	}
	return c.components(x.root, e, depth)
}

// distinct fails if two members have the same name.
func (c *compiler) distinct(m *module, members []member) {
	seen := make(map[string]bool, len(members))
	for _, mem := range members {
		if seen[mem.name] {
			c.fail(m, mem.off, "%s is there twice", mem.name)
		}
		seen[mem.name] = true
	}
}

func (c *compiler) names(ms []member, e *env) []string {
	var names []string
	for _, m := range ms {
		if !c.spend(e.mod, m.off, 1) {
			return nil
		}
		names = append(names, m.name)
	}
	return names
}

// numbered returns enumerated values in the order of their numbers, which is that of
// the encoding; values without one take the lowest that is free (X.680 §20.3, X.691
// §14.1).
func (c *compiler) numbered(ms []member, e *env) []member {
	numbers := map[string]int64{}
	used := map[int64]bool{}
	for _, m := range ms {
		if m.number != nil {
			numbers[m.name] = c.number(m.number, e)
			used[numbers[m.name]] = true
		}
	}
	if len(numbers) == 0 {
		return ms
	}
	next := int64(0)
	for _, m := range ms {
		if m.number != nil {
			continue
		}
		for used[next] {
			next++
		}
		numbers[m.name] = next
		next++
	}
	sorted := slices.Clone(ms)
	slices.SortStableFunc(sorted, func(a, b member) int { return cmp.Compare(numbers[a.name], numbers[b.name]) })
	return sorted
}

// bounds are the effective bounds of a value or size (X.691 §10.3).
type bounds struct {
	min, max       int64
	hasMin, hasMax bool
	extensible     bool
}

// within narrows b to what p allows as well.
func (b bounds) within(p bounds) bounds {
	if p.hasMin && (!b.hasMin || b.min < p.min) {
		b.min, b.hasMin = p.min, true
	}
	if p.hasMax && (!b.hasMax || b.max > p.max) {
		b.max, b.hasMax = p.max, true
	}
	b.extensible = b.extensible || p.extensible
	return b
}

// hull widens b until it holds o.
func (b bounds) hull(o bounds) bounds {
	b.min, b.hasMin = min(b.min, o.min), b.hasMin && o.hasMin
	b.max, b.hasMax = max(b.max, o.max), b.hasMax && o.hasMax
	b.extensible = b.extensible || o.extensible
	return b
}

// constrain applies a constraint to t.
func (c *compiler) constrain(t *uper.Type, con *constraint, e *env, depth int) {
	parent := bounds{min: t.Min, max: t.Max, hasMin: t.HasMin, hasMax: t.HasMax}
	var b bounds
	var visible bool
	switch t.Kind {
	case uper.Integer:
		b, visible = c.bounds(con, parent, e, false)
	case uper.BitString, uper.OctetString:
		if held := containing(con); held != nil {
			t.Contains = c.typeOf(held, e, depth+1)
		}
		b, visible = c.bounds(con, parent, e, true)
	case uper.SequenceOf:
		b, visible = c.bounds(con, parent, e, true)
	case uper.CharacterString:
		if t.Bits == 7 { // the size of others is not visible to PER (X.691 §30.6)
			b, visible = c.bounds(con, parent, e, true)
		}
	}
	if !visible || c.err != nil {
		return
	}
	if b.hasMin && b.hasMax && b.min > b.max {
		c.fail(e.mod, con.off, "the constraint leaves no value")
		return
	}
	t.Min, t.Max, t.HasMin, t.HasMax, t.Extensible = b.min, b.max, b.hasMin, b.hasMax, b.extensible
}

// containing returns the type that con says a string holds, or nil.
func containing(con *constraint) *typeExpr {
	switch con.kind {
	case constrainContaining:
		return con.typ
	case constrainBoth:
		for _, p := range con.parts {
			if x := containing(p); x != nil {
				return x
			}
		}
	}
	return nil
}

// bounds returns what con allows of what parent allows, of sizes or of values. It is
// not visible if con says nothing of them.
func (c *compiler) bounds(con *constraint, parent bounds, e *env, size bool) (b bounds, visible bool) {
	b = parent
	switch con.kind {
	case constrainRange:
		if size {
			return b, false
		}
		r := bounds{}
		r.min, r.hasMin = c.end(con.lo, parent, e)
		r.max, r.hasMax = c.end(con.hi, parent, e)
		if r.hasMin && r.hasMax && r.min > r.max {
			c.fail(e.mod, con.off, "a range from %d to %d", r.min, r.max)
		}
		return r.within(parent), true
	case constrainSize:
		if !size {
			return b, false
		}
		b, visible = c.bounds(con.parts[0], parent, e, false)
	case constrainBoth:
		for _, p := range con.parts {
			if pb, ok := c.bounds(p, parent, e, size); ok {
				b, visible = pb.within(b), true
			}
		}
	case constrainUnion:
		for i, p := range con.parts {
			pb, ok := c.bounds(p, parent, e, size)
			if !ok { // a part that says nothing allows everything
				return parent, false
			}
			if i == 0 {
				b = pb
			} else {
				b = b.hull(pb)
			}
		}
		visible = true
	}
	b.extensible = b.extensible || visible && con.extensible
	return b, visible
}

// end returns an end of a range, and whether there is one.
func (c *compiler) end(v *value, parent bounds, e *env) (int64, bool) {
	switch v.kind {
	case valueMin:
		return parent.min, parent.hasMin
	case valueMax:
		return parent.max, parent.hasMax
	}
	return c.number(v, e), true
}

// undecided is what 3GPP writes for a constant that is for further study, and 9999 the
// number that TS 38.331 itself puts in for it (ffsUpperLimit).
const (
	undecided      = "ffs"
	undecidedLimit = 9999
)

// number returns the number that v stands for.
func (c *compiler) number(v *value, e *env) int64 {
	mod := e.mod
	for range maxChain {
		if c.err != nil {
			return 0
		}
		switch v.kind {
		case valueNumber:
			return v.num
		case valueName:
		default:
			c.fail(mod, v.off, "not a number")
			return 0
		}
		if n, ok := e.values[v.name]; ok && mod == e.mod {
			return n
		}
		next := mod.values[v.name]
		from := mod
		if next == nil {
			if from = c.modules[mod.imports[v.name]]; from != nil {
				next = from.values[v.name]
			}
		}
		if next == nil {
			if strings.EqualFold(v.name, undecided) {
				return undecidedLimit
			}
			c.fail(mod, v.off, "value %s is not defined", v.name)
			return 0
		}
		v, mod = next, from
	}
	c.fail(mod, v.off, "value %s is defined by a chain of more than %d", v.name, maxChain)
	return 0
}
