// Package cc decodes the messages of call control, TS 24.008 v17.0.0 §9.3, and those of
// supplementary and location services outside of calls, which are made of the same
// elements: TS 24.080 v17.0.0 §2 and TS 44.071.
//
// A message is decoded from its protocol discriminator on; only numbers and texts are
// allocated. Optional elements are taken in any order, the first of a repeated one counts
// (TS 24.008 §8.6.3), and those not decoded are skipped and recorded. On an error the
// struct holds what was proved before it, and the error is a *wire.DecodeError with the
// field's name in the specification and its offset in the message. No input makes a
// decoder panic.
//
// Not decoded: bearers, codecs, subaddresses and what users send each other; extended
// transaction identifiers, which calls do not need.
package cc

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/facility"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Message types (TS 24.008 table 10.3, TS 24.080 table 3.1).
const (
	TypeProgress          = 0x03
	TypeCCEstablishment   = 0x04
	TypeSetup             = 0x05
	TypeConnect           = 0x07
	TypeRecall            = 0x0b
	TypeEmergencySetup    = 0x0e
	TypeUserInformation   = 0x10
	TypeModifyReject      = 0x13
	TypeModify            = 0x17
	TypeHoldReject        = 0x1a
	TypeRetrieveReject    = 0x1e
	TypeModifyComplete    = 0x1f
	TypeDisconnect        = 0x25
	TypeReleaseComplete   = 0x2a
	TypeRelease           = 0x2d
	TypeStartDTMF         = 0x35
	TypeStartDTMFReject   = 0x37
	TypeCongestionControl = 0x39
	TypeFacility          = 0x3a
	TypeRegister          = 0x3b // of supplementary services alone
	TypeStatus            = 0x3d
	TypeNotify            = 0x3e
)

