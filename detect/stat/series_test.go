package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats/scalar"
)

// Reference values: P(n; ψ, w/T) of J. I. Naus (J. Am. Stat. Assoc. 77, 1982, p. 177),
// evaluated with 50 digits (Python mpmath): his Q2 and Q3 are exact for a span of two and
// three windows; longer spans are his product approximation. Alm's is within 3 % of the
// exact values here, and within 6 % where the probability is above 0.15.
func TestScanTail(t *testing.T) {
	for _, tt := range []struct {
		n          int
		mean, span float64 // ψ; T/w
		want, tol  float64
	}{
		{4, 0.5, 2, 0.007452006865, 0.03},
		{6, 1, 3, 0.005784500609, 0.03},
		{8, 0.5, 3, 9.470536081e-7, 0.03},
		{5, 4. / 3, 6, 0.1752723278, 0.06},
		{5, 1, 20, 0.2145124338, 0.02},
		{5, 0.1, 60, 2.187676607e-5, 0.001},
		{4, 0.2, 100, 0.02038826239, 0.001},
		{10, 3, 30, 0.1539033446, 0.01},
		{20, 1, 60, 1.696728568e-16, 0.001},
	} {
		if got := scanTail(tt.n, 1, tt.span, tt.mean); !scalar.EqualWithinRel(got, tt.want, tt.tol) {
			t.Errorf("%+v: %v", tt, got)
		}
		if got := scanTail(tt.n, 60, 60*tt.span, tt.mean/60); !scalar.EqualWithinRel(got, tt.want, tt.tol) {
			t.Errorf("%+v in seconds: %v", tt, got)
		}
	}
	if got := scanTail(3, 1, 10, 3.5); got != 1 {
		t.Errorf("below the mean: %v", got)
	}
	// A window longer than the span: the Poisson tail, scipy.stats.poisson.sf(4, 1).
	if got := scanTail(5, 10, 1, 1); !matches(got, 0.0036598468273437135) {
		t.Errorf("window beyond the span: %v", got)
	}
}

func TestPoissonScan(t *testing.T) {
	burst := []float64{500, 3, 101, 103.5, 100, 102, 104, 110, 250}
	start, n, bits, ok := PoissonScanSpan(burst, 0, 600, 10, 0.01)
	if want := TailBits(scanTail(5, 10, 600, 0.01)); !ok || start != 100 || n != 5 || bits != want {
		t.Errorf("burst: %v, %v, %v, %v; want 100, 5, %v", start, n, bits, ok, want)
	}
	if burst[0] != 500 || burst[8] != 250 {
		t.Error("PoissonScanSpan sorted its argument")
	}
	// 9 events are expected in 900 s, more than the 497 from first to last.
	if _, _, got, ok := PoissonScan(burst, 10, 0.01); !ok || got != TailBits(scanTail(5, 10, 900, 0.01)) {
		t.Errorf("without a span: %v, %v", got, ok)
	}
	if _, n, bits, ok := PoissonScanSpan([]float64{1, 1, 1, 1, 200}, 0, 100, 10, 1e-9); !ok || n != 4 || !(bits > 60) {
		t.Errorf("at once: %v, %v, %v", n, bits, ok)
	}
	if _, n, bits, ok := PoissonScanSpan([]float64{1, 30, 60, 90}, 0, 100, 10, 1); !ok || n != 1 || bits != 0 {
		t.Errorf("fewer than expected: %v, %v, %v", n, bits, ok)
	}
	for _, tt := range []struct {
		name             string
		times            []float64
		from, to, window float64
		lambda           float64
	}{
		{"empty", nil, 0, 10, 1, 1},
		{"two events", []float64{1, 2}, 0, 10, 1, 1},
		{"outside the span", []float64{1, 2, 11}, 0, 10, 1, 1},
		{"NaN", []float64{1, 2, 3, nan}, 0, 10, 1, 1},
		{"no span", []float64{1, 1, 1}, 1, 1, 1, 1},
		{"infinite span", []float64{1, 1, 1}, 1, inf, 1, 1},
		{"no window", []float64{1, 2, 3}, 0, 10, 0, 1},
		{"no rate", []float64{1, 2, 3}, 0, 10, 1, 0},
		{"rate NaN", []float64{1, 2, 3}, 0, 10, 1, nan},
		{"rate infinite", []float64{1, 2, 3}, 0, 10, 1, inf},
	} {
		if _, _, bits, ok := PoissonScanSpan(tt.times, tt.from, tt.to, tt.window, tt.lambda); ok || bits != 0 {
			t.Errorf("%s: %v, %v", tt.name, bits, ok)
		}
	}
	for name, times := range map[string][]float64{"empty": nil, "NaN": {1, 2, nan}, "infinite": {1, 2, inf}} {
		if _, _, _, ok := PoissonScan(times, 1, 1); ok {
			t.Errorf("PoissonScan, %s: ok", name)
		}
	}
	if _, _, _, ok := PoissonScan([]float64{1, 2, 3}, 1, nan); ok {
		t.Error("PoissonScan, rate NaN: ok")
	}
}

