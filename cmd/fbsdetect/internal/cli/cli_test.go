package cli

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/rule/ruletest"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in testdata")

// golden compares got with testdata/name, or rewrites that.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s (-update rewrites it)\n got:\n%s\nwant:\n%s", name, got, want)
	}
}

// lab is a capture of the repository, made in a laboratory.
func lab(name string) string {
	return filepath.Join("..", "..", "..", "..", "testdata", "pcap", name)
}

const (
	labRogue   = "lab-imsi-catcher.btstap.pcap"
	labGenuine = "lab-genuine-a51.dl.pcap"
)

// synthetic is a cell of the test network 001-01 in package ruletest's notation, with
// a session in which a phone names itself and the network sends a name that is meant
// to harm the terminal.
const synthetic = `
BCCH 20: 49 061b 2711 00f1100bb8 480314 28 4505 b90000 2b2b2b2b
BCCH 20: 59 061a 00000000000000000000000000000004 ff b90000
DTAP 20 ul: 0508 70 00f1100bb8 33 08 09101010 32547698
DTAP 20: 0532 43 0d 90 0041 001b 005b 0032 004a 202e
DTAP 20: 0504 2b
`

// pcap wraps frames in GSMTAP's UDP and IPv4 in a pcap file of raw IP.
func pcap(t *testing.T, frames string) []byte {
	t.Helper()
	list, err := ruletest.Parse(frames)
	if err != nil {
		t.Fatal(err)
	}
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0xa1b2c3d4)
	b = le.AppendUint32(b, 2|4<<16)
	b = append(b, make([]byte, 8)...)
	b = le.AppendUint32(b, 65535)
	b = le.AppendUint32(b, 228)
	for _, f := range list {
		n := 28 + len(f.Octets)
		b = le.AppendUint32(b, uint32(f.Time/1e9))
		b = le.AppendUint32(b, uint32(f.Time%1e9/1e3))
		b = le.AppendUint32(b, uint32(n))
		b = le.AppendUint32(b, uint32(n))
		be := binary.BigEndian
		b = append(b, 0x45, 0)
		b = be.AppendUint16(b, uint16(n))
		b = append(b, 0, 0, 0x40, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1)
		b = be.AppendUint16(b, 50000)
		b = be.AppendUint16(b, 4729)
		b = be.AppendUint16(b, uint16(n-20))
		b = be.AppendUint16(b, 0)
		b = append(b, f.Octets...)
	}
	return b
}

func write(t *testing.T, dir, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return runWith(t.Context(), nil, args...)
}

func runWith(ctx context.Context, stdin []byte, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = Run(ctx, args, bytes.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

// harmless fails when text holds anything a terminal could act on.
func harmless(t *testing.T, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			t.Fatalf("output holds %U", r)
		}
	}
}

