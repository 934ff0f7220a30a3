package report

import (
	"bytes"
	"encoding/xml"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/score"
	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
)

func TestReadLabels(t *testing.T) {
	for _, tt := range []struct{ name, in, err string }{
		{"good", `{"version":1,"root":"captures","meaning":{},"captures":[{"path":"a/b.pcap","rogue":[{"rat":"gsm","plmn":"001-01","area":1,"cell":2,"basis":"x"}]}]}`, ""},
		{"no JSON", `{`, "read labels"},
		{"version", `{"version":2,"captures":[{"path":"a"}]}`, "version 2"},
		{"no captures", `{"version":1}`, "no captures"},
		{"path leads out", `{"version":1,"captures":[{"path":"../a"}]}`, "leads out"},
		{"root leads out", `{"version":1,"root":"/etc","captures":[{"path":"a"}]}`, "leads out"},
		{"unknown RAT", `{"version":1,"captures":[{"path":"a","rogue":[{"rat":"3g"}]}]}`, "RAT"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, err := ReadLabels(strings.NewReader(tt.in))
			switch {
			case tt.err == "" && err != nil:
				t.Fatal(err)
			case tt.err == "":
				if l.Captures[0].Rogue[0] != (LabelledCell{"gsm", "001-01", 1, 2}) {
					t.Errorf("%+v", l.Captures[0])
				}
			case err == nil || !strings.Contains(err.Error(), tt.err):
				t.Errorf("error %v, want %q", err, tt.err)
			}
		})
	}
}

// judged is a document with the given cells of one capture.
func judged(cells []Cell, unattributed ...Cell) *Document {
	return &Document{
		Tool: Tool{Name: "fbsdetect", Version: "9.9.9"}, Cells: cells, Unattributed: unattributed,
		Captures: []Capture{{Path: "a.pcap", SHA256: "aa", Ledger: capture.Ledger{Frames: 10}}},
	}
}

func verdict(v score.Verdict) Cell {
	c := emptyCell(event.GSM)
	c.Verdict = v
	return c
}

