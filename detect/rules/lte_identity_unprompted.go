package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-identity-unprompted",
	Title:     "The network asks for the subscriber's number although the phone asked for nothing",
	Family:    rule.Identify,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L09b"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.5, WeightBasis: expert,
	Why: "A network identifies a phone that registers or asks for a service. A question without such a beginning does not belong to a procedure of the network.",
	Benign: []rule.Benign{
		{Explanation: "The receiver missed the beginning of the connection."},
		{Explanation: "The capture began in the middle of the connection."},
	},
	Refs: []string{"TS 24.301 §5.4.4", "TS 24.301 §5.3.1", "Rayhunter #557"},
	Params: []rule.Param{{
		Name: "settling", Default: 8, Unit: "frames", Min: 0, Max: 1000, Source: "Rayhunter #557: connections that were open when the capture began",
	}},
	New: func(p rule.Values) rule.Observer {
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			n := c.find(event.IdentityRequest, 0)
			if n < 0 || !c.UplinkSeen {
				return nil, len(c.Steps) > 1 && c.UplinkSeen
			}
			st := &c.Steps[n]
			if c.whole || c.Continued || c.secured(n) || st.Identity != ident.IMSI || float64(c.First.Frame) <= p["settling"] {
				return nil, true
			}
			for i := range c.Steps {
				if a := c.Steps[i].Action; a <= event.Detach || a == event.ReestablishmentRequest {
					return nil, true
				}
			}
			ev := rule.Evidence{
				Frames: c.refs(n), Field: "Identity Request", Got: "first message of the connection", Expect: "an initial message of the phone before it", Scale: 1,
				Summary: "The network asked for the subscriber's number (IMSI) although the phone had asked for nothing.",
			}
			if c.find(event.AuthenticationRequest, n) >= 0 {
				ev.Scale = 0.3
				ev.Summary += " It then authenticated the phone."
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "question first", Fires: true, Frames: lteCycles(station, macro(1300, 2, 0x100a02), macro(1300, 1, 0x100a01)) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.release("")},
		{Name: "capture begins with it", Frames: station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.release("") + station.cycle()},
		{Name: "the phone registers", Frames: lteCycles(station, macro(1300, 2, 0x100a02), macro(1300, 1, 0x100a01)) + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.release("")},
	},
})
