package rr

import "github.com/fbsdetect/fbsdetect/gsmtap/wire"

// Classmark1 is the Mobile Station Classmark 1 (TS 24.008 §10.5.1.5).
type Classmark1 struct {
	// Revision is the revision level: 0 = phase 1, 1 = phase 2, 2 = release 99 or
	// later, 3 reserved.
	Revision uint8
	// EarlySending is ES IND: the phone sends its classmark early where the cell asks
	// for it.
	EarlySending bool
	// A51: the phone can cipher with A5/1. The bit on the air is inverted.
	A51 bool
	// RFPower is the RF power capability, 0 to 7: power class 1 to 5, and 7 where it
	// does not apply.
	RFPower uint8
}

func classmark1(v uint8) Classmark1 {
	return Classmark1{Revision: v >> 5 & 3, EarlySending: v&0x10 != 0, A51: v&8 == 0, RFPower: v & 7}
}

// Classmark2 is the Mobile Station Classmark 2 (TS 24.008 §10.5.1.6).
type Classmark2 struct {
	// Classmark1 is the first octet, which has the layout of Classmark 1.
	Classmark1
	// PS: the phone is capable of pseudo-synchronisation.
	PS bool
	// SSScreening is the SS screening indicator, 0 to 3.
	SSScreening uint8
	// SM: the phone takes mobile terminated short messages.
	SM bool
	// VBS: the phone wants notifications of voice broadcast calls.
	VBS bool
	// VGCS: the phone wants notifications of voice group calls.
	VGCS bool
	// FC: the phone works in the E-GSM or R-GSM band.
	FC bool
	// CM3: the phone has a Classmark 3 to tell.
	CM3 bool
	// LCSVA: the phone supports LCS value added location requests.
	LCSVA bool
	// UCS2: the phone has no preference between UCS2 and the default alphabet, else
	// it prefers the default alphabet.
	UCS2 bool
	// SoLSA: the phone supports localised service areas.
	SoLSA bool
	// CMSP: the phone supports the CM service prompt.
	CMSP bool
	// A53: the phone can cipher with A5/3.
	A53 bool
	// A52: the phone can cipher with A5/2.
	A52 bool
}

// DecodeClassmark2 decodes the value part of the Mobile Station Classmark 2, three
// octets. Octets after them are ignored; on an error the whole octets are kept.
func DecodeClassmark2(b []byte) (Classmark2, error) {
	var c Classmark2
	if len(b) > 0 {
		c.Classmark1 = classmark1(b[0])
	}
	if len(b) > 1 {
		c.PS, c.SSScreening, c.SM = b[1]&0x40 != 0, b[1]>>4&3, b[1]&8 != 0
		c.VBS, c.VGCS, c.FC = b[1]&4 != 0, b[1]&2 != 0, b[1]&1 != 0
	}
	if len(b) < 3 {
		return c, &wire.DecodeError{Path: "Mobile Station Classmark 2", Offset: len(b), Err: wire.ErrShort}
	}
	c.CM3, c.LCSVA, c.UCS2 = b[2]&0x80 != 0, b[2]&0x20 != 0, b[2]&0x10 != 0
	c.SoLSA, c.CMSP, c.A53, c.A52 = b[2]&8 != 0, b[2]&4 != 0, b[2]&2 != 0, b[2]&1 != 0
	return c, nil
}

// classmark2LV reads a length and a Mobile Station Classmark 2.
func classmark2LV(r *wire.Reader) Classmark2 {
	off := r.Offset() + 1
	v := r.LV("Mobile Station Classmark 2")
	if !r.OK() {
		return Classmark2{}
	}
	c, err := DecodeClassmark2(v)
	failWithin(r, off, err)
	return c
}

// ClassmarkChange tells the network what the phone can do (TS 44.018 §9.1.11).
type ClassmarkChange struct {
	// Classmark is the Mobile Station Classmark 2.
	Classmark Classmark2
	// Classmark3Present: Classmark3 is present.
	Classmark3Present bool
	// Classmark3 is the value of the Mobile Station Classmark 3 (TS 24.008 §10.5.1.7),
	// not decoded; it aliases the input.
	Classmark3 []byte
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// Name returns "Classmark Change".
func (*ClassmarkChange) Name() string { return "Classmark Change" }

func classmarkChangeElements(iei uint8) (string, int) {
	if iei == 0x20 {
		return "Mobile Station Classmark 3", tlv
	}
	return "", tlv
}

// Decode fills m from b, which starts at the protocol discriminator.
func (m *ClassmarkChange) Decode(b []byte) error {
	*m = ClassmarkChange{}
	r, err := begin(b, typeClassmarkChange)
	if err != nil {
		return err
	}
	m.Classmark = classmark2LV(&r)
	for {
		e, ok := nextElement(&r, classmarkChangeElements)
		if !ok {
			break
		}
		if e.iei == 0x20 && !m.Classmark3Present {
			m.Classmark3, m.Classmark3Present = e.value, true
		} else {
			m.Unknown.add(e)
		}
	}
	return r.Err()
}

// ClassmarkEnquiry asks the phone for its classmark (TS 44.018 §9.1.12).
type ClassmarkEnquiry struct {
	// MaskPresent: Mask is present. Without it the phone sends classmarks 2 and 3.
	MaskPresent bool
	// Mask is the Classmark Enquiry Mask (§10.5.2.7c): bit 8 is clear if a Classmark
	// Change is asked for, bits 7 to 5 tell which UTRAN classmark is.
	Mask uint8
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// Name returns "Classmark Enquiry".
func (*ClassmarkEnquiry) Name() string { return "Classmark Enquiry" }

func classmarkEnquiryElements(iei uint8) (string, int) {
	if iei == 0x10 {
		return "Classmark Enquiry Mask", tlv
	}
	return "", tlv
}

// Decode fills m from b, which starts at the protocol discriminator.
func (m *ClassmarkEnquiry) Decode(b []byte) error {
	*m = ClassmarkEnquiry{}
	r, err := begin(b, typeClassmarkEnquiry)
	if err != nil {
		return err
	}
	for {
		e, ok := nextElement(&r, classmarkEnquiryElements)
		if !ok {
			break
		}
		switch {
		case e.iei != 0x10 || m.MaskPresent:
			m.Unknown.add(e)
		case len(e.value) == 0:
			r.Fail(e.name, e.off-1, wire.ErrLength)
		default:
			m.Mask, m.MaskPresent = e.value[0], true
		}
	}
	return r.Err()
}
