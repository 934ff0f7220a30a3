package sms

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/warthog618/sms/encoding/gsm7"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func octets(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// lv is a length in octets and what follows it.
func lv(s string) string {
	s = strings.Join(strings.Fields(s), "")
	return fmt.Sprintf("%02x%s", len(s)/2, s)
}

const (
	centre = "07 91 9995000000f1" // +99590000001
	sender = "0b 91 99090000 00f1"
	scts   = "62118290 0000 82" // 28 November 2026 09:00:00, seven hours east
	short  = "04" + sender + "00 00" + scts + "05 e8329bfd06"
)

// down wraps a TPDU for the phone.
func down(tpdu string) string { return "09 01" + lv("01 2a"+centre+"00"+lv(tpdu)) }

// utf16Octets is a text in octets.
func utf16Octets(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04x", u)
	}
	return b.String()
}

var (
	from   = ident.Address{TypeOfNumber: ident.NumberInternational, Plan: ident.PlanE164, Value: "99900000001"}
	stamp  = Timestamp{Present: true, Time: time.Date(2026, 11, 28, 2, 0, 0, 0, time.UTC), Zone: 28}
	sample = Deliver{OriginatingAddress: from, ServiceCentreTimeStamp: stamp, UserData: UserData{Length: 5, Text: "hello"}}
)

func TestNames(t *testing.T) {
	tests := []struct {
		in   string
		want string
	}{
		{down(short), "CP-DATA > RP-DATA (Network to MS) > SMS-DELIVER"},
		{"89 04", "CP-ACK"},
		{"89 10 16", "CP-ERROR"},
		{"89 01" + lv("02 2a"), "CP-DATA > RP-ACK (MS to Network)"},
		{"89 01" + lv("02 2a 41"+lv("00 00")), "CP-DATA > RP-ACK (MS to Network) > SMS-DELIVER REPORT"},
		{"09 01" + lv("03 2a"), "CP-DATA > RP-ACK (Network to MS)"},
		{"09 01" + lv("03 2a 41"+lv("01 00"+scts)), "CP-DATA > RP-ACK (Network to MS) > SMS-SUBMIT REPORT"},
		{"89 01" + lv("04 2a 01 16"), "CP-DATA > RP-ERROR (MS to Network)"},
		{"89 01" + lv("04 2a 01 16 41"+lv("00 d3 00")), "CP-DATA > RP-ERROR (MS to Network) > SMS-DELIVER REPORT"},
		{"09 01" + lv("05 2a 01 26"), "CP-DATA > RP-ERROR (Network to MS)"},
		{"29 01" + lv("06 2a"), "CP-DATA > RP-SMMA (MS to Network)"},
		{"29 01" + lv("00 01 00"+centre+lv("11 07"+sender+"00 00 a7 05 e8329bfd06")), "CP-DATA > RP-DATA (MS to Network) > SMS-SUBMIT"},
		{"29 01" + lv("00 01 00"+centre+lv("02 07 00 01 05"+sender+"00")), "CP-DATA > RP-DATA (MS to Network) > SMS-COMMAND"},
		{down("06 07" + sender + scts + scts + "00"), "CP-DATA > RP-DATA (Network to MS) > SMS-STATUS REPORT"},
		{down("03" + short[2:]), "CP-DATA > RP-DATA (Network to MS) > SMS-DELIVER"},
		{down("05"), "CP-DATA > RP-DATA (Network to MS) > TPDU 0x01 (unknown)"},
		{"09 07", "CP message 0x07 (unknown)"},
		{"09 01" + lv("07 00"), "CP-DATA > RP message 0x07 (unknown)"},
	}
	for _, tt := range tests {
		var d Decoder
		var names []string
		for _, l := range d.Decode(octets(t, tt.in), 0) {
			names = append(names, l.Message.Name())
			if l.Err != nil && !strings.Contains(tt.want, "TPDU 0x01") {
				t.Errorf("%s: %v", tt.want, l.Err)
			}
		}
		if got := strings.Join(names, " > "); got != tt.want {
			t.Errorf("\n got %s\nwant %s", got, tt.want)
		}
	}
}

