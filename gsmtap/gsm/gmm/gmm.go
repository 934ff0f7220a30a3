// Package gmm decodes the messages of GPRS mobility management, TS 24.008 v17.0.0
// §9.4, which GSM carries in LLC and UMTS in RRC.
//
// A message is decoded from its protocol discriminator on, into a struct with fixed
// storage and, but for the names in GMM Information, without allocation. The skip
// indicator, which makes a receiver ignore the message unless it is zero, is the
// caller's.
//
// Optional elements are taken in any order, the first of a repeated one counts (TS
// 24.008 §8.6.3), and those not decoded are skipped and recorded. On an error the
// struct holds what was proved before it, and the error is a *wire.DecodeError with
// the field's name in the specification and its offset in the message. Values that the
// specification reserves are kept. No input makes a decoder panic.
//
// Not decoded: P-TMSI signatures, radio access capabilities, status of PDP contexts, and
// most optional elements that say what a phone or a network supports.
package gmm

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Message types (TS 24.008 table 10.4).
const (
	typeAttachRequest         = 0x01
	typeAttachAccept          = 0x02
	TypeAttachComplete        = 0x03
	typeAttachReject          = 0x04
	typeDetachRequest         = 0x05
	typeDetachAccept          = 0x06
	typeUpdateRequest         = 0x08
	typeUpdateAccept          = 0x09
	TypeUpdateComplete        = 0x0a
	typeUpdateReject          = 0x0b
	typeServiceRequest        = 0x0c
	TypeServiceAccept         = 0x0d
	typeServiceReject         = 0x0e
	typePTMSICommand          = 0x10
	TypePTMSIComplete         = 0x11
	typeAuthenticationRequest = 0x12
	typeAuthenticationAnswer  = 0x13
	TypeAuthenticationReject  = 0x14
	typeIdentityRequest       = 0x15
	typeIdentityResponse      = 0x16
	typeAuthenticationFailure = 0x1c
	typeStatus                = 0x20
	typeInformation           = 0x21
)

// name names a message type by the one table of layer 3 messages.
func name(mt uint8) string {
	n, _ := mm.MessageName(uint8(mm.PDGPRSMobility), mt)
	return n
}

// message is what every decoded message of this package does.
type message interface {
	wire.Message
	// Decode fills the receiver from b, which starts at the octet with the protocol
	// discriminator.
	Decode(b []byte) error
}

var (
	_ message = (*AttachRequest)(nil)
	_ message = (*AttachAccept)(nil)
	_ message = (*AttachReject)(nil)
	_ message = (*DetachRequest)(nil)
	_ message = (*NetworkDetachRequest)(nil)
	_ message = (*DetachAccept)(nil)
	_ message = (*RoutingAreaUpdateRequest)(nil)
	_ message = (*RoutingAreaUpdateAccept)(nil)
	_ message = (*RoutingAreaUpdateReject)(nil)
	_ message = (*ServiceRequest)(nil)
	_ message = (*ServiceReject)(nil)
	_ message = (*PTMSIReallocationCommand)(nil)
	_ message = (*AuthenticationAndCipheringRequest)(nil)
	_ message = (*AuthenticationAndCipheringResponse)(nil)
	_ message = (*AuthenticationAndCipheringFailure)(nil)
	_ message = (*IdentityRequest)(nil)
	_ message = (*IdentityResponse)(nil)
	_ message = (*GMMStatus)(nil)
	_ message = (*GMMInformation)(nil)
	_ message = (*Plain)(nil)
)

// Decoder decodes messages into storage that it reuses: a message it returns is valid
// until the next Decode. The zero value is ready; it is not for concurrent use.
type Decoder struct {
	attachRequest  AttachRequest
	attachAccept   AttachAccept
	attachReject   AttachReject
	detach         DetachRequest
	networkDetach  NetworkDetachRequest
	detachAccept   DetachAccept
	updateRequest  RoutingAreaUpdateRequest
	updateAccept   RoutingAreaUpdateAccept
	updateReject   RoutingAreaUpdateReject
	serviceRequest ServiceRequest
	serviceReject  ServiceReject
	ptmsi          PTMSIReallocationCommand
	authRequest    AuthenticationAndCipheringRequest
	authResponse   AuthenticationAndCipheringResponse
	authFailure    AuthenticationAndCipheringFailure
	identity       IdentityRequest
	identityAnswer IdentityResponse
	status         GMMStatus
	information    GMMInformation
	plain          Plain
}

