package rules

import (
	"slices"
	"strconv"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/arfcn"
)

// atEnd is an Observer that looks at what the cells broadcast when all was heard. A
// cell that did not name itself is not judged: what is collected there may stem from
// several cells.
type atEnd struct {
	judge func(rule.View) []rule.Evidence
	// enough says whether the judgement was possible; nil: always.
	enough func(rule.View) bool
}

// Observe implements rule.Observer.
func (atEnd) Observe(*event.Event) []rule.Evidence { return nil }

// Finish implements rule.Finisher.
func (a atEnd) Finish(v rule.View) []rule.Evidence {
	if !v.Cell.ID.Known || !a.Enough(v) {
		return nil
	}
	return a.judge(v)
}

// Enough implements rule.Sufficiency.
func (a atEnd) Enough(v rule.View) bool {
	return v.Cell.ID.Known && (a.enough == nil || a.enough(v))
}

// fromParam makes a finding of a broadcast parameter.
func fromParam(p cell.Parameter, scale float64, expect, summary string) rule.Evidence {
	return rule.Evidence{
		Frames: []event.Ref{p.First}, Field: p.Name, Got: p.Text, Expect: expect, Summary: summary, Scale: scale, Basis: p.Basis,
	}
}

// peers lists the other cells of the network, each identity once: those heard and those
// that the baseline knows. The list must not be changed.
func peers(v rule.View) []*cell.Cell { return v.Population() }

// heardPeers lists those heard in these captures.
func heardPeers(v rule.View) []*cell.Cell { return distinct(v.Peers()) }

// distinct drops the entries of one identity but the first; the tracker lists them
// next to each other.
func distinct(cells []*cell.Cell) []*cell.Cell {
	return slices.CompactFunc(cells, func(a, b *cell.Cell) bool { return a.ID == b.ID })
}

// having lists the cells that broadcast the parameter.
func having(cells []*cell.Cell, name string) []*cell.Cell {
	var out []*cell.Cell
	for _, c := range cells {
		if _, ok := c.Param(name); ok {
			out = append(out, c)
		}
	}
	return out
}

// amongPeers returns an enough function: at least n other cells of the network
// broadcast the parameter, and the cell itself does.
func amongPeers(name string, n float64) func(rule.View) bool {
	return func(v rule.View) bool {
		_, ok := v.Cell.Param(name)
		return ok && float64(len(having(peers(v), name))) >= n
	}
}

// usual returns the value that at least the given share of the other cells of the
// network broadcasts, if at least n of them broadcast one.
func usual(v rule.View, name string, n, share float64) (cell.Parameter, bool) {
	mode, count, total := rule.Mode(peers(v), name)
	return mode, float64(total) >= n && float64(count) >= share*float64(total)
}

// named lists the frames in which the cell named itself first.
func named(c *cell.Cell) []event.Ref {
	for _, s := range []event.Source{event.SI3, event.SI6, event.SI4} {
		if b := &c.Broadcasts[s]; b.Count > 0 {
			return []event.Ref{b.First}
		}
	}
	return []event.Ref{c.First}
}

// heardOf lists the first and last frame of a broadcast message.
func heardOf(c *cell.Cell, s event.Source) []event.Ref {
	switch b := &c.Broadcasts[s]; {
	case b.Count == 0:
		return nil
	case b.First == b.Last:
		return []event.Ref{b.First}
	default:
		return []event.Ref{b.First, b.Last}
	}
}

// near reports whether two cells were heard within the given seconds of each other,
// so that they may have been heard at one place. Without a clock cells of one
// capture count as near.
func near(a, b *cell.Cell, seconds float64) bool {
	if a.FirstTime > 0 && b.FirstTime > 0 && a.LastTime > 0 && b.LastTime > 0 {
		gap := max(a.FirstTime-b.LastTime, b.FirstTime-a.LastTime)
		return float64(gap) <= seconds*1e9
	}
	return a.First.Capture <= b.Last.Capture && b.First.Capture <= a.Last.Capture
}

