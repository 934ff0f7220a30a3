package baseline

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/event"
)

// Bounds on an external list.
const (
	// maxLine bounds a line in octets; one of OpenCelliD has about 80.
	maxLine = 512
	// maxListed bounds the lines of a file; the whole of OpenCelliD has about 50 million.
	maxListed = 200_000_000
	// maxNamed is how many malformed lines are named.
	maxNamed = 5
	// tries is after how many lines without a cell a file is given up.
	tries = 1000
)

// List is what was read from an external list of cells.
type List struct {
	// SHA256 is that of the file as it was read, in hex.
	SHA256 string `json:"list"`
	// Cells counts the lines taken, Other those of radios that the program does not know
	// (CDMA), Malformed those not understood.
	Cells     int `json:"cells"`
	Other     int `json:"other"`
	Malformed int `json:"malformed"`
	// First names the first malformed lines and what is wrong with them.
	First []string `json:"-"`
}

// listedCell is a cell of an external list.
type listedCell struct {
	rat       event.RAT
	mcc, mnc  uint16
	area      uint32
	cell      uint64
	lat, lon  int64 // 1e-6 degree
	reach     int64 // m
	samples   int64
	updatedAt int64 // s since 1970
}

// listedLine is a listed cell as it is exported.
type listedLine struct {
	RAT     string  `json:"listed"`
	MCC     uint16  `json:"mcc"`
	MNC     uint16  `json:"mnc"`
	Area    uint32  `json:"area"`
	Cell    uint64  `json:"cell"`
	Lat     float64 `json:"lat"`
	Lon     float64 `json:"lon"`
	Range   int64   `json:"range"`
	Samples int64   `json:"samples"`
	Updated int64   `json:"updated"`
}

func (l *listedCell) line() listedLine {
	return listedLine{
		l.rat.String(), l.mcc, l.mnc, l.area, l.cell, float64(l.lat) / 1e6, float64(l.lon) / 1e6, l.reach, l.samples, l.updatedAt,
	}
}

// Import adds an external list of cells in the form of OpenCelliD and Mozilla Location
// Service, which may be compressed with gzip:
//
//	radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal
//
// A first line with these names is skipped. Of several entries of a cell the newest
// counts. A list says that others met a cell, not what is normal: it serves Listed only.
// The error wraps ErrFormat if the file is no such list.
func (b *Builder) Import(r io.Reader) (List, error) {
	var l List
	h := sha256.New()
	raw := bufio.NewReaderSize(io.TeeReader(r, h), 64<<10)
	var in io.Reader = raw
	if magic, _ := raw.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(raw)
		if err != nil {
			return l, fmt.Errorf("%w: gzip: %w", errList, err)
		}
		defer z.Close()
		in = z
	}
	lines := bufio.NewReaderSize(in, 64<<10)
	for number := 1; ; number++ {
		text, long, err := line(lines)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return l, fmt.Errorf("line %d: %w", number, err)
		}
		if number > maxListed {
			return l, fmt.Errorf("%w: more than %d lines", errList, maxListed)
		}
		if text == "" && !long || number == 1 && strings.HasPrefix(strings.ToLower(text), "radio,") {
			continue
		}
		c, err := parseListed(text)
		switch {
		case long:
			err = errors.New("too long")
		case errors.Is(err, errOtherRadio):
			l.Other++
			continue
		}
		if err != nil {
			if l.Malformed++; len(l.First) < maxNamed {
				l.First = append(l.First, fmt.Sprintf("line %d: %v", number, err))
			}
			if l.Malformed >= tries && l.Cells+l.Other == 0 {
				break
			}
			continue
		}
		if err := b.listed(&c); err != nil {
			return l, err
		}
		l.Cells++
	}
	if l.Cells+l.Other == 0 {
		return l, fmt.Errorf("%w: %s", errList, strings.Join(append([]string{"no line describes a cell"}, l.First...), "; "))
	}
	if _, err := io.Copy(io.Discard, raw); err != nil { // what follows the compressed data
		return l, err
	}
	l.SHA256 = hex.EncodeToString(h.Sum(nil))
	return l, b.list(&l)
}

// errList says that a file is no list of cells.
var errList = fmt.Errorf("%w: no list of cells", ErrFormat)

// errOtherRadio says that a line is of a radio that the program does not know.
var errOtherRadio = errors.New("other radio")

// line reads a line without its end; long says that it was cut at maxLine.
func line(r *bufio.Reader) (text string, long bool, err error) {
	part, err := r.ReadSlice('\n')
	if len(part) == 0 && err != nil && !errors.Is(err, bufio.ErrBufferFull) {
		return "", false, err
	}
	for errors.Is(err, bufio.ErrBufferFull) {
		long = true
		_, err = r.ReadSlice('\n')
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return "", long, err
	}
	if long = long || len(part) > maxLine; long {
		return "", true, nil
	}
	return strings.TrimRight(string(part), "\r\n"), false, nil
}

