package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/score"
	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
)

func htmlPage(t *testing.T, d *Document, language string) string {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, d, language); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestCatalogues: every message exists in every language with the same places, and its
// plural forms are those of the language.
func TestCatalogues(t *testing.T) {
	places := regexp.MustCompile(`\{\{\.(\w+)\}\}`)
	forms := map[string][]string{"en": {"one", "other"}, "th": {"other"}, "zh": {"other"}}
	type catalogue map[string]json.RawMessage
	all := map[string]catalogue{}
	for _, code := range Languages() {
		b, err := langFiles.ReadFile("lang/" + code + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, new(catalogue)); err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		var c catalogue
		if err := json.Unmarshal(b, &c); err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		all[code] = c
	}
	used := func(text string) string {
		var names []string
		for _, m := range places.FindAllStringSubmatch(text, -1) {
			// A form of the plural may say the number in words, a date its own year.
			if m[1] != "Count" && m[1] != "Year" && m[1] != "BuddhistYear" && !slices.Contains(names, m[1]) {
				names = append(names, m[1])
			}
		}
		slices.Sort(names)
		return strings.Join(names, " ")
	}
	if len(all["en"]) < 200 {
		t.Errorf("%d messages in English", len(all["en"]))
	}
	for _, code := range Languages() {
		for id := range all["en"] {
			if _, ok := all[code][id]; !ok {
				t.Errorf("%s: no message %s", code, id)
			}
		}
		for id, raw := range all[code] {
			english, ok := all["en"][id]
			if !ok {
				t.Errorf("%s: message %s is not in English", code, id)
				continue
			}
			var text string
			plural := map[string]string{}
			if json.Unmarshal(raw, &text) != nil {
				if err := json.Unmarshal(raw, &plural); err != nil {
					t.Errorf("%s: %s: %v", code, id, err)
				}
				if len(plural) != len(forms[code]) {
					t.Errorf("%s: %s has the forms %v", code, id, plural)
				}
				text = plural["other"]
			}
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: %s says nothing", code, id)
			}
			for _, r := range text + plural["one"] {
				if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
					t.Errorf("%s: %s holds %U", code, id, r)
				}
			}
			if got, want := used(text+plural["one"]), used(string(english)); got != want {
				t.Errorf("%s: %s has the places %q, in English %q", code, id, got, want)
			}
		}
	}
	var th, zh map[string]string
	for code, list := range map[string]*map[string]string{"th": &th, "zh": &zh} {
		w, err := newWords(code)
		if err != nil {
			t.Fatal(err)
		}
		*list = w.rules
	}
	for english := range th {
		if zh[english] == "" || th[english] == "" {
			t.Errorf("%q is not in both languages", english)
		}
	}
	if len(th) != len(zh) || len(th) < 200 {
		t.Errorf("%d texts of rules in Thai, %d in Chinese", len(th), len(zh))
	}
	if _, err := newWords("de"); err == nil {
		t.Error("German is no error")
	}
	w, err := newWords("en")
	if err != nil {
		t.Fatal(err)
	}
	if w.T("no.such.message"); w.err == nil {
		t.Error("a message that does not exist is no error")
	}
}

// TestNumbersAndDates: as the language writes them.
func TestNumbersAndDates(t *testing.T) {
	day := time.Date(2026, 11, 23, 11, 1, 7, 0, time.UTC)
	later := day.Add(26 * time.Hour)
	hour := day.Add(time.Minute)
	for code, want := range map[string][]string{
		"en": {"1,604", "−3.67", "+1.50", "2.0 %", "1 to 100", "171 to 1", "23 November 2026, 11:01:07 UTC", "23 November 2026, 11:01:07 to 11:02:07 UTC", "23 November 2026, 11:01:07 UTC to 24 November 2026, 13:01:07 UTC", "time not recorded"},
		"th": {"1,604", "−3.67", "+1.50", "2.0 %", "1 ต่อ 100", "171 ต่อ 1", "23 พฤศจิกายน พ.ศ. 2569 (ค.ศ. 2026) เวลา 11:01:07 UTC", "23 พฤศจิกายน พ.ศ. 2569 (ค.ศ. 2026) เวลา 11:01:07 ถึง 11:02:07 UTC", "23 พฤศจิกายน พ.ศ. 2569 (ค.ศ. 2026) เวลา 11:01:07 UTC ถึง 24 พฤศจิกายน พ.ศ. 2569 (ค.ศ. 2026) เวลา 13:01:07 UTC", "ไม่มีการบันทึกเวลา"},
		"zh": {"1,604", "−3.67", "+1.50", "2.0 %", "1 比 100", "171 比 1", "2026年11月23日 11:01:07 UTC", "2026年11月23日 11:01:07 至 11:02:07 UTC", "2026年11月23日 11:01:07 UTC 至 2026年11月24日 13:01:07 UTC", "未记录时间"},
	} {
		w, err := newWords(code)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{w.N(1604), w.signed(-3.67), w.signed(1.5), w.percent(0.02), w.odds(-2), w.odds(2.233), w.at(day), w.span(&hour, &day), w.span(&day, &later), w.span(nil, nil)}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %q, want %q", code, got[i], want[i])
			}
		}
		if s := w.signed(-0.001); s != "0.00" {
			t.Errorf("%s: %q for nearly nothing", code, s)
		}
	}
}

