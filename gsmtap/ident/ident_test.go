package ident

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPLMN(t *testing.T) {
	for _, tt := range []struct {
		octets, text string
		want         PLMN
		test         bool
	}{
		{"00 f1 10", "001-01", PLMN{1, 1, 2}, true},
		{"00 11 00", "001-001", PLMN{1, 1, 3}, true},
		{"99 09 99", "999-990", PLMN{999, 990, 3}, true},
		{"99 f9 00", "999-00", PLMN{999, 0, 2}, true},
		{"00 f2 00", "002-00", PLMN{2, 0, 2}, false},
		{"21 43 65", "123-564", PLMN{123, 564, 3}, false},
	} {
		p, err := DecodePLMN(unhex(t, tt.octets))
		if err != nil || p != tt.want || p.String() != tt.text || !p.Known() || p.Test() != tt.test {
			t.Errorf("%s: %+v %q test %v, %v", tt.octets, p, p, p.Test(), err)
		}
		if b := AppendPLMN(nil, p); !bytes.Equal(b, unhex(t, tt.octets)) {
			t.Errorf("%s: encoded as % x", tt.text, b)
		}
		if q, ok := ParsePLMN(tt.text); !ok || q != p {
			t.Errorf("ParsePLMN(%q) = %+v, %v", tt.text, q, ok)
		}
		if s, err := p.MarshalText(); err != nil || string(s) != tt.text {
			t.Errorf("MarshalText: %q, %v", s, err)
		}
	}
	if two, three := (PLMN{1, 1, 2}), (PLMN{1, 1, 3}); two == three {
		t.Error("001-01 is 001-001")
	}
	var none PLMN
	if none.Known() || none.Test() || none.String() != "" {
		t.Errorf("zero value: %q", none)
	}
	for _, s := range []string{"", "001", "001-1", "001-0001", "00101", "001_01", "a01-01", "001-0x", "+01-01", "-01-01", "001--1"} {
		if p, ok := ParsePLMN(s); ok {
			t.Errorf("ParsePLMN(%q) = %+v", s, p)
		}
	}
}

func TestDecodePLMNErrors(t *testing.T) {
	for _, tt := range []struct {
		in  string
		err error
		off int
	}{
		{"", wire.ErrShort, 0},
		{"00 f1", wire.ErrShort, 2},
		{"0a f1 10", wire.ErrInvalid, 0},
		{"f0 f1 10", wire.ErrInvalid, 0},
		{"00 ff 10", wire.ErrInvalid, 0},
		{"00 e1 10", wire.ErrInvalid, 0}, // only the third MNC digit can be filler, and only as 1111
		{"00 f1 f0", wire.ErrInvalid, 0},
		{"ff ff ff", wire.ErrInvalid, 0},
	} {
		p, err := DecodePLMN(unhex(t, tt.in))
		var de *wire.DecodeError
		if !errors.Is(err, tt.err) || !errors.As(err, &de) || de.Offset != tt.off || p.Known() {
			t.Errorf("%q: %+v, %v", tt.in, p, err)
		}
	}
}

func TestLAI(t *testing.T) {
	in := unhex(t, "00f110 03e9")
	l, err := DecodeLAI(in)
	if want := (LAI{PLMN{1, 1, 2}, 1001}); err != nil || l != want {
		t.Fatalf("%+v, %v", l, err)
	}
	if s := l.String(); s != "001-01/1001" {
		t.Errorf("%q", s)
	}
	if s := (CGI{l, 10012}).String(); s != "001-01/1001/10012" {
		t.Errorf("%q", s)
	}
	if s := (RAI{l, 7}).String(); s != "001-01/1001/7" {
		t.Errorf("%q", s)
	}
	if b := AppendLAI(nil, l); !bytes.Equal(b, in) {
		t.Errorf("% x", b)
	}
	for n := range in {
		if _, err := DecodeLAI(in[:n]); !errors.Is(err, wire.ErrShort) {
			t.Errorf("%d octets: %v", n, err)
		}
	}
	l, err = DecodeLAI(unhex(t, "ffffff fffe"))
	if !errors.Is(err, wire.ErrInvalid) || l.LAC != 0xfffe || l.PLMN.Known() {
		t.Errorf("%+v, %v", l, err)
	}
}

