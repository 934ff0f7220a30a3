package rrc_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	lterrc "github.com/fbsdetect/fbsdetect/gsmtap/lte/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// views has one view of each kind.
type views struct {
	mib            lterrc.MIB
	mibNB          lterrc.MIBNB
	sib1           lterrc.SIB1
	sib1NB         lterrc.SIB1NB
	si             lterrc.SystemInformation
	sib2           lterrc.SIB2
	sib3           lterrc.SIB3
	sib4           lterrc.SIB4
	sib5           lterrc.SIB5
	sib6           lterrc.SIB6
	sib7           lterrc.SIB7
	sib8           lterrc.SIB8
	sib10          lterrc.SIB10
	warning        lterrc.WarningSegment
	sib24          lterrc.SIB24
	paging         lterrc.Paging
	request        lterrc.RRCConnectionRequest
	setup          lterrc.RRCConnectionSetup
	setupComplete  lterrc.RRCConnectionSetupComplete
	reject         lterrc.RRCConnectionReject
	release        lterrc.RRCConnectionRelease
	reestRequest   lterrc.RRCConnectionReestablishmentRequest
	reest          lterrc.RRCConnectionReestablishment
	reestComplete  lterrc.RRCConnectionReestablishmentComplete
	reestReject    lterrc.RRCConnectionReestablishmentReject
	command        lterrc.SecurityModeCommand
	complete       lterrc.SecurityModeComplete
	failure        lterrc.SecurityModeFailure
	reconf         lterrc.RRCConnectionReconfiguration
	mobility       lterrc.MobilityFromEUTRACommand
	preparation    lterrc.HandoverFromEUTRAPreparationRequest
	enquiry        lterrc.UECapabilityEnquiry
	capability     lterrc.UECapabilityInformation
	report         lterrc.MeasurementReport
	infoRequest    lterrc.UEInformationRequest
	infoResponse   lterrc.UEInformationResponse
	logged         lterrc.LoggedMeasurementConfiguration
	transfer       lterrc.InformationTransfer
	counter        lterrc.CounterCheck
	nasLen, nasBit int
	countNAS       func([]byte, int)
}

// view is what all of them do.
type view interface{ Read(uper.Value) }

// of returns the view for a message, or nil.
func (v *views) of(m *rrc.Message) view {
	switch strings.TrimSuffix(m.Name(), "-NB") {
	case "MasterInformationBlock":
		if m.Channel == rrc.BCCHBCH {
			return &v.mib
		}
		return &v.mibNB
	case "MasterInformationBlock-TDD-NB-r15":
		return &v.mibNB
	case "SystemInformationBlockType1", "SystemInformationBlockType1-BR-r13":
		if m.Channel == rrc.BCCHDLSCHNB {
			return &v.sib1NB
		}
		return &v.sib1
	case "SystemInformation", "SystemInformation-BR-r13":
		return &v.si
	case "Paging":
		return &v.paging
	case "RRCConnectionRequest":
		return &v.request
	case "RRCConnectionSetup":
		return &v.setup
	case "RRCConnectionSetupComplete":
		return &v.setupComplete
	case "RRCConnectionReject":
		return &v.reject
	case "RRCConnectionRelease":
		return &v.release
	case "RRCConnectionReestablishmentRequest":
		return &v.reestRequest
	case "RRCConnectionReestablishment":
		return &v.reest
	case "RRCConnectionReestablishmentComplete":
		return &v.reestComplete
	case "RRCConnectionReestablishmentReject":
		return &v.reestReject
	case "SecurityModeCommand":
		return &v.command
	case "SecurityModeComplete":
		return &v.complete
	case "SecurityModeFailure":
		return &v.failure
	case "RRCConnectionReconfiguration":
		return &v.reconf
	case "MobilityFromEUTRACommand":
		return &v.mobility
	case "HandoverFromEUTRAPreparationRequest":
		return &v.preparation
	case "UECapabilityEnquiry":
		return &v.enquiry
	case "UECapabilityInformation":
		return &v.capability
	case "MeasurementReport":
		return &v.report
	case "UEInformationRequest-r9":
		return &v.infoRequest
	case "UEInformationResponse-r9":
		return &v.infoResponse
	case "LoggedMeasurementConfiguration-r10":
		return &v.logged
	case "DLInformationTransfer", "ULInformationTransfer":
		return &v.transfer
	case "CounterCheck":
		return &v.counter
	}
	return nil
}

// sib returns the view for a block, or nil.
func (v *views) sib(n uint8) view {
	switch n {
	case 2:
		return &v.sib2
	case 3:
		return &v.sib3
	case 4:
		return &v.sib4
	case 5:
		return &v.sib5
	case 6:
		return &v.sib6
	case 7:
		return &v.sib7
	case 8:
		return &v.sib8
	case 10:
		return &v.sib10
	case 11, 12:
		return &v.warning
	case 24:
		return &v.sib24
	}
	return nil
}

// read reads every view that applies to m.
func (v *views) read(m *rrc.Message) {
	if w := v.of(m); w != nil {
		w.Read(m.Body)
		if w == view(&v.si) && m.Channel != rrc.BCCHDLSCHNB {
			for _, b := range v.si.SIBs[:v.si.Count] {
				if s := v.sib(b.Number); s != nil {
					s.Read(b.Value)
				}
			}
		}
	}
	if v.countNAS == nil {
		v.countNAS = func(b []byte, bit int) { v.nasLen, v.nasBit = v.nasLen+len(b), bit }
	}
	v.nasLen = 0
	lterrc.NAS(m, v.countNAS)
}

// chain nests the members of messages as extensions of each other.
func chain(members ...string) string {
	s := ""
	for _, m := range slices.Backward(members) {
		if s != "" {
			if m != "" {
				m += ","
			}
			m += `"nonCriticalExtension":` + s
		}
		s = "{" + m + "}"
	}
	return s
}

// bs writes a BIT STRING of n bits.
func bs(n int, v uint64) string { return fmt.Sprintf(`"%0*b"`, n, v) }

// c1 puts a message into its channel, dcch one with a transaction identifier and
// critical extensions.
func c1(name, body string) string { return `{"message":{"c1":{"` + name + `":` + body + `}}}` }

func ccch(name, ies, body string) string {
	return c1(name, `{"criticalExtensions":{"c1":{"`+ies+`":`+body+`}}}`)
}

func dcch(name, ies, body string) string {
	return c1(name, `{"rrc-TransactionIdentifier":2,"criticalExtensions":{"c1":{"`+ies+`":`+body+`}}}`)
}

// encode encodes a message given as JSON.
func encode(t testing.TB, c rrc.Channel, text string) []byte {
	t.Helper()
	b, err := rrc.Schema(rrc.LTE).EncodeJSON(nil, c.PDU(), []byte(text))
	if err != nil {
		t.Fatalf("%v: %v\n%s", c, err, text)
	}
	return b
}

func some[T any](v T) lterrc.Optional[T] { return lterrc.Optional[T]{Value: v, Present: true} }

// sib1Text is a SIB1 with every extension of the view.
func sib1Text() string {
	late := chain(`"multiBandInfoList":[5,64]`,
		`"freqBandIndicator-v9e0":66,"multiBandInfoList-v9e0":[{},{"freqBandIndicator-v9e0":85}]`, ``, ``, ``,
		`"schedulingInfoList-v12j0":[{},{"sib-MappingInfo-v12j0":["sibType24-v1530"]}],"schedulingInfoListExt-r12":[{"si-Periodicity-r12":"rf512","sib-MappingInfo-r12":["sibType26a-v1610","sibType32-v1700","spare1"]}]`)
	return chain(`"cellAccessRelatedInfo":{"plmn-IdentityList":[
		{"plmn-Identity":{"mcc":[0,0,1],"mnc":[0,1]},"cellReservedForOperatorUse":"notReserved"},
		{"plmn-Identity":{"mnc":[0,1,0]},"cellReservedForOperatorUse":"reserved"},
		{"plmn-Identity":{"mcc":[9,9,9],"mnc":[7,0]},"cellReservedForOperatorUse":"notReserved"}],
		"trackingAreaCode":`+bs(16, 0x1234)+`,"cellIdentity":`+bs(28, 0xabcde01)+`,"cellBarred":"barred","intraFreqReselection":"allowed",
		"csg-Indication":true,"csg-Identity":`+bs(27, 77)+`},
		"cellSelectionInfo":{"q-RxLevMin":-61,"q-RxLevMinOffset":3},"p-Max":-7,"freqBandIndicator":64,
		"schedulingInfoList":[{"si-Periodicity":"rf8","sib-MappingInfo":["sibType3"]},{"si-Periodicity":"rf64","sib-MappingInfo":["sibType5","sibType18-v1250","sibType19-v1250"]}],
		"tdd-Config":{"subframeAssignment":"sa2","specialSubframePatterns":"ssp7"},"si-WindowLength":"ms40","systemInfoValueTag":19`,
		`"lateNonCriticalExtension":`+late,
		`"ims-EmergencySupport-r9":"true","cellSelectionInfo-v920":{"q-QualMin-r9":-20,"q-QualMinOffset-r9":4}`,
		`"tdd-Config-v1130":{"specialSubframePatterns-v1130":"ssp9"},"cellSelectionInfo-v1130":{"q-QualMinWB-r11":-19}`,
		`"cellAccessRelatedInfo-v1250":{"category0Allowed-r12":"true"},"cellSelectionInfo-v1250":{"q-QualMinRSRQ-OnAllSymbols-r12":-18},"freqBandIndicatorPriority-r12":"true"`,
		`"hyperSFN-r13":`+bs(10, 745)+`,"eDRX-Allowed-r13":"true","cellSelectionInfoCE-r13":{"q-RxLevMinCE-r13":-68,"q-QualMinRSRQ-CE-r13":-30},
		"bandwidthReducedAccessRelatedInfo-r13":{"si-WindowLength-BR-r13":"ms20","si-RepetitionPattern-r13":"everyRF","startSymbolBR-r13":1,"si-HoppingConfigCommon-r13":"off"}`,
		``, `"cellSelectionInfoCE1-r13":{"q-RxLevMinCE1-r13":-70}`, `"cellSelectionInfoCE1-v1360":{"delta-RxLevMinCE1-v1360":-5}`,
		`"eCallOverIMS-Support-r14":"true","cellAccessRelatedInfoList-r14":[{"plmn-IdentityList-r14":[{"plmn-Identity":{"mcc":[0,0,1],"mnc":[0,2]},"cellReservedForOperatorUse":"notReserved"}],
		"trackingAreaCode-r14":`+bs(16, 9)+`,"cellIdentity-r14":`+bs(28, 8)+`}]`, ``,
		`"cellBarred-CRS-r15":"notBarred","cellAccessRelatedInfo-5GC-r15":{"cellBarred-5GC-r15":"barred","cellBarred-5GC-CRS-r15":"notBarred",
		"cellAccessRelatedInfoList-5GC-r15":[{"plmn-IdentityList-r15":[{"plmn-Identity-5GC-r15":{"plmn-Index-r15":1},"cellReservedForOperatorUse-r15":"notReserved","cellReservedForOperatorUse-CRS-r15":"notReserved"}],
		"trackingAreaCode-5GC-r15":`+bs(24, 1)+`,"cellIdentity-5GC-r15":{"cellId-Index-r15":1}}]}`,
		``, ``, `"cellAccessRelatedInfo-NTN-r17":{"cellBarred-NTN-r17":"barred"}`, ``)
}

