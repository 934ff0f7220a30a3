package mm

import (
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/classmark"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
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

// digits is an identity of the test network 001-01.
func digits(typ ident.IdentityType, s string) ident.MobileIdentity {
	m, ok := ident.ParseDigits(typ, s)
	if !ok {
		panic(s)
	}
	return m
}

var (
	testPLMN = ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}
	testLAI  = ident.LAI{PLMN: testPLMN, LAC: 1001}
	testIMSI = digits(ident.IMSI, "001010000000001")
	testTMSI = ident.TMSIIdentity(0x00c0ffee)
	testRAND = [16]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	testCM2  = classmark.Classmark2{Classmark1: classmark.Classmark1{Revision: 1, EarlySending: true, A51: true, RFPower: 3},
		SSScreening: 1, SM: true, FC: true, CM3: true, UCS2: true, A53: true, A52: true}
)

const (
	imsi = "08 0910100000000010"
	tmsi = "05 f4 00c0ffee"
	lai1 = "00f110 03e9"
	cm2  = "03 33 19 93"
)

// vector is a message and what it says. mandatory is the number of octets without
// optional elements.
type vector struct {
	name      string
	in        string
	want      message
	mandatory int
}

func skipped(iei ...uint8) Skipped {
	var s Skipped
	s.Count = copy(s.IEI[:], iei)
	return s
}

