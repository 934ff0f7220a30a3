package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "any-cell-unknown",
	Title:     "The cell is new where the network's cells are known",
	Family:    rule.Identifier,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      compared,
	Catalogue: []string{"X07", "X09"},
	Needs:     []event.Kind{event.KindIdentity},
	Weight:    0.4, WeightBasis: expert,
	Why: "Cells stay for years. Where earlier captures or a list of cells know nearly all cells of a network that are heard, one that they do not know came lately " +
		"or is not the network's. Lists of cells that the public collects are less complete than own captures and weigh less.",
	Benign: []rule.Benign{
		{Explanation: "The operator built a new cell, or put up one for an event."},
		{Explanation: "The earlier captures were taken at other places or with less sensitive equipment."},
	},
	Refs: []string{"TS 23.003 §4.3.1", "TS 23.003 §19.6", "Dabrowski et al., ACSAC 2014", "Ney et al. (SeaGlass), PoPETs 2017"},
	Params: []rule.Param{
		{Name: "min_known", Default: 10, Unit: "cells", Min: 3, Max: 10000, Source: "expert: known in the areas that are heard"},
		{Name: "min_share", Default: 0.8, Unit: "share of cells heard", Min: 0.5, Max: 1, Source: "expert: of the network's other cells heard now, known before"},
		minPeers(3), windowParam,
	},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool {
				c := coverageOf(v, p["window"])
				return c.learned(p) || c.external(p)
			},
			judge: func(v rule.View) []rule.Evidence { return unknownCell(v, p) },
		}
	},
	Vectors: []rule.Vector{
		{Name: "one new among known cells", Fires: true, Known: []string{townGSM()}, Frames: cycles(ordinary(40, 10010), ordinary(41, 10011), ordinary(42, 10012), ordinary(33, 2))},
		{Name: "one new in an area of its own", Fires: true, Known: []string{townGSM()},
			Frames: cycles(ordinary(40, 10010), ordinary(41, 10011), ordinary(42, 10012), ordinary(33, 2).but(func(c *synthetic) { c.lac = 77 }))},
		{Name: "LTE: one new among known cells", Fires: true, Known: []string{eight(3000) + macro(1500, 40, 1).cycle() + macro(1500, 41, 2).cycle()},
			Frames: eight(3000) + macro(1500, 50, 9).cycle()},
		{Name: "all known", Known: []string{townGSM()}, Frames: cycles(ordinary(40, 10010), ordinary(41, 10011), ordinary(42, 10012), ordinary(43, 10013))},
		{Name: "half of the cells are new", Known: []string{townGSM()}, Frames: cycles(ordinary(40, 10010), ordinary(41, 10011), ordinary(33, 2), ordinary(34, 3))},
		{Name: "few cells known", Known: []string{cycles(ordinary(40, 10010), ordinary(41, 10011), ordinary(42, 10012))},
			Frames: cycles(ordinary(40, 10010), ordinary(41, 10011), ordinary(42, 10012), ordinary(33, 2))},
		{Name: "nothing known", Frames: ordinary(33, 2).cycle()},
	},
})

// coverage is how well a network is known where the captures were taken.
type coverage struct {
	// heard counts the other cells of the network heard within the window, known and
	// listed those of them that earlier captures and the external list have.
	heard, known, listed int
	// inAreas counts the cells known in the areas heard, onList those the list has of the
	// network.
	inAreas, onList int
	own, ownListed  bool
}

// learned reports whether earlier captures cover the place.
func (c *coverage) learned(p rule.Values) bool {
	return float64(c.heard) >= p["min_peers"] && float64(c.inAreas) >= p["min_known"] && float64(c.known) >= p["min_share"]*float64(c.heard)
}

// external reports whether the external list covers the place.
func (c *coverage) external(p rule.Values) bool {
	return float64(c.heard) >= p["min_peers"] && float64(c.onList) >= p["min_known"] && float64(c.listed) >= p["min_share"]*float64(c.heard)
}

func coverageOf(v rule.View, window float64) *coverage {
	var out coverage
	if v.Known == nil {
		return &out
	}
	// The cells heard, and whether the baseline has them.
	before := map[event.CellID]bool{v.Cell.ID: false}
	areas := map[uint32]bool{v.Cell.ID.Area: true}
	var around []*cell.Cell
	for _, c := range heardPeers(v) {
		if near(v.Cell, c, window) {
			around = append(around, c)
			before[c.ID] = false
			areas[c.ID.Area] = true
		}
	}
	for _, c := range v.Known.Cells(v.Cell.RAT, v.Cell.ID.PLMN) {
		if _, heard := before[c.ID]; heard {
			before[c.ID] = true
		}
		if areas[c.ID.Area] {
			out.inAreas++
		}
	}
	met := func(c *cell.Cell) bool { return before[c.ID] || len(v.Known.History(c.RAT, c.ID)) > 0 }
	for _, c := range around {
		out.heard++
		if met(c) {
			out.known++
		}
		if l, _ := v.Known.Listed(c.RAT, c.ID); l {
			out.listed++
		}
	}
	out.own = met(v.Cell)
	out.ownListed, out.onList = v.Known.Listed(v.Cell.RAT, v.Cell.ID)
	return &out
}

func unknownCell(v rule.View, p rule.Values) []rule.Evidence {
	c := coverageOf(v, p["window"])
	if c.own || c.ownListed {
		return nil
	}
	ev := rule.Evidence{Frames: named(v.Cell), Field: "Cell Identity", Got: fmt.Sprintf("%d/%d", v.Cell.ID.Area, v.Cell.ID.Cell)}
	if c.learned(p) {
		ev.Scale = 1
		ev.Expect = fmt.Sprintf("one of the %d cells of these areas in the baseline", c.inAreas)
		ev.Summary = fmt.Sprintf("Earlier captures know %d of the %d other cells of the network heard here, but not this one, except perhaps as a suspicious one.", c.known, c.heard)
	} else {
		ev.Scale = 0.4
		ev.Expect = fmt.Sprintf("one of the %d cells of the network in the external list", c.onList)
		ev.Summary = fmt.Sprintf("An external list has %d of the %d other cells of the network heard here, but not this one.", c.listed, c.heard)
	}
	return []rule.Evidence{ev}
}
