package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/stat"
)

// compared are the generations whose parameters are compared with those of peers.
var compared = []event.RAT{event.GSM, event.LTE}

// rareWeight caps the evidence of rarity in log10: being alone with one's settings says
// less than the p-value where all of them follow the maker of the equipment.
const rareWeight = 1.5

var _ = rule.Register(rule.Rule{
	ID:        "any-parameters-rare",
	Title:     "The cell's settings as a whole are unlike those of its network",
	Family:    rule.Rarity,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      compared,
	Catalogue: []string{"X03"},
	Needs:     []event.Kind{event.KindIdentity},
	Weight:    rareWeight, WeightBasis: "expert: the e-value of the cell's p-value, capped",
	Why: "An operator configures its cells by common rules, so most of a cell's settings are those of the cells beside it. A device that copies the network's name " +
		"seldom copies the rest. This compares every setting with how often the network's other cells use it, whatever the setting means. " +
		"Settings made by one decision count once, and one decision alone never suffices: the cell must be unlike its network in several. " +
		"Of 1,000 genuine cells at most 5 are found if their settings are drawn like those of their peers, and about 25 (in simulation) in a network whose makers of equipment " +
		"set everything in their own way, when a maker has but one to three of thirty cells. Measured: none of 169 cells of Freiburg 2012, 2 of 381 LTE cells.",
	Benign: []rule.Benign{
		{Explanation: "Equipment of another maker or generation than that of the other cells.", Test: anotherMaker},
		{Explanation: "A special cell: indoor, tunnel, railway, temporary for an event."},
		{Explanation: "The cells compared with are of another region of the network.", Test: func(v rule.View) rule.BenignStatus {
			for _, c := range v.Population() {
				if c.ID.Area == v.Cell.ID.Area {
					return rule.Excluded
				}
			}
			return rule.Possible
		}},
	},
	Refs: []string{"TS 44.018 §10.5.2", "TS 36.331 §6.3.1", "Ney et al. (SeaGlass), PoPETs 2017", "Wilson, PNAS 116 (2019)", "Brown, Biometrics 31 (1975)", "Vovk and Wang, Ann. Stat. 49 (2021)"},
	Params: []rule.Param{
		{Name: "min_peers", Default: 5, Unit: "cells", Min: stat.MinPeers, Max: 1000, Source: "detection catalogue X03: features with fewer cells are dropped"},
		{Name: "alarms", Default: 5, Unit: "of 1,000 genuine cells", Min: 0.01, Max: 100, Source: "expert: with other evidence needed for an alarm; checked by simulation and on the corpus"},
		{Name: "correlation", Default: 0.2, Unit: "of two decisions", Min: 0, Max: 0.99, Source: "mean over pairs of decisions: 0.20 on 276 LTE cells of three captures, 0.06 on 114 GSM cells of Freiburg 2012"},
	},
	New: func(p rule.Values) rule.Observer { return &parametersRare{values: p} },
	Vectors: []rule.Vector{
		{Name: "another configuration among thirty cells", Fires: true, Frames: townGSM() + strange(33).cycle()},
		{Name: "another configuration among cells of the baseline", Fires: true, Frames: strange(33).cycle(), Known: []string{townGSM()}},
		{Name: "one setting differs", Frames: townGSM() + ordinary(33, 10001, 40, 41).but(func(c *synthetic) { c.t3212 = 5 }).cycle()},
		{Name: "another configuration among four cells", Frames: cycles(ordinary(40, 2), ordinary(41, 3), ordinary(42, 4), ordinary(43, 5)) + strange(33).cycle()},
		{Name: "LTE: example of an open base station program among sixteen cells", Fires: true, Frames: eight(3000) + eight(3001) + exampleCell(4, 200, 10000, greedyLTE)},
		{Name: "LTE: like the others", Frames: eight(3000) + eight(3001)},
	},
})

// townGSM is a round of thirty cells with neighbours, not all of them alike.
func townGSM() string {
	var list []synthetic
	for i := range 30 {
		near := []int{40, 41, 42, 43, 44, 45, 46, 47, 48}
		list = append(list, ordinary(40+i, 10010+i, near[:5+i%3]...).but(func(c *synthetic) { c.rxlev = 5 + i%2 }))
	}
	return cycles(list...)
}

// strange is a cell that has a configuration of its own.
func strange(arfcn int) synthetic {
	return ordinary(arfcn, 1).but(func(c *synthetic) {
		c.lac, c.t3212, c.rxlev, c.crh, c.pagMf, c.access, c.ccd, c.rest = 77, 1, 0, 0, 1, "e50000", 0x41, "bf002b2b"
	})
}

// anotherMaker looks for another cell of the network with the same odd settings.
func anotherMaker(v rule.View) rule.BenignStatus {
	list, _ := rarity(v, stat.MinPeers)
	odd := oddest(list, maxFalseShare)
	for _, c := range v.Population() {
		same := len(odd) > 0
		for _, f := range odd {
			p, ok := c.Param(f.Name)
			same = same && ok && p.Text == f.Text
		}
		if same {
			return rule.Possible
		}
	}
	return rule.NotTestable
}

// maxFalseShare is the false discovery rate among the settings that a finding names.
const maxFalseShare = 0.05

type parametersRare struct {
	values rule.Values
	enough bool
}

// Observe implements rule.Observer.
func (*parametersRare) Observe(*event.Event) []rule.Evidence { return nil }

// Enough implements rule.Sufficiency. It stands after Finish.
func (o *parametersRare) Enough(rule.View) bool { return o.enough }

// Finish implements rule.Finisher.
func (o *parametersRare) Finish(v rule.View) []rule.Evidence {
	const minDecisions = 3 // fewer do not tell one decision from a configuration
	list, ok := rarity(v, o.values["min_peers"])
	if o.enough = ok && judgedDecisions(list) >= minDecisions; !o.enough {
		return nil
	}
	odd := oddest(list, maxFalseShare)
	if len(odd) == 0 {
		return nil // most cells: what follows costs more
	}
	p, _ := combined(list, o.values["correlation"])
	if p > o.values["alarms"]/1000 {
		return nil
	}
	var ev rule.Evidence
	var fields, got, expect []string
	group := 0
	for _, f := range odd[:min(len(odd), 5)] {
		fields = append(fields, f.Name)
		got = append(got, fmt.Sprintf("%s %s (%.1f bits)", f.Name, f.Text, stat.TailBits(f.p)))
		expect = append(expect, fmt.Sprintf("%s %s (%.0f %% of %d)", f.Name, f.usual, 100*f.share, f.others))
		group = max(group, f.others)
		ev.Basis = max(ev.Basis, f.Basis)
		if !slices.Contains(ev.Frames, f.First) {
			ev.Frames = append(ev.Frames, f.First)
		}
	}
	rest := ""
	if n := len(odd) - len(fields); n > 0 {
		rest = fmt.Sprintf(" and %d more", n)
	}
	ev.Field = strings.Join(fields, ", ")
	ev.Got = strings.Join(got, "; ") + rest
	ev.Expect = strings.Join(expect, "; ")
	ev.Summary = fmt.Sprintf("%d of the %d settings compared are rare among the %d other cells of the network; of cells set up as these are, about 1 in %.0f would differ so much.",
		len(odd), len(list), group, min(1/p, 1e6))
	ev.Scale = min(evidenceOf(p)/rareWeight, 1)
	return []rule.Evidence{ev}
}
