package rr

import (
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/classmark"
)

func classmarkVectors(testing.TB) []dedicatedVector {
	cm1 := classmark.Classmark1{Revision: 2, EarlySending: true, A51: true, RFPower: 7}
	all := classmark.Classmark2{Classmark1: classmark.Classmark1{Revision: 3, EarlySending: true, RFPower: 7}, PS: true, SSScreening: 3, SM: true,
		VBS: true, VGCS: true, FC: true, CM3: true, LCSVA: true, UCS2: true, SoLSA: true, CMSP: true, A53: true, A52: true}
	usual := classmark.Classmark2{Classmark1: cm1, SSScreening: 1, SM: true, VGCS: true, FC: true, CM3: true, A53: true}
	return []dedicatedVector{
		//               PD MT classmark 2 classmark 3
		{"classmark 2", "06 16 03 571b82", 6, &ClassmarkChange{Classmark: usual}, nil, "", 0},
		{"with classmark 3", "06 16 03 571b82 20 04 01020304", 6,
			&ClassmarkChange{Classmark: usual, Classmark3Present: true, Classmark3: []byte{1, 2, 3, 4}}, nil, "", 0},
		{"all bits, longer than three octets", "06 16 04 ffffffff", 6, &ClassmarkChange{Classmark: all}, nil, "", 0},
		{"no bits", "06 16 03 000000", 6, &ClassmarkChange{Classmark: classmark.Classmark2{Classmark1: classmark.Classmark1{A51: true}}}, nil, "", 0},
		{"enquiry", "06 13", 2, &ClassmarkEnquiry{}, nil, "", 0},
		{"enquiry with mask", "06 13 10 01 60", 2, &ClassmarkEnquiry{MaskPresent: true, Mask: 0x60}, nil, "", 0},
		{"enquiry with two masks", "06 13 10 01 60 10 01 00", 2,
			&ClassmarkEnquiry{MaskPresent: true, Mask: 0x60, Unknown: UnknownIEs{IEI: [8]uint8{0x10}, Count: 1}}, nil, "", 0},
	}
}
