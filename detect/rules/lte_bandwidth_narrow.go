package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-bandwidth-narrow",
	Title:     "The cell is on a narrower channel than the rest of its network",
	Family:    rule.Neighbour,
	Severity:  rule.Info,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L38"},
	Needs:     []event.Kind{event.KindMIB},
	Weight:    0.2, WeightBasis: expert,
	Why: "Operators use the channels that they paid for, 10 to 20 MHz wide. Small radios and slow computers can only do with less, so that home-made base stations " +
		"are mostly 1.4 to 5 MHz wide.",
	Benign: []rule.Benign{
		{Explanation: "The operator has only a narrow piece of that band.", Test: func(v rule.View) rule.BenignStatus {
			for _, c := range peers(v) {
				if sameBand(c, v.Cell) {
					return rule.Excluded // its other cells there are wider
				}
			}
			return rule.Possible
		}},
	},
	Refs:   []string{"TS 36.331 §6.2.2", "TS 36.101 §5.6", "CellGuard, seemoo.de"},
	Params: []rule.Param{minPeers(4), {Name: "min_share", Default: 0.8, Unit: "share of cells", Min: 0.5, Max: 1, Source: "expert: an operator with several narrow cells has narrow channels"}},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: amongPeers(cell.DLBandwidth, p["min_peers"]),
			judge: func(v rule.View) []rule.Evidence {
				const narrow = 25 // resource blocks, 5 MHz
				own, _ := v.Cell.Param(cell.DLBandwidth)
				if own.Value <= 0 || own.Value > narrow {
					return nil
				}
				wide, all, local := 0, 0, false
				for _, c := range having(peers(v), cell.DLBandwidth) {
					bw, _ := c.Param(cell.DLBandwidth)
					all++
					if bw.Value > narrow {
						wide++
						local = local || sameBand(c, v.Cell)
					} else if sameBand(c, v.Cell) {
						return nil // the network's channel in this band is narrow
					}
				}
				if float64(wide) < p["min_share"]*float64(all) {
					return nil
				}
				scale := 0.5
				if own.Value < narrow {
					scale = 0.8
				}
				if local {
					scale += 0.2 // in the same band it has a wider channel
				}
				return []rule.Evidence{fromParam(own, scale, "50 RB (10 MHz) or more, as on most cells of the network",
					"The cell's channel ("+own.Text+") is narrower than those of most other cells of its network.")}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "1.4 MHz among 20 MHz", Fires: true, Frames: macro(1300, 7, 70001).but(func(c *lteCell) { c.bandwidth = "n6" }).cycle() + eight(3000)},
		{Name: "20 MHz", Frames: macro(1300, 7, 70001).cycle() + eight(3000)},
		{Name: "two narrow cells in the band", Frames: lteCycles(macro(1300, 7, 70001).but(func(c *lteCell) { c.bandwidth = "n25" }),
			macro(1300, 8, 70002).but(func(c *lteCell) { c.bandwidth = "n25" })) + eight(3000)},
	},
})

// sameBand reports whether two cells name the same band first.
func sameBand(a, b *cell.Cell) bool {
	return len(a.Bands) > 0 && len(b.Bands) > 0 && a.Bands[0] == b.Bands[0]
}
