package calibrate

import (
	"fmt"
	"math"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/score"
	"github.com/fbsdetect/fbsdetect/detect/stat"
)

// What a family needs before its weights are corrected. Ten events for each fitted
// number is the usual lower bound (P. Peduzzi et al., J. Clin. Epidemiol. 49, 1996, p.
// 1373); captures and sources stand against the habits of one network or laboratory.
const (
	// MinRogue cells that showed the family,
	MinRogue = 10
	// in MinCaptures captures
	MinCaptures = 5
	// of MinSources sources: with fewer, holding one out leaves nothing to compare.
	MinSources = 3
)

// penalties are those that are tried; beside them stands the experts' weight itself,
// an infinite one. A slope's standard deviation around 1 is 1/√penalty.
var penalties = []float64{0.1, 0.3, 1, 3, 10, 30, 100}

// maxFolds bounds the work, which rises with its cube: with more sources some share a
// fold.
const maxFolds = 10

// Fit is the attempt to correct the weights of a family.
type Fit struct {
	Family rule.Family `json:"family"`
	// Penalty is the one chosen on all sources, null if the experts' weights were
	// better; Slope is the slope then.
	Penalty *float64 `json:"penalty"`
	Slope   float64  `json:"slope"`
	// Gain is by how much the log loss falls, in nats a cell, on sources that neither
	// the fit nor the choice of its penalty saw; StdErr is its standard error
	// (bootstrap over the sources).
	Gain   float64 `json:"gain"`
	StdErr float64 `json:"std_err"`
	// Accepted: the gain exceeds its standard error.
	Accepted bool `json:"accepted"`
}

// fitFamilies tries to correct each family that has enough cells, and returns the table.
func fitFamilies(cells []Cell, families []rule.Family) ([]Fit, []score.CalibratedFamily, *float64) {
	d := newData(cells, families)
	fits := []Fit{}
	table := make([]score.CalibratedFamily, len(families))
	var accepted []int
	for j, f := range families {
		t := d.count(cells, j)
		t.Family, t.Slope, t.Basis = f, 1, score.Expert
		if t.Rogue < MinRogue || t.Captures < MinCaptures || t.Sources < MinSources {
			t.Reason = fmt.Sprintf("too few: %d rogue cells (needs %d) in %d captures (%d) of %d sources (%d)",
				t.Rogue, MinRogue, t.Captures, MinCaptures, t.Sources, MinSources)
			table[j] = t
			continue
		}
		fit := d.try([]int{j})
		fit.Family = f
		fits = append(fits, fit)
		t.Reason = reason(fit)
		if fit.Accepted {
			accepted = append(accepted, j)
		}
		table[j] = t
	}
	if len(accepted) == 0 {
		return fits, table, nil
	}
	// Together they must still do better than the experts.
	joint := d.try(accepted)
	if !joint.Accepted {
		for _, j := range accepted {
			table[j].Reason = "alone it improves, but together: " + reason(joint)
		}
		return fits, table, nil
	}
	m, _ := d.fit(accepted, *joint.Penalty, nil)
	for i, j := range accepted {
		t := &table[j]
		t.Slope = round(m.Slopes[i])
		t.Basis = fmt.Sprintf("measured: %d captures of %d sources", t.Captures, t.Sources)
	}
	return fits, table, joint.Penalty
}

func reason(f Fit) string {
	switch {
	case f.Penalty == nil:
		return "no penalty does better than the experts' weight"
	case !f.Accepted:
		return fmt.Sprintf("log loss on held-out sources falls by %.4f ± %.4f nats a cell: no more than chance", f.Gain, f.StdErr)
	}
	return fmt.Sprintf("log loss on held-out sources falls by %.4f ± %.4f nats a cell", f.Gain, f.StdErr)
}

// data are the cells as numbers.
type data struct {
	// sums holds for each cell the counted sum of each family, in nats.
	sums  [][]float64
	rogue []bool
	// fold is the number of the cell's fold.
	fold  []int
	folds int
}

func newData(cells []Cell, families []rule.Family) *data {
	d := &data{fold: make([]int, len(cells))}
	for i := range cells {
		evidence := slices.Clone(cells[i].Evidence)
		(*score.Calibration)(nil).LogOdds(evidence)
		row := make([]float64, len(families))
		for _, s := range evidence {
			if j := slices.Index(families, key(s)); j >= 0 {
				row[j] += math.Ln10 * s.Counted
			}
		}
		d.sums = append(d.sums, row)
		d.rogue = append(d.rogue, cells[i].Rogue)
	}
	for n, list := range groups(cells, source) {
		for _, i := range list {
			d.fold[i] = n % maxFolds
			d.folds = max(d.folds, n%maxFolds+1)
		}
	}
	return d
}

