package macframed

import "github.com/fbsdetect/fbsdetect/gsmtap/wire"

// Tags of mac-lte-framed. None has a length field: the tag implies it.
const (
	tagPayload      = 0x01 // the rest
	tagRNTI         = 0x02 // 2 octets
	tagUEID         = 0x03 // 2 octets
	tagSFN          = 0x04 // 2 octets: SFN in 12 bits, subframe in 4
	tagPredefined   = 0x05 // 1 octet
	tagRetx         = 0x06 // 1 octet
	tagCRC          = 0x07 // 1 octet
	tagExtBSR       = 0x08 // empty
	tagPreamble     = 0x09 // 2 octets: RAPID, number of the attempt
	tagCarrier      = 0x0a // 1 octet
	tagPHY          = 0x0b // 1 octet of length, then that many
	tagSimultPCell  = 0x0c // empty
	tagSimultPSCell = 0x0d // empty
	tagCEMode       = 0x0e // 1 octet
	tagNBMode       = 0x0f // 1 octet
	tagNULRB        = 0x10 // 1 octet
	tagSR           = 0x11 // 2 octets of count, then 4 for each: UEID, RNTI
	tagNRPHRType2   = 0x05 // 1 octet; this and the following in mac-nr-framed only
	tagNRHARQ       = 0x06 // 1 octet
	tagNRSlot       = 0x07 // 4 octets: SFN, slot
)

// RadioType is the duplex mode of a cell.
type RadioType uint8

// Duplex modes.
const (
	FDD RadioType = 1
	TDD RadioType = 2
)

// RNTIType says what kind of RNTI a PDU was sent to (TS 36.321 §7.1).
type RNTIType uint8

// Kinds of RNTI, in the numbers of mac-lte-framed. The first five are the same in
// mac-nr-framed, which has CSRNTI and MsgBRNTI as numbers 5 and 6.
const (
	NoRNTI    RNTIType = 0 // BCH
	PRNTI     RNTIType = 1 // paging
	RARNTI    RNTIType = 2 // random access response
	CRNTI     RNTIType = 3 // one phone
	SIRNTI    RNTIType = 4 // system information
	SPSRNTI   RNTIType = 5 // one phone, semi-persistent
	MRNTI     RNTIType = 6 // MBMS
	SLBCHRNTI RNTIType = 7 // sidelink
	SLRNTI    RNTIType = 8 // sidelink
	SCRNTI    RNTIType = 9 // single-cell multicast
	GRNTI     RNTIType = 10

	CSRNTI   RNTIType = 5
	MsgBRNTI RNTIType = 6
)

// RNTIs with a fixed value (TS 36.321 §7.1, TS 38.321 §7.1).
const (
	rntiM  = 0xfffd // LTE only
	rntiP  = 0xfffe
	rntiSI = 0xffff
)

// CRCOK is the CRC status of a PDU that was received without error. 0 is a failed
// CRC; others are failures of a reception simulator.
const CRCOK = 1

// Context is what mac-lte-framed says of a PDU. Optional values are 0 if absent.
type Context struct {
	RadioType RadioType
	// Uplink is set for what the phone sends.
	Uplink bool
	// RNTIType is as written by the tool, which can contradict RNTI; Type settles it.
	RNTIType RNTIType
	RNTI     uint16
	HasRNTI  bool
	// UEID is a number of the tool's choice; srsRAN leaves it 0.
	UEID uint16
	// SFN is the system frame number (0..1023), Subframe is 0..9.
	SFN      uint16
	Subframe uint8
	HasSFN   bool
	// CRC is the CRC status: CRCOK or a failure.
	CRC    uint8
	HasCRC bool
	// Carrier is the carrier's index, 0 for the primary one.
	Carrier uint8
	// CEMode is the coverage enhancement mode: 0 none, 1 A, 2 B (TS 36.331
	// ce-Mode).
	CEMode uint8
	// NBMode is not 0 for NB-IoT.
	NBMode uint8
	// Retx counts the HARQ retransmission.
	Retx uint8
	// Predefined is set for test data that is no MAC PDU.
	Predefined bool
	// Preamble is set for a frame that says that a phone sent the random access
	// preamble RAPID (0..63) for the Attempt-th time.
	Preamble       bool
	RAPID, Attempt uint8
	// SchedulingRequests counts the phones that a frame says sent one.
	SchedulingRequests int
	// PHY is what the tool tells of the physical layer; it aliases the input.
	PHY []byte
}

// Type returns the kind of RNTI of the PDU: the values that are fixed count for
// more than RNTIType, which tools get wrong.
func (c *Context) Type() RNTIType {
	if c.HasRNTI && c.RNTIType != NoRNTI {
		switch c.RNTI {
		case rntiSI:
			return SIRNTI
		case rntiP:
			return PRNTI
		case rntiM:
			return MRNTI
		}
	}
	return c.RNTIType
}

