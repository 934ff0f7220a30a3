package cli

import (
	"archive/zip"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"aead.dev/minisign"
	"filippo.io/age"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/fbsdetect/fbsdetect/detect/evidence"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
)

// pack makes a package of captures and returns where it is.
func pack(t *testing.T, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "case.zip")
	if code, _, stderr := run(t, append([]string{"evidence", "-o", path}, args...)...); code != exitClean {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	return path
}

// unpack returns the members of a package.
func unpack(t testing.TB, path string) map[string][]byte {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = b
	}
	return out
}

// validate checks a document by the schema that the program prints.
func validate(t *testing.T, name string, document []byte) {
	t.Helper()
	_, text, _ := run(t, "schema", name)
	schema, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", schema); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(v); err != nil {
		t.Error(err)
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEvidence(t *testing.T) {
	in := lab(labRogue)
	args := []string{"--case", "2026-17", "--officer", "A. Example", "--place", "a market", "--note", "first drive", in}
	path := pack(t, args...)
	if !bytes.Equal(read(t, path), read(t, pack(t, args...))) {
		t.Error("two runs give other packages")
	}
	members := unpack(t, path)
	var m evidence.Manifest
	if err := json.Unmarshal(members["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	if m.Case != (report.Case{Case: "2026-17", Officer: "A. Example", Place: "a market", Note: "first drive"}) {
		t.Errorf("case: %+v", m.Case)
	}
	if len(m.Captures) != 1 || m.Captures[0].Path != in || m.Captures[0].Bytes != int64(len(read(t, in))) || m.Captures[0].Member != nil {
		t.Errorf("captures: %+v", m.Captures)
	}
	for _, name := range []string{"evidence.pcapng", "report.json", "report.txt"} {
		if len(members[name]) == 0 {
			t.Errorf("%s is missing", name)
		}
	}
	_, want, _ := run(t, "scan", "--fail-on", "never", "-f", "json", in)
	if string(unpack(t, pack(t, in))["report.json"]) != want {
		t.Error("report.json is not what scan writes")
	}
	if note := "Not redacted: the frames hold identities"; !bytes.Contains(members["manifest.json"], []byte(note)) || !bytes.Contains(members["evidence.pcapng"], []byte(note)) {
		t.Error("the package does not say that its frames hold identities")
	}
	for _, name := range []string{"report.json", "report.txt", "report.html"} {
		if !bytes.Contains(members[name], []byte("A. Example")) {
			t.Errorf("%s does not name the officer", name)
		}
	}
	validate(t, evidenceSchema, members["manifest.json"])
	code, stdout, _ := run(t, "evidence", "verify", path)
	if code != exitClean || !strings.Contains(stdout, "not repeated") || !strings.Contains(stdout, "not signed") {
		t.Errorf("exit %d: %s", code, stdout)
	}
	code, stdout, _ = run(t, "evidence", "verify", "--captures", filepath.Dir(in), path)
	if code != exitClean || strings.Count(stdout, "a repeated analysis gives the same") != len(members)-1 {
		t.Errorf("exit %d: %s", code, stdout)
	}
	code, stdout, _ = run(t, "evidence", "verify", "--public-key", publicKey(t, newKey(t)), path)
	if code != exitFindings || !strings.Contains(stdout, "manifest.json.minisig: is missing") {
		t.Errorf("exit %d: %s", code, stdout)
	}
	harmless(t, stdout)

	other := t.TempDir()
	write(t, other, filepath.Base(in), append(read(t, in), 0))
	if code, stdout, _ := run(t, "evidence", "verify", "--captures", other, path); code != exitFindings || !strings.Contains(stdout, "the manifest says") {
		t.Errorf("another capture: exit %d: %s", code, stdout)
	}
}

// TestEvidencePositions: a package holds the positions that its report rests on, and a
// repeated analysis takes them from there.
func TestEvidencePositions(t *testing.T) {
	gpx := []byte(`<gpx version="1.1"><trk><trkseg>
<trkpt lat="13.75" lon="100.5"><time>2026-11-23T11:17:20Z</time></trkpt>
<trkpt lat="13.76" lon="100.6"><time>2026-11-23T11:17:40Z</time></trkpt></trkseg></trk></gpx>`)
	in := lab("lab-three-cells-and-blaster.ms.pcap")
	path := pack(t, "--lang", "th", "--positions", write(t, t.TempDir(), "drive.gpx", gpx), in)
	members := unpack(t, path)
	if !bytes.Equal(members["positions.gpx"], gpx) || !bytes.Contains(members["report.txt"], []byte("Where     the receiver was at 13.7")) {
		t.Errorf("positions %q, or the report says nothing of them", members["positions.gpx"])
	}
	if !bytes.Contains(members["report.html"], []byte(`<html lang="th">`)) {
		t.Error("the page is not in Thai")
	}
	code, stdout, _ := run(t, "evidence", "verify", "--captures", filepath.Dir(in), path)
	if code != exitClean || strings.Count(stdout, "a repeated analysis gives the same") != len(members)-2 {
		t.Errorf("exit %d: %s", code, stdout)
	}
}

// TestEvidenceFrames: the frames in a package are those of the capture, octet for octet,
// with a comment for each rule that they bear on, and tshark sees it so.
func TestEvidenceFrames(t *testing.T) {
	in := lab(labRogue)
	members := unpack(t, pack(t, in))
	frames := map[int]capture.Frame{}
	r, err := capture.Open(in)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		f, err := r.Next()
		if err != nil {
			break
		}
		f.Data = bytes.Clone(f.Data)
		frames[f.Number] = f
	}
	out, err := capture.New(bytes.NewReader(members["evidence.pcapng"]))
	if err != nil {
		t.Fatal(err)
	}
	var numbers []int
	var report struct {
		Cells []struct {
			Evidence []struct {
				Rule   string
				Frames []struct{ Frame int }
			}
		}
	}
	if err := json.Unmarshal(members["report.json"], &report); err != nil {
		t.Fatal(err)
	}
	rules := map[int][]string{}
	for _, c := range report.Cells {
		for _, e := range c.Evidence {
			for _, f := range e.Frames {
				rules[f.Frame] = append(rules[f.Frame], e.Rule)
				numbers = append(numbers, f.Frame)
			}
		}
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	for _, n := range numbers {
		f, err := out.Next()
		if err != nil {
			t.Fatalf("frame %d: %v", n, err)
		}
		want := frames[n]
		if !bytes.Equal(f.Data, want.Data) || f.Time != want.Time || f.LinkType != want.LinkType || f.OrigLen != want.OrigLen {
			t.Fatalf("frame %d differs", n)
		}
		var said strings.Builder
		for _, c := range out.Comments() {
			if c.Frame == f.Number {
				said.WriteString(c.Text + "\n")
			}
		}
		if len(out.Comments()) == 100 { // as many as a Reader keeps
			continue
		}
		for _, rule := range rules[n] {
			if !strings.Contains(said.String(), "Rule "+rule+" at GSM cell") || !strings.Contains(said.String(), "Frame "+strconv.Itoa(n)+" of ") {
				t.Errorf("frame %d: %q says nothing of %s", n, said.String(), rule)
			}
		}
	}
	if _, err := out.Next(); err != io.EOF || len(numbers) < 5 {
		t.Errorf("%v after %d frames", err, len(numbers))
	}

	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("no tshark to open the frames with")
	}
	file := write(t, t.TempDir(), "evidence.pcapng", members["evidence.pcapng"])
	b, err := exec.Command(tshark, "-n", "-r", file, "-T", "fields", "-E", "occurrence=a", "-E", "separator=|", "-e", "frame.number", "-e", "frame.comment", "-e", "frame.time_epoch").Output()
	if err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if len(lines) != len(numbers) {
		t.Fatalf("tshark sees %d of %d frames", len(lines), len(numbers))
	}
	for i, l := range lines {
		if !strings.Contains(l, "Frame "+strconv.Itoa(numbers[i])+" of ") || !strings.Contains(l, "Rule ") {
			t.Errorf("tshark: %s", l)
		}
	}
}

// TestEvidenceRedacted: a redacted package holds no identity, says so, and verifies.
func TestEvidenceRedacted(t *testing.T) {
	in := lab("lab-three-cells-and-blaster.ms.pcap")
	path := pack(t, "--redact", in)
	if !bytes.Equal(read(t, path), read(t, pack(t, "--redact", in))) {
		t.Error("two runs give other packages")
	}
	code, stdout, _ := run(t, "evidence", "verify", "--captures", filepath.Dir(in), path)
	if code != exitClean || !strings.Contains(stdout, "evidence.pcapng: a repeated analysis gives the same") {
		t.Errorf("exit %d: %s", code, stdout)
	}
	members := unpack(t, path)
	var m evidence.Manifest
	if err := json.Unmarshal(members["manifest.json"], &m); err != nil || !m.Options.Redacted {
		t.Errorf("%v: the manifest does not say so", err)
	}
	plain := unpack(t, pack(t, in))["evidence.pcapng"]
	frames := members["evidence.pcapng"]
	_, dump, _ := run(t, "dump", "--reveal", "--reason", "test", in)
	there := 0
	for _, tmsi := range regexp.MustCompile(`TMSI 0x[0-9a-f]{8}`).FindAllString(dump, -1) {
		b, err := hex.DecodeString(tmsi[len("TMSI 0x"):])
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(plain, b) {
			there++
		}
		if bytes.Contains(frames, b) {
			t.Error("a TMSI is not overwritten")
		}
	}
	if there == 0 {
		t.Error("no TMSI to overwrite")
	}
	for _, s := range []string{"Redacted: identities and texts of persons", "Redacted, written over: TMSI at octet "} {
		if !bytes.Contains(frames, []byte(s)) || bytes.Contains(plain, []byte(s)) {
			t.Errorf("comments do not say %q", s)
		}
	}
	for _, flags := range [][]string{{"--include-captures"}, {"--reveal", "--reason", "x"}} {
		if code, _, _ := run(t, append([]string{"evidence", "--redact", "-o", path, in}, flags...)...); code != exitUsage {
			t.Errorf("%v: exit %d", flags, code)
		}
	}
}

// TestEvidenceFlippedBit: a flipped bit anywhere makes verification fail and is said to be
// in a file of the package or in the package itself.
func TestEvidenceFlippedBit(t *testing.T) {
	in := write(t, t.TempDir(), "a.pcap", pcap(t, synthetic))
	key := newKey(t)
	path := pack(t, "--include-captures", "--sign", secretKey(t, key), in)
	members := unpack(t, path)
	b := read(t, path)
	public := publicKey(t, key)
	code, stdout, stderr := run(t, "evidence", "verify", "--public-key", public, path)
	if code != exitClean || strings.Count(stdout, "not checked") != 0 || strings.Count(stdout, "a repeated analysis") < 3 {
		t.Fatalf("exit %d: %s%s", code, stdout, stderr)
	}
	broken := filepath.Join(t.TempDir(), "case.zip")
	step := 61 // coprime to the distances of fields
	if testing.Short() {
		step = 1009
	}
	tried := 0
	check := func(i, bit int) {
		tried++
		c := bytes.Clone(b)
		c[i] ^= 1 << bit
		if err := os.WriteFile(broken, c, 0o600); err != nil {
			t.Fatal(err)
		}
		code, stdout, stderr := run(t, "evidence", "verify", "--public-key", public, broken)
		if code != exitFindings {
			t.Fatalf("bit %d of octet %d: exit %d: %s%s", bit, i, code, stdout, stderr)
		}
		named := false
		for _, l := range strings.Split(stdout, "\n") {
			if l, ok := strings.CutPrefix(l, string(evidence.Failed)); ok {
				name, _, _ := strings.Cut(strings.TrimSpace(l), ": ")
				named = named || name == broken || members[name] != nil
			}
		}
		if !named {
			t.Errorf("bit %d of octet %d: no file is named: %s", bit, i, stdout)
		}
	}
	for i := 0; i < len(b); i += step {
		check(i, i%8)
	}
	// The end of the zip holds its directory: every octet of it.
	for i := len(b) - 300; i < len(b); i++ {
		check(i, i%8)
	}
	// In the content of a member the member is named.
	for name, content := range members {
		at := bytes.Index(b, content)
		c := bytes.Clone(b)
		c[at+len(content)/2] ^= 1
		if err := os.WriteFile(broken, c, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, stdout, _ := run(t, "evidence", "verify", broken); !strings.Contains(stdout, string(evidence.Failed)+"       "+name+": ") {
			t.Errorf("%s is not named: %s", name, stdout)
		}
	}
	for _, n := range []int{0, 1, len(b) / 2, len(b) - 1} {
		if err := os.WriteFile(broken, b[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if code, _, _ := run(t, "evidence", "verify", broken); code != exitFindings {
			t.Errorf("cut to %d octets: exit %d", n, code)
		}
	}
	if err := os.WriteFile(broken, append(bytes.Clone(b), 0), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, _ := run(t, "evidence", "verify", broken); code != exitFindings {
		t.Errorf("an octet more: exit %d", code)
	}
	t.Logf("%d flipped bits in %d octets", tried, len(b))
}

// TestEvidenceForged: a member replaced with everything but the signature put right is
// found by the signature and by the analysis.
func TestEvidenceForged(t *testing.T) {
	in := write(t, t.TempDir(), "a.pcap", pcap(t, synthetic))
	key := newKey(t)
	path := pack(t, "--include-captures", "--sign", secretKey(t, key), in)
	signed := unpack(t, path)
	forged := unpack(t, pack(t, "--include-captures", "--rules", "gsm-cro-excessive", in))
	var have, want evidence.Manifest
	if json.Unmarshal(signed["manifest.json"], &want) != nil || json.Unmarshal(forged["manifest.json"], &have) != nil {
		t.Fatal("no manifests")
	}
	have.Options = want.Options
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(have); err != nil {
		t.Fatal(err)
	}
	forged["manifest.json"], forged["manifest.json.minisig"] = b.Bytes(), signed["manifest.json.minisig"]
	broken := filepath.Join(t.TempDir(), "case.zip")
	f, err := os.Create(broken)
	if err != nil {
		t.Fatal(err)
	}
	if err := evidence.WriteMembers(f, forged); err != nil {
		t.Fatal(err)
	}
	f.Close()
	code, stdout, _ := run(t, "evidence", "verify", "--public-key", publicKey(t, key), broken)
	if code != exitFindings || !strings.Contains(stdout, "manifest.json.minisig: the manifest is not signed by the key") {
		t.Errorf("exit %d: %s", code, stdout)
	}
	code, stdout, _ = run(t, "evidence", "verify", broken)
	if code != exitFindings || !strings.Contains(stdout, "report.json: a repeated analysis gives another one") {
		t.Errorf("exit %d: %s", code, stdout)
	}
}

func newKey(t *testing.T) minisign.PrivateKey {
	t.Helper()
	_, key, err := minisign.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func secretKey(t *testing.T, key minisign.PrivateKey) string {
	t.Helper()
	b, err := key.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	return write(t, t.TempDir(), "minisign.key", b)
}

func publicKey(t *testing.T, key minisign.PrivateKey) string {
	t.Helper()
	b, err := key.Public().(minisign.PublicKey).MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	return write(t, t.TempDir(), "minisign.pub", b)
}

func TestEvidenceSignature(t *testing.T) {
	in := write(t, t.TempDir(), "a.pcap", pcap(t, synthetic))
	key := newKey(t)
	path := pack(t, "--sign", secretKey(t, key), in)
	if !bytes.Equal(read(t, path), read(t, pack(t, "--sign", secretKey(t, key), in))) {
		t.Error("signing is not repeatable")
	}
	for _, given := range []string{publicKey(t, key), key.Public().(minisign.PublicKey).String()} {
		if code, stdout, stderr := run(t, "evidence", "verify", "--public-key", given, path); code != exitClean || !strings.Contains(stdout, "is signed by the key") {
			t.Errorf("exit %d: %s%s", code, stdout, stderr)
		}
	}
	if code, _, _ := run(t, "evidence", "verify", "--public-key", publicKey(t, newKey(t)), path); code != exitFindings {
		t.Errorf("another's key: exit %d", code)
	}
	// Another program that follows the format must agree.
	tool, err := exec.LookPath("minisign")
	if err != nil {
		t.Skip("no minisign to compare with")
	}
	members := unpack(t, path)
	dir := t.TempDir()
	manifest := write(t, dir, "manifest.json", members["manifest.json"])
	write(t, dir, "manifest.json.minisig", members["manifest.json.minisig"])
	if b, err := exec.Command(tool, "-V", "-p", publicKey(t, key), "-m", manifest).CombinedOutput(); err != nil {
		t.Errorf("minisign: %v: %s", err, b)
	}
}

// TestEvidencePassword signs with a key that a password locks.
func TestEvidencePassword(t *testing.T) {
	if os.Getenv("FBSDETECT_FULL") == "" || testing.Short() {
		t.Skip("a password of minisign takes seconds and 2 GB of memory to try: FBSDETECT_FULL does")
	}
	in := write(t, t.TempDir(), "a.pcap", pcap(t, synthetic))
	key := newKey(t)
	locked, err := minisign.EncryptKey("secret", key)
	if err != nil {
		t.Fatal(err)
	}
	file := write(t, t.TempDir(), "locked.key", locked)
	out := filepath.Join(t.TempDir(), "x.zip")
	if code, _, stderr := run(t, "evidence", "-o", out, "--sign", file, in); code != exitUsage || !strings.Contains(stderr, passwordVariable) {
		t.Errorf("no password: exit %d: %s", code, stderr)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a package was written all the same")
	}
	t.Setenv(passwordVariable, "wrong")
	path := pack(t, "--sign", file, "--password-file", write(t, t.TempDir(), "password", []byte("secret\n")), in)
	if !bytes.Equal(read(t, path), read(t, pack(t, "--sign", secretKey(t, key), in))) {
		t.Error("the same key signs in another way without its password")
	}
}

func TestEvidenceEncrypted(t *testing.T) {
	in := write(t, t.TempDir(), "a.pcap", pcap(t, synthetic))
	var recipients, files []string
	for i := range 2 {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		recipients = append(recipients, "--encrypt-to", id.Recipient().String())
		files = append(files, write(t, t.TempDir(), "age"+strconv.Itoa(i)+".key", []byte("# key\n"+id.String()+"\n")))
	}
	path := filepath.Join(t.TempDir(), "case.zip")
	code, stdout, stderr := run(t, append([]string{"evidence", "--include-captures", "-o", path, in}, recipients...)...)
	if code != exitClean || !strings.Contains(stdout, "case.zip.age") {
		t.Fatalf("exit %d: %s%s", code, stdout, stderr)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the package was written in the clear, too")
	}
	path += ".age"
	if code, _, stderr := run(t, "evidence", "verify", path); code != exitInput || !strings.Contains(stderr, "identity") {
		t.Errorf("no identity: exit %d: %s", code, stderr)
	}
	for _, f := range files {
		if code, stdout, stderr := run(t, "evidence", "verify", "--identity", f, path); code != exitClean || strings.Count(stdout, "a repeated analysis") < 3 {
			t.Errorf("exit %d: %s%s", code, stdout, stderr)
		}
	}
	b := read(t, path)
	broken := filepath.Join(t.TempDir(), "case.zip.age")
	for i := 0; i < len(b); i += 97 {
		c := bytes.Clone(b)
		c[i] ^= 1 << (i % 8)
		if err := os.WriteFile(broken, c, 0o600); err != nil {
			t.Fatal(err)
		}
		if code, stdout, _ := run(t, "evidence", "verify", "--identity", files[0], broken); code != exitFindings || !strings.Contains(stdout, broken+": ") {
			t.Fatalf("octet %d: exit %d: %s", i, code, stdout)
		}
	}
}

// TestCaseKey: reports of one key link, others do not, and verification needs the key.
func TestCaseKey(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "a.pcap", pcap(t, synthetic))
	stored := filepath.Join(dir, "case.key")
	_, first, _ := run(t, "dump", "--store-key", stored, in)
	_, second, _ := run(t, "dump", "--key-file", stored, in)
	_, third, _ := run(t, "dump", "--store-key", filepath.Join(dir, "other.key"), in)
	_, derived, _ := run(t, "dump", in)
	if first == "" || first != second || first == third || first == derived {
		t.Error("pseudonyms do not follow the key")
	}
	if fi, err := os.Stat(stored); err != nil || fi.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
		t.Errorf("%v, %v: others can read the key", fi.Mode(), err)
	}
	path := pack(t, "--include-captures", "--key-file", stored, in)
	if code, stdout, _ := run(t, "evidence", "verify", path); code != exitClean || !strings.Contains(stdout, "--key-file") {
		t.Errorf("exit %d: %s", code, stdout)
	}
	if code, stdout, _ := run(t, "evidence", "verify", "--key-file", stored, path); code != exitClean || strings.Contains(stdout, "not repeated") {
		t.Errorf("exit %d: %s", code, stdout)
	}
	if bytes.Contains(unpack(t, path)["manifest.json"], bytes.TrimSpace(read(t, stored))) {
		t.Error("the key is in the package")
	}
}

// TestReason: a reason stands in every result that reveals.
func TestReason(t *testing.T) {
	in := write(t, t.TempDir(), "a.pcap", pcap(t, synthetic))
	const reason = "warrant 12/2026"
	for _, args := range [][]string{{"scan"}, {"scan", "-f", "json"}, {"cells"}, {"cells", "-f", "json"}, {"dump"}, {"dump", "-f", "ndjson"}} {
		if _, stdout, stderr := run(t, append(args, "--reveal", "--reason", reason, in)...); !strings.Contains(stdout, reason) {
			t.Errorf("%v: %s%s", args, stdout, stderr)
		}
	}
	path := pack(t, "--include-captures", "--reveal", "--reason", reason, in)
	members := unpack(t, path)
	for _, name := range []string{"manifest.json", "report.json", "report.txt"} {
		if !bytes.Contains(members[name], []byte(reason)) {
			t.Errorf("%s does not hold the reason", name)
		}
	}
	if code, stdout, _ := run(t, "evidence", "verify", path); code != exitClean || !strings.Contains(stdout, reason) || strings.Contains(stdout, "not repeated") {
		t.Errorf("exit %d: %s", code, stdout)
	}
}