func vectors() []vector {
	return []vector{
		//                PD MT  type LAI         CM1 identity
		{"LU request", "05 08 70 00f110 fffe 33 " + tmsi, &LocationUpdatingRequest{
			CKSN: NoKey, LAI: ident.LAI{PLMN: testPLMN, LAC: 0xfffe},
			Classmark: classmark.Classmark1{Revision: 1, EarlySending: true, A51: true, RFPower: 3}, Identity: testTMSI}, 15},
		{"LU request, all", "05 48 2a " + lai1 + " 5f " + imsi + " 33 " + cm2 + " c3 d1", &LocationUpdatingRequest{
			Type: IMSIAttach, FollowOn: true, CKSN: 2, LAI: testLAI,
			Classmark: classmark.Classmark1{Revision: 2, EarlySending: true, RFPower: 7}, Identity: testIMSI,
			HasClassmark2: true, Classmark2: testCM2, HasAdditional: true, Additional: 3, HasDevice: true, Device: 1}, 18},
		{"LU request, periodic, no area, unknown elements", "05 88 11 ffffff 0000 00 00 e1 5a 02 0102 a5 d1 d2", &LocationUpdatingRequest{
			Type: PeriodicUpdate, CKSN: 1, Classmark: classmark.Classmark1{A51: true},
			HasDevice: true, Device: 1, Skipped: skipped(0xe0, 0x5a, 0xa5, 0xd0)}, 10},
		{"LU request, reserved type", "05 08 03 " + lai1 + " 60 " + imsi, &LocationUpdatingRequest{
			Type: 3, LAI: testLAI, Classmark: classmark.Classmark1{Revision: 3, A51: true}, Identity: testIMSI}, 18},
		{"LU request, extraneous octets", "05 08 03 " + lai1 + " 60 " + imsi + " 5a 03 01", &LocationUpdatingRequest{
			Type: 3, LAI: testLAI, Classmark: classmark.Classmark1{Revision: 3, A51: true}, Identity: testIMSI, Skipped: Skipped{Extraneous: 3}}, 18},

		{"LU accept", "05 02 " + lai1, &LocationUpdatingAccept{LAI: testLAI}, 7},
		{"LU accept, all", "05 02 " + lai1 + " 17 " + tmsi + " a1 a2 4a 06 00f110 ff0000 34 08 03 01 11f2 03 10 19f1 35 01 23", &LocationUpdatingAccept{
			LAI: testLAI, Identity: testTMSI, FollowOnProceed: true, CTSPermission: true,
			EquivalentPLMNs: [15]ident.PLMN{testPLMN, {}}, PLMNCount: 2,
			HasEmergencyNumbers: true, EmergencyCount: 2, HasT3212: true, T3212: 0x23}, 7},
		{"LU accept, TMSI deleted, repeated identity", "05 02 " + lai1 + " 17 " + imsi + " 17 " + tmsi, &LocationUpdatingAccept{
			LAI: testLAI, Identity: testIMSI, Skipped: skipped(0x17)}, 7},

		{"LU reject", "05 04 0b", &LocationUpdatingReject{Cause: CausePLMNNotAllowed}, 3},
		{"LU reject, T3246", "05 04 16 36 01 45", &LocationUpdatingReject{Cause: CauseCongestion, HasT3246: true, T3246: 0x45}, 3},

		{"IMSI detach", "05 01 33 " + imsi, &IMSIDetachIndication{
			Classmark: classmark.Classmark1{Revision: 1, EarlySending: true, A51: true, RFPower: 3}, Identity: testIMSI}, 12},

		{"identity request", "05 18 01", &IdentityRequest{Type: ident.IMSI}, 3},
		{"identity request, IMEISV", "05 18 03", &IdentityRequest{Type: ident.IMEISV}, 3},
		{"identity request, reserved", "05 18 f7", &IdentityRequest{Type: 7}, 3},
		{"identity response", "05 19 " + imsi, &IdentityResponse{Identity: testIMSI}, 11},
		{"identity response, IMEISV", "05 59 09 03 00000000000010 f0", &IdentityResponse{Identity: digits(ident.IMEISV, "0000000000000010")}, 12},
		{"identity response, P-TMSI", "05 19 " + tmsi + " e0 1b 06 00f110 03e9 01 19 03 010203", &IdentityResponse{
			Identity: testTMSI, HasPTMSI: true, Skipped: skipped(0xe0, 0x1b, 0x19)}, 8},
		{"identity response, none", "05 19 01 f0", &IdentityResponse{}, 4},

		{"authentication request", "05 12 03 000102030405060708090a0b0c0d0e0f", &AuthenticationRequest{CKSN: 3, RAND: testRAND}, 19},
		{"authentication request, AUTN", "05 12 00 000102030405060708090a0b0c0d0e0f 20 10 000102030405060708090a0b0c0d0e0f", &AuthenticationRequest{
			RAND: testRAND, HasAUTN: true, AUTN: testRAND}, 19},
		{"authentication response", "05 54 01020304", &AuthenticationResponse{SRES: [4]byte{1, 2, 3, 4}}, 6},
		{"authentication response, RES", "05 54 01020304 21 04 05060708", &AuthenticationResponse{
			SRES: [4]byte{1, 2, 3, 4}, RES: [12]byte{5, 6, 7, 8}, RESLen: 4}, 6},
		{"authentication failure", "05 1c 14", &AuthenticationFailure{Cause: CauseMACFailure}, 3},
		{"authentication failure, AUTS", "05 1c 15 22 0e 0102030405060708090a0b0c0d0e", &AuthenticationFailure{
			Cause: CauseSynchFailure, HasAUTS: true, AUTS: [14]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}}, 3},
		{"authentication reject", "05 11", &Plain{Type: TypeAuthenticationReject}, 2},

		{"TMSI reallocation command", "05 1a " + lai1 + tmsi, &TMSIReallocationCommand{LAI: testLAI, Identity: testTMSI}, 13},
		{"TMSI reallocation complete", "05 5b", &Plain{Type: TypeTMSIComplete}, 2},

		{"CM service request", "05 24 71 " + cm2 + tmsi, &CMServiceRequest{
			Service: ServiceCall, CKSN: NoKey, Classmark: testCM2, Identity: testTMSI}, 13},
		{"CM service request, all", "05 24 04 " + cm2 + tmsi + " 85 c1 d1 8f", &CMServiceRequest{
			Service: ServiceSMS, Classmark: testCM2, Identity: testTMSI, HasPriority: true, Priority: 5,
			HasAdditional: true, Additional: 1, HasDevice: true, Device: 1, Skipped: skipped(0x80)}, 13},
		{"CM service accept", "05 21", &Plain{Type: TypeServiceAccept}, 2},
		{"CM service reject", "05 22 20", &CMServiceReject{Cause: CauseServiceNotSupported}, 3},
		{"CM service reject, T3246", "05 22 16 36 01 e0", &CMServiceReject{Cause: CauseCongestion, HasT3246: true, T3246: 0xe0}, 3},
		{"CM service abort", "05 63", &Plain{Type: TypeServiceAbort}, 2},
		{"CM service prompt", "05 25 39", &CMServicePrompt{Protocol: PDSMS, SAPI: 3}, 3},
		{"CM re-establishment", "05 28 07 " + cm2 + tmsi, &CMReestablishmentRequest{CKSN: NoKey, Classmark: testCM2, Identity: testTMSI}, 13},
		{"CM re-establishment, all", "05 28 00 " + cm2 + tmsi + " 13 " + lai1 + " d1 13 00f110 0001", &CMReestablishmentRequest{
			Classmark: testCM2, Identity: testTMSI, HasLAI: true, LAI: testLAI, HasDevice: true, Device: 1}, 13},
		{"abort", "05 29 06", &Abort{Cause: CauseIllegalME}, 3},
		{"MM null", "05 30", &Plain{Type: TypeNull}, 2},
		{"MM status", "05 31 61", &MMStatus{Cause: CauseUnknownMessage}, 3},

		{"MM information, empty", "05 32", &MMInformation{}, 2},
		{"MM information, all", "05 32" +
			" 43 05 84 d4f29c0e" + // 4 septets, 4 spare bits
			" 45 05 90 00540053" + // "TS"
			" 46 80 47 62 10 32 41 50 00 4a 48 03 010203 49 01 01", &MMInformation{
			FullName:  NetworkName{Present: true, Text: "Test", Spare: 4},
			ShortName: NetworkName{Present: true, Text: "TS", Coding: CodingUCS2},
			HasZone:   true, Zone: 8,
			HasTime: true, Time: time.Date(2026, 1, 23, 14, 5, 0, 0, time.UTC), TimeZone: -24,
			HasLSA: true, LSA: [3]byte{1, 2, 3}, LSALen: 3, HasDST: true, DST: 1}, 2},
		{"MM information, no LSA, reserved coding", "05 32 48 00 43 02 a8 41", &MMInformation{
			FullName: NetworkName{Present: true, Coding: 2, AddCI: true}, HasLSA: true}, 2},
	}
}

