package capture

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/gopacket"
)

const when = 1700000000 // seconds

// captureCase is a capture and what is in it.
type captureCase struct {
	name   string
	file   []byte
	want   []Frame
	damage []Damage // Reason: the sentinel
}

// soundCaptures are files without a fault, in every variant.
func soundCaptures() []captureCase {
	var cases []captureCase
	a, b := octets(1, 60), octets(2, 61)
	for _, o := range orders {
		for _, m := range []struct {
			name  string
			magic uint32
			scale int64
		}{{"micro", magicMicro, 1000}, {"nano", magicNano, 1}, {"modified", magicModified, 1000}} {
			for _, snaplen := range []uint32{0, 40, 65535, 0xffffffff} { // caplen > snaplen is common
				cases = append(cases, captureCase{
					name: fmt.Sprintf("pcap %s %s snaplen %d", m.name, o.name, snaplen),
					file: newPcapFile(o, m.magic, snaplen, 149).frame(when, a).record(when+1, 5, 61, 80, b).b,
					want: []Frame{
						{Number: 1, Time: when*1e9 + 250000*m.scale, HasTime: true, LinkType: LinkUser2, OrigLen: 60, Data: a},
						{Number: 2, Time: (when+1)*1e9 + 5*m.scale, HasTime: true, LinkType: LinkUser2, OrigLen: 80, Data: b},
					},
				})
			}
		}
		p := func() *pcapngFile { return (&pcapngFile{order: o}).section() }
		opt := func(code uint16, v ...byte) []byte { return (&pcapngFile{order: o}).option(code, v) }
		cases = append(cases,
			captureCase{name: "pcap without frames " + o.name, file: newPcapFile(o, magicMicro, 0, 1).b},
			captureCase{
				name: "pcap link type beyond 8 bits, FCS length set, " + o.name,
				file: newPcapFile(o, magicMicro, 0, 0x4<<28|1<<26|276).frame(when, a).b,
				want: []Frame{{Number: 1, Time: when*1e9 + 250e6, HasTime: true, LinkType: LinkSLL2, OrigLen: 60, Data: a}},
			},
			captureCase{
				name: "pcap empty frame " + o.name,
				file: newPcapFile(o, magicMicro, 0, 1).frame(when, nil).frame(when, a).b,
				want: []Frame{
					{Number: 1, Time: when*1e9 + 250e6, HasTime: true, LinkType: 1},
					{Number: 2, Time: when*1e9 + 250e6, HasTime: true, LinkType: 1, OrigLen: 60, Data: a},
				},
			},
			captureCase{name: "pcapng without frames " + o.name, file: p().b},
			captureCase{
				name: "pcapng interfaces of their own link type and resolution " + o.name,
				file: p().iface(1, 0).
					iface(228, 65535, opt(optionTSResol, 9)...).
					iface(276, 0, join(opt(optionTSResol, 0x80|20), opt(optionTSOffset, o.AppendUint64(nil, when)...), opt(optionEnd))...).
					iface(147, 0, opt(optionTSResol, 0)...).
					frame(2, 3<<19, a).frame(1, when*1e9+7, b).frame(0, when*1e6+9, a).frame(3, when, b).b,
				want: []Frame{
					{Number: 1, Time: (when+1)*1e9 + 5e8, HasTime: true, LinkType: LinkSLL2, Interface: 2, OrigLen: 60, Data: a},
					{Number: 2, Time: when*1e9 + 7, HasTime: true, LinkType: LinkIPv4, Interface: 1, OrigLen: 61, Data: b},
					{Number: 3, Time: when*1e9 + 9000, HasTime: true, LinkType: 1, OrigLen: 60, Data: a},
					{Number: 4, Time: when * 1e9, HasTime: true, LinkType: 147, Interface: 3, OrigLen: 61, Data: b},
				},
			},
			captureCase{
				name: "pcapng simple and obsolete blocks " + o.name,
				file: p().iface(1, 61).simple(61, b).simple(900, b).obsolete(0, when*1e6, a).b,
				want: []Frame{
					{Number: 1, LinkType: 1, OrigLen: 61, Data: b},
					{Number: 2, LinkType: 1, OrigLen: 900, Data: b},
					{Number: 3, Time: when * 1e9, HasTime: true, LinkType: 1, OrigLen: 60, Data: a},
				},
			},
			captureCase{
				name: "pcapng blocks without packets " + o.name,
				file: p().iface(1, 0).block(blockNames, octets(0, 40)).block(blockSecrets, octets(0, 44)).
					block(0x80000001, octets(1, 13)).frame(0, when*1e6, a).
					block(0x0bad, make([]byte, maxWindow+12)).block(blockStats, octets(9, 20)).b,
				want: []Frame{{Number: 1, Time: when * 1e9, HasTime: true, LinkType: 1, OrigLen: 60, Data: a}},
			},
		)
	}
	le, be := &pcapngFile{order: binary.LittleEndian}, &pcapngFile{order: binary.BigEndian}
	le.section().iface(1, 0).iface(101, 0).frame(1, when*1e6, a)
	be.section().iface(147, 0).frame(0, when*1e6, b)
	return append(cases, captureCase{
		name: "pcapng sections of both byte orders",
		file: join(le.b, be.b, le.b),
		want: []Frame{
			{Number: 1, Time: when * 1e9, HasTime: true, LinkType: 101, Interface: 1, OrigLen: 60, Data: a},
			{Number: 2, Time: when * 1e9, HasTime: true, LinkType: 147, OrigLen: 61, Data: b},
			{Number: 3, Time: when * 1e9, HasTime: true, LinkType: 101, Interface: 1, OrigLen: 60, Data: a},
		},
	})
}

