package rules

import (
	"slices"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/engine"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/rule/ruletest"
	"github.com/fbsdetect/fbsdetect/detect/score"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// TestConnectionScores runs the rules about connections of LTE over whole situations and
// bounds the score in percent of the entry that has most. What the cell broadcasts is
// left out: other rules judge it.
func TestConnectionScores(t *testing.T) {
	home := public(station)
	cycle := home.cycle()
	// turnedAway is the registration of the nth phone, with a number of 295-99, that is
	// asked for its number and gets the reject.
	turnedAway := func(n int, reject string, redirect ...string) string {
		digit := string(rune('0' + n))
		return home.connect("07 41 71 0b f692f599800101 112233 4"+digit+" 04 e0e0 0000 0004 0201d011 52 92f5990bb8") +
			home.dl(nasAskIMSI) + home.ul("07 56 08 2959990000000"+digit+"10") + home.dl(reject) + home.release(strings.Join(redirect, ""))
	}
	guest := home.connect(attachGUTI) + home.dl(nasAskIMSI) + home.ul(nasGiveIMSI) + home.dl(nasAttachReject11) + home.release("")
	signedUp := home.connect(attachGUTI) + home.dl(nasAskIMSI) + home.ul(nasGiveIMSI) + home.authenticate() + home.dl(nasSecure22) +
		home.ul(nasSecured) + home.asSecurity("eea2", "eia2") + home.dl(nasHidden) + home.release("")
	tests := []struct {
		name      string
		low, high float64
		frames    string
	}{
		{"first registration after power-on", 0, 0.5, cycle + signedUp},
		{"dead SIM, once", 1, 30, cycle + turnedAway(1, nasAttachReject8)},
		{"dead SIM, again and again", 1, 45, cycle + repeat(turnedAway(1, nasAttachReject8), 12)},
		{"dead SIM on a working cell", 0, 5, cycle + repeat(signedUp, 4) + turnedAway(1, nasAttachReject8)},
		{"visitor without agreement", 0, 5, cycle + guest},
		{"visitor without agreement, again and again", 0, 10, cycle + repeat(guest, 12)},
		{"one phone, three reasons", 50, 95, cycle + turnedAway(1, nasAttachReject15) + turnedAway(1, nasAttachReject8) + turnedAway(1, nasAttachReject3)},
		{"three phones", 50, 95, cycle + turnedAway(1, nasAttachReject7) + turnedAway(2, nasAttachReject7) + turnedAway(3, nasAttachReject7)},
		{"reject and 2G", 50, 95, cycle + turnedAway(1, nasAttachReject7, toGERAN)},
		{"three phones, causes of dead SIMs", 50, 95, cycle + turnedAway(1, nasAttachReject15) + turnedAway(2, nasAttachReject15) + turnedAway(3, nasAttachReject8)},
		{"call over 2G on a working cell", 0, 1, cycle + signedUp + home.connect(csfbMO) + home.release(toGERAN)},
		{"null ciphering with integrity", 0, 2, cycle + home.connect(attachGUTI) + home.authenticate() + home.dl(nasSecure02) + home.ul(nasSecured) +
			home.asSecurity("eea0", "eia2") + home.release("")},
		{"null ciphering without integrity", 50, 90, cycle + home.connect(attachGUTI) + home.authenticate() + home.dl(nasSecure00) + home.ul(nasSecured) +
			home.asSecurity("eea0", "eia0-v920") + home.release("")},
		{"emergency call without SIM", 0, 2, cycle + home.connect(attachEmergency) + home.dl(nasAskIMEI) + home.dl(nasSecure00) + home.ul(nasSecured) +
			home.asSecurity("eea0", "eia0-v920") + home.release("")},
		{"core restarted", 0, 5, cycle + repeat(home.connect(tauGUTI)+home.dl(nasTAUReject9)+home.release(""), 5)},
		{"counter of the SIM out of step once", 0, 1, cycle + home.connect(attachGUTI) + home.dl(nasChallenge) + home.ul(nasFailSync) + home.authenticate() +
			home.dl(nasSecure22) + home.ul(nasSecured) + home.asSecurity("eea2", "eia2") + home.release("")},
	}
	var subject []*rule.Rule
	for _, r := range rule.All() {
		if slices.Contains(r.RATs, event.LTE) && slices.Equal(r.Needs, []event.Kind{event.KindSession}) {
			subject = append(subject, r)
		}
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			frames, err := ruletest.Parse(tt.frames)
			if err != nil {
				t.Fatal(err)
			}
			judgements, err := ruletest.Judge(frames, subject)
			if err != nil {
				t.Fatal(err)
			}
			most, why := 0.0, engine.Judgement{}
			for _, j := range judgements {
				var sum []score.Summand
				for _, f := range j.Findings {
					sum = append(sum, score.Summand{Family: f.Rule.Family, Weight: f.Weight})
				}
				if p := score.Sum(sum); p >= most {
					most, why = p, j
				}
			}
			t.Logf("%.1f %%", most)
			if most < tt.low || most > tt.high {
				for _, f := range why.Findings {
					t.Logf("%s %.2f: %s", f.Rule.ID, f.Weight, f.Evidence.Got)
				}
				t.Errorf("%.1f %%, want %g to %g", most, tt.low, tt.high)
			}
		})
	}
}

