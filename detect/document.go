package detect

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/engine"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/score"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/arfcn"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// newDocument returns a document without cells; its lists are empty, not null.
func newDocument(rules []*rule.Rule, params map[string]rule.Values) *report.Document {
	return &report.Document{
		Schema: report.Schema,
		Tool: report.Tool{
			Name: "fbsdetect", Version: Version, Ruleset: ruleset(rules, params),
			PriorLog10: score.PriorLog10, Damping: score.Damping, FamilyCap: score.FamilyCap,
		},
		Captures:     []report.Capture{},
		Cells:        []report.Cell{},
		Unattributed: []report.Cell{},
		Notices:      []string{},
	}
}

// addCells scores the judgements and puts them into the document in its order. names
// prints what is personal.
func addCells(doc *report.Document, e *engine.Engine, judgements []engine.Judgement, names *ident.Pseudonyms, where *places) {
	for i := range judgements {
		j := &judgements[i]
		if j.Cell.First.Frame == 0 {
			continue // named by another message, never heard
		}
		c := newCell(j, e.Rules(), names)
		if where != nil {
			c.HeardAt = where.of(j.Cell)
		}
		if j.Cell.ID.Known {
			doc.Cells = append(doc.Cells, c)
		} else {
			doc.Unattributed = append(doc.Unattributed, c)
		}
	}
	// The tracker's order is by identity, so equal scores stay in that order.
	byScore := func(a, b report.Cell) int { return cmp.Compare(b.Score, a.Score) }
	slices.SortStableFunc(doc.Cells, byScore)
	slices.SortStableFunc(doc.Unattributed, byScore)
}

func newCell(j *engine.Judgement, rules []*rule.Rule, names *ident.Pseudonyms) report.Cell {
	c := j.Cell
	out := report.Cell{
		RAT: c.RAT, PLMNs: []string{},
		FirstFrame: c.First, LastFrame: c.Last, First: timeOf(c.FirstTime), Last: timeOf(c.LastTime),
		HeardAt:    []report.HeardAt{},
		Evidence:   []report.Evidence{},
		Parameters: map[string]string{},
		Broadcasts: []report.Parameter{},
		Sessions:   c.Sessions,
		Sequences:  newSequences(c, names), SequencesOmitted: c.SequencesOmitted,
		Outcomes: report.Outcomes{Fired: []string{}, Clear: []string{}, Insufficient: []string{}, NotObservable: []string{}},
	}
	if c.ID.Known {
		plmn, area, id := c.ID.PLMN.String(), c.ID.Area, c.ID.Cell
		out.PLMN, out.PLMNs, out.Area, out.Cell = &plmn, []string{plmn}, &area, &id
		for _, p := range c.PLMNs {
			if s := p.String(); !slices.Contains(out.PLMNs, s) {
				out.PLMNs = append(out.PLMNs, s)
			}
		}
	}
	if c.ARFCN != cell.NoARFCN {
		n := c.ARFCN
		out.ARFCN = &n
		if b := arfcn.Band(n, c.PCS); c.RAT == event.GSM && b != "" {
			out.Band = &b
		}
	}
	if len(c.Bands) > 0 {
		b := strconv.Itoa(c.Bands[0])
		out.Band = &b
	}
	if c.PCI != cell.NoPCI {
		n := c.PCI
		out.PCI = &n
	}
	if c.Level.N > 0 {
		mean := math.Round(10*float64(c.Level.Sum)/float64(c.Level.N)) / 10
		out.LevelDBm = &mean
	}
	out.Levels, out.Connections = newCourses(c)
	out.Neighbours, out.NeighboursOmitted = newNeighbours(c)
	for _, p := range c.Parameters() {
		last := p.First
		if b := c.Broadcasts[p.Source]; p.First.Before(b.Last) {
			last = b.Last
		}
		out.Parameters[p.Name] = p.Text
		out.Broadcasts = append(out.Broadcasts, report.Parameter{
			Name: p.Name, Value: p.Text, Message: p.Source.String(), First: p.First, Last: last, Changes: p.Changes,
		})
	}
	summands := make([]score.Summand, len(j.Findings))
	for i, f := range j.Findings {
		summands[i] = score.Summand{Family: f.Rule.Family, Weight: f.Weight}
	}
	out.Score = score.Sum(summands)
	for i := range j.Findings {
		out.Evidence = append(out.Evidence, newEvidence(&j.Findings[i], summands[i].Counted))
		if p := j.Findings[i].Evidence.Profile; p != nil && out.Profile == nil {
			out.Profile = newProfile(p, names)
		}
	}
	judged := 0
	for i, o := range j.Outcomes {
		id := rules[i].ID
		switch o {
		case engine.Fired:
			out.Outcomes.Fired = append(out.Outcomes.Fired, id)
			judged++
		case engine.Clear:
			out.Outcomes.Clear = append(out.Outcomes.Clear, id)
			judged++
		case engine.Insufficient:
			out.Outcomes.Insufficient = append(out.Outcomes.Insufficient, id)
		case engine.NotObservable:
			out.Outcomes.NotObservable = append(out.Outcomes.NotObservable, id)
		}
	}
	out.Verdict = score.Of(out.Score, judged)
	return out
}

