package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/stat"
)

// imsiPages is an Observer of the pages that name a phone by its IMSI.
type imsiPages struct {
	frames []event.Ref
	basis  event.Basis
	// times are when they were sent, in seconds since the first.
	times []float64
	first int64
}

// maxPages bounds the times kept.
const maxPages = 4096

// Observe implements rule.Observer.
func (x *imsiPages) Observe(e *event.Event) []rule.Evidence {
	b, ok := e.Body.(*event.Paging)
	if !ok || b.IMSIs == 0 {
		return nil
	}
	if len(x.frames) < 8 {
		x.frames, x.basis = append(x.frames, e.Ref), max(x.basis, e.Basis)
	}
	if e.Time != 0 && len(x.times) < maxPages {
		if x.first == 0 {
			x.first = e.Time
		}
		x.times = append(x.times, float64(e.Time-x.first)/1e9)
	}
	return nil
}

// The restart of a register shows as a burst: within a minute most of the pages, and so
// many of them as chance gathers once in a thousand times.
const (
	burstWindow = 60.0
	burstShare  = 0.8
	burstBits   = 10
)

// atOnce weighs pages that came all at once less. The rate that they are compared with is
// their own over the time in which the cell was heard, so that a cell heard for a minute
// or two has no burst.
func (x *imsiPages) atOnce(ev *rule.Evidence, c *cell.Cell) {
	from, to := float64(c.FirstTime-x.first)/1e9, float64(c.LastTime-x.first)/1e9
	if x.first == 0 || !(to > from) {
		return
	}
	n := len(x.times)
	_, most, bits, ok := stat.PoissonScan(x.times, from, to, burstWindow, float64(n)/(to-from))
	if !ok || bits < burstBits || float64(most) < burstShare*float64(n) {
		return
	}
	ev.Scale *= 0.5
	ev.Summary += " They came within one minute, as they do after the restart of a network's register."
}
