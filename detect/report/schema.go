package report

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"
)

// schemas are the documents that have a schema, by the word for them.
var schemas = map[string]struct {
	title string
	of    any
}{
	"report":       {"Report of fbsdetect scan -f json", Document{}},
	"cells":        {"Inventory of fbsdetect cells -f json", Cells{}},
	"ndjson":       {"Line of fbsdetect scan -f ndjson", Line{}},
	"stix-cell":    {"Cell of a mobile network in fbsdetect scan -f stix", stixCell{}},
	"verify":       {"Result of fbsdetect verify -f json", Verification{}},
	"expectations": {"Expectations that fbsdetect verify holds captures against", Expectations{}},
}

// mispObjectName is the word for the object template of MISP, which is no JSON Schema.
const mispObjectName = "misp-object"

// Schemas lists the documents that WriteSchema describes.
func Schemas() []string {
	names := []string{mispObjectName}
	for name := range schemas {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// WriteSchema writes the JSON Schema (draft 2020-12) of a document, made from the
// structs that the document is written from, or the object template of MISP.
func WriteSchema(w io.Writer, name string) error {
	if name == mispObjectName {
		return MISPTemplate(w)
	}
	s, ok := schemas[name]
	if !ok {
		return fmt.Errorf("no schema %q: there is %s", name, strings.Join(Schemas(), ", "))
	}
	return WriteSchemaOf(w, s.title, s.of)
}

// WriteSchemaOf writes the JSON Schema of a document that is written from the struct v.
func WriteSchemaOf(w io.Writer, title string, v any) error {
	r := jsonschema.Reflector{Anonymous: true}
	doc := r.Reflect(v)
	doc.Title = title
	complete(doc.Definitions, reflect.TypeOf(v), map[reflect.Type]bool{})
	return writeJSON(w, doc, "  ")
}

// complete adds what the library does not take from the structs: that a property made
// from a pointer may be null, and constants.
func complete(defs jsonschema.Definitions, t reflect.Type, seen map[reflect.Type]bool) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || seen[t] {
		return
	}
	seen[t] = true
	def := defs[t.Name()]
	if def == nil || def.Properties == nil {
		return
	}
	for _, f := range reflect.VisibleFields(t) { // those of embedded structs, too
		if f.Anonymous {
			continue
		}
		complete(defs, f.Type, seen)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		p, ok := def.Properties.Get(name)
		if !ok {
			continue
		}
		if c, ok := strings.CutPrefix(f.Tag.Get("jsonschema"), "const="); ok {
			p.Const = c
		}
		if f.Type.Kind() != reflect.Pointer {
			continue
		}
		if p.Type == "" { // a reference
			def.Properties.Set(name, &jsonschema.Schema{AnyOf: []*jsonschema.Schema{p, {Type: "null"}}})
			continue
		}
		p.Extras = map[string]any{"type": []string{p.Type, "null"}}
		p.Type = ""
		if len(p.Enum) > 0 {
			p.Enum = append(p.Enum, nil)
		}
	}
}
