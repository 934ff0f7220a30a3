package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-lure-settings",
	Title:     "The cell is set up as a whole to draw phones in and keep them",
	Family:    rule.Attract,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"S07"},
	Needs:     []event.Kind{event.KindControlChannel, event.KindNeighbours},
	Weight:    0.9, WeightBasis: expert,
	Why: "Each of these settings occurs in genuine networks. Together they have one purpose: a large offset makes the cell win, an empty list of neighbours keeps phones from looking elsewhere, " +
		"a short reporting period brings them back at once, and a location area of its own makes every phone name itself.",
	Benign: []rule.Benign{
		{Explanation: "A single cell of a private network, in a tunnel or on a ship."},
		laboratory,
	},
	Refs:   []string{"TS 45.008 §6.4", "TS 44.018 §10.5.2.11", "TS 44.018 §10.5.2.22", "SnoopSnitch catcher score"},
	Params: []rule.Param{{Name: "min_settings", Default: 3, Unit: "settings", Min: 2, Max: 5, Source: "detection catalogue S07: each alone is prone to false alarms"}},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool {
				_, ok := v.Cell.Param(cell.T3212)
				return ok && listed(v.Cell)
			},
			judge: func(v rule.View) []rule.Evidence {
				found := lures(v)
				if float64(len(found)) < p["min_settings"] {
					return nil
				}
				return []rule.Evidence{{
					Frames: named(v.Cell), Field: "system information as a whole", Got: strings.Join(found, ", "), Expect: "at most one of them",
					Summary: fmt.Sprintf("The cell combines %d settings that draw phones in: %s.", len(found), strings.Join(found, ", ")),
				}}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "offset, no neighbours, reports every 6 minutes", Fires: true, Frames: ordinary(33, 10001).but(func(c *synthetic) { c.rest, c.t3212, c.rxlev = "bf002b2b", 1, 0 }).cycle()},
		{Name: "never reports, in an area of its own", Fires: true, Frames: ordinary(33, 10001).but(func(c *synthetic) { c.t3212, c.lac = 0, 77 }).cycle() +
			cycles(ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
		{Name: "no neighbours only", Frames: ordinary(33, 10001).cycle()},
		{Name: "offset among neighbours", Frames: ordinary(33, 10001, 40, 41).but(func(c *synthetic) { c.rest = "bf002b2b" }).cycle()},
	},
})

// lures lists the settings of a cell that draw phones in and keep them.
func lures(v rule.View) []string {
	c := v.Cell
	var out []string
	if p, ok := c.Param(cell.CRO); ok && p.Value >= 60 {
		out = append(out, "an offset of "+p.Text)
	}
	if list := c.Idle; c.Broadcasts[event.SI2].Count > 0 && listed(c) {
		if c.ARFCN != cell.NoARFCN {
			list.Remove(c.ARFCN)
		}
		if list.Empty() {
			out = append(out, "no neighbours")
		}
	}
	if p, ok := c.Param(cell.T3212); ok && p.Value <= 4 {
		out = append(out, "T3212 "+p.Text)
	}
	if p, ok := c.Param(cell.RxLevAccessMin); ok && p.Value == 0 {
		out = append(out, "no minimum level")
	}
	if others := heardPeers(v); len(others) >= 3 && !slices.ContainsFunc(others, func(o *cell.Cell) bool { return o.ID.Area == c.ID.Area }) {
		out = append(out, "a location area of its own")
	}
	return out
}
