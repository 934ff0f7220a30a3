package rrc

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// dissector names Wireshark's dissector of a message class; "" if 4.0 has none.
func dissector(c Channel) string {
	n := strings.ToLower(c.String())
	switch c.RAT() {
	case LTE:
		nb := strings.HasSuffix(n, "-nb")
		n = strings.ReplaceAll(strings.TrimSuffix(n, "-nb"), "-", "_")
		n = strings.Replace(n, "bcch_bch_tdd", "bcch_bch.tdd", 1)
		n = strings.NewReplacer("bcch_dl_sch_br", "bcch_dl_sch_br", "sbcch_sl_bch_v2x", "sbcch_sl_bch.v2x", "bcch_dl_sch_mbms", "bcch_dl_sch.mbms", "bcch_bch_mbms", "bcch_bch.mbms").Replace(n)
		if nb {
			n += ".nb"
		}
		return "lte_rrc." + n
	case NR:
		return "nr-rrc." + strings.ReplaceAll(n, "-", ".")
	}
	if strings.HasSuffix(c.PDU(), "-Message") {
		return "rrc." + strings.ReplaceAll(n, "-", ".")
	}
	if s, ok := strings.CutPrefix(n, "sysinfotype"); ok {
		return "rrc.si.sib" + s
	}
	return map[Channel]string{
		UMTSMasterInformationBlock: "rrc.si.mib", UMTSHandoverToUTRANCommand: "rrc.irat.ho_to_utran_cmd",
		UMTSInterRATHandoverInfo: "rrc.irat.irat_ho_info",
	}[c]
}

// tshark runs tshark over the messages, wrapped as exported PDUs, and returns its
// output, a line for each.
func tshark(t *testing.T, messages []vector, args ...string) []string {
	t.Helper()
	path, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("tshark is not installed")
	}
	const upperPDU = 252 // LINKTYPE_WIRESHARK_UPPER_PDU
	b := binary.LittleEndian.AppendUint32(nil, 0xa1b2c3d4)
	b = binary.LittleEndian.AppendUint16(b, 2)
	b = binary.LittleEndian.AppendUint16(b, 4)
	b = append(b, make([]byte, 8)...)
	b = binary.LittleEndian.AppendUint32(b, 1<<18)
	b = binary.LittleEndian.AppendUint32(b, upperPDU)
	for _, m := range messages {
		name := dissector(m.channel)
		p := binary.BigEndian.AppendUint16(nil, 12) // dissector name
		p = binary.BigEndian.AppendUint16(p, uint16(len(name)))
		p = append(append(p, name...), 0, 0, 0, 0)
		p = append(p, m.octets...)
		b = append(b, make([]byte, 8)...)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(p)))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(p)))
		b = append(b, p...)
	}
	file := filepath.Join(t.TempDir(), "messages.pcap")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, append([]string{"-r", file}, args...)...).Output()
	if err != nil {
		t.Fatalf("tshark: %v", err)
	}
	return strings.Split(string(bytes.TrimRight(out, "\n")), "\n")
}
