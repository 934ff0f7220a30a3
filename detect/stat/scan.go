package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// MinScanEvents is the smallest burst that PoissonScan judges.
const MinScanEvents = 3

// PoissonScan finds, over the time of observation from..to, the window of the given length
// that holds the most events: its start, the number n of events in [start, start+window),
// and −log2 of the probability that a Poisson process of lambda events per unit of time has
// such a window anywhere. Events outside from..to do not count. times, window and the span
// share a unit (seconds), lambda is per that unit; the order of times is free.
//
// The probability is the approximation of S. E. Alm (Probability and Mathematical
// Statistics, Essays in honour of C.-G. Esseen, Uppsala 1983; J. Glaz, J. Naus, S.
// Wallenstein, Scan Statistics, 2001), which has no cancellation for rare bursts:
// with ψ = lambda·window, 1 − P(N ≤ n−1)·exp(−(1 − ψ/n)·lambda·(span − window)·P(N = n−1)) for
// N Poisson of mean ψ. A window with no more than the expected ψ events has 0 bits. With
// the rate of the same events, burst included, as lambda the bits err on the low side.
//
// ok is false with fewer than MinScanEvents events in the span, an empty span, times
// that are not finite, and without a positive window and lambda.
func PoissonScan(times []float64, from, to, window, lambda float64) (start float64, n int, bits float64, ok bool) {
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
