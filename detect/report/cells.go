package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
)

// CellsSchema names the form of Cells.
const CellsSchema = "fbsdetect.cells/1"

// Cells is the inventory of a run: what was heard, without a judgement.
type Cells struct {
	Schema   string    `json:"schema" jsonschema:"const=fbsdetect.cells/1"`
	Tool     Tool      `json:"tool"`
	Captures []Capture `json:"captures"`
	// Track is where the receiver was, null if not known.
	Track *Track `json:"track"`
	// Revealed says that identities of persons are printed in full, and why; null if
	// pseudonyms stand for them.
	Revealed *Revealed `json:"revealed"`
	// Cells are ordered by RAT, network, area, cell and frequency.
	Cells []HeardCell `json:"cells"`
	// Notices say in words what was lost or bounded; empty in a clean run.
	Notices []string `json:"notices"`
}

// HeardCell is a Cell without score, evidence and outcomes.
type HeardCell struct {
	RAT   event.RAT `json:"rat" jsonschema:"type=string,enum=gsm,enum=umts,enum=lte,enum=nr"`
	PLMN  *string   `json:"plmn"`
	PLMNs []string  `json:"plmns"`
	// Area is LAC or TAC, Cell is CI, ECI or NCI.
	Area  *uint32 `json:"area"`
	Cell  *uint64 `json:"cell"`
	ARFCN *int    `json:"arfcn"`
	Band  *string `json:"band"`
	BSIC  *int    `json:"bsic"`
	PCI   *int    `json:"pci"`
	PSC   *int    `json:"psc"`

	FirstFrame event.Ref  `json:"first_frame"`
	LastFrame  event.Ref  `json:"last_frame"`
	First      *time.Time `json:"first"`
	Last       *time.Time `json:"last"`
	LevelDBm   *float64   `json:"level_dbm"`
	HeardAt    []HeardAt  `json:"heard_at"`

	Parameters map[string]string `json:"parameters"`
	Broadcasts []Parameter       `json:"broadcasts"`
	Sessions   cell.Sessions     `json:"sessions"`
}

// Inventory returns the cells of a document that named themselves.
func Inventory(d *Document) *Cells {
	out := &Cells{
		Schema: CellsSchema, Tool: d.Tool, Captures: d.Captures, Track: d.Track, Notices: d.Notices, Revealed: d.Revealed,
		Cells: make([]HeardCell, 0, len(d.Cells)),
	}
	for i := range d.Cells {
		out.Cells = append(out.Cells, heardOf(&d.Cells[i]))
	}
	slices.SortStableFunc(out.Cells, func(a, b HeardCell) int {
		return cmp.Or(
			cmp.Compare(a.RAT, b.RAT), compare(a.PLMN, b.PLMN), compare(a.Area, b.Area), compare(a.Cell, b.Cell), compare(a.ARFCN, b.ARFCN),
		)
	})
	return out
}

// heardOf returns what was heard of a cell.
func heardOf(c *Cell) HeardCell {
	return HeardCell{
		RAT: c.RAT, PLMN: c.PLMN, PLMNs: c.PLMNs, Area: c.Area, Cell: c.Cell,
		ARFCN: c.ARFCN, Band: c.Band, BSIC: c.BSIC, PCI: c.PCI, PSC: c.PSC,
		FirstFrame: c.FirstFrame, LastFrame: c.LastFrame, First: c.First, Last: c.Last, LevelDBm: c.LevelDBm, HeardAt: c.HeardAt,
		Parameters: c.Parameters, Broadcasts: c.Broadcasts, Sessions: c.Sessions,
	}
}

// compare orders what is unknown before what is known.
func compare[T cmp.Ordered](a, b *T) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Compare(*a, *b)
}

// asCell returns the identity and times of an inventory's cell as a Cell, for the
// texts that both share.
func (h *HeardCell) asCell() *Cell {
	return &Cell{
		RAT: h.RAT, PLMN: h.PLMN, PLMNs: h.PLMNs, Area: h.Area, Cell: h.Cell,
		ARFCN: h.ARFCN, Band: h.Band, BSIC: h.BSIC, PCI: h.PCI, PSC: h.PSC,
		FirstFrame: h.FirstFrame, LastFrame: h.LastFrame, First: h.First, Last: h.Last, LevelDBm: h.LevelDBm,
		Broadcasts: h.Broadcasts, Sessions: h.Sessions,
	}
}
