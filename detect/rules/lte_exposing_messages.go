package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/stat"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-exposing-messages",
	Title:     "Unusually many connections expose the subscriber's number",
	Family:    rule.Identify,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"X01"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.8, WeightBasis: expert,
	Why: "Some messages make a phone send its permanent number, or come right after it did: requests for it and refusals. On commercial cells two to three connections " +
		"in a hundred have one; on a false base station nearly all, because it has nothing else to offer.",
	Benign: []rule.Benign{
		{Explanation: "All connections are of one phone, whose SIM card is not served here.", Test: working},
		roaming, deadSIM, laboratory,
	},
	Refs: []string{"Tucker et al., NDSS 2025", "TS 24.301 §5.4.4", "TS 24.301 §5.5.1.2.5"},
	Params: []rule.Param{
		{Name: "connections", Default: 10, Unit: "connections", Min: 5, Max: 10000, Source: "Tucker et al., NDSS 2025, which judges more than ten"},
		{Name: "share", Default: 0.15, Unit: "of connections", Min: 0.02, Max: 0.9,
			Source: "measured on the data of Tucker et al.: no one of 1,424 minutes on commercial cells reached it"},
		{Name: "confidence", Default: 0.95, Unit: "of Wilson's interval", Min: 0.5, Max: 0.999, Source: "custom"},
	},
	New: func(p rule.Values) rule.Observer {
		var total, exposing int
		var frames []event.Ref
		phones := map[ident.MobileIdentity]bool{}
		o := &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			if !c.whole || !c.DownlinkSeen || len(c.Steps) < 2 {
				return nil, false
			}
			total++
			if c.Identity.Present() && len(phones) < maxPhones {
				phones[c.Identity] = true
			}
			for i := range c.Steps {
				if c.Steps[i].Exposing(event.LTE) {
					exposing++
					frames = more(frames, c.Steps[i].Ref)
					break
				}
			}
			return nil, float64(total) >= p["connections"]
		}}
		o.finish = func(rule.View) []rule.Evidence {
			low, _, ok := stat.Wilson(exposing, total, p["confidence"])
			if !ok || float64(total) < p["connections"] || low <= p["share"] {
				return nil
			}
			ev := rule.Evidence{
				Frames: frames, Field: "IMSI-exposing messages", Got: fmt.Sprintf("in %d of %d connections, at least %.0f %%", exposing, total, 100*low),
				Expect: fmt.Sprintf("at most %.0f %%", 100*p["share"]), Scale: 1,
				Summary: fmt.Sprintf("In %d of %d connections the network sent a message that exposes the subscriber's number (IMSI) or follows its exposure; usual are two to three in a hundred.", exposing, total),
			}
			if len(phones) <= 2 {
				ev.Scale = 0.4
				ev.Summary += " All were of the same one or two phones."
			}
			return []rule.Evidence{ev}
		}
		return o
	},
	Vectors: []rule.Vector{
		{Name: "twelve phones turned away", Fires: true, Frames: station.cycle() + strangers(12, station.dl(nasAttachReject11))},
		{Name: "twelve phones served", Frames: station.cycle() + strangers(12, station.authenticate()+station.dl(nasSecure22)+station.ul(nasSecured))},
		{Name: "one of twenty turned away", Frames: station.cycle() + strangers(19, station.authenticate()+station.dl(nasSecure22)+station.ul(nasSecured)) +
			strangers(1, station.dl(nasAttachReject11))},
	},
})

// strangers is a connection of each of n phones, with the given messages in it.
func strangers(n int, messages string) string {
	s := ""
	for i := range n {
		s += station.connect(fmt.Sprintf("07 41 71 0b f600f110800101 112233%02x 04 e0e0 0000 0004 0201d011 52 00f1100bb8", i)) + messages + station.release("")
	}
	return s
}
