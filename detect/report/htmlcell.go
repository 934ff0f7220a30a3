package report

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

func (c *cellView) VerdictText() string { return c.w.T("verdict." + c.Verdict.String()) }
func (c *cellView) ScoreText() string   { return c.w.decimal(c.Score, 1) }
func (c *cellView) ScoreRaw() string    { return coordinate(c.Score) }
func (c *cellView) Identity() string    { return c.w.identity(c.Cell) }
func (c *cellView) Name() string        { return c.w.name(c.Cell) }
func (c *cellView) When() string        { return c.w.span(c.First, c.Last) }

// FirstSort orders cells by when they were first heard.
func (c *cellView) FirstSort() string {
	if c.First == nil {
		return strconv.Itoa(c.FirstFrame.Frame)
	}
	return strconv.FormatInt(c.First.Unix(), 10)
}

// HeardShort says when the cell was heard in few words.
func (c *cellView) HeardShort() string {
	if c.First == nil || c.Last == nil {
		return c.FrameSpan()
	}
	first, last := inOrder(c.First, c.Last)
	a, b := first.UTC(), last.UTC()
	from, to := a.Format(time.DateTime), b.Format(time.DateTime)
	switch {
	case from == to:
		return from
	case sameDay(&a, &b):
		to = b.Format(time.TimeOnly)
	}
	return from + " – " + to
}

// FrameSpan says in which frames the cell was heard.
func (c *cellView) FrameSpan() string {
	a, b := c.FirstFrame, c.LastFrame
	if a.Capture != b.Capture {
		return c.w.T("frames.several")
	}
	if a == b {
		return c.w.T("frames.single", "Frame", strconv.Itoa(a.Frame), "Capture", captureName(c.d, a.Capture))
	}
	return c.w.T("frames.span", "From", strconv.Itoa(a.Frame), "To", strconv.Itoa(b.Frame), "Capture", captureName(c.d, a.Capture))
}

func (c *cellView) Networks() string {
	if len(c.PLMNs) == 0 {
		return "–"
	}
	list := make([]string, len(c.PLMNs))
	for i, p := range c.PLMNs {
		list[i] = Escape(p)
	}
	return strings.Join(list, ", ")
}

func (c *cellView) LevelText() string {
	if c.LevelDBm == nil {
		return c.w.T("fact.level.none")
	}
	return c.w.T("fact.level.mean", "Level", c.w.decimal(*c.LevelDBm, 0))
}

func (c *cellView) SessionsText() string {
	s := c.Sessions
	if s.Count == 0 {
		return c.w.T("fact.sessions.none")
	}
	return c.w.T("fact.sessions.count", "Count", s.Count, "Authenticated", s.Authenticated, "Ciphered", s.Ciphered,
		"Rejected", s.Rejected, "Identity", s.IdentityRequests, "Exposing", s.Exposing)
}

// Where says where the cell was heard, as far as captures tell.
func (c *cellView) Where() string {
	var s []string
	switch h := c.bestHeardAt(); {
	case h != nil:
		s = append(s, c.w.T("where.heard", "Frames", c.FrameSpan()), c.w.T("where.best", "Count", len(c.HeardAt), "Position", h.coordinates(), "Time", c.w.at(h.Time)))
	case c.d.Track != nil:
		s = append(s, c.w.T("where.unplaced", "Frames", c.FrameSpan()))
	default:
		s = append(s, c.w.T("where.none", "Frames", c.FrameSpan()))
	}
	if c.LevelDBm != nil {
		s = append(s, c.LevelText())
	}
	return c.w.sentences(s)
}

// Reason is the title of what weighs most.
func (c *cellView) Reason() said {
	if title, _ := c.mainReason(); title != "" {
		return c.w.rule(title)
	}
	judged := len(c.Outcomes.Fired) + len(c.Outcomes.Clear)
	if c.Verdict == score.Insufficient {
		return said{Text: c.w.T("reason.few", "Count", judged)}
	}
	return said{Text: c.w.T("reason.nothing", "Count", judged)}
}

// MoreReasons counts the other rules that count against the cell.
func (c *cellView) MoreReasons() int {
	_, more := c.mainReason()
	return more
}

