package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/floats/scalar"
	"gonum.org/v1/gonum/stat/distuv"
)

// commercialTables are the counts in the comment of CommercialExposure.
var commercialTables = struct{ exposed, connections []int }{
	[]int{21, 5, 232, 87, 20, 50, 125, 100, 58},
	[]int{352, 187, 9750, 6105, 433, 1539, 6640, 6854, 1876},
}

// Reference: Kleinman's equations in NumPy 2 (numpy.mean of the shares, then rho).
func TestFitExposure(t *testing.T) {
	r, ok := FitExposure(commercialTables.exposed, commercialTables.connections)
	if !ok || !scalar.EqualWithinAbsOrRel(r.Mean, 0.02971696847475762, 1e-14, 1e-12) ||
		!scalar.EqualWithinAbsOrRel(r.Concentration, 153.20953883968377, 1e-9, 1e-10) {
		t.Errorf("FitExposure = %.17g, %v", r, ok)
	}
	if !scalar.EqualWithinAbs(r.Mean, CommercialExposure.Mean, 1e-6) || !scalar.EqualWithinAbs(r.Concentration, CommercialExposure.Concentration, 1e-2) {
		t.Errorf("CommercialExposure = %v, the tables give %v", CommercialExposure, r)
	}
	bad := []struct {
		name        string
		exposed, of []int
	}{
		{"empty", nil, nil},
		{"two cells", []int{1, 2}, []int{100, 100}},
		{"lengths", []int{1, 2, 3}, []int{100, 100}},
		{"no connections", []int{1, 2, 0}, []int{100, 100, 0}},
		{"more than all", []int{1, 2, 101}, []int{100, 100, 100}},
		{"negative", []int{1, 2, -1}, []int{100, 100, 100}},
		{"constant", []int{3, 3, 3}, []int{100, 100, 100}},
		{"none exposed", []int{0, 0, 0}, []int{100, 100, 100}},
		{"single connections", []int{0, 1, 0}, []int{1, 1, 1}},
	}
	for _, tt := range bad {
		if r, ok := FitExposure(tt.exposed, tt.of); ok {
			t.Errorf("%s: FitExposure = %v, want none", tt.name, r)
		}
	}
}

// TestFitExposureRecovers: the estimate is right on average where the truth is known.
func TestFitExposureRecovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	truth := ExposureRate{0.05, 60}
	b := distuv.Beta{Alpha: truth.Mean * truth.Concentration, Beta: (1 - truth.Mean) * truth.Concentration, Src: rng}
	var k, n []int
	for range 4000 {
		m := 20 + rng.IntN(400)
		k, n = append(k, int(distuv.Binomial{N: float64(m), P: b.Rand(), Src: rng}.Rand())), append(n, m)
	}
	// Four thousand shares give the mean to about 1 %, the concentration to 5 %.
	if r, ok := FitExposure(k, n); !ok || !scalar.EqualWithinRel(r.Mean, truth.Mean, 0.03) || !scalar.EqualWithinRel(r.Concentration, truth.Concentration, 0.15) {
		t.Errorf("FitExposure = %v, %v; want about %v", r, ok, truth)
	}
}

