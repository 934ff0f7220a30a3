package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
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
		if c.failed() {
			return "NOT THERE"
		}
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
	if n := len(c.Mismatches); n > 0 && c.Label == LabelExpected {
		parts = append(parts, strconv.Itoa(n)+" DIFFERENT")
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
	labelled := slices.ContainsFunc(v.Captures, func(c Comparison) bool { return c.Label != LabelExpected })
	what := "findings against expectations"
	if labelled {
		what = "verdicts against labels"
	}
	p.title(v.Tool, what)
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
	if labelled {
		p.totals(v.Totals)
	}
	p.line("")
	switch {
	case v.Passed && len(v.Updated) == 0:
		p.line("All expectations were met.")
	case v.Passed:
		p.line("All differences were accepted.")
	case len(v.Updated) > 0:
		p.line(p.paint(red, "Not all differences could be accepted."))
	default:
		p.line(p.paint(red, "Not all expectations were met."))
	}
	for _, file := range v.Updated {
		p.para("", 0, "What came is now what is expected, in "+Escape(file)+".")
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// totals says how many rogue cells were found and how many genuine ones were not.
func (p *printer) totals(list []Total) {
	for i := range list {
		t := &list[i]
		p.line("")
		p.line(p.paint(bold, Escape(t.RAT)))
		p.para("  found", 16, fmt.Sprintf("%d of %s: recall %s", t.Found, plural(t.Rogue, "rogue cell"), share(t.Recall)))
		p.para("  false alarms", 16, fmt.Sprintf("%d of %s: rate %s", t.FalseAlarms, plural(t.Genuine, "genuine cell"), share(t.FalseAlarmRate)))
		p.para("  precision", 16, share(t.Precision))
	}
	p.line("")
	p.para("", 0, "In brackets: 95 % intervals after Wilson. The unit is the cell; a capture whose rogue cell has no name counts as one.")
}

// details lists what each capture is about, where there is something to say.
func (p *printer) details(v *Verification) {
	for i := range v.Captures {
		c := &v.Captures[i]
		expected := c.Label == LabelExpected
		if len(c.Missed)+len(c.FalseAlarms)+len(c.Alarms)+len(c.Notes) == 0 && !(expected && c.failed()) ||
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
		if expected {
			p.differences(c)
		}
	}
}

// differences shows what was expected of a capture and what came instead, cell by cell.
func (p *printer) differences(c *Comparison) {
	last := -1
	for i := range c.Mismatches {
		m := &c.Mismatches[i]
		if m.check != last {
			last = m.check
			k := c.Checks[m.check]
			head := "the capture"
			if k.Cell != nil {
				head = Escape(*k.Cell)
			}
			if k.Line > 0 {
				head += fmt.Sprintf(" (%s:%d)", Escape(c.File), k.Line)
			}
			p.styled(bold, "  ", 2, head)
		}
		p.para("    ", 4, m.subject(c.Checks[m.check].Cell))
		p.styled(red, "      - ", 8, Escape(m.Expected))
		p.styled(green, "      + ", 8, Escape(m.Got))
	}
}

// subject says what of a cell the mismatch is about; the cell too, unless it is the one
// of the check.
func (m *Mismatch) subject(of *string) string {
	s := mismatchSubjects[m.Kind]
	if m.Rule != nil {
		s = "rule " + Escape(*m.Rule) + s
	}
	if m.Cell != nil && of == nil {
		s = Escape(*m.Cell) + ": " + s
	}
	return s
}

// mismatchSubjects names what a mismatch of a kind is about; for rules, what follows
// their ID.
var mismatchSubjects = map[string]string{
	MismatchRogueMissed: "verdict", MismatchFalseAlarm: "verdict", MismatchWrongSHA256: "file",
	MismatchCaptureMissing: "file", MismatchCaptureUnreadable: "file",
	MismatchCellMissing: "cell", MismatchCellUnexpected: "not listed",
	MismatchVerdict: "verdict", MismatchRuleSilent: "", MismatchRuleFired: "", MismatchFrames: ", frames",
}

func share(p Proportion) string {
	if p.Value == nil {
		return "nothing to count"
	}
	return fmt.Sprintf("%.1f %% (%.1f – %.1f)", 100**p.Value, 100**p.Low, 100**p.High)
}

// mismatchTitles say of each kind of mismatch what it means.
var mismatchTitles = map[string]string{
	MismatchRogueMissed:       "A rogue cell was not found",
	MismatchFalseAlarm:        "A genuine cell was reported",
	MismatchWrongSHA256:       "The capture is not the one that the expectations are about",
	MismatchCaptureMissing:    "The capture is not there",
	MismatchCaptureUnreadable: "The capture could not be read",
	MismatchCellMissing:       "An expected cell was not heard",
	MismatchCellUnexpected:    "A cell was heard that is not expected",
	MismatchVerdict:           "A cell has another verdict",
	MismatchRuleSilent:        "A rule that must fire did not",
	MismatchRuleFired:         "A rule that must stay silent fired",
	MismatchFrames:            "A rule fired on other frames",
}

// text says a mismatch in a line.
func (m *Mismatch) text() string {
	s := "expected " + Escape(m.Expected) + ", got " + Escape(m.Got)
	if m.Rule != nil {
		s = Escape(*m.Rule) + ": " + s
	}
	if m.Cell != nil {
		s = Escape(*m.Cell) + ": " + s
	}
	return s
}

// JUnit writes the verification as a test report: a test case for each labelled
// capture, a suite for each capture with expectations and a case for each of its cells.
func JUnit(w io.Writer, v *Verification) error {
	l := newJUnit("fbsdetect verify")
	var labelled *junitSuite
	for i := range v.Captures {
		c := &v.Captures[i]
		switch {
		case c.Label == LabelExpected:
			c.testCases(l.suite(Escape(c.Path)))
			continue
		case labelled == nil:
			labelled = l.suite("captures")
		}
		labelled.add(c.testCase(0, "fbsdetect."+Escape(c.Label), Escape(c.Path)))
	}
	return l.write(w)
}

// testCases adds a case for each thing that is expected of the capture.
func (c *Comparison) testCases(s *junitSuite) {
	for n := range c.Checks {
		name := "capture"
		if cell := c.Checks[n].Cell; cell != nil {
			name = Escape(*cell)
		}
		s.add(c.testCase(n, Escape(c.Path), name))
	}
}

// testCase is the case of a check.
func (c *Comparison) testCase(n int, class, name string) junitCase {
	t := junitCase{Class: class, Name: name}
	var lines, out []string
	kind := ""
	for i := range c.Mismatches {
		if m := &c.Mismatches[i]; m.check == n {
			kind = cmp.Or(kind, m.Kind)
			lines = append(lines, mismatchTitles[m.Kind]+": "+m.text())
		}
	}
	text := strings.Join(lines, "\n")
	switch {
	case kind == MismatchWrongSHA256 || kind == MismatchCaptureMissing || kind == MismatchCaptureUnreadable:
		t.Error = &junitText{kind, mismatchTitles[kind], text}
	case kind != "":
		t.Failure = &junitText{kind, plural(len(lines), "expectation") + " missed", text}
	case c.Status == StatusMissing:
		t.Skipped = &junitText{Message: "the capture is not there"}
	case c.Status == StatusNotCounted:
		t.Skipped = &junitText{Message: "nothing is expected of it"}
	}
	if n > 0 {
		return t // what follows is about the capture
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
// expectation that was not met, at the place that states it.
func VerificationSARIF(w io.Writer, v *Verification) error {
	l := newSARIF(v.Tool)
	for i := range v.Captures {
		c := &v.Captures[i]
		for j := range c.Mismatches {
			m := &c.Mismatches[j]
			title := sarifMessage(mismatchTitles[m.Kind])
			id := "verify/" + m.Kind
			l.rule(sarifRule{ID: id, Short: &title})
			where := l.artifact(c.File, "").at(m.Line)
			cell, rule := "", ""
			if m.Cell != nil {
				cell = *m.Cell
				where = where.of(cell)
			}
			if m.Rule != nil {
				rule = *m.Rule
			}
			capture := l.artifact(c.Source, c.SHA256).at(0)
			capture.ID = 1
			l.add(sarifResult{
				RuleID: id, Level: "error", Message: sarifMessage(mismatchTitles[m.Kind] + ": " + Escape(c.Path) + ": " + m.text()),
				Where: []sarifLocation{where}, Related: []sarifLocation{capture},
				Fingerprints: sarifFingerprint(id, c.Path, cell, rule),
			})
		}
	}
	return l.write(w)
}
