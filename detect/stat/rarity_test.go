package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats/scalar"
)

var nan, inf = math.NaN(), math.Inf(1)

// matches compares with the relative tolerance of reference values given to 10 digits.
func matches(got, want float64) bool {
	return got == want || math.IsNaN(got) && math.IsNaN(want) || scalar.EqualWithinRel(got, want, 1e-9)
}

func TestTailBits(t *testing.T) {
	for _, tt := range []struct{ p, want float64 }{
		{1, 0}, {0.5, 1}, {0.0009765625, 10}, {0, 1074}, {math.SmallestNonzeroFloat64, 1074},
		{1.0000000001, 0}, {-0.1, nan}, {nan, nan},
	} {
		if got := TailBits(tt.p); !matches(got, tt.want) {
			t.Errorf("TailBits(%v) = %v, want %v", tt.p, got, tt.want)
		}
	}
}

// Reference value: the recursion in Python, p = 1/8, then (c + 2p)/(t + 2) per level.
func TestShrunkSurprise(t *testing.T) {
	for _, tt := range []struct {
		name   string
		levels []Level
		alpha  float64
		values int
		want   float64
		ok     bool
	}{
		{"RAT, PLMN, area", []Level{{10, 200}, {4, 40}, {0, 12}}, 2, 8, 6.163525940366707, true},
		{"one level", []Level{{3, 20}}, 2, 4, 2.652076696579693, true},
		{"empty area changes nothing", []Level{{3, 20}, {0, 0}}, 2, 4, 2.652076696579693, true},
		{"none", nil, 2, 4, 0, false},
		{"all empty", []Level{{0, 0}, {0, 0}}, 2, 4, 0, false},
		{"small area", []Level{{10, 200}, {0, MinPeers - 1}}, 2, 4, 0, false},
		{"no values", []Level{{3, 20}}, 2, 0, 0, false},
		{"count above total", []Level{{3, 20}, {9, 8}}, 2, 4, 0, false},
		{"alpha", []Level{{3, 20}}, nan, 4, 0, false},
	} {
		got, ok := ShrunkSurprise(tt.levels, tt.alpha, tt.values)
		if ok != tt.ok || !matches(got, tt.want) {
			t.Errorf("%s: %v, %v; want %v, %v", tt.name, got, ok, tt.want, tt.ok)
		}
	}
	// A value common in the PLMN surprises less in an area that lacks it than one that
	// is rare in the PLMN too.
	common, _ := ShrunkSurprise([]Level{{80, 100}, {0, 10}}, 2, 8)
	rare, _ := ShrunkSurprise([]Level{{1, 100}, {0, 10}}, 2, 8)
	if common >= rare {
		t.Errorf("common %v >= rare %v", common, rare)
	}
}

// Reference values: scipy.stats.median_abs_deviation(x, scale='normal') of SciPy 1.17.1
// (0.29652044370112063 for the first) and, for MAD 0, numpy with math.sqrt(math.pi/2).
func TestMADScore(t *testing.T) {
	others := []float64{2.1, 2.4, 2.2, 2.9, 2.3, 2.6, 9.0}
	for _, tt := range []struct {
		name   string
		x      float64
		others []float64
		want   float64
		ok     bool
	}{
		{"odd", 5, others, 8.768366752549055, true},
		{"missing do not count", 5, append([]float64{nan, inf, -inf}, others...), 8.768366752549055, true},
		{"at the median", 2.4, others, 0, true},
		{"below", -0.2, others, -8.768366752549055, true},
		{"MAD 0", 9, []float64{7, 7, 7, 7, 7, 9, 3, 7}, 2.1276921621409746, true},
		{"constant", 8, []float64{7, 7, 7, 7, 7}, 0, false},
		{"constant, equal", 7, []float64{7, 7, 7, 7, 7}, 0, false},
		{"too few", 8, []float64{7, 6, 5, 4}, 0, false},
		{"too few present", 8, []float64{7, 6, 5, 4, nan}, 0, false},
		{"none", 8, nil, 0, false},
		{"missing", nan, others, 0, false},
		{"infinite", inf, others, 0, false},
		{"overflow", 1e308, []float64{-1e308, -1e308, -1e308, 1e-300, -1e308, -1e308, 1}, 0, false},
	} {
		got, ok := MADScore(tt.x, tt.others)
		if ok != tt.ok || !scalar.EqualWithinAbsOrRel(got, tt.want, 1e-12, 1e-9) {
			t.Errorf("%s: %v, %v; want %v, %v", tt.name, got, ok, tt.want, tt.ok)
		}
	}
	if others[0] != 2.1 || others[6] != 9.0 {
		t.Error("MADScore sorted its argument")
	}
}

// Reference values: 2·scipy.stats.t.sf(z/sqrt(1+pi/2/n), 0.37*(n-1)) of SciPy 1.17.1.
func TestMADBits(t *testing.T) {
	for _, tt := range []struct {
		z    float64
		n    int
		want float64
	}{
		{3.5, 5, 2.9165348406629796},
		{-3.5, 20, 6.399956592034837},
		{3.5, 200, 10.235824279126078},
		{40, 200, 168.9111529617902},
		{0, 20, 0},
		{inf, 20, MaxTailBits},
		{3.5, 4, nan},
		{nan, 20, nan},
	} {
		if got := MADBits(tt.z, tt.n); !matches(got, tt.want) {
			t.Errorf("MADBits(%v, %d) = %v, want %v", tt.z, tt.n, got, tt.want)
		}
	}
}

// TestMADScoreNull: the probability that MADBits states is that with which a normal value
// reaches z, to a factor of two up to 5 and never less than half beyond.
func TestMADScoreNull(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	const runs = 40000
	for _, n := range []int{5, 8, 20, 200} {
		levels := []float64{2, 3.5, 5, 10}
		hits, others := make([]float64, len(levels)), make([]float64, n)
		for range runs {
			for i := range others {
				others[i] = rng.NormFloat64()
			}
			z, _ := MADScore(rng.NormFloat64(), others)
			for i, level := range levels {
				if math.Abs(z) >= level {
					hits[i] += 1. / runs
				}
			}
		}
		for i, level := range levels {
			p := math.Exp2(-MADBits(level, n))
			slack := 3 * math.Sqrt(p/runs)
			t.Logf("n = %d, z = %v: %.5f, stated %.5f", n, level, hits[i], p)
			if hits[i] > 2*p+slack || level <= 5 && hits[i] < p/2-slack {
				t.Errorf("n = %d, z = %v: %v, stated %v", n, level, hits[i], p)
			}
		}
	}
}

func correlated(rng *rand.Rand, d int, rho float64) []float64 {
	common, x := rng.NormFloat64(), make([]float64, d)
	for i := range x {
		x[i] = math.Sqrt(rho)*common + math.Sqrt(1-rho)*rng.NormFloat64()
	}
	return x
}
