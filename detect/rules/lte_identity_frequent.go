package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-identity-frequent",
	Title:     "A phone has to give its subscriber's number again and again",
	Family:    rule.Identify,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L19"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.6, WeightBasis: expert,
	Why: "A network gives a phone a temporary number so that the subscriber's (IMSI) need not be sent. It asks for the IMSI when it does not know the temporary " +
		"number, after which it knows it. Several times within an hour means that somebody does not remember, or does not want to.",
	Benign: []rule.Benign{
		deadSIM, roaming, forgotten,
		{Explanation: "The phone was switched off and on, or its SIM card changed, several times."},
	},
	Refs: []string{"TS 24.301 §5.4.4", "TS 23.401 §5.3.2.1", "Android 16, identifier disclosure"},
	Params: []rule.Param{{
		Name: "requests", Default: 4, Unit: "per hour", Min: 2, Max: 100, Source: "expert: an attach tried twice on each of two networks",
	}},
	New: func(p rule.Values) rule.Observer {
		type asked struct {
			times []int64
			refs  []event.Ref
		}
		phones := map[ident.MobileIdentity]*asked{}
		var order []*asked
		secured := false
		o := &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			secured = secured || c.keyed()
			n := c.asked(len(c.Steps))
			if n < 0 || c.Identity.Type != ident.IMSI || c.Steps[n].Time == 0 {
				return nil, c.whole && len(c.Steps) > 2
			}
			a := phones[c.Identity]
			if a == nil {
				if len(phones) >= maxPhones {
					return nil, true
				}
				a = &asked{}
				phones[c.Identity] = a
				order = append(order, a)
			}
			const kept = 64 // more than the largest threshold that makes sense
			if len(a.times) < kept {
				a.times, a.refs = append(a.times, c.Steps[n].Time), append(a.refs, c.Steps[n].Ref)
			}
			return nil, true
		}}
		o.finish = func(v rule.View) []rule.Evidence {
			const hour = 3600e9
			most, from := 0, 0
			var worst *asked
			for _, a := range order {
				for i, j := 0, 0; j < len(a.times); j++ {
					for a.times[j]-a.times[i] > hour {
						i++
					}
					if j-i+1 > most {
						most, from, worst = j-i+1, i, a
					}
				}
			}
			if float64(most) < p["requests"] {
				return nil
			}
			ev := rule.Evidence{
				Frames: worst.refs[from : from+most], Field: "Identity Request, IMSI", Got: fmt.Sprintf("%d within an hour", most),
				Expect:  fmt.Sprintf("fewer than %g", p["requests"]),
				Summary: fmt.Sprintf("The network asked one phone %d times within an hour for the subscriber's number (IMSI).", most), Scale: 1,
			}
			if vouched(v, secured) {
				ev.Scale = 0.5
				ev.Summary += " It also secured connections."
			}
			return []rule.Evidence{ev}
		}
		return o
	},
	Vectors: []rule.Vector{
		{Name: "five times", Fires: true, Frames: station.cycle() + repeat(station.connect(attachGUTI)+station.dl(nasAskIMSI)+station.ul(nasGiveIMSI)+station.dl(nasAttachReject15)+station.release(""), 5)},
		{Name: "once", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.authenticate() + station.release("")},
		{Name: "once an hour and a half", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.release("") +
			"@5400 " + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.release("") +
			"@10800 " + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.release("") +
			"@16200 " + station.connect(attachGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.release("")},
	},
})
