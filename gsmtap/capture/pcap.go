package capture

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/bits"
)

// Magic numbers of classic pcap as they read in the writer's byte order.
const (
	magicMicro    = 0xa1b2c3d4 // pcap §4
	magicNano     = 0xa1b23c4d // pcap §4
	magicModified = 0xa1b2cd34 // Kuznetzov's patch to libpcap: longer record headers
)

const (
	fileHeader     = 24
	recordHeader   = 16
	recordModified = 24 // interface index, protocol, packet type and pad follow

	// maxOrigLen is the longest frame on a link that is taken at its word without a
	// look at the next record; nothing longer than 16 MiB exists on any link here.
	maxOrigLen = 16 << 20

	// maxStep is how far two adjacent records may lie apart in a search: ten years
	// in seconds. Loggers whose clock is set while they run jump further, and lose
	// one frame in that search at most.
	maxStep = 10 * 365 * 86400
)

// pcapState is what the file header of a classic pcap says.
type pcapState struct {
	header  int    // octets of a record header
	perSec  uint32 // units of the sub-second field in a second
	scale   int64  // nanoseconds in such a unit
	link    LinkType
	swapped bool // original length comes before captured length
	guess   bool // or it may: the smaller one is the captured length

	// habit holds the oddities this writer was seen to have in records that are
	// whole: they are not held against later ones.
	habit oddity
}

// oddity is a set of properties that sound records do not have but some writers
// produce.
type oddity uint8

const (
	oddSubsecond oddity = 1 << iota // a second or more of sub-seconds
	oddLength                       // more captured than was on the link
	oddOriginal                     // longer than any link allows
	oddBlank                        // zeros: the preallocated tail of a file
)

// record is the header of a record (pcap §5).
type record struct {
	sec, sub, caplen, origlen uint32
}

func (r *Reader) startPcap(magic uint32) error {
	r.order = bigEndian
	switch magic {
	case magicMicro, magicNano, magicModified:
	default:
		r.order = littleEndian
		switch magic = bits.ReverseBytes32(magic); magic {
		case magicMicro, magicNano, magicModified:
		default:
			return fmt.Errorf("magic number %#08x not known: %w", bits.ReverseBytes32(magic), ErrNotCapture)
		}
	}
	b := r.win.peek(fileHeader)
	if len(b) < fileHeader {
		if err := r.win.err; err != io.EOF {
			return r.startError("file header", err)
		}
		return fmt.Errorf("file header at offset 0: %d of %d octets: %w", len(b), fileHeader, ErrTruncated)
	}
	p := pcapState{header: recordHeader, perSec: 1e6, scale: 1000}
	switch magic {
	case magicNano:
		p.perSec, p.scale = 1e9, 1
	case magicModified:
		p.header = recordModified
	}
	// Up to version 2.2, and in version 543.0 of one vendor, the lengths stand the
	// other way round; in 2.3 either way.
	switch major, minor := r.order.u16(b[4:]), r.order.u16(b[6:]); {
	case major == 543, major == 2 && minor < 3:
		p.swapped = true
	case major == 2 && minor == 3:
		p.guess = true
	}
	// The upper half of the field is the FCS length and reserved (pcap §4). The
	// snapshot length is not used: writers leave it 0 and exceed it.
	p.link = LinkType(r.order.u32(b[20:]) & 0xffff)
	r.link(p.link)
	r.pcap = p
	r.win.advance(fileHeader)
	return nil
}

// isFileHeader reports whether b, 16 octets or more, starts another file, as in
// captures that were joined with cat: a magic number, version 2.4, and the zeros of
// the two fields nobody uses.
func isFileHeader(b []byte) bool {
	order := littleEndian
	switch binary.BigEndian.Uint32(b) {
	case magicMicro, magicNano, magicModified:
		order = bigEndian
	case 0xd4c3b2a1, 0x4d3cb2a1, 0x34cdb2a1:
	default:
		return false
	}
	return order.u16(b[4:]) == 2 && order.u16(b[6:]) == 4 && binary.BigEndian.Uint64(b[8:]) == 0
}

