package rr

// CellDescription names a cell (TS 44.018 §10.5.2.2).
type CellDescription struct {
	// BSIC is the base station identity code.
	BSIC BSIC
	// ARFCN is the BCCH ARFCN, 0 to 1023.
	ARFCN uint16
}

func cellDescription(b []byte) CellDescription {
	if len(b) < 2 {
		return CellDescription{}
	}
	return CellDescription{BSIC: BSIC(b[0] & 63), ARFCN: uint16(b[0]>>6)<<8 | uint16(b[1])}
}

// SynchronizationIndication is the Synchronization Indication (TS 44.018
// §10.5.2.39).
type SynchronizationIndication struct {
	// Present: the message has the element. Without it the handover is not
	// synchronised.
	Present bool
	// SI is the code of the kind of handover: 0 = not synchronised, 1 = synchronised,
	// 2 = pre-synchronised, 3 = pseudo-synchronised.
	SI uint8
	// ROT: the phone shall report the observed time difference.
	ROT bool
	// NCI: a timing advance out of range makes the handover fail, else it is used
	// anyway.
	NCI bool
}

// HandoverCommand sends a phone to a channel of another cell (TS 44.018 §9.1.15).
type HandoverCommand struct {
	// Cell is the Cell Description, the target.
	Cell CellDescription
	// Channel is the Description of the First Channel, after time, a Channel
	// Description 2.
	Channel ChannelDescription
	// HandoverReference is the Handover Reference, which the phone sends as its first
	// burst to the target.
	HandoverReference uint8
	// Power is the Power Command and Access type.
	Power PowerCommand
	// Synchronization is the Synchronization Indication.
	Synchronization SynchronizationIndication
	// ChannelChange holds the optional elements that an Assignment Command has, too.
	ChannelChange
	// Sequence is the Frequency Channel Sequence, after time (§10.5.2.12), 9 octets
	// not decoded, nil if absent; it aliases the input.
	Sequence []byte
	// RealTimeDifference is the Real Time Difference (§10.5.2.41), not decoded, nil if
	// absent; it aliases the input.
	RealTimeDifference []byte
	// TimingAdvancePresent: TimingAdvance is present.
	TimingAdvancePresent bool
	// TimingAdvance is the timing advance to start with.
	TimingAdvance TimingAdvance
	// DynamicARFCNMapping is the Dynamic ARFCN Mapping (§10.5.2.11b), not decoded, nil
	// if absent; it aliases the input.
	DynamicARFCNMapping []byte
	// DedicatedServicePresent: DedicatedService is present.
	DedicatedServicePresent bool
	// DedicatedService is the Dedicated Service Information (§10.5.2.59).
	DedicatedService uint8
	// PLMNIndexPresent: PLMNIndex is present.
	PLMNIndexPresent bool
	// PLMNIndex is the PLMN Index (§10.5.2.81), 4 bits: which of the networks that
	// share the target the phone belongs to.
	PLMNIndex uint8
}

// Name returns "Handover Command".
func (*HandoverCommand) Name() string { return "Handover Command" }

func handoverElements(iei uint8) (string, int) {
	switch iei {
	case 0x02:
		return "Frequency Short List, after time", 9
	case 0x12:
		return "Frequency Short List, before time", 9
	case 0x51:
		return "Dedicated Service Information", 1
	case 0x69:
		return "Frequency Channel Sequence, after time", 9
	case 0x76:
		return "Dynamic ARFCN Mapping", tlv
	case 0x7b:
		return "Real Time Difference", tlv
	case 0x7d:
		return "Timing Advance", 1
	case 0xa0:
		return "PLMN Index", 0
	case 0xd0:
		return "Synchronization Indication", 0
	}
	return changeElements(iei)
}

// Decode fills m from b, which starts at the protocol discriminator.
func (m *HandoverCommand) Decode(b []byte) error {
	*m = HandoverCommand{}
	r, err := begin(b, typeHandoverCommand)
	if err != nil {
		return err
	}
	m.Cell = cellDescription(r.Octets("Cell Description", 2))
	m.Channel = channelDescription(r.Octets("Description of the First Channel, after time", 3))
	m.HandoverReference = r.U8("Handover Reference")
	m.Power = powerCommand(r.U8("Power Command and Access type"))
	var bad error
	for {
		e, ok := nextElement(&r, handoverElements)
		if !ok {
			break
		}
		if !m.optional(&e, &bad) && !m.take(&e, &bad) {
			m.Unknown.add(e)
		}
	}
	return first(bad, r.Err())
}

