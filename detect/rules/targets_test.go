package rules

import (
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/engine"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/rule/ruletest"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

// TestVerdicts runs all rules over whole situations and bounds the verdict on the
// cell on ARFCN 33. The network is 295-99, of a country but not allotted, where the
// situation is not about the network code.
func TestVerdicts(t *testing.T) {
	public := func(c synthetic) synthetic { c.plmn = "92f599"; return c }
	greedy := func(c *synthetic) { c.rest, c.crh, c.t3212, c.rxlev = "bf002b2b", 0, 1, 0 }
	cro := func(rest string) string {
		return public(ordinary(33, 10001, 40, 41).but(func(c *synthetic) { c.rest = rest })).cycle()
	}
	around := cycles(public(ordinary(40, 10002, 41, 42)), public(ordinary(41, 10003, 40, 42)), public(ordinary(42, 10004, 40, 41)))
	dozen := repeat(protected, 12)
	tests := []struct {
		name      string
		low, high score.Verdict
		frames    string
	}{
		{"a: every attraction at once, alone", score.Ordinary, score.Unusual, public(ordinary(33, 10001).but(greedy)).cycle()},
		{"a: every attraction among plain cells", score.Ordinary, score.Unusual, public(ordinary(33, 10001).but(greedy)).cycle() + around},
		{"a: test network without neighbours", score.Unusual, score.Unusual, ordinary(33, 10001).but(func(c *synthetic) { c.t3212 = 5 }).cycle()},
		{"b: serial number, reject 15, network of no country", score.Suspicious, score.Consistent,
			ordinary(33, 10001, 40).but(func(c *synthetic) { c.plmn, c.t3212 = "09f199", 5 }).cycle() + updateTMSI + askIMEISV + giveIMEISV + reject15 + release},
		{"c: unknown TMSI, authenticated, ciphered", score.Ordinary, score.Ordinary, public(ordinary(33, 10001, 40)).cycle() + protected},
		{"d: visitor rejected on a working cell", score.Ordinary, score.Ordinary,
			public(ordinary(33, 10001, 40)).cycle() + dozen + updateVisitor + askIMSI + giveVisitor + reject2 + release},
		{"d: visitor rejected, nothing else heard", score.Ordinary, score.Ordinary,
			public(ordinary(33, 10001, 40)).cycle() + updateVisitor + askIMSI + giveVisitor + reject2 + release},
		{"d: dead SIM, origin not heard, on a working cell", score.Ordinary, score.Ordinary,
			public(ordinary(33, 10001, 40)).cycle() + dozen + askIMSI + reject2 + release},
		{"e: greedy, unprotected accept after both numbers", score.Consistent, score.Consistent,
			public(ordinary(33, 10001).but(greedy).but(func(c *synthetic) { c.lac = 65000 })).cycle() +
				updateTMSI + askIMEISV + giveIMEISV + askIMSI + giveIMSI + acceptTMSI + release},
		{"f: offset 80 dB with penalty", score.Ordinary, score.Ordinary, cro("a8612b2b")},
		{"f: offset 120 dB", score.Ordinary, score.Ordinary, cro("bc002b2b")},
		{"copy of a cell on another frequency", score.Ordinary, score.Unusual, public(ordinary(33, 10001, 40)).cycle() + public(ordinary(101, 10001, 40)).cycle()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			frames, err := ruletest.Parse(tt.frames)
			if err != nil {
				t.Fatal(err)
			}
			judgements, err := ruletest.Judge(frames, rule.All())
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range judgements {
				if j.Cell.ARFCN != 33 {
					continue
				}
				var sum []score.Summand
				judged := 0
				for _, o := range j.Outcomes {
					if o == engine.Clear || o == engine.Fired {
						judged++
					}
				}
				for _, f := range j.Findings {
					sum = append(sum, score.Summand{Family: f.Rule.Family, Weight: f.Weight})
				}
				percent := score.Sum(sum)
				t.Logf("%.1f %%", percent)
				if v := score.Of(percent, judged); v < tt.low || v > tt.high {
					for i, f := range j.Findings {
						t.Logf("%s %.2f (%.2f): %s", f.Rule.ID, f.Weight, sum[i].Counted, f.Evidence.Got)
					}
					t.Errorf("%v, want %v to %v", v, tt.low, tt.high)
				}
			}
		})
	}
}
