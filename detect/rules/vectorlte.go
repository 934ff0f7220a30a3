package rules

import (
	"fmt"
	"strings"
)

// lteCell is a made-up LTE cell, for vectors. Its frames are written in the JSON form of
// RRC messages (TS 36.331 §6.2.2, §6.3.1).
type lteCell struct {
	earfcn, pci int    // pci -1: not recorded
	mcc, mnc    string // digits
	more        []string
	tac, eci    int
	band        int
	rxlev       int // raw q-RxLevMin
	barred      string
	reserved    string // cellReservedForOperatorUse
	reselection string // intraFreqReselection
	csg         bool
	tag         int
	bandwidth   string // dl-Bandwidth
	// sibs are the contents of its SI messages beside SIB2 and SIB3, by name; scheduled is
	// the number of SI messages in SIB1, 0 for as many as there are blocks.
	sibs      []sib
	scheduled int
	priority  int // cellReselectionPriority of SIB3, -1 for none
	hyst      string
	nonIntra  int // s-NonIntraSearch, -1 for none
	intra     int // s-IntraSearch, -1 for none
	common    string
}

// sib is a system information block: the name of its alternative and its value.
type sib struct{ name, value string }

// macro is a cell that no rule objects to: network 001-01, band 3, one SIB5 frequency.
func macro(earfcn, pci, eci int) lteCell {
	return lteCell{
		earfcn: earfcn, pci: pci, mcc: "001", mnc: "01", tac: 3000, eci: eci, band: 3, rxlev: -64,
		barred: "notBarred", reserved: "notReserved", reselection: "allowed", tag: 1, bandwidth: "n100",
		priority: 5, hyst: "dB4", nonIntra: 5, intra: 31, common: radioCommon(0),
		sibs: []sib{sib4(7, 8), sib5(carrier{2850, 6})},
	}
}

// but returns the cell after a change.
func (c lteCell) but(change func(*lteCell)) lteCell {
	c.sibs = append([]sib(nil), c.sibs...)
	change(&c)
	return c
}

func (c lteCell) at(channel string) string {
	if c.pci < 0 {
		return fmt.Sprintf("%s %d: ", channel, c.earfcn)
	}
	return fmt.Sprintf("%s %d/%d: ", channel, c.earfcn, c.pci)
}

func c1(channel, name, value string) string {
	return channel + `{"message":{"c1":{"` + name + `":` + value + "}}}\n"
}

func digitList(s string) string { return "[" + strings.Join(strings.Split(s, ""), ",") + "]" }

func (c lteCell) mib() string {
	return c.at("BCCH-BCH") + `{"message":{"dl-Bandwidth":"` + c.bandwidth +
		`","phich-Config":{"phich-Duration":"normal","phich-Resource":"one"},"systemFrameNumber":"00000000","schedulingInfoSIB1-BR-r13":0,` +
		`"systemInfoUnchanged-BR-r15":false,"partEARFCN-17":{"spare":"00"},"spare":"0"}}` + "\n"
}

func (c lteCell) sib1() string {
	var plmns []string
	for _, n := range append([]string{c.mcc + c.mnc}, c.more...) {
		plmns = append(plmns, fmt.Sprintf(`{"plmn-Identity":{"mcc":%s,"mnc":%s},"cellReservedForOperatorUse":"%s"}`,
			digitList(n[:3]), digitList(n[3:]), c.reserved))
	}
	n := c.scheduled
	if n == 0 {
		n = len(c.sibs) + 1
	}
	schedule := []string{`{"si-Periodicity":"rf16","sib-MappingInfo":["sibType3"]}`}
	for len(schedule) < n {
		schedule = append(schedule, `{"si-Periodicity":"rf32","sib-MappingInfo":["sibType5"]}`)
	}
	return c1(c.at("BCCH-DL-SCH"), "systemInformationBlockType1", fmt.Sprintf(
		`{"cellAccessRelatedInfo":{"plmn-IdentityList":[%s],"trackingAreaCode":"%016b","cellIdentity":"%028b","cellBarred":"%s","intraFreqReselection":"%s","csg-Indication":%t},`+
			`"cellSelectionInfo":{"q-RxLevMin":%d},"freqBandIndicator":%d,"schedulingInfoList":[%s],"si-WindowLength":"ms20","systemInfoValueTag":%d}`,
		strings.Join(plmns, ","), c.tac, c.eci, c.barred, c.reselection, c.csg, c.rxlev, c.band, strings.Join(schedule, ","), c.tag))
}

