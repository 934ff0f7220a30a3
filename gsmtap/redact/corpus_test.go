package redact_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap"
	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/redact"
)

// personal are the fields in which tshark shows identities of persons and texts.
var personal = []string{
	"e212.imsi", "e212.assoc.imsi", "gsm_a.imei", "gsm_a.imeisv", "gsm_a.tmsi", "3gpp.tmsi", "lte-rrc.m_TMSI", "gsm_a.rr.tlli", "gsm_rlcmac.tlli", "gsm_rlcmac.ul.rtlli", "lte-rrc.resumeIdentity_r13", "e164.msisdn", "gsm_a.dtap.red_party_bcd_num",
	"s1ap.m_TMSI", "gsm_a.dtap.cld_party_bcd_num", "gsm_a.dtap.clg_party_bcd_num", "gsm_a.dtap.conn_num",
	"gsm_sms.tp-oa", "gsm_sms.tp-da", "gsm_sms.tp-ra", "gsm_sms.sms_text", "rrc.p_TMSI", "rrc.tmsi", "rrc.imsi", "rrc.tmsi_GSM_MAP", "rrc.p_TMSI_GSM_MAP",
	"nr-rrc.ng_5G_S_TMSI_Part1", "nas_5gs.5g_tmsi", "nas_5gs.mm.imei", "nas_5gs.mm.imeisv", "nas_5gs.mm.suci.msin",
}

// seen returns what tshark shows in those fields.
func seen(t *testing.T, tshark, path string) map[string]bool {
	t.Helper()
	args := []string{"-n", "-r", path, "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=\x01"}
	for number, protocol := range map[int]string{147: "mac-lte-framed", 148: "nas-eps", 149: "udp", 150: "s1ap"} {
		args = append(args, "-o", fmt.Sprintf(`uat:user_dlts:"User %d (DLT=%d)","%s","0","","0",""`, number-147, number, protocol))
	}
	args = append(args, "--enable-heuristic", "mac_lte_udp", "-o", "mac-lte.attempt_to_dissect_srb_sdus:TRUE",
		"-o", "mac-lte.attempt_rrc_decode:TRUE", "-o", "rlc-lte.call_rrc_for_ccch:TRUE", "-o", "pdcp-lte.show_signalling_plane_as_rrc:TRUE")
	for _, f := range personal {
		args = append(args, "-e", f)
	}
	var stderr bytes.Buffer
	c := exec.Command(tshark, args...)
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		if bad := unknownFields(stderr.String()); len(bad) > 0 {
			t.Fatalf("tshark does not know %v", bad)
		}
		// tshark fails at the end of a capture that is cut.
		t.Logf("tshark on %s: %v", filepath.Base(path), err)
	}
	list := map[string]bool{}
	for _, w := range strings.FieldsFunc(string(out), func(r rune) bool { return strings.ContainsRune("\t\n\x01", r) }) {
		// Shorter values are met by chance, and zeros and ones stand for none.
		plain := strings.TrimPrefix(strings.ReplaceAll(w, ":", ""), "0x")
		if len(plain) < 7 || strings.Trim(plain, "0") == "" || strings.Trim(plain, "f") == "" || strings.Trim(plain, "*") == "" {
			continue
		}
		list[strings.ToLower(plain)] = true
	}
	return list
}

func unknownFields(s string) []string {
	_, list, ok := strings.Cut(s, "aren't valid:")
	if !ok {
		return nil
	}
	return strings.Fields(list)
}

// redactFile redacts every frame of a capture into a file and counts what became of them.
func redactFile(t *testing.T, in, out string) (frames, changed, blanked int, why map[string]int) {
	t.Helper()
	r, err := capture.Open(in)
	if err != nil {
		t.Skipf("%v", err)
	}
	defer r.Close()
	var b bytes.Buffer
	w, err := capture.NewWriter(&b, "test")
	if err != nil {
		t.Fatal(err)
	}
	red := redact.New(ident.NewPseudonyms([]byte("case"), false), capture.NewUnwrapper(capture.Options{}), func() *gsmtap.Decoder {
		d := gsmtap.NewDecoder()
		d.Strict, d.Nested = true, true
		return d
	})
	why = map[string]int{}
	for {
		f, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		frames++
		res := red.Frame(&f)
		switch {
		case res.Blanked != "":
			blanked++
			why[res.Blanked]++
		case len(res.Spans) > 0:
			changed++
		}
		if err := w.Frame(&f, "", res.String()); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(out, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return frames, changed, blanked, why
}

// TestCorpus: of the identities and texts that tshark finds in the captures of the corpus,
// it finds none in the redacted ones. FBSDETECT_FULL takes all captures instead of every
// fourth.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("reads much of the corpus")
	}
	root := os.Getenv("FBSDETECT_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
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
			if fi, err := d.Info(); err == nil && fi.Size() < 40<<20 {
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
	var mu sync.Mutex // over what follows
	total, captures, remain := 0, 0, 0
	var frames, changed, blanked int
	why := map[string]int{}
	t.Run("captures", func(t *testing.T) {
		for i, path := range paths {
			if i%every != 0 {
				continue
			}
			rel, _ := filepath.Rel(root, path)
			t.Run(filepath.ToSlash(rel), func(t *testing.T) {
				t.Parallel()
				out := filepath.Join(t.TempDir(), "redacted.pcapng")
				before := seen(t, tshark, path)
				n, c, b, reasons := redactFile(t, path, out)
				left := 0
				if len(before) > 0 {
					for id := range seen(t, tshark, out) {
						if before[id] {
							left++
						}
					}
				}
				if left > 0 {
					t.Errorf("%d of %d identities are left", left, len(before))
				}
				t.Logf("%d identities, %d frames, %d overwritten, %d blanked %v", len(before), n, c, b, reasons)
				mu.Lock()
				defer mu.Unlock()
				total, remain, frames, changed, blanked = total+len(before), remain+left, frames+n, changed+c, blanked+b
				if len(before) > 0 {
					captures++
				}
				for k, v := range reasons {
					why[k] += v
				}
			})
		}
	})
	if total < enough {
		t.Errorf("only %d identities to look for", total)
	}
	t.Logf("%d identities and texts in %d captures, %d of them left; of %d frames %d overwritten, %d blanked", total, captures, remain, frames, changed, blanked)
	for _, k := range slices.Sorted(maps.Keys(why)) {
		t.Logf("%6d %s", why[k], k)
	}
}
