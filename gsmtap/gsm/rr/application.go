package rr

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/cbch"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// APDUID says which protocol an Application Information carries (TS 44.018
// §10.5.2.48).
type APDUID uint8

// Protocols of application information.
const (
	APDURRLP APDUID = 0 // location services, TS 44.031
	APDUETWS APDUID = 1 // earthquake and tsunami warning, TS 23.041
)

// String names the protocol.
func (a APDUID) String() string {
	switch a {
	case APDURRLP:
		return "RRLP"
	case APDUETWS:
		return "ETWS"
	}
	return "reserved"
}

// MarshalText writes the protocol's name.
func (a APDUID) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// ApplicationInformation carries a message of another protocol, in practice of RRLP: with
// it the network can ask a phone where it is (TS 44.018 §9.1.53).
type ApplicationInformation struct {
	// ID is the APDU ID, 0 to 15.
	ID APDUID
	// Flags is the APDU Flags (§10.5.2.49), 4 bits: bit 2 is set if this is not the
	// first segment. Bits 1 and 3 are C/R and the same for the last segment; decoders
	// disagree on which is which, so they are left as they are. 0 is an unsegmented
	// command.
	Flags uint8
	// RRLP is what the beginning of an APDU of RRLP says.
	RRLP RRLP
	// ETWS is what the beginning of an APDU of ETWS says.
	ETWS ETWSPrimaryNotification
	// Data is the APDU Data (§10.5.2.50); it aliases the input.
	Data []byte
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// FirstSegment reports whether Data starts with the start of an APDU.
func (m *ApplicationInformation) FirstSegment() bool { return m.Flags&2 == 0 }

// PositionRequest reports whether the network asks the phone to measure or to tell where
// it is.
func (m *ApplicationInformation) PositionRequest() bool {
	return m.RRLP.Present && m.RRLP.Component == MsrPositionReq
}

// Name returns "Application Information".
func (*ApplicationInformation) Name() string { return "Application Information" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *ApplicationInformation) Decode(b []byte) error {
	*m = ApplicationInformation{}
	r, err := begin(b, typeApplicationInformation)
	if err != nil {
		return err
	}
	v := r.U8("APDU ID")
	m.ID, m.Flags = APDUID(v&15), v>>4
	m.Data = r.LV("APDU Data")
	m.Unknown.skip(&r)
	if m.Data == nil || !m.FirstSegment() {
		return r.Err()
	}
	switch m.ID {
	case APDURRLP:
		err = m.RRLP.decode(m.Data)
	case APDUETWS:
		err = m.ETWS.decode(m.Data)
	}
	return first(wire.Within(err, "APDU Data", 4), r.Err())
}

// RRLPComponent is the kind of an RRLP message (TS 44.031 v17.0.0 §5.1): the alternatives
// of RRLP-Component, and after them those of its extension.
type RRLPComponent uint8

// Kinds of RRLP messages.
const (
	MsrPositionReq RRLPComponent = iota
	MsrPositionRsp
	AssistanceData
	AssistanceDataAck
	ProtocolError
	PosCapabilityReq // the first of the extension
	PosCapabilityRsp
)

// String names the kind as ASN.1 does.
func (c RRLPComponent) String() string {
	names := [...]string{"msrPositionReq", "msrPositionRsp", "assistanceData", "assistanceDataAck", "protocolError",
		"posCapabilityReq", "posCapabilityRsp"}
	if int(c) < len(names) {
		return names[c]
	}
	return fmt.Sprintf("reserved (%d)", uint8(c))
}

// RRLP is the beginning of a message of the Radio Resource LCS Protocol (TS 44.031 §5.1),
// in unaligned PER. Not decoded: what it asks for or tells, among it where the phone is.
type RRLP struct {
	// Present is false if the message holds no such beginning.
	Present bool
	// ReferenceNumber ties answers to requests, 0 to 7.
	ReferenceNumber uint8
	// Component is the kind of message.
	Component RRLPComponent
}

func (m *RRLP) decode(b []byte) error {
	r := wire.NewBitReader(b)
	m.ReferenceNumber = uint8(r.Bits("referenceNumber", 3))
	const field = "component"
	switch extension := r.Flag(field); {
	case !extension:
		m.Component = RRLPComponent(r.Bits(field, 3))
		if m.Component > ProtocolError {
			m.Component = 0
			return &wire.DecodeError{Path: field, Bit: 4, Err: wire.ErrInvalid}
		}
	case r.Flag(field): // a number of more than six bits; there are two
		r.Fail(field, wire.ErrUnsupported)
	default:
		m.Component = PosCapabilityReq + RRLPComponent(r.Bits(field, 6))
	}
	m.Present = r.OK()
	return r.Err()
}

// ETWSPrimaryNotification is the beginning of a notification of the Earthquake and
// Tsunami Warning System (TS 23.041 §9.4.1.3).
type ETWSPrimaryNotification struct {
	// Present is false if the message holds no such beginning.
	Present bool
	// SerialNumber is as in cbch.Page, undivided (§9.4.1.2.1).
	SerialNumber uint16
	// MessageIdentifier says what the warning is about.
	MessageIdentifier cbch.MessageIdentifier
	// WarningType are the two octets of §9.3.24: type (7 bits), emergency user alert, popup.
	WarningType uint16
}

func (m *ETWSPrimaryNotification) decode(b []byte) error {
	r := wire.NewReader(b)
	m.SerialNumber = r.U16("Serial Number")
	m.MessageIdentifier = cbch.MessageIdentifier(r.U16("Message Identifier"))
	m.WarningType = r.U16("Warning Type")
	m.Present = r.OK()
	return r.Err()
}