// Decode decodes the message in b, which starts at the octet with skip indicator and
// protocol discriminator. uplink is set where the phone is known to have sent it; only
// Detach Request depends on it. The message is nil if its type is unknown or missing;
// one that fails comes back as far as it was proved, with the error.
func (d *Decoder) Decode(b []byte, uplink bool) (wire.Message, error) {
	pd, mt, ok := mm.MessageType(b)
	switch {
	case !ok:
		return nil, &wire.DecodeError{Path: "Message Type", Offset: len(b), Err: wire.ErrShort}
	case pd != mm.PDGPRSMobility:
		return nil, &wire.DecodeError{Path: "Protocol Discriminator", Bit: 4, Err: wire.ErrInvalid}
	}
	m := d.pick(mt, uplink || mt == typeDetachRequest && fromPhone(b))
	if m == nil {
		return nil, nil
	}
	return m, m.Decode(b)
}

// pick returns the storage for a message type, or nil if it is unknown.
func (d *Decoder) pick(mt uint8, uplink bool) message {
	switch mt {
	case typeAttachRequest:
		return &d.attachRequest
	case typeAttachAccept:
		return &d.attachAccept
	case typeAttachReject:
		return &d.attachReject
	case typeDetachRequest:
		if uplink {
			return &d.detach
		}
		return &d.networkDetach
	case typeDetachAccept:
		return &d.detachAccept
	case typeUpdateRequest:
		return &d.updateRequest
	case typeUpdateAccept:
		return &d.updateAccept
	case typeUpdateReject:
		return &d.updateReject
	case typeServiceRequest:
		return &d.serviceRequest
	case typeServiceReject:
		return &d.serviceReject
	case typePTMSICommand:
		return &d.ptmsi
	case typeAuthenticationRequest:
		return &d.authRequest
	case typeAuthenticationAnswer:
		return &d.authResponse
	case typeAuthenticationFailure:
		return &d.authFailure
	case typeIdentityRequest:
		return &d.identity
	case typeIdentityResponse:
		return &d.identityAnswer
	case typeStatus:
		return &d.status
	case typeInformation:
		return &d.information
	case TypeAttachComplete, TypeUpdateComplete, TypeServiceAccept, TypePTMSIComplete, TypeAuthenticationReject:
		return &d.plain
	}
	return nil
}

// begin starts a message: it passes over protocol discriminator and message type.
func begin(b []byte) wire.Reader {
	r := wire.NewReader(b)
	r.U8("Protocol Discriminator")
	r.U8("Message Type")
	return r
}

// GMMStatus reports an error of protocol (TS 24.008 §9.4.18).
type GMMStatus struct {
	// Cause says what is wrong (§10.5.5.14).
	Cause Cause
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*GMMStatus) Name() string { return name(typeStatus) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *GMMStatus) Decode(b []byte) error {
	*m = GMMStatus{}
	r := begin(b)
	m.Cause = Cause(r.U8("GMM Cause"))
	m.Skipped.Rest(&r)
	return r.Err()
}

// GMMInformation tells the phone the network's name and the time (TS 24.008 §9.4.19),
// in the elements of MM Information. Nothing authenticates it in GSM.
type GMMInformation struct{ mm.MMInformation }

// Name returns the message's name.
func (*GMMInformation) Name() string { return name(typeInformation) }

// Plain is a message that says all by its type: Attach Complete, Routing Area Update
// Complete, Service Accept, P-TMSI Reallocation Complete and Authentication and
// Ciphering Reject (TS 24.008 §9.4.3, §9.4.16, §9.4.21, §9.4.8, §9.4.11).
type Plain struct {
	// Type is the message type, one of the constants of this package.
	Type uint8
	// Skipped are the elements not decoded: of other RATs, of PDP contexts and of
	// multicast.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (m *Plain) Name() string { return name(m.Type) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *Plain) Decode(b []byte) error {
	*m = Plain{}
	r := begin(b)
	if r.OK() {
		m.Type = b[1]
	}
	m.Skipped.Rest(&r)
	return r.Err()
}
