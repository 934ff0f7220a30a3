package rrc

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Messages of made-up networks 001-01 and 999-70, in the form that the program prints.
const (
	lteMIB = `{"message":{"dl-Bandwidth":"n50","phich-Config":{"phich-Duration":"normal","phich-Resource":"one"},
		"systemFrameNumber":"00011001","schedulingInfoSIB1-BR-r13":0,"systemInfoUnchanged-BR-r15":false,
		"partEARFCN-17":{"spare":"00"},"spare":"0"}}`
	lteSIB1 = `{"message":{"c1":{"systemInformationBlockType1":{"cellAccessRelatedInfo":{"plmn-IdentityList":[
		{"plmn-Identity":{"mcc":[9,9,9],"mnc":[7,0]},"cellReservedForOperatorUse":"notReserved"},
		{"plmn-Identity":{"mnc":[0,1]},"cellReservedForOperatorUse":"reserved"}],
		"trackingAreaCode":"0001001000000111","cellIdentity":"0000000110100010110100000001",
		"cellBarred":"notBarred","intraFreqReselection":"allowed","csg-Indication":false},
		"cellSelectionInfo":{"q-RxLevMin":-63},"freqBandIndicator":3,
		"schedulingInfoList":[{"si-Periodicity":"rf16","sib-MappingInfo":["sibType3"]}],
		"si-WindowLength":"ms10","systemInfoValueTag":4}}}}`
	lteSetup = `{"message":{"c1":{"rrcConnectionSetup":{"rrc-TransactionIdentifier":1,"criticalExtensions":{"c1":
		{"rrcConnectionSetup-r8":{"radioResourceConfigDedicated":{}}}}}}}}`
	nbSIB1 = `{"message":{"c1":{"systemInformationBlockType1-r13":{"hyperSFN-MSB-r13":"00000001","cellAccessRelatedInfo-r13":{
		"plmn-IdentityList-r13":[{"plmn-Identity-r13":{"mcc":[0,0,1],"mnc":[0,1]},"cellReservedForOperatorUse-r13":"notReserved"}],
		"trackingAreaCode-r13":"0000000000000111","cellIdentity-r13":"0000000000000000000100000001","cellBarred-r13":"notBarred",
		"intraFreqReselection-r13":"allowed"},"cellSelectionInfo-r13":{"q-RxLevMin-r13":-70,"q-QualMin-r13":-34},
		"freqBandIndicator-r13":8,"schedulingInfoList-r13":[{"si-Periodicity-r13":"rf64","si-RepetitionPattern-r13":"every2ndRF",
		"sib-MappingInfo-r13":["sibType3-NB-r13"],"si-TB-r13":"b208"}],"si-WindowLength-r13":"ms160"}}}}`
	nrSIB1 = `{"message":{"c1":{"systemInformationBlockType1":{"cellAccessRelatedInfo":{"plmn-IdentityInfoList":[{
		"plmn-IdentityList":[{"mcc":[0,0,1],"mnc":[0,1]}],"trackingAreaCode":"000000000000000000000111",
		"cellIdentity":"000000000000000000000000000001100110","cellReservedForOperatorUse":"notReserved"}]}}}}}`
	nrMIB = `{"message":{"mib":{"systemFrameNumber":"010111","subCarrierSpacingCommon":"scs30or120","ssb-SubcarrierOffset":4,
		"dmrs-TypeA-Position":"pos2","pdcch-ConfigSIB1":{"controlResourceSetZero":9,"searchSpaceZero":2},
		"cellBarred":"notBarred","intraFreqReselection":"notAllowed","spare":"0"}}}`
	umtsReject = `{"message":{"rrcConnectionReject":{"r3":{"rrcConnectionReject-r3":{"initialUE-Identity":{
		"tmsi-and-LAI":{"tmsi":"00000000000000000000000000000001","lai":{"plmn-Identity":{"mcc":[0,0,1],"mnc":[0,1]},
		"lac":"0000000000000111"}}},"rrc-TransactionIdentifier":2,"rejectionCause":"congestion","waitTime":5}}}}}`
	umtsMIB = `{"mib-ValueTag":3,"plmn-Type":{"gsm-MAP":{"plmn-Identity":{"mcc":[0,0,1],"mnc":[0,1]}}},
		"sibSb-ReferenceList":[]}`
)

