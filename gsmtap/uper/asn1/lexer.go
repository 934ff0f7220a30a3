package asn1

import (
	"bytes"
	"unicode/utf8"
)

// kind is the kind of a token.
type kind uint8

const (
	endOfText kind = iota
	word           // identifier, reference or keyword
	number
	text   // "…", '…'B or '…'H
	symbol // punctuation
	unknown
)

// token is a lexical item (X.680 §12).
type token struct {
	kind kind
	off  int
	text string
}

// is reports whether the token is the keyword or punctuation s.
func (t token) is(s string) bool {
	return (t.kind == word || t.kind == symbol) && t.text == s
}

// isUpper reports whether the token can be a type reference or keyword.
func (t token) isUpper() bool { return t.kind == word && t.text[0] >= 'A' && t.text[0] <= 'Z' }

// isLower reports whether the token can be an identifier or value reference.
func (t token) isLower() bool { return t.kind == word && t.text[0] >= 'a' && t.text[0] <= 'z' }

func (t token) String() string {
	if t.kind == endOfText {
		return "end of text"
	}
	return `"` + t.text + `"`
}

// lexer cuts a text into tokens.
type lexer struct {
	text []byte
	off  int
}

// symbols are the punctuation of more than one character, longest first.
var symbols = []string{"::=", "...", "..", "[[", "]]"}

// next returns the next token; at the end, endOfText again and again.
func (l *lexer) next() token {
	l.skip()
	start := l.off
	if start >= len(l.text) {
		return token{kind: endOfText, off: start}
	}
	switch c := l.text[start]; {
	case isLetter(c):
		return l.take(word, start+wordLen(l.text[start:]))
	case c >= '0' && c <= '9':
		end := start
		for end < len(l.text) && l.text[end] >= '0' && l.text[end] <= '9' {
			end++
		}
		return l.take(number, end)
	case c == '\'' || c == '"':
		end := start
		for end == start || end < len(l.text) && l.text[end] == c { // a doubled quote is part of the text
			n := bytes.IndexByte(l.text[end+1:], c)
			if n < 0 {
				return l.take(unknown, len(l.text))
			}
			end += n + 2
		}
		if c == '\'' && end < len(l.text) && (l.text[end] == 'B' || l.text[end] == 'H') {
			end++
		}
		return l.take(text, end)
	}
	for _, s := range symbols {
		if bytes.HasPrefix(l.text[start:], []byte(s)) {
			return l.take(symbol, start+len(s))
		}
	}
	if bytes.IndexByte([]byte("{}()[],;:|^<.-!&@*"), l.text[start]) >= 0 {
		return l.take(symbol, start+1)
	}
	_, n := utf8.DecodeRune(l.text[start:])
	return l.take(unknown, start+n)
}

func (l *lexer) take(k kind, end int) token {
	t := token{kind: k, off: l.off, text: string(l.text[l.off:end])}
	l.off = end
	return t
}

// skip passes over white space and comments. A comment begins with two hyphens and
// ends at the next two or with the line, or stands between /* and */ (X.680 §12.6).
func (l *lexer) skip() {
	for l.off < len(l.text) {
		rest := l.text[l.off:]
		switch {
		case rest[0] <= ' ':
			l.off++
		case bytes.HasPrefix(rest, []byte("\u00a0")), bytes.HasPrefix(rest, []byte("\ufeff")):
			_, n := utf8.DecodeRune(rest)
			l.off += n
		case bytes.HasPrefix(rest, []byte("--")):
			line := rest
			if n := bytes.IndexByte(rest, '\n'); n >= 0 {
				line = rest[:n]
			}
			if n := bytes.Index(line[2:], []byte("--")); n >= 0 {
				line = line[:2+n+2]
			}
			l.off += len(line)
		case bytes.HasPrefix(rest, []byte("/*")):
			n := bytes.Index(rest[2:], []byte("*/"))
			if n < 0 {
				l.off = len(l.text)
				return
			}
			l.off += 2 + n + 2
		default:
			return
		}
	}
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// wordLen returns the length of the word at the start of b: letters, digits and
// single hyphens, of which none is last (X.680 §12.2).
func wordLen(b []byte) int {
	n := 0
	for n < len(b) {
		switch c := b[n]; {
		case isLetter(c), c >= '0' && c <= '9':
			n++
		case c == '-' && n+1 < len(b) && (isLetter(b[n+1]) || b[n+1] >= '0' && b[n+1] <= '9'):
			n += 2
		default:
			return n
		}
	}
	return n
}