func TestMobileIdentity(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		typ      IdentityType
		digits   string
		value    uint32
		encoded  string // if it is not in
	}{
		{"IMSI", "09 10 10 00 00 00 00 10", IMSI, "001010000000001", 0, ""},
		{"IMSI, even", "01 10 10 00 00 00 00 f0", IMSI, "00101000000000", 0, ""},
		{"IMSI, filler not 1111", "01 10 10 00 00 00 00 20", IMSI, "00101000000000", 0, "01101000000000f0"},
		{"IMSI, one digit", "09", IMSI, "0", 0, ""},
		{"IMEI", "0a 00 00 00 00 00 00 10", IMEI, "000000000000001", 0, ""},
		{"IMEISV", "03 00 00 00 00 00 00 10 f0", IMEISV, "0000000000000010", 0, ""},
		{"TMSI", "f4 00 c0 ff ee", TMSI, "", 0xc0ffee, ""},
		{"TMSI, more octets", "f4 00 c0 ff ee 01", TMSI, "", 0xc0ffee, "f400c0ffee"},
		{"none", "f0", NoIdentity, "", 0, ""},
		{"empty", "", NoIdentity, "", 0, "f0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := DecodeMobileIdentity(unhex(t, tt.in))
			if err != nil || m.Type != tt.typ || m.Digits() != tt.digits || m.Value != tt.value || m.Present() != (tt.typ != NoIdentity) {
				t.Fatalf("%+v %q, %v", m, m.Digits(), err)
			}
			want := tt.encoded
			if want == "" {
				want = tt.in
			}
			b := AppendMobileIdentity(nil, m)
			if !bytes.Equal(b, unhex(t, want)) {
				t.Errorf("encoded as % x, want %s", b, want)
			}
			if again, err := DecodeMobileIdentity(b); err != nil || again != m {
				t.Errorf("%+v again, %v", again, err)
			}
			if tt.digits != "" {
				if p, ok := ParseDigits(tt.typ, tt.digits); !ok || p != m {
					t.Errorf("ParseDigits: %+v, %v", p, ok)
				}
			}
		})
	}
	if m, err := DecodeMobileIdentity(unhex(t, "05 01 02 03")); err != nil || m.Type != TMGI {
		t.Errorf("TMGI: %+v, %v", m, err)
	}
}

func TestMobileIdentityErrors(t *testing.T) {
	for _, tt := range []struct {
		in  string
		err error
		off int
	}{
		{"f4", wire.ErrShort, 1},
		{"f4 00 c0 ff", wire.ErrShort, 4},
		{"a9", wire.ErrInvalid, 0},
		{"09 1a", wire.ErrInvalid, 1},
		{"09 a1", wire.ErrInvalid, 1},
		{"09 10 10 00 00 00 00 f0", wire.ErrInvalid, 7},
		{"09 00 00 00 00 00 00 00 00", wire.ErrLength, 0},
	} {
		m, err := DecodeMobileIdentity(unhex(t, tt.in))
		var de *wire.DecodeError
		if !errors.Is(err, tt.err) || !errors.As(err, &de) || de.Offset != tt.off || m.Present() {
			t.Errorf("%s: %+v, %v", tt.in, m, err)
		}
	}
	for _, s := range []string{"", "12345678901234567", "12a", "1 2", "١"} {
		if _, ok := ParseDigits(IMSI, s); ok {
			t.Errorf("ParseDigits(%q)", s)
		}
	}
}

