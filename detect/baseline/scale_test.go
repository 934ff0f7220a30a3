package baseline

import (
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// scale makes captures of a region of 5,000 cells, 20 cells each, as synthetic does.
func scale(n int) func(func(Capture) bool) {
	return func(yield func(Capture) bool) {
		rng := rand.New(rand.NewPCG(10, 10))
		for i := range n {
			if !yield(synthetic(rng, i, 5000, 20)) {
				return
			}
		}
	}
}

func buildScale(t testing.TB, captures int) string {
	path := filepath.Join(t.TempDir(), "scale")
	commit(t, path, func(b *Builder) error {
		for c := range scale(captures) {
			if err := b.Add(c); err != nil {
				return err
			}
		}
		return nil
	})
	return path
}

// TestScale measures a baseline of 10,000 captures. It takes a minute, so it runs only
// when FBSDETECT_SCALE is set; -v prints the figures.
func TestScale(t *testing.T) {
	if os.Getenv("FBSDETECT_SCALE") == "" {
		t.Skip("FBSDETECT_SCALE is not set")
	}
	const captures = 10000
	var from time.Time
	lap := func() time.Duration { return time.Since(from).Round(time.Millisecond / 10) }
	from = time.Now()
	for range scale(captures) {
		continue
	}
	making := lap()
	from = time.Now()
	path := buildScale(t, captures)
	fi, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d captures, %d sightings of cells: %d octets (%d each), written in %v (and %v to make them up)",
		captures, 20*captures, fi.Size(), fi.Size()/(20*captures), lap()-making, making)

	from = time.Now()
	b := mustOpen(t, path)
	t.Logf("opened and checked in %v", lap())
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	networks := map[event.RAT]ident.PLMN{event.GSM: plmn, event.LTE: {MCC: 1, MNC: 2, MNCDigits: 2}}
	var ids []event.CellID
	for _, rat := range []event.RAT{event.GSM, event.LTE} {
		from = time.Now()
		cells := b.Cells(rat, networks[rat])
		t.Logf("%v: %d cells read in %v", rat, len(cells), lap())
		for _, c := range cells[:500] {
			ids = append(ids, c.ID)
		}
		from = time.Now()
		sightings := 0
		for _, c := range cells[:500] {
			sightings += len(b.History(rat, c.ID))
			b.Listed(rat, c.ID)
			b.Sessions(rat, networks[rat])
		}
		t.Logf("%v: history of 500 cells, %d sightings, in %v", rat, sightings, lap())
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	t.Logf("%d octets held after that", after.HeapAlloc-before.HeapAlloc)
	runtime.KeepAlive(ids)

	from = time.Now()
	if _, err := b.Summary(); err != nil {
		t.Fatal(err)
	}
	t.Logf("summed up in %v", lap())
	from = time.Now()
	if err := b.Export(io.Discard); err != nil {
		t.Fatal(err)
	}
	t.Logf("exported in %v", lap())
	from = time.Now()
	merge(t, path, path)
	t.Logf("merged with itself in %v", lap())
}

// BenchmarkLookup is what a scan of one cell asks of a baseline of 200 captures.
func BenchmarkLookup(b *testing.B) {
	path := buildScale(b, 200)
	k := mustOpen(b, path)
	cells := k.Cells(event.GSM, plmn)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		id := cells[i%len(cells)].ID
		k.Cells(event.GSM, plmn)
		k.Sessions(event.GSM, plmn)
		k.History(event.GSM, id)
		k.Listed(event.GSM, id)
		i++
	}
}