// si is a SystemInformation message with the given blocks.
func (c lteCell) si(blocks ...sib) string {
	var list []string
	for _, b := range blocks {
		list = append(list, `{"`+b.name+`":`+b.value+`}`)
	}
	return c1(c.at("BCCH-DL-SCH"), "systemInformation",
		`{"criticalExtensions":{"systemInformation-r8":{"sib-TypeAndInfo":[`+strings.Join(list, ",")+`]}}}`)
}

// radioCommon is a radioResourceConfigCommon of SIB2 whose rootSequenceIndex is given;
// the rest is like no shipped example of an open base station.
func radioCommon(root int) string {
	return fmt.Sprintf(`{"rach-ConfigCommon":{"preambleInfo":{"numberOfRA-Preambles":"n52"},"powerRampingParameters":{"powerRampingStep":"dB2","preambleInitialReceivedTargetPower":"dBm-100"},`+
		`"ra-SupervisionInfo":{"preambleTransMax":"n8","ra-ResponseWindowSize":"sf7","mac-ContentionResolutionTimer":"sf48"},"maxHARQ-Msg3Tx":4},`+
		`"bcch-Config":{"modificationPeriodCoeff":"n4"},"pcch-Config":{"defaultPagingCycle":"rf128","nB":"oneT"},`+
		`"prach-Config":{"rootSequenceIndex":%d,"prach-ConfigInfo":{"prach-ConfigIndex":4,"highSpeedFlag":false,"zeroCorrelationZoneConfig":12,"prach-FreqOffset":6}},`+
		`"pdsch-ConfigCommon":{"referenceSignalPower":15,"p-b":1},`+
		`"pusch-ConfigCommon":{"pusch-ConfigBasic":{"n-SB":1,"hoppingMode":"interSubFrame","pusch-HoppingOffset":22,"enable64QAM":true},"ul-ReferenceSignalsPUSCH":{"groupHoppingEnabled":false,"groupAssignmentPUSCH":0,"sequenceHoppingEnabled":false,"cyclicShift":0}},`+
		`"pucch-ConfigCommon":{"deltaPUCCH-Shift":"ds1","nRB-CQI":2,"nCS-AN":0,"n1PUCCH-AN":36},"soundingRS-UL-ConfigCommon":{"release":null},`+
		`"uplinkPowerControlCommon":{"p0-NominalPUSCH":-90,"alpha":"al1","p0-NominalPUCCH":-115,"deltaFList-PUCCH":{"deltaF-PUCCH-Format1":"deltaF0","deltaF-PUCCH-Format1b":"deltaF3","deltaF-PUCCH-Format2":"deltaF1","deltaF-PUCCH-Format2a":"deltaF2","deltaF-PUCCH-Format2b":"deltaF2"},"deltaPreambleMsg3":4},`+
		`"ul-CyclicPrefixLength":"len1"}`, root)
}

func (c lteCell) sib2() sib {
	return sib{"sib2", `{"radioResourceConfigCommon":` + c.common +
		`,"ue-TimersAndConstants":{"t300":"ms1000","t301":"ms400","t310":"ms1000","n310":"n10","t311":"ms3000","n311":"n1"},` +
		`"freqInfo":{"additionalSpectrumEmission":1},"timeAlignmentTimerCommon":"sf1920"}`}
}

func (c lteCell) sib3() sib {
	optional := func(name string, v int) string {
		if v < 0 {
			return ""
		}
		return fmt.Sprintf(`"%s":%d,`, name, v)
	}
	return sib{"sib3", fmt.Sprintf(`{"cellReselectionInfoCommon":{"q-Hyst":"%s"},"cellReselectionServingFreqInfo":{%s"threshServingLow":4,"cellReselectionPriority":%d},`+
		`"intraFreqCellReselectionInfo":{"q-RxLevMin":%d,%s"presenceAntennaPort1":true,"neighCellConfig":"01","t-ReselectionEUTRA":1}}`,
		c.hyst, optional("s-NonIntraSearch", c.nonIntra), c.priority, c.rxlev, optional("s-IntraSearch", c.intra))}
}

// sib4 lists neighbours on the cell's own frequency by PCI.
func sib4(pcis ...int) sib {
	var list []string
	for _, p := range pcis {
		list = append(list, fmt.Sprintf(`{"physCellId":%d,"q-OffsetCell":"dB0"}`, p))
	}
	return sib{"sib4", `{"intraFreqNeighCellList":[` + strings.Join(list, ",") + `]}`}
}

