package gmm

import (
	"fmt"
	"strconv"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Identifiers of optional elements that several messages share (TS 24.008 §9.4).
const (
	ieAdditionalIdentity = 0x1a
	iePTMSI              = 0x18
	iePTMSISignature     = 0x19 // type 3, three octets, but in Detach Request
	ieReadyTimer         = 0x17 // type 3
	ieDRX                = 0x27 // type 3, two octets
	ieIdentity           = 0x23
	ieCause              = 0x25 // type 3
	ieT3302              = 0x2a
	ieNetworkCapability  = 0x31
	ieT3346              = 0x3a
)

// Cause is a GMM cause (TS 24.008 §10.5.5.14 and Annex G). The codes that it shares
// with mobility management have the meaning of mm.Cause.
type Cause uint8

// Causes that mobility management does not have.
const (
	CauseGPRSNotAllowed          Cause = 7
	CauseGPRSAndOthersNotAllowed Cause = 8
	CauseIdentityNotDerived      Cause = 9
	CauseImplicitlyDetached      Cause = 10
	CauseGPRSNotAllowedInPLMN    Cause = 14
	CauseMSCNotReachable         Cause = 16
	CauseSMSViaGPRS              Cause = 28
	CauseNoPDPContext            Cause = 40
)

// String names the cause. Codes that no table assigns are given as reserved: both
// sides take them for "Protocol error, unspecified".
func (c Cause) String() string {
	switch c {
	case CauseGPRSNotAllowed:
		return "GPRS services not allowed"
	case CauseGPRSAndOthersNotAllowed:
		return "GPRS services and non-GPRS services not allowed"
	case CauseIdentityNotDerived:
		return "MS identity cannot be derived by the network"
	case CauseImplicitlyDetached:
		return "Implicitly detached"
	case CauseGPRSNotAllowedInPLMN:
		return "GPRS services not allowed in this PLMN"
	case CauseMSCNotReachable:
		return "MSC temporarily not reachable"
	case CauseSMSViaGPRS:
		return "SMS provided via GPRS in this routing area"
	case CauseNoPDPContext:
		return "No PDP context activated"
	}
	return mm.Cause(c).String()
}

// Algorithm is a ciphering algorithm of GPRS (TS 24.008 §10.5.5.3): 0 for none, n for
// GEA/n up to 7.
type Algorithm uint8

// NoCiphering is GEA0.
const NoCiphering Algorithm = 0

// String names the algorithm.
func (a Algorithm) String() string {
	if a == NoCiphering {
		return "ciphering not used"
	}
	return "GEA/" + strconv.Itoa(int(a))
}

// Algorithms is the set of ciphering algorithms that a phone supports (TS 24.008
// §10.5.5.12): bit n is set for GEA/n.
type Algorithms uint8

// Has reports whether a phone supports a.
func (s Algorithms) Has(a Algorithm) bool { return a < 8 && s>>a&1 == 1 }

// String lists the algorithms.
func (s Algorithms) String() string {
	var b []byte
	for a := Algorithm(1); a < 8; a++ {
		if s.Has(a) {
			if b != nil {
				b = append(b, ' ')
			}
			b = append(b, a.String()...)
		}
	}
	if b == nil {
		return "none"
	}
	return string(b)
}

// networkCapability reads a length and an MS Network Capability. GEA/1 has bit 8 of
// the first octet, GEA/2 to GEA/7 bits 7 to 2 of the second, which early phones leave
// out.
func networkCapability(r *wire.Reader) (s Algorithms) {
	off := r.Offset()
	v := r.LV("MS network capability")
	if !r.OK() {
		return 0
	}
	if len(v) == 0 {
		r.Fail("MS network capability", off, wire.ErrLength)
		return 0
	}
	s = Algorithms(v[0] >> 7 << 1)
	if len(v) > 1 {
		for a := 2; a < 8; a++ {
			s |= Algorithms(v[1] >> (8 - a) & 1 << a)
		}
	}
	return s
}

// AttachType is the type of attach (TS 24.008 §10.5.5.2), 0 to 7.
type AttachType uint8

// Types of attach.
const (
	AttachGPRS      AttachType = 1
	AttachCombined  AttachType = 3
	AttachEmergency AttachType = 4
)

// String names the type.
func (t AttachType) String() string {
	switch t {
	case AttachGPRS:
		return "GPRS attach"
	case AttachCombined:
		return "Combined GPRS/IMSI attach"
	case AttachEmergency:
		return "Emergency attach"
	}
	return reserved(uint8(t))
}

// AttachResult is the result of attach (TS 24.008 §10.5.5.1), 0 to 7.
type AttachResult uint8

// String names the result.
func (t AttachResult) String() string {
	switch t {
	case 1:
		return "GPRS only attached"
	case 3:
		return "Combined GPRS/IMSI attached"
	}
	return reserved(uint8(t))
}

// UpdateType is the type of a routing area update (TS 24.008 §10.5.5.18), 0 to 7.
type UpdateType uint8

// Types of update.
const (
	UpdateRA         UpdateType = 0
	UpdateCombined   UpdateType = 1
	UpdateIMSIAttach UpdateType = 2
	UpdatePeriodic   UpdateType = 3
)

// String names the type.
func (t UpdateType) String() string {
	switch t {
	case UpdateRA:
		return "RA updating"
	case UpdateCombined:
		return "combined RA/LA updating"
	case UpdateIMSIAttach:
		return "combined RA/LA updating with IMSI attach"
	case UpdatePeriodic:
		return "Periodic updating"
	}
	return reserved(uint8(t))
}

// UpdateResult is the result of a routing area update (TS 24.008 §10.5.5.17), 0 to 7.
type UpdateResult uint8

// String names the result.
func (t UpdateResult) String() string {
	switch t {
	case 0:
		return "RA updated"
	case 1:
		return "combined RA/LA updated"
	case 4:
		return "RA updated and ISR activated"
	case 5:
		return "combined RA/LA updated and ISR activated"
	}
	return reserved(uint8(t))
}

// DetachType is the type of a phone's detach (TS 24.008 §10.5.5.5), 0 to 7.
type DetachType uint8

// String names the type.
func (t DetachType) String() string {
	switch t {
	case 1:
		return "GPRS detach"
	case 2:
		return "IMSI detach"
	case 3:
		return "Combined GPRS/IMSI detach"
	}
	return reserved(uint8(t))
}

// NetworkDetachType is the type of a network's detach (TS 24.008 §10.5.5.5), 0 to 7.
type NetworkDetachType uint8

// Types of detach by the network.
const (
	ReattachRequired    NetworkDetachType = 1
	ReattachNotRequired NetworkDetachType = 2
	DetachIMSI          NetworkDetachType = 3
)

// String names the type.
func (t NetworkDetachType) String() string {
	switch t {
	case ReattachRequired:
		return "re-attach required"
	case ReattachNotRequired:
		return "re-attach not required"
	case DetachIMSI:
		return "IMSI detach (after VLR failure)"
	}
	return reserved(uint8(t))
}

// ServiceType is the type of service that a phone asks for (TS 24.008 §10.5.5.20), 0
// to 7.
type ServiceType uint8

var serviceNames = [...]string{"Signalling", "Data", "Paging response", "MBMS Multicast Service Reception", "MBMS Broadcast Service Reception"}

// String names the type.
func (t ServiceType) String() string {
	if int(t) < len(serviceNames) {
		return serviceNames[t]
	}
	return reserved(uint8(t))
}

func reserved(v uint8) string { return fmt.Sprintf("reserved (%d)", v) }

// rai reads a Routing Area Identification without identifier.
func rai(r *wire.Reader, field string) ident.RAI {
	return ident.RAI{LAI: mm.ReadLAI(r, field), RAC: r.U8(field)}
}

// standby interprets Force to standby (TS 24.008 §10.5.5.7): only 1 indicates it.
func standby(v uint8) bool { return v&7 == 1 }
