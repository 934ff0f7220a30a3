package stat

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// forecasts reports whether p are probabilities, one for each outcome.
func forecasts(p []float64, outcome []bool) bool {
	return len(p) > 0 && len(p) == len(outcome) &&
		!slices.ContainsFunc(p, func(x float64) bool { return !(x >= 0 && x <= 1) })
}

// Brier returns the mean squared difference between forecast probabilities and what
// came true (G. W. Brier, Mon. Weather Rev. 78, 1950, p. 1, for two classes): 0 is
// perfect, 1 always wrong. ok is false without forecasts or if one is no probability.
func Brier(p []float64, outcome []bool) (score float64, ok bool) {
	if !forecasts(p, outcome) {
		return 0, false
	}
	for i, x := range p {
		d := x - indicator(outcome[i])
		score += d * d
	}
	return score / float64(len(p)), true
}

// LogLoss returns the mean of −ln of the probability given to what came true (I. J.
// Good, J. R. Stat. Soc. B 14, 1952, p. 107): 0 is perfect, +Inf a certainty that was
// wrong. ok is as for Brier.
func LogLoss(p []float64, outcome []bool) (loss float64, ok bool) {
	if !forecasts(p, outcome) {
		return 0, false
	}
	for i, x := range p {
		if outcome[i] {
			loss -= math.Log(x)
		} else {
			loss -= math.Log1p(-x)
		}
	}
	return loss / float64(len(p)), true
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Bin is a range of forecasts and what came true in it.
type Bin struct {
	// Low and High bound the forecasts: Low ≤ p < High, the last bin includes 1.
	Low, High float64
	N, Events int
	// Mean is the mean forecast, Share the share that came true, with its 95 % interval
	// after Wilson.
	Mean, Share         float64
	ShareLow, ShareHigh float64
}

// ReliabilityBins sorts forecasts into n bins of equal width and leaves out the empty
// ones (A. H. Murphy, R. L. Winkler, Appl. Stat. 26, 1977, p. 41). ok is false as for
// Brier, or for n < 1.
func ReliabilityBins(p []float64, outcome []bool, n int) (bins []Bin, ok bool) {
	if n < 1 || !forecasts(p, outcome) {
		return nil, false
	}
	all := make([]Bin, n)
	for i, x := range p {
		b := &all[binOf(x, n)]
		b.N++
		b.Mean += x
		if outcome[i] {
			b.Events++
		}
	}
	for i, b := range all {
		if b.N == 0 {
			continue
		}
		b.Low, b.High = float64(i)/float64(n), float64(i+1)/float64(n)
		b.Mean /= float64(b.N)
		b.Share = float64(b.Events) / float64(b.N)
		b.ShareLow, b.ShareHigh, _ = Wilson(b.Events, b.N, 0.95)
		bins = append(bins, b)
	}
	return bins, true
}

func binOf(p float64, n int) int { return min(int(p*float64(n)), n-1) }

// Decomposition splits the Brier score: Reliability − Resolution + Uncertainty +
// Within (A. H. Murphy, J. Appl. Meteorol. 12, 1973, p. 595). Within is what forecasts
// that differ inside a bin add (D. B. Stephenson, C. A. S. Coelho, I. T. Jolliffe,
// Weather Forecast. 23, 2008, p. 752); it is 0 where a bin holds one value.
type Decomposition struct {
	Reliability, Resolution, Uncertainty, Within float64
}

// Murphy decomposes the Brier score over n bins of equal width. ok is as for
// ReliabilityBins.
func Murphy(p []float64, outcome []bool, n int) (d Decomposition, ok bool) {
	bins, ok := ReliabilityBins(p, outcome, n)
	if !ok {
		return Decomposition{}, false
	}
	total, events := float64(len(p)), 0
	mean, share := make([]float64, n), make([]float64, n)
	for _, b := range bins {
		events += b.Events
		i := binOf((b.Low+b.High)/2, n)
		mean[i], share[i] = b.Mean, b.Share
	}
	base := float64(events) / total
	for _, b := range bins {
		w := float64(b.N) / total
		d.Reliability += w * (b.Mean - b.Share) * (b.Mean - b.Share)
		d.Resolution += w * (b.Share - base) * (b.Share - base)
	}
	d.Uncertainty = base * (1 - base)
	for i, x := range p {
		b := binOf(x, n)
		off := x - mean[b]
		d.Within += (off*off - 2*off*(indicator(outcome[i])-share[b])) / total
	}
	return d, true
}

// CurvePoint is a threshold and the shares at it: of an ROC curve X is the rate of
// false alarms and Y that of hits, of a precision-recall curve X is recall and Y
// precision. Everything scored Threshold or above is reported.
type CurvePoint struct {
	X, Y, Threshold float64
}

// classes reports whether scores are numbers of both classes.
func classes(score []float64, positive []bool) bool {
	return len(score) == len(positive) && slices.Contains(positive, true) && slices.Contains(positive, false) &&
		!slices.ContainsFunc(score, math.IsNaN)
}

// ROC returns the receiver operating characteristic from (0, 0), with the threshold
// +Inf, to (1, 1); equal scores are one point. Scores need no order. ok is false
// unless both classes are there and all scores are numbers.
func ROC(score []float64, positive []bool) (curve []CurvePoint, ok bool) {
	if !classes(score, positive) {
		return nil, false
	}
	y, class := slices.Clone(score), slices.Clone(positive)
	stat.SortWeightedLabeled(y, class, nil)
	hits, alarms, thresholds := stat.ROC(nil, y, class, nil)
	for i := range hits {
		curve = append(curve, CurvePoint{alarms[i], hits[i], thresholds[i]})
	}
	return curve, true
}

// AUC returns the area under the ROC curve: the probability that a positive case is
// scored above a negative one, a tie counting half (H. B. Mann, D. R. Whitney, Ann.
// Math. Stat. 18, 1947, p. 50; J. A. Hanley, B. J. McNeil, Radiology 143, 1982, p.
// 29). ok is as for ROC.
func AUC(score []float64, positive []bool) (area float64, ok bool) {
	if !classes(score, positive) {
		return 0, false
	}
	order := byScore(score)
	ranks, n := 0.0, 0.0
	for i := 0; i < len(order); {
		j, hits := i, 0.0
		for j < len(order) && score[order[j]] == score[order[i]] {
			hits += indicator(positive[order[j]])
			j++
		}
		ranks += hits * float64(i+j+1) / 2 // mid rank of the tie, from 1
		n += hits
		i = j
	}
	return (ranks - n*(n+1)/2) / (n * (float64(len(order)) - n)), true
}

// PrecisionRecall returns the precision-recall curve, a point for each score that
// occurs, the highest first, and the average precision Σ (Rₙ − Rₙ₋₁) Pₙ: the area by
// steps, because precision is not linear between points (J. Davis, M. Goadrich, ICML
// 2006, p. 233). ok is false unless there is a positive case and all scores are
// numbers.
func PrecisionRecall(score []float64, positive []bool) (curve []CurvePoint, average float64, ok bool) {
	if len(score) != len(positive) || !slices.Contains(positive, true) || slices.ContainsFunc(score, math.IsNaN) {
		return nil, 0, false
	}
	total := 0.0
	for _, b := range positive {
		total += indicator(b)
	}
	order := byScore(score)
	hits, reported, recall := 0.0, 0.0, 0.0
	for i := len(order) - 1; i >= 0; {
		at := score[order[i]]
		for ; i >= 0 && score[order[i]] == at; i-- {
			hits += indicator(positive[order[i]])
			reported++
		}
		p := CurvePoint{X: hits / total, Y: hits / reported, Threshold: at}
		average += (p.X - recall) * p.Y
		recall = p.X
		curve = append(curve, p)
	}
	return curve, average, true
}

// byScore returns the indices in rising order of score.
func byScore(score []float64) []int {
	order := make([]int, len(score))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score[a], score[b]) })
	return order
}

