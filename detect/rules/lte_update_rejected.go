package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-update-rejected",
	Title:     "The cell refuses a phone's update without authentication",
	Family:    rule.Deny,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L12", "M21"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.6, WeightBasis: expert,
	Why: "A phone that enters a tracking area tells the network. A refusal makes it register anew, naming itself, or leave LTE or the network, and nothing proves that " +
		"it comes from a network. After a restart a network refuses every phone it has forgotten (causes 9 and 10).",
	Benign: []rule.Benign{forgotten, roaming, deadSIM, lostFrames, laboratory},
	Refs:   []string{"TS 24.301 §5.5.3.2.5", "TS 24.301 §8.2.28", "TS 24.301 §9.9.3.9", "Tucker et al., NDSS 2025", "Shaik et al., NDSS 2016"},
	New: func(rule.Values) rule.Observer {
		return &connections{
			judge: func(c *connection) ([]rule.Evidence, bool) {
				return rejected(c, event.UpdateReject, false, func(cause int) float64 {
					switch cause {
					case 3, 6, 7, 8, 11, 12, 13, 14, 15, 35:
						return 1
					case 9, 10:
						return 0.3
					}
					return 0
				})
			},
			weigh: func(v rule.View, w *waiting) {
				if w.cause != 9 && w.cause != 10 {
					w.Scale *= causeScale(w.cause, w.own(v))
				}
				w.guest(v, 0.3)
				customary(v, &w.Evidence)
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "cause 7", Fires: true, Frames: station.cycle() + station.connect(tauGUTI) + station.dl(nasTAUReject7) + station.release("")},
		{Name: "cause 9", Fires: true, Frames: station.cycle() + station.connect(tauGUTI) + station.dl(nasTAUReject9) + station.release("")},
		{Name: "after authentication", Frames: station.cycle() + station.connect(tauGUTI) + station.authenticate() + station.dl(nasTAUReject7) + station.release("")},
		{Name: "registration refused", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAttachReject7) + station.release("")},
	},
})
