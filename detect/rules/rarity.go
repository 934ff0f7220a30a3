package rules

import (
	"cmp"
	"math"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/stat"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// decisions groups the broadcast parameters that one planning decision sets, so that it
// counts once. What differs from cell to cell by design is left out: identities,
// frequencies, the contents of neighbour lists, rootSequenceIndex, systemInfoValueTag.
var decisions = map[event.RAT][]struct {
	numeric bool // compared by distance, else by how many broadcast the value
	names   []string
}{
	event.GSM: {
		{names: []string{cell.Hysteresis, cell.RxLevAccessMin, cell.TxPwrMaxCCH, "NECI", "ACS"}},
		{names: []string{cell.CRO, cell.TemporaryOffset, cell.PenaltyTime, cell.BarQualify}},
		{names: []string{cell.T3212, "ATT"}},
		{names: []string{cell.PagingPeriod, cell.AccessBlocks, cell.CCCHConf}},
		{names: []string{cell.MaxRetrans, cell.TxInteger, "reestablishment allowed", "emergency calls allowed", cell.Barred, cell.BarredClasses}},
		{names: []string{cell.GPRSIndicator, "SI2ter indicator", cell.SI2quaterIndicator, cell.EarlyClassmark}},
		{numeric: true, names: []string{cell.NeighboursIdle, cell.CellCarriers}},
	},
	event.LTE: {
		{names: []string{cell.CellBarred, cell.IntraFreqReselection, cell.ReservedForOperator, cell.CSGIndication, cell.IMSEmergency}},
		{names: []string{cell.SIMessages, cell.ScheduledSIBs, cell.SIWindowLength}},
		{names: []string{cell.PreambleTargetPower, cell.PowerRampingStep, cell.PreambleTransMax, cell.RAResponseWindow, cell.ContentionResolution,
			cell.PRACHConfigIndex, cell.PRACHFreqOffset, cell.ZeroCorrelationZone}},
		{names: []string{cell.QRxLevMin, cell.P0NominalPUSCH, cell.Alpha, cell.P0NominalPUCCH}},
		{names: []string{cell.T300, cell.T301, cell.T310, cell.N310, cell.T311, cell.N311, cell.TimeAlignmentTimer}},
		{names: []string{cell.DefaultPagingCycle, cell.ACBarring}},
		{names: []string{cell.QHyst, cell.SIntraSearch, cell.SNonIntraSearch, cell.ThreshServingLow, cell.ReselectionPriority, cell.TReselectionEUTRA}},
		{numeric: true, names: []string{cell.ReferenceSignalPower}},
		{numeric: true, names: []string{cell.IntraFreqNeighbours, cell.InterFreqCarriers}},
	},
}

// maxPopulation bounds the cells that one cell is compared with, and so the time a run
// takes: with so many a value is as rare as it will ever be called.
const maxPopulation = 512

// concentration is the strength of the prior in cells: among n others a value that none
// of them has is found with probability concentration/(n+concentration). Fitted to how
// often a cell of the corpus is the only one of its network with a value: 2 of 2,526
// parameters in Freiburg 2012 (0.02), 39 of 12,549 in LTE (0.20), 13 of 552 in other
// captures of GSM (0.25); the largest is taken.
const concentration = 0.25

// trait is one parameter of the judged cell.
type trait struct {
	cell.Parameter
	decision int
	numeric  bool
	// p is the probability that a cell of the network broadcasts a value as rare as this
	// one or rarer; NaN if it was not judged.
	p float64
	// others is how many cells of the network broadcast the parameter; usual the value
	// that most of them have, which is that of share.
	others int
	usual  string
	share  float64
}

// traits lists the parameters of a cell that are compared.
func traits(c *cell.Cell) []trait {
	var out []trait
	for i, d := range decisions[c.RAT] {
		for _, name := range d.names {
			p, ok := c.Param(name)
			if !ok || name == cell.NeighboursIdle && !listed(c) {
				continue
			}
			out = append(out, trait{Parameter: p, decision: i, numeric: d.numeric, p: math.NaN()})
		}
	}
	return out
}

// counts is how many cells have each value of a parameter.
type counts struct {
	values map[string]*[3]int // network; layer of it; area in the layer
	totals [3]int
	nets   map[string]map[ident.PLMN]bool // networks of the RAT with the value
	all    map[ident.PLMN]bool            // networks with the parameter
	nums   []float64
}

// in notes that cells of a network have a value.
func (t *counts) in(text string, plmn ident.PLMN) {
	if t.nets[text] == nil {
		t.nets[text] = map[ident.PLMN]bool{}
	}
	t.nets[text][plmn], t.all[plmn] = true, true
}

// rarity judges each parameter of a cell against the other cells of its network, itself
// left out. It is not ok with fewer than n of these.
func rarity(v rule.View, n float64) (list []trait, ok bool) {
	peers := v.Population()
	if !v.Cell.ID.Known || float64(len(peers)) < n {
		return nil, false
	}
	if len(peers) > maxPopulation {
		var area, rest []*cell.Cell // those of its area first
		for _, c := range peers {
			if c.ID.Area == v.Cell.ID.Area {
				area = append(area, c)
			} else {
				rest = append(rest, c)
			}
		}
		peers = append(area, rest...)[:maxPopulation]
	}
	list = traits(v.Cell)
	at := make(map[string]int, len(list))
	tables := make([]counts, len(list))
	for i := range list {
		at[list[i].Name] = i
		tables[i] = counts{map[string]*[3]int{}, [3]int{}, map[string]map[ident.PLMN]bool{}, map[ident.PLMN]bool{}, nil}
	}
	for _, c := range v.All {
		if c.RAT != v.Cell.RAT || !c.ID.Known || c.ID.PLMN == v.Cell.ID.PLMN {
			continue
		}
		for _, p := range c.Parameters() {
			if i, known := at[p.Name]; known {
				tables[i].in(p.Text, c.ID.PLMN)
			}
		}
	}
	for _, c := range peers {
		layer := sameLayer(v.Cell, c)
		in := [3]bool{true, layer, layer && c.ID.Area == v.Cell.ID.Area}
		for _, p := range c.Parameters() {
			i, known := at[p.Name]
			if !known {
				continue
			}
			t := &tables[i]
			if list[i].numeric {
				t.nums = append(t.nums, onScale(p))
			}
			value := t.values[p.Text]
			if value == nil {
				value = new([3]int)
				t.values[p.Text] = value
			}
			for l := range in {
				if in[l] {
					value[l]++
					t.totals[l]++
				}
			}
		}
	}
	judged := false
	for i := range list {
		f, t := &list[i], &tables[i]
		f.others = t.totals[0]
		for text := range t.values {
			t.in(text, v.Cell.ID.PLMN)
		}
		if float64(f.others) < n {
			continue
		}
		best := 0
		for text, c := range t.values {
			if c[0] > best || c[0] == best && text < f.usual {
				best, f.usual = c[0], text
			}
		}
		f.share = float64(best) / float64(f.others)
		if f.numeric {
			f.p = distance(onScale(f.Parameter), t.nums)
		}
		if math.IsNaN(f.p) {
			// So many others cannot show more, whatever the layers and networks add.
			f.p = max(t.tail(f.Text), concentration/(float64(f.others)+concentration))
		}
		judged = judged || !math.IsNaN(f.p)
	}
	return list, judged
}

// sameLayer reports whether two cells are of one layer of their network: in GSM the
// band, in LTE the frequency, since an operator plans these alike.
func sameLayer(a, b *cell.Cell) bool {
	if a.ARFCN == cell.NoARFCN || b.ARFCN == cell.NoARFCN {
		return false
	}
	if a.RAT == event.GSM {
		high := func(n int) bool { return n >= 512 && n <= 885 }
		return a.PCS == b.PCS && high(a.ARFCN) == high(b.ARFCN)
	}
	return a.ARFCN == b.ARFCN
}

// tail is the probability of the values that are no more probable than this one. A
// value's probability is shrunk from the RAT, where networks are counted (the tables of
// a Chinese restaurant franchise, Y. W. Teh et al., J. Am. Stat. Assoc. 101, 2006, p.
// 1566), to the network, its layer and the area in it.
func (t *counts) tail(text string) float64 {
	values := make([]string, 0, len(t.nets)+1)
	for v := range t.nets {
		values = append(values, v)
	}
	slices.Sort(values)
	p := func(v string) float64 {
		levels := []stat.Level{{Count: len(t.nets[v]), Total: len(t.all)}}
		for l, total := range t.totals {
			if l > 0 && total < stat.MinPeers {
				break
			}
			n := 0
			if c := t.values[v]; c != nil {
				n = c[l]
			}
			levels = append(levels, stat.Level{Count: n, Total: total})
		}
		bits, ok := stat.ShrunkSurprise(levels, concentration, len(values)+1)
		if !ok {
			return math.NaN()
		}
		return math.Exp2(-bits)
	}
	const unseen = "\x00" // stands for all values that no cell has
	if t.nets[text] == nil {
		text = unseen
	}
	own, sum := p(text), 0.0
	for _, v := range append(values, unseen) {
		if q := p(v); q <= own*(1+1e-9) {
			sum += q
		}
	}
	return min(sum, 1)
}

// onScale is the value on the scale on which cells differ evenly: of lists the logarithm
// of their length, of levels the level.
func onScale(p cell.Parameter) float64 {
	if p.Name == cell.ReferenceSignalPower {
		return p.Value
	}
	return math.Log1p(max(p.Value, 0))
}

// distance is the probability to lie as far from the others, on either side, but no less
// than the chance to be the farthest. NaN if they set no scale.
func distance(x float64, others []float64) float64 {
	z, ok := stat.MADScore(x, others)
	if !ok {
		return math.NaN()
	}
	return max(math.Exp2(-stat.MADBits(z, len(others))), 1/float64(len(others)+1))
}

// combined is the probability that a cell of the network is as rare as this one in all
// its parameters together, and the number of decisions judged. Within a decision p-values
// are combined by their harmonic mean, across decisions by Fisher's method with the
// effective number of independent ones for a mean correlation rho of any two (M. B.
// Brown, Biometrics 31, 1975, p. 987), rounded to a whole number.
func combined(list []trait, rho float64) (p float64, judged int) {
	var nats float64
	for i := range decisionsOf(list) {
		var ps []float64
		for _, f := range list {
			if f.decision == i && !math.IsNaN(f.p) {
				ps = append(ps, f.p)
			}
		}
		if len(ps) > 0 {
			judged++
			nats -= math.Log(max(stat.HarmonicMean(ps), math.SmallestNonzeroFloat64))
		}
	}
	if judged == 0 {
		return math.NaN(), 0
	}
	n := float64(judged)
	// The variance of the sum over that of independent ones.
	inflation := 1 + (n-1)*(3.25*rho+0.75*rho*rho)/4
	effective := max(1, math.Round(n/inflation))
	return erlangTail(nats*effective/n, int(effective)), judged
}

// judgedDecisions counts the decisions of which a setting was judged.
func judgedDecisions(list []trait) int {
	seen := make([]bool, decisionsOf(list))
	n := 0
	for _, f := range list {
		if !math.IsNaN(f.p) && !seen[f.decision] {
			seen[f.decision] = true
			n++
		}
	}
	return n
}

func decisionsOf(list []trait) int {
	n := 0
	for _, f := range list {
		n = max(n, f.decision+1)
	}
	return n
}

// erlangTail is the upper tail of the sum of k exponential variables of mean 1, half a
// chi-squared variable of 2k degrees of freedom.
func erlangTail(x float64, k int) float64 {
	sum, term := 0.0, 1.0
	for i := range k {
		if i > 0 {
			term *= x / float64(i)
		}
		sum += term
	}
	return min(1, math.Exp(-x)*sum)
}

// evidenceOf turns a p-value into the log10 of a factor against the null hypothesis whose
// expectation under it is 1: the e-value ∫κp^(κ−1)dκ over 0 to 1 of V. Vovk and R. Wang,
// Ann. Stat. 49, 2021, p. 1736, §2. It is 0 unless 0 < p < 1.
func evidenceOf(p float64) float64 {
	if !(p > 0 && p < 1) {
		return 0
	}
	l := math.Log(p)
	return math.Log10((1 - p + p*l) / (p * l * l))
}

// oddest lists the parameters that are out of place at a false discovery rate of q, the
// rarest first.
func oddest(list []trait, q float64) []trait {
	ps := make([]float64, len(list))
	for i := range list {
		ps[i] = list[i].p
	}
	var out []trait
	for i, adjusted := range stat.BH(ps) {
		if adjusted <= q {
			out = append(out, list[i])
		}
	}
	slices.SortStableFunc(out, func(a, b trait) int { return cmp.Compare(a.p, b.p) })
	return out
}
