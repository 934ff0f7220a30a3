package rr

import (
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func siHex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// checkError fails if err is not a located error inside an input of n octets.
func checkError(t *testing.T, err error, n int) {
	t.Helper()
	if err == nil {
		return
	}
	var d *wire.DecodeError
	if !errors.As(err, &d) {
		t.Fatalf("error %T %v is no *wire.DecodeError", err, err)
	}
	if d.Offset < 0 || d.Offset > n || d.Bit < 0 || d.Bit > 7 || d.Path == "" {
		t.Fatalf("error %v outside of %d octets", err, n)
	}
}

// Messages made for the tests, of the test network 001-01.
const (
	//        PD MT cell channel description            RACH   rest
	testSI1 = "06 19 08000000000000000000000000000001 99 0400 2b"
	//        PD MT neighbours                          NCC RACH
	testSI2    = "06 1a 30000000000000000000000000000041 ff 990400"
	testSI2bis = "06 02 9000000000000000000000000000 0000 990400 2b"
	testSI2ter = "06 03 ce 0a 40 80 000000000000000000000000 ab 43 2b 2b"
	//        PD MT CI   LAI        CCD    opt sel  RACH   rest
	testSI3 = "06 1b 0001 00f1100001 59050a 28 6440 790000 bf002b2b"
	//        PD MT LAI        sel  RACH   CBCH     rest
	testSI4    = "06 1c 00f1100001 6440 790000 64 54e123 2b2b2b2b2b2b"
	testSI5    = "06 1d 10000000000000000000000000000003"
	testSI5ter = "06 06 ce 0a 40 80 000000000000000000000000"
	//        PD MT CI   LAI        opt NCC rest
	testSI6 = "06 1e 0001 00f1100001 a8 ff 2b2b2b2b2b2b2b"
)

// restOctets codes rest octets of n octets: 0 and 1 are bits, L and H those that equal
// and differ from the padding at their place; padding follows. Spaces are for the
// reader.
func restOctets(bits string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = padding
	}
	i := 0
	for _, c := range bits {
		var v byte
		pad := byte(padding) >> (7 - i%8) & 1
		switch c {
		case ' ':
			continue
		case '1':
			v = 1
		case 'L':
			v = pad
		case 'H':
			v = 1 - pad
		}
		b[i/8] = b[i/8]&^(1<<(7-i%8)) | v<<(7-i%8)
		i++
	}
	return hex.EncodeToString(b)
}

func testSI13() string {
	return "06 00" + restOctets("H 001 0010"+
		" 1 10 000101 1 0011 1 1111 0 0 000010 101"+ // SI13_CHANGE_MARK, mobile allocation
		" 0 00000011 1 110 01"+ // no PBCCH; RAC, SPGC_CCCH_SUP, PRIORITY_ACCESS_THR, NETWORK_CONTROL_ORDER
		" 10 101 001 011 0 1 0101 1 001 010 011"+ // cell options, PAN
		" 1 001010 1 1 0101 1 0 1 0 1"+ // extension information, 11 bits
		" 1010 00001 00010 1 0011 H 1 H 0 L", 20) // power control, release 99, release 4
}

// testSI2quater has a 3G list, priorities and an E-UTRAN list.
func testSI2quater() string {
	return "06 07" + restOctets("1 0 1 0001 0010 0 0 0 0 0 0 0"+
		" 1 0 0 1 0 1 0 10100101010001 1 00010 0000000011 000000001 0 0"+ // 3G neighbours, 1 of 10577
		" 0 0 H 0 0 H 1 H 0 0 H 1"+ // no measurement parameters; releases 5 to 8
		" 1 101 0011 0010 01 10"+ // serving cell
		" 0"+ // no 3G priority
		" 1 0 1 1 0 0 1 1 0000011001100100 1 101 0 1 110 00111 1 00101 0 0"+ // E-UTRAN, EARFCN 1636
		" 0 0 0 0 L", 20)
}

func testMessages() []string {
	return []string{testSI1, testSI2, testSI2bis, testSI2ter, testSI3, testSI4, testSI5,
		strings.Replace(testSI5, "1d", "05", 1), testSI5ter, testSI6, testSI13(), testSI2quater(),
		"06 1f 2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b", "06 18 bf002b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b",
		"06 04 990400 2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b"}
}

