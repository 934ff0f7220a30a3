package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/report"
)

// TestScanBaseline: with a baseline a cell that changed is seen to have changed, and the
// report says which baseline that was.
func TestScanBaseline(t *testing.T) {
	dir := t.TempDir()
	path := buildBaseline(t, dir, "known.baseline", write(t, dir, "old.pcap", pcap(t, synthetic)))
	changed := write(t, dir, "new.pcap", pcap(t, strings.Replace(synthetic, "480314 28", "48030a 28", 1)))
	type document struct {
		Baseline *report.Baseline
		Cells    []struct{ Evidence []report.Evidence }
	}
	scan := func(args ...string) *document {
		t.Helper()
		code, stdout, stderr := run(t, append(args, "-f", "json", "--fail-on", "never", changed)...)
		var doc document
		if err := json.Unmarshal([]byte(stdout), &doc); err != nil || code != exitClean || stderr != "" {
			t.Fatalf("exit %d, %v\n%s", code, err, stderr)
		}
		return &doc
	}
	drifted := func(doc *document) bool {
		for _, c := range doc.Cells {
			for _, e := range c.Evidence {
				if e.Rule == "any-parameters-drift" && strings.Contains(e.Got, "T3212 10") {
					return true
				}
			}
		}
		return false
	}
	alone := scan("scan")
	if alone.Baseline != nil || drifted(alone) {
		t.Errorf("without a baseline: %+v", alone.Baseline)
	}
	with := scan("scan", "--baseline", path)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(file)
	want := report.Baseline{Path: path, SHA256: hex.EncodeToString(sum[:]), Captures: 1}
	if with.Baseline == nil || *with.Baseline != want || !drifted(with) {
		t.Errorf("%+v, want %+v; drift told: %v", with.Baseline, want, drifted(with))
	}
	const itself = "the baseline was learned from this capture too"
	if _, stdout, _ := run(t, "scan", "--baseline", path, "--fail-on", "never", changed); !strings.Contains(stdout, "Against") || strings.Contains(stdout, itself) {
		t.Errorf("the baseline is not named, or said to hold this capture:\n%s", stdout)
	}
	if _, stdout, _ := run(t, "scan", "--baseline", path, "--fail-on", "never", filepath.Join(dir, "old.pcap")); !strings.Contains(strings.Join(strings.Fields(stdout), " "), itself) {
		t.Errorf("not said that the baseline holds this capture:\n%s", stdout)
	}
}

// TestScanBaselineErrors: what is no baseline, or a damaged one, is input that cannot be
// read.
func TestScanBaselineErrors(t *testing.T) {
	dir := t.TempDir()
	capture := write(t, dir, "a.pcap", pcap(t, synthetic))
	path := buildBaseline(t, dir, "known.baseline", capture)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]string{
		"not there": filepath.Join(dir, "none"),
		"a capture": capture,
		"cut":       write(t, dir, "cut", file[:len(file)/2]),
	} {
		for _, command := range []string{"scan", "verify"} {
			target := capture
			if command == "verify" {
				target = write(t, dir, "labels.json", []byte(`{"captures":[]}`))
			}
			if code, stdout, stderr := run(t, command, "--baseline", p, target); code != exitInput || stdout != "" || !strings.Contains(stderr, filepath.Base(p)) {
				t.Errorf("%s, %s: exit %d\n%s%s", command, name, code, stdout, stderr)
			}
		}
	}
}
