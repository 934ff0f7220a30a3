package rules

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/engine"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/rule/ruletest"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

func within(got, want, relative float64) bool { return math.Abs(got-want) <= relative*math.Abs(want) }

// TestErlangTail: reference values from SciPy 1.17.1, scipy.stats.chi2.sf(2x, 2k). The
// sum has no cancellation: tolerance of some ulp.
func TestErlangTail(t *testing.T) {
	for _, tt := range []struct {
		x    float64
		k    int
		want float64
	}{
		{0.5, 1, 0.6065306597126334}, {3, 2, 0.1991482734714558}, {8.2, 3, 0.01176066586620714},
		{20, 4, 3.203719780476998e-06}, {40, 4, 4.888864465181043e-14}, {0, 3, 1},
	} {
		if got := erlangTail(tt.x, tt.k); !within(got, tt.want, 1e-13) {
			t.Errorf("erlangTail(%g, %d) = %g, want %g", tt.x, tt.k, got, tt.want)
		}
	}
}

// TestEvidenceOf: reference values from SciPy 1.17.1, log10 of scipy.integrate.quad of
// κp^(κ−1) over κ from 0 to 1.
func TestEvidenceOf(t *testing.T) {
	for _, tt := range []struct{ p, want float64 }{
		{0.5, -0.19472080404623474}, {0.05, 0.2512298114870837}, {0.005, 0.838857455809475}, {1e-4, 2.071004983964467}, {1e-8, 5.469388564274233},
	} {
		if got := evidenceOf(tt.p); !within(got, tt.want, 1e-9) {
			t.Errorf("evidenceOf(%g) = %g, want %g", tt.p, got, tt.want)
		}
	}
	for _, p := range []float64{0, 1, 2, -1, math.NaN()} {
		if evidenceOf(p) != 0 {
			t.Errorf("evidence of p = %g", p)
		}
	}
}

// TestCombined: Fisher's method without correlation (scipy.stats.combine_pvalues of SciPy
// 1.17.1), and Brown's with three effective of seven (scipy.stats.chi2.sf of 2·3/7 of the
// sum, 6 degrees of freedom).
func TestCombined(t *testing.T) {
	var list []trait
	for i, p := range []float64{0.01, 0.02, 0.5, 0.3, 0.9, 0.04, 0.6} {
		list = append(list, trait{decision: i, p: p})
	}
	for _, tt := range []struct{ rho, want float64 }{{0, 0.012207420971911569}, {0.2, 0.05736669035056319}} {
		if p, n := combined(list, tt.rho); n != 7 || !within(p, tt.want, 1e-12) {
			t.Errorf("correlation %g: p = %g of %d, want %g", tt.rho, p, n, tt.want)
		}
	}
	if p, n := combined(nil, 0); n != 0 || !math.IsNaN(p) {
		t.Errorf("nothing to combine: %g of %d", p, n)
	}
	if p, n := combined([]trait{{p: math.NaN()}}, 0); n != 0 || !math.IsNaN(p) {
		t.Errorf("nothing judged: %g of %d", p, n)
	}
	// One decision counts once: ten rare parameters of it are no more than its rarest.
	one := []trait{{decision: 1, p: 1}, {decision: 2, p: 1}}
	for range 10 {
		one = append(one, trait{decision: 0, p: 0.01})
	}
	if p, _ := combined(one, 0.2); p < 0.01 {
		t.Errorf("one decision alone: p = %g", p)
	}
}

// network is n cells whose settings draw makes.
func network(n int, draw func(decision, parameter int, name string) string) []*cell.Cell {
	var cells []*cell.Cell
	for i := range n {
		c := &cell.Cell{RAT: event.GSM, Capture: -1, Radio: cell.GSM(30+i%60, false),
			ID: event.CellID{PLMN: ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}, Area: uint32(1 + i%3), Cell: uint64(i + 1), Known: true}}
		c.Broadcasts[event.SI2].Count = 2
		var list []cell.Parameter
		for d, decision := range decisions[event.GSM] {
			for j, name := range decision.names {
				p := cell.Parameter{Name: name, Text: draw(d, j, name)}
				fmt.Sscan(p.Text, &p.Value)
				list = append(list, p)
			}
		}
		c.Restore(list)
		cells = append(cells, c)
	}
	return cells
}

