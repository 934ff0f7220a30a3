package gsmtap

import (
	"errors"
	"fmt"

	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/cbch"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/cc"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/lapdm"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/rr"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/sms"
	"github.com/fbsdetect/fbsdetect/gsmtap/lte/nas"
	"github.com/fbsdetect/fbsdetect/gsmtap/lte/s1ap"
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Packet is what one frame carried: a message, or a frame of the data link layer
// without one. It and all it points to are valid during the call it is passed to.
type Packet struct {
	// Header is the GSMTAP header, or nil if the frame has another framing.
	Header *Header
	// RAT is the generation in the words of the report's contract: gsm, umts, lte, nr.
	RAT string
	// Channel is the logical channel or message class, "BCCH-DL-SCH".
	Channel string
	// Origin says what kind of log the frame is from.
	Origin Origin
	// Uplink is set where the phone transmitted.
	Uplink bool
	// Message is the layer 3 message; nil for a frame that carries none.
	Message wire.Message
	// In names the message that carried this one; empty for an outermost message.
	In string
	// Octets is the message from its protocol discriminator on; of RRC the whole PDU.
	Octets []byte
	// Err is the defect that ended decoding of the message, or nil; its offset counts
	// from the start of Octets.
	Err error

	// Link is the kind of LAPDm frame that completed the message (TS 44.006 §3.8.1);
	// lapdm.KindNone off the dedicated channels.
	Link lapdm.Kind
	// Echo is set where the network repeats the phone's own message to resolve
	// contention (TS 44.006 §8.4.1.4); Repeated where that message was seen before.
	Echo, Repeated bool
	// Unsure is set where the frame before is missing, so that Octets may be the end of
	// a message instead of a whole one.
	Unsure bool
	// L1 is the layer 1 header of a SACCH block, if HasL1.
	L1    lapdm.L1Header
	HasL1 bool

	// Connection tells the phones of an LTE capture apart: the number of a C-RNTI's
	// connection in MAC captures, the eNB UE S1AP ID in S1AP. It is 0 in a phone's log.
	Connection uint64
	// MACI is the message authentication code that PDCP carried with an RRC message (TS
	// 36.323 §6.3.4), if HasMACI.
	MACI    uint32
	HasMACI bool
	// NAS is a NAS message of EPS with its security header, if the packet is one.
	NAS *nas.PDU
	// S1AP is the S1AP message that the packet is or that carried it, or nil.
	S1AP *s1ap.Message

	// Deferred: the same octets were decoded before, under this Name; Message is nil until
	// Resolve decodes them again. See Decoder.Defer.
	Deferred bool
	Name     string
	// Sum is a hash of Octets, for broadcast messages of LTE in a Decoder that defers,
	// else 0. It differs from run to run.
	Sum     uint64
	channel rrc.Channel
	decoder *Decoder
}

// RoundTrips reports whether an RRC message gives the same bits when what was decoded of
// it is encoded again. It is asked before a finding rests on a single value of it.
func (p *Packet) RoundTrips() bool {
	if p.decoder == nil {
		return false
	}
	d := p.decoder
	b, err := d.rrc.Encode(d.lte.encoded[:0])
	d.lte.encoded = b[:0]
	n := len(b)
	if err != nil || n == 0 || n > len(p.Octets) || string(b[:n-1]) != string(p.Octets[:n-1]) {
		return false
	}
	m, ok := p.Message.(*rrc.Message)
	if !ok {
		return false
	}
	padding := uint(8*n-m.Tree.Bits()) & 7
	return b[n-1]>>padding == p.Octets[n-1]>>padding
}

// Resolve decodes a deferred message.
func (p *Packet) Resolve() {
	if p.Deferred {
		p.Deferred = false
		m, err := p.decoder.rrc.Decode(p.channel, p.Octets)
		p.Message, p.Err = m, err
	}
}

// Origin is the kind of log that a packet is from.
type Origin uint8

// Origins.
const (
	// FromGSMTAP: a GSMTAP packet, from a phone's log or a receiver.
	FromGSMTAP Origin = iota
	// FromMAC: a MAC PDU of a base station, a phone or a receiver.
	FromMAC
	// FromNAS: a log of a phone's NAS layer, with security headers.
	FromNAS
	// FromS1AP: the interface between an LTE base station and its core network.
	FromS1AP
)

// Category says what became of a frame, in the words of the ledger.
type Category uint8

// Categories.
const (
	// Decoded: all of it was understood.
	Decoded Category = iota
	// Partial: a part of it was understood; the rest was not captured or not decoded.
	Partial
	// Malformed: it contradicts its specification.
	Malformed
	// Unsupported: a protocol or message that is not decoded.
	Unsupported
)

// Result is what became of a GSMTAP packet.
type Result struct {
	Category Category
	// Reason says what is unsupported; few values, so that they can be counted.
	Reason string
	// Err locates what is wrong with a malformed or partial packet.
	Err error
	// Ciphered: the packet is Decoded as far as its cipher allows.
	Ciphered bool
}

// Decoder decodes the packets of one capture: it keeps the state of segmented
// messages. It is not for concurrent use.
type Decoder struct {
	header Header
	packet Packet
	frame  lapdm.Frame
	links  lapdm.Reassembler
	rr     rr.Decoder
	mm     mm.Decoder
	cc     cc.Decoder
	opaque wire.Opaque
	access rr.ChannelRequest
	rrc    rrc.Decoder
	lte    lteDecoder
	gprs   gprsDecoder
	sms    sms.Decoder
	cb     broadcastDecoder
	// Defer puts off decoding system information of LTE that was decoded before, octet for
	// octet: cells repeat it many times a second, and who only counts repetitions needs
	// no more than its Name and Sum.
	Defer bool
	// Nested emits what RRC messages carry in strings, UE capabilities and messages of
	// other RATs, as messages of their own (rrc.Part).
	Nested bool
	// Panics counts packets on which a decoder panicked: a defect of this program,
	// kept from taking the run with it. Strict lets panics through, for tests.
	Panics int
	Strict bool
}

// NewDecoder returns a Decoder without state.
func NewDecoder() *Decoder { return &Decoder{} }

// ErrPanic says that a decoder panicked.
var ErrPanic = errors.New("decoder panicked")

// DecodePayload decodes what a frame holds, whatever its framing, and calls emit for
// every message in it.
func (d *Decoder) DecodePayload(p *capture.Payload, emit func(*Packet)) (res Result) {
	if !d.Strict {
		defer func() {
			if p := recover(); p != nil {
				d.Panics++
				res = Result{Category: Malformed, Err: fmt.Errorf("%w: %v", ErrPanic, p)}
			}
		}()
	}
	switch p.Kind {
	case capture.KindGSMTAP:
		return d.gsmtap(p.Data, emit)
	case capture.KindMACLTE:
		return d.macLTE(p.Data, emit)
	case capture.KindNASEPS:
		d.packet = Packet{RAT: "lte", Channel: "NAS", Origin: FromNAS}
		return d.nasEPS(p.Data, nas.Unknown, emit)
	case capture.KindS1AP:
		return d.s1ap(p.Data, emit)
	case capture.KindUpperPDU:
		return d.exported(p.Dissector, p.Data, emit)
	}
	return Result{Category: Unsupported, Reason: p.Kind.String()}
}

// Decode decodes a GSMTAP packet and calls emit for every message it carried. The
// header is decoded even if nothing else is; Header returns it.
func (d *Decoder) Decode(b []byte, emit func(*Packet)) Result {
	return d.DecodePayload(&capture.Payload{Kind: capture.KindGSMTAP, Data: b}, emit)
}

func (d *Decoder) gsmtap(b []byte, emit func(*Packet)) Result {
	payload, err := DecodeHeader(b, &d.header)
	if err != nil {
		return Result{Category: Malformed, Err: err}
	}
	d.packet = Packet{Header: &d.header, RAT: d.header.Type.RAT(), Channel: d.header.ChannelName(), Uplink: d.header.Uplink}
	n := len(b) - len(payload)
	res := d.payload(payload, emit)
	res.Err = wire.Within(res.Err, "", n)
	return res
}

// LinksForgotten counts the signalling links, flows of packet data and cell broadcast
// channels whose state was dropped to bound memory.
func (d *Decoder) LinksForgotten() uint64 {
	return d.links.Stats().Evicted + d.gprs.flows.Evicted() + d.cb.blocks.Evicted()
}

// Header returns the header of the packet decoded last.
func (d *Decoder) Header() *Header { return &d.header }

// payload is the one place that says which decoder reads what.
func (d *Decoder) payload(b []byte, emit func(*Packet)) Result {
	switch d.header.Type {
	case TypeUm:
		return d.um(b, emit)
	case TypeAbis:
		return d.layer3(dropPseudoLength(b), emit)
	case TypeGbRLCMAC:
		return d.rlcMAC(b, emit)
	case TypeGbLLC:
		return d.llc(b, emit)
	case TypeLTERRC:
		return d.rrcNamed(rrc.LTE, b, emit)
	case TypeUMTSRRC:
		return d.rrcNamed(rrc.UMTS, b, emit)
	case TypeNRRRC:
		return d.rrcNamed(rrc.NR, b, emit)
	case TypeNASEPS:
		return d.nasEPS(b, nas.Unknown, emit)
	case TypeLTEMACFramed:
		return d.macLTE(b, emit)
	}
	return Result{Category: Unsupported, Reason: d.header.Type.String()}
}

// um decodes a block of GSM's air interface.
func (d *Decoder) um(b []byte, emit func(*Packet)) Result {
	if len(b) == 0 {
		return Result{Category: Malformed, Err: &wire.DecodeError{Path: "Um block", Err: wire.ErrShort}}
	}
	switch h := &d.header; h.Channel {
	case BCCH, CCCH, AGCH, PCH:
		if !h.ACCH {
			return d.common(b, emit)
		}
	case RACH:
		d.packet.Uplink = true
		d.packet.Octets = b
		err := d.access.Decode(b)
		return d.message(&d.access, err, emit)
	case SDCCH, SDCCH4, SDCCH8, TCHF, TCHH:
		if h.ACCH {
			return d.sacch(b, emit)
		}
		return d.dedicated(b, lapdm.Dedicated, emit)
	case PACCH, PDCH:
		return d.rlcMAC(b, emit)
	case CBCH51, CBCH52:
		if !h.ACCH {
			return d.cellBroadcast(b, emit)
		}
	}
	return Result{Category: Unsupported, Reason: "GSM " + d.header.ChannelName()}
}

// common decodes a block of BCCH or CCCH. Some tools put blocks of dedicated
// channels on the BCCH sub-type; those are told apart by their LAPDm header.
func (d *Decoder) common(b []byte, emit func(*Packet)) Result {
	if len(b) >= 2 && b[0]&3 == 1 && b[1]&0x0f == rr.ProtocolDiscriminator {
		res := d.layer3(b[1:], emit)
		res.Err = wire.Within(res.Err, "", 1)
		return res
	}
	if err := d.frame.Decode(b, lapdm.Common, d.packet.Uplink); err == nil && d.frame.Empty() {
		return Result{Category: Decoded}
	}
	if len(b) >= 3 && b[0]&3 != 2 && b[0]&^0x0f == 0 {
		if f := (lapdm.Frame{}); f.Decode(b, lapdm.Dedicated, d.packet.Uplink) == nil {
			return d.dedicated(b, lapdm.Dedicated, emit)
		}
	}
	if len(b) >= 2 && b[0]&3 == 1 && b[0]>>2 <= 1 {
		return Result{Category: Decoded} // an L2 pseudo length that announces no message
	}
	return d.layer3(dropPseudoLength(b), emit)
}

// sacch decodes a block of the slow associated channel, with its layer 1 header.
func (d *Decoder) sacch(b []byte, emit func(*Packet)) Result {
	h, frame, err := lapdm.DecodeL1Header(b)
	if err != nil {
		return Result{Category: Malformed, Err: err}
	}
	d.packet.L1, d.packet.HasL1 = h, true
	res := d.dedicated(frame, lapdm.SACCH, emit)
	res.Err = wire.Within(res.Err, "", len(b)-len(frame))
	return res
}

// broadcastDecoder is what Decoder keeps for cell broadcast.
type broadcastDecoder struct {
	block   cbch.Block
	blocks  cbch.Reassembler
	message cbch.Decoder
}

// cellBroadcast decodes a block of a cell broadcast channel and the message it completes.
func (d *Decoder) cellBroadcast(b []byte, emit func(*Packet)) Result {
	switch err := d.cb.block.Decode(b); {
	case errors.Is(err, wire.ErrUnsupported):
		return Result{Category: Unsupported, Reason: "cell broadcast blocks with a reserved sequence number"}
	case err != nil:
		return Result{Category: Malformed, Err: err}
	}
	octets, st := d.cb.blocks.Push(d.channel(), &d.cb.block)
	res := Result{Category: Decoded}
	if st.Lost || st.Skipped {
		res = Result{Category: Partial, Err: &wire.DecodeError{Path: "segmented cell broadcast message", Err: wire.ErrShort}}
	}
	if st.Complete {
		d.packet.Octets = octets
		m, err := d.cb.message.Decode(octets, st.ScheduleMessage)
		res = worse(res, d.message(m, err, emit))
	}
	return res
}

// dedicated decodes a LAPDm frame and the message it completes.
func (d *Decoder) dedicated(b []byte, ch lapdm.Channel, emit func(*Packet)) Result {
	f := &d.frame
	if err := f.Decode(b, ch, d.packet.Uplink); err != nil {
		return Result{Category: Malformed, Err: err}
	}
	if f.Empty() {
		return Result{Category: Decoded}
	}
	if f.Format == lapdm.FormatBter {
		d.opaque = wire.Opaque{Title: "short L2 header message", Octets: f.Info}
		return d.named(f.Info, "messages with short L2 header", emit)
	}
	l3, st := d.links.Push(lapdm.Link{Channel: d.channel(), SAPI: f.SAPI, Uplink: d.packet.Uplink}, f)
	d.packet.Link, d.packet.Echo, d.packet.Repeated, d.packet.Unsure = f.Kind, st.Echo, st.Repeated, st.Unsure
	if !st.Complete {
		emit(&d.packet)
		if st.Skipped {
			return Result{Category: Partial, Err: &wire.DecodeError{Path: "segmented message", Err: wire.ErrShort}}
		}
		return Result{Category: Decoded}
	}
	res := d.layer3(l3, emit)
	if st.Unsure && res.Category != Decoded {
		// The frame before is missing, so this may be the end of a message.
		res.Category = Partial
	}
	res.Err = wire.Within(res.Err, "", len(b)-len(f.Info)-len(f.Fill))
	return res
}

// channel numbers the dedicated channel of the present packet for the reassembler.
func (d *Decoder) channel() uint64 {
	h := &d.header
	n := uint64(h.ARFCN)<<16 | uint64(h.Timeslot)<<8 | uint64(h.SubSlot)
	if h.PCS {
		n |= 1 << 48
	}
	if h.ACCH {
		n |= 1 << 49
	}
	return n
}

// layer3 decodes a layer 3 message by its protocol discriminator (TS 24.007
// §11.2.3.1.1).
func (d *Decoder) layer3(b []byte, emit func(*Packet)) Result {
	if len(b) == 0 {
		return Result{Category: Malformed, Err: &wire.DecodeError{Path: "Protocol Discriminator", Err: wire.ErrShort}}
	}
	d.packet.Octets = b
	switch pd := mm.Discriminator(b[0] & 0x0f); pd {
	case mm.PDRadioResource:
		m, err := d.rr.Decode(b)
		return d.message(m, err, emit)
	case mm.PDMobilityManagement:
		m, err := d.mm.Decode(b)
		return d.message(m, err, emit)
	case mm.PDCallControl, mm.PDSupplementary, mm.PDLocation:
		if m, err := d.cc.Decode(b); m != nil {
			return d.message(m, err, emit)
		}
		return d.other(b, emit)
	case mm.PDGPRSMobility, mm.PDGPRSSession:
		if m, err := d.gprs.layer3(pd, b, d.packet.Uplink); m != nil {
			return d.message(m, err, emit)
		}
		return d.other(b, emit)
	case mm.PDSMS:
		return d.shortMessage(b, emit)
	default:
		return d.other(b, emit)
	}
}

// other names a message of a protocol that is not decoded.
func (d *Decoder) other(b []byte, emit func(*Packet)) Result {
	pd, mt, ok := mm.MessageType(b)
	protocol := pd.Short()
	switch {
	case !ok:
		return Result{Category: Malformed, Err: &wire.DecodeError{Path: "Message Type", Offset: len(b), Err: wire.ErrShort}}
	case protocol == "":
		return Result{Category: Malformed, Err: &wire.DecodeError{Path: "Protocol Discriminator", Bit: 4, Err: wire.ErrInvalid}}
	}
	title, known := mm.MessageName(uint8(pd), mt)
	if !known {
		title = fmt.Sprintf("%s message 0x%02x (unknown)", protocol, mt)
	}
	d.opaque = wire.Opaque{Title: title, Octets: b}
	return d.named(b, protocol+" message content", emit)
}

// message emits a message of a decoder and says what became of it.
func (d *Decoder) message(m wire.Message, err error, emit func(*Packet)) Result {
	d.packet.Message, d.packet.Err = m, err
	emit(&d.packet)
	switch {
	case err == nil:
		if _, opaque := m.(*wire.Opaque); opaque {
			return Result{Category: Unsupported, Reason: "content of some RR and MM messages"}
		}
		return Result{Category: Decoded}
	case errors.Is(err, wire.ErrUnsupported):
		return Result{Category: Partial, Err: err}
	}
	return Result{Category: Malformed, Err: err}
}

// named emits a message of which only the name is known.
func (d *Decoder) named(b []byte, reason string, emit func(*Packet)) Result {
	d.packet.Octets, d.packet.Message = b, &d.opaque
	emit(&d.packet)
	return Result{Category: Unsupported, Reason: reason}
}

// dropPseudoLength takes the L2 pseudo length off layer 3 that a tool logged with
// it: no protocol has such a discriminator followed by an RR message.
func dropPseudoLength(b []byte) []byte {
	if len(b) >= 3 && b[0]&3 == 1 && b[1] == rr.ProtocolDiscriminator && b[0]&0x0f != rr.ProtocolDiscriminator && int(b[0]>>2) < len(b) {
		return b[1:]
	}
	return b
}
