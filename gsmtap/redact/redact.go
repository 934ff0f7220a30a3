// Package redact overwrites what identifies persons in captured frames and leaves the rest
// as it is, so that frames can be shown to others.
//
//	frame → decoders → what is personal, in what forms, at what bit → overwritten
//	                                                    not found → blanked
//
// Identities are written over by others of the same type and length, made from a keyed
// hash (ident.Pseudonyms.Substitute): equal ones stay equal. Texts are written over by
// asterisks, positions and octets of unknown content by zeros. A message that is not
// decoded to its end is blanked after its first two octets, one that cannot be found in
// its frame, or lies in several, takes the whole payload with it. The result is decoded
// again; where an identity is still there, the payload is blanked.
//
// What stays: headers of the frame and of the link layers, broadcast and radio parameters,
// ciphered messages, random numbers of authentication, network and area codes, the model
// of a phone. Checksums of lower layers are not made to fit.
package redact

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/fbsdetect/fbsdetect/gsmtap"
	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/lapdm"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/macframed"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// Span is a part of a frame that was written over.
type Span struct {
	// Bit is where it begins, in bits from the start of the frame, Bits how long it is.
	Bit, Bits int
	// What says what was there.
	What string
}

// Result says what became of a frame.
type Result struct {
	// Spans are the parts that were written over, in the order they were found.
	Spans []Span
	// Blanked says why the payload of the frame was blanked, "" if it was not.
	Blanked string
}

// String says it in words, "" for a frame left as it was.
func (r Result) String() string {
	s := ""
	if r.Blanked != "" {
		s = "Redacted: the payload was blanked, because " + r.Blanked + ". Written over: "
	}
	for i, x := range r.Spans {
		switch {
		case i == 0 && s == "":
			s = "Redacted, written over: "
		case i > 0:
			s += "; "
		}
		at := fmt.Sprintf("octet %d", x.Bit/8)
		if x.Bit&7 != 0 {
			at += fmt.Sprintf(" bit %d", x.Bit&7)
		}
		s += fmt.Sprintf("%s at %s (%d bits)", x.What, at, x.Bits)
	}
	if len(r.Spans) > 0 {
		s += "."
	}
	return s
}

// Redactor redacts the frames of one capture. It is not safe for concurrent use.
type Redactor struct {
	unwrap     *capture.Unwrapper
	dec, check *gsmtap.Decoder
	single     *gsmtap.Decoder // without state between messages that matters
	c          collector

	payload []byte
	// original is the payload as it was. Decoded values may alias it, so it is what is
	// decoded and searched.
	original []byte
	out      Result
	keys     map[string]bool
	left     bool
	// messages are the parts of the payload, in bits, that are known.
	known   []Span
	nas     [][]byte
	pending []carried
	packets int
	header  gsmtap.Header
	link    lapdm.Frame
	linked  bool // link is the frame's
	// unsegmented: its information field is a whole message.
	unsegmented bool
	links       map[linkKey]link
	context     macframed.Context
}

// New returns a Redactor. Frames are unwrapped by unwrap and decoded by two decoders that
// newDecoder makes; names gives what is written in place of identities.
func New(names *ident.Pseudonyms, unwrap *capture.Unwrapper, newDecoder func() *gsmtap.Decoder) *Redactor {
	return &Redactor{unwrap: unwrap, dec: newDecoder(), check: newDecoder(), single: newDecoder(), links: map[linkKey]link{}, c: collector{names: names}, keys: map[string]bool{}}
}

// Skip takes notice of a frame that is not to be redacted: messages in several frames and
// the state of connections are followed.
func (r *Redactor) Skip(f *capture.Frame) {
	p := r.unwrap.Unwrap(*f)
	r.follow(&p)
	ignore := func(*gsmtap.Packet) {}
	r.dec.DecodePayload(&p, ignore)
	r.check.DecodePayload(&p, ignore)
}

