package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-page-without-service",
	Title:     "The cell calls a phone and wants nothing of it",
	Family:    rule.Identify,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G27"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.35, WeightBasis: expert,
	Why: "A phone that is called answers on a channel, and then the network has a call or a message for it. A channel that is given up again at once only served to find out that the phone is here, and where.",
	Benign: []rule.Benign{
		{Explanation: "The caller hung up in this second."},
		{Explanation: "The operator located a phone on request, as for an emergency."},
		lostFrames,
	},
	Refs: []string{"TS 44.018 §3.3.2", "TS 24.008 §4.5.1.3", "SnoopSnitch metric T3"},
	New: func(rule.Values) rule.Observer {
		return &perSession{judge: func(d *dialogue) ([]rule.Evidence, bool) {
			n := d.find(event.Release, 0)
			if !d.whole || d.steps[0].Action != event.PagingResponse || n < 0 || len(d.before) > 0 {
				return nil, false
			}
			for i := 1; i < n; i++ {
				if d.steps[i].Action != event.MeasurementReport {
					return nil, true
				}
			}
			return []rule.Evidence{{
				Frames: d.refs(0, n), Field: "Channel Release", Got: "right after the Paging Response", Expect: "a call or message",
				Summary: "The network called a phone and let it go without a word.",
			}}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "called and let go", Fires: true, Frames: ordinary(33, 10001).cycle() + pageResponse + release},
		{Name: "called for a message", Frames: ordinary(33, 10001).cycle() + pushed(1, message("a"))},
		{Name: "called and identified", Frames: ordinary(33, 10001).cycle() + pageResponse + askIMSI + giveIMSI + release},
		{Name: "release not heard", Frames: ordinary(33, 10001).cycle() + pageResponse},
	},
})
