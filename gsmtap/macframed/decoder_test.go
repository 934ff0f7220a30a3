package macframed

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

var (
	dl = Context{RadioType: FDD, RNTIType: CRNTI, RNTI: 0x46, HasRNTI: true, SFN: 17, Subframe: 3, HasSFN: true, CRC: CRCOK, HasCRC: true}
	ul = Context{RadioType: FDD, Uplink: true, RNTIType: CRNTI, RNTI: 0x46, HasRNTI: true, CRC: CRCOK, HasCRC: true}
)

// with returns c with another RNTI.
func with(c Context, t RNTIType, rnti uint16) Context {
	c.RNTIType, c.RNTI = t, rnti
	return c
}

func frame(c Context, mac []byte) []byte { return AppendFrame(nil, &c, mac) }

var request = []byte{0x55, 0x12, 0x34, 0x56, 0x78, 0x96} // as long as an RRCConnectionRequest

func rar(rnti uint16, ta uint16) []byte {
	return frame(with(dl, RARNTI, 2), AppendRAR(nil, RandomAccessResponse{RAPID: 9, TimingAdvance: ta, RNTI: rnti}))
}

func ulCCCH(rnti uint16, rrc []byte) []byte {
	return frame(with(ul, CRNTI, rnti), AppendMAC(nil, true, Part{0, rrc}))
}

func msg4(rnti uint16, identity []byte, rrc string) []byte {
	return frame(with(dl, CRNTI, rnti), AppendMAC(nil, false, Part{28, identity}, Part{0, []byte(rrc)}, Part{31, make([]byte, 3)}))
}

func srb(c Context, srb uint8, sn int, maci uint32, rrc string) []byte {
	h := PDCPHeader{Present: true, SN: uint8(sn & 31), MACI: maci}
	return frame(c, AppendSRB(nil, srb, uint16(sn), h, []byte(rrc)))
}

// describe writes a PDU as the tests compare it.
func describe(p *PDU) string {
	var s strings.Builder
	switch p.Kind {
	case RandomAccess:
		fmt.Fprintf(&s, "RAR %d ta %d rnti %x", p.RAR.RAPID, p.RAR.TimingAdvance, p.RAR.RNTI)
		if p.RAR.HasBackoff {
			fmt.Fprintf(&s, " backoff %d", p.RAR.Backoff)
		}
	case ContentionResolution:
		fmt.Fprintf(&s, "CR %x", p.Octets)
	default:
		fmt.Fprintf(&s, "%v %s", p.Channel, p.Octets)
	}
	if p.SRB > 0 {
		fmt.Fprintf(&s, " srb %d", p.SRB)
	}
	if p.PDCP.Present {
		fmt.Fprintf(&s, " sn %d", p.PDCP.SN)
	}
	for _, f := range []struct {
		set  bool
		name string
	}{{p.Ciphered, " ciphered"}, {p.Unsure, " unsure"}, {p.Retransmission, " again"}} {
		if f.set {
			s.WriteString(f.name)
		}
	}
	if p.Connection != nil {
		fmt.Fprintf(&s, " #%d", p.Connection.ID)
	}
	return s.String()
}

// step is a frame and what comes of it.
type step struct {
	frame []byte
	want  []string
	then  func(c *Connection) // called with the connection of the last PDU
}

func run(t *testing.T, d *Decoder, steps []step) {
	t.Helper()
	for i, s := range steps {
		var got []string
		var conn *Connection
		res := d.Decode(s.frame, func(p *PDU) {
			got = append(got, describe(p))
			conn = p.Connection
			if p.Kind == RRC && p.Offset >= len(s.frame) {
				t.Errorf("frame %d: offset %d", i, p.Offset)
			}
		})
		if res.Category != Decoded || res.PDUs != len(got) {
			t.Errorf("frame %d: %+v", i, res)
		}
		if strings.Join(got, "; ") != strings.Join(s.want, "; ") {
			t.Errorf("frame %d:\n got %q\nwant %q", i, got, s.want)
		}
		if s.then != nil {
			s.then(conn)
		}
	}
}

