package gsmtap

import (
	"errors"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// shortMessage decodes a CP message and the messages in it.
func (d *Decoder) shortMessage(b []byte, emit func(*Packet)) Result {
	p, outer := &d.packet, d.packet
	res := Result{Category: Decoded}
	in := ""
	for _, l := range d.sms.Decode(b, d.channel()) {
		*p = outer
		if in != "" {
			p.In = in
		}
		in = l.Message.Name()
		p.Message, p.Octets, p.Err = l.Message, l.Octets, l.Err
		emit(p)
		r := Result{Category: Decoded, Err: wire.Within(l.Err, "", l.Offset)}
		switch {
		case errors.Is(l.Err, wire.ErrUnsupported):
			r.Category = Partial
		case l.Err != nil:
			r.Category = Malformed
		default:
			if _, opaque := l.Message.(*wire.Opaque); opaque {
				r = Result{Category: Unsupported, Reason: "unknown messages of SMS"}
			}
		}
		res = worse(res, r)
	}
	*p = outer
	return res
}
