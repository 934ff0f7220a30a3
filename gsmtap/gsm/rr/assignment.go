package rr

import "github.com/fbsdetect/fbsdetect/gsmtap/wire"

// RequestReference names the access burst that an assignment answers (TS 44.018
// §10.5.2.30).
type RequestReference struct {
	// RA is the random access information of the burst; of an 11-bit burst, 127 and
	// the rest is elsewhere.
	RA uint8
	// Time is the frame in which the burst was received.
	Time FrameTime
}

func readRequestReference(r *wire.Reader) RequestReference {
	b := r.Octets("Request Reference", 3)
	if b == nil {
		return RequestReference{}
	}
	return RequestReference{RA: b[0], Time: frameTime(b[1:])}
}

func readTimingAdvance(r *wire.Reader) TimingAdvance {
	return TimingAdvance(r.U8("Timing Advance"))
}

// startingTime is the identifier of the element Starting Time, which precedes rest
// octets and is found only by it.
const startingTime = 0x7c

// readStartingTime reads a Starting Time if it comes next.
func readStartingTime(r *wire.Reader) (t FrameTime, present bool) {
	if iei, ok := r.Peek(); !ok || iei != startingTime {
		return FrameTime{}, false
	}
	r.U8("IEI")
	b := r.Octets("Starting Time", 2)
	return frameTime(b), b != nil
}

// readMobileAllocation reads a length and a Mobile Allocation.
func readMobileAllocation(r *wire.Reader) MobileAllocation {
	off := r.Offset()
	v := r.LV("Mobile Allocation")
	return mobileAllocation(r, "Mobile Allocation", v, off)
}

// ImmediateAssignment gives a phone the channel that it asked for (TS 44.018
// §9.1.18).
type ImmediateAssignment struct {
	// PageMode is the page mode.
	PageMode PageMode
	// TBF is the bit T/D of Dedicated mode or TBF (§10.5.2.25b): the message assigns a
	// temporary block flow, and PacketChannel counts; else Channel.
	TBF bool
	// Downlink: the flow is for the phone that the rest octets name.
	Downlink bool
	// TMA is the bit TMA: the message is the first of two.
	TMA bool
	// Channel is the Channel Description, without TBF.
	Channel ChannelDescription
	// PacketChannel is the Packet Channel Description, with TBF. In the second of two
	// messages it says nothing, but nothing here tells that one.
	PacketChannel PacketChannelDescription
	// Reference is the Request Reference: who is meant.
	Reference RequestReference
	// TimingAdvance is the timing advance to use.
	TimingAdvance TimingAdvance
	// MobileAllocation is the Mobile Allocation, empty without hopping.
	MobileAllocation MobileAllocation
	// StartingTimePresent: StartingTime is present.
	StartingTimePresent bool
	// StartingTime is when to use the channel.
	StartingTime FrameTime
	// Rest is the IA Rest Octets (§10.5.2.16), not decoded; it aliases the input.
	Rest []byte
}

// Name returns "Immediate Assignment".
func (*ImmediateAssignment) Name() string { return "Immediate Assignment" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *ImmediateAssignment) Decode(b []byte) error {
	*m = ImmediateAssignment{}
	r, err := begin(b, typeImmediateAssignment)
	if err != nil {
		return err
	}
	v := r.U8("Page Mode")
	m.PageMode = PageMode(v & 3)
	m.TBF, m.Downlink, m.TMA = v&0x10 != 0, v&0x20 != 0, v&0x40 != 0
	if m.TBF {
		m.PacketChannel = packetChannelDescription(r.Octets("Packet Channel Description", 3))
	} else {
		m.Channel = channelDescription(r.Octets("Channel Description", 3))
	}
	m.Reference = readRequestReference(&r)
	m.TimingAdvance = readTimingAdvance(&r)
	m.MobileAllocation = readMobileAllocation(&r)
	m.StartingTime, m.StartingTimePresent = readStartingTime(&r)
	m.Rest = r.Rest()
	return r.Err()
}

// Assigned is one of the assignments in an Immediate Assignment Extended.
type Assigned struct {
	// Channel is the Channel Description.
	Channel ChannelDescription
	// Reference is the Request Reference: who is meant.
	Reference RequestReference
	// TimingAdvance is the timing advance to use.
	TimingAdvance TimingAdvance
}

