package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-bid-down",
	Title:     "After a refusal the phone is heard on 2G only",
	Family:    rule.Deny,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L17", "M05", "M20", "M21"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.7, WeightBasis: expert,
	Why: "Three causes of refusal (7, 8, 14) make a phone leave LTE until it is switched off and on. Nobody needs a key to send them, and on 2G the phone " +
		"can be listened to. A phone that was refused so and then turns up on 2G has been pushed down, by whomever.",
	Benign: []rule.Benign{
		{Explanation: "The subscription does not include LTE.", Test: working},
		deadSIM, roaming, lostFrames,
	},
	Refs: []string{"TS 24.301 §5.5.1.2.5", "TS 24.301 §5.6.1.5", "TS 24.301 §5.5.3.2.5", "Shaik et al., NDSS 2016", "Phoenix, NDSS 2021"},
	Params: []rule.Param{{
		Name: "absence", Default: 15, Unit: "s", Min: 1, Max: 3600, Source: "expert: a phone finds a cell of 2G within some seconds",
	}},
	New: func(p rule.Values) rule.Observer {
		return &connections{
			judge: func(c *connection) ([]rule.Evidence, bool) {
				if !c.whole {
					return nil, false
				}
				for n := range c.Steps {
					st := &c.Steps[n]
					if st.Action != event.UpdateReject && st.Action != event.ServiceReject {
						continue
					}
					if st.Cause != 7 && st.Cause != 8 && st.Cause != 14 || st.Protection == event.Integrity || c.Hidden > 0 || c.secured(n) {
						return nil, true
					}
					return []rule.Evidence{{
						Frames: c.refs(n), Field: "EMM cause", Got: cause(st) + ", then 2G only", Expect: "a signed reject, or LTE again",
						Summary: "The network refused the phone LTE without a signature. The phone was not heard on LTE again, but 2G was.",
					}}, true
				}
				return nil, len(c.Steps) > 2
			},
			weigh: func(v rule.View, w *waiting) {
				w.drop = true
				for _, c := range v.All {
					after := float64(lastHeard(c)-w.time) / 1e9
					switch {
					case w.time == 0:
						return
					case c.RAT == event.LTE && after > p["absence"]:
						w.drop = true
						return
					case c.RAT == event.GSM && after > p["absence"] && c.Last.Capture == w.Frames[0].Capture:
						w.drop = false
					}
				}
				w.guest(v, 0.3)
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "cause 7, then GSM", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAttachReject7) + station.release("") +
			"@60 " + ordinary(33, 10001).cycle()},
		{Name: "LTE again", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAttachReject7) + station.release("") +
			"@60 " + ordinary(33, 10001).cycle() + station.secured()},
		{Name: "nothing after it", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAttachReject7) + station.release("")},
		{Name: "cause 15, then GSM", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAttachReject15) + station.release("") +
			"@60 " + ordinary(33, 10001).cycle()},
	},
})