// newProfile writes what an attack did. A text that several phones received is no secret
// between two, so it is shown with what identifies somebody masked.
func newProfile(p *rule.Profile, names *ident.Pseudonyms) *report.Profile {
	out := &report.Profile{
		Kind: p.Kind, Phones: p.Phones, Unnamed: p.Unnamed, Messages: p.Messages, Stages: []report.Stage{}, Texts: []report.PushedText{},
	}
	var first, last int64
	for _, s := range p.Stages {
		out.Stages = append(out.Stages, report.Stage{
			Stage: s.Name, Observed: list(s.Observed), First: timeOf(s.First), Last: timeOf(s.Last), Frames: refs(s.Frames), Times: s.Times,
		})
		if s.First > 0 && (first == 0 || s.First < first) {
			first = s.First
		}
		last = max(last, s.Last)
	}
	out.First, out.Last = timeOf(first), timeOf(last)
	for _, t := range p.Texts {
		text := names.Text(t.Text)
		if t.Phones > 1 {
			text = names.Template(t.Text)
		}
		out.Texts = append(out.Texts, report.PushedText{
			Sender: names.Address(t.Sender), ServiceCentre: names.ServiceCentre(t.Centre), Text: text,
			Hosts: names.Hosts(t.Text), Messages: t.Messages, Phones: t.Phones, Frames: refs(t.Frames),
		})
	}
	return out
}

// refs returns the frames in order, an empty list for none.
func refs(r []event.Ref) []event.Ref {
	out := append([]event.Ref{}, r...)
	slices.SortFunc(out, func(a, b event.Ref) int {
		if a.Before(b) {
			return -1
		}
		if b.Before(a) {
			return 1
		}
		return 0
	})
	return out
}

func newEvidence(f *engine.Finding, counted float64) report.Evidence {
	r, ev := f.Rule, &f.Evidence
	out := report.Evidence{
		Rule: r.ID, Title: r.Title, Catalogue: list(r.Catalogue), Version: r.Version,
		Family: string(r.Family), Severity: string(r.Severity),
		Weight: round3(f.Weight), Counted: round3(counted), WeightBasis: score.Embedded().Basis(r.Family, r.WeightBasis),
		Attribution: f.Basis.String(), Summary: ev.Summary, Frames: refs(ev.Frames), Times: f.Times,
		Field: ev.Field, Got: ev.Got, Expect: ev.Expect, Refs: list(r.Refs), Benign: []report.Benign{},
	}
	for _, ref := range out.Frames {
		if t := timeOf(ref.Time); t != nil && (out.First == nil || t.Before(*out.First)) {
			out.First = t
		}
		if t := timeOf(ref.Time); t != nil && (out.Last == nil || t.After(*out.Last)) {
			out.Last = t
		}
	}
	for _, b := range f.Benign {
		out.Benign = append(out.Benign, report.Benign{Explanation: b.Explanation, Status: string(b.Status)})
	}
	return out
}

// list returns s, or an empty list in place of nil.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func round3(x float64) float64 { return math.Round(1000*x) / 1000 }

// timeOf returns a time in nanoseconds since 1970 as UTC, or nil for 0.
func timeOf(ns int64) *time.Time {
	if ns == 0 {
		return nil
	}
	t := time.Unix(0, ns).UTC()
	return &t
}

// cellRef names a cell for a dump; nil for none.
func cellRef(c *cell.Cell) *report.CellRef {
	if c == nil || !c.ID.Known {
		return nil
	}
	r := &report.CellRef{PLMN: c.ID.PLMN.String(), Area: c.ID.Area, Cell: c.ID.Cell}
	if c.ARFCN != cell.NoARFCN {
		n := c.ARFCN
		r.ARFCN = &n
	}
	return r
}
