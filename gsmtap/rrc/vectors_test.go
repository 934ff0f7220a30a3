package rrc

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// vector is a message from the test vectors of other projects: of a channel, or of a
// type that no channel has.
type vector struct {
	where   string // file:line and label
	channel Channel
	rat     RAT
	pdu     string
	octets  []byte
}

// corpus returns the path of a file of the corpus.
func corpus(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("FBSDETECT_CORPUS")
	if dir == "" {
		dir = filepath.FromSlash("../../../shared/corpus")
	}
	path := filepath.Join(dir, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no corpus: %v", err)
	}
	return path
}

// row is a line of a table: its number and fields.
type row struct {
	n int
	f []string
}

// rows returns the lines of a table of vectors.
func rows(t testing.TB, name string) []row {
	t.Helper()
	text, err := os.ReadFile(corpus(t, "vectors/"+name))
	if err != nil {
		t.Fatal(err)
	}
	var lines []row
	for n, line := range strings.Split(string(text), "\n") {
		if line != "" && line[0] != '#' {
			lines = append(lines, row{n + 1, strings.Split(line, "\t")})
		}
	}
	return lines
}

// srsRAN says what the vectors of srsran4g_tests.tsv are, by function and variable. Of
// those of RRC v2x_test is left out: an SL-V2X-Preconfiguration-r14 is never sent.
var srsRAN = map[string]string{
	"test_mib_msg rrc_msg":                              "lte BCCH-BCH",
	"test_bcch_dl_sch_msg rrc_msg":                      "lte BCCH-DL-SCH",
	"test_bcch_dl_sch_msg2 rrc_msg":                     "lte BCCH-DL-SCH",
	"test_bcch_dl_sch_msg3 rrc_msg":                     "lte BCCH-DL-SCH",
	"test_dl_dcch_msg rrc_msg":                          "lte DL-DCCH",
	"ue_rrc_conn_recfg_r15_v10_test rrc_msg":            "lte DL-DCCH",
	"failed_dl_ccch_unpack rrc_msg":                     "lte DL-CCCH",
	"unrecognized_ext_group_test rrc_msg":               "lte BCCH-DL-SCH",
	"test_rrc_conn_reconf_r15_2 rrc_msg":                "lte DL-DCCH",
	"test_rrc_conn_reconf_v2 rrc_msg":                   "lte DL-DCCH",
	"test_rrc_conn_reconf_r15_3 rrc_msg":                "lte DL-DCCH",
	"test_rrc_setup_complete msg":                       "nr UL-DCCH",
	"test_ue_mrdc_capabilities msg":                     "nr UE-MRDC-Capability",
	"test_ue_rrc_reconfiguration rrc_msg":               "nr RRCReconfiguration",
	"test_radio_bearer_config rrc_msg":                  "nr RadioBearerConfig",
	"test_cell_group_config_tdd cell_group_config_raw":  "nr CellGroupConfig",
	"test_cell_group_config_fdd cell_group_config_raw":  "nr CellGroupConfig",
	"rrc_conn_setup_test1 rrc_msg":                      "lte DL-CCCH",
	"rrc_conn_reconfig_ho_test1 rrc_msg":                "lte DL-DCCH",
	"rrc_ue_cap_enquiry_test rrc_msg":                   "lte DL-DCCH",
	"rrc_ue_cap_information_test rrc_msg":               "lte UL-DCCH",
	"meas_obj_test rrc_msg":                             "lte DL-DCCH",
	"test_meas_config tv":                               "lte DL-DCCH",
	"rrc_nsa_reconfig_tdd_test msg":                     "lte DL-DCCH",
	"rrc_nsa_reconfig_fdd_test msg":                     "lte DL-DCCH",
	"rrc_nr_sib1_decoding_test msg":                     "nr BCCH-DL-SCH",
	"rrc_nr_setup_test msg":                             "nr DL-CCCH",
	"rrc_nr_reconfig_test msg":                          "nr DL-DCCH",
	" asn1_msg":                                         "lte BCCH-DL-SCH",
	"bring_rrc_to_reconf_state rrc_conn_request":        "lte UL-CCCH",
	"bring_rrc_to_reconf_state rrc_conn_setup_complete": "lte UL-DCCH",
	"bring_rrc_to_reconf_state ue_cap_info":             "lte UL-DCCH",
	"test_s1ap_mobility meas_report":                    "lte UL-DCCH",
	"test_s1ap_mobility ho_cmd_rrc_container":           "lte HandoverCommand",
	"test_s1ap_tenb_mobility ho_prep_container":         "lte HandoverPreparationInformation",
	"test_intraenb_mobility meas_report":                "lte UL-DCCH",
}

