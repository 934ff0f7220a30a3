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
	"github.com/fbsdetect/fbsdetect/detect/stat"
)

// Charts are drawn to a width of chartWidth and stretched to the page's.
const chartWidth = 1000

// longestAxis is the longest stretch that an axis of time shows: where a capture's clock
// jumps by years everything else would fall on one point.
const longestAxis = 30 * 24 * time.Hour

// axis places frames along a chart: by time, or where there is none, or one that
// jumps, in the order of their numbers.
type axis struct {
	byTime   bool
	from, to int64
	// before counts the frames of the captures before each.
	before []int
}

func newAxis(d *Document, refs []event.Ref) axis {
	a := axis{byTime: true, before: make([]int, len(d.Captures))}
	for i := 1; i < len(d.Captures); i++ {
		a.before[i] = a.before[i-1] + d.Captures[i-1].Ledger.Frames
	}
	for _, r := range refs {
		a.byTime = a.byTime && r.Time != 0
	}
	a.bounds(refs)
	if a.byTime && time.Duration(a.to-a.from) > longestAxis {
		a.byTime = false
		a.bounds(refs)
	}
	return a
}

func (a *axis) bounds(refs []event.Ref) {
	a.from, a.to = math.MaxInt64, math.MinInt64
	for _, r := range refs {
		a.from, a.to = min(a.from, a.value(r)), max(a.to, a.value(r))
	}
}

func (a *axis) value(r event.Ref) int64 {
	if a.byTime {
		return r.Time
	}
	if r.Capture < 0 || r.Capture >= len(a.before) {
		return int64(r.Frame)
	}
	return int64(a.before[r.Capture] + r.Frame)
}

// x is the place of a frame, 0 to chartWidth.
func (a *axis) x(r event.Ref) float64 {
	if a.to <= a.from {
		return chartWidth / 2
	}
	return math.Round(10*chartWidth*float64(a.value(r)-a.from)/float64(a.to-a.from)) / 10
}

// end says what an end of the axis stands for.
func (a *axis) end(w *words, v int64, day bool) string {
	if !a.byTime {
		return w.T("axis.frame", "Frame", w.N(int(v)))
	}
	t := time.Unix(0, v).UTC()
	if day {
		return w.at(t)
	}
	return t.Format(time.TimeOnly) + " UTC"
}

type timeline struct {
	Caption, From, To string
	Lanes             []lane
}

// lane is one row of a timeline.
type lane struct {
	Name, Desc, Class, Value string
	Height                   int
	Bars                     []bar
	// Ticks, Line and Band are paths of SVG.
	Ticks, Line, Band string
}

type bar struct {
	Class      string
	X, Y, W, H float64
}

// Timeline shows when the cell was heard, when phones connected, when what was found,
// and how strong it was.
func (c *cellView) Timeline() *timeline {
	w := c.w
	all := []event.Ref{c.FirstFrame, c.LastFrame}
	for i := range c.Evidence {
		all = append(all, c.Evidence[i].Frames...)
	}
	for i := range c.Levels {
		all = append(all, c.Levels[i].First, c.Levels[i].Last)
	}
	for i := range c.Connections {
		all = append(all, c.Connections[i].First, c.Connections[i].Last)
	}
	a := newAxis(c.d, all)
	if a.from == a.to {
		return nil
	}
	day := a.byTime && !sameDay(ptrTime(a.from), ptrTime(a.to))
	t := &timeline{Caption: w.T("timeline.time"), From: a.end(w, a.from, day), To: a.end(w, a.to, day)}
	if !a.byTime {
		t.Caption = w.T("timeline.frames")
	}
	first, last := a.x(c.FirstFrame), a.x(c.LastFrame)
	t.Lanes = append(t.Lanes, lane{
		Name: w.T("lane.heard"), Desc: c.When(), Height: 24,
		Bars: []bar{{X: min(first, last), Y: 7, W: max(math.Abs(last-first), 3), H: 10}},
	})
	if len(c.Connections) > 0 {
		t.Lanes = append(t.Lanes, c.connectionLane(&a))
	}
	if c.Profile != nil {
		for i := range c.Profile.Stages {
			s := &c.Profile.Stages[i]
			if s.Times > 0 {
				t.Lanes = append(t.Lanes, c.tickLane(&a, w.term("stage", s.Stage), "finds", s.Frames, s.Times))
			}
		}
	}
	for _, f := range c.families() {
		class := "finds"
		if f.name == "counter" {
			class = "counts"
		}
		t.Lanes = append(t.Lanes, c.tickLane(&a, w.term("family", f.name), class, f.frames, f.times))
	}
	if len(c.Levels) > 1 {
		t.Lanes = append(t.Lanes, c.levelLane(&a))
	}
	return t
}

