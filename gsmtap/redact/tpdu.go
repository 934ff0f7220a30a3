package redact

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/coding"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/sms"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// tpdu adds the addresses and the text of a short message at their places (TS 23.040
// §9.2.2). It reports whether all of it was found.
func (c *collector) tpdu(b []byte, m wire.Message) bool {
	p := places{b: b}
	first := p.next()
	header := first&0x40 != 0
	switch m := m.(type) {
	case *sms.Deliver:
		p.address(c, m.OriginatingAddress)
		p.skip(2 + 7) // TP-PID, TP-DCS, TP-SCTS
		p.text(c, m.DCS, header)
	case *sms.Submit:
		p.skip(1)
		p.address(c, m.DestinationAddress)
		p.skip(2 + [...]int{0, 7, 1, 7}[m.ValidityFormat&3])
		p.text(c, m.DCS, header)
	case *sms.StatusReport:
		p.skip(1)
		p.address(c, m.RecipientAddress)
		p.rest(c)
	case *sms.Command:
		p.skip(4)
		p.address(c, m.DestinationAddress)
		p.rest(c)
	default: // reports: few octets, rarely a text
		p.rest(c)
	}
	return !p.short
}

// places walks through a TPDU.
type places struct {
	b     []byte
	at    int
	short bool
}

func (p *places) next() byte {
	if p.at >= len(p.b) {
		p.short = true
		return 0
	}
	p.at++
	return p.b[p.at-1]
}

func (p *places) skip(n int) {
	if p.at += n; p.at > len(p.b) {
		p.at, p.short = len(p.b), true
	}
}

// address adds an address (§9.1.2.5). The name of a sender is written over by asterisks.
func (p *places) address(c *collector, a ident.Address) {
	half := int(p.next())
	p.next() // type of address
	at, n := p.at, (half+1)/2
	p.skip(n)
	if p.short || n == 0 {
		return
	}
	old := append([]byte(nil), p.b[at:p.at]...)
	f := form{old: old, new: append([]byte(nil), old...), n: 8 * n}
	if a.Alphanumeric() {
		septets(f.new, 0, 4*half)
	} else {
		digits := nibbles(swapped(a.Value), swapped(c.names.SubstituteAddress(a)))
		if len(digits.old) > n {
			p.short = true
			return
		}
		for i := range digits.old {
			f.new[i] = old[i]&^digits.care[i] | digits.new[i]
		}
	}
	c.items = append(c.items, item{what: "address of a short message", at: 8 * at, forms: []form{f}})
}

// text adds TP-UD (§9.2.3.24) after its header: asterisks take the place of the text.
func (p *places) text(c *collector, dcs sms.DCS, header bool) {
	length := int(p.next())
	at := p.at
	ud := p.b[at:]
	from := 0
	if header && len(ud) > 0 {
		from = min(1+int(ud[0]), len(ud))
	}
	if p.short || len(ud) == from {
		return
	}
	f := form{old: append([]byte(nil), ud...), new: append([]byte(nil), ud...), n: 8 * len(ud)}
	switch alphabet := dcs.Alphabet(); {
	case alphabet == coding.GSM7 && !dcs.Compressed():
		septets(f.new, (8*from+6)/7*7, min(7*length, f.n))
	case alphabet == coding.UCS2:
		for i := from; i < len(ud); i++ {
			f.new[i] = '*' * byte((i-from)&1)
		}
	default:
		for i := from; i < len(ud); i++ {
			f.new[i] = '*'
		}
	}
	c.items = append(c.items, item{what: "text of a short message", at: 8 * at, forms: []form{f}})
}

// rest wipes what follows.
func (p *places) rest(c *collector) {
	if p.at < len(p.b) {
		b := p.b[p.at:]
		c.items = append(c.items, item{what: "end of a report on a short message", at: 8 * p.at,
			forms: []form{{old: append([]byte(nil), b...), new: make([]byte, len(b)), n: 8 * len(b)}}})
	}
}

// septets fills the bits from up to to, counted from the least significant of each octet,
// with asterisks of the 7-bit alphabet (TS 23.038 §6.1.2.1); what is left of the last
// character is zero.
func septets(b []byte, from, to int) {
	for i := from; i < to && i < 8*len(b); i++ {
		bit := byte(0)
		if whole := from + (to-from)/7*7; i < whole {
			bit = '*' >> ((i - from) % 7) & 1
		}
		b[i/8] = b[i/8]&^(1<<(i&7)) | bit<<(i&7)
	}
}
