package exposure

import (
	"fmt"
	"io"
	"math"

	"github.com/fbsdetect/fbsdetect/detect/stat"
)

// Verdict says what the test of a table came to.
type Verdict string

// Verdicts.
const (
	// Alarm: at some time far more connections were exposed than the network exposes.
	Alarm Verdict = "alarm"
	// Clear: there were enough connections to see that, and it was not so.
	Clear Verdict = "clear"
	// Insufficient: there were too few.
	Insufficient Verdict = "insufficient"
)

// maxAlarms bounds the alarms listed of a table.
const maxAlarms = 1000

// Result is what the test found in one table.
type Result struct {
	Path string `json:"path"`
	// Connections of the table, those of them with an exposing message, and the minutes
	// with a connection, over all cells.
	Connections int     `json:"connections"`
	Exposed     int     `json:"exposed"`
	Minutes     int     `json:"minutes"`
	Verdict     Verdict `json:"verdict"`
	// Reason says why nothing, or what not, could be decided.
	Reason string `json:"reason,omitempty"`
	// Alarms are in order of cells, and of time within each; at most 1,000.
	Alarms []Window `json:"alarms"`
	// Cells lists the cells of a table that names them.
	Cells []Cell `json:"cells,omitempty"`
}

// Cell is the result on one cell of a table.
type Cell struct {
	PLMN        string `json:"plmn,omitempty"`
	Cell        string `json:"cell,omitempty"`
	Connections int    `json:"connections"`
	Exposed     int    `json:"exposed"`
	Minutes     int    `json:"minutes"`
	// Usual is the share that the test expects of the network.
	Usual   float64 `json:"usual"`
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason,omitempty"`
	Alarms  int     `json:"alarms"`
}

// Window is an alarm: the minutes that together gave it.
type Window struct {
	PLMN string `json:"plmn,omitempty"`
	Cell string `json:"cell,omitempty"`
	// At is when the last connection of the window began: in seconds since 1970, or of the
	// day where the table has no dates. Day counts midnights since the first row then.
	At  float64 `json:"at"`
	Day int     `json:"day,omitempty"`
	// WindowS is the length of the window in seconds, whole minutes.
	WindowS     int `json:"window_s"`
	Connections int `json:"connections"`
	Exposed     int `json:"exposed"`
	// Log10 is the log10 Bayes factor of an increased share against the network's own.
	Log10 float64 `json:"log10_bayes_factor"`
}

// Test reads a table and tests it against what commercial cells expose.
func Test(path string, r io.Reader) (*Result, error) {
	t, err := Read(r)
	if err != nil {
		return nil, err
	}
	res := t.Judge(stat.CommercialExposure)
	res.Path = path
	return res, nil
}

// count is connections, and those of them exposed.
type count struct{ connections, exposed int }

func (g *group) count() (c count) {
	for _, b := range g.bins {
		c.connections += b.connections
		c.exposed += b.exposed
	}
	return c
}

// Judge runs stat.ExposureTest over the minutes of each cell. The rate of the cell's
// network is the usual one and what the table says of the network's other cells.
func (t *Table) Judge(usual stat.ExposureRate) *Result {
	res := &Result{Alarms: []Window{}, Verdict: Insufficient}
	counts, networks := map[*group]count{}, map[string]count{}
	minutes := map[int64]bool{}
	for _, g := range t.groups {
		c := g.count()
		counts[g] = c
		n := networks[g.plmn]
		networks[g.plmn] = count{n.connections + c.connections, n.exposed + c.exposed}
		res.Connections += c.connections
		res.Exposed += c.exposed
		for m := range g.bins {
			minutes[m] = true
		}
	}
	res.Minutes = len(minutes)
	few := 0
	for _, g := range t.sortedGroups() {
		c, n := counts[g], networks[g.plmn]
		rate := usual
		if g.plmn != "" {
			rate = usual.Network(n.exposed-c.exposed, n.connections-c.connections)
		}
		cell := Cell{PLMN: g.plmn, Cell: g.cell, Connections: c.connections, Exposed: c.exposed, Minutes: len(g.bins),
			Usual: rounded(rate.Mean, 1e4), Verdict: Clear}
		alarms := t.windows(g, rate)
		cell.Alarms = len(alarms)
		switch {
		case len(alarms) > 0:
			cell.Verdict = Alarm
		case c.connections < stat.ExposureEnough:
			cell.Verdict = Insufficient
			cell.Reason = tooFew(c)
			few++
		}
		res.Alarms = append(res.Alarms, alarms[:min(len(alarms), maxAlarms-len(res.Alarms))]...)
		if cell.Verdict == Alarm || cell.Verdict == Clear && res.Verdict == Insufficient {
			res.Verdict = cell.Verdict
		}
		if t.labelled {
			res.Cells = append(res.Cells, cell)
		}
	}
	switch total := (count{res.Connections, res.Exposed}); {
	case res.Verdict == Insufficient && len(t.groups) > 1:
		res.Reason = fmt.Sprintf("none of %d cells has %d connections", len(t.groups), stat.ExposureEnough)
	case res.Verdict == Insufficient:
		res.Reason = tooFew(total)
	case few > 0:
		res.Reason = fmt.Sprintf("%d of %d cells have fewer than %d connections, too few to judge", few, len(t.groups), stat.ExposureEnough)
	}
	return res
}

func tooFew(c count) string {
	switch {
	case c.connections == 0:
		return "no connections"
	case c.connections <= stat.ExposureFew:
		return fmt.Sprintf("%d of %d connections exposed: an alarm needs more than %d connections", c.exposed, c.connections, stat.ExposureFew)
	}
	return fmt.Sprintf("%d of %d connections exposed gave no alarm, which means little below %d connections", c.exposed, c.connections, stat.ExposureEnough)
}

// windows lists the alarms on a cell.
func (t *Table) windows(g *group, rate stat.ExposureRate) []Window {
	test, ok := stat.NewExposureTest(rate, stat.ExposureAlarm)
	if !ok {
		return nil
	}
	var out []Window
	bins := g.sorted()
	for _, b := range bins {
		w, alarm := test.Add(b.exposed, b.connections)
		if !alarm {
			continue
		}
		at, day := b.last, 0.0
		if !t.clock {
			day = math.Floor(at / secondsOfDay)
			at -= day * secondsOfDay
		}
		out = append(out, Window{
			PLMN: g.plmn, Cell: g.cell, At: rounded(at, 1e3), Day: int(day),
			WindowS:     secondsOfMinute * int(b.minute-bins[w.First].minute+1),
			Connections: w.Connections, Exposed: w.Exposed, Log10: rounded(w.Log10, 1e2),
		})
	}
	return out
}

// rounded writes no more digits than a value is good for.
func rounded(v, unit float64) float64 { return math.Round(v*unit) / unit }
