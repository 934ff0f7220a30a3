package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-neighbours-unreciprocated",
	Title:     "None of the cells that the cell names as neighbours names it",
	Family:    rule.Neighbour,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G18"},
	Needs:     []event.Kind{event.KindNeighbours},
	Weight:    0.6, WeightBasis: expert,
	Why: "Neighbours in a network know each other. A false base station can copy a list of neighbours, but the genuine cells around do not know of it.",
	Benign: []rule.Benign{
		{Explanation: "A new cell that the lists of its neighbours do not hold yet."},
		{Explanation: "The captures hold other cells on those frequencies than the neighbours meant.", Test: func(v rule.View) rule.BenignStatus {
			for _, n := range neighbours(v, windowParam.Default) {
				if len(n.cells) > 1 {
					return rule.Possible
				}
			}
			return rule.NotTestable
		}},
	},
	Refs:   []string{"TS 44.018 §10.5.2.22", "TS 45.008 §6.4", "SnoopSnitch metric R1 (as meant)", "Mayer, ICDS, Univ. Freiburg 2012"},
	Params: []rule.Param{minPeers(3), windowParam},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool { return float64(len(complete(v, p["window"]))) >= p["min_peers"] },
			judge: func(v rule.View) []rule.Evidence {
				near := complete(v, p["window"])
				ev := rule.Evidence{Field: "Neighbour Cell Description of the neighbours", Frames: heardOf(v.Cell, event.SI2)}
				for _, n := range near {
					if lists, _ := n.lists(v.Cell.ARFCN); lists {
						return nil
					}
					ev.Frames = append(ev.Frames, n.frames()...)
				}
				ev.Got = fmt.Sprintf("ARFCN %d in none of %d lists", v.Cell.ARFCN, len(near))
				ev.Expect = "ARFCN in most of them"
				ev.Summary = fmt.Sprintf("The cell names %d cells heard nearby as neighbours, but none of them names this cell.", len(near))
				return []rule.Evidence{ev}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "three neighbours that do not know it", Fires: true, Frames: cycles(ordinary(33, 10001, 40, 41, 42),
			ordinary(40, 10002, 41, 42), ordinary(41, 10003, 40, 42), ordinary(42, 10004, 40, 41))},
		{Name: "mutual", Frames: cycles(ordinary(33, 10001, 40, 41, 42),
			ordinary(40, 10002, 33, 41, 42), ordinary(41, 10003, 33, 40, 42), ordinary(42, 10004, 33, 40, 41))},
		{Name: "one knows it", Frames: cycles(ordinary(33, 10001, 40, 41, 42),
			ordinary(40, 10002, 41, 42), ordinary(41, 10003, 40, 42), ordinary(42, 10004, 33, 40, 41))},
		{Name: "lists of two neighbours only", Frames: cycles(ordinary(33, 10001, 40, 41, 42), ordinary(40, 10002, 41), ordinary(41, 10003, 40)) + ordinary(42, 10004).si3()},
	},
})

// complete lists the neighbours of which it is known whether they name the cell.
func complete(v rule.View, window float64) []neighbour {
	var out []neighbour
	for _, n := range neighbours(v, window) {
		if _, known := n.lists(v.Cell.ARFCN); known {
			out = append(out, n)
		}
	}
	return out
}
