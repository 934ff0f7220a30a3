package baseline

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/arfcn"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// reader reads the tables on one connection and keeps what it decoded, within bounds.
type reader struct {
	conn       *sql.Conn
	statements map[string]*sql.Stmt
	words      map[int64]string
	parameters map[int64]cell.Parameter
	contents   map[int64]*content
	networks   map[int64]network
}

// network is a row of that table.
type network struct {
	id       int64
	rat      event.RAT
	plmn     ident.PLMN
	newest   int64
	sessions cell.Sessions
}

// faded reports whether a time is too old to count. Without a clock nothing is.
func (n *network) faded(last int64) bool { return last != 0 && last < n.newest-int64(Fade) }

func newReader(c *sql.Conn) *reader {
	return &reader{
		conn: c, statements: map[string]*sql.Stmt{}, words: map[int64]string{}, parameters: map[int64]cell.Parameter{},
		contents: map[int64]*content{}, networks: map[int64]network{},
	}
}

func (r *reader) close() error {
	var errs []error
	for _, s := range r.statements {
		errs = append(errs, s.Close())
	}
	clear(r.statements)
	return errors.Join(errs...)
}

// take returns a prepared statement that nothing else uses until give.
func (r *reader) take(text string) (*sql.Stmt, error) {
	if s := r.statements[text]; s != nil {
		delete(r.statements, text)
		return s, nil
	}
	s, err := r.conn.PrepareContext(context.Background(), text)
	return s, unreadable(err)
}

func (r *reader) give(text string, s *sql.Stmt) error {
	if r.statements[text] != nil {
		return s.Close()
	}
	r.statements[text] = s
	return nil
}

// each runs a query and calls f on every row; columns say where it is read to.
func (r *reader) each(text string, args, columns []any, f func() error) (err error) {
	s, err := r.take(text)
	if err != nil {
		return err
	}
	defer func() {
		if e := r.give(text, s); err == nil {
			err = e
		}
	}()
	rows, err := s.Query(args...)
	if err != nil {
		return unreadable(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(columns...); err != nil {
			return unreadable(err)
		}
		if err := f(); err != nil {
			return err
		}
	}
	return unreadable(rows.Err())
}

// unreadable marks what the database says of a file's content.
func unreadable(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrFormat, err)
}

// keep puts a value into a cache of bounded size.
func keep[V any](m map[int64]V, id int64, v V, limit int) {
	if len(m) >= limit {
		clear(m)
	}
	m[id] = v
}

func (r *reader) word(id int64) (string, error) {
	if s, ok := r.words[id]; ok {
		return s, nil
	}
	var s string
	found := false
	if err := r.each("SELECT text FROM word WHERE id = ?", []any{id}, []any{&s}, func() error { found = true; return nil }); err != nil {
		return "", err
	}
	if !found || clean(s) != s {
		return "", damaged("text")
	}
	keep(r.words, id, s, maxEntries)
	return s, nil
}

func (r *reader) parameter(id int64) (cell.Parameter, error) {
	if p, ok := r.parameters[id]; ok {
		return p, nil
	}
	var p cell.Parameter
	var name, text, message, basis int64
	found := false
	err := r.each("SELECT name, text, value, message, basis, changes FROM parameter WHERE id = ?", []any{id},
		[]any{&name, &text, &p.Value, &message, &basis, &p.Changes}, func() error { found = true; return nil })
	if err != nil {
		return p, err
	}
	var ok1, ok2 bool
	p.Source, ok1 = decode(messages[:], message)
	p.Basis, ok2 = decode(bases[:], basis)
	if !found || !ok1 || !ok2 || p.Changes < 0 {
		return p, damaged("parameter")
	}
	if p.Name, err = r.word(name); err != nil {
		return p, err
	}
	if p.Text, err = r.word(text); err != nil {
		return p, err
	}
	keep(r.parameters, id, p, maxEntries)
	return p, nil
}