func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	quiet := write(t, dir, "quiet.pcap", pcap(t, synthetic))
	empty := write(t, dir, "empty.pcap", pcap(t, "BCCH 1: 00")[:24])
	text := write(t, dir, "text.pcap", []byte("this is no capture\n"))
	cut := write(t, dir, "cut.pcap", pcap(t, synthetic)[:200])
	config := func(name, content string) string { return write(t, dir, name, []byte(content)) }
	id, param := anyParam(t)
	for _, tt := range []struct {
		name   string
		exit   int
		stderr string // part of it
		args   []string
	}{
		{"clean", exitClean, "", []string{"scan", quiet}},
		{"genuine capture", exitClean, "", []string{"scan", lab(labGenuine)}},
		{"rogue capture", exitFindings, "", []string{"scan", lab(labRogue)}},
		{"rogue capture, highest verdict", exitFindings, "", []string{"scan", "--fail-on", "consistent_with_fbs", lab(labRogue)}},
		{"rogue capture, never", exitClean, "", []string{"scan", "--fail-on", "never", lab(labRogue)}},
		{"cut capture", exitClean, "", []string{"scan", cut}},
		{"no command", exitClean, "", nil},
		{"help", exitClean, "", []string{"scan", "--help"}},
		{"version", exitClean, "", []string{"version"}},

		{"no capture", exitUsage, "requires at least 1 arg", []string{"scan"}},
		{"unknown command", exitUsage, "unknown command", []string{"scam"}},
		{"unknown flag", exitUsage, "unknown flag", []string{"scan", "--nope", quiet}},
		{"unknown format", exitUsage, "--format", []string{"scan", "-f", "xml", quiet}},
		{"unknown verdict", exitUsage, "--fail-on", []string{"scan", "--fail-on", "ordinary", quiet}},
		{"unknown rule", exitUsage, "no rule", []string{"scan", "--rules", "gsm-nope", quiet}},
		{"bad width", exitUsage, "--width", []string{"scan", "--width", "-1", quiet}},
		{"bad colour", exitUsage, "--color", []string{"scan", "--color", "red", quiet}},
		{"bad port", exitUsage, "--port", []string{"scan", "--port", "70000", quiet}},
		{"bad link type", exitUsage, "--dlt", []string{"scan", "--dlt", "1=nas-eps", quiet}},
		{"bad link type kind", exitUsage, "kinds are", []string{"scan", "--dlt", "148=x", quiet}},
		{"reveal without reason", exitUsage, "--reason", []string{"scan", "--reveal", quiet}},
		{"reveal with blank reason", exitUsage, "--reason", []string{"cells", "--reveal", "--reason", " ", quiet}},
		{"reason without reveal", exitUsage, "--reveal", []string{"dump", "--reason", "x", quiet}},
		{"two keys", exitUsage, "only one", []string{"scan", "--key", "k", "--key-file", quiet, quiet}},
		{"key file missing", exitUsage, "--key-file", []string{"scan", "--key-file", filepath.Join(dir, "nope"), quiet}},
		{"key too short", exitUsage, "at least", []string{"scan", "--key-file", config("key", "short\n"), quiet}},
		{"key file there already", exitUsage, "--store-key", []string{"scan", "--store-key", quiet, quiet}},
		{"evidence without output", exitUsage, "--output", []string{"evidence", quiet}},
		{"evidence of standard input", exitUsage, "standard input", []string{"evidence", "-o", filepath.Join(t.TempDir(), "x.zip"), "-"}},
		{"evidence to its capture", exitUsage, "one of the captures", []string{"evidence", "-o", quiet, quiet}},
		{"evidence to nobody", exitUsage, "--encrypt-to", []string{"evidence", "-o", filepath.Join(t.TempDir(), "x.zip"), "--encrypt-to", "age1x", quiet}},
		{"evidence signed by no key", exitUsage, "--sign", []string{"evidence", "-o", filepath.Join(t.TempDir(), "x.zip"), "--sign", quiet, quiet}},
		{"evidence of nothing", exitInput, "not readable", []string{"evidence", "-o", filepath.Join(t.TempDir(), "x.zip"), filepath.Join(dir, "none.pcap")}},
		{"package missing", exitInput, "not readable", []string{"evidence", "verify", filepath.Join(dir, "none.zip")}},
		{"no package", exitFindings, "", []string{"evidence", "verify", quiet}},
		{"empty key", exitUsage, "--key", []string{"scan", "--key", "", quiet}},
		{"config missing", exitUsage, "--config", []string{"scan", "--config", filepath.Join(dir, "nope.json"), quiet}},
		{"config no JSON", exitUsage, "--config", []string{"scan", "--config", config("a.json", "{"), quiet}},
		{"config unknown key", exitUsage, "unknown field", []string{"scan", "--config", config("b.json", `{"rule":{}}`), quiet}},
		{"config unknown rule", exitUsage, "no rule", []string{"scan", "--config", config("c.json", `{"rules":{"gsm-nope":{}}}`), quiet}},
		{"config unknown parameter", exitUsage, "no parameter", []string{"scan", "--config", config("d.json", `{"rules":{"`+id+`":{"nope":1}}}`), quiet}},
		{"config out of range", exitUsage, "must be", []string{"scan", "--config", config("e.json", `{"rules":{"`+id+`":{"`+param+`":1e30}}}`), quiet}},
		{"config trailing", exitUsage, "more follows", []string{"scan", "--config", config("f.json", `{} {}`), quiet}},
		{"output is a capture", exitUsage, "one of the captures", []string{"scan", "-o", quiet, quiet}},
		{"output not writable", exitUsage, "--output", []string{"scan", "-o", filepath.Join(dir, "no", "such", "folder"), quiet}},
		{"bad pattern for messages", exitUsage, "--message", []string{"dump", "--message", "[", quiet}},
		{"unknown rule to show", exitUsage, "no rule", []string{"rules", "show", "gsm-nope"}},
		{"unknown schema", exitUsage, "invalid argument", []string{"schema", "nope"}},
		{"unknown RAT", exitUsage, "--rat", []string{"verify", "--rat", "3g", quiet}},

		{"missing capture", exitInput, "nope.pcap", []string{"scan", filepath.Join(dir, "nope.pcap")}},
		{"missing beside a good one", exitInput, "nope.pcap", []string{"scan", quiet, filepath.Join(dir, "nope.pcap")}},
		{"missing beside a rogue one", exitInput, "nope.pcap", []string{"scan", lab(labRogue), filepath.Join(dir, "nope.pcap")}},
		{"no capture in pattern", exitInput, "no file matches", []string{"scan", filepath.Join(dir, "*.zip")}},
		{"no capture in folder", exitInput, "no capture", []string{"scan", t.TempDir()}},
		{"not a capture", exitInput, "text.pcap", []string{"scan", text}},
		{"no frame", exitInput, "empty.pcap", []string{"scan", empty}},
		{"dump of a missing capture", exitInput, "nope.pcap", []string{"dump", filepath.Join(dir, "nope.pcap")}},
		{"cells of a missing capture", exitInput, "nope.pcap", []string{"cells", filepath.Join(dir, "nope.pcap")}},
		{"labels missing", exitInput, "nope.json", []string{"verify", filepath.Join(dir, "nope.json")}},
		{"labels no JSON", exitInput, "read labels", []string{"verify", text}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, stdout, stderr := run(t, tt.args...)
			if code != tt.exit {
				t.Errorf("exit %d, want %d; stderr: %s", code, tt.exit, stderr)
			}
			if tt.stderr == "" && stderr != "" || !strings.Contains(stderr, tt.stderr) {
				t.Errorf("stderr %q, want %q in it", stderr, tt.stderr)
			}
			if tt.exit == exitUsage && stdout != "" {
				t.Errorf("usage error wrote to standard output: %q", stdout)
			}
			harmless(t, stdout+stderr)
		})
	}
}

