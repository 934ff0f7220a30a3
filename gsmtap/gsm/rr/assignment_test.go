package rr

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func assignmentVectors(testing.TB) []dedicatedVector {
	ref := RequestReference{RA: 0x0f, Time: FrameTime{T1: 4, T2: 19, T3: 17}}
	padding := bytes.Repeat([]byte{0x2b}, 4)
	sdcch8 := ChannelDescription{TypeAndOffset: 8 + 3, TN: 1, TSC: 5, ARFCN: 563}
	hopping := ChannelDescription{TypeAndOffset: 8, TN: 1, TSC: 5, Hopping: true, MAIO: 8, HSN: 51}
	tchf := ChannelDescription{TypeAndOffset: 1, TN: 2, TSC: 6, Hopping: true, MAIO: 9, HSN: 33}
	return []dedicatedVector{
		//              PD MT mode channel reference TA allocation rest
		{"SDCCH/8", "06 3f 00 59a233 0f2233 05 00 2b2b2b2b", 11,
			&ImmediateAssignment{Channel: sdcch8, Reference: ref, TimingAdvance: 5,
				MobileAllocation: MobileAllocation{Present: true}, Rest: padding}, nil, "", 0},
		{"hopping, starting time", "06 3f 02 41b233 0f2233 3f 02 8001 7c 1234 2b2b2b2b", 13,
			&ImmediateAssignment{PageMode: PagingReorganization, Channel: hopping, Reference: ref, TimingAdvance: 63,
				MobileAllocation:    MobileAllocation{Present: true, Octets: 2, Bitmap: 0x8001},
				StartingTimePresent: true, StartingTime: FrameTime{T1: 2, T2: 20, T3: 17}, Rest: padding}, nil, "", 0},
		{"uplink TBF, no hopping", "06 3f 10 08e233 0f2233 05 00 2b2b2b2b", 11,
			&ImmediateAssignment{TBF: true, PacketChannel: PacketChannelDescription{ChannelType: 1, TSC: 7, ARFCN: 563},
				Reference: ref, TimingAdvance: 5, MobileAllocation: MobileAllocation{Present: true}, Rest: padding}, nil, "", 0},
		{"downlink TBF, indirect", "06 3f 70 0f6a5d 0f2233 00 00", 11,
			&ImmediateAssignment{TBF: true, Downlink: true, TMA: true,
				PacketChannel: PacketChannelDescription{ChannelType: 1, TN: 7, TSC: 3, Coding: PacketIndirect, MAIO: 37, MANumberInd: true, ChangeMarkPresent: true, ChangeMark1: 1},
				Reference:     ref, MobileAllocation: MobileAllocation{Present: true}, Rest: []byte{}}, nil, "", 0},
		{"TBF, direct", "06 3f 10 0f7fff 0f2233 00 00", 11,
			&ImmediateAssignment{TBF: true,
				PacketChannel: PacketChannelDescription{ChannelType: 1, TN: 7, TSC: 3, Coding: PacketDirect, MAIO: 63, HSN: 63},
				Reference:     ref, MobileAllocation: MobileAllocation{Present: true}, Rest: []byte{}}, nil, "", 0},
		{"reserved channel, reserved times", "06 3f 00 ffefff 7fffff ff 00", 11,
			&ImmediateAssignment{Channel: ChannelDescription{TypeAndOffset: 31, TN: 7, TSC: 7, ARFCN: 1023},
				Reference: RequestReference{RA: 127, Time: FrameTime{31, 31, 63}}, TimingAdvance: 255,
				MobileAllocation: MobileAllocation{Present: true}, Rest: []byte{}}, nil, "", 0},
		{"allocation too long", "06 3f 00 59a233 0f2233 05 09 000000000000000001", 0,
			&ImmediateAssignment{Channel: sdcch8, Reference: ref, TimingAdvance: 5}, wire.ErrLength, "Mobile Allocation", 10},
		//                 PD MT mode channel reference TA channel reference TA allocation rest
		{"two", "06 39 20 59a233 0f2233 05 41b233 0e2233 06 01 03 7c 1234 2b2b2b2b", 19,
			&ImmediateAssignmentExtended{FeatureIndicator: 2,
				Assigned: [2]Assigned{
					{sdcch8, ref, 5},
					{hopping, RequestReference{0x0e, ref.Time}, 6}},
				MobileAllocation:    MobileAllocation{Present: true, Octets: 1, Bitmap: 3},
				StartingTimePresent: true, StartingTime: FrameTime{T1: 2, T2: 20, T3: 17}, Rest: padding}, nil, "", 0},
		//                    PD MT mode (reference wait) x 4 rest
		{"four", "06 3a 00 0f223305 0e223300 0d2233ff 0c22330a 2b2b2b2b", 19,
			&ImmediateAssignmentReject{Count: 4, Rejected: [4]Rejected{
				{ref, 5}, {RequestReference{0x0e, ref.Time}, 0}, {RequestReference{0x0d, ref.Time}, 255}, {RequestReference{0x0c, ref.Time}, 10}},
				Rest: padding}, nil, "", 0},
		{"one and a half", "06 3a 01 0f223305 0e2233", 19,
			&ImmediateAssignmentReject{PageMode: ExtendedPaging, Count: 1, Rejected: [4]Rejected{{ref, 5}}}, wire.ErrShort, "Wait Indication", 10},

		//                 PD MT channel power
		{"plain", "06 2e 0ad261 05", 6,
			&AssignmentCommand{Channel: tchf, Power: PowerCommand{PowerLevel: 5}}, nil, "", 0},
		{"speech", "06 2e 0ad261 45 62 08000000000000000000000000000001 63 41 72 01 03 91 03 04 20112233", 6,
			&AssignmentCommand{Channel: tchf, Power: PowerCommand{EPCMode: true, PowerLevel: 5}, ChannelChange: ChannelChange{
				CellChannelsPresent: true, CellChannels: FrequencyList{BitMap0, set(1, 124)},
				ModesPresent: 1, Modes: [8]ChannelMode{ModeSpeechV3},
				MobileAllocation: MobileAllocation{Present: true, Octets: 1, Bitmap: 3},
				CipherPresent:    true, Cipher: CipherModeSetting{Start: true},
				MultiRate: []byte{0x20, 0x11, 0x22, 0x33}}}, nil, "", 0},
		{"everything", "06 2e 0ad261 05 05 03 8e0040 10 01 aa 63 01 11 21 13 41 18 00 64 59a233 66 01" +
			"7c 1234 19 03 8e0040 1c 59a233 1d 41b233 1e 010203040506070809 21 01 80 01 01 ff 04 01 ee 6d 02 6e 03 55 00", 6,
			&AssignmentCommand{Channel: tchf, Power: PowerCommand{PowerLevel: 5}, ChannelChange: ChannelChange{
				FrequenciesPresent: true, Frequencies: FrequencyList{VariableBitMap, set(0, 1)},
				Multislot:    []byte{0xaa},
				ModesPresent: 1<<0 | 1<<1 | 1<<2 | 1<<7, Modes: [8]ChannelMode{0: ModeSpeechV1, 1: ModeSpeechV2, 2: ModeSpeechV3},
				SecondChannelPresent: true, SecondChannel: sdcch8, SecondModePresent: true, SecondMode: 1,
				StartingTimePresent: true, StartingTime: FrameTime{T1: 2, T2: 20, T3: 17},
				FrequenciesBeforePresent: true, FrequenciesBefore: FrequencyList{VariableBitMap, set(0, 1)},
				FirstBeforePresent: true, FirstBefore: sdcch8, SecondBeforePresent: true, SecondBefore: hopping,
				SequenceBefore:         []byte{1, 2, 3, 4, 5, 6, 7, 8, 9},
				MobileAllocationBefore: MobileAllocation{Present: true, Octets: 1, Bitmap: 0x80},
				TSCSetPresent:          true, TSCSet: 2,
				Unknown: UnknownIEs{IEI: [8]uint8{0x01, 0x04, 0x6e, 0x55}, Count: 4}}}, nil, "", 0},
		{"repeated elements count once", "06 2e 0ad261 05 63 41 63 01 90 91", 6,
			&AssignmentCommand{Channel: tchf, Power: PowerCommand{PowerLevel: 5}, ChannelChange: ChannelChange{
				ModesPresent: 1, Modes: [8]ChannelMode{ModeSpeechV3}, CipherPresent: true,
				Unknown: UnknownIEs{IEI: [8]uint8{0x63, 0x90}, Count: 2}}}, nil, "", 0},
		{"cell channels cut", "06 2e 0ad261 05 62 0800", 6,
			&AssignmentCommand{Channel: tchf, Power: PowerCommand{PowerLevel: 5}}, wire.ErrShort, "Cell Channel Description", 7},
		{"frequency list of a reserved format", "06 2e 0ad261 05 05 03 c20000 93", 6,
			&AssignmentCommand{Channel: tchf, Power: PowerCommand{PowerLevel: 5}, ChannelChange: ChannelChange{
				CipherPresent: true, Cipher: CipherModeSetting{true, A52}}}, wire.ErrInvalid, "Frequency List, after time.Frequency List", 8},
		{"done", "06 29 00", 3, &AssignmentComplete{}, nil, "", 0},
		{"failed", "06 2f 0a", 3, &AssignmentFailure{Cause: CauseFrequencyNotImplemented}, nil, "", 0},
		//            PD MT channel mode
		{"modify", "06 10 0ad261 21", 6, &ChannelModeModify{Channel: tchf, Mode: ModeSpeechV2}, nil, "", 0},
		{"modify to AMR", "06 10 0ad261 41 03 02 2001 6d 01 01 01 00", 6,
			&ChannelModeModify{Channel: tchf, Mode: ModeSpeechV3, MultiRate: []byte{0x20, 1}, TSCSetPresent: true, TSCSet: 1,
				Unknown: UnknownIEs{IEI: [8]uint8{1}, Count: 1}}, nil, "", 0},
		{"modified", "06 17 0ad261 00 6d 03", 6,
			&ChannelModeModifyAcknowledge{Channel: tchf, TSCSetPresent: true, TSCSet: 3}, nil, "", 0},
	}
}

