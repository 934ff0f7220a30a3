package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect"
)

const sample = "../../testdata/pcap/lab-imsi-catcher.btstap.pcap"

// made returns a package of the sample, with the capture in it.
func made(t testing.TB, change func(*Package)) []byte {
	t.Helper()
	p := &Package{Sources: []detect.Source{detect.FileSource(sample)}, IncludeCaptures: true}
	if change != nil {
		change(p)
	}
	var b bytes.Buffer
	if _, err := Make(t.Context(), &b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func verified(t testing.TB, b []byte) *Verification {
	t.Helper()
	path := filepath.Join(t.TempDir(), "case.zip")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := Verify(t.Context(), path, Given{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// files returns the members of a package by name.
func files(t testing.TB, b []byte) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestVerify(t *testing.T) {
	whole := made(t, nil)
	if v := verified(t, whole); !v.Passed() {
		t.Fatalf("%+v", v.Checks)
	}
	manifest := func(change func(*Manifest)) func(map[string][]byte) {
		return func(f map[string][]byte) {
			var m Manifest
			if err := json.Unmarshal(f[manifestName], &m); err != nil {
				t.Fatal(err)
			}
			change(&m)
			b, err := m.encode()
			if err != nil {
				t.Fatal(err)
			}
			f[manifestName] = b
		}
	}
	tests := []struct {
		name   string
		change func(map[string][]byte)
		want   string // in what is said
	}{
		{"member missing", func(f map[string][]byte) { delete(f, "report.txt") }, "report.txt: is missing"},
		{"member added", func(f map[string][]byte) { f["extra"] = []byte("x") }, "extra: is not in the manifest"},
		{"member replaced", func(f map[string][]byte) { f["report.txt"] = []byte("x") }, "report.txt: its SHA-256"},
		{"no manifest", func(f map[string][]byte) { delete(f, manifestName) }, "manifest.json: the package holds none"},
		{"manifest with more", func(f map[string][]byte) { f[manifestName] = append(f[manifestName], ' ') }, "manifest.json: is not written as"},
		{"manifest of another form", manifest(func(m *Manifest) { m.Schema = "fbsdetect.evidence/2" }), "manifest.json: is of the form"},
		{"other capture", manifest(func(m *Manifest) { m.Captures[0].SHA256 = strings.Repeat("0", 64) }), "is not the capture that was analysed"},
		{"member twice in the manifest", manifest(func(m *Manifest) { m.Members = append(m.Members, m.Members[0]) }), "lists it more than once"},
		{"unknown rule", manifest(func(m *Manifest) { m.Options.Rules = []string{"nope"} }), "manifest.json: its options"},
		{"other rules", manifest(func(m *Manifest) { m.Options.Rules = []string{"gsm-cro-excessive"} }), "its ruleset is"},
		{"other path", manifest(func(m *Manifest) { m.Captures[0].Path = "other.pcap" }), "report.json: a repeated analysis gives another one"},
		{"redacted or not", manifest(func(m *Manifest) { m.Options.Redacted = true }), "evidence.pcapng: a repeated analysis gives another one"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := files(t, whole)
			tt.change(f)
			var b, text bytes.Buffer
			if err := WriteMembers(&b, f); err != nil {
				t.Fatal(err)
			}
			v := verified(t, b.Bytes())
			if err := v.WriteText(&text); err != nil {
				t.Fatal(err)
			}
			if v.Passed() || !strings.Contains(text.String(), tt.want) {
				t.Errorf("want %q in\n%s", tt.want, text.String())
			}
		})
	}
}

// TestOtherVersion: the analysis of another version is not repeated, and that is said.
func TestOtherVersion(t *testing.T) {
	f := files(t, made(t, nil))
	f[manifestName] = bytes.Replace(f[manifestName], []byte(`"version": "`+detect.Version), []byte(`"version": "0.0.1`), 1)
	var b bytes.Buffer
	if err := WriteMembers(&b, f); err != nil {
		t.Fatal(err)
	}
	v := verified(t, b.Bytes())
	last := v.Checks[len(v.Checks)-1]
	if !v.Passed() || last.Status != NotChecked || !strings.Contains(last.Text, "made by version 0.0.1") {
		t.Errorf("%+v", v.Checks)
	}
}

// TestChanged: a capture that changes between hash and analysis makes no package.
func TestChanged(t *testing.T) {
	b, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	src := detect.Source{Path: "a.pcap", Size: int64(len(b)), Open: func() (io.ReadCloser, error) {
		n++
		c := bytes.Clone(b)
		if n > 1 {
			c[len(c)-1] ^= 1
		}
		return io.NopCloser(bytes.NewReader(c)), nil
	}}
	if _, err := Make(t.Context(), io.Discard, &Package{Sources: []detect.Source{src}}); !errors.Is(err, ErrChanged) {
		t.Errorf("%v", err)
	}
}

// FuzzVerify: no file makes verification panic, and none but the package itself passes.
func FuzzVerify(f *testing.F) {
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Add([]byte("age-encryption.org/v1\n"))
	var b bytes.Buffer
	if err := WriteMembers(&b, map[string][]byte{manifestName: []byte("{}\n"), "report.json": []byte("{}")}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		v := &Verification{Path: "case.zip"}
		if err := v.verify(t.Context(), bytes.NewReader(b), int64(len(b)), Given{}); err != nil {
			t.Fatal(err)
		}
		if v.Passed() && (v.Manifest == nil || len(v.Checks) < 3) {
			t.Fatalf("passed with %+v", v.Checks)
		}
		if err := v.WriteText(io.Discard); err != nil {
			t.Fatal(err)
		}
	})
}
