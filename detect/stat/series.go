package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

const (
	// MinScanEvents is the smallest burst that PoissonScan judges.
	MinScanEvents = 3
	// MinSegment is the fewest samples on either side of a change point.
	MinSegment = 3
	// maxBernoulliSteps bounds the states of the chain behind BernoulliCUSUM.
	maxBernoulliSteps = 1 << 16
)

// PoissonScan finds the window of the given length that holds the most events: its
// start, the number n of events in [start, start+window), and −log2 of the probability
// that a Poisson process of lambda events per unit of time has such a window anywhere.
// See PoissonScanSpan, which is to be preferred where the time of observation is known:
// here it is taken as the longer of the time from the first to the last event and the
// time in which as many events are expected, so that a capture that consists of one
// burst is not taken to have been as short as the burst.
func PoissonScan(times []float64, window, lambda float64) (start float64, n int, bits float64, ok bool) {
	if len(times) < MinScanEvents || slices.ContainsFunc(times, func(t float64) bool { return !finite(t) }) || !(lambda > 0) {
		return 0, 0, 0, false
	}
	from, to := slices.Min(times), slices.Max(times)
	return PoissonScanSpan(times, from, max(to, from+float64(len(times))/lambda), window, lambda)
}

// PoissonScanSpan is PoissonScan over the known time of observation from..to; events
// outside it do not count. times, window and the span share a unit (seconds), lambda is
// per that unit and not estimated from the same burst; the order of times is free.
//
// The probability is the approximation of S. E. Alm (Probability and Mathematical
// Statistics, Essays in honour of C.-G. Esseen, Uppsala 1983; J. Glaz, J. Naus, S.
// Wallenstein, Scan Statistics, 2001), which has no cancellation for rare bursts:
// with ψ = lambda·window, 1 − P(N ≤ n−1)·exp(−(1 − ψ/n)·lambda·(span − window)·P(N = n−1)) for
// N Poisson of mean ψ. A window with no more than the expected ψ events has 0 bits.
//
// ok is false with fewer than MinScanEvents events in the span, an empty span, times
// that are not finite, and without a positive window and lambda.
func PoissonScanSpan(times []float64, from, to, window, lambda float64) (start float64, n int, bits float64, ok bool) {
	if !(window > 0) || !(lambda > 0) || !finite(window) || !finite(lambda) || !finite(from) || !finite(to) || !(to > from) {
		return 0, 0, 0, false
	}
	var ts []float64
	for _, t := range times {
		if !finite(t) {
			return 0, 0, 0, false
		}
		if t >= from && t <= to {
			ts = append(ts, t)
		}
	}
	if len(ts) < MinScanEvents {
		return 0, 0, 0, false
	}
	slices.Sort(ts)
	low := 0
	for high, t := range ts {
		for t-ts[low] >= window {
			low++
		}
		if high-low+1 > n {
			start, n = ts[low], high-low+1
		}
	}
	return start, n, TailBits(scanTail(n, window, to-from, lambda)), true
}

// scanTail is Alm's approximation of the probability of n events in some window.
func scanTail(n int, window, span, lambda float64) float64 {
	window = min(window, span)
	k, mean := float64(n), lambda*window
	if k <= mean {
		return 1
	}
	one := mathext.GammaIncReg(k, mean) // P(N >= n)
	rest := (1 - mean/k) * lambda * (span - window) * distuv.Poisson{Lambda: mean}.Prob(k-1)
	return -math.Expm1(math.Log1p(-one) - rest)
}

// CUSUM is the one-sided cumulative sum of E. S. Page (Biometrika 41, 1954, p. 100): S =
// max(0, S + x − reference), an alarm where S >= threshold. It answers to a lasting rise
// of the mean above the reference. The zero value alarms at once; use NewCUSUM.
type CUSUM struct {
	reference, threshold float64
	sum                  float64
	seen, start          int
	alarm                bool
}

// NewCUSUM returns a CUSUM for samples whose mean is to be told apart from one on the
// other side of the reference value; see GaussianCUSUM and BernoulliCUSUM for both. ok
// is false unless the reference is finite and the threshold positive and finite.
func NewCUSUM(reference, threshold float64) (c *CUSUM, ok bool) {
	if !finite(reference) || !finite(threshold) || !(threshold > 0) {
		return nil, false
	}
	return &CUSUM{reference: reference, threshold: threshold}, true
}