const (
	sib2Text = `{"ac-BarringInfo":{"ac-BarringForEmergency":true,"ac-BarringForMO-Signalling":{"ac-BarringFactor":"p05","ac-BarringTime":"s512","ac-BarringForSpecialAC":"10001"}},
		"radioResourceConfigCommon":{"rach-ConfigCommon":{"preambleInfo":{"numberOfRA-Preambles":"n52"},
			"powerRampingParameters":{"powerRampingStep":"dB4","preambleInitialReceivedTargetPower":"dBm-104"},
			"ra-SupervisionInfo":{"preambleTransMax":"n200","ra-ResponseWindowSize":"sf10","mac-ContentionResolutionTimer":"sf48"},"maxHARQ-Msg3Tx":4},
		"bcch-Config":{"modificationPeriodCoeff":"n4"},"pcch-Config":{"defaultPagingCycle":"rf128","nB":"quarterT"},
		"prach-Config":{"rootSequenceIndex":204,"prach-ConfigInfo":{"prach-ConfigIndex":3,"highSpeedFlag":true,"zeroCorrelationZoneConfig":12,"prach-FreqOffset":94}},
		"pdsch-ConfigCommon":{"referenceSignalPower":-60,"p-b":1},
		"pusch-ConfigCommon":{"pusch-ConfigBasic":{"n-SB":2,"hoppingMode":"interSubFrame","pusch-HoppingOffset":98,"enable64QAM":true},
			"ul-ReferenceSignalsPUSCH":{"groupHoppingEnabled":false,"groupAssignmentPUSCH":0,"sequenceHoppingEnabled":false,"cyclicShift":0}},
		"pucch-ConfigCommon":{"deltaPUCCH-Shift":"ds2","nRB-CQI":5,"nCS-AN":6,"n1PUCCH-AN":2047},"soundingRS-UL-ConfigCommon":{"release":null},
		"uplinkPowerControlCommon":{"p0-NominalPUSCH":-126,"alpha":"al07","p0-NominalPUCCH":-127,
			"deltaFList-PUCCH":{"deltaF-PUCCH-Format1":"deltaF0","deltaF-PUCCH-Format1b":"deltaF1","deltaF-PUCCH-Format2":"deltaF0","deltaF-PUCCH-Format2a":"deltaF0","deltaF-PUCCH-Format2b":"deltaF0"},"deltaPreambleMsg3":-1},
		"ul-CyclicPrefixLength":"len2"},
		"ue-TimersAndConstants":{"t300":"ms1500","t301":"ms2000","t310":"ms0","n310":"n20","t311":"ms30000","n311":"n10"},
		"freqInfo":{"ul-CarrierFreq":65535,"ul-Bandwidth":"n75","additionalSpectrumEmission":32},"timeAlignmentTimerCommon":"infinity",
		"lateNonCriticalExtension":{"nonCriticalExtension":{"ul-CarrierFreq-v9e0":131972}},
		"ac-BarringForCSFB-r10":{"ac-BarringFactor":"p00","ac-BarringTime":"s4","ac-BarringForSpecialAC":"00000"}}`
	sib3Text = `{"cellReselectionInfoCommon":{"q-Hyst":"dB24","speedStateReselectionPars":{"mobilityStateParameters":{"t-Evaluation":"s30","t-HystNormal":"s30","n-CellChangeMedium":1,"n-CellChangeHigh":16},
			"q-HystSF":{"sf-Medium":"dB-6","sf-High":"dB0"}}},
		"cellReselectionServingFreqInfo":{"s-NonIntraSearch":31,"threshServingLow":5,"cellReselectionPriority":7},
		"intraFreqCellReselectionInfo":{"q-RxLevMin":-70,"p-Max":33,"s-IntraSearch":0,"allowedMeasBandwidth":"mbw100","presenceAntennaPort1":true,"neighCellConfig":"01","t-ReselectionEUTRA":1},
		"s-IntraSearch-v920":{"s-IntraSearchP-r9":30,"s-IntraSearchQ-r9":9},"s-NonIntraSearch-v920":{"s-NonIntraSearchP-r9":8,"s-NonIntraSearchQ-r9":7},
		"q-QualMin-r9":-34,"threshServingLowQ-r9":3,"q-QualMinWB-r11":-3,"q-QualMinRSRQ-OnAllSymbols-r12":-4}`
	sib4Text = `{"intraFreqNeighCellList":[{"physCellId":503,"q-OffsetCell":"dB-24"},{"physCellId":0,"q-OffsetCell":"dB24"}],
		"intraFreqExcludedCellList":[{"start":7},{"start":100,"range":"n504"},{"start":8,"range":"spare1"}],"csg-PhysCellIdRange":{"start":2,"range":"n84"}}`
	sib5Text = `{"interFreqCarrierFreqList":[{"dl-CarrierFreq":1300,"q-RxLevMin":-64,"p-Max":23,"t-ReselectionEUTRA":2,"threshX-High":10,"threshX-Low":31,"allowedMeasBandwidth":"mbw50",
			"presenceAntennaPort1":false,"cellReselectionPriority":6,"neighCellConfig":"00","q-OffsetFreq":"dB-3","interFreqNeighCellList":[{"physCellId":9,"q-OffsetCell":"dB0"}],
			"interFreqExcludedCellList":[{"start":1,"range":"n4"}],"q-QualMin-r9":-20,"threshX-Q-r9":{"threshX-HighQ-r9":4,"threshX-LowQ-r9":5}},
			{"dl-CarrierFreq":65535,"q-RxLevMin":-70,"t-ReselectionEUTRA":0,"threshX-High":0,"threshX-Low":0,"allowedMeasBandwidth":"mbw6","presenceAntennaPort1":false,"neighCellConfig":"00"}],
		"lateNonCriticalExtension":{"nonCriticalExtension":{"interFreqCarrierFreqList-v9e0":[{},{"dl-CarrierFreq-v9e0":66786}]}},
		"interFreqCarrierFreqListExt-r12":[{"dl-CarrierFreq-r12":68586,"q-RxLevMin-r12":-60,"t-ReselectionEUTRA-r12":1,"threshX-High-r12":1,"threshX-Low-r12":2,"allowedMeasBandwidth-r12":"mbw25",
			"presenceAntennaPort1-r12":true,"cellReselectionPriority-r12":0,"neighCellConfig-r12":"00","q-OffsetFreq-r12":"dB5"}]}`
	sib6Text = `{"carrierFreqListUTRA-FDD":[{"carrierFreq":10588,"cellReselectionPriority":3,"threshX-High":1,"threshX-Low":2,"q-RxLevMin":-60,"p-MaxUTRA":24,"q-QualMin":-18,
			"threshX-Q-r9":{"threshX-HighQ-r9":6,"threshX-LowQ-r9":7}}],"carrierFreqListUTRA-TDD":[{"carrierFreq":10054,"threshX-High":0,"threshX-Low":0,"q-RxLevMin":-13,"p-MaxUTRA":-50}],
		"t-ReselectionUTRA":2,"carrierFreqListUTRA-FDD-Ext-r12":[{"carrierFreq-r12":4387,"threshX-High-r12":0,"threshX-Low-r12":3,"q-RxLevMin-r12":-58,"p-MaxUTRA-r12":33,"q-QualMin-r12":0}]}`
	sib7Text = `{"t-ReselectionGERAN":3,"carrierFreqsInfoList":[{"carrierFreqs":{"startingARFCN":1020,"bandIndicator":"pcs1900","followingARFCNs":{"equallySpacedARFCNs":{"arfcn-Spacing":3,"numberOfFollowingARFCNs":2}}},
			"commonInfo":{"cellReselectionPriority":1,"ncc-Permitted":"10000001","q-RxLevMin":45,"p-MaxGERAN":39,"threshX-High":4,"threshX-Low":5}}]}`
	sib8Text = `{"parametersHRPD":{"preRegistrationInfoHRPD":{"preRegistrationAllowed":true},"cellReselectionParametersHRPD":{"bandClassList":[{"bandClass":"bc18-v9a0","cellReselectionPriority":2,"threshX-High":63,"threshX-Low":1},
			{"bandClass":"spare10","threshX-High":0,"threshX-Low":0}],"neighCellList":[{"bandClass":"bc0","neighCellsPerFreqList":[{"arfcn":1,"physCellIdList":[1]}]}],"t-ReselectionCDMA2000":4}},"parameters1XRTT":{}}`
	sib10Text = `{"messageIdentifier":"0001000100000000","serialNumber":"0011000000000001","warningType":"0180"}`
	sib11Text = `{"messageIdentifier":"0001000100000001","serialNumber":"0011000000000010","warningMessageSegmentType":"lastSegment","warningMessageSegmentNumber":63,"warningMessageSegment":"c1a2"}`
	sib12Text = `{"messageIdentifier-r9":"0001000100010010","serialNumber-r9":"0100000000000011","warningMessageSegmentType-r9":"notLastSegment","warningMessageSegmentNumber-r9":0,
		"warningMessageSegment-r9":"010203","dataCodingScheme-r9":"0f","warningAreaCoordinatesSegment-r15":"77"}`
	sib24Text = `{"carrierFreqListNR-r15":[{"carrierFreq-r15":632628,"multiBandInfoList-r15":[78,77],"subcarrierSpacingSSB-r15":"kHz240","cellReselectionPriority-r15":7,"threshX-High-r15":2,"threshX-Low-r15":3,
			"q-RxLevMin-r15":-70,"p-MaxNR-r15":33,"q-QualMin-r15":-43,"deriveSSB-IndexFromCell-r15":true}],"t-ReselectionNR-r15":2}`
)

func sysInfo(blocks ...string) string {
	return c1("systemInformation", `{"criticalExtensions":{"systemInformation-r8":{"sib-TypeAndInfo":[`+strings.Join(blocks, ",")+`]}}}`)
}

// sample is a made-up message and what its view must show.
type sample struct {
	name    string
	channel rrc.Channel
	text    string
	want    view
}

