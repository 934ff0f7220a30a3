package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

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
