// Package lapdm is GSM's data link layer on the Dm channel: the frames of TS
// 44.006 v17.0.0 and the reassembly of the layer 3 messages they carry.
//
// A block of 23 octets, as GSMTAP brings it, is decoded by Frame.Decode. On SACCH
// DecodeL1Header takes off the layer 1 header first (TS 44.004 §7.1). A Reassembler
// then joins segments, drops repetitions and tells echoes from messages.
//
// Not decoded: format C (random access bursts, which are no frames), short headers
// on channels other than SACCH, the cell broadcast blocks of TS 44.012 (link
// protocol discriminator 1) and frames with more than one octet of address or
// length. No input
// panics, nothing is allocated for a frame, and a Reassembler's memory is bounded
// by MaxLinks.
package lapdm

import "github.com/fbsdetect/fbsdetect/gsmtap/wire"

// Longest information fields in octets, of frames with a length field (TS 44.006
// §5.8.3).
const (
	// N201 counts on SDCCH and FACCH.
	N201 = 20
	// N201SACCH counts on SACCH, where the layer 1 header takes two octets.
	N201SACCH = 18
)

// fill is the octet that pads a block after its frame (TS 44.006 §5.2). Phones and
// networks may put random bits there instead.
const fill = 0x2b

// Channel is the class of channel that carried a block: it decides which formats
// occur on it (TS 44.006 §2.1).
type Channel uint8

// Classes of channels.
const (
	// Dedicated is SDCCH and FACCH: formats A and B.
	Dedicated Channel = iota
	// SACCH is the slow associated channel: formats A and B, and in the downlink B4
	// and Bter. The layer 1 header is not part of the frame.
	SACCH
	// Common is BCCH, AGCH, PCH and NCH: format Bbis.
	Common
)

// Format is the format of a frame (TS 44.006 §2.1).
type Format uint8

// Formats.
const (
	// FormatNone is a block that is no frame: nothing but padding.
	FormatNone Format = iota
	// FormatA has address, control and length field, and no information.
	FormatA
	// FormatB is format A with information.
	FormatB
	// FormatB4 has address and control field only; a UI frame on downlink SACCH.
	FormatB4
	// FormatBbis has no field of layer 2 but, inside the information, the L2 pseudo
	// length.
	FormatBbis
	// FormatBter has two bits, the short L2 header; its information begins in the
	// same octet.
	FormatBter
)

// String names the format as TS 44.006 does.
func (f Format) String() string {
	switch f {
	case FormatA:
		return "A"
	case FormatB:
		return "B"
	case FormatB4:
		return "B4"
	case FormatBbis:
		return "Bbis"
	case FormatBter:
		return "Bter"
	}
	return "none"
}

// Kind is what a frame is for (TS 44.006 §3.8.1, table 3).
type Kind uint8

// Kinds of frame. The zero Kind is that of formats without a control field.
const (
	KindNone Kind = iota
	I             // information
	RR            // receive ready
	RNR           // receive not ready
	REJ           // reject
	SABM          // set asynchronous balanced mode
	DM            // disconnected mode
	UI            // unnumbered information
	DISC          // disconnect
	UA            // unnumbered acknowledgement
)

var kindNames = [...]string{"none", "I", "RR", "RNR", "REJ", "SABM", "DM", "UI", "DISC", "UA"}

// String names the kind as TS 44.006 abbreviates it.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return kindNames[KindNone]
}

// Frame is one frame of the data link layer, of any format. Fields that the format
// does not have are zero.
type Frame struct {
	// Format says which of the other fields the frame had.
	Format Format
	// Kind is the kind of frame; KindNone in formats Bbis and Bter.
	Kind Kind
	// Uplink is set where the phone sent the frame; it is what Decode was told.
	Uplink bool
	// SAPI is the service access point identifier (TS 44.006 §3.3.3): 0 for RR, MM and
	// CC, 3 for SMS and SS. Decode rejects the others.
	SAPI uint8
	// LPD is the link protocol discriminator (TS 44.006 §3.3.4): 0 for this protocol, 1
	// for cell broadcast. Decode rejects all but 0.
	LPD uint8
	// CR is the command/response bit as sent (TS 44.006 §3.3.2).
	CR bool
	// Command is set in commands and clear in responses: what CR means in the frame's
	// direction.
	Command bool
	// PF is the poll bit of a command or the final bit of a response (TS 44.006
	// §3.5.1).
	PF bool
	// NS is N(S), the number of an I frame, 0 to 7 (TS 44.006 §3.5.2.4).
	NS uint8
	// NR is N(R) of I, RR, RNR and REJ frames: the number of the frame expected next,
	// 0 to 7 (TS 44.006 §3.5.2.6).
	NR uint8
	// Length is the length field in octets (TS 44.006 §3.6), or the L2 pseudo length
	// (TS 44.018 §10.5.2.19) of formats Bbis and B4.
	Length uint8
	// HasPseudoLength is set where an L2 pseudo length was taken off the front of a
	// Bbis or B4 frame's information.
	HasPseudoLength bool
	// More is the M bit: the message continues in the next I frame (TS 44.006 §3.6).
	More bool
	// Info is the information field. It aliases the input. In formats Bbis and B4 it
	// starts after the L2 pseudo length, at the protocol discriminator, and runs to
	// the end of the block, rest octets included; in Bter it starts with the octet
	// that holds the short L2 header.
	Info []byte
	// Fill is what follows the information field in the block. It aliases the input.
	Fill []byte
}

