package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-null-integrity",
	Title:     "The cell orders phones to accept messages that nobody has signed",
	Family:    rule.Structure,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L07"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.5, WeightBasis: expert,
	Why: "EIA0 turns off the signature (message authentication code) with which a network proves that a message is its own. Whoever lacks the key can " +
		"then speak for the network. The specification forbids it except for emergency calls without SIM card, so no public network orders it.",
	Benign: []rule.Benign{
		laboratory,
		{Explanation: "An emergency call without SIM card whose beginning was not captured."},
	},
	Refs: []string{"TS 33.401 §5.1.4", "TS 24.301 §9.9.3.23", "TS 36.331 §5.3.4", "MobieXpert"},
	New: func(rule.Values) rule.Observer {
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			n, seen := -1, false
			for i := range c.Steps {
				st := &c.Steps[i]
				if st.Action != event.SecurityCommand && (st.Action != event.ChannelChange || st.IntegrityAlgorithm == "") {
					continue
				}
				seen = true
				if st.NullIntegrity {
					n = i
					break
				}
			}
			if n < 0 || c.emergency() {
				return nil, seen
			}
			ev := rule.Evidence{
				Frames: c.refs(n), Field: "Type of integrity protection algorithm", Got: "EPS integrity algorithm EIA0", Expect: "128-EIA1, 128-EIA2 or 128-EIA3", Scale: 1,
				Summary: "The core network ordered the phone to accept messages without a signature, which is allowed for emergency calls only.",
			}
			if c.Steps[n].AS {
				ev.Field, ev.Got, ev.Expect = "integrityProtAlgorithm", "eia0", "eia1, eia2 or eia3"
				ev.Summary = "The base station ordered the phone to accept messages without a signature, which is allowed for emergency calls only."
			}
			if !c.whole {
				ev.Scale = 0.7
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "EIA0 of the core network", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) +
			station.authenticate() + station.dl(nasSecure00) + station.ul(nasSecured) + station.release("")},
		{Name: "EIA0 of the radio", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) +
			station.authenticate() + station.asSecurity("eea0", "eia0-v920") + station.release("")},
		{Name: "null ciphering with integrity", Frames: station.cycle() + station.connect(attachGUTI) +
			station.authenticate() + station.dl(nasSecure02) + station.ul(nasSecured) + station.release("")},
		{Name: "emergency call without SIM", Frames: station.cycle() + station.connect(attachEmergency) +
			station.dl(nasSecure00) + station.ul(nasSecured) + station.release("")},
	},
})
