package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-paging-imsi",
	Title:     "The cell calls phones by their permanent number",
	Family:    rule.Paging,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   2,
	RATs:      gsm,
	Catalogue: []string{"G42"},
	Needs:     []event.Kind{event.KindPaging},
	Weight:    0.5, WeightBasis: expert,
	Why: "Networks page phones by temporary numbers, to keep the permanent ones off the air. Whoever knows a number and looks for its owner pages it directly. " +
		"Networks do so too where a register was restarted, so the share counts, next to that of the other cells, and pages that came all at once count half.",
	Benign: []rule.Benign{
		{Explanation: "The operator pages by permanent numbers, or a register was restarted.", Test: func(v rule.View) rule.BenignStatus {
			imsi, all := pagedElsewhere(v)
			switch {
			case all < 20:
				return rule.NotTestable
			case 4*imsi >= all:
				return rule.Possible
			}
			return rule.Excluded
		}},
	},
	Refs: []string{"TS 44.018 §9.1.22", "TS 44.018 §9.1.23", "TS 24.008 §4.3.1", "SDR-Detector"},
	Params: []rule.Param{
		{Name: "share", Default: 0.5, Unit: "share of identities", Min: 0.05, Max: 1, Source: "expert: more than half"},
		{Name: "min_identities", Default: 20, Unit: "identities", Min: 5, Max: 10000, Source: "expert: below, a handful of pages decides"},
	},
	New: func(p rule.Values) rule.Observer { return &pagingIMSI{values: p} },
	Vectors: []rule.Vector{
		{Name: "only IMSIs", Fires: true, Frames: ordinary(33, 10001).cycle() + repeat("PCH 33: 31 062100 080910100000000010\n", 20)},
		{Name: "mostly TMSIs", Frames: ordinary(33, 10001).cycle() + repeat("PCH 33: 25 062100 05f411223344\n", 24) + "PCH 33: 31 062100 080910100000000010\n"},
		{Name: "too few", Frames: ordinary(33, 10001).cycle() + repeat("PCH 33: 31 062100 080910100000000010\n", 5)},
	},
})

type pagingIMSI struct {
	values rule.Values
	imsiPages
}

// Enough implements rule.Sufficiency.
func (o *pagingIMSI) Enough(v rule.View) bool {
	return v.Cell.ID.Known && float64(v.Cell.PagedIMSI+v.Cell.PagedTMSI) >= o.values["min_identities"]
}

func (o *pagingIMSI) Finish(v rule.View) []rule.Evidence {
	n := v.Cell.PagedIMSI + v.Cell.PagedTMSI
	if !o.Enough(v) || len(o.frames) == 0 || float64(v.Cell.PagedIMSI) <= o.values["share"]*float64(n) {
		return nil
	}
	ev := rule.Evidence{
		Frames: o.frames, Field: "Mobile Identity", Got: fmt.Sprintf("IMSI in %d of %d", v.Cell.PagedIMSI, n),
		Expect: "mostly TMSI", Scale: 0.4, Basis: o.basis,
		Summary: fmt.Sprintf("%d of %d pages on the cell named a phone by its permanent number.", v.Cell.PagedIMSI, n),
	}
	if imsi, all := pagedElsewhere(v); float64(all) >= o.values["min_identities"] {
		share := float64(imsi) / float64(all)
		if 2*share >= float64(v.Cell.PagedIMSI)/float64(n) {
			return nil // the network does so
		}
		ev.Scale = 1
		ev.Expect = fmt.Sprintf("IMSI in %d of %d, as on the network's other cells", imsi, all)
	}
	o.atOnce(&ev, v.Cell)
	return []rule.Evidence{ev}
}
