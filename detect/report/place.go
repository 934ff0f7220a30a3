package report

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/score"
)

// notTheCell stands wherever a position could be taken for that of a cell.
const notTheCell = "Positions are those of the receiver when it heard a cell. Where the cell is, they do not tell."

// strongest is where the receiver heard a cell best, or first if no level is known; nil
// without positions.
func strongest(c *Cell) *HeardAt {
	var best *HeardAt
	for i := range c.HeardAt {
		if h := &c.HeardAt[i]; best == nil || h.LevelDBm != nil && (best.LevelDBm == nil || *h.LevelDBm > *best.LevelDBm) {
			best = h
		}
	}
	return best
}

// placesNote says in words what positions a document has.
func placesNote(d *Document) string {
	switch {
	case d.Track == nil:
		return "No positions are known: none were given with --positions."
	case d.Track.Placed == 0:
		return fmt.Sprintf("No positions are known: no frame was captured within %g s of a point of %s.", d.Track.MaxGapSeconds, Escape(d.Track.Path))
	}
	return fmt.Sprintf("%s %d of %d frames with a message were captured within %g s of a point of %s.", notTheCell, d.Track.Placed,
		d.Track.Placed+d.Track.Unplaced, d.Track.MaxGapSeconds, Escape(d.Track.Path))
}

// lines are the points of the track as lines of at least two, cut where it crosses the
// 180th meridian (RFC 7946 §3.1.9).
func (t *Track) lines() [][]TrackPoint {
	if t == nil {
		return nil
	}
	var out [][]TrackPoint
	start := 0
	for i := 1; i <= len(t.Line); i++ {
		if i == len(t.Line) || math.Abs(t.Line[i].Longitude-t.Line[i-1].Longitude) > 180 {
			if i-start > 1 {
				out = append(out, t.Line[start:i])
			}
			start = i
		}
	}
	return out
}

// cellTitle names a cell in one line.
func cellTitle(c *Cell) string { return strings.Join(new(printer).shortName(c), " ") }

// reasonTitles are the titles of what counted for a false base station, each once.
func reasonTitles(c *Cell) []string {
	list := []string{}
	seen := map[string]bool{}
	for i := range c.Evidence {
		if e := &c.Evidence[i]; e.Counted > 0 && !seen[e.Rule] {
			seen[e.Rule] = true
			list = append(list, Escape(e.Title))
		}
	}
	return list
}

type geoCollection struct {
	Type string `json:"type"`
	// Name and Note are foreign members (RFC 7946 §6.1).
	Name     string       `json:"name"`
	Note     string       `json:"note"`
	Features []geoFeature `json:"features"`
}

type geoFeature struct {
	Type       string      `json:"type"`
	Geometry   geoGeometry `json:"geometry"`
	Properties any         `json:"properties"`
}

type geoGeometry struct {
	Type        string `json:"type"`
	Coordinates any    `json:"coordinates"`
}

type geoTrack struct {
	Kind  string    `json:"kind"`
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
}

type geoHeard struct {
	Kind    string `json:"kind"`
	Meaning string `json:"meaning"`
	CellKey
	Title    string        `json:"title"`
	Verdict  score.Verdict `json:"verdict"`
	Score    float64       `json:"score"`
	Reasons  []string      `json:"reasons"`
	Time     time.Time     `json:"time"`
	GapS     float64       `json:"gap_s"`
	LevelDBm *int          `json:"level_dbm"`
	Capture  int           `json:"capture"`
	Frame    int           `json:"frame"`
	Frames   int           `json:"frames"`
}

// GeoJSON writes the track of the receiver and a point for each place at which it heard a
// cell (RFC 7946). Without positions the collection is empty and says so.
func GeoJSON(w io.Writer, d *Document) error {
	out := geoCollection{Type: "FeatureCollection", Name: "fbsdetect", Note: placesNote(d), Features: []geoFeature{}}
	position := func(p TrackPoint) [2]float64 { return [2]float64{p.Longitude, p.Latitude} }
	for _, l := range d.Track.lines() {
		line := make([][2]float64, len(l))
		for i, p := range l {
			line[i] = position(p)
		}
		out.Features = append(out.Features, geoFeature{"Feature", geoGeometry{"LineString", line}, geoTrack{"receiver_track", l[0].Time, l[len(l)-1].Time}})
	}
	for _, e := range ranked(d) {
		for _, h := range e.HeardAt {
			out.Features = append(out.Features, geoFeature{"Feature", geoGeometry{"Point", position(h.TrackPoint)}, geoHeard{
				Kind: "receiver_heard_cell", Meaning: notTheCell, CellKey: *escapedKey(e), Title: cellTitle(e.Cell), Verdict: e.Verdict, Score: e.Score,
				Reasons: reasonTitles(e.Cell), Time: h.Time, GapS: h.GapSeconds, LevelDBm: h.LevelDBm,
				Capture: h.Frame.Capture, Frame: h.Frame.Frame, Frames: h.Frames,
			}})
		}
	}
	b, err := json.Marshal(out) // escapes HTML, for maps that show properties as such
	if err != nil {
		return err
	}
	_, err = w.Write(append(escapeJSON(b), '\n'))
	return err
}