// check compares what a reader gives with the case.
func (c *captureCase) check(t *testing.T, frames []Frame, r *Reader) {
	t.Helper()
	if len(frames) != len(c.want) {
		t.Fatalf("%d frames, want %d; damages %v", len(frames), len(c.want), r.Stats().Damages)
	}
	for i, f := range frames {
		w := c.want[i]
		if !bytes.Equal(f.Data, w.Data) {
			t.Errorf("frame %d: data differ", i+1)
		}
		f.Data, w.Data = nil, nil
		if fmt.Sprint(f) != fmt.Sprint(w) {
			t.Errorf("frame %d:\n got %+v\nwant %+v", i+1, f, w)
		}
	}
	s := r.Stats()
	if s.Frames != len(c.want) || s.DamageCount != len(c.damage) {
		t.Fatalf("%d frames and %d damages, want %d and %d: %v", s.Frames, s.DamageCount, len(c.want), len(c.damage), s.Damages)
	}
	unread := int64(0)
	for i, d := range s.Damages {
		w := c.damage[i]
		if d.Frame != w.Frame || d.Offset != w.Offset || d.Skipped != w.Skipped || !errors.Is(d.Reason, w.Reason) {
			t.Errorf("damage %d:\n got %+v\nwant %+v", i+1, d, w)
		}
		if text := d.Reason.Error(); !strings.HasPrefix(text, fmt.Sprintf("frame %d at offset %d: ", d.Frame, d.Offset)) {
			t.Errorf("damage %d does not say where: %s", i+1, text)
		}
		unread += d.Skipped
	}
	if s.Unread != unread {
		t.Errorf("%d octets unread, damages hold %d", s.Unread, unread)
	}
}

func TestSoundCaptures(t *testing.T) {
	for _, c := range soundCaptures() {
		t.Run(c.name, func(t *testing.T) {
			for _, around := range []struct {
				name string
				wrap func([]byte) []byte
			}{
				{"plain", func(b []byte) []byte { return b }},
				{"gzip", gzipped},
				{"zstd", zstandard},
				{"gzip in zstd", func(b []byte) []byte { return zstandard(gzipped(b)) }},
				{"two gzip members", func(b []byte) []byte { return join(gzipped(b[:10]), gzipped(b[10:])) }},
			} {
				file := around.wrap(c.file)
				frames, r := readFrames(t, bytes.NewReader(file))
				c.check(t, frames, r)
				if sum, ok := r.SHA256(); !ok || sum != sha256.Sum256(file) || r.Bytes() != int64(len(file)) {
					t.Errorf("%s: hash wrong or missing (%v), %d octets of %d", around.name, ok, r.Bytes(), len(file))
				}
				if s := r.Stats(); s.Octets != int64(len(c.file)) {
					t.Errorf("%s: %d octets consumed of %d", around.name, s.Octets, len(c.file))
				}
			}
			frames, r := readFrames(t, iotest.DataErrReader(iotest.OneByteReader(bytes.NewReader(c.file))))
			c.check(t, frames, r)
		})
	}
}