func TestDecoder(t *testing.T) {
	other := []byte{0x55, 6, 5, 4, 3, 2}
	tests := []struct {
		name  string
		steps []step
	}{
		{"broadcast and paging", []step{
			{frame(with(dl, NoRNTI, 0), []byte("mib")), []string{"BCCH-BCH mib"}, nil},
			{frame(with(dl, SIRNTI, 0xffff), []byte("sib")), []string{"BCCH-DL-SCH sib"}, nil},
			{frame(with(dl, CRNTI, 0xffff), []byte("sib")), []string{"BCCH-DL-SCH sib"}, nil},
			{frame(with(dl, PRNTI, 0xfffe), []byte("page")), []string{"PCCH page"}, nil},
			{frame(with(dl, CRNTI, 0xfffe), []byte("page")), []string{"PCCH page"}, nil},
		}},
		{"a connection", []step{
			{rar(0x46, 5), []string{"RAR 9 ta 5 rnti 46 #1"}, nil},
			{ulCCCH(0x46, request), []string{"UL-CCCH " + string(request) + " #1"}, nil},
			{msg4(0x46, request, "setup"), []string{"CR 551234567896 again #1", "DL-CCCH setup #1"}, (*Connection).Reset},
			{srb(ul, 1, 0, 0, "complete"), []string{"UL-DCCH complete srb 1 sn 0 #1"}, nil},
			{srb(dl, 1, 0, 0, "identity"), []string{"DL-DCCH identity srb 1 sn 0 #1"}, nil},
			{srb(dl, 1, 0, 0, "identity"), nil, nil},
			{srb(ul, 1, 1, 0, "identity!"), []string{"UL-DCCH identity! srb 1 sn 1 #1"}, nil},
			{srb(dl, 1, 1, 0, "release"), []string{"DL-DCCH release srb 1 sn 1 #1"}, (*Connection).Reset},
			{srb(dl, 1, 1, 0, "release"), nil, nil}, // RLC repeats it although the bearer is gone
			{rar(0x46, 6), []string{"RAR 9 ta 6 rnti 46 #2"}, nil},
			{ulCCCH(0x46, request), []string{"UL-CCCH " + string(request) + " #2"}, nil},
			{msg4(0x46, request, "setup"), []string{"CR 551234567896 again #2", "DL-CCCH setup #2"}, nil},
			{srb(ul, 1, 0, 0, "complete"), []string{"UL-DCCH complete srb 1 sn 0 #2"}, nil},
		}},
		{"ciphered", []step{
			{rar(0x46, 5), []string{"RAR 9 ta 5 rnti 46 #1"}, nil},
			{srb(ul, 1, 0, 0, "complete"), []string{"UL-DCCH complete srb 1 sn 0 #1"}, nil},
			{srb(dl, 1, 0, 7, "smc"), []string{"DL-DCCH smc srb 1 sn 0 unsure #1"}, func(c *Connection) { c.SecurityModeCommand(2) }},
			{srb(dl, 1, 1, 8, "x"), []string{"DL-DCCH x srb 1 sn 1 ciphered #1"}, nil},
			{srb(ul, 1, 1, 9, "smc!"), []string{"UL-DCCH smc! srb 1 sn 1 unsure #1"}, (*Connection).SecurityModeComplete},
			{srb(ul, 1, 2, 9, "y"), []string{"UL-DCCH y srb 1 sn 2 ciphered #1"}, nil},
			{srb(ul, 2, 0, 9, "z"), []string{"UL-DCCH z srb 2 sn 0 ciphered #1"}, nil},
		}},
		{"SRB2 before the complete", []step{
			{srb(dl, 1, 0, 7, "smc"), []string{"DL-DCCH smc srb 1 sn 0 unsure #1"}, func(c *Connection) { c.SecurityModeCommand(1) }},
			{srb(ul, 2, 0, 9, "z"), []string{"UL-DCCH z srb 2 sn 0 ciphered #1"}, nil},
		}},
		{"null ciphering", []step{
			{rar(0x46, 5), []string{"RAR 9 ta 5 rnti 46 #1"}, nil},
			{srb(dl, 1, 0, 7, "smc"), []string{"DL-DCCH smc srb 1 sn 0 unsure #1"}, func(c *Connection) { c.SecurityModeCommand(0) }},
			{srb(ul, 1, 1, 9, "smc!"), []string{"UL-DCCH smc! srb 1 sn 1 #1"}, (*Connection).SecurityModeComplete},
			{srb(dl, 1, 1, 8, "x"), []string{"DL-DCCH x srb 1 sn 1 #1"}, nil},
		}},
		{"security refused", []step{
			{srb(dl, 1, 0, 7, "smc"), []string{"DL-DCCH smc srb 1 sn 0 unsure #1"}, func(c *Connection) { c.SecurityModeCommand(2) }},
			{srb(ul, 1, 0, 0, "no"), []string{"UL-DCCH no srb 1 sn 0 unsure #1"}, (*Connection).SecurityModeFailure},
			{srb(dl, 1, 1, 0, "x"), []string{"DL-DCCH x srb 1 sn 1 #1"}, nil},
		}},
		{"from the middle", []step{
			{srb(dl, 1, 7, 0, "a"), []string{"DL-DCCH a srb 1 sn 7 #1"}, nil},
			{srb(dl, 1, 8, 1, "b"), []string{"DL-DCCH b srb 1 sn 8 unsure #1"}, nil},
			{srb(ul, 1, 3, 1, "c"), []string{"UL-DCCH c srb 1 sn 3 unsure #1"}, (*Connection).SecurityModeComplete},
			{srb(ul, 1, 4, 1, "d"), []string{"UL-DCCH d srb 1 sn 4 unsure #1"}, nil},
		}},
		{"C-RNTI given anew, random access response not captured", []step{
			{ulCCCH(0x46, request), []string{"UL-CCCH " + string(request) + " #1"}, nil},
			{ulCCCH(0x46, request), []string{"UL-CCCH " + string(request) + " again #1"}, nil},
			{srb(ul, 1, 0, 0, "a"), []string{"UL-DCCH a srb 1 sn 0 #1"}, nil},
			{ulCCCH(0x46, request), []string{"UL-CCCH " + string(request) + " #2"}, nil},
			{srb(ul, 1, 0, 0, "a"), []string{"UL-DCCH a srb 1 sn 0 #2"}, nil},
			{msg4(0x46, request, "s"), []string{"CR 551234567896 #3", "DL-CCCH s #3"}, nil},
		}},
		{"downlink only", []step{
			{msg4(0x46, request, "s"), []string{"CR 551234567896 #1", "DL-CCCH s #1"}, nil},
			{srb(dl, 1, 0, 0, "a"), []string{"DL-DCCH a srb 1 sn 0 #1"}, nil},
			{frame(dl, AppendMAC(nil, false, Part{0, []byte("reject")})), []string{"DL-CCCH reject #2"}, nil},
		}},
		{"contention lost", []step{
			{ulCCCH(0x46, request), []string{"UL-CCCH " + string(request) + " #1"}, nil},
			{msg4(0x46, other, "s"), []string{"CR 550605040302 #2", "DL-CCCH s #2"}, nil},
		}},
		{"C-RNTI in random access", []step{
			{srb(ul, 1, 0, 0, "a"), []string{"UL-DCCH a srb 1 sn 0 #1"}, nil},
			{rar(0x50, 11), []string{"RAR 9 ta 11 rnti 50 #2"}, nil},
			{frame(with(ul, CRNTI, 0x50), AppendMAC(nil, true, Part{27, []byte{0, 0x46}}, Part{1, AppendSRB(nil, 1, 1, PDCPHeader{Present: true, SN: 1}, []byte("b"))[1:]})),
				[]string{"UL-DCCH b srb 1 sn 1 #1"}, func(c *Connection) {
					if c.TimingAdvance != 11 {
						t.Errorf("timing advance %d", c.TimingAdvance)
					}
				}},
			{rar(0x50, 12), []string{"RAR 9 ta 12 rnti 50 #3"}, nil},
		}},
		{"C-RNTI under itself", []step{
			{srb(ul, 1, 0, 0, "a"), []string{"UL-DCCH a srb 1 sn 0 #1"}, nil},
			{frame(ul, AppendMAC(nil, true, Part{27, []byte{0, 0x46}}, Part{0, request})), []string{"UL-CCCH " + string(request) + " #2"}, nil},
		}},
		{"timing advance commands", []step{
			{rar(0x46, 5), []string{"RAR 9 ta 5 rnti 46 #1"}, nil},
			{rar(0x46, 6), []string{"RAR 9 ta 6 rnti 46 #1"}, nil},
			{frame(dl, AppendMAC(nil, false, Part{29, []byte{33}}, Part{31, nil})), nil, nil},
			{frame(dl, AppendMAC(nil, false, Part{29, []byte{0x40}}, Part{31, nil})), nil, nil}, // another group
			{srb(dl, 1, 0, 0, "a"), []string{"DL-DCCH a srb 1 sn 0 #1"}, func(c *Connection) {
				if c.TimingAdvance != 8 {
					t.Errorf("timing advance %d", c.TimingAdvance)
				}
			}},
			{frame(dl, AppendMAC(nil, false, Part{29, []byte{0}}, Part{31, nil})), nil, nil},
			{srb(dl, 1, 1, 0, "a"), []string{"DL-DCCH a srb 1 sn 1 #1"}, func(c *Connection) {
				if c.TimingAdvance != 0 {
					t.Errorf("timing advance %d", c.TimingAdvance)
				}
			}},
		}},
		{"SDU in two frames", []step{
			{frame(ul, append([]byte{1}, amd(0, 1, "\x00ab")...)), nil, nil},
			{frame(ul, append([]byte{1}, amd(1, 2, "cd\x00\x00\x00\x01", "\x01ef\x00\x00\x00\x00")...)),
				[]string{"UL-DCCH abcd srb 1 sn 0 unsure #1", "UL-DCCH ef srb 1 sn 1 #1"}, nil},
		}},
		{"mere backoff, mode B", []step{
			{frame(with(dl, RARNTI, 2), AppendRAR(nil, RandomAccessResponse{Backoff: 4, HasBackoff: true, BackoffOnly: true})), []string{"RAR 0 ta 0 rnti 0 backoff 4"}, nil},
			{frame(Context{RadioType: FDD, RNTIType: RARNTI, CEMode: ceModeB}, unhex(t, "45 0053a80046")), []string{"RAR 5 ta 5 rnti 46 #1"}, nil},
		}},
		{"NB-IoT", []step{
			{frame(Context{RadioType: FDD, Uplink: true, RNTIType: CRNTI, RNTI: 1, HasRNTI: true, NBMode: 1}, append([]byte{13, 0x15}, request...)), []string{"UL-CCCH " + string(request) + " #1"}, nil},
			{frame(Context{RadioType: FDD, RNTIType: CRNTI, RNTI: 1, HasRNTI: true, NBMode: 1}, AppendSRB(nil, 3, 0, PDCPHeader{}, []byte("a"))), []string{"DL-DCCH a srb 1 #1"}, nil},
		}},
		{"MCCH", []step{
			{frame(with(dl, MRNTI, 0xfffd), append([]byte{0x3e, 1, 0x20, 3, 0x21, 1, 0x1f, 'x'}, "\x40ab"+"u"...)), nil, nil},
			{frame(with(dl, MRNTI, 0xfffd), append([]byte{0}, "\x81cd"...)), []string{"MCCH abcd"}, nil},
			{frame(with(dl, MRNTI, 0xfffd), append([]byte{0}, "\x02abcd"...)), []string{"MCCH abcd"}, nil},
		}},
		{"frames without PDU", []step{
			{frame(ul, nil), nil, nil},
			{[]byte{1, 0, 3, 9, 5, 1}, nil, nil},
			{[]byte{1, 0, 3, 0x11, 0, 1, 0, 0, 0, 0x46}, nil, nil},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { run(t, NewDecoder(), tt.steps) })
	}
}

func TestReestablish(t *testing.T) {
	d := NewDecoder()
	conn := func(rnti uint16) *Connection {
		d.Decode(ulCCCH(rnti, request), func(*PDU) {})
		return d.Connection(rnti)
	}
	old := conn(0x46)
	old.SecurityModeCommand(2)
	old.SecurityModeComplete()
	c := conn(0x47)
	c.Reestablish(old)
	run(t, d, []step{{srb(with(ul, CRNTI, 0x47), 1, 0, 1, "a"), []string{"UL-DCCH a srb 1 sn 0 ciphered #2"}, nil}})
	c.Reestablish(d.Connection(0x48))
	run(t, d, []step{{srb(with(ul, CRNTI, 0x47), 1, 1, 1, "a"), []string{"UL-DCCH a srb 1 sn 1 unsure #2"}, nil}})
}

func TestResult(t *testing.T) {
	tests := []struct {
		name   string
		frame  []byte
		want   Category
		reason string
		err    error
		off    int
	}{
		{"unknown tag", []byte{1, 1, 3, 0x20, 1, 0xaa}, Unsupported, "mac-lte-framed tag", wire.ErrUnsupported, 3},
		{"no mac-lte", []byte("GET /"), Malformed, "", wire.ErrInvalid, 0},
		{"CRC failed", frame(Context{RadioType: FDD, RNTIType: CRNTI, HasCRC: true}, []byte{0, 1}), Unsupported, "MAC PDU with CRC error", nil, 0},
		{"PDSCH lost", frame(Context{RadioType: FDD, RNTIType: CRNTI, HasCRC: true, CRC: 3}, []byte{0, 1}), Unsupported, "MAC PDU with CRC error", nil, 0},
		{"predefined", frame(Context{RadioType: FDD, RNTIType: CRNTI, Predefined: true}, []byte{0, 1}), Unsupported, "predefined test data", nil, 0},
		{"sidelink", frame(with(dl, SLRNTI, 1), []byte{0, 1}), Unsupported, "MAC PDU of sidelink, multicast or unknown RNTI type", nil, 0},
		{"uplink without RNTI", frame(Context{RadioType: FDD, Uplink: true}, []byte{0, 1}), Unsupported, "MAC PDU of sidelink, multicast or unknown RNTI type", nil, 0},
		{"reserved identity", []byte{1, 1, 3, 1, 0x3f, 0x0b, 0xaa}, Partial, "", wire.ErrUnsupported, 5},
		{"SDU cut", []byte{1, 1, 3, 1, 0x21, 9, 0x1f, 0x80}, Malformed, "", wire.ErrShort, 7},
		{"RLC cut", []byte{1, 1, 3, 1, 0x21, 1, 0x1f, 0x80}, Malformed, "", wire.ErrShort, 8},
		{"PDCP cut", []byte{1, 1, 3, 1, 1, 0x80, 0, 0, 1, 2, 3, 4}, Malformed, "", wire.ErrShort, 7},
		{"UL-CCCH cut", []byte{1, 0, 3, 1, 0, 1, 2, 3, 4, 5}, Malformed, "", wire.ErrShort, 5},
		{"DL-CCCH empty", []byte{1, 1, 3, 1, 0x20, 0, 0x1f}, Malformed, "", wire.ErrShort, 7},
		{"RAR cut", []byte{1, 1, 2, 1, 0x45, 1}, Malformed, "", wire.ErrShort, 5},
		{"RAR subheaders cut", []byte{1, 1, 2, 1, 0xc5}, Malformed, "", wire.ErrShort, 5},
		{"MCH cut", []byte{1, 1, 6, 1, 0x20, 3, 0x1f, 0}, Malformed, "", wire.ErrShort, 7},
		{"MCCH cut", []byte{1, 1, 6, 1, 0, 0}, Malformed, "", wire.ErrShort, 6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := NewDecoder()
			res := d.Decode(tt.frame, func(p *PDU) { t.Errorf("emits %s", describe(p)) })
			if c := d.Context(); tt.err != wire.ErrInvalid && c.RadioType != FDD {
				t.Errorf("context %+v", c)
			}
			if res.Category != tt.want || res.Reason != tt.reason {
				t.Errorf("%+v", res)
			}
			wantErr(t, res.Err, tt.err, tt.off)
		})
	}
}

