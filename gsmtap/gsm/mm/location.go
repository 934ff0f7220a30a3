package mm

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/classmark"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// LocationUpdatingRequest is the phone's report of where it is (TS 24.008 §9.2.15).
type LocationUpdatingRequest struct {
	// Type is the location updating type (§10.5.3.5).
	Type UpdateType
	// FollowOn is the follow-on request bit: the phone has more to do on this
	// connection (§10.5.3.5).
	FollowOn bool
	// CKSN is the ciphering key sequence number, NoKey if the phone has no key.
	CKSN CKSN
	// LAI is the location area in which the phone was registered last. Its PLMN is
	// unknown if the digits are none; LAC 0x0000 and 0xfffe mean that the phone holds
	// no area (TS 23.003 §4.1).
	LAI ident.LAI
	// Classmark is Mobile Station Classmark 1 (§10.5.1.5).
	Classmark classmark.Classmark1
	// Identity is the identity that the phone gives (§10.5.1.4).
	Identity ident.MobileIdentity
	// HasClassmark2: Classmark2 is present, which it is in UMTS (§10.5.1.6).
	HasClassmark2 bool
	// Classmark2 is Mobile Station Classmark 2.
	Classmark2 classmark.Classmark2
	// HasAdditional: Additional is present.
	HasAdditional bool
	// Additional is the Additional Update Parameters (§10.5.3.14), 4 bits: bit 1 CSMT
	// and bit 2 CSMO, which tell CS fallback of a terminating and an originating call.
	Additional uint8
	// HasDevice: Device is present.
	HasDevice bool
	// Device is the Device Properties (§10.5.7.8), 4 bits: bit 1 is low priority.
	Device uint8
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*LocationUpdatingRequest) Name() string { return "Location Updating Request" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *LocationUpdatingRequest) Decode(b []byte) error {
	*m = LocationUpdatingRequest{}
	r := begin(b)
	v := r.U8("Location Updating Type")
	m.Type, m.FollowOn, m.CKSN = UpdateType(v&3), v&8 != 0, CKSN(v>>4&7)
	m.LAI = ReadLAI(&r, "Location Area Identification")
	if v := r.U8("Mobile Station Classmark 1"); r.OK() {
		m.Classmark = classmark.DecodeClassmark1(v)
	}
	m.Identity = ReadMobileIdentity(&r)
	for r.Len() > 0 {
		iei := r.U8("IEI")
		switch {
		case iei == 0x33 && !m.HasClassmark2:
			m.Classmark2 = classmark2(&r)
			m.HasClassmark2 = r.OK()
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

// MaxEquivalentPLMNs is the longest list of equivalent PLMNs (TS 24.008 §10.5.1.13).
const MaxEquivalentPLMNs = 15

// LocationUpdatingAccept registers the phone (TS 24.008 §9.2.13).
type LocationUpdatingAccept struct {
	// LAI is the location area in which the phone is registered now.
	LAI ident.LAI
	// Identity is, if it is present, a TMSI to use from now on, or an IMSI, which
	// deletes the TMSI (§4.4.4.6). Its Type is NoIdentity if the element is absent.
	Identity ident.MobileIdentity
	// FollowOnProceed: the phone may keep the connection (§10.5.3.7).
	FollowOnProceed bool
	// CTSPermission: the phone may use a cordless fixed part (§10.5.3.10).
	CTSPermission bool
	// EquivalentPLMNs are the first PLMNCount networks to be treated as this one
	// (§10.5.1.13). One that is unknown had digits that are none.
	EquivalentPLMNs [MaxEquivalentPLMNs]ident.PLMN
	// PLMNCount is the number of equivalent PLMNs, 0 to 15.
	PLMNCount int
	// HasEmergencyNumbers: the network gives local emergency numbers (§10.5.3.13),
	// EmergencyCount of them.
	HasEmergencyNumbers bool
	// EmergencyCount is the number of local emergency numbers, 0 to 16.
	EmergencyCount int
	// HasT3212: T3212 is present.
	HasT3212 bool
	// T3212 is the period of periodic updating for this phone, in place of the cell's.
	T3212 GPRSTimer3
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*LocationUpdatingAccept) Name() string { return "Location Updating Accept" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *LocationUpdatingAccept) Decode(b []byte) error {
	*m = LocationUpdatingAccept{}
	r := begin(b)
	m.LAI = ReadLAI(&r, "Location Area Identification")
	seen := false
	for r.Len() > 0 {
		iei := r.U8("IEI")
		switch {
		case iei == 0x17 && !seen:
			m.Identity, seen = ReadMobileIdentity(&r), true
		case iei == 0xa1:
			m.FollowOnProceed = true
		case iei == 0xa2:
			m.CTSPermission = true
		case iei == 0x4a && m.PLMNCount == 0:
			m.equivalentPLMNs(&r)
		case iei == 0x34 && !m.HasEmergencyNumbers:
			m.emergencyNumbers(&r)
		case iei == 0x35 && !m.HasT3212:
			m.T3212 = GPRSTimer3(ReadOctet(&r, "Per MS T3212"))
			m.HasT3212 = r.OK()
		default:
			m.Skipped.Skip(&r, iei)
		}
	}
	return r.Err()
}

func (m *LocationUpdatingAccept) equivalentPLMNs(r *wire.Reader) {
	const field = "Equivalent PLMNs"
	off := r.Offset()
	v := r.LV(field)
	if !r.OK() {
		return
	}
	for len(v) >= 3 && m.PLMNCount < len(m.EquivalentPLMNs) {
		m.EquivalentPLMNs[m.PLMNCount] = plmn(v)
		m.PLMNCount++
		v = v[3:]
	}
	if len(v) != 0 {
		r.Fail(field, off, wire.ErrLength)
	}
}

func (m *LocationUpdatingAccept) emergencyNumbers(r *wire.Reader) {
	const field = "Emergency Number List"
	off := r.Offset()
	list := wire.NewReader(r.LV(field))
	if !r.OK() {
		return
	}
	m.HasEmergencyNumbers = true
	for list.Len() > 0 {
		if list.LV(field); list.OK() {
			m.EmergencyCount++
		}
	}
	failWithin(r, field, off+1, list.Err())
}

// LocationUpdatingReject refuses the phone (TS 24.008 §9.2.14).
type LocationUpdatingReject struct {
	// Cause says why, and what the phone must do (§10.5.3.6, §4.4.4.7).
	Cause Cause
	// HasT3246: T3246 is present.
	HasT3246 bool
	// T3246 is how long the phone must wait (§10.5.3.16).
	T3246 MMTimer
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*LocationUpdatingReject) Name() string { return "Location Updating Reject" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *LocationUpdatingReject) Decode(b []byte) error {
	*m = LocationUpdatingReject{}
	r := begin(b)
	m.Cause = Cause(r.U8("Reject Cause"))
	m.T3246, m.HasT3246 = waitTimer(&r, &m.Skipped)
	return r.Err()
}

// waitTimer reads the optional elements of a rejection.
func waitTimer(r *wire.Reader, s *Skipped) (t MMTimer, ok bool) {
	for r.Len() > 0 {
		if iei := r.U8("IEI"); iei == 0x36 && !ok {
			t = MMTimer(ReadOctet(r, "T3246 value"))
			ok = r.OK()
		} else {
			s.Skip(r, iei)
		}
	}
	return t, ok
}

// IMSIDetachIndication tells that the phone is switched off (TS 24.008 §9.2.12).
type IMSIDetachIndication struct {
	// Classmark is Mobile Station Classmark 1 (§10.5.1.5).
	Classmark classmark.Classmark1
	// Identity is the identity that the phone gives (§10.5.1.4).
	Identity ident.MobileIdentity
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*IMSIDetachIndication) Name() string { return "IMSI Detach Indication" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *IMSIDetachIndication) Decode(b []byte) error {
	*m = IMSIDetachIndication{}
	r := begin(b)
	if v := r.U8("Mobile Station Classmark 1"); r.OK() {
		m.Classmark = classmark.DecodeClassmark1(v)
	}
	m.Identity = ReadMobileIdentity(&r)
	m.Skipped.Rest(&r)
	return r.Err()
}

// TMSIReallocationCommand gives the phone another TMSI (TS 24.008 §9.2.17).
type TMSIReallocationCommand struct {
	// LAI is the location area in which the TMSI holds.
	LAI ident.LAI
	// Identity is the TMSI, or an IMSI, which deletes the TMSI.
	Identity ident.MobileIdentity
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*TMSIReallocationCommand) Name() string { return "TMSI Reallocation Command" }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *TMSIReallocationCommand) Decode(b []byte) error {
	*m = TMSIReallocationCommand{}
	r := begin(b)
	m.LAI = ReadLAI(&r, "Location Area Identification")
	m.Identity = ReadMobileIdentity(&r)
	m.Skipped.Rest(&r)
	return r.Err()
}
