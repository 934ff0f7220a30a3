// Package ruletest runs the vectors that rules carry: frames in a short notation go
// through decoding, attribution and the engine, as those of a capture do.
//
// One frame a line:
//
//	[@seconds] CHANNEL[/subslot] ARFCN [level dBm] [ul]: octets in hexadecimal
//	[@seconds] CHANNEL EARFCN[/PCI]: {RRC message in JSON}
//	[@seconds] NAS [ul]: octets in hexadecimal
//
// In the first form, of GSM, CHANNEL is BCCH, CCCH, PCH, AGCH, RACH, CBCH, SDCCH, SDCCH/4, SDCCH/8, SACCH/4, SACCH/8 or
// DTAP (layer 3 without layer 2). On the common channels the octets start with the
// L2 pseudo length and are padded with 2b to a block of 23; on the dedicated ones
// they start with the LAPDm header. In the second, of LTE, CHANNEL is BCCH-BCH,
// BCCH-DL-SCH, PCCH, DL-CCCH, DL-DCCH, UL-CCCH or UL-DCCH, and the message is written as
// uper.Schema.EncodeJSON reads it, or in hexadecimal. The third is a bare NAS message of
// EPS, as in a log of a phone's NAS layer. ARFCN or EARFCN 0 is "not recorded". The time
// of a line without @ is a quarter second after the line before. Without a level, the
// tool measured none. Lines starting with # are comments.
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
	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
)

// Frame is one line of a vector.
type Frame struct {
	// Time is in nanoseconds since 1970.
	Time int64
	// Kind says what Octets are: a GSMTAP packet or a NAS message of EPS.
	Kind   capture.Kind
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
		words := strings.Fields(head)
		if len(words) > 0 && strings.HasPrefix(words[0], "@") {
			s, err := strconv.ParseFloat(words[0][1:], 64)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
			now, words = Start+int64(s*1e9), words[1:]
		}
		f, err := parseFrame(words, strings.TrimSpace(body))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
		f.Time = now
		out = append(out, f)
		now += 250e6
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no frames")
	}
	return out, nil
}

func parseFrame(words []string, body string) (Frame, error) {
	uplink := false
	if n := len(words); n > 1 && words[n-1] == "ul" {
		uplink, words = true, words[:n-1]
	}
	if len(words) == 2 {
		if sub, ok := gsmtap.LTERRCSubType(words[0]); ok {
			return parseRRC(sub, words[0], words[1], body)
		}
	}
	h := gsmtap.Header{Type: gsmtap.TypeUm, Uplink: uplink}
	if n := len(words); n == 4 && words[3] == "dBm" {
		level, err := strconv.ParseInt(words[2], 10, 8)
		if err != nil {
			return Frame{}, err
		}
		h.SignalDBm, words = int16(level), words[:2]
	}
	octets, err := hex.DecodeString(strings.Join(strings.Fields(body), ""))
	if err != nil {
		return Frame{}, err
	}
	switch {
	case len(words) == 1 && words[0] == "NAS":
		return Frame{Kind: capture.KindNASEPS, Octets: octets}, nil
	case len(words) != 2:
		return Frame{}, fmt.Errorf("want CHANNEL ARFCN [level dBm] [ul]")
	}
	arfcn, err := strconv.ParseUint(words[1], 10, 14)
	if err != nil {
		return Frame{}, err
	}
	h.ARFCN = uint32(arfcn)
	if err := channel(words[0], &h); err != nil {
		return Frame{}, err
	}
	if h.Type == gsmtap.TypeUm && h.Channel != gsmtap.RACH {
		for len(octets) < 23 {
			octets = append(octets, 0x2b)
		}
	}
	return Frame{Kind: capture.KindGSMTAP, Octets: append(gsmtap.AppendHeader(nil, &h), octets...)}, nil
}

// parseRRC makes a GSMTAP version 3 packet of an RRC message of LTE.
func parseRRC(sub uint16, channel, radio, body string) (Frame, error) {
	h := gsmtap.Header{Version: 3, Type: gsmtap.TypeLTERRC, SubType: sub}
	earfcn, pci, hasPCI := strings.Cut(radio, "/")
	n, err := strconv.ParseUint(earfcn, 10, 18)
	if err != nil {
		return Frame{}, err
	}
	h.ARFCN = uint32(n)
	if hasPCI {
		n, err := strconv.ParseUint(pci, 10, 9)
		if err != nil {
			return Frame{}, err
		}
		h.PhysicalID, h.HasPhysicalID = uint16(n), true
	}
	b := gsmtap.AppendHeader(nil, &h)
	if !strings.HasPrefix(body, "{") {
		octets, err := hex.DecodeString(strings.Join(strings.Fields(body), ""))
		return Frame{Kind: capture.KindGSMTAP, Octets: append(b, octets...)}, err
	}
	b, err = rrc.Schema(rrc.LTE).EncodeJSON(b, channel+"-Message", []byte(body))
	return Frame{Kind: capture.KindGSMTAP, Octets: b}, err
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
		{"PCH", gsmtap.PCH, false}, {"AGCH", gsmtap.AGCH, false}, {"RACH", gsmtap.RACH, false}, {"CBCH", gsmtap.CBCH51, false},
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
	return JudgeKnowing(frames, rules, nil)
}

// JudgeKnowing is Judge with a baseline, which may be nil.
func JudgeKnowing(frames []Frame, rules []*rule.Rule, known rule.Known) ([]engine.Judgement, error) {
	tracker := cell.NewTracker()
	e := engine.New(tracker, rules, nil)
	e.Strict, e.Known = true, known
	o := observe.New(tracker, e, 0)
	d := gsmtap.NewDecoder()
	for i, f := range frames {
		res := d.DecodePayload(&capture.Payload{Kind: f.Kind, Data: f.Octets}, func(p *gsmtap.Packet) { o.Packet(i+1, f.Time, p) })
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
					known, err := Learn(v.Known)
					if err != nil {
						t.Fatal(err)
					}
					got, err := JudgeKnowing(frames, []*rule.Rule{r}, known)
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
