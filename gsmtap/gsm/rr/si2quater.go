package rr

import "time"

// Limits of System Information Type 2quater, from its 20 rest octets, that is, 160
// bits: 19 come before the 3G neighbours at least, 35 before the priorities.
const (
	// maxUTRAN is how many frequencies fit: each takes at least 22 bits.
	maxUTRAN = 6
	// maxUTRANCells is how many cells a frequency can list: 20 and the cell 0 (TS
	// 44.018 §9.1.54 table 1; 16 and the cell 0 for FDD).
	maxUTRANCells = 21
	// maxEUTRAN is how many frequencies fit: each takes at least 18 bits.
	maxEUTRAN = 7
	// maxUTRANPriorities is how many frequency indices fit: each takes 6 bits.
	maxUTRANPriorities = 22
)

// SystemInformation2quater is System Information Type 2quater (TS 44.018 §9.1.34a):
// measurement parameters and the neighbours in UTRAN and E-UTRAN. A cell sends
// Count + 1 instances of it that together make the list.
//
// The description of closed subscriber groups and what came after release 8 is not
// decoded: Undecoded counts its bits.
type SystemInformation2quater struct {
	// BAIND is BA_IND.
	BAIND bool
	// ThreeGBAIND is 3G_BA_IND.
	ThreeGBAIND bool
	// MPChangeMark is MP_CHANGE_MARK.
	MPChangeMark bool
	// Index is SI2quater_INDEX, the number of this instance, 0 to 15.
	Index uint8
	// Count is SI2quater_COUNT, the number of the last instance, 0 to 15.
	Count uint8
	// Measurement is the Measurement Parameters Description.
	Measurement MeasurementParameters
	// RealTimeDifference: a GPRS Real Time Difference Description is present.
	RealTimeDifference bool
	// BSICs counts the base station identity codes of the GPRS BSIC Description; 0 =
	// the description is absent.
	BSICs uint8
	// ReportPriorityCells counts the cells of the GPRS REPORT PRIORITY Description.
	ReportPriorityCells uint8
	// GPRSMeasurement is the GPRS MEASUREMENT Parameters Description.
	GPRSMeasurement GPRSMeasurementParameters
	// NC is the NC Measurement Parameters.
	NC NCMeasurementParameters
	// ExtensionBits is the length of the SI2q Extension Information in bits, which
	// is not decoded; 0 = absent.
	ExtensionBits uint16
	// UTRAN is the 3G Neighbour Cell Description.
	UTRAN UTRANNeighbours
	// ThreeG is the 3G MEASUREMENT Parameters Description.
	ThreeG ThreeGMeasurement
	// GPRSThreeG is the GPRS 3G MEASUREMENT Parameters Description.
	GPRSThreeG GPRSThreeGMeasurement
	// Rel5: the release 5 additions are present, the three fields after it.
	Rel5 bool
	// Additional is the 3G Additional Measurement Parameters Description.
	Additional ThreeGAdditional
	// FDDReportingThreshold2Present: FDDReportingThreshold2 is present.
	FDDReportingThreshold2Present bool
	// FDDReportingThreshold2 is the code of FDD_REPORTING_THRESHOLD_2, 0 to 63.
	FDDReportingThreshold2 uint8
	// Rel6: the release 6 additions are present, ThreeGCCNActive.
	Rel6 bool
	// ThreeGCCNActive is 3G_CCN_ACTIVE.
	ThreeGCCNActive bool
	// Rel7: the release 7 additions are present, the two fields after it.
	Rel7 bool
	// Reporting700 holds 700_REPORTING_OFFSET and 700_REPORTING_THRESHOLD.
	Reporting700 BandReporting
	// Reporting810 holds 810_REPORTING_OFFSET and 810_REPORTING_THRESHOLD.
	Reporting810 BandReporting
	// Rel8: the release 8 additions are present, the fields after it.
	Rel8 bool
	// PriorityAndEUTRAN: the Priority and E-UTRAN Parameters Description is present,
	// the three fields after it.
	PriorityAndEUTRAN bool
	// ServingCell is the Serving Cell Priority Parameters Description.
	ServingCell ServingCellPriority
	// UTRANPriority is the 3G Priority Parameters Description.
	UTRANPriority UTRANPriorityParameters
	// EUTRAN is the E-UTRAN Parameters Description.
	EUTRAN EUTRANParameters
	// UTRANCSG: a 3G CSG Description is present; it and what follows is not decoded.
	UTRANCSG bool
	// EUTRANCSG: an E-UTRAN CSG Description is present; it and what follows is not
	// decoded.
	EUTRANCSG bool
	// Rel9: the additions of release 9 are present; they are not decoded.
	Rel9 bool
	// Undecoded counts the bits from the first that is not understood; 0 = none.
	Undecoded int
}

// MeasurementParameters is the Measurement Parameters Description (TS 44.018
// §10.5.2.33b).
type MeasurementParameters struct {
	// Present: the cell broadcasts it.
	Present bool
	// ReportType is REPORT_TYPE: true = Measurement Report, false = Enhanced
	// Measurement Report.
	ReportType bool
	// ServingBandReporting is SERVING_BAND_REPORTING, 0 to 3 cells.
	ServingBandReporting uint8
}

