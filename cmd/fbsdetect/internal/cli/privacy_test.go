package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/report"
)

// identities returns what tshark sees of identities in a capture, in the forms in
// which they could leave the program.
func identities(t *testing.T, tshark, path string) []string {
	t.Helper()
	args := []string{"-n", "-r", path, "-T", "fields", "-E", "occurrence=a"}
	for number, protocol := range map[int]string{147: "mac-lte-framed", 148: "nas-eps", 149: "udp", 150: "s1ap"} {
		args = append(args, "-o", fmt.Sprintf(`uat:user_dlts:"User %d (DLT=%d)","%s","0","","0",""`, number-147, number, protocol))
	}
	args = append(args, "--enable-heuristic", "mac_lte_udp", "-o", "mac-lte.attempt_to_dissect_srb_sdus:TRUE",
		"-o", "mac-lte.attempt_rrc_decode:TRUE", "-o", "rlc-lte.call_rrc_for_ccch:TRUE", "-o", "pdcp-lte.show_signalling_plane_as_rrc:TRUE")
	for _, f := range []string{"e212.imsi", "gsm_a.imei", "gsm_a.imeisv", "3gpp.tmsi", "lte-rrc.m_TMSI"} {
		args = append(args, "-e", f)
	}
	out, err := exec.Command(tshark, args...).Output()
	if err != nil { // as at the end of a capture that is cut
		t.Logf("tshark on %s: %v", filepath.Base(path), err)
	}
	var list []string
	for _, word := range strings.FieldsFunc(string(out), func(r rune) bool { return strings.ContainsRune("\t\n,", r) }) {
		if parts := strings.Split(word, ":"); len(parts) == 4 {
			word = "0x" + strings.Join(parts, "")
		}
		hex, isTMSI := strings.CutPrefix(word, "0x")
		if !isTMSI {
			if len(word) >= 10 {
				list = append(list, word)
			}
			continue
		}
		v, err := strconv.ParseUint(hex, 16, 32)
		if err == nil && v > 1e6 && v != 0xffffffff {
			list = append(list, hex, strconv.FormatUint(v, 10))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// maxPrivate is the size in octets of the largest capture that is looked at.
const maxPrivate = 3 << 20

// TestPrivacy: no identity that tshark finds in captures of the corpus appears in any
// output. FBSDETECT_FULL takes all captures instead of every fourth.
func TestPrivacy(t *testing.T) {
	if testing.Short() {
		t.Skip("reads much of the corpus")
	}
	root := os.Getenv("FBSDETECT_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpus of captures: set FBSDETECT_CORPUS")
	}
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("no tshark to compare with")
	}
	var paths []string
	err = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && (strings.HasSuffix(path, ".pcap") || strings.HasSuffix(path, ".pcapng")) {
			if fi, err := d.Info(); err == nil && fi.Size() < maxPrivate {
				paths = append(paths, path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	every, enough := 4, 40 // for time
	if os.Getenv("FBSDETECT_FULL") != "" {
		every, enough = 1, 400
	}
	// Hashes, and strings of bits, in which an identity of zeros and ones is met by chance.
	chance := regexp.MustCompile(`[0-9a-f]{64}|[01]{24,}`)
	var mu sync.Mutex // over found
	found := 0
	one := func(t *testing.T, path string) {
		folder := t.TempDir()
		var all bytes.Buffer
		for _, args := range [][]string{
			{"scan", "--all"}, {"cells"}, {"cells", "-f", "json"}, {"dump"}, {"dump", "-f", "ndjson"},
		} {
			Run(t.Context(), append(args, path), strings.NewReader(""), &all, &all)
		}
		doc, err := detect.Run(t.Context(), []detect.Source{detect.FileSource(path)}, detect.Options{}) // once, for time
		if err != nil && !errors.Is(err, detect.ErrInput) {
			t.Fatal(err)
		}
		for _, f := range report.Formats() {
			if err := f.Write(&all, doc, report.Options{}); err != nil {
				t.Errorf("%s as %s: %v", path, f.Name, err)
			}
		}
		ids := identities(t, tshark, path)
		pkg := filepath.Join(folder, "case.zip")
		Run(t.Context(), []string{"evidence", "--redact", "-o", pkg, path}, strings.NewReader(""), &all, &all)
		for name, b := range unpack(t, pkg) {
			all.Write(b)
			if !strings.HasSuffix(name, ".pcapng") {
				continue
			}
			left := 0
			for _, id := range identities(t, tshark, write(t, folder, "evidence.pcapng", b)) {
				if slices.Contains(ids, id) {
					left++
				}
			}
			if left > 0 {
				t.Errorf("%d identities are left in the redacted frames", left)
			}
		}
		text := chance.ReplaceAllString(strings.ToLower(all.String()), "")
		if len(text) < 1000 {
			t.Error("no output")
		}
		mu.Lock()
		found += len(ids)
		mu.Unlock()
		for _, id := range ids {
			if strings.Contains(text, id) {
				t.Errorf("an identity of %d characters appears in the output", len(id))
			}
		}
	}
	t.Run("captures", func(t *testing.T) {
		for i, path := range paths {
			if i%every != 0 {
				continue
			}
			rel, _ := filepath.Rel(root, path)
			t.Run(filepath.ToSlash(rel), func(t *testing.T) {
				t.Parallel()
				one(t, path)
			})
		}
	})
	if found < enough {
		t.Errorf("only %d identities to look for", found)
	}
	if !t.Failed() {
		t.Logf("%d identities in %d captures, none in any output", found, (len(paths)+every-1)/every)
	}
}
