package gsmtap

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/llc"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/rlcmac"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// llcUI returns a UI frame of an access point, with its frame check sequence.
func llcUI(t testing.TB, sapi llc.SAPI, info string) []byte {
	b := append([]byte{0x40 | byte(sapi), 0xc0, 0x01}, unhex(t, info)...)
	sum := llc.FCS(b)
	return append(b, byte(sum), byte(sum>>8), byte(sum>>16))
}

// dataBlocks returns packets of a downlink flow with the frames, in blocks of CS-1. A frame
// that does not fit is one that goes on, or begins with the next block where only the
// octet of its length would be left.
func dataBlocks(t testing.TB, tfi uint8, frames ...[]byte) (out [][]byte) {
	const room = 20
	for bsn := uint8(0); len(frames) > 0; bsn++ {
		f := frames[0]
		block := []byte{0x07, tfi << 1, bsn<<1 | 1}
		switch {
		case len(f) > room:
			block = append(block, f[:room]...)
			frames[0] = f[room:]
		case len(f) == room:
			block = append(append(block[:2], bsn<<1, 1), f[:room-1]...) // length 0
			frames[0] = f[room-1:]
		default:
			block = append(append(block[:2], bsn<<1, byte(len(f)<<2|1)), f...)
			if frames = frames[1:]; len(frames) == 0 {
				block[1] |= 1
			}
		}
		for len(block) < 3+room {
			block = append(block, 0x2b)
		}
		out = append(out, um(t, uint8(PDCH), false, hex.EncodeToString(block)))
	}
	return out
}

// TestGPRS follows messages from blocks of a packet data channel, or from LLC frames.
func TestGPRS(t *testing.T) {
	gb := func(frame []byte) []byte {
		return append(AppendHeader(nil, &Header{Version: 2, Type: TypeGbLLC}), frame...)
	}
	const identity = "08 15 01"
	accept := "08 02 01 54 22 00f110 03e9 07 18 05 f4 c0c0ffee 25 10" // 26 octets with LLC, in two blocks
	spoilt := llcUI(t, llc.GMM, identity)
	spoilt[len(spoilt)-1] ^= 1
	encrypted := llcUI(t, llc.GMM, "aabbcc")
	encrypted[2] |= 2
	for _, tt := range []struct {
		name     string
		packets  [][]byte
		want     string // what was emitted, with what it was in, and where it is wrong
		category Category
		err      error
	}{
		{"LLC frame", [][]byte{gb(llcUI(t, llc.GMM, identity))}, "LLC UI, LLC UI>Identity Request", Decoded, nil},
		{"LLC frame, message cut", [][]byte{gb(llcUI(t, llc.GMM, "08 15"))}, "LLC UI, LLC UI>Identity Request!2", Malformed, wire.ErrShort},
		{"LLC frame, check sequence", [][]byte{gb(spoilt)}, "LLC UI!6", Malformed, wire.ErrInvalid},
		{"LLC frame, encrypted", [][]byte{gb(encrypted)}, "LLC UI", Decoded, nil},
		{"LLC frame, short message", [][]byte{gb(llcUI(t, llc.SMS, "09 04"))}, "LLC UI, LLC UI>CP-ACK", Decoded, nil},
		{"LLC frame, packet of the user", [][]byte{gb(llcUI(t, llc.LL3, "650000"))}, "LLC UI", Decoded, nil},
		{"LLC frame, tunnelled", [][]byte{gb(llcUI(t, llc.TOM8, "00"))}, "LLC UI", Unsupported, nil},
		{"LLC frame without information", [][]byte{gb(llcUI(t, llc.GMM, ""))}, "LLC UI", Decoded, nil},
		{"one block", dataBlocks(t, 5, llcUI(t, llc.GMM, identity)), "RLC data block, RLC data block>LLC UI, LLC UI>Identity Request", Decoded, nil},
		{"two blocks", dataBlocks(t, 5, llcUI(t, llc.GMM, accept)), "RLC data block, RLC data block, RLC data block>LLC UI, LLC UI>Attach Accept", Decoded, nil},
		{"frame that fills a block", dataBlocks(t, 5, llcUI(t, llc.GMM, "08 12 03 01 21"+strings.Repeat("2b", 9))),
			"RLC data block, RLC data block, RLC data block>LLC UI, LLC UI>Authentication and Ciphering Req!5", Malformed, wire.ErrShort},
		{"block missing", dataBlocks(t, 5, llcUI(t, llc.GMM, accept))[1:], "RLC data block", Partial, wire.ErrShort},
		{"check sequence, in a block", dataBlocks(t, 5, spoilt), "RLC data block, RLC data block>LLC UI!6", Malformed, wire.ErrInvalid},
		{"control block", [][]byte{um(t, uint8(PACCH), false, "47 24")}, "Packet Uplink Ack/Nack", Unsupported, nil},
		{"control block that fills", [][]byte{um(t, uint8(PACCH), false, "47 94")}, "Packet Downlink Dummy Control Block", Decoded, nil},
		{"block of EGPRS", [][]byte{um(t, uint8(PDCH), false, strings.Repeat("00", 27))}, "", Unsupported, nil},
		{"block with a defect", [][]byte{um(t, uint8(PDCH), false, "07 0a 00 51"+strings.Repeat("2b", 19))}, "RLC data block!4", Malformed, wire.ErrShort},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := NewDecoder()
			d.Strict = true
			var got []string
			var res Result
			for _, b := range tt.packets {
				res = d.Decode(b, func(p *Packet) {
					s := p.Message.Name()
					if p.In != "" {
						s = p.In + ">" + s
					}
					var de *wire.DecodeError
					if errors.As(p.Err, &de) {
						s += fmt.Sprintf("!%d", de.Offset)
					}
					got = append(got, s)
				})
			}
			if s := strings.Join(got, ", "); s != tt.want {
				t.Errorf("\n got %s\nwant %s", s, tt.want)
			}
			if res.Category != tt.category || !errors.Is(res.Err, tt.err) {
				t.Errorf("category %d, error %v; want %d, %v", res.Category, res.Err, tt.category, tt.err)
			}
			if res.Ciphered != strings.Contains(tt.name, "encrypted") {
				t.Errorf("ciphered: %v", res.Ciphered)
			}
		})
	}
}

