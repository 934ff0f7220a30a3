// Package classmark holds what a phone tells the network about its abilities, in
// messages of mobility management and of radio resource management alike (TS 24.008
// §10.5.1.5 and §10.5.1.6).
package classmark

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

// DecodeClassmark1 reads the one octet of a Mobile Station Classmark 1, which is also
// the first of a Classmark 2.
func DecodeClassmark1(v uint8) Classmark1 {
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
		c.Classmark1 = DecodeClassmark1(b[0])
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
