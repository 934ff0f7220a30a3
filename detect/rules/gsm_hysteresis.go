package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-hysteresis",
	Title:     "The cell's reselection hysteresis is at an extreme",
	Family:    rule.Attract,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G14"},
	Needs:     []event.Kind{event.KindSelection},
	Weight:    0.2, WeightBasis: expert,
	Why: "The hysteresis keeps phones from changing between location areas too often. A high value holds phones in the cell; with 0 they follow the slightest " +
		"difference. Both are legal, and high values are usual where location areas meet.",
	Benign: []rule.Benign{
		{
			Explanation: "The cell lies at the border of a location area.",
			Test: func(v rule.View) rule.BenignStatus {
				for _, c := range peers(v) {
					if c.ID.Area != v.Cell.ID.Area && v.Cell.Idle.Has(c.ARFCN) {
						return rule.Possible
					}
				}
				return rule.NotTestable
			},
		},
	},
	Refs:   []string{"TS 44.018 §10.5.2.4", "TS 45.008 §6.4", "santiag0aragon/icc (over 9 dB suspicious)"},
	Params: []rule.Param{{Name: "high", Default: 12, Unit: "dB", Min: 2, Max: 14, Source: "expert: above 8 to 10 dB, which borders of location areas use (catalogue G14); 4 or 6 dB on every one of 169 cells in Freiburg 2012"}, minPeers(3), minShare(0.5)},
	New: func(p rule.Values) rule.Observer {
		return atEnd{judge: func(v rule.View) []rule.Evidence {
			own, ok := v.Cell.Param(cell.Hysteresis)
			if !ok || own.Value > 0 && own.Value < p["high"] {
				return nil
			}
			scale, expect := 0.5, "2 to 10 dB"
			if mode, ok := usual(v, cell.Hysteresis, p["min_peers"], p["min_share"]); ok {
				if mode.Value == own.Value {
					return nil
				}
				scale, expect = 1, mode.Text+", as on most cells of the network"
			}
			summary := "The cell holds phones back from changing to another area (hysteresis " + own.Text + ")."
			if own.Value == 0 {
				summary = "The cell lets phones change to it from another area at the slightest advantage (hysteresis 0 dB)."
			}
			return []rule.Evidence{fromParam(own, scale, expect, summary)}
		}}
	},
	Vectors: []rule.Vector{
		{Name: "0 dB", Fires: true, Frames: ordinary(33, 10001).but(func(c *synthetic) { c.crh = 0 }).cycle()},
		{Name: "14 dB, others 4 dB", Fires: true, Frames: cycles(ordinary(33, 10001).but(func(c *synthetic) { c.crh = 7 }),
			ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
		{Name: "4 dB", Frames: ordinary(33, 10001).cycle()},
	},
})
