package calibrate

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

var families = []rule.Family{rule.Attract, rule.Cipher, rule.Counter}

// simulated draws cells of sources whose evidence is worth truth times what it says:
// with truth 1 the experts are right. The share of rogue cells is about a half, which
// the intercept takes up.
func simulated(r *rand.Rand, sources int, truth float64) Input {
	in := Input{Families: families, Ruleset: "sha256:0"}
	for s := range sources {
		for c := range 3 {
			for range 5 {
				sum := 1.6 * r.Float64()
				other := 1.6 * r.Float64()
				odds := math.Ln10 * (truth*(sum-.8) + other - .8)
				x := Cell{Source: fmt.Sprint("s", s), Capture: fmt.Sprintf("s%d/%d", s, c), RAT: "gsm", Rogue: r.Float64() < 1/(1+math.Exp(-odds))}
				x.Evidence = []score.Summand{{Family: rule.Attract, Weight: sum}, {Family: rule.Cipher, Weight: other}}
				in.Cells = append(in.Cells, x)
			}
		}
	}
	return in
}

func family(t *testing.T, r *Report, f rule.Family) score.CalibratedFamily {
	t.Helper()
	i := slices.IndexFunc(r.Calibration.Families, func(x score.CalibratedFamily) bool { return x.Family == f })
	if i < 0 {
		t.Fatalf("no family %s", f)
	}
	return r.Calibration.Families[i]
}

// TestCorrects: a weight that is plainly wrong is corrected, towards the truth, and
// one that is right is hardly touched.
func TestCorrects(t *testing.T) {
	for _, truth := range []float64{0, 2.2} {
		r := Run(simulated(rand.New(rand.NewPCG(1, 1)), 20, truth))
		f := family(t, r, rule.Attract)
		// 300 cells give the slope a standard error of about 0.25.
		if math.Abs(f.Slope-truth) > 0.75 || !strings.HasPrefix(f.Basis, "measured: ") {
			t.Errorf("truth %v: %+v", truth, f)
		}
		if f := family(t, r, rule.Cipher); math.Abs(f.Slope-1) > 0.5 {
			t.Errorf("truth %v: %+v", truth, f)
		}
		q := r.RATs[0]
		if q.Calibrated == nil {
			t.Fatalf("truth %v: nothing calibrated", truth)
		}
		var b bytes.Buffer
		if err := WriteJSON(&b, r.Calibration); err != nil {
			t.Fatal(err)
		}
		if _, err := score.ReadCalibration(&b); err != nil {
			t.Errorf("truth %v: the table cannot be read: %v", truth, err)
		}
	}
}

// TestLeavesExperts: where the experts are right, a family is changed in few of 60
// seeded data sets: a gain of a standard error that is none is to be expected in one of
// six at most, and the penalty is chosen so that most show none at all.
func TestLeavesExperts(t *testing.T) {
	changed := 0
	for run := range 60 {
		in := simulated(rand.New(rand.NewPCG(uint64(run), 2)), 6, 1)
		d := newData(in.Cells, families)
		if d.try([]int{0}).Accepted {
			changed++
		}
	}
	t.Logf("%d of 60 changed", changed)
	if changed > 12 {
		t.Errorf("%d of 60 changed", changed)
	}
}

// TestOneLaboratory: any number of cells of one or two laboratories leaves the experts'
// weights.
func TestOneLaboratory(t *testing.T) {
	for _, sources := range []int{1, 2} {
		in := simulated(rand.New(rand.NewPCG(1, 1)), 20, 3)
		for i := range in.Cells {
			in.Cells[i].Source = fmt.Sprint(i % 15 % sources)
		}
		r := Run(in)
		f := family(t, r, rule.Attract)
		if f.Slope != 1 || f.Basis != score.Expert || !strings.Contains(f.Reason, "too few") || r.Calibration.Measured() || r.RATs[0].Calibrated != nil || r.Calibration.Penalty != nil {
			t.Errorf("%d sources: %+v", sources, f)
		}
	}
}

// small is a case to count by hand: stated probabilities are 100/(1+10^(2-sum)).
func small() Input {
	strong := []score.Summand{{Family: rule.Attract, Weight: 1.5}, {Family: rule.Cipher, Weight: 1.5}}
	weak := []score.Summand{{Family: rule.Attract, Weight: 1}}
	return Input{
		Families: families, Ruleset: "sha256:0", Labels: []score.LabelFile{{Name: "labels.json", SHA256: "ab"}}, Unheard: 2, Missing: 1,
		Cells: []Cell{
			{Capture: "a/1", Source: "a", RAT: "gsm", Rogue: true, Evidence: strong},
			{Capture: "a/1", Source: "a", RAT: "gsm", Evidence: weak},
			{Capture: "b/1", Source: "b", RAT: "gsm", Evidence: strong},
			{Capture: "b/2", Source: "b", RAT: "gsm", Rogue: true, Evidence: nil},
			{Capture: "b/3", Source: "b", RAT: "umts", Evidence: nil},
		},
	}
}

