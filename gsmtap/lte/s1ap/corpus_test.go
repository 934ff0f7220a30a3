package s1ap_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/lte/s1ap"
)

// linkS1AP is the link type under which srsRAN writes S1AP.
const linkS1AP = 150

// columns are the fields that tshark is asked for, in the order in which ours writes them.
var columns = []string{
	"_ws.col.Info", "s1ap.procedureCode", "s1ap.criticality", "s1ap.id", "s1ap.MME_UE_S1AP_ID", "s1ap.ENB_UE_S1AP_ID",
	"s1ap.NAS_PDU", "s1ap.nAS_PDU", "s1ap.pLMNidentity", "s1ap.PLMNidentity", "s1ap.tAC", "s1ap.CellIdentity", "s1ap.RRC_Establishment_Cause",
	"s1ap.Cause", "s1ap.radioNetwork", "s1ap.transport", "s1ap.nas", "s1ap.protocol", "s1ap.misc",
	"s1ap.macroENB_ID", "s1ap.homeENB_ID", "s1ap.short_macroENB_ID", "s1ap.long_macroENB_ID", "s1ap.ENBname", "s1ap.MMEname",
	"s1ap.encryptionAlgorithms", "s1ap.integrityProtectionAlgorithms", "s1ap.mMEC", "s1ap.m_TMSI", "e212.imsi", "s1ap.CNDomain",
	"s1ap.PagingDRX", "s1ap.CSFallbackIndicator", "s1ap.UERadioCapability", "s1ap.HandoverType",
}

// tshark runs tshark over a capture and returns the columns by frame.
func tshark(t *testing.T, path string) [][]string {
	t.Helper()
	bin, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("no tshark to compare with")
	}
	args := []string{"-n", "-r", path, "-o", `uat:user_dlts:"User 3 (DLT=150)","s1ap","0","","0",""`, "-T", "fields"}
	for _, c := range columns {
		args = append(args, "-e", c)
	}
	out, err := exec.Command(bin, args...).Output()
	if err != nil {
		t.Fatalf("tshark on %s: %v", path, err)
	}
	var rows [][]string
	for _, line := range strings.Split(strings.TrimSuffix(string(out), "\n"), "\n") {
		rows = append(rows, strings.Split(line, "\t"))
	}
	return rows
}

func list(n int, f func(i int) string) string {
	s := make([]string, n)
	for i := range s {
		s[i] = f(i)
	}
	return strings.Join(s, ",")
}

func when(ok bool, s string) string {
	if !ok {
		return ""
	}
	return s
}

func num[T ~uint8 | ~uint16 | ~uint32](ok bool, v T) string {
	return when(ok, strconv.Itoa(int(v)))
}

// plmnHex writes a PLMN as its three octets.
func plmnHex(p ident.PLMN) string { return hex.EncodeToString(ident.AppendPLMN(nil, p)) }