// TestRarityFalseAlarms: cells drawn like their peers are found at most as often as the
// rule promises, 5 in 1,000, whether the settings of a decision change together or not.
// Where all decisions follow from one, as the maker of the equipment, a maker with up to
// three cells in the group is found, and the rate is that of such cells.
func TestRarityFalseAlarms(t *testing.T) {
	const networks, size, alarms = 50, 30, 0.005
	r := rule.ByID("any-parameters-rare").Defaults()
	rng := rand.New(rand.NewPCG(1, 2))
	// urn draws from a Dirichlet process of the strength measured on the corpus.
	urn := func() func() int {
		var drawn []int
		return func() int {
			v := len(drawn)
			if rng.Float64()*(float64(len(drawn))+concentration) >= concentration {
				v = drawn[rng.IntN(len(drawn))]
			}
			drawn = append(drawn, v)
			return v
		}
	}
	const maker = "all settings follow the maker"
	models := map[string]func() func(d, j int, name string) string{
		maker: func() func(int, int, string) string {
			draw, variant := urn(), 0
			return func(d, j int, _ string) string {
				if d == 0 && j == 0 {
					variant = draw()
				}
				return fmt.Sprint(variant)
			}
		},
		"settings of a decision change together": func() func(int, int, string) string {
			urns, variant := make([]func() int, 16), 0
			return func(d, j int, _ string) string {
				if urns[d] == nil {
					urns[d] = urn()
				}
				if j == 0 {
					variant = urns[d]()
				}
				return fmt.Sprint(variant)
			}
		},
		"settings change alone": func() func(int, int, string) string {
			urns := map[string]func() int{}
			return func(_, _ int, name string) string {
				if urns[name] == nil {
					urns[name] = urn()
				}
				return fmt.Sprint(urns[name]())
			}
		},
		"settings vary from cell to cell": func() func(int, int, string) string {
			return func(int, int, string) string { return fmt.Sprint(5 + rng.IntN(4)) }
		},
		"one decision varies like a count": func() func(int, int, string) string {
			return func(d, _ int, _ string) string {
				if d < 6 {
					return "1"
				}
				return fmt.Sprint(max(0, int(math.Round(10+3*rng.NormFloat64()))))
			}
		},
	}
	for _, name := range []string{"settings of a decision change together", "settings change alone", "settings vary from cell to cell", "one decision varies like a count", maker} {
		found, cells := 0, 0
		for range networks {
			all := network(size, models[name]())
			for _, c := range all {
				list, ok := rarity(rule.View{Cell: c, All: all}, r["min_peers"])
				if p, _ := combined(list, r["correlation"]); ok && p <= alarms {
					found++
				}
				cells++
			}
		}
		t.Logf("%s: %d of %d cells (%.1f in 1,000)", name, found, cells, 1000*float64(found)/float64(cells))
		rate := alarms
		if name == maker {
			rate = 3 * concentration / (size - 1 + concentration)
		}
		// Three standard deviations of a count at that rate.
		if limit := rate * float64(cells); float64(found) > limit+3*math.Sqrt(limit) {
			t.Errorf("%s: %d of %d cells are found, want at most %g", name, found, cells, limit)
		}
	}
}

// TestRarityInsufficient: fewer than five cells to compare with show nothing, nor do
// settings that nobody else broadcasts.
func TestRarityInsufficient(t *testing.T) {
	same := func(int, int, string) string { return "1" }
	for n, want := range map[int]bool{1: false, 2: false, 5: false, 6: true} {
		all := network(n, same)
		if _, ok := rarity(rule.View{Cell: all[0], All: all}, 5); ok != want {
			t.Errorf("%d cells: %v", n, ok)
		}
	}
	all := network(20, same)
	for _, c := range all[1:] {
		c.Restore(nil)
	}
	if _, ok := rarity(rule.View{Cell: all[0], All: all}, 5); ok {
		t.Error("judged against cells that broadcast nothing")
	}
	all[0].ID.Known = false
	if _, ok := rarity(rule.View{Cell: all[0], All: all}, 5); ok {
		t.Error("a cell without identity is judged")
	}
}