func TestRun(t *testing.T) {
	r := Run(small())
	if r.Captures != 4 || r.Sources != 2 || r.Unheard != 2 || r.Missing != 1 || len(r.RATs) != 3 || len(r.Fits) != 0 {
		t.Fatalf("%+v", r)
	}
	g := r.RATs[0]
	if g.RAT != "gsm" || g.Cells != 4 || g.Rogue != 2 || g.Captures != 3 || g.Expert.Found != 1 || g.Expert.FalseAlarms != 1 {
		t.Errorf("%+v", g)
	}
	s, w, n := 1/(1+math.Pow(10, -1)), 1/(1+math.Pow(10, 1)), 1/(1+math.Pow(10, 2))
	brier := ((1-s)*(1-s) + w*w + s*s + (1-n)*(1-n)) / 4
	if e := g.Expert.Brier; e.Value == nil || math.Abs(*e.Value-brier) > 1e-6 || e.Low == nil || *e.Low > brier || *e.High < brier {
		t.Errorf("Brier %+v, want %v", e, brier)
	}
	// Rogue: 1st (tied) and last of four: (½+1 + 0)/4 pairs won.
	if e := g.Expert.AUC; e.Value == nil || *e.Value != 0.375 {
		t.Errorf("AUC %+v", e)
	}
	m := g.Expert.Murphy
	if sum := m.Reliability - m.Resolution + m.Uncertainty + m.Within; math.Abs(sum-brier) > 1e-5 {
		t.Errorf("parts of the Brier score sum up to %v, want %v", sum, brier)
	}
	u := r.RATs[1]
	if u.RAT != "umts" || u.Expert.AUC.Value != nil || u.Expert.AUC.Insufficient == "" || u.Expert.AveragePrecision.Value != nil ||
		u.Expert.Brier.Value == nil || u.Expert.Brier.Low != nil {
		t.Errorf("a RAT without a rogue cell: %+v", u)
	}
	if all := r.RATs[2]; all.RAT != "all" || all.Cells != 5 {
		t.Errorf("%+v", all)
	}
	want := []score.CalibratedRAT{{RAT: "gsm", Captures: 3, Cells: 4, Rogue: 2}, {RAT: "umts", Captures: 1, Cells: 1}}
	if !slices.Equal(r.Calibration.RATs, want) {
		t.Errorf("%+v, want %+v", r.Calibration.RATs, want)
	}
	for _, a := range r.Ablation {
		found := map[string]int{"none": 1, "attract": 0, "cipher": 0, "counter": 1}[a.Without]
		if a.RAT == "gsm" && (a.Found != found || a.FalseAlarms != found || a.Rogue != 2 || a.Genuine != 2) {
			t.Errorf("%+v", a)
		}
	}
	if len(r.Ablation) != 4*3 {
		t.Errorf("%d rows", len(r.Ablation))
	}
}

// TestEmpty: nothing to measure on gives a report without figures.
func TestEmpty(t *testing.T) {
	r := Run(Input{Families: families})
	if len(r.RATs) != 1 || r.RATs[0].Expert.Brier.Value != nil || r.Calibration.Measured() {
		t.Errorf("%+v", r)
	}
	if _, err := r.Files(); err != nil {
		t.Error(err)
	}
	if err := r.WriteSummary(io.Discard); err != nil {
		t.Error(err)
	}
}

// TestFiles: the files are well-formed, refer to nothing outside themselves, and are the
// same for the same input in another order of captures.
func TestFiles(t *testing.T) {
	in := simulated(rand.New(rand.NewPCG(1, 1)), 20, 2.2)
	in.Cells = append(in.Cells, small().Cells...)
	list, err := Run(in).Files()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range list {
		names = append(names, f.Name)
		if !strings.HasSuffix(f.Name, ".svg") {
			continue
		}
		d := xml.NewDecoder(bytes.NewReader(f.Data))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
		s := strings.Replace(string(f.Data), `xmlns="http://www.w3.org/2000/svg"`, "", 1)
		for _, bad := range []string{"http", "href", "url(", "<script", "<style", "NaN", "Inf"} {
			if strings.Contains(s, bad) {
				t.Errorf("%s holds %q", f.Name, bad)
			}
		}
		if len(f.Data) > 64<<10 {
			t.Errorf("%s has %d octets", f.Name, len(f.Data))
		}
	}
	want := []string{
		"calibration.json", "report.json", "ablation.csv", "reliability-gsm.svg", "roc-gsm.svg", "pr-gsm.svg",
		"reliability-umts.svg", "reliability-all.svg", "roc-all.svg", "pr-all.svg",
	}
	if !slices.Equal(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
	slices.SortStableFunc(in.Cells, func(a, b Cell) int { return -strings.Compare(a.Capture, b.Capture) })
	again, err := Run(in).Files()
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		if !bytes.Equal(list[i].Data, again[i].Data) {
			t.Errorf("%s depends on the order of the captures", list[i].Name)
		}
	}
	if c := (&curves{rat: "<&\x01", cells: 1}); bytes.Contains(c.reliability(), []byte("<&")) {
		t.Error("text is not escaped")
	}
}

// TestSources: with many sources some share a fold, and none is split.
func TestSources(t *testing.T) {
	in := simulated(rand.New(rand.NewPCG(4, 4)), 50, 1)
	d := newData(in.Cells, families)
	if d.folds != maxFolds {
		t.Errorf("%d folds", d.folds)
	}
	fold := map[string]int{}
	for i, c := range in.Cells {
		if n, ok := fold[c.Source]; ok && n != d.fold[i] {
			t.Fatalf("%s is in folds %d and %d", c.Source, n, d.fold[i])
		}
		fold[c.Source] = d.fold[i]
	}
}
