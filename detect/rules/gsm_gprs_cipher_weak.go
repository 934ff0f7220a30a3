package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-gprs-cipher-weak",
	Title:     "The network orders no or a broken cipher for packet data",
	Family:    rule.Cipher,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G44"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.5, WeightBasis: expert,
	Why: "GEA1 was weakened on purpose and GEA2 is broken; GEA0 is none at all. A network with current equipment orders GEA3, a box without keys GEA0.",
	Benign: []rule.Benign{
		{Explanation: "An old network, or a phone that can do no better.", Test: working},
		noEncryption,
		laboratory,
	},
	Refs: []string{"TS 24.008 §10.5.5.3", "TS 43.020 §D.1", "Beierle et al., EUROCRYPT 2021"},
	New: func(rule.Values) rule.Observer {
		return &perSession{packet: true, judge: func(d *dialogue) ([]rule.Evidence, bool) {
			i := d.find(event.AuthenticationRequest, 0)
			if i < 0 {
				return nil, false
			}
			scale := map[string]float64{"GEA/1": 0.5, "GEA/2": 0.2}[d.steps[i].Algorithm]
			if !d.steps[i].Ciphered {
				scale = 1
			}
			if scale == 0 {
				return nil, true
			}
			if d.steps[i].Mutual {
				scale *= 0.5 // the network knows the key
			}
			return []rule.Evidence{{
				Frames: d.refs(i), Field: "Ciphering algorithm", Got: d.steps[i].Algorithm, Expect: "GEA3 or higher", Scale: scale,
				Summary: "The network ordered the phone to use packet data with " + d.steps[i].Algorithm + ".",
			}}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "GEA1", Fires: true, Frames: ordinary(33, 10001).cycle() + "DTAP 33: 0812 01 00 21 000102030405060708090a0b0c0d0e0f 80\n"},
		{Name: "no ciphering", Fires: true, Frames: ordinary(33, 10001).cycle() + "DTAP 33: 0812 00 00 21 000102030405060708090a0b0c0d0e0f 80\n"},
		{Name: "GEA3", Frames: ordinary(33, 10001).cycle() + "DTAP 33: 0812 03 00 21 000102030405060708090a0b0c0d0e0f 80\n"},
		{Name: "not asked to authenticate", Frames: ordinary(33, 10001).cycle() + "DTAP 33: 0815 01\n"},
	},
})
