package capture

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// corpusDir returns the corpus of captures, or skips the test.
func corpusDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("FBSDETECT_CORPUS")
	if dir == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			up := filepath.Dir(root)
			if up == root {
				t.Skip("no go.mod above the test")
			}
			root = up
		}
		dir = filepath.Join(root, "..", "shared", "corpus")
	}
	if _, err := os.Stat(filepath.Join(dir, "MANIFEST.tsv")); err != nil {
		t.Skip("no corpus; set FBSDETECT_CORPUS to its folder")
	}
	return dir
}

// readManifest returns path and number of packets of each row that has one.
func readManifest(t *testing.T, file, pathColumn string) map[string]int {
	t.Helper()
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(b)), "\n")
	path, packets := -1, -1
	for i, name := range strings.Split(rows[0], "\t") {
		switch name {
		case pathColumn:
			path = i
		case "packets":
			packets = i
		}
	}
	if path < 0 || packets < 0 {
		t.Fatalf("%s: columns %s and packets not found", file, pathColumn)
	}
	want := map[string]int{}
	for _, row := range rows[1:] {
		cells := strings.Split(row, "\t")
		if n, err := strconv.Atoi(cells[packets]); err == nil {
			want[cells[path]] = n
		}
	}
	return want
}

// TestCorpus compares the number of frames with that in the manifests, which is
// capinfos', and balances every ledger.
func TestCorpus(t *testing.T) {
	dir := corpusDir(t)
	want := readManifest(t, filepath.Join(dir, "MANIFEST.tsv"), "path")
	for name, n := range readManifest(t, filepath.Join(dir, "lab", "MANIFEST.tsv"), "file") {
		want[filepath.Join("lab", name)] = n
	}
	kinds := map[Kind]int{}
	reasons := map[string]int{}
	for name, packets := range want {
		r, err := Open(filepath.Join(dir, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		u := NewUnwrapper(Options{})
		l := NewLedger()
		for {
			f, err := r.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
			p := u.Unwrap(f)
			kinds[p.Kind]++
			if p.Reason != "" {
				reasons[p.Reason]++
			}
			if !l.CountFrame(f, p) {
				l.Count(Decoded, "")
			}
		}
		s := r.Stats()
		if s.Frames != packets {
			t.Errorf("%s: %d frames, want %d", name, s.Frames, packets)
		}
		if l.Sum() != s.Frames {
			t.Errorf("%s: ledger sums to %d of %d frames", name, l.Sum(), s.Frames)
		}
		if s.DamageCount > 0 {
			t.Logf("%s: %d damages, first: %v", name, s.DamageCount, s.Damages[0].Reason)
		}
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() != r.Bytes() {
			t.Errorf("%s: %d octets hashed, size %v", name, r.Bytes(), info.Size())
		}
		r.Close()
	}
	t.Logf("%d captures, kinds %v, reasons %v", len(want), kinds, reasons)
}
