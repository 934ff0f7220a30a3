// Package rrc gives typed views of the LTE RRC messages that gsmtap/rrc decodes (TS
// 36.331 v17): plain structs in engineering units, without opinions.
//
// Every view has a method Read that sets the view anew from a value of the decoded
// tree and allocates nothing; octets and values in a view belong to the decoder and
// are valid until its next message. What a message leaves out is zero, or absent
// where zero is a value too; a tree that ends early because the message did, or that
// is of another type, gives the part that is there. Lists have the length limits of
// TS 36.331 §6.4, so nothing is cut off.
package rrc

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// Optional is a value that a message may leave out.
type Optional[T any] struct {
	Value   T
	Present bool
}

// Envelope is what messages have in common around their content.
type Envelope struct {
	// Transaction is rrc-TransactionIdentifier, 0 to 3; 0 in messages without one.
	Transaction uint8
	// Known says that the message took a branch that this package reads. It is false
	// for branches left to later releases and for messages that end before; then
	// nothing else of a view is set.
	Known bool
	// Later is set if the message ends in an extension of a later release.
	Later bool
}

// read sets the envelope from the message v and returns its content.
func (e *Envelope) read(v uper.Value) uper.Value {
	*e = Envelope{Transaction: integer[uint8](v.Field("rrc-TransactionIdentifier"))}
	c := content(v)
	e.Known = c.Present()
	return c
}

// content returns the branch of criticalExtensions that holds the content of message
// v: absent for spare values and branches of later releases.
func content(v uper.Value) uper.Value {
	c := v.Field("criticalExtensions")
	for range 4 { // c1, or up to three levels of later branches
		c = c.Chosen()
		switch c.Kind() {
		case uper.Choice:
		case uper.Sequence:
			if base(c.Name()) == "criticalExtensionsFuture" {
				return uper.Value{}
			}
			return c
		default:
			return uper.Value{}
		}
	}
	return uper.Value{}
}

// next returns the extension that follows the fields of v, or nothing and true if it
// is one that TS 36.331 v17 leaves empty.
func next(v uper.Value) (ext uper.Value, later bool) {
	ext = v.Field("nonCriticalExtension")
	if ext.Present() && ext.TypeName() == "" {
		return uper.Value{}, true
	}
	return ext, false
}

// base returns a field's name without the release it was added in: "carrierFreq" for
// "carrierFreq-r12" and "carrierFreq-v9e0".
func base(name string) string {
	for i := len(name) - 2; i > 0; i-- {
		if name[i] == '-' {
			if c := name[i+1]; (c == 'r' || c == 'v') && i+2 < len(name) && name[i+2] >= '0' && name[i+2] <= '9' {
				return name[:i]
			}
			return name
		}
	}
	return name
}

type integers interface {
	~int8 | ~int16 | ~int32 | ~uint8 | ~uint16 | ~uint32
}

// integer returns an INTEGER, whose constraint must fit T; 0 if absent.
func integer[T integers](v uper.Value) T { return T(v.Int()) }

// optional is integer for a component that may be absent.
func optional[T integers](v uper.Value) Optional[T] { return times[T](v, 1) }

// times is optional for an INTEGER that counts in units of k.
func times[T integers](v uper.Value, k int64) Optional[T] {
	if !v.Present() {
		return Optional[T]{}
	}
	return Optional[T]{T(k * v.Int()), true}
}

// number returns the number in the name of an ENUMERATED value: 10 for "n10" and
// "ms10", -6 for "dB-6"; 0 for spare values and those of later releases.
func number[T integers](v uper.Value) T {
	n, _ := parse(v.Text())
	return T(n)
}

// optionalNumber is number for a component that may be absent or spare.
func optionalNumber[T integers](v uper.Value) Optional[T] {
	n, ok := parse(v.Text())
	return Optional[T]{T(n), ok}
}

func parse(name string) (n int, ok bool) {
	const spare = "spare"
	if len(name) >= len(spare) && name[:len(spare)] == spare {
		return 0, false
	}
	i, sign := 0, 1
	for i < len(name) && (name[i] < '0' || name[i] > '9') {
		sign = 1
		if name[i] == '-' {
			sign = -1
		}
		i++
	}
	for ; i < len(name) && name[i] >= '0' && name[i] <= '9'; i++ {
		n, ok = n*10+int(name[i]-'0'), true
	}
	return sign * n, ok
}

// bits returns a BIT STRING of up to 32 bits as a number.
func bits[T integers](v uper.Value) T { return T(v.Uint()) }

func optionalBits[T integers](v uper.Value) Optional[T] {
	return Optional[T]{T(v.Uint()), v.Present()}
}

// contentOffset returns the bit, from the start of the outermost message, at which
// the octets of an OCTET STRING begin behind their length.
func contentOffset(v uper.Value) int { return v.Offset() + v.Bits() - 8*len(v.Octets()) }

// plmns reads the entries of a list of PLMN identities, of which one without mcc has
// that of the entry before it (TS 36.331 §6.3.4, PLMN-Identity).
type plmns struct {
	mcc   uint16
	known bool
}

func (p *plmns) read(v uper.Value) ident.PLMN {
	if mcc := v.Field("mcc"); mcc.Present() {
		n, count := digits(mcc)
		p.mcc, p.known = n, count == 3
	}
	mnc, count := digits(v.Field("mnc"))
	if !p.known || count < 2 || count > 3 {
		return ident.PLMN{}
	}
	return ident.PLMN{MCC: p.mcc, MNC: mnc, MNCDigits: uint8(count)}
}

// plmn reads a PLMN identity that stands alone.
func plmn(v uper.Value) ident.PLMN {
	var p plmns
	return p.read(v)
}

// digits returns the number that a list of up to three decimal digits writes.
func digits(v uper.Value) (n uint16, count int) {
	for d := v.First(); d.Present() && count < 4; d = d.Next() {
		if d.Int() > 9 {
			return 0, 0
		}
		n, count = n*10+integer[uint16](d), count+1
	}
	return n, count
}

// RAT is a radio access technology that LTE RRC refers to.
type RAT uint8

// Radio access technologies. UTRA is one of which a message does not say whether it
// is FDD or TDD.
const (
	NoRAT RAT = iota
	EUTRA
	GERAN
	UTRA
	UTRAFDD
	UTRATDD
	HRPD
	XRTT
	NR
	WLAN
)

var ratNames = [...]string{"", "E-UTRA", "GERAN", "UTRA", "UTRA FDD", "UTRA TDD", "CDMA2000 HRPD", "CDMA2000 1xRTT", "NR", "WLAN"}

// String names the technology; empty for NoRAT.
func (r RAT) String() string {
	if int(r) < len(ratNames) {
		return ratNames[r]
	}
	return ""
}

// PCIRange is a range of physical cell identities (TS 36.331 §6.3.4, PhysCellIdRange).
type PCIRange struct {
	// Start is the first identity, 0 to 503.
	Start uint16
	// Count is how many there are, Start included; 0 for a spare value.
	Count uint16
}

func pciRange(v uper.Value) PCIRange {
	r := PCIRange{Start: integer[uint16](v.Field("start")), Count: 1}
	if n := v.Field("range"); n.Present() {
		r.Count = number[uint16](n)
	}
	return r
}