// TestCapinfos compares the number of frames with capinfos' where it is installed.
func TestCapinfos(t *testing.T) {
	capinfos, err := exec.LookPath("capinfos")
	if err != nil {
		t.Skip("capinfos is not installed")
	}
	for _, c := range soundCaptures() {
		file := filepath.Join(t.TempDir(), "capture")
		if err := os.WriteFile(file, c.file, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(capinfos, "-c", "-M", "-T", "-r", file).Output()
		if err != nil {
			t.Logf("%s: capinfos does not read it: %v", c.name, err)
			continue
		}
		cells := strings.Fields(string(out))
		if n, err := strconv.Atoi(cells[len(cells)-1]); err != nil || n != len(c.want) {
			t.Errorf("%s: capinfos counts %q, want %d", c.name, out, len(c.want))
		}
	}
}

func TestNotCapture(t *testing.T) {
	le := binary.LittleEndian
	badVersion := (&pcapngFile{order: le}).section().b
	badVersion[12], badVersion[14] = 9, 9
	badOrder := (&pcapngFile{order: le}).section().b
	badOrder[8] = 0
	cause := errors.New("disk on fire")
	for _, tt := range []struct {
		name string
		src  io.Reader
		want error
		text string
	}{
		{"empty", strings.NewReader(""), ErrNotCapture, "input is empty"},
		{"three octets", strings.NewReader("\xd4\xc3\xb2"), ErrNotCapture, "3 octets"},
		{"text", strings.NewReader("this is no capture file"), ErrNotCapture, "0x74686973"},
		{"empty gzip", bytes.NewReader(gzipped(nil)), ErrNotCapture, "input is empty"},
		{"gzip thrice", bytes.NewReader(gzipped(gzipped(gzipped(newPcapFile(le, magicMicro, 0, 1).b)))), ErrNotCapture, "more than 2"},
		{"gzip header cut", strings.NewReader("\x1f\x8b\x08"), ErrTruncated, "offset 0"},
		{"gzip header wrong", strings.NewReader("\x1f\x8b\x09\x00\x00\x00\x00\x00\x00\x00"), ErrCorrupt, "offset 0"},
		{"zstd cut", bytes.NewReader(zstandard(newPcapFile(le, magicMicro, 0, 1).b)[:7]), ErrTruncated, "offset 0"},
		{"pcapng version 9.9", bytes.NewReader(badVersion), ErrNotCapture, "version 9.9"},
		{"pcapng byte order", bytes.NewReader(badOrder), ErrNotCapture, "byte-order magic"},
		{"pcap header cut", bytes.NewReader(newPcapFile(le, magicMicro, 0, 1).b[:23]), ErrTruncated, "23 of 24"},
		{"source fails", iotest.ErrReader(cause), cause, "offset 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := New(tt.src)
			if !errors.Is(err, tt.want) || r != nil {
				t.Fatalf("error %v, want %v", err, tt.want)
			}
			if !strings.Contains(err.Error(), tt.text) {
				t.Errorf("%q does not contain %q", err, tt.text)
			}
		})
	}
	if _, err := Open(filepath.Join(t.TempDir(), "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := Open(t.TempDir()); err == nil || errors.Is(err, ErrNotCapture) {
		t.Errorf("folder: %v", err)
	}
}

// TestDamaged holds the faults that other readers stop at, or worse.
func TestDamaged(t *testing.T) {
	le := order(binary.LittleEndian)
	a, b := octets(1, 60), octets(2, 61)
	at := func(n int, sec int64, data []byte, orig int) Frame {
		return Frame{Number: n, Time: sec*1e9 + 250e6, HasTime: true, LinkType: 1, OrigLen: orig, Data: data}
	}
	pcap := func() *pcapFile { return newPcapFile(le, magicMicro, 65535, 1) }
	ng := func() *pcapngFile { return (&pcapngFile{order: le}).section().iface(1, 0) }
	ngAt := func(n int, data []byte) Frame {
		return Frame{Number: n, Time: when * 1e9, HasTime: true, LinkType: 1, OrigLen: len(data), Data: data}
	}
	const stamp = when * 1e6
	garbage := func(p *pcapFile, g []byte) *pcapFile { p.b = append(p.b, g...); return p }
	ngGarbage := func(p *pcapngFile, g []byte) *pcapngFile { p.b = append(p.b, g...); return p }
	wrongTail := ng().frame(0, stamp, a)
	wrongTail.b[len(wrongTail.b)-4]++
	resolution := func(v byte) []byte {
		return (&pcapngFile{order: le}).section().iface(1, 0, (&pcapngFile{order: le}).option(optionTSResol, []byte{v})...).frame(0, stamp, a).b
	}
	length := func(n uint32) []byte { // a block of that length between two frames
		p := ng().frame(0, stamp, a)
		p.b = le.AppendUint32(le.AppendUint32(p.b, blockEnhanced), n)
		return p.frame(0, stamp, b).b
	}
	manyInterfaces := func(n int) []byte {
		p := (&pcapngFile{order: le}).section()
		for range n {
			p.iface(1, 0)
		}
		return p.frame(7, stamp, a).frame(maxInterfaces, stamp, b).frame(maxInterfaces-1, stamp, b).b
	}

	for _, c := range []captureCase{
		{"pcap 1 GiB claimed, then a frame", pcap().frame(when, a).record(when, 0, 1<<30, 1<<30, nil).frame(when, b).b,
			[]Frame{at(1, when, a, 60), at(2, when, b, 61)},
			[]Damage{{2, 24 + 76, 16, ErrTooLarge}}},
		{"pcap 1 GiB claimed, nothing else", pcap().record(when, 0, 1<<30, 1<<30, nil).b, nil,
			[]Damage{{1, 24, 16, ErrTooLarge}}},
		{"pcap cut in last record", pcap().frame(when, a).frame(when, b).b[:24+76+30],
			[]Frame{at(1, when, a, 60)}, []Damage{{2, 100, 30, ErrTruncated}}},
		{"pcap cut in last header", pcap().frame(when, a).frame(when, b).b[:24+76+9],
			[]Frame{at(1, when, a, 60)}, []Damage{{2, 100, 9, ErrTruncated}}},
		{"pcap captured more than original, one", pcap().frame(when, a).record(when, 250000, 61, 40, b).frame(when, a).b,
			[]Frame{at(1, when, a, 60), at(2, when, b, 40), at(3, when, a, 60)}, nil},
		{"pcap captured more than original, all", pcap().record(when, 250000, 60, 40, a).record(when, 250000, 61, 40, b).b,
			[]Frame{at(1, when, a, 40), at(2, when, b, 40)}, nil},
		{"pcap garbage between records", garbage(pcap().frame(when, a), bytes.Repeat([]byte("garbage!"), 20)).frame(when, b).frame(when, a).b,
			[]Frame{at(1, when, a, 60), at(2, when, b, 61), at(3, when, a, 60)},
			[]Damage{{2, 100, 160, ErrTooLarge}}},
		{"pcap zeros between records", garbage(pcap().frame(when, a), make([]byte, 33)).frame(when, b).b,
			[]Frame{at(1, when, a, 60), at(2, when, b, 61)},
			[]Damage{{2, 100, 33, ErrCorrupt}}},
		{"pcap zeros at the end", garbage(pcap().frame(when, a), make([]byte, 1000)).b,
			[]Frame{at(1, when, a, 60)}, []Damage{{2, 100, 1000, ErrCorrupt}}},
		{"pcap more garbage than a window", garbage(pcap().frame(when, a), bytes.Repeat([]byte{0xa5}, 3*maxWindow)).frame(when, b).b,
			[]Frame{at(1, when, a, 60), at(2, when, b, 61)},
			[]Damage{{2, 100, 3 * maxWindow, ErrTooLarge}}},
		{"pcap caplen too small by five", pcap().frame(when, a).record(when, 250000, 55, 60, a).frame(when, b).frame(when, a).b,
			[]Frame{at(1, when, a, 60), at(2, when, a[:55], 60), at(3, when, b, 61), at(4, when, a, 60)},
			[]Damage{{3, 176 - 5, 5, ErrTooLarge}}},
		{"pcap sub-seconds of 2000 s", pcap().record(when, 2_000_000_000, 60, 60, a).frame(when, b).b,
			[]Frame{{Number: 1, Time: (when + 2000) * 1e9, HasTime: true, LinkType: 1, OrigLen: 60, Data: a}, at(2, when, b, 61)}, nil},
		{"pcap clock set while running", garbage(pcap().frame(4e8, a), []byte("\xff\xff\xff\xff")).frame(when, b).frame(when, a).b,
			[]Frame{at(1, 4e8, a, 60), at(2, when, b, 61), at(3, when, a, 60)}, []Damage{{2, 100, 4, ErrCorrupt}}},

		{"pcap joined", join(pcap().frame(when, a).b, newPcapFile(binary.BigEndian, magicNano, 0, 147).record(when, 7, 61, 61, b).b),
			[]Frame{at(1, when, a, 60), {Number: 2, Time: when*1e9 + 7, HasTime: true, LinkType: 147, OrigLen: 61, Data: b}},
			[]Damage{{2, 100, 24, ErrCorrupt}}},
		{"pcap joined after garbage", join(garbage(pcap().frame(when, a), []byte("\xff\xff\xff\xff\xff")).b, newPcapFile(le, magicMicro, 0, 147).record(when, 7, 61, 61, b).b),
			[]Frame{at(1, when, a, 60), {Number: 2, Time: when*1e9 + 7000, HasTime: true, LinkType: 147, OrigLen: 61, Data: b}},
			[]Damage{{2, 100, 5, ErrTooLarge}, {2, 105, 24, ErrCorrupt}}},

		{"pcapng caplen 0xfffffff0", ng().enhanced(0, stamp, 0xfffffff0, 60, a).frame(0, stamp, b).b,
			[]Frame{ngAt(1, b)}, []Damage{{1, 48, 92, ErrTooLarge}}},
		{"pcapng caplen 1 GiB", ng().enhanced(0, stamp, 1<<30, 1<<30, a).frame(0, stamp, b).b,
			[]Frame{ngAt(1, b)}, []Damage{{1, 48, 92, ErrTooLarge}}},
		{"pcapng caplen past the block", ng().enhanced(0, stamp, 61, 61, a).frame(0, stamp, b).b,
			[]Frame{ngAt(1, b)}, []Damage{{1, 48, 92, ErrCorrupt}}},
		{"pcapng cut in a packet", ng().frame(0, stamp, a).frame(0, stamp, b).b[:48+92+40],
			[]Frame{ngAt(1, a)}, []Damage{{2, 140, 40, ErrTruncated}}},
		{"pcapng cut in a block header", ng().frame(0, stamp, a).frame(0, stamp, b).b[:48+92+7],
			[]Frame{ngAt(1, a)}, []Damage{{2, 140, 7, ErrTruncated}}},
		{"pcapng block length 0", length(0), []Frame{ngAt(1, a), ngAt(2, b)}, []Damage{{2, 140, 8, ErrCorrupt}}},
		{"pcapng block length 4", length(4), []Frame{ngAt(1, a), ngAt(2, b)}, []Damage{{2, 140, 8, ErrCorrupt}}},
		{"pcapng block length 8", length(8), []Frame{ngAt(1, a), ngAt(2, b)}, []Damage{{2, 140, 8, ErrCorrupt}}},
		{"pcapng block length 13", length(13), []Frame{ngAt(1, a), ngAt(2, b)}, []Damage{{2, 140, 8, ErrCorrupt}}},
		{"pcapng block length 4 GiB", length(0xfffffffc), []Frame{ngAt(1, a), ngAt(2, b)}, []Damage{{2, 140, 8, ErrTooLarge}}},
		{"pcapng block longer than the file", length(4096), []Frame{ngAt(1, a), ngAt(2, b)}, []Damage{{2, 140, 8, ErrTruncated}}},
		{"pcapng wrong trailing length", wrongTail.frame(0, stamp, b).b, []Frame{ngAt(1, b)}, []Damage{{1, 48, 92, ErrCorrupt}}},
		{"pcapng garbage between blocks", ngGarbage(ng().frame(0, stamp, a), []byte("garbage")).frame(0, stamp, b).b,
			[]Frame{ngAt(1, a), ngAt(2, b)}, []Damage{{2, 140, 7, ErrCorrupt}}},
		{"pcapng more garbage than a window", ngGarbage(ng().frame(0, stamp, a), bytes.Repeat([]byte{0xa5}, 2*maxWindow+3)).frame(0, stamp, b).b,
			[]Frame{ngAt(1, a), ngAt(2, b)}, []Damage{{2, 140, 2*maxWindow + 3, ErrCorrupt}}},
		{"pcapng resolution 2^-127", resolution(0xff), []Frame{{Number: 1, LinkType: 1, OrigLen: 60, Data: a}}, []Damage{{1, 28, 0, ErrCorrupt}}},
		{"pcapng resolution 10^-77", resolution(77), []Frame{{Number: 1, LinkType: 1, OrigLen: 60, Data: a}}, []Damage{{1, 28, 0, ErrCorrupt}}},
		{"pcapng interface option overruns", (&pcapngFile{order: le}).section().iface(1, 0, 9, 0, 200, 0, 6, 0, 0, 0).frame(0, stamp, a).b,
			[]Frame{ngAt(1, a)}, []Damage{{1, 28, 0, ErrCorrupt}}},
		{"pcapng statistics option overruns", ng().block(blockStats, []byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 255, 255}).frame(0, stamp, a).b,
			[]Frame{ngAt(1, a)}, nil},
		{"pcapng packet option overruns", ng().enhanced(0, stamp, 60, 60, a, 1, 0, 99, 0).frame(0, stamp, b).b,
			[]Frame{ngAt(1, a), ngAt(2, b)}, []Damage{{1, 48, 0, ErrCorrupt}}},
		{"pcapng packet of no interface", (&pcapngFile{order: le}).section().frame(0, stamp, a).simple(60, a).iface(1, 0).frame(0, stamp, b).b,
			[]Frame{ngAt(1, b)}, []Damage{{1, 28, 92, ErrCorrupt}, {1, 120, 76, ErrCorrupt}}},
		{"pcapng section of version 9", join(ng().frame(0, stamp, a).b, version9(ng().frame(0, stamp, a).b), ng().frame(0, stamp, b).b),
			[]Frame{ngAt(1, a), ngAt(2, b)}, []Damage{{2, 140, 28, ErrCorrupt}, {2, 168, 112, ErrCorrupt}}},
		{"pcapng captured more than original", ng().enhanced(0, stamp, 60, 40, a).b,
			[]Frame{{Number: 1, Time: when * 1e9, HasTime: true, LinkType: 1, OrigLen: 40, Data: a}}, nil},
		{"pcapng too many interfaces", manyInterfaces(maxInterfaces + 1),
			[]Frame{
				{Number: 1, Time: when * 1e9, HasTime: true, LinkType: 1, Interface: 7, OrigLen: 60, Data: a},
				{Number: 2, Time: when * 1e9, HasTime: true, LinkType: 1, Interface: maxInterfaces - 1, OrigLen: 61, Data: b},
			},
			[]Damage{{1, 28 + 20*maxInterfaces, 20, ErrTooLarge}, {2, 28 + 20*(maxInterfaces+1) + 92, 96, ErrCorrupt}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			frames, r := readFrames(t, bytes.NewReader(c.file))
			c.check(t, frames, r)
			if sum, ok := r.SHA256(); !ok || sum != sha256.Sum256(c.file) {
				t.Errorf("hash wrong or missing (%v)", ok)
			}
			frames, r = readFrames(t, iotest.HalfReader(bytes.NewReader(c.file)))
			c.check(t, frames, r)
		})
	}
}

