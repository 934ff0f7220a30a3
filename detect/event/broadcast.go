package event

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/arfcn"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// Source is the broadcast message that an observation was read from. The numbers
// only serve to count; String is the message's name.
type Source uint8

// Broadcast messages of GSM (TS 44.018 §9.1).
const (
	SI1 Source = iota
	SI2
	SI2bis
	SI2ter
	SI2quater
	SI3
	SI4
	SI5
	SI5bis
	SI5ter
	SI6
	SI13
	SIOther
	// Broadcast messages and system information blocks of LTE (TS 36.331 §6.2.2,
	// §6.3.1).
	MIB
	SIB1
	SIB2
	SIB3
	SIB4
	SIB5
	SIB6
	SIB7
	SIB8
	SIB10
	SIB11
	SIB12
	SIB24
	NumSources
)

var sourceNames = [NumSources]string{
	"System Information Type 1", "System Information Type 2", "System Information Type 2bis",
	"System Information Type 2ter", "System Information Type 2quater", "System Information Type 3",
	"System Information Type 4", "System Information Type 5", "System Information Type 5bis",
	"System Information Type 5ter", "System Information Type 6", "System Information Type 13", "other",
	"MasterInformationBlock", "SystemInformationBlockType1", "SystemInformationBlockType2",
	"SystemInformationBlockType3", "SystemInformationBlockType4", "SystemInformationBlockType5",
	"SystemInformationBlockType6", "SystemInformationBlockType7", "SystemInformationBlockType8",
	"SystemInformationBlockType10", "SystemInformationBlockType11", "SystemInformationBlockType12",
	"SystemInformationBlockType24",
}

// String is the message's name as the specification writes it.
func (s Source) String() string {
	if s < NumSources {
		return sourceNames[s]
	}
	return "unknown"
}

// Identity: a cell named itself. SI4 names the area only: ID.Cell is then the cell
// identity known from elsewhere.
type Identity struct {
	ID     CellID
	Source Source
	// PLMNs are all networks that the cell names, ID.PLMN the first of them; nil where
	// it can name one only.
	PLMNs []ident.PLMN
	// Bands are the frequency bands that the cell says it is in (LTE:
	// freqBandIndicator, then multiBandInfoList); nil if it does not say.
	Bands []int
}

// Kind implements Body.
func (*Identity) Kind() Kind { return KindIdentity }

// Selection holds the parameters by which phones choose to camp on the cell (GSM:
// TS 44.018 §10.5.2.4, TS 45.008 §6.4).
type Selection struct {
	Source Source
	// HysteresisDB is CELL_RESELECT_HYSTERESIS in dB, 0 to 14.
	HysteresisDB int
	// RxLevAccessMin is the raw RXLEV-ACCESS-MIN, 0 to 63; 0 admits every level.
	RxLevAccessMin int
	// RxLevAccessMinDBm is the same in dBm; 0 raw is -110 dBm or below.
	RxLevAccessMinDBm int
	// TxPwrMaxCCH is the raw MS-TXPWR-MAX-CCH, 0 to 31.
	TxPwrMaxCCH int
	// NECI: the cell supports half rate on the initial channel.
	NECI bool
	// ACS: additional reselection parameters are in SI7 and SI8.
	ACS bool
}

// Kind implements Body.
func (*Selection) Kind() Kind { return KindSelection }

// Reselection holds the parameters by which phones rank the cell against others
// (GSM: C2 of TS 45.008 §6.4, from the rest octets of SI3 or SI4, TS 44.018
// §10.5.2.34 and §10.5.2.35).
type Reselection struct {
	Source Source
	// Present is false when the cell broadcasts none: C2 is then C1.
	Present bool
	// CBQ is CELL_BAR_QUALIFY.
	CBQ bool
	// CRO is the raw CELL_RESELECT_OFFSET, 0 to 63, in steps of 2 dB.
	CRO int
	// OffsetDB is what C2 adds to C1 in dB: positive attracts. It is negative when
	// PENALTY_TIME is 31, which turns the sign (TS 45.008 §6.4).
	OffsetDB int
	// TemporaryOffset is the raw TEMPORARY_OFFSET, 0 to 7 in steps of 10 dB, 7 =
	// infinity.
	TemporaryOffset int
	// PenaltyTime is the raw PENALTY_TIME, 0 to 31.
	PenaltyTime int
}

