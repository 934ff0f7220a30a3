package rules

import (
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-sms-then-expelled",
	Title:     "The cell pushes a message and turns the phone away at once",
	Family:    rule.Push,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"S06"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.8, WeightBasis: expert,
	Why: "A blaster needs a phone for seconds: it lets it register, pushes its message and gets rid of it, by a refusal or by sending it elsewhere, so that the owner notices no loss of service and the next phone has room.",
	Benign: []rule.Benign{
		{Explanation: "The phone left the reach of the cell.", Test: func(rule.View) rule.BenignStatus { return rule.Possible }},
		laboratory,
	},
	Refs:   []string{"TS 24.008 §4.4.4.7", "TS 44.018 §3.4.13", "GSMA, SMS blaster fraud, 2024"},
	Params: []rule.Param{{Name: "seconds", Default: 60, Unit: "s", Min: 5, Max: 600, Source: "detection catalogue S06: 10 to 60 seconds"}},
	New:    func(p rule.Values) rule.Observer { return &smsThenExpelled{seconds: p["seconds"]} },
	Vectors: []rule.Vector{
		{Name: "message, then refused", Fires: true, Frames: ordinary(33, 10001).cycle() + taken(1) + pushed(1, message("a")) + "DTAP 33 ul: 0508 70 00f1100bb9 33 05f411000001\n" + reject15 + release},
		{Name: "message, then another phone refused", Frames: ordinary(33, 10001).cycle() + taken(1) + pushed(1, message("a")) + "DTAP 33 ul: 0508 70 00f1100bb9 33 05f411000002\n" + reject15 + release},
		{Name: "refused minutes later", Frames: ordinary(33, 10001).cycle() + taken(1) + pushed(1, message("a")) + "@900 DTAP 33 ul: 0508 70 00f1100bb9 33 05f411000001\n" + reject15 + release},
		{Name: "encrypted", Frames: ordinary(33, 10001).cycle() + handed(1, message("a")) + "DTAP 33 ul: 0508 70 00f1100bb9 33 05f411000001\n" + reject15 + release},
	},
})

// smsThenExpelled remembers the last unencrypted message to each phone.
type smsThenExpelled struct {
	seconds float64
	phones  phones
	last    map[int]event.Step
}

func (o *smsThenExpelled) Observe(e *event.Event) []rule.Evidence {
	s, ok := e.Body.(*event.Session)
	if !ok || packetDomain(s) {
		return nil
	}
	n := o.phones.add(s.Identities)
	if n < 0 {
		return nil
	}
	plain := !slices.ContainsFunc(s.Steps, securing)
	for i := range s.Steps {
		st := &s.Steps[i]
		switch {
		case !plain:
		case st.SMS != nil && st.SMS.Delivered && !st.SMS.Report:
			if o.last == nil {
				o.last = map[int]event.Step{}
			}
			o.last[o.phones.root(n)] = *st
		case st.Action == event.UpdateReject, st.Action == event.Release && st.Redirected:
			m, ok := o.last[o.phones.root(n)]
			if !ok {
				continue
			}
			delete(o.last, o.phones.root(n))
			if ns, ok := event.Elapsed(&m, st); !ok || ns < 0 || float64(ns) > o.seconds*1e9 {
				continue
			}
			field, got := "Location Updating Reject", cause(st)
			if st.Action == event.Release {
				field, got = "Cell selection indicator after release", "other cells"
			}
			return []rule.Evidence{{
				Frames: []event.Ref{m.Ref, st.Ref}, Field: field, Got: got + " after SMS-DELIVER", Expect: "service",
				Summary: "The cell handed the phone a message without encryption and turned it away within a minute.",
			}}
		}
	}
	return nil
}
