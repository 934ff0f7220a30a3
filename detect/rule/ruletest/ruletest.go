// Package ruletest runs the vectors that rules carry: frames in a short notation go
// through decoding, attribution and the engine, as those of a capture do.
//
// One frame a line:
//
//	[@seconds] CHANNEL[/subslot] ARFCN [ul]: octets in hexadecimal
//
// CHANNEL is BCCH, CCCH, PCH, AGCH, RACH, SDCCH, SDCCH/4, SDCCH/8, SACCH/4, SACCH/8 or
// DTAP (layer 3 without layer 2). On the common channels the octets start with the
// L2 pseudo length and are padded with 2b to a block of 23; on the dedicated ones
// they start with the LAPDm header. ARFCN 0 is "not recorded". The time of a line
// without @ is a quarter second after the line before. Lines starting with # are
// comments.
package ruletest

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/engine"
	"github.com/fbsdetect/fbsdetect/detect/observe"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap"
)

// Frame is one line of a vector.
type Frame struct {
	// Time is in nanoseconds since 1970.
	Time int64
	// Octets is the GSMTAP packet.
	Octets []byte
}

// Start is the time at which vectors begin, in nanoseconds since 1970.
const Start = int64(1_700_000_000) * 1e9

// Parse reads the notation.
func Parse(frames string) ([]Frame, error) {
	var out []Frame
	now := Start
	for n, line := range strings.Split(frames, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		head, body, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("line %d: no colon", n+1)
		}
		octets, err := hex.DecodeString(strings.Join(strings.Fields(body), ""))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
		words := strings.Fields(head)
		if len(words) > 0 && strings.HasPrefix(words[0], "@") {
			s, err := strconv.ParseFloat(words[0][1:], 64)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
			now, words = Start+int64(s*1e9), words[1:]
		}
		h := gsmtap.Header{Type: gsmtap.TypeUm}
		if len(words) > 2 && words[2] == "ul" {
			h.Uplink, words = true, words[:2]
		}
		if len(words) != 2 {
			return nil, fmt.Errorf("line %d: want CHANNEL ARFCN [ul]", n+1)
		}
		arfcn, err := strconv.ParseUint(words[1], 10, 14)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
		h.ARFCN = uint32(arfcn)
		if err := channel(words[0], &h); err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
		if h.Type == gsmtap.TypeUm && h.Channel != gsmtap.RACH {
			for len(octets) < 23 {
				octets = append(octets, 0x2b)
			}
		}
		out = append(out, Frame{Time: now, Octets: append(gsmtap.AppendHeader(nil, &h), octets...)})
		now += 250e6
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no frames")
	}
	return out, nil
}

func channel(word string, h *gsmtap.Header) error {
	names := []struct {
		name string
		ch   gsmtap.Channel
		acch bool
	}{
		{"SDCCH/4", gsmtap.SDCCH4, false}, {"SDCCH/8", gsmtap.SDCCH8, false},
		{"SACCH/4", gsmtap.SDCCH4, true}, {"SACCH/8", gsmtap.SDCCH8, true},
		{"SDCCH", gsmtap.SDCCH, false}, {"BCCH", gsmtap.BCCH, false}, {"CCCH", gsmtap.CCCH, false},
		{"PCH", gsmtap.PCH, false}, {"AGCH", gsmtap.AGCH, false}, {"RACH", gsmtap.RACH, false},
	}
	if word == "DTAP" {
		h.Type = gsmtap.TypeAbis
		return nil
	}
	for _, n := range names {
		rest, ok := strings.CutPrefix(word, n.name)
		if !ok {
			continue
		}
		h.Channel, h.ACCH = n.ch, n.acch
		if n.ch == gsmtap.SDCCH8 {
			h.Timeslot = 1
		}
		if rest == "" {
			return nil
		}
		if sub, err := strconv.ParseUint(strings.TrimPrefix(rest, "/"), 10, 3); err == nil && rest[0] == '/' {
			h.SubSlot = uint8(sub)
			return nil
		}
	}
	return fmt.Errorf("channel %q unknown", word)
}

// Judge runs frames through decoding, observation and the given rules.
func Judge(frames []Frame, rules []*rule.Rule) ([]engine.Judgement, error) {
	tracker := cell.NewTracker()
	e := engine.New(tracker, rules, nil)
	e.Strict = true
	o := observe.New(tracker, e, 0)
	d := gsmtap.NewDecoder()
	for i, f := range frames {
		res := d.Decode(f.Octets, func(p *gsmtap.Packet) { o.Packet(i+1, f.Time, p) })
		if res.Err != nil {
			return nil, fmt.Errorf("frame %d: %w", i+1, res.Err)
		}
	}
	o.Close()
	return e.Finish(), nil
}

// Run runs every vector of every rule, each with that rule alone.
func Run(t *testing.T, rules []*rule.Rule) {
	for _, r := range rules {
		t.Run(r.ID, func(t *testing.T) {
			var fires, silent int
			for _, v := range r.Vectors {
				if v.Fires {
					fires++
				} else {
					silent++
				}
				t.Run(v.Name, func(t *testing.T) {
					frames, err := Parse(v.Frames)
					if err != nil {
						t.Fatal(err)
					}
					got, err := Judge(frames, []*rule.Rule{r})
					if err != nil {
						t.Fatal(err)
					}
					check(t, v, got, len(frames))
				})
			}
			if fires == 0 || silent == 0 {
				t.Errorf("%d firing and %d silent vectors, want at least one of each", fires, silent)
			}
		})
	}
}

// check compares the outcome with the expectation and looks over what was found.
func check(t *testing.T, v rule.Vector, got []engine.Judgement, frames int) {
	t.Helper()
	found, seen := 0, 0
	for _, j := range got {
		found += len(j.Findings)
		if j.Outcomes[0] != engine.NotObservable {
			seen++
		}
		for _, f := range j.Findings {
			ev := f.Evidence
			if len(ev.Frames) == 0 || ev.Summary == "" || ev.Field == "" || ev.Got == "" || ev.Expect == "" {
				t.Errorf("incomplete evidence: %+v", ev)
			}
			for _, ref := range ev.Frames {
				if ref.Frame < 1 || ref.Frame > frames {
					t.Errorf("evidence names frame %d of %d", ref.Frame, frames)
				}
			}
		}
	}
	switch {
	case v.Fires && found == 0:
		t.Error("silent, want it to fire")
	case !v.Fires && found > 0:
		for _, j := range got {
			for _, f := range j.Findings {
				t.Errorf("fires: %s = %s on %+v", f.Evidence.Field, f.Evidence.Got, j.Cell.ID)
			}
		}
	case !v.Fires && seen == 0:
		t.Error("silent because nothing the rule needs was there: the vector shows nothing")
	}
}
