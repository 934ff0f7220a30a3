package rrc

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// Limits of TS 36.331 §6.4.
const (
	maxPLMN       = 6
	maxPLMNMinus1 = 5
	maxMultiBands = 8
	maxSIMessage  = 32
	maxSIB        = 32
)

// PLMNInfo is one entry of a PLMN-IdentityList.
type PLMNInfo struct {
	PLMN ident.PLMN
	// Reserved is cellReservedForOperatorUse.
	Reserved bool
}

// CellAccess is the identity of a cell towards some of its PLMNs.
type CellAccess struct {
	// PLMNs are the first PLMNCount of the array; one whose country code is not given
	// by any entry before is zero.
	PLMNs     [maxPLMN]PLMNInfo
	PLMNCount uint8
	// TAC is trackingAreaCode.
	TAC uint16
	// ECI is cellIdentity, 28 bits: eNodeB (20) and cell (8).
	ECI uint32
}

func (a *CellAccess) plmns(v uper.Value) {
	var p plmns
	for e := v.First(); e.Present() && int(a.PLMNCount) < len(a.PLMNs); e = e.Next() {
		i := &a.PLMNs[a.PLMNCount]
		a.PLMNCount++
		for c := e.First(); c.Present(); c = c.Next() {
			switch base(c.Name()) {
			case "plmn-Identity":
				i.PLMN = p.read(c)
			case "cellReservedForOperatorUse":
				i.Reserved = c.Int() == 0
			}
		}
	}
}

// SIBSet is a set of system information blocks: bit n stands for SIB n.
type SIBSet uint64

// Members of a SIBSet that have no number of their own.
const (
	// SIB26a is SystemInformationBlockType26a.
	SIB26a = 33
	// UnknownSIB is a block of a later release, or a spare value.
	UnknownSIB = 63
)

// Has reports whether the set holds SIB n.
func (s SIBSet) Has(n int) bool { return n >= 0 && n < 64 && s>>n&1 == 1 }

// sibNumber returns the number in "sibType12-v920" or "sib26a-v1610".
func sibNumber(name string) uint8 {
	n, ok := parse(name)
	switch {
	case !ok || n < 2 || n > 32:
		return UnknownSIB
	case n == 26 && len(base(name)) > 0 && base(name)[len(base(name))-1] == 'a':
		return SIB26a
	}
	return uint8(n)
}

func sibSet(v uper.Value) SIBSet {
	var s SIBSet
	for e := v.First(); e.Present(); e = e.Next() {
		s |= 1 << sibNumber(e.Text())
	}
	return s
}

// SIMessage is one entry of schedulingInfoList.
type SIMessage struct {
	// PeriodicityRF is si-Periodicity in radio frames of 10 ms.
	PeriodicityRF uint16
	// SIBs are the blocks in the message; SIB2 is in the first one without being
	// listed.
	SIBs SIBSet
}

// TDDConfig is TDD-Config with its extensions (TS 36.331 §6.3.2).
type TDDConfig struct {
	// SubframeAssignment is 0 to 6, SpecialSubframePattern 0 to 10 (TS 36.211 tables
	// 4.2-2 and 4.2-1).
	SubframeAssignment, SpecialSubframePattern uint8
}

