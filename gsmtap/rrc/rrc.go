// Package rrc decodes the messages of Radio Resource Control of LTE with NB-IoT, NR and
// UMTS (TS 36.331, 38.331 and 25.331 v17.1.0) into trees, by the schemas embedded in it.
//
// A tree shows every field of a message under the name that the ASN.1 gives it, with
// its place in bits. Typed views of the messages of each RAT are in other packages.
//
// Transport blocks may be longer than the message in them, and networks of later
// releases send what these schemas lack; both is recorded in Message.Rest and no error.
// No input panics; time and storage are bounded by the limits of package uper.
//
// Not decoded here: the reassembly of segments (UMTS system information, warning
// messages, segmented RRC messages) and the messages of NAS and other protocols in
// strings of octets.
package rrc

import (
	"strings"

	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Message is a message of RRC. It is valid until its Decoder's next Decode.
type Message struct {
	// Channel is the class of the message.
	Channel Channel
	// Tree is the whole, of the channel's root type.
	Tree uper.Value
	// Body is the message proper inside Tree, below the alternatives that select it. It
	// is absent if decoding failed before it.
	Body uper.Value
	// Rest is what decoding tolerated.
	Rest uper.Rest
	// Octets is what was decoded; it aliases the input.
	Octets []byte
}

// Name returns the name of the message's type: "SystemInformationBlockType1",
// "RRCConnectionSetup". An alternative without type, as the spare ones are, is named by
// itself, and a message that fails before it is known by the channel's root type.
func (m *Message) Name() string {
	if !m.Body.Present() {
		return m.Channel.PDU()
	}
	if b := info[m.Channel].body; b != "" {
		return b
	}
	if n := m.Body.TypeName(); n != "" {
		return n
	}
	return m.Body.Name()
}

// Decoder decodes messages into storage that it uses again. The zero value is ready for
// use. It is not for concurrent use.
type Decoder struct {
	decoders [rats]*uper.Decoder
	schemas  [rats]*uper.Schema
	started  [rats]bool // holds values of the message
	rat      RAT        // of the message
	message  Message
	// roots are the root types of the channels, one higher so that 0 is not looked up yet.
	roots [channels]uper.TypeID
}

// Use makes d decode the messages of r by s, from the next Decode on, instead of the
// embedded schema; with nil, by that one again.
func (d *Decoder) Use(r RAT, s *uper.Schema) {
	if r >= rats {
		return
	}
	if s == nil {
		s = Schema(r)
	}
	d.schemas[r], d.decoders[r] = s, uper.NewDecoder(s)
	d.started[r] = false
	d.roots = [channels]uper.TypeID{}
}

// decoder returns the decoder for r.
func (d *Decoder) decoder(r RAT) *uper.Decoder {
	if d.decoders[r] == nil {
		d.schemas[r] = Schema(r)
		d.decoders[r] = uper.NewDecoder(d.schemas[r])
	}
	return d.decoders[r]
}

// Decode decodes a message of class c. With an error, a *wire.DecodeError, the message
// holds what was decoded before it; it is nil only if c is no Channel, or one that the
// schema in use does not have (wire.ErrUnsupported).
func (d *Decoder) Decode(c Channel, b []byte) (*Message, error) {
	if c == UnknownChannel || c >= channels {
		return nil, &wire.DecodeError{Path: "channel", Err: wire.ErrUnsupported}
	}
	d.rat = c.RAT()
	d.started = [rats]bool{}
	d.started[d.rat] = true
	dec := d.decoder(d.rat)
	if d.roots[c] == 0 {
		id, ok := d.schemas[d.rat].Roots[c.PDU()]
		if !ok {
			return nil, &wire.DecodeError{Path: c.PDU(), Err: wire.ErrUnsupported}
		}
		d.roots[c] = id + 1
	}
	tree, err := dec.DecodeRoot(d.roots[c]-1, b)
	d.message = Message{Channel: c, Tree: tree, Body: body(tree), Rest: dec.Rest(), Octets: b}
	return &d.message, err
}

// body returns the message proper in a tree of a root type. Between the two are
// CHOICEs that are written in place or whose name says that they are the choice of the
// message; a message of UMTS is often a CHOICE itself.
func body(tree uper.Value) uper.Value {
	v := tree.Field("message")
	if !v.Present() {
		if strings.Contains(tree.TypeName(), "-Message") {
			return uper.Value{}
		}
		return tree
	}
	for v.Kind() == uper.Choice {
		if n := v.TypeName(); n != "" && !strings.Contains(n, "-MessageType") {
			break
		}
		if v = v.Chosen(); !v.Present() {
			break
		}
	}
	return v
}

// Contained decodes b, a part of the message decoded last, as the type pdu of the same
// RAT (see Roots). Values of the message stay valid, and the new ones as long as they;
// the offsets of the new ones count from b.
func (d *Decoder) Contained(pdu string, b []byte) (uper.Value, error) {
	return d.contained(d.rat, pdu, b)
}

func (d *Decoder) contained(r RAT, pdu string, b []byte) (uper.Value, error) {
	dec := d.decoder(r)
	if d.started[r] {
		return dec.More(pdu, b)
	}
	d.started[r] = true
	return dec.Decode(pdu, b)
}

// Encode appends the encoding of the message decoded last to b (see
// uper.Decoder.Encode).
func (d *Decoder) Encode(b []byte) ([]byte, error) {
	return d.decoder(d.rat).Encode(b, d.message.Tree)
}
