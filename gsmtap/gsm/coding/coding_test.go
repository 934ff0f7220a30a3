package coding

import (
	"encoding/hex"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		name     string
		scheme   Scheme
		in       string
		text     ident.Text
		language string
	}{
		{"seven characters and a filler", 0x0f, "31d98c56b3dd1a", "1234567", ""},
		{"eight characters", 0x0f, "31d98c56b3dd70", "12345678", ""},
		{"English, padded", 0x01, "c8f71d14969741f977fdd768341a", "How are you?", "en"},
		{"extension and escape at the end", 0x0f, "9b326803", "€  ", ""},
		{"UCS-2", 0x48, "0e2a 0e27 d83d de00 0041 d83d 00", "สว😀A", ""},
		{"UCS-2 with language", 0x11, "7479 0041", "A", "tr"},
		{"UCS-2, no language for want of octets", 0x11, "74", "", ""},
		{"GSM 7 bit with language", 0x10, "e576630d", "k", "em"},
		{"GSM 7 bit, too short for a language", 0x10, "e5 36", "em", ""},
		{"user data header, 7 bit", 0x90, "05000301 0201 62", "1", ""},
		{"user data header, UCS-2", 0x98, "020102 0041", "A", ""},
		{"user data header longer than the text", 0x90, "ff0102", "", ""},
		{"8 bit", 0x44, "414243", "", ""},
		{"compressed", 0x60, "414243", "", ""},
		{"reserved group", 0x80, "31", "1", ""},
		{"nothing", 0x0f, "", "", ""},
	} {
		text, language := c.scheme.Text(unhex(t, c.in))
		if text != c.text || language != c.language {
			t.Errorf("%s: %q, %q; want %q, %q", c.name, text, language, c.text, c.language)
		}
	}
}

func TestScheme(t *testing.T) {
	for s, want := range map[Scheme]string{
		0x00: "GSM 7 bit, de", 0x0f: "GSM 7 bit", 0x11: "UCS-2, language in the text", 0x23: "GSM 7 bit, ru", 0x2f: "GSM 7 bit",
		0x48: "UCS-2", 0x4c: "GSM 7 bit", 0x58: "UCS-2, class 0", 0x6c: "GSM 7 bit, compressed", 0x95: "8 bit, class 1",
		0xd0: "8 bit", 0xe0: "8 bit", 0xf0: "GSM 7 bit, class 0", 0xf6: "8 bit, class 2", 0xa4: "GSM 7 bit",
	} {
		if s.String() != want {
			t.Errorf("0x%02x: %q, want %q", uint8(s), s.String(), want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add(uint8(0x0f), []byte{0x31, 0xd9, 0x8c})
	f.Add(uint8(0x11), []byte{0x74, 0x79, 0, 0x41})
	f.Add(uint8(0x90), []byte{5, 0, 3, 1, 2, 1, 0x62})
	f.Fuzz(func(t *testing.T, scheme uint8, b []byte) {
		text, language := Scheme(scheme).Text(b)
		if !utf8.ValidString(string(text)) || !utf8.ValidString(language) || utf8.RuneCountInString(language) > 2 {
			t.Fatalf("%q, %q", text, language)
		}
		if n := utf8.RuneCountInString(string(text)); n > 8*len(b)/7 {
			t.Fatalf("%d characters of %d octets", n, len(b))
		}
	})
}
