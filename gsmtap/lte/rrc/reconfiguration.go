package rrc

import "github.com/fbsdetect/fbsdetect/gsmtap/uper"

// Limits of TS 36.331 §6.4.
const (
	maxNASLists     = 11 + 15 // maxDRB and maxDRB-r15
	maxObject       = 64      // maxObjectId-r13
	maxReportConfig = 32
	maxMeasID       = 64 // maxMeasId-r12
)

// MobilityControl is MobilityControlInfo, an order to hand over (TS 36.331 §6.3.4).
type MobilityControl struct {
	// PCI is targetPhysCellId, 0 to 503.
	PCI uint16
	// EARFCN is the downlink carrier; absent if the frequency stays. UplinkEARFCN is that
	// of the uplink.
	EARFCN, UplinkEARFCN Optional[uint32]
	// DownlinkRB is dl-Bandwidth in resource blocks.
	DownlinkRB Optional[uint8]
	// T304Ms is t304 in ms.
	T304Ms uint16
	// CRNTI is newUE-Identity.
	CRNTI uint16
}

func (m *MobilityControl) read(v uper.Value) {
	for c := v.First(); c.Present(); c = c.Next() {
		switch c.Name() {
		case "targetPhysCellId":
			m.PCI = integer[uint16](c)
		case "carrierFreq":
			m.EARFCN = optional[uint32](c.Field("dl-CarrierFreq"))
			m.UplinkEARFCN = optional[uint32](c.Field("ul-CarrierFreq"))
		case "carrierBandwidth":
			m.DownlinkRB = optionalNumber[uint8](c.Field("dl-Bandwidth"))
		case "t304":
			m.T304Ms = number[uint16](c)
		case "newUE-Identity":
			m.CRNTI = bits[uint16](c)
		case "carrierFreq-v9e0":
			m.EARFCN = optional[uint32](c.Field("dl-CarrierFreq-v9e0"))
			m.UplinkEARFCN = optional[uint32](c.Field("ul-CarrierFreq-v9e0"))
		}
	}
}

// MeasObject is a measurement object: a carrier to measure (TS 36.331 §6.3.5,
// MeasObjectToAddMod).
type MeasObject struct {
	// ID is measObjectId, 1 to 64.
	ID  uint8
	RAT RAT
	// ARFCN is the carrier: EARFCN, UARFCN, NR-ARFCN, the starting ARFCN of a GERAN group,
	// or the channel of CDMA2000, whose BandClass is beside it.
	ARFCN     uint32
	BandClass uint8
	// PCS is the band indicator of a GERAN group, ARFCNs the number of its carriers.
	PCS    bool
	ARFCNs uint16
	// AllowedMeasRB is allowedMeasBandwidth of an E-UTRA carrier in resource blocks.
	AllowedMeasRB uint8
	// Cells counts cellsToAddModList and Excluded excludedCellsToAddModList.
	Cells, Excluded uint8
	// ReportCGI is cellForWhichToReportCGI, as PCI, PSC or BSIC (8·NCC + BCC).
	ReportCGI Optional[uint16]
}

// ReportConfig is a reporting configuration (TS 36.331 §6.3.5, ReportConfigToAddMod).
type ReportConfig struct {
	// ID is reportConfigId, 1 to 32.
	ID uint8
	// InterRAT is set for reportConfigInterRAT.
	InterRAT bool
	// Trigger is the event by its name, "eventA3", or "periodical".
	Trigger string
	// Purpose is that of a periodical report: "reportStrongestCells", "reportCGI", or of
	// v1430 "reportLocation", "sidelink".
	Purpose string
	// IntervalMs is reportInterval in ms.
	IntervalMs uint32
	// Amount is reportAmount, 0 for infinity.
	Amount uint8
	// MaxCells is maxReportCells, 1 to 8.
	MaxCells uint8
	// IncludeLocation is includeLocationInfo: the phone is to add where it is.
	IncludeLocation bool
	// SIRequestForHO is si-RequestForHO-r9.
	SIRequestForHO bool
}

// MeasID links a measurement object and a reporting configuration.
type MeasID struct {
	// ID is measId, 1 to 64; Object and Report are the identities linked.
	ID, Object, Report uint8
}

