package report

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

// ExpectationsSchema names the form of Expectations.
const ExpectationsSchema = "fbsdetect.expectations/1"

// Expectations say of captures what the program is to find in them, cell by cell.
type Expectations struct {
	Schema string `json:"schema" jsonschema:"const=fbsdetect.expectations/1"`
	// Notes are for people; updating keeps them, here and below.
	Notes string `json:"notes,omitempty"`
	// Root is the folder of the captures, below that of the file.
	Root     string            `json:"root,omitempty"`
	Captures []ExpectedCapture `json:"captures"`
}

// ExpectedCapture says what is expected of one capture.
type ExpectedCapture struct {
	// Path is below Expectations.Root, with slashes.
	Path string `json:"path" jsonschema:"minLength=1"`
	// SHA256 is that of the file, in hexadecimal; "" if any file will do.
	SHA256 string `json:"sha256,omitempty" jsonschema:"pattern=^[0-9a-fA-F]{64}$"`
	Notes  string `json:"notes,omitempty"`
	// Optional says that the capture may be missing.
	Optional bool `json:"optional,omitempty"`
	// Others is what may be heard besides Cells: OthersNone, the default, OthersAny, or
	// cells up to this verdict.
	Others string         `json:"others,omitempty" jsonschema:"enum=none,enum=any,enum=insufficient,enum=ordinary,enum=unusual,enum=suspicious,enum=consistent_with_fbs"`
	Cells  []ExpectedCell `json:"cells,omitempty"`

	line int
}

// Values of ExpectedCapture.Others besides verdicts.
const (
	OthersNone = "none"
	OthersAny  = "any"
)

// ExpectedCell says what is expected of one cell, named as the report names it. Without
// PLMN, Area and Cell it is the signalling of the RAT whose cell the capture does not
// name. ARFCN, BSIC, PCI and PSC need be given only where they tell cells apart.
type ExpectedCell struct {
	RAT   string  `json:"rat" jsonschema:"enum=gsm,enum=umts,enum=lte,enum=nr"`
	PLMN  *string `json:"plmn,omitempty"`
	Area  *uint32 `json:"area,omitempty"`
	Cell  *uint64 `json:"cell,omitempty"`
	ARFCN *int    `json:"arfcn,omitempty"`
	BSIC  *int    `json:"bsic,omitempty"`
	PCI   *int    `json:"pci,omitempty"`
	PSC   *int    `json:"psc,omitempty"`
	Notes string  `json:"notes,omitempty"`
	// Verdict is the verdict that it gets, "" for any.
	Verdict string `json:"verdict,omitempty" jsonschema:"enum=insufficient,enum=ordinary,enum=unusual,enum=suspicious,enum=consistent_with_fbs"`
	// Fired are rules that must fire, Silent those that must not; AllOthers among the
	// latter stands for every rule that is not in Fired.
	Fired  []ExpectedRule `json:"fired,omitempty"`
	Silent []string       `json:"silent,omitempty"`

	line int
}

// AllOthers in ExpectedCell.Silent stands for every rule that is not to fire.
const AllOthers = "*"

// ExpectedRule is a rule that must fire.
type ExpectedRule struct {
	Rule string `json:"rule" jsonschema:"minLength=1"`
	// Frames are the frames that its evidence names, as Wireshark counts them, in rising
	// order; null or absent for any.
	Frames []int  `json:"frames,omitempty" jsonschema:"minItems=1"`
	Notes  string `json:"notes,omitempty"`

	line int
}

// ExpectationsError says where a file of expectations is wrong.
type ExpectationsError struct {
	// Path is the place in the form $.captures[0].cells[1].verdict.
	Path string
	// Offset is the octet, from 0, and Line the line, from 1, at or shortly before it.
	Offset int64
	Line   int
	Err    error
}

func (e *ExpectationsError) Error() string {
	return fmt.Sprintf("%s (line %d, octet %d): %v", e.Path, e.Line, e.Offset, e.Err)
}

func (e *ExpectationsError) Unwrap() error { return e.Err }