func ptrTime(ns int64) *time.Time {
	t := time.Unix(0, ns).UTC()
	return &t
}

// family is what the findings of one family rest on.
type family struct {
	name   string
	frames []event.Ref
	times  int
}

// families groups the evidence by family in the order of the evidence.
func (c *cellView) families() []family {
	var list []family
	for i := range c.Evidence {
		e := &c.Evidence[i]
		at := slices.IndexFunc(list, func(f family) bool { return f.name == e.Family })
		if at < 0 {
			at = len(list)
			list = append(list, family{name: e.Family})
		}
		list[at].frames = append(list[at].frames, e.Frames...)
		list[at].times += e.Times
	}
	return list
}

func (c *cellView) tickLane(a *axis, name, class string, refs []event.Ref, times int) lane {
	l := lane{Name: name, Class: class, Height: 24, Value: c.w.T("lane.times", "Count", times)}
	seen := map[float64]bool{}
	var b strings.Builder
	for _, r := range refs {
		if x := a.x(r); !seen[x] {
			seen[x] = true
			fmt.Fprintf(&b, "M%s 3V21", coordinate(x))
		}
	}
	l.Ticks = b.String()
	refs = slices.Clone(refs)
	slices.SortFunc(refs, func(x, y event.Ref) int {
		return cmp.Or(cmp.Compare(x.Capture, y.Capture), cmp.Compare(x.Frame, y.Frame))
	})
	l.Desc = l.Value + "; " + c.w.T("column.frames") + " " + c.w.frames(c.d, slices.Compact(refs), 0)
	return l
}

func (c *cellView) connectionLane(a *axis) lane {
	l := lane{Name: c.w.T("lane.connections"), Class: "counted", Height: 40, Value: c.w.T("lane.times", "Count", c.Sessions.Count)}
	l.Desc = c.SessionsText()
	most := 1
	for i := range c.Connections {
		most = max(most, c.Connections[i].Count)
	}
	for i := range c.Connections {
		p := &c.Connections[i]
		x, to := a.x(p.First), a.x(p.Last)
		w := max(to-x, 4)
		x = min(x, chartWidth-w)
		h := math.Round(36 * float64(p.Count) / float64(most))
		e := math.Round(36 * float64(p.Exposing) / float64(most))
		l.Bars = append(l.Bars, bar{"all", x, 40 - h, w, h})
		if e > 0 {
			l.Bars = append(l.Bars, bar{"exposed", x, 40 - e, w, e})
		}
	}
	return l
}

func (c *cellView) levelLane(a *axis) lane {
	w := c.w
	low, high := c.Levels[0].MinDBm, c.Levels[0].MaxDBm
	for i := range c.Levels {
		low, high = min(low, c.Levels[i].MinDBm), max(high, c.Levels[i].MaxDBm)
	}
	l := lane{Name: w.T("lane.level"), Class: "level", Height: 100}
	l.Value = w.decimal(float64(low), 0) + " dBm"
	if low < high {
		l.Value = w.decimal(float64(low), 0) + " … " + w.decimal(float64(high), 0) + " dBm"
	}
	l.Desc = w.T("lane.level.desc", "Low", w.decimal(float64(low), 0), "High", w.decimal(float64(high), 0))
	y := func(dBm float64) string {
		if low == high {
			return "50"
		}
		return coordinate(math.Round(10*(95-90*(dBm-float64(low))/float64(high-low))) / 10)
	}
	type point struct{ x, mean, low, high string }
	var list []point
	for i := range c.Levels {
		p := &c.Levels[i]
		for _, r := range []event.Ref{p.First, p.Last} {
			list = append(list, point{coordinate(a.x(r)), y(p.MeanDBm), y(float64(p.MinDBm)), y(float64(p.MaxDBm))})
		}
	}
	var line, band strings.Builder
	for i, p := range list {
		letter := "L"
		if i == 0 {
			letter = "M"
		}
		line.WriteString(letter + p.x + " " + p.mean)
		band.WriteString(letter + p.x + " " + p.high)
	}
	for _, p := range slices.Backward(list) {
		band.WriteString("L" + p.x + " " + p.low)
	}
	l.Line, l.Band = line.String(), band.String()+"Z"
	return l
}

