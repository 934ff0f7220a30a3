// Package baseline keeps what earlier captures taught of cells, in one portable SQLite
// file.
//
// The file holds, for every capture that went in, which cells it showed and what each
// broadcast (table sighting), under the capture's SHA-256. All else is derived from
// that when the file is written: the newest state of each cell (table cell) and the
// sums of each network. So baselines merge as sets of captures do: in any order, and
// the same capture twice counts once.
//
// A sighting of a cell that scored suspicious or above is in quarantine: it is kept,
// shown and compared, but nothing counts it as normal. What was heard more than Fade
// before the newest sighting of its network is no longer counted either. The age never
// depends on today's date: the same file gives the same answers always.
//
// Beside its own captures a baseline can hold external lists of cells (table listed),
// which say that a cell exists and nothing about what it broadcasts.
//
// No identity of a person, no path and no name of a file goes in.
package baseline

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/score"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/arfcn"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// Fade is how long before the newest sighting of its network a sighting still counts.
// Expert value: networks are re-planned over years, and a survey a year is worth
// keeping beside the next.
const Fade = 2 * 365 * 24 * time.Hour

// Generation is the way in which captures are learned. It rises when the same capture
// would teach something else; of two records of a capture the later generation wins.
const Generation = 1

// Errors. All are about files, so a caller treats them as unreadable input.
var (
	// ErrFormat says that a file is no baseline, or one that is damaged.
	ErrFormat = errors.New("no valid baseline")
	// ErrVersion says that a file is a baseline of a version that this program does not
	// read.
	ErrVersion = errors.New("baseline of another version")
)

// Bounds on what one file makes the program hold in memory.
const (
	// maxPeers bounds the cells of one network that Cells lists: those heard last.
	maxPeers = 4096
	// maxCached bounds the cells of all networks that are held at once.
	maxCached = 4 * maxPeers
	// maxHistory bounds the sightings of one cell that count: the newest.
	maxHistory = 1024
	// maxEntries bounds every other cache.
	maxEntries = 1 << 16
	// maxIDs bounds what only maps names to ids.
	maxIDs = 1 << 20
	// maxText bounds a text in octets: a list of all 1,024 ARFCNs has about 4,000.
	maxText = 8 << 10
	// maxParameters bounds the parameters of one cell; an LTE cell has about 60.
	maxParameters = 1 << 10
	// maxValue bounds a value that the database reads, in octets.
	maxValue = 1 << 20
)

// Times outside these years come from a clock that was not set; the capture then
// counts as one without a clock, which does not fade.
var (
	earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	latest   = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()
)

// Capture is what one capture teaches.
type Capture struct {
	// SHA256 is that of the capture as it was read.
	SHA256 [sha256.Size]byte
	// Tool says by what it was judged: version and rules.
	Tool string
	// First and Last are its first and last time in nanoseconds since 1970, 0 if it has
	// no clock.
	First, Last int64
	Cells       []Judged
}

// Judged is a cell with what it scored.
type Judged struct {
	Cell *cell.Cell
	// Score is in percent.
	Score   float64
	Verdict score.Verdict
}

// record is a Capture as it is kept.
type record struct {
	sha         [sha256.Size]byte
	tool        string
	generation  int
	first, last int64
	cells       []sighting
}

// sighting is one cell in one capture.
type sighting struct {
	rat         event.RAT
	id          event.CellID
	radio       cell.Radio
	first, last int64
	// score is in tenths of a percent.
	score   int
	verdict score.Verdict
	counts  counts
	// content is what the cell broadcast; nil if it is still to be read from its file.
	content *content
	digest  [digestLen]byte // of the content
	// Where the sighting was read from: the file, and the ids there.
	from              *reader
	capture, contents int64
}

// broadcasts returns what the cell broadcast.
func (s *sighting) broadcasts() (*content, error) {
	if s.content != nil {
		return s.content, nil
	}
	return s.from.content(s.contents)
}

// counts are numbers of one sighting; they add up over sightings.
type counts struct {
	level    cell.Level
	sessions cell.Sessions
	// Of messages, as in cell.Cell.
	pagings, pagedIMSI, pagedTMSI, pagedCS, assignments, hopping int
	heard                                                        [event.NumSources]int
}

// add sums up.
func (c *counts) add(o *counts) {
	if o.level.N > 0 {
		if c.level.N == 0 {
			c.level = o.level
		} else {
			c.level.Min, c.level.Max = min(c.level.Min, o.level.Min), max(c.level.Max, o.level.Max)
			c.level.N += o.level.N
			c.level.Sum += o.level.Sum
		}
	}
	c.sessions.Add(&o.sessions)
	c.pagings += o.pagings
	c.pagedIMSI += o.pagedIMSI
	c.pagedTMSI += o.pagedTMSI
	c.pagedCS += o.pagedCS
	c.assignments += o.assignments
	c.hopping += o.hopping
	for i, n := range o.heard {
		c.heard[i] += n
	}
}

