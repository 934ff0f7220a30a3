// Package cell keeps who is which cell: what each broadcast about itself, on which
// frequency, and what happened on it. It holds facts only; rules judge them.
package cell

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/arfcn"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// NoARFCN stands for a frequency that the capture does not tell.
const NoARFCN = -1

// NoPCI stands for a physical cell identity that the capture does not tell.
const NoPCI = -1

// Radio is where a cell is on air: the radio side of its identity.
type Radio struct {
	// ARFCN is the frequency (GSM: ARFCN, LTE: EARFCN), or NoARFCN.
	ARFCN int
	// PCS: the ARFCN counts in PCS 1900.
	PCS bool
	// PCI is LTE's physical cell identity, 0 to 503, or NoPCI.
	PCI int
}

// NoRadio is the Radio of a cell of which the capture tells neither.
var NoRadio = Radio{ARFCN: NoARFCN, PCI: NoPCI}

// GSM returns the Radio of a GSM frequency, which may be NoARFCN.
func GSM(arfcn int, pcs bool) Radio {
	return Radio{ARFCN: arfcn, PCS: pcs && arfcn != NoARFCN, PCI: NoPCI}
}

// Cell is one cell as far as the captures show it: an identity on a frequency. The
// entry without identity collects, per capture and RAT, signalling whose cell the
// capture does not name.
type Cell struct {
	RAT event.RAT
	ID  event.CellID
	Radio
	// PLMNs are all networks that the cell named where it can name several (LTE), the
	// first of them in ID.
	PLMNs []ident.PLMN
	// Bands are the frequency bands it said it is in.
	Bands []int
	// Capture is the capture of an entry without identity, else -1.
	Capture int

	// First and Last are the first and last frame of the cell, FirstTime and LastTime
	// their times in nanoseconds since 1970 (0 if unknown).
	First, Last         event.Ref
	FirstTime, LastTime int64

	// Broadcasts counts the broadcast messages by type.
	Broadcasts [event.NumSources]Broadcast
	// Idle and Dedicated are the union of the neighbour lists for idle phones (SI2
	// family) and phones in a connection (SI5 family).
	Idle, Dedicated arfcn.Set
	// Carriers are the cell's own frequencies (SI1); empty if not heard.
	Carriers arfcn.Set
	// Measured are the frequencies that LTE's system information tells phones to look
	// at, by the block that lists them.
	Measured map[event.Source][]event.Carrier
	// Digests are the contents heard of each block of system information, the value tag
	// in force and where, at most maxDigests of each.
	Digests map[event.Source][]Digest
	// Has and Known are the capabilities that messages claimed and could have claimed.
	Has, Known event.Capability
	// Pagings counts paging messages with identities, PagedIMSI and PagedTMSI the
	// identities in them.
	Pagings, PagedIMSI, PagedTMSI int
	// PagedCS counts identities paged for the circuit switched domain.
	PagedCS int
	// Warnings counts pages of public warnings by cell broadcast.
	Warnings int
	// Assignments counts assignments of dedicated channels, Hopping those that hop.
	Assignments, Hopping int
	// Sessions counts the sessions of the cell.
	Sessions Sessions
	// Level is the received level where the tool measured it, Levels its course.
	Level  Level
	Levels LevelSeries
	// Connections is the course of Sessions: how many there were and how many exposed.
	Connections ConnectionSeries
	// Sequences are sessions step by step, at most MaxSequences that differ.
	// SequencesOmitted counts the sessions of other courses.
	Sequences        []Sequence
	SequencesOmitted int

	params  []Parameter
	touched uint64
	index   int
}

// Broadcast counts one type of broadcast message.
type Broadcast struct {
	Count       int
	First, Last event.Ref
}

// Sessions counts what happened in the sessions of a cell.
type Sessions struct {
	Count            int `json:"count"`
	Authenticated    int `json:"authenticated"`
	Ciphered         int `json:"ciphered"`
	Rejected         int `json:"rejected"`
	IdentityRequests int `json:"identity_requests"`
	// Exposing counts the sessions with one of event.ExposingMessages.
	Exposing int `json:"exposing"`
}

// Add adds the counts of o.
func (s *Sessions) Add(o *Sessions) {
	s.Count += o.Count
	s.Authenticated += o.Authenticated
	s.Ciphered += o.Ciphered
	s.Rejected += o.Rejected
	s.IdentityRequests += o.IdentityRequests
	s.Exposing += o.Exposing
}

// maxDigests bounds the contents kept of one block: a cell changes its system
// information some times a day, an identity used by two cells shows two.
const maxDigests = 8

// Digest is one content of a block of system information.
type Digest struct {
	// Hash is of its octets; ValueTag the systemInfoValueTag then in force, or -1.
	Hash     uint64
	ValueTag int
	// First and Last are its first and last frame, FirstTime and LastTime their times.
	First, Last         event.Ref
	FirstTime, LastTime int64
}

// Level sums up received levels in dBm.
type Level struct {
	N        int
	Min, Max int
	Sum      int64
}

// Add counts one measured level.
func (l *Level) Add(dBm int) {
	if l.N == 0 || dBm < l.Min {
		l.Min = dBm
	}
	if l.N == 0 || dBm > l.Max {
		l.Max = dBm
	}
	l.N++
	l.Sum += int64(dBm)
}

// Index is the cell's place in its tracker; it is unique among the cells kept and
// reused after eviction.
func (c *Cell) Index() int { return c.index }

// see notes a frame of the cell. Frames may come late: those of a session when it
// ends.
func (c *Cell) see(ref event.Ref, time int64) {
	if c.First.Frame == 0 || ref.Before(c.First) {
		c.First, c.FirstTime = ref, time
	}
	if !ref.Before(c.Last) {
		c.Last, c.LastTime = ref, time
	}
}

// usualParameters is how many parameters a GSM cell broadcasts.
const usualParameters = 28

// Parameter is one broadcast parameter of a cell.
type Parameter struct {
	// Name is the parameter's name in the specification.
	Name string
	// Text is the value as reports print it, with its unit.
	Text string
	// Value is the raw value, for comparison with other cells.
	Value float64
	// Source is the message that carried it.
	Source event.Source
	// Basis is what ties the message to the cell.
	Basis event.Basis
	// First is the frame in which the present value was first seen.
	First event.Ref
	// Changes counts how often the value changed.
	Changes int
}

// Parameters lists the broadcast parameters in the order in which they were heard.
func (c *Cell) Parameters() []Parameter { return c.params }

// Restore gives a cell the parameters that were learned of it earlier.
func (c *Cell) Restore(list []Parameter) { c.params = list }

// Param returns the parameter of that name.
func (c *Cell) Param(name string) (Parameter, bool) {
	for i := range c.params {
		if c.params[i].Name == name {
			return c.params[i], true
		}
	}
	return Parameter{}, false
}

// set records a parameter's value; n holds what it is and where it was seen.
func (c *Cell) set(n Parameter) {
	for i := range c.params {
		p := &c.params[i]
		if p.Name != n.Name {
			continue
		}
		if p.Text != n.Text {
			n.Changes = p.Changes + 1
			*p = n
		}
		p.Basis = min(p.Basis, n.Basis)
		return
	}
	if c.params == nil {
		c.params = make([]Parameter, 0, usualParameters)
	}
	c.params = append(c.params, n)
}