// Of an element that comes again, only the first counts (TS 44.018 §8.6.3).
func TestAssignmentCommandRepeated(t *testing.T) {
	const head = "06 2e 0ad261 05"
	first := "05 03 8e0040 10 01 aa 62 08000000000000000000000000000001 63 01 11 21 18 00 64 59a233 66 01 7c 1234" +
		"19 03 8e0040 1c 59a233 1d 41b233 1e 010203040506070809 21 01 80 72 01 03 03 01 20 6d 02 95"
	again := "05 03 8e0020 10 01 bb 62 08000000000000000000000000000003 63 41 11 41 18 41 64 41b233 66 00 7c 4321" +
		"19 03 8e0020 1c 41b233 1d 59a233 1e 090203040506070801 21 01 01 72 01 01 03 01 40 6d 01 90"
	var once, twice AssignmentCommand
	if err := once.Decode(octets(t, head+first)); err != nil {
		t.Fatal(err)
	}
	if err := twice.Decode(octets(t, head+first+again)); err != nil {
		t.Fatal(err)
	}
	if once.Unknown.Count != 0 || twice.Unknown.Count != 18 {
		t.Errorf("%d and %d unknown elements", once.Unknown.Count, twice.Unknown.Count)
	}
	twice.Unknown = UnknownIEs{}
	if !reflect.DeepEqual(once, twice) {
		t.Errorf("\n once %+v\ntwice %+v", once, twice)
	}
}

func BenchmarkImmediateAssignment(b *testing.B) {
	b.Run("plain", func(b *testing.B) {
		benchmarkDecode(b, "06 3f 00 59a233 0f2233 05 00 2b2b2b2b2b2b2b2b2b2b2b")
	})
	b.Run("hopping", func(b *testing.B) {
		benchmarkDecode(b, "06 3f 00 41b233 0f2233 3f 08 8000000000000001 7c 1234")
	})
}
