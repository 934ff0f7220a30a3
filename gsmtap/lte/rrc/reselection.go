package rrc

import "github.com/fbsdetect/fbsdetect/gsmtap/uper"

// Limits of TS 36.331 §6.4.
const (
	maxCell         = 16 // maxCellIntra, maxCellInter, maxExcludedCell
	maxFreq         = 8
	maxUTRACarrier  = 16 // maxUTRA-FDD-Carrier, maxUTRA-TDD-Carrier
	maxGNFG         = 16
	maxBandClass    = 32 // maxCDMA-BandClass
	maxMultiBandsNR = 32
)

// SIB3 is SystemInformationBlockType3 (TS 36.331 §6.3.1): reselection from and within
// the serving frequency.
type SIB3 struct {
	// QHystDB is q-Hyst, 0 to 24 dB.
	QHystDB uint8
	// SpeedState says that speedStateReselectionPars is present.
	SpeedState bool
	// SNonIntraSearchDB is s-NonIntraSearch, 0 to 62 dB; absent means that other
	// frequencies are always measured. SNonIntraSearchPDB and SNonIntraSearchQDB are
	// s-NonIntraSearch-v920, which replaces it.
	SNonIntraSearchDB, SNonIntraSearchPDB, SNonIntraSearchQDB Optional[uint8]
	// ThreshServingLowDB is threshServingLow, 0 to 62 dB, ThreshServingLowQDB its
	// counterpart for RSRQ.
	ThreshServingLowDB  uint8
	ThreshServingLowQDB Optional[uint8]
	// Priority is cellReselectionPriority, 0 (lowest) to 7.
	Priority uint8
	// QRxLevMinDBm is q-RxLevMin, -140 to -44 dBm.
	QRxLevMinDBm int16
	// PMaxDBm is p-Max.
	PMaxDBm Optional[int8]
	// SIntraSearchDB is s-IntraSearch, 0 to 62 dB; absent means that neighbours are always
	// measured. SIntraSearchPDB and SIntraSearchQDB are s-IntraSearch-v920.
	SIntraSearchDB, SIntraSearchPDB, SIntraSearchQDB Optional[uint8]
	// AllowedMeasRB is allowedMeasBandwidth in resource blocks.
	AllowedMeasRB Optional[uint8]
	// TReselectionSeconds is t-ReselectionEUTRA, 0 to 7 s.
	TReselectionSeconds uint8
	// QQualMinDB is q-QualMin-r9; QQualMinWidebandDB and QQualMinAllSymbolsDB are the
	// variants of r11 and r12.
	QQualMinDB, QQualMinWidebandDB, QQualMinAllSymbolsDB Optional[int8]
}

// Read sets s from a SystemInformationBlockType3.
func (s *SIB3) Read(v uper.Value) {
	*s = SIB3{}
	for c := v.First(); c.Present(); c = c.Next() {
		switch c.Name() {
		case "cellReselectionInfoCommon":
			s.QHystDB = number[uint8](c.Field("q-Hyst"))
			s.SpeedState = c.Field("speedStateReselectionPars").Present()
		case "cellReselectionServingFreqInfo":
			s.SNonIntraSearchDB = times[uint8](c.Field("s-NonIntraSearch"), 2)
			s.ThreshServingLowDB = 2 * integer[uint8](c.Field("threshServingLow"))
			s.Priority = integer[uint8](c.Field("cellReselectionPriority"))
		case "intraFreqCellReselectionInfo":
			s.QRxLevMinDBm = 2 * integer[int16](c.Field("q-RxLevMin"))
			s.PMaxDBm = optional[int8](c.Field("p-Max"))
			s.SIntraSearchDB = times[uint8](c.Field("s-IntraSearch"), 2)
			s.AllowedMeasRB = optionalNumber[uint8](c.Field("allowedMeasBandwidth"))
			s.TReselectionSeconds = integer[uint8](c.Field("t-ReselectionEUTRA"))
		case "s-IntraSearch-v920":
			s.SIntraSearchPDB = times[uint8](c.Field("s-IntraSearchP-r9"), 2)
			s.SIntraSearchQDB = optional[uint8](c.Field("s-IntraSearchQ-r9"))
		case "s-NonIntraSearch-v920":
			s.SNonIntraSearchPDB = times[uint8](c.Field("s-NonIntraSearchP-r9"), 2)
			s.SNonIntraSearchQDB = optional[uint8](c.Field("s-NonIntraSearchQ-r9"))
		case "q-QualMin-r9":
			s.QQualMinDB = optional[int8](c)
		case "threshServingLowQ-r9":
			s.ThreshServingLowQDB = optional[uint8](c)
		case "q-QualMinWB-r11":
			s.QQualMinWidebandDB = optional[int8](c)
		case "q-QualMinRSRQ-OnAllSymbols-r12":
			s.QQualMinAllSymbolsDB = optional[int8](c)
		}
	}
}

