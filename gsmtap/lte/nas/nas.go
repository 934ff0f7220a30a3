// Package nas decodes the non-access stratum of EPS: the mobility (EMM) and session
// management (ESM) messages of TS 24.301 v17.8.0 under their security header.
//
// Every message of §8.2 has a struct, those of §8.3 share one. Mandatory elements
// and the optional ones that tell something about a cell or a phone are decoded into
// fields; all others are kept, by identifier, in the message's Elements. Optional
// elements are taken in any order, the first of a repeated one counts (§7.6.3), and
// elements that the message's table does not know are passed over by the rules of TS
// 24.007 §11.2.4.
//
// Values that the specification reserves are kept and have a name that says so. On
// an error the message holds what was proved, and the error is a *wire.DecodeError
// with the field's name and its octet counted from the start of the input. No input
// makes a decoder panic, and no length on the wire sizes an allocation.
//
// Slices of a message alias the input, and a message is valid until the next Decode.
package nas

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Direction is the way a message went. The octets do not tell it.
type Direction uint8

// Directions.
const (
	Unknown Direction = iota
	Uplink
	Downlink
)

// String names the direction.
func (d Direction) String() string {
	switch d {
	case Uplink:
		return "uplink"
	case Downlink:
		return "downlink"
	}
	return "unknown"
}

// MarshalText writes the direction's name.
func (d Direction) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// PDU is one NAS message with its security header.
type PDU struct {
	// Security is the security header; of a plain message it is not present.
	Security SecurityHeader
	// Inner is the header of a protected message inside a protected one, which no
	// network sends and some tools write. More than two headers are not taken off.
	Inner SecurityHeader
	// Message is the message inside; nil if it is ciphered or absent.
	Message wire.Message
	// Octets is the message inside from its protocol discriminator on; nil if it is
	// ciphered or absent.
	Octets []byte
	// Ciphered: the header announces ciphering and the content, or with a header of
	// type 5 the container in it, cannot be read.
	Ciphered bool
}

// Direction returns who sends the message inside by its type (TS 24.301 §8.2, §8.3), or
// Unknown for one that either side sends.
func (p *PDU) Direction() Direction {
	switch m := p.Message.(type) {
	case *UEDetachRequest, *ServiceRequest:
		return Uplink
	case *NetworkDetachRequest:
		return Downlink
	case *ESM:
		return m.Type.direction()
	case nil, *wire.Opaque:
		return Unknown
	}
	return EMMType(p.Octets[1]).direction() // every other message has a type
}

// Decoder decodes EPS NAS messages into storage that it reuses: what it returns is
// valid until the next Decode. The zero value is ready; it is not for concurrent
// use.
type Decoder struct {
	p, container parser

	attachRequest  AttachRequest
	attachAccept   AttachAccept
	attachComplete AttachComplete
	attachReject   AttachReject
	detachUE       UEDetachRequest
	detachNetwork  NetworkDetachRequest
	updateRequest  TrackingAreaUpdateRequest
	updateAccept   TrackingAreaUpdateAccept
	updateReject   TrackingAreaUpdateReject
	extService     ExtendedServiceRequest
	cpService      ControlPlaneServiceRequest
	service        ServiceRequest
	serviceReject  ServiceReject
	serviceAccept  ServiceAccept
	guti           GUTIReallocationCommand
	authRequest    AuthenticationRequest
	authResponse   AuthenticationResponse
	authFailure    AuthenticationFailure
	idRequest      IdentityRequest
	idResponse     IdentityResponse
	smc            SecurityModeCommand
	smcComplete    SecurityModeComplete
	cause          CauseMessage
	information    EMMInformation
	transport      NASTransport
	generic        GenericNASTransport
	notification   CSServiceNotification
	plain          Plain
	esm            ESM
	opaque         wire.Opaque
}

// Decode decodes the NAS message in b, which starts at the octet with security
// header type (or EPS bearer identity) and protocol discriminator. dir is the
// message's direction if the caller knows it: with Unknown a Detach request is told
// by its length and content.
//
// A message of an unknown type comes back as *wire.Opaque. Content under a header
// that announces ciphering is decoded if it passes for a plain message (see
// SecurityHeaderType.Ciphered); otherwise PDU.Ciphered is set, which is no error.
func (d *Decoder) Decode(b []byte, dir Direction) (PDU, error) {
	var pdu PDU
	if len(b) == 0 {
		return pdu, &wire.DecodeError{Path: "Protocol Discriminator", Err: wire.ErrShort}
	}
	h, base, err := header(b)
	pdu.Security = h
	if err != nil && !h.Type.ServiceRequest() {
		return pdu, err
	}
	var reserved error
	if h.Type.reserved() {
		reserved = &wire.DecodeError{Path: "Security header type", Err: wire.ErrInvalid}
	}
	if base == len(b) {
		return pdu, &wire.DecodeError{Path: "NAS message", Offset: base, Err: wire.ErrShort}
	}
	doubtful := h.Type.Ciphered() || h.Type.reserved()
	inner, n, err := header(b[base:])
	if base > 0 && err == nil && n > 0 && n < len(b)-base && !inner.Type.reserved() {
		base += n
	} else {
		inner = SecurityHeader{}
	}
	in := b[base:]
	hidden := doubtful || inner.Ciphered()
	var m wire.Message
	readable := !hidden || startsPlain(in)
	if readable {
		m, err = d.message(in, dir)
		readable = !hidden || err == nil && d.plausible(in, dir)
	}
	if !readable {
		if pdu.Ciphered = true; !doubtful {
			pdu.Inner = inner
		}
		return pdu, reserved
	}
	pdu.Inner, pdu.Message, pdu.Octets = inner, m, in
	if cp, ok := m.(*ControlPlaneServiceRequest); ok && h.Type == PartiallyCiphered {
		pdu.Ciphered = cp.ESM.Present && !cp.ESM.HasMessage || cp.Container != nil && !shortMessage(cp.Container)
	}
	if err == nil {
		return pdu, reserved
	}
	return pdu, wire.Within(err, "", base)
}