func version9(b []byte) []byte { b[12] = 9; return b }

// TestPrefix reads every beginning of a file: all whole frames come out, and what
// is cut is said with its place.
func TestPrefix(t *testing.T) {
	le := order(binary.LittleEndian)
	data := octets(1, 20)
	pcap := newPcapFile(le, magicMicro, 0, 1).frame(when, data).frame(when+1, data).frame(when+2, data)
	ng := (&pcapngFile{order: le}).section().iface(1, 0).frame(0, 1, data).frame(0, 2, data).simple(20, data)
	for _, tt := range []struct {
		name   string
		file   []byte
		header int
		ends   []int // of frames
	}{
		{"pcap", pcap.b, 24, []int{60, 96, 132}},
		{"pcapng", ng.b, 28, []int{100, 152, 188}},
		{"gzip", gzipped(pcap.b), 0, nil},
		{"zstd", zstandard(ng.b), 0, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for n := range len(tt.file) + 1 {
				r, err := New(bytes.NewReader(tt.file[:n]))
				if err != nil {
					if tt.header > 0 && n >= tt.header || !strings.Contains(err.Error(), "offset 0") && n >= 4 ||
						!errors.Is(err, ErrTruncated) && !errors.Is(err, ErrNotCapture) {
						t.Fatalf("%d octets: %v", n, err)
					}
					continue
				}
				frames := 0
				for err == nil {
					if _, err = r.Next(); err == nil {
						frames++
					}
				}
				if err != io.EOF {
					t.Fatalf("%d octets: %v", n, err)
				}
				s := r.Stats()
				if tt.header == 0 {
					// The stream's end, and the record or block it cuts.
					if n < len(tt.file) && (s.DamageCount < 1 || s.DamageCount > 2) {
						t.Errorf("%d octets: %d damages", n, s.DamageCount)
					}
					r.Close()
					continue
				}
				want, cut := 0, n != tt.header && n != 48
				for _, end := range tt.ends {
					if n >= end {
						want++
					}
					cut = cut && n != end
				}
				if tt.name == "pcap" && n == 48 {
					cut = true
				}
				if frames != want || s.DamageCount > 1 || (s.DamageCount == 1) != cut {
					t.Errorf("%d octets: %d frames, want %d, damages %v", n, frames, want, s.Damages)
				}
				if cut && !errors.Is(s.Damages[0].Reason, ErrTruncated) {
					t.Errorf("%d octets: %v", n, s.Damages[0].Reason)
				}
			}
		})
	}
}

