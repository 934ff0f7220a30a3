package nas

import (
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// unhex reads hexadecimal octets; spaces mark field borders.
func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
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
	testPLMN  = ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}
	otherPLMN = ident.PLMN{MCC: 999, MNC: 70, MNCDigits: 2}
	testIMSI  = EPSMobileIdentity{Type: EPSIMSI, HasIdentity: true, Identity: digits(ident.IMSI, "001010000000001")}
	testGUTI  = EPSMobileIdentity{Type: EPSGUTI, HasGUTI: true, GUTI: GUTI{testPLMN, 0x8001, 2, 0xc0ffee01}}
	testTAI   = TAI{testPLMN, 3001}
	testLAI   = ident.LAI{PLMN: testPLMN, LAC: 1001}
	testRAND  = [16]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	testNCap  = UENetworkCapability{EEA: 7, EIA: 6}
	// longNCap is netcapLong.
	longNCap = UENetworkCapability{EEA: 15, EIA: 14, HasUEA: true, UEA: 3, HasUIA: true, UIA: 6, UCS2: true, DCNR: true, N1Mode: true,
		Features: []byte{0x01, 0x80, 0x30}}
	testTAIs   = TAIList{Present: true, TAIs: [MaxTAIs]TAI{testTAI}, Count: 1, Total: 1}
	testReject = RejectElements{LowerBound: seconds(0x81, 30), ForbiddenRoaming: testTAIs, ForbiddenRegional: noTAIs}
	noTAIs     = TAIList{Present: true, TAIs: [MaxTAIs]TAI{{testPLMN, 0xffff}, {testPLMN, 0}}, Count: 2, Total: 2, Type: 1}
	testAPN    = APN("\x03ims\x04test")
)

const (
	imsi       = "08 0910100000000010"
	guti       = "0b f6 00f110 8001 02 c0ffee01"
	tais       = "06 00 00f110 0bb9"
	consec     = "06 21 00f110 ffff"
	netcap     = "02 e060"
	netcapLong = "07 f0 70 c0 e0 018030"
	auth       = "000102030405060708090a0b0c0d0e0f"
	pdnRequest = "0201d031"
	apn        = "09 03696d73 0474657374"
)

func esmRequest() ESM {
	return ESM{Type: TypePDNConnectivityRequest, PTI: 1, HasRequestType: true, RequestType: 1, HasPDNType: true, PDNType: 3}
}

func container(m ESM, octets string) ESMContainer {
	return ESMContainer{Present: true, Octets: unhex(octets), HasMessage: true, Message: m}
}

func seconds(raw uint8, n uint32) Timer { return Timer{Present: true, Seconds: n, Raw: raw} }

// vector is a message and what it says. mandatory is the number of octets without
// optional elements.
type vector struct {
	name      string
	in        string
	want      wire.Message
	mandatory int
}

