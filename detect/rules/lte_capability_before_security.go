package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-capability-before-security",
	Title:     "The cell reads out a phone's capabilities before securing the connection",
	Family:    rule.Identify,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L24", "M11", "M13"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.4, WeightBasis: expert,
	Why: "A phone's capabilities tell its make and model. Asked before security, anyone can read or change them. Releases of the standard before 16 allow it " +
		"and many networks do it, so it weighs next to nothing where security follows, and a little where the cell takes the answer and leaves.",
	Benign: []rule.Benign{
		{Explanation: "An operator's base stations ask before security, as the standard allowed until release 15.", Test: working},
		lostFrames,
	},
	Refs: []string{"TS 36.331 §5.6.3", "TS 33.401 §7.4", "TR 33.809", "Shaik et al., WiSec 2019"},
	New: func(rule.Values) rule.Observer {
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			n := c.find(event.CapabilityEnquiry, 0)
			if n < 0 || !c.whole {
				return nil, false
			}
			if c.radioSecured(n) {
				return nil, true
			}
			given := c.find(event.CapabilityInformation, n)
			ev := rule.Evidence{
				Frames: c.refs(n, given), Field: "UECapabilityEnquiry", Got: "before SecurityModeCommand", Expect: "after it", Scale: 0.25,
				Summary: "The base station asked for the phone's capabilities before it secured the connection.",
			}
			if c.unprotected() && c.Released && (given >= 0 || !c.UplinkSeen) {
				ev.Scale, ev.Got = 1, "and no security until the release"
				ev.Summary = "The base station asked for the phone's capabilities, never secured the connection and ended it."
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "asked, then released", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.capabilities() + station.release("")},
		{Name: "asked before security", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() + station.capabilities() +
			station.asSecurity("eea2", "eia2") + station.release("")},
		{Name: "asked after security", Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() +
			station.asSecurity("eea2", "eia2") + station.capabilities() + station.release("")},
	},
})

// capabilities is a UECapabilityEnquiry for LTE and its answer.
func (c lteCell) capabilities() string {
	return c.dcch("DL-DCCH", "ueCapabilityEnquiry", `{"rrc-TransactionIdentifier":1,"criticalExtensions":{"c1":{"ueCapabilityEnquiry-r8":{"ue-CapabilityRequest":["eutra"]}}}}`) +
		c.dcch("UL-DCCH", "ueCapabilityInformation", `{"rrc-TransactionIdentifier":1,"criticalExtensions":{"c1":{"ueCapabilityInformation-r8":{"ue-CapabilityRAT-ContainerList":[]}}}}`)
}
