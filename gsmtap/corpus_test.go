package gsmtap_test

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fbsdetect/fbsdetect/gsmtap"
	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/cc"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/gmm"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/rr"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/sm"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/sms"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/lte/nas"
	lterrc "github.com/fbsdetect/fbsdetect/gsmtap/lte/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
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

// rows reads a table of tab-separated values; the first line that is no comment
// names the columns.
func rows(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var names []string
	var out []map[string]string
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		if strings.HasPrefix(s.Text(), "#") {
			continue
		}
		cols := strings.Split(s.Text(), "\t")
		if names == nil {
			names = cols
			continue
		}
		row := map[string]string{}
		for i, c := range cols {
			if i < len(names) {
				row[names[i]] = c
			}
		}
		out = append(out, row)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// packets calls f for every packet of a capture.
func packets(t *testing.T, path string, f func(frame int, p *gsmtap.Packet)) {
	t.Helper()
	r, err := capture.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	u := capture.NewUnwrapper(capture.Options{})
	d := gsmtap.NewDecoder()
	d.Strict = true
	for {
		fr, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		payload := u.Unwrap(fr)
		d.DecodePayload(&payload, func(p *gsmtap.Packet) { f(fr.Number, p) })
	}
}

// TestCorpusCells compares every SI3 and SI4 that tshark found in the corpus, field
// by field.
func TestCorpusCells(t *testing.T) {
	type key struct {
		path  string
		frame int
	}
	want := map[key]map[string]string{}
	byPath := map[string]bool{}
	for _, row := range rows(t, corpus(t, "vectors", "oracle_cells_tshark.tsv")) {
		if row["kind"] == "GSM_SI3" || row["kind"] == "GSM_SI4" {
			n, err := strconv.Atoi(row["first_frame"])
			if err != nil {
				t.Fatal(err)
			}
			want[key{row["path"], n}] = row
			byPath[row["path"]] = true
		}
	}
	equal := map[string]int{}
	for path := range byPath {
		packets(t, corpus(t, path), func(frame int, p *gsmtap.Packet) {
			row := want[key{path, frame}]
			if row == nil {
				return
			}
			var got string
			switch m := p.Message.(type) {
			case *rr.SystemInformation3:
				s := m.Rest.Selection
				got = fmt.Sprintf("GSM_SI3 %s 0x%04x 0x%04x T3212=%d CRO=%d TO=%d PT=%d CRH=%d CBA=%d ATT=%d", bare(m.LAI.PLMN), m.LAI.LAC, m.CI,
					m.ControlChannel.T3212, s.CellReselectOffset, s.TemporaryOffset, s.PenaltyTime, m.CellSelection.CellReselectHysteresis,
					bit(m.RACH.CellBarAccess), bit(m.ControlChannel.ATT))
			case *rr.SystemInformation4:
				s := m.Rest.Selection
				got = fmt.Sprintf("GSM_SI4 %s 0x%04x  T3212= CRO=%d TO=%d PT=%d CRH=%d CBA=%d ATT=", bare(m.LAI.PLMN), m.LAI.LAC,
					s.CellReselectOffset, s.TemporaryOffset, s.PenaltyTime, m.CellSelection.CellReselectHysteresis, bit(m.RACH.CellBarAccess))
			default:
				t.Errorf("%s frame %d: %T", path, frame, p.Message)
				return
			}
			expect := strings.Join([]string{row["kind"], row["plmn"], row["lac_or_tac"], row["cell"], row["params"]}, " ")
			if got != expect {
				t.Errorf("%s frame %d:\n got %s\nwant %s", path, frame, got, expect)
				return
			}
			equal[row["kind"]]++
		})
	}
	t.Logf("equal: %v of %d rows", equal, len(want))
	if equal["GSM_SI3"]+equal["GSM_SI4"] != len(want) || len(want) < 80 {
		t.Errorf("%v of %d rows equal", equal, len(want))
	}
}

// TestCorpusSIB1 compares every SIB1 that tshark found in the corpus, field by field.
func TestCorpusSIB1(t *testing.T) {
	type key struct {
		path  string
		frame int
	}
	want := map[key]map[string]string{}
	byPath := map[string]bool{}
	for _, row := range rows(t, corpus(t, "vectors", "oracle_cells_tshark.tsv")) {
		if row["kind"] == "LTE_SIB1" {
			n, err := strconv.Atoi(row["first_frame"])
			if err != nil {
				t.Fatal(err)
			}
			want[key{row["path"], n}] = row
			byPath[row["path"]] = true
		}
	}
	equal := 0
	for path := range byPath {
		packets(t, corpus(t, path), func(frame int, p *gsmtap.Packet) {
			row := want[key{path, frame}]
			m, ok := p.Message.(*rrc.Message)
			if row == nil || !ok || m.Name() != "SystemInformationBlockType1" || p.RAT != "lte" {
				return
			}
			var s lterrc.SIB1
			s.Read(m.Body)
			var plmns strings.Builder
			list := m.Body.Field("cellAccessRelatedInfo").Field("plmn-IdentityList")
			for i, e := range s.PLMNs[:s.PLMNCount] {
				// The table leaves out a country code that the message inherits.
				if list.At(i).Field("plmn-Identity").Field("mcc").Present() {
					fmt.Fprintf(&plmns, "%03d", e.PLMN.MCC)
				}
				fmt.Fprintf(&plmns, "%0*d", e.PLMN.MNCDigits, e.PLMN.MNC)
			}
			got := fmt.Sprintf("%s %04x %08x barred=%d qRxLevMin=%d band=%d nSI=%d", plmns.String(), s.TAC, s.ECI<<4,
				1-bit(s.Barred), s.QRxLevMin, m.Body.Field("freqBandIndicator").Int(), s.SIMessages)
			expect := strings.Join([]string{row["plmn"], row["lac_or_tac"], row["cell"], row["params"]}, " ")
			if got != expect {
				t.Errorf("%s frame %d:\n got %s\nwant %s", path, frame, got, expect)
				return
			}
			equal++
		})
	}
	t.Logf("%d of %d rows equal", equal, len(want))
	if equal != len(want) || len(want) < 500 {
		t.Errorf("%d of %d rows equal", equal, len(want))
	}
}

// bare writes a PLMN as the table does, the MNC without leading zeros.
func bare(p ident.PLMN) string { return fmt.Sprintf("%03d-%d", p.MCC, p.MNC) }

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestCorpusMessageNames compares the names of messages with those that tshark gave
// them.
func TestCorpusMessageNames(t *testing.T) {
	want := map[string]map[int]string{}
	total := 0
	for _, row := range rows(t, corpus(t, "vectors", "oracle_events_tshark.tsv")) {
		info := row["info"]
		i := strings.LastIndex(info, ") ")
		if !strings.HasPrefix(info, "(DTAP) ") && !strings.HasPrefix(info, "(CCCH) ") || i < 0 {
			continue // RRC messages with GSM messages in them are not of GSM
		}
		n, err := strconv.Atoi(row["frame"])
		if err != nil {
			t.Fatal(err)
		}
		if want[row["path"]] == nil {
			want[row["path"]] = map[int]string{}
		}
		want[row["path"]][n] = strings.TrimSpace(info[i+2:])
		total++
	}
	equal, other := 0, 0
	for path, names := range want {
		packets(t, corpus(t, path), func(frame int, p *gsmtap.Packet) {
			name, ok := names[frame]
			if !ok {
				return
			}
			if p.Message == nil || p.RAT != "gsm" {
				other++
				return
			}
			if p.Message.Name() != name {
				t.Errorf("%s frame %d: %q, tshark has %q", path, frame, p.Message.Name(), name)
				return
			}
			equal++
		})
	}
	t.Logf("%d names equal, %d frames of other generations, of %d rows", equal, other, total)
	if equal == 0 {
		t.Error("nothing compared")
	}
}

// TestCorpusLTENames compares the names of LTE's RRC, NAS and S1AP messages with those
// that tshark gave them, in the order in which they are nested.
func TestCorpusLTENames(t *testing.T) {
	type key struct {
		path  string
		frame int
	}
	want := map[key]string{}
	byPath := map[string]bool{}
	for _, row := range rows(t, corpus(t, "vectors", "oracle_events_tshark.tsv")) {
		n, err := strconv.Atoi(row["frame"])
		if err != nil {
			t.Fatal(err)
		}
		want[key{row["path"], n}] = row["info"]
		byPath[row["path"]] = true
	}
	// What tshark adds to a name: a cause, a type, an event.
	added := regexp.MustCompile(` ?(\([^()]*\)|\[[^\[\]]*\])`)
	equal, compared, last := 0, 0, 0
	for path := range byPath {
		got := map[int][]string{}
		mac := map[int]bool{}
		packets(t, corpus(t, path), func(frame int, p *gsmtap.Packet) {
			if p.RAT != "lte" || p.Message == nil {
				return
			}
			mac[frame] = p.Origin == gsmtap.FromMAC
			names := append(got[frame], p.Message.Name())
			switch m := p.Message.(type) {
			case *nas.AttachRequest:
				names = append(names, m.ESM.Message.Name())
			case *nas.AttachAccept:
				names = append(names, m.ESM.Message.Name())
			case *nas.AttachComplete:
				names = append(names, m.ESM.Message.Name())
			}
			got[frame] = names
		})
		for frame, names := range got {
			info, ok := want[key{path, frame}]
			if !ok {
				continue
			}
			compared++
			expect := strings.TrimSpace(added.ReplaceAllString(info, ""))
			s := strings.Join(names, ", ")
			if mac[frame] && strings.HasSuffix(s, ", "+expect) {
				last++ // tshark's column shows the last SDU of a MAC PDU only
				equal++
				continue
			}
			if s != expect {
				t.Logf("%s frame %d: %q, tshark has %q", path, frame, s, expect)
				continue
			}
			equal++
		}
	}
	t.Logf("%d of %d rows equal, %d of them in the last SDU of several", equal, compared, last)
	if compared < 2800 || float64(equal) < 0.995*float64(compared) {
		t.Errorf("%d of %d rows equal", equal, compared)
	}
}

// TestLabNASSequence compares the NAS messages of a phone's NAS log with those that the
// MAC captures of the same run hold: all of them, as far as no cipher hides them.
func TestLabNASSequence(t *testing.T) {
	// messages lists the NAS messages of a capture in order, "*" for one whose content is
	// ciphered. It ends where RRC itself is ciphered.
	messages := func(path string) (list []string, whole bool) {
		whole = true
		packets(t, path, func(_ int, p *gsmtap.Packet) {
			switch {
			case !whole || p.Replayed():
			case p.NAS == nil && p.Message == nil && p.Origin == gsmtap.FromMAC:
				whole = false
			case p.NAS != nil && p.Message == nil:
				list = append(list, "*")
			case p.NAS != nil:
				list = append(list, p.Message.Name())
			}
		})
		return list, whole
	}
	logs, err := filepath.Glob(filepath.Join(corpus(t, "lab"), "lte-srsran-*.ue_nas.pcap"))
	if err != nil || len(logs) < 6 {
		t.Fatalf("%d NAS logs: %v", len(logs), err)
	}
	for _, log := range logs {
		want, _ := messages(log)
		for _, side := range []string{"ue_mac", "enb_mac"} {
			path := strings.Replace(log, "ue_nas", side, 1)
			t.Run(filepath.Base(path), func(t *testing.T) {
				got, whole := messages(path)
				hidden, unsent, n := 0, 0, 0
				for i, name := range got {
					// The phone's NAS twice made an Attach request and gave up before RRC had a
					// connection: such a pair is in its log alone.
					for n+1 < len(want) && name != want[n+1] && want[n] == "Attach request" && want[n+1] == "Detach request" {
						unsent, n = unsent+2, n+2
					}
					if n >= len(want) || name != "*" && name != want[n] {
						t.Fatalf("message %d: %q, the NAS log has %q", i, name, want[min(n, len(want)-1):])
					}
					if name == "*" {
						hidden++
					}
					n++
				}
				if whole && n != len(want) || len(got) < 4 || unsent > 4 {
					t.Errorf("%d messages, the NAS log has %d", len(got), len(want))
				}
				t.Logf("%d of %d messages, %d of them ciphered by NAS; %d never sent; whole: %v", len(got), len(want), hidden, unsent, whole)
			})
		}
	}
}

// TestTsharkNAS compares the names and main fields of the messages of GPRS mobility and
// session management and of call control with tshark's, also of those that UMTS carries in
// RRC: they are taken out of it and decoded as if GSM had carried them.
func TestTsharkNAS(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("no tshark to compare with")
	}
	fields := []string{
		"gsm_a.gm.gmm.cause", "gsm_a.gm.gmm.type_of_identity", "gsm_a.gm.gmm.type_of_ciph_alg", "gsm_a.gm.gmm.imeisv_req",
		"gsm_a.gm.gmm.ac_ref_nr", "gsm_a.gm.gmm.force_to_standby", "gsm_a.gm.gmm.type_of_attach", "gsm_a.gm.gmm.res_of_attach",
		"gsm_a.gm.gmm.update_type", "gsm_a.gm.gmm.update_result", "gsm_a.gm.gmm.type_of_detach",
		"gsm_a.gm.gmm.net_cap.gea1", "gsm_a.gm.gmm.net_cap.gea2", "gsm_a.gm.gmm.net_cap.gea3", "gsm_a.gm.gmm.net_cap.gea4",
		"gsm_a.gm.gmm.net_cap.gea5", "gsm_a.gm.gmm.net_cap.gea6", "gsm_a.gm.gmm.net_cap.gea7",
		"e212.rai.mcc", "e212.rai.mnc", "gsm_a.lac", "gsm_a.gm.gmm.rac", "3gpp.tmsi",
		"gsm_a.gm.sm.cause", "gsm_a.gm.sm.cause_2", "gsm_a.gm.sm.apn", "gsm_a.gm.sm.pdp_type_org", "gsm_a.gm.sm.pdp_type_number", "gsm_a.gm.gmm.nsapi", "gsm_a.gm.sm.llc_sapi",
		"gsm_a.dtap.ti_flag", "gsm_a.dtap.tio", "gsm_a.dtap.cause", "gsm_a.dtap.cld_party_bcd_num", "gsm_a.dtap.progress_description", "gsm_old.localValue",
	}
	args := []string{"-n", "-Y", "gsm_a.dtap.msg_gmm_type || gsm_a.dtap.msg_sm_type || gsm_a.dtap.msg_cc_type", "-T", "fields", "-E", "occurrence=f",
		"-e", "frame.number", "-e", "_ws.col.Info", "-e", "gsmtap.type", "-e", "gsmtap.uplink", "-e", "rrc.nas_Message", "-e", "udp.payload"}
	first := 6
	for _, f := range fields {
		args = append(args, "-e", f)
	}
	messages, compared, defects := map[string]int{}, map[string]int{}, 0
	for _, path := range []string{
		"P1sec__QCSuper/docs/sample_pcaps/sample_2g_3g_4g_xperia.pcap",
		"P1sec__QCSuper/docs/sample_pcaps/sample_2g_3g_4g_xperia_with_sib_and_nas.pcap",
		"derived_scat/mobileinsight__cmcc.pcap",
		"roastedbeans__modi-parser/pcap/authentication_failure.pcap",
		"sfikouris__catch_the_catcher/pcaps/cyta_lte_attach.pcapng",
		"sfikouris__catch_the_catcher/pcaps/lte_mtn.pcapng",
		"sfikouris__catch_the_catcher/pcaps/umts_attach_real_oper.pcapng",
		"sfikouris__catch_the_catcher/pcaps/umts_imsi_catcher.pcapng",
	} {
		path = corpus(t, "captures", filepath.FromSlash(path))
		out, err := exec.Command(tshark, append(args, "-r", path)...).Output()
		if err != nil {
			t.Fatalf("tshark on %s: %v", path, err)
		}
		for _, line := range strings.Split(strings.TrimSuffix(string(out), "\n"), "\n") {
			cols := strings.Split(line, "\t")
			if len(cols) != first+len(fields) {
				t.Fatalf("%d columns in %q", len(cols), line)
			}
			where := filepath.Base(path) + " frame " + cols[0]
			in := cols[4]
			if cols[2] == "2" {
				in = cols[5][32:] // what follows the header of GSMTAP
			}
			l3, err := hex.DecodeString(in)
			if err != nil || len(l3) == 0 {
				t.Errorf("%s: no octets of the message: %v", where, err)
				continue
			}
			h := gsmtap.Header{Version: 2, Type: gsmtap.TypeAbis, Uplink: cols[3] == "1" || strings.HasPrefix(cols[1], "UplinkDirectTransfer")}
			gsmtap.NewDecoder().Decode(append(gsmtap.AppendHeader(nil, &h), l3...), func(p *gsmtap.Packet) {
				name := p.Message.Name()
				if !strings.Contains(cols[1], name) {
					t.Errorf("%s: %q, tshark has %q", where, name, cols[1])
				}
				if p.Err != nil {
					t.Logf("%s: %s: %v", where, name, p.Err)
					defects++
				}
				messages[name]++
				got := nasFields(p.Message)
				for i, f := range fields {
					want := cols[first+i]
					if n, err := strconv.ParseUint(want, 0, 64); err == nil {
						want = strconv.FormatUint(n, 10)
					}
					if v, ok := got[f]; ok {
						compared[f]++
						if v != want {
							t.Errorf("%s: %s: %s is %q, tshark has %q", where, name, f, v, want)
						}
					}
				}
			})
		}
	}
	t.Logf("messages: %v", messages)
	t.Logf("fields equal: %v", compared)
	if len(messages) < 26 || len(compared) < 35 {
		t.Error("too little compared")
	}
	if defects > 1 { // somebody made one IMEISV anonymous with digits that are none
		t.Errorf("%d messages with a defect", defects)
	}
}

