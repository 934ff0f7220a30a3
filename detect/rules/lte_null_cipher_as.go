package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-null-cipher-as",
	Title:     "The cell orders phones to use its radio without encryption",
	Family:    rule.Cipher,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L05"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.2, WeightBasis: expert,
	Why: "Before a phone sends data the base station turns on radio encryption. EEA0 means none: whoever receives the radio reads along. " +
		"Public networks use it for emergency calls without SIM card only; laboratory software chooses it by default.",
	Benign: []rule.Benign{noCipher, laboratory},
	Refs:   []string{"TS 36.331 §5.3.4", "TS 36.331 §6.3.3", "TS 33.401 §5.1.3", "TS 33.401 §15", "Rayhunter, null cipher"},
	New: func(rule.Values) rule.Observer {
		ciphered := 0
		return &connections{
			judge: func(c *connection) ([]rule.Evidence, bool) {
				n, field := c.command(true, 0), "cipheringAlgorithm"
				for i := range c.Steps {
					// A handover may select algorithms anew.
					if st := &c.Steps[i]; st.Action == event.ChannelChange && st.Algorithm != "" && !st.Ciphered {
						n, field = i, "securityConfigHO, cipheringAlgorithm"
						break
					}
				}
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
					Frames: c.refs(n), Field: field, Got: "eea0", Expect: "eea1, eea2 or eea3",
					Summary: "The base station ordered the phone to use the radio without encryption.",
				}}, true
			},
			weigh: func(v rule.View, w *waiting) { practice(v, w, ciphered) },
		}
	},
	Vectors: []rule.Vector{
		{Name: "EEA0 after authentication", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) +
			station.authenticate() + station.asSecurity("eea0", "eia2") + station.release("")},
		{Name: "EEA2", Frames: station.cycle() + station.secured()},
		{Name: "emergency call without SIM", Frames: station.cycle() + station.connect(attachEmergency) +
			station.asSecurity("eea0", "eia0-v920") + station.release("")},
	},
})
