package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

func newVerify(e *env) *cobra.Command {
	var (
		read   reading
		judge  judging
		out    output
		run    verification
		junit  string
		sarif  string
		fit    bool
		past   known
		update bool
	)
	c := &cobra.Command{
		Use:   "verify LABELS|EXPECTATIONS...",
		Short: "Compare what is found in captures with what is known of them",
		Long: `Scan the captures that files name and compare the result with what the files say of them.

Labels ("fbsdetect verify labels.json") say which cells are rogue: is each of them found
at "suspicious" or above, and no cell of a genuine network? A capture that is not there
is reported and skipped.

Expectations say cell by cell which verdict it gets, which rules must fire, on which
frames, and which must stay silent; "fbsdetect schema expectations" describes them. A
capture that is not there is a difference unless it is optional. --update rewrites the
file to what the program finds now: what is stated is corrected, what is left open stays
open, notes stay; cells not heard are taken out, new ones are added. --add names captures
to be added to the file, which it begins if need be.

A capture with another sha256 than stated, a rogue cell missed, a false alarm or an
expectation that is not met make the exit code 1; with --update only what could not be
accepted does.

With --calibrate, measure how good the score is instead, and how much each family of
evidence should count: Brier score, log loss, ROC and precision-recall with intervals,
the verdicts with each family switched off, and a table of weights. Laboratories and
collections (the first folder of a capture's path) are held out as a whole; where the
cells are too few, the experts' weights stay. -o names a folder for the table, the
report and its figures.`,
		Example: `  fbsdetect verify labels.json
  fbsdetect verify --update --add captures expectations.json
  fbsdetect verify --junit junit.xml --sarif verify.sarif expectations.json`,
		Args: cobra.MinimumNArgs(1),
	}
	out.register(c, "table", "json")
	read.register(c)
	read.hidePersonal(c)
	judge.register(c)
	past.register(c)
	f := c.Flags()
	f.StringVar(&run.rat, "rat", "", "count only cells of this `RAT`: gsm, umts, lte or nr")
	f.IntVar(&run.jobs, "jobs", runtime.GOMAXPROCS(0), "scan this `number` of captures at a time")
	f.BoolVar(&out.all, "all", false, "list also captures of which nothing is expected")
	f.StringVar(&junit, "junit", "", "also write a JUnit report to this `file`")
	f.StringVar(&sarif, "sarif", "", "also write a SARIF 2.1.0 log of what was not met to this `file`")
	f.BoolVar(&update, "update", false, "rewrite expectations to what is found now")
	f.StringArrayVar(&run.add, "add", nil, "with --update: add this `capture`, or those of a folder or pattern, to the expectations (repeatable)")
	f.BoolVar(&fit, "calibrate", false, "measure the score and fit the weights of evidence families; -o names a folder")
	for _, other := range []string{"junit", "sarif", "update"} {
		c.MarkFlagsMutuallyExclusive("calibrate", other)
	}
	c.MarkFlagsMutuallyExclusive("update", "rules") // the others would seem to be silent
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		if run.rat != "" {
			if _, ok := event.ParseRAT(run.rat); !ok {
				return fmt.Errorf("unknown --rat %q: want gsm, umts, lte or nr", run.rat)
			}
		}
		switch {
		case run.jobs < 1 || run.jobs > maxJobs:
			return fmt.Errorf("--jobs must be 1 to %d", maxJobs)
		case len(run.add) > 0 && !update:
			return errors.New("--add needs --update")
		case len(run.add) > 0 && len(args) > 1:
			return errors.New("--add needs one file of expectations")
		}
		if err := errors.Join(read.apply(c, &run.opt), judge.apply(&run.opt)); err != nil {
			return err
		}
		if err := past.open(&run.opt); err != nil {
			return err
		}
		defer past.close(&run.opt)
		if run.opt.Baseline != nil {
			run.jobs = 1 // one file, read by one at a time
		}
		if fit {
			return e.calibrate(c.Context(), args, &run, &out)
		}
		if err := run.load(e, args); err != nil {
			return err
		}
		if update && slices.ContainsFunc(run.files, func(f verifyFile) bool { return f.expected == nil }) {
			return errors.New("--update rewrites expectations, not labels: those say what is true, whatever is found")
		}
		w, finish, err := out.open(e.stdout, run.sources())
		if err != nil {
			return err
		}
		v, err := run.verify(c.Context(), update)
		if err != nil {
			return errors.Join(err, finish())
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

// maxJobs bounds --jobs; each capture at work takes memory.
const maxJobs = 256

// verification is one run of verify.
type verification struct {
	opt  detect.Options
	rat  string
	jobs int
	add  []string

	files    []verifyFile
	subjects []subject
}

// verifyFile is a file that says what is known of captures: either of labels and
// expected is set.
type verifyFile struct {
	path     string
	before   []byte // the expectations as read; nil if the file is new
	labels   *report.Labels
	expected *report.Expectations
}

// subject is a capture of which something is known.
type subject struct {
	file int // index in verification.files
	// index is the capture's place in its file, path its place on disk, and name what it
	// is called.
	index int
	path  string
	name  string
	// added says that the capture is new in its file.
	added bool
}

// load reads the files and lists their captures. Paths are given relative to the file's
// root; with several files their folder is put in front.
func (r *verification) load(e *env, paths []string) error {
	for _, path := range paths {
		f, err := readVerifyFile(path, len(r.add) > 0)
		if err != nil {
			return err
		}
		old := len(f.captures())
		if len(r.add) > 0 {
			if f.expected == nil {
				return errors.New("--add needs a file of expectations")
			}
			if err := f.addCaptures(e, r.add); err != nil {
				return err
			}
		}
		names := f.captures()
		if len(names) == 0 {
			return inputError(path, errors.New("no captures"))
		}
		for i, name := range names {
			s := subject{file: len(r.files), index: i, name: name, path: filepath.Join(f.root(), filepath.FromSlash(name)), added: i >= old}
			if len(paths) > 1 {
				s.name = filepath.ToSlash(s.path)
			}
			r.subjects = append(r.subjects, s)
		}
		r.files = append(r.files, f)
	}
	return nil
}

// root is the folder of the captures.
func (f *verifyFile) root() string {
	root := ""
	if f.labels != nil {
		root = f.labels.Root
	} else {
		root = f.expected.Root
	}
	return filepath.Join(filepath.Dir(f.path), filepath.FromSlash(root))
}

// captures lists the paths of the captures below root.
func (f *verifyFile) captures() []string {
	var list []string
	if f.labels != nil {
		for i := range f.labels.Captures {
			list = append(list, f.labels.Captures[i].Path)
		}
		return list
	}
	for i := range f.expected.Captures {
		list = append(list, f.expected.Captures[i].Path)
	}
	return list
}

// readVerifyFile reads labels or expectations. A file that is not there is begun if
// that is allowed.
func readVerifyFile(path string, begin bool) (verifyFile, error) {
	f := verifyFile{path: path}
	b, err := os.ReadFile(path)
	switch {
	case begin && errors.Is(err, fs.ErrNotExist):
		f.expected = &report.Expectations{Schema: report.ExpectationsSchema}
		return f, nil
	case err != nil:
		return f, fmt.Errorf("%w: %w", detect.ErrInput, err)
	case report.IsExpectations(b):
		f.expected, err = report.ReadExpectations(b, func(id string) bool { return rule.ByID(id) != nil })
		if err == nil {
			f.before, err = f.written()
		}
	default:
		f.labels, err = report.ReadLabels(bytes.NewReader(b))
	}
	if err != nil {
		return f, inputError(path, err)
	}
	return f, nil
}

// addCaptures adds the captures that args name to the expectations, unless they are
// there.
func (f *verifyFile) addCaptures(e *env, args []string) error {
	sources, err := e.sources(args)
	if err != nil {
		return err
	}
	root, err := filepath.Abs(f.root())
	if err != nil {
		return fmt.Errorf("--add: %w", err)
	}
	for _, s := range sources {
		full, err := filepath.Abs(s.Path)
		if err != nil {
			return fmt.Errorf("--add: %w", err)
		}
		rel, err := filepath.Rel(root, full)
		if err != nil || !filepath.IsLocal(rel) || s.Path == "-" {
			return fmt.Errorf("--add %s: it is not below the folder of the expectations", s.Path)
		}
		if rel = filepath.ToSlash(rel); !utf8.ValidString(rel) {
			return fmt.Errorf("--add %s: JSON cannot hold this name", s.Path)
		}
		if !slices.ContainsFunc(f.expected.Captures, func(c report.ExpectedCapture) bool { return c.Path == rel }) {
			f.expected.Captures = append(f.expected.Captures, report.ExpectedCapture{Path: rel})
		}
	}
	return nil
}

// sources lists the captures, so that none is overwritten by the result.
func (r *verification) sources() []detect.Source {
	list := make([]detect.Source, len(r.subjects))
	for i := range r.subjects {
		list[i] = detect.Source{Path: r.subjects[i].path}
	}
	return list
}

// scan scans the captures, several at a time; each on its own, so that the result does
// not depend on how many. found is called for each with what was found, nil if it is
// not there, and whether no frame was decoded; for several at a time, too.
func (r *verification) scan(ctx context.Context, found func(i int, d *report.Document, undecoded bool)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(r.jobs, len(r.subjects)) {
		wg.Go(func() {
			for i := range next {
				if err := scanOne(ctx, r.subjects[i].path, r.opt, func(d *report.Document, undecoded bool) { found(i, d, undecoded) }); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := range r.subjects {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	wg.Wait()
	if ctx.Err() != nil {
		return fmt.Errorf("verify: %w", context.Cause(ctx))
	}
	return nil
}

func scanOne(ctx context.Context, path string, opt detect.Options, found func(*report.Document, bool)) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		found(nil, false)
		return nil
	}
	d, err := detect.Run(ctx, []detect.Source{detect.FileSource(path)}, opt)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil && (!errors.Is(err, detect.ErrInput) || d == nil) {
		return err
	}
	found(d, err != nil && len(d.Captures) > 0 && d.Captures[0].Error == nil)
	return nil
}

// compare scans the captures and holds what was found against what is known. each,
// unless nil, is then called for each capture with what was found, nil if it is not
// there; for several at a time, too.
func (r *verification) compare(ctx context.Context, each func(i int, d *report.Document)) (*report.Verification, error) {
	list := make([]report.Comparison, len(r.subjects))
	tools := make([]report.Tool, len(r.subjects))
	err := r.scan(ctx, func(i int, d *report.Document, undecoded bool) {
		s, c := &r.subjects[i], &list[i]
		f := &r.files[s.file]
		if f.labels != nil {
			*c = report.Compare(&f.labels.Captures[s.index], d, r.rat)
		} else {
			*c = report.CompareExpected(&f.expected.Captures[s.index], d, r.rat)
		}
		c.Path, c.Source, c.File = s.name, s.path, f.path
		if undecoded {
			c.Notes = append(c.Notes, "no frame that is decoded")
		}
		if d != nil {
			tools[i] = d.Tool
		}
		if each != nil {
			each(i, d)
		}
	})
	if err != nil {
		return nil, err
	}
	tool := report.Tool{Name: "fbsdetect", Version: detect.Version}
	if i := slices.IndexFunc(tools, func(t report.Tool) bool { return t.Name != "" }); i >= 0 {
		tool = tools[i]
	}
	return report.NewVerification(tool, list), nil
}

// verify compares and, with update, rewrites the files of expectations to what was
// found, unless nothing differs. What cannot be accepted is a capture that is not there
// or cannot be read: the run has then not passed, and what was expected of it stays.
func (r *verification) verify(ctx context.Context, update bool) (*report.Verification, error) {
	if !update {
		return r.compare(ctx, nil)
	}
	accepted := make([]bool, len(r.subjects))
	v, err := r.compare(ctx, func(i int, d *report.Document) {
		s := &r.subjects[i]
		e := &r.files[s.file].expected.Captures[s.index]
		if accepted[i] = d == nil && e.Optional; d == nil || len(d.Captures) == 0 || d.Captures[0].Error != nil {
			return
		}
		accepted[i] = true
		if s.added {
			e.SHA256 = d.Captures[0].SHA256
		}
		e.Update(d, r.rat)
	})
	if err != nil {
		return nil, err
	}
	v.Passed = !slices.Contains(accepted, false)
	for i := range r.files {
		f := &r.files[i]
		after, err := f.written()
		if err != nil {
			return nil, err
		}
		if bytes.Equal(f.before, after) {
			continue
		}
		if err := replaceFile(f.path, after); err != nil {
			return nil, fmt.Errorf("write expectations: %w", err)
		}
		v.Updated = append(v.Updated, f.path)
	}
	return v, nil
}

// written is the file as --update writes it.
func (f *verifyFile) written() ([]byte, error) {
	var b bytes.Buffer
	err := report.WriteExpectations(&b, f.expected)
	return b.Bytes(), err
}

func writeFile(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// replaceFile writes a file anew as a whole, or leaves it as it is.
func replaceFile(path string, b []byte) error {
	mode := fs.FileMode(0o666)
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if fi, err := os.Stat(path); err == nil {
		mode = fi.Mode().Perm()
	}
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
