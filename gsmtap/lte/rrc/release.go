package rrc

import "github.com/fbsdetect/fbsdetect/gsmtap/uper"

// maxUTRATDD is maxFreqUTRA-TDD-r10 (TS 36.331 §6.4).
const maxUTRATDD = 6

// maxPriorities is the sum of the lists of IdleModeMobilityControlInfo: twice maxFreq
// for E-UTRA, maxGNFG, two of UTRA carriers, two of CDMA2000 band classes and maxFreq for
// NR (TS 36.331 §6.4).
const maxPriorities = 2*maxFreq + maxGNFG + 2*maxUTRACarrier + 2*maxBandClass + maxFreq

// Redirect is where a phone is sent: redirectedCarrierInfo (TS 36.331 §6.2.2,
// RRCConnectionRelease).
type Redirect struct {
	// RAT is the technology; NoRAT if the phone is not redirected.
	RAT RAT
	// ARFCNs are the first Count of the array: EARFCN, UARFCN, NR-ARFCN, CDMA2000 channel
	// or, for GERAN, the starting ARFCN.
	ARFCNs [maxUTRATDD]uint32
	Count  uint8
	// GERAN are all carriers of a redirection to GERAN.
	GERAN GERANCarriers
	// BandClass is that of a CDMA2000 carrier.
	BandClass uint8
	// SCSkHz is the subcarrier spacing of an NR carrier.
	SCSkHz uint8
}

func (r *Redirect) one(t RAT, arfcn uint32) {
	*r = Redirect{RAT: t, Count: 1}
	r.ARFCNs[0] = arfcn
}

func (r *Redirect) read(c uper.Value) {
	switch base(c.Name()) {
	case "eutra":
		r.one(EUTRA, integer[uint32](c))
	case "geran":
		r.one(GERAN, integer[uint32](c.Field("startingARFCN")))
		r.GERAN.read(c)
	case "utra-FDD":
		r.one(UTRAFDD, integer[uint32](c))
	case "utra-TDD":
		if c.Kind() == uper.Integer {
			r.one(UTRATDD, integer[uint32](c))
			return
		}
		*r = Redirect{RAT: UTRATDD}
		for e := c.First(); e.Present() && int(r.Count) < len(r.ARFCNs); e = e.Next() {
			r.ARFCNs[r.Count] = integer[uint32](e)
			r.Count++
		}
	case "cdma2000-HRPD":
		r.one(HRPD, integer[uint32](c.Field("arfcn")))
		r.BandClass = bandClass(c.Field("bandClass"))
	case "cdma2000-1xRTT":
		r.one(XRTT, integer[uint32](c.Field("arfcn")))
		r.BandClass = bandClass(c.Field("bandClass"))
	case "nr":
		r.one(NR, integer[uint32](c.Field("carrierFreq-r15")))
		r.SCSkHz = number[uint8](c.Field("subcarrierSpacingSSB-r15"))
	}
}

// FrequencyPriority is one entry of the lists of idleModeMobilityControlInfo.
type FrequencyPriority struct {
	RAT RAT
	// ARFCN is the carrier: EARFCN, UARFCN, NR-ARFCN, the starting ARFCN of a GERAN
	// group, or the band class of CDMA2000.
	ARFCN uint32
	// PCS is the band indicator of a GERAN group, ARFCNs the number of its carriers.
	PCS    bool
	ARFCNs uint16
	// Priority is cellReselectionPriority, 0 (lowest) to 7.
	Priority uint8
}

// IdlePriorities is IdleModeMobilityControlInfo (TS 36.331 §6.3.4): priorities for one
// phone in place of the broadcast ones.
type IdlePriorities struct {
	// Present says that the message carries them.
	Present bool
	// Priorities are the first Count of the array, in the order of the message's lists.
	Priorities [maxPriorities]FrequencyPriority
	Count      uint8
	// T320Minutes is t320, how long they hold; absent for no limit.
	T320Minutes Optional[uint8]

	eutra uint8 // how many entries freqPriorityListEUTRA has, which comes first
}

func (p *IdlePriorities) add(f FrequencyPriority) {
	if int(p.Count) < len(p.Priorities) {
		p.Priorities[p.Count] = f
		p.Count++
	}
}

func (p *IdlePriorities) read(v uper.Value) {
	p.Present = v.Present()
	for c := v.First(); c.Present(); c = c.Next() {
		switch c.Name() {
		case "freqPriorityListEUTRA":
			p.list(c, EUTRA)
			p.eutra = p.Count
		case "freqPriorityListExtEUTRA-r12":
			p.list(c, EUTRA)
		case "freqPriorityListGERAN":
			for e := c.First(); e.Present(); e = e.Next() {
				var g GERANCarriers
				g.read(e.Field("carrierFreqs"))
				p.add(FrequencyPriority{GERAN, uint32(g.Starting), g.PCS, uint16(g.ARFCNs.Len()),
					integer[uint8](e.Field("cellReselectionPriority"))})
			}
		case "freqPriorityListUTRA-FDD":
			p.list(c, UTRAFDD)
		case "freqPriorityListUTRA-TDD":
			p.list(c, UTRATDD)
		case "bandClassPriorityListHRPD":
			p.list(c, HRPD)
		case "bandClassPriorityList1XRTT":
			p.list(c, XRTT)
		case "freqPriorityListNR-r15":
			p.list(c, NR)
		case "t320":
			p.T320Minutes = optionalNumber[uint8](c)
		}
	}
}

