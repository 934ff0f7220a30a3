package nas

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// AuthenticationRequest challenges the phone, and proves the network (TS 24.301
// §8.2.7).
type AuthenticationRequest struct {
	KSI KSI
	// RAND is the challenge.
	RAND [16]byte
	// AUTN is the network's authentication token, 16 octets; nil if too short.
	AUTN []byte
	Elements
}

// Name returns the message's name.
func (*AuthenticationRequest) Name() string { return TypeAuthenticationRequest.String() }

func (m *AuthenticationRequest) decode(p *parser) {
	*m = AuthenticationRequest{Elements: m.Elements.cleared()}
	p.begin()
	m.KSI = ksi(p.U8("NAS key set identifier") & 15)
	copy(m.RAND[:], p.Octets("Authentication parameter RAND", len(m.RAND)))
	m.AUTN, _ = p.lv("Authentication parameter AUTN", 16, 16)
	p.elements(nil, none{}, &m.Elements)
}

// AuthenticationResponse answers the challenge (TS 24.301 §8.2.8).
type AuthenticationResponse struct {
	// RES is the answer, 4 to 16 octets; nil if too short.
	RES []byte
	Elements
}

// Name returns the message's name.
func (*AuthenticationResponse) Name() string { return TypeAuthenticationResponse.String() }

func (m *AuthenticationResponse) decode(p *parser) {
	*m = AuthenticationResponse{Elements: m.Elements.cleared()}
	p.begin()
	m.RES, _ = p.lv("Authentication response parameter", 4, 16)
	p.elements(nil, none{}, &m.Elements)
}

// AuthenticationFailure tells that the phone refuses the network's token (TS 24.301
// §8.2.5).
type AuthenticationFailure struct {
	// Cause is MAC failure, Synch failure or Non-EPS authentication unacceptable.
	Cause EMMCause
	// AUTS is the authentication failure parameter, 14 octets, as it goes with a Synch
	// failure; nil if absent.
	AUTS []byte
	Elements
}

// Name returns the message's name.
func (*AuthenticationFailure) Name() string { return TypeAuthenticationFailure.String() }

var authenticationFailureTable = []element{{0x30, tlv, 14, 14, "Authentication failure parameter"}}

func (m *AuthenticationFailure) decode(p *parser) {
	*m = AuthenticationFailure{Elements: m.Elements.cleared()}
	p.begin()
	m.Cause = EMMCause(p.U8("EMM cause"))
	p.elements(authenticationFailureTable, m, &m.Elements)
}

func (m *AuthenticationFailure) element(_ *parser, _ uint8, v []byte, _ int) bool {
	m.AUTS = v
	return true
}

// IdentityRequest asks the phone who it is (TS 24.301 §8.2.18).
type IdentityRequest struct {
	Type IdentityType
	// Spare is the rest of the octet, 5 bits, which is 0 by the specification.
	Spare uint8
	Elements
}

// Name returns the message's name.
func (*IdentityRequest) Name() string { return TypeIdentityRequest.String() }

func (m *IdentityRequest) decode(p *parser) {
	*m = IdentityRequest{Elements: m.Elements.cleared()}
	p.begin()
	v := p.U8("Identity type")
	m.Type, m.Spare = IdentityType(v&7), v>>3
	p.elements(nil, none{}, &m.Elements)
}

// IdentityResponse tells the network who the phone is (TS 24.301 §8.2.19).
type IdentityResponse struct {
	// Identity is what was asked for, or none if the phone has none.
	Identity ident.MobileIdentity
	Elements
}

// Name returns the message's name.
func (*IdentityResponse) Name() string { return TypeIdentityResponse.String() }

func (m *IdentityResponse) decode(p *parser) {
	*m = IdentityResponse{Elements: m.Elements.cleared()}
	p.begin()
	if b, off := p.lv("Mobile identity", 1, 9); b != nil {
		m.Identity = p.mobileIdentity("Mobile identity", b, off)
	}
	p.elements(nil, none{}, &m.Elements)
}