// TestResultFlags: user plane and ciphering of a frame that also has a defect.
func TestResultFlags(t *testing.T) {
	d := NewDecoder()
	d.Decode(ulCCCH(0x46, request), func(*PDU) {})
	d.Connection(0x46).SecurityModeCommand(1)
	sdu := AppendSRB(nil, 1, 0, PDCPHeader{Present: true, MACI: 1}, []byte("x"))[1:]
	b := AppendMAC(nil, false, Part{3, []byte("user")}, Part{1, sdu}, Part{1, []byte{0x80}}, Part{31, nil})
	n := 0
	res := d.Decode(frame(dl, b), func(p *PDU) { n++ })
	if n != 1 || !res.UserPlane || !res.Ciphered || res.Category != Malformed {
		t.Errorf("%d PDUs, %+v", n, res)
	}
	if s := d.Stats(); s.UserPlane != 1 || s.Connections != 1 || s.Frames != 2 {
		t.Errorf("%+v", s)
	}
}

// session is an attach in ten frames with one segmented message.
func session() [][]byte {
	return [][]byte{
		frame(with(dl, SIRNTI, 0xffff), []byte("sib1")),
		rar(0x46, 5), ulCCCH(0x46, request), msg4(0x46, request, "setup"),
		srb(ul, 1, 0, 0, "complete"),
		frame(dl, AppendMAC(nil, false, Part{1, []byte{0, 4}}, Part{31, make([]byte, 9)})),
		srb(dl, 1, 0, 0, "authenticate"), srb(ul, 1, 1, 0, "response"),
		frame(dl, append([]byte{1}, amd(1, 1, "\x01recon")...)),
		frame(dl, append([]byte{1}, amd(2, 2, "figuration\x00\x00\x00\x00")...)),
	}
}

