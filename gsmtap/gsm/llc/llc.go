// Package llc decodes the frames of GPRS's logical link control, TS 44.064 v17.0.0,
// between phone and SGSN, from the address field to the frame check sequence.
//
// Not decoded: the parameters of XID frames, and the user data and messages that frames
// carry. Nothing but an error is allocated, and no input makes the decoder panic.
package llc

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// SAPI is a service access point identifier (TS 44.064 §6.2.3), 0 to 15.
type SAPI uint8

// Access points. The others are reserved.
const (
	GMM  SAPI = 1 // mobility and session management
	TOM2 SAPI = 2 // tunnelling of messages
	LL3  SAPI = 3 // user data
	LL5  SAPI = 5
	SMS  SAPI = 7
	TOM8 SAPI = 8
	LL9  SAPI = 9
	LL11 SAPI = 11
)

var sapiNames = [16]string{GMM: "LLGMM", TOM2: "TOM2", LL3: "LL3", LL5: "LL5", SMS: "LLSMS", TOM8: "TOM8", LL9: "LL9", LL11: "LL11"}

// String names the access point.
func (s SAPI) String() string {
	if int(s) < len(sapiNames) && sapiNames[s] != "" {
		return sapiNames[s]
	}
	return fmt.Sprintf("reserved (%d)", uint8(s))
}

// UserData reports whether the access point carries packets of the user (TS 44.065).
func (s SAPI) UserData() bool { return s == LL3 || s == LL5 || s == LL9 || s == LL11 }

// Format is the format of a frame's control field (TS 44.064 §6.3).
type Format uint8

// Formats.
const (
	FormatI  Format = iota // confirmed information with supervision
	FormatS                // supervision
	FormatUI               // unconfirmed information
	FormatU                // unnumbered
)

// String names the format.
func (f Format) String() string { return [...]string{"I", "S", "UI", "U"}[f&3] }

// Function is what a frame of format I, S or U does (TS 44.064 §6.4): the two S bits of
// formats I and S, or 16 and the four M bits of format U.
type Function uint8

// Functions. The others are reserved.
const (
	RR   Function = 0    // receive ready
	ACK  Function = 1    // acknowledgement
	RNR  Function = 2    // receive not ready
	SACK Function = 3    // selective acknowledgement
	NULL Function = 0x10 // does nothing
	DM   Function = 0x11 // disconnected mode
	DISC Function = 0x14 // disconnect
	UA   Function = 0x16 // unnumbered acknowledgement
	SABM Function = 0x17 // set asynchronous balanced mode
	FRMR Function = 0x18 // frame reject
	XID  Function = 0x1b // exchange identification
)

// frameNames are the names of frames of format S and U.
var frameNames = [0x20]string{
	RR: "LLC RR", ACK: "LLC ACK", RNR: "LLC RNR", SACK: "LLC SACK",
	NULL: "LLC NULL", DM: "LLC DM", DISC: "LLC DISC", UA: "LLC UA", SABM: "LLC SABM", FRMR: "LLC FRMR", XID: "LLC XID",
}

// String names the function as TS 44.064 abbreviates it.
func (f Function) String() string {
	if int(f) < len(frameNames) && frameNames[f] != "" {
		return frameNames[f][len("LLC "):]
	}
	return fmt.Sprintf("reserved (%d)", uint8(f))
}

// Frame is a frame. Fields that its format does not have are zero.
type Frame struct {
	// SAPI says whose frame it is.
	SAPI SAPI
	// CR is the command/response bit as sent (§6.2.2): 0 in a phone's commands and a
	// network's responses.
	CR bool
	// Format is the format of the control field.
	Format Format
	// HasFunction: Function is present, which it is but in UI frames.
	HasFunction bool
	// Function is what the frame does.
	Function Function
	// AckRequest is the A bit of I and S frames (§6.3.5.2).
	AckRequest bool
	// PF is the poll or final bit of U frames (§6.3.5.1).
	PF bool
	// NS is N(S) of I frames, NR is N(R) of I and S frames, NU is N(U) of UI frames, each 0
	// to 511 (§6.3.5.4).
	NS, NR, NU uint16
	// Dummy: the frame is a UI Dummy, which fills a block that has nothing to send and has
	// no frame check sequence (§6.4.2.2).
	Dummy bool
	// Encrypted: information and frame check sequence are ciphered. UI frames say so in
	// their E bit (§6.3.5.5.1); an I frame, which has none, is taken as ciphered if its
	// frame check sequence does not fit.
	Encrypted bool
	// Protected is the PM bit of UI frames: the frame check sequence covers all of the
	// information, not only its first octets (§6.3.5.5.2).
	Protected bool
	// HasMAC: MAC is present: the frame's integrity is protected (§5.5a).
	HasMAC bool
	// MAC is the message authentication code.
	MAC [4]byte
	// Bitmap is the R bitmap of a selective acknowledgement: which I frames were received
	// (§6.4.3). It aliases the input.
	Bitmap []byte
	// FCS is the frame check sequence as sent, 24 bits.
	FCS uint32
	// Info is the information field; it aliases the input.
	Info []byte
}

