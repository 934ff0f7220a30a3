package observe

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/sms"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// shortMessage says what a message of the short message service does in a session. Its
// transport comes before it in the same frame and tells the service centre.
func (o *Observer) shortMessage(st *event.Step, f *frame, m wire.Message) bool {
	st.Action = event.ShortMessage
	switch m := m.(type) {
	case *sms.CPData, *sms.CPAck, *sms.CPError:
	case *sms.RPData:
		o.centre, o.centreRef = m.Originator.Address, f.ref
		return false
	case *sms.Deliver:
		st.SMS = &event.Message{Delivered: true, Sender: m.OriginatingAddress}
		st.SMS.Centre, st.SMS.CentreSeen = o.centre, o.centreRef == f.ref
		if m.ServiceCentreTimeStamp.Present {
			st.SMS.Sent = m.ServiceCentreTimeStamp.Time.UnixNano()
		}
		messageOf(st.SMS, m.PID, m.DCS, &m.UserData)
	case *sms.Submit:
		st.SMS = &event.Message{Sender: m.DestinationAddress}
		messageOf(st.SMS, m.PID, m.DCS, &m.UserData)
	case *sms.StatusReport:
		st.SMS = &event.Message{Delivered: true, Report: true, Sender: m.RecipientAddress, Port: -1}
	default:
		return false
	}
	return true
}

func messageOf(m *event.Message, pid sms.PID, dcs sms.DCS, u *sms.UserData) {
	class, hasClass := dcs.Class()
	m.Silent, m.ToSIM = pid == sms.PIDType0, pid.ToSIM()
	m.Discard, m.Flash = dcs.Discard(), hasClass && class == 0
	m.Port, m.Octets = -1, int(u.Length)
	if u.Header.HasPorts {
		m.Port = int(u.Header.Ports.Destination)
	}
	m.Text, m.Part, m.Parts, m.Whole = u.Said(), 1, 1, true
	if u.Header.HasConcatenation {
		m.Part, m.Parts = int(u.Header.Concatenation.Sequence), int(u.Header.Concatenation.Total)
		m.Whole = u.HasWhole || m.Parts == 1
	}
}
