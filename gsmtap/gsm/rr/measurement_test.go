package rr

import (
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func measurementVectors(testing.TB) []dedicatedVector {
	serving := func(n uint8, cells ...NeighbourMeasurement) MeasurementResults {
		r := MeasurementResults{Valid: true, RxLevFull: 40, RxLevSub: 38, RxQualFull: 4, RxQualSub: 2, NoNCellM: n, Count: len(cells)}
		copy(r.Neighbours[:], cells)
		return r
	}
	return []dedicatedVector{
		//          PD MT serving qual/n neighbours
		{"none heard", "06 15 3f3f 00 00 000000000000000000000000", 18,
			&MeasurementReport{MeasurementResults{Valid: true, RxLevFull: 63, RxLevSub: 63}}, nil, "", 0},
		{"neighbours not available, not valid", "06 15 d5ea fd c0 000000000000000000000000", 18,
			&MeasurementReport{MeasurementResults{BAUsed: true, DTXUsed: true, RxLevFull: 21, ThreeGBAUsed: true, RxLevSub: 42,
				SI23BAUsed: true, RxQualFull: 7, RxQualSub: 6, NoNCellM: 7}}, nil, "", 0},
		{"two", "06 15 2826 44 a122ca7ff00000000000000000", 18, &MeasurementReport{serving(2,
			NeighbourMeasurement{33, 4, 22}, NeighbourMeasurement{20, 31, 63})}, nil, "", 0},
		{"six", "06 15 2826 45 a122cda7349839227bfffe0001", 18, &MeasurementReport{serving(6,
			NeighbourMeasurement{33, 4, 22}, NeighbourMeasurement{27, 9, 51}, NeighbourMeasurement{18, 12, 7},
			NeighbourMeasurement{9, 2, 30}, NeighbourMeasurement{63, 31, 63}, NeighbourMeasurement{0, 0, 1})}, nil, "", 0},
		{"trailing octets", "06 15 2826 44 a122ca7ff00000000000000000 2b2b2b", 18, &MeasurementReport{serving(2,
			NeighbourMeasurement{33, 4, 22}, NeighbourMeasurement{20, 31, 63})}, nil, "", 0},
		{"cut in the second neighbour", "06 15 2826 44 a122ca7f", 18,
			&MeasurementReport{serving(2, NeighbourMeasurement{33, 4, 22})}, wire.ErrShort, "Measurement Results.BSIC-NCELL", 8},
		{"cut after the neighbours", "06 15 2826 44 a122ca7ff000", 18, &MeasurementReport{serving(2,
			NeighbourMeasurement{33, 4, 22}, NeighbourMeasurement{20, 31, 63})}, wire.ErrShort, "Measurement Results", 11},
	}
}

func BenchmarkMeasurementReport(b *testing.B) {
	benchmarkDecode(b, "06 15 2b2b 5d aa aaaaaaaaaaaaaaaaaaaaaaaa")
}

func TestMeasurementUnits(t *testing.T) {
	for l, want := range map[RxLev]int{0: -110, 1: -109, 62: -48, 63: -47} {
		if got := l.DBm(); got != want {
			t.Errorf("RXLEV %d: %d dBm, want %d", l, got, want)
		}
	}
	if got := RxQual(7).BitErrorRate(); got != 0.181 {
		t.Error(got)
	}
	for n := range uint8(8) {
		m := MeasurementResults{NoNCellM: n}
		if got := m.NeighboursAvailable(); got != (n < 7) {
			t.Errorf("NO-NCELL-M %d: %v", n, got)
		}
	}
	if b := BSIC(0o27); b.NCC() != 2 || b.BCC() != 7 {
		t.Errorf("%d %d", b.NCC(), b.BCC())
	}
}