func TestSystemInformation(t *testing.T) {
	lai := ident.LAI{PLMN: ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}, LAC: 1}
	rach := RACHControlParameters{MaxRetrans: 2, TxInteger: 6, RE: true, AccessControlClass: 0x0400}
	rach3 := RACHControlParameters{MaxRetrans: 1, TxInteger: 14, RE: true}
	sel := CellSelectionParameters{CellReselectHysteresis: 3, MSTxPwrMaxCCH: 4, NECI: true}
	tests := []struct {
		name string
		in   string
		want message
	}{
		{"System Information Type 1", testSI1, &SystemInformation1{
			CellChannels: FrequencyList{BitMap0, arfcns(1, 124)}, RACH: rach}},
		{"System Information Type 2", testSI2, &SystemInformation2{
			Neighbours: NeighbourCells{FrequencyList: FrequencyList{BitMap0, arfcns(1, 7)}, EXTIND: true, BAIND: true}, NCCPermitted: 255, RACH: rach}},
		{"System Information Type 2bis", testSI2bis, &SystemInformation2bis{
			Neighbours: NeighbourCells{FrequencyList: FrequencyList{Format: Range1024}, BAIND: true}, RACH: rach}},
		{"System Information Type 2ter", testSI2ter, &SystemInformation2ter{
			Neighbours: NeighbourCells{FrequencyList: FrequencyList{VariableBitMap, arfcns(20, 21, 28)}, MultibandReporting: 2},
			Rest:       SI2terRestOctets{Present: true, ThreeGChangeMark: true, Index: 2, Count: 6, ThreeG: ThreeGMeasurement{}, FDD: true, Undecoded: 20}}},
		{"System Information Type 3", testSI3, &SystemInformation3{CI: 1, LAI: lai,
			ControlChannel: ControlChannelDescription{ATT: true, BSAGBlksRes: 3, CCCHConf: 1, BSPAMfrms: 5, T3212: 10},
			CellOptions:    CellOptions{DTX: 2, RadioLinkTimeout: 8}, CellSelection: sel, RACH: rach3,
			Rest: SI3RestOctets{Selection: SelectionParameters{Present: true, CellReselectOffset: 63}}}},
		{"System Information Type 4", testSI4, &SystemInformation4{LAI: lai, CellSelection: sel, RACH: rach3,
			CBCHPresent: true, CBCH: ChannelDescription{TypeAndOffset: 10, TN: 4, TSC: 7, ARFCN: 0x123}}},
		{"System Information Type 5", testSI5, &SystemInformation5{
			Neighbours: NeighbourCells{FrequencyList: FrequencyList{BitMap0, arfcns(1, 2)}, BAIND: true}}},
		{"System Information Type 5ter", testSI5ter, &SystemInformation5ter{
			Neighbours: NeighbourCells{FrequencyList: FrequencyList{VariableBitMap, arfcns(20, 21, 28)}, MultibandReporting: 2}}},
		{"System Information Type 6", testSI6, &SystemInformation6{CI: 1, LAI: lai,
			CellOptions: CellOptions{DTX: 6, RadioLinkTimeout: 8}, NCCPermitted: 255}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var d Decoder
			got, err := d.Decode(siHex(t, tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if got.Name() != tt.name {
				t.Errorf("name %q, want %q", got.Name(), tt.name)
			}
			if !reflect.DeepEqual(got, wire.Message(tt.want)) {
				t.Errorf("\n got %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestSystemInformation13(t *testing.T) {
	var m SystemInformation13
	if err := m.Decode(siHex(t, testSI13())); err != nil {
		t.Fatal(err)
	}
	want := SI13RestOctets{
		Present: true, BCCHChangeMark: 1, SIChangeField: 2,
		MobileAllocation: GPRSMobileAllocation{Present: true, SI13ChangeMark: 2, HSN: 5, RFLNumbers: 1<<3 | 1<<15, Bitmap: true, MALength: 2, MABitmap: 5},
		RAC:              3, SPGCCCCHSup: true, PriorityAccessThr: 6, NetworkControlOrder: 1,
		CellOptions: GPRSCellOptions{NMO: 2, T3168: 5, T3192: 1, DRXTimerMax: 3, ControlAckType: true, BSCVMax: 5,
			PANPresent: true, PANDec: 1, PANInc: 2, PANMax: 3, Extension: true, EGPRS: true, EGPRSPacketChannelRequest: true,
			BEPPeriod: 5, PFCFeatureMode: true, BSSPagingCoordination: true, NWExtUTBF: true},
		PowerControl: GPRSPowerControl{Alpha: 10, TAvgW: 1, TAvgT: 2, PCMeasChan: true, NAvgI: 3},
		R99:          true, SGSNR: true, Rel4: true,
	}
	if m.Rest != want {
		t.Errorf("\n got %+v\nwant %+v", m.Rest, want)
	}
	o := m.Rest.CellOptions
	if o.PacketUplinkWait() != 3*time.Second || o.ReleaseWait() != time.Second || o.DRXTimer() != 4*time.Second {
		t.Errorf("T3168 %v, T3192 %v, DRX %v", o.PacketUplinkWait(), o.ReleaseWait(), o.DRXTimer())
	}

	tests := []struct {
		name, bits string
		want       SI13RestOctets
	}{
		{"absent", "L", SI13RestOctets{}},
		{"PBCCH on the BCCH carrier", "H 000 0000 0 1 0101 0011 010 001 0 0 L",
			SI13RestOctets{Present: true, PBCCHPresent: true, PBCCH: PBCCH{PSI1RepeatPeriod: 5, Pb: 3, TSC: 2, TN: 1}}},
		{"PBCCH with ARFCN", "H 000 0000 0 1 0101 0011 010 001 0 1 1111111111 H 1 L",
			SI13RestOctets{Present: true, PBCCHPresent: true, PBCCH: PBCCH{PSI1RepeatPeriod: 5, Pb: 3, TSC: 2, TN: 1, ARFCNPresent: true, ARFCN: 1023}, R99: true, SGSNR: true}},
		{"PBCCH hopping", "H 000 0000 0 1 0000 0000 000 000 1 000111 L",
			SI13RestOctets{Present: true, PBCCHPresent: true, PBCCH: PBCCH{Hopping: true, MAIO: 7}}},
		{"list of ARFCN indices, release 6", "H 000 0000 1 00 000000 0 1 1 000001 1 111111 0 1 0000 0000 000 000 0 0 H 0 H 1 H 1 00101 10 L",
			SI13RestOctets{Present: true, MobileAllocation: GPRSMobileAllocation{Present: true, ARFCNIndices: 1<<1 | 1<<63}, PBCCHPresent: true,
				R99: true, Rel4: true, SIStatusInd: true, Rel6: true, LBMSTxPwrMaxCCHPresent: true, LBMSTxPwrMaxCCH: 5, SI2nSupport: 2}},
		{"something after", "H 000 0000 0 1 0000 0000 000 000 0 0 L 11111111", SI13RestOctets{Present: true, PBCCHPresent: true, Undecoded: 160 - 27}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := m.Decode(siHex(t, "0600"+restOctets(tt.bits, 20))); err != nil {
				t.Fatal(err)
			}
			if m.Rest != tt.want {
				t.Errorf("\n got %+v\nwant %+v", m.Rest, tt.want)
			}
		})
	}
}

func TestSystemInformation2quater(t *testing.T) {
	var m SystemInformation2quater
	if err := m.Decode(siHex(t, testSI2quater())); err != nil {
		t.Fatal(err)
	}
	if !m.BAIND || m.ThreeGBAIND || !m.MPChangeMark || m.Index != 1 || m.Count != 2 || m.Undecoded != 0 || !m.Rel8 || !m.ThreeGCCNActive {
		t.Errorf("%+v", m)
	}
	f := m.UTRAN.FDDFrequencies()
	if len(f) != 1 || f[0].UARFCN != 10577 || f[0].NrOfCells != 2 || !reflect.DeepEqual(f[0].Cells(), []UTRANCell{0, 3, 515}) {
		t.Errorf("FDD %+v", f)
	} else if c := f[0].Cells()[2]; c.ScramblingCode() != 3 || !c.Diversity() {
		t.Errorf("cell %d: scrambling code %d, diversity %v", c, c.ScramblingCode(), c.Diversity())
	}
	if want := (ServingCellPriority{true, 5, 3, 2, 1, 2}); m.ServingCell != want || m.ServingCell.Reselection() != 15*time.Second {
		t.Errorf("serving cell %+v", m.ServingCell)
	}
	want := []EUTRANFrequency{{EARFCN: 1636, BandwidthPresent: true, MeasurementBandwidth: 5, Thresholds: PriorityThresholds{
		PriorityPresent: true, Priority: 6, ThreshHigh: 7, ThreshLowPresent: true, ThreshLow: 5}}}
	if got := m.EUTRAN.Frequencies(); !reflect.DeepEqual(got, want) || got[0].ResourceBlocks() != 100 || !m.EUTRAN.Start || !m.EUTRAN.Stop {
		t.Errorf("E-UTRAN %+v, want %+v", got, want)
	}

	const start = "0 0 0 0000 0000 0 0 0 0 0 0 0 0 0 0" // nothing but what came with release 5 and after
	tests := []struct {
		name, bits string
		ok         func() bool
	}{
		{"nothing", start + "L", func() bool { return !m.Rel5 && m.Undecoded == 0 }},
		{"measurement parameters", "0 0 0 0000 0000 1 1 10 0 0 0 0 0 0 0 0 0", func() bool { return m.Measurement == MeasurementParameters{true, true, 2} }},
		{"real time differences", "0 0 0 0000 0000 0 1 1 1 00011 0 000001 1 0 0 000011 1 1 1 0 0 000000000001 1 1 1 0 000011 0000000 0 0 0 0 0 0 0",
			func() bool { return m.RealTimeDifference && m.BSICs == 1 }},
		{"BSICs, report priority", "0 0 0 0000 0000 0 0 1 1 00011 000101 0000010 1 000001 0 000010 1 0000011 101 1 100 1 10 1 01 11 0 1 001 010 0 0 0 0 0 0 0 0",
			func() bool {
				return m.BSICs == 3 && m.ReportPriorityCells == 3 && m.GPRSMeasurement == GPRSMeasurementParameters{Present: true, ReportType: true,
					MultibandReportingPresent: true, MultibandReporting: 2, ServingBandReportingPresent: true, ServingBandReporting: 1, ScaleOrd: 3,
					Reporting1800: BandReporting{true, 1, 2}}
			}},
		{"NC parameters, extension", "0 0 0 0000 0000 0 0 0 0 0 1 10 1 001 010 011 1 00000011 1111 0 0 0",
			func() bool { return m.NC == NCMeasurementParameters{true, 2, true, 1, 2, 3} && m.ExtensionBits == 4 }},
		{"TDD, index starts", "0 0 0 0000 0000 0 0 0 0 0 0 0 1 1 0000011 1 0000101 0 1 1 101 1 0 00100100100100 0 00001 101010101 0 0 0",
			func() bool {
				n := m.UTRAN
				return n.IndexStart == 3 && n.IndexStartEMR == 5 && n.TDDCount == 1 && n.TDDFrequencies()[0].UARFCN == 2340 &&
					len(n.TDDFrequencies()[0].Cells()) == 1 && n.TDDFrequencies()[0].Cells()[0].CellParameter() == 85
			}},
		{"earlier version of the 3G list", "0 0 0 0000 0000 0 0 0 0 0 0 0 1 0 0 1 0 1 1 0", func() bool { return m.UTRAN.FDDCount == 0 && m.Undecoded == 160-25 }},
		{"3G measurement parameters", "0 0 0 0000 0000 0 0 0 0 0 0 0 0 1 1111 1 1 1010 1 10 101 1 0101 10 1 1010 1 1 1 10 1 101 011 1 10 1 110 001",
			func() bool {
				return m.ThreeG == ThreeGMeasurement{true, 15, true, true, 10, true, 2, 5, true, 5, 2} &&
					m.GPRSThreeG == GPRSThreeGMeasurement{true, 10, true, true, true, 2, BandReporting{true, 5, 3}, true, 2, BandReporting{true, 6, 1}}
			}},
		{"release 5 to 7", start + "H 1 101 1010 1 1 101010 H 1 H 1 101 010 1 110 011 L", func() bool {
			return m.Additional == ThreeGAdditional{true, 5, 10} && m.Additional.RSCPMinDBm() == -94 && m.FDDReportingThreshold2 == 42 && m.ThreeGCCNActive &&
				m.Reporting700 == BandReporting{true, 5, 2} && m.Reporting810 == BandReporting{true, 6, 3} && !m.Rel8
		}},
		{"3G priorities", start + "H 0 0 H 0 H 0 0 H 1 0 1 1 0 1 101 10101 01010 1 1 00011 1 00101 0 1 110 11011 1 00100 1 00111 0 0 0 0 L", func() bool {
			p := PriorityThresholds{true, 6, 27, true, 4, true, 7}
			return m.UTRANPriority.Start && m.UTRANPriority.DefaultPriority == 5 && m.UTRANPriority.DefaultThresh == 21 && m.UTRANPriority.DefaultQRxLevMin == 10 &&
				reflect.DeepEqual(m.UTRANPriority.Frequencies(), []UTRANPriority{{3, p}, {5, p}}) && m.Undecoded == 0
		}},
		{"E-UTRAN measurement", start + "H 0 0 H 0 H 0 0 H 1 0 0 1 1 1 1 1 1010 1 01 1 0 1 011010 1 010101 1 101 1 1 0101 0 10 1 011 0 0 0 0 0 0 0 0 L", func() bool {
			return m.EUTRAN.Measurement == EUTRANMeasurement{true, 10, true, 1, true, EUTRANReporting{}, EUTRANReporting{true, 26, true, 21, true, 5}, true} &&
				m.EUTRAN.GPRSMeasurement == EUTRANMeasurement{Present: true, Qsearch: 5, MultiratReporting: 2, FDD: EUTRANReporting{Present: true, Threshold: 3}} && m.Undecoded == 0
		}},
		{"cells that are not allowed", start + "H 0 0 H 0 H 0 0 H 1 0 0 1 0 1 1 0 0 0 1 1 000000011 0 1 010101 1 001 11 1 0 1 011 0 0 1 1 0 0 0 0 1 001 0 0 0 0 L", func() bool {
			return m.EUTRAN.NotAllowedCells == 1 && m.EUTRAN.PCIDToTA == 1 && m.Undecoded == 0
		}},
		{"closed subscriber groups", start + "H 0 0 H 0 H 0 0 H 0 1", func() bool { return m.UTRANCSG && m.Undecoded == 160-32 }},
		{"release 9", start + "H 0 0 H 0 H 0 0 H 0 0 0 H", func() bool { return m.Rel9 && m.Undecoded == 160-34 }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := m.Decode(siHex(t, "0607"+restOctets(tt.bits, 20))); err != nil {
				t.Fatal(err)
			}
			if !tt.ok() {
				t.Errorf("got %+v", m)
			}
		})
	}
}

func TestRestOctets(t *testing.T) {
	si1 := func(bits string) any {
		var m SystemInformation1
		if err := m.Decode(siHex(t, strings.TrimSuffix(testSI1, "2b")+restOctets(bits, 1))); err != nil {
			t.Errorf("%s: %v", bits, err)
		}
		return m.Rest
	}
	si2ter := func(bits string) any {
		var m SystemInformation2ter
		if err := m.Decode(siHex(t, "060300000000000000000000000000000000"+restOctets(bits, 4))); err != nil {
			t.Errorf("%s: %v", bits, err)
		}
		return m.Rest
	}
	si3 := func(bits string) any {
		var m SystemInformation3
		if err := m.Decode(siHex(t, strings.TrimSuffix(testSI3, "bf002b2b")+restOctets(bits, 4))); err != nil {
			t.Errorf("%s: %v", bits, err)
		}
		return m.Rest
	}
	si4 := func(bits string) any {
		var m SystemInformation4
		if err := m.Decode(siHex(t, "06 1c 00f1100001 6440 790000"+restOctets(bits, 10))); err != nil {
			t.Errorf("%s: %v", bits, err)
		}
		return m.Rest
	}
	si6 := func(bits string) any {
		var m SystemInformation6
		if err := m.Decode(siHex(t, "06 1e 0001 00f1100001 a8 ff"+restOctets(bits, 7))); err != nil {
			t.Errorf("%s: %v", bits, err)
		}
		return m.Rest
	}
	tests := []struct {
		name      string
		got, want any
	}{
		{"SI1 nothing", si1("L L"), SI1RestOctets{}},
		{"SI1 NCH and band", si1("H 00101 H L"), SI1RestOctets{NCHPresent: true, NCHPosition: 5, PCS1900: true}},
		{"SI1 something after", si1("L L H"), SI1RestOctets{Undecoded: 6}},
		{"SI2ter nothing", si2ter("L"), SI2terRestOctets{}},
		{"SI2ter FDD", si2ter("H 1 0 001 010 1 0 1 00000000001010 0 0 0 L"),
			SI2terRestOctets{Present: true, MPChangeMark: true, Index: 1, Count: 2, FDD: true, FDDUARFCN: 10}},
		{"SI2ter TDD with bandwidth", si2ter("H 0 1 001 010 0 1 0 1 00000000001010 1 111 0"),
			SI2terRestOctets{Present: true, ThreeGChangeMark: true, Index: 1, Count: 2, TDD: true, TDDUARFCN: 10}},
		{"SI2ter earlier version", si2ter("H 0 1 001 010 1 1 1"),
			SI2terRestOctets{Present: true, ThreeGChangeMark: true, Index: 1, Count: 2, FDD: true, Undecoded: 32 - 12}},
		{"SI2ter 3G", si2ter("H 0 0 000 000 0 0 1 0101 1 0011 010 0 H 0"),
			SI2terRestOctets{Present: true, ThreeG: ThreeGMeasurement{Present: true, QsearchI: 5, FDD: true, FDDQoffset: 3, FDDQmin: 2}}},
		{"SI2ter release 5", si2ter("H 0 0 000 000 0 0 0 H 1 101 1010"),
			SI2terRestOctets{Present: true, Additional: ThreeGAdditional{true, 5, 10}}},
		{"SI3 nothing", si3("L"), SI3RestOctets{}},
		{"SI3 everything but scheduling", si3("H 1 000011 010 00001 H 01 H H L L H L"), SI3RestOctets{
			Selection: SelectionParameters{true, true, 3, 2, 1}, PowerOffset: PowerOffset{true, 1},
			SI2ter: true, EarlyClassmarkSending: true, EarlyClassmarkSending3G: true}},
		{"SI3 scheduling, GPRS, SI2quater, SI21", si3("L L L L H 101 H 110 1 L H 1 H 1 L"), SI3RestOctets{
			SchedulingPresent: true, Where: 5, GPRS: GPRSIndicator{true, 6, true}, SI2quater: true, SI2quaterExtended: true, SI21: true, SI21Extended: true}},
		{"SI3 something after", si3("L L L L L L L L H"), SI3RestOctets{Undecoded: 24}},
		{"SI4 nothing", si4("L L L L L"), SI4RestOctets{}},
		{"SI4 break", si4("L L L L H"), SI4RestOctets{Break: true}},
		{"SI4 selection", si4("H 0 111111 111 11111 H 11 H 000 0 L L"), SI4RestOctets{
			Selection: SelectionParameters{true, false, 63, 7, 31}, PowerOffset: PowerOffset{true, 3}, GPRS: GPRSIndicator{Present: true}}},
		{"SI4 LSA", si4("L L L H H 101 011 1 000000000001 000000000010 H 0000000000000011 H 1 0000000100 0 L"), SI4RestOctets{
			Supplement: true, LSA: LSAParameters{true, 5, 3, true, 0x001002}, CellIdentityPresent: true, CellIdentity: 3, LSAIDs: 1, LSAID: [maxLSA]uint32{ShortLSAID | 4}}},
		{"SI4 two LSA identities, CBQ3", si4("L L L H L L H 0 000000000000000000000101 1 1 0000000110 0 H 10"), SI4RestOctets{
			Supplement: true, LSAIDs: 2, LSAID: [maxLSA]uint32{5, ShortLSAID | 6}, CBQ3Present: true, CBQ3: 2}},
		{"SI6 nothing", si6("L"), SI6RestOctets{}},
		{"SI6 everything", si6("H 1 01 1 101 1 H 01 H 00000011 101 H H 00111 H 1 0 H 1 0101"), SI6RestOctets{
			PCHAndNCH: true, PagingChannelRestructuring: true, NLNSACCH: 1, CallPriorityPresent: true, CallPriority: 5, NLNStatus: true,
			VGCSPresent: true, InbandPagings: true, DTM: true, RAC: 3, MaxLAPDm: 5, PCS1900: true, GPRSMSTxPwrMaxCCHPresent: true, GPRSMSTxPwrMaxCCH: 7,
			MBMS: true, DedicatedModeMBMSNotification: true, AMRConfigPresent: true, AMRConfig: 5}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("\n got %+v\nwant %+v", tt.got, tt.want)
			}
		})
	}
}

func TestSI4MobileAllocation(t *testing.T) {
	var m SystemInformation4
	if err := m.Decode(siHex(t, "06 1c 00f1100001 6440 790000 64 54 f0 43 72 02 01 05 2b2b2b2b")); err != nil {
		t.Fatal(err)
	}
	if want := (ChannelDescription{TypeAndOffset: 10, TN: 4, TSC: 7, Hopping: true, MAIO: 1, HSN: 3}); !m.CBCHPresent || m.CBCH != want {
		t.Errorf("CBCH %+v, want %+v", m.CBCH, want)
	}
	a := m.CBCHAllocation
	if !a.Present || a.Octets != 2 || a.Bitmap != 0x105 {
		t.Errorf("allocation %+v", a)
	}
	// Bits 1, 3 and 9 of the cell's frequencies in rising order, 0 being the last.
	if got := a.ARFCNs(arfcns(0, 10, 11, 12, 13, 14, 15, 16, 17)); got != arfcns(10, 12, 0) {
		t.Errorf("frequencies %v", got)
	}
	if m.Rest.Undecoded != 0 {
		t.Errorf("rest octets %+v", m.Rest)
	}
	err := m.Decode(siHex(t, "06 1c 00f1100001 6440 790000 64 54 f0 43 72 09 010203040506070809 2b"))
	if !errors.Is(err, wire.ErrLength) || !m.CBCHPresent {
		t.Errorf("allocation of 9 octets: %v, %+v", err, m.CBCH)
	}
}

func TestConversions(t *testing.T) {
	type dbm struct {
		v  int
		ok bool
	}
	power := func(level uint8, band string) dbm {
		v, ok := CellSelectionParameters{MSTxPwrMaxCCH: level}.MaxPowerDBm(band)
		return dbm{v, ok}
	}
	penalty := func(code uint8) any {
		d, ok := SelectionParameters{PenaltyTime: code}.Penalty()
		return []any{d, ok}
	}
	temporary := func(code uint8) any {
		v, inf := SelectionParameters{TemporaryOffset: code}.TemporaryOffsetDB()
		return []any{v, inf}
	}
	tests := []struct {
		name      string
		got, want any
	}{
		{"CELL_RESELECT_OFFSET 63", SelectionParameters{CellReselectOffset: 63}.OffsetDB(), 126},
		{"CELL_RESELECT_OFFSET 5, PENALTY_TIME 31", SelectionParameters{CellReselectOffset: 5, PenaltyTime: 31}.OffsetDB(), -10},
		{"PENALTY_TIME 0", penalty(0), []any{20 * time.Second, true}},
		{"PENALTY_TIME 30", penalty(30), []any{620 * time.Second, true}},
		{"PENALTY_TIME 31", penalty(31), []any{time.Duration(0), false}},
		{"TEMPORARY_OFFSET 6", temporary(6), []any{60, false}},
		{"TEMPORARY_OFFSET 7", temporary(7), []any{0, true}},
		{"CELL-RESELECT-HYSTERESIS 7", CellSelectionParameters{CellReselectHysteresis: 7}.HysteresisDB(), 14},
		{"RXLEV-ACCESS-MIN 0", CellSelectionParameters{}.RxLevAccessMinDBm(), -110},
		{"RXLEV-ACCESS-MIN 63", CellSelectionParameters{RxLevAccessMin: 63}.RxLevAccessMinDBm(), -47},
		{"MS-TXPWR-MAX-CCH 5, GSM 900", power(5, "GSM 900"), dbm{33, true}},
		{"MS-TXPWR-MAX-CCH 0, GSM 850", power(0, "GSM 850"), dbm{39, true}},
		{"MS-TXPWR-MAX-CCH 31, GSM 900", power(31, "GSM 900"), dbm{5, true}},
		{"MS-TXPWR-MAX-CCH 0, DCS 1800", power(0, "DCS 1800"), dbm{30, true}},
		{"MS-TXPWR-MAX-CCH 29, DCS 1800", power(29, "DCS 1800"), dbm{36, true}},
		{"MS-TXPWR-MAX-CCH 16, DCS 1800", power(16, "DCS 1800"), dbm{0, true}},
		{"MS-TXPWR-MAX-CCH 16, PCS 1900", power(16, "PCS 1900"), dbm{0, false}},
		{"MS-TXPWR-MAX-CCH 30, PCS 1900", power(30, "PCS 1900"), dbm{33, true}},
		{"T3212 10", ControlChannelDescription{T3212: 10}.Period(), time.Hour},
		{"T3212 0", ControlChannelDescription{}.Period(), time.Duration(0)},
		{"BS-PA-MFRMS 7", ControlChannelDescription{BSPAMfrms: 7}.PagingMultiframes(), 9},
		{"CCCH-CONF 6", ControlChannelDescription{CCCHConf: 6}.CCCHs(), 4},
		{"CCCH-CONF 3, reserved", ControlChannelDescription{CCCHConf: 3}.CCCHs(), 0},
		{"CCCH-CONF 1", ControlChannelDescription{CCCHConf: 1}.Combined(), true},
		{"RADIO-LINK-TIMEOUT 15", CellOptions{RadioLinkTimeout: 15}.Timeout(), 64},
		{"Max retrans 3", RACHControlParameters{MaxRetrans: 3}.Retransmissions(), 7},
		{"Tx-integer 15", RACHControlParameters{TxInteger: 15}.Slots(), 50},
		{"EC", RACHControlParameters{AccessControlClass: 0x0400}.EmergencyCallAllowed(), false},
		{"class 10 is EC", RACHControlParameters{AccessControlClass: 0x0400}.Barred(10), false},
		{"class 15", RACHControlParameters{AccessControlClass: 0x8000}.Barred(15), true},
		{"NCC 7", NCCPermitted(0x80).Has(7), true},
		{"NCC 8", NCCPermitted(0x80).Has(8), false},
		{"power offset 3", PowerOffset{PowerOffset: 3}.DB(), 6},
		{"DRX_TIMER_MAX 7", GPRSCellOptions{DRXTimerMax: 7}.DRXTimer(), 64 * time.Second},
		{"DRX_TIMER_MAX 0", GPRSCellOptions{}.DRXTimer(), time.Duration(0)},
		{"T3192 3", GPRSCellOptions{T3192: 3}.ReleaseWait(), time.Duration(0)},
		{"measurement bandwidth 7", EUTRANFrequency{MeasurementBandwidth: 7}.ResourceBlocks(), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !reflect.DeepEqual(tt.got, tt.want) {
				t.Errorf("got %v, want %v", tt.got, tt.want)
			}
		})
	}
}

