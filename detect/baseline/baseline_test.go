package baseline

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/score"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

var (
	plmn = ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}
	day0 = time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC).UnixNano()
)

const day = int64(24 * time.Hour)

func cellID(area uint32, ci uint64) event.CellID {
	return event.CellID{PLMN: plmn, Area: area, Cell: ci, Known: true}
}

// gsm makes a cell that broadcast what is given as name, text, value.
func gsm(area uint32, ci uint64, arfcn int, at int64, params ...any) *cell.Cell {
	c := &cell.Cell{RAT: event.GSM, ID: cellID(area, ci), Radio: cell.GSM(arfcn, false), Capture: -1, FirstTime: at, LastTime: at + 1e9}
	var list []cell.Parameter
	for i := 0; i < len(params); i += 3 {
		list = append(list, cell.Parameter{Name: params[i].(string), Text: params[i+1].(string), Value: params[i+2].(float64), Source: event.SI3})
	}
	c.Restore(list)
	c.Broadcasts[event.SI3].Count = 5
	return c
}

// capture makes a Capture of ordinary cells whose hash follows from name.
func capture(name string, cells ...*cell.Cell) Capture {
	c := Capture{SHA256: sha256.Sum256([]byte(name)), Tool: "test 1"}
	for _, x := range cells {
		c.Cells = append(c.Cells, Judged{Cell: x, Score: 3.4, Verdict: score.Ordinary})
		if c.First == 0 || x.FirstTime < c.First {
			c.First = x.FirstTime
		}
		c.Last = max(c.Last, x.LastTime)
	}
	return c
}

// build writes a baseline of captures.
func build(t testing.TB, captures ...Capture) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.baseline")
	commit(t, path, func(b *Builder) error {
		for _, c := range captures {
			if err := b.Add(c); err != nil {
				return err
			}
		}
		return nil
	})
	return path
}

func commit(t testing.TB, path string, f func(*Builder) error) {
	t.Helper()
	b, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := f(b); err != nil {
		t.Fatal(err)
	}
	if err := b.Commit(); err != nil {
		t.Fatal(err)
	}
}

func mustOpen(t testing.TB, path string) *Baseline {
	t.Helper()
	b, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Err(); err != nil {
			t.Error(err)
		}
		b.Close()
	})
	return b
}

// merge writes the union of baselines.
func merge(t testing.TB, paths ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "merged")
	commit(t, path, func(b *Builder) error {
		for _, p := range paths {
			if err := b.Merge(mustOpen(t, p)); err != nil {
				return err
			}
		}
		return nil
	})
	return path
}

// dump returns all that a baseline holds and all that it answers.
func dump(t testing.TB, path string) string {
	t.Helper()
	var w bytes.Buffer
	b := mustOpen(t, path)
	if err := b.Export(&w); err != nil {
		t.Fatal(err)
	}
	s, err := b.Summary()
	if err != nil {
		t.Fatal(err)
	}
	line, err := encode(s)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(line)
	nets, err := b.sortedNetworks()
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range nets {
		fmt.Fprintf(&w, "%v %v %d %+v\n", n.rat, n.plmn, n.newest, b.Sessions(n.rat, n.plmn))
		for _, c := range b.Cells(n.rat, n.plmn) {
			fmt.Fprintf(&w, "%+v %+v\n", c, c.Parameters())
			for _, s := range slices.Concat(b.History(n.rat, c.ID), b.Quarantined(n.rat, c.ID)) {
				fmt.Fprintf(&w, "  %+v\n", s)
			}
			listed, count := b.Listed(n.rat, c.ID)
			fmt.Fprintln(&w, listed, count)
		}
	}
	return w.String()
}

