package report

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/score"
	"github.com/fbsdetect/fbsdetect/detect/stat"
)

// VerificationSchema names the form of Verification.
const VerificationSchema = "fbsdetect.verify/1"

// Labels say of captures what is in them.
type Labels struct {
	Version int `json:"version"`
	// Root is the folder of the captures, below that of the labels file.
	Root     string            `json:"root"`
	Captures []LabelledCapture `json:"captures"`
}

// LabelledCapture is a capture whose content is known.
type LabelledCapture struct {
	// Path is below Labels.Root.
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	// Frames is the number of frames, 0 if not given.
	Frames int `json:"frames"`
	// Label is one of the Label constants or another word, of which nothing is expected.
	Label string `json:"label"`
	// Rogue are the false base stations in it, Uncertain the cells that count as
	// neither.
	Rogue     []LabelledCell `json:"rogue"`
	Uncertain []LabelledCell `json:"uncertain"`
}

// Labels of which something is expected.
const (
	// LabelRogue: false base stations are in the capture; all other cells are genuine.
	LabelRogue = "rogue"
	// LabelAttack: the capture shows an attack, on a cell that it does not name.
	LabelAttack = "attack"
	// LabelGenuine: every cell is one of a commercial network.
	LabelGenuine = "genuine"
	// LabelExpected: Expectations say cell by cell what is to be found.
	LabelExpected = "expected"
)

// LabelledCell names a cell.
type LabelledCell struct {
	RAT  string `json:"rat"`
	PLMN string `json:"plmn"`
	Area uint32 `json:"area"`
	Cell uint64 `json:"cell"`
}

// String names the cell as "gsm 520-03/1001/10012".
func (l LabelledCell) String() string {
	return fmt.Sprintf("%s %s/%d/%d", Escape(l.RAT), Escape(l.PLMN), l.Area, l.Cell)
}

// ReadLabels reads a labels file.
func ReadLabels(r io.Reader) (*Labels, error) {
	var l Labels
	if err := json.NewDecoder(r).Decode(&l); err != nil {
		return nil, fmt.Errorf("read labels: %w", err)
	}
	if l.Version != 1 {
		return nil, fmt.Errorf("read labels: version %d is not known", l.Version)
	}
	if len(l.Captures) == 0 {
		return nil, errors.New("read labels: no captures")
	}
	for i := range l.Captures {
		c := &l.Captures[i]
		if !filepath.IsLocal(filepath.FromSlash(c.Path)) {
			return nil, fmt.Errorf("read labels: path %q leads out of the folder", c.Path)
		}
		for _, cells := range [][]LabelledCell{c.Rogue, c.Uncertain} {
			for _, cell := range cells {
				if _, ok := event.ParseRAT(cell.RAT); !ok {
					return nil, fmt.Errorf("read labels: %s: no RAT %q", c.Path, cell.RAT)
				}
			}
		}
	}
	if l.Root != "" && !filepath.IsLocal(filepath.FromSlash(l.Root)) {
		return nil, fmt.Errorf("read labels: root %q leads out of the folder", l.Root)
	}
	return &l, nil
}

// Verification is how the verdicts on captures compare with labels and expectations.
type Verification struct {
	Schema string `json:"schema" jsonschema:"const=fbsdetect.verify/1"`
	Tool   Tool   `json:"tool"`
	// Captures are in the order of the labels.
	Captures []Comparison `json:"captures"`
	// Totals has an entry for each RAT that counted and, last, one for all ("all"). An
	// attack of which nothing was decoded counts under "unknown".
	Totals []Total `json:"totals"`
	// Passed is false if a rogue cell was missed, a genuine one reported, a capture
	// differs from the one labelled, or an expectation was not met.
	Passed bool `json:"passed"`
	// Updated lists the files of expectations that were rewritten to what came.
	Updated []string `json:"updated"`
}

