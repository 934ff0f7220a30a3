package rr

import "github.com/fbsdetect/fbsdetect/gsmtap/wire"

// RxLev is a received signal level, 0 to 63 (TS 45.008 §8.1.4).
type RxLev uint8

// DBm returns the upper border of the step that the level stands for: -110 dBm for
// 0, which is anything below, to -48 dBm for 62; and -47 dBm for 63, which is
// anything from -48 dBm on.
func (l RxLev) DBm() int { return int(l) - 110 }

// RxQual is a received signal quality, 0 to 7 (TS 45.008 §8.2.4).
type RxQual uint8

// BitErrorRate returns the bit error rate before channel decoding that the
// specification assumes for the step, 0.0014 to 0.181.
func (q RxQual) BitErrorRate() float64 {
	return [...]float64{0.0014, 0.0028, 0.0057, 0.0113, 0.0226, 0.0453, 0.0905, 0.181}[q&7]
}

// BSIC is a base station identity code: network colour code and base station colour
// code (TS 23.003 §4.3.2).
type BSIC uint8

// NCC returns the network colour code, 0 to 7.
func (b BSIC) NCC() int { return int(b >> 3 & 7) }

// BCC returns the base station colour code, 0 to 7.
func (b BSIC) BCC() int { return int(b & 7) }

// maxNeighbours is how many cells a measurement report holds (TS 44.018 §10.5.2.20).
const maxNeighbours = 6

// noNeighbourInformation is the code of NO-NCELL-M for results that are not
// available.
const noNeighbourInformation = 7

// NeighbourMeasurement is what a phone heard from a neighbour.
type NeighbourMeasurement struct {
	// RxLev is RXLEV-NCELL.
	RxLev RxLev
	// BCCHFreq is BCCH-FREQ-NCELL, 0 to 31: the place of its BCCH carrier in the
	// neighbour list of System Information Type 5, in rising order of ARFCN. Where
	// the cell has a list of 3G neighbours, 31 stands for one of these, and BSIC is
	// its index.
	BCCHFreq uint8
	// BSIC is BSIC-NCELL.
	BSIC BSIC
}

// MeasurementResults is what a phone in dedicated mode hears (TS 44.018 §10.5.2.20).
type MeasurementResults struct {
	// BAUsed is BA-USED, the BA-IND of the neighbour list that was used.
	BAUsed bool
	// DTXUsed: the phone used discontinuous transmission in the period.
	DTXUsed bool
	// ThreeGBAUsed is 3G-BA-USED, the same as BAUsed for the list of 3G neighbours.
	ThreeGBAUsed bool
	// SI23BAUsed is SI23_BA_USED, set if the list of System Information Type 23 was
	// used.
	SI23BAUsed bool
	// Valid: the results for the serving cell are valid. The bit on the air,
	// MEAS-VALID, is inverted.
	Valid bool
	// RxLevFull is RXLEV-FULL-SERVING-CELL, over all slots.
	RxLevFull RxLev
	// RxLevSub is RXLEV-SUB-SERVING-CELL, over the slots that are always sent.
	RxLevSub RxLev
	// RxQualFull is RXQUAL-FULL-SERVING-CELL.
	RxQualFull RxQual
	// RxQualSub is RXQUAL-SUB-SERVING-CELL.
	RxQualSub RxQual
	// NoNCellM is the code NO-NCELL-M, 0 to 7: the number of neighbours, or 7 if
	// their results are not available.
	NoNCellM uint8
	// Count is the number of neighbours in Neighbours, 0 to 6.
	Count int
	// Neighbours holds the first Count neighbours.
	Neighbours [maxNeighbours]NeighbourMeasurement
}

// NeighboursAvailable reports whether the phone gave neighbours at all: with Count
// 0 it then heard none.
func (m *MeasurementResults) NeighboursAvailable() bool { return m.NoNCellM < noNeighbourInformation }

func (m *MeasurementResults) decode(b []byte) error {
	r := wire.NewBitReader(b)
	m.BAUsed = r.Flag("BA-USED")
	m.DTXUsed = r.Flag("DTX-USED")
	m.RxLevFull = RxLev(r.Bits("RXLEV-FULL-SERVING-CELL", 6))
	m.ThreeGBAUsed = r.Flag("3G-BA-USED")
	valid := !r.Flag("MEAS-VALID")
	m.Valid = valid && r.OK()
	m.RxLevSub = RxLev(r.Bits("RXLEV-SUB-SERVING-CELL", 6))
	m.SI23BAUsed = r.Flag("SI23_BA_USED")
	m.RxQualFull = RxQual(r.Bits("RXQUAL-FULL-SERVING-CELL", 3))
	m.RxQualSub = RxQual(r.Bits("RXQUAL-SUB-SERVING-CELL", 3))
	m.NoNCellM = uint8(r.Bits("NO-NCELL-M", 3))
	if m.NoNCellM == noNeighbourInformation {
		return r.Err()
	}
	for range int(m.NoNCellM) {
		n := NeighbourMeasurement{
			RxLev:    RxLev(r.Bits("RXLEV-NCELL", 6)),
			BCCHFreq: uint8(r.Bits("BCCH-FREQ-NCELL", 5)),
			BSIC:     BSIC(r.Bits("BSIC-NCELL", 6)),
		}
		if !r.OK() {
			break
		}
		m.Neighbours[m.Count] = n
		m.Count++
	}
	return r.Err()
}

// MeasurementReport is what a phone in dedicated mode sends about twice a second (TS
// 44.018 §9.1.21).
type MeasurementReport struct {
	// Results is the Measurement Results.
	Results MeasurementResults
}

// Name returns "Measurement Report".
func (*MeasurementReport) Name() string { return "Measurement Report" }

// measurementOctets is the length of the value of Measurement Results (TS 44.018
// §10.5.2.20).
const measurementOctets = 16

// Decode fills m from b, which starts at the protocol discriminator.
func (m *MeasurementReport) Decode(b []byte) error {
	*m = MeasurementReport{}
	if err := header(b, typeMeasurementReport); err != nil {
		return err
	}
	v := b[2:min(len(b), 2+measurementOctets)]
	if err := m.Results.decode(v); err != nil {
		return wire.Within(err, "Measurement Results", 2)
	}
	if len(v) < measurementOctets {
		return &wire.DecodeError{Path: "Measurement Results", Offset: len(b), Err: wire.ErrShort}
	}
	return nil
}
