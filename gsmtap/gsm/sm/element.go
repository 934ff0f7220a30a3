package sm

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// PDPAddress is the element Packet Data Protocol Address (TS 24.008 §10.5.6.4). The
// address itself is a person's and not kept.
type PDPAddress struct {
	// Present is false if the message has no such element.
	Present bool
	// Type is the type of address.
	Type PDPType
	// HasAddress: an address is present. In a phone's request that is a static one.
	HasAddress bool
}

// PDPType is a type of address: the organisation that assigned it in the upper octet, its
// number there in the lower.
type PDPType uint16

// Types of address.
const (
	PDPTypePPP    PDPType = 0x0001
	PDPTypeNonIP  PDPType = 0x0002
	PDPTypeIPv4   PDPType = 0x0121
	PDPTypeIPv6   PDPType = 0x0157
	PDPTypeIPv4v6 PDPType = 0x018d
)

// String names the type.
func (t PDPType) String() string {
	switch t {
	case PDPTypePPP:
		return "PPP"
	case PDPTypeNonIP:
		return "Non-IP"
	case PDPTypeIPv4:
		return "IPv4"
	case PDPTypeIPv6:
		return "IPv6"
	case PDPTypeIPv4v6:
		return "IPv4v6"
	}
	return fmt.Sprintf("reserved (%d)", uint16(t))
}

// decode reads a length and the value.
func (a *PDPAddress) decode(r *wire.Reader, field string) {
	off := r.Offset()
	v := r.LV(field)
	if !r.OK() {
		return
	}
	if len(v) < 2 {
		r.Fail(field, off, wire.ErrLength)
		return
	}
	*a = PDPAddress{Present: true, Type: PDPType(v[0]&15)<<8 | PDPType(v[1]), HasAddress: len(v) > 2}
}

// Cause is an SM cause (TS 24.008 §10.5.6.6 and Annex I).
type Cause uint8

// Causes that bear on whether a phone stays.
const (
	CauseBarred               Cause = 8
	CauseInsufficientResource Cause = 26
	CauseUnknownAPN           Cause = 27
	CauseAuthenticationFailed Cause = 29
	CauseRejectedByGGSN       Cause = 30
	CauseRejected             Cause = 31
	CauseNotSupported         Cause = 32
	CauseNotSubscribed        Cause = 33
	CauseOutOfOrder           Cause = 34
	CauseRegularDeactivation  Cause = 36
	CauseNetworkFailure       Cause = 38
	CauseReactivation         Cause = 39
)

var causeNames = [...]string{
	CauseBarred:               "Operator Determined Barring",
	24:                        "MBMS bearer capabilities insufficient for the service",
	25:                        "LLC or SNDCP failure(A/Gb only)",
	CauseInsufficientResource: "Insufficient resources",
	CauseUnknownAPN:           "Missing or unknown APN",
	28:                        "Unknown PDP address or PDP type",
	CauseAuthenticationFailed: "User authentication failed",
	CauseRejectedByGGSN:       "Activation rejected by GGSN, Serving GW or PDN GW",
	CauseRejected:             "Activation rejected, unspecified",
	CauseNotSupported:         "Service option not supported",
	CauseNotSubscribed:        "Requested service option not subscribed",
	CauseOutOfOrder:           "Service option temporarily out of order",
	35:                        "NSAPI already used (not sent)",
	CauseRegularDeactivation:  "Regular deactivation",
	37:                        "QoS not accepted",
	CauseNetworkFailure:       "Network failure",
	CauseReactivation:         "Reactivation requested",
	40:                        "Feature not supported",
	41:                        "Semantic error in the TFT operation",
	42:                        "Syntactical error in the TFT operation",
	43:                        "Unknown PDP context",
	44:                        "Semantic errors in packet filter(s)",
	45:                        "Syntactical errors in packet filter(s)",
	46:                        "PDP context without TFT already activated",
	47:                        "Multicast group membership time-out",
	48:                        "Request rejected, BCM violation",
	50:                        "PDP type IPv4 only allowed",
	51:                        "PDP type IPv6 only allowed",
	52:                        "Single address bearers only allowed",
	56:                        "Collision with network initiated request",
	57:                        "PDP type IPv4v6 only allowed",
	58:                        "PDP type non IP only allowed",
	60:                        "Bearer handling not supported",
	65:                        "Maximum number of PDP contexts reached",
	66:                        "Requested APN not supported in current RAT and PLMN combination",
	81:                        "Invalid transaction identifier value",
	95:                        "Semantically incorrect message",
	96:                        "Invalid mandatory information",
	97:                        "Message type non-existent or not implemented",
	98:                        "Message type not compatible with the protocol state",
	99:                        "Information element non-existent or not implemented",
	100:                       "Conditional IE error",
	101:                       "Message not compatible with the protocol state",
	111:                       "Protocol error, unspecified",
	112:                       "APN restriction value incompatible with active PDP context",
	113:                       "Multiple accesses to a PDN connection not allowed",
}

// String names the cause. Codes that the table does not assign are given as reserved:
// both sides take them for "Protocol error, unspecified" or, in a rejection, "Activation
// rejected, unspecified".
func (c Cause) String() string {
	if int(c) < len(causeNames) && causeNames[c] != "" {
		return causeNames[c]
	}
	return fmt.Sprintf("reserved (%d)", uint8(c))
}
