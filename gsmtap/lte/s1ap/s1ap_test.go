package s1ap_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/lte/s1ap"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// encoder writes aligned PER, as much as messages of this test need.
type encoder struct {
	b    []byte
	free int // bits of the last octet that are not written
}

func (e *encoder) bits(v uint64, n int) *encoder {
	for n--; n >= 0; n-- {
		if e.free == 0 {
			e.b, e.free = append(e.b, 0), 8
		}
		e.free--
		e.b[len(e.b)-1] |= uint8(v>>n&1) << e.free
	}
	return e
}

func (e *encoder) octets(b ...byte) *encoder {
	e.b, e.free = append(e.b, b...), 0
	return e
}

// open writes an open type or octet string, in fragments from 16K octets on.
func (e *encoder) open(b []byte) *encoder {
	for len(b) >= 16<<10 {
		k := min(4, len(b)/(16<<10))
		e.octets(0xc0 | uint8(k)).octets(b[:k*16<<10]...)
		b = b[k*16<<10:]
	}
	if len(b) < 128 {
		return e.octets(uint8(len(b))).octets(b...)
	}
	return e.octets(0x80|uint8(len(b)>>8), uint8(len(b))).octets(b...)
}

// ie writes an element, criticality ignore.
func (e *encoder) ie(id s1ap.IEID, value []byte) *encoder {
	return e.octets(uint8(id>>8), uint8(id)).bits(1, 2).open(value)
}

// pdu writes a message around elements; count is their number.
func pdu(t s1ap.PDUType, c s1ap.ProcedureCode, count int, ies []byte) []byte {
	var v, e encoder
	v.bits(0, 1).octets(uint8(count>>8), uint8(count)).octets(ies...)
	e.bits(uint64(t), 3).octets(uint8(c)).bits(1, 2).open(v.b)
	return e.b
}

// message is an InitialUEMessage with one element.
func message(id s1ap.IEID, value []byte) []byte {
	return pdu(s1ap.InitiatingMessage, 12, 1, new(encoder).ie(id, value).b)
}

// unhex reads hexadecimal octets; spaces mark field borders.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var (
	plmn1  = ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}
	plmn2  = ident.PLMN{MCC: 999, MNC: 70, MNCDigits: 2}
	imsi   = "001010000000001"
	secret = strings.Repeat("5e", 32)
)

// bearer is an item of a list of E-RABs with a rate, an address, extensions at every
// level and a NAS-PDU.
func bearer(list, item s1ap.IEID, nas []byte) []byte {
	extension := func(e *encoder) {
		e.octets(0, 0).ie(0x0fff, []byte{1, 2, 3})
	}
	var v encoder
	switch {
	case item == 52:
		v.bits(0b011, 3) // nAS-PDU and iE-Extensions
	default:
		v.bits(0b01, 2)
	}
	v.bits(0, 1).bits(5, 4)              // e-RAB-ID
	v.bits(0b011, 3).octets(9)           // gbrQosInformation, iE-Extensions, qCI
	v.bits(0b01, 2).bits(15<<2|0b01, 6)  // allocationRetentionPriority with iE-Extensions
	extension(&v)                        // ... of it
	v.bits(0b00, 2)                      // gbrQosInformation
	v.bits(4, 3).octets(2, 84, 11, 0xe4) // 10^10: five octets
	v.octets(0)
	for range 3 {
		v.bits(0, 3).octets(7)
	}
	extension(&v)
	if item != 36 {
		v.bits(0, 1).bits(31, 8).octets(192, 0, 2, 1).octets(0, 0, 0, 1)
	}
	v.open(nas)
	extension(&v)
	var e encoder
	e.octets(1) // two items; one that nobody knows comes first
	e.ie(0x0ffe, []byte{9}).ie(item, v.b)
	return e.b
}

type vector struct {
	name  string
	id    s1ap.IEID
	value []byte
	get   func(m *s1ap.Message) any
	want  any
}

// raw are the vectors with digits that are none and bits without meaning, which tshark
// shows.
var raw = map[string]bool{"TAI, digits that are none": true, "supported TAs, digits that are none": true, "algorithms, 20 bits": true}

type pair struct{ Has, Value any }