// nasFields gives the main fields of a message in the names and numbers of tshark.
func nasFields(m wire.Message) map[string]string {
	out := map[string]string{}
	set := func(field string, v int) { out[field] = strconv.Itoa(v) }
	gea := func(s gmm.Algorithms) {
		for a := range 7 {
			set(fmt.Sprintf("gsm_a.gm.gmm.net_cap.gea%d", a+1), bit(s.Has(gmm.Algorithm(a+1))))
		}
	}
	rai := func(r ident.RAI) {
		if r.LAI.PLMN.Known() {
			set("e212.rai.mcc", int(r.LAI.PLMN.MCC))
			set("e212.rai.mnc", int(r.LAI.PLMN.MNC))
		}
		set("gsm_a.lac", int(r.LAI.LAC))
		set("gsm_a.gm.gmm.rac", int(r.RAC))
	}
	tmsi := func(m ident.MobileIdentity) {
		if m.Type == ident.TMSI {
			set("3gpp.tmsi", int(m.Value))
		}
	}
	accepted := func(a *gmm.Accepted) {
		tmsi(a.Identity)
		tmsi(a.PTMSI)
		if a.HasCause {
			set("gsm_a.gm.gmm.cause", int(a.Cause))
		}
	}
	pdp := func(a sm.PDPAddress) {
		if a.Present {
			set("gsm_a.gm.sm.pdp_type_org", int(a.Type>>8))
			set("gsm_a.gm.sm.pdp_type_number", int(a.Type&255))
		}
	}
	switch m := m.(type) {
	case *gmm.AttachRequest:
		gea(m.GEA)
		rai(m.OldRAI)
		tmsi(m.Identity)
		set("gsm_a.gm.gmm.type_of_attach", int(m.Type))
	case *gmm.AttachAccept:
		accepted(&m.Accepted)
		rai(m.RAI)
		set("gsm_a.gm.gmm.res_of_attach", int(m.Result))
		set("gsm_a.gm.gmm.force_to_standby", bit(m.ForceToStandby))
	case *gmm.AttachReject:
		set("gsm_a.gm.gmm.cause", int(m.Cause))
	case *gmm.RoutingAreaUpdateRequest:
		if m.HasGEA {
			gea(m.GEA)
		}
		rai(m.OldRAI)
		tmsi(m.Additional)
		tmsi(m.Identity)
		set("gsm_a.gm.gmm.update_type", int(m.Type))
	case *gmm.RoutingAreaUpdateAccept:
		accepted(&m.Accepted)
		rai(m.RAI)
		set("gsm_a.gm.gmm.update_result", int(m.Result))
		set("gsm_a.gm.gmm.force_to_standby", bit(m.ForceToStandby))
	case *gmm.RoutingAreaUpdateReject:
		set("gsm_a.gm.gmm.cause", int(m.Cause))
	case *gmm.DetachRequest:
		tmsi(m.Identity)
		set("gsm_a.gm.gmm.type_of_detach", int(m.Type))
	case *gmm.NetworkDetachRequest:
		set("gsm_a.gm.gmm.type_of_detach", int(m.Type))
		if m.HasCause {
			set("gsm_a.gm.gmm.cause", int(m.Cause))
		}
	case *gmm.AuthenticationAndCipheringRequest:
		set("gsm_a.gm.gmm.type_of_ciph_alg", int(m.Algorithm))
		set("gsm_a.gm.gmm.imeisv_req", bit(m.IMEISVRequest))
		set("gsm_a.gm.gmm.ac_ref_nr", int(m.Reference))
		set("gsm_a.gm.gmm.force_to_standby", bit(m.ForceToStandby))
	case *gmm.AuthenticationAndCipheringResponse:
		set("gsm_a.gm.gmm.ac_ref_nr", int(m.Reference))
	case *gmm.AuthenticationAndCipheringFailure:
		set("gsm_a.gm.gmm.cause", int(m.Cause))
	case *gmm.IdentityRequest:
		set("gsm_a.gm.gmm.type_of_identity", int(m.Type))
	case *gmm.ServiceRequest:
		tmsi(m.Identity)
	case *gmm.ServiceReject:
		set("gsm_a.gm.gmm.cause", int(m.Cause))
	case *gmm.GMMStatus:
		set("gsm_a.gm.gmm.cause", int(m.Cause))
	case *sm.ActivatePDPContextRequest:
		pdp(m.PDP)
		out["gsm_a.gm.sm.apn"] = m.APN
		set("gsm_a.gm.gmm.nsapi", int(m.NSAPI))
		set("gsm_a.gm.sm.llc_sapi", int(m.LLCSAPI))
	case *sm.ActivatePDPContextAccept:
		pdp(m.PDP)
		set("gsm_a.gm.sm.llc_sapi", int(m.LLCSAPI))
		if m.HasCause {
			set("gsm_a.gm.sm.cause_2", int(m.Cause))
		}
	case *sm.Caused:
		set("gsm_a.gm.sm.cause", int(m.Cause))
	case *cc.Message:
		set("gsm_a.dtap.ti_flag", bit(m.TIFlag))
		set("gsm_a.dtap.tio", int(m.TI))
		if m.Cause.Present {
			set("gsm_a.dtap.cause", int(m.Cause.Value))
		}
		if m.Called.Present() {
			out["gsm_a.dtap.cld_party_bcd_num"] = m.Called.Value
		}
		if m.Progress.Present {
			set("gsm_a.dtap.progress_description", int(m.Progress.Description))
		}
		if m.Facility.Present {
			set("gsm_old.localValue", int(m.Facility.Components[0].Operation))
		}
	}
	return out
}

