package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-identity-equipment",
	Title:     "The cell asks an unprotected phone for its serial number",
	Family:    rule.Identify,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L10"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.2, WeightBasis: expert,
	Why: "Without security a network may ask a phone for one number only, the subscriber's (IMSI). The serial number (IMEI) and the temporary number it may ask " +
		"for over a secured connection. Whoever asks for them before has no key, or software that ignores the specification.",
	Benign: []rule.Benign{
		{Explanation: "The operator's core network asks for the serial number before it turns security on, against the specification.", Test: working},
		laboratory,
	},
	Refs: []string{"TS 24.301 §4.4.4.2", "TS 24.301 §5.4.4.2", "TS 24.301 §9.9.3.17", "Rayhunter #557", "Phoenix, NDSS 2021"},
	New: func(rule.Values) rule.Observer {
		return &connections{
			judge: func(c *connection) ([]rule.Evidence, bool) {
				n := -1
				for i := range c.Steps {
					st := &c.Steps[i]
					if st.Action == event.IdentityRequest && !st.Uplink && st.Identity != ident.IMSI && st.Protection == event.Unprotected && c.coreSecured(i) < 0 {
						n = i
						break
					}
				}
				if n < 0 || c.emergency() {
					return nil, c.whole && len(c.Steps) > 2
				}
				st := &c.Steps[n]
				ev := rule.Evidence{
					Frames: c.refs(n), Field: "Identity type 2", Got: st.Identity.String(), Expect: "IMSI, as long as the connection is not secured", Scale: 0.8,
				}
				switch st.Identity {
				case ident.IMEI, ident.IMEISV:
					ev.Summary = "The network asked for the phone's serial number (" + st.Identity.String() + ") over a connection without security."
				case ident.TMSI:
					ev.Summary = "The network asked for the phone's temporary number (TMSI) over a connection without security."
				default:
					ev.Summary = "The network asked the phone for an identity of a type that does not exist (" + st.Identity.String() + ")."
				}
				for i := n; i < len(c.Steps); i++ {
					if r := &c.Steps[i]; r.Action == event.IdentityResponse && r.Identity == st.Identity {
						ev.Frames, ev.Scale = c.refs(n, i), 1
						ev.Summary += " The phone gave it."
						break
					}
				}
				if c.keyed() {
					ev.Scale *= 0.4
					ev.Summary += " The network secured the connection afterwards."
				}
				return []rule.Evidence{ev}, true
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "serial number given", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMEISV) + station.ul(nasGiveIMEISV) + station.release("")},
		{Name: "temporary number asked", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskTMSI) + station.release("")},
		{Name: "identity of a reserved type asked", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.dl("07 55 07") + station.release("")},
		{Name: "IMSI asked", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.release("")},
		{Name: "emergency call without SIM", Frames: station.cycle() + station.connect(attachEmergency) + station.dl(nasAskIMEI) + station.release("")},
		{Name: "header taken off by the tool", Frames: "NAS ul: " + attachGUTI + "\nNAS: " + nasChallenge + "\nNAS ul: " + nasAnswer + "\nNAS: " + nasSecure22 +
			"\nNAS ul: " + nasSecured + "\nNAS: " + nasAskIMEISV + "\nNAS ul: " + nasGiveIMEISV + "\n"},
	},
})