func samples() []sample {
	release := func(body string) string { return dcch("rrcConnectionRelease", "rrcConnectionRelease-r8", body) }
	known := lterrc.Envelope{Transaction: 2, Known: true}
	later := lterrc.Envelope{Transaction: 2, Known: true, Later: true}
	geran := func(first, second int) (g lterrc.GERANCarriers) {
		g.Starting = uint16(first)
		g.ARFCNs.Add(first)
		g.ARFCNs.Add(second)
		return g
	}
	const explicit = `{"startingARFCN":512,"bandIndicator":"dcs1800","followingARFCNs":{"explicitListOfARFCNs":[700]}}`
	return []sample{
		{"MIB", rrc.BCCHBCH, `{"message":{"dl-Bandwidth":"n75","phich-Config":{"phich-Duration":"extended","phich-Resource":"two"},"systemFrameNumber":"10100101",
			"schedulingInfoSIB1-BR-r13":18,"systemInfoUnchanged-BR-r15":true,"partEARFCN-17":{"spare":"00"},"spare":"0"}}`,
			&lterrc.MIB{DownlinkRB: 75, PHICHExtended: true, PHICHSixths: 12, SFNHigh: 0xa5, SchedulingInfoSIB1BR: 18, SystemInfoUnchangedBR: true}},
		{"MIB-NB", rrc.BCCHBCHNB, `{"message":{"systemFrameNumber-MSB-r13":"1010","hyperSFN-LSB-r13":"11","schedulingInfoSIB1-r13":9,"systemInfoValueTag-r13":30,"ab-Enabled-r13":true,
			"operationModeInfo-r13":{"standalone-r13":{"spare":"00000"}},"additionalTransmissionSIB1-r15":false,"ab-Enabled-5GC-r16":false,"partEARFCN-17":{"spare":"00"},"spare":"000000"}}`,
			&lterrc.MIBNB{SFNHigh: 10, HyperSFNLow: 3, SchedulingInfoSIB1: 9, ValueTag: 30, AccessBarring: true, Operation: "standalone"}},
		{"SIB1", rrc.BCCHDLSCH, c1("systemInformationBlockType1", sib1Text()), &lterrc.SIB1{
			CellAccess: lterrc.CellAccess{PLMNs: [6]lterrc.PLMNInfo{{PLMN: ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}}, {PLMN: ident.PLMN{MCC: 1, MNC: 10, MNCDigits: 3}, Reserved: true},
				{PLMN: ident.PLMN{MCC: 999, MNC: 70, MNCDigits: 2}}}, PLMNCount: 3, TAC: 0x1234, ECI: 0xabcde01},
			Barred: true, IntraFreqReselection: true, CSG: true, CSGIdentity: some(uint32(77)),
			QRxLevMin: -61, QRxLevMinDBm: -122, QRxLevMinOffsetDB: some(uint8(6)), PMaxDBm: some(int8(-7)),
			Band: 66, Bands: [8]uint16{5, 85}, BandCount: 2,
			Scheduling:      [32]lterrc.SIMessage{{PeriodicityRF: 8, SIBs: 1<<2 | 1<<3}, {PeriodicityRF: 64, SIBs: 1<<5 | 1<<18 | 1<<19 | 1<<24}, {PeriodicityRF: 512, SIBs: 1<<lterrc.SIB26a | 1<<32 | 1<<lterrc.UnknownSIB}},
			SchedulingCount: 3, SIMessages: 2, SIWindowMs: 40, ValueTag: 19, TDD: some(lterrc.TDDConfig{SubframeAssignment: 2, SpecialSubframePattern: 9}),
			IMSEmergency: true, QQualMinDB: some(int8(-20)), QQualMinOffsetDB: some(uint8(4)), QQualMinWidebandDB: some(int8(-19)), QQualMinAllSymbolsDB: some(int8(-18)),
			Category0Allowed: true, BandIndicatorPriority: true, HyperSFN: some(uint16(745)), EDRXAllowed: true,
			QRxLevMinCEDBm: some(int16(-136)), QQualMinCEDB: some(int8(-30)), QRxLevMinCE1DBm: some(int16(-150)), BandwidthReduced: true, ECallOverIMS: true,
			Shared: [5]lterrc.CellAccess{{PLMNs: [6]lterrc.PLMNInfo{{PLMN: ident.PLMN{MCC: 1, MNC: 2, MNCDigits: 2}}}, PLMNCount: 1, TAC: 9, ECI: 8}}, SharedCount: 1,
			BarredCRS: some(false), FiveGC: true, FiveGCLists: 1, Barred5GC: true, BarredNTN: some(true), Later: true}},
		{"SIB1 without options", rrc.BCCHDLSCH, c1("systemInformationBlockType1", `{"cellAccessRelatedInfo":{"plmn-IdentityList":[{"plmn-Identity":{"mnc":[0,1]},"cellReservedForOperatorUse":"notReserved"}],
			"trackingAreaCode":`+bs(16, 0)+`,"cellIdentity":`+bs(28, 0)+`,"cellBarred":"notBarred","intraFreqReselection":"notAllowed","csg-Indication":false},"cellSelectionInfo":{"q-RxLevMin":-22},
			"freqBandIndicator":1,"schedulingInfoList":[{"si-Periodicity":"rf16","sib-MappingInfo":[]}],"si-WindowLength":"ms1","systemInfoValueTag":0}`),
			&lterrc.SIB1{CellAccess: lterrc.CellAccess{PLMNCount: 1}, QRxLevMin: -22, QRxLevMinDBm: -44, Band: 1,
				Scheduling: [32]lterrc.SIMessage{{PeriodicityRF: 16, SIBs: 1 << 2}}, SchedulingCount: 1, SIMessages: 1, SIWindowMs: 1}},
		{"SIB1-NB", rrc.BCCHDLSCHNB, c1("systemInformationBlockType1-r13", chain(`"hyperSFN-MSB-r13":"10000001","cellAccessRelatedInfo-r13":{"plmn-IdentityList-r13":[{"plmn-Identity-r13":{"mcc":[0,0,1],"mnc":[0,1]},"cellReservedForOperatorUse-r13":"reserved"}],
			"trackingAreaCode-r13":`+bs(16, 5)+`,"cellIdentity-r13":`+bs(28, 6)+`,"cellBarred-r13":"barred","intraFreqReselection-r13":"allowed"},"cellSelectionInfo-r13":{"q-RxLevMin-r13":-70,"q-QualMin-r13":-34},
			"p-Max-r13":23,"freqBandIndicator-r13":85,"multiBandInfoList-r13":[{},{"freqBandIndicator-r13":12}],"schedulingInfoList-r13":[{"si-Periodicity-r13":"rf64","si-RepetitionPattern-r13":"every2ndRF","sib-MappingInfo-r13":[],"si-TB-r13":"b56"}],
			"si-WindowLength-r13":"ms160"`, ``, ``, ``, ``, `"cellAccessRelatedInfo-5GC-r16":{"plmn-IdentityList-r16":[{"plmn-Identity-5GC-r16":{"plmn-Index-r16":1},"cellReservedForOperatorUse-r16":"notReserved"}],"trackingAreaCode-5GC-r16":`+bs(24, 5)+`,"cellBarred-5GC-r16":"barred"}`)),
			&lterrc.SIB1NB{CellAccess: lterrc.CellAccess{PLMNs: [6]lterrc.PLMNInfo{{PLMN: ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}, Reserved: true}}, PLMNCount: 1, TAC: 5, ECI: 6},
				HyperSFNHigh: 0x81, Barred: true, IntraFreqReselection: true, QRxLevMin: -70, QRxLevMinDBm: -140, QQualMinDB: -34, PMaxDBm: some(int8(23)), Band: 85, Bands: [8]uint16{0, 12}, BandCount: 2,
				SIMessages: 1, FiveGC: true, Barred5GC: true}},
		{"Paging", rrc.PCCH, c1("paging", chain(`"pagingRecordList":[{"ue-Identity":{"s-TMSI":{"mmec":"00000101","m-TMSI":`+bs(32, 0xc0ffee01)+`}},"cn-Domain":"ps"},
			{"ue-Identity":{"imsi":[0,0,1,0,1,0,0,0,0,0,0,0,0,0,1]},"cn-Domain":"cs"},{"ue-Identity":{"ng-5G-S-TMSI-r15":`+bs(48, 0x123456789abc)+`},"cn-Domain":"ps"},
			{"ue-Identity":{"fullI-RNTI-r15":`+bs(40, 0xff00000001)+`},"cn-Domain":"ps"},{"ue-Identity":{"imsi":[0,0,1,0,1,0,0,0,0,0,0,0,0,0,0,0,1]},"cn-Domain":"cs"}],
			"systemInfoModification":"true","etws-Indication":"true"`, ``, `"cmas-Indication-r9":"true"`, `"eab-ParamModification-r11":"true"`,
			`"redistributionIndication-r13":"true","systemInfoModification-eDRX-r13":"true"`, ``, `"uac-ParamModification-r16":"true"`, ``, ``)),
			&lterrc.Paging{Count: 5, Records: [16]lterrc.PagingRecord{{Kind: lterrc.PagedSTMSI, MMEC: 5, Identity: ident.TMSIIdentity(0xc0ffee01)}, {Kind: lterrc.PagedIMSI, CS: true, Identity: imsi("001010000000001")},
				{Kind: lterrc.PagedNG5GSTMSI, Number: 0x123456789abc}, {Kind: lterrc.PagedFullIRNTI, Number: 0xff00000001}, {Kind: lterrc.PagedIMSI, CS: true}},
				Kinds: [5]uint8{0, 1, 2, 1, 1}, CS: 2, PS: 3, SystemInfoModification: true, SystemInfoModificationEDRX: true, ETWS: true, CMAS: true, EAB: true, Redistribution: true, UAC: true, Later: true}},
		{"Paging-NB", rrc.PCCHNB, c1("paging-r13", `{"pagingRecordList-r13":[{"ue-Identity-r13":{"s-TMSI":{"mmec":"00000001","m-TMSI":`+bs(32, 2)+`}}}],"systemInfoModification-r13":"true"}`),
			&lterrc.Paging{Count: 1, Records: [16]lterrc.PagingRecord{{Kind: lterrc.PagedSTMSI, MMEC: 1, Identity: ident.TMSIIdentity(2)}}, Kinds: [5]uint8{0, 1}, SystemInfoModification: true}},
		{"Request with S-TMSI", rrc.ULCCCH, c1("rrcConnectionRequest", `{"criticalExtensions":{"rrcConnectionRequest-r8":{"ue-Identity":{"s-TMSI":{"mmec":"11111111","m-TMSI":`+bs(32, 7)+`}},"establishmentCause":"mo-VoiceCall-v1280","spare":"0"}}}`),
			&lterrc.RRCConnectionRequest{Envelope: lterrc.Envelope{Known: true}, STMSI: some(lterrc.STMSI{MMEC: 255, MTMSI: 7}), Cause: "mo-VoiceCall-v1280"}},
		{"Request with random value", rrc.ULCCCH, c1("rrcConnectionRequest", `{"criticalExtensions":{"rrcConnectionRequest-r8":{"ue-Identity":{"randomValue":`+bs(40, 0xff12345678)+`},"establishmentCause":"emergency","spare":"0"}}}`),
			&lterrc.RRCConnectionRequest{Envelope: lterrc.Envelope{Known: true}, RandomValue: some(uint64(0xff12345678)), Cause: "emergency"}},
		{"Request to 5GC", rrc.ULCCCH, c1("rrcConnectionRequest", `{"criticalExtensions":{"rrcConnectionRequest-r15":{"ue-Identity":{"ng-5G-S-TMSI-Part1":`+bs(40, 3)+`},"establishmentCause":"mt-Access","spare":"0"}}}`),
			&lterrc.RRCConnectionRequest{Envelope: lterrc.Envelope{Known: true}, FiveGC: true, NG5GSTMSI: some(uint64(3)), Cause: "mt-Access"}},
		{"Request-NB to 5GC", rrc.ULCCCHNB, c1("rrcConnectionRequest-r13", `{"criticalExtensions":{"later":{"rrcConnectionRequest-r16":{"ue-Identity-r16":{"randomValue":`+bs(48, 9)+`},"establishmentCause-r16":"mo-ExceptionData","cqi-NPDCCH-r16":"noMeasurements","spare":`+bs(11, 0)+`}}}}`),
			&lterrc.RRCConnectionRequest{Envelope: lterrc.Envelope{Known: true}, FiveGC: true, RandomValue: some(uint64(9)), Cause: "mo-ExceptionData"}},
		{"Setup", rrc.DLCCCH, dcch("rrcConnectionSetup", "rrcConnectionSetup-r8", chain(`"radioResourceConfigDedicated":{}`, ``, `"dedicatedInfoNAS-r16":"0752"`, ``)), &lterrc.RRCConnectionSetup{Envelope: later}},
		{"SetupComplete", rrc.ULDCCH, dcch("rrcConnectionSetupComplete", "rrcConnectionSetupComplete-r8", chain(`"selectedPLMN-Identity":6,"registeredMME":{"plmn-Identity":{"mcc":[0,0,1],"mnc":[0,1]},"mmegi":`+bs(16, 0x8001)+`,"mmec":`+bs(8, 3)+`},"dedicatedInfoNAS":"0741"`,
			``, `"gummei-Type-r10":"mapped","rlf-InfoAvailable-r10":"true","logMeasAvailable-r10":"true"`, `"connEstFailInfoAvailable-r11":"true"`, `"mobilityHistoryAvail-r12":"true"`, `"s-TMSI-r13":{"mmec":"00000010","m-TMSI":`+bs(32, 4)+`}`, ``, ``, `"connectTo5GC-r15":"true"`, `"gummei-Type-v1540":"mappedFrom5G-v1540"`)),
			&lterrc.RRCConnectionSetupComplete{Envelope: known, SelectedPLMN: 6, RegisteredMME: some(lterrc.RegisteredMME{PLMN: ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}, MMEGI: 0x8001, MMEC: 3}), GUMMEIType: "mappedFrom5G",
				NAS: lterrc.NASMessage{Octets: []byte{0x07, 0x41}, OffsetBits: 70}, RLFInfo: true, LogMeas: true, ConnEstFailInfo: true, MobilityHistory: true, STMSI: some(lterrc.STMSI{MMEC: 2, MTMSI: 4}), ConnectTo5GC: true}},
		{"Reject", rrc.DLCCCH, ccch("rrcConnectionReject", "rrcConnectionReject-r8", chain(`"waitTime":16`, ``, `"extendedWaitTime-r10":1800`, `"deprioritisationReq-r11":{"deprioritisationType-r11":"e-utra","deprioritisationTimer-r11":"min30"}`, `"rrc-SuspendIndication-r13":"true"`, ``)),
			&lterrc.RRCConnectionReject{Envelope: lterrc.Envelope{Known: true, Later: true}, WaitTimeSeconds: 16, ExtendedWaitTimeSeconds: some(uint16(1800)), Deprioritisation: some(lterrc.Deprioritisation{EUTRA: true, Minutes: 30}), Suspend: true}},
		{"Reject-NB", rrc.DLCCCHNB, ccch("rrcConnectionReject-r13", "rrcConnectionReject-r13", `{"extendedWaitTime-r13":60}`),
			&lterrc.RRCConnectionReject{Envelope: lterrc.Envelope{Known: true}, ExtendedWaitTimeSeconds: some(uint16(60))}},
		{"Release", rrc.DLDCCH, release(`{"releaseCause":"cs-FallbackHighPriority-v1020"}`), &lterrc.RRCConnectionRelease{Envelope: known, Cause: "cs-FallbackHighPriority-v1020"}},
		{"Release to E-UTRA above 65535", rrc.DLDCCH, release(chain(`"releaseCause":"other","redirectedCarrierInfo":{"eutra":65535},"idleModeMobilityControlInfo":{"freqPriorityListEUTRA":[{"carrierFreq":1300,"cellReselectionPriority":1},{"carrierFreq":65535,"cellReselectionPriority":0}],
			"freqPriorityListGERAN":[{"carrierFreqs":`+explicit+`,"cellReselectionPriority":7}],"freqPriorityListUTRA-FDD":[{"carrierFreq":10588,"cellReselectionPriority":6}],"freqPriorityListUTRA-TDD":[{"carrierFreq":9, "cellReselectionPriority":5}],
			"bandClassPriorityListHRPD":[{"bandClass":"bc17","cellReselectionPriority":4}],"bandClassPriorityList1XRTT":[{"bandClass":"bc1","cellReselectionPriority":3}],"t320":"min180",
			"freqPriorityListExtEUTRA-r12":[{"carrierFreq-r12":68586,"cellReselectionPriority-r12":2}],"freqPriorityListNR-r15":[{"carrierFreq-r15":632628,"cellReselectionPriority-r15":1}]}`,
			`"lateNonCriticalExtension":{"redirectedCarrierInfo-v9e0":{"eutra-v9e0":66786},"idleModeMobilityControlInfo-v9e0":{"freqPriorityListEUTRA-v9e0":[{},{"carrierFreq-v9e0":66800}]}}`,
			`"cellInfoList-r9":{"geran-r9":[{"physCellId-r9":{"networkColourCode":"001","baseStationColourCode":"010"},"carrierFreq-r9":{"arfcn":5,"bandIndicator":"dcs1800"},"systemInformation-r9":["49061b"]}]}`,
			`"extendedWaitTime-r10":5`, `"resumeIdentity-r13":`+bs(40, 1), `"cn-Type-r15":"fivegc"`, `"waitTime":3`)),
			&lterrc.RRCConnectionRelease{Envelope: known, Cause: "other", Redirect: lterrc.Redirect{RAT: lterrc.EUTRA, ARFCNs: [6]uint32{66786}, Count: 1}, CellInfo: lterrc.GERAN, CellInfoCount: 1,
				ExtendedWaitTimeSeconds: some(uint16(5)), WaitTimeSeconds: some(uint8(3)), Suspend: true, CoreNetwork: "fivegc"}},
		{"Release to GERAN", rrc.DLDCCH, release(`{"releaseCause":"other","redirectedCarrierInfo":{"geran":` + explicit + `}}`),
			&lterrc.RRCConnectionRelease{Envelope: known, Cause: "other", Redirect: lterrc.Redirect{RAT: lterrc.GERAN, ARFCNs: [6]uint32{512}, Count: 1, GERAN: geran(512, 700)}}},
		{"Release to UTRA FDD", rrc.DLDCCH, release(`{"releaseCause":"other","redirectedCarrierInfo":{"utra-FDD":10588}}`),
			&lterrc.RRCConnectionRelease{Envelope: known, Cause: "other", Redirect: lterrc.Redirect{RAT: lterrc.UTRAFDD, ARFCNs: [6]uint32{10588}, Count: 1}}},
		{"Release to UTRA TDD", rrc.DLDCCH, release(`{"releaseCause":"other","redirectedCarrierInfo":{"utra-TDD":10054}}`),
			&lterrc.RRCConnectionRelease{Envelope: known, Cause: "other", Redirect: lterrc.Redirect{RAT: lterrc.UTRATDD, ARFCNs: [6]uint32{10054}, Count: 1}}},
		{"Release to UTRA TDD carriers", rrc.DLDCCH, release(`{"releaseCause":"other","redirectedCarrierInfo":{"utra-TDD-r10":[1,2]}}`),
			&lterrc.RRCConnectionRelease{Envelope: known, Cause: "other", Redirect: lterrc.Redirect{RAT: lterrc.UTRATDD, ARFCNs: [6]uint32{1, 2}, Count: 2}}},
		{"Release to 1xRTT", rrc.DLDCCH, release(`{"releaseCause":"other","redirectedCarrierInfo":{"cdma2000-1xRTT":{"bandClass":"bc10","arfcn":2047}}}`),
			&lterrc.RRCConnectionRelease{Envelope: known, Cause: "other", Redirect: lterrc.Redirect{RAT: lterrc.XRTT, ARFCNs: [6]uint32{2047}, Count: 1, BandClass: 10}}},
		{"Release to NR", rrc.DLDCCH, release(`{"releaseCause":"other","redirectedCarrierInfo":{"nr-r15":{"carrierFreq-r15":632628,"subcarrierSpacingSSB-r15":"kHz30"}}}`),
			&lterrc.RRCConnectionRelease{Envelope: known, Cause: "other", Redirect: lterrc.Redirect{RAT: lterrc.NR, ARFCNs: [6]uint32{632628}, Count: 1, SCSkHz: 30}}},
		{"Release-NB", rrc.DLDCCHNB, dcch("rrcConnectionRelease-r13", "rrcConnectionRelease-r13", `{"releaseCause-r13":"rrc-Suspend","resumeIdentity-r13":`+bs(40, 1)+`,"extendedWaitTime-r13":9,"redirectedCarrierInfo-r13":{"carrierFreq-r13":3456}}`),
			&lterrc.RRCConnectionRelease{Envelope: known, Cause: "rrc-Suspend", Redirect: lterrc.Redirect{RAT: lterrc.EUTRA, ARFCNs: [6]uint32{3456}, Count: 1}, ExtendedWaitTimeSeconds: some(uint16(9)), Suspend: true}},
		{"ReestablishmentRequest", rrc.ULCCCH, c1("rrcConnectionReestablishmentRequest", `{"criticalExtensions":{"rrcConnectionReestablishmentRequest-r8":{"ue-Identity":{"c-RNTI":`+bs(16, 61)+`,"physCellId":503,"shortMAC-I":`+bs(16, 0xbeef)+`},"reestablishmentCause":"handoverFailure","spare":"00"}}}`),
			&lterrc.RRCConnectionReestablishmentRequest{Envelope: lterrc.Envelope{Known: true}, CRNTI: 61, PCI: 503, ShortMACI: 0xbeef, Cause: "handoverFailure"}},
		{"Reestablishment", rrc.DLCCCH, dcch("rrcConnectionReestablishment", "rrcConnectionReestablishment-r8", `{"radioResourceConfigDedicated":{},"nextHopChainingCount":7}`),
			&lterrc.RRCConnectionReestablishment{Envelope: known, NextHopChainingCount: 7}},
		{"ReestablishmentComplete", rrc.ULDCCH, c1("rrcConnectionReestablishmentComplete", `{"rrc-TransactionIdentifier":2,"criticalExtensions":{"rrcConnectionReestablishmentComplete-r8":{"nonCriticalExtension":{"rlf-InfoAvailable-r9":"true"}}}}`),
			&lterrc.RRCConnectionReestablishmentComplete{Envelope: known, RLFInfo: true}},
		{"ReestablishmentReject", rrc.DLCCCH, c1("rrcConnectionReestablishmentReject", `{"criticalExtensions":{"rrcConnectionReestablishmentReject-r8":{}}}`),
			&lterrc.RRCConnectionReestablishmentReject{Envelope: lterrc.Envelope{Known: true}}},
		{"SecurityModeCommand", rrc.DLDCCH, dcch("securityModeCommand", "securityModeCommand-r8", `{"securityConfigSMC":{"securityAlgorithmConfig":{"cipheringAlgorithm":"eea2","integrityProtAlgorithm":"eia3-v1130"}}}`),
			&lterrc.SecurityModeCommand{Envelope: known, Algorithms: lterrc.Algorithms{Present: true, Ciphering: 2, Integrity: 3}}},
		{"SecurityModeCommand, null", rrc.DLDCCH, dcch("securityModeCommand", "securityModeCommand-r8", `{"securityConfigSMC":{"securityAlgorithmConfig":{"cipheringAlgorithm":"eea0","integrityProtAlgorithm":"eia0-v920"}}}`),
			&lterrc.SecurityModeCommand{Envelope: known, Algorithms: lterrc.Algorithms{Present: true}}},
		{"SecurityModeCommand, algorithms of a later release", rrc.DLDCCH, dcch("securityModeCommand", "securityModeCommand-r8", `{"securityConfigSMC":{"securityAlgorithmConfig":{"cipheringAlgorithm":"[256]","integrityProtAlgorithm":"[9]"}}}`),
			&lterrc.SecurityModeCommand{Envelope: known, Algorithms: lterrc.Algorithms{Present: true, Ciphering: 255, Integrity: 9}}},
		{"SecurityModeCommand, spare branch", rrc.DLDCCH, dcch("securityModeCommand", "spare2", `null`), &lterrc.SecurityModeCommand{Envelope: lterrc.Envelope{Transaction: 2}}},
		{"SecurityModeCommand, later branch", rrc.DLDCCH, c1("securityModeCommand", `{"rrc-TransactionIdentifier":2,"criticalExtensions":{"criticalExtensionsFuture":{}}}`), &lterrc.SecurityModeCommand{Envelope: lterrc.Envelope{Transaction: 2}}},
		{"SecurityModeComplete", rrc.ULDCCH, c1("securityModeComplete", `{"rrc-TransactionIdentifier":2,"criticalExtensions":{"securityModeComplete-r8":{}}}`), &lterrc.SecurityModeComplete{Envelope: known}},
		{"SecurityModeFailure", rrc.ULDCCH, c1("securityModeFailure", `{"rrc-TransactionIdentifier":2,"criticalExtensions":{"securityModeFailure-r8":{}}}`), &lterrc.SecurityModeFailure{Envelope: known}},
		{"Reconfiguration, measurements", rrc.DLDCCH, dcch("rrcConnectionReconfiguration", "rrcConnectionReconfiguration-r8", `{"measConfig":{"measObjectToRemoveList":[1,2],"measObjectToAddModList":[
			{"measObjectId":1,"measObject":{"measObjectEUTRA":{"carrierFreq":65535,"allowedMeasBandwidth":"mbw50","presenceAntennaPort1":true,"neighCellConfig":"00","cellsToAddModList":[{"cellIndex":1,"physCellId":2,"cellIndividualOffset":"dB0"}],
				"excludedCellsToAddModList":[{"cellIndex":1,"physCellIdRange":{"start":3}}],"cellForWhichToReportCGI":300}}},
			{"measObjectId":2,"measObject":{"measObjectUTRA":{"carrierFreq":10588,"cellsToAddModList":{"cellsToAddModListUTRA-TDD":[{"cellIndex":1,"physCellId":127}]},"cellForWhichToReportCGI":{"utra-TDD":126}}}},
			{"measObjectId":3,"measObject":{"measObjectGERAN":{"carrierFreqs":`+explicit+`,"cellForWhichToReportCGI":{"networkColourCode":"111","baseStationColourCode":"001"}}}},
			{"measObjectId":4,"measObject":{"measObjectCDMA2000":{"cdma2000-Type":"typeHRPD","carrierFreq":{"bandClass":"bc1","arfcn":77}}}},
			{"measObjectId":5,"measObject":{"measObjectNR-r15":{"carrierFreq-r15":632628,"rs-ConfigSSB-r15":{"measTimingConfig-r15":{"periodicityAndOffset-r15":{"sf5-r15":0},"ssb-Duration-r15":"sf1"},"subcarrierSpacingSSB-r15":"kHz30"},"quantityConfigSet-r15":1}}}],
			"reportConfigToAddModList":[{"reportConfigId":1,"reportConfig":{"reportConfigEUTRA":{"triggerType":{"periodical":{"purpose":"reportCGI"}},"triggerQuantity":"rsrp","reportQuantity":"both","maxReportCells":1,"reportInterval":"min6","reportAmount":"infinity","si-RequestForHO-r9":"setup","includeLocationInfo-r10":"true"}}},
			{"reportConfigId":32,"reportConfig":{"reportConfigInterRAT":{"triggerType":{"event":{"eventId":{"eventB1-NR-r15":{"b1-ThresholdNR-r15":{"nr-RSRP-r15":50},"reportOnLeave-r15":false}},"hysteresis":0,"timeToTrigger":"ms0"}},"maxReportCells":8,"reportInterval":"ms10240","reportAmount":"r8","includeLocationInfo-r11":false}}}],
			"measIdToAddModList":[{"measId":32,"measObjectId":5,"reportConfigId":1}],"measGapConfig":{"setup":{"gapOffset":{"gp0":1}}},"s-Measure":60,
			"measObjectToAddModList-v9e0":[{"measObjectEUTRA-v9e0":{"carrierFreq-v9e0":66786}},{},{},{},{}],"measIdToAddModListExt-r12":[{"measId-v1250":64,"measObjectId-r12":1,"reportConfigId-r12":2}]}}`), nil},
		{"Reconfiguration, handover", rrc.DLDCCH, dcch("rrcConnectionReconfiguration", "rrcConnectionReconfiguration-r8", chain(`"mobilityControlInfo":{"targetPhysCellId":402,"carrierFreq":{"dl-CarrierFreq":65535},"carrierBandwidth":{"dl-Bandwidth":"n50"},"t304":"ms10000-v1310","newUE-Identity":`+bs(16, 0x1234)+`,
			"radioResourceConfigCommon":{"prach-Config":{"rootSequenceIndex":0},"pusch-ConfigCommon":{"pusch-ConfigBasic":{"n-SB":1,"hoppingMode":"interSubFrame","pusch-HoppingOffset":0,"enable64QAM":false},"ul-ReferenceSignalsPUSCH":{"groupHoppingEnabled":false,"groupAssignmentPUSCH":0,"sequenceHoppingEnabled":false,"cyclicShift":0}},"ul-CyclicPrefixLength":"len1"},
			"carrierFreq-v9e0":{"dl-CarrierFreq-v9e0":66786,"ul-CarrierFreq-v9e0":132322}},"dedicatedInfoNASList":["0742","0748"],"radioResourceConfigDedicated":{"srb-ToAddModList":[{"srb-Identity":1}],"drb-ToAddModList":[{"drb-Identity":1},{"drb-Identity":2}],"drb-ToReleaseList":[3]},
			"securityConfigHO":{"handoverType":{"intraLTE":{"securityAlgorithmConfig":{"cipheringAlgorithm":"eea1","integrityProtAlgorithm":"eia2"},"keyChangeIndicator":true,"nextHopChainingCount":5}}}`,
			``, `"fullConfig-r9":"true"`, ``, `"systemInformationBlockType1Dedicated-r11":`+sib1Text(), `"scg-Configuration-r12":{"setup":{"scg-ConfigPartSCG-r12":{"mobilityControlInfoSCG-r12":{"t307-r12":"ms50","cipheringAlgorithmSCG-r12":"eea2"}}}}`, ``,
			`"systemInformationBlockType2Dedicated-r14":`+sib2Text, `"nr-Config-r15":{"setup":{"endc-ReleaseAndAdd-r15":false,"nr-SecondaryCellGroupConfig-r15":"aabb"}},"sk-Counter-r15":65535,"nr-RadioBearerConfig1-r15":"01"`,
			`"dedicatedInfoNASList-r15":["0749"]`)), nil},
		{"MobilityFromEUTRACommand, handover", rrc.DLDCCH, dcch("mobilityFromEUTRACommand", "mobilityFromEUTRACommand-r8", chain(`"cs-FallbackIndicator":true,"purpose":{"handover":{"targetRAT-Type":"geran","targetRAT-MessageContainer":"062b"}}`, ``, `"bandIndicator":"pcs1900"`)),
			&lterrc.MobilityFromEUTRACommand{Envelope: known, CSFallback: true, Purpose: "handover", Target: lterrc.GERAN, PCS: true, Container: []byte{0x06, 0x2b}}},
		{"MobilityFromEUTRACommand, cell change", rrc.DLDCCH, dcch("mobilityFromEUTRACommand", "mobilityFromEUTRACommand-r9", `{"cs-FallbackIndicator":false,"purpose":{"cellChangeOrder":{"t304":"ms100","targetRAT-Type":{"geran":{"physCellId":{"networkColourCode":"111","baseStationColourCode":"110"},"carrierFreq":{"arfcn":77,"bandIndicator":"pcs1900"}}}}}}`),
			&lterrc.MobilityFromEUTRACommand{Envelope: known, Purpose: "cellChangeOrder", Target: lterrc.GERAN, ARFCN: 77, PCS: true, BSIC: 62}},
		{"MobilityFromEUTRACommand, e-CSFB", rrc.DLDCCH, dcch("mobilityFromEUTRACommand", "mobilityFromEUTRACommand-r9", `{"cs-FallbackIndicator":false,"purpose":{"e-CSFB-r9":{"messageContCDMA2000-1XRTT-r9":"0a"}}}`),
			&lterrc.MobilityFromEUTRACommand{Envelope: known, Purpose: "e-CSFB", Target: lterrc.XRTT, Container: []byte{0x0a}}},
		{"HandoverFromEUTRAPreparationRequest", rrc.DLDCCH, dcch("handoverFromEUTRAPreparationRequest", "handoverFromEUTRAPreparationRequest-r8", `{"cdma2000-Type":"typeHRPD"}`),
			&lterrc.HandoverFromEUTRAPreparationRequest{Envelope: known, Target: lterrc.HRPD}},
		{"UECapabilityEnquiry", rrc.DLDCCH, dcch("ueCapabilityEnquiry", "ueCapabilityEnquiry-r8", `{"ue-CapabilityRequest":["eutra","geran-cs","nr"]}`),
			&lterrc.UECapabilityEnquiry{Envelope: known, RATs: [8]string{"eutra", "geran-cs", "nr"}, Count: 3}},
		{"UECapabilityInformation", rrc.ULDCCH, dcch("ueCapabilityInformation", "ueCapabilityInformation-r8", `{"ue-CapabilityRAT-ContainerList":[{"rat-Type":"geran-ps","ueCapabilityRAT-Container":"0102"}]}`),
			&lterrc.UECapabilityInformation{Envelope: known, Capabilities: [8]lterrc.Capability{{RAT: "geran-ps", Octets: []byte{1, 2}}}, Count: 1}},
		{"MeasurementReport, E-UTRA", rrc.ULDCCH, ccch("measurementReport", "measurementReport-r8", `{"measResults":{"measId":3,"measResultPCell":{"rsrpResult":97,"rsrqResult":0},"measResultNeighCells":{"measResultListEUTRA":[{"physCellId":402,
			"cgi-Info":{"cellGlobalId":{"plmn-Identity":{"mcc":[0,0,1],"mnc":[0,1]},"cellIdentity":`+bs(28, 1)+`},"trackingAreaCode":`+bs(16, 2)+`},"measResult":{"rsrpResult":0,"rsrqResult":34}}]},
			"locationInfo-r10":{"locationCoordinates-r10":{"ellipsoid-Point-r10":"010203040506"}},"measResultServFreqList-r10":[{"servFreqId-r10":1}]}}`),
			&lterrc.MeasurementReport{Envelope: lterrc.Envelope{Known: true}, MeasID: 3, Measured: true, RSRPDBm: -43, RSRQDB: -20, RAT: lterrc.EUTRA, NeighbourCount: 1, Location: true, ServingCells: 1,
				Neighbours: [8]lterrc.MeasuredCell{{Number: 402, LevelDBm: some(int16(-140)), QualityDB: some(float32(-3)), CGI: some(lterrc.CellGlobal{PLMN: ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}, CellIdentity: 1, Area: some(uint16(2))})}}}},
		{"MeasurementReport, UTRA", rrc.ULDCCH, ccch("measurementReport", "measurementReport-r8", `{"measResults":{"measId":1,"measResultPCell":{"rsrpResult":0,"rsrqResult":34},"measResultNeighCells":{"measResultListUTRA":[{"physCellId":{"fdd":511},"measResult":{"utra-RSCP":-5,"utra-EcN0":49}}]},
			"measId-v1250":33,"measResultPCell-v1250":-30,"measResultPCell-v1360":-17}}`),
			&lterrc.MeasurementReport{Envelope: lterrc.Envelope{Known: true}, MeasID: 33, Measured: true, RSRPDBm: -157, RSRQDB: -35, RAT: lterrc.UTRA, NeighbourCount: 1,
				Neighbours: [8]lterrc.MeasuredCell{{Number: 511, LevelDBm: some(int16(-120)), QualityDB: some(float32(0))}}}},
		{"MeasurementReport, GERAN", rrc.ULDCCH, ccch("measurementReport", "measurementReport-r8", `{"measResults":{"measId":1,"measResultPCell":{"rsrpResult":1,"rsrqResult":1},"measResultNeighCells":{"measResultListGERAN":[{"carrierFreq":{"arfcn":1023,"bandIndicator":"dcs1800"},
			"physCellId":{"networkColourCode":"010","baseStationColourCode":"011"},"cgi-Info":{"cellGlobalId":{"plmn-Identity":{"mcc":[0,0,1],"mnc":[0,1]},"locationAreaCode":`+bs(16, 7)+`,"cellIdentity":`+bs(16, 8)+`}},"measResult":{"rssi":63}}]}}}`),
			&lterrc.MeasurementReport{Envelope: lterrc.Envelope{Known: true}, MeasID: 1, Measured: true, RSRPDBm: -139, RSRQDB: -19.5, RAT: lterrc.GERAN, NeighbourCount: 1,
				Neighbours: [8]lterrc.MeasuredCell{{Number: 19, ARFCN: 1023, LevelDBm: some(int16(-47)), CGI: some(lterrc.CellGlobal{PLMN: ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}, CellIdentity: 8, Area: some(uint16(7))})}}}},
		{"MeasurementReport, CDMA2000 and no neighbour", rrc.ULDCCH, ccch("measurementReport", "measurementReport-r8", `{"measResults":{"measId":1,"measResultPCell":{"rsrpResult":1,"rsrqResult":1},"measResultNeighCells":{"measResultsCDMA2000":{"preRegistrationStatusHRPD":true,"measResultListCDMA2000":[{"physCellId":511,"measResult":{"pilotStrength":63}}]}}}}`),
			&lterrc.MeasurementReport{Envelope: lterrc.Envelope{Known: true}, MeasID: 1, Measured: true, RSRPDBm: -139, RSRQDB: -19.5, RAT: lterrc.HRPD, NeighbourCount: 1,
				Neighbours: [8]lterrc.MeasuredCell{{Number: 511, QualityDB: some(float32(-31.5))}}}},
		{"MeasurementReport, NR", rrc.ULDCCH, ccch("measurementReport", "measurementReport-r8", `{"measResults":{"measId":1,"measResultPCell":{"rsrpResult":1,"rsrqResult":1},"measResultNeighCells":{"measResultNeighCellListNR-r15":[{"pci-r15":1007,"measResultCell-r15":{"rsrpResult-r15":127,"rsrqResult-r15":0}}]}}}`),
			&lterrc.MeasurementReport{Envelope: lterrc.Envelope{Known: true}, MeasID: 1, Measured: true, RSRPDBm: -139, RSRQDB: -19.5, RAT: lterrc.NR, NeighbourCount: 1,
				Neighbours: [8]lterrc.MeasuredCell{{Number: 1007, LevelDBm: some(int16(-29)), QualityDB: some(float32(-43.5))}}}},
		{"UEInformationRequest", rrc.DLDCCH, dcch("ueInformationRequest-r9", "ueInformationRequest-r9", chain(`"rach-ReportReq-r9":false,"rlf-ReportReq-r9":true`, ``, `"logMeasReportReq-r10":"true"`, `"connEstFailReportReq-r11":"true"`, `"mobilityHistoryReportReq-r12":"true"`, `"idleModeMeasurementReq-r15":"true"`, `"coarseLocationReq-r17":"true"`)),
			&lterrc.UEInformationRequest{Envelope: known, RLF: true, LogMeas: true, ConnEstFail: true, MobilityHistory: true, IdleMeas: true, CoarseLocation: true}},
		{"UEInformationResponse", rrc.ULDCCH, dcch("ueInformationResponse-r9", "ueInformationResponse-r9", chain(`"rlf-Report-r9":{"measResultLastServCell-r9":{"rsrpResult-r9":1},"locationInfo-r10":{"locationCoordinates-r10":{"ellipsoid-Point-r10":"01"}},"connectionFailureType-r10":"rlf",
			"basicFields-r11":{"c-RNTI-r11":`+bs(16, 1)+`,"rlf-Cause-r11":"t312-Expiry-r12","timeSinceFailure-r11":1}}`, ``, ``, ``, ``, `"measResultListIdle-r15":[{"measResultServingCell-r15":{"rsrpResult-r15":1,"rsrqResult-r15":1}}]`)),
			&lterrc.UEInformationResponse{Envelope: known, RLF: true, RLFLocation: true, RLFCause: "t312-Expiry", RLFConnectionFailure: "rlf", IdleMeas: true}},
		{"LoggedMeasurementConfiguration", rrc.DLDCCH, c1("loggedMeasurementConfiguration-r10", `{"criticalExtensions":{"c1":{"loggedMeasurementConfiguration-r10":{"traceReference-r10":{"plmn-Identity-r10":{"mcc":[0,0,1],"mnc":[0,1]},"traceId-r10":"010203"},
			"traceRecordingSessionRef-r10":"0001","tce-Id-r10":"01","absoluteTimeInfo-r10":`+bs(48, 0)+`,"areaConfiguration-r10":{"trackingAreaCodeList-r10":[`+bs(16, 1)+`]},"loggingDuration-r10":"min120","loggingInterval-r10":"ms61440"}}}}`),
			&lterrc.LoggedMeasurementConfiguration{Envelope: lterrc.Envelope{Known: true}, DurationMinutes: 120, IntervalMs: 61440, Area: true}},
		{"CounterCheck", rrc.DLDCCH, dcch("counterCheck", "counterCheck-r8", `{"drb-CountMSB-InfoList":[{"drb-Identity":1,"countMSB-Uplink":0,"countMSB-Downlink":0}]}`), &lterrc.CounterCheck{Envelope: known, DRBs: 1}},
		{"DLInformationTransfer", rrc.DLDCCH, dcch("dlInformationTransfer", "dlInformationTransfer-r8", `{"dedicatedInfoType":{"dedicatedInfoNAS":"075501"}}`),
			&lterrc.InformationTransfer{Envelope: known, NAS: lterrc.NASMessage{Octets: []byte{0x07, 0x55, 0x01}, OffsetBits: 21}}},
		{"DLInformationTransfer of Release 15", rrc.DLDCCH, dcch("dlInformationTransfer", "dlInformationTransfer-r15", `{"dedicatedInfoType-r15":{"dedicatedInfoNAS-r15":"0755"}}`),
			&lterrc.InformationTransfer{Envelope: known, NAS: lterrc.NASMessage{Octets: []byte{0x07, 0x55}, OffsetBits: 23}}},
		{"ULInformationTransfer, CDMA2000", rrc.ULDCCH, ccch("ulInformationTransfer", "ulInformationTransfer-r8", `{"dedicatedInfoType":{"dedicatedInfoCDMA2000-HRPD":"01"}}`), &lterrc.InformationTransfer{Envelope: lterrc.Envelope{Known: true}, CDMA: lterrc.HRPD}},
		{"ULInformationTransfer-NB", rrc.ULDCCHNB, c1("ulInformationTransfer-r13", `{"criticalExtensions":{"ulInformationTransfer-r13":{"dedicatedInfoNAS-r13":"0743"}}}`),
			&lterrc.InformationTransfer{Envelope: lterrc.Envelope{Known: true}, NAS: lterrc.NASMessage{Octets: []byte{0x07, 0x43}, OffsetBits: 16}}},
		{"SystemInformation", rrc.BCCHDLSCH, sysInfo(`{"sib2":`+sib2Text+`}`, `{"sib3":`+sib3Text+`}`, `{"sib4":`+sib4Text+`}`, `{"sib5":`+sib5Text+`}`, `{"sib6":`+sib6Text+`}`, `{"sib7":`+sib7Text+`}`, `{"sib8":`+sib8Text+`}`,
			`{"sib10":`+sib10Text+`}`, `{"sib11":`+sib11Text+`}`, `{"sib12-v920":`+sib12Text+`}`, `{"sib24-v1530":`+sib24Text+`}`), nil},
	}
}

