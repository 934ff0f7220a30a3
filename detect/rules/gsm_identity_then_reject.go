package rules

import (
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-identity-then-reject",
	Title:     "The cell takes a phone's permanent number and turns it away",
	Family:    rule.Identify,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G07"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.3, WeightBasis: expert,
	Why: "Collecting numbers takes two steps: ask the phone who it is, then send it back to its network before anyone notices. " +
		"A base station that does this never proves that it knows the subscriber's key.",
	Benign: []rule.Benign{roaming, deadSIM, lostFrames, laboratory},
	Refs: []string{"TS 24.008 §4.3.3", "TS 24.008 §4.4.4.7", "TS 24.008 §9.2.10", "TS 24.008 §9.2.14", "TS 24.008 §10.5.3.6",
		"SnoopSnitch metric C4", "Tucker et al., NDSS 2025"},
	New: func(rule.Values) rule.Observer {
		return &perSession{
			judge: func(d *dialogue) ([]rule.Evidence, bool) {
				if !d.whole {
					return nil, false
				}
				n := d.find(event.UpdateReject, 0)
				if n < 0 {
					n = d.find(event.ServiceReject, 0)
				}
				if n < 0 {
					return nil, len(d.steps) > 1
				}
				imsi, equipment := d.asked(n)
				if imsi < 0 && equipment < 0 || d.secured(len(d.steps)) {
					return nil, true
				}
				st := &d.steps[n]
				ev := rule.Evidence{
					Frames: d.refs(imsi, equipment, n), Field: "Identity Type, Reject cause", Scale: 1,
					Expect: "Authentication Request between the two",
				}
				switch {
				case equipment >= 0 && imsi >= 0:
					ev.Got = "IMSI and " + d.steps[equipment].Identity.String() + ", then " + cause(st)
					ev.Summary = "The network asked the phone for the subscriber's number (IMSI) and its serial number (" + d.steps[equipment].Identity.String() + ") and then turned it away without proving any key."
				case equipment >= 0:
					ev.Got = d.steps[equipment].Identity.String() + ", then " + cause(st)
					ev.Summary = "The network asked the phone for its serial number (" + d.steps[equipment].Identity.String() + ") and then turned it away without proving any key."
				default:
					ev.Got = "IMSI, then " + cause(st)
					ev.Summary = "The network asked the phone for the subscriber's number (IMSI) and then turned it away without proving any key."
					switch st.Cause {
					case 3, 6, 11, 12, 13, 15:
					default:
						// IMSI unknown in HLR or VLR (2, 4) is what a dead SIM gets, because there is
						// no key to authenticate it with; failures and congestion come from overload.
						ev.Scale = 0.6
					}
				}
				return []rule.Evidence{ev}, true
			},
			weigh: func(v rule.View, o origin, ev *rule.Evidence) {
				// A network that will not serve a visitor has no use for the phone's serial
				// number; the subscriber's number it needs to find that out.
				factor := 0.7
				if strings.HasPrefix(ev.Got, "IMSI, then") {
					factor = 0.3
				}
				visitor(v, o, ev, factor)
				customary(v, ev)
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "serial number, then reject 15", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + askIMEISV + giveIMEISV + reject15 + release},
		{Name: "both numbers, downlink only", Fires: true, Frames: ordinary(33, 10001).cycle() + askIMEISV + askIMSI + reject11 + release},
		{Name: "authenticated, then rejected", Frames: ordinary(33, 10001).cycle() + updateTMSI + askIMSI + giveIMSI + challenge + answer + reject2 + release},
		{Name: "asked, authenticated and accepted", Frames: ordinary(33, 10001).cycle() + protected},
		{Name: "capture begins in the middle", Frames: ordinary(33, 10001).cycle() + giveIMSI + askIMEI + reject2 + release + protected},
	},
})