// content reads what was broadcast. It is shared and must not be changed.
func (r *reader) content(id int64) (*content, error) {
	if c := r.contents[id]; c != nil {
		return c, nil
	}
	var parameters, idle, dedicated, carriers, measured, plmns, bands string
	var has, known uint16
	found := false
	err := r.each("SELECT parameters, idle, dedicated, carriers, has, known, measured, plmns, bands FROM content WHERE id = ?",
		[]any{id}, []any{&parameters, &idle, &dedicated, &carriers, &has, &known, &measured, &plmns, &bands},
		func() error { found = true; return nil })
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, damaged("content")
	}
	c := &content{has: event.Capability(has), known: event.Capability(known), measured: map[event.Source][]event.Carrier{}}
	ids, err := integers(strings.ReplaceAll(strings.Trim(parameters, "[]"), ",", " "))
	if err != nil || len(ids) > maxParameters {
		return nil, damaged("list of parameters")
	}
	for _, n := range ids {
		p, err := r.parameter(int64(n))
		if err != nil {
			return nil, err
		}
		c.params = append(c.params, p)
	}
	for _, set := range []struct {
		to   *arfcn.Set
		text string
	}{{&c.idle, idle}, {&c.dedicated, dedicated}, {&c.carriers, carriers}} {
		list, err := integers(set.text)
		if err != nil {
			return nil, damaged("list of ARFCNs")
		}
		for _, n := range list {
			set.to.Add(n)
		}
	}
	if c.bands, err = integers(bands); err != nil {
		return nil, damaged("list of bands")
	}
	for _, s := range strings.Fields(plmns) {
		p, ok := ident.ParsePLMN(s)
		if !ok {
			return nil, damaged("list of networks")
		}
		c.plmns = append(c.plmns, p)
	}
	if err := c.measure(measured); err != nil {
		return nil, err
	}
	keep(r.contents, id, c, maxPeers)
	return c, nil
}

// measure reads the column measured.
func (c *content) measure(text string) error {
	if text == "" {
		return nil
	}
	var list []Measured
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return damaged("list of frequencies")
	}
	for _, m := range list {
		i := slices.IndexFunc(messages[:], func(s event.Source) bool { return s.String() == m.Message })
		if i < 0 {
			return damaged("list of frequencies")
		}
		for _, f := range m.Carriers {
			rat, ok := decode(rats[:], int64(f[0]))
			if !ok || f[1] < 0 || f[1] > 1<<32-1 {
				return damaged("list of frequencies")
			}
			c.measured[messages[i]] = append(c.measured[messages[i]], event.Carrier{RAT: rat, ARFCN: uint32(f[1]), Priority: f[2], Cells: f[3]})
		}
	}
	return nil
}

