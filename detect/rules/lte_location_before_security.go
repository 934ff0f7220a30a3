package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-location-before-security",
	Title:     "The cell asks a phone where it is before securing the connection",
	Family:    rule.Identify,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L25", "M10"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.9, WeightBasis: expert,
	Why: "A phone can add its position to measurement reports and keeps reports of lost connections with the cells around it. Networks fetch these " +
		"over a secured connection. A false base station has no key and asks without one; some phones answer and can then be located to some metres.",
	Benign: []rule.Benign{lostFrames, laboratory},
	Refs:   []string{"TS 36.331 §5.5.5", "TS 36.331 §5.6.5", "TS 36.331 §6.2.2", "TS 33.401 §7.4", "Shaik et al., NDSS 2016"},
	New: func(rule.Values) rule.Observer {
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			if !c.whole {
				return nil, false
			}
			seen := false
			for n := range c.Steps {
				st := &c.Steps[n]
				if st.Action == event.MeasurementOrder || st.Action == event.ReportOrder {
					seen = true
				}
				if st.Action != event.ReportOrder && (st.Action != event.MeasurementOrder || !st.Location) {
					continue
				}
				if c.radioSecured(n) {
					return nil, true
				}
				ev := rule.Evidence{
					Frames: c.refs(n), Field: "includeLocationInfo", Got: "true before SecurityModeCommand", Expect: "after it", Scale: 1,
					Summary: "The base station told the phone to report its position before it secured the connection.",
				}
				if st.Action == event.ReportOrder {
					ev.Field, ev.Got = "UEInformationRequest", "before SecurityModeCommand"
					ev.Summary = "The base station asked for the phone's records of cells and lost connections before it secured the connection."
				}
				for i := n; i < len(c.Steps); i++ {
					if a := c.Steps[i].Action; a == event.ReportResponse || a == event.MeasurementReport && c.Steps[i].Location {
						ev.Frames = c.refs(n, i)
						ev.Summary += " The phone answered."
						break
					}
				}
				if !c.unprotected() {
					ev.Scale = 0.5
				}
				return []rule.Evidence{ev}, true
			}
			return nil, seen
		}}
	},
	Vectors: []rule.Vector{
		{Name: "UEInformationRequest at once", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.information() + station.release("")},
		{Name: "position in measurement reports", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) +
			station.reconfigure(measureEvery("ms1024", true)) + station.release("")},
		{Name: "after security", Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() +
			station.asSecurity("eea2", "eia2") + station.information() + station.release("")},
	},
})

// information is a UEInformationRequest for the report of a radio link failure.
func (c lteCell) information() string {
	return c.dcch("DL-DCCH", "ueInformationRequest-r9", `{"rrc-TransactionIdentifier":1,"criticalExtensions":{"c1":{"ueInformationRequest-r9":{"rach-ReportReq-r9":false,"rlf-ReportReq-r9":true}}}}`)
}
