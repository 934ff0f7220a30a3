package report

import (
	"bytes"
	"encoding/json"
	"io"
)

// JSON writes the document as Schema describes it. It encodes one cell at a time, so
// that a capture full of made-up cells does not cost their text twice in memory.
func JSON(w io.Writer, d *Document) error {
	frame := *d
	frame.Cells, frame.Unattributed = []Cell{}, []Cell{}
	rest, err := encodeJSON(&frame, "", "  ")
	if err != nil {
		return err
	}
	// A string cannot hold a line break, so these stand for the two lists only.
	for _, list := range []struct {
		name  string
		cells []Cell
	}{{"\n  \"cells\": []", d.Cells}, {"\n  \"unattributed\": []", d.Unattributed}} {
		head, tail, _ := bytes.Cut(rest, []byte(list.name))
		if _, err := w.Write(head); err != nil {
			return err
		}
		if err := writeCells(w, list.name, list.cells); err != nil {
			return err
		}
		rest = tail
	}
	_, err = w.Write(rest)
	return err
}

// writeCells writes a list whose empty form is name.
func writeCells(w io.Writer, name string, cells []Cell) error {
	if len(cells) == 0 {
		_, err := io.WriteString(w, name)
		return err
	}
	if _, err := io.WriteString(w, name[:len(name)-1]); err != nil {
		return err
	}
	for i := range cells {
		b, err := encodeJSON(&cells[i], "    ", "  ")
		if err != nil {
			return err
		}
		sep := "\n    "
		if i > 0 {
			sep = ",\n    "
		}
		if _, err := io.WriteString(w, sep); err != nil {
			return err
		}
		if _, err := w.Write(bytes.TrimSuffix(b, []byte("\n"))); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\n  ]")
	return err
}

// CellsJSON writes the inventory as CellsSchema describes it.
func CellsJSON(w io.Writer, d *Cells) error { return writeJSON(w, d, "  ") }

// writeJSON writes v with indentation.
func writeJSON(w io.Writer, v any, indent string) error {
	b, err := encodeJSON(v, "", indent)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// encodeJSON encodes v; what is not printable in strings from the air is escaped.
func encodeJSON(v any, prefix, indent string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // "<= 40 dB" is meant to be read
	e.SetIndent(prefix, indent)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return escapeJSON(b.Bytes()), nil
}