// synthetic makes capture n of a region: some of its cells, with what they broadcast,
// some of it changed, rarely a cell in quarantine, sometimes no clock.
func synthetic(rng *rand.Rand, n, region, heard int) Capture {
	c := Capture{SHA256: sha256.Sum256(fmt.Appendf(nil, "capture %d", n)), Tool: fmt.Sprintf("test %d", n%2)}
	at := day0 + int64(n)*day/8
	if rng.IntN(10) == 0 {
		at = 0
	}
	clock := func(d int64) int64 {
		if at == 0 {
			return 0
		}
		return at + d
	}
	c.First, c.Last = clock(0), clock(3600e9)
	start := rng.IntN(region)
	for i := range heard {
		k := uint64((start + i) % region)
		src := rand.New(rand.NewPCG(k, 7)) // what belongs to the cell
		x := &cell.Cell{RAT: event.GSM, ID: cellID(uint32(k/40), k), Capture: -1, FirstTime: clock(int64(i) * 1e9), LastTime: clock(int64(i)*1e9 + 30e9)}
		if k%3 == 0 {
			x.RAT, x.ID.PLMN.MNC, x.Radio = event.LTE, 2, cell.Radio{ARFCN: 1300 + src.IntN(4)*50, PCI: src.IntN(504)}
			x.PLMNs, x.Bands = []ident.PLMN{x.ID.PLMN, plmn}, []int{3}
			x.Measured = map[event.Source][]event.Carrier{event.SIB5: {{RAT: event.LTE, ARFCN: 6400, Priority: src.IntN(8), Cells: 0}}}
		} else {
			x.Radio = cell.GSM(1+src.IntN(124), false)
			for range 12 {
				x.Idle.Add(1 + src.IntN(124))
			}
			x.Carriers.Add(x.ARFCN)
			x.Known, x.Has = event.HasGPRS|event.HasSI13, event.HasGPRS
		}
		drift := rng.IntN(50) == 0
		for p := range 28 {
			if rng.IntN(40) == 0 {
				continue // not heard
			}
			v := float64(src.IntN(6))
			if drift && p == 3 {
				v += 10
			}
			s := event.SI3
			if x.RAT == event.LTE {
				s = event.SIB2
			}
			x.Restore(append(x.Parameters(), cell.Parameter{Name: fmt.Sprintf("parameter %02d", p), Text: fmt.Sprintf("%g dB", v), Value: v, Source: s, Basis: event.Basis(src.IntN(2))}))
			x.Broadcasts[s].Count = 1 + rng.IntN(200)
		}
		x.Level.Add(-110 + rng.IntN(60))
		x.Sessions.Count = rng.IntN(4)
		x.Sessions.Ciphered = x.Sessions.Count / 2
		x.Sessions.IdentityRequests = rng.IntN(2)
		v := score.Ordinary
		if rng.IntN(100) == 0 {
			v = score.Suspicious
		}
		c.Cells = append(c.Cells, Judged{Cell: x, Score: float64(rng.IntN(100)) / 10, Verdict: v})
	}
	return c
}

// TestMerge: the union of baselines is that of their captures: in any order, however
// grouped, and with repetitions.
func TestMerge(t *testing.T) {
	for seed := range uint64(3) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var all []Capture
		for n := range 24 {
			c := synthetic(rng, n, 60, 12)
			if n == 20 { // the same capture, judged otherwise
				c = synthetic(rng, 5, 60, 12)
			}
			all = append(all, c)
		}
		want := dump(t, build(t, all...))
		shuffled := slices.Clone(all)
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		i, j := 4+rng.IntN(6), 14+rng.IntN(6)
		a, b, c := build(t, shuffled[:j]...), build(t, shuffled[i:]...), build(t, shuffled[j:]...)
		for name, path := range map[string]string{
			"one go, another order": build(t, shuffled...),
			"a+b":                   merge(t, a, b),
			"b+a":                   merge(t, b, a),
			"a+(b+c)":               merge(t, a, merge(t, b, c)),
			"(a+b)+c":               merge(t, merge(t, a, b), c),
			"a+b+a+b":               merge(t, a, b, a, b),
			"itself":                merge(t, build(t, all...)),
		} {
			if got := dump(t, path); got != want {
				t.Fatalf("seed %d: %s is not the union\n got:\n%.2000s\nwant:\n%.2000s", seed, name, got, want)
			}
		}
	}
}