func imsi(digits string) ident.MobileIdentity {
	m, _ := ident.ParseDigits(ident.IMSI, digits)
	return m
}

func TestViews(t *testing.T) {
	var d rrc.Decoder
	var v views
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			m, err := d.Decode(s.channel, encode(t, s.channel, s.text))
			if err != nil {
				t.Fatal(err)
			}
			got := v.of(m)
			if got == nil {
				t.Fatalf("no view of %s", m.Name())
			}
			got.Read(m.Body)
			switch s.name {
			case "Release to E-UTRA above 65535":
				checkPriorities(t, &v.release.Idle)
				v.release.Idle = lterrc.IdlePriorities{}
			}
			if s.want != nil && !reflect.DeepEqual(got, s.want) {
				t.Errorf("got\n%+v\nwant\n%+v", got, s.want)
			}
			got.Read(uper.Value{}) // sets it anew
			if zero := reflect.New(reflect.TypeOf(got).Elem()); !reflect.DeepEqual(got, zero.Interface()) {
				t.Errorf("not zero for an absent value: %+v", got)
			}
		})
	}
}

func checkPriorities(t *testing.T, p *lterrc.IdlePriorities) {
	t.Helper()
	want := []lterrc.FrequencyPriority{{RAT: lterrc.EUTRA, ARFCN: 1300, Priority: 1}, {RAT: lterrc.EUTRA, ARFCN: 66800}, {RAT: lterrc.GERAN, ARFCN: 512, ARFCNs: 2, Priority: 7},
		{RAT: lterrc.UTRAFDD, ARFCN: 10588, Priority: 6}, {RAT: lterrc.UTRATDD, ARFCN: 9, Priority: 5}, {RAT: lterrc.HRPD, ARFCN: 17, Priority: 4}, {RAT: lterrc.XRTT, ARFCN: 1, Priority: 3},
		{RAT: lterrc.EUTRA, ARFCN: 68586, Priority: 2}, {RAT: lterrc.NR, ARFCN: 632628, Priority: 1}}
	if !p.Present || !slices.Equal(p.Priorities[:p.Count], want) || p.T320Minutes != some(uint8(180)) {
		t.Errorf("priorities %+v, T320 %+v", p.Priorities[:p.Count], p.T320Minutes)
	}
}