// TestGPRSManyFrames: two frames of one block are emitted in order, and a defect of one does
// not hide the other.
func TestGPRSManyFrames(t *testing.T) {
	a, b := llcUI(t, llc.GMM, "08 15"), llcUI(t, llc.GMM, "08 15 02")
	block := fmt.Sprintf("07 0b 00 %02x %02x %x %x", len(a)<<2|2, len(b)<<2|1, a, b)
	d := NewDecoder()
	d.Strict = true
	var got []string
	res := d.Decode(um(t, uint8(PDCH), false, block+strings.Repeat("2b", 1)), func(p *Packet) {
		got = append(got, p.Message.Name())
	})
	if want := []string{"RLC data block", "LLC UI", "Identity Request", "LLC UI", "Identity Request"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if res.Category != Malformed || !errors.Is(res.Err, wire.ErrShort) {
		t.Errorf("category %d, %v", res.Category, res.Err)
	}
}

// madeFrames returns packets of LLC frames and RLC/MAC blocks: every format and function,
// every control message, and headers and lengths by chance.
func madeFrames(t *testing.T) (packets [][]byte) {
	rnd := rand.New(rand.NewPCG(44060, 44064))
	octets := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(rnd.Uint32())
		}
		return b
	}
	frame := func(uplink bool, b []byte, covered int) {
		sum := llc.FCS(b[:min(covered, len(b))])
		h := Header{Version: 2, Type: TypeGbLLC, Uplink: uplink}
		packets = append(packets, append(AppendHeader(nil, &h), append(b, byte(sum), byte(sum>>8), byte(sum>>16))...))
	}
	address := func() byte { return byte(rnd.Uint32()) & 0x4f }
	for i := range 200 {
		control := []byte{0xc0 | byte(rnd.Uint32())&7, byte(rnd.Uint32())} // UI
		covered := 99
		if control[1]&1 == 0 {
			covered = 7
		}
		frame(i&1 == 0, append([]byte{address(), control[0], control[1]}, octets(1+rnd.IntN(40))...), covered)
		frame(i&1 == 0, []byte{address(), 0x80 | byte(rnd.Uint32())&0x27, byte(rnd.Uint32())}, 99) // S
		frame(i&1 == 0, append([]byte{address(), byte(rnd.Uint32()) & 0x5f, byte(rnd.Uint32()), byte(rnd.Uint32()) &^ 1}, octets(1+rnd.IntN(40))...), 99)
	}
	for f := range 32 { // U, without information
		frame(f&1 == 0, []byte{address(), 0xe0 | byte(f)}, 99)
	}
	block := func(ch Channel, uplink bool, b []byte) {
		packets = append(packets, um(t, uint8(ch), uplink, hex.EncodeToString(b)))
	}
	for mt := range 64 {
		block(PACCH, false, append([]byte{0x40 | byte(rnd.Uint32())&0x3f, byte(mt << 2)}, make([]byte, 21)...))
		block(PACCH, true, append([]byte{0x40, byte(mt << 2)}, make([]byte, 21)...))
		block(PACCH, false, append([]byte{0x80, 0x03, byte(mt/2) << 1, 0x94}, make([]byte, 19)...))
	}
	sizes := [...]int{23, 34, 40, 54}
	for range 600 {
		uplink := rnd.IntN(2) == 0
		size := sizes[rnd.IntN(len(sizes))]
		room := size - 3
		if size > 23 {
			room-- // spare bits
		}
		b := []byte{byte(rnd.Uint32()) & 0x3e, byte(rnd.Uint32()) & 0x3f, byte(rnd.IntN(128)) << 1}
		if rnd.IntN(2) == 0 {
			b[2] = 0
		}
		if uplink && b[1]&1 == 1 {
			room -= 4 // TLLI
		}
		lengths := rnd.IntN(5)
		if lengths == 0 {
			b[2] |= 1
		}
		for i := range lengths {
			room--
			n := 1 + rnd.IntN(min(room/(2*(lengths-i)), 60))
			room -= n
			l := byte(n<<2 | 2)
			if i == lengths-1 {
				if l |= 1; rnd.IntN(2) == 0 || room == 0 {
					l &^= 2
				}
			}
			b = append(b, l)
		}
		block(PDCH, uplink, append(b, octets(size-len(b))...))
	}
	return packets
}

