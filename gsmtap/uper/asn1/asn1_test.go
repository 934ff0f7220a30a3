package asn1

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// mod puts definitions into a module.
func mod(name, definitions string) Source {
	return Source{Name: name + ".asn", Text: []byte(name + " DEFINITIONS AUTOMATIC TAGS ::= BEGIN\n" + definitions + "\nEND\n")}
}

// describe writes a type out as far as its names: tests compare the text.
func describe(s *uper.Schema, id uper.TypeID, depth int) string {
	t := &s.Types[id]
	var b strings.Builder
	if t.Name != "" {
		b.WriteString(t.Name)
		if depth > 0 {
			return b.String()
		}
		b.WriteString("=")
	}
	b.WriteString([...]string{"bool", "int", "enum", "bits", "octets", "text", "null", "seq", "list", "choice", "open"}[t.Kind])
	if t.HasMin || t.HasMax {
		end := func(has bool, n int64) string {
			if has {
				return fmt.Sprint(n)
			}
			return ""
		}
		fmt.Fprintf(&b, "(%s..%s)", end(t.HasMin, t.Min), end(t.HasMax, t.Max))
	}
	if t.Extensible {
		b.WriteString("+")
	}
	if t.Bits != 0 {
		fmt.Fprintf(&b, "/%d", t.Bits)
	}
	if t.Names != nil || t.MoreNames != nil {
		fmt.Fprintf(&b, "%v%v", t.Names, t.MoreNames)
	}
	components := func(cs []uper.Component) {
		for i, c := range cs {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(c.Name)
			if c.Optional {
				b.WriteString("?")
			}
			b.WriteString(":" + describe(s, c.Type, depth+1))
		}
	}
	if t.Kind == uper.Sequence || t.Kind == uper.Choice {
		b.WriteString("{")
		components(t.Root)
		for _, a := range t.Additions {
			if a.Group {
				b.WriteString(" [")
				components(a.Components)
				b.WriteString("]")
			} else {
				b.WriteString(" |")
				components(a.Components)
			}
		}
		b.WriteString("}")
	}
	if t.Element != uper.NoType {
		b.WriteString(" of " + describe(s, t.Element, depth+1))
	}
	if t.Contains != uper.NoType {
		b.WriteString(" holding " + describe(s, t.Contains, depth+1))
	}
	return b.String()
}

