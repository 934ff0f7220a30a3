package rrc

import "github.com/fbsdetect/fbsdetect/gsmtap/uper"

// MobilityFromEUTRACommand sends a phone to another technology (TS 36.331 §6.2.2).
type MobilityFromEUTRACommand struct {
	Envelope
	// CSFallback is cs-FallbackIndicator.
	CSFallback bool
	// Purpose is "handover", "cellChangeOrder" or "e-CSFB".
	Purpose string
	// Target is the technology; CDMA2000 1xRTT in an e-CSFB.
	Target RAT
	// ARFCN, PCS and BSIC (8·NCC + BCC) are the GERAN cell of a cellChangeOrder.
	ARFCN uint16
	PCS   bool
	BSIC  uint8
	// Container are the octets of targetRAT-MessageContainer: a message of the target's
	// radio protocol.
	Container []byte
}

// Read sets m from a MobilityFromEUTRACommand.
func (m *MobilityFromEUTRACommand) Read(v uper.Value) {
	*m = MobilityFromEUTRACommand{}
	e := m.read(v)
	m.CSFallback = e.Field("cs-FallbackIndicator").Bool()
	p := e.Field("purpose").Chosen()
	m.Purpose = base(p.Name())
	switch m.Purpose {
	case "handover":
		m.Target = targetRAT(p.Field("targetRAT-Type").Text())
		m.Container = p.Field("targetRAT-MessageContainer").Octets()
	case "cellChangeOrder":
		if g := p.Field("targetRAT-Type").Field("geran"); g.Present() {
			m.Target = GERAN
			f := g.Field("carrierFreq")
			m.ARFCN, m.PCS = integer[uint16](f.Field("arfcn")), f.Field("bandIndicator").Int() == 1
			m.BSIC = uint8(cellNumber(g.Field("physCellId")).Value)
		}
	case "e-CSFB":
		m.Target = XRTT
		m.Container = p.Field("messageContCDMA2000-1XRTT-r9").Octets()
	}
	for e.Present() {
		if b := e.Field("bandIndicator"); b.Present() {
			m.PCS = b.Int() == 1
		}
		e, m.Later = next(e)
	}
}

func targetRAT(name string) RAT {
	switch name {
	case "utra":
		return UTRA
	case "geran":
		return GERAN
	case "cdma2000-1XRTT":
		return XRTT
	case "cdma2000-HRPD":
		return HRPD
	case "nr":
		return NR
	case "eutra":
		return EUTRA
	}
	return NoRAT
}

// HandoverFromEUTRAPreparationRequest prepares a handover to CDMA2000 (TS 36.331
// §6.2.2).
type HandoverFromEUTRAPreparationRequest struct {
	Envelope
	// Target is HRPD or XRTT.
	Target RAT
}

// Read sets m from a HandoverFromEUTRAPreparationRequest.
func (m *HandoverFromEUTRAPreparationRequest) Read(v uper.Value) {
	*m = HandoverFromEUTRAPreparationRequest{}
	e := m.read(v)
	if t := e.Field("cdma2000-Type"); t.Present() {
		m.Target = XRTT
		if t.Int() == 1 {
			m.Target = HRPD
		}
	}
	for e.Present() {
		e, m.Later = next(e)
	}
}