// count says on what cells family j was found.
func (d *data) count(cells []Cell, j int) (t score.CalibratedFamily) {
	var with []Cell
	for i, row := range d.sums {
		switch {
		case row[j] == 0:
		case d.rogue[i]:
			with = append(with, cells[i])
		default:
			t.Genuine++
		}
	}
	t.Rogue, t.Captures, t.Sources = len(with), distinct(with, capture), distinct(with, source)
	return t
}

// fit fits the slopes of the families free on the folds that are not held out; the
// others count as the experts say. The intercept takes up the share of rogue cells in
// these captures: it does not enter the table, because the prior odds in the field are
// stated and not learned here.
func (d *data) fit(free []int, penalty float64, held []int) (stat.RidgeFit, bool) {
	x, y, offset := make([][]float64, 0, len(d.sums)), make([]bool, 0, len(d.sums)), make([]float64, 0, len(d.sums))
	rows := make([]float64, 0, len(d.sums)*len(free))
	for i := range d.sums {
		if slices.Contains(held, d.fold[i]) {
			continue
		}
		var rest float64
		from := len(rows)
		rows, rest = d.split(rows, i, free)
		x, y, offset = append(x, rows[from:]), append(y, d.rogue[i]), append(offset, rest)
	}
	prior := make([]float64, len(free))
	for j := range prior {
		prior[j] = 1
	}
	m, ok := stat.RidgeLogistic(x, y, offset, prior, penalty)
	for j, s := range m.Slopes {
		m.Slopes[j] = min(s, score.MaxSlope)
	}
	return m, ok
}

// split appends the sums of the free families of a cell to row, and returns what the
// others add up to.
func (d *data) split(row []float64, i int, free []int) ([]float64, float64) {
	rest := 0.0
	for j, v := range d.sums[i] {
		if !slices.Contains(free, j) {
			rest += v
		}
	}
	for _, j := range free {
		row = append(row, d.sums[i][j])
	}
	return row, rest
}

// expert stands for the experts' weights in place of a penalty.
const expert = math.MaxFloat64

// losses returns the log loss summed over the cells of fold under a model that was
// fitted without it and without the folds held.
func (d *data) losses(free []int, penalty float64, fold int, held ...int) (sum float64, ok bool) {
	if penalty == expert {
		free, penalty = nil, 1
	}
	m, ok := d.fit(free, penalty, append(slices.Clip(held), fold))
	if !ok {
		return 0, false
	}
	for i := range d.sums {
		if d.fold[i] != fold {
			continue
		}
		row, eta := d.split(nil, i, free)
		eta += m.Intercept
		for j, v := range row {
			eta += m.Slopes[j] * v
		}
		if d.rogue[i] {
			eta = -eta
		}
		sum += max(eta, 0) + math.Log1p(math.Exp(-math.Abs(eta)))
	}
	return sum, true
}

// choose returns the penalty with the least log loss when each fold but held is left
// out once. Ties and what cannot be fitted go to the experts.
func (d *data) choose(free []int, held ...int) float64 {
	best, least := expert, math.Inf(1)
	for _, penalty := range append([]float64{expert}, penalties...) {
		total, ok := 0.0, true
		for fold := range d.folds {
			if slices.Contains(held, fold) {
				continue
			}
			var loss float64
			if loss, ok = d.losses(free, penalty, fold, held...); !ok {
				break
			}
			total += loss
		}
		if ok && total < least {
			best, least = penalty, total
		}
	}
	return best
}

// try estimates what correcting the families free gains on sources that were not
// looked at: each fold is judged by a model whose slopes and penalty come from the
// others.
func (d *data) try(free []int) Fit {
	f := Fit{Slope: 1}
	if penalty := d.choose(free); penalty != expert {
		if m, ok := d.fit(free, penalty, nil); ok {
			f.Penalty, f.Slope = &penalty, round(m.Slopes[0])
		}
	}
	gains, sizes := make([]float64, d.folds), make([]float64, d.folds)
	for _, fold := range d.fold {
		sizes[fold]++
	}
	for fold := range d.folds {
		before, ok1 := d.losses(free, expert, fold)
		after, ok2 := d.losses(free, d.choose(free, fold), fold)
		if !ok1 || !ok2 {
			f.Penalty, f.Slope = nil, 1
			return f
		}
		gains[fold] = before - after
	}
	mean := func(draw []int) (float64, bool) {
		gain, n := 0.0, 0.0
		for _, g := range draw {
			gain += gains[g]
			n += sizes[g]
		}
		return gain / n, true
	}
	all := make([]int, d.folds)
	for i := range all {
		all[i] = i
	}
	gain, _ := mean(all)
	spread, ok := stat.Bootstrap(d.folds, replicates, confidence, seed, mean)
	f.Gain, f.StdErr = round(gain), round(spread.StdErr)
	f.Accepted = ok && f.Penalty != nil && gain > spread.StdErr
	return f
}
