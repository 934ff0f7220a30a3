package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/score"
)

// Table writes the document for people: a ranking of the cells, the reasons for those
// that stand out, what could not be observed, and what became of every frame.
func Table(w io.Writer, d *Document, l Layout) error {
	p := newPrinter(l)
	p.doc = d
	p.summary()
	list := p.ranking()
	p.explanations(list)
	p.captures(d.Captures)
	p.notices(d.Notices)
	p.caveat(list)
	_, err := io.WriteString(w, p.b.String())
	return err
}

func verdictColor(v score.Verdict) string {
	switch v {
	case score.Consistent:
		return red
	case score.Suspicious:
		return yellow
	case score.Unusual:
		return cyan
	}
	return dim
}

// summary writes what was read and what came out, in a few lines.
func (p *printer) summary() {
	d := p.doc
	p.title(d.Tool, "which cells behave like a false base station?")
	frames := 0
	var first, last *time.Time
	for i := range d.Captures {
		c := &d.Captures[i]
		frames += c.Ledger.Frames
		if c.First != nil && (first == nil || c.First.Before(*first)) {
			first = c.First
		}
		if c.Last != nil && (last == nil || c.Last.After(*last)) {
			last = c.Last
		}
	}
	what := plural(len(d.Captures), "capture")
	if len(d.Captures) == 1 {
		what = Escape(d.Captures[0].Path)
	}
	p.para("Read", 8, fmt.Sprintf("%s, %s, %s", what, plural(frames, "frame"), span(first, last)))
	if b := d.Baseline; b != nil {
		s := fmt.Sprintf("%s, learned from %s", Escape(b.Path), plural(b.Captures, "capture"))
		if b.Lists > 0 {
			s += " and " + plural(b.Lists, "list") + " of others"
		}
		p.para("Against", 8, s)
	}
	counts := make([]int, len(score.Verdicts()))
	for _, list := range [][]Cell{d.Cells, d.Unattributed} {
		for i := range list {
			counts[list[i].Verdict]++
		}
	}
	var parts []string
	for v := score.Consistent; ; v-- {
		if n := counts[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, strings.ToLower(VerdictText(v))))
		}
		if v == score.Insufficient {
			break
		}
	}
	found := "no cell was heard"
	if len(parts) > 0 {
		found = plural(len(d.Cells), "cell")
		if n := len(d.Unattributed); n > 0 {
			found += fmt.Sprintf(" and %s without a cell's name", plural(n, "group of messages"))
		}
		found += ": " + strings.Join(parts, ", ")
	}
	p.para("Found", 8, found)
	failed := 0
	for i := range d.Captures {
		if d.Captures[i].Error != nil {
			failed++
		}
	}
	p.caseOf(d.Case)
	p.revealed(d.Revealed)
	if failed > 0 {
		p.styled(yellow, "Note", 8, fmt.Sprintf("%s could not be read to the end; see below", plural(failed, "capture")))
	}
}

// caseOf says what is said about the case.
func (p *printer) caseOf(c *Case) {
	if c == nil {
		return
	}
	for _, x := range [...][2]string{{"Case", c.Case}, {"Officer", c.Officer}, {"Place", c.Place}, {"Remark", c.Note}} {
		if x[1] != "" {
			p.para(x[0], 8, Escape(x[1]))
		}
	}
}

// revealed says that identities are printed in full, and why.
func (p *printer) revealed(r *Revealed) {
	if r != nil {
		p.styled(yellow, "Reveals", 8, "identities of persons are printed in full. Reason given: "+Escape(r.Reason))
	}
}

// ranking writes the table of the cells and returns them in its order.
func (p *printer) ranking() []entry {
	list := ranked(p.doc)
	if len(list) == 0 {
		return list
	}
	shown, hidden := list, 0
	if !p.all {
		n := 0
		shown = slices.DeleteFunc(slices.Clone(list), func(e entry) bool {
			if e.Verdict > score.Ordinary {
				return false
			}
			n++
			return n > maxOrdinary
		})
		hidden = len(list) - len(shown)
	}
	p.line("")
	g := newGrid(p)
	switch {
	case p.page >= 170:
		p.wide(g, shown)
	case p.page >= 100:
		p.medium(g, shown)
	default:
		p.narrow(g, shown)
	}
	p.b.WriteString(g.render())
	if hidden > 0 {
		p.para("", 0, fmt.Sprintf("… and %s that are ordinary or of which too little was seen (--all lists them)", plural(hidden, "more cell")))
	}
	if first, last := p.times(shown); first != nil && sameDay(first, last) && p.page >= 100 {
		p.line("Times are those of " + first.UTC().Format(time.DateOnly) + ", UTC.")
	}
	return list
}

// times returns the first and the last time of the cells.
func (p *printer) times(list []entry) (first, last *time.Time) {
	for _, e := range list {
		for _, t := range []*time.Time{e.First, e.Last} {
			if t != nil && (first == nil || t.Before(*first)) {
				first = t
			}
			if t != nil && (last == nil || t.After(*last)) {
				last = t
			}
		}
	}
	return first, last
}