// listed reports whether the cell's neighbour list for idle phones was heard in
// full: repeated, or together with every message of the cycle, so that no
// continuation was missed (TS 45.002 §6.3.1.3 gives the cycle).
func listed(c *cell.Cell) bool {
	b := &c.Broadcasts
	full := b[event.SI2].Count >= 2 ||
		b[event.SI1].Count > 0 && b[event.SI2].Count > 0 && b[event.SI3].Count > 0 && b[event.SI4].Count > 0
	ter := c.Has&event.AnnouncesSI2ter == 0 || b[event.SI2ter].Count > 0
	return full && ter
}

// neighbour is a frequency in a cell's list on which a cell of the same network was
// heard.
type neighbour struct {
	cells []*cell.Cell // usually one; several if the frequency is used again nearby
}

// neighbours lists those of the cell's neighbours that were heard within the given
// seconds and whose broadcasts were decoded.
func neighbours(v rule.View, seconds float64) []neighbour {
	if v.Cell.ARFCN == cell.NoARFCN {
		return nil
	}
	set := v.Cell.Idle
	set.Union(&v.Cell.Dedicated)
	set.Remove(v.Cell.ARFCN)
	if set.Empty() {
		return nil
	}
	at := map[int]int{}
	var out []neighbour
	for _, c := range v.Peers() {
		if c.ARFCN == cell.NoARFCN || c.PCS != v.Cell.PCS || !set.Has(c.ARFCN) || c.Broadcasts[event.SI3].Count == 0 || !near(v.Cell, c, seconds) {
			continue
		}
		i, ok := at[c.ARFCN]
		if !ok {
			i = len(out)
			at[c.ARFCN] = i
			out = append(out, neighbour{})
		}
		out[i].cells = append(out[i].cells, c)
	}
	return out
}

// lists reports whether the neighbour names the frequency in turn; known is false if
// its list was not heard in full.
func (n neighbour) lists(arfcn int) (lists, known bool) {
	known = true
	for _, c := range n.cells {
		if c.Idle.Has(arfcn) || c.Dedicated.Has(arfcn) {
			return true, true
		}
		known = known && listed(c) && !c.Idle.Empty()
	}
	return false, known
}

// frames lists where the neighbour named itself.
func (n neighbour) frames() []event.Ref {
	var r []event.Ref
	for _, c := range n.cells {
		r = append(r, named(c)...)
	}
	return r
}

// only reports whether a set has no member but n.
func only(s arfcn.Set, n int) bool {
	s.Remove(n)
	return s.Empty()
}

// Parameters that several rules have.

var windowParam = rule.Param{
	Name: "window", Default: 1800, Unit: "s", Min: 10, Max: 86400,
	Source: "expert: cells heard further apart in time may have been heard at different places; scans of a place took 4 to 6.5 minutes in the ICDS thesis (Mayer 2012)",
}

func minPeers(n float64) rule.Param {
	return rule.Param{
		Name: "min_peers", Default: n, Unit: "cells", Min: 2, Max: 100,
		Source: "detection catalogue G18, G19: fewer decoded cells do not show what is usual",
	}
}

func minShare(s float64) rule.Param {
	return rule.Param{
		Name: "min_share", Default: s, Unit: "share of cells", Min: 0.5, Max: 1,
		Source: "expert; in Freiburg 2012 every commercial network had one T3212 and one hysteresis on all of 165 cells (corpus gsm_bcch_si_freiburg2012)",
	}
}

// patterned reports whether a number of four digits or more is one digit repeated, or
// counts up: what people type who need a number.
func patterned(n uint64) bool {
	s := strconv.FormatUint(n, 10)
	same, rising := len(s) >= 4, len(s) >= 4
	for i := 1; i < len(s); i++ {
		same = same && s[i] == s[i-1]
		rising = rising && s[i] == s[i-1]+1
	}
	return same || rising
}

// pagedElsewhere counts the identities paged on the other cells of the network.
func pagedElsewhere(v rule.View) (imsi, all int) {
	for _, c := range peers(v) {
		imsi += c.PagedIMSI
		all += c.PagedIMSI + c.PagedTMSI
	}
	return imsi, all
}
