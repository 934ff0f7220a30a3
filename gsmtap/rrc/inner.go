package rrc

import (
	"iter"
	"strings"

	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// Inner is a message or structure inside a message whose type the ASN.1 leaves to the
// text of the specification.
type Inner struct {
	// RAT is the technology whose specification defines the type.
	RAT RAT
	// PDU is the type: "UE-EUTRA-Capability".
	PDU string
	// Field is the string that holds it.
	Field uper.Value
	// Value is what it holds; with Err set, what was decoded before the error.
	Value uper.Value
	// Err is why it could not be decoded; its place counts from the start of the string.
	Err error
}

// maxInner bounds how deep one Inner may lie in another: a message of NR in one of LTE
// holds capabilities, which hold none.
const maxInner = 3

// Inner decodes one after the other what the message decoded last holds in strings: UE
// capabilities by RAT, NR configuration and messages that LTE carries and the other
// way round, handover messages of the target RAT. What is found is decoded in turn. The
// values stay valid until the next Decode; each call decodes anew.
func (d *Decoder) Inner() iter.Seq[Inner] {
	return func(yield func(Inner) bool) {
		d.walk(d.rat, d.message.Tree, 0, yield)
	}
}

// walk looks for known strings below v, whose type is one of r; false if yield ended
// it.
func (d *Decoder) walk(r RAT, v uper.Value, depth int, yield func(Inner) bool) bool {
	for c := v.First(); c.Present(); c = c.Next() {
		if c.Kind() == uper.OctetString && !c.Contained().Present() {
			if h := held(r, v, c); h.pdu != "" && !d.inner(h, c, depth, yield) {
				return false
			}
		}
		if !d.walk(r, c, depth, yield) {
			return false
		}
	}
	if c := v.Contained(); c.Present() {
		return d.walk(r, c, depth, yield)
	}
	return true
}

func (d *Decoder) inner(h content, field uper.Value, depth int, yield func(Inner) bool) bool {
	v, err := d.contained(h.rat, h.pdu, field.Octets())
	if !yield(Inner{RAT: h.rat, PDU: h.pdu, Field: field, Value: v, Err: err}) {
		return false
	}
	return depth+1 >= maxInner || d.walk(h.rat, v, depth+1, yield)
}

// content is a type that a string holds.
type content struct {
	rat RAT
	pdu string
}

// contents are what strings hold, by RAT of the message around them, component, and RAT
// that the component before it names, if one does. GERAN's and CDMA2000's are not
// ASN.1. (TS 36.331 §6.2.2, §6.3.6 and TS 38.331 §6.2.2, §6.3.3; where the text leaves
// open whether a message comes with its DL-DCCH-Message around it, as Wireshark does.)
var contents = [rats]map[[2]string]content{
	LTE: {
		{"ueCapabilityRAT-Container", "eutra"}:    {LTE, "UE-EUTRA-Capability"},
		{"ueCapabilityRAT-Container", "utra"}:     {UMTS, "InterRATHandoverInfo"},
		{"ueCapabilityRAT-Container", "nr"}:       {NR, "UE-NR-Capability"},
		{"ueCapabilityRAT-Container", "eutra-nr"}: {NR, "UE-MRDC-Capability"},
		{"targetRAT-MessageContainer", "utra"}:    {UMTS, "HandoverToUTRANCommand"},
		{"targetRAT-MessageContainer", "nr"}:      {NR, "RRCReconfiguration"},
		{"targetRAT-MessageContainer", "eutra"}:   {LTE, "RRCConnectionReconfiguration"},
		{"nr-SecondaryCellGroupConfig-r15", ""}:   {NR, "RRCReconfiguration"},
		{"nr-SecondaryCellGroupConfig-r16", ""}:   {NR, "RRCReconfiguration"},
		{"nr-RadioBearerConfig1-r15", ""}:         {NR, "RadioBearerConfig"},
		{"nr-RadioBearerConfig2-r15", ""}:         {NR, "RadioBearerConfig"},
		{"scg-ConfigResponseNR-r15", ""}:          {NR, "RRCReconfigurationComplete"},
		{"scg-ConfigResponseNR-r16", ""}:          {NR, "RRCReconfigurationComplete"},
		{"ul-DCCH-MessageNR-r15", ""}:             {NR, "UL-DCCH-Message"},
		{"ul-DCCH-MessageNR-r16", ""}:             {NR, "UL-DCCH-Message"},
		{"measResultSCG-r15", ""}:                 {NR, "MeasResultSCG-Failure"},
		{"requestedFreqBandsNR-MRDC-r15", ""}:     {NR, "FreqBandList"},
		{"requestedCapabilityNR-r15", ""}:         {NR, "UE-CapabilityRequestFilterNR"},
		{"requestedCapabilityCommon-r15", ""}:     {NR, "UE-CapabilityRequestFilterCommon"},
		{"appliedCapabilityFilterCommon-r15", ""}: {NR, "UE-CapabilityRequestFilterCommon"},
	},
	NR: {
		{"ue-CapabilityRAT-Container", "nr"}:             {NR, "UE-NR-Capability"},
		{"ue-CapabilityRAT-Container", "eutra-nr"}:       {NR, "UE-MRDC-Capability"},
		{"ue-CapabilityRAT-Container", "eutra"}:          {LTE, "UE-EUTRA-Capability"},
		{"ue-CapabilityRAT-Container", "utra-fdd-v1610"}: {UMTS, "InterRATHandoverInfo"},
		{"capabilityRequestFilter", "nr"}:                {NR, "UE-CapabilityRequestFilterNR"},
		{"capabilityRequestFilter", "eutra-nr"}:          {NR, "UE-CapabilityRequestFilterNR"},
		{"targetRAT-MessageContainer", "eutra"}:          {LTE, "DL-DCCH-Message"},
		{"targetRAT-MessageContainer", "utra-fdd-v1610"}: {UMTS, "HandoverToUTRANCommand"},
		{"eutra-SCG", ""}:                                {LTE, "RRCConnectionReconfiguration"},
		{"eutra-SCG-r16", ""}:                            {LTE, "RRCConnectionReconfiguration"},
		{"eutra-SCG-Response", ""}:                       {LTE, "RRCConnectionReconfigurationComplete"},
		{"dl-DCCH-MessageNR-r16", ""}:                    {NR, "DL-DCCH-Message"},
		{"dl-DCCH-MessageEUTRA-r16", ""}:                 {LTE, "DL-DCCH-Message"},
		{"ul-DCCH-MessageNR", ""}:                        {NR, "UL-DCCH-Message"},
		{"ul-DCCH-MessageEUTRA", ""}:                     {LTE, "UL-DCCH-Message"},
		{"ul-DCCH-MessageEUTRA-r16", ""}:                 {LTE, "UL-DCCH-Message"},
	},
	UMTS: {
		// Also in HandoverFromUTRANFailure, where it is a message to the network.
		{"eutra-Message", ""}: {LTE, "DL-DCCH-Message"},
	},
}

// held returns what c, a component of v in a message of r, holds; its pdu is "" if that
// is not known.
func held(r RAT, v, c uper.Value) content {
	rat := v.Field("rat-Type")
	if !rat.Present() {
		rat = v.Field("targetRAT-Type")
	}
	k := contents[r][[2]string{c.Name(), rat.Text()}]
	if k.rat == LTE && r == UMTS && strings.HasPrefix(v.TypeName(), "HandoverFromUtranFailure") {
		return content{}
	}
	return k
}
