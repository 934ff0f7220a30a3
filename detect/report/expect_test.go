package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

// testRules are the rules that the tests of expectations know.
func testRules(id string) bool { return strings.HasPrefix(id, "t-") }

func TestReadExpectations(t *testing.T) {
	const head = "{\"schema\":\"fbsdetect.expectations/1\",\n\"captures\":[\n"
	sum := strings.Repeat("0f", 32)
	for _, tt := range []struct {
		name, in string
		path     string // of the error, "" for none
		line     int
		text     string
		is       error
	}{
		{"all fields", `{"schema":"fbsdetect.expectations/1","notes":"n","root":"r","captures":[{"path":"a","sha256":"` + sum + `","notes":"n","optional":true,"others":"unusual",
			"cells":[{"rat":"gsm","plmn":"001-01","area":1,"cell":2,"arfcn":3,"bsic":4,"pci":5,"psc":6,"notes":"n","verdict":"ordinary","fired":[{"rule":"t-a","frames":[1,2],"notes":"n"}],"silent":["t-b","*"]},
			{"rat":"lte","plmn":null,"area":null,"cell":null}]}]}`, "", 0, "", nil},
		{"empty", ``, "$", 1, "EOF", nil},
		{"list", `[]`, "$", 1, "list does not belong here", ErrExpectation},
		{"schema of another form", `{"schema":"fbsdetect.report/1"}`, "$.schema", 1, "want", ErrExpectation},
		{"cut", head + `{"path":"a"`, "$.captures[0]", 3, "EOF", nil},
		{"more follows", head + `{"path":"a"}]} {}`, "$", 3, "after", nil},
		{"unknown field", head + `{"path":"a",` + "\n" + `"cell":[]}]}`, "$.captures[0].cell", 4, "unknown field", ErrUnknownField},
		{"unknown field in a rule", head + `{"path":"a","cells":[{"rat":"gsm","fired":[{"rule":"t-a"},` + "\n" + `{"rule":"t-b","frame":[1]}]}]}]}`, "$.captures[0].cells[0].fired[1].frame", 4, "unknown field", ErrUnknownField},
		{"field of another case", head + `{"Path":"a"}]}`, "$.captures[0].Path", 3, "unknown field", ErrUnknownField},
		{"field twice", head + `{"path":"a","path":"b"}]}`, "$.captures[0].path", 3, "duplicate", nil},
		{"text for a number", head + `{"path":"a","cells":[{"rat":"gsm","plmn":"001-01","area":"1","cell":1}]}]}`, "$.captures[0].cells[0].area", 3, "text does not belong here", ErrExpectation},
		{"negative", head + `{"path":"a","cells":[{"rat":"gsm","plmn":"001-01","area":-1,"cell":1}]}]}`, "$.captures[0].cells[0].area", 3, "no number that fits", ErrExpectation},
		{"no UTF-8", head + `{"path":"` + "\xff" + `"}]}`, "$.captures[0].path", 3, "UTF-8", nil},
		{"no path", head + `{}]}`, "$.captures[0].path", 3, "leads out", ErrExpectation},
		{"path leads out", head + `{"path":"../a"}]}`, "$.captures[0].path", 3, "leads out", ErrExpectation},
		{"root leads out", `{"schema":"fbsdetect.expectations/1","root":"/etc","captures":[]}`, "$.root", 1, "leads out", ErrExpectation},
		{"path twice", head + `{"path":"a"},` + "\n" + `{"path":"a"}]}`, "$.captures[1].path", 4, "twice", ErrExpectation},
		{"bad sha256", head + `{"path":"a","sha256":"00"}]}`, "$.captures[0].sha256", 3, "SHA-256", ErrExpectation},
		{"bad others", head + `{"path":"a","others":"all"}]}`, "$.captures[0].others", 3, "neither", ErrExpectation},
		{"bad RAT", head + `{"path":"a","cells":[` + "\n" + `{"rat":"3g"}]}]}`, "$.captures[0].cells[0].rat", 4, "no RAT", ErrExpectation},
		{"half an identity", head + `{"path":"a","cells":[{"rat":"gsm","plmn":"001-01"}]}]}`, "$.captures[0].cells[0]", 3, "belong together", ErrExpectation},
		{"bad verdict", head + `{"path":"a","cells":[{"rat":"gsm","verdict":"guilty"}]}]}`, "$.captures[0].cells[0].verdict", 3, "no verdict", ErrExpectation},
		{"cell twice", head + `{"path":"a","cells":[{"rat":"gsm"},` + "\n" + `{"rat":"gsm"}]}]}`, "$.captures[0].cells[1]", 4, "same cell", ErrExpectation},
		{"no such rule to fire", head + `{"path":"a","cells":[{"rat":"gsm","fired":[{"rule":"x"}]}]}]}`, "$.captures[0].cells[0].fired[0].rule", 3, "no rule", ErrExpectation},
		{"no such rule to be silent", head + `{"path":"a","cells":[{"rat":"gsm","silent":["t-a","x"]}]}]}`, "$.captures[0].cells[0].silent[1]", 3, "no rule", ErrExpectation},
		{"rule twice", head + `{"path":"a","cells":[{"rat":"gsm","fired":[{"rule":"t-a"},{"rule":"t-a"}]}]}]}`, "$.captures[0].cells[0].fired[1].rule", 3, "twice", ErrExpectation},
		{"rule to fire and not", head + `{"path":"a","cells":[{"rat":"gsm","fired":[{"rule":"t-a"}],"silent":["t-a"]}]}]}`, "$.captures[0].cells[0].fired[0].rule", 3, "stay silent", ErrExpectation},
		{"frame 0", head + `{"path":"a","cells":[{"rat":"gsm","fired":[{"rule":"t-a","frames":[0,1]}]}]}]}`, "$.captures[0].cells[0].fired[0].frames", 3, "from 1", ErrExpectation},
		{"frames fall", head + `{"path":"a","cells":[{"rat":"gsm","fired":[{"rule":"t-a","frames":[2,1]}]}]}]}`, "$.captures[0].cells[0].fired[0].frames", 3, "rise", ErrExpectation},
		{"frame twice", head + `{"path":"a","cells":[{"rat":"gsm","fired":[{"rule":"t-a","frames":[2,2]}]}]}]}`, "$.captures[0].cells[0].fired[0].frames", 3, "rise", ErrExpectation},
		{"no frames", head + `{"path":"a","cells":[{"rat":"gsm","fired":[{"rule":"t-a","frames":[]}]}]}]}`, "$.captures[0].cells[0].fired[0].frames", 3, "empty", ErrExpectation},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, err := ReadExpectations([]byte(tt.in), testRules)
			if tt.path == "" {
				if err != nil || len(e.Captures[0].Cells) != 2 || e.Captures[0].Cells[1].line != 3 {
					t.Fatalf("%+v, %v", e, err)
				}
				return
			}
			var where *ExpectationsError
			if !errors.As(err, &where) {
				t.Fatalf("error %v", err)
			}
			if where.Path != tt.path || where.Line != tt.line || !strings.Contains(err.Error(), tt.text) || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("path %s, line %d: %v", where.Path, where.Line, err)
			}
			if got := 1 + strings.Count(tt.in[:where.Offset], "\n"); got != tt.line {
				t.Errorf("octet %d is in line %d, want %d", where.Offset, got, tt.line)
			}
		})
	}
}

