package capture

import "strconv"

// LinkType says what a frame begins with, in the numbers of the tcpdump.org
// registry of link-layer header types (LINKTYPE_...), not in those of a BSD's
// DLT_... constants, which differ for some. It is 16 bits wide in both containers.
type LinkType uint32

// Link types an Unwrapper knows.
const (
	LinkNull       LinkType = 0   // BSD loopback, family in the writer's byte order
	LinkEthernet   LinkType = 1   // Ethernet
	LinkRawBSD     LinkType = 12  // raw IP; DLT_RAW of most systems
	LinkRawOpenBSD LinkType = 14  // raw IP; DLT_RAW of OpenBSD
	LinkRaw        LinkType = 101 // raw IP, version 4 or 6
	LinkLoop       LinkType = 108 // OpenBSD loopback, family in network byte order
	LinkSLL        LinkType = 113 // Linux cooked capture
	LinkUser0      LinkType = 147 // MAC-LTE framed, by custom
	LinkUser1      LinkType = 148 // NAS, by custom
	LinkUser2      LinkType = 149 // UDP header, then MAC-LTE or MAC-NR, by custom
	LinkUser3      LinkType = 150 // S1AP, by custom
	LinkUser4      LinkType = 151 // NAS of 5GS, by custom
	LinkUser5      LinkType = 152 // NGAP, by custom
	LinkUser15     LinkType = 162 // last of the types for private use
	LinkGSMTAPUm   LinkType = 217 // GSMTAP header first
	LinkGSMTAPAbis LinkType = 218 // GSMTAP header first
	LinkIPv4       LinkType = 228 // raw IPv4
	LinkIPv6       LinkType = 229 // raw IPv6
	LinkUpperPDU   LinkType = 252 // PDU exported by Wireshark
	LinkSLL2       LinkType = 276 // Linux cooked capture, version 2
)

// String returns the registry's name without LINKTYPE_, or the number.
func (l LinkType) String() string {
	switch l {
	case LinkNull:
		return "NULL"
	case LinkEthernet:
		return "ETHERNET"
	case LinkRaw, LinkRawBSD, LinkRawOpenBSD:
		return "RAW"
	case LinkLoop:
		return "LOOP"
	case LinkSLL:
		return "LINUX_SLL"
	case LinkGSMTAPUm:
		return "GSMTAP_UM"
	case LinkGSMTAPAbis:
		return "GSMTAP_ABIS"
	case LinkIPv4:
		return "IPV4"
	case LinkIPv6:
		return "IPV6"
	case LinkUpperPDU:
		return "WIRESHARK_UPPER_PDU"
	case LinkSLL2:
		return "LINUX_SLL2"
	}
	if l >= LinkUser0 && l <= LinkUser15 {
		return "USER" + strconv.Itoa(int(l-LinkUser0))
	}
	return strconv.FormatUint(uint64(l), 10)
}
