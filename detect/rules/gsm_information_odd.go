package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-information-odd",
	Title:     "The network tells phones a wrong time",
	Family:    rule.Structure,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G41"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.2, WeightBasis: expert,
	Why: "A network tells phones the time of day, which its equipment gets from a reliable clock. A box takes that of a laptop, or none at all.",
	Benign: []rule.Benign{
		{Explanation: "The clock of the phone or computer that wrote the capture was wrong."},
		{Explanation: "The network's clock is wrong, as now and then happens."},
	},
	Refs:   []string{"TS 24.008 §9.2.15a", "TS 22.042 §5", "Echeverria et al. (Phoenix), NDSS 2021"},
	Params: []rule.Param{{Name: "minutes", Default: 5, Unit: "min", Min: 1, Max: 600, Source: "detection catalogue G41"}},
	New: func(p rule.Values) rule.Observer {
		return &perSession{judge: func(d *dialogue) ([]rule.Evidence, bool) {
			i := d.find(event.Information, 0)
			if i < 0 || d.steps[i].UTC == 0 || d.steps[i].Time == 0 {
				return nil, false
			}
			off := float64(d.steps[i].UTC-d.steps[i].Time) / 60e9
			// Days off are a recording decoded later or a clock that was never set.
			if abs := max(off, -off); abs <= p["minutes"] || abs >= 24*60 {
				return nil, abs <= p["minutes"]
			}
			return []rule.Evidence{{
				Frames: d.refs(i), Field: "Universal time and local time zone", Got: fmt.Sprintf("%+.0f minutes off the capture's clock", off), Expect: fmt.Sprintf("within %g minutes", p["minutes"]),
				Summary: "The network told the phone a time that differs from the receiver's clock.",
			}}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "an hour ahead", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + "DTAP 33: 0532 47 32114132312200\n" + accept + release},
		{Name: "right", Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + "DTAP 33: 0532 47 32114122312200\n" + accept + release},
		{Name: "capture's clock a year off", Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + "DTAP 33: 0532 47 42114122312200\n" + accept + release},
	},
})
