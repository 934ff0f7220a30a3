package observe_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/observe"
	"github.com/fbsdetect/fbsdetect/detect/rule/ruletest"
	"github.com/fbsdetect/fbsdetect/gsmtap"
	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
)

// Messages of two cells of the test network 001-01: A is LAC 1 CI 1, B is LAC 2 CI 2.
const (
	si3A = "49 06 1b 0001 00f110 0001 09 04 0a 28 6505 790000 80002b2b"
	si3B = "49 06 1b 0002 00f110 0002 09 04 0a 28 6505 790000 80002b2b"
	si2  = "59 06 1a 10000000000000000000000000000000 ff 790000"
	si4A = "31 06 1c 00f110 0001 6505 790000"
	si4B = "31 06 1c 00f110 0002 6505 790000"
	// Layer 3 of SI6 without layer 1 and 2, as a phone's log has it.
	si6A = "06 1e 0001 00f110 0001 27 ff 2b2b2b2b2b2b2b"
	si6B = "06 1e 0002 00f110 0002 27 ff 2b2b2b2b2b2b2b"
	// The same with layer 1 header and LAPDm, as on SACCH.
	sacch6B = "0000 03 03 2d 06 1e 0002 00f110 0002 27 ff"

	lu       = "05 08 00 00f110 0009 33 05 f4 11223344" // Location Updating Request with a TMSI
	idReq    = "05 18 01"                               // Identity Request for the IMSI
	idResp   = "05 19 08 09 10 10 00 00 00 00 10"       // IMSI 001010000000001
	reject   = "05 04 0f"                               // Location Updating Reject, cause 15
	accept   = "05 02 00f110 0002"                      // Location Updating Accept in LAC 2
	release  = "06 0d 00"
	assignTo = "2d 06 3f 00 20 e0 21 7f 00 00 00 00" // SDCCH/4 subchannel 0, timeslot 0, ARFCN 33
)

// sink writes down events as "frame kind cell basis".
type sink struct{ lines []string }

func (s *sink) Repeats() bool { return false }

func (s *sink) Observe(c *cell.Cell, e *event.Event, repeat bool) {
	if repeat {
		return
	}
	name := "?"
	if c.ID.Known {
		name = fmt.Sprintf("%d/%d", c.ID.Area, c.ID.Cell)
	}
	line := fmt.Sprintf("%d %v %s %v", e.Ref.Frame, e.Body.Kind(), name, e.Basis)
	if b, ok := e.Body.(*event.Session); ok {
		for _, st := range b.Steps {
			line += fmt.Sprintf(" %d", st.Ref.Frame)
		}
	}
	s.lines = append(s.lines, line)
}

// run observes frames and returns the lines of the kinds asked for.
func run(t *testing.T, frames []string, kinds ...event.Kind) []string {
	t.Helper()
	var s sink
	o := observe.New(cell.NewTracker(), &s, 0)
	d := gsmtap.NewDecoder()
	d.Strict = true
	at := ruletest.Start
	for i, line := range frames {
		f := parseLine(t, line)
		if at += 25e7; f.Time > ruletest.Start {
			at = f.Time
		}
		if res := d.DecodePayload(&capture.Payload{Kind: f.Kind, Data: f.Octets}, func(p *gsmtap.Packet) { o.Packet(i+1, at, p) }); res.Err != nil {
			t.Fatalf("frame %d: %v", i+1, res.Err)
		}
	}
	o.Close()
	var out []string
	for _, l := range s.lines {
		if slices.ContainsFunc(kinds, func(k event.Kind) bool { return strings.Contains(l, " "+k.String()+" ") }) {
			out = append(out, l)
		}
	}
	return out
}