// TestSystemInformationErrors: what is wrong, where, and what is kept.
func TestSystemInformationErrors(t *testing.T) {
	tests := []struct {
		name, in, path string
		offset         int
		err            error
		kept           func(wire.Message) bool
	}{
		{"reserved format in SI1", "06 19 40000000000000000000000000000000 990400 2b", "Cell Channel Description", 2, wire.ErrInvalid,
			func(m wire.Message) bool { return m.(*SystemInformation1).RACH.MaxRetrans == 2 }},
		{"reserved format in SI2", "06 1a c0000000000000000000000000000000 ff 990400", "Neighbour Cell Description", 2, wire.ErrInvalid,
			func(m wire.Message) bool { return m.(*SystemInformation2).NCCPermitted == 255 }},
		{"hexadecimal digits in the MCC", "06 1b 0001 0af1100007 59050a 28 6440 790000 bf002b2b", "Location Area Identification.MCC MNC", 4, wire.ErrInvalid,
			func(m wire.Message) bool {
				s := m.(*SystemInformation3)
				return s.CI == 1 && s.LAI.LAC == 7 && s.ControlChannel.T3212 == 10 && s.Rest.Selection.CellReselectOffset == 63
			}},
		{"SI3 without rest octets", "06 1b 0001 00f1100001 59050a 28 6440 790000", "SI 3 Rest Octets", 18, wire.ErrShort,
			func(m wire.Message) bool { return m.(*SystemInformation3).RACH.MaxRetrans == 1 }},
		{"SI3 ends in the selection parameters", "06 1b 0001 00f1100001 59050a 28 6440 790000 bf", "SI 3 Rest Octets.TEMPORARY_OFFSET", 19, wire.ErrShort,
			func(m wire.Message) bool { return m.(*SystemInformation3).Rest.Selection.CellReselectOffset == 63 }},
		{"SI13 with an extension that is too long", "0600" + restOctets("H 000 0000 0 0 00000000 0 000 00 00 000 000 000 0 0 0000 0 1 111111 ", 7), "SI 13 Rest Octets.EXT_UTBF_NODATA", 9, wire.ErrShort,
			func(m wire.Message) bool { return m.(*SystemInformation13).Rest.CellOptions.Extension }},
		{"unknown type without content", "06", "Message Type", 1, wire.ErrShort, nil},
		{"nothing", "", "Message Type", 0, wire.ErrShort, nil},
		{"not RR", "05 08", "Protocol Discriminator", 0, wire.ErrInvalid, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var d Decoder
			m, err := d.Decode(siHex(t, tt.in))
			var de *wire.DecodeError
			if !errors.As(err, &de) || !errors.Is(err, tt.err) || de.Path != tt.path || de.Offset != tt.offset {
				t.Fatalf("error = %v, want %s at octet %d: %v", err, tt.path, tt.offset, tt.err)
			}
			if m == nil || tt.kept != nil && !tt.kept(m) {
				t.Errorf("not kept: %+v", m)
			}
		})
	}
	var s SystemInformation3
	if err := s.Decode(siHex(t, testSI4)); !errors.Is(err, wire.ErrInvalid) {
		t.Errorf("type 4 decoded as type 3: %v", err)
	}
}