// MeasConfig is MeasConfig (TS 36.331 §6.3.5).
type MeasConfig struct {
	// Present says that the message carries it.
	Present bool
	// Objects are the ObjectCount entries of measObjectToAddModList and its extension.
	Objects     [maxObject]MeasObject
	ObjectCount uint8
	// Reports are the ReportCount entries of reportConfigToAddModList.
	Reports     [maxReportConfig]ReportConfig
	ReportCount uint8
	// IDs are the IDCount entries of measIdToAddModList and its extension.
	IDs     [maxMeasID]MeasID
	IDCount uint8
	// ObjectsRemoved, ReportsRemoved and IDsRemoved count the lists of removals.
	ObjectsRemoved, ReportsRemoved, IDsRemoved uint8
	// SMeasureDBm is s-Measure, -140 to -43 dBm; -140 stands for no limit.
	SMeasureDBm Optional[int16]
	// Gaps says that measGapConfig sets up gaps.
	Gaps bool
}

// reset clears what read may have set.
func (m *MeasConfig) reset() {
	clear(m.Objects[:m.ObjectCount])
	clear(m.Reports[:m.ReportCount])
	clear(m.IDs[:m.IDCount])
	m.Present, m.ObjectCount, m.ReportCount, m.IDCount = false, 0, 0, 0
	m.ObjectsRemoved, m.ReportsRemoved, m.IDsRemoved = 0, 0, 0
	m.SMeasureDBm, m.Gaps = Optional[int16]{}, false
}

func (m *MeasConfig) read(v uper.Value) {
	m.Present = v.Present()
	listed := 0
	for c := v.First(); c.Present(); c = c.Next() {
		switch c.Name() {
		case "measObjectToAddModList":
			m.objects(c)
			listed = int(m.ObjectCount)
		case "measObjectToAddModListExt-r13":
			m.objects(c)
		case "measObjectToAddModList-v9e0": // goes along measObjectToAddModList
			i := 0
			for e := c.First(); e.Present() && i < listed; e = e.Next() {
				if f := e.Field("measObjectEUTRA-v9e0").Field("carrierFreq-v9e0"); f.Present() {
					m.Objects[i].ARFCN = integer[uint32](f)
				}
				i++
			}
		case "measObjectToRemoveList", "measObjectToRemoveListExt-r13":
			m.ObjectsRemoved += uint8(c.Len())
		case "reportConfigToAddModList":
			for e := c.First(); e.Present() && int(m.ReportCount) < len(m.Reports); e = e.Next() {
				m.Reports[m.ReportCount].read(e)
				m.ReportCount++
			}
		case "reportConfigToRemoveList":
			m.ReportsRemoved += uint8(c.Len())
		case "measIdToAddModList", "measIdToAddModListExt-r12":
			m.ids(c)
		case "measIdToRemoveList", "measIdToRemoveListExt-r12":
			m.IDsRemoved += uint8(c.Len())
		case "s-Measure":
			m.SMeasureDBm = Optional[int16]{integer[int16](c) + rsrpOffset, true}
		case "measGapConfig":
			m.Gaps = c.Chosen().Name() == "setup"
		}
	}
}

func (m *MeasConfig) objects(list uper.Value) {
	for e := list.First(); e.Present() && int(m.ObjectCount) < len(m.Objects); e = e.Next() {
		m.Objects[m.ObjectCount].read(e)
		m.ObjectCount++
	}
}

func (m *MeasConfig) ids(list uper.Value) {
	for e := list.First(); e.Present() && int(m.IDCount) < len(m.IDs); e = e.Next() {
		id := &m.IDs[m.IDCount]
		m.IDCount++
		for c := e.First(); c.Present(); c = c.Next() {
			switch base(c.Name()) {
			case "measId":
				id.ID = integer[uint8](c)
			case "measObjectId":
				id.Object = integer[uint8](c)
			case "reportConfigId":
				id.Report = integer[uint8](c)
			}
		}
	}
}

