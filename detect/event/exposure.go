package event

import (
	"slices"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// ExposingMessage is a message of the network after which a phone sends its permanent
// identity in clear, or which a network sends that has just asked for it.
type ExposingMessage struct {
	Name string
	// Causes are the causes that count; nil: the message has none.
	Causes []int
}

// Indices into ExposingMessages.
const (
	exposingIdentityRequest = iota
	exposingAuthenticationReject
	exposingLocationUpdatingReject
	exposingCMServiceReject
	exposingAttachReject
	exposingDetachUMTS
	exposingDetachLTE
	exposingRoutingAreaUpdateReject
	exposingAuthenticationAndCipheringReject
	exposingServiceReject
	exposingTrackingAreaUpdateReject
)

// ExposingMessages are the 53 pairs of message and cause, over GSM, GPRS, UMTS and LTE,
// that Tucker et al. (NDSS 2025) count as exposing an IMSI.
var ExposingMessages = [...]ExposingMessage{
	exposingIdentityRequest:                  {"Identity Request (IMSI)", nil},
	exposingAuthenticationReject:             {"Authentication Reject", nil},
	exposingLocationUpdatingReject:           {"Location Updating Reject", []int{2, 3, 6, 11, 12, 13}},
	exposingCMServiceReject:                  {"CM Service Reject", []int{4, 6}},
	exposingAttachReject:                     {"Attach Reject", []int{3, 6, 7, 8, 11, 12, 13, 14, 15, 35}},
	exposingDetachUMTS:                       {"Detach Request (re-attach not required)", []int{2, 3, 6, 8, 11, 12, 13, 14, 15}},
	exposingDetachLTE:                        {"Detach Request (network, not IMSI detach)", nil},
	exposingRoutingAreaUpdateReject:          {"Routing Area Update Reject", []int{3, 6, 7, 9, 11, 12, 14}},
	exposingAuthenticationAndCipheringReject: {"Authentication and Ciphering Reject", nil},
	exposingServiceReject:                    {"Service Reject", []int{3, 6, 7, 9, 11, 12, 14, 35}},
	exposingTrackingAreaUpdateReject:         {"Tracking Area Update Reject", []int{3, 6, 7, 8, 12, 14, 35}},
}

// Exposing reports whether a message that a network of generation r sent is one of
// ExposingMessages. LTE's AUTHENTICATION REJECT is none, nor is its SERVICE REJECT with
// cause 11, which is GPRS's. UMTS is not decoded.
func (st *Step) Exposing(r RAT) bool {
	if st.Uplink {
		return false
	}
	cause := func(row int) bool { return slices.Contains(ExposingMessages[row].Causes, st.Cause) }
	if st.Packet && r == GSM {
		switch st.Action {
		case AuthenticationReject:
			return true
		case UpdateReject:
			return st.Attach && cause(exposingAttachReject) || !st.Attach && cause(exposingRoutingAreaUpdateReject)
		case ServiceReject:
			return cause(exposingServiceReject)
		case IdentityRequest:
			return st.Identity == ident.IMSI
		}
		return false
	}
	switch st.Action {
	case IdentityRequest:
		return st.Identity == ident.IMSI
	case AuthenticationReject:
		return r == GSM
	case NetworkDetach:
		return r == LTE && !st.IMSIDetach
	case UpdateReject:
		switch {
		case r == GSM:
			return cause(exposingLocationUpdatingReject)
		case r == LTE && st.Attach:
			return cause(exposingAttachReject)
		case r == LTE:
			return cause(exposingTrackingAreaUpdateReject)
		}
	case ServiceReject:
		switch r {
		case GSM:
			return cause(exposingCMServiceReject)
		case LTE:
			return cause(exposingServiceReject) && st.Cause != 11
		}
	}
	return false
}
