package gsmtap

import (
	"errors"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/gmm"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/llc"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/rlcmac"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/sm"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// gprsDecoder is what Decoder keeps for GPRS.
type gprsDecoder struct {
	gmm   gmm.Decoder
	sm    sm.Decoder
	frame llc.Frame
	block rlcmac.Block
	flows rlcmac.Reassembler
}

// layer3 decodes a message of mobility or session management; nil for one that it does
// not know.
func (g *gprsDecoder) layer3(pd mm.Discriminator, b []byte, uplink bool) (wire.Message, error) {
	if pd == mm.PDGPRSSession {
		return g.sm.Decode(b)
	}
	return g.gmm.Decode(b, uplink)
}

// rlcMAC decodes a block of a packet data channel and the LLC frames it completes.
func (d *Decoder) rlcMAC(b []byte, emit func(*Packet)) Result {
	p, blk := &d.packet, &d.gprs.block
	err := blk.Decode(b, p.Uplink)
	if errors.Is(err, wire.ErrUnsupported) {
		return Result{Category: Unsupported, Reason: "RLC/MAC blocks of EGPRS or reserved types"}
	}
	p.Message, p.Octets, p.Err = blk, b, err
	emit(p)
	switch {
	case err != nil:
		return Result{Category: Malformed, Err: err}
	case blk.Dummy():
		return Result{Category: Decoded}
	case blk.Payload != rlcmac.Data:
		return Result{Category: Unsupported, Reason: "RLC/MAC message content"}
	}
	res := Result{Category: Decoded}
	outer := *p
	st := d.gprs.flows.Push(d.carrier(), blk, func(frame []byte) {
		*p = outer
		p.In = blk.Name()
		inner := d.llc(frame, emit)
		var de *wire.DecodeError
		if errors.As(inner.Err, &de) { // in a frame of several blocks, so located in all of this one
			inner.Err = &wire.DecodeError{Path: "LLC frame." + de.Path, Err: de.Err}
		}
		res = worse(res, inner)
	})
	*p = outer
	if st.Lost || st.Skipped {
		res = worse(res, Result{Category: Partial, Err: &wire.DecodeError{Path: "segmented LLC frame", Err: wire.ErrShort}})
	}
	return res
}

// carrier numbers the carrier of the present packet.
func (d *Decoder) carrier() uint64 {
	n := uint64(d.header.ARFCN)
	if d.header.PCS {
		n |= 1 << 32
	}
	return n
}

// llc decodes an LLC frame and the message in it.
func (d *Decoder) llc(b []byte, emit func(*Packet)) Result {
	p, f := &d.packet, &d.gprs.frame
	err := f.Decode(b)
	p.Message, p.Octets, p.Err = f, b, err
	emit(p)
	switch {
	case err != nil:
		return Result{Category: Malformed, Err: err}
	case f.SAPI == llc.TOM2, f.SAPI == llc.TOM8:
		return Result{Category: Unsupported, Reason: "messages tunnelled through LLC"}
	case f.Format != llc.FormatUI, f.Encrypted, f.SAPI != llc.GMM && f.SAPI != llc.SMS, len(f.Info) == 0:
		return Result{Category: Decoded, Ciphered: f.Encrypted}
	}
	outer := *p
	p.In = f.Name()
	res := d.layer3(f.Info, emit)
	res.Err = wire.Within(res.Err, p.In, llc.UIHeaderLen)
	*p = outer
	return res
}