// ImmediateAssignmentExtended gives two phones the channels that they asked for (TS
// 44.018 §9.1.19).
type ImmediateAssignmentExtended struct {
	// PageMode is the page mode.
	PageMode PageMode
	// FeatureIndicator is the Feature Indicator (§10.5.2.76), 4 bits: bit 1 is PS IR,
	// bit 2 CS IR.
	FeatureIndicator uint8
	// Assigned holds the two assignments.
	Assigned [2]Assigned
	// MobileAllocation is the Mobile Allocation, empty without hopping.
	MobileAllocation MobileAllocation
	// StartingTimePresent: StartingTime is present.
	StartingTimePresent bool
	// StartingTime is when to use the channels.
	StartingTime FrameTime
	// Rest is the IAX Rest Octets (§10.5.2.18), not decoded; it aliases the input.
	Rest []byte
}

// Name returns "Immediate Assignment Extended".
func (*ImmediateAssignmentExtended) Name() string { return "Immediate Assignment Extended" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *ImmediateAssignmentExtended) Decode(b []byte) error {
	*m = ImmediateAssignmentExtended{}
	r, err := begin(b, typeImmediateAssignmentExt)
	if err != nil {
		return err
	}
	v := r.U8("Page Mode")
	m.PageMode, m.FeatureIndicator = PageMode(v&3), v>>4
	for i := range m.Assigned {
		a := &m.Assigned[i]
		a.Channel = channelDescription(r.Octets("Channel Description", 3))
		a.Reference = readRequestReference(&r)
		a.TimingAdvance = readTimingAdvance(&r)
	}
	m.MobileAllocation = readMobileAllocation(&r)
	m.StartingTime, m.StartingTimePresent = readStartingTime(&r)
	m.Rest = r.Rest()
	return r.Err()
}

// Rejected is one of the rejections in an Immediate Assignment Reject.
type Rejected struct {
	// Reference is the Request Reference: who is meant.
	Reference RequestReference
	// WaitIndication is T3122, how long the phone must not ask again, 0 to 255 s.
	WaitIndication uint8
}

// maxRejected is how many phones an Immediate Assignment Reject holds.
const maxRejected = 4

// ImmediateAssignmentReject refuses up to four phones a channel (TS 44.018 §9.1.20).
type ImmediateAssignmentReject struct {
	// PageMode is the page mode.
	PageMode PageMode
	// FeatureIndicator is the Feature Indicator (§10.5.2.76), 4 bits: bit 1 is PS IR,
	// bit 2 CS IR.
	FeatureIndicator uint8
	// Count is the number of rejections, 4; less if the message ends early.
	Count int
	// Rejected holds the first Count rejections. Networks that refuse fewer phones
	// repeat one.
	Rejected [maxRejected]Rejected
	// Rest is the IAR Rest Octets (§10.5.2.17), not decoded; it aliases the input.
	Rest []byte
}

// Name returns "Immediate Assignment Reject".
func (*ImmediateAssignmentReject) Name() string { return "Immediate Assignment Reject" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *ImmediateAssignmentReject) Decode(b []byte) error {
	*m = ImmediateAssignmentReject{}
	r, err := begin(b, typeImmediateAssignmentRej)
	if err != nil {
		return err
	}
	v := r.U8("Page Mode")
	m.PageMode, m.FeatureIndicator = PageMode(v&3), v>>4
	for i := range m.Rejected {
		ref := readRequestReference(&r)
		wait := r.U8("Wait Indication")
		if !r.OK() {
			break
		}
		m.Rejected[i] = Rejected{ref, wait}
		m.Count++
	}
	m.Rest = r.Rest()
	return r.Err()
}

// maxChannelSets is how many channel sets a multislot configuration has (TS 44.018
// §10.5.2.21b).
const maxChannelSets = 8

