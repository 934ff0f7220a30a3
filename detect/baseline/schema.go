package baseline

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
)

// Version is the version of the file's schema.
const Version = 1

// applicationID is "FBSB" in the header of the file.
const applicationID = 0x46425342

// schema are the tables. Times are in nanoseconds since 1970 in UTC, 0 if unknown;
// levels in dBm; arfcn and pci -1 if unknown. A file with anything else in it is no
// baseline.
var schema = []struct{ name, sql string }{
	// word holds texts: names and values of parameters, and tools.
	{"word", `CREATE TABLE word (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT`},
	// capture is where the rest comes from. digest is that of its sightings.
	{"capture", `CREATE TABLE capture (
  id INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,
  tool INTEGER NOT NULL REFERENCES word,
  generation INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  digest BLOB NOT NULL
) STRICT`},
	// network is a RAT ("gsm") and PLMN ("001-01"). newest is the newest sighting that
	// counts, the sums are over those that count.
	{"network", `CREATE TABLE network (
  id INTEGER PRIMARY KEY,
  rat TEXT NOT NULL,
  plmn TEXT NOT NULL,
  newest INTEGER NOT NULL,
  sessions INTEGER NOT NULL,
  authenticated INTEGER NOT NULL,
  ciphered INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  identity_requests INTEGER NOT NULL,
  exposing INTEGER NOT NULL,
  UNIQUE (rat, plmn)
) STRICT`},
	// parameter is a broadcast parameter with a value.
	{"parameter", `CREATE TABLE parameter (
  id INTEGER PRIMARY KEY,
  name INTEGER NOT NULL REFERENCES word,
  text INTEGER NOT NULL REFERENCES word,
  value REAL NOT NULL,
  message INTEGER NOT NULL,
  basis INTEGER NOT NULL,
  changes INTEGER NOT NULL,
  UNIQUE (name, text, value, message, basis, changes)
) STRICT`},
	// content is what cells broadcast: parameters is a JSON list of their ids, idle,
	// dedicated and carriers are lists of ARFCNs, measured a JSON list.
	{"content", `CREATE TABLE content (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  parameters TEXT NOT NULL,
  idle TEXT NOT NULL,
  dedicated TEXT NOT NULL,
  carriers TEXT NOT NULL,
  has INTEGER NOT NULL,
  known INTEGER NOT NULL,
  measured TEXT NOT NULL,
  plmns TEXT NOT NULL,
  bands TEXT NOT NULL
) STRICT`},
	// sighting is a cell in a capture. score is in tenths of a percent, verdict 0
	// (insufficient) to 4, from 3 in quarantine; heard counts messages: pairs of variable
	// length integers.
	{"sighting", `CREATE TABLE sighting (
  network INTEGER NOT NULL REFERENCES network,
  area INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  arfcn INTEGER NOT NULL,
  pcs INTEGER NOT NULL,
  pci INTEGER NOT NULL,
  capture INTEGER NOT NULL REFERENCES capture,
  content INTEGER NOT NULL REFERENCES content,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  score INTEGER NOT NULL,
  verdict INTEGER NOT NULL,
` + countColumns + `,
  PRIMARY KEY (network, area, cell, arfcn, pcs, pci, capture)
) STRICT, WITHOUT ROWID`},
	// cell is derived from the sightings of an identity: where it was last, what it
	// broadcast last. sightings counts those that count; where it is 0 the others, which
	// quarantined counts, fill the row.
	{"cell", `CREATE TABLE cell (
  network INTEGER NOT NULL REFERENCES network,
  area INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  arfcn INTEGER NOT NULL,
  pcs INTEGER NOT NULL,
  pci INTEGER NOT NULL,
  sightings INTEGER NOT NULL,
  quarantined INTEGER NOT NULL,
  content INTEGER NOT NULL REFERENCES content,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
` + countColumns + `,
  PRIMARY KEY (network, area, cell)
) STRICT, WITHOUT ROWID`},
	// list is a file of cells that others collected.
	{"list", `CREATE TABLE list (
  sha256 BLOB NOT NULL PRIMARY KEY,
  cells INTEGER NOT NULL,
  other INTEGER NOT NULL,
  malformed INTEGER NOT NULL
) STRICT, WITHOUT ROWID`},
	// listed is a cell of a list. rat is 0 (gsm), 1 (umts), 2 (lte) or 3 (nr); the MNC has
	// no digits there. lat and lon are in millionths of a degree, range in metres, updated
	// in seconds since 1970.
	{"listed", `CREATE TABLE listed (
  rat INTEGER NOT NULL,
  mcc INTEGER NOT NULL,
  mnc INTEGER NOT NULL,
  area INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  lat INTEGER NOT NULL,
  lon INTEGER NOT NULL,
  range INTEGER NOT NULL,
  samples INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  PRIMARY KEY (rat, mcc, mnc, area, cell)
) STRICT, WITHOUT ROWID`},
}

// countColumns are the columns of counts, in the order of countNames.
const countColumns = `  level_n INTEGER NOT NULL,
  level_min INTEGER NOT NULL,
  level_max INTEGER NOT NULL,
  level_sum INTEGER NOT NULL,
  sessions INTEGER NOT NULL,
  authenticated INTEGER NOT NULL,
  ciphered INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  identity_requests INTEGER NOT NULL,
  exposing INTEGER NOT NULL,
  pagings INTEGER NOT NULL,
  paged_imsi INTEGER NOT NULL,
  paged_tmsi INTEGER NOT NULL,
  paged_cs INTEGER NOT NULL,
  assignments INTEGER NOT NULL,
  hopping INTEGER NOT NULL,
  heard BLOB NOT NULL`

