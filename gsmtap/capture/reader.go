package capture

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"os"
	"time"

	"github.com/google/gopacket"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// What can be wrong with a capture. Test with errors.Is.
var (
	// ErrNotCapture: the input is neither a pcap nor a pcapng file.
	ErrNotCapture = errors.New("not a capture file")
	// ErrTruncated: the input ends inside a header, record or block. It also is
	// an io.ErrUnexpectedEOF.
	ErrTruncated = fmt.Errorf("capture is cut short: %w", io.ErrUnexpectedEOF)
	// ErrCorrupt: the input contradicts itself or its format.
	ErrCorrupt = errors.New("capture is corrupt")
	// ErrTooLarge: the input exceeds a bound of this package.
	ErrTooLarge = errors.New("capture exceeds a limit")
)

// Frame is one captured frame.
type Frame struct {
	// Number counts from 1, as Wireshark does.
	Number int
	// Time is the capture time in nanoseconds since 1970-01-01 UTC; valid only if
	// HasTime.
	Time int64
	// HasTime is false for frames without a time stamp (Simple Packet Block) and
	// for those whose interface declares an unusable resolution or offset.
	HasTime bool
	// LinkType is the type of the frame's interface.
	LinkType LinkType
	// Interface counts the interfaces of the frame's section from 0; 0 in a pcap.
	Interface int
	// OrigLen is the length of the frame on the link in octets, as the file claims.
	OrigLen int
	// Data is what was captured. It is valid until the next frame is read.
	Data []byte
}

// Truncated reports whether less was captured than was on the link.
func (f *Frame) Truncated() bool { return f.OrigLen > len(f.Data) }

// Damage is a place where a capture could not be read.
type Damage struct {
	// Frame is the number of the frame that comes next after the damage, or would.
	Frame int
	// Offset is where the damage begins, in octets from the start of the file; of
	// the decompressed file if it is compressed.
	Offset int64
	// Skipped is how many octets were passed over.
	Skipped int64
	// Reason wraps ErrTruncated, ErrCorrupt or ErrTooLarge.
	Reason error
}

// Comment is a comment (opt_comment, pcapng §3.5.1) in a capture. Its text is
// valid UTF-8 and otherwise untrusted.
type Comment struct {
	// Frame is the frame the comment is on; 0 for a section or an interface.
	Frame int
	// Text is at most the first 1024 octets.
	Text string
}

// Stats is the balance of a Reader.
type Stats struct {
	// Frames is how many frames were read.
	Frames int
	// Octets is how much of the (decompressed) capture was consumed.
	Octets int64
	// Unread is how many of Octets could not be made use of.
	Unread int64
	// Damages are the first 100 damages, in the order of the file.
	Damages []Damage
	// DamageCount is the number of all damages.
	DamageCount int
	// CommentCount is the number of all comments.
	CommentCount int
}

// Reader reads the frames of one capture: pcap with micro- or nanoseconds,
// "modified" pcap, or pcapng, in either byte order, plain or inside gzip or zstd.
// It implements gopacket.PacketDataSource and gopacket.ZeroCopyPacketDataSource.
//
// A Reader is not safe for concurrent use.
type Reader struct {
	raw    *rawInput
	win    *window
	limit  int64 // of decompressed octets
	closer []func() error

	order    byteOrder // of the file or section
	isPcapng bool
	pcap     pcapState
	ng       pcapngState

	frames   int
	unread   int64
	damages  []Damage
	damaged  int
	comments []Comment
	remarks  int
	links    []LinkType

	err error // sticky; io.EOF after the last frame
}

var (
	_ gopacket.PacketDataSource         = (*Reader)(nil)
	_ gopacket.ZeroCopyPacketDataSource = (*Reader)(nil)
)

