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

// Reference values: the formula in Python with math.log2.
func TestSurprise(t *testing.T) {
	for _, tt := range []struct {
		count, total int
		alpha, prior float64
		want         float64
	}{
		{3, 20, 2, 0.25, 2.652076696579693},
		{0, 0, 1, 0.125, 3}, // nobody else: the prior
		{0, 1023, 1, 1, 10},
		{7, 7, 1, 1, 0},
		{8, 7, 1, 0.5, nan},
		{-1, 7, 1, 0.5, nan},
		{1, 7, 0, 0.5, nan},
		{1, 7, inf, 0.5, nan},
		{1, 7, nan, 0.5, nan},
		{1, 7, 1, 0, nan},
		{1, 7, 1, 1.5, nan},
		{1, 7, 1, nan, nan},
	} {
		if got := Surprise(tt.count, tt.total, tt.alpha, tt.prior); !matches(got, tt.want) {
			t.Errorf("Surprise(%d, %d, %v, %v) = %v, want %v", tt.count, tt.total, tt.alpha, tt.prior, got, tt.want)
		}
	}
}

// TestSurpriseSums: the probabilities of all values of a parameter sum to 1.
func TestSurpriseSums(t *testing.T) {
	counts, total := []int{12, 5, 1, 0, 0, 0, 0, 2}, 20
	var sum float64
	for _, c := range counts {
		sum += math.Exp2(-Surprise(c, total, 1.7, 1/float64(len(counts))))
	}
	if !scalar.EqualWithinAbs(sum, 1, 1e-12) {
		t.Errorf("sum %v, want 1", sum)
	}
}

// Worked by hand. Of 10 members A A A A A A B B C and the one in question:
func TestRareTail(t *testing.T) {
	for _, tt := range []struct {
		name      string
		count     int
		different []int
		want      float64
		ok        bool
	}{
		{"new value: itself and C", 0, []int{6, 2, 1}, 0.2, true},
		{"a second C: both, and both B", 1, []int{6, 2}, 0.4, true},
		{"a third B: three, and C", 2, []int{6, 1}, 0.4, true},
		{"another A: all", 6, []int{2, 1}, 1, true},
		{"new among 99 alike", 0, []int{99}, 0.01, true},
		{"all alike", 5, nil, 1, true},
		{"none", 0, nil, 0, false},
		{"too few", 0, []int{MinPeers - 1}, 0, false},
		{"negative", -1, []int{20}, 0, false},
		{"negative other", 1, []int{20, -1}, 0, false},
	} {
		if got, ok := RareTail(tt.count, tt.different); ok != tt.ok || !matches(got, tt.want) {
			t.Errorf("%s: %v, %v; want %v, %v", tt.name, got, ok, tt.want, tt.ok)
		}
	}
}

