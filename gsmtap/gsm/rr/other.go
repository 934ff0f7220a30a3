package rr

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Message types of TS 44.018 §10.4 that the dedicated and paging half decodes.
const (
	typeChannelRelease         = 0x0d
	typeChannelModeModify      = 0x10
	typeRRStatus               = 0x12
	typeClassmarkEnquiry       = 0x13
	typeMeasurementReport      = 0x15
	typeClassmarkChange        = 0x16
	typeChannelModeModifyAck   = 0x17
	typePagingRequest1         = 0x21
	typePagingRequest2         = 0x22
	typePagingRequest3         = 0x24
	typePagingResponse         = 0x27
	typeHandoverFailure        = 0x28
	typeAssignmentComplete     = 0x29
	typeHandoverCommand        = 0x2b
	typeHandoverComplete       = 0x2c
	typePhysicalInformation    = 0x2d
	typeAssignmentCommand      = 0x2e
	typeAssignmentFailure      = 0x2f
	typeCipheringModeComplete  = 0x32
	typeGPRSSuspensionRequest  = 0x34
	typeCipheringModeCommand   = 0x35
	typeApplicationInformation = 0x38
	typeImmediateAssignmentExt = 0x39
	typeImmediateAssignmentRej = 0x3a
	typeImmediateAssignment    = 0x3f
)

// dedicatedMessages is the storage for the messages of the common control channels
// other than the broadcast, and of dedicated channels.
type dedicatedMessages struct {
	pagingRequest1         PagingRequestType1
	pagingRequest2         PagingRequestType2
	pagingRequest3         PagingRequestType3
	pagingResponse         PagingResponse
	immediateAssignment    ImmediateAssignment
	immediateAssignmentExt ImmediateAssignmentExtended
	immediateAssignmentRej ImmediateAssignmentReject
	cipheringModeCommand   CipheringModeCommand
	cipheringModeComplete  CipheringModeComplete
	assignmentCommand      AssignmentCommand
	assignmentComplete     AssignmentComplete
	assignmentFailure      AssignmentFailure
	handoverCommand        HandoverCommand
	handoverComplete       HandoverComplete
	handoverFailure        HandoverFailure
	physicalInformation    PhysicalInformation
	channelRelease         ChannelRelease
	channelModeModify      ChannelModeModify
	channelModeModifyAck   ChannelModeModifyAcknowledge
	rrStatus               RRStatus
	classmarkChange        ClassmarkChange
	classmarkEnquiry       ClassmarkEnquiry
	measurementReport      MeasurementReport
	gprsSuspensionRequest  GPRSSuspensionRequest
	applicationInformation ApplicationInformation
}

// pick returns the storage for messages of type mt, or nil if they are not decoded
// here.
func (d *dedicatedMessages) pick(mt uint8) message {
	switch mt {
	case typePagingRequest1:
		return &d.pagingRequest1
	case typePagingRequest2:
		return &d.pagingRequest2
	case typePagingRequest3:
		return &d.pagingRequest3
	case typePagingResponse:
		return &d.pagingResponse
	case typeImmediateAssignment:
		return &d.immediateAssignment
	case typeImmediateAssignmentExt:
		return &d.immediateAssignmentExt
	case typeImmediateAssignmentRej:
		return &d.immediateAssignmentRej
	case typeCipheringModeCommand:
		return &d.cipheringModeCommand
	case typeCipheringModeComplete:
		return &d.cipheringModeComplete
	case typeAssignmentCommand:
		return &d.assignmentCommand
	case typeAssignmentComplete:
		return &d.assignmentComplete
	case typeAssignmentFailure:
		return &d.assignmentFailure
	case typeHandoverCommand:
		return &d.handoverCommand
	case typeHandoverComplete:
		return &d.handoverComplete
	case typeHandoverFailure:
		return &d.handoverFailure
	case typePhysicalInformation:
		return &d.physicalInformation
	case typeChannelRelease:
		return &d.channelRelease
	case typeChannelModeModify:
		return &d.channelModeModify
	case typeChannelModeModifyAck:
		return &d.channelModeModifyAck
	case typeRRStatus:
		return &d.rrStatus
	case typeClassmarkChange:
		return &d.classmarkChange
	case typeClassmarkEnquiry:
		return &d.classmarkEnquiry
	case typeMeasurementReport:
		return &d.measurementReport
	case typeGPRSSuspensionRequest:
		return &d.gprsSuspensionRequest
	case typeApplicationInformation:
		return &d.applicationInformation
	}
	return nil
}

