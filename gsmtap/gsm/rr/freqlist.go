package rr

import (
	"math/bits"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/arfcn"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// FrequencyFormat is the coding of a frequency list (TS 44.018 §10.5.2.13.1). It
// says nothing about the frequencies, but networks differ in what they use.
type FrequencyFormat uint8

// Formats of a frequency list.
const (
	ReservedFormat FrequencyFormat = iota
	BitMap0
	Range1024
	Range512
	Range256
	Range128
	VariableBitMap
)

// String names the format as the specification does.
func (f FrequencyFormat) String() string {
	switch f {
	case BitMap0:
		return "bit map 0"
	case Range1024:
		return "1024 range"
	case Range512:
		return "512 range"
	case Range256:
		return "256 range"
	case Range128:
		return "128 range"
	case VariableBitMap:
		return "variable bit map"
	}
	return "reserved"
}

// MarshalText writes the format's name.
func (f FrequencyFormat) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// FrequencyList is a set of frequencies (TS 44.018 §10.5.2.13).
type FrequencyList struct {
	// Format is how the list was coded.
	Format FrequencyFormat
	// ARFCNs are the frequencies.
	ARFCNs arfcn.Set
}

// DecodeFrequencyList decodes the value part of a Frequency List element (TS 44.018
// §10.5.2.13), the octets that follow its length.
func DecodeFrequencyList(value []byte) (FrequencyList, error) {
	var l FrequencyList
	return l, l.decode("Frequency List", value, formatMask)
}

// DecodeCellChannelDescription decodes the Cell Channel Description (TS 44.018
// §10.5.2.1b): the frequencies that the cell itself uses.
func DecodeCellChannelDescription(b [16]byte) (FrequencyList, error) {
	var l FrequencyList
	return l, l.decode("Cell Channel Description", b[:], formatMask)
}

// NeighbourCells is the Neighbour Cell Description (TS 44.018 §10.5.2.22), or the
// Neighbour Cell Description 2 (TS 44.018 §10.5.2.22a) in System Information Type
// 2ter and 5ter: the BCCH carriers that phones in the cell shall measure.
type NeighbourCells struct {
	FrequencyList
	// EXTIND is the EXT-IND bit: the list is only a part of the neighbours, the
	// other part follows in the message's bis type. Always false in 2ter and 5ter,
	// which have MultibandReporting in its place.
	EXTIND bool
	// BAIND is the BA-IND bit. A network turns it over when it changes the
	// neighbours, so that measurement reports can be matched with their list.
	BAIND bool
	// MultibandReporting is how many cells outside the serving band a measurement
	// report shall hold, 0 to 3 (TS 45.008 §8.4.3). Only in 2ter and 5ter.
	MultibandReporting uint8
}

func (n *NeighbourCells) decode(b []byte) error {
	if len(b) > 0 {
		n.EXTIND, n.BAIND = b[0]&0x20 != 0, b[0]&0x10 != 0
	}
	return n.FrequencyList.decode("Neighbour Cell Description", b, formatMask)
}

// decode2 decodes §10.5.2.22a, in which two bits of the format give way to the
// multiband reporting parameter.
func (n *NeighbourCells) decode2(b []byte) error {
	if len(b) > 0 {
		n.MultibandReporting, n.BAIND = b[0]>>5&3, b[0]&0x10 != 0
	}
	return n.FrequencyList.decode("Neighbour Cell Description 2", b, formatMask2)
}

const (
	// formatMask has the bits of the first octet that name the format: 8, 7, 4, 3
	// and 2, of which only 8 and 7 count for bit map 0 and 8, 7 and 4 for range
	// 1024.
	formatMask = 0xce
	// formatMask2 is the same without bit 7, which §10.5.2.22a uses otherwise.
	formatMask2 = 0x8e
)

// decode decodes a list in any format; mask says which bits of the first octet
// name it. Octets after a bit map of fixed size are a length error, but the list
// is decoded.
func (l *FrequencyList) decode(path string, b []byte, mask byte) error {
	fail := func(off, bit int, err error) error {
		return &wire.DecodeError{Path: path, Offset: off, Bit: bit, Err: err}
	}
	if len(b) == 0 {
		return fail(0, 0, wire.ErrShort)
	}
	id := b[0] & mask
	switch {
	case id&0xc0 == 0:
		l.Format = BitMap0
		if len(b) < 16 {
			return fail(len(b), 0, wire.ErrShort)
		}
		l.bitMap0(b)
		if len(b) > 16 {
			return fail(16, 0, wire.ErrLength)
		}
		return nil
	case id&0xc8 == 0x80:
		l.Format = Range1024
		if len(b) < 2 {
			return fail(len(b), 0, wire.ErrShort)
		}
		if b[0]&4 != 0 { // F0
			l.ARFCNs.Add(0)
		}
		l.ranges(b, 6, 10, 0)
		return nil
	}
	switch id {
	case 0x88:
		l.Format = Range512
	case 0x8a:
		l.Format = Range256
	case 0x8c:
		l.Format = Range128
	case 0x8e:
		l.Format = VariableBitMap
	default:
		return fail(0, 0, wire.ErrInvalid)
	}
	if len(b) < 3 {
		return fail(len(b), 0, wire.ErrShort)
	}
	orig := int(b[0]&1)<<9 | int(b[1])<<1 | int(b[2]>>7)
	l.ARFCNs.Add(orig)
	switch l.Format {
	case Range512:
		l.ranges(b, 17, 9, orig)
	case Range256:
		l.ranges(b, 17, 8, orig)
	case Range128:
		l.ranges(b, 17, 7, orig)
	case VariableBitMap:
		// RRFCN 1, 2, ... follow ORIG-ARFCN. More than 1023 of them do not fit the
		// octet that holds the length of an element, but b may come from anywhere.
		for i := 17; i < min(8*len(b), 17+arfcn.Max); i++ {
			if b[i>>3]>>(7-i&7)&1 == 1 {
				l.ARFCNs.Add((orig + i - 16) & arfcn.Max)
			}
		}
	}
	return nil
}

// bitMap0 reads the bit map 0 format: ARFCN 1 is the last bit of the last octet,
// 124 the fourth of the first.
func (l *FrequencyList) bitMap0(b []byte) {
	var hi, lo uint64
	for i := range 8 {
		hi = hi<<8 | uint64(b[i])
		lo = lo<<8 | uint64(b[8+i])
	}
	hi &= 1<<60 - 1
	l.ARFCNs[0] = lo << 1
	l.ARFCNs[1] = hi<<1 | lo>>63
}

// ranges reads W(1), W(2), ... from bit pos on, in the range format whose W(1) is
// width bits wide, and adds the frequencies that they give with orig.
func (l *FrequencyList) ranges(b []byte, pos, width, orig int) {
	add := func(w []uint16) {
		n := readW(b, pos, width, w)
		for k := 1; k < n; k++ {
			l.ARFCNs.Add((orig + rangeValue(w, k, width)) & arfcn.Max)
		}
	}
	if len(b) <= 17 { // 17 octets hold at most W(31)
		var w [32]uint16
		add(w[:])
		return
	}
	var w [1024]uint16
	add(w[:])
}

// readW reads W(1), W(2), ... into w[1], w[2], ...: W(1) is width bits wide, the
// next two one bit less, the next four again one less, and so on (TS 44.018
// §10.5.2.13.3 to §10.5.2.13.6). It stops at the first that is 0, which ends the
// list, at the end of b and at the end of w, and returns the index after the last.
func readW(b []byte, pos, width int, w []uint16) int {
	n := width + 1
	for k := 1; k < len(w); k++ {
		if k&(k-1) == 0 {
			n--
		}
		if n <= 0 || n > 8*len(b)-pos {
			return k
		}
		i := pos >> 3
		v := uint(b[i]) << 16
		if i+1 < len(b) {
			v |= uint(b[i+1]) << 8
		}
		if i+2 < len(b) {
			v |= uint(b[i+2])
		}
		v = v >> uint(24-pos&7-n) & (1<<uint(n) - 1)
		if v == 0 {
			return k
		}
		w[k] = uint16(v)
		pos += n
	}
	return len(w)
}

// rangeValue returns the number that W(k) stands for, 1 to 1<<width - 1. The W
// form a binary tree in which each is coded relative to its parent, modulo the
// size of the parent's interval (TS 44.018 §10.5.2.13.3 and annex J).
func rangeValue(w []uint16, k, width int) int {
	n := int(w[k])
	// k lies in 1<<level .. 1<<(level+1) - 1; at level 0 it is the root.
	for level := bits.Len(uint(k)) - 1; level > 0; level-- {
		half := 1 << (level - 1)
		size := 1<<(width-level+1) - 1 // of the parent's interval
		if k&half == 0 {               // left child
			k -= half
			n += int(w[k]) - (size+1)/2
		} else {
			k -= 2 * half
			n += int(w[k])
		}
		// Offset modulo: the result lies in 1..size. Both summands are at most
		// size, so one step suffices.
		switch {
		case n <= 0:
			n += size
		case n > size:
			n -= size
		}
	}
	return n
}