func (o *MeasObject) read(v uper.Value) {
	var of uper.Value
	for c := v.First(); c.Present(); c = c.Next() {
		switch base(c.Name()) {
		case "measObjectId":
			o.ID = integer[uint8](c)
		case "measObject":
			of = c.Chosen()
		}
	}
	switch base(of.Name()) {
	case "measObjectEUTRA":
		o.RAT = EUTRA
	case "measObjectUTRA":
		o.RAT = UTRA
	case "measObjectGERAN":
		o.RAT = GERAN
	case "measObjectCDMA2000":
		o.RAT = XRTT
	case "measObjectWLAN":
		o.RAT = WLAN
		return // its carriers have other numbers
	case "measObjectNR":
		o.RAT = NR
	}
	for c := of.First(); c.Present(); c = c.Next() {
		switch base(c.Name()) {
		case "carrierFreq":
			if c.Kind() == uper.Integer {
				o.ARFCN = integer[uint32](c)
				continue
			}
			o.ARFCN = integer[uint32](c.Field("arfcn"))
			o.BandClass = bandClass(c.Field("bandClass"))
		case "carrierFreqs":
			var g GERANCarriers
			g.read(c)
			o.ARFCN, o.PCS, o.ARFCNs = uint32(g.Starting), g.PCS, uint16(g.ARFCNs.Len())
		case "cdma2000-Type":
			if c.Int() == 1 {
				o.RAT = HRPD
			}
		case "allowedMeasBandwidth":
			o.AllowedMeasRB = number[uint8](c)
		case "cellsToAddModList":
			cells := c
			if c.Kind() == uper.Choice {
				cells = c.Chosen()
				o.RAT = UTRAFDD
				if cells.Name() == "cellsToAddModListUTRA-TDD" {
					o.RAT = UTRATDD
				}
			}
			o.Cells = uint8(cells.Len())
		case "excludedCellsToAddModList":
			o.Excluded = uint8(c.Len())
		case "cellForWhichToReportCGI":
			o.ReportCGI = cellNumber(c)
		}
	}
}

// cellNumber returns a physical cell identity: of UTRA the PSC or cell parameter, of
// GERAN the BSIC, of CDMA2000 the PN offset.
func cellNumber(v uper.Value) Optional[uint16] {
	switch v.Kind() {
	case uper.Integer:
		return optional[uint16](v)
	case uper.Choice:
		return cellNumber(v.Chosen())
	case uper.Sequence:
		return Optional[uint16]{8*bits[uint16](v.Field("networkColourCode")) + bits[uint16](v.Field("baseStationColourCode")), true}
	}
	return Optional[uint16]{}
}

func (r *ReportConfig) read(v uper.Value) {
	r.ID = integer[uint8](v.Field("reportConfigId"))
	of := v.Field("reportConfig").Chosen()
	r.InterRAT = of.Name() == "reportConfigInterRAT"
	for c := of.First(); c.Present(); c = c.Next() {
		switch base(c.Name()) {
		case "triggerType":
			t := c.Chosen()
			if r.Trigger = t.Name(); r.Trigger == "event" {
				r.Trigger = base(t.Field("eventId").Chosen().Name())
			} else {
				r.Purpose = t.Field("purpose").Text()
			}
		case "purpose": // of v1430 and r15
			r.Purpose = c.Text()
		case "reportInterval":
			r.IntervalMs = milliseconds(c)
		case "reportAmount":
			r.Amount = number[uint8](c)
		case "maxReportCells":
			r.MaxCells = integer[uint8](c)
		case "includeLocationInfo":
			r.IncludeLocation = c.Kind() != uper.Boolean || c.Bool()
		case "si-RequestForHO":
			r.SIRequestForHO = true
		}
	}
}

// milliseconds returns a duration whose name counts in ms or min.
func milliseconds(v uper.Value) uint32 {
	n := number[uint32](v)
	if name := v.Text(); len(name) >= 3 && name[:3] == "min" {
		n *= 60_000
	}
	return n
}

// NRConfig says what a reconfiguration does with the NR side of dual connectivity
// (nr-Config-r15).
type NRConfig uint8

// What nr-Config-r15 does.
const (
	NRUnchanged NRConfig = iota
	NRRelease
	NRSetup
)