// GaussianCUSUM returns the CUSUM for a rise of the mean of normal samples from mean to
// shifted, and with an in-control average run length of about arl samples, by the
// formula of SiegmundARL. The reference value is halfway, which is that of the
// likelihood ratio. ok is false unless shifted > mean, deviation > 0 and arl > 2, and
// where the threshold would not be positive.
func GaussianCUSUM(mean, shifted, deviation, arl float64) (c *CUSUM, ok bool) {
	if !(shifted > mean) || !(deviation > 0) || !(arl > 2) || math.IsInf(arl, 1) {
		return nil, false
	}
	drift := (mean - shifted) / (2 * deviation)
	if !(SiegmundARL(drift, 0) < arl) {
		return nil, false
	}
	low, high := 0.0, 1.0
	for SiegmundARL(drift, high) < arl {
		low, high = high, 2*high
	}
	for range 60 {
		if m := (low + high) / 2; SiegmundARL(drift, m) < arl {
			low = m
		} else {
			high = m
		}
	}
	return NewCUSUM((mean+shifted)/2, high*deviation)
}

// SiegmundARL is the mean number of samples until a CUSUM alarms, from S = 0, where x −
// reference is normal with mean drift and where drift and threshold are in units of its
// standard deviation: (exp(−2Δb) + 2Δb − 1)/(2Δ²) with Δ = drift and b = threshold +
// 1.166, and b² for Δ = 0 (D. Siegmund, Sequential Analysis, 1985; the form is
// that of D. C. Montgomery, Introduction to Statistical Quality Control, chapter 9).
// For a threshold of 4 and a drift of −0.5 it is within 1 % of the exact value.
func SiegmundARL(drift, threshold float64) float64 {
	b := threshold + 1.166
	if math.Abs(drift*b) < 1e-4 {
		return b * b // the series, to one part in 10⁴
	}
	return (math.Exp(-2*drift*b) + 2*drift*b - 1) / (2 * drift * drift)
}

// BernoulliCUSUM returns the CUSUM for a rise of the probability of an event from p0 to
// p1, over samples that are 0 or 1, and its in-control average run length in samples,
// which is at least arl and exact (see BernoulliARL). The reference value is that of the
// likelihood ratio, log((1−p0)/(1−p1))/log(p1(1−p0)/(p0(1−p1))), moved to the nearest 1/m
// (M. R. Reynolds, Z. G. Stoumbos, J. Qual. Technol. 31, 1999, p. 87). ok is false
// unless 0 < p0 < p1 < 1 and arl > 1, where the nearest 1/m does not lie between p0 and
// p1, and where the threshold would exceed 65,536/m.
func BernoulliCUSUM(p0, p1, arl float64) (c *CUSUM, exact float64, ok bool) {
	if !(0 < p0 && p0 < p1 && p1 < 1) || !(arl > 1) || math.IsInf(arl, 1) {
		return nil, 0, false
	}
	up := math.Log1p(-p0) - math.Log1p(-p1)
	inverse := math.Round((math.Log(p1/p0) + up) / up)
	if inverse < 2 || inverse > maxBernoulliSteps || p0*inverse >= 1 || p1*inverse <= 1 {
		return nil, 0, false
	}
	m, low, high := int(inverse), 0, 1 // the ARL at low steps is below arl
	for BernoulliARL(p0, m, high) < arl {
		if low, high = high, 2*high; high > maxBernoulliSteps {
			return nil, 0, false
		}
	}
	for high-low > 1 {
		if h := (low + high) / 2; BernoulliARL(p0, m, h) < arl {
			low = h
		} else {
			high = h
		}
	}
	// Half a step of slack: sums of thirds do not come out even.
	c, ok = NewCUSUM(1/inverse, (float64(high)-0.5)/inverse)
	return c, BernoulliARL(p0, m, high), ok
}

