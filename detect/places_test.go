package detect_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/track"
)

// TestPlaces: frames are placed at the point nearest in time and not beyond the gap; the
// verdicts are those of a run without positions.
func TestPlaces(t *testing.T) {
	path := filepath.Join("..", "testdata", "pcap", "lab-three-cells-and-blaster.ms.pcap")
	run := func(opt detect.Options) *report.Document {
		t.Helper()
		opt.Strict = true
		doc, err := detect.Run(t.Context(), []detect.Source{detect.FileSource(path)}, opt)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	plain := run(detect.Options{})
	// A drive to the north from one second before the blaster is heard, a point a second.
	start := plain.Cells[0].First.Add(-time.Second).Truncate(time.Second)
	var b strings.Builder
	b.WriteString("time,lat,lon\n")
	for i := range 30 {
		fmt.Fprintf(&b, "%s,%f,100.5\n", start.Add(time.Duration(i)*time.Second).Format(time.RFC3339), 13.7+float64(i)/1000)
	}
	drive, err := track.Read(strings.NewReader(b.String()), "drive.csv")
	if err != nil {
		t.Fatal(err)
	}
	doc := run(detect.Options{Track: drive, TrackGap: 2 * time.Second})
	rogue := doc.Cells[0]
	if len(rogue.HeardAt) < 5 {
		t.Fatalf("heard at %d places", len(rogue.HeardAt))
	}
	frames, levels := 0, 0
	for i, h := range rogue.HeardAt {
		frames += h.Frames
		if h.LevelDBm != nil {
			levels++
		}
		north := start.Add(time.Duration((h.Latitude-13.7)*1000+0.5) * time.Second)
		if d := north.Sub(h.Time).Abs(); d > time.Second || h.GapSeconds > 2 || h.Frames < 1 || h.Frame.Frame < rogue.FirstFrame.Frame {
			t.Errorf("place %d: %+v", i, h)
		}
		if i > 0 && !h.Time.After(rogue.HeardAt[i-1].Time) {
			t.Errorf("place %d is out of order", i)
		}
	}
	tr := doc.Track
	if tr == nil || tr.Points != 30 || tr.MaxGapSeconds != 2 || tr.Placed < frames || tr.Unplaced == 0 || len(tr.Line) < len(rogue.HeardAt) || len(tr.Line) > 30 {
		t.Fatalf("track %+v", tr)
	}
	if n := doc.Captures[0].Ledger.Decoded; tr.Placed+tr.Unplaced > n || tr.Placed+tr.Unplaced < 9*n/10 {
		t.Errorf("%d frames placed and %d not, of %d", tr.Placed, tr.Unplaced, n)
	}
	if levels < 3 {
		t.Errorf("a level at %d places", levels)
	}
	for _, c := range doc.Cells[1:] { // heard a quarter of an hour before
		if c.First.Before(start.Add(-time.Minute)) && c.Last.Before(start.Add(-time.Minute)) && len(c.HeardAt) > 0 {
			t.Errorf("cell %d was not heard on this drive: %+v", *c.Cell, c.HeardAt)
		}
	}
	doc.Track = nil
	for i := range doc.Cells {
		doc.Cells[i].HeardAt = []report.HeardAt{}
	}
	for i := range doc.Unattributed {
		doc.Unattributed[i].HeardAt = []report.HeardAt{}
	}
	got, _ := json.Marshal(doc)
	want, _ := json.Marshal(plain)
	if string(got) != string(want) {
		t.Error("positions change the verdicts")
	}
	far := run(detect.Options{Track: &track.Track{Path: "far.csv", Points: []track.Point{{Time: 1e9}}}, TrackGap: time.Second})
	if far.Track.Placed != 0 || len(far.Track.Line) != 0 || !strings.Contains(strings.Join(far.Notices, "\n"), "far.csv: no frame has a position within 1s") {
		t.Errorf("%+v, %v", far.Track, far.Notices)
	}
}

// TestPlacesThinned: a cell heard at many places lists at most 256, and none of its frames
// is lost.
func TestPlacesThinned(t *testing.T) {
	path := filepath.Join("..", "testdata", "pcap", "lab-three-cells-and-blaster.ms.pcap")
	drive := &track.Track{Path: "dense.csv"}
	plain, err := detect.Run(t.Context(), []detect.Source{detect.FileSource(path)}, detect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	first, last := plain.Captures[0].First.UnixNano(), plain.Captures[0].Last.UnixNano()
	for ns := first; ns <= last; ns += 20e6 {
		drive.Points = append(drive.Points, track.Point{Time: ns, Latitude: 13, Longitude: 100})
	}
	doc, err := detect.Run(t.Context(), []detect.Source{detect.FileSource(path)}, detect.Options{Track: drive, TrackGap: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	frames := 0
	for _, h := range doc.Cells[0].HeardAt {
		frames += h.Frames
	}
	if n := len(doc.Cells[0].HeardAt); n > 256 || n < 100 || frames < 300 {
		t.Errorf("%d places, %d frames", n, frames)
	}
	if doc.Track.Unplaced != 0 {
		t.Errorf("%d frames without a position", doc.Track.Unplaced)
	}
}
