package nas

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// ESMContainer is an ESM message inside an EMM message (TS 24.301 §9.9.3.15).
type ESMContainer struct {
	// Present is false if the message has no such element.
	Present bool
	// Octets is the ESM message.
	Octets []byte
	// HasMessage: Message is the ESM message; false where the container is ciphered or
	// holds none.
	HasMessage bool
	Message    ESM
}

// esmContainer decodes the container v at octet off into c. In a Control plane
// service request it may be ciphered (§4.4.5), so there only what passes for a plain
// message is taken.
func (p *parser) esmContainer(c *ESMContainer, v []byte, off int, ciphered bool) {
	const field = "ESM message container"
	c.Present, c.Octets = true, v
	if len(v) == 0 {
		p.defect(field, off, wire.ErrLength)
		return
	}
	in := p.container
	in.reset(v, p.dir)
	c.Message.decode(in)
	err := in.result()
	if ciphered {
		c.HasMessage = err == nil && !in.odd && v[0]&15 == 2 && c.Message.plausible(p.dir)
		return
	}
	c.HasMessage = v[0]&15 == 2
	p.odd = p.odd || in.odd || !c.Message.Type.known()
	p.within(field, off, err)
}

// cleared returns c empty, with its storage.
func (c *ESMContainer) cleared() ESMContainer {
	return ESMContainer{Message: ESM{Elements: c.Message.Elements.cleared()}}
}

// RequestElements are the optional elements that Attach request and Tracking area
// update request share.
type RequestElements struct {
	// HasAdditionalGUTI: AdditionalGUTI is present.
	HasAdditionalGUTI bool
	AdditionalGUTI    EPSMobileIdentity
	// HasLastTAI: LastTAI, the last visited registered TAI, is present. An unknown PLMN
	// is that of octets that are no digits.
	HasLastTAI bool
	LastTAI    TAI
	DRX        DRXParameter
	// HasOldLAI: OldLAI is present.
	HasOldLAI bool
	OldLAI    ident.LAI
	// HasValidTMSI: ValidTMSI, the TMSI status, is present.
	HasValidTMSI bool
	ValidTMSI    bool
	// MSNetworkCapability, Classmark2, Classmark3 and SupportedCodecs are the values of
	// these elements (TS 24.008 §10.5.5.12, §10.5.1.6, §10.5.1.7, §10.5.4.32); nil if
	// absent.
	MSNetworkCapability, Classmark2, Classmark3, SupportedCodecs []byte
	AdditionalUpdate                                             AdditionalUpdateType
	VoiceDomain                                                  VoiceDomain
	// HasLowPriority: LowPriority, the device properties, is present.
	HasLowPriority bool
	LowPriority    bool
	// HasOldGUTIType: OldGUTIType is present.
	HasOldGUTIType bool
	OldGUTIType    GUTIType
	// T3324 is the active time wanted, T3412Extended the periodic update timer.
	T3324, T3412Extended Timer
	AdditionalSecurity   UEAdditionalSecurityCapability
}

// take decodes one of the shared elements.
func (m *RequestElements) take(p *parser, iei uint8, v []byte, off int) bool {
	switch iei {
	case 0x50:
		m.AdditionalGUTI, m.HasAdditionalGUTI = p.epsIdentity("Additional GUTI", v, off), true
	case 0x52:
		m.LastTAI, m.HasLastTAI = TAI{maybePLMN(v), uint16(v[3])<<8 | uint16(v[4])}, true
	case 0x5c:
		m.DRX = drx(v)
	case 0x31:
		m.MSNetworkCapability = v
	case 0x13:
		m.OldLAI, m.HasOldLAI = lai(v), true
	case 0x90:
		m.ValidTMSI, m.HasValidTMSI = v[0]&1 != 0, true
	case 0x11:
		m.Classmark2 = v
	case 0x20:
		m.Classmark3 = v
	case 0x40:
		m.SupportedCodecs = v
	case 0xf0:
		m.AdditionalUpdate = additionalUpdateType(v[0])
	case 0x5d:
		m.VoiceDomain = VoiceDomain{true, VoicePreference(v[0] & 3), v[0]&4 != 0}
	case 0xd0:
		m.LowPriority, m.HasLowPriority = v[0]&1 != 0, true
	case 0xe0:
		m.OldGUTIType, m.HasOldGUTIType = GUTIType(v[0]&1), true
	case 0x6a:
		m.T3324 = gprsTimer(v[0])
	case 0x5e:
		m.T3412Extended = gprsTimer3(v[0], true)
	case 0x6f:
		m.AdditionalSecurity = additionalCapability(v)
	default:
		return false
	}
	return true
}

