package baseline

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"io"

	"github.com/fbsdetect/fbsdetect/detect/cell"
)

// captureLine is a capture as it is exported.
type captureLine struct {
	Capture    string `json:"capture"`
	Tool       string `json:"tool"`
	Generation int    `json:"generation"`
	// Times are in nanoseconds since 1970.
	First int64 `json:"first"`
	Last  int64 `json:"last"`
}

// sightingLine is a sighting as it is exported.
type sightingLine struct {
	Sighting    string         `json:"sighting"` // the capture
	RAT         string         `json:"rat"`
	PLMN        string         `json:"plmn"`
	Area        uint32         `json:"area"`
	Cell        uint64         `json:"cell"`
	ARFCN       *int           `json:"arfcn"`
	PCS         bool           `json:"pcs,omitempty"`
	PCI         *int           `json:"pci"`
	First       int64          `json:"first"`
	Last        int64          `json:"last"`
	Score       float64        `json:"score"`
	Verdict     string         `json:"verdict"`
	Level       *levelLine     `json:"level"`
	Sessions    cell.Sessions  `json:"sessions"`
	Pagings     int            `json:"pagings"`
	PagedIMSI   int            `json:"paged_imsi"`
	PagedTMSI   int            `json:"paged_tmsi"`
	PagedCS     int            `json:"paged_cs"`
	Assignments int            `json:"assignments"`
	Hopping     int            `json:"hopping"`
	Heard       map[string]int `json:"heard"`
	Content     string         `json:"content,omitempty"` // the digest, where Broadcast is not written
	Broadcast   *Broadcast     `json:"broadcast,omitempty"`
}

// levelLine is a level in dBm as it is exported.
type levelLine struct {
	N   int   `json:"n"`
	Min int   `json:"min"`
	Max int   `json:"max"`
	Sum int64 `json:"sum"`
}

func (r *record) line() captureLine {
	return captureLine{hex.EncodeToString(r.sha[:]), r.tool, r.generation, r.first, r.last}
}

func (s *sighting) line(capture *[sha256.Size]byte) sightingLine {
	c := &s.counts
	out := sightingLine{
		Sighting: hex.EncodeToString(capture[:]), RAT: s.rat.String(), PLMN: s.id.PLMN.String(), Area: s.id.Area, Cell: s.id.Cell,
		PCS: s.radio.PCS, First: s.first, Last: s.last, Score: float64(s.score) / 10, Verdict: s.verdict.String(), Sessions: c.sessions,
		Pagings: c.pagings, PagedIMSI: c.pagedIMSI, PagedTMSI: c.pagedTMSI, PagedCS: c.pagedCS, Assignments: c.assignments, Hopping: c.hopping,
		Heard: map[string]int{},
	}
	if n := s.radio.ARFCN; n != cell.NoARFCN {
		out.ARFCN = &n
	}
	if n := s.radio.PCI; n != cell.NoPCI {
		out.PCI = &n
	}
	if l := c.level; l.N > 0 {
		out.Level = &levelLine{l.N, l.Min, l.Max, l.Sum}
	}
	for _, src := range messages {
		if n := c.heard[src]; n > 0 {
			out.Heard[src.String()] = n
		}
	}
	return out
}

// Export writes all that the baseline holds as lines of JSON in canonical order: each
// capture with its sightings, then the lists. Two baselines with the same content give
// the same octets, however they came about.
func (b *Baseline) Export(w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	write := func(v any) error {
		line, err := encode(v)
		if err != nil {
			return err
		}
		_, err = out.Write(line)
		return err
	}
	err := b.records(func(r *record) error {
		if err := write(r.line()); err != nil {
			return err
		}
		for i := range r.cells {
			c, err := r.cells[i].broadcasts()
			if err != nil {
				return err
			}
			l := r.cells[i].line(&r.sha)
			l.Broadcast = c.broadcast()
			if err := write(l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := b.eachList(func(l *List) error { return write(l) }); err != nil {
		return err
	}
	if err := b.eachListed(func(l *listedCell) error { return write(l.line()) }); err != nil {
		return err
	}
	return out.Flush()
}
