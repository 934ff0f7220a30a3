package exposure

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/stat"
)

func judge(t *testing.T, table string) *Result {
	t.Helper()
	r, err := Test("t.csv", strings.NewReader(table))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// rows writes n connections from second on, the first exposed of them exposed, with the
// given columns behind.
func rows(second float64, n, exposed int, more string) string {
	var b strings.Builder
	for i := range n {
		message := ""
		if i < exposed {
			message = "Attach Reject"
		}
		fmt.Fprintf(&b, "%.3f,%s%s\n", second+float64(i)*50/float64(n), message, more)
	}
	return b.String()
}

const head = "second_of_day,exposing_message\n"

func TestJudge(t *testing.T) {
	tests := []struct {
		name, table string
		want        Result
	}{
		{"empty", head, Result{Verdict: Insufficient, Reason: "no connections", Alarms: []Window{}}},
		{"one", head + "10,\n", Result{Connections: 1, Minutes: 1, Verdict: Insufficient,
			Reason: "0 of 1 connections exposed: an alarm needs more than 10 connections", Alarms: []Window{}}},
		{"ten of ten", head + rows(60, 10, 10, ""), Result{Connections: 10, Exposed: 10, Minutes: 1, Verdict: Insufficient,
			Reason: "10 of 10 connections exposed: an alarm needs more than 10 connections", Alarms: []Window{}}},
		{"too few to be clear", head + rows(60, 100, 1, ""), Result{Connections: 100, Exposed: 1, Minutes: 1, Verdict: Insufficient,
			Reason: "1 of 100 connections exposed gave no alarm, which means little below 150 connections", Alarms: []Window{}}},
		{"clear", head + rows(60, 100, 2, "") + rows(600, 100, 4, ""), Result{Connections: 200, Exposed: 6, Minutes: 2, Verdict: Clear, Alarms: []Window{}}},
		{"alarm over two minutes", head + rows(0, 60, 1, "") + rows(600, 8, 6, "") + rows(720, 10, 5, ""), Result{
			Connections: 78, Exposed: 12, Minutes: 3, Verdict: Alarm,
			// log10 of the Bayes factor of 11 in 18: SciPy 1.17.1 as in package stat.
			Alarms: []Window{{At: 765, WindowS: 180, Connections: 18, Exposed: 11, Log10: 8.26}},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.want.Path = "t.csv"
			if got := judge(t, tt.table); !reflect.DeepEqual(*got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", *got, tt.want)
			}
		})
	}
}

// TestJSON: the names and forms that scripts read.
func TestJSON(t *testing.T) {
	b, err := json.Marshal(judge(t, head+rows(600, 20, 20, "")))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"path":"t.csv","connections":20,"exposed":20,"minutes":1,"verdict":"alarm","alarms":[{"at":647.5,"window_s":60,"connections":20,"exposed":20,"log10_bayes_factor":20.87}]}`
	if string(b) != want {
		t.Errorf("got  %s\nwant %s", b, want)
	}
	if b, err = json.Marshal(judge(t, head)); err != nil || !strings.Contains(string(b), `"alarms":[]`) {
		t.Errorf("no alarms: %s, %v", b, err)
	}
}

// TestCells: cells are told apart, and a network's other cells say what is usual.
func TestCells(t *testing.T) {
	const head = "second_of_day,exposing_message,plmn,cell\n"
	r := judge(t, head+rows(0, 400, 0, ",001-01,a")+rows(0, 30, 15, ",001-01,b")+rows(0, 30, 0, ",999-99,a"))
	if r.Verdict != Alarm || len(r.Alarms) != 1 || r.Alarms[0].Cell != "b" || r.Alarms[0].PLMN != "001-01" {
		t.Errorf("alarms: %+v", r)
	}
	if r.Minutes != 1 || r.Connections != 460 {
		t.Errorf("%d minutes, %d connections", r.Minutes, r.Connections)
	}
	if r.Reason != "1 of 3 cells have fewer than 150 connections, too few to judge" {
		t.Errorf("reason %q", r.Reason)
	}
	want := []Cell{
		{PLMN: "001-01", Cell: "a", Connections: 400, Minutes: 1, Usual: 0.06, Verdict: Clear},
		{PLMN: "001-01", Cell: "b", Connections: 30, Exposed: 15, Minutes: 1, Usual: 0.014, Verdict: Alarm, Alarms: 1},
		{PLMN: "999-99", Cell: "a", Connections: 30, Minutes: 1, Usual: 0.0297, Verdict: Insufficient,
			Reason: "0 of 30 connections exposed gave no alarm, which means little below 150 connections"},
	}
	// The other cell of the network exposes half: no network is granted that.
	if !reflect.DeepEqual(r.Cells, want) {
		t.Errorf("got  %+v\nwant %+v", r.Cells, want)
	}
	few := judge(t, head+rows(0, 20, 0, ",001-01,a")+rows(0, 20, 0, ",001-01,b"))
	if few.Verdict != Insufficient || few.Reason != "none of 2 cells has 150 connections" {
		t.Errorf("%+v", few)
	}
}

// TestMidnight: the minutes before and after midnight are neighbours, and times stay those
// of the day.
func TestMidnight(t *testing.T) {
	r := judge(t, head+rows(86340, 12, 0, "")+"86399.5,Attach Reject\n"+rows(0, 9, 9, "")+"86399.9,\n"+rows(60, 8, 8, ""))
	if r.Minutes != 3 || len(r.Alarms) != 1 {
		t.Fatalf("%+v", r)
	}
	if a := r.Alarms[0]; a.Day != 1 || a.At != 103.75 || a.WindowS != 120 || a.Connections != 17 {
		t.Errorf("%+v", a)
	}
	three := judge(t, head+strings.Repeat("1000,\n80000,\n", 3))
	if three.Minutes != 6 {
		t.Errorf("three days of two minutes are %d minutes", three.Minutes)
	}
	end := judge(t, head+"86400,\n0,\n")
	if end.Minutes != 1 {
		t.Errorf("86400 and 0 are %d minutes", end.Minutes)
	}
}

// TestOrder: rows in any order give the same alarms; in disorder all are of one day.
func TestOrder(t *testing.T) {
	all := ""
	for m := range 1440 {
		exposed := 0
		if m == 700 || m == 702 {
			exposed = 6
		}
		all += rows(float64(60*m), 9, exposed, "")
	}
	list := strings.SplitAfter(all, "\n")
	table := func() string { return head + strings.Join(list, "") }
	want := judge(t, table())
	if len(want.Alarms) != 1 {
		t.Fatalf("%+v", want)
	}
	rng := rand.New(rand.NewPCG(7, 7))
	rng.Shuffle(len(list), func(a, b int) { list[a], list[b] = list[b], list[a] })
	if got := judge(t, table()); !reflect.DeepEqual(got, want) {
		t.Errorf("shuffled: got  %+v\nwant %+v", got, want)
	}
}

func TestTime(t *testing.T) {
	const head = "cell,Time, exposing_message\n"
	r := judge(t, "\ufeff"+head+strings.Repeat("x,2026-01-02T23:59:30.25Z,Identity Request\n", 6)+strings.Repeat("x,1767398401.5,Identity Request\r\n", 6))
	if len(r.Alarms) != 1 || r.Minutes != 2 {
		t.Fatalf("%+v", r)
	}
	if a := r.Alarms[0]; a.At != 1767398401.5 || a.WindowS != 120 || a.Day != 0 || a.Connections != 12 {
		t.Errorf("%+v", a)
	}
	// The date counts where both columns are there.
	if r := judge(t, "second_of_day,time,exposing_message\n5,2026-01-02T00:00:00+01:00,\n5,2026-01-03T00:00:00+01:00,\n"); r.Minutes != 2 {
		t.Errorf("two days are %d minutes", r.Minutes)
	}
}

// endless is a row without end.
type endless struct{ given int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	e.given += len(p)
	return len(p), nil
}

func TestReadErrors(t *testing.T) {
	tests := []struct {
		name, table string
		line        int
		is          error
	}{
		{"nothing", "", 1, ErrHead},
		{"no head", "10,\n", 1, ErrHead},
		{"no message column", "second_of_day\n10\n", 1, ErrHead},
		{"no time column", "exposing_message\n\n", 1, ErrHead},
		{"column twice", "time,TIME,exposing_message\n", 1, ErrHead},
		{"a capture", "\xd4\xc3\xb2\xa1\x02\x00\x04\x00\n", 1, ErrHead},
		{"fields", head + "10,\n11\n", 3, csv.ErrFieldCount},
		{"quote", head + "10,\"a\n", 2, csv.ErrQuote},
		{"bare quote", head + "10,a\"b\n", 2, csv.ErrBareQuote},
		{"no number", head + "10,\n\n=1+1,\n", 4, ErrValue},
		{"no value", head + ",\n", 2, ErrValue},
		{"NaN", head + "NaN,\n", 2, ErrValue},
		{"infinite", head + "+Inf,\n", 2, ErrValue},
		{"negative", head + "-1,\n", 2, ErrValue},
		{"beyond the day", head + "86401,\n", 2, ErrValue},
		{"too large a number", head + "1e999,\n", 2, ErrValue},
		{"year 10000", "time,exposing_message\n253402300800,\n", 2, ErrValue},
		{"before 1970", "time,exposing_message\n1969-12-31T23:59:59Z,\n", 2, ErrValue},
		{"no date", "time,exposing_message\n2026-02-30T00:00:00Z,\n", 2, ErrValue},
		{"NUL in a number", head + "1\x000,\n", 2, ErrValue},
		{"NUL in a message", head + "10,a\x00b\n", 2, ErrValue},
		{"no UTF-8", head + "10,\xff\n", 2, ErrValue},
		{"escape sequence", "second_of_day,exposing_message,cell\n10,,\x1b[2J\n", 2, ErrValue},
		{"line break", "second_of_day,exposing_message,cell\n10,,\"a\nb\"\n", 2, ErrValue},
		{"long name", "second_of_day,exposing_message,plmn\n10,," + strings.Repeat("a", 65) + "\n", 2, ErrLimit},
		{"long row", head + "10,\n10," + strings.Repeat("a", maxRecord) + "\n", 3, ErrLimit},
		{"long quoted row", head + "10,\n10,\"" + strings.Repeat("a\n", 1<<20) + "\"\n", 3, ErrLimit},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(tt.table))
			row, ok := errors.AsType[*RowError](err)
			if !ok || row.Line != tt.line || !errors.Is(err, tt.is) {
				t.Errorf("error %v, want line %d: %v", err, tt.line, tt.is)
			}
		})
	}
	e := &endless{}
	if _, err := Read(io.MultiReader(strings.NewReader(head+"10,"), e)); !errors.Is(err, ErrLimit) || e.given > 1<<20 {
		t.Errorf("endless row: %v after %d octets", err, e.given)
	}
	e = &endless{}
	if _, err := Read(e); !errors.Is(err, ErrLimit) || e.given > 1<<20 {
		t.Errorf("endless head: %v after %d octets", err, e.given)
	}
	broken := errors.New("broken")
	if _, err := Read(io.MultiReader(strings.NewReader(head+"10,\n"), failing{broken})); !errors.Is(err, broken) {
		t.Errorf("broken input: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestBounds: floods of cells and of minutes end in an error.
func TestBounds(t *testing.T) {
	var cells, minutes strings.Builder
	cells.WriteString("time,exposing_message,cell\n")
	for i := range maxGroups + 1 {
		fmt.Fprintf(&cells, "0,,%d\n", i)
	}
	minutes.WriteString("time,exposing_message\n")
	for i := range maxBins + 1 {
		fmt.Fprintf(&minutes, "%d,\n", 60*i)
	}
	for name, table := range map[string]string{"cells": cells.String(), "minutes": minutes.String()} {
		if _, err := Read(strings.NewReader(table)); !errors.Is(err, ErrLimit) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFormula: cells named like formulas are names.
func TestFormula(t *testing.T) {
	r := judge(t, "second_of_day,exposing_message,cell\n10,,=HYPERLINK(1)\n")
	if len(r.Cells) != 1 || r.Cells[0].Cell != "=HYPERLINK(1)" {
		t.Errorf("%+v", r)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(head + rows(60, 12, 12, "")))
	f.Add([]byte("time,exposing_message,cell,plmn\n2026-01-02T23:59:30Z,Identity Request,1,001-01\n"))
	f.Add([]byte(head + "86399,\n1,x\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := Read(strings.NewReader(string(b)))
		if err != nil {
			if _, ok := errors.AsType[*RowError](err); !ok {
				t.Fatalf("no line in %v", err)
			}
			return
		}
		r := table.Judge(stat.CommercialExposure)
		if r.Exposed > r.Connections || r.Minutes > r.Connections || (r.Verdict == Alarm) != (len(r.Alarms) > 0) ||
			r.Verdict == Insufficient && r.Reason == "" {
			t.Fatalf("%+v", r)
		}
		for _, a := range r.Alarms {
			if a.Connections <= stat.ExposureFew || a.Exposed > a.Connections || a.WindowS < 60 || a.Log10 < stat.ExposureAlarm {
				t.Fatalf("%+v", a)
			}
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
	})
}
