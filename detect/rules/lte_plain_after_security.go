package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-plain-after-security",
	Title:     "Somebody sends the phone unsigned messages where signatures are required",
	Family:    rule.Cipher,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L28", "M02"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.2, WeightBasis: expert,
	Why: "Once security is on, every message of the core network carries a signature, and some kinds may never be sent without one. A message without " +
		"signature in that place does not come from the network that turned security on, or from one that cannot sign.",
	Benign: []rule.Benign{
		{Explanation: "The tool that wrote the capture decrypted messages and took their signature off."},
		laboratory,
	},
	Refs: []string{"TS 24.301 §4.4.4.2", "TS 24.301 §4.4.4.3", "Hussain et al., LTEInspector, NDSS 2018", "Phoenix, NDSS 2021"},
	New: func(rule.Values) rule.Observer {
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			seen := false
			var found []rule.Evidence
			for n := range c.Steps {
				st := &c.Steps[n]
				if st.AS || st.Uplink || st.Protection == event.ProtectionUnknown {
					continue
				}
				after := c.coreSecured(n)
				name := neverPlain(st)
				seen = seen || after >= 0 || name != ""
				if st.Protection != event.Unprotected || after < 0 && name == "" {
					continue
				}
				if name == "" {
					name = plainName(st)
				}
				ev := rule.Evidence{
					Frames: c.refs(after, n), Field: "Security header type", Got: "plain " + name, Expect: "integrity protected", Scale: 1,
					Summary: "After security had been turned on the phone received an unsigned message (" + name + ").",
				}
				switch {
				case after < 0:
					ev.Scale = 0.7
					ev.Summary = "The phone received a message (" + name + ") without the signature that this kind of message must have."
				case c.keyed():
					ev.Summary += " The network it had secured the connection with would have signed it."
				}
				found = append(found, ev)
			}
			return found, seen
		}}
	},
	Vectors: []rule.Vector{
		{Name: "plain reject after security", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() +
			station.dl(nasSecure22) + station.ul(nasSecured) + station.dl(nasAttachReject11) + station.release("")},
		{Name: "plain reject, answer ciphered", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() +
			station.dl(nasSecure22) + station.ul(nasHidden) + station.dl(nasAttachReject11) + station.release("")},
		{Name: "network name without security", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.dl("07 61 43 05 83 d4f29c0e") + station.release("")},
		{Name: "plain reject without security", Frames: station.cycle() + station.secured() + station.connect(attachGUTI) +
			station.dl(nasAttachReject11) + station.release("")},
		{Name: "signed accept", Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() +
			station.dl(nasSecure22) + station.ul(nasSecured) + station.dl(nasAttachAccept) + station.ul(nasAttachComplete) + station.release("")},
	},
})

// neverPlain names a message of the core network that must be signed at any time (TS
// 24.301 §4.4.4.2 lists those that need not), or returns "". The Detach Request is
// lte-detached's.
func neverPlain(st *event.Step) string {
	switch st.Action {
	case event.UpdateAccept:
		if st.Attach {
			return "Attach Accept"
		}
		return "Tracking Area Update Accept"
	case event.Reallocation:
		return "GUTI Reallocation Command"
	case event.Information:
		return "EMM Information"
	case event.ShortMessage:
		return "Downlink NAS Transport"
	case event.SecurityCommand:
		return "Security Mode Command"
	}
	return ""
}