// vectors returns all vectors of RRC in the corpus.
func vectors(t testing.TB) []vector {
	t.Helper()
	var all []vector
	add := func(where, label, octets string) {
		v := vector{where: where + " " + label}
		rat, name, _ := strings.Cut(label, " ")
		for v.rat = LTE; v.rat.String() != rat; v.rat++ {
		}
		if c, ok := ParseChannel(v.rat, name); ok {
			v.channel = c
		} else {
			v.pdu = name
		}
		var err error
		if v.octets, err = hex.DecodeString(octets); err != nil {
			t.Fatalf("%s: %v", where, err)
		}
		all = append(all, v)
	}
	for _, r := range rows(t, "scat_gsmtap.tsv") {
		// GSMTAP version 2 has 16 octets with the sub-type in the 12th; version 3 a 16-bit
		// type and sub-type, and in these rows ends its header with fffe.
		b, err := hex.DecodeString(r.f[2])
		if err != nil || len(b) < 16 {
			continue
		}
		at := fmt.Sprintf("scat_gsmtap:%d", r.n)
		words := int(b[1])
		switch {
		case b[0] == 2 && b[2] == 13:
			add(at, "lte "+gsmtapLTE[b[12]], r.f[2][8*words:])
		case b[0] == 2 && b[2] == 12:
			add(at, "umts "+gsmtapUMTS[b[12]], r.f[2][8*words:])
		case b[0] == 3 && b[4] == 5 && b[5] == 3:
			_, message, _ := strings.Cut(r.f[2][16:], "fffe")
			add(at, "nr "+gsmtapNR[b[7]], message)
		}
	}
	for _, r := range rows(t, "srsran4g_tests.tsv") {
		if label := srsRAN[r.f[1]+" "+r.f[2]]; label != "" {
			if strings.Contains(r.f[0], "rrc_meas_test.cc") && r.f[1] == "meas_obj_test" {
				label = "lte UL-DCCH"
			}
			add(fmt.Sprintf("srsran4g_tests:%d", r.n), label, r.f[3])
		}
	}
	for _, r := range rows(t, "rayhunter_tests.tsv") {
		switch {
		case strings.HasPrefix(r.f[0], "LTE RRC BCCH-DL-SCH"):
			add(fmt.Sprintf("rayhunter_tests:%d", r.n), "lte BCCH-DL-SCH", r.f[1])
		case strings.HasPrefix(r.f[0], "LTE RRC UL/DL"): // it is a Paging
			add(fmt.Sprintf("rayhunter_tests:%d", r.n), "lte PCCH", r.f[1])
		}
	}
	for _, r := range rows(t, "sni5gect_nr.tsv") {
		switch r.f[0] {
		case "sib1":
			add(fmt.Sprintf("sni5gect_nr:%d", r.n), "nr BCCH-DL-SCH", r.f[2])
		case "rrc_setup":
			add(fmt.Sprintf("sni5gect_nr:%d", r.n), "nr DL-CCCH", r.f[2])
		}
	}
	for _, r := range rows(t, "pycrate_tests.tsv") {
		at := fmt.Sprintf("pycrate_tests:%d", r.n)
		switch {
		case strings.HasPrefix(r.f[0], "pkts_rrc3g"):
			_, name, _ := strings.Cut(strings.TrimSuffix(r.f[1], ")"), "(")
			if name == "" || strings.Contains(name, " ") {
				name = "DL-DCCH"
			}
			add(at, "umts "+name, r.f[2])
		case r.f[0] == "pkts_rrc_nr":
			add(at, "nr CG-ConfigInfo", r.f[2])
		case r.f[0] == "pkts_nbiot":
			add(at, "lte BCCH-DL-SCH-NB", r.f[2])
		}
	}
	return all
}

// The sub-types of GSMTAP that occur in the vectors.
var (
	gsmtapLTE = map[byte]string{
		0: "DL-CCCH", 1: "DL-DCCH", 2: "UL-CCCH", 3: "UL-DCCH", 4: "BCCH-BCH", 5: "BCCH-DL-SCH", 6: "PCCH", 16: "UL-CCCH-NB",
	}
	gsmtapUMTS = map[byte]string{8: "BCCH-BCH", 54: "SysInfoType19"}
	gsmtapNR   = map[byte]string{1: "BCCH-BCH", 2: "BCCH-DL-SCH", 3: "DL-CCCH", 4: "DL-DCCH", 7: "UL-CCCH", 9: "UL-DCCH"}
)

