package gmm

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Accepted is the optional part that Attach Accept and Routing Area Update Accept have
// in common (TS 24.008 §9.4.2, §9.4.15).
type Accepted struct {
	// PTMSI is the Allocated P-TMSI to use from now on, or none.
	PTMSI ident.MobileIdentity
	// Identity is the MS identity for the circuit switched domain: a TMSI to use from now
	// on, or an IMSI, which deletes the TMSI; none if the element is absent.
	Identity ident.MobileIdentity
	// HasT3314: T3314 is present.
	HasT3314 bool
	// T3314 is the READY timer (§10.5.7.3).
	T3314 mm.MMTimer
	// HasCause: Cause is present.
	HasCause bool
	// Cause says why only a part of what was asked for is accepted (§10.5.5.14).
	Cause Cause
	// HasT3302: T3302 is present.
	HasT3302 bool
	// T3302 is how long the phone waits after five failed attempts (§10.5.7.4).
	T3302 mm.MMTimer
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

func (m *Accepted) optional(r *wire.Reader) {
	for r.Len() > 0 {
		iei := r.U8("IEI")
		switch {
		case iei == iePTMSI && !m.PTMSI.Present():
			m.PTMSI = mm.ReadMobileIdentity(r)
		case iei == ieIdentity && !m.Identity.Present():
			m.Identity = mm.ReadMobileIdentity(r)
		case iei == ieReadyTimer && !m.HasT3314:
			m.T3314, m.HasT3314 = mm.MMTimer(r.U8("Negotiated READY timer value")), r.OK()
		case iei == ieCause && !m.HasCause:
			m.Cause, m.HasCause = Cause(r.U8("GMM cause")), r.OK()
		case iei == ieT3302 && !m.HasT3302:
			m.T3302 = mm.MMTimer(mm.ReadOctet(r, "T3302 value"))
			m.HasT3302 = r.OK()
		default:
			skip(&m.Skipped, r, iei)
		}
	}
}

// Rejected is what messages of rejection have in common (TS 24.008 §9.4.4, §9.4.17,
// §9.4.22).
type Rejected struct {
	// Cause says why, and what the phone must do (§10.5.5.14, §4.7.3.1.4, §4.7.5.1.4).
	Cause Cause
	// HasT3302: T3302 is present.
	HasT3302 bool
	// T3302 is how long the phone waits after five failed attempts (§10.5.7.4).
	T3302 mm.MMTimer
	// HasT3346: T3346 is present.
	HasT3346 bool
	// T3346 is how long a congested network keeps the phone off (§10.5.7.4).
	T3346 mm.MMTimer
	// Skipped are the elements not decoded.
	Skipped mm.Skipped
}

func (m *Rejected) optional(r *wire.Reader) {
	for r.Len() > 0 {
		iei := r.U8("IEI")
		switch {
		case iei == ieT3302 && !m.HasT3302:
			m.T3302 = mm.MMTimer(mm.ReadOctet(r, "T3302 value"))
			m.HasT3302 = r.OK()
		case iei == ieT3346 && !m.HasT3346:
			m.T3346 = mm.MMTimer(mm.ReadOctet(r, "T3346 value"))
			m.HasT3346 = r.OK()
		default:
			m.Skipped.Skip(r, iei)
		}
	}
}

// skip passes over an optional element that is not decoded, also over the second of
// those that have a fixed length.
func skip(s *mm.Skipped, r *wire.Reader, iei uint8) {
	switch iei {
	case ieReadyTimer, ieCause:
		s.SkipFixed(r, iei, 1)
	case ieDRX:
		s.SkipFixed(r, iei, 2)
	case iePTMSISignature:
		s.SkipFixed(r, iei, 3)
	default:
		s.Skip(r, iei)
	}
}