// limits are the largest area and cell by RAT (TS 23.003 §4.1, §4.3.1, §19.4.2.3,
// §19.6).
var limits = [...]struct {
	area uint32
	cell uint64
}{event.GSM: {1<<16 - 1, 1<<16 - 1}, event.UMTS: {1<<16 - 1, 1<<28 - 1}, event.LTE: {1<<16 - 1, 1<<28 - 1}, event.NR: {1<<24 - 1, 1<<36 - 1}}

// parseListed reads a line of a list.
func parseListed(s string) (listedCell, error) {
	var c listedCell
	var f [14]string
	n := 0
	for part := range strings.SplitSeq(s, ",") {
		if n == len(f) {
			return c, fmt.Errorf("more than %d fields", len(f))
		}
		f[n] = strings.TrimSpace(part)
		n++
	}
	if n < 13 { // averageSignal may be left out
		return c, fmt.Errorf("%d fields instead of %d", n, len(f))
	}
	rat, ok := event.ParseRAT(strings.ToLower(f[0]))
	if !ok {
		if strings.EqualFold(f[0], "cdma") {
			return c, errOtherRadio
		}
		return c, fmt.Errorf("radio %s", quote(f[0]))
	}
	var err error
	integer := func(name, text string, limit uint64) uint64 {
		v, e := strconv.ParseUint(text, 10, 64)
		if err == nil && (e != nil || v > limit) {
			err = fmt.Errorf("%s %s", name, quote(text))
		}
		return v
	}
	optional := func(name, text string) int64 {
		if text == "" {
			return 0
		}
		v, e := strconv.ParseFloat(text, 64)
		if err == nil && (e != nil || !(v >= -1 && v < 1<<40)) {
			err = fmt.Errorf("%s %s", name, quote(text))
		}
		return max(0, int64(v))
	}
	degrees := func(name, text string, limit float64) int64 {
		v, e := strconv.ParseFloat(text, 64)
		if err == nil && (e != nil || !(math.Abs(v) <= limit)) {
			err = fmt.Errorf("%s %s", name, quote(text))
			return 0
		}
		return int64(math.Round(1e6 * v))
	}
	c.rat = rat
	c.mcc = uint16(integer("mcc", f[1], 999))
	c.mnc = uint16(integer("net", f[2], 999))
	c.area = uint32(integer("area", f[3], uint64(limits[rat].area)))
	c.cell = integer("cell", f[4], limits[rat].cell)
	c.lon = degrees("lon", f[6], 180)
	c.lat = degrees("lat", f[7], 90)
	c.reach = optional("range", f[8])
	c.samples = optional("samples", f[9])
	c.updatedAt = optional("updated", f[12])
	return c, err
}

// quote prints a field of a file, which may hold anything.
func quote(s string) string {
	if len(s) > 40 {
		s = s[:40]
	}
	return strconv.QuoteToASCII(s)
}

// listed enters a cell; of two entries the newest counts, then the one with more
// samples.
func (b *Builder) listed(c *listedCell) error {
	_, err := b.exec(`INSERT INTO listed VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET lat = excluded.lat, lon = excluded.lon, range = excluded.range, samples = excluded.samples, updated = excluded.updated
WHERE (excluded.updated, excluded.samples, excluded.range, excluded.lat, excluded.lon) > (updated, samples, range, lat, lon)`,
		code(rats[:], c.rat), int(c.mcc), int(c.mnc), int64(c.area), int64(c.cell), c.lat, c.lon, c.reach, c.samples, c.updatedAt)
	return err
}

func (b *Builder) list(l *List) error {
	sha, err := hex.DecodeString(l.SHA256)
	if err != nil {
		return err
	}
	_, err = b.exec("INSERT INTO list VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "+
		"cells = max(cells, excluded.cells), other = max(other, excluded.other), malformed = max(malformed, excluded.malformed)",
		sha, l.Cells, l.Other, l.Malformed)
	return err
}

func (b *Builder) mergeLists(from *Baseline) error {
	if err := from.eachList(b.list); err != nil {
		return err
	}
	return from.eachListed(b.listed)
}

func (b *Baseline) eachList(f func(*List) error) error {
	var l List
	var sha []byte
	return b.r.each("SELECT sha256, cells, other, malformed FROM list ORDER BY sha256", nil,
		[]any{&sha, &l.Cells, &l.Other, &l.Malformed}, func() error {
			if len(sha) != sha256.Size || min(l.Cells, l.Other, l.Malformed) < 0 {
				return damaged("list")
			}
			l.SHA256 = hex.EncodeToString(sha)
			return f(&l)
		})
}

func (b *Baseline) eachListed(f func(*listedCell) error) error {
	var c listedCell
	var rat int64
	return b.r.each("SELECT rat, mcc, mnc, area, cell, lat, lon, range, samples, updated FROM listed ORDER BY rat, mcc, mnc, area, cell", nil,
		[]any{&rat, &c.mcc, &c.mnc, &c.area, &c.cell, &c.lat, &c.lon, &c.reach, &c.samples, &c.updatedAt}, func() error {
			var ok bool
			if c.rat, ok = decode(rats[:], rat); !ok {
				return damaged("listed cell")
			}
			return f(&c)
		})
}
