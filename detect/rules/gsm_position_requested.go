package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-position-requested",
	Title:     "The cell asks a phone where it is",
	Family:    rule.Identify,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G46"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.4, WeightBasis: expert,
	Why: "By RRLP a network has a phone measure its position and tell it, without asking its owner and, in GSM, without proof of who asks.",
	Benign: []rule.Benign{
		{Explanation: "An emergency call, for which the network must find the caller."},
		{Explanation: "A request of the authorities to the operator."},
		laboratory,
	},
	Refs: []string{"TS 44.018 §9.1.53", "TS 44.031 §2.1", "Rayhunter issue 534"},
	New: func(rule.Values) rule.Observer {
		return &perSession{judge: func(d *dialogue) ([]rule.Evidence, bool) {
			i := d.find(event.PositionRequest, 0)
			if i < 0 {
				return nil, d.whole
			}
			scale := 0.2
			if d.whole && !d.secured(i) {
				scale = 1
			}
			return []rule.Evidence{{
				Frames: d.refs(i), Field: "RRLP component", Got: "msrPositionReq", Expect: "only after authentication, or in an emergency call", Scale: scale,
				Summary: "The network asked the phone to measure its position and tell it.",
			}}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "before any proof", Fires: true, Frames: ordinary(33, 10001).cycle() + pageResponse + "DTAP 33: 0638 00 05 4000780800\n" + release},
		{Name: "assistance data only", Frames: ordinary(33, 10001).cycle() + pageResponse + "DTAP 33: 0638 00 02 4800\n" + release},
		{Name: "nothing asked", Frames: ordinary(33, 10001).cycle() + protected},
	},
})
