package report

import (
	"io"
	"slices"
	"strings"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

// NDJSONSchema names the form of the lines that NDJSON writes.
const NDJSONSchema = "fbsdetect.ndjson/1"

// Line is one line of NDJSON. Kind says which of the others it has: "run" comes first,
// then "capture", then for each cell "cell", "finding" for each piece of its evidence and
// "gap" for each rule that could not judge it, and last "notice".
type Line struct {
	Kind    string       `json:"kind" jsonschema:"enum=run,enum=capture,enum=cell,enum=finding,enum=gap,enum=notice"`
	Run     *RunLine     `json:"run,omitempty"`
	Capture *CaptureLine `json:"capture,omitempty"`
	// Cell is the cell that a line of kind "cell", "finding" or "gap" is about.
	Cell    *CellKey   `json:"cell,omitempty"`
	Heard   *HeardLine `json:"heard,omitempty"`
	Finding *Evidence  `json:"finding,omitempty"`
	Gap     *GapLine   `json:"gap,omitempty"`
	Notice  *string    `json:"notice,omitempty"`
}

// RunLine says what the lines are and who wrote them.
type RunLine struct {
	Schema   string    `json:"schema" jsonschema:"const=fbsdetect.ndjson/1"`
	Tool     Tool      `json:"tool"`
	Captures int       `json:"captures"`
	Cells    int       `json:"cells"`
	Baseline *Baseline `json:"baseline"`
	Track    *Track    `json:"track"`
}

// CaptureLine is a capture with its place in the run, to which frame references point.
type CaptureLine struct {
	Index int `json:"index"`
	Capture
}

// CellKey names a cell; unknown values are null.
type CellKey struct {
	// Rank is its place in the ranking, from 1.
	Rank  int       `json:"rank"`
	RAT   event.RAT `json:"rat" jsonschema:"type=string,enum=gsm,enum=umts,enum=lte,enum=nr"`
	PLMN  *string   `json:"plmn"`
	Area  *uint32   `json:"area"`
	Cell  *uint64   `json:"cell"`
	ARFCN *int      `json:"arfcn"`
	BSIC  *int      `json:"bsic"`
	PCI   *int      `json:"pci"`
	PSC   *int      `json:"psc"`
}

// HeardLine is what was heard of a cell and what it came to, without the evidence.
type HeardLine struct {
	HeardCell
	Score    float64       `json:"score" jsonschema:"minimum=0,maximum=100"`
	Verdict  score.Verdict `json:"verdict" jsonschema:"type=string,enum=insufficient,enum=ordinary,enum=unusual,enum=suspicious,enum=consistent_with_fbs"`
	Profile  *Profile      `json:"profile"`
	Findings int           `json:"findings"`
	Outcomes Outcomes      `json:"outcomes"`
}

// GapLine is a rule that says nothing of a cell, because too little was captured.
type GapLine struct {
	Rule    string `json:"rule"`
	Outcome string `json:"outcome" jsonschema:"enum=insufficient,enum=not_observable"`
}

func newCellKey(e entry) *CellKey {
	return &CellKey{Rank: e.rank, RAT: e.RAT, PLMN: e.PLMN, Area: e.Area, Cell: e.Cell.Cell, ARFCN: e.ARFCN, BSIC: e.BSIC, PCI: e.PCI, PSC: e.PSC}
}

// NDJSON writes the document as objects, one a line, for programs that read streams.
func NDJSON(w io.Writer, d *Document) error {
	put := func(l Line) error {
		b, err := encodeJSON(l, "", "")
		if err == nil {
			_, err = w.Write(b)
		}
		return err
	}
	list := ranked(d)
	err := put(Line{Kind: "run", Run: &RunLine{Schema: NDJSONSchema, Tool: d.Tool, Captures: len(d.Captures), Cells: len(list), Baseline: d.Baseline, Track: d.Track}})
	for i := range d.Captures {
		if err == nil {
			err = put(Line{Kind: "capture", Capture: &CaptureLine{i, d.Captures[i]}})
		}
	}
	for _, e := range list {
		key := newCellKey(e)
		if err == nil {
			err = put(Line{Kind: "cell", Cell: key, Heard: &HeardLine{
				HeardCell: heardOf(e.Cell), Score: e.Score, Verdict: e.Verdict, Profile: e.Profile, Findings: len(e.Evidence), Outcomes: e.Outcomes,
			}})
		}
		for i := range e.Evidence {
			if err == nil {
				err = put(Line{Kind: "finding", Cell: key, Finding: &e.Evidence[i]})
			}
		}
		for _, g := range gaps(e.Cell) {
			if err == nil {
				err = put(Line{Kind: "gap", Cell: key, Gap: &g})
			}
		}
	}
	for i := range d.Notices {
		if err == nil {
			err = put(Line{Kind: "notice", Notice: &d.Notices[i]})
		}
	}
	return err
}

// gaps lists the rules that could not judge a cell.
func gaps(c *Cell) []GapLine {
	var list []GapLine
	for _, id := range c.Outcomes.Insufficient {
		list = append(list, GapLine{id, "insufficient"})
	}
	for _, id := range c.Outcomes.NotObservable {
		list = append(list, GapLine{id, "not_observable"})
	}
	slices.SortStableFunc(list, func(a, b GapLine) int { return strings.Compare(a.Rule, b.Rule) })
	return list
}

// instant writes a time as RFC 3339 with all its digits, "" for none.
func instant(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
