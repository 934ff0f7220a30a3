package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-assignment-not-hopping",
	Title:     "The cell never hops between frequencies although its network does",
	Family:    rule.Structure,
	Severity:  rule.Info,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G26"},
	Needs:     []event.Kind{event.KindAssignment},
	Weight:    0.15, WeightBasis: expert,
	Why: "Networks let connections hop over several frequencies against interference. A small transmitter has one frequency only. So have many small cells, " +
		"so this is said only where other cells of the network were heard to hop, and weighs little.",
	Benign: []rule.Benign{
		{Explanation: "The cell has a single transmitter, as in the country or indoors.", Test: func(v rule.View) rule.BenignStatus {
			switch {
			case v.Cell.Carriers.Empty():
				return rule.NotTestable
			case v.Cell.Carriers.Len() == 1:
				return rule.Possible
			}
			return rule.Excluded
		}},
	},
	Refs:   []string{"TS 44.018 §9.1.18", "TS 44.018 §10.5.2.5", "TS 45.002 §6.2", "Mayer, ICDS, Univ. Freiburg 2012"},
	Params: []rule.Param{{Name: "min_assignments", Default: 5, Unit: "assignments", Min: 2, Max: 1000, Source: "expert"}},
	New:    func(p rule.Values) rule.Observer { return &assignmentNotHopping{values: p} },
	Vectors: []rule.Vector{
		{Name: "others hop", Fires: true, Frames: cycles(ordinary(33, 10001), ordinary(40, 10002), ordinary(41, 10003)) +
			repeat("AGCH 33: 2d 063f 00 41e021 7f0000 00 00\n", 5) +
			repeat("AGCH 40: 31 063f 00 41f001 7f0000 00 0103\n", 5) + repeat("AGCH 41: 31 063f 00 41f001 7f0000 00 0103\n", 5)},
		{Name: "nobody hops", Frames: cycles(ordinary(33, 10001), ordinary(40, 10002), ordinary(41, 10003)) +
			repeat("AGCH 33: 2d 063f 00 41e021 7f0000 00 00\n", 5) +
			repeat("AGCH 40: 2d 063f 00 41e028 7f0000 00 00\n", 5) + repeat("AGCH 41: 2d 063f 00 41e029 7f0000 00 00\n", 5)},
	},
})

// assignmentNotHopping counts assignments of dedicated channels; packet resources
// are assigned otherwise.
type assignmentNotHopping struct {
	values         rule.Values
	count, hopping int
	frames         []event.Ref
}

func (o *assignmentNotHopping) Observe(e *event.Event) []rule.Evidence {
	a, ok := e.Body.(*event.Assignment)
	if !ok || a.Packet {
		return nil
	}
	o.count++
	if a.Hopping {
		o.hopping++
	}
	if len(o.frames) < 8 {
		o.frames = append(o.frames, e.Ref)
	}
	return nil
}

// Enough implements rule.Sufficiency.
func (o *assignmentNotHopping) Enough(v rule.View) bool {
	return v.Cell.ID.Known && (o.hopping > 0 || float64(o.count) >= o.values["min_assignments"])
}

func (o *assignmentNotHopping) Finish(v rule.View) []rule.Evidence {
	if o.hopping > 0 || !o.Enough(v) {
		return nil
	}
	hop, judged := 0, 0
	for _, c := range peers(v) {
		if c.Hopping > 0 {
			hop++
			judged++
		} else if float64(c.Assignments) >= o.values["min_assignments"] {
			judged++
		}
	}
	if hop < 2 || 2*hop <= judged {
		return nil
	}
	return []rule.Evidence{{
		Frames: o.frames, Field: "Channel Description, H", Got: fmt.Sprintf("0 in all of %d assignments", o.count),
		Expect:  fmt.Sprintf("1 at times, as on %d of %d other cells of the network", hop, judged),
		Summary: fmt.Sprintf("The cell never let a connection hop between frequencies (%d assignments), while %d of %d other cells of its network do.", o.count, hop, judged),
	}}
}
