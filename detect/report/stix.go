package report

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

// Namespaces of identifiers made from names (RFC 9562 §5.5). That of cyber-observable
// objects is set by STIX 2.1 §2.9; all others are ours.
var (
	stixObservables = uuid.MustParse("00abedb4-aa42-466c-9c01-fed23315a9b7")
	ourNamespace    = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/fbsdetect/fbsdetect"))
)

// stixEpoch is when objects were made that are the same in every bundle.
const stixEpoch = "2026-01-01T00:00:00.000Z"

// cellType is the type of a cell, which STIX does not know; the extension definition in
// every bundle defines it.
const cellType = "mobile-cell"

// stixCommon are the properties that all objects of the kinds used have.
type stixCommon struct {
	Type        string `json:"type"`
	SpecVersion string `json:"spec_version"`
	ID          string `json:"id"`
	CreatedBy   string `json:"created_by_ref,omitempty"`
	Created     string `json:"created,omitempty"`
	Modified    string `json:"modified,omitempty"`
}

func (c stixCommon) id() string { return c.ID }

type stixObject interface{ id() string }

type stixIdentity struct {
	stixCommon
	Name        string `json:"name"`
	Description string `json:"description"`
	Class       string `json:"identity_class"`
}

type stixExtensionDefinition struct {
	stixCommon
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Schema      string   `json:"schema"`
	Version     string   `json:"version"`
	Types       []string `json:"extension_types"`
}

// stixCell is a cell of a mobile network as a cyber-observable object. Its identifier is
// made from all properties but type, spec_version, id, band and extensions.
type stixCell struct {
	Type        string `json:"type" jsonschema:"const=mobile-cell"`
	SpecVersion string `json:"spec_version" jsonschema:"const=2.1"`
	ID          string `json:"id" jsonschema:"pattern=^mobile-cell--"`
	// RAT is the radio generation.
	RAT  string `json:"rat" jsonschema:"enum=gsm,enum=umts,enum=lte,enum=nr"`
	PLMN string `json:"plmn"`
	// Area is LAC or TAC, Cell is CI, ECI or NCI; ARFCN is that of the generation.
	Area  *uint32 `json:"area,omitempty"`
	Cell  *uint64 `json:"cell,omitempty"`
	ARFCN *int    `json:"arfcn,omitempty"`
	Band  string  `json:"band,omitempty"`
	BSIC  *int    `json:"bsic,omitempty"`
	PCI   *int    `json:"pci,omitempty"`
	PSC   *int    `json:"psc,omitempty"`

	Extensions map[string]stixExtension `json:"extensions"`
}

func (c stixCell) id() string { return c.ID }

type stixExtension struct {
	Type string `json:"extension_type" jsonschema:"const=new-sco"`
}

type stixFile struct {
	stixCommon
	Hashes map[string]string `json:"hashes"`
	Size   int64             `json:"size"`
	Name   string            `json:"name"`
}

type stixObservedData struct {
	stixCommon
	First  string   `json:"first_observed"`
	Last   string   `json:"last_observed"`
	Number int      `json:"number_observed"`
	Refs   []string `json:"object_refs"`
}

type stixIndicator struct {
	stixCommon
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Types       []string `json:"indicator_types"`
	Pattern     string   `json:"pattern"`
	PatternType string   `json:"pattern_type"`
	ValidFrom   string   `json:"valid_from"`
	Confidence  int      `json:"confidence"`
}

type stixSighting struct {
	stixCommon
	Description string   `json:"description"`
	First       string   `json:"first_seen,omitempty"`
	Last        string   `json:"last_seen,omitempty"`
	Of          string   `json:"sighting_of_ref"`
	Observed    []string `json:"observed_data_refs,omitempty"`
	Where       []string `json:"where_sighted_refs"`
}

type stixLocation struct {
	stixCommon
	Name        string  `json:"name"`
	Description string  `json:"description"`
	Latitude    float64 `json:"latitude"`
	Longitude   float64 `json:"longitude"`
}

