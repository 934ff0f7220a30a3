package mm

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// IdentityRequest asks the phone who it is (TS 24.008 §9.2.10).
type IdentityRequest struct {
	// Type is the identity asked for (§10.5.3.4): IMSI, IMEI, IMEISV, TMSI, or 5 for
	// P-TMSI, RAI and P-TMSI signature. The others are reserved and taken for IMSI by
	// a phone.
	Type ident.IdentityType
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*IdentityRequest) Name() string { return "Identity Request" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *IdentityRequest) Decode(b []byte) error {
	*m = IdentityRequest{}
	r := begin(b)
	m.Type = ident.IdentityType(r.U8("Identity Type") & 7)
	m.Skipped.Rest(&r)
	return r.Err()
}

// IdentityResponse tells the network who the phone is (TS 24.008 §9.2.11).
type IdentityResponse struct {
	// Identity is what was asked for, or none if the phone has none (§10.5.1.4).
	Identity ident.MobileIdentity
	// HasPTMSI: an element that goes with a P-TMSI is present: its type, the routing
	// area or the P-TMSI signature. They are not decoded.
	HasPTMSI bool
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*IdentityResponse) Name() string { return "Identity Response" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *IdentityResponse) Decode(b []byte) error {
	*m = IdentityResponse{}
	r := begin(b)
	m.Identity = ReadMobileIdentity(&r)
	for r.Len() > 0 {
		iei := r.U8("IEI")
		switch {
		case iei&0xf0 == 0xe0, iei == 0x1b, iei == 0x19:
			m.HasPTMSI = true
		}
		m.Skipped.Skip(&r, iei)
	}
	return r.Err()
}

// AuthenticationRequest challenges the phone (TS 24.008 §9.2.2).
type AuthenticationRequest struct {
	// CKSN is the number of the key that the challenge makes.
	CKSN CKSN
	// RAND is the challenge (§10.5.3.1).
	RAND [16]byte
	// HasAUTN: AUTN is present, so the network proves itself: UMTS authentication and
	// key agreement. Without it the challenge is GSM's, which proves nothing.
	HasAUTN bool
	// AUTN is the network's authentication token (§10.5.3.1.1).
	AUTN [16]byte
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*AuthenticationRequest) Name() string { return "Authentication Request" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *AuthenticationRequest) Decode(b []byte) error {
	*m = AuthenticationRequest{}
	r := begin(b)
	m.CKSN = CKSN(r.U8("Ciphering Key Sequence Number") & 7)
	copy(m.RAND[:], r.Octets("Authentication parameter RAND", len(m.RAND)))
	for r.Len() > 0 {
		if iei := r.U8("IEI"); iei == 0x20 && !m.HasAUTN {
			m.HasAUTN = ReadExactly(&r, "Authentication parameter AUTN", m.AUTN[:])
		} else {
			m.Skipped.Skip(&r, iei)
		}
	}
	return r.Err()
}

// ReadExactly reads a length and a value that fills dst.
func ReadExactly(r *wire.Reader, field string, dst []byte) bool {
	off := r.Offset()
	v := r.LV(field)
	if r.OK() && len(v) != len(dst) {
		r.Fail(field, off, wire.ErrLength)
	}
	if !r.OK() {
		return false
	}
	copy(dst, v)
	return true
}

// AuthenticationResponse is the phone's answer (TS 24.008 §9.2.3).
type AuthenticationResponse struct {
	// SRES is the signed response, or the first four octets of RES (§10.5.3.2).
	SRES [4]byte
	// RES holds the first RESLen octets of the extension of RES (§10.5.3.2.1).
	RES [12]byte
	// RESLen is the length of the extension, 1 to 12; 0 if it is absent, which tells a
	// GSM authentication or a RES of four octets.
	RESLen int
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*AuthenticationResponse) Name() string { return "Authentication Response" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *AuthenticationResponse) Decode(b []byte) error {
	*m = AuthenticationResponse{}
	r := begin(b)
	copy(m.SRES[:], r.Octets("Authentication Response parameter", len(m.SRES)))
	for r.Len() > 0 {
		iei := r.U8("IEI")
		if iei != 0x21 || m.RESLen != 0 {
			m.Skipped.Skip(&r, iei)
			continue
		}
		const field = "Authentication Response parameter (extension)"
		off := r.Offset()
		v := r.LV(field)
		if r.OK() && (len(v) == 0 || len(v) > len(m.RES)) {
			r.Fail(field, off, wire.ErrLength)
			break
		}
		m.RESLen = copy(m.RES[:], v)
	}
	return r.Err()
}

// AuthenticationFailure tells that the phone refuses the network's token (TS 24.008
// §9.2.3a).
type AuthenticationFailure struct {
	// Cause is MAC failure, synch failure or GSM authentication unacceptable
	// (§10.5.3.6).
	Cause Cause
	// HasAUTS: AUTS is present, as it is with a synch failure.
	HasAUTS bool
	// AUTS is the token for resynchronisation (§10.5.3.2.2).
	AUTS [14]byte
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*AuthenticationFailure) Name() string { return "Authentication Failure" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *AuthenticationFailure) Decode(b []byte) error {
	*m = AuthenticationFailure{}
	r := begin(b)
	m.Cause = Cause(r.U8("Reject Cause"))
	for r.Len() > 0 {
		if iei := r.U8("IEI"); iei == 0x22 && !m.HasAUTS {
			m.HasAUTS = ReadExactly(&r, "Authentication Failure parameter", m.AUTS[:])
		} else {
			m.Skipped.Skip(&r, iei)
		}
	}
	return r.Err()
}
