package rrc

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// RRCConnectionRequest is RRCConnectionRequest or RRCConnectionRequest-NB (TS 36.331
// §6.2.2 and §6.7.2).
type RRCConnectionRequest struct {
	Envelope
	// FiveGC is set for a request towards a 5G core.
	FiveGC bool
	// STMSI is the phone's S-TMSI.
	STMSI Optional[STMSI]
	// NG5GSTMSI is the 5G-S-TMSI, or its 40 low bits (ng-5G-S-TMSI-Part1).
	NG5GSTMSI Optional[uint64]
	// RandomValue is the random number of a phone without identity here: 40 bits, 48
	// with NB-IoT and 5G core.
	RandomValue Optional[uint64]
	// Cause is establishmentCause by its name: "mo-Signalling".
	Cause string
}

// Read sets m from an RRCConnectionRequest.
func (m *RRCConnectionRequest) Read(v uper.Value) {
	*m = RRCConnectionRequest{}
	e := m.read(v)
	switch e.Name() {
	case "rrcConnectionRequest-r15", "rrcConnectionRequest-r16":
		m.FiveGC = true
	}
	for c := e.First(); c.Present(); c = c.Next() {
		switch base(c.Name()) {
		case "ue-Identity":
			id := c.Chosen()
			switch base(id.Name()) {
			case "s-TMSI":
				m.STMSI = Optional[STMSI]{sTMSI(id), true}
			case "ng-5G-S-TMSI-Part1", "ng-5G-S-TMSI":
				m.NG5GSTMSI = Optional[uint64]{id.Uint(), true}
			case "randomValue":
				m.RandomValue = Optional[uint64]{id.Uint(), true}
			}
		case "establishmentCause":
			m.Cause = c.Text()
		}
	}
}

// RRCConnectionSetup is RRCConnectionSetup or RRCConnectionSetup-NB (TS 36.331 §6.2.2
// and §6.7.2).
type RRCConnectionSetup struct {
	Envelope
}

// Read sets m from an RRCConnectionSetup.
func (m *RRCConnectionSetup) Read(v uper.Value) {
	for e := m.read(v); e.Present(); {
		e, m.Later = next(e)
	}
}

// RegisteredMME is where a phone is registered (TS 36.331 §6.2.2,
// RRCConnectionSetupComplete).
type RegisteredMME struct {
	// PLMN is zero if it is the selected one.
	PLMN  ident.PLMN
	MMEGI uint16
	MMEC  uint8
}

// RRCConnectionSetupComplete is RRCConnectionSetupComplete or its NB-IoT form (TS
// 36.331 §6.2.2 and §6.7.2).
type RRCConnectionSetupComplete struct {
	Envelope
	// SelectedPLMN is selectedPLMN-Identity: the place in the PLMN list of SIB1, from 1.
	SelectedPLMN uint8
	// RegisteredMME is registeredMME.
	RegisteredMME Optional[RegisteredMME]
	// GUMMEIType is gummei-Type: "native", "mapped", "mappedFrom5G" or empty.
	GUMMEIType string
	// NAS are the octets of dedicatedInfoNAS.
	NAS NASMessage
	// RLFInfo, LogMeas, ConnEstFailInfo and MobilityHistory say what reports the phone
	// has available.
	RLFInfo, LogMeas, ConnEstFailInfo, MobilityHistory bool
	// STMSI is s-TMSI-r13.
	STMSI Optional[STMSI]
	// ConnectTo5GC is connectTo5GC-r15.
	ConnectTo5GC bool
}

// Read sets m from an RRCConnectionSetupComplete.
func (m *RRCConnectionSetupComplete) Read(v uper.Value) {
	*m = RRCConnectionSetupComplete{}
	for e := m.read(v); e.Present(); {
		for c := e.First(); c.Present(); c = c.Next() {
			switch base(c.Name()) {
			case "selectedPLMN-Identity":
				m.SelectedPLMN = integer[uint8](c)
			case "registeredMME":
				m.RegisteredMME = Optional[RegisteredMME]{RegisteredMME{
					PLMN:  plmn(c.Field("plmn-Identity")),
					MMEGI: bits[uint16](c.Field("mmegi")),
					MMEC:  bits[uint8](c.Field("mmec")),
				}, true}
			case "gummei-Type":
				m.GUMMEIType = base(c.Text())
			case "dedicatedInfoNAS":
				m.NAS = nasMessage(c)
			case "rlf-InfoAvailable":
				m.RLFInfo = true
			case "logMeasAvailable":
				m.LogMeas = true
			case "connEstFailInfoAvailable":
				m.ConnEstFailInfo = true
			case "mobilityHistoryAvail":
				m.MobilityHistory = true
			case "s-TMSI":
				m.STMSI = Optional[STMSI]{sTMSI(c), true}
			case "connectTo5GC":
				m.ConnectTo5GC = true
			}
		}
		e, m.Later = next(e)
	}
}

