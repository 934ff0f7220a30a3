package observe_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/observe"
	"github.com/fbsdetect/fbsdetect/detect/rule/ruletest"
	"github.com/fbsdetect/fbsdetect/gsmtap"
	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
	"github.com/fbsdetect/fbsdetect/gsmtap/macframed"
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
)

// Frames of LTE cells of 001-01 in area 7, by EARFCN and PCI ("1850/5", "0" for not
// recorded).

func onLTE(channel, at, name, value string) string {
	return channel + " " + at + `: {"message":{"c1":{"` + name + `":` + value + "}}}"
}

func sib1At(at string, eci, band int) string {
	return onLTE("BCCH-DL-SCH", at, "systemInformationBlockType1", fmt.Sprintf(
		`{"cellAccessRelatedInfo":{"plmn-IdentityList":[{"plmn-Identity":{"mcc":[0,0,1],"mnc":[0,1]},"cellReservedForOperatorUse":"notReserved"}],`+
			`"trackingAreaCode":"0000000000000111","cellIdentity":"%028b","cellBarred":"notBarred","intraFreqReselection":"allowed","csg-Indication":false},`+
			`"cellSelectionInfo":{"q-RxLevMin":-60},"freqBandIndicator":%d,"schedulingInfoList":[{"si-Periodicity":"rf16","sib-MappingInfo":["sibType3"]}],"si-WindowLength":"ms20","systemInfoValueTag":3}`, eci, band))
}

func sib3At(at string, priority int) string {
	return onLTE("BCCH-DL-SCH", at, "systemInformation", fmt.Sprintf(
		`{"criticalExtensions":{"systemInformation-r8":{"sib-TypeAndInfo":[{"sib3":{"cellReselectionInfoCommon":{"q-Hyst":"dB4"},`+
			`"cellReselectionServingFreqInfo":{"threshServingLow":4,"cellReselectionPriority":%d},"intraFreqCellReselectionInfo":{"q-RxLevMin":-60,"presenceAntennaPort1":true,"neighCellConfig":"01","t-ReselectionEUTRA":1}}}]}}}`, priority))
}

func mibAt(at string) string {
	return "BCCH-BCH " + at + `: {"message":{"dl-Bandwidth":"n50","phich-Config":{"phich-Duration":"normal","phich-Resource":"one"},"systemFrameNumber":"00000000",` +
		`"schedulingInfoSIB1-BR-r13":0,"systemInfoUnchanged-BR-r15":false,"partEARFCN-17":{"spare":"00"},"spare":"0"}}`
}

func requestAt(at string) string {
	return onLTE("UL-CCCH", at, "rrcConnectionRequest", `{"criticalExtensions":{"rrcConnectionRequest-r8":{"ue-Identity":{"randomValue":"`+
		strings.Repeat("01", 20)+`"},"establishmentCause":"mo-Signalling","spare":"0"}}}`)
}

func downAt(at, nas string) string {
	return onLTE("DL-DCCH", at, "dlInformationTransfer", `{"rrc-TransactionIdentifier":0,"criticalExtensions":{"c1":{"dlInformationTransfer-r8":{"dedicatedInfoType":{"dedicatedInfoNAS":"`+nas+`"}}}}}`)
}

func releaseAt(at string) string {
	return onLTE("DL-DCCH", at, "rrcConnectionRelease", `{"rrc-TransactionIdentifier":0,"criticalExtensions":{"c1":{"rrcConnectionRelease-r8":{"releaseCause":"other"}}}}`)
}

func handoverAt(at, target string) string {
	return onLTE("DL-DCCH", at, "rrcConnectionReconfiguration", `{"rrc-TransactionIdentifier":0,"criticalExtensions":{"c1":{"rrcConnectionReconfiguration-r8":{"mobilityControlInfo":{`+target+
		`"t304":"ms100","newUE-Identity":"0000000000000001","radioResourceConfigCommon":{"prach-Config":{"rootSequenceIndex":1},"pusch-ConfigCommon":{"pusch-ConfigBasic":{"n-SB":1,"hoppingMode":"interSubFrame","pusch-HoppingOffset":1,"enable64QAM":false},`+
		`"ul-ReferenceSignalsPUSCH":{"groupHoppingEnabled":false,"groupAssignmentPUSCH":0,"sequenceHoppingEnabled":false,"cyclicShift":0}},"ul-CyclicPrefixLength":"len1"}}}}}}`)
}

