// Package ident holds the identities that mobile networks broadcast and phones
// answer with: PLMN, areas and cells on one side, IMSI, IMEI and TMSI on the other
// (TS 23.003). It parses, compares and prints them; Pseudonyms decides how those of
// persons leave the program.
package ident

import (
	"strconv"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// PLMN is a public land mobile network: mobile country code and mobile network
// code (TS 23.003 §2.2). The number of MNC digits is part of it: 001-01 is not
// 001-001. The zero value means "unknown".
type PLMN struct {
	// MCC is the three-digit mobile country code, 0 to 999.
	MCC uint16
	// MNC is the mobile network code, 0 to 999.
	MNC uint16
	// MNCDigits is 2 or 3; 0 in the zero value.
	MNCDigits uint8
}

// Known reports whether p names a network.
func (p PLMN) Known() bool { return p.MNCDigits != 0 }

// String writes MCC and MNC with all their digits, "262-01"; empty if unknown.
func (p PLMN) String() string {
	if !p.Known() {
		return ""
	}
	b := make([]byte, 0, 7)
	b = appendDigits(b, p.MCC, 3)
	b = append(b, '-')
	return string(appendDigits(b, p.MNC, int(p.MNCDigits)))
}

// MarshalText writes p as String does.
func (p PLMN) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Test reports whether p is set aside for tests and private use: 001-xx (TS
// 23.003 and ITU-T E.212 Annex) and 999-xx (ITU-T E.212 §6.4, private networks).
func (p PLMN) Test() bool { return p.Known() && (p.MCC == 1 || p.MCC == 999) }

func appendDigits(b []byte, v uint16, n int) []byte {
	s := strconv.Itoa(int(v))
	for range n - len(s) {
		b = append(b, '0')
	}
	return append(b, s...)
}

// ParsePLMN reads "262-01" or "310-410".
func ParsePLMN(s string) (PLMN, bool) {
	if len(s) != 6 && len(s) != 7 || s[3] != '-' {
		return PLMN{}, false
	}
	mcc, err1 := strconv.ParseUint(s[:3], 10, 16)
	mnc, err2 := strconv.ParseUint(s[4:], 10, 16)
	if err1 != nil || err2 != nil {
		return PLMN{}, false
	}
	return PLMN{uint16(mcc), uint16(mnc), uint8(len(s) - 4)}, true
}

// DecodePLMN reads the three octets that code MCC and MNC in an area identity (TS
// 24.008 §10.5.1.3): digits swapped, a filler of 1111 in place of a third MNC
// digit. Digits above 9 give wire.ErrInvalid.
func DecodePLMN(b []byte) (PLMN, error) {
	if len(b) < 3 {
		return PLMN{}, &wire.DecodeError{Path: "MCC MNC", Offset: len(b), Err: wire.ErrShort}
	}
	d := [6]uint8{b[0] & 15, b[0] >> 4, b[1] & 15, b[2] & 15, b[2] >> 4, b[1] >> 4}
	for i, v := range d {
		if v > 9 && !(i == 5 && v == 15) {
			return PLMN{}, &wire.DecodeError{Path: "MCC MNC", Err: wire.ErrInvalid}
		}
	}
	p := PLMN{
		MCC:       uint16(d[0])*100 + uint16(d[1])*10 + uint16(d[2]),
		MNC:       uint16(d[3])*10 + uint16(d[4]),
		MNCDigits: 2,
	}
	if d[5] != 15 {
		p.MNC, p.MNCDigits = p.MNC*10+uint16(d[5]), 3
	}
	return p, nil
}

// AppendPLMN appends the three octets that DecodePLMN reads.
func AppendPLMN(b []byte, p PLMN) []byte {
	c1, c2, c3 := uint8(p.MCC/100%10), uint8(p.MCC/10%10), uint8(p.MCC%10)
	if p.MNCDigits == 3 {
		n1, n2, n3 := uint8(p.MNC/100%10), uint8(p.MNC/10%10), uint8(p.MNC%10)
		return append(b, c2<<4|c1, n3<<4|c3, n2<<4|n1)
	}
	return append(b, c2<<4|c1, 0xf0|c3, uint8(p.MNC%10)<<4|uint8(p.MNC/10%10))
}

// LAI is a location area identification: PLMN and location area code (TS 23.003
// §4.1).
type LAI struct {
	PLMN PLMN
	LAC  uint16
}

// DecodeLAI reads the five octets of TS 24.008 §10.5.1.3 (without element
// identifier).
func DecodeLAI(b []byte) (LAI, error) {
	if len(b) < 5 {
		return LAI{}, &wire.DecodeError{Path: "Location Area Identification", Offset: len(b), Err: wire.ErrShort}
	}
	p, err := DecodePLMN(b)
	return LAI{p, uint16(b[3])<<8 | uint16(b[4])}, wire.Within(err, "Location Area Identification", 0)
}

// AppendLAI appends the five octets that DecodeLAI reads.
func AppendLAI(b []byte, l LAI) []byte {
	return append(AppendPLMN(b, l.PLMN), uint8(l.LAC>>8), uint8(l.LAC))
}

// String writes PLMN and LAC, "262-01/793".
func (l LAI) String() string { return l.PLMN.String() + "/" + strconv.Itoa(int(l.LAC)) }

// RAI is a routing area identification: location area and routing area code (TS 23.003
// §4.2).
type RAI struct {
	LAI LAI
	RAC uint8
}

// String writes PLMN, LAC and RAC, "262-01/793/1".
func (r RAI) String() string { return r.LAI.String() + "/" + strconv.Itoa(int(r.RAC)) }

// CGI is a GSM or UMTS cell global identification (TS 23.003 §4.3.1).
type CGI struct {
	LAI LAI
	CI  uint16
}

// String writes PLMN, LAC and CI, "262-01/793/21791".
func (c CGI) String() string { return c.LAI.String() + "/" + strconv.Itoa(int(c.CI)) }