func vectors() []vector {
	defaultBearer := "52 01 c1 01 09 " + apn + " 05 01 0a000001"
	defaultRequest := ESM{Type: TypeActivateDefaultRequest, EBI: 5, PTI: 1, HasQCI: true, QCI: 9, QoS: []byte{9},
		HasAPN: true, APN: testAPN, HasPDNType: true, PDNType: 1, PDNAddress: []byte{10, 0, 0, 1}}
	forbidden := "1d" + tais + "1e" + consec
	return []vector{
		//                  PD MT  type/KSI
		{"attach request, IMSI", "07 41 71" + imsi + netcap + "0004" + pdnRequest, &AttachRequest{
			Type: EPSAttach, KSI: KSI{ID: NoKey}, Identity: testIMSI, Capability: testNCap, ESM: container(esmRequest(), pdnRequest)}, 21},
		{"attach request, IMEI, emergency", "07 41 7e 08 0b00000000000010" + netcap + "0004" + pdnRequest, &AttachRequest{
			Type: EmergencyAttach, KSI: KSI{ID: NoKey}, Identity: EPSMobileIdentity{Type: EPSIMEI, HasIdentity: true, Identity: digits(ident.IMEI, "000000000000001")}, Capability: testNCap,
			ESM: container(esmRequest(), pdnRequest)}, 21},
		{"attach request, all", "07 41 92" + guti + netcapLong + "0005 0201d031d1" +
			"19010203 50" + guti + "52 00f110 0bb9 5c 0a60 31 02 e5e0 13 00f110 03e9 91 11 03 331993 20 01 60 40 03 040260 f3 5d 01 07 d1 e1 c1" +
			"10 02 0040 6a 01 21 5e 01 c1 6e 01 22 6f 04 e000 6000 6d 01 01 17 01 32 01 20 34 01 01 35 01 01 36 01 01 38 02 0001",
			&AttachRequest{Type: CombinedAttach, KSI: KSI{1, true}, Identity: testGUTI, Capability: longNCap,
				ESM: func() ESMContainer {
					e := esmRequest()
					e.HasInformationTransfer, e.InformationTransfer = true, true
					return container(e, "0201d031d1")
				}(),
				RequestElements: RequestElements{
					HasAdditionalGUTI: true, AdditionalGUTI: testGUTI, HasLastTAI: true, LastTAI: testTAI,
					DRX: DRXParameter{Present: true, SplitPGCycle: 10, S1Cycle: 6}, HasOldLAI: true, OldLAI: testLAI,
					HasValidTMSI: true, ValidTMSI: true, MSNetworkCapability: []byte{0xe5, 0xe0}, Classmark2: []byte{0x33, 0x19, 0x93},
					Classmark3: []byte{0x60}, SupportedCodecs: []byte{4, 2, 0x60}, AdditionalUpdate: AdditionalUpdateType{Present: true, SMSOnly: true, SignallingActive: true},
					VoiceDomain: VoiceDomain{true, 3, true}, HasLowPriority: true, LowPriority: true, HasOldGUTIType: true, OldGUTIType: 1,
					T3324: seconds(0x21, 60), T3412Extended: seconds(0xc1, 320*3600),
					AdditionalSecurity: UEAdditionalSecurityCapability{true, 7, 6}},
				Elements: Elements{Other: []IE{
					{0x19, "Old P-TMSI signature", []byte{1, 2, 3}}, {0xc0, "MS network feature support", []byte{0xc1}},
					{0x10, "TMSI based NRI container", []byte{0, 0x40}}, {0x6e, "Extended DRX parameters", []byte{0x22}}, {0x6d, "UE status", []byte{1}},
					{0x17, "Additional information requested", []byte{1}}, {0x32, "N1 UE network capability", []byte{0x20}},
					{0x34, "UE radio capability ID availability", []byte{1}}, {0x35, "Requested WUS assistance information", []byte{1}},
					{0x36, "DRX parameter in NB-S1 mode", []byte{1}}, {0x38, "Requested IMSI offset", []byte{0, 1}}}}}, 30},
		{"attach request, unknown elements", "07 41 71" + imsi + netcap + "0004" + pdnRequest + "05 01 aa 7f 0001 bb 81 91 91 d0 00 00", &AttachRequest{
			Type: EPSAttach, KSI: KSI{ID: NoKey}, Identity: testIMSI, Capability: testNCap, ESM: container(esmRequest(), pdnRequest),
			RequestElements: RequestElements{HasValidTMSI: true, ValidTMSI: true, HasLowPriority: true},
			Elements: Elements{Other: []IE{{0x05, "", []byte{0xaa}}, {0x7f, "", []byte{0xbb}}, {0x80, "", []byte{0x81}},
				{0x90, "TMSI status", []byte{0x91}}}, Extraneous: 2}}, 21},

		{"attach accept", "07 42 01 49" + tais + "0015" + defaultBearer, &AttachAccept{
			Result: 1, T3412: seconds(0x49, 54*60), TAIList: testTAIs, ESM: container(defaultRequest, defaultBearer)}, 34},
		{"attach accept, all", "07 42 02 e0 17 40 00f110 0bb9 20 00f110 0bba 41 99f907 0001 99f907 0002 0003 520100" +
			"50" + guti + "13 00f110 03e9 23 05 f4 00c0ffee 53 10 17 2c 59 49 4a 06 00f110 99f907 34 03 021f11 64 03 0b2000 f2 5e 01 21 6a 01 05" +
			"6e 01 11 65 02 0001 e1 d1 6b 01 21 c1 6c 01 61 7a 0004 00000000 66 01 01 b0 35 01 01 36 01 01 38 02 0001" + forbidden,
			&AttachAccept{Result: 2, T3412: Timer{Present: true, Deactivated: true, Raw: 0xe0},
				TAIList: TAIList{Present: true, TAIs: [MaxTAIs]TAI{testTAI, {testPLMN, 3002}, {otherPLMN, 1}, {otherPLMN, 2}}, Count: 4, Total: 4, Type: 2},
				ESM:     ESMContainer{Present: true, Octets: []byte{0x52, 1, 0}, HasMessage: true, Message: ESM{EBI: 5, PTI: 1}},
				AcceptElements: AcceptElements{HasGUTI: true, GUTI: testGUTI, HasLAI: true, LAI: testLAI, HasMSIdentity: true, MSIdentity: ident.TMSIIdentity(0xc0ffee),
					HasCause: true, Cause: CauseMSCNotReachable, T3402: seconds(0x2c, 720), T3423: seconds(0x49, 3240), T3412Extended: seconds(0x21, 3600),
					T3324: seconds(5, 10), T3448: seconds(0x21, 60), T3447: seconds(0x61, 2),
					EquivalentPLMNs:  PLMNList{Present: true, PLMNs: [MaxEquivalentPLMNs]ident.PLMN{testPLMN, otherPLMN}, Count: 2},
					EmergencyNumbers: []byte{2, 0x1f, 0x11}, HasAdditionalResult: true, AdditionalResult: 2, HasNetworkPolicy: true, NetworkPolicy: 1,
					Features: NetworkFeatures{Present: true, IMSVoPS: true, EmergencyBearer: true, CSLCS: 1, RestrictDCNR: true, Octets: []byte{0x0b, 0x20, 0}}},
				Elements: Elements{Other: []IE{{0x6e, "Extended DRX parameters", []byte{0x11}}, {0x65, "DCN-ID", []byte{0, 1}},
					{0xe0, "SMS services status", []byte{0xe1}}, {0xd0, "Non-3GPP NW provided policies", []byte{0xd1}},
					{0x7a, "Extended emergency number list", []byte{0, 0, 0, 0}}, {0x66, "UE radio capability ID", []byte{1}},
					{0xb0, "UE radio capability ID deletion indication", []byte{0xb0}}, {0x35, "Negotiated WUS assistance information", []byte{1}},
					{0x36, "Negotiated DRX parameter in NB-S1 mode", []byte{1}}, {0x38, "Negotiated IMSI offset", []byte{0, 1}},
					{0x1d, forbiddenRoaming.name, unhex(tais)[1:]}, {0x1e, forbiddenRegional.name, unhex(consec)[1:]}}}}, 33},

		{"attach complete", "07 43 0003 5200c2", &AttachComplete{
			ESM: container(ESM{Type: TypeActivateDefaultAccept, EBI: 5}, "5200c2")}, 7},
		{"attach reject", "07 44 0f", &AttachReject{Cause: CauseNoSuitableCellsInTA}, 3},
		{"attach reject, all", "07 44 13 78 0004 0201d11b 5f 01 25 16 01 2c a3 1c 01 81" + forbidden, &AttachReject{
			Cause: CauseESMFailure, ESM: container(ESM{Type: TypePDNConnectivityReject, PTI: 1, HasCause: true, Cause: 27}, "0201d11b"),
			T3346: seconds(0x25, 300), T3402: seconds(0x2c, 720), RejectElements: testReject, ExtendedCause: ExtendedCause{true, true, true, false}}, 3},

		{"detach request of the phone", "07 45 79" + guti, &UEDetachRequest{
			Type: 1, SwitchOff: true, KSI: KSI{ID: NoKey}, Identity: testGUTI}, 15},
		{"detach request of the network", "07 45 02", &NetworkDetachRequest{Type: ReattachNotRequired}, 3},
		{"detach request of the network, all", "07 45 01 53 07 1c 01 81" + forbidden, &NetworkDetachRequest{
			Type: ReattachRequired, HasCause: true, Cause: CauseEPSServicesNotAllowed, RejectElements: testReject}, 3},
		{"detach accept", "07 46", &Plain{Type: TypeDetachAccept}, 2},

		{"TAU request", "07 48 03" + guti, &TrackingAreaUpdateRequest{Type: PeriodicUpdate, Old: testGUTI}, 15},
		{"TAU request, all", "07 48 7a" + guti + "b9 83 55 01020304 58" + netcap + "a1 57 02 2001 52 ffffff 0000 13 ffffff 0000 29 01 01 28 01 01", &TrackingAreaUpdateRequest{
			Type: CombinedUpdateAttach, Active: true, KSI: KSI{ID: NoKey}, Old: testGUTI, HasNonCurrentKSI: true, NonCurrentKSI: KSI{1, true},
			HasCKSN: true, CKSN: 3, HasNonce: true, Nonce: 0x01020304, HasCapability: true, Capability: testNCap, HasRadioUpdate: true, RadioUpdate: true,
			HasBearers: true, Bearers: 0x120, RequestElements: RequestElements{HasLastTAI: true, HasOldLAI: true},
			Elements: Elements{Other: []IE{{0x29, "UE request type", []byte{1}}, {0x28, "Paging restriction", []byte{1}}}}}, 15},
		{"TAU accept", "07 49 00", &TrackingAreaUpdateAccept{}, 3},
		{"TAU accept, all", "07 49 05 5a 49 54" + tais + "57 02 2000 68 02 0000 37 01 01 50" + guti + "53 12", &TrackingAreaUpdateAccept{
			Result: 5, T3412: seconds(0x49, 3240), TAIList: testTAIs, HasBearers: true, Bearers: 0x20,
			AcceptElements: AcceptElements{HasGUTI: true, GUTI: testGUTI, HasCause: true, Cause: CauseCSDomainNotAvailable},
			Elements: Elements{Other: []IE{{0x68, "Header compression configuration status", []byte{0, 0}},
				{0x37, "EPS additional request result", []byte{1}}}}}, 3},
		{"TAU complete", "07 4a", &Plain{Type: TypeTrackingAreaUpdateComplete}, 2},
		{"TAU reject", "07 4b 0a", &TrackingAreaUpdateReject{Cause: CauseImplicitlyDetached}, 3},
		{"TAU reject, all", "07 4b 16 5f 01 e0 a4 1c 01 81" + forbidden, &TrackingAreaUpdateReject{Cause: CauseCongestion,
			T3346: Timer{Present: true, Deactivated: true, Raw: 0xe0}, RejectElements: testReject, ExtendedCause: ExtendedCause{true, false, false, true}}, 3},

		{"extended service request", "07 4c 61 05 f4 c0ffee01", &ExtendedServiceRequest{
			Service: TerminatingFallback, KSI: KSI{ID: 6}, Identity: ident.TMSIIdentity(0xc0ffee01)}, 9},
		{"extended service request, all", "07 4c 02 05 f4 c0ffee01 b1 57 02 2000 d1 29 01 01", &ExtendedServiceRequest{
			Service: EmergencyFallback, Identity: ident.TMSIIdentity(0xc0ffee01), HasCSFBAccepted: true, CSFBAccepted: true,
			HasBearers: true, Bearers: 0x20, HasLowPriority: true, LowPriority: true,
			Elements: Elements{Other: []IE{{0x29, "UE request type", []byte{1}}}}}, 9},
		{"control plane service request", "07 4d 79 78 0004 0203e861 67 02 0904 57 02 2001 d1", &ControlPlaneServiceRequest{
			Service: 1, Active: true, KSI: KSI{ID: NoKey}, ESM: container(ESM{Type: TypeESMStatus, PTI: 3, HasCause: true, Cause: 97}, "0203e861"),
			Container: []byte{9, 4}, HasBearers: true, Bearers: 0x120, HasLowPriority: true, LowPriority: true}, 3},
		{"service request", "c7 a7 1234", &ServiceRequest{KSI: 5, Sequence: 7, ShortMAC: 0x1234}, 4},
		{"service reject", "07 4e 09", &ServiceReject{Cause: CauseIdentityNotDerived}, 3},
		{"service reject, all", "07 4e 27 5b 21 5f 01 25 6b 01 21 1c 01 81" + forbidden, &ServiceReject{Cause: CauseCSServiceTemporarilyNotAble,
			T3442: seconds(0x21, 60), T3346: seconds(0x25, 300), T3448: seconds(0x21, 60), RejectElements: testReject}, 3},
		{"service accept, all", "07 4f 57 02 2000 6b 01 21 37 01 01", &ServiceAccept{HasBearers: true, Bearers: 0x20, T3448: seconds(0x21, 60),
			Elements: Elements{Other: []IE{{0x37, "EPS additional request result", []byte{1}}}}}, 2},
		{"GUTI reallocation command", "07 50" + guti + "54" + consec + "65 02 0001", &GUTIReallocationCommand{GUTI: testGUTI, TAIList: noTAIs,
			Elements: Elements{Other: []IE{{0x65, "DCN-ID", []byte{0, 1}}}}}, 14},
		{"GUTI reallocation complete", "07 51", &Plain{Type: TypeGUTIReallocationComplete}, 2},

		{"authentication request", "07 52 00" + auth + "10" + auth, &AuthenticationRequest{RAND: testRAND, AUTN: testRAND[:]}, 36},
		{"authentication response", "07 53 08 0102030405060708", &AuthenticationResponse{RES: []byte{1, 2, 3, 4, 5, 6, 7, 8}}, 11},
		{"authentication reject", "07 54", &Plain{Type: TypeAuthenticationReject}, 2},
		{"authentication failure", "07 5c 14", &AuthenticationFailure{Cause: CauseMACFailure}, 3},
		{"authentication failure, AUTS", "07 5c 15 30 0e 000102030405060708090a0b0c0d", &AuthenticationFailure{Cause: CauseSynchFailure, AUTS: testRAND[:14]}, 3},
		{"identity request", "07 55 01", &IdentityRequest{Type: IdentityIMSI}, 3},
		{"identity request, reserved", "07 55 ff", &IdentityRequest{Type: 7, Spare: 31}, 3},
		{"identity response", "07 56" + imsi, &IdentityResponse{Identity: testIMSI.Identity}, 11},
		{"identity response, none", "07 56 01 00", &IdentityResponse{}, 4},
		{"security mode command", "07 5d 12 00" + netcap, &SecurityModeCommand{Ciphering: 1, Integrity: 2, Replayed: UESecurityCapability{EEA: 7, EIA: 6}}, 7},
		{"security mode command, all", "07 5d 00 09 05 f0 70 c0 60 60 c1 55 01020304 56 05060708 4f 08 0001020304050607 6f 04 e001 6000 37 01 01", &SecurityModeCommand{
			KSI: KSI{1, true}, Replayed: UESecurityCapability{15, 14, true, 3, true, 6, true, 6}, HasIMEISVRequest: true, IMEISVRequest: 1,
			HasNonceUE: true, NonceUE: 0x01020304, HasNonceMME: true, NonceMME: 0x05060708, HashMME: testRAND[:8],
			AdditionalSecurity: UEAdditionalSecurityCapability{true, 0x8007, 6},
			Elements:           Elements{Other: []IE{{0x37, "UE radio capability ID request", []byte{1}}}}}, 10},
		{"security mode complete", "07 5e", &SecurityModeComplete{}, 2},
		{"security mode complete, all", "07 5e 23 09 03 00000000000010 f0 79 0003 075501 66 01 01", &SecurityModeComplete{
			HasIMEISV: true, IMEISV: digits(ident.IMEISV, "0000000000000010"), Replayed: []byte{7, 0x55, 1},
			Elements: Elements{Other: []IE{{0x66, "UE radio capability ID", []byte{1}}}}}, 2},
		{"security mode reject", "07 5f 17", &CauseMessage{Type: TypeSecurityModeReject, Cause: CauseSecurityCapabilities}, 3},
		{"EMM status", "07 60 61", &CauseMessage{Type: TypeEMMStatus, Cause: CauseUnknownMessage}, 3},
		{"EMM information", "07 61 43 05 90 0054 0031 45 03 80 f41a 46 4a 47 62103241500080 49 01 01 48 01 aa", &EMMInformation{
			FullName: mm.NetworkName{Present: true, Text: "T1", Coding: 1}, ShortName: mm.NetworkName{Present: true, Text: "t5"},
			HasZone: true, Zone: -24, HasTime: true, Time: time.Date(2026, 1, 23, 14, 5, 0, 0, time.UTC), TimeZone: 8, HasDST: true, DST: 1,
			Elements: Elements{Other: []IE{{0x48, "", []byte{0xaa}}}}}, 2},
		{"downlink NAS transport", "07 62 02 0904", &NASTransport{Type: TypeDownlinkNASTransport, Container: []byte{9, 4}}, 5},
		{"uplink NAS transport", "07 63 02 8904", &NASTransport{Type: TypeUplinkNASTransport, Container: []byte{0x89, 4}}, 5},
		{"CS service notification", "07 64 01 60 03 811032 61 11 62 01 63 01 00", &CSServiceNotification{Paging: 1, CLI: []byte{0x81, 0x10, 0x32},
			HasSSCode: true, SSCode: 0x11, HasLCSIndicator: true, LCSIndicator: 1, Elements: Elements{Other: []IE{{0x63, "LCS client identity", []byte{0}}}}}, 3},
		{"downlink generic NAS transport", "07 68 01 0002 0102 65 01 aa", &GenericNASTransport{Type: TypeDownlinkGenericNASTransport,
			ContainerType: 1, Container: []byte{1, 2}, Additional: []byte{0xaa}}, 7},
		{"uplink generic NAS transport", "07 69 02 0001 00", &GenericNASTransport{Type: TypeUplinkGenericNASTransport, ContainerType: 2, Container: []byte{0}}, 6},

		{"activate default request", defaultBearer, &defaultRequest, 21},
		{"activate default request, all", defaultBearer + "5e 02 fefe 58 32 27 01 80 b1 5d 01 00", func() *ESM {
			e := defaultRequest
			e.HasCause, e.Cause = true, 50
			e.Other = []IE{{0x5e, "APN-AMBR", []byte{0xfe, 0xfe}}, {0x27, "Protocol configuration options", []byte{0x80}},
				{0xb0, "Connectivity type", []byte{0xb1}}, {0x5d, "Transaction identifier", []byte{0}}}
			return &e
		}(), 21},
		{"activate dedicated request", "62 00 c5 05 01 05 01 20", &ESM{Type: TypeActivateDedicatedRequest, EBI: 6, HasLinkedEBI: true, LinkedEBI: 5,
			HasQCI: true, QCI: 5, QoS: []byte{5}, TrafficFlow: []byte{0x20}}, 8},
		{"activate dedicated accept", "62 00 c6", &ESM{Type: TypeActivateDedicatedAccept, EBI: 6}, 3},
		{"modify request", "52 00 c9 5b 01 08 36 01 20", &ESM{Type: TypeModifyRequest, EBI: 5, HasQCI: true, QCI: 8, QoS: []byte{8}, TrafficFlow: []byte{0x20}}, 3},
		{"deactivate request", "52 00 cd 24 37 01 21", &ESM{Type: TypeDeactivateRequest, EBI: 5, HasCause: true, Cause: 36, BackOff: seconds(0x21, 3600)}, 4},
		{"PDN connectivity request, APN", "02 03 d0 21 d0 28" + apn + "c1", &ESM{Type: TypePDNConnectivityRequest, PTI: 3, HasRequestType: true, RequestType: 1,
			HasPDNType: true, PDNType: 2, HasInformationTransfer: true, HasAPN: true, APN: testAPN,
			Elements: Elements{Other: []IE{{0xc0, "Device properties", []byte{0xc1}}}}}, 4},
		{"PDN disconnect request", "02 03 d2 06", &ESM{Type: TypePDNDisconnectRequest, PTI: 3, HasLinkedEBI: true, LinkedEBI: 6}, 4},
		{"resource allocation request", "02 03 d4 05 01 20 01 05", &ESM{Type: TypeResourceAllocationRequest, PTI: 3, HasLinkedEBI: true, LinkedEBI: 5,
			TrafficFlow: []byte{0x20}, HasQCI: true, QCI: 5, QoS: []byte{5}}, 8},
		{"resource modification request", "02 03 d6 05 01 a0 58 24", &ESM{Type: TypeResourceModifyRequest, PTI: 3, HasLinkedEBI: true, LinkedEBI: 5,
			TrafficFlow: []byte{0xa0}, HasCause: true, Cause: 36}, 6},
		{"information request", "02 01 d9", &ESM{Type: TypeESMInformationRequest, PTI: 1}, 3},
		{"information response", "02 01 da 28" + apn, &ESM{Type: TypeESMInformationResponse, PTI: 1, HasAPN: true, APN: testAPN}, 3},
		{"notification", "52 00 db 01 01", &ESM{Type: TypeNotification, EBI: 5, HasNotification: true, Notification: 1}, 5},
		{"dummy", "02 00 dc", &ESM{Type: TypeESMDummy}, 3},
		{"data transport", "52 00 eb 0002 4500 f1", &ESM{Type: TypeESMDataTransport, EBI: 5, UserData: []byte{0x45, 0},
			Elements: Elements{Other: []IE{{0xf0, "Release assistance indication", []byte{0xf1}}}}}, 7},
	}
}