// encode encodes a message given as JSON.
func encode(t testing.TB, r RAT, pdu, text string) []byte {
	t.Helper()
	b, err := Schema(r).EncodeJSON(nil, pdu, []byte(text))
	if err != nil {
		t.Fatalf("%s: %v", pdu, err)
	}
	return b
}

var messages = []struct {
	channel Channel
	json    string
	name    string
	path    string // of a field in the body, joined by dots
	want    int64
}{
	{BCCHBCH, lteMIB, "MasterInformationBlock", "dl-Bandwidth", 3},
	{BCCHDLSCH, lteSIB1, "SystemInformationBlockType1", "cellSelectionInfo.q-RxLevMin", -63},
	{DLCCCH, lteSetup, "RRCConnectionSetup", "rrc-TransactionIdentifier", 1},
	{DLDCCH, `{"message":{"c1":{"spare1":null}}}`, "spare1", "", 0},
	{ULCCCH, `{"message":{"messageClassExtension":{"messageClassExtensionFuture-r13":{"c3":{"spare2":null}}}}}`, "spare2", "", 0},
	{DLDCCH, `{"message":{"messageClassExtension":{}}}`, "messageClassExtension", "", 0},
	{MCCH, `{"message":{"later":{"messageClassExtension":{}}}}`, "messageClassExtension", "", 0},
	{BCCHDLSCHNB, nbSIB1, "SystemInformationBlockType1-NB", "freqBandIndicator-r13", 8},
	{NRBCCHBCH, nrMIB, "MIB", "pdcch-ConfigSIB1.controlResourceSetZero", 9},
	{NRBCCHDLSCH, nrSIB1, "SIB1", "", 0},
	{UMTSDLCCCH, umtsReject, "RRCConnectionReject", "r3.rrcConnectionReject-r3.waitTime", 5},
	{UMTSULDCCH, `{"message":{"ul-DCCH-MessageType-ext":{"spare15":null}}}`, "spare15", "", 0},
}

func TestDecode(t *testing.T) {
	var d Decoder
	for _, tt := range messages {
		t.Run(tt.channel.RAT().String()+" "+tt.name, func(t *testing.T) {
			b := encode(t, tt.channel.RAT(), tt.channel.PDU(), tt.json)
			m, err := d.Decode(tt.channel, b)
			if err != nil {
				t.Fatal(err)
			}
			if m.Name() != tt.name || m.Channel != tt.channel || !bytes.Equal(m.Octets, b) {
				t.Errorf("Name %s of %s, want %s", m.Name(), m.Channel, tt.name)
			}
			if m.Rest.TrailingBits != 0 || m.Rest.NonZeroPadding || m.Rest.UnknownExtensions != 0 {
				t.Errorf("Rest = %+v", m.Rest)
			}
			v := m.Body
			for _, name := range strings.FieldsFunc(tt.path, func(r rune) bool { return r == '.' }) {
				v = v.Field(name)
			}
			if !v.Present() || tt.path != "" && v.Int() != tt.want {
				t.Errorf("%s = %d, want %d", tt.path, v.Int(), tt.want)
			}
			again, err := d.Encode(nil)
			if err != nil || !bytes.Equal(again, b) {
				t.Errorf("encoded again to %x, %v; was %x", again, err, b)
			}
			// Transport blocks are longer than their message, which is no error.
			m, err = d.Decode(tt.channel, append(bytes.Clone(b), 0, 0))
			if err != nil || m.Rest.TrailingBits < 16 {
				t.Errorf("with two octets more: %v, %+v", err, m.Rest)
			}
			for n := range b {
				m, err := d.Decode(tt.channel, b[:n])
				var de *wire.DecodeError
				if !errors.As(err, &de) || !errors.Is(err, wire.ErrShort) && !errors.Is(err, wire.ErrLength) || de.Offset > n {
					t.Errorf("cut to %d octets: %v", n, err)
				}
				if m.Name() != tt.name && m.Name() != tt.channel.PDU() {
					t.Errorf("cut to %d octets: Name %s", n, m.Name())
				}
			}
		})
	}
}

