package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats/scalar"
	"gonum.org/v1/gonum/integrate"
)

// Fourteen forecasts with ties and what came true.
var (
	forecast = []float64{.02, .02, .11, .27, .27, .33, .48, .48, .61, .74, .85, .93, .93, .98}
	came     = []bool{false, false, false, false, true, false, true, false, true, false, true, true, true, true}
)

// near is for values computed twice in float64: only rounding differs.
func near(a, b float64) bool { return a == b || scalar.EqualWithinAbsOrRel(a, b, 1e-12, 1e-12) }

// Reference values: scikit-learn 1.9.1, brier_score_loss(y, p), log_loss(y, p),
// roc_auc_score(y, p), average_precision_score(y, p); SciPy 1.17.1,
// mannwhitneyu(p[y==1], p[y==0]).statistic/49 gives the same area.
func TestScores(t *testing.T) {
	brier, ok1 := Brier(forecast, came)
	loss, ok2 := LogLoss(forecast, came)
	auc, ok3 := AUC(forecast, came)
	_, ap, ok4 := PrecisionRecall(forecast, came)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		t.Fatal(ok1, ok2, ok3, ok4)
	}
	for _, tt := range []struct {
		name      string
		got, want float64
	}{
		{"Brier", brier, 0.14005714285714285},
		{"LogLoss", loss, 0.4098992497903427},
		{"AUC", auc, 0.8775510204081632},
		{"average precision", ap, 0.8885281385281385},
	} {
		if !near(tt.got, tt.want) {
			t.Errorf("%s %.16g, want %.16g", tt.name, tt.got, tt.want)
		}
	}
}

// Reference values: scikit-learn 1.9.1, roc_curve(y, p, drop_intermediate=False) and
// precision_recall_curve(y, p), in sevenths and fractions.
func TestCurves(t *testing.T) {
	roc, ok := ROC(forecast, came)
	want := []CurvePoint{
		{0, 0, math.Inf(1)}, {0, 1. / 7, .98}, {0, 3. / 7, .93}, {0, 4. / 7, .85}, {1. / 7, 4. / 7, .74}, {1. / 7, 5. / 7, .61},
		{2. / 7, 6. / 7, .48}, {3. / 7, 6. / 7, .33}, {4. / 7, 1, .27}, {5. / 7, 1, .11}, {1, 1, .02},
	}
	samePoints(t, "ROC", roc, want, ok)
	pr, _, ok := PrecisionRecall(forecast, came)
	samePoints(t, "PrecisionRecall", pr, []CurvePoint{
		{1. / 7, 1, .98}, {3. / 7, 1, .93}, {4. / 7, 1, .85}, {4. / 7, .8, .74}, {5. / 7, 5. / 6, .61},
		{6. / 7, .75, .48}, {6. / 7, 2. / 3, .33}, {1, 7. / 11, .27}, {1, 7. / 12, .11}, {1, .5, .02},
	}, ok)
}

func samePoints(t *testing.T, name string, got, want []CurvePoint, ok bool) {
	t.Helper()
	if !ok || len(got) != len(want) {
		t.Fatalf("%s: %v, ok %v", name, got, ok)
	}
	for i, g := range got {
		if w := want[i]; !near(g.X, w.X) || !near(g.Y, w.Y) || g.Threshold != w.Threshold {
			t.Errorf("%s point %d: %v, want %v", name, i, g, w)
		}
	}
}

