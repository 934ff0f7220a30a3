package score

import (
	"bytes"
	_ "embed" // the table
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/rule"
)

// CalibrationSchema names the form of Calibration.
const CalibrationSchema = "fbsdetect.calibration/1"

// MaxSlope bounds how far labelled captures may raise a family against the experts'
// weights: what needs more is a wrong weight and should be corrected there.
const MaxSlope = 3.0

// Expert is the basis of a family whose weights stay as the rules give them.
const Expert = "expert"

// Calibration says how much the families of evidence count, measured on labelled
// captures, and where that was measured. "fbsdetect verify --calibrate" writes it. The
// nil Calibration counts all families as the rules give them.
type Calibration struct {
	Schema string `json:"schema"`
	// Ruleset is the hash of the rules whose evidence was measured.
	Ruleset string `json:"ruleset"`
	// PriorLog10, Damping and FamilyCap are the constants of the score at that time.
	PriorLog10 float64 `json:"prior_log10"`
	Damping    float64 `json:"damping"`
	FamilyCap  float64 `json:"family_cap"`
	// Labels are the labels files.
	Labels []LabelFile `json:"labels"`
	// Captures counts the captures that had a labelled cell, Sources the laboratories
	// and collections that they come from.
	Captures int `json:"captures"`
	Sources  int `json:"sources"`
	// RATs are the cells measured on.
	RATs []CalibratedRAT `json:"rats"`
	// Penalty is that of the fit, null if no family was fitted.
	Penalty *float64 `json:"penalty"`
	// Families are in alphabetical order.
	Families []CalibratedFamily `json:"families"`
}

// LabelFile names a labels file.
type LabelFile struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// CalibratedRAT counts the cells of a RAT.
type CalibratedRAT struct {
	RAT      string `json:"rat"`
	Captures int    `json:"captures"`
	Cells    int    `json:"cells"`
	Rogue    int    `json:"rogue"`
}

// CalibratedFamily is how much a family counts.
type CalibratedFamily struct {
	Family rule.Family `json:"family"`
	// Slope multiplies the sum of the family, 0 to MaxSlope; 1 leaves the experts'
	// weights.
	Slope float64 `json:"slope"`
	// Basis is Expert or "measured: …".
	Basis string `json:"basis"`
	// Rogue and Genuine count the cells that showed the family; Captures and Sources
	// where the rogue ones are from.
	Rogue    int `json:"rogue"`
	Genuine  int `json:"genuine"`
	Captures int `json:"captures"`
	Sources  int `json:"sources"`
	// Reason says why the slope is what it is.
	Reason string `json:"reason"`
}

//go:embed calibration.json
var calibrationJSON []byte

// embedded is the table that the program was built with.
var embedded = mustCalibration(calibrationJSON)

func mustCalibration(b []byte) *Calibration {
	c, err := ReadCalibration(bytes.NewReader(b))
	if err != nil {
		panic(err) // a programmer's error, found by the first test
	}
	return c
}

// Embedded returns the calibration that Sum uses. It must not be changed.
func Embedded() *Calibration { return embedded }

// maxCalibration bounds a table in octets; one with every family has some thousand.
const maxCalibration = 1 << 20

// ReadCalibration reads and checks a table.
func ReadCalibration(r io.Reader) (*Calibration, error) {
	var c Calibration
	d := json.NewDecoder(io.LimitReader(r, maxCalibration))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return nil, fmt.Errorf("read calibration: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read calibration: more follows after the object")
	}
	switch {
	case c.Schema != CalibrationSchema:
		return nil, fmt.Errorf("read calibration: schema %q is not known", c.Schema)
	case c.PriorLog10 != PriorLog10 || c.Damping != Damping || c.FamilyCap != FamilyCap:
		return nil, errors.New("read calibration: measured with other constants of the score")
	}
	for i, f := range c.Families {
		switch {
		case f.Family == "" || i > 0 && f.Family <= c.Families[i-1].Family:
			return nil, fmt.Errorf("read calibration: family %q is empty, twice or not in order", f.Family)
		case !(f.Slope >= 0 && f.Slope <= MaxSlope):
			return nil, fmt.Errorf("read calibration: slope %v of %s is not 0 to %g", f.Slope, f.Family, MaxSlope)
		case f.Basis == "" || f.Basis == Expert && f.Slope != 1:
			return nil, fmt.Errorf("read calibration: slope %v of %s rests on %q", f.Slope, f.Family, f.Basis)
		}
	}
	return &c, nil
}

// family returns the entry of a family, nil if it has none.
func (c *Calibration) family(f rule.Family) *CalibratedFamily {
	if c == nil {
		return nil
	}
	i := slices.IndexFunc(c.Families, func(x CalibratedFamily) bool { return x.Family == f })
	if i < 0 {
		return nil
	}
	return &c.Families[i]
}

// slope of a family, 1 unless measured.
func (c *Calibration) slope(f rule.Family) float64 {
	if x := c.family(f); x != nil {
		return x.Slope
	}
	return 1
}

// Measured reports whether some family counts otherwise than the rules say.
func (c *Calibration) Measured() bool {
	return c != nil && slices.ContainsFunc(c.Families, func(f CalibratedFamily) bool { return f.Basis != Expert })
}

// Basis says what the weight of a finding rests on: the rule's own basis, or the
// measurement of its family.
func (c *Calibration) Basis(f rule.Family, own string) string {
	if x := c.family(f); x != nil && x.Basis != Expert {
		return fmt.Sprintf("%s (family times %.2f); rule: %s", x.Basis, x.Slope, own)
	}
	return own
}