// ours writes a message in the columns of tshark; those of identifiers and criticality
// are checked otherwise and left to check.
func ours(m *s1ap.Message) map[string]string {
	out := map[string]string{
		"s1ap.procedureCode":                 strconv.Itoa(int(m.Procedure)),
		"s1ap.MME_UE_S1AP_ID":                num(m.HasMMEUES1APID, m.MMEUES1APID),
		"s1ap.ENB_UE_S1AP_ID":                num(m.HasENBUES1APID, m.ENBUES1APID),
		"s1ap.CellIdentity":                  when(m.HasEUTRANCGI, fmt.Sprintf("0x%08x", m.EUTRANCGI.ECI)),
		"s1ap.RRC_Establishment_Cause":       num(m.HasRRCEstablishmentCause, m.RRCEstablishmentCause),
		"s1ap.Cause":                         num(m.HasCause, m.Cause.Group),
		"s1ap.ENBname":                       m.ENBName,
		"s1ap.MMEname":                       m.MMEName,
		"s1ap.encryptionAlgorithms":          when(m.HasUESecurityCapabilities, fmt.Sprintf("%04x", m.UESecurityCapabilities.EEA)),
		"s1ap.integrityProtectionAlgorithms": when(m.HasUESecurityCapabilities, fmt.Sprintf("%04x", m.UESecurityCapabilities.EIA)),
		"s1ap.CNDomain":                      num(m.HasCNDomain, m.CNDomain),
		"s1ap.PagingDRX":                     num(m.HasPagingDRX, m.PagingDRX),
		"s1ap.CSFallbackIndicator":           num(m.HasCSFallbackIndicator, m.CSFallbackIndicator),
		"s1ap.HandoverType":                  num(m.HasHandoverType, m.HandoverType),
		"s1ap.mMEC":                          num(m.HasSTMSI, m.STMSI.MMEC) + num(m.UEPagingID.HasMMEC, m.UEPagingID.MMEC),
		"s1ap.m_TMSI": num(m.HasSTMSI, m.STMSI.MTMSI) +
			num(m.UEPagingID.Identity.Type == ident.TMSI, m.UEPagingID.Identity.Value),
	}
	if m.HasCause {
		out["s1ap."+m.Cause.Group.String()] = strconv.Itoa(int(m.Cause.Value))
	}
	if m.HasGlobalENBID {
		bits := []int{20, 28, 18, 21}[m.GlobalENBID.Kind]
		pad := (8 - bits%8) % 8
		name := strings.ReplaceAll(m.GlobalENBID.Kind.String(), "-", "_")
		out["s1ap."+name] = fmt.Sprintf("%0*x", (bits+pad)/4, m.GlobalENBID.ENBID<<pad)
	}
	var top, nested []string
	for _, n := range m.NASPDUs {
		if n.IE.String() == "NAS-PDU" {
			top = append(top, hex.EncodeToString(n.Octets))
		} else {
			nested = append(nested, hex.EncodeToString(n.Octets))
		}
	}
	out["s1ap.NAS_PDU"], out["s1ap.nAS_PDU"] = strings.Join(top, ","), strings.Join(nested, ",")
	var tacs []string
	if m.HasTAI {
		tacs = append(tacs, num(true, m.TAI.TAC))
	}
	for _, v := range m.PagingTAIs {
		tacs = append(tacs, num(true, v.TAC))
	}
	for _, v := range m.SupportedTAs {
		tacs = append(tacs, num(true, v.TAC))
	}
	out["s1ap.tAC"] = strings.Join(tacs, ",")
	return out
}

// compare checks one message against tshark's columns and returns how many had a value.
func compare(t *testing.T, where string, m *s1ap.Message, row []string) int {
	t.Helper()
	got := ours(m)
	n := 0
	for i, c := range columns {
		want := ""
		if i < len(row) {
			want = row[i]
		}
		switch c {
		case "_ws.col.Info":
			// A name, then what NAS and RRC add: ", Attach request" or " [cause]".
			name, _, _ := strings.Cut(want, ",")
			name, _, _ = strings.Cut(name, " ")
			want, got[c] = name, m.Name()
			if strings.Contains(got[c], " of S1AP procedure ") {
				got[c] = "" // no message of the procedure, which tshark does not name
			}
		case "s1ap.criticality":
			want, _, _ = strings.Cut(want, ",")
			got[c] = num(true, m.Criticality)
		case "s1ap.id":
			for _, o := range m.Other {
				if !slices.Contains(strings.Split(want, ","), num(true, o.ID)) {
					t.Errorf("%s: element %v, tshark has %s", where, o.ID, want)
				}
			}
			continue
		case "s1ap.MME_UE_S1AP_ID", "s1ap.ENB_UE_S1AP_ID":
			want, _, _ = strings.Cut(want, ",") // the parts of UE-S1AP-IDs come twice
		case "s1ap.pLMNidentity":
			var plmns []string
			if m.HasGlobalENBID {
				plmns = append(plmns, plmnHex(m.GlobalENBID.PLMN))
			}
			if m.HasTAI {
				plmns = append(plmns, plmnHex(m.TAI.PLMN))
			}
			for _, v := range m.PagingTAIs {
				plmns = append(plmns, plmnHex(v.PLMN))
			}
			if m.HasEUTRANCGI {
				plmns = append(plmns, plmnHex(m.EUTRANCGI.PLMN))
			}
			got[c] = strings.Join(plmns, ",")
		case "s1ap.PLMNidentity":
			if len(m.SupportedTAs) == 0 {
				continue // those of ServedGUMMEIs
			}
			var plmns []string
			for _, v := range m.SupportedTAs {
				for _, p := range v.BroadcastPLMNs[:v.PLMNCount] {
					plmns = append(plmns, plmnHex(p))
				}
			}
			got[c] = strings.Join(plmns, ",")
		case "e212.imsi":
			if m.UEPagingID.Identity.Type != ident.IMSI {
				continue // tshark also shows that of NAS
			}
			got[c] = m.UEPagingID.Identity.Digits()
		case "s1ap.UERadioCapability":
			if want = strconv.Itoa(len(want) / 2); !m.HasUERadioCapability {
				got[c] = "0"
			} else {
				got[c] = strconv.Itoa(m.UERadioCapabilityLength)
			}
		case "s1ap.mMEC", "s1ap.m_TMSI", "s1ap.tAC", "s1ap.RRC_Establishment_Cause":
			want = decimal(want)
		}
		if got[c] != want {
			t.Errorf("%s: %s = %q, tshark has %q", where, c, got[c], want)
		} else if want != "" {
			n++
		}
	}
	return n
}

