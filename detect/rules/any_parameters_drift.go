package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "any-parameters-drift",
	Title:     "The cell is not as earlier captures know it",
	Family:    rule.Structure,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      compared,
	Catalogue: []string{"X04", "X10"},
	Needs:     []event.Kind{event.KindIdentity},
	Weight:    0.8, WeightBasis: expert,
	Why: "A false base station that takes a real cell's identity has its own frequency and its own settings. An operator changes a setting of a cell now and then; " +
		"several at once that were planned apart, on another frequency as well, look like another device. Changes that other cells of the network " +
		"have made too are left out.",
	Benign: []rule.Benign{
		{Explanation: "The operator re-planned the cell or exchanged its equipment."},
		{Explanation: "The earlier captures are old.", Test: func(v rule.View) rule.BenignStatus {
			age := daysSince(v)
			switch {
			case age < 0:
				return rule.NotTestable
			case age > 90:
				return rule.Possible
			}
			return rule.Excluded
		}},
	},
	Refs: []string{"TS 44.018 §9.1", "TS 36.331 §5.2.1", "Ney et al. (SeaGlass), PoPETs 2017", "EFForg crocodilehunter (TAC, EARFCN and PCI changes)"},
	Params: []rule.Param{
		{Name: "max_age", Default: 365, Unit: "days", Min: 1, Max: 10000, Source: "expert: beyond it the finding counts half"},
	},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool { return len(historyOf(v)) > 0 },
			judge:  func(v rule.View) []rule.Evidence { return drift(v, p["max_age"]) },
		}
	},
	Vectors: []rule.Vector{
		{Name: "another frequency and configuration", Fires: true, Known: []string{ordinary(33, 10001, 40, 41).cycle()},
			Frames: strange(60).but(func(c *synthetic) { c.lac, c.ci = 3000, 10001 }).cycle()},
		{Name: "one setting changed", Fires: true, Known: []string{ordinary(33, 10001, 40, 41).cycle()},
			Frames: ordinary(33, 10001, 40, 41).but(func(c *synthetic) { c.t3212 = 5 }).cycle()},
		{Name: "LTE: another physical identity and configuration", Fires: true, Known: []string{macro(1300, 7, 70001).cycle()},
			Frames: macro(1300, 9, 70001).but(greedyLTE).cycle()},
		{Name: "as before", Known: []string{ordinary(33, 10001, 40, 41).cycle()}, Frames: ordinary(33, 10001, 40, 41, 42).cycle()},
		{Name: "back to what it was", Known: []string{ordinary(33, 10001, 40).but(func(c *synthetic) { c.t3212 = 5 }).cycle(), ordinary(33, 10001, 40).cycle()},
			Frames: ordinary(33, 10001, 40).but(func(c *synthetic) { c.t3212 = 5 }).cycle()},
		{Name: "the network changed", Known: []string{cycles(ordinary(33, 10001), ordinary(40, 10002))},
			Frames: cycles(ordinary(33, 10001).but(func(c *synthetic) { c.t3212 = 5 }), ordinary(40, 10002).but(func(c *synthetic) { c.t3212 = 5 }))},
		{Name: "not known", Frames: strange(60).cycle()},
	},
})

// historyOf lists how earlier captures met the cell, without those that show neither
// settings nor a place on air.
func historyOf(v rule.View) []rule.Sighting {
	if v.Known == nil {
		return nil
	}
	var out []rule.Sighting
	for _, s := range v.Known.History(v.Cell.RAT, v.Cell.ID) {
		if len(s.Parameters) > 0 || s.Radio != cell.NoRadio {
			out = append(out, s)
		}
	}
	return out
}

// daysSince is how long before the captures the cell was last met, -1 if unknown.
func daysSince(v rule.View) float64 {
	h := historyOf(v)
	if len(h) == 0 || h[len(h)-1].Last == 0 || v.Cell.FirstTime == 0 {
		return -1
	}
	return max(float64(v.Cell.FirstTime-h[len(h)-1].Last)/86400e9, 0)
}