func TestDecode(t *testing.T) {
	for _, tt := range vectors() {
		t.Run(tt.name, func(t *testing.T) {
			in := unhex(tt.in)
			var d Decoder
			p, err := d.Decode(in, Unknown)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(p.Message, tt.want) {
				t.Errorf("got  %+v\nwant %+v", p.Message, tt.want)
			}
			if p.Ciphered || p.Security.Present != (in[0] == 0xc7) || !reflect.DeepEqual(p.Octets, in) {
				t.Errorf("%+v", p)
			}
			if p.Message.Name() == "" || strings.HasPrefix(p.Message.Name(), "unknown") {
				t.Errorf("name %q", p.Message.Name())
			}
		})
	}
}

// Every length of every message: an error where a mandatory element is cut, a
// decoded message in any case.
func TestTruncated(t *testing.T) {
	var d Decoder
	for _, tt := range vectors() {
		in := unhex(tt.in)
		for n := 1; n < len(in); n++ {
			p, err := d.Decode(in[:n], way(tt.want))
			if n < tt.mandatory && !errors.Is(err, wire.ErrShort) {
				t.Errorf("%s, %d octets: %v", tt.name, n, err)
			}
			checkPDU(t, in[:n], p, err)
		}
		p, err := d.Decode(in[:tt.mandatory], way(tt.want))
		if err != nil || reflect.TypeOf(p.Message) != reflect.TypeOf(tt.want) {
			t.Errorf("%s, %d octets: %T, %v", tt.name, tt.mandatory, p.Message, err)
		}
	}
}