// decimal writes hexadecimal numbers as decimal ones.
func decimal(s string) string {
	f := strings.Split(s, ",")
	for i := range f {
		if v, err := strconv.ParseUint(f[i], 0, 32); err == nil {
			f[i] = strconv.FormatUint(v, 10)
		}
	}
	return strings.Join(f, ",")
}

// TestTshark compares every S1AP message of the corpus with tshark, field by field.
func TestTshark(t *testing.T) {
	root := os.Getenv("FBSDETECT_CORPUS")
	if root == "" {
		root = "../../../../shared/corpus"
	}
	paths, err := filepath.Glob(filepath.Join(root, "lab", "*_s1ap.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	more := filepath.Join(root, "captures", "thomasluijkman__4Gvisualiser", "enb_s1ap.pcap")
	if _, err := os.Stat(more); err == nil {
		paths = append(paths, more)
	}
	if len(paths) == 0 {
		t.Skip("no corpus of captures: set FBSDETECT_CORPUS")
	}
	messages, fields := 0, 0
	for _, path := range paths {
		rows := tshark(t, path)
		var d s1ap.Decoder
		r, err := capture.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for {
			f, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			where := fmt.Sprintf("%s frame %d", filepath.Base(path), f.Number)
			if f.LinkType != linkS1AP || f.Number > len(rows) {
				t.Fatalf("%s: link type %d, %d rows of tshark", where, f.LinkType, len(rows))
			}
			m, err := d.Decode(f.Data)
			if err != nil || m.Extraneous != 0 {
				t.Errorf("%s: %v, %d octets too many", where, err, m.Extraneous)
			}
			messages++
			fields += compare(t, where, m, rows[f.Number-1])
			for _, n := range m.NASPDUs {
				if !bytes.HasPrefix(f.Data[n.Offset:], n.Octets) {
					t.Errorf("%s: NAS-PDU is not at %d", where, n.Offset)
				}
			}
		}
	}
	t.Logf("%d messages, %d fields equal", messages, fields)
}

// writePcap writes messages to a capture of link type 150 and returns its path.
func writePcap(t *testing.T, messages [][]byte) string {
	t.Helper()
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0xa1b2c3d4)
	b = le.AppendUint16(le.AppendUint16(b, 2), 4)
	for _, v := range []uint32{0, 0, 1 << 18, linkS1AP} {
		b = le.AppendUint32(b, v)
	}
	for _, m := range messages {
		for _, v := range []uint32{0, 0, uint32(len(m)), uint32(len(m))} {
			b = le.AppendUint32(b, v)
		}
		b = append(b, m...)
	}
	path := filepath.Join(t.TempDir(), "s1ap.pcap")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
