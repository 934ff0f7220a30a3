package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-t3212-outlier",
	Title:     "Phones are to report to the cell at another pace than in the rest of its network",
	Family:    rule.Attract,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G16"},
	Needs:     []event.Kind{event.KindControlChannel},
	Weight:    0.7, WeightBasis: expert,
	Why: "The reporting period must suit the registers of the network, so an operator uses one value over whole regions. A cell that broadcasts another one " +
		"was not configured by that operator's rules.",
	Benign: []rule.Benign{
		{
			Explanation: "The cell belongs to another region of the network, which has its own period.",
			Test: func(v rule.View) rule.BenignStatus {
				for _, c := range peers(v) {
					if c.ID.Area == v.Cell.ID.Area {
						return rule.Excluded // cells of its own area use the other value
					}
				}
				return rule.NotTestable
			},
		},
		{Explanation: "The operator was changing the value when the captures were taken."},
	},
	Refs:   []string{"TS 44.018 §10.5.2.11", "TS 24.008 §4.4.2", "Ney et al. (SeaGlass), PoPETs 2017"},
	Params: []rule.Param{minPeers(3), minShare(0.66)},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: amongPeers(cell.T3212, p["min_peers"]),
			judge: func(v rule.View) []rule.Evidence {
				own, _ := v.Cell.Param(cell.T3212)
				mode, ok := usual(v, cell.T3212, p["min_peers"], p["min_share"])
				if !ok || own.Value == mode.Value {
					return nil
				}
				others := having(peers(v), cell.T3212)
				for _, c := range others {
					if q, _ := c.Param(cell.T3212); q.Value == own.Value {
						return nil // not the only one
					}
				}
				scale := 1.0
				if own.Value > mode.Value/2 {
					scale = 0.4
				}
				return []rule.Evidence{fromParam(own, scale, mode.Text+", as on most other cells of the network",
					fmt.Sprintf("The cell uses a reporting period (%s) that none of the %d other cells known of its network uses; most use %s.", own.Text, len(others), mode.Text))}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "30 minutes among two hours", Fires: true, Frames: cycles(ordinary(33, 10001).but(func(c *synthetic) { c.t3212 = 5 }),
			ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
		{Name: "30 minutes where the baseline knows two hours", Fires: true, Frames: ordinary(33, 10001).but(func(c *synthetic) { c.t3212 = 5 }).cycle(),
			Known: []string{cycles(ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))}},
		{Name: "never among two hours", Fires: true, Frames: cycles(ordinary(33, 10001).but(func(c *synthetic) { c.t3212 = 0 }),
			ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
		{Name: "30 minutes where the others never ask", Fires: true, Frames: cycles(ordinary(33, 10001).but(func(c *synthetic) { c.t3212 = 5 }),
			neverReporting(40, 10002), neverReporting(41, 10003), neverReporting(42, 10004))},
		{Name: "same as the others", Frames: cycles(ordinary(33, 10001), ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
		{Name: "too few to compare", Frames: cycles(ordinary(33, 10001).but(func(c *synthetic) { c.t3212 = 5 }), ordinary(40, 10002), ordinary(41, 10003))},
	},
})

// neverReporting is a cell that asks for no periodic updating.
func neverReporting(arfcn, ci int) synthetic {
	return ordinary(arfcn, ci).but(func(c *synthetic) { c.t3212 = 0 })
}
