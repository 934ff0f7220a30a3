package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-redirect-geran",
	Title:     "The cell sends phones to 2G before it has secured the connection",
	Family:    rule.Deny,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L01"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.3, WeightBasis: expert,
	Why: "2G can be listened to and lets anyone pose as the network. A base station without the subscriber's key cannot secure the connection, but the " +
		"release message can send the phone to a 2G frequency all the same. Networks send phones to 2G for calls, and otherwise when coverage ends, over a secured " +
		"connection; newer phones ignore an unsecured order.",
	Benign: []rule.Benign{
		{Explanation: "The phone made or received a call, which the network carries over 2G (CS fallback), and the receiver missed the request for it."},
		{Explanation: "The network does without LTE security for such releases.", Test: working},
		lostFrames, laboratory,
	},
	Refs: []string{"TS 36.331 §5.3.8.3", "TS 36.331 §6.2.2", "TS 23.272 §6.2", "Rayhunter, connection redirect to 2G", "Hussain et al., NDSS 2018"},
	New: func(rule.Values) rule.Observer {
		return &connections{
			judge: func(c *connection) ([]rule.Evidence, bool) {
				n := c.find(event.Release, 0)
				if n < 0 {
					return nil, false
				}
				st := &c.Steps[n]
				if !st.HasTarget || st.Target != event.GSM {
					return nil, true
				}
				if c.radioSecured(n) || c.Hidden > 0 || c.fallback() || c.emergency() {
					return nil, true
				}
				ev := rule.Evidence{
					Frames: c.refs(c.start(n), n), Field: "redirectedCarrierInfo", Got: "geran, before SecurityModeCommand", Expect: "SecurityModeCommand before it, or a call", Scale: 1,
					Summary: "The base station ended the connection and sent the phone to 2G without having secured the connection. No call was heard of.",
				}
				switch {
				case c.coreSecured(n) >= 0:
					ev.Scale = 0.4
					ev.Summary += " The core network had shown that it has the subscriber's key."
				case c.secured(n):
					ev.Scale = 0.7
				}
				return []rule.Evidence{ev}, true
			},
			weigh: func(v rule.View, w *waiting) { customary(v, &w.Evidence) },
		}
	},
	Vectors: []rule.Vector{
		{Name: "registration answered with 2G", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.release(toGERAN)},
		{Name: "identity, reject, 2G", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) +
			station.dl(nasAttachReject7) + station.release(toGERAN)},
		{Name: "call", Frames: station.cycle() + station.connect(csfbMO) + station.release(toGERAN)},
		{Name: "paged for a call", Frames: station.cycle() + station.page(pagedTMSI, "cs") + station.connect(serviceNAS) + station.release(toGERAN)},
		{Name: "secured", Frames: station.cycle() + station.connect(serviceNAS) + station.asSecurity("eea2", "eia2") + station.release(toGERAN)},
		{Name: "to another LTE frequency", Frames: station.cycle() + station.connect(attachGUTI) + station.release(toEUTRA)},
		{Name: "beginning not captured", Frames: station.cycle() + station.release(toGERAN)},
	},
})
