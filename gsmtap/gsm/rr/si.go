package rr

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// first returns the first error that is not nil. The fields of a system
// information message have fixed places, so a bad one does not keep the others
// from being read.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// read reads a Neighbour Cell Description or, if second, Description 2.
func (n *NeighbourCells) read(r *wire.Reader, second bool) error {
	start := r.Offset()
	if second {
		b := r.Octets("Neighbour Cell Description 2", 16)
		if b == nil {
			return nil
		}
		return wire.Within(n.decode2(b), "", start)
	}
	b := r.Octets("Neighbour Cell Description", 16)
	if b == nil {
		return nil
	}
	return wire.Within(n.decode(b), "", start)
}

// readLAI reads a Location Area Identification. The LAC is kept where the digits
// of the network are not.
func readLAI(r *wire.Reader, l *ident.LAI) error {
	start := r.Offset()
	b := r.Octets("Location Area Identification", 5)
	if b == nil {
		return nil
	}
	var err error
	*l, err = ident.DecodeLAI(b)
	return wire.Within(err, "", start)
}

// SystemInformation1 is System Information Type 1 (TS 44.018 §9.1.31).
type SystemInformation1 struct {
	// CellChannels is the Cell Channel Description: the frequencies of the cell.
	CellChannels FrequencyList
	// RACH is the RACH Control Parameters.
	RACH RACHControlParameters
	// Rest is the SI 1 Rest Octets.
	Rest SI1RestOctets
}

// Name returns "System Information Type 1".
func (*SystemInformation1) Name() string { return "System Information Type 1" }

// Decode fills s from b, which starts at the protocol discriminator.
func (s *SystemInformation1) Decode(b []byte) error {
	*s = SystemInformation1{}
	if err := header(b, typeSI1); err != nil {
		return err
	}
	r := wire.NewReader(b)
	r.Octets("Message Type", 2)
	var err error
	if c := r.Octets("Cell Channel Description", 16); c != nil {
		err = wire.Within(s.CellChannels.decode("Cell Channel Description", c, formatMask), "", 2)
	}
	s.RACH.read(&r)
	if !r.OK() {
		return first(err, r.Err())
	}
	return first(err, s.Rest.decode(b, 21))
}

// SystemInformation2 is System Information Type 2 (TS 44.018 §9.1.32).
type SystemInformation2 struct {
	// Neighbours is the Neighbour Cell Description (BCCH Frequency List).
	Neighbours NeighbourCells
	// NCCPermitted is the NCC Permitted.
	NCCPermitted NCCPermitted
	// RACH is the RACH Control Parameters.
	RACH RACHControlParameters
}

// Name returns "System Information Type 2".
func (*SystemInformation2) Name() string { return "System Information Type 2" }

// Decode fills s from b, which starts at the protocol discriminator.
func (s *SystemInformation2) Decode(b []byte) error {
	*s = SystemInformation2{}
	if err := header(b, typeSI2); err != nil {
		return err
	}
	r := wire.NewReader(b)
	r.Octets("Message Type", 2)
	err := s.Neighbours.read(&r, false)
	s.NCCPermitted = NCCPermitted(r.U8("NCC Permitted"))
	s.RACH.read(&r)
	return first(err, r.Err())
}

// SystemInformation2bis is System Information Type 2bis (TS 44.018 §9.1.33).
type SystemInformation2bis struct {
	// Neighbours is the Neighbour Cell Description (Extended BCCH Frequency List).
	Neighbours NeighbourCells
	// RACH is the RACH Control Parameters.
	RACH RACHControlParameters
}

// Name returns "System Information Type 2bis".
func (*SystemInformation2bis) Name() string { return "System Information Type 2bis" }

// Decode fills s from b, which starts at the protocol discriminator. The rest octet
// is all spare and not looked at.
func (s *SystemInformation2bis) Decode(b []byte) error {
	*s = SystemInformation2bis{}
	if err := header(b, typeSI2bis); err != nil {
		return err
	}
	r := wire.NewReader(b)
	r.Octets("Message Type", 2)
	err := s.Neighbours.read(&r, false)
	s.RACH.read(&r)
	return first(err, r.Err())
}

// SystemInformation2ter is System Information Type 2ter (TS 44.018 §9.1.34).
type SystemInformation2ter struct {
	// Neighbours is the Neighbour Cell Description 2 (Extended BCCH Frequency List).
	Neighbours NeighbourCells
	// Rest is the SI 2ter Rest Octets.
	Rest SI2terRestOctets
}

