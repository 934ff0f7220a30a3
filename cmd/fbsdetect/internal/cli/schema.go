package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/fbsdetect/fbsdetect/detect/report"
)

func newSchema(e *env) *cobra.Command {
	return &cobra.Command{
		Use:       "schema " + strings.Join(report.Schemas(), "|"),
		Short:     "Print the JSON Schema of a result, or the object template of MISP events",
		ValidArgs: report.Schemas(),
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		RunE: func(_ *cobra.Command, args []string) error {
			return report.WriteSchema(e.stdout, args[0])
		},
	}
}
