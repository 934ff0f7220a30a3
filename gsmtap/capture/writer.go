package capture

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
)

// Options that only a Writer has (pcapng §3.5.1, §4.1 and §4.2).
const (
	optionApplication = 4 // shb_userappl
	optionName        = 2 // if_name
)

// maxOption is the greatest length of an option's value in octets (pcapng §3.5).
const maxOption = 1<<16 - 1

// earlyOffset is the if_tsoffset, in seconds, of interfaces for frames before 1970:
// time stamps are unsigned, and from this offset on they reach back to the year 1678.
const earlyOffset = math.MinInt64 / 1_000_000_000

// Writer writes frames to a pcapng file of one section: little-endian, time stamps in
// nanoseconds, comments on frames. Equal calls give equal octets. It keeps no frame and
// is not safe for concurrent use.
type Writer struct {
	w          io.Writer
	interfaces map[writtenInterface]uint32
	b          []byte
}

type writtenInterface struct {
	link   LinkType
	source string
	early  bool
}

// NewWriter writes the header of the file. application names the program that writes,
// comments are on the file as a whole.
func NewWriter(w io.Writer, application string, comments ...string) (*Writer, error) {
	out := &Writer{w: w, interfaces: map[writtenInterface]uint32{}}
	b := out.start(blockSection)
	b = binary.LittleEndian.AppendUint32(b, byteOrderMagic)
	b = binary.LittleEndian.AppendUint16(b, 1) // version 1.0
	b = binary.LittleEndian.AppendUint16(b, 0)
	b = binary.LittleEndian.AppendUint64(b, math.MaxUint64) // section length not given
	for _, c := range comments {
		b = appendOption(b, optionComment, c)
	}
	b = appendOption(b, optionApplication, application)
	return out, out.finish(appendOption(b, optionEnd, ""))
}

// Frame writes a frame with its link type, lengths, octets and time stamp, and comments
// on it, each cut to 65535 octets. source names the capture it is from and becomes the
// name of its interface. A frame without time stamp gets that of 1970-01-01: a block
// that has none cannot carry comments. It fails with ErrTooLarge for a frame of more
// than 256 KiB, which no Reader gives, and with the errors of the underlying writer.
func (w *Writer) Frame(f *Frame, source string, comments ...string) error {
	if len(f.Data) > maxFrame {
		return fmt.Errorf("frame %d: %d octets: %w", f.Number, len(f.Data), ErrTooLarge)
	}
	stamp := uint64(0)
	early := f.HasTime && f.Time < 0
	switch {
	case early:
		stamp = uint64(max(f.Time, earlyOffset*1_000_000_000) - earlyOffset*1_000_000_000)
	case f.HasTime:
		stamp = uint64(f.Time)
	}
	id, err := w.describe(writtenInterface{f.LinkType, source, early})
	if err != nil {
		return err
	}
	b := w.start(blockEnhanced)
	b = binary.LittleEndian.AppendUint32(b, id)
	b = binary.LittleEndian.AppendUint32(b, uint32(stamp>>32))
	b = binary.LittleEndian.AppendUint32(b, uint32(stamp))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(f.Data)))
	b = binary.LittleEndian.AppendUint32(b, uint32(f.OrigLen))
	b = pad(append(b, f.Data...))
	for _, c := range comments {
		b = appendOption(b, optionComment, c)
	}
	if len(comments) > 0 {
		b = appendOption(b, optionEnd, "")
	}
	return w.finish(b)
}

// describe returns the number of an interface, which it declares if it is new.
func (w *Writer) describe(key writtenInterface) (uint32, error) {
	if id, ok := w.interfaces[key]; ok {
		return id, nil
	}
	id := uint32(len(w.interfaces))
	w.interfaces[key] = id
	b := w.start(blockInterface)
	b = binary.LittleEndian.AppendUint16(b, uint16(key.link))
	b = binary.LittleEndian.AppendUint16(b, 0)
	b = binary.LittleEndian.AppendUint32(b, 0) // no limit on the captured length
	b = appendOption(b, optionName, key.source)
	b = appendOption(b, optionTSResol, "\x09") // nanoseconds
	if key.early {
		offset := int64(earlyOffset)
		b = appendOption(b, optionTSOffset, string(binary.LittleEndian.AppendUint64(nil, uint64(offset))))
	}
	return id, w.finish(appendOption(b, optionEnd, ""))
}

// start begins a block; its length is filled in by finish.
func (w *Writer) start(kind uint32) []byte {
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(w.b[:0], kind), 0)
}

// finish writes a block that start began.
func (w *Writer) finish(b []byte) error {
	n := uint32(len(b) + 4)
	binary.LittleEndian.PutUint32(b[4:], n)
	w.b = binary.LittleEndian.AppendUint32(b, n)
	_, err := w.w.Write(w.b)
	return err
}

func appendOption(b []byte, code uint16, v string) []byte {
	if len(v) > maxOption {
		v = strings.ToValidUTF8(v[:maxOption], "")
	}
	b = binary.LittleEndian.AppendUint16(b, code)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(v)))
	return pad(append(b, v...))
}

// pad fills up to a multiple of four octets.
func pad(b []byte) []byte {
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}
