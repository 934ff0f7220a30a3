package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-identity-known-phone",
	Title:     "The cell asks a phone for its number that it should know",
	Family:    rule.Identify,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L31"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.5, WeightBasis: expert,
	Why: "A network that has authenticated a phone remembers it under a temporary number. If the same cell does not know that number shortly after, it may not be " +
		"the same cell. A phone that answers a question nobody was heard asking may have been asked by a second, hidden station.",
	Benign: []rule.Benign{
		forgotten,
		{Explanation: "The phone had been switched off properly, and the network deletes such phones."},
		{Explanation: "The receiver missed the question."},
	},
	Refs: []string{"TS 24.301 §5.4.4", "TS 23.401 §5.3.2.1", "TS 24.301 §5.5.2", "MobieXpert"},
	Params: []rule.Param{{
		Name: "memory", Default: 3600, Unit: "s", Min: 60, Max: 86400, Source: "MobieXpert; T3412 is 54 min by default (TS 24.301 §10.2)",
	}},
	New: func(p rule.Values) rule.Observer {
		type known struct {
			time int64
			ref  event.Ref
		}
		phones := map[ident.MobileIdentity]known{}
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			if !c.Identity.Present() || len(c.Steps) == 0 {
				return nil, false
			}
			last := &c.Steps[len(c.Steps)-1]
			before, registered := phones[c.Identity]
			if c.keyed() && (registered || len(phones) < maxPhones) {
				phones[c.Identity] = known{last.Time, last.Ref}
			}
			if c.find(event.Detach, 0) >= 0 {
				delete(phones, c.Identity)
			}
			n, a := c.asked(len(c.Steps)), c.start(len(c.Steps))
			if n < 0 || !c.whole || a < 0 {
				return nil, registered
			}
			if c.Steps[n].Action == event.IdentityResponse && c.DownlinkSeen {
				return []rule.Evidence{{
					Frames: c.refs(n), Field: "Identity Response", Got: "without Identity Request", Expect: "Identity Request before it", Scale: 0.5,
					Summary: "The phone gave the subscriber's number (IMSI), but nobody was heard asking for it.",
				}}, true
			}
			if !registered || c.Steps[a].Identity == ident.IMSI || float64(c.Steps[n].Time-before.time) > p["memory"]*1e9 {
				return nil, registered
			}
			ev := rule.Evidence{
				Frames: append([]event.Ref{before.ref}, c.refs(a, n)...), Field: "Identity Request", Got: "IMSI of a phone registered here", Expect: "none within an hour", Scale: 1,
				Summary: "The network asked a phone that it had served shortly before, and that gave its temporary number, for the subscriber's number (IMSI).",
			}
			if c.keyed() {
				ev.Scale = 0.3
			}
			return []rule.Evidence{ev}, true
		}}
	},
	Vectors: []rule.Vector{
		{Name: "asked after a secured registration", Fires: true, Frames: station.cycle() + station.connect(attachIMSI) + station.authenticate() +
			station.dl(nasSecure22) + station.ul(nasSecured) + station.release("") + station.connect(tauGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.release("")},
		{Name: "answer without question", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.ul(nasGiveIMSI) + station.release("")},
		{Name: "asked three hours later", Frames: station.cycle() + station.connect(attachIMSI) + station.authenticate() +
			station.dl(nasSecure22) + station.ul(nasSecured) + station.release("") + "@10800 " + station.connect(tauGUTI) + station.dl(nasAskIMSI) + station.ul(nasGiveIMSI) + station.release("")},
		{Name: "known and not asked", Frames: station.cycle() + station.connect(attachIMSI) + station.authenticate() +
			station.dl(nasSecure22) + station.ul(nasSecured) + station.release("") + station.connect(tauGUTI) + station.release("")},
	},
})
