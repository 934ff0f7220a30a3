package rrc

import "github.com/fbsdetect/fbsdetect/gsmtap/uper"

// MIB is MasterInformationBlock (TS 36.331 §6.2.2).
type MIB struct {
	// DownlinkRB is dl-Bandwidth in resource blocks: 6, 15, 25, 50, 75 or 100.
	DownlinkRB uint8
	// PHICHExtended is set for the extended phich-Duration.
	PHICHExtended bool
	// PHICHSixths is phich-Resource in sixths: 1, 3, 6 or 12.
	PHICHSixths uint8
	// SFNHigh are the eight high bits of the system frame number.
	SFNHigh uint8
	// SchedulingInfoSIB1BR is schedulingInfoSIB1-BR: 0 if the cell broadcasts no
	// SystemInformationBlockType1-BR.
	SchedulingInfoSIB1BR uint8
	// SystemInfoUnchangedBR is systemInfoUnchanged-BR.
	SystemInfoUnchangedBR bool
}

// Read sets m from a MasterInformationBlock.
func (m *MIB) Read(v uper.Value) {
	phich := v.Field("phich-Config")
	*m = MIB{
		DownlinkRB:            number[uint8](v.Field("dl-Bandwidth")),
		PHICHExtended:         phich.Field("phich-Duration").Int() == 1,
		SFNHigh:               bits[uint8](v.Field("systemFrameNumber")),
		SchedulingInfoSIB1BR:  integer[uint8](v.Field("schedulingInfoSIB1-BR-r13")),
		SystemInfoUnchangedBR: v.Field("systemInfoUnchanged-BR-r15").Bool(),
	}
	if r := phich.Field("phich-Resource"); r.Present() {
		m.PHICHSixths = [...]uint8{1, 3, 6, 12}[r.Int()&3]
	}
}

// MIBNB is MasterInformationBlock-NB or MasterInformationBlock-TDD-NB (TS 36.331
// §6.7.2).
type MIBNB struct {
	// TDD is set for MasterInformationBlock-TDD-NB.
	TDD bool
	// SFNHigh are the four high bits of the system frame number.
	SFNHigh uint8
	// HyperSFNLow are the two low bits of the hyper system frame number.
	HyperSFNLow uint8
	// SchedulingInfoSIB1 is schedulingInfoSIB1, 0 to 15.
	SchedulingInfoSIB1 uint8
	// ValueTag is systemInfoValueTag, 0 to 31.
	ValueTag uint8
	// AccessBarring is ab-Enabled.
	AccessBarring bool
	// Operation is the mode of operation by its name in operationModeInfo:
	// "inband-SamePCI", "inband-DifferentPCI", "guardband" or "standalone".
	Operation string
}

// Read sets m from either block.
func (m *MIBNB) Read(v uper.Value) {
	*m = MIBNB{TDD: v.Field("systemFrameNumber-MSB-r15").Present()}
	for c := v.First(); c.Present(); c = c.Next() {
		switch base(c.Name()) {
		case "systemFrameNumber-MSB":
			m.SFNHigh = bits[uint8](c)
		case "hyperSFN-LSB":
			m.HyperSFNLow = bits[uint8](c)
		case "schedulingInfoSIB1":
			m.SchedulingInfoSIB1 = integer[uint8](c)
		case "systemInfoValueTag":
			m.ValueTag = integer[uint8](c)
		case "ab-Enabled":
			m.AccessBarring = c.Bool()
		case "operationModeInfo":
			m.Operation = base(c.Chosen().Name())
		}
	}
}
