package gmm

import (
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
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
	testRAI    = ident.RAI{LAI: ident.LAI{PLMN: ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}, LAC: 1001}, RAC: 7}
	testIMSI   = digits(ident.IMSI, "001010000000001")
	testIMEISV = digits(ident.IMEISV, "0000000000000010")
	testPTMSI  = ident.TMSIIdentity(0xc0c0ffee)
	testTMSI   = ident.TMSIIdentity(0x00c0ffee)
	testRAND   = [16]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
)

const (
	imsi   = "08 0910100000000010"
	imeisv = "09 03000000000000 10f0"
	ptmsi  = "05 f4 c0c0ffee"
	tmsi   = "05 f4 00c0ffee"
	rai1   = "00f110 03e9 07"
	rac    = "02 1122" // MS radio access capability
	rand   = "000102030405060708090a0b0c0d0e0f"
)

// vector is a message and what it says. mandatory is the number of octets without
// optional elements.
type vector struct {
	name      string
	uplink    bool
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
		//                       PD MT  network capability  type DRX   identity  RAI  RA capability
		{"attach request", true, "08 01 01 80 71 0a00 " + imsi + rai1 + rac, &AttachRequest{
			GEA: 0x02, Type: AttachGPRS, CKSN: mm.NoKey, DRX: 0x0a00, Identity: testIMSI, OldRAI: testRAI}, 26},
		{"attach request, all", true, "08 01 03 65 ff 00 2b 0001 " + ptmsi + rai1 + rac + " 19 010203 17 05 90 33 01 11 11 01 22 1a " + tmsi + " 17 06 19 040506 14 05 00f1100001", &AttachRequest{
			GEA: 0xfc, Type: AttachCombined, FollowOn: true, CKSN: 2, DRX: 1, Identity: testPTMSI, OldRAI: testRAI,
			HasT3314: true, T3314: 5, Additional: testTMSI, Skipped: skipped(0x19, 0x90, 0x33, 0x11, 0x17, 0x19, 0x14)}, 24},
		{"attach request, no area", true, "08 01 02 8040 02 0000 01 f0 ffffff fffe ff " + rac, &AttachRequest{
			GEA: 0x06, Type: 2, OldRAI: ident.RAI{LAI: ident.LAI{LAC: 0xfffe}, RAC: 0xff}}, 19},

		//                 result timer priority RAI
		{"attach accept", false, "08 02 01 54 22 " + rai1, &AttachAccept{Result: 1, T3312: 0x54, RAI: testRAI}, 11},
		{"attach accept, all", false, "08 02 1b e0 22 " + rai1 + " 19 010203 17 16 18 " + ptmsi + " 23 " + imsi + " 25 10 2a 01 49 8c 4a 03 00f120 b2 25 11 18 " + ptmsi, &AttachAccept{
			Result: 3, FollowOnProceed: true, ForceToStandby: true, T3312: 0xe0, RAI: testRAI, Accepted: Accepted{
				PTMSI: testPTMSI, Identity: testIMSI, HasT3314: true, T3314: 0x16, HasCause: true, Cause: CauseMSCNotReachable,
				HasT3302: true, T3302: 0x49, Skipped: skipped(0x19, 0x80, 0x4a, 0xb0, 0x25, 0x18)}}, 11},
		{"attach complete", true, "08 03", &Plain{Type: TypeAttachComplete}, 2},
		{"attach complete, of UMTS", true, "08 03 27 02 0102", &Plain{Type: TypeAttachComplete, Skipped: skipped(0x27)}, 2},
		{"attach reject", false, "08 04 07", &AttachReject{Rejected{Cause: CauseGPRSNotAllowed}}, 3},
		{"attach reject, timers", false, "08 04 16 2a 01 21 3a 01 45 3a 01 46", &AttachReject{Rejected{
			Cause: 22, HasT3302: true, T3302: 0x21, HasT3346: true, T3346: 0x45, Skipped: skipped(0x3a)}}, 3},

		{"detach request", true, "08 05 03", &DetachRequest{Type: 3}, 3},
		{"detach request, switched off", false, "08 05 09", &DetachRequest{Type: 1, PowerOff: true}, 3},
		{"detach request, P-TMSI, direction not known", false, "08 05 01 18 " + ptmsi + " 19 03 010203", &DetachRequest{
			Type: 1, Identity: testPTMSI, Skipped: skipped(0x19)}, -1},
		{"detach request of the network", false, "08 05 12", &NetworkDetachRequest{Type: ReattachNotRequired, ForceToStandby: true}, 3},
		{"detach request of the network, cause", false, "08 05 02 25 08 25 07", &NetworkDetachRequest{
			Type: ReattachNotRequired, HasCause: true, Cause: CauseGPRSAndOthersNotAllowed, Skipped: skipped(0x25)}, 3},
		{"detach accept of the network", false, "08 06 01", &DetachAccept{ForceToStandby: true}, 2},
		{"detach accept", true, "08 06", &DetachAccept{}, 2},

		{"RA update request", true, "08 08 70 " + rai1 + rac, &RoutingAreaUpdateRequest{CKSN: mm.NoKey, OldRAI: testRAI}, 12},
		{"RA update request, all", true, "08 08 0b " + rai1 + rac + " 19 010203 17 05 27 0a00 90 18 " + ptmsi + " 31 02 e5e0 32 02 2000 1a " + tmsi + " 27 0b00", &RoutingAreaUpdateRequest{
			Type: UpdatePeriodic, FollowOn: true, OldRAI: testRAI, HasT3314: true, T3314: 5, HasDRX: true, DRX: 0x0a00, Identity: testPTMSI,
			HasGEA: true, GEA: 0x0e, Additional: testTMSI, Skipped: skipped(0x19, 0x90, 0x32, 0x27)}, 12},
		{"RA update accept", false, "08 09 81 5e " + rai1, &RoutingAreaUpdateAccept{
			ForceToStandby: true, FollowOnProceed: true, T3312: 0x5e, RAI: testRAI}, 10},
		{"RA update accept, all", false, "08 09 10 5e " + rai1 + " 19 010203 18 " + ptmsi + " 23 " + tmsi + " 26 02 5000 17 05 25 28 2a 01 2c 32 02 2000", &RoutingAreaUpdateAccept{
			Result: 1, T3312: 0x5e, RAI: testRAI, Accepted: Accepted{PTMSI: testPTMSI, Identity: testTMSI, HasT3314: true, T3314: 5,
				HasCause: true, Cause: CauseNoPDPContext, HasT3302: true, T3302: 0x2c, Skipped: skipped(0x19, 0x26, 0x32)}}, 10},
		{"RA update complete", true, "08 0a", &Plain{Type: TypeUpdateComplete}, 2},
		{"RA update reject", false, "08 0b 0a 01 2a 01 49", &RoutingAreaUpdateReject{
			ForceToStandby: true, Rejected: Rejected{Cause: CauseImplicitlyDetached, HasT3302: true, T3302: 0x49}}, 4},

		{"service request", true, "08 0c 17 " + ptmsi + " 32 02 2000", &ServiceRequest{
			CKSN: mm.NoKey, Type: 1, Identity: testPTMSI, Skipped: skipped(0x32)}, 9},
		{"service accept", false, "08 0d 32 02 2000", &Plain{Type: TypeServiceAccept, Skipped: skipped(0x32)}, 2},
		{"service reject", false, "08 0e 09", &ServiceReject{Rejected{Cause: CauseIdentityNotDerived}}, 3},

		{"P-TMSI reallocation command", false, "08 10 " + ptmsi + rai1 + " 00 19 010203", &PTMSIReallocationCommand{
			Identity: testPTMSI, RAI: testRAI, Skipped: skipped(0x19)}, 15},
		{"P-TMSI reallocation complete", true, "08 11", &Plain{Type: TypePTMSIComplete}, 2},

		{"cipher alone", false, "08 12 10 10", &AuthenticationAndCipheringRequest{IMEISVRequest: true, Reference: 1}, 4},
		{"challenge, GEA/3", false, "08 12 03 f1 21 " + rand + " 85 28 10 " + rand + " 21 " + rand + " 86", &AuthenticationAndCipheringRequest{
			Algorithm: 3, ForceToStandby: true, Reference: 15, HasRAND: true, RAND: testRAND, HasCKSN: true, CKSN: 5,
			HasAUTN: true, AUTN: testRAND, Skipped: skipped(0x21, 0x80)}, 4},
		{"answer", true, "08 13 02 22 01020304 23 " + imeisv + " 29 04 05060708 22 05060708", &AuthenticationAndCipheringResponse{
			Reference: 2, HasRES: true, RES: [4]byte{1, 2, 3, 4}, IMEISV: testIMEISV, Skipped: skipped(0x29, 0x22)}, 3},
		{"authentication reject", false, "08 14", &Plain{Type: TypeAuthenticationReject}, 2},
		{"authentication failure", true, "08 1c 15 30 0e 0102030405060708090a0b0c0d0e", &AuthenticationAndCipheringFailure{
			Cause: 21, HasAUTS: true, AUTS: [14]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}}, 3},

		{"identity request", false, "08 15 01", &IdentityRequest{Type: ident.IMSI}, 3},
		{"identity request, IMEI, standby", false, "08 15 12", &IdentityRequest{Type: ident.IMEI, ForceToStandby: true}, 3},
		{"identity request, reserved", false, "08 15 27", &IdentityRequest{Type: 7}, 3},
		{"identity response", true, "08 16 " + imsi, &IdentityResponse{Identity: testIMSI}, 11},

		{"status", true, "08 20 65", &GMMStatus{Cause: 101}, 3},
		{"information", false, "08 21 45 05 90 00540053 47 62 10 32 41 50 00 4a", &GMMInformation{mm.MMInformation{
			ShortName: mm.NetworkName{Present: true, Text: "TS", Coding: mm.CodingUCS2},
			HasTime:   true, Time: time.Date(2026, 1, 23, 14, 5, 0, 0, time.UTC), TimeZone: -24}}, 2},
	}
}

