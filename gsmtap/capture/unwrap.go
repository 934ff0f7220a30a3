package capture

import (
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
	"strconv"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Kind says what a frame holds once its link layers are off. Every frame has
// exactly one.
type Kind uint8

const (
	// KindForeign carries no signalling of a mobile network.
	KindForeign Kind = iota
	// KindMalformed cannot be taken apart: Payload.Err says where.
	KindMalformed
	// KindUnsupported may carry signalling that is not decoded: Payload.Reason says
	// why.
	KindUnsupported
	// KindGSMTAP starts with a GSMTAP header of any version.
	KindGSMTAP
	// KindMACLTE starts with the radio type of Wireshark's mac-lte-framed format;
	// the string "mac-lte" before it is already off.
	KindMACLTE
	// KindMACNR is the same for mac-nr-framed.
	KindMACNR
	// KindNASEPS is a NAS message of EPS (TS 24.301).
	KindNASEPS
	// KindNAS5GS is a NAS message of 5GS (TS 24.501).
	KindNAS5GS
	// KindS1AP is an S1AP PDU (TS 36.413), aligned PER.
	KindS1AP
	// KindNGAP is an NGAP PDU (TS 38.413), aligned PER.
	KindNGAP
	// KindF1AP is an F1AP PDU (TS 38.473), aligned PER.
	KindF1AP
	// KindUpperPDU is a PDU that Wireshark exported; Payload.Dissector names it.
	KindUpperPDU
)

var kindNames = [...]string{"foreign", "malformed", "unsupported", "GSMTAP", "MAC-LTE", "MAC-NR",
	"NAS-EPS", "NAS-5GS", "S1AP", "NGAP", "F1AP", "upper PDU"}

// String returns the kind's name.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "kind " + strconv.Itoa(int(k))
}

// Payload is what is left of a frame.
type Payload struct {
	Kind Kind
	// Data aliases the frame. It is nil for KindForeign and KindMalformed; for
	// KindUnsupported it is the part not decoded, as far as it is known.
	Data []byte
	// SrcPort and DstPort are UDP's or, for KindUpperPDU and what comes out of one,
	// those of the exported packet; 0 if there are none.
	SrcPort, DstPort uint16
	// Truncated is set when Data is shorter than its headers say or, where no
	// header says, when the frame was not captured whole.
	Truncated bool
	// Reason says what is not supported. There are few distinct ones, so they can
	// be counted by text.
	Reason string
	// Dissector is Wireshark's name for the PDU of KindUpperPDU, for example
	// "lte_rrc.bcch_dl_sch", "nr-rrc.dl.dcch", "rrc.ul.ccch" or "gsm_a_dtap". It is
	// printable ASCII of at most 48 octets.
	Dissector string
	// Err is set for KindMalformed, a *wire.DecodeError whose offset counts from the
	// start of the frame.
	Err error
}

// portGSMTAP is the port IANA has assigned to GSMTAP.
const portGSMTAP = 4729

// Options changes what an Unwrapper takes for signalling.
type Options struct {
	// Ports are UDP ports that carry GSMTAP besides 4729.
	Ports []uint16
	// DLT says what frames of a link type hold, and overrides what is known of the
	// type. KindForeign and KindUnsupported are allowed values.
	DLT map[LinkType]Kind
}

// Unwrapper takes the link, network and transport layers off frames. It does not
// allocate for frames that are whole, and keeps no state from one to the next. An
// Unwrapper is not safe for concurrent use.
//
// Ethernet, 802.1Q tags, IPv4, IPv6 and UDP are gopacket's decoders. gopacket
// v1.1.19 does not know the other link types or reads them unsafely: its decoder
// of Linux cooked captures slices by an address length that it does not check, and
// that of BSD loopback knows no other byte order.
type Unwrapper struct {
	ports []uint16
	dlt   map[LinkType]Kind

	eth layers.Ethernet
	tag layers.Dot1Q
	ip4 layers.IPv4
	ip6 layers.IPv6
	udp layers.UDP

	fromEthernet, fromTag, fromIPv4, fromIPv6, fromUDP *gopacket.DecodingLayerParser
	decoded                                            []gopacket.LayerType

	names      map[string]string // of exported PDUs
	pduReasons map[string]string // by name
	reasons    map[LinkType]string
}