// Neighbour is a neighbour cell in SIB4 or SIB5.
type Neighbour struct {
	// PCI is physCellId, 0 to 503.
	PCI uint16
	// QOffsetDB is q-OffsetCell, -24 to 24 dB.
	QOffsetDB int8
}

func neighbours(v uper.Value, to *[maxCell]Neighbour) (count uint8) {
	for e := v.First(); e.Present() && int(count) < len(to); e = e.Next() {
		to[count] = Neighbour{integer[uint16](e.Field("physCellId")), number[int8](e.Field("q-OffsetCell"))}
		count++
	}
	return count
}

func excluded(v uper.Value, to *[maxCell]PCIRange) (count uint8) {
	for e := v.First(); e.Present() && int(count) < len(to); e = e.Next() {
		to[count] = pciRange(e)
		count++
	}
	return count
}

// SIB4 is SystemInformationBlockType4 (TS 36.331 §6.3.1): neighbours on the serving
// frequency.
type SIB4 struct {
	// Neighbours are the NeighbourCount entries of intraFreqNeighCellList.
	Neighbours     [maxCell]Neighbour
	NeighbourCount uint8
	// Excluded are the ExcludedCount entries of intraFreqExcludedCellList (earlier named
	// intraFreqBlackCellList).
	Excluded      [maxCell]PCIRange
	ExcludedCount uint8
	// CSG is csg-PhysCellIdRange.
	CSG Optional[PCIRange]
}

// Read sets s from a SystemInformationBlockType4.
func (s *SIB4) Read(v uper.Value) {
	*s = SIB4{}
	s.NeighbourCount = neighbours(v.Field("intraFreqNeighCellList"), &s.Neighbours)
	s.ExcludedCount = excluded(v.Field("intraFreqExcludedCellList"), &s.Excluded)
	if r := v.Field("csg-PhysCellIdRange"); r.Present() {
		s.CSG = Optional[PCIRange]{pciRange(r), true}
	}
}

// InterFreqCarrier is an entry of a list of E-UTRA carriers in SIB5.
type InterFreqCarrier struct {
	// EARFCN is dl-CarrierFreq, or its extension of v9e0.
	EARFCN uint32
	// QRxLevMinDBm is q-RxLevMin, PMaxDBm p-Max and QQualMinDB q-QualMin.
	QRxLevMinDBm int16
	PMaxDBm      Optional[int8]
	QQualMinDB   Optional[int8]
	// TReselectionSeconds is t-ReselectionEUTRA.
	TReselectionSeconds uint8
	// ThreshXHighDB and ThreshXLowDB are 0 to 62 dB; ThreshXHighQDB and ThreshXLowQDB
	// their counterparts for RSRQ.
	ThreshXHighDB, ThreshXLowDB   uint8
	ThreshXHighQDB, ThreshXLowQDB Optional[uint8]
	// AllowedMeasRB is allowedMeasBandwidth in resource blocks.
	AllowedMeasRB uint8
	// Priority is cellReselectionPriority, 0 to 7; without it the frequency is not used
	// for reselection.
	Priority Optional[uint8]
	// QOffsetFreqDB is q-OffsetFreq, -24 to 24 dB.
	QOffsetFreqDB int8
	// Neighbours and Excluded are the neighbour and excluded cells on the frequency.
	Neighbours     [maxCell]Neighbour
	NeighbourCount uint8
	Excluded       [maxCell]PCIRange
	ExcludedCount  uint8
}