type stixNote struct {
	stixCommon
	Abstract string   `json:"abstract"`
	Content  string   `json:"content"`
	Refs     []string `json:"object_refs"`
}

type stixReport struct {
	stixCommon
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Types       []string `json:"report_types"`
	Published   string   `json:"published"`
	Refs        []string `json:"object_refs"`
}

type stixBundle struct {
	Type    string       `json:"type"`
	ID      string       `json:"id"`
	Objects []stixObject `json:"objects"`
}

// stixWriter gathers the objects of a bundle, each once.
type stixWriter struct {
	doc       *Document
	run       string // tells runs apart in identifiers
	created   string
	identity  string
	extension string
	objects   []stixObject
	seen      map[string]bool
}

// STIX writes a STIX 2.1 bundle: for each cell the cell itself, when it was observed and
// a note with the evidence; from suspicious up an indicator, a sighting of it and where
// the receiver was; a report over all. Identifiers are made from content, so that the same
// result has the same, and the same cell has the same in the bundles of everybody.
func STIX(w io.Writer, d *Document) error {
	s := &stixWriter{doc: d, seen: map[string]bool{}, created: stixTime(latestTime(d))}
	s.run = runName(d)
	s.identity = s.named("identity", "fbsdetect")
	s.add(stixIdentity{
		stixCommon: stixCommon{"identity", "2.1", s.identity, "", stixEpoch, stixEpoch}, Name: "fbsdetect", Class: "system",
		Description: "Program that tells from radio captures which cells behave like a false base station.",
	})
	definition, err := cellSchema()
	if err != nil {
		return err
	}
	s.extension = s.named("extension-definition", cellType)
	s.add(stixExtensionDefinition{
		stixCommon: stixCommon{"extension-definition", "2.1", s.extension, s.identity, stixEpoch, stixEpoch},
		Name:       "Mobile network cell", Schema: definition, Version: "1.0.0", Types: []string{"new-sco"},
		Description: "Defines the cyber-observable object " + cellType + ": a cell of a mobile network as it named itself on air. The schema is JSON Schema. Its identifier is a UUIDv5 of the properties rat, plmn, area, cell, arfcn, bsic, pci and psc as far as they are present.",
	})
	for i := range d.Captures {
		s.capture(i)
	}
	list := ranked(d)
	for _, e := range list {
		s.cell(e)
	}
	s.report(list)
	return writeJSON(w, stixBundle{"bundle", s.runNamed("bundle"), s.objects}, "  ")
}

// add appends an object unless it is there.
func (s *stixWriter) add(o stixObject) {
	if !s.seen[o.id()] {
		s.seen[o.id()] = true
		s.objects = append(s.objects, o)
	}
}

// named makes an identifier that is the same in every bundle.
func (s *stixWriter) named(kind string, parts ...string) string {
	return kind + "--" + ourUUID(kind, parts...)
}

// runNamed makes an identifier that is the same for the same run.
func (s *stixWriter) runNamed(kind string, parts ...string) string {
	return s.named(kind, append([]string{s.run}, parts...)...)
}

// common starts an object of this run.
func (s *stixWriter) common(kind string, parts ...string) stixCommon {
	return stixCommon{kind, "2.1", s.runNamed(kind, parts...), s.identity, s.created, s.created}
}

// observable makes the identifier of a cyber-observable object from the properties that
// contribute to it, as JSON in canonical form (STIX 2.1 §2.9).
func observable(kind string, properties map[string]any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(properties); err != nil { // keys are sorted
		return "", err
	}
	return kind + "--" + uuid.NewSHA1(stixObservables, bytes.TrimSpace(b.Bytes())).String(), nil
}

// fileID is the identifier of a capture, "" without its hash.
func (s *stixWriter) fileID(i int) string {
	if i < 0 || i >= len(s.doc.Captures) {
		return ""
	}
	c := &s.doc.Captures[i]
	if b, err := hex.DecodeString(c.SHA256); err != nil || len(b) != 32 {
		return ""
	}
	id, err := observable("file", map[string]any{"hashes": map[string]string{"SHA-256": c.SHA256}, "name": fileName(c.Path)})
	if err != nil {
		return ""
	}
	return id
}

