// Package rlcmac decodes the blocks of GPRS's packet data channels, TS 44.060 v17.0.0,
// and joins the LLC frames that data blocks carry in segments.
//
// A block is decoded by Block.Decode from its MAC header on. Of control blocks only the
// header is decoded and the message named; data blocks are decoded if they have one of
// the coding schemes CS-1 to CS-4. A Reassembler joins the segments of LLC frames.
//
// Not decoded: the content of control messages, EGPRS, EC-GSM-IoT and access bursts.
// Nothing but errors and a Reassembler's bounded storage is allocated, and no input
// makes a decoder panic.
package rlcmac

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// PayloadType is what a block holds (TS 44.060 §10.4.7).
type PayloadType uint8

// Payload types. A phone's 2 is reserved, and so is 3.
const (
	Data            PayloadType = 0
	Control         PayloadType = 1 // without optional octets of the header
	ControlOptional PayloadType = 2 // with them
)

// String names the type.
func (t PayloadType) String() string {
	switch t {
	case Data:
		return "RLC data block"
	case Control, ControlOptional:
		return "RLC/MAC control block"
	}
	return fmt.Sprintf("reserved (%d)", uint8(t))
}

// Block is an RLC/MAC block. Fields that it does not have are zero.
type Block struct {
	// Uplink is set where the phone sent the block; it is what Decode was told.
	Uplink bool
	// Payload is what the block holds.
	Payload PayloadType
	// HasType: Type is present: the block is a control block, and not the second part of
	// a message.
	HasType bool
	// Type is the message type of a control block (TS 44.060 §11.2.0), 0 to 63.
	Type uint8
	// CS is the coding scheme of a data block, 1 to 4; 0 for a control block.
	CS uint8
	// HasTFI: TFI is present.
	HasTFI bool
	// TFI is the temporary flow identity (§10.4.10), 0 to 31.
	TFI uint8
	// BSN is the number of a data block (§10.4.12), 0 to 127.
	BSN uint8
	// Final: the data block is its flow's last: FBI is 1 in the downlink (§10.4.5), CV is 0
	// in the uplink (§10.4.3).
	Final bool
	// TLLI is the phone's temporary address in an uplink data block, or none. It is made
	// of a P-TMSI (TS 23.003 §2.6).
	TLLI ident.MobileIdentity

	// parts are what the data block has of LLC frames, in order.
	parts [maxParts]part
	count int
	// sum is a hash of the data block, without what changes when it is sent again.
	sum uint64
}

// part is a part of an LLC frame; it aliases the block.
type part struct {
	octets []byte
	// ends: the frame ends here.
	ends bool
}

// Name returns the message's name in a control block: "Packet Uplink Assignment".
func (b *Block) Name() string {
	switch {
	case b.Payload == Data:
		return "RLC data block"
	case b.HasType:
		if n := b.names()[b.Type&63]; n != "" {
			return n
		}
		return "RLC/MAC control message (unknown)"
	}
	return "RLC/MAC control block segment"
}

// Dummy reports whether the block is a control block that only fills the channel.
func (b *Block) Dummy() bool {
	return b.HasType && (b.Uplink && b.Type == 0x03 || !b.Uplink && b.Type == 0x25)
}

func (b *Block) names() *[64]string {
	if b.Uplink {
		return &uplinkNames
	}
	return &downlinkNames
}

const (
	// headerLen is the length in octets of a data block's headers.
	headerLen = 3
	// maxParts is the number of parts in a data block: of CS-4, in which each part takes
	// an octet of length and one of data, and one at the end without length.
	maxParts = (53-headerLen)/2 + 1
)

// schemes are the coding schemes by the octets of a block, and where its data end: the
// bits after them are spare (TS 44.060 §10.2.1).
var schemes = [...]struct{ octets, end int }{1: {23, 23}, 2: {34, 33}, 3: {40, 39}, 4: {54, 53}}