// record decodes the record header at the start of b, which is long enough.
func (r *Reader) record(b []byte) record {
	_ = b[15]
	h := record{r.order.u32(b), r.order.u32(b[4:]), r.order.u32(b[8:]), r.order.u32(b[12:])}
	if r.pcap.swapped || r.pcap.guess && h.caplen > h.origlen {
		h.caplen, h.origlen = h.origlen, h.caplen
	}
	return h
}

// oddities returns what is odd about h.
func (r *Reader) oddities(h record) (o oddity) {
	if h.sub >= r.pcap.perSec {
		o |= oddSubsecond
	}
	if h.caplen > h.origlen {
		o |= oddLength
	}
	if h.origlen > maxOrigLen {
		o |= oddOriginal
	}
	if h.sec|h.origlen == 0 {
		o |= oddBlank
	}
	return o
}

// nextPcap reads the next record into f; false at the end of the input.
func (r *Reader) nextPcap(f *Frame) bool {
	for {
		b := r.win.peek(r.pcap.header)
		if len(b) < r.pcap.header {
			return false
		}
		h := r.record(b)
		if h.caplen|h.origlen == 0 && isFileHeader(b) {
			if at := r.win.offset(); r.startPcap(binary.BigEndian.Uint32(b)) == nil {
				r.damage(at, fileHeader, "file header of another capture: %w", ErrCorrupt)
				continue
			}
		}
		if h.caplen > maxFrame {
			// A number this size is more likely garbage than a frame.
			r.searchRecord(fmt.Sprintf("record of %d octets", h.caplen), ErrTooLarge)
			continue
		}
		if o := r.oddities(h); o&^r.pcap.habit != 0 && !r.believe(h, o) {
			r.searchRecord("no record header", ErrCorrupt)
			continue
		}
		n := r.pcap.header + int(h.caplen)
		if b = r.win.peek(n); len(b) < n {
			r.searchRecord(fmt.Sprintf("%d of %d octets of the record", len(b), n), ErrTruncated)
			continue
		}
		r.win.advance(n)
		*f = Frame{
			Time:     int64(h.sec)*1e9 + int64(h.sub)*r.pcap.scale,
			HasTime:  true,
			LinkType: r.pcap.link,
			OrigLen:  int(h.origlen),
			Data:     b[r.pcap.header:n:n],
		}
		return true
	}
}

// believe decides whether a record with a header as odd as o is one: it is if the
// file ends with it or a header follows that is odd in no other way.
func (r *Reader) believe(h record, o oddity) bool {
	n := r.pcap.header + int(h.caplen)
	b := r.win.peek(n + r.pcap.header)
	if len(b) < n+r.pcap.header {
		if len(b) != n || o&oddBlank != 0 {
			return false
		}
		r.pcap.habit |= o
		return true
	}
	after := r.record(b[n:])
	p := r.oddities(after)
	if after.caplen > maxFrame || p&^(o|r.pcap.habit) != 0 || p&oddBlank != 0 {
		return false
	}
	r.pcap.habit |= o &^ oddBlank
	return true
}

// searchRecord passes over octets, at least one, until a record starts or the
// input ends, and records the damage.
func (r *Reader) searchRecord(what string, cause error) {
	w := r.win
	start := w.offset()
	w.advance(1)
	for {
		need := 2*r.pcap.header + maxFrame // to judge an octet
		b, last := w.ahead(need)
		stop := len(b) - need + 1
		if last {
			stop = len(b) - r.pcap.header + 1
		}
		i := 0
		for i < stop && !r.startsRecord(b[i:], last) {
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

// startsRecord reports whether a record starts at b: its header is not odd, and
// either the input ends with it or a header like it follows. last says that the
// input ends with b.
func (r *Reader) startsRecord(b []byte, last bool) bool {
	if isFileHeader(b) {
		return true
	}
	h := r.record(b)
	if h.caplen == 0 || h.caplen > maxFrame || r.oddities(h)&^r.pcap.habit != 0 {
		return false
	}
	n := r.pcap.header + int(h.caplen)
	if n > len(b) {
		return false
	}
	if b = b[n:]; len(b) < r.pcap.header {
		return last
	}
	after := r.record(b)
	step := int64(after.sec) - int64(h.sec)
	return after.caplen <= maxFrame && r.oddities(after)&^r.pcap.habit == 0 && step < maxStep && -step < maxStep
}