// BandReporting is the reporting offset and threshold of a band, codes 0 to 7 in
// steps of 6 dB (TS 45.008 §8.4.8).
type BandReporting struct {
	// Present: the two fields after it are present.
	Present bool
	// Offset is x_REPORTING_OFFSET, 0 to 7: what is added when cells are ranked for
	// reporting, in steps of 6 dB.
	Offset uint8
	// Threshold is the code of x_REPORTING_THRESHOLD, 0 to 7, 7 = never.
	Threshold uint8
}

func (p *BandReporting) read(r *rest, field string) {
	if p.Present = r.Flag(field); p.Present {
		p.Offset = r.u8(field, 3)
		p.Threshold = r.u8(field, 3)
	}
}

// GPRSMeasurementParameters is the GPRS MEASUREMENT Parameters Description (TS 44.018
// §10.5.2.33b).
type GPRSMeasurementParameters struct {
	// Present: the cell broadcasts it.
	Present bool
	// ReportType is REPORT_TYPE: true = PACKET MEASUREMENT REPORT, false = PACKET
	// ENHANCED MEASUREMENT REPORT.
	ReportType bool
	// ReportingRate is REPORTING_RATE: reduced, else normal.
	ReportingRate bool
	// InvalidBSICReporting is INVALID_BSIC_REPORTING.
	InvalidBSICReporting bool
	// MultibandReportingPresent: MultibandReporting is present.
	MultibandReportingPresent bool
	// MultibandReporting is MULTIBAND_REPORTING, 0 to 3 cells.
	MultibandReporting uint8
	// ServingBandReportingPresent: ServingBandReporting is present.
	ServingBandReportingPresent bool
	// ServingBandReporting is SERVING_BAND_REPORTING, 0 to 3 cells.
	ServingBandReporting uint8
	// ScaleOrd is the code of SCALE_ORD: 0 = 0 dB, 1 = 10 dB, 2 = automatic, 3
	// reserved.
	ScaleOrd uint8
	// Reporting900 to Reporting850 are the parameters of a band.
	Reporting900, Reporting1800, Reporting400, Reporting1900, Reporting850 BandReporting
}

func (p *GPRSMeasurementParameters) read(r *rest) {
	p.ReportType = r.Flag("REPORT_TYPE")
	p.ReportingRate = r.Flag("REPORTING_RATE")
	p.InvalidBSICReporting = r.Flag("INVALID_BSIC_REPORTING")
	if p.MultibandReportingPresent = r.Flag("MULTIBAND_REPORTING"); p.MultibandReportingPresent {
		p.MultibandReporting = r.u8("MULTIBAND_REPORTING", 2)
	}
	if p.ServingBandReportingPresent = r.Flag("SERVING_BAND_REPORTING"); p.ServingBandReportingPresent {
		p.ServingBandReporting = r.u8("SERVING_BAND_REPORTING", 2)
	}
	p.ScaleOrd = r.u8("SCALE_ORD", 2)
	p.Reporting900.read(r, "900_REPORTING")
	p.Reporting1800.read(r, "1800_REPORTING")
	p.Reporting400.read(r, "400_REPORTING")
	p.Reporting1900.read(r, "1900_REPORTING")
	p.Reporting850.read(r, "850_REPORTING")
}

// NCMeasurementParameters is the NC Measurement Parameters (TS 44.018 §10.5.2.33b).
type NCMeasurementParameters struct {
	// Present: the cell broadcasts it.
	Present bool
	// NetworkControlOrder is NETWORK_CONTROL_ORDER, 0 to 2 = NC0 to NC2, 3 reserved.
	NetworkControlOrder uint8
	// PeriodsPresent: the three fields after it are present.
	PeriodsPresent bool
	// NonDRXPeriod is the code of NC_NON_DRX_PERIOD, 0 to 7.
	NonDRXPeriod uint8
	// ReportingPeriodI is the code of NC_REPORTING_PERIOD_I, 0 to 7.
	ReportingPeriodI uint8
	// ReportingPeriodT is the code of NC_REPORTING_PERIOD_T, 0 to 7.
	ReportingPeriodT uint8
}

// UTRANCell is a cell of UTRANFrequency: for FDD the scrambling code in bits 9 to 1
// and the diversity in bit 10; for TDD the cell parameter in bits 7 to 1, the sync
// case in bit 8 and the diversity in bit 9 (TS 44.018 §9.1.54).
type UTRANCell uint16

// ScramblingCode returns the primary scrambling code of an FDD cell, 0 to 511.
func (c UTRANCell) ScramblingCode() int { return int(c & 0x1ff) }

// Diversity reports whether diversity is applied in an FDD cell.
func (c UTRANCell) Diversity() bool { return c>>9&1 == 1 }

// CellParameter returns the cell parameter of a TDD cell, 0 to 127.
func (c UTRANCell) CellParameter() int { return int(c & 0x7f) }

