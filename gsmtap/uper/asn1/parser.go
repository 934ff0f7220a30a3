package asn1

import (
	"strconv"

	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// module is a parsed module.
type module struct {
	src     *Source
	off     int
	name    string
	types   map[string]*typeDef
	order   []*typeDef // as written
	values  map[string]*value
	imports map[string]string // the module a name comes from
}

// typeDef is a type assignment.
type typeDef struct {
	mod    *module
	name   string
	params []string // dummy references (X.683 §8.3); those of types begin with a capital
	body   *typeExpr
}

// reference is the kind of a typeExpr that names a type.
const reference uper.Kind = 0xff

// typeExpr is a type as written.
type typeExpr struct {
	off         int
	kind        uper.Kind // or reference
	name        string    // of a reference
	args        []arg     // of a reference to a parameterised type
	extensible  bool
	root, more  []member // components, alternatives or enumerated values
	charBits    uint8    // CharacterString
	element     *typeExpr
	constraints []*constraint
}

// member is a component, an alternative or an enumerated value; or, if group is set,
// the components between [[ and ]]; or, if componentsOf is set, those of typ.
type member struct {
	off          int
	name         string
	typ          *typeExpr
	optional     bool
	group        []member
	isGroup      bool
	componentsOf bool
	number       *value // of an enumerated value
}

// arg is an actual parameter: a type or a value.
type arg struct {
	typ   *typeExpr
	value *value
}

// valueKind tells apart what can stand where a number is expected.
type valueKind uint8

const (
	valueNumber valueKind = iota
	valueName             // a reference
	valueMin
	valueMax
	valueOther // a value of another type, passed over
)

// value is a value as written.
type value struct {
	off  int
	kind valueKind
	num  int64
	name string
}

// constraintKind tells constraints apart.
type constraintKind uint8

const (
	constrainRange      constraintKind = iota // lo..hi
	constrainSize                             // SIZE parts[0]
	constrainContaining                       // CONTAINING typ
	constrainUnion                            // parts[0] | parts[1] | …
	constrainBoth                             // parts[0] ^ parts[1] ^ …
	constrainNothing                          // not visible to PER
)

// constraint is a constraint as written.
type constraint struct {
	off        int
	kind       constraintKind
	extensible bool
	lo, hi     *value
	typ        *typeExpr
	parts      []*constraint
}

// parser is a recursive descent parser. After the first error every token is
// endOfText, so that all loops end; the error is looked at once.
type parser struct {
	src   *Source
	lex   lexer
	tok   token
	err   *Error
	depth int
}

// parse parses the modules of src.
func parse(src *Source) ([]*module, error) {
	p := &parser{src: src, lex: lexer{text: src.Text}}
	p.advance()
	var mods []*module
	for p.tok.kind != endOfText {
		mods = append(mods, p.module())
	}
	if p.err != nil {
		return nil, p.err
	}
	return mods, nil
}

func (p *parser) advance() {
	if p.err != nil {
		p.tok = token{kind: endOfText, off: p.tok.off}
		return
	}
	p.tok = p.lex.next()
}

func (p *parser) failAt(off int, format string, args ...any) {
	if p.err == nil {
		p.err = errorAt(p.src, off, format, args...)
	}
	p.advance()
}

func (p *parser) fail(format string, args ...any) { p.failAt(p.tok.off, format, args...) }

// accept passes over s if it is next.
func (p *parser) accept(s string) bool {
	if !p.tok.is(s) {
		return false
	}
	p.advance()
	return true
}

// expect passes over s, which must be next.
func (p *parser) expect(s string) {
	if !p.accept(s) {
		p.fail("%s where %q is expected", p.tok, s)
	}
}

// enter counts a level of nesting; leave goes with every enter that returns true.
func (p *parser) enter() bool {
	if p.depth >= maxNesting {
		p.fail("nested deeper than %d levels", maxNesting)
		return false
	}
	p.depth++
	return true
}

func (p *parser) leave() { p.depth-- }

// module parses a module definition (X.680 §13).
func (p *parser) module() *module {
	m := &module{
		src: p.src, off: p.tok.off, name: p.tok.text,
		types: map[string]*typeDef{}, values: map[string]*value{}, imports: map[string]string{},
	}
	if !p.tok.isUpper() {
		p.fail("%s where the name of a module is expected", p.tok)
	}
	p.advance()
	if p.tok.is("{") {
		p.braces()
	}
	p.expect("DEFINITIONS")
	// Without automatic tags the order of alternatives is not that of the text.
	p.expect("AUTOMATIC")
	p.expect("TAGS")
	p.expect("::=")
	p.expect("BEGIN")
	if p.accept("EXPORTS") {
		for !p.tok.is(";") && p.tok.kind != endOfText {
			p.advance()
		}
		p.expect(";")
	}
	if p.accept("IMPORTS") {
		p.imports(m)
	}
	for !p.tok.is("END") && p.tok.kind != endOfText {
		p.assignment(m)
	}
	p.expect("END")
	return m
}

// imports parses what follows IMPORTS (X.680 §13.16).
func (p *parser) imports(m *module) {
	var names []token
	for !p.tok.is(";") && p.tok.kind != endOfText {
		if p.accept("FROM") {
			if !p.tok.isUpper() {
				p.fail("%s where the name of a module is expected", p.tok)
			}
			for _, n := range names {
				m.imports[n.text] = p.tok.text
			}
			names = names[:0]
			p.advance()
			if p.tok.is("{") {
				p.braces()
			}
			continue
		}
		if p.tok.kind != word {
			p.fail("%s where a name to import is expected", p.tok)
		}
		names = append(names, p.tok)
		p.advance()
		if p.tok.is("{") { // A parameterised type may be followed by {}.
			p.advance()
			p.expect("}")
		}
		if !p.tok.is("FROM") {
			p.expect(",")
		}
	}
	if len(names) > 0 {
		p.failAt(names[0].off, "imported from no module")
	}
	p.expect(";")
}

// assignment parses a type or value assignment (X.680 §16).
func (p *parser) assignment(m *module) {
	name := p.tok
	switch {
	case name.isUpper():
		p.advance()
		def := &typeDef{mod: m, name: name.text}
		if p.accept("{") {
			def.params = p.params()
		}
		p.expect("::=")
		def.body = p.typ()
		if m.types[name.text] != nil {
			p.failAt(name.off, "%s is defined twice", name.text)
		}
		m.types[name.text] = def
		m.order = append(m.order, def)
	case name.isLower():
		p.advance()
		p.typ()
		p.expect("::=")
		v := p.value()
		if m.values[name.text] != nil {
			p.failAt(name.off, "%s is defined twice", name.text)
		}
		m.values[name.text] = v
	default:
		p.fail("%s where a definition is expected", name)
	}
}

// params parses the dummy parameters up to the closing brace (X.683 §8.3).
func (p *parser) params() []string {
	var names []string
	for {
		if p.tok.kind != word {
			p.fail("%s where a parameter is expected", p.tok)
			return nil
		}
		name := p.tok.text
		p.advance()
		if p.accept(":") { // what stood before is the governor
			if p.tok.kind != word {
				p.fail("%s where a parameter is expected", p.tok)
				return nil
			}
			name = p.tok.text
			p.advance()
		}
		names = append(names, name)
		if p.accept("}") {
			return names
		}
		p.expect(",")
	}
}

// charBits are the widths of characters (X.691 §30): strings with a known multiplier
// take 7 bits here, the others whole octets. The times are VisibleStrings (X.680 §46,
// §47).
var charBits = map[string]uint8{
	"IA5String": 7, "VisibleString": 7, "ISO646String": 7, "PrintableString": 7, "UTF8String": 8,
	"GeneralizedTime": 7, "UTCTime": 7,
}

// typ parses a type with its constraints (X.680 §17).
func (p *parser) typ() *typeExpr {
	t := &typeExpr{off: p.tok.off}
	if !p.enter() {
		return t
	}
	defer p.leave()
	if !p.tok.isUpper() {
		p.fail("%s where a type is expected", p.tok)
		return t
	}
	name := p.tok
	p.advance()
	switch name.text {
	case "BOOLEAN":
		t.kind = uper.Boolean
	case "NULL":
		t.kind = uper.Null
	case "INTEGER":
		t.kind = uper.Integer
		if p.tok.is("{") {
			p.braces()
		}
	case "BIT":
		p.expect("STRING")
		t.kind = uper.BitString
		if p.tok.is("{") {
			p.braces()
		}
	case "OCTET":
		p.expect("STRING")
		t.kind = uper.OctetString
	case "ENUMERATED":
		t.kind = uper.Enumerated
		p.expect("{")
		p.members(t, p.enumerated)
	case "CHOICE":
		t.kind = uper.Choice
		p.expect("{")
		p.members(t, p.component)
	case "SEQUENCE":
		if p.accept("{") {
			t.kind = uper.Sequence
			p.members(t, p.component)
			break
		}
		t.kind = uper.SequenceOf
		switch {
		case p.tok.is("("):
			t.constraints = append(t.constraints, p.constraint())
		case p.tok.is("SIZE"):
			t.constraints = append(t.constraints, p.element())
		}
		p.expect("OF")
		if p.tok.isLower() {
			p.advance()
		}
		t.element = p.typ()
		return t // constraints that follow are the element's
	case "SET", "REAL", "OBJECT", "EXTERNAL", "EMBEDDED", "CLASS", "RELATIVE-OID", "ANY", "INSTANCE", "NumericString",
		"BMPString", "UniversalString", "GeneralString", "GraphicString", "TeletexString", "T61String", "VideotexString",
		"TIME", "DATE", "CHARACTER":
		p.failAt(name.off, "%s is not supported", name.text)
	default:
		if bits, ok := charBits[name.text]; ok {
			t.kind, t.charBits = uper.CharacterString, bits
			break
		}
		t.kind, t.name = reference, name.text
		if p.accept("{") {
			t.args = p.args()
		}
	}
	for p.tok.is("(") {
		t.constraints = append(t.constraints, p.constraint())
	}
	return t
}

// args parses actual parameters up to the closing brace (X.683 §9.5).
func (p *parser) args() []arg {
	var args []arg
	for {
		if p.tok.isUpper() {
			args = append(args, arg{typ: p.typ()})
		} else {
			args = append(args, arg{value: p.value()})
		}
		if p.accept("}") || p.tok.kind == endOfText {
			return args
		}
		p.expect(",")
	}
}

// members parses what stands between the braces of a SEQUENCE, CHOICE or ENUMERATED:
// the root, after "..." the additions, and after a second "..." more of the root
// (X.680 §20, §25, §29).
func (p *parser) members(t *typeExpr, one func() member) {
	if p.accept("}") {
		return
	}
	markers := 0
	for {
		switch {
		case p.accept("..."):
			if markers++; markers > 2 {
				p.fail("a third extension marker")
			}
			t.extensible = true
		case p.tok.is("[["):
			off := p.tok.off
			p.advance()
			if markers != 1 || t.kind == uper.Enumerated {
				p.failAt(off, "[[ outside the extension additions")
			}
			group := p.group(one)
			if t.kind == uper.Choice { // groups do not show in its encoding
				t.more = append(t.more, group...)
			} else {
				t.more = append(t.more, member{off: off, isGroup: true, group: group})
			}
		case markers == 1:
			t.more = append(t.more, one())
		default:
			if markers == 2 && t.kind != uper.Sequence {
				p.fail("%s after the second extension marker", p.tok)
			}
			t.root = append(t.root, one())
		}
		if p.accept("}") || p.tok.kind == endOfText {
			return
		}
		p.expect(",")
	}
}

// group parses an extension addition group after its "[[": an optional version
// number, then components.
func (p *parser) group(one func() member) []member {
	if p.tok.kind == number {
		p.advance()
		p.expect(":")
	}
	var g []member
	for {
		g = append(g, one())
		if p.accept("]]") || p.tok.kind == endOfText {
			return g
		}
		p.expect(",")
	}
}

// component parses a component of a SEQUENCE or an alternative of a CHOICE.
func (p *parser) component() member {
	c := member{off: p.tok.off}
	if p.accept("COMPONENTS") {
		p.expect("OF")
		c.componentsOf = true
		c.typ = p.typ()
		return c
	}
	if !p.tok.isLower() {
		p.fail("%s where the name of a component is expected", p.tok)
		return c
	}
	c.name = p.tok.text
	p.advance()
	c.typ = p.typ()
	switch {
	case p.accept("OPTIONAL"):
		c.optional = true
	case p.accept("DEFAULT"):
		c.optional = true
		p.value()
	}
	return c
}

// enumerated parses a value of an ENUMERATED.
func (p *parser) enumerated() member {
	m := member{off: p.tok.off, name: p.tok.text}
	if !p.tok.isLower() {
		p.fail("%s where the name of a value is expected", p.tok)
		return m
	}
	p.advance()
	if p.accept("(") {
		m.number = p.value()
		p.expect(")")
	}
	return m
}

// value parses a value. All but numbers and references are passed over.
func (p *parser) value() *value {
	v := &value{off: p.tok.off}
	switch {
	case p.tok.is("-"), p.tok.kind == number:
		sign := ""
		if p.accept("-") {
			sign = "-"
		}
		n, err := strconv.ParseInt(sign+p.tok.text, 10, 64)
		if p.tok.kind != number || err != nil {
			p.fail("%s where a number of 64 bits is expected", p.tok)
		}
		v.num = n
		p.advance()
	case p.tok.kind == word:
		v.kind, v.name = valueName, p.tok.text
		p.advance()
		if p.accept(":") { // a value of a CHOICE
			if !p.enter() {
				return v
			}
			p.value()
			p.leave()
			v.kind = valueOther
		}
	case p.tok.kind == text:
		v.kind = valueOther
		p.advance()
	case p.tok.is("{"):
		v.kind = valueOther
		p.braces()
	default:
		p.fail("%s where a value is expected", p.tok)
	}
	return v
}

// braces passes over everything up to the brace that closes the one that is next.
func (p *parser) braces() {
	open := 0
	for p.tok.kind != endOfText {
		switch {
		case p.tok.is("{"):
			open++
		case p.tok.is("}"):
			open--
		}
		p.advance()
		if open == 0 {
			return
		}
	}
	p.fail("%s where %q is expected", p.tok, "}")
}

// constraint parses a constraint in its parentheses (X.680 §49, §50).
func (p *parser) constraint() *constraint {
	off := p.tok.off
	p.expect("(")
	if !p.enter() {
		return &constraint{kind: constrainNothing}
	}
	defer p.leave()
	c := p.union()
	if p.accept(",") {
		p.expect("...")
		// The wrapper keeps this marker apart from one inside a SIZE.
		c = &constraint{off: off, kind: constrainBoth, parts: []*constraint{c}, extensible: true}
		if p.accept(",") {
			p.union() // what extensions add is not in the root
		}
	}
	p.expect(")")
	return c
}

func (p *parser) union() *constraint {
	return p.list(constrainUnion, "|", "UNION", func() *constraint {
		return p.list(constrainBoth, "^", "INTERSECTION", p.element)
	})
}

// list parses one or more constraints with a sign or word between them.
func (p *parser) list(kind constraintKind, sign, name string, one func() *constraint) *constraint {
	c := one()
	if !p.tok.is(sign) && !p.tok.is(name) {
		return c
	}
	c = &constraint{off: c.off, kind: kind, parts: []*constraint{c}}
	for p.accept(sign) || p.accept(name) {
		c.parts = append(c.parts, one())
	}
	return c
}

// element parses the elements that unions and intersections are made of (X.680 §50.5,
// §51).
func (p *parser) element() *constraint {
	c := &constraint{off: p.tok.off}
	switch {
	case p.tok.is("("):
		return p.constraint()
	case p.accept("SIZE"):
		c.kind, c.parts = constrainSize, []*constraint{p.constraint()}
	case p.accept("CONTAINING"):
		c.kind, c.typ = constrainContaining, p.typ()
	case p.accept("WITH"):
		c.kind = constrainNothing
		switch {
		case p.accept("COMPONENTS"):
			p.braces()
		case p.accept("COMPONENT"):
			p.constraint()
		default:
			p.fail("%s where COMPONENTS is expected", p.tok)
		}
	case p.tok.is("FROM"), p.tok.is("ALL"), p.tok.is("INCLUDES"), p.tok.is("PATTERN"), p.tok.is("CONSTRAINED"), p.tok.is("SETTINGS"):
		p.fail("a constraint with %s is not supported", p.tok.text)
	case p.tok.isUpper() && !p.tok.is("MIN") && !p.tok.is("TRUE") && !p.tok.is("FALSE"):
		p.fail("a constraint by a type is not supported")
	default:
		c.lo = p.endpoint()
		c.hi = c.lo
		if p.tok.is("<") {
			p.fail("an open range is not supported")
		}
		if p.accept("..") {
			if p.tok.is("<") {
				p.fail("an open range is not supported")
			}
			c.hi = p.endpoint()
		}
	}
	if p.tok.is("EXCEPT") {
		p.fail("a constraint with EXCEPT is not supported")
	}
	return c
}

// endpoint parses an end of a value range.
func (p *parser) endpoint() *value {
	v := p.value()
	if v.kind == valueName {
		switch v.name {
		case "MIN":
			v.kind = valueMin
		case "MAX":
			v.kind = valueMax
		case "TRUE", "FALSE":
			v.kind = valueOther
		}
	}
	return v
}
