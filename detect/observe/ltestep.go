package observe

import (
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/lte/nas"
	lterrc "github.com/fbsdetect/fbsdetect/gsmtap/lte/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
)

// rrcViews is storage for the typed views of LTE's connection messages.
type rrcViews struct {
	request         lterrc.RRCConnectionRequest
	reject          lterrc.RRCConnectionReject
	release         lterrc.RRCConnectionRelease
	security        lterrc.SecurityModeCommand
	reconfiguration lterrc.RRCConnectionReconfiguration
	mobility        lterrc.MobilityFromEUTRACommand
	information     lterrc.UEInformationRequest
	response        lterrc.UEInformationResponse
	report          lterrc.MeasurementReport
	// ordered are the algorithms that the message orders, or nil.
	ordered *lterrc.Algorithms
}

// ratOf translates a RAT that RRC names; ok is false for those that are no cellular
// network of a phone's SIM card.
func ratOf(r lterrc.RAT) (rat event.RAT, ok bool) {
	switch r {
	case lterrc.EUTRA:
		return event.LTE, true
	case lterrc.GERAN:
		return event.GSM, true
	case lterrc.UTRA, lterrc.UTRAFDD, lterrc.UTRATDD:
		return event.UMTS, true
	case lterrc.NR:
		return event.NR, true
	}
	return 0, false
}

// rrcStep says what an RRC message does in a connection; it reports false for messages
// that do nothing a rule asks about.
func rrcStep(st *event.Step, name string, m *rrc.Message, v *rrcViews) bool {
	body := m.Body
	v.ordered = nil
	if n := strings.LastIndex(name, "-r"); n > 0 {
		name = name[:n] // messages of later releases carry theirs in the name of their type
	}
	switch name {
	case "RRCConnectionRequest":
		v.request.Read(body)
		st.Action = event.ConnectionRequest
		st.CauseName = v.request.Cause
		st.Emergency = v.request.Cause == "emergency"
		if v.request.STMSI.Present {
			st.Identity = ident.TMSI
		}
	case "RRCConnectionResumeRequest":
		v.request = lterrc.RRCConnectionRequest{}
		st.Action = event.ConnectionRequest
	case "RRCConnectionSetup", "RRCConnectionResume":
		st.Action = event.ConnectionSetup
	case "RRCConnectionReject":
		v.reject.Read(body)
		st.Action = event.ConnectionReject
		st.Seconds = float64(max(uint16(v.reject.WaitTimeSeconds), v.reject.ExtendedWaitTimeSeconds.Value))
	case "RRCConnectionReestablishmentRequest":
		st.Action = event.ReestablishmentRequest
	case "RRCConnectionReestablishmentReject":
		st.Action = event.ReestablishmentReject
	case "RRCConnectionRelease":
		r := &v.release
		r.Read(body)
		st.Action, st.CauseName = event.Release, r.Cause
		st.Target, st.HasTarget = ratOf(r.Redirect.RAT)
		if st.HasTarget && r.Redirect.Count > 0 {
			st.TargetARFCN = int(r.Redirect.ARFCNs[0])
		}
		st.Redirected = r.Redirect.RAT != lterrc.NoRAT
		st.Fallback = r.CSFallback()
		if w := r.ExtendedWaitTimeSeconds; w.Present {
			st.Seconds = float64(w.Value)
		}
	case "SecurityModeCommand":
		v.security.Read(body)
		if !v.security.Present {
			return false
		}
		st.Action = event.SecurityCommand
		v.ordered = &v.security.Algorithms
	case "SecurityModeComplete":
		st.Action = event.SecurityComplete
	case "SecurityModeFailure":
		st.Action = event.SecurityFailure
	case "UECapabilityEnquiry":
		st.Action = event.CapabilityEnquiry
	case "UECapabilityInformation":
		st.Action = event.CapabilityInformation
	case "MeasurementReport":
		v.report.Read(body)
		st.Action, st.Location = event.MeasurementReport, v.report.Location
	case "UEInformationRequest":
		v.information.Read(body)
		st.Action = event.ReportOrder
		st.Location = v.information.RLF || v.information.LogMeas || v.information.CoarseLocation
	case "UEInformationResponse":
		v.response.Read(body)
		st.Action, st.Location = event.ReportResponse, v.response.RLFLocation || v.response.CoarseLocation || v.response.LogMeas
	case "RRCConnectionReconfiguration":
		return reconfiguration(st, m, v)
	case "RRCConnectionReconfigurationComplete":
		st.Action = event.ConnectionReconfigured
	case "MobilityFromEUTRACommand":
		c := &v.mobility
		c.Read(body)
		st.Action, st.Fallback = event.ChannelChange, c.CSFallback || c.Purpose == "e-CSFB"
		if st.Target, st.HasTarget = ratOf(c.Target); !st.HasTarget {
			st.Target, st.HasTarget = event.UMTS, true // CDMA2000: away from LTE all the same
		}
		if c.Purpose == "cellChangeOrder" {
			st.TargetARFCN = int(c.ARFCN)
		}
	default:
		return false
	}
	return true
}

