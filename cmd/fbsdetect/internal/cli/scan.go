package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

// failOn are the values of --fail-on.
var failOn = []string{score.Unusual.String(), score.Suspicious.String(), score.Consistent.String(), "never"}

func newScan(e *env) *cobra.Command {
	var (
		read  reading
		judge judging
		out   output
		fail  string
		past  known
		place placing
		lang  speaking
	)
	c := &cobra.Command{
		Use:   "scan CAPTURE...",
		Short: "Score every cell heard in the captures",
		Long: `Score every cell heard in the captures and rank them: how far does each behave like
a false base station, on what evidence, and what could not be observed?

Formats:` + formatList(),
		Example: `  fbsdetect scan drive.pcapng
  fbsdetect scan --baseline home.baseline drive.pcapng
  fbsdetect scan -f json -o report.json captures/
  fbsdetect scan --positions drive.gpx -f kml -o drive.kml drive.pcapng
  fbsdetect scan -f html --lang th -o report.html drive.pcapng
  fbsdetect scan --fail-on never 'captures/*.pcap.gz'
  zstdcat big.pcap.zst | fbsdetect scan -`,
		Args: cobra.MinimumNArgs(1),
	}
	out.register(c, report.FormatNames()...)
	read.register(c)
	judge.register(c)
	past.register(c)
	place.register(c)
	c.Flags().StringVar(&fail, "fail-on", score.Suspicious.String(), "exit with 1 if a cell has this `verdict` or a higher one: "+strings.Join(failOn, ", "))
	lang.register(c)
	c.Flags().BoolVar(&out.all, "all", false, "list every cell and explain every cell that stands out")
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		format, err := report.FormatByName(out.format)
		if err != nil {
			return err
		}
		if !slices.Contains(failOn, fail) {
			return fmt.Errorf("unknown --fail-on %q: want %s", fail, strings.Join(failOn, ", "))
		}
		if err := lang.check(); err != nil {
			return err
		}
		var opt detect.Options
		if err := errors.Join(read.apply(c, &opt), judge.apply(&opt), place.apply(c, &opt)); err != nil {
			return err
		}
		if err := past.open(&opt); err != nil {
			return err
		}
		defer past.close(&opt)
		doc, err := e.run(c, args, opt, &out, func(doc *report.Document, o io.Writer) error {
			return format.Write(o, doc, report.Options{Layout: out.layout(e.stdout), Language: lang.code})
		})
		if doc == nil || err != nil {
			return err
		}
		if reaches(doc, fail) {
			return errFindings
		}
		return nil
	}
	return c
}

// formatList lists the formats of a report with what each is for.
func formatList() string {
	var b strings.Builder
	for _, f := range report.Formats() {
		fmt.Fprintf(&b, "\n  %-14s%s", f.Name, f.Use)
	}
	return b.String()
}

// reaches reports whether a cell, or signalling without one, has the verdict or a
// higher one.
func reaches(doc *report.Document, fail string) bool {
	limit, ok := score.ParseVerdict(fail)
	if !ok { // never
		return false
	}
	high := func(c report.Cell) bool { return c.Verdict >= limit }
	return slices.ContainsFunc(doc.Cells, high) || slices.ContainsFunc(doc.Unattributed, high)
}
