package mm

import (
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// MMInformation tells the phone the network's name and the time (TS 24.008
// §9.2.15a). Nothing authenticates it.
type MMInformation struct {
	// FullName is the full name for the network, ShortName the short one (§10.5.3.5a).
	FullName, ShortName NetworkName
	// HasZone: Zone is present and valid.
	HasZone bool
	// Zone is the Local Time Zone (§10.5.3.8).
	Zone TimeZone
	// HasTime: Time and TimeZone are present and valid.
	HasTime bool
	// Time is the universal time (§10.5.3.9), in UTC. Its two digits of the year are
	// taken for 2000 to 2099.
	Time time.Time
	// TimeZone is the local time zone sent with Time.
	TimeZone TimeZone
	// HasLSA: LSA is present.
	HasLSA bool
	// LSA holds the first LSALen octets of the LSA Identifier (§10.5.3.11).
	LSA [3]byte
	// LSALen is 3, or 0 where the phone is in no localised service area.
	LSALen int
	// HasDST: DST is present.
	HasDST bool
	// DST is the Daylight Saving Time (§10.5.3.12): hours that Zone includes, 0 to 2; 3
	// is reserved.
	DST uint8
	// Skipped are the elements not decoded.
	Skipped Skipped
}

// Name returns the message's name.
func (*MMInformation) Name() string { return "MM Information" }

// TimeZone is an offset of local time from universal time in quarters of an hour,
// daylight saving included: -79 to 79 (TS 23.040 §9.2.3.11).
type TimeZone int8

// Offset returns the offset.
func (z TimeZone) Offset() time.Duration { return time.Duration(z) * 15 * time.Minute }

// Decode fills m from b, which starts with the protocol discriminator. It allocates
// the texts of the names.
func (m *MMInformation) Decode(b []byte) error {
	*m = MMInformation{}
	r := begin(b)
	for r.Len() > 0 {
		iei := r.U8("IEI")
		switch {
		case iei == 0x43 && !m.FullName.Present:
			m.FullName.decode(&r, "Full name for network")
		case iei == 0x45 && !m.ShortName.Present:
			m.ShortName.decode(&r, "Short name for network")
		case iei == 0x46: // type 3: no length
			off := r.Offset()
			m.Zone, m.HasZone = timeZone(r.U8("Local time zone"))
			if !m.HasZone {
				r.Fail("Local time zone", off, wire.ErrInvalid)
			}
		case iei == 0x47: // type 3: no length
			m.universalTime(&r)
		case iei == 0x48 && !m.HasLSA:
			off := r.Offset()
			v := r.LV("LSA Identity")
			if r.OK() && len(v) != 0 && len(v) != len(m.LSA) {
				r.Fail("LSA Identity", off, wire.ErrLength)
				break
			}
			m.LSALen, m.HasLSA = copy(m.LSA[:], v), r.OK()
		case iei == 0x49 && !m.HasDST:
			m.DST = ReadOctet(&r, "Network Daylight Saving Time") & 3
			m.HasDST = r.OK()
		default:
			m.Skipped.Skip(&r, iei)
		}
	}
	return r.Err()
}

// timeZone decodes the octet of a time zone: digits swapped, bit 4 is the sign.
func timeZone(v uint8) (TimeZone, bool) {
	if v>>4 > 9 {
		return 0, false
	}
	z := TimeZone(v&7*10 + v>>4)
	if v&8 != 0 {
		z = -z
	}
	return z, true
}

func (m *MMInformation) universalTime(r *wire.Reader) {
	const field = "Universal time and local time zone"
	off := r.Offset()
	v := r.Octets(field, 7)
	if v == nil {
		return
	}
	var d [6]int // year, month, day, hour, minute, second
	for i := range d {
		if v[i]&15 > 9 || v[i]>>4 > 9 {
			r.Fail(field, off+i, wire.ErrInvalid)
			return
		}
		d[i] = int(v[i]&15)*10 + int(v[i]>>4)
	}
	t := time.Date(2000+d[0], time.Month(d[1]), d[2], d[3], d[4], d[5], 0, time.UTC)
	y, mon, day := t.Date()
	if h, minute, s := t.Clock(); y != 2000+d[0] || int(mon) != d[1] || day != d[2] || h != d[3] || minute != d[4] || s != d[5] {
		r.Fail(field, off, wire.ErrInvalid) // a date that the calendar does not have
		return
	}
	z, ok := timeZone(v[6])
	if !ok {
		r.Fail(field, off+6, wire.ErrInvalid)
		return
	}
	m.Time, m.TimeZone, m.HasTime = t, z, true
}

// Coding schemes of a network name (TS 24.008 §10.5.3.5a). The others are reserved.
const (
	CodingGSM7 = 0 // default alphabet of TS 23.038 §6.2.1, packed
	CodingUCS2 = 1
)

// NetworkName is the element Network Name (TS 24.008 §10.5.3.5a).
type NetworkName struct {
	// Present is false if the message has no such element.
	Present bool
	// Text is the name as the air interface brought it, in valid UTF-8: an attacker
	// chose it, and control characters are kept, so escape it before it is shown.
	// Octets that are no characters are U+FFFD. It is empty for a reserved coding.
	Text string
	// Coding is CodingGSM7, CodingUCS2 or a reserved value, 0 to 7.
	Coding uint8
	// AddCI: the phone should add the letters for the country's initials.
	AddCI bool
	// Spare is the number of unused bits in the last octet, 0 to 7; 0 says nothing.
	Spare uint8
}

func (n *NetworkName) decode(r *wire.Reader, field string) {
	off := r.Offset()
	v := r.LV(field)
	if !r.OK() {
		return
	}
	if len(v) == 0 {
		r.Fail(field, off, wire.ErrLength)
		return
	}
	n.Present = true
	n.Coding, n.AddCI, n.Spare = v[0]>>4&7, v[0]&8 != 0, v[0]&7
	switch n.Coding {
	case CodingGSM7:
		n.Text = decodeGSM7(v[1:], int(n.Spare))
	case CodingUCS2:
		n.Text = decodeUCS2(v[1:])
	}
}

// decodeUCS2 decodes pairs of octets, and as UTF-16 where surrogates are paired.
func decodeUCS2(b []byte) string {
	s := make([]byte, 0, 3*(len(b)+1)/2)
	for len(b) >= 2 {
		c := rune(b[0])<<8 | rune(b[1])
		b = b[2:]
		if utf16.IsSurrogate(c) {
			first := c
			c = utf8.RuneError
			if len(b) >= 2 {
				c = utf16.DecodeRune(first, rune(b[0])<<8|rune(b[1]))
			}
			if c != utf8.RuneError {
				b = b[2:]
			}
		}
		s = utf8.AppendRune(s, c)
	}
	if len(b) != 0 {
		s = utf8.AppendRune(s, utf8.RuneError)
	}
	return string(s)
}

// escape is the septet that announces one of the extension table.
const escape = 0x1b

// gsm7 is the default alphabet (TS 23.038 §6.2.1). The escape is a space, as it
// is for a receiver that does not know the extension.
var gsm7 = [128]rune([]rune(
	"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"))

// gsm7Extension returns the character of the extension table (TS 23.038 §6.2.1.1),
// or that of the default alphabet where the table has none.
func gsm7Extension(v uint8) rune {
	switch v {
	case 0x0a:
		return '\f'
	case 0x14:
		return '^'
	case 0x28:
		return '{'
	case 0x29:
		return '}'
	case 0x2f:
		return '\\'
	case 0x3c:
		return '['
	case 0x3d:
		return '~'
	case 0x3e:
		return ']'
	case 0x40:
		return '|'
	case 0x65:
		return '€'
	}
	return gsm7[v]
}

// decodeGSM7 unpacks septets, least significant bit first (TS 23.038 §6.1.2.1), of
// which the last spare bits are none.
func decodeGSM7(b []byte, spare int) string {
	n := (8*len(b) - spare) / 7
	s := make([]byte, 0, 2*len(b)+2)
	escaped := false
	for i := range n {
		bit := 7 * i
		v := b[bit/8] >> (bit % 8)
		if bit%8 > 1 {
			v |= b[bit/8+1] << (8 - bit%8)
		}
		v &= 0x7f
		switch {
		case v == escape && !escaped:
			escaped = true
			continue
		case escaped:
			s = utf8.AppendRune(s, gsm7Extension(v))
		default:
			s = utf8.AppendRune(s, gsm7[v])
		}
		escaped = false
	}
	if escaped {
		s = append(s, ' ')
	}
	return string(s)
}
