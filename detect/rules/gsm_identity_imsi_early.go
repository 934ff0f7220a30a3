package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-identity-imsi-early",
	Title:     "The cell takes the subscriber's number in the clear and does nothing with it",
	Family:    rule.Identify,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G08"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.9, WeightBasis: expert,
	Why: "A network may ask for the subscriber's number (IMSI) when it does not know a temporary one; it then authenticates the phone. " +
		"Asking alone is therefore normal. Asking and then letting the phone go, or serving it, without any proof is how numbers are collected.",
	Benign: []rule.Benign{
		lostFrames,
		{
			Explanation: "The register of the network had been restarted or the phone gave up in the middle.",
			Test:        working,
		},
		laboratory,
	},
	Refs: []string{"TS 24.008 §4.3.3", "TS 24.008 §9.2.10", "TS 24.008 §10.5.3.4", "Tucker et al., NDSS 2025"},
	New: func(rule.Values) rule.Observer {
		return &perSession{judge: func(d *dialogue) ([]rule.Evidence, bool) {
			if !d.whole {
				return nil, false
			}
			end := d.find(event.Release, 0)
			if end < 0 {
				return nil, false // what followed was not captured
			}
			imsi, _ := d.asked(end)
			if imsi < 0 || d.secured(len(d.steps)) || d.find(event.UpdateReject, 0) >= 0 || d.find(event.ServiceReject, 0) >= 0 {
				return nil, true
			}
			ev := rule.Evidence{
				Field: "Identity Type", Expect: "Authentication Request after it",
				Got: "IMSI, then Channel Release", Frames: d.refs(imsi, end),
				Summary: "The network asked the phone for the subscriber's number (IMSI) in the clear and let it go without any proof.",
			}
			if n := d.find(event.UpdateAccept, imsi); n >= 0 {
				ev.Got, ev.Frames = "IMSI, then Location Updating Accept", d.refs(imsi, n)
				ev.Summary = "The network asked the phone for the subscriber's number (IMSI) in the clear and accepted it without any proof."
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "asked and let go", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + askIMSI + giveIMSI + release},
		{Name: "asked and accepted", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + askIMSI + giveIMSI + accept + release},
		{Name: "asked, authenticated, ciphered", Frames: ordinary(33, 10001).cycle() + protected},
		{Name: "capture ends after the question", Frames: ordinary(33, 10001).cycle() + protected + updateTMSI + askIMSI + giveIMSI},
	},
})
