package rr

import (
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func handoverVectors(testing.TB) []dedicatedVector {
	cell := CellDescription{BSIC: 0o27, ARFCN: 871}
	tchh := ChannelDescription{TypeAndOffset: 3, TN: 5, TSC: 1, ARFCN: 837}
	power := PowerCommand{ATC: true, FPCEPC: true, PowerLevel: 5}
	return []dedicatedVector{
		//           PD MT cell channel ref power
		{"plain", "06 2b d767 1d2345 99 a5", 9,
			&HandoverCommand{Cell: cell, Channel: tchh, HandoverReference: 0x99, Power: power}, nil, "", 0},
		{"with cipher and timing advance", "06 2b d767 1d2345 99 a5 d6 63 05 7d 05 95", 9,
			&HandoverCommand{Cell: cell, Channel: tchh, HandoverReference: 0x99, Power: power,
				Synchronization: SynchronizationIndication{Present: true, SI: 2, ROT: true},
				ChannelChange: ChannelChange{ModesPresent: 1, Modes: [8]ChannelMode{0x05},
					CipherPresent: true, Cipher: CipherModeSetting{true, A53}},
				TimingAdvancePresent: true, TimingAdvance: 5}, nil, "", 0},
		{"everything of its own", "06 2b d767 1d2345 99 a5 d9 02 8e0040000000000000 69 010203040506070809 7b 02 1122" +
			"12 8e0040000000000000 76 01 aa 51 01 a3 6d 01 01 00", 9,
			&HandoverCommand{Cell: cell, Channel: tchh, HandoverReference: 0x99, Power: power,
				Synchronization: SynchronizationIndication{Present: true, SI: 1, NCI: true},
				ChannelChange: ChannelChange{FrequenciesPresent: true, Frequencies: FrequencyList{VariableBitMap, set(0, 1)},
					FrequenciesBeforePresent: true, FrequenciesBefore: FrequencyList{VariableBitMap, set(0, 1)},
					TSCSetPresent: true, TSCSet: 1, Unknown: UnknownIEs{IEI: [8]uint8{1}, Count: 1}},
				Sequence: []byte{1, 2, 3, 4, 5, 6, 7, 8, 9}, RealTimeDifference: []byte{0x11, 0x22},
				DynamicARFCNMapping: []byte{0xaa}, DedicatedServicePresent: true, DedicatedService: 1,
				PLMNIndexPresent: true, PLMNIndex: 3}, nil, "", 0},
		{"repeated elements", "06 2b d767 1d2345 99 a5 d0 d9 7d 01 7d 02", 9,
			&HandoverCommand{Cell: cell, Channel: tchh, HandoverReference: 0x99, Power: power,
				Synchronization:      SynchronizationIndication{Present: true},
				TimingAdvancePresent: true, TimingAdvance: 1,
				ChannelChange: ChannelChange{Unknown: UnknownIEs{IEI: [8]uint8{0xd0, 0x7d}, Count: 2}}}, nil, "", 0},
		{"short list cut", "06 2b d767 1d2345 99 a5 02 8e00", 9,
			&HandoverCommand{Cell: cell, Channel: tchh, HandoverReference: 0x99, Power: power},
			wire.ErrShort, "Frequency Short List, after time", 10},
		{"allocation too long", "06 2b d767 1d2345 99 a5 72 09 000000000000000000", 9,
			&HandoverCommand{Cell: cell, Channel: tchh, HandoverReference: 0x99, Power: power},
			wire.ErrLength, "Mobile Allocation, after time.Mobile Allocation", 11},
		{"complete", "06 2c 00", 3, &HandoverComplete{}, nil, "", 0},
		{"complete with time difference", "06 2c 00 77 03 000001 55 00", 3,
			&HandoverComplete{TimeDifference: []byte{0, 0, 1}, Unknown: UnknownIEs{IEI: [8]uint8{0x55}, Count: 1}}, nil, "", 0},
		{"failure", "06 28 08", 3, &HandoverFailure{Cause: CauseHandoverTimingAdvance}, nil, "", 0},
		{"timing advance", "06 2d 3f", 3, &PhysicalInformation{TimingAdvance: 63}, nil, "", 0},
	}
}
