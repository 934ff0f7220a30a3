// Package asn1 compiles ASN.1 modules into the schema that package uper interprets.
//
// It reads the part of ASN.1 (ITU-T X.680, X.682, X.683) that the RRC specifications
// of 3GPP are written in: modules with automatic tags; IMPORTS; BOOLEAN, INTEGER,
// ENUMERATED, BIT STRING, OCTET STRING, NULL, SEQUENCE, SEQUENCE OF, CHOICE and
// character strings; extension markers, groups and COMPONENTS OF; value, size,
// CONTAINING and inner subtype constraints; parameterised types; integer values.
// Default values are passed over, since a component with one is encoded like an
// optional one, and so are WITH COMPONENTS, which X.691 §10.3 makes invisible.
//
// Everything else is refused with an Error, because a construct that is skipped in
// silence shifts every bit behind it: SET, tags, object classes, REAL, OBJECT
// IDENTIFIER, value sets, EXCEPT, and permitted alphabets, which change the width of
// characters.
//
// No input panics; nesting, chains of references and the size of the result are
// bounded.
package asn1

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// Bounds of what is compiled. The modules of 3GPP stay below a tenth of each.
const (
	// maxNesting bounds types inside types and parentheses inside constraints.
	maxNesting = 64
	// maxChain bounds how many references lead from a name to its definition.
	maxChain = 64
	// maxParts bounds the sum of types and components of a schema.
	maxParts = 1 << 19
)

// Source is the text of one or more modules.
type Source struct {
	// Name is what errors call the text: a file name.
	Name string
	// Text is the modules, in UTF-8.
	Text []byte
}

// Error says what cannot be compiled, and where.
type Error struct {
	// File is the Name of the source; empty where no place can be given.
	File string
	// Line and Column count from 1; the column in characters.
	Line, Column int
	// Text is what is wrong there.
	Text string
}

// Error gives place and text in the form of compilers.
func (e *Error) Error() string {
	if e.File == "" && e.Line == 0 {
		return e.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text)
}

// errorAt makes the error for octet off of src.
func errorAt(src *Source, off int, format string, args ...any) *Error {
	before := src.Text[:min(off, len(src.Text))]
	start := strings.LastIndexByte(string(before), '\n') + 1
	return &Error{
		File: src.Name, Line: 1 + strings.Count(string(before), "\n"),
		Column: 1 + utf8.RuneCount(before[start:]), Text: fmt.Sprintf(format, args...),
	}
}

// Compile links modules and returns a schema of the types that the roots need.
// The roots are names of types; without any, every type that is a message is one: a
// SEQUENCE with a component "message" whose name holds "-Message". A root that ends in
// "?" is left out where no module defines it, for roots that not every release has.
// Release is what the schema says of itself ("TS 36.331 V17.1.0").
//
// A name is looked up in the module that uses it, then among its IMPORTS. Every type
// keeps the name of the reference that leads to it, also where that is only another
// name for a type. The same input gives the same schema. Errors are of type *Error.
func Compile(release string, roots []string, modules ...Source) (*uper.Schema, error) {
	c := &compiler{
		modules: map[string]*module{},
		named:   map[string]uper.TypeID{},
		inPlace: map[string]uper.TypeID{},
		schema:  &uper.Schema{Release: release, Roots: map[string]uper.TypeID{}},
	}
	for i := range modules {
		mods, err := parse(&modules[i])
		if err != nil {
			return nil, err
		}
		for _, m := range mods {
			if c.modules[m.name] != nil {
				return nil, errorAt(m.src, m.off, "module %s is there twice", m.name)
			}
			c.modules[m.name] = m
			c.order = append(c.order, m)
		}
	}
	if len(roots) == 0 {
		roots = c.messages()
	}
	roots = slices.Clone(roots)
	slices.Sort(roots)
	for _, name := range slices.Compact(roots) {
		c.root(name)
	}
	c.drain()
	if c.err != nil {
		return nil, c.err
	}
	return c.schema, nil
}
