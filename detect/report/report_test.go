package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	schema "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/score"
	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in testdata")

// golden compares got with testdata/name, or rewrites that.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(g), len(w)) {
		var a, b string
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			t.Fatalf("%s line %d (-update rewrites it)\n got %q\nwant %q", name, i+1, a, b)
		}
	}
}

// Rules of the test, so that reports do not depend on the catalogue.
func init() {
	register := func(id, title string, rat event.RAT, needs ...event.Kind) {
		rule.Register(rule.Rule{
			ID: id, Title: title, Family: rule.Attract, Severity: rule.Low, Status: rule.Experimental, Since: "0.1.0", Version: 1,
			RATs: []event.RAT{rat}, Catalogue: []string{"G1"}, Needs: needs, Weight: 0.5, WeightBasis: "expert",
			Why: "Why it matters.", Benign: []rule.Benign{{Explanation: "An innocent cause."}}, Refs: []string{"TS 44.018 §9.1.31"},
			Params: []rule.Param{{Name: "max_db", Default: 60, Unit: "dB", Min: 2, Max: 126, Source: "expert"}},
			New:    func(rule.Values) rule.Observer { return nil },
		})
	}
	register("gsm-test-paging", "The cell pages by IMSI", event.GSM, event.KindPaging)
	register("gsm-test-paging-rate", "The cell pages too often", event.GSM, event.KindPaging)
	register("gsm-test-session", "TMSIs are never given", event.GSM, event.KindSession, event.KindPaging)
	register("gsm-test-neighbours", "The cell is named by no other", event.GSM, event.KindNeighbours)
	register("lte-test-only", "An LTE rule", event.LTE, event.KindIdentity)
}

func ptr[T any](v T) *T { return &v }

func at(second int) *time.Time {
	return ptr(time.Date(2026, 3, 1, 10, 0, second, 0, time.UTC))
}

func evidence(ruleID, title, family string, weight, counted float64, refs ...event.Ref) Evidence {
	return Evidence{
		Rule: ruleID, Title: title, Catalogue: []string{"G1"}, Version: 1, Family: family, Severity: "high",
		Weight: weight, Counted: counted, WeightBasis: "expert", Attribution: "identity",
		Summary: "What was seen, in one sentence that a person who reads no specification understands.",
		Frames:  refs, Times: len(refs), Field: "CELL_RESELECT_OFFSET", Got: "126 dB", Expect: "<= 60 dB",
		Refs:   []string{"TS 45.008 §6.4", "TS 44.018 §10.5.2.34"},
		Benign: []Benign{{"The operator plans it so.", "excluded"}, {"A small indoor cell.", "possible"}, {"A laboratory.", "not_testable"}},
	}
}

func emptyCell(rat event.RAT) Cell {
	return Cell{
		RAT: rat, PLMNs: []string{}, FirstFrame: event.Ref{Frame: 1}, LastFrame: event.Ref{Frame: 2},
		HeardAt: []HeardAt{}, Evidence: []Evidence{}, Parameters: map[string]string{}, Broadcasts: []Parameter{},
		Sequences: []Sequence{}, Levels: []LevelPoint{}, Connections: []ConnectionPoint{}, Neighbours: []Neighbour{},
		Outcomes: Outcomes{Fired: []string{}, Clear: []string{}, Insufficient: []string{}, NotObservable: []string{}},
	}
}

func namedCell(area uint32, ci uint64, percent float64, v score.Verdict) Cell {
	c := emptyCell(event.GSM)
	c.PLMN, c.PLMNs, c.Area, c.Cell = ptr("001-01"), []string{"001-01"}, &area, &ci
	c.ARFCN, c.Band = ptr(20), ptr("GSM 900")
	c.FirstFrame, c.LastFrame = event.Ref{Frame: 10}, event.Ref{Frame: 900}
	c.First, c.Last = at(1), at(59)
	c.Score, c.Verdict = percent, v
	c.Outcomes.Clear = []string{"gsm-test-neighbours"}
	return c
}

