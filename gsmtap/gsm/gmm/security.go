package gmm

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// AuthenticationAndCipheringRequest challenges the phone and chooses the cipher (TS
// 24.008 §9.4.9).
type AuthenticationAndCipheringRequest struct {
	// Algorithm is the ciphering algorithm from now on (§10.5.5.3). UMTS ignores it.
	Algorithm Algorithm
	// IMEISVRequest: the phone is asked for its IMEISV (§10.5.5.10).
	IMEISVRequest bool
	// ForceToStandby makes the phone stop its READY timer (§10.5.5.7).
	ForceToStandby bool
	// Reference is the A&C reference number (§10.5.5.19), 0 to 15.
	Reference uint8
	// HasRAND: RAND is present. Without it the cipher alone changes.
	HasRAND bool
	// RAND is the challenge (§10.5.3.1).
	RAND [16]byte
	// HasCKSN: CKSN is present, as it is with a challenge.
	HasCKSN bool
	// CKSN is the number of the key that the challenge makes.
	CKSN mm.CKSN
	// HasAUTN: AUTN is present, so the network proves itself (§10.5.3.1.1).
	HasAUTN bool
	// AUTN is the network's authentication token.
	AUTN [16]byte
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*AuthenticationAndCipheringRequest) Name() string { return name(typeAuthenticationRequest) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *AuthenticationAndCipheringRequest) Decode(b []byte) error {
	*m = AuthenticationAndCipheringRequest{}
	r := begin(b)
	v := r.U8("Ciphering algorithm")
	m.Algorithm, m.IMEISVRequest = Algorithm(v&7), v>>4&7 == 1
	v = r.U8("Force to standby")
	m.ForceToStandby, m.Reference = standby(v), v>>4
	for r.Len() > 0 {
		const ieRAND, ieCKSN, ieAUTN = 0x21, 0x80, 0x28
		iei := r.U8("IEI")
		switch {
		case iei == ieRAND && !m.HasRAND: // type 3
			m.HasRAND = copy(m.RAND[:], r.Octets("Authentication parameter RAND", len(m.RAND))) > 0
		case iei == ieRAND:
			m.Skipped.SkipFixed(&r, iei, len(m.RAND))
		case iei&0xf0 == ieCKSN && !m.HasCKSN:
			m.CKSN, m.HasCKSN = mm.CKSN(iei&7), true
		case iei == ieAUTN && !m.HasAUTN:
			m.HasAUTN = mm.ReadExactly(&r, "Authentication parameter AUTN", m.AUTN[:])
		default:
			m.Skipped.Skip(&r, iei)
		}
	}
	return r.Err()
}

// AuthenticationAndCipheringResponse is the phone's answer (TS 24.008 §9.4.10).
type AuthenticationAndCipheringResponse struct {
	// Reference is the A&C reference number of the request (§10.5.5.19), 0 to 15.
	Reference uint8
	// HasRES: RES is present, as it is where a challenge is answered.
	HasRES bool
	// RES is the signed response, or the first four octets of it (§10.5.3.2).
	RES [4]byte
	// IMEISV is the phone's IMEISV, or none.
	IMEISV ident.MobileIdentity
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*AuthenticationAndCipheringResponse) Name() string { return name(typeAuthenticationAnswer) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *AuthenticationAndCipheringResponse) Decode(b []byte) error {
	*m = AuthenticationAndCipheringResponse{}
	r := begin(b)
	m.Reference = r.U8("A&C reference number") & 15
	for r.Len() > 0 {
		const ieRES = 0x22
		iei := r.U8("IEI")
		switch {
		case iei == ieRES && !m.HasRES: // type 3
			m.HasRES = copy(m.RES[:], r.Octets("Authentication parameter Response", len(m.RES))) > 0
		case iei == ieRES:
			m.Skipped.SkipFixed(&r, iei, len(m.RES))
		case iei == ieIdentity && !m.IMEISV.Present():
			m.IMEISV = mm.ReadMobileIdentity(&r)
		default:
			m.Skipped.Skip(&r, iei)
		}
	}
	return r.Err()
}

