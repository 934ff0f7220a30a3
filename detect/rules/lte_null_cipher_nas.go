package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-null-cipher-nas",
	Title:     "The network orders phones to talk to its core without encryption",
	Family:    rule.Cipher,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L06"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.9, WeightBasis: expert,
	Why: "The messages between phone and core network carry temporary numbers and text messages. EEA0 leaves them in the clear. Encryption is " +
		"optional for operators and forbidden in some countries, so what the network does elsewhere decides.",
	Benign: []rule.Benign{noCipher, laboratory},
	Refs:   []string{"TS 24.301 §8.2.20", "TS 24.301 §9.9.3.23", "TS 33.401 §5.1.3", "Rayhunter, null cipher"},
	New: func(rule.Values) rule.Observer {
		ciphered := 0
		return &connections{
			judge: func(c *connection) ([]rule.Evidence, bool) {
				n := c.command(false, 0)
				if n < 0 {
					return nil, false
				}
				if c.Steps[n].Ciphered {
					ciphered++
					return nil, true
				}
				if c.emergency() {
					return nil, true
				}
				return []rule.Evidence{{
					Frames: c.refs(n), Field: "Type of ciphering algorithm", Got: "EPS encryption algorithm EEA0", Expect: "128-EEA1, 128-EEA2 or 128-EEA3",
					Summary: "The core network ordered the phone to send its messages without encryption.",
				}}, true
			},
			weigh: func(v rule.View, w *waiting) { practice(v, w, ciphered) },
		}
	},
	Vectors: []rule.Vector{
		{Name: "EEA0", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) +
			station.authenticate() + station.dl(nasSecure02) + station.ul(nasSecured) + station.release("")},
		{Name: "EEA2", Frames: station.cycle() + station.secured()},
		{Name: "emergency call without SIM", Frames: station.cycle() + station.connect(attachEmergency) +
			station.dl(nasSecure00) + station.ul(nasSecured) + station.release("")},
	},
})