func vectors(t testing.TB) []vector {
	h := func(s string) []byte { return unhex(t, s) }
	mme := func(m *s1ap.Message) any { return pair{m.HasMMEUES1APID, m.MMEUES1APID} }
	enb := func(m *s1ap.Message) any { return pair{m.HasENBUES1APID, m.ENBUES1APID} }
	both := func(m *s1ap.Message) any { return pair{mme(m), enb(m)} }
	tai := func(m *s1ap.Message) any { return pair{m.HasTAI, m.TAI} }
	cgi := func(m *s1ap.Message) any { return pair{m.HasEUTRANCGI, m.EUTRANCGI} }
	id := func(m *s1ap.Message) any { return pair{m.HasGlobalENBID, m.GlobalENBID} }
	rrc := func(m *s1ap.Message) any {
		return pair{m.HasRRCEstablishmentCause, m.RRCEstablishmentCause.String()}
	}
	paged := func(m *s1ap.Message) any { return pair{m.HasUEPagingID, m.UEPagingID} }
	handover := func(m *s1ap.Message) any { return pair{m.HasHandoverType, m.HandoverType.String()} }
	fallback := func(m *s1ap.Message) any { return pair{m.HasCSFallbackIndicator, m.CSFallbackIndicator.String()} }
	drx := func(m *s1ap.Message) any { return pair{m.HasPagingDRX, m.PagingDRX.String()} }
	algorithms := func(m *s1ap.Message) any { return pair{m.HasUESecurityCapabilities, m.UESecurityCapabilities} }
	nas := func(m *s1ap.Message) any {
		return list(len(m.NASPDUs), func(i int) string { return hex.EncodeToString(m.NASPDUs[i].Octets) })
	}
	identity, _ := ident.ParseDigits(ident.IMSI, imsi)
	extended := new(encoder).bits(0b11, 2).octets(0x00, 0xf1, 0x10, 3, 0xe9).octets(0, 0).ie(0xff0, []byte{1})
	extended.bits(0, 1).bits(2, 6).bits(0b101, 3).open([]byte{2}).open([]byte{3})
	long := new(encoder).bits(0, 2).bits(1, 1).octets(20).bits(0xe0005, 20).bits(0, 1).bits(0xa000, 16)
	areas := new(encoder).octets(1).bits(0, 2).bits(1001, 16).bits(1, 3).octets(0, 0xf1, 0x10).octets(0x99, 0xf9, 7)
	areas.bits(0, 2).bits(65001, 16).bits(0, 3).octets(0x99, 0xf9, 7)
	none := new(encoder).octets(0).bits(0, 2).bits(0xfffe, 16).bits(0, 3).octets(0xff, 0xff, 0xff)
	tas := func(m *s1ap.Message) any { return m.SupportedTAs }
	return []vector{
		{"MME id, one octet", 0, h("00 07"), mme, pair{true, uint32(7)}},
		{"MME id, four octets", 0, h("c0 fffffffe"), mme, pair{true, uint32(0xfffffffe)}},
		{"eNB id, three octets", 8, h("80 fffffe"), enb, pair{true, uint32(0xfffffe)}},
		{"pair of ids", 99, h("00 07 40 0102"), both, pair{pair{true, uint32(7)}, pair{true, uint32(0x102)}}},
		{"MME id of pair alone", 99, h("50 0102"), both, pair{pair{true, uint32(0x102)}, pair{false, uint32(0)}}},
		{"TAI", 67, h("00 00f110 03e9"), tai, pair{true, s1ap.TAI{PLMN: plmn1, TAC: 1001}}},
		{"TAI, extensions and additions", 67, extended.b, tai, pair{true, s1ap.TAI{PLMN: plmn1, TAC: 1001}}},
		{"TAI, digits that are none", 67, h("00 aaf110 fffe"), tai, pair{true, s1ap.TAI{TAC: 0xfffe}}},
		{"CGI", 100, h("00 99f907 04e21010"), cgi, pair{true, s1ap.EUTRANCGI{PLMN: plmn2, ECI: 0x4e2101}}},
		{"RRC cause", 134, h("20"), rrc, pair{true, "mt-Access"}},
		{"RRC cause, addition", 134, h("81"), rrc, pair{true, "mo-VoiceCall"}},
		{"RRC cause, addition nobody knows", 134, h("be"), rrc, pair{true, "unknown (67)"}},
		{"macro eNB", 59, h("00 00f110 00 000010"), id, pair{true, s1ap.GlobalENBID{PLMN: plmn1, ENBID: 1}}},
		{"home eNB", 59, h("00 00f110 40 12345670"), id, pair{true, s1ap.GlobalENBID{PLMN: plmn1, Kind: s1ap.HomeENB, ENBID: 0x1234567}}},
		{"short macro eNB", 59, h("00 00f110 80 03 c00040"), id, pair{true, s1ap.GlobalENBID{PLMN: plmn1, Kind: s1ap.ShortMacroENB, ENBID: 0x30001}}},
		{"long macro eNB", 59, h("00 00f110 81 03 800008"), id, pair{true, s1ap.GlobalENBID{PLMN: plmn1, Kind: s1ap.LongMacroENB, ENBID: 0x100001}}},
		{"eNB name", 60, h("0180 66627331"), func(m *s1ap.Message) any { return pair{m.HasENBName, m.ENBName} }, pair{true, "fbs1"}},
		{"MME name", 61, h("0080 6d31"), func(m *s1ap.Message) any { return pair{m.HasMMEName, m.MMEName} }, pair{true, "m1"}},
		{"supported TAs", 64, areas.b, tas, []s1ap.SupportedTA{
			{TAC: 1001, BroadcastPLMNs: [6]ident.PLMN{plmn1, plmn2}, PLMNCount: 2},
			{TAC: 65001, BroadcastPLMNs: [6]ident.PLMN{plmn2}, PLMNCount: 1}}},
		{"supported TAs, digits that are none", 64, none.b, tas, []s1ap.SupportedTA{{TAC: 0xfffe, PLMNCount: 1}}},
		{"algorithms", 107, h("1c 00 0e 00 00"), algorithms, pair{true, s1ap.UESecurityCapabilities{EEA: 0xe000, EIA: 0xe000}}},
		{"algorithms, 20 bits", 107, long.b, algorithms, pair{true, s1ap.UESecurityCapabilities{EEA: 0xe000, EIA: 0xa000}}},
		{"key", 73, h(secret), func(m *s1ap.Message) any { return pair{m.HasSecurityKey, len(m.Other)} }, pair{true, 0}},
		{"key of a handover", 40, h("10" + secret), func(m *s1ap.Message) any {
			return pair{m.HasSecurityContext, pair{m.SecurityContextNCC, len(m.Other)}}
		}, pair{true, pair{uint8(2), 0}}},
		{"S-TMSI", 96, h("0680 00c0ffee"), func(m *s1ap.Message) any { return pair{m.HasSTMSI, m.STMSI} }, pair{true, s1ap.STMSI{MMEC: 26, MTMSI: 0xc0ffee}}},
		{"paging of an S-TMSI", 43, h("01a0 00c0ffee"), paged, pair{true, s1ap.UEPagingID{Identity: ident.TMSIIdentity(0xc0ffee), HasMMEC: true, MMEC: 26}}},
		{"paging of an IMSI", 43, h("68 0001010000 0000f1"), paged, pair{true, s1ap.UEPagingID{Identity: identity}}},
		{"paging areas", 46, h("01 002f 40 06 00 00f110 03e9 002f 40 06 00 99f907 0001"), func(m *s1ap.Message) any { return m.PagingTAIs },
			[]s1ap.TAI{{PLMN: plmn1, TAC: 1001}, {PLMN: plmn2, TAC: 1}}},
		{"domain", 109, h("80"), func(m *s1ap.Message) any { return pair{m.HasCNDomain, m.CNDomain.String()} }, pair{true, "cs"}},
		{"paging cycle", 44, h("40"), drx, pair{true, "v128"}},
		{"default paging cycle", 137, h("60"), drx, pair{true, "v256"}},
		{"CS fallback", 108, h("00"), fallback, pair{true, "cs-fallback-required"}},
		{"CS fallback, high priority", 108, h("80"), fallback, pair{true, "cs-fallback-high-priority"}},
		{"handover", 1, h("20"), handover, pair{true, "ltetogeran"}},
		{"handover to 5G", 1, h("80"), handover, pair{true, "eps-to-5gs"}},
		{"capabilities", 74, h("04 80000000"), func(m *s1ap.Message) any { return pair{m.HasUERadioCapability, m.UERadioCapabilityLength} }, pair{true, 4}},
		{"GUMMEI", 75, h("00 00f110 8001 1a"), func(m *s1ap.Message) any { return pair{m.HasGUMMEI, m.GUMMEI} },
			pair{true, s1ap.GUMMEI{PLMN: plmn1, GroupID: 0x8001, Code: 0x1a}}},
		{"NAS", 26, h("03 075501"), nas, "075501"},
		{"NAS of a bearer at context setup", 24, bearer(24, 52, h("075501")), nas, "075501"},
		{"NAS of a bearer at setup", 16, bearer(16, 17, h("075502")), nas, "075502"},
		{"NAS of a bearer at modification", 30, bearer(30, 36, h("075503")), nas, "075503"},
	}
}

