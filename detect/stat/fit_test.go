package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats/scalar"
)

var (
	fitX = [][]float64{{0, 0}, {0, 1}, {1, 0}, {.5, .5}, {2, 0}, {1.5, 2}, {0, 2.5}, {2.2, .3}, {.1, .2}, {1.8, 1.1}, {.3, 0}, {0, .4}}
	fitY = []bool{false, false, false, true, true, true, false, true, false, true, false, false}
)

func column(j int) (x [][]float64, values []float64) {
	for _, row := range fitX {
		x = append(x, []float64{row[j]})
		values = append(values, row[j])
	}
	return x, values
}

// Reference values: SciPy 1.17.1, minimize(f, method="L-BFGS-B", jac=True, bounds=
// [(None, None), (0, None)…], options=dict(ftol=1e-16, gtol=1e-12)) of the penalised
// log likelihood. With slopes drawn to 0 and none at the bound scikit-learn 1.9.1,
// LogisticRegression(C=1/penalty, solver="newton-cholesky", tol=1e-12), gives the last.
func TestRidgeLogistic(t *testing.T) {
	first, _ := column(0)
	_, second := column(1)
	offset := make([]float64, len(second))
	for i, v := range second {
		offset[i] = -.3 * v
	}
	// The second column speaks against the class, so that its slope ends at 0.
	against := make([][]float64, len(fitX))
	for i, row := range fitX {
		against[i] = []float64{row[0], row[1] - indicator(fitY[i])}
	}
	for _, tt := range []struct {
		name          string
		x             [][]float64
		offset, prior []float64
		penalty       float64
		want          []float64
	}{
		{"drawn to 1", fitX, nil, []float64{1, 1}, 1, []float64{-2.4573930012278304, 1.9732074060357776, 0.7259615874311812}},
		{"drawn weakly", fitX, nil, []float64{1, 1}, .1, []float64{-3.2498657432462306, 3.0960142131414394, 0.7261171989080799}},
		{"offset", first, offset, []float64{1}, .5, []float64{-2.0228208009754707, 2.3176853748878434}},
		{"at the bound", against, nil, []float64{1, .2}, .05, []float64{-2.9036340366108817, 3.2559167443935233, 0}},
		{"drawn to 0", first, nil, []float64{0}, 2, []float64{-1.1923231268505383, 1.0455133268658656}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fit, ok := RidgeLogistic(tt.x, fitY, tt.offset, tt.prior, tt.penalty)
			got := append([]float64{fit.Intercept}, fit.Slopes...)
			if !ok || len(got) != len(tt.want) || fit.Iterations > 40 {
				t.Fatalf("%+v, %v", fit, ok)
			}
			for i, w := range tt.want {
				// L-BFGS-B stops where the value no longer falls in its digits: half of
				// them hold for the place.
				if !scalar.EqualWithinAbsOrRel(got[i], w, 1e-6, 1e-6) {
					t.Errorf("%v, want %v", got, tt.want)
				}
			}
		})
	}
	// Without slopes the intercept is the log odds of the share.
	if fit, ok := RidgeLogistic(make([][]float64, 12), fitY, nil, nil, 1); !ok || !near(fit.Intercept, math.Log(5./7)) {
		t.Errorf("intercept alone: %+v, %v", fit, ok)
	}
	// A strong penalty leaves the prior.
	if fit, ok := RidgeLogistic(fitX, fitY, nil, []float64{1, 1}, 1e9); !ok || !scalar.EqualWithinAbs(fit.Slopes[0], 1, 1e-6) || !scalar.EqualWithinAbs(fit.Slopes[1], 1, 1e-6) {
		t.Errorf("strong penalty: %+v, %v", fit, ok)
	}
}

