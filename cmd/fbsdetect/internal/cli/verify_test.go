package cli

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestExpectations: the captures in testdata give what testdata/expectations.json says;
// -update accepts what they give.
func TestExpectations(t *testing.T) {
	path := filepath.Join("..", "..", "..", "..", "testdata", "expectations.json")
	args := []string{"verify", path}
	if *update {
		args = append(args, "--update")
	}
	code, stdout, stderr := run(t, args...)
	if code != exitClean || stderr != "" {
		t.Errorf("exit %d (-update accepts it)\n%s%s", code, stdout, stderr)
	}
	captures, err := filepath.Glob(lab("*.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range captures {
		if !strings.Contains(stdout, filepath.Base(c)) {
			t.Errorf("nothing is expected of %s", filepath.Base(c))
		}
	}
}

// expectLab is a folder with a capture of a rogue and one of a genuine cell and
// expectations of them as --update --add writes them.
func expectLab(t *testing.T) (dir, path string) {
	t.Helper()
	dir = t.TempDir()
	for _, name := range []string{labRogue, labGenuine} {
		b, err := os.ReadFile(lab(name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, "captures/"+name, b)
	}
	path = filepath.Join(dir, "expectations.json")
	code, stdout, stderr := run(t, "verify", "--update", "--add", filepath.Join(dir, "captures"), path)
	if code != exitClean || stderr != "" || !strings.Contains(stdout, "All differences were accepted.") {
		t.Fatalf("exit %d, %s%s", code, stdout, stderr)
	}
	return dir, path
}

func readString(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestVerifyUpdate(t *testing.T) {
	dir, path := expectLab(t)
	first := readString(t, path)
	if n := strings.Count(first, `"sha256"`); n != 2 {
		t.Errorf("%d sums in\n%s", n, first)
	}
	if code, stdout, _ := run(t, "verify", path); code != exitClean || !strings.Contains(stdout, "All expectations were met.") {
		t.Errorf("exit %d\n%s", code, stdout)
	}
	// A file by hand, in a form of its own, stays as it is while it is met.
	handmade := strings.Replace(first, "{\n  \"schema\"", "{ \"notes\": \"mine\",\n\n  \"schema\"", 1)
	write(t, dir, "expectations.json", []byte(handmade))
	if code, stdout, _ := run(t, "verify", "--update", path); code != exitClean || !strings.Contains(stdout, "All expectations were met.") || readString(t, path) != handmade {
		t.Errorf("exit %d, a file that was met is rewritten\n%s", code, stdout)
	}
	// One frame and one verdict changed: two differences, and accepting them changes
	// the two lines back.
	changed := strings.Replace(first, `"verdict": "ordinary"`, `"verdict": "suspicious"`, 1)
	changed = strings.Replace(changed, `{"rule": "gsm-neighbours-none", "frames": [1, `, `{"rule": "gsm-neighbours-none", "frames": [2, `, 1)
	if strings.Count(changed, "suspicious") != 1 || changed == strings.Replace(first, "ordinary", "suspicious", 1) {
		t.Fatal("the capture gives other findings than this test was written for")
	}
	write(t, dir, "expectations.json", []byte(changed))
	code, stdout, _ := run(t, "verify", "--width", "120", path)
	for _, want := range []string{"- suspicious\n", "+ ordinary\n", "rule gsm-neighbours-none, frames\n", "- fired in frames 2, ", "+ fired in frames 1, ", "Not all expectations were met.", "expectations.json:"} {
		if code != exitFindings || !strings.Contains(stdout, want) {
			t.Errorf("exit %d, no %q in\n%s", code, want, stdout)
		}
	}
	if code, stdout, _ := run(t, "verify", "--update", path); code != exitClean || !strings.Contains(stdout, "- suspicious\n") || readString(t, path) != first {
		t.Errorf("exit %d\n%s\n%s", code, stdout, readString(t, path))
	}
	// What is there already is not added twice.
	if code, _, stderr := run(t, "verify", "--update", "--add", filepath.Join(dir, "captures", labRogue), path); code != exitClean || readString(t, path) != first {
		t.Errorf("exit %d, %s", code, stderr)
	}
	// A missing capture cannot be accepted, and what was expected of it stays.
	if err := os.Remove(filepath.Join(dir, "captures", labRogue)); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"verify", path}, {"verify", "--update", path}} {
		if code, stdout, _ := run(t, args...); code != exitFindings || !strings.Contains(stdout, "NOT THERE") || readString(t, path) != first {
			t.Errorf("%v: exit %d\n%s", args, code, stdout)
		}
	}
}

// TestVerifyJobs: the result does not depend on how many captures are scanned at a time.
func TestVerifyJobs(t *testing.T) {
	path := filepath.Join("..", "..", "..", "..", "testdata", "expectations.json")
	_, one, _ := run(t, "verify", "-f", "json", "--jobs", "1", path)
	for range 3 {
		if _, many, _ := run(t, "verify", "-f", "json", "--jobs", "8", path); many != one || len(one) < 1000 {
			t.Fatalf("%d octets with one job, %d others with several", len(one), len(many))
		}
	}
}

func TestVerifyExpectedFormats(t *testing.T) {
	dir, path := expectLab(t)
	write(t, dir, "expectations.json", []byte(strings.Replace(readString(t, path), `"verdict": "ordinary"`, `"verdict": "unusual"`, 1)))
	junit, sarif := filepath.Join(dir, "junit.xml"), filepath.Join(dir, "verify.sarif")
	code, stdout, stderr := run(t, "verify", "-f", "json", "--junit", junit, "--sarif", sarif, path)
	if code != exitFindings || stderr != "" {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	var v struct {
		Passed   bool
		Captures []struct {
			Path, Source, File, Label string
			Checks                    []struct{ Met bool }
			Mismatches                []struct {
				Kind, Cell, Expected, Got string
				Line                      int
			}
		}
	}
	if err := json.Unmarshal([]byte(stdout), &v); err != nil {
		t.Fatal(err)
	}
	c := v.Captures[0]
	if v.Passed || c.Path != "captures/"+labGenuine || c.Label != "expected" || c.File != path || len(c.Mismatches) != 1 || len(c.Checks) != 2 {
		t.Fatalf("%+v", v)
	}
	m := c.Mismatches[0]
	line := strings.Split(readString(t, path), "\n")[m.Line-1]
	if m.Kind != "verdict" || m.Expected != "unusual" || m.Got != "ordinary" || strings.TrimSpace(line) != "{" {
		t.Errorf("%+v, line %q", m, line)
	}
	var log struct {
		Runs []struct {
			Results []struct {
				RuleID    string
				Locations []struct {
					PhysicalLocation struct {
						Region struct{ StartLine int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(readString(t, sarif)), &log); err != nil {
		t.Fatal(err)
	}
	if r := log.Runs[0].Results; len(r) != 1 || r[0].RuleID != "verify/verdict" || r[0].Locations[0].PhysicalLocation.Region.StartLine != m.Line {
		t.Errorf("%+v", r)
	}
	var suites struct {
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Suite    []struct{} `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(readString(t, junit)), &suites); err != nil {
		t.Fatal(err)
	}
	if suites.Tests != 4 || suites.Failures != 1 || len(suites.Suite) != 2 {
		t.Errorf("%+v", suites)
	}
}

func TestVerifyErrors(t *testing.T) {
	dir, path := expectLab(t)
	labels := write(t, dir, "labels.json", []byte(`{"version":1,"captures":[{"path":"a","label":"genuine"}]}`))
	typo := write(t, dir, "typo.json", []byte("{\"schema\":\"fbsdetect.expectations/1\",\n\"captures\":[{\"path\":\"a\",\"verdct\\u001b[2J\":1}]}"))
	empty := write(t, dir, "empty.json", []byte(`{"schema":"fbsdetect.expectations/1","captures":[]}`))
	captures := filepath.Join(dir, "captures")
	for _, tt := range []struct {
		name   string
		exit   int
		stderr string
		args   []string
	}{
		{"unknown field", exitInput, `typo.json: $.captures[0].verdct\u{1b}[2J (line 2, octet `, []string{typo}},
		{"no captures", exitInput, "no captures", []string{empty}},
		{"jobs", exitUsage, "--jobs", []string{"--jobs", "0", path}},
		{"update of labels", exitUsage, "not labels", []string{"--update", labels}},
		{"update by some rules", exitUsage, "none of the others can be", []string{"--update", "--rules", "gsm-cro-excessive", path}},
		{"calibration with expectations", exitUsage, "needs labels", []string{"--calibrate", path}},
		{"add without update", exitUsage, "--add needs --update", []string{"--add", captures, path}},
		{"add to labels", exitUsage, "--add needs a file", []string{"--update", "--add", captures, labels}},
		{"add to two files", exitUsage, "--add needs one", []string{"--update", "--add", captures, path, path}},
		{"add from elsewhere", exitUsage, "not below the folder", []string{"--update", "--add", lab(labRogue), path}},
		{"add from nowhere", exitInput, "nope", []string{"--update", "--add", filepath.Join(dir, "nope", "*"), path}},
		{"a new file only with --add", exitInput, "new.json", []string{"--update", filepath.Join(dir, "new.json")}},
		{"result over a capture", exitUsage, "one of the captures", []string{"-o", filepath.Join(captures, labRogue), path}},
		{"file not writable", exitUsage, "such", []string{"--junit", filepath.Join(dir, "no", "such"), path}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, stdout, stderr := run(t, append([]string{"verify"}, tt.args...)...)
			if code != tt.exit || !strings.Contains(stderr, tt.stderr) {
				t.Errorf("exit %d, want %d and %q: %s", code, tt.exit, tt.stderr, stderr)
			}
			harmless(t, stdout+stderr)
		})
	}
	if _, err := os.Stat(filepath.Join(dir, "new.json")); err == nil {
		t.Error("a file appeared that was not asked for")
	}
}

// TestVerifyHostileNames: a capture whose name is meant to harm, and the network name in
// it, harm no output; the expectations can be read back.
func TestVerifyHostileNames(t *testing.T) {
	dir := t.TempDir()
	name := "a\x1b[2J<b>&x;\"]]>=cmd|'C'!A0\u202e{0}[l](javascript:x)\r\n.pcap"
	if err := os.WriteFile(filepath.Join(dir, name), pcap(t, synthetic), 0o644); err != nil {
		t.Skipf("no file of this name can be made here: %v", err)
	}
	path := filepath.Join(dir, "e.json")
	for i, args := range [][]string{{"--update", "--add", dir}, {}, {"-f", "json"}, {"--rat", "lte"}} {
		junit, sarif := filepath.Join(dir, "j.xml"), filepath.Join(dir, "s.sarif")
		code, stdout, stderr := run(t, append(append([]string{"verify", "--junit", junit, "--sarif", sarif}, args...), path)...)
		if code != exitClean || stderr != "" {
			t.Errorf("%d: exit %d, %s", i, code, stderr)
		}
		harmless(t, stdout+readString(t, path)+readString(t, junit)+readString(t, sarif))
	}
	var e struct{ Captures []struct{ Path string } }
	if err := json.Unmarshal([]byte(readString(t, path)), &e); err != nil || len(e.Captures) != 1 || e.Captures[0].Path != name {
		t.Errorf("%+v, %v", e, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "b\xff.pcap"), pcap(t, synthetic), 0o644); err != nil {
		t.Skipf("no file of this name can be made here: %v", err)
	}
	if code, _, stderr := run(t, "verify", "--update", "--add", dir, path); code != exitUsage || !strings.Contains(stderr, "JSON cannot hold") {
		t.Errorf("a name that is no UTF-8: exit %d, %s", code, stderr)
	}
}

// TestReplaceFile: a file is replaced whole, through a link, with its mode.
func TestReplaceFile(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "a", []byte("old"))
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink("a", link); err != nil {
		t.Skip("no links here")
	}
	if err := replaceFile(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	fi, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && fi.Mode().Perm() != 0o640 || readString(t, path) != "new" {
		t.Errorf("%v, %v, %q", fi.Mode(), err, readString(t, path))
	}
	write(t, dir, "a.new", []byte("somebody else's"))
	if err := replaceFile(path, []byte("newer")); err == nil || readString(t, path) != "new" || readString(t, filepath.Join(dir, "a.new")) != "somebody else's" {
		t.Errorf("a file of another is overwritten: %v", err)
	}
	if b, err := os.ReadFile(link); err != nil || !bytes.Equal(b, []byte("new")) {
		t.Errorf("%q, %v", b, err)
	}
}