// Resampled is what a bootstrap says of a statistic.
type Resampled struct {
	// Low and High bound the central share of the replicates (percentile interval).
	Low, High float64
	// StdErr is the standard deviation of the replicates.
	StdErr float64
	// Undefined counts replicates without a value.
	Undefined int
}

// Bootstrap draws groups with replacement and evaluates a statistic on each draw: the
// percentile interval at the given confidence and the standard error (B. Efron, R. J.
// Tibshirani, An Introduction to the Bootstrap, 1993, §6, §13). Groups are what is
// independent, so that cases that belong together stay together. The draw lists groups
// by number, 0 to groups − 1. The same seed gives the same result.
//
// Draws on which f has no value, such as those without a positive case, are left out
// and counted. ok is false with fewer than 2 groups or 20 replicates, or if one draw
// in ten or more has no value: then the interval would be one of other cases.
func Bootstrap(groups, replicates int, confidence float64, seed uint64, f func(draw []int) (float64, bool)) (r Resampled, ok bool) {
	if groups < 2 || replicates < 20 || !(confidence > 0 && confidence < 1) {
		return Resampled{}, false
	}
	rng := rand.New(rand.NewPCG(seed, uint64(groups)))
	draw := make([]int, groups)
	values := make([]float64, 0, replicates)
	for range replicates {
		for i := range draw {
			draw[i] = rng.IntN(groups)
		}
		if v, ok := f(draw); ok && !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	r.Undefined = replicates - len(values)
	if 10*r.Undefined >= replicates {
		return Resampled{Undefined: r.Undefined}, false
	}
	slices.Sort(values)
	r.Low = stat.Quantile((1-confidence)/2, stat.Empirical, values, nil)
	r.High = stat.Quantile((1+confidence)/2, stat.Empirical, values, nil)
	r.StdErr = stat.StdDev(values, nil)
	return r, true
}
