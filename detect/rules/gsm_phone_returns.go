package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-phone-returns",
	Title:     "A phone must register with the cell again and again",
	Family:    rule.Deny,
	Severity:  rule.Low,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"X15"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.3, WeightBasis: expert,
	Why: "A phone that stays where it is registers once and then every few hours. One that registers with the same cell several times in minutes was thrown " +
		"off it, or pulled back to it, each time.",
	Benign: []rule.Benign{
		{Explanation: "The phone stands where two location areas meet and its reception wavers between them."},
		{Explanation: "The owner switched the phone off and on."},
	},
	Refs: []string{"TS 24.008 §4.4.1", "TS 43.022 §4.5"},
	Params: []rule.Param{
		{Name: "updates", Default: 3, Unit: "location updates", Min: 2, Max: 100, Source: "detection catalogue X15: three in five minutes of a phone at rest"},
		{Name: "window", Default: 300, Unit: "s", Min: 1, Max: 86400, Source: "detection catalogue X15: five minutes"},
	},
	New: func(p rule.Values) rule.Observer {
		return &phoneReturns{updates: int(p["updates"]), window: int64(p["window"] * 1e9)}
	},
	Vectors: []rule.Vector{
		{Name: "three times in a minute", Fires: true, Frames: ordinary(33, 10001).cycle() + refused(1, reject15) + "@20 " + refused(1, reject15) + "@40 " + refused(1, reject15)},
		{Name: "three phones", Frames: ordinary(33, 10001).cycle() + refused(1, reject15) + "@20 " + refused(2, reject15) + "@40 " + refused(3, reject15)},
		{Name: "over an hour", Frames: ordinary(33, 10001).cycle() + refused(1, reject15) + "@1800 " + refused(1, reject15) + "@3600 " + refused(1, reject15)},
		{Name: "twice", Frames: ordinary(33, 10001).cycle() + refused(1, reject15) + "@20 " + refused(1, reject15)},
	},
})

// phoneReturns keeps the latest registrations of each phone.
type phoneReturns struct {
	updates int
	window  int64
	phones  phones
	latest  map[int][]event.Step
	fired   bool
}

func (o *phoneReturns) Observe(e *event.Event) []rule.Evidence {
	s, ok := e.Body.(*event.Session)
	if !ok || packetDomain(s) || o.fired {
		return nil
	}
	st, _ := s.Find(event.UpdateRequest, 0)
	if st == nil {
		return nil
	}
	phone := o.phones.add(s.Identities)
	if phone < 0 {
		return nil
	}
	if o.latest == nil {
		o.latest = map[int][]event.Step{}
	}
	steps := append(o.latest[phone], *st)
	if len(steps) > o.updates {
		steps = append(steps[:0], steps[1:]...)
	}
	o.latest[phone] = steps
	if len(steps) < o.updates {
		return nil
	}
	ns, ok := event.Elapsed(&steps[0], st)
	if !ok || ns > o.window {
		return nil
	}
	o.fired = true
	refs := make([]event.Ref, 0, maxRefs)
	for i := range steps[:min(len(steps), maxRefs)] {
		refs = append(refs, steps[i].Ref)
	}
	return []rule.Evidence{{
		Frames: refs, Field: "Location Updating Request", Got: fmt.Sprintf("%d of one phone in %.0f s", len(steps), float64(ns)/1e9),
		Expect:  fmt.Sprintf("fewer than %d in %.0f s", o.updates, float64(o.window)/1e9),
		Summary: fmt.Sprintf("One phone registered with the cell %d times within %.0f seconds.", len(steps), float64(ns)/1e9),
	}}
}

// Enough implements rule.Sufficiency.
func (o *phoneReturns) Enough(rule.View) bool { return o.phones.n > 0 }