// carrier is a frequency with its cellReselectionPriority.
type carrier struct{ arfcn, priority int }

// sib5 lists LTE frequencies.
func sib5(carriers ...carrier) sib {
	var list []string
	for _, f := range carriers {
		list = append(list, fmt.Sprintf(`{"dl-CarrierFreq":%d,"q-RxLevMin":-64,"t-ReselectionEUTRA":1,"threshX-High":5,"threshX-Low":5,"allowedMeasBandwidth":"mbw50",`+
			`"presenceAntennaPort1":true,"cellReselectionPriority":%d,"neighCellConfig":"01"}`, f.arfcn, f.priority))
	}
	return sib{"sib5", `{"interFreqCarrierFreqList":[` + strings.Join(list, ",") + `]}`}
}

// sib6 lists UTRA FDD frequencies.
func sib6(carriers ...carrier) sib {
	var list []string
	for _, f := range carriers {
		list = append(list, fmt.Sprintf(`{"carrierFreq":%d,"cellReselectionPriority":%d,"threshX-High":5,"threshX-Low":5,"q-RxLevMin":-58,"p-MaxUTRA":24,"q-QualMin":-18}`, f.arfcn, f.priority))
	}
	return sib{"sib6", `{"carrierFreqListUTRA-FDD":[` + strings.Join(list, ",") + `],"t-ReselectionUTRA":2}`}
}

// sib7 lists groups of GERAN frequencies, each of one ARFCN.
func sib7(carriers ...carrier) sib {
	var list []string
	for _, f := range carriers {
		list = append(list, fmt.Sprintf(`{"carrierFreqs":{"startingARFCN":%d,"bandIndicator":"dcs1800","followingARFCNs":{"explicitListOfARFCNs":[]}},`+
			`"commonInfo":{"cellReselectionPriority":%d,"ncc-Permitted":"11111111","q-RxLevMin":5,"threshX-High":5,"threshX-Low":5}}`, f.arfcn, f.priority))
	}
	return sib{"sib7", `{"t-ReselectionGERAN":2,"carrierFreqsInfoList":[` + strings.Join(list, ",") + `]}`}
}

// cycle is all system information of the cell, as a phone reads it.
func (c lteCell) cycle() string {
	return c.mib() + c.sib1() + c.si(append([]sib{c.sib2(), c.sib3()}, c.sibs...)...)
}

// lteCycles is a round of each cell.
func lteCycles(cells ...lteCell) string {
	var b strings.Builder
	for _, c := range cells {
		b.WriteString(c.cycle())
	}
	return b.String()
}

// page is a Paging message with one record; identity is JSON, domain "ps" or "cs".
func (c lteCell) page(identity, domain string) string {
	return c1(c.at("PCCH"), "paging", `{"pagingRecordList":[{"ue-Identity":`+identity+`,"cn-Domain":"`+domain+`"}]}`)
}

// Identities of Paging records.
const (
	pagedTMSI = `{"s-TMSI":{"mmec":"00000001","m-TMSI":"00010001001000100011001101000100"}}`
	pagedIMSI = `{"imsi":[0,0,1,0,1,0,0,0,0,0,0,0,0,0,1]}`
)

// The messages of a connection. NAS is given in hexadecimal; it is carried as the
// dedicatedInfoNAS of an RRC message, so that its security header is known to be what
// was sent.

func (c lteCell) request(cause string) string {
	return c1(c.at("UL-CCCH"), "rrcConnectionRequest", `{"criticalExtensions":{"rrcConnectionRequest-r8":{"ue-Identity":{"randomValue":"`+
		strings.Repeat("01", 20)+`"},"establishmentCause":"`+cause+`","spare":"0"}}}`)
}

func (c lteCell) setup() string {
	return c1(c.at("DL-CCCH"), "rrcConnectionSetup", `{"rrc-TransactionIdentifier":0,"criticalExtensions":{"c1":{"rrcConnectionSetup-r8":{"radioResourceConfigDedicated":{}}}}}`)
}

// reject is RRCConnectionReject with a waitTime in seconds, 1 to 16.
func (c lteCell) reject(seconds int) string {
	return c1(c.at("DL-CCCH"), "rrcConnectionReject", fmt.Sprintf(`{"criticalExtensions":{"c1":{"rrcConnectionReject-r8":{"waitTime":%d}}}}`, seconds))
}

