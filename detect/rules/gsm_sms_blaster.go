package rules

import (
	"fmt"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-sms-blaster",
	Title:     "The cell takes phones over and pushes messages to them, as an SMS blaster does",
	Family:    rule.Push,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"S01", "S02", "S05", "S06", "S07", "S10"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    1.6, WeightBasis: expert,
	Why: "An SMS blaster is a box, often in a car, that takes over the phones around it for seconds and hands them a fraudulent message under the name of a bank or an office. " +
		"What it does is a sequence: it draws phones in, lets them register without any proof, pushes the message unencrypted, and lets them go. " +
		"This finding is that sequence; its parts are findings of their own.",
	Benign: []rule.Benign{
		noEncryption,
		{Explanation: "The receiver missed the frames in which the network authenticated phones.", Test: func(v rule.View) rule.BenignStatus {
			if v.Cell.Sessions.Authenticated > 0 || v.Cell.Sessions.Ciphered > 0 {
				return rule.Possible
			}
			return rule.NotTestable
		}},
		laboratory,
	},
	Refs: []string{"TS 24.008 §4.4.4", "TS 24.011 §7.2.1", "TS 23.040 §9.2.2.1", "Zhang et al. (FBS-Radar), NDSS 2017", "GSMA, SMS blaster fraud, 2024"},
	Params: []rule.Param{{Name: "min_messages", Default: 2, Unit: "messages", Min: 1, Max: 1000,
		Source: "expert: one message may be an accident; catalogue S05 speaks of many"}},
	New: func(p rule.Values) rule.Observer { return &smsBlaster{min: p["min_messages"]} },
	Vectors: []rule.Vector{
		{Name: "three phones taken, one text", Fires: true, Frames: ordinary(33, 10001).cycle() + taken(1) + taken(2) + taken(3) +
			pushed(1, message("win https://a.example/1")) + pushed(2, message("win https://a.example/1")) + pushed(3, message("win https://a.example/1"))},
		{Name: "one phone, two texts, after LTE let it go", Fires: true, Frames: ordinary(33, 10001).cycle() + lteSentTo2G + taken(1) +
			pushed(1, message("one")) + pushed(1, message("two"))},
		{Name: "settings that draw phones in", Fires: true, Frames: ordinary(33, 10001).but(func(c *synthetic) { c.rest, c.t3212, c.rxlev = "bf002b2b", 1, 0 }).cycle() +
			taken(1) + pushed(1, message("one")) + pushed(1, message("two"))},
		{Name: "never reports, in an area of its own", Fires: true, Frames: cycles(ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004)) +
			ordinary(33, 10001).but(func(c *synthetic) { c.t3212, c.lac = 0, 77 }).cycle() + taken(1) + pushed(1, message("one")) + pushed(1, message("two"))},
		{Name: "phones whose names were not heard", Fires: true, Frames: ordinary(33, 10001).cycle() + askIMSI + accept + release + message("a").line() + release + message("a").line() + release},
		{Name: "message, then refused", Fires: true, Frames: ordinary(33, 10001).cycle() + taken(1) + taken(2) + pushed(1, message("a")) + pushed(2, message("a")) + refused(1, reject15) + refused(2, reject15)},
		{Name: "network that authenticates and encrypts", Frames: ordinary(33, 10001).cycle() + protected + handed(1, message("a")) + handed(2, message("a")) + handed(3, message("a"))},
		{Name: "network without encryption", Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + acceptTMSI + release +
			authenticatedOnly(1, message("a")) + authenticatedOnly(2, message("a")) + authenticatedOnly(3, message("b"))},
		{Name: "phones taken and no message", Frames: ordinary(33, 10001).cycle() + taken(1) + taken(2) + taken(3)},
		{Name: "messages to phones that registered before the capture", Frames: ordinary(33, 10001, 40, 41).cycle() + pushed(1, message("a")) + pushed(2, message("b"))},
		{Name: "public warning by cell broadcast", Frames: ordinary(33, 10001).cycle() + protected + warningPage + warningPage},
	},
})

// smsBlaster follows the stages of the attack over the sessions of a cell.
type smsBlaster struct {
	min     float64
	box     inbox
	unnamed int
	lure    rule.Stage
	taken   rule.Stage
	release rule.Stage
	// sent, refused, identities and accepted count what the sentences tell.
	sent, refused, asked, accepted int
	// proven: phones were authenticated or encrypted here.
	proven bool
}

