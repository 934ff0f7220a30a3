// Package rule is the contract between rules and the engine that runs them.
//
// A rule is one file in package rules: data about itself, a function that makes an
// Observer for a cell, and vectors that show it firing and silent. The engine keys
// Observers by cell, bounds their number and derives the outcome; a rule owns no
// global state, reads no clock and does no I/O.
package rule

import (
	"fmt"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// Family groups rules whose findings correlate, because one cause brings several
// of them: inside a family the strongest counts in full and the rest is damped.
type Family string

// Families.
const (
	// Attract: the cell bids for phones and holds them.
	Attract Family = "attract"
	// Identify: the cell collects identities.
	Identify Family = "identify"
	// Cipher: the cell leaves traffic unprotected.
	Cipher Family = "cipher"
	// Deny: the cell refuses phones.
	Deny Family = "deny"
	// Identifier: the cell's own identity does not fit.
	Identifier Family = "identifier"
	// Neighbour: the cell does not fit into the network around it.
	Neighbour Family = "neighbour"
	// Paging: the cell pages unlike a network.
	Paging Family = "paging"
	// Structure: the cell contradicts itself or another.
	Structure Family = "structure"
	// Push: the cell hands messages to phones.
	Push Family = "push"
	// Rarity: the cell is unlike its peers as a whole, whatever its values mean.
	Rarity Family = "rarity"
	// Counter: what speaks for a genuine cell.
	Counter Family = "counter"
)

// Severity is how much a finding matters to an officer, apart from its weight.
type Severity string

// Severities.
const (
	Info   Severity = "info"
	Low    Severity = "low"
	Medium Severity = "medium"
	High   Severity = "high"
)

// Status says how well a rule is tried.
type Status string

// Statuses.
const (
	Experimental Status = "experimental"
	Stable       Status = "stable"
)

// BenignStatus is the result of testing a benign explanation in the same captures.
type BenignStatus string

// Results of a benign explanation's test.
const (
	Excluded    BenignStatus = "excluded"
	Possible    BenignStatus = "possible"
	NotTestable BenignStatus = "not_testable"
)

// Benign is an innocent explanation of what a rule finds.
type Benign struct {
	Explanation string
	// Test looks for the explanation in the captures; nil if they cannot show it.
	Test func(View) BenignStatus
}

// Param is a number that a rule depends on and a user may change.
type Param struct {
	Name string
	// Default is used unless the user gives another value.
	Default float64
	// Unit, and the range that a user may choose from.
	Unit     string
	Min, Max float64
	// Source says where the default comes from.
	Source string
}

// Values are the values of a rule's parameters by name.
type Values map[string]float64

// Vector is a test of a rule: frames in, expectation out. Package ruletest
// describes the notation of Frames.
type Vector struct {
	Name   string
	Fires  bool
	Frames string
	// Known are earlier captures, in the same notation, that make the baseline; nil for
	// none.
	Known []string
}

// Rule describes one detection.
type Rule struct {
	// ID is "rat-subject-defect" in kebab case; the file name is the same with
	// underscores. An ID is never used again for another rule.
	ID     string
	Title  string
	Family Family
	// Severity of a finding.
	Severity Severity
	Status   Status
	// Since is the version of fbsdetect that had the rule first; Version rises with
	// every change of behaviour.
	Since   string
	Version int
	// RATs that the rule looks at.
	RATs []event.RAT
	// Catalogue names the rows of the detection catalogue that the rule covers.
	Catalogue []string
	// Needs are the kinds of events without which nothing can be said: if none was
	// seen on a cell, the rule is not observable there.
	Needs []event.Kind
	// Repeats asks for broadcast events again when the message repeats unchanged;
	// else only changes are delivered.
	Repeats bool
	// Weight is the log10 likelihood ratio of a finding: positive speaks for a false
	// base station, negative for a genuine cell.
	Weight float64
	// WeightBasis says what the weight rests on: "measured: <corpus, n>" or "expert".
	WeightBasis string
	// Why explains in plain words why this matters.
	Why    string
	Benign []Benign
	// Refs cite clauses ("TS 45.008 §6.4") and papers.
	Refs   []string
	Params []Param
	// New makes the Observer of one cell.
	New func(Values) Observer
	// Vectors are at least one that fires and one that does not.
	Vectors []Vector
}

// Observer watches one cell for one rule.
type Observer interface {
	// Observe takes an event of a kind that the rule needs and returns what it finds.
	// It must not keep the event's body.
	Observe(*event.Event) []Evidence
}

// Finisher is an Observer that judges at the end of the input, when the cells
// around are known.
type Finisher interface {
	Finish(View) []Evidence
}

// Sufficiency is an Observer that can say that it saw too little to call a cell
// clear. Without it, one needed event is enough.
type Sufficiency interface {
	Enough(View) bool
}

// Evidence is one finding on one cell.
type Evidence struct {
	// Frames show it, at least one.
	Frames []event.Ref
	// Field is the field's name in the specification, Got its value, Expect what a
	// genuine cell would have.
	Field, Got, Expect string
	// Summary is one sentence for a person who reads no specification.
	Summary string
	// Scale multiplies the rule's weight; 0 means 1.
	Scale float64
	// Basis is what ties the frames to the cell, for evidence found at the end; during
	// the input the engine takes it from the event. The zero value is "the messages
	// name the cell themselves".
	Basis event.Basis
	// Profile is what the finding adds up to, nil for a finding of one thing.
	Profile *Profile
}

// Profile is a way of attacking as it unfolded on a cell. It holds personal data.
type Profile struct {
	// Kind names it as the report does.
	Kind string
	// Phones counts the phones that named themselves, Unnamed the connections of others.
	Phones, Unnamed int
	// Messages counts the short messages handed to phones.
	Messages int
	// Stages in order; Texts, most often sent first.
	Stages []Stage
	Texts  []PushedText
}

// Stage is one stage of an attack: what was seen of it, nothing if nothing was.
type Stage struct {
	Name     string
	Observed []string
	// First and Last are times in nanoseconds since 1970, 0 if unknown.
	First, Last int64
	Frames      []event.Ref
	Times       int
}

// See adds an occurrence of the stage at a frame.
func (s *Stage) See(ref event.Ref, time int64) {
	s.Times++
	if len(s.Frames) < maxStageFrames && !slices.Contains(s.Frames, ref) {
		s.Frames = append(s.Frames, ref)
	}
	if time > 0 && (s.First == 0 || time < s.First) {
		s.First = time
	}
	s.Last = max(s.Last, time)
}

// maxStageFrames bounds the frames that a report lists of one stage.
const maxStageFrames = 16

// PushedText is a text handed to phones.
type PushedText struct {
	Sender, Centre ident.Address
	Text           ident.Text
	// Messages counts how often it was sent, Phones to how many that named themselves.
	Messages, Phones int
	Frames           []event.Ref
}

// View is what a rule may look at when it judges: its cell among the others.
type View struct {
	Cell *cell.Cell
	// All are the cells of the run, the cell itself included.
	All []*cell.Cell
	// Known is the baseline, nil without one.
	Known Known

	population *[]*cell.Cell // what Population found, kept by NewView
}

// NewView returns a View that remembers what it had to search for.
func NewView(c *cell.Cell, all []*cell.Cell, known Known) View {
	return View{Cell: c, All: all, Known: known, population: new([]*cell.Cell)}
}

// Peers lists the other cells of the same RAT and PLMN.
func (v View) Peers() []*cell.Cell {
	var p []*cell.Cell
	for _, c := range v.All {
		if c != v.Cell && c.ID.Known && c.RAT == v.Cell.RAT && c.ID.PLMN == v.Cell.ID.PLMN && c.ID != v.Cell.ID {
			p = append(p, c)
		}
	}
	return p
}

// Others lists the other cells of the same RAT, of any PLMN.
func (v View) Others() []*cell.Cell {
	var p []*cell.Cell
	for _, c := range v.All {
		if c != v.Cell && c.ID.Known && c.RAT == v.Cell.RAT {
			p = append(p, c)
		}
	}
	return p
}

// Each calls f with the value of a parameter of every peer that broadcast it.
func Each(cells []*cell.Cell, name string, f func(*cell.Cell, cell.Parameter)) {
	for _, c := range cells {
		if p, ok := c.Param(name); ok {
			f(c, p)
		}
	}
}

// Mode returns the most frequent value of a parameter among cells, how many have it
// and how many broadcast the parameter at all. Ties go to the smaller value.
func Mode(cells []*cell.Cell, name string) (mode cell.Parameter, count, total int) {
	var seen []cell.Parameter
	var n []int
	Each(cells, name, func(_ *cell.Cell, p cell.Parameter) {
		total++
		for i := range seen {
			if seen[i].Value == p.Value {
				n[i]++
				return
			}
		}
		seen, n = append(seen, p), append(n, 1)
	})
	for i := range seen {
		if n[i] > count || n[i] == count && seen[i].Value < mode.Value {
			mode, count = seen[i], n[i]
		}
	}
	return mode, count, total
}

// Defaults returns the default values of the rule's parameters.
func (r *Rule) Defaults() Values {
	v := make(Values, len(r.Params))
	for _, p := range r.Params {
		v[p.Name] = p.Default
	}
	return v
}

var registry = map[string]*Rule{}

// Register adds a rule to the catalogue. It panics on a rule that lacks what the
// catalogue promises: that is a programmer's error, found by the first test.
func Register(r Rule) *Rule {
	switch {
	case r.ID == "" || registry[r.ID] != nil:
		panic(fmt.Sprintf("rule %q: no or a used id", r.ID))
	case r.Title == "" || r.Why == "" || r.Family == "" || r.Severity == "" || r.Status == "" || r.Since == "" || r.Version == 0:
		panic(r.ID + ": incomplete description")
	case len(r.Benign) == 0 && r.Family != Counter, len(r.Refs) == 0, len(r.Catalogue) == 0 && r.Family != Counter:
		panic(r.ID + ": no benign explanation, reference or catalogue row")
	case len(r.Needs) == 0 || len(r.RATs) == 0 || r.New == nil:
		panic(r.ID + ": nothing to observe")
	case r.Weight == 0 || r.WeightBasis == "" || (r.Weight < 0) != (r.Family == Counter):
		panic(r.ID + ": weight")
	}
	registry[r.ID] = &r
	return &r
}

// All lists the registered rules by ID.
func All() []*Rule {
	all := make([]*Rule, 0, len(registry))
	for _, r := range registry {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b *Rule) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return all
}

// ByID returns the rule of that ID, or nil.
func ByID(id string) *Rule { return registry[id] }
