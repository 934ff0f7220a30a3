package macframed

import "encoding/binary"

// AppendFrame appends a frame with the context and the MAC PDU to b, from behind the
// string "mac-lte", with the tags in the order of srsRAN; what is absent from ctx is
// left out. Frames that report scheduling requests are not made.
func AppendFrame(b []byte, ctx *Context, pdu []byte) []byte {
	direction := byte(1)
	if ctx.Uplink {
		direction = 0
	}
	b = append(b, byte(ctx.RadioType), direction, byte(ctx.RNTIType))
	if ctx.HasRNTI {
		b = binary.BigEndian.AppendUint16(append(b, tagRNTI), ctx.RNTI)
	}
	if ctx.UEID != 0 {
		b = binary.BigEndian.AppendUint16(append(b, tagUEID), ctx.UEID)
	}
	if ctx.HasSFN {
		b = binary.BigEndian.AppendUint16(append(b, tagSFN), ctx.SFN<<4|uint16(ctx.Subframe))
	}
	if ctx.Predefined {
		b = append(b, tagPredefined, 1)
	}
	if ctx.HasCRC {
		b = append(b, tagCRC, ctx.CRC)
	}
	if ctx.Preamble {
		b = append(b, tagPreamble, ctx.RAPID, ctx.Attempt)
	}
	if n := min(len(ctx.PHY), 255); n > 0 {
		b = append(append(b, tagPHY, byte(n)), ctx.PHY[:n]...)
	}
	for _, t := range [...]struct{ tag, value byte }{
		{tagRetx, ctx.Retx}, {tagCarrier, ctx.Carrier}, {tagCEMode, ctx.CEMode}, {tagNBMode, ctx.NBMode},
	} {
		if t.value != 0 {
			b = append(b, t.tag, t.value)
		}
	}
	return append(append(b, tagPayload), pdu...)
}

// Part is an SDU or control element of a MAC PDU.
type Part struct {
	// LCID is the logical channel identity of TS 36.321 §6.2.1, 0..31: 0 is CCCH, 1
	// and 2 are the SRBs, 28 is the contention resolution identity in the downlink, 27
	// the C-RNTI in the uplink, 31 padding.
	LCID   uint8
	Octets []byte
}

// AppendMAC appends a PDU of UL-SCH or DL-SCH to b (TS 36.321 §6.1.2). Control
// elements must have the size their LCID demands. Padding before the last part is a
// subheader only. Parts are at most 32767 octets long.
func AppendMAC(b []byte, uplink bool, parts ...Part) []byte {
	ch := dlSCH
	if uplink {
		ch = ulSCH
	}
	for i, p := range parts {
		if i == len(parts)-1 {
			b = append(b, p.LCID&0x1f)
			break
		}
		b = append(b, p.LCID&0x1f|0x20)
		switch n := len(p.Octets); {
		case p.LCID == lcidPadding || ch.size[p.LCID&0x1f] != variable:
		case n < 0x80:
			b = append(b, byte(n))
		default:
			b = binary.BigEndian.AppendUint16(b, 0x8000|uint16(n))
		}
	}
	for i, p := range parts {
		if p.LCID != lcidPadding || i == len(parts)-1 {
			b = append(b, p.Octets...)
		}
	}
	return b
}

// AppendSRB appends a MAC PDU to b that carries the RRC PDU on SRB1 or SRB2: with
// PDCP if h is present, in one AMD PDU of number sn (0..1023).
func AppendSRB(b []byte, srb uint8, sn uint16, h PDCPHeader, rrc []byte) []byte {
	b = append(b, srb&0x1f, 0x80|byte(sn>>8&3), byte(sn))
	if !h.Present {
		return append(b, rrc...)
	}
	b = append(b, h.Reserved<<5|h.SN&0x1f)
	b = append(b, rrc...)
	return binary.BigEndian.AppendUint32(b, h.MACI)
}

// AppendRAR appends a MAC PDU of random access responses to b (TS 36.321 §6.1.5),
// with the backoff indicator of the first, if it has one.
func AppendRAR(b []byte, responses ...RandomAccessResponse) []byte {
	if len(responses) == 0 {
		return b
	}
	if first := responses[0]; first.BackoffOnly {
		return append(b, first.Backoff&0x0f)
	} else if first.HasBackoff {
		b = append(b, 0x80|first.Backoff&0x0f)
	}
	for i, r := range responses {
		v := 0x40 | r.RAPID&0x3f
		if i < len(responses)-1 {
			v |= 0x80
		}
		b = append(b, v)
	}
	for _, r := range responses {
		b = binary.BigEndian.AppendUint32(b, uint32(r.TimingAdvance&0x7ff)<<20|r.Grant&0xfffff)
		b = binary.BigEndian.AppendUint16(b, r.RNTI)
	}
	return b
}
