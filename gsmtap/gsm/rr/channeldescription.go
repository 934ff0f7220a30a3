package rr

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/arfcn"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// ChannelKind says what kind of channel a Channel Description assigns.
type ChannelKind uint8

// Kinds of channel (TS 44.018 §10.5.2.5).
const (
	OtherChannel ChannelKind = iota // reserved, multislot or second TSC set
	TCHF
	TCHH
	SDCCH4
	SDCCH8
)

// String names the kind as the specification does.
func (k ChannelKind) String() string {
	switch k {
	case TCHF:
		return "TCH/F"
	case TCHH:
		return "TCH/H"
	case SDCCH4:
		return "SDCCH/4"
	case SDCCH8:
		return "SDCCH/8"
	}
	return "other"
}

// MarshalText writes the kind's name.
func (k ChannelKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// ChannelDescription says on which channel a phone shall be (TS 44.018 §10.5.2.5 and,
// with the same layout, Channel Description 2 in §10.5.2.5a).
type ChannelDescription struct {
	// TypeAndOffset is the code of channel type and TDMA offset, 0 to 31; see Kind.
	TypeAndOffset uint8
	// TN is the timeslot, 0 to 7.
	TN uint8
	// TSC is the training sequence code, 0 to 7.
	TSC uint8
	// Hopping is the bit H: the channel hops; MAIO and HSN count, else ARFCN.
	Hopping bool
	// MAIO is the mobile allocation index offset, 0 to 63.
	MAIO uint8
	// HSN is the hopping sequence number, 0 to 63; 0 is cyclic hopping.
	HSN uint8
	// ARFCN is the frequency of a channel that does not hop, 0 to 1023.
	ARFCN uint16
}

// Kind returns the kind of channel and the subchannel: 0 or 1 of a TCH/H, 0 to 3 of
// an SDCCH/4, 0 to 7 of an SDCCH/8, else 0. OtherChannel stands for the codes that
// TS 44.018 §10.5.2.5 reserves or that only §10.5.2.5a defines.
func (c ChannelDescription) Kind() (kind ChannelKind, subchannel int) {
	v := c.TypeAndOffset
	switch {
	case v == 1:
		return TCHF, 0
	case v>>1 == 1:
		return TCHH, int(v & 1)
	case v>>2 == 1:
		return SDCCH4, int(v & 3)
	case v>>3 == 1:
		return SDCCH8, int(v & 7)
	}
	return OtherChannel, 0
}

func channelDescription(b []byte) ChannelDescription {
	if len(b) < 3 {
		return ChannelDescription{}
	}
	c := ChannelDescription{
		TypeAndOffset: b[0] >> 3,
		TN:            b[0] & 7,
		TSC:           b[1] >> 5,
		Hopping:       b[1]&0x10 != 0,
	}
	if c.Hopping {
		c.MAIO = b[1]&15<<2 | b[2]>>6
		c.HSN = b[2] & 63
	} else {
		c.ARFCN = uint16(b[1]&3)<<8 | uint16(b[2])
	}
	return c
}

// PacketChannelDescription is the packet data channel of a temporary block flow
// (TS 44.018 §10.5.2.25a).
type PacketChannelDescription struct {
	// ChannelType is the code of the channel type, 0 to 31; 1 in every version that
	// gives it a meaning, spare in later ones.
	ChannelType uint8
	// TN is the timeslot, 0 to 7.
	TN uint8
	// TSC is the training sequence code, 0 to 7.
	TSC uint8
	// Coding says which of the fields after it count.
	Coding PacketChannelCoding
	// ARFCN is the frequency, 0 to 1023, with PacketNoHopping.
	ARFCN uint16
	// MAIO is the mobile allocation index offset, 0 to 63, with PacketIndirect and
	// PacketDirect.
	MAIO uint8
	// HSN is the hopping sequence number, 0 to 63, with PacketDirect.
	HSN uint8
	// MANumberInd is MA_NUMBER_IND with PacketIndirect: MA_NUMBER 15 (System
	// Information Type 13), else 14.
	MANumberInd bool
	// ChangeMarkPresent: ChangeMark1 is present.
	ChangeMarkPresent bool
	// ChangeMark1 is CHANGE_MARK_1, 0 to 3, with PacketIndirect.
	ChangeMark1 uint8
}

// PacketChannelCoding is how a Packet Channel Description gives the frequency.
type PacketChannelCoding uint8

// Codings of the frequency (TS 44.018 §10.5.2.25a).
const (
	PacketNoHopping PacketChannelCoding = iota // one ARFCN
	PacketIndirect                             // hopping as System Information Type 13 says
	PacketDirect                               // hopping with MAIO and HSN
)

// String names the coding.
func (c PacketChannelCoding) String() string {
	return [...]string{"non-hopping", "indirect", "direct", "reserved"}[min(c, 3)]
}

// MarshalText writes the coding's name.
func (c PacketChannelCoding) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

func packetChannelDescription(b []byte) PacketChannelDescription {
	if len(b) < 3 {
		return PacketChannelDescription{}
	}
	c := PacketChannelDescription{ChannelType: b[0] >> 3, TN: b[0] & 7, TSC: b[1] >> 5}
	switch {
	case b[1]&0x10 != 0:
		c.Coding = PacketDirect
		c.MAIO = b[1]&15<<2 | b[2]>>6
		c.HSN = b[2] & 63
	case b[1]&8 != 0:
		c.Coding = PacketIndirect
		c.MAIO = b[1]&3<<4 | b[2]>>4
		c.MANumberInd = b[2]&8 != 0
		if c.ChangeMarkPresent = b[2]&4 != 0; c.ChangeMarkPresent {
			c.ChangeMark1 = b[2] & 3
		}
	default:
		c.ARFCN = uint16(b[1]&3)<<8 | uint16(b[2])
	}
	return c
}

// maxMobileAllocation is the longest Mobile Allocation in octets: a cell has at most
// 64 frequencies (TS 44.018 §10.5.2.21).
const maxMobileAllocation = 8

// MobileAllocation names those frequencies of a cell that a hopping channel uses
// (TS 44.018 §10.5.2.21).
type MobileAllocation struct {
	// Present: the message has the element.
	Present bool
	// Octets is the length of the value, 0 to 8; a channel that does not hop has 0.
	Octets uint8
	// Bitmap has bit N-1 set for MA C N: the N-th frequency of the cell's allocation
	// is used.
	Bitmap uint64
}

// ARFCNs returns the frequencies of cell, the cell's allocation, that m names. The
// allocation is counted in rising order of the ARFCN, with ARFCN 0 last.
func (m MobileAllocation) ARFCNs(cell arfcn.Set) arfcn.Set {
	var s arfcn.Set
	k := 0
	for i := range arfcn.Max + 1 {
		n := (i + 1) & arfcn.Max // 1, 2, ..., 1023, 0
		if !cell.Has(n) {
			continue
		}
		if k > 63 {
			break
		}
		if m.Bitmap>>k&1 == 1 {
			s.Add(n)
		}
		k++
	}
	return s
}

// decodeMobileAllocation decodes the value part of the element.
func decodeMobileAllocation(v []byte) (MobileAllocation, error) {
	if len(v) > maxMobileAllocation {
		return MobileAllocation{}, &wire.DecodeError{Path: "Mobile Allocation", Err: wire.ErrLength}
	}
	m := MobileAllocation{Present: true, Octets: uint8(len(v))}
	for _, o := range v {
		m.Bitmap = m.Bitmap<<8 | uint64(o)
	}
	return m, nil
}

// mobileAllocation decodes a value that was read at octet off, where its length is.
func mobileAllocation(r *wire.Reader, field string, v []byte, off int) MobileAllocation {
	if !r.OK() {
		return MobileAllocation{}
	}
	m, err := decodeMobileAllocation(v)
	if err != nil {
		r.Fail(field, off, wire.ErrLength)
	}
	return m
}

// FrameTime is a TDMA frame number modulo 42432 as T1', T2 and T3 (TS 44.018
// §10.5.2.30 and §10.5.2.38).
type FrameTime struct {
	// T1 is T1', the frame number divided by 1326, modulo 32: 0 to 31.
	T1 uint8
	// T2 is the frame number modulo 26; 26 to 31 are not allowed.
	T2 uint8
	// T3 is the frame number modulo 51; 51 to 63 are not allowed.
	T3 uint8
}

// FrameNumber returns the frame number modulo 42432, that is, about 196 s; ok is
// false if T2 or T3 is out of range.
func (t FrameTime) FrameNumber() (fn int, ok bool) {
	t1, t2, t3 := int(t.T1), int(t.T2), int(t.T3)
	if t1 > 31 || t2 > 25 || t3 > 50 {
		return 0, false
	}
	return 51*((t3-t2+52)%26) + t3 + 51*26*t1, true
}

func frameTime(b []byte) FrameTime {
	if len(b) < 2 {
		return FrameTime{}
	}
	return FrameTime{T1: b[0] >> 3, T2: b[1] & 31, T3: b[0]&7<<3 | b[1]>>5}
}

// TimingAdvance is the timing advance in symbol periods of 48/13 µs, 0 to 63; 0 to
// 219 in GSM 400 (TS 44.018 §10.5.2.40).
type TimingAdvance uint8

// Metres returns the distance between base station and phone that the advance makes
// up for: about 553.5 m a step, so a value stands for the ring from half a step
// before to half a step after it.
func (t TimingAdvance) Metres() float64 {
	const step = 299792458 * (48.0 / 13.0 * 1e-6) / 2 // there and back
	return step * float64(t)
}

// PowerCommand tells the phone how strong to transmit (TS 44.018 §10.5.2.28 and
// §10.5.2.28a).
type PowerCommand struct {
	// ATC is the access type control of §10.5.2.28a, in a Handover Command only:
	// sending of Handover Access is optional, else mandatory.
	ATC bool
	// EPCMode is EPC_mode: the channel is in enhanced power control mode.
	EPCMode bool
	// FPCEPC is FPC_EPC: fast power control or, with EPCMode, enhanced power control
	// is in use.
	FPCEPC bool
	// PowerLevel is the power control level, 0 to 31 (TS 45.005 §4.1).
	PowerLevel uint8
}

func powerCommand(v uint8) PowerCommand {
	return PowerCommand{ATC: v&0x80 != 0, EPCMode: v&0x40 != 0, FPCEPC: v&0x20 != 0, PowerLevel: v & 31}
}

// ChannelMode is what a traffic channel carries (TS 44.018 §10.5.2.6).
type ChannelMode uint8

// Channel modes.
const (
	ModeSignalling ChannelMode = 0x00
	ModeSpeechV1   ChannelMode = 0x01
	ModeSpeechV2   ChannelMode = 0x21
	ModeSpeechV3   ChannelMode = 0x41
	ModeSpeechV4   ChannelMode = 0x81
	ModeSpeechV5   ChannelMode = 0x82
	ModeSpeechV6   ChannelMode = 0x83
)

// String names the mode in short. Modes for data that differ in rate only up and
// down, and those for VAMOS, are not told apart.
func (m ChannelMode) String() string {
	switch m {
	case ModeSignalling:
		return "signalling only"
	case ModeSpeechV1:
		return "speech full rate or half rate version 1"
	case ModeSpeechV2:
		return "speech full rate or half rate version 2"
	case ModeSpeechV3:
		return "speech full rate or half rate version 3"
	case ModeSpeechV4:
		return "speech full rate or half rate version 4"
	case ModeSpeechV5:
		return "speech full rate or half rate version 5"
	case ModeSpeechV6:
		return "speech full rate or half rate version 6"
	case 0x03:
		return "data, 12.0 kbit/s radio interface rate"
	case 0x0b:
		return "data, 6.0 kbit/s radio interface rate"
	case 0x0f:
		return "data, 14.5 kbit/s radio interface rate"
	case 0x13:
		return "data, 3.6 kbit/s radio interface rate"
	}
	return "other"
}

// MarshalText writes the mode's name.
func (m ChannelMode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }
