package rrc

import "github.com/fbsdetect/fbsdetect/gsmtap/uper"

// SIB10 is SystemInformationBlockType10: the ETWS primary notification (TS 36.331
// §6.3.1).
type SIB10 struct {
	// MessageIdentifier and SerialNumber are as in TS 23.041 §9.4.1.2.
	MessageIdentifier, SerialNumber uint16
	// WarningType are the two octets of TS 23.041 §9.3.24: type (7 bits), emergency user
	// alert, popup.
	WarningType uint16
}

// Read sets s from a SystemInformationBlockType10.
func (s *SIB10) Read(v uper.Value) {
	*s = SIB10{
		MessageIdentifier: bits[uint16](v.Field("messageIdentifier")),
		SerialNumber:      bits[uint16](v.Field("serialNumber")),
	}
	if t := v.Field("warningType").Octets(); len(t) == 2 {
		s.WarningType = uint16(t[0])<<8 | uint16(t[1])
	}
}

// WarningSegment is SystemInformationBlockType11 (ETWS secondary notification) or
// SystemInformationBlockType12 (CMAS): one segment of a text (TS 36.331 §6.3.1).
type WarningSegment struct {
	// MessageIdentifier and SerialNumber are as in TS 23.041 §9.4.1.2.
	MessageIdentifier, SerialNumber uint16
	// Segment is warningMessageSegmentNumber, 0 to 63; Last marks the last one.
	Segment uint8
	Last    bool
	// DataCodingScheme is in the first segment only (TS 23.038).
	DataCodingScheme Optional[uint8]
	// Text is the segment of the message: pages as TS 23.041 §9.4.2.2.5 packs them.
	Text []byte
	// Area are the octets of warningAreaCoordinatesSegment-r15.
	Area []byte
}

// Read sets s from a SystemInformationBlockType11 or SystemInformationBlockType12.
func (s *WarningSegment) Read(v uper.Value) {
	*s = WarningSegment{}
	for c := v.First(); c.Present(); c = c.Next() {
		switch base(c.Name()) {
		case "messageIdentifier":
			s.MessageIdentifier = bits[uint16](c)
		case "serialNumber":
			s.SerialNumber = bits[uint16](c)
		case "warningMessageSegmentType":
			s.Last = c.Int() == 1
		case "warningMessageSegmentNumber":
			s.Segment = integer[uint8](c)
		case "warningMessageSegment":
			s.Text = c.Octets()
		case "dataCodingScheme":
			if o := c.Octets(); len(o) == 1 {
				s.DataCodingScheme = Optional[uint8]{o[0], true}
			}
		case "warningAreaCoordinatesSegment":
			s.Area = c.Octets()
		}
	}
}
