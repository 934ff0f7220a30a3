package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-lac-change",
	Title:     "The cell changed its location area while it was watched",
	Family:    rule.Structure,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G32", "S08"},
	Needs:     []event.Kind{event.KindIdentity, event.KindAreaChange},
	Weight:    0.9, WeightBasis: expert,
	Why: "When a cell changes its location area, every phone in it must name itself again. Operators do that in a planned outage at night; a false base station " +
		"does it every few minutes to collect the same place anew. Only messages in which the cell names itself on one frequency are compared.",
	Benign: []rule.Benign{
		{Explanation: "The operator moved the cell to another area."},
		{Explanation: "The receiver moved to a cell with the same number and frequency in another area."},
	},
	Refs:   []string{"TS 24.008 §4.4.1", "TS 44.018 §9.1.35", "AIMSICD issues 863, 91 (false alarms of the naive test)"},
	Params: []rule.Param{{Name: "gap", Default: 600, Unit: "s", Min: 1, Max: 86400, Source: "detection catalogue G32: a flip within 1 to 10 minutes"}},
	New:    func(p rule.Values) rule.Observer { return lacChange(p["gap"]) },
	Vectors: []rule.Vector{
		{Name: "another area seconds later", Fires: true, Frames: ordinary(33, 10001).cycle() + ordinary(33, 10001).but(func(c *synthetic) { c.lac = 4000 }).cycle()},
		{Name: "another cell", Frames: ordinary(33, 10001).cycle() + ordinary(33, 10002).but(func(c *synthetic) { c.lac = 4000 }).cycle()},
		{Name: "no change", Frames: ordinary(33, 10001).cycle() + ordinary(33, 10001).cycle()},
	},
})

type lacChange float64

// Enough implements rule.Sufficiency: one look at the cell shows no change, and
// without a frequency two areas are two cells.
func (lacChange) Enough(v rule.View) bool {
	return v.Cell.ARFCN != cell.NoARFCN && v.Cell.Broadcasts[event.SI3].Count > 1
}

func (gap lacChange) Observe(e *event.Event) []rule.Evidence {
	a, ok := e.Body.(*event.AreaChange)
	if !ok {
		return nil
	}
	scale := 0.3
	if a.Gap >= 0 && a.Gap <= int64(float64(gap)*1e9) {
		scale = 1
	}
	return []rule.Evidence{{
		Frames: []event.Ref{a.PreviousRef, e.Ref}, Field: "Location Area Code", Got: fmt.Sprintf("changed, %d before", a.Previous),
		Expect: "the same area throughout", Scale: scale,
		Summary: fmt.Sprintf("The cell was in location area %d before; changing it makes every phone name itself again.", a.Previous),
	}}
}