// way is the direction of the messages that are told by it.
func way(m wire.Message) Direction {
	switch m.(type) {
	case *UEDetachRequest:
		return Uplink
	case *NetworkDetachRequest:
		return Downlink
	}
	return Unknown
}

// checkPDU checks what holds for every input.
func checkPDU(t *testing.T, b []byte, p PDU, err error) {
	t.Helper()
	var de *wire.DecodeError
	if err != nil && (!errors.As(err, &de) || de.Offset < 0 || de.Offset > len(b) || de.Path == "") {
		t.Fatalf("%x: error without offset inside: %#v", b, err)
	}
	switch {
	case p.Message == nil && err == nil && !p.Ciphered:
		t.Fatalf("%x: neither message nor error", b)
	case p.Message == nil && p.Octets != nil || p.Message != nil && len(p.Octets) == 0:
		t.Fatalf("%x: message %v, octets %x", b, p.Message, p.Octets)
	case p.Message != nil && p.Message.Name() == "":
		t.Fatalf("%x: %T without a name", b, p.Message)
	case p.Inner.Present && !p.Security.Present, p.Security.Type > 15, p.Ciphered && !p.Security.Present:
		t.Fatalf("%x: %+v", b, p)
	case len(p.Octets) > len(b) || len(p.Octets) > 0 && &p.Octets[len(p.Octets)-1] != &b[len(b)-1]:
		t.Fatalf("%x: octets %x are not the end", b, p.Octets)
	}
	_ = p.Direction()
}