// Open opens the capture file at path. The errors are those of New and of the
// operating system. Close it after use.
func Open(path string) (*Reader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r, err := New(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.closer = append(r.closer, f.Close)
	return r, nil
}

// New returns a Reader over src, which it reads to its end in large pieces. It
// fails with ErrNotCapture, ErrTruncated if the input ends in the file header,
// ErrCorrupt if compressed input does not decompress, or an error of src.
func New(src io.Reader) (*Reader, error) { return newReader(src, maxInflated, inflatedFloor) }

func newReader(src io.Reader, limit, floor int64) (*Reader, error) {
	r := &Reader{raw: newRawInput(src), limit: limit}
	r.win = newWindow(r.raw)
	err := r.start(floor)
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// start finds the container, inside compression if need be.
func (r *Reader) start(floor int64) error {
	for nesting := 0; ; nesting++ {
		b := r.win.peek(12)
		var src io.Reader
		switch {
		case len(b) >= 2 && b[0] == 0x1f && b[1] == 0x8b:
			z, err := gzip.NewReader(r.win)
			if err != nil {
				return r.startError("gzip header", err)
			}
			src = z
		case len(b) >= 4 && isZstd(binary.LittleEndian.Uint32(b)):
			z, err := zstd.NewReader(r.win, zstd.WithDecoderConcurrency(1),
				zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxZstdWindow))
			if err != nil {
				return r.startError("zstd header", err)
			}
			r.closer = append(r.closer, func() error { z.Close(); return nil })
			src = z
		default:
			return r.startContainer(b)
		}
		if nesting == maxNesting {
			return fmt.Errorf("compressed more than %d times: %w", maxNesting, ErrNotCapture)
		}
		r.win = newWindow(&inflated{src: src, raw: r.raw, limit: r.limit, floor: floor})
	}
}

// isZstd reports whether a file that starts with magic is zstd: a frame, or the
// skippable frame that parallel writers put first (RFC 8878 §3.1).
func isZstd(magic uint32) bool { return magic == 0xfd2fb528 || magic&^0xf == 0x184d2a50 }

func (r *Reader) startContainer(b []byte) error {
	if err := r.win.err; err != nil && err != io.EOF && len(b) < 12 {
		return r.startError("file header", err)
	}
	if len(b) == 0 {
		return fmt.Errorf("input is empty: %w", ErrNotCapture)
	}
	if len(b) < 4 {
		return fmt.Errorf("input has %d octets: %w", len(b), ErrNotCapture)
	}
	magic := binary.BigEndian.Uint32(b)
	if magic == blockSection {
		return r.startPcapng(b)
	}
	return r.startPcap(magic)
}

// startError tells an error of the source from one of the decompressor.
func (r *Reader) startError(what string, err error) error {
	switch {
	case r.raw.err != nil:
		return fmt.Errorf("%s at offset 0: %w", what, r.raw.err)
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s at offset 0: %w", what, ErrTruncated)
	}
	return fmt.Errorf("%s at offset 0: %v: %w", what, err, ErrCorrupt)
}

// Next returns the next frame. Its Data is valid until the following call. After
// the last frame it returns io.EOF; damage in the capture is not an error but an
// entry in Stats. An error of the source is returned as it is met, and again by
// every later call.
func (r *Reader) Next() (f Frame, err error) {
	if r.err != nil {
		return Frame{}, r.err
	}
	var found bool
	if r.isPcapng {
		found = r.nextPcapng(&f)
	} else {
		found = r.nextPcap(&f)
	}
	if !found {
		r.finish()
		return Frame{}, r.err
	}
	r.frames++
	f.Number = r.frames
	return f, nil
}

// finish settles why the input ended and reads what is left of the file for the
// hash.
func (r *Reader) finish() {
	at, left := r.win.offset(), r.win.end-r.win.pos
	r.win.advance(left)
	switch end := r.win.err; {
	case end == nil || end == io.EOF:
		if left > 0 {
			r.damage(at, int64(left), "header cut after %d octets: %w", left, ErrTruncated)
		}
	case r.raw.err != nil || end == io.ErrNoProgress:
		r.unread += int64(left)
		r.err = fmt.Errorf("frame %d at offset %d: %w", r.frames+1, at, end)
		return
	case end == errInflated:
		r.damage(at, int64(left), "%v: %w", end, ErrTooLarge)
	case errors.Is(end, io.ErrUnexpectedEOF):
		r.damage(at, int64(left), "compressed data: %w", ErrTruncated)
	case errors.Is(end, zstd.ErrWindowSizeExceeded) || errors.Is(end, zstd.ErrDecoderSizeExceeded):
		r.damage(at, int64(left), "compressed data: %v: %w", end, ErrTooLarge)
	default:
		r.damage(at, int64(left), "compressed data: %v: %w", end, ErrCorrupt)
	}
	stop := r.raw.n + maxDrain
	for idle := 0; !r.raw.eof && r.raw.n < stop; idle++ {
		n, err := r.raw.Read(r.win.buf)
		if n > 0 {
			idle = 0
		} else if idle == maxIdle && err == nil {
			err = io.ErrNoProgress
		}
		if err != nil && err != io.EOF {
			r.err = fmt.Errorf("frame %d at offset %d: %w", r.frames+1, r.win.offset(), err)
			return
		}
	}
	r.err = io.EOF
}

// damage records a damage; format ends in %w. Only those kept are formatted.
func (r *Reader) damage(offset, skipped int64, format string, args ...any) {
	r.damaged++
	r.unread += skipped
	if len(r.damages) < maxDamages {
		args = append([]any{r.frames + 1, offset}, args...)
		r.damages = append(r.damages, Damage{
			Frame: r.frames + 1, Offset: offset, Skipped: skipped,
			Reason: fmt.Errorf("frame %d at offset %d: "+format, args...),
		})
	}
}

// link remembers that the capture holds frames of l.
func (r *Reader) link(l LinkType) {
	for _, known := range r.links {
		if known == l {
			return
		}
	}
	if len(r.links) < maxLinkTypes {
		r.links = append(r.links, l)
	}
}

// Stats returns the balance so far.
func (r *Reader) Stats() Stats {
	return Stats{
		Frames: r.frames, Octets: r.win.offset(), Unread: r.unread,
		Damages: r.damages, DamageCount: r.damaged, CommentCount: r.remarks,
	}
}

// Comments returns the first 100 comments met so far.
func (r *Reader) Comments() []Comment { return r.comments }

// LinkTypes returns the link types declared so far, at most 64, in the order of
// the file.
func (r *Reader) LinkTypes() []LinkType { return r.links }

// SHA256 returns the hash of the file's octets as they are stored, compressed or
// not. ok is false before Next has returned io.EOF, and if more than 64 GiB
// followed the last frame.
func (r *Reader) SHA256() (sum [32]byte, ok bool) {
	if r.err != io.EOF || !r.raw.eof {
		return sum, false
	}
	r.raw.hash.Sum(sum[:0])
	return sum, true
}

// Bytes returns how many octets of the file, as it is stored, were read.
func (r *Reader) Bytes() int64 { return r.raw.n }

// Close releases what Open and the decompressors hold. It does not close the
// source given to New.
func (r *Reader) Close() error {
	var err error
	for _, c := range r.closer {
		err = errors.Join(err, c())
	}
	r.closer = nil
	if r.err == nil {
		r.err = os.ErrClosed
	}
	return err
}

// ZeroCopyReadPacketData returns what Next does, in gopacket's terms. A frame
// without a time stamp has the zero time.
func (r *Reader) ZeroCopyReadPacketData() ([]byte, gopacket.CaptureInfo, error) {
	f, err := r.Next()
	if err != nil {
		return nil, gopacket.CaptureInfo{}, err
	}
	ci := gopacket.CaptureInfo{CaptureLength: len(f.Data), Length: f.OrigLen, InterfaceIndex: f.Interface}
	if f.HasTime {
		ci.Timestamp = time.Unix(0, f.Time).UTC()
	}
	return f.Data, ci, nil
}

// ReadPacketData is ZeroCopyReadPacketData with data that stays valid.
func (r *Reader) ReadPacketData() ([]byte, gopacket.CaptureInfo, error) {
	data, ci, err := r.ZeroCopyReadPacketData()
	if err != nil {
		return nil, ci, err
	}
	return append([]byte(nil), data...), ci, nil
}

// byteOrder is the order in which a file or section was written.
type byteOrder bool

const (
	littleEndian byteOrder = false
	bigEndian    byteOrder = true
)

func (o byteOrder) u32(b []byte) uint32 {
	v := binary.LittleEndian.Uint32(b)
	if o == bigEndian {
		v = bits.ReverseBytes32(v)
	}
	return v
}

func (o byteOrder) u16(b []byte) uint16 {
	v := binary.LittleEndian.Uint16(b)
	if o == bigEndian {
		v = bits.ReverseBytes16(v)
	}
	return v
}
