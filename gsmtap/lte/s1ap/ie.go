package s1ap

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Elements that are decoded.
const (
	ieMMEUES1APID             IEID = 0
	ieHandoverType            IEID = 1
	ieCause                   IEID = 2
	ieENBUES1APID             IEID = 8
	ieERABToBeSetupListBearer IEID = 16
	ieERABToBeSetupItemBearer IEID = 17
	ieERABToBeSetupListCtxt   IEID = 24
	ieNASPDU                  IEID = 26
	ieERABToBeModifiedList    IEID = 30
	ieERABToBeModifiedItem    IEID = 36
	ieSecurityContext         IEID = 40
	ieUEPagingID              IEID = 43
	iePagingDRX               IEID = 44
	ieTAIList                 IEID = 46
	ieTAIItem                 IEID = 47
	ieERABToBeSetupItemCtxt   IEID = 52
	ieGlobalENBID             IEID = 59
	ieENBName                 IEID = 60
	ieMMEName                 IEID = 61
	ieSupportedTAs            IEID = 64
	ieTAI                     IEID = 67
	ieSecurityKey             IEID = 73
	ieUERadioCapability       IEID = 74
	ieGUMMEIID                IEID = 75
	ieSTMSI                   IEID = 96
	ieUES1APIDs               IEID = 99
	ieEUTRANCGI               IEID = 100
	ieUESecurityCapabilities  IEID = 107
	ieCSFallbackIndicator     IEID = 108
	ieCNDomain                IEID = 109
	ieRRCEstablishmentCause   IEID = 134
	ieDefaultPagingDRX        IEID = 137
	ieGUMMEIList              IEID = 154
)

// TAI is a tracking area identity (TS 36.413 §9.2.3.16).
type TAI struct {
	PLMN ident.PLMN
	// TAC is the tracking area code; 0x0000 and 0xfffe are reserved (TS 23.003 §19.4.2.3).
	TAC uint16
}

// EUTRANCGI identifies an LTE cell (TS 36.413 §9.2.1.38).
type EUTRANCGI struct {
	PLMN ident.PLMN
	// ECI is the cell identity, 28 bits, whose first bits are the eNB's identity.
	ECI uint32
}

// GUMMEI identifies an MME (TS 36.413 §9.2.3.9).
type GUMMEI struct {
	PLMN    ident.PLMN
	GroupID uint16
	Code    uint8
}

// STMSI is a phone's temporary identity within the area of its MMEs (TS 36.413
// §9.2.3.6).
type STMSI struct {
	// MMEC is the MME code.
	MMEC uint8
	// MTMSI is personal data.
	MTMSI uint32
}

// UEPagingID is who is paged (TS 36.413 §9.2.3.13).
type UEPagingID struct {
	// Identity is an IMSI, or a TMSI, the second part of an S-TMSI.
	Identity ident.MobileIdentity
	// HasMMEC: MMEC is present, which it is with a TMSI.
	HasMMEC bool
	// MMEC is the MME code, the first part of an S-TMSI.
	MMEC uint8
}

// SupportedTA is a tracking area that an eNB serves (TS 36.413 §9.1.8.4).
type SupportedTA struct {
	TAC uint16
	// BroadcastPLMNs are the first PLMNCount networks that its cells broadcast.
	BroadcastPLMNs [MaxPLMNs]ident.PLMN
	// PLMNCount is 1 to MaxPLMNs.
	PLMNCount int
}

// ENBKind is the kind of an eNB identity (TS 36.413 §9.2.1.37).
type ENBKind uint8

// Kinds of eNB identity, with the length of the identity in bits.
const (
	MacroENB      ENBKind = iota // 20 bits
	HomeENB                      // 28 bits
	ShortMacroENB                // 18 bits
	LongMacroENB                 // 21 bits
)

// enbBits are the lengths of the identities in bits.
var enbBits = [...]int{20, 28, 18, 21}

// String names the kind as the ASN.1 module does.
func (k ENBKind) String() string {
	return text([]string{"macroENB-ID", "homeENB-ID", "short-macroENB-ID", "long-macroENB-ID"}, uint8(k))
}