// TestPoissonScanNull: the share of Poisson processes whose scan reaches b bits is at most
// 2^−b, with the span known and with it taken from the events.
func TestPoissonScanNull(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 10))
	const runs = 20000
	for _, tt := range []struct{ window, span, lambda float64 }{
		{10, 600, 0.01}, {10, 600, 0.1}, {60, 600, 0.02}, {60, 3600, 0.003}, {10, 3600, 0.0005}, {60, 300, 0.2},
	} {
		var known, taken int
		for range runs {
			var times []float64
			for s := rng.ExpFloat64() / tt.lambda; s < tt.span; s += rng.ExpFloat64() / tt.lambda {
				times = append(times, s)
			}
			if _, _, bits, _ := PoissonScanSpan(times, 0, tt.span, tt.window, tt.lambda); bits >= 6 {
				known++
			}
			if _, _, bits, _ := PoissonScan(times, tt.window, tt.lambda); bits >= 6 {
				taken++
			}
		}
		want := ExpectedFalseAlarms(6, runs)
		t.Logf("%+v: %d and %d of at most %.0f", tt, known, taken, want)
		// Alm's approximation may be 3 % low; three standard errors.
		if most := 1.03*want + 3*math.Sqrt(want); float64(known) > most || float64(taken) > most {
			t.Errorf("%+v: %d and %d reach 6 bits, expected at most %v", tt, known, taken, want)
		}
	}
}

// Reference values: the ARL integral equation solved with 200 Gauss points (NumPy),
// the values that R's spc::xcusum.arl gives (335.37 and 930.89 for h = 4 and 5), and
// Montgomery's 938.2 for Siegmund's formula (chapter 9, k = 1/2, h = 5).
func TestSiegmundARL(t *testing.T) {
	if got := SiegmundARL(-0.5, 5); !scalar.EqualWithinAbs(got, 938.2, 0.05) {
		t.Errorf("Montgomery's example: %v", got)
	}
	for _, tt := range []struct{ reference, threshold, mean, exact float64 }{
		{0.5, 4, 0, 335.3675776}, {0.5, 5, 0, 930.8870121}, {0.5, 4, 1, 8.383202130},
		{0.5, 5, 1, 10.37597530}, {0.25, 8, 0, 736.7877465}, {0.5, 4, 0.5, 26.67916243},
	} {
		if got := SiegmundARL(tt.mean-tt.reference, tt.threshold); !scalar.EqualWithinRel(got, tt.exact, 0.01) {
			t.Errorf("%+v: %v", tt, got)
		}
	}
	if a, b := SiegmundARL(1e-6, 4), SiegmundARL(0, 4); !scalar.EqualWithinRel(a, b, 1e-4) {
		t.Errorf("near 0 drift %v, at 0 %v", a, b)
	}
}

