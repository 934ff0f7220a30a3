package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

// Layout says how text reports are laid out.
type Layout struct {
	// Width is the number of columns; 0 means 100, less than 60 counts as 60.
	Width int
	// Color switches colours on.
	Color bool
	// All lists every cell, also what is ordinary, and explains every cell from
	// suspicious up.
	All bool
}

// maxProse is the longest line of prose that reads well.
const maxProse = 110

// Bounds on what a text report lists without Layout.All.
const (
	maxOrdinary  = 30
	maxExplained = 10
	maxFrames    = 12
	maxReasons   = 12
	maxDamages   = 5
)

func init() {
	// Widths must not depend on the language of the machine.
	text.OverrideRuneWidthEastAsianWidth(false)
}

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

// printer lays out text.
type printer struct {
	b strings.Builder
	// page is the width of tables, width that of prose.
	page  int
	width int
	color bool
	all   bool
	doc   *Document
}

func newPrinter(l Layout) *printer {
	if l.Width == 0 {
		l.Width = 100
	}
	page := max(l.Width, 60)
	return &printer{page: page, width: min(page, maxProse), color: l.Color, all: l.All}
}

// Select Graphic Rendition codes of the colours used.
const (
	bold   = "1"
	dim    = "2"
	red    = "1;31"
	yellow = "1;33"
	green  = "32"
	cyan   = "36"
)

