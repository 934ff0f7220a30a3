package capture

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// order is a byte order to write in.
type order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

var orders = []struct {
	name string
	order
}{{"little endian", binary.LittleEndian}, {"big endian", binary.BigEndian}}

// pcapFile builds a classic pcap.
type pcapFile struct {
	order
	b        []byte
	modified bool
}

func newPcapFile(o order, magic, snaplen, link uint32) *pcapFile {
	p := &pcapFile{order: o, modified: magic == magicModified}
	p.b = o.AppendUint32(nil, magic)
	p.b = o.AppendUint16(p.b, 2)
	p.b = o.AppendUint16(p.b, 4)
	for _, v := range []uint32{0, 0, snaplen, link} {
		p.b = o.AppendUint32(p.b, v)
	}
	return p
}

// record appends a record whose header claims what it is told.
func (p *pcapFile) record(sec, sub, caplen, origlen uint32, data []byte) *pcapFile {
	for _, v := range []uint32{sec, sub, caplen, origlen} {
		p.b = p.AppendUint32(p.b, v)
	}
	if p.modified {
		p.b = append(p.b, 0, 0, 0, 2, 8, 0, 0, 0)
	}
	p.b = append(p.b, data...)
	return p
}

// frame appends a sound record.
func (p *pcapFile) frame(sec uint32, data []byte) *pcapFile {
	n := uint32(len(data))
	return p.record(sec, 250000, n, n, data)
}

// pcapngFile builds a pcapng.
type pcapngFile struct {
	order
	b []byte
}

// block appends a block with body padded to four octets.
func (p *pcapngFile) block(kind uint32, body []byte) *pcapngFile {
	padded := (len(body) + 3) &^ 3
	n := uint32(padded + blockOverhead)
	p.b = p.AppendUint32(p.b, kind)
	p.b = p.AppendUint32(p.b, n)
	p.b = append(p.b, body...)
	p.b = append(p.b, make([]byte, padded-len(body))...)
	p.b = p.AppendUint32(p.b, n)
	return p
}

func (p *pcapngFile) option(code uint16, v []byte) []byte {
	b := p.AppendUint16(nil, code)
	b = p.AppendUint16(b, uint16(len(v)))
	b = append(b, v...)
	return append(b, make([]byte, -len(b)&3)...)
}

func (p *pcapngFile) section(options ...byte) *pcapngFile {
	b := p.AppendUint32(nil, byteOrderMagic)
	b = p.AppendUint16(b, 1)
	b = p.AppendUint16(b, 0)
	b = p.AppendUint64(b, ^uint64(0))
	return p.block(blockSection, append(b, options...))
}

func (p *pcapngFile) iface(link uint16, snaplen uint32, options ...byte) *pcapngFile {
	b := p.AppendUint16(nil, link)
	b = p.AppendUint16(b, 0)
	b = p.AppendUint32(b, snaplen)
	return p.block(blockInterface, append(b, options...))
}

// enhanced appends an Enhanced Packet Block whose header claims what it is told.
func (p *pcapngFile) enhanced(id uint32, stamp uint64, caplen, origlen uint32, data []byte, options ...byte) *pcapngFile {
	b := p.AppendUint32(nil, id)
	b = p.AppendUint32(b, uint32(stamp>>32))
	b = p.AppendUint32(b, uint32(stamp))
	b = p.AppendUint32(b, caplen)
	b = p.AppendUint32(b, origlen)
	b = append(b, data...)
	b = append(b, make([]byte, -len(b)&3)...)
	return p.block(blockEnhanced, append(b, options...))
}

func (p *pcapngFile) frame(id uint32, stamp uint64, data []byte) *pcapngFile {
	return p.enhanced(id, stamp, uint32(len(data)), uint32(len(data)), data)
}

func (p *pcapngFile) simple(origlen uint32, data []byte) *pcapngFile {
	return p.block(blockSimple, append(p.AppendUint32(nil, origlen), data...))
}

func (p *pcapngFile) obsolete(id uint16, stamp uint64, data []byte) *pcapngFile {
	b := p.AppendUint16(nil, id)
	b = p.AppendUint16(b, 7) // drops
	b = p.AppendUint32(b, uint32(stamp>>32))
	b = p.AppendUint32(b, uint32(stamp))
	b = p.AppendUint32(b, uint32(len(data)))
	b = p.AppendUint32(b, uint32(len(data)))
	return p.block(blockPacket, append(b, data...))
}

// octets returns n octets that start with seed.
func octets(seed byte, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = seed + byte(3*i)
	}
	return b
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

func zstandard(b []byte) []byte {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return w.EncodeAll(b, nil)
}

// readFrames reads a capture to its end and copies its frames.
func readFrames(t *testing.T, src io.Reader) ([]Frame, *Reader) {
	t.Helper()
	r, err := New(src)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	t.Cleanup(func() { r.Close() })
	var frames []Frame
	for {
		f, err := r.Next()
		if err == io.EOF {
			return frames, r
		}
		if err != nil {
			t.Fatalf("Next after %d frames: %v", len(frames), err)
		}
		f.Data = bytes.Clone(f.Data)
		frames = append(frames, f)
	}
}

// Packets for the Unwrapper, all in network byte order.

func u16be(v int) []byte { return []byte{byte(v >> 8), byte(v)} }

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func udpPacket(src, dst int, payload []byte) []byte {
	return join(u16be(src), u16be(dst), u16be(8+len(payload)), u16be(0), payload)
}

func ip4Packet(protocol byte, payload []byte) []byte {
	return join([]byte{0x45, 0}, u16be(20+len(payload)), []byte{0, 1, 0, 0, 64, protocol, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1}, payload)
}

func ip6Packet(next byte, payload []byte) []byte {
	return join([]byte{0x60, 0, 0, 0}, u16be(len(payload)), []byte{next, 64}, make([]byte, 15), []byte{1}, make([]byte, 15), []byte{1}, payload)
}

func etherFrame(kind int, payload []byte) []byte {
	return join([]byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}, u16be(kind), payload)
}

// gsmtapPDU is a GSMTAP version 2 header and a 23-octet block.
func gsmtapPDU() []byte {
	return join([]byte{2, 4, 1, 0, 0, 12, 0xc4, 10, 0, 0, 0, 7, 1, 0, 0, 0}, octets(0x49, 23))
}