// TestHTMLHostile: texts of an attacker stand in the page as text.
func TestHTMLHostile(t *testing.T) {
	page := htmlPage(t, sampleDocument(), "en")
	var lines []string
	for l := range strings.Lines(page) {
		if strings.Contains(l, "gpj") || strings.Contains(l, "north") {
			lines = append(lines, strings.TrimSpace(l))
		}
	}
	golden(t, "html-hostile.txt", []byte(strings.Join(lines, "\n")+"\n"))
	// Every string of a document is from an attacker.
	evil := "\x00</script><script>alert(1)</script>\" onload=alert(2) x='\u202e\u2066\x1b[31m\xff{{.}}javascript:alert(3)-->" + strings.Repeat("w", 300)
	d := &Document{Notices: []string{}}
	flood(reflect.ValueOf(d).Elem(), evil, 0)
	for i := range d.Cells {
		d.Cells[i].Verdict = score.Verdicts()[i%5]
	}
	for _, code := range Languages() {
		page := htmlPage(t, d, code)
		structure(t, code, page)
		for _, r := range page {
			if r != '\n' && !printable(r) {
				t.Fatalf("%s: page holds %U", code, r)
			}
		}
		if n := strings.Count(page, "alert(1)"); n < 50 {
			t.Errorf("%s: the text is there %d times", code, n)
		}
	}
}

// flood fills everything with s; lists get two elements.
func flood(v reflect.Value, s string, depth int) {
	if depth > 12 {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint32, reflect.Uint64:
		v.SetUint(7)
	case reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		if v.Type() == reflect.TypeFor[*time.Time]() {
			v.Set(reflect.ValueOf(at(1)))
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		flood(v.Elem(), s, depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			flood(v.Index(i), s, depth+1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		flood(key, s, depth+1)
		flood(value, s, depth+1)
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				flood(v.Field(i), s, depth+1)
			}
		}
	}
}

var (
	tagPattern  = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z:-]+(?:="[^"<>]*")?)*)\s*(/?)>`)
	attrPattern = regexp.MustCompile(`([a-zA-Z:-]+)="([^"]*)"`)
)

