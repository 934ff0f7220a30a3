package cli

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/report"
)

func newDump(e *env) *cobra.Command {
	var (
		read     reading
		out      output
		messages []string
	)
	c := &cobra.Command{
		Use:   "dump CAPTURE...",
		Short: "Print every message decoded",
		Long: `Print every message decoded, one a line: as text (frame, time, RAT, channel,
direction, name, cell, fields) or as JSON (ndjson).`,
		Example: `  fbsdetect dump drive.pcap
  fbsdetect dump -f ndjson drive.pcap | jq 'select(.error)'
  fbsdetect dump --message 'Identity Re*' drive.pcap`,
		Args: cobra.MinimumNArgs(1),
	}
	out.register(c, "text", "ndjson")
	read.register(c)
	c.Flags().StringArrayVar(&messages, "message", nil, "only messages of this `name`, which may hold * and ?; case does not matter (repeatable)")
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		for i, m := range messages {
			messages[i] = strings.ToLower(m)
			if _, err := path.Match(messages[i], ""); err != nil {
				return fmt.Errorf("--message %q: %w", m, err)
			}
		}
		var opt detect.Options
		if err := read.apply(c, &opt); err != nil {
			return err
		}
		sources, missing := e.sources(args)
		if missing != nil && !errors.Is(missing, detect.ErrInput) || len(sources) == 0 {
			return missing
		}
		w, finish, err := out.open(e.stdout, sources)
		if err != nil {
			return err
		}
		step, done := e.progress(sources)
		opt.Progress = step
		var line []byte
		var failed error
		err = detect.Messages(c.Context(), sources, opt, func(m *report.Message) error {
			if !wanted(messages, m.Name) {
				return nil
			}
			if out.format == "ndjson" {
				line = m.AppendJSON(line[:0])
			} else {
				line = m.AppendText(line[:0], len(sources) > 1)
			}
			_, failed = w.Write(line)
			return failed
		})
		done()
		if ferr := finish(); ferr != nil {
			return ferr
		}
		return join(missing, err)
	}
	return c
}

// wanted reports whether one of the patterns fits the name, or there is none. Names
// hold slashes, which patterns of path treat apart.
func wanted(patterns []string, name string) bool {
	if len(patterns) == 0 {
		return true
	}
	name = strings.ReplaceAll(strings.ToLower(name), "/", " ")
	for _, p := range patterns {
		if ok, err := path.Match(strings.ReplaceAll(p, "/", " "), name); err == nil && ok {
			return true
		}
	}
	return false
}
