package rules

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

// configured are the parameters that an operator's planning sets.
var configured = []string{
	cell.Hysteresis, cell.RxLevAccessMin, cell.TxPwrMaxCCH, cell.CRO, cell.T3212,
	cell.PagingPeriod, cell.AccessBlocks, cell.CCCHConf, cell.MaxRetrans, cell.TxInteger,
}

var _ = rule.Register(rule.Rule{
	ID:        "gsm-parameters-shared",
	Title:     "Two networks' cells have one configuration, which is not their networks'",
	Family:    rule.Structure,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.1.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G48"},
	Needs:     []event.Kind{event.KindSelection, event.KindControlChannel},
	Weight:    0.5, WeightBasis: oneCapture,
	Why: "Operators plan their cells apart from each other. One device that plays a cell of several networks at once, or one after the other, has one " +
		"configuration for all of them, and that one differs from what the real cells of at least one of these networks broadcast.",
	Benign: []rule.Benign{
		{
			Explanation: "Two operators share the site and its configuration.",
			Test: func(v rule.View) rule.BenignStatus {
				if len(configuredAlike(v, windowParam.Default)) > 1 {
					return rule.Possible // several such pairs
				}
				return rule.NotTestable
			},
		},
		{Explanation: "Both cells run with the defaults of their maker."},
	},
	Refs: []string{"TS 44.018 §10.5.2.4", "TS 44.018 §10.5.2.11", "TS 44.018 §10.5.2.29", "Ney et al. (SeaGlass), PoPETs 2017"},
	Params: []rule.Param{minPeers(3), minShare(0.66), {
		Name: "min_unlike", Default: 3, Unit: "parameters", Min: 1, Max: 10,
		Source: "expert, chosen with one capture in view: a cell of its own layer (indoor, micro) commonly differs in one or two",
	}, windowParam},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			// There must be another network's cell to compare with.
			enough: func(v rule.View) bool {
				if _, ok := v.Cell.Param(cell.T3212); !ok {
					return false
				}
				for _, c := range v.Others() {
					if _, ok := c.Param(cell.T3212); ok && c.ID.PLMN != v.Cell.ID.PLMN && near(v.Cell, c, p["window"]) {
						return true
					}
				}
				return false
			},
			judge: func(v rule.View) []rule.Evidence {
				found := configuredAlike(v, p["window"])
				// More than one on the other side is a shared network, not one device.
				if len(found) != 1 {
					return nil
				}
				twin := found[0]
				far := unlike(v, p["min_peers"], p["min_share"])
				of := "its network"
				if n := unlike(rule.NewView(twin, v.All, v.Known), p["min_peers"], p["min_share"]); n > far {
					far, of = n, "the other's network"
				}
				if float64(far) < p["min_unlike"] {
					return nil
				}
				own, _ := v.Cell.Param(cell.T3212)
				ev := fromParam(own, 1, "a configuration of its own, or that of the cells of its network",
					fmt.Sprintf("The cell and the cell %s/%d/%d of another network broadcast the same configuration in all %d planned parameters, and %d of these are unlike the other cells of %s.",
						twin.ID.PLMN, twin.ID.Area, twin.ID.Cell, len(configured), far, of))
				ev.Frames = append(ev.Frames, named(twin)...)
				ev.Field, ev.Got = "Cell Selection Parameters, Control Channel Description, RACH Control Parameters",
					fmt.Sprintf("same as %s/%d/%d", twin.ID.PLMN, twin.ID.Area, twin.ID.Cell)
				return []rule.Evidence{ev}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "one device as two networks", Fires: true, Frames: device(33, 1, "00f110") + device(34, 2, "00f120") +
			cycles(ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
		{Name: "two networks planned alike", Frames: cycles(ordinary(33, 10001).but(func(c *synthetic) { c.plmn = "00f120" }),
			ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004))},
		{Name: "another configuration in each network", Frames: device(33, 1, "00f110") +
			cycles(ordinary(40, 10002), ordinary(41, 10003), ordinary(42, 10004), ordinary(43, 10005).but(func(c *synthetic) { c.plmn = "00f120" }))},
	},
})

// device is a cell whose configuration is unlike that of the ordinary cells.
func device(arfcn, ci int, plmn string) string {
	return ordinary(arfcn, ci).but(func(c *synthetic) {
		c.plmn, c.lac, c.t3212, c.rxlev, c.crh, c.pagMf = plmn, 77, 5, 0, 3, 0
	}).cycle()
}

// configuredAlike lists the cells of other networks, heard within the given seconds, that
// broadcast the same configuration.
func configuredAlike(v rule.View, seconds float64) []*cell.Cell {
	var out []*cell.Cell
	for _, c := range v.Others() {
		if c.ID.PLMN != v.Cell.ID.PLMN && near(v.Cell, c, seconds) && alike(v.Cell, c) {
			out = append(out, c)
		}
	}
	return out
}

// alike reports whether two cells broadcast the same planned parameters.
func alike(a, b *cell.Cell) bool {
	for _, name := range configured {
		p, ok := a.Param(name)
		q, also := b.Param(name)
		if !ok || !also || p.Text != q.Text {
			return false
		}
	}
	return true
}

// unlike counts the planned parameters in which the cell differs from what is usual
// in its network.
func unlike(v rule.View, n, share float64) int {
	count := 0
	for _, name := range configured {
		own, ok := v.Cell.Param(name)
		if mode, usual := usual(v, name, n, share); ok && usual && own.Value != mode.Value {
			count++
		}
	}
	return count
}