// TestSameBytes: the same captures in the same order give the same file.
func TestSameBytes(t *testing.T) {
	var files [2][]byte
	for i := range files {
		rng := rand.New(rand.NewPCG(1, 1))
		var all []Capture
		for n := range 10 {
			all = append(all, synthetic(rng, n, 60, 12))
		}
		var err error
		if files[i], err = os.ReadFile(build(t, all...)); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two builds differ")
	}
}

// TestKnown: what went in comes out.
func TestKnown(t *testing.T) {
	old := gsm(1, 7, 20, day0, cell.T3212, "10 (60 min)", 10.0, cell.CRO, "0 (+0 dB)", 0.0)
	old.Idle.Add(30)
	old.Sessions = cell.Sessions{Count: 4, Ciphered: 3, IdentityRequests: 1, Exposing: 1}
	old.Level.Add(-70)
	newer := gsm(1, 7, cell.NoARFCN, day0+30*day, cell.T3212, "20 (120 min)", 20.0)
	newer.Sessions.Count = 2
	newer.Broadcasts[event.SI3].Count = 2
	other := gsm(2, 8, 33, day0)
	b := mustOpen(t, build(t, capture("2", newer), capture("1", old, other)))
	cells := b.Cells(event.GSM, plmn)
	if len(cells) != 2 || cells[0].ID != old.ID || cells[1].ID != other.ID {
		t.Fatalf("cells %v", cells)
	}
	c := cells[0]
	if p, _ := c.Param(cell.T3212); p.Value != 20 || p.Text != "20 (120 min)" || p.Source != event.SI3 {
		t.Errorf("T3212 %+v", p)
	}
	if p, ok := c.Param(cell.CRO); !ok || p.Value != 0 {
		t.Error("a parameter that only the older capture holds is gone")
	}
	if c.ARFCN != 20 || c.PCI != cell.NoPCI || c.Capture != -1 || !c.Idle.Has(30) || c.Broadcasts[event.SI3].Count != 7 ||
		c.FirstTime != day0 || c.LastTime != day0+30*day+1e9 || c.Sessions.Count != 6 || c.Level != (cell.Level{N: 1, Min: -70, Max: -70, Sum: -70}) {
		t.Errorf("%+v", c)
	}
	if s := b.Sessions(event.GSM, plmn); s != (cell.Sessions{Count: 6, Ciphered: 3, IdentityRequests: 1, Exposing: 1}) {
		t.Errorf("sessions %+v", s)
	}
	h := b.History(event.GSM, old.ID)
	if len(h) != 2 || h[0].First != day0 || h[0].Radio.ARFCN != 20 || h[1].Radio.ARFCN != cell.NoARFCN || len(h[1].Parameters) != 1 || h[0].Level.Min != -70 {
		t.Errorf("history %+v", h)
	}
	if b.Cells(event.LTE, plmn) != nil || b.History(event.LTE, old.ID) != nil || b.Sessions(event.UMTS, plmn) != (cell.Sessions{}) {
		t.Error("a network that was not learned is known")
	}
	if got := b.Cells(event.GSM, plmn); &got[0] != &cells[0] {
		t.Error("a network is read twice")
	}
}

