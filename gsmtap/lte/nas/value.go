package nas

import (
	"fmt"
	"math/bits"
	"strconv"
	"time"
)

// KSI is a NAS key set identifier (TS 24.301 §9.9.3.21).
type KSI struct {
	// ID is the number of the key set, 0 to 6, or NoKey.
	ID uint8
	// Mapped: the key set was mapped from another system (TSC, the type of security
	// context flag).
	Mapped bool
}

// NoKey is the ID of a phone that holds no key; from the network it is reserved.
const NoKey = 7

func ksi(v uint8) KSI { return KSI{v & 7, v&8 != 0} }

// Timer is the value of a timer (TS 24.008 §10.5.7.3, §10.5.7.4, §10.5.7.4a).
type Timer struct {
	// Present is false if the message has no such element.
	Present bool
	// Seconds is the time, 0 to 35,712,000; 0 where the timer is deactivated.
	Seconds uint32
	// Deactivated: the timer never runs.
	Deactivated bool
	// Raw is the octet: the unit in bits 8 to 6, the number of units in bits 5 to 1.
	Raw uint8
}

// Duration returns the time; ok is false if the timer is absent or deactivated.
func (t Timer) Duration() (d time.Duration, ok bool) {
	return time.Duration(t.Seconds) * time.Second, t.Present && !t.Deactivated
}

// deactivated is the unit of a timer that does not run.
const deactivated = 7

// gprsTimer decodes a GPRS timer or GPRS timer 2. Units that are not defined count
// as minutes.
func gprsTimer(v uint8) Timer {
	unit := uint32(60)
	switch v >> 5 {
	case 0:
		unit = 2
	case 2:
		unit = 360
	case deactivated:
		return Timer{Present: true, Deactivated: true, Raw: v}
	}
	return Timer{Present: true, Seconds: unit * uint32(v&0x1f), Raw: v}
}

// gprsTimer3 decodes a GPRS timer 3. Unit 6 is 320 hours for T3412 and one hour for
// all others.
func gprsTimer3(v uint8, t3412 bool) Timer {
	units := [...]uint32{600, 3600, 36000, 2, 30, 60, 3600}
	unit := v >> 5
	switch {
	case unit == deactivated:
		return Timer{Present: true, Deactivated: true, Raw: v}
	case unit == 6 && t3412:
		return Timer{Present: true, Seconds: 320 * 3600 * uint32(v&0x1f), Raw: v}
	}
	return Timer{Present: true, Seconds: units[unit] * uint32(v&0x1f), Raw: v}
}

// CipheringAlgorithm is a type of ciphering algorithm (TS 24.301 §9.9.3.23), 0 to 7.
type CipheringAlgorithm uint8

// EEA0 does not cipher.
const EEA0 CipheringAlgorithm = 0

// String names the algorithm: "EEA0", "128-EEA1".
func (a CipheringAlgorithm) String() string { return algorithm("EEA", uint8(a)) }

// IntegrityAlgorithm is a type of integrity protection algorithm (TS 24.301
// §9.9.3.23), 0 to 7.
type IntegrityAlgorithm uint8

// EIA0 does not protect; it is allowed for emergency calls only (TS 33.401 §5.1.4.1).
const EIA0 IntegrityAlgorithm = 0

// String names the algorithm: "EIA0", "128-EIA1".
func (a IntegrityAlgorithm) String() string { return algorithm("EIA", uint8(a)) }

func algorithm(family string, v uint8) string {
	family += strconv.Itoa(int(v))
	if v >= 1 && v <= 3 {
		return "128-" + family
	}
	return family
}

// AlgorithmSet is a set of algorithms by number: bit n is algorithm n of its family.
type AlgorithmSet uint16

// Has reports whether the set holds algorithm n.
func (s AlgorithmSet) Has(n int) bool { return n >= 0 && n < 16 && s>>n&1 != 0 }

// String lists the numbers: "0 1 2"; "none" for the empty set.
func (s AlgorithmSet) String() string { return list(uint16(s)) }

// MarshalText writes the set as String does.
func (s AlgorithmSet) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func list(v uint16) string {
	if v == 0 {
		return "none"
	}
	var b []byte
	for ; v != 0; v &= v - 1 {
		if b != nil {
			b = append(b, ' ')
		}
		b = strconv.AppendInt(b, int64(bits.TrailingZeros16(v)), 10)
	}
	return string(b)
}

