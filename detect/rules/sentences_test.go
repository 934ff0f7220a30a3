package rules_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/rule/ruletest"
)

var (
	place = regexp.MustCompile(`\{(?:[1-9]|list)\}`)
	// counted is what the rules' count writes.
	counted = regexp.MustCompile(`(\} (?:short )?(?:connection|message|phone|registration))s\b`)
	verb    = regexp.MustCompile(`%[+.0-9]*[dfgsv]`)
	// summary finds what is said of a finding, where a literal holds all of it.
	summary = regexp.MustCompile(`Summary(?:: | \+?= )(?:fmt\.Sprintf\()?("(?:[^"\\]|\\.)*")[,)}\n]`)
	// country finds the names of countries, which stand in sentences as values.
	country = regexp.MustCompile(`(?m)^[0-9]{3}(?:,[0-9]{3})* (.+)$`)
	since   = regexp.MustCompile(`Since: +"([0-9.]+)"`)
)

// sources reads the Go files of a folder without the tests.
func sources(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var all []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(b))
	}
	return all
}

// sentences lists what rules say, in titles and explanations, in findings of their vectors,
// and in literals of their source that hold no more than numbers. A sentence is due in
// every language unless only rules that no version had before this one say it: a rule is
// added in one file, and translated before the next version.
func sentences(t *testing.T, sources []string) (due map[string]bool) {
	t.Helper()
	due = map[string]bool{}
	add := func(text, version string) {
		for s := range strings.SplitAfterSeq(text, ". ") {
			s = strings.TrimSpace(s)
			due[s] = due[s] || version != detect.Version
		}
	}
	for _, r := range rule.All() {
		add(r.Title, r.Since)
		for _, b := range r.Benign {
			due[b.Explanation] = due[b.Explanation] || r.Since != detect.Version
		}
		for _, v := range r.Vectors {
			frames, err := ruletest.Parse(v.Frames)
			if err != nil {
				t.Fatal(err)
			}
			known, err := ruletest.Learn(v.Known)
			if err != nil {
				t.Fatal(err)
			}
			got, err := ruletest.JudgeKnowing(frames, []*rule.Rule{r}, known)
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range got {
				for _, f := range j.Findings {
					add(f.Evidence.Summary, r.Since)
					if p := f.Evidence.Profile; p != nil {
						for _, s := range p.Stages {
							for _, o := range s.Observed {
								add(o, r.Since)
							}
						}
					}
				}
			}
		}
	}
	literals := 0
	for _, source := range sources {
		version := ""
		if m := since.FindStringSubmatch(source); m != nil {
			version = m[1]
		}
		for _, m := range country.FindAllStringSubmatch(source, -1) {
			due[m[1]] = true
		}
		for _, m := range summary.FindAllStringSubmatch(source, -1) {
			if s := strings.Trim(m[1], `"`); strings.HasSuffix(s, ".") && !strings.Contains(s, "%s") {
				literals++
				add(verb.ReplaceAllString(s, "7"), version)
			}
		}
	}
	if literals < 100 {
		t.Errorf("only %d literals found in the source of the rules", literals)
	}
	return due
}

// TestSentences: what rules say can be read in every language, with all its values; and no
// language translates what no rule says any more.
func TestSentences(t *testing.T) {
	ours := sources(t, ".")
	due := sentences(t, ours)
	program := strings.Join(slices.Concat(ours, sources(t, ".."), sources(t, "../../cmd/fbsdetect/internal/cli")), "\n")
	for _, code := range report.Languages()[1:] {
		said, err := report.ReadSentences(code)
		if err != nil {
			t.Fatal(err)
		}
		used := map[string]bool{", ": true}
		for s, must := range due {
			_, keys := said.Find(s)
			switch {
			case keys != nil:
			case must:
				t.Errorf("%s: no translation of %q", code, s)
			default:
				t.Logf("%s: not yet a translation of %q", code, s)
			}
			for _, k := range keys {
				used[singular(k)] = true
			}
		}
		for key, text := range said {
			want, got := place.FindAllString(key, -1), place.FindAllString(text, -1)
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(want, got) || strings.TrimSpace(text) == "" && key != ", " {
				t.Errorf("%s: %q has the places %v, want %v as in %q", code, text, got, want, key)
			}
			if !used[singular(key)] && !written(key, program) {
				t.Errorf("%s: nothing says %q", code, key)
			}
		}
	}
}

// singular makes one of the forms of a sentence that counts things.
func singular(key string) string { return counted.ReplaceAllString(key, "$1") }

// written reports whether every part of a sentence beside its values is in the source.
func written(key, source string) bool {
	for _, part := range place.Split(key, -1) {
		if !strings.Contains(source, part) {
			return false
		}
	}
	return true
}
