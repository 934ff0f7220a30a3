package rrc

import "github.com/fbsdetect/fbsdetect/gsmtap/uper"

// Value returns what a report prints of the message: Body, or what was decoded of the
// whole if decoding failed before it.
func (m *Message) Value() uper.Value {
	if m.Body.Present() {
		return m.Body
	}
	return m.Tree
}

// Tolerated returns Rest.
func (m *Message) Tolerated() uper.Rest { return m.Rest }

// ParseRAT reads what RAT.String writes.
func ParseRAT(s string) (RAT, bool) {
	for r, name := range ratNames {
		if name == s {
			return RAT(r), true
		}
	}
	return 0, false
}
