package cell

// Names of LTE's broadcast parameters, as TS 36.331 §6.2.2 and §6.3.1 write them. The
// value of a level is in dBm, of a difference in dB, of a time in seconds unless said.
const (
	// DLBandwidth is in resource blocks: 6, 15, 25, 50, 75 or 100.
	DLBandwidth = "dl-Bandwidth"

	CellBarred           = "cellBarred"           // 1: barred
	IntraFreqReselection = "intraFreqReselection" // 1: allowed
	ReservedForOperator  = "cellReservedForOperatorUse"
	CSGIndication        = "csg-Indication"
	QRxLevMin            = "q-RxLevMin" // dBm
	FreqBandIndicator    = "freqBandIndicator"
	// SIMessages counts the entries of schedulingInfoList.
	SIMessages = "schedulingInfoList"
	// ScheduledSIBs has bit n set when SIBn is scheduled; SIB2 always is.
	ScheduledSIBs      = "sib-MappingInfo"
	SIWindowLength     = "si-WindowLength" // ms
	SystemInfoValueTag = "systemInfoValueTag"
	IMSEmergency       = "ims-EmergencySupport-r9"
	// FrequencyRecovered tells how the EARFCN was found where the tool cut it to 14 bits;
	// its value is 1 if it is the only one the bands allow, 0 if it is ambiguous, -1 if no
	// EARFCN of the bands has these bits.
	FrequencyRecovered = "EARFCN"

	ACBarring            = "ac-BarringInfo"
	RootSequenceIndex    = "rootSequenceIndex"
	PRACHConfigIndex     = "prach-ConfigIndex"
	PRACHFreqOffset      = "prach-FreqOffset"
	ZeroCorrelationZone  = "zeroCorrelationZoneConfig"
	PreambleTargetPower  = "preambleInitialReceivedTargetPower" // dBm
	PowerRampingStep     = "powerRampingStep"                   // dB
	PreambleTransMax     = "preambleTransMax"
	RAResponseWindow     = "ra-ResponseWindowSize"         // subframes
	ContentionResolution = "mac-ContentionResolutionTimer" // subframes
	ReferenceSignalPower = "referenceSignalPower"          // dBm
	P0NominalPUSCH       = "p0-NominalPUSCH"               // dBm
	Alpha                = "alpha"                         // 0 to 1
	P0NominalPUCCH       = "p0-NominalPUCCH"               // dBm
	T300                 = "t300"                          // ms, as are t301, t310 and t311
	T301                 = "t301"
	T310                 = "t310"
	N310                 = "n310"
	T311                 = "t311"
	N311                 = "n311"
	TimeAlignmentTimer   = "timeAlignmentTimerCommon" // subframes, -1: infinity
	DefaultPagingCycle   = "defaultPagingCycle"       // radio frames
	QHyst                = "q-Hyst"                   // dB
	SIntraSearch         = "s-IntraSearch"            // dB, -1: absent
	SNonIntraSearch      = "s-NonIntraSearch"         // dB, -1: absent
	ThreshServingLow     = "threshServingLow"         // dB
	ReselectionPriority  = "cellReselectionPriority"  // of the cell's own frequency, 0 to 7
	TReselectionEUTRA    = "t-ReselectionEUTRA"       // s
	IntraFreqNeighbours  = "intraFreqNeighCellList"   // number of cells; the text lists their PCIs
	InterFreqCarriers    = "interFreqCarrierFreqList" // number of frequencies, as the next three
	UTRACarriers         = "carrierFreqListUTRA"
	GERANCarriers        = "carrierFreqsInfoList"
	NRCarriers           = "carrierFreqListNR"
	CDMANeighbours       = "SystemInformationBlockType8"
	WarningMessage       = "messageIdentifier" // of SIB10, SIB11 or SIB12
)
