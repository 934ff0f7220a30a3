package ident

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strings"
)

// Pseudonyms is the one place that decides how a person's identity leaves the
// program: as a pseudonym from a keyed hash, equal for equal identities under one
// key and unlinkable under two, or in full where the user asked for it.
type Pseudonyms struct {
	key    []byte
	reveal bool
}

// NewPseudonyms returns pseudonyms under key; with reveal identities are printed
// in full.
func NewPseudonyms(key []byte, reveal bool) *Pseudonyms {
	return &Pseudonyms{key: append([]byte(nil), key...), reveal: reveal}
}

// Reveals reports whether identities are printed in full.
func (p *Pseudonyms) Reveals() bool { return p != nil && p.reveal }

// Mobile writes m for output. A pseudonym keeps the type and what belongs to no person: of
// an IMSI the country and network code, of an IMEI and IMEISV the type allocation code,
// which names the model of the phone (TS 23.003 §2.2, §6.2): "IMSI 262-01~k3v9q2xa".
func (p *Pseudonyms) Mobile(m MobileIdentity) string {
	switch m.Type {
	case NoIdentity, TMGI, 6, 7:
		return m.Type.String()
	case TMSI:
		if p.Reveals() {
			const hex = "0123456789abcdef"
			var b [8]byte
			for i := range b {
				b[i] = hex[m.Value>>(28-4*i)&15]
			}
			return "TMSI 0x" + string(b[:])
		}
		var v [4]byte
		binary.BigEndian.PutUint32(v[:], m.Value)
		return "TMSI ~" + p.tag("tmsi", v[:])
	}
	d := m.Digits()
	switch {
	case p.Reveals():
		return m.Type.String() + " " + d
	case m.Type == IMSI:
		return "IMSI " + homeNetwork(d) + "~" + p.tag("imsi", []byte(d))
	}
	// IMEI and IMEISV of one phone share their first 14 digits (TS 23.003 §6.2):
	// hashing those links the two.
	tac := ""
	if len(d) >= 14 {
		tac = d[:8]
	}
	return m.Type.String() + " " + tac + "~" + p.tag("imei", []byte(d[:min(14, len(d))]))
}

// homeNetwork returns the country and network code of an IMSI. An IMSI does not say how
// long its network code is: it has three digits in the countries of the North American
// numbering plan and some others, two elsewhere. Where a country has both (India), and
// of an IMSI too short to hold subscribers, only the country code is kept.
func homeNetwork(d string) string {
	switch {
	case len(d) < 10:
		return d[:min(3, max(0, len(d)-7))]
	case d[:3] == "404" || d[:3] == "405" || d[:3] == "406":
		return d[:3]
	case threeDigits[d[:3]]:
		return d[:3] + "-" + d[3:6]
	}
	return d[:3] + "-" + d[3:5]
}

// threeDigits are the country codes whose network codes have three digits (ITU-T E.212
// annex, list of mobile network codes).
var threeDigits = map[string]bool{
	"302": true, "310": true, "311": true, "312": true, "313": true, "314": true, "315": true, "316": true,
	"330": true, "334": true, "338": true, "342": true, "344": true, "346": true, "348": true, "350": true,
	"352": true, "354": true, "356": true, "358": true, "360": true, "365": true, "366": true, "376": true,
	"708": true, "714": true, "722": true, "732": true, "750": true,
}

// Octets writes octets that may hold personal data: their number, or all of them
// in hexadecimal where the user asked for it.
func (p *Pseudonyms) Octets(b []byte) string {
	if !p.Reveals() {
		return "~" + p.tag("octets", b)
	}
	const hex = "0123456789abcdef"
	s := make([]byte, 0, 2*len(b))
	for _, v := range b {
		s = append(s, hex[v>>4], hex[v&15])
	}
	return string(s)
}

// tag is 40 bits of the keyed hash: enough to keep the identities of one case
// apart, and letters that no decimal or hexadecimal identity can be mistaken for.
func (p *Pseudonyms) tag(kind string, v []byte) string {
	var key []byte
	if p != nil {
		key = p.key
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte(kind))
	h.Write([]byte{0})
	h.Write(v)
	return strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil)[:5]))
}