// UTRANFrequency is a UTRAN frequency with its cells (TS 44.018 §10.5.2.33b,
// Repeated UTRAN FDD and TDD Neighbour Cells).
type UTRANFrequency struct {
	// UARFCN is FDD-ARFCN or TDD-ARFCN, 14 bits.
	UARFCN uint16
	// NrOfCells is NR_OF_FDD_CELLS or NR_OF_TDD_CELLS, 0 to 31. The values above 16
	// (TDD: 20) are reserved, and no cells are listed then.
	NrOfCells uint8
	// CellCount is the number of cells in Cell: NrOfCells, and one more where the
	// indicator says that cell 0 belongs to the list.
	CellCount uint8
	// Cell holds the cells.
	Cell [maxUTRANCells]UTRANCell
}

// Cells returns the listed cells. None means that the list names the frequency
// only.
func (f *UTRANFrequency) Cells() []UTRANCell { return f.Cell[:min(int(f.CellCount), len(f.Cell))] }

// UTRANNeighbours is the 3G Neighbour Cell Description (TS 44.018 §10.5.2.33b).
type UTRANNeighbours struct {
	// Present: the cell broadcasts it.
	Present bool
	// IndexStartPresent: IndexStart is present.
	IndexStartPresent bool
	// IndexStart is Index_Start_3G, 0 to 127.
	IndexStart uint8
	// IndexStartEMRPresent: IndexStartEMR is present.
	IndexStartEMRPresent bool
	// IndexStartEMR is Absolute_Index_Start_EMR, 0 to 127.
	IndexStartEMR uint8
	// FDDCount is the number of frequencies in FDD.
	FDDCount uint8
	// TDDCount is the number of frequencies in TDD.
	TDDCount uint8
	// FDD holds the FDD frequencies.
	FDD [maxUTRAN]UTRANFrequency
	// TDD holds the TDD frequencies.
	TDD [maxUTRAN]UTRANFrequency
}

// FDDFrequencies returns the FDD frequencies.
func (n *UTRANNeighbours) FDDFrequencies() []UTRANFrequency {
	return n.FDD[:min(int(n.FDDCount), len(n.FDD))]
}

// TDDFrequencies returns the TDD frequencies.
func (n *UTRANNeighbours) TDDFrequencies() []UTRANFrequency {
	return n.TDD[:min(int(n.TDDCount), len(n.TDD))]
}

// fddFieldBits and tddFieldBits are how long the field with the cells is for each
// number of cells; 0 for reserved numbers (TS 44.018 §9.1.54 table 1).
var (
	fddFieldBits = [32]uint8{0, 10, 19, 28, 36, 44, 52, 60, 67, 74, 81, 88, 95, 102, 109, 116, 122}
	tddFieldBits = [32]uint8{0, 9, 17, 25, 32, 39, 46, 53, 59, 65, 71, 77, 83, 89, 95, 101, 106, 111, 116, 121, 126}
)

// utranMode is what tells the FDD description from the TDD description.
type utranMode struct {
	field     string
	width     int        // of W(1)
	fieldBits *[32]uint8 // how long the cells are, by their number
}

var (
	fddMode = utranMode{"UTRAN FDD Description", 10, &fddFieldBits}
	tddMode = utranMode{"UTRAN TDD Description", 9, &tddFieldBits}
)

// readUTRAN reads the frequencies of one mode into f.
func readUTRAN(r *rest, f *[maxUTRAN]UTRANFrequency, count *uint8, mode *utranMode) {
	field := mode.field
	if r.Flag(field) {
		r.Skip(field, 3) // bandwidth
	}
	for r.Flag(field) {
		if r.Flag(field) { // reserved for an earlier version of the protocol
			r.stopped = true
			return
		}
		if int(*count) == len(f) { // more than fit 20 octets
			return
		}
		u := &f[*count]
		arfcn := r.Bits(field, 14)
		zero := r.Flag(field)
		n := r.u8(field, 5)
		start := r.Pos()
		r.Skip(field, int(mode.fieldBits[n]))
		if !r.OK() {
			return
		}
		*count++
		u.UARFCN, u.NrOfCells = uint16(arfcn), n
		if zero {
			u.CellCount = 1
		}
		if mode.fieldBits[n] == 0 {
			continue
		}
		// The coding is that of the range formats; n says how many values there are.
		var w [maxUTRANCells]uint16
		k := readW(r.b, start, mode.width, w[:n+1])
		for i := 1; i < k; i++ {
			u.Cell[u.CellCount] = UTRANCell(rangeValue(w[:], i, mode.width))
			u.CellCount++
		}
	}
}

func (n *UTRANNeighbours) read(r *rest) {
	if n.IndexStartPresent = r.Flag("Index_Start_3G"); n.IndexStartPresent {
		n.IndexStart = r.u8("Index_Start_3G", 7)
	}
	if n.IndexStartEMRPresent = r.Flag("Absolute_Index_Start_EMR"); n.IndexStartEMRPresent {
		n.IndexStartEMR = r.u8("Absolute_Index_Start_EMR", 7)
	}
	if r.Flag("UTRAN FDD Description") {
		readUTRAN(r, &n.FDD, &n.FDDCount, &fddMode)
	}
	if !r.stopped && r.Flag("UTRAN TDD Description") {
		readUTRAN(r, &n.TDD, &n.TDDCount, &tddMode)
	}
}