// What may be wrong with expectations, besides their JSON.
var (
	ErrUnknownField = errors.New("unknown field")
	ErrExpectation  = errors.New("not understood")
)

// IsExpectations reports whether b has the form of expectations rather than of labels:
// it is an object with a schema, or begins as one.
func IsExpectations(b []byte) bool {
	d := jsontext.NewDecoder(bytes.NewReader(b))
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		return false
	}
	for {
		t, err := d.ReadToken()
		if err != nil || t.Kind() != '"' {
			return false
		}
		if t.String() == "schema" {
			return true
		}
		if d.SkipValue() != nil {
			return false
		}
	}
}

// ReadExpectations reads a file of expectations. known tells whether there is a rule of
// that ID. An error is an ExpectationsError.
func ReadExpectations(b []byte, known func(rule string) bool) (*Expectations, error) {
	e := &Expectations{}
	r := expectationReader{text: b, known: known}
	lines := jsonv2.WithUnmarshalers(jsonv2.JoinUnmarshalers(
		jsonv2.UnmarshalFromFunc(func(d *jsontext.Decoder, c *ExpectedCapture) error {
			c.line = r.line(d.InputOffset())
			return errors.ErrUnsupported
		}),
		jsonv2.UnmarshalFromFunc(func(d *jsontext.Decoder, c *ExpectedCell) error {
			c.line = r.line(d.InputOffset())
			return errors.ErrUnsupported
		}),
		jsonv2.UnmarshalFromFunc(func(d *jsontext.Decoder, c *ExpectedRule) error {
			c.line = r.line(d.InputOffset())
			return errors.ErrUnsupported
		}),
	))
	if err := jsonv2.Unmarshal(b, e, jsonv2.RejectUnknownMembers(true), lines); err != nil {
		return nil, r.decodeError(err)
	}
	if err := r.check(e); err != nil {
		return nil, err
	}
	return e, nil
}

// expectationReader tells where in the text something is.
type expectationReader struct {
	text  []byte
	known func(string) bool
}

// start is the offset of the value that begins after offset.
func (r *expectationReader) start(offset int64) int64 {
	rest := r.text[min(offset, int64(len(r.text))):]
	return int64(len(r.text) - len(bytes.TrimLeft(rest, " \t\r\n,:")))
}

func (r *expectationReader) line(offset int64) int {
	return 1 + bytes.Count(r.text[:r.start(offset)], []byte("\n"))
}

// decodeError tells the place of an error of the JSON library in this program's words.
func (r *expectationReader) decodeError(err error) error {
	e := &ExpectationsError{Path: "$", Err: err}
	var semantic *jsonv2.SemanticError
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &semantic):
		e.Path, e.Offset = jsonPath(semantic.JSONPointer), r.start(semantic.ByteOffset)
		switch {
		case errors.Is(semantic.Err, jsonv2.ErrUnknownName):
			e.Err = ErrUnknownField
		case errors.Is(semantic.Err, strconv.ErrSyntax), errors.Is(semantic.Err, strconv.ErrRange):
			e.Err = fmt.Errorf("%w: no number that fits here", ErrExpectation)
		case semantic.Err != nil:
			e.Err = semantic.Err
		default:
			e.Err = fmt.Errorf("%w: a %s does not belong here", ErrExpectation, kindName(semantic.JSONKind))
		}
	case errors.As(err, &syntax):
		e.Path, e.Offset = jsonPath(syntax.JSONPointer), min(syntax.ByteOffset, int64(len(r.text)))
		e.Err = syntax.Err
	}
	e.Line = 1 + bytes.Count(r.text[:e.Offset], []byte("\n"))
	return e
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '{':
		return "list of fields"
	case '[':
		return "list"
	case '"':
		return "text"
	case '0':
		return "number"
	}
	return k.String()
}

// jsonPath writes a JSON Pointer as the path that people know.
func jsonPath(p jsontext.Pointer) string {
	s := "$"
	for token := range p.Tokens() {
		if _, err := strconv.Atoi(token); err == nil {
			s += "[" + token + "]"
			continue
		}
		s += "." + token
	}
	return s
}