// TestQuarantine: a suspicious cell is kept, and nothing counts it.
func TestQuarantine(t *testing.T) {
	bad := gsm(65000, 1, 90, day0, cell.CRO, "63 (+126 dB)", 126.0)
	bad.Sessions.Count = 9
	clone := gsm(1, 7, 91, day0+day)
	good := gsm(1, 7, 20, day0)
	c := capture("1", bad, good)
	c.Cells[0].Verdict, c.Cells[0].Score = score.Consistent, 99.1
	d := capture("2", clone)
	d.Cells[0].Verdict = score.Suspicious
	b := mustOpen(t, build(t, c, d))
	if cells := b.Cells(event.GSM, plmn); len(cells) != 1 || cells[0].ID != good.ID || cells[0].ARFCN != 20 {
		t.Errorf("cells %v", cells)
	}
	if b.Sessions(event.GSM, plmn).Count != 0 || b.History(event.GSM, bad.ID) != nil || len(b.History(event.GSM, good.ID)) != 1 {
		t.Error("what is in quarantine counts")
	}
	if q := b.Quarantined(event.GSM, bad.ID); len(q) != 1 || q[0].Parameters[0].Value != 126 {
		t.Errorf("kept: %+v", q)
	}
	s, err := b.Summary()
	if err != nil {
		t.Fatal(err)
	}
	if n := s.Networks[0]; n.Cells != 1 || n.Quarantined != 1 {
		t.Errorf("%+v", n)
	}
}

// TestFade: what was heard long before the newest sighting of its network no longer
// counts; another network's age does not matter, nor does a clock that was not set.
func TestFade(t *testing.T) {
	gone := gsm(1, 1, 10, day0)
	kept := gsm(1, 2, 11, day0, cell.T3212, "1 (6 min)", 1.0)
	kept.Sessions.Count = 8
	later := gsm(1, 2, 11, day0+int64(Fade)+2*day)
	later.Sessions.Count = 1
	clockless := gsm(1, 3, 12, 0)
	clockless.LastTime = 0
	far := gsm(1, 4, 13, time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano())
	other := gsm(1, 1, 10, day0)
	other.ID.PLMN.MNC = 2
	b := mustOpen(t, build(t, capture("1", gone, kept, clockless, other), capture("2", later), capture("3", far)))
	var got []uint64
	for _, c := range b.Cells(event.GSM, plmn) {
		got = append(got, c.ID.Cell)
	}
	if !slices.Equal(got, []uint64{2, 3, 4}) {
		t.Errorf("cells %v", got)
	}
	if len(b.Cells(event.GSM, other.ID.PLMN)) != 1 {
		t.Error("a network fades because of another")
	}
	if n := b.Sessions(event.GSM, plmn).Count; n != 1 {
		t.Errorf("%d sessions count", n)
	}
	if len(b.History(event.GSM, gone.ID)) != 0 || len(b.History(event.GSM, kept.ID)) != 1 || len(b.History(event.GSM, clockless.ID)) != 1 {
		t.Error("history")
	}
	c := b.Cells(event.GSM, plmn)[0]
	if _, ok := c.Param(cell.T3212); ok || c.FirstTime != day0 {
		t.Errorf("%+v: a faded value counts, or the first time is lost", c)
	}
}

// TestOddInput: what no database or JSON could hold does not stop the learning.
func TestOddInput(t *testing.T) {
	c := gsm(1, 1, 10, day0, "nan", "x", math.NaN(), "inf", "x", math.Inf(1), "text", "a\x00\xff\x1b", math.Copysign(0, -1), "long", strings.Repeat("ü", maxText), 1.0)
	unknown := gsm(1, 2, 10, day0)
	unknown.ID = event.CellID{}
	path := build(t, capture("1", c, unknown, c))
	b := mustOpen(t, path)
	cells := b.Cells(event.GSM, plmn)
	if len(cells) != 1 || len(cells[0].Parameters()) != 2 || len(b.History(event.GSM, c.ID)) != 1 {
		t.Fatalf("%+v", cells)
	}
	if dump(t, path) != dump(t, merge(t, path)) {
		t.Error("a merge changes it")
	}
}