// GPRSThreeGMeasurement is the GPRS 3G MEASUREMENT Parameters Description (TS 44.018
// §10.5.2.33b).
type GPRSThreeGMeasurement struct {
	// Present: the cell broadcasts it.
	Present bool
	// QsearchP is the code of Qsearch_P, 0 to 15.
	QsearchP uint8
	// SearchPrio is 3G_SEARCH_PRIO.
	SearchPrio bool
	// FDDPresent: the two fields after it are present.
	FDDPresent bool
	// FDDRepQuant is FDD_REP_QUANT: report Ec/No instead of RSCP.
	FDDRepQuant bool
	// FDDMultiratReporting is FDD_MULTIRAT_REPORTING, 0 to 3 cells.
	FDDMultiratReporting uint8
	// FDDReporting holds FDD_REPORTING_OFFSET and FDD_REPORTING_THRESHOLD.
	FDDReporting BandReporting
	// TDDPresent: TDDMultiratReporting is present.
	TDDPresent bool
	// TDDMultiratReporting is TDD_MULTIRAT_REPORTING, 0 to 3 cells.
	TDDMultiratReporting uint8
	// TDDReporting holds TDD_REPORTING_OFFSET and TDD_REPORTING_THRESHOLD.
	TDDReporting BandReporting
}

func (p *GPRSThreeGMeasurement) read(r *rest) {
	p.QsearchP = r.u8("Qsearch_P", 4)
	p.SearchPrio = r.Flag("3G_SEARCH_PRIO")
	if p.FDDPresent = r.Flag("FDD_MULTIRAT_REPORTING"); p.FDDPresent {
		p.FDDRepQuant = r.Flag("FDD_REP_QUANT")
		p.FDDMultiratReporting = r.u8("FDD_MULTIRAT_REPORTING", 2)
	}
	p.FDDReporting.read(r, "FDD_REPORTING")
	if p.TDDPresent = r.Flag("TDD_MULTIRAT_REPORTING"); p.TDDPresent {
		p.TDDMultiratReporting = r.u8("TDD_MULTIRAT_REPORTING", 2)
	}
	p.TDDReporting.read(r, "TDD_REPORTING")
}

// ServingCellPriority is the Serving Cell Priority Parameters Description (TS 44.018
// §10.5.2.33b; the codes are those of TS 45.008 §9). With it phones choose between
// radio technologies by priority.
type ServingCellPriority struct {
	// Present: the cell broadcasts it.
	Present bool
	// GERANPriority is GERAN_PRIORITY, 0 (lowest) to 7.
	GERANPriority uint8
	// ThreshPrioritySearch is the code of THRESH_Priority_Search, 0 to 15; 15 =
	// always search.
	ThreshPrioritySearch uint8
	// ThreshGSMLow is the code of THRESH_GSM_low, 0 to 15; see LowDB.
	ThreshGSMLow uint8
	// HPrio is the code of H_PRIO, 0 to 3, a hysteresis; 0 = none.
	HPrio uint8
	// TReselection is the code of T_Reselection, 0 to 3; see Reselection.
	TReselection uint8
}

// LowDB returns how far above the minimum the serving cell must be not to be left
// for one of lower priority, in dB; always is true for the code 15, with which
// phones leave it at any level.
func (p ServingCellPriority) LowDB() (db int, always bool) {
	if p.ThreshGSMLow >= 15 {
		return 0, true
	}
	return 2 * int(p.ThreshGSMLow), false
}

// Reselection returns T_Reselection, 5 s to 20 s.
func (p ServingCellPriority) Reselection() time.Duration {
	return time.Duration(p.TReselection+1) * 5 * time.Second
}

func (p *ServingCellPriority) read(r *rest) {
	p.GERANPriority = r.u8("GERAN_PRIORITY", 3)
	p.ThreshPrioritySearch = r.u8("THRESH_Priority_Search", 4)
	p.ThreshGSMLow = r.u8("THRESH_GSM_low", 4)
	p.HPrio = r.u8("H_PRIO", 2)
	p.TReselection = r.u8("T_Reselection", 2)
}

// PriorityThresholds says how a phone ranks frequencies of another technology (TS
// 44.018 §10.5.2.33b; TS 45.008 §6.6.6). Thresholds are codes, 0 to 31, in steps of
// 2 dB above the minimum level.
type PriorityThresholds struct {
	// PriorityPresent: Priority is present. Without it phones do not reselect the
	// frequency by priority.
	PriorityPresent bool
	// Priority is UTRAN_PRIORITY or E-UTRAN_PRIORITY, 0 (lowest) to 7.
	Priority uint8
	// ThreshHigh is THRESH_UTRAN_high or THRESH_E-UTRAN_high.
	ThreshHigh uint8
	// ThreshLowPresent: ThreshLow is present; if not, it equals ThreshHigh.
	ThreshLowPresent bool
	// ThreshLow is THRESH_UTRAN_low or THRESH_E-UTRAN_low.
	ThreshLow uint8
	// QRxLevMinPresent: QRxLevMin is present.
	QRxLevMinPresent bool
	// QRxLevMin is the code of UTRAN_QRXLEVMIN or E-UTRAN_QRXLEVMIN, 0 to 31; the
	// minimum is -140 + 2 QRxLevMin dBm of RSRP for E-UTRAN, -119 + 2 QRxLevMin dBm
	// of RSCP for UTRAN.
	QRxLevMin uint8
}

