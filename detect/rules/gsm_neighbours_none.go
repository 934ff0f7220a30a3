package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-neighbours-none",
	Title:     "The cell tells phones of no other cell",
	Family:    rule.Attract,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G17"},
	Needs:     []event.Kind{event.KindNeighbours},
	Weight:    0.9, WeightBasis: expert,
	Why: "Every cell of a network tells phones on which frequencies to look for the next one. A false base station names none, or only itself, so that a phone " +
		"has no reason to look for a way back.",
	Benign: []rule.Benign{
		{Explanation: "A single cell far from others, in a tunnel or on a ship.", Test: func(v rule.View) rule.BenignStatus {
			for _, c := range peers(v) {
				if near(v.Cell, c, 600) {
					return rule.Excluded // other cells of the network were heard at that time
				}
			}
			return rule.Possible
		}},
		{Explanation: "The operator lists only cells of other generations.", Test: func(v rule.View) rule.BenignStatus {
			switch {
			case v.Cell.Has&(event.HasUTRANNeighbours|event.HasEUTRANNeighbours) != 0:
				return rule.Possible
			case v.Cell.Known&event.AnnouncesSI2quater != 0 && v.Cell.Has&event.AnnouncesSI2quater == 0:
				return rule.Excluded
			}
			return rule.NotTestable
		}},
		laboratory,
	},
	Refs: []string{"TS 44.018 §9.1.32 to §9.1.34", "TS 44.018 §9.1.37 to §9.1.39", "TS 44.018 §10.5.2.22", "SnoopSnitch metric K1", "Dabrowski et al., ACSAC 2014"},
	New:  func(rule.Values) rule.Observer { return &neighboursNone{} },
	Vectors: []rule.Vector{
		{Name: "empty list", Fires: true, Frames: ordinary(33, 10001).cycle()},
		{Name: "only itself", Fires: true, Frames: ordinary(33, 10001, 33).cycle()},
		{Name: "two neighbours", Frames: ordinary(33, 10001, 40, 41).cycle()},
		{Name: "list continues in a message not heard", Frames: ordinary(33, 10001).si3() +
			"BCCH 33: 59 061a 20000000000000000000000000000000 ff b90000\nBCCH 33: 59 061a 20000000000000000000000000000000 ff b90000\n"},
		{Name: "heard once only", Frames: ordinary(33, 10001).si3() + ordinary(33, 10001).si2()},
		{Name: "empty in a connection only, heard once", Frames: ordinary(33, 10001, 40).cycle() + updateTMSI + "DTAP 33: 061d 00000000000000000000000000000000\n" + release},
	},
})

// neighboursNone remembers whether a list is said to go on in another message.
type neighboursNone struct{ extended, extendedConn bool }

func (o *neighboursNone) Observe(e *event.Event) []rule.Evidence {
	if n, ok := e.Body.(*event.Neighbours); ok && n.Extended {
		if n.Dedicated {
			o.extendedConn = true
		} else {
			o.extended = true
		}
	}
	return nil
}

// idle and connected report whether the list was heard in full.
func (o *neighboursNone) idle(c *cell.Cell) bool {
	return c.Broadcasts[event.SI2].Count > 0 && listed(c) && (!o.extended || c.Broadcasts[event.SI2bis].Count > 0)
}

func (o *neighboursNone) connected(c *cell.Cell) bool {
	b := &c.Broadcasts
	// Where SI2ter exists SI5ter may as well, and it comes seldom.
	return b[event.SI5].Count >= 2 && (!o.extendedConn || b[event.SI5bis].Count > 0) &&
		(c.Has&event.AnnouncesSI2ter == 0 || b[event.SI5ter].Count > 0)
}

// Enough implements rule.Sufficiency.
func (o *neighboursNone) Enough(v rule.View) bool {
	return v.Cell.ID.Known && (o.idle(v.Cell) || o.connected(v.Cell))
}

func (o *neighboursNone) Finish(v rule.View) []rule.Evidence {
	c := v.Cell
	if !c.ID.Known {
		return nil
	}
	scale := 1.0
	if c.Has&(event.HasUTRANNeighbours|event.HasEUTRANNeighbours) != 0 {
		scale = 0.4
	}
	if country(int(c.ID.PLMN.MCC)) == "" {
		// A network of no country consists of a cell or two; that it is there at all is
		// what gsm-plmn-unexpected says.
		scale *= 0.4
	}
	if o.idle(c) && only(c.Idle, c.ARFCN) {
		got := "none"
		if !c.Idle.Empty() {
			got = "only " + c.Idle.String() + ", its own"
		}
		return []rule.Evidence{{
			Frames: heardOf(c, event.SI2), Field: "Neighbour Cell Description (BCCH Frequency List)", Got: got,
			Expect: "frequencies of other cells", Scale: scale,
			Summary: "The cell names no other cell to which phones could change.",
		}}
	}
	if o.connected(c) && only(c.Dedicated, c.ARFCN) {
		if !c.Idle.Empty() {
			scale *= 0.5
		}
		return []rule.Evidence{{
			Frames: heardOf(c, event.SI5), Field: "Neighbour Cell Description in System Information Type 5", Got: "none",
			Expect: "frequencies of other cells", Scale: scale,
			Summary: "The cell names no other cell that phones in a connection could measure.",
		}}
	}
	return nil
}
