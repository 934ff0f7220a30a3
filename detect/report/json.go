package report

import "io"

// JSON writes the document as Schema describes it.
func JSON(w io.Writer, d *Document) error { return writeJSON(w, d, "  ") }

// CellsJSON writes the inventory as CellsSchema describes it.
func CellsJSON(w io.Writer, d *Cells) error { return writeJSON(w, d, "  ") }
