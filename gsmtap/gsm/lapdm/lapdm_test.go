package lapdm

import (
	"bytes"
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

// block pads a frame to n octets as the standard does.
func block(b []byte, n int) []byte {
	for len(b) < n {
		b = append(b, fill)
	}
	return b
}

func TestDecode(t *testing.T) {
	const (
		lu  = "05 08 70 00f110 fffe 33 05f4 00000001"
		si5 = "06 1d 8f 0000000000000000000000000000 04"
		si6 = "06 1e 0001 00f110 03e9 27 ff 2b2b2b2b2b2b2b"
	)
	h := func(s string) []byte { return unhex(t, s) }
	tests := []struct {
		name   string
		in     string // address, control, length, information; padded to 23 octets
		ch     Channel
		uplink bool
		want   Frame // without Fill
		err    error
		offset int
	}{
		//                 addr ctl len
		{name: "SABM", in: "01 3f 3d " + lu, uplink: true,
			want: Frame{Format: FormatB, Kind: SABM, Uplink: true, Command: true, PF: true, Length: 15, Info: h(lu)}},
		{name: "UA", in: "01 73 3d " + lu,
			want: Frame{Format: FormatB, Kind: UA, PF: true, Length: 15, Info: h(lu)}},
		{name: "I from network", in: "03 64 0d 051801",
			want: Frame{Format: FormatB, Kind: I, CR: true, Command: true, NR: 3, NS: 2, Length: 3, Info: h("051801")}},
		{name: "I with M and P, SAPI 3", in: "0f 1e 53 0901020304050607080910111213141516171819", ch: Dedicated,
			want: Frame{Format: FormatB, Kind: I, SAPI: 3, CR: true, Command: true, PF: true, NS: 7, Length: 20, More: true,
				Info: h("0901020304050607080910111213141516171819")}},
		{name: "RR", in: "03 e1 01", uplink: true,
			want: Frame{Format: FormatA, Kind: RR, Uplink: true, CR: true, NR: 7, Info: []byte{}}},
		{name: "RNR", in: "01 25 01",
			want: Frame{Format: FormatA, Kind: RNR, NR: 1, Info: []byte{}}},
		{name: "REJ", in: "01 29 01",
			want: Frame{Format: FormatA, Kind: REJ, NR: 1, Info: []byte{}}},
		{name: "DISC", in: "01 53 01", uplink: true,
			want: Frame{Format: FormatA, Kind: DISC, Uplink: true, Command: true, PF: true, Info: []byte{}}},
		{name: "DM", in: "01 1f 01",
			want: Frame{Format: FormatA, Kind: DM, PF: true, Info: []byte{}}},
		{name: "fill frame", in: "03 03 01",
			want: Frame{Format: FormatA, Kind: UI, CR: true, Command: true, Info: []byte{}}},
		{name: "padding", in: "2b 2b", want: Frame{}},
		{name: "fill frame on CCCH", in: "03 03 01", ch: Common,
			want: Frame{Format: FormatA, Kind: UI, CR: true, Command: true, Info: []byte{}}},

		{name: "uplink SACCH", in: "01 03 49 06 15 20 20 0001 000000000000000000000000", ch: SACCH, uplink: true,
			want: Frame{Format: FormatB, Kind: UI, Uplink: true, Command: true, Length: 18, Info: h("06 15 20 20 0001 000000000000000000000000")}},
		{name: "B4, pseudo length counts all", in: "03 03 49 " + si5, ch: SACCH,
			want: Frame{Format: FormatB4, Kind: UI, CR: true, Command: true, Length: 18, HasPseudoLength: true, Info: h(si5)}},
		{name: "B4, rest octets after the pseudo length", in: "03 03 2d " + si6, ch: SACCH,
			want: Frame{Format: FormatB4, Kind: UI, CR: true, Command: true, Length: 11, HasPseudoLength: true, Info: h(si6)}},
		{name: "B4 without pseudo length", in: "03 03 " + si5 + " 00", ch: SACCH,
			want: Frame{Format: FormatB4, Kind: UI, CR: true, Command: true, Info: h(si5 + "00")}},
		{name: "fill frame on SACCH", in: "03 03 01", ch: SACCH,
			want: Frame{Format: FormatA, Kind: UI, CR: true, Command: true}},
		{name: "SMS on SACCH", in: "0f 00 0d 890401", ch: SACCH,
			want: Frame{Format: FormatB, Kind: I, SAPI: 3, CR: true, Command: true, Length: 3, Info: h("890401")}},
		{name: "short header", in: "14 0102030405060708090a0b0c0d0e0f1011121314", ch: SACCH,
			want: Frame{Format: FormatBter, Info: h("14 0102030405060708090a0b0c0d0e0f1011121314")}},

		{name: "Bbis", in: "15 06 21 00 01 f0 2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b", ch: Common,
			want: Frame{Format: FormatBbis, Length: 5, HasPseudoLength: true, Info: h("06 21 00 01 f0 2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b")}},
		{name: "Bbis, length zero", in: "01 06 00", ch: Common,
			want: Frame{Format: FormatBbis, HasPseudoLength: true, Info: block(h("0600"), 22)}},

		{name: "EA 0", in: "00 3f 01", want: Frame{}, err: wire.ErrInvalid},
		{name: "cell broadcast", in: "21 00 01", want: Frame{LPD: 1}, err: wire.ErrUnsupported},
		{name: "SAPI reserved", in: "05 03 01", want: Frame{SAPI: 1}, err: wire.ErrInvalid},
		{name: "SREJ", in: "01 0d 01", want: Frame{}, err: wire.ErrInvalid, offset: 1},
		{name: "XID", in: "01 af 01", want: Frame{}, err: wire.ErrInvalid, offset: 1},
		{name: "EL 0", in: "03 00 0c 051801", want: Frame{Format: FormatB, Kind: I, Length: 3}, err: wire.ErrInvalid, offset: 2},
		{name: "I without information", in: "03 00 01", want: Frame{Format: FormatA, Kind: I}, err: wire.ErrLength, offset: 2},
		{name: "RR with information", in: "03 01 05 05", want: Frame{Format: FormatB, Kind: RR, Length: 1}, err: wire.ErrLength, offset: 2},
		{name: "SABM with M", in: "03 2f 07 05", want: Frame{Format: FormatB, Kind: SABM, Length: 1, More: true}, err: wire.ErrInvalid, offset: 2},
		{name: "length above N201", in: "03 00 55", want: Frame{Format: FormatB, Kind: I, Length: 21}, err: wire.ErrLength, offset: 2},
		{name: "length above N201 of SACCH", in: "0f 00 4d", ch: SACCH, want: Frame{Format: FormatB, Kind: I, SAPI: 3, Length: 19}, err: wire.ErrLength, offset: 2},
		{name: "Bbis without pseudo length", in: "06 21 00", ch: Common, want: Frame{Format: FormatBbis}, err: wire.ErrInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := 23
			if tt.ch == SACCH {
				n = 21
			}
			in := block(unhex(t, tt.in), n)
			// A dirty receiver must not show through.
			f := Frame{Format: 99, Kind: 99, SAPI: 99, LPD: 9, CR: true, Command: true, PF: true, NS: 9, NR: 9,
				Length: 99, HasPseudoLength: true, More: true, Info: []byte{1}, Fill: []byte{1}}
			err := f.Decode(in, tt.ch, tt.uplink)
			if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
				t.Fatalf("error = %v, want %v", err, tt.err)
			}
			var de *wire.DecodeError
			if errors.As(err, &de) && de.Offset != tt.offset {
				t.Errorf("offset %d, want %d (%v)", de.Offset, tt.offset, err)
			}
			if err == nil && tt.name != "padding" && f.Info != nil && !bytes.HasSuffix(in, f.Fill) {
				t.Errorf("fill % x", f.Fill)
			}
			if err != nil {
				// The table names what matters of the fields in front of the defect.
				f.CR, f.Command, f.PF, f.Uplink = tt.want.CR, tt.want.Command, tt.want.PF, tt.want.Uplink
			}
			f.Fill = nil
			if !reflect.DeepEqual(f, tt.want) {
				t.Errorf("\n got %+v\nwant %+v", f, tt.want)
			}
		})
	}
}

