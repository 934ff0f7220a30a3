package gmm

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// AttachRequest asks to be registered (TS 24.008 §9.4.1).
type AttachRequest struct {
	// GEA are the ciphering algorithms that the phone offers, of its MS Network
	// Capability (§10.5.5.12).
	GEA Algorithms
	// Type is the type of attach (§10.5.5.2).
	Type AttachType
	// FollowOn is the follow-on request bit: the phone has more to do.
	FollowOn bool
	// CKSN is the GPRS ciphering key sequence number, mm.NoKey if the phone has no key.
	CKSN mm.CKSN
	// DRX is the DRX parameter (§10.5.5.6) as it was sent.
	DRX uint16
	// Identity is the P-TMSI, or the IMSI of a phone that has none valid (§10.5.1.4).
	Identity ident.MobileIdentity
	// OldRAI is the routing area in which the phone was registered last. Its PLMN is
	// unknown if the digits are none; LAC 0x0000 and 0xfffe mean that it holds no area.
	OldRAI ident.RAI
	// HasT3314: T3314 is present.
	HasT3314 bool
	// T3314 is the READY timer that the phone asks for (§10.5.7.3).
	T3314 mm.MMTimer
	// Additional is the Additional mobile identity: the P-TMSI beside a GUTI mapped to
	// Identity, or none.
	Additional ident.MobileIdentity
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*AttachRequest) Name() string { return name(typeAttachRequest) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *AttachRequest) Decode(b []byte) error {
	*m = AttachRequest{}
	r := begin(b)
	m.GEA = networkCapability(&r)
	v := r.U8("Attach type")
	m.Type, m.FollowOn, m.CKSN = AttachType(v&7), v&8 != 0, mm.CKSN(v>>4&7)
	m.DRX = r.U16("DRX parameter")
	m.Identity = mm.ReadMobileIdentity(&r)
	m.OldRAI = rai(&r, "Old routing area identification")
	r.LV("MS Radio Access capability")
	for r.Len() > 0 {
		iei := r.U8("IEI")
		switch {
		case iei == ieReadyTimer && !m.HasT3314:
			m.T3314, m.HasT3314 = mm.MMTimer(r.U8("Requested READY timer value")), r.OK()
		case iei == ieAdditionalIdentity && !m.Additional.Present():
			m.Additional = mm.ReadMobileIdentity(&r)
		default:
			skip(&m.Skipped, &r, iei)
		}
	}
	return r.Err()
}

// AttachAccept registers the phone (TS 24.008 §9.4.2).
type AttachAccept struct {
	// Result is the result of attach (§10.5.5.1).
	Result AttachResult
	// FollowOnProceed: the phone may go on with what it has to do.
	FollowOnProceed bool
	// ForceToStandby makes the phone stop its READY timer (§10.5.5.7).
	ForceToStandby bool
	// T3312 is the period of routing area updating (§10.5.7.3).
	T3312 mm.MMTimer
	// RAI is the routing area in which the phone is registered now.
	RAI ident.RAI
	// Accepted is what the messages of acceptance have in common.
	Accepted
}

// Name returns the message's name.
func (*AttachAccept) Name() string { return name(typeAttachAccept) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *AttachAccept) Decode(b []byte) error {
	*m = AttachAccept{}
	r := begin(b)
	v := r.U8("Attach result")
	m.Result, m.FollowOnProceed, m.ForceToStandby = AttachResult(v&7), v&8 != 0, standby(v>>4)
	m.T3312 = mm.MMTimer(r.U8("Periodic RA update timer"))
	r.U8("Radio priority")
	m.RAI = rai(&r, "Routing area identification")
	m.optional(&r)
	return r.Err()
}

// AttachReject refuses the phone (TS 24.008 §9.4.4).
type AttachReject struct{ Rejected }

