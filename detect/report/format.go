package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"
)

// Options are the choices of a format. The zero value is good for files.
type Options struct {
	// Layout is that of text for a terminal; formats for programs ignore it.
	Layout Layout
	// Language of the format html, one of Languages; empty is the first.
	Language string
}

// Format is a form in which a document can be written.
type Format struct {
	// Name is the word for it on the command line: lower case, no blanks.
	Name string
	// Extension of files of the format, with the dot.
	Extension string
	// MediaType as registered, or as its specification names it.
	MediaType string
	// Use says in a few words what it is for.
	Use string
	// Packed: an evidence package holds the report in this format.
	Packed bool
	// Write writes the whole document. Same document, same options: same octets.
	Write func(io.Writer, *Document, Options) error
}

// formats is the one list of formats, the default first. Help, README, tests and the
// evidence package go through it.
var formats = []Format{
	{"table", ".txt", "text/plain; charset=utf-8", "people at a terminal", true, func(w io.Writer, d *Document, o Options) error { return Table(w, d, o.Layout) }},
	{"html", ".html", "text/html; charset=utf-8", "an officer: one page with charts that opens anywhere and prints", true, func(w io.Writer, d *Document, o Options) error { return HTML(w, d, cmp.Or(o.Language, Languages()[0])) }},
	{"json", ".json", "application/json", "programs: everything, by a published schema", true, plain(JSON)},
	{"ndjson", ".ndjson", "application/x-ndjson", "streams: a JSON object a line for the run, captures, cells, findings, gaps", false, plain(NDJSON)},
	{"csv", ".csv", "text/csv; charset=utf-8", "spreadsheets: a row a cell", false, plain(CSVCells)},
	{"csv-evidence", ".evidence.csv", "text/csv; charset=utf-8", "spreadsheets: a row a piece of evidence", false, plain(CSVEvidence)},
	{"geojson", ".geojson", "application/geo+json", "maps (QGIS, web): where the receiver heard each cell; needs --positions", false, plain(GeoJSON)},
	{"kml", ".kml", "application/vnd.google-earth.kml+xml", "maps (Google Earth): the same", false, plain(KML)},
	{"stix", ".stix.json", "application/stix+json;version=2.1", "exchange of sightings (STIX 2.1): a bundle", false, plain(STIX)},
	{"misp", ".misp.json", "application/json", "exchange of sightings (MISP): an event, an object a cell", false, plain(MISP)},
	{"sarif", ".sarif", "application/sarif+json", "code scanning in CI (SARIF 2.1.0): a result a finding", false, plain(SARIF)},
	{"junit", ".junit.xml", "application/xml", "test reports in CI (JUnit): a test case a cell", false, plain(JUnitCells)},
}

// plain makes the Write of a format without options.
func plain(write func(io.Writer, *Document) error) func(io.Writer, *Document, Options) error {
	return func(w io.Writer, d *Document, _ Options) error { return write(w, d) }
}

// Formats lists the formats, the default first.
func Formats() []Format { return append([]Format{}, formats...) }

// FormatNames lists their names in the same order.
func FormatNames() []string {
	var names []string
	for i := range formats {
		names = append(names, formats[i].Name)
	}
	return names
}

// FormatByName finds a format; the error of an unknown one lists those there are.
func FormatByName(name string) (Format, error) {
	for i := range formats {
		if formats[i].Name == name {
			return formats[i], nil
		}
	}
	return Format{}, fmt.Errorf("unknown format %q: want %s", name, strings.Join(FormatNames(), ", "))
}

// CellName names a cell of d in a sentence.
func CellName(d *Document, c *Cell) string { return (&printer{doc: d}).longName(c) }
