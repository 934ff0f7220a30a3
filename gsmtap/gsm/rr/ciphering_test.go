package rr

import (
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func cipheringVectors(t testing.TB) []dedicatedVector {
	return []dedicatedVector{
		//              PD MT setting
		{"A5/1", "06 35 01", 3, &CipheringModeCommand{Setting: CipherModeSetting{true, A51}}, nil, "", 0},
		{"A5/3, IMEISV", "06 35 15", 3, &CipheringModeCommand{Setting: CipherModeSetting{true, A53}, IMEISVRequested: true}, nil, "", 0},
		{"A5/7", "06 35 0d", 3, &CipheringModeCommand{Setting: CipherModeSetting{true, A57}}, nil, "", 0},
		{"reserved algorithm, spare bits", "06 35 ef", 3, &CipheringModeCommand{Setting: CipherModeSetting{true, 7}}, nil, "", 0},
		{"no ciphering", "06 35 10", 3, &CipheringModeCommand{IMEISVRequested: true}, nil, "", 0},
		{"algorithm without start", "06 35 02", 3, &CipheringModeCommand{Setting: CipherModeSetting{false, A52}}, nil, "", 0},
		{"trailing octets", "06 35 01 55 01 aa", 3,
			&CipheringModeCommand{Setting: CipherModeSetting{true, A51}, Unknown: UnknownIEs{IEI: [8]uint8{0x55}, Count: 1}}, nil, "", 0},
		{"complete", "06 32", 2, &CipheringModeComplete{}, nil, "", 0},
		{"complete with IMEISV", "06 32 17 09 03 10 10 00 00 00 00 10 f0", 2,
			&CipheringModeComplete{EquipmentPresent: true, Equipment: mustIMEISV(t, "0010100000000010")}, nil, "", 0},
		{"complete twice", "06 32 17 09 03 10 10 00 00 00 00 10 f0 17 00", 2,
			&CipheringModeComplete{EquipmentPresent: true, Equipment: mustIMEISV(t, "0010100000000010"),
				Unknown: UnknownIEs{IEI: [8]uint8{0x17}, Count: 1}}, nil, "", 0},
		{"complete, digit that is none", "06 32 17 09 03 10 10 00 00 00 00 1f f0", 2,
			&CipheringModeComplete{EquipmentPresent: true, Equipment: ident.MobileIdentity{Type: ident.IMEISV}}, wire.ErrInvalid, "Mobile Identity", 11},
	}
}

func mustIMEISV(t testing.TB, digits string) ident.MobileIdentity {
	t.Helper()
	m, ok := ident.ParseDigits(ident.IMEISV, digits)
	if !ok {
		t.Fatal(digits)
	}
	return m
}
