package score

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/rule"
)

// TestEmbedded: the table of the program is valid, names what it was measured on, and
// says of each family what its weight rests on.
func TestEmbedded(t *testing.T) {
	c := Embedded()
	if len(c.Families) == 0 || len(c.Labels) == 0 || len(c.RATs) == 0 || !strings.HasPrefix(c.Ruleset, "sha256:") {
		t.Fatalf("no provenance: %+v", c)
	}
	for _, l := range c.Labels {
		if len(l.SHA256) != 64 || l.Name == "" {
			t.Errorf("labels file %+v", l)
		}
	}
	for _, f := range c.Families {
		if f.Reason == "" {
			t.Errorf("%s: no reason", f.Family)
		}
		if f.Basis != Expert && !strings.HasPrefix(f.Basis, "measured: ") {
			t.Errorf("%s: basis %q", f.Family, f.Basis)
		}
	}
}

func table(slopes map[rule.Family]float64) *Calibration {
	c := &Calibration{}
	for f, s := range slopes {
		c.Families = append(c.Families, CalibratedFamily{Family: f, Slope: s, Basis: "measured: 1"})
	}
	return c
}

func TestCalibratedSum(t *testing.T) {
	attract := []Summand{{Family: rule.Attract, Weight: 1}, {Family: rule.Attract, Weight: 1}}
	for _, tt := range []struct {
		name    string
		table   *Calibration
		in      []Summand
		want    float64
		counted []float64
	}{
		// Expected scores are 100/(1+10^-(prior+counted)) by hand.
		{"no table", nil, attract, 18.3, []float64{1, .35}},
		{"half", table(map[rule.Family]float64{rule.Attract: .5}), attract, 4.5, []float64{.5, .175}},
		{"twice, capped", table(map[rule.Family]float64{rule.Attract: 2}), attract, 38.7, []float64{1.8, 0}},
		{"another family", table(map[rule.Family]float64{rule.Identify: 2}), attract, 18.3, []float64{1, .35}},
		{"counter-evidence, by its sign", table(map[rule.Family]float64{rule.Counter: .5}), []Summand{{Family: rule.Attract, Weight: 1}, {Family: rule.Attract, Weight: -1}}, 3.1, []float64{1, -.5}},
		{"switched off", table(map[rule.Family]float64{rule.Attract: 0}), attract, 1, []float64{0, 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.table.Sum(tt.in); got != tt.want {
				t.Errorf("Sum = %v, want %v", got, tt.want)
			}
			if got := 100 * tt.table.Posterior(tt.in); math.Abs(got-tt.want) > 0.051 {
				t.Errorf("Posterior = %v, want %v", got, tt.want)
			}
			for i, w := range tt.counted {
				if math.Abs(tt.in[i].Counted-w) > 1e-12 {
					t.Errorf("summand %d counts %v, want %v", i, tt.in[i].Counted, w)
				}
			}
		})
	}
	if p := (*Calibration)(nil).Posterior([]Summand{{Family: "a", Weight: 9}, {Family: "b", Weight: 9}, {Family: "c", Weight: 9}, {Family: "d", Weight: 9}}); p != 0.999 {
		t.Errorf("certainty: %v", p)
	}
}

// TestCalibratedHolds: under any table that can be read, evidence for a false base
// station never lowers the score, and no family alone makes a cell suspicious.
func TestCalibratedHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	families := []rule.Family{rule.Attract, rule.Cipher, rule.Identify, rule.Counter}
	for range 5000 {
		slopes := map[rule.Family]float64{}
		for _, f := range families {
			slopes[f] = MaxSlope * r.Float64()
		}
		c := table(slopes)
		var s []Summand
		for range r.IntN(10) {
			s = append(s, Summand{Family: families[r.IntN(3)], Weight: 4*r.Float64() - 1})
		}
		before := c.LogOdds(s)
		after := c.LogOdds(append(s, Summand{Family: families[r.IntN(3)], Weight: 2 * r.Float64()}))
		if after < before-1e-12 {
			t.Fatalf("%v lowers to %v with %v", before, after, slopes)
		}
		for i := range s {
			s[i].Family = rule.Attract
		}
		if Of(c.Sum(s), 50) >= Suspicious {
			t.Fatalf("one family alone: %v with %v", c.Sum(s), slopes)
		}
	}
}

func TestReadCalibration(t *testing.T) {
	const head = `{"schema":"fbsdetect.calibration/1","prior_log10":-2,"damping":0.35,"family_cap":1.8,"families":[`
	for _, tt := range []struct{ name, in, err string }{
		{"good", head + `{"family":"attract","slope":1.2,"basis":"measured: 20 captures"},{"family":"deny","slope":1,"basis":"expert"}]}`, ""},
		{"no JSON", `{`, "read calibration"},
		{"unknown key", `{"slope":1}`, "unknown field"},
		{"more follows", head + `]} {}`, "more follows"},
		{"schema", `{"schema":"x"}`, "schema"},
		{"other constants", `{"schema":"fbsdetect.calibration/1","prior_log10":-1}`, "constants"},
		{"negative", head + `{"family":"attract","slope":-1,"basis":"measured"}]}`, "slope"},
		{"too steep", head + `{"family":"attract","slope":3.1,"basis":"measured"}]}`, "slope"},
		{"expert, yet changed", head + `{"family":"attract","slope":2,"basis":"expert"}]}`, "rests on"},
		{"no basis", head + `{"family":"attract","slope":1}]}`, "rests on"},
		{"twice", head + `{"family":"deny","slope":1,"basis":"expert"},{"family":"deny","slope":1,"basis":"expert"}]}`, "twice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ReadCalibration(strings.NewReader(tt.in))
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("error %v, want %q", err, tt.err)
			}
		})
	}
	b, err := json.Marshal(Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadCalibration(bytes.NewReader(b)); err != nil {
		t.Errorf("what is written cannot be read: %v", err)
	}
}

func TestBasis(t *testing.T) {
	c := table(map[rule.Family]float64{rule.Attract: 1.25})
	c.Families = append(c.Families, CalibratedFamily{Family: rule.Deny, Slope: 1, Basis: Expert})
	for f, want := range map[rule.Family]string{
		rule.Attract: "measured: 1 (family times 1.25); rule: expert, x", rule.Deny: "expert, x", rule.Paging: "expert, x",
	} {
		if got := c.Basis(f, "expert, x"); got != want {
			t.Errorf("%s: %q, want %q", f, got, want)
		}
	}
	if got := (*Calibration)(nil).Basis(rule.Deny, "own"); got != "own" {
		t.Errorf("no table: %q", got)
	}
	if !c.Measured() || (*Calibration)(nil).Measured() {
		t.Error("Measured")
	}
}
