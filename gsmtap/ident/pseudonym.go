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

// Mobile writes m for output. A pseudonym keeps the type and, of an IMSI, the
// country code, which belongs to no person: "IMSI 262~k3v9q2xa".
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
	case m.Type == IMSI && len(d) >= 3:
		return "IMSI " + d[:3] + "~" + p.tag("imsi", []byte(d))
	case m.Type == IMSI:
		return "IMSI ~" + p.tag("imsi", []byte(d))
	}
	// IMEI and IMEISV of one phone share their first 14 digits (TS 23.003 §6.2):
	// hashing those links the two.
	return m.Type.String() + " ~" + p.tag("imei", []byte(d[:min(14, len(d))]))
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
