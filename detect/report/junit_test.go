package report

import (
	"bytes"
	"encoding/xml"
	"os/exec"
	"strings"
	"testing"
)

// validJUnit holds a report against the XML Schema, where xmllint is.
func validJUnit(t *testing.T, b []byte) error {
	t.Helper()
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("no xmllint to validate with")
	}
	c := exec.Command(xmllint, "--noout", "--nonet", "--schema", vendored("junit/junit-10.xsd"), "-")
	c.Stdin = bytes.NewReader(b)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Logf("%s", out)
	}
	return err
}

func TestJUnit(t *testing.T) {
	l := newJUnit("name")
	s := l.suite(Escape(hostile))
	s.add(junitCase{Class: "a.b", Name: Escape(hostile)})
	s.add(junitCase{Class: "a.b", Name: "failed", Failure: &junitText{"kind", Escape(hostile), Escape(hostile) + "\nline"}, Output: Escape(hostile)})
	s.add(junitCase{Class: "a.b", Name: "error", Error: &junitText{"", "m", "t"}})
	s.add(junitCase{Class: "a.b", Name: "skipped", Skipped: &junitText{Message: "m"}})
	l.suite("empty")
	var b bytes.Buffer
	if err := l.write(&b); err != nil {
		t.Fatal(err)
	}
	harmless(t, b.Bytes())
	golden(t, "junit.xml", b.Bytes())
	var back junitLog
	if err := xml.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back.Tests != 4 || back.Failures != 1 || back.Errors != 1 || back.Suites[0].Skipped != 1 || back.Suites[0].Cases[0].Name != Escape(hostile) {
		t.Errorf("%+v", back)
	}
	if err := validJUnit(t, b.Bytes()); err != nil {
		t.Error(err)
	}
	if err := validJUnit(t, []byte(strings.Replace(b.String(), ` name="failed"`, "", 1))); err == nil {
		t.Error("a case without a name passes the schema")
	}
}
