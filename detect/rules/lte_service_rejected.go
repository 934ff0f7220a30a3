package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-service-rejected",
	Title:     "The cell refuses a phone a service without authentication",
	Family:    rule.Deny,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L13", "M20"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.6, WeightBasis: expert,
	Why: "A phone with a call or data to send asks for a service. A refusal makes it register anew, naming itself, or leave LTE or the network, and nothing proves that it " +
		"comes from a network. After a restart a network refuses every phone it has forgotten (causes 9 and 10).",
	Benign: []rule.Benign{forgotten, roaming, deadSIM, lostFrames, laboratory},
	Refs:   []string{"TS 24.301 §5.6.1.5", "TS 24.301 §8.2.24", "TS 24.301 §9.9.3.9", "Tucker et al., NDSS 2025", "Phoenix, NDSS 2021"},
	New: func(rule.Values) rule.Observer {
		return &connections{
			judge: func(c *connection) ([]rule.Evidence, bool) {
				found, judged := rejected(c, event.ServiceReject, false, func(cause int) float64 {
					switch cause {
					case 3, 6, 7, 8, 11, 12, 13, 14, 15, 35:
						return 1
					case 9, 10, 40:
						return 0.3
					}
					return 0
				})
				for i := range found {
					n := c.find(event.ServiceReject, 0)
					if a := c.start(n); a >= 0 && c.Steps[a].Action == event.UpdateRequest {
						found[i].Scale = 1
						found[i].Got += " after Attach Request or Tracking Area Update Request"
						found[i].Expect = "a reject of that request"
						found[i].Summary += " The phone had not asked for a service, so the message fits no procedure."
					}
				}
				return found, judged
			},
			weigh: func(v rule.View, w *waiting) {
				if w.cause != 9 && w.cause != 10 && w.cause != 40 {
					w.Scale *= causeScale(w.cause, w.own(v))
				}
				w.guest(v, 0.3)
				customary(v, &w.Evidence)
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "cause 7", Fires: true, Frames: station.cycle() + station.connect(serviceNAS) + station.dl(nasServiceReject7) + station.release("")},
		{Name: "cause 9", Fires: true, Frames: station.cycle() + station.connect(serviceNAS) + station.dl(nasServiceReject9) + station.release("")},
		{Name: "no service was asked for", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasServiceReject9) + station.release("")},
		{Name: "after authentication", Frames: station.cycle() + station.connect(serviceNAS) + station.authenticate() + station.dl(nasServiceReject7) + station.release("")},
		{Name: "signed", Frames: station.cycle() + station.connect(serviceNAS) + station.dl("17 01020304 01 07 4e 07") + station.release("")},
		{Name: "served", Frames: station.cycle() + station.connect(serviceNAS) + station.asSecurity("eea2", "eia2") + station.release("")},
	},
})
