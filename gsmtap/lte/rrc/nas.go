package rrc

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// NASMessage is a dedicatedInfoNAS.
type NASMessage struct {
	// Octets are the message (TS 24.301), nil if absent.
	Octets []byte
	// OffsetBits is where it starts, in bits from the start of the RRC message.
	OffsetBits int
}

func nasMessage(v uper.Value) NASMessage {
	return NASMessage{v.Octets(), contentOffset(v)}
}

// InformationTransfer is DLInformationTransfer or ULInformationTransfer, or one of
// their NB-IoT forms (TS 36.331 §6.2.2 and §6.7.2).
type InformationTransfer struct {
	Envelope
	// NAS is dedicatedInfoNAS; without octets if the message carries something else.
	NAS NASMessage
	// CDMA is XRTT or HRPD if it carries a message of CDMA2000.
	CDMA RAT
}

// Read sets m from any of the messages.
func (m *InformationTransfer) Read(v uper.Value) {
	*m = InformationTransfer{}
	for e := m.read(v); e.Present(); {
		for c := e.First(); c.Present(); c = c.Next() {
			switch base(c.Name()) {
			case "dedicatedInfoNAS": // NB-IoT
				m.NAS = nasMessage(c)
			case "dedicatedInfoType":
				t := c.Chosen()
				switch base(t.Name()) {
				case "dedicatedInfoNAS":
					m.NAS = nasMessage(t)
				case "dedicatedInfoCDMA2000-1XRTT":
					m.CDMA = XRTT
				case "dedicatedInfoCDMA2000-HRPD":
					m.CDMA = HRPD
				}
			}
		}
		e, m.Later = next(e)
	}
}

// NAS calls f for every dedicatedInfoNAS of m, of LTE and NB-IoT: in setup, resume,
// early data, information transfer and reconfiguration messages. The octets are valid
// as long as m; offsetBits is where they start in the RRC message.
func NAS(m *rrc.Message, f func(octets []byte, offsetBits int)) {
	if m == nil {
		return
	}
	emit := func(v uper.Value) {
		if n := nasMessage(v); n.Octets != nil {
			f(n.Octets, n.OffsetBits)
		}
	}
	for e := content(m.Body); e.Present(); e, _ = next(e) {
		for c := e.First(); c.Present(); c = c.Next() {
			switch base(c.Name()) {
			case "dedicatedInfoNAS":
				emit(c)
			case "dedicatedInfoNASList":
				for l := c.First(); l.Present(); l = l.Next() {
					emit(l)
				}
			case "dedicatedInfoType":
				if t := c.Chosen(); base(t.Name()) == "dedicatedInfoNAS" {
					emit(t)
				}
			}
		}
	}
}