const (
	attach   = "0741 71 08 0910100000000010 02 e0e0 0004 0201d011"
	askIMSI  = "075501"
	reject15 = "07440f"
)

func TestLTEAttribution(t *testing.T) {
	nas := func(s string) string { return "NAS: " + s }
	sessions := []event.Kind{event.KindSession}
	tests := []struct {
		name   string
		frames []string
		kinds  []event.Kind
		want   []string
	}{
		{
			"blocks belong to the cell on their frequency and physical identity",
			[]string{sib1At("1850/5", 11, 3), sib1At("1850/6", 12, 3), sib3At("1850/5", 4)},
			[]event.Kind{event.KindSIB3},
			[]string{"3 SIB3 7/11 frequency"},
		},
		{
			"without physical identity they belong to the cell named last on the frequency",
			[]string{sib1At("1850", 11, 3), sib1At("1850", 12, 3), sib3At("1850", 4)},
			[]event.Kind{event.KindSIB3},
			[]string{"3 SIB3 7/12 frequency"},
		},
		{
			"without frequency to the cell camped on",
			[]string{sib1At("0", 11, 3), sib3At("0", 4), sib1At("0", 12, 3)},
			[]event.Kind{event.KindSIB3},
			[]string{"2 SIB3 7/11 camping"},
		},
		{
			"a MIB belongs to the SIB1 that follows",
			[]string{sib1At("0", 11, 3), mibAt("0"), sib1At("0", 12, 3)},
			[]event.Kind{event.KindMIB},
			[]string{"2 master information block 7/12 camping"},
		},
		{
			"blocks before the cell named itself wait for it",
			[]string{sib3At("1850/5", 4), sib1At("1850/5", 11, 3)},
			[]event.Kind{event.KindSIB3},
			[]string{"1 SIB3 7/11 frequency"},
		},
		{
			"unchanged blocks are told once, changed ones again",
			[]string{sib1At("1850/5", 11, 3), sib3At("1850/5", 4), sib3At("1850/5", 4), sib3At("1850/5", 7)},
			[]event.Kind{event.KindSIB3},
			[]string{"2 SIB3 7/11 frequency", "4 SIB3 7/11 frequency"},
		},
		{
			"another cell on a frequency and physical identity",
			[]string{sib1At("1850/5", 11, 3), sib1At("1850/5", 12, 3), sib1At("1850/6", 13, 3)},
			[]event.Kind{event.KindRadioReuse},
			[]string{"2 radio channel reuse 7/12 identity"},
		},
		{
			"a connection belongs to the cell camped on",
			[]string{sib1At("0", 11, 3), requestAt("0"), downAt("0", askIMSI), releaseAt("0"), sib1At("0", 12, 3)},
			sessions,
			[]string{"4 signalling session 7/11 camping 2 3 4"},
		},
		{
			"a connection on another frequency belongs to the cell there",
			[]string{sib1At("1850", 11, 3), sib1At("300", 12, 1), requestAt("1850"), downAt("1850", askIMSI), releaseAt("1850")},
			sessions,
			[]string{"5 signalling session 7/11 frequency 3 4 5"},
		},
		{
			"a SIB1 read during the connection names its cell",
			[]string{requestAt("1850"), downAt("1850", askIMSI), sib1At("1850", 11, 3), releaseAt("1850")},
			sessions,
			[]string{"4 signalling session 7/11 frequency 1 2 4"},
		},
		{
			"a handover to another frequency goes on in the cell there",
			[]string{sib1At("1850", 11, 3), sib1At("300", 12, 1), requestAt("1850"), handoverAt("1850", `"targetPhysCellId":9,"carrierFreq":{"dl-CarrierFreq":300},`), downAt("300", askIMSI), releaseAt("300")},
			sessions,
			[]string{"4 signalling session 7/11 frequency 3 4", "6 signalling session 7/12 frequency 5 6"},
		},
		{
			"a handover where the tool tells no frequency goes on in the cell that names itself next",
			[]string{sib1At("0", 11, 3), requestAt("0"), handoverAt("0", `"targetPhysCellId":9,`), downAt("0", askIMSI), sib1At("0", 12, 3), releaseAt("0")},
			sessions,
			[]string{"3 signalling session 7/11 camping 2 3", "6 signalling session 7/12 camping 4 6"},
		},
		{
			"a handover to nowhere known is nobody's",
			[]string{sib1At("0", 11, 3), requestAt("0"), handoverAt("0", `"targetPhysCellId":9,`), downAt("0", askIMSI)},
			sessions,
			[]string{"3 signalling session 7/11 camping 2 3", "4 signalling session ? none 4"},
		},
		{
			"NAS logged inside RRC and alone is one step",
			[]string{sib1At("0", 11, 3), requestAt("0"), downAt("0", askIMSI), "LOG: " + askIMSI, downAt("0", reject15)},
			sessions,
			[]string{"5 signalling session 7/11 camping 2 3 5"},
		},
		{
			"the same message again on the same path was sent again",
			[]string{sib1At("0", 11, 3), requestAt("0"), downAt("0", askIMSI), downAt("0", askIMSI)},
			sessions,
			[]string{"4 signalling session 7/11 camping 2 3 4"},
		},
		{
			"NAS logged before its connection belongs to it",
			[]string{sib1At("0", 11, 3), "LOG: " + attach, requestAt("0"), downAt("0", reject15)},
			sessions,
			[]string{"4 signalling session 7/11 camping 2 3 4"},
		},
		{
			"NAS tells no frequency, RRC after it does",
			[]string{sib1At("1850", 11, 3), sib1At("300", 12, 1), "LOG: " + attach, requestAt("1850"), downAt("1850", reject15)},
			sessions,
			[]string{"5 signalling session 7/11 frequency 3 4 5"},
		},
		{
			"NAS beside a cell whose frequency is told",
			[]string{sib1At("1850", 11, 3), "LOG: " + attach, "LOG: " + reject15},
			sessions,
			[]string{"3 signalling session 7/11 camping 2 3"},
		},
		{
			"in a log of NAS alone each request begins a session",
			[]string{nas(attach), nas(askIMSI), nas(reject15), nas(attach), nas(reject15)},
			sessions,
			[]string{"3 signalling session ? none 1 2 3", "5 signalling session ? none 4 5"},
		},
		{
			"a request after the release is a new connection",
			[]string{sib1At("0", 11, 3), requestAt("0"), releaseAt("0"), requestAt("0"), downAt("0", reject15)},
			sessions,
			[]string{"3 signalling session 7/11 camping 2 3", "5 signalling session 7/11 camping 4 5"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := run(t, tt.frames, tt.kinds...); !slices.Equal(got, tt.want) {
				t.Errorf("\n got %q\nwant %q", got, tt.want)
			}
		})
	}
}

