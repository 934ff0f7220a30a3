// Package track reads where a receiver was: positions by time, as a GPS logger or a
// phone recorded them. It says nothing about where a cell is.
package track

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrFormat says that a file is no track; the error names file, line and cause.
var ErrFormat = errors.New("not a track")

// Bounds of a track: a logger that writes every second makes 86,400 points a day.
const (
	maxPoints = 2_000_000
	maxOctets = 512 << 20
)

// Point is a position at a time.
type Point struct {
	// Time is in nanoseconds since 1970.
	Time int64
	// Latitude is -90 to 90 degrees, Longitude -180 to 180, by WGS 84.
	Latitude, Longitude float64
}

// Track is a recording of positions.
type Track struct {
	Path   string
	SHA256 string
	// Points are ordered by time; of several at one time the first is kept.
	Points []Point
	// Untimed counts the points of a GPX file that have no time and were left out.
	Untimed int
}

// Open reads a file of CSV or GPX.
func Open(path string) (*Track, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Read(f, path)
}

// Read reads a track; name is what errors call it. A file that begins with "<" is GPX,
// of which the points of tracks (trkpt) with a time count; any other is CSV with a header
// and the columns time (RFC 3339 with a zone, or seconds since 1970), lat and lon (degrees).
func Read(r io.Reader, name string) (*Track, error) {
	h := sha256.New()
	limited := &io.LimitedReader{R: io.TeeReader(r, h), N: maxOctets + 1}
	b := bufio.NewReaderSize(limited, 64<<10)
	t := &Track{Path: name}
	if bom, _ := b.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		b.Discard(3)
	}
	head, err := b.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	read := t.readCSV
	if bytes.HasPrefix(bytes.TrimSpace(head), []byte("<")) {
		read = t.readGPX
	}
	line, err := read(b)
	if limited.N == 0 {
		line, err = 0, fmt.Errorf("more than %d octets", maxOctets)
	}
	if err == nil && len(t.Points) == 0 {
		err = errors.New("no point with a time")
	}
	if err != nil {
		if line > 0 {
			return nil, fmt.Errorf("%w: %s line %d: %w", ErrFormat, name, line, err)
		}
		return nil, fmt.Errorf("%w: %s: %w", ErrFormat, name, err)
	}
	if _, err := io.Copy(io.Discard, b); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	t.SHA256 = hex.EncodeToString(h.Sum(nil))
	slices.SortStableFunc(t.Points, func(a, b Point) int { return cmp.Compare(a.Time, b.Time) })
	t.Points = slices.CompactFunc(t.Points, func(a, b Point) bool { return a.Time == b.Time })
	return t, nil
}

// At returns the index of the point nearest in time and how far off it is. ok is false
// if that is more than gap.
func (t *Track) At(ns int64, gap time.Duration) (i int, off time.Duration, ok bool) {
	i, exact := slices.BinarySearchFunc(t.Points, ns, func(p Point, ns int64) int { return cmp.Compare(p.Time, ns) })
	if exact {
		return i, 0, true
	}
	// The difference of two times since 1970 does not overflow.
	if i == len(t.Points) || i > 0 && ns-t.Points[i-1].Time <= t.Points[i].Time-ns {
		i--
	}
	off = time.Duration(t.Points[i].Time - ns).Abs()
	return i, off, off <= gap
}

// add checks a point and keeps it.
func (t *Track) add(when, lat, lon string) error {
	if len(t.Points) == maxPoints {
		return fmt.Errorf("more than %d points", maxPoints)
	}
	p := Point{}
	var err error
	if p.Time, err = parseTime(when); err != nil {
		return err
	}
	if p.Latitude, err = parseDegrees("latitude", lat, 90); err != nil {
		return err
	}
	if p.Longitude, err = parseDegrees("longitude", lon, 180); err != nil {
		return err
	}
	t.Points = append(t.Points, p)
	return nil
}

func parseDegrees(what, s string, limit float64) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(v) || math.Abs(v) > limit {
		return 0, fmt.Errorf("%s %q is no number from %g to %g", what, s, -limit, limit)
	}
	return v, nil
}

