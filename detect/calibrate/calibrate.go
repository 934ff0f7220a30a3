// Package calibrate measures on labelled cells how good the score is, and fits how much
// each family of evidence should count.
//
// Cells of one laboratory or collection resemble each other, so that such a source is
// held out as a whole when a fit is tested. Where the cells are too few to correct the
// experts' weights, those stay and the table says so.
package calibrate

import (
	"cmp"
	"encoding/json"
	"io"
	"math"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/score"
	"github.com/fbsdetect/fbsdetect/detect/stat"
)

// Schema names the form of Report.
const Schema = "fbsdetect.calibration-report/1"

// Choices of the procedure.
const (
	// replicates of the bootstrap: the ends of a 95 % interval are then about the 50th
	// value from either side.
	replicates = 2000
	// confidence of the intervals.
	confidence = 0.95
	// seed of the bootstrap.
	seed = 1
	// tenths is the number of bins of the reliability diagram.
	tenths = 10
)

// Cell is one labelled cell with its evidence.
type Cell struct {
	// Capture names the capture, Source the laboratory or collection it is from.
	Capture, Source string
	RAT             string
	// Rogue: a false base station. Otherwise it is genuine.
	Rogue    bool
	Evidence []score.Summand
}

// Input is what to measure on.
type Input struct {
	Cells []Cell
	// Families are those that rules can show.
	Families []rule.Family
	// Ruleset is the hash of the rules that gave the evidence.
	Ruleset string
	Labels  []score.LabelFile
	// Unheard counts what was labelled rogue and of which no entry was heard, Missing
	// the captures that were not there.
	Unheard, Missing int
}

// Report is what was measured.
type Report struct {
	Schema   string            `json:"schema"`
	Ruleset  string            `json:"ruleset"`
	Labels   []score.LabelFile `json:"labels"`
	Captures int               `json:"captures"`
	Sources  int               `json:"sources"`
	// Missing counts captures that were not there. Unheard counts what is labelled
	// rogue and was not heard at all: it has no score and counts in no figure below.
	Missing int `json:"missing"`
	Unheard int `json:"unheard"`
	// Replicates and Seed are those of the bootstrap over captures, Confidence that of
	// its intervals.
	Replicates int     `json:"replicates"`
	Seed       int     `json:"seed"`
	Confidence float64 `json:"confidence"`
	// RATs has an entry for each RAT and, last, one for all.
	RATs []Measured `json:"rats"`
	// Fits are the attempts to correct a family.
	Fits []Fit `json:"fits"`
	// Ablation shows the verdicts with a family switched off; the first entries are
	// with all of them.
	Ablation []Ablated `json:"ablation"`
	// Calibration is the table that comes of it.
	Calibration *score.Calibration `json:"calibration"`

	curves []curves
}

// Measured is the quality of the score on the cells of a RAT.
type Measured struct {
	RAT      string `json:"rat"`
	Captures int    `json:"captures"`
	Cells    int    `json:"cells"`
	Rogue    int    `json:"rogue"`
	// Expert is with the experts' weights, Calibrated with the table, null if that is
	// the same.
	Expert     Quality  `json:"expert"`
	Calibrated *Quality `json:"calibrated"`
}

// Quality is how good a score is. Probabilities are those that the score states, under
// its own prior odds and not under the share of rogue cells in these captures.
type Quality struct {
	// Found counts the rogue cells at suspicious or above, FalseAlarms the genuine.
	Found       int `json:"found"`
	FalseAlarms int `json:"false_alarms"`
	// LogLoss is in nats a cell.
	Brier            Estimate `json:"brier"`
	LogLoss          Estimate `json:"log_loss"`
	AUC              Estimate `json:"auc"`
	AveragePrecision Estimate `json:"average_precision"`
	// Murphy splits the Brier score: reliability − resolution + uncertainty + within.
	Murphy Murphy `json:"murphy"`
	// Reliability are the tenths of the stated probability that occur.
	Reliability []Bin `json:"reliability"`
}

