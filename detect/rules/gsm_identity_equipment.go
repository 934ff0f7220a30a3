package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-identity-equipment",
	Title:     "The cell asks for the phone's serial number before any proof",
	Family:    rule.Identify,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G09"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.0, WeightBasis: expert,
	Why: "A network checks serial numbers (IMEI) against a list of stolen phones, normally after authentication and under encryption. " +
		"A collector asks for it at once, because it ties a person to a phone.",
	Benign: []rule.Benign{
		{Explanation: "The network checks for stolen phones early.", Test: working},
		lostFrames, laboratory,
	},
	Refs: []string{"TS 24.008 §4.3.3", "TS 24.008 §9.2.10", "TS 24.008 §10.5.3.4", "SnoopSnitch metric C4 (factor 3)"},
	New: func(rule.Values) rule.Observer {
		return &perSession{judge: func(d *dialogue) ([]rule.Evidence, bool) {
			if !d.whole {
				return nil, false
			}
			imsi, equipment := d.asked(len(d.steps))
			if equipment < 0 || d.secured(equipment) {
				return nil, len(d.steps) > 1
			}
			name := d.steps[equipment].Identity.String()
			ev := rule.Evidence{
				Frames: d.refs(equipment), Field: "Identity Type", Got: name, Scale: 1, Expect: "Authentication Request before it",
				Summary: "The network asked the phone for its serial number (" + name + ") in the clear before any proof.",
			}
			switch {
			case d.secured(len(d.steps)):
				ev.Scale = 0.3
				ev.Got += ", authentication later"
				ev.Summary += " It did authenticate the phone afterwards."
			case d.find(event.Release, equipment) < 0 && d.find(event.UpdateAccept, equipment) < 0 && d.find(event.UpdateReject, equipment) < 0:
				ev.Scale = 0.5 // what followed was not captured
				ev.Got += ", end not captured"
			case imsi >= 0:
				ev.Scale = 1.2
				ev.Frames = d.refs(imsi, equipment)
				ev.Got += " and IMSI"
				ev.Summary = "The network asked the phone for both the subscriber's number (IMSI) and its serial number (" + name + ") in the clear, without any proof."
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "IMEISV and IMSI", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + askIMEISV + giveIMEISV + askIMSI + giveIMSI + acceptTMSI + release},
		{Name: "IMEI on a page, downlink only", Fires: true, Frames: ordinary(33, 10001).cycle() + askIMEI + release},
		{Name: "after authentication", Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + askIMEISV + giveIMEISV + cipherA51 + cipherDone + release},
	},
})
