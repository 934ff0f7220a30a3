package rules

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/rule/ruletest"
)

// TestPagingAtOnce: IMSIs paged within one minute of an hour weigh half of those paged
// all the time; in a capture of a minute nothing tells the two apart.
func TestPagingAtOnce(t *testing.T) {
	const gsmPage, hour = "PCH 33: 31 062100 080910100000000010\n", 3600
	c := macro(1300, 7, 70001)
	for _, tt := range []struct {
		name, rule, cycle, page string
	}{
		{"gsm", "gsm-paging-imsi", ordinary(33, 10001).cycle(), gsmPage},
		{"lte", "lte-paging-imsi", c.cycle(), c.page(pagedIMSI, "ps")},
	} {
		// weigh pages at the given seconds on a cell that is heard from 0 to end.
		weigh := func(end int, seconds func(int) int) (float64, string) {
			t.Helper()
			text := at(0, tt.cycle)
			for i := range 30 {
				text += at(seconds(i), tt.page)
			}
			frames, err := ruletest.Parse(text + at(end, tt.cycle))
			if err != nil {
				t.Fatal(err)
			}
			judged, err := ruletest.Judge(frames, []*rule.Rule{rule.ByID(tt.rule)})
			if err != nil {
				t.Fatal(err)
			}
			if len(judged[0].Findings) != 1 {
				t.Fatalf("%s: %d findings", tt.name, len(judged[0].Findings))
			}
			f := judged[0].Findings[0]
			return f.Weight, f.Evidence.Summary
		}
		spread, _ := weigh(hour, func(i int) int { return 60 + 115*i })
		burst, summary := weigh(hour, func(i int) int { return 1800 + i })
		short, _ := weigh(40, func(i int) int { return 5 + i })
		if spread <= 0 || 2*burst < 0.99*spread || 2*burst > 1.01*spread || short != spread || !strings.Contains(summary, "within one minute") {
			t.Errorf("%s: spread %.3f, at once %.3f, short %.3f: %s", tt.name, spread, burst, short, summary)
		}
	}
}

// at is a text of frames, the first of which comes at a second.
func at(second int, frames string) string { return fmt.Sprintf("@%d %s", second, frames) }
