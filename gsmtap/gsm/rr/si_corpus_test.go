package rr

import (
	"bufio"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/arfcn"
)

// siVectors returns the rows of a file of the corpus, split at tabs, without
// comments. The corpus is not part of the repository: $FBSDETECT_CORPUS, else
// ../shared/corpus beside the root of the module. The test is skipped without it.
func siVectors(t *testing.T, name string) [][]string {
	t.Helper()
	dir := os.Getenv("FBSDETECT_CORPUS")
	if dir == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			if root == filepath.Dir(root) {
				t.Skip("no go.mod above the test: cannot find the corpus")
			}
			root = filepath.Dir(root)
		}
		dir = filepath.Join(root, "..", "shared", "corpus")
	}
	f, err := os.Open(filepath.Join(dir, "vectors", name))
	if err != nil {
		t.Skipf("corpus not found, set FBSDETECT_CORPUS: %v", err)
	}
	defer f.Close()
	var rows [][]string
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		if line := s.Text(); line != "" && line[0] != '#' {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// siOctets returns the message in a hexadecimal block that starts with the L2
// pseudo length.
func siOctets(t *testing.T, block string) []byte {
	t.Helper()
	b, err := hex.DecodeString(block)
	if err != nil || len(b) < 3 {
		t.Fatalf("bad vector %q: %v", block, err)
	}
	return b[1:]
}

// TestCorpusFreiburg decodes the system information that phones heard around
// Freiburg in 2012 and compares it with what the phone tool showed.
func TestCorpusFreiburg(t *testing.T) {
	type key struct{ scan, arfcn, bsic, lac, ci string }
	sets := map[key]*arfcn.Set{}
	var d Decoder
	n := 0
	for _, row := range siVectors(t, "gsm_bcch_si_freiburg2012.tsv") {
		if row[0] == "scan" {
			continue
		}
		n++
		m, err := d.Decode(siOctets(t, row[2]))
		if err != nil {
			t.Errorf("%s %s: %v", row[1], row[2], err)
			continue
		}
		if want := "System Information Type " + strings.TrimPrefix(row[1], "SI"); m.Name() != want {
			t.Errorf("%s: name %q, want %q", row[2], m.Name(), want)
		}
		k := key{row[0], row[3], row[4], row[7], row[8]}
		if sets[k] == nil {
			sets[k] = new(arfcn.Set)
		}
		switch m := m.(type) {
		case *SystemInformation2:
			sets[k].Union(&m.Neighbours.ARFCNs)
		case *SystemInformation2bis:
			sets[k].Union(&m.Neighbours.ARFCNs)
		case *SystemInformation2ter:
			sets[k].Union(&m.Neighbours.ARFCNs)
		case *SystemInformation3:
			if strconv.Itoa(int(m.LAI.LAC)) != row[7] || strconv.Itoa(int(m.CI)) != row[8] {
				t.Errorf("%s: LAC %d CI %d, want %s %s", row[2], m.LAI.LAC, m.CI, row[7], row[8])
			}
		case *SystemInformation4:
			if strconv.Itoa(int(m.LAI.LAC)) != row[7] {
				t.Errorf("%s: LAC %d, want %s", row[2], m.LAI.LAC, row[7])
			}
		}
	}
	t.Logf("%d messages", n)

	equal, different, without, unrecorded := 0, 0, 0, 0
	for _, row := range siVectors(t, "gsm_cells_freiburg2012.tsv") {
		if row[0] == "scan" {
			continue
		}
		got := sets[key{row[0], row[1], row[2], row[6], row[7]}]
		if got == nil {
			without++
			continue
		}
		var want arfcn.Set
		for _, s := range strings.Fields(row[10]) {
			v, err := strconv.Atoi(s)
			if err != nil {
				t.Fatal(err)
			}
			want.Add(v)
		}
		// The phone tool leaves the cell itself out of its neighbours, whether the cell
		// lists itself or not.
		own, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		if got.Remove(own); *got == want {
			equal++
			continue
		}
		if want.Empty() { // some scans hold the messages but no neighbours at all
			unrecorded++
			continue
		}
		different++
		t.Errorf("%v\n got %v\nwant %v", row[:8], got, want)
	}
	t.Logf("neighbours: %d cells equal, %d different, %d not recorded by the phone, %d without message", equal, different, unrecorded, without)
}

// TestCorpusOsmocom decodes what osmo-bsc encodes, and compares the number of
// frequencies over all instances of a System Information Type 2quater with what
// its test prints.
func TestCorpusOsmocom(t *testing.T) {
	counts := regexp.MustCompile(`generating SI2quater for (\d+) EARFCNs and (\d+) UARFCNs`)
	added := regexp.MustCompile(`added EARFCN (\d+)`)
	var d Decoder
	var earfcns []uint16
	n, uarfcns, cells, lists := 0, 0, 0, 0
	for _, row := range siVectors(t, "osmocom_gsm_si.tsv") {
		if row[0] == "repo" {
			continue
		}
		n++
		if strings.HasPrefix(row[2], "SI13 rest") {
			b, err := hex.DecodeString("0600" + row[3])
			if err != nil {
				t.Fatal(err)
			}
			var m SystemInformation13
			if err := m.Decode(b); err != nil {
				t.Errorf("%s: %v", row[3], err)
			}
			o := m.Rest.CellOptions
			if o.NMO != 1 || o.PacketUplinkWait().Milliseconds() != 2000 || o.ReleaseWait().Milliseconds() != 1500 ||
				o.DRXTimerMax != 3 || m.Rest.RAC != 3 || m.Rest.PowerControl.Alpha != 5 ||
				m.Rest.BCCHChangeMark != 1 || m.Rest.SPGCCCCHSup || m.Rest.PriorityAccessThr != 6 || m.Rest.Undecoded != 0 {
				t.Errorf("%s: %+v", row[4], m.Rest)
			}
			continue
		}
		block := row[3]
		if strings.HasPrefix(row[2], "SI5") {
			block = "49" + block // the vector has no L2 pseudo length
		}
		m, err := d.Decode(siOctets(t, block))
		if err != nil {
			t.Errorf("%s %s: %v", row[1], block, err)
			continue
		}
		s, ok := m.(*SystemInformation2quater)
		if !ok {
			continue
		}
		if s.Undecoded != 0 {
			t.Errorf("%s %s: %d bits undecoded", row[1], block, s.Undecoded)
		}
		if s.Index == 0 {
			earfcns, uarfcns, cells = earfcns[:0], 0, 0
		}
		for _, f := range s.EUTRAN.Frequencies() {
			earfcns = append(earfcns, f.EARFCN)
		}
		for _, f := range s.UTRAN.FDDFrequencies() {
			uarfcns++
			cells += len(f.Cells())
		}
		if s.Index != s.Count {
			continue
		}
		want := counts.FindStringSubmatch(row[4])
		if want == nil {
			t.Errorf("%s: no counts", row[1])
			continue
		}
		lists++
		if strconv.Itoa(len(earfcns)) != want[1] || strconv.Itoa(cells) != want[2] {
			t.Errorf("%s: %d EARFCNs %v, %d UARFCNs with %d cells, want %s and %s", row[1], len(earfcns), earfcns, uarfcns, cells, want[1], want[2])
		}
		if a := added.FindStringSubmatch(row[4]); a != nil {
			v, _ := strconv.Atoi(a[1])
			found := false
			for _, e := range earfcns {
				found = found || int(e) == v
			}
			if !found {
				t.Errorf("%s: EARFCN %d missing in %v", row[1], v, earfcns)
			}
		}
	}
	t.Logf("%d messages, %d complete lists", n, lists)
}

// TestCorpusScat decodes the system information among the GSMTAP packets of SCAT's
// tests.
func TestCorpusScat(t *testing.T) {
	var d Decoder
	n := 0
	for _, row := range siVectors(t, "scat_gsmtap.tsv") {
		if len(row) < 3 || !strings.HasPrefix(row[2], "020401") {
			continue // GSMTAP version 2 with 4 words of header, type Um
		}
		b, err := hex.DecodeString(row[2])
		if err != nil || len(b) < 20 || b[17]&15 != ProtocolDiscriminator || b[12] != 1 {
			continue // not a BCCH block
		}
		n++
		if m, err := d.Decode(b[17:]); err != nil || !strings.HasPrefix(m.Name(), "System Information") {
			t.Errorf("%s: %v, %v", row[2], m.Name(), err)
		}
	}
	t.Logf("%d messages", n)
}
