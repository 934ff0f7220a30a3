package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/lte/earfcn"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-band-mismatch",
	Title:     "The cell is on air outside the frequency bands that it claims",
	Family:    rule.Structure,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L33"},
	Needs:     []event.Kind{event.KindSIB1},
	Weight:    0.7, WeightBasis: expert,
	Why: "A cell broadcasts which frequency band it is in. In a network the number follows from its frequency. Who copies the broadcast of one cell to another " +
		"frequency, or sets up a base station by hand, may get it wrong.",
	Benign: []rule.Benign{
		{Explanation: "The tool recorded a wrong frequency for the frame, for instance that of the cell before.", Test: func(v rule.View) rule.BenignStatus {
			if v.Cell.Broadcasts[event.SIB1].Count >= 5 && v.Cell.ARFCN != cell.NoARFCN {
				return rule.Excluded // it was heard there again and again
			}
			return rule.Possible
		}},
		{Explanation: "A band allotted after the table of this program was made."},
	},
	Refs: []string{"TS 36.101 §5.5", "TS 36.101 §5.7.3", "TS 36.331 §6.2.2"},
	New: func(rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool {
				p, cut := v.Cell.Param(cell.FrequencyRecovered)
				return bandsKnown(v.Cell) && (v.Cell.ARFCN != cell.NoARFCN || cut && p.Value < 0)
			},
			judge: func(v rule.View) []rule.Evidence {
				c := v.Cell
				claimed, ok := c.Param(cell.FreqBandIndicator)
				if !ok {
					return nil
				}
				ev := fromParam(claimed, 1, "the band of its frequency", "")
				if p, cut := c.Param(cell.FrequencyRecovered); cut && p.Value < 0 {
					// Of a number cut to 14 bits it cannot be told whether it lies in a band
					// that overlaps.
					ev.Scale = 0.6
					ev.Got = fmt.Sprintf("band %s, EARFCN: %s", claimed.Text, p.Text)
					ev.Summary = fmt.Sprintf("The cell says that it is in band %s; the frequency recorded by the tool is in none of these.", claimed.Text)
					return []rule.Evidence{ev}
				}
				mhz := earfcn.DownlinkMHz(uint32(c.ARFCN))
				for _, b := range c.Bands {
					if r, _ := earfcn.Of(b); earfcn.InBand(uint32(c.ARFCN), b) || covers(r, mhz) {
						return nil
					}
				}
				got := "no band"
				if b, ok := earfcn.Band(uint32(c.ARFCN)); ok {
					got = fmt.Sprintf("band %d at %.1f MHz", b, mhz)
				}
				ev.Got = fmt.Sprintf("band %s on EARFCN %d (%s)", claimed.Text, c.ARFCN, got)
				ev.Summary = fmt.Sprintf("The cell says that it is in frequency band %s, but it was heard in %s.", claimed.Text, got)
				return []rule.Evidence{ev}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "band 3 on a frequency of band 1", Fires: true, Frames: macro(100, 7, 70001).cycle()},
		{Name: "on a number of no band", Fires: true, Frames: macro(5000, 7, 70001).cycle()},
		{Name: "in its band", Frames: macro(1300, 7, 70001).cycle()},
		// Bands 12 and 17 overlap; 5790 is 740.0 MHz, which is in both.
		{Name: "a number of an overlapping band", Frames: macro(5790, 7, 70001).but(func(c *lteCell) { c.band = 12 }).cycle()},
	},
})

// bandsKnown reports whether the cell names its bands and the table has them all.
func bandsKnown(c *cell.Cell) bool {
	for _, b := range c.Bands {
		if _, ok := earfcn.Of(b); !ok {
			return false
		}
	}
	return len(c.Bands) > 0
}

// covers reports whether the downlink of the band has the frequency: bands overlap, and
// a phone may number the frequency by another band than the cell.
func covers(r earfcn.Range, mhz float64) bool {
	n, low := 10*mhz, float64(r.DL100kHz)
	return n > low-0.5 && n < low+float64(r.DLLast-r.DLFirst)+0.5 // numbers are 100 kHz apart
}