// AttachRequest asks for service (TS 24.301 §8.2.4).
type AttachRequest struct {
	Type     AttachType
	KSI      KSI
	Identity EPSMobileIdentity
	// Capability is the UE network capability.
	Capability UENetworkCapability
	ESM        ESMContainer
	RequestElements
	Elements
}

// Name returns the message's name.
func (*AttachRequest) Name() string { return TypeAttachRequest.String() }

var attachRequestTable = []element{
	{0x19, fixed, 3, 3, "Old P-TMSI signature"},
	{0x50, tlv, 11, 11, "Additional GUTI"},
	{0x52, fixed, 5, 5, "Last visited registered TAI"},
	{0x5c, fixed, 2, 2, "DRX parameter"},
	{0x31, tlv, 2, 8, "MS network capability"},
	{0x13, fixed, 5, 5, "Old location area identification"},
	{0x90, half, 1, 1, "TMSI status"},
	{0x11, tlv, 3, 3, "Mobile station classmark 2"},
	{0x20, tlv, 0, 32, "Mobile station classmark 3"},
	{0x40, tlv, 3, 255, "Supported Codecs"},
	{0xf0, half, 1, 1, "Additional update type"},
	{0x5d, tlv, 1, 1, "Voice domain preference and UE's usage setting"},
	{0xd0, half, 1, 1, "Device properties"},
	{0xe0, half, 1, 1, "Old GUTI type"},
	{0xc0, half, 1, 1, "MS network feature support"},
	{0x10, tlv, 2, 2, "TMSI based NRI container"},
	{0x6a, tlv, 1, 1, "T3324 value"},
	{0x5e, tlv, 1, 1, "T3412 extended value"},
	{0x6e, tlv, 1, 2, "Extended DRX parameters"},
	{0x6f, tlv, 4, 4, "UE additional security capability"},
	{0x6d, tlv, 1, 1, "UE status"},
	{0x17, fixed, 1, 1, "Additional information requested"},
	{0x32, tlv, 1, 13, "N1 UE network capability"},
	{0x34, tlv, 1, 1, "UE radio capability ID availability"},
	{0x35, tlv, 1, 255, "Requested WUS assistance information"},
	{0x36, tlv, 1, 1, "DRX parameter in NB-S1 mode"},
	{0x38, tlv, 2, 2, "Requested IMSI offset"},
}

func (m *AttachRequest) decode(p *parser) {
	*m = AttachRequest{ESM: m.ESM.cleared(), Elements: m.Elements.cleared()}
	p.begin()
	v := p.U8("EPS attach type")
	m.Type, m.KSI = AttachType(v&7), ksi(v>>4)
	const id, ncap = "EPS mobile identity", "UE network capability"
	b, off := p.lv(id, 1, 11)
	m.Identity = p.epsIdentity(id, b, off)
	if b, _ = p.lv(ncap, 2, 13); b != nil {
		m.Capability = ueNetworkCapability(b)
	}
	if b, off = p.lve("ESM message container", 0, 65535); p.OK() {
		p.esmContainer(&m.ESM, b, off, false)
	}
	p.elements(attachRequestTable, m, &m.Elements)
}

func (m *AttachRequest) element(p *parser, iei uint8, v []byte, off int) bool {
	return m.take(p, iei, v, off)
}

// AcceptElements are the optional elements that Attach accept and Tracking area
// update accept share.
type AcceptElements struct {
	// HasGUTI: GUTI is present.
	HasGUTI bool
	GUTI    EPSMobileIdentity
	// HasLAI: LAI is present.
	HasLAI bool
	LAI    ident.LAI
	// HasMSIdentity: MSIdentity, a TMSI or IMSI for CS services, is present.
	HasMSIdentity bool
	MSIdentity    ident.MobileIdentity
	// HasCause: Cause is present.
	HasCause bool
	Cause    EMMCause
	// T3402 is the time between attempts, T3423 that of ISR, T3412Extended the periodic
	// update timer where T3412 has no room for it, T3324 the active time.
	T3402, T3423, T3412Extended, T3324 Timer
	// T3448 is the back-off of the control plane, T3447 the service gap.
	T3448, T3447    Timer
	EquivalentPLMNs PLMNList
	// EmergencyNumbers is the value of the emergency number list (TS 24.008
	// §10.5.3.13); nil if absent.
	EmergencyNumbers []byte
	Features         NetworkFeatures
	// HasAdditionalResult: AdditionalResult, the additional update result, is present.
	HasAdditionalResult bool
	AdditionalResult    AdditionalUpdateResult
	// HasNetworkPolicy: NetworkPolicy is present.
	HasNetworkPolicy bool
	NetworkPolicy    NetworkPolicy
}