func (f *InterFreqCarrier) read(v uper.Value) {
	for c := v.First(); c.Present(); c = c.Next() {
		switch base(c.Name()) {
		case "dl-CarrierFreq":
			f.EARFCN = integer[uint32](c)
		case "q-RxLevMin":
			f.QRxLevMinDBm = 2 * integer[int16](c)
		case "p-Max":
			f.PMaxDBm = optional[int8](c)
		case "t-ReselectionEUTRA":
			f.TReselectionSeconds = integer[uint8](c)
		case "threshX-High":
			f.ThreshXHighDB = 2 * integer[uint8](c)
		case "threshX-Low":
			f.ThreshXLowDB = 2 * integer[uint8](c)
		case "allowedMeasBandwidth":
			f.AllowedMeasRB = number[uint8](c)
		case "cellReselectionPriority":
			f.Priority = optional[uint8](c)
		case "q-OffsetFreq":
			f.QOffsetFreqDB = number[int8](c)
		case "interFreqNeighCellList":
			f.NeighbourCount = neighbours(c, &f.Neighbours)
		case "interFreqExcludedCellList":
			f.ExcludedCount = excluded(c, &f.Excluded)
		case "q-QualMin":
			f.QQualMinDB = optional[int8](c)
		case "threshX-Q": // threshX-HighQ, threshX-LowQ
			f.ThreshXHighQDB = optional[uint8](c.First())
			f.ThreshXLowQDB = optional[uint8](c.First().Next())
		}
	}
}

// SIB5 is SystemInformationBlockType5 (TS 36.331 §6.3.1): the other E-UTRA
// frequencies.
type SIB5 struct {
	// Carriers are the Count entries of interFreqCarrierFreqList, then of
	// interFreqCarrierFreqListExt-r12; Listed counts the former.
	Carriers [2 * maxFreq]InterFreqCarrier
	Count    uint8
	Listed   uint8
}

// Read sets s from a SystemInformationBlockType5.
func (s *SIB5) Read(v uper.Value) {
	for i := range s.Carriers[:s.Count] { // the rest is zero already
		s.Carriers[i] = InterFreqCarrier{}
	}
	s.Count, s.Listed = 0, 0
	s.carriers(v.Field("interFreqCarrierFreqList"))
	s.Listed = s.Count
	s.carriers(v.Field("interFreqCarrierFreqListExt-r12"))
	late := v.Field("lateNonCriticalExtension").Contained()
	for ; late.Present(); late, _ = next(late) {
		i := 0
		for e := late.Field("interFreqCarrierFreqList-v9e0").First(); e.Present() && i < int(s.Listed); e = e.Next() {
			if f := e.Field("dl-CarrierFreq-v9e0"); f.Present() {
				s.Carriers[i].EARFCN = integer[uint32](f)
			}
			i++
		}
	}
}

func (s *SIB5) carriers(list uper.Value) {
	for e := list.First(); e.Present() && int(s.Count) < len(s.Carriers); e = e.Next() {
		s.Carriers[s.Count].read(e)
		s.Count++
	}
}

// UTRACarrier is an entry of a list of UTRA carriers in SIB6.
type UTRACarrier struct {
	// UARFCN is carrierFreq, 0 to 16383.
	UARFCN uint16
	// Priority is cellReselectionPriority.
	Priority Optional[uint8]
	// ThreshXHighDB and ThreshXLowDB are 0 to 62 dB; ThreshXHighQDB and ThreshXLowQDB
	// their counterparts for Ec/No.
	ThreshXHighDB, ThreshXLowDB   uint8
	ThreshXHighQDB, ThreshXLowQDB Optional[uint8]
	// QRxLevMinDBm is q-RxLevMin, -119 to -25 dBm.
	QRxLevMinDBm int16
	// PMaxDBm is p-MaxUTRA, -50 to 33 dBm.
	PMaxDBm int8
	// QQualMinDB is q-QualMin, -24 to 0 dB; FDD only.
	QQualMinDB Optional[int8]
}

func (f *UTRACarrier) read(v uper.Value) {
	for c := v.First(); c.Present(); c = c.Next() {
		switch base(c.Name()) {
		case "carrierFreq":
			f.UARFCN = integer[uint16](c)
		case "cellReselectionPriority":
			f.Priority = optional[uint8](c)
		case "threshX-High":
			f.ThreshXHighDB = 2 * integer[uint8](c)
		case "threshX-Low":
			f.ThreshXLowDB = 2 * integer[uint8](c)
		case "q-RxLevMin":
			f.QRxLevMinDBm = 2*integer[int16](c) + 1
		case "p-MaxUTRA":
			f.PMaxDBm = integer[int8](c)
		case "q-QualMin":
			f.QQualMinDB = optional[int8](c)
		case "threshX-Q":
			f.ThreshXHighQDB = optional[uint8](c.First())
			f.ThreshXLowQDB = optional[uint8](c.First().Next())
		}
	}
}