// TestTshark compares the names of all GSM messages of the corpus with tshark's, frame
// by frame, where tshark is installed.
func TestTshark(t *testing.T) {
	lab := corpus(t, "lab")
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("no tshark to compare with")
	}
	paths, err := filepath.Glob(filepath.Join(lab, "gsm-*.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{
		"P1sec__QCSuper/docs/sample_pcaps/sample_2g_3g_4g_xperia_with_sib_and_nas.pcap",
		"derived_grgsm/gsm-grgsm-ota-public-bcch.pcap",
		"derived_scat/mobileinsight__cmcc.pcap",
		"eylonK14__IMSICatcherDetector/imsi.pcapng",
		"sfikouris__catch_the_catcher/pcaps/cyta_lte_attach.pcapng",
		"sfikouris__catch_the_catcher/pcaps/gsm_imsi_catcher.pcapng",
	} {
		paths = append(paths, corpus(t, "captures", filepath.FromSlash(p)))
	}
	// "U P, func=SABM(DTAP) (MM) Location Updating Request", with more behind for SMS.
	name := regexp.MustCompile(`\((?:DTAP|CCCH|SACCH)\) \(\w+\) (.*)`)
	// "GPRS DL CTRL: PACKET_UPLINK_ACK_NACK"
	control := regexp.MustCompile(`^GPRS .L CTRL: (\w+)`)
	spelt := strings.NewReplacer(" ", "_", "/", "_", "INFORMATION_TYPE", "INFO", "RADIO_ACCESS_CAPABILITIES", "RAC")
	equal, ours, blocks := 0, 0, 0
	for _, path := range paths {
		out, err := exec.Command(tshark, "-n", "-r", path, "-T", "fields", "-e", "frame.number", "-e", "_ws.col.Info").Output()
		if err != nil {
			t.Fatalf("tshark on %s: %v", path, err)
		}
		theirs := map[int]string{}
		for _, line := range strings.Split(string(out), "\n") {
			number, info, _ := strings.Cut(line, "\t")
			n, err := strconv.Atoi(number)
			if m := name.FindStringSubmatch(info); err == nil && m != nil {
				theirs[n] = strings.TrimSpace(m[1])
			} else if m := control.FindStringSubmatch(info); err == nil && m != nil {
				theirs[n] = m[1]
			}
		}
		packets(t, path, func(frame int, p *gsmtap.Packet) {
			switch want, ok := theirs[frame]; {
			case p.Header.Type.RAT() != "gsm":
			case p.Message == nil && ok:
				t.Errorf("%s frame %d: no message, tshark has %q", filepath.Base(path), frame, want)
			case p.Message == nil:
			case p.Header.Channel == gsmtap.PACCH:
				if got := spelt.Replace(spelt.Replace(strings.ToUpper(p.Message.Name()))); got != want {
					t.Errorf("%s frame %d: %s, tshark has %s", filepath.Base(path), frame, got, want)
				}
				blocks++
			case strings.HasPrefix(p.In, "RP-"): // TestTsharkShortMessages compares these
			case p.In == "CP-DATA":
				if !strings.HasSuffix(want, "(RP) "+p.Message.Name()) {
					t.Errorf("%s frame %d: %q, tshark has %q", filepath.Base(path), frame, p.Message.Name(), want)
				}
				equal++
			case !ok:
				// Access bursts have no name there, and a second connection on a channel
				// confuses its reassembly.
				ours++
			case !strings.HasPrefix(want, p.Message.Name()):
				t.Errorf("%s frame %d: %q, tshark has %q", filepath.Base(path), frame, p.Message.Name(), want)
			default:
				equal++
			}
		})
	}
	t.Logf("%d names equal, %d messages that tshark does not name, %d control blocks of GPRS", equal, ours, blocks)
	if equal < 10000 || blocks < 700 || ours*200 > equal {
		t.Errorf("%d names equal, %d messages that tshark does not name", equal, ours)
	}
}