// Reference values: numpy.linalg.solve of the full chain.
func TestBernoulliARL(t *testing.T) {
	for _, tt := range []struct {
		p        float64
		m, steps int
		want     float64
	}{
		{0.01, 50, 200, 19156.20097664832}, {0.05, 13, 40, 642.5443075590388}, {0.3, 2, 12, 113911.7290906049},
		{0.2, 3, 1, 5}, {0.1, 5, 3, 10}, {0.5, 2, 6, 42},
		{0, 5, 3, nan}, {1, 5, 3, nan}, {nan, 5, 3, nan}, {0.1, 1, 3, nan}, {0.1, 5, 0, nan},
	} {
		if got := BernoulliARL(tt.p, tt.m, tt.steps); !matches(got, tt.want) {
			t.Errorf("BernoulliARL(%v, %d, %d) = %v, want %v", tt.p, tt.m, tt.steps, got, tt.want)
		}
	}
}

// TestCUSUMRunLength: run lengths by simulation, against the stated ones.
func TestCUSUMRunLength(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 11))
	arl := func(c *CUSUM, alarms int, draw func() float64) float64 {
		n := 0
		for left := alarms; left > 0; n++ {
			if c.Add(draw()) {
				left--
			}
		}
		return float64(n) / float64(alarms)
	}
	g, ok := GaussianCUSUM(-90, -80, 10, 500)
	if !ok {
		t.Fatal("no Gaussian CUSUM")
	}
	if got := arl(g, 4000, func() float64 { return -90 + 10*rng.NormFloat64() }); !scalar.EqualWithinRel(got, 500, 0.06) {
		t.Errorf("levels in control: one alarm per %v samples, want 500", got)
	}
	if got := arl(g, 4000, func() float64 { return -80 + 10*rng.NormFloat64() }); got > 12 {
		t.Errorf("10 dB more: %v samples to an alarm, want about 9", got)
	}
	for _, tt := range []struct{ p0, p1, arl float64 }{{0.03, 0.15, 1000}, {0.01, 0.05, 2000}, {0.2, 0.5, 300}, {1. / 3, 2. / 3, 500}} {
		b, exact, ok := BernoulliCUSUM(tt.p0, tt.p1, tt.arl)
		if !ok || exact < tt.arl {
			t.Fatalf("%+v: %v, %v", tt, exact, ok)
		}
		draw := func(p float64) func() float64 { return func() float64 { return indicator(rng.Float64() < p) } }
		in, out := arl(b, 2000, draw(tt.p0)), arl(b, 2000, draw(tt.p1))
		t.Logf("%+v: exact %.0f, in control %.0f, out %.1f", tt, exact, in, out)
		if !scalar.EqualWithinRel(in, exact, 0.08) || out > tt.arl/10 { // 3.5 standard errors
			t.Errorf("%+v: in control %v, want %v; out %v", tt, in, exact, out)
		}
	}
}

// Worked by hand, reference 1 and threshold 3.
func TestCUSUM(t *testing.T) {
	c, ok := NewCUSUM(1, 3)
	if !ok {
		t.Fatal("not ok")
	}
	for i, tt := range []struct {
		x, sum float64
		onset  int
		alarm  bool
	}{
		{1, 0, 0, false}, {0, 0, 1, false}, {2, 1, 2, false}, {nan, 1, 2, false}, {inf, 1, 2, false},
		{2.5, 2.5, 2, false}, {1.5, 3, 2, true}, {2, 1, 5, false}, {0, 0, 5, false}, {5, 4, 7, true},
	} {
		if alarm := c.Add(tt.x); alarm != tt.alarm || c.Sum() != tt.sum || c.Onset() != tt.onset {
			t.Errorf("step %d: %v, sum %v, onset %d; want %+v", i, alarm, c.Sum(), c.Onset(), tt)
		}
	}
}

