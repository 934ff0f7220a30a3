// Package sm decodes the messages of GPRS session management, TS 24.008 v17.0.0 §9.5,
// that say which network a phone is connected to and why it is not.
//
// A message is decoded from its protocol discriminator on, into a struct with fixed
// storage; only the text of an access point name is allocated. Optional elements are
// taken in any order, the first of a repeated one counts (TS 24.008 §8.6.3), and those
// not decoded are skipped and recorded. On an error the struct holds what was proved
// before it, and the error is a *wire.DecodeError with the field's name in the
// specification and its offset in the message. No input makes a decoder panic.
//
// Not decoded: addresses, which are personal, quality of service, protocol configuration
// and packet filters; and the messages that hold nothing else.
package sm

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Message types (TS 24.008 table 10.4a).
const (
	typeActivateRequest         = 0x41
	typeActivateAccept          = 0x42
	TypeActivateReject          = 0x43
	typeRequestActivation       = 0x44
	TypeRequestActivationReject = 0x45
	TypeDeactivateRequest       = 0x46
	typeDeactivateAccept        = 0x47
	TypeModifyReject            = 0x4c
	TypeActivateSecondaryReject = 0x4f
	TypeStatus                  = 0x55
	TypeActivateMBMSReject      = 0x58
	TypeRequestMBMSReject       = 0x5a
	TypeRequestSecondaryReject  = 0x5c
)

// name names a message type by the one table of layer 3 messages.
func name(mt uint8) string {
	n, _ := mm.MessageName(uint8(mm.PDGPRSSession), mt)
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
	_ message = (*ActivatePDPContextRequest)(nil)
	_ message = (*ActivatePDPContextAccept)(nil)
	_ message = (*RequestPDPContextActivation)(nil)
	_ message = (*Caused)(nil)
	_ message = (*DeactivatePDPContextAccept)(nil)
)

// Decoder decodes messages into storage that it reuses: a message it returns is valid
// until the next Decode. The zero value is ready; it is not for concurrent use.
type Decoder struct {
	request    ActivatePDPContextRequest
	accept     ActivatePDPContextAccept
	activation RequestPDPContextActivation
	caused     Caused
	deactivate DeactivatePDPContextAccept
}

// Decode decodes the message in b, which starts at the octet with transaction
// identifier and protocol discriminator. The message is nil if it is of a type that is
// not decoded, or has none; one that fails comes back as far as it was proved, with the
// error.
func (d *Decoder) Decode(b []byte) (wire.Message, error) {
	pd, mt, ok := mm.MessageType(b)
	switch {
	case !ok:
		return nil, &wire.DecodeError{Path: "Message Type", Offset: len(b), Err: wire.ErrShort}
	case pd != mm.PDGPRSSession:
		return nil, &wire.DecodeError{Path: "Protocol Discriminator", Bit: 4, Err: wire.ErrInvalid}
	}
	var m message
	switch mt {
	case typeActivateRequest:
		m = &d.request
	case typeActivateAccept:
		m = &d.accept
	case typeRequestActivation:
		m = &d.activation
	case TypeActivateReject, TypeRequestActivationReject, TypeDeactivateRequest, TypeModifyReject, TypeActivateSecondaryReject,
		TypeStatus, TypeActivateMBMSReject, TypeRequestMBMSReject, TypeRequestSecondaryReject:
		m = &d.caused
	case typeDeactivateAccept:
		m = &d.deactivate
	default:
		return nil, nil
	}
	return m, m.Decode(b)
}

// begin starts a message: it passes over transaction identifier, protocol discriminator
// and message type.
func begin(b []byte) wire.Reader {
	r := wire.NewReader(b)
	if mm.ExtendedTransaction(r.U8("Protocol Discriminator")) {
		r.U8("Transaction Identifier")
	}
	r.U8("Message Type")
	return r
}

// Identifiers of optional elements (TS 24.008 §9.5).
const (
	ieAPN      = 0x28
	ieAddress  = 0x2b
	ieT3396    = 0x37
	ieCause    = 0x39
	ieTearDown = 0x90 // type 1
)

// maxAPN is the longest access point name in octets (TS 24.008 §10.5.6.1).
const maxAPN = 100

// ActivatePDPContextRequest asks for a connection to a packet data network (TS 24.008
// §9.5.1).
type ActivatePDPContextRequest struct {
	// NSAPI names the context in the phone (§10.5.6.2): 5 to 15.
	NSAPI uint8
	// LLCSAPI is the link's access point that is to carry the data (§10.5.6.9).
	LLCSAPI uint8
	// PDP is the type of address asked for.
	PDP PDPAddress
	// APN is the name of the network asked for, as an APN is written (TS 23.003 §9.1);
	// empty if the element is absent. The phone chose it: escape it before it is shown.
	APN string
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*ActivatePDPContextRequest) Name() string { return name(typeActivateRequest) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *ActivatePDPContextRequest) Decode(b []byte) error {
	*m = ActivatePDPContextRequest{}
	r := begin(b)
	m.NSAPI = r.U8("Requested NSAPI") & 15
	m.LLCSAPI = r.U8("Requested LLC SAPI") & 15
	r.LV("Requested QoS")
	m.PDP.decode(&r, "Requested PDP address")
	m.APN = optionalAPN(&r, &m.Skipped)
	return r.Err()
}

