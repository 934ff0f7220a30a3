package rule

import (
	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// Known is what earlier captures taught of cells: a baseline.
type Known interface {
	// Cells lists the cells of a network that were learned, with the parameters they
	// broadcast last. Those in quarantine are left out. The list must not be changed.
	Cells(rat event.RAT, plmn ident.PLMN) []*cell.Cell
	// History lists where and how a cell was met before, oldest first.
	History(rat event.RAT, id event.CellID) []Sighting
	// Sessions sums up the sessions on all cells of a network.
	Sessions(rat event.RAT, plmn ident.PLMN) cell.Sessions
	// Listed tells what an external list of cells says: whether it has this one, and how
	// many it has of the network.
	Listed(rat event.RAT, id event.CellID) (listed bool, ofNetwork int)
}

// Sighting is a cell as one earlier capture showed it.
type Sighting struct {
	// First and Last are in nanoseconds since 1970, 0 if the capture has no clock.
	First, Last int64
	Radio       cell.Radio
	// Parameters are what it broadcast, without frames.
	Parameters []cell.Parameter
	Level      cell.Level
}

// Population lists the other cells of the network, each identity once: those of these
// captures, and those that the baseline knows beside them, without those
// in quarantine. The latter have no frames. The list must not be changed.
func (v View) Population() []*cell.Cell {
	if v.population != nil && *v.population != nil {
		return *v.population
	}
	out := []*cell.Cell{}
	seen := map[event.CellID]bool{v.Cell.ID: true}
	add := func(list []*cell.Cell) {
		for _, c := range list {
			if !seen[c.ID] {
				seen[c.ID] = true
				out = append(out, c)
			}
		}
	}
	add(v.Peers())
	if v.Known != nil && v.Cell.ID.Known {
		add(v.Known.Cells(v.Cell.RAT, v.Cell.ID.PLMN))
	}
	if v.population != nil {
		*v.population = out
	}
	return out
}
