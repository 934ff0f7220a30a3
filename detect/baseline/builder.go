package baseline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // the driver

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
)

// Builder writes a baseline. It collects in a temporary file beside its target, which
// Commit replaces in one step; until then nothing is changed, and Close without Commit
// leaves nothing behind. It is not for concurrent use.
type Builder struct {
	path string
	dir  string // temporary
	db   *sql.DB
	conn *sql.Conn
	done bool

	statements map[string]*sql.Stmt
	words      map[string]int64
	parameters map[parameterKey]int64
	contents   map[[digestLen]byte]int64
	networks   map[networkKey]int64
}

type networkKey struct{ rat, plmn string }

type parameterKey struct {
	name, text     int64
	value          float64
	message, basis int
	changes        int
}

// Create begins a baseline that Commit writes to path. A file that is there already
// must be a baseline, which is replaced.
func Create(path string) (*Builder, error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if err := checkHeader(path); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrVersion) {
		return nil, fmt.Errorf("%s is there and will not be replaced: %w", path, err)
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), ".baseline-")
	if err != nil {
		return nil, err
	}
	b := &Builder{
		path: path, dir: dir, statements: map[string]*sql.Stmt{}, words: map[string]int64{},
		parameters: map[parameterKey]int64{}, contents: map[[digestLen]byte]int64{}, networks: map[networkKey]int64{},
	}
	if err := b.open(); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// open makes the temporary file. It needs no journal: if something fails it is thrown
