package redact

import (
	"reflect"
	"strings"

	"github.com/fbsdetect/fbsdetect/gsmtap"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/rlcmac"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/sms"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// item is something in a message that belongs to a person.
type item struct {
	what string
	// key is equal for equal identities; "" for what is wiped without being one.
	key string
	// forms are the ways in which it may be written; at least one must be found.
	forms []form
	// at is the bit in the message at which it must be, -1 if only its value is known.
	at int
}

// form is one way of writing a value: old is written over by new where care is set, all
// three with the most significant bit first and n bits long.
type form struct {
	old, new, care []byte
	n              int
}

// collector lists what in a message belongs to a person.
type collector struct {
	names *ident.Pseudonyms
	items []item
	// unknown says why the message must not be kept, "" if all of it is known.
	unknown string
	// strings are octet strings that carry a message of another protocol.
	strings []carried
	octets  []byte
}

// carried is an octet string that holds a message of another protocol; at is negative
// where its place is not known.
type carried struct {
	octets   []byte
	at, bits int
}

// collect lists what is personal in the message of p.
func (c *collector) collect(p *gsmtap.Packet) {
	*c = collector{names: c.names, items: c.items[:0], strings: c.strings[:0], octets: p.Octets}
	if p.Err != nil {
		c.unknown = "its message is not decoded to the end"
	}
	switch m := p.Message.(type) {
	case *wire.Opaque:
		c.unknown = "the content of its message is not decoded"
	case *rlcmac.Block:
		// Of packet data only the header is decoded; messages in it are seen for themselves.
		// A phone's block that only fills the channel holds its address.
		if !m.Dummy() || p.Uplink {
			c.unknown = "the content of its block is not decoded"
		}
		c.walk(reflect.ValueOf(p.Message), "", 0)
	case interface{ Value() uper.Value }:
		c.tree(m.Value(), 0)
	case *sms.Deliver, *sms.Submit, *sms.StatusReport, *sms.Command, *sms.DeliverReport, *sms.SubmitReport:
		c.walk(reflect.ValueOf(p.Message), "", 0) // for the keys
		c.items = c.keysOnly()
		c.unknown = ""
		if !c.tpdu(p.Octets, p.Message) {
			c.unknown = "its short message is malformed"
		}
	default:
		c.walk(reflect.ValueOf(p.Message), "", 0)
	}
}

// keysOnly keeps the keys of the items and not their places.
func (c *collector) keysOnly() []item {
	var out []item
	for _, it := range c.items {
		if it.key != "" {
			out = append(out, item{what: it.what, key: it.key, at: -1})
		}
	}
	return out
}

// kept are fields of octets in messages that identify nobody, and those whose content is a
// message that is decoded for itself.
var kept = map[string]bool{
	"RAND": true, "AUTN": true, "AUTS": true, "RES": true, "SRES": true, "HashMME": true,
	"MSNetworkCapability": true, "Classmark2": true, "Classmark3": true, "SupportedCodecs": true, "EmergencyNumbers": true,
	"QoS": true,
}

// messages are fields of octets that hold another message, which is decoded for itself or
// else wiped.
var messages = map[string]bool{"Replayed": true, "Container": true, "NASPDUs": true, "Info": true}

// maxDepth bounds the nesting of structs and trees.
const maxDepth = 128

// walk looks through the fields of a decoded message.
func (c *collector) walk(v reflect.Value, name string, depth int) {
	if depth > maxDepth || !v.IsValid() {
		return
	}
	if v.CanInterface() {
		switch x := v.Interface().(type) {
		case ident.MobileIdentity:
			c.mobile(x)
			return
		case ident.ServiceCentre:
			c.number("service centre", x.Value, c.centre(x))
			return
		case ident.Address:
			if x.Alphanumeric() && x.Present() {
				c.unknown = "it holds a name"
				return
			}
			c.number("number", x.Value, c.names.SubstituteAddress(x))
			return
		case ident.Text:
			if x != "" {
				c.unknown = "it holds a text"
				c.items = append(c.items, item{what: "text", key: "text " + string(x), at: -1})
			}
			return
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			c.walk(v.Elem(), name, depth+1)
		}
	case reflect.Struct:
		t := v.Type()
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() || f.Anonymous {
				c.walk(v.Field(i), f.Name, depth+1)
			}
		}
	case reflect.Uint32:
		if strings.Contains(name, "TMSI") && v.Uint() != 0 {
			c.mobile(ident.TMSIIdentity(uint32(v.Uint())))
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			switch b := v.Bytes(); {
			case messages[name]:
				at := aliased(c.octets, b)
				c.strings = append(c.strings, carried{append([]byte(nil), b...), 8 * at, 8 * len(b)})
			case !kept[name]:
				c.wipe(b)
			}
			return
		}
		if messages[name] {
			for i := range v.Len() {
				if x := v.Index(i); x.Kind() == reflect.Struct {
					c.walk(x.FieldByName("Octets"), name, depth+1)
				}
			}
			return
		}
		fallthrough
	case reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			c.walk(v.Index(i), name, depth+1)
		}
	}
}

