package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/baseline"
	"github.com/fbsdetect/fbsdetect/detect/report"
)

func newBaseline(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:   "baseline",
		Short: "Learn what is normal from earlier captures",
		Long: `Learn what is normal from earlier captures: which cells there are, what each
broadcasts, and how often sessions are authenticated, ciphered or refused. A baseline is
one SQLite file. It holds no identity of a person and no name of a file; captures are
named by their SHA-256. Cells that scored suspicious or above are kept in quarantine and
do not count as normal.`,
		Example: `  fbsdetect baseline build -o home.baseline captures/
  fbsdetect baseline merge -o all.baseline home.baseline work.baseline
  fbsdetect baseline import all.baseline 262.csv.gz
  fbsdetect baseline diff home.baseline today.baseline`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newBaselineBuild(e), newBaselineMerge(e), newBaselineShow(e), newBaselineDiff(e), newBaselineImport(e))
	return c
}

// unreadable is an error about an input that is no capture; it counts as ErrInput.
type unreadable struct{ error }

func (u unreadable) Is(target error) bool { return target == detect.ErrInput }

func (u unreadable) Unwrap() error { return u.error }

// openBaseline opens a baseline that args name.
func openBaseline(path string) (*baseline.Baseline, error) {
	b, err := baseline.Open(path)
	if err != nil {
		return nil, unreadable{err}
	}
	return b, nil
}

// judged marks an error of reading a file's content as one of input.
func judged(path string, err error) error {
	if errors.Is(err, baseline.ErrFormat) {
		return unreadable{fmt.Errorf("baseline %s: %w", path, err)}
	}
	return err
}

