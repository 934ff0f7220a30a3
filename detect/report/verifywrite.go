package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// VerificationJSON writes the verification as its schema describes it.
func VerificationJSON(w io.Writer, v *Verification) error { return writeJSON(w, v, "  ") }

// resultText says in a few words how a capture came out.
func (c *Comparison) resultText() string {
	var parts []string
	switch c.Status {
	case StatusMissing:
		return "not there"
	case StatusWrongSHA256:
		return "WRONG FILE"
	case StatusNotCounted:
		return "not counted"
	}
	if n := len(c.Missed); n > 0 {
		parts = append(parts, strconv.Itoa(n)+" MISSED")
	}
	if n := len(c.FalseAlarms); n > 0 {
		parts = append(parts, plural(n, "FALSE ALARM"))
	}
	if n := len(c.Found); n > 0 {
		parts = append(parts, strconv.Itoa(n)+" found")
	}
	if len(parts) == 0 {
		return "ok"
	}
	return strings.Join(parts, ", ")
}

// shown reports whether a capture is worth a line without Layout.All.
func (c *Comparison) shown(all bool) bool { return all || c.Status != StatusNotCounted }

// VerificationTable writes the verification for people.
func VerificationTable(w io.Writer, v *Verification, l Layout) error {
	p := newPrinter(l)
	p.title(v.Tool, "verdicts against labels")
	g := newGrid(p)
	g.header("Label", "Result", "Cells", "Highest verdict", "Capture")
	g.right(2)
	g.limit(1, 16)
	g.flexible(4, 20, 120)
	uncounted := map[string]int{}
	rows := 0
	for i := range v.Captures {
		c := &v.Captures[i]
		if !c.shown(p.all) {
			uncounted[c.Label]++
			continue
		}
		highest := "-"
		if c.Highest != nil {
			highest = c.Highest.String()
		}
		code := ""
		if c.failed() {
			code = red
		}
		g.row(code, Escape(c.Label), c.resultText(), strconv.Itoa(c.Cells), highest, Escape(c.Path))
		rows++
	}
	if rows > 0 {
		p.b.WriteString(g.render())
	}
	if len(uncounted) > 0 {
		p.para("", 0, fmt.Sprintf("Not counted, because nothing is expected of them: %s (--all lists them).", counted(uncounted)))
	}
	p.details(v)
	for i := range v.Totals {
		t := &v.Totals[i]
		p.line("")
		p.line(p.paint(bold, Escape(t.RAT)))
		p.para("  found", 16, fmt.Sprintf("%d of %s: recall %s", t.Found, plural(t.Rogue, "rogue cell"), share(t.Recall)))
		p.para("  false alarms", 16, fmt.Sprintf("%d of %s: rate %s", t.FalseAlarms, plural(t.Genuine, "genuine cell"), share(t.FalseAlarmRate)))
		p.para("  precision", 16, share(t.Precision))
	}
	p.line("")
	p.para("", 0, "In brackets: 95 % intervals after Wilson. The unit is the cell; a capture whose rogue cell has no name counts as one.")
	p.line("")
	if v.Passed {
		p.line("All expectations were met.")
	} else {
		p.line(p.paint(red, "Not all expectations were met."))
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// details lists what each capture is about, where there is something to say.
func (p *printer) details(v *Verification) {
	for i := range v.Captures {
		c := &v.Captures[i]
		if len(c.Missed)+len(c.FalseAlarms)+len(c.Alarms)+len(c.Notes) == 0 ||
			!c.shown(p.all) && len(c.Alarms) == 0 {
			continue
		}
		p.line("")
		p.para("", 0, Escape(c.Path)+" ("+Escape(c.Label)+")")
		for _, part := range []struct {
			head string
			list []string
		}{{"missed", c.Missed}, {"false alarm", c.FalseAlarms}, {"alarm", c.Alarms}, {"note", c.Notes}} {
			for _, s := range part.list {
				p.para("  "+part.head, 15, Escape(s))
			}
		}
	}
}

func share(p Proportion) string {
	if p.Value == nil {
		return "nothing to count"
	}
	return fmt.Sprintf("%.1f %% (%.1f – %.1f)", 100**p.Value, 100**p.Low, 100**p.High)
}

// mismatchTitles say of each kind of mismatch what it means.
var mismatchTitles = map[string]string{
	MismatchRogueMissed: "A rogue cell was not found",
	MismatchFalseAlarm:  "A genuine cell was reported",
	MismatchWrongSHA256: "The capture is not the one that the expectations are about",
}

// text says a mismatch in a line.
func (m *Mismatch) text() string {
	s := "expected " + Escape(m.Expected) + ", got " + Escape(m.Got)
	if m.Cell != nil {
		s = Escape(*m.Cell) + ": " + s
	}
	return s
}

// JUnit writes the verification as a test report: a test case for each capture.
func JUnit(w io.Writer, v *Verification) error {
	l := newJUnit("fbsdetect verify")
	s := l.suite("captures")
	for i := range v.Captures {
		s.add(v.Captures[i].testCase())
	}
	return l.write(w)
}

func (c *Comparison) testCase() junitCase {
	t := junitCase{Class: "fbsdetect." + Escape(c.Label), Name: Escape(c.Path)}
	var lines, out []string
	for i := range c.Mismatches {
		m := &c.Mismatches[i]
		lines = append(lines, mismatchTitles[m.Kind]+": "+m.text())
	}
	switch {
	case c.Status == StatusWrongSHA256:
		t.Error = &junitText{c.Mismatches[0].Kind, mismatchTitles[c.Mismatches[0].Kind], strings.Join(lines, "\n")}
	case c.failed():
		t.Failure = &junitText{c.Mismatches[0].Kind, plural(len(lines), "expectation") + " missed", strings.Join(lines, "\n")}
	case c.Status == StatusMissing:
		t.Skipped = &junitText{Message: "the capture is not there"}
	case c.Status == StatusNotCounted:
		t.Skipped = &junitText{Message: "nothing is expected of it"}
	}
	for _, n := range c.Notes {
		out = append(out, Escape(n))
	}
	for _, n := range c.Alarms {
		out = append(out, "alarm, not counted: "+Escape(n))
	}
	t.Output = strings.Join(out, "\n")
	return t
}

// VerificationSARIF writes the verification as a SARIF log: a result for each
// expectation that was not met, at the file that states it.
func VerificationSARIF(w io.Writer, v *Verification) error {
	l := newSARIF(v.Tool)
	for i := range v.Captures {
		c := &v.Captures[i]
		for j := range c.Mismatches {
			m := &c.Mismatches[j]
			title := sarifMessage(mismatchTitles[m.Kind])
			id := "verify/" + m.Kind
			l.rule(sarifRule{ID: id, Short: &title})
			where := l.artifact(c.File, "").at(0)
			cell := ""
			if m.Cell != nil {
				cell = *m.Cell
				where = where.of(cell)
			}
			capture := l.artifact(c.Path, "").at(0)
			capture.ID = 1
			l.add(sarifResult{
				RuleID: id, Level: "error", Message: sarifMessage(Escape(c.Path) + ": " + m.text()),
				Where: []sarifLocation{where}, Related: []sarifLocation{capture},
				Fingerprints: sarifFingerprint(id, c.Path, cell),
			})
		}
	}
	return l.write(w)
}
