package report

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"
)

const (
	// maxText is how much of a text from the capture is printed, in characters: a
	// network name has at most about 80, an SMS 160.
	maxText = 256
	// maxMarks is how many combining marks may follow each other: Thai, Vietnamese and
	// Hebrew need up to three, more only paint over the lines above and below.
	maxMarks = 4
)

// hexDigits are the digits of escapes.
const hexDigits = "0123456789abcdef"

// Escape makes text from a capture, a file name or an error harmless for a terminal
// and a report on paper: control characters, terminal escapes, characters that turn
// the direction of writing, invisible ones and octets that are no UTF-8 are shown as
// \n, \xNN or \u{N}, line breaks included; what exceeds 256 characters is cut.
func Escape(s string) string {
	if plainASCII(s) {
		return s
	}
	var b strings.Builder
	runes, marks := 0, 0
	for i := 0; i < len(s); {
		if runes == maxText {
			b.WriteString("…")
			break
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		runes++
		switch {
		case r == utf8.RuneError && n == 1:
			b.WriteString(`\x`)
			b.WriteByte(hexDigits[s[i]>>4])
			b.WriteByte(hexDigits[s[i]&15])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
		case !printable(r):
			writeEscaped(&b, r)
		default:
			if unicode.Is(unicode.M, r) {
				if marks++; marks > maxMarks {
					writeEscaped(&b, r)
					break
				}
			} else {
				marks = 0
			}
			b.WriteRune(r)
		}
		i += n
	}
	return b.String()
}

// plainASCII reports whether s needs no escape.
func plainASCII(s string) bool {
	if len(s) > maxText {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// printable reports whether r shows as itself and as nothing else.
func printable(r rune) bool {
	switch r {
	case 0x115f, 0x1160, 0x3164, 0xffa0, 0x2800: // letters without ink
		return false
	}
	return unicode.IsPrint(r)
}

func writeEscaped(b *strings.Builder, r rune) {
	b.WriteString(`\u{`)
	shift := 4
	for r>>shift != 0 {
		shift += 4
	}
	for shift -= 4; shift >= 0; shift -= 4 {
		b.WriteByte(hexDigits[r>>shift&15])
	}
	b.WriteByte('}')
}

// cut shortens s to 256 characters; encoding for JSON then loses nothing more.
func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := 0
	for i := range s {
		if n == maxText {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// escapeJSON replaces what is not printable in encoded JSON by \uXXXX. Outside of
// strings JSON is ASCII, and inside the encoder left no character below 0x20.
func escapeJSON(b []byte) []byte {
	harmless := true
	for _, c := range b {
		if c > '~' {
			harmless = false
			break
		}
	}
	if harmless {
		return b
	}
	out := make([]byte, 0, len(b)+len(b)/8)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r < 0x7f || printable(r) && r != utf8.RuneError:
			out = append(out, b[:n]...)
		case r > 0xffff:
			hi, lo := utf16.EncodeRune(r)
			out = appendUnit(appendUnit(out, hi), lo)
		default:
			out = appendUnit(out, r)
		}
		b = b[n:]
	}
	return out
}

func appendUnit(b []byte, r rune) []byte {
	return append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// width is the number of columns that s takes on a terminal. Escape sequences of
// colours count, so it is for text without them.
func width(s string) int {
	n := 0
	for _, r := range s {
		n += text.RuneWidth(r)
	}
	return n
}

// wrap breaks s into lines of at most limit columns, between words where it can.
func wrap(s string, limit int) []string { return wrapWords(strings.Fields(s), limit) }

// wrapWords puts words into lines of at most limit columns. A word may hold blanks,
// at which it is broken only if it is longer than a line. A combining mark stays with
// its letter.
func wrapWords(words []string, limit int) []string {
	limit = max(limit, 2) // the widest character
	var lines []string
	var line strings.Builder
	used := 0
	flush := func() {
		lines = append(lines, strings.TrimRight(line.String(), " "))
		line.Reset()
		used = 0
	}
	for _, word := range words {
		w := width(word)
		if w > limit && strings.Contains(word, " ") {
			if used > 0 {
				flush()
			}
			lines = append(lines, wrap(word, limit)...)
			line.WriteString(lines[len(lines)-1]) // more may follow on the last one
			used = width(lines[len(lines)-1])
			lines = lines[:len(lines)-1]
			continue
		}
		if used > 0 {
			switch {
			case used+1+w <= limit:
				line.WriteByte(' ')
				used++
			case w <= limit || limit-used-1 < limit/3:
				flush()
			default: // broken anyway, so fill this line first
				line.WriteByte(' ')
				used++
			}
		}
		start := line.Len()
		for _, r := range word {
			n := text.RuneWidth(r)
			if used+n > limit && n > 0 {
				part := line.String()
				rest := ""
				// Paths and identifiers are broken behind their marks, where there is one
				// in the second half of the line.
				if at := strings.LastIndexAny(part, "/-_.,:"); at >= max(start, len(part)/2) {
					line.Reset()
					line.WriteString(part[:at+1])
					rest = part[at+1:]
				}
				flush()
				line.WriteString(rest)
				used, start = width(rest), 0
			}
			line.WriteRune(r)
			used += n
		}
	}
	if line.Len() > 0 || len(lines) == 0 {
		flush()
	}
	return lines
}
