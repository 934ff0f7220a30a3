package gsmtap

import "fmt"

// Type says what protocol a GSMTAP payload is. The numbers are those of GSMTAP
// version 3; version 2's are translated.
type Type uint16

// Types of payload.
const (
	TypeOsmocoreLog  Type = 0x0000
	TypeSIM          Type = 0x0001
	TypeBasebandDiag Type = 0x0002
	TypeSignalStatus Type = 0x0003
	TypeTETRA        Type = 0x0004
	TypeTETRABurst   Type = 0x0005
	TypeGMR1         Type = 0x0006
	TypeE1T1         Type = 0x0007
	TypeWiMAXBurst   Type = 0x0008
	TypeUm           Type = 0x0200
	TypeUmBurst      Type = 0x0201
	TypeGbRLCMAC     Type = 0x0202
	TypeGbLLC        Type = 0x0203
	TypeGbSNDCP      Type = 0x0204
	TypeAbis         Type = 0x0205
	TypeRLP          Type = 0x0206
	TypeUMTSMAC      Type = 0x0300
	TypeUMTSRLC      Type = 0x0301
	TypeUMTSPDCP     Type = 0x0302
	TypeUMTSRRC      Type = 0x0303
	TypeLTEMAC       Type = 0x0400
	TypeLTERLC       Type = 0x0401
	TypeLTEPDCP      Type = 0x0402
	TypeLTERRC       Type = 0x0403
	TypeNASEPS       Type = 0x0404
	TypeNRMAC        Type = 0x0500
	TypeNRRLC        Type = 0x0501
	TypeNRPDCP       Type = 0x0502
	TypeNRRRC        Type = 0x0503
	TypeNAS5GS       Type = 0x0504

	// typeV2Only marks version 2 types that version 3 has no number for.
	typeV2Only         Type = 0xf000
	TypeUMTSRLCMAC          = typeV2Only | 0x0b
	TypeLTEMACFramed        = typeV2Only | 0x0f
	typeV2UnknownFirst      = typeV2Only | 0x100
)

var typesV2 = [...]Type{
	1: TypeUm, 2: TypeAbis, 3: TypeUmBurst, 4: TypeSIM, 5: TypeTETRA, 6: TypeTETRABurst,
	7: TypeWiMAXBurst, 8: TypeGbLLC, 9: TypeGbSNDCP, 10: TypeGMR1, 11: TypeUMTSRLCMAC,
	12: TypeUMTSRRC, 13: TypeLTERRC, 14: TypeLTEMAC, 15: TypeLTEMACFramed,
	16: TypeOsmocoreLog, 17: TypeBasebandDiag, 18: TypeNASEPS, 19: TypeE1T1, 20: TypeRLP,
}

func typeOfV2(t uint8) Type {
	if t == 0 || int(t) >= len(typesV2) {
		return typeV2UnknownFirst | Type(t)
	}
	return typesV2[t]
}

var typeNames = map[Type]string{
	TypeOsmocoreLog: "osmocore log", TypeSIM: "SIM", TypeBasebandDiag: "baseband diagnostics",
	TypeSignalStatus: "signal status report", TypeTETRA: "TETRA", TypeTETRABurst: "TETRA burst",
	TypeGMR1: "GMR-1", TypeE1T1: "E1/T1", TypeWiMAXBurst: "WiMAX burst",
	TypeUm: "GSM Um", TypeUmBurst: "GSM Um burst", TypeGbRLCMAC: "GPRS RLC/MAC",
	TypeGbLLC: "GPRS LLC", TypeGbSNDCP: "GPRS SNDCP", TypeAbis: "GSM layer 3", TypeRLP: "GSM RLP",
	TypeUMTSMAC: "UMTS MAC", TypeUMTSRLC: "UMTS RLC", TypeUMTSPDCP: "UMTS PDCP", TypeUMTSRRC: "UMTS RRC",
	TypeUMTSRLCMAC: "UMTS RLC/MAC", TypeLTEMACFramed: "LTE MAC framed",
	TypeLTEMAC: "LTE MAC", TypeLTERLC: "LTE RLC", TypeLTEPDCP: "LTE PDCP", TypeLTERRC: "LTE RRC",
	TypeNASEPS: "EPS NAS", TypeNRMAC: "NR MAC", TypeNRRLC: "NR RLC", TypeNRPDCP: "NR PDCP",
	TypeNRRRC: "NR RRC", TypeNAS5GS: "5GS NAS",
}

