package rr

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/arfcn"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Element identifiers in System Information Type 4.
const (
	ieiCBCHChannelDescription = 0x64
	ieiCBCHMobileAllocation   = 0x72
)

// SystemInformation4 is System Information Type 4 (TS 44.018 §9.1.36).
//
// Where its rest octets start is told by the L2 pseudo length, which is not part of
// the message. The octet 0x64 after the RACH Control Parameters is taken for the
// identifier of the CBCH Channel Description; as rest octets it would be a power
// offset of 4 dB without selection parameters.
type SystemInformation4 struct {
	// LAI is the Location Area Identification. Where its digits are not digits, the
	// LAC alone is set.
	LAI ident.LAI
	// CellSelection is the Cell Selection Parameters.
	CellSelection CellSelectionParameters
	// RACH is the RACH Control Parameters.
	RACH RACHControlParameters
	// CBCH is the CBCH Channel Description.
	CBCH CBCHChannel
	// CBCHAllocation is the CBCH Mobile Allocation.
	CBCHAllocation CBCHAllocation
	// Rest is the SI 4 Rest Octets.
	Rest SI4RestOctets
}

// Name returns "System Information Type 4".
func (*SystemInformation4) Name() string { return "System Information Type 4" }

// Decode fills s from b, which starts at the protocol discriminator.
func (s *SystemInformation4) Decode(b []byte) error {
	*s = SystemInformation4{}
	if err := header(b, typeSI4); err != nil {
		return err
	}
	r := wire.NewReader(b)
	r.Octets("Message Type", 2)
	err := readLAI(&r, &s.LAI)
	s.CellSelection.read(&r)
	s.RACH.read(&r)
	if iei, _ := r.Peek(); iei == ieiCBCHChannelDescription {
		r.U8("CBCH Channel Description")
		s.CBCH.read(&r)
		if iei, _ := r.Peek(); iei == ieiCBCHMobileAllocation {
			r.U8("CBCH Mobile Allocation")
			start := r.Offset()
			v := r.LV("CBCH Mobile Allocation")
			if len(v) > len(s.CBCHAllocation.Octets) {
				r.Fail("CBCH Mobile Allocation", start, wire.ErrLength)
			}
			if r.OK() {
				s.CBCHAllocation.Present = true
				s.CBCHAllocation.Length = uint8(copy(s.CBCHAllocation.Octets[:], v))
			}
		}
	}
	if !r.OK() {
		return first(err, r.Err())
	}
	return first(err, s.Rest.decode("SI 4 Rest Octets", b, r.Offset()))
}

// CBCHChannel is the CBCH Channel Description, the channel of the cell broadcast
// (TS 44.018 §10.5.2.5).
type CBCHChannel struct {
	// Present: the message has the element.
	Present bool
	// ChannelType is the code of the channel type and TDMA offset, 0 to 31: 4 to 7
	// = SDCCH/4 (subchannel 2 is the CBCH), 8 to 15 = SDCCH/8.
	ChannelType uint8
	// TN is the timeslot, 0 to 7.
	TN uint8
	// TSC is the training sequence code, 0 to 7.
	TSC uint8
	// Hopping: the channel hops; MAIO and HSN count, else ARFCN.
	Hopping bool
	// MAIO is the mobile allocation index offset, 0 to 63.
	MAIO uint8
	// HSN is the hopping sequence number, 0 to 63.
	HSN uint8
	// ARFCN is the frequency, 0 to 1023.
	ARFCN uint16
}

func (c *CBCHChannel) read(r *wire.Reader) {
	b := r.Octets("CBCH Channel Description", 3)
	if b == nil {
		return
	}
	*c = CBCHChannel{
		Present:     true,
		ChannelType: b[0] >> 3,
		TN:          b[0] & 7,
		TSC:         b[1] >> 5,
		Hopping:     b[1]&0x10 != 0,
	}
	if c.Hopping {
		c.MAIO = b[1]&15<<2 | b[2]>>6
		c.HSN = b[2] & 63
	} else {
		c.ARFCN = uint16(b[1]&3)<<8 | uint16(b[2])
	}
}

// CBCHAllocation is the CBCH Mobile Allocation (TS 44.018 §10.5.2.21): which of the cell's
// frequencies a hopping channel uses.
//
// It names them by their place in the Cell Channel Description of System
// Information Type 1; see ARFCNs.
type CBCHAllocation struct {
	// Present: the message has the element.
	Present bool
	// Length is the number of octets in Octets, 0 to 8.
	Length uint8
	// Octets holds the bits MA C N to MA C 1.
	Octets [8]byte
}

// ARFCNs returns the frequencies of cell that the allocation names. The bits count
// from the end, in rising order of the ARFCN, with ARFCN 0 as the last.
func (m CBCHAllocation) ARFCNs(cell arfcn.Set) arfcn.Set {
	var s arfcn.Set
	k := 0 // bit number - 1
	use := func(n int) {
		if i := int(m.Length) - 1 - k/8; i >= 0 && i < len(m.Octets) && m.Octets[i]>>(k%8)&1 == 1 {
			s.Add(n)
		}
		k++
	}
	for n := 1; n <= arfcn.Max; n++ {
		if cell.Has(n) {
			use(n)
		}
	}
	if cell.Has(0) {
		use(0)
	}
	return s
}
