package nas

import "fmt"

// EMMCause says why the network or the phone refuses (TS 24.301 §9.9.3.9, Annex A).
type EMMCause uint8

// EMM causes.
const (
	CauseIMSIUnknownInHSS            EMMCause = 2
	CauseIllegalUE                   EMMCause = 3
	CauseIMEINotAccepted             EMMCause = 5
	CauseIllegalME                   EMMCause = 6
	CauseEPSServicesNotAllowed       EMMCause = 7
	CauseEPSAndNonEPSNotAllowed      EMMCause = 8
	CauseIdentityNotDerived          EMMCause = 9
	CauseImplicitlyDetached          EMMCause = 10
	CausePLMNNotAllowed              EMMCause = 11
	CauseTANotAllowed                EMMCause = 12
	CauseRoamingNotAllowedInTA       EMMCause = 13
	CauseEPSNotAllowedInPLMN         EMMCause = 14
	CauseNoSuitableCellsInTA         EMMCause = 15
	CauseMSCNotReachable             EMMCause = 16
	CauseNetworkFailure              EMMCause = 17
	CauseCSDomainNotAvailable        EMMCause = 18
	CauseESMFailure                  EMMCause = 19
	CauseMACFailure                  EMMCause = 20
	CauseSynchFailure                EMMCause = 21
	CauseCongestion                  EMMCause = 22
	CauseSecurityCapabilities        EMMCause = 23
	CauseSecurityModeRejected        EMMCause = 24
	CauseNotAuthorizedForCSG         EMMCause = 25
	CauseNonEPSAuthUnacceptable      EMMCause = 26
	CauseRedirectionTo5GCN           EMMCause = 31
	CauseServiceOptionNotAuthorized  EMMCause = 35
	CauseCSServiceTemporarilyNotAble EMMCause = 39
	CauseNoBearerActivated           EMMCause = 40
	CauseSevereNetworkFailure        EMMCause = 42
	CauseNotAllowedAtLocation        EMMCause = 78
	CauseSemanticallyIncorrect       EMMCause = 95
	CauseInvalidMandatory            EMMCause = 96
	CauseUnknownMessage              EMMCause = 97
	CauseMessageState                EMMCause = 98
	CauseUnknownElement              EMMCause = 99
	CauseConditionalElement          EMMCause = 100
	CauseMessageIncompatible         EMMCause = 101
	CauseProtocolError               EMMCause = 111
)

var emmCauses = [...]string{
	CauseIMSIUnknownInHSS:            "IMSI unknown in HSS",
	CauseIllegalUE:                   "Illegal UE",
	CauseIMEINotAccepted:             "IMEI not accepted",
	CauseIllegalME:                   "Illegal ME",
	CauseEPSServicesNotAllowed:       "EPS services not allowed",
	CauseEPSAndNonEPSNotAllowed:      "EPS services and non-EPS services not allowed",
	CauseIdentityNotDerived:          "UE identity cannot be derived by the network",
	CauseImplicitlyDetached:          "Implicitly detached",
	CausePLMNNotAllowed:              "PLMN not allowed",
	CauseTANotAllowed:                "Tracking Area not allowed",
	CauseRoamingNotAllowedInTA:       "Roaming not allowed in this tracking area",
	CauseEPSNotAllowedInPLMN:         "EPS services not allowed in this PLMN",
	CauseNoSuitableCellsInTA:         "No Suitable Cells In tracking area",
	CauseMSCNotReachable:             "MSC temporarily not reachable",
	CauseNetworkFailure:              "Network failure",
	CauseCSDomainNotAvailable:        "CS domain not available",
	CauseESMFailure:                  "ESM failure",
	CauseMACFailure:                  "MAC failure",
	CauseSynchFailure:                "Synch failure",
	CauseCongestion:                  "Congestion",
	CauseSecurityCapabilities:        "UE security capabilities mismatch",
	CauseSecurityModeRejected:        "Security mode rejected, unspecified",
	CauseNotAuthorizedForCSG:         "Not authorized for this CSG",
	CauseNonEPSAuthUnacceptable:      "Non-EPS authentication unacceptable",
	CauseRedirectionTo5GCN:           "Redirection to 5GCN required",
	CauseServiceOptionNotAuthorized:  "Requested service option not authorized in this PLMN",
	CauseCSServiceTemporarilyNotAble: "CS service temporarily not available",
	CauseNoBearerActivated:           "No EPS bearer context activated",
	CauseSevereNetworkFailure:        "Severe network failure",
	CauseNotAllowedAtLocation:        "PLMN not allowed to operate at the present UE location",
	CauseSemanticallyIncorrect:       "Semantically incorrect message",
	CauseInvalidMandatory:            "Invalid mandatory information",
	CauseUnknownMessage:              "Message type non-existent or not implemented",
	CauseMessageState:                "Message type not compatible with the protocol state",
	CauseUnknownElement:              "Information element non-existent or not implemented",
	CauseConditionalElement:          "Conditional IE error",
	CauseMessageIncompatible:         "Message not compatible with the protocol state",
	CauseProtocolError:               "Protocol error, unspecified",
}