// check checks what JSON cannot say.
func (r *expectationReader) check(e *Expectations) error {
	fail := func(line int, path, format string, args ...any) error {
		return &ExpectationsError{path, int64(r.lineStart(line)), line, fmt.Errorf("%w: "+format, append([]any{ErrExpectation}, args...)...)}
	}
	if e.Schema != ExpectationsSchema {
		return fail(1, "$.schema", "%q, want %q", e.Schema, ExpectationsSchema)
	}
	if e.Root != "" && !filepath.IsLocal(filepath.FromSlash(e.Root)) {
		return fail(1, "$.root", "%q leads out of the folder", e.Root)
	}
	paths := map[string]bool{}
	for i := range e.Captures {
		c := &e.Captures[i]
		at := fmt.Sprintf("$.captures[%d]", i)
		sum, err := hex.DecodeString(c.SHA256)
		switch {
		case !filepath.IsLocal(filepath.FromSlash(c.Path)):
			return fail(c.line, at+".path", "%q leads out of the folder", c.Path)
		case paths[c.Path]:
			return fail(c.line, at+".path", "%q is there twice", c.Path)
		case err != nil || len(sum) != 0 && len(sum) != 32:
			return fail(c.line, at+".sha256", "%q is no SHA-256", c.SHA256)
		}
		if _, ok := score.ParseVerdict(c.Others); !ok && c.Others != "" && c.Others != OthersNone && c.Others != OthersAny {
			return fail(c.line, at+".others", "%q is neither none, any nor a verdict", c.Others)
		}
		paths[c.Path] = true
		cells := map[string]int{}
		for j := range c.Cells {
			x := &c.Cells[j]
			at := fmt.Sprintf("%s.cells[%d]", at, j)
			if _, ok := event.ParseRAT(x.RAT); !ok {
				return fail(x.line, at+".rat", "%q is no RAT", x.RAT)
			}
			if n := given(x.PLMN) + given(x.Area) + given(x.Cell); n != 0 && n != 3 {
				return fail(x.line, at, "plmn, area and cell belong together")
			}
			if _, ok := score.ParseVerdict(x.Verdict); !ok && x.Verdict != "" {
				return fail(x.line, at+".verdict", "%q is no verdict", x.Verdict)
			}
			if first, twice := cells[x.name()]; twice {
				return fail(x.line, at, "it names the same cell as cells[%d]", first)
			}
			cells[x.name()] = j
			for k, f := range x.Fired {
				at := fmt.Sprintf("%s.fired[%d]", at, k)
				switch {
				case !r.known(f.Rule):
					return fail(f.line, at+".rule", "there is no rule %q", f.Rule)
				case slices.ContainsFunc(x.Fired[:k], func(o ExpectedRule) bool { return o.Rule == f.Rule }):
					return fail(f.line, at+".rule", "%q is there twice", f.Rule)
				case slices.Contains(x.Silent, f.Rule):
					return fail(f.line, at+".rule", "%q is to fire and to stay silent", f.Rule)
				case f.Frames != nil && len(f.Frames) == 0:
					return fail(f.line, at+".frames", "an empty list; leave it out for any frames")
				case len(f.Frames) > 0 && f.Frames[0] < 1 || !slices.IsSortedFunc(f.Frames, func(a, b int) int { return cmp.Or(cmp.Compare(a, b), -1) }):
					return fail(f.line, at+".frames", "frames count from 1 and rise")
				}
			}
			for k, id := range x.Silent {
				if id != AllOthers && !r.known(id) {
					return fail(x.line, fmt.Sprintf("%s.silent[%d]", at, k), "there is no rule %q", id)
				}
			}
		}
	}
	return nil
}

// lineStart is the offset of a line.
func (r *expectationReader) lineStart(line int) int {
	at := 0
	for ; line > 1; line-- {
		at += bytes.IndexByte(r.text[at:], '\n') + 1
	}
	return at
}

func given[T any](p *T) int {
	if p == nil {
		return 0
	}
	return 1
}

