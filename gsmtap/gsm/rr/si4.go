package rr

import (
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
	// CBCHPresent: the cell broadcasts short messages, on the channel CBCH.
	CBCHPresent bool
	// CBCH is the CBCH Channel Description.
	CBCH ChannelDescription
	// CBCHAllocation is the CBCH Mobile Allocation, of a channel that hops.
	CBCHAllocation MobileAllocation
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
		if c := r.Octets("CBCH Channel Description", 3); c != nil {
			s.CBCHPresent, s.CBCH = true, channelDescription(c)
		}
		if iei, _ := r.Peek(); iei == ieiCBCHMobileAllocation {
			r.U8("CBCH Mobile Allocation")
			start := r.Offset()
			v := r.LV("CBCH Mobile Allocation")
			s.CBCHAllocation = mobileAllocation(&r, "CBCH Mobile Allocation", v, start)
		}
	}
	if !r.OK() {
		return first(err, r.Err())
	}
	return first(err, s.Rest.decode("SI 4 Rest Octets", b, r.Offset()))
}
