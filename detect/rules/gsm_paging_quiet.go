package rules

import (
	"fmt"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-paging-quiet",
	Title:     "The cell calls nobody while the cells around do",
	Family:    rule.Paging,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G25"},
	Needs:     []event.Kind{event.KindControlChannel},
	Weight:    0.3, WeightBasis: expert,
	Why: "A cell of a network calls phones all the time, those of its whole location area. A box has no subscribers to call.",
	Benign: []rule.Benign{
		{Explanation: "A location area with few subscribers, or the night."},
		{Explanation: "The receiver listened to the cell's broadcast channel only."},
	},
	Refs:   []string{"TS 44.018 §3.3.2", "TS 45.002 §6.5", "Mayer, ICDS, Univ. Freiburg 2012"},
	Params: []rule.Param{{Name: "per_second", Default: 2, Unit: "1/s", Min: 0.1, Max: 100, Source: "ICDS (Mayer 2012): fewer than 20 pages in 10 s"}},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool { _, ok := pagingRate(v.Cell); return ok && len(pagingPeers(v)) >= 2 },
			judge: func(v rule.View) []rule.Evidence {
				own, _ := pagingRate(v.Cell)
				busy := pagingPeers(v)
				for _, c := range busy {
					if r, _ := pagingRate(c); r < p["per_second"] || r < 20*own {
						return nil
					}
				}
				return []rule.Evidence{{
					Frames: named(v.Cell), Field: "Paging Request", Got: fmt.Sprintf("%.2f a second", own), Expect: fmt.Sprintf("more than %g a second, as on %d cells around", p["per_second"], len(busy)),
					Summary: "The cell called hardly any phone while the other cells of its network called many.",
				}}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "silent beside two busy cells", Fires: true, Frames: quietBeside(0)},
		{Name: "as busy", Frames: quietBeside(40)},
		{Name: "heard for seconds", Frames: cycles(ordinary(33, 10001), ordinary(40, 10002), ordinary(41, 10003))},
	},
})

// pagingRate is how many pages a second were heard of a cell; ok if it was heard for
// half a minute on a frequency of its own, and its common channel with it.
func pagingRate(c *cell.Cell) (rate float64, ok bool) {
	seconds := float64(c.LastTime-c.FirstTime) / 1e9
	if c.ARFCN == cell.NoARFCN || c.FirstTime == 0 || seconds < 30 || c.Broadcasts[event.SI3].Count < 10 {
		return 0, false
	}
	return float64(c.PagedIMSI+c.PagedTMSI) / seconds, true
}

// pagingPeers lists the cells of the network that were heard at the same time and paged.
func pagingPeers(v rule.View) []*cell.Cell {
	var out []*cell.Cell
	for _, c := range heardPeers(v) {
		if _, ok := pagingRate(c); ok && c.Pagings > 0 && near(v.Cell, c, 0) {
			out = append(out, c)
		}
	}
	return out
}

// quietBeside is a cell with n pages beside two with many, over a minute, for vectors.
func quietBeside(n int) string {
	var b strings.Builder
	for i := range 60 {
		fmt.Fprintf(&b, "@%d %s", i, ordinary(33, 10001, 40).si3())
		for _, c := range []synthetic{ordinary(40, 10002), ordinary(41, 10003)} {
			b.WriteString(c.si3())
			b.WriteString(strings.Repeat(fmt.Sprintf("@%d PCH %d: 31 0622 00 c0000001 c0000002\n", i, c.arfcn), 3))
		}
		if i < n {
			fmt.Fprintf(&b, "@%d PCH 33: 31 0622 00 c0000003 c0000004\n", i)
			fmt.Fprintf(&b, "@%d PCH 33: 31 0622 00 c0000003 c0000004\n", i)
		}
	}
	return b.String()
}
