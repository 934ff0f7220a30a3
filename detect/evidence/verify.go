package evidence

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"aead.dev/minisign"
	"filippo.io/age"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/baseline"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/track"
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// Given is what Verify is given besides the package.
type Given struct {
	// PublicKey is the key by which the manifest must be signed; nil checks no signature.
	PublicKey *minisign.PublicKey
	// Identities are the secret keys by which an encrypted package is opened.
	Identities []age.Identity
	// Captures is a folder with the original captures, "" for none.
	Captures string
	// Key, Baseline and Schemas repeat what the package was made with and does not hold;
	// RRC are the hashes of the Schemas.
	Key      []byte
	Baseline *baseline.Baseline
	Schemas  map[rrc.RAT]*uper.Schema
	RRC      map[string]string
}

// Status is what a check came to.
type Status string

// What a check can come to.
const (
	OK         Status = "ok"
	Failed     Status = "FAILED"
	NotChecked Status = "not checked"
)

// Check is one thing that was checked, or could not be.
type Check struct {
	Status Status
	// Subject is the file that it is about: a member, or the package itself.
	Subject string
	Text    string
}

// Verification is what became of a package.
type Verification struct {
	Path string
	// Manifest is nil if the package holds none that can be read.
	Manifest *Manifest
	Checks   []Check
}

// Passed reports whether no check failed.
func (v *Verification) Passed() bool {
	return !slices.ContainsFunc(v.Checks, func(c Check) bool { return c.Status == Failed })
}

func (v *Verification) add(s Status, subject, format string, args ...any) {
	v.Checks = append(v.Checks, Check{s, subject, fmt.Sprintf(format, args...)})
}

// WriteText writes the verification for people.
func (v *Verification) WriteText(w io.Writer) error {
	var b strings.Builder
	line := func(head, text string) { fmt.Fprintf(&b, "%-13s%s\n", head, text) }
	line("Package", report.Escape(v.Path))
	if m := v.Manifest; m != nil {
		line("Made by", report.Escape(fmt.Sprintf("%s %s, %s", m.Tool.Name, m.Tool.Version, m.Tool.Go)))
		if r := m.Options.Revealed; r != nil {
			line("Reveals", report.Escape("identities of persons in full. Reason given: "+r.Reason))
		}
		for _, x := range [][2]string{{"Case", m.Case.Case}, {"Officer", m.Case.Officer}, {"Place", m.Case.Place}, {"Note", m.Case.Note}} {
			if x[1] != "" {
				line(x[0], report.Escape(x[1]))
			}
		}
	}
	b.WriteByte('\n')
	for _, c := range v.Checks {
		line(string(c.Status), report.Escape(c.Subject)+": "+escapeAll(c.Text))
	}
	b.WriteByte('\n')
	if v.Passed() {
		b.WriteString("The package is intact as far as it was checked. That says nothing about who made it unless its signature was checked.\n")
	} else {
		b.WriteString("THE PACKAGE DOES NOT VERIFY.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// escapeAll is report.Escape for texts of any length.
func escapeAll(s string) string {
	var b strings.Builder
	for _, word := range strings.Split(s, " ") {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(report.Escape(word))
	}
	return b.String()
}

// ageMagic is how a file of age begins.
const ageMagic = "age-encryption.org/"

// Verify checks the package at path. An error says that it could not be checked at all:
// it cannot be opened, or no key for it was given.
func Verify(ctx context.Context, path string, given Given) (*Verification, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", detect.ErrInput, err)
	}
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", detect.ErrInput, err)
	}
	v := &Verification{Path: path}
	head := make([]byte, len(ageMagic))
	if n, _ := f.ReadAt(head, 0); strings.HasSuffix(path, ".age") || string(head[:n]) == ageMagic {
		if len(given.Identities) == 0 {
			return nil, fmt.Errorf("%w: %s is encrypted: an identity of age is needed", detect.ErrInput, path)
		}
		plain, size, err := age.DecryptReaderAt(f, fi.Size(), given.Identities...)
		if err != nil {
			v.add(Failed, path, "the file itself cannot be decrypted: %v", err)
			return v, nil
		}
		// What cannot be decrypted is no fault of the members that happen to lie there.
		if _, err := io.Copy(io.Discard, io.NewSectionReader(plain, 0, size)); err != nil {
			v.add(Failed, path, "the file itself cannot be decrypted: %v", err)
			return v, nil
		}
		return v, v.verify(ctx, plain, size, given)
	}
	return v, v.verify(ctx, f, fi.Size(), given)
}

// maxManifest bounds the manifest in octets: that of a thousand captures has a million.
const maxManifest = 16 << 20

// found is a file in the package.
type found struct {
	sum
	file *zip.File
	at   int64
	err  error
}

func (v *Verification) verify(ctx context.Context, r io.ReaderAt, size int64, given Given) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		v.add(Failed, v.Path, "the file itself is no zip that can be read: %v", err)
		return nil
	}
	files := map[string]*found{}
	var order []member
	for _, file := range z.File {
		if err := ctx.Err(); err != nil {
			return err
		}
		x := &found{file: file}
		if files[file.Name] != nil {
			v.add(Failed, file.Name, "the package holds it more than once")
			continue
		}
		files[file.Name] = x
		if x.at, x.err = file.DataOffset(); x.err == nil {
			x.err = x.read(r, size)
		}
		if x.err != nil {
			v.add(Failed, file.Name, "%v", x.err)
			continue
		}
		order = append(order, member{name: file.Name, sum: x.sum, open: func() (io.ReadCloser, error) { return io.NopCloser(x.content(r)), nil }})
	}
	manifest := v.manifest(r, files)
	if v.Manifest == nil {
		return nil
	}
	v.members(files)
	v.signature(r, files, manifest, given)
	v.container(r, size, order)
	if v.Passed() {
		return v.repeat(ctx, r, files, given)
	}
	v.add(NotChecked, "analysis", "not repeated, because the package is damaged")
	return nil
}

