package report

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// vendored is a schema of another body, below testdata/schema at the root.
func vendored(name string) string {
	return filepath.Join("..", "..", "testdata", "schema", filepath.FromSlash(name))
}

// validate holds JSON against a schema of testdata/schema, formats included.
func validate(t *testing.T, schema string, b []byte) error {
	t.Helper()
	s, err := os.Open(vendored(schema))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	doc, err := jsonschema.UnmarshalJSON(s)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(schema, doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile(schema)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Validate(v)
}

const sarifSchema = "sarif/sarif-schema-2.1.0.json"

// hostile is text that would harm a terminal, HTML, XML, CSV, a SARIF viewer and the
// order of reading.
const hostile = "a\x1b[2J\x00<b>&x;\"]]>=cmd|' /C'!A0\u202e\u200b\xff{0}[link](javascript:x)\r\n"

func TestSARIF(t *testing.T) {
	l := newSARIF(Tool{Name: "fbsdetect", Version: "9.9.9", Ruleset: "sha256:aa"})
	title := sarifMessage("a rule")
	first := l.rule(sarifRule{ID: "r1", Short: &title, Default: &sarifRuleDefault{"warning"}})
	if again := l.rule(sarifRule{ID: "r1"}); again != first {
		t.Errorf("the same rule twice: %d and %d", first, again)
	}
	l.add(sarifResult{RuleID: "r2", Level: "error", Message: sarifMessage(Escape(hostile)),
		Where:        []sarifLocation{l.artifact(hostile, strings.Repeat("a", 64)).at(3).of(hostile)},
		Fingerprints: sarifFingerprint("r2", hostile)})
	l.add(sarifResult{RuleID: "r1", Kind: "pass", Message: title, Where: []sarifLocation{l.artifact("a.pcap", "").at(0)}})
	l.artifact("a.pcap", "")
	var b bytes.Buffer
	if err := l.write(&b); err != nil {
		t.Fatal(err)
	}
	if err := validate(t, sarifSchema, b.Bytes()); err != nil {
		t.Error(err)
	}
	harmless(t, b.Bytes())
	golden(t, "sarif.json", b.Bytes())
	for _, tt := range []struct{ from, to string }{
		{`"version": "2.1.0"`, `"version": "2.0.0"`},
		{`"level": "error"`, `"level": "fatal"`},
		{`"uri": "a.pcap"`, `"uri": "%zz"`},
		{`"startLine": 3`, `"startLine": 0`},
	} {
		if err := validate(t, sarifSchema, bytes.Replace(b.Bytes(), []byte(tt.from), []byte(tt.to), 1)); err == nil {
			t.Errorf("%s passes the schema", tt.to)
		}
	}
}

func TestFileURI(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"a.pcap", "a.pcap"},
		{"./b/../a.pcap", "a.pcap"},
		{"drive 1/50%.pcap", "drive%201/50%25.pcap"},
		{"a:b", "./a:b"},
		{"/x/a.pcap", "file:///x/a.pcap"},
		{"//host/a", "file:///host/a"},
		{"http://host/a", "./http:/host/a"},
		{"a?b#c", "a%3Fb%23c"},
		{"\x00\xff\u202e", "%00%FF%E2%80%AE"},
		{"-", "-"},
	} {
		if got := fileURI(tt.name); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.name, got, tt.want)
		}
	}
}
