package engine

import (
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// watcher is an Observer made of functions.
type watcher struct {
	observe func(*event.Event) []rule.Evidence
	finish  func(rule.View) []rule.Evidence
	enough  bool
}

func (w watcher) Observe(e *event.Event) []rule.Evidence { return w.observe(e) }
func (w watcher) Finish(v rule.View) []rule.Evidence     { return w.finish(v) }
func (w watcher) Enough(rule.View) bool                  { return w.enough }

func none(*event.Event) []rule.Evidence   { return nil }
func noneLater(rule.View) []rule.Evidence { return nil }

func newRule(id string, w watcher) *rule.Rule {
	return &rule.Rule{ID: id, Family: rule.Attract, RATs: []event.RAT{event.GSM}, Needs: []event.Kind{event.KindPaging}, Weight: 1,
		Params: []rule.Param{{Name: "x", Default: 3}}, New: func(rule.Values) rule.Observer { return w }}
}

func found(frame int, got string) []rule.Evidence {
	return []rule.Evidence{{Frames: []event.Ref{{Frame: frame}}, Field: "F", Got: got}}
}

// run gives n paging events to rules on one cell.
func run(t *testing.T, n int, basis event.Basis, rules ...*rule.Rule) (*Engine, Judgement) {
	t.Helper()
	tr := cell.NewTracker()
	e := New(tr, rules, nil)
	c := tr.Lookup(event.GSM, event.CellID{PLMN: ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}, Cell: 1, Known: true}, cell.GSM(33, false))
	for i := range n {
		e.Observe(c, &event.Event{Ref: event.Ref{Frame: i + 1}, Basis: basis, Body: &event.Paging{TMSIs: 1}}, false)
	}
	j := e.Finish()
	if len(j) != 1 {
		t.Fatalf("%d judgements", len(j))
	}
	return e, j[0]
}

func TestOutcomes(t *testing.T) {
	fires := newRule("fires", watcher{observe: func(e *event.Event) []rule.Evidence { return found(e.Ref.Frame, "a") }, finish: noneLater, enough: true})
	later := newRule("later", watcher{observe: none, finish: func(rule.View) []rule.Evidence { return found(1, "b") }, enough: true})
	clear := newRule("clear", watcher{observe: none, finish: noneLater, enough: true})
	short := newRule("short", watcher{observe: none, finish: noneLater})
	blind := newRule("blind", watcher{observe: none, finish: noneLater, enough: true})
	blind.Needs = []event.Kind{event.KindSession}
	other := newRule("other", watcher{observe: none, finish: noneLater, enough: true})
	other.RATs = []event.RAT{event.LTE}
	_, j := run(t, 3, event.ByIdentity, fires, later, clear, short, blind, other)
	want := []Outcome{Fired, Fired, Clear, Insufficient, NotObservable, NotObservable}
	for i, o := range want {
		if j.Outcomes[i] != o {
			t.Errorf("rule %d: %v, want %v", i, j.Outcomes[i], o)
		}
	}
}

// TestMerge: equal findings are one with all their frames; there are bounds on both.
func TestMerge(t *testing.T) {
	same := newRule("same", watcher{observe: func(e *event.Event) []rule.Evidence { return found(e.Ref.Frame, "a") }, finish: noneLater})
	_, j := run(t, 100, event.ByIdentity, same)
	if len(j.Findings) != 1 || j.Findings[0].Times != 100 || len(j.Findings[0].Evidence.Frames) != maxFrames {
		t.Errorf("%d findings, the first %+v", len(j.Findings), j.Findings[0])
	}
	many := newRule("many", watcher{observe: func(e *event.Event) []rule.Evidence {
		return found(e.Ref.Frame, strings.Repeat("x", e.Ref.Frame))
	}, finish: noneLater})
	_, j = run(t, 100, event.ByIdentity, many)
	if len(j.Findings) != maxFindings {
		t.Errorf("%d findings kept", len(j.Findings))
	}
}

// TestBasis: a weak attribution lowers the weight, and evidence found at the end says
// what it rests on.
func TestBasis(t *testing.T) {
	r := newRule("r", watcher{observe: func(e *event.Event) []rule.Evidence { return found(e.Ref.Frame, "a") }, finish: noneLater})
	_, j := run(t, 1, event.ByLastBroadcast, r)
	if f := j.Findings[0]; f.Weight != event.ByLastBroadcast.Trust() || f.Basis != event.ByLastBroadcast {
		t.Errorf("%+v", f)
	}
	late := newRule("late", watcher{observe: none, finish: func(rule.View) []rule.Evidence {
		ev := found(1, "a")
		ev[0].Basis, ev[0].Scale = event.ByArea, 0.5
		return ev
	}})
	_, j = run(t, 1, event.ByIdentity, late)
	if f := j.Findings[0]; f.Weight != 0.5*event.ByArea.Trust() || f.Basis != event.ByArea {
		t.Errorf("%+v", f)
	}
}

// TestPanic: a rule that panics is counted and the others go on.
func TestPanic(t *testing.T) {
	bad := newRule("bad", watcher{observe: func(*event.Event) []rule.Evidence { panic("broken") }, finish: noneLater, enough: true})
	good := newRule("good", watcher{observe: func(e *event.Event) []rule.Evidence { return found(e.Ref.Frame, "a") }, finish: noneLater})
	e, j := run(t, 2, event.ByIdentity, bad, good)
	if e.Panics != 2 || !strings.Contains(e.FirstPanic, "bad: broken") || len(j.Findings) != 1 {
		t.Errorf("%d panics, first %q, %d findings", e.Panics, e.FirstPanic, len(j.Findings))
	}
	e.Strict = true
	defer func() {
		if recover() == nil {
			t.Error("Strict keeps the panic")
		}
	}()
	e.Observe(j.Cell, &event.Event{Body: &event.Paging{}}, false)
}

func TestRepeats(t *testing.T) {
	n := 0
	counts := newRule("counts", watcher{observe: func(*event.Event) []rule.Evidence { n++; return nil }, finish: noneLater})
	tr := cell.NewTracker()
	c := tr.Unattributed(event.GSM, 0)
	ev := &event.Event{Body: &event.Paging{}}
	e := New(tr, []*rule.Rule{counts}, nil)
	if e.Observe(c, ev, true); n != 0 || e.Repeats() {
		t.Error("a repetition reaches a rule that did not ask")
	}
	counts.Repeats = true
	e = New(tr, []*rule.Rule{counts}, nil)
	if e.Observe(c, ev, true); n != 1 || !e.Repeats() {
		t.Error("a repetition does not reach a rule that asked")
	}
}

func TestValues(t *testing.T) {
	var got rule.Values
	r := newRule("r", watcher{})
	r.New = func(v rule.Values) rule.Observer { got = v; return watcher{observe: none, finish: noneLater} }
	tr := cell.NewTracker()
	e := New(tr, []*rule.Rule{r}, map[string]rule.Values{"r": {"x": 7}})
	e.Observe(tr.Unattributed(event.GSM, 0), &event.Event{Body: &event.Paging{}}, false)
	if got["x"] != 7 {
		t.Errorf("values %v", got)
	}
}
