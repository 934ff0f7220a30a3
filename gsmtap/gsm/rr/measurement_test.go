package rr

import (
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func measurementVectors(testing.TB) []dedicatedVector {
	return []dedicatedVector{
		//          PD MT serving qual/n neighbours
		{"none heard", "06 15 3f3f 00 00 000000000000000000000000", 18,
			&MeasurementReport{MeasurementResults{Valid: true, RxLevFull: 63, RxLevSub: 63}}, nil, "", 0},
		{"neighbours not available, not valid", "06 15 d5ea fd c0 000000000000000000000000", 18,
			&MeasurementReport{MeasurementResults{BAUsed: true, DTXUsed: true, RxLevFull: 21, ThreeGBAUsed: true, RxLevSub: 42,
				SI23BAUsed: true, RxQualFull: 7, RxQualSub: 6, NoNCellM: 7}}, nil, "", 0},
		{"two", "06 15 2b2b 02 95 33f5f40000000000000000000", 18, nil, nil, "", 0},
		{"cut in a neighbour", "06 15 2b2b 00 95 30 5e", 18, nil, wire.ErrShort, "", 0},
	}
}

func BenchmarkMeasurementReport(b *testing.B) {
	benchmarkDecode(b, "06 15 2b2b 5d aa aaaaaaaaaaaaaaaaaaaaaaaa")
}

func TestMeasurementUnits(t *testing.T) {
	for l, want := range map[RxLev]int{0: -110, 1: -109, 62: -48, 63: -48} {
		if got := l.DBm(); got != want {
			t.Errorf("RXLEV %d: %d dBm, want %d", l, got, want)
		}
	}
	if got := RxQual(7).BitErrorRate(); got != 0.181 {
		t.Error(got)
	}
	if b := BSIC(0o27); b.NCC() != 2 || b.BCC() != 7 {
		t.Errorf("%d %d", b.NCC(), b.BCC())
	}
}
