package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-cycle-short",
	Title:     "The cell takes the subscriber's number and vanishes",
	Family:    rule.Identify,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L48"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.5, WeightBasis: expert,
	Why: "A cell that appears, takes a phone's number within seconds, lets the phone go and is not heard again while the receiver goes on hearing others was there " +
		"for the number.",
	Benign: []rule.Benign{
		{Explanation: "The receiver moved out of the cell's reach."},
		deadSIM, lostFrames,
	},
	Refs: []string{"TS 24.301 §5.4.4", "TS 36.331 §5.3.8", "FlashCatch, WiSec 2025"},
	Params: []rule.Param{
		{Name: "cycle", Default: 10, Unit: "s", Min: 1, Max: 60, Source: "FlashCatch, WiSec 2025"},
		{Name: "absence", Default: 30, Unit: "s", Min: 10, Max: 3600, Source: "expert: some paging cycles and a reselection"},
	},
	New: func(p rule.Values) rule.Observer {
		return &connections{
			judge: func(c *connection) ([]rule.Evidence, bool) {
				end := c.find(event.Release, 0)
				if !c.whole || end < 0 {
					return nil, false
				}
				n := c.asked(end)
				first, last := &c.Steps[0], &c.Steps[end]
				if n < 0 || !c.unprotected() || first.Time == 0 || float64(last.Time-first.Time) > p["cycle"]*1e9 {
					return nil, true
				}
				return []rule.Evidence{{
					Frames: c.refs(0, n, end), Field: "RRCConnectionSetup to RRCConnectionRelease", Got: "IMSI taken, cell not heard again", Expect: "Authentication Request, and a cell that stays",
					Summary: "The cell took the subscriber's number (IMSI) within seconds, let the phone go and was not heard again.",
				}}, true
			},
			weigh: func(v rule.View, w *waiting) {
				stayed := !v.Cell.ID.Known || float64(lastHeard(v.Cell)-w.time) > p["cycle"]*1e9
				w.drop = stayed || !heardAfter(v, w.time, p["absence"])
				w.guest(v, 0.5)
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "number taken, gone", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) +
			station.dl(nasAttachReject15) + station.release("") + macro(2850, 7, 0x100a02).cycle() + "@60 " + macro(2850, 7, 0x100a02).cycle()},
		{Name: "cell stays", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) +
			station.dl(nasAttachReject15) + station.release("") + macro(2850, 7, 0x100a02).cycle() + "@60 " + macro(2850, 7, 0x100a02).cycle() + station.cycle()},
		{Name: "capture ends", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) +
			station.dl(nasAttachReject15) + station.release("")},
	},
})