// SIB1 is SystemInformationBlockType1 with its extensions (TS 36.331 §6.2.2).
type SIB1 struct {
	CellAccess
	// Barred is cellBarred.
	Barred bool
	// IntraFreqReselection says that a phone barred here may select another cell of
	// the frequency.
	IntraFreqReselection bool
	// CSG is csg-Indication: only members of CSGIdentity (27 bits) may camp.
	CSG         bool
	CSGIdentity Optional[uint32]
	// QRxLevMin is q-RxLevMin as coded, -70 to -22; QRxLevMinDBm is twice that.
	QRxLevMin    int8
	QRxLevMinDBm int16
	// QRxLevMinOffsetDB is q-RxLevMinOffset, 2 to 16 dB.
	QRxLevMinOffsetDB Optional[uint8]
	// PMaxDBm is p-Max, -30 to 33 dBm.
	PMaxDBm Optional[int8]
	// Band is freqBandIndicator, or freqBandIndicator-v9e0 for a band above 64.
	Band uint16
	// Bands are the BandCount further bands of multiBandInfoList, 0 for one whose number is
	// missing.
	Bands     [maxMultiBands]uint16
	BandCount uint8
	// Scheduling are the SchedulingCount entries of schedulingInfoList and its
	// extensions. SIMessages counts those of schedulingInfoList alone.
	Scheduling      [maxSIMessage]SIMessage
	SchedulingCount uint8
	SIMessages      uint8
	// SIWindowMs is si-WindowLength in ms.
	SIWindowMs uint8
	// ValueTag is systemInfoValueTag, 0 to 31.
	ValueTag uint8
	// TDD is tdd-Config; absent in an FDD cell.
	TDD Optional[TDDConfig]

	// IMSEmergency is ims-EmergencySupport-r9.
	IMSEmergency bool
	// QQualMinDB is q-QualMin of cellSelectionInfo-v920, -34 to -3 dB, QQualMinOffsetDB
	// its offset; QQualMinWidebandDB and QQualMinAllSymbolsDB are the variants of v1130
	// and v1250.
	QQualMinDB           Optional[int8]
	QQualMinOffsetDB     Optional[uint8]
	QQualMinWidebandDB   Optional[int8]
	QQualMinAllSymbolsDB Optional[int8]
	// Category0Allowed is category0Allowed-r12.
	Category0Allowed bool
	// BandIndicatorPriority is freqBandIndicatorPriority-r12.
	BandIndicatorPriority bool
	// HyperSFN is hyperSFN-r13, 10 bits.
	HyperSFN Optional[uint16]
	// EDRXAllowed is eDRX-Allowed-r13.
	EDRXAllowed bool
	// QRxLevMinCEDBm and QQualMinCEDB are cellSelectionInfoCE-r13; QRxLevMinCE1DBm is
	// cellSelectionInfoCE1 with its delta of v1360.
	QRxLevMinCEDBm  Optional[int16]
	QQualMinCEDB    Optional[int8]
	QRxLevMinCE1DBm Optional[int16]
	// BandwidthReduced says that bandwidthReducedAccessRelatedInfo-r13 is present.
	BandwidthReduced bool
	// ECallOverIMS is eCallOverIMS-Support-r14.
	ECallOverIMS bool
	// Shared are the SharedCount entries of cellAccessRelatedInfoList-r14: PLMNs under
	// which the cell has another TAC and ECI.
	Shared      [maxPLMNMinus1]CellAccess
	SharedCount uint8
	// BarredCRS is cellBarred-CRS-r15, for phones that mitigate CRS interference.
	BarredCRS Optional[bool]
	// FiveGC says that the cell is connected to a 5G core: cellAccessRelatedInfo-5GC-r15
	// is present. FiveGCLists counts its lists of PLMNs and Barred5GC is cellBarred-5GC.
	FiveGC      bool
	FiveGCLists uint8
	Barred5GC   bool
	// BarredNTN is cellBarred-NTN-r17.
	BarredNTN Optional[bool]
	// Later is set if the block ends in an extension of a later release.
	Later bool
	// LateError is set if lateNonCriticalExtension does not decode.
	LateError bool
}

// barred reads ENUMERATED {barred, notBarred}.
func barred(v uper.Value) bool { return v.Present() && v.Int() == 0 }

// Read sets s from a SystemInformationBlockType1, of a BCCH or dedicated to a phone.
func (s *SIB1) Read(v uper.Value) {
	*s = SIB1{}
	for v.Present() {
		for c := v.First(); c.Present(); c = c.Next() {
			s.component(c)
		}
		v, s.Later = next(v)
	}
}

