package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-service-rejected",
	Title:     "The cell refuses a service without authentication",
	Family:    rule.Deny,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G12"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.4, WeightBasis: expert,
	Why: "Cause 4 tells a phone that the network has lost it, so that it names itself anew; cause 6 tells it that it is barred, so that it keeps " +
		"silent until it is switched off and on. Nothing proves that a network says so.",
	Benign: []rule.Benign{
		{Explanation: "The register of the network had been restarted (cause 4).", Test: working},
		{Explanation: "The phone is on the list of stolen phones (cause 6).", Test: working},
		roaming, lostFrames,
	},
	Refs: []string{"TS 24.008 §4.5.1.1", "TS 24.008 §9.2.6", "TS 24.008 §10.5.3.6"},
	New: func(rule.Values) rule.Observer {
		return &perSession{
			judge: func(d *dialogue) ([]rule.Evidence, bool) {
				if !d.whole || d.find(event.ServiceRequest, 0) < 0 {
					return nil, false
				}
				n := d.find(event.ServiceReject, 0)
				if n < 0 {
					return nil, len(d.steps) > 1
				}
				st := &d.steps[n]
				if st.Cause != 4 && st.Cause != 6 || d.secured(n) {
					return nil, true
				}
				scale := 1.0
				if st.Cause == 4 {
					scale = 0.4
				}
				return []rule.Evidence{{
					Frames: d.refs(n), Field: "Reject cause", Got: cause(st), Expect: "CM Service Accept, or a reject after authentication",
					Summary: "The network refused the phone a service without having checked who it is.", Scale: scale,
				}}, true
			},
			weigh: func(v rule.View, o origin, ev *rule.Evidence) { visitor(v, o, ev, 0.4) },
		}
	},
	Vectors: []rule.Vector{
		{Name: "illegal phone", Fires: true, Frames: ordinary(33, 10001).cycle() + serviceSMS + serviceReject6 + release},
		{Name: "unknown in VLR", Fires: true, Frames: ordinary(33, 10001).cycle() + serviceSMS + serviceReject4 + release},
		{Name: "after authentication", Frames: ordinary(33, 10001).cycle() + serviceSMS + challenge + answer + serviceReject6 + release},
	},
})
