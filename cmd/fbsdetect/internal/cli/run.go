package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/report"
)

// run reads the captures that args name, judges them and has the document written,
// also when part of the input could not be read.
func (e *env) run(c *cobra.Command, args []string, opt detect.Options, out *output, write func(*report.Document, io.Writer) error) (*report.Document, error) {
	sources, missing := e.sources(args)
	if missing != nil && !errors.Is(missing, detect.ErrInput) {
		return nil, missing
	}
	if len(sources) == 0 {
		return nil, missing
	}
	w, finish, err := out.open(e.stdout, sources)
	if err != nil {
		return nil, err
	}
	step, done := e.progress(sources)
	opt.Progress = step
	doc, err := detect.Run(c.Context(), sources, opt)
	done()
	if n := len(sources); doc != nil && c.Context().Err() != nil && len(doc.Captures) < n {
		text := fmt.Sprintf("interrupted: %d of %d captures were begun", len(doc.Captures), n)
		doc.Notices = append(doc.Notices, text)
		err = join(err, fmt.Errorf("%w: %s", detect.ErrInput, text))
	}
	if doc != nil {
		if werr := errors.Join(write(doc, w), finish()); werr != nil {
			return doc, werr
		}
	}
	return doc, join(missing, err)
}

// join is errors.Join that leaves a single error as it is.
func join(errs ...error) error {
	var list []error
	for _, err := range errs {
		if err != nil {
			list = append(list, err)
		}
	}
	if len(list) == 1 {
		return list[0]
	}
	return errors.Join(list...)
}
