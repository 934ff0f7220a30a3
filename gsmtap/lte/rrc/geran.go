package rrc

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/arfcn"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// GERANCarriers is CarrierFreqsGERAN (TS 36.331 §6.3.4): a set of ARFCNs.
type GERANCarriers struct {
	// Starting is startingARFCN.
	Starting uint16
	// PCS is set if the band indicator is pcs1900: it decides the band of ARFCN 512 to
	// 810.
	PCS bool
	// ARFCNs are all of the set, Starting included.
	ARFCNs arfcn.Set
}

func (g *GERANCarriers) read(v uper.Value) {
	*g = GERANCarriers{}
	start := v.Field("startingARFCN")
	if !start.Present() {
		return
	}
	g.Starting = integer[uint16](start)
	g.PCS = v.Field("bandIndicator").Int() == 1
	s := int(g.Starting)
	g.ARFCNs.Add(s)
	following := v.Field("followingARFCNs").Chosen()
	switch following.Name() {
	case "explicitListOfARFCNs":
		for e := following.First(); e.Present(); e = e.Next() {
			g.ARFCNs.Add(int(e.Int()))
		}
	case "equallySpacedARFCNs":
		d := int(following.Field("arfcn-Spacing").Int())
		for i := range int(following.Field("numberOfFollowingARFCNs").Int()) & 31 {
			g.ARFCNs.Add((s + (i+1)*d) & arfcn.Max)
		}
	case "variableBitMapOfARFCNs": // the first bit is the ARFCN after the starting one
		for i, b := range following.Octets() {
			for j := range 8 {
				if b>>(7-j)&1 == 1 {
					g.ARFCNs.Add((s + 8*i + j + 1) & arfcn.Max)
				}
			}
		}
	}
}
