package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-cro-excessive",
	Title:     "The cell makes itself far more attractive than it is strong",
	Family:    rule.Attract,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G13"},
	Needs:     []event.Kind{event.KindReselection},
	Weight:    0.9, WeightBasis: expert,
	Why: "A phone ranks cells by received level plus an offset that each cell broadcasts. With a large offset a weak transmitter wins against every cell around. " +
		"Operators use offsets too, some of them large on most of their cells, so the value alone weighs little; standing out among the cells of the same network weighs more.",
	Benign: []rule.Benign{
		{
			Explanation: "The operator uses large offsets to keep phones on a layer of cells.",
			Test: func(v rule.View) rule.BenignStatus {
				top, n := topOffset(v)
				switch {
				case n == 0:
					return rule.NotTestable
				case top >= 40:
					return rule.Possible
				case n >= 5:
					return rule.Excluded // so many cells of it were heard and none does
				}
				return rule.NotTestable
			},
		},
		{Explanation: "A small indoor cell that is to take the phones in its building."},
	},
	Refs: []string{"TS 45.008 §6.4", "TS 44.018 §10.5.2.34", "TS 44.018 §10.5.2.35", "SnoopSnitch metric K2", "Ney et al. (SeaGlass), PoPETs 2017"},
	Params: []rule.Param{
		{Name: "absolute", Default: 60, Unit: "dB", Min: 2, Max: 126, Source: "expert: over 55 dB the offset exceeds the range of levels at which a phone camps; China Mobile uses 110 to 120 dB on most cells"},
		{Name: "margin", Default: 20, Unit: "dB", Min: 2, Max: 126, Source: "expert: a factor of 100 in power over every other cell of the network"},
		minPeers(3),
	},
	New: func(p rule.Values) rule.Observer { return &croExcessive{values: p} },
	Vectors: []rule.Vector{
		{Name: "126 dB, nothing to compare", Fires: true, Frames: ordinary(33, 10001).but(offset126).cycle()},
		{Name: "126 dB among cells with none", Fires: true, Frames: cycles(
			ordinary(33, 10001).but(offset126), ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
		{Name: "126 dB subtracted, PENALTY_TIME 31", Frames: ordinary(33, 10001).but(func(c *synthetic) { c.rest = "bf1f2b2b" }).cycle()},
		{Name: "no offset", Frames: ordinary(33, 10001).cycle()},
		{Name: "126 dB on every cell of the network", Frames: cycles(ordinary(33, 10001).but(offset126), ordinary(40, 10002).but(offset126),
			ordinary(41, 10003).but(offset126), ordinary(42, 10004).but(offset126))},
	},
})

// offset126 sets CELL_RESELECT_OFFSET 63, TEMPORARY_OFFSET 0, PENALTY_TIME 0.
func offset126(c *synthetic) { c.rest = "bf002b2b" }

// croExcessive keeps the cell's largest effective offset: of SI3 and SI4 one may
// leave it out.
type croExcessive struct {
	values    rule.Values
	best      event.Reselection
	frame     event.Ref
	broadcast bool
}

func (o *croExcessive) Observe(e *event.Event) []rule.Evidence {
	if r, ok := e.Body.(*event.Reselection); ok && r.Present && (!o.broadcast || r.OffsetDB > o.best.OffsetDB) {
		o.best, o.frame, o.broadcast = *r, e.Ref, true
	}
	return nil
}

func (o *croExcessive) Finish(v rule.View) []rule.Evidence {
	r := &o.best
	if !v.Cell.ID.Known || !o.broadcast || r.OffsetDB < 40 {
		return nil // 40 dB and less are common (histogram of X-GOLD phones in SnoopSnitch)
	}
	ev := rule.Evidence{
		Frames: []event.Ref{o.frame}, Field: "CELL_RESELECT_OFFSET",
		Got: fmt.Sprintf("%d (%+d dB, PENALTY_TIME %d, TEMPORARY_OFFSET %d)", r.CRO, r.OffsetDB, r.PenaltyTime, r.TemporaryOffset),
	}
	top, n := topOffset(v)
	switch {
	case float64(n) >= o.values["min_peers"]:
		if float64(r.OffsetDB-top) < o.values["margin"] {
			return nil
		}
		ev.Scale = 1
		if r.TemporaryOffset > 0 {
			ev.Scale = 0.7 // passing phones are held off at first
		}
		ev.Expect = fmt.Sprintf("at most %+d dB, as on %d other cells of the network", top, n)
		ev.Summary = fmt.Sprintf("The cell adds %d dB to its level in the phones' ranking; the other %d cells known of its network add at most %d dB.", r.OffsetDB, n, max(top, 0))
	case float64(r.OffsetDB) >= o.values["absolute"]:
		ev.Scale = 0.25
		if r.OffsetDB >= 100 {
			ev.Scale = 0.4
		}
		ev.Expect = fmt.Sprintf("below %g dB", o.values["absolute"])
		ev.Summary = fmt.Sprintf("The cell adds %d dB to its level in the phones' ranking, so that it wins against stronger cells.", r.OffsetDB)
	default:
		return nil
	}
	return []rule.Evidence{ev}
}

// topOffset returns the largest offset among the other cells of the network, and how
// many of them there are.
func topOffset(v rule.View) (top, n int) {
	rule.Each(peers(v), cell.CRO, func(_ *cell.Cell, p cell.Parameter) {
		if n == 0 || int(p.Value) > top {
			top = int(p.Value)
		}
		n++
	})
	return top, n
}
