package gsmtap

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// ErrVersion says that a GSMTAP header has a version other than 2 or 3.
var ErrVersion = errors.New("GSMTAP version not known")

// headerLen2 is the length of a version 2 header in octets.
const headerLen2 = 16

// Header is a GSMTAP header, version 2 or 3, in one form.
type Header struct {
	// Version is 2 or 3.
	Version uint8
	// Type says what the payload is.
	Type Type
	// SubType is the channel or message class, in the numbers of Version; Channel
	// is the same for GSM's Um interface.
	SubType uint16
	// Channel is the GSM channel of an Um payload, else ChannelUnknown.
	Channel Channel
	// ACCH is set for the slow associated control channel of Channel.
	ACCH bool
	// Uplink is set where the phone transmitted. Version 3 has no such flag.
	Uplink bool
	// PCS is set when the ARFCN counts in PCS 1900 instead of DCS 1800.
	PCS bool
	// ARFCN is the channel number: 14 bits in version 2, 32 bits in version 3. Tools
	// that do not know it write 0.
	ARFCN uint32
	// Timeslot is GSM's timeslot number, 0 to 7.
	Timeslot uint8
	// SubSlot is the subchannel of a dedicated channel; on CCCH gr-gsm writes the
	// block index here.
	SubSlot uint8
	// FrameNumber is the GSM frame number (4.615 ms, modulo 2715648) in version 2;
	// the system frame number in version 3.
	FrameNumber uint32
	// SignalDBm is the received level; valid only if SignalMeasured.
	SignalDBm int16
	// SNRdB is the signal-to-noise ratio; valid only if SNRMeasured.
	SNRdB int16
	// SignalMeasured is false for the values that tools write when they did not
	// measure: 0, 63 and 127.
	SignalMeasured bool
	// SNRMeasured is false for 0, 63, 127 and -1, as SignalMeasured.
	SNRMeasured bool
	// Antenna is the antenna number.
	Antenna uint8
	// PhysicalID is BSIC, PSC or PCI in version 3; valid only if HasPhysicalID.
	PhysicalID    uint16
	HasPhysicalID bool
}

// unmeasured reports the levels that stand for "not measured": 0 (gr-gsm's SNR,
// QCSuper, osmo-bts), 63 (virtual Um) and 127 (OsmocomBB uplink).
func unmeasured(v int8) bool { return v == 0 || v == 63 || v == 127 }

// DecodeHeader splits b into header and payload; the payload aliases b. It fails
// with ErrVersion, wire.ErrShort or wire.ErrLength. GSMTAP has no standard; the
// layout is that of libosmocore's headers.
func DecodeHeader(b []byte, h *Header) (payload []byte, err error) {
	*h = Header{}
	if len(b) < 2 {
		return nil, &wire.DecodeError{Path: "GSMTAP header", Offset: len(b), Err: wire.ErrShort}
	}
	switch b[0] {
	case 2:
		return decodeHeader2(b, h)
	case 3:
		return decodeHeader3(b, h)
	}
	return nil, &wire.DecodeError{Path: "GSMTAP version", Err: ErrVersion}
}

func decodeHeader2(b []byte, h *Header) ([]byte, error) {
	n := 4 * int(b[1])
	if n < headerLen2 {
		return nil, &wire.DecodeError{Path: "GSMTAP hdr_len", Offset: 1, Err: wire.ErrLength}
	}
	if n > len(b) {
		return nil, &wire.DecodeError{Path: "GSMTAP header", Offset: len(b), Err: wire.ErrShort}
	}
	arfcn := binary.BigEndian.Uint16(b[4:])
	h.Version = 2
	h.Type = typeOfV2(b[2])
	h.SubType = uint16(b[12])
	h.Timeslot = b[3] & 7
	h.ARFCN = uint32(arfcn & 0x3fff)
	h.PCS = arfcn&0x8000 != 0
	h.Uplink = arfcn&0x4000 != 0
	h.SignalDBm, h.SNRdB = int16(int8(b[6])), int16(int8(b[7]))
	h.SignalMeasured = !unmeasured(int8(b[6]))
	h.SNRMeasured = !unmeasured(int8(b[7])) && int8(b[7]) != -1
	h.FrameNumber = binary.BigEndian.Uint32(b[8:])
	h.Antenna = b[13]
	h.SubSlot = b[14]
	if h.Type == TypeUm {
		h.Channel, h.ACCH = Channel(b[12]&0x7f), b[12]&0x80 != 0
	}
	return b[n:], nil
}

// Metadata tags of version 3 that are read.
const (
	tagTimestamp     = 0x0000
	tagChannelNumber = 0x0002
	tagPhysicalID    = 0x0005
	tagTimeslot      = 0x0006
	tagSubslot       = 0x0007
	tagSFN           = 0x0008
	tagAntenna       = 0x000d
	tagSignalLevel   = 0x0100
	tagSNR           = 0x0102
	tagRSRP          = 0x0106
	tagEnd           = 0xfffe

	timestampLen = 12
)