// located fails unless err is a DecodeError inside b.
func located(t testing.TB, err error, b []byte) *wire.DecodeError {
	t.Helper()
	var de *wire.DecodeError
	if !errors.As(err, &de) {
		t.Fatalf("error %v has no place", err)
	}
	if de.Offset < 0 || de.Offset > len(b) || de.Bit < 0 || de.Bit > 7 || de.Path == "" {
		t.Fatalf("error %v outside %d octets", err, len(b))
	}
	return de
}

func TestElements(t *testing.T) {
	var d s1ap.Decoder
	for _, v := range vectors(t) {
		t.Run(v.name, func(t *testing.T) {
			b := message(v.id, v.value)
			m, err := d.Decode(b)
			if err != nil {
				t.Fatal(err)
			}
			if got := v.get(m); !reflect.DeepEqual(got, v.want) {
				t.Errorf("\n got %+v\nwant %+v", got, v.want)
			}
			if m.Name() != "InitialUEMessage" || m.Criticality != s1ap.Ignore || m.OtherCount != 0 {
				t.Errorf("name %q, criticality %v, %d others", m.Name(), m.Criticality, m.OtherCount)
			}
			for _, n := range m.NASPDUs {
				if !bytes.HasPrefix(b[n.Offset:], n.Octets) {
					t.Errorf("NAS-PDU is not at octet %d", n.Offset)
				}
			}
			// The message cut anywhere.
			for n := range b {
				_, err := d.Decode(b[:n])
				if located(t, err, b[:n]); !errors.Is(err, wire.ErrShort) {
					t.Errorf("%d octets: %v", n, err)
				}
			}
			// The element cut anywhere, another one behind it.
			for n := range v.value {
				b := pdu(0, 12, 2, new(encoder).ie(v.id, v.value[:n]).ie(0x0ffd, []byte{7}).b)
				m, err := d.Decode(b)
				de := located(t, err, b)
				if !errors.Is(err, wire.ErrShort) || !strings.HasPrefix(de.Path, v.id.String()+".") {
					t.Errorf("%d octets of the element: %v", n, err)
				}
				if o := m.Other; len(o) == 0 || o[len(o)-1].ID != 0x0ffd {
					t.Errorf("%d octets of the element hide the next one: %+v", n, o)
				}
				for _, o := range m.Other {
					if bytes.Contains(o.Value, []byte{0x5e, 0x5e, 0x5e}) {
						t.Error("a key is kept")
					}
				}
			}
			// The element twice: the second is kept as octets, unless it adds to a list
			// or is a key.
			m, err = d.Decode(pdu(0, 12, 2, new(encoder).ie(v.id, v.value).ie(v.id, v.value).b))
			if err != nil || !bytes.HasPrefix(v.value, []byte{0x5e}) && len(m.NASPDUs) == 0 && v.id != 40 && m.OtherCount != 1 {
				t.Errorf("twice: %v, %d others", err, m.OtherCount)
			}
		})
	}
}

