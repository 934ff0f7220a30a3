package rules

import (
	"fmt"
	"math"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/stat"
)

var _ = rule.Register(rule.Rule{
	ID:        "any-level-outlier",
	Title:     "The cell is received far more strongly than all others around",
	Family:    rule.Neighbour,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      compared,
	Catalogue: []string{"X05", "G36"},
	Needs:     []event.Kind{event.KindIdentity},
	Weight:    0.3, WeightBasis: expert,
	Why: "A false base station stands close to the phones it is after, the masts of the networks do not. A level far above that of every other cell heard " +
		"shows a transmitter nearby. So does a real cell around the corner, which is why this weighs little.",
	Benign: []rule.Benign{
		{Explanation: "The captures were taken close to a mast or an indoor antenna."},
	},
	Refs: []string{"TS 45.008 §8.1.4", "TS 36.133 §9.1.4", "Ney et al. (SeaGlass), PoPETs 2017", "Iglewicz and Hoaglin 1993 §3.3"},
	Params: []rule.Param{
		{Name: "min_levels", Default: 10, Unit: "measurements of a cell", Min: 2, Max: 10000, Source: "detection catalogue X05: shadowing of 8 dB needs as many"},
		{Name: "z", Default: 3.5, Unit: "robust standard deviations", Min: 1, Max: 20, Source: "Iglewicz and Hoaglin 1993 §3.3"},
		{Name: "margin", Default: 24, Unit: "dB", Min: 0, Max: 100, Source: "expert: three times the 8 dB of shadowing, which equal levels of few cells understate"},
		minPeers(stat.MinPeers),
		windowParam,
	},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool {
				return float64(v.Cell.Level.N) >= p["min_levels"] && float64(len(levelsAround(v, p))) >= p["min_peers"]
			},
			judge: func(v rule.View) []rule.Evidence {
				others := levelsAround(v, p)
				own := meanLevel(v.Cell)
				z, ok := stat.MADScore(own, others)
				loudest := math.Inf(-1)
				for _, l := range others {
					loudest = max(loudest, l)
				}
				if !ok || z < p["z"] || own-loudest < p["margin"] {
					return nil
				}
				return []rule.Evidence{{
					Frames: named(v.Cell), Field: "signal level", Scale: 1,
					Got:    fmt.Sprintf("%.0f dBm in the mean of %d", own, v.Cell.Level.N),
					Expect: fmt.Sprintf("at most %.0f dBm, as the other %d cells", loudest, len(others)),
					Summary: fmt.Sprintf("The cell is received %.0f dB more strongly than the strongest of the %d other cells whose level was measured: its transmitter is close.",
						own-loudest, len(others)),
				}}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "close among distant cells", Fires: true, Frames: levels(-45, -80, -85, -83, -90, -88)},
		{Name: "the strongest of several", Frames: levels(-70, -80, -85, -83, -90, -88)},
		{Name: "four others are too few", Frames: levels(-45, -80, -85, -83, -90)},
		{Name: "no levels measured", Frames: cycles(ordinary(33, 1), ordinary(40, 2), ordinary(41, 3), ordinary(42, 4), ordinary(43, 5), ordinary(44, 6))},
	},
})

// levels is ten messages of each of several cells, received at the given levels and one
// dB around them.
func levels(dBm ...int) string {
	var b strings.Builder
	for i, l := range dBm {
		c := ordinary(33+i, 10001+i)
		for n := range 12 {
			b.WriteString(strings.Replace(c.si3(), ":", fmt.Sprintf(" %d dBm:", l+n%3-1), 1))
		}
	}
	return b.String()
}

func meanLevel(c *cell.Cell) float64 { return float64(c.Level.Sum) / float64(c.Level.N) }

// levelsAround lists the mean levels of the other cells of the generation heard within
// the window, each identity once.
func levelsAround(v rule.View, p rule.Values) []float64 {
	var out []float64
	for _, c := range distinct(v.Others()) {
		if c.ID != v.Cell.ID && float64(c.Level.N) >= p["min_levels"] && near(v.Cell, c, p["window"]) {
			out = append(out, meanLevel(c))
		}
	}
	return out
}
