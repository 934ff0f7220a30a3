package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/integrate/quad"
)

// BH returns the p-values adjusted by Y. Benjamini and Y. Hochberg (J. R. Stat. Soc. B
// 57, 1995, p. 289), in the order given: rejecting all that are at most q keeps the
// expected share of false rejections at q, for independent and positively dependent
// tests. Values that are not in 0 to 1 were not tested: they stay NaN and do not count.
func BH(p []float64) []float64 {
	adjusted := make([]float64, len(p))
	var order []int
	for i, v := range p {
		adjusted[i] = math.NaN()
		if v >= 0 && v <= 1 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	least := 1.0
	for rank := len(order); rank > 0; rank-- {
		i := order[rank-1]
		least = min(least, p[i]*float64(len(order))/float64(rank))
		adjusted[i] = least
	}
	return adjusted
}

// HarmonicMean combines the p-values of dependent tests of one hypothesis, such as the
// features of one cell, into one: the tail probability of their harmonic mean, whose
// inverse follows Landau's distribution (D. J. Wilson, PNAS 116, 2019, p. 1195, eq. 4).
// It needs no model of the dependence and is exact as p becomes small. Values that are not in 0 to 1 were not tested and do not count. NaN
// where none was.
func HarmonicMean(p []float64) float64 {
	var n, inverse, only float64
	for _, v := range p {
		if v >= 0 && v <= 1 {
			n, inverse, only = n+1, inverse+1/v, v
		}
	}
	switch {
	case n == 0:
		return math.NaN()
	case n == 1:
		return only
	}
	// Location log n + 1 + ψ(1) − log(2/π), scale π/2.
	const shift = 0.8743670403879220
	tail := landauTail((inverse/n - math.Log(n) - shift) * 2 / math.Pi)
	return min(tail, 1)
}

// landauTail is the upper tail probability of the stable law with characteristic
// function exp(−|t|(1 + i·2/π·sign(t)·log|t|)).
func landauTail(z float64) float64 {
	switch {
	case math.IsInf(z, 1):
		return 0
	case z >= 2:
		// The density integrated under Wilson's integral, with t = u/z.
		f := func(u float64) float64 {
			t := u / z
			return math.Exp(-u-2/math.Pi*t*math.Log(t)) * math.Sin(2*t) / u
		}
		var sum float64
		for u := 0.0; u < 40; u += 4 {
			sum += gauss(f, u, u+4)
		}
		return sum / math.Pi
	}
	// J. P. Nolan, Commun. Stat. Stoch. Models 13, 1997, p. 759, theorem 1 for α = β = 1.
	g := func(a float64) float64 {
		v := 2 / math.Pi * (math.Pi/2 + a) / math.Cos(a) * math.Exp((math.Pi/2+a)*math.Tan(a))
		return -math.Expm1(-math.Exp(-math.Pi*z/2) * v)
	}
	var sum float64
	for i := range 16 {
		low := -math.Pi/2 + float64(i)*math.Pi/16
		sum += gauss(g, low, low+math.Pi/16)
	}
	return sum / math.Pi
}

// gaussAt and gaussWeight are the Gauss-Legendre rule of 64 points on −1 to 1.
var gaussAt, gaussWeight = func() (at, weight []float64) {
	at, weight = make([]float64, 64), make([]float64, 64)
	quad.Legendre{}.FixedLocations(at, weight, -1, 1)
	return at, weight
}()

// gauss integrates f from low to high.
func gauss(f func(float64) float64, low, high float64) (sum float64) {
	half := (high - low) / 2
	for i, x := range gaussAt {
		sum += half * gaussWeight[i] * f(low+half*(1+x))
	}
	return sum
}
