package baseline

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/cell"
)

// Change says how a cell differs between two baselines.
type Change string

// Changes.
const (
	// New: the cell is in the second only.
	New Change = "new"
	// Gone: the cell is in the first only.
	Gone Change = "gone"
	// Changed: it broadcasts something else, or is elsewhere on air.
	Changed Change = "changed"
)

// Difference is a cell that differs between two baselines.
type Difference struct {
	Change Change `json:"change"`
	RAT    string `json:"rat"`
	PLMN   string `json:"plmn"`
	Area   uint32 `json:"area"`
	Cell   uint64 `json:"cell"`
	// Quarantined: all sightings, where the cell is, are in quarantine.
	Quarantined bool `json:"quarantined"`
	// Fields are what changed, by name.
	Fields []FieldChange `json:"fields"`
}

// FieldChange is a value before and after; null is a value that the message which
// carries it did not hold.
type FieldChange struct {
	Name string  `json:"name"`
	Old  *string `json:"old"`
	New  *string `json:"new"`
}

// Diff calls f for every cell that differs between two baselines, in the order of RAT,
// PLMN, area and cell. It compares the newest state of each cell, also where that has
// faded. A value counts as changed if both baselines heard the message that carries it.
func Diff(old, new *Baseline, f func(*Difference) error) error {
	next1, stop1 := iter.Pull2(old.states())
	defer stop1()
	next2, stop2 := iter.Pull2(new.states())
	defer stop2()
	a, err1, more1 := next1()
	b, err2, more2 := next2()
	for more1 || more2 {
		if err := cmp.Or(err1, err2); err != nil {
			return err
		}
		order := 0
		switch {
		case !more2:
			order = -1
		case !more1:
			order = 1
		default:
			order = a.compare(b)
		}
		var d *Difference
		var err error
		switch {
		case order < 0:
			d = a.difference(Gone)
		case order > 0:
			d = b.difference(New)
		default:
			d, err = changes(old.r, new.r, a, b)
		}
		if err != nil {
			return err
		}
		if d != nil {
			if err := f(d); err != nil {
				return err
			}
		}
		if order <= 0 {
			a, err1, more1 = next1()
		}
		if order >= 0 {
			b, err2, more2 = next2()
		}
	}
	return nil
}

// state is a stored cell with its network.
type state struct {
	network network
	stored
}

func (s *state) compare(o *state) int {
	return cmp.Or(byRATAndPLMN(s.network, o.network), cmp.Compare(s.id.Area, o.id.Area), cmp.Compare(s.id.Cell, o.id.Cell))
}

func (s *state) difference(c Change) *Difference {
	return &Difference{
		Change: c, RAT: s.network.rat.String(), PLMN: s.id.PLMN.String(), Area: s.id.Area, Cell: s.id.Cell,
		Quarantined: s.sightings == 0, Fields: []FieldChange{},
	}
}

// sortedNetworks lists the networks by RAT and PLMN.
func (b *Baseline) sortedNetworks() ([]network, error) {
	var list []network
	err := b.r.eachNetwork("", nil, func(n *network) error {
		list = append(list, *n)
		return nil
	})
	slices.SortFunc(list, byRATAndPLMN)
	return list, err
}

// states yields all cells in the order of Diff.
func (b *Baseline) states() iter.Seq2[*state, error] {
	return func(yield func(*state, error) bool) {
		list, err := b.sortedNetworks()
		if err != nil {
			yield(nil, err)
			return
		}
		for i := range list {
			n := &list[i]
			err := b.r.eachCell(n, " ORDER BY area, cell", nil, func(s *stored) error {
				if !yield(&state{*n, *s}, nil) {
					return errStop
				}
				return nil
			})
			if err == errStop {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// errStop ends a walk early.
var errStop = fmt.Errorf("stopped")

// changes compares two states of a cell; nil if they are the same.
func changes(r1, r2 *reader, a, b *state) (*Difference, error) {
	x, err := r1.content(a.contents)
	if err != nil {
		return nil, err
	}
	y, err := r2.content(b.contents)
	if err != nil {
		return nil, err
	}
	d := b.difference(Changed)
	put := func(name string, old, new *string) {
		if (old == nil) != (new == nil) || old != nil && *old != *new {
			d.Fields = append(d.Fields, FieldChange{name, old, new})
		}
	}
	both := func(name, old, new string) {
		if old != "" && new != "" {
			put(name, &old, &new)
		}
	}
	both("quarantined", yesNo(a.sightings == 0), yesNo(b.sightings == 0))
	both("frequency", frequency(&a.radio), frequency(&b.radio))
	if a.radio.PCI != cell.NoPCI && b.radio.PCI != cell.NoPCI {
		both("PCI", fmt.Sprint(a.radio.PCI), fmt.Sprint(b.radio.PCI))
	}
	both("PLMNs", plmnList(x), plmnList(y))
	both("bands", strings.Trim(fmt.Sprint(x.bands), "[]"), strings.Trim(fmt.Sprint(y.bands), "[]"))
	i, j := 0, 0
	for i < len(x.params) || j < len(y.params) {
		order := 0
		switch {
		case j == len(y.params):
			order = -1
		case i == len(x.params):
			order = 1
		default:
			order = strings.Compare(x.params[i].Name, y.params[j].Name)
		}
		switch {
		case order < 0:
			if p := &x.params[i]; b.counts.heard[p.Source] > 0 {
				put(p.Name, &p.Text, nil)
			}
			i++
		case order > 0:
			if p := &y.params[j]; a.counts.heard[p.Source] > 0 {
				put(p.Name, nil, &p.Text)
			}
			j++
		default:
			put(x.params[i].Name, &x.params[i].Text, &y.params[j].Text)
			i++
			j++
		}
	}
	for _, src := range messages {
		if a.counts.heard[src] > 0 && b.counts.heard[src] > 0 && !slices.Equal(x.measured[src], y.measured[src]) {
			old, new := fmt.Sprint(len(x.measured[src]), " frequencies"), fmt.Sprint(len(y.measured[src]), " frequencies")
			if old == new {
				new = "other frequencies or priorities"
			}
			put("frequencies of "+src.String(), &old, &new)
		}
	}
	if len(d.Fields) == 0 {
		return nil, nil
	}
	return d, nil
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// frequency writes an ARFCN as reports do; empty if unknown.
func frequency(r *cell.Radio) string {
	switch {
	case r.ARFCN == cell.NoARFCN:
		return ""
	case r.PCS:
		return fmt.Sprintf("%d (PCS 1900)", r.ARFCN)
	}
	return fmt.Sprint(r.ARFCN)
}

func plmnList(c *content) string {
	var list []string
	for _, p := range c.plmns {
		list = append(list, p.String())
	}
	return strings.Join(list, " ")
}