// Decode fills b from a block, whatever its channel; uplink says which side sent it. A
// data block of EGPRS, told by its length, and a reserved payload type are
// wire.ErrUnsupported.
func (b *Block) Decode(in []byte, uplink bool) error {
	*b = Block{Uplink: uplink}
	if len(in) == 0 {
		return &wire.DecodeError{Path: "MAC header", Err: wire.ErrShort}
	}
	b.Payload = PayloadType(in[0] >> 6)
	// Tools of phones log control blocks without their padding, or with an octet more.
	const longestControl = 24
	for cs := 1; cs < len(schemes); cs++ {
		if len(in) == schemes[cs].octets && b.Payload == Data {
			b.CS = uint8(cs)
			return b.data(in[:schemes[cs].end])
		}
	}
	switch {
	case len(in) > longestControl, b.Payload == Data:
		return &wire.DecodeError{Path: "RLC data block", Err: wire.ErrUnsupported}
	case b.Payload == Control, b.Payload == ControlOptional && !uplink:
		return b.control(in)
	}
	return &wire.DecodeError{Path: "Payload Type", Err: wire.ErrUnsupported}
}

// control decodes a control block (TS 44.060 §10.3.1).
func (b *Block) control(in []byte) error {
	r := wire.NewReader(in)
	r.U8("MAC header")
	if b.Payload == ControlOptional {
		v := r.U8("Control header")
		second, address := v&0x80 != 0, v&1 != 0 // RBSN, AC
		if address {
			b.TFI, b.HasTFI = r.U8("TFI")>>1&31, r.OK()
		}
		if second {
			return r.Err()
		}
	}
	b.Type, b.HasType = r.U8("MESSAGE_TYPE")>>2, r.OK()
	return r.Err()
}

// data decodes a data block (TS 44.060 §10.2).
func (b *Block) data(in []byte) error {
	r := wire.NewReader(in)
	mac, v := r.U8("MAC header"), r.U8("RLC header")
	b.TFI, b.HasTFI = v>>1&31, true
	hasTLLI, hasPFI := b.Uplink && v&1 != 0, b.Uplink && v&0x40 != 0
	if b.Uplink {
		b.Final = mac>>2&15 == 0
	} else {
		b.Final = v&1 != 0
	}
	flow := v & 0x3e
	v = r.U8("BSN")
	b.BSN = v >> 1

	// Lengths first, each that of a part with which a frame ends (§10.4.14). A length of 0
	// says that the frame fills the block, which it would have ended with but for this octet.
	var lengths [maxParts]int
	n, toEnd := 0, v&1 != 0
	for last := toEnd; !last; {
		off := r.Offset()
		v := r.U8("Length indicator")
		length, more := int(v>>2), v&2 != 0
		last = v&1 != 0
		switch {
		case !r.OK():
			return r.Err()
		case length == 0:
			last, toEnd = true, true
		case !more && !last, n == len(lengths):
			return &wire.DecodeError{Path: "Length indicator", Offset: off, Err: wire.ErrInvalid}
		default:
			lengths[n] = length
			n++
			toEnd = more
		}
	}
	if hasTLLI {
		if tlli := r.U32("TLLI"); r.OK() {
			b.TLLI = ident.TMSIIdentity(tlli)
		}
	}
	for hasPFI && r.OK() {
		hasPFI = r.U8("PFI")&1 == 0
	}
	for _, length := range lengths[:n] {
		if octets := r.Octets("RLC data", length); r.OK() {
			b.add(octets, true)
		}
	}
	if toEnd && r.Len() > 0 {
		b.add(r.Rest(), b.Final)
	}
	b.sum = sum(flow, in[2:])
	return r.Err()
}

// add adds a part. There is room: with its length each takes two octets.
func (b *Block) add(octets []byte, ends bool) {
	b.parts[b.count] = part{octets, ends}
	b.count++
}

// sum is FNV-1a of the octets, begun with one more.
func sum(first uint8, b []byte) uint64 {
	const prime = 1099511628211
	h := (uint64(14695981039346656037) ^ uint64(first)) * prime
	for _, v := range b {
		h = (h ^ uint64(v)) * prime
	}
	return h
}
