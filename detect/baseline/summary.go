package baseline

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/cell"
)

// SummarySchema names the form of Summary.
const SummarySchema = "fbsdetect.baseline/1"

// Bounds on a Summary.
const (
	// maxValues bounds the values listed of one parameter: the most frequent.
	maxValues = 20
	// maxDistinct bounds the values counted of one parameter; neighbour lists differ from
	// cell to cell.
	maxDistinct = 1 << 12
)

// Summary is what a baseline holds, for people and for other programs.
type Summary struct {
	Schema  string `json:"schema"`
	Version int    `json:"version"`
	// Captures is the provenance, by hash.
	Captures []CaptureInfo `json:"captures"`
	Lists    []List        `json:"lists"`
	// Listed counts the cells of all lists together.
	Listed   int       `json:"listed"`
	Networks []Network `json:"networks"`
}

// CaptureInfo is a capture that went in.
type CaptureInfo struct {
	SHA256     string     `json:"sha256"`
	Tool       string     `json:"tool"`
	Generation int        `json:"generation"`
	First      *time.Time `json:"first"`
	Last       *time.Time `json:"last"`
	Cells      int        `json:"cells"`
}

// Network is what is normal in a PLMN by one RAT.
type Network struct {
	RAT  string `json:"rat"`
	PLMN string `json:"plmn"`
	// Cells counts those that count as normal, Quarantined those of which all sightings
	// are in quarantine, Faded those not heard for too long.
	Cells       int `json:"cells"`
	Quarantined int `json:"quarantined"`
	Faded       int `json:"faded"`
	// Newest is the newest sighting, from which age is counted.
	Newest *time.Time `json:"newest"`
	// Sessions counts sessions on all cells, Rates are shares of them, null without any.
	Sessions    cell.Sessions  `json:"sessions"`
	Rates       *Rates         `json:"rates"`
	Frequencies []Value        `json:"frequencies"`
	Bands       []Value        `json:"bands"`
	Parameters  []Distribution `json:"parameters"`
	Areas       []Area         `json:"areas"`
}

// Rates are numbers per session.
type Rates struct {
	Authenticated    float64 `json:"authenticated"`
	Ciphered         float64 `json:"ciphered"`
	Rejected         float64 `json:"rejected"`
	IdentityRequests float64 `json:"identity_requests"`
	Exposing         float64 `json:"exposing"`
}

// Area is a location or tracking area of a network.
type Area struct {
	Area       uint32         `json:"area"`
	Cells      int            `json:"cells"`
	Sessions   cell.Sessions  `json:"sessions"`
	Parameters []Distribution `json:"parameters"`
}

// Distribution is what cells broadcast in one parameter; each cell counts once, with
// the value heard last.
type Distribution struct {
	Name string `json:"name"`
	// Cells counts the cells that broadcast the parameter, Distinct their values.
	Cells    int `json:"cells"`
	Distinct int `json:"distinct"`
	// Values are the most frequent.
	Values []Value `json:"values"`
}

// Value is a value with the number of cells that have it.
type Value struct {
	Text  string `json:"text"`
	Cells int    `json:"cells"`
}

// tally counts the values of parameters.
type tally struct {
	byName map[string]map[string]int
	cells  map[string]int
}

func newTally() *tally { return &tally{map[string]map[string]int{}, map[string]int{}} }

func (t *tally) add(name, text string) {
	m := t.byName[name]
	if m == nil {
		m = map[string]int{}
		t.byName[name] = m
	}
	t.cells[name]++
	if _, ok := m[text]; ok || len(m) < maxDistinct {
		m[text]++
	}
}

// values lists the values of a parameter, the most frequent first.
func (t *tally) values(name string) []Value {
	out := []Value{}
	for text, n := range t.byName[name] {
		out = append(out, Value{text, n})
	}
	slices.SortFunc(out, func(a, b Value) int { return cmp.Or(cmp.Compare(b.Cells, a.Cells), strings.Compare(a.Text, b.Text)) })
	return out
}

