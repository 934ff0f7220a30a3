package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat"
)

const (
	// MinPeers is the smallest peer group that is judged. Below it every value is
	// rare: of five values one is "never seen among the others" by chance alone.
	MinPeers = 5
	// MinVectors is the smallest reference set of MahalanobisTail, which also needs
	// twice as many vectors as dimensions.
	MinVectors = 10
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

// Surprise is the information, in bits, of a categorical value that count of total
// others show: −log2((count + alpha·prior)/(total + alpha)). The probability is the
// posterior mean under a Dirichlet prior of strength alpha (in observations) and mean
// prior (D. J. C. MacKay, L. C. Peto, Nat. Lang. Eng. 1, 1995, p. 289), so an
// unseen value is never impossible. The value in question is not among the others: the
// caller leaves it out. NaN where the arguments are no such counts and probability,
// that is unless 0 <= count <= total, alpha > 0 and 0 < prior <= 1.
//
// It is no tail probability: each of many rare values can be surprising, and a value may
// be unseen among few others only because they are few. RareTail gives one.
func Surprise(count, total int, alpha, prior float64) float64 {
	p := smoothed(Level{count, total}, alpha, prior)
	if !(p > 0) {
		return math.NaN()
	}
	return TailBits(p)
}

func smoothed(l Level, alpha, prior float64) float64 {
	if l.Count < 0 || l.Total < l.Count || !(alpha > 0) || math.IsInf(alpha, 1) || !(prior > 0 && prior <= 1) {
		return math.NaN()
	}
	return (float64(l.Count) + alpha*prior) / (float64(l.Total) + alpha)
}

// RareTail is the probability that one of a group of interchangeable members shows a
// value as rare as the one in question does: the share of all members, it included, whose
// value is shown by no more of them. count others show its value and each entry of
// different counts those that show one different value. By symmetry a genuine member
// reaches a probability p with probability p at most, whatever the distribution (V. Vovk, A.
// Gammerman, G. Shafer, Algorithmic Learning in a Random World, 2005), and
// n others support no less than 1/(n+1). ok is false with fewer than MinPeers others and
// with a negative count.
func RareTail(count int, different []int) (p float64, ok bool) {
	if count < 0 {
		return 0, false
	}
	rare, all := count+1, count+1
	for _, d := range different {
		if d < 0 {
			return 0, false
		}
		all += d
		if d <= count+1 {
			rare += d
		}
	}
	if all <= MinPeers {
		return 0, false
	}
	return float64(rare) / float64(all), true
}

// Level is one peer group: Count of its Total members, without the one in question,
// show the value.
type Level struct{ Count, Total int }

// ShrunkSurprise is Surprise shrunk over nested peer groups, the widest first (RAT,
// PLMN, area): the smoothed probability in a group is the prior mean of the next
// narrower one, and the widest group's prior is uniform, 1/values (the hierarchical
// Dirichlet model of MacKay and Peto 1995, as for Surprise). values is how many values
// the parameter can take. Groups with a Total of 0 change nothing.
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

// MADScore is the distance of x from the median of others in robust standard
// deviations, 1.4826 times the median absolute deviation (B. Iglewicz, D. C. Hoaglin,
// How to Detect and Handle Outliers, 1993; they call 3.5 an outlier). x is not
// among the others.
//
// Where more than half of the others are equal the MAD is 0, and the mean absolute
// deviation from the median times 1.2533 takes its place. Values that are not finite
// are missing. ok is false with fewer than MinPeers others, where x is missing, and
// where all others are equal: they set no scale, and the value is one for Surprise.
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

// MahalanobisTail is how far the vector x lies outside the cloud of others, in bits:
// −log2 of the probability that a new vector of the same multivariate normal
// distribution lies as far out. The squared Mahalanobis distance d² is taken after each
// dimension is scaled to unit variance, with the covariance of the scaled others shrunk
// towards a multiple of the identity (O. Ledoit, M. Wolf, J. Multivar. Anal. 88, 2004,
// p. 365), and n(n−p)/(p(n+1)(n−1))·d² is referred to F(p, n−p) (H. Hotelling, Ann.
// Math. Stat. 2, 1931, p. 360). That distribution is exact without shrinkage; shrinkage
// pulls distances in, so the bits err on the low side. They assume normality, which
// broadcast parameters have at best roughly: rank by them before counting on them.
//
// Dimensions in which x is not finite and dimensions that are constant among the others
// are left out, as are others with a missing value in the remaining ones. ok is false
// with fewer than MinVectors or twice as many others as dimensions left, with none of
// those, and with vectors of unequal length.
func MahalanobisTail(x []float64, others [][]float64) (bits float64, ok bool) {
	p, _, ok := mahalanobis(x, others)
	if !ok {
		return 0, false
	}
	return TailBits(p), true
}

// mahalanobis also returns the shrinkage intensity.
func mahalanobis(x []float64, others [][]float64) (p, shrinkage float64, ok bool) {
	var dims []int
	for j := range x {
		if finite(x[j]) {
			dims = append(dims, j)
		}
	}
	var rows [][]float64
	for _, o := range others {
		if len(o) != len(x) {
			return 0, 0, false
		}
		if !slices.ContainsFunc(dims, func(j int) bool { return !finite(o[j]) }) {
			rows = append(rows, o)
		}
	}
	// Scale to zero mean and unit variance; y is x on that scale.
	var y []float64
	var cols [][]float64
	for _, j := range dims {
		col := make([]float64, len(rows))
		constant := true
		for i, r := range rows {
			col[i] = r[j]
			constant = constant && r[j] == rows[0][j]
		}
		if constant {
			continue
		}
		mean, dev := stat.PopMeanStdDev(col, nil)
		if !(dev > 0) || !finite(dev) {
			return 0, 0, false
		}
		for i := range col {
			col[i] = (col[i] - mean) / dev
		}
		cols, y = append(cols, col), append(y, (x[j]-mean)/dev)
	}
	n, d := len(rows), len(cols)
	if d == 0 || n < MinVectors || n < 2*d {
		return 0, 0, false
	}
	cov, shrinkage := ledoitWolf(cols)
	var chol mat.Cholesky
	var w mat.VecDense
	if !chol.Factorize(cov) || chol.SolveVecTo(&w, mat.NewVecDense(d, y)) != nil {
		return 0, 0, false
	}
	// cov divides by n, the distribution is that of n−1.
	m, q := float64(n), float64(d)
	d2 := mat.Dot(&w, mat.NewVecDense(d, y)) * (m - 1) / m
	f := d2 * m * (m - q) / (q * (m + 1) * (m - 1))
	if !(f >= 0) {
		return 0, 0, false
	}
	// The upper tail of F by the incomplete beta function, as 1 − CDF cancels.
	return mathext.RegIncBeta((m-q)/2, q/2, (m-q)/(m-q+q*f)), shrinkage, true
}

// ledoitWolf is the shrunk covariance (divisor n) of centred columns of equal length,
// and the shrinkage intensity, 0 to 1.
func ledoitWolf(cols [][]float64) (*mat.SymDense, float64) {
	d, n := len(cols), float64(len(cols[0]))
	cov := mat.NewSymDense(d, nil)
	var mu, norm, spread float64 // trace/d, ‖S‖², mean of the squared products
	for i := range cols {
		for j := i; j < d; j++ {
			var s, s2 float64
			for k, v := range cols[i] {
				t := v * cols[j][k]
				s += t
				s2 += t * t
			}
			s, s2 = s/n, s2/n
			cov.SetSym(i, j, s)
			if i == j {
				mu += s / float64(d)
				norm, spread = norm+s*s, spread+s2
			} else {
				norm, spread = norm+2*s*s, spread+2*s2
			}
		}
	}
	delta := norm - float64(d)*mu*mu
	beta := min((spread-norm)/n, delta)
	if !(beta > 0) {
		return cov, 0
	}
	a := beta / delta
	for i := range d {
		for j := i; j < d; j++ {
			v := (1 - a) * cov.At(i, j)
			if i == j {
				v += a * mu
			}
			cov.SetSym(i, j, v)
		}
	}
	return cov, a
}