// decode decodes the sample of that name.
func decode(t *testing.T, d *rrc.Decoder, name string) *rrc.Message {
	t.Helper()
	for _, s := range samples() {
		if s.name == name {
			m, err := d.Decode(s.channel, encode(t, s.channel, s.text))
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
	}
	t.Fatalf("no sample %q", name)
	return nil
}

func TestSystemInformationBlocks(t *testing.T) {
	var d rrc.Decoder
	var v views
	v.read(decode(t, &d, "SystemInformation"))
	var numbers []uint8
	for _, b := range v.si.SIBs[:v.si.Count] {
		numbers = append(numbers, b.Number)
	}
	if !v.si.Known || !slices.Equal(numbers, []uint8{2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 24}) {
		t.Errorf("SIBs %v", numbers)
	}
	check := func(got, want any) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got\n%+v\nwant\n%+v", got, want)
		}
	}
	check(v.sib2, lterrc.SIB2{BarringInfo: true, BarredEmergency: true, BarringMOSignalling: some(lterrc.Barring{Percent: 5, TimeSeconds: 512, SpecialAC: 0x11}), BarringCSFB: some(lterrc.Barring{TimeSeconds: 4}),
		Preambles: 52, PowerRampingStepDB: 4, PreambleTargetPowerDBm: -104, PreambleTransMax: 200, RAResponseWindowMs: 10, ContentionResolutionTimerMs: 48, MaxHARQMsg3: 4,
		ModificationPeriodCoeff: 4, PagingCycleRF: 128, NB32: 8, RootSequenceIndex: 204, PRACHConfigIndex: 3, HighSpeed: true, ZeroCorrelationZone: 12, PRACHFreqOffset: 94,
		ReferenceSignalPowerDBm: -60, PB: 1, NSB: 2, PUSCHHoppingOffset: 98, Enable64QAM: true, DeltaPUCCHShift: 2, NRBCQI: 5, NCSAN: 6, N1PUCCHAN: 2047,
		P0NominalPUSCHDBm: -126, P0NominalPUCCHDBm: -127, AlphaTenths: 7, DeltaPreambleMsg3DB: -2, ExtendedCP: true,
		T300Ms: 1500, T301Ms: 2000, T311Ms: 30000, N310: 20, N311: 10, UplinkEARFCN: some(uint32(131972)), UplinkRB: some(uint8(75)), AdditionalSpectrumEmission: 32})
	check(v.sib3, lterrc.SIB3{QHystDB: 24, SpeedState: true, SNonIntraSearchDB: some(uint8(62)), SNonIntraSearchPDB: some(uint8(16)), SNonIntraSearchQDB: some(uint8(7)),
		ThreshServingLowDB: 10, ThreshServingLowQDB: some(uint8(3)), Priority: 7, QRxLevMinDBm: -140, PMaxDBm: some(int8(33)), SIntraSearchDB: some(uint8(0)), SIntraSearchPDB: some(uint8(60)), SIntraSearchQDB: some(uint8(9)),
		AllowedMeasRB: some(uint8(100)), TReselectionSeconds: 1, QQualMinDB: some(int8(-34)), QQualMinWidebandDB: some(int8(-3)), QQualMinAllSymbolsDB: some(int8(-4))})
	check(v.sib4, lterrc.SIB4{Neighbours: [16]lterrc.Neighbour{{PCI: 503, QOffsetDB: -24}, {QOffsetDB: 24}}, NeighbourCount: 2,
		Excluded: [16]lterrc.PCIRange{{Start: 7, Count: 1}, {Start: 100, Count: 504}, {Start: 8}}, ExcludedCount: 3, CSG: some(lterrc.PCIRange{Start: 2, Count: 84})})
	check(v.sib5, lterrc.SIB5{Count: 3, Listed: 2, Carriers: [16]lterrc.InterFreqCarrier{
		{EARFCN: 1300, QRxLevMinDBm: -128, PMaxDBm: some(int8(23)), QQualMinDB: some(int8(-20)), TReselectionSeconds: 2, ThreshXHighDB: 20, ThreshXLowDB: 62, ThreshXHighQDB: some(uint8(4)), ThreshXLowQDB: some(uint8(5)),
			AllowedMeasRB: 50, Priority: some(uint8(6)), QOffsetFreqDB: -3, Neighbours: [16]lterrc.Neighbour{{PCI: 9}}, NeighbourCount: 1, Excluded: [16]lterrc.PCIRange{{Start: 1, Count: 4}}, ExcludedCount: 1},
		{EARFCN: 66786, QRxLevMinDBm: -140, AllowedMeasRB: 6},
		{EARFCN: 68586, QRxLevMinDBm: -120, TReselectionSeconds: 1, ThreshXHighDB: 2, ThreshXLowDB: 4, AllowedMeasRB: 25, Priority: some(uint8(0)), QOffsetFreqDB: 5}}})
	check(v.sib6, lterrc.SIB6{FDDCount: 2, TDDCount: 1, TReselectionSeconds: 2,
		FDD: [32]lterrc.UTRACarrier{{UARFCN: 10588, Priority: some(uint8(3)), ThreshXHighDB: 2, ThreshXLowDB: 4, ThreshXHighQDB: some(uint8(6)), ThreshXLowQDB: some(uint8(7)), QRxLevMinDBm: -119, PMaxDBm: 24, QQualMinDB: some(int8(-18))},
			{UARFCN: 4387, ThreshXLowDB: 6, QRxLevMinDBm: -115, PMaxDBm: 33, QQualMinDB: some(int8(0))}},
		TDD: [32]lterrc.UTRACarrier{{UARFCN: 10054, QRxLevMinDBm: -25, PMaxDBm: -50}}})
	v.sib5.Read(uper.Value{})
	check(v.sib5, lterrc.SIB5{})
	g := lterrc.GERANGroup{Carriers: lterrc.GERANCarriers{Starting: 1020, PCS: true}, Priority: some(uint8(1)), NCCPermitted: 0x81, QRxLevMinDBm: -25, PMaxDBm: some(uint8(39)), ThreshXHighDB: 8, ThreshXLowDB: 10}
	for _, n := range []int{1020, 1023, 2} {
		g.Carriers.ARFCNs.Add(n)
	}
	check(v.sib7, lterrc.SIB7{TReselectionSeconds: 3, Groups: [16]lterrc.GERANGroup{g}, Count: 1})
	check(v.sib8, lterrc.SIB8{HasHRPD: true, HasXRTT: true, HRPD: lterrc.CDMAReselection{Bands: [32]lterrc.CDMABand{{Class: 18, Priority: some(uint8(2)), ThreshXHigh: 63, ThreshXLow: 1}, {Class: 255}}, BandCount: 2, TReselectionSeconds: 4}})
	check(v.sib10, lterrc.SIB10{MessageIdentifier: 0x1100, SerialNumber: 0x3001, WarningType: 0x0180})
	check(v.warning, lterrc.WarningSegment{MessageIdentifier: 0x1112, SerialNumber: 0x4003, DataCodingScheme: some(uint8(15)), Text: []byte{1, 2, 3}, Area: []byte{0x77}})
	v.warning.Read(v.si.SIBs[8].Value)
	check(v.warning, lterrc.WarningSegment{MessageIdentifier: 0x1101, SerialNumber: 0x3002, Segment: 63, Last: true, Text: []byte{0xc1, 0xa2}})
	check(v.sib24, lterrc.SIB24{TReselectionSeconds: 2, Count: 1, Carriers: [8]lterrc.NRCarrier{{ARFCN: 632628, Bands: [32]uint16{78, 77}, BandCount: 2, SCSkHz: 240, Priority: some(uint8(7)),
		ThreshXHighDB: 4, ThreshXLowDB: 6, QRxLevMinDBm: -140, QQualMinDB: some(int8(-43))}}})
}