// connect is a connection up to RRCConnectionSetupComplete with the given NAS message.
func (c lteCell) connect(nas string) string {
	return c.request("mo-Signalling") + c.setup() +
		c1(c.at("UL-DCCH"), "rrcConnectionSetupComplete", `{"rrc-TransactionIdentifier":0,"criticalExtensions":{"c1":{"rrcConnectionSetupComplete-r8":{"selectedPLMN-Identity":1,"dedicatedInfoNAS":"`+hexOnly(nas)+`"}}}}`)
}

func (c lteCell) dl(nas string) string {
	return c1(c.at("DL-DCCH"), "dlInformationTransfer", `{"rrc-TransactionIdentifier":0,"criticalExtensions":{"c1":{"dlInformationTransfer-r8":{"dedicatedInfoType":{"dedicatedInfoNAS":"`+hexOnly(nas)+`"}}}}}`)
}

func (c lteCell) ul(nas string) string {
	return c1(c.at("UL-DCCH"), "ulInformationTransfer", `{"criticalExtensions":{"c1":{"ulInformationTransfer-r8":{"dedicatedInfoType":{"dedicatedInfoNAS":"`+hexOnly(nas)+`"}}}}}`)
}

func hexOnly(s string) string { return strings.Join(strings.Fields(s), "") }

// asSecurity is the SecurityModeCommand of RRC and its completion.
func (c lteCell) asSecurity(cipher, integrity string) string {
	return c1(c.at("DL-DCCH"), "securityModeCommand", `{"rrc-TransactionIdentifier":1,"criticalExtensions":{"c1":{"securityModeCommand-r8":{"securityConfigSMC":{"securityAlgorithmConfig":{"cipheringAlgorithm":"`+
		cipher+`","integrityProtAlgorithm":"`+integrity+`"}}}}}}`) +
		c1(c.at("UL-DCCH"), "securityModeComplete", `{"rrc-TransactionIdentifier":1,"criticalExtensions":{"securityModeComplete-r8":{}}}`)
}

// release is RRCConnectionRelease; more is JSON members behind releaseCause, with a
// leading comma, or empty.
func (c lteCell) release(more string) string {
	return c1(c.at("DL-DCCH"), "rrcConnectionRelease", `{"rrc-TransactionIdentifier":0,"criticalExtensions":{"c1":{"rrcConnectionRelease-r8":{"releaseCause":"other"`+more+`}}}}`)
}

// Redirections of a release.
const (
	toGERAN = `,"redirectedCarrierInfo":{"geran":{"startingARFCN":600,"bandIndicator":"dcs1800","followingARFCNs":{"explicitListOfARFCNs":[]}}}`
	toUTRA  = `,"redirectedCarrierInfo":{"utra-FDD":10700}`
	toEUTRA = `,"redirectedCarrierInfo":{"eutra":2850}`
)

// reconfigure is RRCConnectionReconfiguration with the given JSON members of its r8 form
// and its completion.
func (c lteCell) reconfigure(members string) string {
	return c1(c.at("DL-DCCH"), "rrcConnectionReconfiguration", `{"rrc-TransactionIdentifier":2,"criticalExtensions":{"c1":{"rrcConnectionReconfiguration-r8":{`+members+`}}}}`) +
		c1(c.at("UL-DCCH"), "rrcConnectionReconfigurationComplete", `{"rrc-TransactionIdentifier":2,"criticalExtensions":{"rrcConnectionReconfigurationComplete-r8":{}}}`)
}

// dcch is any other message of DL-DCCH or UL-DCCH.
func (c lteCell) dcch(channel, name, value string) string { return c1(c.at(channel), name, value) }

