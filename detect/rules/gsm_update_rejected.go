package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-update-rejected",
	Title:     "The cell refuses a location update without authentication",
	Family:    rule.Deny,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G10"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.5, WeightBasis: expert,
	Why: "A refusal sends a phone away, and some causes keep it from trying the network again until it is switched off and on. A phone " +
		"must believe it although nothing proves that it comes from a network. Genuine networks refuse visitors and expired cards every day, so it weighs little alone.",
	Benign: []rule.Benign{roaming, deadSIM, lostFrames, laboratory},
	Refs:   []string{"TS 24.008 §4.4.4.7", "TS 24.008 §9.2.14", "TS 24.008 §10.5.3.6", "Tucker et al., NDSS 2025"},
	New: func(rule.Values) rule.Observer {
		return &perSession{
			judge: func(d *dialogue) ([]rule.Evidence, bool) {
				if !d.whole || d.find(event.UpdateRequest, 0) < 0 && d.find(event.UpdateReject, 0) < 0 {
					return nil, false
				}
				n := d.find(event.UpdateReject, 0)
				if n < 0 {
					return nil, len(d.steps) > 1
				}
				st := &d.steps[n]
				ev := rule.Evidence{
					Frames: d.refs(n), Field: "Reject cause", Got: cause(st), Expect: "Location Updating Accept, or a reject after authentication",
					Summary: "The network turned the phone away without having checked who it is.", Scale: 1,
				}
				switch st.Cause {
				case 2, 3, 6, 11, 12, 13:
				case 15:
					ev.Scale = 0.6 // sends the phone to another area only
				default:
					return nil, true // congestion, failures, protocol errors
				}
				if d.secured(n) {
					return nil, true
				}
				return []rule.Evidence{ev}, true
			},
			weigh: func(v rule.View, o origin, ev *rule.Evidence) {
				visitor(v, o, ev, 0.3)
				customary(v, ev)
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "reject 11", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + reject11 + release},
		{Name: "reject 15", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + reject15 + release},
		{Name: "reject after authentication", Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + reject2 + release},
		{Name: "beginning not captured", Frames: ordinary(33, 10001).cycle() + reject2 + release + protected},
		{Name: "congestion", Frames: ordinary(33, 10001).cycle() + updateTMSI + "DTAP 33: 0504 16\n" + release},
	},
})
