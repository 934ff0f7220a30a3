package cell_test

import (
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// TestCourse: however long a course is, its points are few, in order, and hold all.
func TestCourse(t *testing.T) {
	const n = 100_000
	var levels cell.LevelSeries
	var connections cell.ConnectionSeries
	for i := range n {
		ref := event.Ref{Frame: i + 1, Time: int64(i + 1)}
		levels.Add(ref, -100+i%50)
		connections.Add(ref, i%4 == 0)
	}
	var sum int64
	count, last := 0, 0
	for _, p := range levels.Points {
		if p.First.Frame != last+1 || p.Last.Frame < p.First.Frame || p.Min < -100 || p.Max > -51 {
			t.Errorf("point %+v after frame %d", p, last)
		}
		last = p.Last.Frame
		count += p.N
		sum += p.Sum
	}
	if len(levels.Points) > cell.MaxPoints || len(levels.Points) < cell.MaxPoints/2 || count != n || sum != -75*n-n/2 || last != n {
		t.Errorf("%d points, %d levels, sum %d, last frame %d", len(levels.Points), count, sum, last)
	}
	count, exposing := 0, 0
	for _, p := range connections.Points {
		count += p.Count
		exposing += p.Exposing
	}
	if len(connections.Points) > cell.MaxPoints || count != n || exposing != n/4 {
		t.Errorf("%d points, %d connections, %d exposing", len(connections.Points), count, exposing)
	}
}

// TestSequences: of sessions alike one is kept, of many that differ those that say more
// about the cell, and all others are counted.
func TestSequences(t *testing.T) {
	tr := cell.NewTracker()
	c := tr.Lookup(event.GSM, event.CellID{Known: true}, cell.GSM(20, false))
	frame := 0
	session := func(steps ...event.Step) {
		s := event.Session{Identity: ident.TMSIIdentity(7), Dropped: 1}
		for i := range steps {
			frame++
			steps[i].Ref = event.Ref{Frame: frame}
		}
		s.Steps = steps
		s.First, s.Last = steps[0].Ref, steps[len(steps)-1].Ref
		tr.Apply(c, &event.Event{Ref: s.Last, Basis: event.BySI6, Body: &s})
	}
	plain := func(cause int) event.Step { return event.Step{Action: event.Release, Cause: cause} }
	const courses = cell.MaxSequences + 20
	for i := range courses {
		session(event.Step{Action: event.UpdateRequest, Uplink: true}, plain(i))
		session(event.Step{Action: event.UpdateRequest, Uplink: true}, plain(i))
	}
	long := make([]event.Step, event.MaxSteps)
	for i := range long {
		long[i] = event.Step{Action: event.IdentityRequest, Identity: ident.IMSI, Message: "Identity Request"}
	}
	session(long...)
	if len(c.Sequences) != cell.MaxSequences {
		t.Fatalf("%d sequences", len(c.Sequences))
	}
	total := c.SequencesOmitted
	for i := range c.Sequences {
		total += 1 + c.Sequences[i].Alike
		if i > 0 && !c.Sequences[i-1].First.Before(c.Sequences[i].First) {
			t.Errorf("sequence %d out of order", i)
		}
	}
	if want := 2*courses + 1; total != want || c.Sessions.Count != want {
		t.Errorf("%d sessions kept or counted of %d", total, want)
	}
	q := c.Sequences[len(c.Sequences)-1]
	if len(q.Steps) != cell.MaxSequenceSteps || q.Omitted != event.MaxSteps-cell.MaxSequenceSteps+1 || !q.Exposing || q.Steps[0].Detail != "IMSI" || q.Basis != event.BySI6 {
		t.Errorf("%+v", q)
	}
}