func TestIsExpectations(t *testing.T) {
	for in, want := range map[string]bool{
		`{"schema":"x"}`: true, `{"a":[{"schema":1}],"schema":`: true, `{"version":1,"captures":[]}`: false,
		`{"captures":[{"schema":1}]}`: false, `[]`: false, ``: false, `{"schema`: false, "no capture\n": false,
	} {
		if got := IsExpectations([]byte(in)); got != want {
			t.Errorf("%s: %v", in, got)
		}
	}
}

// found is a cell with the given rules fired, on the frames after each.
func found(c Cell, fired map[string][]int, clear ...string) Cell {
	c.Outcomes = Outcomes{Clear: clear}
	for id, frames := range fired {
		c.Outcomes.Fired = append(c.Outcomes.Fired, id)
		ev := Evidence{Rule: id}
		for _, f := range frames {
			ev.Frames = append(ev.Frames, event.Ref{Frame: f})
		}
		c.Evidence = append(c.Evidence, ev)
	}
	return c
}

func onARFCN(c Cell, arfcn int) Cell {
	c.ARFCN = &arfcn
	return c
}

// expectCapture reads what is expected of capture a.pcap.
func expectCapture(t *testing.T, fields string) *ExpectedCapture {
	t.Helper()
	e, err := ReadExpectations([]byte(`{"schema":"fbsdetect.expectations/1","captures":[{"path":"a.pcap"`+fields+`}]}`), testRules)
	if err != nil {
		t.Fatal(err)
	}
	return &e.Captures[0]
}

