package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	schema "github.com/santhosh-tekuri/jsonschema/v6"
)

// stixSchemas is the base of the addresses of the STIX schemas.
const stixSchemas = "http://raw.githubusercontent.com/oasis-open/cti-stix2-json-schemas/stix2.1/schemas/"

// stixChecker holds bundles against the OASIS schemas as OASIS's own validator does: the
// bundle, then each object by the schema of its type. (The list of types in bundle.json
// lacks notes, locations and extension definitions.) A cell is held against the schema of
// observables in general and against that of its extension definition.
type stixChecker struct {
	compiler *schema.Compiler
	bundle   *schema.Schema
}

func newSTIXChecker(t *testing.T) *stixChecker {
	t.Helper()
	c := officialSchemas(t, map[string]string{stixSchemas: "stix"})
	bundle, err := c.Compile(stixSchemas + "common/bundle.json")
	if err != nil {
		t.Fatal(err)
	}
	return &stixChecker{c, bundle}
}

func (s *stixChecker) check(out []byte) error {
	parsed, err := schema.UnmarshalJSON(bytes.NewReader(out))
	if err != nil {
		return err
	}
	bundle := parsed.(map[string]any)
	objects := bundle["objects"].([]any)
	delete(bundle, "objects")
	var failed []error
	failed = append(failed, s.bundle.Validate(bundle))
	var cells *schema.Schema
	for _, o := range objects {
		object := o.(map[string]any)
		kind := object["type"].(string)
		if kind == "extension-definition" {
			text, err := schema.UnmarshalJSON(strings.NewReader(object["schema"].(string)))
			if err != nil {
				return err
			}
			c := schema.NewCompiler()
			if err := c.AddResource("cell.json", text); err != nil {
				return err
			}
			if cells, err = c.Compile("cell.json"); err != nil {
				return err
			}
		}
		path := "common/cyber-observable-core.json"
		if kind == cellType {
			failed = append(failed, cells.Validate(object))
		} else {
			found, err := filepath.Glob(filepath.Join(official, "stix", "*", kind+".json"))
			if err != nil || len(found) != 1 {
				return errors.New("no schema for type " + kind)
			}
			rel, err := filepath.Rel(filepath.Join(official, "stix"), found[0])
			if err != nil {
				return err
			}
			path = filepath.ToSlash(rel)
		}
		compiled, err := s.compiler.Compile(stixSchemas + path)
		if err != nil {
			return err
		}
		failed = append(failed, compiled.Validate(object))
	}
	return errors.Join(failed...)
}

func TestSTIX(t *testing.T) {
	checker := newSTIXChecker(t)
	f, err := FormatByName("stix")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents() {
		out := written(t, f, d)
		if err := checker.check(out); err != nil {
			t.Errorf("%v", err)
		}
		var bundle struct{ Objects []map[string]any }
		if err := json.Unmarshal(out, &bundle); err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, o := range bundle.Objects {
			if id := o["id"].(string); ids[id] {
				t.Errorf("two objects are %s", id)
			} else {
				ids[id] = true
			}
		}
		for _, o := range bundle.Objects {
			for name, v := range o {
				refs, _ := v.([]any)
				if s, ok := v.(string); ok {
					refs = []any{s}
				}
				if !strings.HasSuffix(name, "_ref") && !strings.HasSuffix(name, "_refs") {
					continue
				}
				for _, r := range refs {
					if !ids[r.(string)] {
						t.Errorf("%s of %s is not in the bundle", r, o["id"])
					}
				}
			}
		}
	}
	example := written(t, f, exampleDocument())
	for _, tt := range []struct{ from, to string }{
		{`"rat": "gsm"`, `"rat": "5g"`}, {`"pattern_type"`, `"pattern_kind"`}, {`"first_observed": "2026`, `"first_observed": "26`},
		{`"id": "sighting--`, `"id": "seen--`}, {`"latitude": 13`, `"latitude": 113`}, {`"extension_type": "new-sco"`, `"extension_type": "new"`},
	} {
		if checker.check(bytes.Replace(example, []byte(tt.from), []byte(tt.to), 1)) == nil {
			t.Errorf("%s is accepted", tt.to)
		}
	}
}

// TestSTIXContent: what the bundle claims of a cell, and only of those that stand out.
func TestSTIXContent(t *testing.T) {
	f, err := FormatByName("stix")
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	byType := map[string]map[string]any{}
	read := func(d *Document) {
		var bundle struct{ Objects []map[string]any }
		if err := json.Unmarshal(written(t, f, d), &bundle); err != nil {
			t.Fatal(err)
		}
		clear(count)
		for _, o := range bundle.Objects {
			kind := o["type"].(string)
			if count[kind]++; count[kind] == 1 {
				byType[kind] = o
			}
		}
	}
	read(exampleDocument())
	want := map[string]int{"identity": 1, "extension-definition": 1, "file": 1, cellType: 2, "observed-data": 2, "indicator": 1, "location": 1, "sighting": 1, "note": 2, "report": 1}
	if !reflect.DeepEqual(count, want) {
		t.Errorf("objects %v, want %v", count, want)
	}
	if p := byType["indicator"]["pattern"]; p != "[mobile-cell:rat = 'gsm' AND mobile-cell:plmn = '001-01' AND mobile-cell:area = 65000 AND mobile-cell:cell = 1 AND mobile-cell:arfcn = 20]" {
		t.Errorf("pattern %s", p)
	}
	if l := byType["location"]; l["latitude"] != 13.7512 || !strings.Contains(l["description"].(string), "Where the cell is, they do not tell") {
		t.Errorf("location %v", l)
	}
	if s := byType["sighting"]; s["first_seen"] != "2026-03-01T10:00:01.000Z" || s["sighting_of_ref"] != byType["indicator"]["id"] {
		t.Errorf("sighting %v", s)
	}
	// Another run that hears the same cell names it alike, and itself otherwise.
	cell, report := byType[cellType]["id"], byType["report"]["id"]
	other := exampleDocument()
	other.Captures[0].SHA256 = strings.Repeat("12", 32)
	other.Cells[0].First, other.Cells[0].Band = at(7), nil
	read(other)
	if byType[cellType]["id"] != cell || byType["report"]["id"] == report {
		t.Errorf("cell %v, want %v; report %v", byType[cellType]["id"], cell, byType["report"]["id"])
	}
	// Expected: Python's uuid5 of the namespace of STIX 2.1 §2.9 and the canonical JSON.
	if cell != "mobile-cell--d3f3f2bd-2329-5a19-9d6b-e2d1e4c0d478" {
		t.Errorf("cell %v", cell)
	}
	hostile := hostileDocument()
	*hostile.Cells[0].PLMN = `' OR '\`
	read(hostile)
	if p := byType["indicator"]["pattern"].(string); !strings.Contains(p, `plmn = '\' OR \'\\'`) {
		t.Errorf("pattern %s", p)
	}
}
