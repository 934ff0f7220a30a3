package rlcmac

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// unhex reads hexadecimal octets; spaces mark field borders.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// pad fills a block to the size of a coding scheme, or leaves it as it is for 0.
func pad(b []byte, cs int) []byte {
	for len(b) < schemes[cs].octets {
		b = append(b, 0x2b)
	}
	return b
}

// content writes the parts of a data block; a point is the end of a frame.
func content(b *Block) string {
	var s []string
	for _, p := range b.parts[:b.count] {
		e := hex.EncodeToString(p.octets)
		if p.ends {
			e += "."
		}
		s = append(s, e)
	}
	return strings.Join(s, " ")
}

// fields writes what a block says, but for its parts.
func fields(b *Block) string {
	s := fmt.Sprintf("%s/%d CS%d", b.Name(), b.Payload, b.CS)
	if b.HasType {
		s += fmt.Sprintf(" type=%d", b.Type)
	}
	if b.HasTFI {
		s += fmt.Sprintf(" TFI=%d", b.TFI)
	}
	if b.Payload == Data {
		s += fmt.Sprintf(" BSN=%d", b.BSN)
	}
	if b.Final {
		s += " final"
	}
	if b.TLLI.Present() {
		s += fmt.Sprintf(" TLLI=%08x", b.TLLI.Value)
	}
	return s
}

const (
	tlli    = "c0c0ffee"
	octets  = "000102030405060708090a0b0c0d0e0f10111213"
	octets5 = "0102030405"
)

// of returns n octets of a frame.
func of(n int) string { return octets[:2*n] }

// vector is a block and what it says. cs is the scheme to whose size it is padded, 0 for a
// block without padding.
type vector struct {
	name   string
	uplink bool
	cs     int
	in     string
	want   string
	parts  string
}