// reconfiguration is a handover order, an order to measure, or neither.
func reconfiguration(st *event.Step, m *rrc.Message, v *rrcViews) bool {
	r := &v.reconfiguration
	r.Read(m.Body)
	switch {
	case r.Mobility.Present:
		st.Action = event.ChannelChange
		st.Target, st.HasTarget = event.LTE, true
		st.TargetPCI = int(r.Mobility.Value.PCI)
		if f := r.Mobility.Value.EARFCN; f.Present {
			st.TargetARFCN = int(f.Value)
		}
		if r.Security.Present {
			v.ordered = &r.Security.Algorithms
		}
	case r.MeasConfig.Present:
		st.Action = event.MeasurementOrder
		for i := range r.MeasConfig.Reports[:r.MeasConfig.ReportCount] {
			c := &r.MeasConfig.Reports[i]
			st.Location = st.Location || c.IncludeLocation
			if s := float64(c.IntervalMs) / 1000; c.Trigger == "periodical" && s > 0 && (st.Seconds == 0 || s < st.Seconds) {
				st.Seconds = s
			}
		}
	default:
		return false
	}
	return true
}

func algorithms(st *event.Step, a *lterrc.Algorithms) {
	st.Ciphered, st.Algorithm = a.Ciphering != 0, a.Ciphering.String()
	st.NullIntegrity, st.IntegrityAlgorithm = a.Integrity == 0, a.Integrity.String()
}

// nasContent is what a NAS message says beside what it does.
type nasContent struct {
	// initial: it begins a procedure of the phone.
	initial       bool
	phone         ident.MobileIdentity
	area          event.CellID
	capability    nas.UENetworkCapability
	hasCapability bool
	replayed      nas.UESecurityCapability
	hasReplayed   bool
	// eea and eia are the algorithms that a command orders, if orders.
	eea, eia int
	orders   bool
}

// identity takes over the identity that a phone gives or is given.
func (n *nasContent) identity(m *nas.EPSMobileIdentity) {
	switch {
	case m.HasIdentity:
		n.phone = m.Identity
	case m.HasGUTI:
		n.phone = ident.TMSIIdentity(m.GUTI.MTMSI)
	}
}

