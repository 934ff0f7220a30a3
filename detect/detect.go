// Package detect tells which cells in radio captures behave like a false base
// station, on what evidence, and what could not be observed.
//
//	gsmtap packet → observe: event at a cell → engine: rules → score → report
//
// Same captures, same options: same document, octet for octet.
package detect

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/baseline"
	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/engine"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/observe"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	_ "github.com/fbsdetect/fbsdetect/detect/rules" // the catalogue
	"github.com/fbsdetect/fbsdetect/detect/track"
	"github.com/fbsdetect/fbsdetect/gsmtap"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// ErrInput says that a capture could not be read, or held no frame that the
// program knows. What could be read is still reported.
var ErrInput = errors.New("capture not readable")

// ErrOption says that an option is unknown or out of its range.
var ErrOption = errors.New("option not valid")

// Version is the version of the program.
const Version = "0.3.0"

// Source is a capture to read.
type Source struct {
	// Path names it in reports and messages.
	Path string
	// Open starts reading it.
	Open func() (io.ReadCloser, error)
	// Size is its length in octets, -1 if unknown.
	Size int64
}

// FileSource returns the Source of a file.
func FileSource(path string) Source {
	size := int64(-1)
	if fi, err := os.Stat(path); err == nil && fi.Mode().IsRegular() {
		size = fi.Size()
	}
	return Source{Path: path, Size: size, Open: func() (io.ReadCloser, error) { return os.Open(path) }}
}

// Options are the choices of a run. The zero value runs all rules with their
// defaults and pseudonymises identities.
type Options struct {
	// Rules are the IDs of the rules to run; empty means all.
	Rules []string
	// Params replaces defaults of rule parameters, by rule ID and name.
	Params map[string]rule.Values
	// Reveal prints identities of persons in full.
	Reveal bool
	// Reason says why they are printed; it stands in the document.
	Reason string
	// Key makes pseudonyms; nil derives one from the content of the captures, so that
	// a run is repeatable and two cases cannot be linked.
	Key []byte
	// Ports are UDP ports that carry GSMTAP, besides 4729.
	Ports []uint16
	// LinkTypes says what a link type carries, in the words of capture.ParseKind.
	LinkTypes map[uint32]string
	// Baseline is what earlier captures taught of cells; nil for nothing.
	Baseline *baseline.Baseline
	// Track is where the receiver was, nil if not known. A frame is placed at the point
	// nearest in time, if that is at most TrackGap off.
	Track    *track.Track
	TrackGap time.Duration
	// RRC replaces the schemas by which RRC is decoded: those of another release.
	RRC map[rrc.RAT]*uper.Schema
	// Progress, if set, is told now and then how much of a capture was read.
	Progress func(path string, read, size int64)
	// Strict lets a panic of a decoder or rule through, for tests.
	Strict bool
}

// rules returns the rules chosen, after checking all names and ranges.
func (o *Options) rules() ([]*rule.Rule, error) {
	all := rule.All()
	chosen := all
	if len(o.Rules) > 0 {
		chosen = nil
		for _, id := range o.Rules {
			r := rule.ByID(id)
			if r == nil {
				return nil, fmt.Errorf("%w: no rule %q", ErrOption, id)
			}
			if !slices.Contains(chosen, r) {
				chosen = append(chosen, r)
			}
		}
		slices.SortFunc(chosen, func(a, b *rule.Rule) int {
			return slices.Index(all, a) - slices.Index(all, b)
		})
	}
	for id, values := range o.Params {
		r := rule.ByID(id)
		if r == nil {
			return nil, fmt.Errorf("%w: no rule %q", ErrOption, id)
		}
		for name, v := range values {
			i := slices.IndexFunc(r.Params, func(p rule.Param) bool { return p.Name == name })
			if i < 0 {
				return nil, fmt.Errorf("%w: rule %s has no parameter %q", ErrOption, id, name)
			}
			if p := r.Params[i]; !(v >= p.Min && v <= p.Max) {
				return nil, fmt.Errorf("%w: %s of rule %s must be %g to %g %s", ErrOption, name, id, p.Min, p.Max, p.Unit)
			}
		}
	}
	return chosen, nil
}