func TestDeliver(t *testing.T) {
	with := func(change func(*Deliver)) Deliver {
		m := sample
		change(&m)
		return m
	}
	tests := []struct {
		name, tpdu string
		want       Deliver
	}{
		{"default alphabet", short, sample},
		{"flags", "a8" + short[2:], with(func(m *Deliver) {
			m.MoreMessages, m.LoopPrevention, m.StatusReportIndication, m.ReplyPath = true, true, true, true
		})},
		{"name as sender", fmt.Sprintf("04 07 d0 %x 00 00", pack([]byte("Bank"))) + scts + "00", with(func(m *Deliver) {
			m.OriginatingAddress = ident.Address{TypeOfNumber: ident.NumberAlphanumeric, Value: "Bank"}
			m.UserData = UserData{}
		})},
		{"every extension character", "04" + sender + "00 00" + scts + extension, with(func(m *Deliver) {
			m.UserData = UserData{Length: 20, Text: "^{}\\[~]|€\f"}
		})},
		{"Thai, Chinese and a character beyond 16 bits", "04" + sender + "00 08" + scts + lv(utf16Octets("บัญชี 银行 📱")), with(func(m *Deliver) {
			m.DCS, m.UserData = 8, UserData{Length: 22, Text: "บัญชี 银行 📱"}
		})},
		{"flash of type 0", "04" + sender + "40 10" + scts + "00", with(func(m *Deliver) {
			m.PID, m.DCS, m.UserData = PIDType0, 0x10, UserData{}
		})},
		{"WAP push", "44" + sender + "00 f5" + scts + lv("06 05 04 0b84 23f0 0106"), with(func(m *Deliver) {
			m.DCS = 0xf5
			m.UserData = UserData{Length: 9, Data: []byte{1, 6}, Header: UserDataHeader{Present: true, Length: 6, HasPorts: true, Ports: Ports{2948, 9200}}}
		})},
		{"voicemail", "44" + sender + "00 c8" + scts + "06 04 01 02 00 03 00", with(func(m *Deliver) {
			m.DCS = 0xc8
			m.UserData = UserData{Length: 6, Header: UserDataHeader{Present: true, Length: 4, HasIndication: true, Indication: Indication{0, 3}}}
		})},
		{"unknown and misshapen elements of the header", "44" + sender + "00 04" + scts + lv("06 70 01 aa 00 01 bb"), with(func(m *Deliver) {
			m.DCS = 4
			m.UserData = UserData{Length: 7, Data: []byte{}, Header: UserDataHeader{Present: true, Length: 6, IEI: [maxElements]uint8{0x70, 0}, IEICount: 2}}
		})},
		{"time that is none", "04" + sender + "00 00 62ff8290000082 05 e8329bfd06", with(func(m *Deliver) { m.ServiceCentreTimeStamp = Timestamp{} })},
		{"the thirtieth of February", "04" + sender + "00 00 62200390000082 05 e8329bfd06", with(func(m *Deliver) { m.ServiceCentreTimeStamp = Timestamp{} })},
		{"west of Greenwich", "04" + sender + "00 00 6211829000008a 05 e8329bfd06", with(func(m *Deliver) {
			m.ServiceCentreTimeStamp = Timestamp{Present: true, Time: time.Date(2026, 11, 28, 16, 0, 0, 0, time.UTC), Zone: -28}
		})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var d Decoder
			l := d.DecodeTPDU(octets(t, tt.tpdu), false, 0)
			if len(l) != 1 || l[0].Err != nil {
				t.Fatalf("layers %v", l)
			}
			if got := l[0].Message.(*Deliver); !reflect.DeepEqual(got, &tt.want) {
				t.Errorf("\n got %+v\nwant %+v", got, &tt.want)
			}
		})
	}
}

// extension is a text of ten escaped characters, packed by hand from TS 23.038 §6.2.1.1:
// septets 1b and 14, 28, 29, 2f, 3c, 3d, 3e, 40, 65, 0a in turn.
var extension = func() string {
	var s []byte
	for _, c := range []byte{0x14, 0x28, 0x29, 0x2f, 0x3c, 0x3d, 0x3e, 0x40, 0x65, 0x0a} {
		s = append(s, 0x1b, c)
	}
	return fmt.Sprintf("%02x%x", len(s), pack(s))
}()

// pack packs septets bit by bit (TS 23.038 §6.1.2.1.1).
func pack(s []byte) []byte {
	out := make([]byte, (7*len(s)+7)/8)
	for i, c := range s {
		for n := range 7 {
			if c>>n&1 == 1 {
				at := 7*i + n
				out[at/8] |= 1 << (at % 8)
			}
		}
	}
	return out
}