// sampleDocument has everything that a report can show, and strings of an attacker.
func sampleDocument() *Document {
	hostile := "เครือข่าย 中国移动 \x1b[2J\u202egpj\xff <script>alert(1)</script>"
	d := &Document{
		Schema: Schema,
		Tool:   Tool{Name: "fbsdetect", Version: "9.9.9", Ruleset: "sha256:00", PriorLog10: -2, Damping: 0.35, FamilyCap: 1.8},
		Captures: []Capture{
			{
				Path: "drive/south.pcapng", SHA256: strings.Repeat("ab", 32), Bytes: 123456, LinkTypes: []string{"RAW"}, First: at(0), Last: at(59),
				Ledger: capture.Ledger{Frames: 1000, GSMTAP: 990, Decoded: 900, Ciphered: 20, Partial: 5, Malformed: 3, Unsupported: 82, Foreign: 10,
					UnsupportedByReason: map[string]int{"LTE RRC": 80, hostile: 2}},
				Damage: []Damage{},
			},
			{
				Path: "drive/north\x1b[31m.pcap", SHA256: "", Bytes: 40, LinkTypes: []string{}, Ledger: capture.NewLedger(),
				Damage: []Damage{{Frame: 7, Offset: 1234, Skipped: 99, Reason: "block length"}}, Error: ptr("unexpected EOF"),
			},
		},
		Cells: []Cell{}, Unattributed: []Cell{}, Notices: []string{"3 cells were dropped " + hostile},
	}
	d.Captures[1].Ledger.UnreadOctets = 99
	top := namedCell(65000, 1, 98.1, score.Consistent)
	top.LevelDBm = ptr(-47.3)
	top.Sessions = cell.Sessions{Count: 5, Rejected: 5, IdentityRequests: 10}
	top.Evidence = []Evidence{
		evidence("gsm-identity-then-reject", "The cell takes a number and turns the phone away", "identify", 1.3, 1.3, event.Ref{Frame: 39}, event.Ref{Frame: 43}, event.Ref{Capture: 1, Frame: 5}),
		evidence("gsm-cro-excessive", "The cell makes itself attractive", "attract", 0.9, 0.9, event.Ref{Frame: 12}),
		evidence("gsm-cro-excessive", "The cell makes itself attractive", "attract", 0.5, 0.17, event.Ref{Frame: 13}),
		evidence("gsm-t3212-short", "Phones report often", "attract", 0.4, 0, event.Ref{Frame: 14}),
		evidence("gsm-session-protected", "A session was protected", "counter", -0.5, -0.5, event.Ref{Frame: 15}),
	}
	top.Evidence[1].Got = hostile
	top.Evidence[1].Times = 40
	top.Outcomes = Outcomes{
		Fired: []string{"gsm-cro-excessive"}, Clear: []string{"gsm-test-neighbours"},
		Insufficient:  []string{"gsm-test-session", "gsm-unknown-rule"},
		NotObservable: []string{"gsm-test-paging", "gsm-test-paging-rate", "lte-test-only"},
	}
	top.Parameters = map[string]string{"T3212": "0", "name": hostile}
	top.Broadcasts = []Parameter{
		{Name: "T3212", Value: "0 (no periodic updating)", Message: "System Information Type 3", First: event.Ref{Frame: 10}, Last: event.Ref{Frame: 900}},
		{Name: "name", Value: hostile, Message: "System Information Type 3", First: event.Ref{Frame: 10}, Last: event.Ref{Frame: 10}, Changes: 2},
	}
	ref := func(frame, second int) event.Ref { return event.Ref{Frame: frame, Time: at(second).UnixNano()} }
	top.Sequences = []Sequence{{
		Phone: "IMSI 001~abcdefgh", First: at(20), Last: at(22), Attribution: "si6", Exposing: true, Alike: 4, StepsOmitted: 2, Hidden: 1,
		Steps: []Step{
			{Frame: ref(36, 20), Time: at(20), Direction: "ul", Message: "Location Updating Request", Detail: "TMSI"},
			{Frame: ref(39, 21), Time: at(21), Direction: "dl", Message: "Identity Request", Detail: "IMSI", Exposing: true, Repeats: 3},
			{Frame: ref(43, 22), Time: at(22), Direction: "dl", Message: "Location Updating Reject", Detail: "#13 " + hostile},
		},
	}}
	top.SequencesOmitted = 3
	top.Levels = []LevelPoint{
		{First: ref(10, 1), Last: ref(12, 2), Time: at(1), MeanDBm: -47.5, MinDBm: -49, MaxDBm: -46, Count: 2},
		{First: ref(800, 58), Last: ref(900, 59), Time: at(58), MeanDBm: -60, MinDBm: -60, MaxDBm: -60, Count: 1},
	}
	top.Connections = []ConnectionPoint{{First: ref(36, 20), Last: ref(50, 30), Time: at(20), Count: 5, Exposing: 5}}
	top.Neighbours = []Neighbour{{List: "idle", RAT: event.GSM, ARFCN: 20}, {List: hostile, RAT: event.LTE, ARFCN: 1850, Priority: ptr(7)}}
	top.NeighboursOmitted = 2
	second := namedCell(1001, 10012, 61.5, score.Suspicious)
	second.ARFCN, second.Band, second.BSIC = nil, nil, ptr(12)
	second.First, second.Last = nil, nil
	second.Evidence = []Evidence{evidence("gsm-cro-excessive", "The cell makes itself attractive", "attract", 0.9, 0.9, event.Ref{Frame: 12})}
	third := namedCell(1001, 10013, 12, score.Unusual)
	third.LastFrame = event.Ref{Capture: 1, Frame: 3}
	d.Cells = append(d.Cells, top, second, third)
	for i := range 40 {
		d.Cells = append(d.Cells, namedCell(1001, uint64(20000+i), 1, score.Ordinary))
	}
	nr := emptyCell(event.NR)
	nr.PLMN, nr.PLMNs, nr.Area, nr.Cell, nr.ARFCN, nr.PCI = ptr("001-001"), []string{"001-001", "999-99"}, ptr(uint32(16777215)), ptr(uint64(68719476735)), ptr(632628), ptr(1007)
	nr.Score = 0.9
	d.Cells = append(d.Cells, nr)
	loose := emptyCell(event.GSM)
	loose.FirstFrame, loose.LastFrame = event.Ref{Capture: 1, Frame: 4}, event.Ref{Capture: 1, Frame: 4}
	loose.Score, loose.Verdict = 55, score.Suspicious
	loose.Evidence = []Evidence{evidence("gsm-identity-then-reject", "The cell takes a number and turns the phone away", "identify", 1.3, 1.3, event.Ref{Capture: 1, Frame: 4})}
	loose.Evidence[0].Attribution = "none"
	d.Unattributed = append(d.Unattributed, loose)
	return d
}