// TestTsharkMade compares LLC frames and RLC/MAC blocks, of which there are few captures,
// with tshark.
func TestTsharkMade(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("no tshark to compare with")
	}
	packets := madeFrames(t)
	path := filepath.Join(t.TempDir(), "made.pcap")
	file := binary.LittleEndian.AppendUint32(nil, 0xa1b2c3d4)
	for _, v := range []uint32{2 | 4<<16, 0, 0, 65535, 101} { // version 2.4, raw IP
		file = binary.LittleEndian.AppendUint32(file, v)
	}
	for _, p := range packets {
		n := uint32(28 + len(p))
		for _, v := range []uint32{0, 0, n, n} {
			file = binary.LittleEndian.AppendUint32(file, v)
		}
		for _, v := range []uint16{0x4500, uint16(n), 0, 0, 0x4011, 0, 0x7f00, 1, 0x7f00, 1, 4729, 4729, uint16(n - 20), 0} { // IPv4, UDP
			file = binary.BigEndian.AppendUint16(file, v)
		}
		file = append(file, p...)
	}
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	fields := []string{
		"llcgprs.sapib", "llcgprs.cr", "llcgprs.nu", "llcgprs.e", "llcgprs.pm", "llcgprs.as", "llcgprs.pf", "llcgprs.ucom", "llcgprs.nr",
		"llcgprs.s1s2", "llcgprs.sackns", "llcgprs.sacknr", "llcgprs.sacksfb", "llcgprs.fcs",
		"gsm_rlcmac.dl_payload_type", "gsm_rlcmac.ul_payload_type", "gsm_rlcmac.dl.tfi", "gsm_rlcmac.ul.tfi", "gsm_rlcmac.bsn", "gsm_rlcmac.fbi",
		"gsm_rlcmac.tlli", "gsm_rlcmac.dl.message_type", "gsm_rlcmac.ul.message_type",
	}
	args := []string{"-n", "-r", path, "-T", "fields", "-E", "occurrence=a", "-e", "_ws.col.Info", "-e", "data.data"}
	for _, f := range fields {
		args = append(args, "-e", f)
	}
	out, err := exec.Command(tshark, args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(packets) {
		t.Fatalf("%d lines for %d packets", len(lines), len(packets))
	}
	// "GPRS UL CTRL: PACKET_PSI_STATUS [RRBP]"; what it does not know is "Unknown Message
	// Type" or "Invalid Message Type".
	control := regexp.MustCompile(`^GPRS .L CTRL: (\w+)`)
	spelt := strings.NewReplacer(" ", "_", "/", "_", "INFORMATION_TYPE", "INFO", "RADIO_ACCESS_CAPABILITIES", "RAC",
		"PS_HANDOVER_COMMAND", "PACKET_HANDOVER_COMMAND", "RLC/MAC CONTROL MESSAGE (UNKNOWN)", "")
	compared := map[string]int{}
	names, frames := 0, 0
	for i, line := range lines {
		cols := strings.Split(line, "\t")
		var got, want []string
		d := NewDecoder()
		d.Strict = true
		d.Decode(packets[i], func(p *Packet) {
			if p.In != "" {
				got = append(got, hex.EncodeToString(p.Octets))
				return
			}
			if p.Err != nil {
				t.Errorf("packet %d: %x: %v", i, p.Octets, p.Err)
			}
			for f, v := range made(p.Message) {
				want, _, _ := strings.Cut(cols[2+slices.Index(fields, f)], ",")
				if want == "" && control.MatchString(cols[0]) {
					continue // of some messages it gives no more than the name
				}
				n, err := strconv.ParseUint(want, 0, 64)
				if err != nil || n != uint64(v) {
					t.Errorf("packet %d: %x: %s is %d, tshark has %q (%s)", i, p.Octets, f, v, want, cols[0])
				}
				compared[f]++
			}
			if m := control.FindStringSubmatch(cols[0]); m != nil {
				if m[1] == "Unknown" || m[1] == "Invalid" {
					m[1] = ""
				}
				if name := spelt.Replace(spelt.Replace(strings.ToUpper(p.Message.Name()))); name != m[1] {
					t.Errorf("packet %d: %x: %q, tshark has %q", i, p.Octets, name, cols[0])
				}
				names++
			}
			if b, ok := p.Message.(*rlcmac.Block); ok && b.Payload == rlcmac.Data && b.BSN == 0 {
				want = strings.Split(cols[1], ",")
			}
		})
		// The last part of a block may be one that goes on.
		if len(want) > 0 && (len(got) > len(want) || len(got) < len(want)-1 || !slices.Equal(got, want[:len(got)])) {
			t.Errorf("packet %d: frames %q, tshark has %q", i, got, want)
		}
		frames += len(want)
	}
	t.Logf("%d packets, %d control messages, %d parts of frames; fields equal: %v", len(packets), names, frames, compared)
	if len(compared) != len(fields) || names < 192 || frames < 500 {
		t.Errorf("%d of %d fields compared, %d control messages, %d parts of frames", len(compared), len(fields), names, frames)
	}

	// The check sequences of all frames fit for tshark too.
	out, err = exec.Command(tshark, "-n", "-r", path, "-V", "-O", "llcgprs").Output()
	if err != nil {
		t.Fatal(err)
	}
	fits := len(regexp.MustCompile(`FCS: 0x[0-9a-f]{6} \(correct\)`).FindAll(out, -1))
	if fits < 600 {
		t.Errorf("%d check sequences fit for tshark", fits)
	}
	t.Logf("%d check sequences fit for tshark", fits)
}

