package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
)

// unpacked returns what is compressed in b: another release of Go may compress the same
// schema to other octets.
func unpacked(t *testing.T, b []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestEmbedded: the modules give the schemas that package rrc embeds.
func TestEmbedded(t *testing.T) {
	dir := os.Getenv("FBSDETECT_ASN1")
	if dir == "" {
		dir = filepath.FromSlash("../../../../shared/asn1")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no ASN.1 modules: %v", err)
	}
	out := t.TempDir()
	if err := generate(dir, out); err != nil {
		t.Fatal(err)
	}
	for _, r := range []rrc.RAT{rrc.LTE, rrc.NR, rrc.UMTS} {
		name := r.String() + ".schema"
		got, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(unpacked(t, got), unpacked(t, want)) {
			t.Errorf("%s is not what its modules give: run go generate in gsmtap/rrc", name)
		}
		t.Logf("%s: %d octets", name, len(want))
	}
}

// TestGenerate makes the schema of one RAT from a made-up module.
func TestGenerate(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	if err := generate(dir, out); err == nil {
		t.Error("generates from nothing")
	}
	if err := os.Mkdir(filepath.Join(dir, "nr"), 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "nr", "mine.asn")
	text := "-- TS 38.331 V99.0.0\nMine DEFINITIONS AUTOMATIC TAGS ::= BEGIN\nPCCH-Message ::= SEQUENCE { message NULL }\nEND\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := generate(dir, out); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(out, "nr.schema"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := rrc.Unpack(b)
	if err != nil || s.Release != "TS 38.331 V99.0.0" || len(s.Roots) != 1 {
		t.Errorf("%v: release %q, %d roots", err, s.Release, len(s.Roots))
	}
	if err := os.WriteFile(file, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := generate(dir, out); err == nil || err.Error() != file+`:1:1: "nonsense" where the name of a module is expected` {
		t.Errorf("error %v", err)
	}
}