// ruleset hashes the rules that run, with their versions, weights and parameters.
func ruleset(rules []*rule.Rule, params map[string]rule.Values) string {
	type entry struct {
		ID      string
		Version int
		Weight  float64
		Params  rule.Values
	}
	var list []entry
	for _, r := range rules {
		v := r.Defaults()
		for name, x := range params[r.ID] {
			v[name] = x
		}
		list = append(list, entry{r.ID, r.Version, r.Weight, v})
	}
	b, err := json.Marshal(list) // maps are written with sorted keys
	if err != nil {
		b = []byte(err.Error())
	}
	h := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(h[:])
}

// Run reads the captures and judges the cells in them. It returns a document also
// with an error, as far as it came; errors.Is(err, ErrInput) if a capture could not
// be read.
func Run(ctx context.Context, sources []Source, opt Options) (*report.Document, error) {
	rules, err := opt.rules()
	if err != nil {
		return nil, err
	}
	key, err := opt.key(sources)
	if err != nil {
		return nil, err
	}
	names := ident.NewPseudonyms(key, opt.Reveal)
	tracker := cell.NewTracker()
	e := engine.New(tracker, rules, opt.Params)
	e.Strict = opt.Strict
	doc := newDocument(rules, opt.Params)
	if opt.Reveal {
		doc.Revealed = &report.Revealed{Reason: opt.Reason}
	}
	if opt.Baseline != nil {
		p, err := opt.Baseline.Provenance()
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrInput, err)
		}
		e.Known = opt.Baseline
		doc.Baseline = &report.Baseline{Path: p.Path, SHA256: p.SHA256, Captures: p.Captures, Lists: p.Lists}
	}
	for _, rat := range slices.Sorted(maps.Keys(opt.RRC)) {
		doc.Notices = append(doc.Notices, fmt.Sprintf("RRC of %s was decoded by the schema given for it (%s)", rat, cmp.Or(opt.RRC[rat].Release, "release not stated")))
	}
	var sink observe.Sink = e
	var where *places
	if opt.Track != nil {
		where = newPlaces(e, opt.Track, opt.TrackGap)
		sink = where
	}
	var failed []error
	for i, src := range sources {
		o := observe.New(tracker, sink, i)
		note := func(s string) { doc.Notices = append(doc.Notices, s) }
		c, err := readCapture(ctx, src, &opt, true, note, func(frame int, time int64, p *gsmtap.Packet) {
			if where != nil {
				where.frame(event.Ref{Capture: i, Frame: frame, Time: time}, time, p)
			}
			o.Packet(frame, time, p)
		})
		o.Close()
		doc.Captures = append(doc.Captures, c)
		if opt.Baseline != nil && c.SHA256 != "" {
			if known, herr := opt.Baseline.Has(c.SHA256); herr != nil {
				failed = append(failed, fmt.Errorf("%w: %w", ErrInput, herr))
			} else if known {
				note(fmt.Sprintf("%s: the baseline was learned from this capture too, so its cells are partly compared with themselves", src.Path))
			}
		}
		if n := o.SessionsCutOff; n > 0 {
			doc.Notices = append(doc.Notices, fmt.Sprintf("%s: %d sessions were ended early to bound memory", src.Path, n))
		}
		if air, wall, ok := o.ClockOfDecoding(); ok {
			note(fmt.Sprintf("%s: the clock of this capture is that of its decoding: %.0f s on air took %.0f s by it. Durations are those of GSM's frame numbers; the time of day is not known", src.Path, float64(air)/1e9, float64(wall)/1e9))
			if where != nil {
				where.forget(i)
			}
		}
		if n := o.StepsDropped; n > 0 {
			note(fmt.Sprintf("%s: %d messages beyond the first %d of their session were not judged", src.Path, n, event.MaxSteps))
		}
		if err != nil {
			failed = append(failed, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	judgements := e.Finish()
	addCells(doc, e, judgements, names, where)
	if where != nil {
		doc.Track = where.document()
		if doc.Track.Placed == 0 {
			doc.Notices = append(doc.Notices, fmt.Sprintf("%s: no frame has a position within %s of its time", opt.Track.Path, opt.TrackGap))
		}
	}
	if opt.Baseline != nil && opt.Baseline.Err() != nil {
		err := opt.Baseline.Err()
		doc.Notices = append(doc.Notices, fmt.Sprintf("the baseline could not be read everywhere, so less was compared: %v", err))
		failed = append(failed, fmt.Errorf("%w: %w", ErrInput, err))
	}
	if n := tracker.Evicted(); n > 0 {
		doc.Notices = append(doc.Notices, fmt.Sprintf("%d cells not heard for long, with %d findings, were dropped: the captures hold more than %d cells", n, e.Dropped(), cell.MaxCells))
	}
	if n := e.Capped(); n > 0 {
		doc.Notices = append(doc.Notices, fmt.Sprintf("%d findings beyond the first of their kind on a cell are neither listed nor scored", n))
	}
	if e.Panics > 0 {
		doc.Notices = append(doc.Notices, fmt.Sprintf("%d rule calls failed inside the program (first: %s)", e.Panics, e.FirstPanic))
	}
	return doc, errors.Join(failed...)
}

// Messages decodes the captures without judging and calls f for every message in
// order. An error of f ends it.
func Messages(ctx context.Context, sources []Source, opt Options, f func(*report.Message) error) error {
	key, err := opt.key(sources)
	if err != nil {
		return err
	}
	names := ident.NewPseudonyms(key, opt.Reveal)
	var failed []error
	for i, src := range sources {
		if err := ctx.Err(); err != nil {
			return errors.Join(append(failed, err)...)
		}
		o := observe.New(cell.NewTracker(), discard{}, i)
		var msg report.Message
		var stop error
		reading, cancel := context.WithCancelCause(ctx)
		_, err := readCapture(reading, src, &opt, false, func(string) {}, func(frame int, time int64, p *gsmtap.Packet) {
			o.Packet(frame, time, p)
			if p.Message == nil || stop != nil {
				return
			}
			msg = report.Message{
				Capture: i, Frame: frame, Time: time,
				RAT: p.RAT, Channel: p.Channel, Direction: "dl",
				Name: p.Message.Name(), In: p.In, Cell: cellRef(o.Cell()), Body: p.Message, Err: p.Err, Names: names, Reason: opt.Reason,
			}
			switch {
			case p.Uplink:
				msg.Direction = "ul"
			case p.S1AP != nil && p.NAS == nil && len(p.S1AP.NASPDUs) == 0:
				msg.Direction = "" // between the base station and its core network
			}
			if stop = f(&msg); stop != nil {
				cancel(stop)
			}
		})
		cancel(nil)
		if stop != nil {
			return stop
		}
		if err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// discard is a Sink for runs without rules.
type discard struct{}

func (discard) Observe(*cell.Cell, *event.Event, bool) {}

func (discard) Repeats() bool { return false }

// keyPrefix is how much of each capture goes into the derived key.
const keyPrefix = 64 << 10

// key returns the key of pseudonyms: the user's, or one derived from the beginning
// of every capture. The hash of a whole capture stands in the report, so it must
// not be the key.
func (o *Options) key(sources []Source) ([]byte, error) {
	if o.Key != nil {
		return o.Key, nil
	}
	h := sha256.New()
	io.WriteString(h, "fbsdetect pseudonym key 1\x00")
	for i := range sources {
		if err := hashPrefix(h, &sources[i]); err != nil {
			continue // reading it will say so
		}
	}
	return h.Sum(nil), nil
}