func TestReconfiguration(t *testing.T) {
	var d rrc.Decoder
	var r lterrc.RRCConnectionReconfiguration
	r.Read(decode(t, &d, "Reconfiguration, measurements").Body)
	c := &r.MeasConfig
	objects := []lterrc.MeasObject{{ID: 1, RAT: lterrc.EUTRA, ARFCN: 66786, AllowedMeasRB: 50, Cells: 1, Excluded: 1, ReportCGI: some(uint16(300))}, {ID: 2, RAT: lterrc.UTRATDD, ARFCN: 10588, Cells: 1, ReportCGI: some(uint16(126))},
		{ID: 3, RAT: lterrc.GERAN, ARFCN: 512, ARFCNs: 2, ReportCGI: some(uint16(57))}, {ID: 4, RAT: lterrc.HRPD, ARFCN: 77, BandClass: 1}, {ID: 5, RAT: lterrc.NR, ARFCN: 632628}}
	if !c.Present || !slices.Equal(c.Objects[:c.ObjectCount], objects) || c.ObjectsRemoved != 2 {
		t.Errorf("objects %+v", c.Objects[:c.ObjectCount])
	}
	reports := []lterrc.ReportConfig{{ID: 1, Trigger: "periodical", Purpose: "reportCGI", IntervalMs: 360_000, MaxCells: 1, IncludeLocation: true, SIRequestForHO: true},
		{ID: 32, InterRAT: true, Trigger: "eventB1-NR", IntervalMs: 10240, Amount: 8, MaxCells: 8}}
	if !slices.Equal(c.Reports[:c.ReportCount], reports) {
		t.Errorf("reports %+v", c.Reports[:c.ReportCount])
	}
	ids := []lterrc.MeasID{{ID: 32, Object: 5, Report: 1}, {ID: 64, Object: 1, Report: 2}}
	if !slices.Equal(c.IDs[:c.IDCount], ids) || c.SMeasureDBm != some(int16(-80)) || !c.Gaps || r.Mobility.Present {
		t.Errorf("%+v", c.IDs[:c.IDCount])
	}

	r.Read(decode(t, &d, "Reconfiguration, handover").Body)
	if c.Present || c.ObjectCount != 0 {
		t.Error("measConfig of the message before")
	}
	mobility := lterrc.MobilityControl{PCI: 402, EARFCN: some(uint32(66786)), UplinkEARFCN: some(uint32(132322)), DownlinkRB: some(uint8(50)), T304Ms: 10000, CRNTI: 0x1234}
	if r.Mobility != some(mobility) {
		t.Errorf("mobility %+v", r.Mobility)
	}
	security := lterrc.SecurityHandover{Type: lterrc.IntraLTE, Algorithms: lterrc.Algorithms{Present: true, Ciphering: 1, Integrity: 2}, KeyChange: true, NextHopChainingCount: some(uint8(5))}
	if r.Security != security || r.SCGCiphering != some(lterrc.EEA(2)) || !r.FullConfig {
		t.Errorf("security %+v, SCG %+v", r.Security, r.SCGCiphering)
	}
	if !r.RadioResources || r.SRBs != 1 || r.DRBs != 2 || r.DRBsReleased != 1 || r.SCells != 0 {
		t.Errorf("bearers %+v", r)
	}
	if r.NR != lterrc.NRSetup || string(r.NRCellGroup) != "\xaa\xbb" || string(r.NRRadioBearers1) != "\x01" || r.NRRadioBearers2 != nil || r.SKCounter != some(uint16(65535)) {
		t.Errorf("NR %v % x", r.NR, r.NRCellGroup)
	}
	var nas []string
	for _, n := range r.NAS[:r.NASCount] {
		nas = append(nas, string(n.Octets))
	}
	if !slices.Equal(nas, []string{"\x07\x42", "\x07\x48", "\x07\x49"}) {
		t.Errorf("NAS %q", nas)
	}
	var s lterrc.SIB1
	s.Read(r.SIB1)
	var s2 lterrc.SIB2
	s2.Read(r.SIB2)
	if s.TAC != 0x1234 || s.Band != 66 || s2.RootSequenceIndex != 204 {
		t.Errorf("dedicated SIB1 %+v, SIB2 %+v", s, s2)
	}
}

