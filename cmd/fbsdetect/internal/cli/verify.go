package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/report"
)

func newVerify(e *env) *cobra.Command {
	var (
		read  reading
		judge judging
		out   output
		rat   string
		junit string
		sarif string
		fit   bool
		past  known
	)
	c := &cobra.Command{
		Use:   "verify LABELS...",
		Short: "Compare verdicts on labelled captures with what is known of them",
		Long: `Scan the captures that labels files name and compare: is every rogue cell found at
"suspicious" or above, and no cell of a genuine network?

A capture that is not there is reported and skipped; one with another sha256 than
labelled, a rogue cell missed or a false alarm make the exit code 1.

With --calibrate, measure how good the score is instead, and how much each family of
evidence should count: Brier score, log loss, ROC and precision-recall with intervals,
the verdicts with each family switched off, and a table of weights. Laboratories and
collections (the first folder of a capture's path) are held out as a whole; where the
cells are too few, the experts' weights stay. -o names a folder for the table, the
report and its figures.`,
		Args: cobra.MinimumNArgs(1),
	}
	out.register(c, "table", "json")
	read.register(c)
	judge.register(c)
	past.register(c)
	c.Flags().StringVar(&rat, "rat", "", "count only cells of this `RAT`: gsm, umts, lte or nr")
	c.Flags().BoolVar(&out.all, "all", false, "list also captures of which nothing is expected")
	c.Flags().StringVar(&junit, "junit", "", "also write a JUnit report to this `file`")
	c.Flags().StringVar(&sarif, "sarif", "", "also write a SARIF 2.1.0 log of what was not met to this `file`")
	c.Flags().BoolVar(&fit, "calibrate", false, "measure the score and fit the weights of evidence families; -o names a folder")
	c.MarkFlagsMutuallyExclusive("calibrate", "junit")
	c.MarkFlagsMutuallyExclusive("calibrate", "sarif")
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		if rat != "" {
			if _, ok := event.ParseRAT(rat); !ok {
				return fmt.Errorf("unknown --rat %q: want gsm, umts, lte or nr", rat)
			}
		}
		var opt detect.Options
		if err := errors.Join(read.apply(c, &opt), judge.apply(&opt)); err != nil {
			return err
		}
		if err := past.open(&opt); err != nil {
			return err
		}
		defer past.close(&opt)
		if fit {
			return e.calibrate(c.Context(), args, opt, rat, &out)
		}
		v, err := e.verify(c.Context(), args, opt, rat, nil)
		if err != nil {
			return err
		}
		w, finish, err := out.open(e.stdout, nil)
		if err != nil {
			return err
		}
		if out.format == "json" {
			err = report.VerificationJSON(w, v)
		} else {
			err = report.VerificationTable(w, v, out.layout(e.stdout))
		}
		if err = errors.Join(err, finish()); err != nil {
			return err
		}
		for _, f := range []struct {
			path  string
			write func(io.Writer, *report.Verification) error
		}{{junit, report.JUnit}, {sarif, report.VerificationSARIF}} {
			if f.path != "" {
				err = errors.Join(err, writeFile(f.path, func(w io.Writer) error { return f.write(w, v) }))
			}
		}
		if err != nil {
			return err
		}
		if !v.Passed {
			return errFindings
		}
		return nil
	}
	return c
}

// verify scans the captures of the labels files one by one. Their paths are given
// relative to the labels file; with several of those its folder is put in front. each,
// unless nil, is shown every capture with the number of its labels file, and nil for one
// that is not there.
func (e *env) verify(ctx context.Context, files []string, opt detect.Options, rat string, each func(int, *report.LabelledCapture, *report.Document)) (*report.Verification, error) {
	if each == nil {
		each = func(int, *report.LabelledCapture, *report.Document) {}
	}
	var list []report.Comparison
	var tool report.Tool
	for n, file := range files {
		labels, err := readLabels(file)
		if err != nil {
			return nil, err
		}
		root := filepath.Join(filepath.Dir(file), filepath.FromSlash(labels.Root))
		for i := range labels.Captures {
			l := labels.Captures[i]
			path := filepath.Join(root, filepath.FromSlash(l.Path))
			given := l
			if len(files) > 1 {
				l.Path = filepath.ToSlash(path)
			}
			if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
				each(n, &given, nil)
				c := report.Compare(&l, nil, rat)
				c.File = file
				list = append(list, c)
				continue
			}
			doc, err := detect.Run(ctx, []detect.Source{detect.FileSource(path)}, opt)
			if ctx.Err() != nil {
				return nil, fmt.Errorf("verify: %w", ctx.Err())
			}
			if err != nil && !errors.Is(err, detect.ErrInput) {
				return nil, err
			}
			tool = doc.Tool
			each(n, &given, doc)
			c := report.Compare(&l, doc, rat)
			c.File = file
			if err != nil && len(doc.Captures) > 0 && doc.Captures[0].Error == nil {
				c.Notes = append(c.Notes, "no frame that is decoded")
			}
			list = append(list, c)
		}
	}
	if tool.Name == "" {
		tool = report.Tool{Name: "fbsdetect", Version: detect.Version}
	}
	return report.NewVerification(tool, list), nil
}

func readLabels(path string) (*report.Labels, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", detect.ErrInput, err)
	}
	defer f.Close()
	l, err := report.ReadLabels(f)
	if err != nil {
		return nil, inputError(path, err)
	}
	return l, nil
}

func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