func TestTypes(t *testing.T) {
	const common = `
		five INTEGER ::= 5   six INTEGER ::= five2  five2 INTEGER ::= 6  low INTEGER ::= -3
		unsure INTEGER ::= ffs -- for further study
		B ::= INTEGER (0..7)   Seq ::= SEQUENCE { x BOOLEAN, ..., y B }   List ::= SEQUENCE OF B
		SetupRelease { ElementTypeParam } ::= CHOICE { release NULL, setup ElementTypeParam }
		Sized { INTEGER : size, T } ::= SEQUENCE (SIZE (1..size)) OF T
		given B ::= 3  other SEQUENCE OF B ::= { 1, { 2 } }  choice C ::= a : b : '0'B  C ::= CHOICE { a NULL }
	`
	tests := []struct{ name, text, want string }{
		{"boolean", "BOOLEAN", "A=bool"},
		{"null", "NULL", "A=null"},
		{"integer", "INTEGER", "A=int"},
		{"named numbers", "INTEGER { a(1), b(2) } (1..2)", "A=int(1..2)"},
		{"one value", "INTEGER (4)", "A=int(4..4)"},
		{"constants", "INTEGER (low..six)", "A=int(-3..6)"},
		{"a constant for further study", "INTEGER (0..unsure)", "A=int(0..9999)"},
		{"minimum only", "INTEGER (0..MAX)", "A=int(0..)"},
		{"maximum only", "INTEGER (MIN..-1)", "A=int(..-1)"},
		{"MIN and MAX of the parent", "INTEGER (3..9) (MIN..MAX)", "A=int(3..9)"},
		{"two constraints", "INTEGER (0..9) (5..20)", "A=int(5..9)"},
		{"extensible", "INTEGER (0..9, ...)", "A=int(0..9)+"},
		{"extended", "INTEGER (0..9, ..., 10..20)", "A=int(0..9)+"},
		{"the last constraint decides the extension", "INTEGER (0..9, ...) (1..2)", "A=int(1..2)"},
		{"union", "INTEGER (1 | 5..6 | 3 UNION 4)", "A=int(1..6)"},
		{"intersection", "INTEGER (1..6 ^ 3..MAX INTERSECTION (MIN..5))", "A=int(3..5)"},
		{"another name", "B", "A=int(0..7)"},
		{"a constrained reference", "B (2..3)", "A=int(2..3)"},
		{"enumerated", "ENUMERATED { a, b-1, c }", "A=enum[a b-1 c][]"},
		{"enumerated, extensible", "ENUMERATED { a, b, ..., c, d }", "A=enum+[a b][c d]"},
		{"enumerated by number", "ENUMERATED { a(2), b, c(0), d }", "A=enum[c b a d][]"},
		{"bit string", "BIT STRING", "A=bits(0..)"},
		{"named bits", "BIT STRING { a(0), b(1) } (SIZE (16))", "A=bits(16..16)"},
		{"size range", "OCTET STRING (SIZE (1..five))", "A=octets(1..5)"},
		{"size union", "BIT STRING (SIZE (8 | 16, ...))", "A=bits(8..16)+"},
		{"extensible outside the size", "BIT STRING (SIZE (8), ...)", "A=bits(8..8)+"},
		{"containing", "OCTET STRING (CONTAINING Seq)", "A=octets(0..) holding Seq"},
		{"size and containing", "BIT STRING (SIZE (8)) (CONTAINING SEQUENCE OF B)", "A=bits(8..8) holding list(0..) of B"},
		{"containing itself", "OCTET STRING (SIZE (3) ^ CONTAINING A)", "A=octets(3..3) holding A"},
		{"text", "UTF8String (SIZE (1..5))", "A=text(0..)/8"},
		{"text of 7 bits", "IA5String (SIZE (1..5))", "A=text(1..5)/7"},
		{"list", "SEQUENCE (SIZE (0..six)) OF SEQUENCE SIZE (2) OF b B (1)", "A=list(0..6) of list(2..2) of B"},
		{"a sized reference", "List (SIZE (4))", "A=list(4..4) of B"},
		{"sequence", "SEQUENCE { a B, b NULL OPTIONAL }", "A=seq{a:B, b?:null}"},
		{"empty sequence", "SEQUENCE {}", "A=seq{}"},
		{"empty and extensible", "SEQUENCE { ... }", "A=seq+{}"},
		{"defaults", `SEQUENCE { a B DEFAULT 3, b BIT STRING DEFAULT '01'B, c List DEFAULT { 1, { x 2 } }, d C DEFAULT a : NULL,
			e OCTET STRING DEFAULT 'A0'H, f IA5String DEFAULT "a ""b""", g INTEGER DEFAULT -1, h ENUMERATED { x } DEFAULT x }`,
			"A=seq{a?:B, b?:bits(0..), c?:List, d?:C, e?:octets(0..), f?:text(0..)/7, g?:int, h?:enum[x][]}"},
		{"additions", "SEQUENCE { a B, ..., b B, c B OPTIONAL }", "A=seq+{a:B |b:B |c?:B}"},
		{"groups", "SEQUENCE { a B, ..., [[ b B, c NULL OPTIONAL ]], [[ 9: d B ]] }", "A=seq+{a:B [b:B, c?:null] [d:B]}"},
		{"second marker", "SEQUENCE { a B, ..., [[ b B ]], ..., c B }", "A=seq+{a:B, c:B [b:B]}"},
		{"only markers", "SEQUENCE { ..., ... }", "A=seq+{}"},
		{"components of", "SEQUENCE { a B, COMPONENTS OF Seq, z B }", "A=seq{a:B, x:bool, z:B}"},
		{"choice", "CHOICE { a B, b NULL }", "A=choice{a:B, b:null}"},
		{"choice, extensible", "CHOICE { a B, ..., b NULL, [[ c B, d B ]] }", "A=choice+{a:B |b:null |c:B |d:B}"},
		{"inner subtype", "Seq (WITH COMPONENTS { ..., x ABSENT })", "A=seq+{x:bool |y:B}"},
		{"inner subtype of a list", "List (WITH COMPONENT (1..2))", "A=list(0..) of B"},
		{"parameter", "SEQUENCE { a SetupRelease { B } }", "A=seq{a:SetupRelease}"},
		{"parameter as definition", "SetupRelease { SEQUENCE { q NULL } }", "A=choice{release:null, setup:seq{q:null}}"},
		{"parameters", "Sized { six, SetupRelease { B } }", "A=list(1..6) of SetupRelease"},
		{"comments", "SEQUENCE { -- one -- a B, -- two\n b B -- three\n, /* four\n */ c B }", "A=seq{a:B, b:B, c:B}"},
		{"no space", "SEQUENCE{a B(0..1)OPTIONAL,b BIT STRING(SIZE(8))}", "A=seq{a?:B, b:bits(8..8)}"},
		{"hard spaces", "SEQUENCE\u00a0{ a\u00a0B }", "A=seq{a:B}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Compile("", []string{"A"}, mod("M", common+"A ::= "+tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(s, s.Roots["A"], 0); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
			if _, err := s.AppendBinary(nil); err != nil {
				t.Errorf("not a valid schema: %v", err)
			}
		})
	}
}