// nasStep says what a NAS message does; it reports false for messages that do nothing a
// rule asks about.
func nasStep(st *event.Step, n *nasContent, pdu *nas.PDU) bool {
	cause := func(c nas.EMMCause) { st.Cause, st.CauseName = int(c), c.String() }
	previous := func(e *nas.RequestElements, id *nas.EPSMobileIdentity) {
		switch {
		case e.HasLastTAI && e.LastTAI.PLMN.Known():
			st.PreviousPLMN, st.PreviousArea = e.LastTAI.PLMN, uint32(e.LastTAI.TAC)
		case id.HasGUTI:
			st.PreviousPLMN = id.GUTI.PLMN
		}
	}
	switch m := pdu.Message.(type) {
	case *nas.AttachRequest:
		st.Action, st.Attach, n.initial = event.UpdateRequest, true, true
		st.Emergency = m.Type == nas.EmergencyAttach
		st.KeySet = int(m.KSI.ID)
		n.identity(&m.Identity)
		previous(&m.RequestElements, &m.Identity)
		n.capability, n.hasCapability = m.Capability, true
	case *nas.TrackingAreaUpdateRequest:
		st.Action, n.initial = event.UpdateRequest, true
		st.Periodic = m.Type == nas.PeriodicUpdate
		st.KeySet = int(m.KSI.ID)
		n.identity(&m.Old)
		previous(&m.RequestElements, &m.Old)
		n.capability, n.hasCapability = m.Capability, m.HasCapability
	case *nas.ServiceRequest:
		st.Action, n.initial = event.ServiceRequest, true
		st.KeySet = int(m.KSI)
	case *nas.ControlPlaneServiceRequest:
		st.Action, n.initial = event.ServiceRequest, true
		st.KeySet = int(m.KSI.ID)
	case *nas.ExtendedServiceRequest:
		st.Action, n.initial = event.ServiceRequest, true
		st.Fallback = m.Service.CSFallback()
		st.Emergency = m.Service == nas.EmergencyFallback
		st.KeySet = int(m.KSI.ID)
		n.phone = m.Identity
	case *nas.UEDetachRequest:
		st.Action, n.initial = event.Detach, true
		st.KeySet = int(m.KSI.ID)
		n.identity(&m.Identity)
	case *nas.NetworkDetachRequest:
		st.Action = event.NetworkDetach
		st.Reattach, st.IMSIDetach = m.Type == nas.ReattachRequired, m.Type == nas.NetworkIMSIDetach
		if m.HasCause {
			cause(m.Cause)
		}
	case *nas.IdentityRequest:
		st.Action, st.Identity = event.IdentityRequest, ident.IdentityType(m.Type)
	case *nas.IdentityResponse:
		st.Action = event.IdentityResponse
		n.phone = m.Identity
	case *nas.AuthenticationRequest:
		st.Action, st.Mutual = event.AuthenticationRequest, true
		st.KeySet = int(m.KSI.ID)
	case *nas.AuthenticationResponse:
		st.Action = event.AuthenticationResponse
	case *nas.AuthenticationFailure:
		st.Action = event.AuthenticationFailure
		cause(m.Cause)
	case *nas.SecurityModeCommand:
		st.Action = event.SecurityCommand
		st.Ciphered, st.Algorithm = m.Ciphering != 0, m.Ciphering.String()
		st.NullIntegrity, st.IntegrityAlgorithm = m.Integrity == 0, m.Integrity.String()
		n.eea, n.eia, n.orders = int(m.Ciphering), int(m.Integrity), true
		st.KeySet = int(m.KSI.ID)
		n.replayed, n.hasReplayed = m.Replayed, true
	case *nas.SecurityModeComplete:
		st.Action = event.SecurityComplete
		n.phone = m.IMEISV
	case *nas.CauseMessage:
		if m.Type != nas.TypeSecurityModeReject {
			return false
		}
		st.Action = event.SecurityFailure
		cause(m.Cause)
	case *nas.AttachAccept:
		st.Action, st.Attach, st.NewIdentity = event.UpdateAccept, true, m.HasGUTI
		n.taiList(&m.TAIList)
	case *nas.TrackingAreaUpdateAccept:
		st.Action, st.NewIdentity = event.UpdateAccept, m.HasGUTI
		n.taiList(&m.TAIList)
	case *nas.AttachComplete:
		st.Action, st.Attach = event.UpdateComplete, true
	case *nas.AttachReject:
		st.Action, st.Attach = event.UpdateReject, true
		cause(m.Cause)
		st.Seconds = float64(m.T3346.Seconds)
	case *nas.TrackingAreaUpdateReject:
		st.Action = event.UpdateReject
		cause(m.Cause)
		st.Seconds = float64(m.T3346.Seconds)
	case *nas.ServiceReject:
		st.Action = event.ServiceReject
		cause(m.Cause)
		st.Seconds = float64(m.T3346.Seconds)
	case *nas.ServiceAccept:
		st.Action = event.ServiceAccept
	case *nas.GUTIReallocationCommand:
		st.Action, st.NewIdentity = event.Reallocation, true
	case *nas.EMMInformation:
		st.Action = event.Information
	case *nas.NASTransport:
		st.Action = event.ShortMessage
	case *nas.Plain:
		switch m.Type {
		case nas.TypeAuthenticationReject:
			st.Action = event.AuthenticationReject
		case nas.TypeTrackingAreaUpdateComplete:
			st.Action = event.UpdateComplete
		default:
			return false
		}
	default:
		return false
	}
	return true
}

// taiList takes over the area of an accept if it names one only.
func (n *nasContent) taiList(l *nas.TAIList) {
	if l.Count == 1 && l.TAIs[0].PLMN.Known() {
		n.area = event.CellID{PLMN: l.TAIs[0].PLMN, Area: uint32(l.TAIs[0].TAC), Known: true}
	}
}