// Estimate is a figure with its interval; null where there is too little to tell.
type Estimate struct {
	Value *float64 `json:"value"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
	// Insufficient says what is missing for the figure or its interval.
	Insufficient string `json:"insufficient,omitempty"`
}

// Murphy is stat.Decomposition for reports.
type Murphy struct {
	Reliability float64 `json:"reliability"`
	Resolution  float64 `json:"resolution"`
	Uncertainty float64 `json:"uncertainty"`
	Within      float64 `json:"within"`
}

// Bin is stat.Bin for reports.
type Bin struct {
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
	Cells     int     `json:"cells"`
	Rogue     int     `json:"rogue"`
	Mean      float64 `json:"mean"`
	Share     float64 `json:"share"`
	ShareLow  float64 `json:"share_low"`
	ShareHigh float64 `json:"share_high"`
}

// Ablated is how verdicts come out without a family.
type Ablated struct {
	// Without is the family, "none" for all families.
	Without     string  `json:"without"`
	RAT         string  `json:"rat"`
	Rogue       int     `json:"rogue"`
	Found       int     `json:"found"`
	Genuine     int     `json:"genuine"`
	FalseAlarms int     `json:"false_alarms"`
	Brier       float64 `json:"brier"`
	LogLoss     float64 `json:"log_loss"`
}

// curves are what the figures of a RAT show.
type curves struct {
	rat                    string
	captures, cells, rogue int
	bins                   []stat.Bin
	isotonic               []stat.CurvePoint
	roc, pr                []stat.CurvePoint
	auc, average           Estimate
}

// Run measures and fits. The same input gives the same report.
func Run(in Input) *Report {
	cells := slices.Clone(in.Cells)
	slices.SortStableFunc(cells, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Capture, b.Capture))
	})
	families := slices.Compact(slices.Sorted(slices.Values(in.Families)))
	r := &Report{
		Schema: Schema, Ruleset: in.Ruleset, Labels: slices.Concat([]score.LabelFile{}, in.Labels),
		Captures: distinct(cells, capture), Sources: distinct(cells, source),
		Missing: in.Missing, Unheard: in.Unheard,
		Replicates: replicates, Seed: seed, Confidence: confidence,
		RATs: []Measured{}, Fits: []Fit{}, Ablation: []Ablated{},
	}
	table := &score.Calibration{
		Schema: score.CalibrationSchema, Ruleset: in.Ruleset,
		PriorLog10: score.PriorLog10, Damping: score.Damping, FamilyCap: score.FamilyCap,
		Labels: r.Labels, Captures: r.Captures, Sources: r.Sources, RATs: []score.CalibratedRAT{},
	}
	r.Calibration = table
	r.Fits, table.Families, table.Penalty = fitFamilies(cells, families)
	for _, rat := range ratsOf(cells) {
		part := ofRAT(cells, rat)
		m := Measured{
			RAT: rat, Captures: distinct(part, capture), Cells: len(part), Rogue: rogues(part),
			Expert: quality(part, nil),
		}
		if table.Measured() {
			q := quality(part, table)
			m.Calibrated = &q
		}
		r.RATs = append(r.RATs, m)
		r.curves = append(r.curves, figures(rat, part, table))
		if rat != allRATs {
			table.RATs = append(table.RATs, score.CalibratedRAT{RAT: rat, Captures: m.Captures, Cells: m.Cells, Rogue: m.Rogue})
		}
	}
	r.Ablation = ablate(cells, families, table)
	return r
}

// allRATs stands for all RATs together.
const allRATs = "all"

// ratsOf lists the RATs of the cells in alphabetical order and, last, allRATs.
func ratsOf(cells []Cell) []string {
	var list []string
	for i := range cells {
		if !slices.Contains(list, cells[i].RAT) {
			list = append(list, cells[i].RAT)
		}
	}
	slices.Sort(list)
	return append(list, allRATs)
}

func ofRAT(cells []Cell, rat string) []Cell {
	if rat == allRATs {
		return cells
	}
	var part []Cell
	for i := range cells {
		if cells[i].RAT == rat {
			part = append(part, cells[i])
		}
	}
	return part
}

func capture(c *Cell) string { return c.Capture }
func source(c *Cell) string  { return c.Source }

func distinct(cells []Cell, key func(*Cell) string) int { return len(groups(cells, key)) }

// groups lists the indices of cells that agree in key, in the order they first occur.
func groups(cells []Cell, key func(*Cell) string) [][]int {
	var list [][]int
	at := map[string]int{}
	for i := range cells {
		k := key(&cells[i])
		n, ok := at[k]
		if !ok {
			n = len(list)
			at[k] = n
			list = append(list, nil)
		}
		list[n] = append(list[n], i)
	}
	return list
}

func rogues(cells []Cell) int {
	n := 0
	for i := range cells {
		if cells[i].Rogue {
			n++
		}
	}
	return n
}

// judged are the stated probabilities and the truth. Evidence of the family without is
// left out.
func judged(cells []Cell, c *score.Calibration, without rule.Family) (p []float64, rogue []bool, alarm []bool) {
	var kept []score.Summand
	for i := range cells {
		kept = kept[:0]
		for _, s := range cells[i].Evidence {
			if key(s) != without {
				kept = append(kept, s)
			}
		}
		p = append(p, c.Posterior(kept))
		rogue = append(rogue, cells[i].Rogue)
		alarm = append(alarm, score.Of(c.Sum(kept), len(kept)) >= score.Suspicious)
	}
	return p, rogue, alarm
}

// key is the family under which the score counts a summand.
func key(s score.Summand) rule.Family {
	if s.Weight < 0 {
		return rule.Counter
	}
	return s.Family
}

// verdicts counts the rogue and the genuine cells that were reported.
func verdicts(rogue, alarm []bool) (found, falseAlarms int) {
	for i, a := range alarm {
		switch {
		case a && rogue[i]:
			found++
		case a:
			falseAlarms++
		}
	}
	return found, falseAlarms
}

// quality measures the score under a calibration.
func quality(cells []Cell, c *score.Calibration) Quality {
	p, rogue, alarm := judged(cells, c, "")
	q := Quality{Reliability: []Bin{}}
	q.Found, q.FalseAlarms = verdicts(rogue, alarm)
	all := groups(cells, capture)
	q.Brier = estimate(all, p, rogue, stat.Brier)
	q.LogLoss = estimate(all, p, rogue, stat.LogLoss)
	q.AUC = estimate(all, p, rogue, stat.AUC)
	q.AveragePrecision = estimate(all, p, rogue, averagePrecision)
	if d, ok := stat.Murphy(p, rogue, tenths); ok {
		q.Murphy = Murphy{round(d.Reliability), round(d.Resolution), round(d.Uncertainty), round(d.Within)}
	}
	bins, _ := stat.ReliabilityBins(p, rogue, tenths)
	for _, b := range bins {
		q.Reliability = append(q.Reliability, Bin{
			Low: round(b.Low), High: round(b.High), Cells: b.N, Rogue: b.Events,
			Mean: round(b.Mean), Share: round(b.Share), ShareLow: round(b.ShareLow), ShareHigh: round(b.ShareHigh),
		})
	}
	return q
}

// averagePrecision needs a genuine cell, too: with rogue cells alone it is always 1.
func averagePrecision(p []float64, rogue []bool) (float64, bool) {
	if !slices.Contains(rogue, false) {
		return 0, false
	}
	_, average, ok := stat.PrecisionRecall(p, rogue)
	return average, ok
}

// estimate evaluates f with a bootstrap interval over the captures.
func estimate(captures [][]int, p []float64, rogue []bool, f func([]float64, []bool) (float64, bool)) Estimate {
	value, ok := f(p, rogue)
	if !ok {
		return Estimate{Insufficient: "needs rogue and genuine cells"}
	}
	e := Estimate{Value: pointer(value)}
	var drawnP []float64
	var drawnRogue []bool
	r, ok := stat.Bootstrap(len(captures), replicates, confidence, seed, func(draw []int) (float64, bool) {
		drawnP, drawnRogue = drawnP[:0], drawnRogue[:0]
		for _, g := range draw {
			for _, i := range captures[g] {
				drawnP, drawnRogue = append(drawnP, p[i]), append(drawnRogue, rogue[i])
			}
		}
		return f(drawnP, drawnRogue)
	})
	if !ok {
		e.Insufficient = "too few captures for an interval"
		return e
	}
	e.Low, e.High = pointer(r.Low), pointer(r.High)
	return e
}

// pointer returns the rounded value for a report.
func pointer(x float64) *float64 {
	x = round(x)
	return &x
}

// round leaves six decimals, more than the figures are good for and fewer than differ
// between processors.
func round(x float64) float64 { return math.Round(x*1e6) / 1e6 }

// figures computes what the figures of a RAT show.
func figures(rat string, cells []Cell, c *score.Calibration) curves {
	p, rogue, _ := judged(cells, c, "")
	f := curves{rat: rat, captures: distinct(cells, capture), cells: len(cells), rogue: rogues(cells)}
	f.bins, _ = stat.ReliabilityBins(p, rogue, tenths)
	f.isotonic = isotonic(p, rogue)
	f.roc, _ = stat.ROC(p, rogue)
	if f.roc != nil {
		f.pr, _, _ = stat.PrecisionRecall(p, rogue)
	}
	all := groups(cells, capture)
	f.auc = estimate(all, p, rogue, stat.AUC)
	f.average = estimate(all, p, rogue, averagePrecision)
	return f
}

// isotonic returns the share of rogue cells as a function of the stated probability that
// never falls: the reliability curve of T. Dimitriadis, T. Gneiting, A. I. Jordan, Proc.
// Natl. Acad. Sci. 118, 2021, e2016191118.
func isotonic(p []float64, rogue []bool) []stat.CurvePoint {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	var x, share, weight []float64
	for _, i := range order {
		if len(x) == 0 || x[len(x)-1] != p[i] {
			x, share, weight = append(x, p[i]), append(share, 0), append(weight, 0)
		}
		last := len(x) - 1
		weight[last]++
		if rogue[i] {
			share[last]++
		}
	}
	for i := range share {
		share[i] /= weight[i]
	}
	fitted, _ := stat.Isotonic(share, weight)
	var curve []stat.CurvePoint
	for i, y := range fitted {
		curve = append(curve, stat.CurvePoint{X: x[i], Y: y})
	}
	return curve
}

// ablate judges the cells without one family at a time.
func ablate(cells []Cell, families []rule.Family, c *score.Calibration) []Ablated {
	list := []Ablated{}
	for _, f := range append([]rule.Family{""}, families...) {
		name := string(f)
		if f == "" {
			name = "none"
		}
		for _, rat := range ratsOf(cells) {
			part := ofRAT(cells, rat)
			p, rogue, alarm := judged(part, c, f)
			a := Ablated{Without: name, RAT: rat, Rogue: rogues(part), Genuine: len(part) - rogues(part)}
			a.Found, a.FalseAlarms = verdicts(rogue, alarm)
			brier, _ := stat.Brier(p, rogue)
			loss, _ := stat.LogLoss(p, rogue)
			a.Brier, a.LogLoss = round(brier), round(loss)
			list = append(list, a)
		}
	}
	return list
}

// WriteJSON writes a report or a table, indented, with a line feed at the end.
func WriteJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