// TestModules: names mean the definition of the module that uses them, then that of the
// module imported from.
func TestModules(t *testing.T) {
	one := mod("One", `IMPORTS Shared, size FROM Two  Unused FROM Missing  Absent FROM Two;
		Root ::= SEQUENCE { own Own, shared Shared (SIZE (1..size)), plain Shared }
		Own ::= INTEGER (0..1)`)
	two := mod("Two", `EXPORTS Shared, size; IMPORTS;
		Shared ::= SEQUENCE OF Own   Own ::= INTEGER (0..2)  size INTEGER ::= 9  Other ::= NULL`)
	both := Source{Name: "both", Text: append(append([]byte{}, one.Text...), two.Text...)}
	for _, sources := range [][]Source{{one, two}, {two, one}, {both}} {
		s, err := Compile("r", []string{"Root"}, sources...)
		if err != nil {
			t.Fatal(err)
		}
		if s.Release != "r" || len(s.Roots) != 1 {
			t.Errorf("release %q, roots %v", s.Release, s.Roots)
		}
		root := s.Types[s.Roots["Root"]].Root
		plain := s.Types[root[2].Type]
		if own := s.Types[root[0].Type]; own.Max != 1 || s.Types[plain.Element].Max != 2 || s.Types[plain.Element].Name != "Own" {
			t.Errorf("Own is %+v and %+v", own, s.Types[plain.Element])
		}
		if sized := s.Types[root[1].Type]; sized.Max != 9 || sized.Name != "Shared" || sized.Element != plain.Element {
			t.Errorf("sized Shared is %+v", sized)
		}
		if slices.ContainsFunc(s.Types, func(t uper.Type) bool { return t.Name == "Other" }) {
			t.Error("a type that nothing needs is there")
		}
	}
	if _, err := Compile("", []string{"Own"}, one, two); err == nil || !strings.Contains(err.Error(), "root Own is defined in One and in Two") {
		t.Errorf("an ambiguous root: %v", err)
	}
}

func TestRoots(t *testing.T) {
	m := mod("M", `DL-Message ::= SEQUENCE { message NULL }  DL-Message-NB ::= SEQUENCE { a NULL, message NULL }
		DL-MessageType ::= SEQUENCE { message NULL }  NAS-Message ::= OCTET STRING  X-Message ::= SEQUENCE { msg NULL }
		P-Message { T } ::= SEQUENCE { message T }`)
	s, err := Compile("", nil, m)
	if err != nil || len(s.Roots) != 2 || s.Types[s.Roots["DL-Message-NB"]].Name != "DL-Message-NB" {
		t.Errorf("%v, roots %v", err, s.Roots)
	}
	s, err = Compile("", []string{"X-Message", "Later-Message?", "X-Message?"}, m)
	if err != nil || len(s.Roots) != 1 {
		t.Errorf("%v, roots %v", err, s.Roots)
	}
	if s, err = Compile("", nil); err != nil || len(s.Types) != 0 {
		t.Errorf("nothing: %v, %v", err, s)
	}
}