// shortMessage reports whether b starts like a message of TS 24.011.
func shortMessage(b []byte) bool {
	if mm.Discriminator(b[0]&15) != mm.PDSMS {
		return false
	}
	_, ok := mm.MessageName(b[0], b[1])
	return ok
}

// message decodes the plain message in b, which is not empty.
func (d *Decoder) message(b []byte, dir Direction) (wire.Message, error) {
	d.p.reset(b, dir)
	d.p.container = &d.container
	switch pd := mm.Discriminator(b[0] & 15); {
	case pd == mm.PDEPSSession:
		return d.session(b)
	case pd == mm.PDEPSMobility && SecurityHeaderType(b[0]>>4).ServiceRequest():
		d.service.decode(&d.p)
		return &d.service, d.p.result()
	case pd == mm.PDEPSMobility && b[0]>>4 == 0:
		return d.mobility(b, dir)
	case pd == mm.PDEPSMobility:
		return d.unknown("NAS message with a security header inside", b, 0, "Security header type")
	case pd == mm.PDTest && len(b) > 1:
		if name, ok := mm.MessageName(b[0], b[1]); ok {
			d.opaque = wire.Opaque{Title: name, Octets: b}
			return &d.opaque, nil
		}
	}
	return d.unknown("not an EPS NAS message", b, 4, "Protocol Discriminator")
}

func (d *Decoder) unknown(title string, b []byte, bit int, field string) (wire.Message, error) {
	d.p.odd = true
	d.opaque = wire.Opaque{Title: title, Octets: b}
	return &d.opaque, &wire.DecodeError{Path: field, Bit: bit, Err: wire.ErrInvalid}
}

// message is what the structs of this package do.
type message interface {
	wire.Message
	// decode fills the receiver from p, which is at the first octet.
	decode(p *parser)
}

// mobility decodes an EMM message with a plain header.
func (d *Decoder) mobility(b []byte, dir Direction) (wire.Message, error) {
	if len(b) < 2 {
		d.opaque = wire.Opaque{Title: "EMM message without type", Octets: b}
		return &d.opaque, &wire.DecodeError{Path: "Message type", Offset: len(b), Err: wire.ErrShort}
	}
	m := d.pick(EMMType(b[1]), b, dir)
	if m == nil {
		return d.undefined("EMM", b[1], b), nil
	}
	m.decode(&d.p)
	return m, d.p.result()
}

// session decodes an ESM message.
func (d *Decoder) session(b []byte) (wire.Message, error) {
	d.esm.decode(&d.p)
	switch {
	case len(b) < 3:
		d.opaque = wire.Opaque{Title: "ESM message without type", Octets: b}
		return &d.opaque, d.p.result()
	case !d.esm.Type.known():
		return d.undefined("ESM", b[2], b), nil
	}
	return &d.esm, d.p.result()
}

// undefined returns a message of a type that the specification does not have.
func (d *Decoder) undefined(protocol string, t uint8, b []byte) wire.Message {
	d.p.odd = true
	const hex = "0123456789abcdef"
	d.opaque = wire.Opaque{Octets: b}
	d.opaque.Title = protocol + " message 0x" + string([]byte{hex[t>>4], hex[t&15]}) + " (unknown)"
	return &d.opaque
}

// pick returns the storage for a message type, or nil if it is unknown.
func (d *Decoder) pick(t EMMType, b []byte, dir Direction) message {
	switch t {
	case TypeAttachRequest:
		return &d.attachRequest
	case TypeAttachAccept:
		return &d.attachAccept
	case TypeAttachComplete:
		return &d.attachComplete
	case TypeAttachReject:
		return &d.attachReject
	case TypeDetachRequest:
		if dir == Unknown {
			dir = detachDirection(b)
		}
		if dir == Uplink {
			return &d.detachUE
		}
		return &d.detachNetwork
	case TypeTrackingAreaUpdateRequest:
		return &d.updateRequest
	case TypeTrackingAreaUpdateAccept:
		return &d.updateAccept
	case TypeTrackingAreaUpdateReject:
		return &d.updateReject
	case TypeExtendedServiceRequest:
		return &d.extService
	case TypeControlPlaneServiceRequest:
		return &d.cpService
	case TypeServiceReject:
		return &d.serviceReject
	case TypeServiceAccept:
		return &d.serviceAccept
	case TypeGUTIReallocationCommand:
		return &d.guti
	case TypeAuthenticationRequest:
		return &d.authRequest
	case TypeAuthenticationResponse:
		return &d.authResponse
	case TypeAuthenticationFailure:
		return &d.authFailure
	case TypeIdentityRequest:
		return &d.idRequest
	case TypeIdentityResponse:
		return &d.idResponse
	case TypeSecurityModeCommand:
		return &d.smc
	case TypeSecurityModeComplete:
		return &d.smcComplete
	case TypeSecurityModeReject, TypeEMMStatus:
		return &d.cause
	case TypeEMMInformation:
		return &d.information
	case TypeDownlinkNASTransport, TypeUplinkNASTransport:
		return &d.transport
	case TypeDownlinkGenericNASTransport, TypeUplinkGenericNASTransport:
		return &d.generic
	case TypeCSServiceNotification:
		return &d.notification
	case TypeDetachAccept, TypeTrackingAreaUpdateComplete, TypeGUTIReallocationComplete, TypeAuthenticationReject:
		return &d.plain
	}
	return nil
}
