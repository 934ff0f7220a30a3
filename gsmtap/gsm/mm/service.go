package mm

import "github.com/fbsdetect/fbsdetect/gsmtap/gsm/classmark"

import "github.com/fbsdetect/fbsdetect/gsmtap/ident"

// CMServiceRequest asks for a call, a short message or another service (TS 24.008
// §9.2.9).
type CMServiceRequest struct {
	// Service is what the phone wants (§10.5.3.3).
	Service ServiceType
	// CKSN is the ciphering key sequence number, NoKey if the phone has no key.
	CKSN CKSN
	// Classmark is Mobile Station Classmark 2 (§10.5.1.6).
	Classmark classmark.Classmark2
	// Identity is the identity that the phone gives (§10.5.1.4).
	Identity ident.MobileIdentity
	// HasPriority: Priority is present.
	HasPriority bool
	// Priority is the priority level of eMLPP (§10.5.1.11), 0 to 7.
	Priority uint8
	// HasAdditional: Additional is present.
	HasAdditional bool
	// Additional is the Additional Update Parameters (§10.5.3.14), 4 bits.
	Additional uint8
	// HasDevice: Device is present.
	HasDevice bool
	// Device is the Device Properties (§10.5.7.8), 4 bits.
	Device uint8
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*CMServiceRequest) Name() string { return "CM Service Request" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *CMServiceRequest) Decode(b []byte) error {
	*m = CMServiceRequest{}
	r := begin(b)
	v := r.U8("CM Service Type")
	m.Service, m.CKSN = ServiceType(v&15), CKSN(v>>4&7)
	m.Classmark = classmark2(&r)
	m.Identity = ReadMobileIdentity(&r)
	for r.Len() > 0 {
		iei := r.U8("IEI")
		switch {
		case iei&0xf0 == 0x80 && !m.HasPriority:
			m.Priority, m.HasPriority = iei&7, true
		case iei&0xf0 == 0xc0 && !m.HasAdditional:
			m.Additional, m.HasAdditional = iei&15, true
		case iei&0xf0 == 0xd0 && !m.HasDevice:
			m.Device, m.HasDevice = iei&15, true
		default:
			m.Skipped.Skip(&r, iei)
		}
	}
	return r.Err()
}

// CMServiceReject refuses a service (TS 24.008 §9.2.6).
type CMServiceReject struct {
	// Cause says why (§10.5.3.6).
	Cause Cause
	// HasT3246: T3246 is present.
	HasT3246 bool
	// T3246 is how long the phone must wait (§10.5.3.16).
	T3246 MMTimer
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*CMServiceReject) Name() string { return "CM Service Reject" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *CMServiceReject) Decode(b []byte) error {
	*m = CMServiceReject{}
	r := begin(b)
	m.Cause = Cause(r.U8("Reject Cause"))
	m.T3246, m.HasT3246 = waitTimer(&r, &m.Skipped)
	return r.Err()
}

// CMServicePrompt asks the phone to request a service (TS 24.008 §9.2.5a).
type CMServicePrompt struct {
	// Protocol is the protocol the service uses (§10.5.3.9).
	Protocol Discriminator
	// SAPI is the service access point it uses, 0 or 3 (§10.5.3.9).
	SAPI uint8
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*CMServicePrompt) Name() string { return "CM Service Prompt" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *CMServicePrompt) Decode(b []byte) error {
	*m = CMServicePrompt{}
	r := begin(b)
	v := r.U8("PD and SAPI of CM")
	m.Protocol, m.SAPI = Discriminator(v&15), v>>4&3
	m.Skipped.Rest(&r)
	return r.Err()
}

// CMReestablishmentRequest asks to go on with a call that was cut (TS 24.008
// §9.2.4).
type CMReestablishmentRequest struct {
	// CKSN is the ciphering key sequence number, NoKey if the phone has no key.
	CKSN CKSN
	// Classmark is Mobile Station Classmark 2 (§10.5.1.6).
	Classmark classmark.Classmark2
	// Identity is the identity that the phone gives (§10.5.1.4).
	Identity ident.MobileIdentity
	// HasLAI: LAI is present, as it is with a TMSI.
	HasLAI bool
	// LAI is the location area in which the TMSI was given.
	LAI ident.LAI
	// HasDevice: Device is present.
	HasDevice bool
	// Device is the Device Properties (§10.5.7.8), 4 bits.
	Device uint8
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*CMReestablishmentRequest) Name() string { return "CM Re-establishment Request" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *CMReestablishmentRequest) Decode(b []byte) error {
	*m = CMReestablishmentRequest{}
	r := begin(b)
	m.CKSN = CKSN(r.U8("Ciphering Key Sequence Number") & 7)
	m.Classmark = classmark2(&r)
	m.Identity = ReadMobileIdentity(&r)
	for r.Len() > 0 {
		iei := r.U8("IEI")
		switch {
		case iei == 0x13: // type 3: five octets without a length
			l := ReadLAI(&r, "Location Area Identification")
			if !m.HasLAI {
				m.LAI, m.HasLAI = l, r.OK()
			}
		case iei&0xf0 == 0xd0 && !m.HasDevice:
			m.Device, m.HasDevice = iei&15, true
		default:
			m.Skipped.Skip(&r, iei)
		}
	}
	return r.Err()
}

// Abort ends all connections of the phone (TS 24.008 §9.2.8).
type Abort struct {
	// Cause says why (§10.5.3.6): 6 disables the phone, 17 does not.
	Cause Cause
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*Abort) Name() string { return "Abort" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *Abort) Decode(b []byte) error {
	*m = Abort{}
	r := begin(b)
	m.Cause = Cause(r.U8("Reject Cause"))
	m.Skipped.Rest(&r)
	return r.Err()
}

// MMStatus reports an error of the protocol (TS 24.008 §9.2.16).
type MMStatus struct {
	// Cause says which (§10.5.3.6).
	Cause Cause
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*MMStatus) Name() string { return "MM Status" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *MMStatus) Decode(b []byte) error {
	*m = MMStatus{}
	r := begin(b)
	m.Cause = Cause(r.U8("Reject Cause"))
	m.Skipped.Rest(&r)
	return r.Err()
}

// Plain is a message that says all by its type: Authentication Reject, TMSI
// Reallocation Complete, CM Service Accept, CM Service Abort and MM Null (TS 24.008
// §9.2.1, §9.2.18, §9.2.5, §9.2.7, §9.2.19).
type Plain struct {
	// Type is the message type without send sequence number, one of the constants of
	// this package.
	Type uint8
	// Skipped are the elements found, which no release defines.
	Skipped Skipped
}

// Name returns the message's name.
func (m *Plain) Name() string {
	n, _ := MessageName(uint8(PDMobilityManagement), m.Type)
	return n
}

// Decode fills m from b, which starts with the protocol discriminator.
func (m *Plain) Decode(b []byte) error {
	*m = Plain{}
	r := begin(b)
	if r.OK() {
		m.Type = b[1] & typeMask
	}
	m.Skipped.Rest(&r)
	return r.Err()
}
