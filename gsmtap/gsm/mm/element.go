package mm

import (
	"fmt"
	"time"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/classmark"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// MaxSkipped is how many elements of a message are recorded by their identifier.
// No message of TS 24.008 §9.2 has more than six optional elements.
const MaxSkipped = 8

// Skipped records the optional elements of a message that the decoder does not
// know, and passed over by the rules of TS 24.007 §11.2.4.
type Skipped struct {
	// IEI holds the first identifiers; the half octet of a type 1 element's value is
	// zero.
	IEI [MaxSkipped]uint8
	// Count is the number of elements skipped, also of those that IEI has no place
	// for.
	Count int
	// Extraneous is the number of octets at the end that are no whole element. They
	// are no error: a receiver takes an unknown element that is cut as absent, and
	// tools that log inside a phone leave octets of their own there.
	Extraneous int
}

// Skip passes over an element whose identifier was read (TS 24.007 §11.2.4): one
// with bit 8 set is this octet, any other has a length.
func (s *Skipped) Skip(r *wire.Reader, iei uint8) {
	if !r.OK() {
		return
	}
	if iei&0x80 == 0 {
		n, ok := r.Peek()
		if !ok {
			s.Extraneous = 1
			return
		}
		s.SkipFixed(r, iei, 1+int(n))
		return
	}
	if iei&0x70 != 0x20 { // 1010 xxxx is type 2: all of it is the identifier
		iei &= 0xf0
	}
	s.add(iei)
}

// SkipFixed passes over the n octets that follow the identifier of an element that
// the message's table gives no length of one octet.
func (s *Skipped) SkipFixed(r *wire.Reader, iei uint8, n int) {
	switch {
	case !r.OK():
	case n > r.Len():
		s.Extraneous = 1 + r.Len()
		r.Rest()
	default:
		r.Octets("unknown element", n)
		s.add(iei)
	}
}

func (s *Skipped) add(iei uint8) {
	if s.Count < len(s.IEI) {
		s.IEI[s.Count] = iei
	}
	s.Count++
}

// Rest passes over everything that is left.
func (s *Skipped) Rest(r *wire.Reader) {
	for r.Len() > 0 {
		s.Skip(r, r.U8("IEI"))
	}
}

// CKSN is a ciphering key sequence number (TS 24.008 §10.5.1.2), 0 to 6, or NoKey.
type CKSN uint8

// NoKey is the CKSN of a phone that holds no key; from the network it is reserved.
const NoKey CKSN = 7

// MMTimer is the element MM Timer (TS 24.008 §10.5.3.16): the unit in bits 8 to 6,
// the number of units in bits 5 to 1.
type MMTimer uint8

// Duration returns the time; ok is false if the timer is deactivated. Units that
// are not defined count as minutes.
func (t MMTimer) Duration() (d time.Duration, ok bool) {
	n := time.Duration(t & 0x1f)
	switch t >> 5 {
	case 0:
		return 2 * time.Second * n, true
	case 2:
		return 6 * time.Minute * n, true
	case 7:
		return 0, false
	}
	return time.Minute * n, true
}

// GPRSTimer3 is the element GPRS Timer 3 (TS 24.008 §10.5.7.4a), coded like
// MMTimer with other units.
type GPRSTimer3 uint8

// Duration returns the time; ok is false if the timer is deactivated. Unit 6 is one
// hour, as for every timer but T3312 and T3412.
func (t GPRSTimer3) Duration() (d time.Duration, ok bool) {
	units := [...]time.Duration{10 * time.Minute, time.Hour, 10 * time.Hour, 2 * time.Second, 30 * time.Second, time.Minute, time.Hour}
	if int(t>>5) >= len(units) {
		return 0, false
	}
	return units[t>>5] * time.Duration(t&0x1f), true
}

// UpdateType is the location updating type (TS 24.008 §10.5.3.5).
type UpdateType uint8

// Location updating types.
const (
	NormalUpdate   UpdateType = 0
	PeriodicUpdate UpdateType = 1
	IMSIAttach     UpdateType = 2
)

// String names the type.
func (t UpdateType) String() string {
	switch t {
	case NormalUpdate:
		return "Normal"
	case PeriodicUpdate:
		return "Periodic"
	case IMSIAttach:
		return "IMSI attach"
	}
	return fmt.Sprintf("reserved (%d)", uint8(t))
}

// ServiceType is the CM service type (TS 24.008 §10.5.3.3).
type ServiceType uint8

// CM service types.
const (
	ServiceCall          ServiceType = 1
	ServiceEmergencyCall ServiceType = 2
	ServiceSMS           ServiceType = 4
	ServiceSS            ServiceType = 8
	ServiceGroupCall     ServiceType = 9
	ServiceBroadcastCall ServiceType = 10
	ServiceLocation      ServiceType = 11
)

var serviceNames = [...]string{
	ServiceCall:          "Mobile originating call establishment or packet mode connection establishment",
	ServiceEmergencyCall: "Emergency call establishment",
	ServiceSMS:           "Short message service",
	ServiceSS:            "Supplementary service activation",
	ServiceGroupCall:     "Voice group call establishment",
	ServiceBroadcastCall: "Voice broadcast call establishment",
	ServiceLocation:      "Location Services",
}

// String names the type.
func (t ServiceType) String() string {
	if int(t) < len(serviceNames) && serviceNames[t] != "" {
		return serviceNames[t]
	}
	return fmt.Sprintf("reserved (%d)", uint8(t))
}

// Cause is a reject cause (TS 24.008 §10.5.3.6 and Annex G).
type Cause uint8

// Causes that bear on whether a phone stays.
const (
	CauseIMSIUnknownInHLR      Cause = 2
	CauseIllegalMS             Cause = 3
	CauseIMSIUnknownInVLR      Cause = 4
	CauseIMEINotAccepted       Cause = 5
	CauseIllegalME             Cause = 6
	CausePLMNNotAllowed        Cause = 11
	CauseLANotAllowed          Cause = 12
	CauseRoamingNotAllowed     Cause = 13
	CauseNoSuitableCells       Cause = 15
	CauseNetworkFailure        Cause = 17
	CauseMACFailure            Cause = 20
	CauseSynchFailure          Cause = 21
	CauseCongestion            Cause = 22
	CauseGSMAuthUnacceptable   Cause = 23
	CauseNotAuthorizedForCSG   Cause = 25
	CauseServiceNotSupported   Cause = 32
	CauseServiceNotSubscribed  Cause = 33
	CauseServiceOutOfOrder     Cause = 34
	CauseCallNotIdentified     Cause = 38
	CauseSemanticallyIncorrect Cause = 95
	CauseInvalidMandatory      Cause = 96
	CauseUnknownMessage        Cause = 97
	CauseMessageState          Cause = 98
	CauseUnknownElement        Cause = 99
	CauseConditionalElement    Cause = 100
	CauseMessageIncompatible   Cause = 101
	CauseProtocolError         Cause = 111
	firstRetryUponNewCell            = 48
	lastRetryUponNewCell             = 63
)

// String names the cause. Codes that the table does not assign are given as
// reserved: a phone takes them for "Service option temporarily out of order" and a
// network for "Protocol error, unspecified".
func (c Cause) String() string {
	switch c {
	case CauseIMSIUnknownInHLR:
		return "IMSI unknown in HLR"
	case CauseIllegalMS:
		return "Illegal MS"
	case CauseIMSIUnknownInVLR:
		return "IMSI unknown in VLR"
	case CauseIMEINotAccepted:
		return "IMEI not accepted"
	case CauseIllegalME:
		return "Illegal ME"
	case CausePLMNNotAllowed:
		return "PLMN not allowed"
	case CauseLANotAllowed:
		return "Location Area not allowed"
	case CauseRoamingNotAllowed:
		return "Roaming not allowed in this location area"
	case CauseNoSuitableCells:
		return "No Suitable Cells In Location Area"
	case CauseNetworkFailure:
		return "Network failure"
	case CauseMACFailure:
		return "MAC failure"
	case CauseSynchFailure:
		return "Synch failure"
	case CauseCongestion:
		return "Congestion"
	case CauseGSMAuthUnacceptable:
		return "GSM authentication unacceptable"
	case CauseNotAuthorizedForCSG:
		return "Not authorized for this CSG"
	case CauseServiceNotSupported:
		return "Service option not supported"
	case CauseServiceNotSubscribed:
		return "Requested service option not subscribed"
	case CauseServiceOutOfOrder:
		return "Service option temporarily out of order"
	case CauseCallNotIdentified:
		return "Call cannot be identified"
	case CauseSemanticallyIncorrect:
		return "Semantically incorrect message"
	case CauseInvalidMandatory:
		return "Invalid mandatory information"
	case CauseUnknownMessage:
		return "Message type non-existent or not implemented"
	case CauseMessageState:
		return "Message type not compatible with the protocol state"
	case CauseUnknownElement:
		return "Information element non-existent or not implemented"
	case CauseConditionalElement:
		return "Conditional IE error"
	case CauseMessageIncompatible:
		return "Message not compatible with the protocol state"
	case CauseProtocolError:
		return "Protocol error, unspecified"
	}
	if c >= firstRetryUponNewCell && c <= lastRetryUponNewCell {
		return "Retry upon entry into a new cell"
	}
	return fmt.Sprintf("reserved (%d)", uint8(c))
}

// ReadLAI reads a Location Area Identification without identifier. Digits that are
// none leave the PLMN unknown: a phone without a valid location area may send the
// octets its SIM card was made with.
func ReadLAI(r *wire.Reader, field string) ident.LAI {
	b := r.Octets(field, 5)
	if b == nil {
		return ident.LAI{}
	}
	return ident.LAI{PLMN: plmn(b), LAC: uint16(b[3])<<8 | uint16(b[4])}
}

// plmn decodes three octets. Digits that are none give the unknown PLMN; they are
// looked at first because the error, which is not wanted, would be allocated.
func plmn(b []byte) ident.PLMN {
	if b[0]&15 > 9 || b[0]>>4 > 9 || b[1]&15 > 9 || b[1]>>4 > 9 && b[1]>>4 != 15 || b[2]&15 > 9 || b[2]>>4 > 9 {
		return ident.PLMN{}
	}
	p, _ := ident.DecodePLMN(b)
	return p
}

// ReadMobileIdentity reads a length and a Mobile Identity.
func ReadMobileIdentity(r *wire.Reader) ident.MobileIdentity {
	const field = "Mobile Identity"
	off := r.Offset()
	v := r.LV(field)
	if !r.OK() {
		return ident.MobileIdentity{}
	}
	m, err := ident.DecodeMobileIdentity(v)
	failWithin(r, field, off+1, err)
	return m
}

// classmark2 reads a length and a Mobile Station Classmark 2.
func classmark2(r *wire.Reader) classmark.Classmark2 {
	off := r.Offset()
	v := r.LV("Mobile Station Classmark 2")
	if !r.OK() {
		return classmark.Classmark2{}
	}
	c, err := classmark.DecodeClassmark2(v)
	failWithin(r, "Mobile Station Classmark 2", off+1, err)
	return c
}

// failWithin records the error of a part that starts at octet off.
func failWithin(r *wire.Reader, field string, off int, err error) {
	if err == nil {
		return
	}
	if d, ok := err.(*wire.DecodeError); ok {
		r.Fail(field, off+d.Offset, d.Err)
		return
	}
	r.Fail(field, off, err)
}

// ReadOctet reads a length and a value of which the first octet counts.
func ReadOctet(r *wire.Reader, field string) uint8 {
	off := r.Offset()
	v := r.LV(field)
	if len(v) == 0 {
		r.Fail(field, off, wire.ErrLength)
		return 0
	}
	return v[0]
}

// begin starts a message: it passes over protocol discriminator and message type.
func begin(b []byte) wire.Reader {
	r := wire.NewReader(b)
	r.U8("Protocol Discriminator")
	r.U8("Message Type")
	return r
}