// Empty reports whether the frame carries nothing for anybody: a UI frame of length
// zero, which fills the channel, or a block of padding.
func (f *Frame) Empty() bool {
	return len(f.Info) == 0 && (f.Kind == UI || f.Kind == KindNone)
}

// Decode fills f from a block b of channel ch, sent by the phone if uplink. A block
// shorter than 23 octets is accepted as far as it holds what its length field says:
// tools that log inside a phone cut the padding.
//
// On an error f holds the fields in front of the defect.
func (f *Frame) Decode(b []byte, ch Channel, uplink bool) error {
	*f = Frame{Uplink: uplink}
	r := wire.NewReader(b)
	first, ok := r.Peek()
	if !ok {
		r.Fail("Address field", 0, wire.ErrShort)
		return r.Err()
	}
	if allFill(b) {
		f.Fill = b
		return nil
	}
	switch {
	case ch == Common && !emptyUI(b):
		return f.decodeBbis(&r)
	case ch == SACCH && first&3 == 0:
		f.Format = FormatBter
		f.Info = r.Rest()
		return nil
	}
	f.decodeAddress(&r)
	f.decodeControl(&r)
	if !r.OK() {
		return r.Err()
	}
	if ch == SACCH && !uplink && f.Kind == UI && f.SAPI == 0 {
		f.decodeB4(&r)
		return r.Err()
	}
	limit := N201
	if ch == SACCH {
		limit = N201SACCH
	}
	f.decodeLength(&r, limit)
	return r.Err()
}

// decodeAddress reads the address field (TS 44.006 §3.3).
func (f *Frame) decodeAddress(r *wire.Reader) {
	v := r.U8("Address field")
	f.LPD, f.SAPI, f.CR = v>>5&3, v>>2&7, v&2 != 0
	switch {
	case v&1 == 0: // TS 44.006 §3.2: EA 0 announces an octet that no format has
		r.Fail("Address field.EA", 0, wire.ErrInvalid)
	case f.LPD != 0:
		r.Fail("Address field.LPD", 0, wire.ErrUnsupported)
	case f.SAPI != 0 && f.SAPI != 3:
		r.Fail("Address field.SAPI", 0, wire.ErrInvalid)
	}
	f.Command = f.CR != f.Uplink // TS 44.006 §3.3.2, table 1
}

// decodeControl reads the control field (TS 44.006 §3.4, tables 2 and 3).
func (f *Frame) decodeControl(r *wire.Reader) {
	v := r.U8("Control field")
	if !r.OK() {
		return
	}
	f.PF = v&0x10 != 0
	switch {
	case v&1 == 0:
		f.Kind, f.NS, f.NR = I, v>>1&7, v>>5
	case v&3 == 1:
		f.NR = v >> 5
		switch v >> 2 & 3 {
		case 0:
			f.Kind = RR
		case 1:
			f.Kind = RNR
		case 2:
			f.Kind = REJ
		default:
			r.Fail("Control field", 1, wire.ErrInvalid)
		}
	default:
		switch v &^ 0x10 {
		case 0x2f:
			f.Kind = SABM
		case 0x0f:
			f.Kind = DM
		case 0x03:
			f.Kind = UI
		case 0x43:
			f.Kind = DISC
		case 0x63:
			f.Kind = UA
		default:
			r.Fail("Control field", 1, wire.ErrInvalid)
		}
	}
}