// integers reads numbers separated by blanks.
func integers(s string) ([]int, error) {
	var list []int
	for w := range strings.FieldsSeq(s) {
		n, err := strconv.Atoi(w)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, nil
}

const networkColumns = "SELECT id, rat, plmn, newest, sessions, authenticated, ciphered, rejected, identity_requests, exposing FROM network"

// eachNetwork calls f for networks in the order of their ids.
func (r *reader) eachNetwork(where string, args []any, f func(*network) error) error {
	var n network
	var rat, plmn string
	s := &n.sessions
	return r.each(networkColumns+where+" ORDER BY id", args, []any{
		&n.id, &rat, &plmn, &n.newest, &s.Count, &s.Authenticated, &s.Ciphered, &s.Rejected, &s.IdentityRequests, &s.Exposing,
	}, func() error {
		var ok1, ok2 bool
		n.rat, ok1 = event.ParseRAT(rat)
		n.plmn, ok2 = ident.ParsePLMN(plmn)
		if !ok1 || !ok2 || n.newest < 0 || min(s.Count, s.Authenticated, s.Ciphered, s.Rejected, s.IdentityRequests, s.Exposing) < 0 {
			return damaged("network")
		}
		return f(&n)
	})
}

// network finds a network by its id.
func (r *reader) network(id int64) (network, error) {
	if n, ok := r.networks[id]; ok {
		return n, nil
	}
	var out network
	err := r.eachNetwork(" WHERE id = ?", []any{id}, func(n *network) error { out = *n; return nil })
	if err == nil && out.id == 0 {
		err = damaged("network")
	}
	if err == nil {
		keep(r.networks, id, out, maxEntries)
	}
	return out, err
}

// eachSighting calls f for sightings; where selects and orders them. The sighting is
// valid during the call; its content is not read yet, but contents says which it is.
func (r *reader) eachSighting(where string, args []any, f func(*sighting) error) error {
	var s sighting
	var id, pcs, verdict int64
	var area, ci int64
	var heard []byte
	columns := append([]any{&id, &area, &ci, &s.radio.ARFCN, &pcs, &s.radio.PCI, &s.capture, &s.contents, &s.first, &s.last, &s.score, &verdict},
		s.counts.columns(&heard)...)
	return r.each("SELECT s.network, s.area, s.cell, s.arfcn, s.pcs, s.pci, s.capture, s.content, s.first, s.last, s.score, s.verdict, "+
		countNames+" FROM sighting s JOIN capture c ON c.id = s.capture"+where, args, columns, func() error {
		n, err := r.network(id)
		if err != nil {
			return err
		}
		var ok bool
		s.verdict, ok = decode(verdicts[:], verdict)
		s.rat, s.id, s.radio.PCS = n.rat, event.CellID{PLMN: n.plmn, Area: uint32(area), Cell: uint64(ci), Known: true}, pcs != 0
		if !ok || !validCell(area, ci, &s.radio) || date(s.first) != s.first || date(s.last) != s.last {
			return damaged("sighting")
		}
		if err := s.counts.check(heard); err != nil {
			return err
		}
		return f(&s)
	})
}

func validCell(area, ci int64, r *cell.Radio) bool {
	return area >= 0 && area < 1<<32 && ci >= 0 && r.ARFCN >= cell.NoARFCN && r.PCI >= cell.NoPCI
}

// check reads the messages heard and rejects what cannot have been counted.
func (c *counts) check(heard []byte) error {
	s := &c.sessions
	if min(c.level.N, s.Count, s.Authenticated, s.Ciphered, s.Rejected, s.IdentityRequests, s.Exposing,
		c.pagings, c.pagedIMSI, c.pagedTMSI, c.pagedCS, c.assignments, c.hopping) < 0 {
		return damaged("counts")
	}
	return c.unpack(heard)
}

// stored is a row of the table cell.
type stored struct {
	id                     event.CellID
	radio                  cell.Radio
	sightings, quarantined int
	contents               int64
	first, last            int64
	counts                 counts
}

// eachCell calls f for the cells of a network; where selects and orders them further.
func (r *reader) eachCell(n *network, where string, args []any, f func(*stored) error) error {
	var s stored
	var area, ci, pcs int64
	var heard []byte
	columns := append([]any{&area, &ci, &s.radio.ARFCN, &pcs, &s.radio.PCI, &s.sightings, &s.quarantined, &s.contents, &s.first, &s.last},
		s.counts.columns(&heard)...)
	return r.each("SELECT area, cell, arfcn, pcs, pci, sightings, quarantined, content, first, last, "+countNames+
		" FROM cell WHERE network = ?"+where, append([]any{n.id}, args...), columns, func() error {
		s.id, s.radio.PCS = event.CellID{PLMN: n.plmn, Area: uint32(area), Cell: uint64(ci), Known: true}, pcs != 0
		if !validCell(area, ci, &s.radio) || min(s.sightings, s.quarantined) < 0 || date(s.first) != s.first || date(s.last) != s.last {
			return damaged("cell")
		}
		if err := s.counts.check(heard); err != nil {
			return err
		}
		return f(&s)
	})
}

// Baseline is a baseline opened for reading; the file is never written to. It
// implements rule.Known: a network is read when it is asked for first, and kept. The
// methods of rule.Known may be called from several goroutines, the others only alone.
type Baseline struct {
	path string
	db   *sql.DB
	conn *sql.Conn

	mu     sync.Mutex
	r      *reader
	err    error
	loaded map[networkID]*loaded
	order  []networkID // of loading
	cached int         // cells in loaded
	past   map[cellKey][]rule.Sighting
	pasts  int // sightings in past
}

var _ rule.Known = (*Baseline)(nil)

type networkID struct {
	rat  event.RAT
	plmn ident.PLMN
}

type cellKey struct {
	rat event.RAT
	id  event.CellID
}

// loaded is what is kept of a network.
type loaded struct {
	network
	cells  []*cell.Cell
	listed int
}

// Open opens a baseline. What is no baseline, is damaged or of another version gives
// an error that wraps ErrFormat or ErrVersion.
func Open(path string) (*Baseline, error) {
	b, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("baseline %s: %w", path, err)
	}
	return b, nil
}

