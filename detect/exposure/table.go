// Package exposure tests tables of connections for an unusual share of identity-exposing
// messages. A table is CSV with a head line: the column "time" (RFC 3339, or seconds since
// 1970) or "second_of_day", the column "exposing_message", empty where the connection has
// none, and optionally "cell" and "plmn"; other columns are skipped. Each row is one
// connection. Input may be hostile: its size is not bounded, what is kept of it is.
package exposure

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bounds on a table.
const (
	// maxRecord octets of one row; those of published tables have fifty.
	maxRecord = 64 << 10
	// maxLabel octets of a cell's or a network's name.
	maxLabel = 64
	// maxGroups cells, and maxBins minutes with connections over all cells: a thousand
	// cells over a day have 1.4 million at most, and in practice a tenth.
	maxGroups = 1 << 16
	maxBins   = 1 << 19
)

const (
	secondsOfMinute = 60
	secondsOfDay    = 86400
	// maxTime is the end of the year 9999 in seconds since 1970.
	maxTime = 253402300799
)

// Errors that Read wraps.
var (
	ErrHead  = errors.New("want a head line with the columns second_of_day or time, and exposing_message")
	ErrValue = errors.New("bad value")
	ErrLimit = errors.New("too large")
)

// RowError says in which line of a table an error is, counted from 1.
type RowError struct {
	Line int
	Err  error
}

func (e *RowError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns what was wrong.
func (e *RowError) Unwrap() error { return e.Err }

var errRow = fmt.Errorf("row of more than %d octets: %w", maxRecord, ErrLimit)

// Table is the connections of a table by cell and minute.
type Table struct {
	groups map[label]*group
	bins   int
	// clock: times are seconds since 1970; else of a day.
	clock bool
	// labelled: the table has the column cell or plmn.
	labelled bool
	// rows counts connections, back those that are a minute to half a day before the row
	// above them.
	rows, back int
	// oneDay: the rows are in no order of time, so that passing midnight cannot be told.
	oneDay bool
}

// label names the cell of a connection.
type label struct{ plmn, cell string }

// group is the connections of one cell.
type group struct {
	label
	bins map[int64]*bin
	// day is the number of the current day, previous the second of the row before.
	day      int64
	previous float64
	any      bool
}

// bin is the connections of one minute, counted from the beginning of day 0.
type bin struct {
	minute               int64
	connections, exposed int
	first, last          float64
}

// guard limits what csv.Reader collects for one row.
type guard struct {
	r     io.Reader
	given int64
	from  int64 // offset of the row
}

func (g *guard) Read(p []byte) (int, error) {
	const buffered = 64 << 10 // what the reader above may have read beyond the row
	if g.given-g.from > maxRecord+buffered {
		return 0, errRow
	}
	n, err := g.r.Read(p[:min(len(p), buffered)])
	g.given += int64(n)
	return n, err
}

// Read reads a table to its end. Errors in it are of type *RowError.
func Read(r io.Reader) (*Table, error) {
	g := &guard{r: r}
	c := csv.NewReader(g)
	c.ReuseRecord = true
	head, err := c.Read()
	if err == io.EOF {
		return nil, &RowError{1, ErrHead}
	}
	if err != nil {
		return nil, rowError(0, err)
	}
	col, err := columns(head)
	if err != nil {
		return nil, &RowError{1, err}
	}
	t := &Table{groups: map[label]*group{}, clock: col.time >= 0, labelled: col.cell >= 0 || col.plmn >= 0}
	for line := 1; ; {
		start := c.InputOffset()
		g.from = start
		row, err := c.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, rowError(line, err)
		}
		line, _ = c.FieldPos(0)
		if c.InputOffset()-start > maxRecord {
			return nil, &RowError{line, errRow}
		}
		if err := t.add(row, col); err != nil {
			return nil, &RowError{line, err}
		}
	}
	if t.disordered() {
		t.fold()
	}
	return t, nil
}

// rowError adds the line to an error of reading the row after the one in line above.
func rowError(above int, err error) error {
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		return &RowError{p.Line, p.Err}
	}
	return &RowError{above + 1, err}
}

// column holds the index of each column that is used, -1 without it.
type column struct{ time, second, message, cell, plmn int }

func columns(head []string) (column, error) {
	col := column{-1, -1, -1, -1, -1}
	for i, name := range head {
		var at *int
		switch strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))) {
		case "time":
			at = &col.time
		case "second_of_day":
			at = &col.second
		case "exposing_message":
			at = &col.message
		case "cell":
			at = &col.cell
		case "plmn":
			at = &col.plmn
		default:
			continue
		}
		if *at >= 0 {
			return col, fmt.Errorf("column %s twice: %w", strings.TrimSpace(name), ErrHead)
		}
		*at = i
	}
	if col.time < 0 && col.second < 0 || col.message < 0 {
		return col, ErrHead
	}
	return col, nil
}