// SIB6 is SystemInformationBlockType6 (TS 36.331 §6.3.1): UTRA carriers.
type SIB6 struct {
	// FDD and TDD are the FDDCount and TDDCount carriers of the lists and their
	// extensions of r12.
	FDD, TDD           [2 * maxUTRACarrier]UTRACarrier
	FDDCount, TDDCount uint8
	// TReselectionSeconds is t-ReselectionUTRA.
	TReselectionSeconds uint8
}

// Read sets s from a SystemInformationBlockType6.
func (s *SIB6) Read(v uper.Value) {
	*s = SIB6{}
	for c := v.First(); c.Present(); c = c.Next() {
		switch c.Name() {
		case "carrierFreqListUTRA-FDD", "carrierFreqListUTRA-FDD-Ext-r12":
			s.FDDCount = utraCarriers(c, &s.FDD, s.FDDCount)
		case "carrierFreqListUTRA-TDD", "carrierFreqListUTRA-TDD-Ext-r12":
			s.TDDCount = utraCarriers(c, &s.TDD, s.TDDCount)
		case "t-ReselectionUTRA":
			s.TReselectionSeconds = integer[uint8](c)
		}
	}
}

func utraCarriers(list uper.Value, to *[2 * maxUTRACarrier]UTRACarrier, count uint8) uint8 {
	for e := list.First(); e.Present() && int(count) < len(to); e = e.Next() {
		to[count].read(e)
		count++
	}
	return count
}

// GERANGroup is a group of GERAN carriers in SIB7.
type GERANGroup struct {
	Carriers GERANCarriers
	// Priority is cellReselectionPriority.
	Priority Optional[uint8]
	// NCCPermitted is ncc-Permitted, the first bit of the field (NCC 0) most significant.
	NCCPermitted uint8
	// QRxLevMinDBm is q-RxLevMin, -115 to -25 dBm; PMaxDBm is p-MaxGERAN, 0 to 39 dBm.
	QRxLevMinDBm int16
	PMaxDBm      Optional[uint8]
	// ThreshXHighDB and ThreshXLowDB are 0 to 62 dB.
	ThreshXHighDB, ThreshXLowDB uint8
}

// SIB7 is SystemInformationBlockType7 (TS 36.331 §6.3.1): GERAN carriers.
type SIB7 struct {
	// TReselectionSeconds is t-ReselectionGERAN.
	TReselectionSeconds uint8
	// Groups are the Count entries of carrierFreqsInfoList.
	Groups [maxGNFG]GERANGroup
	Count  uint8
}

// Read sets s from a SystemInformationBlockType7.
func (s *SIB7) Read(v uper.Value) {
	*s = SIB7{TReselectionSeconds: integer[uint8](v.Field("t-ReselectionGERAN"))}
	for e := v.Field("carrierFreqsInfoList").First(); e.Present() && int(s.Count) < len(s.Groups); e = e.Next() {
		g := &s.Groups[s.Count]
		s.Count++
		g.Carriers.read(e.Field("carrierFreqs"))
		for c := e.Field("commonInfo").First(); c.Present(); c = c.Next() {
			switch c.Name() {
			case "cellReselectionPriority":
				g.Priority = optional[uint8](c)
			case "ncc-Permitted":
				g.NCCPermitted = bits[uint8](c)
			case "q-RxLevMin":
				g.QRxLevMinDBm = 2*integer[int16](c) - 115
			case "p-MaxGERAN":
				g.PMaxDBm = optional[uint8](c)
			case "threshX-High":
				g.ThreshXHighDB = 2 * integer[uint8](c)
			case "threshX-Low":
				g.ThreshXLowDB = 2 * integer[uint8](c)
			}
		}
	}
}

// CDMABand is an entry of bandClassList in SIB8.
type CDMABand struct {
	// Class is the CDMA2000 band class, 0 to 21; a spare value has 255.
	Class uint8
	// Priority is cellReselectionPriority.
	Priority Optional[uint8]
	// ThreshXHigh and ThreshXLow are 0 to 63 in units of -0.5 dB Ec/Io.
	ThreshXHigh, ThreshXLow uint8
}

// spareBandClass stands for a band class without number.
const spareBandClass = 255

func bandClass(v uper.Value) uint8 {
	if n := optionalNumber[uint8](v); n.Present {
		return n.Value
	}
	return spareBandClass
}