// NewUnwrapper returns an Unwrapper.
func NewUnwrapper(opt Options) *Unwrapper {
	u := &Unwrapper{
		ports:      append([]uint16{portGSMTAP}, opt.Ports...),
		dlt:        maps.Clone(opt.DLT),
		decoded:    make([]gopacket.LayerType, 0, 8),
		names:      map[string]string{},
		pduReasons: map[string]string{},
		reasons:    map[LinkType]string{},
	}
	parser := func(first gopacket.LayerType) *gopacket.DecodingLayerParser {
		p := gopacket.NewDecodingLayerParser(first)
		p.SetDecodingLayerContainer(gopacket.DecodingLayerSparse(nil))
		for _, l := range []gopacket.DecodingLayer{&u.eth, &u.tag, &u.ip4, &u.ip6, &u.udp} {
			p.AddDecodingLayer(l)
		}
		p.IgnoreUnsupported = true
		return p
	}
	u.fromEthernet = parser(layers.LayerTypeEthernet)
	u.fromTag = parser(layers.LayerTypeDot1Q)
	u.fromIPv4 = parser(layers.LayerTypeIPv4)
	u.fromIPv6 = parser(layers.LayerTypeIPv6)
	u.fromUDP = parser(layers.LayerTypeUDP)
	return u
}

// Unwrap returns what f holds. The result aliases f.Data.
func (u *Unwrapper) Unwrap(f Frame) Payload {
	var p Payload
	u.unwrap(&f, &p)
	return p
}

func (u *Unwrapper) unwrap(f *Frame, p *Payload) {
	b := f.Data
	if len(u.dlt) > 0 {
		if k, ok := u.dlt[f.LinkType]; ok {
			u.direct(f, k, p)
			return
		}
	}
	switch f.LinkType {
	case LinkEthernet:
		u.layers(f, u.fromEthernet, layers.LayerTypeEthernet, b, p)
	case LinkRaw, LinkRawBSD, LinkRawOpenBSD:
		u.rawIP(f, b, p)
	case LinkIPv4:
		u.layers(f, u.fromIPv4, layers.LayerTypeIPv4, b, p)
	case LinkIPv6:
		u.layers(f, u.fromIPv6, layers.LayerTypeIPv6, b, p)
	case LinkNull, LinkLoop:
		u.loopback(f, p)
	case LinkSLL:
		if len(b) < 16 {
			malformed(p, "Linux cooked header", len(b), wire.ErrShort)
			return
		}
		u.cooked(f, binary.BigEndian.Uint16(b[2:]), binary.BigEndian.Uint16(b[14:]), b[16:], p)
	case LinkSLL2:
		if len(b) < 20 {
			malformed(p, "Linux cooked header", len(b), wire.ErrShort)
			return
		}
		u.cooked(f, binary.BigEndian.Uint16(b[8:]), binary.BigEndian.Uint16(b), b[20:], p)
	case LinkGSMTAPUm, LinkGSMTAPAbis:
		u.direct(f, KindGSMTAP, p)
	case LinkUpperPDU:
		u.exported(f, p)
	case LinkUser0:
		u.direct(f, KindMACLTE, p)
	case LinkUser1:
		u.direct(f, KindNASEPS, p)
	case LinkUser2:
		u.framedUDP(f, p)
	case LinkUser3:
		u.direct(f, KindS1AP, p)
	case LinkUser4:
		u.direct(f, KindNAS5GS, p)
	case LinkUser5:
		u.direct(f, KindNGAP, p)
	default:
		unsupported(p, u.linkReason(f.LinkType), b)
	}
}

// linkReason names an unsupported link type. The types are 16 bits wide and a file
// can hold thousands; the ledger bounds how many it tells apart, and so does this.
func (u *Unwrapper) linkReason(l LinkType) string {
	s, ok := u.reasons[l]
	if !ok {
		if len(u.reasons) >= maxReasons {
			return "link type (one of many)"
		}
		s = "link type " + l.String()
		u.reasons[l] = s
	}
	return s
}

func malformed(p *Payload, path string, offset int, err error) {
	*p = Payload{Kind: KindMalformed, Err: &wire.DecodeError{Path: path, Offset: offset, Err: err}}
}

func unsupported(p *Payload, reason string, b []byte) {
	p.Kind, p.Reason, p.Data = KindUnsupported, reason, b
}