// Frame redacts a frame in place. All frames of the capture before it must have been
// given to Frame or Skip, in order.
func (r *Redactor) Frame(f *capture.Frame) Result {
	r.out, r.known, r.nas, r.pending, r.packets = Result{}, r.known[:0], nil, nil, 0
	clear(r.keys)
	p := r.unwrap.Unwrap(*f)
	start := aliased(f.Data, p.Data)
	if start < 0 || p.Kind == capture.KindMalformed || p.Kind == capture.KindForeign {
		clear(f.Data)
		r.out.Blanked = "it holds no signalling that is decoded"
		return r.out
	}
	r.payload = f.Data[start : start+len(p.Data)]
	r.original = bytes.Clone(r.payload)
	view := p
	view.Data = r.original
	r.follow(&view)
	res := r.dec.DecodePayload(&view, r.see)
	r.settle(&p, res)
	if r.out.Blanked == "" {
		r.left = false
		r.check.DecodePayload(&p, r.again)
		if r.left {
			r.out.Blanked = "an identity could not be overwritten"
		}
	} else {
		r.check.DecodePayload(&view, func(*gsmtap.Packet) {})
	}
	if r.out.Blanked != "" {
		r.blank(&p)
	}
	for i := range r.out.Spans {
		r.out.Spans[i].Bit += 8 * start
	}
	return r.out
}

// settle judges the frame as a whole.
func (r *Redactor) settle(p *capture.Payload, res gsmtap.Result) {
	for _, s := range r.pending {
		decoded := false
		for _, n := range r.nas {
			decoded = decoded || bytes.Equal(n, s.octets)
		}
		if decoded {
			continue
		}
		f := form{old: s.octets, new: make([]byte, len(s.octets)), n: s.bits}
		r.apply(item{what: "message of another protocol", at: s.at, forms: []form{f}}, 0, 8*len(r.payload))
	}
	switch {
	case r.out.Blanked != "":
	case errors.Is(res.Err, gsmtap.ErrPanic):
		r.out.Blanked = "a decoder failed on it"
	case p.Truncated:
		r.out.Blanked = "it was not captured whole"
	case r.packets == 0 && !r.empty(p):
		r.out.Blanked = "no message in it is decoded"
	case res.Category == gsmtap.Malformed || res.Category == gsmtap.Unsupported || res.Category == gsmtap.Partial:
		if !r.covered(p) {
			r.out.Blanked = "not all of it is decoded"
		}
	case p.Kind == capture.KindMACLTE && !r.covered(p):
		r.out.Blanked = "it holds more than the messages that are decoded"
	}
}

// empty reports whether a frame carries no message: fill and supervisory frames, blocks
// without a message.
func (r *Redactor) empty(p *capture.Payload) bool {
	if p.Kind != capture.KindGSMTAP {
		return false
	}
	b, err := gsmtap.DecodeHeader(r.payload, &r.header)
	if err != nil || r.header.Type != gsmtap.TypeUm {
		return false
	}
	for _, v := range b {
		// 0x2b fills what is not used (TS 44.006 §5.2); the others are link headers.
		if v != 0x2b && v != b[0] && v > 3 {
			return false
		}
	}
	return true
}

// maxRest is how many octets other than zero and fill a payload may hold besides its
// messages: headers of MAC, RLC and PDCP, and control elements.
const maxRest = 40

// covered reports whether the messages found are all that the payload holds but for
// headers.
func (r *Redactor) covered(p *capture.Payload) bool {
	rest := bytes.Clone(r.original)
	if p.Kind == capture.KindGSMTAP {
		if b, err := gsmtap.DecodeHeader(rest, &r.header); err == nil {
			rest = b
		}
	}
	shift := len(r.original) - len(rest)
	for _, k := range r.known {
		from, to := max(k.Bit/8-shift, 0), min((k.Bit+k.Bits+7)/8-shift, len(rest))
		for i := from; i < to; i++ {
			rest[i] = 0
		}
	}
	n := 0
	for _, v := range rest {
		if v != 0 && v != 0x2b {
			n++
		}
	}
	return len(r.known) > 0 && n <= maxRest
}

// see overwrites what is personal in a message.
func (r *Redactor) see(p *gsmtap.Packet) {
	if p.Message == nil && !p.Deferred {
		r.silent(p)
		return
	}
	r.packets++
	r.c.collect(p)
	at, found := r.find(p.Octets)
	from, to := 0, 8*len(r.payload)
	if found {
		r.known = append(r.known, Span{Bit: at, Bits: 8 * len(p.Octets)})
		from, to = at, at+8*len(p.Octets)
	}
	if p.In != "" && p.Err == nil && r.c.unknown == "" {
		r.nas = append(r.nas, bytes.Clone(p.Octets))
	}
	for _, it := range r.c.items {
		if it.key != "" {
			r.keys[it.key] = true
		}
	}
	if r.c.unknown != "" {
		keep := 16 // protocol discriminator and message type
		if _, tree := p.Message.(interface{ Value() uper.Value }); tree {
			keep = 0
		}
		if !found || to-from <= keep {
			r.out.Blanked = r.c.unknown
			return
		}
		r.zero(from+keep, to-from-keep, "message, because "+r.c.unknown)
		return
	}
	if !found && len(r.c.items)+len(r.c.strings) > 0 {
		r.out.Blanked = "its message lies in several frames"
		return
	}
	for _, s := range r.c.strings {
		if len(s.octets) == 0 {
			continue
		}
		if s.at >= 0 {
			s.at += at
		}
		r.pending = append(r.pending, s)
	}
	for _, it := range r.c.items {
		if len(it.forms) == 0 {
			continue
		}
		if it.at >= 0 {
			it.at += at
		}
		r.apply(it, from, to)
	}
}