// structure checks what screen readers and browsers rely on: elements that nest, headings
// in order, tables with captions and scopes, charts with names, links that lead somewhere,
// and a policy that fits the style and script.
func structure(t *testing.T, name, page string) {
	t.Helper()
	_, style, _ := strings.Cut(page, "<style>")
	style, rest, _ := strings.Cut(style, "</style>")
	_, script, _ := strings.Cut(rest, "<script>")
	script, _, _ = strings.Cut(script, "</script>")
	for _, content := range []string{style, script} {
		// html/template writes the + of base 64 as a reference.
		if want := strings.ReplaceAll(source([]byte(content)), "+", "&#43;"); !strings.Contains(page, strings.ReplaceAll(want, "'", "&#39;")) {
			t.Errorf("%s: the policy does not allow the content with %s", name, want)
		}
	}
	body := strings.Replace(strings.Replace(page, style, "", 1), script, "", 1)
	if n := strings.Count(body, "<"); n != len(tagPattern.FindAllString(body, -1))+1 { // and the doctype
		t.Errorf("%s: %d signs < of which %d begin a tag", name, n, len(tagPattern.FindAllString(body, -1)))
	}
	var stack []string
	ids, links := map[string]bool{}, map[string]bool{}
	heading := 0
	for _, m := range tagPattern.FindAllStringSubmatch(body, -1) {
		tag, attrs := strings.ToLower(m[2]), map[string]string{}
		for _, a := range attrPattern.FindAllStringSubmatch(m[3], -1) {
			attrs[a[1]] = a[2]
		}
		for a, v := range attrs {
			if strings.HasPrefix(a, "on") || a == "style" || a == "src" || a == "href" && !strings.HasPrefix(v, "#") {
				t.Errorf("%s: <%s> has %s=%q", name, tag, a, v)
			}
		}
		if id := attrs["id"]; id != "" {
			if ids[id] {
				t.Errorf("%s: id %s is there twice", name, id)
			}
			ids[id] = true
		}
		if l := attrs["href"]; l != "" {
			links[l[1:]] = true
		}
		switch {
		case m[1] == "/":
			if len(stack) == 0 || stack[len(stack)-1] != tag {
				t.Fatalf("%s: </%s> ends %v", name, tag, stack)
			}
			stack = stack[:len(stack)-1]
		case tag != "meta" && tag != "input" && tag != "br" && m[4] == "":
			stack = append(stack, tag)
		}
		if m[1] == "/" {
			continue
		}
		switch tag {
		case "h1", "h2", "h3", "h4", "h5", "h6":
			n := int(tag[1] - '0')
			if n > heading+1 {
				t.Errorf("%s: <%s> after <h%d>", name, tag, heading)
			}
			heading = n
		case "th":
			if attrs["scope"] == "" {
				t.Errorf("%s: a <th> without scope", name)
			}
		case "svg":
			if attrs["aria-hidden"] != "true" && (attrs["role"] != "img" || attrs["aria-label"] == "") {
				t.Errorf("%s: a chart without a name", name)
			}
		}
	}
	if len(stack) != 0 {
		t.Errorf("%s: %v do not end", name, stack)
	}
	for l := range links {
		if !ids[l] {
			t.Errorf("%s: link to #%s, which is not there", name, l)
		}
	}
	if tables, captions := strings.Count(body, "<table"), strings.Count(body, "<caption>"); tables != captions || tables == 0 {
		t.Errorf("%s: %d tables, %d captions", name, tables, captions)
	}
	for _, landmark := range []string{"<main", "<nav aria-label", "<header", "<footer", `lang="`, "default-src &#39;none&#39;"} {
		if !strings.Contains(body, landmark) {
			t.Errorf("%s: no %s", name, landmark)
		}
	}
}

func TestHTMLStructure(t *testing.T) {
	empty := &Document{Schema: Schema, Captures: []Capture{{Path: "empty.pcap", Ledger: capture.NewLedger()}}}
	quiet := sampleDocument()
	quiet.Cells, quiet.Unattributed = quiet.Cells[3:], nil
	many := sampleDocument()
	for i := range maxDetailed {
		many.Cells = append(many.Cells, namedCell(7, uint64(i), 0.5, score.Ordinary))
	}
	for name, d := range map[string]*Document{"sample": sampleDocument(), "empty": empty, "quiet": quiet, "many": many} {
		for _, code := range Languages() {
			structure(t, name+" in "+code, htmlPage(t, d, code))
		}
	}
	if page := htmlPage(t, many, "en"); strings.Count(page, `<details class="cell`) != maxDetailed || !strings.Contains(page, "more cells, of lower scores") {
		t.Error("more cells than a page explains are not counted")
	}
	if page := htmlPage(t, quiet, "en"); strings.Count(page, " open>") != 1 || !strings.Contains(page, "No cell stands out") {
		t.Error("a quiet capture does not show what was looked at")
	}
	if page := htmlPage(t, empty, "en"); !strings.Contains(page, "No cell was heard.") {
		t.Error("an empty capture is not said to be empty")
	}
}