// What the payloads of Wireshark's UDP framings start with.
var (
	prefixMACLTE  = []byte("mac-lte")
	prefixMACNR   = []byte("mac-nr")
	prefixRLCLTE  = []byte("rlc-lte")
	prefixRLCNR   = []byte("rlc-nr")
	prefixPDCPLTE = []byte("pdcp-lte")
	prefixPDCPNR  = []byte("pdcp-nr")
)

// direct fills p for a frame that holds nothing but a payload of kind k.
func (u *Unwrapper) direct(f *Frame, k Kind, p *Payload) {
	if k == KindUpperPDU {
		u.exported(f, p)
		return
	}
	p.Truncated = f.Truncated()
	if !p.hold(k, f.Data) {
		unsupported(p, u.linkReason(f.LinkType), f.Data)
	}
}

// hold fills in a payload of kind k; false if there is no such kind of payload.
func (p *Payload) hold(k Kind, b []byte) bool {
	p.Kind, p.Data = k, b
	switch k {
	case KindForeign:
		p.Data = nil
	case KindMACLTE:
		p.Data = bytes.TrimPrefix(b, prefixMACLTE)
	case KindMACNR:
		p.Data = bytes.TrimPrefix(b, prefixMACNR)
	case KindNASEPS, KindNAS5GS:
		// srsUE writes 5GS NAS with the link type of EPS. The protocol discriminator
		// tells them apart: EPS has 2 or 7 in the low half of the octet (TS 24.007
		// §11.2.3.1.1), 5GS the octet 0x7e or 0x2e (§11.2.3.1.1A).
		if len(b) > 0 {
			if p.Kind = KindNASEPS; b[0]&0xf == 0xe {
				p.Kind = KindNAS5GS
			}
		}
	case KindGSMTAP, KindS1AP, KindNGAP, KindF1AP:
	default:
		return false
	}
	return true
}

// framed recognises the UDP framings of Wireshark.
func (p *Payload) framed(b []byte) bool {
	if len(b) < len(prefixMACNR) || b[0] != 'm' && b[0] != 'r' && b[0] != 'p' {
		return false
	}
	switch {
	case bytes.HasPrefix(b, prefixMACLTE):
		return p.hold(KindMACLTE, b)
	case bytes.HasPrefix(b, prefixMACNR):
		return p.hold(KindMACNR, b)
	case bytes.HasPrefix(b, prefixRLCLTE):
		unsupported(p, "RLC-LTE framed in UDP", b)
	case bytes.HasPrefix(b, prefixRLCNR):
		unsupported(p, "RLC-NR framed in UDP", b)
	case bytes.HasPrefix(b, prefixPDCPLTE):
		unsupported(p, "PDCP-LTE framed in UDP", b)
	case bytes.HasPrefix(b, prefixPDCPNR):
		unsupported(p, "PDCP-NR framed in UDP", b)
	default:
		return false
	}
	return true
}

// framedUDP reads the convention of srsRAN for LINKTYPE_USER2: a UDP header
// without IP, or the framing without any header.
func (u *Unwrapper) framedUDP(f *Frame, p *Payload) {
	if p.framed(f.Data) {
		p.Truncated = f.Truncated()
		return
	}
	u.layers(f, u.fromUDP, layers.LayerTypeUDP, f.Data, p)
	if p.Kind == KindForeign {
		unsupported(p, u.linkReason(f.LinkType), f.Data)
	}
}

func (u *Unwrapper) rawIP(f *Frame, b []byte, p *Payload) {
	switch {
	case len(b) == 0:
		malformed(p, "IP header", f.offset(b), wire.ErrShort)
	case b[0]>>4 == 4:
		u.layers(f, u.fromIPv4, layers.LayerTypeIPv4, b, p)
	case b[0]>>4 == 6:
		u.layers(f, u.fromIPv6, layers.LayerTypeIPv6, b, p)
	default:
		malformed(p, "IP version", f.offset(b), wire.ErrInvalid)
	}
}

