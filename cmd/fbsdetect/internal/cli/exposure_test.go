package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/exposure"
)

// writeTable writes a table of connections, one a second from 19:00, of which the given
// numbers are exposed.
func writeTable(t *testing.T, name, more string, connections int, exposed func(i int) bool) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("second_of_day,exposing_message" + more + "\n")
	for i := range connections {
		b.WriteString(strconv.Itoa(68400+i) + ",")
		if exposed(i) {
			b.WriteString("Attach Reject")
		}
		b.WriteString(strings.Repeat(`,"=x, y"`, strings.Count(more, ",")) + "\n")
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func runExposure(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Run(t.Context(), append([]string{"exposure"}, args...), strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

func TestExposure(t *testing.T) {
	quiet := writeTable(t, "quiet.csv", "", 300, func(i int) bool { return i%50 == 0 })
	attack := writeTable(t, "attack.csv", ",cell", 120, func(i int) bool { return i >= 60 && i%2 == 0 })
	few := writeTable(t, "few.csv", "", 2, func(int) bool { return true })

	code, out, errs := runExposure(t, "", "-f", "json", quiet, attack, few)
	if code != exitFindings || errs != "" {
		t.Fatalf("exit %d, %s", code, errs)
	}
	var got []exposure.Result
	for line := range strings.Lines(out) {
		var r exposure.Result
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		got = append(got, r)
	}
	if len(got) != 3 || got[0].Path != quiet || got[0].Verdict != exposure.Clear || got[1].Verdict != exposure.Alarm || got[2].Verdict != exposure.Insufficient || got[2].Reason == "" {
		t.Fatalf("%+v", got)
	}
	if a := got[1].Alarms; len(a) != 1 || a[0].At != 68519 || a[0].WindowS != 60 || a[0].Exposed != 30 || a[0].Cell != "=x, y" {
		t.Errorf("%+v", a)
	}
	if _, again, _ := runExposure(t, "", "-f", "json", quiet, attack, few); again != out {
		t.Error("two runs differ")
	}

	code, out, _ = runExposure(t, "", attack, few)
	want := attack + `: alarm
  120 connections in 2 minutes, 30 with an exposing message
  AT        CELL   WINDOW  EXPOSED  OF  LOG10 BAYES FACTOR
  19:01:59  =x, y  60 s    30       60  13.72

` + few + `: insufficient
  2 connections in 1 minutes, 2 with an exposing message
  2 of 2 connections exposed: an alarm needs more than 10 connections
`
	if code != exitFindings || out != want {
		t.Errorf("exit %d\ngot:\n%s\nwant:\n%s", code, out, want)
	}

	if code, _, errs := runExposure(t, "", quiet); code != exitClean || errs != "" {
		t.Errorf("quiet: exit %d, %s", code, errs)
	}
	if code, out, _ := runExposure(t, "time,exposing_message\n0,\n", "-f", "json", "-"); code != exitClean || !strings.Contains(out, `"path":"-"`) {
		t.Errorf("standard input: exit %d, %s", code, out)
	}
}

// TestExposureErrors: errors name file and line; what could be read is printed.
func TestExposureErrors(t *testing.T) {
	quiet := writeTable(t, "quiet.csv", "", 300, func(int) bool { return false })
	bad := filepath.Join(t.TempDir(), "bad.csv")
	if err := os.WriteFile(bad, []byte("second_of_day,exposing_message\n10,\n\x1b[31m,\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	code, out, errs := runExposure(t, "", "-f", "json", bad, quiet, filepath.Join(t.TempDir(), "none.csv"))
	if code != exitInput || !strings.Contains(out, `"verdict":"clear"`) || !strings.Contains(errs, "bad.csv: line 3: ") || !strings.Contains(errs, "none.csv") || strings.Contains(errs, "\x1b") {
		t.Errorf("exit %d\n%s\n%s", code, out, errs)
	}
	if code, _, errs := runExposure(t, "", "-o", quiet, quiet); code != exitUsage || !strings.Contains(errs, "--output") {
		t.Errorf("output over a table: exit %d, %s", code, errs)
	}
	if b, err := os.ReadFile(quiet); err != nil || len(b) == 0 {
		t.Errorf("the table was overwritten: %v", err)
	}
	for _, args := range [][]string{{}, {"-f", "html", quiet}} {
		if code, _, _ := runExposure(t, "", args...); code != exitUsage {
			t.Errorf("%v: exit %d, want %d", args, code, exitUsage)
		}
	}
}

// TestExposureExample: testdata/exposure.csv is made by this program: two hours of an
// ordinary LTE cell, three in a hundred of its connections exposed, and a cell that is
// there for six minutes and exposes most of them.
func TestExposureExample(t *testing.T) {
	r := rand.New(rand.NewPCG(2026, 11))
	var b strings.Builder
	b.WriteString("time,plmn,cell,exposing_message\n")
	begin := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	row := func(second float64, cell string, share float64) {
		message := ""
		if r.Float64() < share {
			message = [...]string{"Identity Request (IMSI)", "Attach Reject"}[r.IntN(2)]
		}
		at := begin.Add(time.Duration(second*1000) * time.Millisecond)
		fmt.Fprintf(&b, "%s,001-01,%s,%s\n", at.Format("2006-01-02T15:04:05.000Z"), cell, message)
	}
	for second := 0.0; second < 7200; second += r.ExpFloat64() * 12 {
		row(second, "1001/70001", 0.03)
		if second > 4800 && second < 5160 {
			for range 2 {
				row(second, "1002/99", 0.6)
			}
		}
	}
	path := filepath.Join("..", "..", "..", "..", "testdata", "exposure.csv")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Errorf("%s is not what this test makes", path)
	}
	code, stdout, stderr := run(t, "exposure", path)
	if code != exitFindings || stderr != "" || !strings.Contains(stdout, "001-01 1002/99") || strings.Contains(stdout, "001-01 1001/70001") {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
}