// thresholdNames are the names of the fields of PriorityThresholds.
type thresholdNames struct{ priority, high, low, qrxlevmin string }

var (
	utranThresholds  = thresholdNames{"UTRAN_PRIORITY", "THRESH_UTRAN_high", "THRESH_UTRAN_low", "UTRAN_QRXLEVMIN"}
	eutranThresholds = thresholdNames{"E-UTRAN_PRIORITY", "THRESH_E-UTRAN_high", "THRESH_E-UTRAN_low", "E-UTRAN_QRXLEVMIN"}
)

func (p *PriorityThresholds) read(r *rest, names *thresholdNames) {
	if p.PriorityPresent = r.Flag(names.priority); p.PriorityPresent {
		p.Priority = r.u8(names.priority, 3)
	}
	p.ThreshHigh = r.u8(names.high, 5)
	if p.ThreshLowPresent = r.Flag(names.low); p.ThreshLowPresent {
		p.ThreshLow = r.u8(names.low, 5)
	}
	if p.QRxLevMinPresent = r.Flag(names.qrxlevmin); p.QRxLevMinPresent {
		p.QRxLevMin = r.u8(names.qrxlevmin, 5)
	}
}

// UTRANPriority is the priority of one frequency of the 3G neighbour cell list.
type UTRANPriority struct {
	// FrequencyIndex is UTRAN_FREQUENCY_INDEX, 0 to 31: the place of the frequency
	// in the list of all instances.
	FrequencyIndex uint8
	PriorityThresholds
}

// UTRANPriorityParameters is the 3G Priority Parameters Description (TS 44.018
// §10.5.2.33b).
type UTRANPriorityParameters struct {
	// Present: the cell broadcasts it.
	Present bool
	// Start is UTRAN_Start: the first instance with the description.
	Start bool
	// Stop is UTRAN_Stop: the last instance with the description.
	Stop bool
	// DefaultPresent: the three fields after it are present.
	DefaultPresent bool
	// DefaultPriority is DEFAULT_UTRAN_PRIORITY, 0 to 7.
	DefaultPriority uint8
	// DefaultThresh is DEFAULT_THRESH_UTRAN, 0 to 31, in steps of 2 dB.
	DefaultThresh uint8
	// DefaultQRxLevMin is the code of DEFAULT_UTRAN_QRXLEVMIN, 0 to 31.
	DefaultQRxLevMin uint8
	// Count is the number of entries in Frequency.
	Count uint8
	// Frequency holds one entry per frequency.
	Frequency [maxUTRANPriorities]UTRANPriority
}

// Frequencies returns the priorities that differ from the default.
func (p *UTRANPriorityParameters) Frequencies() []UTRANPriority {
	return p.Frequency[:min(int(p.Count), len(p.Frequency))]
}

func (p *UTRANPriorityParameters) read(r *rest) {
	p.Start = r.Flag("UTRAN_Start")
	p.Stop = r.Flag("UTRAN_Stop")
	if p.DefaultPresent = r.Flag("DEFAULT_UTRAN_PRIORITY"); p.DefaultPresent {
		p.DefaultPriority = r.u8("DEFAULT_UTRAN_PRIORITY", 3)
		p.DefaultThresh = r.u8("DEFAULT_THRESH_UTRAN", 5)
		p.DefaultQRxLevMin = r.u8("DEFAULT_UTRAN_QRXLEVMIN", 5)
	}
	for r.Flag("Repeated UTRAN Priority Parameters") {
		first := p.Count
		for r.Flag("UTRAN_FREQUENCY_INDEX") {
			index := r.u8("UTRAN_FREQUENCY_INDEX", 5)
			if r.OK() && int(p.Count) < len(p.Frequency) {
				p.Frequency[p.Count].FrequencyIndex = index
				p.Count++
			}
		}
		var t PriorityThresholds
		t.read(r, &utranThresholds)
		for i := first; i < p.Count; i++ {
			p.Frequency[i].PriorityThresholds = t
		}
	}
}

// EUTRANFrequency is an E-UTRAN neighbour frequency (TS 44.018 §10.5.2.33b, Repeated
// E-UTRAN Neighbour Cells).
type EUTRANFrequency struct {
	// EARFCN is the frequency, 0 to 65535.
	EARFCN uint16
	// BandwidthPresent: MeasurementBandwidth is present; if not, it is that of 6
	// resource blocks.
	BandwidthPresent bool
	// MeasurementBandwidth is the code of Measurement Bandwidth, 0 to 7; see
	// ResourceBlocks.
	MeasurementBandwidth uint8
	// Thresholds ranks the frequency; frequencies of one list share it.
	Thresholds PriorityThresholds
}

// ResourceBlocks returns the measurement bandwidth, 6 to 100 resource blocks, or 0
// for the reserved codes 6 and 7.
func (f EUTRANFrequency) ResourceBlocks() int {
	return int([8]uint8{6, 15, 25, 50, 75, 100, 0, 0}[f.MeasurementBandwidth&7])
}