// steps keeps the sessions' steps, and the cells.
type steps struct {
	list  []event.Step
	cells []*cell.Cell
}

func (*steps) Repeats() bool { return false }

func (s *steps) Observe(c *cell.Cell, e *event.Event, _ bool) {
	s.cells = append(s.cells, c)
	if b, ok := e.Body.(*event.Session); ok {
		s.list = append(s.list, b.Steps...)
	}
}

// TestProtection: whether a NAS message was protected is known where its header is.
func TestProtection(t *testing.T) {
	const protected = "37 01020304 00 075d 22 01 02 e0e0"
	tests := []struct {
		name   string
		frames []string
		want   []event.Protection
	}{
		{"inside RRC", []string{requestAt("0"), downAt("0", askIMSI), downAt("0", strings.ReplaceAll(protected, " ", ""))}, []event.Protection{0, event.Unprotected, event.Integrity}},
		{"in a log of NAS", []string{"NAS: " + askIMSI, "NAS: " + protected}, []event.Protection{event.Unprotected, event.Integrity}},
		{"beside RRC the header may be lost", []string{"LOG: " + askIMSI, "LOG: " + protected}, []event.Protection{event.ProtectionUnknown, event.Integrity}},
		{"the record in RRC settles it", []string{"LOG: " + askIMSI, downAt("0", askIMSI)}, []event.Protection{event.Unprotected}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s steps
			observeLTE(t, tt.frames, &s)
			var got []event.Protection
			for _, st := range s.list {
				got = append(got, st.Protection)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestFrequencyRecovered: version 2 of GSMTAP keeps 14 bits of an EARFCN.
func TestFrequencyRecovered(t *testing.T) {
	for _, tt := range []struct {
		name              string
		low, band, earfcn int
	}{
		{"band 3 as it is", 1850, 3, 1850},
		{"band 46 from its low bits", 47000 & 0x3fff, 46, 47000},
		{"numbered by the band inside", 675, 25, 675},
		{"no frequency of the band has these bits", 9000, 3, cell.NoARFCN},
	} {
		t.Run(tt.name, func(t *testing.T) {
			frames, err := ruletest.Parse(sib1At("0", 11, tt.band))
			if err != nil {
				t.Fatal(err)
			}
			h := gsmtap.Header{Type: gsmtap.TypeLTERRC, SubType: 5, ARFCN: uint32(tt.low)}
			var v3 gsmtap.Header
			body, err := gsmtap.DecodeHeader(frames[0].Octets, &v3)
			if err != nil {
				t.Fatal(err)
			}
			var s steps
			o := observe.New(cell.NewTracker(), &s, 0)
			d := gsmtap.NewDecoder()
			d.Decode(append(gsmtap.AppendHeader(nil, &h), body...), func(p *gsmtap.Packet) { o.Packet(1, 1, p) })
			o.Close()
			if len(s.cells) == 0 || s.cells[0].ARFCN != tt.earfcn {
				t.Errorf("cells %+v", s.cells)
			}
		})
	}
}

// TestMACSessions: phones in a MAC capture are told apart by their C-RNTI, and a random
// access response for one that is in use begins another session.
func TestMACSessions(t *testing.T) {
	encode := func(pdu, text string) []byte {
		_, body, _ := strings.Cut(text, ": ")
		b, err := rrc.Schema(rrc.LTE).EncodeJSON(nil, pdu, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	frame := func(rnti uint16, uplink bool, mac []byte) []byte {
		return macframed.AppendFrame(nil, &macframed.Context{RadioType: macframed.FDD, Uplink: uplink, RNTIType: macframed.CRNTI, RNTI: rnti, HasRNTI: true}, mac)
	}
	request := func(rnti uint16, tag byte) []byte {
		b := encode("UL-CCCH-Message", requestAt("0"))
		b[2] ^= tag // another random value
		return frame(rnti, true, macframed.AppendMAC(nil, true, macframed.Part{LCID: 0, Octets: b}))
	}
	down := func(rnti uint16, sn uint8, nas string) []byte {
		return frame(rnti, false, macframed.AppendSRB(nil, 1, uint16(sn), macframed.PDCPHeader{Present: true, SN: sn}, encode("DL-DCCH-Message", downAt("0", nas))))
	}
	var s steps
	o := observe.New(cell.NewTracker(), &s, 0)
	d := gsmtap.NewDecoder()
	d.Strict = true
	for i, b := range [][]byte{
		request(70, 0), request(71, 1), down(70, 0, askIMSI), down(71, 0, reject15), request(70, 2), down(70, 0, reject15),
	} {
		if res := d.DecodePayload(&capture.Payload{Kind: capture.KindMACLTE, Data: b}, func(p *gsmtap.Packet) { o.Packet(i+1, int64(i+1)*1e9, p) }); res.Err != nil {
			t.Fatalf("frame %d: %v", i+1, res.Err)
		}
	}
	o.Close()
	var got []int
	for _, st := range s.list {
		got = append(got, st.Ref.Frame)
	}
	if want := []int{1, 3, 2, 4, 5, 6}; !slices.Equal(got, want) {
		t.Errorf("steps of frames %v, want %v", got, want)
	}
}

// observeLTE observes frames; a line "LOG: octets" is NAS as a phone's log has it beside
// RRC.
func observeLTE(t *testing.T, frames []string, to observe.Sink) {
	t.Helper()
	o := observe.New(cell.NewTracker(), to, 0)
	d := gsmtap.NewDecoder()
	d.Strict = true
	for i, line := range frames {
		f := parseLine(t, line)
		at := int64(i+1) * 25e7
		if res := d.DecodePayload(&capture.Payload{Kind: f.Kind, Data: f.Octets}, func(p *gsmtap.Packet) { o.Packet(i+1, at, p) }); res.Err != nil {
			t.Fatalf("frame %d: %v", i+1, res.Err)
		}
	}
	o.Close()
}

func parseLine(t *testing.T, line string) ruletest.Frame {
	t.Helper()
	logged, ok := strings.CutPrefix(line, "LOG: ")
	if ok {
		line = "NAS: " + logged
	}
	list, err := ruletest.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	f := list[0]
	if ok {
		f.Kind = capture.KindGSMTAP
		f.Octets = append(gsmtap.AppendHeader(nil, &gsmtap.Header{Type: gsmtap.TypeNASEPS}), f.Octets...)
	}
	return f
}