// Reference: SciPy 1.17.1: betaln, betaincc and beta.isf(0.001), most also with 40 digits
// in mpmath 1.3.
func TestExposureLogFactor(t *testing.T) {
	r := CommercialExposure
	if a := r.Above(); !scalar.EqualWithinAbs(a, 0.0890582807095694, 1e-9) {
		t.Errorf("Above = %.12f", a)
	}
	if a := (ExposureRate{0.06, 153.21}).Above(); !scalar.EqualWithinAbs(a, 0.13486965298021444, 1e-9) {
		t.Errorf("Above at 6 %% = %.12f", a)
	}
	tests := []struct {
		exposed, connections int
		want                 float64
	}{
		{0, 1, -0.328437826},
		{1, 1, 1.263016162},
		{2, 2, 2.533665748},
		{1, 20, -1.135738798},
		{11, 11, 12.662530574},
		{27, 97, 6.860885641},
		{4, 14, 1.757300108},
		{0, 97, -4.936639354},
		{87, 424, 6.643839907},
		{0, 5000, -199.259538448},
		{100, 5000, -93.403257677},
		{5000, 5000, 280.742837635},
	}
	for _, tt := range tests {
		// The incomplete beta function has a relative error of 1e-10 at most.
		if got, ok := r.LogFactor(tt.exposed, tt.connections); !ok || !scalar.EqualWithinAbsOrRel(got, tt.want, 1e-7, 1e-8) {
			t.Errorf("LogFactor(%d, %d) = %.9f, %v; want %.9f", tt.exposed, tt.connections, got, ok, tt.want)
		}
	}
	for _, c := range [][2]int{{0, 0}, {-1, 5}, {6, 5}, {0, -1}} {
		if got, ok := r.LogFactor(c[0], c[1]); ok || got != 0 {
			t.Errorf("LogFactor(%d, %d) = %v, %v; want none", c[0], c[1], got, ok)
		}
	}
	for _, bad := range []ExposureRate{{}, {math.NaN(), 100}, {0.03, math.NaN()}, {0.03, math.Inf(1)}, {1, 100}, {-0.1, 100}, {0.03, 0}} {
		if got, ok := bad.LogFactor(1, 2); ok || got != 0 {
			t.Errorf("%v.LogFactor = %v, %v; want none", bad, got, ok)
		}
		if _, ok := NewExposureTest(bad, ExposureAlarm); ok {
			t.Errorf("NewExposureTest(%v) is a test", bad)
		}
	}
	for _, threshold := range []float64{0, -1, math.NaN()} {
		if _, ok := NewExposureTest(r, threshold); ok {
			t.Errorf("NewExposureTest with threshold %v is a test", threshold)
		}
	}
}

// TestExposureLogFactorHolds: the factor rises with what is exposed, and is finite for
// counts of any size.
func TestExposureLogFactorHolds(t *testing.T) {
	for _, r := range []ExposureRate{CommercialExposure, {0.06, 153.21}, {0.001, 20}, {0.3, 10}} {
		for _, n := range []int{1, 5, 40, 333} {
			last := math.Inf(-1)
			for k := range n + 1 {
				f, ok := r.LogFactor(k, n)
				if !ok || f < last {
					t.Fatalf("%v.LogFactor(%d, %d) = %v, %v, after %v", r, k, n, f, ok, last)
				}
				last = f
			}
		}
	}
	for _, n := range []int{1e5, 1e7, 1e9} {
		for _, k := range []int{0, n / 1000, n / 50, n / 5, n} {
			if f, ok := CommercialExposure.LogFactor(k, n); !ok || math.IsNaN(f) || math.IsInf(f, 0) || f < exposureFloor {
				t.Errorf("LogFactor(%d, %d) = %v, %v", k, n, f, ok)
			}
		}
	}
}

// TestExposureIsEvidence: the mean of the factor itself is 1 on ordinary minutes. That is
// what makes the test's bound hold.
func TestExposureIsEvidence(t *testing.T) {
	for _, n := range []int{1, 10, 60, 200} {
		a, b := CommercialExposure.Mean*CommercialExposure.Concentration, (1-CommercialExposure.Mean)*CommercialExposure.Concentration
		mean := 0.0
		for k := range n + 1 {
			f, _ := CommercialExposure.LogFactor(k, n)
			mean += math.Pow(10, f) * math.Exp(logBetaBinomial(k, n, a, b))
		}
		if !scalar.EqualWithinAbs(mean, 1, 1e-6) {
			t.Errorf("%d connections: mean factor %v, want 1", n, mean)
		}
	}
}

// logBetaBinomial is SciPy's betabinom.logpmf.
func logBetaBinomial(k, n int, a, b float64) float64 {
	lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	x, m := float64(k), float64(n)
	return lg(m+1) - lg(x+1) - lg(m-x+1) + lg(a+x) + lg(b+m-x) - lg(a+b+m) + lg(a+b) - lg(a) - lg(b)
}

