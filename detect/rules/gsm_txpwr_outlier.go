package rules

import (
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-txpwr-outlier",
	Title:     "The cell lets phones transmit with another power than the rest of its network",
	Family:    rule.Attract,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G29"},
	Needs:     []event.Kind{event.KindSelection},
	Weight:    0.2, WeightBasis: expert,
	Why: "How strongly phones may call a cell belongs to its size and is planned alike over a network. A value of its own suggests that somebody else planned the cell.",
	Benign: []rule.Benign{
		{Explanation: "A cell of another size or band than the others heard."},
	},
	Refs:   []string{"TS 44.018 §10.5.2.4", "TS 45.005 §4.1.1", "Ney et al. (SeaGlass), PoPETs 2017"},
	Params: []rule.Param{minPeers(3), minShare(0.66)},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: amongPeers(cell.TxPwrMaxCCH, p["min_peers"]),
			judge: func(v rule.View) []rule.Evidence {
				own, _ := v.Cell.Param(cell.TxPwrMaxCCH)
				mode, ok := usual(v, cell.TxPwrMaxCCH, p["min_peers"], p["min_share"])
				if !ok || own.Value == mode.Value {
					return nil
				}
				for _, c := range having(peers(v), cell.TxPwrMaxCCH) {
					if q, _ := c.Param(cell.TxPwrMaxCCH); q.Value == own.Value {
						return nil
					}
				}
				return []rule.Evidence{fromParam(own, 1, mode.Text+", as on most other cells of the network",
					"The cell grants phones a transmit power that no other cell heard of its network grants.")}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "7 among 5", Fires: true, Frames: strings.ReplaceAll(ordinary(33, 10001).cycle(), "4505", "4705") + cycles(ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
		{Name: "same as the others", Frames: cycles(ordinary(33, 10001), ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
	},
})