// centre returns the digits in place of those of a service centre: those that
// ident.Pseudonyms.ServiceCentre keeps are kept.
func (c *collector) centre(s ident.ServiceCentre) string {
	if s.TypeOfNumber == ident.NumberInternational && len(s.Value) > 8 {
		return c.names.SubstituteDigits(s.Value, 5)
	}
	return c.names.SubstituteAddress(s.Address)
}

// mobile adds an identity in the forms of TS 24.008 §10.5.1.4, of TBCD strings (TS 29.002
// §17.7.8) and of RRC.
func (c *collector) mobile(m ident.MobileIdentity) {
	switch m.Type {
	case ident.TMSI:
		if m.Value == 0xffffffff { // none
			return
		}
		s := c.names.Substitute(m)
		c.items = append(c.items, item{what: "TMSI", key: "tmsi " + string(four(m.Value)), at: -1,
			forms: []form{{old: four(m.Value), new: four(s.Value), n: 32}}})
	case ident.IMSI, ident.IMEI, ident.IMEISV:
		old, new := m.Digits(), c.names.Substitute(m).Digits()
		if old == new {
			return
		}
		c.items = append(c.items, item{what: m.Type.String(), key: m.Type.String() + " " + old, at: -1, forms: []form{
			nibbles(identityOrder(old), identityOrder(new)), nibbles(swapped(old), swapped(new)), nibbles(old, new),
		}})
	}
}

// number adds the digits of a telephone number.
func (c *collector) number(what, old, new string) {
	if old == new {
		return
	}
	c.items = append(c.items, item{what: what, key: "number " + old, at: -1, forms: []form{nibbles(swapped(old), swapped(new))}})
}

// wipe adds octets whose meaning is not known.
func (c *collector) wipe(b []byte) {
	if len(b) == 0 {
		return
	}
	at := aliased(c.octets, b)
	if at >= 0 {
		at *= 8
	}
	c.items = append(c.items, item{what: "octets of unknown content", at: at, forms: []form{{old: append([]byte(nil), b...), new: make([]byte, len(b)), n: 8 * len(b)}}})
}

// tree looks through an RRC message.
func (c *collector) tree(v uper.Value, depth int) {
	if depth > maxDepth {
		c.unknown = "its message nests too deep"
		return
	}
	switch k := v.Kind(); k {
	case uper.SequenceOf, uper.BitString:
		t, ok := ident.ASN1(v.Name(), v.TypeName(), k == uper.SequenceOf)
		switch {
		case ok && k == uper.SequenceOf:
			c.listed(v, t)
			return
		case ok:
			c.bits(v)
			return
		}
	case uper.OctetString, uper.OpenType:
		switch {
		case v.Contained().Present():
		case carriesNAS(v.Name()):
			c.strings = append(c.strings, carried{append([]byte(nil), v.Octets()...), contentAt(v), v.BitLen()})
		case position(v.Name()):
			c.erase(v, "position")
		}
	}
	if inner := v.Contained(); inner.Present() {
		c.tree(inner, depth+1)
		return
	}
	if position(v.Name()) && v.Kind() == uper.BitString {
		c.erase(v, "position")
		return
	}
	for x := v.First(); x.Present(); x = x.Next() {
		c.tree(x, depth+1)
	}
}

