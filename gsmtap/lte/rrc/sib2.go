package rrc

import "github.com/fbsdetect/fbsdetect/gsmtap/uper"

// Barring is AC-BarringConfig (TS 36.331 §6.3.1, SystemInformationBlockType2).
type Barring struct {
	// Percent is ac-BarringFactor: how many of a hundred attempts pass, 0 to 95.
	Percent uint8
	// TimeSeconds is ac-BarringTime.
	TimeSeconds uint16
	// SpecialAC are the bits for access classes 11 to 15, 11 first: set means barred.
	SpecialAC uint8
}

func barring(v uper.Value) Optional[Barring] {
	if !v.Present() {
		return Optional[Barring]{}
	}
	return Optional[Barring]{Barring{
		Percent:     number[uint8](v.Field("ac-BarringFactor")),
		TimeSeconds: number[uint16](v.Field("ac-BarringTime")),
		SpecialAC:   bits[uint8](v.Field("ac-BarringForSpecialAC")),
	}, true}
}

// SIB2 is SystemInformationBlockType2 (TS 36.331 §6.3.1): access barring, the radio
// configuration that all phones share, timers and uplink.
type SIB2 struct {
	// BarringInfo says that ac-BarringInfo is present; BarredEmergency is
	// ac-BarringForEmergency.
	BarringInfo, BarredEmergency bool
	// The barring of mobile originating signalling, data and CS fallback.
	BarringMOSignalling, BarringMOData, BarringCSFB Optional[Barring]

	// Preambles is numberOfRA-Preambles.
	Preambles uint8
	// PowerRampingStepDB is powerRampingStep.
	PowerRampingStepDB uint8
	// PreambleTargetPowerDBm is preambleInitialReceivedTargetPower.
	PreambleTargetPowerDBm int16
	// PreambleTransMax is preambleTransMax.
	PreambleTransMax uint8
	// RAResponseWindowMs and ContentionResolutionTimerMs are ra-ResponseWindowSize and
	// mac-ContentionResolutionTimer, in subframes of 1 ms.
	RAResponseWindowMs, ContentionResolutionTimerMs uint8
	// MaxHARQMsg3 is maxHARQ-Msg3Tx.
	MaxHARQMsg3 uint8
	// ModificationPeriodCoeff is modificationPeriodCoeff.
	ModificationPeriodCoeff uint8
	// PagingCycleRF is defaultPagingCycle in radio frames.
	PagingCycleRF uint16
	// NB32 is nB in 32nds of the paging cycle: 128 (four per frame) to 1; 0 if absent.
	NB32 uint8
	// RootSequenceIndex is rootSequenceIndex, 0 to 837.
	RootSequenceIndex uint16
	// PRACHConfigIndex, ZeroCorrelationZone and PRACHFreqOffset are the fields of
	// prach-ConfigInfo, HighSpeed its highSpeedFlag.
	PRACHConfigIndex    uint8
	HighSpeed           bool
	ZeroCorrelationZone uint8
	PRACHFreqOffset     uint8
	// ReferenceSignalPowerDBm is referenceSignalPower, -60 to 50 dBm per resource
	// element; PB is p-b.
	ReferenceSignalPowerDBm int8
	PB                      uint8
	// NSB, PUSCHHoppingOffset and Enable64QAM are fields of pusch-ConfigBasic.
	NSB, PUSCHHoppingOffset uint8
	Enable64QAM             bool
	// DeltaPUCCHShift, NRBCQI, NCSAN and N1PUCCHAN are the fields of pucch-ConfigCommon.
	DeltaPUCCHShift, NRBCQI, NCSAN uint8
	N1PUCCHAN                      uint16
	// P0NominalPUSCHDBm and P0NominalPUCCHDBm are -126 to 24 and -127 to -96 dBm;
	// AlphaTenths is alpha in tenths, 0 or 4 to 10.
	P0NominalPUSCHDBm, P0NominalPUCCHDBm int8
	AlphaTenths                          uint8
	// DeltaPreambleMsg3DB is deltaPreambleMsg3, -2 to 12 dB.
	DeltaPreambleMsg3DB int8
	// ExtendedCP is ul-CyclicPrefixLength len2.
	ExtendedCP bool

	// Timers T300, T301, T310 and T311 in ms, and the counters N310 and N311.
	T300Ms, T301Ms, T310Ms, T311Ms uint16
	N310, N311                     uint8

	// UplinkEARFCN is ul-CarrierFreq; absent means the default distance of the band.
	UplinkEARFCN Optional[uint32]
	// UplinkRB is ul-Bandwidth in resource blocks; absent means that of the downlink.
	UplinkRB Optional[uint8]
	// AdditionalSpectrumEmission is additionalSpectrumEmission, 1 to 288.
	AdditionalSpectrumEmission uint16
	// MBSFN says that mbsfn-SubframeConfigList is present.
	MBSFN bool
	// TimeAlignmentTimerMs is timeAlignmentTimerCommon; 0 is infinity.
	TimeAlignmentTimerMs uint16
}