// Name returns "System Information Type 2ter".
func (*SystemInformation2ter) Name() string { return "System Information Type 2ter" }

// Decode fills s from b, which starts at the protocol discriminator.
func (s *SystemInformation2ter) Decode(b []byte) error {
	*s = SystemInformation2ter{}
	if err := header(b, typeSI2ter); err != nil {
		return err
	}
	r := wire.NewReader(b)
	r.Octets("Message Type", 2)
	err := s.Neighbours.read(&r, true)
	if !r.OK() {
		return first(err, r.Err())
	}
	return first(err, s.Rest.decode(b, 18))
}

// SystemInformation3 is System Information Type 3 (TS 44.018 §9.1.35).
type SystemInformation3 struct {
	// CI is the Cell Identity.
	CI uint16
	// LAI is the Location Area Identification. Where its digits are not digits, the
	// LAC alone is set.
	LAI ident.LAI
	// ControlChannel is the Control Channel Description.
	ControlChannel ControlChannelDescription
	// CellOptions is the Cell Options (BCCH).
	CellOptions CellOptions
	// CellSelection is the Cell Selection Parameters.
	CellSelection CellSelectionParameters
	// RACH is the RACH Control Parameters.
	RACH RACHControlParameters
	// Rest is the SI 3 Rest Octets.
	Rest SI3RestOctets
}

// CGI returns the cell global identification.
func (s *SystemInformation3) CGI() ident.CGI { return ident.CGI{LAI: s.LAI, CI: s.CI} }

// Name returns "System Information Type 3".
func (*SystemInformation3) Name() string { return "System Information Type 3" }

// Decode fills s from b, which starts at the protocol discriminator.
func (s *SystemInformation3) Decode(b []byte) error {
	*s = SystemInformation3{}
	if err := header(b, typeSI3); err != nil {
		return err
	}
	r := wire.NewReader(b)
	r.Octets("Message Type", 2)
	s.CI = r.U16("Cell Identity")
	err := readLAI(&r, &s.LAI)
	s.ControlChannel.read(&r)
	s.CellOptions.read(&r, false)
	s.CellSelection.read(&r)
	s.RACH.read(&r)
	if !r.OK() {
		return first(err, r.Err())
	}
	return first(err, s.Rest.decode(b, 18))
}

// SystemInformation5 is System Information Type 5 (TS 44.018 §9.1.37).
type SystemInformation5 struct {
	// Neighbours is the Neighbour Cell Description (BCCH Frequency List).
	Neighbours NeighbourCells
}

// Name returns "System Information Type 5".
func (*SystemInformation5) Name() string { return "System Information Type 5" }

// Decode fills s from b, which starts at the protocol discriminator.
func (s *SystemInformation5) Decode(b []byte) error {
	*s = SystemInformation5{}
	return decodeSI5(b, typeSI5, &s.Neighbours)
}

// SystemInformation5bis is System Information Type 5bis (TS 44.018 §9.1.38).
type SystemInformation5bis struct {
	// Neighbours is the Neighbour Cell Description (Extended BCCH Frequency List).
	Neighbours NeighbourCells
}

// Name returns "System Information Type 5bis".
func (*SystemInformation5bis) Name() string { return "System Information Type 5bis" }

// Decode fills s from b, which starts at the protocol discriminator.
func (s *SystemInformation5bis) Decode(b []byte) error {
	*s = SystemInformation5bis{}
	return decodeSI5(b, typeSI5bis, &s.Neighbours)
}

// SystemInformation5ter is System Information Type 5ter (TS 44.018 §9.1.39).
type SystemInformation5ter struct {
	// Neighbours is the Neighbour Cell Description 2 (Extended BCCH Frequency List).
	Neighbours NeighbourCells
}

// Name returns "System Information Type 5ter".
func (*SystemInformation5ter) Name() string { return "System Information Type 5ter" }

// Decode fills s from b, which starts at the protocol discriminator.
func (s *SystemInformation5ter) Decode(b []byte) error {
	*s = SystemInformation5ter{}
	return decodeSI5(b, typeSI5ter, &s.Neighbours)
}

func decodeSI5(b []byte, mt uint8, n *NeighbourCells) error {
	if err := header(b, mt); err != nil {
		return err
	}
	r := wire.NewReader(b)
	r.Octets("Message Type", 2)
	err := n.read(&r, mt == typeSI5ter)
	return first(err, r.Err())
}

