package detect

import (
	"math"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

func newSequences(c *cell.Cell, names *ident.Pseudonyms) []report.Sequence {
	out := make([]report.Sequence, 0, len(c.Sequences))
	for i := range c.Sequences {
		q := &c.Sequences[i]
		s := report.Sequence{
			First: timeOf(q.First.Time), Last: timeOf(q.Last.Time), Attribution: q.Basis.String(), Exposing: q.Exposing,
			Alike: q.Alike, Steps: make([]report.Step, 0, len(q.Steps)), StepsOmitted: q.Omitted, Hidden: q.Hidden,
		}
		if q.Phone.Present() {
			s.Phone = names.Mobile(q.Phone)
		}
		for _, st := range q.Steps {
			direction := "dl"
			if st.Uplink {
				direction = "ul"
			}
			s.Steps = append(s.Steps, report.Step{
				Frame: st.Ref, Time: timeOf(st.Ref.Time), Direction: direction, Message: st.Message, Detail: st.Detail,
				Exposing: st.Exposing, Repeats: st.Repeats,
			})
		}
		out = append(out, s)
	}
	return out
}

func newCourses(c *cell.Cell) ([]report.LevelPoint, []report.ConnectionPoint) {
	levels := make([]report.LevelPoint, 0, len(c.Levels.Points))
	for _, p := range c.Levels.Points {
		levels = append(levels, report.LevelPoint{
			First: p.First, Last: p.Last, Time: timeOf(p.First.Time), Count: p.N, MinDBm: p.Min, MaxDBm: p.Max,
			MeanDBm: math.Round(10*float64(p.Sum)/float64(p.N)) / 10,
		})
	}
	connections := make([]report.ConnectionPoint, 0, len(c.Connections.Points))
	for _, p := range c.Connections.Points {
		connections = append(connections, report.ConnectionPoint{
			First: p.First, Last: p.Last, Time: timeOf(p.First.Time), Count: p.Count, Exposing: p.Exposing,
		})
	}
	return levels, connections
}

// maxNeighbours bounds the neighbours that a report lists of a cell: the lists of GSM's
// SI2 family hold up to 32 each, LTE's blocks 8 frequencies each.
const maxNeighbours = 64

// newNeighbours lists the frequencies that the cell names and counts those left out.
func newNeighbours(c *cell.Cell) (list []report.Neighbour, omitted int) {
	list = []report.Neighbour{}
	add := func(n report.Neighbour) {
		if len(list) == maxNeighbours {
			omitted++
			return
		}
		list = append(list, n)
	}
	for _, n := range c.Idle.Append(nil) {
		add(report.Neighbour{List: "idle", RAT: event.GSM, ARFCN: n})
	}
	for _, n := range c.Dedicated.Append(nil) {
		add(report.Neighbour{List: "connected", RAT: event.GSM, ARFCN: n})
	}
	for src := event.SI1; src < event.NumSources; src++ {
		for _, m := range c.Measured[src] {
			n := report.Neighbour{List: src.String(), RAT: m.RAT, ARFCN: int(m.ARFCN)}
			if m.Priority >= 0 {
				p := m.Priority
				n.Priority = &p
			}
			add(n)
		}
	}
	return list, omitted
}
