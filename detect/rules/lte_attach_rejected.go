package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-attach-rejected",
	Title:     "The cell refuses a phone's registration without authentication",
	Family:    rule.Deny,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L11", "M05"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.7, WeightBasis: expert,
	Why: "A refusal sends a phone away, and some causes keep it from LTE or from the network until it is switched off and on. The phone must believe it although " +
		"nothing proves that it comes from a network. Genuine networks refuse visitors and expired cards every day, so it weighs little alone.",
	Benign: []rule.Benign{roaming, deadSIM, lostFrames, laboratory},
	Refs:   []string{"TS 24.301 §5.5.1.2.5", "TS 24.301 §8.2.3", "TS 24.301 §9.9.3.9", "TS 29.272 §A", "Tucker et al., NDSS 2025", "Shaik et al., NDSS 2016"},
	New: func(rule.Values) rule.Observer {
		return &connections{
			judge: func(c *connection) ([]rule.Evidence, bool) {
				return rejected(c, event.UpdateReject, true, func(cause int) float64 {
					switch cause {
					case 3, 6, 7, 8, 11, 12, 13, 14, 15, 35:
						return 1
					case 9, 10, 40:
						return 1 // of no meaning in an answer to a registration
					}
					return 0
				})
			},
			weigh: func(v rule.View, w *waiting) {
				w.Scale *= causeScale(w.cause, w.own(v))
				w.guest(v, 0.3)
				customary(v, &w.Evidence)
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "cause 7", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAttachReject7) + station.release("")},
		{Name: "cause 8", Fires: true, Frames: station.cycle() + station.connect(attachIMSI) + station.dl(nasAttachReject8) + station.release("")},
		{Name: "after authentication", Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() + station.dl(nasAttachReject7) + station.release("")},
		{Name: "congestion", Frames: station.cycle() + station.connect(attachGUTI) + station.dl("07 44 16") + station.release("")},
		{Name: "beginning not captured", Frames: station.cycle() + station.dl(nasAttachReject7) + station.release("") + station.secured()},
	},
})
