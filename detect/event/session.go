package event

import "github.com/fbsdetect/fbsdetect/gsmtap/ident"

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
	NumActions
)

// Step is one message of a session.
type Step struct {
	Ref    Ref
	Time   int64
	Action Action
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
	// First and Last are its frames.
	First, Last Ref
}

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