// TestOneOfEach has every element of the table in one message.
func TestOneOfEach(t *testing.T) {
	var e encoder
	seen := map[s1ap.IEID]bool{99: true, 137: true} // they repeat others
	for _, v := range vectors(t) {
		if !seen[v.id] {
			seen[v.id] = true
			e.ie(v.id, v.value)
		}
	}
	b := pdu(0, 12, len(seen)-2, e.b)
	var d s1ap.Decoder
	m, err := d.Decode(b)
	if err != nil || m.OtherCount != 0 || len(m.NASPDUs) != 4 || m.Extraneous != 0 {
		t.Errorf("%v; %d others, %d NAS-PDUs", err, m.OtherCount, len(m.NASPDUs))
	}
	m, err = d.Decode(append(b, 1, 2))
	if err != nil || m.Extraneous != 2 {
		t.Errorf("two octets behind it: %v, %d", err, m.Extraneous)
	}
	m, err = d.Decode(pdu(0, 12, 0, nil))
	if err != nil || len(m.NASPDUs)+len(m.SupportedTAs)+len(m.PagingTAIs)+len(m.Other) != 0 || m.HasTAI || m.HasSecurityKey {
		t.Errorf("an empty message holds something of the one before it: %v, %+v", err, m)
	}
}

func TestErrors(t *testing.T) {
	ie := func(id s1ap.IEID, s string) []byte { return message(id, unhex(t, s)) }
	for _, tt := range []struct {
		name string
		in   []byte
		want string
		err  error
	}{
		{"nothing", nil, "S1AP-PDU at octet 0: message ends early", wire.ErrShort},
		{"fourth type of PDU", unhex(t, "600c0003000000"), "S1AP-PDU at octet 0: value not allowed here", wire.ErrInvalid},
		{"type of PDU of a later version", unhex(t, "800c0003000000"), "S1AP-PDU at octet 0: not decoded", wire.ErrUnsupported},
		{"fragments of none", unhex(t, "000c00c0"), "value at octet 3: value not allowed here", wire.ErrInvalid},
		{"fragments of five", unhex(t, "000c00c5"), "value at octet 3: value not allowed here", wire.ErrInvalid},
		{"fewer elements than announced", pdu(0, 12, 2, new(encoder).ie(134, []byte{0}).b), "protocolIEs.id at octet 12: message ends early", wire.ErrShort},
		{"eNB id of four octets", ie(8, "c0 01020304"), "eNB-UE-S1AP-ID.ENB-UE-S1AP-ID at octet 11: value not allowed here", wire.ErrInvalid},
		{"cause of a group that is none", ie(2, "50"), "Cause.Cause at octet 11: value not allowed here", wire.ErrInvalid},
		{"cause of a group of a later version", ie(2, "80"), "Cause.Cause at octet 11: not decoded", wire.ErrUnsupported},
		{"cause that is none", ie(2, "04 80"), "Cause.Cause at octet 11 bit 4: value not allowed here", wire.ErrInvalid},
		{"paging identity of a later version", ie(43, "80"), "UEPagingID.UEPagingID at octet 11: not decoded", wire.ErrUnsupported},
		{"IMSI of nine octets", ie(43, "70 000000000000000000"), "UEPagingID.iMSI at octet 11 bit 2: value not allowed here", wire.ErrInvalid},
		{"IMSI with a digit that is none", ie(43, "40 00a000"), "UEPagingID.iMSI at octet 13: value not allowed here", wire.ErrInvalid},
		{"IMSI of filler", ie(43, "40 ffffff"), "UEPagingID.iMSI at octet 12: value not allowed here", wire.ErrInvalid},
		{"seven PLMNs", ie(64, "00 00fa70 00f110"), "SupportedTAs.broadcastPLMNs at octet 14 bit 2: value not allowed here", wire.ErrInvalid},
		{"eNB identity of a later version", ie(59, "00 00f110 82 00"), "Global-ENB-ID.eNB-ID at octet 15: not decoded", wire.ErrUnsupported},
		{"name too long", ie(60, "4b00"), "eNBname.ENBname at octet 11: value not allowed here", wire.ErrInvalid},
		{"identities of a later version", ie(99, "80"), "UE-S1AP-IDs.UE-S1AP-IDs at octet 11: not decoded", wire.ErrUnsupported},
		{"addition beyond all numbers", ie(134, "c0 04 ffffffff"), "RRC-Establishment-Cause.RRC-Establishment-Cause at octet 11: not decoded", wire.ErrUnsupported},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d s1ap.Decoder
			m, err := d.Decode(tt.in)
			if m == nil || !errors.Is(err, tt.err) || err.Error() != tt.want {
				t.Errorf("error = %v, want %s", err, tt.want)
			}
		})
	}
}

