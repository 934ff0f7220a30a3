package rrc

import (
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

// rows returns the lines of a table of vectors and their fields.
func rows(t testing.TB, name string) map[int][]string {
	t.Helper()
	text, err := os.ReadFile(corpus(t, "vectors/"+name))
	if err != nil {
		t.Fatal(err)
	}
	lines := map[int][]string{}
	for n, line := range strings.Split(string(text), "\n") {
		if line != "" && line[0] != '#' {
			lines[n+1] = strings.Split(line, "\t")
		}
	}
	return lines
}

// srsRAN says what the vectors of srsran4g_tests.tsv are, by function and variable.
var srsRAN = map[string]string{
	"test_mib_msg rrc_msg":                               "lte BCCH-BCH",
	"test_bcch_dl_sch_msg rrc_msg":                       "lte BCCH-DL-SCH",
	"test_bcch_dl_sch_msg2 rrc_msg":                      "lte BCCH-DL-SCH",
	"test_bcch_dl_sch_msg3 rrc_msg":                      "lte BCCH-DL-SCH",
	"test_dl_dcch_msg rrc_msg":                           "lte DL-DCCH",
	"ue_rrc_conn_recfg_r15_v10_test rrc_msg":             "lte DL-DCCH",
	"failed_dl_ccch_unpack rrc_msg":                      "lte DL-CCCH",
	"unrecognized_ext_group_test rrc_msg":                "lte BCCH-DL-SCH",
	"v2x_test rrc_msg":                                   "lte DL-DCCH",
	"test_rrc_conn_reconf_r15_2 rrc_msg":                 "lte DL-DCCH",
	"test_rrc_conn_reconf_v2 rrc_msg":                    "lte DL-DCCH",
	"test_rrc_conn_reconf_r15_3 rrc_msg":                 "lte DL-DCCH",
	"test_rrc_setup_complete msg":                        "nr UL-DCCH",
	"test_ue_mrdc_capabilities msg":                      "nr UE-MRDC-Capability",
	"test_ue_rrc_reconfiguration rrc_msg":                "nr RRCReconfiguration",
	"test_radio_bearer_config rrc_msg":                   "nr RadioBearerConfig",
	"test_cell_group_config_tdd cell_group_config_raw":   "nr CellGroupConfig",
	"test_cell_group_config_fdd cell_group_config_raw":   "nr CellGroupConfig",
	"rrc_conn_setup_test1 rrc_msg":                       "lte DL-CCCH",
	"rrc_conn_reconfig_ho_test1 rrc_msg":                 "lte DL-DCCH",
	"rrc_ue_cap_enquiry_test rrc_msg":                    "lte DL-DCCH",
	"rrc_ue_cap_information_test rrc_msg":                "lte UL-DCCH",
	"meas_obj_test rrc_msg":                              "lte DL-DCCH",
	"test_meas_config tv":                                "lte DL-DCCH",
	"rrc_nsa_reconfig_tdd_test msg":                      "lte DL-DCCH",
	"rrc_nsa_reconfig_fdd_test msg":                      "lte DL-DCCH",
	"rrc_nr_sib1_decoding_test msg":                      "nr BCCH-DL-SCH",
	"rrc_nr_setup_test msg":                              "nr DL-CCCH",
	"rrc_nr_reconfig_test msg":                           "nr DL-DCCH",
	" asn1_msg":                                          "lte BCCH-DL-SCH",
	"bring_rrc_to_reconf_state rrc_conn_request":         "lte UL-CCCH",
	"bring_rrc_to_reconf_state rrc_conn_setup_complete":  "lte UL-DCCH",
	"bring_rrc_to_reconf_state ue_cap_info":              "lte UL-DCCH",
	"test_s1ap_mobility meas_report":                     "lte UL-DCCH",
	"test_s1ap_mobility ho_cmd_rrc_container":            "lte HandoverCommand",
	"test_s1ap_tenb_mobility ho_prep_container":          "lte HandoverPreparationInformation",
	"test_intraenb_mobility meas_report":                 "lte UL-DCCH",
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
	for n, f := range rows(t, "scat_gsmtap.tsv") {
		// GSMTAP version 2 has 16 octets with the sub-type in the 12th; version 3, in these
		// rows, 32-bit words and a 16-bit type and sub-type.
		b, err := hex.DecodeString(f[2])
		if err != nil || len(b) < 16 {
			continue
		}
		at := fmt.Sprintf("scat_gsmtap:%d", n)
		words := int(b[1])
		switch {
		case b[0] == 2 && b[2] == 13:
			add(at, "lte "+gsmtapLTE[b[12]], f[2][8*words:])
		case b[0] == 2 && b[2] == 12:
			add(at, "umts "+gsmtapUMTS[b[12]], f[2][8*words:])
		case b[0] == 3 && b[4] == 5 && b[5] == 3:
			add(at, "nr "+gsmtapNR[b[7]], f[2][8*(int(b[2])<<8|int(b[3])):])
		}
	}
	for n, f := range rows(t, "srsran4g_tests.tsv") {
		if label := srsRAN[f[1]+" "+f[2]]; label != "" {
			if strings.Contains(f[0], "rrc_meas_test.cc") && f[1] == "meas_obj_test" {
				label = "lte UL-DCCH"
			}
			add(fmt.Sprintf("srsran4g_tests:%d", n), label, f[3])
		}
	}
	for n, f := range rows(t, "rayhunter_tests.tsv") {
		switch {
		case strings.HasPrefix(f[0], "LTE RRC BCCH-DL-SCH"):
			add(fmt.Sprintf("rayhunter_tests:%d", n), "lte BCCH-DL-SCH", f[1])
		case strings.HasPrefix(f[0], "LTE RRC"):
			add(fmt.Sprintf("rayhunter_tests:%d", n), "lte UL-DCCH", f[1])
		}
	}
	for n, f := range rows(t, "sni5gect_nr.tsv") {
		switch f[0] {
		case "sib1":
			add(fmt.Sprintf("sni5gect_nr:%d", n), "nr BCCH-DL-SCH", f[2])
		case "rrc_setup":
			add(fmt.Sprintf("sni5gect_nr:%d", n), "nr DL-CCCH", f[2])
		}
	}
	for n, f := range rows(t, "pycrate_tests.tsv") {
		at := fmt.Sprintf("pycrate_tests:%d", n)
		switch {
		case strings.HasPrefix(f[0], "pkts_rrc3g"):
			_, name, _ := strings.Cut(strings.TrimSuffix(f[1], ")"), "(")
			if name == "" || strings.Contains(name, " ") {
				name = "DL-DCCH"
			}
			add(at, "umts "+name, f[2])
		case f[0] == "pkts_rrc_nr":
			add(at, "nr UE-NR-Capability", f[2])
		case f[0] == "pkts_nbiot":
			add(at, "lte UL-DCCH-NB", f[2])
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

// decode decodes v and encodes it again.
func (v *vector) decode(d *Decoder) (tree uper.Value, encoded []byte, err error) {
	if v.pdu != "" {
		dec := d.decoder(v.rat)
		if tree, err = dec.Decode(v.pdu, v.octets); err != nil {
			return tree, nil, err
		}
		encoded, err = dec.Encode(nil, tree)
		return tree, encoded, err
	}
	m, err := d.Decode(v.channel, v.octets)
	if err != nil {
		return m.Tree, nil, err
	}
	encoded, err = d.Encode(nil)
	return m.Tree, encoded, err
}

func TestVectors(t *testing.T) {
	var d Decoder
	counts := map[RAT]int{}
	for _, v := range vectors(t) {
		tree, encoded, err := v.decode(&d)
		if err != nil {
			t.Errorf("%s: %v\n%x", v.where, err, v.octets)
			continue
		}
		name := v.pdu
		rest := d.decoder(v.rat).Rest()
		if v.pdu==""{name=d.message.Name()}
		t.Log(v.where, name, tree.Bits(), 8*len(v.octets), rest)
		if !sameBits(encoded, v.octets, tree.Bits()) {
			t.Errorf("%s: encoded\n%x, was\n%x", v.where, encoded, v.octets)
		}
		if err:=containedErr(tree); err!=nil { t.Errorf("%s: contained %v", v.where, err)}
		if v.pdu=="" { for i:=range d.Inner(){ t.Log("   inner",i.PDU,i.Err,i.Value.Bits(), 8*len(i.Field.Octets()))} }
		counts[v.rat]++
	}
	t.Logf("decoded and encoded again: %v", counts)
	_ = errors.Is
	_ = wire.ErrShort
	_ = rand.N[int]
}
func containedErr(v uper.Value) error {
	for c:=v.First();c.Present();c=c.Next(){ if err:=c.ContainedErr();err!=nil{return err}; if err:=containedErr(c);err!=nil{return err}}
	if c:=v.Contained();c.Present(){return containedErr(c)}
	return nil
}

// sameBits reports whether a and b begin with the same n bits.
func sameBits(a, b []byte, n int) bool {
	if len(a) < (n+7)/8 || len(b) < (n+7)/8 {
		return false
	}
	for i := range n / 8 {
		if a[i] != b[i] {
			return false
		}
	}
	return n%8 == 0 || (a[n/8]^b[n/8])>>(8-n%8) == 0
}
