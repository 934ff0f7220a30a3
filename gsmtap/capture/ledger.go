package capture

// Outcome is what became of a frame: each is exactly one of them.
type Outcome uint8

const (
	// Decoded: the signalling in the frame is known.
	Decoded Outcome = iota
	// Ciphered: decoded as far as the cipher allows. It counts as decoded, too.
	Ciphered
	// Partial: the signalling is known in part.
	Partial
	// Malformed: the frame contradicts its specification.
	Malformed
	// Unsupported: the frame may carry signalling that is not decoded.
	Unsupported
	// Foreign: the frame carries no signalling of a mobile network.
	Foreign
)

// Ledger is the balance of a capture. Decoded, Partial, Malformed, Unsupported and
// Foreign add up to Frames; Ciphered is a part of Decoded; GSMTAP and Truncated
// overlap the others.
type Ledger struct {
	Frames      int `json:"frames"`
	GSMTAP      int `json:"gsmtap"`
	Decoded     int `json:"decoded"`
	Ciphered    int `json:"ciphered"`
	Partial     int `json:"partial"`
	Malformed   int `json:"malformed"`
	Unsupported int `json:"unsupported"`
	Foreign     int `json:"foreign"`
	// Truncated counts frames of which a part was not captured.
	Truncated int `json:"truncated"`
	// UnreadOctets counts the octets of the file in no frame because of damage.
	UnreadOctets int64 `json:"unread_octets"`
	// UnsupportedByReason splits Unsupported. It holds at most 64 reasons and then
	// "other".
	UnsupportedByReason map[string]int `json:"unsupported_by_reason"`
}

// otherReason stands for the reasons that a ledger has no room for.
const otherReason = "other"

// NewLedger returns an empty ledger. The zero value works too, but its JSON has null
// for an empty UnsupportedByReason.
func NewLedger() Ledger { return Ledger{UnsupportedByReason: map[string]int{}} }

// CountFrame counts a frame and what it was unwrapped to. Foreign, malformed and
// unsupported payloads have their outcome with that; for the others settled is
// false and the caller owes a Count.
func (l *Ledger) CountFrame(f Frame, p Payload) (settled bool) {
	l.Frames++
	if p.Truncated || f.Truncated() {
		l.Truncated++
	}
	switch p.Kind {
	case KindForeign:
		l.Count(Foreign, "")
	case KindMalformed:
		l.Count(Malformed, "")
	case KindUnsupported:
		l.Count(Unsupported, p.Reason)
	case KindGSMTAP:
		l.GSMTAP++
		return false
	default:
		return false
	}
	return true
}

// Count counts the outcome of a frame. The reason is that of Unsupported and not
// used otherwise; texts must come from a small set, not from the capture.
func (l *Ledger) Count(o Outcome, reason string) {
	switch o {
	case Decoded:
		l.Decoded++
	case Ciphered:
		l.Decoded++
		l.Ciphered++
	case Partial:
		l.Partial++
	case Malformed:
		l.Malformed++
	case Foreign:
		l.Foreign++
	default:
		l.Unsupported++
		if l.UnsupportedByReason == nil {
			l.UnsupportedByReason = map[string]int{}
		}
		if _, ok := l.UnsupportedByReason[reason]; !ok && len(l.UnsupportedByReason) >= maxReasons {
			reason = otherReason
		}
		l.UnsupportedByReason[reason]++
	}
}

// Close takes over what the reader could not read.
func (l *Ledger) Close(s Stats) { l.UnreadOctets = s.Unread }

// Sum returns the number of outcomes counted, which equals Frames once every frame
// has its outcome.
func (l *Ledger) Sum() int {
	return l.Decoded + l.Partial + l.Malformed + l.Unsupported + l.Foreign
}