// SecurityModeCommand chooses the algorithms and says what the network believes the
// phone can do (TS 24.301 §8.2.20).
type SecurityModeCommand struct {
	Ciphering CipheringAlgorithm
	Integrity IntegrityAlgorithm
	KSI       KSI
	// Replayed are the replayed UE security capabilities.
	Replayed UESecurityCapability
	// HasIMEISVRequest: IMEISVRequest is present.
	HasIMEISVRequest bool
	IMEISVRequest    IMEISVRequest
	// HasNonceUE: NonceUE, the phone's, replayed, is present.
	HasNonceUE bool
	NonceUE    uint32
	// HasNonceMME: NonceMME is present.
	HasNonceMME bool
	NonceMME    uint32
	// HashMME is the hash of the phone's unprotected message, 8 octets; nil if absent.
	HashMME []byte
	// AdditionalSecurity is the replayed UE additional security capability.
	AdditionalSecurity UEAdditionalSecurityCapability
	Elements
}

// Name returns the message's name.
func (*SecurityModeCommand) Name() string { return TypeSecurityModeCommand.String() }

var securityModeCommandTable = []element{
	{0xc0, half, 1, 1, "IMEISV request"},
	{0x55, fixed, 4, 4, "Replayed nonceUE"},
	{0x56, fixed, 4, 4, "NonceMME"},
	{0x4f, tlv, 8, 8, "HashMME"},
	{0x6f, tlv, 4, 4, "Replayed UE additional security capability"},
	{0x37, tlv, 1, 1, "UE radio capability ID request"},
}

func (m *SecurityModeCommand) decode(p *parser) {
	*m = SecurityModeCommand{Elements: m.Elements.cleared()}
	p.begin()
	v := p.U8("Selected NAS security algorithms")
	m.Ciphering, m.Integrity = CipheringAlgorithm(v>>4&7), IntegrityAlgorithm(v&7)
	m.KSI = ksi(p.U8("NAS key set identifier") & 15)
	if b, _ := p.lv("Replayed UE security capabilities", 2, 5); b != nil {
		m.Replayed = ueSecurityCapability(b)
	}
	p.elements(securityModeCommandTable, m, &m.Elements)
}

func (m *SecurityModeCommand) element(_ *parser, iei uint8, v []byte, _ int) bool {
	switch iei {
	case 0xc0:
		m.IMEISVRequest, m.HasIMEISVRequest = IMEISVRequest(v[0]&7), true
	case 0x55:
		m.NonceUE, m.HasNonceUE = nonce(v), true
	case 0x56:
		m.NonceMME, m.HasNonceMME = nonce(v), true
	case 0x4f:
		m.HashMME = v
	case 0x6f:
		m.AdditionalSecurity = additionalCapability(v)
	default:
		return false
	}
	return true
}

// SecurityModeComplete tells that the phone uses the algorithms (TS 24.301 §8.2.21).
type SecurityModeComplete struct {
	// HasIMEISV: IMEISV is present.
	HasIMEISV bool
	IMEISV    ident.MobileIdentity
	// Replayed is the replayed NAS message container: the message whose hash did not
	// fit; nil if absent.
	Replayed []byte
	Elements
}

// Name returns the message's name.
func (*SecurityModeComplete) Name() string { return TypeSecurityModeComplete.String() }

var securityModeCompleteTable = []element{
	{0x23, tlv, 1, 9, "IMEISV"},
	{0x79, tlve, 0, 65535, "Replayed NAS message container"},
	{0x66, tlv, 1, 255, "UE radio capability ID"},
}

func (m *SecurityModeComplete) decode(p *parser) {
	*m = SecurityModeComplete{Elements: m.Elements.cleared()}
	p.begin()
	p.elements(securityModeCompleteTable, m, &m.Elements)
}

func (m *SecurityModeComplete) element(p *parser, iei uint8, v []byte, off int) bool {
	switch iei {
	case 0x23:
		m.IMEISV, m.HasIMEISV = p.mobileIdentity("IMEISV", v, off), true
	case 0x79:
		m.Replayed = v
	default:
		return false
	}
	return true
}

// CauseMessage is a message with nothing but a cause: Security mode reject or EMM
// status (TS 24.301 §8.2.22, §8.2.14).
type CauseMessage struct {
	Type  EMMType
	Cause EMMCause
	Elements
}

// Name returns the message's name.
func (m *CauseMessage) Name() string { return m.Type.String() }

func (m *CauseMessage) decode(p *parser) {
	*m = CauseMessage{Elements: m.Elements.cleared()}
	m.Type = p.begin()
	m.Cause = EMMCause(p.U8("EMM cause"))
	p.elements(nil, none{}, &m.Elements)
}