// TestOpen: what is no baseline, damaged or of another version is told, and no file is
// written to.
func TestOpen(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	var all []Capture
	for n := range 12 {
		all = append(all, synthetic(rng, n, 60, 12))
	}
	good, err := os.ReadFile(build(t, all...))
	if err != nil {
		t.Fatal(err)
	}
	change := func(f func(b []byte) []byte) []byte { return f(slices.Clone(good)) }
	dir := t.TempDir()
	for _, tt := range []struct {
		name string
		file []byte
		want error
		text string
	}{
		{"empty", nil, ErrFormat, "not an SQLite file"},
		{"text", bytes.Repeat([]byte("text\n"), 100), ErrFormat, "not an SQLite file"},
		{"other application", change(func(b []byte) []byte { b[68]++; return b }), ErrFormat, "an SQLite file of something else"},
		{"newer", change(func(b []byte) []byte { b[63]++; return b }), ErrVersion, "version 2"},
		{"cut", good[:len(good)/2], ErrFormat, "octets instead of"},
		{"longer", append(slices.Clone(good), 0), ErrFormat, "octets instead of"},
		{"page damaged", change(func(b []byte) []byte { clear(b[len(b)-4096:]); return b }), ErrFormat, ""},
		{"first page damaged", change(func(b []byte) []byte { clear(b[100:4096]); return b }), ErrFormat, ""},
		{"other table", change(func(b []byte) []byte {
			return bytes.ReplaceAll(b, []byte("CREATE TABLE list ("), []byte("CREATE TABLE lisT ("))
		}), ErrFormat, "does not belong there"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(dir, strings.ReplaceAll(tt.name, " ", "?%23#")) // must be escaped for the driver
			if err := os.WriteFile(path, tt.file, 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := Open(path)
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("%v", err)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(after, tt.file) {
				t.Error("the file was changed")
			}
			if strings.Contains(tt.text, "S") || strings.Contains(tt.text, "octets") { // the header tells
				if _, err := Create(path); err == nil {
					t.Error("a file that is no baseline would be replaced")
				}
			}
		})
	}
	if _, err := Open(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	if _, err := Open(dir); !errors.Is(err, ErrFormat) {
		t.Errorf("%v", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 9 {
		t.Errorf("%d files left: %v", len(left), err)
	}
}

// TestForeign: what others put into a file beside the tables is not run.
func TestForeign(t *testing.T) {
	for _, text := range []string{
		"CREATE VIEW v AS SELECT 1", "CREATE TRIGGER t AFTER INSERT ON word BEGIN SELECT 1; END",
		"CREATE TABLE more (x)", "CREATE INDEX i ON capture (first)", "DROP TABLE list", "ALTER TABLE list ADD COLUMN x TEXT",
	} {
		path := build(t, capture("1", gsm(1, 1, 10, day0)))
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestHostile: a file with the right tables and wrong contents gives errors.
func TestHostile(t *testing.T) {
	for _, text := range []string{
		"UPDATE sighting SET heard = x'ff'", "UPDATE sighting SET verdict = 9", "UPDATE sighting SET sessions = -1",
		"UPDATE sighting SET content = 99", "UPDATE sighting SET last = 5",
		"UPDATE content SET parameters = '[1,1,x]'", "UPDATE content SET idle = 'x'", "UPDATE content SET plmns = 'x'",
		"UPDATE content SET measured = '[{}]'", "UPDATE content SET has = -1",
		"UPDATE parameter SET message = 99", "UPDATE parameter SET basis = -1", "UPDATE parameter SET name = 99", "UPDATE word SET text = x'ff' || text",
		"UPDATE word SET text = id || printf('%.*c', 100000, 'x')", "UPDATE word SET text = printf('%.*c', 2000000, 'x') WHERE id = 1",
		"UPDATE network SET rat = '6g'", "UPDATE network SET plmn = '1'", "UPDATE capture SET sha256 = x'00'", "UPDATE capture SET first = -1",
		"DELETE FROM network", "DELETE FROM content",
	} {
		path := build(t, capture("1", gsm(1, 1, 10, day0, cell.T3212, "1 (6 min)", 1.0)))
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		b, err := Open(path)
		if err == nil {
			b.History(event.GSM, cellID(1, 1))
			_, err = b.Summary()
			into, cerr := Create(filepath.Join(t.TempDir(), "x"))
			if cerr != nil {
				t.Fatal(cerr)
			}
			err = errors.Join(err, b.Export(io.Discard), into.Merge(b))
			into.Close()
			b.Close()
		}
		if !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestDamage: whatever octet of a file is wrong, reading it ends with an error or a
// result, never with a panic.
func TestDamage(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	var all []Capture
	for n := range 3 {
		all = append(all, synthetic(rng, n, 30, 8))
	}
	good, err := os.ReadFile(build(t, all...))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "damaged")
	told := 0
	for range 150 {
		bad := slices.Clone(good)
		for range 1 + rng.IntN(8) {
			bad[100+rng.IntN(len(bad)-100)] = byte(rng.Uint32())
		}
		if err := os.WriteFile(path, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		b, err := Open(path)
		if err != nil {
			told++
			continue
		}
		for _, p := range []ident.PLMN{plmn, {MCC: 1, MNC: 2, MNCDigits: 2}} {
			for _, r := range []event.RAT{event.GSM, event.LTE} {
				for _, c := range b.Cells(r, p) {
					b.History(r, c.ID)
				}
			}
		}
		_, err = b.Summary()
		if err := errors.Join(err, b.Err(), b.Export(io.Discard)); err != nil {
			told++
			if !errors.Is(err, ErrFormat) {
				t.Fatalf("error without its kind: %v", err)
			}
		}
		b.Close()
	}
	if told == 0 {
		t.Error("no damage was noticed")
	}
}

// TestAtomic: a file is replaced in one step or not at all, and nothing is left behind.
func TestAtomic(t *testing.T) {
	path := build(t, capture("1", gsm(1, 1, 10, day0)))
	before, _ := os.ReadFile(path)
	b, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Add(capture("2", gsm(1, 2, 10, day0))); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.Commit(); err == nil {
		t.Error("committed after it was closed")
	}
	after, _ := os.ReadFile(path)
	left, _ := os.ReadDir(filepath.Dir(path))
	if !bytes.Equal(before, after) || len(left) != 1 {
		t.Errorf("%d files", len(left))
	}
	// A baseline can be replaced while it is open, and it may be one of those merged.
	old := mustOpen(t, path)
	commit(t, path, func(b *Builder) error {
		if err := b.Merge(old); err != nil {
			return err
		}
		return b.Add(capture("2", gsm(1, 2, 10, day0)))
	})
	if n := len(mustOpen(t, path).Cells(event.GSM, plmn)); n != 2 {
		t.Errorf("%d cells", n)
	}
	if _, err := Create(filepath.Join(t.TempDir(), "none", "file")); err == nil {
		t.Error("created in a folder that is not there")
	}
}

func TestDiff(t *testing.T) {
	same := gsm(1, 1, 10, day0, cell.T3212, "10 (60 min)", 10.0)
	before := gsm(1, 2, 11, day0, cell.T3212, "10 (60 min)", 10.0, cell.CRO, "absent", 0.0)
	after := gsm(1, 2, 12, day0+day, cell.T3212, "1 (6 min)", 1.0, "ATT", "yes", 1.0)
	gone := gsm(1, 3, 13, day0)
	appeared := gsm(1, 4, 14, day0)
	unheard := gsm(1, 5, 15, day0, cell.T3212, "10 (60 min)", 10.0)
	silent := gsm(1, 5, 15, day0)
	silent.Broadcasts[event.SI3].Count = 0
	old := mustOpen(t, build(t, capture("1", same, before, gone, unheard)))
	c := capture("2", same, after, appeared, silent)
	c.Cells[2].Verdict = score.Suspicious
	new := mustOpen(t, build(t, c))
	var got []string
	text := func(s *string) string {
		if s == nil {
			return "-"
		}
		return *s
	}
	if err := Diff(old, new, func(d *Difference) error {
		s := fmt.Sprint(d.Change, " ", d.RAT, " ", d.PLMN, " ", d.Area, " ", d.Cell, " ", d.Quarantined)
		for _, f := range d.Fields {
			s += fmt.Sprintf("; %s: %s > %s", f.Name, text(f.Old), text(f.New))
		}
		got = append(got, s)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"changed gsm 001-01 1 2 false; frequency: 11 > 12; ATT: - > yes; CELL_RESELECT_OFFSET: absent > -; T3212: 10 (60 min) > 1 (6 min)",
		"gone gsm 001-01 1 3 false",
		"new gsm 001-01 1 4 true",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
	if err := Diff(old, old, func(d *Difference) error { return fmt.Errorf("%+v", d) }); err != nil {
		t.Errorf("a baseline differs from itself: %v", err)
	}
	stop := errors.New("stop")
	if err := Diff(old, new, func(*Difference) error { return stop }); err != stop {
		t.Errorf("%v", err)
	}
}

const list = `radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal
GSM,1,1,1,7,0,7.85,47.99,1500,12,1,1459813819,1459813819,0
GSM,1,1,1,8,,7.85,47.99,1500,12,1,1459813819,1459813819,
LTE,1,2,1,268435455,-1,7.85,-47.99,1500,12,1,1459813819,1459813819
CDMA,1,2,1,5,0,7.85,47.99,1500,12,1,1459813819,1459813819,0
GSM,1,1,1,7,0,9.99,47.99,1500,12,1,1459813819,1459813818,0
GSM,1,1,70000,7,0,7.85,47.99,1500,12,1,1459813819,1459813819,0
GSM,1,1,1,7,0,7.85,x,1500,12,1,1459813819,1459813819,0
SMOKE,1,1,1,7,0,7.85,47.99,1500,12,1,1459813819,1459813819,0
short

GSM,1,1,1,7,0,NaN,47.99,1500,12,1,1459813819,1459813819,0
`

func TestImport(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	io.WriteString(z, list)
	z.Close()
	long := list + strings.Repeat("x", 1<<20) + "\nNR,1,1,16777215,68719476735,0,7.85,47.99,1500,12,1,1,1,0"
	var dumps []string
	for name, in := range map[string]string{"plain": list, "gzip": zipped.String(), "crlf": strings.ReplaceAll(list, "\n", "\r\n")} {
		path := filepath.Join(t.TempDir(), "b")
		commit(t, path, func(b *Builder) error {
			l, err := b.Import(strings.NewReader(in))
			if err != nil {
				return err
			}
			if l.Cells != 4 || l.Other != 1 || l.Malformed != 5 || len(l.First) != maxNamed || l.First[0] != `line 7: area "70000"` {
				t.Errorf("%s: %+v", name, l)
			}
			return b.Add(capture("1", gsm(1, 7, 10, day0)))
		})
		b := mustOpen(t, path)
		for _, tt := range []struct {
			rat    event.RAT
			id     event.CellID
			listed bool
			n      int
		}{
			{event.GSM, cellID(1, 7), true, 2},
			{event.GSM, cellID(1, 9), false, 2},
			{event.LTE, cellID(1, 7), false, 0},
			{event.GSM, event.CellID{PLMN: ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 3}, Area: 1, Cell: 7, Known: true}, true, 2},
			{event.GSM, event.CellID{PLMN: plmn}, false, 2},
		} {
			if listed, n := b.Listed(tt.rat, tt.id); listed != tt.listed || n != tt.n {
				t.Errorf("%s: %v %v: %v, %d", name, tt.rat, tt.id, listed, n)
			}
		}
		if cells := b.Cells(event.LTE, ident.PLMN{MCC: 1, MNC: 2, MNCDigits: 2}); len(cells) != 0 {
			t.Error("a listed cell counts as learned")
		}
		dumps = append(dumps, dump(t, path))
		if dump(t, merge(t, path, path)) != dumps[len(dumps)-1] {
			t.Errorf("%s: a merge with itself changes it", name)
		}
	}
	commit(t, filepath.Join(t.TempDir(), "c"), func(b *Builder) error {
		l, err := b.Import(strings.NewReader(long))
		if l.Cells != 5 || l.Malformed != 6 {
			t.Errorf("%+v", l)
		}
		return err
	})
	b, err := Create(filepath.Join(t.TempDir(), "d"))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for name, in := range map[string]string{"empty": "", "text": "no list\n", "endless": strings.Repeat("x\n", 1<<20), "gzip": "\x1f\x8b\x08"} {
		if _, err := b.Import(strings.NewReader(in)); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestListMerge: of two entries of a cell the newest wins, in whatever order.
func TestListMerge(t *testing.T) {
	one := "GSM,1,1,1,7,0,7,47,1500,12,1,5,10,0\n"
	two := "GSM,1,1,1,7,0,8,47,1500,12,1,5,11,0\n"
	var paths []string
	for _, in := range []string{one, two} {
		path := filepath.Join(t.TempDir(), "l")
		commit(t, path, func(b *Builder) error { _, err := b.Import(strings.NewReader(in)); return err })
		paths = append(paths, path)
	}
	ab, ba := dump(t, merge(t, paths[0], paths[1])), dump(t, merge(t, paths[1], paths[0]))
	if ab != ba || !strings.Contains(ab, `"lon":8,`) {
		t.Errorf("%s\n%s", ab, ba)
	}
}

// TestCodes: every message, basis, RAT and verdict has a code in the file, and codes
// that files hold do not change.
func TestCodes(t *testing.T) {
	for s := range event.NumSources {
		if code(messages[:], s) < 0 {
			t.Errorf("no code for %v: add it at the end", s)
		}
	}
	for b := event.ByIdentity; b.String() != "unknown"; b++ {
		if code(bases[:], b) < 0 {
			t.Errorf("no code for %v: add it at the end", b)
		}
	}
	for r := event.GSM; r.String() != "unknown"; r++ {
		if code(rats[:], r) < 0 {
			t.Errorf("no code for %v", r)
		}
	}
	for _, v := range score.Verdicts() {
		if n := code(verdicts[:], v); n < 0 || Quarantine(v) != (n >= firstQuarantined) {
			t.Errorf("code of %v: %d", v, n)
		}
	}
	var names []string
	for _, s := range messages {
		names = append(names, s.String())
	}
	const first = "System Information Type 1|System Information Type 2|System Information Type 2bis|System Information Type 2ter|" +
		"System Information Type 2quater|System Information Type 3|System Information Type 4|System Information Type 5|" +
		"System Information Type 5bis|System Information Type 5ter|System Information Type 6|System Information Type 13|other|" +
		"MasterInformationBlock|SystemInformationBlockType1|SystemInformationBlockType2|SystemInformationBlockType3|" +
		"SystemInformationBlockType4|SystemInformationBlockType5|SystemInformationBlockType6|SystemInformationBlockType7|" +
		"SystemInformationBlockType8|SystemInformationBlockType10|SystemInformationBlockType11|SystemInformationBlockType12|" +
		"SystemInformationBlockType24"
	if !strings.HasPrefix(strings.Join(names, "|"), first) {
		t.Error("codes of messages changed")
	}
	if event.HasGPRS != 1 || event.EarlyClassmark != 1<<7 {
		t.Error("the bits of capabilities changed")
	}
}

// TestBound: of a network with very many cells those heard last are listed.
func TestBound(t *testing.T) {
	var all []Capture
	for n := range 5 {
		var cells []*cell.Cell
		for i := range 1000 {
			cells = append(cells, gsm(uint32(n), uint64(i), 10, day0+int64(n)*day))
		}
		all = append(all, capture(fmt.Sprint(n), cells...))
	}
	b := mustOpen(t, build(t, all...))
	cells := b.Cells(event.GSM, plmn)
	if len(cells) != maxPeers || cells[0].ID.Area != 0 || cells[len(cells)-1].ID.Area != 4 || cells[96].ID.Area != 1 {
		t.Errorf("%d cells", len(cells))
	}
}