// anyParam returns a rule of the catalogue that has a parameter.
func anyParam(t *testing.T) (id, param string) {
	t.Helper()
	for _, r := range rule.All() {
		if len(r.Params) > 0 {
			return r.ID, r.Params[0].Name
		}
	}
	t.Skip("no rule has a parameter")
	return "", ""
}

func scanJSON(t *testing.T, want int, args ...string) *document {
	t.Helper()
	code, stdout, stderr := run(t, append([]string{"scan", "-f", "json"}, args...)...)
	if code != want {
		t.Fatalf("exit %d, want %d: %s", code, want, stderr)
	}
	var d document
	if err := json.Unmarshal([]byte(stdout), &d); err != nil {
		t.Fatal(err)
	}
	return &d
}

// document is the part of a report that tests look at.
type document struct {
	Schema   string
	Captures []struct {
		Path   string
		SHA256 string
		Error  *string
		Ledger struct{ Frames, Decoded int }
	}
	Cells []struct {
		RAT        string
		PLMN       *string
		Area, Cell *int
		ARFCN      *int
		Verdict    string
		Score      float64
		Evidence   []struct {
			Rule   string
			Frames []struct{ Capture, Frame int }
		}
	}
}

func TestScanJSON(t *testing.T) {
	d := scanJSON(t, exitFindings, lab(labRogue))
	if d.Schema != "fbsdetect.report/1" || len(d.Cells) != 1 {
		t.Fatalf("%+v", d)
	}
	c := d.Cells[0]
	if c.RAT != "gsm" || *c.PLMN != "520-03" || *c.Area != 65000 || *c.Cell != 1 || *c.ARFCN != 20 {
		t.Errorf("%+v", c)
	}
	if len(c.Evidence) == 0 || len(c.Evidence[0].Frames) == 0 {
		t.Error("no evidence")
	}
	if l := d.Captures[0].Ledger; l.Frames != 292 {
		t.Errorf("%+v", l)
	}
}

