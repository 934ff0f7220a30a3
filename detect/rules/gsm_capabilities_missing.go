package rules

import (
	"fmt"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

// offered are the statements of SI3 about what a cell offers that a simple base
// station leaves out.
var offered = []string{cell.GPRSIndicator, cell.SI2quaterIndicator, cell.EarlyClassmark}

var _ = rule.Register(rule.Rule{
	ID:        "gsm-capabilities-missing",
	Title:     "The cell lacks what the other cells of its network offer",
	Family:    rule.Neighbour,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G38"},
	Needs:     []event.Kind{event.KindCapabilities},
	Weight:    0.4, WeightBasis: oneCapture,
	Why: "An operator's cells offer packet data, point phones to 3G and 4G and ask for their capabilities. A base station built to catch phones needs none " +
		"of it, and a pointer to 4G would lead the phones away again.",
	Benign: []rule.Benign{
		{Explanation: "A small or old cell of the operator without packet data."},
		{Explanation: "The network was being rebuilt when the captures were taken."},
	},
	Refs: []string{"TS 44.018 §10.5.2.34", "Dabrowski et al., ACSAC 2014"},
	Params: []rule.Param{minPeers(4), minShare(0.8), {
		Name: "min_missing", Default: 2, Unit: "statements", Min: 1, Max: 3,
		Source: "expert, chosen with one capture in view: one may be missing on a small cell of any operator",
	}},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: amongPeers(cell.GPRSIndicator, p["min_peers"]),
			judge: func(v rule.View) []rule.Evidence {
				var missing []string
				var at cell.Parameter
				for _, name := range offered {
					own, ok := v.Cell.Param(name)
					mode, usual := usual(v, name, p["min_peers"], p["min_share"])
					if ok && usual && own.Value == 0 && mode.Value == 1 {
						missing = append(missing, name)
						at = own
					}
				}
				if float64(len(missing)) < p["min_missing"] {
					return nil
				}
				ev := fromParam(at, 1, "present, as on most other cells of the network",
					fmt.Sprintf("The cell does not offer what most of the %d other cells known of its network do: %s.",
						len(having(peers(v), cell.GPRSIndicator)), strings.Join(missing, ", ")))
				ev.Field, ev.Got = "SI 3 Rest Octets", "without "+strings.Join(missing, ", ")
				return []rule.Evidence{ev}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "bare cell among four full ones", Fires: true, Frames: ordinary(33, 10001).si3() + full(40, 10002) + full(41, 10003) + full(42, 10004) + full(43, 10005)},
		{Name: "all alike", Frames: full(33, 10001) + full(40, 10002) + full(41, 10003) + full(42, 10004) + full(43, 10005)},
		{Name: "too few to compare", Frames: ordinary(33, 10001).si3() + full(40, 10002) + full(41, 10003)},
	},
})

// full is SI3 of a cell with GPRS, SI2quater and early classmark sending: the rest
// octets 3c 33 differ from the padding in bits 4, 6 and 12.
func full(arfcn, ci int) string {
	return ordinary(arfcn, ci).but(func(c *synthetic) { c.rest = "3c332b2b" }).si3()
}
