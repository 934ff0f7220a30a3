package rules_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var update = flag.Bool("update", false, "rewrite README.md from the rules")

// TestReadme: the folder's README is what the rules say of themselves.
func TestReadme(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Rules\n\nOne file a rule; this page is made from them (`go test ./detect/rules -update`).\n" +
		"The weight is a log10 likelihood ratio: positive speaks for a false base station. `fbsdetect rules show RULE`\n" +
		"tells the rest: why, parameters, clauses.\n\n" +
		"| rule | catalogue | family | weight | finds | innocent explanations |\n|---|---|---|---|---|---|\n")
	for _, r := range rule.All() {
		var benign []string
		for _, x := range r.Benign {
			benign = append(benign, x.Explanation)
		}
		fmt.Fprintf(&b, "| [%s](%s.go) | %s | %s | %+.2f | %s | %s |\n", r.ID, strings.ReplaceAll(r.ID, "-", "_"),
			strings.Join(r.Catalogue, " "), r.Family, r.Weight, r.Title, strings.Join(benign, " "))
	}
	if *update {
		if err := os.WriteFile("README.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != b.String() {
		t.Error("README.md is not what the rules say: go test ./detect/rules -update")
	}
}
