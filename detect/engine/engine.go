// Package engine runs rules over events: it keeps one Observer per rule and cell,
// collects evidence and derives each rule's outcome per cell.
package engine

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

// Outcome is what a rule came to on a cell.
type Outcome uint8

// Outcomes.
const (
	// NotObservable: nothing the rule needs was captured on this cell.
	NotObservable Outcome = iota
	// Insufficient: something was captured, but too little to judge.
	Insufficient
	// Clear: the rule looked and found nothing.
	Clear
	// Fired: the rule found something.
	Fired
)

var outcomeNames = [...]string{"not_observable", "insufficient", "clear", "fired"}

// String names the outcome as reports do.
func (o Outcome) String() string { return outcomeNames[o] }

// Bounds on what is kept of one cell.
const (
	// maxFindings per rule and cell: a rule that finds more has made its point.
	maxFindings = 8
	// maxFrames per finding; the number of frames is counted beyond it.
	maxFrames = 16
)

// Finding is one piece of evidence as the engine keeps it: equal findings of a rule
// on a cell are one, with all their frames.
type Finding struct {
	Rule     *rule.Rule
	Evidence rule.Evidence
	// Weight is the log10 likelihood ratio after the basis of the attribution.
	Weight float64
	// Basis is the weakest attribution among the frames.
	Basis event.Basis
	// Times counts how often it was found; Evidence.Frames is bounded.
	Times int
	// Benign are the rule's benign explanations with their status.
	Benign []TestedBenign
}

// TestedBenign is a benign explanation and what the captures say about it.
type TestedBenign struct {
	Explanation string
	Status      rule.BenignStatus
}

// Judgement is what all rules came to on one cell.
type Judgement struct {
	Cell     *cell.Cell
	Findings []Finding
	// Outcomes are in the order of Engine.Rules.
	Outcomes []Outcome
}

// Engine runs rules.
type Engine struct {
	// Panics counts rule calls that panicked; First says which was first.
	Panics     int
	FirstPanic string
	// Strict lets panics through, for tests.
	Strict bool
	// Known is the baseline that rules may look at, nil without one.
	Known rule.Known

	rules   []*rule.Rule
	values  []rule.Values
	byKind  [event.NumKinds][]int
	repeats [event.NumKinds][]int
	counts  bool // some rule counts repetitions
	tracker *cell.Tracker
	states  []*state // by cell index
	dropped int
	capped  int
}

type state struct {
	cell      *cell.Cell
	observers []rule.Observer
	seen      []bool // a needed event came, by rule
	findings  []Finding
	count     []int // findings kept by rule
}

// New returns an Engine for the rules; values gives the parameters of rules whose
// defaults the user changed.
func New(t *cell.Tracker, rules []*rule.Rule, values map[string]rule.Values) *Engine {
	e := &Engine{rules: rules, tracker: t}
	for i, r := range rules {
		v := r.Defaults()
		for name, x := range values[r.ID] {
			v[name] = x
		}
		e.values = append(e.values, v)
		for _, k := range r.Needs {
			e.byKind[k] = append(e.byKind[k], i)
			if r.Repeats {
				e.counts = true
				e.repeats[k] = append(e.repeats[k], i)
			}
		}
	}
	t.OnEvict = func(c *cell.Cell) {
		if c.Index() < len(e.states) {
			if s := e.states[c.Index()]; s != nil {
				e.dropped += len(s.findings)
			}
			e.states[c.Index()] = nil
		}
	}
	return e
}

// Rules lists the rules that run.
func (e *Engine) Rules() []*rule.Rule { return e.rules }

// Repeats reports whether some rule asks for repeated broadcast events.
func (e *Engine) Repeats() bool { return e.counts }

// Capped counts the findings not kept because a rule had maxFindings on the cell.
func (e *Engine) Capped() int { return e.capped }

// Dropped counts the findings lost with evicted cells.
func (e *Engine) Dropped() int { return e.dropped }

// Observe gives an event of a cell to the rules that need its kind; with repeat
// only to those that ask for repetitions.
func (e *Engine) Observe(c *cell.Cell, ev *event.Event, repeat bool) {
	kind := ev.Body.Kind()
	list := e.byKind[kind]
	if repeat {
		if list = e.repeats[kind]; len(list) == 0 {
			return
		}
	}
	s := e.state(c)
	for _, i := range list {
		if !slices.Contains(e.rules[i].RATs, c.RAT) {
			continue
		}
		s.seen[i] = true
		if s.observers[i] == nil {
			s.observers[i] = e.rules[i].New(e.values[i])
		}
		if found := e.observe(s.observers[i], i, ev); len(found) > 0 {
			e.keep(s, i, found, ev.Basis)
		}
	}
}

