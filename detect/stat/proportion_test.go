package stat

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/floats/scalar"
)

// Reference values: the formula evaluated with 50 digits (Python decimal); 81 of 263 is
// also the example of R. G. Newcombe, Stat. Med. 17, 1998, table I (0.2553 to 0.3662).
func TestWilson(t *testing.T) {
	tests := []struct {
		k, n       int
		confidence float64
		low, high  float64
		ok         bool
	}{
		{15, 15, 0.95, 0.796116699, 1, true},
		{0, 50, 0.95, 0, 0.071347599, true},
		{81, 263, 0.95, 0.255288520, 0.366209577, true},
		{1, 10, 0.99, 0.011851503, 0.507231771, true},
		{0, 0, 0.95, 0, 0, false},
		{3, 2, 0.95, 0, 0, false},
		{-1, 2, 0.95, 0, 0, false},
		{1, 2, 1, 0, 0, false},
		{1, 2, math.NaN(), 0, 0, false},
	}
	for _, tt := range tests {
		low, high, ok := Wilson(tt.k, tt.n, tt.confidence)
		if ok != tt.ok || !scalar.EqualWithinAbs(low, tt.low, 1e-8) || !scalar.EqualWithinAbs(high, tt.high, 1e-8) {
			t.Errorf("Wilson(%d, %d, %v) = %.9f, %.9f, %v; want %.9f, %.9f, %v", tt.k, tt.n, tt.confidence, low, high, ok, tt.low, tt.high, tt.ok)
		}
	}
}

// TestWilsonHolds: the interval contains the share, and narrows with n.
func TestWilsonHolds(t *testing.T) {
	for n := 1; n <= 60; n++ {
		for k := 0; k <= n; k++ {
			low, high, ok := Wilson(k, n, 0.95)
			p := float64(k) / float64(n)
			if !ok || low < 0 || high > 1 || p < low || p > high {
				t.Fatalf("Wilson(%d, %d) = %v, %v, %v", k, n, low, high, ok)
			}
			low2, high2, _ := Wilson(2*k, 2*n, 0.95)
			if high2-low2 >= high-low {
				t.Fatalf("Wilson(%d, %d) is no narrower than Wilson(%d, %d)", 2*k, 2*n, k, n)
			}
		}
	}
}
