package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/stat"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-paging-imsi",
	Title:     "The cell calls phones by their permanent number",
	Family:    rule.Paging,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   2,
	RATs:      lte,
	Catalogue: []string{"L20"},
	Needs:     []event.Kind{event.KindPaging},
	Weight:    0.6, WeightBasis: expert,
	Why: "LTE networks page phones by temporary numbers. Whoever knows a number and looks for its owner pages it directly, and every phone paged so drops its " +
		"registration and names itself anew. Networks do so after the loss of a register, so the share counts, next to that of the other cells, " +
		"and pages that came all at once count half.",
	Benign: []rule.Benign{
		{Explanation: "A register of the network was restarted, or the operator pages by permanent numbers.", Test: func(v rule.View) rule.BenignStatus {
			imsi, all := pagedElsewhere(v)
			switch {
			case all < 20:
				return rule.NotTestable
			case 4*imsi >= all:
				return rule.Possible
			}
			return rule.Excluded
		}},
		laboratory,
	},
	Refs: []string{"TS 36.331 §5.3.2", "TS 36.331 §6.2.2", "TS 24.301 §5.6.2.2.2"},
	Params: []rule.Param{
		{Name: "share", Default: 0.3, Unit: "share of identities", Min: 0.01, Max: 1, Source: "expert: 1 of 11,309 identities paged on the commercial cells that were read for this rule was an IMSI"},
		{Name: "confidence", Default: 0.95, Unit: "probability", Min: 0.5, Max: 0.999, Source: "Wilson 1927: the lower end of the interval of the share is compared, so that a handful of pages does not decide"},
	},
	New: func(p rule.Values) rule.Observer { return &ltePagingIMSI{values: p} },
	Vectors: []rule.Vector{
		{Name: "only IMSIs", Fires: true, Frames: macro(1300, 7, 70001).cycle() + repeat(macro(1300, 7, 70001).page(pagedIMSI, "ps"), 10)},
		{Name: "half IMSIs, other cells none", Fires: true, Frames: macro(1300, 7, 70001).cycle() + repeat(macro(1300, 7, 70001).page(pagedIMSI, "ps"), 20) +
			repeat(macro(1300, 7, 70001).page(pagedTMSI, "ps"), 20) + macro(1500, 8, 70002).cycle() + repeat(macro(1500, 8, 70002).page(pagedTMSI, "ps"), 30)},
		{Name: "mostly S-TMSIs", Frames: macro(1300, 7, 70001).cycle() + repeat(macro(1300, 7, 70001).page(pagedTMSI, "ps"), 24) + macro(1300, 7, 70001).page(pagedIMSI, "ps")},
		{Name: "too few", Frames: macro(1300, 7, 70001).cycle() + repeat(macro(1300, 7, 70001).page(pagedIMSI, "cs"), 1)},
		{Name: "the whole network does so", Frames: macro(1300, 7, 70001).cycle() + repeat(macro(1300, 7, 70001).page(pagedIMSI, "ps"), 20) +
			macro(1500, 8, 70002).cycle() + repeat(macro(1500, 8, 70002).page(pagedIMSI, "ps"), 20)},
	},
})

type ltePagingIMSI struct {
	values rule.Values
	imsiPages
}

// Enough implements rule.Sufficiency: the share is known well enough to lie on one side.
func (o *ltePagingIMSI) Enough(v rule.View) bool {
	low, high, ok := o.interval(v)
	return v.Cell.ID.Known && ok && (low >= o.values["share"] || high < max(o.values["share"], 0.5))
}

func (o *ltePagingIMSI) interval(v rule.View) (low, high float64, ok bool) {
	return stat.Wilson(v.Cell.PagedIMSI, v.Cell.PagedIMSI+v.Cell.PagedTMSI, o.values["confidence"])
}

func (o *ltePagingIMSI) Finish(v rule.View) []rule.Evidence {
	low, _, ok := o.interval(v)
	if !v.Cell.ID.Known || !ok || len(o.frames) == 0 || low < o.values["share"] {
		return nil
	}
	k, n := v.Cell.PagedIMSI, v.Cell.PagedIMSI+v.Cell.PagedTMSI
	ev := rule.Evidence{
		Frames: o.frames, Field: "ue-Identity", Got: fmt.Sprintf("imsi in %d of %d", k, n), Expect: "s-TMSI", Scale: 0.6, Basis: o.basis,
		Summary: fmt.Sprintf("%d of %d pages on the cell named a phone by its permanent number.", k, n),
	}
	if imsi, all := pagedElsewhere(v); all >= 20 {
		if 2*imsi*n >= k*all {
			return nil // the network does so
		}
		ev.Scale = 1
		ev.Expect = fmt.Sprintf("imsi in %d of %d, as on the network's other cells", imsi, all)
	}
	o.atOnce(&ev, v.Cell)
	return []rule.Evidence{ev}
}