// messageNames is TS 44.018 §10.4 table 10.4.1. Some numbers mean another message
// on another channel or in the other direction: 0x16 is also MBMS Announcement,
// 0x36 Service Information and 0x66 Priority Uplink Request.
var messageNames = [256]string{
	0x00: "System Information Type 13",
	0x01: "System Information Type 14",
	0x02: "System Information Type 2bis",
	0x03: "System Information Type 2ter",
	0x04: "System Information Type 9",
	0x05: "System Information Type 5bis",
	0x06: "System Information Type 5ter",
	0x07: "System Information Type 2quater",
	0x08: "RR-cell Change Order",
	0x09: "VGCS Uplink Grant",
	0x0a: "Partial Release",
	0x0d: "Channel Release",
	0x0e: "Uplink Release",
	0x0f: "Partial Release Complete",
	0x10: "Channel Mode Modify",
	0x11: "Talker Indication",
	0x12: "RR Status",
	0x13: "Classmark Enquiry",
	0x14: "Frequency Redefinition",
	0x15: "Measurement Report",
	0x16: "Classmark Change",
	0x17: "Channel Mode Modify Acknowledge",
	0x18: "System Information Type 8",
	0x19: "System Information Type 1",
	0x1a: "System Information Type 2",
	0x1b: "System Information Type 3",
	0x1c: "System Information Type 4",
	0x1d: "System Information Type 5",
	0x1e: "System Information Type 6",
	0x1f: "System Information Type 7",
	0x20: "Notification/NCH",
	0x21: "Paging Request Type 1",
	0x22: "Paging Request Type 2",
	0x23: "PDCH Assignment Command", // until release 99
	0x24: "Paging Request Type 3",
	0x26: "Notification/Response",
	0x27: "Paging Response",
	0x28: "Handover Failure",
	0x29: "Assignment Complete",
	0x2a: "Uplink Busy",
	0x2b: "Handover Command",
	0x2c: "Handover Complete",
	0x2d: "Physical Information",
	0x2e: "Assignment Command",
	0x2f: "Assignment Failure",
	0x30: "Configuration Change Command",
	0x31: "Configuration Change Ack.",
	0x32: "Ciphering Mode Complete",
	0x33: "Configuration Change Reject",
	0x34: "GPRS Suspension Request",
	0x35: "Ciphering Mode Command",
	0x36: "Extended Measurement Report",
	0x37: "Extended Measurement Order",
	0x38: "Application Information",
	0x39: "Immediate Assignment Extended",
	0x3a: "Immediate Assignment Reject",
	0x3b: "Additional Assignment",
	0x3d: "System Information Type 16",
	0x3e: "System Information Type 17",
	0x3f: "Immediate Assignment",
	0x40: "System Information Type 18",
	0x41: "System Information Type 19",
	0x42: "System Information Type 20",
	0x43: "System Information Type 15",
	0x44: "System Information Type 13alt",
	0x45: "System Information Type 2n",
	0x46: "System Information Type 21",
	0x47: "System Information Type 22",
	0x48: "DTM Assignment Failure",
	0x49: "DTM Reject",
	0x4a: "DTM Request",
	0x4b: "Packet Assignment",
	0x4c: "DTM Assignment Command",
	0x4d: "DTM Information",
	0x4e: "Packet Notification",
	0x4f: "System Information Type 23",
	0x60: "UTRAN Classmark Change",
	0x62: "cdma2000 Classmark Change",
	0x63: "Inter System to UTRAN Handover Command",
	0x64: "Inter System to cdma2000 Handover Command",
	0x65: "GERAN Iu Mode Classmark Change",
	0x66: "Inter System to E-UTRAN Handover Command",
	0x67: "Data Indication",
	0x68: "Data Indication 2",
	0x69: "Immediate Packet Assignment",
	0x6a: "EC Immediate Assignment Type 1",
}

