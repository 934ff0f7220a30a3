package nas

import (
	"time"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// ServiceRequest asks for a connection (TS 24.301 §8.2.25). It has no message type,
// a security header says what it is.
type ServiceRequest struct {
	// KSI is the number of the key set, 0 to 7 (§9.9.3.19).
	KSI uint8
	// Sequence is the sequence number, 5 bits.
	Sequence uint8
	// ShortMAC is the short message authentication code (§9.9.3.28).
	ShortMAC uint16
	Elements
}

// Name returns the message's name.
func (*ServiceRequest) Name() string { return "Service request" }

func (m *ServiceRequest) decode(p *parser) {
	*m = ServiceRequest{Elements: m.Elements.cleared()}
	p.U8("Protocol Discriminator")
	v := p.U8("KSI and sequence number")
	m.KSI, m.Sequence = v>>5, v&0x1f
	m.ShortMAC = p.U16("Message authentication code (short)")
	m.Extraneous = len(p.Rest())
}

// ExtendedServiceRequest asks for CS fallback or a connection (TS 24.301 §8.2.15).
type ExtendedServiceRequest struct {
	Service ServiceType
	KSI     KSI
	// Identity is the M-TMSI, as a TMSI.
	Identity ident.MobileIdentity
	// HasCSFBAccepted: CSFBAccepted, the CSFB response, is present.
	HasCSFBAccepted bool
	CSFBAccepted    bool
	// HasBearers: Bearers is present.
	HasBearers bool
	Bearers    BearerStatus
	// HasLowPriority: LowPriority, the device properties, is present.
	HasLowPriority bool
	LowPriority    bool
	Elements
}

// Name returns the message's name.
func (*ExtendedServiceRequest) Name() string { return TypeExtendedServiceRequest.String() }

var extendedServiceTable = []element{
	{0xb0, half, 1, 1, "CSFB response"},
	bearerContexts, deviceProperties, ueRequestType, pagingRestriction,
}

func (m *ExtendedServiceRequest) decode(p *parser) {
	*m = ExtendedServiceRequest{Elements: m.Elements.cleared()}
	p.begin()
	v := p.U8("Service type")
	m.Service, m.KSI = ServiceType(v&15), ksi(v>>4)
	if b, off := p.lv("M-TMSI", 1, 5); b != nil {
		m.Identity = p.mobileIdentity("M-TMSI", b, off)
	}
	p.elements(extendedServiceTable, m, &m.Elements)
}

func (m *ExtendedServiceRequest) element(_ *parser, iei uint8, v []byte, _ int) bool {
	switch iei {
	case 0xb0:
		m.CSFBAccepted, m.HasCSFBAccepted = v[0]&1 != 0, true
	case 0x57:
		m.Bearers, m.HasBearers = bearerStatus(v), true
	case 0xd0:
		m.LowPriority, m.HasLowPriority = v[0]&1 != 0, true
	default:
		return false
	}
	return true
}

// ControlPlaneServiceRequest asks to send data through the control plane (TS 24.301
// §8.2.33).
type ControlPlaneServiceRequest struct {
	Service ControlPlaneServiceType
	// Active: the phone wants the user plane as well.
	Active bool
	KSI    KSI
	// ESM is the ESM message container, ciphered under a header of type 5.
	ESM ESMContainer
	// Container is the NAS message container, a short message, ciphered under a header
	// of type 5; nil if absent.
	Container []byte
	// HasBearers: Bearers is present.
	HasBearers bool
	Bearers    BearerStatus
	// HasLowPriority: LowPriority, the device properties, is present.
	HasLowPriority bool
	LowPriority    bool
	Elements
}

// Name returns the message's name.
func (*ControlPlaneServiceRequest) Name() string { return TypeControlPlaneServiceRequest.String() }

var controlPlaneServiceTable = []element{
	{0x78, tlve, 0, 65535, "ESM message container"},
	{0x67, tlv, 2, 251, "NAS message container"},
	bearerContexts, deviceProperties, ueRequestType, pagingRestriction,
}

func (m *ControlPlaneServiceRequest) decode(p *parser) {
	*m = ControlPlaneServiceRequest{ESM: m.ESM.cleared(), Elements: m.Elements.cleared()}
	p.begin()
	v := p.U8("Control plane service type")
	m.Service, m.Active, m.KSI = ControlPlaneServiceType(v&7), v&8 != 0, ksi(v>>4)
	p.elements(controlPlaneServiceTable, m, &m.Elements)
}

func (m *ControlPlaneServiceRequest) element(p *parser, iei uint8, v []byte, off int) bool {
	switch iei {
	case 0x78:
		p.esmContainer(&m.ESM, v, off, true)
	case 0x67:
		m.Container = v
	case 0x57:
		m.Bearers, m.HasBearers = bearerStatus(v), true
	case 0xd0:
		m.LowPriority, m.HasLowPriority = v[0]&1 != 0, true
	default:
		return false
	}
	return true
}

// ServiceReject refuses a connection (TS 24.301 §8.2.24).
type ServiceReject struct {
	Cause EMMCause
	// T3442 is how long CS fallback is not to be had, T3346 how long the phone must
	// wait, T3448 the back-off of the control plane.
	T3442, T3346, T3448 Timer
	RejectElements
	Elements
}

// Name returns the message's name.
func (*ServiceReject) Name() string { return TypeServiceReject.String() }

var serviceRejectTable = []element{
	{0x5b, fixed, 1, 1, "T3442 value"},
	{0x5f, tlv, 1, 1, "T3346 value"},
	{0x6b, tlv, 1, 1, "T3448 value"},
	lowerBound, forbiddenRoaming, forbiddenRegional,
}

func (m *ServiceReject) decode(p *parser) {
	*m = ServiceReject{Elements: m.Elements.cleared()}
	p.begin()
	m.Cause = EMMCause(p.U8("EMM cause"))
	p.elements(serviceRejectTable, m, &m.Elements)
}

func (m *ServiceReject) element(p *parser, iei uint8, v []byte, off int) bool {
	switch iei {
	case 0x5b:
		m.T3442 = gprsTimer(v[0])
	case 0x5f:
		m.T3346 = gprsTimer(v[0])
	case 0x6b:
		m.T3448 = gprsTimer(v[0])
	default:
		return m.take(p, iei, v, off)
	}
	return true
}

// ServiceAccept grants a connection (TS 24.301 §8.2.34).
type ServiceAccept struct {
	// HasBearers: Bearers is present.
	HasBearers bool
	Bearers    BearerStatus
	// T3448 is the back-off of the control plane.
	T3448 Timer
	Elements
}

// Name returns the message's name.
func (*ServiceAccept) Name() string { return TypeServiceAccept.String() }

var serviceAcceptTable = []element{
	bearerContexts,
	{0x6b, tlv, 1, 1, "T3448 value"},
	additionalResult, forbiddenRoaming, forbiddenRegional,
}

func (m *ServiceAccept) decode(p *parser) {
	*m = ServiceAccept{Elements: m.Elements.cleared()}
	p.begin()
	p.elements(serviceAcceptTable, m, &m.Elements)
}

func (m *ServiceAccept) element(_ *parser, iei uint8, v []byte, _ int) bool {
	switch iei {
	case 0x57:
		m.Bearers, m.HasBearers = bearerStatus(v), true
	case 0x6b:
		m.T3448 = gprsTimer(v[0])
	default:
		return false
	}
	return true
}

// CSServiceNotification tells a phone of a call in the CS domain (TS 24.301 §8.2.9).
type CSServiceNotification struct {
	Paging PagingIdentity
	// CLI is the caller's number (TS 24.008 §10.5.4.9), which stands for a person; nil
	// if absent.
	CLI []byte
	// HasSSCode: SSCode, the supplementary service (TS 29.002 §17.7.5), is present.
	HasSSCode bool
	SSCode    uint8
	// HasLCSIndicator: LCSIndicator is present; 1 is a location request for the phone.
	HasLCSIndicator bool
	LCSIndicator    uint8
	Elements
}

// Name returns the message's name.
func (*CSServiceNotification) Name() string { return TypeCSServiceNotification.String() }

var csNotificationTable = []element{
	{0x60, tlv, 1, 12, "CLI"},
	{0x61, fixed, 1, 1, "SS Code"},
	{0x62, fixed, 1, 1, "LCS indicator"},
	{0x63, tlv, 1, 255, "LCS client identity"},
}

func (m *CSServiceNotification) decode(p *parser) {
	*m = CSServiceNotification{Elements: m.Elements.cleared()}
	p.begin()
	m.Paging = PagingIdentity(p.U8("Paging identity") & 1)
	p.elements(csNotificationTable, m, &m.Elements)
}

func (m *CSServiceNotification) element(_ *parser, iei uint8, v []byte, _ int) bool {
	switch iei {
	case 0x60:
		m.CLI = v
	case 0x61:
		m.SSCode, m.HasSSCode = v[0], true
	case 0x62:
		m.LCSIndicator, m.HasLCSIndicator = v[0], true
	default:
		return false
	}
	return true
}

// NASTransport carries a short message, Downlink or Uplink NAS transport (TS 24.301
// §8.2.12, §8.2.30).
type NASTransport struct {
	Type EMMType
	// Container is the NAS message container: an SMS message of TS 24.011.
	Container []byte
	Elements
}

// Name returns the message's name.
func (m *NASTransport) Name() string { return m.Type.String() }

func (m *NASTransport) decode(p *parser) {
	*m = NASTransport{Elements: m.Elements.cleared()}
	m.Type = p.begin()
	m.Container, _ = p.lv("NAS message container", 2, 251)
	p.elements(nil, none{}, &m.Elements)
}

// GenericNASTransport carries a message of another protocol, as positioning, Downlink
// or Uplink generic NAS transport (TS 24.301 §8.2.31, §8.2.32).
type GenericNASTransport struct {
	Type          EMMType
	ContainerType ContainerType
	// Container is the generic message container.
	Container []byte
	// Additional is the additional information; nil if absent.
	Additional []byte
	Elements
}

// Name returns the message's name.
func (m *GenericNASTransport) Name() string { return m.Type.String() }

var genericTransportTable = []element{{0x65, tlv, 1, 255, "Additional information"}}

func (m *GenericNASTransport) decode(p *parser) {
	*m = GenericNASTransport{Elements: m.Elements.cleared()}
	m.Type = p.begin()
	m.ContainerType = ContainerType(p.U8("Generic message container type"))
	m.Container, _ = p.lve("Generic message container", 1, 65535)
	p.elements(genericTransportTable, m, &m.Elements)
}

func (m *GenericNASTransport) element(_ *parser, _ uint8, v []byte, _ int) bool {
	m.Additional = v
	return true
}

// EMMInformation tells the phone the network's name and the time (TS 24.301
// §8.2.13). Its elements are those of MM Information, see there.
type EMMInformation struct {
	// FullName is the full name for the network, ShortName the short one.
	FullName, ShortName mm.NetworkName
	// HasZone: Zone, the local time zone, is present and valid.
	HasZone bool
	Zone    mm.TimeZone
	// HasTime: Time, the universal time, and TimeZone, sent with it, are present and
	// valid.
	HasTime  bool
	Time     time.Time
	TimeZone mm.TimeZone
	// HasDST: DST, the network daylight saving time, is present: hours, 3 is reserved.
	HasDST bool
	DST    uint8
	Elements
}

// Name returns the message's name.
func (*EMMInformation) Name() string { return TypeEMMInformation.String() }

var emmInformationTable = []element{
	{0x43, tlv, 1, 255, "Full name for network"},
	{0x45, tlv, 1, 255, "Short name for network"},
	{0x46, fixed, 1, 1, "Local time zone"},
	{0x47, fixed, 7, 7, "Universal time and local time zone"},
	{0x49, tlv, 1, 1, "Network daylight saving time"},
}

func (m *EMMInformation) decode(p *parser) {
	*m = EMMInformation{Elements: m.Elements.cleared()}
	p.begin()
	p.elements(emmInformationTable, m, &m.Elements)
}

// element has the element decoded as the only one of an MM Information, which codes
// it alike. It allocates the texts of the names.
func (m *EMMInformation) element(p *parser, iei uint8, v []byte, off int) bool {
	start := off - 4 // protocol discriminator, message type, identifier, length
	if iei == 0x46 || iei == 0x47 {
		start++
	}
	var i mm.MMInformation
	p.within("", start, i.Decode(p.b[start:off+len(v)]))
	switch iei {
	case 0x43:
		m.FullName = i.FullName
	case 0x45:
		m.ShortName = i.ShortName
	case 0x46:
		m.HasZone, m.Zone = i.HasZone, i.Zone
	case 0x47:
		m.HasTime, m.Time, m.TimeZone = i.HasTime, i.Time, i.TimeZone
	case 0x49:
		m.HasDST, m.DST = i.HasDST, i.DST
	}
	return true
}