// TestSourceError: an error of the source is not damage, and frames before it count.
func TestSourceError(t *testing.T) {
	cause := errors.New("cable pulled")
	file := newPcapFile(binary.LittleEndian, magicMicro, 0, 1).frame(when, octets(1, 40)).b
	r, err := New(io.MultiReader(bytes.NewReader(file), strings.NewReader("abc"), iotest.ErrReader(cause)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := r.Next(); !errors.Is(err, cause) || !strings.Contains(err.Error(), "frame 2 at offset 80") {
			t.Fatalf("error %v", err)
		}
	}
	if _, ok := r.SHA256(); ok {
		t.Error("hash of a file that was not read to its end")
	}
}

// TestCompressedDamage: what decompresses before the damage is read.
func TestCompressedDamage(t *testing.T) {
	p := newPcapFile(binary.LittleEndian, magicMicro, 0, 1)
	random := rand.NewChaCha8([32]byte{})
	for i := range 2000 {
		data := make([]byte, 100)
		random.Read(data)
		p.frame(when+uint32(i), data)
	}
	whole := gzipped(p.b)
	for _, tt := range []struct {
		name string
		file []byte
		all  bool
		want error
	}{
		{"gzip cut", whole[:len(whole)-len(whole)/4], false, ErrTruncated},
		{"gzip checksum", append(bytes.Clone(whole[:len(whole)-8]), 1, 2, 3, 4, 5, 6, 7, 8), true, ErrCorrupt},
		{"gzip and garbage", append(bytes.Clone(whole), "garbage follows it"...), true, ErrCorrupt},
		{"zstd cut", zstandard(p.b)[:150_000], false, ErrTruncated},
	} {
		frames, r := readFrames(t, bytes.NewReader(tt.file))
		s := r.Stats()
		if s.DamageCount == 0 || !errors.Is(s.Damages[len(s.Damages)-1].Reason, tt.want) {
			t.Errorf("%s: damages %v", tt.name, s.Damages)
		}
		if len(frames) == 0 || tt.all && len(frames) != 2000 {
			t.Errorf("%s: %d frames", tt.name, len(frames))
		}
		if sum, ok := r.SHA256(); !ok || sum != sha256.Sum256(tt.file) {
			t.Errorf("%s: hash wrong or missing (%v)", tt.name, ok)
		}
	}
}

// TestInflationBounds: both bounds on decompression end the capture with a damage.
func TestInflationBounds(t *testing.T) {
	p := newPcapFile(binary.LittleEndian, magicMicro, 0, 1)
	data := make([]byte, 1<<10)
	for range 4096 {
		p.frame(when, data)
	}
	for _, tt := range []struct {
		name         string
		limit, floor int64
	}{{"total", 1 << 20, 1 << 20}, {"ratio", 1 << 40, 1 << 16}} {
		r, err := newReader(bytes.NewReader(zstandard(p.b)), tt.limit, tt.floor)
		if err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, err = r.Next()
		}
		s := r.Stats()
		if err != io.EOF || s.Frames == 0 || s.Frames > 2000 || s.DamageCount != 2 || !errors.Is(s.Damages[1].Reason, ErrTooLarge) {
			t.Errorf("%s: %v, %d frames, %v", tt.name, err, s.Frames, s.Damages)
		}
		r.Close()
	}
}