// coordinate writes a number for SVG.
func coordinate(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// maxNodes bounds the neighbours drawn around a cell.
const maxNodes = 24

type graph struct {
	Caption, Desc, More string
	Height              int
	Edges               []edge
	Nodes               []node
	List                []neighbourText
}

type edge struct{ Class, D, Heads string }

type node struct {
	Class, Label    string
	X, Y, TY        float64
	R               int
	named, namesIt  bool
	heard           []*cellView
	lists           []string
	rat             event.RAT
	arfcn, priority int
}

type neighbourText struct{ Class, Label, Text string }

// carrier is a frequency of a RAT.
type carrier struct {
	rat   event.RAT
	arfcn int
}

// Graph shows which frequencies the cell names as neighbours, which cells were heard
// there, and which of the cells heard name it.
func (c *cellView) Graph() *graph {
	w := c.w
	var nodes []node
	at := map[carrier]int{}
	of := func(k carrier) *node {
		i, ok := at[k]
		if !ok {
			i = len(nodes)
			at[k] = i
			nodes = append(nodes, node{rat: k.rat, arfcn: k.arfcn, priority: -1, Label: strconv.Itoa(k.arfcn), heard: c.all.byCarrier[k]})
		}
		return &nodes[i]
	}
	for i := range c.Neighbours {
		n := &c.Neighbours[i]
		x := of(carrier{n.RAT, n.ARFCN})
		x.named = true
		if list := w.term("list", n.List); !slices.Contains(x.lists, list) {
			x.lists = append(x.lists, list)
		}
		if n.Priority != nil {
			x.priority = *n.Priority
		}
	}
	if c.ARFCN != nil {
		for _, other := range c.all.naming[carrier{c.RAT, *c.ARFCN}] {
			if other != c && other.ARFCN != nil {
				of(carrier{other.RAT, *other.ARFCN}).namesIt = true
			}
		}
	}
	if len(nodes) == 0 {
		return nil
	}
	// What can be seen from both sides comes first.
	rank := func(n *node) int {
		r := 0
		if n.namesIt {
			r -= 2
		}
		if len(n.heard) > 0 {
			r--
		}
		return r
	}
	slices.SortStableFunc(nodes, func(a, b node) int { return rank(&a) - rank(&b) })
	g := &graph{}
	heard, mutual := 0, 0
	for i := range nodes {
		if len(nodes[i].heard) > 0 {
			heard++
		}
		if nodes[i].named && nodes[i].namesIt {
			mutual++
		}
	}
	g.Caption = w.T("graph.caption")
	g.Desc = w.T("graph.desc", "Named", len(c.Neighbours)+c.NeighboursOmitted, "Heard", heard, "Mutual", mutual)
	if n := len(nodes) - maxNodes + c.NeighboursOmitted; len(nodes) > maxNodes || c.NeighboursOmitted > 0 {
		if len(nodes) < maxNodes {
			n = c.NeighboursOmitted
		}
		g.More = w.T("graph.more", "Count", n)
	}
	nodes = nodes[:min(len(nodes), maxNodes)]
	const cx, self, small = 180.0, 26, 19
	radius := 108.0
	if len(nodes) > 14 {
		radius = 150
	}
	cy := radius + small + 6
	g.Height = int(2 * cy)
	for i := range nodes {
		n := &nodes[i]
		angle := -math.Pi/2 + 2*math.Pi*float64(i)/float64(len(nodes))
		cos, sin := math.Cos(angle), math.Sin(angle)
		n.X, n.Y, n.R = round1(cx+radius*cos), round1(cy+radius*sin), small
		n.TY = n.Y + 3.7
		n.Class = "unheard"
		if len(n.heard) > 0 {
			n.Class = "heard"
		}
		e := edge{Class: n.Class}
		if !n.named {
			e.Class = "in"
		}
		near, far := float64(self+2), radius-small-2
		e.D = fmt.Sprintf("M%s %sL%s %s", coordinate(round1(cx+near*cos)), coordinate(round1(cy+near*sin)), coordinate(round1(cx+far*cos)), coordinate(round1(cy+far*sin)))
		if n.named {
			e.Heads += tip(cx+far*cos, cy+far*sin, cos, sin)
		}
		if n.namesIt {
			e.Heads += tip(cx+near*cos, cy+near*sin, -cos, -sin)
		}
		g.Edges = append(g.Edges, e)
		g.Nodes = append(g.Nodes, *n)
		if len(n.heard) == 0 && !n.namesIt {
			continue
		}
		t := neighbourText{Class: e.Class, Label: n.Label}
		var names []string
		for _, h := range n.heard[:min(len(n.heard), 3)] {
			names = append(names, w.identity(h.Cell))
		}
		if more := len(n.heard) - 3; more > 0 {
			names = append(names, w.T("graph.cells", "Count", more))
		}
		what := "graph.named"
		switch {
		case n.named && n.namesIt:
			what = "graph.both"
		case n.namesIt:
			what = "graph.naming"
		}
		t.Text = strings.Join(names, "; ") + " – " + w.T(what)
		g.List = append(g.List, t)
	}
	var unheard []string
	for i := range nodes {
		if n := &nodes[i]; len(n.heard) == 0 && !n.namesIt {
			s := n.Label
			if n.rat != c.RAT {
				s = ratText(n.rat) + " " + s
			}
			if n.priority >= 0 {
				s += " (" + w.T("graph.priority", "Priority", strconv.Itoa(n.priority)) + ")"
			}
			unheard = append(unheard, s)
		}
	}
	if len(unheard) > 0 {
		g.List = append(g.List, neighbourText{Label: w.T("graph.unheard"), Text: strings.Join(unheard, ", ")})
	}
	label := w.T("graph.self")
	if c.ARFCN != nil {
		label = strconv.Itoa(*c.ARFCN)
	}
	g.Nodes = append(g.Nodes, node{Class: "self", Label: label, X: cx, Y: cy, TY: cy + 3.7, R: self})
	return g
}

func round1(x float64) float64 { return math.Round(10*x) / 10 }

// tip is the head of an arrow that points along (cos, sin) and ends at (x, y).
func tip(x, y, cos, sin float64) string {
	p := func(along, aside float64) string {
		return coordinate(round1(x-along*cos-aside*sin)) + " " + coordinate(round1(y-along*sin+aside*cos))
	}
	return "M" + p(0, 0) + "L" + p(7, 3.5) + "L" + p(7, -3.5) + "Z"
}

type exposureView struct {
	Caption, Note string
	Rows          []shareRow
}

type shareRow struct {
	Name, Desc, Class, Value string
	W                        float64
	// Range and Limit are paths of SVG.
	Range, Limit string
}

// Exposure compares the share of connections that expose an identity with that on the
// other cells of the network and on commercial cells; nil without connections.
func (c *cellView) Exposure() *exposureView {
	if c.Sessions.Count == 0 {
		return nil
	}
	w := c.w
	others, exposed := 0, 0
	for _, p := range c.peers() {
		others += p.Sessions.Count
		exposed += p.Sessions.Exposing
	}
	rate := stat.CommercialExposure
	above := rate.Above()
	limit := fmt.Sprintf("M%s 0V24", coordinate(round1(chartWidth*above)))
	row := func(name, class string, k, n int) shareRow {
		share := float64(k) / float64(n)
		r := shareRow{Name: name, Class: class, W: round1(chartWidth * share), Limit: limit, Value: w.percent(share)}
		r.Desc = w.T("exposure.of", "Exposed", k, "All", n)
		if low, high, ok := stat.Wilson(k, n, 0.95); ok {
			r.Range = fmt.Sprintf("M%s 12H%s", coordinate(round1(chartWidth*low)), coordinate(round1(chartWidth*high)))
			r.Desc += ", " + w.T("exposure.interval", "Low", w.percent(low), "High", w.percent(high))
		}
		r.Value += " (" + w.N(k) + "/" + w.N(n) + ")"
		return r
	}
	v := &exposureView{Caption: w.T("exposure.caption")}
	v.Rows = append(v.Rows, row(w.T("exposure.this"), "mine", c.Sessions.Exposing, c.Sessions.Count))
	if others > 0 {
		v.Rows = append(v.Rows, row(w.T("exposure.peers"), "peers", exposed, others))
	}
	v.Rows = append(v.Rows, shareRow{
		Name: w.T("exposure.usual"), Class: "usual", W: round1(chartWidth * rate.Mean), Limit: limit,
		Value: w.percent(rate.Mean), Desc: w.percent(rate.Mean),
	})
	v.Note = w.T("exposure.note", "Above", w.percent(above))
	if c.Sessions.Count < stat.ExposureEnough {
		v.Note = w.sentences([]string{v.Note, w.T("exposure.few", "Count", c.Sessions.Count)})
	}
	return v
}
