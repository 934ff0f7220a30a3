package rr

import (
	"time"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// GPRSMobileAllocation is the GPRS Mobile Allocation in System Information Type 13
// (TS 44.060 §12.10a).
type GPRSMobileAllocation struct {
	// Present: the cell broadcasts it, with SI13ChangeMark.
	Present bool
	// SI13ChangeMark is SI13_CHANGE_MARK, 0 to 3.
	SI13ChangeMark uint8
	// HSN is the hopping sequence number, 0 to 63.
	HSN uint8
	// RFLNumbers has bit N set for each RFL_NUMBER N, 0 to 15, the frequency lists
	// that the allocation refers to.
	RFLNumbers uint16
	// Bitmap: the frequencies are given as MALength + 1 bits; else as a list of
	// indices, ARFCNIndices.
	Bitmap bool
	// MALength is MA_LENGTH, 0 to 63, with Bitmap.
	MALength uint8
	// MABitmap is MA_BITMAP, the first bit most significant, with Bitmap.
	MABitmap uint64
	// ARFCNIndices has bit N set for each ARFCN_INDEX N, 0 to 63, without Bitmap.
	ARFCNIndices uint64
}

func (g *GPRSMobileAllocation) read(r *rest) {
	g.HSN = r.u8("GPRS Mobile Allocation.HSN", 6)
	for r.Flag("GPRS Mobile Allocation.RFL_NUMBER") {
		g.RFLNumbers |= 1 << r.u8("GPRS Mobile Allocation.RFL_NUMBER", 4)
	}
	if g.Bitmap = !r.Flag("GPRS Mobile Allocation.MA_LENGTH"); g.Bitmap {
		g.MALength = r.u8("GPRS Mobile Allocation.MA_LENGTH", 6)
		for n := int(g.MALength) + 1; n > 0; n -= min(n, 32) {
			g.MABitmap = g.MABitmap<<min(n, 32) | uint64(r.Bits("GPRS Mobile Allocation.MA_BITMAP", min(n, 32)))
		}
		return
	}
	for r.Flag("GPRS Mobile Allocation.ARFCN_INDEX") {
		g.ARFCNIndices |= 1 << r.u8("GPRS Mobile Allocation.ARFCN_INDEX", 6)
	}
}

// GPRSCellOptions is the GPRS Cell Options (TS 44.060 §12.24).
type GPRSCellOptions struct {
	// NMO is the code of the network mode of operation, 0 = I, 1 = II, 2 = III, 3
	// reserved.
	NMO uint8
	// T3168 is the code of T3168, 0 to 7; see PacketUplinkWait.
	T3168 uint8
	// T3192 is the code of T3192, 0 to 7; see ReleaseWait.
	T3192 uint8
	// DRXTimerMax is the code of DRX_TIMER_MAX, 0 to 7; see DRXTimer.
	DRXTimerMax uint8
	// AccessBurstType is ACCESS_BURST_TYPE: 11-bit access bursts, else 8-bit.
	AccessBurstType bool
	// ControlAckType is CONTROL_ACK_TYPE: acknowledge with an RLC/MAC block, else
	// with four access bursts.
	ControlAckType bool
	// BSCVMax is BS_CV_MAX, 0 to 15.
	BSCVMax uint8
	// PANPresent: the three fields after it are present.
	PANPresent bool
	// PANDec is the code of PAN_DEC, 0 to 7.
	PANDec uint8
	// PANInc is the code of PAN_INC, 0 to 7.
	PANInc uint8
	// PANMax is the code of PAN_MAX, 0 to 7, in steps of 4 from 4.
	PANMax uint8
	// Extension: the extension information is present, the fields after it. Those
	// that its length leaves out are false.
	Extension bool
	// EGPRS: the cell supports EGPRS; the two fields after it are present.
	EGPRS bool
	// EGPRSPacketChannelRequest is EGPRS_PACKET_CHANNEL_REQUEST: two phase access
	// with PACKET CHANNEL REQUEST, else EGPRS PACKET CHANNEL REQUEST.
	EGPRSPacketChannelRequest bool
	// BEPPeriod is the code of BEP_PERIOD, 0 to 15.
	BEPPeriod uint8
	// PFCFeatureMode is PFC_FEATURE_MODE.
	PFCFeatureMode bool
	// DTMSupport is DTM_SUPPORT.
	DTMSupport bool
	// BSSPagingCoordination is BSS_PAGING_COORDINATION.
	BSSPagingCoordination bool
	// CCNActive is CCN_ACTIVE, network assisted cell change.
	CCNActive bool
	// NWExtUTBF is NW_EXT_UTBF.
	NWExtUTBF bool
	// MultipleTBFCapability is MULTIPLE_TBF_CAPABILITY.
	MultipleTBFCapability bool
	// ExtUTBFNoData is EXT_UTBF_NODATA.
	ExtUTBFNoData bool
	// DTMEnhancementsCapability is DTM_ENHANCEMENTS_CAPABILITY.
	DTMEnhancementsCapability bool
	// MBMS: MBMS procedures are supported; the two fields after it are present.
	MBMS bool
	// DedicatedModeMBMSNotification is DEDICATED_MODE_MBMS_NOTIFICATION_SUPPORT.
	DedicatedModeMBMSNotification bool
	// MNCI is MNCI_SUPPORT.
	MNCI bool
	// ReducedLatencyAccess is REDUCED_LATENCY_ACCESS.
	ReducedLatencyAccess bool
}

// PacketUplinkWait returns T3168, how long a phone waits for an uplink assignment:
// 0.5 s to 4 s.
func (o GPRSCellOptions) PacketUplinkWait() time.Duration {
	return time.Duration(o.T3168+1) * 500 * time.Millisecond
}

// ReleaseWait returns T3192, how long a phone listens after the end of a downlink
// transfer: 0 to 1.5 s.
func (o GPRSCellOptions) ReleaseWait() time.Duration {
	return time.Duration([8]uint16{500, 1000, 1500, 0, 80, 120, 160, 200}[o.T3192&7]) * time.Millisecond
}

// DRXTimer returns DRX_TIMER_MAX, how long a phone stays out of discontinuous
// reception after a transfer: 0 to 64 s.
func (o GPRSCellOptions) DRXTimer() time.Duration {
	if o.DRXTimerMax == 0 {
		return 0
	}
	return time.Second << (o.DRXTimerMax - 1)
}

func (o *GPRSCellOptions) read(r *rest) {
	o.NMO = r.u8("NMO", 2)
	o.T3168 = r.u8("T3168", 3)
	o.T3192 = r.u8("T3192", 3)
	o.DRXTimerMax = r.u8("DRX_TIMER_MAX", 3)
	o.AccessBurstType = r.Flag("ACCESS_BURST_TYPE")
	o.ControlAckType = r.Flag("CONTROL_ACK_TYPE")
	o.BSCVMax = r.u8("BS_CV_MAX", 4)
	if o.PANPresent = r.Flag("PAN"); o.PANPresent {
		o.PANDec = r.u8("PAN_DEC", 3)
		o.PANInc = r.u8("PAN_INC", 3)
		o.PANMax = r.u8("PAN_MAX", 3)
	}
	if o.Extension = r.Flag("Extension Length"); !o.Extension {
		return
	}
	n := int(r.u8("Extension Length", 6)) + 1
	end := r.Pos() + n
	// flag reads a bit of the extension; past its end every bit is 0.
	flag := func(field string) bool { return r.Pos() < end && r.Flag(field) }
	if o.EGPRS = flag("EGPRS"); o.EGPRS {
		o.EGPRSPacketChannelRequest = flag("EGPRS_PACKET_CHANNEL_REQUEST")
		if end-r.Pos() >= 4 {
			o.BEPPeriod = r.u8("BEP_PERIOD", 4)
		} else if r.OK() {
			r.Fail("BEP_PERIOD", wire.ErrLength)
		}
	}
	o.PFCFeatureMode = flag("PFC_FEATURE_MODE")
	o.DTMSupport = flag("DTM_SUPPORT")
	o.BSSPagingCoordination = flag("BSS_PAGING_COORDINATION")
	o.CCNActive = flag("CCN_ACTIVE")
	o.NWExtUTBF = flag("NW_EXT_UTBF")
	o.MultipleTBFCapability = flag("MULTIPLE_TBF_CAPABILITY")
	o.ExtUTBFNoData = flag("EXT_UTBF_NODATA")
	o.DTMEnhancementsCapability = flag("DTM_ENHANCEMENTS_CAPABILITY")
	if o.MBMS = flag("MBMS"); o.MBMS {
		o.DedicatedModeMBMSNotification = flag("DEDICATED_MODE_MBMS_NOTIFICATION_SUPPORT")
		o.MNCI = flag("MNCI_SUPPORT")
	}
	o.ReducedLatencyAccess = flag("REDUCED_LATENCY_ACCESS")
	r.Skip("Extension Information", end-r.Pos()) // spare
}

// GPRSPowerControl is the GPRS Power Control Parameters (TS 44.060 §12.9a).
type GPRSPowerControl struct {
	// Alpha is the code of ALPHA, 0 to 15, in tenths; above 10 it means 1.0.
	Alpha uint8
	// TAvgW is the code of T_AVG_W, 0 to 31.
	TAvgW uint8
	// TAvgT is the code of T_AVG_T, 0 to 31.
	TAvgT uint8
	// PCMeasChan is PC_MEAS_CHAN: measure on PDCH, else on BCCH.
	PCMeasChan bool
	// NAvgI is the code of N_AVG_I, 0 to 15.
	NAvgI uint8
}

// PBCCH describes the packet broadcast control channel (TS 44.018 §10.5.2.37b).
type PBCCH struct {
	// PSI1RepeatPeriod is the code of PSI1_REPEAT_PERIOD, 0 to 15; the period is one
	// multiframe more.
	PSI1RepeatPeriod uint8
	// Pb is the code of the power reduction, 0 to 15, in steps of -2 dB.
	Pb uint8
	// TSC is the training sequence code, 0 to 7.
	TSC uint8
	// TN is the timeslot, 0 to 7.
	TN uint8
	// Hopping: the channel hops with MAIO in the GPRS mobile allocation.
	Hopping bool
	// MAIO is the mobile allocation index offset, 0 to 63, with Hopping.
	MAIO uint8
	// ARFCNPresent: the channel is on ARFCN; with neither Hopping nor this it is on
	// the BCCH carrier.
	ARFCNPresent bool
	// ARFCN is the frequency, 0 to 1023.
	ARFCN uint16
}

// SI13RestOctets is the SI 13 Rest Octets (TS 44.018 §10.5.2.37b): how the cell does
// GPRS.
type SI13RestOctets struct {
	// Present: the fields after it are present.
	Present bool
	// BCCHChangeMark is BCCH_CHANGE_MARK, 0 to 7, which grows with each change of
	// the broadcast.
	BCCHChangeMark uint8
	// SIChangeField is SI_CHANGE_FIELD, 0 to 15: what changed.
	SIChangeField uint8
	// MobileAllocation is the GPRS Mobile Allocation, with SI13_CHANGE_MARK.
	MobileAllocation GPRSMobileAllocation
	// PBCCHPresent: the cell has a PBCCH, PBCCH; else the fields from RAC to
	// PowerControl are present.
	PBCCHPresent bool
	// PBCCH describes the PBCCH.
	PBCCH PBCCH
	// RAC is the routing area code.
	RAC uint8
	// SPGCCCCHSup is SPGC_CCCH_SUP: split paging cycles are supported on CCCH.
	SPGCCCCHSup bool
	// PriorityAccessThr is the code of PRIORITY_ACCESS_THR, 0 to 7: 0 = no packet
	// access, 3 to 6 = radio priority 1 to 4 or better may ask for it.
	PriorityAccessThr uint8
	// NetworkControlOrder is NETWORK_CONTROL_ORDER, 0 = NC0 (the phone reselects
	// cells itself), 1 = NC1, 2 = NC2 (the network orders it to), 3 reserved.
	NetworkControlOrder uint8
	// CellOptions is the GPRS Cell Options.
	CellOptions GPRSCellOptions
	// PowerControl is the GPRS Power Control Parameters.
	PowerControl GPRSPowerControl
	// R99: the release 99 additions are present, SGSNR.
	R99 bool
	// SGSNR: the SGSN is of release 99 or later.
	SGSNR bool
	// Rel4: the release 4 additions are present, SIStatusInd.
	Rel4 bool
	// SIStatusInd is SI_STATUS_IND: the network answers PACKET SI STATUS.
	SIStatusInd bool
	// Rel6: the release 6 additions are present, the three fields after it.
	Rel6 bool
	// LBMSTxPwrMaxCCHPresent: LBMSTxPwrMaxCCH is present.
	LBMSTxPwrMaxCCHPresent bool
	// LBMSTxPwrMaxCCH is LB_MS_TXPWR_MAX_CCH, a power control level, 0 to 31.
	LBMSTxPwrMaxCCH uint8
	// SI2nSupport is the code of SI2n_SUPPORT, 0 to 3.
	SI2nSupport uint8
	// Undecoded counts the bits from the first that is not understood; 0 = none.
	Undecoded int
}

func (s *SI13RestOctets) decode(b []byte, start int) (err error) {
	r := newRest(b, start, 20)
	if s.Present = r.LH(); s.Present {
		s.fields(&r)
	}
	s.Undecoded, err = r.finish("SI 13 Rest Octets", start)
	return err
}

func (s *SI13RestOctets) fields(r *rest) {
	s.BCCHChangeMark = r.u8("BCCH_CHANGE_MARK", 3)
	s.SIChangeField = r.u8("SI_CHANGE_FIELD", 4)
	if s.MobileAllocation.Present = r.Flag("GPRS Mobile Allocation"); s.MobileAllocation.Present {
		s.MobileAllocation.SI13ChangeMark = r.u8("SI13_CHANGE_MARK", 2)
		s.MobileAllocation.read(r)
	}
	if s.PBCCHPresent = r.Flag("PBCCH"); s.PBCCHPresent {
		s.PBCCH.PSI1RepeatPeriod = r.u8("PSI1_REPEAT_PERIOD", 4)
		s.PBCCH.Pb = r.u8("PBCCH Description.Pb", 4)
		s.PBCCH.TSC = r.u8("PBCCH Description.TSC", 3)
		s.PBCCH.TN = r.u8("PBCCH Description.TN", 3)
		if s.PBCCH.Hopping = r.Flag("PBCCH Description"); s.PBCCH.Hopping {
			s.PBCCH.MAIO = r.u8("PBCCH Description.MAIO", 6)
		} else if s.PBCCH.ARFCNPresent = r.Flag("PBCCH Description"); s.PBCCH.ARFCNPresent {
			s.PBCCH.ARFCN = uint16(r.Bits("PBCCH Description.ARFCN", 10))
		}
	} else {
		s.RAC = r.u8("RAC", 8)
		s.SPGCCCCHSup = r.Flag("SPGC_CCCH_SUP")
		s.PriorityAccessThr = r.u8("PRIORITY_ACCESS_THR", 3)
		s.NetworkControlOrder = r.u8("NETWORK_CONTROL_ORDER", 2)
		s.CellOptions.read(r)
		s.PowerControl.Alpha = r.u8("ALPHA", 4)
		s.PowerControl.TAvgW = r.u8("T_AVG_W", 5)
		s.PowerControl.TAvgT = r.u8("T_AVG_T", 5)
		s.PowerControl.PCMeasChan = r.Flag("PC_MEAS_CHAN")
		s.PowerControl.NAvgI = r.u8("N_AVG_I", 4)
	}
	if s.R99 = r.LH(); !s.R99 {
		return
	}
	s.SGSNR = r.Flag("SGSNR")
	if s.Rel4 = r.LH(); !s.Rel4 {
		return
	}
	s.SIStatusInd = r.Flag("SI_STATUS_IND")
	if s.Rel6 = r.LH(); !s.Rel6 {
		return
	}
	if s.LBMSTxPwrMaxCCHPresent = r.Flag("LB_MS_TXPWR_MAX_CCH"); s.LBMSTxPwrMaxCCHPresent {
		s.LBMSTxPwrMaxCCH = r.u8("LB_MS_TXPWR_MAX_CCH", 5)
	}
	s.SI2nSupport = r.u8("SI2n_SUPPORT", 2)
}