// Why says in plain words what speaks against the cell, a sentence a family, the
// heaviest first.
func (c *cellView) Why() []string {
	type sum struct {
		name    string
		counted float64
	}
	var list []sum
	for i := range c.Evidence {
		e := &c.Evidence[i]
		if e.Weight <= 0 {
			continue
		}
		at := slices.IndexFunc(list, func(s sum) bool { return s.name == e.Family })
		if at < 0 {
			at = len(list)
			list = append(list, sum{name: e.Family})
		}
		list[at].counted += e.Counted
	}
	slices.SortStableFunc(list, func(a, b sum) int { return cmp.Compare(b.counted, a.counted) })
	var out []string
	for _, s := range list {
		if s.counted > 0 {
			out = append(out, c.w.term("why", s.name))
		}
	}
	return out
}

// Whom says how many phones the attack reached.
func (c *cellView) Whom() string {
	p := c.Profile
	s := []string{c.w.T("whom.phones", "Count", p.Phones)}
	if p.Unnamed > 0 {
		s = append(s, c.w.T("whom.unnamed", "Count", p.Unnamed))
	}
	s = append(s, c.w.T("whom.messages", "Count", p.Messages))
	if p.First != nil {
		s = append(s, c.w.T("whom.when", "When", c.w.span(p.First, p.Last)))
	}
	return c.w.sentences(s)
}

// Sure says how sure the verdict is and what could still explain the findings.
func (c *cellView) Sure() string {
	total := c.d.Tool.PriorLog10
	status := map[string]int{}
	seen := map[Benign]bool{}
	for i := range c.Evidence {
		e := &c.Evidence[i]
		total += e.Counted
		if e.Weight <= 0 {
			continue
		}
		for _, b := range e.Benign {
			if !seen[b] {
				seen[b] = true
				status[statusClass(b.Status)]++
			}
		}
	}
	return c.w.T("sure", "Verdict", c.VerdictText(), "Before", c.w.odds(c.d.Tool.PriorLog10), "After", c.w.odds(total),
		"Excluded", status["excluded"], "Possible", status["possible"], "Untested", status["untested"])
}

// UnseenShort says in a sentence what was not captured.
func (c *cellView) UnseenShort() string {
	var kinds []string
	for _, id := range c.Outcomes.NotObservable {
		r := rule.ByID(id)
		if r == nil || !slices.Contains(r.RATs, c.RAT) {
			continue
		}
		for _, k := range r.Needs {
			if s := c.w.term("kind", k.String()); !slices.Contains(kinds, s) {
				kinds = append(kinds, s)
			}
		}
	}
	var parts []string
	if len(kinds) > 0 {
		parts = append(parts, c.w.T("unseen.kinds", "Kinds", strings.Join(kinds, ", ")))
	}
	few := 0
	for _, id := range c.Outcomes.Insufficient {
		if r := rule.ByID(id); r == nil || slices.Contains(r.RATs, c.RAT) {
			few++
		}
	}
	if few > 0 {
		parts = append(parts, c.w.T("unseen.few", "Count", few))
	}
	if c.Sessions.Count == 0 {
		parts = append(parts, c.w.T("unseen.sessions"))
	}
	if len(parts) == 0 {
		return c.w.T("unseen.none")
	}
	return c.w.sentences(parts)
}

// ProfileTitle names the way of attacking.
func (c *cellView) ProfileTitle() string { return c.w.term("profile", c.Profile.Kind) }

type stageView struct {
	Name, When, Frames string
	Observed           []said
	Times              int
}

func (c *cellView) Stages() []stageView {
	var out []stageView
	for i := range c.Profile.Stages {
		s := &c.Profile.Stages[i]
		v := stageView{Name: c.w.term("stage", s.Stage), Times: s.Times}
		for _, o := range s.Observed {
			v.Observed = append(v.Observed, c.w.says(o)...)
		}
		v.Frames = c.w.T("column.frames") + " " + c.w.frames(c.d, s.Frames, s.Times)
		if s.First != nil {
			v.When = s.First.UTC().Format(time.TimeOnly) + " UTC"
		}
		out = append(out, v)
	}
	return out
}

type textView struct {
	PushedText
	FramesText string
}

func (c *cellView) Texts() []textView {
	var out []textView
	for _, t := range c.Profile.Texts {
		out = append(out, textView{t, c.w.frames(c.d, t.Frames, 0)})
	}
	return out
}

// findingList is one side of the evidence.
type findingList struct {
	Title, None string
	List        []findingView
}

