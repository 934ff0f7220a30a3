package detect_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/score"
	"github.com/fbsdetect/fbsdetect/gsmtap"
)

const (
	labBlaster = "../testdata/pcap/lab-three-cells-and-blaster.ms.pcap"
	labCatcher = "../testdata/pcap/lab-imsi-catcher.btstap.pcap"
	labGenuine = "../testdata/pcap/lab-genuine-a51.dl.pcap"
)

// scan runs all rules over captures; panics come through.
func scan(t testing.TB, paths ...string) *report.Document {
	t.Helper()
	var sources []detect.Source
	for _, p := range paths {
		sources = append(sources, detect.FileSource(p))
	}
	doc, err := detect.Run(context.Background(), sources, detect.Options{Strict: true})
	if err != nil && !errors.Is(err, detect.ErrInput) {
		t.Fatal(err)
	}
	return doc
}

// verdicts maps "plmn/area/cell" to the highest verdict of the entries with it.
func verdicts(doc *report.Document) map[string]score.Verdict {
	out := map[string]score.Verdict{}
	for i := range doc.Cells {
		c := &doc.Cells[i]
		k := fmt.Sprintf("%s/%d/%d", *c.PLMN, *c.Area, *c.Cell)
		out[k] = max(out[k], c.Verdict)
	}
	return out
}

func TestLaboratory(t *testing.T) {
	tests := []struct {
		path string
		want map[string]score.Verdict
	}{
		{labBlaster, map[string]score.Verdict{
			"520-03/64001/12345": score.Consistent,
			"520-03/1001/10011":  score.Ordinary, "520-03/1001/10012": score.Ordinary, "520-03/1001/10013": score.Ordinary,
		}},
		{labCatcher, map[string]score.Verdict{"520-03/65000/1": score.Consistent}},
		{labGenuine, map[string]score.Verdict{"520-03/1001/10012": score.Ordinary}},
	}
	for _, tt := range tests {
		t.Run(filepath.Base(tt.path), func(t *testing.T) {
			doc := scan(t, tt.path)
			got := verdicts(doc)
			for k, v := range tt.want {
				if got[k] != v {
					t.Errorf("%s is %v, want %v", k, got[k], v)
				}
			}
			if len(got) != len(tt.want) {
				t.Errorf("cells %v", got)
			}
			for _, c := range doc.Captures {
				if c.Ledger.Sum() != c.Ledger.Frames || c.Ledger.Frames == 0 {
					t.Errorf("ledger does not add up: %+v", c.Ledger)
				}
			}
		})
	}
}

// TestEvidenceIsComplete: every summand can be checked: frames that exist, field,
// value, expectation, clause, benign explanations.
func TestEvidenceIsComplete(t *testing.T) {
	doc := scan(t, labBlaster, labCatcher)
	n := 0
	for _, c := range append(doc.Cells, doc.Unattributed...) {
		for _, e := range c.Evidence {
			n++
			if e.Summary == "" || e.Field == "" || e.Got == "" || e.Expect == "" || len(e.Refs) == 0 || len(e.Frames) == 0 {
				t.Errorf("%s: incomplete: %+v", e.Rule, e)
			}
			if e.Weight > 0 && len(e.Benign) == 0 {
				t.Errorf("%s: no benign explanation", e.Rule)
			}
			for _, f := range e.Frames {
				if f.Capture < 0 || f.Capture > 1 || f.Frame < 1 || f.Frame > doc.Captures[f.Capture].Ledger.Frames {
					t.Errorf("%s: frame %+v does not exist", e.Rule, f)
				}
			}
			if r := rule.ByID(e.Rule); r == nil || r.Version != e.Version {
				t.Errorf("%s: not in the catalogue", e.Rule)
			}
		}
		o := c.Outcomes
		if got := len(o.Fired) + len(o.Clear) + len(o.Insufficient) + len(o.NotObservable); got != len(rule.All()) {
			t.Errorf("%d outcomes of %d rules", got, len(rule.All()))
		}
	}
	if n == 0 {
		t.Error("no evidence at all")
	}
}

// TestRepeatable: the same captures give the same octets.
func TestRepeatable(t *testing.T) {
	var first []byte
	for i := range 3 {
		b, err := json.Marshal(scan(t, labBlaster, labCatcher, labGenuine))
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = b
		} else if !bytes.Equal(b, first) {
			t.Fatal("two runs differ")
		}
	}
}