// TestNationalTables: the tables of TS 23.038 annex A by their numbers.
func TestNationalTables(t *testing.T) {
	tests := []struct {
		name            string
		locking, single uint8
		septets         []byte
		want            ident.Text
	}{
		{"default", 0, 0, []byte{0x07, 0x1b, 0x65}, "ì€"},
		{"Turkish, locking", 1, 0, []byte{0x07, 0x0b, 0x1c}, "ıĞŞ"},
		{"Turkish, single", 0, 1, []byte{0x1b, 0x53, 0x1b, 0x67}, "Şğ"},
		{"Spanish, single", 0, 2, []byte{0x1b, 0x61, 0x1b, 0x41}, "áÁ"},
		{"Portuguese, locking", 3, 0, []byte{0x04, 0x07}, "êí"},
		{"Hindi, locking", 6, 0, []byte{0x03, 0x04}, "अआ"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			header := []byte{0}
			if tt.locking != 0 {
				header = append(header, ieLockingShift, 1, tt.locking)
			}
			if tt.single != 0 {
				header = append(header, ieSingleShift, 1, tt.single)
			}
			header[0] = uint8(len(header) - 1)
			before := (8*len(header) + 6) / 7
			ud := pack(append(make([]byte, before), tt.septets...))
			copy(ud, header)
			tpdu := "44" + sender + "00 00" + scts + fmt.Sprintf("%02x%x", before+len(tt.septets), ud)
			var d Decoder
			m := d.DecodeTPDU(octets(t, tpdu), false, 0)[0].Message.(*Deliver)
			if m.UserData.Text != tt.want {
				t.Errorf("%q, want %q", m.UserData.Text, tt.want)
			}
		})
	}
}

func TestSubmitAndReports(t *testing.T) {
	var d Decoder
	tests := []struct {
		name, in string
		up       bool
		want     wire.Message
	}{
		{"relative validity", "31 07" + sender + "00 00 a7 05 e8329bfd06", true, &Submit{
			Reference: 7, StatusReportRequest: true, ValidityFormat: 2, Relative: 0xa7, DestinationAddress: from, UserData: UserData{Length: 5, Text: "hello"}}},
		{"absolute validity", "9d 07" + sender + "00 00" + scts + "05 e8329bfd06", true, &Submit{
			Reference: 7, RejectDuplicates: true, ReplyPath: true, ValidityFormat: 3, Absolute: stamp, DestinationAddress: from, UserData: UserData{Length: 5, Text: "hello"}}},
		{"enhanced validity", "09 07" + sender + "00 00 00000000000000 05 e8329bfd06", true, &Submit{
			Reference: 7, ValidityFormat: 1, DestinationAddress: from, UserData: UserData{Length: 5, Text: "hello"}}},
		{"status report", "06 07" + sender + scts + scts + "00", false, &StatusReport{
			Reference: 7, RecipientAddress: from, ServiceCentreTimeStamp: stamp, DischargeTime: stamp}},
		{"status report with text", "06 07" + sender + scts + scts + "30 07 00 00 05 e8329bfd06", false, &StatusReport{
			Reference: 7, RecipientAddress: from, ServiceCentreTimeStamp: stamp, DischargeTime: stamp, Status: 0x30,
			Parameters: Parameters{HasPID: true, HasDCS: true, HasUserData: true, UserData: UserData{Length: 5, Text: "hello"}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := d.DecodeTPDU(octets(t, tt.in), tt.up, 0)
			if len(l) != 1 || l[0].Err != nil || !reflect.DeepEqual(l[0].Message, tt.want) {
				t.Errorf("\n got %+v %v\nwant %+v", l[0].Message, l[0].Err, tt.want)
			}
		})
	}
	l := d.Decode(octets(t, "89 01"+lv("04 2a 01 16 41"+lv("00 d3 00"))), 0)
	if e := l[1].Message.(*RPError); e.Cause.String() != "Memory capacity exceeded" || e.Reference != 0x2a {
		t.Errorf("%+v", e)
	}
	if r := l[2].Message.(*DeliverReport); !r.HasFailureCause || r.FailureCause != 0xd3 {
		t.Errorf("%+v", r)
	}
}

// TestDefects: what is broken gives what it holds and says where it breaks.
func TestDefects(t *testing.T) {
	tests := []struct {
		name, tpdu string
		path       string
		offset     int
		err        error
		text       ident.Text
	}{
		{"text shorter than its length", "04" + sender + "00 00" + scts + "0a e8329bfd06", "TP-User-Data", 18, wire.ErrShort, "hello"},
		{"more than its length", short + "00", "TP-User-Data", 24, wire.ErrLength, "hello"},
		{"header longer than the data", "44" + sender + "00 04" + scts + "03 09 00 00", "TP-User-Data-Header", 19, wire.ErrLength, ""},
		{"element longer than the header", "44" + sender + "00 04" + scts + "04 03 00 05 00", "TP-User-Data-Header", 20, wire.ErrShort, ""},
		{"address too long", "04 16 91 9909000000000000000000 00 00" + scts + "05 e8329bfd06", "TP-Originating-Address", 1, wire.ErrLength, ""},
		{"no time", "04" + sender + "00 00 6211", "TP-Service-Centre-Time-Stamp", 11, wire.ErrShort, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var d Decoder
			l := d.DecodeTPDU(octets(t, tt.tpdu), false, 0)
			var de *wire.DecodeError
			if !errors.As(l[0].Err, &de) || de.Path != tt.path || de.Offset != tt.offset || !errors.Is(de, tt.err) {
				t.Errorf("error %v, want %s at octet %d: %v", l[0].Err, tt.path, tt.offset, tt.err)
			}
			if m := l[0].Message.(*Deliver); m.UserData.Text != tt.text {
				t.Errorf("text %q, want %q", m.UserData.Text, tt.text)
			}
		})
	}
}