// TestSecurityHandover reads the variants of SecurityConfigHO.
func TestSecurityHandover(t *testing.T) {
	const algorithms = `{"cipheringAlgorithm":"eea3-v1130","integrityProtAlgorithm":"spare4"}`
	set := lterrc.Algorithms{Present: true, Ciphering: 3, Integrity: 4}
	var d rrc.Decoder
	var r lterrc.RRCConnectionReconfiguration
	for _, tt := range []struct {
		r8   bool
		text string
		want lterrc.SecurityHandover
		name string
	}{
		{true, `{"interRAT":{"securityAlgorithmConfig":` + algorithms + `,"nas-SecurityParamToEUTRA":"010203040506"}}`, lterrc.SecurityHandover{Type: lterrc.InterRAT, Algorithms: set}, "interRAT"},
		{true, `{"intraLTE":{"keyChangeIndicator":false,"nextHopChainingCount":0}}`, lterrc.SecurityHandover{Type: lterrc.IntraLTE, NextHopChainingCount: some(uint8(0))}, "intraLTE"},
		{false, `{"intra5GC-r15":{"securityAlgorithmConfig-r15":` + algorithms + `,"keyChangeIndicator-r15":true,"nextHopChainingCount-r15":3}}`, lterrc.SecurityHandover{Type: lterrc.Intra5GC, Algorithms: set, KeyChange: true, NextHopChainingCount: some(uint8(3))}, "intra5GC"},
		{false, `{"fivegc-ToEPC-r15":{"securityAlgorithmConfig-r15":` + algorithms + `,"nextHopChainingCount-r15":3}}`, lterrc.SecurityHandover{Type: lterrc.FiveGCToEPC, Algorithms: set, NextHopChainingCount: some(uint8(3))}, "fivegc-ToEPC"},
		{false, `{"epc-To5GC-r15":{"securityAlgorithmConfig-r15":` + algorithms + `,"nas-Container-r15":"01"}}`, lterrc.SecurityHandover{Type: lterrc.EPCTo5GC, Algorithms: set}, "epc-To5GC"},
	} {
		body := chain(``, ``, ``, ``, ``, ``, ``, ``, ``, `"securityConfigHO-v1530":{"handoverType-v1530":`+tt.text+`}`)
		if tt.r8 {
			body = `{"securityConfigHO":{"handoverType":` + tt.text + `}}`
		}
		m, err := d.Decode(rrc.DLDCCH, encode(t, rrc.DLDCCH, dcch("rrcConnectionReconfiguration", "rrcConnectionReconfiguration-r8", body)))
		if err != nil {
			t.Fatal(err)
		}
		if r.Read(m.Body); r.Security != tt.want || r.Security.Type.String() != tt.name {
			t.Errorf("%s: %+v", tt.name, r.Security)
		}
	}
	if s := fmt.Sprint(lterrc.EEA(0), lterrc.EEA(7), lterrc.EIA(2), lterrc.EIA(4), lterrc.NoHandover); s != "EEA0 EEA7 EIA2 EIA4 " {
		t.Errorf("%q", s)
	}
}

// TestGERANCarriers reads the three ways to write a set of ARFCNs.
func TestGERANCarriers(t *testing.T) {
	var d rrc.Decoder
	var r lterrc.RRCConnectionRelease
	for _, tt := range []struct{ following, want string }{
		{`{"explicitListOfARFCNs":[]}`, "1019"},
		{`{"explicitListOfARFCNs":[0,5,1019]}`, "0 5 1019"},
		{`{"equallySpacedARFCNs":{"arfcn-Spacing":8,"numberOfFollowingARFCNs":0}}`, "1019"},
		{`{"equallySpacedARFCNs":{"arfcn-Spacing":2,"numberOfFollowingARFCNs":4}}`, "1 3 1019 1021 1023"},
		{`{"variableBitMapOfARFCNs":"00"}`, "1019"},
		{`{"variableBitMapOfARFCNs":"8801"}`, "0 11 1019 1020"},
	} {
		text := dcch("rrcConnectionRelease", "rrcConnectionRelease-r8", `{"releaseCause":"other","redirectedCarrierInfo":{"geran":{"startingARFCN":1019,"bandIndicator":"pcs1900","followingARFCNs":`+tt.following+`}}}`)
		m, err := d.Decode(rrc.DLDCCH, encode(t, rrc.DLDCCH, text))
		if err != nil {
			t.Fatal(err)
		}
		if r.Read(m.Body); r.Redirect.GERAN.ARFCNs.String() != tt.want || !r.Redirect.GERAN.PCS || r.Redirect.ARFCNs[0] != 1019 {
			t.Errorf("%s: %v", tt.following, r.Redirect.GERAN.ARFCNs)
		}
	}
}

