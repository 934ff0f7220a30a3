package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-si-contradiction",
	Title:     "The cell's messages contradict each other about what cell it is",
	Family:    rule.Structure,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G39"},
	Needs:     []event.Kind{event.KindIdentity, event.KindContradiction},
	Weight:    0.7, WeightBasis: expert,
	Why: "A base station's messages all come from one configuration and agree. A copied or hand-made set of messages may not. Only a message between two others " +
		"that name the cell alike counts.",
	Benign: []rule.Benign{
		{Explanation: "Frames of a distant cell on the same frequency came in between.", Test: func(v rule.View) rule.BenignStatus {
			for _, c := range v.Others() {
				if c.ARFCN == v.Cell.ARFCN && c.PCS == v.Cell.PCS && c.ID != v.Cell.ID {
					return rule.Possible // such a cell was heard
				}
			}
			return rule.NotTestable
		}},
		{Explanation: "The tool recorded a wrong frequency for the frame."},
	},
	Refs: []string{"TS 44.018 §9.1.35", "TS 44.018 §9.1.36", "TS 44.018 §9.1.40"},
	New:  func(rule.Values) rule.Observer { return siContradiction{} },
	Vectors: []rule.Vector{
		{Name: "SI4 with another area", Fires: true, Frames: ordinary(33, 10001).cycle() +
			ordinary(33, 10001).but(func(c *synthetic) { c.lac = 4000 }).si4() + ordinary(33, 10001).cycle()},
		{Name: "agreement", Frames: ordinary(33, 10001).cycle()},
		{Name: "another cell took the frequency", Frames: ordinary(33, 10001).cycle() +
			ordinary(33, 20001).but(func(c *synthetic) { c.lac = 4000 }).si4() + ordinary(33, 20001).but(func(c *synthetic) { c.lac = 4000 }).cycle()},
	},
})

type siContradiction struct{}

// Enough implements rule.Sufficiency: it takes a frequency and a second message that
// names the cell.
func (siContradiction) Enough(v rule.View) bool {
	b := &v.Cell.Broadcasts
	return v.Cell.ARFCN != cell.NoARFCN && b[event.SI3].Count > 1 && b[event.SI4].Count+b[event.SI6].Count > 0
}

func (siContradiction) Observe(e *event.Event) []rule.Evidence {
	c, ok := e.Body.(*event.Contradiction)
	if !ok {
		return nil
	}
	return []rule.Evidence{{
		Frames: []event.Ref{e.Ref}, Field: c.Source.String() + ", " + c.Field, Got: c.Got, Expect: c.Expect,
		Summary: "One of the cell's messages names another area or cell than the messages around it.",
	}}
}