// Kind implements Body.
func (*Reselection) Kind() Kind { return KindReselection }

// ControlChannel holds how the cell organises paging and periodic updating (GSM:
// TS 44.018 §10.5.2.11).
type ControlChannel struct {
	// AttachAllowed is ATT.
	AttachAllowed bool
	// BlocksReserved is BS_AG_BLKS_RES, 0 to 7.
	BlocksReserved int
	// CCCHConf is CCCH_CONF, 0 to 7; 1 is a CCCH combined with SDCCHs.
	CCCHConf int
	// PagingMultiframes is BS_PA_MFRMS, 2 to 9.
	PagingMultiframes int
	// T3212 is the periodic updating timer in decihours (6 minutes); 0 means that
	// phones do not update periodically.
	T3212 int
}

// Kind implements Body.
func (*ControlChannel) Kind() Kind { return KindControlChannel }

// Access holds who may use the cell and how (GSM: RACH Control Parameters, TS
// 44.018 §10.5.2.29).
type Access struct {
	Source Source
	// Barred is CELL_BAR_ACCESS.
	Barred bool
	// ReestablishmentAllowed is the inverse of RE.
	ReestablishmentAllowed bool
	// EmergencyAllowed is the inverse of EC.
	EmergencyAllowed bool
	// BarredClasses has bit n set when access class n (0 to 15, without 10) is barred.
	BarredClasses uint16
	// MaxRetrans is 1, 2, 4 or 7 retransmissions.
	MaxRetrans int
	// TxInteger is the raw Tx-integer, 0 to 15.
	TxInteger int
}

// Kind implements Body.
func (*Access) Kind() Kind { return KindAccess }

// Neighbours is a list of frequencies on which phones look for other cells (GSM: TS
// 44.018 §10.5.2.22).
type Neighbours struct {
	Source Source
	// Dedicated is set for the list that phones use during a connection (SI5 family).
	Dedicated bool
	// ARFCNs are the frequencies.
	ARFCNs arfcn.Set
	// Extended says that another message continues the list (EXT-IND).
	Extended bool
}

// Kind implements Body.
func (*Neighbours) Kind() Kind { return KindNeighbours }

// Carriers are the frequencies the cell itself transmits on (GSM: Cell Channel
// Description of SI1).
type Carriers struct {
	ARFCNs arfcn.Set
}

// Kind implements Body.
func (*Carriers) Kind() Kind { return KindCarriers }

// Capability is a statement about what else the cell broadcasts or offers.
type Capability uint16

// Capabilities of a GSM cell.
const (
	// HasGPRS: the GPRS Indicator of SI3 or SI4 is present.
	HasGPRS Capability = 1 << iota
	// AnnouncesSI2ter: the SI2ter Indicator is set.
	AnnouncesSI2ter
	// AnnouncesSI2quater: the SI2quater Indicator is present.
	AnnouncesSI2quater
	// HasUTRANNeighbours: SI2quater lists 3G cells.
	HasUTRANNeighbours
	// HasEUTRANNeighbours: SI2quater lists LTE frequencies.
	HasEUTRANNeighbours
	// HasPriorities: SI2quater carries priority parameters.
	HasPriorities
	// HasSI13: SI13 was broadcast.
	HasSI13
	// EarlyClassmark: Early Classmark Sending is asked for.
	EarlyClassmark
)

// Capabilities is what one message says the cell offers; Known marks which
// statements the message can make at all.
type Capabilities struct {
	Source     Source
	Has, Known Capability
}