func TestEmpty(t *testing.T) {
	for _, tt := range []struct {
		in    string
		ch    Channel
		empty bool
	}{
		{"03 03 01", Dedicated, true},
		{"01 03 01", Dedicated, true},
		{"2b 2b 2b", Dedicated, true},
		{"2b 2b 2b", Common, true},
		{"03 03 01", Common, true},
		{"03 03 01", SACCH, true},
		{"03 03 0d 060d00", Dedicated, false},
		{"03 21 01", Dedicated, false},
		{"15 06 21 00 01 f0", Common, false},
	} {
		var f Frame
		if err := f.Decode(block(unhex(t, tt.in), 23), tt.ch, false); err != nil {
			t.Errorf("%s: %v", tt.in, err)
		}
		if f.Empty() != tt.empty {
			t.Errorf("%s: Empty() = %v", tt.in, f.Empty())
		}
	}
}

// A phone's log cuts the padding; a frame cut inside its information is an error.
func TestDecodeTruncated(t *testing.T) {
	in := unhex(t, "01 3f 3d 05 08 70 00f110 fffe 33 05f4 00000001")
	for n := range len(in) {
		var f Frame
		err := f.Decode(in[:n], Dedicated, true)
		var de *wire.DecodeError
		if !errors.As(err, &de) || !errors.Is(err, wire.ErrShort) || de.Offset > n {
			t.Errorf("%d octets: %v", n, err)
		}
		if n > 1 && f.Kind != SABM {
			t.Errorf("%d octets: kind %v", n, f.Kind)
		}
		if f.Info != nil {
			t.Errorf("%d octets: information of a cut frame", n)
		}
	}
	var f Frame
	if err := f.Decode(in, Dedicated, true); err != nil || len(f.Info) != 15 || len(f.Fill) != 0 {
		t.Errorf("without padding: %v, %+v", err, f)
	}
}