// AuthenticationAndCipheringFailure tells that the phone refuses the network's token (TS
// 24.008 §9.4.10a).
type AuthenticationAndCipheringFailure struct {
	// Cause is MAC failure, synch failure or GSM authentication unacceptable
	// (§10.5.5.14).
	Cause Cause
	// HasAUTS: AUTS is present, as it is with a synch failure.
	HasAUTS bool
	// AUTS is the token for resynchronisation (§10.5.3.2.2).
	AUTS [14]byte
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*AuthenticationAndCipheringFailure) Name() string { return name(typeAuthenticationFailure) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *AuthenticationAndCipheringFailure) Decode(b []byte) error {
	*m = AuthenticationAndCipheringFailure{}
	r := begin(b)
	m.Cause = Cause(r.U8("GMM cause"))
	for r.Len() > 0 {
		if iei := r.U8("IEI"); iei == 0x30 && !m.HasAUTS {
			m.HasAUTS = mm.ReadExactly(&r, "Authentication Failure parameter", m.AUTS[:])
		} else {
			m.Skipped.Skip(&r, iei)
		}
	}
	return r.Err()
}

// IdentityRequest asks the phone who it is (TS 24.008 §9.4.12).
type IdentityRequest struct {
	// Type is the identity asked for (§10.5.5.9): IMSI, IMEI, IMEISV or TMSI. The others
	// are reserved and taken for IMSI by a phone.
	Type ident.IdentityType
	// ForceToStandby makes the phone stop its READY timer (§10.5.5.7).
	ForceToStandby bool
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*IdentityRequest) Name() string { return name(typeIdentityRequest) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *IdentityRequest) Decode(b []byte) error {
	*m = IdentityRequest{}
	r := begin(b)
	v := r.U8("Identity type 2")
	m.Type, m.ForceToStandby = ident.IdentityType(v&7), standby(v>>4)
	m.Skipped.Rest(&r)
	return r.Err()
}

// IdentityResponse tells the network who the phone is (TS 24.008 §9.4.13).
type IdentityResponse struct {
	// Identity is what was asked for, or none if the phone has none (§10.5.1.4).
	Identity ident.MobileIdentity
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*IdentityResponse) Name() string { return name(typeIdentityResponse) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *IdentityResponse) Decode(b []byte) error {
	*m = IdentityResponse{}
	r := begin(b)
	m.Identity = mm.ReadMobileIdentity(&r)
	m.Skipped.Rest(&r)
	return r.Err()
}

// PTMSIReallocationCommand gives the phone another P-TMSI (TS 24.008 §9.4.7).
type PTMSIReallocationCommand struct {
	// Identity is the P-TMSI to use from now on.
	Identity ident.MobileIdentity
	// RAI is the routing area in which the P-TMSI holds.
	RAI ident.RAI
	// ForceToStandby makes the phone stop its READY timer (§10.5.5.7).
	ForceToStandby bool
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*PTMSIReallocationCommand) Name() string { return name(typePTMSICommand) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *PTMSIReallocationCommand) Decode(b []byte) error {
	*m = PTMSIReallocationCommand{}
	r := begin(b)
	m.Identity = mm.ReadMobileIdentity(&r)
	m.RAI = rai(&r, "Routing area identification")
	m.ForceToStandby = standby(r.U8("Force to standby"))
	for r.Len() > 0 {
		skip(&m.Skipped, &r, r.U8("IEI"))
	}
	return r.Err()
}

// ServiceRequest asks for a connection (TS 24.008 §9.4.20). Only UMTS has it.
type ServiceRequest struct {
	// CKSN is the GPRS ciphering key sequence number, mm.NoKey if the phone has no key.
	CKSN mm.CKSN
	// Type is what the phone wants (§10.5.5.20).
	Type ServiceType
	// Identity is the P-TMSI.
	Identity ident.MobileIdentity
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*ServiceRequest) Name() string { return name(typeServiceRequest) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *ServiceRequest) Decode(b []byte) error {
	*m = ServiceRequest{}
	r := begin(b)
	v := r.U8("Service type")
	m.CKSN, m.Type = mm.CKSN(v&7), ServiceType(v>>4&7)
	m.Identity = mm.ReadMobileIdentity(&r)
	m.Skipped.Rest(&r)
	return r.Err()
}

// ServiceReject refuses a connection (TS 24.008 §9.4.22).
type ServiceReject struct{ Rejected }

// Name returns the message's name.
func (*ServiceReject) Name() string { return name(typeServiceReject) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *ServiceReject) Decode(b []byte) error {
	*m = ServiceReject{}
	r := begin(b)
	m.Cause = Cause(r.U8("GMM cause"))
	m.optional(&r)
	return r.Err()
}