// findingView is what one rule found.
type findingView struct {
	Number                  int
	Anchor, Severity, Rule  string
	Title                   said
	Summaries               []said
	Items                   []itemView
	Benign                  []benignView
	Weight, Counted, Family string
	Attribution, Basis      string
	Refs                    []string
}

type itemView struct {
	*Evidence
	Cited string
}

type benignView struct {
	Class, Status string
	Text          said
}

// Against is what speaks for a false base station.
func (c *cellView) Against() findingList {
	against, _ := byRule(c.Cell)
	return findingList{c.w.T("against"), c.w.T("against.none"), c.findings(against)}
}

// Support is what speaks for a genuine cell.
func (c *cellView) Support() findingList {
	_, support := byRule(c.Cell)
	return findingList{c.w.T("support"), c.w.T("support.none"), c.findings(support)}
}

func (c *cellView) findingAnchor(rule string) string {
	return c.Anchor + "-" + strconv.Itoa(c.number[rule])
}

func (c *cellView) findings(list []findings) []findingView {
	w := c.w
	var out []findingView
	for _, f := range list {
		first := f.list[0]
		v := findingView{
			Number: c.number[first.Rule], Anchor: c.findingAnchor(first.Rule), Severity: severityClass(first.Severity), Rule: first.Rule,
			Title: w.rule(first.Title), Weight: w.signed(first.Weight), Family: w.term("family", first.Family),
			Attribution: w.term("attribution", first.Attribution), Basis: first.WeightBasis, Refs: first.Refs,
		}
		all := 0.0
		heard := map[string]bool{"": true}
		for _, e := range f.list {
			all += e.Weight
			if !heard[e.Summary] {
				heard[e.Summary] = true
				v.Summaries = append(v.Summaries, w.says(e.Summary)...)
			}
			v.Items = append(v.Items, itemView{e, w.frames(c.d, e.Frames, e.Times)})
		}
		if math.Abs(f.counted-all) >= 0.005 {
			v.Counted = w.T("finding.counted", "Counted", w.signed(f.counted))
		}
		v.Benign = benignOf(w, f.list)
		out = append(out, v)
	}
	return out
}

// severityClass is a class of the style sheet.
func severityClass(s string) string {
	switch rule.Severity(s) {
	case rule.High, rule.Medium, rule.Low:
		return s
	}
	return "info"
}

// statusClass is a class of the style sheet and part of a message's name.
func statusClass(s string) string {
	switch rule.BenignStatus(s) {
	case rule.Excluded:
		return "excluded"
	case rule.Possible:
		return "possible"
	}
	return "untested"
}

// benignOf lists the innocent explanations, first those that nothing excludes.
func benignOf(w *words, list []*Evidence) []benignView {
	var out []benignView
	seen := map[Benign]bool{}
	for _, class := range []string{"possible", "untested", "excluded"} {
		for _, e := range list {
			for _, b := range e.Benign {
				if statusClass(b.Status) == class && !seen[b] {
					seen[b] = true
					out = append(out, benignView{class, w.T("benign." + class), w.rule(b.Explanation)})
				}
			}
		}
	}
	return out
}

// sumRow is a summand of the score.
type sumRow struct {
	Text                 said
	Family, Class, Value string
	X, Width             float64
	Total                bool
}

// sumScale is the weight, in powers of ten, that fills half of a bar.
const sumScale = 2.5

func (c *cellView) sumRow(text said, family, class string, v float64) sumRow {
	width := min(100, round1(100*math.Abs(v)/sumScale))
	r := sumRow{Text: text, Family: family, Class: class, Value: c.w.signed(v), Width: width}
	if v < 0 {
		r.X = -width
	}
	return r
}

// Sum lists every summand of the score that is not zero, and the total.
func (c *cellView) Sum() []sumRow {
	w := c.w
	total := c.d.Tool.PriorLog10
	rows := []sumRow{c.sumRow(said{Text: w.T("sum.prior", "Odds", w.odds(total))}, "", "prior", total)}
	for i := range c.Evidence {
		e := &c.Evidence[i]
		total += e.Counted
		if math.Abs(e.Counted) < 0.005 {
			continue
		}
		class := "for"
		if e.Counted < 0 {
			class = "against"
		}
		rows = append(rows, c.sumRow(w.rule(e.Title), w.term("family", e.Family), class, e.Counted))
	}
	last := c.sumRow(said{Text: w.T("sum.total", "Odds", w.odds(total), "Score", c.ScoreText())}, "", "prior", total)
	last.Total = true
	return append(rows, last)
}

