// Package cli is the command line: one file for each command, flags to options, errors
// to exit codes. It decides nothing about cells.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/report"
)

// Exit codes are an interface: scripts depend on them.
const (
	exitClean    = 0 // no cell at or above --fail-on
	exitFindings = 1 // a cell at or above --fail-on; verify: an expectation was missed
	exitUsage    = 2 // arguments not understood, or output not writable
	exitInput    = 3 // a capture not readable, or without a frame that is decoded
)

// errFindings says that a cell reached --fail-on. The report says which.
var errFindings = errors.New("a cell is at or above --fail-on")

// env is what a command has of the world.
type env struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	log            *slog.Logger
}

// Run is main without the process: it runs the command that args name and returns the
// exit code. Where captures could not be read and cells stand out, too, the code is
// that of the captures: the result is incomplete.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var level slog.LevelVar
	level.Set(slog.LevelWarn)
	e := &env{stdin: stdin, stdout: stdout, stderr: stderr, log: newLogger(stderr, &level)}
	verbose := false
	root := &cobra.Command{
		Use:   "fbsdetect",
		Short: "Tell which cells in radio captures behave like a false base station",
		Long: `fbsdetect reads radio captures (pcap or pcapng with GSMTAP, or srsRAN's MAC, NAS and
S1AP captures, also compressed with gzip or zstd) and tells for each cell how far it behaves like a false base station,
on what evidence, and what could not be observed.

CAPTURE is a file, a folder, a pattern such as 'drive/*.pcap', or - for standard
input.

Exit codes:
  0  no cell at or above --fail-on
  1  at least one cell at or above --fail-on; verify: an expectation was missed;
     evidence verify: the package does not verify; exposure: an alarm
  2  arguments not understood, or output not writable
  3  a capture could not be read or held no frame that is decoded, or a baseline or
     table could not be read; what could be read is reported (also when cells are at or
     above --fail-on)`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		PersistentPreRun: func(*cobra.Command, []string) {
			if verbose {
				level.Set(slog.LevelInfo)
			}
		},
		RunE: func(c *cobra.Command, _ []string) error {
			return c.Help()
		},
	}
	root.PersistentFlags().BoolVarP(&verbose, "verbose", "v", false, "say on standard error what is read and skipped")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(newScan(e), newCells(e), newDump(e), newRules(e), newVerify(e), newExposure(e), newSchema(e), newBaseline(e), newEvidence(e), newASN1(e), newVersion(e))
	if args == nil {
		args = []string{} // nil would make cobra read os.Args
	}
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitClean
	case err == errFindings: // joined with an input error it is not the result
		return exitFindings
	}
	printError(stderr, err)
	switch {
	case errors.Is(err, detect.ErrOption):
		return exitUsage
	case errors.Is(err, detect.ErrInput):
		return exitInput
	}
	return exitUsage
}

// printError prints an error a line each for what it joins.
func printError(w io.Writer, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		if strings.Contains(err.Error(), "\n") {
			for _, e := range joined.Unwrap() {
				printError(w, e)
			}
			return
		}
	}
	if errors.Is(err, errFindings) {
		return
	}
	fmt.Fprintln(w, "fbsdetect:", report.Escape(err.Error()))
}

// newLogger returns a logger for people at a terminal: no time, one line.
func newLogger(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{
		Level: level,
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
}
