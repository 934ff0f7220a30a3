package cli

import (
	"bufio"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/fbsdetect/fbsdetect/detect/report"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

func newRules(e *env) *cobra.Command {
	var out output
	c := &cobra.Command{
		Use:   "rules [list|show ID]",
		Short: "Show the catalogue of rules",
		Args:  cobra.NoArgs,
	}
	list := &cobra.Command{Use: "list", Short: "List all rules", Args: cobra.NoArgs}
	show := &cobra.Command{Use: "show ID", Short: "Explain a rule", Args: cobra.ExactArgs(1)}
	run := func(write func(io.Writer) error) error {
		if err := out.check(); err != nil {
			return err
		}
		b := bufio.NewWriter(e.stdout)
		if err := write(b); err != nil {
			return err
		}
		return b.Flush()
	}
	listAll := func(*cobra.Command, []string) error {
		return run(func(w io.Writer) error {
			if out.format == "json" {
				return report.RulesJSON(w, rule.All())
			}
			return report.RulesTable(w, rule.All(), out.layout(e.stdout))
		})
	}
	c.RunE, list.RunE = listAll, listAll
	show.RunE = func(_ *cobra.Command, args []string) error {
		r := rule.ByID(args[0])
		if r == nil {
			return fmt.Errorf("no rule %q; \"fbsdetect rules\" lists them", args[0])
		}
		return run(func(w io.Writer) error {
			if out.format == "json" {
				return report.RulesJSON(w, []*rule.Rule{r})
			}
			return report.RulePage(w, r, out.layout(e.stdout))
		})
	}
	for _, x := range []*cobra.Command{c, list, show} {
		x.Flags().StringVarP(&out.format, "format", "f", "table", "`format` of the result: table or json")
		x.Flags().IntVar(&out.width, "width", 0, "width of tables in `columns`; default: that of the terminal, or 100")
		x.Flags().StringVar(&out.color, "color", "auto", "colours: auto, always or never")
	}
	out.formats = []string{"table", "json"}
	c.AddCommand(list, show)
	return c
}
