package stat

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// RidgeFit is a fitted logistic model: log odds = Intercept + offset + Σ xⱼ Slopesⱼ.
type RidgeFit struct {
	Intercept float64
	Slopes    []float64
	// Iterations of Newton's method.
	Iterations int
}

// Bounds of RidgeLogistic.
const (
	// maxNewton iterations; five to ten are usual.
	maxNewton = 200
	// maxHalvings of a step; 2⁻⁶⁰ of a step changes no digit.
	maxHalvings = 60
	// converged is the share of the value that a last step may still promise. As the
	// error is squared by each step, that step leaves none that shows.
	converged = 1e-12
)

// RidgeLogistic fits a logistic model whose slopes are drawn towards prior and are
// never negative. It minimises
//
//	−Σ ln P(yᵢ) + penalty/2 · Σ (βⱼ − priorⱼ)²  over βⱼ ≥ 0
//
// with a free intercept (S. le Cessie, J. C. van Houwelingen, Appl. Stat. 41, 1992, p.
// 191, with another centre) by projected Newton steps with the explicit Hessian (D. P.
// Bertsekas, SIAM J. Control Optim. 20, 1982, p. 221). offset, nil for none, is added
// to the log odds as it is. Rows of x have a value for each prior; no prior at all fits
// the intercept alone.
//
// ok is false unless both classes are there, the penalty is positive, all numbers are
// finite and no prior is negative.
func RidgeLogistic(x [][]float64, y []bool, offset, prior []float64, penalty float64) (fit RidgeFit, ok bool) {
	if len(x) != len(y) || offset != nil && len(offset) != len(y) ||
		!slices.Contains(y, true) || !slices.Contains(y, false) ||
		!(penalty > 0) || math.IsInf(penalty, 0) || !allFinite(offset) || !allFinite(prior) ||
		slices.ContainsFunc(prior, func(m float64) bool { return m < 0 }) {
		return RidgeFit{}, false
	}
	events := 0
	for i, row := range x {
		if len(row) != len(prior) || !allFinite(row) {
			return RidgeFit{}, false
		}
		if y[i] {
			events++
		}
	}
	m := &ridge{x: x, y: y, offset: offset, prior: prior, penalty: penalty}
	// theta is the intercept and the slopes.
	theta := append([]float64{math.Log(float64(events) / float64(len(y)-events))}, prior...)
	value := m.value(theta)
	for n := 1; n <= maxNewton; n++ {
		step, gradient, ok := m.step(theta)
		if !ok {
			return RidgeFit{}, false
		}
		halvings := maxHalvings
		last := decrement(step, gradient) <= converged*(1+math.Abs(value))
		if last {
			halvings = 1
		}
		next, nextValue, moved := m.search(theta, step, gradient, value, halvings)
		if last || !moved {
			return RidgeFit{next[0], next[1:], n}, true
		}
		theta, value = next, nextValue
	}
	return RidgeFit{}, false
}

func allFinite(list []float64) bool {
	return !slices.ContainsFunc(list, func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) })
}

// decrement is what a step promises to lower the value by, twice.
func decrement(step, gradient []float64) float64 {
	d := 0.0
	for a, g := range gradient {
		d -= g * step[a]
	}
	return d
}

type ridge struct {
	x             [][]float64
	y             []bool
	offset, prior []float64
	penalty       float64
}

func (m *ridge) logOdds(theta []float64, i int) float64 {
	eta := theta[0]
	if m.offset != nil {
		eta += m.offset[i]
	}
	for j, v := range m.x[i] {
		eta += theta[j+1] * v
	}
	return eta
}

// value is the function that is minimised.
func (m *ridge) value(theta []float64) float64 {
	sum := 0.0
	for i, y := range m.y {
		eta := m.logOdds(theta, i)
		if y {
			eta = -eta
		}
		sum += softplus(eta)
	}
	for j, p := range m.prior {
		d := theta[j+1] - p
		sum += m.penalty / 2 * d * d
	}
	return sum
}

// softplus is ln(1 + eˣ) without overflow.
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

