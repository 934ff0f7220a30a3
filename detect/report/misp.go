package report

import (
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

type mispFile struct {
	Event mispEvent `json:"Event"`
}

// mispEvent is an event of the MISP core format. Numbers are strings there.
type mispEvent struct {
	UUID         string          `json:"uuid"`
	Info         string          `json:"info"`
	Date         string          `json:"date"`
	Timestamp    string          `json:"timestamp"`
	ThreatLevel  string          `json:"threat_level_id"`
	Analysis     string          `json:"analysis"`
	Distribution string          `json:"distribution"`
	Published    bool            `json:"published"`
	Attributes   []mispAttribute `json:"Attribute"`
	Objects      []mispObject    `json:"Object"`
}

type mispAttribute struct {
	UUID         string `json:"uuid"`
	Relation     string `json:"object_relation,omitempty"`
	Type         string `json:"type"`
	Category     string `json:"category"`
	Value        string `json:"value"`
	Comment      string `json:"comment,omitempty"`
	ToIDS        bool   `json:"to_ids"`
	NoCorrelate  bool   `json:"disable_correlation"`
	Distribution string `json:"distribution"`
	Timestamp    string `json:"timestamp"`
}

type mispObject struct {
	UUID            string          `json:"uuid"`
	Name            string          `json:"name"`
	MetaCategory    string          `json:"meta-category"`
	Description     string          `json:"description"`
	TemplateUUID    string          `json:"template_uuid"`
	TemplateVersion string          `json:"template_version"`
	Comment         string          `json:"comment"`
	Distribution    string          `json:"distribution"`
	Timestamp       string          `json:"timestamp"`
	FirstSeen       string          `json:"first_seen,omitempty"`
	LastSeen        string          `json:"last_seen,omitempty"`
	Attributes      []mispAttribute `json:"Attribute"`
}

// mispTemplate describes objects: the form that MISP reads as definition.json.
type mispTemplate struct {
	Attributes  map[string]mispTemplateAttribute `json:"attributes"`
	Description string                           `json:"description"`
	Meta        string                           `json:"meta-category"`
	Name        string                           `json:"name"`
	Required    []string                         `json:"required"`
	UUID        string                           `json:"uuid"`
	Version     int                              `json:"version"`
}

type mispTemplateAttribute struct {
	Categories  []string `json:"categories"`
	Description string   `json:"description"`
	NoCorrelate bool     `json:"disable_correlation"`
	Type        string   `json:"misp-attribute"`
	Multiple    bool     `json:"multiple,omitempty"`
	Priority    int      `json:"ui-priority"`
	Values      []string `json:"values_list,omitempty"`
}

// The template of cells. Its version grows with every change of mispRelations.
const (
	mispVersion     = 1
	mispDescription = "A cell of a mobile network as it was heard, with a score of how far it behaved like a false base station. A score ranks cells for a closer look; it is no proof."
	mispMeta        = "mobile"
	mispCategory    = "Other"
)

// mispRelations are the attributes of a cell, for the template and for objects.
var mispRelations = []struct {
	name, kind, description string
	required, multiple      bool
	correlate               bool
	list                    []string
	values                  func(*Document, entry) []string
}{
	{"identity", "text", "Generation, PLMN, area, cell and radio in one, the same wherever the cell is heard.", true, false, true, nil, func(_ *Document, e entry) []string { return []string{cellPath(e.Cell)} }},
	{"rat", "text", "Radio generation.", true, false, false, []string{"gsm", "umts", "lte", "nr"}, func(_ *Document, e entry) []string { return []string{e.RAT.String()} }},
	{"plmn", "text", "Mobile country and network code as broadcast, 001-01.", false, false, false, nil, func(_ *Document, e entry) []string { return known(e.PLMN, Escape) }},
	{"area", "integer", "LAC or TAC.", false, false, false, nil, func(_ *Document, e entry) []string { return digits(e.Area) }},
	{"cell-id", "integer", "CI, ECI or NCI.", false, false, false, nil, func(_ *Document, e entry) []string { return digits(e.Cell.Cell) }},
	{"arfcn", "integer", "ARFCN, UARFCN, EARFCN or NR-ARFCN.", false, false, false, nil, func(_ *Document, e entry) []string { return digits(e.ARFCN) }},
	{"band", "text", "Frequency band.", false, false, false, nil, func(_ *Document, e entry) []string { return known(e.Band, Escape) }},
	{"bsic", "integer", "Base station identity code.", false, false, false, nil, func(_ *Document, e entry) []string { return digits(e.BSIC) }},
	{"pci", "integer", "Physical cell identity.", false, false, false, nil, func(_ *Document, e entry) []string { return digits(e.PCI) }},
	{"psc", "integer", "Primary scrambling code.", false, false, false, nil, func(_ *Document, e entry) []string { return digits(e.PSC) }},
	{"verdict", "text", "How to read the score.", true, false, false, verdictNames(), func(_ *Document, e entry) []string { return []string{e.Verdict.String()} }},
	{"score", "float", "Probability in percent that the cell is a false base station, under a stated prior.", true, false, false, nil, func(_ *Document, e entry) []string { return []string{decimal(e.Score)} }},
	{"first-seen", "datetime", "First frame of the cell.", false, false, false, nil, func(_ *Document, e entry) []string { return times(e.Cell, 0) }},
	{"last-seen", "datetime", "Last frame of the cell.", false, false, false, nil, func(_ *Document, e entry) []string { return times(e.Cell, 1) }},
	{"level-dbm", "float", "Mean received level in dBm.", false, false, false, nil, func(_ *Document, e entry) []string { return known(e.LevelDBm, decimal) }},
	{"reason", "text", "What counted for a false base station, in words.", false, true, false, nil, func(_ *Document, e entry) []string { return reasonTitles(e.Cell) }},
	{"finding", "text", "A finding: weight, rule, field, value seen and expected, frames (capture#frame, captures from 0).", false, true, false, nil, func(d *Document, e entry) []string { return evidenceLines(d, e.Cell) }},
	{"not-judged", "text", "What could not be judged. Not observed does not mean absent.", false, false, false, nil, func(_ *Document, e entry) []string { return []string{gapText(e.Cell)} }},
	{"capture", "text", "File that the cell was first heard in.", false, false, false, nil, func(d *Document, e entry) []string {
		if p := capturePath(d, e.FirstFrame); p != "" {
			return []string{fileName(p)}
		}
		return nil
	}},
	{"first-frame", "text", "First frame of the cell, capture#frame; frames as Wireshark counts.", false, false, false, nil, func(_ *Document, e entry) []string { return []string{refText([]event.Ref{e.FirstFrame})} }},
	{"receiver-latitude", "float", "Where the receiver was when it heard the cell best; not where the cell is.", false, false, false, nil, func(_ *Document, e entry) []string {
		return known(strongest(e.Cell), func(h HeardAt) string { return decimal(h.Latitude) })
	}},
	{"receiver-longitude", "float", "Where the receiver was when it heard the cell best; not where the cell is.", false, false, false, nil, func(_ *Document, e entry) []string {
		return known(strongest(e.Cell), func(h HeardAt) string { return decimal(h.Longitude) })
	}},
}

func verdictNames() []string {
	var list []string
	for v := score.Insufficient; v <= score.Consistent; v++ {
		list = append(list, v.String())
	}
	return list
}

// known is a list of the one value, or of none.
func known[T any](v *T, text func(T) string) []string {
	if v == nil {
		return nil
	}
	return []string{text(*v)}
}

func digits[T int | uint32 | uint64](v *T) []string {
	return known(v, func(v T) string { return fmt.Sprint(v) })
}

// times is the first or last time of a cell.
func times(c *Cell, which int) []string {
	if c.First == nil || c.Last == nil {
		return nil
	}
	first, last := inOrder(c.First, c.Last)
	return []string{mispTime([...]*time.Time{first, last}[which])}
}

func mispTime(t *time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000+00:00") }

// MISPTemplate writes the object template that the objects of MISP fit, as MISP's
// definition.json.
func MISPTemplate(w io.Writer) error {
	t := mispTemplate{
		Attributes: map[string]mispTemplateAttribute{}, Description: mispDescription, Meta: mispMeta, Name: cellType,
		UUID: ourUUID("misp-template", cellType), Version: mispVersion,
	}
	for i, r := range mispRelations {
		t.Attributes[r.name] = mispTemplateAttribute{
			Categories: []string{mispCategory}, Description: r.description, NoCorrelate: !r.correlate, Type: r.kind, Multiple: r.multiple,
			Priority: len(mispRelations) - i, Values: r.list,
		}
		if r.required {
			t.Required = append(t.Required, r.name)
		}
	}
	return writeJSON(w, t, "  ")
}

// MISP writes an event of the MISP core format for the importing organisation only: a
// standard attribute for each capture and an object for each cell. Nothing in it is for
// automatic blocking (to_ids).
func MISP(w io.Writer, d *Document) error {
	run, latest := runName(d), latestTime(d)
	list := ranked(d)
	stamp := strconv.FormatInt(latest.Unix(), 10)
	e := mispEvent{
		UUID: ourUUID("misp-event", run), Date: latest.UTC().Format(time.DateOnly), Timestamp: stamp,
		ThreatLevel: "4", Analysis: "0", Distribution: "0", Attributes: []mispAttribute{}, Objects: []mispObject{},
		Info: "fbsdetect: " + foundText(list),
	}
	for _, x := range list {
		switch { // 2 is medium, 3 low, 4 undefined; a score is no measure of harm
		case x.Verdict >= score.Consistent:
			e.ThreatLevel = "2"
		case x.Verdict >= score.Suspicious && e.ThreatLevel == "4":
			e.ThreatLevel = "3"
		}
	}
	attribute := func(kind, category, value, comment string, of ...string) mispAttribute {
		return mispAttribute{
			UUID: ourUUID("misp-attribute", append(of, run, kind, value)...), Type: kind, Category: category, Value: value, Comment: comment,
			NoCorrelate: true, Distribution: "5", Timestamp: stamp, // 5: as the event
		}
	}
	for i := range d.Captures {
		c := &d.Captures[i]
		kind, value := "filename", fileName(c.Path)
		if b, err := hex.DecodeString(c.SHA256); err == nil && len(b) == 32 {
			kind, value = "filename|sha256", value+"|"+c.SHA256
		}
		a := attribute(kind, "External analysis", value, "capture "+strconv.Itoa(i)+" of the run", strconv.Itoa(i))
		a.NoCorrelate = false
		e.Attributes = append(e.Attributes, a)
	}
	about := claim + " Not observed does not mean absent."
	for _, n := range d.Notices {
		about += " Notice: " + Escape(n)
	}
	e.Attributes = append(e.Attributes, attribute("text", "Other", "Judged by fbsdetect "+Escape(d.Tool.Version)+", rules "+Escape(d.Tool.Ruleset)+". "+about, "how far this goes"))
	for _, x := range list {
		o := mispObject{
			UUID: ourUUID("misp-object", run, strconv.Itoa(x.rank)), Name: cellType, MetaCategory: mispMeta, Description: mispDescription,
			TemplateUUID: ourUUID("misp-template", cellType), TemplateVersion: strconv.Itoa(mispVersion),
			Comment: fmt.Sprintf("%s: %s, score %s of 100", cellTitle(x.Cell), VerdictText(x.Verdict), scoreText(x.Cell)), Distribution: "5", Timestamp: stamp,
		}
		for i, t := range []*string{&o.FirstSeen, &o.LastSeen} {
			for _, s := range times(x.Cell, i) {
				*t = s
			}
		}
		for _, r := range mispRelations {
			var done []string
			for _, v := range r.values(d, x) {
				if v == "" || slices.Contains(done, v) {
					continue // MISP takes a value of an object once, and no empty one
				}
				done = append(done, v)
				a := attribute(r.kind, mispCategory, v, "", o.UUID, r.name)
				a.Relation, a.NoCorrelate = r.name, !r.correlate
				o.Attributes = append(o.Attributes, a)
			}
		}
		e.Objects = append(e.Objects, o)
	}
	return writeJSON(w, mispFile{e}, "  ")
}

// ourUUID makes an identifier from a name.
func ourUUID(kind string, parts ...string) string {
	name := kind
	for _, p := range parts {
		name += "\x00" + p
	}
	return uuid.NewSHA1(ourNamespace, []byte(name)).String()
}