// EUTRANReporting is how phones report E-UTRAN cells of one duplex mode (TS 44.018
// §10.5.2.33b).
type EUTRANReporting struct {
	// Present: the fields after it are present.
	Present bool
	// Threshold is E-UTRAN_x_REPORTING_THRESHOLD, 3 bits, or the 6 bits of
	// E-UTRAN_x_MEASUREMENT_REPORT_OFFSET with EUTRANMeasurement.SixBit.
	Threshold uint8
	// Threshold2Present: Threshold2 is present.
	Threshold2Present bool
	// Threshold2 is E-UTRAN_x_REPORTING_THRESHOLD_2, 0 to 63.
	Threshold2 uint8
	// OffsetPresent: Offset is present.
	OffsetPresent bool
	// Offset is E-UTRAN_x_REPORTING_OFFSET, 0 to 7.
	Offset uint8
}

// reportingNames are the names of the fields of EUTRANReporting.
type reportingNames struct{ threshold, threshold2, offset string }

var (
	fddReporting = reportingNames{"E-UTRAN_FDD_REPORTING_THRESHOLD", "E-UTRAN_FDD_REPORTING_THRESHOLD_2", "E-UTRAN_FDD_REPORTING_OFFSET"}
	tddReporting = reportingNames{"E-UTRAN_TDD_REPORTING_THRESHOLD", "E-UTRAN_TDD_REPORTING_THRESHOLD_2", "E-UTRAN_TDD_REPORTING_OFFSET"}
)

func (e *EUTRANReporting) read(r *rest, names *reportingNames, width int) {
	if e.Present = r.Flag(names.threshold); !e.Present {
		return
	}
	e.Threshold = r.u8(names.threshold, width)
	if e.Threshold2Present = r.Flag(names.threshold2); e.Threshold2Present {
		e.Threshold2 = r.u8(names.threshold2, 6)
	}
	if e.OffsetPresent = r.Flag(names.offset); e.OffsetPresent {
		e.Offset = r.u8(names.offset, 3)
	}
}

// EUTRANMeasurement is the E-UTRAN Measurement Parameters Description or its GPRS
// counterpart (TS 44.018 §10.5.2.33b).
type EUTRANMeasurement struct {
	// Present: the cell broadcasts it.
	Present bool
	// Qsearch is the code of Qsearch_C_E-UTRAN_Initial, or Qsearch_P_E-UTRAN in the
	// GPRS description, 0 to 15; 7 = always, 15 = never.
	Qsearch uint8
	// RepQuant is E-UTRAN_REP_QUANT: report RSRQ instead of RSRP.
	RepQuant bool
	// MultiratReporting is E-UTRAN_MULTIRAT_REPORTING, 0 to 3 cells.
	MultiratReporting uint8
	// SixBit: reports are in 6 bits, and ReportingGranularity is present. Not in the
	// GPRS description.
	SixBit bool
	// FDD holds the parameters for FDD cells.
	FDD EUTRANReporting
	// TDD holds the parameters for TDD cells.
	TDD EUTRANReporting
	// ReportingGranularity is REPORTING_GRANULARITY: steps of 2 dB, else 1 dB.
	ReportingGranularity bool
}

func (e *EUTRANMeasurement) read(r *rest, gprs bool) {
	e.Qsearch = r.u8("Qsearch_E-UTRAN", 4)
	e.RepQuant = r.Flag("E-UTRAN_REP_QUANT")
	e.MultiratReporting = r.u8("E-UTRAN_MULTIRAT_REPORTING", 2)
	width := 3
	if !gprs {
		if e.SixBit = r.Flag("E-UTRAN reporting"); e.SixBit {
			width = 6
		}
	}
	e.FDD.read(r, &fddReporting, width)
	e.TDD.read(r, &tddReporting, width)
	if e.SixBit {
		e.ReportingGranularity = r.Flag("REPORTING_GRANULARITY")
	}
}

// EUTRANParameters is the E-UTRAN Parameters Description (TS 44.018 §10.5.2.33b).
type EUTRANParameters struct {
	// Present: the cell broadcasts it.
	Present bool
	// CCNActive is E-UTRAN_CCN_ACTIVE.
	CCNActive bool
	// Start is E-UTRAN_Start: the first instance with the description.
	Start bool
	// Stop is E-UTRAN_Stop: the last instance with the description.
	Stop bool
	// Measurement is the E-UTRAN Measurement Parameters Description.
	Measurement EUTRANMeasurement
	// GPRSMeasurement is the GPRS E-UTRAN Measurement Parameters Description.
	GPRSMeasurement EUTRANMeasurement
	// Count is the number of entries in Frequency.
	Count uint8
	// Frequency holds one entry per frequency.
	Frequency [maxEUTRAN]EUTRANFrequency
	// NotAllowedCells counts the lists of Repeated E-UTRAN Not Allowed Cells, which
	// are read over.
	NotAllowedCells uint8
	// PCIDToTA counts the lists of Repeated E-UTRAN PCID to TA mapping, which are read
	// over.
	PCIDToTA uint8
}