// TestSingle: messages that GSMTAP carries by themselves are their own body.
func TestSingle(t *testing.T) {
	var d Decoder
	b := encode(t, UMTS, "MasterInformationBlock", strings.Replace(umtsMIB, "[]",
		`[{"sibSb-Type":{"sysInfoType7":null},"scheduling":{"scheduling":{"sib-Pos":{"rep128":4}}}}]`, 1))
	m, err := d.Decode(UMTSMasterInformationBlock, b)
	if err != nil || m.Name() != "MasterInformationBlock" || m.Body.Field("mib-ValueTag").Int() != 3 {
		t.Errorf("%s %v, mib-ValueTag %d", m.Name(), err, m.Body.Field("mib-ValueTag").Int())
	}
}

func TestNoChannel(t *testing.T) {
	var d Decoder
	for _, c := range []Channel{UnknownChannel, channels, 255} {
		if m, err := d.Decode(c, []byte{0}); m != nil || !errors.Is(err, wire.ErrUnsupported) {
			t.Errorf("channel %d: %v, %v", c, m, err)
		}
		if c.String() != "unknown" || c.PDU() != "" || c.RAT() != LTE {
			t.Errorf("channel %d: %s %s", c, c, c.PDU())
		}
	}
	if Schema(rats) != nil || Roots(rats) != nil || rats.String() != "unknown" {
		t.Error("what is no RAT has a schema")
	}
	if _, err := d.Contained("UE-EUTRA-Capability", nil); !errors.Is(err, wire.ErrShort) {
		t.Errorf("Contained before a message: %v", err)
	}
}

// TestChannels: every channel is found by its name and has its type in the schema.
func TestChannels(t *testing.T) {
	for c := UnknownChannel + 1; c < channels; c++ {
		if got, ok := ParseChannel(c.RAT(), c.String()); !ok || got != c {
			t.Errorf("%s %s is found as %d, want %d", c.RAT(), c, got, c)
		}
		if _, ok := Schema(c.RAT()).Roots[c.PDU()]; !ok {
			t.Errorf("%s: no type %s", c, c.PDU())
		}
	}
	for r := range rats {
		if got, ok := ParseRAT(r.String()); !ok || got != r {
			t.Errorf("%s is found as %s", r, got)
		}
	}
	if _, ok := ParseRAT("gsm"); ok {
		t.Error("GSM has a schema")
	}
	if c, ok := ParseChannel(UMTS, "UL-CCCH1"); ok {
		t.Errorf("a channel of NR is found in UMTS: %d", c)
	}
}

// TestRoots: the embedded schemas have all roots.
func TestRoots(t *testing.T) {
	for r := range rats {
		s := Schema(r)
		for _, name := range Roots(r) {
			if _, ok := s.Roots[strings.TrimSuffix(name, "?")]; !ok {
				t.Errorf("%s: no root %s", r, name)
			}
		}
		for key, h := range contents[r] {
			if _, ok := Schema(h.rat).Roots[h.pdu]; !ok {
				t.Errorf("%s: %s holds %s, which is no root", r, key[0], h.pdu)
			}
			if !slices.ContainsFunc(s.Types, func(t uper.Type) bool { return hasComponent(&t, key[0]) }) {
				t.Errorf("%s: no type has a component %s", r, key[0])
			}
		}
		t.Logf("%s: %s, %d types, %d roots, %d octets packed", r, s.Release, len(s.Types), len(s.Roots),
			len([]([]byte){lteSchema, nrSchema, umtsSchema}[r]))
	}
}

func hasComponent(t *uper.Type, name string) bool {
	is := func(c uper.Component) bool { return c.Name == name }
	return slices.ContainsFunc(t.Root, is) ||
		slices.ContainsFunc(t.Additions, func(a uper.Addition) bool { return slices.ContainsFunc(a.Components, is) })
}

