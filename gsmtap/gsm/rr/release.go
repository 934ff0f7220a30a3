package rr

import "github.com/fbsdetect/fbsdetect/gsmtap/wire"

// TargetKind says what a cell selection indicator points to (TS 44.018 §10.5.2.1e).
type TargetKind uint8

// Kinds of target.
const (
	TargetGSM                   TargetKind = 0
	TargetUTRANFDD              TargetKind = 1
	TargetUTRANTDD              TargetKind = 2
	TargetEUTRAN                TargetKind = 3
	TargetEUTRANExtendedEARFCNs TargetKind = 4
)

// String names the kind; "reserved" for codes 5 to 7.
func (k TargetKind) String() string {
	names := [...]string{"GSM", "UTRAN FDD", "UTRAN TDD", "E-UTRAN", "E-UTRAN with extended EARFCNs"}
	if int(k) < len(names) {
		return names[k]
	}
	return "reserved"
}

// MarshalText writes the kind's name.
func (k TargetKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Target is a cell or frequency to which a phone is sent (TS 44.018 §10.5.2.1e).
type Target struct {
	// Frequency is the ARFCN, 0 to 1023, the UARFCN, 0 to 16383, or the EARFCN, 0 to
	// 65535, or to 262143 with TargetEUTRANExtendedEARFCNs.
	Frequency uint32
	// PCS is the Band_Indicator of a GSM target: an ARFCN 512 to 810 is in PCS 1900,
	// else in DCS 1800.
	PCS bool
	// BSIC is the BSIC of a GSM target.
	BSIC BSIC
	// CellPresent: Cell is present.
	CellPresent bool
	// Cell is TARGET_PCID, the physical cell identity of an E-UTRAN target, 0 to 503;
	// reserved up to 511.
	Cell uint16
	// NrOfCells is NR_OF_FDD_CELLS or NR_OF_TDD_CELLS of a UTRAN target, 0 to 31; the
	// scrambling codes are not decoded.
	NrOfCells uint8
	// BandwidthPresent: Bandwidth is present.
	BandwidthPresent bool
	// Bandwidth is the code of Measurement Bandwidth of an E-UTRAN target (0 = 6
	// resource blocks to 5 = 100) or of the bandwidth of a UTRAN target, 0 to 7.
	Bandwidth uint8
}

// maxTargets bounds the targets of a cell selection indicator. The element holds
// more, but the shortest target has 18 bits, and a message on a dedicated channel
// with more than these is larger than any network sends.
const maxTargets = 16

// CellSelectionIndicator is the Cell selection indicator after release of all TCH and
// SDCCH (TS 44.018 §10.5.2.1e): where the phone shall go, in practice back to LTE
// after a call.
type CellSelectionIndicator struct {
	// Present: the message has the element.
	Present bool
	// Kind is what the targets are.
	Kind TargetKind
	// Count is the number of targets in Targets, 0 to 16.
	Count int
	// Targets holds the first targets.
	Targets [maxTargets]Target
	// More: the element has more targets than Targets has places.
	More bool
	// Octets is the value; it aliases the input.
	Octets []byte
}

func (c *CellSelectionIndicator) decode(v []byte) error {
	*c = CellSelectionIndicator{Present: true, Octets: v}
	r := newRest(v, 0, 0)
	c.Kind = TargetKind(r.u8("Target Cell information", 3))
	if c.Kind > TargetEUTRANExtendedEARFCNs {
		return r.Err()
	}
	// A list that runs to the end of the last octet may lack the bit 0 that ends it.
	for r.Len() > 0 && r.Flag("Target Cell information") {
		var t Target
		switch c.Kind {
		case TargetGSM:
			t.PCS = r.Flag("Band_Indicator")
			t.Frequency = r.Bits("ARFCN", 10)
			t.BSIC = BSIC(r.Bits("BSIC", 6))
		case TargetUTRANFDD:
			t.utran(&r, "FDD-ARFCN", &fddFieldBits)
		case TargetUTRANTDD:
			t.utran(&r, "TDD-ARFCN", &tddFieldBits)
		case TargetEUTRAN:
			t.eutran(&r, 16)
		case TargetEUTRANExtendedEARFCNs:
			t.eutran(&r, 18)
		}
		if !r.OK() {
			break
		}
		if c.Count == len(c.Targets) {
			c.More = true
			break
		}
		c.Targets[c.Count] = t
		c.Count++
	}
	return r.Err()
}

func (t *Target) utran(r *rest, field string, cellBits *[32]uint8) {
	if t.BandwidthPresent = r.Flag("Bandwidth"); t.BandwidthPresent {
		t.Bandwidth = r.u8("Bandwidth", 3)
	}
	t.Frequency = r.Bits(field, 14)
	if r.Flag("Cells") {
		r.Skip("Indic0", 1)
		t.NrOfCells = r.u8("NR_OF_CELLS", 5)
		r.Skip("Cell information", int(cellBits[t.NrOfCells]))
	}
}

func (t *Target) eutran(r *rest, width int) {
	t.Frequency = r.Bits("EARFCN", width)
	if t.BandwidthPresent = r.Flag("Measurement Bandwidth"); t.BandwidthPresent {
		t.Bandwidth = r.u8("Measurement Bandwidth", 3)
	}
	if r.Flag("Not Allowed Cells") {
		skipPCIDGroup(r)
	}
	if t.CellPresent = r.Flag("TARGET_PCID"); t.CellPresent {
		t.Cell = uint16(r.Bits("TARGET_PCID", 9))
	}
}

// maxUTRANFrequencies bounds a UTRAN Frequency List, of which the rest is dropped.
const maxUTRANFrequencies = 16

// UTRANFrequencyList is the UTRAN Frequency List (TS 44.018 §10.5.2.1d): where the
// phone may look for a UTRAN cell.
type UTRANFrequencyList struct {
	// Present: the message has the element.
	Present bool
	// FDDCount is the number of frequencies in FDD, 0 to 16.
	FDDCount int
	// FDD holds the first UARFCNs of FDD cells, 0 to 16383.
	FDD [maxUTRANFrequencies]uint16
	// TDDCount is the number of frequencies in TDD, 0 to 16.
	TDDCount int
	// TDD holds the first UARFCNs of TDD cells, 0 to 16383.
	TDD [maxUTRANFrequencies]uint16
}

func (u *UTRANFrequencyList) decode(v []byte) error {
	*u = UTRANFrequencyList{Present: true}
	r := wire.NewBitReader(v)
	list := func(field string, f *[maxUTRANFrequencies]uint16, count *int) {
		for r.Len() > 0 && r.Flag(field) {
			n := r.Bits(field, 14)
			if r.OK() && *count < len(f) {
				f[*count] = uint16(n)
				*count++
			}
		}
	}
	list("FDD_ARFCN", &u.FDD, &u.FDDCount)
	list("TDD_ARFCN", &u.TDD, &u.TDDCount)
	return r.Err()
}

// ChannelRelease ends the connection (TS 44.018 §9.1.7).
type ChannelRelease struct {
	// Cause is the RR cause.
	Cause Cause
	// BARange is the BA Range (§10.5.2.1a), not decoded, nil if absent; it aliases the
	// input.
	BARange []byte
	// GroupChannel is the Group Channel Description (§10.5.2.14b), not decoded, nil if
	// absent; it aliases the input.
	GroupChannel []byte
	// GroupCipherKeyPresent: GroupCipherKey is present.
	GroupCipherKeyPresent bool
	// GroupCipherKey is the Group Cipher Key Number (TS 24.008 §10.5.1.10), 0 to 15.
	GroupCipherKey uint8
	// GPRSResumptionPresent: GPRSResumption is present.
	GPRSResumptionPresent bool
	// GPRSResumption is the bit ACK of GPRS Resumption (§10.5.2.14c): the packet
	// service has been resumed.
	GPRSResumption bool
	// BAListPref is the BA List Pref (§10.5.2.1c), not decoded, nil if absent; it
	// aliases the input.
	BAListPref []byte
	// UTRANFrequencies is the UTRAN Frequency List.
	UTRANFrequencies UTRANFrequencyList
	// CellChannelsPresent: CellChannels is present.
	CellChannelsPresent bool
	// CellChannels is the Cell Channel Description of a group channel.
	CellChannels FrequencyList
	// CellSelection is the Cell selection indicator after release of all TCH and
	// SDCCH.
	CellSelection CellSelectionIndicator
	// EnhancedDTMPresent: EnhancedDTM is present.
	EnhancedDTMPresent bool
	// EnhancedDTM is the Enhanced DTM CS Release Indication (§10.5.2.75), 4 bits: bit 1
	// is set if the packet resources are kept.
	EnhancedDTM uint8
	// IndividualPriorities is the value of Individual Priorities (§10.5.2.75a): the
	// priorities of frequencies and technologies for this phone alone. It is not
	// decoded, nil if absent, and aliases the input.
	IndividualPriorities []byte
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// Name returns "Channel Release".
func (*ChannelRelease) Name() string { return "Channel Release" }

func releaseElements(iei uint8) (string, int) {
	switch iei {
	case 0x62:
		return "Cell Channel Description", 16
	case 0x73:
		return "BA Range", tlv
	case 0x74:
		return "Group Channel Description", tlv
	case 0x75:
		return "BA List Pref", tlv
	case 0x76:
		return "UTRAN Frequency List", tlv
	case 0x77:
		return "Cell selection indicator after release of all TCH and SDCCH", tlv
	case 0x7c:
		return "Individual Priorities", tlv
	case 0x80:
		return "Group Cipher Key Number", 0
	case 0xa0:
		return "Enhanced DTM CS Release Indication", 0
	case 0xc0:
		return "GPRS Resumption", 0
	}
	return "", tlv
}

// Decode fills m from b, which starts at the protocol discriminator.
func (m *ChannelRelease) Decode(b []byte) error {
	*m = ChannelRelease{}
	r, err := begin(b, typeChannelRelease)
	if err != nil {
		return err
	}
	m.Cause = Cause(r.U8("RR Cause"))
	var bad error // in an element; those after it are decoded
	for {
		e, ok := nextElement(&r, releaseElements)
		if !ok {
			break
		}
		switch {
		case e.iei == 0x62 && !m.CellChannelsPresent:
			m.CellChannels, m.CellChannelsPresent = e.cellChannels(&bad)
		case e.iei == 0x73 && m.BARange == nil:
			m.BARange = e.value
		case e.iei == 0x74 && m.GroupChannel == nil:
			m.GroupChannel = e.value
		case e.iei == 0x75 && m.BAListPref == nil:
			m.BAListPref = e.value
		case e.iei == 0x76 && !m.UTRANFrequencies.Present:
			e.ok(&bad, m.UTRANFrequencies.decode(e.value))
		case e.iei == 0x77 && !m.CellSelection.Present:
			e.ok(&bad, m.CellSelection.decode(e.value))
		case e.iei == 0x7c && m.IndividualPriorities == nil:
			m.IndividualPriorities = e.value
		case e.iei == 0x80 && !m.GroupCipherKeyPresent:
			m.GroupCipherKey, m.GroupCipherKeyPresent = e.half, true
		case e.iei == 0xa0 && !m.EnhancedDTMPresent:
			m.EnhancedDTM, m.EnhancedDTMPresent = e.half, true
		case e.iei == 0xc0 && !m.GPRSResumptionPresent:
			m.GPRSResumption, m.GPRSResumptionPresent = e.half&1 != 0, true
		default:
			m.Unknown.add(e)
		}
	}
	return first(bad, r.Err())
}