func TestTable(t *testing.T) {
	for _, tt := range []struct {
		golden string
		doc    *Document
		layout Layout
	}{
		{"table-80.txt", sampleDocument(), Layout{Width: 80}},
		{"table-100.txt", sampleDocument(), Layout{}},
		{"table-200.txt", sampleDocument(), Layout{Width: 200}},
		{"table-200-all.txt", sampleDocument(), Layout{Width: 200, All: true}},
		{"table-empty.txt", &Document{Tool: sampleDocument().Tool}, Layout{Width: 80}},
	} {
		t.Run(tt.golden, func(t *testing.T) {
			var b bytes.Buffer
			if err := Table(&b, tt.doc, tt.layout); err != nil {
				t.Fatal(err)
			}
			harmless(t, b.Bytes())
			limit := tt.layout.Width
			if limit == 0 {
				limit = 100
			}
			for n, l := range strings.Split(b.String(), "\n") {
				if w := width(l); w > limit {
					t.Errorf("line %d has %d columns: %s", n+1, w, l)
				}
			}
			golden(t, tt.golden, b.Bytes())
		})
	}
}

// TestTableFits: no width breaks a table or a line of prose.
func TestTableFits(t *testing.T) {
	for w := 60; w <= 220; w += 3 {
		var b bytes.Buffer
		if err := Table(&b, sampleDocument(), Layout{Width: w, All: true}); err != nil {
			t.Fatal(err)
		}
		for n, l := range strings.Split(b.String(), "\n") {
			if got := width(l); got > w {
				t.Fatalf("width %d: line %d has %d columns: %s", w, n+1, got, l)
			}
		}
	}
}

