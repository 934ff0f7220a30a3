package rrc

import (
	"strconv"

	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// EEA is an EPS encryption algorithm as cipheringAlgorithm codes it: 0 to 3, 4 to 7
// are spare (TS 36.331 §6.3.3, SecurityAlgorithmConfig). Those of later releases count on
// from 8; all from 255 on are 255.
type EEA uint8

// String writes "EEA0".
func (a EEA) String() string { return algorithmName(eeaNames, "EEA", uint8(a)) }

// EIA is an EPS integrity algorithm as integrityProtAlgorithm codes it, in the same
// way.
type EIA uint8

// String writes "EIA2".
func (a EIA) String() string { return algorithmName(eiaNames, "EIA", uint8(a)) }

var (
	eeaNames = [...]string{"EEA0", "EEA1", "EEA2", "EEA3"}
	eiaNames = [...]string{"EIA0", "EIA1", "EIA2", "EIA3"}
)

func algorithmName(names [4]string, prefix string, n uint8) string {
	if int(n) < len(names) {
		return names[n]
	}
	return prefix + strconv.Itoa(int(n))
}

// Algorithms is SecurityAlgorithmConfig (TS 36.331 §6.3.3).
type Algorithms struct {
	// Present says that the message names both algorithms; otherwise they are zero, which
	// must not be taken for EEA0 and EIA0.
	Present   bool
	Ciphering EEA
	Integrity EIA
}

func algorithms(v uper.Value) Algorithms {
	c, i := v.Field("cipheringAlgorithm"), v.Field("integrityProtAlgorithm")
	if !c.Present() || !i.Present() {
		return Algorithms{}
	}
	return Algorithms{true, EEA(algorithm(c)), EIA(algorithm(i))}
}

// algorithm returns the place of an ENUMERATED value, which a later release may have
// put beyond the width of the type: it must not come out as 0.
func algorithm(v uper.Value) uint8 { return uint8(min(v.Int(), 255)) }

// SecurityModeCommand starts the security of the connection (TS 36.331 §6.2.2).
type SecurityModeCommand struct {
	Envelope
	Algorithms
}

// Read sets m from a SecurityModeCommand.
func (m *SecurityModeCommand) Read(v uper.Value) {
	*m = SecurityModeCommand{}
	e := m.read(v)
	m.Algorithms = algorithms(e.Field("securityConfigSMC").Field("securityAlgorithmConfig"))
	for e.Present() {
		e, m.Later = next(e)
	}
}

// SecurityModeComplete answers a SecurityModeCommand (TS 36.331 §6.2.2).
type SecurityModeComplete struct {
	Envelope
}

// Read sets m from a SecurityModeComplete.
func (m *SecurityModeComplete) Read(v uper.Value) {
	for e := m.read(v); e.Present(); {
		e, m.Later = next(e)
	}
}

// SecurityModeFailure refuses a SecurityModeCommand (TS 36.331 §6.2.2).
type SecurityModeFailure struct {
	Envelope
}

// Read sets m from a SecurityModeFailure.
func (m *SecurityModeFailure) Read(v uper.Value) {
	for e := m.read(v); e.Present(); {
		e, m.Later = next(e)
	}
}

// HandoverType is the alternative of SecurityConfigHO (TS 36.331 §6.3.3).
type HandoverType uint8

// Types of handover.
const (
	NoHandover HandoverType = iota
	IntraLTE
	InterRAT
	Intra5GC
	FiveGCToEPC
	EPCTo5GC
)

// String names the type as the specification does; empty for NoHandover.
func (t HandoverType) String() string {
	switch t {
	case IntraLTE:
		return "intraLTE"
	case InterRAT:
		return "interRAT"
	case Intra5GC:
		return "intra5GC"
	case FiveGCToEPC:
		return "fivegc-ToEPC"
	case EPCTo5GC:
		return "epc-To5GC"
	}
	return ""
}

// SecurityHandover is SecurityConfigHO or SecurityConfigHO-v1530 (TS 36.331 §6.3.3).
type SecurityHandover struct {
	// Type is NoHandover if the message has neither.
	Type HandoverType
	// Algorithms are not Present if they stay as they are.
	Algorithms
	// KeyChange is keyChangeIndicator.
	KeyChange bool
	// NextHopChainingCount is 0 to 7.
	NextHopChainingCount Optional[uint8]
}

func (s *SecurityHandover) read(v uper.Value) {
	h := v.Field("handoverType")
	if !h.Present() {
		h = v.Field("handoverType-v1530")
	}
	h = h.Chosen()
	switch base(h.Name()) {
	case "intraLTE":
		s.Type = IntraLTE
	case "interRAT":
		s.Type = InterRAT
	case "intra5GC":
		s.Type = Intra5GC
	case "fivegc-ToEPC":
		s.Type = FiveGCToEPC
	case "epc-To5GC":
		s.Type = EPCTo5GC
	}
	for c := h.First(); c.Present(); c = c.Next() {
		switch base(c.Name()) {
		case "securityAlgorithmConfig":
			s.Algorithms = algorithms(c)
		case "keyChangeIndicator":
			s.KeyChange = c.Bool()
		case "nextHopChainingCount":
			s.NextHopChainingCount = optional[uint8](c)
		}
	}
}