func TestOfNetwork(t *testing.T) {
	imsi, _ := ParseDigits(IMSI, "001010000000001")
	imei, _ := ParseDigits(IMEI, "001010000000001")
	short, _ := ParseDigits(IMSI, "0010")
	for _, tt := range []struct {
		m    MobileIdentity
		p    PLMN
		want bool
	}{
		{imsi, PLMN{1, 1, 2}, true},
		{imsi, PLMN{1, 10, 3}, true},
		{imsi, PLMN{1, 1, 3}, false},
		{imsi, PLMN{1, 2, 2}, false},
		{imsi, PLMN{2, 1, 2}, false},
		{imsi, PLMN{}, false},
		{imei, PLMN{1, 1, 2}, false},
		{short, PLMN{1, 0, 2}, false},
		{TMSIIdentity(1), PLMN{1, 1, 2}, false},
	} {
		if got := tt.m.OfNetwork(tt.p); got != tt.want {
			t.Errorf("%v of %v: %v", tt.m.Type, tt.p, got)
		}
	}
	if imsi.MCC() != 1 || imei.MCC() != -1 {
		t.Errorf("MCC %d, %d", imsi.MCC(), imei.MCC())
	}
}

func TestIdentityType(t *testing.T) {
	for typ, want := range map[IdentityType]string{0: "No Identity", 1: "IMSI", 2: "IMEI", 3: "IMEISV", 4: "TMSI", 5: "TMGI", 6: "reserved (6)"} {
		if s, _ := typ.MarshalText(); typ.String() != want || string(s) != want {
			t.Errorf("%d: %q", uint8(typ), typ)
		}
	}
}

func TestPseudonyms(t *testing.T) {
	imsi, _ := ParseDigits(IMSI, "001010000000001")
	other, _ := ParseDigits(IMSI, "001010000000002")
	short, _ := ParseDigits(IMSI, "00")
	imei, _ := ParseDigits(IMEI, "123456789012347")
	imeisv, _ := ParseDigits(IMEISV, "1234567890123456")
	tmsi := TMSIIdentity(0x00c0ffee)
	a, b := NewPseudonyms([]byte("one"), false), NewPseudonyms([]byte("two"), false)

	for _, m := range []MobileIdentity{imsi, other, short, imei, imeisv, tmsi} {
		if a.Mobile(m) != NewPseudonyms([]byte("one"), false).Mobile(m) {
			t.Errorf("%v: not equal under one key", m.Type)
		}
		if leaks(a.Mobile(m), m.Digits(), 3) || strings.Contains(a.Mobile(m), "c0ffee") {
			t.Errorf("%q leaks", a.Mobile(m))
		}
		if a.Mobile(m) == b.Mobile(m) {
			t.Errorf("%v: equal under two keys", m.Type)
		}
	}
	if a.Mobile(imsi) == a.Mobile(other) {
		t.Error("two subscribers have one pseudonym")
	}
	tagOf := func(s string) string { _, tag, _ := strings.Cut(s, "~"); return tag }
	if tagOf(a.Mobile(imei)) != tagOf(a.Mobile(imeisv)) {
		t.Error("IMEI and IMEISV of one phone are not linked")
	}
	if s := a.Mobile(imsi); !strings.HasPrefix(s, "IMSI 001-01~") || len(tagOf(s)) != 8 {
		t.Errorf("%q", s)
	}
	for digits, want := range map[string]string{
		"999010123456789": "IMSI 999-01~", "310410123456789": "IMSI 310-410~", "404990123456789": "IMSI 404~",
		"99901": "IMSI ~", "999010123": "IMSI 99~",
	} {
		m, _ := ParseDigits(IMSI, digits)
		if s := a.Mobile(m); !strings.HasPrefix(s, want) {
			t.Errorf("%q, want %q", s, want)
		}
	}
	if s := a.Mobile(imei); !strings.HasPrefix(s, "IMEI 12345678~") {
		t.Errorf("%q", s)
	}
	cut, _ := ParseDigits(IMEI, "1234567890123")
	if s := a.Mobile(cut); !strings.HasPrefix(s, "IMEI ~") {
		t.Errorf("%q", s)
	}
	for m, want := range map[MobileIdentity]string{{}: "No Identity", {Type: TMGI}: "TMGI", {Type: 6}: "reserved (6)"} {
		if s := a.Mobile(m); s != want {
			t.Errorf("%q, want %q", s, want)
		}
	}

	r := NewPseudonyms([]byte("one"), true)
	for m, want := range map[MobileIdentity]string{imsi: "IMSI 001010000000001", imei: "IMEI 123456789012347", tmsi: "TMSI 0x00c0ffee"} {
		if s := r.Mobile(m); s != want || !r.Reveals() {
			t.Errorf("%q, want %q", s, want)
		}
	}
	if r.Octets([]byte{0, 0xab}) != "00ab" || a.Octets([]byte{0, 0xab}) == "00ab" || a.Octets([]byte{1}) == a.Octets([]byte{2}) {
		t.Error("Octets")
	}
	var none *Pseudonyms
	if none.Reveals() || none.Mobile(imsi) == "" || strings.Contains(none.Mobile(imsi), "0000001") {
		t.Error("nil Pseudonyms reveal")
	}
	key := []byte("one")
	c := NewPseudonyms(key, false)
	key[0] = 'x'
	if c.Mobile(imsi) != a.Mobile(imsi) {
		t.Error("the key is not copied")
	}
}

