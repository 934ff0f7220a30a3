package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-identity-then-reject",
	Title:     "The cell takes the subscriber's number and turns the phone away",
	Family:    rule.Identify,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L09c", "L09e", "M15"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.4, WeightBasis: expert,
	Why: "Collecting numbers takes two steps: ask the phone who it is, then send it away before anyone notices. A base station that does this never proves " +
		"that it knows the subscriber's key. Networks do the same with visitors and expired cards, and then for one reason; a station that turns several phones " +
		"away, or one for several reasons, and secures nobody's connection looks for numbers.",
	Benign: []rule.Benign{roaming, deadSIM, lostFrames, laboratory},
	Refs: []string{"TS 24.301 §5.4.4", "TS 24.301 §5.5.1.2.5", "TS 24.301 §9.9.3.9", "TS 29.272 §A", "Rayhunter, IMSI requested",
		"Tucker et al., NDSS 2025", "Dabrowski et al., ACSAC 2014"},
	New: func(rule.Values) rule.Observer {
		phones := map[ident.MobileIdentity]bool{}
		causes := map[int]bool{}
		keyed := false
		return &connections{
			judge: func(c *connection) ([]rule.Evidence, bool) {
				keyed = keyed || c.keyed()
				asked := c.asked(len(c.Steps))
				if !c.whole || asked < 0 {
					return nil, c.whole && len(c.Steps) > 2
				}
				if !c.unprotected() {
					return nil, true
				}
				ev := rule.Evidence{
					Field: "Identity Request, then", Expect: "Authentication Request between the two", Scale: 1,
					Summary: "The network asked the phone for the subscriber's number (IMSI) and turned it away without proving any key.",
				}
				end := -1
				for i := asked; i < len(c.Steps) && end < 0; i++ {
					switch st := &c.Steps[i]; {
					case st.Action == event.UpdateReject || st.Action == event.ServiceReject:
						end, ev.Got = i, plainName(st)+" "+cause(st)
						causes[st.Cause] = true
					case st.Action == event.NetworkDetach:
						end, ev.Got = i, "Detach Request"
						causes[-1] = true
					}
				}
				if end < 0 {
					// Asked, answered and let go.
					end = c.find(event.Release, asked)
					if end < 0 || c.UplinkSeen && c.find(event.IdentityResponse, 0) < 0 {
						return nil, true
					}
					ev.Got, ev.Scale = "RRCConnectionRelease", 0.7
					ev.Summary = "The network asked the phone for the subscriber's number (IMSI) and ended the connection without another word."
				}
				if c.Identity.Present() && len(phones) < maxPhones {
					phones[c.Identity] = true
				}
				ev.Frames = c.refs(asked, end)
				return []rule.Evidence{ev}, true
			},
			weigh: func(v rule.View, w *waiting) {
				if w.cause != 0 {
					w.Scale *= causeScale(w.cause, w.own(v))
					reasons := 3
					if !v.Cell.ID.Known {
						reasons = 5 // perhaps of several networks that the phone tried
					}
					if !vouched(v, keyed) && (len(phones) >= 3 || len(causes) >= reasons) {
						w.Scale = 1
						w.Summary += " It did so to several phones or for several reasons."
					}
				}
				w.guest(v, 0.3)
				if vouched(v, keyed) {
					w.Scale *= 0.5
					w.Summary += " It secured other connections."
				}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "IMSI, then cause 7", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.dl(nasAttachReject7) + station.release("")},
		{Name: "IMSI, then cause 15, downlink only", Fires: true, Frames: station.cycle() + station.setup() + station.dl(nasAskIMSI) + station.dl(nasAttachReject15) + station.release("")},
		{Name: "IMSI, then release", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.release("")},
		{Name: "log of the core network's messages", Fires: true, Frames: "NAS ul: " + attachGUTI + "\nNAS: " + nasAskIMSI + "\nNAS ul: " + nasGiveIMSI + "\nNAS: " + nasAttachReject3 + "\n"},
		{Name: "asked, authenticated and secured", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.authenticate() +
			station.dl(nasSecure22) + station.ul(nasSecured) + station.release("")},
		{Name: "authenticated, then rejected", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.authenticate() +
			station.dl(nasAttachReject8) + station.release("")},
		{Name: "capture begins in the middle", Frames: station.cycle() + station.ul(nasGiveIMSI) + station.dl(nasAttachReject8) + station.release("") + station.secured()},
	},
})
