package cli

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/calibrate"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

func TestCalibrate(t *testing.T) {
	dir := t.TempDir()
	sums := map[string]string{}
	for _, name := range []string{labRogue, labGenuine} {
		b, err := os.ReadFile(lab(name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, name, b)
		sum := sha256.Sum256(b)
		sums[name] = hex.EncodeToString(sum[:])
	}
	labels := func(name, rogueSum string) string {
		return write(t, dir, name, []byte(`{"version":1,"captures":[
			{"path":"`+labRogue+`","sha256":"`+rogueSum+`","label":"rogue","rogue":[{"rat":"gsm","plmn":"520-03","area":65000,"cell":1}]},
			{"path":"`+labGenuine+`","sha256":"`+sums[labGenuine]+`","label":"genuine"},
			{"path":"gone.pcap","sha256":"00","label":"genuine"}]}`))
	}
	good := labels("good.json", sums[labRogue])
	folders := []string{filepath.Join(dir, "a"), filepath.Join(dir, "b", "c")}
	var last string
	for _, folder := range folders {
		code, stdout, stderr := run(t, "verify", "--calibrate", "-o", folder, good)
		if code != exitClean || stderr != "" || !strings.Contains(stdout, "1 of 1") || !strings.Contains(stdout, "keep the experts' weights") ||
			!strings.Contains(stdout, "Captures not there: 1") {
			t.Fatalf("exit %d\n%s%s", code, stdout, stderr)
		}
		harmless(t, stdout)
		if last != "" && stdout != last {
			t.Error("two runs differ")
		}
		last = stdout
	}
	for _, name := range []string{"calibration.json", "report.json", "ablation.csv", "reliability-gsm.svg", "roc-gsm.svg", "pr-gsm.svg", "reliability-all.svg"} {
		a, err := os.ReadFile(filepath.Join(folders[0], name))
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := os.ReadFile(filepath.Join(folders[1], name)); !bytes.Equal(a, b) {
			t.Errorf("%s differs between runs", name)
		}
		if name == "calibration.json" {
			c, err := score.ReadCalibration(bytes.NewReader(a))
			b, _ := os.ReadFile(good)
			sum := sha256.Sum256(b)
			if err != nil || len(c.Labels) != 1 || c.Labels[0].SHA256 != hex.EncodeToString(sum[:]) || c.Captures != 2 || c.Sources != 1 {
				t.Errorf("%+v, %v", c, err)
			}
		}
	}
	code, stdout, _ := run(t, "verify", "--calibrate", "-f", "json", good)
	var r calibrate.Report
	if err := json.Unmarshal([]byte(stdout), &r); err != nil || code != exitClean || r.Schema != calibrate.Schema || r.Missing != 1 {
		t.Errorf("exit %d, %v, %+v", code, err, r)
	}
	text := write(t, dir, "text", []byte("x"))
	for _, tt := range []struct {
		name string
		exit int
		text string
		args []string
	}{
		{"with JUnit", exitUsage, "junit", []string{"--calibrate", "--junit", filepath.Join(dir, "x.xml"), good}},
		{"wrong file", exitInput, "not the one labelled", []string{"--calibrate", labels("wrong.json", strings.Repeat("0", 64))}},
		{"no cell", exitInput, "no labelled cell", []string{"--calibrate", "--rat", "nr", good}},
		{"no labels", exitInput, "nope.json", []string{"--calibrate", filepath.Join(dir, "nope.json")}},
		{"folder is a file", exitUsage, "--output", []string{"--calibrate", "-o", text, good}},
	} {
		code, stdout, stderr := run(t, append([]string{"verify"}, tt.args...)...)
		if code != tt.exit || !strings.Contains(stderr, tt.text) || stdout != "" {
			t.Errorf("%s: exit %d, want %d and %q\n%s%s", tt.name, code, tt.exit, tt.text, stdout, stderr)
		}
	}
}

func TestSourceOf(t *testing.T) {
	for path, want := range map[string]string{"lab/a/b.pcap": "lab", "./lab/b.pcap": "lab", "b.pcap": "7", "./b.pcap": "7"} {
		if got := sourceOf(7, path); got != want {
			t.Errorf("sourceOf(%q) = %q, want %q", path, got, want)
		}
	}
}

// TestLabelledCells: which cells count, and as what.
func TestLabelledCells(t *testing.T) {
	cell := func(area uint32, percent float64) report.Cell {
		plmn, id := "001-01", uint64(1)
		return report.Cell{RAT: event.GSM, PLMN: &plmn, Area: &area, Cell: &id, Score: percent, Evidence: []report.Evidence{{Family: "attract", Weight: percent}}}
	}
	unnamed := report.Cell{RAT: event.LTE, Score: 70}
	d := &report.Document{Cells: []report.Cell{cell(1, 90), cell(2, 20), cell(3, 10)}, Unattributed: []report.Cell{cell(2, 30), unnamed}}
	one := report.LabelledCell{RAT: "gsm", PLMN: "001-01", Area: 1, Cell: 1}
	gone := report.LabelledCell{RAT: "gsm", PLMN: "001-01", Area: 9, Cell: 1}
	three := report.LabelledCell{RAT: "gsm", PLMN: "001-01", Area: 3, Cell: 1}
	for _, tt := range []struct {
		name                    string
		label                   report.LabelledCapture
		rat                     string
		rogue, genuine, unheard int
	}{
		{"named", report.LabelledCapture{Label: "rogue", Rogue: []report.LabelledCell{one}}, "", 1, 2, 0},
		{"uncertain does not count", report.LabelledCapture{Label: "rogue", Rogue: []report.LabelledCell{one}, Uncertain: []report.LabelledCell{three}}, "", 1, 1, 0},
		{"not heard", report.LabelledCapture{Label: "rogue", Rogue: []report.LabelledCell{gone}}, "", 0, 3, 1},
		{"other RAT", report.LabelledCapture{Label: "rogue", Rogue: []report.LabelledCell{gone}}, "lte", 0, 0, 0},
		{"genuine, with what has no name", report.LabelledCapture{Label: "genuine"}, "", 0, 4, 0},
		{"attack: the highest", report.LabelledCapture{Label: "attack"}, "", 1, 0, 0},
		{"attack of another RAT", report.LabelledCapture{Label: "attack"}, "nr", 0, 0, 0},
		{"no claim", report.LabelledCapture{Label: "lab"}, "", 0, 0, 0},
	} {
		list, unheard := labelledCells(&tt.label, d, tt.rat)
		rogue := 0
		for _, c := range list {
			if c.Rogue {
				rogue++
				if c.Evidence[0].Weight != 90 {
					t.Errorf("%s: the rogue one is %+v", tt.name, c)
				}
			} else if len(c.Evidence) > 0 && c.Evidence[0].Weight == 20 {
				t.Errorf("%s: the lower of two entries counts", tt.name)
			}
		}
		if rogue != tt.rogue || len(list)-rogue != tt.genuine || unheard != tt.unheard {
			t.Errorf("%s: %d rogue, %d genuine, %d not heard", tt.name, rogue, len(list)-rogue, unheard)
		}
	}
	if _, unheard := labelledCells(&report.LabelledCapture{Label: "attack"}, &report.Document{}, ""); unheard != 1 {
		t.Errorf("%d not heard", unheard)
	}
}

// TestCorpusCalibration prints the figures on the labelled captures, if they are there:
// no rogue cell that was heard is missed, at most 0.5 % of the genuine ones are reported,
// and verify counts the same cells.
func TestCorpusCalibration(t *testing.T) {
	dir := os.Getenv("FBSDETECT_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "..", "shared", "corpus")
	}
	var args []string
	for _, name := range []string{"labels.json", "lab/labels.json"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if _, err := os.Stat(path); err != nil {
			t.Skip("no labelled captures in FBSDETECT_CORPUS")
		}
		args = append(args, path)
	}
	out := t.TempDir()
	code, stdout, stderr := run(t, append([]string{"verify", "--calibrate", "-o", out}, args...)...)
	if code != exitClean || stderr != "" {
		t.Fatalf("exit %d\n%s", code, stderr)
	}
	t.Log("\n" + stdout)
	var r calibrate.Report
	b, err := os.ReadFile(filepath.Join(out, "report.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	_, stdout, _ = run(t, append([]string{"verify", "-f", "json"}, args...)...)
	var v report.Verification
	if err := json.Unmarshal([]byte(strings.ReplaceAll(stdout, `"highest": "`, `"x": "`)), &v); err != nil {
		t.Fatal(err)
	}
	totals := map[string]report.Total{}
	for _, x := range v.Totals {
		totals[x.RAT] = x
	}
	for _, m := range r.RATs {
		q := m.Expert
		if m.Calibrated != nil {
			q = *m.Calibrated
		}
		if genuine := m.Cells - m.Rogue; q.Found < m.Rogue || 200*q.FalseAlarms > genuine {
			t.Errorf("%s: %d of %d rogue cells found, %d of %d genuine reported", m.RAT, q.Found, m.Rogue, q.FalseAlarms, genuine)
		}
		x := totals[m.RAT]
		if m.RAT == "all" {
			x.Rogue -= r.Unheard
		}
		if x.Rogue != m.Rogue || x.Genuine != m.Cells-m.Rogue || x.Found != m.Expert.Found || x.FalseAlarms != m.Expert.FalseAlarms {
			t.Errorf("%s: verify counts %+v, calibration %+v", m.RAT, x, m)
		}
	}
}
