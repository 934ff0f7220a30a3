package rules_test

import (
	"os"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/rule/ruletest"
	_ "github.com/fbsdetect/fbsdetect/detect/rules"
)

func TestVectors(t *testing.T) { ruletest.Run(t, rule.All()) }

// shared are the files that hold no rule.
var shared = map[string]bool{"doc.go": true, "session.go": true, "broadcast.go": true, "mcc.go": true, "vector.go": true,
	"lte.go": true, "push.go": true, "vectorsms.go": true, "ltesession.go": true, "vectorlte.go": true, "rarity.go": true, "paging.go": true}

func TestFileNames(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, f := range files {
		name := f.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || shared[name] {
			continue
		}
		id := strings.ReplaceAll(strings.TrimSuffix(name, ".go"), "_", "-")
		have[id] = true
		if rule.ByID(id) == nil {
			t.Errorf("%s holds no rule %s", name, id)
		}
	}
	for _, r := range rule.All() {
		if !have[r.ID] {
			t.Errorf("rule %s is not in a file of its name", r.ID)
		}
	}
}

func TestMetadata(t *testing.T) {
	for _, r := range rule.All() {
		for _, p := range r.Params {
			if p.Source == "" || p.Unit == "" || !(p.Min <= p.Default && p.Default <= p.Max) {
				t.Errorf("%s: parameter %q: no source or unit, or default outside its range", r.ID, p.Name)
			}
		}
		for _, ref := range r.Refs {
			if strings.HasPrefix(ref, "TS ") && !strings.Contains(ref, "§") {
				t.Errorf("%s: %q names no clause", r.ID, ref)
			}
		}
		if w := r.Weight; w > 1.8 || w < -2 {
			t.Errorf("%s: weight %g is beyond a family's cap", r.ID, w)
		}
	}
}