// escapedKey is the key of a cell for readers that show it as it is.
func escapedKey(e entry) *CellKey {
	k := newCellKey(e)
	if k.PLMN != nil {
		s := Escape(*k.PLMN)
		k.PLMN = &s
	}
	return k
}

type kmlRoot struct {
	XMLName  xml.Name    `xml:"http://www.opengis.net/kml/2.2 kml"`
	Document kmlDocument `xml:"Document"`
}

type kmlDocument struct {
	Name        string      `xml:"name"`
	Description string      `xml:"description"`
	Styles      []kmlStyle  `xml:"Style"`
	Folders     []kmlFolder `xml:"Folder"`
}

type kmlStyle struct {
	ID   string    `xml:"id,attr"`
	Icon *kmlColor `xml:"IconStyle"`
	Line *kmlColor `xml:"LineStyle"`
}

// kmlColor is a colour as aabbggrr.
type kmlColor struct {
	Color string  `xml:"color"`
	Scale float64 `xml:"scale,omitempty"`
	Width float64 `xml:"width,omitempty"`
}

type kmlFolder struct {
	Name        string     `xml:"name"`
	Description string     `xml:"description,omitempty"`
	Places      []kmlPlace `xml:"Placemark"`
}

type kmlPlace struct {
	Name        string          `xml:"name"`
	Description string          `xml:"description,omitempty"`
	When        string          `xml:"TimeStamp>when,omitempty"`
	Style       string          `xml:"styleUrl"`
	Data        *kmlData        `xml:"ExtendedData"`
	Point       *kmlCoordinates `xml:"Point"`
	Line        *kmlCoordinates `xml:"LineString"`
}

type kmlData struct {
	Data []kmlValue `xml:"Data"`
}

type kmlValue struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value"`
}

type kmlCoordinates struct {
	Tessellate  int    `xml:"tessellate,omitempty"`
	Coordinates string `xml:"coordinates"`
}

// verdictColors are the colours of the verdicts on a map, as aabbggrr.
var verdictColors = [...]string{"ff9e9e9e", "ff4caf50", "ff00c4ff", "ff0080ff", "ff2020e0"}

func coordinates(list ...TrackPoint) string {
	var out []string
	for _, p := range list {
		out = append(out, decimal(p.Longitude)+","+decimal(p.Latitude))
	}
	return strings.Join(out, " ")
}

// KML writes the same as GeoJSON (OGC 07-147r2). Readers take descriptions for HTML, so
// what is in them is escaped as HTML first.
func KML(w io.Writer, d *Document) error {
	doc := kmlDocument{Name: "fbsdetect: where cells were heard", Description: html.EscapeString(placesNote(d))}
	doc.Styles = append(doc.Styles, kmlStyle{ID: "track", Line: &kmlColor{Color: "ffb0702a", Width: 3}})
	for v, c := range verdictColors {
		doc.Styles = append(doc.Styles, kmlStyle{ID: score.Verdict(v).String(), Icon: &kmlColor{Color: c, Scale: 0.9}})
	}
	track := kmlFolder{Name: "Track of the receiver"}
	for _, l := range d.Track.lines() {
		track.Places = append(track.Places, kmlPlace{
			Name: "Track of the receiver", Style: "#track", When: instant(&l[0].Time),
			Line: &kmlCoordinates{Tessellate: 1, Coordinates: coordinates(l...)},
		})
	}
	if len(track.Places) > 0 {
		doc.Folders = append(doc.Folders, track)
	}
	for _, e := range ranked(d) {
		if len(e.HeardAt) == 0 {
			continue
		}
		text := fmt.Sprintf("%s: %s, score %s of 100.", cellTitle(e.Cell), VerdictText(e.Verdict), scoreText(e.Cell))
		for _, r := range reasonTitles(e.Cell) {
			text += " " + r + "."
		}
		text = html.EscapeString(text + " " + notTheCell)
		f := kmlFolder{Name: fmt.Sprintf("%d. %s", e.rank, cellTitle(e.Cell)), Description: text}
		for _, h := range e.HeardAt {
			values := []kmlValue{
				{"verdict", e.Verdict.String()}, {"score", decimal(e.Score)}, {"capture", strconv.Itoa(h.Frame.Capture)}, {"frame", strconv.Itoa(h.Frame.Frame)},
				{"frames", strconv.Itoa(h.Frames)}, {"gap_s", decimal(h.GapSeconds)},
			}
			if h.LevelDBm != nil {
				values = append(values, kmlValue{"level_dbm", strconv.Itoa(*h.LevelDBm)})
			}
			f.Places = append(f.Places, kmlPlace{
				Name: "Heard: " + cellTitle(e.Cell), Description: text, When: instant(&h.Time), Style: "#" + e.Verdict.String(),
				Data: &kmlData{values}, Point: &kmlCoordinates{Coordinates: coordinates(h.TrackPoint)},
			})
		}
		doc.Folders = append(doc.Folders, f)
	}
	return writeXML(w, kmlRoot{Document: doc})
}

// writeXML writes v as an XML document; characters that XML forbids are replaced.
func writeXML(w io.Writer, v any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