func TestUnknownType(t *testing.T) {
	var d Decoder
	b := siHex(t, "06 7f 01 02")
	m, err := d.Decode(b)
	o, ok := m.(*wire.Opaque)
	if err != nil || !ok || o.Title != "RR message 0x7f (unknown)" || len(o.Octets) != 4 {
		t.Errorf("%+v, %v", m, err)
	}
}

// TestTruncation cuts every message at every octet.
func TestTruncation(t *testing.T) {
	for _, s := range testMessages() {
		b := siHex(t, s)
		var d Decoder
		whole, err := d.Decode(b)
		if err != nil {
			t.Errorf("%x: %v", b, err)
		}
		name := whole.Name()
		for n := range b {
			m, err := d.Decode(b[:n:n])
			checkError(t, err, n)
			if n >= 2 && m.Name() != name {
				t.Errorf("%x: %q, want %q", b[:n], m.Name(), name)
			}
			// Rest octets of no fixed length may end anywhere between their fields.
			free := map[string]int{"System Information Type 2bis": 21, "System Information Type 4": 12, "System Information Type 7": 2,
				"System Information Type 8": 2, "System Information Type 9": 5}[name]
			if err == nil && (free == 0 || n < free) {
				t.Errorf("%x (%d octets of %d): no error", b[:n], n, len(b))
			}
			if err != nil && !errors.Is(err, wire.ErrShort) {
				t.Errorf("%x: %v", b[:n], err)
			}
		}
	}
}

