package llc

import (
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

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

// vector is a frame and what it says. The frame check sequences were made by dividing
// polynomials bit by bit as TS 44.064 §5.5 says it, apart from the code under test.
type vector struct {
	name  string
	in    string
	title string
	want  Frame
}

func vectors(t testing.TB) []vector {
	x := func(s string) []byte { return unhex(t, s) }
	return []vector{
		// address, control, information, frame check sequence
		{"UI, protected", "01 c001 0803 e14111", "LLC UI", Frame{SAPI: GMM, Format: FormatUI, Protected: true, FCS: 0x1141e1, Info: x("0803")}},
		{"UI, first octets covered", "41 c008 081501001122 55bc9e", "LLC UI", Frame{SAPI: GMM, CR: true, Format: FormatUI, NU: 2, FCS: 0x9ebc55, Info: x("081501001122")}},
		{"UI, other octets behind those", "41 c008 08150100aabb 55bc9e", "LLC UI", Frame{SAPI: GMM, CR: true, Format: FormatUI, NU: 2, FCS: 0x9ebc55, Info: x("08150100aabb")}},
		{"UI, fewer octets than are covered", "41 c004 0814 6e460a", "LLC UI", Frame{SAPI: GMM, CR: true, Format: FormatUI, NU: 1, FCS: 0x0a466e, Info: x("0814")}},
		{"UI, highest number", "41 c7fd 0814 6e6f65", "LLC UI", Frame{SAPI: GMM, CR: true, Format: FormatUI, NU: 511, Protected: true, FCS: 0x656f6e, Info: x("0814")}},
		{"UI, of short messages", "07 c001 090100 269f5b", "LLC UI", Frame{SAPI: SMS, Format: FormatUI, Protected: true, FCS: 0x5b9f26, Info: x("090100")}},
		{"UI, encrypted", "01 c007 5a5a5a 010203", "LLC UI", Frame{SAPI: GMM, Format: FormatUI, NU: 1, Encrypted: true, Protected: true, FCS: 0x030201, Info: x("5a5a5a")}},
		{"UI, with MAC", "01 d005 0803 a1a2a3a4 e4f203", "LLC UI", Frame{SAPI: GMM, Format: FormatUI, NU: 1, Protected: true, HasMAC: true,
			MAC: [4]byte{0xa1, 0xa2, 0xa3, 0xa4}, FCS: 0x03f2e4, Info: x("0803")}},
		{"UI Dummy", "43 c001 2b2b2b2b2b2b", "LLC UI Dummy", Frame{SAPI: LL3, CR: true, Format: FormatUI, Protected: true, Dummy: true, FCS: 0x2b2b2b, Info: x("2b2b2b")}},
		{"UI, reserved access point 0", "40 c005 00 cb63f2", "LLC UI", Frame{CR: true, Format: FormatUI, NU: 1, Protected: true, FCS: 0xf263cb, Info: x("00")}},
		{"UI, reserved access point 15", "4f c005 00 6ad92e", "LLC UI", Frame{SAPI: 15, CR: true, Format: FormatUI, NU: 1, Protected: true, FCS: 0x2ed96a, Info: x("00")}},

		{"SABM", "41 f7 0000 69d8bb", "LLC SABM", Frame{SAPI: GMM, CR: true, Format: FormatU, HasFunction: true, Function: SABM, PF: true, FCS: 0xbbd869, Info: x("0000")}},
		{"UA", "01 f6 7c759a", "LLC UA", Frame{SAPI: GMM, Format: FormatU, HasFunction: true, Function: UA, PF: true, FCS: 0x9a757c, Info: []byte{}}},
		{"DM", "01 e1 6a0565", "LLC DM", Frame{SAPI: GMM, Format: FormatU, HasFunction: true, Function: DM, FCS: 0x65056a, Info: []byte{}}},
		{"DISC", "41 f4 2b1cf4", "LLC DISC", Frame{SAPI: GMM, CR: true, Format: FormatU, HasFunction: true, Function: DISC, PF: true, FCS: 0xf41c2b, Info: []byte{}}},
		{"FRMR", "01 e8 00f700000000 167d57", "LLC FRMR", Frame{SAPI: GMM, Format: FormatU, HasFunction: true, Function: FRMR, FCS: 0x577d16, Info: x("00f700000000")}},
		{"XID", "41 fb 00 55826a", "LLC XID", Frame{SAPI: GMM, CR: true, Format: FormatU, HasFunction: true, Function: XID, PF: true, FCS: 0x6a8255, Info: x("00")}},
		{"NULL", "41 e0 1c8e2b", "LLC NULL", Frame{SAPI: GMM, CR: true, Format: FormatU, HasFunction: true, Function: NULL, FCS: 0x2b8e1c, Info: []byte{}}},
		{"U, reserved function", "41 e2 4bcbdd", "LLC U", Frame{SAPI: GMM, CR: true, Format: FormatU, HasFunction: true, Function: 0x12, FCS: 0xddcb4b, Info: []byte{}}},

		{"RR", "01 8014 1e1d52", "LLC RR", Frame{SAPI: GMM, Format: FormatS, HasFunction: true, Function: RR, NR: 5, FCS: 0x521d1e, Info: []byte{}}},
		{"ACK", "01 a015 68acc8", "LLC ACK", Frame{SAPI: GMM, Format: FormatS, HasFunction: true, Function: ACK, AckRequest: true, NR: 5, FCS: 0xc8ac68, Info: []byte{}}},
		{"RNR", "01 8016 4958a4", "LLC RNR", Frame{SAPI: GMM, Format: FormatS, HasFunction: true, Function: RNR, NR: 5, FCS: 0xa45849, Info: []byte{}}},
		{"SACK", "01 8017 8001 0474b1", "LLC SACK", Frame{SAPI: GMM, Format: FormatS, HasFunction: true, Function: SACK, NR: 5, Bitmap: x("8001"), FCS: 0xb17404, Info: []byte{}}},

		{"I", "43 1237fc aabb 12d9f1", "LLC I", Frame{SAPI: LL3, CR: true, Format: FormatI, HasFunction: true, Function: RR, NS: 0x123, NR: 511, FCS: 0xf1d912, Info: x("aabb")}},
		{"I, acknowledgement asked for", "03 5237fd aabb 7e29e6", "LLC I", Frame{SAPI: LL3, Format: FormatI, HasFunction: true, Function: ACK, AckRequest: true,
			NS: 0x123, NR: 511, FCS: 0xe6297e, Info: x("aabb")}},
		{"I, selective", "03 1237ff e1 8001 aabb bbf717", "LLC I", Frame{SAPI: LL3, Format: FormatI, HasFunction: true, Function: SACK,
			NS: 0x123, NR: 511, Bitmap: x("8001"), FCS: 0x17f7bb, Info: x("aabb")}},
		{"I, encrypted", "43 1237fc aabb 12d9f0", "LLC I", Frame{SAPI: LL3, CR: true, Format: FormatI, HasFunction: true, Function: RR, Encrypted: true,
			NS: 0x123, NR: 511, FCS: 0xf0d912, Info: x("aabb")}},
	}
}

func TestDecode(t *testing.T) {
	var f Frame // one for all: whatever a frame leaves behind must not show
	for _, tt := range vectors(t) {
		t.Run(tt.name, func(t *testing.T) {
			if err := f.Decode(unhex(t, tt.in)); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(f, tt.want) {
				t.Errorf("\n got %+v\nwant %+v", f, tt.want)
			}
			if f.Name() != tt.title {
				t.Errorf("name %q, want %q", f.Name(), tt.title)
			}
		})
	}
}

// A frame that is cut is short, or its frame check sequence does not fit, unless a cipher
// or padding leaves nothing to check.
func TestDecodeTruncated(t *testing.T) {
	for _, tt := range vectors(t) {
		in := unhex(t, tt.in)
		for n := range in {
			var f Frame
			err := f.Decode(in[:n])
			var de *wire.DecodeError
			switch {
			case n < 5 && !errors.Is(err, wire.ErrShort):
				t.Errorf("%s cut to %d: %v", tt.name, n, err)
			case err == nil && !f.Encrypted && !f.Dummy:
				t.Errorf("%s cut to %d: %+v", tt.name, n, f)
			case err != nil && (!errors.As(err, &de) || de.Offset < 0 || de.Offset > n || de.Path == ""):
				t.Errorf("%s cut to %d: %#v", tt.name, n, err)
			}
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		path     string
		offset   int
		err      error
	}{
		{"empty", "", "LLC frame", 0, wire.ErrShort},
		{"no control field", "01 000000", "LLC frame", 4, wire.ErrShort},
		{"protocol discriminator", "81 c001 0803 e14111", "Protocol Discriminator", 0, wire.ErrInvalid},
		{"frame check sequence", "01 c001 0803 e14110", "FCS", 5, wire.ErrInvalid},
		{"covered octet", "41 c008 081501011122 55bc9e", "FCS", 9, wire.ErrInvalid},
		{"frame check sequence of SABM", "41 f7 0001 69d8bb", "FCS", 4, wire.ErrInvalid},
		{"padding of another access point", "45 c001 2b2b2b2b2b2b", "FCS", 6, wire.ErrInvalid},
		{"UI without second octet of control", "01 c0 000000", "Control", 1, wire.ErrShort},
		{"S without second octet of control", "01 80 000000", "Control", 1, wire.ErrShort},
		{"I without third octet of control", "01 0000 000000", "Control", 1, wire.ErrShort},
		{"I without bitmap", "03 1237ff 000000", "K", 4, wire.ErrShort},
		{"I, bitmap cut", "03 1237ff 02 8001 000000", "R bitmap", 5, wire.ErrShort},
		{"MAC cut", "01 d005 080302 000000", "Message Authentication Code", 3, wire.ErrShort},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var f Frame
			err := f.Decode(unhex(t, tt.in))
			var de *wire.DecodeError
			if !errors.As(err, &de) || !errors.Is(err, tt.err) || de.Path != tt.path || de.Offset != tt.offset {
				t.Errorf("%v, want %s at octet %d: %v", err, tt.path, tt.offset, tt.err)
			}
		})
	}
	var f Frame
	if err := f.Decode(unhex(t, "01 c001 0803 e14110")); err == nil || f.SAPI != GMM || len(f.Info) != 2 || f.FCS != 0x1041e1 {
		t.Errorf("what was read is not kept: %+v, %v", f, err)
	}
}