// Deprioritisation is deprioritisationReq-r11 (TS 36.331 §6.2.2,
// RRCConnectionReject).
type Deprioritisation struct {
	// EUTRA is set if all of E-UTRA is to be avoided, else only the frequency.
	EUTRA bool
	// Minutes is deprioritisationTimer.
	Minutes uint8
}

// RRCConnectionReject is RRCConnectionReject or its NB-IoT form (TS 36.331 §6.2.2 and
// §6.7.2).
type RRCConnectionReject struct {
	Envelope
	// WaitTimeSeconds is waitTime, 1 to 16 s; NB-IoT has none.
	WaitTimeSeconds uint8
	// ExtendedWaitTimeSeconds is extendedWaitTime, 1 to 1800 s.
	ExtendedWaitTimeSeconds Optional[uint16]
	// Deprioritisation is deprioritisationReq-r11.
	Deprioritisation Optional[Deprioritisation]
	// Suspend is rrc-SuspendIndication-r13.
	Suspend bool
}

// Read sets m from an RRCConnectionReject.
func (m *RRCConnectionReject) Read(v uper.Value) {
	*m = RRCConnectionReject{}
	for e := m.read(v); e.Present(); {
		for c := e.First(); c.Present(); c = c.Next() {
			switch base(c.Name()) {
			case "waitTime":
				m.WaitTimeSeconds = integer[uint8](c)
			case "extendedWaitTime":
				m.ExtendedWaitTimeSeconds = optional[uint16](c)
			case "deprioritisationReq":
				m.Deprioritisation = Optional[Deprioritisation]{Deprioritisation{
					EUTRA:   c.Field("deprioritisationType-r11").Int() == 1,
					Minutes: number[uint8](c.Field("deprioritisationTimer-r11")),
				}, true}
			case "rrc-SuspendIndication":
				m.Suspend = true
			}
		}
		e, m.Later = next(e)
	}
}

// RRCConnectionReestablishmentRequest asks to go on with a connection after a failure
// (TS 36.331 §6.2.2). Of the NB-IoT form the branch of Release 13 is read.
type RRCConnectionReestablishmentRequest struct {
	Envelope
	// CRNTI and PCI are those of the cell where the failure was; ShortMACI proves the
	// keys of the connection.
	CRNTI, PCI, ShortMACI uint16
	// Cause is reestablishmentCause by its name: "handoverFailure".
	Cause string
}

// Read sets m from an RRCConnectionReestablishmentRequest.
func (m *RRCConnectionReestablishmentRequest) Read(v uper.Value) {
	*m = RRCConnectionReestablishmentRequest{}
	e := m.read(v)
	for c := e.First(); c.Present(); c = c.Next() {
		switch base(c.Name()) {
		case "ue-Identity":
			m.CRNTI = bits[uint16](c.Field("c-RNTI"))
			m.PCI = integer[uint16](c.Field("physCellId"))
			m.ShortMACI = bits[uint16](c.Field("shortMAC-I"))
		case "reestablishmentCause":
			m.Cause = c.Text()
		}
	}
}

// RRCConnectionReestablishment is RRCConnectionReestablishment or its NB-IoT form (TS
// 36.331 §6.2.2 and §6.7.2).
type RRCConnectionReestablishment struct {
	Envelope
	// NextHopChainingCount is 0 to 7.
	NextHopChainingCount uint8
}

// Read sets m from an RRCConnectionReestablishment.
func (m *RRCConnectionReestablishment) Read(v uper.Value) {
	*m = RRCConnectionReestablishment{}
	for e := m.read(v); e.Present(); {
		for c := e.First(); c.Present(); c = c.Next() {
			if base(c.Name()) == "nextHopChainingCount" {
				m.NextHopChainingCount = integer[uint8](c)
			}
		}
		e, m.Later = next(e)
	}
}

// RRCConnectionReestablishmentComplete ends a reestablishment (TS 36.331 §6.2.2).
type RRCConnectionReestablishmentComplete struct {
	Envelope
	// RLFInfo is rlf-InfoAvailable.
	RLFInfo bool
}

// Read sets m from an RRCConnectionReestablishmentComplete.
func (m *RRCConnectionReestablishmentComplete) Read(v uper.Value) {
	*m = RRCConnectionReestablishmentComplete{}
	for e := m.read(v); e.Present(); {
		m.RLFInfo = m.RLFInfo || e.Field("rlf-InfoAvailable-r9").Present() || e.Field("rlf-InfoAvailable-r16").Present()
		e, m.Later = next(e)
	}
}

// RRCConnectionReestablishmentReject sends a phone back to idle (TS 36.331 §6.2.2).
type RRCConnectionReestablishmentReject struct {
	Envelope
}

// Read sets m from an RRCConnectionReestablishmentReject.
func (m *RRCConnectionReestablishmentReject) Read(v uper.Value) {
	for e := m.read(v); e.Present(); {
		e, m.Later = next(e)
	}
}
