package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/stat"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-exposing-ratio",
	Title:     "Unusually many connections expose the subscriber's number",
	Family:    rule.Identify,
	Severity:  rule.High,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"X01", "X02"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.9, WeightBasis: expert,
	Why: "Some messages make a phone send its permanent number, or come right after it did: requests for it and refusals. On commercial cells two to three connections " +
		"in a hundred have one; on a false base station nearly all, because it has nothing else to offer.",
	Benign: []rule.Benign{
		{Explanation: "A train, ship or plane brings many visitors at once, whom the network does not know yet.", Test: working},
		roaming, deadSIM, laboratory,
	},
	Refs:   []string{"Tucker et al., NDSS 2025", "TS 24.301 §5.4.4", "TS 24.301 §5.5.1.2.5"},
	Params: exposingParams,
	New: func(p rule.Values) rule.Observer {
		return &exposing{
			values: p, usual: stat.CommercialExposure,
			whole: func(s *event.Session) bool { return connected(s).whole },
		}
	},
	Vectors: []rule.Vector{
		{Name: "twelve phones turned away", Fires: true, Frames: station.cycle() + strangers(12, station.dl(nasAttachReject11))},
		{Name: "ten of forty asked for the IMSI, answer not heard", Fires: true,
			Frames: station.cycle() + strangers(30, station.authenticate()+station.dl(nasSecure22)+station.ul(nasSecured)) + strangers(10, station.dl(nasAskIMSI))},
		{Name: "twelve phones served", Frames: station.cycle() + strangers(12, station.authenticate()+station.dl(nasSecure22)+station.ul(nasSecured))},
		{Name: "one of twenty turned away", Frames: station.cycle() + strangers(19, station.authenticate()+station.dl(nasSecure22)+station.ul(nasSecured)) +
			strangers(1, station.dl(nasAttachReject11))},
		{Name: "one phone under twelve temporary numbers", Frames: station.cycle() + strangers(12, station.dl(nasAskIMSI)+station.ul(nasGiveIMSI)+station.dl(nasAttachReject11))},
		{Name: "one phone, turned away twelve times", Frames: station.cycle() + repeat(station.connect(attachGUTI)+station.dl(nasAttachReject11)+station.release(""), 12)},
		{Name: "asked for the serial number only", Frames: station.cycle() + strangers(12, station.dl(nasAskIMEISV)+station.ul(nasGiveIMEISV))},
		{Name: "ten phones turned away", Frames: station.cycle() + strangers(10, station.dl(nasAttachReject11))},
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
