package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// CellsTable writes the inventory for people: every cell with every parameter that it
// broadcast, and the frames.
func CellsTable(w io.Writer, d *Cells, l Layout) error {
	p := newPrinter(l)
	p.doc = &Document{Captures: d.Captures} // for the names of captures
	p.title(d.Tool, "cells heard")
	p.line(plural(len(d.Cells), "cell") + " in " + plural(len(d.Captures), "capture"))
	p.revealed(d.Revealed)
	for i := range d.Cells {
		p.inventory(i+1, &d.Cells[i])
	}
	p.captures(d.Captures)
	p.notices(d.Notices)
	_, err := io.WriteString(w, p.b.String())
	return err
}

func (p *printer) inventory(n int, h *HeardCell) {
	c := h.asCell()
	p.heading(fmt.Sprintf("%d. %s", n, p.longName(c)))
	if len(c.PLMNs) > 1 {
		p.para("Networks", 10, Escape(strings.Join(c.PLMNs, ", ")))
	}
	heard := p.frameSpan(c)
	if c.FirstFrame.Capture == c.LastFrame.Capture {
		heard += " of " + p.captureName(c.FirstFrame.Capture)
	}
	if c.First != nil {
		heard += ", " + span(c.First, c.Last)
	}
	if c.LevelDBm != nil {
		heard += fmt.Sprintf(", mean level %.0f dBm", *c.LevelDBm)
	}
	p.para("Heard", 10, heard)
	s := c.Sessions
	p.para("Sessions", 10, fmt.Sprintf("%d; %d authenticated, %d ciphered, %d turned away; %s",
		s.Count, s.Authenticated, s.Ciphered, s.Rejected, plural(s.IdentityRequests, "identity request")))
	if len(c.Broadcasts) == 0 {
		p.line("No broadcast parameter was captured.")
		return
	}
	p.line("")
	g := newGrid(p)
	if p.page < 100 {
		g.header("Parameter", "Value", "Frames")
		g.limit(0, 28)
	} else {
		g.header("Parameter", "Value", "Message", "Frames", "Changes")
		g.limit(0, 32)
		g.limit(2, 30)
		g.right(4)
	}
	g.flexible(1, 16, 80)
	for _, b := range c.Broadcasts {
		frames := strconv.Itoa(b.First.Frame)
		if b.First != b.Last {
			frames += " – " + strconv.Itoa(b.Last.Frame)
		}
		if b.First.Capture != b.Last.Capture {
			frames = fmt.Sprintf("%d:%d – %d:%d", b.First.Capture, b.First.Frame, b.Last.Capture, b.Last.Frame)
		}
		row := []string{Escape(b.Name), Escape(b.Value)}
		if p.page >= 100 {
			row = append(row, Escape(b.Message), frames, strconv.Itoa(b.Changes))
		} else {
			row = append(row, frames)
		}
		g.row("", row...)
	}
	p.b.WriteString(g.render())
}
