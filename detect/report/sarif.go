package report

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// sarifLog is a log of one run in the Static Analysis Results Interchange Format
// 2.1.0 (OASIS Standard with errata 01). newSARIF begins one, rule, artifact and add
// fill it, write writes it.
type sarifLog struct {
	Schema  string      `json:"$schema"`
	Version string      `json:"version"`
	Runs    [1]sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool       `json:"tool"`
	Artifacts  []sarifArtifact `json:"artifacts,omitempty"`
	Results    []sarifResult   `json:"results"`
	ColumnKind string          `json:"columnKind"`
	Properties map[string]any  `json:"properties,omitempty"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name       string         `json:"name"`
	Version    string         `json:"version"`
	Rules      []sarifRule    `json:"rules"`
	Properties map[string]any `json:"properties,omitempty"`
}

// sarifRule describes what a result is an instance of (reportingDescriptor, §3.49).
type sarifRule struct {
	ID         string            `json:"id"`
	Name       string            `json:"name,omitempty"`
	Short      *sarifText        `json:"shortDescription,omitempty"`
	Full       *sarifText        `json:"fullDescription,omitempty"`
	Help       *sarifText        `json:"help,omitempty"`
	Default    *sarifRuleDefault `json:"defaultConfiguration,omitempty"`
	Properties map[string]any    `json:"properties,omitempty"`
}

type sarifRuleDefault struct {
	Level string `json:"level"`
}

// sarifArtifact is a file that was read (§3.24).
type sarifArtifact struct {
	Location sarifArtifactLocation `json:"location"`
	Hashes   map[string]string     `json:"hashes,omitempty"`
}

type sarifArtifactLocation struct {
	URI string `json:"uri"`
	// Index is the file's place among the artifacts of the run, nil if it is not there.
	Index *int `json:"index,omitempty"`
}

// sarifResult is one finding (§3.27).
type sarifResult struct {
	RuleID    string `json:"ruleId"`
	RuleIndex int    `json:"ruleIndex"`
	// Kind is "" for a failure, else one of the values of §3.27.9.
	Kind string `json:"kind,omitempty"`
	// Level is error, warning, note or none; the last unless Kind is "".
	Level   string          `json:"level"`
	Message sarifText       `json:"message"`
	Where   []sarifLocation `json:"locations,omitempty"`
	Related []sarifLocation `json:"relatedLocations,omitempty"`
	// Fingerprints tell whether a result is the one of another run.
	Fingerprints map[string]string `json:"partialFingerprints,omitempty"`
	Properties   map[string]any    `json:"properties,omitempty"`
}

// sarifLocation is a place in a file, and the cell that a result is about.
type sarifLocation struct {
	// ID tells related locations of a result apart, from 1.
	ID         int                    `json:"id,omitempty"`
	Physical   *sarifPhysicalLocation `json:"physicalLocation,omitempty"`
	Logical    []sarifLogicalLocation `json:"logicalLocations,omitempty"`
	Message    *sarifText             `json:"message,omitempty"`
	Properties map[string]any         `json:"properties,omitempty"`
}

type sarifPhysicalLocation struct {
	Artifact sarifArtifactLocation `json:"artifactLocation"`
	Region   *sarifRegion          `json:"region,omitempty"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifLogicalLocation struct {
	Name string `json:"fullyQualifiedName"`
	Kind string `json:"kind,omitempty"`
}

type sarifText struct {
	Text string `json:"text"`
}

// newSARIF returns a log without results.
func newSARIF(t Tool) *sarifLog {
	l := &sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
	}
	r := &l.Runs[0]
	r.Tool.Driver = sarifDriver{Name: t.Name, Version: t.Version, Rules: []sarifRule{}}
	if t.Ruleset != "" {
		r.Tool.Driver.Properties = map[string]any{"ruleset": t.Ruleset}
	}
	r.Results = []sarifResult{}
	r.ColumnKind = "unicodeCodePoints"
	return l
}

// rule adds a rule to the log unless one with its ID is there, and returns its index.
func (l *sarifLog) rule(r sarifRule) int {
	rules := &l.Runs[0].Tool.Driver.Rules
	if i := slices.IndexFunc(*rules, func(have sarifRule) bool { return have.ID == r.ID }); i >= 0 {
		return i
	}
	*rules = append(*rules, r)
	return len(*rules) - 1
}

// artifact adds a file to the log and returns its location. sum is its SHA-256 in
// hexadecimal, "" if not known.
func (l *sarifLog) artifact(name, sum string) sarifArtifactLocation {
	list := &l.Runs[0].Artifacts
	a := sarifArtifact{Location: sarifArtifactLocation{URI: fileURI(name)}}
	i := slices.IndexFunc(*list, func(have sarifArtifact) bool { return have.Location.URI == a.Location.URI })
	if i < 0 {
		if sum != "" {
			a.Hashes = map[string]string{"sha-256": sum}
		}
		i = len(*list)
		*list = append(*list, a)
	}
	return sarifArtifactLocation{URI: a.Location.URI, Index: &i}
}

// add adds a result of a rule that was added.
func (l *sarifLog) add(r sarifResult) {
	r.RuleIndex = l.rule(sarifRule{ID: r.RuleID})
	if r.Kind != "" {
		r.Level = "none"
	}
	l.Runs[0].Results = append(l.Runs[0].Results, r)
}

// write writes the log.
func (l *sarifLog) write(w io.Writer) error { return writeJSON(w, l, "  ") }

// at is a place in a file: a line from 1, or the whole of it with 0.
func (a sarifArtifactLocation) at(line int) sarifLocation {
	p := &sarifPhysicalLocation{Artifact: a}
	if line > 0 {
		p.Region = &sarifRegion{StartLine: line}
	}
	return sarifLocation{Physical: p}
}

// of says which cell the place is about.
func (l sarifLocation) of(cell string) sarifLocation {
	l.Logical = []sarifLogicalLocation{{Name: Escape(cell), Kind: "cell"}}
	return l
}

// sarifMessage is text that went through Escape as a message. In messages braces stand
// for arguments and "[text](target)" for a link (§3.11.5, §3.11.6); text from a capture
// must become neither.
func sarifMessage(s string) sarifText { return sarifText{sarifEscapes.Replace(s)} }

var sarifEscapes = strings.NewReplacer("{", "{{", "}", "}}", "](", "] (")

// sarifFingerprint identifies a result across runs by what it is about.
func sarifFingerprint(parts ...string) map[string]string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return map[string]string{"fbsdetect/v1": hex.EncodeToString(sum[:16])}
}

// fileURI is a file's name as a URI reference; a relative name stays relative, to be
// read from the folder of the log.
func fileURI(name string) string {
	name = filepath.ToSlash(name)
	u := url.URL{Path: path.Clean(name)}
	switch {
	case strings.HasPrefix(name, "/"):
		u.Scheme = "file"
	case filepath.VolumeName(filepath.FromSlash(name)) != "":
		u.Scheme, u.Path = "file", "/"+u.Path
	}
	return u.String()
}
