package evidence

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
	"github.com/fbsdetect/fbsdetect/gsmtap/redact"
)

// fileComment is on the whole of the pcapng.
const fileComment = "Frames that fbsdetect's findings rest on, whole, with the time stamps and link types of their captures. " +
	"The comments on a frame say where it is from, which rules it bears on, at which cell, and why. " +
	"Findings are consistent with a false base station or with a genuine cell; they prove nothing."

// reasons lists the frames that carry evidence and what is to be said on each.
func reasons(doc *report.Document) map[event.Ref][]string {
	out := map[event.Ref][]string{}
	add := func(refs []event.Ref, text string) {
		for _, r := range refs {
			if !slices.Contains(out[r], text) {
				out[r] = append(out[r], text)
			}
		}
	}
	for _, list := range [][]report.Cell{doc.Cells, doc.Unattributed} {
		for i := range list {
			c := &list[i]
			name := report.CellName(doc, c)
			for k := range c.Evidence {
				add(c.Evidence[k].Frames, findingText(name, &c.Evidence[k]))
			}
			if c.Profile == nil {
				continue
			}
			for _, s := range c.Profile.Stages {
				add(s.Frames, fmt.Sprintf("Profile %s, stage %s, at %s: %s", c.Profile.Kind, s.Stage, name, report.Escape(strings.Join(s.Observed, " "))))
			}
		}
	}
	return out
}

// findingText says which rule a frame bears on, at which cell, and why.
func findingText(cell string, e *report.Evidence) string {
	direction := "consistent with a false base station"
	if e.Weight < 0 {
		direction = "consistent with a genuine cell"
	}
	s := fmt.Sprintf("Rule %s at %s: %s (%s, weight %+.2f). %s", report.Escape(e.Rule), cell, report.Escape(e.Title), direction, e.Weight, report.Escape(e.Summary))
	if e.Field != "" {
		s += " " + report.Escape(e.Field)
		if e.Got != "" {
			s += ": " + report.Escape(e.Got)
		}
		if e.Expect != "" {
			s += "; expected " + report.Escape(e.Expect)
		}
		s += "."
	}
	if len(e.Refs) > 0 {
		s += " See " + report.Escape(strings.Join(e.Refs, "; ")) + "."
	}
	return s
}

// writeFrames writes the frames that carry evidence, capture by capture in their order.
func writeFrames(ctx context.Context, w io.Writer, p *Package, doc *report.Document, captures []hashed) error {
	out, err := capture.NewWriter(w, doc.Tool.Name+" "+doc.Tool.Version, fileComment, p.framesNote())
	if err != nil {
		return fmt.Errorf("write %s: %w", framesName, err)
	}
	wanted := make([]map[int][]string, len(p.Sources))
	for ref, text := range reasons(doc) {
		if ref.Capture < 0 || ref.Capture >= len(wanted) {
			continue
		}
		if wanted[ref.Capture] == nil {
			wanted[ref.Capture] = map[int][]string{}
		}
		wanted[ref.Capture][ref.Frame] = text
	}
	for i, frames := range wanted {
		if len(frames) == 0 {
			continue
		}
		var red *redact.Redactor
		if p.Redact {
			if red, err = p.Options.NewRedactor(p.Sources); err != nil {
				return err
			}
		}
		if err := copyFrames(ctx, out, &p.Sources[i], &captures[i], frames, red); err != nil {
			return fmt.Errorf("write %s: %s: %w", framesName, p.Sources[i].Path, err)
		}
	}
	return nil
}

// framesNote says what the frames hold of persons.
func (p *Package) framesNote() string {
	if p.Redact {
		return redactedNote
	}
	return "Not redacted: the frames hold identities and texts of persons as they were on the air, whatever the report shows."
}

const redactedNote = "Redacted: identities and texts of persons in these frames are overwritten, identities by pseudonymous ones " +
	"of the same type and length, texts by asterisks; messages in which they could not be located are blanked. " +
	"The comment on a frame says what and where. Checksums of lower layers are as they were."

// copyFrames copies the frames of one capture that are in wanted, by number, redacted by
// red unless that is nil.
func copyFrames(ctx context.Context, out *capture.Writer, src *detect.Source, known *hashed, wanted map[int][]string, red *redact.Redactor) error {
	in, err := src.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	r, err := capture.New(in)
	if err != nil {
		return err
	}
	defer r.Close()
	name := report.Escape(src.Path)
	left := len(wanted)
	for {
		f, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if left == 0 {
				return nil // the report says where reading ended
			}
			return err
		}
		text, ok := wanted[f.Number]
		if f.Number&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if !ok {
			if red != nil && left > 0 {
				red.Skip(&f)
			}
			continue
		}
		left--
		from := fmt.Sprintf("Frame %d of %s (sha256 %s)", f.Number, name, known.hex())
		if !f.HasTime {
			from += "; it has no time stamp there"
		}
		said := []string{from}
		if red != nil {
			if r := red.Frame(&f).String(); r != "" {
				said = append(said, r)
			}
		}
		if err := out.Frame(&f, name, append(said, text...)...); err != nil {
			return err
		}
	}
	if sum, ok := r.SHA256(); left > 0 || ok && hex.EncodeToString(sum[:]) != known.hex() {
		return ErrChanged
	}
	return nil
}
