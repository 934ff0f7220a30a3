package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-code-implausible",
	Title:     "A protected message carries a made-up authentication code",
	Family:    rule.Cipher,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L28"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.7, WeightBasis: expert,
	Why: "Once security is on, every signalling message carries a code of four octets that only a holder of the key can compute. Computed codes look random: " +
		"that all four octets are the same happens once in 16 million messages. A device without the key must make the code up.",
	Benign: []rule.Benign{
		{Explanation: "The tool that wrote the capture put a placeholder in place of the code."},
		laboratory,
	},
	Refs: []string{"TS 36.323 §5.7", "TS 36.323 §6.3.4", "TS 24.301 §9.5", "TS 33.401 §5.1.4"},
	New: func(rule.Values) rule.Observer {
		return &connections{judge: func(c *connection) ([]rule.Evidence, bool) {
			on := [2]bool{} // a command that is not null has been seen in NAS, RRC
			layer := func(as bool) *bool {
				if as {
					return &on[1]
				}
				return &on[0]
			}
			for n := range c.Steps {
				st := &c.Steps[n]
				if st.Action == event.SecurityCommand {
					*layer(st.AS) = !st.NullIntegrity
				}
				if !st.CodeImplausible || !*layer(st.AS) {
					continue
				}
				ev := rule.Evidence{
					Frames: c.refs(c.command(st.AS, 0), n), Field: "MAC-I", Got: "one octet four times", Expect: "a computed code",
					Summary: "A message that must be signed carries a code that no signature gives: somebody without the key took part.",
				}
				if !st.AS {
					ev.Field = "Message authentication code"
				}
				return []rule.Evidence{ev}, true
			}
			return nil, on[0] || on[1]
		}}
	},
	Vectors: []rule.Vector{
		{Name: "NAS with a made-up code", Fires: true, Frames: station.cycle() + station.connect(attachGUTI) + station.authenticate() +
			station.dl(nasSecure22) + station.ul("47 01010101 00 07 5e") + station.release("")},
		{Name: "computed codes", Frames: station.cycle() + station.secured()},
		{Name: "EIA0, whose code is zero", Frames: station.cycle() + station.connect(attachGUTI) + station.dl(nasSecure00) +
			station.ul("47 00000000 00 07 5e") + station.authenticate() + station.asSecurity("eea2", "eia2") + station.release("")},
	},
})
