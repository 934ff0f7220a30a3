package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-rxlev-min",
	Title:     "The cell admits phones however weakly they hear it, unlike its network",
	Family:    rule.Attract,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G30"},
	Needs:     []event.Kind{event.KindSelection},
	Weight:    0.2, WeightBasis: expert,
	Why: "A cell tells phones how strong they must hear it to use it. 0 admits every phone in reach. Operators set a limit, because at the edge calls drop.",
	Benign: []rule.Benign{
		{Explanation: "A cell in the country that is to reach as far as possible."},
	},
	Refs:   []string{"TS 44.018 §10.5.2.4", "TS 45.008 §6.4", "Ney et al. (SeaGlass), PoPETs 2017"},
	Params: []rule.Param{minPeers(3), minShare(0.5)},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: amongPeers(cell.RxLevAccessMin, p["min_peers"]),
			judge: func(v rule.View) []rule.Evidence {
				own, _ := v.Cell.Param(cell.RxLevAccessMin)
				mode, ok := usual(v, cell.RxLevAccessMin, p["min_peers"], p["min_share"])
				if !ok || own.Value != 0 || mode.Value == 0 {
					return nil
				}
				return []rule.Evidence{fromParam(own, 1, mode.Text+", as on most other cells of the network",
					"The cell admits phones that hear it ever so weakly; other cells of its network do not.")}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "0 among 5", Fires: true, Frames: cycles(ordinary(33, 10001).but(func(c *synthetic) { c.rxlev = 0 }),
			ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
		{Name: "all alike", Frames: cycles(ordinary(33, 10001), ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
		{Name: "nothing to compare", Frames: ordinary(33, 10001).but(func(c *synthetic) { c.rxlev = 0 }).cycle()},
	},
})
