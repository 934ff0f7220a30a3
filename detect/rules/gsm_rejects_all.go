package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-rejects-all",
	Title:     "The cell refuses every phone that comes",
	Family:    rule.Deny,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"S10"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.2, WeightBasis: expert,
	Why: "A network refuses some phones and serves the others. A cell that refuses everybody, whatever their SIM card, wants no subscribers: it took their numbers, or gave them its message, and sends them on.",
	Benign: []rule.Benign{
		{Explanation: "The register of the network was out of order.", Test: working},
		{Explanation: "A roaming network or a closed network that serves its own SIM cards only."},
		laboratory,
	},
	Refs:   []string{"TS 24.008 §4.4.4.7", "TS 24.008 §10.5.3.6", "Tucker et al., NDSS 2025"},
	Params: []rule.Param{{Name: "min_phones", Default: 3, Unit: "phones", Min: 2, Max: 1000, Source: "expert: one phone or two may share a reason"}},
	New:    func(p rule.Values) rule.Observer { return &rejectsAll{min: p["min_phones"], causes: map[string]int{}} },
	Vectors: []rule.Vector{
		{Name: "three of three", Fires: true, Frames: ordinary(33, 10001).cycle() + refused(1, reject15) + refused(2, reject15) + refused(3, reject11)},
		{Name: "one phone that tries three times", Frames: ordinary(33, 10001).cycle() + refused(1, reject15) + refused(1, reject15) + refused(1, reject15)},
		{Name: "one accepted", Frames: ordinary(33, 10001).cycle() + refused(1, reject15) + refused(2, reject15) + refused(3, reject11) + taken(4)},
		{Name: "authenticates another", Frames: ordinary(33, 10001).cycle() + refused(1, reject2) + refused(2, reject2) + refused(3, reject2) + protected},
	},
})

// rejectsAll counts the phones refused.
type rejectsAll struct {
	min      float64
	phones   phones
	judged   bool
	served   bool
	refs     []event.Ref
	causes   map[string]int
	first    string
	refusals int
	basis    event.Basis
}

func (o *rejectsAll) Observe(e *event.Event) []rule.Evidence {
	s, ok := e.Body.(*event.Session)
	if !ok || packetDomain(s) || !s.DownlinkSeen {
		return nil
	}
	if s.Has(event.UpdateAccept) || s.Has(event.ServiceAccept) || s.Authenticated() {
		o.served = true
		return nil
	}
	st, _ := s.Find(event.UpdateReject, 0)
	if st == nil {
		return nil
	}
	o.judged = true
	o.basis = max(o.basis, e.Basis)
	if o.phones.add(s.Identities) < 0 {
		return nil
	}
	o.refusals++
	if len(o.refs) < maxRefs {
		o.refs = append(o.refs, st.Ref)
	}
	if o.first == "" {
		o.first = cause(st)
	}
	if len(o.causes) < maxTexts {
		o.causes[cause(st)]++
	}
	return nil
}

// Enough implements rule.Sufficiency.
func (o *rejectsAll) Enough(rule.View) bool {
	return o.served || o.judged && float64(o.phones.n) >= o.min
}

// Finish implements rule.Finisher.
func (o *rejectsAll) Finish(rule.View) []rule.Evidence {
	if o.served || float64(o.phones.n) < o.min {
		return nil
	}
	got := o.first
	if len(o.causes) > 1 {
		got = fmt.Sprintf("%s and %d other causes", o.first, len(o.causes)-1)
	}
	return []rule.Evidence{{
		Frames: o.refs, Field: "Reject Cause", Got: got, Expect: "some phones accepted", Basis: o.basis,
		Summary: fmt.Sprintf("The cell refused all %d phones that tried to register and served none.", o.phones.n),
	}}
}