func TestCompare(t *testing.T) {
	rogue := LabelledCell{"gsm", "001-01", 1, 1}
	other := LabelledCell{"gsm", "001-01", 1, 2}
	lte := LabelledCell{"lte", "001-01", 7, 9}
	high, low := score.Suspicious, score.Unusual
	type sums struct{ rogue, found, genuine, alarms int }
	for _, tt := range []struct {
		name   string
		label  LabelledCapture
		doc    *Document
		rat    string
		status string
		sums   sums
		failed bool
	}{
		{"rogue found", LabelledCapture{Label: "rogue", Rogue: []LabelledCell{rogue}}, judged([]Cell{namedCell(1, 1, 60, high), namedCell(1, 2, 1, low)}), "", StatusCompared, sums{1, 1, 1, 0}, false},
		{"the higher of two entries counts", LabelledCapture{Label: "rogue", Rogue: []LabelledCell{rogue}}, judged([]Cell{namedCell(1, 1, 1, low), namedCell(1, 1, 60, high)}), "", StatusCompared, sums{1, 1, 0, 0}, false},
		{"rogue too low", LabelledCapture{Label: "rogue", Rogue: []LabelledCell{rogue}}, judged([]Cell{namedCell(1, 1, 20, low)}), "", StatusCompared, sums{1, 0, 0, 0}, true},
		{"rogue not heard", LabelledCapture{Label: "rogue", Rogue: []LabelledCell{rogue}}, judged(nil), "", StatusCompared, sums{1, 0, 0, 0}, true},
		{"false alarm beside a rogue cell", LabelledCapture{Label: "rogue", Rogue: []LabelledCell{rogue}}, judged([]Cell{namedCell(1, 1, 60, high), namedCell(1, 2, 60, high)}), "", StatusCompared, sums{1, 1, 1, 1}, true},
		{"uncertain counts as neither", LabelledCapture{Label: "rogue", Rogue: []LabelledCell{rogue}, Uncertain: []LabelledCell{other}}, judged([]Cell{namedCell(1, 1, 60, high), namedCell(1, 2, 60, high)}), "", StatusCompared, sums{1, 1, 0, 0}, false},
		{"unattributed beside a named rogue cell", LabelledCapture{Label: "rogue", Rogue: []LabelledCell{rogue}}, judged([]Cell{namedCell(1, 1, 60, high)}, verdict(high)), "", StatusCompared, sums{1, 1, 0, 0}, false},
		{"genuine, quiet", LabelledCapture{Label: "genuine"}, judged([]Cell{namedCell(1, 1, 5, low)}, verdict(low)), "", StatusCompared, sums{0, 0, 2, 0}, false},
		{"genuine, alarm", LabelledCapture{Label: "genuine"}, judged([]Cell{namedCell(1, 1, 60, high)}), "", StatusCompared, sums{0, 0, 1, 1}, true},
		{"genuine, unattributed alarm", LabelledCapture{Label: "genuine"}, judged(nil, verdict(high)), "", StatusCompared, sums{0, 0, 1, 1}, true},
		{"lab is not counted", LabelledCapture{Label: "lab"}, judged([]Cell{namedCell(1, 1, 60, high)}), "", StatusNotCounted, sums{}, false},
		{"attack, found by any cell", LabelledCapture{Label: "attack"}, judged([]Cell{namedCell(1, 1, 60, high), namedCell(1, 2, 60, high)}), "", StatusCompared, sums{1, 1, 0, 0}, false},
		{"attack, found unattributed", LabelledCapture{Label: "attack"}, judged(nil, verdict(high)), "", StatusCompared, sums{1, 1, 0, 0}, false},
		{"rogue without name, missed", LabelledCapture{Label: "rogue"}, judged(nil, verdict(low)), "", StatusCompared, sums{1, 0, 0, 0}, true},
		{"attack, nothing decoded", LabelledCapture{Label: "attack"}, judged(nil), "", StatusCompared, sums{1, 0, 0, 0}, true},
		{"attack of another RAT", LabelledCapture{Label: "attack"}, judged(nil), "gsm", StatusNotCounted, sums{}, false},
		{"rogue cell of another RAT", LabelledCapture{Label: "rogue", Rogue: []LabelledCell{lte}}, judged([]Cell{namedCell(1, 1, 1, low)}), "gsm", StatusCompared, sums{0, 0, 1, 0}, false},
		{"rogue of another RAT only", LabelledCapture{Label: "rogue", Rogue: []LabelledCell{lte}}, judged(nil), "gsm", StatusNotCounted, sums{}, false},
		{"missing", LabelledCapture{Label: "rogue", Rogue: []LabelledCell{rogue}}, nil, "", StatusMissing, sums{}, false},
		{"wrong file", LabelledCapture{Label: "genuine", SHA256: "bb"}, judged(nil), "", StatusWrongSHA256, sums{}, true},
		{"right file", LabelledCapture{Label: "genuine", SHA256: "AA", Frames: 10}, judged(nil), "", StatusCompared, sums{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := Compare(&tt.label, tt.doc, tt.rat)
			if c.Status != tt.status || c.failed() != tt.failed {
				t.Errorf("status %s, failed %v: %+v", c.Status, c.failed(), c)
			}
			v := NewVerification(Tool{}, []Comparison{c})
			all := v.Totals[len(v.Totals)-1]
			if got := (sums{all.Rogue, all.Found, all.Genuine, all.FalseAlarms}); got != tt.sums {
				t.Errorf("sums %+v, want %+v", got, tt.sums)
			}
			if v.Passed == tt.failed {
				t.Errorf("passed %v", v.Passed)
			}
		})
	}
	c := Compare(&LabelledCapture{Label: "genuine", Frames: 11}, judged(nil), "")
	if want := []string{"10 frames read, 11 labelled"}; !reflect.DeepEqual(c.Notes, want) {
		t.Errorf("notes %v, want %v", c.Notes, want)
	}
}