// GUTIReallocationCommand gives the phone a new GUTI (TS 24.301 §8.2.16).
type GUTIReallocationCommand struct {
	GUTI    EPSMobileIdentity
	TAIList TAIList
	Elements
}

// Name returns the message's name.
func (*GUTIReallocationCommand) Name() string { return TypeGUTIReallocationCommand.String() }

var gutiReallocationTable = []element{
	{0x54, tlv, 6, 96, "TAI list"},
	{0x65, tlv, 2, 2, "DCN-ID"},
	{0x66, tlv, 1, 255, "UE radio capability ID"},
	{0xb0, half, 1, 1, "UE radio capability ID deletion indication"},
}

func (m *GUTIReallocationCommand) decode(p *parser) {
	*m = GUTIReallocationCommand{Elements: m.Elements.cleared()}
	p.begin()
	b, off := p.lv("GUTI", 1, 11)
	m.GUTI = p.epsIdentity("GUTI", b, off)
	p.elements(gutiReallocationTable, m, &m.Elements)
}

func (m *GUTIReallocationCommand) element(p *parser, iei uint8, v []byte, off int) bool {
	if iei == 0x54 {
		m.TAIList = p.taiList("TAI list", v, off)
		return true
	}
	return false
}

// UEDetachRequest tells that the phone leaves (TS 24.301 §8.2.11.1).
type UEDetachRequest struct {
	Type UEDetachType
	// SwitchOff: the phone is being switched off.
	SwitchOff bool
	KSI       KSI
	Identity  EPSMobileIdentity
	Elements
}

// Name returns the message's name.
func (*UEDetachRequest) Name() string { return TypeDetachRequest.String() }

func (m *UEDetachRequest) decode(p *parser) {
	*m = UEDetachRequest{Elements: m.Elements.cleared()}
	p.begin()
	v := p.U8("Detach type")
	m.Type, m.SwitchOff, m.KSI = UEDetachType(v&7), v&8 != 0, ksi(v>>4)
	const id = "EPS mobile identity"
	b, off := p.lv(id, 1, 11)
	m.Identity = p.epsIdentity(id, b, off)
	p.elements(nil, none{}, &m.Elements)
}

// NetworkDetachRequest sends the phone away (TS 24.301 §8.2.11.2).
type NetworkDetachRequest struct {
	Type NetworkDetachType
	// HasCause: Cause is present.
	HasCause bool
	Cause    EMMCause
	RejectElements
	Elements
}

// Name returns the message's name.
func (*NetworkDetachRequest) Name() string { return TypeDetachRequest.String() }

var networkDetachTable = []element{
	{0x53, fixed, 1, 1, "EMM cause"},
	lowerBound, forbiddenRoaming, forbiddenRegional,
}

func (m *NetworkDetachRequest) decode(p *parser) {
	*m = NetworkDetachRequest{Elements: m.Elements.cleared()}
	p.begin()
	m.Type = NetworkDetachType(p.U8("Detach type") & 7)
	p.elements(networkDetachTable, m, &m.Elements)
}

func (m *NetworkDetachRequest) element(p *parser, iei uint8, v []byte, off int) bool {
	switch iei {
	case 0x53:
		m.Cause, m.HasCause = EMMCause(v[0]), true
	default:
		return m.take(p, iei, v, off)
	}
	return true
}

// detachDirection tells the two Detach requests apart: the phone's goes on with the
// length of its identity, 4 to 11 octets, that are there; the network's ends after
// the type, or goes on with an element, of which none has such an identifier.
func detachDirection(b []byte) Direction {
	if len(b) < 4 || b[3] > 11 {
		return Downlink
	}
	return Uplink
}

// Plain is a message that says all by its type: Authentication reject, Detach accept,
// GUTI reallocation complete, Tracking area update complete (TS 24.301 §8.2.6,
// §8.2.10, §8.2.17, §8.2.27).
type Plain struct {
	Type EMMType
	Elements
}

// Name returns the message's name.
func (m *Plain) Name() string { return m.Type.String() }

func (m *Plain) decode(p *parser) {
	*m = Plain{Elements: m.Elements.cleared()}
	m.Type = p.begin()
	p.elements(nil, none{}, &m.Elements)
}
