// Package mm decodes the mobility management messages of GSM and UMTS, TS 24.008
// v17.0.0, and names the messages of the other layer 3 protocols.
//
// A message is decoded from its protocol discriminator on. Every message has a
// struct with fixed storage and a Decode method that fills it and, but for the
// names in MM Information, allocates nothing. Bits 8 and 7 of the message type, the
// send sequence number, are masked (TS 24.007 §11.2.3.2); the skip indicator, which
// makes a receiver ignore the message unless it is zero, is the caller's.
//
// Optional elements are taken in any order, the first of a repeated one counts (TS
// 24.008 §8.6.3), and unknown ones are skipped and recorded. On an error the struct
// holds what was proved before it, and the error is a *wire.DecodeError with the
// field's name in the specification and its offset in the message. Values that the
// specification reserves are kept. No input makes a decoder panic, and no length on
// the wire sizes an allocation beyond the element's 255 octets.
//
// Not decoded: the numbers of the Emergency Number List, the P-TMSI elements of
// Identity Response.
package mm

import "github.com/fbsdetect/fbsdetect/gsmtap/wire"

// message is what every decoded message of this package does.
type message interface {
	wire.Message
	// Decode fills the receiver from b, which starts at the octet with the
	// protocol discriminator.
	Decode(b []byte) error
}

var (
	_ message = (*IMSIDetachIndication)(nil)
	_ message = (*LocationUpdatingAccept)(nil)
	_ message = (*LocationUpdatingReject)(nil)
	_ message = (*LocationUpdatingRequest)(nil)
	_ message = (*AuthenticationRequest)(nil)
	_ message = (*AuthenticationResponse)(nil)
	_ message = (*AuthenticationFailure)(nil)
	_ message = (*IdentityRequest)(nil)
	_ message = (*IdentityResponse)(nil)
	_ message = (*TMSIReallocationCommand)(nil)
	_ message = (*CMServiceReject)(nil)
	_ message = (*CMServiceRequest)(nil)
	_ message = (*CMServicePrompt)(nil)
	_ message = (*CMReestablishmentRequest)(nil)
	_ message = (*Abort)(nil)
	_ message = (*MMStatus)(nil)
	_ message = (*MMInformation)(nil)
	_ message = (*Plain)(nil)
)

// Decoder decodes mobility management messages into storage that it reuses: a
// message it returns is valid until the next Decode. The zero value is ready; it is
// not for concurrent use.
type Decoder struct {
	detach          IMSIDetachIndication
	updatingAccept  LocationUpdatingAccept
	updatingReject  LocationUpdatingReject
	updatingRequest LocationUpdatingRequest
	authRequest     AuthenticationRequest
	authResponse    AuthenticationResponse
	authFailure     AuthenticationFailure
	identityRequest IdentityRequest
	identity        IdentityResponse
	tmsi            TMSIReallocationCommand
	serviceReject   CMServiceReject
	serviceRequest  CMServiceRequest
	servicePrompt   CMServicePrompt
	reestablishment CMReestablishmentRequest
	abort           Abort
	status          MMStatus
	information     MMInformation
	plain           Plain
	opaque          wire.Opaque
}

// Decode decodes the message in b, which starts at the octet with skip indicator
// and protocol discriminator. The message is never nil: one of an unknown type
// comes back as *wire.Opaque, and one that fails comes back as far as it was
// proved, with the error.
func (d *Decoder) Decode(b []byte) (wire.Message, error) {
	if len(b) < 2 {
		d.opaque = wire.Opaque{Title: "MM message without type", Octets: b}
		return &d.opaque, &wire.DecodeError{Path: "Message Type", Offset: len(b), Err: wire.ErrShort}
	}
	if Discriminator(b[0]&15) != PDMobilityManagement {
		d.opaque = wire.Opaque{Title: "not an MM message", Octets: b}
		return &d.opaque, &wire.DecodeError{Path: "Protocol Discriminator", Bit: 4, Err: wire.ErrInvalid}
	}
	mt := b[1] & typeMask
	if m := d.pick(mt); m != nil {
		return m, m.Decode(b)
	}
	const hex = "0123456789abcdef"
	d.opaque = wire.Opaque{Octets: b}
	d.opaque.Title = "MM message 0x" + string([]byte{hex[mt>>4], hex[mt&15]}) + " (unknown)"
	return &d.opaque, nil
}

// pick returns the storage for a message type, or nil if it is unknown.
func (d *Decoder) pick(mt uint8) message {
	switch mt {
	case typeIMSIDetach:
		return &d.detach
	case typeUpdatingAccept:
		return &d.updatingAccept
	case typeUpdatingReject:
		return &d.updatingReject
	case typeUpdatingRequest:
		return &d.updatingRequest
	case typeAuthenticationRequest:
		return &d.authRequest
	case typeAuthenticationAnswer:
		return &d.authResponse
	case typeAuthenticationFailure:
		return &d.authFailure
	case typeIdentityRequest:
		return &d.identityRequest
	case typeIdentityResponse:
		return &d.identity
	case typeTMSICommand:
		return &d.tmsi
	case typeServiceReject:
		return &d.serviceReject
	case typeServiceRequest:
		return &d.serviceRequest
	case typeServicePrompt:
		return &d.servicePrompt
	case typeReestablishment:
		return &d.reestablishment
	case typeAbort:
		return &d.abort
	case typeStatus:
		return &d.status
	case typeInformation:
		return &d.information
	case TypeAuthenticationReject, TypeTMSIComplete, TypeServiceAccept, TypeServiceAbort, TypeNull:
		return &d.plain
	}
	return nil
}