// changed lists the categorical settings in which the cell differs from every sighting
// that has them.
func changed(c *cell.Cell, history []rule.Sighting) (now []trait, before []cell.Parameter) {
	for _, f := range traits(c) {
		if f.numeric {
			continue // lists grow and shrink every day
		}
		var last *cell.Parameter
		same := false
		for i := range history {
			for j := range history[i].Parameters {
				if q := &history[i].Parameters[j]; q.Name == f.Name {
					last, same = q, same || q.Text == f.Text
				}
			}
		}
		if last != nil && !same {
			now, before = append(now, f), append(before, *last)
		}
	}
	return now, before
}

func drift(v rule.View, maxAge float64) []rule.Evidence {
	history := historyOf(v)
	now, before := changed(v.Cell, history)
	// What another cell of the network changed to as well is the network's change.
	alike := map[string]bool{}
	for _, c := range heardPeers(v) {
		if len(now) == 0 {
			break
		}
		also, _ := changed(c, historyOf(rule.View{Cell: c, Known: v.Known}))
		for _, f := range also {
			alike[f.Name+"\x00"+f.Text] = true
		}
	}
	ev := rule.Evidence{Frames: named(v.Cell)}
	var fields, got, expect []string
	decisions := map[int]bool{}
	for i, f := range now {
		if alike[f.Name+"\x00"+f.Text] {
			continue
		}
		decisions[f.decision] = true
		if len(fields) < 5 {
			fields, got, expect = append(fields, f.Name), append(got, f.Name+" "+f.Text), append(expect, f.Name+" "+before[i].Text)
			ev.Basis = max(ev.Basis, f.Basis)
			if !slices.Contains(ev.Frames, f.First) {
				ev.Frames = append(ev.Frames, f.First)
			}
		}
	}
	place := v.Cell.Radio
	elsewhere := place != cell.NoRadio
	var old cell.Radio
	for _, s := range history {
		if s.Radio != cell.NoRadio {
			old = s.Radio
		}
		elsewhere = elsewhere && moved(place, s.Radio)
	}
	if elsewhere {
		fields, got, expect = append(fields, "ARFCN"), append(got, radioText(place)), append(expect, radioText(old))
	}
	// Beside one another: a re-plan touches one of them as a rule.
	n := len(decisions)
	if elsewhere {
		n++
	}
	switch n {
	case 0:
		return nil
	case 1:
		ev.Scale = 0.2
	case 2:
		ev.Scale = 0.45
	default:
		ev.Scale = 0.7
		if elsewhere {
			ev.Scale = 1
		}
	}
	if daysSince(v) > maxAge {
		ev.Scale /= 2
	}
	ev.Field, ev.Got, ev.Expect = strings.Join(fields, ", "), strings.Join(got, "; "), strings.Join(expect, "; ")
	where := ""
	if elsewhere {
		where = ", and it is at another place on air"
	}
	ev.Summary = fmt.Sprintf("Earlier captures know this cell: %d of the operator's decisions about it now show other settings%s.", len(decisions), where)
	return []rule.Evidence{ev}
}

// moved reports whether two places on air differ in what both tell.
func moved(a, b cell.Radio) bool {
	return a.ARFCN != cell.NoARFCN && b.ARFCN != cell.NoARFCN && (a.ARFCN != b.ARFCN || a.PCS != b.PCS) ||
		a.PCI != cell.NoPCI && b.PCI != cell.NoPCI && a.PCI != b.PCI
}

func radioText(r cell.Radio) string {
	switch {
	case r.PCI == cell.NoPCI:
		return fmt.Sprintf("ARFCN %d", r.ARFCN)
	case r.ARFCN == cell.NoARFCN:
		return fmt.Sprintf("PCI %d", r.PCI)
	}
	return fmt.Sprintf("ARFCN %d, PCI %d", r.ARFCN, r.PCI)
}