func TestErrors(t *testing.T) {
	deep := func(n int, open, inner, end string) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	chain := func(n int, format, last string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i, i+1)
		}
		fmt.Fprintf(&b, last, n)
		return b.String()
	}
	tests := []struct{ name, text, want string }{
		{"no module", "a", `f:1:1: "a" where the name of a module is expected`},
		{"no end", "M DEFINITIONS AUTOMATIC TAGS ::= BEGIN A ::= NULL", `f:1:50: end of text where "END" is expected`},
		{"explicit tags", "M DEFINITIONS ::= BEGIN END", `f:1:15: "::=" where "AUTOMATIC" is expected`},
		{"twice", "M DEFINITIONS AUTOMATIC TAGS ::= BEGIN END M DEFINITIONS AUTOMATIC TAGS ::= BEGIN END", "f:1:44: module M is there twice"},
		{"type twice", "\nA ::= NULL A ::= NULL", "f:2:12: A is defined twice"},
		{"value twice", "\na INTEGER ::= 1 a INTEGER ::= 1", "f:2:17: a is defined twice"},
		{"imports without module", "IMPORTS A;", "f:1:49: "},
		{"imports from no module", "IMPORTS A, B;", "f:1:"},
		{"undefined", "A ::= B", "f:1:46: type B is not defined"},
		{"undefined in the module", "IMPORTS B FROM N; A ::= SEQUENCE { b B }", "f:1:77: type B is not defined in module N"},
		{"characters count, not octets", "A ::= SEQUENCE { a NULL, --äöü-- b B }", "f:1:75: type B is not defined"},
		{"undefined value", "A ::= INTEGER (0..max)", "f:1:58: value max is not defined"},
		{"value of another kind", "A ::= INTEGER (0..'1'B)", "f:1:58: not a number"},
		{"value loop", "A ::= INTEGER (0..x) x INTEGER ::= y y INTEGER ::= x", "is defined by a chain of more than 64"},
		{"number too long", "A ::= INTEGER (0..99999999999999999999)", "where a number of 64 bits is expected"},
		{"empty range", "A ::= INTEGER (5..3)", "f:1:55: a range from 5 to 3"},
		{"nothing left", "A ::= INTEGER (0..3) (5..6)", "f:1:62: the constraint leaves no value"},
		{"negative size", "A ::= BIT STRING (SIZE (-4..-1))", "the constraint leaves no value"},
		{"loop", "A ::= B B ::= A", "types nested deeper than 64 levels"},
		{"loop of COMPONENTS OF", "A ::= SEQUENCE { COMPONENTS OF A }", "types nested deeper than 64 levels"},
		{"loop of COMPONENTS OF by name", "A ::= SEQUENCE { COMPONENTS OF B } B ::= C C ::= B", "COMPONENTS OF what is no SEQUENCE"},
		{"COMPONENTS OF a list", "A ::= SEQUENCE { COMPONENTS OF NULL }", "COMPONENTS OF what is no SEQUENCE"},
		{"long chain", chain(100, "T%d ::= T%d ", "T%d ::= NULL ") + "A ::= T0", "types nested deeper than 64 levels"},
		{"deep types", "A ::= " + deep(100, "SEQUENCE { a ", "NULL", " }"), "nested deeper than 64 levels"},
		{"deep constraints", "A ::= INTEGER " + deep(100, "(", "1", ")"), "nested deeper than 64 levels"},
		{"deep values", "a NULL ::= " + deep(100, "a : ", "1", ""), "nested deeper than 64 levels"},
		{"endless instances", "A ::= P { NULL } P { T } ::= SEQUENCE { a P { SEQUENCE { b T } } }", "types and components"},
		{"doubling", "A ::= T0 " + chain(40, "T%d ::= SEQUENCE { COMPONENTS OF T%[2]d, COMPONENTS OF T%[2]d } ", "T%d ::= SEQUENCE { a NULL }"), "types and components"},
		{"component twice", "A ::= SEQUENCE { a NULL, ..., [[ a NULL ]] }", "f:1:73: a is there twice"},
		{"value of an ENUMERATED twice", "A ::= ENUMERATED { a, b, ..., a }", "f:1:70: a is there twice"},
		{"three markers", "A ::= SEQUENCE { ..., ..., ... }", "a third extension marker"},
		{"behind the second marker", "A ::= CHOICE { a NULL, ..., ..., b NULL }", "after the second extension marker"},
		{"group in the root", "A ::= SEQUENCE { [[ a NULL ]] }", "f:1:57: [[ outside the extension additions"},
		{"empty choice", "A ::= CHOICE { ..., a NULL }", "a CHOICE of nothing"},
		{"empty enumeration", "A ::= ENUMERATED { ..., a }", "an ENUMERATED of nothing"},
		{"too few parameters", "A ::= P P { T } ::= SEQUENCE { a T }", "type P takes 1 parameters, not 0"},
		{"parameter of the other kind", "A ::= P { 4 } P { T } ::= SEQUENCE { a T }", "parameter T of type P is of the other kind"},
		{"constrained parameter", "A ::= P { INTEGER } P { T } ::= SEQUENCE { a T (0..1) }", "is not supported"},
		{"root with parameters", "A { T } ::= SEQUENCE { a T }", "root A has parameters"},
		{"no root", "B ::= NULL", "root A is defined in no module"},
		{"set", "A ::= SET { a NULL }", "f:1:46: SET is not supported"},
		{"tag", "A ::= SEQUENCE { a [0] NULL }", `f:1:59: "[" where a type is expected`},
		{"alphabet", `A ::= IA5String (FROM ("A".."Z"))`, "a constraint with FROM is not supported"},
		{"except", "A ::= INTEGER (0..9 EXCEPT 4)", "a constraint with EXCEPT is not supported"},
		{"open range", "A ::= INTEGER (0<..9)", "an open range is not supported"},
		{"type as constraint", "A ::= INTEGER (B)", "a constraint by a type is not supported"},
		{"open quote", "A ::= SEQUENCE { a BIT STRING DEFAULT '01", "where a value is expected"},
		{"open brace", "a B ::= { 1", `where "}" is expected`},
		{"open comment", "A ::= /*", "end of text where a type is expected"},
		{"strange sign", "A ::= ~", "where a type is expected"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := tt.text
			if !strings.Contains(text, "DEFINITIONS") && tt.name != "no module" {
				text = "M DEFINITIONS AUTOMATIC TAGS ::= BEGIN " + text + " END"
			}
			s, err := Compile("", []string{"A"}, Source{"f", []byte(text)})
			var e *Error
			if s != nil || !errors.As(err, &e) || !strings.Contains(e.Error(), tt.want) {
				t.Fatalf("error %v, want %s", err, tt.want)
			}
			if e.File != "" && (e.Line < 1 || e.Line > 1+strings.Count(text, "\n") || e.Column < 1) {
				t.Errorf("place %d:%d", e.Line, e.Column)
			}
		})
	}
}

