package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/rule"
)

// Rule is a rule as the catalogue lists it.
type Rule struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Family   string `json:"family"`
	Severity string `json:"severity"`
	Status   string `json:"status"`
	Since    string `json:"since"`
	Version  int    `json:"version"`
	// RATs that the rule looks at.
	RATs []string `json:"rats"`
	// Scope is "cell": every rule judges cells.
	Scope string `json:"scope"`
	// Needs are the observations without which the rule says nothing.
	Needs  []string `json:"needs"`
	Weight float64  `json:"weight"`
	// WeightBasis is "expert" or "measured: ...".
	WeightBasis string   `json:"weight_basis"`
	Why         string   `json:"why"`
	Benign      []string `json:"benign"`
	Refs        []string `json:"refs"`
	Params      []Param  `json:"params"`
	// Catalogue are the rows of the detection catalogue that the rule covers.
	Catalogue []string `json:"catalogue"`
	// Vectors counts the tests that the rule carries.
	Vectors int `json:"vectors"`
}

// Param is a number that a user may change by --config.
type Param struct {
	Name    string  `json:"name"`
	Default float64 `json:"default"`
	Unit    string  `json:"unit"`
	Min     float64 `json:"min"`
	Max     float64 `json:"max"`
	Source  string  `json:"source"`
}

func newRule(r *rule.Rule) Rule {
	out := Rule{
		ID: r.ID, Title: r.Title, Family: string(r.Family), Severity: string(r.Severity), Status: string(r.Status),
		Since: r.Since, Version: r.Version, Scope: "cell", Weight: r.Weight, WeightBasis: r.WeightBasis, Why: r.Why,
		RATs: []string{}, Needs: []string{}, Benign: []string{}, Refs: append([]string{}, r.Refs...),
		Params: []Param{}, Catalogue: append([]string{}, r.Catalogue...), Vectors: len(r.Vectors),
	}
	for _, x := range r.RATs {
		out.RATs = append(out.RATs, x.String())
	}
	for _, k := range r.Needs {
		out.Needs = append(out.Needs, k.String())
	}
	for _, b := range r.Benign {
		out.Benign = append(out.Benign, b.Explanation)
	}
	for _, p := range r.Params {
		out.Params = append(out.Params, Param(p))
	}
	return out
}

// RulesJSON writes rules as a JSON array.
func RulesJSON(w io.Writer, rules []*rule.Rule) error {
	list := make([]Rule, 0, len(rules))
	for _, r := range rules {
		list = append(list, newRule(r))
	}
	return writeJSON(w, list, "  ")
}

// RulesTable lists rules for people.
func RulesTable(w io.Writer, rules []*rule.Rule, l Layout) error {
	p := newPrinter(l)
	p.line(plural(len(rules), "rule"))
	if len(rules) > 0 {
		p.line("")
		g := newGrid(p)
		if p.page >= 110 {
			g.header("ID", "Title", "Family", "Severity", "RAT", "Weight", "Status")
			g.right(5)
		} else {
			g.header("ID", "Title", "RAT", "Weight")
			g.right(3)
		}
		g.limit(0, 36)
		g.flexible(1, 20, 90)
		for _, r := range rules {
			rats := make([]string, len(r.RATs))
			for i, x := range r.RATs {
				rats[i] = x.String()
			}
			if p.page >= 110 {
				g.row("", r.ID, r.Title, string(r.Family), string(r.Severity), strings.Join(rats, " "), signed(r.Weight), string(r.Status))
			} else {
				g.row("", r.ID, r.Title, strings.Join(rats, " "), signed(r.Weight))
			}
		}
		p.b.WriteString(g.render())
		p.para("", 0, `"fbsdetect rules show ID" explains one. The weight is the power of ten by which a finding shifts the odds.`)
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// RulePage explains a rule for people.
func RulePage(w io.Writer, r *rule.Rule, l Layout) error {
	p := newPrinter(l)
	x := newRule(r)
	const hang = 13
	for _, line := range wrap(x.Title, p.width) {
		p.line(p.paint(bold, line))
	}
	p.line(x.ID)
	p.line("")
	p.para("", 0, x.Why)
	p.line("")
	p.para("Family", hang, x.Family)
	p.para("Severity", hang, x.Severity)
	p.para("Status", hang, fmt.Sprintf("%s, since %s, version %d", x.Status, x.Since, x.Version))
	p.para("Networks", hang, strings.Join(x.RATs, ", "))
	p.para("Needs", hang, strings.Join(x.Needs, " or "))
	p.para("Weight", hang, fmt.Sprintf("%s, %s: a finding makes a false base station %s times %s likely", signed(x.Weight), x.WeightBasis, factor(x.Weight), moreOrLess(x.Weight)))
	if len(x.Catalogue) > 0 {
		p.para("Catalogue", hang, strings.Join(x.Catalogue, ", "))
	}
	p.para("Vectors", hang, strconv.Itoa(x.Vectors))
	list := func(title string, items []string) {
		if len(items) == 0 {
			return
		}
		p.line("")
		p.line(p.paint(bold, title))
		for _, s := range items {
			p.para("  -", 4, s)
		}
	}
	list("Innocent explanations", x.Benign)
	list("References", x.Refs)
	var params []string
	for _, q := range x.Params {
		params = append(params, strings.TrimSpace(fmt.Sprintf("%s = %g %s", q.Name, q.Default, q.Unit))+fmt.Sprintf(" (%g to %g): %s", q.Min, q.Max, q.Source))
	}
	list("Parameters (--config)", params)
	_, err := io.WriteString(w, p.b.String())
	return err
}

func moreOrLess(weight float64) string {
	if weight < 0 {
		return "less"
	}
	return "more"
}