func (t *Table) add(row []string, col column) error {
	at, err := t.instant(row, col)
	if err != nil {
		return err
	}
	if _, err := text(row, col.message, "exposing_message", maxRecord); err != nil {
		return err
	}
	var l label
	if l.plmn, err = text(row, col.plmn, "plmn", maxLabel); err != nil {
		return err
	}
	if l.cell, err = text(row, col.cell, "cell", maxLabel); err != nil {
		return err
	}
	g := t.groups[l]
	if g == nil {
		if len(t.groups) == maxGroups {
			return fmt.Errorf("more than %d cells: %w", maxGroups, ErrLimit)
		}
		l = label{strings.Clone(l.plmn), strings.Clone(l.cell)}
		g = &group{label: l, bins: map[int64]*bin{}}
		t.groups[l] = g
	}
	if !t.clock {
		at += secondsOfDay * float64(t.day(g, at))
	}
	minute := int64(math.Floor(at / secondsOfMinute))
	b := g.bins[minute]
	if b == nil {
		if t.bins == maxBins {
			return fmt.Errorf("more than %d minutes with connections: %w", maxBins, ErrLimit)
		}
		t.bins++
		b = &bin{minute: minute, first: at, last: at}
		g.bins[minute] = b
	}
	exposed := 0
	if strings.TrimSpace(row[col.message]) != "" {
		exposed = 1
	}
	b.add(bin{connections: 1, exposed: exposed, first: at, last: at})
	return nil
}

func (b *bin) add(o bin) {
	b.connections += o.connections
	b.exposed += o.exposed
	b.first, b.last = min(b.first, o.first), max(b.last, o.last)
}

// instant reads when a connection began, in seconds of the day or since 1970.
func (t *Table) instant(row []string, col column) (float64, error) {
	if !t.clock {
		s := strings.TrimSpace(row[col.second])
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || !(v >= 0 && v <= secondsOfDay) {
			return 0, fmt.Errorf("second_of_day %s: %w, want 0 to %d", quoted(s), ErrValue, secondsOfDay)
		}
		return v, nil
	}
	s := strings.TrimSpace(row[col.time])
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		at, e := time.Parse(time.RFC3339Nano, s)
		v, err = float64(at.Unix())+float64(at.Nanosecond())/1e9, e
	}
	if err != nil || !(v >= 0 && v <= maxTime) {
		return 0, fmt.Errorf("time %s: %w, want RFC 3339 or seconds since 1970", quoted(s), ErrValue)
	}
	return v, nil
}

// text returns a column of a row, "" without it.
func text(row []string, i int, name string, longest int) (string, error) {
	if i < 0 {
		return "", nil
	}
	s := strings.TrimSpace(row[i])
	switch {
	case len(s) > longest:
		return "", fmt.Errorf("%s of %d octets: %w, at most %d", name, len(s), ErrLimit, longest)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return "", fmt.Errorf("%s %s: %w, want printable text", name, quoted(s), ErrValue)
	}
	return s, nil
}

// quoted writes the beginning of what was found.
func quoted(s string) string {
	const shown = 32
	if len(s) > shown {
		return strconv.QuoteToASCII(s[:shown]) + "…"
	}
	return strconv.QuoteToASCII(s)
}

// day returns the number of a row's day within its cell. The rows of a table come about in
// order of time: one that is more than half a day before the row above is of the next day,
// one more than 23 hours after it a late one of the day before.
func (t *Table) day(g *group, at float64) int64 {
	t.rows++
	if g.any {
		switch d := g.previous - at; {
		case d > secondsOfDay/2:
			g.day++
		case d < -23*secondsOfDay/24:
			g.day--
		case d > secondsOfMinute:
			t.back++
		}
	}
	g.any, g.previous = true, at
	if t.oneDay {
		return 0
	}
	const sample = 1000
	if t.rows%sample == 0 && t.disordered() {
		t.fold()
		return 0
	}
	return g.day
}

// disordered reports whether the rows are in no order of time: one in ten is more than a
// minute before the one above.
func (t *Table) disordered() bool { return !t.clock && !t.oneDay && t.back*10 > t.rows }

// fold makes one day of all.
func (t *Table) fold() {
	t.oneDay = true
	for _, g := range t.groups {
		t.bins -= len(g.bins)
		old := g.sorted()
		g.bins = make(map[int64]*bin, len(old))
		for _, b := range old {
			shift := math.Floor(b.first/secondsOfDay) * secondsOfDay
			b.first, b.last, b.minute = b.first-shift, b.last-shift, b.minute-int64(shift)/secondsOfMinute
			if at := g.bins[b.minute]; at != nil {
				at.add(*b)
				continue
			}
			g.bins[b.minute] = b
			t.bins++
		}
	}
}

// sorted lists the minutes in order of time.
func (g *group) sorted() []*bin {
	return slices.SortedFunc(maps.Values(g.bins), func(a, b *bin) int { return cmp.Compare(a.minute, b.minute) })
}

// sortedGroups lists the cells by name.
func (t *Table) sortedGroups() []*group {
	return slices.SortedFunc(maps.Values(t.groups), func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.plmn, b.plmn), cmp.Compare(a.cell, b.cell))
	})
}
