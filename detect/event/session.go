package event

import (
	"fmt"
	"strings"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// Action is what one message did in a session, the same for every generation.
type Action uint8

// Actions.
const (
	// UpdateRequest: the phone registers or updates its location.
	UpdateRequest Action = iota
	// ServiceRequest: the phone asks for a service.
	ServiceRequest
	// PagingResponse: the phone answers a page.
	PagingResponse
	// Detach: the phone says goodbye.
	Detach
	// IdentityRequest: the network asks for an identity (Step.Identity says which).
	IdentityRequest
	// IdentityResponse: the phone gives it.
	IdentityResponse
	// AuthenticationRequest: the network challenges the phone.
	AuthenticationRequest
	// AuthenticationResponse: the phone answers the challenge.
	AuthenticationResponse
	// AuthenticationFailure: the phone does not accept the challenge.
	AuthenticationFailure
	// AuthenticationReject: the network does not accept the answer.
	AuthenticationReject
	// SecurityCommand: the network orders a ciphering (Step.Ciphered, Step.Algorithm).
	SecurityCommand
	// SecurityComplete: the phone obeys.
	SecurityComplete
	// UpdateAccept: the network accepts the update (Step.NewIdentity).
	UpdateAccept
	// UpdateReject: the network refuses it (Step.Cause).
	UpdateReject
	// ServiceAccept: the network grants the service.
	ServiceAccept
	// ServiceReject: the network refuses it (Step.Cause).
	ServiceReject
	// Reallocation: the network gives the phone a new temporary identity.
	Reallocation
	// Information: the network tells its name or the time.
	Information
	// ChannelChange: the network moves the session to another channel or cell.
	ChannelChange
	// Release: the network ends the session (Step.Redirected).
	Release
	// ShortMessage: an SMS is carried.
	ShortMessage
	// Call: call control signalling is carried.
	Call
	// MeasurementReport: the phone reports levels.
	MeasurementReport
	// AbortAction: the network aborts (Step.Cause).
	AbortAction
	// ConnectionRequest: the phone asks for a radio connection (LTE:
	// RRCConnectionRequest, RRCConnectionResumeRequest).
	ConnectionRequest
	// ConnectionSetup: the network gives it; ConnectionReject refuses it for
	// Step.Seconds.
	ConnectionSetup
	ConnectionReject
	// ReestablishmentRequest: the phone has lost the connection and wants it back;
	// ReestablishmentReject refuses that.
	ReestablishmentRequest
	ReestablishmentReject
	// SecurityFailure: the phone does not accept a security command (LTE: SECURITY MODE
	// REJECT of NAS with a cause, SecurityModeFailure of RRC).
	SecurityFailure
	// NetworkDetach: the network ends the phone's registration (Step.Cause,
	// Step.Reattach).
	NetworkDetach
	// CapabilityEnquiry: the network asks what the phone can do; CapabilityInformation
	// is the answer.
	CapabilityEnquiry
	CapabilityInformation
	// MeasurementOrder: the network configures measurements (Step.Location,
	// Step.Seconds is the interval).
	MeasurementOrder
	// ReportOrder: the network asks for stored reports of failures or measurements (LTE:
	// UEInformationRequest); ReportResponse is the answer.
	ReportOrder
	ReportResponse
	// ConnectionReconfigured: the phone obeys a reconfiguration or handover.
	ConnectionReconfigured
	// UpdateComplete: the phone confirms an accept.
	UpdateComplete
	// PositionRequest: the network asks the phone to measure where it is (RRLP).
	PositionRequest
	// Supplementary: signalling of a supplementary service, such as a code dialled for
	// the balance.
	Supplementary
	// PacketSession: session management of the packet domain.
	PacketSession
	NumActions
)

// Protection is what is known of the integrity protection of a message.
type Protection uint8

// States of protection.
const (
	// ProtectionUnknown: the tool may have taken the security header off.
	ProtectionUnknown Protection = iota
	// Unprotected: it was sent without integrity protection.
	Unprotected
	// Integrity: it carries a message authentication code, which only a holder of the
	// key can compute, unless the algorithm is the null one.
	Integrity
)

// Step is one message of a session.
type Step struct {
	Ref    Ref
	Time   int64
	Action Action
	// Message is the message's name as the specification writes it.
	Message string
	// Uplink: the phone sent it.
	Uplink bool
	// Identity is the type that a request asks for, that a response or an initial
	// message carries.
	Identity ident.IdentityType
	// MCC is the country code of the IMSI that an initial message or a response
	// carries, -1 without one.
	MCC int
	// Cause is the reject, abort or release cause, 0 if none.
	Cause int
	// CauseName is the cause as the specification names it.
	CauseName string
	// Periodic: the update is a periodic one; Attach: it follows power-on.
	Periodic, Attach bool
	// PreviousPLMN is the network the phone was in before, from the old LAI.
	PreviousPLMN ident.PLMN
	// PreviousArea is the old LAC.
	PreviousArea uint32
	// Ciphered: the ordered security encrypts. Algorithm is its name, "A5/1".
	Ciphered  bool
	Algorithm string
	// Mutual: the challenge lets the phone authenticate the network (UMTS AKA).
	Mutual bool
	// NewIdentity: an accept or reallocation gives a temporary identity.
	NewIdentity bool
	// Redirected: a release names cells of another kind to go to.
	Redirected bool

	// AS: the message belongs to the radio connection (RRC), not to the core network
	// (NAS).
	AS bool
	// Protection says whether the message was integrity protected.
	Protection Protection
	// IntegrityAlgorithm is the one that a security command orders: "EIA2"; NullIntegrity
	// is set for EIA0. Ciphered and Algorithm are its counterparts for ciphering.
	IntegrityAlgorithm string
	NullIntegrity      bool
	// KeySet is the key set that a message refers to: 0 to 6, 7 for none; -1 if it names
	// none.
	KeySet int
	// Target is where a release, handover or redirection sends the phone, if HasTarget;
	// TargetARFCN is the frequency there and TargetPCI the physical cell identity, -1 if
	// not given.
	Target      RAT
	HasTarget   bool
	TargetARFCN int
	TargetPCI   int
	// Fallback: a service request is for a call over 2G or 3G (extended service request,
	// CSFB), or an order says that it is for one.
	Fallback bool
	// Emergency: an emergency call or attach.
	Emergency bool
	// Seconds is a waiting time or an interval, 0 if none.
	Seconds float64
	// Location: the phone is told to add its position, or adds it.
	Location bool
	// Reattach: a detach tells the phone to register again; IMSIDetach: the detach is
	// for circuit switched services only.
	Reattach, IMSIDetach bool
	// Unoffered: a security command orders an algorithm that the phone did not say it has.
	Unoffered bool
	// Mismatch: a security command repeats other capabilities than the phone sent.
	Mismatch bool
	// CodeImplausible: the message authentication code is one octet four times, as a
	// computed one is once in 16 million messages.
	CodeImplausible bool
	// Repeats counts identical retransmissions that followed.
	Repeats int
	// Digest is a hash of the message, 0 if not computed: equal messages have equal ones.
	Digest uint64

	// FN is the frame number of GSM's radio interface, 0 if the tool wrote none: see
	// Elapsed.
	FN uint32
	// EquipmentAsked: a security command asks for the phone's serial number (Cipher
	// Response), or a challenge of GPRS does.
	EquipmentAsked bool
	// Packet: the message belongs to the packet domain (GMM), not to the circuit switched
	// one.
	Packet bool
	// SMS is the short message that a ShortMessage step carries; nil for its transport.
	SMS *Message
	// Network is the name of the network that Information tells, UTC the time in it in
	// nanoseconds since 1970, 0 for none.
	Network string
	UTC     int64
}

// MaxSteps bounds the steps kept of one session: the longest procedure of a phone
// without user traffic takes under twenty messages, retransmissions excluded.
const MaxSteps = 96

// Session is one connection of a phone, from its channel to the release, given to
// rules when it is over.
type Session struct {
	// Steps are its messages in order.
	Steps []Step
	// Dropped counts messages beyond MaxSteps.
	Dropped int
	// Identity is the phone's identity if it appeared; personal data.
	Identity ident.MobileIdentity
	// UplinkSeen, DownlinkSeen: messages of that direction were captured.
	UplinkSeen, DownlinkSeen bool
	// Released: the end was captured; else the capture or a pause ended it.
	Released bool
	// Continued: the session came from another cell by handover, so its beginning was
	// not here. Left: it went to another cell.
	Continued, Left bool
	// Hidden counts messages that were ciphered.
	Hidden int
	// PagedCS: the phone's cell paged for the circuit switched domain in the seconds
	// before, which announces a fall back to 2G or 3G.
	PagedCS bool
	// First and Last are its frames.
	First, Last Ref
	// Identities are all identities by which the phone was called in it, permanent and
	// temporary ones, those that it was given included: one phone has them all.
	Identities []ident.MobileIdentity
	// Lure is what drove the phone here from LTE, nil if nothing is known to have.
	Lure *Lure
}

// MaxIdentities bounds Session.Identities: IMSI, IMEI, IMEISV, the old and the new
// temporary number of each domain.
const MaxIdentities = 7

// Kind implements Body.
func (*Session) Kind() Kind { return KindSession }

// Find returns the first step with action a at or after index from, and its index,
// or nil.
func (s *Session) Find(a Action, from int) (*Step, int) {
	for i := from; i < len(s.Steps); i++ {
		if s.Steps[i].Action == a {
			return &s.Steps[i], i
		}
	}
	return nil, -1
}

// Has reports whether a step with action a was seen.
func (s *Session) Has(a Action) bool {
	st, _ := s.Find(a, 0)
	return st != nil
}

// Ciphered returns whether ciphering with an algorithm other than "none" was
// ordered.
func (s *Session) Ciphered() bool {
	for i := range s.Steps {
		if s.Steps[i].Action == SecurityCommand && s.Steps[i].Ciphered {
			return true
		}
	}
	return false
}

// Authenticated reports whether the network challenged the phone and nothing says
// that the challenge failed. A passive receiver of the downlink alone does not see
// the answer; going on to ciphering or an accept stands for it.
func (s *Session) Authenticated() bool {
	_, i := s.Find(AuthenticationRequest, 0)
	if i < 0 || s.Has(AuthenticationReject) {
		return false
	}
	if _, f := s.Find(AuthenticationFailure, i); f >= 0 {
		if _, again := s.Find(AuthenticationRequest, f); again < 0 {
			return false
		}
	}
	return true
}

// Detail returns the value that matters in the step, in the words of the specification:
// the identity asked for or given by type, an algorithm, a cause. It holds no personal
// data and is empty where the message's name says all.
func (st *Step) Detail() string {
	var parts []string
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if st.Identity != ident.NoIdentity {
		add(st.Identity.String())
	}
	add(st.Algorithm)
	add(st.IntegrityAlgorithm)
	if st.EquipmentAsked {
		add("IMEISV")
	}
	switch {
	case st.Cause != 0 && st.CauseName != "":
		add(fmt.Sprintf("#%d %s", st.Cause, strings.TrimSuffix(st.CauseName, fmt.Sprintf(" (%d)", st.Cause))))
	case st.Cause != 0:
		add(fmt.Sprintf("#%d", st.Cause))
	default:
		add(st.CauseName)
	}
	if st.HasTarget {
		target := strings.ToUpper(st.Target.String())
		if st.TargetARFCN >= 0 {
			target += fmt.Sprintf(" %d", st.TargetARFCN)
		}
		add("→ " + target)
	}
	if st.NewIdentity {
		add("TMSI")
	}
	return strings.Join(parts, ", ")
}