// algorithms makes a set of an octet whose bit 8 stands for algorithm 0.
func algorithms(v uint8) AlgorithmSet { return AlgorithmSet(bits.Reverse8(v)) }

// BearerStatus is an EPS bearer context status (TS 24.301 §9.9.2.1): bit n stands
// for EPS bearer identity n.
type BearerStatus uint16

// String lists the identities of the active bearers: "5 6".
func (s BearerStatus) String() string { return list(uint16(s)) }

// MarshalText writes the status as String does.
func (s BearerStatus) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func bearerStatus(v []byte) BearerStatus { return BearerStatus(v[0]) | BearerStatus(v[1])<<8 }

// UENetworkCapability is what a phone can do in EPS (TS 24.301 §9.9.3.34).
type UENetworkCapability struct {
	// EEA and EIA are the ciphering and integrity algorithms of EPS.
	EEA, EIA AlgorithmSet
	// HasUEA: UEA, the ciphering algorithms of UMTS, is present.
	HasUEA bool
	UEA    AlgorithmSet
	// HasUIA: UIA, the integrity algorithms of UMTS, and UCS2 are present.
	HasUIA bool
	UIA    AlgorithmSet
	// UCS2: the phone prefers the default alphabet no more than UCS2.
	UCS2 bool
	// DCNR: dual connectivity with NR. N1Mode: 5G core network.
	DCNR, N1Mode bool
	// Features are the octets from the fifth of the value on, of single bits.
	Features []byte
}

func ueNetworkCapability(v []byte) (c UENetworkCapability) {
	c.EEA, c.EIA = algorithms(v[0]), algorithms(v[1])
	if len(v) > 2 {
		c.HasUEA, c.UEA = true, algorithms(v[2])
	}
	if len(v) > 3 {
		c.HasUIA, c.UIA, c.UCS2 = true, algorithms(v[3]&0x7f), v[3]&0x80 != 0
	}
	if len(v) > 4 {
		c.Features = v[4:]
	}
	if len(v) > 6 {
		c.DCNR, c.N1Mode = v[6]&0x10 != 0, v[6]&0x20 != 0
	}
	return c
}

// UESecurityCapability is what the network says the phone told it to be able to (TS
// 24.301 §9.9.3.36). A phone compares it with what it told.
type UESecurityCapability struct {
	// EEA and EIA are the ciphering and integrity algorithms of EPS.
	EEA, EIA AlgorithmSet
	// HasUEA: UEA, the ciphering algorithms of UMTS, is present.
	HasUEA bool
	UEA    AlgorithmSet
	// HasUIA: UIA, the integrity algorithms of UMTS, is present; it goes with UEA.
	HasUIA bool
	UIA    AlgorithmSet
	// HasGEA: GEA, the algorithms of GPRS, is present.
	HasGEA bool
	GEA    AlgorithmSet
}

func ueSecurityCapability(v []byte) (c UESecurityCapability) {
	c.EEA, c.EIA = algorithms(v[0]), algorithms(v[1])
	if len(v) > 3 {
		c.HasUEA, c.UEA = true, algorithms(v[2])
		c.HasUIA, c.UIA = true, algorithms(v[3]&0x7f)
	}
	if len(v) > 4 {
		c.HasGEA, c.GEA = true, algorithms(v[4]&0x7f)
	}
	return c
}

// UEAdditionalSecurityCapability is the list of 5G algorithms (TS 24.301 §9.9.3.53).
type UEAdditionalSecurityCapability struct {
	// Present is false if the message has no such element.
	Present bool
	// NEA and NIA are the ciphering and integrity algorithms.
	NEA, NIA AlgorithmSet
}

func additionalCapability(v []byte) UEAdditionalSecurityCapability {
	return UEAdditionalSecurityCapability{true, algorithms(v[0]) | algorithms(v[1])<<8, algorithms(v[2]) | algorithms(v[3])<<8}
}

// IMEISVRequest says whether the network wants the IMEISV (TS 24.301 §9.9.3.18); all
// values but 1 count as no.
type IMEISVRequest uint8

// String says what the value means.
func (v IMEISVRequest) String() string {
	if v == 1 {
		return "IMEISV requested"
	}
	return "IMEISV not requested"
}

