package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-measurement-forced",
	Title:     "The cell orders frequent measurement reports before securing the connection",
	Family:    rule.Identify,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L26", "M10"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.3, WeightBasis: expert,
	Why: "Reports of the levels of the cells around tell roughly where a phone is. Every network asks for them, over a secured connection. " +
		"Short intervals on an unsecured one are of use to somebody who looks for the phone and has no key.",
	Benign: []rule.Benign{
		{Explanation: "The operator's base stations configure measurements before security, as the standard allows.", Test: working},
		lostFrames,
	},
	Refs: []string{"TS 36.331 §5.3.5", "TS 36.331 §6.3.5", "TS 33.401 §7.4", "Shaik et al., NDSS 2016"},
	Params: []rule.Param{{
		Name: "interval", Default: 10, Unit: "s", Min: 0.1, Max: 3600, Source: "rayhunter-threat-analyzer, unvalidated",
	}},
	New: func(p rule.Values) rule.Observer {
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			n := c.find(event.MeasurementOrder, 0)
			if n < 0 || !c.whole {
				return nil, false
			}
			st := &c.Steps[n]
			if st.Seconds <= 0 || st.Seconds >= p["interval"] || c.radioSecured(n) {
				return nil, true
			}
			ev := rule.Evidence{
				Frames: c.refs(n), Field: "reportInterval", Got: fmt.Sprintf("%g s before SecurityModeCommand", st.Seconds), Expect: "after it", Scale: 1,
				Summary: fmt.Sprintf("The base station ordered the phone to report the cells around it every %g s before it secured the connection.", st.Seconds),
			}
			if !c.unprotected() {
				ev.Scale = 0.4
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "every second without security", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) +
			station.reconfigure(measureEvery("ms1024", false)) + station.release("")},
		{Name: "every half hour", Frames: station.cycle() + station.connect(attachGUTI) +
			station.reconfigure(measureEvery("min30", false)) + station.release("")},
		{Name: "after security", Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() +
			station.asSecurity("eea2", "eia2") + station.reconfigure(measureEvery("ms1024", false)) + station.release("")},
	},
})
