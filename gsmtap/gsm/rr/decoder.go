// Package rr decodes the radio resource messages of GSM: TS 44.018 v17.0.0, with
// the rest octets that TS 44.060 and TS 45.008 give a meaning to.
//
// A message is decoded from its protocol discriminator on; the L2 pseudo length of
// BCCH and CCCH blocks is the caller's. Every message has a struct with fixed
// storage and a Decode method that fills it and allocates nothing. On an error the
// struct holds what was proved before it, and the error is a *wire.DecodeError
// with the field's name in the specification and its offset in the message. No
// input makes a decoder panic, and no length on the wire sizes anything. Values
// that the specification reserves are kept as they are.
package rr

import "github.com/fbsdetect/fbsdetect/gsmtap/wire"

// ProtocolDiscriminator is the protocol discriminator of radio resource management
// (TS 24.007 §11.2.3.1.1).
const ProtocolDiscriminator = 6

// message is what every decoded message of this package does.
type message interface {
	wire.Message
	// Decode fills the receiver from b, which starts at the octet with the
	// protocol discriminator.
	Decode(b []byte) error
}

// Message types of TS 44.018 §10.4 that the broadcast half decodes.
const (
	typeSI13      = 0x00
	typeSI2bis    = 0x02
	typeSI2ter    = 0x03
	typeSI9       = 0x04
	typeSI5bis    = 0x05
	typeSI5ter    = 0x06
	typeSI2quater = 0x07
	typeSI8       = 0x18
	typeSI1       = 0x19
	typeSI2       = 0x1a
	typeSI3       = 0x1b
	typeSI4       = 0x1c
	typeSI5       = 0x1d
	typeSI6       = 0x1e
	typeSI7       = 0x1f
)

// Decoder decodes RR messages into storage that it reuses: a message it returns is
// valid until the next Decode. The zero value is ready; it is not for concurrent
// use.
type Decoder struct {
	si1       SystemInformation1
	si2       SystemInformation2
	si2bis    SystemInformation2bis
	si2ter    SystemInformation2ter
	si2quater SystemInformation2quater
	si3       SystemInformation3
	si4       SystemInformation4
	si5       SystemInformation5
	si5bis    SystemInformation5bis
	si5ter    SystemInformation5ter
	si6       SystemInformation6
	si7       SystemInformation7
	si8       SystemInformation8
	si9       SystemInformation9
	si13      SystemInformation13
	dedicated dedicatedMessages
	opaque    wire.Opaque
}

// Decode decodes the message in b, which starts at the octet with skip indicator
// and protocol discriminator. The message is never nil: one whose content is not
// decoded comes back as *wire.Opaque with the name of its type, and one that fails
// comes back as far as it was proved, with the error.
func (d *Decoder) Decode(b []byte) (wire.Message, error) {
	if len(b) < 2 {
		d.opaque = wire.Opaque{Title: "RR message without type", Octets: b}
		return &d.opaque, &wire.DecodeError{Path: "Message Type", Offset: len(b), Err: wire.ErrShort}
	}
	if b[0]&0x0f != ProtocolDiscriminator {
		d.opaque = wire.Opaque{Title: "not an RR message", Octets: b}
		return &d.opaque, &wire.DecodeError{Path: "Protocol Discriminator", Bit: 4, Err: wire.ErrInvalid}
	}
	m := d.broadcast(b[1])
	if m == nil {
		m = d.dedicated.pick(b[1])
	}
	if m != nil {
		return m, m.Decode(b)
	}
	title, ok := messageName(b[1])
	if !ok {
		const hex = "0123456789abcdef"
		title = "RR message 0x" + string([]byte{hex[b[1]>>4], hex[b[1]&15]}) + " (unknown)"
	}
	d.opaque = wire.Opaque{Title: title, Octets: b}
	return &d.opaque, nil
}

// broadcast returns the storage for a system information message, or nil.
func (d *Decoder) broadcast(mt uint8) message {
	switch mt {
	case typeSI1:
		return &d.si1
	case typeSI2:
		return &d.si2
	case typeSI2bis:
		return &d.si2bis
	case typeSI2ter:
		return &d.si2ter
	case typeSI2quater:
		return &d.si2quater
	case typeSI3:
		return &d.si3
	case typeSI4:
		return &d.si4
	case typeSI5:
		return &d.si5
	case typeSI5bis:
		return &d.si5bis
	case typeSI5ter:
		return &d.si5ter
	case typeSI6:
		return &d.si6
	case typeSI7:
		return &d.si7
	case typeSI8:
		return &d.si8
	case typeSI9:
		return &d.si9
	case typeSI13:
		return &d.si13
	}
	return nil
}

// header checks the two octets that start every message: the protocol
// discriminator (the skip indicator in the upper half octet is not looked at) and
// the message type mt.
func header(b []byte, mt uint8) error {
	switch {
	case len(b) < 1:
		return &wire.DecodeError{Path: "Protocol Discriminator", Err: wire.ErrShort}
	case b[0]&0x0f != ProtocolDiscriminator:
		return &wire.DecodeError{Path: "Protocol Discriminator", Bit: 4, Err: wire.ErrInvalid}
	case len(b) < 2:
		return &wire.DecodeError{Path: "Message Type", Offset: 1, Err: wire.ErrShort}
	case b[1] != mt:
		return &wire.DecodeError{Path: "Message Type", Offset: 1, Err: wire.ErrInvalid}
	}
	return nil
}