// expectTests are expectations with what comes of a document, and what updating makes
// of them.
func expectTests() []struct {
	name, fields string
	doc          *Document
	rat          string
	want         []string // kinds of mismatches
	updated      string
} {
	const one = `{"rat":"gsm","plmn":"001-01","area":1,"cell":1`
	cells := func(s string) string { return `,"cells":[` + s + `]` }
	quiet := found(namedCell(1, 1, 5, score.Ordinary), nil, "t-a", "t-b")
	loud := found(namedCell(1, 1, 60, score.Suspicious), map[string][]int{"t-a": {3, 1, 3}, "t-b": {7}}, "t-c")
	return []struct {
		name, fields string
		doc          *Document
		rat          string
		want         []string
		updated      string
	}{
		{"all met", cells(one + `,"verdict":"suspicious","fired":[{"rule":"t-a","frames":[1,3]},{"rule":"t-b"}],"silent":["t-c","*"]}`), judged([]Cell{loud}), "", nil, "="},
		{"nothing stated of the cell", cells(one + `}`), judged([]Cell{loud}), "", nil, "="},
		{"verdict", cells(one + `,"notes":"keep","verdict":"ordinary"}`), judged([]Cell{loud}), "", []string{MismatchVerdict},
			cells(one + `,"notes":"keep","verdict":"suspicious"}`)},
		{"rule silent", cells(one + `,"fired":[{"rule":"t-a"},{"rule":"t-b","notes":"keep"}]}`), judged([]Cell{found(namedCell(1, 1, 5, score.Ordinary), map[string][]int{"t-b": {1}}, "t-a")}), "", []string{MismatchRuleSilent},
			cells(one + `,"fired":[{"rule":"t-b","notes":"keep"}]}`)},
		{"rule fired", cells(one + `,"fired":[{"rule":"t-b"}],"silent":["t-a","t-c"]}`), judged([]Cell{loud}), "", []string{MismatchRuleFired},
			cells(one + `,"fired":[{"rule":"t-a","frames":[1,3]},{"rule":"t-b"}],"silent":["t-c"]}`)},
		{"any other rule fired", cells(one + `,"fired":[{"rule":"t-a"}],"silent":["*"]}`), judged([]Cell{loud}), "", []string{MismatchRuleFired},
			cells(one + `,"fired":[{"rule":"t-a"},{"rule":"t-b","frames":[7]}],"silent":["*"]}`)},
		{"other frames", cells(one + `,"fired":[{"rule":"t-a","frames":[1,4],"notes":"keep"}]}`), judged([]Cell{loud}), "", []string{MismatchFrames},
			cells(one + `,"fired":[{"rule":"t-a","frames":[1,3],"notes":"keep"}]}`)},
		{"cell not heard", cells(one + `},{"rat":"gsm","plmn":"001-01","area":1,"cell":2}`), judged([]Cell{loud}), "", []string{MismatchCellMissing}, cells(one + `}`)},
		{"cell of another RAT is not the cell", cells(`{"rat":"lte","plmn":"001-01","area":1,"cell":1}`), judged(nil), "", []string{MismatchCellMissing}, ``},
		{"another number of digits of the MNC", cells(`{"rat":"gsm","plmn":"001-001","area":1,"cell":1}`), judged([]Cell{quiet}), "", []string{MismatchCellUnexpected, MismatchCellMissing},
			cells(one + `,"verdict":"ordinary","silent":["*"]}`)},
		{"cell not listed", ``, judged([]Cell{found(namedCell(2, 1, 5, score.Ordinary), nil), quiet}), "", []string{MismatchCellUnexpected, MismatchCellUnexpected},
			cells(one + `,"verdict":"ordinary","silent":["*"]},{"rat":"gsm","plmn":"001-01","area":2,"cell":1,"verdict":"ordinary","silent":["*"]}`)},
		{"others tolerated", `,"others":"any"`, judged([]Cell{loud}), "", nil, "="},
		{"others tolerated as high", `,"others":"suspicious"`, judged([]Cell{loud}), "", nil, "="},
		{"others too high", `,"others":"unusual"`, judged([]Cell{loud, found(namedCell(1, 2, 1, score.Ordinary), nil)}), "", []string{MismatchCellUnexpected},
			`,"others":"unusual"` + cells(one+`,"verdict":"suspicious","fired":[{"rule":"t-a","frames":[1,3]},{"rule":"t-b","frames":[7]}],"silent":["*"]}`)},
		{"one identity on two radios, not told apart", cells(one + `,"verdict":"suspicious","fired":[{"rule":"t-a"}]}`), judged([]Cell{quiet, onARFCN(loud, 30)}), "", nil, "="},
		{"one identity on two radios, told apart", cells(one + `,"arfcn":20,"verdict":"ordinary"},` + one + `,"arfcn":30,"verdict":"ordinary"}`), judged([]Cell{quiet, onARFCN(loud, 30)}), "", []string{MismatchVerdict},
			cells(one + `,"arfcn":20,"verdict":"ordinary"},` + one + `,"arfcn":30,"verdict":"suspicious"}`)},
		{"one identity on two radios, new", ``, judged([]Cell{onARFCN(quiet, 30), quiet}), "", []string{MismatchCellUnexpected, MismatchCellUnexpected},
			cells(one + `,"arfcn":20,"verdict":"ordinary","silent":["*"]},` + one + `,"arfcn":30,"verdict":"ordinary","silent":["*"]}`)},
		{"signalling without a cell", cells(`{"rat":"gsm","verdict":"suspicious"}`), judged(nil, verdict(score.Suspicious)), "", nil, "="},
		{"signalling without a cell, new", ``, judged(nil, verdict(score.Ordinary)), "", []string{MismatchCellUnexpected}, cells(`{"rat":"gsm","verdict":"ordinary","silent":["*"]}`)},
		{"another file", `,"sha256":"` + strings.Repeat("bb", 32) + `"`, judged(nil), "", []string{MismatchWrongSHA256}, `,"sha256":"aa"`},
		{"another file with another verdict", `,"sha256":"` + strings.Repeat("bb", 32) + `"` + cells(one+`,"verdict":"ordinary"}`), judged([]Cell{loud}), "", []string{MismatchWrongSHA256, MismatchVerdict},
			`,"sha256":"aa"` + cells(one+`,"verdict":"suspicious"}`)},
		{"only LTE counts", cells(one + `,"verdict":"ordinary"},{"rat":"lte"}`), judged([]Cell{loud}), "lte", []string{MismatchCellMissing}, cells(one + `,"verdict":"ordinary"}`)},
	}
}