// Decode reads the context at the start of b, from the radio type on, and returns
// the MAC PDU, which aliases b. It is empty for frames that report a preamble or
// scheduling requests. Errors: wire.ErrShort, wire.ErrInvalid for an unknown radio
// type or direction, wire.ErrUnsupported for an unknown tag.
func (c *Context) Decode(b []byte) (pdu []byte, err error) {
	*c = Context{}
	r := wire.NewReader(b)
	c.RadioType, c.Uplink, c.RNTIType = fixed(&r)
	for r.OK() {
		off := r.Offset()
		if r.Len() == 0 && (c.Preamble || c.SchedulingRequests > 0) {
			return nil, nil
		}
		switch r.U8("tag") {
		case tagPayload:
			return r.Rest(), r.Err()
		case tagRNTI:
			c.RNTI, c.HasRNTI = r.U16("RNTI"), true
		case tagUEID:
			c.UEID = r.U16("UEID")
		case tagSFN:
			c.SFN, c.Subframe = frameNumber(&r)
			c.HasSFN = true
		case tagPredefined:
			c.Predefined = r.U8("predefined data") != 0
		case tagRetx:
			c.Retx = r.U8("retransmission")
		case tagCRC:
			c.CRC, c.HasCRC = r.U8("CRC status"), true
		case tagExtBSR, tagSimultPCell, tagSimultPSCell:
		case tagPreamble:
			c.Preamble = true
			c.RAPID, c.Attempt = r.U8("RAPID"), r.U8("RACH attempt")
		case tagCarrier:
			c.Carrier = r.U8("carrier")
		case tagPHY:
			c.PHY = r.LV("PHY")
		case tagCEMode:
			c.CEMode = r.U8("CE mode")
		case tagNBMode:
			c.NBMode = r.U8("NB mode")
		case tagNULRB:
			r.U8("UL resource blocks")
		case tagSR:
			n := int(r.U16("scheduling requests"))
			r.Octets("scheduling requests", 4*n)
			c.SchedulingRequests = n
		default:
			r.Fail("tag", off, wire.ErrUnsupported)
		}
	}
	return nil, r.Err()
}

// fixed reads the fields that every frame begins with.
func fixed(r *wire.Reader) (radio RadioType, uplink bool, rnti RNTIType) {
	radio = RadioType(r.U8("radio type"))
	if radio != FDD && radio != TDD {
		r.Fail("radio type", 0, wire.ErrInvalid)
	}
	direction := r.U8("direction")
	if direction > 1 {
		r.Fail("direction", 1, wire.ErrInvalid)
	}
	return radio, direction == 0, RNTIType(r.U8("RNTI type"))
}

// frameNumber reads SFN and subframe.
func frameNumber(r *wire.Reader) (sfn uint16, subframe uint8) {
	v := r.U16("SFN")
	return v >> 4, uint8(v & 0xf)
}

// NRContext is what mac-nr-framed says of a MAC PDU of NR. Optional values are 0 if
// absent.
type NRContext struct {
	RadioType RadioType
	// Uplink is set for what the phone sends.
	Uplink bool
	// RNTIType is as written by the tool, which can contradict RNTI; Type settles it.
	RNTIType RNTIType
	RNTI     uint16
	HasRNTI  bool
	UEID     uint16
	// SFN is the system frame number (0..1023). Slot is the slot in it, or the
	// subframe if the tool writes that.
	SFN    uint16
	Slot   uint16
	HasSFN bool
	// HARQ is the HARQ process.
	HARQ uint8
}

// Type returns the kind of RNTI of the PDU, see Context.Type.
func (c *NRContext) Type() RNTIType {
	if c.HasRNTI && c.RNTIType != NoRNTI {
		switch c.RNTI {
		case rntiSI:
			return SIRNTI
		case rntiP:
			return PRNTI
		}
	}
	return c.RNTIType
}

// DecodeNRContext reads the context at the start of b, from behind the string
// "mac-nr", and returns the MAC PDU, which aliases b. The errors are those of
// Context.Decode.
func DecodeNRContext(b []byte, c *NRContext) (pdu []byte, err error) {
	*c = NRContext{}
	r := wire.NewReader(b)
	c.RadioType, c.Uplink, c.RNTIType = fixed(&r)
	for r.OK() {
		off := r.Offset()
		switch r.U8("tag") {
		case tagPayload:
			return r.Rest(), r.Err()
		case tagRNTI:
			c.RNTI, c.HasRNTI = r.U16("RNTI"), true
		case tagUEID:
			c.UEID = r.U16("UEID")
		case tagSFN:
			sfn, subframe := frameNumber(&r)
			c.SFN, c.Slot, c.HasSFN = sfn, uint16(subframe), true
		case tagNRPHRType2:
			r.U8("PHR type 2 of other cell")
		case tagNRHARQ:
			c.HARQ = r.U8("HARQ process")
		case tagNRSlot:
			c.SFN, c.Slot, c.HasSFN = r.U16("SFN"), r.U16("slot"), true
		default:
			r.Fail("tag", off, wire.ErrUnsupported)
		}
	}
	return nil, r.Err()
}