// String names the protocol.
func (t Type) String() string {
	if n, ok := typeNames[t]; ok {
		return n
	}
	if t >= typeV2UnknownFirst {
		return fmt.Sprintf("GSMTAP type %d", uint8(t))
	}
	return fmt.Sprintf("GSMTAP type 0x%04x", uint16(t))
}

// RAT returns the radio access technology of the protocol in the words of the
// report's contract: gsm, umts, lte, nr, or "" for none of them.
func (t Type) RAT() string {
	switch {
	case t >= TypeUm && t <= TypeRLP:
		return "gsm"
	case t >= TypeUMTSMAC && t <= TypeUMTSRRC, t == TypeUMTSRLCMAC:
		return "umts"
	case t >= TypeLTEMAC && t <= TypeNASEPS, t == TypeLTEMACFramed:
		return "lte"
	case t >= TypeNRMAC && t <= TypeNAS5GS:
		return "nr"
	}
	return ""
}

// Channel is a GSM logical channel of the Um interface, in the numbers of GSMTAP
// version 2.
type Channel uint8

// Channels of the Um interface.
const (
	ChannelUnknown Channel = 0
	BCCH           Channel = 1
	CCCH           Channel = 2
	RACH           Channel = 3
	AGCH           Channel = 4
	PCH            Channel = 5
	SDCCH          Channel = 6
	SDCCH4         Channel = 7
	SDCCH8         Channel = 8
	TCHF           Channel = 9
	TCHH           Channel = 10
	PACCH          Channel = 11
	CBCH52         Channel = 12
	PDCH           Channel = 13
	PTCCH          Channel = 14
	CBCH51         Channel = 15
	VoiceF         Channel = 16
	VoiceH         Channel = 17
)

var channelNames = [...]string{
	"unknown", "BCCH", "CCCH", "RACH", "AGCH", "PCH", "SDCCH", "SDCCH/4", "SDCCH/8",
	"FACCH/F", "FACCH/H", "PACCH", "CBCH (SDCCH/4)", "PDCH", "PTCCH", "CBCH (SDCCH/8)", "TCH/F", "TCH/H",
}

// String names the channel.
func (c Channel) String() string {
	if int(c) < len(channelNames) {
		return channelNames[c]
	}
	return fmt.Sprintf("channel %d", uint8(c))
}

// Sub-types of Um in version 3: the channel in the low octet, one flag for the
// associated channel, and numbers from umPacketV3 on for GPRS blocks by coding
// scheme.
const (
	umACCHV3   = 0x0100
	umPacketV3 = 0x0200
)

func channelOfV3(sub uint16) (Channel, bool) {
	if sub >= umPacketV3 {
		return PDCH, false
	}
	return Channel(sub & 0xff), sub&umACCHV3 != 0
}

// ChannelName names the channel or message class of h as the report and dump show
// it: "SACCH/4" for an associated channel, "BCCH-DL-SCH" for an RRC sub-type.
func (h *Header) ChannelName() string {
	switch h.Type {
	case TypeUm:
		if h.ACCH {
			switch h.Channel {
			case SDCCH, TCHF, TCHH:
				return "SACCH"
			case SDCCH4:
				return "SACCH/4"
			case SDCCH8:
				return "SACCH/8"
			}
			return "ACCH of " + h.Channel.String()
		}
		return h.Channel.String()
	case TypeAbis:
		return "DTAP"
	case TypeUMTSRRC:
		return name(umtsRRCChannels[:], h.umtsRRC())
	case TypeLTERRC:
		if h.Version == 2 {
			return name(lteRRCChannels[:], int(h.SubType))
		}
		return nameV3(lteRRCChannelsV3, h.SubType)
	case TypeNRRRC:
		return nameV3(nrRRCChannelsV3, h.SubType)
	case TypeNASEPS:
		return "NAS"
	}
	return h.Type.String()
}

// umtsRRC returns the version 2 number of a UMTS RRC sub-type. Version 3 counts the
// logical channels from 1 (with a second BCCH-BCH) and single messages from 0x101.
func (h *Header) umtsRRC() int {
	switch n := int(h.SubType); {
	case h.Version == 2:
		return n
	case n >= 0x101:
		return n - 0x101 + 11
	case n > 12:
		return len(umtsRRCChannels)
	case n >= 10:
		return n - 2
	case n >= 1:
		return n - 1
	}
	return len(umtsRRCChannels)
}

func name(names []string, n int) string {
	if n < len(names) {
		return names[n]
	}
	return fmt.Sprintf("sub-type %d", n)
}

func nameV3(names map[uint16]string, n uint16) string {
	if s, ok := names[n]; ok {
		return s
	}
	return fmt.Sprintf("sub-type 0x%04x", n)
}

