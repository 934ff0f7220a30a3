package report

import (
	"encoding/xml"
	"io"
)

// junitLog is a test report in the form of JUnit that continuous integration reads
// (Jenkins's junit-10.xsd). Its texts must have gone through Escape: XML has no way to
// write most control characters.
type junitLog struct {
	XMLName  xml.Name      `xml:"testsuites"`
	Name     string        `xml:"name,attr"`
	Tests    int           `xml:"tests,attr"`
	Failures int           `xml:"failures,attr"`
	Errors   int           `xml:"errors,attr"`
	Suites   []*junitSuite `xml:"testsuite"`
}

// junitSuite is a group of test cases; add counts them.
type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

// junitCase is a test case. It passed unless one of Failure, Error and Skipped is set.
type junitCase struct {
	// Class groups cases in what displays them, by dots.
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	Failure *junitText `xml:"failure"`
	Error   *junitText `xml:"error"`
	Skipped *junitText `xml:"skipped"`
	Output  string     `xml:"system-out,omitempty"`
}

// junitText says how a case came out: a line, and all of it.
type junitText struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// newJUnit returns a report without suites.
func newJUnit(name string) *junitLog { return &junitLog{Name: name} }

// suite appends an empty suite, to which add appends.
func (l *junitLog) suite(name string) *junitSuite {
	s := &junitSuite{Name: name}
	l.Suites = append(l.Suites, s)
	return s
}

// add appends a case and counts it by how it came out.
func (s *junitSuite) add(c junitCase) {
	s.Tests++
	switch {
	case c.Error != nil:
		s.Errors++
	case c.Failure != nil:
		s.Failures++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

// write sums up the suites and writes the report.
func (l *junitLog) write(w io.Writer) error {
	l.Tests, l.Failures, l.Errors = 0, 0, 0
	for _, s := range l.Suites {
		l.Tests += s.Tests
		l.Failures += s.Failures
		l.Errors += s.Errors
	}
	return writeXML(w, l)
}
