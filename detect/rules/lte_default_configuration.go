package rules

import (
	"fmt"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "lte-default-configuration",
	Title:     "The cell is set up like the example of an open base station program",
	Family:    rule.Structure,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.2.0",
	Version:   1,
	RATs:      lte,
	Catalogue: []string{"L43"},
	Needs:     []event.Kind{event.KindSIB2},
	Weight:    0.9, WeightBasis: expert,
	Why: "srsENB, a free program that turns a computer with a radio into an LTE cell, comes with an example configuration. Who uses it changes network and area, " +
		"seldom the twenty numbers by which phones reach the cell. It tells what the cell is made of, not what for: laboratories and schools run it as well.",
	Benign: []rule.Benign{
		{Explanation: "A laboratory, school or private network that runs the same program.", Test: func(v rule.View) rule.BenignStatus { return rule.Possible }},
	},
	Refs: []string{"TS 36.331 §6.3.1", "TS 36.331 §6.3.2", "srsRAN_4G, sib.conf.example and enb.conf.example of releases 18.03 to 23.11"},
	Params: []rule.Param{
		{Name: "min_compared", Default: 8, Unit: "values", Min: 4, Max: 24, Source: "detection catalogue L43: fewer agree by chance"},
		{Name: "min_share", Default: 0.9, Unit: "share of values", Min: 0.5, Max: 1, Source: "expert: at most half of them agree on each of 381 commercial cells that were read for this rule"},
	},
	New: func(p rule.Values) rule.Observer {
		return atEnd{
			enough: func(v rule.View) bool {
				_, compared := likeExample(v.Cell)
				return float64(compared) >= p["min_compared"]
			},
			judge: func(v rule.View) []rule.Evidence {
				same, compared := likeExample(v.Cell)
				if float64(len(same)) < p["min_share"]*float64(compared) {
					return nil
				}
				ev := rule.Evidence{
					Field: "radioResourceConfigCommon, ue-TimersAndConstants", Got: fmt.Sprintf("%d of %d values as in the example", len(same), compared),
					Expect: "values chosen for the network", Scale: 1,
					Summary: fmt.Sprintf("%d of %d technical values of the cell are those of the example configuration of srsENB, a free base station program.", len(same), compared),
				}
				for _, p := range same {
					if !slices.Contains(ev.Frames, p.First) {
						ev.Frames = append(ev.Frames, p.First)
					}
					ev.Basis = max(ev.Basis, p.Basis)
				}
				if country(int(v.Cell.ID.PLMN.MCC)) == "" {
					ev.Scale = 0.5 // a laboratory that says it is one
				}
				return []rule.Evidence{ev}
			},
		}
	},
	Vectors: []rule.Vector{
		{Name: "example", Fires: true, Frames: exampleCell(4, 200, 10000, func(*lteCell) {})},
		{Name: "example of earlier releases", Fires: true, Frames: exampleCell(2, 1000, 1000, func(*lteCell) {})},
		{Name: "example of a copied network, with another level", Fires: true, Frames: exampleCell(4, 200, 10000, func(c *lteCell) { c.mcc, c.mnc, c.rxlev = "295", "99", -70 })},
		{Name: "a network's values", Frames: macro(1300, 7, 70001).cycle()},
		{Name: "some in common", Frames: exampleCell(5, 2000, 3000, func(c *lteCell) { c.rxlev, c.tag = -64, 3 })},
	},
})

