package ruletest

import (
	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// Memory is a baseline held in memory, for vectors and tests. The zero value knows
// nothing.
type Memory struct {
	// Captures are the cells of earlier captures, oldest first.
	Captures [][]*cell.Cell
	// External are the cells of an external list.
	External map[event.RAT][]event.CellID
}

// Learn makes a baseline of earlier captures in the notation of vectors; it is nil if
// there are none.
func Learn(captures []string) (rule.Known, error) {
	if len(captures) == 0 {
		return nil, nil
	}
	m := &Memory{}
	for _, text := range captures {
		frames, err := Parse(text)
		if err != nil {
			return nil, err
		}
		judged, err := Judge(frames, nil)
		if err != nil {
			return nil, err
		}
		var cells []*cell.Cell
		for _, j := range judged {
			cells = append(cells, j.Cell)
		}
		m.Captures = append(m.Captures, cells)
	}
	return m, nil
}

// Cells implements rule.Known.
func (m *Memory) Cells(rat event.RAT, plmn ident.PLMN) []*cell.Cell {
	var out []*cell.Cell
	seen := map[event.CellID]bool{}
	for i := len(m.Captures) - 1; i >= 0; i-- {
		for _, c := range m.Captures[i] {
			if c.RAT == rat && c.ID.Known && c.ID.PLMN == plmn && !seen[c.ID] {
				seen[c.ID] = true
				out = append(out, c)
			}
		}
	}
	return out
}

// History implements rule.Known.
func (m *Memory) History(rat event.RAT, id event.CellID) []rule.Sighting {
	var out []rule.Sighting
	for _, cells := range m.Captures {
		for _, c := range cells {
			if c.RAT == rat && c.ID == id {
				out = append(out, rule.Sighting{First: c.FirstTime, Last: c.LastTime, Radio: c.Radio, Parameters: c.Parameters(), Level: c.Level})
			}
		}
	}
	return out
}

// Sessions implements rule.Known.
func (m *Memory) Sessions(rat event.RAT, plmn ident.PLMN) cell.Sessions {
	var sum cell.Sessions
	for _, cells := range m.Captures {
		for _, c := range cells {
			if c.RAT == rat && c.ID.PLMN == plmn {
				sum.Add(&c.Sessions)
			}
		}
	}
	return sum
}

// Listed implements rule.Known.
func (m *Memory) Listed(rat event.RAT, id event.CellID) (listed bool, ofNetwork int) {
	for _, x := range m.External[rat] {
		if x.PLMN == id.PLMN {
			ofNetwork++
			listed = listed || x == id
		}
	}
	return listed, ofNetwork
}