// GlobalENBID identifies an eNB (TS 36.413 §9.2.1.37).
type GlobalENBID struct {
	PLMN ident.PLMN
	Kind ENBKind
	// ENBID is the identity, 18 to 28 bits by Kind.
	ENBID uint32
}

// UESecurityCapabilities are the algorithms of a phone (TS 36.413 §9.2.1.40), bit 15
// (the first) for 128-EEA1 and 128-EIA1, bit 14 for the algorithms 2, bit 13 for 3.
// EEA0 and EIA0 have no bit: 0 means that the phone has nothing else.
type UESecurityCapabilities struct {
	EEA uint16
	EIA uint16
}

// CauseGroup is the alternative of Cause (TS 36.413 §9.2.1.3).
type CauseGroup uint8

// Groups of causes.
const (
	CauseRadioNetwork CauseGroup = iota
	CauseTransport
	CauseNAS
	CauseProtocol
	CauseMisc
)

// String names the group as the ASN.1 module does.
func (g CauseGroup) String() string {
	return text([]string{"radioNetwork", "transport", "nas", "protocol", "misc"}, uint8(g))
}

// Cause is why something is released, rejected or failed (TS 36.413 §9.2.1.3).
type Cause struct {
	Group CauseGroup
	// Value counts from 0 inside the group, additions of later versions on from the
	// first version's last.
	Value uint8
	// Name is the value's name in the ASN.1 module.
	Name string
}

// causes holds, by group, the size of the root in bits and values, and the names.
var causes = [...]struct {
	bits, root int
	names      []string
}{
	{6, 36, radioNetworkCauses[:]}, {1, 2, transportCauses[:]}, {2, 4, nasCauses[:]},
	{3, 7, protocolCauses[:]}, {3, 6, miscCauses[:]},
}

// RRCEstablishmentCause is why a phone asked for a connection (TS 36.413 §9.2.1.3a).
type RRCEstablishmentCause uint8

// String names the cause as the ASN.1 module does.
func (c RRCEstablishmentCause) String() string {
	return text([]string{
		"emergency", "highPriorityAccess", "mt-Access", "mo-Signalling", "mo-Data",
		"delay-TolerantAccess", "mo-VoiceCall", "mo-ExceptionData",
	}, uint8(c))
}

// HandoverType is between which technologies a phone is handed over (TS 36.413
// §9.2.1.13).
type HandoverType uint8

// String names the type as the ASN.1 module does.
func (t HandoverType) String() string {
	return text([]string{
		"intralte", "ltetoutran", "ltetogeran", "utrantolte", "gerantolte", "eps-to-5gs", "fivegs-to-eps",
	}, uint8(t))
}

// CNDomain is the domain of a paging (TS 36.413 §9.2.3.22).
type CNDomain uint8

// String names the domain as the ASN.1 module does.
func (d CNDomain) String() string { return text([]string{"ps", "cs"}, uint8(d)) }

// PagingDRX is a paging cycle (TS 36.413 §9.2.1.16): 0 to 3 for 32, 64, 128 and 256
// radio frames of 10 ms.
type PagingDRX uint8

// String names the cycle as the ASN.1 module does.
func (d PagingDRX) String() string { return text([]string{"v32", "v64", "v128", "v256"}, uint8(d)) }

// CSFallbackIndicator sends a phone to GSM or UMTS (TS 36.413 §9.2.3.21).
type CSFallbackIndicator uint8

// String names the value as the ASN.1 module does.
func (i CSFallbackIndicator) String() string {
	return text([]string{"cs-fallback-required", "cs-fallback-high-priority"}, uint8(i))
}

