package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	schema "github.com/santhosh-tekuri/jsonschema/v6"
)

// official is where the schemas of others are kept.
var official = filepath.Join("..", "..", "testdata", "schema")

// officialSchema compiles a schema of others. References to the addresses of bases lead
// to the folder beside them.
func officialSchema(t *testing.T, path string, bases map[string]string) *schema.Schema {
	t.Helper()
	s, err := officialSchemas(t, bases).Compile(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func officialSchemas(t *testing.T, bases map[string]string) *schema.Compiler {
	t.Helper()
	c := schema.NewCompiler()
	c.AssertFormat()
	for base, folder := range bases {
		root := filepath.Join(official, folder)
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".json" {
				return err
			}
			f, err := os.Open(path)
			if err != nil {
				return err
			}
			defer f.Close()
			doc, err := schema.UnmarshalJSON(f)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			return c.AddResource(base+filepath.ToSlash(rel), doc)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// TestOfficialSchemas: what the formats write fits the schemas of those who define them,
// and the schemas notice what does not.
func TestOfficialSchemas(t *testing.T) {
	for _, tt := range []struct {
		format, path string
		bases        map[string]string
		spoil        string // part of the example that is replaced by nothing good
	}{
		{"geojson", "https://geojson.org/schema/FeatureCollection.json", map[string]string{"https://geojson.org/schema/": "geojson"}, `"Point"`},
		{"sarif", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
			map[string]string{"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/": "sarif"}, `"error"`},
	} {
		t.Run(tt.format, func(t *testing.T) {
			s := officialSchema(t, tt.path, tt.bases)
			f, err := FormatByName(tt.format)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range documents() {
				fits(t, s, written(t, f, d))
			}
			spoiled := bytes.Replace(written(t, f, exampleDocument()), []byte(tt.spoil), []byte(`"?"`), 1)
			v, err := schema.UnmarshalJSON(bytes.NewReader(spoiled))
			if err != nil {
				t.Fatal(err)
			}
			if s.Validate(v) == nil {
				t.Error("a spoiled example is accepted")
			}
		})
	}
}

// documents are documents of all kinds.
func documents() []*Document {
	return []*Document{sampleDocument(), exampleDocument(), hostileDocument(), {Schema: Schema, Tool: sampleDocument().Tool}}
}

// TestOfficialXSD checks XML by xmllint, for no Go library reads these schemas.
func TestOfficialXSD(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("no xmllint (Debian: libxml2-utils)")
	}
	for _, tt := range []struct{ format, path, spoil string }{
		{"kml", filepath.Join("kml", "ogckml22.xsd"), "<coordinates>"},
		{"junit", filepath.Join("junit", "junit-10.xsd"), "<testcase "},
	} {
		f, err := FormatByName(tt.format)
		if err != nil {
			t.Fatal(err)
		}
		check := func(out []byte) ([]byte, error) {
			c := exec.Command(xmllint, "--nonet", "--noout", "--schema", filepath.Join(official, tt.path), "-")
			c.Stdin = bytes.NewReader(out)
			return c.CombinedOutput()
		}
		for _, d := range documents() {
			if text, err := check(written(t, f, d)); err != nil {
				t.Errorf("%s: %v\n%s", tt.format, err, text)
			}
		}
		spoiled := bytes.Replace(written(t, f, exampleDocument()), []byte(tt.spoil), []byte("<x/>"+tt.spoil), 1)
		if _, err := check(spoiled); err == nil {
			t.Errorf("%s: a spoiled example is accepted", tt.format)
		}
	}
}

// TestProvenance: the README of each schema tells the hash of every file.
func TestProvenance(t *testing.T) {
	folders, err := os.ReadDir(official)
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	for _, f := range folders {
		readme, err := os.ReadFile(filepath.Join(official, f.Name(), "README.md"))
		if err != nil {
			t.Error(err)
			continue
		}
		err = filepath.WalkDir(filepath.Join(official, f.Name()), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || e.Name() == "README.md" {
				return err
			}
			files++
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			h := sha256.Sum256(b)
			if !strings.Contains(string(readme), hex.EncodeToString(h[:])) {
				t.Errorf("the README beside %s does not tell its sha256", path)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if files < 5 {
		t.Errorf("only %d files", files)
	}
}
