package report

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	schema "github.com/santhosh-tekuri/jsonschema/v6"
)

// mispSchema is a schema of MISP, changed by edit before it is compiled.
func mispSchema(t *testing.T, name string, edit func(map[string]any)) *schema.Schema {
	t.Helper()
	f, err := os.Open(filepath.Join(official, "misp", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := schema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	edit(doc.(map[string]any))
	c := schema.NewCompiler()
	c.DefaultDraft(schema.Draft4)
	if err := c.AddResource("misp.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("misp.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// mispEvents is the schema of events. It is of MISP 2.4 and older than objects, so those
// are added as the core format has them; and a list among the properties of a sharing
// group, which draft 4 does not allow, is taken out.
func mispEvents(t *testing.T) *schema.Schema {
	return mispSchema(t, "event.json", func(root map[string]any) {
		defs := root["defs"].(map[string]any)
		delete(defs["sharing_group"].(map[string]any)["properties"].(map[string]any), "required")
		text := map[string]any{"type": "string"}
		list := func(of string) any {
			return map[string]any{"type": "array", "uniqueItems": true, "items": map[string]any{"$ref": "#/defs/" + of}}
		}
		properties := map[string]any{"Attribute": list("attribute")}
		for _, name := range strings.Fields("uuid name description template_uuid template_version meta-category timestamp first_seen last_seen distribution comment") {
			properties[name] = text
		}
		defs["object"] = map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
		defs["event"].(map[string]any)["properties"].(map[string]any)["Object"] = list("object")
		defs["attribute"].(map[string]any)["properties"].(map[string]any)["object_relation"] = text
	})
}

func TestMISP(t *testing.T) {
	s := mispEvents(t)
	f, err := FormatByName("misp")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := MISPTemplate(&b); err != nil {
		t.Fatal(err)
	}
	var template mispTemplate
	if err := json.Unmarshal(b.Bytes(), &template); err != nil {
		t.Fatal(err)
	}
	for _, d := range documents() {
		out := written(t, f, d)
		fits(t, s, out)
		var file mispFile
		if err := json.Unmarshal(out, &file); err != nil {
			t.Fatal(err)
		}
		e := file.Event
		if len(e.Objects) != len(d.Cells)+len(d.Unattributed) || len(e.Attributes) != len(d.Captures)+1 {
			t.Errorf("%d objects, %d attributes", len(e.Objects), len(e.Attributes))
		}
		seen := map[string]bool{e.UUID: true}
		unique := func(id string) {
			if seen[id] {
				t.Errorf("%s twice", id)
			}
			seen[id] = true
		}
		for _, a := range e.Attributes {
			unique(a.UUID)
		}
		for _, o := range e.Objects {
			unique(o.UUID)
			if o.Name != template.Name || o.TemplateUUID != template.UUID || o.TemplateVersion != strconv.Itoa(template.Version) || o.MetaCategory != template.Meta {
				t.Errorf("object %+v", o)
			}
			missing := slices.Clone(template.Required)
			for _, a := range o.Attributes {
				unique(a.UUID)
				missing = slices.DeleteFunc(missing, func(s string) bool { return s == a.Relation })
				r, ok := template.Attributes[a.Relation]
				if !ok || a.Type != r.Type || !slices.Contains(r.Categories, a.Category) || a.NoCorrelate != r.NoCorrelate || a.ToIDS {
					t.Errorf("attribute %+v", a)
				}
				if len(r.Values) > 0 && !slices.Contains(r.Values, a.Value) {
					t.Errorf("%s is %q", a.Relation, a.Value)
				}
				var err error
				switch a.Type {
				case "integer":
					_, err = strconv.ParseUint(a.Value, 10, 64)
				case "float":
					_, err = strconv.ParseFloat(a.Value, 64)
				case "datetime":
					_, err = time.Parse("2006-01-02T15:04:05.000000-07:00", a.Value)
				}
				if err != nil || a.Value == "" {
					t.Errorf("%s: %v", a.Relation, err)
				}
			}
			if len(missing) > 0 {
				t.Errorf("an object has no %v", missing)
			}
		}
	}
	example := written(t, f, exampleDocument())
	for _, tt := range []struct{ from, to string }{
		{`"threat_level_id": "2"`, `"threat_level_id": 2`}, {`"object_relation"`, `"relation"`}, {`"Event"`, `"Events"`}, {`"to_ids": false`, `"to_ids": 0`},
	} {
		v, err := schema.UnmarshalJSON(bytes.NewReader(bytes.Replace(example, []byte(tt.from), []byte(tt.to), 1)))
		if err != nil {
			t.Fatal(err)
		}
		if s.Validate(v) == nil {
			t.Errorf("%s is accepted", tt.to)
		}
	}
}

// TestMISPTemplate: the template fits MISP's schema of templates. When it changes, so
// must its version: objects name the template by both.
func TestMISPTemplate(t *testing.T) {
	var b bytes.Buffer
	if err := WriteSchema(&b, mispObjectName); err != nil {
		t.Fatal(err)
	}
	golden(t, "schema-misp-object.json", b.Bytes())
	s := mispSchema(t, "object-template.json", func(map[string]any) {})
	fits(t, s, b.Bytes())
	v, err := schema.UnmarshalJSON(bytes.NewReader(bytes.Replace(b.Bytes(), []byte(`"float"`), []byte(`"number"`), 1)))
	if err != nil {
		t.Fatal(err)
	}
	if s.Validate(v) == nil {
		t.Error("an unknown type is accepted")
	}
}