// NAS messages (TS 24.301 §8.2) of a phone of 001-01 and its network.
const (
	// attachGUTI: EPS attach, GUTI of 001-01, UE network capability, PDN connectivity
	// request, last visited TAI 001-01/3000.
	attachGUTI = "07 41 71 0b f600f110800101 11223344 04 e0e0 0000 0004 0201d011 52 00f1100bb8"
	// attachIMSI: the first attach of the IMSI 001010000000001.
	attachIMSI = "07 41 71 08 0910100000000010 04 e0e0 0000 0004 0201d011"
	// attachEmergency: EPS emergency attach with the IMEI.
	attachEmergency = "07 41 76 08 0a00000000000000 04 e0e0 0000 0004 0201d011"
	tauGUTI         = "07 48 00 0b f600f110800101 11223344 52 00f1100bb8"
	serviceNAS      = "c7 21 1234"
	csfbMO          = "07 4c 00 05 f411223344" // extended service request, mobile originating CS fallback
	nasAskIMSI      = "07 55 01"
	nasAskIMEI      = "07 55 02"
	nasAskIMEISV    = "07 55 03"
	nasAskTMSI      = "07 55 04"
	nasGiveIMSI     = "07 56 08 0910100000000010"
	nasGiveIMEISV   = "07 56 09 0300000000000000f0"
	nasChallenge    = "07 52 01 000102030405060708090a0b0c0d0e0f 10 101112131415161718191a1b1c1d1e1f"
	nasAnswer       = "07 53 08 0102030405060708"
	nasFailMAC      = "07 5c 14"
	nasFailSync     = "07 5c 15 30 0e 000102030405060708090a0b0c0d"
	nasNoKey        = "07 54" // AUTHENTICATION REJECT
	// The security mode command is integrity protected with a new context (header type
	// 3): EEA2 and EIA2, EEA0 and EIA2, EEA0 and EIA0.
	nasSecure22     = "37 01020304 00 07 5d 22 01 02 e0e0"
	nasSecure02     = "37 01020304 00 07 5d 02 01 02 e0e0"
	nasSecure00     = "37 00000000 00 07 5d 00 01 02 e0e0"
	nasSecured      = "47 01020304 00 07 5e"
	nasSecureReject = "07 5f 17" // SECURITY MODE REJECT, capabilities mismatch
	// nasAttachAccept is integrity protected and sent with the null cipher, so that it
	// can be read.
	nasAttachAccept   = "27 01020304 01 07 42 01 49 06 0000f1100bb8 0007 5201c101050102 50 0b f600f110800101 55667788"
	nasAttachComplete = "27 01020304 01 07 43 0003 5200c2"
	nasHidden         = "27 0a0b0c0d 02 93a1f05c77e2190b44"
	nasAttachReject3  = "07 44 03"
	nasAttachReject7  = "07 44 07"
	nasAttachReject8  = "07 44 08"
	nasAttachReject11 = "07 44 0b"
	nasAttachReject15 = "07 44 0f"
	nasTAUReject7     = "07 4b 07"
	nasTAUReject9     = "07 4b 09"
	nasServiceReject7 = "07 4e 07"
	nasServiceReject9 = "07 4e 09"
	nasDetachNet      = "07 45 02 53 07" // re-attach not required, cause 7
)

// authenticate is the challenge and its answer.
func (c lteCell) authenticate() string { return c.dl(nasChallenge) + c.ul(nasAnswer) }

// secured is a registration as a network with the subscriber's key runs it: all that is
// readable, and ciphered messages after it.
func (c lteCell) secured() string {
	return c.connect(attachGUTI) + c.authenticate() + c.dl(nasSecure22) + c.ul(nasSecured) + c.asSecurity("eea2", "eia2") +
		c.dl(nasHidden) + c.ul(nasHidden) + c.release("")
}

// measureEvery is a member of RRCConnectionReconfiguration that orders periodic reports
// of the strongest cells at the interval, with the phone's position on request.
func measureEvery(interval string, position bool) string {
	more := ""
	if position {
		more = `,"includeLocationInfo-r10":"true"`
	}
	return `"measConfig":{"reportConfigToAddModList":[{"reportConfigId":1,"reportConfig":{"reportConfigEUTRA":{"triggerType":{"periodical":{"purpose":"reportStrongestCells"}},` +
		`"triggerQuantity":"rsrp","reportQuantity":"both","maxReportCells":4,"reportInterval":"` + interval + `","reportAmount":"infinity"` + more + `}}}]}`
}

func greedyLTE(c *lteCell) {
	c.rxlev, c.hyst, c.priority, c.intra, c.nonIntra = -70, "dB24", 7, 0, 0
}

// public is the cell in a network that does not have a test code: 295-99, of a country
// but not allotted.
func public(c lteCell) lteCell { return c.but(func(c *lteCell) { c.mcc, c.mnc = "295", "99" }) }

// eight is a round of eight cells of one area.
func eight(tac int) string {
	var s string
	for i := range 8 {
		s += macro(1500, 20+i, 80001+i).but(func(c *lteCell) { c.tac = tac }).cycle()
	}
	return s
}
