package detect_test

import (
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/engine"
	"github.com/fbsdetect/fbsdetect/detect/observe"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/rule/ruletest"
	"github.com/fbsdetect/fbsdetect/gsmtap"
)

// TestNoAllocationPerPacket: what a capture is full of, the same broadcasts and
// pagings over and over, costs no allocation from the GSMTAP packet to the rules.
func TestNoAllocationPerPacket(t *testing.T) {
	for name, text := range map[string]string{"GSM": gsmFrames, "LTE": lteFrames} {
		t.Run(name, func(t *testing.T) { noAllocation(t, text) })
	}
}

const gsmFrames = `
		BCCH 33: 49 06 1b 0001 00f110 0001 09 04 0a 28 6505 790000 80002b2b
		BCCH 33: 59 06 1a 10000000000000000000000000000000 ff 790000
		BCCH 33: 31 06 1c 00f110 0001 6505 790000
		BCCH 33: 55 06 19 00000000000000000000000000000001 790000 2b
		PCH 33: 15 06 21 00 01 f0
		PCH 33: 31 06 22 00 c0000001 c0000002
		SDCCH/4 33: 03 03 01
		SACCH/4 33: 0000 03 03 49 06 1d 10000000000000000000000000000000
`

const lteFrames = `
		BCCH-DL-SCH 1850/5: {"message":{"c1":{"systemInformationBlockType1":{"cellAccessRelatedInfo":{"plmn-IdentityList":[{"plmn-Identity":{"mcc":[0,0,1],"mnc":[0,1]},"cellReservedForOperatorUse":"notReserved"}],"trackingAreaCode":"0000000000000111","cellIdentity":"0000000000000000000100000001","cellBarred":"notBarred","intraFreqReselection":"allowed","csg-Indication":false},"cellSelectionInfo":{"q-RxLevMin":-60},"freqBandIndicator":3,"schedulingInfoList":[{"si-Periodicity":"rf16","sib-MappingInfo":["sibType3"]}],"si-WindowLength":"ms20","systemInfoValueTag":3}}}}
		BCCH-DL-SCH 1850/5: {"message":{"c1":{"systemInformation":{"criticalExtensions":{"systemInformation-r8":{"sib-TypeAndInfo":[{"sib3":{"cellReselectionInfoCommon":{"q-Hyst":"dB4"},"cellReselectionServingFreqInfo":{"threshServingLow":4,"cellReselectionPriority":4},"intraFreqCellReselectionInfo":{"q-RxLevMin":-60,"presenceAntennaPort1":true,"neighCellConfig":"01","t-ReselectionEUTRA":1}}}]}}}}}}
		PCCH 1850/5: {"message":{"c1":{"paging":{"pagingRecordList":[{"ue-Identity":{"s-TMSI":{"mmec":"00000001","m-TMSI":"00010001001000100011001101000100"}},"cn-Domain":"ps"}]}}}}
		DL-DCCH 1850/5: {"message":{"c1":{"rrcConnectionReconfiguration":{"rrc-TransactionIdentifier":0,"criticalExtensions":{"c1":{"rrcConnectionReconfiguration-r8":{"radioResourceConfigDedicated":{}}}}}}}}
		UL-DCCH 1850/5: {"message":{"c1":{"rrcConnectionReconfigurationComplete":{"rrc-TransactionIdentifier":0,"criticalExtensions":{"rrcConnectionReconfigurationComplete-r8":{}}}}}}
`

func noAllocation(t *testing.T, text string) {
	frames, err := ruletest.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	tracker := cell.NewTracker()
	e := engine.New(tracker, rule.All(), nil)
	o := observe.New(tracker, e, 0)
	d := gsmtap.NewDecoder()
	d.Defer = true
	var time int64
	emit := func(p *gsmtap.Packet) { o.Packet(1, time, p) }
	pass := func() {
		for _, f := range frames {
			time += 1e6
			d.Decode(f.Octets, emit)
		}
	}
	pass()
	pass()
	if n := testing.AllocsPerRun(100, pass); n != 0 {
		t.Errorf("%v allocations for %d packets", n, len(frames))
	}
}