func (p *printer) wide(g *grid, list []entry) {
	first, last := p.times(list)
	day := sameDay(first, last)
	g.header("#", "Verdict", "Score", "RAT", "Network", "LAC/TAC", "Cell id", "Frequency", "Heard", "Sessions", "Main reason")
	g.right(0, 2, 5, 6, 9)
	g.limit(1, 16)
	g.limit(7, 28)
	g.limit(8, 24)
	g.flexible(10, 24, 70)
	for _, e := range list {
		plmn, area, id := "-", "-", "-"
		if e.PLMN != nil {
			plmn = Escape(strings.Join(e.PLMNs, " "))
			if len(e.PLMNs) == 0 {
				plmn = Escape(*e.PLMN)
			}
		}
		if e.Area != nil {
			area = strconv.FormatUint(uint64(*e.Area), 10)
		}
		if e.Cell.Cell != nil {
			id = strconv.FormatUint(*e.Cell.Cell, 10)
		}
		g.row(verdictColor(e.Verdict), strconv.Itoa(e.rank), VerdictText(e.Verdict), scoreText(e.Cell), ratText(e.RAT), plmn, area, id,
			frequency(e.Cell), p.heard(e.Cell, day), strconv.Itoa(e.Sessions.Count), p.reason(e.Cell))
	}
}

func (p *printer) medium(g *grid, list []entry) {
	first, last := p.times(list)
	day := sameDay(first, last)
	g.header("#", "Verdict", "Score", "Cell", "Heard", "Main reason")
	g.right(0, 2)
	g.limit(1, 16)
	g.limit(3, 26)
	g.limit(4, 17)
	g.flexible(5, 22, 70)
	for _, e := range list {
		g.row(verdictColor(e.Verdict), strconv.Itoa(e.rank), VerdictText(e.Verdict), scoreText(e.Cell),
			strings.Join(p.shortName(e.Cell), "\n"), p.heard(e.Cell, day), p.reason(e.Cell))
	}
}

func (p *printer) narrow(g *grid, list []entry) {
	g.header("#", "Verdict", "Score", "Cell", "Main reason")
	g.right(0, 2)
	g.limit(1, 13)
	g.limit(3, 24)
	g.flexible(4, 14, 60)
	flagged := false
	for i, e := range list {
		name := p.shortName(e.Cell)
		if i > 0 && (flagged || e.Verdict > score.Ordinary) {
			g.separator()
		}
		if flagged = e.Verdict > score.Ordinary; flagged {
			name = append(name, p.frameSpan(e.Cell))
		} else if len(name) > 2 {
			name = name[:2] // there may be many, and little to say of them
		}
		g.row(verdictColor(e.Verdict), strconv.Itoa(e.rank), VerdictText(e.Verdict), scoreText(e.Cell), strings.Join(name, "\n"), p.reason(e.Cell))
	}
}

// captures writes the ledger of every capture.
func (p *printer) captures(list []Capture) {
	p.heading("What became of the frames")
	for i := range list {
		c := &list[i]
		if i > 0 {
			p.line("")
		}
		p.para("", 0, fmt.Sprintf("%s (%s, %s)", Escape(c.Path), octets(c.Bytes), span(c.First, c.Last)))
		if c.SHA256 != "" {
			p.para("  sha256", 10, Escape(c.SHA256))
		}
		l := &c.Ledger
		decoded := fmt.Sprintf("%d decoded", l.Decoded)
		if l.Ciphered > 0 {
			decoded += fmt.Sprintf(" (%d of them ciphered)", l.Ciphered)
		}
		parts := []string{decoded}
		for _, x := range []struct {
			n    int
			word string
		}{{l.Partial, "in part"}, {l.Malformed, "malformed"}, {l.Unsupported, "of a kind not supported"}, {l.Foreign, "other traffic"}} {
			if x.n > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", x.n, x.word))
			}
		}
		s := plural(l.Frames, "frame") + ": " + strings.Join(parts, ", ")
		if l.Truncated > 0 {
			s += fmt.Sprintf("; %d not captured in full", l.Truncated)
		}
		p.para("  frames", 10, s)
		if len(l.UnsupportedByReason) > 0 {
			p.para("  not read", 10, counted(l.UnsupportedByReason))
		}
		if l.UnreadOctets > 0 || len(c.Damage) > 0 {
			p.damage(c)
		}
		if c.Error != nil {
			p.styled(yellow, "  stopped", 10, Escape(*c.Error))
		}
	}
}

func (p *printer) damage(c *Capture) {
	s := fmt.Sprintf("%s not readable", octets(c.Ledger.UnreadOctets))
	for i, d := range c.Damage {
		if i == maxDamages && !p.all {
			s += fmt.Sprintf("; and %d more places", len(c.Damage)-i)
			break
		}
		s += fmt.Sprintf("; %s skipped at octet %d before frame %d: %s", octets(d.Skipped), d.Offset, d.Frame, Escape(d.Reason))
	}
	p.styled(yellow, "  damage", 10, s)
}

func (p *printer) notices(list []string) {
	if len(list) == 0 {
		return
	}
	p.heading("Notices")
	for _, n := range list {
		p.para("-", 2, Escape(n))
	}
}

// caveat says how far the report may be trusted.
func (p *printer) caveat(list []entry) {
	expert, measured := 0, 0
	for _, e := range list {
		for i := range e.Evidence {
			if strings.HasPrefix(e.Evidence[i].WeightBasis, "measured") {
				measured++
			} else {
				expert++
			}
		}
	}
	s := "A score ranks cells for a closer look; it is no proof. "
	switch {
	case measured == 0:
		s += "It rests on weights and a starting assumption set by experts, not on measured rates."
	default:
		s += fmt.Sprintf("It rests on a starting assumption and weights set by experts (%d of the %d findings) and on measured rates (%d).", expert, expert+measured, measured)
	}
	s += " Frame numbers are those of Wireshark; open the capture there to see what a finding rests on. \"fbsdetect rules show RULE\" explains a rule."
	p.line("")
	p.styled(dim, "", 0, s)
}
