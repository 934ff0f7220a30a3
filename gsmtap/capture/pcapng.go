package capture

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/bits"
	"strings"
)

// Block types (pcapng §4 and §11.1).
const (
	blockSection   = 0x0a0d0d0a // Section Header Block; a palindrome
	blockInterface = 1          // Interface Description Block
	blockPacket    = 2          // Packet Block, obsolete
	blockSimple    = 3          // Simple Packet Block
	blockNames     = 4          // Name Resolution Block
	blockStats     = 5          // Interface Statistics Block
	blockEnhanced  = 6          // Enhanced Packet Block
	blockSecrets   = 10         // Decryption Secrets Block
)

const byteOrderMagic = 0x1a2b3c4d // pcapng §4.1

const (
	blockOverhead    = 12 // type, length, length
	sectionMinimum   = 28 // with byte-order magic, version, section length
	interfaceMinimum = 20 // with link type, reserved, snapshot length
	packetMinimum    = 32 // enhanced and obsolete packet block alike
	simpleMinimum    = 16 // with original length
)

// Options (pcapng §3.5.1 and §4.2).
const (
	optionEnd      = 0
	optionComment  = 1
	optionTSResol  = 9  // if_tsresol
	optionTSOffset = 14 // if_tsoffset
)

// pcapngState is what the current section has declared.
type pcapngState struct {
	inSection  bool
	interfaces []networkInterface
	surplus    bool // more than maxInterfaces were declared
}

// networkInterface is what an Interface Description Block says (pcapng §4.2).
type networkInterface struct {
	link    LinkType
	snaplen uint32
	perSec  uint64 // units of the time stamp in a second; 0 if unusable
	offset  int64  // seconds to add to the time stamp
}

func (r *Reader) startPcapng(b []byte) error {
	if len(b) < blockOverhead {
		return fmt.Errorf("section header at offset 0: %d octets: %w", len(b), ErrTruncated)
	}
	if _, ok := sectionOrder(b); !ok {
		return fmt.Errorf("byte-order magic %#08x not known: %w", binary.BigEndian.Uint32(b[8:]), ErrNotCapture)
	}
	if b = r.win.peek(sectionMinimum); len(b) < sectionMinimum {
		if err := r.win.err; err != io.EOF {
			return r.startError("section header", err)
		}
		return fmt.Errorf("section header at offset 0: %d of %d octets: %w", len(b), sectionMinimum, ErrTruncated)
	}
	if r.order, _ = sectionOrder(b); r.order.u16(b[12:]) != 1 {
		return fmt.Errorf("pcapng version %d.%d not known: %w", r.order.u16(b[12:]), r.order.u16(b[14:]), ErrNotCapture)
	}
	r.isPcapng = true
	return nil
}

// sectionOrder returns the byte order of the section whose header starts with b,
// 12 octets or more.
func sectionOrder(b []byte) (order byteOrder, ok bool) {
	switch binary.BigEndian.Uint32(b[8:]) {
	case byteOrderMagic:
		return bigEndian, true
	case 0x4d3c2b1a:
		return littleEndian, true
	}
	return littleEndian, false
}