// TestSameBytes: same captures, same options, same octets.
func TestSameBytes(t *testing.T) {
	for _, args := range [][]string{
		{"scan", "-f", "json", lab(labRogue), lab(labGenuine)},
		{"scan", lab(labRogue), lab(labGenuine)},
		{"cells", "-f", "json", lab(labRogue)},
		{"dump", "-f", "ndjson", lab(labRogue)},
		{"rules", "list", "-f", "json"},
	} {
		_, a, _ := run(t, args...)
		_, b, _ := run(t, args...)
		if a == "" || a != b {
			t.Errorf("%v: %d octets, then %d that differ", args, len(a), len(b))
		}
	}
}

func TestScanTable(t *testing.T) {
	for _, width := range []string{"60", "80", "130", "200"} {
		_, stdout, _ := run(t, "scan", "--width", width, lab(labRogue))
		harmless(t, stdout)
		for _, want := range []string{"FALSE BASE", "520-03", "65000", "no proof", "Seen in"} {
			if !strings.Contains(stdout, want) {
				t.Errorf("width %s: no %q", width, want)
			}
		}
	}
	if _, stdout, _ := run(t, "scan", "--color", "always", lab(labRogue)); !strings.Contains(stdout, "\x1b[") {
		t.Error("--color always: no colour")
	}
	if _, stdout, _ := run(t, "scan", lab(labRogue)); strings.Contains(stdout, "\x1b[") {
		t.Error("colour although standard output is no terminal")
	}
}

func TestSources(t *testing.T) {
	dir := t.TempDir()
	a := write(t, dir, "b/a.pcap", pcap(t, synthetic))
	write(t, dir, "a.cap", pcap(t, synthetic))
	write(t, dir, "notes.txt", []byte("notes"))
	write(t, dir, "short", []byte{0xd4})
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	if _, err := w.Write(pcap(t, synthetic)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "z.pcap.gz", z.Bytes())
	for _, tt := range []struct {
		name string
		args []string
		want []string
	}{
		{"folder, sorted, captures only", []string{dir}, []string{"a.cap", "b/a.pcap", "z.pcap.gz"}},
		{"folder as Go writes it", []string{dir + "/..."}, []string{"a.cap", "b/a.pcap", "z.pcap.gz"}},
		{"pattern", []string{filepath.Join(dir, "*.[pc]*")}, []string{"a.cap", "z.pcap.gz"}},
		{"twice is once", []string{a, a, filepath.Join(dir, "b", ".", "a.pcap")}, []string{"b/a.pcap"}},
		{"order of arguments", []string{a, filepath.Join(dir, "a.cap")}, []string{"b/a.pcap", "a.cap"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := scanJSON(t, exitClean, tt.args...)
			var got []string
			for _, c := range d.Captures {
				rel, err := filepath.Rel(dir, c.Path)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, filepath.ToSlash(rel))
				if c.Ledger.Frames != 5 {
					t.Errorf("%s: %d frames", rel, c.Ledger.Frames)
				}
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("\n got %v\nwant %v", got, tt.want)
			}
		})
	}
	code, stdout, stderr := runWith(t.Context(), pcap(t, synthetic), "scan", "-f", "json", "-")
	if code != exitClean || !strings.Contains(stdout, `"path": "-"`) || !strings.Contains(stdout, `"001-01"`) {
		t.Errorf("standard input: exit %d %s", code, stderr)
	}
}

// TestPartialInput: what can be read is reported although something cannot.
func TestPartialInput(t *testing.T) {
	dir := t.TempDir()
	good := write(t, dir, "good.pcap", pcap(t, synthetic))
	d := scanJSON(t, exitInput, filepath.Join(dir, "nope.pcap"), good)
	if len(d.Cells) != 1 || len(d.Captures) != 2 || d.Captures[0].Error == nil {
		t.Errorf("%+v", d)
	}
	d = scanJSON(t, exitInput, filepath.Join(dir, "*.nope"), good)
	if len(d.Cells) != 1 {
		t.Errorf("%+v", d)
	}
}

