package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-redirect-legacy",
	Title:     "The cell sends phones to 3G before it has secured the connection",
	Family:    rule.Deny,
	Severity:  rule.Info,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L02"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.1, WeightBasis: expert,
	Why: "In 3G the network authenticates itself as well, so this is of less use to an attacker than a redirection to 2G. It is reported because it shows where phones go.",
	Benign: []rule.Benign{
		{Explanation: "The phone made or received a call, which the network carries over 3G (CS fallback), and the receiver missed the request for it."},
		{Explanation: "The cell's coverage ended, or the network balanced load.", Test: working},
		lostFrames,
	},
	Refs: []string{"TS 36.331 §5.3.8.3", "TS 36.331 §6.2.2", "TS 23.272 §6.2", "Rayhunter, connection redirect"},
	New: func(rule.Values) rule.Observer {
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			n := c.find(event.Release, 0)
			if n < 0 {
				return nil, false
			}
			st := &c.Steps[n]
			if !st.Redirected || st.HasTarget && st.Target != event.UMTS || c.radioSecured(n) || c.Hidden > 0 || c.fallback() || c.emergency() {
				return nil, true
			}
			ev := rule.Evidence{
				Frames: c.refs(n), Field: "redirectedCarrierInfo", Got: "utra", Expect: "SecurityModeCommand before it, or a call",
				Summary: "The base station ended the connection and sent the phone to 3G without having secured the connection. No call was heard of.",
			}
			if !st.HasTarget {
				ev.Got = "cdma2000"
				ev.Summary = "The base station ended the connection and sent the phone to a CDMA2000 network without having secured the connection. No call was heard of."
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "registration answered with 3G", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.release(toUTRA)},
		{Name: "call", Frames: station.cycle() + station.connect(csfbMO) + station.release(toUTRA)},
		{Name: "secured", Frames: station.cycle() + station.connect(serviceNAS) + station.asSecurity("eea2", "eia2") + station.release(toUTRA)},
		{Name: "to 2G", Frames: station.cycle() + station.connect(attachGUTI) + station.release(toGERAN)},
	},
})
