package event

import "github.com/fbsdetect/fbsdetect/gsmtap/ident"

// Message is one short message on its way, as far as its frames show it (TS
// 23.040). It holds personal data.
type Message struct {
	// Delivered: it goes to the phone; else the phone sends it. Report: it is a report on
	// another one and carries no text for a person.
	Delivered, Report bool
	// Sender is the name or number of who sent it (TP-OA), or to whom it goes from the
	// phone (TP-DA); Centre is the service centre that handed it over (RP-Originator
	// Address), not present if the frames do not name one. CentreSeen says that the
	// message that would name it was captured.
	Sender, Centre ident.Address
	CentreSeen     bool
	// Silent: the phone acknowledges it and shows nothing (TP-PID 0x40); Discard: it
	// only sets a waiting indication and is thrown away (TP-DCS 0xc0 to 0xcf); Flash: it
	// goes to the screen at once (class 0); ToSIM: it is for the SIM card or the phone's
	// software (TP-PID 0x7c to 0x7f).
	Silent, Discard, Flash, ToSIM bool
	// Port is the application port it is for, -1 for none; Octets is the length of its
	// user data.
	Port, Octets int
	// Sent is the time stamp of the service centre in nanoseconds since 1970, 0 if it has
	// none that is valid.
	Sent int64
	// Text is what it says: of a long message the whole once all parts were heard, else
	// this part. Part and Parts number it, 1 and 1 for a short one; Whole says that Text
	// is all of it.
	Text        ident.Text
	Part, Parts int
	Whole       bool
}

// Warning is a page of cell broadcast (TS 23.041).
type Warning struct {
	// ID is the message identifier, Serial the serial number.
	ID, Serial int
	// Emergency: the identifier is one of a public warning system.
	Emergency bool
	// Text is the page's text.
	Text ident.Text
}

// Kind implements Body.
func (*Warning) Kind() Kind { return KindWarning }

// Lure is what drove a phone from LTE to the 2G cell where a session began.
type Lure struct {
	// Ref is the frame of the release or refusal, Action which it was, Seconds how long
	// before the session it came.
	Ref     Ref
	Action  Action
	Seconds float64
	// From is the LTE cell, as far as known. Fallback: the phone or network had asked for
	// a call over 2G.
	From     CellID
	Fallback bool
}

// Elapsed returns the time from step a to step b in nanoseconds: by the frame number of
// the radio interface where both have one, because some tools write the time of
// decoding, else by the capture's clock. ok is false if neither tells.
func Elapsed(a, b *Step) (ns int64, ok bool) {
	if a.FN > 0 && b.FN > 0 && a.FN != b.FN {
		n := int64(b.FN) - int64(a.FN)
		if n < -hyperframe/2 { // the number begins again after three and a half hours
			n += hyperframe
		}
		return n * 120e6 / 26, true
	}
	if a.Time > 0 && b.Time > 0 {
		return b.Time - a.Time, true
	}
	return 0, false
}

// hyperframe is the number of TDMA frames after which their count begins again (TS
// 45.002 §4.3.3); 26 of them last 120 ms.
const hyperframe = 2715648
