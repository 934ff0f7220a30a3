package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-cipher-late",
	Title:     "The phone starts encryption unusually late",
	Family:    rule.Cipher,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G05"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.3, WeightBasis: expert,
	Why: "A phone turns encryption on at once. A delay of seconds, while frames with known content go out, gives an attacker time to compute the key of A5/1 or A5/2.",
	Benign: []rule.Benign{
		{Explanation: "Poor reception: commands were repeated before one arrived."},
	},
	Refs:   []string{"TS 44.018 §3.4.7", "SnoopSnitch metric C2"},
	Params: []rule.Param{{Name: "seconds", Default: 2, Unit: "s", Min: 0.5, Max: 30, Source: "SnoopSnitch metric C2: 2 % of normal setups take longer"}},
	New: func(p rule.Values) rule.Observer {
		return &perSession{judge: func(d *dialogue) ([]rule.Evidence, bool) {
			i := d.find(event.SecurityCommand, 0)
			if i < 0 {
				return nil, false
			}
			n := d.find(event.SecurityComplete, i)
			if n < 0 {
				return nil, false
			}
			ns, ok := event.Elapsed(&d.steps[i], &d.steps[n])
			if a := d.steps[i].Algorithm; !ok || a != "A5/1" && a != "A5/2" {
				return nil, ok
			}
			if float64(ns) <= p["seconds"]*1e9 {
				return nil, true
			}
			return []rule.Evidence{{
				Frames: d.refs(i, n), Field: "Ciphering Mode Complete", Got: fmt.Sprintf("%.1f s after the command", float64(ns)/1e9), Expect: fmt.Sprintf("within %g s", p["seconds"]),
				Summary: "Encryption with a breakable cipher began seconds after it was ordered.",
			}}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "three seconds", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + "@20 DTAP 33: 0635 01\n@23 DTAP 33 ul: 0632\n" + accept + release},
		{Name: "at once", Frames: ordinary(33, 10001).cycle() + protected},
		{Name: "A5/3", Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + "@20 DTAP 33: 0635 05\n@23 DTAP 33 ul: 0632\n" + accept + release},
	},
})