// flag returns the flag of an element that occurs once, or nil.
func (m *Message) flag(id IEID) *bool {
	switch id {
	case ieMMEUES1APID:
		return &m.HasMMEUES1APID
	case ieENBUES1APID:
		return &m.HasENBUES1APID
	case ieTAI:
		return &m.HasTAI
	case ieEUTRANCGI:
		return &m.HasEUTRANCGI
	case ieRRCEstablishmentCause:
		return &m.HasRRCEstablishmentCause
	case ieCause:
		return &m.HasCause
	case ieGlobalENBID:
		return &m.HasGlobalENBID
	case ieENBName:
		return &m.HasENBName
	case ieMMEName:
		return &m.HasMMEName
	case ieUESecurityCapabilities:
		return &m.HasUESecurityCapabilities
	case ieSTMSI:
		return &m.HasSTMSI
	case ieUEPagingID:
		return &m.HasUEPagingID
	case ieCNDomain:
		return &m.HasCNDomain
	case iePagingDRX, ieDefaultPagingDRX:
		return &m.HasPagingDRX
	case ieCSFallbackIndicator:
		return &m.HasCSFallbackIndicator
	case ieUERadioCapability:
		return &m.HasUERadioCapability
	case ieHandoverType:
		return &m.HasHandoverType
	case ieGUMMEIID:
		return &m.HasGUMMEI
	}
	return nil
}

// decode reads the element id from v. It returns false if the element is not decoded,
// was there before, or fails, which v then tells; but always true for the elements with
// keys, so that nobody keeps them.
func (d *Decoder) decode(id IEID, v *reader) bool {
	m := &d.msg
	has := m.flag(id)
	if has != nil && *has {
		return false
	}
	switch id {
	case ieMMEUES1APID:
		m.MMEUES1APID = v.mmeUES1APID()
	case ieENBUES1APID:
		m.ENBUES1APID = v.enbUES1APID()
	case ieUES1APIDs:
		if m.HasMMEUES1APID || m.HasENBUES1APID {
			return false
		}
		m.ids(v)
	case ieNASPDU:
		d.nas(v, id)
	case ieERABToBeSetupListCtxt:
		d.bearers(v, id, ieERABToBeSetupItemCtxt)
	case ieERABToBeSetupListBearer:
		d.bearers(v, id, ieERABToBeSetupItemBearer)
	case ieERABToBeModifiedList:
		d.bearers(v, id, ieERABToBeModifiedItem)
	case ieTAI:
		m.TAI = v.tai()
	case ieEUTRANCGI:
		m.EUTRANCGI = v.cgi()
	case ieRRCEstablishmentCause:
		m.RRCEstablishmentCause = RRCEstablishmentCause(v.enum("RRC-Establishment-Cause", 3, 5))
	case ieCause:
		m.Cause = v.cause()
	case ieGlobalENBID:
		m.GlobalENBID = d.globalENBID(v)
	case ieENBName:
		m.ENBName = v.name("ENBname")
	case ieMMEName:
		m.MMEName = v.name("MMEname")
	case ieSupportedTAs:
		if len(m.SupportedTAs) > 0 {
			return false
		}
		m.supportedTAs(v)
	case ieUESecurityCapabilities:
		m.UESecurityCapabilities = v.capabilities()
	case ieSecurityKey:
		v.octets("SecurityKey", 32)
		m.HasSecurityKey = true
		return true
	case ieSecurityContext:
		_, present := v.fields("SecurityContext", 1)
		m.SecurityContextNCC = uint8(v.bits("nextHopChainingCount", 3))
		v.octets("nextHopParameter", 32)
		v.tail(false, present != 0)
		m.HasSecurityContext = true
		return true
	case ieSTMSI:
		m.STMSI = v.stmsi()
	case ieUEPagingID:
		m.UEPagingID = v.pagingID()
	case ieTAIList:
		if len(m.PagingTAIs) > 0 {
			return false
		}
		d.pagingTAIs(v)
	case ieCNDomain:
		m.CNDomain = CNDomain(v.bits("CNDomain", 1))
	case iePagingDRX, ieDefaultPagingDRX:
		m.PagingDRX = PagingDRX(v.enum("PagingDRX", 2, 4))
	case ieCSFallbackIndicator:
		m.CSFallbackIndicator = CSFallbackIndicator(v.enum("CSFallbackIndicator", 0, 1))
	case ieUERadioCapability:
		m.UERadioCapabilityLength = v.skipOpen("UERadioCapability")
	case ieHandoverType:
		m.HandoverType = HandoverType(v.enum("HandoverType", 3, 5))
	case ieGUMMEIID:
		m.GUMMEI = v.gummei()
	case ieGUMMEIList:
		m.HasGUMMEIList = true
		return false // the identities stay as octets
	default:
		return false
	}
	if has != nil {
		*has = v.ok()
	}
	return v.ok()
}