func TestComments(t *testing.T) {
	p := &pcapngFile{order: binary.BigEndian}
	p.section(p.option(optionComment, []byte("section"))...)
	p.iface(1, 0, p.option(optionComment, []byte("interface"))...)
	p.enhanced(0, 1, 3, 3, []byte("abc"), join(p.option(2, []byte{0, 0, 0, 1}), p.option(optionComment, []byte("frame \xff")), p.option(optionComment, bytes.Repeat([]byte("x"), 5000)))...)
	for range 200 {
		p.enhanced(0, 1, 3, 3, []byte("abc"), p.option(optionComment, []byte("again"))...)
	}
	_, r := readFrames(t, bytes.NewReader(p.b))
	c := r.Comments()
	if s := r.Stats(); s.CommentCount != 204 || len(c) != maxComments {
		t.Fatalf("%d comments, %d kept", s.CommentCount, len(c))
	}
	for i, want := range []Comment{{0, "section"}, {0, "interface"}, {1, "frame "}, {1, strings.Repeat("x", maxComment)}, {2, "again"}} {
		if c[i] != want {
			t.Errorf("comment %d: %+v", i, c[i])
		}
	}
}

// TestHostileAllocation: what a file claims costs nothing.
func TestHostileAllocation(t *testing.T) {
	le := order(binary.LittleEndian)
	files := [][]byte{
		newPcapFile(le, magicMicro, 0xffffffff, 1).record(when, 0, 1<<30, 1<<30, nil).b,
		newPcapFile(le, magicMicro, 0xffffffff, 1).record(when, 0, maxFrame, maxFrame, nil).b,
		(&pcapngFile{order: le}).section().b,
	}
	for i, tail := range []uint32{0xfffffff0, maxPacketBlock, maxBlock} {
		b := le.AppendUint32(bytes.Clone(files[2]), []uint32{blockEnhanced, blockEnhanced, 99}[i])
		files = append(files, le.AppendUint32(le.AppendUint32(b, tail), 0))
	}
	for i, file := range files {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r, err := New(bytes.NewReader(file))
		for err == nil {
			_, err = r.Next()
		}
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n >= 64<<10 || err != io.EOF {
			t.Errorf("file %d of %d octets: %d octets allocated, %v", i, len(file), n, err)
		}
	}
}