func (e *Engine) observe(o rule.Observer, i int, ev *event.Event) (found []rule.Evidence) {
	if !e.Strict {
		defer e.recovered(i)
	}
	return o.Observe(ev)
}

// recovered keeps a rule that panics from taking the run with it.
func (e *Engine) recovered(i int) {
	if p := recover(); p != nil {
		if e.Panics == 0 {
			e.FirstPanic = fmt.Sprintf("rule %s: %v", e.rules[i].ID, p)
		}
		e.Panics++
	}
}

func (e *Engine) state(c *cell.Cell) *state {
	n := c.Index()
	for len(e.states) <= n {
		e.states = append(e.states, nil)
	}
	if e.states[n] == nil || e.states[n].cell != c {
		e.states[n] = &state{
			cell:      c,
			observers: make([]rule.Observer, len(e.rules)),
			seen:      make([]bool, len(e.rules)),
			count:     make([]int, len(e.rules)),
		}
	}
	return e.states[n]
}

// keep merges new evidence into the cell's findings.
func (e *Engine) keep(s *state, i int, found []rule.Evidence, basis event.Basis) {
	for _, ev := range found {
		basis := max(basis, ev.Basis)
		at := slices.IndexFunc(s.findings, func(f Finding) bool {
			return f.Rule == e.rules[i] && f.Evidence.Field == ev.Field && f.Evidence.Got == ev.Got
		})
		if at < 0 {
			if s.count[i] >= maxFindings {
				e.capped++
				continue
			}
			s.count[i]++
			s.findings = append(s.findings, Finding{Rule: e.rules[i], Basis: basis})
			at = len(s.findings) - 1
		}
		f := &s.findings[at]
		f.Times++
		f.Basis = max(f.Basis, basis)
		frames := f.Evidence.Frames
		for _, ref := range ev.Frames {
			if len(frames) < maxFrames && !slices.Contains(frames, ref) {
				frames = append(frames, ref)
			}
		}
		scale := ev.Scale
		if scale == 0 {
			scale = 1
		}
		w := e.rules[i].Weight * scale * basis.Trust()
		// The strongest occurrence speaks for all of them.
		if f.Times == 1 || abs(w) > abs(f.Weight) {
			f.Weight, f.Evidence, f.Basis = w, ev, basis
		}
		f.Evidence.Frames = frames
	}
}

func abs(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}

// Finish lets the rules judge at the end of the input and returns the judgement of
// every cell, in the tracker's order.
func (e *Engine) Finish() []Judgement {
	all := e.tracker.Cells()
	out := make([]Judgement, 0, len(all))
	for _, c := range all {
		s := e.state(c)
		view := rule.NewView(c, all, e.Known)
		j := Judgement{Cell: c, Outcomes: make([]Outcome, len(e.rules))}
		for i := range e.rules {
			j.Outcomes[i] = e.outcome(s, i, view)
		}
		for n := range s.findings {
			f := &s.findings[n]
			for _, b := range f.Rule.Benign {
				status := rule.NotTestable
				if b.Test != nil {
					status = e.benign(b, f.Rule, view)
				}
				f.Benign = append(f.Benign, TestedBenign{b.Explanation, status})
			}
		}
		j.Findings = s.findings
		slices.SortStableFunc(j.Findings, func(a, b Finding) int {
			if c := cmp.Compare(abs(b.Weight), abs(a.Weight)); c != 0 {
				return c
			}
			if c := cmp.Compare(a.Rule.ID, b.Rule.ID); c != 0 {
				return c
			}
			return cmp.Compare(a.Evidence.Field+a.Evidence.Got, b.Evidence.Field+b.Evidence.Got)
		})
		out = append(out, j)
	}
	return out
}

func (e *Engine) outcome(s *state, i int, view rule.View) Outcome {
	if !s.seen[i] {
		return NotObservable
	}
	if f, ok := s.observers[i].(rule.Finisher); ok {
		e.keep(s, i, e.finish(f, i, view), event.ByIdentity)
	}
	if s.count[i] > 0 {
		return Fired
	}
	if f, ok := s.observers[i].(rule.Sufficiency); ok && !e.enough(f, i, view) {
		return Insufficient
	}
	return Clear
}

func (e *Engine) finish(f rule.Finisher, i int, view rule.View) (found []rule.Evidence) {
	if !e.Strict {
		defer e.recovered(i)
	}
	return f.Finish(view)
}

func (e *Engine) enough(f rule.Sufficiency, i int, view rule.View) (ok bool) {
	if !e.Strict {
		defer e.recovered(i)
	}
	return f.Enough(view)
}

func (e *Engine) benign(b rule.Benign, r *rule.Rule, view rule.View) (status rule.BenignStatus) {
	status = rule.NotTestable
	if !e.Strict {
		defer e.recovered(slices.Index(e.rules, r))
	}
	return b.Test(view)
}