// name names the cell: "gsm 001-01/1/7 ARFCN 20".
func (x *ExpectedCell) name() string {
	var s string
	if x.PLMN != nil {
		s = LabelledCell{x.RAT, *x.PLMN, *x.Area, *x.Cell}.String()
	} else {
		s = x.RAT + " without cell name"
	}
	for _, r := range []struct {
		name string
		v    *int
	}{{"ARFCN", x.ARFCN}, {"BSIC", x.BSIC}, {"PCI", x.PCI}, {"PSC", x.PSC}} {
		if r.v != nil {
			s += " " + r.name + " " + strconv.Itoa(*r.v)
		}
	}
	return s
}

// matches reports whether the expectation is about the cell: the same identity, and the
// same radio as far as one is given.
func (x *ExpectedCell) matches(c *Cell) bool {
	return x.RAT == c.RAT.String() && same(x.PLMN, c.PLMN) && same(x.Area, c.Area) && same(x.Cell, c.Cell) &&
		(x.ARFCN == nil || same(x.ARFCN, c.ARFCN)) && (x.BSIC == nil || same(x.BSIC, c.BSIC)) &&
		(x.PCI == nil || same(x.PCI, c.PCI)) && (x.PSC == nil || same(x.PSC, c.PSC))
}

// claim lists the cells that the expectation is about and notes them in claimed.
func (x *ExpectedCell) claim(all []*Cell, claimed map[*Cell]bool) []*Cell {
	var mine []*Cell
	for _, c := range all {
		if x.matches(c) {
			mine = append(mine, c)
			claimed[c] = true
		}
	}
	return mine
}

