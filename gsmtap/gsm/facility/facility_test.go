package facility

import (
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/coding"
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

// vectors are Facility elements with one component each, without its Parameter.
var vectors = []struct {
	name, in string
	want     Component
}{
	{"request of a user", "a111 020101 02013b 3009 04010f 0404 2a99 4c06",
		Component{Type: Invoke, HasInvokeID: true, InvokeID: 1, HasOperation: true, Operation: ProcessUnstructuredSSRequest, HasCoding: true, Coding: 0x0f, Text: "*222"}},
	{"the same, all lengths indefinite", "a180 020101 02013b 3080 04010f 0404 2a994c06 0000 0000",
		Component{Type: Invoke, HasInvokeID: true, InvokeID: 1, HasOperation: true, Operation: ProcessUnstructuredSSRequest, HasCoding: true, Coding: 0x0f, Text: "*222"}},
	{"the same, long lengths", "a18116 02820001 01 02013b 3083 000009 04010f 0404 2a994c06",
		Component{Type: Invoke, HasInvokeID: true, InvokeID: 1, HasOperation: true, Operation: ProcessUnstructuredSSRequest, HasCoding: true, Coding: 0x0f, Text: "*222"}},
	{"answer of the network", "a213 020101 300e 02013b 3009 040148 0404 00410042",
		Component{Type: ReturnResult, HasInvokeID: true, InvokeID: 1, HasOperation: true, Operation: ProcessUnstructuredSSRequest, HasCoding: true, Coding: 0x48, Text: "AB"}},
	{"notification, linked", "a115 0201ff 800105 02013d 300a 040148 0402 0041 8001 00",
		Component{Type: Invoke, HasInvokeID: true, InvokeID: -1, HasLinkedID: true, LinkedID: 5, HasOperation: true, Operation: UnstructuredSSNotify, HasCoding: true, Coding: 0x48, Text: "A"}},
	{"request of phase 1", "a10b 020101 020113 1603 2a3123",
		Component{Type: Invoke, HasInvokeID: true, InvokeID: 1, HasOperation: true, Operation: ProcessUnstructuredSSData, Text: "*1#"}},
	{"result without parameter", "a203 020102", Component{Type: ReturnResult, HasInvokeID: true, InvokeID: 2}},
	{"forwarding registered", "a114 020103 02010a 300c 040121 830111 8404 91 999910",
		Component{Type: Invoke, HasInvokeID: true, InvokeID: 3, HasOperation: true, Operation: RegisterSS, HasService: true, Service: 0x21,
			Number: ident.Address{TypeOfNumber: ident.NumberInternational, Plan: ident.PlanE164, Value: "999901"}}},
	{"interrogation", "a10b 020103 02010e 3003 040111",
		Component{Type: Invoke, HasInvokeID: true, InvokeID: 3, HasOperation: true, Operation: InterrogateSS, HasService: true, Service: 0x11}},
	{"password changed", "a109 020103 020111 040190",
		Component{Type: Invoke, HasInvokeID: true, InvokeID: 3, HasOperation: true, Operation: RegisterPassword, HasService: true, Service: 0x90}},
	{"service notified", "a10e 020103 020110 3006 810141 850101",
		Component{Type: Invoke, HasInvokeID: true, InvokeID: 3, HasOperation: true, Operation: NotifySS, HasService: true, Service: 0x41}},
	{"service notified, none named", "a10b 020103 020110 3003 850101",
		Component{Type: Invoke, HasInvokeID: true, InvokeID: 3, HasOperation: true, Operation: NotifySS}},
	{"call deflected", "a10e 020103 020175 3006 8004 81 999910",
		Component{Type: Invoke, HasInvokeID: true, InvokeID: 3, HasOperation: true, Operation: CallDeflection, Number: ident.Address{Plan: ident.PlanE164, Value: "999901"}}},
	{"location asked for, tags of two octets", "a10d 020103 020174 3005 bf8001 0101",
		Component{Type: Invoke, HasInvokeID: true, InvokeID: 3, HasOperation: true, Operation: 116}},
	{"global operation", "a107 020103 06022a03", Component{Type: Invoke, HasInvokeID: true, InvokeID: 3}},
	{"error", "a306 020101 020112", Component{Type: ReturnError, HasInvokeID: true, InvokeID: 1, HasErrorCode: true, ErrorCode: 18}},
	{"reserved error, parameter", "a30a 020101 02020123 040131", Component{Type: ReturnError, HasInvokeID: true, InvokeID: 1, HasErrorCode: true, ErrorCode: 0x123}},
	{"reject", "a406 020101 810102", Component{Type: Reject, HasInvokeID: true, InvokeID: 1, HasProblem: true, Problem: 0x102}},
	{"reject of what has no ID", "a405 0500 800102", Component{Type: Reject, HasProblem: true, Problem: 2}},
}

func TestDecode(t *testing.T) {
	for _, v := range vectors {
		b := unhex(t, v.in)
		var f Facility
		if err := f.Decode(b); err != nil {
			t.Errorf("%s: %v", v.name, err)
			continue
		}
		if !f.Present || f.ComponentCount != 1 {
			t.Errorf("%s: %d components", v.name, f.ComponentCount)
		}
		got := f.Components[0]
		if p := got.Parameter; p != nil && !strings.Contains(hex.EncodeToString(b), hex.EncodeToString(p)) {
			t.Errorf("%s: parameter % x", v.name, p)
		}
		got.Parameter = nil
		if !reflect.DeepEqual(got, v.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", v.name, got, v.want)
		}
		for n := 1; n < len(b); n++ {
			var de *wire.DecodeError
			if err := f.Decode(b[:n]); !errors.As(err, &de) || !errors.Is(err, wire.ErrShort) || de.Offset > n {
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
		{"unknown component", "a503 020101", wire.ErrInvalid, "Component type tag", 0},
		{"no invoke ID", "a100", wire.ErrShort, "Invoke ID", 2},
		{"invoke ID of another type", "a103 040101", wire.ErrInvalid, "Invoke ID", 2},
		{"empty invoke ID", "a102 0200", wire.ErrLength, "Invoke ID", 4},
		{"invoke ID of five octets", "a107 02050102030405", wire.ErrLength, "Invoke ID", 4},
		{"operation of another type", "a106 020101 04013b", wire.ErrInvalid, "Operation Code", 5},
		{"indefinite length of a value", "a107 020101 02800000", wire.ErrInvalid, "Operation Code", 6},
		{"zero octet that ends nothing", "a180 020101 0001", wire.ErrInvalid, "Component", 5},
		{"length of five octets", "a184 00000003 020101", wire.ErrLength, "Component", 1},
		{"tag of four octets", "bf818181 0100", wire.ErrInvalid, "Component", 0},
		{"result that is no sequence", "a206 020101 02013b", wire.ErrInvalid, "Sequence", 5},
		{"element longer than its container", "a103 020201", wire.ErrShort, "Invoke ID", 4},
		{"scheme of two octets", "a10c 020101 02013b 3004 04020f0f", wire.ErrLength, "USSD-DataCodingScheme", 12},
		{"no text", "a10b 020101 02013b 3003 04010f", wire.ErrShort, "USSD-String", 13},
		{"text of another type", "a10e 020101 02013b 3006 04010f 160131", wire.ErrInvalid, "USSD-String", 13},
		{"SS-Code of two octets", "a10c 020103 02010e 3004 04021101", wire.ErrLength, "SS-Code", 12},
		{"problem of an unknown kind", "a406 020101 840102", wire.ErrInvalid, "Problem Code", 5},
		{"problem of two octets", "a407 020101 80020102", wire.ErrLength, "Problem Code", 7},
		{"nested too deep", "a180a180a180a180a180a180a180a180a180a180", wire.ErrUnsupported, "Component", 18},
		{"second component cut", "a203020102 a103", wire.ErrShort, "Component", 7},
	} {
		var f Facility
		err := f.Decode(unhex(t, c.in))
		var de *wire.DecodeError
		if !errors.As(err, &de) || !errors.Is(err, c.err) || de.Path != c.path || de.Offset != c.offset {
			t.Errorf("%s: %v; want %s at %d: %v", c.name, err, c.path, c.offset, c.err)
		}
	}
}

// TestSeveral: all components are read, and those without a place counted.
func TestSeveral(t *testing.T) {
	var f Facility
	if err := f.Decode(nil); err != nil || !f.Present || f.ComponentCount != 0 {
		t.Errorf("empty: %v, %+v", err, f)
	}
	if err := f.Decode(unhex(t, strings.Repeat("a203020102", 6))); err != nil || f.ComponentCount != 4 || f.More != 2 {
		t.Errorf("six: %v, %d and %d", err, f.ComponentCount, f.More)
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Operation(59).String(), "processUnstructuredSS-Request"}, {Operation(1).String(), "reserved (1)"},
		{Operation(-1).String(), "reserved (-1)"}, {Operation(1 << 20).String(), "reserved (1048576)"},
		{ErrorCode(72).String(), "ussd-Busy"}, {ErrorCode(2).String(), "reserved (2)"},
		{Problem(0x101).String(), "Invoke: unrecognized operation"}, {Problem(0x209).String(), "Return result: reserved (9)"},
		{Service(0x21).String(), "CFU"}, {Service(0xff).String(), "SS-Code 0xff"},
		{Invoke.String(), "Invoke"}, {ReturnResult.String(), "Return result"}, {ReturnError.String(), "Return error"},
		{Reject.String(), "Reject"}, {Type(0).String(), "reserved"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, v := range vectors {
		f.Add(unhex(f, v.in))
	}
	f.Add(unhex(f, "a180a180a180a180a180a180a180a180a180a180"))
	var fac Facility
	f.Fuzz(func(t *testing.T, b []byte) {
		err := fac.Decode(b)
		var de *wire.DecodeError
		if err != nil && (!errors.As(err, &de) || de.Offset < 0 || de.Offset > len(b)) {
			t.Fatalf("error %v outside %d octets", err, len(b))
		}
		if fac.ComponentCount < 0 || fac.ComponentCount > MaxComponents || fac.More > len(b)/2 {
			t.Fatalf("%d components and %d more in %d octets", fac.ComponentCount, fac.More, len(b))
		}
		for _, c := range fac.Components[:fac.ComponentCount] {
			if len(c.Parameter) > len(b) || len(c.Number.Value) > 2*len(b) || len(c.Text) > 4*len(b) {
				t.Fatalf("component larger than its %d octets: %+v", len(b), c)
			}
			if c.HasCoding && c.Coding.Alphabet() > coding.UCS2 {
				t.Fatalf("alphabet %d", c.Coding.Alphabet())
			}
		}
	})
}