// take decodes one of the shared elements.
func (m *AcceptElements) take(p *parser, iei uint8, v []byte, off int) bool {
	switch iei {
	case 0x50:
		m.GUTI, m.HasGUTI = p.epsIdentity("GUTI", v, off), true
	case 0x13:
		m.LAI, m.HasLAI = lai(v), true
	case 0x23:
		m.MSIdentity, m.HasMSIdentity = p.mobileIdentity("MS identity", v, off), true
	case 0x53:
		m.Cause, m.HasCause = EMMCause(v[0]), true
	case 0x17:
		m.T3402 = gprsTimer(v[0])
	case 0x59:
		m.T3423 = gprsTimer(v[0])
	case 0x4a:
		m.EquivalentPLMNs = p.plmnList("Equivalent PLMNs", v, off)
	case 0x34:
		m.EmergencyNumbers = v
	case 0x64:
		m.Features = networkFeatures(v)
	case 0xf0:
		m.AdditionalResult, m.HasAdditionalResult = AdditionalUpdateResult(v[0]&3), true
	case 0x5e:
		m.T3412Extended = gprsTimer3(v[0], true)
	case 0x6a:
		m.T3324 = gprsTimer(v[0])
	case 0x6b:
		m.T3448 = gprsTimer(v[0])
	case 0x6c:
		m.T3447 = gprsTimer3(v[0], false)
	case 0xc0:
		m.NetworkPolicy, m.HasNetworkPolicy = NetworkPolicy(v[0]&15), true
	default:
		return false
	}
	return true
}

// AttachAccept grants service (TS 24.301 §8.2.1).
type AttachAccept struct {
	Result AttachResult
	// T3412 is the time between periodic updates.
	T3412   Timer
	TAIList TAIList
	ESM     ESMContainer
	AcceptElements
	Elements
}

// Name returns the message's name.
func (*AttachAccept) Name() string { return TypeAttachAccept.String() }

var attachAcceptTable = []element{
	{0x50, tlv, 11, 11, "GUTI"},
	{0x13, fixed, 5, 5, "Location area identification"},
	{0x23, tlv, 5, 8, "MS identity"},
	{0x53, fixed, 1, 1, "EMM cause"},
	{0x17, fixed, 1, 1, "T3402 value"},
	{0x59, fixed, 1, 1, "T3423 value"},
	{0x4a, tlv, 3, 45, "Equivalent PLMNs"},
	{0x34, tlv, 3, 48, "Emergency number list"},
	{0x64, tlv, 1, 3, "EPS network feature support"},
	{0xf0, half, 1, 1, "Additional update result"},
	{0x5e, tlv, 1, 1, "T3412 extended value"},
	{0x6a, tlv, 1, 1, "T3324 value"},
	{0x6e, tlv, 1, 2, "Extended DRX parameters"},
	{0x65, tlv, 2, 2, "DCN-ID"},
	{0xe0, half, 1, 1, "SMS services status"},
	{0xd0, half, 1, 1, "Non-3GPP NW provided policies"},
	{0x6b, tlv, 1, 1, "T3448 value"},
	{0xc0, half, 1, 1, "Network policy"},
	{0x6c, tlv, 1, 1, "T3447 value"},
	{0x7a, tlve, 4, 65535, "Extended emergency number list"},
	{0x7c, tlve, 32, 2288, "Ciphering key data"},
	{0x66, tlv, 1, 255, "UE radio capability ID"},
	{0xb0, half, 1, 1, "UE radio capability ID deletion indication"},
	{0x35, tlv, 1, 255, "Negotiated WUS assistance information"},
	{0x36, tlv, 1, 1, "Negotiated DRX parameter in NB-S1 mode"},
	{0x38, tlv, 2, 2, "Negotiated IMSI offset"},
	forbiddenRoaming,
	forbiddenRegional,
}