func TestEUTRACapability(t *testing.T) {
	text := chain(`"accessStratumRelease":"rel16","ue-Category":4,"pdcp-Parameters":{"supportedROHC-Profiles":{"profile0x0001-r15":false,"profile0x0002-r15":false,"profile0x0003-r15":false,"profile0x0004-r15":false,"profile0x0006-r15":false,"profile0x0101-r15":false,"profile0x0102-r15":false,"profile0x0103-r15":false,"profile0x0104-r15":false}},
		"phyLayerParameters":{"ue-TxAntennaSelectionSupported":false,"ue-SpecificRefSigsSupported":false},"rf-Parameters":{"supportedBandListEUTRA":[{"bandEUTRA":3,"halfDuplex":false},{"bandEUTRA":64,"halfDuplex":true}]},
		"measParameters":{"bandListEUTRA":[{"interFreqBandList":[{"interFreqNeedForGaps":true}]}]},"featureGroupIndicators":`+bs(32, 0x80000001)+`,"interRAT-Parameters":{}`,
		`"phyLayerParameters-v920":{},"interRAT-ParametersGERAN-v920":{},"csg-ProximityIndicationParameters-r9":{},"neighCellSI-AcquisitionParameters-r9":{},"son-Parameters-r9":{}`,
		`"lateNonCriticalExtension":`+chain(``, ``, ``, `"rf-Parameters-v9e0":{"supportedBandListEUTRA-v9e0":[{},{"bandEUTRA-v9e0":66}]}`), `"ue-Category-v1020":7`, ``, ``,
		`"pdcp-Parameters-v1130":{},"rf-Parameters-v1130":{},"measParameters-v1130":{},"interRAT-ParametersCDMA2000-v1130":{},"otherParameters-r11":{}`, ``, ``, ``, `"ue-CategoryDL-r12":12,"ue-CategoryUL-r12":13`, `"ue-CategoryDL-v1260":16`)
	b, err := rrc.Schema(rrc.LTE).EncodeJSON(nil, "UE-EUTRA-Capability", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var d rrc.Decoder
	if _, err := d.Decode(rrc.PCCH, []byte{0}); err != nil {
		t.Fatal(err)
	}
	v, err := d.Contained("UE-EUTRA-Capability", b)
	if err != nil {
		t.Fatal(err)
	}
	var c lterrc.EUTRACapability
	c.Read(v)
	want := lterrc.EUTRACapability{Release: 16, Category: 7, DownlinkCategory: some(uint8(16)), UplinkCategory: some(uint8(13)), Bands: [64]uint16{3, 66}, BandCount: 2, FeatureGroups: some(uint32(0x80000001))}
	if c != want {
		t.Errorf("got\n%+v\nwant\n%+v", c, want)
	}
}

// TestNAS finds dedicatedInfoNAS in every message that carries it.
func TestNAS(t *testing.T) {
	var d rrc.Decoder
	for _, tt := range []struct {
		channel rrc.Channel
		text    string
		want    string
	}{
		{rrc.ULDCCH, `{"message":{"messageClassExtension":{"c2":{"rrcConnectionResumeComplete-r13":{"rrc-TransactionIdentifier":1,"criticalExtensions":{"rrcConnectionResumeComplete-r13":{"dedicatedInfoNAS-r13":"074d"}}}}}}}`, "074d"},
		{rrc.ULDCCH, ccch("ulInformationTransfer", "ulInformationTransfer-r16", `{"dedicatedInfoType-r16":{"dedicatedInfoNAS-r16":"0743"}}`), "0743"},
		{rrc.ULDCCHNB, c1("rrcConnectionSetupComplete-r13", `{"rrc-TransactionIdentifier":1,"criticalExtensions":{"rrcConnectionSetupComplete-r13":{"selectedPLMN-Identity-r13":1,"dedicatedInfoNAS-r13":"0741"}}}`), "0741"},
		{rrc.ULDCCHNB, c1("rrcConnectionResumeComplete-r13", `{"rrc-TransactionIdentifier":1,"criticalExtensions":{"rrcConnectionResumeComplete-r13":{"dedicatedInfoNAS-r13":"074d"}}}`), "074d"},
		{rrc.DLDCCHNB, dcch("dlInformationTransfer-r13", "dlInformationTransfer-r13", `{"dedicatedInfoNAS-r13":"0755"}`), "0755"},
		{rrc.DLDCCHNB, dcch("rrcConnectionReconfiguration-r13", "rrcConnectionReconfiguration-r13", `{"dedicatedInfoNASList-r13":["0742","0750"]}`), "0742 0750"},
		{rrc.ULCCCHNB, c1("rrcEarlyDataRequest-r15", `{"criticalExtensions":{"later":{"rrcEarlyDataRequest-r16":{"ng-5G-S-TMSI-r16":`+bs(48, 1)+`,"establishmentCause-r16":"mo-Data","dedicatedInfoNAS-r16":"07"}}}}`), "07"},
		{rrc.DLCCCH, `{"message":{"messageClassExtension":{"c2":{"rrcEarlyDataComplete-r15":{"criticalExtensions":{"rrcEarlyDataComplete-r15":{"dedicatedInfoNAS-r15":"0752"}}}}}}}`, "0752"},
		{rrc.PCCH, c1("paging", `{}`), ""},
	} {
		m, err := d.Decode(tt.channel, encode(t, tt.channel, tt.text))
		if err != nil {
			t.Fatal(err)
		}
		f := found{}
		f.nas(m, "nas")
		if got := strings.Join(f["nas"], " "); got != tt.want {
			t.Errorf("%s: %q, want %q", m.Name(), got, tt.want)
		}
	}
	lterrc.NAS(nil, func([]byte, int) { t.Error("NAS of no message") })
}

// TestTruncation reads the views of messages cut at every octet: no panic, errors
// where they must be, and no algorithm from a command that ends before both.
func TestTruncation(t *testing.T) {
	var d rrc.Decoder
	var v views
	for _, s := range samples() {
		b := encode(t, s.channel, s.text)
		for n := range b {
			m, err := d.Decode(s.channel, b[:n])
			if err == nil {
				t.Errorf("%s: no error at %d of %d octets", s.name, n, len(b))
			} else if !errors.Is(err, wire.ErrShort) {
				t.Errorf("%s at %d: %v", s.name, n, err)
			}
			v.read(m)
			checkRanges(t, &v)
			if s.name == "SecurityModeCommand" && m.Name() == s.name && v.command.Algorithms.Present {
				t.Errorf("algorithms %+v from %d octets", v.command.Algorithms, n)
			}
		}
	}
}

// checkRanges checks values that have a range smaller than their type's.
func checkRanges(t testing.TB, v *views) {
	t.Helper()
	ok := func(name string, ok bool) {
		if !ok {
			t.Errorf("%s out of range", name)
		}
	}
	switch v.mib.DownlinkRB {
	case 0, 6, 15, 25, 50, 75, 100:
	default:
		t.Errorf("dl-Bandwidth %d", v.mib.DownlinkRB)
	}
	s := &v.sib1
	ok("ECI", s.ECI < 1<<28)
	ok("q-RxLevMin", s.QRxLevMin == 0 || s.QRxLevMin >= -70 && s.QRxLevMin <= -22)
	ok("band", s.Band <= 256)
	ok("systemInfoValueTag", s.ValueTag < 32)
	for _, p := range s.PLMNs[:s.PLMNCount] {
		ok("PLMN", p.PLMN == ident.PLMN{} || p.PLMN.MCC < 1000 && p.PLMN.MNC < 1000 && (p.PLMN.MNCDigits == 2 || p.PLMN.MNCDigits == 3))
	}
	for _, e := range s.Scheduling[:s.SchedulingCount] {
		ok("si-Periodicity", e.PeriodicityRF >= 8 && e.PeriodicityRF <= 512 || e.PeriodicityRF == 0)
		ok("SIB set", e.SIBs&3 == 0)
	}
	ok("rootSequenceIndex", v.sib2.RootSequenceIndex < 838)
	ok("q-Hyst", v.sib3.QHystDB <= 24)
	for _, n := range v.sib4.Neighbours[:v.sib4.NeighbourCount] {
		ok("PCI", n.PCI < 504 && n.QOffsetDB >= -24 && n.QOffsetDB <= 24)
	}
	for _, c := range v.sib5.Carriers[:v.sib5.Count] {
		ok("SIB5", c.EARFCN < 1<<18 && c.Priority.Value < 8 && c.ThreshXHighDB <= 62)
	}
	for _, c := range v.sib6.FDD[:v.sib6.FDDCount] {
		ok("SIB6", c.UARFCN < 1<<14 && c.Priority.Value < 8)
	}
	for _, g := range v.sib7.Groups[:v.sib7.Count] {
		ok("SIB7", g.Carriers.Starting < 1024 && g.QRxLevMinDBm <= 0)
	}
	total := uint8(0)
	for _, n := range v.paging.Kinds {
		total += n
	}
	ok("paging records", total == v.paging.Count && v.paging.CS+v.paging.PS <= total)
	ok("waitTime", v.reject.WaitTimeSeconds <= 16 && v.reject.ExtendedWaitTimeSeconds.Value <= 1800)
	for _, p := range v.release.Idle.Priorities[:v.release.Idle.Count] {
		ok("priority", p.RAT != lterrc.NoRAT && p.Priority < 8)
	}
	ok("PCI of handover", v.reconf.Mobility.Value.PCI < 504)
	for _, o := range v.reconf.MeasConfig.Objects[:v.reconf.MeasConfig.ObjectCount] {
		ok("measObjectId", o.ID <= 64)
	}
	r := &v.report
	ok("RSRP", !r.Measured || r.RSRPDBm >= -157 && r.RSRPDBm <= -43 && r.RSRQDB >= -35 && r.RSRQDB <= 3)
}

// TestAllocations reads every view without allocating.
func TestAllocations(t *testing.T) {
	var d rrc.Decoder
	var v views
	for _, s := range samples() {
		m, err := d.Decode(s.channel, encode(t, s.channel, s.text))
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(10, func() { v.read(m) }); n != 0 {
			t.Errorf("%s: %v allocations", s.name, n)
		}
	}
}

// FuzzViews decodes octets on any channel of LTE and reads every view that applies.
func FuzzViews(f *testing.F) {
	for _, s := range samples() {
		f.Add(uint8(s.channel), encode(f, s.channel, s.text))
	}
	var d rrc.Decoder
	var v views
	var e lterrc.EUTRACapability
	f.Fuzz(func(t *testing.T, c uint8, b []byte) {
		channel := rrc.DLCCCH + rrc.Channel(c)%(rrc.SCMCCHNB-rrc.DLCCCH+1)
		m, err := d.Decode(channel, b)
		var located *wire.DecodeError
		if err != nil && (!errors.As(err, &located) || located.Offset < 0 || located.Offset > len(b)) {
			t.Fatal(err)
		}
		if m == nil {
			return
		}
		v.read(m)
		checkRanges(t, &v)
		if a := v.command.Algorithms; a.Present {
			tree := m.Body.Field("criticalExtensions").Field("c1").Field("securityModeCommand-r8").Field("securityConfigSMC").Field("securityAlgorithmConfig")
			c, i := tree.Field("cipheringAlgorithm").Text(), tree.Field("integrityProtAlgorithm").Text()
			if (a.Ciphering == 0) != (c == "eea0") || (a.Integrity == 0) != (i == "eia0-v920") {
				t.Fatalf("%v, %v for %q, %q", a.Ciphering, a.Integrity, c, i)
			}
		}
		lterrc.NAS(m, func(octets []byte, offset int) {
			if offset < 0 || offset+8*len(octets) > 8*len(b) && len(octets) < 1<<14 {
				t.Fatalf("NAS of %d octets at bit %d of %d octets", len(octets), offset, len(b))
			}
		})
		// Every view must stand a value of any type.
		for n := range uint8(33) {
			if s := v.sib(n); s != nil {
				s.Read(m.Body)
			}
		}
		for _, w := range []view{&v.mib, &v.sib1, &v.si, &v.paging, &v.release, &v.reconf, &v.report, &e} {
			w.Read(m.Tree)
			w.Read(m.Body)
		}
		v = views{}
	})
}

func BenchmarkViews(b *testing.B) {
	var d rrc.Decoder
	var v views
	for _, s := range samples() {
		switch s.name {
		case "SIB1", "SIB1 without options", "SystemInformation", "Paging", "Reconfiguration, measurements", "SecurityModeCommand":
		default:
			continue
		}
		octets := encode(b, s.channel, s.text)
		b.Run("read "+s.name, func(b *testing.B) {
			m, err := d.Decode(s.channel, octets)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				v.read(m)
			}
		})
		b.Run("decode and read "+s.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(octets)))
			for b.Loop() {
				m, err := d.Decode(s.channel, octets)
				if err != nil {
					b.Fatal(err)
				}
				v.read(m)
			}
		})
	}
}