// TestHTMLContent: every summand, explanation, frame, step and parameter of the document
// is on the page.
func TestHTMLContent(t *testing.T) {
	d := sampleDocument()
	d.Cells[0].Profile = &Profile{
		Kind: "sms_blaster", Phones: 2, Messages: 3, First: at(1), Last: at(9),
		Stages: []Stage{{Stage: "lure", Observed: []string{"An offset."}, First: at(1), Last: at(1), Frames: []event.Ref{{Frame: 12}}, Times: 1}, {Stage: "release", Frames: []event.Ref{}}},
		Texts:  []PushedText{{Sender: "BANK", Text: "Pay at example.invalid/…", Hosts: []string{"example.invalid"}, Messages: 3, Phones: 2, Frames: []event.Ref{{Frame: 13}}}},
	}
	page := html.UnescapeString(htmlPage(t, d, "en"))
	for _, want := range []string{
		"One of 45 cells heard is consistent with a false base station.", "GSM 001-01, LAC 65000, CI 1, ARFCN 20 (GSM 900)", "score 98.1 of 100",
		"The cell takes a number and turns the phone away", "126 dB", "<= 60 dB", "A small indoor cell.", "cannot be tested here", "not excluded", "TS 45.008 §6.4",
		"+1.30", "+0.17", "−0.50", "Before any evidence: odds 1 to 100", "Together: odds", "One further finding adds nothing",
		"What it did, as an SMS blaster does", "An offset.", "not seen in these captures", "Pay at example.invalid/…",
		"Identity Request", "frame 39", "10:00:21.000", "IMSI 001~abcdefgh", "repeated 3 times", "4 more connections took the same course.", "2 later messages are not listed. One message was encrypted.", "3 connections that took other courses",
		"T3212", "0 (no periodic updating)", "Beside the 42 other cells of the same network",
		"Frequencies that the cell names as neighbours", "LTE 1850 (priority 7)", "2 more frequencies are not drawn.",
		"between −60 and −46 dBm", "95 % interval", "frame.number in {12, 13, 14, 15, 39, 43}",
		"None of these was captured: paging.", strings.Repeat("ab", 32), "sha256:00", "unexpected EOF", "block length", "3 cells were dropped",
		"gsm-test-paging", "The cell pages by IMSI",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(strings.ToLower(page), "imsi catcher") {
		t.Error("the page calls something an IMSI catcher")
	}
	if th := htmlPage(t, d, "th"); !strings.Contains(th, "พ.ศ. 2569") || !strings.Contains(th, `<span lang="en">The cell makes itself attractive</span>`) {
		t.Error("Thai: no Buddhist year, or a text in English is not marked")
	}
}

// TestAxis: where a clock jumps by years, frames are placed by their order.
func TestAxis(t *testing.T) {
	d := &Document{Captures: []Capture{{Ledger: capture.Ledger{Frames: 100}}, {Ledger: capture.Ledger{Frames: 50}}}}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	a := newAxis(d, []event.Ref{{Frame: 1, Time: now}, {Frame: 5, Time: now + 4e9}})
	if !a.byTime || a.x(event.Ref{Frame: 3, Time: now + 1e9}) != 250 {
		t.Errorf("%+v", a)
	}
	a = newAxis(d, []event.Ref{{Frame: 1, Time: 1}, {Capture: 1, Frame: 1, Time: now}})
	if a.byTime || a.x(event.Ref{Frame: 51, Time: now}) != 500 {
		t.Errorf("%+v", a)
	}
	if a = newAxis(d, []event.Ref{{Frame: 1}, {Frame: 5, Time: now}}); a.byTime {
		t.Errorf("%+v", a)
	}
}

// TestGraphBound: a cell that names more frequencies than can be drawn.
func TestGraphBound(t *testing.T) {
	d := sampleDocument()
	c := &d.Cells[0]
	c.Neighbours = nil
	for i := range 64 {
		c.Neighbours = append(c.Neighbours, Neighbour{List: "idle", RAT: event.GSM, ARFCN: 100 + i})
	}
	c.NeighboursOmitted = 9
	page := htmlPage(t, d, "en")
	if n := strings.Count(page, "<circle"); n != maxNodes+1 || !strings.Contains(page, fmt.Sprintf("%d more frequencies are not drawn.", 64-maxNodes+9)) {
		t.Errorf("%d circles", n)
	}
	if rule.ByID("gsm-test-paging") == nil {
		t.Error("the test's rules are gone")
	}
}
