package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/baseline"
)

// buildBaseline makes a baseline of captures and returns its path.
func buildBaseline(t *testing.T, dir, name string, captures ...string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	code, stdout, stderr := run(t, append([]string{"baseline", "build", "-o", path}, captures...)...)
	if code != exitClean || stderr != "" || !strings.Contains(stdout, name) {
		t.Fatalf("exit %d\n%s%s", code, stdout, stderr)
	}
	return path
}

func showJSON(t *testing.T, path string) baseline.Summary {
	t.Helper()
	code, stdout, stderr := run(t, "baseline", "show", "-f", "json", path)
	var s baseline.Summary
	if err := json.Unmarshal([]byte(stdout), &s); err != nil || code != exitClean {
		t.Fatalf("exit %d, %v\n%s", code, err, stderr)
	}
	return s
}

func TestBaseline(t *testing.T) {
	dir := t.TempDir()
	one := write(t, dir, "one.pcap", pcap(t, synthetic))
	a := buildBaseline(t, dir, "a.baseline", one, lab(labRogue))
	b := buildBaseline(t, dir, "b.baseline", lab(labGenuine))
	both := buildBaseline(t, dir, "both.baseline", lab(labGenuine), lab(labRogue), one)
	merged := filepath.Join(dir, "merged.baseline")
	for _, order := range [][]string{{a, b}, {b, a}, {merged, a, merged}} {
		if code, stdout, stderr := run(t, append([]string{"baseline", "merge", "-o", merged}, order...)...); code != exitClean {
			t.Fatalf("exit %d\n%s%s", code, stdout, stderr)
		}
		for _, format := range []string{"ndjson", "json"} {
			_, got, _ := run(t, "baseline", "show", "-f", format, merged)
			_, want, _ := run(t, "baseline", "show", "-f", format, both)
			if got != want || got == "" {
				t.Errorf("%v: %s differs from that of all captures\n%.2000s\n%.2000s", order, format, got, want)
			}
		}
	}
	s := showJSON(t, both)
	if s.Schema != baseline.SummarySchema || len(s.Captures) != 3 || s.Captures[0].Tool == "" {
		t.Errorf("%+v", s)
	}
	rogue, genuine := false, false
	for _, n := range s.Networks {
		rogue = rogue || n.RAT == "gsm" && n.PLMN == "520-03" && n.Quarantined == 1
		genuine = genuine || n.Cells > 0 && len(n.Parameters) > 10 && len(n.Areas) > 0
	}
	if !rogue || !genuine {
		t.Errorf("%+v", s.Networks)
	}
	code, stdout, _ := run(t, "baseline", "show", both)
	if code != exitClean || !strings.Contains(stdout, "in quarantine 1") || !strings.Contains(stdout, "T3212") {
		t.Errorf("exit %d\n%s", code, stdout)
	}
	harmless(t, stdout)
	code, stdout, _ = run(t, "baseline", "diff", a, both)
	if code != exitClean || !strings.HasSuffix(stdout, " new, 0 gone, 0 changed\n") || strings.HasPrefix(stdout, "0 new") {
		t.Errorf("exit %d\n%s", code, stdout)
	}
	harmless(t, stdout)
	_, stdout, _ = run(t, "baseline", "diff", "-f", "json", both, a)
	var d differences
	if err := json.Unmarshal([]byte(stdout), &d); err != nil || d.Schema != diffSchema || d.Gone == 0 || d.Gone != len(d.Cells) {
		t.Errorf("%v %+v", err, d)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".baseline-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestBaselineDiff: what a cell changed is told parameter by parameter.
func TestBaselineDiff(t *testing.T) {
	dir := t.TempDir()
	old := buildBaseline(t, dir, "old", write(t, dir, "old.pcap", pcap(t, synthetic)))
	changed := strings.Replace(synthetic, "480314 28", "48030a 28", 1)
	new := buildBaseline(t, dir, "new", write(t, dir, "new.pcap", pcap(t, changed)))
	_, stdout, _ := run(t, "baseline", "diff", old, new)
	if !strings.Contains(stdout, "changed  gsm 001-01 area 3000 cell 10001\n         T3212: 20 (120 min) → 10 (60 min)\n0 new, 0 gone, 1 changed\n") {
		t.Error(stdout)
	}
}

func TestBaselineErrors(t *testing.T) {
	dir := t.TempDir()
	good := write(t, dir, "good.pcap", pcap(t, synthetic))
	text := write(t, dir, "text", []byte(strings.Repeat("no capture\n", 20)))
	known := buildBaseline(t, dir, "known", good)
	before, err := os.ReadFile(known)
	if err != nil {
		t.Fatal(err)
	}
	newer := bytes.Clone(before)
	newer[63]++
	newerPath := write(t, dir, "newer", newer)
	out := filepath.Join(dir, "out")
	for _, tt := range []struct {
		name string
		exit int
		text string
		args []string
	}{
		{"no output", exitUsage, "--output", []string{"build", good}},
		{"output is a capture", exitUsage, "will not be replaced", []string{"build", "-o", good, good}},
		{"output is a folder", exitUsage, "not a regular file", []string{"build", "-o", dir, good}},
		{"no such rule", exitUsage, "no rule", []string{"build", "-o", out, "--rules", "x", good}},
		{"no capture", exitInput, "nothing was learned", []string{"build", "-o", out, text}},
		{"missing capture", exitInput, "none", []string{"build", "-o", out, filepath.Join(dir, "none")}},
		{"merge without output", exitUsage, "--output", []string{"merge", known}},
		{"merge of text", exitInput, "not an SQLite file", []string{"merge", "-o", out, known, text}},
		{"merge of nothing", exitInput, "none", []string{"merge", "-o", out, filepath.Join(dir, "none")}},
		{"show newer", exitInput, "version 2", []string{"show", newerPath}},
		{"show a capture", exitInput, "no valid baseline", []string{"show", good}},
		{"show in another form", exitUsage, "--format", []string{"show", "-f", "xml", known}},
		{"show onto itself", exitUsage, "one of the baselines", []string{"show", "-o", known, known}},
		{"diff of text", exitInput, "not an SQLite file", []string{"diff", known, text}},
		{"diff of one", exitUsage, "arg", []string{"diff", known}},
		{"import of a capture", exitInput, "no list of cells", []string{"import", known, good}},
		{"import of nothing", exitInput, "none", []string{"import", known, filepath.Join(dir, "none")}},
		{"import into text", exitInput, "will not be replaced", []string{"import", text, text}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, stdout, stderr := run(t, append([]string{"baseline"}, tt.args...)...)
			if code != tt.exit || !strings.Contains(stderr, tt.text) || stdout != "" {
				t.Errorf("exit %d, want %d and %q\n%s%s", code, tt.exit, tt.text, stdout, stderr)
			}
			harmless(t, stderr)
		})
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a file was written")
	}
	if after, _ := os.ReadFile(known); !bytes.Equal(before, after) {
		t.Error("a file that was read is changed")
	}
	// What can be learned is learned although something cannot.
	code, stdout, stderr := run(t, "baseline", "build", "-o", out, text, good)
	if code != exitInput || !strings.Contains(stdout, "1 capture") || stderr == "" || len(showJSON(t, out).Captures) != 1 {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	never := filepath.Join(dir, "never")
	if code, _, _ := runWith(ctx, nil, "baseline", "build", "-o", never, good); code != exitInput {
		t.Errorf("exit %d after an interrupt", code)
	}
	if _, err := os.Stat(never); err == nil {
		t.Error("an interrupted run writes a file")
	}
}

func TestBaselineImport(t *testing.T) {
	dir := t.TempDir()
	path := buildBaseline(t, dir, "b", write(t, dir, "one.pcap", pcap(t, synthetic)))
	const csv = "GSM,1,1,3000,10001,0,7.85,47.99,1500,12,1,1459813819,1459813819,0\nCDMA,1,1,1,1,0,7,47,0,0,1,1,1,0\nG\x1b[2JM\n"
	code, stdout, stderr := runWith(t.Context(), []byte(csv), "baseline", "import", path, "-")
	if code != exitClean || !strings.Contains(stdout, "1 cell, 1 of other radios, 1 line malformed") || !strings.Contains(stderr, "line 3") {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
	harmless(t, stdout+stderr)
	s := showJSON(t, path)
	if s.Listed != 1 || len(s.Lists) != 1 || len(s.Captures) != 1 || s.Networks[0].Cells != 1 {
		t.Errorf("%+v", s)
	}
	fresh := filepath.Join(dir, "fresh")
	if code, _, stderr := run(t, "baseline", "import", fresh, write(t, dir, "l.csv", []byte(csv))); code != exitClean {
		t.Errorf("exit %d\n%s", code, stderr)
	}
	if s := showJSON(t, fresh); s.Listed != 1 || len(s.Networks) != 0 {
		t.Errorf("%+v", s)
	}
}

// TestBaselinePrivacy: a baseline holds no identity of a person and no name of a file.
func TestBaselinePrivacy(t *testing.T) {
	hash := regexp.MustCompile(`[0-9a-f]{64}`)
	// texts returns the file and what it exports, in lower case without hashes.
	texts := func(path string) (raw, export string) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, out, _ := run(t, "baseline", "show", "-f", "ndjson", path)
		return string(b), hash.ReplaceAllString(strings.ToLower(out), "")
	}
	dir := t.TempDir()
	path := buildBaseline(t, dir, "b", write(t, dir, "suspect-name.pcap", pcap(t, synthetic)))
	raw, export := texts(path)
	for _, secret := range []string{"001010123456789", "0123456789", "\x09\x10\x10\x10\x32\x54\x76\x98", "suspect-name", "\x00\x1b\x00\x5b"} {
		if strings.Contains(raw, secret) || strings.Contains(export, secret) {
			t.Errorf("the baseline holds %q", secret)
		}
	}
	root := os.Getenv("FBSDETECT_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "..", "shared", "corpus")
	}
	tshark, err := exec.LookPath("tshark")
	if _, serr := os.Stat(root); serr != nil || err != nil {
		t.Skip("no corpus of captures (set FBSDETECT_CORPUS) or no tshark to compare with")
	}
	found := 0
	for i, name := range []string{
		"sfikouris__catch_the_catcher/pcaps/gsm_imsi_catcher.pcapng",
		"sfikouris__catch_the_catcher/pcaps/cyta_lte_attach.pcapng",
		"sfikouris__catch_the_catcher/pcaps/lte_mtn.pcapng",
		"eylonK14__IMSICatcherDetector/imsi.pcapng",
	} {
		in := filepath.Join(root, "captures", filepath.FromSlash(name))
		if _, err := os.Stat(in); err != nil {
			continue
		}
		out := filepath.Join(dir, fmt.Sprint("c", i))
		if code, stdout, stderr := run(t, "baseline", "build", "-o", out, in); code != exitClean {
			t.Errorf("%s: exit %d\n%s%s", name, code, stdout, stderr)
			continue
		}
		raw, export := texts(out)
		for _, id := range identities(t, tshark, in) {
			found++
			if strings.Contains(raw, id) || strings.Contains(export, id) {
				t.Errorf("%s: the baseline holds an identity of %d characters", name, len(id))
			}
		}
	}
	t.Logf("%d identities looked for", found)
}
