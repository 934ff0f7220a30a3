package stat

import (
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats/scalar"
	"gonum.org/v1/gonum/stat/distuv"
)

// Reference values: scipy.stats.false_discovery_control(p) of SciPy 1.17.1, the same as
// R's p.adjust(p, "BH"), which also passes over NA.
func TestBH(t *testing.T) {
	in := []float64{0.01, 0.04, nan, 0.03, 0.005, 0.55, 0.8, 0.02, -1}
	want := []float64{0.035, 0.056, nan, 0.0525, 0.035, 0.6416666666666667, 0.8, 0.04666666666666667, nan}
	got := BH(in)
	for i := range want {
		if !matches(got[i], want[i]) {
			t.Errorf("BH[%d] = %v, want %v", i, got[i], want[i])
		}
	}
	if in[0] != 0.01 || in[4] != 0.005 {
		t.Error("BH changed its argument")
	}
	if got := BH(nil); len(got) != 0 {
		t.Errorf("BH(nil) = %v", got)
	}
	if got := BH([]float64{0.3}); got[0] != 0.3 {
		t.Errorf("BH of one = %v", got)
	}
	if got := BH([]float64{0, 1, 1}); got[0] != 0 || got[1] != 1 || got[2] != 1 {
		t.Errorf("BH of 0, 1, 1 = %v", got)
	}
}

// TestBHControls: the mean share of false rejections among all, over 1,000 draws of 200
// tests of which 10 have an effect, stays at q·190/200.
func TestBHControls(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	const q, draws = 0.1, 1000
	var share float64
	for range draws {
		p := make([]float64, 200)
		for i := range p {
			z := rng.NormFloat64()
			if i < 10 {
				z += 4
			}
			p[i] = distuv.UnitNormal.Survival(z)
		}
		var all, wrong float64
		for i, a := range BH(p) {
			if a <= q {
				all++
				if i >= 10 {
					wrong++
				}
			}
		}
		share += wrong / max(all, 1) / draws
	}
	if !scalar.EqualWithinAbs(share, q*190/200, 0.012) { // 3 standard errors
		t.Errorf("share of false discoveries %v, want %v", share, q*190/200)
	}
}

// Reference values: scipy.stats.landau.sf of SciPy 1.17.1 at 2/π·(1/p − log n −
// 0.874367040387922), p the harmonic mean; SciPy's standard Landau has scale 1 here.
func TestHarmonicMean(t *testing.T) {
	many := []float64{1e-8}
	for range 19 {
		many = append(many, 0.7)
	}
	for _, tt := range []struct {
		name string
		p    []float64
		want float64
	}{
		{"four", []float64{0.01, 0.02, 0.03, 0.5}, 0.024220040238119116},
		{"three", []float64{0.001, 0.2, 0.4}, 0.003040005017624566},
		{"one of twenty", many, 2.0000068254368697e-07},
		{"all ordinary", []float64{0.5, 0.5, 0.5, 0.5, 0.5}, 0.7189378960632646},
		{"all large", []float64{0.9, 0.8, 1, 0.99}, 0.8406522449450735},
		{"gaps", []float64{nan, 0.001, 0.2, -1, 0.4, 2}, 0.003040005017624566},
		{"one", []float64{0.03}, 0.03},
		{"impossible", []float64{0, 0.5}, 0},
		{"one, impossible", []float64{0}, 0},
		{"none", nil, nan},
		{"none tested", []float64{nan, inf}, nan},
	} {
		if got := HarmonicMean(tt.p); !(matches(got, tt.want) || scalar.EqualWithinRel(got, tt.want, 1e-7)) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Reference values: scipy.stats.landau.sf of SciPy 1.17.1. The two integrals meet at 2.
func TestLandauTail(t *testing.T) {
	for _, tt := range []struct{ z, want float64 }{
		{-3, 0.9999999999996342}, {-1, 0.9038390389593682}, {0, 0.6347612984876252}, {1, 0.42213324035804767},
		{1.999, 0.29598768697312533}, {2, 0.2958921379557912}, {3, 0.22070332664113163}, {10, 0.07089670638256246},
		{1000, 0.000639256548462073}, {1e8, 6.366198453103158e-09},
	} {
		if got := landauTail(tt.z); !scalar.EqualWithinRel(got, tt.want, 1e-7) { // of the quadrature
			t.Errorf("landauTail(%v) = %.12g, want %.12g", tt.z, got, tt.want)
		}
	}
}

// TestHarmonicMeanNull: false alarms of 12 equally correlated features of a cell, at 1 in
// 100. Wilson finds up to about a quarter more than stated at intermediate correlation.
func TestHarmonicMeanNull(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	const runs = 20000
	for _, rho := range []float64{0, 0.3, 0.6, 0.9} {
		hits := 0
		for range runs {
			p := correlated(rng, 12, rho)
			for i, z := range p {
				p[i] = distuv.UnitNormal.Survival(z)
			}
			if HarmonicMean(p) <= 0.01 {
				hits++
			}
		}
		rate := float64(hits) / runs
		t.Logf("correlation %v: %v", rho, rate)
		if rate > 0.0145 || rate < 0.004 {
			t.Errorf("correlation %v: rate %v, want about 0.01", rho, rate)
		}
	}
}