// exceptions are the vectors that do not decode, and why.
var exceptions = map[string]string{
	"srsran4g_tests:20 nr CellGroupConfig": "the array leaves out the zero octet at the end",
	"srsran4g_tests:54 lte DL-DCCH":        "the array leaves out the zero octet at the end",
}

// decode decodes v.
func (v *vector) decode(d *Decoder) (uper.Value, error) {
	if v.pdu != "" {
		return d.decoder(v.rat).Decode(v.pdu, v.octets)
	}
	m, err := d.Decode(v.channel, v.octets)
	return m.Tree, err
}

// TestVectors decodes the messages that other projects test with, what they contain
// too, and encodes them again to the same bits.
func TestVectors(t *testing.T) {
	var d Decoder
	counts := map[RAT]int{}
	inner, trailing := 0, 0
	for _, v := range vectors(t) {
		tree, err := v.decode(&d)
		if why := exceptions[v.where]; why != "" {
			if !errors.Is(err, wire.ErrShort) {
				t.Errorf("%s: error %v, want one because %s", v.where, err, why)
			}
			v.octets = append(v.octets, 0)
			tree, err = v.decode(&d)
		}
		if err != nil {
			t.Errorf("%s: %v", v.where, err)
			continue
		}
		dec := d.decoder(v.rat)
		encoded, err := dec.Encode(nil, tree)
		if err != nil || !sameBits(encoded, v.octets, tree.Bits()) {
			t.Errorf("%s: encoded again to %x, %v", v.where, encoded, err)
		}
		if err := containedErr(tree); err != nil {
			t.Errorf("%s: contained: %v", v.where, err)
		}
		rest := dec.Rest()
		if over := 8*len(v.octets) - tree.Bits(); over >= 8 && rest.TrailingBits == 0 && tree.Bits() != 0 {
			t.Errorf("%s: %d bits behind the message are not recorded", v.where, over)
		}
		if rest.UnknownExtensions > 0 {
			t.Errorf("%s: %d unknown extensions", v.where, rest.UnknownExtensions)
		}
		if rest.TrailingBits > 0 {
			trailing++
		}
		counts[v.rat]++
		if v.pdu != "" {
			continue
		}
		for i := range d.Inner() {
			inner++
			if over := 8*len(i.Field.Octets()) - i.Value.Bits(); i.Err != nil || over < 0 || over > 7 {
				t.Errorf("%s: %s in %s: %v, %d bits over", v.where, i.PDU, i.Field.Name(), i.Err, over)
			}
		}
	}
	t.Logf("%v messages, %d of them padded by octets, %d more inside them; %d needed an octet", counts, trailing, inner, len(exceptions))
}

// containedErr returns the first failure of contained messages below v.
func containedErr(v uper.Value) error {
	for c := v.First(); c.Present(); c = c.Next() {
		if err := containedErr(c); err != nil {
			return err
		}
	}
	if c := v.Contained(); c.Present() {
		if err := containedErr(c); err != nil {
			return err
		}
	}
	return v.ContainedErr()
}

// sameBits reports whether a and b begin with the same n bits.
func sameBits(a, b []byte, n int) bool {
	if len(a) < (n+7)/8 || len(b) < (n+7)/8 || !bytes.Equal(a[:n/8], b[:n/8]) {
		return false
	}
	return n%8 == 0 || (a[n/8]^b[n/8])>>(8-n%8) == 0
}

// TestDamaged decodes every prefix of the vectors and copies with three bits turned
// over: no panic, and errors have a place inside the message.
func TestDamaged(t *testing.T) {
	var d Decoder
	rng := rand.New(rand.NewPCG(1, 2))
	decodes, failures := 0, 0
	check := func(v vector) {
		_, err := v.decode(&d)
		decodes++
		if err == nil {
			return
		}
		failures++
		var de *wire.DecodeError
		if !errors.As(err, &de) || de.Offset < 0 || de.Offset > len(v.octets) {
			t.Fatalf("%s: error %v of %d octets %x", v.where, err, len(v.octets), v.octets)
		}
	}
	for _, v := range vectors(t) {
		whole := v.octets
		for n := 0; n < len(whole); n += 1 + n/128 {
			v.octets = whole[:n]
			check(v)
		}
		for range 200 {
			v.octets = bytes.Clone(whole)
			for range 3 {
				at := rng.IntN(8 * len(whole))
				v.octets[at/8] ^= 1 << (at % 8)
			}
			check(v)
			if v.pdu == "" {
				for range d.Inner() {
				}
			}
		}
	}
	t.Logf("%d decodes, %d of them with an error", decodes, failures)
}
