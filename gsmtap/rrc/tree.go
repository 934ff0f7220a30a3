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

// Part is an Inner as a message: a structure that another message carries.
type Part struct{ Inner Inner }

// Name returns the name of its type: "UE-EUTRA-Capability".
func (p *Part) Name() string { return p.Inner.PDU }

// Value returns what it holds.
func (p *Part) Value() uper.Value { return p.Inner.Value }

// Tolerated returns nothing: what was passed over counts with the message around it.
func (p *Part) Tolerated() uper.Rest { return uper.Rest{} }