// loopback reads the address family in front of a BSD loopback frame. LINKTYPE_NULL
// has it in the byte order of the writer, which need not be the file's.
func (u *Unwrapper) loopback(f *Frame, p *Payload) {
	if len(f.Data) < 4 {
		malformed(p, "loopback family", len(f.Data), wire.ErrShort)
		return
	}
	family := binary.BigEndian.Uint32(f.Data)
	if family&0xffff == 0 {
		family = binary.LittleEndian.Uint32(f.Data)
	}
	switch b := f.Data[4:]; family {
	case 2: // AF_INET
		u.layers(f, u.fromIPv4, layers.LayerTypeIPv4, b, p)
	case 10, 24, 28, 30: // AF_INET6 of Linux, NetBSD and OpenBSD, FreeBSD, Darwin
		u.layers(f, u.fromIPv6, layers.LayerTypeIPv6, b, p)
	}
}

// arphrdNetlink is the ARPHRD_ type of netlink devices, where the protocol field
// is no Ethernet type.
const arphrdNetlink = 824

// cooked reads on after the header of a Linux cooked capture.
func (u *Unwrapper) cooked(f *Frame, arphrd, protocol uint16, b []byte, p *Payload) {
	if arphrd == arphrdNetlink {
		return
	}
	switch layers.EthernetType(protocol) {
	case layers.EthernetTypeIPv4:
		u.layers(f, u.fromIPv4, layers.LayerTypeIPv4, b, p)
	case layers.EthernetTypeIPv6:
		u.layers(f, u.fromIPv6, layers.LayerTypeIPv6, b, p)
	case layers.EthernetTypeDot1Q, layers.EthernetTypeQinQ:
		u.layers(f, u.fromTag, layers.LayerTypeDot1Q, b, p)
	default:
		u.other(layers.EthernetType(protocol), b, p)
	}
}

// other judges an Ethernet type without a decoder.
func (u *Unwrapper) other(t layers.EthernetType, b []byte, p *Payload) {
	switch t {
	case layers.EthernetTypeMPLSUnicast, layers.EthernetTypeMPLSMulticast:
		unsupported(p, "MPLS", b)
	case layers.EthernetTypePPPoESession:
		unsupported(p, "PPPoE", b)
	}
}

// offset is where b, a part of the frame that reaches to the end of the frame's
// array, starts in the frame.
func (f *Frame) offset(b []byte) int { return min(max(cap(f.Data)-cap(b), 0), len(f.Data)) }

// headerOf returns the name and least length in octets of the header that gopacket
// decodes as t; "" for the types that are not handed to it.
func headerOf(t gopacket.LayerType) (name string, length int) {
	switch t {
	case layers.LayerTypeEthernet:
		return "Ethernet header", 14
	case layers.LayerTypeDot1Q:
		return "802.1Q tag", 4
	case layers.LayerTypeIPv4:
		return "IPv4 header", 20
	case layers.LayerTypeIPv6:
		return "IPv6 header", 40
	case layers.LayerTypeUDP:
		return "UDP header", 8
	}
	return "", 0
}

// layers hands b, which starts with a layer of type first, to gopacket and reads on
// after the last layer it decoded.
func (u *Unwrapper) layers(f *Frame, parser *gopacket.DecodingLayerParser, first gopacket.LayerType, b []byte, p *Payload) {
	err := parser.DecodeLayers(b, &u.decoded)
	rest, next := b, first
	var last gopacket.LayerType
	if n := len(u.decoded); n > 0 {
		last = u.decoded[n-1]
		switch last {
		case layers.LayerTypeUDP:
			// gopacket does not compare the version with what was announced.
			if n > 1 && u.decoded[n-2] == layers.LayerTypeIPv4 && u.ip4.Version != 4 {
				malformed(p, "IPv4 version", f.offset(u.ip4.Contents), wire.ErrInvalid)
			} else if n > 1 && u.decoded[n-2] == layers.LayerTypeIPv6 && u.ip6.Version != 6 {
				malformed(p, "IPv6 version", f.offset(u.ip6.Contents), wire.ErrInvalid)
			} else {
				u.datagram(p)
			}
			return
		case layers.LayerTypeIPv4:
			rest, next = u.ip4.Payload, u.ip4.NextLayerType()
		case layers.LayerTypeIPv6:
			rest, next = u.ip6.Payload, u.ip6.NextLayerType()
		case layers.LayerTypeDot1Q:
			rest, next = u.tag.Payload, u.tag.NextLayerType()
		case layers.LayerTypeEthernet:
			rest, next = u.eth.Payload, u.eth.NextLayerType()
		}
	}
	// gopacket stops without an error where a layer is announced but nothing is left.
	if name, length := headerOf(next); err != nil || name != "" {
		cause := wire.ErrInvalid
		if len(rest) < length {
			cause = wire.ErrShort
		}
		malformed(p, name, f.offset(rest), cause)
		return
	}
	switch last {
	case layers.LayerTypeIPv4:
		if u.ip4.Version != 4 {
			malformed(p, "IPv4 version", f.offset(u.ip4.Contents), wire.ErrInvalid)
			return
		}
		u.transport(f, u.ip4.Protocol, u.ip4.FragOffset != 0 || u.ip4.Flags&layers.IPv4MoreFragments != 0, rest, p)
	case layers.LayerTypeIPv6:
		if u.ip6.Version != 6 {
			malformed(p, "IPv6 version", f.offset(u.ip6.Contents), wire.ErrInvalid)
			return
		}
		u.extensions(f, rest, p)
	case layers.LayerTypeDot1Q:
		u.other(u.tag.Type, rest, p)
	case layers.LayerTypeEthernet:
		u.other(u.eth.EthernetType, rest, p)
	}
}

