package redact_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap"
	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/redact"
)

func octets(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(strings.ReplaceAll(s, " ", ""), "\n", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newRedactor(key string) *redact.Redactor {
	return redact.New(ident.NewPseudonyms([]byte(key), false), capture.NewUnwrapper(capture.Options{}), func() *gsmtap.Decoder {
		d := gsmtap.NewDecoder()
		d.Strict, d.Nested = true, true
		return d
	})
}

// Frames begin with GSMTAP: version 2, four words; type 2 is a bare layer 3 message, type
// 1 a block of Um.
const (
	layer3Up = "02040200 4014 0000 00000000 00000000"
	layer3   = "02040200 0014 0000 00000000 00000000"
	sdcchUp  = "02040100 4014 0000 00000000 08000000"
	nasUp    = "02041200 4000 0000 00000000 00000000"
)

func TestFrame(t *testing.T) {
	tests := []struct {
		name, in string
		// want is the frame with dots where other digits are expected; "" for any.
		want    string
		blanked bool
		what    string // what was written over
	}{
		{"IMSI in Location Updating Request", layer3Up + "0508 70 00f110 0bb8 33 08 0910101032547698",
			"02040200401400000000000000000000" + "0508" + "70" + "00f1100bb8" + "33" + "08" + "091010" + "..........", false, "IMSI"},
		{"IMEI in Identity Response", layer3Up + "0559 08 1a32547698103254",
			"", false, "IMEI"},
		{"TMSI in Paging Response", layer3Up + "0627 07 03 330302 05 f4 12c0ffee",
			"02040200401400000000000000000000" + "0627" + "07" + "03330302" + "05f4" + "........", false, "TMSI"},
		{"nobody in Location Updating Reject", layer3 + "0504 0b", "020402000014000000000000000000000504" + "0b", false, ""},
		{"cut message", layer3Up + "0508 70 00f110 0bb8 33 08 0910", "", false, "message"},
		{"unknown protocol", layer3Up + "0e01 0102030405060708", "", true, "payload"},
		{"called number in Setup", layer3Up + "0345 04 03 60 04 05 5e 07 81 90 89 67 45 23 f1", "", false, "number"},
		{"short message", layer3 + "0901 1c 01 05 05 91 99 59 05 f1 00 12" + "04 0b 91 99 90 21 43 65 f7 00 00 62 11 21 11 00 00 00 02 e8 34",
			"", false, "short message"},
		{"GUTI in Attach Request of EPS", nasUp + "0741 71 0bf6 00f110 8001 01 c1c0ffee 02 e0e0 0004 0201d011",
			"", false, "TMSI"},
		{"part of a message", sdcchUp + "0d 00 53 0901 230102030405060708091011121314151617", "", true, "information"},
		{"5GS NAS", "0304 0504" + "00000000 00000000 00000000" + "7e005c000d0100f1100000000010325476", "", true, "payload"},
		{"not GSMTAP", "ffffffff", "", true, "payload"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := octets(t, tt.in)
			f := capture.Frame{Number: 1, LinkType: capture.LinkGSMTAPUm, OrigLen: len(in), Data: bytes.Clone(in)}
			got := newRedactor("k").Frame(&f)
			if len(f.Data) != len(in) {
				t.Fatalf("%d octets became %d", len(in), len(f.Data))
			}
			if (got.Blanked != "") != tt.blanked || tt.what == "" && len(got.Spans) > 0 || !strings.Contains(got.String(), tt.what) {
				t.Errorf("%q", got.String())
			}
			if h := hex.EncodeToString(f.Data); tt.want != "" {
				plain := hex.EncodeToString(in)
				for i := range tt.want {
					if tt.want[i] != '.' && tt.want[i] != h[i] {
						t.Fatalf("\n got %s\nwant %s", h, tt.want)
					}
				}
				if dots := strings.Count(tt.want, "."); dots > 0 && h == plain {
					t.Error("left as it was")
				}
			} else if bytes.Equal(in, f.Data) {
				t.Error("left as it was")
			}
			// Every octet that changed is in a span.
			covered := make([]byte, len(in))
			for _, s := range got.Spans {
				for i := s.Bit / 8; i < (s.Bit+s.Bits+7)/8; i++ {
					covered[i] = 1
				}
			}
			for i := range in {
				if in[i] != f.Data[i] && covered[i] == 0 && got.Blanked == "" {
					t.Errorf("octet %d changed and nothing says so", i)
				}
			}
		})
	}
}

// TestSubstitutes: equal identities stay equal under one key, differ under two, and keep
// network and length.
func TestSubstitutes(t *testing.T) {
	in := octets(t, layer3Up+"0508 70 00f110 0bb8 33 08 0910101032547698")
	redacted := func(r *redact.Redactor) []byte {
		f := capture.Frame{Number: 1, LinkType: capture.LinkGSMTAPUm, OrigLen: len(in), Data: bytes.Clone(in)}
		r.Frame(&f)
		return f.Data
	}
	r := newRedactor("one")
	first := redacted(r)
	if !bytes.Equal(first, redacted(r)) || !bytes.Equal(first, redacted(newRedactor("one"))) {
		t.Error("one key gives several pseudonyms")
	}
	if bytes.Equal(first, redacted(newRedactor("two"))) {
		t.Error("two keys give one pseudonym")
	}
	m, err := ident.DecodeMobileIdentity(first[len(first)-8:])
	if err != nil || m.Type != ident.IMSI || len(m.Digits()) != 15 || !strings.HasPrefix(m.Digits(), "00101") || m.Digits() == "001010123456789" {
		t.Errorf("%v %v", m.Digits(), err)
	}
}

// TestRepeated: a frame that repeats a whole message is redacted like the first, not
// blanked.
func TestRepeated(t *testing.T) {
	r := newRedactor("k")
	sabm := sdcchUp + "01 3f 45 0508 70 00f110 0bb8 33 05 f4 12c0ffee 2b2b"
	ua := "02040100 0014 0000 00000000 08000000" + "01 73 45 0508 70 00f110 0bb8 33 05 f4 12c0ffee 2b2b"
	for i, s := range []string{sabm, ua, sabm} {
		in := octets(t, s)
		f := capture.Frame{Number: i + 1, LinkType: capture.LinkGSMTAPUm, OrigLen: len(in), Data: bytes.Clone(in)}
		res := r.Frame(&f)
		if res.Blanked != "" || bytes.Contains(f.Data, octets(t, "12c0ffee")) || len(res.Spans) != 1 {
			t.Errorf("frame %d: %q", i+1, res.String())
		}
	}
}

// FuzzFrame: no panic, the length stays, and what is left decodes to no identity that was
// there.
func FuzzFrame(f *testing.F) {
	for _, s := range []string{
		layer3Up + "0508 70 00f110 0bb8 33 08 0910101032547698",
		layer3 + "0901 1c 01 05 05 91 99 59 05 f1 00 12" + "04 0b 91 99 90 21 43 65 f7 00 00 62 11 21 11 00 00 00 02 e8 34",
		nasUp + "0741 71 0bf6 00f110 8001 01 c1c0ffee 02 e0e0 0004 0201d011",
		sdcchUp + "0d 00 53 0901 230102030405060708091011121314151617",
		"02040d00 0000 0000 00000000 06000000" + "40018000c0ffee0",
	} {
		b, _ := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
		f.Add(b, uint16(capture.LinkGSMTAPUm))
	}
	f.Fuzz(func(t *testing.T, in []byte, link uint16) {
		frame := capture.Frame{Number: 1, LinkType: capture.LinkType(link), OrigLen: len(in), Data: bytes.Clone(in)}
		whole := mobiles(t, in, link)
		res := newRedactor("k").Frame(&frame)
		if len(frame.Data) != len(in) {
			t.Fatalf("%d octets became %d", len(in), len(frame.Data))
		}
		for _, s := range res.Spans {
			if s.Bit < 0 || s.Bits < 0 || s.Bit+s.Bits > 8*len(in) {
				t.Fatalf("span %+v in %d octets", s, len(in))
			}
		}
		for m := range mobiles(t, frame.Data, link) {
			if whole[m] && len(m) > 8 {
				t.Fatalf("%s is left: %s", m, res)
			}
		}
		if bytes.Equal(in, frame.Data) && len(whole) > 0 {
			t.Fatalf("left as it was with %v", whole)
		}
	})
}

// mobiles returns the identities that decoding one frame shows in its mobility messages.
func mobiles(t testing.TB, b []byte, link uint16) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	p := capture.NewUnwrapper(capture.Options{}).Unwrap(capture.Frame{Number: 1, LinkType: capture.LinkType(link), OrigLen: len(b), Data: b})
	d := gsmtap.NewDecoder()
	d.Strict = true
	d.DecodePayload(&p, func(p *gsmtap.Packet) {
		if m, ok := p.Message.(*mm.IdentityResponse); ok && m.Identity.Digits() != "" {
			out[m.Identity.Digits()] = true
		}
		if m, ok := p.Message.(*mm.LocationUpdatingRequest); ok && m.Identity.Digits() != "" {
			out[m.Identity.Digits()] = true
		}
	})
	return out
}