// RRCConnectionReconfiguration is RRCConnectionReconfiguration or its NB-IoT form (TS
// 36.331 §6.2.2 and §6.7.2).
type RRCConnectionReconfiguration struct {
	Envelope
	// MeasConfig is measConfig.
	MeasConfig MeasConfig
	// Mobility is mobilityControlInfo: present in a handover.
	Mobility Optional[MobilityControl]
	// NAS are the NASCount messages of dedicatedInfoNASList and dedicatedInfoNASList-r15.
	NAS      [maxNASLists]NASMessage
	NASCount uint8
	// RadioResources says that radioResourceConfigDedicated is present; SRBs and DRBs count
	// the bearers that it adds or changes, DRBsReleased those it releases.
	RadioResources           bool
	SRBs, DRBs, DRBsReleased uint8
	// Security is securityConfigHO, or its variant of v1530.
	Security SecurityHandover
	// SCGCiphering is cipheringAlgorithmSCG-r12, of LTE dual connectivity.
	SCGCiphering Optional[EEA]
	// FullConfig is fullConfig-r9.
	FullConfig bool
	// SCells counts the secondary cells added or changed.
	SCells uint8
	// SIB1 and SIB2 are system information sent to this phone alone; absent if there is
	// none.
	SIB1, SIB2 uper.Value
	// NR is nr-Config-r15. NRCellGroup, NRRadioBearers1 and NRRadioBearers2 are the
	// octets of NR's CellGroupConfig (an RRCReconfiguration) and RadioBearerConfig (TS 38.331).
	NR                                            NRConfig
	NRCellGroup, NRRadioBearers1, NRRadioBearers2 []byte
	// SKCounter is sk-Counter-r15.
	SKCounter Optional[uint16]
}

// Read sets m from an RRCConnectionReconfiguration.
func (m *RRCConnectionReconfiguration) Read(v uper.Value) {
	m.reset()
	for e := m.read(v); e.Present(); {
		for c := e.First(); c.Present(); c = c.Next() {
			m.component(c)
		}
		e, m.Later = next(e)
	}
}

func (m *RRCConnectionReconfiguration) reset() {
	m.MeasConfig.reset()
	clear(m.NAS[:m.NASCount])
	m.NASCount = 0
	m.Mobility = Optional[MobilityControl]{}
	m.RadioResources, m.SRBs, m.DRBs, m.DRBsReleased = false, 0, 0, 0
	m.Security = SecurityHandover{}
	m.SCGCiphering = Optional[EEA]{}
	m.FullConfig, m.SCells = false, 0
	m.SIB1, m.SIB2 = uper.Value{}, uper.Value{}
	m.NR, m.NRCellGroup, m.NRRadioBearers1, m.NRRadioBearers2 = NRUnchanged, nil, nil, nil
	m.SKCounter = Optional[uint16]{}
}

func (m *RRCConnectionReconfiguration) component(c uper.Value) {
	switch base(c.Name()) {
	case "measConfig":
		m.MeasConfig.read(c)
	case "mobilityControlInfo":
		if c.Name() == "mobilityControlInfo" {
			m.Mobility.Present = true
			m.Mobility.Value.read(c)
		}
	case "dedicatedInfoNASList":
		for e := c.First(); e.Present() && int(m.NASCount) < len(m.NAS); e = e.Next() {
			m.NAS[m.NASCount] = nasMessage(e)
			m.NASCount++
		}
	case "radioResourceConfigDedicated":
		m.RadioResources = true
		for r := c.First(); r.Present(); r = r.Next() {
			switch base(r.Name()) {
			case "srb-ToAddModList":
				m.SRBs += uint8(r.Len())
			case "drb-ToAddModList":
				m.DRBs += uint8(r.Len())
			case "drb-ToReleaseList":
				m.DRBsReleased += uint8(r.Len())
			}
		}
	case "securityConfigHO":
		m.Security.read(c)
	case "fullConfig":
		m.FullConfig = true
	case "sCellToAddModList", "sCellToAddModListExt":
		switch c.Name() { // the other extensions go along these lists
		case "sCellToAddModList-r10", "sCellToAddModListExt-r13":
			m.SCells += uint8(c.Len())
		}
	case "systemInformationBlockType1Dedicated":
		m.SIB1 = c.Contained()
	case "systemInformationBlockType2Dedicated":
		m.SIB2 = c.Contained()
	case "scg-Configuration":
		if c.Name() == "scg-Configuration-r12" {
			a := c.Field("setup").Field("scg-ConfigPartSCG-r12").Field("mobilityControlInfoSCG-r12").Field("cipheringAlgorithmSCG-r12")
			m.SCGCiphering = Optional[EEA]{EEA(algorithm(a)), a.Present()}
		}
	case "nr-Config":
		m.NR = NRRelease
		if setup := c.Field("setup"); setup.Present() {
			m.NR = NRSetup
			m.NRCellGroup = setup.Field("nr-SecondaryCellGroupConfig-r15").Octets()
		}
	case "sk-Counter":
		m.SKCounter = optional[uint16](c)
	case "nr-RadioBearerConfig1":
		m.NRRadioBearers1 = c.Octets()
	case "nr-RadioBearerConfig2":
		m.NRRadioBearers2 = c.Octets()
	}
}
