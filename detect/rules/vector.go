package rules

import (
	"fmt"
	"strings"
)

// synthetic is a made-up GSM cell of the test network 001-01, for vectors. Its
// frames are System Information as TS 44.018 §9.1 lays it out.
type synthetic struct {
	arfcn  int
	plmn   string // as coded in an LAI
	lac    int
	ci     int
	t3212  int
	crh    int // raw, steps of 2 dB
	rxlev  int
	access string // RACH Control Parameters
	ccd    int    // first octet of the Control Channel Description
	pagMf  int    // raw BS-PA-MFRMS
	rest   string // rest octets of SI3 and SI4
	near   []int  // neighbour ARFCNs, 1 to 124
}

// ordinary is a cell that no rule objects to.
func ordinary(arfcn, ci int, near ...int) synthetic {
	return synthetic{
		arfcn: arfcn, plmn: "00f110", lac: 3000, ci: ci, t3212: 20, crh: 2, rxlev: 5,
		access: "b90000", ccd: 0x48, pagMf: 3, rest: "2b2b2b2b", near: near,
	}
}

// but returns the cell after a change.
func (c synthetic) but(change func(*synthetic)) synthetic {
	change(&c)
	return c
}

func (c synthetic) lai() string { return fmt.Sprintf("%s%04x", c.plmn, c.lac) }

func (c synthetic) selection() string { return fmt.Sprintf("%02x%02x", c.crh<<5|5, c.rxlev) }

// bitmap is a Neighbour Cell Description in bit map 0 (TS 44.018 §10.5.2.13.2).
func (c synthetic) bitmap() string {
	var b [16]byte
	for _, n := range c.near {
		b[15-(n-1)/8] |= 1 << ((n - 1) % 8)
	}
	return fmt.Sprintf("%x", b)
}

func (c synthetic) si2() string {
	return fmt.Sprintf("BCCH %d: 59 061a %s ff %s\n", c.arfcn, c.bitmap(), c.access)
}

func (c synthetic) si3() string {
	return fmt.Sprintf("BCCH %d: 49 061b %04x %s %02x%02x%02x 28 %s %s %s\n",
		c.arfcn, c.ci, c.lai(), c.ccd, c.pagMf, c.t3212, c.selection(), c.access, c.rest)
}

func (c synthetic) si4() string {
	return fmt.Sprintf("BCCH %d: 31 061c %s %s %s %s\n", c.arfcn, c.lai(), c.selection(), c.access, c.rest[:4])
}

// cycle is a round of system information, with what is repeated in it.
func (c synthetic) cycle() string { return c.si3() + c.si2() + c.si4() + c.si2() + c.si3() }

// cycles is a round of each cell.
func cycles(cells ...synthetic) string {
	var b strings.Builder
	for _, c := range cells {
		b.WriteString(c.cycle())
	}
	return b.String()
}

// Messages of sessions on ARFCN 33, for vectors (TS 24.008 §9.2, TS 44.018 §9.1).
const (
	updateTMSI     = "DTAP 33 ul: 0508 70 00f1100bb9 33 05f411223344\n" // normal, TMSI, old LAC 3001
	updatePeriodic = "DTAP 33 ul: 0508 71 00f1100bb8 33 05f411223344\n"
	updateIMSI     = "DTAP 33 ul: 0508 72 00f110fffe 33 080910100000000010\n" // IMSI attach, 001-01
	updateVisitor  = "DTAP 33 ul: 0508 70 99f9100bb9 33 05f411223344\n"       // from 999-01
	askIMSI        = "DTAP 33: 0518 01\n"
	askIMEI        = "DTAP 33: 0518 02\n"
	askIMEISV      = "DTAP 33: 0518 03\n"
	giveIMSI       = "DTAP 33 ul: 0519 080910100000000010\n"
	giveVisitor    = "DTAP 33 ul: 0519 089999100000000010\n" // IMSI of 999-01
	giveIMEISV     = "DTAP 33 ul: 0519 090300000000000000f0\n"
	challenge      = "DTAP 33: 0512 00 000102030405060708090a0b0c0d0e0f\n"
	challengeAKA   = "DTAP 33: 0512 00 000102030405060708090a0b0c0d0e0f 2010 101112131415161718191a1b1c1d1e1f\n"
	answer         = "DTAP 33 ul: 0514 01020304\n"
	failMAC        = "DTAP 33 ul: 051c 14\n"
	refuseKey      = "DTAP 33: 0511\n" // Authentication Reject
	cipherA51      = "DTAP 33: 0635 01\n"
	cipherA53      = "DTAP 33: 0635 05\n"
	cipherA52      = "DTAP 33: 0635 03\n"
	cipherNone     = "DTAP 33: 0635 00\n"
	cipherDone     = "DTAP 33 ul: 0632\n"
	accept         = "DTAP 33: 0502 00f1100bb8\n"
	acceptTMSI     = "DTAP 33: 0502 00f1100bb8 1705f455667788\n"
	newTMSI        = "DTAP 33: 051a 00f1100bb8 05f455667788\n"
	reject2        = "DTAP 33: 0504 02\n"
	reject11       = "DTAP 33: 0504 0b\n"
	reject15       = "DTAP 33: 0504 0f\n"
	serviceSMS     = "DTAP 33 ul: 0524 74 03331981 05f411223344\n"
	emergencyNoSIM = "DTAP 33 ul: 0524 72 03331981 080a00000000000000\n" // IMEI
	serviceReject4 = "DTAP 33: 0522 04\n"
	serviceReject6 = "DTAP 33: 0522 06\n"
	pageResponse   = "DTAP 33 ul: 0627 00 03331981 05f411223344\n"
	release        = "DTAP 33: 060d 00\n"

	// protected is a session as a network with the subscriber's key runs it.
	protected = updateTMSI + askIMSI + giveIMSI + challenge + answer + cipherA51 + cipherDone + acceptTMSI + release
)

// repeat writes a frame n times.
func repeat(line string, n int) string { return strings.Repeat(line, n) }
