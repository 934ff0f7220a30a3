package cli

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/fbsdetect/fbsdetect/detect"
	"github.com/fbsdetect/fbsdetect/detect/report"
)

func newCells(e *env) *cobra.Command {
	var (
		read  reading
		out   output
		place placing
	)
	c := &cobra.Command{
		Use:   "cells CAPTURE...",
		Short: "List every cell and every broadcast parameter",
		Long:  `List every cell heard and every parameter that it broadcast, with first and last frame.`,
		Args:  cobra.MinimumNArgs(1),
	}
	out.register(c, "table", "json")
	read.register(c)
	place.register(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		var opt detect.Options
		if err := errors.Join(read.apply(c, &opt), place.apply(c, &opt)); err != nil {
			return err
		}
		_, err := e.run(c, args, opt, &out, func(doc *report.Document, o io.Writer) error {
			if out.format == "json" {
				return report.CellsJSON(o, report.Inventory(doc))
			}
			return report.CellsTable(o, report.Inventory(doc), out.layout(e.stdout))
		})
		return err
	}
	return c
}