// TestRarityNull: a parameter of 16 values of which 14 share 10 %. The tail keeps what it
// states; at the same number of bits Surprise raises more alarms than 2^−b, as its
// comment warns.
func TestRarityNull(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 13))
	const runs, n, values = 20000, 200, 16
	draw := func() int {
		switch u := rng.Float64(); {
		case u < 0.6:
			return 0
		case u < 0.9:
			return 1
		default:
			return 2 + int((u-0.9)*140)
		}
	}
	tail, surprise := make([]float64, 8), make([]float64, 8)
	for range runs {
		var counts [values + 1]int
		for range n {
			counts[draw()]++
		}
		own := draw()
		count := counts[own]
		counts[own] = 0
		p, ok := RareTail(count, counts[:])
		if !ok {
			t.Fatal("insufficient")
		}
		for b := range tail {
			tail[b] += indicator(TailBits(p) >= float64(b)) / runs
			surprise[b] += indicator(Surprise(count, n, 1, 1./values) >= float64(b)) / runs
		}
	}
	for b := range tail {
		want := ExpectedFalseAlarms(float64(b), 1)
		t.Logf("%d bits: tail %.4f, surprise %.4f, expected at most %.4f", b, tail[b], surprise[b], want)
		if tail[b] > want+3*math.Sqrt(want/runs) {
			t.Errorf("%d bits: rate %v, expected at most %v", b, tail[b], want)
		}
	}
	if surprise[6] <= ExpectedFalseAlarms(6, 1) {
		t.Error("the comment of Surprise overstates")
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
		{"one level is Surprise", []Level{{3, 20}}, 2, 4, 2.652076696579693, true},
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

// setosa is the first 20 flowers of R. A. Fisher's iris data (Ann. Eugen. 7, 1936).
var setosa = [][]float64{
	{5.1, 3.5, 1.4, 0.2}, {4.9, 3.0, 1.4, 0.2}, {4.7, 3.2, 1.3, 0.2}, {4.6, 3.1, 1.5, 0.2}, {5.0, 3.6, 1.4, 0.2},
	{5.4, 3.9, 1.7, 0.4}, {4.6, 3.4, 1.4, 0.3}, {5.0, 3.4, 1.5, 0.2}, {4.4, 2.9, 1.4, 0.2}, {4.9, 3.1, 1.5, 0.1},
	{5.4, 3.7, 1.5, 0.2}, {4.8, 3.4, 1.6, 0.2}, {4.8, 3.0, 1.4, 0.1}, {4.3, 3.0, 1.1, 0.1}, {5.8, 4.0, 1.2, 0.2},
	{5.7, 4.4, 1.5, 0.4}, {5.4, 3.9, 1.3, 0.4}, {5.1, 3.5, 1.4, 0.3}, {5.7, 3.8, 1.7, 0.3}, {5.1, 3.8, 1.5, 0.3},
}

// Reference values: sklearn.covariance.ledoit_wolf (scikit-learn 1.9.1) of the
// columns scaled to unit variance, numpy.linalg.solve and scipy.stats.f.sf and logsf
// (SciPy 1.17.1) with 4 and 16 degrees of freedom. Flower 42 of the data is the known
// outlier of the species, flower 51 is of another.
func TestMahalanobisTail(t *testing.T) {
	p, shrinkage, ok := mahalanobis([]float64{4.5, 2.3, 1.3, 0.3}, setosa)
	if !ok || !matches(shrinkage, 0.2719635492945695) || !matches(p, 0.03263162735451692) {
		t.Errorf("flower 42: %v, %v, %v", p, shrinkage, ok)
	}
	if bits, ok := MahalanobisTail([]float64{4.5, 2.3, 1.3, 0.3}, setosa); !ok || !matches(bits, 4.93758525267446) {
		t.Errorf("flower 42: %v bits", bits)
	}
	if bits, ok := MahalanobisTail([]float64{7, 3.2, 4.7, 1.4}, setosa); !ok || !matches(bits, 37.46495388294463) {
		t.Errorf("flower 51: %v bits", bits)
	}
	// In one dimension without shrinkage it is the t test for a new observation:
	// 2·scipy.stats.t.sf(|x−m|/(s·sqrt(1+1/n)), n−1).
	one := make([][]float64, len(setosa))
	for i, r := range setosa {
		one[i] = r[:1]
	}
	if p, s, ok := mahalanobis([]float64{7}, one); !ok || s != 0 || !matches(p, 0.00025072184307772257) {
		t.Errorf("one dimension: %v, %v, %v", p, s, ok)
	}
}

func TestMahalanobisTailEdges(t *testing.T) {
	want, _ := MahalanobisTail([]float64{4.5, 2.3, 1.3, 0.3}, setosa)
	// A constant column, a missing value of x and a row without a value.
	var wide [][]float64
	for _, r := range setosa {
		wide = append(wide, []float64{7, r[0], r[1], 5 * r[0], r[2], r[3]})
	}
	wide = append(wide, []float64{7, nan, 1, 1, 1, 1})
	if got, ok := MahalanobisTail([]float64{9, 4.5, 2.3, nan, 1.3, 0.3}, wide); !ok || !matches(got, want) {
		t.Errorf("with gaps: %v, %v; want %v", got, ok, want)
	}
	// A column that repeats another makes the covariance singular; shrinkage mends it.
	var twice [][]float64
	for _, r := range setosa {
		twice = append(twice, []float64{r[0], r[0], r[1]})
	}
	if bits, ok := MahalanobisTail([]float64{7, 7, 3.2}, twice); !ok || !(bits > 0) {
		t.Errorf("repeated column: %v, %v", bits, ok)
	}
	if bits, ok := MahalanobisTail([]float64{1e9, -1e9, 1e9, 1e9}, setosa); !ok || !(bits > 100) {
		t.Errorf("far away: %v, %v", bits, ok)
	}
	constant := make([][]float64, 20)
	for i := range constant {
		constant[i] = []float64{1, 2}
	}
	for _, tt := range []struct {
		name   string
		x      []float64
		others [][]float64
	}{
		{"empty", nil, nil},
		{"no others", []float64{1}, nil},
		{"too few", []float64{1, 2, 3, 4}, setosa[:MinVectors-1]},
		{"too many dimensions", append(make([]float64, 11), 1), eleven()},
		{"nothing known", []float64{nan, nan, inf, nan}, setosa},
		{"constant", []float64{1, 3}, constant},
		{"uneven", []float64{1, 2, 3}, setosa},
		{"overflow", []float64{1}, [][]float64{{1e308}, {-1e308}, {1e308}, {-1e308}, {1e308}, {1e308}, {1e308}, {1e308}, {1e308}, {1e308}}},
	} {
		if bits, ok := MahalanobisTail(tt.x, tt.others); ok || bits != 0 {
			t.Errorf("%s: %v, %v; want 0, false", tt.name, bits, ok)
		}
	}
}

// eleven returns 20 vectors of 12 dimensions.
func eleven() [][]float64 {
	rng := rand.New(rand.NewPCG(2, 2))
	out := make([][]float64, 20)
	for i := range out {
		for range 12 {
			out[i] = append(out[i], rng.NormFloat64())
		}
	}
	return out
}

// TestMahalanobisTailNull: over normal vectors the share that reaches b bits is at most
// 2^−b, whatever the correlation (three standard errors allowed).
func TestMahalanobisTailNull(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	const runs = 4000
	for _, tt := range []struct {
		n, d int
		rho  float64
	}{{12, 2, 0}, {12, 6, 0.5}, {40, 5, 0}, {40, 5, 0.9}, {219, 6, 0.5}} {
		var over5, over8 int
		for range runs {
			x := correlated(rng, tt.d, tt.rho)
			others := make([][]float64, tt.n)
			for i := range others {
				others[i] = correlated(rng, tt.d, tt.rho)
			}
			bits, ok := MahalanobisTail(x, others)
			if !ok {
				t.Fatalf("%+v: insufficient", tt)
			}
			if bits >= 5 {
				over5++
			}
			if bits >= 8 {
				over8++
			}
		}
		t.Logf("%+v: %d of %.0f, %d of %.1f", tt, over5, ExpectedFalseAlarms(5, runs), over8, ExpectedFalseAlarms(8, runs))
		if w5, w8 := ExpectedFalseAlarms(5, runs), ExpectedFalseAlarms(8, runs); float64(over5) > w5+3*math.Sqrt(w5) || float64(over8) > w8+3*math.Sqrt(w8) {
			t.Errorf("%+v: %d reach 5 bits, %d reach 8; expected at most %v, %v", tt, over5, over8, w5, w8)
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
