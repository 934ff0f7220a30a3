package cell

import (
	"fmt"
	"strconv"

	"github.com/fbsdetect/fbsdetect/detect/event"
)

// Names of broadcast parameters that rules compare between cells.
const (
	Hysteresis         = "CELL_RESELECT_HYSTERESIS"
	RxLevAccessMin     = "RXLEV_ACCESS_MIN"
	TxPwrMaxCCH        = "MS_TXPWR_MAX_CCH"
	CRO                = "CELL_RESELECT_OFFSET"
	TemporaryOffset    = "TEMPORARY_OFFSET"
	PenaltyTime        = "PENALTY_TIME"
	T3212              = "T3212"
	Barred             = "CELL_BAR_ACCESS"
	BarredClasses      = "AC barred"
	BarQualify         = "CELL_BAR_QUALIFY"
	PagingPeriod       = "BS_PA_MFRMS"
	AccessBlocks       = "BS_AG_BLKS_RES"
	CCCHConf           = "CCCH_CONF"
	MaxRetrans         = "Max retrans"
	TxInteger          = "Tx-integer"
	GPRSIndicator      = "GPRS indicator"
	SI2quaterIndicator = "SI2quater indicator"
	EarlyClassmark     = "early classmark sending"
	NeighboursIdle     = "neighbour ARFCNs (idle)"
	NeighboursConn     = "neighbour ARFCNs (connected)"
	CellCarriers       = "cell allocation ARFCNs"
)

// apply records what an event says about the cell. It is called once per change of
// a broadcast message, and for every event of another kind.
func (c *Cell) apply(e *event.Event) {
	put := func(name string, value float64, text string, src event.Source) {
		c.set(Parameter{Name: name, Value: value, Text: text, Source: src, Basis: e.Basis, First: e.Ref})
	}
	integer := func(src event.Source, name string, v int, unit string) {
		put(name, float64(v), strconv.Itoa(v)+unit, src)
	}
	flag := func(src event.Source, name string, v bool) {
		n, t := 0.0, "no"
		if v {
			n, t = 1, "yes"
		}
		put(name, n, t, src)
	}
	switch b := e.Body.(type) {
	case *event.Selection:
		integer(b.Source, Hysteresis, b.HysteresisDB, " dB")
		put(RxLevAccessMin, float64(b.RxLevAccessMin), fmt.Sprintf("%d (%d dBm)", b.RxLevAccessMin, b.RxLevAccessMinDBm), b.Source)
		integer(b.Source, TxPwrMaxCCH, b.TxPwrMaxCCH, "")
		flag(b.Source, "NECI", b.NECI)
		flag(b.Source, "ACS", b.ACS)
	case *event.Reselection:
		if !b.Present {
			if p, ok := c.Param(CRO); ok && p.Source != b.Source {
				return // SI3 and SI4 need not both carry the block; what one says stands
			}
			put(CRO, 0, "absent", b.Source)
			return
		}
		put(CRO, float64(b.OffsetDB), fmt.Sprintf("%d (%+d dB)", b.CRO, b.OffsetDB), b.Source)
		to := fmt.Sprintf("%d (%d dB)", b.TemporaryOffset, 10*b.TemporaryOffset)
		if b.TemporaryOffset == 7 {
			to = "7 (infinity)"
		}
		put(TemporaryOffset, float64(b.TemporaryOffset), to, b.Source)
		pt := fmt.Sprintf("%d (%d s)", b.PenaltyTime, 20*(b.PenaltyTime+1))
		if b.PenaltyTime == 31 {
			pt = "31 (offset subtracted)"
		}
		put(PenaltyTime, float64(b.PenaltyTime), pt, b.Source)
		flag(b.Source, BarQualify, b.CBQ)
	case *event.ControlChannel:
		t := fmt.Sprintf("%d (%d min)", b.T3212, 6*b.T3212)
		if b.T3212 == 0 {
			t = "0 (no periodic updating)"
		}
		put(T3212, float64(b.T3212), t, event.SI3)
		flag(event.SI3, "ATT", b.AttachAllowed)
		integer(event.SI3, PagingPeriod, b.PagingMultiframes, "")
		integer(event.SI3, AccessBlocks, b.BlocksReserved, "")
		integer(event.SI3, CCCHConf, b.CCCHConf, "")
	case *event.Access:
		flag(b.Source, Barred, b.Barred)
		put(BarredClasses, float64(b.BarredClasses), fmt.Sprintf("0x%04x", b.BarredClasses), b.Source)
		flag(b.Source, "reestablishment allowed", b.ReestablishmentAllowed)
		flag(b.Source, "emergency calls allowed", b.EmergencyAllowed)
		integer(b.Source, MaxRetrans, b.MaxRetrans, "")
		integer(b.Source, TxInteger, b.TxInteger, "")
	case *event.Neighbours:
		set, name := &c.Idle, NeighboursIdle
		if b.Dedicated {
			set, name = &c.Dedicated, NeighboursConn
		}
		set.Union(&b.ARFCNs)
		t := set.String()
		if t == "" {
			t = "none"
		}
		put(name, float64(set.Len()), t, b.Source)
	case *event.Carriers:
		c.Carriers = b.ARFCNs
		put(CellCarriers, float64(b.ARFCNs.Len()), b.ARFCNs.String(), event.SI1)
	case *event.Capabilities:
		c.Known |= b.Known
		c.Has |= b.Has
		for i, name := range capabilityNames {
			if b.Known>>i&1 == 1 {
				flag(b.Source, name, b.Has>>i&1 == 1)
			}
		}
	case *event.Paging:
		c.Pagings++
		c.PagedIMSI += b.IMSIs
		c.PagedTMSI += b.TMSIs
		c.PagedCS += b.CS
	case *event.Assignment:
		if b.Packet {
			return
		}
		c.Assignments++
		if b.Hopping {
			c.Hopping++
		}
	case *event.Identity:
		if b.PLMNs != nil {
			c.PLMNs = append(c.PLMNs[:0], b.PLMNs...)
		}
		if b.Bands != nil {
			c.Bands = append(c.Bands[:0], b.Bands...)
		}
	case *event.SystemInformation:
		for i := range b.Parameters {
			p := &b.Parameters[i]
			put(p.Name, p.Value, p.Text, b.Source)
		}
		if len(b.Carriers) > 0 || c.Measured[b.Source] != nil {
			if c.Measured == nil {
				c.Measured = make(map[event.Source][]event.Carrier)
			}
			c.Measured[b.Source] = append(c.Measured[b.Source][:0], b.Carriers...)
		}
		c.digest(b, e)
	case *event.Warning:
		if b.Emergency {
			c.Warnings++
		}
	case *event.Session:
		c.session(b, e.Basis)
	}
}