// Read sets s from a SystemInformationBlockType2.
func (s *SIB2) Read(v uper.Value) {
	*s = SIB2{}
	for c := v.First(); c.Present(); c = c.Next() {
		switch c.Name() {
		case "ac-BarringInfo":
			s.BarringInfo = true
			s.BarredEmergency = c.Field("ac-BarringForEmergency").Bool()
			s.BarringMOSignalling = barring(c.Field("ac-BarringForMO-Signalling"))
			s.BarringMOData = barring(c.Field("ac-BarringForMO-Data"))
		case "radioResourceConfigCommon":
			for r := c.First(); r.Present(); r = r.Next() {
				s.common(r)
			}
		case "ue-TimersAndConstants":
			s.T300Ms = number[uint16](c.Field("t300"))
			s.T301Ms = number[uint16](c.Field("t301"))
			s.T310Ms = number[uint16](c.Field("t310"))
			s.N310 = number[uint8](c.Field("n310"))
			s.T311Ms = number[uint16](c.Field("t311"))
			s.N311 = number[uint8](c.Field("n311"))
		case "freqInfo":
			s.UplinkEARFCN = optional[uint32](c.Field("ul-CarrierFreq"))
			s.UplinkRB = optionalNumber[uint8](c.Field("ul-Bandwidth"))
			s.AdditionalSpectrumEmission = integer[uint16](c.Field("additionalSpectrumEmission"))
		case "mbsfn-SubframeConfigList":
			s.MBSFN = true
		case "timeAlignmentTimerCommon":
			s.TimeAlignmentTimerMs = number[uint16](c)
		case "lateNonCriticalExtension":
			for e := c.Contained(); e.Present(); e, _ = next(e) {
				if f := e.Field("ul-CarrierFreq-v9e0"); f.Present() {
					s.UplinkEARFCN = optional[uint32](f)
				}
				if f := e.Field("freqInfo-v10l0").Field("additionalSpectrumEmission-v10l0"); f.Present() {
					s.AdditionalSpectrumEmission = integer[uint16](f)
				}
			}
		case "ac-BarringForCSFB-r10":
			s.BarringCSFB = barring(c)
		}
	}
}

// common reads a component of RadioResourceConfigCommonSIB.
func (s *SIB2) common(c uper.Value) {
	switch c.Name() {
	case "rach-ConfigCommon":
		s.Preambles = number[uint8](c.Field("preambleInfo").Field("numberOfRA-Preambles"))
		ramping := c.Field("powerRampingParameters")
		s.PowerRampingStepDB = number[uint8](ramping.Field("powerRampingStep"))
		s.PreambleTargetPowerDBm = number[int16](ramping.Field("preambleInitialReceivedTargetPower"))
		ra := c.Field("ra-SupervisionInfo")
		s.PreambleTransMax = number[uint8](ra.Field("preambleTransMax"))
		s.RAResponseWindowMs = number[uint8](ra.Field("ra-ResponseWindowSize"))
		s.ContentionResolutionTimerMs = number[uint8](ra.Field("mac-ContentionResolutionTimer"))
		s.MaxHARQMsg3 = integer[uint8](c.Field("maxHARQ-Msg3Tx"))
	case "bcch-Config":
		s.ModificationPeriodCoeff = number[uint8](c.Field("modificationPeriodCoeff"))
	case "pcch-Config":
		s.PagingCycleRF = number[uint16](c.Field("defaultPagingCycle"))
		if nb := c.Field("nB"); nb.Present() { // fourT, twoT, oneT, halfT ... oneThirtySecondT
			s.NB32 = 128 >> (nb.Int() & 7)
		}
	case "prach-Config":
		s.RootSequenceIndex = integer[uint16](c.Field("rootSequenceIndex"))
		info := c.Field("prach-ConfigInfo")
		s.PRACHConfigIndex = integer[uint8](info.Field("prach-ConfigIndex"))
		s.HighSpeed = info.Field("highSpeedFlag").Bool()
		s.ZeroCorrelationZone = integer[uint8](info.Field("zeroCorrelationZoneConfig"))
		s.PRACHFreqOffset = integer[uint8](info.Field("prach-FreqOffset"))
	case "pdsch-ConfigCommon":
		s.ReferenceSignalPowerDBm = integer[int8](c.Field("referenceSignalPower"))
		s.PB = integer[uint8](c.Field("p-b"))
	case "pusch-ConfigCommon":
		basic := c.Field("pusch-ConfigBasic")
		s.NSB = integer[uint8](basic.Field("n-SB"))
		s.PUSCHHoppingOffset = integer[uint8](basic.Field("pusch-HoppingOffset"))
		s.Enable64QAM = basic.Field("enable64QAM").Bool()
	case "pucch-ConfigCommon":
		s.DeltaPUCCHShift = number[uint8](c.Field("deltaPUCCH-Shift"))
		s.NRBCQI = integer[uint8](c.Field("nRB-CQI"))
		s.NCSAN = integer[uint8](c.Field("nCS-AN"))
		s.N1PUCCHAN = integer[uint16](c.Field("n1PUCCH-AN"))
	case "uplinkPowerControlCommon":
		s.P0NominalPUSCHDBm = integer[int8](c.Field("p0-NominalPUSCH"))
		s.P0NominalPUCCHDBm = integer[int8](c.Field("p0-NominalPUCCH"))
		if a := c.Field("alpha"); a.Present() {
			s.AlphaTenths = [...]uint8{0, 4, 5, 6, 7, 8, 9, 10}[a.Int()&7]
		}
		s.DeltaPreambleMsg3DB = 2 * integer[int8](c.Field("deltaPreambleMsg3"))
	case "ul-CyclicPrefixLength":
		s.ExtendedCP = c.Int() == 1
	}
}