// TestInner: a capability message holds those of two RATs, and the one of NR is decoded
// by NR's schema; the values stay valid together.
func TestInner(t *testing.T) {
	nr := hex.EncodeToString(encode(t, NR, "UE-NR-Capability", `{"accessStratumRelease":"rel15",
		"pdcp-Parameters":{"supportedROHC-Profiles":{"profile0x0000":false,"profile0x0001":true,"profile0x0002":true,
		"profile0x0003":false,"profile0x0004":false,"profile0x0006":false,"profile0x0101":false,"profile0x0102":false,
		"profile0x0103":false,"profile0x0104":false},"maxNumberROHC-ContextSessions":"cs4"},
		"phy-Parameters":{},"rf-Parameters":{"supportedBandListNR":[{"bandNR":78}]}}`))
	b := encode(t, LTE, "UL-DCCH-Message", `{"message":{"c1":{"ueCapabilityInformation":{"rrc-TransactionIdentifier":0,
		"criticalExtensions":{"c1":{"ueCapabilityInformation-r8":{"ue-CapabilityRAT-ContainerList":[
		{"rat-Type":"geran-cs","ueCapabilityRAT-Container":"33034b"},
		{"rat-Type":"nr","ueCapabilityRAT-Container":"`+nr+`"},
		{"rat-Type":"eutra","ueCapabilityRAT-Container":"00"}]}}}}}}}`)
	var d Decoder
	m, err := d.Decode(ULDCCH, b)
	if err != nil {
		t.Fatal(err)
	}
	var all []Inner
	for i := range d.Inner() {
		all = append(all, i)
	}
	if len(all) != 2 {
		t.Fatalf("%d inner messages", len(all))
	}
	band := all[0].Value.Field("rf-Parameters").Field("supportedBandListNR").At(0).Field("bandNR").Int()
	if all[0].PDU != "UE-NR-Capability" || all[0].RAT != NR || all[0].Err != nil || band != 78 {
		t.Errorf("first is %s %s: %v, band %d", all[0].RAT, all[0].PDU, all[0].Err, band)
	}
	if all[1].PDU != "UE-EUTRA-Capability" || !errors.Is(all[1].Err, wire.ErrShort) {
		t.Errorf("second is %s: %v", all[1].PDU, all[1].Err)
	}
	if m.Name() != "UECapabilityInformation" || hex.EncodeToString(all[0].Field.Octets()) != nr {
		t.Error("the message is lost")
	}
	for range d.Inner() {
		break
	}
	for range 3 { // the storage for other RATs starts anew with each message
		if m, err = d.Decode(ULDCCH, b); err != nil {
			t.Fatal(err)
		}
	}
	v, err := d.Contained("UE-EUTRA-Capability", []byte{0})
	if !errors.Is(err, wire.ErrShort) || !v.Present() || !m.Body.Present() {
		t.Errorf("Contained: %v", err)
	}
}

// TestUse replaces a schema and takes it back.
func TestUse(t *testing.T) {
	mine := &uper.Schema{
		Release: "mine",
		Types: []uper.Type{
			{Kind: uper.Sequence, Name: "PCCH-Message", Root: []uper.Component{{Name: "message", Type: 1}}, Element: uper.NoType, Contains: uper.NoType},
			{Kind: uper.Integer, Name: "Mine", Max: 255, HasMin: true, HasMax: true, Element: uper.NoType, Contains: uper.NoType},
		},
		Roots: map[string]uper.TypeID{"PCCH-Message": 0},
	}
	var d Decoder
	d.Use(LTE, mine)
	d.Use(rats, mine)
	m, err := d.Decode(PCCH, []byte{7})
	if err != nil || m.Name() != "Mine" || m.Body.Int() != 7 {
		t.Errorf("%v %s %d", err, m.Name(), m.Body.Int())
	}
	if _, err := d.Decode(BCCHBCH, []byte{7}); !errors.Is(err, wire.ErrUnsupported) {
		t.Errorf("a channel that the schema lacks: %v", err)
	}
	d.Use(LTE, nil)
	if m, err = d.Decode(PCCH, []byte{0}); err != nil || m.Name() != "Paging" {
		t.Errorf("%v %s", err, m.Name())
	}
}