// Rows that several tables share.
var (
	forbiddenRoaming  = element{0x1d, tlv, 6, 96, `Forbidden TAI(s) for the list of "forbidden tracking areas for roaming"`}
	forbiddenRegional = element{0x1e, tlv, 6, 96, `Forbidden TAI(s) for the list of "forbidden tracking areas for regional provision of service"`}
	lowerBound        = element{0x1c, tlv, 1, 1, "Lower bound timer value"}
	bearerContexts    = element{0x57, tlv, 2, 255, "EPS bearer context status"}
	ueRequestType     = element{0x29, tlv, 1, 1, "UE request type"}
	pagingRestriction = element{0x28, tlv, 1, 3, "Paging restriction"}
	additionalResult  = element{0x37, tlv, 1, 1, "EPS additional request result"}
	deviceProperties  = element{0xd0, half, 1, 1, "Device properties"}
)

func (m *AttachAccept) decode(p *parser) {
	*m = AttachAccept{ESM: m.ESM.cleared(), Elements: m.Elements.cleared()}
	p.begin()
	m.Result = AttachResult(p.U8("EPS attach result") & 7)
	if v := p.U8("T3412 value"); p.OK() {
		m.T3412 = gprsTimer(v)
	}
	if b, off := p.lv("TAI list", 6, 96); b != nil {
		m.TAIList = p.taiList("TAI list", b, off)
	}
	if b, off := p.lve("ESM message container", 0, 65535); p.OK() {
		p.esmContainer(&m.ESM, b, off, false)
	}
	p.elements(attachAcceptTable, m, &m.Elements)
}

func (m *AttachAccept) element(p *parser, iei uint8, v []byte, off int) bool {
	return m.take(p, iei, v, off)
}

// AttachComplete acknowledges an Attach accept (TS 24.301 §8.2.2).
type AttachComplete struct {
	ESM ESMContainer
	Elements
}

// Name returns the message's name.
func (*AttachComplete) Name() string { return TypeAttachComplete.String() }

func (m *AttachComplete) decode(p *parser) {
	*m = AttachComplete{ESM: m.ESM.cleared(), Elements: m.Elements.cleared()}
	p.begin()
	if b, off := p.lve("ESM message container", 0, 65535); p.OK() {
		p.esmContainer(&m.ESM, b, off, false)
	}
	p.elements(nil, none{}, &m.Elements)
}

// RejectElements are what all messages that refuse or end service can say of the next
// attempt.
type RejectElements struct {
	// LowerBound is the least time before it.
	LowerBound Timer
	// ForbiddenRoaming and ForbiddenRegional are areas in which the phone must not ask
	// again.
	ForbiddenRoaming, ForbiddenRegional TAIList
}

func (m *RejectElements) take(p *parser, iei uint8, v []byte, off int) bool {
	switch iei {
	case 0x1c:
		m.LowerBound = gprsTimer3(v[0], false)
	case 0x1d:
		m.ForbiddenRoaming = p.taiList(forbiddenRoaming.name, v, off)
	case 0x1e:
		m.ForbiddenRegional = p.taiList(forbiddenRegional.name, v, off)
	default:
		return false
	}
	return true
}

// AttachReject refuses service (TS 24.301 §8.2.3).
type AttachReject struct {
	Cause EMMCause
	ESM   ESMContainer
	// T3346 is how long the phone must wait, T3402 the time between attempts.
	T3346, T3402  Timer
	ExtendedCause ExtendedCause
	RejectElements
	Elements
}

// Name returns the message's name.
func (*AttachReject) Name() string { return TypeAttachReject.String() }

var attachRejectTable = []element{
	{0x78, tlve, 3, 65535, "ESM message container"},
	{0x5f, tlv, 1, 1, "T3346 value"},
	{0x16, tlv, 1, 1, "T3402 value"},
	{0xa0, half, 1, 1, "Extended EMM cause"},
	lowerBound, forbiddenRoaming, forbiddenRegional,
}

func (m *AttachReject) decode(p *parser) {
	*m = AttachReject{ESM: m.ESM.cleared(), Elements: m.Elements.cleared()}
	p.begin()
	m.Cause = EMMCause(p.U8("EMM cause"))
	p.elements(attachRejectTable, m, &m.Elements)
}

func (m *AttachReject) element(p *parser, iei uint8, v []byte, off int) bool {
	switch iei {
	case 0x78:
		p.esmContainer(&m.ESM, v, off, false)
	case 0x5f:
		m.T3346 = gprsTimer(v[0])
	case 0x16:
		m.T3402 = gprsTimer(v[0])
	case 0xa0:
		m.ExtendedCause = extendedCause(v[0])
	default:
		return m.take(p, iei, v, off)
	}
	return true
}
