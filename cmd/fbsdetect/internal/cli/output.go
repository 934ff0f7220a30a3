package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/report"
)

// output are the flags that say in what form and where to a result is written.
type output struct {
	format  string
	formats []string
	path    string
	width   int
	color   string
	all     bool
}

// register adds the flags for the formats, of which the first is the default.
func (o *output) register(c *cobra.Command, formats ...string) {
	o.formats = formats
	f := c.Flags()
	f.StringVarP(&o.format, "format", "f", formats[0], "`format` of the result: "+choice(formats))
	f.StringVarP(&o.path, "output", "o", "", "write the result to this `file` instead of standard output")
	if formats[0] == "table" {
		f.IntVar(&o.width, "width", 0, "width of tables in `columns`; default: that of the terminal, or 100")
		f.StringVar(&o.color, "color", "auto", "colours: auto, always or never")
	}
}

// choice lists names in a sentence.
func choice(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// check rejects values that the flags do not allow.
func (o *output) check() error {
	if !slices.Contains(o.formats, o.format) {
		return fmt.Errorf("unknown --format %q: want %s", o.format, choice(o.formats))
	}
	if o.width < 0 || o.width > 1000 {
		return errors.New("--width must be 0 to 1000")
	}
	if o.color != "" && !slices.Contains([]string{"auto", "always", "never"}, o.color) {
		return fmt.Errorf("unknown --color %q: want auto, always or never", o.color)
	}
	return nil
}

// layout says how text is laid out on w.
func (o *output) layout(w io.Writer) report.Layout {
	l := report.Layout{Width: o.width, Color: o.color == "always", All: o.all}
	f, ok := w.(*os.File)
	if !ok || o.path != "" || !term.IsTerminal(int(f.Fd())) {
		return l
	}
	if l.Width == 0 {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil {
			l.Width = n
		}
	}
	if o.color == "auto" && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" {
		l.Color = true
	}
	return l
}

// open checks that the result can be written before anything is read, and returns
// where to write it and how to finish. A file that is one of the captures is refused.
func (o *output) open(stdout io.Writer, sources []detect.Source) (io.Writer, func() error, error) {
	var file *os.File
	w := stdout
	if o.path != "" {
		if fi, err := os.Stat(o.path); err == nil {
			for _, s := range sources {
				if other, err := os.Stat(s.Path); err == nil && os.SameFile(fi, other) {
					return nil, nil, fmt.Errorf("--output %s is one of the captures", o.path)
				}
			}
		}
		f, err := os.Create(o.path)
		if err != nil {
			return nil, nil, fmt.Errorf("--output: %w", err)
		}
		file, w = f, f
	}
	b := bufio.NewWriterSize(w, 64<<10)
	return b, func() error {
		err := b.Flush()
		if file != nil {
			err = errors.Join(err, file.Close())
		}
		if err != nil {
			return fmt.Errorf("write result: %w", err)
		}
		return nil
	}, nil
}
