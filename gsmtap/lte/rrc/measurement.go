package rrc

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// maxCellReport is the most cells in one report (TS 36.331 §6.4).
const maxCellReport = 8

// Offsets from the coded level to dBm: RSRP-Range (TS 36.331 §6.3.5 with TS 36.133
// §9.1.4), UTRA RSCP (TS 25.133 §9.1.1.3), GERAN RXLEV (TS 45.008 §8.1.4), SS-RSRP (TS
// 38.133 §10.1.6).
const (
	rsrpOffset   = -140
	rscpOffset   = -115
	rxlevOffset  = -110
	nrRSRPOffset = -156
)

// CellGlobal is what a phone read from the system information of another cell
// (cgi-Info).
type CellGlobal struct {
	PLMN ident.PLMN
	// CellIdentity is 28 bits of E-UTRA and UTRA, 16 of GERAN.
	CellIdentity uint32
	// Area is the tracking or location area code.
	Area Optional[uint16]
}

func cellGlobal(v uper.Value) Optional[CellGlobal] {
	id := v.Field("cellGlobalId")
	if !id.Present() {
		return Optional[CellGlobal]{}
	}
	g := CellGlobal{PLMN: plmn(id.Field("plmn-Identity")), CellIdentity: bits[uint32](id.Field("cellIdentity"))}
	for _, area := range [...]uper.Value{v.Field("trackingAreaCode"), v.Field("locationAreaCode"), id.Field("locationAreaCode")} {
		if area.Present() {
			g.Area = optionalBits[uint16](area)
		}
	}
	return Optional[CellGlobal]{g, true}
}

// MeasuredCell is a neighbour in a MeasurementReport.
type MeasuredCell struct {
	// Number is the PCI, of UTRA the PSC or cell parameter, of GERAN the BSIC, of CDMA2000
	// the PN offset.
	Number uint16
	// ARFCN is the carrier of a GERAN cell; the others are on that of the measurement
	// object.
	ARFCN uint16
	// LevelDBm is RSRP of E-UTRA and NR, RSCP of UTRA, RXLEV of GERAN.
	LevelDBm Optional[int16]
	// QualityDB is RSRQ of E-UTRA and NR, Ec/No of UTRA, pilot strength of CDMA2000.
	QualityDB Optional[float32]
	// CGI is cgi-Info of E-UTRA, UTRA and GERAN.
	CGI Optional[CellGlobal]
}

// MeasurementReport is MeasurementReport (TS 36.331 §6.2.2).
type MeasurementReport struct {
	Envelope
	// MeasID is measId, 1 to 64.
	MeasID uint8
	// RSRPDBm and RSRQDB are of the serving cell: -157 to -43 dBm, -35 to 3 dB. Known
	// from the report if Measured.
	Measured bool
	RSRPDBm  int16
	RSRQDB   float32
	// RAT is the technology of the neighbours, NoRAT without any.
	RAT RAT
	// Neighbours are the first NeighbourCount of the array.
	Neighbours     [maxCellReport]MeasuredCell
	NeighbourCount uint8
	// Location says that locationInfo-r10 is present.
	Location bool
	// ServingCells counts the entries of measResultServFreqList: secondary cells.
	ServingCells uint8
}

// Read sets m from a MeasurementReport.
func (m *MeasurementReport) Read(v uper.Value) {
	*m = MeasurementReport{}
	e := m.read(v)
	for c := e.Field("measResults").First(); c.Present(); c = c.Next() {
		m.component(c)
	}
	for e.Present() {
		e, m.Later = next(e)
	}
}

// rsrqDB converts RSRQ-Range and its extensions (TS 36.133 §9.1.7).
func rsrqDB(v uper.Value) float32 { return float32(v.Int()-40) / 2 }

func (m *MeasurementReport) component(c uper.Value) {
	switch c.Name() {
	case "measId", "measId-v1250":
		m.MeasID = integer[uint8](c)
	case "measResultPCell":
		rsrp, rsrq := c.Field("rsrpResult"), c.Field("rsrqResult")
		m.Measured = rsrp.Present() && rsrq.Present()
		m.RSRPDBm = integer[int16](rsrp) + rsrpOffset
		m.RSRQDB = rsrqDB(rsrq)
	case "measResultPCell-v1250":
		m.RSRQDB = rsrqDB(c)
	case "measResultPCell-v1360":
		m.RSRPDBm = integer[int16](c) + rsrpOffset
	case "measResultNeighCells":
		m.neighbours(c.Chosen())
	case "locationInfo-r10":
		m.Location = true
	case "measResultServFreqList-r10", "measResultServFreqListExt-r13":
		m.ServingCells += uint8(c.Len())
	}
}

func (m *MeasurementReport) neighbours(list uper.Value) {
	switch base(list.Name()) {
	case "measResultListEUTRA":
		m.RAT = EUTRA
	case "measResultListUTRA":
		m.RAT = UTRA
	case "measResultListGERAN":
		m.RAT = GERAN
	case "measResultsCDMA2000":
		m.RAT = HRPD
		if !list.Field("preRegistrationStatusHRPD").Bool() {
			m.RAT = XRTT
		}
		list = list.Field("measResultListCDMA2000")
	case "measResultNeighCellListNR":
		m.RAT = NR
	}
	for e := list.First(); e.Present() && int(m.NeighbourCount) < len(m.Neighbours); e = e.Next() {
		n := &m.Neighbours[m.NeighbourCount]
		m.NeighbourCount++
		for c := e.First(); c.Present(); c = c.Next() {
			switch base(c.Name()) {
			case "physCellId", "pci":
				n.Number = cellNumber(c).Value
			case "carrierFreq":
				n.ARFCN = integer[uint16](c.Field("arfcn"))
			case "cgi-Info":
				n.CGI = cellGlobal(c)
			case "measResult", "measResultCell":
				n.result(c, m.RAT)
			}
		}
	}
}

func (n *MeasuredCell) result(v uper.Value, t RAT) {
	for c := v.First(); c.Present(); c = c.Next() {
		switch c.Name() {
		case "rsrpResult", "measResult-v1360":
			n.LevelDBm = Optional[int16]{integer[int16](c) + rsrpOffset, true}
		case "rsrqResult", "measResult-v1250":
			n.QualityDB = Optional[float32]{rsrqDB(c), true}
		case "utra-RSCP":
			n.LevelDBm = Optional[int16]{integer[int16](c) + rscpOffset, true}
		case "utra-EcN0": // TS 25.133 §9.1.2.3
			n.QualityDB = Optional[float32]{float32(c.Int()-49) / 2, true}
		case "rssi":
			n.LevelDBm = Optional[int16]{integer[int16](c) + rxlevOffset, true}
		case "pilotStrength": // -2·10·log10(Ec/Io), 3GPP2 C.S0005
			n.QualityDB = Optional[float32]{-float32(c.Int()) / 2, true}
		case "rsrpResult-r15":
			if t == NR {
				n.LevelDBm = Optional[int16]{integer[int16](c) + nrRSRPOffset, true}
			}
		case "rsrqResult-r15": // TS 38.133 §10.1.11
			n.QualityDB = Optional[float32]{float32(c.Int()-87) / 2, true}
		}
	}
}