func (o *smsBlaster) Observe(e *event.Event) []rule.Evidence {
	s, ok := e.Body.(*event.Session)
	if !ok || packetDomain(s) {
		return nil
	}
	before := len(o.box.messages)
	o.box.add(e, s)
	pushed := len(o.box.messages) > before
	if len(s.Identities) == 0 {
		o.unnamed++
	}
	if l := s.Lure; l != nil && !l.Fallback {
		o.sent++
		o.lure.See(l.Ref, e.Time)
	}
	if slices.ContainsFunc(s.Steps, securing) {
		o.proven = true
		return nil
	}
	asked, accepted := false, false
	for i := range s.Steps {
		st := &s.Steps[i]
		switch st.Action {
		case event.IdentityRequest:
			if st.Identity == ident.IMSI {
				asked = true
			}
			o.taken.See(st.Ref, st.Time)
		case event.UpdateRequest:
			o.taken.See(st.Ref, st.Time)
		case event.UpdateAccept:
			accepted = true
			o.taken.See(st.Ref, st.Time)
		case event.UpdateReject:
			o.refused++
			o.release.See(st.Ref, st.Time)
		case event.Release:
			if pushed || st.Redirected {
				o.release.See(st.Ref, st.Time)
			}
		}
	}
	if asked {
		o.asked++
	}
	if accepted {
		o.accepted++
	}
	return nil
}

// Enough implements rule.Sufficiency: without a message nothing was pushed that was heard.
func (o *smsBlaster) Enough(rule.View) bool { return o.box.sessions > 0 }

// Finish implements rule.Finisher.
func (o *smsBlaster) Finish(v rule.View) []rule.Evidence {
	plain := o.box.plain()
	settings := lures(v)
	captured := o.asked+o.accepted+o.refused > 0
	// Messages alone may be those of a network whose registrations were not captured.
	if float64(len(plain)) < o.min || o.proven || v.Cell.Sessions.Authenticated > 0 || !captured && o.sent == 0 && len(settings) < 3 {
		return nil
	}
	p := &rule.Profile{Kind: "sms_blaster", Phones: o.box.phones.n, Unnamed: o.unnamed, Messages: len(plain)}
	push := rule.Stage{Name: "push"}
	for i := range plain {
		push.See(plain[i].ref, plain[i].time)
	}
	texts := o.box.texts(plain)
	most := 0
	for _, t := range texts {
		most = max(most, t.phones)
		p.Texts = append(p.Texts, rule.PushedText{
			Sender: t.first.Sender, Centre: t.first.Centre, Text: t.first.Text, Messages: t.messages, Phones: t.phones, Frames: t.refs,
		})
	}
	o.lure.Name, o.taken.Name, o.release.Name = "lure", "capture", "release"
	if len(settings) > 0 {
		for _, s := range settings {
			o.lure.Observed = append(o.lure.Observed, "The cell broadcasts "+s+".")
		}
		for _, ref := range named(v.Cell) {
			o.lure.See(ref, v.Cell.FirstTime)
		}
	}
	if o.sent > 0 {
		o.lure.Observed = append(o.lure.Observed, fmt.Sprintf("LTE sent phones away seconds before %s here.", count(o.sent, "registration")))
	}
	say := func(st *rule.Stage, n int, what, rest string) {
		if n > 0 {
			st.Observed = append(st.Observed, count(n, what)+" "+rest+".")
		}
	}
	say(&o.taken, o.accepted, "registration", "accepted without any proof")
	say(&o.taken, o.asked, "connection", "with a question for the subscriber's number (IMSI)")
	say(&push, len(plain), "short message", "handed over without authentication or encryption")
	if most > 1 {
		push.Observed = append(push.Observed, fmt.Sprintf("One text went to %d phones.", most))
	}
	say(&o.release, o.refused, "registration", "refused")
	say(&o.release, o.release.Times-o.refused, "connection", "released after the message")
	p.Stages = []rule.Stage{o.lure, o.taken, push, o.release}

	seen := 0
	for i := range p.Stages {
		if p.Stages[i].Times > 0 {
			seen++
		}
	}
	ev := rule.Evidence{
		Frames: refsOf(plain), Field: "sequence of registration, SMS-DELIVER and release", Profile: p, Basis: o.box.basis,
		Got: fmt.Sprintf("%d of 4 stages, %s, %s", seen, count(p.Phones, "phone"), count(p.Messages, "message")), Expect: "authentication and ciphering before any message",
		Summary: fmt.Sprintf("The cell took over %s without any proof and pushed %s without encryption.", count(p.Phones, "phone"), count(p.Messages, "short message")),
	}
	if p.Phones == 0 { // as a receiver of the downlink alone may hear it
		ev.Summary = fmt.Sprintf("The cell took over phones whose names were not heard, without any proof, and pushed %s without encryption.", count(p.Messages, "short message"))
	}
	customaryPlain(v, &ev)
	return []rule.Evidence{ev}
}