func (p *IdlePriorities) list(v uper.Value, t RAT) {
	for e := v.First(); e.Present(); e = e.Next() {
		f := FrequencyPriority{RAT: t}
		for c := e.First(); c.Present(); c = c.Next() {
			switch base(c.Name()) {
			case "carrierFreq":
				f.ARFCN = integer[uint32](c)
			case "bandClass":
				f.ARFCN = uint32(bandClass(c))
			case "cellReselectionPriority":
				f.Priority = integer[uint8](c)
			}
		}
		p.add(f)
	}
}

// extend reads freqPriorityListEUTRA-v9e0, which goes along freqPriorityListEUTRA.
func (p *IdlePriorities) extend(list uper.Value) {
	i := 0
	for e := list.First(); e.Present() && i < int(p.eutra); e = e.Next() {
		if f := e.Field("carrierFreq-v9e0"); f.Present() {
			p.Priorities[i].ARFCN = integer[uint32](f)
		}
		i++
	}
}

// RRCConnectionRelease is RRCConnectionRelease or its NB-IoT form (TS 36.331 §6.2.2
// and §6.7.2).
type RRCConnectionRelease struct {
	Envelope
	// Cause is releaseCause by its name: "other", "loadBalancingTAUrequired",
	// "cs-FallbackHighPriority-v1020", "rrc-Suspend-v1320".
	Cause string
	// Redirect is redirectedCarrierInfo with its extension of v9e0.
	Redirect Redirect
	// CellInfo is the technology of cellInfoList-r9, which carries system information of
	// CellInfoCount cells there; NoRAT if absent.
	CellInfo      RAT
	CellInfoCount uint8
	// Idle is idleModeMobilityControlInfo.
	Idle IdlePriorities
	// ExtendedWaitTimeSeconds is extendedWaitTime, 1 to 1800 s, WaitTimeSeconds the
	// waitTime of v1540, 1 to 16 s.
	ExtendedWaitTimeSeconds Optional[uint16]
	WaitTimeSeconds         Optional[uint8]
	// Suspend says that the phone keeps its context: resumeIdentity-r13 or
	// rrc-InactiveConfig-r15 is present.
	Suspend bool
	// CoreNetwork is cn-Type-r15, the core that a redirection to E-UTRA is meant for: "epc",
	// "fivegc" or empty.
	CoreNetwork string
}

// CSFallback reports whether the release cause asks for circuit switched fallback with
// high priority.
func (m *RRCConnectionRelease) CSFallback() bool { return m.Cause == "cs-FallbackHighPriority-v1020" }

// Read sets m from an RRCConnectionRelease.
func (m *RRCConnectionRelease) Read(v uper.Value) {
	*m = RRCConnectionRelease{}
	for e := m.read(v); e.Present(); {
		for c := e.First(); c.Present(); c = c.Next() {
			m.component(c)
		}
		e, m.Later = next(e)
	}
}

func (m *RRCConnectionRelease) component(c uper.Value) {
	switch base(c.Name()) {
	case "releaseCause":
		m.Cause = c.Text()
	case "redirectedCarrierInfo":
		if c.Kind() == uper.Choice {
			m.Redirect.read(c.Chosen())
		} else if f := c.Field("carrierFreq-r13"); f.Present() { // NB-IoT
			m.Redirect.one(EUTRA, integer[uint32](f))
		}
	case "idleModeMobilityControlInfo":
		m.Idle.read(c)
	case "lateNonCriticalExtension":
		late := c.Contained()
		if f := late.Field("redirectedCarrierInfo-v9e0").Field("eutra-v9e0"); f.Present() {
			m.Redirect.one(EUTRA, integer[uint32](f))
		}
		m.Idle.extend(late.Field("idleModeMobilityControlInfo-v9e0").Field("freqPriorityListEUTRA-v9e0"))
	case "cellInfoList":
		list := c.Chosen()
		switch base(list.Name()) {
		case "geran":
			m.CellInfo = GERAN
		case "utra-FDD":
			m.CellInfo = UTRAFDD
		case "utra-TDD":
			m.CellInfo = UTRATDD
		}
		m.CellInfoCount = uint8(list.Len())
	case "extendedWaitTime":
		m.ExtendedWaitTimeSeconds = optional[uint16](c)
	case "waitTime":
		m.WaitTimeSeconds = optional[uint8](c)
	case "resumeIdentity", "rrc-InactiveConfig":
		m.Suspend = true
	case "cn-Type":
		m.CoreNetwork = c.Text()
	}
}
