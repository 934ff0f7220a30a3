package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
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
	if err != nil {
		t.Fatalf("tshark on %s: %v", path, err)
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

// TestPrivacy: no identity that tshark finds in captures of the corpus appears in any
// output.
func TestPrivacy(t *testing.T) {
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
	for _, pattern := range []string{"lab/gsm-*.pcap", "lab/lte-*.pcap", "captures/roastedbeans__modi-parser/pcap/*.pcap",
		"captures/SysNetS__fbsdetector/example_traces/nas/*.pcap", "captures/thomasluijkman__4Gvisualiser/input/*.pcap",
		"captures/SysSec-KAIST__LTESniffer/pcap_file_example/*.pcap"} {
		found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, found...)
	}
	for _, p := range []string{
		"sfikouris__catch_the_catcher/pcaps/gsm_imsi_catcher.pcapng",
		"sfikouris__catch_the_catcher/pcaps/cyta_lte_attach.pcapng",
		"sfikouris__catch_the_catcher/pcaps/umts_imsi_catcher.pcapng",
		"sfikouris__catch_the_catcher/pcaps/umts_attach_real_oper.pcapng",
		"P1sec__QCSuper/docs/sample_pcaps/sample_2g_3g_4g_xperia.pcap",
		"derived_scat/mobileinsight__cmcc.pcap",
		"derived_scat/mobileinsight__attach_sample.pcap",
		"EFForg__crocodilehunter/data/ue.pcap",
		"sfikouris__catch_the_catcher/pcaps/lte_mtn.pcapng",
		"thomasluijkman__4Gvisualiser/enb_s1ap.pcap",
		"eylonK14__IMSICatcherDetector/imsi.pcapng",
	} {
		paths = append(paths, filepath.Join(root, "captures", filepath.FromSlash(p)))
	}
	hash := regexp.MustCompile(`[0-9a-f]{64}`)
	found := 0
	for _, path := range paths {
		var all bytes.Buffer
		for _, args := range [][]string{
			{"scan", "--all"}, {"scan", "-f", "json"}, {"scan", "-f", "html"}, {"cells"}, {"cells", "-f", "json"}, {"dump"}, {"dump", "-f", "ndjson"},
		} {
			Run(t.Context(), append(args, path), strings.NewReader(""), &all, &all)
		}
		text := hash.ReplaceAllString(strings.ToLower(all.String()), "")
		if len(text) < 1000 {
			t.Errorf("%s: no output", path)
		}
		ids := identities(t, tshark, path)
		found += len(ids)
		for _, id := range ids {
			if strings.Contains(text, id) {
				t.Errorf("%s: an identity of %d characters appears in the output", filepath.Base(path), len(id))
			}
		}
	}
	if found < 400 {
		t.Errorf("only %d identities to look for", found)
	}
	t.Logf("%d identities in %d captures, none in any output", found, len(paths))
}