// TestInterrupt: an interrupted run gives the report so far.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	code, stdout, _ := runWith(ctx, nil, "scan", "-f", "json", lab(labRogue), lab(labGenuine))
	var d document
	if err := json.Unmarshal([]byte(stdout), &d); err != nil {
		t.Fatalf("exit %d, no report: %v", code, err)
	}
	if code != exitInput || len(d.Captures) != 1 {
		t.Errorf("exit %d, %d captures after an interrupt", code, len(d.Captures))
	}
}

func TestVerbose(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.pcap", pcap(t, synthetic))
	write(t, dir, "notes\n.txt", []byte("notes"))
	_, _, stderr := run(t, "scan", "-v", dir)
	if !strings.Contains(stderr, "skipped, no capture") || !strings.Contains(stderr, "a.pcap") || strings.Contains(stderr, "time=") {
		t.Error(stderr)
	}
	harmless(t, stderr)
}

func TestOutputFile(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "a.pcap", pcap(t, synthetic))
	out := filepath.Join(dir, "report.json")
	code, stdout, stderr := run(t, "scan", "-f", "json", "-o", out, in)
	if code != exitClean || stdout != "" {
		t.Fatalf("exit %d, %q, %q", code, stdout, stderr)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if _, want, _ := run(t, "scan", "-f", "json", in); string(b) != want {
		t.Error("the file differs from standard output")
	}
}

func TestCells(t *testing.T) {
	_, stdout, _ := run(t, "cells", "-f", "json", lab(labRogue))
	var d struct {
		Schema string
		Cells  []map[string]any
	}
	if err := json.Unmarshal([]byte(stdout), &d); err != nil {
		t.Fatal(err)
	}
	if d.Schema != report.CellsSchema || len(d.Cells) != 1 {
		t.Fatalf("%+v", d)
	}
	for _, k := range []string{"score", "verdict", "evidence", "outcomes"} {
		if _, ok := d.Cells[0][k]; ok {
			t.Errorf("the inventory judges: %s", k)
		}
	}
	if d.Cells[0]["parameters"] == nil || d.Cells[0]["plmn"] != "520-03" {
		t.Errorf("%v", d.Cells[0])
	}
	code, stdout, _ := run(t, "cells", "--width", "80", lab(labRogue))
	if code != exitClean || !strings.Contains(stdout, "T3212") {
		t.Errorf("exit %d", code)
	}
	harmless(t, stdout)
}

func TestDump(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "a.pcap", pcap(t, synthetic))
	for _, tt := range []struct {
		golden string
		args   []string
	}{
		{"dump.txt", []string{"dump", "--key", "k", in}},
		{"dump.ndjson", []string{"dump", "--key", "k", "-f", "ndjson", in}},
		{"dump-reveal.txt", []string{"dump", "--reveal", "--reason", "case 17", "--message", "location updating *", in}},
	} {
		code, stdout, stderr := run(t, tt.args...)
		if code != exitClean {
			t.Fatalf("exit %d: %s", code, stderr)
		}
		harmless(t, stdout)
		golden(t, tt.golden, []byte(stdout))
	}
	const imsi = "001010123456789"
	for _, args := range [][]string{{"dump", in}, {"dump", "-f", "ndjson", in}, {"scan", "-f", "json", in}, {"scan", in}} {
		if _, stdout, _ := run(t, args...); strings.Contains(stdout, imsi) {
			t.Errorf("%v prints an identity", args[:2])
		}
	}
	if _, stdout, _ := run(t, "dump", "--reveal", "--reason", "case 17", in); !strings.Contains(stdout, imsi) {
		t.Error("--reveal prints no identity")
	}
	_, a, _ := run(t, "dump", "--key", "a", in)
	_, b, _ := run(t, "dump", "--key", "b", in)
	if a == b {
		t.Error("pseudonyms do not depend on the key")
	}
	if _, stdout, _ := run(t, "dump", "--message", "Nothing", in); stdout != "" {
		t.Errorf("filter: %q", stdout)
	}
	_, two, _ := run(t, "dump", in, write(t, dir, "b.pcap", pcap(t, synthetic)))
	if !strings.Contains(two, "\n1:1 ") {
		t.Error("no capture number with two captures")
	}
}