// SystemInformation6 is System Information Type 6 (TS 44.018 §9.1.40).
type SystemInformation6 struct {
	// CI is the Cell Identity.
	CI uint16
	// LAI is the Location Area Identification.
	LAI ident.LAI
	// CellOptions is the Cell Options (SACCH).
	CellOptions CellOptions
	// NCCPermitted is the NCC Permitted.
	NCCPermitted NCCPermitted
	// Rest is the SI 6 Rest Octets.
	Rest SI6RestOctets
}

// CGI returns the cell global identification.
func (s *SystemInformation6) CGI() ident.CGI { return ident.CGI{LAI: s.LAI, CI: s.CI} }

// Name returns "System Information Type 6".
func (*SystemInformation6) Name() string { return "System Information Type 6" }

// Decode fills s from b, which starts at the protocol discriminator.
func (s *SystemInformation6) Decode(b []byte) error {
	*s = SystemInformation6{}
	if err := header(b, typeSI6); err != nil {
		return err
	}
	r := wire.NewReader(b)
	r.Octets("Message Type", 2)
	s.CI = r.U16("Cell Identity")
	err := readLAI(&r, &s.LAI)
	s.CellOptions.read(&r, true)
	s.NCCPermitted = NCCPermitted(r.U8("NCC Permitted"))
	if !r.OK() {
		return first(err, r.Err())
	}
	return first(err, s.Rest.decode(b, 11))
}

// SystemInformation7 is System Information Type 7 (TS 44.018 §9.1.41), which continues
// the rest octets of type 4.
type SystemInformation7 struct {
	// Rest is the SI 7 Rest Octets.
	Rest SI4RestOctets
}

// Name returns "System Information Type 7".
func (*SystemInformation7) Name() string { return "System Information Type 7" }

// Decode fills s from b, which starts at the protocol discriminator.
func (s *SystemInformation7) Decode(b []byte) error {
	*s = SystemInformation7{}
	if err := header(b, typeSI7); err != nil {
		return err
	}
	return s.Rest.decode("SI 7 Rest Octets", b, 2)
}

// SystemInformation8 is System Information Type 8 (TS 44.018 §9.1.42), which continues
// the rest octets of type 4.
type SystemInformation8 struct {
	// Rest is the SI 8 Rest Octets.
	Rest SI4RestOctets
}

// Name returns "System Information Type 8".
func (*SystemInformation8) Name() string { return "System Information Type 8" }

// Decode fills s from b, which starts at the protocol discriminator.
func (s *SystemInformation8) Decode(b []byte) error {
	*s = SystemInformation8{}
	if err := header(b, typeSI8); err != nil {
		return err
	}
	return s.Rest.decode("SI 8 Rest Octets", b, 2)
}

// SystemInformation9 is System Information Type 9 (TS 44.018 §9.1.43). Its rest octets,
// the scheduling information, are not decoded.
type SystemInformation9 struct {
	// RACH is the RACH Control Parameters.
	RACH RACHControlParameters
	// Undecoded counts the bits of the rest octets, if they hold anything.
	Undecoded int
}

// Name returns "System Information Type 9".
func (*SystemInformation9) Name() string { return "System Information Type 9" }

// Decode fills s from b, which starts at the protocol discriminator.
func (s *SystemInformation9) Decode(b []byte) (err error) {
	*s = SystemInformation9{}
	if err := header(b, typeSI9); err != nil {
		return err
	}
	r := wire.NewReader(b)
	r.Octets("Message Type", 2)
	if s.RACH.read(&r); !r.OK() {
		return r.Err()
	}
	o := newRest(b, 5, 0)
	s.Undecoded, err = o.finish("SI 9 Rest Octets", 5)
	return err
}

// SystemInformation13 is System Information Type 13 (TS 44.018 §9.1.43a).
type SystemInformation13 struct {
	// Rest is the SI 13 Rest Octets.
	Rest SI13RestOctets
}

// Name returns "System Information Type 13".
func (*SystemInformation13) Name() string { return "System Information Type 13" }

// Decode fills s from b, which starts at the protocol discriminator.
func (s *SystemInformation13) Decode(b []byte) error {
	*s = SystemInformation13{}
	if err := header(b, typeSI13); err != nil {
		return err
	}
	return s.Rest.decode(b, 2)
}