// mmeUES1APID reads MME-UE-S1AP-ID, INTEGER (0..4294967295).
func (r *reader) mmeUES1APID() uint32 { return r.whole("MME-UE-S1AP-ID", 2, 4) }

// enbUES1APID reads ENB-UE-S1AP-ID, INTEGER (0..16777215).
func (r *reader) enbUES1APID() uint32 { return r.whole("ENB-UE-S1AP-ID", 2, 3) }

// ids reads UE-S1AP-IDs: both identities, or the MME's (TS 36.413 §9.2.3.18).
func (m *Message) ids(r *reader) {
	switch at := r.pos; r.enum("UE-S1AP-IDs", 1, 2) {
	case 0:
		more, present := r.fields("uE-S1AP-ID-pair", 1)
		m.MMEUES1APID = r.mmeUES1APID()
		m.HasMMEUES1APID = r.ok()
		m.ENBUES1APID = r.enbUES1APID()
		m.HasENBUES1APID = r.ok()
		r.tail(more, present != 0)
	case 1:
		m.MMEUES1APID = r.mmeUES1APID()
		m.HasMMEUES1APID = r.ok()
	default:
		r.fail("UE-S1AP-IDs", at, wire.ErrUnsupported)
	}
}

// nas reads a NAS-PDU, an octet string.
func (d *Decoder) nas(r *reader, id IEID) {
	v := d.open(r, "NAS-PDU")
	if !r.ok() {
		return
	}
	m := &d.msg
	if len(m.NASPDUs) >= MaxNASPDUs {
		r.fail("NAS-PDU", v.pos, wire.ErrUnsupported)
		return
	}
	m.NASPDUs = append(m.NASPDUs, NASPDU{
		Octets: v.buf[v.pos/8 : v.end/8 : v.end/8], Offset: v.input(v.pos / 8), IE: id,
	})
}

// single reads the header of a ProtocolIE-SingleContainer and returns its value.
func (d *Decoder) single(r *reader) (IEID, reader) {
	id := IEID(r.u16("id"))
	r.bits("criticality", 2)
	return id, d.open(r, "value")
}

// bearers reads a list of E-RABs to set up or modify, whose items have the identifier
// item, and keeps their NAS-PDUs (TS 36.413 §9.1.3.1, §9.1.3.3, §9.1.4.1).
func (d *Decoder) bearers(r *reader, list, item IEID) {
	for n := int(r.u8("length")) + 1; n > 0 && r.ok(); n-- {
		id, v := d.single(r)
		if id == item && r.ok() {
			d.bearer(&v, item)
			d.keep(&v, list)
		}
	}
}

// bearer reads one item of a list of E-RABs.
func (d *Decoder) bearer(r *reader, item IEID) {
	optional := 1
	if item == ieERABToBeSetupItemCtxt {
		optional = 2 // nAS-PDU is
	}
	more, present := r.fields("E-RAB item", optional)
	if r.flag("e-RAB-ID") {
		n, _ := r.length("e-RAB-ID")
		r.octets("e-RAB-ID", n)
	} else {
		r.bits("e-RAB-ID", 4)
	}
	r.qos()
	if item != ieERABToBeModifiedItem {
		r.address()
		r.octets("gTP-TEID", 4)
	}
	if optional == 1 || present&2 != 0 {
		d.nas(r, item)
	}
	r.tail(more, present&1 != 0)
}

// qos passes over E-RABLevelQoSParameters (TS 36.413 §9.2.1.15, §9.2.1.18, §9.2.1.60).
func (r *reader) qos() {
	more, present := r.fields("E-RABLevelQoSParameters", 2)
	r.u8("qCI")
	moreARP, extensions := r.fields("allocationRetentionPriority", 1)
	r.bits("allocationRetentionPriority", 4+1+1) // priority, capability, vulnerability
	r.tail(moreARP, extensions != 0)
	if present&2 != 0 {
		moreGBR, extensions := r.fields("gbrQosInformation", 1)
		for range 4 {
			n := int(r.bits("gbrQosInformation", 3)) + 1 // up to 10^10: 1 to 5 octets
			r.octets("gbrQosInformation", n)
		}
		r.tail(moreGBR, extensions != 0)
	}
	r.tail(more, present&1 != 0)
}

