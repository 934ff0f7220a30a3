package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-cipher-imeisv",
	Title:     "The cell asks for the serial number together with encryption",
	Family:    rule.Identify,
	Severity:  rule.Info,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G06"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.05, WeightBasis: expert,
	Why: "With the order to encrypt a network may ask for the phone's serial number. Most do, so this says next to nothing; it is listed because it shows that the number was disclosed, encrypted.",
	Benign: []rule.Benign{
		{Explanation: "Normal on most networks.", Test: func(rule.View) rule.BenignStatus { return rule.Possible }},
	},
	Refs: []string{"TS 44.018 §9.1.9", "TS 44.018 §10.5.2.10", "SnoopSnitch metric C3 (retired)"},
	New: func(rule.Values) rule.Observer {
		return &perSession{judge: func(d *dialogue) ([]rule.Evidence, bool) {
			i := d.find(event.SecurityCommand, 0)
			if i < 0 || !d.steps[i].EquipmentAsked {
				return nil, i >= 0
			}
			scale := 0.2 // encrypted, where the network proved itself
			if !d.steps[i].Ciphered {
				scale = 1
			}
			return []rule.Evidence{{
				Frames: d.refs(i), Field: "Cipher Response, CR", Got: "1 (IMEISV shall be included)", Expect: "either", Scale: scale,
				Summary: "The network asked for the phone's serial number with the order to encrypt.",
			}}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "asked with A5/1", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + "DTAP 33: 0635 11\n" + cipherDone + accept + release},
		{Name: "not asked", Frames: ordinary(33, 10001).cycle() + protected},
	},
})
