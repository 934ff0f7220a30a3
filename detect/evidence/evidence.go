// Package evidence packs what supports a report into one file that can be handed over,
// and checks such a file.
//
//	captures → hashes → detect.Run → report, frames with comments → manifest → zip
//
// Same captures, same options, same program: same package, octet for octet. For that the
// zip holds no time of day (members are dated 1980-01-01, the earliest a zip can say),
// its members are sorted, and they are stored as they are, since what a compressor makes
// of them depends on its version. Encryption for recipients is random by its nature; the
// package inside is the same.
package evidence

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/track"
)

// Schema names the form of Manifest.
const Schema = "fbsdetect.evidence/1"

// Names of members.
const (
	manifestName  = "manifest.json"
	signatureName = "manifest.json.minisig"
	framesName    = "evidence.pcapng"
	capturesDir   = "captures/"
	positionsName = "positions" // and the extension of the file given
)

// ErrChanged says that a capture changed while it was being read.
var ErrChanged = errors.New("capture changed during the run")

// Manifest says what a package holds and how it was made.
type Manifest struct {
	Schema string `json:"schema" jsonschema:"const=fbsdetect.evidence/1"`
	Tool   Tool   `json:"tool"`
	// Case is what whoever made the package says about it; nothing of it is checked.
	Case report.Case `json:"case"`
	// Captures are the captures as they were before the analysis.
	Captures []Capture `json:"captures"`
	Options  Recorded  `json:"options"`
	// Members are the files of the package but for the manifest and its signature.
	Members []Member `json:"members"`
	// Notes say in words what a reader of the package must know.
	Notes []string `json:"notes"`
}

// Tool says which program made the package, with which rules.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	// Go is the version of the language that the program was built with.
	Go      string `json:"go"`
	Ruleset string `json:"ruleset"`
}

// Capture is an input file before it was analysed.
type Capture struct {
	// Path is the path as it was given.
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	// Member is the file of the package that holds it, null if none does.
	Member *string `json:"member"`
	// Error says why it could not be read, null if it could.
	Error *string `json:"error"`
}

// Recorded are the options of the analysis, as far as they change its result.
type Recorded struct {
	// Rules are the IDs of the rules asked for, empty for all.
	Rules     []string               `json:"rules"`
	Params    map[string]rule.Values `json:"params"`
	Ports     []uint16               `json:"ports"`
	LinkTypes map[uint32]string      `json:"link_types"`
	// Baseline is the baseline compared with, null for none.
	Baseline *Baseline `json:"baseline"`
	// Positions say where the receiver was, null if not known.
	Positions *Positions `json:"positions"`
	// RRC are the hashes of schemas given for RRC, by RAT.
	RRC map[string]string `json:"rrc"`
	// PseudonymKey says where the key of pseudonyms is from: "captures" if it is derived
	// from them, "given" if whoever made the package gave one.
	PseudonymKey string `json:"pseudonym_key" jsonschema:"enum=captures,enum=given"`
	// Revealed says that identities of persons are in the report in full, and why; null if
	// pseudonyms stand for them.
	Revealed *report.Revealed `json:"revealed"`
	// Language is that of report.html.
	Language string `json:"language"`
	// Redacted says that identities and texts of persons in the frames are overwritten.
	Redacted bool `json:"redacted"`
}

// Baseline says which baseline the cells were compared with.
type Baseline struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

// Positions say which file places the frames, as it was before the analysis. The package
// holds it, for the report rests on it.
type Positions struct {
	// Path is the path as it was given, Member the file of the package.
	Path   string `json:"path"`
	Member string `json:"member"`
	// GapSeconds is how far in time a frame may be from the position it is placed at.
	GapSeconds float64 `json:"gap_seconds"`
}

// Member is a file of the package.
type Member struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Package is what a package is made of.
type Package struct {
	// Sources are the captures. Their Open must work any number of times.
	Sources []detect.Source
	Options detect.Options
	// RRC are the hashes of the schemas in Options.RRC, by RAT.
	RRC  map[string]string
	Case report.Case
	// IncludeCaptures puts the captures into the package.
	IncludeCaptures bool
	// Language of report.html, one of report.Languages; empty is the first.
	Language string
	// Redact overwrites identities and texts of persons in the frames.
	Redact bool
	// Sign signs the manifest; nil leaves it unsigned.
	Sign func(manifest []byte) ([]byte, error)

	// baselinePath stands in the report in place of the path of the baseline, if set.
	baselinePath string
}

// Make analyses the captures and writes the package to w. With errors.Is(err,
// detect.ErrInput) the package was written from what could be read; with any other error
// what was written is no package.
func Make(ctx context.Context, w io.Writer, p *Package) (*report.Document, error) {
	p.Language = cmp.Or(p.Language, report.Languages()[0])
	captures, err := hashCaptures(ctx, p.Sources)
	if err != nil {
		return nil, err
	}
	doc, members, inputErr := analyse(ctx, p, captures)
	if inputErr != nil && !errors.Is(inputErr, detect.ErrInput) || ctx.Err() != nil {
		return doc, errors.Join(inputErr, ctx.Err())
	}
	m := p.manifest(doc, captures)
	if t := p.Options.Track; t != nil {
		positions, err := positionsOf(t)
		if err != nil {
			return doc, err
		}
		members = append(members, positions)
		m.Options.Positions = &Positions{Path: t.Path, Member: positions.name, GapSeconds: p.Options.TrackGap.Seconds()}
	}
	if p.IncludeCaptures {
		for i := range captures {
			c := &captures[i]
			if c.err != nil {
				continue
			}
			name := fmt.Sprintf("%s%02d-%s", capturesDir, i+1, plainName(c.path))
			m.Captures[i].Member = &name
			members = append(members, member{name: name, sum: c.sum, open: p.Sources[i].Open})
		}
	}
	slices.SortFunc(members, byName)
	for i := range members {
		m.Members = append(m.Members, Member{Name: members[i].name, SHA256: members[i].hex(), Bytes: members[i].size})
	}
	b, err := m.encode()
	if err != nil {
		return doc, err
	}
	members = append(members, inMemory(manifestName, b))
	if p.Sign != nil {
		s, err := p.Sign(b)
		if err != nil {
			return doc, fmt.Errorf("sign %s: %w", manifestName, err)
		}
		members = append(members, inMemory(signatureName, s))
	}
	slices.SortFunc(members, byName)
	if err := writeArchive(w, members); err != nil {
		return doc, err
	}
	return doc, inputErr
}