// made gives the fields of a frame or block in the names of tshark.
func made(m wire.Message) map[string]int {
	out := map[string]int{}
	flag := func(name string, v bool) {
		out[name] = 0
		if v {
			out[name] = 1
		}
	}
	switch m := m.(type) {
	case *llc.Frame:
		out["llcgprs.sapib"], out["llcgprs.fcs"] = int(m.SAPI), int(m.FCS)
		flag("llcgprs.cr", m.CR)
		switch m.Format {
		case llc.FormatUI:
			out["llcgprs.nu"] = int(m.NU)
			flag("llcgprs.e", m.Encrypted)
			flag("llcgprs.pm", m.Protected)
		case llc.FormatS:
			out["llcgprs.nr"], out["llcgprs.s1s2"] = int(m.NR), int(m.Function)
			flag("llcgprs.as", m.AckRequest)
		case llc.FormatI: // tshark takes the A bit from another octet
			out["llcgprs.sackns"], out["llcgprs.sacknr"], out["llcgprs.sacksfb"] = int(m.NS), int(m.NR), int(m.Function)
		case llc.FormatU:
			out["llcgprs.ucom"] = int(m.Function - llc.NULL)
			flag("llcgprs.pf", m.PF)
		}
	case *rlcmac.Block:
		side := "dl"
		if m.Uplink {
			side = "ul"
		}
		out["gsm_rlcmac."+side+"_payload_type"] = int(m.Payload)
		if m.HasTFI {
			out["gsm_rlcmac."+side+".tfi"] = int(m.TFI)
		}
		if m.HasType {
			out["gsm_rlcmac."+side+".message_type"] = int(m.Type)
		}
		if m.Payload == rlcmac.Data {
			out["gsm_rlcmac.bsn"] = int(m.BSN)
			if !m.Uplink {
				flag("gsm_rlcmac.fbi", m.Final)
			}
			if m.TLLI.Present() {
				out["gsm_rlcmac.tlli"] = int(m.TLLI.Value)
			}
		}
	}
	return out
}
