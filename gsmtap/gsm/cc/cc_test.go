package cc

import (
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/facility"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func skipped(extraneous int, iei ...uint8) mm.Skipped {
	s := mm.Skipped{Count: len(iei), Extraneous: extraneous}
	copy(s.IEI[:], iei)
	return s
}

// international is the number of a subscriber with its country code.
func international(s string) ident.Address {
	return ident.Address{TypeOfNumber: ident.NumberInternational, Plan: ident.PlanE164, Value: s}
}

var (
	normal   = Cause{Present: true, Standard: 3, Value: 16}
	answered = facility.Facility{Present: true, ComponentCount: 1,
		Components: [facility.MaxComponents]facility.Component{{Type: facility.ReturnResult, HasInvokeID: true, InvokeID: 2}}}
)

const (
	cc = mm.PDCallControl
	ss = mm.PDSupplementary
)

// vectors are messages; mandatory is the number of octets without optional elements.
var vectors = []struct {
	name, in  string
	mandatory int
	want      Message
}{
	{"of the phone, send sequence number", "03 45 04 0460020081 5e 05 91 999921f3 15 0100", 2,
		Message{Protocol: cc, Type: TypeSetup, Called: international("9999123"), Skipped: skipped(0, 0x04, 0x15)}},
	{"of the network, number shown", "93 05 34 01 5c 06 1183 999921f3 5e 02 8121", 2,
		Message{Protocol: cc, Type: TypeSetup, TI: 1, TIFlag: true, HasSignal: true, Signal: 1, HasPresentation: true,
			Calling: international("9999123"), Called: ident.Address{Plan: ident.PlanE164, Value: "12"}}},
	{"number withheld", "03 05 5c 02 00a0 5c 03 9121f3", 2,
		Message{Protocol: cc, Type: TypeSetup, HasPresentation: true, Presentation: 1, Skipped: skipped(0, 0x5c)}},
	{"number without octet 3a", "03 05 5c 03 9121f3", 2, Message{Protocol: cc, Type: TypeSetup, Calling: international("123")}},
	{"empty numbers", "03 05 5e 00 5c 00", 2, Message{Protocol: cc, Type: TypeSetup}},
	{"redirected, called twice, half octets", "03 05 d1 74 04 118121f3 5e 02 8121 5e 02 8143 a1", 2,
		Message{Protocol: cc, Type: TypeSetup, Redirecting: international("123"),
			Called: ident.Address{Plan: ident.PlanE164, Value: "12"}, Skipped: skipped(0, 0xd0, 0x5e, 0xa1)}},
	{"unknown element cut", "03 05 04 05 60", 2, Message{Protocol: cc, Type: TypeSetup, Skipped: skipped(3)}},
	{"emergency", "03 0e 04 0160", 2, Message{Protocol: cc, Type: TypeEmergencySetup, Skipped: skipped(0, 0x04)}},
	{"connected number", "83 07 4c 04 110021f3", 2, Message{Protocol: cc, Type: TypeConnect, TIFlag: true, Connected: international("123")}},
	{"disconnected", "83 25 02 e090 1e 02 ea88", 5,
		Message{Protocol: cc, Type: TypeDisconnect, TIFlag: true, Cause: normal,
			Progress: Progress{Present: true, Location: 10, Description: 8}}},
	{"disconnected, octet 3a and diagnostics", "83 25 05 62 80 90 0102", 8,
		Message{Protocol: cc, Type: TypeDisconnect, TIFlag: true, Cause: Cause{Present: true, Standard: 3, Location: 2, Value: 16}}},
	{"two causes, then a third", "03 2d 08 02 e090 08 02 83ff 08 02 e090", 2,
		Message{Protocol: cc, Type: TypeRelease, Cause: normal, SecondCause: Cause{Present: true, Location: 3, Value: 127}, Skipped: skipped(0, 0x08)}},
	{"no cause", "f3 2a", 2, Message{Protocol: cc, Type: TypeReleaseComplete, TI: 7, TIFlag: true}},
	{"state", "83 3d 02 e09e ca 24 01 80", 6,
		Message{Protocol: cc, Type: TypeStatus, TIFlag: true, Cause: Cause{Present: true, Standard: 3, Value: 30}, HasCallState: true, CallState: 10, Skipped: skipped(0, 0x24)}},
	{"key, twice", "03 35 2c 23 2c 31", 2, Message{Protocol: cc, Type: TypeStartDTMF, Keypad: "#"}},
	{"key refused", "83 37 02 e09d", 5, Message{Protocol: cc, Type: TypeStartDTMFReject, TIFlag: true, Cause: Cause{Present: true, Standard: 3, Value: 29}}},
	{"tone, twice", "83 01 34 4f 34 01", 2, Message{Protocol: cc, Type: 0x01, TIFlag: true, HasSignal: true, Signal: 0x4f}},
	{"progress", "83 03 02 e281", 5, Message{Protocol: cc, Type: TypeProgress, TIFlag: true, Progress: Progress{Present: true, Location: 2, Description: 1}}},
	{"notified", "83 3e f1", 3, Message{Protocol: cc, Type: TypeNotify, TIFlag: true, HasNotification: true, Notification: 0x71}},
	{"modify refused", "83 13 01 60 02 e090", 7, Message{Protocol: cc, Type: TypeModifyReject, TIFlag: true, Cause: normal}},
	{"modified", "83 1f 01 60 a3", 4, Message{Protocol: cc, Type: TypeModifyComplete, TIFlag: true, Skipped: skipped(0, 0xa3)}},
	{"hold refused", "83 1a 02 e090", 5, Message{Protocol: cc, Type: TypeHoldReject, TIFlag: true, Cause: normal}},
	{"recall", "83 0b 00 05 a203020102", 9, Message{Protocol: cc, Type: TypeRecall, TIFlag: true, Facility: answered}},
	{"set up for a phone", "83 04 02 0400", 5, Message{Protocol: cc, Type: TypeCCEstablishment, TIFlag: true}},
	{"congestion", "83 39 0f 08 02 e090", 3, Message{Protocol: cc, Type: TypeCongestionControl, TIFlag: true, Cause: normal}},
	{"user to user", "03 10 03 044142 a0", 6, Message{Protocol: cc, Type: TypeUserInformation, Skipped: skipped(0, 0xa0)}},
	{"operation in a call", "83 3a 05 a203020102", 8, Message{Protocol: cc, Type: TypeFacility, TIFlag: true, Facility: answered}},
	{"registered", "0b 7b 1c 05 a203020102 7f 01 00", 2, Message{Protocol: ss, Type: TypeRegister, Facility: answered, Skipped: skipped(0, 0x7f)}},
	{"operation outside of calls", "8b 3a 05 a203020102", 8, Message{Protocol: ss, Type: TypeFacility, TIFlag: true, Facility: answered}},
	{"end, with cause", "8b 2a 08 02 e0af 1c 05 a203020102", 2,
		Message{Protocol: ss, Type: TypeReleaseComplete, TIFlag: true, Cause: Cause{Present: true, Standard: 3, Value: 47}, Facility: answered}},
	{"of location services", "0c 3b 1c 05 a203020102", 2, Message{Protocol: mm.PDLocation, Type: TypeRegister, Facility: answered}},
}

