package track

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestRead(t *testing.T) {
	want := []Point{
		{time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC).UnixNano(), 13.75, 100.5},
		{time.Date(2026, 3, 1, 10, 0, 1, 500e6, time.UTC).UnixNano(), 13.7501, -100.5},
	}
	for name, in := range map[string]string{
		"csv":           "time,lat,lon\n2026-03-01T10:00:00Z,13.75,100.5\n2026-03-01T10:00:01.5Z,13.7501,-100.5\n",
		"other order":   "\xef\xbb\xbfLongitude, note ,Latitude,Timestamp\r\n# later first\r\n-100.5,\"a,b\",13.7501,1772359201.5\r\n100.5,,13.75,1772359200\r\n",
		"zone and same": "time,lat,lon\n2026-03-01 17:00:00+07:00,13.75,100.5\n2026-03-01T10:00:00Z,1,1\n2026-03-01T10:00:01.5Z,13.7501,-100.5",
		"gpx": `<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1"><metadata><time>2001-01-01T00:00:00Z</time></metadata>
<wpt lat="1" lon="1"><time>2026-03-01T10:00:00Z</time></wpt>
<trk><name>&lt;x&gt;</name><trkseg><trkpt lat="13.75" lon="100.5"><ele>3</ele><time>2026-03-01T10:00:00Z</time></trkpt>
<trkpt lat="5" lon="5"><extensions><time>2026-03-01T10:00:00Z</time></extensions></trkpt>
<trkpt lat="13.7501" lon="-100.5"><time>
 2026-03-01T10:00:01.5Z</time></trkpt></trkseg></trk></gpx>`,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Read(strings.NewReader(in), "t")
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Points) != 2 || got.Points[0] != want[0] || got.Points[1] != want[1] {
				t.Errorf("%v, want %v", got.Points, want)
			}
			if len(got.SHA256) != 64 || got.Path != "t" || (got.Untimed == 1) != (name == "gpx") {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestErrors: each names file, line and cause.
func TestErrors(t *testing.T) {
	for in, want := range map[string]string{
		"":                                       "drive.csv: it is empty",
		"time,lat,lon\n":                         "drive.csv: no point with a time",
		"time;lat;lon\n1;2;3\n":                  `line 1: no column "time"`,
		"time,lat\n1,2\n":                        `line 1: no column "lon"`,
		"time,lat,lon\n1,2\n":                    "line 2: wrong number of fields",
		"time,lat,lon\n1,2,3\n1,91,3\n":          `line 3: latitude "91"`,
		"time,lat,lon\n1,2,NaN\n":                `line 2: longitude "NaN"`,
		"time,lat,lon\n1,,3\n":                   `line 2: latitude ""`,
		"time,lat,lon\n10:00,2,3\n":              `line 2: time "10:00" is neither`,
		"time,lat,lon\n2026-03-01 10:00:00,2,3":  "nor seconds since 1970",
		"time,lat,lon\n1969-12-31T23:59:59Z,2,3": "not between 1970 and 2262",
		"time,lat,lon\n99999999999,2,3":          "not between 1970 and 2262",
		"time,lat,lon\n-1,2,3":                   "is neither",
		"time,lat,lon\n1\"2,2,3":                 `line 2: bare "`,
		"<kml></kml>":                            `line 1: the element is "kml", not gpx`,
		"<gpx><trk>\n<trkpt lat=\"1\"":           "line 2: ",
		"<gpx><trk>":                             "unexpected EOF",
		"<gpx>\n<trkpt lat=\"1\"><time>2026-03-01T10:00:00Z</time></trkpt></gpx>": `line 2: longitude ""`,
		"<gpx><trkpt lat=\"1\" lon=\"1\"/></gpx>":                                 "no point with a time",
		"<gpx>&x;</gpx>": "invalid character entity",
		"<!-- -->":       "no element gpx",
		"</gpx>":         "line 1: ",
	} {
		got, err := Read(strings.NewReader(in), "drive.csv")
		if err == nil {
			t.Errorf("%q: read %v", in, got.Points)
			continue
		}
		if !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "drive.csv") {
			t.Errorf("%q: %v, want %q", in, err, want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}

func TestAt(t *testing.T) {
	tr := &Track{Points: []Point{{Time: 10e9}, {Time: 20e9}, {Time: 40e9}}}
	for _, tt := range []struct {
		at, gap, off int64
		i            int
		ok           bool
	}{
		{10e9, 0, 0, 0, true}, {0, 10e9, 10e9, 0, true}, {0, 9e9, 10e9, 0, false}, {15e9, 5e9, 5e9, 0, true}, {15e9 + 1, 5e9, 5e9 - 1, 1, true},
		{30e9, 10e9, 10e9, 1, true}, {30e9, 10e9 - 1, 10e9, 1, false}, {math.MaxInt64, 1e9, math.MaxInt64 - 40e9, 2, false},
	} {
		i, off, ok := tr.At(tt.at, time.Duration(tt.gap))
		if i != tt.i || off != time.Duration(tt.off) || ok != tt.ok {
			t.Errorf("At(%d): point %d off %v %v, want %+v", tt.at, i, off, ok, tt)
		}
	}
}

// FuzzRead: no input panics, and what is read is in order and in range.
func FuzzRead(f *testing.F) {
	f.Add("time,lat,lon\n1,2,3\n")
	f.Add(`<gpx><trk><trkseg><trkpt lat="1" lon="2"><time>2026-03-01T10:00:00Z</time></trkpt></trkseg></trk></gpx>`)
	f.Fuzz(func(t *testing.T, in string) {
		tr, err := Read(strings.NewReader(in), "f")
		if err != nil {
			return
		}
		last := int64(-1)
		for _, p := range tr.Points {
			if p.Time <= last || math.Abs(p.Latitude) > 90 || math.Abs(p.Longitude) > 180 {
				t.Fatalf("point %+v after %d", p, last)
			}
			last = p.Time
		}
	})
}