// BernoulliARL is the mean number of samples, 1 with probability p and else 0, until a
// CUSUM with reference 1/m alarms at steps/m, from S = 0. It is exact: S moves on
// multiples of 1/m, and the mean first passage of that Markov chain solves a banded
// system (D. Brook, D. A. Evans, Biometrika 59, 1972, p. 539). NaN unless 0 < p < 1, m >= 2
// and steps >= 1.
func BernoulliARL(p float64, m, steps int) float64 {
	if !(p > 0 && p < 1) || m < 2 || steps < 1 {
		return math.NaN()
	}
	// E[i] = 1 + q·E[max(i−1, 0)] + p·E[i+m−1], E[i] = 0 from steps on. Forward
	// elimination keeps E[i] = r[i] + Σ u[i][j]·E[i+1+j], j < m−1.
	q, width := 1-p, min(m-1, steps)
	r := make([]float64, steps)
	u := make([]float64, steps*width)
	for i := range steps {
		row := u[i*width : (i+1)*width]
		d, c := p, 1.0 // 1 − q at the barrier
		if i > 0 {
			before := u[(i-1)*width : i*width]
			d, c = 1-q*before[0], 1+q*r[i-1]
			for j := 1; j < width; j++ {
				row[j-1] = q * before[j]
			}
		}
		if m-2 < width {
			row[m-2] += p
		}
		for j := range row {
			row[j] /= d
		}
		r[i] = c / d
	}
	for i := steps - 1; i >= 0; i-- {
		for j := range min(width, steps-1-i) {
			r[i] += u[i*width+j] * r[i+1+j]
		}
	}
	return r[0]
}

// Add takes the next sample and reports whether it raises an alarm. After an alarm the
// sum starts anew at 0. A sample that is not finite is missing and changes nothing.
func (c *CUSUM) Add(x float64) (alarm bool) {
	if !finite(x) {
		return false
	}
	if c.alarm {
		c.sum, c.alarm = 0, false
	}
	if c.sum == 0 {
		c.start = c.seen
	}
	c.seen++
	c.sum = max(0, c.sum+x-c.reference)
	c.alarm = c.sum >= c.threshold
	return c.alarm
}

// Sum is the statistic after the last sample, also of one that raised an alarm.
func (c *CUSUM) Sum() float64 { return c.sum }

// Onset is the number of samples before the present rise from 0 began: Page's estimate
// of when the change came.
func (c *CUSUM) Onset() int { return c.start }

// ChangePoint weighs one change of the mean, anywhere, against none, in a series of
// independent normal samples of unknown mean and variance. log10BF is the decimal
// logarithm of the Bayes factor, at the index of the first sample after the most probable
// change, at least MinSegment from either end.
//
// For a given place it is the two-sample Bayes factor of M. Gönen, W. O. Johnson, Y. Lu
// and P. H. Westfall (Am. Stat. 59, 2005, p. 252): mean and variance have the prior 1/σ²,
// and the step in units of σ is normal about 0 with variance 1 (unit information). The
// place has a uniform prior, so the factor is the mean over places; searching costs
// nothing extra, and without a change a factor B is reached with probability 1/B at most.
//
// ok is false with fewer than 2·MinSegment samples, for a constant series, and for samples
// that are not finite.
func ChangePoint(x []float64) (at int, log10BF float64, ok bool) {
	n := len(x)
	if n < 2*MinSegment || slices.ContainsFunc(x, func(v float64) bool { return !finite(v) }) {
		return 0, 0, false
	}
	var mean, total float64
	for i, v := range x {
		mean += (v - mean) / float64(i+1)
	}
	for _, v := range x {
		total += (v - mean) * (v - mean)
	}
	if slices.Min(x) == slices.Max(x) || !(total > 0) || !finite(total) {
		return 0, 0, false
	}
	var logs []float64
	var sum float64 // of the deviations before i
	best := math.Inf(-1)
	for i, v := range x {
		if i >= MinSegment && i <= n-MinSegment {
			a, b := float64(i), float64(n-i)
			size := a * b / (a + b)
			between := sum * sum / a * (a + b) / b // sum of squares between the segments
			within := max(0, total-between)
			l := float64(n-1)/2*math.Log(total/(within+between/(1+size))) - math.Log1p(size)/2
			logs = append(logs, l)
			if l > best {
				at, best = i, l
			}
		}
		sum += v - mean
	}
	var s float64
	for _, l := range logs {
		s += math.Exp(l-best) / float64(len(logs))
	}
	return at, (best + math.Log(s)) / math.Ln10, true
}
