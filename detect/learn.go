package detect

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/fbsdetect/fbsdetect/detect/baseline"
	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/engine"
	"github.com/fbsdetect/fbsdetect/detect/observe"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap"
)

// Learned is what Learn read.
type Learned struct {
	// Captures are those that went into the baseline.
	Captures int
	// Cells counts their cells, each once for each capture, Quarantined those of them
	// that scored suspicious or above.
	Cells, Quarantined int
	// Notices say what was dropped.
	Notices []string
}

// Learn reads the captures and adds what they teach to a baseline. Each capture is
// judged for itself, so that it teaches the same in whatever company it comes. One that
// cannot be read to its end, or holds no frame that the program knows, teaches nothing;
// errors.Is(err, ErrInput) then, and the others are learned.
func Learn(ctx context.Context, sources []Source, opt Options, into *baseline.Builder) (Learned, error) {
	var sum Learned
	rules, err := opt.rules()
	if err != nil {
		return sum, err
	}
	tool := "fbsdetect " + Version + " " + ruleset(rules, opt.Params)
	var failed []error
	for _, src := range sources {
		if err := ctx.Err(); err != nil {
			return sum, errors.Join(append(failed, err)...)
		}
		c, err := learn(ctx, src, &opt, rules, &sum)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		c.Tool = tool
		if err := into.Add(c); err != nil {
			return sum, errors.Join(append(failed, fmt.Errorf("learn %s: %w", src.Path, err))...)
		}
		sum.Captures++
		sum.Cells += len(c.Cells)
		for i := range c.Cells {
			if baseline.Quarantine(c.Cells[i].Verdict) {
				sum.Quarantined++
			}
		}
	}
	return sum, errors.Join(failed...)
}

// learn reads and judges one capture.
func learn(ctx context.Context, src Source, opt *Options, rules []*rule.Rule, sum *Learned) (baseline.Capture, error) {
	var out baseline.Capture
	note := func(s string) { sum.Notices = append(sum.Notices, s) }
	tracker := cell.NewTracker()
	e := engine.New(tracker, rules, opt.Params)
	e.Strict = opt.Strict
	o := observe.New(tracker, e, 0)
	c, err := readCapture(ctx, src, opt, true, note, func(frame int, time int64, p *gsmtap.Packet) { o.Packet(frame, time, p) })
	o.Close()
	if err != nil {
		return out, err
	}
	if n, err := hex.Decode(out.SHA256[:], []byte(c.SHA256)); err != nil || n != len(out.SHA256) {
		return out, fmt.Errorf("%w: %s: not read to its end, so it has no hash", ErrInput, src.Path)
	}
	out.First, out.Last = nanoseconds(&c)
	judgements := e.Finish()
	for i := range judgements {
		j := &judgements[i]
		if j.Cell.First.Frame == 0 || !j.Cell.ID.Known {
			continue
		}
		r := newCell(j, e.Rules(), nil)
		out.Cells = append(out.Cells, baseline.Judged{Cell: j.Cell, Score: r.Score, Verdict: r.Verdict})
	}
	if n := tracker.Evicted(); n > 0 {
		note(fmt.Sprintf("%s: %d cells not heard for long were dropped and not learned: it holds more than %d cells", src.Path, n, cell.MaxCells))
	}
	if e.Panics > 0 {
		note(fmt.Sprintf("%s: %d rule calls failed inside the program (first: %s)", src.Path, e.Panics, e.FirstPanic))
	}
	return out, nil
}

// nanoseconds returns the times of a capture since 1970, 0 if unknown.
func nanoseconds(c *report.Capture) (first, last int64) {
	if c.First != nil {
		first = c.First.UnixNano()
	}
	if c.Last != nil {
		last = c.Last.UnixNano()
	}
	return first, last
}