// TestTruncated: every prefix of a message is an error of some layer, located inside it.
func TestTruncated(t *testing.T) {
	whole := octets(t, down(short))
	for n := range whole {
		var d Decoder
		failed := false
		for _, l := range d.Decode(whole[:n], 0) {
			if l.Err != nil {
				failed = true
				check(t, l)
			}
		}
		if !failed {
			t.Errorf("%d of %d octets pass for whole", n, len(whole))
		}
	}
}

func check(t testing.TB, l Layer) {
	t.Helper()
	var de *wire.DecodeError
	if !errors.As(l.Err, &de) || de.Offset < 0 || de.Offset > len(l.Octets) {
		t.Fatalf("%s of %d octets: %v", l.Message.Name(), len(l.Octets), l.Err)
	}
}

// part is a DELIVER with part n of three, reference ref.
func part(t testing.TB, ref, n int, data string) []byte {
	ud := fmt.Sprintf("05 00 03 %02x 03 %02x", ref, n) + data
	return octets(t, "44"+sender+"00 08"+scts+lv(ud))
}

// TestLong: parts in any order, repeated, interleaved with those of another phone, and a
// character split between two of them.
func TestLong(t *testing.T) {
	const text = "ธนาคาร 银行 📱 ok"
	all := utf16Octets(text)
	high := strings.Index(all, "d83d") + 4 // between the two halves of 📱
	pieces := []string{all[:8], all[8:high], all[high:]}
	for _, order := range [][]int{{1, 2, 3}, {3, 1, 2}, {2, 2, 3, 1}, {3, 2, 1}} {
		var d Decoder
		for i, n := range order {
			other := d.DecodeTPDU(part(t, 9, n, utf16Octets("x")), false, 5)[0].Message.(*Deliver).UserData
			if last := i == len(order)-1; other.HasWhole != last {
				t.Errorf("order %v: other channel at %d: whole %v", order, n, other.HasWhole)
			}
			u := d.DecodeTPDU(part(t, 9, n, pieces[n-1]), false, 4)[0].Message.(*Deliver).UserData
			if last := i == len(order)-1; u.HasWhole != last || last && (u.Whole != text || u.Said() != text) {
				t.Errorf("order %v: at %d whole %v %q", order, n, u.HasWhole, u.Whole)
			}
		}
	}
	// Escape at the end of one part, the character in the next.
	var d Decoder
	first := append(make([]byte, 7), 'a', 0x1b)
	second := append(make([]byte, 7), 0x65, 'b')
	for i, s := range [][]byte{first, second} {
		ud := pack(s)
		copy(ud, []byte{5, 0, 3, 1, 2, uint8(i + 1)})
		l := d.DecodeTPDU(octets(t, "44"+sender+"00 00"+scts+fmt.Sprintf("%02x%x", len(s), ud)), false, 0)
		if m := l[0].Message.(*Deliver); i == 1 && m.UserData.Whole != "a€b" {
			t.Errorf("whole %q", m.UserData.Whole)
		}
	}
}

