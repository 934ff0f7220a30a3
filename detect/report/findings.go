package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

// IDs of the results of a SARIF log that are not findings of a rule.
const (
	sarifVerdict = "fbsdetect-verdict"
	sarifUnread  = "fbsdetect-capture-unread"
)

// verdictLevels are the levels at which the findings on a cell count, verdictKinds what
// the verdict itself is, by verdict.
var (
	verdictLevels = [...]string{"none", "none", "note", "warning", "error"}
	verdictKinds  = [...]string{"open", "pass", "review", "review", "review"}
)

// severityLevels are the levels of rules (SARIF §3.50.3).
var severityLevels = map[rule.Severity]string{rule.Info: "none", rule.Low: "note", rule.Medium: "warning", rule.High: "error"}

// SARIF writes a result for each finding, at the level that the verdict on its cell has,
// and one for the verdict on each cell, which a person is to review.
func SARIF(w io.Writer, d *Document) error {
	l := newSARIF(d.Tool)
	run := &l.Runs[0]
	run.Properties = map[string]any{"notices": escaped(d.Notices)}
	for _, r := range rule.All() {
		l.rule(catalogued(r))
	}
	verdict, unread := sarifMessage("How far a cell behaves like a false base station"), sarifMessage("A capture was not read to the end")
	l.rule(sarifRule{ID: sarifVerdict, Short: &verdict})
	l.rule(sarifRule{ID: sarifUnread, Short: &unread})
	for i := range d.Captures {
		c := &d.Captures[i]
		at := l.artifact(c.Path, c.SHA256).at(0)
		if c.Error != nil || len(c.Damage) > 0 {
			l.add(sarifResult{RuleID: sarifUnread, Kind: "open", Message: sarifMessage(unreadText(c)), Where: []sarifLocation{at}, Fingerprints: sarifFingerprint(sarifUnread, c.SHA256, c.Path)})
		}
	}
	for _, e := range ranked(d) {
		name := cellPath(e.Cell)
		text := fmt.Sprintf("%s: %s, score %s of 100. %s. %s", cellTitle(e.Cell), VerdictText(e.Verdict), scoreText(e.Cell), capital(new(printer).reason(e.Cell)), gapText(e.Cell))
		l.add(sarifResult{
			RuleID: sarifVerdict, Kind: verdictKinds[e.Verdict], Message: sarifMessage(text),
			Where:        []sarifLocation{l.frame(d, e.FirstFrame, name)},
			Fingerprints: sarifFingerprint(sarifVerdict, name, captureOfUnnamed(d, e.Cell)),
			Properties: map[string]any{
				"rank": e.rank, "score": e.Score, "verdict": e.Verdict.String(),
				"insufficient": escaped(e.Outcomes.Insufficient), "not_observable": escaped(e.Outcomes.NotObservable),
			},
		})
		for i := range e.Evidence {
			l.add(l.finding(d, e, &e.Evidence[i], name))
		}
	}
	return l.write(w)
}

// finding makes the result of a piece of evidence. What speaks for a genuine cell is no
// failure.
func (l *sarifLog) finding(d *Document, e entry, v *Evidence, name string) sarifResult {
	r := sarifResult{
		RuleID: Escape(v.Rule), Level: verdictLevels[e.Verdict],
		Message:      sarifMessage(fmt.Sprintf("%s: %s %s: %s (expected: %s)", cellTitle(e.Cell), Escape(v.Summary), Escape(v.Field), Escape(v.Got), Escape(v.Expect))),
		Fingerprints: sarifFingerprint(v.Rule, name, captureOfUnnamed(d, e.Cell), v.Field, v.Got),
	}
	if v.Counted <= 0 || r.Level == "none" {
		r.Kind = "informational"
	}
	for i, ref := range v.Frames {
		at := l.frame(d, ref, name)
		if i == 0 {
			r.Where = []sarifLocation{at}
			continue
		}
		at.ID = i
		r.Related = append(r.Related, at)
	}
	benign := []string{}
	for _, b := range v.Benign {
		benign = append(benign, Escape(b.Status)+": "+Escape(b.Explanation))
	}
	r.Properties = map[string]any{
		"weight": v.Weight, "counted": v.Counted, "weightBasis": Escape(v.WeightBasis), "attribution": Escape(v.Attribution),
		"times": v.Times, "benign": benign, "refs": escaped(v.Refs),
	}
	return r
}

// frame is a frame of a capture as a place: a capture has no lines, so the frame is a
// logical location beside the cell, and said in words.
func (l *sarifLog) frame(d *Document, ref event.Ref, cell string) sarifLocation {
	var at sarifLocation
	if ref.Capture >= 0 && ref.Capture < len(d.Captures) {
		c := &d.Captures[ref.Capture]
		at = l.artifact(c.Path, c.SHA256).at(0)
	}
	at = at.of(cell)
	name := fmt.Sprintf("frame %d", ref.Frame)
	at.Logical = append(at.Logical, sarifLogicalLocation{Name: name, Kind: "frame"})
	at.Message = &sarifText{name}
	return at
}