// Comparison is one capture of which something is known.
type Comparison struct {
	Path string `json:"path"`
	// Label is its label, LabelExpected if it has expectations instead.
	Label string `json:"label"`
	// Status is "compared", "not_counted" (nothing is expected of the label or the
	// RAT), "missing" or "wrong_sha256".
	Status string `json:"status" jsonschema:"enum=compared,enum=not_counted,enum=missing,enum=wrong_sha256"`
	// Cells is the number of entries heard, those without identity included; Highest
	// is the highest verdict among them, null without any.
	Cells   int            `json:"cells"`
	Highest *score.Verdict `json:"highest" jsonschema:"type=string,enum=insufficient,enum=ordinary,enum=unusual,enum=suspicious,enum=consistent_with_fbs"`
	// Found and Missed are the rogue cells; FalseAlarms are genuine cells at suspicious
	// or above; Alarms are cells at suspicious or above of which nothing is claimed.
	Found       []string `json:"found"`
	Missed      []string `json:"missed"`
	FalseAlarms []string `json:"false_alarms"`
	Alarms      []string `json:"alarms"`
	// Genuine counts the cells that could have been false alarms.
	Genuine int `json:"genuine"`
	// Notes say what else was noticed: another number of frames, a read error.
	Notes []string `json:"notes"`
	// Checks are what was expected, cell by cell; of a labelled capture as a whole.
	Checks []Check `json:"checks"`
	// Mismatches are the expectations that were not met, in the order of Checks.
	Mismatches []Mismatch `json:"mismatches"`
	// File is the file that holds the expectations, Source the capture as it was opened
	// and SHA256 that of its octets, "" if it was not read.
	File   string `json:"file"`
	Source string `json:"source"`
	SHA256 string `json:"sha256"`

	counts map[string]*Total
}

// Check is what was expected of a cell, or of the capture as a whole.
type Check struct {
	// Cell names the cell, null for the capture as a whole.
	Cell *string `json:"cell"`
	// Line is where File states it, 0 if it is not known.
	Line int  `json:"line"`
	Met  bool `json:"met"`
}

// Mismatch is an expectation that was not met.
type Mismatch struct {
	Kind string `json:"kind" jsonschema:"enum=rogue_missed,enum=false_alarm,enum=wrong_sha256,enum=capture_missing,enum=capture_unreadable,enum=cell_missing,enum=cell_unexpected,enum=verdict,enum=rule_silent,enum=rule_fired,enum=frames"`
	// Cell names the cell, null where the capture as a whole is meant.
	Cell *string `json:"cell"`
	// Rule is the rule, null where no single one is meant.
	Rule *string `json:"rule"`
	// Line is where File states the expectation, 0 if it is not known.
	Line int `json:"line"`
	// Expected and Got say in words what was expected and what came.
	Expected string `json:"expected"`
	Got      string `json:"got"`

	check int // index in Comparison.Checks
}

// Values of Mismatch.Kind.
const (
	MismatchRogueMissed       = "rogue_missed"
	MismatchFalseAlarm        = "false_alarm"
	MismatchWrongSHA256       = "wrong_sha256"
	MismatchCaptureMissing    = "capture_missing"
	MismatchCaptureUnreadable = "capture_unreadable"
	MismatchCellMissing       = "cell_missing"
	MismatchCellUnexpected    = "cell_unexpected"
	MismatchVerdict           = "verdict"
	MismatchRuleSilent        = "rule_silent"
	MismatchRuleFired         = "rule_fired"
	MismatchFrames            = "frames"
)

func newComparison(path, label string) Comparison {
	return Comparison{
		Path: path, Label: label, Status: StatusCompared,
		Found: []string{}, Missed: []string{}, FalseAlarms: []string{}, Alarms: []string{}, Notes: []string{},
		Checks: []Check{}, Mismatches: []Mismatch{}, counts: map[string]*Total{},
	}
}

// failed reports whether an expectation was missed.
func (c *Comparison) failed() bool { return len(c.Mismatches) > 0 }

// check begins to check a cell, or the capture as a whole with cell "", and returns the
// number of the check.
func (c *Comparison) check(cell string, line int) int {
	k := Check{Line: line, Met: true}
	if cell != "" {
		k.Cell = &cell
	}
	c.Checks = append(c.Checks, k)
	return len(c.Checks) - 1
}

// mismatch records that check number n was not met.
func (c *Comparison) mismatch(n int, m Mismatch) {
	m.check = n
	m.Line = cmp.Or(m.Line, c.Checks[n].Line)
	c.Checks[n].Met = false
	c.Mismatches = append(c.Mismatches, m)
}

// labelled records that what the label says of a cell was not met.
func (c *Comparison) labelled(kind, cell, expected, got string) {
	m := Mismatch{Kind: kind, Expected: expected, Got: got}
	if cell != "" {
		m.Cell = &cell
	}
	c.mismatch(0, m)
}

// read takes over what the document says of the file and reports whether it is the
// one with the given SHA-256, if one is given. whole is the check of the capture.
func (c *Comparison) read(d *Document, sum string, whole int) bool {
	if len(d.Captures) == 0 {
		return true
	}
	f := &d.Captures[0]
	c.SHA256 = f.SHA256
	if sum != "" && f.SHA256 != "" && !strings.EqualFold(sum, f.SHA256) {
		c.Status = StatusWrongSHA256
		c.mismatch(whole, Mismatch{Kind: MismatchWrongSHA256, Expected: "sha256 " + sum, Got: "sha256 " + f.SHA256})
		return false
	}
	return true
}

