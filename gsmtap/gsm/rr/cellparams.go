package rr

import (
	"time"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// RACHControlParameters says who may ask the cell for a channel, and how often (TS
// 44.018 §10.5.2.29).
type RACHControlParameters struct {
	// MaxRetrans is the code of the number of retransmissions, 0 to 3; see
	// Retransmissions.
	MaxRetrans uint8
	// TxInteger is the code of the number of slots over which transmissions are
	// spread, 0 to 15; see Slots.
	TxInteger uint8
	// CellBarAccess is CELL_BAR_ACCESS: the cell is barred for camping (TS 45.008
	// §9 table 1a gives its meaning together with CBQ).
	CellBarAccess bool
	// RE is the RE bit: call reestablishment is not allowed in the cell.
	RE bool
	// AccessControlClass has a bit per barred class: bit N = class N is barred, for
	// N = 0 to 9 and 11 to 15. Bit 10 is EC: emergency calls are not allowed for
	// classes 0 to 9 and phones without SIM.
	AccessControlClass uint16
}

// Retransmissions returns the maximum number of retransmissions: 1, 2, 4 or 7.
func (p RACHControlParameters) Retransmissions() int {
	return int([4]uint8{1, 2, 4, 7}[p.MaxRetrans&3])
}

// Slots returns the number of slots used to spread transmissions, 3 to 50.
func (p RACHControlParameters) Slots() int {
	return int([16]uint8{3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 20, 25, 32, 50}[p.TxInteger&15])
}

// Barred reports whether access class n, 0 to 15 without 10, is barred.
func (p RACHControlParameters) Barred(n int) bool {
	return n >= 0 && n <= 15 && n != 10 && p.AccessControlClass>>n&1 == 1
}

// EmergencyCallAllowed reports whether every phone may make emergency calls (EC).
func (p RACHControlParameters) EmergencyCallAllowed() bool {
	return p.AccessControlClass>>10&1 == 0
}

func (p *RACHControlParameters) read(r *wire.Reader) {
	b := r.Octets("RACH Control Parameters", 3)
	if b == nil {
		return
	}
	p.MaxRetrans, p.TxInteger = b[0]>>6, b[0]>>2&15
	p.CellBarAccess, p.RE = b[0]&2 != 0, b[0]&1 != 0
	p.AccessControlClass = uint16(b[1])<<8 | uint16(b[2])
}

// ControlChannelDescription describes the common control channels and how phones
// use them (TS 44.018 §10.5.2.11).
type ControlChannelDescription struct {
	// MSCR: the core network is of release 99 or later.
	MSCR bool
	// ATT: phones shall attach and detach their IMSI.
	ATT bool
	// BSAGBlksRes is BS_AG_BLKS_RES, the number of blocks reserved for access
	// grant, 0 to 7 (with CCCH-CONF 1: 0 to 2, the rest reserved).
	BSAGBlksRes uint8
	// CCCHConf is the code CCCH-CONF, 0 to 7; see CCCHs and Combined.
	CCCHConf uint8
	// SI22IND: System Information Type 22 is broadcast.
	SI22IND bool
	// CBQ3 is the cell bar qualify 3 for Iu mode, 0 to 3; 0 = Iu mode not supported.
	CBQ3 uint8
	// BSPAMfrms is the code BS-PA-MFRMS, 0 to 7; see PagingMultiframes.
	BSPAMfrms uint8
	// T3212 is the period of location updating in decihours, 0 to 255; see Period.
	T3212 uint8
}

// CCCHs returns the number of basic physical channels for CCCH, 1 to 4, or 0 for a
// reserved CCCH-CONF.
func (c ControlChannelDescription) CCCHs() int {
	return int([8]uint8{0: 1, 1: 1, 2: 2, 4: 3, 6: 4}[c.CCCHConf&7])
}

// Combined reports whether the CCCH shares its channel with SDCCHs.
func (c ControlChannelDescription) Combined() bool { return c.CCCHConf == 1 }

// PagingMultiframes returns the number of multiframes between two paging messages
// of the same paging subgroup, 2 to 9.
func (c ControlChannelDescription) PagingMultiframes() int { return int(c.BSPAMfrms&7) + 2 }

// Period returns the period of location updating, a multiple of 6 minutes. 0 means
// that phones shall not update periodically.
func (c ControlChannelDescription) Period() time.Duration {
	return time.Duration(c.T3212) * 6 * time.Minute
}

func (c *ControlChannelDescription) read(r *wire.Reader) {
	b := r.Octets("Control Channel Description", 3)
	if b == nil {
		return
	}
	*c = ControlChannelDescription{
		MSCR:        b[0]&0x80 != 0,
		ATT:         b[0]&0x40 != 0,
		BSAGBlksRes: b[0] >> 3 & 7,
		CCCHConf:    b[0] & 7,
		SI22IND:     b[1]&0x80 != 0,
		CBQ3:        b[1] >> 5 & 3,
		BSPAMfrms:   b[1] & 7,
		T3212:       b[2],
	}
}

// CellOptions is the Cell Options element on BCCH (TS 44.018 §10.5.2.3) or on SACCH
// (TS 44.018 §10.5.2.3a), which differ in bit 8.
type CellOptions struct {
	// DNIND is the dynamic ARFCN mapping indication. Only on BCCH.
	DNIND bool
	// PWRC is the power control indicator: the BCCH carrier's slots are left out of
	// signal measurements.
	PWRC bool
	// DTX is the code of the DTX indicator. On BCCH 0 to 3: uplink DTX may, shall,
	// shall not be used, 3 reserved. On SACCH 0 to 7, bit 8 of the octet being the
	// most significant: it tells full rate and half rate channels apart.
	DTX uint8
	// RadioLinkTimeout is the code of RADIO-LINK-TIMEOUT, 0 to 15; see Timeout.
	RadioLinkTimeout uint8
}

// Timeout returns the number of SACCH blocks that may be lost before a phone drops
// the connection, 4 to 64.
func (o CellOptions) Timeout() int { return 4 * (int(o.RadioLinkTimeout&15) + 1) }

func (o *CellOptions) read(r *wire.Reader, sacch bool) {
	b := r.U8("Cell Options")
	o.PWRC = b&0x40 != 0
	o.DTX = b >> 4 & 3
	o.RadioLinkTimeout = b & 15
	if sacch {
		o.DTX |= b >> 5 & 4
	} else {
		o.DNIND = b&0x80 != 0
	}
}

// CellSelectionParameters is what a phone needs to compare the cell with others
// (TS 44.018 §10.5.2.4; its use is TS 45.008 §6.4).
type CellSelectionParameters struct {
	// CellReselectHysteresis is the code of CELL-RESELECT-HYSTERESIS, 0 to 7; see
	// HysteresisDB.
	CellReselectHysteresis uint8
	// MSTxPwrMaxCCH is MS-TXPWR-MAX-CCH, the power control level that a phone may
	// use at most for access, 0 to 31; see MaxPowerDBm.
	MSTxPwrMaxCCH uint8
	// ACS is the additional reselection parameter indication: in System Information
	// Type 4 it says that the rest octets hold selection parameters; in type 3 it is
	// spare.
	ACS bool
	// NECI: the cell supports new establishment causes, that is, half rate.
	NECI bool
	// RxLevAccessMin is the code of RXLEV-ACCESS-MIN, 0 to 63; see RxLevAccessMinDBm.
	RxLevAccessMin uint8
}

// HysteresisDB returns the hysteresis for reselecting a cell of another location
// area, 0 to 14 dB.
func (p CellSelectionParameters) HysteresisDB() int { return 2 * int(p.CellReselectHysteresis) }

// RxLevAccessMinDBm returns the least level at which a phone may use the cell, -110
// to -47 dBm; -110 stands for any level (TS 45.008 §8.1.4).
func (p CellSelectionParameters) RxLevAccessMinDBm() int { return int(p.RxLevAccessMin) - 110 }

// MaxPowerDBm returns the power of MS-TXPWR-MAX-CCH in a band as arfcn.Band names
// it (TS 45.005 §4.1.1); ok is false for reserved levels.
func (p CellSelectionParameters) MaxPowerDBm(band string) (dbm int, ok bool) {
	n := int(p.MSTxPwrMaxCCH)
	switch {
	case band == "DCS 1800" && n >= 29:
		return 36 - 2*(n-29), true
	case band == "PCS 1900" && n >= 30:
		return 33 - (n - 30), true
	case band == "DCS 1800", band == "PCS 1900":
		if n > 15 {
			// Levels 16 to 28 mean 0 dBm in DCS 1800 and are reserved in PCS 1900
			// up to 29.
			return 0, band == "DCS 1800"
		}
		return 30 - 2*n, true
	case n <= 2:
		return 39, true
	case n <= 19:
		return 43 - 2*n, true
	}
	return 5, true
}

func (p *CellSelectionParameters) read(r *wire.Reader) {
	b := r.Octets("Cell Selection Parameters", 2)
	if b == nil {
		return
	}
	*p = CellSelectionParameters{
		CellReselectHysteresis: b[0] >> 5,
		MSTxPwrMaxCCH:          b[0] & 31,
		ACS:                    b[1]&0x80 != 0,
		NECI:                   b[1]&0x40 != 0,
		RxLevAccessMin:         b[1] & 63,
	}
}

// NCCPermitted has a bit per network colour code, bit N = phones shall measure and
// report neighbours whose BSIC has NCC N (TS 44.018 §10.5.2.27).
type NCCPermitted uint8

// Has reports whether NCC n, 0 to 7, is permitted.
func (p NCCPermitted) Has(n int) bool { return n >= 0 && n <= 7 && p>>n&1 == 1 }