func TestDecode(t *testing.T) {
	var d Decoder // one for all: whatever a message leaves behind must not show
	for range 2 {
		for _, tt := range vectors() {
			t.Run(tt.name, func(t *testing.T) {
				got, err := d.Decode(unhex(t, tt.in))
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got, wire.Message(tt.want)) {
					t.Errorf("\n got %+v\nwant %+v", got, tt.want)
				}
				want, _ := MessageName(5, unhex(t, tt.in)[1])
				if got.Name() != want || want == "" {
					t.Errorf("name %q, want %q", got.Name(), want)
				}
			})
		}
	}
}

// A receiver with every octet set must come out as a fresh one.
func TestDecodeDirty(t *testing.T) {
	for _, tt := range vectors() {
		dirty := reflect.New(reflect.TypeOf(tt.want).Elem())
		soil(dirty.Elem())
		m := dirty.Interface().(message)
		if err := m.Decode(unhex(t, tt.in)); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(m, tt.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", tt.name, m, tt.want)
		}
	}
}

func soil(v reflect.Value) {
	if !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		v.SetUint(3)
	case reflect.Int, reflect.Int8:
		v.SetInt(3)
	case reflect.String:
		v.SetString("dirty")
	case reflect.Struct:
		for i := range v.NumField() {
			soil(v.Field(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			soil(v.Index(i))
		}
	}
}

func TestDecodeTruncated(t *testing.T) {
	for _, tt := range vectors() {
		in := unhex(t, tt.in)
		for n := range in {
			var d Decoder
			m, err := d.Decode(in[:n])
			if m == nil {
				t.Fatalf("%s cut to %d: no message", tt.name, n)
			}
			var de *wire.DecodeError
			switch {
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
	for _, tt := range []struct {
		name, in string
		path     string
		offset   int
		err      error
	}{
		{"empty", "", "Message Type", 0, wire.ErrShort},
		{"no type", "05", "Message Type", 1, wire.ErrShort},
		{"other protocol", "06 08", "Protocol Discriminator", 0, wire.ErrInvalid},
		{"identity digit", "05 19 08 09101a0000000010", "Mobile Identity", 5, wire.ErrInvalid},
		{"identity too long", "05 19 0a 09101000000000101010", "Mobile Identity", 3, wire.ErrLength},
		{"identity, TMSI cut", "05 19 03 f40001", "Mobile Identity", 6, wire.ErrShort},
		{"identity longer than message", "05 19 08 0910", "Mobile Identity", 2, wire.ErrShort},
		{"classmark 2 short", "05 24 01 02 3319 " + tmsi, "Mobile Station Classmark 2", 6, wire.ErrShort},
		{"AUTN length", "05 12 00 000102030405060708090a0b0c0d0e0f 20 0f 000102030405060708090a0b0c0d0e", "Authentication parameter AUTN", 20, wire.ErrLength},
		{"AUTS length", "05 1c 15 22 01 01", "Authentication Failure parameter", 4, wire.ErrLength},
		{"RES empty", "05 14 01020304 21 00", "Authentication Response parameter (extension)", 7, wire.ErrLength},
		{"RES long", "05 14 01020304 21 0d 0102030405060708090a0b0c0d", "Authentication Response parameter (extension)", 7, wire.ErrLength},
		{"PLMN list length", "05 02 " + lai1 + " 4a 04 00f110 00", "Equivalent PLMNs", 8, wire.ErrLength},
		{"PLMN list too long", "05 02 " + lai1 + " 4a 30 " + strings.Repeat("00f110", 16), "Equivalent PLMNs", 8, wire.ErrLength},
		{"emergency list", "05 02 " + lai1 + " 34 05 03 01 11f2 09", "Emergency Number List", 13, wire.ErrShort},
		{"T3212 empty", "05 02 " + lai1 + " 35 00", "Per MS T3212", 8, wire.ErrLength},
		{"T3246 empty", "05 04 0b 36 00", "T3246 value", 4, wire.ErrLength},
		{"name empty", "05 32 43 00", "Full name for network", 3, wire.ErrLength},
		{"LSA length", "05 32 48 02 0102", "LSA Identity", 3, wire.ErrLength},
		{"DST empty", "05 32 49 00", "Network Daylight Saving Time", 3, wire.ErrLength},
		{"zone digit", "05 32 46 a0", "Local time zone", 3, wire.ErrInvalid},
		{"time digit", "05 32 47 62 1a 32 41 50 00 4a", "Universal time and local time zone", 4, wire.ErrInvalid},
		{"30 February", "05 32 47 62 20 03 41 50 00 4a", "Universal time and local time zone", 3, wire.ErrInvalid},
		{"25 hours", "05 32 47 62 20 10 52 50 00 4a", "Universal time and local time zone", 3, wire.ErrInvalid},
		{"time zone digit", "05 32 47 62 10 32 41 50 00 fa", "Universal time and local time zone", 9, wire.ErrInvalid},
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
}

// What was proved before a defect is kept.
func TestDecodePartial(t *testing.T) {
	var d Decoder
	m, err := d.Decode(unhex(t, "05 08 70 00f110 fffe 33 05 f4 0000"))
	if lu, ok := m.(*LocationUpdatingRequest); err == nil || !ok || lu.CKSN != NoKey || lu.LAI.LAC != 0xfffe || lu.Classmark.RFPower != 3 {
		t.Errorf("%+v, %v", m, err)
	}
	m, err = d.Decode(unhex(t, "05 02 "+lai1+" 4a 04 00f110 00"))
	if la, ok := m.(*LocationUpdatingAccept); err == nil || !ok || la.LAI != testLAI || la.PLMNCount != 1 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestSkippedMany(t *testing.T) {
	var d Decoder
	m, err := d.Decode(unhex(t, "05 29 11 "+strings.Repeat("e1", 20)))
	if err != nil {
		t.Fatal(err)
	}
	if a := m.(*Abort); a.Skipped.Count != 20 || a.Skipped.IEI[7] != 0xe0 {
		t.Errorf("%+v", a.Skipped)
	}
}

func TestOpaque(t *testing.T) {
	var d Decoder
	in := unhex(t, "05 7f 01 02")
	m, err := d.Decode(in)
	o, ok := m.(*wire.Opaque)
	if err != nil || !ok || o.Title != "MM message 0x3f (unknown)" || len(o.Octets) != 4 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestTimers(t *testing.T) {
	for _, tt := range []struct {
		v      uint8
		mm, t3 time.Duration
	}{
		{0x05, 10 * time.Second, 50 * time.Minute},
		{0x25, 5 * time.Minute, 5 * time.Hour},
		{0x45, 30 * time.Minute, 50 * time.Hour},
		{0x65, 5 * time.Minute, 10 * time.Second},
		{0x85, 5 * time.Minute, 150 * time.Second},
		{0xa5, 5 * time.Minute, 5 * time.Minute},
		{0xc5, 5 * time.Minute, 5 * time.Hour},
		{0xe5, -1, -1},
	} {
		if d, ok := MMTimer(tt.v).Duration(); ok != (tt.mm >= 0) || ok && d != tt.mm {
			t.Errorf("MM Timer %#x: %v %v", tt.v, d, ok)
		}
		if d, ok := GPRSTimer3(tt.v).Duration(); ok != (tt.t3 >= 0) || ok && d != tt.t3 {
			t.Errorf("GPRS Timer 3 %#x: %v %v", tt.v, d, ok)
		}
	}
}

func TestNetworkName(t *testing.T) {
	for _, tt := range []struct {
		name, in, want string
	}{
		{"GSM7, 8 characters", "80 " + hex.EncodeToString(pack("Testbed1")), "Testbed1"},
		{"UCS2", "90 00e9 20ac 4e2d", "é€中"},
		{"UCS2 pair", "90 d83d de00", "😀"},
		{"UCS2 lone surrogates", "90 d83d 0041 de00", "\ufffdA\ufffd"},
		{"UCS2 odd octet", "90 0041 42", "A\ufffd"},
		{"UCS2 hostile", "90 001b 005b 0033 0031 006d 003c", "\x1b[31m<"},
		{"empty GSM7", "80", ""},
		{"GSM7, one octet all spare", "87 ff", ""},
		{"GSM7 euro", "82 9b32", "€"},
		{"GSM7 escape at the end", "81 1b", " "},
		{"GSM7 escape of none", "82 9b20", "A"},
		{"GSM7 two escapes", "82 9b0d", " "},
	} {
		var n NetworkName
		b := unhex(t, tt.in)
		r := wire.NewReader(append([]byte{uint8(len(b))}, b...))
		n.decode(&r, "name")
		if r.Err() != nil || n.Text != tt.want || !n.Present {
			t.Errorf("%s: %q, want %q (%v)", tt.name, n.Text, tt.want, r.Err())
		}
	}
}

// pack is the packing of TS 23.038 §6.1.2.1 for characters that GSM's alphabet has
// at ASCII's places.
func pack(s string) []byte {
	b := make([]byte, (7*len(s)+7)/8)
	for i := range len(s) {
		for k := range 7 {
			if s[i]>>k&1 != 0 {
				b[(7*i+k)/8] |= 1 << ((7*i + k) % 8)
			}
		}
	}
	return b
}

func TestGSM7RoundTrip(t *testing.T) {
	const s = "ABC xyz 0123456789 +-*/%&,.<>"
	for n := range len(s) + 1 {
		b := pack(s[:n])
		if got := decodeGSM7(b, 8*len(b)-7*n); got != s[:n] {
			t.Errorf("%d characters: %q", n, got)
		}
	}
	seen := map[rune]bool{}
	for i, c := range gsm7 {
		if c == 0 || seen[c] && i != escape && c != ' ' {
			t.Errorf("septet %#x: %q", i, c)
		}
		seen[c] = true
	}
	if gsm7[0x24] != '¤' || gsm7[0x40] != '¡' || gsm7[0x5b] != 'Ä' || gsm7[0x60] != '¿' || gsm7[0x7f] != 'à' || gsm7[0x1b] != ' ' || gsm7[0x41] != 'A' {
		t.Error("alphabet out of place")
	}
	for v, want := range map[uint8]rune{0x0a: '\f', 0x14: '^', 0x28: '{', 0x29: '}', 0x2f: '\\', 0x3c: '[', 0x3d: '~', 0x3e: ']', 0x40: '|', 0x65: '€', 0x41: 'A'} {
		if gsm7Extension(v) != want {
			t.Errorf("extension %#x: %q", v, gsm7Extension(v))
		}
	}
}

func TestTimeZone(t *testing.T) {
	if z, ok := timeZone(0x4a); !ok || z != -24 || z.Offset() != -6*time.Hour {
		t.Errorf("%v %v", z, ok)
	}
	if z, ok := timeZone(0x97); !ok || z != 79 {
		t.Errorf("%v %v", z, ok)
	}
}

func TestStrings(t *testing.T) {
	for v, want := range map[interface{ String() string }]string{
		NormalUpdate: "Normal", PeriodicUpdate: "Periodic", IMSIAttach: "IMSI attach", UpdateType(3): "reserved (3)",
		ServiceSMS: "Short message service", ServiceType(3): "reserved (3)", ServiceType(15): "reserved (15)",
		CausePLMNNotAllowed: "PLMN not allowed", Cause(7): "reserved (7)", Cause(48): "Retry upon entry into a new cell", Cause(63): "Retry upon entry into a new cell",
		Cause(64): "reserved (64)", CauseProtocolError: "Protocol error, unspecified",
		PDMobilityManagement: "Mobility management", Discriminator(13): "reserved (13)", Discriminator(200): "reserved (200)",
	} {
		if v.String() != want {
			t.Errorf("%#v: %q, want %q", v, v.String(), want)
		}
	}
	if Discriminator(200).Short() != "" || PDSMS.Short() != "SMS" {
		t.Error("Short")
	}
	named := 0
	for c := range 256 {
		if !strings.HasPrefix(Cause(c).String(), "reserved") {
			named++
		}
	}
	if named != 27+16 {
		t.Errorf("%d causes have a name", named)
	}
}

func TestMessageName(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want string
	}{
		{"05 48", "Location Updating Request"}, {"03 45", "Setup"}, {"83 2d", "Release"}, {"0b bb", "Register"},
		{"09 01", "CP-DATA"}, {"89 04", "CP-ACK"}, {"09 10", "CP-ERROR"}, {"09 41", ""}, {"08 12", "Authentication and Ciphering Req"},
		{"0a 41", "Activate PDP Context Request"}, {"0a c1", ""}, {"00 32", "Setup"}, {"00 3b", ""}, {"01 3b", "Immediate Setup 2"},
		{"0f 40", "Close UE Test Loop"}, {"06 3f", ""}, {"05 3f", ""},
	} {
		b := unhex(t, tt.in)
		got, ok := MessageName(b[0], b[1])
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("% x: %q %v, want %q", b, got, ok, tt.want)
		}
	}
	if pd, mt, ok := MessageType([]byte{0x83, 0xc5}); pd != PDCallControl || mt != 5 || !ok {
		t.Errorf("%v %#x %v", pd, mt, ok)
	}
	if _, _, ok := MessageType([]byte{5}); ok {
		t.Error("one octet has a type")
	}
}

func FuzzDecode(f *testing.F) {
	for _, v := range vectors() {
		b, err := hex.DecodeString(strings.ReplaceAll(v.in, " ", ""))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var d Decoder
		m, err := d.Decode(b)
		if m == nil || m.Name() == "" {
			t.Fatalf("%x: %#v without a name", b, m)
		}
		var de *wire.DecodeError
		if err != nil && (!errors.As(err, &de) || de.Offset < 0 || de.Offset > len(b) || de.Path == "") {
			t.Fatalf("error without offset inside %d octets: %#v", len(b), err)
		}
		switch m := m.(type) {
		case *LocationUpdatingRequest:
			if m.Type > 3 || m.CKSN > 7 || m.Classmark.RFPower > 7 || m.Classmark.Revision > 3 || m.Additional > 15 || m.Device > 15 || m.Skipped.Count+m.Skipped.Extraneous > len(b) {
				t.Fatalf("value outside its field: %+v", m)
			}
		case *LocationUpdatingAccept:
			if m.PLMNCount > MaxEquivalentPLMNs || m.EmergencyCount > len(b) {
				t.Fatalf("value outside its field: %+v", m)
			}
		case *AuthenticationResponse:
			if m.RESLen > len(m.RES) {
				t.Fatalf("%+v", m)
			}
		case *MMInformation:
			if len(m.FullName.Text) > 4*len(b) || m.Zone < -79 || m.Zone > 79 || m.DST > 3 || m.LSALen > 3 ||
				!strings.EqualFold(strings.ToValidUTF8(m.FullName.Text, ""), m.FullName.Text) {
				t.Fatalf("value outside its field: %+v", m)
			}
		}
	})
}

var benchLU = "05 48 2a " + lai1 + " 5f " + imsi + " 33 " + cm2 + " c3 d1"

func BenchmarkLocationUpdatingRequest(b *testing.B) {
	in := unhex(b, benchLU)
	var d Decoder
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Decode(in); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSkipped is the worst case: a message of unknown elements.
func BenchmarkSkipped(b *testing.B) {
	in := unhex(b, "05 29 11 "+strings.Repeat("e1", 248))
	var d Decoder
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Decode(in); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAllocs(t *testing.T) {
	var d Decoder
	for _, tt := range vectors() {
		if _, ok := tt.want.(*MMInformation); ok {
			continue
		}
		in := unhex(t, tt.in)
		if n := testing.AllocsPerRun(50, func() {
			if _, err := d.Decode(in); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", tt.name, n)
		}
	}
}