func newBaselineBuild(e *env) *cobra.Command {
	var (
		read  reading
		judge judging
		path  string
	)
	c := &cobra.Command{
		Use:   "build -o FILE CAPTURE...",
		Short: "Learn from captures",
		Long: `Learn from captures and write what they teach to a baseline. Each capture is judged for
itself. One that cannot be read to its end teaches nothing; the others are learned.`,
		Args: cobra.MinimumNArgs(1),
	}
	read.register(c)
	read.hidePersonal(c)
	judge.register(c)
	c.Flags().StringVarP(&path, "output", "o", "", "write the baseline to this `file`; one that is there is replaced")
	c.RunE = func(c *cobra.Command, args []string) error {
		if path == "" {
			return errors.New("--output is missing: a baseline is a file")
		}
		var opt detect.Options
		if err := errors.Join(read.apply(c, &opt), judge.apply(&opt)); err != nil {
			return err
		}
		sources, missing := e.sources(args)
		if missing != nil && !errors.Is(missing, detect.ErrInput) {
			return missing
		}
		if len(sources) == 0 {
			return missing
		}
		b, err := baseline.Create(path)
		if err != nil {
			return fmt.Errorf("--output: %w", err)
		}
		defer b.Close()
		step, done := e.progress(sources)
		opt.Progress = step
		sum, err := detect.Learn(c.Context(), sources, opt, b)
		done()
		for _, s := range sum.Notices {
			e.log.Warn(report.Escape(s))
		}
		switch {
		case err != nil && !errors.Is(err, detect.ErrInput), c.Context().Err() != nil:
			if c.Context().Err() != nil {
				err = unreadable{errors.New("interrupted: nothing was written")}
			}
			return join(missing, err)
		case sum.Captures == 0:
			return join(missing, err, unreadable{errors.New("nothing was learned and nothing written")})
		}
		if werr := b.Commit(); werr != nil {
			return werr
		}
		if _, werr := fmt.Fprintf(e.stdout, "%s: %s with %s, %d of them in quarantine\n",
			report.Escape(path), count(sum.Captures, "capture"), count(sum.Cells, "sighting")+" of cells", sum.Quarantined); werr != nil {
			return werr
		}
		return join(missing, err)
	}
	return c
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

func newBaselineMerge(e *env) *cobra.Command {
	var path string
	c := &cobra.Command{
		Use:   "merge -o FILE BASELINE...",
		Short: "Unite baselines",
		Long: `Unite baselines. A capture that is in several of them counts once, and the order does not
matter. If one of them cannot be read, nothing is written.`,
		Args: cobra.MinimumNArgs(1),
	}
	c.Flags().StringVarP(&path, "output", "o", "", "write the baseline to this `file`; one that is there is replaced")
	c.RunE = func(c *cobra.Command, args []string) error {
		if path == "" {
			return errors.New("--output is missing: a baseline is a file")
		}
		b, err := baseline.Create(path)
		if err != nil {
			return fmt.Errorf("--output: %w", err)
		}
		defer b.Close()
		for _, arg := range args {
			if err := c.Context().Err(); err != nil {
				return unreadable{errors.New("interrupted: nothing was written")}
			}
			if err := merge(b, arg); err != nil {
				return err
			}
		}
		return b.Commit()
	}
	return c
}

// merge adds a baseline to another.
func merge(into *baseline.Builder, path string) error {
	from, err := openBaseline(path)
	if err != nil {
		return err
	}
	defer from.Close()
	return judged(path, into.Merge(from))
}

func newBaselineShow(e *env) *cobra.Command {
	var out output
	c := &cobra.Command{
		Use:   "show BASELINE",
		Short: "Tell what a baseline holds",
		Long: `Tell what a baseline holds: the captures that it comes from, and for each network what is
normal there. With -f ndjson all that was learned is written, a line each for captures, for
cells in them and for listed cells; baselines of the same content give the same lines.`,
		Args: cobra.ExactArgs(1),
	}
	out.register(c, "table", "json", "ndjson")
	hideLayout(c)
	c.RunE = func(_ *cobra.Command, args []string) error {
		return e.withBaseline(&out, args, func(w io.Writer, list []*baseline.Baseline) error {
			if out.format == "ndjson" {
				return judged(args[0], list[0].Export(w))
			}
			s, err := list[0].Summary()
			if err != nil {
				return judged(args[0], err)
			}
			if out.format == "json" {
				return baseline.WriteJSON(w, s)
			}
			return showBaseline(w, args[0], s)
		})
	}
	return c
}

// hideLayout removes flags that these simple tables do not have.
func hideLayout(c *cobra.Command) {
	for _, name := range []string{"width", "color"} {
		if err := c.Flags().MarkHidden(name); err != nil {
			panic(err)
		}
	}
}

// withBaseline opens the baselines and has something written about them.
func (e *env) withBaseline(out *output, paths []string, write func(io.Writer, []*baseline.Baseline) error) error {
	if err := out.check(); err != nil {
		return err
	}
	var list []*baseline.Baseline
	var sources []detect.Source
	for _, path := range paths {
		b, err := openBaseline(path)
		if err != nil {
			return err
		}
		defer b.Close()
		list = append(list, b)
		sources = append(sources, detect.Source{Path: path})
	}
	w, finish, err := out.open(e.stdout, sources)
	if err != nil {
		return errors.New(strings.Replace(err.Error(), "one of the captures", "one of the baselines", 1))
	}
	return join(write(w, list), finish())
}

// shown is how many values or frequencies a table lists.
const shown = 5

// when writes the day of a time.
func when(t *time.Time) string {
	if t == nil {
		return "unknown"
	}
	return t.Format(time.DateOnly)
}

func showBaseline(out io.Writer, path string, s *baseline.Summary) error {
	w := bufio.NewWriter(out)
	var first, last *time.Time
	for i := range s.Captures {
		c := &s.Captures[i]
		if c.First != nil && (first == nil || c.First.Before(*first)) {
			first = c.First
		}
		if c.Last != nil && (last == nil || c.Last.After(*last)) {
			last = c.Last
		}
	}
	fmt.Fprintf(w, "%s: baseline, version %d\n", report.Escape(path), s.Version)
	fmt.Fprintf(w, "learned from %s, %s to %s\n", count(len(s.Captures), "capture"), when(first), when(last))
	if len(s.Lists) > 0 {
		fmt.Fprintf(w, "%s in %s of others\n", count(s.Listed, "cell"), count(len(s.Lists), "list"))
	}
	for i := range s.Networks {
		n := &s.Networks[i]
		fmt.Fprintf(w, "\n%s %s: %s in %s, newest of %s", n.RAT, n.PLMN, count(n.Cells, "cell"), count(len(n.Areas), "area"), when(n.Newest))
		if n.Quarantined > 0 {
			fmt.Fprintf(w, "; in quarantine %d", n.Quarantined)
		}
		if n.Faded > 0 {
			fmt.Fprintf(w, "; not heard for too long %d", n.Faded)
		}
		fmt.Fprintln(w)
		if r := n.Rates; r != nil {
			fmt.Fprintf(w, "  %s: %.0f %% authenticated, %.0f %% ciphered, %.0f %% rejected, %.2f identity requests each, %.1f %% exposing\n",
				count(n.Sessions.Count, "session"), 100*r.Authenticated, 100*r.Ciphered, 100*r.Rejected, r.IdentityRequests, 100*r.Exposing)
		}
		for _, x := range []struct {
			name string
			list []baseline.Value
		}{{"frequencies", n.Frequencies}, {"bands", n.Bands}} {
			if len(x.list) > 0 {
				fmt.Fprintf(w, "  %s: %s\n", x.name, values(x.list, len(x.list)))
			}
		}
		if len(n.Parameters) == 0 {
			continue
		}
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "  parameter\tcells\tvalues (cells)")
		for _, p := range n.Parameters {
			fmt.Fprintf(t, "  %s\t%d\t%s\n", report.Escape(p.Name), p.Cells, values(p.Values, p.Distinct))
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	return w.Flush()
}

// maxShown is how much of a value a table prints, in octets.
const maxShown = 60

// values lists the most frequent of n values.
func values(list []baseline.Value, n int) string {
	var parts []string
	for _, v := range list[:min(len(list), shown)] {
		text := []rune(report.Escape(v.Text))
		if len(text) > maxShown {
			text = append(text[:maxShown], '…')
		}
		parts = append(parts, fmt.Sprintf("%s (%d)", string(text), v.Cells))
	}
	if n > len(parts) {
		parts = append(parts, fmt.Sprintf("%d others", n-len(parts)))
	}
	return strings.Join(parts, ", ")
}

// diffSchema names the form of differences.
const diffSchema = "fbsdetect.baseline-diff/1"

// differences is what diff -f json writes.
type differences struct {
	Schema  string                `json:"schema"`
	New     int                   `json:"new"`
	Gone    int                   `json:"gone"`
	Changed int                   `json:"changed"`
	Cells   []baseline.Difference `json:"cells"`
}

func newBaselineDiff(e *env) *cobra.Command {
	var out output
	c := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Compare two baselines",
		Long: `Compare two baselines: cells that are new, gone or changed, parameter by parameter. A
parameter counts as changed if both heard the message that carries it.`,
		Args: cobra.ExactArgs(2),
	}
	out.register(c, "table", "json")
	hideLayout(c)
	c.RunE = func(_ *cobra.Command, args []string) error {
		return e.withBaseline(&out, args, func(w io.Writer, list []*baseline.Baseline) error {
			d := differences{Schema: diffSchema, Cells: []baseline.Difference{}}
			err := baseline.Diff(list[0], list[1], func(x *baseline.Difference) error {
				switch x.Change {
				case baseline.New:
					d.New++
				case baseline.Gone:
					d.Gone++
				default:
					d.Changed++
				}
				if out.format == "json" {
					d.Cells = append(d.Cells, *x)
					return nil
				}
				return writeDifference(w, x)
			})
			if err != nil {
				return judged(strings.Join(args, " and "), err)
			}
			if out.format == "json" {
				return baseline.WriteJSON(w, d)
			}
			_, err = fmt.Fprintf(w, "%d new, %d gone, %d changed\n", d.New, d.Gone, d.Changed)
			return err
		})
	}
	return c
}

func writeDifference(w io.Writer, d *baseline.Difference) error {
	quarantine := ""
	if d.Quarantined {
		quarantine = " (in quarantine)"
	}
	if _, err := fmt.Fprintf(w, "%-7s  %s %s area %d cell %d%s\n", d.Change, d.RAT, d.PLMN, d.Area, d.Cell, quarantine); err != nil {
		return err
	}
	text := func(s *string) string {
		if s == nil {
			return "not broadcast"
		}
		return report.Escape(*s)
	}
	for _, f := range d.Fields {
		if _, err := fmt.Fprintf(w, "         %s: %s → %s\n", report.Escape(f.Name), text(f.Old), text(f.New)); err != nil {
			return err
		}
	}
	return nil
}

func newBaselineImport(e *env) *cobra.Command {
	return &cobra.Command{
		Use:   "import BASELINE CSV...",
		Short: "Add a list of cells that others collected",
		Long: `Add a list of cells that others collected to a baseline, which is made if it is not there.
CSV is a file in the form of OpenCelliD and Mozilla Location Service, also compressed with
gzip, or - for standard input:

  radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal

Such a list tells only that a cell exists: it weighs less than what was learned. Lines that
are not understood are skipped, counted and named. If a file cannot be read, nothing is
written.`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			path := args[0]
			b, err := baseline.Create(path)
			if err != nil {
				return unreadable{err}
			}
			defer b.Close()
			if _, err := os.Stat(path); err == nil {
				if err := merge(b, path); err != nil {
					return err
				}
			} else if !errors.Is(err, fs.ErrNotExist) {
				return unreadable{err}
			}
			for _, name := range args[1:] {
				if c.Context().Err() != nil {
					return unreadable{errors.New("interrupted: nothing was written")}
				}
				if err := e.importList(b, name); err != nil {
					return unreadable{fmt.Errorf("%s: %w", name, err)}
				}
			}
			return b.Commit()
		},
	}
}

// importList adds one list.
func (e *env) importList(b *baseline.Builder, name string) error {
	in := e.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	l, err := b.Import(in)
	if err != nil {
		return err
	}
	for _, s := range l.First {
		e.log.Warn("malformed", "file", report.Escape(name), "at", report.Escape(s))
	}
	_, err = fmt.Fprintf(e.stdout, "%s: %s, %d of other radios, %s malformed\n", report.Escape(name), count(l.Cells, "cell"), l.Other, count(l.Malformed, "line"))
	return err
}
