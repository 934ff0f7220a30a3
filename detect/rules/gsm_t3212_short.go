package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-t3212-short",
	Title:     "Phones are to report to the cell unusually often, or never",
	Family:    rule.Attract,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G16"},
	Needs:     []event.Kind{event.KindControlChannel},
	Weight:    0.4, WeightBasis: expert,
	Why: "Networks have phones report every few hours, because each report costs capacity. A false base station sets some minutes, to notice who is still there, " +
		"or switches reporting off, which the specification allows but operators hardly use, because a lost phone then stays in their register.",
	Benign: []rule.Benign{
		{
			Explanation: "The operator uses this period, for instance along railways.",
			Test: func(v rule.View) rule.BenignStatus {
				own, _ := v.Cell.Param(cell.T3212)
				status := rule.NotTestable
				for _, c := range having(peers(v), cell.T3212) {
					if p, _ := c.Param(cell.T3212); p.Value == own.Value {
						return rule.Possible
					}
					status = rule.Excluded
				}
				return status
			},
		},
		laboratory,
	},
	Refs: []string{"TS 44.018 §10.5.2.11", "TS 24.008 §4.4.2", "SnoopSnitch metric T1 (below 30 and 54 minutes)", "AIMSICD issue 73"},
	Params: []rule.Param{
		{Name: "short", Default: 8, Unit: "decihours", Min: 1, Max: 255, Source: "SnoopSnitch T1: below 9; commercial networks in Freiburg 2012 used 10, 30, 40 and 120, a test network 5"},
		minPeers(3), minShare(0.5),
	},
	New: func(p rule.Values) rule.Observer {
		return atEnd{judge: func(v rule.View) []rule.Evidence {
			own, ok := v.Cell.Param(cell.T3212)
			if !ok || own.Value > p["short"] {
				return nil
			}
			if mode, ok := usual(v, cell.T3212, p["min_peers"], p["min_share"]); ok && mode.Value == own.Value {
				return nil
			}
			scale := 0.3
			switch {
			case own.Value == 0:
				scale = 0.5
			case own.Value <= 2:
				scale = 1
			case own.Value <= 5:
				scale = 0.6
			}
			summary := fmt.Sprintf("The cell has phones report every %g minutes; networks usually ask for it every hour or less often.", 6*own.Value)
			if own.Value == 0 {
				summary = "The cell tells phones never to report periodically, which operators hardly use."
			}
			return []rule.Evidence{fromParam(own, scale, fmt.Sprintf("more than %g decihours", p["short"]), summary)}
		}}
	},
	Vectors: []rule.Vector{
		{Name: "6 minutes", Fires: true, Frames: ordinary(33, 10001).but(func(c *synthetic) { c.t3212 = 1 }).cycle()},
		{Name: "never", Fires: true, Frames: ordinary(33, 10001).but(func(c *synthetic) { c.t3212 = 0 }).cycle()},
		{Name: "two hours", Frames: ordinary(33, 10001).cycle()},
		{Name: "one hour", Frames: ordinary(33, 10001).but(func(c *synthetic) { c.t3212 = 10 }).cycle()},
	},
})
