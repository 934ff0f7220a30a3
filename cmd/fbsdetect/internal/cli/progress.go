package cli

import (
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/fbsdetect/fbsdetect/detect"
)

// showAfter is how long a run takes before a progress bar is shown.
const showAfter = time.Second

// progress returns a function for Options.Progress and one that clears the bar. On
// standard error that is no terminal both do nothing.
func (e *env) progress(sources []detect.Source) (step func(path string, read, size int64), done func()) {
	f, ok := e.stderr.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil, func() {}
	}
	total := int64(0)
	for _, s := range sources {
		if s.Size < 0 {
			total = -1
			break
		}
		total += s.Size
	}
	var bar *progressbar.ProgressBar
	var before, current int64 // octets of captures that are done, and of this one
	var last string
	start := time.Now()
	step = func(path string, read, _ int64) {
		if path != last {
			before, last = before+current, path
		}
		current = read
		if bar == nil {
			if time.Since(start) < showAfter {
				return
			}
			bar = progressbar.NewOptions64(total,
				progressbar.OptionSetWriter(f),
				progressbar.OptionShowBytes(true),
				progressbar.OptionSetDescription("reading"),
				progressbar.OptionThrottle(100*time.Millisecond),
				progressbar.OptionClearOnFinish(),
			)
		}
		_ = bar.Set64(before + current) // a bar that cannot be drawn is no reason to stop
	}
	return step, func() {
		if bar != nil {
			_ = bar.Clear()
		}
	}
}