func (s *SIB1) component(c uper.Value) {
	switch c.Name() {
	case "cellAccessRelatedInfo":
		s.plmns(c.Field("plmn-IdentityList"))
		s.TAC = bits[uint16](c.Field("trackingAreaCode"))
		s.ECI = bits[uint32](c.Field("cellIdentity"))
		s.Barred = barred(c.Field("cellBarred"))
		reselection := c.Field("intraFreqReselection")
		s.IntraFreqReselection = reselection.Present() && reselection.Int() == 0
		s.CSG = c.Field("csg-Indication").Bool()
		s.CSGIdentity = optionalBits[uint32](c.Field("csg-Identity"))
	case "cellSelectionInfo":
		s.QRxLevMin = integer[int8](c.Field("q-RxLevMin"))
		s.QRxLevMinDBm = 2 * int16(s.QRxLevMin)
		s.QRxLevMinOffsetDB = times[uint8](c.Field("q-RxLevMinOffset"), 2)
	case "p-Max":
		s.PMaxDBm = optional[int8](c)
	case "freqBandIndicator":
		s.Band = integer[uint16](c)
	case "schedulingInfoList":
		for e := c.First(); e.Present(); e = e.Next() {
			s.schedule(e.Field("si-Periodicity"), e.Field("sib-MappingInfo"))
		}
		s.Scheduling[0].SIBs |= 1 << 2
		s.SIMessages = s.SchedulingCount
	case "tdd-Config":
		s.TDD.Present = true
		s.TDD.Value.SubframeAssignment = number[uint8](c.Field("subframeAssignment"))
		s.TDD.Value.SpecialSubframePattern = number[uint8](c.Field("specialSubframePatterns"))
	case "si-WindowLength":
		s.SIWindowMs = number[uint8](c)
	case "systemInfoValueTag":
		s.ValueTag = integer[uint8](c)
	case "lateNonCriticalExtension":
		s.late(c)
	case "ims-EmergencySupport-r9":
		s.IMSEmergency = true
	case "cellSelectionInfo-v920":
		s.QQualMinDB = optional[int8](c.Field("q-QualMin-r9"))
		s.QQualMinOffsetDB = optional[uint8](c.Field("q-QualMinOffset-r9"))
	case "tdd-Config-v1130", "tdd-Config-v1430", "tdd-Config-v1450":
		s.TDD.Value.SpecialSubframePattern = number[uint8](c.First())
	case "cellSelectionInfo-v1130":
		s.QQualMinWidebandDB = optional[int8](c.Field("q-QualMinWB-r11"))
	case "cellAccessRelatedInfo-v1250":
		s.Category0Allowed = c.Field("category0Allowed-r12").Present()
	case "cellSelectionInfo-v1250":
		s.QQualMinAllSymbolsDB = optional[int8](c.Field("q-QualMinRSRQ-OnAllSymbols-r12"))
	case "freqBandIndicatorPriority-r12":
		s.BandIndicatorPriority = true
	case "hyperSFN-r13":
		s.HyperSFN = optionalBits[uint16](c)
	case "eDRX-Allowed-r13":
		s.EDRXAllowed = true
	case "cellSelectionInfoCE-r13":
		s.QRxLevMinCEDBm = times[int16](c.Field("q-RxLevMinCE-r13"), 2)
		s.QQualMinCEDB = optional[int8](c.Field("q-QualMinRSRQ-CE-r13"))
	case "bandwidthReducedAccessRelatedInfo-r13":
		s.BandwidthReduced = true
	case "cellSelectionInfoCE1-r13":
		s.QRxLevMinCE1DBm = times[int16](c.Field("q-RxLevMinCE1-r13"), 2)
	case "cellSelectionInfoCE1-v1360":
		s.QRxLevMinCE1DBm.Value += 2 * integer[int16](c.Field("delta-RxLevMinCE1-v1360"))
	case "eCallOverIMS-Support-r14":
		s.ECallOverIMS = true
	case "cellAccessRelatedInfoList-r14":
		for e := c.First(); e.Present() && int(s.SharedCount) < len(s.Shared); e = e.Next() {
			a := &s.Shared[s.SharedCount]
			s.SharedCount++
			a.plmns(e.Field("plmn-IdentityList-r14"))
			a.TAC = bits[uint16](e.Field("trackingAreaCode-r14"))
			a.ECI = bits[uint32](e.Field("cellIdentity-r14"))
		}
	case "cellBarred-CRS-r15":
		s.BarredCRS = Optional[bool]{barred(c), true}
	case "cellAccessRelatedInfo-5GC-r15":
		s.FiveGC = true
		s.Barred5GC = barred(c.Field("cellBarred-5GC-r15"))
		s.FiveGCLists = uint8(c.Field("cellAccessRelatedInfoList-5GC-r15").Len())
	case "cellAccessRelatedInfo-NTN-r17":
		s.BarredNTN = Optional[bool]{barred(c.Field("cellBarred-NTN-r17")), true}
	}
}

func (s *SIB1) schedule(periodicity, sibs uper.Value) {
	if int(s.SchedulingCount) < len(s.Scheduling) {
		s.Scheduling[s.SchedulingCount] = SIMessage{number[uint16](periodicity), sibSet(sibs)}
		s.SchedulingCount++
	}
}