func decodeHeader3(b []byte, h *Header) ([]byte, error) {
	if len(b) < 8 {
		return nil, &wire.DecodeError{Path: "GSMTAP header", Offset: len(b), Err: wire.ErrShort}
	}
	n := 4 * int(binary.BigEndian.Uint16(b[2:]))
	if n < 8 {
		return nil, &wire.DecodeError{Path: "GSMTAP hdr_len", Offset: 2, Err: wire.ErrLength}
	}
	h.Version = 3
	h.Type = Type(binary.BigEndian.Uint16(b[4:]))
	h.SubType = binary.BigEndian.Uint16(b[6:])
	if h.Type == TypeUm {
		h.Channel, h.ACCH = channelOfV3(h.SubType)
	}
	off := 8
	unpadded := false // the metadata begin as SCAT's do: time stamp or not, channel number
	for off < n {
		if len(b)-off >= 2 && binary.BigEndian.Uint16(b[off:]) == tagEnd {
			off += 2
			// SCAT counts the header in whole words but does not pad it, so that the
			// payload, which may begin with zeros, starts here. Others pad with zeros.
			if pad := min(n, len(b)); off < pad && (!unpadded || n-off >= 4) && allZero(b[off:pad]) {
				off = pad
			}
			return b[off:], nil
		}
		if len(b)-off < 4 {
			return nil, &wire.DecodeError{Path: "GSMTAP metadata", Offset: off, Err: wire.ErrShort}
		}
		tag, length := binary.BigEndian.Uint16(b[off:]), int(binary.BigEndian.Uint16(b[off+2:]))
		if off == 8 || off == 8+4+timestampLen && binary.BigEndian.Uint16(b[8:]) == tagTimestamp {
			unpadded = tag == tagChannelNumber
		}
		off += 4
		if length > len(b)-off {
			return nil, &wire.DecodeError{Path: "GSMTAP metadata", Offset: off - 2, Err: wire.ErrShort}
		}
		h.metadata(tag, b[off:off+length])
		off += length
	}
	if off > len(b) || n > len(b) {
		return nil, &wire.DecodeError{Path: "GSMTAP header", Offset: len(b), Err: wire.ErrShort}
	}
	return b[off:], nil
}

func allZero(b []byte) bool {
	for _, v := range b {
		if v != 0 {
			return false
		}
	}
	return true
}

func (h *Header) metadata(tag uint16, v []byte) {
	number := func() (u uint32) {
		for _, o := range v[:min(4, len(v))] {
			u = u<<8 | uint32(o)
		}
		return u
	}
	level := func() (int16, bool) {
		if len(v) != 4 {
			return 0, false
		}
		f := float64(math.Float32frombits(binary.BigEndian.Uint32(v)))
		if !(f > -300 && f < 100) {
			return 0, false
		}
		return int16(math.Round(f)), true
	}
	switch tag {
	case tagChannelNumber:
		h.ARFCN = number()
	case tagPhysicalID:
		h.PhysicalID, h.HasPhysicalID = uint16(number()), true
	case tagTimeslot:
		h.Timeslot = uint8(number()) & 7
	case tagSubslot:
		h.SubSlot = uint8(number())
	case tagSFN:
		h.FrameNumber = number()
	case tagAntenna:
		h.Antenna = uint8(number())
	case tagSignalLevel, tagRSRP:
		h.SignalDBm, h.SignalMeasured = level()
	case tagSNR:
		h.SNRdB, h.SNRMeasured = level()
	}
}

// AppendHeader appends h as DecodeHeader reads it: as version 3 if h says so, else as
// version 2, in which types and frequencies that have no number there become 0.
func AppendHeader(b []byte, h *Header) []byte {
	if h.Version == 3 {
		return appendHeader3(b, h)
	}
	var t uint8
	for i, v := range typesV2 {
		if i > 0 && v == h.Type {
			t = uint8(i)
		}
	}
	arfcn := uint16(h.ARFCN)
	if h.ARFCN > 0x3fff {
		arfcn = 0 // not recorded; the low bits alone would be another frequency
	}
	if h.PCS {
		arfcn |= 0x8000
	}
	if h.Uplink {
		arfcn |= 0x4000
	}
	sub := uint8(h.SubType)
	if h.Type == TypeUm {
		sub = uint8(h.Channel)
		if h.ACCH {
			sub |= 0x80
		}
	}
	b = append(b, 2, headerLen2/4, t, h.Timeslot)
	b = binary.BigEndian.AppendUint16(b, arfcn)
	b = append(b, uint8(int8(h.SignalDBm)), uint8(int8(h.SNRdB)))
	b = binary.BigEndian.AppendUint32(b, h.FrameNumber)
	return append(b, sub, h.Antenna, h.SubSlot, 0)
}

// appendHeader3 appends a version 3 header with the frequency and the physical cell
// identity or, without one, the system frame number.
func appendHeader3(b []byte, h *Header) []byte {
	start := len(b)
	sub := h.SubType
	if h.Type == TypeUm {
		sub = uint16(h.Channel)
		if h.ACCH {
			sub |= umACCHV3
		}
	}
	b = append(b, 3, 0, 0, 0)
	b = binary.BigEndian.AppendUint16(b, uint16(h.Type))
	b = binary.BigEndian.AppendUint16(b, sub)
	b = binary.BigEndian.AppendUint16(b, tagChannelNumber)
	b = append(b, 0, 4)
	b = binary.BigEndian.AppendUint32(b, h.ARFCN)
	// Two octets of either make the header end with a word, so that it needs no padding.
	tag, v := uint16(tagSFN), uint16(h.FrameNumber&1023)
	if h.HasPhysicalID {
		tag, v = tagPhysicalID, h.PhysicalID
	}
	b = binary.BigEndian.AppendUint16(b, tag)
	b = append(b, 0, 2)
	b = binary.BigEndian.AppendUint16(b, v)
	b = binary.BigEndian.AppendUint16(b, tagEnd)
	binary.BigEndian.PutUint16(b[start+2:], uint16((len(b)-start)/4))
	return b
}
