package capture

import (
	"bytes"
	"encoding/binary"
	"strings"

	"github.com/google/gopacket/layers"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Tags in front of an exported PDU that are read. Each is two octets, as is the
// length that follows; a length includes the value's padding.
const (
	tagEndOfOptions  = 0
	tagDissector     = 12 // name of a dissector
	tagHeuristic     = 13 // name of a heuristic dissector
	tagTable         = 14 // name of a table of dissectors
	tagSourcePort    = 25
	tagDestPort      = 26
	tagTableSelector = 32 // number in the table
)

// exportedKinds are the dissectors whose PDUs are of a kind of their own.
var exportedKinds = map[string]Kind{
	"gsmtap":         KindGSMTAP,
	"mac-lte-framed": KindMACLTE,
	"mac_lte_udp":    KindMACLTE,
	"mac-nr-framed":  KindMACNR,
	"mac_nr_udp":     KindMACNR,
	"nas-eps":        KindNASEPS,
	"nas-5gs":        KindNAS5GS,
	"s1ap":           KindS1AP,
	"ngap":           KindNGAP,
	"f1ap":           KindF1AP,
}

// exportedPrefixes are what the names of dissectors start with that a decoder of
// RRC or of GSM's layer 3 can be chosen by.
var exportedPrefixes = []string{"lte_rrc.", "lte-rrc.", "nr-rrc.", "rrc.", "gsm_a_", "gsm_a.", "gsm_rlcmac", "nas-eps", "lapdm"}

// exported reads a PDU exported by Wireshark: tags, then the PDU.
func (u *Unwrapper) exported(f *Frame, p *Payload) {
	b := f.Data
	var name, table []byte
	var number uint32
	for {
		at := len(f.Data) - len(b)
		if len(b) < 4 {
			malformed(p, "exported PDU tag", at, wire.ErrShort)
			return
		}
		tag, n := binary.BigEndian.Uint16(b), int(binary.BigEndian.Uint16(b[2:]))
		if n > len(b)-4 {
			malformed(p, "exported PDU tag", at, wire.ErrLength)
			return
		}
		v := b[4 : 4+n]
		b = b[4+n:]
		if tag == tagEndOfOptions {
			break
		}
		switch tag {
		case tagDissector, tagHeuristic:
			name = bytes.TrimRight(v, "\x00")
		case tagTable:
			table = bytes.TrimRight(v, "\x00")
		case tagSourcePort, tagDestPort, tagTableSelector:
			if n < 4 {
				malformed(p, "exported PDU tag", at, wire.ErrShort)
				return
			}
			switch w := binary.BigEndian.Uint32(v); tag {
			case tagSourcePort:
				p.SrcPort = uint16(w)
			case tagDestPort:
				p.DstPort = uint16(w)
			default:
				number = w
			}
		}
	}
	p.Truncated = f.Truncated()
	if name == nil && string(table) == "udp.port" {
		switch {
		case number <= 0xffff && u.isGSMTAP(uint16(number), 0):
			p.hold(KindGSMTAP, b)
		case !p.framed(b):
			unsupported(p, "exported PDU of a UDP port", b)
		}
		return
	}
	if k, ok := exportedKinds[string(name)]; ok {
		p.hold(k, b)
		return
	}
	switch string(name) {
	case "ip", "ipv4", "ipv6":
		u.rawIP(f, b, p)
		return
	case "udp":
		u.layers(f, u.fromUDP, layers.LayerTypeUDP, b, p)
		return
	}
	known := u.pduName(name)
	for _, prefix := range exportedPrefixes {
		if strings.HasPrefix(known, prefix) {
			p.Kind, p.Data, p.Dissector = KindUpperPDU, b, known
			return
		}
	}
	unsupported(p, u.exportedReason(known), b)
}

// pduName returns name as a string that is not allocated each time; "" if it is
// empty, long or not printable.
func (u *Unwrapper) pduName(name []byte) string {
	if s, ok := u.names[string(name)]; ok {
		return s
	}
	if len(name) > maxReasonName {
		return ""
	}
	for _, c := range name {
		if c <= ' ' || c > '~' {
			return ""
		}
	}
	s := string(name)
	if len(u.names) < maxNames {
		u.names[s] = s
	}
	return s
}

// exportedReason says that PDUs of that name are not decoded.
func (u *Unwrapper) exportedReason(name string) string {
	if name == "" {
		return "exported PDU without a usable name"
	}
	if s, ok := u.pduReasons[name]; ok {
		return s
	}
	if len(u.pduReasons) >= maxNames {
		return "exported PDU (one of many)"
	}
	u.pduReasons[name] = "exported PDU " + name
	return u.pduReasons[name]
}