// late reads lateNonCriticalExtension, the extensions made to Release 8 to 12 after
// these were frozen.
func (s *SIB1) late(v uper.Value) {
	s.LateError = s.LateError || v.ContainedErr() != nil
	for e := v.Contained(); e.Present(); e, _ = next(e) {
		for c := e.First(); c.Present(); c = c.Next() {
			switch c.Name() {
			case "multiBandInfoList":
				for b := c.First(); b.Present() && int(s.BandCount) < len(s.Bands); b = b.Next() {
					s.Bands[s.BandCount] = integer[uint16](b)
					s.BandCount++
				}
			case "freqBandIndicator-v9e0":
				s.Band = integer[uint16](c)
			case "multiBandInfoList-v9e0": // goes along multiBandInfoList, entry by entry
				i := 0
				for b := c.First(); b.Present() && i < int(s.BandCount); b = b.Next() {
					if n := b.Field("freqBandIndicator-v9e0"); n.Present() {
						s.Bands[i] = integer[uint16](n)
					}
					i++
				}
			case "schedulingInfoList-v12j0": // goes along schedulingInfoList
				i := 0
				for e := c.First(); e.Present() && i < int(s.SIMessages); e = e.Next() {
					s.Scheduling[i].SIBs |= sibSet(e.Field("sib-MappingInfo-v12j0"))
					i++
				}
			case "schedulingInfoListExt-r12":
				for e := c.First(); e.Present(); e = e.Next() {
					s.schedule(e.Field("si-Periodicity-r12"), e.Field("sib-MappingInfo-r12"))
				}
			}
		}
	}
}

// SIB1NB is SystemInformationBlockType1-NB (TS 36.331 §6.7.2).
type SIB1NB struct {
	CellAccess
	// HyperSFNHigh are the eight high bits of the hyper system frame number.
	HyperSFNHigh uint8
	// Barred and IntraFreqReselection are as in SIB1.
	Barred, IntraFreqReselection bool
	// QRxLevMin is as coded, QRxLevMinDBm twice that; QQualMinDB is q-QualMin.
	QRxLevMin    int8
	QRxLevMinDBm int16
	QQualMinDB   int8
	// PMaxDBm is p-Max.
	PMaxDBm Optional[int8]
	// Band is freqBandIndicator; Bands are the BandCount further ones, 0 for one whose
	// number is missing.
	Band      uint16
	Bands     [maxMultiBands]uint16
	BandCount uint8
	// SIMessages counts the entries of schedulingInfoList.
	SIMessages uint8
	// FiveGC and Barred5GC are as in SIB1.
	FiveGC, Barred5GC bool
	// Later is set if the block ends in an extension of a later release.
	Later bool
}

// Read sets s from a SystemInformationBlockType1-NB.
func (s *SIB1NB) Read(v uper.Value) {
	*s = SIB1NB{}
	for v.Present() {
		for c := v.First(); c.Present(); c = c.Next() {
			s.component(c)
		}
		v, s.Later = next(v)
	}
}

func (s *SIB1NB) component(c uper.Value) {
	switch c.Name() {
	case "hyperSFN-MSB-r13":
		s.HyperSFNHigh = bits[uint8](c)
	case "cellAccessRelatedInfo-r13":
		s.plmns(c.Field("plmn-IdentityList-r13"))
		s.TAC = bits[uint16](c.Field("trackingAreaCode-r13"))
		s.ECI = bits[uint32](c.Field("cellIdentity-r13"))
		s.Barred = barred(c.Field("cellBarred-r13"))
		reselection := c.Field("intraFreqReselection-r13")
		s.IntraFreqReselection = reselection.Present() && reselection.Int() == 0
	case "cellSelectionInfo-r13":
		s.QRxLevMin = integer[int8](c.Field("q-RxLevMin-r13"))
		s.QRxLevMinDBm = 2 * int16(s.QRxLevMin)
		s.QQualMinDB = integer[int8](c.Field("q-QualMin-r13"))
	case "p-Max-r13":
		s.PMaxDBm = optional[int8](c)
	case "freqBandIndicator-r13":
		s.Band = integer[uint16](c)
	case "multiBandInfoList-r13":
		for b := c.First(); b.Present() && int(s.BandCount) < len(s.Bands); b = b.Next() {
			s.Bands[s.BandCount] = integer[uint16](b.Field("freqBandIndicator-r13"))
			s.BandCount++
		}
	case "schedulingInfoList-r13":
		s.SIMessages = uint8(c.Len())
	case "cellAccessRelatedInfo-5GC-r16":
		s.FiveGC = true
		s.Barred5GC = barred(c.Field("cellBarred-5GC-r16"))
	}
}
