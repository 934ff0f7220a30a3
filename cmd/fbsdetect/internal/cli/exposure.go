package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/exposure"
	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/stat"
)

func newExposure(e *env) *cobra.Command {
	var out output
	c := &cobra.Command{
		Use:   "exposure TABLE...",
		Short: "Test tables of connections for exposed subscriber numbers",
		Long: fmt.Sprintf(`Test tables of connections: do more of them carry a message that exposes the
subscriber's number (IMSI) than commercial cells send?

TABLE is a CSV file, or - for standard input, with a head line and a row for each
connection. Columns: second_of_day, or time (RFC 3339 or seconds since 1970);
exposing_message, empty if the connection has none; and optionally cell and plmn, by
which connections are told apart. The connections must be those of many phones.

The test goes minute by minute. An alarm means that the messages are a million times
likelier with an increased share than with the network's own; an ordinary cell shows
that at most once in a million minutes, 1.9 years, on average. With %d connections or fewer there is no
alarm, with fewer than %d and no alarm the verdict is "insufficient".

With -f json there is one object a line for each table. The exit code is 1 if there is
an alarm.`, stat.ExposureFew, stat.ExposureEnough),
		Example: `  fbsdetect exposure connections.csv
  fbsdetect exposure -f json monday.csv tuesday.csv`,
		Args: cobra.MinimumNArgs(1),
	}
	out.register(c, "table", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		var tables []detect.Source
		for _, path := range args {
			tables = append(tables, detect.Source{Path: path})
		}
		w, finish, err := out.open(e.stdout, tables)
		if err != nil {
			return err
		}
		var list []*exposure.Result
		var failed []error
		alarm := false
		for _, path := range args {
			if err := c.Context().Err(); err != nil {
				return errors.Join(fmt.Errorf("exposure: %w", err), finish())
			}
			r, err := e.exposure(path)
			if err != nil {
				failed = append(failed, inputError(path, err))
				continue
			}
			alarm = alarm || r.Verdict == exposure.Alarm
			list = append(list, r)
		}
		if out.format == "json" {
			err = exposureJSON(w, list)
		} else {
			err = exposureTable(w, list)
		}
		if err = errors.Join(err, finish()); err != nil {
			return err
		}
		if len(failed) > 0 {
			return errors.Join(failed...)
		}
		if alarm {
			return errFindings
		}
		return nil
	}
	return c
}

func (e *env) exposure(path string) (*exposure.Result, error) {
	if path == "-" {
		return exposure.Test(path, e.stdin)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return exposure.Test(path, f)
}

func exposureJSON(w io.Writer, list []*exposure.Result) error {
	enc := json.NewEncoder(w)
	for _, r := range list {
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

func exposureTable(w io.Writer, list []*exposure.Result) error {
	for i, r := range list {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s: %s\n", report.Escape(r.Path), r.Verdict)
		fmt.Fprintf(w, "  %d connections in %d minutes, %d with an exposing message\n", r.Connections, r.Minutes, r.Exposed)
		if r.Reason != "" {
			fmt.Fprintf(w, "  %s\n", r.Reason)
		}
		if len(r.Alarms) == 0 {
			continue
		}
		t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
		fmt.Fprintln(t, "  AT\tCELL\tWINDOW\tEXPOSED\tOF\tLOG10 BAYES FACTOR")
		for _, a := range r.Alarms {
			cell := report.Escape(strings.TrimSpace(a.PLMN + " " + a.Cell))
			if cell == "" {
				cell = "-"
			}
			fmt.Fprintf(t, "  %s\t%s\t%d s\t%d\t%d\t%.2f\n", exposureTime(a), cell, a.WindowS, a.Exposed, a.Connections, a.Log10)
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// exposureTime writes the time of an alarm as a date where it is one.
func exposureTime(a exposure.Window) string {
	const day = 86400
	at := time.UnixMilli(int64(a.At * 1000)).UTC()
	switch {
	case a.At >= day:
		return at.Format(time.RFC3339)
	case a.Day > 0:
		return fmt.Sprintf("day %d, %s", a.Day+1, at.Format(time.TimeOnly))
	}
	return at.Format(time.TimeOnly)
}
