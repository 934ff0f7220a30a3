package rrc

import "github.com/fbsdetect/fbsdetect/gsmtap/uper"

// SIB is a system information block inside a SystemInformation message.
type SIB struct {
	// Number is the type of block, 2 to 32, SIB26a, or UnknownSIB for one of a later
	// release.
	Number uint8
	// Value is the block, for the view of its type.
	Value uper.Value
}

// SystemInformation is SystemInformation or SystemInformation-NB (TS 36.331 §6.2.2
// and §6.7.2).
type SystemInformation struct {
	Envelope
	// SIBs are the first Count of the array, in the order of the message.
	SIBs  [maxSIB]SIB
	Count uint8
	// Positioning is set if the message has positioning blocks instead
	// (posSystemInformation-r15).
	Positioning bool
}

// Read sets s from a SystemInformation message.
func (s *SystemInformation) Read(v uper.Value) {
	*s = SystemInformation{}
	e := s.read(v)
	if e.Name() == "posSystemInformation-r15" {
		s.Positioning = true
		return
	}
	for e.Present() {
		list := e.Field("sib-TypeAndInfo")
		if !list.Present() {
			list = e.Field("sib-TypeAndInfo-r13")
		}
		for b := list.First(); b.Present() && int(s.Count) < len(s.SIBs); b = b.Next() {
			c := b.Chosen()
			s.SIBs[s.Count] = SIB{sibNumber(c.Name()), c}
			s.Count++
		}
		e, s.Later = next(e)
	}
}