func TestCUSUMInsufficient(t *testing.T) {
	for _, a := range [][2]float64{{nan, 1}, {inf, 1}, {0, 0}, {0, -1}, {0, nan}, {0, inf}} {
		if c, ok := NewCUSUM(a[0], a[1]); ok || c != nil {
			t.Errorf("NewCUSUM(%v): ok", a)
		}
	}
	for _, a := range [][4]float64{{0, 0, 1, 100}, {1, 0, 1, 100}, {0, 1, 0, 100}, {0, 1, 1, 1}, {0, 1, 1, inf}, {nan, 1, 1, 100}, {0, 1, 1, nan}, {0, 10, 1, 100}} {
		if c, ok := GaussianCUSUM(a[0], a[1], a[2], a[3]); ok || c != nil {
			t.Errorf("GaussianCUSUM(%v): ok", a)
		}
	}
	for _, a := range [][3]float64{{0, 0.5, 100}, {0.5, 0.5, 100}, {0.5, 0.4, 100}, {0.5, 1, 100}, {0.1, 0.5, 1}, {0.1, 0.5, inf}, {nan, 0.5, 100}, {0.6, 0.9, 100}, {1e-9, 2e-9, 100}} {
		if c, _, ok := BernoulliCUSUM(a[0], a[1], a[2]); ok || c != nil {
			t.Errorf("BernoulliCUSUM(%v): ok", a)
		}
	}
}

// Reference values: the mean of the two-sample factors over the places (NumPy); those of
// single places also by integrating the likelihood over mean, deviation and step on a grid
// (2.611185894 and 53.86765648 for a change after 3 and 5 samples).
func TestChangePoint(t *testing.T) {
	step := []float64{1.2, 0.8, 1.1, 0.9, 1.3, 2.1, 2.4, 1.9, 2.2, 2.0}
	at, bf, ok := ChangePoint(step)
	if !ok || at != 5 || !matches(bf, 1.2038928783062954) {
		t.Errorf("step: %d, %v, %v", at, bf, ok)
	}
	// Units and origin do not matter.
	moved := make([]float64, len(step))
	for i, v := range step {
		moved[i] = 1e6 - 40*v
	}
	if at, got, ok := ChangePoint(moved); !ok || at != 5 || !scalar.EqualWithinAbs(got, bf, 1e-6) {
		t.Errorf("moved: %d, %v, %v", at, got, ok)
	}
	// Without noise: ((1 + n1·n2/n)^(n−2))^(1/2) at the place; 8 samples, 4 and 4.
	if at, bf, ok := ChangePoint([]float64{5, 5, 5, 5, 7, 7, 7, 7}); !ok || at != 4 || !(bf > math.Log10(27./3) && bf < math.Log10(27)) {
		t.Errorf("exact step: %d, %v, %v", at, bf, ok)
	}
	for name, x := range map[string][]float64{
		"empty": nil, "one": {1}, "few": {1, 2, 3, 4, 5}, "constant": {2, 2, 2, 2, 2, 2, 2, 2},
		"NaN": {1, 2, 3, nan, 5, 6, 7}, "infinite": {1, 2, 3, inf, 5, 6, 7}, "overflow": {1e300, -1e300, 1, 2, 3, 4},
	} {
		if at, bf, ok := ChangePoint(x); ok || at != 0 || bf != 0 {
			t.Errorf("%s: %d, %v, %v", name, at, bf, ok)
		}
	}
}

// TestChangePointNull: without a change a factor of B is reached with probability 1/B at
// most, and a step of two deviations in the middle of 40 samples reaches a factor of 100
// in nine of ten series.
func TestChangePointNull(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 12))
	const runs = 20000
	for _, n := range []int{6, 20, 100} {
		var over, most float64
		for range runs {
			x := make([]float64, n)
			for i := range x {
				x[i] = rng.NormFloat64()
			}
			_, bf, _ := ChangePoint(x)
			over += indicator(bf >= 1)
			most = max(most, bf)
		}
		t.Logf("n = %d: %v reach 10, the largest factor 10^%.2f", n, over/runs, most)
		if over/runs > 0.1 {
			t.Errorf("n = %d: %v reach a factor of 10", n, over/runs)
		}
	}
	var found, placed float64
	for range 1000 {
		x := make([]float64, 40)
		for i := range x {
			x[i] = rng.NormFloat64() + 2*indicator(i >= 20)
		}
		at, bf, _ := ChangePoint(x)
		found += indicator(bf >= 2) / 1000
		placed += indicator(at >= 18 && at <= 22) / 1000
	}
	if found < 0.9 || placed < 0.9 {
		t.Errorf("found %v, within two samples %v", found, placed)
	}
}