// hear counts a cell with its verdict.
func (c *Comparison) hear(v score.Verdict) {
	c.Cells++
	if c.Highest == nil || v > *c.Highest {
		c.Highest = &v
	}
}

// Values of Comparison.Status.
const (
	StatusCompared    = "compared"
	StatusNotCounted  = "not_counted"
	StatusMissing     = "missing"
	StatusWrongSHA256 = "wrong_sha256"
)

// Total sums up a RAT.
type Total struct {
	RAT   string `json:"rat"`
	Rogue int    `json:"rogue"`
	Found int    `json:"found"`
	// Genuine counts the genuine cells, FalseAlarms those of them at suspicious or above.
	Genuine     int `json:"genuine"`
	FalseAlarms int `json:"false_alarms"`
	// Recall is found among rogue, Precision found among what was reported, and
	// FalseAlarmRate false alarms among genuine.
	Recall         Proportion `json:"recall"`
	Precision      Proportion `json:"precision"`
	FalseAlarmRate Proportion `json:"false_alarm_rate"`
}

// Proportion is a share with its 95 % interval after Wilson (E. B. Wilson, J. Am.
// Stat. Assoc. 22, 1927, p. 209), null where there is nothing to take a share of.
type Proportion struct {
	Value *float64 `json:"value"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
}

// NewProportion returns the share k of n.
func NewProportion(k, n int) Proportion {
	low, high, ok := stat.Wilson(k, n, 0.95)
	if !ok {
		return Proportion{}
	}
	round := func(x float64) *float64 {
		x = math.Round(x*10000) / 10000
		return &x
	}
	return Proportion{round(float64(k) / float64(n)), round(low), round(high)}
}

// identity is a cell's name on both sides of the comparison.
func identity(c *Cell) (LabelledCell, bool) {
	if c.PLMN == nil || c.Area == nil || c.Cell == nil {
		return LabelledCell{}, false
	}
	return LabelledCell{c.RAT.String(), *c.PLMN, *c.Area, *c.Cell}, true
}

// heardCell is a cell by its name with the highest verdict among its entries.
type heardCell struct {
	name    LabelledCell
	verdict score.Verdict
}

// Compare holds the document of one capture against its label. Only cells of rat
// count, all with rat "". A nil document means that the capture is missing.
func Compare(l *LabelledCapture, d *Document, rat string) Comparison {
	c := newComparison(l.Path, l.Label)
	whole := c.check("", 0)
	if d == nil {
		c.Status = StatusMissing
		return c
	}
	if !c.read(d, l.SHA256, whole) {
		c.Notes = append(c.Notes, "the file is not the one labelled: its sha256 is "+c.SHA256)
		return c
	}
	if len(d.Captures) > 0 {
		f := &d.Captures[0]
		if f.Error != nil {
			c.Notes = append(c.Notes, "reading stopped: "+*f.Error)
		}
		if l.Frames > 0 && f.Ledger.Frames != l.Frames {
			c.Notes = append(c.Notes, fmt.Sprintf("%d frames read, %d labelled", f.Ledger.Frames, l.Frames))
		}
	}
	heard, unnamed := heardCells(d, rat)
	for _, h := range slices.Concat(heard, unnamed) {
		c.hear(h.verdict)
	}
	rogue := slices.DeleteFunc(slices.Clone(l.Rogue), func(x LabelledCell) bool { return rat != "" && x.RAT != rat })
	unnamedAttack := len(l.Rogue) == 0 && (l.Label == LabelRogue || l.Label == LabelAttack)
	if rat != "" && len(heard)+len(unnamed) == 0 && len(rogue) == 0 {
		c.Status = StatusNotCounted
		return c
	}
	for _, r := range rogue {
		t := c.total(r.RAT)
		t.Rogue++
		i := slices.IndexFunc(heard, func(h heardCell) bool { return h.name == r })
		if i >= 0 && heard[i].verdict >= score.Suspicious {
			t.Found++
			c.Found = append(c.Found, r.String())
			continue
		}
		c.Missed = append(c.Missed, fmt.Sprintf("%s: %s", r, missedText(heard, i)))
		c.labelled(MismatchRogueMissed, r.String(), atLeast, missedText(heard, i))
	}
	if unnamedAttack {
		c.attack(heard, unnamed)
		return c
	}
	counted := l.Label == LabelGenuine || l.Label == LabelRogue
	if !counted && len(rogue) == 0 {
		c.Status = StatusNotCounted
	}
	if l.Label == LabelGenuine {
		heard = append(heard, unnamed...)
	}
	for _, h := range heard {
		if slices.Contains(l.Rogue, h.name) || slices.Contains(l.Uncertain, h.name) {
			continue
		}
		alarm := h.verdict >= score.Suspicious
		if !counted {
			if alarm {
				c.Alarms = append(c.Alarms, heardText(h))
			}
			continue
		}
		t := c.total(h.name.RAT)
		t.Genuine++
		c.Genuine++
		if alarm {
			t.FalseAlarms++
			c.FalseAlarms = append(c.FalseAlarms, heardText(h))
			c.labelled(MismatchFalseAlarm, h.cell(), "below suspicious", h.verdict.String())
		}
	}
	return c
}

// attack compares a capture that shows an attack and names no cell: it is found when
// any entry stands out, and none can be a false alarm.
func (c *Comparison) attack(heard, unnamed []heardCell) {
	all := slices.Concat(heard, unnamed)
	slices.SortStableFunc(all, func(a, b heardCell) int { return cmp.Compare(b.verdict, a.verdict) })
	rat := "unknown"
	if len(all) > 0 {
		rat = all[0].name.RAT
	}
	t := c.total(rat)
	t.Rogue++
	if len(all) > 0 && all[0].verdict >= score.Suspicious {
		t.Found++
		c.Found = append(c.Found, heardText(all[0]))
		return
	}
	text := "no cell was heard"
	if len(all) > 0 {
		text = "the highest is " + heardText(all[0])
	}
	c.Missed = append(c.Missed, "any cell or unattributed signalling at suspicious or above: "+text)
	c.labelled(MismatchRogueMissed, "", "any cell or unattributed signalling at "+atLeast, text)
}

// heardCells lists the named cells, each once, and the entries without a name.
func heardCells(d *Document, rat string) (heard, unnamed []heardCell) {
	add := func(c *Cell) {
		if rat != "" && c.RAT.String() != rat {
			return
		}
		name, ok := identity(c)
		if !ok {
			unnamed = append(unnamed, heardCell{LabelledCell{RAT: c.RAT.String()}, c.Verdict})
			return
		}
		i := slices.IndexFunc(heard, func(h heardCell) bool { return h.name == name })
		if i < 0 {
			heard = append(heard, heardCell{name, c.Verdict})
			return
		}
		heard[i].verdict = max(heard[i].verdict, c.Verdict)
	}
	for i := range d.Cells {
		add(&d.Cells[i])
	}
	for i := range d.Unattributed {
		add(&d.Unattributed[i])
	}
	return heard, unnamed
}

// atLeast is what a rogue cell must reach.
const atLeast = "suspicious or above"

// cell names the cell, as far as it has a name.
func (h heardCell) cell() string {
	if h.name.PLMN == "" {
		return h.name.RAT + " without cell name"
	}
	return h.name.String()
}

func heardText(h heardCell) string { return h.cell() + ", " + h.verdict.String() }

func missedText(heard []heardCell, i int) string {
	if i < 0 {
		return "not heard"
	}
	return "only " + heard[i].verdict.String()
}

func (c *Comparison) total(rat string) *Total {
	t := c.counts[rat]
	if t == nil {
		t = &Total{RAT: rat}
		c.counts[rat] = t
	}
	return t
}

// NewVerification sums up comparisons.
func NewVerification(tool Tool, list []Comparison) *Verification {
	v := &Verification{Schema: VerificationSchema, Tool: tool, Captures: list, Totals: []Total{}, Updated: []string{}, Passed: true}
	if list == nil {
		v.Captures = []Comparison{}
	}
	all := Total{RAT: "all"}
	for _, rat := range []string{event.GSM.String(), event.UMTS.String(), event.LTE.String(), event.NR.String(), "unknown"} {
		sum := Total{RAT: rat}
		for i := range list {
			if t := list[i].counts[rat]; t != nil {
				sum.add(t)
			}
		}
		if sum.Rogue+sum.Genuine > 0 {
			all.add(&sum)
			v.Totals = append(v.Totals, sum.shares())
		}
	}
	v.Totals = append(v.Totals, all.shares())
	for i := range list {
		if list[i].failed() {
			v.Passed = false
		}
	}
	return v
}

func (t *Total) add(o *Total) {
	t.Rogue += o.Rogue
	t.Found += o.Found
	t.Genuine += o.Genuine
	t.FalseAlarms += o.FalseAlarms
}

func (t Total) shares() Total {
	t.Recall = NewProportion(t.Found, t.Rogue)
	t.Precision = NewProportion(t.Found, t.Found+t.FalseAlarms)
	t.FalseAlarmRate = NewProportion(t.FalseAlarms, t.Genuine)
	return t
}