// digest keeps the contents of a block that were heard.
func (c *Cell) digest(b *event.SystemInformation, e *event.Event) {
	if c.Digests == nil {
		c.Digests = make(map[event.Source][]Digest)
	}
	list := c.Digests[b.Source]
	for i := range list {
		if d := &list[i]; d.Hash == b.Digest && (d.ValueTag == b.ValueTag || b.ValueTag < 0) {
			d.Last, d.LastTime = e.Ref, e.Time
			return
		}
	}
	if len(list) < maxDigests {
		c.Digests[b.Source] = append(list, Digest{b.Digest, b.ValueTag, e.Ref, e.Ref, e.Time, e.Time})
	}
}

// capabilityNames are in the order of the event.Capability bits.
var capabilityNames = [...]string{
	GPRSIndicator, "SI2ter indicator", SI2quaterIndicator, "UTRAN neighbours", "E-UTRAN neighbours",
	"priority parameters", "SI13 broadcast", EarlyClassmark,
}

// session counts a session of the circuit switched domain, or of LTE: the packet domain
// of GSM repeats what the phone did there.
func (c *Cell) session(s *event.Session, basis event.Basis) {
	c.keep(s, basis)
	if len(s.Steps) > 0 && s.Steps[0].Packet {
		return
	}
	n := &c.Sessions
	n.Count++
	if s.Authenticated() {
		n.Authenticated++
	}
	if s.Ciphered() {
		n.Ciphered++
	}
	rejected, exposing := false, false
	for i := range s.Steps {
		exposing = exposing || s.Steps[i].Exposing(c.RAT)
		switch s.Steps[i].Action {
		case event.IdentityRequest:
			n.IdentityRequests++
		case event.UpdateReject, event.ServiceReject, event.AuthenticationReject:
			rejected = true
		}
	}
	if rejected {
		n.Rejected++
	}
	if exposing {
		n.Exposing++
	}
	c.Connections.Add(s.First, exposing)
}
