package observe

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/gmm"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// packetStep is step for the packet domain of GSM.
func packetStep(st *event.Step, phone *ident.MobileIdentity, m wire.Message) bool {
	cause := func(c gmm.Cause) { st.Cause, st.CauseName = int(c), c.String() }
	st.Packet = true
	switch m := m.(type) {
	case *gmm.AttachRequest:
		st.Action, st.Attach = event.UpdateRequest, true
		*phone = m.Identity
	case *gmm.RoutingAreaUpdateRequest:
		st.Action = event.UpdateRequest
		st.PreviousPLMN, st.PreviousArea = m.OldRAI.LAI.PLMN, uint32(m.OldRAI.LAI.LAC)
	case *gmm.ServiceRequest:
		st.Action = event.ServiceRequest
		*phone = m.Identity
	case *gmm.DetachRequest:
		st.Action = event.Detach
		*phone = m.Identity
	case *gmm.NetworkDetachRequest:
		st.Action = event.NetworkDetach
		if m.HasCause {
			cause(m.Cause)
		}
	case *gmm.IdentityRequest:
		st.Action, st.Identity = event.IdentityRequest, m.Type
	case *gmm.IdentityResponse:
		st.Action = event.IdentityResponse
		*phone = m.Identity
	case *gmm.AuthenticationAndCipheringRequest:
		st.Action = event.AuthenticationRequest
		st.Ciphered, st.Algorithm = m.Algorithm != 0, m.Algorithm.String()
		st.EquipmentAsked, st.Mutual = m.IMEISVRequest, m.HasAUTN
	case *gmm.AuthenticationAndCipheringResponse:
		st.Action = event.AuthenticationResponse
		*phone = m.IMEISV
	case *gmm.AuthenticationAndCipheringFailure:
		st.Action = event.AuthenticationFailure
		cause(m.Cause)
	case *gmm.AttachAccept:
		st.Action, st.Attach, st.NewIdentity = event.UpdateAccept, true, m.PTMSI.Present()
	case *gmm.RoutingAreaUpdateAccept:
		st.Action, st.NewIdentity = event.UpdateAccept, m.PTMSI.Present()
	case *gmm.AttachReject:
		st.Action, st.Attach = event.UpdateReject, true
		cause(m.Cause)
	case *gmm.RoutingAreaUpdateReject:
		st.Action = event.UpdateReject
		cause(m.Cause)
	case *gmm.ServiceReject:
		st.Action = event.ServiceReject
		cause(m.Cause)
	case *gmm.Plain:
		switch m.Type {
		case gmm.TypeAttachComplete, gmm.TypeUpdateComplete:
			st.Action = event.UpdateComplete
		case gmm.TypeServiceAccept:
			st.Action = event.ServiceAccept
		case gmm.TypeAuthenticationReject:
			st.Action = event.AuthenticationReject
		default:
			return false
		}
	default:
		return false
	}
	return true
}
