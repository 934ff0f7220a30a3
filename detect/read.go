package detect

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/gsmtap"
	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/redact"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// progressEvery is the number of frames between two calls of Options.Progress and
// two looks at the context.
const progressEvery = 1 << 14

// readCapture reads one capture, calls f for every packet decoded and accounts for
// every frame; what was malformed or bounded it tells note. With deferring, repeated
// broadcast messages come undecoded (gsmtap.Decoder.Defer), and without it what messages
// carry in strings comes, too (Nested). The returned capture is filled in also with an error.
func readCapture(ctx context.Context, src Source, opt *Options, deferring bool, note func(string), f func(frame int, time int64, p *gsmtap.Packet)) (report.Capture, error) {
	out := report.Capture{Path: src.Path, LinkTypes: []string{}, Damage: []report.Damage{}, Ledger: capture.NewLedger()}
	fail := func(err error) (report.Capture, error) {
		text := err.Error()
		out.Error = &text
		return out, fmt.Errorf("%w: %s: %w", ErrInput, src.Path, err)
	}
	in, err := src.Open()
	if err != nil {
		return fail(err)
	}
	defer in.Close()
	r, err := capture.New(in)
	if err != nil {
		return fail(err)
	}
	defer r.Close()
	unwrap, err := newUnwrapper(opt)
	if err != nil {
		return fail(err)
	}
	d := gsmtap.NewDecoder()
	d.Strict, d.Defer, d.Nested = opt.Strict, deferring, !deferring
	for rat, set := range opt.RRC {
		d.Use(rat, set)
	}
	ledger := &out.Ledger
	var frame capture.Frame
	var first, last int64
	var malformed, partial defects
	emit := func(p *gsmtap.Packet) {
		var t int64
		if frame.HasTime {
			t = frame.Time
		}
		f(frame.Number, t, p)
	}
	for {
		frame, err = r.Next()
		if err != nil {
			break
		}
		if frame.Number%progressEvery == 0 {
			if err = ctx.Err(); err != nil {
				break
			}
			if opt.Progress != nil {
				opt.Progress(src.Path, r.Bytes(), src.Size)
			}
		}
		if frame.HasTime {
			if first == 0 {
				first = frame.Time
			}
			last = frame.Time
		}
		switch o, err := account(ledger, unwrap, &frame, d, emit); o {
		case capture.Malformed:
			malformed.add(frame.Number, err)
		case capture.Partial:
			partial.add(frame.Number, err)
		}
	}
	if opt.Progress != nil {
		opt.Progress(src.Path, r.Bytes(), src.Size)
	}
	out.First, out.Last = timeOf(first), timeOf(last)
	st := r.Stats()
	ledger.Close(st)
	out.Bytes = r.Bytes()
	for _, l := range r.LinkTypes() {
		out.LinkTypes = append(out.LinkTypes, l.String())
	}
	for _, dm := range st.Damages {
		out.Damage = append(out.Damage, report.Damage{Frame: dm.Frame, Offset: dm.Offset, Skipped: dm.Skipped, Reason: dm.Reason.Error()})
	}
	if sum, ok := r.SHA256(); ok {
		out.SHA256 = hex.EncodeToString(sum[:])
	}
	malformed.tell(note, src.Path, "malformed")
	partial.tell(note, src.Path, "decoded in part")
	if d.Panics > 0 {
		note(fmt.Sprintf("%s: a decoder failed inside the program on %d frames, which count as malformed", src.Path, d.Panics))
	}
	if n := d.LinksForgotten(); n > 0 {
		note(fmt.Sprintf("%s: %d signalling links were forgotten to bound memory; segmented messages on them may be missing", src.Path, n))
	}
	if n := st.DamageCount - len(st.Damages); n > 0 {
		note(fmt.Sprintf("%s: %d more damaged places are not listed", src.Path, n))
	}
	switch {
	case !errors.Is(err, io.EOF):
		return fail(err)
	case ledger.Decoded+ledger.Partial == 0:
		return out, fmt.Errorf("%w: %s: no frame with signalling that the program decodes among %d", ErrInput, src.Path, ledger.Frames)
	}
	return out, nil
}

