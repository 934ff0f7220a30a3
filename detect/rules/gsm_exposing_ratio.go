package rules

import (
	"fmt"
	"maps"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/stat"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-exposing-ratio",
	Title:     "Unusually many connections expose the subscriber's number",
	Family:    rule.Identify,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"X01", "X02"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.9, WeightBasis: expert,
	Why: "Some messages make a phone send its permanent number, or come right after it did: requests for it and refusals. On commercial cells up to six connections " +
		"in a hundred have one; on a false base station nearly all, because it has nothing else to offer.",
	Benign: []rule.Benign{
		{Explanation: "A train, ship or plane brings many visitors at once, whom the network does not know yet.", Test: working},
		roaming, deadSIM, laboratory,
	},
	Refs:   []string{"Tucker et al., NDSS 2025", "TS 24.008 §4.3.3", "TS 24.008 §4.4.4.7", "TS 24.008 §4.5.1.1"},
	Params: exposingParams,
	New: func(p rule.Values) rule.Observer {
		return &exposing{
			values: p, usual: gsmExposure,
			whole: func(s *event.Session) bool { d := begin(s); return d.whole },
		}
	},
	Vectors: []rule.Vector{
		{Name: "twelve phones turned away", Fires: true, Frames: ordinary(33, 10001).cycle() + callers(12, reject11)},
		{Name: "ten of forty asked for the IMSI, answer not heard", Fires: true, Frames: ordinary(33, 10001).cycle() + callers(30, served) + callers(10, askIMSI+accept)},
		{Name: "five of forty turned away", Frames: ordinary(33, 10001).cycle() + callers(35, served) + callers(5, reject11)},
		{Name: "forty phones served", Frames: ordinary(33, 10001).cycle() + callers(40, served)},
		{Name: "one phone under twelve temporary numbers", Frames: ordinary(33, 10001).cycle() + callers(12, askIMSI+giveIMSI+reject11)},
		{Name: "one phone, turned away twelve times", Frames: ordinary(33, 10001).cycle() + repeat(updateTMSI+reject11+release, 12)},
		{Name: "ten phones turned away", Frames: ordinary(33, 10001).cycle() + callers(10, reject11)},
		{Name: "beginnings not captured", Frames: ordinary(33, 10001).cycle() + repeat(giveIMSI+reject11+release, 12)},
	},
})

// served is the rest of a session on a network with the subscriber's key.
const served = challenge + answer + cipherA51 + cipherDone + acceptTMSI

// callers is a location update of each of n phones, with the given messages in it.
func callers(n int, messages string) string {
	s := ""
	for i := range n {
		s += fmt.Sprintf("DTAP 33 ul: 0508 70 00f1100bb9 33 05f4112233%02x\n", i) + messages + release
	}
	return s
}

// gsmExposure is the rate of GSM: the commercial one with what the only GSM table behind
// it says, 21 exposed of 352 connections.
var gsmExposure = stat.CommercialExposure.Network(21, 352)

// exposingParams are the parameters of the rules on exposing messages.
var exposingParams = []rule.Param{
	{Name: "connections", Default: stat.ExposureFew, Unit: "connections, more of which are judged", Min: 4, Max: 10000, Source: "Tucker et al., NDSS 2025, which judges more than ten"},
	{Name: "phones", Default: 3, Unit: "phones that must be told apart", Min: 2, Max: 1000, Source: "one more than a phone with two SIM cards; of one phone the share means nothing"},
	{Name: "factor", Default: 3, Unit: "log10 of the Bayes factor over all connections", Min: 1, Max: 12,
		Source: "a genuine cell reaches 1,000 once in 1,000 times at most (Markov's inequality)"},
}

// Bounds on what an exposing Observer keeps.
const (
	maxExposingMinutes = 4096
	maxIntervals       = 16
	maxHeard           = 8192
)

// exposing is an Observer of the share of connections with a message that exposes an IMSI.
// A connection is a session whose beginning was captured, in the minute of its first
// message. On the downlink alone that of GSM is the network's echo of the phone's first
// message (TS 44.006 §5.4.1.4), so that it is counted there, too.
type exposing struct {
	values rule.Values
	usual  stat.ExposureRate
	// whole reports whether the beginning of a session was captured.
	whole func(*event.Session) bool

	connections, exposed int
	minutes              map[int64]*exposingMinute
	frames               []event.Ref
	// phones are those seen, turned those of exposed connections.
	phones, turned map[ident.MobileIdentity]bool
	// intervals are the frames of the last sessions, overlaps how many sessions ran while
	// another one did, which no single phone can.
	intervals []interval
	overlaps  int
	// heard is the capture that a phone's session of a minute is in.
	heard map[hearing]int
}

type hearing struct {
	phone  ident.MobileIdentity
	minute int64
}

type exposingMinute struct{ connections, exposed int }

type interval struct{ first, last event.Ref }

