package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-arfcn-two-cells",
	Title:     "Two cells were heard on one frequency at almost the same time",
	Family:    rule.Structure,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G21"},
	Needs:     []event.Kind{event.KindIdentity, event.KindRadioReuse},
	Weight:    0.5, WeightBasis: expert,
	Why: "Cells within reach of each other do not share a frequency. A false base station that takes over a neighbour's frequency is heard in turn with it. " +
		"The finding does not say which of the two it is: both get it.",
	Benign: []rule.Benign{
		{Explanation: "The receiver moved from one cell to another that uses the frequency again."},
		{Explanation: "Both cells were heard from afar, from a high place."},
	},
	Refs:   []string{"TS 45.005 §2", "SnoopSnitch metric A1", "SDR-Detector"},
	Params: []rule.Param{{Name: "gap", Default: 60, Unit: "s", Min: 1, Max: 3600, Source: "expert: at 100 km/h 1.7 km, less than the distance at which a frequency is used again"}},
	New:    func(p rule.Values) rule.Observer { return arfcnTwoCells(p["gap"]) },
	Vectors: []rule.Vector{
		{Name: "in turn", Fires: true, Frames: ordinary(33, 10001).cycle() + ordinary(33, 20001).cycle() + ordinary(33, 10001).cycle()},
		{Name: "an hour apart", Frames: ordinary(33, 10001).cycle() + "@3600 " + ordinary(33, 20001).cycle()},
		{Name: "two frequencies", Frames: cycles(ordinary(33, 10001), ordinary(34, 20001), ordinary(33, 10001))},
	},
})

type arfcnTwoCells float64

// Enough implements rule.Sufficiency.
func (arfcnTwoCells) Enough(v rule.View) bool { return v.Cell.ARFCN != cell.NoARFCN }

func (gap arfcnTwoCells) Observe(e *event.Event) []rule.Evidence {
	r, ok := e.Body.(*event.RadioReuse)
	if !ok || r.Gap > int64(float64(gap)*1e9) || r.Gap < 0 && !r.Returned {
		return nil
	}
	ev := rule.Evidence{
		Frames: []event.Ref{r.PreviousRef, e.Ref}, Field: "Cell Identity, Location Area Identification", Scale: 0.3,
		Got:     fmt.Sprintf("two cells on ARFCN %d", r.ARFCN),
		Expect:  "one cell on a frequency at one place",
		Summary: fmt.Sprintf("On frequency %d another cell was heard shortly before this one; one of the two may be false.", r.ARFCN),
	}
	if r.Returned && r.Gap >= 0 {
		ev.Scale = 1
		ev.Summary = fmt.Sprintf("On frequency %d this cell and another were heard in turn; one of the two may be false.", r.ARFCN)
	}
	return []rule.Evidence{ev}
}
