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
	start, n, bits, ok := PoissonScan(burst, 0, 600, 10, 0.01)
	if want := TailBits(scanTail(5, 10, 600, 0.01)); !ok || start != 100 || n != 5 || bits != want {
		t.Errorf("burst: %v, %v, %v, %v; want 100, 5, %v", start, n, bits, ok, want)
	}
	if burst[0] != 500 || burst[8] != 250 {
		t.Error("PoissonScan sorted its argument")
	}
	if _, n, bits, ok := PoissonScan([]float64{1, 1, 1, 1, 200}, 0, 100, 10, 1e-9); !ok || n != 4 || !(bits > 60) {
		t.Errorf("at once: %v, %v, %v", n, bits, ok)
	}
	if _, n, bits, ok := PoissonScan([]float64{1, 30, 60, 90}, 0, 100, 10, 1); !ok || n != 1 || bits != 0 {
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
		if _, _, bits, ok := PoissonScan(tt.times, tt.from, tt.to, tt.window, tt.lambda); ok || bits != 0 {
			t.Errorf("%s: %v, %v", tt.name, bits, ok)
		}
	}
}

// TestPoissonScanNull: the share of Poisson processes whose scan reaches b bits is at most
// 2^−b, with the rate known and with it taken from the events.
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
			if _, _, bits, _ := PoissonScan(times, 0, tt.span, tt.window, tt.lambda); bits >= 6 {
				known++
			}
			if _, _, bits, _ := PoissonScan(times, 0, tt.span, tt.window, float64(len(times))/tt.span); bits >= 6 {
				taken++
			}
		}
		const want = runs / 64.
		t.Logf("%+v: %d and %d of at most %.0f", tt, known, taken, want)
		// Alm's approximation may be 3 % low; three standard errors.
		if most := 1.03*want + 3*math.Sqrt(want); float64(known) > most || float64(taken) > most {
			t.Errorf("%+v: %d and %d reach 6 bits, expected at most %v", tt, known, taken, want)
		}
	}
}