// TestTruncated: a frame cut anywhere does no harm, and the ones after it are whole.
func TestTruncated(t *testing.T) {
	frames := session()
	whole := 0
	d := NewDecoder()
	for _, f := range frames {
		d.Decode(f, func(*PDU) { whole++ })
	}
	for i, f := range frames {
		for n := range f {
			d, got := NewDecoder(), 0
			for j, g := range frames {
				if j == i {
					g = f[:n]
				}
				res := d.Decode(g, func(*PDU) { got++ })
				if j != i && res.Category != Decoded {
					t.Fatalf("frame %d cut to %d: frame %d is %+v", i, n, j, res)
				}
			}
			if got < whole-2 || got > whole {
				t.Errorf("frame %d cut to %d: %d PDUs of %d", i, n, got, whole)
			}
		}
	}
}

func TestNames(t *testing.T) {
	for got, want := range map[string]string{
		BCCHBCH.String(): "BCCH-BCH", MCCH.String(): "MCCH", Channel(99).String(): "unknown",
		CipherUnknown.String(): "unknown", CipherOff.String(): "off", CipherCommanded.String(): "commanded", CipherOn.String(): "on",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestEviction(t *testing.T) {
	d := NewDecoder()
	for i := range MaxConnections {
		d.Decode(rar(uint16(100+i), 1), func(*PDU) {})
	}
	d.Decode(srb(with(ul, CRNTI, 100), 1, 0, 0, "a"), func(*PDU) {}) // 100 is the newest now
	d.Decode(rar(50, 1), func(*PDU) {})
	if d.Connection(100) == nil || d.Connection(101) != nil || d.Connection(50) == nil {
		t.Error("not the connection used longest ago was forgotten")
	}
	if s := d.Stats(); s.Evicted != 1 || s.Connections != MaxConnections+1 || len(d.conns.byRNTI) != MaxConnections {
		t.Errorf("%+v, %d connections", s, len(d.conns.byRNTI))
	}
	n := 0
	for c := d.conns.newest; c != nil; c = c.older {
		n++
	}
	if n != MaxConnections {
		t.Errorf("%d connections by use", n)
	}
}

func FuzzDecode(f *testing.F) {
	join := func(frames ...[]byte) (b []byte) {
		for _, g := range frames {
			b = append(append(b, byte(len(g)), byte(len(g)>>8)), g...)
		}
		return b
	}
	f.Add(join(session()...), uint8(0))
	f.Add(join(srb(dl, 1, 0, 7, "smc"), srb(ul, 2, 9, 1, "x"), frame(ul, AppendMAC(nil, true, Part{27, []byte{0, 0x46}}, Part{0, request}))), uint8(0x5a))
	f.Add(join(frame(dl, append([]byte{1}, segment(0, 1, 0, false, "ab", "cd")...)), frame(dl, append([]byte{1}, segment(0, 2, 3, true, "ef")...))), uint8(1))
	f.Add(join(frame(with(dl, MRNTI, 0xfffd), append([]byte{0}, "\x81cd"...))), uint8(3))
	f.Fuzz(func(t *testing.T, b []byte, act uint8) {
		d := NewDecoder()
		for len(b) >= 2 {
			n := min(int(b[0])|int(b[1])<<8, len(b)-2)
			g := b[2 : 2+n]
			b = b[2+n:]
			pdus := 0
			res := d.Decode(g, func(p *PDU) {
				pdus++
				if len(p.Octets) > max(len(g), MaxSDU) || p.Offset < 0 || p.Offset > len(g) || p.PDCP.SN > 31 {
					t.Fatalf("%+v", p)
				}
				if p.Kind == RRC && len(p.Octets) == 0 || p.Ciphered && p.Unsure {
					t.Fatalf("%+v", p)
				}
				c := p.Connection
				if (c == nil) != (p.Channel < DLCCCH && p.Kind == RRC || p.Channel == MCCH || p.RAR != nil && p.RAR.BackoffOnly) {
					t.Fatalf("%+v", p)
				}
				if c == nil {
					return
				}
				if c.ID == 0 || c.TimingAdvance < -1 {
					t.Fatalf("%+v", c)
				}
				switch act = act>>1 | act<<7; act & 7 {
				case 0:
					c.Reset()
				case 1:
					c.SecurityModeCommand(int(act >> 6))
				case 2:
					c.SecurityModeComplete()
				case 3:
					c.Reestablish(d.Connection(uint16(act)))
				}
			})
			var de *wire.DecodeError
			if res.Err != nil && (!errors.As(res.Err, &de) || de.Offset < 0 || de.Offset > len(g)) {
				t.Fatalf("error %v of %d octets", res.Err, len(g))
			}
			if (res.Category == Malformed) && res.Err == nil || res.PDUs != pdus {
				t.Fatalf("%d PDUs, %+v", pdus, res)
			}
		}
		if len(d.conns.byRNTI) > MaxConnections {
			t.Fatalf("%d connections", len(d.conns.byRNTI))
		}
		for c := d.conns.newest; c != nil; c = c.older {
			for _, dirs := range c.srb {
				for i := 0; dirs != nil && i < len(dirs); i++ {
					r := &dirs[i]
					size := 0
					for _, p := range r.pieces {
						if p.off != size || p.end <= p.start {
							t.Fatalf("%+v", r.pieces)
						}
						size += p.end - p.start
					}
					if size != len(r.buf) || size > MaxSDU || len(r.pieces) > maxPieces {
						t.Fatalf("%d octets in %d pieces", size, len(r.pieces))
					}
				}
			}
		}
	})
}

func TestAllocs(t *testing.T) {
	d := NewDecoder()
	dlb, ulb := frame(dl, nil), frame(ul, nil)
	pdcp := PDCPHeader{Present: true}
	var buf []byte
	sn := uint16(0)
	n := testing.AllocsPerRun(2000, func() {
		sn++
		for _, head := range [][]byte{dlb, ulb} {
			pdcp.SN = uint8(sn & 31)
			buf = AppendSRB(append(buf[:0], head...), 1, sn, pdcp, []byte("message"))
			if res := d.Decode(buf, func(*PDU) {}); res.PDUs != 1 {
				t.Fatalf("%+v", res)
			}
		}
	})
	if n != 0 {
		t.Errorf("%v allocations for two frames", n)
	}
}

func BenchmarkSession(b *testing.B) {
	frames := session()
	b.SetBytes(int64(len(bytes.Join(frames, nil))))
	b.ReportAllocs()
	d := NewDecoder()
	for b.Loop() {
		for _, f := range frames {
			d.Decode(f, func(*PDU) {})
		}
	}
}

// BenchmarkPieces is the worst case: a frame of many pieces of SDUs whose rest is
// missing.
func BenchmarkPieces(b *testing.B) {
	var frames [][]byte
	for sn := range uint16(500) {
		frames = append(frames, frame(dl, append([]byte{1}, amd(2*sn, 1, "x")...)))
	}
	b.ReportAllocs()
	d := NewDecoder()
	for b.Loop() {
		for _, f := range frames {
			d.Decode(f, func(*PDU) {})
		}
	}
}