// Frequencies returns the E-UTRAN neighbour frequencies.
func (e *EUTRANParameters) Frequencies() []EUTRANFrequency {
	return e.Frequency[:min(int(e.Count), len(e.Frequency))]
}

func (e *EUTRANParameters) read(r *rest) {
	e.CCNActive = r.Flag("E-UTRAN_CCN_ACTIVE")
	e.Start = r.Flag("E-UTRAN_Start")
	e.Stop = r.Flag("E-UTRAN_Stop")
	if e.Measurement.Present = r.Flag("E-UTRAN Measurement Parameters Description"); e.Measurement.Present {
		e.Measurement.read(r, false)
	}
	if e.GPRSMeasurement.Present = r.Flag("GPRS E-UTRAN Measurement Parameters Description"); e.GPRSMeasurement.Present {
		e.GPRSMeasurement.read(r, true)
	}
	for r.Flag("Repeated E-UTRAN Neighbour Cells") {
		first := e.Count
		for r.Flag("EARFCN") {
			var f EUTRANFrequency
			f.EARFCN = uint16(r.Bits("EARFCN", 16))
			if f.BandwidthPresent = r.Flag("Measurement Bandwidth"); f.BandwidthPresent {
				f.MeasurementBandwidth = r.u8("Measurement Bandwidth", 3)
			}
			if r.OK() && int(e.Count) < len(e.Frequency) {
				e.Frequency[e.Count] = f
				e.Count++
			}
		}
		var t PriorityThresholds
		t.read(r, &eutranThresholds)
		for i := first; i < e.Count; i++ {
			e.Frequency[i].Thresholds = t
		}
	}
	for r.Flag("Repeated E-UTRAN Not Allowed Cells") {
		skipPCIDGroup(r)
		skipFrequencyIndices(r)
		e.NotAllowedCells++
	}
	for r.Flag("Repeated E-UTRAN PCID to TA mapping") {
		for r.Flag("PCID to TA mapping") {
			skipPCIDGroup(r)
		}
		skipFrequencyIndices(r)
		e.PCIDToTA++
	}
}

// skipPCIDGroup reads over a PCID Group (defined in TS 44.060).
func skipPCIDGroup(r *rest) {
	for r.Flag("PCID") {
		r.Skip("PCID", 9)
	}
	if r.Flag("PCID_BITMAP_GROUP") {
		r.Skip("PCID_BITMAP_GROUP", 6)
	}
	for r.Flag("PCID_Pattern") {
		n := int(r.Bits("PCID_Pattern_length", 3)) + 1
		r.Skip("PCID_Pattern", n+1) // and PCID_pattern_sense
	}
}

func skipFrequencyIndices(r *rest) {
	for r.Flag("E-UTRAN_FREQUENCY_INDEX") {
		r.Skip("E-UTRAN_FREQUENCY_INDEX", 3)
	}
}

// Name returns "System Information Type 2quater".
func (*SystemInformation2quater) Name() string { return "System Information Type 2quater" }

// Decode fills s from b, which starts at the protocol discriminator.
func (s *SystemInformation2quater) Decode(b []byte) (err error) {
	*s = SystemInformation2quater{}
	if err := header(b, typeSI2quater); err != nil {
		return err
	}
	r := newRest(b, 2, 20)
	s.fields(&r)
	s.Undecoded, err = r.finish("SI 2quater Rest Octets", 2)
	return err
}

