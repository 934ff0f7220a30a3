package report

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Message is one decoded message for a dump. Body is valid only while the message
// is being handled.
type Message struct {
	Capture, Frame int
	// Time is in nanoseconds since 1970, 0 if the capture holds none.
	Time int64
	RAT  string
	// Channel is the logical channel, "BCCH".
	Channel string
	// Direction is "dl", "ul" or empty.
	Direction string
	// Name is the message's name in the specification.
	Name string
	// In names the message that carried this one; empty for an outermost message.
	In string
	// Cell is the cell it belongs to as far as known when it was read, or nil.
	Cell *CellRef
	Body wire.Message
	// Err is the defect that ended decoding, or nil.
	Err error
	// Names prints the identities of persons.
	Names *ident.Pseudonyms
	// Reason says why identities are printed in full; empty if pseudonyms stand for them.
	Reason string
}

// CellRef names a cell.
type CellRef struct {
	PLMN  string `json:"plmn"`
	Area  uint32 `json:"area"`
	Cell  uint64 `json:"cell"`
	ARFCN *int   `json:"arfcn"`
}
