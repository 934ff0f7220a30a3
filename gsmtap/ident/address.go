package ident

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// TypeOfNumber says how a number is to be dialled (TS 24.008 §10.5.4.7, TS 23.040
// §9.1.2.5).
type TypeOfNumber uint8

// Types of number.
const (
	NumberUnknown       TypeOfNumber = 0
	NumberInternational TypeOfNumber = 1
	NumberNational      TypeOfNumber = 2
	NumberNetwork       TypeOfNumber = 3
	NumberSubscriber    TypeOfNumber = 4
	NumberAlphanumeric  TypeOfNumber = 5
	NumberAbbreviated   TypeOfNumber = 6
)

// NumberingPlan says whose numbers a number is one of (TS 24.008 §10.5.4.7); 1 is E.164.
type NumberingPlan uint8

// PlanE164 is the plan of the telephone network (ITU-T E.164).
const PlanE164 NumberingPlan = 1

// Address is the number of a subscriber or service, or the name by which a sender of
// short messages calls itself. It may be a person's: print it through Pseudonyms.
type Address struct {
	TypeOfNumber TypeOfNumber
	Plan         NumberingPlan
	// Value holds the digits 0 to 9 and *, #, a, b, c, or, of an alphanumeric address,
	// its text.
	Value string
}

// DecodeAddress decodes a number in the layout that TS 24.008 §10.5.4.7 and MAP's
// AddressString (TS 29.002 §17.7.8) share: an octet with type and numbering plan, then
// two digits an octet, the first in its lower half. The digits end before the first
// filler 1111. b without an octet gives no number.
func DecodeAddress(b []byte) Address {
	if len(b) == 0 {
		return Address{}
	}
	a := Address{TypeOfNumber: TypeOfNumber(b[0] >> 4 & 7), Plan: NumberingPlan(b[0] & 15)}
	digits := make([]byte, 0, 2*len(b))
	for _, v := range b[1:] {
		for _, d := range [2]uint8{v & 15, v >> 4} {
			if d == 15 {
				a.Value = string(digits)
				return a
			}
			digits = append(digits, "0123456789*#abc"[d])
		}
	}
	a.Value = string(digits)
	return a
}

// Present reports whether a holds a number or name.
func (a Address) Present() bool { return a.Value != "" }

// Alphanumeric reports whether the address is a name.
func (a Address) Alphanumeric() bool { return a.TypeOfNumber == NumberAlphanumeric }

// maxShortCode is the longest number that is a service's and no subscriber's: short
// codes have three to six digits, subscriber numbers at least seven with their area.
const maxShortCode = 6

// Address writes a for output. Names and short codes of services are kept, digits in a
// name masked; of a subscriber's number the first three digits stay where they hold the
// country: "+668~k3v9q2xa".
func (p *Pseudonyms) Address(a Address) string {
	switch {
	case a.Value == "":
		return ""
	case a.Alphanumeric() && p.Reveals():
		return a.Value
	case a.Alphanumeric():
		return maskDigits(a.Value)
	}
	plus, keep := "", 0
	if a.TypeOfNumber == NumberInternational {
		plus, keep = "+", 3
	}
	if p.Reveals() || len(a.Value) <= maxShortCode {
		return plus + a.Value
	}
	return plus + a.Value[:keep] + "~" + p.tag("number", []byte(a.Value))
}

// ServiceCentre is the address of a short message service centre.
type ServiceCentre struct{ Address }

// ServiceCentre writes the address of a short message service centre, which is a
// network's and no person's: its first five digits stay, which tell country and
// network.
func (p *Pseudonyms) ServiceCentre(a Address) string {
	if p.Reveals() || a.Alphanumeric() || a.TypeOfNumber != NumberInternational || len(a.Value) <= 8 {
		return p.Address(a)
	}
	return "+" + a.Value[:5] + "~" + p.tag("number", []byte(a.Value))
}

// Text is what somebody wrote, or a network in somebody's place. It may hold anything
// about a person: print it through Pseudonyms.
type Text string

// Text writes t for output: its length, a tag that is equal for equal texts, and the
// hosts of the addresses on the web in it.
func (p *Pseudonyms) Text(t Text) string {
	if p.Reveals() || t == "" {
		return string(t)
	}
	s := strconv.Itoa(utf8.RuneCountInString(string(t))) + " characters ~" + p.tag("text", []byte(t))
	for _, h := range Hosts(string(t)) {
		s += " " + maskDigits(h)
	}
	return s
}

// Template writes a text that many received alike, so that it is no secret between two:
// digits are masked, and of addresses on the web only the host stays.
func (p *Pseudonyms) Template(t Text) string {
	if p.Reveals() {
		return string(t)
	}
	words := strings.FieldsFunc(string(t), unicode.IsSpace)
	for i, w := range words {
		if at, h := host(w); h != "" {
			words[i] = maskDigits(w[:at]) + maskDigits(h) + "/…"
			continue
		}
		if strings.Contains(w, "@") {
			words[i] = "…@…"
			continue
		}
		words[i] = maskDigits(w)
	}
	return strings.Join(words, " ")
}

// Hosts returns the hosts of the addresses on the web in a text, each once, in order.
func Hosts(s string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(s, unicode.IsSpace) {
		_, h := host(w)
		if h == "" {
			continue
		}
		known := false
		for _, o := range out {
			known = known || o == h
		}
		if !known && len(out) < maxHosts {
			out = append(out, h)
		}
	}
	return out
}

// maxHosts bounds the hosts taken from one text.
const maxHosts = 8

// host finds the host of an address on the web inside a word and where in the word the
// address begins. Senders of bulk messages leave the scheme out, so that a name with a
// dot and a path, or with a known beginning, counts too.
func host(w string) (at int, name string) {
	for i := 0; i < len(w); i++ {
		rest := w[i:]
		if !hasPrefixFold(rest, "http://") && !hasPrefixFold(rest, "https://") {
			continue
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return r > unicode.MaxASCII || r <= ' ' })
		if end >= 0 {
			rest = rest[:end]
		}
		if u, err := url.Parse(rest); err == nil && u.Hostname() != "" {
			return i, strings.ToLower(u.Hostname())
		}
		return 0, ""
	}
	isName := func(r rune) bool {
		return r == '.' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	slash := strings.IndexByte(w, '/')
	bare := w
	if slash >= 0 {
		bare = w[:slash]
	}
	start := strings.LastIndexFunc(bare, func(r rune) bool { return !isName(r) })
	if start >= 0 {
		_, n := utf8.DecodeRuneInString(bare[start:])
		start += n
	} else {
		start = 0
	}
	n := strings.Trim(bare[start:], ".-")
	dot := strings.LastIndexByte(n, '.')
	if dot <= 0 || len(n)-dot-1 < 2 || strings.Contains(n, "..") || strings.ContainsAny(n[dot+1:], "0123456789-") {
		return 0, ""
	}
	if slash < 0 && !hasPrefixFold(n, "www.") {
		return 0, ""
	}
	return start, strings.ToLower(n)
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// maskDigits puts a mark in place of every digit of any script.
func maskDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return '#'
		}
		return r
	}, s)
}
