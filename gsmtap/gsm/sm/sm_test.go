package sm

import (
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// unhex reads hexadecimal octets; spaces mark field borders.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const (
	qos = "03 0b921f"
	apn = "10 08 696e7465726e6574 06 74656c6c6d65" // two labels
)

// vector is a message and what it says. mandatory is the number of octets without
// optional elements.
type vector struct {
	name      string
	in        string
	want      message
	mandatory int
}

func skipped(iei ...uint8) mm.Skipped {
	var s mm.Skipped
	s.Count = copy(s.IEI[:], iei)
	return s
}

func vectors() []vector {
	return []vector{
		//                   PD MT NSAPI SAPI QoS address
		{"activate request", "0a 41 05 03 " + qos + " 02 0121", &ActivatePDPContextRequest{
			NSAPI: 5, LLCSAPI: 3, PDP: PDPAddress{Present: true, Type: PDPTypeIPv4}}, 11},
		{"activate request, APN, static address", "1a 41 f6 f5 " + qos + " 06 012101020304 27 02 8000 28 " + apn + " 7b 03 800000 a1 28 02 0178", &ActivatePDPContextRequest{
			NSAPI: 6, LLCSAPI: 5, PDP: PDPAddress{Present: true, Type: PDPTypeIPv4, HasAddress: true}, APN: "internet.tellme",
			Skipped: skipped(0x27, 0x7b, 0xa1, 0x28)}, 15},
		{"activate accept", "8a 42 03 " + qos + " 04", &ActivatePDPContextAccept{LLCSAPI: 3}, 8},
		{"activate accept, all", "8a 42 03 " + qos + " 04 2b 06 012101020304 27 00 34 01 05 39 01 32", &ActivatePDPContextAccept{
			LLCSAPI: 3, PDP: PDPAddress{Present: true, Type: PDPTypeIPv4, HasAddress: true}, HasCause: true, Cause: 50,
			Skipped: skipped(0x27, 0x34)}, 8},
		{"activate reject", "8a 43 1b", &Caused{Type: TypeActivateReject, Cause: CauseUnknownAPN}, 3},
		{"activate reject, timer", "8a 43 1a 37 01 25 90", &Caused{
			Type: TypeActivateReject, Cause: CauseInsufficientResource, HasT3396: true, T3396: 0x25, Skipped: skipped(0x90)}, 3},
		{"network asks to activate", "0a 44 06 012101020304 28 04 03616263", &RequestPDPContextActivation{
			PDP: PDPAddress{Present: true, Type: PDPTypeIPv4, HasAddress: true}, APN: "abc"}, 9},
		{"that rejected", "8a 45 1a", &Caused{Type: TypeRequestActivationReject, Cause: CauseInsufficientResource}, 3},
		{"deactivate request", "0a 46 24", &Caused{Type: TypeDeactivateRequest, Cause: CauseRegularDeactivation}, 3},
		{"deactivate request, tear down", "0a 46 27 91 27 00", &Caused{
			Type: TypeDeactivateRequest, Cause: CauseReactivation, TearDown: true, Skipped: skipped(0x27)}, 3},
		{"deactivate accept", "8a 47", &DeactivatePDPContextAccept{}, 2},
		{"modify reject", "8a 4c 20", &Caused{Type: TypeModifyReject, Cause: CauseNotSupported}, 3},
		{"secondary reject", "8a 4f 2b", &Caused{Type: TypeActivateSecondaryReject, Cause: 43}, 3},
		{"reject, transaction identifier with extension", "fa 81 43 1d", &Caused{Type: TypeActivateReject, Cause: CauseAuthenticationFailed}, 4},
		{"status", "8a 55 51", &Caused{Type: TypeStatus, Cause: 81}, 3},
	}
}

func TestDecode(t *testing.T) {
	var d Decoder // one for all: whatever a message leaves behind must not show
	for range 2 {
		for _, tt := range vectors() {
			t.Run(tt.name, func(t *testing.T) {
				in := unhex(t, tt.in)
				got, err := d.Decode(in)
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got, wire.Message(tt.want)) {
					t.Errorf("\n got %+v\nwant %+v", got, tt.want)
				}
				_, mt, _ := mm.MessageType(in)
				if want, _ := mm.MessageName(in[0], mt); got.Name() != want || want == "" {
					t.Errorf("name %q, want %q", got.Name(), want)
				}
			})
		}
	}
}

