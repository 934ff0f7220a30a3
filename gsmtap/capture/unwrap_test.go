package capture

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// tlv builds a tag of an exported PDU, its value padded to four octets.
func tlv(tag int, v []byte) []byte {
	n := (len(v) + 3) &^ 3
	return join(u16be(tag), u16be(n), v, make([]byte, n-len(v)))
}

func u32be(v int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(v)) }

func sctpPacket(chunks ...[]byte) []byte {
	return join(u16be(38412), u16be(38412), make([]byte, 8), join(chunks...))
}

func dataChunk(ppid int, v []byte) []byte {
	b := join([]byte{0, 3}, u16be(16+len(v)), make([]byte, 8), u32be(ppid), v)
	return append(b, make([]byte, -len(b)&3)...)
}

func sll(kind int, payload []byte) []byte {
	return join([]byte{0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0}, u16be(kind), payload)
}

func sll2(kind int, payload []byte) []byte {
	return join(u16be(kind), []byte{0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0}, payload)
}

type unwrapCase struct {
	name string
	link LinkType
	in   []byte
	want Payload // Err: the sentinel
	off  int     // of the error
}

func unwrapCases() []unwrapCase {
	pdu := gsmtapPDU()
	dgram := udpPacket(45000, portGSMTAP, pdu)
	ip := ip4Packet(17, dgram)
	ip6 := ip6Packet(17, dgram)
	gsm := Payload{Kind: KindGSMTAP, Data: pdu, SrcPort: 45000, DstPort: portGSMTAP}
	foreign := func(src, dst uint16) Payload { return Payload{SrcPort: src, DstPort: dst} }
	lte := []byte("\x01\x01\x00\x02\x00\x00payload")
	nas := []byte{0x07, 0x41, 0x71}
	nas5 := []byte{0x7e, 0, 0x41}
	bad := func(err error) Payload { return Payload{Kind: KindMalformed, Err: err} }
	uns := func(reason string, b []byte) Payload {
		return Payload{Kind: KindUnsupported, Reason: reason, Data: b}
	}
	set := func(b []byte, i int, v ...byte) []byte {
		b = bytes.Clone(b)
		copy(b[i:], v)
		return b
	}
	options := set(join(ip[:20], []byte{0x94, 4, 0, 0}, ip[20:]), 0, 0x46)
	binary.BigEndian.PutUint16(options[2:], uint16(len(options)))
	fragmentHeader := func(field int) []byte {
		return ip6Packet(44, join([]byte{17, 0}, u16be(field), u32be(9), dgram))
	}
	exported := func(name string, b []byte) []byte { return join(tlv(12, []byte(name)), tlv(0, nil), b) }

	return []unwrapCase{
		{"Ethernet IPv4", 1, etherFrame(0x0800, ip), gsm, 0},
		{"Ethernet padding", 1, join(etherFrame(0x0800, ip), make([]byte, 9)), gsm, 0},
		{"Ethernet IPv6", 1, etherFrame(0x86dd, ip6), gsm, 0},
		{"802.1Q", 1, etherFrame(0x8100, join([]byte{0, 5, 8, 0}, ip)), gsm, 0},
		{"802.1ad", 1, etherFrame(0x88a8, join([]byte{0, 5, 8, 0}, ip)), gsm, 0},
		{"QinQ", 1, etherFrame(0x88a8, join([]byte{0, 5, 0x81, 0, 0, 6, 0x86, 0xdd}, ip6)), gsm, 0},
		{"IPv4 options", 1, etherFrame(0x0800, options), gsm, 0},
		{"IP in IP", 1, etherFrame(0x0800, ip4Packet(4, ip)), gsm, 0},
		{"cooked", LinkSLL, sll(0x0800, ip), gsm, 0},
		{"cooked IPv6", LinkSLL, sll(0x86dd, ip6), gsm, 0},
		{"cooked 802.1Q", LinkSLL, sll(0x8100, join([]byte{0, 5, 8, 0}, ip)), gsm, 0},
		{"cooked with address length 65535", LinkSLL, set(sll(0x0800, ip), 4, 0xff, 0xff), gsm, 0},
		{"cooked 2", LinkSLL2, sll2(0x0800, ip), gsm, 0},
		{"cooked 2 IPv6", LinkSLL2, sll2(0x86dd, ip6), gsm, 0},
		{"raw 12", 12, ip, gsm, 0}, {"raw 14", 14, ip6, gsm, 0}, {"raw 101", 101, ip6, gsm, 0},
		{"IPV4", 228, ip, gsm, 0}, {"IPV6", 229, ip6, gsm, 0},
		{"null, little endian", 0, join([]byte{2, 0, 0, 0}, ip), gsm, 0},
		{"null, big endian", 0, join([]byte{0, 0, 0, 2}, ip), gsm, 0},
		{"null, IPv6 of Darwin", 0, join([]byte{30, 0, 0, 0}, ip6), gsm, 0},
		{"loop, IPv6 of OpenBSD", 108, join([]byte{0, 0, 0, 24}, ip6), gsm, 0},
		{"loop, little endian", 108, join([]byte{2, 0, 0, 0}, ip), gsm, 0},
		{"null, other family", 0, []byte{7, 0, 0, 0, 1}, Payload{}, 0},
		{"GSMTAP_UM", 217, pdu, Payload{Kind: KindGSMTAP, Data: pdu}, 0},
		{"GSMTAP_ABIS", 218, pdu, Payload{Kind: KindGSMTAP, Data: pdu}, 0},
		{"source port", 228, ip4Packet(17, udpPacket(portGSMTAP, 9, pdu)), Payload{Kind: KindGSMTAP, Data: pdu, SrcPort: portGSMTAP, DstPort: 9}, 0},
		{"empty GSMTAP", 228, ip4Packet(17, udpPacket(1, portGSMTAP, nil)), Payload{Kind: KindGSMTAP, SrcPort: 1, DstPort: portGSMTAP}, 0},

		{"IPv6 hop by hop", 229, ip6Packet(0, join([]byte{17, 0, 1, 4, 0, 0, 0, 0}, dgram)), gsm, 0},
		{"IPv6 routing, destination, AH", 229, ip6Packet(43, join([]byte{60, 0, 0, 0, 0, 0, 0, 0, 51, 0, 1, 4, 0, 0, 0, 0, 17, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, dgram)), gsm, 0},
		{"IPv6 atomic fragment", 229, fragmentHeader(0), gsm, 0},
		{"IPv6 first fragment", 229, fragmentHeader(1), uns("IP fragment", dgram), 0},
		{"IPv6 later fragment", 229, fragmentHeader(8 << 3), uns("IP fragment", dgram), 0},
		{"IPv6 extension cut", 229, ip6Packet(43, []byte{17, 3, 0, 0}), bad(wire.ErrShort), 40},
		{"IPv6 no next header", 229, ip6Packet(59, []byte{1, 2, 3}), Payload{}, 0},
		{"IPv4 first fragment", 228, set(ip, 6, 0x20, 0), uns("IP fragment", dgram), 0},
		{"IPv4 later fragment", 228, set(ip, 6, 0, 9), uns("IP fragment", dgram), 0},
		{"IPv4 fragment of TCP", 228, set(ip4Packet(6, dgram), 6, 0, 9), Payload{}, 0},

		{"mac-lte in UDP", 228, ip4Packet(17, udpPacket(5687, 5847, join([]byte("mac-lte"), lte))), Payload{Kind: KindMACLTE, Data: lte, SrcPort: 5687, DstPort: 5847}, 0},
		{"mac-nr in UDP", 228, ip4Packet(17, udpPacket(1, 2, join([]byte("mac-nr"), lte))), Payload{Kind: KindMACNR, Data: lte, SrcPort: 1, DstPort: 2}, 0},
		{"rlc-lte in UDP", 228, ip4Packet(17, udpPacket(1, 2, []byte("rlc-lte..."))), Payload{Kind: KindUnsupported, Reason: "RLC-LTE framed in UDP", Data: []byte("rlc-lte..."), SrcPort: 1, DstPort: 2}, 0},
		{"pdcp-nr in UDP", 228, ip4Packet(17, udpPacket(1, 2, []byte("pdcp-nr..."))), Payload{Kind: KindUnsupported, Reason: "PDCP-NR framed in UDP", Data: []byte("pdcp-nr..."), SrcPort: 1, DstPort: 2}, 0},
		{"other UDP", 228, ip4Packet(17, udpPacket(53, 9999, []byte("query"))), foreign(53, 9999), 0},
		{"other UDP like mac", 228, ip4Packet(17, udpPacket(53, 9999, []byte("machine"))), foreign(53, 9999), 0},
		{"TCP", 228, ip4Packet(6, octets(0, 30)), Payload{}, 0},
		{"ICMP quoting GSMTAP", 228, ip4Packet(1, join([]byte{3, 3, 0, 0, 0, 0, 0, 0}, ip)), Payload{}, 0},
		{"ARP", 1, etherFrame(0x0806, octets(0, 28)), Payload{}, 0},
		{"LLC", 1, etherFrame(38, octets(0, 46)), Payload{}, 0},
		{"cooked netlink", LinkSLL, set(sll(0x0800, ip), 2, 3, 56), Payload{}, 0},
		{"cooked other", LinkSLL2, sll2(0x0806, octets(0, 28)), Payload{}, 0},
		{"MPLS", 1, etherFrame(0x8847, octets(0, 8)), uns("MPLS", octets(0, 8)), 0},
		{"PPPoE", LinkSLL, sll(0x8864, octets(0, 8)), uns("PPPoE", octets(0, 8)), 0},

		{"SCTP NGAP", 228, ip4Packet(132, sctpPacket(dataChunk(60, octets(3, 9)))), uns("NGAP over SCTP (not decoded)", octets(3, 9)), 0},
		{"SCTP NGAP over DTLS", 228, ip4Packet(132, sctpPacket(dataChunk(66, octets(3, 9)))), uns("NGAP over DTLS over SCTP (not decoded)", octets(3, 9)), 0},
		{"SCTP S1AP after SACK", 228, ip4Packet(132, sctpPacket([]byte{3, 0, 0, 16}, make([]byte, 12), dataChunk(0, []byte{1}), dataChunk(18, octets(3, 8)))), uns("S1AP over SCTP (not decoded)", octets(3, 8)), 0},
		{"SCTP F1AP in I-DATA", 229, ip6Packet(132, sctpPacket([]byte{64, 3, 0, 23}, make([]byte, 12), u32be(62), []byte{1, 2, 3, 0})), uns("F1AP over SCTP (not decoded)", []byte{1, 2, 3}), 0},
		{"SCTP heartbeat", 228, ip4Packet(132, sctpPacket([]byte{4, 0, 0, 8, 0, 0, 0, 0})), Payload{}, 0},
		{"SCTP other data", 228, ip4Packet(132, sctpPacket(dataChunk(46, []byte{1}))), Payload{}, 0},
		{"SCTP header cut", 228, ip4Packet(132, octets(0, 11)), bad(wire.ErrShort), 20},
		{"SCTP chunk length 0", 228, ip4Packet(132, sctpPacket([]byte{9, 0, 0, 0})), bad(wire.ErrLength), 32},
		{"SCTP data chunk too short", 228, ip4Packet(132, sctpPacket([]byte{0, 3, 0, 8, 0, 0, 0, 0})), bad(wire.ErrLength), 32},
		{"SCTP fragment", 228, set(ip4Packet(132, sctpPacket(dataChunk(60, nil))), 6, 0, 9), uns("IP fragment", sctpPacket(dataChunk(60, nil))), 0},

		{"USER0", 147, lte, Payload{Kind: KindMACLTE, Data: lte}, 0},
		{"USER0 with string", 147, join([]byte("mac-lte"), lte), Payload{Kind: KindMACLTE, Data: lte}, 0},
		{"USER1", 148, nas, Payload{Kind: KindNASEPS, Data: nas}, 0},
		{"USER1 with 5GS", 148, nas5, Payload{Kind: KindNAS5GS, Data: nas5}, 0},
		{"USER1 with ESM", 148, []byte{0x52, 1, 0xc1}, Payload{Kind: KindNASEPS, Data: []byte{0x52, 1, 0xc1}}, 0},
		{"USER2 LTE", 149, udpPacket(48879, 57005, join([]byte("mac-lte"), lte)), Payload{Kind: KindMACLTE, Data: lte, SrcPort: 48879, DstPort: 57005}, 0},
		{"USER2 NR", 149, udpPacket(48879, 57005, join([]byte("mac-nr"), lte)), Payload{Kind: KindMACNR, Data: lte, SrcPort: 48879, DstPort: 57005}, 0},
		{"USER2 without UDP", 149, join([]byte("mac-nr"), lte), Payload{Kind: KindMACNR, Data: lte}, 0},
		{"USER2 other", 149, udpPacket(48879, 57005, []byte("?")), Payload{Kind: KindUnsupported, Reason: "link type USER2", Data: udpPacket(48879, 57005, []byte("?")), SrcPort: 48879, DstPort: 57005}, 0},
		{"USER2 cut", 149, []byte{0xbe, 0xef}, bad(wire.ErrShort), 0},
		{"USER3", 150, nas, Payload{Kind: KindS1AP, Data: nas}, 0},
		{"USER4", 151, nas5, Payload{Kind: KindNAS5GS, Data: nas5}, 0},
		{"USER5", 152, nas, Payload{Kind: KindNGAP, Data: nas}, 0},
		{"USER7", 154, nas, uns("link type USER7", nas), 0},
		{"unknown link type", 105, nas, uns("link type 105", nas), 0},

		{"exported GSMTAP", 252, exported("gsmtap", pdu), Payload{Kind: KindGSMTAP, Data: pdu}, 0},
		{"exported NAS-EPS, port", 252, join(tlv(25, u32be(36412)), tlv(26, u32be(5)), exported("nas-eps", nas)), Payload{Kind: KindNASEPS, Data: nas, SrcPort: 36412, DstPort: 5}, 0},
		{"exported NGAP", 252, exported("ngap", nas), Payload{Kind: KindNGAP, Data: nas}, 0},
		{"exported F1AP", 252, exported("f1ap", nas), Payload{Kind: KindF1AP, Data: nas}, 0},
		{"exported MAC-LTE by heuristic", 252, join(tlv(13, []byte("mac_lte_udp")), tlv(0, nil), []byte("mac-lte"), lte), Payload{Kind: KindMACLTE, Data: lte}, 0},
		{"exported LTE RRC", 252, exported("lte_rrc.bcch_dl_sch", nas), Payload{Kind: KindUpperPDU, Dissector: "lte_rrc.bcch_dl_sch", Data: nas}, 0},
		{"exported NR RRC", 252, exported("nr-rrc.dl.dcch", nas), Payload{Kind: KindUpperPDU, Dissector: "nr-rrc.dl.dcch", Data: nas}, 0},
		{"exported DTAP", 252, exported("gsm_a_dtap", nas), Payload{Kind: KindUpperPDU, Dissector: "gsm_a_dtap", Data: nas}, 0},
		{"exported UDP port", 252, join(tlv(14, []byte("udp.port")), tlv(32, u32be(portGSMTAP)), tlv(0, nil), pdu), Payload{Kind: KindGSMTAP, Data: pdu}, 0},
		{"exported IP", 252, exported("ip", ip), gsm, 0},
		{"exported other", 252, exported("http", nas), uns("exported PDU http", nas), 0},
		{"exported hostile name", 252, exported("a\x1b[31m", nas), uns("exported PDU without a usable name", nas), 0},
		{"exported without a name", 252, join(tlv(0, nil), nas), uns("exported PDU without a usable name", nas), 0},
		{"exported without an end", 252, tlv(12, []byte("ngap")), bad(wire.ErrShort), 8},
		{"exported tag overruns", 252, []byte{0, 12, 0xff, 0xff, 'n'}, bad(wire.ErrLength), 0},
		{"exported port cut", 252, join([]byte{0, 25, 0, 2, 1, 2}, tlv(0, nil)), bad(wire.ErrShort), 0},

		{"empty Ethernet", 1, nil, bad(wire.ErrShort), 0},
		{"Ethernet cut", 1, make([]byte, 13), bad(wire.ErrShort), 0},
		{"Ethernet without its IPv4", 1, etherFrame(0x0800, nil), bad(wire.ErrShort), 14},
		{"802.1Q cut", 1, etherFrame(0x8100, []byte{0, 5, 8}), bad(wire.ErrShort), 14},
		{"IPv4 cut", 1, etherFrame(0x0800, ip[:19]), bad(wire.ErrShort), 14},
		{"IPv4 header of 4 words", 228, set(ip, 0, 0x44), bad(wire.ErrInvalid), 0},
		{"IPv4 version 5", 228, set(ip, 0, 0x55), bad(wire.ErrInvalid), 0},
		{"IPv6 in IPV4", 228, set(ip6, 0, 0x60), bad(wire.ErrInvalid), 0},
		{"IPv6 version 4", 229, set(ip6, 0, 0x40), bad(wire.ErrInvalid), 0},
		{"IPv6 cut", 229, ip6[:39], bad(wire.ErrShort), 0},
		{"IP version 9", 101, []byte{0x90, 0}, bad(wire.ErrInvalid), 0},
		{"raw and empty", 101, nil, bad(wire.ErrShort), 0},
		{"loopback cut", 0, []byte{2, 0, 0}, bad(wire.ErrShort), 3},
		{"cooked cut", LinkSLL, make([]byte, 15), bad(wire.ErrShort), 15},
		{"cooked 2 cut", LinkSLL2, make([]byte, 19), bad(wire.ErrShort), 19},
		{"UDP cut", 228, ip4Packet(17, dgram[:7]), bad(wire.ErrShort), 20},
		{"UDP nothing", 228, ip4Packet(17, nil), bad(wire.ErrShort), 20},
		{"UDP length 7", 228, ip4Packet(17, set(dgram, 4, 0, 7)), bad(wire.ErrInvalid), 20},
		{"UDP longer than the packet", 228, ip4Packet(17, set(dgram, 4, 0x10, 0)), Payload{Kind: KindGSMTAP, Data: pdu, SrcPort: 45000, DstPort: portGSMTAP, Truncated: true}, 0},
		{"UDP shorter than the packet", 228, ip4Packet(17, set(dgram, 4, 0, 8+16)), Payload{Kind: KindGSMTAP, Data: pdu[:16], SrcPort: 45000, DstPort: portGSMTAP}, 0},
		{"UDP length 0", 228, ip4Packet(17, set(dgram, 4, 0, 0)), gsm, 0},
		{"frame cut in GSMTAP", 228, ip[:len(ip)-5], Payload{Kind: KindGSMTAP, Data: pdu[:len(pdu)-5], SrcPort: 45000, DstPort: portGSMTAP, Truncated: true}, 0},
	}
}

func TestUnwrap(t *testing.T) {
	u := NewUnwrapper(Options{})
	for _, tt := range unwrapCases() {
		t.Run(tt.name, func(t *testing.T) {
			got := u.Unwrap(Frame{LinkType: tt.link, Data: tt.in[:len(tt.in):len(tt.in)], OrigLen: len(tt.in)})
			if !errors.Is(got.Err, tt.want.Err) || (got.Err == nil) != (tt.want.Err == nil) {
				t.Errorf("error %v, want %v", got.Err, tt.want.Err)
			}
			var de *wire.DecodeError
			if errors.As(got.Err, &de) && de.Offset != tt.off {
				t.Errorf("offset %d, want %d", de.Offset, tt.off)
			}
			got.Err, tt.want.Err = nil, nil
			if len(got.Data) == 0 {
				got.Data = nil
			}
			if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", tt.want); g != w {
				t.Errorf("\n got %s\nwant %s", g, w)
			}
		})
	}
}