// nextPcapng reads blocks until one holds a packet; false at the end of the input.
func (r *Reader) nextPcapng(f *Frame) bool {
	for {
		b := r.win.peek(blockOverhead)
		if len(b) < blockOverhead {
			return false
		}
		kind := r.order.u32(b)
		if kind == blockSection {
			order, ok := sectionOrder(b)
			if !ok {
				r.searchBlock("section without byte order", ErrCorrupt)
				continue
			}
			// Even if the rest of the header is damaged: what follows is not of the
			// section before.
			r.order = order
			r.ng = pcapngState{inSection: true, interfaces: r.ng.interfaces[:0]}
		} else if !r.ng.inSection {
			r.searchBlock("no section header", ErrCorrupt)
			continue
		}
		length := r.order.u32(b[4:])
		switch {
		case length < blockOverhead || length%4 != 0:
			r.searchBlock(fmt.Sprintf("block of type %#x and %d octets", kind, length), ErrCorrupt)
			continue
		case length > maxBlock || length > maxPacketBlock && isPacket(kind):
			r.searchBlock(fmt.Sprintf("block of type %#x and %d octets", kind, length), ErrTooLarge)
			continue
		case length > maxWindow:
			r.passBlock(kind, int64(length))
			continue
		}
		n := int(length)
		if b = r.win.peek(n); len(b) < n {
			r.searchBlock(fmt.Sprintf("%d of %d octets of the block", len(b), n), ErrTruncated)
			continue
		}
		if tail := r.order.u32(b[n-4:]); tail != length {
			r.searchBlock(fmt.Sprintf("block of %d octets ends with length %d", n, tail), ErrCorrupt)
			continue
		}
		at := r.win.offset()
		r.win.advance(n)
		var cause error
		found := false
		switch kind {
		case blockSection:
			cause = r.section(b)
		case blockInterface:
			cause = r.describe(b)
		case blockEnhanced, blockPacket:
			found, cause = r.packet(b, kind, f)
		case blockSimple:
			found, cause = r.simplePacket(b, f)
		}
		if cause != nil {
			skipped := int64(n)
			if cause == errOptions || cause == errResolution { // the rest was of use
				skipped = 0
			}
			r.damage(at, skipped, "%w", cause)
			continue
		}
		if found {
			return true
		}
	}
}

func isPacket(kind uint32) bool {
	return kind == blockEnhanced || kind == blockPacket || kind == blockSimple
}

// Why a block is of no use.
var (
	errShortBlock = fmt.Errorf("block too short for its type: %w", ErrCorrupt)
	errVersion    = fmt.Errorf("section of a version other than 1: %w", ErrCorrupt)
	errInterfaces = fmt.Errorf("more than %d interfaces: %w", maxInterfaces, ErrTooLarge)
	errOptions    = fmt.Errorf("option longer than its block: %w", ErrCorrupt)
	errResolution = fmt.Errorf("if_tsresol or if_tsoffset not usable: %w", ErrCorrupt)
	errInterface  = fmt.Errorf("packet of an interface not described: %w", ErrCorrupt)
	errCaplen     = fmt.Errorf("packet longer than its block: %w", ErrCorrupt)
	errFrame      = fmt.Errorf("packet of more than %d octets: %w", maxFrame, ErrTooLarge)
)

// section starts a section (pcapng §4.1). Its length is not used: the sections are
// found by their headers.
func (r *Reader) section(b []byte) error {
	r.ng.inSection = false
	if len(b) < sectionMinimum {
		return errShortBlock
	}
	if r.order.u16(b[12:]) != 1 {
		return errVersion
	}
	r.ng.inSection = true
	return r.options(b[24:len(b)-4], 0, nil)
}

// describe adds an interface to the section (pcapng §4.2). One with faulty options
// is added too, for the numbers of the following interfaces to be right.
func (r *Reader) describe(b []byte) error {
	if len(r.ng.interfaces) == maxInterfaces {
		if r.ng.surplus { // said once per section
			r.unread += int64(len(b))
			return nil
		}
		r.ng.surplus = true
		return errInterfaces
	}
	if len(b) < interfaceMinimum {
		r.ng.interfaces = append(r.ng.interfaces, networkInterface{})
		return errShortBlock
	}
	in := networkInterface{link: LinkType(r.order.u16(b[8:])), snaplen: r.order.u32(b[12:]), perSec: 1e6}
	usable := true
	err := r.options(b[16:len(b)-4], 0, func(code uint16, v []byte) {
		switch {
		case code == optionTSResol && len(v) >= 1:
			in.perSec = unitsPerSecond(v[0])
			usable = usable && in.perSec != 0
		case code == optionTSOffset && len(v) >= 8:
			lo, hi := uint64(r.order.u32(v)), uint64(r.order.u32(v[4:]))
			if r.order == bigEndian {
				lo, hi = hi, lo
			}
			in.offset = int64(hi<<32 | lo)
		case code == optionTSResol || code == optionTSOffset:
			usable = false
		}
	})
	if in.offset > math.MaxInt64/1_000_000_000 || in.offset < math.MinInt64/1_000_000_000 {
		usable = false
	}
	if !usable {
		in.perSec = 0
	}
	r.link(in.link)
	r.ng.interfaces = append(r.ng.interfaces, in)
	if err == nil && !usable {
		err = errResolution
	}
	return err
}