func TestSecurity(t *testing.T) {
	const (
		id   = "075501"
		head = "11223344 05"
	)
	plain := SecurityHeader{}
	h := func(typ SecurityHeaderType) SecurityHeader {
		return SecurityHeader{Present: true, Type: typ, MAC: 0x11223344, Sequence: 5}
	}
	for _, tt := range []struct {
		name, in        string
		security, inner SecurityHeader
		message         string
		ciphered        bool
		err             error
		offset          int
	}{
		{"plain", id, plain, plain, "Identity request", false, nil, 0},
		{"integrity", "17" + head + id, h(1), plain, "Identity request", false, nil, 0},
		{"ciphered, readable", "27" + head + id, h(2), plain, "Identity request", false, nil, 0},
		{"ciphered, ESM", "27" + head + "0201d9", h(2), plain, "ESM information request", false, nil, 0},
		{"new context", "37" + head + "075d120002e060", h(3), plain, "Security mode command", false, nil, 0},
		{"ciphered, new context", "47" + head + "075e", h(4), plain, "Security mode complete", false, nil, 0},
		{"ciphered", "27" + head + "ac81e0", h(2), plain, "", true, nil, 0},
		{"ciphered, one octet", "27" + head + "07", h(2), plain, "", true, nil, 0},
		{"ciphered, looks like a header", "27" + head + "97010203", h(2), plain, "", true, nil, 0},
		{"ciphered, unknown element", "27" + head + "074b0a0501aa", h(2), plain, "", true, nil, 0},
		{"ciphered, repeated element", "27" + head + "074b0aa0a0", h(2), plain, "", true, nil, 0},
		{"ciphered, long element", "27" + head + "074b0a5f022121", h(2), plain, "", true, nil, 0},
		{"ciphered, octet left", "27" + head + "074b0a5f", h(2), plain, "", true, nil, 0},
		{"ciphered, unknown type", "27" + head + "0742", h(2), plain, "", true, nil, 0},
		{"ciphered, ESM without bearer", "27" + head + "0201c2", h(2), plain, "", true, nil, 0},
		{"ciphered, ESM with bearer", "27" + head + "5201d9", h(2), plain, "", true, nil, 0},
		{"ciphered, ESM without transaction", "27" + head + "0200d9", h(2), plain, "", true, nil, 0},
		{"ciphered, ESM reserved transaction", "27" + head + "02ffd9", h(2), plain, "", true, nil, 0},
		{"ciphered, service request", "27" + head + "c7a71234", h(2), plain, "", true, nil, 0},
		{"nested", "17" + head + "27" + head + id, h(1), h(2), "Identity request", false, nil, 0},
		{"nested, ciphered", "17" + head + "27" + head + "ac81e0", h(1), h(2), "", true, nil, 0},
		{"nested in ciphered", "27" + head + "17" + head + id, h(2), h(1), "Identity request", false, nil, 0},
		{"nested in ciphered by chance", "27" + head + "17" + head + "ac81e0", h(2), plain, "", true, nil, 0},
		{"nested twice", "17" + head + "17" + head + "17" + head + id, h(1), h(1), "NAS message with a security header inside", false, wire.ErrInvalid, 12},
		{"service request", "c7 a5 1234", SecurityHeader{true, 12, 0x1234, 5}, plain, "Service request", false, nil, 0},
		{"service request, type 15", "f7 a5 1234", SecurityHeader{true, 15, 0x1234, 5}, plain, "Service request", false, nil, 0},
		{"service request, short", "c7 a5 12", SecurityHeader{true, 12, 0, 5}, plain, "Service request", false, wire.ErrShort, 2},
		{"partly ciphered", "57" + head + "074d08 78 0004 e1f2a3b4", h(5), plain, "Control plane service request", true, nil, 0},
		{"partly ciphered, readable", "57" + head + "074d08 78 0004 0201da28", h(5), plain, "Control plane service request", true, nil, 0},
		{"partly ciphered, EEA0", "57" + head + "074d08 78 0003 0201da", h(5), plain, "Control plane service request", false, nil, 0},
		{"partly ciphered, short message", "57" + head + "074d08 67 02 0904", h(5), plain, "Control plane service request", false, nil, 0},
		{"partly ciphered, short message unreadable", "57" + head + "074d08 67 02 e804", h(5), plain, "Control plane service request", true, nil, 0},
		{"reserved type, readable", "97" + head + id, h(9), plain, "Identity request", false, wire.ErrInvalid, 0},
		{"reserved type", "97" + head + "ac81e0", h(9), plain, "", true, wire.ErrInvalid, 0},
		{"header cut", "27 112233", SecurityHeader{Present: true, Type: 2}, plain, "", false, wire.ErrShort, 1},
		{"header without message", "27" + head, h(2), plain, "", false, wire.ErrShort, 6},
		{"nothing", "", plain, plain, "", false, wire.ErrShort, 0},
		{"no type", "07", plain, plain, "EMM message without type", false, wire.ErrShort, 1},
		{"no ESM type", "02 01", plain, plain, "ESM message without type", false, wire.ErrShort, 2},
		{"unknown EMM type", "07 6f 00", plain, plain, "EMM message 0x6f (unknown)", false, nil, 0},
		{"unknown ESM type", "52 00 c4", plain, plain, "ESM message 0xc4 (unknown)", false, nil, 0},
		{"test protocol", "0f 84", plain, plain, "Activate Test Mode", false, nil, 0},
		{"5GS", "7e 00 41", plain, plain, "not an EPS NAS message", false, wire.ErrInvalid, 0},
		{"error under a header", "17" + head + "0755", h(1), plain, "Identity request", false, wire.ErrShort, 8},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d Decoder
			in := unhex(tt.in)
			p, err := d.Decode(in, Unknown)
			checkPDU(t, in, p, err)
			name := ""
			if p.Message != nil {
				name = p.Message.Name()
			}
			if p.Security != tt.security || p.Inner != tt.inner || name != tt.message || p.Ciphered != tt.ciphered {
				t.Errorf("%q %+v", name, p)
			}
			var de *wire.DecodeError
			if !errors.Is(err, tt.err) || errors.As(err, &de) && de.Offset != tt.offset {
				t.Errorf("%v, want %v at %d", err, tt.err, tt.offset)
			}
			if p.Security.Protected() != p.Security.Present || p.Security.Ciphered() != (p.Security.Type == 2 || p.Security.Type == 4) {
				t.Errorf("%+v", p.Security)
			}
		})
	}
}