// content reads the content of a file whose place is known.
func (x *found) content(r io.ReaderAt) io.Reader {
	return io.NewSectionReader(r, x.at, int64(x.file.CompressedSize64))
}

// read hashes a file. What is said of it in the zip is compared later, as octets.
func (x *found) read(r io.ReaderAt, size int64) error {
	if x.file.Method != zip.Store {
		return errors.New("is compressed, which no member of a package is")
	}
	if n := x.file.CompressedSize64; n > uint64(size) || x.at > size-int64(n) {
		return errors.New("reaches beyond the end of the package")
	}
	var err error
	if x.sum, err = sumOf(x.content(r)); err != nil {
		return err
	}
	if x.crc32 != x.file.CRC32 {
		return errors.New("its octets are not those that were packed (CRC-32)")
	}
	return nil
}

// manifest reads the manifest and returns its octets.
func (v *Verification) manifest(r io.ReaderAt, files map[string]*found) []byte {
	x := files[manifestName]
	switch {
	case x == nil:
		v.add(Failed, manifestName, "the package holds none")
		return nil
	case x.err != nil:
		return nil // said already
	case x.size > maxManifest:
		v.add(Failed, manifestName, "is larger than any manifest")
		return nil
	}
	b, err := io.ReadAll(x.content(r))
	if err != nil {
		v.add(Failed, manifestName, "%v", err)
		return nil
	}
	var m Manifest
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		v.add(Failed, manifestName, "%v", err)
		return nil
	}
	if m.Schema != Schema {
		v.add(Failed, manifestName, "is of the form %q, this program reads %s", m.Schema, Schema)
		return nil
	}
	if again, err := m.encode(); err != nil || !bytes.Equal(again, b) {
		v.add(Failed, manifestName, "is not written as fbsdetect writes it")
		return nil
	}
	v.Manifest = &m
	v.add(OK, manifestName, "readable")
	return b
}

