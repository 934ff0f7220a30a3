package report

import "io"

// Format is a form in which a document is written.
type Format struct {
	// Name is the word for it after --format.
	Name string
	// Member is the name of the file in an evidence package, "" if it is in none.
	Member string
	// Write writes the document. Equal documents and layouts give equal octets.
	Write func(io.Writer, *Document, Layout) error
}

// formats are all forms of a document, the default first. A line here makes a form one of
// scan --format, of evidence packages and of the tests on privacy.
var formats = []Format{
	{"table", "report.txt", Table},
	{"json", "report.json", func(w io.Writer, d *Document, _ Layout) error { return JSON(w, d) }},
}

// Formats lists the forms of a document, the default first.
func Formats() []Format { return append([]Format(nil), formats...) }

// CellName names a cell of d in a sentence.
func CellName(d *Document, c *Cell) string { return (&printer{doc: d}).longName(c) }