func TestAttribution(t *testing.T) {
	tests := []struct {
		name   string
		frames []string
		kinds  []event.Kind
		want   []string
	}{
		{
			"SI2 belongs to the cell on its frequency",
			[]string{"BCCH 33: " + si3A, "BCCH 44: " + si3B, "BCCH 33: " + si2},
			[]event.Kind{event.KindNeighbours},
			[]string{"3 neighbour list 1/1 frequency"},
		},
		{
			"SI2 before the cell named itself is bound backwards",
			[]string{"BCCH 33: " + si2, "BCCH 44: " + si3B, "BCCH 33: " + si3A},
			[]event.Kind{event.KindNeighbours},
			[]string{"1 neighbour list 1/1 frequency"},
		},
		{
			"without frequency SI2 between two names of one cell is that cell's",
			[]string{"DTAP 0: " + si3A[3:], "DTAP 0: " + si2[3:], "DTAP 0: " + si3A[3:]},
			[]event.Kind{event.KindNeighbours},
			[]string{"2 neighbour list 1/1 last_broadcast"},
		},
		{
			"without frequency SI2 between two cells is nobody's",
			[]string{"DTAP 0: " + si3A[3:], "DTAP 0: " + si2[3:], "DTAP 0: " + si3B[3:]},
			[]event.Kind{event.KindNeighbours},
			[]string{"2 neighbour list ? none"},
		},
		{
			"without frequency SI4 of another area ends the attribution",
			[]string{"DTAP 0: " + si3A[3:], "DTAP 0: " + si4B[3:], "DTAP 0: " + si2[3:], "DTAP 0: " + si3A[3:]},
			[]event.Kind{event.KindNeighbours},
			[]string{"3 neighbour list ? none"},
		},
		{
			"SI4 that differs between two equal SI3 is a contradiction",
			[]string{"BCCH 33: " + si3A, "BCCH 33: " + si4B, "BCCH 33: " + si3A},
			[]event.Kind{event.KindContradiction},
			[]string{"2 contradiction 1/1 frequency"},
		},
		{
			"SI4 that differs before another cell's SI3 is no contradiction",
			[]string{"BCCH 33: " + si3A, "BCCH 33: " + si4B, "BCCH 33: " + si3B},
			[]event.Kind{event.KindContradiction, event.KindRadioReuse},
			[]string{"3 radio channel reuse 2/2 identity"},
		},
		{
			"a session belongs to the cell that SI6 names, also backwards",
			[]string{"DTAP 0: " + si3A[3:], "DTAP 0 ul: " + lu, "DTAP 0: " + idReq, "DTAP 0: " + si6B, "DTAP 0: " + reject, "DTAP 0: " + release},
			[]event.Kind{event.KindSession},
			[]string{"6 signalling session 2/2 si6 2 3 5 6"},
		},
		{
			"without SI6 and frequency a session belongs to the cell heard last, weakly",
			[]string{"DTAP 0: " + si3A[3:], "DTAP 0 ul: " + lu, "DTAP 0: " + reject, "DTAP 0: " + release},
			[]event.Kind{event.KindSession},
			[]string{"4 signalling session 1/1 last_broadcast 2 3 4"},
		},
		{
			"an accept names the area, and one cell was heard there",
			[]string{"DTAP 0: " + si3B[3:], "DTAP 0: " + si3A[3:], "DTAP 0 ul: " + lu, "DTAP 0: " + accept, "DTAP 0: " + release},
			[]event.Kind{event.KindSession},
			[]string{"5 signalling session 2/2 area 3 4 5"},
		},
		{
			"nothing names a cell",
			[]string{"DTAP 0 ul: " + lu, "DTAP 0: " + reject},
			[]event.Kind{event.KindSession},
			[]string{"2 signalling session ? none 1 2"},
		},
		{
			"a session on a frequency belongs to the cell there",
			[]string{"BCCH 33: " + si3A, "SDCCH/4 33 ul: 01 3f 3d " + lu, "SDCCH/4 33: 03 00 0d " + idReq},
			[]event.Kind{event.KindSession},
			[]string{"3 signalling session 1/1 frequency 2 3"},
		},
		{
			"SI6 on its associated channel outweighs the frequency",
			[]string{"BCCH 33: " + si3A, "SDCCH/4 33 ul: 01 3f 3d " + lu, "SACCH/4 33: " + sacch6B, "SDCCH/4 33: 03 00 0d " + idReq},
			[]event.Kind{event.KindSession},
			[]string{"4 signalling session 2/2 si6 2 4"},
		},
		{
			"the network's echo of the phone's first message counts once",
			[]string{"BCCH 33: " + si3A, "SDCCH/4 33 ul: 01 3f 3d " + lu, "SDCCH/4 33: 01 73 3d " + lu},
			[]event.Kind{event.KindSession},
			[]string{"2 signalling session 1/1 frequency 2"},
		},
		{
			"of a downlink alone the echo is the phone's first message",
			[]string{"BCCH 33: " + si3A, "SDCCH/4 33: 01 73 3d " + lu, "SDCCH/4 33: 03 00 0d " + reject},
			[]event.Kind{event.KindSession},
			[]string{"3 signalling session 1/1 frequency 2 3"},
		},
		{
			"two phones on two subchannels are two sessions",
			[]string{"BCCH 33: " + si3A, "SDCCH/4/0 33 ul: 01 3f 3d " + lu, "SDCCH/4/1 33 ul: 01 3f 3d " + lu, "SDCCH/4/0 33: 03 00 0d " + reject},
			[]event.Kind{event.KindSession},
			[]string{"4 signalling session 1/1 frequency 2 4", "3 signalling session 1/1 frequency 3"},
		},
		{
			"a long pause ends a session",
			[]string{"BCCH 33: " + si3A, "SDCCH/4 33 ul: 01 3f 3d " + lu, "@90 SDCCH/4 33: 03 00 0d " + idReq},
			[]event.Kind{event.KindSession},
			[]string{"2 signalling session 1/1 frequency 2", "3 signalling session 1/1 frequency 3"},
		},
		{
			"a request after the release is a new session",
			[]string{"DTAP 0: " + si6A, "DTAP 0 ul: " + lu, "DTAP 0: " + release, "DTAP 0 ul: " + lu, "DTAP 0: " + si6B},
			[]event.Kind{event.KindSession},
			[]string{"3 signalling session 1/1 si6 2 3", "4 signalling session 2/2 si6 4"},
		},
		{
			"the cell that assigned the channel has the session",
			[]string{"BCCH 33: " + si3A, "CCCH 33: " + assignTo, "BCCH 33: " + si3B, "SDCCH/4 33 ul: 01 3f 3d " + lu},
			[]event.Kind{event.KindSession},
			[]string{"4 signalling session 1/1 assignment 4"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := run(t, tt.frames, tt.kinds...)
			if !slices.Equal(got, tt.want) {
				t.Errorf("\n got %q\nwant %q", got, tt.want)
			}
		})
	}
}
