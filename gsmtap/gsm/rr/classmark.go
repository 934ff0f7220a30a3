package rr

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/classmark"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// classmark2LV reads a length and a Mobile Station Classmark 2.
func classmark2LV(r *wire.Reader) classmark.Classmark2 {
	off := r.Offset() + 1
	v := r.LV("Mobile Station Classmark 2")
	if !r.OK() {
		return classmark.Classmark2{}
	}
	c, err := classmark.DecodeClassmark2(v)
	failWithin(r, off, err)
	return c
}

// ClassmarkChange tells the network what the phone can do (TS 44.018 §9.1.11).
type ClassmarkChange struct {
	// Classmark is the Mobile Station Classmark 2.
	Classmark classmark.Classmark2
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
