package gsmtap

import (
	"errors"
	"hash/maphash"
	"strings"

	lterrc "github.com/fbsdetect/fbsdetect/gsmtap/lte/rrc"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/lte/nas"
	"github.com/fbsdetect/fbsdetect/gsmtap/lte/s1ap"
	"github.com/fbsdetect/fbsdetect/gsmtap/macframed"
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// sums is the seed of the hashes by which repeated broadcast messages are told.
var sums = maphash.MakeSeed()

// heardBroadcast is a broadcast message that was decoded without error.
type heardBroadcast struct {
	sum  uint64
	name string
}

// maxHeard is how many broadcast messages are remembered: those of some thirty cells.
const maxHeard = 256

// lteDecoder is what Decoder keeps for LTE.
type lteDecoder struct {
	heard [maxHeard]heardBroadcast
	nas   nas.Decoder
	pdu   nas.PDU
	s1ap  s1ap.Decoder
	mac   *macframed.Decoder
	// emit and worst serve the MAC frame being decoded.
	emit     func(*Packet)
	worst    Result
	received func(*macframed.PDU)
	security lterrc.SecurityModeCommand
	part     rrc.Part
	encoded  []byte
	// lost is the last request to re-establish a connection, of the connection lostBy.
	lost   lterrc.RRCConnectionReestablishmentRequest
	lostBy uint32
	// channel is the RRC channel found last, of name in rat.
	channel rrc.Channel
	name    string
	rat     rrc.RAT
}

// Use makes d decode RRC of a RAT by a schema of another release.
func (d *Decoder) Use(rat rrc.RAT, s *uper.Schema) { d.rrc.Use(rat, s) }

// rrcNamed decodes an RRC message on the channel that the GSMTAP header names.
func (d *Decoder) rrcNamed(rat rrc.RAT, b []byte, emit func(*Packet)) Result {
	name := d.packet.Channel
	c, ok := d.channelOf(rat, name)
	if !ok {
		return Result{Category: Unsupported, Reason: strings.ToUpper(d.packet.RAT) + " RRC on channels that are not decoded"}
	}
	return d.rrcMessage(c, b, emit)
}

func (d *Decoder) channelOf(rat rrc.RAT, name string) (rrc.Channel, bool) {
	l := &d.lte
	if l.name == name && l.rat == rat && name != "" {
		return l.channel, true
	}
	c, ok := rrc.ParseChannel(rat, name)
	if ok {
		l.channel, l.name, l.rat = c, name, rat
	}
	return c, ok
}

// rrcMessage decodes an RRC message and the NAS messages in it.
func (d *Decoder) rrcMessage(c rrc.Channel, b []byte, emit func(*Packet)) Result {
	p := &d.packet
	p.Uplink = strings.HasPrefix(p.Channel, "UL-")
	if d.Defer && c == rrc.BCCHDLSCH {
		p.Sum = maphash.Bytes(sums, b)
		if h := &d.lte.heard[p.Sum%uint64(len(d.lte.heard))]; h.sum == p.Sum {
			p.Octets, p.Name, p.Deferred, p.channel, p.decoder = b, h.name, true, c, d
			emit(p)
			p.Deferred = false
			return Result{Category: Decoded}
		}
	}
	m, err := d.rrc.Decode(c, b)
	p.Octets, p.Err = b, err
	if m == nil {
		return Result{Category: Unsupported, Reason: "RRC on channels that the schema lacks"}
	}
	p.Message, p.decoder = m, d
	if p.Sum != 0 && err == nil {
		d.lte.heard[p.Sum%uint64(len(d.lte.heard))] = heardBroadcast{p.Sum, m.Name()}
	}
	emit(p)
	res := Result{Category: Decoded, Err: err}
	switch {
	case err == nil:
	case errors.Is(err, wire.ErrUnsupported):
		res.Category = Partial
	default:
		res.Category = Malformed
	}
	if d.Nested {
		outer := *p
		p.In = m.Name()
		for in := range d.rrc.Inner() {
			d.lte.part = rrc.Part{Inner: in}
			p.RAT, p.Message, p.Octets, p.Err = in.RAT.String(), &d.lte.part, in.Field.Octets(), in.Err
			emit(p)
		}
		*p = outer
	}
	switch c {
	case rrc.DLDCCH, rrc.ULDCCH, rrc.DLDCCHNB, rrc.ULDCCHNB, rrc.ULCCCHNB:
		outer := *p
		lterrc.NAS(m, func(octets []byte, offset int) {
			*p = outer
			p.In = m.Name()
			dir := nas.Downlink
			if p.Uplink {
				dir = nas.Uplink
			}
			inner := d.nasEPS(octets, dir, emit)
			inner.Err = wire.Within(inner.Err, m.Name(), offset/8)
			res = worse(res, inner)
		})
		*p = outer
	case rrc.UMTSDLDCCH, rrc.UMTSULDCCH:
		if v := directTransfer(m); v.Present() {
			outer := *p
			p.In = m.Name()
			inner := d.layer3(v.Octets(), emit)
			inner.Err = wire.Within(inner.Err, m.Name(), (v.Offset()+v.Bits())/8-len(v.Octets()))
			res = worse(res, inner)
			*p = outer
		}
	}
	return res
}

// directTransfer finds the NAS message that a message of UMTS transfers (TS 25.331
// §10.2.9, §10.2.15, §10.2.62); absent in others.
func directTransfer(m *rrc.Message) uper.Value {
	if !strings.HasSuffix(m.Name(), "DirectTransfer") {
		return uper.Value{}
	}
	var find func(v uper.Value, depth int) uper.Value
	find = func(v uper.Value, depth int) uper.Value {
		for c := v.First(); c.Present() && depth > 0; c = c.Next() {
			if c.Name() == "nas-Message" {
				return c
			}
			if n := find(c, depth-1); n.Present() {
				return n
			}
		}
		return uper.Value{}
	}
	return find(m.Body, 4) // in later releases below the choices of criticalExtensions
}

// worse combines what became of two parts of a frame.
func worse(a, b Result) Result {
	rank := func(c Category) int {
		return [...]int{Decoded: 0, Unsupported: 1, Partial: 2, Malformed: 3}[c]
	}
	ciphered := a.Ciphered || b.Ciphered
	if rank(b.Category) > rank(a.Category) {
		a = b
	}
	a.Ciphered = ciphered && a.Category == Decoded
	return a
}

// nasEPS decodes a NAS message of EPS. d.packet says where it is from.
func (d *Decoder) nasEPS(b []byte, dir nas.Direction, emit func(*Packet)) Result {
	p := &d.packet
	var err error
	d.lte.pdu, err = d.lte.nas.Decode(b, dir)
	pdu := &d.lte.pdu
	p.NAS, p.Octets, p.Err, p.Message = pdu, b, err, pdu.Message
	if dir == nas.Unknown {
		switch pdu.Direction() {
		case nas.Uplink:
			p.Uplink = true
		case nas.Downlink:
			p.Uplink = false
		}
	}
	if pdu.Message == nil {
		switch {
		case err != nil:
			return Result{Category: Malformed, Err: err}
		case pdu.Ciphered:
			emit(p)
			return Result{Category: Decoded, Ciphered: true}
		}
		return Result{Category: Decoded}
	}
	emit(p)
	res := Result{Category: Malformed, Err: err}
	switch {
	case err == nil:
		res = Result{Category: Decoded, Ciphered: pdu.Ciphered}
		if _, opaque := pdu.Message.(*wire.Opaque); opaque {
			return Result{Category: Unsupported, Reason: "unknown EPS NAS messages"}
		}
	case errors.Is(err, wire.ErrUnsupported):
		res.Category = Partial
	}
	if m, ok := pdu.Message.(*nas.NASTransport); ok && len(m.Container) > 0 && mm.Discriminator(m.Container[0]&15) == mm.PDSMS {
		outer := *p
		*p = Packet{Header: outer.Header, RAT: outer.RAT, Channel: outer.Channel, Origin: outer.Origin, Uplink: outer.Uplink, Connection: outer.Connection, In: m.Name()}
		inner := d.shortMessage(m.Container, emit)
		inner.Err = wire.Within(inner.Err, m.Name(), 0)
		res = worse(res, inner)
		*p = outer
	}
	if m, ok := pdu.Message.(*nas.SecurityModeComplete); ok && len(m.Replayed) > 0 && p.In != replayedIn {
		// The first message of the connection once more, now protected.
		outer, replayed := *p, m.Replayed
		p.In = replayedIn
		res = worse(res, d.nasEPS(replayed, nas.Uplink, emit))
		*p = outer
	}
	return res
}

// replayedIn is what Packet.In says of a message that a phone repeats in its Security
// mode complete (TS 24.301 §8.2.21.3).
const replayedIn = "Security mode complete"

// Replayed reports whether the message was sent before and is only repeated here.
func (p *Packet) Replayed() bool { return p.NAS != nil && p.In == replayedIn }

// macChannels are the RRC channels of macframed's.
var macChannels = [...]struct {
	name    string
	channel rrc.Channel
}{
	macframed.BCCHBCH:   {"BCCH-BCH", rrc.BCCHBCH},
	macframed.BCCHDLSCH: {"BCCH-DL-SCH", rrc.BCCHDLSCH},
	macframed.PCCH:      {"PCCH", rrc.PCCH},
	macframed.DLCCCH:    {"DL-CCCH", rrc.DLCCCH},
	macframed.ULCCCH:    {"UL-CCCH", rrc.ULCCCH},
	macframed.DLDCCH:    {"DL-DCCH", rrc.DLDCCH},
	macframed.ULDCCH:    {"UL-DCCH", rrc.ULDCCH},
}

// macLTE decodes a MAC PDU of LTE with its context.
func (d *Decoder) macLTE(b []byte, emit func(*Packet)) Result {
	l := &d.lte
	if l.mac == nil {
		l.mac = macframed.NewDecoder()
		l.received = d.macPDU
	}
	l.emit, l.worst = emit, Result{Category: Decoded}
	r := l.mac.Decode(b, l.received)
	res := Result{Category: Decoded, Err: r.Err, Reason: r.Reason}
	switch r.Category {
	case macframed.Partial:
		res.Category = Partial
	case macframed.Malformed:
		res.Category = Malformed
	case macframed.Unsupported:
		res.Category = Unsupported
	}
	return worse(res, l.worst)
}

// macPDU decodes what a MAC PDU carried.
func (d *Decoder) macPDU(pdu *macframed.PDU) {
	l := &d.lte
	d.packet = Packet{Header: d.packet.Header, RAT: "lte", Origin: FromMAC, Uplink: pdu.Context.Uplink}
	p := &d.packet
	if c := pdu.Connection; c != nil {
		p.Connection = uint64(c.ID)
	}
	switch pdu.Kind {
	case macframed.RRC:
	case macframed.ContentionResolution:
		// The base station repeats the phone's message on CCCH (TS 36.321 §6.1.3.4), which
		// a receiver of the downlink alone has from here.
		if pdu.Retransmission {
			return
		}
		p.Uplink, p.Echo = true, true
	default:
		return
	}
	if int(pdu.Channel) >= len(macChannels) || macChannels[pdu.Channel].name == "" {
		l.worst = worse(l.worst, Result{Category: Unsupported, Reason: "LTE RRC on channels that are not decoded"})
		return
	}
	if pdu.Ciphered {
		p.Channel = macChannels[pdu.Channel].name
		l.emit(p)
		l.worst = worse(l.worst, Result{Category: Decoded, Ciphered: true})
		return
	}
	to := macChannels[pdu.Channel]
	p.Channel = to.name
	p.MACI, p.HasMACI = pdu.PDCP.MACI, pdu.PDCP.Present
	if (pdu.Unsure || p.Echo) && !d.plausible(to.channel, pdu.Octets) {
		if p.Echo {
			return // of a message longer than its echo
		}
		// The capture began in the middle of the connection, so that it may be ciphered.
		l.emit(p)
		l.worst = worse(l.worst, Result{Category: Decoded, Ciphered: true})
		return
	}
	res := d.rrcMessage(to.channel, pdu.Octets, l.emit)
	if pdu.Connection != nil {
		d.follow(pdu.Connection, p)
	}
	l.worst = worse(l.worst, res)
}

// plausible reports whether octets decode as RRC to the end, which ciphered ones do by
// chance about once in some thousand.
func (d *Decoder) plausible(c rrc.Channel, b []byte) bool {
	m, err := d.rrc.Decode(c, b)
	return err == nil && m != nil && m.Rest.TrailingBits == 0 && !m.Rest.NonZeroPadding && m.Rest.SpareBranches == 0 && m.Rest.UnknownExtensions == 0
}

// follow tells a connection what RRC has changed of its state.
func (d *Decoder) follow(c *macframed.Connection, p *Packet) {
	m, ok := p.Message.(*rrc.Message)
	if !ok || p.Err != nil {
		return
	}
	switch m.Name() {
	case "RRCConnectionSetup", "RRCConnectionRelease":
		c.Reset()
	case "RRCConnectionReestablishmentRequest":
		d.lte.lost.Read(m.Body)
		d.lte.lostBy = c.ID
	case "RRCConnectionReestablishment":
		var old *macframed.Connection
		if d.lte.lostBy == c.ID {
			old = d.lte.mac.Connection(d.lte.lost.CRNTI)
		}
		c.Reestablish(old)
	case "SecurityModeCommand":
		d.lte.security.Read(m.Body)
		c.SecurityModeCommand(int(d.lte.security.Ciphering))
	case "SecurityModeComplete":
		c.SecurityModeComplete()
	case "SecurityModeFailure":
		c.SecurityModeFailure()
	}
}

// s1ap decodes an S1AP message and the NAS messages in it.
func (d *Decoder) s1ap(b []byte, emit func(*Packet)) Result {
	d.packet = Packet{RAT: "lte", Channel: "S1AP", Origin: FromS1AP}
	p := &d.packet
	m, err := d.lte.s1ap.Decode(b)
	if m == nil {
		return Result{Category: Malformed, Err: err}
	}
	p.Message, p.S1AP, p.Octets, p.Err = m, m, b, err
	p.Uplink = m.Name() == "InitialUEMessage" || m.Name() == "UplinkNASTransport"
	if m.HasENBUES1APID {
		p.Connection = uint64(m.ENBUES1APID) + 1
	}
	emit(p)
	res := Result{Category: Decoded, Err: err}
	if err != nil {
		if res.Category = Malformed; errors.Is(err, wire.ErrUnsupported) {
			res.Category = Partial
		}
	}
	outer := *p
	for _, n := range m.NASPDUs {
		*p = outer
		p.In = m.Name()
		dir := nas.Downlink
		if p.Uplink {
			dir = nas.Uplink
		}
		inner := d.nasEPS(n.Octets, dir, emit)
		inner.Err = wire.Within(inner.Err, m.Name(), n.Offset)
		res = worse(res, inner)
	}
	*p = outer
	return res
}

// exported decodes a PDU that Wireshark exported under the name of its dissector.
func (d *Decoder) exported(dissector string, b []byte, emit func(*Packet)) Result {
	name := strings.ToUpper(strings.NewReplacer(".", "-", "_", "-").Replace(dissector))
	for _, r := range []struct {
		prefix, rat string
		set         rrc.RAT
	}{{"LTE-RRC-", "lte", rrc.LTE}, {"NR-RRC-", "nr", rrc.NR}, {"RRC-", "umts", rrc.UMTS}} {
		channel, ok := strings.CutPrefix(name, r.prefix)
		if !ok {
			continue
		}
		d.packet = Packet{RAT: r.rat, Channel: channel}
		return d.rrcNamed(r.set, b, emit)
	}
	switch name {
	case "NAS-EPS":
		d.packet = Packet{RAT: "lte", Channel: "NAS", Origin: FromNAS}
		return d.nasEPS(b, nas.Unknown, emit)
	case "S1AP":
		return d.s1ap(b, emit)
	}
	return Result{Category: Unsupported, Reason: "exported PDUs of other protocols"}
}
