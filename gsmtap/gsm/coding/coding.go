// Package coding decodes texts by the data coding scheme of cell broadcast and of
// unstructured supplementary services, TS 23.038 v17.0.0 §5.
//
// Any octets give some text and none make it panic. Not decoded: compressed texts, and
// national alphabets, for which the scheme has no sign.
package coding

import (
	"strings"
	"unicode/utf8"

	"github.com/warthog618/sms/encoding/gsm7"
	"github.com/warthog618/sms/encoding/ucs2"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// Alphabet says how characters are coded.
type Alphabet uint8

// Alphabets.
const (
	GSM7   Alphabet = iota // the default alphabet of TS 23.038 §6.2.1, packed
	Octets                 // no characters
	UCS2
	reserved
)

// Scheme is a data coding scheme (TS 23.038 §5).
type Scheme uint8

// Coding groups: bits 8 to 5 of a Scheme.
const (
	groupLanguage  = 0x0
	groupPrefixed  = 0x1 // the text begins with its language
	groupLanguage2 = 0x2
	groupGeneral   = 0x4 // to 0x7
	groupHeader    = 0x9 // the text begins with a user data header
	groupI1        = 0xd
	groupWAP       = 0xe
	groupClass     = 0xf
)

func (s Scheme) group() uint8 { return uint8(s >> 4) }

// general reports whether bits 4 to 1 hold alphabet and class.
func (s Scheme) general() bool { return s.group()&^3 == groupGeneral || s.group() == groupHeader }

// Alphabet returns the alphabet. Reserved schemes are taken for GSM7, as a receiver
// does.
func (s Scheme) Alphabet() Alphabet {
	switch g := s.group(); {
	case s.general():
		if a := Alphabet(s >> 2 & 3); a != reserved {
			return a
		}
	case s == 0x11:
		return UCS2
	case g == groupI1 || g == groupWAP || g == groupClass && s&4 != 0:
		return Octets
	}
	return GSM7
}

// Compressed reports whether the text is compressed by TS 23.042.
func (s Scheme) Compressed() bool { return s.group()&^3 == groupGeneral && s&0x20 != 0 }

// Class returns the message class, 0 to 3; ok is false if the scheme has none. Class 0
// is shown at once.
func (s Scheme) Class() (class uint8, ok bool) {
	g := s.group()
	return uint8(s & 3), g == 5 || g == 7 || g == groupHeader || g == groupClass
}

var languages = [2][16]string{
	{"de", "en", "it", "fr", "es", "nl", "sv", "da", "pt", "fi", "no", "el", "tr", "hu", "pl"},
	{"cs", "he", "ar", "ru", "is"},
}

// Language returns the language that the scheme names, as ISO 639-1 writes it, or "".
func (s Scheme) Language() string {
	switch s.group() {
	case groupLanguage:
		return languages[0][s&15]
	case groupLanguage2:
		return languages[1][s&15]
	}
	return ""
}

// String says what the scheme says.
func (s Scheme) String() string {
	var b strings.Builder
	b.WriteString([...]string{GSM7: "GSM 7 bit", Octets: "8 bit", UCS2: "UCS-2"}[s.Alphabet()])
	if s.Compressed() {
		b.WriteString(", compressed")
	}
	if l := s.Language(); l != "" {
		b.WriteString(", " + l)
	}
	if s == 0x10 || s == 0x11 {
		b.WriteString(", language in the text")
	}
	if c, ok := s.Class(); ok {
		b.WriteString(", class ")
		b.WriteByte('0' + c)
	}
	return b.String()
}

var defaultAlphabet = gsm7.NewDecoder()

// Text decodes b. language is the text's, from the scheme or from the text's beginning,
// or ""; it may be anything a sender wrote there in two characters. The text is empty if
// it is compressed or no text. Carriage returns at the end fill the last octets and are
// left out.
func (s Scheme) Text(b []byte) (text ident.Text, language string) {
	if s.Compressed() {
		return "", ""
	}
	header, fill := 0, 0
	if s.group() == groupHeader && len(b) > 0 {
		header = min(1+int(b[0]), len(b))
		fill = (7 - header*8%7) % 7 // septets go on at the next border of septets
	}
	language = s.Language()
	var t string
	switch s.Alphabet() {
	case GSM7:
		t = Septets(b[header:], fill)
		if s == 0x10 && utf8.RuneCountInString(t) >= 3 {
			r := []rune(t)
			language, t = string(r[:2]), string(r[3:])
		}
	case UCS2:
		if s == 0x11 && len(b) >= 2 {
			language, header = Septets(b[:2], 0), 2
		}
		t = Characters(b[header:])
	}
	return ident.Text(strings.TrimRight(t, "\r")), language
}

// Septets decodes packed characters of the default alphabet, after fill bits.
func Septets(b []byte, fill int) string {
	if len(b) == 0 {
		return ""
	}
	t, _ := defaultAlphabet.Decode(gsm7.Unpack7Bit(b, fill)) // fails in strict mode only
	return string(t)
}

// Characters decodes characters of two octets, and as UTF-16 where surrogates are
// paired. An octet or a surrogate alone at the end is left out.
func Characters(b []byte) string {
	r, _ := ucs2.Decode(b[:len(b)&^1]) // its error says that a surrogate is alone
	return string(r)
}