// TestNames: %v, by which equal types are found, tells different ones apart.
func TestNames(t *testing.T) {
	s, err := Compile("", []string{"A"}, mod("M", `A ::= SEQUENCE { a ENUMERATED { x, y }, b ENUMERATED { x, ..., y },
		c ENUMERATED { x, y }, d SEQUENCE { q NULL }, e SEQUENCE { q NULL OPTIONAL }, f SEQUENCE { ..., q NULL },
		g SEQUENCE { ..., [[ q NULL ]] }, h INTEGER (0..1), i INTEGER (0..1, ...), j INTEGER (0..MAX) }`))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[uper.TypeID]string{}
	for _, c := range s.Types[s.Roots["A"]].Root {
		if was := seen[c.Type]; was != "" && was+c.Name != "ac" {
			t.Errorf("%s and %s are one type", was, c.Name)
		}
		seen[c.Type] = c.Name
	}
	if len(seen) != 9 {
		t.Errorf("%d types, want 9: a and c are one", len(seen))
	}
}

// modules returns the modules of 3GPP in a folder.
func modules(t testing.TB, rat string) []Source {
	t.Helper()
	dir := os.Getenv("FBSDETECT_ASN1")
	if dir == "" {
		dir = filepath.FromSlash("../../../../shared/asn1")
	}
	files, err := filepath.Glob(filepath.Join(dir, rat, "*.asn"))
	if err != nil || len(files) == 0 {
		t.Skipf("no ASN.1 modules in %s: set FBSDETECT_ASN1", dir)
	}
	var sources []Source
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, Source{Name: filepath.Base(f), Text: text})
	}
	return sources
}