func TestExposureNetwork(t *testing.T) {
	r := ExposureRate{0.03, 150}
	tests := []struct {
		exposed, connections int
		mean                 float64
	}{
		{0, 0, 0.03},
		{0, 150, 0.015},
		{3, 150, 0.025},
		{21, 352, (4.5 + 21) / 502},
		{900, 1000, 0.06}, // the other cells are no better
		{0, 1e9, 0.014},
		{5, 3, 0.03},
		{-1, 3, 0.03},
	}
	for _, tt := range tests {
		if got := r.Network(tt.exposed, tt.connections); !scalar.EqualWithinAbs(got.Mean, tt.mean, 1e-12) || got.Concentration != r.Concentration {
			t.Errorf("Network(%d, %d) = %v, want mean %v", tt.exposed, tt.connections, got, tt.mean)
		}
	}
	if got := (ExposureRate{0.2, 50}).Network(10, 50); got.Mean != 0.2 {
		t.Errorf("a rate above the highest is lowered to %v", got)
	}
	if got := (ExposureRate{0.001, 50}).Network(0, 50); got.Mean != 0.001 {
		t.Errorf("a rate below the lowest becomes %v", got)
	}
}

// TestExposureTest follows the windows of an attack between quiet minutes.
func TestExposureTest(t *testing.T) {
	e, ok := NewExposureTest(CommercialExposure, ExposureAlarm)
	if !ok {
		t.Fatal("no test")
	}
	quiet := func(minutes int) {
		t.Helper()
		for range minutes {
			if w, alarm := e.Add(1, 60); alarm {
				t.Fatalf("quiet minute: %+v", w)
			}
		}
	}
	quiet(5)
	if w, alarm := e.Add(0, 0); alarm {
		t.Fatalf("empty minute: %+v", w)
	}
	// Ten of ten would be enough evidence, but are too few; with the minute before them
	// they are not.
	w, alarm := e.Add(10, 10)
	if f, _ := CommercialExposure.LogFactor(11, 70); alarm || f >= ExposureAlarm {
		t.Fatalf("ten of ten: %+v, %v", w, alarm)
	}
	w, alarm = e.Add(5, 8)
	if f, _ := CommercialExposure.LogFactor(15, 18); !alarm || w != (ExposureWindow{First: 6, Minutes: 2, Connections: 18, Exposed: 15, Log10: f}) {
		t.Fatalf("eighteen: %+v, %v", w, alarm)
	}
	// It starts anew.
	if w, alarm := e.Add(1, 1); alarm {
		t.Fatalf("after the alarm: %+v", w)
	}
	quiet(200)
	if w, alarm := e.Add(27, 97); !alarm || w.First != 209 || w.Minutes != 1 {
		t.Fatalf("after 200 quiet minutes: %+v, %v", w, alarm)
	}
	if w, alarm := e.Add(20000, 20000); !alarm || w.Connections != 20000 {
		t.Fatalf("a busy minute: %+v, %v", w, alarm)
	}
	for _, c := range [][2]int{{-1, 4}, {5, 4}, {0, -3}} {
		if w, alarm := e.Add(c[0], c[1]); alarm || w != (ExposureWindow{}) {
			t.Fatalf("Add(%d, %d) = %+v, %v", c[0], c[1], w, alarm)
		}
	}
}

// TestExposureTestIsMaximum compares with the factors of all windows one by one.
func TestExposureTestIsMaximum(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		e, _ := NewExposureTest(CommercialExposure, 2)
		var ks, ns []int
		from := 0
		for i := range 30 {
			n := rng.IntN(12)
			k := 0
			if n > 0 {
				k = rng.IntN(n+1) * rng.IntN(2) * rng.IntN(2)
			}
			ks, ns = append(ks, k), append(ns, n)
			var want ExposureWindow
			for first, a, b := i, 0, 0; first >= from; first-- {
				a, b = a+ks[first], b+ns[first]
				if f, ok := CommercialExposure.LogFactor(a, b); ok && f >= 2 && b > ExposureFew && f > want.Log10 {
					want = ExposureWindow{First: first, Minutes: i - first + 1, Connections: b, Exposed: a, Log10: f}
				}
			}
			w, alarm := e.Add(k, n)
			if k > 0 && (w != want || alarm != (want.Minutes > 0)) {
				t.Fatalf("minute %d: %+v, want %+v", i, w, want)
			}
			if alarm {
				from = i + 1
			}
		}
	}
}