func TestRulesCommand(t *testing.T) {
	_, stdout, _ := run(t, "rules", "-f", "json")
	var list []struct{ ID string }
	if err := json.Unmarshal([]byte(stdout), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != len(rule.All()) || len(list) == 0 {
		t.Fatalf("%d rules", len(list))
	}
	for _, width := range []string{"80", "150"} {
		if code, stdout, _ := run(t, "rules", "list", "--width", width); code != exitClean || !strings.Contains(stdout, list[0].ID) {
			t.Errorf("exit %d", code)
		}
	}
	for _, r := range list {
		code, stdout, stderr := run(t, "rules", "show", r.ID)
		if code != exitClean || !strings.Contains(stdout, r.ID) || !strings.Contains(stdout, "Innocent") && !strings.Contains(stdout, "counter") {
			t.Errorf("%s: exit %d %s", r.ID, code, stderr)
		}
		harmless(t, stdout)
	}
}

func TestSchemaCommand(t *testing.T) {
	for _, name := range report.Schemas() {
		code, stdout, _ := run(t, "schema", name)
		is := map[bool]string{true: "misp-attribute", false: "draft/2020-12"}[name == "misp-object"]
		if code != exitClean || !json.Valid([]byte(stdout)) || !strings.Contains(stdout, is) {
			t.Errorf("%s: exit %d", name, code)
		}
	}
}

func TestVersion(t *testing.T) {
	if code, stdout, _ := run(t, "version"); code != exitClean || !strings.HasPrefix(stdout, "fbsdetect ") {
		t.Errorf("exit %d, %q", code, stdout)
	}
}

// TestHelp: the exit codes that the program gives are those it tells.
func TestHelp(t *testing.T) {
	_, stdout, _ := run(t, "--help")
	for _, want := range []string{"  0  no cell", "  1  at least one cell", "  2  arguments", "  3  a capture"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("help has no %q", want)
		}
	}
}

func TestVerify(t *testing.T) {
	dir := t.TempDir()
	copyTo := func(name string) string {
		b, err := os.ReadFile(lab(name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, "captures/"+name, b)
		sum := sha256.Sum256(b)
		return hex.EncodeToString(sum[:])
	}
	rogueSum, genuineSum := copyTo(labRogue), copyTo(labGenuine)
	write(t, dir, "captures/text.bin", []byte("no capture"))
	labels := func(name, rogueLabel, rogueCells, sum string) string {
		return write(t, dir, name, []byte(`{"version":1,"root":"captures","captures":[
			{"path":"`+labRogue+`","sha256":"`+sum+`","frames":292,"label":"`+rogueLabel+`","rogue":[`+rogueCells+`]},
			{"path":"`+labGenuine+`","sha256":"`+genuineSum+`","frames":690,"label":"genuine","rogue":[]},
			{"path":"gone.pcap","sha256":"00","frames":1,"label":"rogue","rogue":[{"rat":"gsm","plmn":"001-01","area":1,"cell":1}]},
			{"path":"text.bin","label":"unknown"}]}`))
	}
	const cell = `{"rat":"gsm","plmn":"520-03","area":65000,"cell":1}`
	for _, tt := range []struct {
		name   string
		labels string
		args   []string
		exit   int
		text   string
	}{
		{"all met", labels("good.json", "rogue", cell, rogueSum), nil, exitClean, "All expectations were met."},
		{"found without a name", labels("unnamed.json", "attack", "", rogueSum), nil, exitClean, "All expectations were met."},
		{"false alarm", labels("alarm.json", "genuine", "", rogueSum), nil, exitFindings, "1 FALSE ALARM"},
		{"other cell", labels("missed.json", "rogue", `{"rat":"gsm","plmn":"520-03","area":65000,"cell":2}`, rogueSum), nil, exitFindings, "1 MISSED"},
		{"wrong file", labels("sum.json", "rogue", cell, strings.Repeat("0", 64)), nil, exitFindings, "WRONG FILE"},
		{"other RAT does not count", labels("lte.json", "genuine", "", rogueSum), []string{"--rat", "lte"}, exitClean, "Not counted"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			xmlPath := filepath.Join(dir, "junit.xml")
			code, stdout, stderr := run(t, append([]string{"verify", "--junit", xmlPath, tt.labels}, tt.args...)...)
			if code != tt.exit || !strings.Contains(stdout, tt.text) || stderr != "" {
				t.Errorf("exit %d, want %d and %q\n%s%s", code, tt.exit, tt.text, stdout, stderr)
			}
			harmless(t, stdout)
			b, err := os.ReadFile(xmlPath)
			if err != nil {
				t.Fatal(err)
			}
			var suites struct {
				Suite []struct {
					Tests    int `xml:"tests,attr"`
					Failures int `xml:"failures,attr"`
					Errors   int `xml:"errors,attr"`
				} `xml:"testsuite"`
			}
			if err := xml.Unmarshal(b, &suites); err != nil {
				t.Fatal(err)
			}
			s := suites.Suite[0]
			if s.Tests != 4 || (s.Failures+s.Errors > 0) != (tt.exit == exitFindings) {
				t.Errorf("%+v", s)
			}
		})
	}
	good := filepath.Join(dir, "good.json")
	code, stdout, _ := run(t, "verify", "-f", "json", good, good)
	var v report.Verification
	if err := json.Unmarshal([]byte(strings.ReplaceAll(stdout, `"highest": "`, `"x": "`)), &v); err != nil {
		t.Fatal(err)
	}
	if all := v.Totals[len(v.Totals)-1]; code != exitClean || all.Found != 2 || all.Rogue != 2 || all.FalseAlarms != 0 || len(v.Captures) != 8 {
		t.Errorf("exit %d, %+v", code, all)
	}
}

