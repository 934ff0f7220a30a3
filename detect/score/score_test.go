package score

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/rule"
)

func TestSum(t *testing.T) {
	tests := []struct {
		name string
		in   []Summand
		want float64
	}{
		// Expected values are 100/(1+10^-(prior+sum)) by hand.
		{"nothing: the prior", nil, 1},
		{"one finding counts in full", []Summand{{Family: rule.Attract, Weight: 1}}, 9.1},
		{"the second of a family is damped", []Summand{{Family: rule.Attract, Weight: 1}, {Family: rule.Attract, Weight: 1}}, 18.3},
		{"families add", []Summand{{Family: rule.Attract, Weight: 1}, {Family: rule.Identify, Weight: 1}}, 50},
		{"a family is capped", []Summand{{Family: rule.Attract, Weight: 9}}, 38.7},
		{"counter-evidence", []Summand{{Family: rule.Attract, Weight: 1}, {Family: rule.Counter, Weight: -1}}, 1},
		{"counter-evidence is capped", []Summand{{Family: rule.Counter, Weight: -9}}, 0},
		{"not a number is nothing", []Summand{{Family: rule.Attract, Weight: math.NaN()}}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Sum(tt.in); got != tt.want {
				t.Errorf("Sum = %v, want %v", got, tt.want)
			}
		})
	}
}

// TestNoFamilyAlone: whatever one family brings stays below suspicious.
func TestNoFamilyAlone(t *testing.T) {
	var all []Summand
	for range 50 {
		all = append(all, Summand{Family: rule.Attract, Weight: 3})
	}
	if v := Of(Sum(all), 50); v >= Suspicious {
		t.Errorf("one family alone reaches %v", v)
	}
}

// TestMoreEvidenceNeverLowers: adding a finding for a false base station to any set
// of findings does not lower the score, and the order does not matter.
func TestMoreEvidenceNeverLowers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	families := []rule.Family{rule.Attract, rule.Identify, rule.Cipher, rule.Deny, rule.Counter}
	random := func() Summand {
		f := families[r.IntN(len(families))]
		w := 2 * r.Float64()
		if f == rule.Counter {
			w = -w
		}
		return Summand{Family: f, Weight: w}
	}
	for range 5000 {
		var s []Summand
		for range r.IntN(12) {
			s = append(s, random())
		}
		before := Sum(s)
		shuffled := slices.Clone(s)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := Sum(shuffled); got != before {
			t.Fatalf("order changes the score: %v and %v of %v", before, got, s)
		}
		more := random()
		more.Weight = math.Abs(more.Weight)
		if more.Family == rule.Counter {
			more.Family = rule.Attract
		}
		if after := Sum(append(s, more)); after < before {
			t.Fatalf("adding %v to %v lowers %v to %v", more, s, before, after)
		}
	}
}

func TestVerdicts(t *testing.T) {
	for _, v := range Verdicts() {
		got, ok := ParseVerdict(v.String())
		if !ok || got != v {
			t.Errorf("ParseVerdict(%q) = %v, %v", v, got, ok)
		}
	}
	if _, ok := ParseVerdict("guilty"); ok {
		t.Error("an unknown verdict is accepted")
	}
	tests := []struct {
		percent float64
		judged  int
		want    Verdict
	}{
		{0, 0, Insufficient}, {9.9, 3, Insufficient}, {9.9, 4, Ordinary}, {10, 1, Unusual},
		{49.9, 9, Unusual}, {50, 1, Suspicious}, {89.9, 9, Suspicious}, {90, 1, Consistent}, {100, 9, Consistent},
	}
	for _, tt := range tests {
		if got := Of(tt.percent, tt.judged); got != tt.want {
			t.Errorf("Of(%v, %d) = %v, want %v", tt.percent, tt.judged, got, tt.want)
		}
	}
}
