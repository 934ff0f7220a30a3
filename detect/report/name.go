package report

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

// VerdictText says a verdict in words.
func VerdictText(v score.Verdict) string {
	switch v {
	case score.Consistent:
		return "CONSISTENT WITH FALSE BASE STATION"
	case score.Suspicious:
		return "suspicious"
	case score.Unusual:
		return "unusual"
	case score.Ordinary:
		return "ordinary"
	}
	return "too little seen"
}

// entry is a cell with its place in the ranking.
type entry struct {
	*Cell
	rank int
}

// ranked merges cells and unattributed signalling by score.
func ranked(d *Document) []entry {
	list := make([]entry, 0, len(d.Cells)+len(d.Unattributed))
	for i := range d.Cells {
		list = append(list, entry{Cell: &d.Cells[i]})
	}
	for i := range d.Unattributed {
		list = append(list, entry{Cell: &d.Unattributed[i]})
	}
	slices.SortStableFunc(list, func(a, b entry) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return int(b.Verdict) - int(a.Verdict)
	})
	for i := range list {
		list[i].rank = i + 1
	}
	return list
}

func sameDay(a, b *time.Time) bool {
	return a != nil && b != nil && a.UTC().Format(time.DateOnly) == b.UTC().Format(time.DateOnly)
}

func scoreText(c *Cell) string { return strconv.FormatFloat(c.Score, 'f', 1, 64) }

// ratText names a RAT as people say it.
func ratText(r event.RAT) string {
	switch r {
	case event.GSM:
		return "GSM"
	case event.UMTS:
		return "UMTS"
	case event.LTE:
		return "LTE"
	case event.NR:
		return "5G NR"
	}
	return Escape(r.String())
}

// areaName and cellName are the words for the two codes in a RAT.
func areaName(r event.RAT) string {
	if r == event.LTE || r == event.NR {
		return "TAC"
	}
	return "LAC"
}

func cellName(r event.RAT) string {
	switch r {
	case event.LTE:
		return "ECI"
	case event.NR:
		return "NCI"
	}
	return "CI"
}

// frequency says on what channel a cell was heard.
func frequency(c *Cell) string {
	var s string
	switch {
	case c.ARFCN == nil:
		s = "not recorded"
	default:
		word := [...]string{"ARFCN", "UARFCN", "EARFCN", "NR-ARFCN"}[min(int(c.RAT), 3)]
		s = word + " " + strconv.Itoa(*c.ARFCN)
		if c.Band != nil {
			s += " (" + Escape(*c.Band) + ")"
		}
	}
	for _, x := range []struct {
		name string
		v    *int
	}{{"BSIC", c.BSIC}, {"PSC", c.PSC}, {"PCI", c.PCI}} {
		if x.v != nil {
			s += ", " + x.name + " " + strconv.Itoa(*x.v)
		}
	}
	return s
}

// shortName names a cell in a few short lines.
func (p *printer) shortName(c *Cell) []string {
	if c.PLMN == nil {
		return []string{ratText(c.RAT) + ", cell not named"}
	}
	lines := []string{ratText(c.RAT) + " " + Escape(*c.PLMN)}
	s := ""
	if c.Area != nil {
		s = areaName(c.RAT) + " " + strconv.FormatUint(uint64(*c.Area), 10)
	}
	if c.Cell != nil {
		s += " " + cellName(c.RAT) + " " + strconv.FormatUint(*c.Cell, 10)
	}
	lines = append(lines, strings.TrimSpace(s))
	if c.ARFCN != nil {
		lines = append(lines, frequency(c))
	}
	return lines
}

// longName names a cell in a sentence.
func (p *printer) longName(c *Cell) string {
	if c.PLMN == nil {
		s := ratText(c.RAT) + " signalling whose cell the capture does not name"
		if len(p.doc.Captures) > 1 {
			s += ", in " + p.captureName(c.FirstFrame.Capture)
		}
		return s
	}
	s := ratText(c.RAT) + " cell " + Escape(*c.PLMN)
	if c.Area != nil {
		s += ", " + areaName(c.RAT) + " " + strconv.FormatUint(uint64(*c.Area), 10)
	}
	if c.Cell != nil {
		s += ", " + cellName(c.RAT) + " " + strconv.FormatUint(*c.Cell, 10)
	}
	if c.ARFCN == nil {
		return s + ", frequency not recorded"
	}
	return s + ", " + frequency(c)
}

// heard says when a cell was heard, or in which frames if there is no time.
func (p *printer) heard(c *Cell, day bool) string {
	if c.First == nil || c.Last == nil {
		return p.frameSpan(c)
	}
	layout := time.DateTime
	if day {
		layout = time.TimeOnly
	}
	first, last := inOrder(c.First, c.Last)
	a, b := first.UTC().Format(layout), last.UTC().Format(layout)
	if a == b {
		return a
	}
	if !day && sameDay(first, last) {
		b = last.UTC().Format(time.TimeOnly)
	}
	return a + " – " + b
}

// frameSpan says in which frames a cell was heard.
func (p *printer) frameSpan(c *Cell) string {
	a, b := c.FirstFrame, c.LastFrame
	switch {
	case a == b:
		return "frame " + strconv.Itoa(a.Frame)
	case a.Capture == b.Capture:
		return fmt.Sprintf("frames %d – %d", a.Frame, b.Frame)
	}
	return "in several captures"
}