// step returns the Newton step and the gradient. Slopes at 0 that the gradient holds
// there do not take part.
func (m *ridge) step(theta []float64) (step, gradient []float64, ok bool) {
	k := len(theta)
	gradient = make([]float64, k)
	h := make([]float64, k*k) // the upper triangle
	row := make([]float64, k)
	row[0] = 1
	for i, y := range m.y {
		copy(row[1:], m.x[i])
		p := 1 / (1 + math.Exp(-m.logOdds(theta, i)))
		r, w := p-indicator(y), p*(1-p)
		for a, va := range row {
			gradient[a] += r * va
			for b := a; b < k; b++ {
				h[a*k+b] += w * va * row[b]
			}
		}
	}
	for j, p := range m.prior {
		gradient[j+1] += m.penalty * (theta[j+1] - p)
		h[(j+1)*k+j+1] += m.penalty
	}
	var free []int
	for a := range k {
		if a == 0 || theta[a] > 0 || gradient[a] < 0 {
			free = append(free, a)
		}
	}
	hf, gf := mat.NewSymDense(len(free), nil), mat.NewVecDense(len(free), nil)
	for i, a := range free {
		gf.SetVec(i, -gradient[a])
		for j := i; j < len(free); j++ {
			hf.SetSym(i, j, h[a*k+free[j]])
		}
	}
	// Far out the data weigh nothing and leave the intercept without curvature.
	const least = 1e-12
	hf.SetSym(0, 0, max(hf.At(0, 0), least))
	var c mat.Cholesky
	if !c.Factorize(hf) {
		return nil, nil, false
	}
	var s mat.VecDense
	if err := c.SolveVecTo(&s, gf); err != nil {
		return nil, nil, false
	}
	step = make([]float64, k)
	for i, a := range free {
		step[a] = s.AtVec(i)
	}
	return step, gradient, allFinite(step)
}

// search halves the step until the value falls enough (L. Armijo, Pac. J. Math. 16,
// 1966, p. 1), bending it at 0. moved is false at the minimum: where no step lowers
// the value in its digits.
func (m *ridge) search(theta, step, gradient []float64, value float64, halvings int) (next []float64, nextValue float64, moved bool) {
	t := 1.0
	for range halvings {
		next = slices.Clone(theta)
		gain := 0.0
		for a := range next {
			next[a] += t * step[a]
			if a > 0 {
				next[a] = max(next[a], 0)
			}
			gain += gradient[a] * (theta[a] - next[a])
		}
		nextValue = m.value(next)
		if nextValue < value && value-nextValue >= 1e-4*gain {
			return next, nextValue, true
		}
		t /= 2
	}
	return theta, value, false
}

// Isotonic returns the values that rise or stay and are closest to y in weighted least
// squares, by pooling adjacent violators (R. E. Barlow et al., Statistical Inference
// under Order Restrictions, 1972, §1.2). weights nil means 1 each. ok is false
// without values, for lengths that differ, numbers that are not finite or a weight
// that is not positive.
func Isotonic(y, weights []float64) (fitted []float64, ok bool) {
	if len(y) == 0 || weights != nil && len(weights) != len(y) || !allFinite(y) || !allFinite(weights) ||
		slices.ContainsFunc(weights, func(w float64) bool { return w <= 0 }) {
		return nil, false
	}
	type block struct {
		mean, weight float64
		n            int
	}
	var blocks []block
	for i, v := range y {
		b := block{v, 1, 1}
		if weights != nil {
			b.weight = weights[i]
		}
		for len(blocks) > 0 && blocks[len(blocks)-1].mean >= b.mean {
			last := blocks[len(blocks)-1]
			blocks = blocks[:len(blocks)-1]
			w := last.weight + b.weight
			b = block{(last.mean*last.weight + b.mean*b.weight) / w, w, last.n + b.n}
		}
		blocks = append(blocks, b)
	}
	for _, b := range blocks {
		for range b.n {
			fitted = append(fitted, b.mean)
		}
	}
	return fitted, true
}