// TestProportion compares with statsmodels.stats.proportion.proportion_confint,
// method "wilson".
func TestProportion(t *testing.T) {
	for _, tt := range []struct {
		k, n             int
		value, low, high float64
	}{
		{15, 15, 1, 0.7961, 1},
		{0, 50, 0, 0, 0.0714},
		{7, 10, 0.7, 0.3968, 0.8922},
		{1, 2, 0.5, 0.0945, 0.9055},
	} {
		p := NewProportion(tt.k, tt.n)
		for _, x := range []struct {
			name      string
			got, want float64
		}{{"value", *p.Value, tt.value}, {"low", *p.Low, tt.low}, {"high", *p.High, tt.high}} {
			if math.Abs(x.got-x.want) > 0.00011 {
				t.Errorf("%d of %d: %s %v, want %v", tt.k, tt.n, x.name, x.got, x.want)
			}
		}
	}
	if p := NewProportion(0, 0); p.Value != nil || p.Low != nil || p.High != nil {
		t.Error("a share of nothing")
	}
}

func sampleVerification() *Verification {
	rogue := LabelledCell{"gsm", "001-01", 1, 1}
	return NewVerification(Tool{Name: "fbsdetect", Version: "9.9.9"}, []Comparison{
		Compare(&LabelledCapture{Path: "rogue/found.pcap", Label: "rogue", Rogue: []LabelledCell{rogue}}, judged([]Cell{namedCell(1, 1, 60, score.Suspicious)}), ""),
		Compare(&LabelledCapture{Path: "rogue/missed.pcap", Label: "rogue", Rogue: []LabelledCell{rogue}}, judged([]Cell{namedCell(1, 1, 20, score.Unusual)}), ""),
		Compare(&LabelledCapture{Path: "genuine/alarm\x1b[2J.pcap", Label: "genuine", Frames: 12}, judged([]Cell{namedCell(1, 3, 95, score.Consistent)}), ""),
		Compare(&LabelledCapture{Path: "lab.pcap", Label: "lab"}, judged([]Cell{namedCell(1, 4, 95, score.Consistent)}), ""),
		Compare(&LabelledCapture{Path: "lab-quiet.pcap", Label: "lab"}, judged([]Cell{namedCell(1, 4, 1, score.Ordinary)}), ""),
		Compare(&LabelledCapture{Path: "gone.pcap", Label: "rogue", Rogue: []LabelledCell{rogue}}, nil, ""),
		Compare(&LabelledCapture{Path: "changed.pcap", Label: "genuine", SHA256: "bb"}, judged(nil), ""),
	})
}

func TestVerificationOutput(t *testing.T) {
	var b bytes.Buffer
	if err := VerificationTable(&b, sampleVerification(), Layout{Width: 80}); err != nil {
		t.Fatal(err)
	}
	harmless(t, b.Bytes())
	for _, l := range strings.Split(b.String(), "\n") {
		if width(l) > 80 {
			t.Errorf("%d columns: %s", width(l), l)
		}
	}
	golden(t, "verify-80.txt", b.Bytes())
	b.Reset()
	if err := JUnit(&b, sampleVerification()); err != nil {
		t.Fatal(err)
	}
	harmless(t, b.Bytes())
	golden(t, "verify-junit.xml", b.Bytes())
	var log bytes.Buffer
	if err := VerificationSARIF(&log, sampleVerification()); err != nil {
		t.Fatal(err)
	}
	harmless(t, log.Bytes())
	if err := validate(t, sarifSchema, log.Bytes()); err != nil {
		t.Error(err)
	}
	if n := strings.Count(log.String(), `"ruleId"`); n != 3 {
		t.Errorf("%d results in\n%s", n, log.String())
	}
	var back junitLog
	if err := xml.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	s := back.Suites[0]
	if s.Tests != 7 || s.Failures != 2 || s.Errors != 1 || s.Skipped != 3 {
		t.Errorf("tests %d, failures %d, errors %d, skipped %d", s.Tests, s.Failures, s.Errors, s.Skipped)
	}
	if err := validJUnit(t, b.Bytes()); err != nil {
		t.Error(err)
	}
}