// TestSpecifications compiles TS 36.331, 38.331 and 25.331: for their messages, and
// every type that has a name of its own.
func TestSpecifications(t *testing.T) {
	for rat, messages := range map[string]int{"lte": 23, "nr": 11, "umts": 12} {
		sources := modules(t, rat)
		start := time.Now()
		s, err := Compile(rat, nil, sources...)
		took := time.Since(start)
		if err != nil {
			t.Errorf("%s: %v", rat, err)
			continue
		}
		if len(s.Roots) != messages {
			t.Errorf("%s: %d messages, want %d", rat, len(s.Roots), messages)
		}
		b, err := s.AppendBinary(nil)
		if err != nil {
			t.Errorf("%s: %v", rat, err)
		}
		slices.Reverse(sources)
		s2, err := Compile(rat, nil, sources...)
		if err != nil || !reflect.DeepEqual(s, s2) {
			t.Errorf("%s: another order of modules gives another schema (%v)", rat, err)
		}
		count := map[string]int{}
		for i := range sources {
			mods, err := parse(&sources[i])
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range mods {
				for name := range m.types {
					count[name]++
				}
			}
		}
		var names []string
		for name, n := range count {
			if n == 1 {
				names = append(names, name)
			}
		}
		all, err := Compile(rat, names, sources...)
		if err != nil {
			t.Errorf("%s: %v", rat, err)
			continue
		}
		if _, err := all.AppendBinary(nil); err != nil {
			t.Errorf("%s: %v", rat, err)
		}
		t.Logf("%s: %s, %d of %d names, %d types; for messages %d types in %d octets, %v", rat, Release(sources...),
			len(names), len(count), len(all.Types), len(s.Types), len(b), took)
	}
}

func TestRelease(t *testing.T) {
	short, long := Source{Text: []byte("-- 3GPP TS 25.331 V16.1.0 (2020-09)\n")}, Source{Text: []byte("-- 3GPP TS 25.331 V17.1.0 (2022-06), longer\nX")}
	for want, sources := range map[string][]Source{
		"TS 25.331 V17.1.0": {short, long, short}, "TS 25.331 V16.1.0": {short}, "": nil,
	} {
		if got := Release(sources...); got != want {
			t.Errorf("Release = %q, want %q", got, want)
		}
	}
}

// FuzzCompile: no panic, errors have a place in the text, and what compiles is a valid
// schema.
func FuzzCompile(f *testing.F) {
	f.Add("A ::= SEQUENCE { a INTEGER (0..max), ..., [[ 1: b BIT STRING (SIZE (8|16)) OPTIONAL ]], ... , c A OPTIONAL } max INTEGER ::= 7")
	f.Add("IMPORTS B FROM M; A ::= P { B } P { T } ::= CHOICE { x NULL, y T, ..., z OCTET STRING (CONTAINING T) } B ::= ENUMERATED { a(3), b, ... }")
	f.Add("A ::= SEQUENCE { COMPONENTS OF B, d BIT STRING { x(0) } DEFAULT '0'B -- d -- } B ::= SEQUENCE { l SEQUENCE (SIZE (1..4, ...)) OF B (WITH COMPONENTS { ... }) }")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			return
		}
		src := mod("M", text)
		s, err := Compile("", []string{"A"}, src)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || s != nil {
				t.Fatalf("error %v of %T", err, err)
			}
			if e.File != "" && (e.Line < 1 || e.Line > 1+strings.Count(string(src.Text), "\n") || e.Column < 1) {
				t.Fatalf("error %v outside the text", err)
			}
			return
		}
		if _, err := s.AppendBinary(nil); err != nil && len(s.Types) < 1<<16 {
			t.Fatalf("not a valid schema: %v", err)
		}
	})
}

func BenchmarkCompile(b *testing.B) {
	sources := modules(b, "umts")
	n := 0
	for _, s := range sources {
		n += len(s.Text)
	}
	b.SetBytes(int64(n))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile("", nil, sources...); err != nil {
			b.Fatal(err)
		}
	}
}