// AttachType is the EPS attach type (TS 24.301 §9.9.3.11), 0 to 7.
type AttachType uint8

// EPS attach types. 0, 4 and 5 count as 1.
const (
	EPSAttach       AttachType = 1
	CombinedAttach  AttachType = 2
	RLOSAttach      AttachType = 3
	EmergencyAttach AttachType = 6
)

// String names the type.
func (t AttachType) String() string {
	return name([]string{0: "EPS attach (unused value)", EPSAttach: "EPS attach", CombinedAttach: "Combined EPS/IMSI attach",
		RLOSAttach: "EPS RLOS attach", 4: "EPS attach (unused value)", 5: "EPS attach (unused value)", EmergencyAttach: "EPS emergency attach"}, uint8(t))
}

// AttachResult is the EPS attach result (TS 24.301 §9.9.3.10), 0 to 7.
type AttachResult uint8

// String names the result.
func (r AttachResult) String() string {
	return name([]string{1: "EPS only", 2: "Combined EPS/IMSI attach"}, uint8(r))
}

// UpdateType is the EPS update type (TS 24.301 §9.9.3.14), 0 to 7.
type UpdateType uint8

// EPS update types. 4 and 5 count as 0.
const (
	TAUpdate             UpdateType = 0
	CombinedUpdate       UpdateType = 1
	CombinedUpdateAttach UpdateType = 2
	PeriodicUpdate       UpdateType = 3
)

// String names the type.
func (t UpdateType) String() string {
	return name([]string{TAUpdate: "TA updating", CombinedUpdate: "Combined TA/LA updating", CombinedUpdateAttach: "Combined TA/LA updating with IMSI attach",
		PeriodicUpdate: "Periodic updating", 4: "TA updating (unused value)", 5: "TA updating (unused value)"}, uint8(t))
}

// UpdateResult is the EPS update result (TS 24.301 §9.9.3.13), 0 to 7.
type UpdateResult uint8

// String names the result.
func (r UpdateResult) String() string {
	return name([]string{0: "TA updated", 1: "Combined TA/LA updated", 4: "TA updated and ISR activated",
		5: "Combined TA/LA updated and ISR activated"}, uint8(r))
}

// UEDetachType is the type of detach from a phone (TS 24.301 §9.9.3.7), 0 to 7.
type UEDetachType uint8

// String names the type; values that the table does not have count as combined.
func (t UEDetachType) String() string {
	return name([]string{1: "EPS detach", 2: "IMSI detach", 3: "Combined EPS/IMSI detach",
		4: "Combined EPS/IMSI detach (unused value)", 5: "Combined EPS/IMSI detach (unused value)"}, uint8(t))
}

// NetworkDetachType is the type of detach from the network (TS 24.301 §9.9.3.7), 0 to
// 7.
type NetworkDetachType uint8

// Types of detach from the network. 4 and 5 count as 2.
const (
	ReattachRequired    NetworkDetachType = 1
	ReattachNotRequired NetworkDetachType = 2
	NetworkIMSIDetach   NetworkDetachType = 3
)

// String names the type.
func (t NetworkDetachType) String() string {
	return name([]string{ReattachRequired: "Re-attach required", ReattachNotRequired: "Re-attach not required", NetworkIMSIDetach: "IMSI detach",
		4: "Re-attach not required (unused value)", 5: "Re-attach not required (unused value)"}, uint8(t))
}

// ServiceType is the service type of an Extended service request (TS 24.301
// §9.9.3.27), 0 to 15.
type ServiceType uint8

// Service types. 3 and 4 count as 0, 9 to 11 as 8; the others are reserved.
const (
	OriginatingFallback ServiceType = 0
	TerminatingFallback ServiceType = 1
	EmergencyFallback   ServiceType = 2
	PacketServices      ServiceType = 8
)

// CSFallback reports whether the phone is to go to a CS network.
func (t ServiceType) CSFallback() bool { return t <= 4 }

// String names the type.
func (t ServiceType) String() string {
	const (
		cs = "mobile originating CS fallback or 1xCS fallback (unused value)"
		ps = "packet services via S1 (unused value)"
	)
	return name([]string{OriginatingFallback: "mobile originating CS fallback or 1xCS fallback", TerminatingFallback: "mobile terminating CS fallback or 1xCS fallback",
		EmergencyFallback: "mobile originating CS fallback emergency call or 1xCS fallback emergency call", 3: cs, 4: cs,
		PacketServices: "packet services via S1", 9: ps, 10: ps, 11: ps}, uint8(t))
}