// TestTsharkShortMessages compares what short messages say with tshark, field by field,
// where it is installed.
func TestTsharkShortMessages(t *testing.T) {
	lab := corpus(t, "lab")
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("no tshark to compare with")
	}
	paths, err := filepath.Glob(filepath.Join(lab, "gsm-*.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	samples, err := filepath.Glob(filepath.Join(corpus(t, "captures", "P1sec__QCSuper", "docs", "sample_pcaps"), "*"))
	if err != nil {
		t.Fatal(err)
	}
	fields := []string{"gsm_sms.tp-oa", "gsm_sms.tp-da", "gsm_sms.tp-pid", "gsm_sms.tp-dcs", "gsm_sms.sms_text", "gsm_sms.scts.day",
		"gsm_sms.scts.hour", "gsm_sms.scts.minutes", "gsm_sms.scts.seconds"}
	equal := 0
	for _, path := range append(paths, samples...) {
		args := []string{"-n", "-r", path, "-Y", "gsm_sms && !gsm_a.rp.msg_type==2 && !gsm_a.rp.msg_type==3", "-T", "fields", "-E", "separator=\x01", "-e", "frame.number"}
		for _, f := range fields {
			args = append(args, "-e", f)
		}
		out, err := exec.Command(tshark, args...).Output()
		if err != nil {
			t.Fatalf("tshark on %s: %v", path, err)
		}
		want := map[int][]string{}
		for _, record := range regexp.MustCompile(`(?m)^\d+\x01`).FindAllStringIndex(string(out), -1) {
			line := string(out)[record[0]:]
			if next := regexp.MustCompile(`\n\d+\x01`).FindStringIndex(line); next != nil {
				line = line[:next[0]]
			}
			v := strings.Split(strings.TrimSuffix(line, "\n"), "\x01")
			n, err := strconv.Atoi(v[0])
			if err != nil || len(v) != len(fields)+1 {
				t.Fatalf("%s: %q", path, line)
			}
			want[n] = v[1:]
		}
		packets(t, path, func(frame int, p *gsmtap.Packet) {
			w, ok := want[frame]
			if !ok || p.Message == nil {
				return
			}
			var got []string
			switch m := p.Message.(type) {
			case *sms.Deliver:
				at := m.ServiceCentreTimeStamp.Time.Add(time.Duration(m.ServiceCentreTimeStamp.Zone) * 15 * time.Minute)
				got = []string{m.OriginatingAddress.Value, "", strconv.Itoa(int(m.PID)), strconv.Itoa(int(m.DCS)), string(m.UserData.Text),
					strconv.Itoa(at.Day()), strconv.Itoa(at.Hour()), strconv.Itoa(at.Minute()), strconv.Itoa(at.Second())}
			case *sms.Submit:
				got = []string{"", m.DestinationAddress.Value, strconv.Itoa(int(m.PID)), strconv.Itoa(int(m.DCS)), string(m.UserData.Text), "", "", "", ""}
			default:
				return
			}
			delete(want, frame)
			if !reflect.DeepEqual(got, w) {
				t.Errorf("%s frame %d:\n got %q\nwant %q", filepath.Base(path), frame, got, w)
			}
			equal++
		})
		for frame, w := range want {
			t.Errorf("%s frame %d: no short message, tshark has %q", filepath.Base(path), frame, w)
		}
	}
	t.Logf("%d short messages equal", equal)
	if equal < 20 {
		t.Errorf("only %d short messages compared", equal)
	}
}
