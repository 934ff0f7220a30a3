package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-update-without-tmsi",
	Title:     "The cell accepts a phone by its IMSI and gives it no temporary number",
	Family:    rule.Identify,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G40"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.25, WeightBasis: expert,
	Why: "A network gives a phone a temporary number so that the permanent one need not go over the air again. Simple base stations leave that out, " +
		"and the phone goes on naming its permanent number.",
	Benign: []rule.Benign{
		{Explanation: "The operator does not use temporary numbers, or hands them out later.", Test: working},
		{Explanation: "The receiver missed the message with the temporary number."},
	},
	Refs: []string{"TS 24.008 §4.3.1", "TS 24.008 §9.2.13", "TS 24.008 §9.2.17", "TS 43.020 §2.2"},
	New: func(rule.Values) rule.Observer {
		return &perSession{judge: func(d *dialogue) ([]rule.Evidence, bool) {
			n, end := d.find(event.UpdateAccept, 0), d.find(event.Release, 0)
			if n < 0 || end < 0 || !d.whole || d.steps[0].Action != event.UpdateRequest {
				return nil, false
			}
			imsi, _ := d.asked(n)
			if imsi < 0 && d.steps[0].Identity == ident.IMSI {
				imsi = 0
			}
			given := d.steps[n].NewIdentity || d.find(event.Reallocation, 0) >= 0
			if imsi < 0 || given || d.steps[0].Periodic || d.secured(len(d.steps)) {
				return nil, true // genuine networks that do not reallocate each time were heard
			}
			return []rule.Evidence{{
				Frames: d.refs(imsi, n, end), Field: "Location Updating Accept, Mobile Identity", Got: "absent, no TMSI Reallocation Command",
				Expect:  "a TMSI for a phone that named its IMSI",
				Summary: "The network accepted a phone by its permanent number and gave it no temporary one.",
			}}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "accept without TMSI", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + askIMSI + giveIMSI + accept + release},
		{Name: "attach by IMSI without TMSI", Fires: true, Frames: ordinary(33, 10001).cycle() + updateIMSI + accept + release},
		{Name: "TMSI in the accept", Frames: ordinary(33, 10001).cycle() + protected},
		{Name: "TMSI by reallocation", Frames: ordinary(33, 10001).cycle() + updateIMSI + newTMSI + accept + release},
		{Name: "authenticated", Frames: ordinary(33, 10001).cycle() + updateIMSI + challenge + answer + cipherA51 + cipherDone + accept + release},
		{Name: "known phone keeps its TMSI", Frames: ordinary(33, 10001).cycle() + updateTMSI + accept + release},
	},
})