// Name returns the frame's format or function: "LLC UI", "LLC SABM".
func (f *Frame) Name() string {
	switch {
	case f.Format == FormatI:
		return "LLC I"
	case f.Format == FormatUI && f.Dummy:
		return "LLC UI Dummy"
	case f.Format == FormatUI:
		return "LLC UI"
	case int(f.Function) < len(frameNames) && frameNames[f.Function] != "":
		return frameNames[f.Function]
	}
	return "LLC U"
}

// Lengths in octets.
const (
	// UIHeaderLen is what stands before the information of a UI frame.
	UIHeaderLen = 3
	fcsLen      = 3
	// n202 is how much of the information is covered where PM is 0 (§8.9.9).
	n202 = 4
)

// Decode fills f from b, a frame without what a layer below it adds. A frame check
// sequence that does not fit is wire.ErrInvalid, with all fields filled; that of an
// encrypted frame cannot be checked.
func (f *Frame) Decode(b []byte) error {
	*f = Frame{}
	if len(b) < 2+fcsLen {
		return &wire.DecodeError{Path: "LLC frame", Offset: len(b), Err: wire.ErrShort}
	}
	end := len(b) - fcsLen
	r := wire.NewReader(b[:end])
	v := r.U8("Address")
	f.SAPI, f.CR = SAPI(v&15), v&0x40 != 0
	if v&0x80 != 0 {
		return &wire.DecodeError{Path: "Protocol Discriminator", Err: wire.ErrInvalid}
	}
	v, _ = r.Peek()
	switch {
	case v&0x80 == 0:
		f.decodeI(&r)
	case v&0x40 == 0:
		f.decodeS(&r)
	case v&0x20 == 0:
		f.decodeUI(&r)
	default:
		r.U8("Control")
		f.Format, f.HasFunction = FormatU, true
		f.PF, f.Function = v&0x10 != 0, NULL|Function(v&15)
	}
	header := r.Offset()
	f.Info = r.Rest()
	if f.HasMAC && r.OK() {
		n := len(f.Info) - len(f.MAC)
		if n < 0 {
			r.Fail("Message Authentication Code", header, wire.ErrShort)
		} else {
			copy(f.MAC[:], f.Info[n:])
			f.Info = f.Info[:n]
		}
	}
	if err := r.Err(); err != nil {
		return err
	}
	f.FCS = uint32(b[end]) | uint32(b[end+1])<<8 | uint32(b[end+2])<<16
	covered := b[:end]
	if f.Format == FormatUI && !f.Protected {
		covered = b[:min(end, header+n202)]
	}
	f.Dummy = f.Format == FormatUI && f.SAPI == LL3 && f.NU == 0 && padding(b[header:])
	switch fits := f.FCS == FCS(covered); {
	case fits, f.Encrypted, f.Dummy:
	case f.Format == FormatI:
		f.Encrypted = true
	default:
		return &wire.DecodeError{Path: "FCS", Offset: end, Err: wire.ErrInvalid}
	}
	return nil
}

func (f *Frame) decodeI(r *wire.Reader) {
	v := r.Octets("Control", 3)
	if v == nil {
		return
	}
	f.Format, f.HasFunction = FormatI, true
	f.AckRequest = v[0]&0x40 != 0
	f.NS = uint16(v[0]&0x1f)<<4 | uint16(v[1]>>4)
	f.NR = uint16(v[1]&7)<<6 | uint16(v[2]>>2)
	f.Function = Function(v[2] & 3)
	if f.Function == SACK {
		f.Bitmap = r.Octets("R bitmap", int(r.U8("K")&0x1f)+1)
	}
}

func (f *Frame) decodeS(r *wire.Reader) {
	v := r.Octets("Control", 2)
	if v == nil {
		return
	}
	f.Format, f.HasFunction = FormatS, true
	f.AckRequest = v[0]&0x20 != 0
	f.NR = uint16(v[0]&7)<<6 | uint16(v[1]>>2)
	f.Function = Function(v[1] & 3)
	if f.Function == SACK {
		f.Bitmap = r.Rest()
	}
}

func (f *Frame) decodeUI(r *wire.Reader) {
	v := r.Octets("Control", 2)
	if v == nil {
		return
	}
	f.Format = FormatUI
	f.NU = uint16(v[0]&7)<<6 | uint16(v[1]>>2)
	f.HasMAC, f.Encrypted, f.Protected = v[0]&0x10 != 0, v[1]&2 != 0, v[1]&1 != 0
}

// padding reports whether octets only fill a frame.
func padding(b []byte) bool {
	for _, v := range b {
		if v != 0x2b {
			return false
		}
	}
	return true
}

// polynomial is the generator of the frame check sequence, x^24 + x^23 + x^21 + x^20 +
// x^19 + x^17 + x^16 + x^15 + x^13 + x^8 + x^7 + x^5 + x^4 + x^2 + 1 (TS 44.064 §5.5),
// with the coefficient of x^23 in bit 0, as octets are sent.
const polynomial = 0xad85dd

var fcsTable = func() (t [256]uint32) {
	for i := range t {
		c := uint32(i)
		for range 8 {
			c = c>>1 ^ c&1*polynomial
		}
		t[i] = c
	}
	return t
}()

// FCS returns the frame check sequence of octets (TS 44.064 §5.5). It is sent least
// significant octet first.
func FCS(b []byte) uint32 {
	c := uint32(0xffffff)
	for _, v := range b {
		c = c>>8 ^ fcsTable[uint8(c)^v]
	}
	return c ^ 0xffffff
}