// ChannelChange is what Assignment Command and Handover Command have in common: the
// frequencies and modes of the new channel. "Before time" are the elements that
// hold until the starting time.
type ChannelChange struct {
	// FrequenciesPresent: Frequencies is present.
	FrequenciesPresent bool
	// Frequencies is the Frequency List, after time, or in a Handover Command the
	// Frequency Short List, after time: the frequencies that the channel hops over.
	Frequencies FrequencyList
	// CellChannelsPresent: CellChannels is present.
	CellChannelsPresent bool
	// CellChannels is the Cell Channel Description: the frequencies that
	// MobileAllocation chooses from.
	CellChannels FrequencyList
	// MobileAllocation is the Mobile Allocation, after time.
	MobileAllocation MobileAllocation
	// ModesPresent has bit N set if Modes[N] is present.
	ModesPresent uint8
	// Modes holds the channel modes: Modes[0] is the Mode of the First Channel
	// (Channel Set 1), Modes[N] the Mode of Channel Set N+1.
	Modes [maxChannelSets]ChannelMode
	// Multislot is the Description of the Multislot Configuration (§10.5.2.21b), not
	// decoded, nil if absent; it aliases the input.
	Multislot []byte
	// SecondChannelPresent: SecondChannel is present.
	SecondChannelPresent bool
	// SecondChannel is the Description of the Second Channel, after time.
	SecondChannel ChannelDescription
	// SecondModePresent: SecondMode is present.
	SecondModePresent bool
	// SecondMode is the Mode of the Second Channel, a Channel Mode 2 (§10.5.2.7).
	SecondMode uint8
	// StartingTimePresent: StartingTime is present.
	StartingTimePresent bool
	// StartingTime is when to go to the channel, or from which frame on the elements
	// after time hold.
	StartingTime FrameTime
	// FrequenciesBeforePresent: FrequenciesBefore is present.
	FrequenciesBeforePresent bool
	// FrequenciesBefore is the Frequency List or Frequency Short List, before time.
	FrequenciesBefore FrequencyList
	// FirstBeforePresent: FirstBefore is present.
	FirstBeforePresent bool
	// FirstBefore is the Description of the First Channel, before time.
	FirstBefore ChannelDescription
	// SecondBeforePresent: SecondBefore is present.
	SecondBeforePresent bool
	// SecondBefore is the Description of the Second Channel, before time.
	SecondBefore ChannelDescription
	// SequenceBefore is the Frequency Channel Sequence, before time (§10.5.2.12), 9
	// octets not decoded, nil if absent; it aliases the input.
	SequenceBefore []byte
	// MobileAllocationBefore is the Mobile Allocation, before time.
	MobileAllocationBefore MobileAllocation
	// CipherPresent: Cipher is present. Without it ciphering stays as it is.
	CipherPresent bool
	// Cipher is the Cipher Mode Setting.
	Cipher CipherModeSetting
	// MultiRate is the MultiRate Configuration (§10.5.2.21aa), the codec modes of AMR,
	// not decoded, nil if absent; it aliases the input.
	MultiRate []byte
	// TSCSetPresent: TSCSet is present.
	TSCSetPresent bool
	// TSCSet is the Extended TSC Set, after time (§10.5.2.82).
	TSCSet uint8
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

const (
	lastModeIEI  = 0x18 // Mode of Channel Set 8
	firstModeIEI = 0x11 // Mode of Channel Set 2; 0x12 is something else
)

// changeElements is the table of the elements that both commands have.
func changeElements(iei uint8) (string, int) {
	switch iei {
	case 0x01:
		return "VGCS target mode Indication", tlv
	case 0x03:
		return "MultiRate Configuration", tlv
	case 0x04:
		return "VGCS Ciphering Parameters", tlv
	case 0x05:
		return "Frequency List, after time", tlv
	case 0x10:
		return "Description of the Multislot Configuration", tlv
	case firstModeIEI, 0x13, 0x14, 0x15, 0x16, 0x17, lastModeIEI:
		return "Mode of Channel Set", 1
	case 0x19:
		return "Frequency List, before time", tlv
	case 0x1c:
		return "Description of the First Channel, before time", 3
	case 0x1d:
		return "Description of the Second Channel, before time", 3
	case 0x1e:
		return "Frequency Channel Sequence, before time", 9
	case 0x21:
		return "Mobile Allocation, before time", tlv
	case 0x62:
		return "Cell Channel Description", 16
	case 0x63:
		return "Mode of the First Channel", 1
	case 0x64:
		return "Description of the Second Channel, after time", 3
	case 0x66:
		return "Mode of the Second Channel", 1
	case 0x6d:
		return "Extended TSC Set, after time", 1
	case 0x6e:
		return "Extended TSC Set, before time", 1
	case 0x72:
		return "Mobile Allocation, after time", tlv
	case startingTime:
		return "Starting Time", 2
	case 0x90:
		return "Cipher Mode Setting", 0
	}
	return "", tlv
}

// modeIndex returns the place in Modes of a Mode of Channel Set, 2 to 8.
func modeIndex(iei uint8) int {
	if iei == firstModeIEI {
		return 1
	}
	return int(iei) - firstModeIEI
}

// take decodes e if it is one that both commands have and not a repetition. The
// first error in an element goes to bad.
func (c *ChannelChange) take(e *element, bad *error) bool {
	switch e.iei {
	case 0x03:
		if c.MultiRate != nil {
			return false
		}
		c.MultiRate = e.value
	case 0x05:
		if c.FrequenciesPresent {
			return false
		}
		c.Frequencies, c.FrequenciesPresent = e.frequencies(bad)
	case 0x10:
		if c.Multislot != nil {
			return false
		}
		c.Multislot = e.value
	case firstModeIEI, 0x13, 0x14, 0x15, 0x16, 0x17, lastModeIEI, 0x63:
		i := 0
		if e.iei != 0x63 {
			i = modeIndex(e.iei)
		}
		if c.ModesPresent>>i&1 == 1 {
			return false
		}
		c.Modes[i] = ChannelMode(e.value[0])
		c.ModesPresent |= 1 << i
	case 0x19:
		if c.FrequenciesBeforePresent {
			return false
		}
		c.FrequenciesBefore, c.FrequenciesBeforePresent = e.frequencies(bad)
	case 0x1c:
		if c.FirstBeforePresent {
			return false
		}
		c.FirstBefore, c.FirstBeforePresent = channelDescription(e.value), true
	case 0x1d:
		if c.SecondBeforePresent {
			return false
		}
		c.SecondBefore, c.SecondBeforePresent = channelDescription(e.value), true
	case 0x1e:
		if c.SequenceBefore != nil {
			return false
		}
		c.SequenceBefore = e.value
	case 0x21:
		if c.MobileAllocationBefore.Present {
			return false
		}
		m, err := decodeMobileAllocation(e.value)
		if e.ok(bad, err) {
			c.MobileAllocationBefore = m
		}
	case 0x62:
		if c.CellChannelsPresent {
			return false
		}
		c.CellChannels, c.CellChannelsPresent = e.cellChannels(bad)
	case 0x64:
		if c.SecondChannelPresent {
			return false
		}
		c.SecondChannel, c.SecondChannelPresent = channelDescription(e.value), true
	case 0x66:
		if c.SecondModePresent {
			return false
		}
		c.SecondMode, c.SecondModePresent = e.value[0], true
	case 0x6d:
		if c.TSCSetPresent {
			return false
		}
		c.TSCSet, c.TSCSetPresent = e.value[0], true
	case 0x72:
		if c.MobileAllocation.Present {
			return false
		}
		m, err := decodeMobileAllocation(e.value)
		if e.ok(bad, err) {
			c.MobileAllocation = m
		}
	case startingTime:
		if c.StartingTimePresent {
			return false
		}
		c.StartingTime, c.StartingTimePresent = frameTime(e.value), true
	case 0x90:
		if c.CipherPresent {
			return false
		}
		c.Cipher, c.CipherPresent = cipherModeSetting(e.half), true
	default:
		return false
	}
	return true
}

// AssignmentCommand sends a phone to another channel of the cell (TS 44.018 §9.1.2).
type AssignmentCommand struct {
	// Channel is the Description of the First Channel, after time, a Channel
	// Description 2.
	Channel ChannelDescription
	// Power is the Power Command; its ATC is spare here.
	Power PowerCommand
	// ChannelChange holds the optional elements.
	ChannelChange
}

// Name returns "Assignment Command".
func (*AssignmentCommand) Name() string { return "Assignment Command" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *AssignmentCommand) Decode(b []byte) error {
	*m = AssignmentCommand{}
	r, err := begin(b, typeAssignmentCommand)
	if err != nil {
		return err
	}
	m.Channel = channelDescription(r.Octets("Description of the First Channel, after time", 3))
	m.Power = powerCommand(r.U8("Power Command"))
	var bad error
	for {
		e, ok := nextElement(&r, changeElements)
		if !ok {
			break
		}
		if !m.take(&e, &bad) {
			m.Unknown.add(e)
		}
	}
	return first(bad, r.Err())
}

// AssignmentComplete says that the phone is on the new channel (TS 44.018 §9.1.3).
type AssignmentComplete struct {
	// Cause is the RR cause.
	Cause Cause
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// Name returns "Assignment Complete".
func (*AssignmentComplete) Name() string { return "Assignment Complete" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *AssignmentComplete) Decode(b []byte) error {
	*m = AssignmentComplete{}
	return decodeCause(b, typeAssignmentComplete, &m.Cause, &m.Unknown)
}

// AssignmentFailure says that the phone is back on the old channel (TS 44.018
// §9.1.4).
type AssignmentFailure struct {
	// Cause is the RR cause.
	Cause Cause
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// Name returns "Assignment Failure".
func (*AssignmentFailure) Name() string { return "Assignment Failure" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *AssignmentFailure) Decode(b []byte) error {
	*m = AssignmentFailure{}
	return decodeCause(b, typeAssignmentFailure, &m.Cause, &m.Unknown)
}

// ChannelModeModify changes what a channel carries (TS 44.018 §9.1.5).
type ChannelModeModify struct {
	// Channel is the Channel Description 2.
	Channel ChannelDescription
	// Mode is the Channel Mode.
	Mode ChannelMode
	// MultiRate is the MultiRate Configuration (§10.5.2.21aa), not decoded, nil if
	// absent; it aliases the input.
	MultiRate []byte
	// TSCSetPresent: TSCSet is present.
	TSCSetPresent bool
	// TSCSet is the Extended TSC Set (§10.5.2.82).
	TSCSet uint8
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// Name returns "Channel Mode Modify".
func (*ChannelModeModify) Name() string { return "Channel Mode Modify" }

// modeModifyElements is the table of Channel Mode Modify and its acknowledgement.
func modeModifyElements(iei uint8) (string, int) {
	switch iei {
	case 0x03:
		return "MultiRate Configuration", tlv
	case 0x6d:
		return "Extended TSC Set", 1
	}
	return "", tlv
}

// Decode fills m from b, which starts at the protocol discriminator.
func (m *ChannelModeModify) Decode(b []byte) error {
	*m = ChannelModeModify{}
	r, err := begin(b, typeChannelModeModify)
	if err != nil {
		return err
	}
	m.Channel = channelDescription(r.Octets("Channel Description 2", 3))
	m.Mode = ChannelMode(r.U8("Channel Mode"))
	for {
		e, ok := nextElement(&r, modeModifyElements)
		if !ok {
			break
		}
		switch {
		case e.iei == 0x03 && m.MultiRate == nil:
			m.MultiRate = e.value
		case e.iei == 0x6d && !m.TSCSetPresent:
			m.TSCSet, m.TSCSetPresent = e.value[0], true
		default:
			m.Unknown.add(e)
		}
	}
	return r.Err()
}

// ChannelModeModifyAcknowledge is the phone's answer to ChannelModeModify (TS 44.018
// §9.1.6).
type ChannelModeModifyAcknowledge struct {
	// Channel is the Channel Description 2.
	Channel ChannelDescription
	// Mode is the Channel Mode that the phone uses now: another than it was told if
	// it does not support that.
	Mode ChannelMode
	// TSCSetPresent: TSCSet is present.
	TSCSetPresent bool
	// TSCSet is the Extended TSC Set (§10.5.2.82).
	TSCSet uint8
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// Name returns "Channel Mode Modify Acknowledge".
func (*ChannelModeModifyAcknowledge) Name() string { return "Channel Mode Modify Acknowledge" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *ChannelModeModifyAcknowledge) Decode(b []byte) error {
	*m = ChannelModeModifyAcknowledge{}
	r, err := begin(b, typeChannelModeModifyAck)
	if err != nil {
		return err
	}
	m.Channel = channelDescription(r.Octets("Channel Description 2", 3))
	m.Mode = ChannelMode(r.U8("Channel Mode"))
	for {
		e, ok := nextElement(&r, modeModifyElements)
		if !ok {
			break
		}
		if e.iei == 0x6d && !m.TSCSetPresent {
			m.TSCSet, m.TSCSetPresent = e.value[0], true
		} else {
			m.Unknown.add(e)
		}
	}
	return r.Err()
}