func (x *exposing) Observe(e *event.Event) []rule.Evidence {
	s, ok := e.Body.(*event.Session)
	if !ok || !s.DownlinkSeen || len(s.Steps) < 2 || !x.whole(s) {
		return nil
	}
	minute := s.Steps[0].Time / 60e9
	if x.copied(s, minute) {
		return nil
	}
	x.connections++
	i := slices.IndexFunc(s.Steps, func(st event.Step) bool { return st.Exposing(e.RAT) })
	exposed := 0
	if i >= 0 {
		exposed = 1
		x.frames = more(x.frames, s.Steps[i].Ref)
		note(&x.turned, s.Identity)
	}
	x.exposed += exposed
	note(&x.phones, s.Identity)
	x.overlap(interval{s.First, s.Last})
	m := x.minutes[minute]
	if m == nil {
		if len(x.minutes) == maxExposingMinutes {
			return nil // in the sum over all connections it is counted
		}
		if x.minutes == nil {
			x.minutes = map[int64]*exposingMinute{}
		}
		m = &exposingMinute{}
		x.minutes[minute] = m
	}
	m.connections++
	m.exposed += exposed
	return nil
}

// copied reports whether the session was counted from another capture of the same time:
// two receivers beside each other hear the same connections.
func (x *exposing) copied(s *event.Session, minute int64) bool {
	if !s.Identity.Present() {
		return false
	}
	for m := minute - 1; m <= minute+1; m++ {
		if c, ok := x.heard[hearing{s.Identity, m}]; ok && c != s.First.Capture {
			return true
		}
	}
	if x.heard == nil {
		x.heard = map[hearing]int{}
	}
	if len(x.heard) < maxHeard {
		x.heard[hearing{s.Identity, minute}] = s.First.Capture
	}
	return false
}

func note(phones *map[ident.MobileIdentity]bool, id ident.MobileIdentity) {
	if *phones == nil {
		*phones = map[ident.MobileIdentity]bool{}
	}
	if id.Present() && len(*phones) < maxPhones {
		(*phones)[id] = true
	}
}

func (x *exposing) overlap(n interval) {
	if slices.ContainsFunc(x.intervals, func(o interval) bool {
		return o.first.Capture == n.first.Capture && !n.last.Before(o.first) && !o.last.Before(n.first)
	}) {
		x.overlaps++
	}
	if len(x.intervals) == maxIntervals {
		x.intervals = slices.Delete(x.intervals, 0, 1)
	}
	x.intervals = append(x.intervals, n)
}

// several reports whether the connections are known to be those of several phones.
func (x *exposing) several(phones map[ident.MobileIdentity]bool) bool {
	enough := x.values["phones"]
	return float64(len(phones)) >= enough || float64(x.overlaps) >= enough
}

// rate is that of the cell's network: the usual one, and what its other cells and the
// baseline show.
func (x *exposing) rate(v rule.View) stat.ExposureRate {
	if !v.Cell.ID.Known {
		return x.usual
	}
	exposed, connections := 0, 0
	for _, c := range v.Peers() {
		exposed += c.Sessions.Exposing
		connections += c.Sessions.Count
	}
	if v.Known != nil {
		n := v.Known.Sessions(v.Cell.RAT, v.Cell.ID.PLMN)
		exposed += n.Exposing
		connections += n.Count
	}
	return x.usual.Network(exposed, connections)
}

// strongest returns the window of an alarm with the largest factor.
func (x *exposing) strongest(r stat.ExposureRate) (best stat.ExposureWindow, alarm bool) {
	t, ok := stat.NewExposureTest(r, stat.ExposureAlarm)
	if !ok {
		return best, false
	}
	for _, minute := range slices.Sorted(maps.Keys(x.minutes)) {
		m := x.minutes[minute]
		if w, a := t.Add(m.exposed, m.connections); a && w.Log10 > best.Log10 {
			best, alarm = w, true
		}
	}
	return best, alarm
}

func (x *exposing) Finish(v rule.View) []rule.Evidence {
	if float64(x.connections) <= x.values["connections"] || !x.several(x.turned) {
		return nil
	}
	r := x.rate(v)
	factor, _ := r.LogFactor(x.exposed, x.connections)
	exposed, connections, during := x.exposed, x.connections, ""
	if w, alarm := x.strongest(r); alarm && w.Log10 > factor {
		factor, exposed, connections = w.Log10, w.Exposed, w.Connections
		during = fmt.Sprintf(", in a window of the %d that were captured", x.connections)
	}
	if factor < x.values["factor"] {
		return nil
	}
	return []rule.Evidence{{
		Frames: x.frames, Field: "IMSI-exposing messages",
		Got:    fmt.Sprintf("in %d of %d connections%s; log10 Bayes factor %.1f", exposed, connections, during, factor),
		Expect: fmt.Sprintf("about %.1f %% on this network", 100*r.Mean),
		Scale:  min(1, factor/stat.ExposureAlarm),
		Summary: fmt.Sprintf("In %d of %d connections the network sent a message that exposes the subscriber's number (IMSI) or follows its exposure; about %.0f in a hundred are usual.",
			exposed, connections, 100*r.Mean),
	}}
}

// Enough implements rule.Sufficiency.
func (x *exposing) Enough(rule.View) bool {
	return x.connections >= stat.ExposureEnough && x.several(x.phones)
}
