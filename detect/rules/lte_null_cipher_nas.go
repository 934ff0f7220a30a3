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
	Benign: []rule.Benign{
		{Explanation: "The operator or the country does not encrypt these messages, and the radio's encryption hides them all the same.", Test: working},
		laboratory,
	},
	Refs: []string{"TS 24.301 §8.2.20", "TS 24.301 §9.9.3.23", "TS 33.401 §5.1.3", "Rayhunter, null cipher"},
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
				ev := rule.Evidence{
					Frames: c.refs(n), Field: "Type of ciphering algorithm", Got: "EPS encryption algorithm EEA0", Expect: "128-EEA1, 128-EEA2 or 128-EEA3", Scale: 1,
					Summary: "The core network ordered the phone to send its messages without encryption.",
				}
				if r := c.command(true, n); r >= 0 && c.Steps[r].Ciphered {
					ev.Scale = 0.3
					ev.Got += ", radio encrypted"
					ev.Summary += " The radio was encrypted, so nobody could read them there."
				}
				return []rule.Evidence{ev}, true
			},
			weigh: func(_ rule.View, w *waiting) {
				if ciphered == 0 {
					w.Scale *= 0.65
					return
				}
				w.Summary += " In other connections of the cell it ordered encryption."
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "EEA0", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) +
			station.authenticate() + station.dl(nasSecure02) + station.ul(nasSecured) + station.release("")},
		{Name: "EEA0 under an encrypted radio", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() +
			station.dl(nasSecure02) + station.ul(nasSecured) + station.asSecurity("eea2", "eia2") + station.release("")},
		{Name: "EEA2", Frames: station.cycle() + station.secured()},
		{Name: "emergency call without SIM", Frames: station.cycle() + station.connect(attachEmergency) +
			station.dl(nasSecure00) + station.ul(nasSecured) + station.release("")},
	},
})
