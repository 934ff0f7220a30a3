package observe

import (
	"fmt"
	"hash/fnv"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/lte/earfcn"
	lterrc "github.com/fbsdetect/fbsdetect/gsmtap/lte/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// lteViews is storage for the typed views of LTE's broadcast messages.
type lteViews struct {
	mib    lterrc.MIB
	sib1   lterrc.SIB1
	si     lterrc.SystemInformation
	sib2   lterrc.SIB2
	sib3   lterrc.SIB3
	sib4   lterrc.SIB4
	sib5   lterrc.SIB5
	sib6   lterrc.SIB6
	sib7   lterrc.SIB7
	sib8   lterrc.SIB8
	sib10  lterrc.SIB10
	text   lterrc.WarningSegment
	sib24  lterrc.SIB24
	paging lterrc.Paging
	body   event.SystemInformation
	plmns  []ident.PLMN
	bands  []int
}

// earfcnBits14 is where version 2 of GSMTAP ends: a larger EARFCN loses its high bits.
const earfcnBits14 = 1 << 14

// lteRadio returns the state of the frequency and physical cell of a frame.
func (o *Observer) lteRadio(f *frame) *radio {
	if f.arfcn == cell.NoARFCN && f.pci == cell.NoPCI {
		return &o.camped
	}
	k := radioKey{rat: event.LTE, arfcn: f.arfcn, pci: f.pci}
	if o.lastRadio != nil && o.lastKey == k {
		return o.lastRadio
	}
	r := o.radios[k]
	if r == nil {
		if len(o.radios) >= maxRadios {
			return &o.camped
		}
		r = &radio{}
		o.radios[k] = r
	}
	o.lastKey, o.lastRadio = k, r
	return r
}

// lteBasis is what ties a message on a radio to the cell there.
func (o *Observer) lteBasis(r *radio) event.Basis {
	if r == &o.camped {
		return event.ByCamping
	}
	return event.ByFrequency
}

// sib1 is the message in which an LTE cell names itself.
func (o *Observer) sib1(f *frame, m *rrc.Message) {
	v := &o.views
	s := &v.sib1
	s.Read(m.Body)
	if s.PLMNCount == 0 || !s.PLMNs[0].PLMN.Known() {
		return
	}
	id := event.CellID{PLMN: s.PLMNs[0].PLMN, Area: uint32(s.TAC), Cell: uint64(s.ECI), Known: true}
	v.plmns, v.bands = v.plmns[:0], v.bands[:0]
	for _, p := range s.PLMNs[:s.PLMNCount] {
		if p.PLMN.Known() {
			v.plmns = append(v.plmns, p.PLMN)
		}
	}
	v.bands = append(v.bands, int(s.Band))
	for _, b := range s.Bands[:s.BandCount] {
		v.bands = append(v.bands, int(b))
	}
	at, recovered := lteFrequency(f, v.bands)
	r := o.lteRadio(f)
	known := o.tracker.Known(r.current) && r.current.ID == id
	c := r.current
	if !known {
		c = o.tracker.Lookup(event.LTE, id, at)
		o.lteReuse(f, r, c)
		r.take(c)
	}
	sum, h := sumOf(f), r.heard()
	repeat := h.digests[event.SIB1] == sum
	h.digests[event.SIB1], h.valueTag = sum, int(s.ValueTag)
	o.sib1Heard(f, r)
	if repeat && !o.sink.Repeats() {
		return
	}
	emit := o.emitTo(f, c, event.ByIdentity, repeat)
	o.body.identity = event.Identity{ID: id, Source: event.SIB1, PLMNs: v.plmns, Bands: v.bands}
	emit(&o.body.identity)
	p := o.parameters(event.SIB1, r)
	flag := func(name string, on bool, yes, no string) {
		if on {
			p.add(name, 1, yes)
		} else {
			p.add(name, 0, no)
		}
	}
	flag(cell.CellBarred, s.Barred, "barred", "notBarred")
	flag(cell.IntraFreqReselection, s.IntraFreqReselection, "allowed", "notAllowed")
	flag(cell.ReservedForOperator, s.PLMNs[0].Reserved, "reserved", "notReserved")
	flag(cell.CSGIndication, s.CSG, "yes", "no")
	p.add(cell.QRxLevMin, float64(s.QRxLevMinDBm), fmt.Sprintf("%d (%d dBm)", s.QRxLevMin, s.QRxLevMinDBm))
	var bands []string
	for _, b := range v.bands {
		bands = append(bands, strconv.Itoa(b))
	}
	p.add(cell.FreqBandIndicator, float64(s.Band), strings.Join(bands, ", "))
	p.integer(cell.SIMessages, int(s.SIMessages), "")
	var sibs lterrc.SIBSet
	for _, m := range s.Scheduling[:s.SchedulingCount] {
		sibs |= m.SIBs
	}
	p.add(cell.ScheduledSIBs, float64(sibs&(1<<53-1)), sibList(sibs))
	p.integer(cell.SIWindowLength, int(s.SIWindowMs), " ms")
	p.integer(cell.SystemInfoValueTag, int(s.ValueTag), "")
	flag(cell.IMSEmergency, s.IMSEmergency, "yes", "no")
	if recovered.Name != "" {
		v.body.Parameters = append(v.body.Parameters, recovered)
	}
	emit(&v.body)
}

// sib1Heard notes that the cell on a radio named itself.
func (o *Observer) sib1Heard(f *frame, r *radio) {
	o.named = r.current
	r.lastRef, r.lastTime = f.ref, f.time
	o.flush(r, r.current, o.lteBasis(r))
	o.heard(f, r.current, event.SIB1)
	o.bindHandover(f, r, r.current)
}

// heardAgain counts a message of system information that the cell on its radio sent
// before, octet for octet; it reports false if it must be looked into.
func (o *Observer) heardAgain(f *frame) bool {
	r := o.lteRadio(f)
	if o.sink.Repeats() {
		return false
	}
	switch f.packet.Name {
	case "SystemInformationBlockType1":
		for _, h := range r.lte {
			if h.digests[event.SIB1] != f.packet.Sum || !o.tracker.Known(h.cell) {
				continue
			}
			if c := h.cell; c != r.current {
				f.message = f.packet.Name
				o.lteReuse(f, r, c)
				r.take(c)
			}
			o.sib1Heard(f, r)
			return true
		}
	case "SystemInformation":
		return o.tracker.Known(r.current) && o.siHeard(f, r, f.packet.Sum)
	}
	return false
}

// siHeard counts the blocks of a SystemInformation message that was heard before.
func (o *Observer) siHeard(f *frame, r *radio, sum uint64) bool {
	h := r.heard()
	if h == nil {
		return false
	}
	i := slices.IndexFunc(h.messages[:], func(m siMessage) bool { return m.digest == sum })
	if i < 0 {
		return false
	}
	for s := h.messages[i].sources; s != 0; s &= s - 1 {
		if h.by[bits.TrailingZeros64(s)] != sum {
			return false // another message has changed a block since
		}
	}
	for s := h.messages[i].sources; s != 0; s &= s - 1 {
		o.heard(f, r.current, event.Source(bits.TrailingZeros64(s)))
	}
	return true
}

// sumOf returns a hash of a broadcast message.
func sumOf(f *frame) uint64 {
	if f.packet.Sum != 0 {
		return f.packet.Sum
	}
	return hash(f.packet.Octets)
}

// lteFrequency returns where the frame was heard: the EARFCN in full, which a GSMTAP
// header of version 2 cuts to 14 bits, as far as the bands of SIB1 tell it.
func lteFrequency(f *frame, bands []int) (at cell.Radio, how event.Parameter) {
	at = cell.Radio{ARFCN: f.arfcn, PCI: f.pci}
	h := f.packet.Header
	if f.arfcn == cell.NoARFCN || h == nil || h.Version != 2 {
		return at, how
	}
	n, ok, ambiguous := earfcn.Recover(uint32(f.arfcn), bands[0], bands[1:])
	if !ok && !ambiguous {
		n, ok, ambiguous = earfcn.RecoverOverlap(uint32(f.arfcn), bands)
	}
	switch {
	case ok:
		at.ARFCN = int(n)
		return at, event.Parameter{Name: cell.FrequencyRecovered, Value: 1, Text: fmt.Sprintf("%d (14 bits recorded, the rest from the band)", n)}
	case ambiguous:
		at.ARFCN = cell.NoARFCN
		return at, event.Parameter{Name: cell.FrequencyRecovered, Value: 0, Text: fmt.Sprintf("ambiguous: low 14 bits are %d", f.arfcn)}
	}
	at.ARFCN = cell.NoARFCN
	return at, event.Parameter{Name: cell.FrequencyRecovered, Value: -1, Text: fmt.Sprintf("low 14 bits are %d, which no frequency of the bands has", f.arfcn)}
}

// lteReuse tells that a frequency with a physical cell identity carries another cell
// than before. Without the physical identity this is how LTE networks are built.
func (o *Observer) lteReuse(f *frame, r *radio, c *cell.Cell) {
	previous := r.current
	if f.pci == cell.NoPCI || !o.tracker.Known(previous) || !previous.ID.Known {
		return
	}
	gap := int64(-1)
	if f.time > 0 && r.lastTime > 0 {
		gap = max(0, f.time-r.lastTime)
	}
	o.body.reuse = event.RadioReuse{ARFCN: previous.ARFCN, PCI: f.pci, Previous: previous.ID, PreviousRef: r.lastRef, Gap: gap, Returned: r.before == c.ID}
	o.put(f, c, event.ByIdentity, &o.body.reuse)
	if previous.ID.PLMN == c.ID.PLMN && previous.ID.Cell == c.ID.Cell {
		o.body.area = event.AreaChange{Previous: previous.ID.Area, PreviousRef: r.lastRef, Gap: gap}
		o.put(f, c, event.ByIdentity, &o.body.area)
	}
	r.before = previous.ID
}

func sibList(s lterrc.SIBSet) string {
	var out []string
	for n := 2; n <= lterrc.SIB26a; n++ {
		if s.Has(n) {
			out = append(out, strconv.Itoa(n))
		}
	}
	return strings.Join(out, ", ")
}

// parameterList collects the parameters of a block.
type parameterList struct{ to *event.SystemInformation }

// parameters starts the event of a block.
func (o *Observer) parameters(src event.Source, r *radio) parameterList {
	b := &o.views.body
	*b = event.SystemInformation{Source: src, Parameters: b.Parameters[:0], Carriers: b.Carriers[:0], ValueTag: r.valueTag()}
	return parameterList{b}
}

func (p parameterList) add(name string, value float64, text string) {
	p.to.Parameters = append(p.to.Parameters, event.Parameter{Name: name, Value: value, Text: text})
}

func (p parameterList) integer(name string, v int, unit string) {
	p.add(name, float64(v), strconv.Itoa(v)+unit)
}

// optional adds a value, or that it is absent, as -1.
func (p parameterList) optional(name string, v lterrc.Optional[uint8], unit string) {
	if !v.Present {
		p.add(name, -1, "absent")
		return
	}
	p.integer(name, int(v.Value), unit)
}

// carriers adds the number of frequencies listed, with their priorities.
func (p parameterList) carriers(name string, from int) {
	list := p.to.Carriers[from:]
	if len(list) == 0 {
		return
	}
	var text []string
	for _, c := range list {
		s := strconv.FormatUint(uint64(c.ARFCN), 10)
		if c.Priority >= 0 {
			s += " (priority " + strconv.Itoa(c.Priority) + ")"
		}
		text = append(text, s)
	}
	p.add(name, float64(len(list)), strings.Join(text, ", "))
}

func priority(v lterrc.Optional[uint8]) int {
	if v.Present {
		return int(v.Value)
	}
	return -1
}

// mib waits for the SIB1 that follows it, unless the physical identity says whose it is.
func (o *Observer) mibMessage(f *frame, m *rrc.Message) {
	v := &o.views
	v.mib.Read(m.Body)
	r := o.lteRadio(f)
	p := o.parameters(event.MIB, r)
	p.add(cell.DLBandwidth, float64(v.mib.DownlinkRB), fmt.Sprintf("%d RB (%s MHz)", v.mib.DownlinkRB, bandwidthMHz(v.mib.DownlinkRB)))
	if h := r.heard(); f.pci != cell.NoPCI && h != nil && o.tracker.Known(h.cell) {
		o.heard(f, r.current, event.MIB)
		if v.body.Digest = uint64(v.mib.DownlinkRB); h.digests[event.MIB] != v.body.Digest {
			h.digests[event.MIB] = v.body.Digest
			o.put(f, r.current, event.ByFrequency, &v.body)
		}
		return
	}
	r.pending = slices.DeleteFunc(r.pending, func(p pending) bool { return p.src == event.MIB })
	o.wait(f, r, event.MIB, func(emit emitter) { emit(&v.body) })
}

func bandwidthMHz(rb uint8) string {
	switch rb {
	case 6:
		return "1.4"
	case 15:
		return "3"
	}
	return strconv.Itoa(int(rb) / 5)
}

// systemInformation hands on each block of a SystemInformation message.
func (o *Observer) systemInformation(f *frame, m *rrc.Message) {
	r := o.lteRadio(f)
	sum := sumOf(f)
	h := r.heard()
	known := h != nil && o.tracker.Known(h.cell)
	if known && !o.sink.Repeats() && o.siHeard(f, r, sum) {
		return
	}
	v := &o.views
	v.si.Read(m.Body)
	var sources uint64
	for i := range v.si.SIBs[:v.si.Count] {
		src, ok := o.block(r, &v.si.SIBs[i])
		if !ok {
			continue
		}
		sources |= 1 << src
		v.body.Digest = digest(f.packet.Octets, v.si.SIBs[i].Value)
		if !known {
			o.wait(f, r, src, func(emit emitter) { emit(&v.body) })
			continue
		}
		repeat := h.digests[src] == v.body.Digest
		h.digests[src], h.by[src] = v.body.Digest, sum
		o.heard(f, r.current, src)
		if !repeat || o.sink.Repeats() {
			o.emitTo(f, r.current, o.lteBasis(r), repeat)(&v.body)
		}
	}
	if known && !slices.Contains(h.messages[:], siMessage{sum, sources}) {
		h.messages[h.next%len(h.messages)] = siMessage{sum, sources}
		h.next++
	}
}

func hash(octets []byte) uint64 {
	h := fnv.New64a()
	h.Write(octets)
	return h.Sum64()
}

// digest hashes the bits of a block.
func digest(octets []byte, v uper.Value) uint64 {
	h := fnv.New64a()
	from, n := v.Offset(), v.Bits()
	var b [1]byte
	for i := 0; i < n; i += 8 {
		b[0] = 0
		for k := i; k < min(i+8, n); k++ {
			if at := from + k; at>>3 < len(octets) {
				b[0] |= octets[at>>3] >> (7 - at&7) & 1 << (7 - (k - i))
			}
		}
		h.Write(b[:])
	}
	return h.Sum64()
}

// block reads one block into the body; ok is false for those that are not observed.
func (o *Observer) block(r *radio, s *lterrc.SIB) (src event.Source, ok bool) {
	v := &o.views
	switch s.Number {
	case 2:
		v.sib2.Read(s.Value)
		o.sib2(o.parameters(event.SIB2, r), &v.sib2)
		return event.SIB2, true
	case 3:
		v.sib3.Read(s.Value)
		p, b := o.parameters(event.SIB3, r), &v.sib3
		p.integer(cell.QHyst, int(b.QHystDB), " dB")
		p.optional(cell.SIntraSearch, b.SIntraSearchDB, " dB")
		p.optional(cell.SNonIntraSearch, b.SNonIntraSearchDB, " dB")
		p.integer(cell.ThreshServingLow, int(b.ThreshServingLowDB), " dB")
		p.integer(cell.ReselectionPriority, int(b.Priority), "")
		p.integer(cell.TReselectionEUTRA, int(b.TReselectionSeconds), " s")
		return event.SIB3, true
	case 4:
		v.sib4.Read(s.Value)
		p, b := o.parameters(event.SIB4, r), &v.sib4
		var pcis []string
		for _, n := range b.Neighbours[:b.NeighbourCount] {
			pcis = append(pcis, strconv.Itoa(int(n.PCI)))
		}
		text := "none"
		if len(pcis) > 0 {
			text = "PCI " + strings.Join(pcis, ", ")
		}
		p.add(cell.IntraFreqNeighbours, float64(b.NeighbourCount), text)
		return event.SIB4, true
	case 5:
		v.sib5.Read(s.Value)
		p, b := o.parameters(event.SIB5, r), &v.sib5
		for i := range b.Carriers[:b.Count] {
			c := &b.Carriers[i]
			p.to.Carriers = append(p.to.Carriers, event.Carrier{RAT: event.LTE, ARFCN: c.EARFCN, Priority: priority(c.Priority), Cells: int(c.NeighbourCount)})
		}
		p.carriers(cell.InterFreqCarriers, 0)
		return event.SIB5, true
	case 6:
		v.sib6.Read(s.Value)
		p, b := o.parameters(event.SIB6, r), &v.sib6
		for _, list := range [][]lterrc.UTRACarrier{b.FDD[:b.FDDCount], b.TDD[:b.TDDCount]} {
			for i := range list {
				p.to.Carriers = append(p.to.Carriers, event.Carrier{RAT: event.UMTS, ARFCN: uint32(list[i].UARFCN), Priority: priority(list[i].Priority)})
			}
		}
		p.carriers(cell.UTRACarriers, 0)
		return event.SIB6, true
	case 7:
		v.sib7.Read(s.Value)
		p, b := o.parameters(event.SIB7, r), &v.sib7
		for i := range b.Groups[:b.Count] {
			g := &b.Groups[i]
			p.to.Carriers = append(p.to.Carriers, event.Carrier{
				RAT: event.GSM, ARFCN: uint32(g.Carriers.Starting), Priority: priority(g.Priority), Cells: g.Carriers.ARFCNs.Len(),
			})
		}
		p.carriers(cell.GERANCarriers, 0)
		return event.SIB7, true
	case 8:
		v.sib8.Read(s.Value)
		p := o.parameters(event.SIB8, r)
		p.integer(cell.CDMANeighbours, int(v.sib8.HRPD.BandCount)+int(v.sib8.XRTT.BandCount), " band classes")
		return event.SIB8, true
	case 10:
		v.sib10.Read(s.Value)
		p := o.parameters(event.SIB10, r)
		p.add(cell.WarningMessage, float64(v.sib10.MessageIdentifier), fmt.Sprintf("0x%04x (ETWS primary)", v.sib10.MessageIdentifier))
		return event.SIB10, true
	case 11, 12:
		v.text.Read(s.Value)
		src, what := event.SIB11, "ETWS secondary"
		if s.Number == 12 {
			src, what = event.SIB12, "CMAS"
		}
		p := o.parameters(src, r)
		p.add(cell.WarningMessage, float64(v.text.MessageIdentifier), fmt.Sprintf("0x%04x (%s)", v.text.MessageIdentifier, what))
		return src, true
	case 24:
		v.sib24.Read(s.Value)
		p, b := o.parameters(event.SIB24, r), &v.sib24
		for i := range b.Carriers[:b.Count] {
			c := &b.Carriers[i]
			p.to.Carriers = append(p.to.Carriers, event.Carrier{RAT: event.NR, ARFCN: c.ARFCN, Priority: priority(c.Priority)})
		}
		p.carriers(cell.NRCarriers, 0)
		return event.SIB24, true
	}
	return 0, false
}

func (o *Observer) sib2(p parameterList, b *lterrc.SIB2) {
	if b.BarringInfo {
		p.add(cell.ACBarring, 1, "yes")
	} else {
		p.add(cell.ACBarring, 0, "no")
	}
	p.integer(cell.RootSequenceIndex, int(b.RootSequenceIndex), "")
	p.integer(cell.PRACHConfigIndex, int(b.PRACHConfigIndex), "")
	p.integer(cell.PRACHFreqOffset, int(b.PRACHFreqOffset), "")
	p.integer(cell.ZeroCorrelationZone, int(b.ZeroCorrelationZone), "")
	p.integer(cell.PreambleTargetPower, int(b.PreambleTargetPowerDBm), " dBm")
	p.integer(cell.PowerRampingStep, int(b.PowerRampingStepDB), " dB")
	p.integer(cell.PreambleTransMax, int(b.PreambleTransMax), "")
	p.integer(cell.RAResponseWindow, int(b.RAResponseWindowMs), " sf")
	p.integer(cell.ContentionResolution, int(b.ContentionResolutionTimerMs), " sf")
	p.integer(cell.ReferenceSignalPower, int(b.ReferenceSignalPowerDBm), " dBm")
	p.integer(cell.P0NominalPUSCH, int(b.P0NominalPUSCHDBm), " dBm")
	p.add(cell.Alpha, float64(b.AlphaTenths)/10, strconv.FormatFloat(float64(b.AlphaTenths)/10, 'g', -1, 64))
	p.integer(cell.P0NominalPUCCH, int(b.P0NominalPUCCHDBm), " dBm")
	p.integer(cell.T300, int(b.T300Ms), " ms")
	p.integer(cell.T301, int(b.T301Ms), " ms")
	p.integer(cell.T310, int(b.T310Ms), " ms")
	p.integer(cell.N310, int(b.N310), "")
	p.integer(cell.T311, int(b.T311Ms), " ms")
	p.integer(cell.N311, int(b.N311), "")
	if b.TimeAlignmentTimerMs == 0 {
		p.add(cell.TimeAlignmentTimer, -1, "infinity")
	} else {
		p.integer(cell.TimeAlignmentTimer, int(b.TimeAlignmentTimerMs), " sf")
	}
	p.integer(cell.DefaultPagingCycle, int(b.PagingCycleRF), " rf")
}

// ltePaging counts the identities of a Paging message.
func (o *Observer) ltePaging(f *frame, m *rrc.Message) {
	v := &o.views.paging
	v.Read(m.Body)
	o.body.paging = event.Paging{
		IMSIs: int(v.Kinds[lterrc.PagedIMSI]), TMSIs: int(v.Kinds[lterrc.PagedSTMSI]), CS: int(v.CS),
		SystemInformationChange: v.SystemInfoModification, EarthquakeWarning: v.ETWS, Alert: v.CMAS,
	}
	r := o.lteRadio(f)
	if v.CS > 0 {
		r.pagedCS = f.time
	}
	if !o.tracker.Known(r.current) {
		o.wait(f, r, event.NumSources, func(emit emitter) { emit(&o.body.paging) })
		return
	}
	o.heard(f, r.current, event.NumSources)
	o.put(f, r.current, o.lteBasis(r), &o.body.paging)
}

// frequencyOf returns the EARFCN and PCI that the framing of a packet tells.
func frequencyOf(p *gsmtap.Packet) (arfcn, pci int) {
	arfcn, pci = cell.NoARFCN, cell.NoPCI
	h := p.Header
	if h == nil || p.Origin != gsmtap.FromGSMTAP {
		return arfcn, pci
	}
	if h.ARFCN != 0 && (h.Version != 2 || h.ARFCN < earfcnBits14) {
		arfcn = int(h.ARFCN)
	}
	if h.HasPhysicalID {
		pci = int(h.PhysicalID)
	}
	return arfcn, pci
}
