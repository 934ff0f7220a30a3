package rr

import "github.com/fbsdetect/fbsdetect/gsmtap/wire"

// ChannelRequest is the access burst with which a phone asks for a channel (TS
// 44.018 §9.1.8). It has no header.
type ChannelRequest struct {
	// RA is the random access information, establishment cause and random reference:
	// 8 bits, or 11 bits of an extended access burst (TS 44.060 §11.2.5).
	RA uint16
}

// Name returns the name of the message.
func (*ChannelRequest) Name() string { return "Channel Request" }

// Decode reads the burst's content; tools write 8 bits as one octet and 11 bits as
// two. Fill after it is not looked at.
func (m *ChannelRequest) Decode(b []byte) error {
	*m = ChannelRequest{}
	switch len(b) {
	case 0:
		return &wire.DecodeError{Path: "RA", Err: wire.ErrShort}
	case 2:
		m.RA = (uint16(b[0])<<8 | uint16(b[1])) & 0x7ff
	default:
		m.RA = uint16(b[0])
	}
	return nil
}
