package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-lured-from-lte",
	Title:     "The phone came from LTE because an LTE cell had just sent it away",
	Family:    rule.Attract,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"S01"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.9, WeightBasis: expert,
	Why: "A phone prefers LTE, where networks prove themselves. To reach it on 2G, an attacker first has an LTE cell of his own refuse or release it. " +
		"A registration on 2G seconds after that, without a call, is the second half of such an attack.",
	Benign: []rule.Benign{
		{Explanation: "A call or message was carried over 2G on purpose (CS fallback)."},
		{Explanation: "The subscription does not include LTE, or LTE ends here."},
	},
	Refs: []string{"TS 36.331 §5.3.8.3", "TS 24.301 §5.5.1.2.5", "GSMA, SMS blaster fraud, 2024"},
	New:  func(rule.Values) rule.Observer { return &luredFromLTE{} },
	Vectors: []rule.Vector{
		{Name: "redirected, then registered on a cell without neighbours", Fires: true, Frames: ordinary(33, 10001).cycle() + lteSentTo2G + taken(1)},
		{Name: "nothing before", Frames: ordinary(33, 10001).cycle() + taken(1)},
		{Name: "a minute later", Frames: ordinary(33, 10001).cycle() + lteSentTo2G + "@120 DTAP 33 ul: 0508 70 00f1100bb9 33 05f411000001\n" + accept + release},
	},
})

// luredFromLTE collects the sessions that followed an expulsion from LTE.
type luredFromLTE struct{ perSessionLure }

// perSessionLure keeps what was found until the cell's settings are known.
type perSessionLure struct {
	sessions int
	found    []rule.Evidence
}

func (o *luredFromLTE) Observe(e *event.Event) []rule.Evidence {
	s, ok := e.Body.(*event.Session)
	if !ok || packetDomain(s) {
		return nil
	}
	o.sessions++
	l := s.Lure
	if l == nil || l.Fallback || len(o.found) >= maxPending || !s.Has(event.UpdateRequest) {
		return nil
	}
	ev := rule.Evidence{
		Frames: []event.Ref{l.Ref, s.First}, Field: "RRCConnectionRelease, redirectedCarrierInfo", Got: "geran, before the registration here", Expect: "LTE kept, or a call",
		Summary: fmt.Sprintf("An LTE cell released the phone to 2G, and %.0f seconds later it registered here.", l.Seconds), Basis: e.Basis, Scale: 1,
	}
	if l.Action != event.Release {
		ev.Field, ev.Got, ev.Scale = "EMM cause", "refused on LTE before the registration here", 0.6
		ev.Summary = fmt.Sprintf("LTE refused the phone, and %.0f seconds later it registered here.", l.Seconds)
	}
	o.found = append(o.found, ev)
	return nil
}

// Finish implements rule.Finisher: a cell that is set up to lure makes it a trap.
func (o *luredFromLTE) Finish(v rule.View) []rule.Evidence {
	if len(lures(v)) == 0 {
		for i := range o.found {
			o.found[i].Scale *= 0.4
		}
	}
	return o.found
}