// TestOther: what is not decoded is kept, as much as there is place for.
func TestOther(t *testing.T) {
	var e encoder
	e.ie(80, []byte{0x32, 0x40}).octets(0xff, 0xff).bits(2, 2).open([]byte{5, 6, 7})
	e.ie(154, []byte{0})
	b := pdu(0, 10, 3, e.b)
	var d s1ap.Decoder
	m, err := d.Decode(b)
	if err != nil || m.OtherCount != 3 || len(m.Other) != 3 || !m.HasGUMMEIList {
		t.Fatalf("%v, %+v", err, m)
	}
	o := m.Other[1]
	if o.ID != 0xffff || o.Criticality != s1ap.Notify || string(o.Value) != "\x05\x06\x07" || !bytes.HasPrefix(b[o.Offset:], o.Value) {
		t.Errorf("%+v", o)
	}
	if got := m.Other[0].ID.String() + " " + o.ID.String(); got != "UEIdentityIndexValue unknown (65535)" {
		t.Error(got)
	}
	e = encoder{}
	for i := range 100 {
		e.ie(0x0f00+s1ap.IEID(i), nil)
	}
	if m, err = d.Decode(pdu(0, 10, 100, e.b)); err != nil || m.OtherCount != 100 || len(m.Other) != s1ap.MaxOther {
		t.Errorf("%v: %d others, %d kept", err, m.OtherCount, len(m.Other))
	}
	e = encoder{}
	for range s1ap.MaxNASPDUs + 1 {
		e.ie(26, []byte{1, 7})
	}
	m, err = d.Decode(pdu(0, 11, s1ap.MaxNASPDUs+1, e.b))
	if !errors.Is(err, wire.ErrUnsupported) || len(m.NASPDUs) != s1ap.MaxNASPDUs || m.OtherCount != 1 {
		t.Errorf("%v: %d NAS-PDUs, %d others", err, len(m.NASPDUs), m.OtherCount)
	}
	m, err = d.Decode(unhex(t, "00 27 40 05 00 0000 0000"))
	if err != nil || m.Name() != "PrivateMessage" || len(m.PrivateIEs) != 5 {
		t.Errorf("%v, %q, % x", err, m.Name(), m.PrivateIEs)
	}
}

