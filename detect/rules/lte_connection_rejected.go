package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-connection-rejected",
	Title:     "The cell keeps refusing connections",
	Family:    rule.Deny,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L32", "M06", "M12", "M16"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.5, WeightBasis: expert,
	Why: "A base station under load refuses connections for some seconds, some phones more than others. One that refuses every phone every time, or every attempt to " +
		"restore a lost connection, keeps phones on it that it does not serve.",
	Benign: []rule.Benign{
		{Explanation: "The cell was overloaded, for instance by a crowd."},
		{Explanation: "The cell had lost its connection to the core network."},
		{Explanation: "The phone moved fast, so that no cell knew the connection that it wanted to restore."},
	},
	Refs: []string{"TS 36.331 §5.3.3.8", "TS 36.331 §5.3.7.8", "TS 36.331 §6.2.2"},
	Params: []rule.Param{
		{Name: "rejects", Default: 3, Unit: "connections", Min: 2, Max: 1000, Source: "expert: three in a row are not one busy second"},
		{Name: "share", Default: 0.8, Unit: "of connections", Min: 0.1, Max: 1, Source: "expert"},
	},
	New: func(p rule.Values) rule.Observer {
		var setups, rejects, restored, lost int
		var waits float64
		var rejectFrames, lostFrames []event.Ref
		o := &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			judged := false
			for i := range c.Steps {
				switch st := &c.Steps[i]; st.Action {
				case event.ConnectionReject:
					rejects, waits, judged = rejects+1, waits+st.Seconds, true
					rejectFrames = more(rejectFrames, st.Ref)
				case event.ConnectionSetup:
					setups, judged = setups+1, true
				case event.ReestablishmentReject:
					lost, judged = lost+1, true
					lostFrames = more(lostFrames, st.Ref)
				case event.ReestablishmentRequest:
					if c.find(event.ReestablishmentReject, i) < 0 {
						restored++
					}
				}
			}
			return nil, judged
		}}
		o.finish = func(rule.View) []rule.Evidence {
			var found []rule.Evidence
			often := func(n, other int) bool {
				return float64(n) >= p["rejects"] && float64(n) >= p["share"]*float64(n+other)
			}
			if n := rejects; often(n, setups) {
				ev := rule.Evidence{
					Frames: rejectFrames, Field: "RRCConnectionReject", Got: fmt.Sprintf("%d of %d connections, waitTime %.3g s on average", n, n+setups, waits/float64(n)),
					Expect: "RRCConnectionSetup", Scale: 0.6,
					Summary: fmt.Sprintf("The cell refused %d of %d connections.", n, n+setups),
				}
				if waits/float64(n) >= 10 {
					ev.Scale = 1
					ev.Summary += " It told the phones to wait long."
				}
				found = append(found, ev)
			}
			if n := lost; often(n, restored) {
				found = append(found, rule.Evidence{
					Frames: lostFrames, Field: "RRCConnectionReestablishmentReject", Got: fmt.Sprintf("%d of %d", n, n+restored), Expect: "RRCConnectionReestablishment", Scale: 0.6,
					Summary: fmt.Sprintf("The cell refused %d of %d attempts to restore a lost connection.", n, n+restored),
				})
			}
			return found
		}
		return o
	},
	Vectors: []rule.Vector{
		{Name: "all refused for 16 s", Fires: true, Frames: station.cycle() + repeat(station.request("mo-Data")+station.reject(16), 4)},
		{Name: "no connection restored", Fires: true, Frames: station.cycle() + repeat(station.restore(), 3)},
		{Name: "once, then served", Frames: station.cycle() + station.request("mo-Data") + station.reject(4) + station.secured()},
		{Name: "some of many", Frames: station.cycle() + repeat(station.request("mo-Data")+station.reject(4)+station.secured(), 4)},
	},
})

// restore is a refused attempt to restore a connection.
func (c lteCell) restore() string {
	return c1(c.at("UL-CCCH"), "rrcConnectionReestablishmentRequest", `{"criticalExtensions":{"rrcConnectionReestablishmentRequest-r8":{"ue-Identity":{"c-RNTI":"0000000000000001",`+
		`"physCellId":1,"shortMAC-I":"0000000000000000"},"reestablishmentCause":"otherFailure","spare":"00"}}}`) +
		c1(c.at("DL-CCCH"), "rrcConnectionReestablishmentReject", `{"criticalExtensions":{"rrcConnectionReestablishmentReject-r8":{}}}`)
}