// away.
func (b *Builder) open() error {
	name, err := dsn(filepath.Join(b.dir, "collect"), "_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)")
	if err != nil {
		return err
	}
	if b.db, err = sql.Open("sqlite", name); err != nil {
		return err
	}
	ctx := context.Background()
	if b.conn, err = connect(ctx, b.db); err != nil {
		return err
	}
	stmts := []string{fmt.Sprintf("PRAGMA application_id = %d", applicationID), fmt.Sprintf("PRAGMA user_version = %d", Version)}
	for _, t := range schema {
		stmts = append(stmts, t.sql)
	}
	for _, s := range append(stmts, "BEGIN") {
		if _, err := b.conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// Close ends the Builder and removes what is temporary.
func (b *Builder) Close() error {
	var errs []error
	for _, s := range b.statements {
		errs = append(errs, s.Close())
	}
	b.statements = nil
	if b.conn != nil {
		errs = append(errs, b.conn.Close())
		b.conn = nil
	}
	if b.db != nil {
		errs = append(errs, b.db.Close())
		b.db = nil
	}
	return errors.Join(append(errs, os.RemoveAll(b.dir))...)
}

// Commit derives what follows from the captures and puts the file in its place. The
// Builder is closed then, whatever comes out.
func (b *Builder) Commit() error {
	err := b.commit()
	return errors.Join(err, b.Close())
}

func (b *Builder) commit() error {
	if b.done || b.conn == nil {
		return errors.New("baseline: already closed")
	}
	b.done = true
	ctx := context.Background()
	if err := b.derive(); err != nil {
		return err
	}
	if _, err := b.conn.ExecContext(ctx, "COMMIT"); err != nil {
		return err
	}
	final := filepath.Join(b.dir, "final")
	if _, err := b.conn.ExecContext(ctx, "VACUUM INTO ?", final); err != nil {
		return fmt.Errorf("write baseline: %w", err)
	}
	f, err := os.OpenFile(final, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(final, b.path)
}

// exec runs a statement that is kept prepared.
func (b *Builder) exec(text string, args ...any) (sql.Result, error) {
	s, err := b.prepare(text)
	if err != nil {
		return nil, err
	}
	return s.Exec(args...)
}

func (b *Builder) prepare(text string) (*sql.Stmt, error) {
	if s := b.statements[text]; s != nil {
		return s, nil
	}
	s, err := b.conn.PrepareContext(context.Background(), text)
	if err != nil {
		return nil, err
	}
	b.statements[text] = s
	return s, nil
}

// id returns the id that query finds, or that of the row that insert makes.
func (b *Builder) id(query, insert string, key []any, rest ...any) (int64, error) {
	s, err := b.prepare(query)
	if err != nil {
		return 0, err
	}
	var id int64
	switch err := s.QueryRow(key...).Scan(&id); {
	case err == nil:
		return id, nil
	case !errors.Is(err, sql.ErrNoRows):
		return 0, err
	}
	r, err := b.exec(insert, append(key, rest...)...)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// remember puts an id into a cache of bounded size.
func remember[K comparable](m map[K]int64, k K, id int64) {
	if len(m) >= maxIDs {
		clear(m)
	}
	m[k] = id
}

func (b *Builder) word(s string) (int64, error) {
	if id, ok := b.words[s]; ok {
		return id, nil
	}
	id, err := b.id("SELECT id FROM word WHERE text = ?", "INSERT INTO word (text) VALUES (?)", []any{s})
	if err == nil {
		remember(b.words, s, id)
	}
	return id, err
}

func (b *Builder) network(rat event.RAT, plmn string) (int64, error) {
	k := networkKey{rat.String(), plmn}
	if id, ok := b.networks[k]; ok {
		return id, nil
	}
	id, err := b.id("SELECT id FROM network WHERE rat = ? AND plmn = ?",
		"INSERT INTO network VALUES (NULL, ?, ?, 0, 0, 0, 0, 0, 0, 0)", []any{k.rat, k.plmn})
	if err == nil {
		remember(b.networks, k, id)
	}
	return id, err
}

func (b *Builder) parameter(p *cell.Parameter) (int64, error) {
	var k parameterKey
	var err error
	if k.name, err = b.word(p.Name); err != nil {
		return 0, err
	}
	if k.text, err = b.word(p.Text); err != nil {
		return 0, err
	}
	k.value, k.message, k.basis, k.changes = p.Value, code(messages[:], p.Source), code(bases[:], p.Basis), p.Changes
	if id, ok := b.parameters[k]; ok {
		return id, nil
	}
	id, err := b.id("SELECT id FROM parameter WHERE name = ? AND text = ? AND value = ? AND message = ? AND basis = ? AND changes = ?",
		"INSERT INTO parameter VALUES (NULL, ?, ?, ?, ?, ?, ?)", []any{k.name, k.text, k.value, k.message, k.basis, k.changes})
	if err == nil {
		remember(b.parameters, k, id)
	}
	return id, err
}

// content enters what was broadcast, once; get tells it.
func (b *Builder) content(digest [digestLen]byte, get func() (*content, error)) (int64, error) {
	if id, ok := b.contents[digest]; ok {
		return id, nil
	}
	c, err := get()
	if err != nil {
		return 0, err
	}
	list := []byte{'['}
	for i := range c.params {
		id, err := b.parameter(&c.params[i])
		if err != nil {
			return 0, err
		}
		if i > 0 {
			list = append(list, ',')
		}
		list = strconv.AppendInt(list, id, 10)
	}
	measured := ""
	if m := c.measuredList(); m != nil {
		text, err := json.Marshal(m)
		if err != nil {
			return 0, err
		}
		measured = string(text)
	}
	var plmns, bands []string
	for _, p := range c.plmns {
		plmns = append(plmns, p.String())
	}
	for _, n := range c.bands {
		bands = append(bands, strconv.Itoa(n))
	}
	id, err := b.id("SELECT id FROM content WHERE digest = ?", "INSERT INTO content VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		[]any{digest[:]}, string(append(list, ']')), c.idle.String(), c.dedicated.String(), c.carriers.String(),
		int(c.has), int(c.known), measured, strings.Join(plmns, " "), strings.Join(bands, " "))
	if err == nil {
		remember(b.contents, digest, id)
	}
	return id, err
}

// Add learns a capture. One that is known already counts once: the record of the later
// Generation, or of two equally late ones that with the greater digest.
func (b *Builder) Add(c Capture) error {
	r, err := newRecord(&c)
	if err != nil {
		return err
	}
	return b.add(r)
}

func (b *Builder) add(r *record) error {
	digest, err := r.digest()
	if err != nil {
		return err
	}
	find, err := b.prepare("SELECT id, generation, digest FROM capture WHERE sha256 = ?")
	if err != nil {
		return err
	}
	var old, generation int64
	var have []byte
	switch err := find.QueryRow(r.sha[:]).Scan(&old, &generation, &have); {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	case generation > int64(r.generation), generation == int64(r.generation) && bytes.Compare(have, digest) >= 0:
		return nil
	default:
		for _, s := range []string{"DELETE FROM sighting WHERE capture = ?", "DELETE FROM capture WHERE id = ?"} {
			if _, err := b.exec(s, old); err != nil {
				return err
			}
		}
	}
	tool, err := b.word(r.tool)
	if err != nil {
		return err
	}
	res, err := b.exec("INSERT INTO capture VALUES (NULL, ?, ?, ?, ?, ?, ?)", r.sha[:], tool, r.generation, r.first, r.last, digest)
	if err != nil {
		return err
	}
	capture, err := res.LastInsertId()
	if err != nil {
		return err
	}
	for i := range r.cells {
		if err := b.sighting(capture, &r.cells[i]); err != nil {
			return err
		}
	}
	return nil
}

var insertSighting = "INSERT INTO sighting VALUES (?" + strings.Repeat(", ?", 11+numCounts) + ")"

func (b *Builder) sighting(capture int64, s *sighting) error {
	network, err := b.network(s.rat, s.id.PLMN.String())
	if err != nil {
		return err
	}
	content, err := b.content(s.digest, s.broadcasts)
	if err != nil {
		return err
	}
	args := append([]any{
		network, int64(s.id.Area), int64(s.id.Cell), s.radio.ARFCN, flag(s.radio.PCS), s.radio.PCI, capture, content,
		s.first, s.last, s.score, code(verdicts[:], s.verdict),
	}, s.counts.values()...)
	_, err = b.exec(insertSighting, args...)
	return err
}

// digest is that of all that the record says.
func (r *record) digest() ([]byte, error) {
	h := sha256.New()
	line, err := encode(r.line())
	if err != nil {
		return nil, err
	}
	h.Write(line)
	for i := range r.cells {
		l := r.cells[i].line(&r.sha)
		l.Content = hex.EncodeToString(r.cells[i].digest[:])
		if line, err = encode(l); err != nil {
			return nil, err
		}
		h.Write(line)
	}
	return h.Sum(nil), nil
}

// Merge adds all captures and lists of another baseline.
func (b *Builder) Merge(from *Baseline) error {
	if err := from.records(b.add); err != nil {
		return err
	}
	return b.mergeLists(from)
}