func vectors() []vector {
	rest := func(n int) string { return strings.Repeat("2b", n) }
	return []vector{
		// MAC header, TFI and FBI, BSN and E, lengths with M and E
		{"downlink, a frame ends the flow", false, 1, "07 0b 00 15 " + octets5, "RLC data block/0 CS1 TFI=5 BSN=0 final", octets5 + "."},
		{"downlink, full", false, 1, "07 0a 01 " + of(20), "RLC data block/0 CS1 TFI=5 BSN=0", of(20)},
		{"downlink, full and last, priority and polling set", false, 1, "3f cb ff " + of(20), "RLC data block/0 CS1 TFI=5 BSN=127 final", of(20) + "."},
		{"downlink, two frames and a part", false, 1, "07 3e 02 0e 13 " + of(18), "RLC data block/0 CS1 TFI=31 BSN=1", "000102. 03040506. 0708090a0b0c0d0e0f1011"},
		{"downlink, two frames and padding", false, 1, "07 00 02 0e 11 " + of(7), "RLC data block/0 CS1 TFI=0 BSN=1", "000102. 03040506."},
		{"downlink, length 0", false, 1, "07 0a 04 01 " + of(19), "RLC data block/0 CS1 TFI=5 BSN=2", of(19)},
		{"downlink, length to the end", false, 1, "07 0a 04 4f " + of(19), "RLC data block/0 CS1 TFI=5 BSN=2", of(19) + "."},
		{"downlink, length and length 0", false, 1, "07 0a 04 0e 01 " + of(18), "RLC data block/0 CS1 TFI=5 BSN=2", "000102. 030405060708090a0b0c0d0e0f1011"},
		{"downlink, CS-2", false, 2, "07 0a 01 " + of(20), "RLC data block/0 CS2 TFI=5 BSN=0", of(20) + rest(10)},
		{"downlink, CS-3", false, 3, "07 0a 01 " + of(20), "RLC data block/0 CS3 TFI=5 BSN=0", of(20) + rest(16)},
		{"downlink, CS-4", false, 4, "07 0a 01 " + of(20), "RLC data block/0 CS4 TFI=5 BSN=0", of(20) + rest(30)},
		{"downlink, as many frames as can be", false, 4, "07 0b 00 " + strings.Repeat("06", 24) + "05" + strings.Repeat("aa", 25),
			"RLC data block/0 CS4 TFI=5 BSN=0 final", strings.TrimSpace(strings.Repeat("aa. ", 25))},
		{"uplink, TLLI", true, 1, "3c 0b 01 " + tlli + of(16), "RLC data block/0 CS1 TFI=5 BSN=0 TLLI=c0c0ffee", of(16)},
		{"uplink, TLLI and flow", true, 1, "00 4b 00 15 " + tlli + " 03 " + octets5, "RLC data block/0 CS1 TFI=5 BSN=0 final TLLI=c0c0ffee", octets5 + "."},
		{"uplink, flow and an octet more", true, 1, "04 4a 02 15 02 01 " + octets5, "RLC data block/0 CS1 TFI=5 BSN=1", octets5 + "."},
		{"uplink, countdown ends in a full block", true, 1, "02 0a 05 " + of(20), "RLC data block/0 CS1 TFI=5 BSN=2 final", of(20) + "."},

		{"downlink control", false, 1, "47 94", "Packet Downlink Dummy Control Block/1 CS0 type=37", ""},
		{"downlink control, one octet more", false, 0, "47 25" + strings.Repeat("2b", 22), "Packet Uplink Ack/Nack/1 CS0 type=9", ""},
		{"downlink control, without padding", false, 0, "47 2a 01", "Packet Uplink Assignment/1 CS0 type=10", ""},
		{"downlink control, address", false, 1, "87 03 0a 20", "Packet TBF Release/2 CS0 type=8 TFI=5", ""},
		{"downlink control, no address", false, 1, "87 02 88", "Packet Paging Request/2 CS0 type=34", ""},
		{"downlink control, second part", false, 1, "87 81 0b ff", "RLC/MAC control block segment/2 CS0 TFI=5", ""},
		{"downlink control, second part without address", false, 1, "87 82", "RLC/MAC control block segment/2 CS0", ""},
		{"downlink control, unknown", false, 1, "47 ff", "RLC/MAC control message (unknown)/1 CS0 type=63", ""},
		{"uplink control", true, 1, "40 08", "Packet Downlink Ack/Nack/1 CS0 type=2", ""},
		{"uplink control, filling", true, 1, "40 0c", "Packet Uplink Dummy Control Block/1 CS0 type=3", ""},
		{"uplink control, unknown", true, 1, "40 94", "RLC/MAC control message (unknown)/1 CS0 type=37", ""},
	}
}

