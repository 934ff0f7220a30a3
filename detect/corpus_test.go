package detect_test

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/engine"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/rule/ruletest"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

// corpus returns a path below the corpus, which FBSDETECT_CORPUS names, or skips.
func corpus(t *testing.T, path ...string) string {
	t.Helper()
	root := os.Getenv("FBSDETECT_CORPUS")
	if root == "" {
		root = "../../shared/corpus"
	}
	p := filepath.Join(append([]string{root}, path...)...)
	if _, err := os.Stat(p); err != nil {
		t.Skip("no corpus of captures: set FBSDETECT_CORPUS")
	}
	return p
}

// TestCorpusMainJob: the capture with a cell of unknown role among ordinary ones.
func TestCorpusMainJob(t *testing.T) {
	doc := scan(t, corpus(t, "captures", "sfikouris__catch_the_catcher", "pcaps", "gsm_imsi_catcher.pcapng"))
	found := 0
	for _, c := range doc.Cells {
		name := *c.PLMN + "/" + strconv.Itoa(int(*c.Area)) + "/" + strconv.Itoa(int(*c.Cell))
		switch name {
		case "901-70/124/6167":
			found++
			if c.Verdict < score.Suspicious {
				t.Errorf("%s is %v (%v)", name, c.Verdict, c.Score)
			}
			frames := map[int]bool{}
			for _, e := range c.Evidence {
				for _, f := range e.Frames {
					frames[f.Frame] = true
				}
				if e.Family == "identify" && e.Attribution != event.BySI6.String() {
					t.Errorf("%s: %s rests on %s, want si6", name, e.Rule, e.Attribution)
				}
			}
			if !frames[39] || !frames[43] {
				t.Errorf("%s: identity request (39) or reject (43) is not among the evidence: %v", name, frames)
			}
		case "280-01/125/37003":
			found++
			if c.Verdict < score.Unusual {
				t.Errorf("%s is %v (%v)", name, c.Verdict, c.Score)
			}
		default:
			if c.Verdict >= score.Suspicious {
				t.Errorf("%s is %v (%v)", name, c.Verdict, c.Score)
			}
		}
	}
	if found != 2 {
		t.Errorf("%d of the two cells found", found)
	}
}

