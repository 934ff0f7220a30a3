// Package s1ap decodes S1AP, the protocol between an LTE base station (eNB) and its
// core network (MME), TS 36.413 v17: every message by name, and of its content what
// tells about the cell, the phone and the NAS messages in it.
//
// A message is decoded from the first octet of the S1AP-PDU, as SCTP carries it under
// payload protocol identifier 18, or a capture of link type 150 by srsRAN; the encoding
// is the aligned variant of PER (X.691). Elements that are not decoded are kept as
// octets with identifier and criticality. The keys in SecurityKey and SecurityContext
// are passed over and kept nowhere.
//
// An element that is malformed does not hide those behind it: the first error comes
// back as a *wire.DecodeError with the element's name in the specification and its
// offset in the message, and the message with all that was read. Digits of a PLMN that
// are none give the unknown PLMN and no error. No input makes the decoder panic, no
// length on the wire sizes an allocation, and after the first messages of a kind
// nothing is allocated but for names of base stations and MMEs and on errors.
//
// Not decoded: the content of PrivateMessage and of RRC containers, the S1-Message in
// RerouteNASRequest, the iE-Extensions, and the identities inside UserLocationInformation,
// TargetID and the lists of recommended cells.
package s1ap

import (
	"strconv"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Limits on the lists of a Message.
const (
	// MaxNASPDUs is how many NAS-PDUs are kept: one for each of maxnoofE-RABs bearers.
	MaxNASPDUs = 256
	// MaxTAs is how many tracking areas a list can hold: maxnoofTACs, maxnoofTAIs.
	MaxTAs = 256
	// MaxPLMNs is how many PLMNs a tracking area can broadcast: maxnoofBPLMNs.
	MaxPLMNs = 6
	// MaxOther is how many elements that are not decoded are kept. No message has more
	// than 50 kinds of elements.
	MaxOther = 64
)

// PDUType is the alternative of S1AP-PDU (TS 36.413 §9.3.2).
type PDUType uint8

// Types of PDU.
const (
	InitiatingMessage PDUType = iota
	SuccessfulOutcome
	UnsuccessfulOutcome
)

// String names the type as the ASN.1 module does.
func (t PDUType) String() string {
	return text([]string{"initiatingMessage", "successfulOutcome", "unsuccessfulOutcome"}, uint8(t))
}

// ProcedureCode is an elementary procedure (TS 36.413 §9.3.6).
type ProcedureCode uint8

// String names the procedure as the ASN.1 module does, without "id-".
func (c ProcedureCode) String() string {
	if int(c) < len(procedures) {
		return procedures[c].name
	}
	return unknown(int(c))
}

// Criticality says what a receiver does that does not comprehend something (TS 36.413
// §10.3).
type Criticality uint8

// Criticalities; 3 is reserved.
const (
	Reject Criticality = iota
	Ignore
	Notify
)

// String names the criticality as the ASN.1 module does.
func (c Criticality) String() string { return text([]string{"reject", "ignore", "notify"}, uint8(c)) }

// IEID identifies an information element (TS 36.413 §9.3.6).
type IEID uint16

// String names the element as the ASN.1 module does, without "id-".
func (i IEID) String() string {
	if int(i) < len(ieNames) && ieNames[i] != "" {
		return ieNames[i]
	}
	return unknown(int(i))
}

// text returns the name of v, or says that it has none.
func text(names []string, v uint8) string {
	if int(v) < len(names) {
		return names[v]
	}
	return unknown(int(v))
}

func unknown(v int) string { return "unknown (" + strconv.Itoa(v) + ")" }

// NASPDU is a NAS message that S1AP transports (TS 36.413 §9.2.3.5).
type NASPDU struct {
	// Octets is the message; it aliases the input, or the decoder's storage where it
	// came in fragments.
	Octets []byte
	// Offset is the octet of the input in which it begins.
	Offset int
	// IE is the element that carries it: NAS-PDU, or the item of a list of bearers.
	IE IEID
}

// IE is an information element that is not decoded (TS 36.413 §9.3.7), or one that came
// twice or is malformed.
type IE struct {
	ID          IEID
	Criticality Criticality
	// Offset is the octet of the input in which Value begins.
	Offset int
	// Value is the content of the open type; it aliases the input, or the decoder's
	// storage where it came in fragments.
	Value []byte
}

// Message is one S1AP message. Slices and what they point to are valid until the next
// Decode. A PLMN that is unknown had digits that are none.
type Message struct {
	// Type and Procedure together are the message's type. Criticality is that of the
	// procedure.
	Type        PDUType
	Procedure   ProcedureCode
	Criticality Criticality
	// HasMMEUES1APID: MMEUES1APID is present, also as a part of UE-S1AP-IDs.
	HasMMEUES1APID bool
	// MMEUES1APID identifies the phone's connection in the MME (§9.2.3.3).
	MMEUES1APID uint32
	// HasENBUES1APID: ENBUES1APID is present, also as a part of UE-S1AP-IDs.
	HasENBUES1APID bool
	// ENBUES1APID identifies the phone's connection in the eNB, 24 bits (§9.2.3.4).
	ENBUES1APID uint32
	// NASPDUs are the NAS messages, at most MaxNASPDUs, in the order of the octets:
	// those of NAS-PDU elements and those of bearers to set up or modify.
	NASPDUs []NASPDU
	// HasTAI: TAI is present.
	HasTAI bool
	// TAI is the tracking area of the phone's cell.
	TAI TAI
	// HasEUTRANCGI: EUTRANCGI is present.
	HasEUTRANCGI bool
	// EUTRANCGI is the phone's cell.
	EUTRANCGI EUTRANCGI
	// HasRRCEstablishmentCause: RRCEstablishmentCause is present.
	HasRRCEstablishmentCause bool
	// RRCEstablishmentCause is why the phone asked for a connection.
	RRCEstablishmentCause RRCEstablishmentCause
	// HasCause: Cause is present.
	HasCause bool
	// Cause is why something is released, rejected or failed.
	Cause Cause
	// HasGlobalENBID: GlobalENBID is present.
	HasGlobalENBID bool
	// GlobalENBID identifies the eNB.
	GlobalENBID GlobalENBID
	// HasENBName: ENBName is present.
	HasENBName bool
	// ENBName is the eNB's name in the words of whoever set it up (§9.1.8.4).
	ENBName string
	// HasMMEName: MMEName is present.
	HasMMEName bool
	// MMEName is the MME's name in the words of whoever set it up (§9.1.8.5).
	MMEName string
	// SupportedTAs are the tracking areas of the eNB's cells, at most MaxTAs.
	SupportedTAs []SupportedTA
	// HasUESecurityCapabilities: UESecurityCapabilities is present.
	HasUESecurityCapabilities bool
	// UESecurityCapabilities are the phone's algorithms, as the MME passes them on.
	UESecurityCapabilities UESecurityCapabilities
	// HasSecurityKey: the message brings the key of the phone's radio connection
	// (§9.2.1.41). The key is not kept.
	HasSecurityKey bool
	// HasSecurityContext: the message brings a key for a handover (§9.2.1.26). The key
	// is not kept.
	HasSecurityContext bool
	// SecurityContextNCC is the next hop chaining count, 0 to 7.
	SecurityContextNCC uint8
	// HasSTMSI: STMSI is present.
	HasSTMSI bool
	// STMSI is the phone's temporary identity.
	STMSI STMSI
	// HasUEPagingID: UEPagingID is present.
	HasUEPagingID bool
	// UEPagingID is who is paged.
	UEPagingID UEPagingID
	// PagingTAIs are the tracking areas in which the phone is paged, at most MaxTAs.
	PagingTAIs []TAI
	// HasCNDomain: CNDomain is present.
	HasCNDomain bool
	// CNDomain is for which domain the phone is paged.
	CNDomain CNDomain
	// HasPagingDRX: PagingDRX is present.
	HasPagingDRX bool
	// PagingDRX is the phone's paging cycle, or the eNB's default.
	PagingDRX PagingDRX
	// HasCSFallbackIndicator: CSFallbackIndicator is present.
	HasCSFallbackIndicator bool
	// CSFallbackIndicator sends the phone to GSM or UMTS for a call.
	CSFallbackIndicator CSFallbackIndicator
	// HasUERadioCapability: the phone's radio capabilities are present (§9.2.1.27).
	HasUERadioCapability bool
	// UERadioCapabilityLength is their length in octets.
	UERadioCapabilityLength int
	// HasHandoverType: HandoverType is present.
	HasHandoverType bool
	// HandoverType is between which technologies the phone is handed over.
	HandoverType HandoverType
	// HasGUMMEI: GUMMEI is present.
	HasGUMMEI bool
	// GUMMEI is the MME in which the phone says it is registered.
	GUMMEI GUMMEI
	// HasGUMMEIList: a list of further identities of the MME is present.
	HasGUMMEIList bool
	// PrivateIEs is the content of a PrivateMessage (§9.3.3), not decoded.
	PrivateIEs []byte
	// Extraneous is the number of octets behind the message.
	Extraneous int
	// OtherCount is the number of elements not decoded, also of those that Other has no
	// place for.
	OtherCount int
	// Other are the elements not decoded, at most MaxOther, in the order of the octets.
	Other []IE

	complete bool // Type and Procedure were read
}

// Name returns the message's name as the ASN.1 module and Wireshark write it.
func (m *Message) Name() string {
	if !m.complete {
		return "S1AP message without type"
	}
	if int(m.Procedure) < len(procedures) {
		p := &procedures[m.Procedure]
		if n := [...]string{p.initiating, p.successful, p.unsuccessful}[m.Type]; n != "" {
			return n
		}
	}
	return m.Type.String() + " of S1AP procedure " + m.Procedure.String()
}

var _ wire.Message = (*Message)(nil)

// Decoder decodes S1AP messages into storage that it reuses. The zero value is ready;
// it is not for concurrent use.
type Decoder struct {
	msg    Message
	err    *wire.DecodeError
	joined []byte // values that came in fragments, joined
	segs   []segment
}

// Decode decodes the message in b, which starts at the first octet of the S1AP-PDU. The
// message is never nil and valid until the next Decode; with an error it holds what was
// read. Errors are wire.ErrShort, wire.ErrInvalid and wire.ErrUnsupported.
func (d *Decoder) Decode(b []byte) (*Message, error) {
	m := &d.msg
	*m = Message{
		NASPDUs: m.NASPDUs[:0], SupportedTAs: m.SupportedTAs[:0],
		PagingTAIs: m.PagingTAIs[:0], Other: m.Other[:0],
	}
	d.err, d.joined, d.segs = nil, d.joined[:0], d.segs[:0]
	r := reader{buf: b, end: 8 * len(b)}
	if t := r.bits("S1AP-PDU", 3); t > uint32(UnsuccessfulOutcome) {
		err := wire.ErrInvalid
		if t > 3 { // the extension bit: a type of PDU that no version has
			err = wire.ErrUnsupported
		}
		r.fail("S1AP-PDU", 0, err)
	} else {
		m.Type = PDUType(t)
	}
	m.Procedure = ProcedureCode(r.u8("procedureCode"))
	m.complete = r.ok()
	m.Criticality = Criticality(r.bits("criticality", 2))
	v := d.open(&r, "value")
	if !r.ok() {
		return m, r.err
	}
	m.Extraneous = (r.end - r.pos) / 8
	if m.Procedure == procedurePrivateMessage {
		m.PrivateIEs = v.buf[v.pos/8 : v.end/8]
		return m, nil
	}
	more, _ := v.fields("value", 0)
	for n := v.u16("protocolIEs"); n > 0 && v.ok(); n-- {
		d.element(&v)
	}
	v.tail(more, false)
	if d.err == nil {
		d.err = v.err
	}
	if d.err != nil {
		return m, d.err
	}
	return m, nil
}

const procedurePrivateMessage ProcedureCode = 39

// keep records the failure of v, which belongs to the element id, unless one is
// recorded.
func (d *Decoder) keep(v *reader, id IEID) {
	if d.err == nil && v.err != nil {
		e := *v.err
		e.Path = id.String() + "." + e.Path
		d.err = &e
	}
}

// element reads one element of a container (TS 36.413 §9.3.7, ProtocolIE-Field).
func (d *Decoder) element(r *reader) {
	id := IEID(r.u16("protocolIEs.id"))
	crit := Criticality(r.bits("protocolIEs.criticality", 2))
	v := d.open(r, "protocolIEs.value")
	if !r.ok() {
		return
	}
	rest := v
	taken := d.decode(id, &v)
	d.keep(&v, id)
	if taken {
		return
	}
	m := &d.msg
	if m.OtherCount++; len(m.Other) < MaxOther {
		m.Other = append(m.Other, IE{
			ID: id, Criticality: crit, Offset: rest.input(rest.pos / 8),
			Value: rest.buf[rest.pos/8 : rest.end/8 : rest.end/8],
		})
	}
}