func TestDecode(t *testing.T) {
	var d Decoder // one for all: whatever a message leaves behind must not show
	for range 2 {
		for _, tt := range vectors() {
			t.Run(tt.name, func(t *testing.T) {
				in := unhex(t, tt.in)
				got, err := d.Decode(in, tt.uplink)
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got, wire.Message(tt.want)) {
					t.Errorf("\n got %+v\nwant %+v", got, tt.want)
				}
				if want, _ := mm.MessageName(in[0], in[1]); got.Name() != want || want == "" {
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
			m, err := d.Decode(in[:n], tt.uplink)
			var de *wire.DecodeError
			switch {
			case (m == nil) != (n < 2):
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
	for _, tt := range []struct {
		name, in string
		path     string
		offset   int
		err      error
	}{
		{"empty", "", "Message Type", 0, wire.ErrShort},
		{"no type", "08", "Message Type", 1, wire.ErrShort},
		{"other protocol", "05 01", "Protocol Discriminator", 0, wire.ErrInvalid},
		{"network capability empty", "08 01 00 71", "MS network capability", 2, wire.ErrLength},
		{"identity digit", "08 16 08 09101a0000000010", "Mobile Identity", 5, wire.ErrInvalid},
		{"P-TMSI cut", "08 10 03 f40001", "Mobile Identity", 6, wire.ErrShort},
		{"RAI cut", "08 10 " + ptmsi + " 00f110 03e9", "Routing area identification", 13, wire.ErrShort},
		{"LAI cut", "08 10 " + ptmsi + " 00f110 03", "Routing area identification", 8, wire.ErrShort},
		{"RAND cut", "08 12 00 00 21 00", "Authentication parameter RAND", 5, wire.ErrShort},
		{"AUTN length", "08 12 00 00 28 01 00", "Authentication parameter AUTN", 5, wire.ErrLength},
		{"RES cut", "08 13 00 22 000000", "Authentication parameter Response", 4, wire.ErrShort},
		{"AUTS length", "08 1c 15 30 01 00", "Authentication Failure parameter", 4, wire.ErrLength},
		{"T3302 empty", "08 04 16 2a 00", "T3302 value", 4, wire.ErrLength},
		{"T3346 empty", "08 0e 16 3a 00", "T3346 value", 4, wire.ErrLength},
		{"cause cut", "08 05 02 25", "GMM cause", 4, wire.ErrShort},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d Decoder
			_, err := d.Decode(unhex(t, tt.in), false)
			var de *wire.DecodeError
			if !errors.As(err, &de) || !errors.Is(err, tt.err) || de.Path != tt.path || de.Offset != tt.offset {
				t.Errorf("%v, want %s at octet %d: %v", err, tt.path, tt.offset, tt.err)
			}
		})
	}
}

// What was proved before a defect is kept, and a cut element at the end is no error.
func TestDecodePartial(t *testing.T) {
	var d Decoder
	m, err := d.Decode(unhex(t, "08 02 01 54 22 "+rai1+" 18 05 f4 0000"), false)
	if a, ok := m.(*AttachAccept); err == nil || !ok || a.RAI != testRAI || a.T3312 != 0x54 {
		t.Errorf("%+v, %v", m, err)
	}
	m, err = d.Decode(unhex(t, "08 08 70 "+rai1+rac+" 19 0102"), true)
	if a, ok := m.(*RoutingAreaUpdateRequest); err != nil || !ok || a.Skipped.Extraneous != 3 || a.Skipped.Count != 0 {
		t.Errorf("%+v, %v", m, err)
	}
	if m, err := d.Decode(unhex(t, "08 7f 01"), true); m != nil || err != nil {
		t.Errorf("unknown type: %+v, %v", m, err)
	}
}

func TestStrings(t *testing.T) {
	for v, want := range map[interface{ String() string }]string{
		CauseGPRSNotAllowed: "GPRS services not allowed", Cause(11): "PLMN not allowed", Cause(18): "reserved (18)",
		CauseSMSViaGPRS: "SMS provided via GPRS in this routing area",
		NoCiphering:     "ciphering not used", Algorithm(4): "GEA/4", Algorithms(0): "none", Algorithms(0x8a): "GEA/1 GEA/3 GEA/7",
		AttachCombined: "Combined GPRS/IMSI attach", AttachType(2): "reserved (2)", AttachResult(1): "GPRS only attached", AttachResult(7): "reserved (7)",
		UpdatePeriodic: "Periodic updating", UpdateType(7): "reserved (7)", UpdateResult(5): "combined RA/LA updated and ISR activated",
		DetachType(2): "IMSI detach", ReattachRequired: "re-attach required", NetworkDetachType(0): "reserved (0)",
		ServiceType(2): "Paging response", ServiceType(5): "reserved (5)",
	} {
		if v.String() != want {
			t.Errorf("%#v: %q, want %q", v, v.String(), want)
		}
	}
	named := 0
	for c := range 256 {
		if !strings.HasPrefix(Cause(c).String(), "reserved") {
			named++
		}
	}
	if named != 27+16+8 { // those of mobility management and eight more
		t.Errorf("%d causes have a name", named)
	}
	if Algorithms(2).Has(8) || !Algorithms(2).Has(1) {
		t.Error("Has")
	}
}

func TestAllocs(t *testing.T) {
	var d Decoder
	for _, tt := range vectors() {
		if _, ok := tt.want.(*GMMInformation); ok {
			continue
		}
		in := unhex(t, tt.in)
		if n := testing.AllocsPerRun(50, func() {
			if _, err := d.Decode(in, tt.uplink); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", tt.name, n)
		}
	}
}

func FuzzGMM(f *testing.F) {
	for _, v := range vectors() {
		f.Add(unhex(f, v.in), v.uplink)
	}
	f.Fuzz(func(t *testing.T, b []byte, uplink bool) {
		var d Decoder
		m, err := d.Decode(b, uplink)
		if m != nil && m.Name() == "" || m == nil && err == nil && len(b) < 2 {
			t.Fatalf("%x: %#v", b, m)
		}
		var de *wire.DecodeError
		if err != nil && (!errors.As(err, &de) || de.Offset < 0 || de.Offset > len(b) || de.Path == "") {
			t.Fatalf("error without offset inside %d octets: %#v", len(b), err)
		}
		switch m := m.(type) {
		case *AttachRequest:
			if m.Type > 7 || m.CKSN > 7 || m.GEA&1 != 0 || m.Skipped.Count+m.Skipped.Extraneous > len(b) {
				t.Fatalf("value outside its field: %+v", m)
			}
		case *RoutingAreaUpdateAccept:
			if m.Result > 7 || m.Skipped.Count+m.Skipped.Extraneous > len(b) {
				t.Fatalf("value outside its field: %+v", m)
			}
		case *AuthenticationAndCipheringRequest:
			if m.Algorithm > 7 || m.Reference > 15 || m.CKSN > 7 || !m.HasRAND && m.RAND != [16]byte{} {
				t.Fatalf("value outside its field: %+v", m)
			}
		case *IdentityRequest:
			if m.Type > 7 {
				t.Fatalf("value outside its field: %+v", m)
			}
		}
	})
}
