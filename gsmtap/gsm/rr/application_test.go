package rr

import (
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func applicationVectors(testing.TB) []dedicatedVector {
	rrlp := func(reference uint8, c RRLPComponent) RRLP {
		return RRLP{Present: true, ReferenceNumber: reference, Component: c}
	}
	return []dedicatedVector{
		//                      PD MT flags/ID APDU
		{"position request", "06 38 00 03 a10203", 4,
			&ApplicationInformation{RRLP: rrlp(5, MsrPositionReq), Data: []byte{0xa1, 2, 3}}, nil, "", 0},
		{"protocol error, unknown element", "06 38 00 02 e800 55 01 aa", 4,
			&ApplicationInformation{RRLP: rrlp(7, ProtocolError), Data: []byte{0xe8, 0}, Unknown: UnknownIEs{IEI: [8]uint8{0x55}, Count: 1}}, nil, "", 0},
		{"extension: capability response", "06 38 00 03 302001", 4,
			&ApplicationInformation{RRLP: rrlp(1, PosCapabilityRsp), Data: []byte{0x30, 0x20, 1}}, nil, "", 0},
		{"extension that is reserved", "06 38 00 02 17e0", 4,
			&ApplicationInformation{RRLP: rrlp(0, 5+63), Data: []byte{0x17, 0xe0}}, nil, "", 0},
		{"component that is none", "06 38 00 01 0a", 4,
			&ApplicationInformation{Data: []byte{0x0a}}, wire.ErrInvalid, "APDU Data.component", 4},
		{"extension with a large number", "06 38 00 01 38", 4,
			&ApplicationInformation{RRLP: RRLP{ReferenceNumber: 1}, Data: []byte{0x38}}, wire.ErrUnsupported, "APDU Data.component", 4},
		{"extension cut", "06 38 00 01 30", 4,
			&ApplicationInformation{RRLP: RRLP{ReferenceNumber: 1, Component: PosCapabilityReq}, Data: []byte{0x30}}, wire.ErrShort, "APDU Data.component", 4},
		{"empty", "06 38 00 00", 4, &ApplicationInformation{Data: []byte{}}, wire.ErrShort, "APDU Data.referenceNumber", 4},
		{"not the first segment", "06 38 20 01 ff", 4, &ApplicationInformation{Flags: 2, Data: []byte{0xff}}, nil, "", 0},
		{"warning", "06 38 01 07 4010 1101 0580 00", 4,
			&ApplicationInformation{ID: APDUETWS, ETWS: ETWSPrimaryNotification{Present: true, SerialNumber: 0x4010, MessageIdentifier: 0x1101, WarningType: 0x0580},
				Data: []byte{0x40, 0x10, 0x11, 1, 5, 0x80, 0}}, nil, "", 0},
		{"warning cut", "06 38 01 05 4010 1101 05", 4,
			&ApplicationInformation{ID: APDUETWS, ETWS: ETWSPrimaryNotification{SerialNumber: 0x4010, MessageIdentifier: 0x1101},
				Data: []byte{0x40, 0x10, 0x11, 1, 5}}, wire.ErrShort, "APDU Data.Warning Type", 8},
		{"warning, not the first segment", "06 38 21 01 ff", 4, &ApplicationInformation{ID: APDUETWS, Flags: 2, Data: []byte{0xff}}, nil, "", 0},
		{"reserved protocol", "06 38 0f 01 ff", 4, &ApplicationInformation{ID: 15, Data: []byte{0xff}}, nil, "", 0},
		{"length past the end", "06 38 00 04 010203", 4, &ApplicationInformation{}, wire.ErrShort, "APDU Data", 3},
	}
}

func TestPositionRequest(t *testing.T) {
	for in, want := range map[string]bool{
		"06 38 00 01 00": true, "06 38 00 01 e1": true, "06 38 00 01 02": false, "06 38 20 01 00": false,
		"06 38 01 06 000000000000": false, "06 38 00 01 0a": false,
	} {
		var m ApplicationInformation
		_ = m.Decode(octets(t, in)) // the last one's component is none
		if m.PositionRequest() != want {
			t.Errorf("%s: %v", in, !want)
		}
	}
	if MsrPositionReq.String() != "msrPositionReq" || PosCapabilityRsp.String() != "posCapabilityRsp" || RRLPComponent(7).String() != "reserved (7)" {
		t.Error("names")
	}
}
