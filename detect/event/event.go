// Package event is the language that rules are written in: what a cell broadcast
// and what was said on it, the same for every radio generation, in engineering
// units, without an octet of the capture.
package event

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// RAT is a radio access technology.
type RAT uint8

// Radio access technologies.
const (
	GSM RAT = iota
	UMTS
	LTE
	NR
	numRATs
)

var ratNames = [numRATs]string{"gsm", "umts", "lte", "nr"}

// String writes the RAT as reports do: gsm, umts, lte, nr.
func (r RAT) String() string {
	if r < numRATs {
		return ratNames[r]
	}
	return "unknown"
}

// ParseRAT reads what String writes.
func ParseRAT(s string) (RAT, bool) {
	for i, n := range ratNames {
		if n == s {
			return RAT(i), true
		}
	}
	return 0, false
}

// MarshalText writes the RAT as String does.
func (r RAT) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Ref points at a frame of a capture.
type Ref struct {
	// Capture is the index of the capture in the run, from 0.
	Capture int `json:"capture"`
	// Frame is the frame's number in that capture as Wireshark counts, from 1.
	Frame int `json:"frame"`
	// Time is the frame's time in nanoseconds since 1970, 0 if the capture tells none. It
	// belongs to the frame, so equal references have equal times.
	Time int64 `json:"-"`
}

// Before orders references by capture and frame.
func (r Ref) Before(o Ref) bool {
	return r.Capture < o.Capture || r.Capture == o.Capture && r.Frame < o.Frame
}

// Basis says what ties an event to its cell; evidence on a weak tie weighs less.
type Basis uint8

// What an attribution rests on, strongest first.
const (
	// ByIdentity: the message names the cell itself (SI3, SI6, SIB1).
	ByIdentity Basis = iota
	// BySI6: the cell named itself on the slow associated channel of this session.
	BySI6
	// ByFrequency: the cell heard last on this frequency, which the tool recorded.
	ByFrequency
	// ByAssignment: the cell that assigned the session's channel.
	ByAssignment
	// ByCamping: the cell whose system information the phone read last before it
	// connected; the tool recorded no frequency.
	ByCamping
	// ByArea: the only cell heard in the area that a message of the session names.
	ByArea
	// ByLastBroadcast: the cell that named itself last before this message; the tool
	// recorded no frequency.
	ByLastBroadcast
	// ByNothing: no cell is known.
	ByNothing
	numBases
)

var basisNames = [numBases]string{"identity", "si6", "frequency", "assignment", "camping", "area", "last_broadcast", "none"}

// String names the basis as reports do.
func (b Basis) String() string {
	if b < numBases {
		return basisNames[b]
	}
	return "unknown"
}

// Trust is the share of an evidence's weight that remains on this basis, 0 to 1.
// Expert values: a GSM phone's log interleaves neighbours with the serving cell, so
// "the last cell heard" is right about as often as not; an LTE phone reads SIB1 of the
// cell that it camps on, and of others only when told to.
func (b Basis) Trust() float64 {
	switch b {
	case ByIdentity, BySI6, ByFrequency, ByNothing:
		return 1
	case ByAssignment, ByCamping:
		return 0.9
	case ByArea:
		return 0.7
	}
	return 0.5
}

// Event is one observation about a cell. Body, and everything it points to, is
// valid only while the event is being handled.
type Event struct {
	Ref Ref
	// Time is the capture's clock in nanoseconds since 1970, 0 if the capture holds
	// no time for the frame.
	Time int64
	RAT  RAT
	// Basis says what ties the event to its cell.
	Basis Basis
	// Message is the name of the message that carried it, as the spec writes it.
	Message string
	Body    Body
}

// Body is what was observed.
type Body interface {
	Kind() Kind
}

// Kind says which Body an event has.
type Kind uint8

// Kinds of events.
const (
	KindIdentity Kind = iota
	KindSelection
	KindReselection
	KindControlChannel
	KindAccess
	KindNeighbours
	KindCarriers
	KindCapabilities
	KindPaging
	KindAssignment
	KindSession
	KindRadioReuse
	KindAreaChange
	KindContradiction
	KindWarning
	// Kinds of SystemInformation, in the order of its Sources.
	KindMIB
	KindSIB1
	KindSIB2
	KindSIB3
	KindSIB4
	KindSIB5
	KindSIB6
	KindSIB7
	KindSIB8
	KindSIB10
	KindSIB11
	KindSIB12
	KindSIB24
	NumKinds
)

var kindNames = [NumKinds]string{
	"cell identity", "cell selection parameters", "cell reselection parameters", "control channel description",
	"access control", "neighbour list", "cell carriers", "capabilities", "paging", "channel assignment",
	"signalling session", "radio channel reuse", "area change", "contradiction", "cell broadcast message",
	"master information block", "SIB1", "SIB2", "SIB3", "SIB4", "SIB5", "SIB6", "SIB7", "SIB8", "SIB10", "SIB11",
	"SIB12", "SIB24",
}

// String says in words what was observed.
func (k Kind) String() string {
	if k < NumKinds {
		return kindNames[k]
	}
	return "unknown"
}

// CellID is the identity side of a cell: what it broadcasts about itself.
type CellID struct {
	// PLMN is the (first) broadcast network.
	PLMN ident.PLMN
	// Area is LAC or TAC.
	Area uint32
	// Cell is CI, ECI or NCI.
	Cell uint64
	// Known is false when no identity was heard; the other fields are then zero.
	Known bool
}

// Less orders identities by PLMN, area and cell.
func (c CellID) Less(o CellID) bool {
	switch {
	case c.Known != o.Known:
		return c.Known
	case c.PLMN != o.PLMN:
		if c.PLMN.MCC != o.PLMN.MCC {
			return c.PLMN.MCC < o.PLMN.MCC
		}
		if c.PLMN.MNC != o.PLMN.MNC {
			return c.PLMN.MNC < o.PLMN.MNC
		}
		return c.PLMN.MNCDigits < o.PLMN.MNCDigits
	case c.Area != o.Area:
		return c.Area < o.Area
	}
	return c.Cell < o.Cell
}