// TestTableColor: with colours the text is the same, and no line leaves one open.
func TestTableColor(t *testing.T) {
	var plain, colored bytes.Buffer
	if err := Table(&plain, sampleDocument(), Layout{Width: 100}); err != nil {
		t.Fatal(err)
	}
	if err := Table(&colored, sampleDocument(), Layout{Width: 100, Color: true}); err != nil {
		t.Fatal(err)
	}
	text := colored.String()
	if !strings.Contains(text, "\x1b[1;31m") {
		t.Error("no colour")
	}
	for _, l := range strings.Split(text, "\n") {
		if strings.Count(l, "\x1b[0m")*2 != strings.Count(l, "\x1b[") {
			t.Errorf("colour left open: %q", l)
		}
	}
	for _, code := range []string{bold, dim, red, yellow, cyan, "0"} {
		text = strings.ReplaceAll(text, "\x1b["+code+"m", "")
	}
	if text != plain.String() {
		t.Error("colours change the text")
	}
}

func TestTableNeverClaims(t *testing.T) {
	var b bytes.Buffer
	if err := Table(&b, sampleDocument(), Layout{Width: 200, All: true}); err != nil {
		t.Fatal(err)
	}
	text := strings.ToLower(strings.Join(strings.Fields(b.String()), " "))
	if strings.Contains(text, "catcher") {
		t.Error("the report claims what it cannot know")
	}
	for _, want := range []string{"set by experts", "no proof", "not observed does not mean absent", "odds 1 to 100"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in the report", want)
		}
	}
}

func TestCells(t *testing.T) {
	d := Inventory(sampleDocument())
	for _, tt := range []struct {
		golden string
		width  int
	}{{"cells-80.txt", 80}, {"cells-120.txt", 120}} {
		var b bytes.Buffer
		small := *d
		small.Cells = append(small.Cells[:2:2], small.Cells[len(small.Cells)-2:]...)
		if err := CellsTable(&b, &small, Layout{Width: tt.width}); err != nil {
			t.Fatal(err)
		}
		harmless(t, b.Bytes())
		for _, l := range strings.Split(b.String(), "\n") {
			if width(l) > tt.width {
				t.Errorf("%d columns: %s", width(l), l)
			}
		}
		golden(t, tt.golden, b.Bytes())
	}
	for i := 1; i < len(d.Cells); i++ {
		a, b := &d.Cells[i-1], &d.Cells[i]
		if a.RAT > b.RAT || a.RAT == b.RAT && *a.Area == *b.Area && *a.Cell > *b.Cell {
			t.Errorf("cells %d and %d are out of order", i-1, i)
		}
	}
}

// TestHeardCell: the cells of an inventory are those of a report without judgement.
func TestHeardCell(t *testing.T) {
	judged := map[string]bool{"score": true, "verdict": true, "evidence": true, "outcomes": true, "profile": true}
	// What happened on a cell in the course of time is no part of an inventory either.
	for _, tag := range []string{"sequences", "sequences_omitted", "levels", "connections", "neighbours", "neighbours_omitted"} {
		judged[tag] = true
	}
	var want, got []string
	of := reflect.TypeOf(Cell{})
	for i := range of.NumField() {
		if tag := of.Field(i).Tag.Get("json"); !judged[tag] {
			want = append(want, tag)
		}
	}
	of = reflect.TypeOf(HeardCell{})
	for i := range of.NumField() {
		got = append(got, of.Field(i).Tag.Get("json"))
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %v\nwant %v", got, want)
	}
	d := sampleDocument()
	for _, h := range Inventory(&Document{Cells: d.Cells[:1]}).Cells {
		v := reflect.ValueOf(h)
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if a, b := v.Field(i).Interface(), reflect.ValueOf(d.Cells[0]).FieldByName(name).Interface(); !reflect.DeepEqual(a, b) {
				t.Errorf("%s: %v, want %v", name, a, b)
			}
		}
	}
}