func (s *SystemInformation2quater) fields(r *rest) {
	s.BAIND = r.Flag("BA_IND")
	s.ThreeGBAIND = r.Flag("3G_BA_IND")
	s.MPChangeMark = r.Flag("MP_CHANGE_MARK")
	s.Index = r.u8("SI2quater_INDEX", 4)
	s.Count = r.u8("SI2quater_COUNT", 4)
	if s.Measurement.Present = r.Flag("Measurement_Parameters Description"); s.Measurement.Present {
		s.Measurement.ReportType = r.Flag("REPORT_TYPE")
		s.Measurement.ServingBandReporting = r.u8("SERVING_BAND_REPORTING", 2)
	}
	if s.RealTimeDifference = r.Flag("GPRS_Real Time Difference Description"); s.RealTimeDifference {
		skipRTD(r, 6)
		skipRTD(r, 12)
	}
	if r.Flag("GPRS_BSIC Description") {
		if r.Flag("BA_Index_Start_BSIC") {
			r.Skip("BA_Index_Start_BSIC", 5)
		}
		r.Skip("BSIC", 6)
		n := r.u8("Number_Remaining_BSIC", 7)
		r.Skip("BSIC", 7*int(n)) // Frequency_Scrolling and BSIC each
		if r.OK() {
			s.BSICs = n + 1
		}
	}
	if r.Flag("GPRS_REPORT PRIORITY Description") {
		n := r.u8("Number_Cells", 7)
		r.Skip("REP_PRIORITY", int(n))
		if r.OK() {
			s.ReportPriorityCells = n
		}
	}
	if s.GPRSMeasurement.Present = r.Flag("GPRS_MEASUREMENT Parameters Description"); s.GPRSMeasurement.Present {
		s.GPRSMeasurement.read(r)
	}
	if s.NC.Present = r.Flag("NC Measurement Parameters"); s.NC.Present {
		s.NC.NetworkControlOrder = r.u8("NETWORK_CONTROL_ORDER", 2)
		if s.NC.PeriodsPresent = r.Flag("NC_NON_DRX_PERIOD"); s.NC.PeriodsPresent {
			s.NC.NonDRXPeriod = r.u8("NC_NON_DRX_PERIOD", 3)
			s.NC.ReportingPeriodI = r.u8("NC_REPORTING_PERIOD_I", 3)
			s.NC.ReportingPeriodT = r.u8("NC_REPORTING_PERIOD_T", 3)
		}
	}
	if r.Flag("SI2q Extension Information") {
		n := uint16(r.Bits("extension length", 8)) + 1
		r.Skip("SI2q Extension Information", int(n))
		if r.OK() {
			s.ExtensionBits = n
		}
	}
	if s.UTRAN.Present = r.Flag("3G Neighbour Cell Description"); s.UTRAN.Present {
		if s.UTRAN.read(r); r.stopped {
			return
		}
	}
	if s.ThreeG.Present = r.Flag("3G MEASUREMENT Parameters Description"); s.ThreeG.Present {
		s.ThreeG.QsearchI = r.u8("Qsearch_I", 4)
		s.ThreeG.QsearchCInitial = r.Flag("Qsearch_C_Initial")
		if s.ThreeG.FDD = r.Flag("FDD parameters"); s.ThreeG.FDD {
			s.ThreeG.FDDQoffset = r.u8("FDD_Qoffset", 4)
			s.ThreeG.FDDRepQuant = r.Flag("FDD_REP_QUANT")
			s.ThreeG.FDDMultiratReporting = r.u8("FDD_MULTIRAT_REPORTING", 2)
			s.ThreeG.FDDQmin = r.u8("FDD_Qmin", 3)
		}
		if s.ThreeG.TDD = r.Flag("TDD parameters"); s.ThreeG.TDD {
			s.ThreeG.TDDQoffset = r.u8("TDD_Qoffset", 4)
			s.ThreeG.TDDMultiratReporting = r.u8("TDD_MULTIRAT_REPORTING", 2)
		}
	}
	if s.GPRSThreeG.Present = r.Flag("GPRS_3G_MEASUREMENT Parameters Description"); s.GPRSThreeG.Present {
		s.GPRSThreeG.read(r)
	}
	s.additions(r)
}

// additions reads what came with release 5 and after.
func (s *SystemInformation2quater) additions(r *rest) {
	if s.Rel5 = r.LH(); !s.Rel5 {
		return
	}
	s.Additional.read(r)
	if r.Flag("3G ADDITIONAL MEASUREMENT Parameters Description 2") {
		if s.FDDReportingThreshold2Present = r.Flag("FDD_REPORTING_THRESHOLD_2"); s.FDDReportingThreshold2Present {
			s.FDDReportingThreshold2 = r.u8("FDD_REPORTING_THRESHOLD_2", 6)
		}
	}
	if s.Rel6 = r.LH(); !s.Rel6 {
		return
	}
	s.ThreeGCCNActive = r.Flag("3G_CCN_ACTIVE")
	if s.Rel7 = r.LH(); !s.Rel7 {
		return
	}
	s.Reporting700.read(r, "700_REPORTING")
	s.Reporting810.read(r, "810_REPORTING")
	if s.Rel8 = r.LH(); !s.Rel8 {
		return
	}
	if s.PriorityAndEUTRAN = r.Flag("Priority and E-UTRAN Parameters Description"); s.PriorityAndEUTRAN {
		if s.ServingCell.Present = r.Flag("Serving Cell Priority Parameters Description"); s.ServingCell.Present {
			s.ServingCell.read(r)
		}
		if s.UTRANPriority.Present = r.Flag("3G Priority Parameters Description"); s.UTRANPriority.Present {
			s.UTRANPriority.read(r)
		}
		if s.EUTRAN.Present = r.Flag("E-UTRAN Parameters Description"); s.EUTRAN.Present {
			s.EUTRAN.read(r)
		}
	}
	if s.UTRANCSG = r.Flag("3G CSG Description"); s.UTRANCSG {
		r.stopped = true
		return
	}
	if s.EUTRANCSG = r.Flag("E-UTRAN CSG Description"); s.EUTRANCSG {
		r.stopped = true
		return
	}
	if s.Rel9 = r.LH(); s.Rel9 {
		r.stopped = true
	}
}

// skipRTD reads over the RTD6 or RTD12 part of a Real Time Difference Description:
// for each frequency a list of values of width bits.
func skipRTD(r *rest, width int) {
	const field = "GPRS_Real Time Difference Description"
	if !r.Flag(field) {
		return
	}
	if r.Flag("BA_Index_Start_RTD") {
		r.Skip("BA_Index_Start_RTD", 5)
	}
	for r.OK() {
		for r.OK() && !r.Flag("RTD") {
			r.Skip("RTD", width)
		}
		if r.Flag(field) {
			return
		}
	}
}