// decodeLength reads the length field of formats A and B (TS 44.006 §3.6) and the
// information that it announces.
func (f *Frame) decodeLength(r *wire.Reader, limit int) {
	off := r.Offset()
	v := r.U8("Length field")
	if !r.OK() {
		return
	}
	f.Length, f.More = v>>2, v&2 != 0
	f.Format = FormatB
	if f.Length == 0 {
		f.Format = FormatA
	}
	switch {
	case v&1 == 0:
		r.Fail("Length field.EL", off, wire.ErrInvalid)
	case int(f.Length) > limit, f.Kind == I && f.Length == 0, f.Length != 0 && !f.mayCarry():
		r.Fail("Length field", off, wire.ErrLength)
	case f.More && f.Kind != I:
		r.Fail("Length field.M", off, wire.ErrInvalid)
	}
	f.Info = r.Octets("Information field", int(f.Length))
	f.Fill = r.Rest()
}

// mayCarry reports whether frames of the kind can have information (TS 44.006
// §G.4).
func (f *Frame) mayCarry() bool {
	switch f.Kind {
	case I, SABM, UA, UI:
		return true
	}
	return false
}

// decodeBbis takes the L2 pseudo length off a block of a common channel.
func (f *Frame) decodeBbis(r *wire.Reader) error {
	v := r.U8("L2 Pseudo Length")
	f.Format = FormatBbis
	if v&3 != 1 { // TS 44.018 §10.5.2.19: the two bits that stand where EL and M would
		r.Fail("L2 Pseudo Length", 0, wire.ErrInvalid)
		return r.Err()
	}
	f.Length, f.HasPseudoLength = v>>2, true
	f.Info = r.Rest()
	return nil
}

// decodeB4 reads the rest of a UI frame on downlink SACCH, which has no length
// field (TS 44.006 §2.1). The messages sent there begin with an L2 pseudo length
// (TS 44.018 §9.1.37 to §9.1.40), which looks like one but does not count the rest
// octets, so it cannot be used to cut the frame. A frame of padding with length
// zero has the same form as on any other channel.
func (f *Frame) decodeB4(r *wire.Reader) {
	f.Format = FormatB4
	v, ok := r.Peek()
	if !ok {
		r.Fail("Information field", r.Offset(), wire.ErrShort)
		return
	}
	if v&3 != 1 { // the message itself: RR has the discriminator 6
		f.Info = r.Rest()
		return
	}
	f.Length, f.HasPseudoLength = r.U8("L2 Pseudo Length")>>2, true
	if rest := r.Rest(); f.Length != 0 {
		f.Info = rest
	} else {
		f.Format, f.HasPseudoLength, f.Fill = FormatA, false, rest
	}
}

func allFill(b []byte) bool {
	for _, v := range b {
		if v != fill {
			return false
		}
	}
	return true
}

// emptyUI reports whether b is the fill frame of TS 44.006 §5.4.2.3, a UI frame of
// length zero, which some base stations send on common channels too.
func emptyUI(b []byte) bool {
	return len(b) >= 3 && b[0]&^2 == 1 && b[1]&^0x10 == 3 && b[2] == 1
}

// L1Header is the layer 1 header in front of a SACCH block (TS 44.004 §7.1).
type L1Header struct {
	// PowerLevel is, in the downlink, the power that the phone is ordered to use, and
	// in the uplink the power that it uses: a power control level of TS 45.005 §4.1.1,
	// 0 to 31, lower is stronger.
	PowerLevel uint8
	// FPC is the bit for fast power control, or enhanced power control (TS 45.008
	// §4.2).
	FPC bool
	// Repetition is the bit for repeated SACCH: a request in the uplink, an order in
	// the downlink (TS 44.004 §7.1, TS 44.006 §10).
	Repetition bool
	// TimingAdvance is the advance ordered or used, in symbols of 48/13 μs, about 550
	// m of distance each: 0 to 63, in GSM 400 up to 219.
	TimingAdvance uint8
}

// DecodeL1Header splits a SACCH block into layer 1 header and frame. The frame
// aliases b.
func DecodeL1Header(b []byte) (h L1Header, frame []byte, err error) {
	r := wire.NewReader(b)
	v := r.U8("L1 header.MS power level")
	ta := r.U8("L1 header.Timing advance")
	h = L1Header{PowerLevel: v & 0x1f, FPC: v&0x20 != 0, Repetition: v&0x40 != 0, TimingAdvance: ta}
	return h, r.Rest(), r.Err()
}
