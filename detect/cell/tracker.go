package cell

import (
	"cmp"
	"slices"

	"github.com/fbsdetect/fbsdetect/detect/event"
)

// MaxCells bounds the cells kept. A long drive through a city meets some hundreds;
// beyond the bound the cells not heard for longest are dropped and counted.
const MaxCells = 1024

// Tracker keeps the cells of a run.
type Tracker struct {
	cells   []*Cell // by index, nil where evicted
	byKey   map[key]*Cell
	free    []int
	clock   uint64
	evicted int
	// OnEvict is told of a cell before it is dropped.
	OnEvict func(*Cell)
}

// key finds a cell: identity and radio, or capture and RAT without identity.
type key struct {
	rat     event.RAT
	id      event.CellID
	radio   Radio
	capture int
}

// NewTracker returns an empty Tracker.
func NewTracker() *Tracker { return &Tracker{byKey: make(map[key]*Cell)} }

// Evicted counts the cells dropped to keep the bound.
func (t *Tracker) Evicted() int { return t.evicted }

// Lookup returns the cell with that identity at that place on air and makes it if it
// is new. A cell first heard without frequency or physical identity takes on the first
// it is heard with, and a message without them belongs to the first cell of that
// identity: some tools record them for some messages only.
func (t *Tracker) Lookup(rat event.RAT, id event.CellID, r Radio) *Cell {
	full := key{rat, id, r, -1}
	if c := t.byKey[full]; c != nil {
		t.touch(c)
		return c
	}
	less := [...]key{{rat, id, Radio{r.ARFCN, r.PCS, NoPCI}, -1}, {rat, id, NoRadio, -1}}
	for _, k := range less {
		c := t.byKey[k]
		if c == nil || c.ARFCN != NoARFCN && (c.ARFCN != r.ARFCN || c.PCS != r.PCS) || c.PCI != NoPCI && c.PCI != r.PCI {
			continue
		}
		c.Radio = r
		t.byKey[full], t.byKey[less[0]] = c, c // and still found with less
		t.touch(c)
		return c
	}
	c := &Cell{RAT: rat, ID: id, Radio: r, Capture: -1}
	t.add(c, full)
	for _, k := range less {
		if t.byKey[k] == nil {
			t.byKey[k] = c
		}
	}
	return c
}

// ByID returns the first cell heard with that identity, on whatever frequency, or
// nil.
func (t *Tracker) ByID(rat event.RAT, id event.CellID) *Cell {
	return t.byKey[key{rat, id, NoRadio, -1}]
}

// Unattributed returns the entry for signalling of that RAT in that capture whose
// cell is not known.
func (t *Tracker) Unattributed(rat event.RAT, capture int) *Cell {
	k := key{rat: rat, radio: NoRadio, capture: capture}
	if c := t.byKey[k]; c != nil {
		t.touch(c)
		return c
	}
	c := &Cell{RAT: rat, Radio: NoRadio, Capture: capture}
	t.add(c, k)
	return c
}

func (t *Tracker) add(c *Cell, k key) {
	if len(t.cells)-len(t.free) >= MaxCells {
		t.evict()
	}
	if n := len(t.free); n > 0 {
		c.index = t.free[n-1]
		t.free = t.free[:n-1]
		t.cells[c.index] = c
	} else {
		c.index = len(t.cells)
		t.cells = append(t.cells, c)
	}
	t.byKey[k] = c
	t.touch(c)
}

func (t *Tracker) touch(c *Cell) {
	t.clock++
	c.touched = t.clock
}

// evict drops the quarter of the cells that was not heard for longest, so that a
// capture with endless new cells costs a sort now and then, not a search each time.
func (t *Tracker) evict() {
	live := slices.DeleteFunc(slices.Clone(t.cells), func(c *Cell) bool { return c == nil })
	slices.SortFunc(live, func(a, b *Cell) int { return cmp.Compare(a.touched, b.touched) })
	gone := live[:max(1, len(live)/4)]
	drop := make(map[*Cell]bool, len(gone))
	for _, c := range gone {
		if t.OnEvict != nil {
			t.OnEvict(c)
		}
		drop[c] = true
		t.cells[c.index] = nil
		t.free = append(t.free, c.index)
	}
	for k, c := range t.byKey {
		if drop[c] {
			delete(t.byKey, k)
		}
	}
	t.evicted += len(gone)
}

// Known reports whether c is still kept.
func (t *Tracker) Known(c *Cell) bool {
	return c != nil && c.index < len(t.cells) && t.cells[c.index] == c
}

// Heard notes that a frame of c was heard, a broadcast message of type src among
// them unless src is event.NumSources.
func (t *Tracker) Heard(c *Cell, ref event.Ref, time int64, src event.Source) {
	c.see(ref, time)
	if src < event.NumSources {
		b := &c.Broadcasts[src]
		if b.Count == 0 {
			b.First = ref
		}
		b.Count++
		b.Last = ref
	}
}

// Apply records what e says about c.
func (t *Tracker) Apply(c *Cell, e *event.Event) { c.apply(e) }

// Cells lists the cells kept: those with identity first, ordered by RAT, identity
// and frequency, then the entries without identity by capture and RAT.
func (t *Tracker) Cells() []*Cell {
	all := slices.DeleteFunc(slices.Clone(t.cells), func(c *Cell) bool { return c == nil })
	slices.SortFunc(all, Compare)
	return all
}

// InArea returns the only cell of that RAT heard in the area, or nil if there is
// none or more than one.
func (t *Tracker) InArea(rat event.RAT, id event.CellID) *Cell {
	var found *Cell
	for _, c := range t.cells {
		if c == nil || c.RAT != rat || !c.ID.Known || c.ID.PLMN != id.PLMN || c.ID.Area != id.Area {
			continue
		}
		if found != nil {
			return nil
		}
		found = c
	}
	return found
}

// Compare orders cells as Cells lists them.
func Compare(a, b *Cell) int {
	if a.ID.Known != b.ID.Known {
		if a.ID.Known {
			return -1
		}
		return 1
	}
	if c := cmp.Compare(a.Capture, b.Capture); c != 0 {
		return c
	}
	if c := cmp.Compare(a.RAT, b.RAT); c != 0 {
		return c
	}
	if a.ID != b.ID {
		if a.ID.Less(b.ID) {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.ARFCN, b.ARFCN), cmp.Compare(a.PCI, b.PCI))
}
