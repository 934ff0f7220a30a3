package evidence

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"math"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect"
)

// sum is what is known of the content of a file.
type sum struct {
	size   int64
	sha256 [sha256.Size]byte
	crc32  uint32
}

func (s *sum) hex() string { return hex.EncodeToString(s.sha256[:]) }

// sumOf reads r to its end.
func sumOf(r io.Reader) (s sum, err error) {
	h, c := sha256.New(), crc32.NewIEEE()
	s.size, err = io.Copy(io.MultiWriter(h, c), r)
	h.Sum(s.sha256[:0])
	s.crc32 = c.Sum32()
	return s, err
}

// hashed is a capture before the analysis.
type hashed struct {
	path string
	sum
	err error
}

// hashCaptures hashes the captures. One that cannot be read carries its error.
func hashCaptures(ctx context.Context, sources []detect.Source) ([]hashed, error) {
	var list []hashed
	for _, s := range sources {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		h := hashed{path: s.Path}
		in, err := s.Open()
		if err == nil {
			h.sum, err = sumOf(in)
			err = errors.Join(err, in.Close())
		}
		h.err = err
		list = append(list, h)
	}
	return list, nil
}

// member is a file to be written into a package.
type member struct {
	name string
	sum
	open func() (io.ReadCloser, error)
}

func inMemory(name string, b []byte) member {
	s, _ := sumOf(bytes.NewReader(b)) // memory does not fail
	return member{name: name, sum: s, open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

// maxMember is the largest member in octets: a larger one needs fields that not every
// program reads.
const maxMember = math.MaxUint32 - 1

// ErrTooLarge says that a file is too large for a package.
var ErrTooLarge = errors.New("file of more than 4 GiB cannot be packed")

// dosDate is 1980-01-01, the first day that a zip can name.
const dosDate = 1<<5 | 1

// writeArchive writes the members as a zip in the one form that a package has.
func writeArchive(w io.Writer, members []member) error {
	z := zip.NewWriter(w)
	for i := range members {
		m := &members[i]
		if m.size > maxMember {
			return fmt.Errorf("%s: %w", m.name, ErrTooLarge)
		}
		h := &zip.FileHeader{
			Name: m.name, Method: zip.Store, CreatorVersion: 20, ReaderVersion: 20,
			CRC32: m.crc32, CompressedSize64: uint64(m.size), UncompressedSize64: uint64(m.size),
		}
		h.ModifiedDate = dosDate //lint:ignore SA1019 CreateRaw takes the date from nowhere else
		out, err := z.CreateRaw(h)
		if err != nil {
			return fmt.Errorf("write %s: %w", m.name, err)
		}
		if err := m.copy(out); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write package: %w", err)
	}
	return nil
}

// WriteMembers writes files as a zip of the form that a package has, whatever they hold.
func WriteMembers(w io.Writer, files map[string][]byte) error {
	var members []member
	for _, name := range slices.Sorted(maps.Keys(files)) {
		members = append(members, inMemory(name, files[name]))
	}
	return writeArchive(w, members)
}

// copy writes the content of m, which must still be what was hashed.
func (m *member) copy(w io.Writer) error {
	in, err := m.open()
	if err != nil {
		return fmt.Errorf("write %s: %w", m.name, err)
	}
	c := crc32.NewIEEE()
	n, err := io.Copy(io.MultiWriter(w, c), in)
	if err = errors.Join(err, in.Close()); err != nil {
		return fmt.Errorf("write %s: %w", m.name, err)
	}
	if n != m.size || c.Sum32() != m.crc32 {
		return fmt.Errorf("write %s: %w", m.name, ErrChanged)
	}
	return nil
}