// fileName is the last part of a path.
func fileName(p string) string { return Escape(path.Base(filepath.ToSlash(p))) }

func (s *stixWriter) capture(i int) {
	id := s.fileID(i)
	if id == "" {
		return
	}
	c := &s.doc.Captures[i]
	s.add(stixFile{stixCommon{Type: "file", SpecVersion: "2.1", ID: id}, map[string]string{"SHA-256": c.SHA256}, c.Bytes, fileName(c.Path)})
}

// observed adds the cell, if it has a name, and returns its identifier.
func (s *stixWriter) observed(e entry) string {
	if e.PLMN == nil {
		return ""
	}
	key := map[string]any{"rat": e.RAT.String(), "plmn": Escape(*e.PLMN)}
	o := stixCell{
		Type: cellType, SpecVersion: "2.1", RAT: e.RAT.String(), PLMN: Escape(*e.PLMN), Area: e.Area, Cell: e.Cell.Cell, ARFCN: e.ARFCN, BSIC: e.BSIC, PCI: e.PCI, PSC: e.PSC,
		Extensions: map[string]stixExtension{s.extension: {"new-sco"}},
	}
	if e.Band != nil {
		o.Band = Escape(*e.Band)
	}
	if e.Area != nil {
		key["area"] = *e.Area
	}
	if e.Cell.Cell != nil {
		key["cell"] = *e.Cell.Cell
	}
	for _, x := range radioNumbers(e.Cell) {
		key[x.name] = x.value
	}
	id, err := observable(cellType, key)
	if err != nil {
		return "" // numbers and strings are always encoded
	}
	o.ID = id
	s.add(o)
	return id
}

type namedNumber struct {
	name  string
	value int
}

// radioNumbers are the radio side of a cell's identity, as far as known.
func radioNumbers(c *Cell) []namedNumber {
	var out []namedNumber
	for _, x := range []struct {
		name string
		v    *int
	}{{"arfcn", c.ARFCN}, {"bsic", c.BSIC}, {"pci", c.PCI}, {"psc", c.PSC}} {
		if x.v != nil {
			out = append(out, namedNumber{x.name, *x.v})
		}
	}
	return out
}

// cell adds what there is to say of a cell.
func (s *stixWriter) cell(e entry) {
	cell := s.observed(e)
	file := s.fileID(e.FirstFrame.Capture)
	key := []string{cellPath(e.Cell), refText([]event.Ref{e.FirstFrame})}
	var refs []string
	for _, id := range []string{cell, file} {
		if id != "" {
			refs = append(refs, id)
		}
	}
	var observed []string
	first, last := "", ""
	if e.First != nil && e.Last != nil && len(refs) > 0 {
		a, b := inOrder(e.First, e.Last)
		first, last = stixTime(a), stixTime(b)
		o := stixObservedData{stixCommon: s.common("observed-data", key...), First: first, Last: last, Number: 1, Refs: refs}
		if e.FirstFrame != e.LastFrame {
			o.Number = 2 // at least
		}
		s.add(o)
		observed, refs = []string{o.ID}, append(refs, o.ID)
	}
	title := fmt.Sprintf("%s: %s, score %s of 100", cellTitle(e.Cell), VerdictText(e.Verdict), scoreText(e.Cell))
	if cell != "" && e.Verdict >= score.Suspicious {
		i := stixIndicator{
			stixCommon: s.common("indicator", key...), Name: title, Types: []string{"anomalous-activity"}, PatternType: "stix", Pattern: stixPattern(e.Cell),
			ValidFrom: s.created, Confidence: int(math.Round(e.Score)),
			Description: "A cell with this identity on this frequency behaved like a false base station. A genuine cell may have the same identity. " + claim,
		}
		if first != "" {
			i.ValidFrom = first
		}
		s.add(i)
		where := s.identity
		if p := strongest(e.Cell); p != nil {
			l := stixLocation{stixCommon: s.common("location", key...), Name: "Position of the receiver", Description: notTheCell, Latitude: p.Latitude, Longitude: p.Longitude}
			s.add(l)
			where = l.ID
		}
		s.add(stixSighting{
			stixCommon: s.common("sighting", key...), Description: title, First: first, Last: last, Of: i.ID, Observed: observed, Where: []string{where},
		})
		refs = append(refs, i.ID)
	}
	if len(refs) == 0 {
		refs = []string{s.identity}
	}
	content := append(evidenceLines(s.doc, e.Cell), gapText(e.Cell))
	s.add(stixNote{stixCommon: s.common("note", key...), Abstract: title, Content: strings.Join(content, "\n"), Refs: refs})
}