// members compares the files with the manifest.
func (v *Verification) members(files map[string]*found) {
	listed := map[string]bool{manifestName: true, signatureName: true}
	for _, m := range v.Manifest.Members {
		if listed[m.Name] {
			v.add(Failed, m.Name, "the manifest lists it more than once")
		}
		listed[m.Name] = true
		switch x := files[m.Name]; {
		case x == nil:
			v.add(Failed, m.Name, "is missing")
		case x.err != nil: // said already
		case x.hex() != m.SHA256 || x.size != m.Bytes:
			v.add(Failed, m.Name, "its SHA-256 is %s (%d octets), the manifest says %s (%d octets)", x.hex(), x.size, m.SHA256, m.Bytes)
		default:
			v.add(OK, m.Name, "SHA-256 %s", m.SHA256)
		}
	}
	for _, name := range sorted(files) {
		if !listed[name] {
			v.add(Failed, name, "is not in the manifest")
		}
	}
	for _, c := range v.Manifest.Captures {
		if c.Member == nil {
			continue
		}
		if x := files[*c.Member]; x == nil || x.hex() != c.SHA256 {
			v.add(Failed, *c.Member, "is not the capture that was analysed")
		}
	}
}

func sorted(files map[string]*found) []string {
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (v *Verification) signature(r io.ReaderAt, files map[string]*found, manifest []byte, given Given) {
	x := files[signatureName]
	switch {
	case x == nil && given.PublicKey == nil:
		v.add(NotChecked, "signature", "the package is not signed: whoever can write the file can replace all of it")
	case x == nil:
		v.add(Failed, signatureName, "is missing: the package is not signed")
	case x.err != nil: // said already
	case x.size > maxKeyFile:
		v.add(Failed, signatureName, "is larger than any signature")
	case given.PublicKey == nil:
		v.add(NotChecked, "signature", "the package is signed; --public-key checks by whom")
	default:
		b, err := io.ReadAll(x.content(r))
		if err != nil || !signedBy(*given.PublicKey, manifest, b) {
			v.add(Failed, signatureName, "the manifest is not signed by the key %s", *given.PublicKey)
			return
		}
		v.add(OK, signatureName, "the manifest is signed by the key %s", *given.PublicKey)
	}
}

// container packs the members again and compares the octets, so that nothing can hide
// between them.
func (v *Verification) container(r io.ReaderAt, size int64, members []member) {
	if !slices.IsSortedFunc(members, byName) {
		v.add(Failed, v.Path, "the file itself: its members are not in the order of a package")
		return
	}
	c := &comparer{r: r, size: size}
	err := writeArchive(c, members)
	if err == nil && c.at != size {
		err = errDiffers
	}
	if err != nil {
		v.add(Failed, v.Path, "the file itself differs from what its members give, from octet %d on", c.at)
		return
	}
	v.add(OK, v.Path, "the file itself is what its members give, octet for octet")
}

var errDiffers = errors.New("differs")

// comparer compares what is written to it with a file.
type comparer struct {
	r    io.ReaderAt
	at   int64
	size int64
	buf  []byte
}

func (c *comparer) Write(p []byte) (int, error) {
	if int64(len(p)) > c.size-c.at {
		return 0, errDiffers
	}
	if len(c.buf) < len(p) {
		c.buf = make([]byte, len(p))
	}
	have := c.buf[:len(p)]
	if _, err := c.r.ReadAt(have, c.at); err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	if !bytes.Equal(have, p) {
		for i := range p {
			if have[i] != p[i] {
				c.at += int64(i)
				return i, errDiffers
			}
		}
	}
	c.at += int64(len(p))
	return len(p), nil
}

// repeat runs the analysis again and compares what it makes with the members.
func (v *Verification) repeat(ctx context.Context, r io.ReaderAt, files map[string]*found, given Given) error {
	m := v.Manifest
	skip := func(format string, args ...any) error {
		v.add(NotChecked, "analysis", "not repeated: "+format, args...)
		return nil
	}
	if m.Tool.Version != detect.Version {
		return skip("the package was made by version %s, this is %s", m.Tool.Version, detect.Version)
	}
	p := &Package{Case: m.Case, Language: m.Options.Language, RRC: m.Options.RRC, Redact: m.Options.Redacted, Options: detect.Options{
		Rules: m.Options.Rules, Params: m.Options.Params, Ports: m.Options.Ports, LinkTypes: m.Options.LinkTypes,
		Baseline: given.Baseline, RRC: given.Schemas,
	}}
	if r := m.Options.Revealed; r != nil {
		p.Options.Reveal, p.Options.Reason = true, r.Reason
	}
	if m.Options.PseudonymKey == "given" {
		if given.Key == nil {
			return skip("its pseudonyms were made with a key, which --key-file gives")
		}
		p.Options.Key = given.Key
	}
	for rat, sum := range m.Options.RRC {
		if given.RRC[rat] != sum {
			return skip("it was made with a schema for RRC of %s (SHA-256 %s), which --rrc gives", rat, sum)
		}
	}
	if len(m.Options.RRC) == 0 {
		p.Options.RRC = nil
	}
	if want := m.Options.Baseline; want != nil {
		if given.Baseline == nil {
			return skip("it was made with a baseline (SHA-256 %s), which --baseline gives", want.SHA256)
		}
		have, err := given.Baseline.Provenance()
		if err != nil {
			return fmt.Errorf("%w: %w", detect.ErrInput, err)
		}
		if have.SHA256 != want.SHA256 {
			return skip("it was made with another baseline, of SHA-256 %s", want.SHA256)
		}
		p.baselinePath = want.Path
	} else {
		p.Options.Baseline = nil
	}
	if !slices.Contains(report.Languages(), p.Language) {
		v.add(Failed, manifestName, "no report is written in the language %q", p.Language)
		return nil
	}
	if want := m.Options.Positions; want != nil {
		x := files[want.Member]
		if x == nil {
			v.add(Failed, manifestName, "the positions %s are not in the package", want.Member)
			return nil
		}
		t, err := track.Read(x.content(r), want.Path)
		if err != nil {
			v.add(Failed, want.Member, "%v", err)
			return nil
		}
		p.Options.Track, p.Options.TrackGap = t, time.Duration(want.GapSeconds*1e9)
	}
	for i := range m.Captures {
		c := &m.Captures[i]
		src := detect.Source{Path: c.Path, Size: c.Bytes}
		switch {
		case c.Error != nil:
			return skip("%s could not be read when it was made", c.Path)
		case c.Member != nil:
			x := files[*c.Member]
			src.Open = func() (io.ReadCloser, error) { return io.NopCloser(x.content(r)), nil }
		case given.Captures == "":
			return skip("the package does not hold %s; --captures names the folder of the captures", c.Path)
		default:
			path, ok := findCapture(given.Captures, c.Path)
			if !ok {
				return skip("%s is not in %s", filepath.Base(c.Path), given.Captures)
			}
			src.Open = func() (io.ReadCloser, error) { return os.Open(path) }
		}
		p.Sources = append(p.Sources, src)
	}
	captures, err := hashCaptures(ctx, p.Sources)
	if err != nil {
		return err
	}
	for i, h := range captures {
		switch want := &m.Captures[i]; {
		case h.err != nil:
			return skip("%v", h.err)
		case h.hex() != want.SHA256:
			v.add(Failed, want.Path, "the capture's SHA-256 is %s, the manifest says %s", h.hex(), want.SHA256)
			return nil
		}
		v.add(OK, m.Captures[i].Path, "the capture is the one that was analysed")
	}
	doc, members, err := analyse(ctx, p, captures)
	if errors.Is(err, detect.ErrOption) {
		v.add(Failed, manifestName, "its options: %v", err)
		return nil
	}
	if err != nil && !errors.Is(err, detect.ErrInput) || ctx.Err() != nil {
		return errors.Join(err, ctx.Err())
	}
	if got := doc.Tool.Ruleset; got != m.Tool.Ruleset {
		v.add(Failed, manifestName, "its ruleset is %s, that of this program %s", m.Tool.Ruleset, got)
	}
	for i := range members {
		x := &members[i]
		switch old := files[x.name]; {
		case old == nil: // a format that was added since
			v.add(Failed, x.name, "is missing: the analysis makes it")
		case old.hex() != x.hex():
			v.add(Failed, x.name, "a repeated analysis gives another one")
		default:
			v.add(OK, x.name, "a repeated analysis gives the same, octet for octet")
		}
	}
	return nil
}

// findCapture finds a capture in a folder, by its path or its name.
func findCapture(folder, path string) (string, bool) {
	for _, p := range []string{filepath.FromSlash(path), filepath.Base(path)} {
		p = filepath.Join(folder, p)
		if fi, err := os.Stat(p); err == nil && fi.Mode().IsRegular() {
			return p, true
		}
	}
	return "", false
}