// Name returns the message's name.
func (*AttachReject) Name() string { return name(typeAttachReject) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *AttachReject) Decode(b []byte) error {
	*m = AttachReject{}
	r := begin(b)
	m.Cause = Cause(r.U8("GMM cause"))
	m.optional(&r)
	return r.Err()
}

// RoutingAreaUpdateRequest is the phone's report of where it is (TS 24.008 §9.4.14).
type RoutingAreaUpdateRequest struct {
	// Type is the update type (§10.5.5.18).
	Type UpdateType
	// FollowOn is the follow-on request bit: the phone has more to do.
	FollowOn bool
	// CKSN is the GPRS ciphering key sequence number, mm.NoKey if the phone has no key.
	CKSN mm.CKSN
	// OldRAI is the routing area in which the phone was registered last.
	OldRAI ident.RAI
	// HasT3314: T3314 is present.
	HasT3314 bool
	// T3314 is the READY timer that the phone asks for (§10.5.7.3).
	T3314 mm.MMTimer
	// HasDRX: DRX is present.
	HasDRX bool
	// DRX is the DRX parameter (§10.5.5.6) as it was sent.
	DRX uint16
	// Identity is the P-TMSI, or none: in GSM the address of the phone's frames says it.
	Identity ident.MobileIdentity
	// HasGEA: GEA is present.
	HasGEA bool
	// GEA are the ciphering algorithms that the phone offers (§10.5.5.12).
	GEA Algorithms
	// Additional is the Additional mobile identity, or none.
	Additional ident.MobileIdentity
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*RoutingAreaUpdateRequest) Name() string { return name(typeUpdateRequest) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *RoutingAreaUpdateRequest) Decode(b []byte) error {
	*m = RoutingAreaUpdateRequest{}
	r := begin(b)
	v := r.U8("Update type")
	m.Type, m.FollowOn, m.CKSN = UpdateType(v&7), v&8 != 0, mm.CKSN(v>>4&7)
	m.OldRAI = rai(&r, "Old routing area identification")
	r.LV("MS Radio Access capability")
	for r.Len() > 0 {
		iei := r.U8("IEI")
		switch {
		case iei == ieReadyTimer && !m.HasT3314:
			m.T3314, m.HasT3314 = mm.MMTimer(r.U8("Requested READY timer value")), r.OK()
		case iei == ieDRX && !m.HasDRX:
			m.DRX, m.HasDRX = r.U16("DRX parameter"), r.OK()
		case iei == iePTMSI && !m.Identity.Present():
			m.Identity = mm.ReadMobileIdentity(&r)
		case iei == ieNetworkCapability && !m.HasGEA:
			m.GEA = networkCapability(&r)
			m.HasGEA = r.OK()
		case iei == ieAdditionalIdentity && !m.Additional.Present():
			m.Additional = mm.ReadMobileIdentity(&r)
		default:
			skip(&m.Skipped, &r, iei)
		}
	}
	return r.Err()
}

// RoutingAreaUpdateAccept registers the phone in a routing area (TS 24.008 §9.4.15).
type RoutingAreaUpdateAccept struct {
	// ForceToStandby makes the phone stop its READY timer (§10.5.5.7).
	ForceToStandby bool
	// Result is the update result (§10.5.5.17).
	Result UpdateResult
	// FollowOnProceed: the phone may go on with what it has to do.
	FollowOnProceed bool
	// T3312 is the period of routing area updating (§10.5.7.3).
	T3312 mm.MMTimer
	// RAI is the routing area in which the phone is registered now.
	RAI ident.RAI
	// Accepted is what the messages of acceptance have in common.
	Accepted
}

// Name returns the message's name.
func (*RoutingAreaUpdateAccept) Name() string { return name(typeUpdateAccept) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *RoutingAreaUpdateAccept) Decode(b []byte) error {
	*m = RoutingAreaUpdateAccept{}
	r := begin(b)
	v := r.U8("Update result")
	m.ForceToStandby, m.Result, m.FollowOnProceed = standby(v), UpdateResult(v>>4&7), v&0x80 != 0
	m.T3312 = mm.MMTimer(r.U8("Periodic RA update timer"))
	m.RAI = rai(&r, "Routing area identification")
	m.optional(&r)
	return r.Err()
}