// Reference values: scikit-learn 1.9.1, calibration_curve(y, p, n_bins=5).
func TestReliabilityBins(t *testing.T) {
	bins, ok := ReliabilityBins(forecast, came, 5)
	share := []float64{0, 1. / 3, .5, .5, 1}
	mean := []float64{.05, .29, .48, .675, .9225}
	if !ok || len(bins) != 5 {
		t.Fatal(bins, ok)
	}
	n := 0
	for i, b := range bins {
		n += b.N
		if !near(b.Share, share[i]) || !near(b.Mean, mean[i]) || b.ShareLow > b.Share || b.ShareHigh < b.Share {
			t.Errorf("bin %d: %+v", i, b)
		}
	}
	if n != len(forecast) {
		t.Errorf("%d forecasts in bins", n)
	}
	if bins, _ := ReliabilityBins([]float64{0, 1, 1}, []bool{false, true, true}, 10); len(bins) != 2 || bins[1].High != 1 || bins[1].N != 2 {
		t.Errorf("ends: %+v", bins)
	}
}

// TestMurphy: the parts sum up to the score on any forecasts, and with one value a bin
// they are Murphy's three. His formula by hand: four forecasts of 0.25 with one event,
// four of 0.75 with two; base 3/8.
func TestMurphy(t *testing.T) {
	d, ok := Murphy([]float64{.25, .25, .25, .25, .75, .75, .75, .75}, []bool{true, false, false, false, true, true, false, false}, 2)
	if !ok || !near(d.Reliability, 1./32) || !near(d.Resolution, 1./64) || !near(d.Uncertainty, 15./64) || !near(d.Within, 0) {
		t.Errorf("%+v, %v", d, ok)
	}
	r := rand.New(rand.NewPCG(5, 5))
	for range 500 {
		var p []float64
		var y []bool
		for range 1 + r.IntN(60) {
			p = append(p, r.Float64())
			y = append(y, r.IntN(3) == 0)
		}
		bins := 1 + r.IntN(12)
		d, ok := Murphy(p, y, bins)
		brier, _ := Brier(p, y)
		if sum := d.Reliability - d.Resolution + d.Uncertainty + d.Within; !ok || !near(sum, brier) {
			t.Fatalf("%+v sum up to %v, want %v", d, sum, brier)
		}
	}
}

// TestCurvesAgree: the area is that below the curve, and does not depend on order.
func TestCurvesAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for range 300 {
		score := []float64{0, 1}
		positive := []bool{true, false}
		for range r.IntN(40) {
			score = append(score, float64(r.IntN(6)))
			positive = append(positive, r.IntN(2) == 0)
		}
		curve, _ := ROC(score, positive)
		var x, y []float64
		for _, p := range curve {
			x, y = append(x, p.X), append(y, p.Y)
		}
		auc, ok := AUC(score, positive)
		if !ok || !near(auc, integrate.Trapezoidal(x, y)) {
			t.Fatalf("AUC %v, below the curve %v", auc, integrate.Trapezoidal(x, y))
		}
		r.Shuffle(len(score), func(i, j int) {
			score[i], score[j] = score[j], score[i]
			positive[i], positive[j] = positive[j], positive[i]
		})
		if again, _ := AUC(score, positive); again != auc {
			t.Fatalf("order changes the area: %v, %v", again, auc)
		}
	}
}