// TestInterfaceFlood: a million interfaces cost no more than the bound.
func TestInterfaceFlood(t *testing.T) {
	p := (&pcapngFile{order: binary.LittleEndian}).section()
	for range 1_000_000 {
		p.iface(1, 0)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, r := readFrames(t, bytes.NewReader(p.b))
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 2<<20 {
		t.Errorf("%d octets allocated", n)
	}
	if s := r.Stats(); s.DamageCount != 1 || !errors.Is(s.Damages[0].Reason, ErrTooLarge) || s.Unread != 20*(1_000_000-maxInterfaces) {
		t.Errorf("stats %+v", s)
	}
}

// TestDamageFlood: damages are counted without end and kept with one.
func TestDamageFlood(t *testing.T) {
	p := (&pcapngFile{order: binary.LittleEndian}).section()
	for range 1000 {
		p.frame(5, 1, nil)
	}
	_, r := readFrames(t, bytes.NewReader(p.b))
	if s := r.Stats(); s.DamageCount != 1000 || len(s.Damages) != maxDamages {
		t.Errorf("%d damages, %d kept", s.DamageCount, len(s.Damages))
	}
}

func TestTimeStamps(t *testing.T) {
	for _, tt := range []struct {
		perSec uint64
		offset int64
		stamp  uint64
		want   int64
		ok     bool
	}{
		{1e6, 0, 1, 1000, true},
		{1e6, 0, 1<<64 - 1, 0, false},
		{1e9, 0, 1<<63 - 1, 1<<63 - 1, true},
		{1e9, 0, 1 << 63, 0, false},
		{1e9, 1, 1<<63 - 1, 0, false},
		{1e9, -1, 5, -999999995, true},
		{1e3, 0, 1234, 1234e6, true},
		{1, 0, 1 << 40, 0, false},
		{unitsPerSecond(19), 0, 1 << 63, 922337203, true},
		{unitsPerSecond(0x80 | 63), 0, 1 << 63, 1e9, true},
		{unitsPerSecond(0x80 | 64), 0, 1, 0, false},
		{unitsPerSecond(20), 0, 1, 0, false},
	} {
		in := networkInterface{perSec: tt.perSec, offset: tt.offset}
		if ns, ok := in.time(tt.stamp); ns != tt.want || ok != tt.ok {
			t.Errorf("%+v: %d %v", tt, ns, ok)
		}
	}
}

// TestOldLengths: versions before 2.4 have the lengths the other way round.
func TestOldLengths(t *testing.T) {
	for _, minor := range []byte{2, 3} {
		p := newPcapFile(binary.LittleEndian, magicMicro, 0, 1)
		p.b[6] = minor
		p.record(when, 0, 900, 40, octets(1, 40)).record(when, 0, 900, 40, octets(1, 40))
		frames, r := readFrames(t, bytes.NewReader(p.b))
		if len(frames) != 2 || frames[1].OrigLen != 900 || len(frames[1].Data) != 40 || r.Stats().DamageCount != 0 {
			t.Errorf("version 2.%d: %d frames, %v", minor, len(frames), r.Stats().Damages)
		}
	}
}

func TestPacketDataSource(t *testing.T) {
	p := (&pcapngFile{order: binary.LittleEndian}).section().iface(1, 0).frame(0, when*1e6, octets(1, 40)).simple(60, octets(2, 60))
	var source gopacket.PacketDataSource = must(New(bytes.NewReader(p.b)))
	first, ci, err := source.ReadPacketData()
	if err != nil || ci.CaptureLength != 40 || ci.Length != 40 || ci.Timestamp.Unix() != when {
		t.Fatalf("%+v %v", ci, err)
	}
	second, ci, err := source.ReadPacketData()
	if err != nil || !ci.Timestamp.IsZero() || !bytes.Equal(second, octets(2, 60)) || !bytes.Equal(first, octets(1, 40)) {
		t.Fatalf("%+v %v", ci, err)
	}
	if _, _, err = source.ReadPacketData(); err != io.EOF {
		t.Fatal(err)
	}
}

func must(r *Reader, err error) *Reader {
	if err != nil {
		panic(err)
	}
	return r
}

func TestLinkTypes(t *testing.T) {
	p := (&pcapngFile{order: binary.LittleEndian}).section().iface(228, 0).iface(1, 0).iface(228, 0)
	_, r := readFrames(t, bytes.NewReader(p.b))
	if got := fmt.Sprint(r.LinkTypes()); got != "[IPV4 ETHERNET]" {
		t.Error(got)
	}
	for l, want := range map[LinkType]string{0: "NULL", 101: "RAW", 147: "USER0", 162: "USER15", 163: "163", 276: "LINUX_SLL2"} {
		if l.String() != want {
			t.Errorf("%d: %s", uint32(l), l)
		}
	}
}

func TestAllocsPerFrame(t *testing.T) {
	for _, file := range [][]byte{benchPcap(5000), benchPcapng(5000)} {
		r := must(New(bytes.NewReader(file)))
		for range 2500 { // past the growth of the window
			if _, err := r.Next(); err != nil {
				t.Fatal(err)
			}
		}
		if n := testing.AllocsPerRun(2000, func() {
			if _, err := r.Next(); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%v allocations per frame", n)
		}
	}
}

func benchPcap(n int) []byte {
	p := newPcapFile(binary.LittleEndian, magicMicro, 65535, 1)
	data := etherFrame(0x0800, ip4Packet(17, udpPacket(5000, portGSMTAP, join(gsmtapPDU(), octets(0, 19)))))
	for i := range n {
		p.frame(when+uint32(i), data)
	}
	return p.b
}

func benchPcapng(n int) []byte {
	p := (&pcapngFile{order: binary.LittleEndian}).section().iface(1, 0)
	for i := range n {
		p.frame(0, when*1e6+uint64(i), octets(byte(i), 100))
	}
	return p.b
}

func benchDamaged(n int) []byte {
	p := (&pcapngFile{order: binary.LittleEndian}).section().iface(1, 0)
	for i := range n {
		p.frame(0, when*1e6+uint64(i), octets(byte(i), 100))
		p.b = append(p.b, 0xff)
	}
	return p.b
}

func BenchmarkReader(b *testing.B) {
	const frames = 100_000
	for _, c := range []struct {
		name string
		file []byte
	}{
		{"pcap", benchPcap(frames)},
		{"pcapng", benchPcapng(frames)},
		{"gzip", gzipped(benchPcap(frames))},
		{"garbage", append(newPcapFile(binary.LittleEndian, magicMicro, 0, 1).b, bytes.Repeat([]byte("\x01\x00\x00\x00"), 116*frames/4)...)},
		{"damage after each frame", benchDamaged(frames)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.file)))
			for b.Loop() {
				r := must(New(bytes.NewReader(c.file)))
				for {
					if _, err := r.Next(); err != nil {
						break
					}
				}
				r.Close()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/frames, "ns/frame")
		})
	}
}