// TestCorpusLedger: every frame of every capture is accounted for.
func TestCorpusLedger(t *testing.T) {
	f, err := os.Open(corpus(t, "MANIFEST.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	s.Scan()
	names := strings.Split(s.Text(), "\t")
	path, packets := slices.Index(names, "path"), slices.Index(names, "packets")
	files := 0
	for s.Scan() {
		cols := strings.Split(s.Text(), "\t")
		want, err := strconv.Atoi(cols[packets])
		if err != nil {
			continue // a label file
		}
		files++
		l := scan(t, corpus(t, cols[path])).Captures[0].Ledger
		if l.Frames != want || l.Sum() != want {
			t.Errorf("%s: %d frames, categories sum to %d, want %d", cols[path], l.Frames, l.Sum(), want)
		}
		reasons := 0
		for _, n := range l.UnsupportedByReason {
			reasons += n
		}
		if reasons != l.Unsupported {
			t.Errorf("%s: reasons sum to %d of %d unsupported", cols[path], reasons, l.Unsupported)
		}
	}
	if files < 50 {
		t.Errorf("only %d captures", files)
	}
	t.Logf("%d captures", files)
}

// TestCorpusCommercialCells judges the commercial cells of a survey: each scan is one
// capture in which every cell broadcast its system information twice.
func TestCorpusCommercialCells(t *testing.T) {
	f, err := os.Open(corpus(t, "vectors", "gsm_bcch_si_freiburg2012.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	scans := map[string][]string{}
	var order []string
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		cols := strings.Split(s.Text(), "\t")
		if strings.HasPrefix(s.Text(), "#") || cols[0] == "scan" {
			continue
		}
		if scans[cols[0]] == nil {
			order = append(order, cols[0])
		}
		scans[cols[0]] = append(scans[cols[0]], "BCCH "+cols[3]+": "+cols[2])
	}
	cells, alarms, unusual := 0, 0, 0
	for _, name := range order {
		lines := slices.Concat(scans[name], scans[name])
		frames, err := ruletest.Parse(strings.Join(lines, "\n"))
		if err != nil {
			t.Fatal(err)
		}
		judged, err := ruletest.Judge(frames, rule.All())
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range judged {
			if !j.Cell.ID.Known {
				continue
			}
			cells++
			v := verdictOf(j)
			if v >= score.Unusual {
				unusual++
				for _, f := range j.Findings {
					t.Logf("%s %v: %s %.2f %s", name, j.Cell.ID, f.Rule.ID, f.Weight, f.Evidence.Got)
				}
			}
			if v >= score.Suspicious {
				alarms++
				t.Errorf("%s: commercial cell %+v is %v", name, j.Cell.ID, v)
			}
		}
	}
	t.Logf("%d cells, %d suspicious or above, %d unusual or above", cells, alarms, unusual)
	if cells < 100 {
		t.Errorf("only %d cells", cells)
	}
}

func verdictOf(j engine.Judgement) score.Verdict {
	var s []score.Summand
	for _, f := range j.Findings {
		s = append(s, score.Summand{Family: f.Rule.Family, Weight: f.Weight})
	}
	return score.Of(score.Sum(s), len(j.Outcomes))
}

// TestCorpusAttachAttempts: a phone whose network turns it away attaches 43 times, in
// connections on C-RNTIs of a MAC capture.
func TestCorpusAttachAttempts(t *testing.T) {
	doc := scan(t, corpus(t, "captures", "EFForg__crocodilehunter", "data", "ue.pcap"))
	if len(doc.Cells) != 1 {
		t.Fatalf("%d cells, want 1", len(doc.Cells))
	}
	if n := doc.Cells[0].Sessions; n.Count != 43 || n.Rejected != 43 || n.Authenticated != 0 {
		t.Errorf("sessions %+v, want 43, all rejected", n)
	}
}

// TestCorpusNamedFaults: captures of a base station's log with one fault each show it in
// their evidence. The capture of ciphered NAS has no fault but what hides.
func TestCorpusNamedFaults(t *testing.T) {
	for name, want := range map[string]string{
		"enb_auth_failure":          "lte-authentication-failed",
		"enb_auth_failure_rand":     "lte-authentication-failed",
		"enb_auth_reject_correct":   "lte-authentication-rejected",
		"enb_mac_invalid":           "lte-code-implausible",
		"enb_nas_security_mismatch": "lte-security-refused",
		"enb_rrc_security_mismatch": "lte-algorithm-unoffered",
		"enb_nas_ciphering":         "lte-null-cipher-as",
	} {
		doc := scan(t, corpus(t, "captures", "thomasluijkman__4Gvisualiser", "input", name+".pcap"))
		found := false
		for _, c := range doc.Unattributed {
			for _, e := range c.Evidence {
				found = found || e.Rule == want
			}
		}
		if !found {
			t.Errorf("%s: no %s", name, want)
		}
	}
}

// TestCorpusBlaster: the laboratory's box that pushes short messages is told from every
// side that recorded it, its phones and messages counted once, and no other cell of the
// laboratory or of the phone logs hands out a message that raises anything.
func TestCorpusBlaster(t *testing.T) {
	type count struct{ phones, messages int }
	for name, want := range map[string]count{
		"gsm-osmo-rogue-smsblaster.um.pcap": {2, 4}, "gsm-osmo-rogue-smsblaster.ms.pcap": {2, 4},
		"gsm-osmo-rogue-smsblaster.btstap.pcap": {2, 4}, "gsm-mixed-ms-sequence.ms.pcap": {2, 4},
		"gsm-osmotrx-rogue.btstap.pcap": {1, 2}, "gsm-osmotrx-rogue.ms.pcap": {1, 2}, "gsm-osmotrx-rogue.trxcon.pcap": {1, 2},
		"gsm-grgsm-rogue-smsblast.dl.pcap": {1, 2}, // the downlink alone
	} {
		found := false
		for _, c := range scan(t, corpus(t, "lab", name)).Cells {
			if *c.PLMN != "520-03" || *c.Area != 64001 || *c.Cell != 12345 {
				if c.Verdict >= score.Suspicious || c.Profile != nil {
					t.Errorf("%s: %s/%d/%d is %v, profile %v", name, *c.PLMN, *c.Area, *c.Cell, c.Verdict, c.Profile)
				}
				continue
			}
			found = true
			if c.Verdict != score.Consistent || c.Profile == nil {
				t.Errorf("%s: %v, profile %v", name, c.Verdict, c.Profile)
				continue
			}
			p := c.Profile
			if got := (count{p.Phones, p.Messages}); p.Kind != "sms_blaster" || got != want || p.Unnamed != 0 {
				t.Errorf("%s: %s with %+v and %d connections of nobody, want %+v", name, p.Kind, got, p.Unnamed, want)
			}
			for _, s := range p.Stages {
				if len(s.Frames) == 0 || s.First == nil || s.Last == nil {
					t.Errorf("%s: stage %s without frames or time", name, s.Stage)
				}
			}
			for _, text := range p.Texts {
				if !slices.Equal(text.Hosts, []string{"example.invalid"}) || text.Sender != "BANK-INFO" {
					t.Errorf("%s: text of %q with hosts %q", name, text.Sender, text.Hosts)
				}
			}
			if len(p.Texts) != 2 {
				t.Errorf("%s: %d texts, want one in Thai and one in English", name, len(p.Texts))
			}
		}
		if !found {
			t.Errorf("%s: the cell was not found", name)
		}
	}

	var quiet []string
	for _, pattern := range []string{corpus(t, "lab") + "/gsm-*benign*.pcap", corpus(t, "captures", "P1sec__QCSuper", "docs", "sample_pcaps") + "/*.pcap"} {
		paths, err := filepath.Glob(pattern)
		if err != nil || len(paths) < 2 {
			t.Fatalf("%s: %d captures, %v", pattern, len(paths), err)
		}
		quiet = append(quiet, paths...)
	}
	messages := 0
	for _, path := range quiet {
		for _, c := range scan(t, path).Cells {
			if slices.Contains(c.Outcomes.Clear, "gsm-sms-unciphered") {
				messages++
			}
			for _, e := range c.Evidence {
				if e.Family == string(rule.Push) {
					t.Errorf("%s: %s on a cell of a genuine network: %s", path, e.Rule, e.Got)
				}
			}
		}
	}
	if messages < 3 {
		t.Errorf("only %d cells handed out a message that was judged", messages)
	}
}