// TestClassifyInsufficient: what cannot be judged says so.
func TestClassifyInsufficient(t *testing.T) {
	one, yes, both := []float64{.5}, []bool{true}, []bool{true, false}
	for _, tt := range []struct {
		name string
		p    []float64
		y    []bool
		want [6]bool // Brier, LogLoss, Murphy, ROC, AUC, PrecisionRecall
	}{
		{"empty", nil, nil, [6]bool{}},
		{"lengths differ", one, both, [6]bool{}},
		{"no probability", []float64{-.1, 2}, both, [6]bool{false, false, false, true, true, true}},
		{"not a number", []float64{math.NaN(), .5}, both, [6]bool{}},
		{"one class", one, yes, [6]bool{true, true, true, false, false, true}},
		{"no positive case", one, []bool{false}, [6]bool{true, true, true, false, false, false}},
		{"constant", []float64{.5, .5}, both, [6]bool{true, true, true, true, true, true}},
	} {
		var got [6]bool
		_, got[0] = Brier(tt.p, tt.y)
		_, got[1] = LogLoss(tt.p, tt.y)
		_, got[2] = Murphy(tt.p, tt.y, 10)
		_, got[3] = ROC(tt.p, tt.y)
		_, got[4] = AUC(tt.p, tt.y)
		_, _, got[5] = PrecisionRecall(tt.p, tt.y)
		if got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	if _, ok := ReliabilityBins(one, yes, 0); ok {
		t.Error("no bins")
	}
	if loss, ok := LogLoss([]float64{0}, yes); !ok || !math.IsInf(loss, 1) {
		t.Errorf("certainty that was wrong: %v", loss)
	}
	if auc, _ := AUC([]float64{3, 3, 3}, []bool{true, false, true}); auc != 0.5 {
		t.Errorf("constant scores: %v", auc)
	}
}

// TestBootstrap compares with the draws of three groups counted out: of the 27, 1 sums
// up to 0, 3 to 1 and so on, so the central 80 % of the mean of 0, 1, 5 are 1/3 to 11/3
// and its variance is 14/9 (Efron and Tibshirani 1993, eq. 5.12: the plug-in variance
// 14/3 divided by 3).
func TestBootstrap(t *testing.T) {
	x := []float64{0, 1, 5}
	mean := func(draw []int) (float64, bool) {
		s := 0.0
		for _, i := range draw {
			s += x[i]
		}
		return s / 3, true
	}
	r, ok := Bootstrap(3, 50000, 0.8, 1, mean)
	// The standard error of 50,000 replicates' deviation is 0.4 %.
	if !ok || !near(r.Low, 1./3) || !near(r.High, 11./3) || !scalar.EqualWithinRel(r.StdErr, math.Sqrt(14./9), 0.015) || r.Undefined != 0 {
		t.Errorf("%+v, %v", r, ok)
	}
	if again, _ := Bootstrap(3, 50000, 0.8, 1, mean); again != r {
		t.Errorf("the same seed gives %+v and %+v", r, again)
	}
	for name, try := range map[string]func() (Resampled, bool){
		"one group":      func() (Resampled, bool) { return Bootstrap(1, 1000, 0.9, 1, mean) },
		"few replicates": func() (Resampled, bool) { return Bootstrap(3, 19, 0.9, 1, mean) },
		"confidence":     func() (Resampled, bool) { return Bootstrap(3, 100, 1, 1, mean) },
		"mostly undefined": func() (Resampled, bool) {
			return Bootstrap(3, 1000, 0.9, 1, func(d []int) (float64, bool) { return 1, d[0] > 0 })
		},
		"not a number": func() (Resampled, bool) {
			return Bootstrap(3, 1000, 0.9, 1, func([]int) (float64, bool) { return math.NaN(), true })
		},
	} {
		if _, ok := try(); ok {
			t.Errorf("%s: an interval", name)
		}
	}
}

// TestBootstrapCovers: an interval of 90 % for the mean of 40 normal numbers holds it in
// 88.8 % of cases: it is 1.645·√(39/40) standard errors wide, of which the t
// distribution with 39 degrees of freedom has that share inside (SciPy 1.17.1,
// 1-2*t.sf(1.645*sqrt(39/40), 39)).
func TestBootstrapCovers(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	held := 0
	const runs = 1000
	for run := range runs {
		x := make([]float64, 40)
		for i := range x {
			x[i] = r.NormFloat64()
		}
		b, _ := Bootstrap(len(x), 400, 0.9, uint64(run), func(draw []int) (float64, bool) {
			s := 0.0
			for _, i := range draw {
				s += x[i]
			}
			return s / float64(len(draw)), true
		})
		if b.Low <= 0 && 0 <= b.High {
			held++
		}
	}
	// 888 expected, standard deviation 10; 400 replicates blur the ends.
	if held < 850 || held > 926 {
		t.Errorf("%d of %d intervals hold the mean", held, runs)
	}
}