func TestStrings(t *testing.T) {
	for v, want := range map[interface{ String() string }]string{
		GMM: "LLGMM", SMS: "LLSMS", LL11: "LL11", SAPI(0): "reserved (0)", SAPI(15): "reserved (15)", SAPI(16): "reserved (16)",
		FormatI: "I", FormatU: "U", SABM: "SABM", RR: "RR", Function(0x12): "reserved (18)", Function(0xff): "reserved (255)",
	} {
		if v.String() != want {
			t.Errorf("%#v: %q, want %q", v, v.String(), want)
		}
	}
	user := 0
	for s := range SAPI(16) {
		if s.UserData() {
			user++
		}
	}
	if user != 4 || !LL3.UserData() || GMM.UserData() {
		t.Errorf("%d access points carry user data", user)
	}
}

func TestAllocs(t *testing.T) {
	var f Frame
	for _, tt := range vectors(t) {
		in := unhex(t, tt.in)
		if n := testing.AllocsPerRun(50, func() {
			if err := f.Decode(in); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", tt.name, n)
		}
	}
}

// FuzzLLC: fields in their ranges, errors inside the input, and a frame whose check
// sequence is made to fit decodes to the same and fails as soon as a bit of its header is
// another.
func FuzzLLC(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(unhex(f, v.in))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var a Frame
		err := a.Decode(b)
		var de *wire.DecodeError
		if err != nil && (!errors.As(err, &de) || de.Offset < 0 || de.Offset > len(b) || de.Path == "") {
			t.Fatalf("error without offset inside %d octets: %#v", len(b), err)
		}
		if a.Name() == "" || a.SAPI > 15 || a.NS > 511 || a.NR > 511 || a.NU > 511 || a.FCS > 0xffffff || len(a.Info)+len(a.Bitmap)+5 > max(len(b), 5) {
			t.Fatalf("value outside its field: %+v", a)
		}
		if a.Encrypted && a.Format != FormatUI && a.Format != FormatI || a.HasFunction != (a.Format != FormatUI) && err == nil {
			t.Fatalf("a field of another format: %+v", a)
		}
		if err != nil && de.Path != "FCS" || a.Encrypted || a.Dummy {
			return
		}
		end := len(b) - fcsLen
		covered := end
		if a.Format == FormatUI && !a.Protected {
			covered = min(end, UIHeaderLen+n202)
		}
		sum := FCS(b[:covered])
		fit := append(b[:end:end], byte(sum), byte(sum>>8), byte(sum>>16))
		var c Frame
		if err := c.Decode(fit); err != nil {
			t.Fatalf("frame check sequence made to fit: %v", err)
		}
		if a.FCS = sum; !c.Dummy && !reflect.DeepEqual(a, c) {
			t.Fatalf("\n got %+v\nwant %+v", c, a)
		}
		fit[0] ^= 1
		if err := c.Decode(fit); err == nil && !c.Encrypted && !c.Dummy {
			t.Fatalf("%x: another access point, and no error", fit)
		}
	})
}
