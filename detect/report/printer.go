package report

import (
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// Layout says how text reports are laid out.
type Layout struct {
	// Width is the number of columns; 0 means 100, less than 60 counts as 60.
	Width int
	// Color switches colours on.
	Color bool
	// All lists every cell, also what is ordinary, and explains every cell from
	// suspicious up.
	All bool
}

// maxProse is the longest line of prose that reads well.
const maxProse = 110

// Bounds on what a text report lists without Layout.All.
const (
	maxOrdinary  = 30
	maxExplained = 10
	maxFrames    = 12
	maxReasons   = 12
	maxDamages   = 5
)

func init() {
	// Widths must not depend on the language of the machine.
	text.OverrideRuneWidthEastAsianWidth(false)
}

// printer lays out text.
type printer struct {
	b strings.Builder
	// page is the width of tables, width that of prose.
	page  int
	width int
	color bool
	all   bool
	doc   *Document
}

func newPrinter(l Layout) *printer {
	if l.Width == 0 {
		l.Width = 100
	}
	page := max(l.Width, 60)
	return &printer{page: page, width: min(page, maxProse), color: l.Color, all: l.All}
}

// Select Graphic Rendition codes of the colours used.
const (
	bold   = "1"
	dim    = "2"
	red    = "1;31"
	yellow = "1;33"
	green  = "32"
	cyan   = "36"
)

// paint colours s, which must be one line.
func (p *printer) paint(code, s string) string {
	if !p.color || code == "" || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// line writes s as it is.
func (p *printer) line(s string) {
	p.b.WriteString(strings.TrimRight(s, " "))
	p.b.WriteByte('\n')
}

// para writes s wrapped: the first line after head, the others indented by hang.
func (p *printer) para(head string, hang int, s string) { p.styled("", head, hang, s) }

// styled is para in a colour.
func (p *printer) styled(code, head string, hang int, s string) {
	p.words(code, head, hang, strings.Fields(s))
}

// words is styled for words that may hold blanks. A head that leaves no room before
// hang becomes part of the text.
func (p *printer) words(code, head string, hang int, words []string) {
	pad := hang - width(head)
	if head != "" && pad < 1 && strings.TrimSpace(head) != "" {
		indent := len(head) - len(strings.TrimLeft(head, " "))
		words = append([]string{strings.TrimSpace(head)}, words...)
		head, pad = head[:indent], 0
	}
	first := strings.Repeat(" ", max(0, pad))
	lines := wrapWords(words, p.width-max(hang, width(head)))
	for i, l := range lines {
		if i == 0 {
			p.line(head + first + p.paint(code, l))
			continue
		}
		p.line(strings.Repeat(" ", hang) + p.paint(code, l))
	}
}

// title writes the first lines of a report.
func (p *printer) title(t Tool, s string) {
	p.styled(bold, "", 0, Escape(t.Name)+" "+Escape(t.Version)+": "+s)
	p.line("")
}

// heading writes a heading with a rule up to the width, or up to a readable length.
func (p *printer) heading(s string) {
	p.line("")
	for _, l := range wrap(s, p.width) {
		p.line(p.paint(bold, l))
	}
	p.line(strings.Repeat("─", p.width))
}

// grid is a table whose cells are wrapped before it is drawn, so that it never is
// wider than the page.
type grid struct {
	page    int
	paint   func(code, s string) string
	head    []string
	rows    [][]string
	codes   []string
	widest  []int // limit by column, 0 = none
	toRight []int
	flex    int
	flexMin int
	flexMax int
	lines   map[int]bool // rows below a line
}

func newGrid(p *printer) *grid { return &grid{page: p.page, paint: p.paint, flex: -1} }

func (g *grid) header(names ...string) {
	g.head = names
	g.widest = make([]int, len(names))
}

// limit bounds the width of a column.
func (g *grid) limit(column, columns int) { g.widest[column] = columns }

// right aligns columns to the right.
func (g *grid) right(columns ...int) { g.toRight = columns }

// flexible names the column that takes what room is left, between least and most.
func (g *grid) flexible(column, least, most int) { g.flex, g.flexMin, g.flexMax = column, least, most }

// row adds a row; code colours its second column, the verdict. Cells may hold line breaks; what
// came from a capture is escaped before.
func (g *grid) row(code string, cells ...string) {
	g.rows = append(g.rows, cells)
	g.codes = append(g.codes, code)
}

// separator draws a line below the last row.
func (g *grid) separator() {
	if g.lines == nil {
		g.lines = map[int]bool{}
	}
	g.lines[len(g.rows)] = true
}

// render draws the table.
func (g *grid) render() string {
	natural := make([]int, len(g.head))
	for i, h := range g.head {
		natural[i] = width(h)
	}
	for _, r := range g.rows {
		for i, c := range r {
			for _, l := range strings.Split(c, "\n") {
				natural[i] = max(natural[i], width(l))
			}
		}
	}
	used := 3*len(g.head) - 1 // a blank on each side, a line between
	for i := range natural {
		if limit := g.widest[i]; limit > 0 {
			natural[i] = min(natural[i], max(limit, width(g.head[i])))
		}
		if i != g.flex {
			used += natural[i]
		}
	}
	if g.flex >= 0 {
		natural[g.flex] = min(natural[g.flex], g.flexMax, max(g.page-used, g.flexMin))
		used += natural[g.flex]
	}
	// Too wide all the same: the widest columns give way.
	for used > g.page {
		at := 0
		for i := range natural {
			if natural[i] > natural[at] {
				at = i
			}
		}
		if natural[at] <= 6 {
			break
		}
		natural[at]--
		used--
	}
	t := table.NewWriter()
	style := table.StyleLight
	style.Options.DrawBorder = false
	style.Format.Header = text.FormatDefault
	t.SetStyle(style)
	configs := make([]table.ColumnConfig, len(g.head))
	for i := range configs {
		configs[i] = table.ColumnConfig{Number: i + 1, VAlign: text.VAlignTop, WidthMin: natural[i]}
		if slices.Contains(g.toRight, i) {
			configs[i].Align, configs[i].AlignHeader = text.AlignRight, text.AlignRight
		}
	}
	t.SetColumnConfigs(configs)
	head := make(table.Row, len(g.head))
	for i, h := range g.head {
		head[i] = strings.Join(wrap(h, natural[i]), "\n")
	}
	t.AppendHeader(head)
	for n, r := range g.rows {
		if g.lines[n] {
			t.AppendSeparator()
		}
		row := make(table.Row, len(r))
		for i, c := range r {
			var lines []string
			for _, l := range strings.Split(c, "\n") {
				for _, l := range wrap(l, natural[i]) {
					if i == 1 {
						l = g.paint(g.codes[n], l)
					}
					lines = append(lines, l)
				}
			}
			row[i] = strings.Join(lines, "\n")
		}
		t.AppendRow(row)
	}
	var b strings.Builder
	for _, l := range strings.Split(t.Render(), "\n") {
		b.WriteString(strings.TrimRight(l, " "))
		b.WriteByte('\n')
	}
	return b.String()
}
