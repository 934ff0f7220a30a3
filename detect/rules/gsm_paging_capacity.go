package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-paging-capacity",
	Title:     "The cell spreads its pages over the largest possible number of groups",
	Family:    rule.Paging,
	Severity:  rule.Info,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G24"},
	Needs:     []event.Kind{event.KindControlChannel},
	Weight:    0.1, WeightBasis: expert,
	Why: "The more paging groups, the longer a phone waits for a call. Networks settle in the middle; a base station that does not mean to carry calls need not. " +
		"SnoopSnitch, which has the test, calls it \"not a very good indicator\".",
	Benign: []rule.Benign{
		{Explanation: "The operator saves the batteries of phones.", Test: func(v rule.View) rule.BenignStatus {
			for _, c := range peers(v) {
				if pagingGroups(c) == pagingGroups(v.Cell) {
					return rule.Possible
				}
			}
			return rule.NotTestable
		}},
	},
	Refs:   []string{"TS 44.018 §10.5.2.11", "TS 45.002 §6.5.2", "SnoopSnitch metric R2"},
	Params: []rule.Param{{Name: "groups", Default: 80, Unit: "paging groups", Min: 2, Max: 81, Source: "SnoopSnitch R2: more than 80; 5 % of its reference cells had 80, one German operator 72"}},
	New: func(p rule.Values) rule.Observer {
		return atEnd{judge: func(v rule.View) []rule.Evidence {
			n := pagingGroups(v.Cell)
			own, ok := v.Cell.Param(cell.PagingPeriod)
			if !ok || float64(n) <= p["groups"] {
				return nil
			}
			for _, c := range peers(v) {
				if pagingGroups(c) == n {
					return nil
				}
			}
			return []rule.Evidence{{
				Frames: []event.Ref{own.First}, Field: "BS_AG_BLKS_RES, BS_PA_MFRMS", Got: fmt.Sprintf("%d paging groups", n),
				Expect:  fmt.Sprintf("at most %g", p["groups"]),
				Summary: fmt.Sprintf("The cell spreads pages over %d groups, so that calls reach phones late.", n),
			}}
		}}
	},
	Vectors: []rule.Vector{
		{Name: "81 groups", Fires: true, Frames: ordinary(33, 10001).but(func(c *synthetic) { c.ccd, c.pagMf = 0x40, 7 }).cycle()},
		{Name: "40 groups", Frames: ordinary(33, 10001).cycle()},
		{Name: "combined channel", Frames: ordinary(33, 10001).but(func(c *synthetic) { c.ccd, c.pagMf = 0x41, 7 }).cycle()},
	},
})

// pagingGroups is the number of paging groups of a cell (TS 45.002 §6.5.2: N), 0 if
// unknown.
func pagingGroups(c *cell.Cell) int {
	frames, ok := c.Param(cell.PagingPeriod)
	if !ok {
		return 0
	}
	reserved, _ := c.Param(cell.AccessBlocks)
	conf, _ := c.Param(cell.CCCHConf)
	blocks := 9
	if conf.Value == 1 {
		blocks = 3
	}
	return max(0, blocks-int(reserved.Value)) * int(frames.Value)
}
