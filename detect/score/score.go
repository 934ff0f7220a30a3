// Package score turns the evidence on a cell into a number and a verdict, with
// every summand.
//
// Weights are log10 likelihood ratios: how much more often a false base station
// shows the finding than a genuine cell. Inside a family findings have common
// causes, so the strongest counts in full, each further one a share of the one
// before, and the sum is capped; families add. Adding evidence for a false base
// station never lowers the score. What labelled captures say of a family corrects how
// much it counts: see Calibration.
package score

import (
	"math"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/rule"
)

// PriorLog10 is the log10 odds, before any evidence, that a cell in a capture an
// officer brings is a false base station: 1 to 100. Expert value; captures are
// taken where one is suspected.
const PriorLog10 = -2.0

// Damping is the share that each further finding of a family keeps of the share of
// the one before.
const Damping = 0.35

// FamilyCap bounds the sum of a family in log10: with the prior above no family
// alone lifts a cell to Suspicious, because each has an innocent cause that produces
// all of it.
const FamilyCap = 1.8

// counterCap bounds what speaks for a genuine cell in log10.
const counterCap = 2.0

// Verdict says in words how a score is to be read, in rising order.
type Verdict uint8

// Verdicts.
const (
	Insufficient Verdict = iota
	Ordinary
	Unusual
	Suspicious
	Consistent
)

var verdictNames = [...]string{"insufficient", "ordinary", "unusual", "suspicious", "consistent_with_fbs"}

// String writes the verdict as reports do.
func (v Verdict) String() string { return verdictNames[v] }

// MarshalText writes the verdict as String does.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Verdicts lists all verdicts in rising order.
func Verdicts() []Verdict { return []Verdict{Insufficient, Ordinary, Unusual, Suspicious, Consistent} }

// ParseVerdict reads what String writes.
func ParseVerdict(s string) (Verdict, bool) {
	i := slices.Index(verdictNames[:], s)
	return Verdict(max(i, 0)), i >= 0
}

// Lowest scores of the verdicts, in percent.
const (
	unusualFrom    = 10
	suspiciousFrom = 50
	consistentFrom = 90
)

// Summand is one piece of evidence in the sum.
type Summand struct {
	Family rule.Family
	// Weight is the log10 likelihood ratio before damping.
	Weight float64
	// Counted is what enters the sum, after damping, the family's slope and its cap.
	Counted float64
}

// maxPercent is the highest score: no sum of these weights is certainty.
const maxPercent = 99.9

// Sum computes the score in percent (0 to 99.9) under the embedded calibration and
// fills in what each summand counts for.
func Sum(s []Summand) float64 { return embedded.Sum(s) }

// Sum is as the function Sum under this calibration.
func (c *Calibration) Sum(s []Summand) float64 {
	// Tenths of a percent are more than the weights are good for.
	return min(math.Round(1000/(1+math.Pow(10, -c.LogOdds(s))))/10, maxPercent)
}

// Posterior is the probability that Sum states in percent, before it is rounded.
func (c *Calibration) Posterior(s []Summand) float64 {
	return min(1/(1+math.Pow(10, -c.LogOdds(s))), maxPercent/100)
}

// LogOdds returns the log10 posterior odds and fills in what each summand counts for:
// damped and capped inside its family, times the family's slope, and capped again.
func (c *Calibration) LogOdds(s []Summand) float64 {
	order := make([]int, len(s))
	for i := range order {
		order[i] = i
		s[i].Counted = 0
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := math.Abs(s[a].Weight), math.Abs(s[b].Weight); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	type running struct{ share, sum, slope float64 }
	families := map[rule.Family]running{}
	total := PriorLog10
	for _, i := range order {
		w := s[i].Weight
		if math.IsNaN(w) || w == 0 {
			continue
		}
		key, limit := s[i].Family, FamilyCap
		if w < 0 {
			key, limit = rule.Counter, counterCap
		}
		f, ok := families[key]
		if !ok {
			f.share, f.slope = 1, c.slope(key)
		}
		add := min(math.Abs(w)*f.share, limit-f.sum)
		counted := add
		if f.slope != 1 {
			counted = min(f.slope*(f.sum+add), limit) - min(f.slope*f.sum, limit)
		}
		f.share *= Damping
		f.sum += add
		families[key] = f
		s[i].Counted = math.Copysign(counted, w)
		total += s[i].Counted
	}
	return total
}

// Of reads a score. judged is the number of rules that could judge the cell: with
// fewer than enough, a low score means nothing.
func Of(percent float64, judged int) Verdict {
	const enough = 4
	switch {
	case percent >= consistentFrom:
		return Consistent
	case percent >= suspiciousFrom:
		return Suspicious
	case percent >= unusualFrom:
		return Unusual
	case judged < enough:
		return Insufficient
	}
	return Ordinary
}