// claim is how much a report says.
const claim = "A score ranks cells for a closer look; it is no proof."

// report adds the report over all other objects.
func (s *stixWriter) report(list []entry) {
	refs := make([]string, len(s.objects))
	for i, o := range s.objects {
		refs[i] = o.id()
	}
	text := fmt.Sprintf("%s, judged by fbsdetect %s. %s Not observed does not mean absent.", foundText(list), Escape(s.doc.Tool.Version), claim)
	for _, n := range s.doc.Notices {
		text += " Notice: " + Escape(n)
	}
	s.add(stixReport{
		stixCommon: s.common("report"), Name: "Cells in " + plural(len(s.doc.Captures), "capture"), Description: text,
		Types: []string{"observed-data", "indicator"}, Published: s.created, Refs: refs,
	})
}

// foundText counts cells by verdict.
func foundText(list []entry) string {
	counts := map[score.Verdict]int{}
	for _, e := range list {
		counts[e.Verdict]++
	}
	return fmt.Sprintf("%s: %d consistent with a false base station, %d suspicious, %d unusual, %d ordinary, %d of which too little was seen",
		plural(len(list), "cell"), counts[score.Consistent], counts[score.Suspicious], counts[score.Unusual], counts[score.Ordinary], counts[score.Insufficient])
}

// stixPattern finds a cell by its identity and its radio.
func stixPattern(c *Cell) string {
	quote := strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	terms := []string{
		cellType + ":rat = '" + c.RAT.String() + "'",
		cellType + ":plmn = '" + quote.Replace(Escape(*c.PLMN)) + "'",
	}
	if c.Area != nil {
		terms = append(terms, fmt.Sprintf("%s:area = %d", cellType, *c.Area))
	}
	if c.Cell != nil {
		terms = append(terms, fmt.Sprintf("%s:cell = %d", cellType, *c.Cell))
	}
	for _, x := range radioNumbers(c) {
		terms = append(terms, fmt.Sprintf("%s:%s = %d", cellType, x.name, x.value))
	}
	return "[" + strings.Join(terms, " AND ") + "]"
}

// runName tells runs apart: the captures by content and the rules they were judged by.
func runName(d *Document) string {
	parts := []string{d.Tool.Version, d.Tool.Ruleset}
	for i := range d.Captures {
		parts = append(parts, d.Captures[i].SHA256, fileName(d.Captures[i].Path))
	}
	return strings.Join(parts, "\x00")
}

// latestTime is the time of the last frame of all captures, the epoch without any: the
// document knows no other clock.
func latestTime(d *Document) *time.Time {
	latest := time.Unix(0, 0)
	for i := range d.Captures {
		if t := d.Captures[i].Last; t != nil && t.After(latest) {
			latest = *t
		}
	}
	return &latest
}

func stixTime(t *time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// cellSchema is the JSON Schema of a cell, on one line.
func cellSchema() (string, error) {
	var pretty, line bytes.Buffer
	if err := WriteSchema(&pretty, "stix-cell"); err != nil {
		return "", err
	}
	if err := json.Compact(&line, pretty.Bytes()); err != nil {
		return "", err
	}
	return line.String(), nil
}
