package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-security-refused",
	Title:     "A phone refuses the network's order to turn security on",
	Family:    rule.Cipher,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"M02", "M11"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.8, WeightBasis: expert,
	Why: "The order to turn security on repeats what the phone said it can do, and is signed. A phone refuses it if the repetition differs, because then somebody " +
		"changed its words on the way to have weaker security chosen, or if the signature is wrong.",
	Benign: []rule.Benign{
		{Explanation: "A faulty phone or base station.", Test: working},
		{Explanation: "Keys of phone and network got out of step, for instance after a handover.", Test: working},
		laboratory,
	},
	Refs: []string{"TS 24.301 §5.4.3.5", "TS 24.301 §8.2.22", "TS 36.331 §5.3.4.3", "TS 33.401 §7.2.4.4", "Shaik et al., WiSec 2019"},
	New: func(rule.Values) rule.Observer {
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			seen := false
			for n := range c.Steps {
				st := &c.Steps[n]
				switch st.Action {
				case event.SecurityFailure:
					ev := rule.Evidence{
						Frames: c.refs(c.command(st.AS, 0), n), Field: "Security Mode Reject, EMM cause", Got: cause(st), Expect: "Security Mode Complete", Scale: 1,
						Summary: "The phone refused the core network's order to turn security on.",
					}
					if st.AS {
						ev.Field, ev.Got, ev.Expect = "SecurityModeFailure", "sent", "SecurityModeComplete"
						ev.Scale = 0.5 // happens with keys that got out of step
						ev.Summary = "The phone refused the base station's order to turn security on, because its signature was wrong."
					}
					return []rule.Evidence{ev}, true
				case event.SecurityCommand:
					seen = true
					if st.Mismatch {
						return []rule.Evidence{{
							Frames: c.refs(c.start(n), n), Field: "Replayed UE security capabilities", Got: "differ from UE network capability", Expect: "the same", Scale: 1,
							Summary: "The network repeated other abilities than the phone had stated: somebody changed them on the way, or the network did.",
						}}, true
					}
				}
			}
			return nil, seen
		}}
	},
	Vectors: []rule.Vector{
		{Name: "refused", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() + station.dl(nasSecure22) + station.ul(nasSecureReject) + station.release("")},
		{Name: "other capabilities repeated", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() +
			station.dl("37 01020304 00 07 5d 22 01 02 8080") + station.release("")},
		{Name: "obeyed", Frames: station.cycle() + station.secured()},
	},
})