// extensions passes over the extension headers of IPv6 (RFC 8200 §4). gopacket has
// decoders for them but does not tell fragments from whole packets.
func (u *Unwrapper) extensions(f *Frame, b []byte, p *Payload) {
	next := u.ip6.NextHeader
	if u.ip6.HopByHop != nil { // gopacket took it off
		next = u.ip6.HopByHop.NextHeader
	}
	fragment := false
	for {
		length := 0
		switch next {
		case layers.IPProtocolIPv6HopByHop, layers.IPProtocolIPv6Routing, layers.IPProtocolIPv6Destination:
			if len(b) >= 2 {
				length = 8 + 8*int(b[1])
			}
		case layers.IPProtocolAH:
			if len(b) >= 2 {
				length = 8 + 4*int(b[1])
			}
		case layers.IPProtocolIPv6Fragment:
			if length = 8; len(b) >= 8 {
				// Offset and the flag for more: all zero in an atomic fragment.
				fragment = fragment || binary.BigEndian.Uint16(b[2:])&0xfff9 != 0
			}
		default:
			u.transport(f, next, fragment, b, p)
			return
		}
		if length == 0 || length > len(b) {
			malformed(p, "IPv6 extension header", f.offset(b), wire.ErrShort)
			return
		}
		next, b = layers.IPProtocol(b[0]), b[length:]
		if fragment && next != layers.IPProtocolUDP && next != layers.IPProtocolSCTP {
			return // the rest of a fragment need not be headers
		}
	}
}

// transport reads on after IP.
func (u *Unwrapper) transport(f *Frame, protocol layers.IPProtocol, fragment bool, b []byte, p *Payload) {
	switch protocol {
	case layers.IPProtocolUDP, layers.IPProtocolSCTP:
	default:
		return
	}
	if fragment {
		unsupported(p, "IP fragment", b)
		return
	}
	if protocol == layers.IPProtocolSCTP {
		sctp(f, b, p)
		return
	}
	if err := u.udp.DecodeFromBytes(b, gopacket.NilDecodeFeedback); err != nil {
		cause := wire.ErrInvalid
		if len(b) < 8 {
			cause = wire.ErrShort
		}
		malformed(p, "UDP header", f.offset(b), cause)
		return
	}
	u.datagram(p)
}

// datagram reads the payload of u.udp. The parser's own flag for truncation is not
// used: gopacket also sets it for whole packets with a hop-by-hop header.
func (u *Unwrapper) datagram(p *Payload) {
	b := u.udp.Payload
	p.SrcPort, p.DstPort = uint16(u.udp.SrcPort), uint16(u.udp.DstPort)
	p.Truncated = int(u.udp.Length) > 8+len(b)
	if u.isGSMTAP(p.SrcPort, p.DstPort) {
		p.Kind, p.Data = KindGSMTAP, b
		return
	}
	if !p.framed(b) {
		p.Truncated = false
	}
}

func (u *Unwrapper) isGSMTAP(src, dst uint16) bool {
	if dst == portGSMTAP || src == portGSMTAP {
		return true
	}
	return len(u.ports) > 1 && (slices.Contains(u.ports, dst) || slices.Contains(u.ports, src))
}
