package detect

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/observe"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/track"
	"github.com/fbsdetect/fbsdetect/gsmtap"
)

// Bounds on the positions that a document lists.
const (
	maxHeardAt = 256  // of one cell
	maxLine    = 2000 // of the track
)

// places notes where the receiver was when it heard each cell, on the way of the events
// to the rules.
type places struct {
	observe.Sink
	track *track.Track
	gap   time.Duration
	cells map[*cell.Cell]map[place]*heard
	// used counts the frames placed at each point, unplaced those without, by capture.
	used     map[place]int
	unplaced map[int]int
	// now is the frame being read, level its level.
	now      event.Ref
	level    int
	measured bool
}

// place is a point of the track in one capture.
type place struct{ capture, point int }

// heard is what was heard of a cell at a place.
type heard struct {
	first, last event.Ref
	frames      int
	off         time.Duration
	level       int
	measured    bool
}

func newPlaces(next observe.Sink, t *track.Track, gap time.Duration) *places {
	return &places{
		Sink: next, track: t, gap: gap,
		cells: map[*cell.Cell]map[place]*heard{}, used: map[place]int{}, unplaced: map[int]int{},
	}
}

// Repeats is true, for a cell heard again is heard at another place.
func (p *places) Repeats() bool { return true }

// frame is told each packet before it is observed. A frame may give several.
func (p *places) frame(ref event.Ref, ns int64, packet *gsmtap.Packet) {
	h := packet.Header
	p.measured = h != nil && h.SignalMeasured && !packet.Uplink
	if p.measured {
		p.level = int(h.SignalDBm)
	}
	if ref == p.now {
		return
	}
	p.now = ref
	if i, _, ok := p.at(ns); ok {
		p.used[place{ref.Capture, i}]++
	} else {
		p.unplaced[ref.Capture]++
	}
}

func (p *places) at(ns int64) (int, time.Duration, bool) {
	if ns <= 0 {
		return 0, 0, false
	}
	return p.track.At(ns, p.gap)
}

// Observe notes the place of an event and hands it on.
func (p *places) Observe(c *cell.Cell, e *event.Event, repeat bool) {
	p.note(c, e)
	p.Sink.Observe(c, e, repeat)
}

func (p *places) note(c *cell.Cell, e *event.Event) {
	i, off, ok := p.at(e.Time)
	if !ok {
		return
	}
	if p.cells[c] == nil {
		p.cells[c] = map[place]*heard{}
	}
	at := place{e.Ref.Capture, i}
	h := p.cells[c][at]
	if h == nil {
		h = &heard{first: e.Ref, off: off}
		p.cells[c][at] = h
	}
	if h.last != e.Ref { // a frame may give several events
		h.last = e.Ref
		h.frames++
	}
	if e.Ref == p.now && p.measured && (!h.measured || p.level > h.level) {
		h.level, h.measured = p.level, true
	}
}

// forget drops the places of a capture whose clock turned out not to be that of the day.
func (p *places) forget(capture int) {
	of := func(at place) bool { return at.capture == capture }
	for _, list := range p.cells {
		maps.DeleteFunc(list, func(at place, _ *heard) bool { return of(at) })
	}
	for at, n := range p.used {
		if of(at) {
			p.unplaced[capture] += n
			delete(p.used, at)
		}
	}
}

// of lists the places of a cell.
func (p *places) of(c *cell.Cell) []report.HeardAt {
	list := p.cells[c]
	keys := slices.SortedFunc(maps.Keys(list), func(a, b place) int {
		return cmp.Or(cmp.Compare(a.point, b.point), cmp.Compare(a.capture, b.capture))
	})
	// Beyond the bound neighbours become one, at the place of the higher level.
	per := (len(keys) + maxHeardAt - 1) / maxHeardAt
	out := []report.HeardAt{}
	for n, at := range keys {
		h := list[at]
		next := report.HeardAt{
			TrackPoint: p.point(at.point), Frame: h.first, Frames: h.frames, GapSeconds: math.Round(1000*h.off.Seconds()) / 1000,
		}
		if h.measured {
			next.LevelDBm = &h.level
		}
		if n%per == 0 {
			out = append(out, next)
			continue
		}
		last := &out[len(out)-1]
		frames := last.Frames + next.Frames
		if next.LevelDBm != nil && (last.LevelDBm == nil || *next.LevelDBm > *last.LevelDBm) {
			*last = next
		}
		last.Frames = frames
	}
	return out
}

func (p *places) point(i int) report.TrackPoint {
	t := p.track.Points[i]
	return report.TrackPoint{Time: time.Unix(0, t.Time).UTC(), Latitude: t.Latitude, Longitude: t.Longitude}
}

// document tells how the track was used.
func (p *places) document() *report.Track {
	t := &report.Track{
		Path: p.track.Path, SHA256: p.track.SHA256, Points: len(p.track.Points), Untimed: p.track.Untimed,
		MaxGapSeconds: p.gap.Seconds(), Line: []report.TrackPoint{},
	}
	points := map[int]bool{}
	for at, n := range p.used {
		points[at.point] = true
		t.Placed += n
	}
	for _, n := range p.unplaced {
		t.Unplaced += n
	}
	list := slices.Sorted(maps.Keys(points))
	per := (len(list) + maxLine - 1) / maxLine
	for n, i := range list {
		if n%per == 0 || n == len(list)-1 {
			t.Line = append(t.Line, p.point(i))
		}
	}
	return t
}
