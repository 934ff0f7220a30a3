package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-handover-without-report",
	Title:     "The cell orders a handover that nothing led to",
	Family:    rule.Structure,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L27", "M17"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.0, WeightBasis: expert,
	Why: "A network moves a phone to another cell after the phone has reported that cell, and only over a secured connection. An order before security " +
		"breaks the specification: it comes from a station without key. An order without a report is unusual only, because some operators move phones blindly.",
	Benign: []rule.Benign{
		{Explanation: "The operator moves phones to a frequency without asking (blind handover).", Test: working},
		{Explanation: "The receiver missed the phone's report."},
	},
	Refs: []string{"TS 36.331 §5.3.5.4", "TS 36.331 §5.3.1.1", "TS 36.331 §5.5.5"},
	New: func(rule.Values) rule.Observer {
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			n := -1
			for i := range c.Steps {
				if st := &c.Steps[i]; st.Action == event.ChannelChange && st.AS && !st.Uplink && !st.Fallback {
					n = i
					break
				}
			}
			if n < 0 {
				return nil, false
			}
			if !c.whole || c.fallback() {
				return nil, true
			}
			st := &c.Steps[n]
			to := "to " + st.Target.String()
			if st.TargetARFCN >= 0 {
				to += fmt.Sprintf(" %d", st.TargetARFCN)
			}
			if st.TargetPCI >= 0 {
				to += fmt.Sprintf(", physCellId %d", st.TargetPCI)
			}
			ev := rule.Evidence{Frames: c.refs(n), Field: "mobilityControlInfo", Got: to}
			switch {
			case c.unprotected():
				ev.Scale, ev.Expect = 1, "after SecurityModeCommand"
				ev.Got += " before SecurityModeCommand"
				ev.Summary = "The base station ordered the phone to another cell without having secured the connection."
			case c.UplinkSeen && c.Dropped == 0 && c.find(event.MeasurementReport, 0) < 0 && c.find(event.ConnectionReconfigured, 0) >= 0:
				ev.Scale, ev.Expect = 0.2, "a MeasurementReport before it"
				ev.Summary = "The base station ordered the phone to another cell that the phone had not reported."
			default:
				return nil, true
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "before security", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.reconfigure(handoverTo(99))},
		{Name: "no report", Fires: true, Frames: station.cycle() + station.connect(serviceNAS) + station.asSecurity("eea2", "eia2") +
			station.reconfigure("") + station.reconfigure(handoverTo(99))},
		{Name: "after a report", Frames: station.cycle() + station.connect(serviceNAS) + station.asSecurity("eea2", "eia2") +
			station.dcch("UL-DCCH", "measurementReport", `{"criticalExtensions":{"c1":{"measurementReport-r8":{"measResults":{"measId":1,"measResultPCell":{"rsrpResult":40,"rsrqResult":20}}}}}}`) +
			station.reconfigure(handoverTo(99))},
	},
})

// handoverTo is a member of RRCConnectionReconfiguration that orders a handover to the
// PCI on the same frequency.
func handoverTo(pci int) string {
	return fmt.Sprintf(`"mobilityControlInfo":{"targetPhysCellId":%d,"t304":"ms1000","newUE-Identity":"0000000000000001",`+
		`"radioResourceConfigCommon":{"prach-Config":{"rootSequenceIndex":0},"pusch-ConfigCommon":{"pusch-ConfigBasic":{"n-SB":1,"hoppingMode":"interSubFrame","pusch-HoppingOffset":2,"enable64QAM":false},`+
		`"ul-ReferenceSignalsPUSCH":{"groupHoppingEnabled":false,"groupAssignmentPUSCH":0,"sequenceHoppingEnabled":false,"cyclicShift":0}},"ul-CyclicPrefixLength":"len1"}},`+
		`"securityConfigHO":{"handoverType":{"intraLTE":{"keyChangeIndicator":false,"nextHopChainingCount":1}}}`, pci)
}