// A message that is ciphered is not taken for one of the other direction.
func TestDirection(t *testing.T) {
	var d Decoder
	for _, tt := range []struct {
		in    string
		dir   Direction
		plain bool
	}{
		{"27 00000000 00 075501", Downlink, true}, {"27 00000000 00 075501", Uplink, false},
		{"27 00000000 00 0201d9", Downlink, true}, {"27 00000000 00 0201d9", Uplink, false},
		{"27 00000000 00 074502", Downlink, true}, {"27 00000000 00 074502", Uplink, false},
	} {
		if p, _ := d.Decode(unhex(tt.in), tt.dir); p.Ciphered == tt.plain {
			t.Errorf("%s %v: %+v", tt.in, tt.dir, p)
		}
	}
	for in, want := range map[string]Direction{"074101": Uplink, "0755": Downlink, "0746": Unknown, "c7001234": Uplink, "074502": Downlink,
		"0745010bf6": Uplink, "0201d9": Downlink, "0201da": Uplink, "5200e86f": Unknown, "7e": Unknown, "": Unknown} {
		p, _ := d.Decode(unhex(in), Unknown)
		if got := p.Direction(); got != want {
			t.Errorf("%s: %v, want %v", in, got, want)
		}
	}
}

// Errors name the field, and what comes after a defect of known length is read.
func TestErrors(t *testing.T) {
	for _, tt := range []struct {
		name, in, path string
		offset         int
		err            error
	}{
		{"identity empty", "07 41 71 00" + netcap + "0004" + pdnRequest, "EPS mobile identity", 4, wire.ErrLength},
		{"identity cut", "07 41 71 0b f6", "EPS mobile identity", 3, wire.ErrShort},
		{"IMSI digit", "07 41 71 08 0910100000a00010" + netcap + "0004" + pdnRequest, "EPS mobile identity.Mobile Identity", 9, wire.ErrInvalid},
		{"IMSI long", "07 45 01 0a 09101000000000100000", "EPS mobile identity", 4, wire.ErrLength},
		{"GUTI short", "07 45 01 0a f6 00f110 8001 02 c0ffee", "EPS mobile identity", 4, wire.ErrLength},
		{"GUTI PLMN", "07 45 01 0b f6 0af110 8001 02 c0ffee01", "EPS mobile identity.MCC MNC", 5, wire.ErrInvalid},
		{"capability short", "07 41 71" + imsi + "01 e0 0004" + pdnRequest, "UE network capability", 13, wire.ErrLength},
		{"container cut", "07 43 0004 5200c2", "ESM message container", 2, wire.ErrShort},
		{"container empty", "07 43 0000", "ESM message container", 4, wire.ErrLength},
		{"container of another protocol", "07 43 0002 0755", "ESM message container.Protocol Discriminator", 4, wire.ErrInvalid},
		{"container message cut", "07 43 0003 0201d0", "ESM message container.Request type", 7, wire.ErrShort},
		{"T3346 empty", "07 44 16 5f 00", "T3346 value", 5, wire.ErrLength},
		{"T3346 cut", "07 44 16 5f 01", "T3346 value", 4, wire.ErrShort},
		{"TAI list short", "07 49 00 54 05 00 00f110 0b", "TAI list", 5, wire.ErrLength},
		{"TAI list reserved type", "07 49 00 54 06 60 00f110 0bb9", "TAI list", 5, wire.ErrInvalid},
		{"TAI list cut", "07 49 00 54 06 01 00f110 0bb9", "TAI list", 11, wire.ErrShort},
		{"TAI list PLMN", "07 49 00 54 06 00 00fa10 0bb9", "TAI list.MCC MNC", 6, wire.ErrInvalid},
		{"PLMN list", "07 49 00 4a 04 00f110 00", "Equivalent PLMNs", 5, wire.ErrLength},
		{"AUTN short", "07 52 00" + auth + "0f" + auth[2:], "Authentication parameter AUTN", 20, wire.ErrLength},
		{"AUTS short", "07 5c 15 30 01 00", "Authentication failure parameter", 5, wire.ErrLength},
		{"RES short", "07 53 03 010203", "Authentication response parameter", 3, wire.ErrLength},
		{"identity type missing", "07 55", "Identity type", 2, wire.ErrShort},
		{"IMEISV digit", "07 5e 23 02 a3f0", "IMEISV.Mobile Identity", 4, wire.ErrInvalid},
		{"capabilities short", "07 5d 00 00 01 e0", "Replayed UE security capabilities", 5, wire.ErrLength},
		{"name empty", "07 61 43 00", "Full name for network", 4, wire.ErrLength},
		{"time digit", "07 61 47 62 1a 32 41 50 00 4a", "Universal time and local time zone", 4, wire.ErrInvalid},
		{"zone digit after a name", "07 61 43 01 90 46 a0", "Local time zone", 6, wire.ErrInvalid},
		{"PDN address short", "52 01 c1 01 09 01 00 01 01", "PDN address", 8, wire.ErrLength},
		{"user data cut", "52 00 eb 0002 00", "User data container", 3, wire.ErrShort},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d Decoder
			in := unhex(tt.in)
			_, err := d.Decode(in, Unknown)
			var de *wire.DecodeError
			if !errors.As(err, &de) || !errors.Is(err, tt.err) || de.Path != tt.path || de.Offset != tt.offset {
				t.Errorf("%v, want %s at octet %d: %v", err, tt.path, tt.offset, tt.err)
			}
		})
	}
	var d Decoder
	p, err := d.Decode(unhex("07 41 71 08 0910100000a00010"+netcap+"0004"+pdnRequest+"d1"), Unknown)
	m, ok := p.Message.(*AttachRequest)
	if err == nil || !ok || m.Identity.Type != EPSIMSI || m.Identity.HasIdentity || m.Capability.EEA != 7 || !m.LowPriority {
		t.Errorf("%+v, %v", p.Message, err)
	}
}