// unitsPerSecond decodes if_tsresol (pcapng §4.2): 10^-v, or 2^-v with the most
// significant bit set. It returns 0 if the result does not fit in 64 bits.
func unitsPerSecond(v byte) uint64 {
	exp := v & 0x7f
	if v&0x80 != 0 {
		if exp > 63 {
			return 0
		}
		return 1 << exp
	}
	if exp > 19 {
		return 0
	}
	units := uint64(1)
	for range exp {
		units *= 10
	}
	return units
}

// time converts a time stamp of the interface to nanoseconds since 1970; ok is
// false if it has none or it does not fit.
func (in *networkInterface) time(stamp uint64) (ns int64, ok bool) {
	switch {
	case in.perSec == 1e6 && stamp <= math.MaxInt64/1000:
		ns = int64(stamp) * 1000
	case in.perSec == 1e9 && stamp <= math.MaxInt64:
		ns = int64(stamp)
	default:
		hi, lo := bits.Mul64(stamp, 1e9)
		if hi >= in.perSec {
			return 0, false
		}
		q, _ := bits.Div64(hi, lo, in.perSec)
		if q > math.MaxInt64 {
			return 0, false
		}
		ns = int64(q)
	}
	if in.offset == 0 {
		return ns, true
	}
	shift := in.offset * 1e9 // describe has checked that it fits
	if sum := ns + shift; (sum < ns) == (shift < 0) {
		return sum, true
	}
	return 0, false
}

// packet reads an Enhanced Packet Block or the obsolete Packet Block (pcapng §4.3
// and appendix A), which differ in the width of the interface number.
func (r *Reader) packet(b []byte, kind uint32, f *Frame) (bool, error) {
	if len(b) < packetMinimum {
		return false, errShortBlock
	}
	id := r.order.u32(b[8:])
	if kind == blockPacket {
		id = uint32(r.order.u16(b[8:])) // the drop count follows
	}
	if uint64(id) >= uint64(len(r.ng.interfaces)) {
		return false, errInterface
	}
	in := &r.ng.interfaces[id]
	caplen := r.order.u32(b[20:])
	if caplen > maxFrame {
		return false, errFrame
	}
	body := b[28 : len(b)-4]
	n := int(caplen)
	if n > len(body) {
		return false, errCaplen
	}
	ns, ok := in.time(uint64(r.order.u32(b[12:]))<<32 | uint64(r.order.u32(b[16:])))
	*f = Frame{Time: ns, HasTime: ok, LinkType: in.link, Interface: int(id), OrigLen: int(r.order.u32(b[24:])), Data: body[:n:n]}
	if padded := (n + 3) &^ 3; len(body)-padded >= 4 {
		// A fault in the options does not touch the packet.
		if err := r.options(body[padded:], r.frames+1, nil); err != nil {
			r.damage(r.win.offset()-int64(len(b)), 0, "%w", err)
		}
	}
	return true, nil
}