// TestLongBounded: parts that never become whole are dropped, oldest first.
func TestLongBounded(t *testing.T) {
	var d Decoder
	for ref := range 200 {
		d.DecodeTPDU(part(t, ref, 1, "0041"), false, 0)
	}
	if d.LongForgotten() != 200-maxLong || len(d.parts.long) != maxLong {
		t.Errorf("forgotten %d, kept %d", d.LongForgotten(), len(d.parts.long))
	}
	d.DecodeTPDU(part(t, 199, 2, "0042"), false, 0)
	if u := d.DecodeTPDU(part(t, 199, 3, "0043"), false, 0)[0].Message.(*Deliver).UserData; u.Whole != "ABC" {
		t.Errorf("the newest was forgotten: %q", u.Whole)
	}
}

func TestValues(t *testing.T) {
	for d, want := range map[DCS]string{
		0: "GSM 7 bit", 8: "UCS-2", 4: "8 bit", 0x10: "GSM 7 bit, class 0", 0x2c: "GSM 7 bit, compressed", 0xc8: "GSM 7 bit, voicemail waiting, discard",
		0xd1: "GSM 7 bit, fax no longer waiting", 0xea: "UCS-2, electronic mail waiting", 0xf6: "8 bit, class 2", 0xf0: "GSM 7 bit, class 0", 0x90: "GSM 7 bit",
	} {
		if got := d.String(); got != want {
			t.Errorf("%#02x: %q, want %q", uint8(d), got, want)
		}
	}
	for p, want := range map[PID]string{0: "Default store and forward short message", 0x40: "Short Message Type 0", 0x43: "Replace Short Message Type 3", 0x7f: "(U)SIM Data download"} {
		if p.String() != want {
			t.Errorf("%#02x: %q, want %q", uint8(p), p, want)
		}
	}
	if !PID(0x7d).ToSIM() || PID(0x40).ToSIM() {
		t.Error("ToSIM")
	}
}

// TestRoundTrip: what the library packs is read back.
func TestRoundTrip(t *testing.T) {
	const text = "Hello @£$ {world} €"
	s, err := gsm7.Encode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var d Decoder
	m := d.DecodeTPDU(octets(t, "04"+sender+"00 00"+scts+fmt.Sprintf("%02x%x", len(s), gsm7.Pack7Bit(s, 0))), false, 0)[0].Message.(*Deliver)
	if m.UserData.Text != text {
		t.Errorf("%q", m.UserData.Text)
	}
	if want := pack(s); !bytes.Equal(want, gsm7.Pack7Bit(s, 0)) {
		t.Errorf("packed %x, want %x", gsm7.Pack7Bit(s, 0), want)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{down(short), "89 01" + lv("04 2a 01 16 41"+lv("00 d3 00")), "29 01" + lv("00 01 00"+centre+lv("11 07"+sender+"00 00 a7 05 e8329bfd06"))} {
		f.Add(octets(f, s))
	}
	f.Add(octets(f, down("44"+sender+"00 08"+scts+lv("05 00 03 01 01 01 0041"))))
	var d Decoder
	f.Fuzz(func(t *testing.T, b []byte) {
		layers := d.Decode(b, uint64(len(b)))
		if len(layers) == 0 || len(layers) > 3 {
			t.Fatalf("%d layers", len(layers))
		}
		for _, l := range layers {
			if l.Message == nil || l.Offset+len(l.Octets) > len(b) || !bytes.Equal(b[l.Offset:l.Offset+len(l.Octets)], l.Octets) {
				t.Fatalf("layer %+v of %d octets", l, len(b))
			}
			if l.Err != nil {
				check(t, l)
			}
			if m, ok := l.Message.(*Deliver); ok && len(m.UserData.Text) > 8*len(l.Octets) {
				t.Fatalf("%d octets of text from %d", len(m.UserData.Text), len(l.Octets))
			}
		}
		if len(d.parts.long) > maxLong {
			t.Fatal("unbounded")
		}
	})
}