// exampleValues are those of srsENB's example configuration by release: where releases
// differ, all are listed. Identity, network, area, frequency and the reselection values
// of SIB3, which attackers set to their ends, are left out.
var exampleValues = []struct {
	name   string
	values []float64
}{
	{cell.QRxLevMin, []float64{-130}},
	{cell.SIWindowLength, []float64{20}},
	{cell.SIMessages, []float64{1}},
	{cell.SystemInfoValueTag, []float64{0}},
	{cell.RootSequenceIndex, []float64{128}},
	{cell.PRACHConfigIndex, []float64{3}},
	{cell.PRACHFreqOffset, []float64{2, 4}},
	{cell.ZeroCorrelationZone, []float64{5}},
	{cell.PreambleTargetPower, []float64{-104}},
	{cell.PowerRampingStep, []float64{6}},
	{cell.PreambleTransMax, []float64{10}},
	{cell.RAResponseWindow, []float64{10}},
	{cell.ContentionResolution, []float64{64}},
	{cell.ReferenceSignalPower, []float64{0}},
	{cell.P0NominalPUSCH, []float64{-85}},
	{cell.Alpha, []float64{0.7}},
	{cell.P0NominalPUCCH, []float64{-107}},
	{cell.T300, []float64{2000}},
	{cell.T301, []float64{100}},
	{cell.T310, []float64{200, 1000}},
	{cell.N310, []float64{1}},
	{cell.T311, []float64{1000, 10000}},
	{cell.N311, []float64{1}},
	{cell.TimeAlignmentTimer, []float64{-1}},
	{cell.DefaultPagingCycle, []float64{32}},
}

// likeExample returns the cell's parameters that are as in the example, and how many
// could be compared.
func likeExample(c *cell.Cell) (same []cell.Parameter, compared int) {
	for _, x := range exampleValues {
		p, ok := c.Param(x.name)
		if !ok {
			continue
		}
		compared++
		if slices.Contains(x.values, p.Value) {
			same = append(same, p)
		}
	}
	return same, compared
}

// exampleCell is the cycle of a cell with the example's values but for those given.
func exampleCell(prachOffset, t310, t311 int, change func(*lteCell)) string {
	c := macro(1300, 7, 70001)
	c.rxlev, c.tag, c.sibs, c.scheduled = -65, 0, nil, 1
	change(&c)
	sib2 := sib{"sib2", fmt.Sprintf(`{"radioResourceConfigCommon":{"rach-ConfigCommon":{"preambleInfo":{"numberOfRA-Preambles":"n52"},"powerRampingParameters":{"powerRampingStep":"dB6","preambleInitialReceivedTargetPower":"dBm-104"},`+
		`"ra-SupervisionInfo":{"preambleTransMax":"n10","ra-ResponseWindowSize":"sf10","mac-ContentionResolutionTimer":"sf64"},"maxHARQ-Msg3Tx":4},`+
		`"bcch-Config":{"modificationPeriodCoeff":"n16"},"pcch-Config":{"defaultPagingCycle":"rf32","nB":"oneT"},`+
		`"prach-Config":{"rootSequenceIndex":128,"prach-ConfigInfo":{"prach-ConfigIndex":3,"highSpeedFlag":false,"zeroCorrelationZoneConfig":5,"prach-FreqOffset":%d}},`+
		`"pdsch-ConfigCommon":{"referenceSignalPower":0,"p-b":1},`+
		`"pusch-ConfigCommon":{"pusch-ConfigBasic":{"n-SB":1,"hoppingMode":"interSubFrame","pusch-HoppingOffset":2,"enable64QAM":false},"ul-ReferenceSignalsPUSCH":{"groupHoppingEnabled":false,"groupAssignmentPUSCH":0,"sequenceHoppingEnabled":false,"cyclicShift":0}},`+
		`"pucch-ConfigCommon":{"deltaPUCCH-Shift":"ds2","nRB-CQI":2,"nCS-AN":0,"n1PUCCH-AN":12},"soundingRS-UL-ConfigCommon":{"release":null},`+
		`"uplinkPowerControlCommon":{"p0-NominalPUSCH":-85,"alpha":"al07","p0-NominalPUCCH":-107,"deltaFList-PUCCH":{"deltaF-PUCCH-Format1":"deltaF0","deltaF-PUCCH-Format1b":"deltaF3","deltaF-PUCCH-Format2":"deltaF1","deltaF-PUCCH-Format2a":"deltaF2","deltaF-PUCCH-Format2b":"deltaF2"},"deltaPreambleMsg3":6},`+
		`"ul-CyclicPrefixLength":"len1"},"ue-TimersAndConstants":{"t300":"ms2000","t301":"ms100","t310":"ms%d","n310":"n1","t311":"ms%d","n311":"n1"},`+
		`"freqInfo":{"additionalSpectrumEmission":1},"timeAlignmentTimerCommon":"infinity"}`, prachOffset, t310, t311)}
	return c.mib() + c.sib1() + c.si(sib2, c.sib3())
}
