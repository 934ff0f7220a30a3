package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-neighbours-foreign",
	Title:     "The cell names the cells of other networks as its neighbours",
	Family:    rule.Neighbour,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G20"},
	Needs:     []event.Kind{event.KindNeighbours},
	Weight:    0.5, WeightBasis: expert,
	Why: "A network lists its own cells. A box whose operator took the list from whatever was on air names cells of other networks, to which phones of this one cannot go.",
	Benign: []rule.Benign{
		{Explanation: "National roaming or a shared network, whose cells have another network's code.", Test: func(v rule.View) rule.BenignStatus {
			if len(heardPeers(v)) > 0 {
				return rule.Excluded
			}
			return rule.NotTestable
		}},
		{Explanation: "The frequencies are used again far away by the cells that are meant."},
	},
	Refs:   []string{"TS 44.018 §10.5.2.22", "Mayer, ICDS, Univ. Freiburg 2012"},
	Params: []rule.Param{minPeers(3)},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool {
				own, foreign := neighboursByNetwork(v)
				return float64(own+len(foreign)) >= p["min_peers"]
			},
			judge: func(v rule.View) []rule.Evidence {
				own, foreign := neighboursByNetwork(v)
				if own > 0 || float64(len(foreign)) < p["min_peers"] {
					return nil
				}
				ev := rule.Evidence{Frames: heardOf(v.Cell, event.SI2), Field: "Neighbour Cell Description", Expect: "cells of the same network",
					Got:     fmt.Sprintf("%d frequencies of other networks", len(foreign)),
					Summary: fmt.Sprintf("All %d neighbours that were heard belong to other networks.", len(foreign))}
				for _, c := range foreign {
					ev.Frames = append(ev.Frames, named(c)...)
				}
				return []rule.Evidence{ev}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "three of another network", Fires: true, Frames: cycles(ordinary(33, 10001, 40, 41, 42), other(40, 1), other(41, 2), other(42, 3))},
		{Name: "one of its own among them", Frames: cycles(ordinary(33, 10001, 40, 41, 42), other(40, 1), other(41, 2), ordinary(42, 10004))},
		{Name: "too few heard", Frames: cycles(ordinary(33, 10001, 40, 41, 42), other(40, 1), other(41, 2))},
	},
})

// neighboursByNetwork counts the frequencies in the cell's list on which a cell of its
// own network was heard, and lists a cell of each on which only others were.
func neighboursByNetwork(v rule.View) (own int, foreign []*cell.Cell) {
	if v.Cell.ARFCN == cell.NoARFCN {
		return 0, nil
	}
	list := v.Cell.Idle
	list.Remove(v.Cell.ARFCN)
	if list.Empty() {
		return 0, nil
	}
	at := map[int]*cell.Cell{}
	mine := map[int]bool{}
	for _, c := range v.Others() {
		if c.ARFCN == cell.NoARFCN || c.PCS != v.Cell.PCS || !list.Has(c.ARFCN) {
			continue
		}
		if c.ID.PLMN == v.Cell.ID.PLMN {
			mine[c.ARFCN] = true
		} else if at[c.ARFCN] == nil {
			at[c.ARFCN] = c
		}
	}
	for _, c := range v.Others() { // in the order of the cells
		if at[c.ARFCN] == c && !mine[c.ARFCN] {
			foreign = append(foreign, c)
		}
	}
	return len(mine), foreign
}

// other is a cell of another network, 999-01, for vectors.
func other(arfcn, ci int) synthetic {
	return ordinary(arfcn, ci).but(func(c *synthetic) { c.plmn = "99f910" })
}