func same[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// expectedOf names a cell of a document, with its radio if that is asked for.
func expectedOf(c *Cell, radio bool) ExpectedCell {
	x := ExpectedCell{RAT: c.RAT.String(), PLMN: c.PLMN, Area: c.Area, Cell: c.Cell}
	if radio {
		x.ARFCN, x.BSIC, x.PCI, x.PSC = c.ARFCN, c.BSIC, c.PCI, c.PSC
	}
	return x
}

// heard is what a document says of the cells that an expectation is about: the highest
// verdict, each rule's outcome, and the frames of the rules that fired.
type heard struct {
	verdict  score.Verdict
	outcomes map[string]string
	frames   map[string][]int
}

// fired is the outcome of a rule that fired.
const fired = "fired"

func hear(cells []*Cell) heard {
	h := heard{outcomes: map[string]string{}, frames: map[string][]int{}}
	for _, c := range cells {
		h.verdict = max(h.verdict, c.Verdict)
		for _, o := range []struct {
			name  string
			rules []string
		}{{fired, c.Outcomes.Fired}, {"clear", c.Outcomes.Clear}, {"insufficient", c.Outcomes.Insufficient}, {"not_observable", c.Outcomes.NotObservable}} {
			for _, id := range o.rules {
				if h.outcomes[id] != fired {
					h.outcomes[id] = o.name
				}
			}
		}
		for i := range c.Evidence {
			ev := &c.Evidence[i]
			for _, f := range ev.Frames {
				h.frames[ev.Rule] = append(h.frames[ev.Rule], f.Frame)
			}
		}
	}
	for id := range h.frames {
		slices.Sort(h.frames[id])
		h.frames[id] = slices.Compact(h.frames[id])
	}
	return h
}

// firedRules lists the rules that fired, sorted.
func (h *heard) firedRules() []string {
	var list []string
	for id, o := range h.outcomes {
		if o == fired {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return list
}

// outcome says how a rule ended; expected are the frames that it was to name.
func (h *heard) outcome(id string, expected []int) string {
	if o := h.outcomes[id]; o != fired {
		return cmp.Or(o, "not run")
	}
	return firedText(h.frames[id], expected)
}

// maxFrameList is how many frames of a rule are listed.
const maxFrameList = 24

// firedText says in which frames a rule fired; of a long list, in which that are not
// among the others that it is compared with.
func firedText(frames, others []int) string {
	if len(frames) == 0 {
		return fired
	}
	rest := ""
	if n := len(frames); n > maxFrameList {
		frames = slices.DeleteFunc(slices.Clone(frames), func(f int) bool { return slices.Contains(others, f) })
		frames = frames[:min(len(frames), maxFrameList)]
		rest = fmt.Sprintf(" and %d more", n-len(frames))
	}
	list := make([]string, len(frames))
	for i, f := range frames {
		list[i] = strconv.Itoa(f)
	}
	word := "frames "
	if len(list)+len(rest) == 1 {
		word = "frame "
	}
	return fired + " in " + strings.Join(strings.Fields(word+strings.Join(list, ", ")+rest), " ")
}

// silentButFired lists the rules that fired and should not have.
func (x *ExpectedCell) silentButFired(h *heard) []string {
	all := slices.Contains(x.Silent, AllOthers)
	return slices.DeleteFunc(h.firedRules(), func(id string) bool {
		expected := slices.ContainsFunc(x.Fired, func(f ExpectedRule) bool { return f.Rule == id })
		return expected || !all && !slices.Contains(x.Silent, id)
	})
}

// entries lists the cells of a document of the RAT, all with rat "".
func entries(d *Document, rat string) []*Cell {
	var list []*Cell
	for _, cells := range [][]Cell{d.Cells, d.Unattributed} {
		for i := range cells {
			if rat == "" || cells[i].RAT.String() == rat {
				list = append(list, &cells[i])
			}
		}
	}
	return list
}

// tolerates reports whether a cell that is not among the expected ones may be heard.
func (e *ExpectedCapture) tolerates(v score.Verdict) bool {
	limit, ok := score.ParseVerdict(e.Others)
	return e.Others == OthersAny || ok && v <= limit
}

// CompareExpected holds the document of one capture against what is expected of it.
// Only cells of rat count, all with rat "". A nil document means that the capture is
// missing.
func CompareExpected(e *ExpectedCapture, d *Document, rat string) Comparison {
	c := newComparison(e.Path, LabelExpected)
	whole := c.check("", e.line)
	if d == nil {
		c.Status = StatusMissing
		if !e.Optional {
			c.mismatch(whole, Mismatch{Kind: MismatchCaptureMissing, Expected: "a capture", Got: "no file"})
		}
		return c
	}
	c.read(d, e.SHA256, whole) // of another file, too, it is told what differs
	if len(d.Captures) > 0 && d.Captures[0].Error != nil {
		c.mismatch(whole, Mismatch{Kind: MismatchCaptureUnreadable, Expected: "a capture that can be read", Got: *d.Captures[0].Error})
	}
	all := entries(d, rat)
	claimed := map[*Cell]bool{}
	for i := range e.Cells {
		x := &e.Cells[i]
		if rat != "" && x.RAT != rat {
			continue
		}
		c.cell(x, x.claim(all, claimed))
	}
	expected := "no cell that is not listed"
	if e.Others != "" && e.Others != OthersNone {
		expected += " above " + e.Others
	}
	for _, cell := range all {
		c.hear(cell.Verdict)
		if !claimed[cell] && !e.tolerates(cell.Verdict) {
			x := expectedOf(cell, true)
			name := x.name()
			c.mismatch(whole, Mismatch{Kind: MismatchCellUnexpected, Cell: &name, Expected: expected, Got: cell.Verdict.String()})
		}
	}
	slices.SortStableFunc(c.Mismatches, func(a, b Mismatch) int { return cmp.Compare(a.check, b.check) })
	return c
}

// cell compares one cell.
func (c *Comparison) cell(x *ExpectedCell, mine []*Cell) {
	name := x.name()
	n := c.check(name, x.line)
	miss := func(kind string, line int, rule, expected, got string) {
		m := Mismatch{Kind: kind, Cell: &name, Line: line, Expected: expected, Got: got}
		if rule != "" {
			m.Rule = &rule
		}
		c.mismatch(n, m)
	}
	if len(mine) == 0 {
		miss(MismatchCellMissing, x.line, "", strings.TrimSuffix("heard, "+x.Verdict, ", "), "not heard")
		return
	}
	h := hear(mine)
	if got := h.verdict.String(); x.Verdict != "" && got != x.Verdict {
		miss(MismatchVerdict, x.line, "", x.Verdict, got)
	}
	for i := range x.Fired {
		f := &x.Fired[i]
		switch {
		case h.outcomes[f.Rule] != fired:
			miss(MismatchRuleSilent, f.line, f.Rule, firedText(f.Frames, h.frames[f.Rule]), h.outcome(f.Rule, f.Frames))
		case f.Frames != nil && !slices.Equal(f.Frames, h.frames[f.Rule]):
			miss(MismatchFrames, f.line, f.Rule, firedText(f.Frames, h.frames[f.Rule]), h.outcome(f.Rule, f.Frames))
		}
	}
	for _, id := range x.silentButFired(&h) {
		miss(MismatchRuleFired, x.line, id, "not fired", h.outcome(id, nil))
	}
}

// Update makes what the document says of the capture the expectation. What is stated of
// a cell is corrected, and what is left open stays open; cells not heard are taken out,
// and those not tolerated are added whole, after the ones there. Only cells of rat are
// touched, all with rat "".
func (e *ExpectedCapture) Update(d *Document, rat string) {
	if e.SHA256 != "" && len(d.Captures) > 0 {
		if got := d.Captures[0].SHA256; !strings.EqualFold(e.SHA256, got) {
			e.SHA256 = got
		}
	}
	all := entries(d, rat)
	claimed := map[*Cell]bool{}
	e.Cells = slices.DeleteFunc(e.Cells, func(x ExpectedCell) bool {
		if rat != "" && x.RAT != rat {
			return false
		}
		return !slices.ContainsFunc(all, x.matches)
	})
	for i := range e.Cells {
		x := &e.Cells[i]
		if mine := x.claim(all, claimed); len(mine) > 0 {
			x.update(hear(mine))
		}
	}
	var added []ExpectedCell
	for i, cell := range all {
		if claimed[cell] || e.tolerates(cell.Verdict) {
			continue
		}
		x := expectedOf(cell, false)
		if slices.ContainsFunc(all[:i], x.matches) || slices.ContainsFunc(all[i+1:], x.matches) {
			x = expectedOf(cell, true)
		}
		h := hear(x.claim(all, claimed))
		x.Verdict, x.Silent = h.verdict.String(), []string{AllOthers}
		x.update(h)
		added = append(added, x)
	}
	slices.SortStableFunc(added, func(a, b ExpectedCell) int {
		return cmp.Or(cmp.Compare(ratOrder(a.RAT), ratOrder(b.RAT)), compare(a.PLMN, b.PLMN), compare(a.Area, b.Area), compare(a.Cell, b.Cell), compare(a.ARFCN, b.ARFCN), compare(a.PCI, b.PCI))
	})
	e.Cells = append(e.Cells, added...)
}

func ratOrder(s string) event.RAT {
	r, _ := event.ParseRAT(s)
	return r
}

// update corrects what is stated of the cell.
func (x *ExpectedCell) update(h heard) {
	if x.Verdict != "" {
		x.Verdict = h.verdict.String()
	}
	newly := x.silentButFired(&h)
	x.Fired = slices.DeleteFunc(x.Fired, func(f ExpectedRule) bool { return h.outcomes[f.Rule] != fired })
	for i := range x.Fired {
		if f := &x.Fired[i]; f.Frames != nil {
			f.Frames = h.frames[f.Rule]
		}
	}
	x.Silent = slices.DeleteFunc(x.Silent, func(id string) bool { return slices.Contains(newly, id) })
	for _, id := range newly {
		f := ExpectedRule{Rule: id, Frames: h.frames[id]}
		at := slices.IndexFunc(x.Fired, func(o ExpectedRule) bool { return o.Rule > id })
		if at < 0 {
			at = len(x.Fired)
		}
		x.Fired = slices.Insert(x.Fired, at, f)
	}
}