func TestDecodeTruncated(t *testing.T) {
	for _, tt := range vectors() {
		in := unhex(t, tt.in)
		for n := range in {
			var d Decoder
			m, err := d.Decode(in[:n])
			var de *wire.DecodeError
			switch {
			case (m == nil) != (n < 2 || n < 3 && mm.ExtendedTransaction(in[0])):
				t.Errorf("%s cut to %d: message %v", tt.name, n, m)
			case n < tt.mandatory && !errors.Is(err, wire.ErrShort):
				t.Errorf("%s cut to %d: %v", tt.name, n, err)
			case err != nil && (!errors.As(err, &de) || de.Offset < 0 || de.Offset > n || de.Path == ""):
				t.Errorf("%s cut to %d: %#v", tt.name, n, err)
			case n == tt.mandatory && err != nil:
				t.Errorf("%s without optional elements: %v", tt.name, err)
			}
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	const request = "0a 41 05 03 " + qos + " 02 0121"
	for _, tt := range []struct {
		name, in string
		path     string
		offset   int
		err      error
	}{
		{"empty", "", "Message Type", 0, wire.ErrShort},
		{"other protocol", "08 41", "Protocol Discriminator", 0, wire.ErrInvalid},
		{"address too short", "0a 41 05 03 " + qos + " 01 01", "Requested PDP address", 8, wire.ErrLength},
		{"label longer than the name", request + " 28 04 02616205", "Access point name", 16, wire.ErrShort},
		{"name too long", request + " 28 65 64" + strings.Repeat("61", 100), "Access point name", 12, wire.ErrLength},
		{"timer empty", "8a 43 1a 37 00", "Back-off timer value", 4, wire.ErrLength},
		{"cause empty", "8a 42 03 " + qos + " 04 39 00", "SM cause", 9, wire.ErrLength},
		{"transaction identifier without its extension", "7a 41", "Message Type", 2, wire.ErrShort},
		{"extended transaction identifier, no cause", "fa 81 43", "SM cause", 3, wire.ErrShort},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d Decoder
			_, err := d.Decode(unhex(t, tt.in))
			var de *wire.DecodeError
			if !errors.As(err, &de) || !errors.Is(err, tt.err) || de.Path != tt.path || de.Offset != tt.offset {
				t.Errorf("%v, want %s at octet %d: %v", err, tt.path, tt.offset, tt.err)
			}
		})
	}
	var d Decoder
	if m, err := d.Decode(unhex(t, "0a 48 00")); m != nil || err != nil {
		t.Errorf("a type that is not decoded: %+v, %v", m, err)
	}
}

func TestStrings(t *testing.T) {
	for v, want := range map[interface{ String() string }]string{
		CauseBarred: "Operator Determined Barring", Cause(113): "Multiple accesses to a PDN connection not allowed",
		Cause(0): "reserved (0)", Cause(255): "reserved (255)",
		PDPTypeIPv4v6: "IPv4v6", PDPTypePPP: "PPP", PDPType(0x0f00): "reserved (3840)",
	} {
		if v.String() != want {
			t.Errorf("%#v: %q, want %q", v, v.String(), want)
		}
	}
}

func FuzzSM(f *testing.F) {
	for _, v := range vectors() {
		f.Add(unhex(f, v.in))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var d Decoder
		m, err := d.Decode(b)
		if m != nil && m.Name() == "" {
			t.Fatalf("%x: %#v", b, m)
		}
		var de *wire.DecodeError
		if err != nil && (!errors.As(err, &de) || de.Offset < 0 || de.Offset > len(b) || de.Path == "") {
			t.Fatalf("error without offset inside %d octets: %#v", len(b), err)
		}
		switch m := m.(type) {
		case *ActivatePDPContextRequest:
			if m.NSAPI > 15 || m.LLCSAPI > 15 || len(m.APN) > maxAPN || m.Skipped.Count+m.Skipped.Extraneous > len(b) {
				t.Fatalf("value outside its field: %+v", m)
			}
		case *Caused:
			if m.TearDown && m.Type != TypeDeactivateRequest {
				t.Fatalf("%+v", m)
			}
		}
	})
}