// silent judges what is emitted without a message.
func (r *Redactor) silent(p *gsmtap.Packet) {
	switch {
	case p.NAS != nil && p.NAS.Ciphered:
		r.packets++
		if at, ok := r.find(p.Octets); ok {
			r.known = append(r.known, Span{Bit: at, Bits: 8 * len(p.Octets)})
		}
		r.nas = append(r.nas, bytes.Clone(p.Octets))
	case p.Link != lapdm.KindNone && p.Origin == gsmtap.FromGSMTAP:
		r.packets++
		if !r.whole() {
			r.out.Blanked = "it is a part of a message in several frames"
		}
	default:
		r.out.Blanked = "no message in it is decoded"
	}
}

// link is what is known of one direction of a signalling link.
type link struct {
	ns          uint8
	more, whole bool
}

// maxLinks bounds the links that are remembered.
const maxLinks = 4096

// follow reads the LAPDm frame in b, if it is one, and notes whether its information
// field is a whole message: it is in unnumbered frames, and in an I frame that continues
// none and is not continued.
func (r *Redactor) follow(p *capture.Payload) {
	r.linked, r.unsegmented = false, false
	if p.Kind != capture.KindGSMTAP {
		return
	}
	h, f := &r.header, &r.link
	b, err := gsmtap.DecodeHeader(p.Data, h)
	if err != nil || h.Type != gsmtap.TypeUm || h.Channel < gsmtap.SDCCH || h.Channel > gsmtap.TCHH {
		return
	}
	ch := lapdm.Dedicated
	if h.ACCH {
		if _, b, err = lapdm.DecodeL1Header(b); err != nil {
			return
		}
		ch = lapdm.SACCH
	}
	if f.Decode(b, ch, h.Uplink) != nil {
		return
	}
	r.linked = true
	key := linkKey{h.ARFCN, h.Timeslot, h.SubSlot, f.SAPI, h.ACCH, h.PCS, h.Uplink}
	if len(r.links) >= maxLinks {
		clear(r.links)
	}
	switch f.Kind {
	case lapdm.SABM, lapdm.UA:
		r.unsegmented = !f.More
		r.links[key] = link{ns: 7}
		key.uplink = !key.uplink
		r.links[key] = link{ns: 7}
	case lapdm.I:
		last, known := r.links[key]
		if known && last.ns == f.NS {
			r.unsegmented = last.whole && !f.More
			return
		}
		r.unsegmented = known && f.NS == (last.ns+1)&7 && !last.more && !f.More
		r.links[key] = link{f.NS, f.More, r.unsegmented}
	}
}

// linkKey names one direction of a signalling link.
type linkKey struct {
	arfcn             uint32
	timeslot, sub     uint8
	sapi              uint8
	acch, pcs, uplink bool
}

// whole reports whether the LAPDm frame of the payload has no information field, or a
// whole message in it that was seen before: the network repeats the first message of a
// phone (TS 44.006 §5.4.1.4), and so does a phone that hears no answer.
func (r *Redactor) whole() bool {
	f := &r.link
	switch {
	case !r.linked:
		return false
	case len(f.Info) == 0:
		return true
	}
	if !r.unsegmented {
		return false
	}
	before := r.packets
	message := append([]byte{2, 4, abis, 15: 0}, f.Info...)
	res := r.single.Decode(message, r.see)
	return r.packets > before && res.Category == gsmtap.Decoded
}

// abis is the type of a GSMTAP packet of version 2 that holds a bare layer 3 message.
const abis = 2