func open(path string) (*Baseline, error) {
	if err := checkHeader(path); err != nil {
		return nil, err
	}
	name, err := dsn(path, "mode=ro&immutable=1&_pragma=query_only(1)&_pragma=trusted_schema(0)&_pragma=cell_size_check(1)")
	if err != nil {
		return nil, err
	}
	b := &Baseline{path: path, loaded: map[networkID]*loaded{}, past: map[cellKey][]rule.Sighting{}}
	if b.db, err = sql.Open("sqlite", name); err != nil {
		return nil, err
	}
	ctx := context.Background()
	if b.conn, err = connect(ctx, b.db); err != nil {
		return nil, errors.Join(unreadable(err), b.db.Close())
	}
	b.r = newReader(b.conn)
	if err = checkSchema(ctx, b.conn); err == nil {
		err = b.quickCheck()
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// quickCheck lets SQLite look at the structure of the file.
func (b *Baseline) quickCheck() error {
	var s string
	bad := false
	err := b.r.each("PRAGMA quick_check(1)", nil, []any{&s}, func() error { bad = bad || s != "ok"; return nil })
	if err == nil && bad {
		err = fmt.Errorf("%w: damaged: %s", ErrFormat, s)
	}
	return err
}

// Close closes the file.
func (b *Baseline) Close() error {
	return errors.Join(b.r.close(), b.conn.Close(), b.db.Close())
}

// Err returns the first error of Cells, History, Sessions or Listed, which then said
// less than the file holds.
func (b *Baseline) Err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// fail keeps the first error.
func (b *Baseline) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// Cells implements rule.Known. It lists one cell for each identity, with the newest
// value of each parameter, ordered by identity. Where a network has more than 4,096
// those heard last are listed.
func (b *Baseline) Cells(rat event.RAT, plmn ident.PLMN) []*cell.Cell {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.load(rat, plmn).cells
}

// Sessions implements rule.Known.
func (b *Baseline) Sessions(rat event.RAT, plmn ident.PLMN) cell.Sessions {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.load(rat, plmn).sessions
}

// Listed implements rule.Known. Lists write an MNC without its digits, so 01 and 001
// are one there.
func (b *Baseline) Listed(rat event.RAT, id event.CellID) (listed bool, ofNetwork int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := b.load(rat, id.PLMN).listed
	if n == 0 || !id.Known {
		return false, n
	}
	var one int
	err := b.r.each("SELECT 1 FROM listed WHERE rat = ? AND mcc = ? AND mnc = ? AND area = ? AND cell = ?",
		[]any{code(rats[:], rat), int(id.PLMN.MCC), int(id.PLMN.MNC), int64(id.Area), int64(id.Cell)}, []any{&one},
		func() error { listed = true; return nil })
	if err != nil {
		b.fail(err)
	}
	return listed, n
}

// load returns what is kept of a network, after reading it if need be.
func (b *Baseline) load(rat event.RAT, plmn ident.PLMN) *loaded {
	key := networkID{rat, plmn}
	if l := b.loaded[key]; l != nil {
		return l
	}
	l, err := b.read(key)
	if err != nil {
		b.fail(err)
		l = &loaded{}
	}
	for len(b.order) > 0 && (b.cached+len(l.cells) > maxCached || len(b.order) >= maxPeers) {
		b.cached -= len(b.loaded[b.order[0]].cells)
		delete(b.loaded, b.order[0])
		b.order = b.order[1:]
	}
	b.loaded[key] = l
	b.order = append(b.order, key)
	b.cached += len(l.cells)
	return l
}

func (b *Baseline) read(key networkID) (*loaded, error) {
	l := &loaded{}
	if err := b.r.eachNetwork(" WHERE rat = ? AND plmn = ?", []any{key.rat.String(), key.plmn.String()},
		func(n *network) error { l.network = *n; return nil }); err != nil {
		return nil, err
	}
	if err := b.r.each("SELECT count(*) FROM listed WHERE rat = ? AND mcc = ? AND mnc = ?",
		[]any{code(rats[:], key.rat), int(key.plmn.MCC), int(key.plmn.MNC)}, []any{&l.listed}, func() error { return nil }); err != nil {
		return nil, err
	}
	if l.id == 0 {
		return l, nil
	}
	err := b.r.eachCell(&l.network, " AND sightings > 0 AND (last = 0 OR last >= ?) ORDER BY last DESC, area, cell LIMIT ?",
		[]any{l.newest - int64(Fade), maxPeers}, func(s *stored) error {
			c, err := b.r.content(s.contents)
			if err != nil {
				return err
			}
			l.cells = append(l.cells, s.cell(key.rat, c))
			return nil
		})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(l.cells, cell.Compare)
	return l, nil
}

// cell returns a stored cell in the form that rules look at.
func (s *stored) cell(rat event.RAT, c *content) *cell.Cell {
	out := &cell.Cell{
		RAT: rat, ID: s.id, Radio: s.radio, PLMNs: c.plmns, Bands: c.bands, Capture: -1,
		First: event.Ref{Capture: -1}, Last: event.Ref{Capture: -1}, // of none of the captures judged
		FirstTime: s.first, LastTime: s.last,
		Idle: c.idle, Dedicated: c.dedicated, Carriers: c.carriers, Measured: c.measured, Has: c.has, Known: c.known,
		Pagings: s.counts.pagings, PagedIMSI: s.counts.pagedIMSI, PagedTMSI: s.counts.pagedTMSI, PagedCS: s.counts.pagedCS,
		Assignments: s.counts.assignments, Hopping: s.counts.hopping,
		Sessions: s.counts.sessions, Level: s.counts.level,
	}
	for i, n := range s.counts.heard {
		out.Broadcasts[i].Count = n
	}
	out.Restore(c.params)
	return out
}

// History implements rule.Known: the newest 1,024 sightings that count, without those
// in quarantine.
func (b *Baseline) History(rat event.RAT, id event.CellID) []rule.Sighting {
	return b.history(rat, id, false)
}

// Quarantined lists the sightings of a cell in quarantine, oldest first: captures in
// which it scored suspicious or above.
func (b *Baseline) Quarantined(rat event.RAT, id event.CellID) []rule.Sighting {
	return b.history(rat, id, true)
}

func (b *Baseline) history(rat event.RAT, id event.CellID, quarantine bool) []rule.Sighting {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := b.load(rat, id.PLMN)
	if l.id == 0 || !id.Known {
		return nil
	}
	key := cellKey{rat, id}
	if list, ok := b.past[key]; ok && !quarantine {
		return list
	}
	where, oldest := "verdict < ?", l.newest-int64(Fade)
	if quarantine {
		where, oldest = "verdict >= ?", 0
	}
	var list []rule.Sighting
	err := b.r.eachSighting(" WHERE s.network = ? AND s.area = ? AND s.cell = ? AND s."+where+
		" AND (s.last = 0 OR s.last >= ?) ORDER BY s.last DESC, c.sha256 DESC, s.arfcn DESC, s.pcs DESC, s.pci DESC LIMIT ?",
		[]any{l.id, int64(id.Area), int64(id.Cell), firstQuarantined, oldest, maxHistory}, func(s *sighting) error {
			c, err := b.r.content(s.contents)
			if err != nil {
				return err
			}
			list = append(list, rule.Sighting{First: s.first, Last: s.last, Radio: s.radio, Parameters: c.params, Level: s.counts.level})
			return nil
		})
	if err != nil {
		b.fail(err)
	}
	slices.Reverse(list)
	if !quarantine {
		if b.pasts += len(list) + 1; b.pasts > maxEntries {
			clear(b.past)
			b.pasts = len(list) + 1
		}
		b.past[key] = list
	}
	return list
}

// records calls f for every capture in the order of the hashes.
func (b *Baseline) records(f func(*record) error) error {
	return b.r.records(f)
}

func (r *reader) records(f func(*record) error) error {
	rows, err := r.conn.QueryContext(context.Background(), "SELECT id, sha256, tool, generation, first, last FROM capture ORDER BY sha256")
	if err != nil {
		return unreadable(err)
	}
	defer rows.Close()
	digests := map[int64][digestLen]byte{}
	var rec *record
	var id int64
	// next reads the next capture; false at the end.
	next := func() (bool, error) {
		if !rows.Next() {
			return false, unreadable(rows.Err())
		}
		var sha []byte
		var tool int64
		n := &record{}
		if err := rows.Scan(&id, &sha, &tool, &n.generation, &n.first, &n.last); err != nil {
			return false, unreadable(err)
		}
		if copy(n.sha[:], sha); len(sha) != sha256.Size || date(n.first) != n.first || date(n.last) != n.last {
			return false, damaged("capture")
		}
		var err error
		n.tool, err = r.word(tool)
		rec = n
		return true, err
	}
	emit := func() error {
		rec.order()
		return f(rec)
	}
	more, err := next()
	if err != nil {
		return err
	}
	err = r.eachSighting(" ORDER BY c.sha256", nil, func(s *sighting) error {
		for more && id != s.capture {
			if err := emit(); err != nil {
				return err
			}
			var err error
			if more, err = next(); err != nil {
				return err
			}
		}
		if !more || len(rec.cells) > 2*cell.MaxCells {
			return damaged("capture")
		}
		d, ok := digests[s.contents]
		if !ok {
			c, err := r.content(s.contents)
			if err != nil {
				return err
			}
			if d, err = c.sum(); err != nil {
				return damaged("content")
			}
			keep(digests, s.contents, d, maxIDs)
		}
		out := *s
		out.from, out.digest = r, d
		rec.cells = append(rec.cells, out)
		return nil
	})
	for err == nil && more {
		if err = emit(); err == nil {
			more, err = next()
		}
	}
	return err
}