// address passes over TransportLayerAddress, BIT STRING (SIZE (1..160, ...)).
func (r *reader) address() {
	const field = "transportLayerAddress"
	at, n := r.pos, 0
	if r.flag(field) {
		n, _ = r.length(field)
	} else if n = int(r.bits(field, 8)) + 1; n > 160 {
		r.fail(field, at, wire.ErrInvalid)
	}
	r.octets(field, (n+7)/8)
}

// plmn reads PLMNidentity. Digits that are none give the unknown PLMN; they are looked
// at first because the error, which is not wanted, would be allocated.
func (r *reader) plmn() ident.PLMN {
	b := r.octets("pLMNidentity", 3)
	if b == nil || b[0]&15 > 9 || b[0]>>4 > 9 || b[1]&15 > 9 || b[1]>>4 > 9 && b[1]>>4 != 15 || b[2]&15 > 9 || b[2]>>4 > 9 {
		return ident.PLMN{}
	}
	p, err := ident.DecodePLMN(b)
	if err != nil {
		return ident.PLMN{}
	}
	return p
}

func (r *reader) tai() (t TAI) {
	more, present := r.fields("TAI", 1)
	t.PLMN = r.plmn()
	t.TAC = uint16(r.bits("tAC", 16))
	r.tail(more, present != 0)
	return t
}

func (r *reader) cgi() (c EUTRANCGI) {
	more, present := r.fields("EUTRAN-CGI", 1)
	c.PLMN = r.plmn()
	c.ECI = r.bits("cell-ID", 28)
	r.tail(more, present != 0)
	return c
}

func (r *reader) gummei() (g GUMMEI) {
	more, present := r.fields("GUMMEI", 1)
	g.PLMN = r.plmn()
	g.GroupID = uint16(r.bits("mME-Group-ID", 16))
	g.Code = uint8(r.bits("mME-Code", 8))
	r.tail(more, present != 0)
	return g
}

func (r *reader) stmsi() (s STMSI) {
	more, present := r.fields("S-TMSI", 1)
	s.MMEC = uint8(r.bits("mMEC", 8))
	s.MTMSI = r.number("m-TMSI", 4)
	r.tail(more, present != 0)
	return s
}

func (r *reader) cause() (c Cause) {
	at := r.pos
	c.Group = CauseGroup(r.enum("Cause", 3, len(causes)))
	if int(c.Group) >= len(causes) {
		r.fail("Cause", at, wire.ErrUnsupported)
		return c
	}
	g := &causes[c.Group]
	c.Value = r.enum("Cause", g.bits, g.root)
	if r.ok() {
		c.Name = text(g.names, c.Value)
	}
	return c
}

// pagingID reads UEPagingID.
func (r *reader) pagingID() (p UEPagingID) {
	switch at := r.pos; r.enum("UEPagingID", 1, 2) {
	case 0:
		s := r.stmsi()
		p.Identity, p.HasMMEC, p.MMEC = ident.TMSIIdentity(s.MTMSI), true, s.MMEC
	case 1:
		p.Identity = r.imsi()
	default:
		r.fail("UEPagingID", at, wire.ErrUnsupported)
	}
	return p
}

// imsi reads IMSI, OCTET STRING (SIZE (3..8)): two digits an octet, the first in the
// lower half, 1111 as filler (TS 36.413 §9.2.3.11).
func (r *reader) imsi() ident.MobileIdentity {
	at := r.pos
	n := int(r.bits("iMSI", 3)) + 3
	if n > 8 {
		r.fail("iMSI", at, wire.ErrInvalid)
	}
	r.align()
	at = r.pos
	var digits [16]byte
	k, filler := 0, false
	for i, o := range r.octets("iMSI", n) {
		for _, d := range [2]uint8{o & 15, o >> 4} {
			if filler = filler || d == 15; filler {
				continue
			}
			if d > 9 {
				r.fail("iMSI", at+8*i, wire.ErrInvalid)
			}
			digits[k] = '0' + d
			k++
		}
	}
	m, ok := ident.ParseDigits(ident.IMSI, string(digits[:k]))
	if !ok {
		r.fail("iMSI", at, wire.ErrInvalid)
	}
	if !r.ok() {
		return ident.MobileIdentity{}
	}
	return m
}