// messageName returns the name of a message type, for all types that TS 44.018
// assigns, decoded or not.
func messageName(mt uint8) (string, bool) {
	return messageNames[mt], messageNames[mt] != ""
}

// maxUnknown is how many elements that a decoder does not know are kept by
// identifier. No message of TS 44.018 §9.1 is known to carry more.
const maxUnknown = 8

// UnknownIEs records the elements of a message that its decoder does not know, or
// met a second time, and passed over by the rules of TS 24.007 §11.2.4.
type UnknownIEs struct {
	// IEI holds the first identifiers; those with bit 8 set without the half octet
	// of the value.
	IEI [maxUnknown]uint8
	// Count is the number of elements passed over, also of those that IEI has no
	// place for.
	Count int
}

func (u *UnknownIEs) add(e element) {
	if u.Count < len(u.IEI) {
		u.IEI[u.Count] = e.iei
	}
	u.Count++
}

// skip passes over all elements that are left.
func (u *UnknownIEs) skip(r *wire.Reader) {
	for {
		e, ok := nextElement(r, noElements)
		if !ok {
			return
		}
		u.add(e)
	}
}

// element is an optional element of a message.
type element struct {
	name  string
	iei   uint8  // with bit 8 set: without the half octet of the value
	half  uint8  // the value of an element with bit 8 set
	value []byte // the value of others; aliases the input
	off   int    // where value starts
}

// elementTable returns the name of an element in a message, and how many octets its
// value has if it has no length: a type 3 element of TS 24.007 §11.2.1.1. For
// elements with a length it returns tlv, and for those it does not know no name.
type elementTable func(iei uint8) (name string, octets int)

const tlv = -1

func noElements(uint8) (string, int) { return "", tlv }

// nextElement reads an element; ok is false at the end and after a failure.
func nextElement(r *wire.Reader, table elementTable) (e element, ok bool) {
	iei, ok := r.Peek()
	if !ok {
		return element{}, false
	}
	start := r.Offset()
	r.U8("IEI")
	if iei&0x80 != 0 {
		e.iei, e.half, e.off = iei&0xf0, iei&15, start
		e.name, _ = table(e.iei)
		return e, true
	}
	e.iei = iei
	n := tlv
	if e.name, n = table(iei); e.name == "" {
		e.name = "unknown element"
	}
	if n == tlv {
		e.value = r.LV(e.name)
		e.off = start + 2
	} else {
		e.value = r.Octets(e.name, n)
		e.off = start + 1
	}
	return e, r.OK()
}

// failWithin records the error of a part of the message that starts at octet off.
func failWithin(r *wire.Reader, off int, err error) {
	if d, ok := err.(*wire.DecodeError); ok {
		r.Fail(d.Path, off+d.Offset, d.Err)
	}
}

// frequencies decodes the value of an element with a frequency list. The first
// error goes to bad; the elements after it are read all the same.
func (e *element) frequencies(bad *error) (FrequencyList, bool) {
	l, err := DecodeFrequencyList(e.value)
	return l, e.ok(bad, err)
}

// cellChannels decodes the value of a Cell Channel Description like frequencies.
func (e *element) cellChannels(bad *error) (FrequencyList, bool) {
	l, err := DecodeCellChannelDescription([16]byte(e.value))
	return l, e.ok(bad, err)
}

