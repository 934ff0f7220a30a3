package detect_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/gsmtap/macframed"
)

// le puts numbers of 16, 32 and 64 bits and octets together, least significant octet
// first.
func le(parts ...any) []byte {
	var b bytes.Buffer
	for _, p := range parts {
		binary.Write(&b, binary.LittleEndian, p) //nolint:errcheck // a buffer takes everything
	}
	return b.Bytes()
}

// pcapHeader is the header of a classic capture of raw IP.
func pcapHeader(snaplen uint32) []byte {
	return le(uint32(0xa1b2c3d4), uint16(2), uint16(4), uint32(0), uint32(0), snaplen, uint32(101))
}

// section and iface are the first blocks of a pcapng file; options go into iface.
func section() []byte {
	return le(uint32(0x0a0d0d0a), uint32(28), uint32(0x1a2b3c4d), uint16(1), uint16(0), int64(-1), uint32(28))
}

func iface(options []byte) []byte {
	n := uint32(20 + len(options))
	return le(uint32(1), n, uint16(101), uint16(0), uint32(0), options, n)
}

// enhanced is an Enhanced Packet Block that claims caplen octets and holds data.
func enhanced(caplen uint32, data []byte) []byte {
	n := uint32(32 + len(data))
	return le(uint32(6), n, uint32(0), uint32(0), uint32(0), caplen, caplen, data, n)
}

// attacks are files made to hurt a reader.
func attacks(t *testing.T) map[string][]byte {
	frame, err := os.ReadFile(labCatcher)
	if err != nil {
		t.Fatal(err)
	}
	record := frame[24 : 24+16+89]
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	tsresol := func(v byte) []byte { return le(uint16(9), uint16(1), v, [3]byte{}, uint32(0)) }
	whole := join(section(), iface(nil), enhanced(4, []byte{1, 2, 3, 4}))
	return map[string][]byte{
		"tsresol 2^-127":          join(section(), iface(tsresol(0xff)), enhanced(0, nil)),
		"tsresol 10^-77":          join(section(), iface(tsresol(77)), enhanced(0, nil)),
		"EPB caplen 0xfffffff0":   join(section(), iface(nil), enhanced(0xfffffff0, make([]byte, 100))),
		"EPB caplen 1 GB":         join(section(), iface(nil), enhanced(1<<30, make([]byte, 8))),
		"pcap caplen 1 GB":        join(pcapHeader(0xffffffff), le(uint32(0), uint32(0), uint32(1<<30), uint32(1<<30))),
		"pcapng cut in a packet":  whole[:len(whole)-9],
		"IDB option overrun":      join(section(), iface(le(uint16(2), uint16(0xffff))), enhanced(0, nil)),
		"block length 0":          join(section(), le(uint32(6), uint32(0), uint32(0))),
		"block length 4":          join(section(), le(uint32(6), uint32(4), uint32(4))),
		"block length 8":          join(section(), le(uint32(6), uint32(8), uint32(8))),
		"pcap cut in the record":  frame[:len(frame)-5],
		"caplen over snaplen":     join(pcapHeader(16), record),
		"caplen over origlen":     join(pcapHeader(65535), le(uint32(0), uint32(0), uint32(8), uint32(4)), make([]byte, 8)),
		"garbage between records": join(frame[:24+16+89], bytes.Repeat([]byte{0xee}, 1000), frame[24:]),
		"20 MB of IDBs":           join(section(), bytes.Repeat(iface(nil), 1<<20)),
		"section version 9.9":     le(uint32(0x0a0d0d0a), uint32(28), uint32(0x1a2b3c4d), uint16(9), uint16(9), int64(-1), uint32(28)),
		"wrong trailing length":   join(section(), iface(nil), enhanced(4, []byte{1, 2, 3, 4})[:36], le(uint32(99))),
		"microseconds beyond 1 s": join(pcapHeader(65535), le(uint32(0), uint32(2_000_000_000), uint32(4), uint32(4)), make([]byte, 4)),
		"modified magic":          join(le(uint32(0xa1b2cd34), uint16(2), uint16(4), uint32(0), uint32(0), uint32(65535), uint32(101)), make([]byte, 24)),
		"random":                  bytes.Repeat([]byte{0x5a, 0x13, 0xc7}, 4096),
		"nothing":                 nil,
		"file header, no frame":   pcapHeader(65535),
		"gzip of nothing":         {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		"gzip header only":        {0x1f, 0x8b},
		"zstd magic only":         {0x28, 0xb5, 0x2f, 0xfd},
	}
}

// checkHostile runs a capture and demands an orderly end: no panic, an error only of
// the kind for input, damage and errors that say where.
func checkHostile(t *testing.T, name string, b []byte) *report.Document {
	t.Helper()
	doc, err := detect.Run(context.Background(), []detect.Source{memory(name, b)}, detect.Options{Strict: true})
	if err != nil && !errors.Is(err, detect.ErrInput) {
		t.Fatalf("%s: error = %v", name, err)
	}
	if err != nil && !strings.Contains(err.Error(), name) {
		t.Errorf("%s: error does not name the file: %v", name, err)
	}
	c := doc.Captures[0]
	if c.Ledger.Sum() != c.Ledger.Frames {
		t.Errorf("%s: ledger does not add up: %+v", name, c.Ledger)
	}
	for _, d := range c.Damage {
		if !strings.Contains(d.Reason, "frame") || !strings.Contains(d.Reason, "offset") {
			t.Errorf("%s: damage does not say where: %s", name, d.Reason)
		}
	}
	return doc
}

func TestHostileCaptures(t *testing.T) {
	for name, b := range attacks(t) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		doc := checkHostile(t, name, b)
		runtime.ReadMemStats(&after)
		if n := (after.TotalAlloc - before.TotalAlloc) >> 20; n >= 64 {
			t.Errorf("%s: %d MiB allocated", name, n)
		}
		if name == "garbage between records" && (doc.Captures[0].Ledger.Frames != 293 || len(doc.Captures[0].Damage) == 0) {
			t.Errorf("%s: %+v", name, doc.Captures[0])
		}
	}
}