// RequestPDPContextActivation asks the phone to connect (TS 24.008 §9.5.7).
type RequestPDPContextActivation struct {
	// PDP is the address offered.
	PDP PDPAddress
	// APN is the name of the network, as in ActivatePDPContextRequest.
	APN string
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*RequestPDPContextActivation) Name() string { return name(typeRequestActivation) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *RequestPDPContextActivation) Decode(b []byte) error {
	*m = RequestPDPContextActivation{}
	r := begin(b)
	m.PDP.decode(&r, "Offered PDP address")
	m.APN = optionalAPN(&r, &m.Skipped)
	return r.Err()
}

func optionalAPN(r *wire.Reader, s *mm.Skipped) (apn string) {
	for r.Len() > 0 {
		if iei := r.U8("IEI"); iei == ieAPN && apn == "" {
			apn = readAPN(r)
		} else {
			s.Skip(r, iei)
		}
	}
	return apn
}

// readAPN reads a length and an Access Point Name: labels, each with its length.
func readAPN(r *wire.Reader) string {
	const field = "Access point name"
	off := r.Offset()
	v := r.LV(field)
	if len(v) > maxAPN {
		r.Fail(field, off, wire.ErrLength)
	}
	var buf [maxAPN]byte
	n := 0
	for len(v) > 0 && r.OK() {
		label := int(v[0])
		if label > len(v)-1 {
			r.Fail(field, r.Offset()-len(v), wire.ErrShort)
			break
		}
		if n > 0 {
			buf[n] = '.'
			n++
		}
		n += copy(buf[n:], v[1:1+label])
		v = v[1+label:]
	}
	return string(buf[:n])
}

// ActivatePDPContextAccept connects the phone (TS 24.008 §9.5.2).
type ActivatePDPContextAccept struct {
	// LLCSAPI is the link's access point that carries the data (§10.5.6.9).
	LLCSAPI uint8
	// PDP is the address given.
	PDP PDPAddress
	// HasCause: Cause is present.
	HasCause bool
	// Cause says why the type of address is not the one asked for (§10.5.6.6).
	Cause Cause
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*ActivatePDPContextAccept) Name() string { return name(typeActivateAccept) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *ActivatePDPContextAccept) Decode(b []byte) error {
	*m = ActivatePDPContextAccept{}
	r := begin(b)
	m.LLCSAPI = r.U8("Negotiated LLC SAPI") & 15
	r.LV("Negotiated QoS")
	r.U8("Radio priority")
	for r.Len() > 0 {
		iei := r.U8("IEI")
		switch {
		case iei == ieAddress && !m.PDP.Present:
			m.PDP.decode(&r, "PDP address")
		case iei == ieCause && !m.HasCause:
			m.Cause = Cause(mm.ReadOctet(&r, "SM cause"))
			m.HasCause = r.OK()
		default:
			m.Skipped.Skip(&r, iei)
		}
	}
	return r.Err()
}

// Caused is a message that begins with a cause: one of the rejections, Deactivate PDP
// Context Request or SM Status (TS 24.008 §9.5.3, §9.5.6, §9.5.8, §9.5.13, §9.5.14,
// §9.5.15b, §9.5.21, §9.5.24, §9.5.26).
type Caused struct {
	// Type is the message type, one of the constants of this package.
	Type uint8
	// Cause is the SM cause (§10.5.6.6).
	Cause Cause
	// TearDown: all contexts with the same address are to be deactivated (§10.5.6.10).
	TearDown bool
	// HasT3396: T3396 is present.
	HasT3396 bool
	// T3396 is how long the phone must not try again (§10.5.7.4a).
	T3396 mm.GPRSTimer3
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (m *Caused) Name() string { return name(m.Type) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *Caused) Decode(b []byte) error {
	*m = Caused{}
	r := begin(b)
	_, m.Type, _ = mm.MessageType(b)
	m.Cause = Cause(r.U8("SM cause"))
	for r.Len() > 0 {
		iei := r.U8("IEI")
		switch {
		case iei&0xf0 == ieTearDown && m.Type == TypeDeactivateRequest:
			m.TearDown = iei&1 == 1
		case iei == ieT3396 && !m.HasT3396:
			m.T3396 = mm.GPRSTimer3(mm.ReadOctet(&r, "Back-off timer value"))
			m.HasT3396 = r.OK()
		default:
			m.Skipped.Skip(&r, iei)
		}
	}
	return r.Err()
}

// DeactivatePDPContextAccept agrees to the end of a connection (TS 24.008 §9.5.15).
type DeactivatePDPContextAccept struct {
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*DeactivatePDPContextAccept) Name() string { return name(typeDeactivateAccept) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *DeactivatePDPContextAccept) Decode(b []byte) error {
	*m = DeactivatePDPContextAccept{}
	r := begin(b)
	m.Skipped.Rest(&r)
	return r.Err()
}
