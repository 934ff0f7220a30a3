package macframed

import (
	"errors"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Kind is what a PDU is.
type Kind uint8

// Kinds of PDU.
const (
	// RRC is an RRC PDU of Channel, or the ciphered octets of one.
	RRC Kind = iota
	// RandomAccess is a random access response, in RAR.
	RandomAccess
	// ContentionResolution is the UE contention resolution identity (TS 36.321
	// §6.1.3.4): Octets are the first 48 bits of the message that the phone sent on
	// UL-CCCH, which for an RRCConnectionRequest is all of it. Retransmission is set if
	// that message was emitted before, which means it was captured.
	ContentionResolution
)

// Channel is the logical channel of an RRC PDU.
type Channel uint8

// Logical channels. With Context.NBMode they are those of NB-IoT.
const (
	ChannelNone Channel = iota
	BCCHBCH
	BCCHDLSCH
	PCCH
	DLCCCH
	ULCCCH
	DLDCCH
	ULDCCH
	MCCH
)

var channelNames = [...]string{
	"none", "BCCH-BCH", "BCCH-DL-SCH", "PCCH", "DL-CCCH", "UL-CCCH", "DL-DCCH", "UL-DCCH", "MCCH",
}

// String names the channel as TS 36.331 does.
func (c Channel) String() string {
	if int(c) < len(channelNames) {
		return channelNames[c]
	}
	return "unknown"
}

// PDCPHeader is the header and trailer of a PDCP PDU on an SRB (TS 36.323 §6.2.2).
type PDCPHeader struct {
	// Present is false for channels without PDCP.
	Present bool
	// SN is the sequence number, 0..31.
	SN uint8
	// Reserved holds the three reserved bits, which ought to be 0.
	Reserved uint8
	// MACI is the message authentication code; 0 before security is activated and with
	// EIA0. It is ciphered if the message is.
	MACI uint32
}

// PDU is something that a frame carried. It and all it points to except Connection
// are valid during the call it is passed to.
type PDU struct {
	Context *Context
	Kind    Kind
	Channel Channel
	// SRB is 0 on CCCH, else 1 or 2.
	SRB uint8
	// Octets is the RRC PDU without headers and MAC-I; with padding on BCCH and PCCH.
	Octets []byte
	// Offset is where Octets starts in the input, or where the last piece of it does if
	// it came in several frames.
	Offset int
	PDCP   PDCPHeader
	// Ciphered is set where Octets is ciphered. With Unsure that is not known: then it
	// is RRC if it decodes.
	Ciphered, Unsure bool
	// Retransmission is set for a message on CCCH that was emitted before. What RLC
	// repeats is counted and not emitted.
	Retransmission bool
	// Connection is nil on BCCH, PCCH and MCCH and for a mere backoff.
	Connection *Connection
	RAR        *RandomAccessResponse
}

// Category says what became of a frame.
type Category uint8

// Categories.
const (
	// Decoded: all of it was understood.
	Decoded Category = iota
	// Partial: a part of it was understood; the rest is reserved or not decoded.
	Partial
	// Malformed: it contradicts its specification.
	Malformed
	// Unsupported: of a kind that is not decoded, or not received without error.
	Unsupported
)

// Result is what became of a frame.
type Result struct {
	Category Category
	// Reason says what is unsupported; few values, so that they can be counted.
	Reason string
	// Err is a *wire.DecodeError with an offset in the input, or nil.
	Err error
	// Ciphered is set if a PDU of the frame is ciphered, UserPlane if the frame carries
	// user plane.
	Ciphered, UserPlane bool
	// PDUs is how many were emitted.
	PDUs int
}

// Stats counts what a Decoder met.
type Stats struct {
	// Frames is the number of frames, Undecoded of them with CRC errors or predefined
	// data.
	Frames, Undecoded uint64
	// ControlElements, UserPlane and Reserved count MAC SDUs and control elements:
	// control elements, SDUs of data bearers, and what has a reserved identity.
	ControlElements, UserPlane, Reserved uint64
	// Events counts preambles and scheduling requests that tools reported.
	Events uint64
	// Status counts RLC control PDUs.
	Status uint64
	// Retransmissions counts RLC PDUs and SDUs not emitted because they are repeated.
	Retransmissions uint64
	// Segmented counts SDUs put together from several pieces, Lost pieces that were
	// given up.
	Segmented, Lost uint64
	// Gaps counts RLC PDUs that were not captured or came late, Restarts the times
	// that a bearer began anew without a sign of it.
	Gaps, Restarts uint64
	// Connections counts those begun, Evicted those forgotten because there were more
	// than MaxConnections.
	Connections, Evicted uint64
}

// Decoder demultiplexes the MAC PDUs of one capture. It is not for concurrent use.
type Decoder struct {
	ctx   Context
	pdu   PDU
	rar   RandomAccessResponse
	parts []part
	sdu   []byte
	conns connections
	mcch  reassembler
	stats Stats

	b    []byte // the frame
	emit func(*PDU)
	res  Result
}

// NewDecoder returns a Decoder without state.
func NewDecoder() *Decoder { return &Decoder{mcch: reassembler{mode: rlcUM5}} }

// Stats returns the counts since the Decoder was made.
func (d *Decoder) Stats() Stats { return d.stats }

// Connection returns the connection that has the C-RNTI now, or nil.
func (d *Decoder) Connection(rnti uint16) *Connection { return d.conns.byRNTI[rnti] }

// Context returns the context of the frame decoded last.
func (d *Decoder) Context() *Context { return &d.ctx }

// Decode takes a frame from behind the string "mac-lte" and calls emit for every
// signalling PDU and MAC event in it, in order.
func (d *Decoder) Decode(b []byte, emit func(*PDU)) Result {
	d.stats.Frames++
	d.b, d.emit, d.res = b, emit, Result{}
	d.frame()
	d.b, d.emit = nil, nil
	return d.res
}

// frame decodes the frame b.
func (d *Decoder) frame() {
	mac, err := d.ctx.Decode(d.b)
	if err != nil {
		if errors.Is(err, wire.ErrUnsupported) {
			d.unsupported("mac-lte-framed tag")
			d.res.Err = err
			return
		}
		d.malformed(err, 0)
		return
	}
	at := len(d.b) - len(mac)
	c := &d.ctx
	switch {
	case c.Preamble || c.SchedulingRequests > 0:
		d.stats.Events++
	case c.HasCRC && c.CRC != CRCOK:
		d.stats.Undecoded++
		d.unsupported("MAC PDU with CRC error")
		return
	case c.Predefined:
		d.stats.Undecoded++
		d.unsupported("predefined test data")
		return
	}
	if len(mac) == 0 { // an event, or srsUE's log of a grant not used
		return
	}
	switch t := c.Type(); {
	case t == NoRNTI && !c.Uplink:
		d.transparent(BCCHBCH, mac, at)
	case t == SIRNTI:
		d.transparent(BCCHDLSCH, mac, at)
	case t == PRNTI:
		d.transparent(PCCH, mac, at)
	case t == RARNTI:
		d.randomAccess(mac, at)
	case t == CRNTI || t == SPSRNTI:
		d.shared(mac, at)
	case t == MRNTI:
		d.multicast(mac, at)
	default:
		d.unsupported("MAC PDU of sidelink, multicast or unknown RNTI type")
	}
}

// malformed notes the first defect, whose offset counts from at.
func (d *Decoder) malformed(err error, at int) {
	if d.res.Category != Malformed {
		d.res.Category, d.res.Err = Malformed, wire.Within(err, "", at)
	}
}

func (d *Decoder) unsupported(reason string) {
	d.res.Category, d.res.Reason = Unsupported, reason
}

// send emits p.
func (d *Decoder) send(p PDU) {
	p.Context = &d.ctx
	d.pdu = p
	d.res.PDUs++
	d.res.Ciphered = d.res.Ciphered || p.Ciphered
	d.emit(&d.pdu)
}

// transparent emits a PDU that MAC does not change (TS 36.321 §6.1.4).
func (d *Decoder) transparent(ch Channel, b []byte, at int) {
	d.send(PDU{Channel: ch, Octets: b, Offset: at})
}

// randomAccess decodes a PDU of random access responses. Each begins a connection.
func (d *Decoder) randomAccess(b []byte, at int) {
	a, err := newResponses(b, d.ctx.CEMode == ceModeB)
	if err != nil {
		d.malformed(err, at)
		return
	}
	n := 0
	for ; ; n++ {
		ok, err := a.next(&d.rar)
		if err != nil {
			d.malformed(err, at)
		}
		if !ok {
			break
		}
		c := d.conns.find(d.rar.RNTI)
		if c == nil || c.used || c.identified {
			c = d.conns.start(d.rar.RNTI, true, &d.stats)
		}
		c.TimingAdvance = int(d.rar.TimingAdvance)
		d.send(PDU{Kind: RandomAccess, Connection: c, RAR: &d.rar, Offset: at})
	}
	if n == 0 && a.hasBackoff && d.res.Err == nil {
		d.rar = RandomAccessResponse{Backoff: a.backoff, HasBackoff: true, BackoffOnly: true}
		d.send(PDU{Kind: RandomAccess, RAR: &d.rar, Offset: at})
	}
}

// shared decodes a PDU of DL-SCH or UL-SCH.
func (d *Decoder) shared(b []byte, at int) {
	ch := dlSCH
	if d.ctx.Uplink {
		ch = ulSCH
	}
	var err error
	d.parts, err = ch.split(b, d.parts)
	rnti := d.ctx.RNTI
	if d.ctx.Uplink {
		rnti = d.identify(b, rnti)
	}
	for _, p := range d.parts {
		d.part(ch, p, b[p.off:p.off+p.n], at, rnti)
	}
	if err != nil {
		d.malformed(err, at)
	}
}

// identify returns the C-RNTI that an uplink PDU names (TS 36.321 §6.1.3.2), or else
// rnti. A phone that has a connection names it in random access, after which the
// temporary C-RNTI is void.
func (d *Decoder) identify(b []byte, rnti uint16) uint16 {
	for _, p := range d.parts {
		if p.lcid != ulCRNTI {
			continue
		}
		named := uint16(b[p.off])<<8 | uint16(b[p.off+1])
		if named == rnti {
			return rnti
		}
		advance := -1
		if t := d.conns.byRNTI[rnti]; t != nil && !t.used && !t.identified {
			advance = t.TimingAdvance
			d.conns.drop(t)
		}
		c := d.connection(named)
		if advance >= 0 {
			c.TimingAdvance = advance
		}
		return named
	}
	return rnti
}

// part decodes an SDU or control element; b is its octets, at the offset of the MAC
// PDU in the frame.
func (d *Decoder) part(ch *sch, p part, b []byte, at int, rnti uint16) {
	at += p.off
	ccch := p.lcid == lcidCCCH
	if d.ctx.Uplink {
		switch p.lcid {
		case ulCCCHCategory0, ulCCCHHopping, ulCCCHHeadroom:
			ccch = true
		}
	}
	switch {
	case ccch && d.ctx.Uplink:
		d.request(b, at, rnti)
	case ccch:
		d.answer(b, at, rnti)
	case p.lcid <= lcidSRB2, p.lcid == lcidSRB1bis && d.ctx.NBMode != 0:
		d.dedicated(p.lcid, b, at, rnti)
	case p.lcid <= lcidLastDRB, p.lcid >= extensionBase:
		d.stats.UserPlane++
		d.res.UserPlane = true
	case p.lcid == lcidPadding:
	case ch.reserved>>p.lcid&1 == 1:
		d.stats.Reserved++
		if d.res.Category == Decoded {
			d.res.Category = Partial
			d.res.Err = &wire.DecodeError{Path: "LCID", Offset: at - p.off + p.header, Bit: 3, Err: wire.ErrUnsupported}
		}
	default:
		d.stats.ControlElements++
		if !d.ctx.Uplink {
			d.control(p.lcid, b, at, rnti)
		}
	}
}

// control takes what is of interest from a control element of DL-SCH.
func (d *Decoder) control(lcid uint8, b []byte, at int, rnti uint16) {
	switch lcid {
	case dlContentionResolution:
		c := d.contender([6]byte(b), rnti)
		d.send(PDU{
			Kind: ContentionResolution, Channel: ULCCCH, Octets: b, Offset: at,
			Retransmission: c.requested, Connection: c,
		})
	case dlTimingAdvance:
		// Group 0, 6 bits (TS 36.321 §6.1.3.5, TS 36.213 §4.2.3).
		if c := d.conns.byRNTI[rnti]; c != nil && b[0]>>6 == 0 && c.TimingAdvance >= 0 {
			c.TimingAdvance = max(0, c.TimingAdvance+int(b[0])-31)
		}
	}
}

// connection returns the connection of rnti, which may be one whose beginning was
// not captured.
func (d *Decoder) connection(rnti uint16) *Connection {
	if c := d.conns.find(rnti); c != nil {
		return c
	}
	return d.conns.start(rnti, false, &d.stats)
}

// contender returns the connection of rnti whose phone sent a message that begins
// with identity. If the present one is another's or in use, it is a new one.
func (d *Decoder) contender(identity [6]byte, rnti uint16) *Connection {
	c := d.conns.find(rnti)
	if c == nil || c.used || c.identified && c.identity != identity {
		c = d.conns.start(rnti, true, &d.stats)
	}
	c.identity, c.identified = identity, true
	return c
}

// request decodes an SDU of UL-CCCH.
func (d *Decoder) request(b []byte, at int, rnti uint16) {
	if d.ctx.NBMode != 0 && len(b) > 0 {
		b, at = b[1:], at+1 // data volume and power headroom report (TS 36.321 §6.1.3.10)
	}
	if len(b) < 6 { // every message on UL-CCCH has 48 bits or more (TS 36.331 §6.2.1)
		d.malformed(&wire.DecodeError{Path: "CCCH SDU", Err: wire.ErrShort}, at)
		return
	}
	c := d.contender([6]byte(b), rnti)
	again := c.requested
	c.requested = true
	d.send(PDU{Channel: ULCCCH, Octets: b, Offset: at, Retransmission: again, Connection: c})
}

// answer decodes an SDU of DL-CCCH.
func (d *Decoder) answer(b []byte, at int, rnti uint16) {
	if len(b) == 0 {
		d.malformed(&wire.DecodeError{Path: "CCCH SDU", Err: wire.ErrShort}, at)
		return
	}
	c := d.conns.find(rnti)
	if c == nil || c.used {
		c = d.conns.start(rnti, true, &d.stats)
	}
	d.send(PDU{Channel: DLCCCH, Octets: b, Offset: at, Connection: c})
}

// dedicated decodes an RLC PDU of SRB1, SRB2 or SRB1bis.
func (d *Decoder) dedicated(lcid uint8, b []byte, at int, rnti uint16) {
	p := PDU{Channel: DLDCCH, SRB: lcid, Connection: d.connection(rnti)}
	if d.ctx.Uplink {
		p.Channel = ULDCCH
	}
	p.PDCP.Present = lcid != lcidSRB1bis
	if !p.PDCP.Present {
		p.SRB = 1
	}
	r := p.Connection.bearer(p.SRB, d.ctx.Uplink)
	if !d.push(r, b, at) {
		return
	}
	p.Connection.used = true
	for {
		sdu, off, ok := r.take(&d.sdu, &d.stats)
		if !ok {
			return
		}
		d.deliver(r, p, sdu, at+off)
	}
}

// push gives an RLC PDU to r; it returns false if nothing can come of it.
func (d *Decoder) push(r *reassembler, b []byte, at int) bool {
	what, err := r.push(b, &d.stats)
	if err != nil {
		d.malformed(err, at)
		return false
	}
	if what == pushedControl {
		d.stats.Status++
	}
	return what == pushedData
}

// deliver takes off PDCP and emits p.
func (d *Decoder) deliver(r *reassembler, p PDU, sdu []byte, at int) {
	p.Offset = at
	p.Context = &d.ctx
	if p.PDCP.Present {
		const header, trailer = 1, 4
		if len(sdu) <= header+trailer {
			d.malformed(&wire.DecodeError{Path: "PDCP PDU", Err: wire.ErrShort}, at)
			return
		}
		if r.repeated(sdu) {
			d.stats.Retransmissions++
			return
		}
		n := len(sdu) - trailer
		t := sdu[n:]
		p.PDCP.SN, p.PDCP.Reserved = sdu[0]&0x1f, sdu[0]>>5
		p.PDCP.MACI = uint32(t[0])<<24 | uint32(t[1])<<16 | uint32(t[2])<<8 | uint32(t[3])
		sdu = sdu[header:n]
		p.Offset += header
	}
	p.Octets = sdu
	p.Ciphered, p.Unsure = p.Connection.ciphered(&p)
	d.send(p)
}

// multicast decodes a PDU of MCH: of what it carries only MCCH is signalling.
func (d *Decoder) multicast(b []byte, at int) {
	var err error
	d.parts, err = mch.split(b, d.parts)
	for _, p := range d.parts {
		switch p.lcid {
		case lcidCCCH:
			if !d.push(&d.mcch, b[p.off:p.off+p.n], at+p.off) {
				continue
			}
			for {
				sdu, off, ok := d.mcch.take(&d.sdu, &d.stats)
				if !ok {
					break
				}
				d.send(PDU{Channel: MCCH, Octets: sdu, Offset: at + p.off + off})
			}
		case lcidPadding:
		case mchScheduling:
			d.stats.ControlElements++
		default:
			d.stats.UserPlane++
			d.res.UserPlane = true
		}
	}
	if err != nil {
		d.malformed(err, at)
	}
}