// latest is the last time that nanoseconds since 1970 can hold.
var latest = time.Unix(0, math.MaxInt64)

func parseTime(s string) (int64, error) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00"} {
		if v, err := time.Parse(layout, s); err == nil {
			if v.Unix() < 0 || v.After(latest) {
				return 0, fmt.Errorf("time %q is not between 1970 and 2262", s)
			}
			return v.UnixNano(), nil
		}
	}
	if len(s) < 40 && strings.Trim(s, "0123456789.") == "" {
		if v, ok := new(big.Rat).SetString(s); ok { // exact, unlike floating point
			v.Mul(v, big.NewRat(1e9, 1))
			if ns := new(big.Int).Quo(v.Num(), v.Denom()); ns.IsInt64() {
				return ns.Int64(), nil
			}
			return 0, fmt.Errorf("time %q is not between 1970 and 2262", s)
		}
	}
	return 0, fmt.Errorf("time %q is neither RFC 3339 with a zone (2026-03-01T10:00:00Z) nor seconds since 1970", s)
}

// columns are the names that a header may give the columns.
var columns = [...][]string{{"time", "timestamp"}, {"lat", "latitude"}, {"lon", "lng", "long", "longitude"}}

// readCSV returns the line of the error.
func (t *Track) readCSV(r io.Reader) (int, error) {
	c := csv.NewReader(r)
	c.ReuseRecord, c.TrimLeadingSpace, c.Comment = true, true, '#'
	fail := func(err error) (int, error) {
		var p *csv.ParseError
		if errors.As(err, &p) {
			return p.Line, p.Err
		}
		return 0, err
	}
	head, err := c.Read()
	if errors.Is(err, io.EOF) {
		return 0, errors.New("it is empty")
	}
	if err != nil {
		return fail(err)
	}
	var at [len(columns)]int
	for i, names := range columns {
		at[i] = slices.IndexFunc(head, func(h string) bool { return slices.Contains(names, strings.ToLower(strings.TrimSpace(h))) })
		if at[i] < 0 {
			return 1, fmt.Errorf("no column %q: the first line must name the columns time, lat and lon, separated by commas", names[0])
		}
	}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return 0, nil
		}
		if err != nil {
			return fail(err)
		}
		if err := t.add(row[at[0]], row[at[1]], row[at[2]]); err != nil {
			line, _ := c.FieldPos(0)
			return line, err
		}
	}
}

// readGPX returns the line of the error.
func (t *Track) readGPX(r io.Reader) (int, error) {
	d := xml.NewDecoder(r)
	var lat, lon, when string
	depth, point, start := 0, 0, 0 // point is the depth of the trkpt we are in
	inTime, gpx := false, false
	for {
		tok, err := d.Token() // checks that elements end as they began
		line, _ := d.InputPos()
		switch {
		case errors.Is(err, io.EOF) && !gpx:
			return 0, errors.New("no element gpx")
		case errors.Is(err, io.EOF):
			return 0, nil
		case err != nil:
			return line, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			depth++
			switch name := tok.Name.Local; {
			case depth == 1 && name != "gpx":
				return line, fmt.Errorf("the element is %q, not gpx", name)
			case depth == 1:
				gpx = true
			case name == "trkpt" && point == 0:
				point, start, lat, lon, when = depth, line, "", "", ""
				for _, a := range tok.Attr {
					switch a.Name.Local {
					case "lat":
						lat = a.Value
					case "lon":
						lon = a.Value
					}
				}
			case name == "time" && point > 0 && depth == point+1:
				inTime = true
			}
		case xml.CharData:
			if inTime && len(when)+len(tok) <= 64 {
				when += string(tok)
			}
		case xml.EndElement:
			inTime = false
			if depth == point {
				point = 0
				if strings.TrimSpace(when) == "" {
					t.Untimed++
				} else if err := t.add(when, lat, lon); err != nil {
					return start, err
				}
			}
			depth--
		}
	}
}
