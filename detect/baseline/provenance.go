package baseline

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
)

// Provenance says which baseline it is.
type Provenance struct {
	Path string
	// SHA256 is that of the file.
	SHA256 string
	// Captures counts those learned, Lists the lists of cells imported.
	Captures, Lists int
}

// Provenance reads the whole file for its hash.
func (b *Baseline) Provenance() (p Provenance, err error) {
	p.Path = b.path
	fail := func(err error) (Provenance, error) {
		return Provenance{}, fmt.Errorf("baseline %s: %w", b.path, err)
	}
	f, err := os.Open(b.path)
	if err != nil {
		return fail(err)
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	if err := errors.Join(err, f.Close()); err != nil {
		return fail(err)
	}
	p.SHA256 = hex.EncodeToString(h.Sum(nil))
	b.mu.Lock()
	defer b.mu.Unlock()
	err = b.r.each("SELECT (SELECT count(*) FROM capture), (SELECT count(*) FROM list)", nil,
		[]any{&p.Captures, &p.Lists}, func() error { return nil })
	if err != nil {
		return fail(err)
	}
	return p, nil
}

// Has reports whether a capture went in, by its SHA-256 in hex.
func (b *Baseline) Has(sum string) (bool, error) {
	sha, err := hex.DecodeString(sum)
	if err != nil {
		return false, fmt.Errorf("baseline %s: %w", b.path, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	found := false
	var id int64
	err = b.r.each("SELECT id FROM capture WHERE sha256 = ?", []any{sha}, []any{&id}, func() error { found = true; return nil })
	if err != nil {
		return false, fmt.Errorf("baseline %s: %w", b.path, err)
	}
	return found, nil
}
