package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-identity-without-authentication",
	Title:     "The cell asks for the subscriber's number and does not authenticate the phone",
	Family:    rule.Identify,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L09d"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.4, WeightBasis: expert,
	Why: "A network that asks for the number (IMSI) wants to challenge the phone next; the phone waits six seconds for the network's next step (T3470). A station " +
		"that lets it wait has what it wanted.",
	Benign: []rule.Benign{lostFrames, {Explanation: "The phone lost coverage."}},
	Refs:   []string{"TS 24.301 §5.4.4", "TS 24.301 §10.2", "Rayhunter, IMSI requested"},
	Params: []rule.Param{{
		Name: "patience", Default: 10, Unit: "s", Min: 6, Max: 600, Source: "TS 24.301 §10.2: T3470 is 6 s, and one repetition of a radio failure",
	}},
	New: func(p rule.Values) rule.Observer {
		return &connections{
			judge: func(c *connection) ([]rule.Evidence, bool) {
				n := c.asked(len(c.Steps))
				if n < 0 || !c.whole {
					return nil, c.whole && len(c.Steps) > 2
				}
				if !c.unprotected() || c.UplinkSeen && c.find(event.IdentityResponse, 0) < 0 || c.find(event.Release, n) >= 0 {
					return nil, true
				}
				for i := n; i < len(c.Steps); i++ {
					switch c.Steps[i].Action {
					case event.UpdateReject, event.ServiceReject, event.NetworkDetach, event.AuthenticationReject, event.UpdateAccept, event.Detach:
						return nil, true
					}
				}
				return []rule.Evidence{{
					Frames: c.refs(n), Field: "Identity Request, then", Got: "no Authentication Request", Expect: "Authentication Request",
					Summary: "The network asked for the subscriber's number (IMSI) and then said nothing more to the phone.",
				}}, true
			},
			weigh: func(v rule.View, w *waiting) {
				// The end of the capture is no silence.
				w.drop = w.time == 0 || !heardAfter(v, w.time, p["patience"])
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "silence after the answer", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) +
			"@60 " + station.cycle()},
		{Name: "capture ends", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI)},
		{Name: "authenticated", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.authenticate() + station.release("") +
			"@60 " + station.cycle()},
	},
})
