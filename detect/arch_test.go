package detect_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/fbsdetect/fbsdetect/"

// layers lists what a folder may import of this module, by prefix, and which
// libraries belong to one place.
var layers = []struct {
	folder string
	allow  []string
}{
	{"gsmtap/wire", nil},
	{"gsmtap/ident", []string{"gsmtap/wire"}},
	{"gsmtap/gsm/arfcn", nil},
	{"gsmtap/gsm/classmark", []string{"gsmtap/wire"}},
	{"gsmtap/gsm/mm", []string{"gsmtap/wire", "gsmtap/ident", "gsmtap/gsm/classmark"}},
	{"gsmtap/gsm/rr", []string{"gsmtap/wire", "gsmtap/ident", "gsmtap/gsm/arfcn", "gsmtap/gsm/classmark", "gsmtap/gsm/cbch"}},
	{"gsmtap/gsm/coding", []string{"gsmtap/ident"}},
	{"gsmtap/gsm/facility", []string{"gsmtap/wire", "gsmtap/ident", "gsmtap/gsm/coding"}},
	{"gsmtap/gsm", []string{"gsmtap/wire", "gsmtap/ident", "gsmtap/gsm/mm", "gsmtap/gsm/coding", "gsmtap/gsm/facility"}},
	{"gsmtap/capture", []string{"gsmtap/wire"}},
	{"gsmtap/uper/asn1", []string{"gsmtap/uper"}},
	{"gsmtap/uper", []string{"gsmtap/wire"}},
	{"gsmtap/rrc/generate", []string{"gsmtap/rrc", "gsmtap/uper"}},
	{"gsmtap/rrc", []string{"gsmtap/wire", "gsmtap/uper"}},
	{"gsmtap/macframed", []string{"gsmtap/wire"}},
	{"gsmtap/lte/earfcn", nil},
	{"gsmtap/lte/nas", []string{"gsmtap/wire", "gsmtap/ident", "gsmtap/gsm/mm"}},
	{"gsmtap/lte/s1ap", []string{"gsmtap/wire", "gsmtap/ident"}},
	{"gsmtap/lte/rrc", []string{"gsmtap/wire", "gsmtap/ident", "gsmtap/uper", "gsmtap/rrc", "gsmtap/gsm/arfcn"}},
	{"gsmtap", []string{"gsmtap"}},
	{"detect/event", []string{"gsmtap/ident", "gsmtap/gsm/arfcn"}},
	{"detect/cell", []string{"detect/event", "gsmtap/ident", "gsmtap/gsm/arfcn"}},
	{"detect/rule/ruletest", []string{"detect", "gsmtap"}},
	{"detect/rule", []string{"detect/cell", "detect/event", "gsmtap/ident"}},
	{"detect/rules", []string{"detect/rule", "detect/cell", "detect/event", "detect/stat", "gsmtap/ident", "gsmtap/gsm/arfcn", "gsmtap/lte/earfcn"}},
	{"detect/engine", []string{"detect/rule", "detect/cell", "detect/event"}},
	{"detect/score", []string{"detect/rule"}},
	{"detect/baseline", []string{"detect/cell", "detect/event", "detect/rule", "detect/score", "detect/stat", "gsmtap/ident", "gsmtap/gsm/arfcn"}},
	{"detect/evidence", []string{"detect", "gsmtap/capture", "gsmtap/redact", "gsmtap/rrc", "gsmtap/uper"}},
	{"detect/exposure", []string{"detect/event", "detect/stat"}},
	{"detect/calibrate", []string{"detect/rule", "detect/score", "detect/stat"}},
	{"detect/observe", []string{"detect/cell", "detect/event", "gsmtap"}},
	{"detect/stat", nil},
	{"detect/track", nil},
	{"detect/report", []string{"detect/cell", "detect/event", "detect/rule", "detect/score", "detect/stat", "gsmtap/capture", "gsmtap/ident", "gsmtap/wire", "gsmtap/uper"}},
	{"detect", []string{"detect", "gsmtap"}},
	{"cmd", []string{"cmd", "detect", "gsmtap"}},
	{"testdata", []string{"detect/rule/ruletest", "gsmtap"}},
}

var libraries = map[string]string{
	"github.com/spf13/cobra":        "cmd/",
	"github.com/google/gopacket":    "gsmtap/capture/",
	"github.com/schollz/":           "cmd/",
	"gonum.org/":                    "detect/stat/",
	"github.com/jedib0t/go-pretty":  "detect/report/",
	"github.com/go-json-experiment": "detect/report/",
	"github.com/klauspost/":         "gsmtap/capture/",
	"github.com/warthog618/":        "gsmtap/gsm/",
	"modernc.org/":                  "detect/baseline/",
	"github.com/google/uuid":        "detect/report/",
	"aead.dev/":                     "detect/evidence/",
	"filippo.io/":                   "detect/evidence/",
	"github.com/nicksnyder/":        "detect/report/",
	"golang.org/x/text":             "detect/report/",
}

// TestArrows: the layers import each other one way only, and libraries stay where
// they belong.
func TestArrows(t *testing.T) {
	root := ".."
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		rel = filepath.ToSlash(rel)
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && rel != "." {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") {
			return nil
		}
		files++
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		allow, ok := allowed(rel)
		if !ok {
			t.Errorf("%s: folder is in no layer", rel)
		}
		for _, imp := range f.Imports {
			name, _ := strconv.Unquote(imp.Path.Value)
			for lib, place := range libraries {
				if strings.HasPrefix(name, lib) && !strings.HasPrefix(rel, place) {
					t.Errorf("%s imports %s, which belongs to %s", rel, name, place)
				}
			}
			own, ok := strings.CutPrefix(name, module)
			if ok && !within(own, allow) {
				t.Errorf("%s imports %s", rel, own)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Fatalf("only %d files found", files)
	}
}

// allowed returns the imports of the layer that a file belongs to: the first whose
// folder contains it.
func allowed(rel string) ([]string, bool) {
	for _, l := range layers {
		if strings.HasPrefix(rel, l.folder+"/") {
			return l.allow, true
		}
	}
	return nil, false
}

func within(name string, allow []string) bool {
	for _, a := range allow {
		if name == a || strings.HasPrefix(name, a+"/") {
			return true
		}
	}
	return false
}
