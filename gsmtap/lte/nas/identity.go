package nas

import (
	"strconv"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// GUTI is a globally unique temporary identity (TS 23.003 §2.8.1).
type GUTI struct {
	// PLMN is the network that gave it.
	PLMN ident.PLMN
	// MMEGroupID and MMECode name the MME in the network.
	MMEGroupID uint16
	MMECode    uint8
	// MTMSI is the phone's number in the MME. It stands for a person.
	MTMSI uint32
}

// EPSIdentityType is the type of identity of an EPS mobile identity (TS 24.301
// §9.9.3.12). It is not coded as that of a mobile identity.
type EPSIdentityType uint8

// Types of EPS mobile identity. The others are reserved.
const (
	EPSIMSI EPSIdentityType = 1
	EPSIMEI EPSIdentityType = 3
	EPSGUTI EPSIdentityType = 6
)

// String names the type.
func (t EPSIdentityType) String() string {
	return name([]string{EPSIMSI: "IMSI", EPSIMEI: "IMEI", EPSGUTI: "GUTI"}, uint8(t))
}

// EPSMobileIdentity is who the phone says it is, or is to be (TS 24.301 §9.9.3.12).
type EPSMobileIdentity struct {
	// Type is the type of identity, 0 to 7.
	Type EPSIdentityType
	// HasIdentity: Identity is present, an IMSI or IMEI.
	HasIdentity bool
	Identity    ident.MobileIdentity
	// HasGUTI: GUTI is present.
	HasGUTI bool
	GUTI    GUTI
}

// epsIdentity decodes the value of an EPS mobile identity.
func (p *parser) epsIdentity(field string, v []byte, off int) (m EPSMobileIdentity) {
	if len(v) == 0 {
		return m
	}
	m.Type = EPSIdentityType(v[0] & 7)
	switch m.Type {
	case EPSGUTI:
		if len(v) < 11 {
			p.defect(field, off, wire.ErrLength)
			return m
		}
		p.odd = p.odd || len(v) > 11
		m.HasGUTI = true
		m.GUTI = GUTI{
			PLMN:       p.plmn(field, v[1:], off+1),
			MMEGroupID: uint16(v[4])<<8 | uint16(v[5]),
			MMECode:    v[6],
			MTMSI:      uint32(v[7])<<24 | uint32(v[8])<<16 | uint32(v[9])<<8 | uint32(v[10]),
		}
	case EPSIMSI, EPSIMEI:
		var b [9]byte // with the number that a mobile identity has for the type
		n := copy(b[:], v)
		typ := ident.IMSI
		if m.Type == EPSIMEI {
			typ = ident.IMEI
		}
		b[0] = b[0]&^7 | uint8(typ)
		if len(v) > len(b) {
			p.defect(field, off, wire.ErrLength)
			return m
		}
		id, err := ident.DecodeMobileIdentity(b[:n])
		p.within(field, off, err)
		m.Identity, m.HasIdentity = id, err == nil
	default:
		p.odd = true
	}
	return m
}

// mobileIdentity decodes the value of a mobile identity (TS 24.008 §10.5.1.4).
func (p *parser) mobileIdentity(field string, v []byte, off int) ident.MobileIdentity {
	m, err := ident.DecodeMobileIdentity(v)
	p.within(field, off, err)
	if m.Type > ident.TMSI {
		p.odd = true
	}
	return m
}

// plmn decodes three octets. Digits that are none are a defect and leave the PLMN
// unknown.
func (p *parser) plmn(field string, v []byte, off int) ident.PLMN {
	n, err := ident.DecodePLMN(v)
	p.within(field, off, err)
	return n
}

// lai decodes five octets, sent by a phone that may have no valid area: digits that
// are none leave the PLMN unknown and are no defect.
func lai(v []byte) ident.LAI {
	return ident.LAI{PLMN: maybePLMN(v), LAC: uint16(v[3])<<8 | uint16(v[4])}
}

// maybePLMN is looked at before it is decoded because the error, which is not
// wanted, would be allocated.
func maybePLMN(b []byte) ident.PLMN {
	if b[0]&15 > 9 || b[0]>>4 > 9 || b[1]&15 > 9 || b[1]>>4 > 9 && b[1]>>4 != 15 || b[2]&15 > 9 || b[2]>>4 > 9 {
		return ident.PLMN{}
	}
	n, _ := ident.DecodePLMN(b)
	return n
}

// TAI is a tracking area identity (TS 23.003 §19.4.2.3).
type TAI struct {
	PLMN ident.PLMN
	// TAC is the tracking area code, 16 bits.
	TAC uint16
}

// String writes PLMN and TAC, "001-01/3001".
func (t TAI) String() string { return t.PLMN.String() + "/" + strconv.Itoa(int(t.TAC)) }

// MaxTAIs is how many areas a list holds (TS 24.301 §9.9.3.33).
const MaxTAIs = 16

// TAIList is a tracking area identity list (TS 24.301 §9.9.3.33). A phone that moves
// inside it does not tell the network.
type TAIList struct {
	// Present is false if the message has no such element.
	Present bool
	// TAIs holds the first Count areas; of consecutive codes each one.
	TAIs  [MaxTAIs]TAI
	Count int
	// Total is the number of areas that the list names, also beyond MaxTAIs.
	Total int
	// Type is the type of the first partial list: 0 codes of one PLMN, 1 consecutive
	// codes of one PLMN, 2 areas of several PLMNs; 3 is reserved.
	Type uint8
}

func (l *TAIList) add(t TAI) {
	if l.Count < len(l.TAIs) {
		l.TAIs[l.Count] = t
		l.Count++
	}
	l.Total++
}

// taiList decodes the value of a tracking area identity list.
func (p *parser) taiList(field string, v []byte, off int) (l TAIList) {
	l.Present = true
	r := wire.NewReader(v)
	for first := true; r.Len() > 0; first = false {
		at := off + r.Offset()
		h := r.U8(field)
		typ, n := h>>5&3, int(h&0x1f)+1
		if first {
			l.Type = typ
		}
		if n > MaxTAIs { // unused values count as 16
			n, p.odd = MaxTAIs, true
		}
		switch typ {
		case 0, 1:
			at = off + r.Offset()
			area := TAI{}
			if b := r.Octets(field, 3); b != nil {
				area.PLMN = p.plmn(field, b, at)
			}
			if typ == 1 {
				first := r.U16(field)
				for i := 0; i < n && r.OK(); i++ {
					l.add(TAI{area.PLMN, first + uint16(i)})
				}
				break
			}
			for range n {
				if area.TAC = r.U16(field); r.OK() {
					l.add(area)
				}
			}
		case 2:
			for range n {
				at = off + r.Offset()
				if b := r.Octets(field, 5); b != nil {
					l.add(TAI{p.plmn(field, b, at), uint16(b[3])<<8 | uint16(b[4])})
				}
			}
		default:
			p.defect(field, at, wire.ErrInvalid)
			return l
		}
	}
	p.odd = p.odd || l.Total > MaxTAIs
	p.within("", off, r.Err())
	return l
}

// MaxEquivalentPLMNs is how many networks a PLMN list holds (TS 24.008 §10.5.1.13).
const MaxEquivalentPLMNs = 15

// PLMNList is a list of equivalent networks (TS 24.301 §9.9.2.8).
type PLMNList struct {
	// Present is false if the message has no such element.
	Present bool
	// PLMNs holds the first Count networks; octets that are no PLMN are unknown ones.
	PLMNs [MaxEquivalentPLMNs]ident.PLMN
	Count int
}

// plmnList decodes the value of a PLMN list.
func (p *parser) plmnList(field string, v []byte, off int) (l PLMNList) {
	l.Present = true
	n := len(v) / 3
	if len(v)%3 != 0 || n > MaxEquivalentPLMNs {
		p.defect(field, off, wire.ErrLength)
	}
	for l.Count < min(n, MaxEquivalentPLMNs) {
		l.PLMNs[l.Count] = p.plmn(field, v[3*l.Count:], off+3*l.Count)
		l.Count++
	}
	return l
}