// ControlPlaneServiceType is the service type of a Control plane service request (TS
// 24.301 §9.9.3.47), 0 to 7.
type ControlPlaneServiceType uint8

// String names the type.
func (t ControlPlaneServiceType) String() string {
	return name([]string{"mobile originating request", "mobile terminating request"}, uint8(t))
}

// VoicePreference is the voice domain preference for E-UTRAN (TS 24.008 §10.5.5.28),
// 0 to 3.
type VoicePreference uint8

// String names the preference.
func (v VoicePreference) String() string {
	return name([]string{"CS Voice only", "IMS PS Voice only", "CS Voice preferred, IMS PS Voice as secondary",
		"IMS PS Voice preferred, CS Voice as secondary"}, uint8(v))
}

// VoiceDomain is the voice domain preference and the UE's usage setting (TS 24.301
// §9.9.3.44).
type VoiceDomain struct {
	// Present is false if the message has no such element.
	Present    bool
	Preference VoicePreference
	// DataCentric: the phone prefers data; else voice.
	DataCentric bool
}

// DRXParameter says when the phone listens (TS 24.008 §10.5.5.6).
type DRXParameter struct {
	// Present is false if the message has no such element.
	Present bool
	// SplitPGCycle is the split PG cycle code.
	SplitPGCycle uint8
	// S1Cycle is the value for S1 mode: 0 says nothing, 6 to 9 are cycles of 32 to 256
	// frames.
	S1Cycle uint8
	// SplitOnCCCH: split PG cycle on CCCH is supported.
	SplitOnCCCH bool
	// NonDRXTimer is the code of the non-DRX timer, 0 to 7.
	NonDRXTimer uint8
}

func drx(v []byte) DRXParameter {
	return DRXParameter{true, v[0], v[1] >> 4, v[1]&8 != 0, v[1] & 7}
}

// AdditionalUpdateType is what the phone wants of CS and CIoT (TS 24.301 §9.9.3.0B).
type AdditionalUpdateType struct {
	// Present is false if the message has no such element.
	Present bool
	// SMSOnly: AUTV.
	SMSOnly bool
	// SignallingActive: SAF, keep the connection after the update.
	SignallingActive bool
	// CIoT is the preferred CIoT network behaviour: 0 says nothing, 1 control plane, 2
	// user plane, 3 reserved.
	CIoT uint8
}

func additionalUpdateType(v uint8) AdditionalUpdateType {
	return AdditionalUpdateType{true, v&1 != 0, v&2 != 0, v >> 2 & 3}
}

// AdditionalUpdateResult is what the network grants of CS (TS 24.301 §9.9.3.0A), 0
// to 3.
type AdditionalUpdateResult uint8

// String names the result.
func (r AdditionalUpdateResult) String() string {
	return name([]string{"no additional information", "CS Fallback not preferred", "SMS only"}, uint8(r))
}

// NetworkFeatures is the EPS network feature support (TS 24.301 §9.9.3.12A).
type NetworkFeatures struct {
	// Present is false if the message has no such element.
	Present bool
	// IMSVoPS: IMS voice over PS. EmergencyBearer: emergency bearer services. EPCLCS:
	// location services via EPC.
	IMSVoPS, EmergencyBearer, EPCLCS bool
	// CSLCS: location services via CS: 0 unknown, 1 supported, 2 not, 3 reserved.
	CSLCS uint8
	// ESRPS: extended service request for packet services.
	ESRPS bool
	// RestrictDCNR: dual connectivity with NR is restricted.
	RestrictDCNR bool
	// Octets is the whole value.
	Octets []byte
}

func networkFeatures(v []byte) NetworkFeatures {
	f := NetworkFeatures{Present: true, IMSVoPS: v[0]&1 != 0, EmergencyBearer: v[0]&2 != 0, EPCLCS: v[0]&4 != 0,
		CSLCS: v[0] >> 3 & 3, ESRPS: v[0]&0x20 != 0, Octets: v}
	if len(v) > 1 {
		f.RestrictDCNR = v[1]&0x20 != 0
	}
	return f
}