// TestRidgeLogisticMinimum: no small step from the fit, on random data and also where
// a line separates the classes, lowers the penalised loss, and slopes are not negative.
func TestRidgeLogisticMinimum(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for run := range 200 {
		n, k := 10+r.IntN(60), 1+r.IntN(5)
		m := &ridge{penalty: math.Pow(10, 3*r.Float64()-2), prior: make([]float64, k)}
		for j := range m.prior {
			m.prior[j] = r.Float64()
		}
		for i := range n {
			row := make([]float64, k)
			for j := range row {
				row[j] = 4 * r.NormFloat64()
			}
			m.x = append(m.x, row)
			m.y = append(m.y, i == 0 || i > 1 && (row[0] > 0 && run%2 == 0 || run%2 == 1 && r.IntN(2) == 0))
		}
		fit, ok := RidgeLogistic(m.x, m.y, nil, m.prior, m.penalty)
		if !ok {
			t.Fatalf("run %d: no fit", run)
		}
		theta := append([]float64{fit.Intercept}, fit.Slopes...)
		best := m.value(theta)
		for range 20 {
			near := make([]float64, k+1)
			for j := range near {
				near[j] = theta[j] + 1e-3*r.NormFloat64()
				if j > 0 {
					near[j] = max(near[j], 0)
				}
			}
			if m.value(near) < best-1e-12*math.Abs(best) {
				t.Fatalf("run %d: %v at %v is below %v at %v", run, m.value(near), near, best, theta)
			}
		}
		for _, s := range fit.Slopes {
			if s < 0 {
				t.Fatalf("run %d: slopes %v", run, fit.Slopes)
			}
		}
	}
}

func TestRidgeLogisticInsufficient(t *testing.T) {
	x, y := [][]float64{{1}, {2}}, []bool{true, false}
	one := []float64{1}
	for _, tt := range []struct {
		name          string
		x             [][]float64
		y             []bool
		offset, prior []float64
		penalty       float64
	}{
		{"empty", nil, nil, nil, one, 1},
		{"one class", x, []bool{true, true}, nil, one, 1},
		{"no penalty", x, y, nil, one, 0},
		{"penalty not a number", x, y, nil, one, math.NaN()},
		{"lengths", x, []bool{true, false, true}, nil, one, 1},
		{"offset", x, y, one, one, 1},
		{"row", [][]float64{{1}, {2, 3}}, y, nil, one, 1},
		{"not a number", [][]float64{{1}, {math.NaN()}}, y, nil, one, 1},
		{"offset infinite", x, y, []float64{0, math.Inf(1)}, one, 1},
		{"prior negative", x, y, nil, []float64{-1}, 1},
	} {
		if fit, ok := RidgeLogistic(tt.x, tt.y, tt.offset, tt.prior, tt.penalty); ok {
			t.Errorf("%s: %+v", tt.name, fit)
		}
	}
}

// Reference values: scikit-learn 1.9.1, isotonic_regression(y, sample_weight=w).
func TestIsotonic(t *testing.T) {
	for _, tt := range []struct{ y, w, want []float64 }{
		{[]float64{1, 3, 2, 4, 3.5, 3, 7, 6.5}, []float64{1, 2, 1, 1, 3, 1, 1, 2}, []float64{1, 8. / 3, 8. / 3, 3.5, 3.5, 3.5, 20. / 3, 20. / 3}},
		{[]float64{3, 2, 1}, nil, []float64{2, 2, 2}},
		{[]float64{1, 2, 3}, nil, []float64{1, 2, 3}},
		{[]float64{5}, nil, []float64{5}},
		{nil, nil, nil},
		{[]float64{1, math.NaN()}, nil, nil},
		{[]float64{1, 2}, []float64{1}, nil},
		{[]float64{1, 2}, []float64{1, 0}, nil},
	} {
		got, ok := Isotonic(tt.y, tt.w)
		if ok != (tt.want != nil) || len(got) != len(tt.want) {
			t.Errorf("Isotonic(%v, %v) = %v, %v", tt.y, tt.w, got, ok)
			continue
		}
		for i := range got {
			if !near(got[i], tt.want[i]) {
				t.Errorf("Isotonic(%v, %v) = %v, want %v", tt.y, tt.w, got, tt.want)
			}
		}
	}
}