// leaks reports whether s holds n digits in a row of the identity, apart from the
// country code in front.
func leaks(s, digits string, n int) bool {
	_, tag, _ := strings.Cut(s, "~")
	for i := 0; i+n <= len(digits); i++ {
		if strings.Contains(tag, digits[i:i+n]) {
			return true
		}
	}
	return false
}

func FuzzMobileIdentity(f *testing.F) {
	for _, s := range []string{"0910100000000010", "0110100000000f0", "030000000000001 0f0", "f400c0ffee", "f0", "05010203", ""} {
		b, _ := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
		f.Add(b, []byte("key"))
	}
	f.Fuzz(func(t *testing.T, b, key []byte) {
		m, err := DecodeMobileIdentity(b)
		if err != nil {
			var de *wire.DecodeError
			if !errors.As(err, &de) || de.Offset < 0 || de.Offset > len(b) || m.Present() {
				t.Fatalf("%x: %+v, %#v", b, m, err)
			}
			return
		}
		if m.Type <= TMSI { // the others keep no value
			again, err := DecodeMobileIdentity(AppendMobileIdentity(nil, m))
			if err != nil || again != m {
				t.Fatalf("%x: %+v, again %+v, %v", b, m, again, err)
			}
		}
		d := m.Digits()
		if len(d) > maxDigits || strings.Trim(d, "0123456789") != "" {
			t.Fatalf("%x: digits %q", b, d)
		}
		s := NewPseudonyms(key, false).Mobile(m)
		if leaks(s, d, 8) { // the whole tag: fewer digits meet by chance
			t.Fatalf("%q leaks %q", s, d)
		}
		// The tag's alphabet has neither 0 and 1 nor 8 and 9.
		if _, tag, ok := strings.Cut(s, "~"); ok && strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz234567") != "" {
			t.Fatalf("%q", s)
		}
	})
}

func FuzzPLMN(f *testing.F) {
	f.Add([]byte{0x00, 0xf1, 0x10, 3, 0xe9})
	f.Add([]byte{0x21, 0x43, 0x65, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := DecodeLAI(b)
		if err != nil {
			var de *wire.DecodeError
			if !errors.As(err, &de) || de.Offset < 0 || de.Offset > len(b) || l.PLMN.Known() {
				t.Fatalf("%x: %+v, %#v", b, l, err)
			}
			return
		}
		if !bytes.Equal(AppendLAI(nil, l), b[:5]) {
			t.Fatalf("%x: encoded as %x", b, AppendLAI(nil, l))
		}
		if p, ok := ParsePLMN(l.PLMN.String()); !ok || p != l.PLMN {
			t.Fatalf("%q", l.PLMN)
		}
	})
}