func TestDecodeL1Header(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want L1Header
		err  error
	}{
		{"05 00", L1Header{PowerLevel: 5}, nil},
		{"1f 3f 03 03", L1Header{PowerLevel: 31, TimingAdvance: 63}, nil},
		{"20 db", L1Header{FPC: true, TimingAdvance: 219}, nil},
		{"c0 01", L1Header{Repetition: true, TimingAdvance: 1}, nil},
		{"05", L1Header{PowerLevel: 5}, wire.ErrShort},
		{"", L1Header{}, wire.ErrShort},
	} {
		in := unhex(t, tt.in)
		h, rest, err := DecodeL1Header(in)
		if h != tt.want || !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
			t.Errorf("%q: %+v, %v", tt.in, h, err)
		}
		if err == nil && len(rest) != len(in)-2 {
			t.Errorf("%q: rest % x", tt.in, rest)
		}
	}
}

func TestNames(t *testing.T) {
	for k, want := range map[Kind]string{I: "I", RR: "RR", RNR: "RNR", REJ: "REJ", SABM: "SABM", DM: "DM", UI: "UI", DISC: "DISC", UA: "UA", KindNone: "none", 77: "none"} {
		if k.String() != want {
			t.Errorf("Kind %d = %q, want %q", k, k.String(), want)
		}
	}
	for f, want := range map[Format]string{FormatA: "A", FormatB: "B", FormatB4: "B4", FormatBbis: "Bbis", FormatBter: "Bter", FormatNone: "none", 77: "none"} {
		if f.String() != want {
			t.Errorf("Format %d = %q, want %q", f, f.String(), want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"013f3d050870", "030001", "0303490 61d", "15062100", "2b2b", "1400", "0f1e53"} {
		b, _ := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
		f.Add(block(b, 23), uint8(0), false)
		f.Add(b, uint8(1), false)
		f.Add(b, uint8(2), true)
	}
	f.Fuzz(func(t *testing.T, b []byte, ch uint8, uplink bool) {
		var fr Frame
		err := fr.Decode(b, Channel(ch%3), uplink)
		var de *wire.DecodeError
		if err != nil && (!errors.As(err, &de) || de.Offset < 0 || de.Offset > len(b)) {
			t.Fatalf("error without offset inside %d octets: %v", len(b), err)
		}
		if fr.NS > 7 || fr.NR > 7 || fr.LPD > 3 || fr.SAPI > 7 || fr.Length > 63 || fr.Kind > UA {
			t.Fatalf("value outside its field: %+v", fr)
		}
		if len(fr.Info)+len(fr.Fill) > len(b) {
			t.Fatalf("more out than in: %+v", fr)
		}
		if err == nil && fr.Kind == I && (len(fr.Info) == 0 || len(fr.Info) > N201) {
			t.Fatalf("I frame with %d octets", len(fr.Info))
		}
		if _, rest, err := DecodeL1Header(b); err == nil && len(rest) != len(b)-2 {
			t.Fatal("layer 1 header")
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	in := block(unhex(b, "013f3d05087000f110fffe3305f400000001"), 23)
	var f Frame
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if err := f.Decode(in, Dedicated, true); err != nil {
			b.Fatal(err)
		}
	}
}