func TestPack(t *testing.T) {
	b, err := Pack(Schema(LTE))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Unpack(b)
	if err != nil || s.Release != Schema(LTE).Release || len(s.Types) != len(Schema(LTE).Types) {
		t.Errorf("unpacked: %v", err)
	}
	if _, err := Pack(&uper.Schema{Roots: map[string]uper.TypeID{"A": 1}}); err == nil {
		t.Error("packs a schema with a root of no type")
	}
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	if _, err := z.Write(make([]byte, maxUnpacked+1)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"empty": nil, "cut": b[:len(b)/2], "bomb": bomb.Bytes(), "text": []byte("A ::= NULL")} {
		if _, err := Unpack(b); err == nil {
			t.Errorf("%s: unpacks", name)
		}
	}
}

func TestAllocs(t *testing.T) {
	var d Decoder
	b := encode(t, LTE, "BCCH-DL-SCH-Message", lteSIB1)
	n := testing.AllocsPerRun(100, func() {
		m, err := d.Decode(BCCHDLSCH, b)
		if err != nil || m.Name() != "SystemInformationBlockType1" {
			t.Fatal(err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations a message", n)
	}
}

// FuzzRRC decodes anything as a message of the channel that the first octet picks: no
// panic, errors have a place inside the message, and what decodes is encoded to the
// same bits.
func FuzzRRC(f *testing.F) {
	for _, m := range messages {
		f.Add(append([]byte{byte(m.channel)}, encode(f, m.channel.RAT(), m.channel.PDU(), m.json)...))
	}
	var d Decoder
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 {
			return
		}
		c := 1 + Channel(b[0])%(channels-1)
		m, err := d.Decode(c, b[1:])
		if err != nil {
			var de *wire.DecodeError
			if !errors.As(err, &de) || de.Offset < 0 || de.Offset > len(b)-1 {
				t.Fatalf("%s: error %v of %d octets", c, err, len(b)-1)
			}
		}
		if m.Name() == "" {
			t.Fatalf("%s: no name", c)
		}
		if err == nil {
			again, err := d.Encode(nil)
			if err != nil {
				t.Fatalf("%s %x: decoded, but %v", c, b[1:], err)
			}
			if m2, err := d.Decode(c, again); err != nil || m2.Name() == "" {
				t.Fatalf("%s %x: encoded again to %x: %v", c, b[1:], again, err)
			}
		}
		for i := range d.Inner() {
			if i.PDU == "" || i.Err == nil && !i.Value.Present() {
				t.Fatalf("%s: inner message %+v", c, i)
			}
		}
	})
}

func FuzzUnpack(f *testing.F) {
	small, err := Pack(&uper.Schema{Types: []uper.Type{{Kind: uper.Null, Element: uper.NoType, Contains: uper.NoType}}, Roots: map[string]uper.TypeID{"A": 0}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(small)
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := Unpack(b); err == nil {
			if _, err := Pack(s); err != nil {
				t.Fatalf("unpacked, but %v", err)
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	for _, m := range messages {
		if len(m.json) < 100 {
			continue
		}
		b.Run(m.channel.RAT().String()+m.name, func(b *testing.B) {
			var d Decoder
			octets := encode(b, m.channel.RAT(), m.channel.PDU(), m.json)
			b.SetBytes(int64(len(octets)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Decode(m.channel, octets); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkUnpack is the time that the first message of a RAT takes longer, once.
func BenchmarkUnpack(b *testing.B) {
	for r, octets := range [rats][]byte{lteSchema, nrSchema, umtsSchema} {
		b.Run(RAT(r).String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s, err := Unpack(octets)
				if err != nil {
					b.Fatal(err)
				}
				uper.NewDecoder(s)
			}
		})
	}
}
