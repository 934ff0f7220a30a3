package rules

import (
	"fmt"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-si-missing",
	Title:     "The cell leaves out messages that every cell must broadcast",
	Family:    rule.Structure,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G39"},
	Needs:     []event.Kind{event.KindIdentity},
	Weight:    0.5, WeightBasis: expert,
	Why: "A cell repeats its system information in a fixed cycle of under two seconds, each mandatory message at least once. A base station put together by " +
		"hand may lack one. That one is missing is said only after so many repetitions of another that chance losses cannot explain it.",
	Benign: []rule.Benign{
		{Explanation: "The tool logs only some types of messages."},
		{Explanation: "The receiver lost the same place of every cycle to interference."},
	},
	Refs: []string{"TS 45.002 §6.3.1.3", "TS 44.018 §3.2.2"},
	Params: []rule.Param{{
		Name: "min_repeats", Default: 32, Unit: "messages", Min: 8, Max: 10000,
		Source: "detection catalogue G39: two full cycles of 8 multiframes, times 16 for losses",
	}},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			// Only a tool that records the frequency logs all that it hears there; a phone's log
			// holds what the phone had use for.
			enough: func(v rule.View) bool {
				return v.Cell.ARFCN != cell.NoARFCN && float64(v.Cell.Broadcasts[event.SI3].Count) >= p["min_repeats"]
			},
			judge: func(v rule.View) []rule.Evidence {
				b := &v.Cell.Broadcasts
				var missing []string
				for _, s := range []event.Source{event.SI2, event.SI4} {
					if b[s].Count == 0 {
						missing = append(missing, s.String())
					}
				}
				if len(missing) == 0 {
					return nil
				}
				what := strings.Join(missing, " and ")
				return []rule.Evidence{{
					Frames: heardOf(v.Cell, event.SI3), Field: what, Got: fmt.Sprintf("none beside %d of type 3", b[event.SI3].Count),
					Expect:  "once per cycle, as type 3",
					Summary: fmt.Sprintf("The cell was heard to name itself %d times, but never sent %s, which every cell must.", b[event.SI3].Count, what),
				}}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "forty times SI3, nothing else", Fires: true, Frames: repeat(ordinary(33, 10001).si3(), 40)},
		{Name: "types 2 and 3 only", Fires: true, Frames: repeat(ordinary(33, 10001).si3()+ordinary(33, 10001).si2(), 40)},
		{Name: "whole cycles", Frames: repeat(ordinary(33, 10001).cycle(), 20)},
		{Name: "too few repetitions", Frames: repeat(ordinary(33, 10001).si3(), 10)},
	},
})