func TestDecode(t *testing.T) {
	var b Block // one for all: whatever a block leaves behind must not show
	for _, tt := range vectors() {
		t.Run(tt.name, func(t *testing.T) {
			if err := b.Decode(pad(unhex(t, tt.in), tt.cs), tt.uplink); err != nil {
				t.Fatal(err)
			}
			if got := fields(&b); got != tt.want || b.Uplink != tt.uplink {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
			if got := content(&b); got != tt.parts {
				t.Errorf("\n got %s\nwant %s", got, tt.parts)
			}
			if want := strings.Contains(tt.want, "Dummy"); b.Dummy() != want {
				t.Errorf("dummy: %v", b.Dummy())
			}
		})
	}
}

// The last bits of a block of CS-2 to CS-4 are spare: they belong to no frame.
func TestSpareBits(t *testing.T) {
	for cs := 2; cs <= 4; cs++ {
		in := pad(unhex(t, "07 0a 01"), cs)
		in[len(in)-1] = 0xff
		var b Block
		if err := b.Decode(in, false); err != nil || strings.Contains(content(&b), "ff") || len(b.parts[0].octets) != len(in)-headerLen-1 {
			t.Errorf("CS-%d: %s, %v", cs, content(&b), err)
		}
	}
}

func TestDecodeTruncated(t *testing.T) {
	for _, tt := range vectors() {
		in := pad(unhex(t, tt.in), tt.cs)
		for n := range in {
			var b Block
			err := b.Decode(in[:n], tt.uplink)
			var de *wire.DecodeError
			switch {
			case err != nil && (!errors.As(err, &de) || de.Offset < 0 || de.Offset > n || de.Path == ""):
				t.Errorf("%s cut to %d: %#v", tt.name, n, err)
			case n == 0 && !errors.Is(err, wire.ErrShort):
				t.Errorf("%s empty: %v", tt.name, err)
			case n > 0 && b.Payload == Data && n != 23 && n != 34 && n != 40 && !errors.Is(err, wire.ErrUnsupported):
				t.Errorf("%s cut to %d: %v", tt.name, n, err)
			case b.Payload == Control && n >= 2 && err != nil:
				t.Errorf("%s cut to %d: %v", tt.name, n, err)
			}
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	for _, tt := range []struct {
		name   string
		uplink bool
		cs     int
		in     string
		path   string
		offset int
		err    error
	}{
		{"empty", false, 0, "", "MAC header", 0, wire.ErrShort},
		{"reserved payload type", false, 1, "c0", "Payload Type", 0, wire.ErrUnsupported},
		{"payload type that only the network has", true, 1, "80", "Payload Type", 0, wire.ErrUnsupported},
		{"size of EGPRS", false, 0, "07" + strings.Repeat("00", 26), "RLC data block", 0, wire.ErrUnsupported},
		{"control block too long", false, 2, "47 94", "RLC data block", 0, wire.ErrUnsupported},
		{"no message type", false, 0, "47", "MESSAGE_TYPE", 1, wire.ErrShort},
		{"no control header", false, 0, "87", "Control header", 1, wire.ErrShort},
		{"no address", false, 0, "87 03", "TFI", 2, wire.ErrShort},
		{"no message type behind the address", false, 0, "87 03 0a", "MESSAGE_TYPE", 3, wire.ErrShort},
		{"reserved M and E", false, 1, "07 0a 00 0e 14", "Length indicator", 4, wire.ErrInvalid},
		{"length past the end", false, 1, "07 0a 00 51", "RLC data", 4, wire.ErrShort},
		{"second length past the end", false, 1, "07 0a 00 2a 2d", "RLC data", 15, wire.ErrShort},
		{"lengths to the end", false, 1, "07 0a 00" + strings.Repeat("06", 20), "Length indicator", 23, wire.ErrShort},
		{"more lengths than can be", false, 4, "07 0a 00" + strings.Repeat("06", 50), "Length indicator", 29, wire.ErrInvalid},
		{"TLLI cut", true, 1, "04 0b 00" + strings.Repeat("06", 17) + "05", "TLLI", 21, wire.ErrShort},
		{"flow cut", true, 1, "04 4a 01" + strings.Repeat("02", 20), "PFI", 23, wire.ErrShort},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b Block
			err := b.Decode(pad(unhex(t, tt.in), tt.cs), tt.uplink)
			var de *wire.DecodeError
			if !errors.As(err, &de) || !errors.Is(err, tt.err) || de.Path != tt.path || de.Offset != tt.offset {
				t.Errorf("%v, want %s at octet %d: %v", err, tt.path, tt.offset, tt.err)
			}
		})
	}
	// What was read before a defect is kept.
	var b Block
	if err := b.Decode(pad(unhex(t, "07 0b 06 0e 51 000102"), 1), false); err == nil || b.BSN != 3 || !b.Final || content(&b) != "000102." {
		t.Errorf("%s %s, %v", fields(&b), content(&b), err)
	}
}

// TestNames: every message has a name of its own.
func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for _, tt := range []struct {
		uplink bool
		names  *[64]string
		want   int
	}{{false, &downlinkNames, 34}, {true, &uplinkNames, 14}} {
		named := 0
		for mt, name := range tt.names {
			b := Block{Uplink: tt.uplink, Payload: Control, HasType: true, Type: uint8(mt)}
			switch {
			case name == "" && b.Name() != "RLC/MAC control message (unknown)":
				t.Errorf("type %d: %q", mt, b.Name())
			case name != "" && (seen[name] || b.Name() != name):
				t.Errorf("type %d: %q", mt, b.Name())
			case name != "":
				seen[name] = true
				named++
			}
		}
		if named != tt.want {
			t.Errorf("uplink %v: %d messages, want %d", tt.uplink, named, tt.want)
		}
	}
	for typ, want := range map[PayloadType]string{Data: "RLC data block", Control: "RLC/MAC control block", ControlOptional: "RLC/MAC control block", 3: "reserved (3)"} {
		if typ.String() != want {
			t.Errorf("%q, want %q", typ, want)
		}
	}
}

