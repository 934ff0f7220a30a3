package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fbsdetect/fbsdetect/detect/evidence"
	"github.com/fbsdetect/fbsdetect/detect/report"
)

// evidenceSchema is the word for the schema of a package's manifest.
const evidenceSchema = "evidence"

func newSchema(e *env) *cobra.Command {
	names := append(report.Schemas(), evidenceSchema)
	slices.Sort(names)
	return &cobra.Command{
		Use:       "schema " + strings.Join(names, "|"),
		Short:     "Print the JSON Schema of a result, or the object template of MISP events",
		ValidArgs: names,
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] == evidenceSchema {
				return report.WriteSchemaOf(e.stdout, "Manifest of an evidence package", evidence.Manifest{})
			}
			return report.WriteSchema(e.stdout, args[0])
		},
	}
}
