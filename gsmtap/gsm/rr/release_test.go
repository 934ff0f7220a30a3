package rr

import (
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func releaseVectors(t testing.TB) []dedicatedVector {
	selection := func(kind TargetKind, value string, targets ...Target) CellSelectionIndicator {
		c := CellSelectionIndicator{Present: true, Kind: kind, Count: len(targets), Octets: octets(t, value)}
		copy(c.Targets[:], targets)
		return c
	}
	lte := "7189cb65b05140" // 011 1 EARFCN 1 bandwidth 0 1 PCI, 1 EARFCN 0 0 0, 0
	many := "703e8103e9103ea103eb103ec103ed103ee103ef103f0103f1103f2103f3103f4103f5103f6103f7103f80"
	full := selection(TargetEUTRAN, many)
	full.More, full.Count = true, maxTargets
	for i := range full.Targets {
		full.Targets[i].Frequency = uint32(1000 + i)
	}
	const path = "Cell selection indicator after release of all TCH and SDCCH"
	return []dedicatedVector{
		//           PD MT cause
		{"normal", "06 0d 00", 3, &ChannelRelease{}, nil, "", 0},
		{"preemptive", "06 0d 05", 3, &ChannelRelease{Cause: CausePreemptive}, nil, "", 0},
		{"resumed", "06 0d 00 c1", 3, &ChannelRelease{GPRSResumptionPresent: true, GPRSResumption: true}, nil, "", 0},
		{"not resumed", "06 0d 00 c0", 3, &ChannelRelease{GPRSResumptionPresent: true}, nil, "", 0},
		{"to LTE", "06 0d 00 77 07" + lte, 3, &ChannelRelease{CellSelection: selection(TargetEUTRAN, lte,
			Target{Frequency: 6300, BandwidthPresent: true, Bandwidth: 3, CellPresent: true, Cell: 301},
			Target{Frequency: 1300})}, nil, "", 0},
		{"to LTE, cells not allowed", "06 0d 00 77 08 7189cbc0aab56cb4", 3, &ChannelRelease{
			CellSelection: selection(TargetEUTRAN, "7189cbc0aab56cb4",
				Target{Frequency: 6300, BandwidthPresent: true, Bandwidth: 3, CellPresent: true, Cell: 301})}, nil, "", 0},
		{"to LTE with extended EARFCN", "06 0d 00 77 04 940e1000", 3, &ChannelRelease{
			CellSelection: selection(TargetEUTRANExtendedEARFCNs, "940e1000", Target{Frequency: 66436})}, nil, "", 0},
		{"to GSM", "06 0d 00 77 05 1cc8adb38e", 3, &ChannelRelease{CellSelection: selection(TargetGSM, "1cc8adb38e",
			Target{Frequency: 612, PCS: true, BSIC: 0o25}, Target{Frequency: 871, BSIC: 7})}, nil, "", 0},
		{"to UTRAN FDD", "06 0d 00 77 08 3da7c6089b53b000", 3, &ChannelRelease{
			CellSelection: selection(TargetUTRANFDD, "3da7c6089b53b000",
				Target{Frequency: 10737, BandwidthPresent: true, Bandwidth: 5, NrOfCells: 1}, Target{Frequency: 10712})}, nil, "", 0},
		{"to UTRAN TDD", "06 0d 00 77 05 54e9f04420", 3, &ChannelRelease{
			CellSelection: selection(TargetUTRANTDD, "54e9f04420", Target{Frequency: 10063, NrOfCells: 1})}, nil, "", 0},
		{"reserved kind of target", "06 0d 00 77 01 f0", 3, &ChannelRelease{CellSelection: selection(7, "f0")}, nil, "", 0},
		{"more targets than places", "06 0d 00 77 2b" + many, 3, &ChannelRelease{CellSelection: full}, nil, "", 0},
		{"target cut, later elements kept", "06 0d 00 77 02 7189 c1", 3, &ChannelRelease{
			CellSelection:         selection(TargetEUTRAN, "7189"),
			GPRSResumptionPresent: true, GPRSResumption: true}, wire.ErrShort, path + ".EARFCN", 5},
		{"target without kind", "06 0d 00 77 00", 3, &ChannelRelease{
			CellSelection: CellSelectionIndicator{Present: true, Octets: []byte{}}}, wire.ErrShort, path + ".Target Cell information", 5},
		{"everything else", "06 0d 09 73 04 11223344 74 03 010203 85 c1 75 01 aa 76 06 d3e3a7619d3c" +
			"62 08000000000000000000000000000001 a1 7c 02 bbcc 04 00", 3,
			&ChannelRelease{Cause: CauseChannelModeUnacceptable, BARange: []byte{0x11, 0x22, 0x33, 0x44}, GroupChannel: []byte{1, 2, 3},
				GroupCipherKeyPresent: true, GroupCipherKey: 5, GPRSResumptionPresent: true, GPRSResumption: true, BAListPref: []byte{0xaa},
				UTRANFrequencies:    UTRANFrequencyList{Present: true, FDDCount: 2, FDD: [16]uint16{10737, 10712}, TDDCount: 1, TDD: [16]uint16{10063}},
				CellChannelsPresent: true, CellChannels: FrequencyList{BitMap0, set(1, 124)},
				EnhancedDTMPresent: true, EnhancedDTM: 1, IndividualPriorities: []byte{0xbb, 0xcc},
				Unknown: UnknownIEs{IEI: [8]uint8{0x04}, Count: 1}}, nil, "", 0},
		{"everything twice", "06 0d 00 c1 c0 a1 a2 85 86 73 00 73 01 aa 76 00 76 01 80", 3,
			&ChannelRelease{GPRSResumptionPresent: true, GPRSResumption: true, EnhancedDTMPresent: true, EnhancedDTM: 1,
				GroupCipherKeyPresent: true, GroupCipherKey: 5, BARange: []byte{}, UTRANFrequencies: UTRANFrequencyList{Present: true},
				Unknown: UnknownIEs{IEI: [8]uint8{0xc0, 0xa0, 0x80, 0x73, 0x76}, Count: 5}}, nil, "", 0},
		{"element cut", "06 0d 00 76 05 d3", 3, &ChannelRelease{}, wire.ErrShort, "UTRAN Frequency List", 4},
	}
}

func BenchmarkChannelRelease(b *testing.B) {
	b.Run("normal", func(b *testing.B) { benchmarkDecode(b, "06 0d 00") })
	b.Run("to LTE", func(b *testing.B) { benchmarkDecode(b, "06 0d 00 77 07 7189cb65b05140") })
}
