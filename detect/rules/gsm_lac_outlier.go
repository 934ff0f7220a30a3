package rules

import (
	"fmt"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-lac-outlier",
	Title:     "The location area lies far from those of its network",
	Family:    rule.Identifier,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G31"},
	Needs:     []event.Kind{event.KindIdentity},
	Weight:    0.25, WeightBasis: expert,
	Why: "Operators number neighbouring areas alike. A box needs an area that no real cell around has, and its operator often picks a number far off.",
	Benign: []rule.Benign{
		{Explanation: "The operator numbers its areas without order, or took over another network.", Test: func(v rule.View) rule.BenignStatus {
			areas := map[uint32]bool{}
			for _, c := range peers(v) {
				areas[c.ID.Area] = true
			}
			if len(areas) > 3 {
				return rule.Possible
			}
			return rule.NotTestable
		}},
		laboratory,
	},
	Refs:   []string{"TS 23.003 §4.1", "Mayer, ICDS, Univ. Freiburg 2012"},
	Params: []rule.Param{minPeers(5), {Name: "far", Default: 0.05, Unit: "share", Min: 0.01, Max: 1, Source: "ICDS (Mayer 2012): outside 5 % of the median"}},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool { return float64(len(peers(v))) >= p["min_peers"] },
			judge: func(v rule.View) []rule.Evidence {
				var areas []uint32
				for _, c := range peers(v) {
					if c.ID.Area == v.Cell.ID.Area {
						return nil
					}
					areas = append(areas, c.ID.Area)
				}
				slices.Sort(areas)
				low, high, own := float64(areas[0]), float64(areas[len(areas)-1]), float64(v.Cell.ID.Area)
				// Areas that are themselves spread out say nothing about one more.
				if far := p["far"]; high-low > far*high || own >= low*(1-far) && own <= high*(1+far) {
					return nil
				}
				return []rule.Evidence{{
					Frames: named(v.Cell), Field: "Location Area Code", Got: fmt.Sprint(v.Cell.ID.Area), Expect: fmt.Sprintf("near %d to %d", areas[0], areas[len(areas)-1]),
					Summary: fmt.Sprintf("All %d other cells known of the network are in location areas with numbers far from this one's.", len(areas)),
				}}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "61234 beside 3000", Fires: true, Frames: cycles(ordinary(33, 10001).but(func(c *synthetic) { c.lac = 61234 }), ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004), ordinary(43, 10005), ordinary(44, 10006))},
		{Name: "3001 beside 3000", Frames: cycles(ordinary(33, 10001).but(func(c *synthetic) { c.lac = 3001 }), ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004), ordinary(43, 10005), ordinary(44, 10006))},
		{Name: "areas without order", Frames: cycles(ordinary(33, 10001).but(func(c *synthetic) { c.lac = 61234 }), ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004), ordinary(43, 10005), ordinary(44, 10006).but(func(c *synthetic) { c.lac = 500 }))},
		{Name: "too few to compare", Frames: cycles(ordinary(33, 10001).but(func(c *synthetic) { c.lac = 61234 }), ordinary(40, 10002))},
	},
})