// TestSingleDecision: whatever one decision is set to, the rule stays silent, among ever
// so many cells.
func TestSingleDecision(t *testing.T) {
	for d := range decisions[event.GSM] {
		all := network(500, func(int, int, string) string { return "7" })
		var list []cell.Parameter
		for i, decision := range decisions[event.GSM] {
			for _, name := range decision.names {
				p := cell.Parameter{Name: name, Text: "7", Value: 7}
				if i == d {
					p.Text, p.Value = "0", 0
				}
				list = append(list, p)
			}
		}
		all[3].Restore(list)
		o := parametersRare{values: rule.ByID("any-parameters-rare").Defaults()}
		if found := o.Finish(rule.View{Cell: all[3], All: all}); len(found) > 0 || !o.enough {
			t.Errorf("decision %d alone: %+v, enough %v", d, found, o.enough)
		}
	}
}

// TestCellUnknownExternal: a list of cells from outside takes the place of earlier
// captures, with less weight, and clears a cell that it has.
func TestCellUnknownExternal(t *testing.T) {
	frames, err := ruletest.Parse(cycles(ordinary(40, 10), ordinary(41, 11), ordinary(42, 12), ordinary(33, 2)))
	if err != nil {
		t.Fatal(err)
	}
	list := func(ids ...uint64) *ruletest.Memory {
		m := &ruletest.Memory{External: map[event.RAT][]event.CellID{}}
		for _, ci := range ids {
			m.External[event.GSM] = append(m.External[event.GSM], event.CellID{PLMN: ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}, Area: 3000, Cell: ci, Known: true})
		}
		return m
	}
	r := rule.ByID("any-cell-unknown")
	for _, tt := range []struct {
		name string
		m    *ruletest.Memory
		want float64 // weight on the cell on ARFCN 33
		out  engine.Outcome
	}{
		{"not on the list", list(10, 11, 12, 20, 21, 22, 23, 24, 25, 26), 0.4 * r.Weight, engine.Fired},
		{"on the list", list(2, 10, 11, 12, 20, 21, 22, 23, 24, 25), 0, engine.Clear},
		{"a short list", list(10, 11, 12), 0, engine.Insufficient},
		{"a list of another region", list(20, 21, 22, 23, 24, 25, 26, 27, 28, 29), 0, engine.Insufficient},
	} {
		judged, err := ruletest.JudgeKnowing(frames, []*rule.Rule{r}, tt.m)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range judged {
			if j.Cell.ARFCN != 33 {
				continue
			}
			got := 0.0
			for _, f := range j.Findings {
				got += f.Weight
			}
			if !within(got, tt.want, 1e-12) || j.Outcomes[0] != tt.out {
				t.Errorf("%s: weight %g, %v; want %g, %v", tt.name, got, j.Outcomes[0], tt.want, tt.out)
			}
		}
	}
}

// TestDriftAge: what old captures know weighs half.
func TestDriftAge(t *testing.T) {
	weigh := func(days float64) float64 {
		known, err := ruletest.Learn([]string{ordinary(33, 10001, 40).cycle()})
		if err != nil {
			t.Fatal(err)
		}
		frames, err := ruletest.Parse(fmt.Sprintf("@%.0f ", 86400*days) + ordinary(33, 10001, 40).but(func(c *synthetic) { c.t3212, c.rxlev = 5, 0 }).cycle())
		if err != nil {
			t.Fatal(err)
		}
		j, err := ruletest.JudgeKnowing(frames, []*rule.Rule{rule.ByID("any-parameters-drift")}, known)
		if err != nil || len(j) != 1 || len(j[0].Findings) != 1 {
			t.Fatalf("%v, %+v", err, j)
		}
		return j[0].Findings[0].Weight
	}
	if young, old := weigh(30), weigh(400); !within(old, young/2, 1e-12) {
		t.Errorf("%g after 30 days, %g after 400", young, old)
	}
}