// Message is any message of call control or of supplementary services.
type Message struct {
	// Protocol is mm.PDCallControl, mm.PDSupplementary or mm.PDLocation.
	Protocol mm.Discriminator
	// Type is the message type, with TypeSetup and so on those that matter here.
	Type uint8
	// TI is the transaction identifier (TS 24.007 §11.2.3.1.3), 0 to 6; 7 is extended.
	TI uint8
	// TIFlag: the message goes to the side that began the transaction.
	TIFlag bool
	// Cause says why a call is ended or something in it refused. A Release can tell a
	// SecondCause.
	Cause, SecondCause Cause
	// HasCallState: CallState is present.
	HasCallState bool
	// CallState is the state that a Status tells (§10.5.4.6).
	CallState uint8
	// HasNotification: Notification is present.
	HasNotification bool
	// Notification is what a Notify tells (§10.5.4.20).
	Notification Notification
	// Called is the Called Party BCD Number (§10.5.4.7).
	Called ident.Address
	// HasPresentation: Presentation is present.
	HasPresentation bool
	// Presentation says whether the called user may see Calling.
	Presentation Presentation
	// Calling is the Calling Party BCD Number (§10.5.4.9): from a network whatever it
	// claims.
	Calling ident.Address
	// Connected and Redirecting are the Connected Number and the Redirecting Party BCD
	// Number (§10.5.4.14, §10.5.4.21b).
	Connected, Redirecting ident.Address
	// Progress is the Progress Indicator.
	Progress Progress
	// HasSignal: Signal is present.
	HasSignal bool
	// Signal is the tone that the phone is to play.
	Signal Signal
	// Keypad is the key of a Start DTMF (§10.5.4.17): one character.
	Keypad ident.Text
	// Facility holds operations of supplementary services.
	Facility facility.Facility
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (m *Message) Name() string {
	n, _ := mm.MessageName(uint8(m.Protocol), m.Type)
	return n
}

// Decoder decodes messages into storage that it reuses: a message it returns is valid
// until the next Decode. The zero value is ready; it is not for concurrent use.
type Decoder struct {
	message Message
}

// Decode decodes the message in b, which starts at the octet with transaction
// identifier and protocol discriminator. The message is nil if it is of an unknown type,
// or has none; one that fails comes back as far as it was proved, with the error.
func (d *Decoder) Decode(b []byte) (wire.Message, error) {
	err := d.message.Decode(b)
	if d.message.Name() == "" {
		return nil, err
	}
	return &d.message, err
}

// Identifiers of elements (TS 24.008 §9.3).
const (
	ieCause       = 0x08
	ieFacility    = 0x1c
	ieProgress    = 0x1e
	ieKeypad      = 0x2c // with one octet and no length, as ieSignal
	ieSignal      = 0x34
	ieConnected   = 0x4c
	ieCalling     = 0x5c
	ieCalled      = 0x5e
	ieRedirecting = 0x74
)

// Decode fills m from b, which starts with the protocol discriminator.
func (m *Message) Decode(b []byte) error {
	*m = Message{}
	pd, mt, ok := mm.MessageType(b)
	switch {
	case !ok:
		return &wire.DecodeError{Path: "Message Type", Offset: len(b), Err: wire.ErrShort}
	case pd != mm.PDCallControl && pd != mm.PDSupplementary && pd != mm.PDLocation:
		return &wire.DecodeError{Path: "Protocol Discriminator", Bit: 4, Err: wire.ErrInvalid}
	}
	m.Protocol, m.Type, m.TI, m.TIFlag = pd, mt, b[0]>>4&7, b[0]&0x80 != 0
	if m.Name() == "" {
		return &wire.DecodeError{Path: "Message Type", Offset: 1, Err: wire.ErrUnsupported}
	}
	r := wire.NewReader(b)
	r.U16("Message Type")
	m.mandatory(&r)
	for r.Len() > 0 {
		m.optional(&r, r.U8("IEI"))
	}
	return r.Err()
}

// mandatory reads the elements that have no identifier.
func (m *Message) mandatory(r *wire.Reader) {
	switch m.Type {
	case TypeDisconnect, TypeHoldReject, TypeRetrieveReject, TypeStartDTMFReject:
		m.Cause.read(r)
	case TypeStatus:
		m.Cause.read(r)
		m.CallState = r.U8("Call State") & 0x3f
		m.HasCallState = r.OK()
	case TypeModify, TypeModifyComplete:
		r.LV("Bearer Capability")
	case TypeModifyReject:
		r.LV("Bearer Capability")
		m.Cause.read(r)
	case TypeProgress:
		m.Progress.read(r)
	case TypeFacility:
		m.Facility.Read(r)
	case TypeRecall:
		r.U8("Recall Type")
		m.Facility.Read(r)
	case TypeNotify:
		m.Notification = Notification(r.U8("Notification Indicator") & 0x7f)
		m.HasNotification = r.OK()
	case TypeCongestionControl:
		r.U8("Congestion Level")
	case TypeUserInformation:
		r.LV("User-user")
	case TypeCCEstablishment:
		r.LV("Setup Container")
	}
}

// optional reads the element with an identifier.
func (m *Message) optional(r *wire.Reader, iei uint8) {
	switch {
	case iei == ieCause && !m.Cause.Present:
		m.Cause.read(r)
	case iei == ieCause && !m.SecondCause.Present:
		m.SecondCause.read(r)
	case iei == ieFacility && !m.Facility.Present:
		m.Facility.Read(r)
	case iei == ieProgress && !m.Progress.Present:
		m.Progress.read(r)
	case iei == ieKeypad:
		if key := r.U8("Keypad Facility") & 0x7f; m.Keypad == "" && r.OK() {
			m.Keypad = ident.Text(rune(key))
		}
	case iei == ieSignal:
		if signal := r.U8("Signal"); !m.HasSignal && r.OK() {
			m.Signal, m.HasSignal = Signal(signal), true
		}
	case iei == ieCalled && !m.Called.Present():
		m.Called = ident.DecodeAddress(r.LV("Called Party BCD Number"))
	case iei == ieCalling && !m.Calling.Present() && !m.HasPresentation:
		m.Calling, m.Presentation, m.HasPresentation = number(r, "Calling Party BCD Number")
	case iei == ieConnected && !m.Connected.Present():
		m.Connected, _, _ = number(r, "Connected Number")
	case iei == ieRedirecting && !m.Redirecting.Present():
		m.Redirecting, _, _ = number(r, "Redirecting Party BCD Number")
	default:
		m.Skipped.Skip(r, iei)
	}
}

// number reads a length and a number that may have an octet 3a, with presentation and
// screening indicators, before its digits (TS 24.008 §10.5.4.9).
func number(r *wire.Reader, field string) (a ident.Address, p Presentation, has bool) {
	v := r.LV(field)
	if len(v) < 2 || v[0]&0x80 != 0 {
		return ident.DecodeAddress(v), 0, false
	}
	digits := append(make([]byte, 0, 16), v[0])
	return ident.DecodeAddress(append(digits, v[2:]...)), Presentation(v[1] >> 5 & 3), true
}