// CDMAReselection is CellReselectionParametersCDMA2000 (TS 36.331 §6.3.1).
type CDMAReselection struct {
	// Bands are the BandCount entries of bandClassList.
	Bands     [maxBandClass]CDMABand
	BandCount uint8
	// TReselectionSeconds is t-ReselectionCDMA2000.
	TReselectionSeconds uint8
}

func (r *CDMAReselection) read(v uper.Value) {
	for e := v.Field("bandClassList").First(); e.Present() && int(r.BandCount) < len(r.Bands); e = e.Next() {
		r.Bands[r.BandCount] = CDMABand{
			Class:       bandClass(e.Field("bandClass")),
			Priority:    optional[uint8](e.Field("cellReselectionPriority")),
			ThreshXHigh: integer[uint8](e.Field("threshX-High")),
			ThreshXLow:  integer[uint8](e.Field("threshX-Low")),
		}
		r.BandCount++
	}
	r.TReselectionSeconds = integer[uint8](v.Field("t-ReselectionCDMA2000"))
}

// SIB8 is SystemInformationBlockType8 (TS 36.331 §6.3.1): CDMA2000.
type SIB8 struct {
	// HasHRPD and HasXRTT say that parametersHRPD and parameters1XRTT are present.
	HasHRPD, HasXRTT bool
	// HRPD and XRTT are their reselection parameters.
	HRPD, XRTT CDMAReselection
}

// Read sets s from a SystemInformationBlockType8.
func (s *SIB8) Read(v uper.Value) {
	*s = SIB8{}
	hrpd, xrtt := v.Field("parametersHRPD"), v.Field("parameters1XRTT")
	s.HasHRPD, s.HasXRTT = hrpd.Present(), xrtt.Present()
	s.HRPD.read(hrpd.Field("cellReselectionParametersHRPD"))
	s.XRTT.read(xrtt.Field("cellReselectionParameters1XRTT"))
}

// NRCarrier is an entry of carrierFreqListNR in SIB24.
type NRCarrier struct {
	// ARFCN is the NR-ARFCN of the SSB.
	ARFCN uint32
	// Bands are the BandCount bands of multiBandInfoList.
	Bands     [maxMultiBandsNR]uint16
	BandCount uint8
	// SCSkHz is subcarrierSpacingSSB: 15, 30, 120 or 240 kHz.
	SCSkHz uint8
	// Priority is cellReselectionPriority.
	Priority Optional[uint8]
	// ThreshXHighDB and ThreshXLowDB are 0 to 62 dB.
	ThreshXHighDB, ThreshXLowDB uint8
	// QRxLevMinDBm is q-RxLevMin; QQualMinDB is q-QualMin, -43 to -12 dB.
	QRxLevMinDBm int16
	QQualMinDB   Optional[int8]
}

// SIB24 is SystemInformationBlockType24 (TS 36.331 §6.3.1): NR carriers.
type SIB24 struct {
	// Carriers are the Count entries of carrierFreqListNR.
	Carriers [maxFreq]NRCarrier
	Count    uint8
	// TReselectionSeconds is t-ReselectionNR.
	TReselectionSeconds uint8
}

// Read sets s from a SystemInformationBlockType24.
func (s *SIB24) Read(v uper.Value) {
	*s = SIB24{TReselectionSeconds: integer[uint8](v.Field("t-ReselectionNR-r15"))}
	for e := v.Field("carrierFreqListNR-r15").First(); e.Present() && int(s.Count) < len(s.Carriers); e = e.Next() {
		f := &s.Carriers[s.Count]
		s.Count++
		for c := e.First(); c.Present(); c = c.Next() {
			switch c.Name() {
			case "carrierFreq-r15":
				f.ARFCN = integer[uint32](c)
			case "multiBandInfoList-r15":
				for b := c.First(); b.Present() && int(f.BandCount) < len(f.Bands); b = b.Next() {
					f.Bands[f.BandCount] = integer[uint16](b)
					f.BandCount++
				}
			case "subcarrierSpacingSSB-r15":
				f.SCSkHz = number[uint8](c)
			case "cellReselectionPriority-r15":
				f.Priority = optional[uint8](c)
			case "threshX-High-r15":
				f.ThreshXHighDB = 2 * integer[uint8](c)
			case "threshX-Low-r15":
				f.ThreshXLowDB = 2 * integer[uint8](c)
			case "q-RxLevMin-r15":
				f.QRxLevMinDBm = 2 * integer[int16](c)
			case "q-QualMin-r15":
				f.QQualMinDB = optional[int8](c)
			}
		}
	}
}