func TestCompareExpected(t *testing.T) {
	for _, tt := range expectTests() {
		t.Run(tt.name, func(t *testing.T) {
			c := CompareExpected(expectCapture(t, tt.fields), tt.doc, tt.rat)
			var got []string
			for i, m := range c.Mismatches {
				got = append(got, m.Kind)
				if m.Line != 1 || m.Expected == "" || m.Got == "" || m.Expected == m.Got || c.Checks[m.check].Met {
					t.Errorf("%+v", m)
				}
				if i > 0 && m.check < c.Mismatches[i-1].check {
					t.Error("not in the order of checks")
				}
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
			if v := NewVerification(Tool{}, []Comparison{c}); v.Passed != (len(tt.want) == 0) {
				t.Errorf("passed %v", v.Passed)
			}
		})
	}
	for _, tt := range []struct {
		fields string
		failed bool
	}{{``, true}, {`,"optional":true`, false}} {
		if c := CompareExpected(expectCapture(t, tt.fields), nil, ""); c.failed() != tt.failed || c.Status != StatusMissing {
			t.Errorf("%s: a missing capture: %+v", tt.fields, c)
		}
	}
	d := judged(nil)
	d.Captures[0].Error = ptr("input/output error")
	if c := CompareExpected(expectCapture(t, ``), d, ""); len(c.Mismatches) != 1 || c.Mismatches[0].Kind != MismatchCaptureUnreadable {
		t.Errorf("an unreadable capture: %+v", c.Mismatches)
	}
}

// TestUpdate: updating gives what came, after which nothing differs, and a second
// update changes nothing.
func TestUpdate(t *testing.T) {
	for _, tt := range expectTests() {
		t.Run(tt.name, func(t *testing.T) {
			e, want := expectCapture(t, tt.fields), tt.updated
			if want == "=" {
				want = tt.fields
			}
			for range 2 {
				e.Update(tt.doc, tt.rat)
				got := plainJSON(t, e)
				if wanted := `{"path":"a.pcap"` + want + `}`; got != wanted {
					t.Errorf("\n got %s\nwant %s", got, wanted)
				}
				if c := CompareExpected(e, tt.doc, tt.rat); c.failed() {
					t.Errorf("after the update: %+v", c.Mismatches)
				}
			}
		})
	}
}

func plainJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestUpdateKeepsOrder: cells stay where they are, new ones follow.
func TestUpdateKeepsOrder(t *testing.T) {
	e := expectCapture(t, `,"cells":[{"rat":"gsm","plmn":"001-01","area":9,"cell":9},{"rat":"gsm","plmn":"001-01","area":1,"cell":1}]`)
	e.Update(judged([]Cell{namedCell(5, 5, 1, score.Ordinary), namedCell(1, 1, 1, score.Ordinary), namedCell(9, 9, 1, score.Ordinary), namedCell(3, 3, 1, score.Ordinary)}), "")
	var got []uint32
	for i := range e.Cells {
		got = append(got, *e.Cells[i].Area)
	}
	if want := []uint32{9, 1, 3, 5}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestFiredText(t *testing.T) {
	long := make([]int, 100)
	for i := range long {
		long[i] = i + 1
	}
	for _, tt := range []struct {
		frames, others []int
		want           string
	}{
		{nil, nil, "fired"},
		{[]int{7}, nil, "fired in frame 7"},
		{[]int{7, 9}, []int{7}, "fired in frames 7, 9"},
		{long, long[:98], "fired in frames 99, 100 and 98 more"},
		{long, long, "fired in frames and 100 more"},
	} {
		if got := firedText(tt.frames, tt.others); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	if got := firedText(long, nil); len(got) >= maxText {
		t.Errorf("%d characters", len(got))
	}
}

// TestExpectationsSchema: the published schema takes the file in testdata and what this
// program writes, and refuses what it refuses.
func TestExpectationsSchema(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "expectations.json"))
	if err != nil {
		t.Fatal(err)
	}
	var s bytes.Buffer
	if err := WriteSchema(&s, "expectations"); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&s)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("s.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("s.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		from, to string
		ok       bool
	}{
		{"", "", true},
		{`"verdict": "ordinary"`, `"verdict": null`, false},
		{`"verdict": "ordinary"`, `"verdict": "guilty"`, false},
		{`"verdict"`, `"verdct"`, false},
		{`"path"`, `"file"`, false},
		{`"rat": "gsm"`, `"rat": "3g"`, false},
		{`"rule"`, `"id"`, false},
	} {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(bytes.Replace(b, []byte(tt.from), []byte(tt.to), 1)))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled.Validate(v); (err == nil) != tt.ok {
			t.Errorf("%s for %s: %v", tt.to, tt.from, err)
		}
	}
}

