package rrc

import (
	"encoding/binary"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// dissector names Wireshark's dissector of a message class; "" if it has none by that
// name.
func dissector(c Channel) string {
	n := strings.ToLower(c.String())
	switch c.RAT() {
	case LTE:
		n, nb := strings.CutSuffix(n, "-nb")
		n = "lte_rrc." + strings.ReplaceAll(n, "-", "_")
		if nb {
			n += ".nb"
		}
		return n
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
// output.
func tshark(t *testing.T, messages []vector, args ...string) []byte {
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
	return out
}

// shown returns the vectors that tshark has a dissector for.
func shown(t *testing.T) []vector {
	return slices.DeleteFunc(vectors(t), func(v vector) bool {
		return v.pdu != "" || exceptions[v.where] != "" || dissector(v.channel) == ""
	})
}

// TestTsharkNames compares the names of all vectors' messages with what tshark shows.
func TestTsharkNames(t *testing.T) {
	var d Decoder
	messages := shown(t)
	lines := strings.Split(string(tshark(t, messages, "-T", "fields", "-e", "_ws.col.Info")), "\n")
	for i, v := range messages {
		m, err := d.Decode(v.channel, v.octets)
		if err != nil {
			t.Fatalf("%s: %v", v.where, err)
		}
		// For NR and for system information of UMTS it puts spaces between the words; for
		// what is reserved it shows nothing.
		squeezed := strings.ReplaceAll(lines[i], " ", "")
		if squeezed != "" && !strings.HasPrefix(squeezed, m.Name()) {
			t.Errorf("%s: %s, tshark %q", v.where, m.Name(), lines[i])
		}
	}
	t.Logf("%d names", len(messages))
}

// field is an element of tshark's XML.
type field struct {
	Showname string  `xml:"showname,attr"`
	Show     string  `xml:"show,attr"`
	Hide     string  `xml:"hide,attr"`
	Fields   []field `xml:"field"`
	Protos   []field `xml:"proto"`
}

// collect adds the numbers that tshark shows, by name.
func (f *field) collect(to map[string][]int64) {
	if f.Hide == "yes" {
		return
	}
	name := strings.TrimLeft(f.Showname, "01. ") // bits that fields of one bit show
	if i := strings.Index(name, ": "); i > 0 {
		if n, err := strconv.ParseInt(f.Show, 0, 64); err == nil {
			to[name[:i]] = append(to[name[:i]], n)
		}
	}
	for i := range f.Fields {
		f.Fields[i].collect(to)
	}
	for i := range f.Protos {
		f.Protos[i].collect(to)
	}
}

// numbers adds the numbers below v by name; those of a list by the name of their type.
func numbers(v uper.Value, to map[string][]int64) {
	for c := v.First(); c.Present(); c = c.Next() {
		switch c.Kind() {
		case uper.Integer, uper.Enumerated, uper.Boolean:
			name := c.Name()
			if name == "" {
				name = c.TypeName()
			}
			to[name] = append(to[name], c.Int())
		}
		numbers(c, to)
	}
	if c := v.Contained(); c.Present() {
		numbers(c, to)
	}
}

// TestTsharkValues compares the integers, enumerations and booleans of all vectors with
// tshark's, of those names that both have equally often: tshark shows the messages of
// NAS and others inside as well.
func TestTsharkValues(t *testing.T) {
	var d Decoder
	messages := shown(t)
	var pdml struct {
		Packets []field `xml:"packet"`
	}
	if err := xml.Unmarshal(tshark(t, messages, "-T", "pdml"), &pdml); err != nil || len(pdml.Packets) != len(messages) {
		t.Fatalf("%d packets, %v", len(pdml.Packets), err)
	}
	same, skipped := 0, 0
	for i, v := range messages {
		m, err := d.Decode(v.channel, v.octets)
		if err != nil {
			t.Fatalf("%s: %v", v.where, err)
		}
		ours, theirs := map[string][]int64{}, map[string][]int64{}
		numbers(m.Tree, ours)
		pdml.Packets[i].collect(theirs)
		for name, values := range ours {
			if len(values) != len(theirs[name]) {
				skipped += len(values)
				continue
			}
			if !slices.Equal(values, theirs[name]) {
				t.Errorf("%s: %s is %v, tshark %v", v.where, name, values, theirs[name])
			}
			same += len(values)
		}
	}
	t.Logf("%d values compared, %d others", same, skipped)
	if same < 9*skipped {
		t.Error("too few values compared")
	}
}