// RoutingAreaUpdateReject refuses the phone (TS 24.008 §9.4.17).
type RoutingAreaUpdateReject struct {
	// ForceToStandby makes the phone stop its READY timer (§10.5.5.7).
	ForceToStandby bool
	// Rejected is what the messages of rejection have in common.
	Rejected
}

// Name returns the message's name.
func (*RoutingAreaUpdateReject) Name() string { return name(typeUpdateReject) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *RoutingAreaUpdateReject) Decode(b []byte) error {
	*m = RoutingAreaUpdateReject{}
	r := begin(b)
	m.Cause = Cause(r.U8("GMM cause"))
	m.ForceToStandby = standby(r.U8("Force to standby"))
	m.optional(&r)
	return r.Err()
}

// DetachRequest is a phone's detach (TS 24.008 §9.4.5.2).
type DetachRequest struct {
	// Type is the type of detach (§10.5.5.5).
	Type DetachType
	// PowerOff: the phone is being switched off.
	PowerOff bool
	// Identity is the P-TMSI, or none.
	Identity ident.MobileIdentity
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*DetachRequest) Name() string { return name(typeDetachRequest) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *DetachRequest) Decode(b []byte) error {
	*m = DetachRequest{}
	r := begin(b)
	v := r.U8("Detach type")
	m.Type, m.PowerOff = DetachType(v&7), v&8 != 0
	for r.Len() > 0 {
		if iei := r.U8("IEI"); iei == iePTMSI && !m.Identity.Present() {
			m.Identity = mm.ReadMobileIdentity(&r)
		} else {
			m.Skipped.Skip(&r, iei)
		}
	}
	return r.Err()
}

// fromPhone reports whether a Detach Request can only be a phone's: the power off bit is
// spare in the network's, which has no P-TMSI either.
func fromPhone(b []byte) bool {
	return len(b) > 2 && b[2]&8 != 0 || len(b) > 3 && b[3] == iePTMSI
}

// NetworkDetachRequest is a network's detach (TS 24.008 §9.4.5.1).
type NetworkDetachRequest struct {
	// Type is the type of detach (§10.5.5.5).
	Type NetworkDetachType
	// ForceToStandby makes the phone stop its READY timer (§10.5.5.7).
	ForceToStandby bool
	// HasCause: Cause is present.
	HasCause bool
	// Cause says why (§10.5.5.14).
	Cause Cause
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*NetworkDetachRequest) Name() string { return name(typeDetachRequest) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *NetworkDetachRequest) Decode(b []byte) error {
	*m = NetworkDetachRequest{}
	r := begin(b)
	v := r.U8("Detach type")
	m.Type, m.ForceToStandby = NetworkDetachType(v&7), standby(v>>4)
	for r.Len() > 0 {
		if iei := r.U8("IEI"); iei == ieCause && !m.HasCause {
			m.Cause, m.HasCause = Cause(r.U8("GMM cause")), r.OK()
		} else {
			skip(&m.Skipped, &r, iei)
		}
	}
	return r.Err()
}

// DetachAccept agrees to a detach (TS 24.008 §9.4.6).
type DetachAccept struct {
	// ForceToStandby makes the phone stop its READY timer (§10.5.5.7); only the network
	// sends it.
	ForceToStandby bool
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

// Name returns the message's name.
func (*DetachAccept) Name() string { return name(typeDetachAccept) }

// Decode fills m from b, which starts with the protocol discriminator.
func (m *DetachAccept) Decode(b []byte) error {
	*m = DetachAccept{}
	r := begin(b)
	if r.Len() > 0 {
		m.ForceToStandby = standby(r.U8("Force to standby"))
	}
	m.Skipped.Rest(&r)
	return r.Err()
}
