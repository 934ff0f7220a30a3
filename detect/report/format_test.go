package report

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"testing"
)

// TestFormats: every row is complete, names and extensions of files do not clash, and
// the same document gives the same octets.
func TestFormats(t *testing.T) {
	seen := map[string]bool{}
	name := regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			if !name.MatchString(f.Name) || seen[f.Name] {
				t.Errorf("name %q", f.Name)
			}
			if !strings.HasPrefix(f.Extension, ".") || seen[f.Extension] {
				t.Errorf("extension %q", f.Extension)
			}
			seen[f.Name], seen[f.Extension] = true, true
			if _, _, err := mime.ParseMediaType(f.MediaType); err != nil {
				t.Errorf("media type %q: %v", f.MediaType, err)
			}
			if f.Use == "" || strings.HasSuffix(f.Use, ".") {
				t.Errorf("use %q", f.Use)
			}
			var a, b bytes.Buffer
			for _, w := range []*bytes.Buffer{&a, &b} {
				if err := f.Write(w, sampleDocument(), Options{}); err != nil {
					t.Fatal(err)
				}
			}
			if a.Len() == 0 || !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Errorf("%d octets, then %d, or others", a.Len(), b.Len())
			}
		})
	}
	if got, err := FormatByName("json"); err != nil || got.Name != "json" {
		t.Errorf("json: %v, %v", got.Name, err)
	}
	if _, err := FormatByName("docx"); err == nil || !strings.Contains(err.Error(), "table, json") {
		t.Errorf("docx: %v", err)
	}
}