// TestFragments: the message, an element and the octet string in it come in fragments
// whose seams fall apart, and places are those of the input.
func TestFragments(t *testing.T) {
	nas := make([]byte, 70<<10)
	for i := range nas {
		nas[i] = uint8(i * i >> 3)
	}
	nas[0] = 7
	bad := []byte{0x50, 0xde, 0xad, 0xbe, 0xef}
	// The padding in front moves the seams of the levels against each other; the bad
	// element behind lies in the last fragment of the message.
	for _, pad := range []int{0, 1, 100, 12 << 10, 16<<10 - 20, 16<<10 - 9} {
		var e encoder
		e.ie(0x0ffe, make([]byte, pad)).ie(26, new(encoder).open(nas).b).ie(2, bad)
		b := pdu(0, 11, 3, e.b)
		var d s1ap.Decoder
		m, err := d.Decode(b)
		if len(m.NASPDUs) != 1 || !bytes.Equal(m.NASPDUs[0].Octets, nas) {
			t.Fatalf("padding %d: NAS-PDU differs, %v", pad, err)
		}
		if off := m.NASPDUs[0].Offset; !bytes.HasPrefix(b[off:], nas[:16]) {
			t.Errorf("padding %d: NAS-PDU at %d begins with % x", pad, off, b[off:off+16])
		}
		if de := located(t, err, b); de.Offset != bytes.Index(b, bad) {
			t.Errorf("padding %d: error %v, element at %d", pad, err, bytes.Index(b, bad))
		}
		if o := m.Other[len(m.Other)-1]; o.Offset != bytes.Index(b, bad) {
			t.Errorf("padding %d: element at %d", pad, o.Offset)
		}
	}
	b := message(74, new(encoder).open(nas).b)
	var d s1ap.Decoder
	if m, err := d.Decode(b); err != nil || m.UERadioCapabilityLength != len(nas) {
		t.Errorf("%v, %d octets of capabilities", err, m.UERadioCapabilityLength)
	}
	for _, n := range []int{100, 16 << 10, 40 << 10, len(b) - 1} {
		if _, err := d.Decode(b[:n]); !errors.Is(err, wire.ErrShort) {
			t.Errorf("%d octets: %v", n, err)
		}
	}
}

