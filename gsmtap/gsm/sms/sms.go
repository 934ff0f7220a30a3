// Package sms decodes the short message service of GSM: its transport between phone and
// network, CP and RP messages (TS 24.011 v17.0.0 §7, §8), and the messages themselves,
// TPDUs (TS 23.040 v17.2.0 §9).
//
// A frame holds up to three messages, each in the one before; Decode gives them outermost
// first. Their names are those of Wireshark, which writes the direction behind an RP
// message's.
//
// On an error a message holds what was proved before it, and of a text as much as is
// there; the error is a *wire.DecodeError with its offset in the message. Values that the
// specifications reserve are kept. No input makes a decoder panic, and no length on the
// wire sizes an allocation. Compressed texts (TS 23.042) are not decoded, nor are the data
// of SMS-COMMAND and the content of 8-bit messages.
package sms

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Layer is one of the messages that a frame holds.
type Layer struct {
	// Message is never nil; a message of an unknown type is *wire.Opaque.
	Message wire.Message
	// Octets are those of the message, Offset is where they begin in what was decoded.
	Octets []byte
	Offset int
	// Err is the defect that ended decoding of this message, with offsets from the start
	// of Octets, or nil. What is wrong with an inner message is that one's.
	Err error
}

// Decoder decodes short messages into storage that it reuses: what it returns is valid
// until the next call. It keeps the parts of long messages. The zero value is ready; it
// is not for concurrent use.
type Decoder struct {
	cpData  CPData
	cpAck   CPAck
	cpError CPError
	rpData  RPData
	rpAck   RPAck
	rpError RPError
	rpSMMA  RPSMMA

	deliver       Deliver
	submit        Submit
	statusReport  StatusReport
	deliverReport DeliverReport
	submitReport  SubmitReport
	command       Command

	opaque [3]wire.Opaque
	layers [3]Layer
	n      int
	parts  Assembler
}

// LongForgotten counts the long messages whose parts were dropped to bound memory.
func (d *Decoder) LongForgotten() int { return d.parts.Evicted }

// Decode decodes a CP message, which starts at the octet with transaction identifier and
// protocol discriminator, and the messages in it. channel numbers the channel it came on,
// to keep the parts of long messages apart.
func (d *Decoder) Decode(b []byte, channel uint64) []Layer {
	d.n = 0
	d.cp(b, channel)
	return d.layers[:d.n]
}

// DecodeRP decodes an RP message and the TPDU in it.
func (d *Decoder) DecodeRP(b []byte, channel uint64) []Layer {
	d.n = 0
	d.rp(b, 0, channel)
	return d.layers[:d.n]
}

// DecodeTPDU decodes a TPDU on its way to the phone, or with uplink from the phone, that
// came in an RP-DATA message.
func (d *Decoder) DecodeTPDU(b []byte, uplink bool, channel uint64) []Layer {
	d.n = 0
	d.tpdu(b, 0, uplink, inData, channel)
	return d.layers[:d.n]
}

// add appends a layer and returns it.
func (d *Decoder) add(m wire.Message, b []byte, offset int) *Layer {
	l := &d.layers[d.n]
	d.n++
	*l = Layer{Message: m, Octets: b, Offset: offset}
	return l
}

// unknown appends a layer of a message whose type is not known.
func (d *Decoder) unknown(title string, b []byte, offset int, err error) {
	o := &d.opaque[d.n]
	*o = wire.Opaque{Title: title, Octets: b}
	d.add(o, b, offset).Err = err
}

func numbered(title string, n uint8) string {
	return fmt.Sprintf("%s 0x%02x (unknown)", title, n)
}