func TestOther(t *testing.T) {
	var d Decoder
	p, err := d.Decode(unhex("07 60 6f"+strings.Repeat("81", MaxOther+5)+"0501aa 00 01"), Unknown)
	m := p.Message.(*CauseMessage)
	if err != nil || len(m.Other) != MaxOther || m.Dropped != 6 || m.Extraneous != 2 {
		t.Errorf("%+v, %v", m, err)
	}
	if (IE{IEI: 0x10}).ComprehensionRequired() || !(IE{IEI: 0x05}).ComprehensionRequired() {
		t.Error("ComprehensionRequired")
	}
	p, err = d.Decode(unhex("07 60 6f 79 0005 00"), Unknown)
	if m := p.Message.(*CauseMessage); err != nil || len(m.Other) != 0 || m.Extraneous != 4 {
		t.Errorf("%+v, %v", m, err)
	}
}

// The number of elements in a list is bounded, what is beyond is counted.
func TestTAIListBound(t *testing.T) {
	var d Decoder
	p, err := d.Decode(unhex("07 49 00 54 0c 2f 00f110 fff8 3f 00f110 0001"), Unknown)
	l := p.Message.(*TrackingAreaUpdateAccept).TAIList
	if err != nil || l.Count != MaxTAIs || l.Total != 32 || l.TAIs[7].TAC != 0xffff || l.TAIs[8].TAC != 0 {
		t.Errorf("%+v, %v", l, err)
	}
	p, err = d.Decode(unhex("07 49 00 4a 30"+strings.Repeat("00f110", 16)), Unknown)
	if e := p.Message.(*TrackingAreaUpdateAccept).EquivalentPLMNs; !errors.Is(err, wire.ErrLength) || e.Count != MaxEquivalentPLMNs {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestTimers(t *testing.T) {
	for _, tt := range []struct {
		v            uint8
		t, t3, t3412 int
	}{
		{0x05, 10, 3000, 3000}, {0x25, 300, 18000, 18000}, {0x45, 1800, 180000, 180000}, {0x65, 300, 10, 10},
		{0x85, 300, 150, 150}, {0xa5, 300, 300, 300}, {0xc5, 300, 18000, 5760000}, {0xdf, 1860, 111600, 35712000}, {0xe5, -1, -1, -1},
	} {
		for i, want := range []int{tt.t, tt.t3, tt.t3412} {
			got := [...]Timer{gprsTimer(tt.v), gprsTimer3(tt.v, false), gprsTimer3(tt.v, true)}[i]
			d, ok := got.Duration()
			if ok != (want >= 0) || ok && d != time.Duration(want)*time.Second || got.Deactivated == ok || got.Raw != tt.v {
				t.Errorf("%#x, timer %d: %+v", tt.v, i, got)
			}
		}
	}
}

func TestStrings(t *testing.T) {
	for _, tt := range []struct {
		v    interface{ String() string }
		want string
	}{
		{CausePLMNNotAllowed, "PLMN not allowed"}, {EMMCause(4), "reserved (4)"}, {EMMCause(200), "reserved (200)"}, {ESMCause(46), "reserved (46)"},
		{EEA0, "EEA0"}, {CipheringAlgorithm(2), "128-EEA2"}, {IntegrityAlgorithm(7), "EIA7"}, {EIA0, "EIA0"}, {AlgorithmSet(0x8005), "0 2 15"},
		{AlgorithmSet(0), "none"}, {BearerStatus(0x60), "5 6"}, {testAPN, "ims.test"}, {APN("	ims"), "	ims"}, {APN(nil), ""},
		{IdentityType(0), "reserved (0)"}, {IdentityTMSI, "TMSI"}, {EPSIdentityType(2), "reserved (2)"}, {EPSGUTI, "GUTI"},
		{EmergencyAttach, "EPS emergency attach"}, {AttachType(7), "reserved (7)"}, {AttachResult(2), "Combined EPS/IMSI attach"}, {PeriodicUpdate, "Periodic updating"},
		{UpdateResult(4), "TA updated and ISR activated"}, {UEDetachType(3), "Combined EPS/IMSI detach"}, {ReattachRequired, "Re-attach required"},
		{ServiceType(5), "reserved (5)"}, {PacketServices, "packet services via S1"}, {ControlPlaneServiceType(1), "mobile terminating request"},
		{VoicePreference(1), "IMS PS Voice only"}, {AdditionalUpdateResult(3), "reserved (3)"}, {GUTIType(1), "Mapped GUTI"}, {PagingIdentity(1), "TMSI"},
		{ContainerType(1), "LTE Positioning Protocol (LPP) message container"}, {ContainerType(2), "Location services message container"},
		{ContainerType(3), "reserved (3)"}, {ContainerType(128), "unused (128)"}, {NetworkPolicy(1), "Unsecured redirection to GERAN not allowed"},
		{NetworkPolicy(0), "Unsecured redirection to GERAN allowed"}, {PDNType(5), "Non IP"}, {RequestType(4), "Emergency"}, {IMEISVRequest(1), "IMEISV requested"},
		{IMEISVRequest(2), "IMEISV not requested"}, {Uplink, "uplink"}, {Downlink, "downlink"}, {Unknown, "unknown"}, {testTAI, "001-01/3001"},
		{EMMType(0x47), "unknown (71)"}, {ESMType(0xc4), "unknown (196)"}, {PlainNAS, "Plain NAS message, not security protected"},
		{PartiallyCiphered, "Integrity protected and partially ciphered NAS message"}, {SecurityHeaderType(13), "Security header for the SERVICE REQUEST message"},
		{SecurityHeaderType(7), "reserved (7)"},
	} {
		if tt.v.String() != tt.want {
			t.Errorf("%#v: %q, want %q", tt.v, tt.v.String(), tt.want)
		}
	}
	if !AlgorithmSet(4).Has(2) || AlgorithmSet(4).Has(-14) || AlgorithmSet(4).Has(16) {
		t.Error("Has")
	}
	if !EmergencyFallback.CSFallback() || PacketServices.CSFallback() {
		t.Error("CSFallback")
	}
}

// TestFalsePlaintext measures how often octets that are ciphered pass for plain: see
// SecurityHeaderType.Ciphered.
func TestFalsePlaintext(t *testing.T) {
	const runs = 200_000
	src := rand.New(rand.NewPCG(1, 2))
	var d Decoder
	b := make([]byte, 6+24)
	b[0] = 0x27
	for n := 1; n <= 24; n++ {
		passed := 0
		for range runs {
			for i := range n {
				b[6+i] = byte(src.Uint32())
			}
			if p, _ := d.Decode(b[:6+n], Unknown); !p.Ciphered {
				passed++
			}
		}
		limit := 5e-5
		if n >= 2 && n <= 4 {
			limit = 3e-4
		}
		if p := float64(passed) / runs; p > limit {
			t.Errorf("%d octets pass with %.2g", n, p)
		}
	}
}

func FuzzNAS(f *testing.F) {
	full := unhex(vectors()[2].in)
	for _, v := range vectors() {
		b := unhex(v.in)
		f.Add(b, uint8(0))
		f.Add(append(unhex("271122334405"), b...), uint8(1))
		f.Add(append(unhex("171122334405 371122334405"), b...), uint8(2))
	}
	f.Fuzz(func(t *testing.T, b []byte, dir uint8) {
		var d Decoder
		p, err := d.Decode(b, Direction(dir%3))
		checkPDU(t, b, p, err)
		if p.Message == nil {
			return
		}
		if o := reflect.ValueOf(p.Message).Elem().FieldByName("Elements"); o.IsValid() {
			el := o.Interface().(Elements)
			if len(el.Other) > MaxOther || el.Extraneous+el.Dropped > len(b) {
				t.Fatalf("%x: %+v", b, el)
			}
		}
		switch m := p.Message.(type) {
		case *AttachAccept:
			if m.TAIList.Count > MaxTAIs || m.TAIList.Total > 8*len(b) || m.EquivalentPLMNs.Count > MaxEquivalentPLMNs || len(m.ESM.Message.APN) > len(b) {
				t.Fatalf("%x: %+v", b, m)
			}
		case *IdentityRequest:
			if m.Type > 7 || m.Spare > 31 {
				t.Fatalf("%x: %+v", b, m)
			}
		case *ESM:
			if m.EBI > 15 || len(m.APN.String()) > len(b) {
				t.Fatalf("%x: %+v", b, m)
			}
		}
		// The decoder does not depend on what it decoded before.
		first := reflect.ValueOf(p.Message).Elem().Interface()
		var fresh Decoder
		for _, v := range [][]byte{full, b} {
			p, _ = fresh.Decode(v, Direction(dir%3))
		}
		if again := reflect.ValueOf(p.Message).Elem().Interface(); !equal(first, again) {
			t.Fatalf("%x: %+v after another message, was %+v", b, again, first)
		}
	})
}

// equal compares messages; an empty list is like none.
func equal(a, b any) bool {
	return reflect.DeepEqual(normal(reflect.ValueOf(a)).Interface(), normal(reflect.ValueOf(b)).Interface())
}

// normal returns a copy of a struct without empty lists of elements.
func normal(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	for _, path := range [][]string{{"Other"}, {"ESM", "Message", "Other"}} {
		f := c
		for _, n := range path {
			if f.Kind() == reflect.Struct && f.IsValid() {
				f = f.FieldByName(n)
			}
		}
		if f.IsValid() && f.Kind() == reflect.Slice && f.Len() == 0 {
			f.SetZero()
		}
	}
	return c
}

func TestAllocs(t *testing.T) {
	for _, tt := range vectors() {
		if _, ok := tt.want.(*EMMInformation); ok {
			continue // the texts of names
		}
		var d Decoder
		for _, head := range []string{"", "271122334405"} {
			in := append(unhex(head), unhex(tt.in)...)
			if n := testing.AllocsPerRun(50, func() { _, _ = d.Decode(in, Unknown) }); n != 0 {
				t.Errorf("%s%s: %v allocations", head, tt.name, n)
			}
		}
	}
	ciphered := unhex("271122334405 ac81e0ffeeddccbb")
	var d Decoder
	if n := testing.AllocsPerRun(50, func() { _, _ = d.Decode(ciphered, Unknown) }); n != 0 {
		t.Errorf("ciphered: %v allocations", n)
	}
}

func benchmark(b *testing.B, in []byte) {
	var d Decoder
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Decode(in, Unknown); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIdentityRequest(b *testing.B) { benchmark(b, unhex("075501")) }

func BenchmarkAttachRequest(b *testing.B) { benchmark(b, unhex(vectors()[2].in)) }

func BenchmarkCiphered(b *testing.B) { benchmark(b, unhex("271122334405 ac81e0ffeeddccbb")) }

// BenchmarkUnknown is the worst case: a message of unknown elements.
func BenchmarkUnknown(b *testing.B) {
	benchmark(b, unhex("074a"+strings.Repeat("81", 250)))
}
