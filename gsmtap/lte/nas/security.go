package nas

import (
	"fmt"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// SecurityHeaderType says how a message is protected (TS 24.301 §9.3.1).
type SecurityHeaderType uint8

// Security header types. 6 to 11 are reserved; 13 to 15 count as 12.
const (
	PlainNAS                             SecurityHeaderType = 0
	IntegrityProtected                   SecurityHeaderType = 1
	IntegrityProtectedCiphered           SecurityHeaderType = 2
	IntegrityProtectedNewContext         SecurityHeaderType = 3
	IntegrityProtectedCipheredNewContext SecurityHeaderType = 4
	PartiallyCiphered                    SecurityHeaderType = 5
	ServiceRequestHeader                 SecurityHeaderType = 12
)

// String names the type as the specification does.
func (t SecurityHeaderType) String() string {
	switch t {
	case PlainNAS:
		return "Plain NAS message, not security protected"
	case IntegrityProtected:
		return "Integrity protected"
	case IntegrityProtectedCiphered:
		return "Integrity protected and ciphered"
	case IntegrityProtectedNewContext:
		return "Integrity protected with new EPS security context"
	case IntegrityProtectedCipheredNewContext:
		return "Integrity protected and ciphered with new EPS security context"
	case PartiallyCiphered:
		return "Integrity protected and partially ciphered NAS message"
	}
	if t.ServiceRequest() {
		return "Security header for the SERVICE REQUEST message"
	}
	return fmt.Sprintf("reserved (%d)", uint8(t))
}

// Ciphered reports whether the type announces that the whole content is ciphered.
// It may be readable all the same: with EEA0, and in the logs of tools that write
// the deciphered message under the header it came with.
//
// Such content is taken for plain if it starts with the EMM discriminator and a
// plain header, or the ESM discriminator, with a known message type, and all of it
// decodes as that message: no error, no element that the message does not have, no
// element twice or longer than specified, no octet left over, the direction if it is
// known, and for ESM an EPS bearer identity and a procedure transaction identity that
// go with the type, and a cause that is assigned. Ciphered octets, taken as random,
// pass with a probability of 1.1e-4 if they are two, 2.2e-4 if three (all values
// tried), 1.3e-4 if four, and below 1e-5 from five octets on (10 million tries for
// each length); with the direction known, with about half of that. A message that
// fails for another reason, as an element of a later release, counts as ciphered.
func (t SecurityHeaderType) Ciphered() bool {
	return t == IntegrityProtectedCiphered || t == IntegrityProtectedCipheredNewContext
}

// ServiceRequest reports whether the type is that of the SERVICE REQUEST message,
// which has a header of its own.
func (t SecurityHeaderType) ServiceRequest() bool { return t >= 12 && t <= 15 }

func (t SecurityHeaderType) reserved() bool { return t >= 6 && t <= 11 }

// SecurityHeader is what stands in front of a protected message (TS 24.301 §9.1).
type SecurityHeader struct {
	// Present is false for a plain message.
	Present bool
	// Type is the security header type, 0 to 15.
	Type SecurityHeaderType
	// MAC is the message authentication code (§9.5). A code of zero goes with EIA0, and
	// with tools that log a message before it is protected. Of a Service request, whose
	// code is short, it is that code.
	MAC uint32
	// Sequence is the sequence number (§9.6): the lower 8 bits of the NAS COUNT, 5 bits
	// in a Service request.
	Sequence uint8
}

// Protected reports whether the header announces integrity protection. Whether the
// code is right, only who has the key can tell.
func (h SecurityHeader) Protected() bool { return h.Present }

// Ciphered reports whether the header announces that the content is ciphered.
func (h SecurityHeader) Ciphered() bool { return h.Present && h.Type.Ciphered() }

// header reads the security header at the start of b, which is n octets long. A
// plain message has none.
func header(b []byte) (h SecurityHeader, n int, err error) {
	if len(b) == 0 || mm.Discriminator(b[0]&15) != mm.PDEPSMobility || b[0]>>4 == 0 {
		return h, 0, nil
	}
	h = SecurityHeader{Present: true, Type: SecurityHeaderType(b[0] >> 4)}
	r := wire.NewReader(b[1:])
	if h.Type.ServiceRequest() {
		h.Sequence = r.U8("KSI and sequence number") & 0x1f
		h.MAC = uint32(r.U16("Message authentication code (short)"))
		return h, 0, wire.Within(r.Err(), "", 1)
	}
	h.MAC = r.U32("Message authentication code")
	h.Sequence = r.U8("Sequence number")
	return h, 6, wire.Within(r.Err(), "", 1)
}

// startsPlain reports whether b starts like a plain message of a known type.
func startsPlain(b []byte) bool {
	switch {
	case len(b) < 2:
		return false
	case b[0] == uint8(mm.PDEPSMobility):
		return EMMType(b[1]).known()
	case mm.Discriminator(b[0]&15) == mm.PDEPSSession:
		return len(b) > 2 && ESMType(b[2]).known()
	}
	return false
}

// plausible reports whether b, which starts like a plain message and was just decoded
// as one without error, is one to the end: see SecurityHeaderType.Ciphered.
func (d *Decoder) plausible(b []byte, dir Direction) bool {
	if d.p.odd {
		return false
	}
	if b[0] != uint8(mm.PDEPSMobility) {
		return d.esm.plausible(dir)
	}
	way := EMMType(b[1]).direction()
	return way == Unknown || dir == Unknown || way == dir
}
