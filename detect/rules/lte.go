package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
)

// lte is what rules of this generation look at.
var lte = []event.RAT{event.LTE}

// sib1Frame lists the frame in which an LTE cell named itself first.
func sib1Frame(c *cell.Cell) []event.Ref {
	if b := &c.Broadcasts[event.SIB1]; b.Count > 0 {
		return []event.Ref{b.First}
	}
	return []event.Ref{c.First}
}

// schedules reports whether SIB1 announces SIB n (TS 36.331 §6.2.2, sib-MappingInfo).
func schedules(c *cell.Cell, n int) bool {
	p, ok := c.Param(cell.ScheduledSIBs)
	return ok && uint64(p.Value)>>n&1 == 1
}

// heardIfScheduled reports whether SIB n, which is src, was heard or is not broadcast;
// false also where SIB1 was not heard.
func heardIfScheduled(c *cell.Cell, n int, src event.Source) bool {
	_, known := c.Param(cell.ScheduledSIBs)
	return known && (c.Broadcasts[src].Count > 0 || !schedules(c, n))
}