// carriesNAS reports whether a string of this name holds a NAS message.
func carriesNAS(name string) bool {
	return strings.Contains(name, "NAS") || strings.Contains(name, "nas-") || strings.Contains(name, "dedicatedInfo")
}

// position reports whether a string of this name tells where a phone is (TS 37.355).
func position(name string) bool {
	for _, s := range []string{"ellipsoid", "Ellipsoid", "horizontalVelocity", "locationCoordinates", "locationEstimate", "gnss-TOD"} {
		if strings.Contains(name, s) {
			return true
		}
	}
	return false
}

// contentAt is the bit at which the content of a string begins, after its length.
func contentAt(v uper.Value) int { return v.Offset() + v.Bits() - v.BitLen() }

// listed adds an identity that is a list of digits of four bits.
func (c *collector) listed(v uper.Value, t ident.IdentityType) {
	var digits []byte
	for x := v.First(); x.Present(); x = x.Next() {
		if d := x.Int(); d >= 0 && d <= 9 {
			digits = append(digits, '0'+byte(d))
		}
	}
	m, ok := ident.ParseDigits(t, string(digits))
	if !ok || len(digits) != v.Len() {
		c.unknown = "it holds a malformed " + t.String()
		return
	}
	n := len(c.items)
	c.mobile(m)
	if len(c.items) > n {
		it := &c.items[n]
		it.at, it.forms = v.First().Offset(), it.forms[2:]
	}
}

// bits adds a temporary identity that is a string of bits.
func (c *collector) bits(v uper.Value) {
	n := v.BitLen()
	b := append([]byte(nil), v.Octets()...)
	if n == 0 || len(b)*8 < n {
		return
	}
	c.items = append(c.items, item{what: "temporary identity", key: "bits " + string(b), at: contentAt(v),
		forms: []form{{old: b, new: c.names.SubstituteBits(b, n), n: n}}})
}

func (c *collector) erase(v uper.Value, what string) {
	n := v.BitLen()
	if n == 0 {
		return
	}
	b := append([]byte(nil), v.Octets()...)
	c.items = append(c.items, item{what: what, at: contentAt(v), forms: []form{{old: b, new: make([]byte, len(b)), n: n}}})
}

func four(v uint32) []byte { return []byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)} }

// stays stands for half an octet that is no digit and stays as it is.
const stays = ' '

// swapped writes digits two in an octet, the first in the lower half.
func swapped(d string) string {
	out := make([]byte, 0, len(d)+1)
	for i := 0; i < len(d); i += 2 {
		second := byte(stays)
		if i+1 < len(d) {
			second = d[i+1]
		}
		out = append(out, second, d[i])
	}
	return string(out)
}

// identityOrder writes digits as a mobile identity has them: the first one above the type.
func identityOrder(d string) string {
	if d == "" {
		return ""
	}
	return d[:1] + string(rune(stays)) + swapped(d[1:])
}

// nibbles returns the form of digits of four bits.
func nibbles(old, new string) form {
	f := form{n: 4 * len(old)}
	size := (len(old) + 1) / 2
	f.old, f.new, f.care = make([]byte, size), make([]byte, size), make([]byte, size)
	for i := range len(old) {
		shift := 4 * (1 - i&1)
		if old[i] == stays {
			continue
		}
		f.old[i/2] |= byte(strings.IndexByte(digitsOf, old[i])) & 15 << shift
		f.new[i/2] |= byte(strings.IndexByte(digitsOf, new[i])) & 15 << shift
		f.care[i/2] |= 15 << shift
	}
	return f
}

// digitsOf are the digits of numbers (TS 24.008 §10.5.4.7).
const digitsOf = "0123456789*#abc"

// aliased returns where b lies in whole, of which it is a part, or -1.
func aliased(whole, b []byte) int {
	if len(b) == 0 || len(b) > len(whole) {
		return -1
	}
	for i := range len(whole) - len(b) + 1 {
		if &whole[i] == &b[0] {
			return i
		}
	}
	return -1
}