// Zero counts the findings that add nothing.
func (c *cellView) Zero() int {
	n := 0
	for i := range c.Evidence {
		if math.Abs(c.Evidence[i].Counted) < 0.005 {
			n++
		}
	}
	return n
}

type sequenceView struct {
	Caption, Rest string
	Steps         []stepView
}

type stepView struct {
	Direction, Frame, Clock, Way string
	Message, Detail              string
	Exposing                     bool
	Repeats                      int
	Findings                     []stepFinding
}

type stepFinding struct {
	Number        int
	Anchor, Title string
}

// Sequences shows sessions step by step, with what was found in each step.
func (c *cellView) Sequences() []sequenceView {
	w := c.w
	found := map[event.Ref][]stepFinding{}
	for i := range c.Evidence {
		e := &c.Evidence[i]
		f := stepFinding{c.number[e.Rule], c.findingAnchor(e.Rule), w.rule(e.Title).Text}
		for _, r := range e.Frames {
			if !slices.Contains(found[r], f) {
				found[r] = append(found[r], f)
			}
		}
	}
	var out []sequenceView
	for i := range c.Cell.Sequences {
		s := &c.Cell.Sequences[i]
		phone := w.T("ladder.unnamed")
		if s.Phone != "" {
			phone = Escape(s.Phone)
		}
		v := sequenceView{Caption: w.T("ladder.caption", "Phone", phone, "When", w.span(s.First, s.Last), "Basis", w.term("attribution", s.Attribution))}
		if s.Alike > 0 {
			v.Caption = w.sentences([]string{v.Caption, w.T("ladder.alike", "Count", s.Alike)})
		}
		for k := range s.Steps {
			st := &s.Steps[k]
			x := stepView{Direction: "dl", Way: w.T("ladder.dl"), Message: st.Message, Detail: st.Detail, Exposing: st.Exposing, Repeats: st.Repeats, Findings: found[st.Frame]}
			if st.Direction == "ul" {
				x.Direction, x.Way = "ul", w.T("ladder.ul")
			}
			x.Frame = w.T("ladder.frame", "Frame", strconv.Itoa(st.Frame.Frame))
			if k > 0 && s.Steps[k-1].Frame == st.Frame {
				x.Findings = nil // told at the message that this one is in
			}
			if st.Time != nil {
				x.Clock = st.Time.UTC().Format("15:04:05.000")
			}
			v.Steps = append(v.Steps, x)
		}
		var rest []string
		if s.StepsOmitted > 0 {
			rest = append(rest, w.T("ladder.omitted", "Count", s.StepsOmitted))
		}
		if s.Hidden > 0 {
			rest = append(rest, w.T("ladder.hidden", "Count", s.Hidden))
		}
		v.Rest = w.sentences(rest)
		out = append(out, v)
	}
	return out
}

// peers are the other cells of the same network and RAT.
func (c *cellView) peers() []*cellView {
	if c.PLMN == nil {
		return nil
	}
	return others(c.all.byPLMN[network{c.RAT, *c.PLMN}], c)
}

func others(list []*cellView, c *cellView) []*cellView {
	var out []*cellView
	for _, p := range list {
		if p != c {
			out = append(out, p)
		}
	}
	return out
}

// compared are the cells that the parameters stand beside: the peers, or where there are
// none all others of the RAT.
func (c *cellView) compared() (list []*cellView, sameNetwork bool) {
	if p := c.peers(); len(p) > 0 {
		return p, true
	}
	return others(c.all.byRAT[c.RAT], c), false
}

// Alone reports whether no other cell stands beside this one.
func (c *cellView) Alone() bool {
	list, _ := c.compared()
	return len(list) == 0
}

// PeerText says what the parameters stand beside.
func (c *cellView) PeerText() string {
	list, same := c.compared()
	switch {
	case len(list) == 0:
		return c.w.T("parameters.alone")
	case same:
		return c.w.T("parameters.network", "Count", len(list))
	}
	return c.w.T("parameters.others", "Count", len(list), "RAT", ratText(c.RAT))
}

type parameterView struct {
	*Parameter
	Frames    string
	Peers     []peerValue
	MorePeers int
	// Differs: several peers have the parameter and none has this value.
	Differs bool
}