// ok puts err, an error in the value of e, into bad unless there is one.
func (e *element) ok(bad *error, err error) bool {
	if err != nil && *bad == nil {
		*bad = wire.Within(err, e.name, e.off)
	}
	return err == nil
}

// begin checks the header of a message and starts to read after it.
func begin(b []byte, mt uint8) (wire.Reader, error) {
	r := wire.NewReader(b)
	if err := header(b, mt); err != nil {
		return r, err
	}
	r.Octets("", 2)
	return r, nil
}

// mobileIdentity decodes the value part of a Mobile Identity at octet off. Where the
// digits of an IMSI, IMEI or IMEISV are none, its type is kept.
func mobileIdentity(r *wire.Reader, v []byte, off int) ident.MobileIdentity {
	m, err := ident.DecodeMobileIdentity(v)
	if err == nil {
		return m
	}
	failWithin(r, off, err)
	if t := ident.IdentityType(v[0] & 7); t != ident.TMSI {
		m.Type = t
	}
	return m
}

// identityLV reads a length and a Mobile Identity.
func identityLV(r *wire.Reader) ident.MobileIdentity {
	off := r.Offset() + 1
	v := r.LV("Mobile Identity")
	if !r.OK() {
		return ident.MobileIdentity{}
	}
	return mobileIdentity(r, v, off)
}

// Cause is an RR cause (TS 44.018 §10.5.2.31).
type Cause uint8

// RR causes.
const (
	CauseNormal                    Cause = 0
	CauseAbnormalUnspecified       Cause = 1
	CauseAbnormalChannel           Cause = 2
	CauseAbnormalTimer             Cause = 3
	CauseAbnormalNoActivity        Cause = 4
	CausePreemptive                Cause = 5
	CauseUTRANConfigurationUnknown Cause = 6
	CauseHandoverTimingAdvance     Cause = 8
	CauseChannelModeUnacceptable   Cause = 9
	CauseFrequencyNotImplemented   Cause = 10
	CauseLeavingGroupCallArea      Cause = 11
	CauseLowerLayerFailure         Cause = 12
	CauseCallAlreadyCleared        Cause = 65
	CauseSemanticallyIncorrect     Cause = 95
	CauseInvalidMandatory          Cause = 96
	CauseUnknownMessage            Cause = 97
	CauseMessageState              Cause = 98
	CauseConditionalIE             Cause = 100
	CauseNoCellAllocation          Cause = 101
	CauseProtocolError             Cause = 111
)

// String names the cause; "reserved" for codes that TS 44.018 does not assign,
// which a receiver treats as CauseNormal.
func (c Cause) String() string {
	switch c {
	case CauseNormal:
		return "Normal event"
	case CauseAbnormalUnspecified:
		return "Abnormal release, unspecified"
	case CauseAbnormalChannel:
		return "Abnormal release, channel unacceptable"
	case CauseAbnormalTimer:
		return "Abnormal release, timer expired"
	case CauseAbnormalNoActivity:
		return "Abnormal release, no activity on the radio path"
	case CausePreemptive:
		return "Preemptive release"
	case CauseUTRANConfigurationUnknown:
		return "UTRAN configuration unknown"
	case CauseHandoverTimingAdvance:
		return "Handover impossible, timing advance out of range"
	case CauseChannelModeUnacceptable:
		return "Channel mode unacceptable"
	case CauseFrequencyNotImplemented:
		return "Frequency not implemented"
	case CauseLeavingGroupCallArea:
		return "Originator or talker leaving group call area"
	case CauseLowerLayerFailure:
		return "Lower layer failure"
	case CauseCallAlreadyCleared:
		return "Call already cleared"
	case CauseSemanticallyIncorrect:
		return "Semantically incorrect message"
	case CauseInvalidMandatory:
		return "Invalid mandatory information"
	case CauseUnknownMessage:
		return "Message type non-existent or not implemented"
	case CauseMessageState:
		return "Message type not compatible with protocol state"
	case CauseConditionalIE:
		return "Conditional IE error"
	case CauseNoCellAllocation:
		return "No cell allocation available"
	case CauseProtocolError:
		return "Protocol error unspecified"
	}
	return "reserved"
}