// hostileExpectations is a file with an attacker's text in every place.
func hostileExpectations(t *testing.T) *Expectations {
	t.Helper()
	text, err := json.Marshal(strings.ToValidUTF8(hostile, "?"))
	if err != nil {
		t.Fatal(err)
	}
	s := string(text)
	e, err := ReadExpectations([]byte(`{"schema":"fbsdetect.expectations/1","notes":`+s+`,"captures":[
		{"path":`+s+`,"notes":`+s+`,"cells":[{"rat":"gsm","plmn":`+s+`,"area":1,"cell":1,"verdict":"ordinary"},
			{"rat":"gsm","plmn":"001-01","area":1,"cell":1,"verdict":"ordinary","fired":[{"rule":"t-a","frames":[1,2],"notes":`+s+`}],"silent":["t-b"]}]},
		{"path":"gone.pcap"},
		{"path":"fine.pcap","others":"any"}]}`), testRules)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestWriteExpectations(t *testing.T) {
	e := hostileExpectations(t)
	var a, b bytes.Buffer
	if err := WriteExpectations(&a, e); err != nil {
		t.Fatal(err)
	}
	harmless(t, a.Bytes())
	golden(t, "expectations.json", a.Bytes())
	back, err := ReadExpectations(a.Bytes(), testRules)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteExpectations(&b, back); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) || back.Notes != e.Notes || back.Captures[0].Path != e.Captures[0].Path {
		t.Errorf("read back and written again it is\n%s", b.String())
	}
}

