package observe

import (
	"cmp"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/rr"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/sms"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// step says what the message of a frame does in a session, whatever protocol it is of.
func (o *Observer) step(st *event.Step, phone *ident.MobileIdentity, f *frame) bool {
	switch p := f.packet; m := p.Message.(type) {
	case *sms.CPData, *sms.CPAck, *sms.CPError, *sms.RPData, *sms.RPAck, *sms.RPError, *sms.RPSMMA,
		*sms.Deliver, *sms.Submit, *sms.StatusReport, *sms.DeliverReport, *sms.SubmitReport, *sms.Command:
		return o.shortMessage(st, f, m)
	default:
		switch d, _, ok := mm.MessageType(p.Octets); {
		case ok && d == mm.PDGPRSMobility:
			return packetStep(st, phone, m)
		case ok && d == mm.PDGPRSSession:
			st.Action, st.Packet = event.PacketSession, true
			return true
		}
		return step(st, phone, m, p.Octets)
	}
}

// step says what a message does in a session and which identity of the phone it
// carries; it reports false for messages that do nothing a rule asks about.
func step(st *event.Step, phone *ident.MobileIdentity, m wire.Message, octets []byte) bool {
	cause := func(c mm.Cause) { st.Cause, st.CauseName = int(c), c.String() }
	previous := func(l ident.LAI) { st.PreviousPLMN, st.PreviousArea = l.PLMN, uint32(l.LAC) }
	switch m := m.(type) {
	case *mm.LocationUpdatingRequest:
		st.Action = event.UpdateRequest
		st.Periodic, st.Attach = m.Type == mm.PeriodicUpdate, m.Type == mm.IMSIAttach
		previous(m.LAI)
		*phone = m.Identity
	case *mm.CMServiceRequest:
		st.Action = event.ServiceRequest
		*phone = m.Identity
	case *mm.CMReestablishmentRequest:
		st.Action = event.ServiceRequest
		*phone = m.Identity
		if m.HasLAI {
			previous(m.LAI)
		}
	case *rr.PagingResponse:
		st.Action = event.PagingResponse
		*phone = m.Identity
	case *mm.IMSIDetachIndication:
		st.Action = event.Detach
		*phone = m.Identity
	case *mm.IdentityRequest:
		st.Action, st.Identity = event.IdentityRequest, m.Type
	case *mm.IdentityResponse:
		st.Action = event.IdentityResponse
		*phone = m.Identity
	case *mm.AuthenticationRequest:
		st.Action, st.Mutual = event.AuthenticationRequest, m.HasAUTN
	case *mm.AuthenticationResponse:
		st.Action = event.AuthenticationResponse
	case *mm.AuthenticationFailure:
		st.Action = event.AuthenticationFailure
		cause(m.Cause)
	case *mm.LocationUpdatingAccept:
		st.Action, st.NewIdentity = event.UpdateAccept, m.Identity.Type == ident.TMSI
	case *mm.LocationUpdatingReject:
		st.Action = event.UpdateReject
		cause(m.Cause)
	case *mm.TMSIReallocationCommand:
		st.Action, st.NewIdentity = event.Reallocation, true
	case *mm.CMServiceReject:
		st.Action = event.ServiceReject
		cause(m.Cause)
	case *mm.Abort:
		st.Action = event.AbortAction
		cause(m.Cause)
	case *mm.MMInformation:
		st.Action = event.Information
		st.Network = cmp.Or(m.FullName.Text, m.ShortName.Text)
		if m.HasTime {
			st.UTC = m.Time.UnixNano()
		}
	case *mm.Plain:
		switch m.Type {
		case mm.TypeAuthenticationReject:
			st.Action = event.AuthenticationReject
		case mm.TypeServiceAccept:
			st.Action = event.ServiceAccept
		default:
			return false
		}
	case *rr.CipheringModeCommand:
		st.Action = event.SecurityCommand
		st.Ciphered, st.Algorithm = m.Setting.Start, m.Setting.String()
		st.EquipmentAsked = m.IMEISVRequested
	case *rr.CipheringModeComplete:
		st.Action = event.SecurityComplete
		*phone = m.Equipment
	case *rr.ChannelRelease:
		st.Action = event.Release
		st.Cause, st.CauseName = int(m.Cause), m.Cause.String()
		st.Redirected = m.CellSelection.Present
	case *rr.AssignmentCommand, *rr.HandoverCommand:
		st.Action = event.ChannelChange
	case *rr.ApplicationInformation:
		if !m.PositionRequest() {
			return false
		}
		st.Action = event.PositionRequest
	case *rr.MeasurementReport:
		st.Action = event.MeasurementReport
	default:
		// Of the other protocols only that they were used matters.
		switch d, _, ok := mm.MessageType(octets); {
		case !ok:
			return false
		case d == mm.PDCallControl:
			st.Action = event.Call
		case d == mm.PDSupplementary, d == mm.PDLocation:
			st.Action = event.Supplementary
		default:
			return false
		}
	}
	return true
}