// distributions lists all parameters by name.
func (t *tally) distributions() []Distribution {
	out := []Distribution{}
	for name := range t.byName {
		v := t.values(name)
		out = append(out, Distribution{name, t.cells[name], len(v), v[:min(len(v), maxValues)]})
	}
	slices.SortFunc(out, func(a, b Distribution) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Summary sums the baseline up.
func (b *Baseline) Summary() (*Summary, error) {
	s := &Summary{Schema: SummarySchema, Version: Version, Captures: []CaptureInfo{}, Lists: []List{}, Networks: []Network{}}
	if err := b.captures(s); err != nil {
		return nil, err
	}
	if err := b.eachList(func(l *List) error { s.Lists = append(s.Lists, *l); return nil }); err != nil {
		return nil, err
	}
	if err := b.r.each("SELECT count(*) FROM listed", nil, []any{&s.Listed}, func() error { return nil }); err != nil {
		return nil, err
	}
	list, err := b.sortedNetworks()
	if err != nil {
		return nil, err
	}
	for i := range list {
		n, err := b.r.summary(&list[i])
		if err != nil {
			return nil, err
		}
		s.Networks = append(s.Networks, *n)
	}
	return s, nil
}

func (b *Baseline) captures(s *Summary) error {
	var c CaptureInfo
	var sha []byte
	var tool, first, last int64
	return b.r.each(`SELECT sha256, tool, generation, first, last, coalesce(n, 0) FROM capture
LEFT JOIN (SELECT capture, count(*) AS n FROM sighting GROUP BY capture) ON capture = id ORDER BY sha256`, nil,
		[]any{&sha, &tool, &c.Generation, &first, &last, &c.Cells}, func() error {
			if len(sha) != sha256.Size {
				return damaged("capture")
			}
			var err error
			if c.Tool, err = b.r.word(tool); err != nil {
				return err
			}
			c.SHA256, c.First, c.Last = hex.EncodeToString(sha), timeOf(first), timeOf(last)
			s.Captures = append(s.Captures, c)
			return nil
		})
}

// timeOf returns a time in nanoseconds since 1970 as UTC, or nil for 0.
func timeOf(ns int64) *time.Time {
	if ns == 0 {
		return nil
	}
	t := time.Unix(0, ns).UTC()
	return &t
}

func (r *reader) summary(n *network) (*Network, error) {
	out := &Network{RAT: n.rat.String(), PLMN: n.plmn.String(), Newest: timeOf(n.newest), Sessions: n.sessions, Rates: rates(&n.sessions), Areas: []Area{}}
	all, radio := newTally(), newTally()
	var area *Area
	var inArea *tally
	flush := func() {
		if area != nil {
			area.Parameters = inArea.distributions()
			out.Areas = append(out.Areas, *area)
		}
	}
	err := r.eachCell(n, " ORDER BY area, cell", nil, func(s *stored) error {
		switch {
		case s.sightings == 0:
			out.Quarantined++
			return nil
		case n.faded(s.last):
			out.Faded++
			return nil
		}
		out.Cells++
		if area == nil || area.Area != s.id.Area {
			flush()
			area, inArea = &Area{Area: s.id.Area}, newTally()
		}
		area.Cells++
		area.Sessions.Add(&s.counts.sessions)
		c, err := r.content(s.contents)
		if err != nil {
			return err
		}
		for i := range c.params {
			all.add(c.params[i].Name, c.params[i].Text)
			inArea.add(c.params[i].Name, c.params[i].Text)
		}
		if f := frequency(&s.radio); f != "" {
			radio.add("frequency", f)
		}
		for _, band := range c.bands {
			radio.add("band", strconv.Itoa(band))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	flush()
	out.Parameters, out.Frequencies, out.Bands = all.distributions(), radio.values("frequency"), radio.values("band")
	return out, nil
}

func rates(s *cell.Sessions) *Rates {
	if s.Count == 0 {
		return nil
	}
	share := func(n int) float64 { return float64(n) / float64(s.Count) }
	return &Rates{share(s.Authenticated), share(s.Ciphered), share(s.Rejected), share(s.IdentityRequests), share(s.Exposing)}
}