// MarshalText writes the cause's name.
func (c Cause) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// decodeCause reads a message whose only mandatory element is an RR cause.
func decodeCause(b []byte, mt uint8, cause *Cause, unknown *UnknownIEs) error {
	r, err := begin(b, mt)
	if err != nil {
		return err
	}
	*cause = Cause(r.U8("RR Cause"))
	unknown.skip(&r)
	return r.Err()
}

// RRStatus reports an error in a message (TS 44.018 §9.1.29).
type RRStatus struct {
	// Cause is the RR cause.
	Cause Cause
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// Name returns "RR Status".
func (*RRStatus) Name() string { return "RR Status" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *RRStatus) Decode(b []byte) error {
	*m = RRStatus{}
	return decodeCause(b, typeRRStatus, &m.Cause, &m.Unknown)
}

// SuspensionCause says why a phone suspends its packet service (TS 44.018 §10.5.2.47).
type SuspensionCause uint8

// String names the cause; "reserved" for codes that are not assigned.
func (c SuspensionCause) String() string {
	names := [...]string{
		"Emergency call, mobile originating call or call re-establishment",
		"Location Area Update",
		"MO Short message service",
		"Other procedure which can be completed with an SDCCH",
		"MO Voice broadcast or group call",
		"Mobile terminating CS connection",
		"DTM not supported in the cell",
	}
	if int(c) < len(names) {
		return names[c]
	}
	return "reserved"
}

// MarshalText writes the cause's name.
func (c SuspensionCause) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// GPRSSuspensionRequest asks to suspend the packet service while the phone is in
// dedicated mode (TS 44.018 §9.1.13b).
type GPRSSuspensionRequest struct {
	// TLLI is the temporary logical link identity (§10.5.2.41a), which is made from the
	// P-TMSI and stands for a person like it.
	TLLI ident.MobileIdentity
	// LAI is the location area of the Routing Area Identification (TS 24.008
	// §10.5.5.15). Its PLMN is unknown if the digits are none.
	LAI ident.LAI
	// RAC is the routing area code.
	RAC uint8
	// Cause is the suspension cause.
	Cause SuspensionCause
	// ServiceSupportPresent: ServiceSupport is present.
	ServiceSupportPresent bool
	// ServiceSupport is the Service Support (§10.5.2.57), a bit each for MBMS
	// services.
	ServiceSupport uint8
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// Name returns "GPRS Suspension Request".
func (*GPRSSuspensionRequest) Name() string { return "GPRS Suspension Request" }

func suspensionElements(iei uint8) (string, int) {
	if iei == 0x01 {
		return "Service Support", 1
	}
	return "", tlv
}

// Decode fills m from b, which starts at the protocol discriminator.
func (m *GPRSSuspensionRequest) Decode(b []byte) error {
	*m = GPRSSuspensionRequest{}
	r, err := begin(b, typeGPRSSuspensionRequest)
	if err != nil {
		return err
	}
	m.TLLI = ident.TMSIIdentity(r.U32("TLLI"))
	if v := r.Octets("Routing Area Identification", 6); v != nil {
		m.LAI, err = ident.DecodeLAI(v)
		m.RAC = v[5]
	}
	if v := r.U8("Suspension cause"); r.OK() {
		m.Cause = SuspensionCause(v)
	}
	for {
		e, ok := nextElement(&r, suspensionElements)
		if !ok {
			break
		}
		if e.iei == 0x01 && !m.ServiceSupportPresent {
			m.ServiceSupport, m.ServiceSupportPresent = e.value[0], true
		} else {
			m.Unknown.add(e)
		}
	}
	return first(wire.Within(err, "Routing Area Identification", 6), r.Err())
}
