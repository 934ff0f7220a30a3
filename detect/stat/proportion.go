// Package stat holds the statistics that fbsdetect states results with. Functions say
// where they come from, and their tests what their reference values come from.
package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Wilson returns the score interval of E. B. Wilson (J. Am. Stat. Assoc. 22, 1927, p.
// 209) for the share k of n at the given confidence, 0 < confidence < 1. Other than
// the usual normal interval it stays inside 0 to 1 and holds for small n and for k = 0
// or k = n. ok is false where there is nothing to take a share of.
func Wilson(k, n int, confidence float64) (low, high float64, ok bool) {
	if n <= 0 || k < 0 || k > n || !(confidence > 0 && confidence < 1) {
		return 0, 0, false
	}
	z := distuv.UnitNormal.Quantile(0.5 + confidence/2)
	p, m := float64(k)/float64(n), float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	low, high = centre-half, centre+half
	// Exactly, where rounding would leave a trace.
	if k == 0 {
		low = 0
	}
	if k == n {
		high = 1
	}
	return low, high, true
}