// String names the cause. Codes that the table does not assign are given as
// reserved: a receiver takes them for "Protocol error, unspecified".
func (c EMMCause) String() string { return name(emmCauses[:], uint8(c)) }

// ESMCause says why a session is refused or ended (TS 24.301 §9.9.4.4, Annex B).
type ESMCause uint8

var esmCauses = [...]string{
	8:   "Operator Determined Barring",
	26:  "Insufficient resources",
	27:  "Missing or unknown APN",
	28:  "Unknown PDN type",
	29:  "User authentication failed",
	30:  "Request rejected by Serving GW or PDN GW",
	31:  "Request rejected, unspecified",
	32:  "Service option not supported",
	33:  "Requested service option not subscribed",
	34:  "Service option temporarily out of order",
	35:  "PTI already in use",
	36:  "Regular deactivation",
	37:  "EPS QoS not accepted",
	38:  "Network failure",
	39:  "Reactivation requested",
	41:  "Semantic error in the TFT operation",
	42:  "Syntactical error in the TFT operation",
	43:  "Invalid EPS bearer identity",
	44:  "Semantic errors in packet filter(s)",
	45:  "Syntactical errors in packet filter(s)",
	47:  "PTI mismatch",
	49:  "Last PDN disconnection not allowed",
	50:  "PDN type IPv4 only allowed",
	51:  "PDN type IPv6 only allowed",
	52:  "Single address bearers only allowed",
	53:  "ESM information not received",
	54:  "PDN connection does not exist",
	55:  "Multiple PDN connections for a given APN not allowed",
	56:  "Collision with network initiated request",
	57:  "PDN type IPv4v6 only allowed",
	58:  "PDN type non IP only allowed",
	59:  "Unsupported QCI value",
	60:  "Bearer handling not supported",
	61:  "PDN type Ethernet only allowed",
	65:  "Maximum number of EPS bearers reached",
	66:  "Requested APN not supported in current RAT and PLMN combination",
	81:  "Invalid PTI value",
	95:  "Semantically incorrect message",
	96:  "Invalid mandatory information",
	97:  "Message type non-existent or not implemented",
	98:  "Message type not compatible with the protocol state",
	99:  "Information element non-existent or not implemented",
	100: "Conditional IE error",
	101: "Message not compatible with the protocol state",
	111: "Protocol error, unspecified",
	112: "APN restriction value incompatible with active EPS bearer context",
	113: "Multiple accesses to a PDN connection not allowed",
}

// String names the cause, or says that the code is reserved.
func (c ESMCause) String() string { return name(esmCauses[:], uint8(c)) }

// name looks a value up; those without a name are reserved.
func name(names []string, v uint8) string {
	if int(v) < len(names) && names[v] != "" {
		return names[v]
	}
	return fmt.Sprintf("reserved (%d)", v)
}
