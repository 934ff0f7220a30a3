package report

import (
	"encoding/xml"
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

// junit is the part of the JUnit form that continuous integration reads.
type junit struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string      `xml:"classname,attr"`
	Name    string      `xml:"name,attr"`
	Failure *junitText  `xml:"failure"`
	Error   *junitText  `xml:"error"`
	Skipped *junitSkip  `xml:"skipped"`
	Output  *junitPlain `xml:"system-out"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

type junitSkip struct {
	Message string `xml:"message,attr"`
}

type junitPlain struct {
	Text string `xml:",chardata"`
}

// JUnit writes the verification as a test report: a test case for each capture.
func JUnit(w io.Writer, v *Verification) error {
	s := junitSuite{Name: "fbsdetect verify", Tests: len(v.Captures)}
	for i := range v.Captures {
		c := &v.Captures[i]
		t := junitCase{Class: "fbsdetect." + Escape(c.Label), Name: Escape(c.Path)}
		var lines []string
		for _, m := range c.Missed {
			lines = append(lines, "missed: "+Escape(m)+"; expected: suspicious or above")
		}
		for _, m := range c.FalseAlarms {
			lines = append(lines, "false alarm: "+Escape(m)+"; expected: below suspicious")
		}
		switch {
		case c.Status == StatusMissing:
			t.Skipped = &junitSkip{"the capture is not there"}
			s.Skipped++
		case c.Status == StatusWrongSHA256:
			t.Error = &junitText{"the capture is not the one labelled", Escape(strings.Join(c.Notes, "; "))}
			s.Errors++
		case len(lines) > 0:
			t.Failure = &junitText{fmt.Sprintf("%d missed, %s", len(c.Missed), plural(len(c.FalseAlarms), "false alarm")), strings.Join(lines, "\n")}
			s.Failures++
		case c.Status == StatusNotCounted:
			t.Skipped = &junitSkip{"nothing is expected of it"}
			s.Skipped++
		}
		var out []string
		for _, n := range c.Notes {
			out = append(out, Escape(n))
		}
		for _, n := range c.Alarms {
			out = append(out, "alarm, not counted: "+Escape(n))
		}
		if len(out) > 0 {
			t.Output = &junitPlain{strings.Join(out, "\n")}
		}
		s.Cases = append(s.Cases, t)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(junit{Suites: []junitSuite{s}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
