package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-cell-broadcast-alone",
	Title:     "The cell broadcasts a warning that no other cell of its network does",
	Family:    rule.Push,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"S12"},
	Needs:     []event.Kind{event.KindWarning},
	Weight:    0.4, WeightBasis: expert,
	Why: "A public warning goes out from all cells of an area. One that comes from a single cell, while its network's other cells around are silent, was not sent by the authorities.",
	Benign: []rule.Benign{
		{Explanation: "The receiver heard the other cells before or after the warning, or did not listen to their broadcast channel."},
		laboratory,
	},
	Refs:   []string{"TS 23.041 §9.4.1.2", "TS 44.012 §3", "Lee et al., MobiSys 2019"},
	Params: []rule.Param{minPeers(3)},
	New:    func(p rule.Values) rule.Observer { return &broadcastAlone{peers: p["min_peers"]} },
	Vectors: []rule.Vector{
		{Name: "one of four cells", Fires: true, Frames: cycles(ordinary(33, 10001), ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004)) + warningPage},
		{Name: "too few cells to compare", Frames: ordinary(33, 10001).cycle() + warningPage},
		{Name: "a message of the operator", Frames: cycles(ordinary(33, 10001), ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004)) + operatorPage},
	},
})

// broadcastAlone remembers the first warning of the cell.
type broadcastAlone struct {
	peers float64
	ref   event.Ref
	id    int
	basis event.Basis
}

func (o *broadcastAlone) Observe(e *event.Event) []rule.Evidence {
	if w, ok := e.Body.(*event.Warning); ok && w.Emergency && o.ref.Frame == 0 {
		o.ref, o.id, o.basis = e.Ref, w.ID, e.Basis
	}
	return nil
}

// Enough implements rule.Sufficiency.
func (o *broadcastAlone) Enough(v rule.View) bool { return float64(len(heardPeers(v))) >= o.peers }

// Finish implements rule.Finisher.
func (o *broadcastAlone) Finish(v rule.View) []rule.Evidence {
	if o.ref.Frame == 0 || !v.Cell.ID.Known || !o.Enough(v) {
		return nil
	}
	for _, c := range heardPeers(v) {
		if c.Warnings > 0 {
			return nil
		}
	}
	return []rule.Evidence{{
		Frames: []event.Ref{o.ref}, Field: "Message identifier", Got: fmt.Sprintf("%d, from this cell alone", o.id), Expect: "the same from its neighbours", Basis: o.basis,
		Summary: "The cell broadcast an emergency warning that was heard from no other cell of its network.",
	}}
}