func TestDecode(t *testing.T) {
	var d Decoder
	for _, v := range vectors {
		b := unhex(t, v.in)
		m, err := d.Decode(b)
		got, ok := m.(*Message)
		if err != nil || !ok {
			t.Errorf("%s: %T, %v", v.name, m, err)
			continue
		}
		if !reflect.DeepEqual(*got, v.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", v.name, *got, v.want)
		}
		if name, _ := mm.MessageName(b[0], b[1]); got.Name() != name || name == "" {
			t.Errorf("%s: name %q, want %q", v.name, got.Name(), name)
		}
		for n := range b {
			_, err := d.Decode(b[:n])
			var de *wire.DecodeError
			if err != nil && (!errors.As(err, &de) || de.Offset < 0 || de.Offset > n || de.Path == "") {
				t.Errorf("%s, %d of %d octets: %v", v.name, n, len(b), err)
			}
			if n < v.mandatory && !errors.Is(err, wire.ErrShort) {
				t.Errorf("%s, %d of %d octets: %v", v.name, n, len(b), err)
			}
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	for _, c := range []struct {
		name, in string
		err      error
		path     string
		offset   int
	}{
		{"nothing", "", wire.ErrShort, "Message Type", 0},
		{"no type", "03", wire.ErrShort, "Message Type", 1},
		{"another protocol", "05 08", wire.ErrInvalid, "Protocol Discriminator", 0},
		{"unknown type", "03 00", wire.ErrUnsupported, "Message Type", 1},
		{"setup of supplementary services", "0b 05", wire.ErrUnsupported, "Message Type", 1},
		{"cause of one octet", "83 25 01 e0", wire.ErrLength, "Cause", 2},
		{"cause that ends with octet 3a", "83 25 02 6080", wire.ErrLength, "Cause", 2},
		{"empty cause", "83 2d 08 00", wire.ErrLength, "Cause", 3},
		{"progress of one octet", "83 01 1e 01 e0", wire.ErrLength, "Progress Indicator", 3},
		{"status without state", "83 3d 02 e090", wire.ErrShort, "Call State", 5},
		{"number longer than the message", "03 05 5e 05 81", wire.ErrShort, "Called Party BCD Number", 3},
		{"calling number longer than the message", "83 05 5c 05 81", wire.ErrShort, "Calling Party BCD Number", 3},
		{"key missing", "03 35 2c", wire.ErrShort, "Keypad Facility", 3},
		{"tone missing", "83 01 34", wire.ErrShort, "Signal", 3},
		{"component cut", "8b 3a 04 a203 0201", wire.ErrShort, "Facility.Component", 5},
		{"component of an unknown kind", "8b 2a 1c 05 a503 020102", wire.ErrInvalid, "Facility.Component type tag", 4},
	} {
		var m Message
		err := m.Decode(unhex(t, c.in))
		var de *wire.DecodeError
		if !errors.As(err, &de) || !errors.Is(err, c.err) || de.Path != c.path || de.Offset != c.offset {
			t.Errorf("%s: %v; want %s at %d: %v", c.name, err, c.path, c.offset, c.err)
		}
	}
	// What is proved stays, and what has no name is no message.
	var d Decoder
	if m, err := d.Decode(unhex(t, "83 2d 08 02 e090 08 00")); err == nil || m.(*Message).Cause != normal {
		t.Errorf("%+v, %v", m, err)
	}
	if m, err := d.Decode(unhex(t, "03 00")); m != nil || err == nil {
		t.Errorf("%v, %v", m, err)
	}
}

func TestNames(t *testing.T) {
	for v, want := range map[interface{ String() string }]string{
		Location(0): "User", Location(10): "Network beyond interworking point", Location(6): "reserved (6)", Location(15): "reserved (15)",
		CauseValue(17): "User busy", CauseValue(2): "reserved (2)", CauseValue(127): "Interworking, unspecified", CauseValue(255): "reserved (255)",
		ProgressDescription(8): "In-band information or appropriate pattern now available", ProgressDescription(5): "reserved (5)",
		Signal(4): "Busy tone on", Signal(0x4f): "Alerting off", Signal(9): "reserved (9)",
		Presentation(1): "Presentation restricted", Presentation(3): "reserved (3)", Notification(1): "User resumed", Notification(9): "reserved (9)",
	} {
		if v.String() != want {
			t.Errorf("%#v: %q, want %q", v, v, want)
		}
	}
}

// TestAllocs: messages without numbers and texts cost none.
func TestAllocs(t *testing.T) {
	var d Decoder
	for _, in := range []string{"83 25 02 e090 1e 02 ea88", "83 3a 05 a203020102", "83 01 34 4f"} {
		b := unhex(t, in)
		if n := testing.AllocsPerRun(50, func() { _, _ = d.Decode(b) }); n != 0 {
			t.Errorf("%s: %v allocations", in, n)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, v := range vectors {
		f.Add(unhex(f, v.in))
	}
	var d Decoder
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := d.Decode(b)
		var de *wire.DecodeError
		if err != nil && (!errors.As(err, &de) || de.Offset < 0 || de.Offset > len(b) || de.Path == "") {
			t.Fatalf("error %v outside %d octets", err, len(b))
		}
		if m == nil {
			if err == nil {
				t.Fatal("neither message nor error")
			}
			return
		}
		c := m.(*Message)
		if c.Name() == "" || c.TI > 7 || c.Cause.Value > 127 || c.Cause.Location > 15 || c.Cause.Standard > 3 || c.CallState > 63 || c.Presentation > 3 ||
			c.Notification > 127 || c.Progress.Description > 127 || len(c.Keypad) > 1 || len(c.Calling.Value)+len(c.Called.Value) > 2*len(b) ||
			c.Skipped.Count+c.Skipped.Extraneous > len(b) {
			t.Fatalf("value outside its field: %+v", c)
		}
	})
}
