package rrc_test

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
	lterrc "github.com/fbsdetect/fbsdetect/gsmtap/lte/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// corpus returns a path below the corpus, which FBSDETECT_CORPUS names, or skips.
func corpus(t *testing.T, path ...string) string {
	t.Helper()
	root := os.Getenv("FBSDETECT_CORPUS")
	if root == "" {
		root = "../../../../shared/corpus"
	}
	p := filepath.Join(append([]string{root}, path...)...)
	if _, err := os.Stat(p); err != nil {
		t.Skip("no corpus of captures: set FBSDETECT_CORPUS")
	}
	return p
}

// rows reads a table of tab-separated values without its comments.
func rows(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out [][]string
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		if !strings.HasPrefix(s.Text(), "#") {
			out = append(out, strings.Split(s.Text(), "\t"))
		}
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// ofGSMTAP returns class and octets of an LTE RRC message in a GSMTAP packet of
// version 2, whose sub-types have the order of the package's channels.
func ofGSMTAP(b []byte) (rrc.Channel, []byte) {
	const lteRRC, channels = 13, 23
	if len(b) < 16 || b[0] != 2 || b[2] != lteRRC || b[12] >= channels || 4*int(b[1]) > len(b) {
		return rrc.UnknownChannel, nil
	}
	return rrc.DLCCCH + rrc.Channel(b[12]), b[4*int(b[1]):]
}

// packets calls f for every LTE RRC message that a capture has in GSMTAP.
func packets(t *testing.T, path string, f func(frame int, c rrc.Channel, b []byte)) {
	t.Helper()
	r, err := capture.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	u := capture.NewUnwrapper(capture.Options{})
	for {
		fr, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if p := u.Unwrap(fr); p.Kind == capture.KindGSMTAP {
			if c, b := ofGSMTAP(p.Data); c != rrc.UnknownChannel {
				f(fr.Number, c, b)
			}
		}
	}
}

// captures lists the captures of the corpus with LTE RRC in GSMTAP.
func captures(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, dir := range []string{"P1sec__QCSuper", "derived_scat", "roastedbeans__modi-parser", "ZeroChaos-__rayhunter-traces", "sfikouris__catch_the_catcher"} {
		err := filepath.WalkDir(corpus(t, "captures", dir), func(path string, d os.DirEntry, err error) error {
			if err == nil && (strings.HasSuffix(path, ".pcap") || strings.HasSuffix(path, ".pcapng")) {
				out = append(out, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// matches reports whether digits, as tshark shows a PLMN list, are those of plmns,
// where an entry may leave out the country code of the one before.
func matches(digits string, plmns []lterrc.PLMNInfo) bool {
	for i, p := range plmns {
		s := strings.ReplaceAll(p.PLMN.String(), "-", "")
		if s == "" {
			return false
		}
		rest, ok := strings.CutPrefix(digits, s)
		if !ok && i > 0 {
			rest, ok = strings.CutPrefix(digits, s[3:])
		}
		if !ok {
			return false
		}
		digits = rest
	}
	return digits == ""
}

// TestCorpusSIB1 compares every SIB1 that tshark found in GSMTAP captures.
func TestCorpusSIB1(t *testing.T) {
	want := map[string]map[int][]string{}
	total := 0
	for _, row := range rows(t, corpus(t, "vectors", "oracle_cells_tshark.tsv")) {
		if row[1] != "LTE_SIB1" || row[2] == "" { // MAC captures have no ARFCN
			continue
		}
		n, err := strconv.Atoi(row[8])
		if err != nil {
			t.Fatal(err)
		}
		if want[row[0]] == nil {
			want[row[0]] = map[int][]string{}
		}
		want[row[0]][n] = row
		total++
	}
	var d rrc.Decoder
	equal := 0
	for path, cells := range want {
		packets(t, corpus(t, path), func(frame int, c rrc.Channel, b []byte) {
			row := cells[frame]
			if row == nil {
				return
			}
			m, err := d.Decode(c, b)
			if err != nil {
				t.Errorf("%s frame %d: %v", path, frame, err)
				return
			}
			var s lterrc.SIB1
			s.Read(m.Body)
			got := fmt.Sprintf("%04x %08x barred=%d qRxLevMin=%d band=%d nSI=%d", s.TAC, s.ECI<<4, 1-bit(s.Barred), s.QRxLevMin, min(s.Band, 64), s.SIMessages)
			if expect := strings.Join(row[4:7], " "); got != expect || !matches(row[3], s.PLMNs[:s.PLMNCount]) {
				t.Errorf("%s frame %d:\n got %v %s\nwant %s %s", path, frame, s.PLMNs[:s.PLMNCount], got, row[3], expect)
				return
			}
			equal++
		})
	}
	t.Logf("%d of %d rows equal", equal, total)
	if equal != total || total < 500 {
		t.Errorf("%d of %d rows equal", equal, total)
	}
}

// found is what a message has, by the names of tshark's fields without their prefix:
// values in the order of the message.
type found map[string][]string

func (f found) add(name string, v any) { f[name] = append(f[name], fmt.Sprint(v)) }

func (f found) optional(name string, present bool, v any) {
	if present {
		f.add(name, v)
	}
}

func (f found) set(name string, v bool) { f.optional(name, v, 0) } // ENUMERATED {true}

// at returns the element of a table that tshark's number of an ENUMERATED value
// stands for.
func at(values ...int) func(string) string {
	return func(s string) string {
		if n, err := strconv.Atoi(s); err == nil && n < len(values) {
			return strconv.Itoa(values[n])
		}
		return "?" + s
	}
}

func linear(k, c int) func(string) string {
	return func(s string) string {
		if n, err := strconv.Atoi(s); err == nil {
			return strconv.Itoa(k*n + c)
		}
		return "?" + s
	}
}

func same(s string) string { return s }

// number takes a BIT STRING, which tshark fills up with zeros to the octet, as a
// number of n bits.
func number(n int) func(string) string {
	return func(s string) string {
		v, err := strconv.ParseUint(s, 16, 64)
		if err != nil {
			return "?" + s
		}
		return strconv.FormatUint(v>>(4*len(s)-n), 10)
	}
}

func name(values ...string) func(string) string {
	return func(s string) string {
		if n, err := strconv.Atoi(s); err == nil && n < len(values) {
			return values[n]
		}
		return "?" + s
	}
}

var (
	twice     = linear(2, 0)
	bandwidth = at(6, 15, 25, 50, 75, 100)
	offset    = at(-24, -22, -20, -18, -16, -14, -12, -10, -8, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24)
)

// fields are the fields compared, with the conversion of tshark's value into the
// unit of the views.
var fields = map[string]func(string) string{
	"dl_Bandwidth": bandwidth, "phich_Duration": same, "phich_Resource": at(1, 3, 6, 12), "systemFrameNumber": number(8), "schedulingInfoSIB1_BR_r13": same,
	"RAT_Type": name("eutra", "utra", "geran-cs", "geran-ps", "cdma2000-1XRTT", "nr", "eutra-nr"), "rat_Type": name("eutra", "utra", "geran-cs", "geran-ps", "cdma2000-1XRTT", "nr", "eutra-nr"),
	"SIB_Type": at(3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 24, 25, 26, 33, 27, 28, 29), "SIB_Type_v12j0": at(19, 20, 21, 24, 25, 26, 33, 27, 28, 29, 30, 31, 32, 63, 63, 63), "cellReservedForOperatorUse": same,
	"trackingAreaCode": number(16), "cellIdentity": number(28), "cellBarred": same, "intraFreqReselection": same,
	"csg_Identity": number(27), "q_RxLevMin": twice, "q_RxLevMinOffset": twice, "p_Max": same,
	"freqBandIndicator": same, "freqBandIndicator_v9e0": same, "FreqBandIndicator": same,
	"si_Periodicity": at(8, 16, 32, 64, 128, 256, 512), "si_WindowLength": at(1, 2, 5, 10, 15, 20, 40), "systemInfoValueTag": same,
	"subframeAssignment": same, "specialSubframePatterns": same, "q_QualMin_r9": same, "q_QualMinOffset_r9": same,
	"ims_EmergencySupport_r9": same, "q_QualMinWB_r11": same, "freqBandIndicatorPriority_r12": same,

	"rootSequenceIndex": same, "prach_ConfigIndex": same, "zeroCorrelationZoneConfig": same, "prach_FreqOffset": same,
	"preambleInitialReceivedTargetPower": linear(2, -120), "powerRampingStep": twice,
	"preambleTransMax": at(3, 4, 5, 6, 7, 8, 10, 20, 50, 100, 200), "ra_ResponseWindowSize": at(2, 3, 4, 5, 6, 7, 8, 10),
	"mac_ContentionResolutionTimer": linear(8, 8), "maxHARQ_Msg3Tx": same, "numberOfRA_Preambles": linear(4, 4),
	"modificationPeriodCoeff": at(2, 4, 8, 16), "defaultPagingCycle": at(32, 64, 128, 256), "nB": at(128, 64, 32, 16, 8, 4, 2, 1),
	"referenceSignalPower": same, "p_b": same, "n_SB": same, "pusch_HoppingOffset": same,
	"nRB_CQI": same, "nCS_AN": same, "n1PUCCH_AN": same, "deltaPUCCH_Shift": linear(1, 1),
	"p0_NominalPUSCH": same, "alpha": at(0, 4, 5, 6, 7, 8, 9, 10), "p0_NominalPUCCH": same, "deltaPreambleMsg3": twice,
	"ul_CyclicPrefixLength": same,
	"t300":                  at(100, 200, 300, 400, 600, 1000, 1500, 2000), "t301": at(100, 200, 300, 400, 600, 1000, 1500, 2000),
	"t310": at(0, 50, 100, 200, 500, 1000, 2000), "n310": at(1, 2, 3, 4, 6, 8, 10, 20),
	"t311": at(1000, 3000, 5000, 10000, 15000, 20000, 30000), "n311": at(1, 2, 3, 4, 5, 6, 8, 10),
	"ul_CarrierFreq": same, "ul_Bandwidth": bandwidth, "additionalSpectrumEmission": same,
	"timeAlignmentTimerCommon": at(500, 750, 1280, 1920, 2560, 5120, 10240, 0),
	"ac_BarringFactor":         at(0, 5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 75, 80, 85, 90, 95), "ac_BarringTime": at(4, 8, 16, 32, 64, 128, 256, 512),
	"ac_BarringForSpecialAC": number(5),

	"q_Hyst": at(0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24), "s_NonIntraSearch": twice, "threshServingLow": twice,
	"cellReselectionPriority": same, "s_IntraSearch": twice, "allowedMeasBandwidth": bandwidth, "t_ReselectionEUTRA": same,
	"s_IntraSearchP_r9": twice, "s_IntraSearchQ_r9": same, "s_NonIntraSearchP_r9": twice, "s_NonIntraSearchQ_r9": same,
	"threshServingLowQ_r9": same, "physCellId": same, "q_OffsetCell": offset, "start": same,
	"range":          at(4, 8, 12, 16, 24, 32, 48, 64, 84, 96, 128, 168, 252, 504),
	"dl_CarrierFreq": same, "dl_CarrierFreq_v9e0": same, "threshX_High": twice, "threshX_Low": twice, "q_OffsetFreq": offset,
	"threshX_HighQ_r9": same, "threshX_LowQ_r9": same, "t_ReselectionUTRA": same, "carrierFreq": same, "carrierFreq_v9e0": same, "utra_q_RxLevMin": linear(2, 1),
	"p_MaxUTRA": same, "q_QualMin": same, "t_ReselectionGERAN": same, "startingARFCN": same, "bandIndicator": same,
	"ncc_Permitted": number(8), "geran_q_RxLevMin": linear(2, -115), "p_MaxGERAN": same,
	"carrierFreq_r15": same, "threshX_High_r15": twice, "threshX_Low_r15": twice, "q_RxLevMin_r15": twice, "cellReselectionPriority_r15": same,
	"t_ReselectionNR_r15": same,

	"mmec": number(8), "m_TMSI": number(32), "IMSI_Digit": same, "cn_Domain": same, "systemInfoModification": same, "etws_Indication": same,
	"cmas_Indication_r9": same, "randomValue": number(40),
	"establishmentCause":    name("emergency", "highPriorityAccess", "mt-Access", "mo-Signalling", "mo-Data", "delayTolerantAccess-v1020", "mo-VoiceCall-v1280", "spare1"),
	"selectedPLMN_Identity": same, "mmegi": number(16), "DedicatedInfoNAS": same, "dedicatedInfoNAS": same,
	"waitTime": same, "extendedWaitTime_r10": same, "deprioritisationTimer_r11": at(5, 10, 15, 30),
	"releaseCause": name("loadBalancingTAUrequired", "other", "cs-FallbackHighPriority-v1020", "rrc-Suspend-v1320"),
	"eutra":        same, "utra_FDD": same, "t320": at(5, 10, 20, 30, 60, 120, 180),
	"c_RNTI": number(16), "shortMAC_I": number(16), "reestablishmentCause": name("reconfigurationFailure", "handoverFailure", "otherFailure", "spare1"),
	"nextHopChainingCount": same, "cipheringAlgorithm": same, "integrityProtAlgorithm": same,
	"targetPhysCellId": same, "newUE_Identity": number(16), "t304": at(50, 100, 150, 200, 500, 1000, 2000, 10000),
	"measObjectId": same, "reportConfigId": same, "measId": same, "maxReportCells": same,
	"reportInterval": at(120, 240, 480, 640, 1024, 2048, 5120, 10240, 60000, 360000, 720000, 1800000, 3600000),
	"s_Measure":      linear(1, -140), "reportAmount": at(1, 2, 4, 8, 16, 32, 64, 0), "keyChangeIndicator": same, "sk_Counter_r15": same,
	"includeLocationInfo_r10": same, "rsrpResult": linear(1, -140), "rsrqResult": same,
}

// kinds are the fields compared in each message: those that it has nowhere but where
// its view looks.
var kinds = map[string][]string{
	"MasterInformationBlock":  {"dl_Bandwidth", "phich_Duration", "phich_Resource", "systemFrameNumber", "schedulingInfoSIB1_BR_r13"},
	"UECapabilityEnquiry":     {"RAT_Type"},
	"UECapabilityInformation": {"rat_Type"},
	"SystemInformationBlockType1": {"SIB_Type", "cellReservedForOperatorUse", "trackingAreaCode", "cellIdentity", "cellBarred", "intraFreqReselection", "csg_Identity", "q_RxLevMin",
		"q_RxLevMinOffset", "p_Max", "freqBandIndicator", "freqBandIndicator_v9e0", "FreqBandIndicator", "si_Periodicity", "si_WindowLength",
		"systemInfoValueTag", "subframeAssignment", "specialSubframePatterns", "q_QualMin_r9", "q_QualMinOffset_r9", "ims_EmergencySupport_r9",
		"q_QualMinWB_r11", "freqBandIndicatorPriority_r12"},
	"SystemInformation": {"rootSequenceIndex", "prach_ConfigIndex", "zeroCorrelationZoneConfig", "prach_FreqOffset",
		"preambleInitialReceivedTargetPower", "powerRampingStep", "preambleTransMax", "ra_ResponseWindowSize", "mac_ContentionResolutionTimer",
		"maxHARQ_Msg3Tx", "numberOfRA_Preambles", "modificationPeriodCoeff", "defaultPagingCycle", "nB", "referenceSignalPower", "p_b", "n_SB",
		"pusch_HoppingOffset", "nRB_CQI", "nCS_AN", "n1PUCCH_AN", "deltaPUCCH_Shift", "p0_NominalPUSCH", "alpha", "p0_NominalPUCCH",
		"deltaPreambleMsg3", "ul_CyclicPrefixLength", "t300", "t301", "t310", "n310", "t311", "n311", "ul_CarrierFreq",
		"ul_Bandwidth", "additionalSpectrumEmission", "timeAlignmentTimerCommon", "ac_BarringFactor", "ac_BarringTime", "ac_BarringForSpecialAC",
		"q_Hyst", "s_NonIntraSearch", "threshServingLow", "cellReselectionPriority", "q_RxLevMin", "p_Max", "s_IntraSearch", "allowedMeasBandwidth",
		"t_ReselectionEUTRA", "s_IntraSearchP_r9", "s_IntraSearchQ_r9", "s_NonIntraSearchP_r9", "s_NonIntraSearchQ_r9", "threshServingLowQ_r9",
		"q_QualMin_r9", "physCellId", "q_OffsetCell", "start", "range", "dl_CarrierFreq", "dl_CarrierFreq_v9e0", "threshX_High", "threshX_Low",
		"q_OffsetFreq", "threshX_HighQ_r9", "threshX_LowQ_r9", "t_ReselectionUTRA", "carrierFreq", "utra_q_RxLevMin", "p_MaxUTRA", "q_QualMin",
		"t_ReselectionGERAN", "startingARFCN", "bandIndicator", "ncc_Permitted", "geran_q_RxLevMin", "p_MaxGERAN", "carrierFreq_r15",
		"threshX_High_r15", "threshX_Low_r15", "q_RxLevMin_r15", "cellReselectionPriority_r15", "t_ReselectionNR_r15"},
	"Paging":                              {"mmec", "m_TMSI", "IMSI_Digit", "cn_Domain", "systemInfoModification", "etws_Indication", "cmas_Indication_r9"},
	"RRCConnectionRequest":                {"mmec", "m_TMSI", "randomValue", "establishmentCause"},
	"RRCConnectionSetupComplete":          {"selectedPLMN_Identity", "mmec", "mmegi", "dedicatedInfoNAS"},
	"RRCConnectionReject":                 {"waitTime", "extendedWaitTime_r10", "deprioritisationTimer_r11"},
	"RRCConnectionRelease":                {"releaseCause", "eutra", "utra_FDD", "startingARFCN", "bandIndicator", "carrierFreq", "carrierFreq_v9e0", "cellReselectionPriority", "t320", "extendedWaitTime_r10", "carrierFreq_r15", "cellReselectionPriority_r15"},
	"RRCConnectionReestablishmentRequest": {"c_RNTI", "physCellId", "shortMAC_I", "reestablishmentCause"},
	"RRCConnectionReestablishment":        {"nextHopChainingCount"},
	"SecurityModeCommand":                 {"cipheringAlgorithm", "integrityProtAlgorithm"},
	"DLInformationTransfer":               {"dedicatedInfoNAS"},
	"ULInformationTransfer":               {"dedicatedInfoNAS"},
	"MeasurementReport":                   {"measId", "rsrpResult", "rsrqResult", "physCellId"},
	"RRCConnectionReconfiguration": {"targetPhysCellId", "newUE_Identity", "t304", "dl_CarrierFreq", "measObjectId", "reportConfigId", "measId",
		"reportInterval", "maxReportCells", "reportAmount", "carrierFreq", "startingARFCN", "s_Measure", "allowedMeasBandwidth", "includeLocationInfo_r10",
		"cipheringAlgorithm", "integrityProtAlgorithm", "nextHopChainingCount", "DedicatedInfoNAS", "sk_Counter_r15", "carrierFreq_r15"},
}

// comparison counts what was compared with tshark.
type comparison struct {
	messages, values map[string]int
	differences      int
}

// converted returns the values of a column.
func converted(field, column string) (values []string) {
	if column != "" {
		for _, v := range strings.Split(column, ",") {
			values = append(values, fields[field](v))
		}
	}
	return values
}

// tshark compares the views of every message of a capture with tshark, field by field.
func (n *comparison) tshark(t *testing.T, path string) {
	t.Helper()
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("no tshark")
	}
	args := []string{"-r", path, "-n", "-Y", "gsmtap.type == 13 && lte_rrc", "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,", "-e", "frame.number", "-e", "_ws.malformed"}
	names := slices.Sorted(maps.Keys(fields))
	for _, f := range names {
		args = append(args, "-e", "lte-rrc."+f)
	}
	out, err := exec.Command("tshark", args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	want := map[int][]string{}
	for line := range strings.Lines(string(out)) {
		cols := strings.Split(strings.TrimRight(line, "\n"), "\t")
		frame, err := strconv.Atoi(cols[0])
		if err != nil {
			t.Fatal(err)
		}
		want[frame] = cols[1:]
	}
	var d rrc.Decoder
	packets(t, path, func(frame int, c rrc.Channel, b []byte) {
		cols := want[frame]
		m, err := d.Decode(c, b)
		switch {
		case cols == nil:
			n.messages["not decoded by tshark"]++
			return
		case strings.Contains(cols[0], "LTE RRC") || err != nil: // not those of NAS
			t.Logf("%s frame %d: tshark %q, error %v", path, frame, cols[0], err)
			n.messages["malformed"]++
			return
		}
		compared, ok := kinds[m.Name()]
		if !ok {
			n.messages["without view: "+m.Name()]++
			return
		}
		n.messages[m.Name()]++
		got := list(m)
		for i, f := range names {
			if !slices.Contains(compared, f) {
				continue
			}
			expect := converted(f, cols[i+1])
			switch f {
			case "q_OffsetFreq": // the default, 0 dB, may be encoded or left out
				zero := func(v string) bool { return v == "0" }
				got[f], expect = slices.DeleteFunc(got[f], zero), slices.DeleteFunc(expect, zero)
			case "SIB_Type": // sets have no order; the view joins the two lists
				const more = "SIB_Type_v12j0"
				expect = append(expect, converted(more, cols[1+slices.Index(names, more)])...)
				slices.Sort(got[f])
				slices.Sort(expect)
			}
			if !slices.Equal(got[f], expect) {
				if n.differences++; n.differences <= 50 {
					t.Errorf("%s frame %d %s %s:\n got %v\nwant %v", path, frame, m.Name(), f, got[f], expect)
				}
			}
			n.values[m.Name()] += len(expect)
		}
	})
}

func (n *comparison) log(t *testing.T) {
	t.Helper()
	t.Logf("messages %v", n.messages)
	t.Logf("values %v", n.values)
	if n.differences != 0 {
		t.Errorf("%d differences", n.differences)
	}
}

// TestCorpusFields compares the views of every message in the corpus with tshark.
func TestCorpusFields(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	n := comparison{messages: map[string]int{}, values: map[string]int{}}
	for _, path := range captures(t) {
		n.tshark(t, path)
	}
	n.log(t)
	if n.messages["SystemInformation"] < 1000 || n.messages["RRCConnectionReconfiguration"] < 500 {
		t.Error("few messages compared")
	}
}

// writeCapture writes messages as GSMTAP packets into a capture of raw IP packets.
func writeCapture(t *testing.T, write func(add func(rrc.Channel, []byte))) string {
	t.Helper()
	const rawIP = 101
	var file []byte
	for _, v := range []uint32{0xa1b2c3d4, 2<<16 | 4, 0, 0, 1 << 18, rawIP} {
		file = binary.BigEndian.AppendUint32(file, v)
	}
	write(func(c rrc.Channel, b []byte) {
		p := []byte{0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1}
		p = append(p, 0x12, 0x79, 0x12, 0x79, 0, 0, 0, 0) // UDP port 4729
		p = append(p, 2, 4, 13, 0, 0, 0, 0, 0, 0, 0, 0, 0, uint8(c-rrc.DLCCCH), 0, 0, 0)
		p = append(p, b...)
		binary.BigEndian.PutUint16(p[2:], uint16(len(p)))
		binary.BigEndian.PutUint16(p[24:], uint16(len(p)-20))
		for _, v := range []int{0, 0, len(p), len(p)} {
			file = binary.BigEndian.AppendUint32(file, uint32(v))
		}
		file = append(file, p...)
	})
	path := filepath.Join(t.TempDir(), "messages.pcap")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestVectorFields compares vectors of other projects' tests with tshark.
func TestVectorFields(t *testing.T) {
	functions := map[string]rrc.Channel{
		"test_mib_msg": rrc.BCCHBCH, "test_bcch_dl_sch_msg": rrc.BCCHDLSCH, "test_bcch_dl_sch_msg2": rrc.BCCHDLSCH, "test_bcch_dl_sch_msg3": rrc.BCCHDLSCH,
		"test_dl_dcch_msg": rrc.DLDCCH, "ue_rrc_conn_recfg_r15_v10_test": rrc.DLDCCH, "unrecognized_ext_group_test": rrc.BCCHDLSCH,
		"test_rrc_conn_reconf_r15_2": rrc.DLDCCH, "test_rrc_conn_reconf_v2": rrc.DLDCCH, "test_rrc_conn_reconf_r15_3": rrc.DLDCCH, "rrc_conn_setup_test1": rrc.DLCCCH,
		"rrc_conn_reconfig_ho_test1": rrc.DLDCCH, "rrc_ue_cap_enquiry_test": rrc.DLDCCH, "rrc_ue_cap_information_test": rrc.ULDCCH,
	}
	total := 0
	path := writeCapture(t, func(add func(rrc.Channel, []byte)) {
		for _, file := range []struct {
			name, column string
			channel      func(row []string, b []byte) (rrc.Channel, []byte)
		}{
			{"scat_gsmtap.tsv", "gsmtap_hex", func(_ []string, b []byte) (rrc.Channel, []byte) { return ofGSMTAP(b) }},
			{"srsran4g_tests.tsv", "hex", func(row []string, b []byte) (rrc.Channel, []byte) { return functions[row[1]], b }},
			{"rayhunter_tests.tsv", "hex", func(row []string, b []byte) (rrc.Channel, []byte) {
				if row[0] == "LTE RRC BCCH-DL-SCH SIB1" {
					return rrc.BCCHDLSCH, b
				}
				return rrc.UnknownChannel, nil
			}},
		} {
			all := rows(t, corpus(t, "vectors", file.name))
			column := slices.Index(all[0], file.column)
			for _, row := range all[1:] {
				b, err := hex.DecodeString(row[column])
				if err != nil {
					t.Fatalf("%s: %v", file.name, err)
				}
				if c, b := file.channel(row, b); c != rrc.UnknownChannel {
					add(c, b)
					total++
				}
			}
		}
	})
	n := comparison{messages: map[string]int{}, values: map[string]int{}}
	n.tshark(t, path)
	n.log(t)
	if total < 45 || n.messages["malformed"] > 0 {
		t.Errorf("%d vectors, %d malformed", total, n.messages["malformed"])
	}
}

// list reads the view of a message and lists what it has.
func list(m *rrc.Message) found {
	f := found{}
	switch m.Name() {
	case "MasterInformationBlock":
		var b lterrc.MIB
		b.Read(m.Body)
		f.add("dl_Bandwidth", b.DownlinkRB)
		f.add("phich_Duration", bit(b.PHICHExtended))
		f.add("phich_Resource", b.PHICHSixths)
		f.add("systemFrameNumber", b.SFNHigh)
		f.add("schedulingInfoSIB1_BR_r13", b.SchedulingInfoSIB1BR)
	case "UECapabilityEnquiry":
		var r lterrc.UECapabilityEnquiry
		r.Read(m.Body)
		for _, n := range r.RATs[:r.Count] {
			f.add("RAT_Type", n)
		}
	case "UECapabilityInformation":
		var r lterrc.UECapabilityInformation
		r.Read(m.Body)
		for _, c := range r.Capabilities[:r.Count] {
			f.add("rat_Type", c.RAT)
		}
	case "SystemInformationBlockType1":
		var s lterrc.SIB1
		s.Read(m.Body)
		f.sib1(&s)
	case "SystemInformation":
		var s lterrc.SystemInformation
		s.Read(m.Body)
		for _, b := range s.SIBs[:s.Count] {
			f.sib(int(b.Number), b.Value)
		}
	case "Paging":
		var p lterrc.Paging
		p.Read(m.Body)
		for _, r := range p.Records[:p.Count] {
			switch r.Kind {
			case lterrc.PagedSTMSI:
				f.add("mmec", r.MMEC)
				f.add("m_TMSI", r.Identity.Value)
			case lterrc.PagedIMSI:
				for _, d := range r.Identity.Digits() {
					f.add("IMSI_Digit", string(d))
				}
			}
			f.add("cn_Domain", bit(r.CS))
		}
		f.set("systemInfoModification", p.SystemInfoModification)
		f.set("etws_Indication", p.ETWS)
		f.set("cmas_Indication_r9", p.CMAS)
	case "RRCConnectionRequest":
		var r lterrc.RRCConnectionRequest
		r.Read(m.Body)
		f.optional("mmec", r.STMSI.Present, r.STMSI.Value.MMEC)
		f.optional("m_TMSI", r.STMSI.Present, r.STMSI.Value.MTMSI)
		f.optional("randomValue", r.RandomValue.Present, r.RandomValue.Value)
		f.add("establishmentCause", r.Cause)
	case "RRCConnectionSetupComplete":
		var r lterrc.RRCConnectionSetupComplete
		r.Read(m.Body)
		f.add("selectedPLMN_Identity", r.SelectedPLMN)
		f.optional("mmec", r.RegisteredMME.Present, r.RegisteredMME.Value.MMEC)
		f.optional("mmegi", r.RegisteredMME.Present, r.RegisteredMME.Value.MMEGI)
		f.nas(m, "dedicatedInfoNAS")
	case "DLInformationTransfer", "ULInformationTransfer":
		f.nas(m, "dedicatedInfoNAS")
	case "RRCConnectionReject":
		var r lterrc.RRCConnectionReject
		r.Read(m.Body)
		f.add("waitTime", r.WaitTimeSeconds)
		f.optional("extendedWaitTime_r10", r.ExtendedWaitTimeSeconds.Present, r.ExtendedWaitTimeSeconds.Value)
		f.optional("deprioritisationTimer_r11", r.Deprioritisation.Present, r.Deprioritisation.Value.Minutes)
	case "RRCConnectionRelease":
		var r lterrc.RRCConnectionRelease
		r.Read(m.Body)
		f.release(&r)
	case "RRCConnectionReestablishmentRequest":
		var r lterrc.RRCConnectionReestablishmentRequest
		r.Read(m.Body)
		f.add("c_RNTI", r.CRNTI)
		f.add("physCellId", r.PCI)
		f.add("shortMAC_I", r.ShortMACI)
		f.add("reestablishmentCause", r.Cause)
	case "RRCConnectionReestablishment":
		var r lterrc.RRCConnectionReestablishment
		r.Read(m.Body)
		f.add("nextHopChainingCount", r.NextHopChainingCount)
	case "SecurityModeCommand":
		var r lterrc.SecurityModeCommand
		r.Read(m.Body)
		f.add("cipheringAlgorithm", uint8(r.Ciphering))
		f.add("integrityProtAlgorithm", uint8(r.Integrity))
	case "MeasurementReport":
		var r lterrc.MeasurementReport
		r.Read(m.Body)
		f.report(&r)
	case "RRCConnectionReconfiguration":
		var r lterrc.RRCConnectionReconfiguration
		r.Read(m.Body)
		f.reconfiguration(m, &r)
	}
	return f
}

func (f found) nas(m *rrc.Message, name string) {
	lterrc.NAS(m, func(octets []byte, offset int) {
		f.add(name, hex.EncodeToString(octets))
		for i, o := range octets { // the place told is that of the octets
			at, shift := offset/8+i, offset%8
			v := m.Octets[at] << shift
			if shift > 0 {
				v |= m.Octets[at+1] >> (8 - shift)
			}
			if v != o {
				f.add(name, "not at its offset")
				return
			}
		}
	})
}

func (f found) sib1(s *lterrc.SIB1) {
	f.add("trackingAreaCode", s.TAC)
	f.add("cellIdentity", s.ECI)
	f.add("cellBarred", 1-bit(s.Barred))
	f.add("intraFreqReselection", 1-bit(s.IntraFreqReselection))
	f.optional("csg_Identity", s.CSGIdentity.Present, s.CSGIdentity.Value)
	f.add("q_RxLevMin", s.QRxLevMinDBm)
	f.optional("q_RxLevMinOffset", s.QRxLevMinOffsetDB.Present, s.QRxLevMinOffsetDB.Value)
	f.optional("p_Max", s.PMaxDBm.Present, s.PMaxDBm.Value)
	f.add("freqBandIndicator", min(s.Band, 64))
	f.optional("freqBandIndicator_v9e0", s.Band > 64, s.Band)
	for _, b := range s.Bands[:s.BandCount] {
		f.add("FreqBandIndicator", min(b, 64))
		f.optional("freqBandIndicator_v9e0", b > 64, b)
	}
	for _, p := range s.PLMNs[:s.PLMNCount] {
		f.add("cellReservedForOperatorUse", 1-bit(p.Reserved))
	}
	for i, m := range s.Scheduling[:s.SchedulingCount] {
		f.optional("si_Periodicity", i < int(s.SIMessages), m.PeriodicityRF)
		for n := 3; n < 64; n++ {
			f.optional("SIB_Type", m.SIBs.Has(n), n)
		}
	}
	f.add("si_WindowLength", s.SIWindowMs)
	f.add("systemInfoValueTag", s.ValueTag)
	f.optional("subframeAssignment", s.TDD.Present, s.TDD.Value.SubframeAssignment)
	f.optional("specialSubframePatterns", s.TDD.Present, s.TDD.Value.SpecialSubframePattern)
	f.set("ims_EmergencySupport_r9", s.IMSEmergency)
	f.optional("q_QualMin_r9", s.QQualMinDB.Present, s.QQualMinDB.Value)
	f.optional("q_QualMinOffset_r9", s.QQualMinOffsetDB.Present, s.QQualMinOffsetDB.Value)
	f.optional("q_QualMinWB_r11", s.QQualMinWidebandDB.Present, s.QQualMinWidebandDB.Value)
	f.set("freqBandIndicatorPriority_r12", s.BandIndicatorPriority)
}

func (f found) barring(b lterrc.Optional[lterrc.Barring]) {
	f.optional("ac_BarringFactor", b.Present, b.Value.Percent)
	f.optional("ac_BarringTime", b.Present, b.Value.TimeSeconds)
	f.optional("ac_BarringForSpecialAC", b.Present, b.Value.SpecialAC)
}

func (f found) sib(n int, v uper.Value) {
	switch n {
	case 2:
		var s lterrc.SIB2
		s.Read(v)
		f.barring(s.BarringMOSignalling)
		f.barring(s.BarringMOData)
		f.barring(s.BarringCSFB)
		f.add("numberOfRA_Preambles", s.Preambles)
		f.add("powerRampingStep", s.PowerRampingStepDB)
		f.add("preambleInitialReceivedTargetPower", s.PreambleTargetPowerDBm)
		f.add("preambleTransMax", s.PreambleTransMax)
		f.add("ra_ResponseWindowSize", s.RAResponseWindowMs)
		f.add("mac_ContentionResolutionTimer", s.ContentionResolutionTimerMs)
		f.add("maxHARQ_Msg3Tx", s.MaxHARQMsg3)
		f.add("modificationPeriodCoeff", s.ModificationPeriodCoeff)
		f.add("defaultPagingCycle", s.PagingCycleRF)
		f.add("nB", s.NB32)
		f.add("rootSequenceIndex", s.RootSequenceIndex)
		f.add("prach_ConfigIndex", s.PRACHConfigIndex)
		f.add("zeroCorrelationZoneConfig", s.ZeroCorrelationZone)
		f.add("prach_FreqOffset", s.PRACHFreqOffset)
		f.add("referenceSignalPower", s.ReferenceSignalPowerDBm)
		f.add("p_b", s.PB)
		f.add("n_SB", s.NSB)
		f.add("pusch_HoppingOffset", s.PUSCHHoppingOffset)
		f.add("deltaPUCCH_Shift", s.DeltaPUCCHShift)
		f.add("nRB_CQI", s.NRBCQI)
		f.add("nCS_AN", s.NCSAN)
		f.add("n1PUCCH_AN", s.N1PUCCHAN)
		f.add("p0_NominalPUSCH", s.P0NominalPUSCHDBm)
		f.add("alpha", s.AlphaTenths)
		f.add("p0_NominalPUCCH", s.P0NominalPUCCHDBm)
		f.add("deltaPreambleMsg3", s.DeltaPreambleMsg3DB)
		f.add("ul_CyclicPrefixLength", bit(s.ExtendedCP))
		f.add("t300", s.T300Ms)
		f.add("t301", s.T301Ms)
		f.add("t310", s.T310Ms)
		f.add("n310", s.N310)
		f.add("t311", s.T311Ms)
		f.add("n311", s.N311)
		f.optional("ul_CarrierFreq", s.UplinkEARFCN.Present, min(s.UplinkEARFCN.Value, 65535))
		f.optional("ul_Bandwidth", s.UplinkRB.Present, s.UplinkRB.Value)
		f.add("additionalSpectrumEmission", s.AdditionalSpectrumEmission)
		f.add("timeAlignmentTimerCommon", s.TimeAlignmentTimerMs)
	case 3:
		var s lterrc.SIB3
		s.Read(v)
		f.add("q_Hyst", s.QHystDB)
		f.optional("s_NonIntraSearch", s.SNonIntraSearchDB.Present, s.SNonIntraSearchDB.Value)
		f.add("threshServingLow", s.ThreshServingLowDB)
		f.add("cellReselectionPriority", s.Priority)
		f.add("q_RxLevMin", s.QRxLevMinDBm)
		f.optional("p_Max", s.PMaxDBm.Present, s.PMaxDBm.Value)
		f.optional("s_IntraSearch", s.SIntraSearchDB.Present, s.SIntraSearchDB.Value)
		f.optional("allowedMeasBandwidth", s.AllowedMeasRB.Present, s.AllowedMeasRB.Value)
		f.add("t_ReselectionEUTRA", s.TReselectionSeconds)
		f.optional("s_IntraSearchP_r9", s.SIntraSearchPDB.Present, s.SIntraSearchPDB.Value)
		f.optional("s_IntraSearchQ_r9", s.SIntraSearchQDB.Present, s.SIntraSearchQDB.Value)
		f.optional("s_NonIntraSearchP_r9", s.SNonIntraSearchPDB.Present, s.SNonIntraSearchPDB.Value)
		f.optional("s_NonIntraSearchQ_r9", s.SNonIntraSearchQDB.Present, s.SNonIntraSearchQDB.Value)
		f.optional("q_QualMin_r9", s.QQualMinDB.Present, s.QQualMinDB.Value)
		f.optional("threshServingLowQ_r9", s.ThreshServingLowQDB.Present, s.ThreshServingLowQDB.Value)
	case 4:
		var s lterrc.SIB4
		s.Read(v)
		f.neighbours(s.Neighbours[:s.NeighbourCount], s.Excluded[:s.ExcludedCount])
		if s.CSG.Present {
			f.neighbours(nil, []lterrc.PCIRange{s.CSG.Value})
		}
	case 5:
		var s lterrc.SIB5
		s.Read(v)
		for _, c := range s.Carriers[:s.Listed] {
			f.add("dl_CarrierFreq", min(c.EARFCN, 65535))
			f.optional("dl_CarrierFreq_v9e0", c.EARFCN > 65535, c.EARFCN)
			f.add("q_RxLevMin", c.QRxLevMinDBm)
			f.optional("p_Max", c.PMaxDBm.Present, c.PMaxDBm.Value)
			f.add("t_ReselectionEUTRA", c.TReselectionSeconds)
			f.add("threshX_High", c.ThreshXHighDB)
			f.add("threshX_Low", c.ThreshXLowDB)
			f.add("allowedMeasBandwidth", c.AllowedMeasRB)
			f.optional("cellReselectionPriority", c.Priority.Present, c.Priority.Value)
			f.add("q_OffsetFreq", c.QOffsetFreqDB)
			f.neighbours(c.Neighbours[:c.NeighbourCount], c.Excluded[:c.ExcludedCount])
			f.optional("q_QualMin_r9", c.QQualMinDB.Present, c.QQualMinDB.Value)
			f.optional("threshX_HighQ_r9", c.ThreshXHighQDB.Present, c.ThreshXHighQDB.Value)
			f.optional("threshX_LowQ_r9", c.ThreshXLowQDB.Present, c.ThreshXLowQDB.Value)
		}
	case 6:
		var s lterrc.SIB6
		s.Read(v)
		for _, c := range slices.Concat(s.FDD[:s.FDDCount], s.TDD[:s.TDDCount]) {
			f.add("carrierFreq", c.UARFCN)
			f.optional("cellReselectionPriority", c.Priority.Present, c.Priority.Value)
			f.add("threshX_High", c.ThreshXHighDB)
			f.add("threshX_Low", c.ThreshXLowDB)
			f.add("utra_q_RxLevMin", c.QRxLevMinDBm)
			f.add("p_MaxUTRA", c.PMaxDBm)
			f.optional("q_QualMin", c.QQualMinDB.Present, c.QQualMinDB.Value)
			f.optional("threshX_HighQ_r9", c.ThreshXHighQDB.Present, c.ThreshXHighQDB.Value)
			f.optional("threshX_LowQ_r9", c.ThreshXLowQDB.Present, c.ThreshXLowQDB.Value)
		}
		f.add("t_ReselectionUTRA", s.TReselectionSeconds)
	case 7:
		var s lterrc.SIB7
		s.Read(v)
		f.add("t_ReselectionGERAN", s.TReselectionSeconds)
		for _, g := range s.Groups[:s.Count] {
			f.add("startingARFCN", g.Carriers.Starting)
			f.add("bandIndicator", bit(g.Carriers.PCS))
			f.optional("cellReselectionPriority", g.Priority.Present, g.Priority.Value)
			f.add("ncc_Permitted", g.NCCPermitted)
			f.add("geran_q_RxLevMin", g.QRxLevMinDBm)
			f.optional("p_MaxGERAN", g.PMaxDBm.Present, g.PMaxDBm.Value)
			f.add("threshX_High", g.ThreshXHighDB)
			f.add("threshX_Low", g.ThreshXLowDB)
		}
	case 8:
		var s lterrc.SIB8
		s.Read(v)
		for _, b := range slices.Concat(s.HRPD.Bands[:s.HRPD.BandCount], s.XRTT.Bands[:s.XRTT.BandCount]) {
			f.optional("cellReselectionPriority", b.Priority.Present, b.Priority.Value)
			f.add("threshX_High", 2*b.ThreshXHigh)
			f.add("threshX_Low", 2*b.ThreshXLow)
		}
	case 24:
		var s lterrc.SIB24
		s.Read(v)
		for _, c := range s.Carriers[:s.Count] {
			f.add("carrierFreq_r15", c.ARFCN)
			f.optional("cellReselectionPriority_r15", c.Priority.Present, c.Priority.Value)
			f.add("threshX_High_r15", c.ThreshXHighDB)
			f.add("threshX_Low_r15", c.ThreshXLowDB)
			f.add("q_RxLevMin_r15", c.QRxLevMinDBm)
		}
		f.add("t_ReselectionNR_r15", s.TReselectionSeconds)
	}
}

func (f found) neighbours(cells []lterrc.Neighbour, excluded []lterrc.PCIRange) {
	for _, c := range cells {
		f.add("physCellId", c.PCI)
		f.add("q_OffsetCell", c.QOffsetDB)
	}
	for _, r := range excluded {
		f.add("start", r.Start)
		f.optional("range", r.Count > 1, r.Count)
	}
}

func (f found) release(r *lterrc.RRCConnectionRelease) {
	f.add("releaseCause", r.Cause)
	for _, n := range r.Redirect.ARFCNs[:r.Redirect.Count] {
		switch r.Redirect.RAT {
		case lterrc.EUTRA:
			f.add("eutra", n)
		case lterrc.UTRAFDD:
			f.add("utra_FDD", n)
		case lterrc.GERAN:
			f.add("startingARFCN", n)
			f.add("bandIndicator", bit(r.Redirect.GERAN.PCS))
		case lterrc.NR:
			f.add("carrierFreq_r15", n)
		}
	}
	for _, p := range r.Idle.Priorities[:r.Idle.Count] {
		switch p.RAT {
		case lterrc.GERAN:
			f.add("startingARFCN", p.ARFCN)
			f.add("bandIndicator", bit(p.PCS))
			f.add("cellReselectionPriority", p.Priority)
		case lterrc.NR:
			f.add("carrierFreq_r15", p.ARFCN)
			f.add("cellReselectionPriority_r15", p.Priority)
		default:
			f.add("carrierFreq", min(p.ARFCN, 65535))
			f.optional("carrierFreq_v9e0", p.ARFCN > 65535, p.ARFCN)
			f.add("cellReselectionPriority", p.Priority)
		}
	}
	f.optional("t320", r.Idle.T320Minutes.Present, r.Idle.T320Minutes.Value)
	f.optional("extendedWaitTime_r10", r.ExtendedWaitTimeSeconds.Present, r.ExtendedWaitTimeSeconds.Value)
}

func (f found) report(r *lterrc.MeasurementReport) {
	f.add("measId", r.MeasID)
	f.add("rsrpResult", r.RSRPDBm)
	f.add("rsrqResult", int(2*r.RSRQDB)+40)
	for _, n := range r.Neighbours[:r.NeighbourCount] {
		switch r.RAT {
		case lterrc.EUTRA:
			f.add("physCellId", n.Number)
			f.optional("rsrpResult", n.LevelDBm.Present, n.LevelDBm.Value)
			f.optional("rsrqResult", n.QualityDB.Present, int(2*n.QualityDB.Value)+40)
		case lterrc.UTRA:
			f.add("physCellId", 0)
		}
	}
}

func (f found) reconfiguration(m *rrc.Message, r *lterrc.RRCConnectionReconfiguration) {
	c := &r.MeasConfig
	for _, o := range c.Objects[:c.ObjectCount] {
		f.add("measObjectId", o.ID)
		switch o.RAT {
		case lterrc.GERAN:
			f.add("startingARFCN", o.ARFCN)
		case lterrc.NR:
			f.add("carrierFreq_r15", o.ARFCN)
		default:
			f.add("carrierFreq", o.ARFCN)
		}
		f.optional("allowedMeasBandwidth", o.RAT == lterrc.EUTRA, o.AllowedMeasRB)
	}
	for _, p := range c.Reports[:c.ReportCount] {
		f.add("reportConfigId", p.ID)
		f.add("maxReportCells", p.MaxCells)
		f.add("reportInterval", p.IntervalMs)
		f.add("reportAmount", p.Amount)
		f.set("includeLocationInfo_r10", p.IncludeLocation)
	}
	for _, id := range c.IDs[:c.IDCount] {
		f.add("measId", id.ID)
		f.add("measObjectId", id.Object)
		f.add("reportConfigId", id.Report)
	}
	f.optional("s_Measure", c.SMeasureDBm.Present, c.SMeasureDBm.Value)
	if r.Mobility.Present {
		h := &r.Mobility.Value
		f.add("targetPhysCellId", h.PCI)
		f.add("newUE_Identity", h.CRNTI)
		f.add("t304", h.T304Ms)
		f.optional("dl_CarrierFreq", h.EARFCN.Present, h.EARFCN.Value)
	}
	f.optional("cipheringAlgorithm", r.Security.Algorithms.Present, uint8(r.Security.Ciphering))
	f.optional("integrityProtAlgorithm", r.Security.Algorithms.Present, uint8(r.Security.Integrity))
	f.optional("nextHopChainingCount", r.Security.NextHopChainingCount.Present, r.Security.NextHopChainingCount.Value)
	f.optional("sk_Counter_r15", r.SKCounter.Present, r.SKCounter.Value)
	f.nas(m, "DedicatedInfoNAS")
}
