package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

const (
	// MinPeers is the smallest peer group that is judged. Below it every value is
	// rare: of five values one is "never seen among the others" by chance alone.
	MinPeers = 5
	// MaxTailBits is the surprise of the smallest probability a float64 holds.
	MaxTailBits = 1074
)

// madNormal makes the median absolute deviation, and meanNormal the mean absolute
// deviation, of a normal distribution its standard deviation: 1/Φ⁻¹(3/4) and √(π/2).
const (
	madNormal  = 1.482602218505602
	meanNormal = 1.2533141373155003
)

// TailBits is −log2 of a probability: 10 bits are about one in a thousand. It is at
// least 0 and at most MaxTailBits (p = 0 is a probability too small for a float64), and
// NaN for NaN and for a negative p.
func TailBits(p float64) float64 {
	switch {
	case math.IsNaN(p) || p < 0:
		return math.NaN()
	case p == 0:
		return MaxTailBits
	case p >= 1:
		return 0
	}
	return -math.Log2(p)
}

// Level is one peer group: Count of its Total members, without the one in question,
// show the value.
type Level struct{ Count, Total int }

// ShrunkSurprise is the information, in bits, of a categorical value over nested peer
// groups, the widest first (RAT, PLMN, area). In each group its probability is the
// posterior mean (count + alpha·prior)/(total + alpha) under a Dirichlet prior of strength
// alpha (in observations), whose mean prior is the probability in the next wider group
// and, in the widest, 1/values (D. J. C. MacKay, L. C. Peto, Nat. Lang. Eng. 1, 1995, p.
// 289), so an unseen value is never impossible. values is how many values the parameter
// can take. The value in question is not among the others: the caller leaves it out.
// Groups with a Total of 0 change nothing.
//
// It is no tail probability: each of many rare values can be surprising.
//
// ok is false where the narrowest group that has members at all has fewer than
// MinPeers, or where an argument is out of range. A caller that accepts a wider group
// in its place passes the groups up to that one.
func ShrunkSurprise(levels []Level, alpha float64, values int) (bits float64, ok bool) {
	if values < 1 {
		return 0, false
	}
	p, narrowest := 1/float64(values), 0
	for _, l := range levels {
		p = smoothed(l, alpha, p)
		if l.Total > 0 {
			narrowest = l.Total
		}
	}
	if narrowest < MinPeers || !(p > 0) {
		return 0, false
	}
	return TailBits(p), true
}

// smoothed is a posterior mean, NaN where the arguments are no counts and probability.
func smoothed(l Level, alpha, prior float64) float64 {
	if l.Count < 0 || l.Total < l.Count || !(alpha > 0) || math.IsInf(alpha, 1) || !(prior > 0 && prior <= 1) {
		return math.NaN()
	}
	return (float64(l.Count) + alpha*prior) / (float64(l.Total) + alpha)
}

// MADScore is the distance of x from the median of others in robust standard
// deviations, 1.4826 times the median absolute deviation (B. Iglewicz, D. C. Hoaglin,
// How to Detect and Handle Outliers, 1993; they call 3.5 an outlier). x is not
// among the others.
//
// Where more than half of the others are equal the MAD is 0, and the mean absolute
// deviation from the median times 1.2533 takes its place. Values that are not finite
// are missing. ok is false with fewer than MinPeers others, where x is missing, and
// where all others are equal: they set no scale, and the value is one for ShrunkSurprise.
func MADScore(x float64, others []float64) (z float64, ok bool) {
	v := make([]float64, 0, len(others))
	for _, o := range others {
		if finite(o) {
			v = append(v, o)
		}
	}
	if len(v) < MinPeers || !finite(x) {
		return 0, false
	}
	m := median(v)
	mean := 0.0
	for i := range v {
		v[i] = math.Abs(v[i] - m)
		mean += v[i] / float64(len(v))
	}
	scale := madNormal * median(v)
	if scale == 0 {
		scale = meanNormal * mean
	}
	z = (x - m) / scale
	if scale == 0 || !finite(z) {
		return 0, false
	}
	return z, true
}

// MADBits is −log2 of the probability that a normal value reaches the MADScore z, on
// either side, among n others, by Student's t: z/√(1 + π/2n) with 0.37·(n−1) degrees of
// freedom, where 0.37 is the efficiency of the MAD (F. R. Hampel, J. Am. Stat. Assoc. 69,
// 1974, p. 383) and π/2n the variance of the median. By simulation it stays within a
// factor of two of the true probability up to |z| = 5 and errs on the low side in bits
// further out. NaN with fewer than MinPeers others, and where z is NaN.
func MADBits(z float64, n int) float64 {
	if n < MinPeers || math.IsNaN(z) {
		return math.NaN()
	}
	df := 0.37 * float64(n-1)
	t2 := z * z / (1 + math.Pi/2/float64(n))
	return TailBits(mathext.RegIncBeta(df/2, 0.5, df/(df+t2)))
}

// median sorts v, which is not empty.
func median(v []float64) float64 {
	slices.Sort(v)
	n := len(v)
	return v[(n-1)/2]/2 + v[n/2]/2
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
