package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-detached",
	Title:     "The cell ends a phone's registration without a signature",
	Family:    rule.Deny,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L14", "M08"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.7, WeightBasis: expert,
	Why: "A network that ends a registration signs the message. A phone that obeys an unsigned one stays without service, often without showing it.",
	Benign: []rule.Benign{
		{Explanation: "The tool that wrote the capture took the signature off."},
		lostFrames, laboratory,
	},
	Refs: []string{"TS 24.301 §5.5.2.3", "TS 24.301 §8.2.11.2", "TS 24.301 §4.4.4.2", "Hussain et al., LTEInspector, NDSS 2018", "Tucker et al., NDSS 2025"},
	New: func(rule.Values) rule.Observer {
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			n := c.find(event.NetworkDetach, 0)
			if n < 0 {
				return nil, c.whole && len(c.Steps) > 2
			}
			st := &c.Steps[n]
			if st.IMSIDetach || st.Protection == event.Integrity || c.secured(n) && st.Protection != event.Unprotected {
				return nil, true
			}
			ev := rule.Evidence{
				Frames: c.refs(n), Field: "Detach Request", Got: "plain", Expect: "integrity protected", Scale: 1,
				Summary: "The network ended the phone's registration with a message that nobody had signed.",
			}
			if st.Cause != 0 {
				ev.Got += ", cause " + cause(st)
			}
			if st.Protection == event.ProtectionUnknown {
				if !c.unprotected() {
					return nil, true
				}
				ev.Scale, ev.Field = 0.4, "Detach Request, before security"
				ev.Summary = "The network ended the phone's registration without having authenticated it."
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "unsigned", Fires: true, Frames: station.cycle() + station.connect(serviceNAS) + station.dl(nasDetachNet) + station.release("")},
		{Name: "signed", Frames: station.cycle() + station.connect(serviceNAS) + station.asSecurity("eea2", "eia2") + station.dl("17 01020304 01 07 45 02 53 07") + station.release("")},
		{Name: "2G and 3G only", Frames: station.cycle() + station.connect(serviceNAS) + station.dl("07 45 03") + station.release("")},
	},
})