func memory(path string, b []byte) detect.Source {
	return detect.Source{Path: path, Size: -1, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

// TestInputErrors: a capture that cannot be read does not take the others with it.
func TestInputErrors(t *testing.T) {
	sources := []detect.Source{
		detect.FileSource("no-such-file.pcap"),
		memory("text.pcap", []byte("this is no capture, but a line of text")),
		memory("empty.pcap", nil),
		detect.FileSource(labCatcher),
	}
	doc, err := detect.Run(context.Background(), sources, detect.Options{Strict: true})
	if !errors.Is(err, detect.ErrInput) {
		t.Fatalf("error = %v", err)
	}
	for _, name := range []string{"no-such-file.pcap", "text.pcap", "empty.pcap"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("error does not name %s: %v", name, err)
		}
	}
	if len(doc.Captures) != 4 || doc.Captures[0].Error == nil || doc.Captures[3].Error != nil {
		t.Errorf("captures: %+v", doc.Captures)
	}
	if verdicts(doc)["520-03/65000/1"] < score.Suspicious {
		t.Error("the readable capture was not judged")
	}
}

// TestCutCapture: what a cut capture holds is judged, and the damage is reported.
func TestCutCapture(t *testing.T) {
	b, err := os.ReadFile(labCatcher)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := detect.Run(context.Background(), []detect.Source{memory("cut.pcap", b[:len(b)-7])}, detect.Options{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	c := doc.Captures[0]
	if len(c.Damage) != 1 || c.Ledger.UnreadOctets == 0 || !strings.Contains(c.Damage[0].Reason, "offset") {
		t.Errorf("damage %+v, %d octets unread", c.Damage, c.Ledger.UnreadOctets)
	}
	if verdicts(doc)["520-03/65000/1"] < score.Suspicious {
		t.Error("the rest was not judged")
	}
}

func TestOptions(t *testing.T) {
	bad := []detect.Options{
		{Rules: []string{"no-such-rule"}},
		{Params: map[string]rule.Values{"no-such-rule": {"x": 1}}},
		{Params: map[string]rule.Values{rule.All()[0].ID: {"no-such-parameter": 1}}},
	}
	for i, o := range bad {
		if _, err := detect.Run(context.Background(), nil, o); !errors.Is(err, detect.ErrOption) {
			t.Errorf("options %d: error = %v", i, err)
		}
	}
	one, err := detect.Run(context.Background(), []detect.Source{detect.FileSource(labCatcher)}, detect.Options{Rules: []string{rule.All()[0].ID}})
	if err != nil {
		t.Fatal(err)
	}
	o := one.Cells[0].Outcomes
	if n := len(o.Fired) + len(o.Clear) + len(o.Insufficient) + len(o.NotObservable); n != 1 {
		t.Errorf("%d outcomes of one rule", n)
	}
	if all := scan(t, labCatcher); all.Tool.Ruleset == one.Tool.Ruleset {
		t.Error("another choice of rules has the same ruleset hash")
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	doc, _ := detect.Run(ctx, []detect.Source{detect.FileSource(labCatcher), detect.FileSource(labGenuine)}, detect.Options{})
	if doc == nil || len(doc.Captures) != 1 {
		t.Errorf("document after cancellation: %+v", doc)
	}
}

// TestMessagesArePseudonymous: identities leave only as pseudonyms, equal for equal
// identities, and in full if asked for.
func TestMessagesArePseudonymous(t *testing.T) {
	dump := func(opt detect.Options) string {
		var b strings.Builder
		err := detect.Messages(context.Background(), []detect.Source{detect.FileSource(labCatcher)}, opt, func(m *report.Message) error {
			j, err := json.Marshal(report.Fields(m.Body, m.Names))
			fmt.Fprintf(&b, "%d %s %s\n", m.Frame, m.Name, j)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	const imsi = "520030000000021" // of the laboratory's phone, as tshark shows it
	hidden, shown := dump(detect.Options{}), dump(detect.Options{Reveal: true})
	if !strings.Contains(shown, "IMSI 52003") {
		t.Error("no IMSI with Reveal")
	}
	if strings.Contains(hidden, "52003000") || strings.Contains(hidden, imsi) {
		t.Error("an IMSI leaves without Reveal")
	}
	if dump(detect.Options{}) != hidden {
		t.Error("pseudonyms are not repeatable")
	}
	if dump(detect.Options{Key: []byte("another case")}) == hidden {
		t.Error("two cases have the same pseudonyms")
	}
}

func BenchmarkScan(b *testing.B) {
	data, err := os.ReadFile(labBlaster)
	if err != nil {
		b.Fatal(err)
	}
	// The same frames a hundred times, as a long capture of the same cells.
	long := append([]byte(nil), data...)
	for range 99 {
		long = append(long, data[24:]...)
	}
	frames := 0
	b.ReportAllocs()
	b.SetBytes(int64(len(long)))
	for b.Loop() {
		doc, err := detect.Run(context.Background(), []detect.Source{memory("long.pcap", long)}, detect.Options{})
		if err != nil {
			b.Fatal(err)
		}
		frames += doc.Captures[0].Ledger.Frames
	}
	b.ReportMetric(float64(frames)/b.Elapsed().Seconds(), "frames/s")
}

// TestDefectsAreTold: a malformed frame is counted and named with its cause.
func TestDefectsAreTold(t *testing.T) {
	b, err := os.ReadFile(labCatcher)
	if err != nil {
		t.Fatal(err)
	}
	b = bytes.Clone(b)
	b[24+16+14+20+8] = 9 // version of the first GSMTAP header: file, record, Ethernet, IP, UDP headers before it
	doc, err := detect.Run(context.Background(), []detect.Source{memory("odd.pcap", b)}, detect.Options{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	want := "odd.pcap: 1 frame malformed: frame 1: GSMTAP version at octet 0: " + gsmtap.ErrVersion.Error()
	if doc.Captures[0].Ledger.Malformed != 1 || !slices.Contains(doc.Notices, want) {
		t.Errorf("%d malformed, notices %q, want %q", doc.Captures[0].Ledger.Malformed, doc.Notices, want)
	}
	if clean := scan(t, labCatcher); len(clean.Notices) != 0 {
		t.Errorf("a clean capture has notices: %q", clean.Notices)
	}
}
