package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-cipher-broken",
	Title:     "The cell orders the withdrawn cipher A5/2",
	Family:    rule.Cipher,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G02"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.2, WeightBasis: expert,
	Why: "A5/2 can be broken in a moment and was withdrawn from phones and networks in 2007. Whoever still orders it wants to " +
		"learn the key, with which traffic under stronger ciphers can be read as well. A5/1 is weak too but still common, and does not count.",
	Benign: []rule.Benign{
		{Explanation: "A very old network that was never updated."},
		laboratory,
	},
	Refs: []string{"TS 44.018 §10.5.2.9", "TS 43.020 §4.9", "Barkan, Biham, Keller, CRYPTO 2003, §5"},
	New: func(rule.Values) rule.Observer {
		return &perSession{judge: func(d *dialogue) ([]rule.Evidence, bool) {
			i := d.find(event.SecurityCommand, 0)
			if i < 0 {
				return nil, false
			}
			if !d.steps[i].Ciphered || d.steps[i].Algorithm != "A5/2" {
				return nil, true
			}
			return []rule.Evidence{{
				Frames: d.refs(i), Field: "Cipher Mode Setting, algorithm identifier", Got: "A5/2", Expect: "A5/1, A5/3 or A5/4",
				Summary: "The network ordered a cipher that was withdrawn in 2007 because anyone can break it.",
			}}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "A5/2", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + cipherA52 + cipherDone + accept + release},
		{Name: "A5/1", Frames: ordinary(33, 10001).cycle() + protected},
	},
})