func TestUnwrapOptions(t *testing.T) {
	u := NewUnwrapper(Options{
		Ports: []uint16{4730},
		DLT:   map[LinkType]Kind{154: KindF1AP, 157: KindMACNR, 1: KindForeign, 150: KindUnsupported, 155: KindUpperPDU, 152: KindGSMTAP},
	})
	frame := func(l LinkType, b []byte) Frame { return Frame{LinkType: l, Data: b, OrigLen: len(b) + 1} }
	pdu := gsmtapPDU()
	for _, tt := range []struct {
		f    Frame
		want Kind
	}{
		{frame(154, pdu), KindF1AP},
		{frame(157, pdu), KindMACNR},
		{frame(1, pdu), KindForeign},
		{frame(150, pdu), KindUnsupported},
		{frame(152, pdu), KindGSMTAP},
		{frame(155, join(tlv(12, []byte("ngap")), tlv(0, nil))), KindNGAP},
		{frame(228, ip4Packet(17, udpPacket(1, 4730, pdu))), KindGSMTAP},
		{frame(228, ip4Packet(17, udpPacket(4730, 1, pdu))), KindGSMTAP},
		{frame(228, ip4Packet(17, udpPacket(1, 4729, pdu))), KindGSMTAP},
		{frame(228, ip4Packet(17, udpPacket(1, 4731, pdu))), KindForeign},
	} {
		if p := u.Unwrap(tt.f); p.Kind != tt.want {
			t.Errorf("link type %s: %s, want %s", tt.f.LinkType, p.Kind, tt.want)
		}
	}
	if p := u.Unwrap(frame(154, pdu)); !p.Truncated {
		t.Error("frame that was not captured whole is not truncated")
	}
}