// hashPrefix adds the beginning of a capture to h. A stream that can be read only
// once is put together again behind it.
func hashPrefix(h hash.Hash, src *Source) error {
	in, err := src.Open()
	if err != nil {
		return err
	}
	head, err := io.ReadAll(io.LimitReader(in, keyPrefix))
	fmt.Fprintf(h, "%d\x00", len(head))
	h.Write(head)
	if src.Size >= 0 {
		in.Close()
		return err
	}
	src.Open = func() (io.ReadCloser, error) {
		return struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(head), in), in}, nil
	}
	return err
}

// NewRedactor returns what redacts the frames of one of the captures, with the pseudonyms
// that a run over all of them has.
func (o *Options) NewRedactor(sources []Source) (*redact.Redactor, error) {
	key, err := o.key(sources)
	if err != nil {
		return nil, err
	}
	unwrap, err := newUnwrapper(o)
	if err != nil {
		return nil, err
	}
	return redact.New(ident.NewPseudonyms(key, false), unwrap, func() *gsmtap.Decoder {
		d := gsmtap.NewDecoder()
		d.Strict, d.Nested = o.Strict, true
		for rat, set := range o.RRC {
			d.Use(rat, set)
		}
		return d
	}), nil
}

// kinds are the words for what a link type carries, in Options.LinkTypes.
var kinds = map[string]capture.Kind{
	"gsmtap": capture.KindGSMTAP, "mac-lte": capture.KindMACLTE, "mac-nr": capture.KindMACNR,
	"nas-eps": capture.KindNASEPS, "nas-5gs": capture.KindNAS5GS, "s1ap": capture.KindS1AP,
	"ngap": capture.KindNGAP, "f1ap": capture.KindF1AP, "upper-pdu": capture.KindUpperPDU,
	"ignore": capture.KindForeign,
}

// LinkTypeKinds lists the words for what a link type carries.
func LinkTypeKinds() []string { return slices.Sorted(maps.Keys(kinds)) }

func newUnwrapper(opt *Options) (*capture.Unwrapper, error) {
	o := capture.Options{Ports: opt.Ports}
	for l, word := range opt.LinkTypes {
		k, ok := kinds[word]
		if !ok {
			return nil, fmt.Errorf("%w: link type %d: %q is none of %v", ErrOption, l, word, LinkTypeKinds())
		}
		if o.DLT == nil {
			o.DLT = map[capture.LinkType]capture.Kind{}
		}
		o.DLT[capture.LinkType(l)] = k
	}
	return capture.NewUnwrapper(o), nil
}

// account decodes a frame and enters it into the ledger, exactly once. It returns
// what became of it, and why if it is malformed or decoded in part.
func account(l *capture.Ledger, u *capture.Unwrapper, f *capture.Frame, d *gsmtap.Decoder, emit func(*gsmtap.Packet)) (capture.Outcome, error) {
	p := u.Unwrap(*f)
	if l.CountFrame(*f, p) {
		if p.Kind == capture.KindMalformed {
			return capture.Malformed, p.Err
		}
		return capture.Foreign, nil
	}
	res := d.DecodePayload(&p, emit)
	outcome := capture.Malformed
	switch {
	case res.Category == gsmtap.Decoded && res.Ciphered:
		outcome = capture.Ciphered
	case res.Category == gsmtap.Decoded:
		outcome = capture.Decoded
	case res.Category == gsmtap.Unsupported:
		outcome = capture.Unsupported
	case res.Category == gsmtap.Partial, p.Truncated && errors.Is(res.Err, wire.ErrShort):
		// What ends early because the capture cut the frame is not the sender's fault.
		outcome = capture.Partial
	}
	l.Count(outcome, res.Reason)
	return outcome, res.Err
}

// defects counts frames with a defect and keeps the first few.
type defects struct {
	count int
	first []string
}

// maxDefects is how many defects of a capture are told one by one; dump shows all.
const maxDefects = 2

func (d *defects) add(frame int, err error) {
	if d.count++; len(d.first) < maxDefects && err != nil {
		d.first = append(d.first, fmt.Sprintf("frame %d: %v", frame, err))
	}
}

func (d *defects) tell(note func(string), path, what string) {
	if d.count == 0 {
		return
	}
	s := fmt.Sprintf("%s: %d frames %s, the first: %s", path, d.count, what, strings.Join(d.first, "; "))
	if d.count == 1 {
		s = fmt.Sprintf("%s: 1 frame %s: %s", path, what, strings.Join(d.first, ""))
	}
	note(s)
}