// paint colours s, which must be one line.
func (p *printer) paint(code, s string) string {
	if !p.color || code == "" || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// line writes s as it is.
func (p *printer) line(s string) {
	p.b.WriteString(strings.TrimRight(s, " "))
	p.b.WriteByte('\n')
}

// para writes s wrapped: the first line after head, the others indented by hang.
func (p *printer) para(head string, hang int, s string) { p.styled("", head, hang, s) }

// styled is para in a colour.
func (p *printer) styled(code, head string, hang int, s string) {
	p.words(code, head, hang, strings.Fields(s))
}

// words is styled for words that may hold blanks. A head that leaves no room before
// hang becomes part of the text.
func (p *printer) words(code, head string, hang int, words []string) {
	pad := hang - width(head)
	if head != "" && pad < 1 && strings.TrimSpace(head) != "" {
		indent := len(head) - len(strings.TrimLeft(head, " "))
		words = append([]string{strings.TrimSpace(head)}, words...)
		head, pad = head[:indent], 0
	}
	first := strings.Repeat(" ", max(0, pad))
	lines := wrapWords(words, p.width-max(hang, width(head)))
	for i, l := range lines {
		if i == 0 {
			p.line(head + first + p.paint(code, l))
			continue
		}
		p.line(strings.Repeat(" ", hang) + p.paint(code, l))
	}
}

// title writes the first lines of a report.
func (p *printer) title(t Tool, s string) {
	p.styled(bold, "", 0, Escape(t.Name)+" "+Escape(t.Version)+": "+s)
	p.line("")
}

// heading writes a heading with a rule up to the width, or up to a readable length.
func (p *printer) heading(s string) {
	p.line("")
	for _, l := range wrap(s, p.width) {
		p.line(p.paint(bold, l))
	}
	p.line(strings.Repeat("─", p.width))
}

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

func sameDay(a, b *time.Time) bool {
	return a != nil && b != nil && a.UTC().Format(time.DateOnly) == b.UTC().Format(time.DateOnly)
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

// explanations writes why the cells that stand out do.
func (p *printer) explanations(list []entry) {
	n := 0
	for i, e := range list {
		if e.Verdict < score.Suspicious && !(i == 0 && e.Verdict >= score.Unusual) {
			continue
		}
		if n++; n > maxExplained && !p.all {
			continue
		}
		p.explain(e)
	}
	if n == 0 && len(list) > 0 {
		// Nothing found is worth what was looked at.
		p.heading(fmt.Sprintf("No cell stands out; the first is %s", p.longName(list[0].Cell)))
		p.reasons(list[0].Cell)
		p.unseen(list[0].Cell)
	}
	if n > maxExplained && !p.all {
		p.line("")
		p.para("", 0, fmt.Sprintf("%s more stand out; --all explains them, -f json holds everything.", plural(n-maxExplained, "cell")))
	}
}

func (p *printer) explain(e entry) {
	p.heading(fmt.Sprintf("%d. %s", e.rank, p.longName(e.Cell)))
	p.line(p.paint(verdictColor(e.Verdict), VerdictText(e.Verdict)) + ", score " + scoreText(e.Cell) + " of 100")
	heard := p.frameSpan(e.Cell)
	if e.FirstFrame.Capture == e.LastFrame.Capture {
		heard += " of " + p.captureName(e.FirstFrame.Capture)
	}
	if e.First != nil {
		heard += ", " + span(e.First, e.Last)
	}
	if e.LevelDBm != nil {
		heard += fmt.Sprintf(", mean level %.0f dBm", *e.LevelDBm)
	}
	p.para("Heard", 10, heard)
	if h := e.bestHeardAt(); h != nil {
		p.para("Where", 10, fmt.Sprintf("the receiver was at %s (WGS 84) when it heard the cell best, and heard it at %s; where the cell stands, this does not tell",
			h.coordinates(), plural(len(e.HeardAt), "place")))
	}
	if s := e.Sessions; s.Count > 0 {
		p.para("Sessions", 10, fmt.Sprintf("%s with phones: %d authenticated, %d ciphered, %d turned away; %s",
			plural(s.Count, "session"), s.Authenticated, s.Ciphered, s.Rejected, plural(s.IdentityRequests, "identity request")))
	} else {
		p.para("Sessions", 10, "none with a phone was captured")
	}
	if e.Profile != nil {
		p.profile(e.Profile)
	}
	p.reasons(e.Cell)
	p.sum(e.Cell)
	p.unseen(e.Cell)
}

// profiles are the kinds of Profile in words.
var profiles = map[string]string{"sms_blaster": "What it did, as an SMS blaster does"}

// profile writes an attack as it unfolded, stage by stage.
func (p *printer) profile(f *Profile) {
	p.line("")
	p.line(p.paint(bold, profiles[f.Kind]))
	who := plural(f.Phones, "phone") + " that named themselves"
	if f.Phones == 1 {
		who = "1 phone that named itself"
	}
	if f.Unnamed > 0 {
		who += ", " + plural(f.Unnamed, "connection") + " of others"
	}
	who += "; " + plural(f.Messages, "message") + " pushed"
	if f.First != nil && f.Last != nil {
		who += ", " + f.First.Format(time.DateTime) + " to " + f.Last.Format(time.TimeOnly) + " UTC"
	}
	p.para("Reached", 10, who)
	for _, s := range f.Stages {
		said := "not seen"
		if s.Times > 0 {
			said = strings.Join(s.Observed, " ")
			if s.First != nil {
				said = s.First.Format(time.TimeOnly) + "  " + said
			}
			said += " (" + p.framesText(s.Frames, s.Times) + ")"
		}
		p.para(strings.ToUpper(s.Stage[:1])+s.Stage[1:], 10, Escape(said))
	}
	for i, t := range f.Texts {
		if i == maxReasons && !p.all {
			p.para("", 10, fmt.Sprintf("… and %s (--all lists them)", plural(len(f.Texts)-i, "text")))
			break
		}
		from := "from " + cmp.Or(t.Sender, "nobody")
		if t.ServiceCentre != "" {
			from += " over " + t.ServiceCentre
		}
		p.para("Text", 10, Escape(fmt.Sprintf("%s, to %s (%s): %s", from, plural(t.Phones, "phone"), plural(t.Messages, "message"), t.Text)))
	}
}

// findings are the findings of one rule.
type findings struct {
	list    []*Evidence
	counted float64
}

// byRule groups the evidence of a cell by rule, the strongest first, whatever of it
// counted beside others of its kind.
func byRule(c *Cell) (against, support []findings) {
	for i := range c.Evidence {
		e := &c.Evidence[i]
		group := &against
		if e.Weight < 0 {
			group = &support
		}
		at := slices.IndexFunc(*group, func(f findings) bool { return f.list[0].Rule == e.Rule })
		if at < 0 {
			at = len(*group)
			*group = append(*group, findings{})
		}
		f := &(*group)[at]
		f.list = append(f.list, e)
		f.counted += e.Counted
	}
	order := func(a, b findings) int {
		return cmp.Or(
			cmp.Compare(math.Abs(b.list[0].Weight), math.Abs(a.list[0].Weight)),
			cmp.Compare(math.Abs(b.counted), math.Abs(a.counted)),
		)
	}
	slices.SortStableFunc(against, order)
	slices.SortStableFunc(support, order)
	return against, support
}

func (p *printer) reasons(c *Cell) {
	against, support := byRule(c)
	n := 0
	for _, part := range []struct {
		title string
		list  []findings
	}{{"What speaks for a false base station", against}, {"What speaks for a genuine cell", support}} {
		if len(part.list) == 0 {
			continue
		}
		p.line("")
		p.line(p.paint(bold, part.title))
		for i, f := range part.list {
			if i == maxReasons && !p.all {
				p.line("")
				p.para("", 0, fmt.Sprintf("… and %s of less weight (--all lists them)", plural(len(part.list)-i, "rule")))
				break
			}
			n++
			p.finding(n, f)
		}
	}
}

// finding writes what one rule found.
func (p *printer) finding(n int, f findings) {
	const hang = 16
	first := f.list[0]
	p.line("")
	p.styled(bold, fmt.Sprintf("%3d.", n), 5, Escape(first.Title))
	said := map[string]bool{}
	for _, e := range f.list {
		if e.Summary != "" && !said[e.Summary] {
			said[e.Summary] = true
			p.para("     ", 5, Escape(e.Summary))
		}
	}
	expect := ""
	for _, e := range f.list {
		p.para("     Seen in", hang, p.framesText(e.Frames, e.Times))
		if e.Field != "" {
			p.para("     Field", hang, Escape(e.Field)+": "+Escape(e.Got))
		}
		if e.Expect != "" && e.Expect != expect {
			expect = e.Expect
			p.para("     Expected", hang, Escape(e.Expect))
		}
	}
	all := 0.0
	for _, e := range f.list {
		all += e.Weight
	}
	weight := signed(first.Weight)
	if len(f.list) > 1 {
		weight += fmt.Sprintf(" for the strongest of %d findings", len(f.list))
	}
	if math.Abs(f.counted-all) >= 0.005 {
		weight += fmt.Sprintf(", of which %s counted beside what else is of its kind (%s)", signed(f.counted), Escape(first.Family))
		if len(f.list) > 1 {
			weight = strings.Replace(weight, "of which", "of which together", 1)
		}
	}
	p.para("     Weight", hang, weight+"; "+Escape(first.WeightBasis)+"; "+attribution(first.Attribution))
	p.benign(f.list)
	refs := make([]string, len(first.Refs))
	for i, r := range first.Refs {
		refs[i] = Escape(r)
		if i < len(refs)-1 {
			refs[i] += ";"
		}
	}
	if len(refs) > 0 {
		p.words("", "     See", hang, refs)
	}
	p.para("     Rule", hang, Escape(first.Rule))
}

// benign writes the innocent explanations, first those that nothing excludes.
func (p *printer) benign(list []*Evidence) {
	const hang = 16
	head := "     Innocent?"
	said := map[Benign]bool{}
	for _, status := range []rule.BenignStatus{rule.Possible, rule.NotTestable, rule.Excluded} {
		for _, e := range list {
			for _, b := range e.Benign {
				if said[b] || benignText(b.Status) != benignText(string(status)) {
					continue
				}
				said[b] = true
				p.para(head, hang, benignText(b.Status)+": "+Escape(b.Explanation))
				head = ""
			}
		}
	}
}

func benignText(status string) string {
	switch rule.BenignStatus(status) {
	case rule.Excluded:
		return "excluded"
	case rule.Possible:
		return "not excluded"
	}
	return "cannot be tested here"
}

// attribution says in words what ties the frames to the cell.
func attribution(s string) string {
	switch s {
	case event.ByIdentity.String():
		return "the messages name the cell"
	case event.BySI6.String():
		return "the cell named itself in the same session"
	case event.ByFrequency.String():
		return "tied to the cell by its frequency"
	case event.ByAssignment.String():
		return "tied to the cell that assigned the channel"
	case event.ByCamping.String():
		return "tied to the cell whose system information the phone read last before"
	case event.ByArea.String():
		return "weakly tied: the only cell heard in the area named"
	case event.ByLastBroadcast.String():
		return "weakly tied: the cell that named itself last before"
	case event.ByNothing.String():
		return "no cell is named"
	}
	return Escape(s)
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

// sum writes every summand of the score.
func (p *printer) sum(c *Cell) {
	p.line("")
	p.line(p.paint(bold, "How the score comes about"))
	total := p.doc.Tool.PriorLog10
	type row struct {
		text string
		v    float64
	}
	rows := []row{{"before any evidence: " + odds(total), total}}
	zero := 0
	for i := range c.Evidence {
		e := &c.Evidence[i]
		total += e.Counted
		if math.Abs(e.Counted) < 0.005 {
			zero++
			continue
		}
		rows = append(rows, row{Escape(e.Title) + " (" + Escape(e.Family) + ")", e.Counted})
	}
	room := p.width - 11
	for _, r := range rows {
		lines := wrap(r.text, room)
		for i, l := range lines {
			if i < len(lines)-1 {
				p.line("  " + l)
				continue
			}
			p.line("  " + l + strings.Repeat(" ", room-width(l)+1) + fmt.Sprintf("%7s", signed(r.v)))
		}
	}
	p.line("  " + strings.Repeat(" ", room+1) + "───────")
	end := "together: " + odds(total) + ", score " + scoreText(c)
	lines := wrap(end, room)
	last := lines[len(lines)-1]
	for _, l := range lines[:len(lines)-1] {
		p.line("  " + l)
	}
	p.line("  " + last + strings.Repeat(" ", room-width(last)+1) + fmt.Sprintf("%7s", signed(total)))
	note := "Each number is the power of ten by which a finding shifts the odds. Findings of one kind have common causes, so further ones count less and their sum is capped."
	if zero > 0 {
		note += fmt.Sprintf(" %s added nothing for that reason.", plural(zero, "finding"))
	}
	p.para("  ", 2, note)
}

// odds says a log10 of odds in words.
func odds(log10 float64) string {
	if math.Abs(log10) < 0.005 {
		return "odds 1 to 1"
	}
	if log10 < 0 {
		return "odds 1 to " + factor(log10)
	}
	return "odds " + factor(log10) + " to 1"
}

// factor is the factor by which a weight shifts the odds, in either direction.
func factor(weight float64) string {
	n := math.Pow(10, math.Abs(weight))
	if n >= 10 {
		return strconv.FormatFloat(n, 'f', 0, 64)
	}
	return strings.TrimSuffix(strconv.FormatFloat(n, 'f', 1, 64), ".0")
}

// unseen writes which checks could not be made, grouped by what was not captured.
func (p *printer) unseen(c *Cell) {
	type group struct {
		head   string
		titles []string
	}
	var groups []group
	add := func(head, title string) {
		for i := range groups {
			if groups[i].head == head {
				groups[i].titles = append(groups[i].titles, title)
				return
			}
		}
		groups = append(groups, group{head, []string{title}})
	}
	for _, id := range c.Outcomes.NotObservable {
		r := rule.ByID(id)
		if r == nil {
			add("What these rules need was not captured", Escape(id))
			continue
		}
		if !slices.Contains(r.RATs, c.RAT) {
			continue // made for another kind of network
		}
		needs := make([]string, len(r.Needs))
		for i, k := range r.Needs {
			needs[i] = k.String()
		}
		add("No "+strings.Join(needs, " or ")+" was captured, so it is open whether", lowerFirst(Escape(r.Title)))
	}
	for _, id := range c.Outcomes.Insufficient {
		title := Escape(id)
		if r := rule.ByID(id); r != nil {
			if !slices.Contains(r.RATs, c.RAT) {
				continue
			}
			title = lowerFirst(Escape(r.Title))
		}
		add("Too little was captured to judge whether", title)
	}
	p.line("")
	p.line(p.paint(bold, "What could not be observed"))
	if len(groups) == 0 {
		p.line("  Every check for this kind of cell could be made.")
		return
	}
	for _, g := range groups {
		p.para("  "+g.head+":", 4, strings.Join(g.titles, "; "))
	}
	p.para("  ", 2, "Not observed does not mean absent.")
}

// lowerFirst makes a title fit into a list, unless it starts with an abbreviation.
func lowerFirst(s string) string {
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && (s[1] >= 'a' && s[1] <= 'z' || s[1] == ' ') {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
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

// grid is a table whose cells are wrapped before it is drawn, so that it never is
// wider than the page.
type grid struct {
	page    int
	paint   func(code, s string) string
	head    []string
	rows    [][]string
	codes   []string
	widest  []int // limit by column, 0 = none
	toRight []int
	flex    int
	flexMin int
	flexMax int
	lines   map[int]bool // rows below a line
}

func newGrid(p *printer) *grid { return &grid{page: p.page, paint: p.paint, flex: -1} }

func (g *grid) header(names ...string) {
	g.head = names
	g.widest = make([]int, len(names))
}

// limit bounds the width of a column.
func (g *grid) limit(column, columns int) { g.widest[column] = columns }

// right aligns columns to the right.
func (g *grid) right(columns ...int) { g.toRight = columns }

// flexible names the column that takes what room is left, between least and most.
func (g *grid) flexible(column, least, most int) { g.flex, g.flexMin, g.flexMax = column, least, most }

// row adds a row; code colours its second column, the verdict. Cells may hold line breaks; what
// came from a capture is escaped before.
func (g *grid) row(code string, cells ...string) {
	g.rows = append(g.rows, cells)
	g.codes = append(g.codes, code)
}

// separator draws a line below the last row.
func (g *grid) separator() {
	if g.lines == nil {
		g.lines = map[int]bool{}
	}
	g.lines[len(g.rows)] = true
}

// render draws the table.
func (g *grid) render() string {
	natural := make([]int, len(g.head))
	for i, h := range g.head {
		natural[i] = width(h)
	}
	for _, r := range g.rows {
		for i, c := range r {
			for _, l := range strings.Split(c, "\n") {
				natural[i] = max(natural[i], width(l))
			}
		}
	}
	used := 3*len(g.head) - 1 // a blank on each side, a line between
	for i := range natural {
		if limit := g.widest[i]; limit > 0 {
			natural[i] = min(natural[i], max(limit, width(g.head[i])))
		}
		if i != g.flex {
			used += natural[i]
		}
	}
	if g.flex >= 0 {
		natural[g.flex] = min(natural[g.flex], g.flexMax, max(g.page-used, g.flexMin))
		used += natural[g.flex]
	}
	// Too wide all the same: the widest columns give way.
	for used > g.page {
		at := 0
		for i := range natural {
			if natural[i] > natural[at] {
				at = i
			}
		}
		if natural[at] <= 6 {
			break
		}
		natural[at]--
		used--
	}
	t := table.NewWriter()
	style := table.StyleLight
	style.Options.DrawBorder = false
	style.Format.Header = text.FormatDefault
	t.SetStyle(style)
	configs := make([]table.ColumnConfig, len(g.head))
	for i := range configs {
		configs[i] = table.ColumnConfig{Number: i + 1, VAlign: text.VAlignTop, WidthMin: natural[i]}
		if slices.Contains(g.toRight, i) {
			configs[i].Align, configs[i].AlignHeader = text.AlignRight, text.AlignRight
		}
	}
	t.SetColumnConfigs(configs)
	head := make(table.Row, len(g.head))
	for i, h := range g.head {
		head[i] = strings.Join(wrap(h, natural[i]), "\n")
	}
	t.AppendHeader(head)
	for n, r := range g.rows {
		if g.lines[n] {
			t.AppendSeparator()
		}
		row := make(table.Row, len(r))
		for i, c := range r {
			var lines []string
			for _, l := range strings.Split(c, "\n") {
				for _, l := range wrap(l, natural[i]) {
					if i == 1 {
						l = g.paint(g.codes[n], l)
					}
					lines = append(lines, l)
				}
			}
			row[i] = strings.Join(lines, "\n")
		}
		t.AppendRow(row)
	}
	var b strings.Builder
	for _, l := range strings.Split(t.Render(), "\n") {
		b.WriteString(strings.TrimRight(l, " "))
		b.WriteByte('\n')
	}
	return b.String()
}