// TestHostileMAC: phones without end, each with messages that never end, on all bearers
// in both directions, leave no more than bounded storage behind.
func TestHostileMAC(t *testing.T) {
	var file bytes.Buffer
	file.Write(le(uint32(0xa1b2c3d4), uint16(2), uint16(4), uint32(0), uint32(0), uint32(65535), uint32(147)))
	body := make([]byte, 3000)
	for n := range 4000 {
		for i := range 8 {
			// An AMD PDU whose data end neither with it nor begin in it (FI 01 or 11).
			fi := byte(1)
			if i >= 4 {
				fi = 3
			}
			pdu := append([]byte{1 + byte(i&1), 0x80 | fi<<3, byte(i / 4)}, body...)
			frame := macframed.AppendFrame([]byte("mac-lte"), &macframed.Context{
				RadioType: macframed.FDD, Uplink: i&2 == 0, RNTIType: macframed.CRNTI, RNTI: uint16(n + 100), HasRNTI: true,
			}, pdu)
			file.Write(le(uint32(n), uint32(0), uint32(len(frame)), uint32(len(frame)), frame))
		}
	}
	src := memory("endless messages", file.Bytes())
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, most := heap(), uint64(0)
	opt := detect.Options{Strict: true, Progress: func(string, int64, int64) { most = max(most, heap()) }}
	doc, err := detect.Run(context.Background(), []detect.Source{src}, opt)
	if err != nil {
		t.Fatal(err)
	}
	if l := doc.Captures[0].Ledger; l.Frames != 32000 || l.Sum() != l.Frames {
		t.Errorf("ledger %+v", l)
	}
	if n := (most - min(before, most)) >> 20; n >= 64 {
		t.Errorf("%d MiB in use", n)
	} else {
		t.Logf("%d MiB in use", n)
	}
}

// TestPrefixes: a capture cut at any octet ends orderly.
func TestPrefixes(t *testing.T) {
	paths := []string{labCatcher}
	if root := os.Getenv("FBSDETECT_CORPUS"); root != "" && !testing.Short() {
		paths = append(paths,
			filepath.Join(root, "captures", "sfikouris__catch_the_catcher", "pcaps", "gsm_imsi_catcher.pcapng"),
			filepath.Join(root, "lab", "gsm-grgsm-rogue-smsblast.ul.pcap"))
	}
	for i, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		step := 1
		if i == 0 {
			step = 13 // a record of this capture is 105 octets long, so all places in one come up
		}
		for n := 0; n < len(b); n += step {
			checkHostile(t, filepath.Base(path), b[:n])
		}
	}
}