// catalogued describes a rule with what the catalogue says of it.
func catalogued(r *rule.Rule) sarifRule {
	text := func(s string) *sarifText { t := sarifMessage(s); return &t }
	help := r.Why
	if len(r.Benign) > 0 {
		help += "\n\nInnocent explanations:"
		for _, b := range r.Benign {
			help += "\n- " + b.Explanation
		}
	}
	help += "\n\nSee " + strings.Join(r.Refs, "; ") + "."
	return sarifRule{
		ID: r.ID, Short: text(r.Title), Full: text(r.Why), Help: text(help), Default: &sarifRuleDefault{severityLevels[r.Severity]},
		Properties: map[string]any{
			"family": string(r.Family), "status": string(r.Status), "version": r.Version, "weight": r.Weight, "weightBasis": r.WeightBasis,
			"tags": append([]string{string(r.Family)}, r.Catalogue...),
		},
	}
}

// escaped is Escape for every item, an empty list for none.
func escaped(list []string) []string {
	out := []string{}
	for _, s := range list {
		out = append(out, Escape(s))
	}
	return out
}

// capital writes the first letter of an English sentence large.
func capital(s string) string {
	if s != "" && s[0] >= 'a' && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}

// cellPath names a cell for programs, the same in every run: "gsm/001-01/65000/1/arfcn-20".
func cellPath(c *Cell) string {
	parts := []string{c.RAT.String()}
	if c.PLMN == nil {
		return parts[0] + "/unnamed"
	}
	parts = append(parts, Escape(*c.PLMN), numeral(c.Area), numeral(c.Cell))
	for _, x := range radioNumbers(c) {
		parts = append(parts, fmt.Sprintf("%s-%d", x.name, x.value))
	}
	return strings.Join(parts, "/")
}

// captureOfUnnamed is the capture of signalling whose cell is not known, "" for a cell.
func captureOfUnnamed(d *Document, c *Cell) string {
	if c.PLMN != nil {
		return ""
	}
	return Escape(capturePath(d, c.FirstFrame))
}

// gapText says what of a cell could not be judged.
func gapText(c *Cell) string {
	n, m := len(c.Outcomes.Insufficient), len(c.Outcomes.NotObservable)
	if n+m == 0 {
		return "Every rule could judge it."
	}
	return fmt.Sprintf("Not judged: %s for which too little was captured, %s for which nothing was. Not observed does not mean absent.", plural(n, "rule"), plural(m, "rule"))
}

// unreadText says where reading a capture failed.
func unreadText(c *Capture) string {
	var parts []string
	for i, x := range c.Damage {
		if i == maxDamages {
			parts = append(parts, fmt.Sprintf("%d more places", len(c.Damage)-i))
			break
		}
		parts = append(parts, fmt.Sprintf("%s skipped at octet %d before frame %d: %s", octets(x.Skipped), x.Offset, x.Frame, Escape(x.Reason)))
	}
	if c.Error != nil {
		parts = append(parts, Escape(*c.Error))
	}
	return strings.Join(parts, "; ")
}

// JUnitCells writes a test case for each cell, which fails at suspicious or above and is
// skipped if too little was seen, and one for each capture, which is an error if it could
// not be read to the end.
func JUnitCells(w io.Writer, d *Document) error {
	l := newJUnit("fbsdetect scan")
	captures := l.suite("captures")
	for i := range d.Captures {
		c := &d.Captures[i]
		t := junitCase{Class: "fbsdetect.captures", Name: Escape(c.Path), Output: unreadText(c)}
		if c.Error != nil {
			t.Error = &junitText{"unread", "the capture could not be read to the end", Escape(*c.Error)}
		}
		captures.add(t)
	}
	cells := l.suite("cells")
	for _, e := range ranked(d) {
		t := junitCase{Class: "fbsdetect." + e.RAT.String(), Name: cellTitle(e.Cell), Output: gapText(e.Cell)}
		if path := captureOfUnnamed(d, e.Cell); path != "" {
			t.Name += ", in " + path
		}
		summary := fmt.Sprintf("%s, score %s of 100: %s", VerdictText(e.Verdict), scoreText(e.Cell), new(printer).reason(e.Cell))
		switch {
		case e.Verdict >= score.Suspicious:
			t.Failure = &junitText{e.Verdict.String(), summary, strings.Join(evidenceLines(d, e.Cell), "\n")}
		case e.Verdict == score.Insufficient:
			t.Skipped = &junitText{Message: summary}
		}
		cells.add(t)
	}
	return l.write(w)
}

// evidenceLines are the findings on a cell, a line each.
func evidenceLines(d *Document, c *Cell) []string {
	lines := make([]string, len(c.Evidence))
	for i := range c.Evidence {
		v := &c.Evidence[i]
		frames := "no frame"
		if len(v.Frames) > 0 {
			frames = "frames " + refText(v.Frames) + " of " + Escape(capturePath(d, v.Frames[0]))
		}
		lines[i] = fmt.Sprintf("%+.2f %s (%s): %s: %s; expected: %s; %s", v.Counted, Escape(v.Title), Escape(v.Rule), Escape(v.Field), Escape(v.Got), Escape(v.Expect), frames)
	}
	return lines
}