func FuzzSystemInformation(f *testing.F) {
	for _, s := range testMessages() {
		f.Add(siHex(f, s))
	}
	f.Add(siHex(f, "06 1c 00f1100001 6440 790000 64 54 f0 43 72 02 01 05 2b2b2b2b"))
	var dirty Decoder
	f.Fuzz(func(t *testing.T, b []byte) {
		var fresh Decoder
		if len(b) >= 2 && fresh.broadcast(b[1]) == nil {
			b = append([]byte(nil), b...)
			b[1] &= 0x1f
		}
		m, err := fresh.Decode(b)
		if m == nil {
			t.Fatal("no message")
		}
		checkError(t, err, len(b))
		again, err2 := dirty.Decode(b)
		if !reflect.DeepEqual(m, again) || !reflect.DeepEqual(err, err2) {
			t.Fatalf("fresh %+v, %v\ndirty %+v, %v", m, err, again, err2)
		}
		checkSystemInformation(t, m, 8*len(b))
	})
}

// checkSystemInformation fails if a value of m is outside of its field.
func checkSystemInformation(t *testing.T, m wire.Message, bits int) {
	t.Helper()
	rach := func(p RACHControlParameters) bool { return p.MaxRetrans <= 3 && p.TxInteger <= 15 }
	sel := func(p CellSelectionParameters) bool {
		return p.CellReselectHysteresis <= 7 && p.MSTxPwrMaxCCH <= 31 && p.RxLevAccessMin <= 63
	}
	rest := func(p SelectionParameters) bool {
		return p.CellReselectOffset <= 63 && p.TemporaryOffset <= 7 && p.PenaltyTime <= 31 && (p.Present || p == SelectionParameters{})
	}
	ok := true
	switch m := m.(type) {
	case *SystemInformation1:
		ok = rach(m.RACH) && m.Rest.NCHPosition <= 31 && m.Rest.Undecoded >= 0 && m.Rest.Undecoded <= 8
	case *SystemInformation2:
		ok = rach(m.RACH) && m.Neighbours.MultibandReporting == 0
	case *SystemInformation2ter:
		ok = m.Neighbours.MultibandReporting <= 3 && !m.Neighbours.EXTIND && m.Rest.FDDUARFCN < 1<<14 && m.Rest.TDDUARFCN < 1<<14 && m.Rest.Undecoded <= 32
	case *SystemInformation2quater:
		ok = m.Index <= 15 && m.Count <= 15 && int(m.UTRAN.FDDCount) <= maxUTRAN && int(m.UTRAN.TDDCount) <= maxUTRAN &&
			int(m.EUTRAN.Count) <= maxEUTRAN && int(m.UTRANPriority.Count) <= maxUTRANPriorities && m.Undecoded <= 160 && m.ServingCell.GERANPriority <= 7
		for _, f := range m.UTRAN.FDDFrequencies() {
			ok = ok && f.UARFCN < 1<<14 && f.NrOfCells <= 31 && f.CellCount <= 17
			for _, c := range f.Cells() {
				ok = ok && c < 1<<10
			}
		}
		for _, f := range m.UTRAN.TDDFrequencies() {
			ok = ok && f.UARFCN < 1<<14 && f.NrOfCells <= 31 && f.CellCount <= 21
			for _, c := range f.Cells() {
				ok = ok && c < 1<<9
			}
		}
	case *SystemInformation3:
		ok = rach(m.RACH) && sel(m.CellSelection) && rest(m.Rest.Selection) && m.CellOptions.DTX <= 3 && m.ControlChannel.BSPAMfrms <= 7 && m.Rest.Undecoded <= 32
	case *SystemInformation4:
		ok = rach(m.RACH) && sel(m.CellSelection) && rest(m.Rest.Selection) && m.CBCH.ARFCN <= 1023 && m.CBCHAllocation.Octets <= 8 && int(m.Rest.LSAIDs) <= maxLSA
	case *SystemInformation6:
		ok = m.CellOptions.DTX <= 7 && m.Rest.Undecoded <= 56
	case *SystemInformation13:
		ok = m.Rest.CellOptions.NMO <= 3 && m.Rest.PowerControl.TAvgW <= 31 && m.Rest.Undecoded <= 160
	case *SystemInformation9:
		ok = rach(m.RACH) && m.Undecoded <= bits
	}
	if !ok {
		t.Fatalf("value outside of its field: %+v", m)
	}
}

// TestAllocations: decoding a correct message allocates nothing.
func TestAllocations(t *testing.T) {
	var d Decoder
	for _, s := range testMessages() {
		b := siHex(t, s)
		if n := testing.AllocsPerRun(100, func() {
			if _, err := d.Decode(b); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%x: %v allocations", b[:2], n)
		}
	}
}

func benchmarkSI(b *testing.B, s string) {
	in := siHex(b, s)
	var d Decoder
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Decode(in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSI2(b *testing.B) { benchmarkSI(b, testSI2) }

// BenchmarkSI2Longest decodes a list in the 128 range, with as many frequencies as
// fit.
func BenchmarkSI2Longest(b *testing.B) {
	benchmarkSI(b, "06 1a 8c 0a ff ffffffffffffffffffffffffff ff 990400")
}

func BenchmarkSI3(b *testing.B)       { benchmarkSI(b, testSI3) }
func BenchmarkSI13(b *testing.B)      { benchmarkSI(b, testSI13()) }
func BenchmarkSI2quater(b *testing.B) { benchmarkSI(b, testSI2quater()) }