// TestSchemas: every document fits its schema, and the schema notices what does not.
func TestSchemas(t *testing.T) {
	labels := &LabelledCapture{Path: "a.pcap", Label: LabelRogue}
	for name, write := range map[string]func(io.Writer) error{
		"report": func(w io.Writer) error { return JSON(w, sampleDocument()) },
		"cells":  func(w io.Writer) error { return CellsJSON(w, Inventory(sampleDocument())) },
		"verify": func(w io.Writer) error {
			return VerificationJSON(w, NewVerification(sampleDocument().Tool, []Comparison{
				Compare(labels, sampleDocument(), ""), Compare(labels, nil, ""),
				CompareExpected(&ExpectedCapture{Path: "a.pcap"}, sampleDocument(), ""), CompareExpected(&ExpectedCapture{Path: "b.pcap"}, nil, ""),
			}))
		},
		"expectations": func(w io.Writer) error {
			e := &Expectations{Schema: ExpectationsSchema, Captures: []ExpectedCapture{{Path: "a.pcap"}}}
			e.Captures[0].Update(sampleDocument(), "")
			return WriteExpectations(w, e)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var s, doc bytes.Buffer
			if err := WriteSchema(&s, name); err != nil {
				t.Fatal(err)
			}
			golden(t, "schema-"+name+".json", s.Bytes())
			compiled := compiledSchema(t, name)
			if err := write(&doc); err != nil {
				t.Fatal(err)
			}
			harmless(t, doc.Bytes())
			v, err := schema.UnmarshalJSON(bytes.NewReader(doc.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			if err := compiled.Validate(v); err != nil {
				t.Errorf("%v", err)
			}
			v.(map[string]any)["schema"] = "other"
			if compiled.Validate(v) == nil {
				t.Error("a wrong schema name is accepted")
			}
		})
	}
	if err := WriteSchema(io.Discard, "nothing"); err == nil {
		t.Error("unknown schema is no error")
	}
}

// compiledSchema returns a schema that the program prints.
func compiledSchema(t *testing.T, name string) *schema.Schema {
	t.Helper()
	var b bytes.Buffer
	if err := WriteSchema(&b, name); err != nil {
		t.Fatal(err)
	}
	parsed, err := schema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	c := schema.NewCompiler()
	if err := c.AddResource("s.json", parsed); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("s.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// fits checks a document against a schema.
func fits(t *testing.T, s *schema.Schema, doc []byte) {
	t.Helper()
	v, err := schema.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%v", err)
	}
}

// TestContract: the keys that other programs rely on.
func TestContract(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, sampleDocument()); err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	has := func(name string, v any, keys string) {
		m, _ := v.(map[string]any)
		for _, k := range strings.Fields(keys) {
			if _, ok := m[k]; !ok {
				t.Errorf("%s has no %q", name, k)
			}
		}
	}
	first := func(v any) any { return v.([]any)[0] }
	has("document", doc, "schema tool captures cells unattributed")
	has("tool", doc["tool"], "name version ruleset")
	has("capture", first(doc["captures"]), "path sha256 bytes link_types first last ledger")
	has("ledger", first(doc["captures"]).(map[string]any)["ledger"], "frames gsmtap decoded ciphered partial malformed unsupported foreign truncated unread_octets unsupported_by_reason")
	cell := first(doc["cells"]).(map[string]any)
	has("cell", cell, "rat plmn plmns area cell arfcn band bsic pci psc first_frame last_frame first last score verdict evidence outcomes parameters sessions")
	has("first_frame", cell["first_frame"], "capture frame")
	has("evidence", first(cell["evidence"]), "rule catalogue version family severity weight weight_basis summary frames field got expect refs benign")
	has("benign", first(first(cell["evidence"]).(map[string]any)["benign"]), "explanation status")
	has("outcomes", cell["outcomes"], "fired clear insufficient not_observable")
	has("sessions", cell["sessions"], "count authenticated ciphered rejected identity_requests")
	if cell["rat"] != "gsm" || cell["verdict"] != "consistent_with_fbs" || cell["psc"] != nil {
		t.Errorf("rat %v, verdict %v, psc %v", cell["rat"], cell["verdict"], cell["psc"])
	}
}

func TestRules(t *testing.T) {
	all := rule.All()
	var b bytes.Buffer
	if err := RulesJSON(&b, all); err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	if err := json.Unmarshal(b.Bytes(), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != len(all) {
		t.Fatalf("%d rules, want %d", len(list), len(all))
	}
	for _, k := range strings.Fields("id title family severity status since version rats scope needs why benign refs params catalogue vectors") {
		if v, ok := list[0][k]; !ok || v == nil {
			t.Errorf("rule has no %q", k)
		}
	}
	if list[0]["scope"] != "cell" {
		t.Errorf("scope %v", list[0]["scope"])
	}
	b.Reset()
	if err := RulesTable(&b, all, Layout{Width: 80}); err != nil {
		t.Fatal(err)
	}
	golden(t, "rules-80.txt", b.Bytes())
	b.Reset()
	if err := RulePage(&b, all[0], Layout{Width: 80}); err != nil {
		t.Fatal(err)
	}
	golden(t, "rule-page.txt", b.Bytes())
}