// umtsRRCChannels names GSMTAP's UMTS RRC sub-types: logical channels first, then
// single messages and system information blocks (TS 25.331).
var umtsRRCChannels = [...]string{
	"DL-DCCH", "UL-DCCH", "DL-CCCH", "UL-CCCH", "PCCH", "DL-SHCCH", "UL-SHCCH", "BCCH-FACH", "BCCH-BCH",
	"MCCH", "MSCH", "HandoverToUTRANCommand", "InterRATHandoverInfo", "SystemInformation-BCH",
	"System-Information-Container", "UE-RadioAccessCapabilityInfo", "MasterInformationBlock",
	"SysInfoType1", "SysInfoType2", "SysInfoType3", "SysInfoType4", "SysInfoType5", "SysInfoType5bis",
	"SysInfoType6", "SysInfoType7", "SysInfoType8", "SysInfoType9", "SysInfoType10", "SysInfoType11",
	"SysInfoType11bis", "SysInfoType12", "SysInfoType13", "SysInfoType13-1", "SysInfoType13-2",
	"SysInfoType13-3", "SysInfoType13-4", "SysInfoType14", "SysInfoType15", "SysInfoType15bis",
	"SysInfoType15-1", "SysInfoType15-1bis", "SysInfoType15-2", "SysInfoType15-2bis", "SysInfoType15-2ter",
	"SysInfoType15-3", "SysInfoType15-3bis", "SysInfoType15-4", "SysInfoType15-5", "SysInfoType15-6",
	"SysInfoType15-7", "SysInfoType15-8", "SysInfoType16", "SysInfoType17", "SysInfoType18",
	"SysInfoType19", "SysInfoType20", "SysInfoType21", "SysInfoType22", "SysInfoTypeSB1", "SysInfoTypeSB2",
	"ToTargetRNC-Container", "TargetRNC-ToSourceRNC-Container",
}

// lteRRCChannels names GSMTAP version 2's LTE RRC sub-types (TS 36.331).
var lteRRCChannels = [...]string{
	"DL-CCCH", "DL-DCCH", "UL-CCCH", "UL-DCCH", "BCCH-BCH", "BCCH-DL-SCH", "PCCH", "MCCH", "BCCH-BCH-MBMS",
	"BCCH-DL-SCH-BR", "BCCH-DL-SCH-MBMS", "SC-MCCH", "SBCCH-SL-BCH", "SBCCH-SL-BCH-V2X", "DL-CCCH-NB",
	"DL-DCCH-NB", "UL-CCCH-NB", "UL-DCCH-NB", "BCCH-BCH-NB", "BCCH-BCH-TDD-NB", "BCCH-DL-SCH-NB", "PCCH-NB",
	"SC-MCCH-NB",
}

var lteRRCChannelsV3 = map[uint16]string{
	0x0001: "BCCH-BCH", 0x0002: "BCCH-BCH-MBMS", 0x0003: "BCCH-DL-SCH", 0x0004: "BCCH-DL-SCH-BR",
	0x0005: "BCCH-DL-SCH-MBMS", 0x0006: "MCCH", 0x0007: "PCCH", 0x0008: "DL-CCCH", 0x0009: "DL-DCCH",
	0x000a: "UL-CCCH", 0x000b: "UL-DCCH", 0x000c: "SC-MCCH", 0x0101: "SBCCH-SL-BCH", 0x0102: "SBCCH-SL-BCH-V2X",
	0x0201: "BCCH-BCH-NB", 0x0202: "BCCH-BCH-TDD-NB", 0x0203: "BCCH-DL-SCH-NB", 0x0204: "PCCH-NB",
	0x0205: "DL-CCCH-NB", 0x0206: "DL-DCCH-NB", 0x0207: "UL-CCCH-NB", 0x0208: "SC-MCCH-NB", 0x0209: "UL-DCCH-NB",
}

var nrRRCChannelsV3 = map[uint16]string{
	0x0001: "BCCH-BCH", 0x0002: "BCCH-DL-SCH", 0x0003: "DL-CCCH", 0x0004: "DL-DCCH", 0x0005: "MCCH",
	0x0006: "PCCH", 0x0007: "UL-CCCH", 0x0008: "UL-CCCH1", 0x0009: "UL-DCCH", 0x0101: "SBCCH-SL-BCH", 0x0102: "SCCH",
}

// LTERRCSubType returns the version 3 sub-type of an LTE RRC channel: "BCCH-DL-SCH".
func LTERRCSubType(channel string) (uint16, bool) {
	for n, name := range lteRRCChannelsV3 {
		if name == channel {
			return n, true
		}
	}
	return 0, false
}