// again looks whether an identity is still there.
func (r *Redactor) again(p *gsmtap.Packet) {
	if p.Message == nil {
		return
	}
	r.c.collect(p)
	for _, it := range r.c.items {
		r.left = r.left || it.key != "" && r.keys[it.key]
	}
}

// unique is the length in bits from which on a value is not found by chance.
const unique = 28

// apply overwrites an item wherever it is found: at its place, where that is known, and
// all over the payload, if it is long enough not to be met by chance; shorter ones only
// in their message, from from to to.
func (r *Redactor) apply(it item, from, to int) {
	found := false
	if it.at >= 0 {
		for _, f := range it.forms {
			if f.at(r.original, it.at) {
				r.write(f, it.at, it.what)
				found = true
				break
			}
		}
	}
	if it.at < 0 || !found || it.key != "" {
		for _, f := range it.forms {
			a, b := from, to
			if f.weight() >= unique {
				a, b = 0, 8*len(r.payload)
			} else if found || it.key == "" {
				continue
			}
			for i := a; i+f.n <= b; i++ {
				if f.at(r.original, i) {
					r.write(f, i, it.what)
					found = true
				}
			}
		}
	}
	if !found {
		r.out.Blanked = "the place of its " + it.what + " was not found"
	}
}

// find returns the bit at which a message begins in the payload as it was.
func (r *Redactor) find(b []byte) (int, bool) {
	f := form{old: b, n: 8 * len(b)}
	if f.n == 0 {
		return 0, false
	}
	for step := 8; step >= 1; step -= 7 { // octets first
		for i := 0; i+f.n <= 8*len(r.payload); i += step {
			if f.at(r.original, i) {
				return i, true
			}
		}
	}
	return 0, false
}

func (r *Redactor) write(f form, at int, what string) {
	for _, s := range r.out.Spans {
		if s.Bit == at && s.Bits == f.n {
			return
		}
	}
	for i := range f.n {
		bit := byte(0x80) >> (i & 7)
		if f.care != nil && f.care[i/8]&bit == 0 {
			continue
		}
		set(r.payload, at+i, f.new[i/8]&bit != 0)
	}
	r.out.Spans = append(r.out.Spans, Span{Bit: at, Bits: f.n, What: what})
}

func (r *Redactor) zero(at, n int, what string) {
	for i := range n {
		set(r.payload, at+i, false)
	}
	r.out.Spans = append(r.out.Spans, Span{Bit: at, Bits: n, What: what})
}

func set(b []byte, i int, v bool) {
	bit := byte(0x80) >> (i & 7)
	b[i/8] &^= bit
	if v {
		b[i/8] |= bit
	}
}

// blank clears the payload behind the headers that say what it is.
func (r *Redactor) blank(p *capture.Payload) {
	b := r.payload
	if at := aliased(r.original, r.link.Info); r.linked && at >= 0 {
		clear(b[at : at+len(r.link.Info)])
		r.out.Spans = append(r.out.Spans, Span{Bit: 8 * at, Bits: 8 * len(r.link.Info), What: "information field"})
		return
	}
	switch p.Kind {
	case capture.KindGSMTAP:
		if rest, err := gsmtap.DecodeHeader(b, &r.header); err == nil {
			b = rest
		}
	case capture.KindMACLTE:
		if rest, err := r.context.Decode(b); err == nil {
			b = rest
		}
	}
	clear(b)
	at := len(r.payload) - len(b)
	r.out.Spans = append(r.out.Spans, Span{Bit: 8 * at, Bits: 8 * len(b), What: "payload"})
}

// at reports whether the form stands in b at bit i.
func (f *form) at(b []byte, i int) bool {
	if i < 0 || i+f.n > 8*len(b) {
		return false
	}
	for k := 0; k < f.n; k += 8 {
		v := b[(i+k)/8] << ((i + k) & 7)
		if s := (i + k) & 7; s > 0 && (i+k)/8+1 < len(b) {
			v |= b[(i+k)/8+1] >> (8 - s)
		}
		mask := byte(0xff)
		if f.n-k < 8 {
			mask <<= 8 - (f.n - k)
		}
		if f.care != nil {
			mask &= f.care[k/8]
		}
		if (v^f.old[k/8])&mask != 0 {
			return false
		}
	}
	return true
}

// weight is how many bits are compared.
func (f *form) weight() int {
	if f.care == nil {
		return f.n
	}
	n := 0
	for _, v := range f.care {
		for ; v != 0; v &= v - 1 {
			n++
		}
	}
	return n
}