// positionsOf makes a member of the file that a track was read from.
func positionsOf(t *track.Track) (member, error) {
	m := member{name: positionsName + strings.ToLower(path.Ext(plainName(t.Path))), open: func() (io.ReadCloser, error) { return os.Open(t.Path) }}
	f, err := m.open()
	if err == nil {
		m.sum, err = sumOf(f)
		err = errors.Join(err, f.Close())
	}
	if err == nil && m.hex() != t.SHA256 {
		err = ErrChanged
	}
	if err != nil {
		return m, fmt.Errorf("%s: %w", t.Path, err)
	}
	return m, nil
}

// encode writes the manifest in the one form that a package may hold.
func (m *Manifest) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("write %s: %w", manifestName, err)
	}
	return b.Bytes(), nil
}

func byName(a, b member) int { return strings.Compare(a.name, b.name) }

// analyse makes the members that follow from the captures and the options.
func analyse(ctx context.Context, p *Package, captures []hashed) (*report.Document, []member, error) {
	doc, inputErr := detect.Run(ctx, p.Sources, p.Options)
	if doc == nil || inputErr != nil && !errors.Is(inputErr, detect.ErrInput) {
		return doc, nil, inputErr
	}
	if doc.Baseline != nil && p.baselinePath != "" {
		doc.Baseline.Path = p.baselinePath
	}
	if p.Case != (report.Case{}) {
		doc.Case = &p.Case
	}
	for i, c := range doc.Captures {
		if c.SHA256 != "" && c.SHA256 != captures[i].hex() {
			return doc, nil, fmt.Errorf("%s: %w", c.Path, ErrChanged)
		}
	}
	var members []member
	for _, f := range report.Formats() {
		if !f.Packed {
			continue
		}
		name := "report" + f.Extension
		var b bytes.Buffer
		if err := f.Write(&b, doc, report.Options{Layout: report.Layout{All: true}, Language: p.Language}); err != nil {
			return doc, nil, fmt.Errorf("write %s: %w", name, err)
		}
		members = append(members, inMemory(name, b.Bytes()))
	}
	var b bytes.Buffer
	if err := writeFrames(ctx, &b, p, doc, captures); err != nil {
		return doc, nil, err
	}
	return doc, append(members, inMemory(framesName, b.Bytes())), inputErr
}

func (p *Package) manifest(doc *report.Document, captures []hashed) *Manifest {
	m := &Manifest{
		Schema: Schema, Case: p.Case, Captures: []Capture{}, Members: []Member{},
		Tool:    Tool{Name: doc.Tool.Name, Version: doc.Tool.Version, Go: runtime.Version(), Ruleset: doc.Tool.Ruleset},
		Options: p.recorded(doc),
		Notes: []string{
			"The hashes of the captures were taken before the analysis.",
			"Verdicts say how far a cell is consistent with a false base station; they rank cells for a closer look and prove nothing.",
			"Members are stored uncompressed and dated 1980-01-01 so that the same captures and options give the same package; no time of day of the making is recorded.",
		},
	}
	m.Notes = append(m.Notes, p.framesNote())
	for _, c := range captures {
		out := Capture{Path: c.path, Bytes: c.size}
		if c.err == nil {
			out.SHA256 = c.hex()
		} else {
			text := c.err.Error()
			out.Error = &text
		}
		m.Captures = append(m.Captures, out)
	}
	return m
}

func (p *Package) recorded(doc *report.Document) Recorded {
	o := &p.Options
	r := Recorded{
		Rules: append([]string{}, o.Rules...), Params: o.Params, Ports: append([]uint16{}, o.Ports...), LinkTypes: o.LinkTypes,
		RRC: p.RRC, PseudonymKey: "captures", Revealed: doc.Revealed, Language: p.Language, Redacted: p.Redact,
	}
	if r.Params == nil {
		r.Params = map[string]rule.Values{}
	}
	if r.LinkTypes == nil {
		r.LinkTypes = map[uint32]string{}
	}
	if r.RRC == nil {
		r.RRC = map[string]string{}
	}
	if o.Key != nil {
		r.PseudonymKey = "given"
	}
	if doc.Baseline != nil {
		r.Baseline = &Baseline{Path: doc.Baseline.Path, SHA256: doc.Baseline.SHA256}
	}
	return r
}

// plainName returns the file name of a path with what is not safe in every file system
// replaced.
func plainName(p string) string {
	base := path.Base(strings.ReplaceAll(p, `\`, "/"))
	base = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, base)
	return strings.TrimLeft(base[max(0, len(base)-maxName):], ".")
}

// maxName is how much of a file's name is kept, in octets.
const maxName = 100