// optional decodes e if it is one that only this message has and not a repetition.
func (m *HandoverCommand) optional(e *element, bad *error) bool {
	switch {
	case e.iei == 0x02 && !m.FrequenciesPresent:
		m.Frequencies, m.FrequenciesPresent = e.frequencies(bad)
	case e.iei == 0x12 && !m.FrequenciesBeforePresent:
		m.FrequenciesBefore, m.FrequenciesBeforePresent = e.frequencies(bad)
	case e.iei == 0x51 && !m.DedicatedServicePresent:
		m.DedicatedService, m.DedicatedServicePresent = e.value[0], true
	case e.iei == 0x69 && m.Sequence == nil:
		m.Sequence = e.value
	case e.iei == 0x76 && m.DynamicARFCNMapping == nil:
		m.DynamicARFCNMapping = e.value
	case e.iei == 0x7b && m.RealTimeDifference == nil:
		m.RealTimeDifference = e.value
	case e.iei == 0x7d && !m.TimingAdvancePresent:
		m.TimingAdvance, m.TimingAdvancePresent = TimingAdvance(e.value[0]), true
	case e.iei == 0xa0 && !m.PLMNIndexPresent:
		m.PLMNIndex, m.PLMNIndexPresent = e.half, true
	case e.iei == 0xd0 && !m.Synchronization.Present:
		m.Synchronization = SynchronizationIndication{
			Present: true, SI: e.half & 3, ROT: e.half&4 != 0, NCI: e.half&8 != 0,
		}
	default:
		return false
	}
	return true
}

// HandoverComplete says that the phone is in the target cell (TS 44.018 §9.1.16).
type HandoverComplete struct {
	// Cause is the RR cause.
	Cause Cause
	// TimeDifference is the Mobile Observed Time Difference (§10.5.2.21a), not
	// decoded, nil if absent; it aliases the input.
	TimeDifference []byte
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// Name returns "Handover Complete".
func (*HandoverComplete) Name() string { return "Handover Complete" }

func handoverCompleteElements(iei uint8) (string, int) {
	if iei == 0x77 {
		return "Mobile Observed Time Difference", tlv
	}
	return "", tlv
}

// Decode fills m from b, which starts at the protocol discriminator.
func (m *HandoverComplete) Decode(b []byte) error {
	*m = HandoverComplete{}
	r, err := begin(b, typeHandoverComplete)
	if err != nil {
		return err
	}
	m.Cause = Cause(r.U8("RR Cause"))
	for {
		e, ok := nextElement(&r, handoverCompleteElements)
		if !ok {
			break
		}
		if e.iei == 0x77 && m.TimeDifference == nil {
			m.TimeDifference = e.value
		} else {
			m.Unknown.add(e)
		}
	}
	return r.Err()
}

// HandoverFailure says that the phone is back in the old cell (TS 44.018 §9.1.17).
type HandoverFailure struct {
	// Cause is the RR cause.
	Cause Cause
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// Name returns "Handover Failure".
func (*HandoverFailure) Name() string { return "Handover Failure" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *HandoverFailure) Decode(b []byte) error {
	*m = HandoverFailure{}
	return decodeCause(b, typeHandoverFailure, &m.Cause, &m.Unknown)
}

// PhysicalInformation tells a phone that has arrived its timing advance (TS 44.018
// §9.1.28).
type PhysicalInformation struct {
	// TimingAdvance is the timing advance to use.
	TimingAdvance TimingAdvance
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// Name returns "Physical Information".
func (*PhysicalInformation) Name() string { return "Physical Information" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *PhysicalInformation) Decode(b []byte) error {
	*m = PhysicalInformation{}
	r, err := begin(b, typePhysicalInformation)
	if err != nil {
		return err
	}
	m.TimingAdvance = readTimingAdvance(&r)
	m.Unknown.skip(&r)
	return r.Err()
}