// Substitute returns an identity of the type and length of m to be written in its place:
// equal for equal identities under one key, with what Mobile keeps of it kept. It is never
// m itself unless nothing of m belongs to a person.
func (p *Pseudonyms) Substitute(m MobileIdentity) MobileIdentity {
	switch m.Type {
	case TMSI:
		var v [4]byte
		binary.BigEndian.PutUint32(v[:], m.Value)
		return TMSIIdentity(binary.BigEndian.Uint32(p.SubstituteBits(v[:], 32)))
	case IMSI:
		d := m.Digits()
		s, _ := ParseDigits(IMSI, p.SubstituteDigits(d, len(strings.ReplaceAll(homeNetwork(d), "-", ""))))
		return s
	case IMEI, IMEISV:
		d := m.Digits()
		keep := 0
		if len(d) >= 14 {
			keep = 8
		}
		s, _ := ParseDigits(m.Type, p.SubstituteDigits(d, keep))
		return s
	}
	return m
}

// SubstituteAddress returns the digits to be written in place of those of a number: those
// that Address keeps are kept.
func (p *Pseudonyms) SubstituteAddress(a Address) string {
	switch {
	case len(a.Value) <= maxShortCode:
		return a.Value
	case a.TypeOfNumber == NumberInternational:
		return p.SubstituteDigits(a.Value, 3)
	}
	return p.SubstituteDigits(a.Value, 0)
}

// SubstituteDigits replaces the decimal digits of s after the first keep. The result is
// another string than s unless no digit is left to replace.
func (p *Pseudonyms) SubstituteDigits(s string, keep int) string {
	out := []byte(s)
	for round := byte(0); ; round++ {
		replaced := false
		stream := p.stream("digits", []byte(s), round, len(s))
		for i := keep; i < len(s); i++ {
			if s[i] >= '0' && s[i] <= '9' {
				out[i], replaced = '0'+stream[i]%10, true
			}
		}
		if !replaced || string(out) != s {
			return string(out)
		}
	}
}

// SubstituteBits replaces n bits, the first n of b, whose first two stay: in temporary
// identities of GPRS they tell the kind (TS 23.003 §2.6). The result differs from b unless
// n is below 3, and is not all ones, which stands for none.
func (p *Pseudonyms) SubstituteBits(b []byte, n int) []byte {
	for round := byte(0); ; round++ {
		out := append([]byte(nil), b...)
		stream := p.stream("bits", b, round, len(b))
		ones := true
		for i := 2; i < n; i++ {
			bit := byte(0x80) >> (i & 7)
			out[i/8] = out[i/8]&^bit | stream[i/8]&bit
			ones = ones && out[i/8]&bit != 0
		}
		if n < 3 || !ones && string(out) != string(b) || round == 255 {
			return out
		}
	}
}

// stream returns n octets of the keyed hash of v, others in every round.
func (p *Pseudonyms) stream(kind string, v []byte, round byte, n int) []byte {
	var key []byte
	if p != nil {
		key = p.key
	}
	var out []byte
	for block := byte(0); len(out) < n; block++ {
		h := hmac.New(sha256.New, key)
		h.Write([]byte("substitute " + kind))
		h.Write([]byte{0, round, block})
		h.Write(v)
		out = h.Sum(out)
	}
	return out[:n]
}

// ASN1 says whether a value of an RRC message identifies a person, by the name and the
// type that its module gives it: a list of digits as IMSI or IMEI, a string of bits as
// TMSI, which stands for every temporary identity.
func ASN1(name, typeName string, digits bool) (IdentityType, bool) {
	switch {
	case digits && (name == "imsi" || name == "imsi-GSM-MAP" || strings.HasPrefix(typeName, "IMSI")):
		return IMSI, true
	case digits && (name == "imei" || strings.HasPrefix(typeName, "IMEI")):
		return IMEI, true
	case digits:
		return NoIdentity, false
	case strings.Contains(name, "TMSI"), strings.Contains(name, "tmsi"), strings.Contains(typeName, "TMSI"),
		strings.Contains(name, "resumeI"), strings.Contains(name, "ResumeI"), strings.HasSuffix(typeName, "I-RNTI-Value"):
		return TMSI, true
	}
	return NoIdentity, false
}