// synthetic are messages that the corpus does not have.
func synthetic(t testing.TB) (names []string, messages [][]byte) {
	add := func(name string, b []byte) {
		names, messages = append(names, name), append(messages, b)
	}
	for code := range s1ap.ProcedureCode(68) {
		for _, typ := range []s1ap.PDUType{s1ap.InitiatingMessage, s1ap.SuccessfulOutcome, s1ap.UnsuccessfulOutcome} {
			if code != 39 {
				add(fmt.Sprintf("%v of %v", typ, code), pdu(typ, code, 0, nil))
			}
		}
	}
	for _, v := range vectors(t) {
		if !raw[v.name] {
			add(v.name, message(v.id, v.value))
		}
	}
	groups := []struct{ bits, root, all int }{{6, 36, 44}, {1, 2, 2}, {2, 4, 6}, {3, 7, 7}, {3, 6, 6}}
	for g, size := range groups {
		for v := range size.all {
			var e encoder
			e.bits(uint64(g), 4)
			if v < size.root {
				e.bits(uint64(v), 1+size.bits)
			} else {
				e.bits(1, 1).bits(uint64(v-size.root), 7)
			}
			add(fmt.Sprintf("cause %d of group %d", v, g), message(2, e.b))
		}
	}
	return names, messages
}

// TestTsharkSynthetic compares messages of every type, every element that is decoded
// and every cause with tshark.
func TestTsharkSynthetic(t *testing.T) {
	names, messages := synthetic(t)
	rows := tshark(t, writePcap(t, messages))
	if len(rows) != len(messages) {
		t.Fatalf("%d rows of tshark for %d messages", len(rows), len(messages))
	}
	var d s1ap.Decoder
	fields := 0
	for i, b := range messages {
		m, err := d.Decode(b)
		if err != nil {
			t.Errorf("%s: %v", names[i], err)
		}
		fields += compare(t, names[i], m, rows[i])
	}
	t.Logf("%d messages, %d fields equal", len(messages), fields)
}

// TestAllocs: nothing is allocated for messages whose like was decoded before.
func TestAllocs(t *testing.T) {
	var d s1ap.Decoder
	for _, v := range vectors(t) {
		if v.id == 60 || v.id == 61 { // names
			continue
		}
		b := message(v.id, v.value)
		if n := testing.AllocsPerRun(20, func() {
			if m, err := d.Decode(b); err != nil || m.Name() == "" {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %g allocations", v.name, n)
		}
	}
}

func FuzzDecode(f *testing.F) {
	_, messages := synthetic(f)
	for _, b := range messages {
		f.Add(b)
	}
	var reused s1ap.Decoder
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := reused.Decode(b)
		if err != nil {
			located(t, err, b)
		}
		if m.Name() == "" || len(m.Other) > s1ap.MaxOther || len(m.Other) > m.OtherCount || len(m.NASPDUs) > s1ap.MaxNASPDUs {
			t.Fatalf("%q: %d of %d others, %d NAS-PDUs", m.Name(), len(m.Other), m.OtherCount, len(m.NASPDUs))
		}
		if len(m.SupportedTAs) > s1ap.MaxTAs || len(m.PagingTAIs) > s1ap.MaxTAs || m.ENBUES1APID >= 1<<24 || m.EUTRANCGI.ECI >= 1<<28 {
			t.Fatalf("value outside its field: %+v", m)
		}
		total := 0
		for _, n := range m.NASPDUs {
			total += len(n.Octets)
			if n.Offset < 0 || n.Offset > len(b) || len(b) < 16<<10 && !bytes.HasPrefix(b[n.Offset:], n.Octets) {
				t.Fatalf("NAS-PDU of %d octets is not at %d", len(n.Octets), n.Offset)
			}
		}
		for _, o := range m.Other {
			total += len(o.Value)
			if o.Offset < 0 || o.Offset > len(b) || len(b) < 16<<10 && !bytes.HasPrefix(b[o.Offset:], o.Value) {
				t.Fatalf("element of %d octets is not at %d", len(o.Value), o.Offset)
			}
		}
		if total > 2*len(b) { // a list that fails keeps its NAS-PDUs and its octets
			t.Fatalf("%d octets out of %d", total, len(b))
		}
		var fresh s1ap.Decoder
		again, err2 := fresh.Decode(b)
		if fmt.Sprint(again, err2) != fmt.Sprint(m, err) {
			t.Fatalf("another decoder gives\n%v %v\nand not\n%v %v", again, err2, m, err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	var e encoder
	e.ie(8, []byte{0, 1}).ie(26, unhex(b, "03 075501")).ie(67, unhex(b, "00 00f110 03e9"))
	e.ie(100, unhex(b, "00 99f907 04e21010")).ie(134, []byte{0x20}).ie(96, unhex(b, "0680 00c0ffee"))
	in := pdu(0, 12, 6, e.b)
	var d s1ap.Decoder
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Decode(in); err != nil {
			b.Fatal(err)
		}
	}
}
