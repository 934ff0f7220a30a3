package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/report"
)

// TestScanFormats: every format comes out of the command, alike twice, to standard output
// and to a file.
func TestScanFormats(t *testing.T) {
	for _, f := range report.Formats() {
		code, out, stderr := run(t, "scan", "-f", f.Name, lab(labRogue))
		if code != exitFindings || stderr != "" || len(out) < 100 {
			t.Errorf("%s: exit %d, %d octets, %s", f.Name, code, len(out), stderr)
		}
		path := filepath.Join(t.TempDir(), "report"+f.Extension)
		if code, _, stderr := run(t, "scan", "-f", f.Name, "-o", path, lab(labRogue)); code != exitFindings || stderr != "" {
			t.Errorf("%s to a file: exit %d, %s", f.Name, code, stderr)
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != out {
			t.Errorf("%s: the file differs from standard output (%v)", f.Name, err)
		}
	}
	if code, _, stderr := run(t, "scan", "-f", "docx", lab(labRogue)); code != exitUsage || !strings.Contains(stderr, "want table, ") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}

// TestScanHostile: neither a network name nor a file name with a terminal escape reaches
// an output as such.
func TestScanHostile(t *testing.T) {
	path := write(t, t.TempDir(), "=a\x1b[2J\u202e<b>.pcap", pcap(t, synthetic))
	for _, f := range report.Formats() {
		_, out, stderr := run(t, "scan", "--reveal", "--reason", "a test", "-f", f.Name, path)
		if stderr != "" {
			t.Errorf("%s: %s", f.Name, stderr)
		}
		harmless(t, strings.ReplaceAll(out, "\r\n", "\n"))
	}
}

// TestPositions: a GPX file puts cells on the map; a bad file is named with line and cause.
func TestPositions(t *testing.T) {
	dir := t.TempDir()
	capture := lab("lab-three-cells-and-blaster.ms.pcap")
	gpx := write(t, dir, "drive.gpx", []byte(`<gpx version="1.1"><trk><trkseg>
<trkpt lat="13.75" lon="100.5"><time>2026-11-23T11:17:20Z</time></trkpt>
<trkpt lat="13.76" lon="100.6"><time>2026-11-23T11:17:40Z</time></trkpt></trkseg></trk></gpx>`))
	code, out, stderr := run(t, "scan", "--positions", gpx, "-f", "geojson", capture)
	var doc struct {
		Note     string
		Features []struct {
			Geometry   struct{ Type string }
			Properties struct {
				Kind, Verdict, Meaning string
				Cell                   int
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil || code != exitFindings || stderr != "" {
		t.Fatalf("exit %d, %s, %v", code, stderr, err)
	}
	kinds := map[string]int{}
	for _, f := range doc.Features {
		kinds[f.Properties.Kind+" "+f.Properties.Verdict]++
		if f.Geometry.Type == "Point" && !strings.Contains(f.Properties.Meaning, "Where the cell is, they do not tell") {
			t.Errorf("feature %+v", f)
		}
	}
	if kinds["receiver_track "] != 1 || kinds["receiver_heard_cell consistent_with_fbs"] != 2 {
		t.Errorf("features %v, note %s", kinds, doc.Note)
	}
	if _, out, _ := run(t, "cells", "-f", "json", "--positions", gpx, capture); !strings.Contains(out, `"latitude": 13.76`) {
		t.Error("cells -f json has no position")
	}
	bad := write(t, dir, "bad.csv", []byte("time,lat,lon\n2026-11-23T11:17:20Z,13.75,100.5\n2026-11-23T11:17:21Z,north,100.5\n"))
	for _, tt := range []struct {
		exit   int
		stderr string
		args   []string
	}{
		{exitInput, `bad.csv line 3: latitude "north"`, []string{"--positions", bad}},
		{exitInput, "none.csv: no such file", []string{"--positions", filepath.Join(dir, "none.csv")}},
		{exitUsage, "--positions-gap needs --positions", []string{"--positions-gap", "3s"}},
		{exitUsage, "--positions-gap must be", []string{"--positions", gpx, "--positions-gap", "2h"}},
		{exitUsage, "--positions-gap must be", []string{"--positions", gpx, "--positions-gap", "0s"}},
	} {
		code, _, stderr := run(t, append([]string{"scan", capture}, tt.args...)...)
		if code != tt.exit || !strings.Contains(stderr, tt.stderr) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: exit %d, %s", tt.args, code, stderr)
		}
	}
}