// TestConnectionWhole says which sessions count as captured from their beginning.
func TestConnectionWhole(t *testing.T) {
	steps := func(actions ...event.Action) []event.Step {
		var s []event.Step
		for _, a := range actions {
			s = append(s, event.Step{Action: a})
		}
		return s
	}
	tests := []struct {
		name string
		s    event.Session
		want bool
	}{
		{"empty", event.Session{}, false},
		{"radio connection", event.Session{Steps: steps(event.ConnectionRequest, event.ConnectionSetup)}, true},
		{"downlink alone", event.Session{Steps: steps(event.ConnectionSetup, event.IdentityRequest)}, true},
		{"log of NAS", event.Session{Steps: steps(event.UpdateRequest, event.IdentityRequest)}, true},
		{"answer logged before the request", event.Session{Steps: steps(event.AuthenticationRequest, event.UpdateRequest)}, true},
		{"middle", event.Session{Steps: steps(event.IdentityRequest, event.IdentityResponse)}, false},
		{"update long after the middle", event.Session{Steps: steps(event.MeasurementReport, event.ConnectionReconfigured, event.MeasurementReport,
			event.MeasurementOrder, event.UpdateRequest)}, false},
		{"restored connection", event.Session{Steps: steps(event.ReestablishmentRequest, event.MeasurementOrder)}, false},
		{"came by handover", event.Session{Continued: true, Steps: steps(event.UpdateRequest)}, false},
	}
	for _, tt := range tests {
		c := connected(&tt.s)
		if c.whole != tt.want {
			t.Errorf("%s: whole %v, want %v", tt.name, c.whole, tt.want)
		}
		if c.unprotected() != (tt.want && !c.secured(len(c.Steps))) {
			t.Errorf("%s: unprotected %v", tt.name, c.unprotected())
		}
	}
}

// TestCauseScale bounds what rejects count for: nothing beyond full, least for what
// networks answer every day.
func TestCauseScale(t *testing.T) {
	for cause := range 256 {
		for _, own := range []bool{false, true} {
			if s := causeScale(cause, own); s <= 0 || s > 1 || s < causeScale(cause, false) {
				t.Errorf("cause %d, own %v: %g", cause, own, s)
			}
		}
	}
	if causeScale(8, true) >= causeScale(3, false) || causeScale(11, true) <= causeScale(11, false) {
		t.Error("a dead SIM card counts for as much as an illegal phone, or roaming at home for no more than abroad")
	}
}

// TestSubscriber says who is at home and who visits.
func TestSubscriber(t *testing.T) {
	imsi, ok := ident.ParseDigits(ident.IMSI, "295990000000001")
	if !ok {
		t.Fatal("IMSI not read")
	}
	tests := []struct {
		name         string
		phone        ident.MobileIdentity
		previous     string
		own, visitor bool
	}{
		{"customer", imsi, "", true, false},
		{"customer back from abroad", imsi, "999-01", true, false},
		{"temporary number of this network", ident.TMSIIdentity(1), "295-99", true, false},
		{"temporary number of another", ident.TMSIIdentity(1), "999-01", false, true},
		{"unknown", ident.MobileIdentity{}, "", false, false},
	}
	frames, err := ruletest.Parse(public(station).cycle() + public(station).secured())
	if err != nil {
		t.Fatal(err)
	}
	judgements, err := ruletest.Judge(frames, nil)
	if err != nil {
		t.Fatal(err)
	}
	v := rule.View{Cell: judgements[0].Cell}
	for _, tt := range tests {
		o := subscriber{identity: tt.phone}
		o.previous, _ = ident.ParsePLMN(tt.previous)
		if o.own(v) != tt.own || o.visitor(v) != tt.visitor {
			t.Errorf("%s: own %v, visitor %v, want %v, %v", tt.name, o.own(v), o.visitor(v), tt.own, tt.visitor)
		}
	}
}