// TestExpectedOutput: what differs, in all forms, with an attacker's text everywhere.
func TestExpectedOutput(t *testing.T) {
	e := hostileExpectations(t)
	loud := found(namedCell(1, 1, 60, score.Suspicious), map[string][]int{"t-a": {2, 3}, "t-b": {7}})
	evil := namedCell(1, 1, 60, score.Consistent)
	evil.PLMN = ptr(hostile)
	bad := judged([]Cell{loud, evil})
	bad.Captures[0].Error = ptr(hostile)
	list := []Comparison{
		CompareExpected(&e.Captures[0], bad, ""),
		CompareExpected(&e.Captures[1], nil, ""),
		CompareExpected(&e.Captures[2], judged([]Cell{loud}), ""),
	}
	for i := range list {
		list[i].File, list[i].Source = "dir/"+hostile, "pcap/"+list[i].Path
	}
	v := NewVerification(Tool{Name: "fbsdetect", Version: "9.9.9"}, list)
	var b bytes.Buffer
	if err := VerificationTable(&b, v, Layout{Width: 80}); err != nil {
		t.Fatal(err)
	}
	harmless(t, b.Bytes())
	golden(t, "verify-expected-80.txt", b.Bytes())
	b.Reset()
	if err := VerificationTable(&b, v, Layout{Width: 80, Color: true}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\x1b[1;31m- ordinary\x1b[0m", "\x1b[32m+ suspicious\x1b[0m"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q", want)
		}
	}
	if rest := strings.NewReplacer("\x1b[1;31m", "", "\x1b[32m", "", "\x1b[1m", "", "\x1b[0m", "").Replace(b.String()); strings.Contains(rest, "\x1b") {
		t.Error("escapes other than the program's colours")
	}
	b.Reset()
	if err := VerificationSARIF(&b, v); err != nil {
		t.Fatal(err)
	}
	harmless(t, b.Bytes())
	if err := validate(t, sarifSchema, b.Bytes()); err != nil {
		t.Error(err)
	}
	golden(t, "verify-expected.sarif", b.Bytes())
	b.Reset()
	if err := JUnit(&b, v); err != nil {
		t.Fatal(err)
	}
	harmless(t, b.Bytes())
	golden(t, "verify-expected-junit.xml", b.Bytes())
	if err := validJUnit(t, b.Bytes()); err != nil {
		t.Error(err)
	}
}

func FuzzReadExpectations(f *testing.F) {
	f.Add([]byte(`{"schema":"fbsdetect.expectations/1","captures":[{"path":"a","cells":[{"rat":"gsm","fired":[{"rule":"t-a","frames":[1]}]}]}]}`))
	f.Add([]byte(`{"schema":"fbsdetect.expectations/1",` + "\n" + `"captures":[{"path":"a","x":[[[{}]]]`))
	f.Fuzz(func(t *testing.T, in []byte) {
		IsExpectations(in)
		e, err := ReadExpectations(in, testRules)
		if err != nil {
			var where *ExpectationsError
			if !errors.As(err, &where) || where.Offset < 0 || where.Offset > int64(len(in)) || where.Line < 1 {
				t.Fatalf("%+v", err)
			}
			return
		}
		var b bytes.Buffer
		if err := WriteExpectations(&b, e); err != nil {
			t.Fatal(err)
		}
		back, err := ReadExpectations(b.Bytes(), testRules)
		if err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		if plainJSON(t, e) != plainJSON(t, back) {
			t.Fatal("another file comes back")
		}
	})
}