func TestAllocs(t *testing.T) {
	var r Reassembler
	var b Block
	for _, tt := range vectors() {
		in := pad(unhex(t, tt.in), tt.cs)
		if n := testing.AllocsPerRun(50, func() {
			if err := b.Decode(in, tt.uplink); err != nil {
				t.Fatal(err)
			}
			if b.Payload == Data {
				r.Push(1, &b, func([]byte) {})
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", tt.name, n)
		}
	}
}

// FuzzRLCMAC decodes a block, and pushes a row of blocks of CS-1 into a Reassembler.
func FuzzRLCMAC(f *testing.F) {
	for _, v := range vectors() {
		f.Add(pad(unhex(f, v.in), v.cs), v.uplink)
	}
	var flow []byte
	for _, s := range []string{"07 0a 01 " + of(20), "07 0a 03 " + of(20), "07 0a 03 " + of(20), "07 0b 04 15 " + octets5, "07 0a 08 15" + octets5} {
		flow = append(flow, pad(unhex(f, s), 1)...)
	}
	f.Add(flow, false)
	f.Fuzz(func(t *testing.T, in []byte, uplink bool) {
		var r Reassembler
		check := func(in []byte) {
			var b Block
			err := b.Decode(in, uplink)
			var de *wire.DecodeError
			if err != nil && (!errors.As(err, &de) || de.Offset < 0 || de.Offset > len(in) || de.Path == "") {
				t.Fatalf("error without offset inside %d octets: %#v", len(in), err)
			}
			if b.Name() == "" || b.Payload > 3 || b.Type > 63 || b.TFI > 31 || b.BSN > 127 || b.CS > 4 || b.TLLI.Present() && (!uplink || b.TLLI.Type != ident.TMSI) {
				t.Fatalf("value outside its field: %+v", b)
			}
			if b.Payload != Data && b.count > 0 || b.HasType && b.Payload == Data {
				t.Fatalf("a field of another block: %+v", b)
			}
			room, ends := len(in)-headerLen, 0
			for i, p := range b.parts[:b.count] {
				room -= len(p.octets)
				if len(p.octets) == 0 || !p.ends && i != b.count-1 {
					t.Fatalf("part %d of %d: %+v", i, b.count, p)
				}
				if p.ends {
					ends++
				}
			}
			if room < 0 && b.count > 0 {
				t.Fatalf("%d octets more than the block has", -room)
			}
			if err != nil || b.Payload != Data {
				return
			}
			frames := 0
			st := r.Push(0, &b, func(frame []byte) {
				if frames++; len(frame) == 0 || len(frame) > MaxFrame {
					t.Fatalf("frame of %d octets", len(frame))
				}
			})
			if frames > ends || st.Duplicate && (frames > 0 || st.Lost || st.Skipped) || len(r.flows) > 64 || r.Evicted() != 0 {
				t.Fatalf("%d frames of %d, %+v, %d flows", frames, ends, st, len(r.flows))
			}
			if again := r.Push(0, &b, func([]byte) { t.Fatal("the same block gave a frame again") }); !again.Duplicate {
				t.Fatalf("the same block again: %+v", again)
			}
		}
		check(in)
		r = Reassembler{}
		for n := schemes[1].octets; len(in) >= n; in = in[n:] {
			check(in[:n])
		}
	})
}