// Kind implements Body.
func (*Capabilities) Kind() Kind { return KindCapabilities }

// Paging is one paging message on the cell's common channel. Empty pagings, with
// which a cell fills unused blocks, are not events.
type Paging struct {
	// IMSIs and TMSIs count the identities paged by type.
	IMSIs, TMSIs int
	// CS counts those paged for the circuit switched domain (LTE: cn-Domain cs), which
	// announces a fall back to 2G or 3G.
	CS int
	// SystemInformationChange, EarthquakeWarning and Alert are the indications of LTE's
	// paging (systemInfoModification, etws-Indication, cmas-Indication).
	SystemInformationChange, EarthquakeWarning, Alert bool
}

// Kind implements Body.
func (*Paging) Kind() Kind { return KindPaging }

// Assignment is one assignment of a dedicated channel on the common channel.
type Assignment struct {
	// Hopping: the assigned channel hops over several frequencies.
	Hopping bool
	// Packet: a packet resource, not a dedicated channel.
	Packet bool
	// TimingAdvance is in symbols (about 554 m each), 0 to 63.
	TimingAdvance int
}

// Kind implements Body.
func (*Assignment) Kind() Kind { return KindAssignment }

// RadioReuse: a frequency on which one cell was heard now carries another.
type RadioReuse struct {
	// ARFCN is the frequency, PCI the physical identity that goes with it in LTE, -1 in
	// GSM.
	ARFCN, PCI int
	// Previous is the cell heard on it before.
	Previous CellID
	// PreviousRef is the last frame of it.
	PreviousRef Ref
	// Gap is the time between the two in nanoseconds, or -1 if unknown.
	Gap int64
	// Returned: this cell had been on the frequency before Previous.
	Returned bool
}

// Kind implements Body.
func (*RadioReuse) Kind() Kind { return KindRadioReuse }

// AreaChange: a cell with this PLMN, cell identity and frequency was heard before
// in another area.
type AreaChange struct {
	// Previous is the area code heard before.
	Previous uint32
	// PreviousRef is the last frame of it.
	PreviousRef Ref
	// Gap is the time between the two in nanoseconds, or -1 if unknown.
	Gap int64
}

// Kind implements Body.
func (*AreaChange) Kind() Kind { return KindAreaChange }

// Parameter is one value that a cell broadcast.
type Parameter struct {
	// Name is the name in the specification, Value the number to compare, Text what
	// reports print, with its unit.
	Name  string
	Value float64
	Text  string
}

// SystemInformation is the content of one system information block.
type SystemInformation struct {
	Source Source
	// Parameters are its values in order, and Carriers the frequencies it tells phones
	// to measure.
	Parameters []Parameter
	Carriers   []Carrier
	// Digest is a hash of its content; ValueTag the systemInfoValueTag in force, which
	// must change when the content does (TS 36.331 §5.2.1.3), or -1 if not heard.
	Digest   uint64
	ValueTag int
}

// Kind implements Body: each block is of a kind of its own, so that a rule can say
// which it needs.
func (s *SystemInformation) Kind() Kind {
	if s.Source >= MIB && s.Source < NumSources {
		return KindMIB + Kind(s.Source-MIB)
	}
	return KindMIB
}

// Carrier is a frequency on which phones look for cells of a RAT.
type Carrier struct {
	RAT RAT
	// ARFCN is the number of the frequency in its RAT; of GSM the starting one.
	ARFCN uint32
	// Priority is the cellReselectionPriority, 0 to 7, or -1 if none is given.
	Priority int
	// Cells counts the neighbour cells that are listed on it.
	Cells int
}

// Contradiction: between two messages in which the cell named itself the same way,
// another message of it on the same frequency named it differently.
type Contradiction struct {
	// Source is the message that differs.
	Source Source
	// Field is the field's name in the specification; Got is its value there, Expect
	// its value in the messages around it.
	Field, Got, Expect string
}

// Kind implements Body.
func (*Contradiction) Kind() Kind { return KindContradiction }
