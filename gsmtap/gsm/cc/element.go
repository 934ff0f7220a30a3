package cc

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func lookup(names []string, n uint8) string {
	if int(n) < len(names) && names[n] != "" {
		return names[n]
	}
	return fmt.Sprintf("reserved (%d)", n)
}

// Location says who tells a Cause or a Progress (TS 24.008 §10.5.4.11), 0 to 15.
type Location uint8

// String names the location.
func (l Location) String() string {
	return lookup([]string{
		0: "User", 1: "Private network serving the local user", 2: "Public network serving the local user", 3: "Transit network",
		4: "Public network serving the remote user", 5: "Private network serving the remote user", 7: "International network",
		10: "Network beyond interworking point",
	}, uint8(l))
}

// Cause is the element Cause (TS 24.008 §10.5.4.11). Not decoded: its diagnostics.
type Cause struct {
	// Present is false if the message has no such element.
	Present bool
	// Standard is the coding standard: 3 is that of GSM. Others may mean something else
	// by Value.
	Standard uint8
	// Location says whose cause it is.
	Location Location
	// Value is the cause value.
	Value CauseValue
}

// read reads a length and the element.
func (c *Cause) read(r *wire.Reader) {
	location, value, ok := pair(r, "Cause")
	if ok {
		*c = Cause{Present: true, Standard: location >> 5 & 3, Location: Location(location & 15), Value: CauseValue(value)}
	}
}

// pair reads a length, an octet 3, an octet 3a if its extension bit asks for one, and the
// seven bits of an octet 4.
func pair(r *wire.Reader, field string) (octet3, octet4 uint8, ok bool) {
	off := r.Offset()
	v := r.LV(field)
	if !r.OK() {
		return 0, 0, false
	}
	i := 1
	if len(v) > 0 && v[0]&0x80 == 0 {
		i = 2
	}
	if len(v) <= i {
		r.Fail(field, off, wire.ErrLength)
		return 0, 0, false
	}
	return v[0], v[i] & 0x7f, true
}

// CauseValue is a cause value (TS 24.008 table 10.5.123 and Annex H), 0 to 127.
type CauseValue uint8

var causeNames = [...]string{
	1:   "Unassigned (unallocated) number",
	3:   "No route to destination",
	6:   "Channel unacceptable",
	8:   "Operator determined barring",
	13:  "Call completed elsewhere",
	16:  "Normal call clearing",
	17:  "User busy",
	18:  "No user responding",
	19:  "User alerting, no answer",
	21:  "Call rejected",
	22:  "Number changed",
	24:  "Call rejected due to feature at the destination",
	25:  "Pre-emption",
	26:  "Non selected user clearing",
	27:  "Destination out of order",
	28:  "Invalid number format (incomplete number)",
	29:  "Facility rejected",
	30:  "Response to STATUS ENQUIRY",
	31:  "Normal, unspecified",
	34:  "No circuit/channel available",
	38:  "Network out of order",
	41:  "Temporary failure",
	42:  "Switching equipment congestion",
	43:  "Access information discarded",
	44:  "Requested circuit/channel not available",
	47:  "Resources unavailable, unspecified",
	49:  "Quality of service unavailable",
	50:  "Requested facility not subscribed",
	55:  "Incoming calls barred within the CUG",
	57:  "Bearer capability not authorized",
	58:  "Bearer capability not presently available",
	63:  "Service or option not available, unspecified",
	65:  "Bearer service not implemented",
	68:  "ACM equal to or greater than ACMmax",
	69:  "Requested facility not implemented",
	70:  "Only restricted digital information bearer capability is available",
	79:  "Service or option not implemented, unspecified",
	81:  "Invalid transaction identifier value",
	87:  "User not member of CUG",
	88:  "Incompatible destination",
	91:  "Invalid transit network selection",
	95:  "Semantically incorrect message",
	96:  "Invalid mandatory information",
	97:  "Message type non-existent or not implemented",
	98:  "Message type not compatible with protocol state",
	99:  "Information element non-existent or not implemented",
	100: "Conditional IE error",
	101: "Message not compatible with protocol state",
	102: "Recovery on timer expiry",
	111: "Protocol error, unspecified",
	127: "Interworking, unspecified",
}

// String names the cause. Values that the table does not assign are given as reserved:
// a receiver takes them for the unspecified one of their class.
func (c CauseValue) String() string { return lookup(causeNames[:], uint8(c)) }

// Progress is the element Progress Indicator (TS 24.008 §10.5.4.21).
type Progress struct {
	// Present is false if the message has no such element.
	Present bool
	// Location says who tells it.
	Location Location
	// Description is the progress description.
	Description ProgressDescription
}

// read reads a length and the element.
func (p *Progress) read(r *wire.Reader) {
	location, description, ok := pair(r, "Progress Indicator")
	if ok {
		*p = Progress{Present: true, Location: Location(location & 15), Description: ProgressDescription(description)}
	}
}

// ProgressDescription says what happens to a call (TS 24.008 table 10.5.127), 0 to 127.
type ProgressDescription uint8

// String names the description.
func (p ProgressDescription) String() string {
	return lookup([]string{
		1:  "Call is not end-to-end PLMN/ISDN, further call progress information may be available in-band",
		2:  "Destination address in non-PLMN/ISDN",
		3:  "Origination address in non-PLMN/ISDN",
		4:  "Call has returned to the PLMN/ISDN",
		8:  "In-band information or appropriate pattern now available",
		9:  "In-band multimedia CAT available",
		32: "Call is end-to-end PLMN/ISDN",
		64: "Queueing",
	}, uint8(p))
}

// Signal is a tone, or that there is none (TS 24.008 §10.5.4.23).
type Signal uint8

// String names the signal.
func (s Signal) String() string {
	return lookup([]string{
		0: "Dial tone on", 1: "Ring back tone on", 2: "Intercept tone on", 3: "Network congestion tone on", 4: "Busy tone on",
		5: "Confirm tone on", 6: "Answer tone on", 7: "Call waiting tone on", 8: "Off-hook warning tone on",
		0x3f: "Tones off", 0x4f: "Alerting off",
	}, uint8(s))
}

// Presentation says whether a number may be shown (TS 24.008 §10.5.4.9), 0 to 3.
type Presentation uint8

// String names the indicator.
func (p Presentation) String() string {
	return lookup([]string{"Presentation allowed", "Presentation restricted", "Number not available due to interworking"}, uint8(p))
}

// Notification is what the other side of a call did (TS 24.008 §10.5.4.20), 0 to 127.
type Notification uint8

// String names the notification.
func (n Notification) String() string {
	return lookup([]string{"User suspended", "User resumed", "Bearer change"}, uint8(n))
}
