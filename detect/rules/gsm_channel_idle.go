package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-channel-idle",
	Title:     "The cell keeps a phone on a channel without any service",
	Family:    rule.Identify,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G28", "S11"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.4, WeightBasis: expert,
	Why: "A phone that is kept on a channel sends all the time and can be followed by direction finding. A network holds a channel for a call or a message, not for itself.",
	Benign: []rule.Benign{
		{Explanation: "The phone waits for a call that did not come about."},
		lostFrames,
	},
	Refs:   []string{"TS 44.018 §3.4.13", "SnoopSnitch metric T4"},
	Params: []rule.Param{{Name: "seconds", Default: 8, Unit: "s", Min: 1, Max: 120, Source: "SnoopSnitch metric T4: 8000 ms"}},
	New: func(p rule.Values) rule.Observer {
		return &perSession{judge: func(d *dialogue) ([]rule.Evidence, bool) {
			if !d.whole || d.steps[0].Action != event.PagingResponse && d.steps[0].Action != event.ServiceRequest {
				return nil, false
			}
			n := d.find(event.Release, 0)
			if n < 0 {
				return nil, false
			}
			for i := 1; i < n; i++ {
				switch d.steps[i].Action {
				case event.ShortMessage, event.Call, event.Supplementary, event.UpdateAccept, event.ChannelChange, event.PositionRequest:
					return nil, true
				}
			}
			ns, ok := event.Elapsed(&d.steps[0], &d.steps[n])
			if !ok || float64(ns) <= p["seconds"]*1e9 {
				return nil, ok
			}
			return []rule.Evidence{{
				Frames: d.refs(0, n), Field: "Channel Release", Got: fmt.Sprintf("after %.0f s without service", float64(ns)/1e9), Expect: fmt.Sprintf("within %g s", p["seconds"]),
				Summary: "The cell kept a phone on a channel and gave it no service.",
			}}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "twelve seconds", Fires: true, Frames: ordinary(33, 10001).cycle() + "@10 DTAP 33 ul: 0627 00 03331981 05f411223344\n" + challenge + answer + "@22 DTAP 33: 060d 00\n"},
		{Name: "a message in twelve seconds", Frames: ordinary(33, 10001).cycle() + "@10 DTAP 33 ul: 0627 00 03331981 05f411223344\n" + message("a").line() + "@22 DTAP 33: 060d 00\n"},
		{Name: "two seconds", Frames: ordinary(33, 10001).cycle() + pageResponse + challenge + answer + release},
	},
})
