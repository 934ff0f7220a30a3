package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-algorithm-unoffered",
	Title:     "The network orders an algorithm that the phone did not say it has",
	Family:    rule.Cipher,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"M11"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.7, WeightBasis: expert,
	Why: "A phone tells the network which algorithms it has, and a network chooses among them. An order outside the list comes from a base station that did not read " +
		"it, or after somebody changed it on the way.",
	Benign: []rule.Benign{
		{Explanation: "The phone told its abilities in another connection too, and differently."},
		laboratory,
	},
	Refs: []string{"TS 33.401 §7.2.4.2", "TS 24.301 §9.9.3.34", "TS 36.331 §5.3.4.2", "Shaik et al., WiSec 2019"},
	New: func(rule.Values) rule.Observer {
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			judged := false
			for n := range c.Steps {
				st := &c.Steps[n]
				if st.Action != event.SecurityCommand {
					continue
				}
				judged = judged || c.start(n) >= 0
				if st.Unoffered {
					return []rule.Evidence{{
						Frames: c.refs(c.start(n), n), Field: "UE network capability", Got: st.Algorithm + " and " + st.IntegrityAlgorithm + " ordered", Expect: "algorithms that the phone listed",
						Summary: "The network ordered a protection that the phone had not said it can do.",
					}}, true
				}
			}
			return nil, judged
		}}
	},
	Vectors: []rule.Vector{
		{Name: "EEA0 for a phone that lists EEA1 and EEA2", Fires: true, Frames: station.cycle() +
			station.connect("07 41 71 08 0910100000000010 02 6060 0004 0201d011") + station.authenticate() + station.asSecurity("eea0", "eia2") + station.release("")},
		{Name: "EEA2 for a phone that lists it", Frames: station.cycle() + station.secured()},
	},
})