// simplePacket reads a Simple Packet Block (pcapng §4.4): a packet of the first
// interface, whose captured length follows from the snapshot length.
func (r *Reader) simplePacket(b []byte, f *Frame) (bool, error) {
	if len(b) < simpleMinimum {
		return false, errShortBlock
	}
	if len(r.ng.interfaces) == 0 {
		return false, errInterface
	}
	in := &r.ng.interfaces[0]
	body := b[12 : len(b)-4]
	orig := r.order.u32(b[8:])
	caplen := orig
	if in.snaplen > 0 {
		caplen = min(caplen, in.snaplen)
	}
	if caplen > maxFrame {
		return false, errFrame
	}
	n := int(caplen)
	if n > len(body) {
		return false, errCaplen
	}
	*f = Frame{LinkType: in.link, OrigLen: int(orig), Data: body[:n:n]}
	return true, nil
}

// options walks the options of a block (pcapng §3.5), keeps comments and hands the
// others to visit, which may be nil.
func (r *Reader) options(b []byte, frame int, visit func(code uint16, v []byte)) error {
	for len(b) >= 4 {
		code, n := r.order.u16(b), int(r.order.u16(b[2:]))
		b = b[4:]
		if code == optionEnd {
			return nil
		}
		if n > len(b) {
			return errOptions
		}
		switch {
		case code == optionComment:
			r.comment(frame, b[:n])
		case visit != nil:
			visit(code, b[:n])
		}
		b = b[min((n+3)&^3, len(b)):]
	}
	return nil
}

func (r *Reader) comment(frame int, text []byte) {
	r.remarks++
	if len(r.comments) < maxComments {
		s := string(text[:min(len(text), maxComment)])
		r.comments = append(r.comments, Comment{Frame: frame, Text: strings.ToValidUTF8(s, "")})
	}
}

// passBlock passes over a block larger than the window.
func (r *Reader) passBlock(kind uint32, length int64) {
	at := r.win.offset()
	if kind == blockSection || kind == blockInterface {
		// Neither has a reason to be this large.
		r.searchBlock(fmt.Sprintf("block of type %#x and %d octets", kind, length), ErrTooLarge)
		return
	}
	if n := r.win.skip(length - 4); n < length-4 {
		r.damage(at, n, "%d of %d octets of the block: %w", n, length, ErrTruncated)
		return
	}
	if b := r.win.peek(4); len(b) == 4 && int64(r.order.u32(b)) == length {
		r.win.advance(4)
		return
	}
	r.damage(at, length-4, "block of %d octets without its length at the end: %w", length, ErrCorrupt)
}

// searchBlock passes over octets, at least one, until a block starts or the input
// ends, and records the damage.
func (r *Reader) searchBlock(what string, cause error) {
	w := r.win
	start := w.offset()
	w.advance(1)
	for {
		b, last := w.ahead(maxPacketBlock)
		stop := len(b) - maxPacketBlock + 1
		if last {
			stop = len(b) - blockOverhead + 1
		}
		i := 0
		for i < stop && !r.startsBlock(b[i:]) {
			i++
		}
		if i < stop {
			w.advance(i)
			break
		}
		if last {
			w.advance(len(b))
			break
		}
		w.advance(i)
	}
	r.damage(start, w.offset()-start, "%s: %w", what, cause)
}

// startsBlock reports whether a block of a known type starts at b, 12 octets or
// more: its leading and trailing lengths agree. Outside a section only a section
// header will do.
func (r *Reader) startsBlock(b []byte) bool {
	order := r.order
	minimum := uint32(blockOverhead)
	if binary.BigEndian.Uint32(b) == blockSection {
		var ok bool
		if order, ok = sectionOrder(b); !ok {
			return false
		}
		minimum = sectionMinimum
	} else {
		if !r.ng.inSection {
			return false
		}
		switch r.order.u32(b) {
		case blockInterface:
			minimum = interfaceMinimum
		case blockEnhanced, blockPacket:
			minimum = packetMinimum
		case blockSimple:
			minimum = simpleMinimum
		case blockNames, blockStats, blockSecrets:
		default:
			return false
		}
	}
	length := order.u32(b[4:])
	if length < minimum || length%4 != 0 || length > maxPacketBlock || int(length) > len(b) {
		return false
	}
	return order.u32(b[length-4:]) == length
}