// mainReason returns the title of what counts most against a cell, empty if nothing does,
// and how many other rules count. What is for information only is a remark and no reason.
func (c *Cell) mainReason() (title string, more int) {
	var best *Evidence
	rules := map[string]bool{}
	for i := range c.Evidence {
		e := &c.Evidence[i]
		if e.Counted <= 0 || e.Severity == string(rule.Info) {
			continue
		}
		rules[e.Rule] = true
		if best == nil || e.Counted > best.Counted {
			best = e
		}
	}
	if best == nil {
		return "", 0
	}
	return best.Title, len(rules) - 1
}

// reason says in short what weighs most for a false base station, or why nothing is
// said.
func (p *printer) reason(c *Cell) string {
	if title, more := c.mainReason(); title != "" {
		if more > 0 {
			return fmt.Sprintf("%s (and %d more)", Escape(title), more)
		}
		return Escape(title)
	}
	judged := len(c.Outcomes.Fired) + len(c.Outcomes.Clear)
	if c.Verdict == score.Insufficient {
		return fmt.Sprintf("only %s could be made", plural(judged, "check"))
	}
	if judged == 1 {
		return "nothing found in 1 check"
	}
	return fmt.Sprintf("nothing found in %d checks", judged)
}

// captureName is the file name of a capture, with its folder where that is needed
// to tell two apart.
func (p *printer) captureName(i int) string {
	if i < 0 || i >= len(p.doc.Captures) {
		return "capture " + strconv.Itoa(i)
	}
	path := p.doc.Captures[i].Path
	base := filepath.Base(path)
	for j := range p.doc.Captures {
		if j != i && filepath.Base(p.doc.Captures[j].Path) == base {
			return Escape(path)
		}
	}
	return Escape(base)
}

// framesText lists frames by capture: "frames 39, 43 of gsm.pcap".
func (p *printer) framesText(refs []event.Ref, times int) string {
	var parts []string
	listed := 0
	for i := 0; i < len(refs); {
		j := i
		var numbers []string
		for ; j < len(refs) && refs[j].Capture == refs[i].Capture; j++ {
			if listed < maxFrames {
				numbers = append(numbers, strconv.Itoa(refs[j].Frame))
				listed++
			}
		}
		if len(numbers) > 0 {
			word := "frames "
			if len(numbers) == 1 {
				word = "frame "
			}
			parts = append(parts, word+strings.Join(numbers, ", ")+" of "+p.captureName(refs[i].Capture))
		}
		i = j
	}
	s := strings.Join(parts, "; ")
	switch {
	case s == "":
		s = "no frame"
	case len(refs) > listed && times <= len(refs):
		s += fmt.Sprintf(" and %d more", len(refs)-listed)
	case times > listed:
		s += fmt.Sprintf(" (found %d times in all)", times)
	}
	return s
}

// signed writes a weight with its sign; the minus is the typographic one.
func signed(x float64) string {
	if math.Abs(x) < 0.005 {
		return "0.00"
	}
	if x < 0 {
		return "−" + strconv.FormatFloat(-x, 'f', 2, 64)
	}
	return "+" + strconv.FormatFloat(x, 'f', 2, 64)
}

// lowerFirst makes a title fit into a list, unless it starts with an abbreviation.
func lowerFirst(s string) string {
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && (s[1] >= 'a' && s[1] <= 'z' || s[1] == ' ') {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}

// counted lists counts, largest first.
func counted(m map[string]int) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if m[a] != m[b] {
			return m[b] - m[a]
		}
		return strings.Compare(a, b)
	})
	for i, k := range keys {
		name := Escape(k)
		if name == "" {
			name = "no reason given"
		}
		keys[i] = fmt.Sprintf("%s %d", name, m[k])
	}
	return strings.Join(keys, ", ")
}

// inOrder puts the times of a first and a last frame in their order: captures may be
// given in any, and clocks jump.
func inOrder(first, last *time.Time) (*time.Time, *time.Time) {
	if last.Before(*first) {
		return last, first
	}
	return first, last
}

// span writes a stretch of time.
func span(first, last *time.Time) string {
	if first == nil {
		return "no time recorded"
	}
	if last == nil {
		last = first
	}
	first, last = inOrder(first, last)
	a, b := first.UTC().Format(time.DateTime), last.UTC().Format(time.DateTime)
	switch {
	case a == b:
		return a + " UTC"
	case sameDay(first, last):
		b = last.UTC().Format(time.TimeOnly)
	}
	return a + " to " + b + " UTC"
}

// plural writes a count with its word.
func plural(n int, word string) string {
	if n != 1 {
		if i := strings.Index(word, " of "); i >= 0 {
			word = word[:i] + "s" + word[i:]
		} else {
			word += "s"
		}
	}
	return strconv.Itoa(n) + " " + word
}

// octets writes a size.
func octets(n int64) string {
	switch {
	case n < 10_000:
		return plural(int(n), "octet")
	case n < 10_000_000:
		return fmt.Sprintf("%.0f kB", float64(n)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}