// GUTIType says where a GUTI comes from (TS 24.301 §9.9.3.45).
type GUTIType uint8

// String names the type.
func (t GUTIType) String() string { return name([]string{"Native GUTI", "Mapped GUTI"}, uint8(t)) }

// IdentityType is the identity that the network asks for (TS 24.301 §9.9.3.17, TS
// 24.008 §10.5.5.9), 0 to 7. A phone takes the reserved values for IMSI.
type IdentityType uint8

// Identity types.
const (
	IdentityIMSI   IdentityType = 1
	IdentityIMEI   IdentityType = 2
	IdentityIMEISV IdentityType = 3
	IdentityTMSI   IdentityType = 4
)

// String names the identity.
func (t IdentityType) String() string {
	return name([]string{IdentityIMSI: "IMSI", IdentityIMEI: "IMEI", IdentityIMEISV: "IMEISV", IdentityTMSI: "TMSI"}, uint8(t))
}

// PagingIdentity is the identity that the network paged with (TS 24.301 §9.9.3.25A).
type PagingIdentity uint8

// String names the identity.
func (v PagingIdentity) String() string { return name([]string{"IMSI", "TMSI"}, uint8(v)) }

// ContainerType is the type of a generic message container (TS 24.301 §9.9.3.42).
type ContainerType uint8

// String names the type.
func (t ContainerType) String() string {
	switch {
	case t == 1:
		return "LTE Positioning Protocol (LPP) message container"
	case t == 2:
		return "Location services message container"
	case t >= 128:
		return fmt.Sprintf("unused (%d)", uint8(t))
	}
	return fmt.Sprintf("reserved (%d)", uint8(t))
}

// NetworkPolicy is the policy on redirection without protection (TS 24.301
// §9.9.3.52), 4 bits.
type NetworkPolicy uint8

// RefusesGERAN reports whether the phone must ignore a redirection to GERAN that is
// not protected.
func (v NetworkPolicy) RefusesGERAN() bool { return v&1 != 0 }

// String names the policy.
func (v NetworkPolicy) String() string {
	if v.RefusesGERAN() {
		return "Unsecured redirection to GERAN not allowed"
	}
	return "Unsecured redirection to GERAN allowed"
}

// ExtendedCause says where the cause of a reject applies (TS 24.301 §9.9.3.26A).
type ExtendedCause struct {
	// Present is false if the message has no such element.
	Present bool
	// EUTRANNotAllowed: the phone shall not try E-UTRAN. Optimization: the requested EPS
	// optimization is not supported. NBIoTNotAllowed: the phone shall not try NB-IoT.
	EUTRANNotAllowed, Optimization, NBIoTNotAllowed bool
}

func extendedCause(v uint8) ExtendedCause {
	return ExtendedCause{true, v&1 != 0, v&2 != 0, v&4 != 0}
}

// PDNType is the type of a packet data network (TS 24.301 §9.9.4.10), 0 to 7.
type PDNType uint8

// String names the type.
func (t PDNType) String() string {
	return name([]string{1: "IPv4", 2: "IPv6", 3: "IPv4v6", 4: "IPv6 (unused value)", 5: "Non IP", 6: "Ethernet"}, uint8(t))
}

// RequestType is the type of a PDN connectivity request (TS 24.008 §10.5.6.17), 0 to
// 7.
type RequestType uint8

// String names the type.
func (t RequestType) String() string {
	return name([]string{1: "Initial request", 2: "Handover", 3: "Initial request (unused value)", 4: "Emergency", 5: "RLOS",
		6: "Handover of emergency bearer services"}, uint8(t))
}

// APN is an access point name as the message codes it: labels of a length and that
// many octets (TS 23.003 §9.1). It aliases the input.
type APN []byte

// String writes the labels with dots between them; where the lengths contradict the
// octets, those are written as one label. An attacker chose them: escape before
// showing.
func (a APN) String() string {
	out := make([]byte, 0, len(a))
	for b := []byte(a); len(b) > 0; {
		n := int(b[0])
		if n > len(b)-1 {
			return string(a)
		}
		if len(out) > 0 {
			out = append(out, '.')
		}
		out = append(out, b[1:1+n]...)
		b = b[1+n:]
	}
	return string(out)
}

// MarshalText writes the name as String does.
func (a APN) MarshalText() ([]byte, error) { return []byte(a.String()), nil }
