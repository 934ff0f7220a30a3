package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:       "gsm-neighbours-mutual",
	Title:    "The cell and the cells around it name each other",
	Family:   rule.Counter,
	Severity: rule.Info,
	Status:   rule.Experimental,
	Since:    "0.1.0",
	Version:  1,
	RATs:     gsm,
	Needs:    []event.Kind{event.KindNeighbours},
	Weight:   -0.5, WeightBasis: expert,
	Why: "That genuine cells around expect a cell on this frequency speaks for it. It is no proof: a false base station can take the frequency of a genuine cell " +
		"that is not heard at this place and copy its neighbours.",
	Refs: []string{"TS 44.018 §10.5.2.22", "TS 45.008 §6.4"},
	Params: []rule.Param{
		{Name: "min_mutual", Default: 2, Unit: "cells", Min: 1, Max: 32, Source: "expert: one may be chance, a list holds up to 32 of some hundred frequencies"},
		windowParam,
	},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool { return float64(len(neighbours(v, p["window"]))) >= p["min_mutual"] },
			judge: func(v rule.View) []rule.Evidence {
				ev := rule.Evidence{Field: "Neighbour Cell Description", Frames: heardOf(v.Cell, event.SI2)}
				mutual := 0
				for _, n := range neighbours(v, p["window"]) {
					if lists, _ := n.lists(v.Cell.ARFCN); lists {
						mutual++
						ev.Frames = append(ev.Frames, n.frames()...)
					}
				}
				if float64(mutual) < p["min_mutual"] || len(ev.Frames) == 0 {
					return nil
				}
				ev.Got = fmt.Sprintf("%d neighbours name ARFCN %d in turn", mutual, v.Cell.ARFCN)
				ev.Expect = "what a genuine cell has"
				ev.Summary = fmt.Sprintf("%d cells of the same network heard nearby name this cell's frequency as their neighbour, and it names theirs.", mutual)
				return []rule.Evidence{ev}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "two name each other", Fires: true, Frames: cycles(ordinary(33, 10001, 40, 41), ordinary(40, 10002, 33, 41), ordinary(41, 10003, 33, 40))},
		{Name: "one way only", Frames: cycles(ordinary(33, 10001, 40, 41), ordinary(40, 10002, 41), ordinary(41, 10003, 40))},
	},
})