// globalENBID reads Global-ENB-ID.
func (d *Decoder) globalENBID(r *reader) (g GlobalENBID) {
	more, present := r.fields("Global-ENB-ID", 1)
	g.PLMN = r.plmn()
	at := r.pos
	g.Kind = ENBKind(r.enum("eNB-ID", 1, 2))
	switch {
	case int(g.Kind) >= len(enbBits):
		r.fail("eNB-ID", at, wire.ErrUnsupported)
	case g.Kind > HomeENB: // an addition, in an open type
		v := d.open(r, "eNB-ID")
		g.ENBID = v.bits("eNB-ID", enbBits[g.Kind])
		if r.ok() {
			r.err = v.err
		}
	default:
		r.align()
		g.ENBID = r.bits("eNB-ID", enbBits[g.Kind])
	}
	r.tail(more, present != 0)
	return g
}

// name reads a PrintableString (SIZE (1..150, ...)).
func (r *reader) name(field string) string {
	at, n := r.pos, 0
	if r.flag(field) {
		var more bool
		if n, more = r.length(field); more {
			r.fail(field, at, wire.ErrUnsupported)
		}
	} else if n = int(r.bits(field, 8)) + 1; n > 150 {
		r.fail(field, at, wire.ErrInvalid)
	}
	return string(r.octets(field, n))
}

// supportedTAs reads SupportedTAs.
func (m *Message) supportedTAs(r *reader) {
	for n := int(r.u8("length")) + 1; n > 0 && r.ok(); n-- {
		var ta SupportedTA
		more, present := r.fields("SupportedTAs-Item", 1)
		ta.TAC = uint16(r.bits("tAC", 16))
		at := r.pos
		k := int(r.bits("broadcastPLMNs", 3)) + 1
		if k > MaxPLMNs {
			r.fail("broadcastPLMNs", at, wire.ErrInvalid)
		}
		for ; k > 0 && r.ok(); k-- {
			if p := r.plmn(); r.ok() {
				ta.BroadcastPLMNs[ta.PLMNCount] = p
				ta.PLMNCount++
			}
		}
		r.tail(more, present != 0)
		if ta.PLMNCount > 0 {
			m.SupportedTAs = append(m.SupportedTAs, ta)
		}
	}
}

// capabilities reads UESecurityCapabilities.
func (r *reader) capabilities() (c UESecurityCapabilities) {
	more, present := r.fields("UESecurityCapabilities", 1)
	c.EEA = r.algorithms("encryptionAlgorithms")
	c.EIA = r.algorithms("integrityProtectionAlgorithms")
	r.tail(more, present != 0)
	return c
}

// algorithms reads BIT STRING (SIZE (16, ...)), and of a longer one the first 16 bits.
func (r *reader) algorithms(field string) uint16 {
	if !r.flag(field) {
		return uint16(r.bits(field, 16))
	}
	at := r.pos
	n, more := r.length(field)
	if more || n < 16 {
		r.fail(field, at, wire.ErrInvalid)
	}
	v := r.bits(field, 16)
	for n -= 16; n > 0 && r.ok(); n -= 32 {
		r.bits(field, min(n, 32))
	}
	return uint16(v)
}

// pagingTAIs reads TAIList (TS 36.413 §9.1.6).
func (d *Decoder) pagingTAIs(r *reader) {
	for n := int(r.u8("length")) + 1; n > 0 && r.ok(); n-- {
		id, v := d.single(r)
		if id != ieTAIItem || !r.ok() {
			continue
		}
		more, present := v.fields("TAIItem", 1)
		if t := v.tai(); v.ok() {
			d.msg.PagingTAIs = append(d.msg.PagingTAIs, t)
		}
		v.tail(more, present != 0)
		d.keep(&v, ieTAIList)
	}
}