// ownParameters differ from cell to cell by their nature.
var ownParameters = []string{
	cell.NeighboursIdle, cell.NeighboursConn, cell.CellCarriers, cell.RootSequenceIndex, cell.SystemInfoValueTag, cell.IntraFreqNeighbours, cell.FrequencyRecovered,
}

type peerValue struct {
	Value string
	Count int
}

func (c *cellView) Parameters() []parameterView {
	list, same := c.compared()
	var out []parameterView
	for i := range c.Broadcasts {
		p := &c.Broadcasts[i]
		v := parameterView{Parameter: p, Frames: c.w.frames(c.d, framesOf(p), 0)}
		total := 0
		for _, o := range list {
			value, ok := o.Cell.Parameters[p.Name]
			if !ok {
				continue
			}
			total++
			at := slices.IndexFunc(v.Peers, func(x peerValue) bool { return x.Value == value })
			if at < 0 {
				at = len(v.Peers)
				v.Peers = append(v.Peers, peerValue{Value: value})
			}
			v.Peers[at].Count++
		}
		slices.SortFunc(v.Peers, func(a, b peerValue) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
		v.Differs = same && total > 1 && !slices.Contains(ownParameters, p.Name) && !slices.ContainsFunc(v.Peers, func(x peerValue) bool { return x.Value == p.Value })
		if more := len(v.Peers) - maxPeerValues; more > 0 {
			v.Peers, v.MorePeers = v.Peers[:maxPeerValues], more
		}
		out = append(out, v)
	}
	return out
}

func framesOf(p *Parameter) []event.Ref {
	if p.First == p.Last {
		return []event.Ref{p.First}
	}
	return []event.Ref{p.First, p.Last}
}

// unseenView is what was not captured, and the checks that need it: by their titles, or
// in cells that do not stand out by their names, which the method explains.
type unseenView struct {
	Head   string
	Titles []said
	Rules  []string
}

// Unseen lists the checks that could not be made by what was not captured.
func (c *cellView) Unseen() []unseenView {
	w := c.w
	var out []unseenView
	add := func(head string, r *rule.Rule, id string) {
		at := slices.IndexFunc(out, func(u unseenView) bool { return u.Head == head })
		if at < 0 {
			at = len(out)
			out = append(out, unseenView{Head: head})
		}
		switch {
		case r == nil:
			out[at].Titles = append(out[at].Titles, said{Text: Escape(id)})
		case c.Open:
			title := w.rule(r.Title)
			if w.code == "en" {
				title.Text = lowerFirst(title.Text)
			}
			out[at].Titles = append(out[at].Titles, title)
		default:
			out[at].Rules = append(out[at].Rules, r.ID)
		}
	}
	for _, id := range c.Outcomes.NotObservable {
		r := rule.ByID(id)
		if r == nil {
			add(w.T("unseen.unknown"), nil, id)
			continue
		}
		if !slices.Contains(r.RATs, c.RAT) {
			continue // made for another kind of network
		}
		needs := make([]string, len(r.Needs))
		for i, k := range r.Needs {
			needs[i] = w.term("kind", k.String())
		}
		add(w.T("unseen.head", "Kinds", strings.Join(needs, ", ")), r, id)
	}
	for _, id := range c.Outcomes.Insufficient {
		if r := rule.ByID(id); r == nil || slices.Contains(r.RATs, c.RAT) {
			add(w.T("unseen.toofew"), r, id)
		}
	}
	return out
}

type filterView struct{ Capture, Filter string }

// Filters are display filters of Wireshark for the frames that the evidence names.
func (c *cellView) Filters() []filterView {
	frames := make([][]int, len(c.d.Captures))
	for i := range c.Evidence {
		for _, r := range c.Evidence[i].Frames {
			if r.Capture >= 0 && r.Capture < len(frames) {
				frames[r.Capture] = append(frames[r.Capture], r.Frame)
			}
		}
	}
	var out []filterView
	for i, list := range frames {
		if len(list) == 0 {
			continue
		}
		slices.Sort(list)
		list = slices.Compact(list)
		list = list[:min(len(list), maxCited)]
		numbers := make([]string, len(list))
		for k, n := range list {
			numbers[k] = strconv.Itoa(n)
		}
		out = append(out, filterView{captureName(c.d, i), "frame.number in {" + strings.Join(numbers, ", ") + "}"})
	}
	return out
}