// TestUnwrapNames: names and link types from a file cannot grow the Unwrapper or a
// ledger without end.
func TestUnwrapNames(t *testing.T) {
	u, l := NewUnwrapper(Options{}), NewLedger()
	for i := range 1000 {
		for _, f := range []Frame{
			{LinkType: LinkUpperPDU, Data: join(tlv(12, fmt.Appendf(nil, "name%d", i)), tlv(0, nil))},
			{LinkType: LinkType(1000 + i)},
		} {
			if !l.CountFrame(f, u.Unwrap(f)) {
				t.Fatal("not settled")
			}
		}
	}
	if len(u.names) > maxNames || len(u.pduReasons) > maxNames || len(u.reasons) > maxReasons || len(l.UnsupportedByReason) > maxReasons+1 {
		t.Errorf("%d names, %d reasons for them, %d for link types, %d in the ledger", len(u.names), len(u.pduReasons), len(u.reasons), len(l.UnsupportedByReason))
	}
	total := 0
	for _, n := range l.UnsupportedByReason {
		total += n
	}
	if total != 2000 || l.Sum() != l.Frames || l.Unsupported != 2000 {
		t.Errorf("%d by reason, %+v", total, l)
	}
}

func TestLedger(t *testing.T) {
	l := NewLedger()
	gsm := Payload{Kind: KindGSMTAP, Truncated: true}
	for i, o := range []Outcome{Decoded, Ciphered, Partial, Malformed, Unsupported, Foreign} {
		if l.CountFrame(Frame{}, gsm) {
			t.Fatal("GSMTAP settled")
		}
		l.Count(o, fmt.Sprint(i))
	}
	l.CountFrame(Frame{OrigLen: 1}, Payload{})
	l.CountFrame(Frame{}, Payload{Kind: KindMalformed})
	l.Close(Stats{Unread: 99})
	if l.Sum() != 8 || l.Frames != 8 {
		t.Errorf("sum %d of %d", l.Sum(), l.Frames)
	}
	got, _ := json.Marshal(l)
	want := `{"frames":8,"gsmtap":6,"decoded":2,"ciphered":1,"partial":1,"malformed":2,"unsupported":1,"foreign":2,"truncated":7,"unread_octets":99,"unsupported_by_reason":{"4":1}}`
	if string(got) != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if got, _ := json.Marshal(NewLedger()); !strings.Contains(string(got), `"unsupported_by_reason":{}`) {
		t.Errorf("%s", got)
	}
}

func TestAllocsPerUnwrap(t *testing.T) {
	u := NewUnwrapper(Options{})
	for _, tt := range unwrapCases() {
		if tt.want.Kind == KindMalformed || tt.name == "IPv6 hop by hop" {
			continue // an error is allocated; gopacket allocates each hop-by-hop option
		}
		f := Frame{LinkType: tt.link, Data: tt.in, OrigLen: len(tt.in)}
		if n := testing.AllocsPerRun(100, func() { u.Unwrap(f) }); n != 0 {
			t.Errorf("%s: %v allocations", tt.name, n)
		}
	}
}

var sink Payload

func BenchmarkUnwrap(b *testing.B) {
	u := NewUnwrapper(Options{})
	for _, name := range []string{"Ethernet IPv4", "QinQ", "cooked", "IPV4", "IPV6", "USER2 LTE", "USER1", "SCTP NGAP", "exported LTE RRC", "other UDP"} {
		for _, tt := range unwrapCases() {
			if tt.name != name {
				continue
			}
			f := Frame{LinkType: tt.link, Data: tt.in, OrigLen: len(tt.in)}
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(f.Data)))
				for b.Loop() {
					sink = u.Unwrap(f)
				}
			})
		}
	}
}
