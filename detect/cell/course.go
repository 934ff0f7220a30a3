package cell

import (
	"cmp"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// MaxPoints bounds the points of a course over time. When a course is full its points
// are joined two by two and each later one takes twice as much, so nothing is left out.
const MaxPoints = 64

// LevelPoint sums up the levels of consecutive frames.
type LevelPoint struct {
	First, Last event.Ref
	Level
}

// LevelSeries is the course of received levels in dBm. The zero value is empty.
type LevelSeries struct {
	Points []LevelPoint
	// each is how many levels go into a point, less one.
	each int
}

// Add adds the level of a frame.
func (s *LevelSeries) Add(ref event.Ref, dBm int) {
	if n := len(s.Points); n > 0 && s.Points[n-1].N <= s.each {
		s.Points[n-1].Last = ref
		s.Points[n-1].Add(dBm)
		return
	}
	if len(s.Points) == MaxPoints {
		for i := range MaxPoints / 2 {
			a, b := s.Points[2*i], s.Points[2*i+1]
			a.Last = b.Last
			a.Min, a.Max = min(a.Min, b.Min), max(a.Max, b.Max)
			a.N, a.Sum = a.N+b.N, a.Sum+b.Sum
			s.Points[i] = a
		}
		s.Points = s.Points[:MaxPoints/2]
		s.each = 2*s.each + 1
	}
	s.Points = append(s.Points, LevelPoint{First: ref, Last: ref})
	s.Points[len(s.Points)-1].Add(dBm)
}

// ConnectionPoint counts consecutive sessions, and those of them with one of
// event.ExposingMessages. First and Last are where the first and last of them began.
type ConnectionPoint struct {
	First, Last     event.Ref
	Count, Exposing int
}

// ConnectionSeries is the course of sessions. The zero value is empty.
type ConnectionSeries struct {
	Points []ConnectionPoint
	each   int
}

// Add adds a session that began at ref.
func (s *ConnectionSeries) Add(ref event.Ref, exposing bool) {
	if n := len(s.Points); n == 0 || s.Points[n-1].Count > s.each {
		if n == MaxPoints {
			for i := range MaxPoints / 2 {
				a, b := s.Points[2*i], s.Points[2*i+1]
				s.Points[i] = ConnectionPoint{a.First, b.Last, a.Count + b.Count, a.Exposing + b.Exposing}
			}
			s.Points = s.Points[:MaxPoints/2]
			s.each = 2*s.each + 1
		}
		s.Points = append(s.Points, ConnectionPoint{First: ref})
	}
	p := &s.Points[len(s.Points)-1]
	p.Last = ref
	p.Count++
	if exposing {
		p.Exposing++
	}
}

// Bounds on the sessions kept step by step.
const (
	// MaxSequences is how many different courses of sessions are kept of a cell. A network
	// has about as many procedures; a cell that does one thing to all phones shows it once.
	MaxSequences = 8
	// MaxSequenceSteps is how many steps are kept of each: a registration with
	// authentication, ciphering and reallocation has fourteen.
	MaxSequenceSteps = 32
)

// Sequence is a session step by step.
type Sequence struct {
	First, Last event.Ref
	Basis       event.Basis
	// Phone is the identity by which the phone was called; personal data.
	Phone ident.MobileIdentity
	Steps []Step
	// Omitted counts the steps beyond MaxSequenceSteps, Hidden the ciphered messages.
	Omitted, Hidden int
	// Alike counts the later sessions that took the same course.
	Alike int
	// Exposing: it has one of event.ExposingMessages.
	Exposing bool

	course uint64
	worth  int
}

// Step is a message of a Sequence.
type Step struct {
	Ref     event.Ref
	Message string
	Uplink  bool
	// Detail is the value that matters in it, in the words of the specification.
	Detail string
	// Exposing: it is one of event.ExposingMessages.
	Exposing bool
	// Repeats counts identical messages that followed.
	Repeats int
}

// keep keeps a session step by step: one of each course, and where there are more
// courses than can be kept those that say more about the cell, the earlier first.
func (c *Cell) keep(s *event.Session, basis event.Basis) {
	course, worth := courseOf(s, c.RAT)
	for i := range c.Sequences {
		if q := &c.Sequences[i]; q.course == course {
			q.Alike++
			return
		}
	}
	if len(c.Sequences) == MaxSequences {
		least := 0
		for i := range c.Sequences {
			if c.Sequences[i].worth <= c.Sequences[least].worth {
				least = i
			}
		}
		if c.Sequences[least].worth >= worth {
			c.SequencesOmitted++
			return
		}
		c.SequencesOmitted += 1 + c.Sequences[least].Alike
		c.Sequences = slices.Delete(c.Sequences, least, least+1)
	}
	n := min(len(s.Steps), MaxSequenceSteps)
	q := Sequence{
		First: s.First, Last: s.Last, Basis: basis, Phone: s.Identity, Steps: make([]Step, n),
		Omitted: len(s.Steps) - n + s.Dropped, Hidden: s.Hidden, course: course, worth: worth,
	}
	for i := range s.Steps {
		st := &s.Steps[i]
		exposing := st.Exposing(c.RAT)
		q.Exposing = q.Exposing || exposing
		if i < n {
			q.Steps[i] = Step{Ref: st.Ref, Message: st.Message, Uplink: st.Uplink, Detail: st.Detail(), Exposing: exposing, Repeats: st.Repeats}
		}
	}
	c.Sequences = append(c.Sequences, q)
	slices.SortStableFunc(c.Sequences, func(a, b Sequence) int {
		return cmp.Or(cmp.Compare(a.First.Capture, b.First.Capture), cmp.Compare(a.First.Frame, b.First.Frame))
	})
}

// courseOf returns a hash of what happened in a session, and how much that says about
// the cell.
func courseOf(s *event.Session, rat event.RAT) (hash uint64, worth int) {
	hash = 14695981039346656037 // FNV-1a
	add := func(v uint64) { hash = (hash ^ v) * 1099511628211 }
	kinds := uint64(0)
	for i := range s.Steps {
		st := &s.Steps[i]
		if st.Action == event.MeasurementReport {
			continue // as many as the session is long
		}
		add(uint64(st.Action)<<32 | uint64(st.Cause)<<16 | uint64(st.Identity)<<8)
		if st.Uplink {
			add(1)
		}
		for _, b := range []byte(st.Algorithm) {
			add(uint64(b))
		}
		w := 0
		switch st.Action {
		case event.SecurityCommand, event.ShortMessage, event.PositionRequest, event.AuthenticationFailure:
			w = 2
		case event.IdentityRequest, event.UpdateReject, event.ServiceReject, event.AuthenticationReject, event.NetworkDetach, event.ConnectionReject, event.ReestablishmentReject:
			w = 3
		case event.AuthenticationRequest, event.UpdateAccept, event.Release:
			w = 1
		}
		if st.Exposing(rat) {
			w += 2
		}
		if kinds>>st.Action&1 == 0 {
			kinds |= 1 << st.Action
			worth += w
		}
	}
	return hash, worth
}