// sampler draws beta-binomial or binomial counts of n connections by inversion.
type sampler struct {
	cumulative []float64
	rng        *rand.Rand
}

func newSampler(n int, rng *rand.Rand, logp func(k int) float64) sampler {
	s, sum := sampler{rng: rng}, 0.0
	for k := range n + 1 {
		sum += math.Exp(logp(k))
		s.cumulative = append(s.cumulative, sum)
	}
	return s
}

func (s sampler) draw() int {
	u := s.rng.Float64() * s.cumulative[len(s.cumulative)-1]
	for k, c := range s.cumulative {
		if u < c {
			return k
		}
	}
	return len(s.cumulative) - 1
}

// TestExposureFalseAlarms counts alarms on ordinary busy cells: as the rate describes them,
// each with a share of its own for a year or with another one every minute, and, as the
// worst case, all with the share of the worst commercial table. 10 cells and a year each
// are 5 million minutes, so the bound is 5 alarms. It is one on the average over cells,
// which the worst case need not keep, but does. (With 40 cells it was 0 to 3.)
func TestExposureFalseAlarms(t *testing.T) {
	const cells, minutes = 10, 525960
	if testing.Short() {
		t.Skip("simulates 5 million minutes nine times")
	}
	r := CommercialExposure
	a, b := r.Mean*r.Concentration, (1-r.Mean)*r.Concentration
	binomial := func(n int, p float64) func(int) float64 {
		return func(k int) float64 { return distuv.Binomial{N: float64(n), P: p}.LogProb(float64(k)) }
	}
	tests := []struct {
		name string
		logp func(n int, rng *rand.Rand) func(k int) float64
	}{
		{"a share for each cell", func(n int, rng *rand.Rand) func(int) float64 {
			return binomial(n, distuv.Beta{Alpha: a, Beta: b, Src: rng}.Rand())
		}},
		{"a share for each minute", func(n int, _ *rand.Rand) func(int) float64 {
			return func(k int) float64 { return logBetaBinomial(k, n, a, b) }
		}},
		{"6 % on every cell", func(n int, _ *rand.Rand) func(int) float64 { return binomial(n, 0.06) }},
	}
	for _, tt := range tests {
		for _, n := range []int{5, 20, 60} {
			rng := rand.New(rand.NewPCG(4, uint64(n)))
			alarms := 0
			for range cells {
				s := newSampler(n, rng, tt.logp(n, rng))
				e, _ := NewExposureTest(r, ExposureAlarm)
				for range minutes {
					if _, alarm := e.Add(s.draw(), n); alarm {
						alarms++
					}
				}
			}
			t.Logf("%s, %d connections a minute: %d alarms in %d cell years", tt.name, n, alarms, cells)
			if alarms > cells*minutes/1000000 {
				t.Errorf("%s, %d connections a minute: %d alarms, want at most %d", tt.name, n, alarms, cells*minutes/1000000)
			}
		}
	}
}

// TestExposureEnough measures what the comment of ExposureEnough claims, however many
// connections come in a minute.
func TestExposureEnough(t *testing.T) {
	tests := []struct {
		rate        float64
		connections int
		want        float64
	}{{0.286, ExposureEnough, 0.9}, {0.5, ExposureEnough / 2, 0.999}}
	for _, tt := range tests {
		for _, each := range []int{3, 15, tt.connections} {
			rng := rand.New(rand.NewPCG(5, uint64(each)))
			const cells = 2000
			found := 0
			for range cells {
				e, _ := NewExposureTest(CommercialExposure, ExposureAlarm)
				for range tt.connections / each {
					k := 0
					for range each {
						if rng.Float64() < tt.rate {
							k++
						}
					}
					if _, alarm := e.Add(k, each); alarm {
						found++
						break
					}
				}
			}
			share := float64(found) / cells
			t.Logf("share %.3f, %d connections a minute: %.3f of cells found in %d connections", tt.rate, each, share, tt.connections)
			if share < tt.want {
				t.Errorf("share %.3f, %d connections a minute: %.3f of cells found, want %.3f", tt.rate, each, share, tt.want)
			}
		}
	}
}
