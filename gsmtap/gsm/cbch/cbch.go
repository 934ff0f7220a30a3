// Package cbch decodes the cell broadcast channel of GSM: its blocks and the messages
// that they make up, TS 44.012 v17.0.0 §3, and the pages of texts in these, TS 23.041
// v17.4.0 §9.4.1.
//
// Not decoded: which message comes in which slot, in a schedule message.
package cbch

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/coding"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Sequence is the sequence number of a block (TS 44.012 §3.3.1): 0 to 3 count the blocks
// of a message, of which a schedule message begins with Schedule.
type Sequence uint8

// Sequence numbers with a meaning of their own.
const (
	Schedule Sequence = 8
	Null     Sequence = 15
)

// String says which block of a message it is.
func (s Sequence) String() string {
	switch {
	case s < maxBlocks:
		return [...]string{"First Block", "Second Block", "Third Block", "Fourth Block"}[s]
	case s == Schedule:
		return "First Schedule Block"
	case s == Null:
		return "Null message"
	}
	return fmt.Sprintf("reserved (%d)", uint8(s))
}

// protocol is the link protocol discriminator of cell broadcast.
const protocol = 1

// blockLen is the length of a block's information in octets.
const blockLen = 22

// Block is a block of the channel (TS 44.012 §3.3).
type Block struct {
	// Last: the next block, if the message has one, holds nothing of it.
	Last bool
	// Sequence is the number of the block.
	Sequence Sequence
	// Info are the 22 octets behind the block type; it aliases the input.
	Info []byte
}

// Decode fills m from b, which starts at the block type. A sequence number that is
// reserved is an error of the kind wire.ErrUnsupported.
func (m *Block) Decode(b []byte) error {
	*m = Block{}
	r := wire.NewReader(b)
	t := r.U8("Block Type")
	if t>>5&3 != protocol && r.OK() {
		return &wire.DecodeError{Path: "Link Protocol Discriminator", Bit: 1, Err: wire.ErrInvalid}
	}
	m.Last, m.Sequence = t&0x10 != 0, Sequence(t&15)
	if m.Sequence >= maxBlocks && m.Sequence != Schedule && m.Sequence != Null {
		return &wire.DecodeError{Path: "Sequence Number", Bit: 4, Err: wire.ErrUnsupported}
	}
	m.Info = r.Octets("Information", blockLen)
	return r.Err()
}

// Scope is the geographical scope of a text (TS 23.041 §9.4.1.2.1): where another text
// with the same message code is another message.
type Scope uint8

// String names the scope; "immediate" texts are shown at once.
func (s Scope) String() string {
	return [...]string{"Cell wide, immediate", "PLMN wide", "Location Area wide", "Cell wide"}[s&3]
}

// Page is a page of a text that a cell broadcasts (TS 23.041 §9.4.1.2).
type Page struct {
	// Scope, MessageCode, 0 to 1023, and UpdateNumber, 0 to 15, are the serial number
	// (§9.4.1.2.1). The upper two bits of a MessageCode of ETWS make the phone alert its
	// user and show the message at once.
	Scope        Scope
	MessageCode  uint16
	UpdateNumber uint8
	// MessageIdentifier says what the text is about.
	MessageIdentifier MessageIdentifier
	// Coding is the data coding scheme.
	Coding coding.Scheme
	// Page is the number of this page, from 1, and Pages of how many, to 15. Zero is kept;
	// a phone takes it for one page of one.
	Page, Pages uint8
	// Text is the text of the page. It is empty if the page holds none, or a compressed one.
	Text ident.Text
	// Language is the language of the text as Coding or the text itself tell it, or "".
	Language string
	// Content is the content of the message; it aliases the input.
	Content []byte
}

// Name returns "SMSCB Message".
func (*Page) Name() string { return "SMSCB Message" }

// Emergency reports whether the text is a public warning, or the test of one: phones
// show these at once, most of them also where the user did not ask for cell broadcast.
func (m *Page) Emergency() bool { return m.MessageIdentifier.Emergency() }

// Decode fills m from b, a message of up to four blocks.
func (m *Page) Decode(b []byte) error {
	*m = Page{}
	r := wire.NewReader(b)
	serial := r.U16("Serial Number")
	m.Scope, m.MessageCode, m.UpdateNumber = Scope(serial>>14), serial>>4&0x3ff, uint8(serial&15)
	m.MessageIdentifier = MessageIdentifier(r.U16("Message Identifier"))
	m.Coding = coding.Scheme(r.U8("Data Coding Scheme"))
	page := r.U8("Page Parameter")
	m.Page, m.Pages = page>>4, page&15
	m.Content = r.Rest()
	m.Text, m.Language = m.Coding.Text(m.Content)
	return r.Err()
}

// ScheduleMessage says which messages come next (TS 44.012 §3.5).
type ScheduleMessage struct {
	// Type is 0; other types are reserved, and what they hold with them.
	Type uint8
	// BeginSlot and EndSlot are the numbers of the first and last message slot described:
	// 1 to 48.
	BeginSlot, EndSlot uint8
	// Content is what follows; it aliases the input.
	Content []byte
}

// Name returns "SMSCB Schedule Message".
func (*ScheduleMessage) Name() string { return "SMSCB Schedule Message" }

// Decode fills m from b, a message of up to four blocks.
func (m *ScheduleMessage) Decode(b []byte) error {
	*m = ScheduleMessage{}
	r := wire.NewReader(b)
	begin := r.U8("Begin Slot Number")
	m.Type, m.BeginSlot = begin>>6, begin&0x3f
	m.EndSlot = r.U8("End Slot Number") & 0x3f
	m.Content = r.Rest()
	return r.Err()
}

// Decoder decodes messages into storage that it reuses: a message it returns is valid
// until the next Decode. The zero value is ready; it is not for concurrent use.
type Decoder struct {
	page     Page
	schedule ScheduleMessage
}

// Decode decodes the message in b, which is a schedule message if schedule is set. The
// message is never nil: one that fails comes back as far as it was proved, with the
// error.
func (d *Decoder) Decode(b []byte, schedule bool) (wire.Message, error) {
	if schedule {
		return &d.schedule, d.schedule.Decode(b)
	}
	return &d.page, d.page.Decode(b)
}