const countNames = `level_n, level_min, level_max, level_sum, sessions, authenticated, ciphered, rejected, identity_requests,
exposing, pagings, paged_imsi, paged_tmsi, paged_cs, assignments, hopping, heard`

// numCounts is the number of columns in countNames.
const numCounts = 17

// columns returns pointers to the counts for reading or writing; heard goes in and out
// packed.
func (c *counts) columns(heard *[]byte) []any {
	return []any{
		&c.level.N, &c.level.Min, &c.level.Max, &c.level.Sum,
		&c.sessions.Count, &c.sessions.Authenticated, &c.sessions.Ciphered, &c.sessions.Rejected,
		&c.sessions.IdentityRequests, &c.sessions.Exposing,
		&c.pagings, &c.pagedIMSI, &c.pagedTMSI, &c.pagedCS, &c.assignments, &c.hopping, heard,
	}
}

// values returns the counts for writing.
func (c *counts) values() []any {
	return []any{
		c.level.N, c.level.Min, c.level.Max, c.level.Sum,
		c.sessions.Count, c.sessions.Authenticated, c.sessions.Ciphered, c.sessions.Rejected,
		c.sessions.IdentityRequests, c.sessions.Exposing,
		c.pagings, c.pagedIMSI, c.pagedTMSI, c.pagedCS, c.assignments, c.hopping, c.pack(),
	}
}

// pack writes the messages heard as pairs of code and count.
func (c *counts) pack() []byte {
	b := []byte{}
	for i, src := range messages {
		if n := c.heard[src]; n > 0 {
			b = binary.AppendUvarint(b, uint64(i))
			b = binary.AppendUvarint(b, uint64(n))
		}
	}
	return b
}

// unpack reads what pack wrote.
func (c *counts) unpack(b []byte) error {
	c.heard = [len(c.heard)]int{}
	for len(b) > 0 {
		i, n := binary.Uvarint(b)
		if n <= 0 {
			return damaged("messages heard")
		}
		b = b[n:]
		count, n := binary.Uvarint(b)
		src, ok := decode(messages[:], int64(i))
		if n <= 0 || !ok || count > 1<<40 {
			return damaged("messages heard")
		}
		b = b[n:]
		c.heard[src] = int(count)
	}
	return nil
}

func damaged(what string) error { return fmt.Errorf("%w: %s not readable", ErrFormat, what) }

// dsn names a file to the driver; query holds its parameters.
func dsn(path, query string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	p := filepath.ToSlash(abs)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p // a drive letter
	}
	u := url.URL{Scheme: "file", Path: p, RawQuery: query}
	return u.String(), nil
}

// checkHeader reads the first octets of a file and says what is wrong with it, before
// the database looks at it (SQLite file format §1.3).
func checkHeader(path string) error {
	fi, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !fi.Mode().IsRegular() {
		return fmt.Errorf("%w: not a regular file", ErrFormat)
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var h [100]byte
	if _, err := io.ReadFull(f, h[:]); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("%w: not an SQLite file", ErrFormat)
		}
		return err
	}
	be := binary.BigEndian
	switch version := be.Uint32(h[60:]); {
	case string(h[:16]) != "SQLite format 3\x00":
		return fmt.Errorf("%w: not an SQLite file", ErrFormat)
	case be.Uint32(h[68:]) != applicationID:
		return fmt.Errorf("%w: an SQLite file of something else", ErrFormat)
	case version != Version:
		return fmt.Errorf("%w: the file has version %d, this program reads %d", ErrVersion, version, Version)
	}
	page := int64(be.Uint16(h[16:]))
	if page == 1 {
		page = 1 << 16
	}
	if want := page * int64(be.Uint32(h[28:])); fi.Size() != want {
		return fmt.Errorf("%w: %d octets instead of %d, so it was cut or written to", ErrFormat, fi.Size(), want)
	}
	return nil
}

// checkSchema compares the tables of a file with those of this program, so that no
// foreign view, trigger or function runs.
func checkSchema(ctx context.Context, c *sql.Conn) error {
	rows, err := c.QueryContext(ctx, "SELECT type, name, coalesce(sql, '') FROM sqlite_schema")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	defer rows.Close()
	found := 0
	for rows.Next() {
		var kind, name, text string
		if err := rows.Scan(&kind, &name, &text); err != nil {
			return fmt.Errorf("%w: %w", ErrFormat, err)
		}
		if kind == "index" && text == "" && strings.HasPrefix(name, "sqlite_autoindex_") {
			continue
		}
		known := false
		for _, t := range schema {
			known = known || kind == "table" && name == t.name && text == t.sql
		}
		if !known {
			return fmt.Errorf("%w: its %s %q does not belong there", ErrFormat, kind, name)
		}
		found++
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if found != len(schema) {
		return fmt.Errorf("%w: %d of %d tables", ErrFormat, found, len(schema))
	}
	return nil
}

// limitLength is SQLITE_LIMIT_LENGTH: the longest text, blob or row.
const limitLength = 0

// connect returns a connection on which no value is longer than maxValue.
func connect(ctx context.Context, db *sql.DB) (*sql.Conn, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := sqlite.Limit(c, limitLength, maxValue); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}
