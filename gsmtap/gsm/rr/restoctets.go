package rr

import (
	"time"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// padding is the octet that fills rest octets (TS 44.018 §10.5.2).
const padding = 0x2b

// rest reads rest octets b of a message in which they start at octet start and are
// size octets long; size 0 = as long as they are. It gives the CSN.1 decoders
// their reader, and in finish what they have left.
type rest struct {
	wire.BitReader
	b       []byte
	size    int
	stopped bool // at a branch that is not decoded
}

func newRest(b []byte, start, size int) rest {
	b = b[min(start, len(b)):]
	if size > 0 && len(b) > size {
		b = b[:size]
	}
	return rest{BitReader: wire.NewBitReader(b), b: b, size: size}
}

// finish returns how many bits are left undecoded, and the first failure as one of
// path. Bits that are padding to the end are not undecoded.
func (r *rest) finish(path string, start int) (undecoded int, err error) {
	for pos := r.Pos(); pos < 8*len(r.b) && r.OK(); pos++ {
		if r.stopped || (r.b[pos>>3]^padding)>>(7-pos&7)&1 == 1 {
			undecoded = 8*len(r.b) - r.Pos()
			break
		}
	}
	if r.OK() && len(r.b) < r.size {
		return undecoded, &wire.DecodeError{Path: path, Offset: start + len(r.b), Err: wire.ErrShort}
	}
	return undecoded, wire.Within(r.Err(), path, start)
}

// u8 returns the next n bits, n at most 8.
func (r *rest) u8(field string, n int) uint8 { return uint8(r.Bits(field, n)) }

// SelectionParameters holds what a phone adds to the path loss criterion C1 to
// get the reselection criterion C2 (TS 44.018 §10.5.2.34; TS 45.008 §6.4).
type SelectionParameters struct {
	// Present: the cell broadcasts the block. If not, C2 is C1.
	Present bool
	// CBQ is CELL_BAR_QUALIFY: with CELL_BAR_ACCESS clear, the cell has low priority
	// (TS 45.008 §9 table 1a).
	CBQ bool
	// CellReselectOffset is the code of CELL_RESELECT_OFFSET, 0 to 63; see OffsetDB.
	CellReselectOffset uint8
	// TemporaryOffset is the code of TEMPORARY_OFFSET, 0 to 7; see TemporaryOffsetDB.
	TemporaryOffset uint8
	// PenaltyTime is the code of PENALTY_TIME, 0 to 31; see Penalty.
	PenaltyTime uint8
}

// OffsetDB returns what C2 adds to C1 for good, -126 to 126 dB: CELL_RESELECT_OFFSET
// in steps of 2 dB, which counts negative where PENALTY_TIME is 31.
func (p SelectionParameters) OffsetDB() int {
	if p.PenaltyTime == 31 {
		return -2 * int(p.CellReselectOffset)
	}
	return 2 * int(p.CellReselectOffset)
}

// TemporaryOffsetDB returns what C2 subtracts for the penalty time, 0 to 60 dB;
// infinite is true for the code 7.
func (p SelectionParameters) TemporaryOffsetDB() (db int, infinite bool) {
	if p.TemporaryOffset >= 7 {
		return 0, true
	}
	return 10 * int(p.TemporaryOffset), false
}

// Penalty returns for how long the temporary offset counts, 20 s to 620 s; ok is
// false for the code 31, which makes the reselect offset negative instead.
func (p SelectionParameters) Penalty() (d time.Duration, ok bool) {
	if p.PenaltyTime >= 31 {
		return 0, false
	}
	return time.Duration(p.PenaltyTime+1) * 20 * time.Second, true
}

func (p *SelectionParameters) read(r *rest) {
	if p.Present = r.LH(); !p.Present {
		return
	}
	p.CBQ = r.Flag("CBQ")
	p.CellReselectOffset = r.u8("CELL_RESELECT_OFFSET", 6)
	p.TemporaryOffset = r.u8("TEMPORARY_OFFSET", 3)
	p.PenaltyTime = r.u8("PENALTY_TIME", 5)
}

// PowerOffset is the power offset of DCS 1800 class 3 phones (TS 44.018
// §10.5.2.34).
type PowerOffset struct {
	// Present: the cell broadcasts it.
	Present bool
	// PowerOffset is the code of POWER OFFSET, 0 to 3, in steps of 2 dB.
	PowerOffset uint8
}

// DB returns the offset, 0 to 6 dB.
func (p PowerOffset) DB() int { return 2 * int(p.PowerOffset) }

func (p *PowerOffset) read(r *rest) {
	if p.Present = r.LH(); p.Present {
		p.PowerOffset = r.u8("Power Offset", 2)
	}
}

// GPRSIndicator says that the cell supports GPRS (TS 44.018 §10.5.2.34).
type GPRSIndicator struct {
	// Present: the cell supports GPRS.
	Present bool
	// RAColour is RA COLOUR, 0 to 7, which differs between neighbouring routing
	// areas.
	RAColour uint8
	// SI13Extended is SI13 POSITION: System Information Type 13 is sent on BCCH Ext,
	// else on BCCH Norm.
	SI13Extended bool
}

func (g *GPRSIndicator) read(r *rest) {
	if g.Present = r.LH(); g.Present {
		g.RAColour = r.u8("RA COLOUR", 3)
		g.SI13Extended = r.Flag("SI13 POSITION")
	}
}

// SI1RestOctets is the SI 1 Rest Octets (TS 44.018 §10.5.2.32).
type SI1RestOctets struct {
	// NCHPresent: the cell has a notification channel, at NCHPosition.
	NCHPresent bool
	// NCHPosition is the code of NCH Position, 0 to 31.
	NCHPosition uint8
	// PCS1900 is the BAND INDICATOR: ARFCNs 512 to 810 mean PCS 1900, else DCS 1800.
	PCS1900 bool
	// Undecoded counts the bits from the first that is not understood; 0 = none.
	Undecoded int
}

func (s *SI1RestOctets) decode(b []byte, start int) (err error) {
	r := newRest(b, start, 1)
	if s.NCHPresent = r.LH(); s.NCHPresent {
		s.NCHPosition = r.u8("NCH Position", 5)
	}
	s.PCS1900 = r.LH()
	s.Undecoded, err = r.finish("SI 1 Rest Octets", start)
	return err
}

// SI3RestOctets is the SI 3 Rest Octets (TS 44.018 §10.5.2.34).
type SI3RestOctets struct {
	// Selection holds the Optional Selection Parameters.
	Selection SelectionParameters
	// PowerOffset is the Optional Power Offset.
	PowerOffset PowerOffset
	// SI2ter: System Information Type 2ter is broadcast.
	SI2ter bool
	// EarlyClassmarkSending: phones shall send their classmark 3 as soon as they
	// have a channel.
	EarlyClassmarkSending bool
	// SchedulingPresent: System Information Type 9 holds scheduling information, in
	// the position that Where says.
	SchedulingPresent bool
	// Where is WHERE, 0 to 7.
	Where uint8
	// GPRS is the GPRS Indicator.
	GPRS GPRSIndicator
	// EarlyClassmarkSending3G is the 3G Early Classmark Sending Restriction, H:
	// what EarlyClassmarkSending says counts for UTRAN and CDMA2000 classmarks too;
	// L: they shall not be sent.
	EarlyClassmarkSending3G bool
	// SI2quater: System Information Type 2quater is broadcast.
	SI2quater bool
	// SI2quaterExtended is SI2quater POSITION: on BCCH Ext, else on BCCH Norm.
	SI2quaterExtended bool
	// SI21: System Information Type 21 is broadcast. Decoded only with GPRS.
	SI21 bool
	// SI21Extended is SI21 POSITION: on BCCH Ext, else on BCCH Norm.
	SI21Extended bool
	// Undecoded counts the bits from the first that is not understood; 0 = none.
	Undecoded int
}

func (s *SI3RestOctets) decode(b []byte, start int) (err error) {
	r := newRest(b, start, 4)
	s.Selection.read(&r)
	s.PowerOffset.read(&r)
	s.SI2ter = r.LH()
	s.EarlyClassmarkSending = r.LH()
	if s.SchedulingPresent = r.LH(); s.SchedulingPresent {
		s.Where = r.u8("WHERE", 3)
	}
	s.GPRS.read(&r)
	s.EarlyClassmarkSending3G = r.LH()
	if s.SI2quater = r.LH(); s.SI2quater {
		s.SI2quaterExtended = r.Flag("SI2quater POSITION")
	}
	// Without GPRS a bit of Iu mode comes before the SI21 Indicator in some
	// versions, which nothing tells apart: then it stays undecoded.
	if s.GPRS.Present {
		if s.SI21 = r.LH(); s.SI21 {
			s.SI21Extended = r.Flag("SI21 POSITION")
		}
	}
	s.Undecoded, err = r.finish("SI 3 Rest Octets", start)
	return err
}

// LSAParameters holds the parameters of a localised service area (TS 44.018
// §10.5.2.35).
type LSAParameters struct {
	// Present: the cell broadcasts them.
	Present bool
	// PrioThr is the code of PRIO_THR, 0 to 7, in steps of 6 dB.
	PrioThr uint8
	// LSAOffset is the code of LSA_OFFSET, 0 to 7.
	LSAOffset uint8
	// NetworkPresent: MCC and MNC are broadcast, as Network.
	NetworkPresent bool
	// Network is the MCC and MNC fields, 12 bits each, as they stand.
	Network uint32
}

// maxLSA is how many LSA identities the longest rest octets hold: 20 octets, 12
// bits the shortest identity.
const maxLSA = 13

// SI4RestOctets is the SI 4 Rest Octets, and the SI 7 and SI 8 Rest Octets, which
// continue them (TS 44.018 §10.5.2.35 to §10.5.2.37).
type SI4RestOctets struct {
	// Selection holds the Optional Selection Parameters.
	Selection SelectionParameters
	// PowerOffset is the Optional Power Offset.
	PowerOffset PowerOffset
	// GPRS is the GPRS Indicator.
	GPRS GPRSIndicator
	// Supplement: the SI4 Rest Octets_S follow, that is, the fields from LSA to
	// CBQ3.
	Supplement bool
	// Break is the Break Indicator, which takes the place of the supplement: the
	// supplement is sent in System Information Type 7 and 8.
	Break bool
	// LSA holds the LSA Parameters.
	LSA LSAParameters
	// CellIdentityPresent: the supplement has a cell identity, CellIdentity.
	CellIdentityPresent bool
	// CellIdentity is the cell identity, 16 bits.
	CellIdentity uint16
	// LSAIDs counts the LSA identities.
	LSAIDs uint8
	// LSAID holds LSAIDs identities of 24 bits, or short ones of 10 bits with bit 31
	// set.
	LSAID [maxLSA]uint32
	// CBQ3Present: the supplement has a cell bar qualify 3, CBQ3.
	CBQ3Present bool
	// CBQ3 is the cell bar qualify 3 for Iu mode, 0 to 3.
	CBQ3 uint8
	// Undecoded counts the bits from the first that is not understood; 0 = none.
	Undecoded int
}

// ShortLSAID marks a short identity in SI4RestOctets.LSAID.
const ShortLSAID = 1 << 31

func (s *SI4RestOctets) decode(path string, b []byte, start int) (err error) {
	// At most 20 octets: those of System Information Type 7 and 8, which have
	// nothing else.
	if len(b) > start+20 {
		b = b[:start+20]
	}
	r := newRest(b, start, 0)
	s.Selection.read(&r)
	s.PowerOffset.read(&r)
	s.GPRS.read(&r)
	if s.Supplement = r.LH(); s.Supplement {
		s.supplement(&r)
	} else {
		s.Break = r.LH()
	}
	s.Undecoded, err = r.finish(path, start)
	return err
}

func (s *SI4RestOctets) supplement(r *rest) {
	if s.LSA.Present = r.LH(); s.LSA.Present {
		s.LSA.PrioThr = r.u8("PRIO_THR", 3)
		s.LSA.LSAOffset = r.u8("LSA_OFFSET", 3)
		if s.LSA.NetworkPresent = r.Flag("MCC MNC"); s.LSA.NetworkPresent {
			s.LSA.Network = r.Bits("MCC MNC", 24)
		}
	}
	if s.CellIdentityPresent = r.LH(); s.CellIdentityPresent {
		s.CellIdentity = uint16(r.Bits("Cell Identity", 16))
	}
	if r.LH() {
		for more := true; more && r.OK() && int(s.LSAIDs) < len(s.LSAID); more = r.Flag("LSA ID information") {
			var id uint32
			if r.Flag("LSA ID information") {
				id = r.Bits("ShortLSA ID", 10) | ShortLSAID
			} else {
				id = r.Bits("LSA ID", 24)
			}
			if r.OK() {
				s.LSAID[s.LSAIDs] = id
				s.LSAIDs++
			}
		}
	}
	if s.CBQ3Present = r.LH(); s.CBQ3Present {
		s.CBQ3 = r.u8("CBQ3", 2)
	}
}

// SI6RestOctets is the SI 6 Rest Octets (TS 44.018 §10.5.2.35a).
type SI6RestOctets struct {
	// PCHAndNCH: the PCH and NCH info is present, the four fields after it.
	PCHAndNCH bool
	// PagingChannelRestructuring: the paging channel is restructured.
	PagingChannelRestructuring bool
	// NLNSACCH is NLN(SACCH), the notification list number, 0 to 3.
	NLNSACCH uint8
	// CallPriorityPresent: CallPriority is present.
	CallPriorityPresent bool
	// CallPriority is the code of Call priority, 0 to 7.
	CallPriority uint8
	// NLNStatus is NLN status, which turns over with a new notification list.
	NLNStatus bool
	// VGCSPresent: the VBS/VGCS options are present.
	VGCSPresent bool
	// InbandNotifications: new notifications come on the FACCH.
	InbandNotifications bool
	// InbandPagings: paging comes on the FACCH.
	InbandPagings bool
	// DTM: the cell supports dual transfer mode; RAC and MaxLAPDm follow.
	DTM bool
	// RAC is the routing area code, with DTM.
	RAC uint8
	// MaxLAPDm is the code of MAX_LAPDm, 0 to 7: messages of up to MaxLAPDm + 5
	// LAPDm frames; 7 = any length.
	MaxLAPDm uint8
	// PCS1900 is the BAND INDICATOR: ARFCNs 512 to 810 mean PCS 1900, else DCS 1800.
	PCS1900 bool
	// GPRSMSTxPwrMaxCCHPresent: GPRSMSTxPwrMaxCCH is present.
	GPRSMSTxPwrMaxCCHPresent bool
	// GPRSMSTxPwrMaxCCH is GPRS_MS_TXPWR_MAX_CCH, a power control level, 0 to 31.
	GPRSMSTxPwrMaxCCH uint8
	// MBMS: the cell supports MBMS; the two fields after it count.
	MBMS bool
	// DedicatedModeMBMSNotification is DEDICATED_MODE_MBMS_NOTIFICATION_SUPPORT.
	DedicatedModeMBMSNotification bool
	// MNCI is MNCI_SUPPORT.
	MNCI bool
	// AMRConfigPresent: AMRConfig is present.
	AMRConfigPresent bool
	// AMRConfig is the code of AMR_Config, 0 to 15.
	AMRConfig uint8
	// Undecoded counts the bits from the first that is not understood; 0 = none.
	// Networks that fill these octets with random bits against known-plaintext
	// attacks (TS 44.018 §10.5.2.35a, Random bits) have them here.
	Undecoded int
}

func (s *SI6RestOctets) decode(b []byte, start int) (err error) {
	r := newRest(b, start, 7)
	if s.PCHAndNCH = r.LH(); s.PCHAndNCH {
		s.PagingChannelRestructuring = r.Flag("PAGING CHANNEL RESTRUCTURING")
		s.NLNSACCH = r.u8("NLN(SACCH)", 2)
		if s.CallPriorityPresent = r.Flag("Call priority"); s.CallPriorityPresent {
			s.CallPriority = r.u8("Call priority", 3)
		}
		s.NLNStatus = r.Flag("NLN status")
	}
	if s.VGCSPresent = r.LH(); s.VGCSPresent {
		s.InbandNotifications = r.Flag("Inband notifications")
		s.InbandPagings = r.Flag("Inband pagings")
	}
	if s.DTM = r.LH(); s.DTM {
		s.RAC = r.u8("RAC", 8)
		s.MaxLAPDm = r.u8("MAX_LAPDm", 3)
	}
	s.PCS1900 = r.LH()
	if s.GPRSMSTxPwrMaxCCHPresent = r.LH(); s.GPRSMSTxPwrMaxCCHPresent {
		s.GPRSMSTxPwrMaxCCH = r.u8("GPRS_MS_TXPWR_MAX_CCH", 5)
	}
	if s.MBMS = r.LH(); s.MBMS {
		s.DedicatedModeMBMSNotification = r.Flag("DEDICATED_MODE_MBMS_NOTIFICATION_SUPPORT")
		s.MNCI = r.Flag("MNCI_SUPPORT")
	}
	if r.LH() { // additions in release 7
		if s.AMRConfigPresent = r.Flag("AMR_Config"); s.AMRConfigPresent {
			s.AMRConfig = r.u8("AMR_Config", 4)
		}
	}
	s.Undecoded, err = r.finish("SI 6 Rest Octets", start)
	return err
}

// ThreeGMeasurement holds the 3G MEASUREMENT PARAMETERS Description (TS 44.018
// §10.5.2.33a, §10.5.2.33b; the codes are those of TS 45.008 §9).
type ThreeGMeasurement struct {
	// Present: the cell broadcasts it.
	Present bool
	// QsearchI is the code of Qsearch_I, 0 to 15: when an idle phone searches 3G
	// cells. 7 = always, 15 = never.
	QsearchI uint8
	// QsearchCInitial is Qsearch_C_Initial: the search level until a phone with a
	// call gets Qsearch_C; false = Qsearch_I, true = always. Not in type 2ter.
	QsearchCInitial bool
	// FDD: the three fields after it are present (in type 2ter two).
	FDD bool
	// FDDQoffset is the code of FDD_Qoffset, 0 to 15; 0 = always choose 3G.
	FDDQoffset uint8
	// FDDRepQuant is FDD_REP_QUANT: report Ec/No instead of RSCP. Not in 2ter.
	FDDRepQuant bool
	// FDDMultiratReporting is how many FDD cells a report shall hold, 0 to 3. Not in
	// 2ter.
	FDDMultiratReporting uint8
	// FDDQmin is the code of FDD_Qmin, 0 to 7.
	FDDQmin uint8
	// TDD: the two fields after it are present (in type 2ter one).
	TDD bool
	// TDDQoffset is the code of TDD_Qoffset, 0 to 15; 0 = always choose 3G.
	TDDQoffset uint8
	// TDDMultiratReporting is how many TDD cells a report shall hold, 0 to 3. Not in
	// 2ter.
	TDDMultiratReporting uint8
}

// ThreeGAdditional holds the 3G Additional Measurement Parameters Description (TS
// 44.018 §10.5.2.33a, §10.5.2.33b).
type ThreeGAdditional struct {
	// Present: the cell broadcasts it.
	Present bool
	// FDDQminOffset is the code of FDD_Qmin_Offset, 0 to 7, in steps of 2 dB.
	FDDQminOffset uint8
	// FDDRSCPmin is the code of FDD_RSCPmin, 0 to 15; see RSCPMinDBm.
	FDDRSCPmin uint8
}

// RSCPMinDBm returns the least RSCP of a 3G cell, -114 to -84 dBm.
func (a ThreeGAdditional) RSCPMinDBm() int { return 2*int(a.FDDRSCPmin) - 114 }

func (a *ThreeGAdditional) read(r *rest) {
	if a.Present = r.Flag("3G Additional Measurement Parameters Description"); a.Present {
		a.FDDQminOffset = r.u8("FDD_Qmin_Offset", 3)
		a.FDDRSCPmin = r.u8("FDD_RSCPmin", 4)
	}
}

// SI2terRestOctets is the SI 2ter Rest Octets (TS 44.018 §10.5.2.33a).
type SI2terRestOctets struct {
	// Present: the fields after it are present.
	Present bool
	// MPChangeMark is SI2ter_MP_CHANGE_MARK.
	MPChangeMark bool
	// ThreeGChangeMark is SI2ter_3G_CHANGE_MARK.
	ThreeGChangeMark bool
	// Index is SI2ter_INDEX, the number of this instance, 0 to 7.
	Index uint8
	// Count is SI2ter_COUNT, the number of the last instance, 0 to 7.
	Count uint8
	// FDD: there is a UTRAN FDD Description with the frequency FDDUARFCN.
	FDD bool
	// FDDUARFCN is FDD-ARFCN, 14 bits.
	FDDUARFCN uint16
	// TDD: there is a UTRAN TDD Description with the frequency TDDUARFCN.
	TDD bool
	// TDDUARFCN is TDD-ARFCN, 14 bits.
	TDDUARFCN uint16
	// ThreeG holds the 3G MEASUREMENT PARAMETERS Description.
	ThreeG ThreeGMeasurement
	// Additional holds the 3G Additional Measurement Parameters Description.
	Additional ThreeGAdditional
	// Undecoded counts the bits from the first that is not understood; 0 = none.
	Undecoded int
}

func (s *SI2terRestOctets) decode(b []byte, start int) (err error) {
	r := newRest(b, start, 4)
	if s.Present = r.LH(); s.Present {
		s.fields(&r)
	}
	s.Undecoded, err = r.finish("SI 2ter Rest Octets", start)
	return err
}

func (s *SI2terRestOctets) fields(r *rest) {
	s.MPChangeMark = r.Flag("SI2ter_MP_CHANGE_MARK")
	s.ThreeGChangeMark = r.Flag("SI2ter_3G_CHANGE_MARK")
	s.Index = r.u8("SI2ter_INDEX", 3)
	s.Count = r.u8("SI2ter_COUNT", 3)
	// uarfcn reads a description: two bits that were something else in earlier
	// versions (0 and 1 since), the frequency, and a bandwidth of 3 bits.
	uarfcn := func(field string) (n uint16, present, known bool) {
		if present = r.Flag(field); !present {
			return 0, false, true
		}
		if r.Bits(field, 2) != 1 {
			r.stopped = true
			return 0, true, false
		}
		n = uint16(r.Bits(field, 14))
		if r.Flag("Bandwidth") {
			r.Skip("Bandwidth", 3)
		}
		return n, true, true
	}
	var known bool
	if s.FDDUARFCN, s.FDD, known = uarfcn("FDD-ARFCN"); !known {
		return
	}
	if s.TDDUARFCN, s.TDD, known = uarfcn("TDD-ARFCN"); !known {
		return
	}
	if s.ThreeG.Present = r.Flag("3G MEASUREMENT PARAMETERS Description"); s.ThreeG.Present {
		s.ThreeG.QsearchI = r.u8("Qsearch_I", 4)
		if s.ThreeG.FDD = r.Flag("FDD parameters"); s.ThreeG.FDD {
			s.ThreeG.FDDQoffset = r.u8("FDD_Qoffset", 4)
			s.ThreeG.FDDQmin = r.u8("FDD_Qmin", 3)
		}
		if s.ThreeG.TDD = r.Flag("TDD parameters"); s.ThreeG.TDD {
			s.ThreeG.TDDQoffset = r.u8("TDD_Qoffset", 4)
		}
	}
	if r.LH() { // additions in release 5
		s.Additional.read(r)
	}
}