// Quarantine reports whether a verdict keeps a sighting from counting as normal.
func Quarantine(v score.Verdict) bool { return v >= score.Suspicious }

// content is what a cell broadcast, which many sightings share.
type content struct {
	params                    []cell.Parameter // by name, without frames
	idle, dedicated, carriers arfcn.Set
	has, known                event.Capability
	measured                  map[event.Source][]event.Carrier
	plmns                     []ident.PLMN
	bands                     []int
}

// digestLen is how much of a content's SHA-256 names it in the file.
const digestLen = 16

// Broadcast is a content as it is exported.
type Broadcast struct {
	PLMNs      []string    `json:"plmns,omitempty"`
	Bands      []int       `json:"bands,omitempty"`
	Parameters []Parameter `json:"parameters,omitempty"`
	// Idle, Dedicated and Carriers list ARFCNs.
	Idle      string `json:"idle,omitempty"`
	Dedicated string `json:"dedicated,omitempty"`
	Carriers  string `json:"carriers,omitempty"`
	// Has and Known are the bits of event.Capability.
	Has      uint16     `json:"has,omitempty"`
	Known    uint16     `json:"known,omitempty"`
	Measured []Measured `json:"measured,omitempty"`
}

// Parameter is a broadcast parameter as it is exported.
type Parameter struct {
	Name    string  `json:"name"`
	Text    string  `json:"text"`
	Value   float64 `json:"value"`
	Message string  `json:"message"`
	Basis   string  `json:"basis"`
	Changes int     `json:"changes,omitempty"`
}

// Measured are the frequencies that one message tells phones to look at.
type Measured struct {
	Message string `json:"message"`
	// Carriers are RAT, ARFCN, priority (-1: none) and number of cells.
	Carriers [][4]int `json:"carriers"`
}

// broadcast returns the content in the form of the export.
func (c *content) broadcast() *Broadcast {
	out := &Broadcast{
		Bands: c.bands, Idle: c.idle.String(), Dedicated: c.dedicated.String(), Carriers: c.carriers.String(),
		Has: uint16(c.has), Known: uint16(c.known), Measured: c.measuredList(),
	}
	for _, p := range c.plmns {
		out.PLMNs = append(out.PLMNs, p.String())
	}
	for _, p := range c.params {
		out.Parameters = append(out.Parameters, Parameter{p.Name, p.Text, p.Value, p.Source.String(), p.Basis.String(), p.Changes})
	}
	return out
}

// measuredList orders the measured frequencies by message; their order inside one is
// that of the message.
func (c *content) measuredList() []Measured {
	var out []Measured
	for _, src := range messages {
		list := c.measured[src]
		if len(list) == 0 {
			continue
		}
		m := Measured{Message: src.String()}
		for _, f := range list {
			m.Carriers = append(m.Carriers, [4]int{int(f.RAT), int(f.ARFCN), f.Priority, f.Cells})
		}
		out = append(out, m)
	}
	return out
}

// sum returns the digest that names the content.
func (c *content) sum() ([digestLen]byte, error) {
	var d [digestLen]byte
	b, err := encode(c.broadcast())
	if err != nil {
		return d, err
	}
	full := sha256.Sum256(b)
	copy(d[:], full[:])
	return d, nil
}

// encode writes v as a line of JSON; v's maps are written with sorted keys.
func encode(v any) ([]byte, error) { return encodeIndented(v, "") }

func encodeIndented(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return escape(b.Bytes()), nil
}

// escape writes what is not printable in the strings of JSON as \u: texts come from the
// air, and what they could do to a terminal they shall not.
func escape(b []byte) []byte {
	plain := true
	for _, c := range b {
		plain = plain && (c >= ' ' && c < 0x7f || c == '\n')
	}
	if plain {
		return b
	}
	var out []byte
	for _, r := range string(b) {
		if !unprintable(r) {
			out = utf8.AppendRune(out, r)
			continue
		}
		for _, u := range utf16.AppendRune(nil, r) {
			out = fmt.Appendf(out, "\\u%04x", u)
		}
	}
	return out
}

// unprintable is false for the line breaks between the strings.
func unprintable(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }

// WriteJSON writes a Summary, or what holds Differences, for other programs; texts that
// came from the air cannot harm a terminal.
func WriteJSON(w io.Writer, v any) error {
	b, err := encodeIndented(v, "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// newRecord takes from a capture what is kept, in canonical order: each cell once, by
// RAT, identity and radio.
func newRecord(c *Capture) (*record, error) {
	r := &record{sha: c.SHA256, tool: clean(c.Tool), generation: Generation, first: date(c.First), last: date(c.Last)}
	for i := range c.Cells {
		j := &c.Cells[i]
		if !j.Cell.ID.Known || !j.Cell.ID.PLMN.Known() {
			continue
		}
		s := newSighting(j)
		var err error
		if s.digest, err = s.content.sum(); err != nil {
			return nil, err
		}
		r.cells = append(r.cells, s)
	}
	r.order()
	return r, nil
}

// order sorts the sightings and keeps the first of a cell at one place on air.
func (r *record) order() {
	slices.SortStableFunc(r.cells, func(a, b sighting) int { return compare(&a, &b) })
	r.cells = slices.CompactFunc(r.cells, func(a, b sighting) bool { return compare(&a, &b) == 0 })
}

func newSighting(j *Judged) sighting {
	c := j.Cell
	s := sighting{
		rat: c.RAT, id: c.ID, radio: c.Radio, first: date(c.FirstTime), last: date(c.LastTime),
		score: int(math.Round(10 * j.Score)), verdict: j.Verdict,
		counts: counts{
			level: c.Level, sessions: c.Sessions,
			pagings: c.Pagings, pagedIMSI: c.PagedIMSI, pagedTMSI: c.PagedTMSI, pagedCS: c.PagedCS,
			assignments: c.Assignments, hopping: c.Hopping,
		},
	}
	s.radio.PCS = s.radio.PCS && s.radio.ARFCN != cell.NoARFCN
	for i := range c.Broadcasts {
		s.counts.heard[i] = c.Broadcasts[i].Count
	}
	s.content = &content{
		idle: c.Idle, dedicated: c.Dedicated, carriers: c.Carriers, has: c.Has, known: c.Known,
		measured: map[event.Source][]event.Carrier{}, bands: slices.Clone(c.Bands),
		plmns: slices.DeleteFunc(slices.Clone(c.PLMNs), func(p ident.PLMN) bool { return !p.Known() }),
	}
	for src, list := range c.Measured {
		if len(list) > 0 {
			s.content.measured[src] = slices.Clone(list)
		}
	}
	for _, p := range c.Parameters() {
		if math.IsNaN(p.Value) || math.IsInf(p.Value, 0) || len(s.content.params) == maxParameters {
			continue
		}
		p.Name, p.Text, p.First = clean(p.Name), clean(p.Text), event.Ref{}
		p.Value += 0 // -0 becomes 0, which is what the database gives back
		s.content.params = append(s.content.params, p)
	}
	slices.SortStableFunc(s.content.params, func(a, b cell.Parameter) int { return strings.Compare(a.Name, b.Name) })
	return s
}

// compare orders sightings of one capture.
func compare(a, b *sighting) int {
	order := func(x, y int) int { return x - y }
	switch {
	case a.rat != b.rat:
		return order(int(a.rat), int(b.rat))
	case a.id.Less(b.id):
		return -1
	case b.id.Less(a.id):
		return 1
	case a.radio.ARFCN != b.radio.ARFCN:
		return order(a.radio.ARFCN, b.radio.ARFCN)
	case a.radio.PCS != b.radio.PCS:
		return order(flag(a.radio.PCS), flag(b.radio.PCS))
	}
	return order(a.radio.PCI, b.radio.PCI)
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// date returns a time, or 0 if no clock could have shown it.
func date(ns int64) int64 {
	if ns < earliest || ns >= latest {
		return 0
	}
	return ns
}

// clean makes a text one that the database and the export hold unchanged.
func clean(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", "\ufffd"), "\ufffd")
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	return s
}

// Codes of the file: the place in these lists. New entries go to the end.
var (
	messages = [...]event.Source{
		event.SI1, event.SI2, event.SI2bis, event.SI2ter, event.SI2quater, event.SI3, event.SI4, event.SI5, event.SI5bis,
		event.SI5ter, event.SI6, event.SI13, event.SIOther,
		event.MIB, event.SIB1, event.SIB2, event.SIB3, event.SIB4, event.SIB5, event.SIB6, event.SIB7, event.SIB8,
		event.SIB10, event.SIB11, event.SIB12, event.SIB24,
	}
	bases = [...]event.Basis{
		event.ByIdentity, event.BySI6, event.ByFrequency, event.ByAssignment, event.ByCamping, event.ByArea,
		event.ByLastBroadcast, event.ByNothing,
	}
	rats     = [...]event.RAT{event.GSM, event.UMTS, event.LTE, event.NR}
	verdicts = [...]score.Verdict{score.Insufficient, score.Ordinary, score.Unusual, score.Suspicious, score.Consistent}
)

// firstQuarantined is the code of the lowest verdict in quarantine.
const firstQuarantined = 3

// code returns the code of v.
func code[T comparable](list []T, v T) int { return slices.Index(list, v) }

// decode returns what a code stands for.
func decode[T any](list []T, code int64) (T, bool) {
	if code < 0 || code >= int64(len(list)) {
		var none T
		return none, false
	}
	return list[code], true
}