// TestCorpus runs the labelled captures of the reference material, if they are there.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("FBSDETECT_CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "..", "shared", "corpus")
	}
	var args []string
	for _, name := range []string{"labels.json", "lab/labels.json"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if _, err := os.Stat(path); err == nil {
			args = append(args, path)
		}
	}
	if len(args) == 0 {
		t.Skip("no labelled captures in FBSDETECT_CORPUS")
	}
	for _, rat := range []string{"gsm", "lte"} {
		code, stdout, stderr := run(t, append([]string{"verify", "--rat", rat}, args...)...)
		if code != exitClean {
			t.Errorf("%s: exit %d\n%s%s", rat, code, stdout, stderr)
		}
	}
}

// TestASN1: modules are compiled, and the schema is used by --rrc.
func TestASN1(t *testing.T) {
	dir := t.TempDir()
	module := filepath.Join(dir, "tiny.asn")
	out := filepath.Join(dir, "tiny.schema")
	text := `-- TS 36.331 V99.1.0
Tiny DEFINITIONS AUTOMATIC TAGS ::= BEGIN
BCCH-DL-SCH-Message ::= SEQUENCE { message CHOICE { c1 CHOICE { tiny Tiny } } }
Tiny ::= SEQUENCE { a INTEGER (0..255) }
END
`
	if err := os.WriteFile(module, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := run(t, "asn1", "lte", dir, "-o", out)
	if code != exitClean || !strings.Contains(stdout, "TS 36.331 V99.1.0, 1 message") {
		t.Fatalf("exit %d, %s%s", code, stdout, stderr)
	}
	lab := filepath.Join("..", "..", "..", "..", "testdata", "pcap", "lab-lte-genuine.ue_mac.pcap")
	if code, stdout, _ := run(t, "dump", "--rrc", "lte="+out, lab); code != exitClean || !strings.Contains(stdout, " Tiny a=") {
		t.Errorf("exit %d, no message by the schema given:\n%.500s", code, stdout)
	}
	if code, stdout, _ := run(t, "scan", "--rrc", "lte="+out, lab); !strings.Contains(stdout, "TS 36.331 V99.1.0") {
		t.Errorf("exit %d, the report does not tell the schema:\n%.500s", code, stdout)
	}
	for _, args := range [][]string{
		{"asn1", "lte", filepath.Join(dir, "none"), "-o", out},
		{"asn1", "gsm", module, "-o", out},
		{"asn1", "umts", module, "-o", out},
		{"asn1", "lte", module},
		{"dump", "--rrc", "lte", lab},
		{"dump", "--rrc", "lte=" + module, lab},
		{"dump", "--rrc", "gsm=" + out, lab},
	} {
		if code, _, stderr := run(t, args...); code != exitUsage || stderr == "" {
			t.Errorf("%q: exit %d, %q", args, code, stderr)
		}
	}
}
