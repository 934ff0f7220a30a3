package detect_test

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/engine"
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/observe"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/rule/ruletest"
	"github.com/fbsdetect/fbsdetect/detect/score"
	"github.com/fbsdetect/fbsdetect/detect/stat"
	"github.com/fbsdetect/fbsdetect/gsmtap"
	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// survey returns the scans of the Freiburg survey in the notation of vectors, each cell's
// system information twice, and how many cells the survey's own table lists.
func survey(t *testing.T) (names []string, scans map[string]string, listed int) {
	t.Helper()
	rows := func(file string, row func(cols []string)) {
		f, err := os.Open(corpus(t, "vectors", file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		s := bufio.NewScanner(f)
		s.Buffer(nil, 1<<20)
		for s.Scan() {
			if cols := strings.Split(s.Text(), "\t"); !strings.HasPrefix(s.Text(), "#") && cols[0] != "scan" {
				row(cols)
			}
		}
	}
	rows("gsm_cells_freiburg2012.tsv", func([]string) { listed++ })
	scans = map[string]string{}
	rows("gsm_bcch_si_freiburg2012.tsv", func(cols []string) {
		if scans[cols[0]] == "" {
			names = append(names, cols[0])
		}
		scans[cols[0]] += "BCCH " + cols[3] + ": " + cols[2] + "\n"
	})
	for _, n := range names {
		scans[n] += scans[n]
	}
	return names, scans, listed
}

// judged runs all rules over frames in the notation, with a baseline.
func judged(t *testing.T, frames string, known rule.Known) []engine.Judgement {
	t.Helper()
	list, err := ruletest.Parse(frames)
	if err != nil {
		t.Fatal(err)
	}
	j, err := ruletest.JudgeKnowing(list, rule.All(), known)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

const rareRule = "any-parameters-rare"

// rareness is the weight of the finding that a cell is unlike its network, 0 without, and
// how many of its settings that names, at most 5.
func rareness(j engine.Judgement) (weight float64, settings int) {
	for _, f := range j.Findings {
		if f.Rule.ID == rareRule {
			return f.Weight, strings.Count(f.Evidence.Expect, "; ") + 1
		}
	}
	return 0, 0
}

// percentOf is the score of a cell, without the findings of the family left out.
func percentOf(j engine.Judgement, without rule.Family) float64 {
	var s []score.Summand
	for _, f := range j.Findings {
		if f.Rule.Family != without {
			s = append(s, score.Summand{Family: f.Rule.Family, Weight: f.Weight})
		}
	}
	return score.Sum(s)
}

func explain(t *testing.T, j engine.Judgement) {
	for _, f := range j.Findings {
		t.Logf("    %-9s %+.2f %s: %s", f.Rule.Family, f.Weight, f.Rule.ID, f.Evidence.Got)
	}
}

// TestCorpusRarity: commercial cells judged against the other scans of the survey they
// are from, and the catchers of the corpus transplanted into its networks: parameters
// kept, PLMN and band changed, broadcast only.
func TestCorpusRarity(t *testing.T) {
	names, scans, listed := survey(t)
	except := func(left string) rule.Known {
		var other []string
		for _, n := range names {
			if n != left {
				other = append(other, scans[n])
			}
		}
		k, err := ruletest.Learn(other)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	cells, alarms, top := 0, 0, 0.0
	var genuine []float64
	outcomes := map[engine.Outcome]int{} // of the rule
	fired := map[string]int{}            // of the rules that look at the baseline
	for _, n := range names {
		for _, j := range judged(t, scans[n], except(n)) {
			if !j.Cell.ID.Known {
				continue
			}
			cells++
			w, _ := rareness(j)
			genuine = append(genuine, w)
			top = max(top, percentOf(j, ""))
			for i, r := range rule.All() {
				if r.ID == rareRule {
					outcomes[j.Outcomes[i]]++
				}
				if strings.HasPrefix(r.ID, "any-") && j.Outcomes[i] == engine.Fired {
					fired[r.ID]++
				}
			}
			if v := verdictOf(j); v >= score.Suspicious {
				alarms++
				t.Logf("%s: cell %+v is %v (%.1f)", n, j.Cell.ID, v, percentOf(j, ""))
				explain(t, j)
			}
		}
	}
	t.Logf("%d cells in the survey's table, %d named themselves in %d scans: %v by %s, %d suspicious or above, highest score %.1f; fired %v",
		listed, cells, len(names), outcomes, rareRule, alarms, top, fired)
	if cells < 100 || float64(alarms) > 0.01*float64(cells) {
		t.Errorf("%d of %d commercial cells are suspicious, want at most 1 %%", alarms, cells)
	}

	known := except("")
	for _, c := range catchers(t) {
		for _, network := range []struct {
			name  string
			plmn  ident.PLMN
			arfcn int
		}{
			{"262-01", ident.PLMN{MCC: 262, MNC: 1, MNCDigits: 2}, 29},
			{"262-02", ident.PLMN{MCC: 262, MNC: 2, MNCDigits: 2}, 5},
			{"262-03", ident.PLMN{MCC: 262, MNC: 3, MNCDigits: 2}, 800},
			{"262-07", ident.PLMN{MCC: 262, MNC: 7, MNCDigits: 2}, 700},
		} {
			frames := c.transplant(network.plmn, network.arfcn)
			for _, j := range judged(t, frames, known) {
				if !j.Cell.ID.Known {
					continue
				}
				w, settings := rareness(j)
				rank := 1
				for _, g := range genuine {
					if g >= w {
						rank++
					}
				}
				p := percentOf(j, "")
				t.Logf("%s as a cell of %s: rank %d of %d by rarity (log10 %.2f, %d settings or more), score %.1f, without rarity %.1f",
					c.name, network.name, rank, cells+1, w, settings, p, percentOf(j, rule.Rarity))
				if rank > 3 {
					t.Errorf("%s as a cell of %s ranks %d", c.name, network.name, rank)
				}
				if settings >= 3 && p < 50 {
					t.Errorf("%s as a cell of %s scores %.1f", c.name, network.name, p)
					explain(t, j)
				}
			}
		}
	}
}

// TestCorpusRarityAlarms: among the cells of captures of genuine networks, judged against
// those of the same capture, the rule finds no more than it promises.
func TestCorpusRarityAlarms(t *testing.T) {
	b, err := os.ReadFile(corpus(t, "labels.json"))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Root     string
		Captures []struct{ Path, Label string }
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	fired, judged := 0, 0
	for _, c := range doc.Captures {
		if c.Label != "genuine" && c.Label != "genuine-unproven" {
			continue
		}
		for _, x := range scan(t, corpus(t, doc.Root, c.Path)).Cells {
			switch {
			case slices.Contains(x.Outcomes.Fired, rareRule):
				fired++
				judged++
			case slices.Contains(x.Outcomes.Clear, rareRule):
				judged++
			}
		}
	}
	low, high, _ := stat.Wilson(fired, judged, 0.95)
	t.Logf("%d of %d genuine cells are found (%.1f to %.1f in 1,000)", fired, judged, 1000*low, 1000*high)
	if judged < 300 || low > 0.005 {
		t.Errorf("%d of %d genuine cells are found, want at most 5 in 1,000", fired, judged)
	}
}

// catcher is the system information of a rogue cell, by message type.
type catcher struct {
	name   string
	blocks map[byte][]byte
}

// Message types of system information (TS 44.018 §9.1).
const (
	typeSI1, typeSI2, typeSI3, typeSI4 = 0x19, 0x1a, 0x1b, 0x1c
)

// transplant returns the cell's broadcasts on another frequency and of another network,
// in the notation of vectors.
func (c *catcher) transplant(plmn ident.PLMN, arfcn int) string {
	lai := []byte{byte(plmn.MCC/10%10)<<4 | byte(plmn.MCC/100), 0xf0 | byte(plmn.MCC%10), byte(plmn.MNC%10)<<4 | byte(plmn.MNC/10)}
	var b strings.Builder
	for range 2 {
		for _, k := range []struct {
			kind, length byte // L2 pseudo length, TS 44.018 §10.5.2.19
			lai          int  // offset of the LAI behind the message type
		}{{typeSI3, 18, 5}, {typeSI1, 21, 0}, {typeSI2, 22, 0}, {typeSI4, 12, 3}} {
			m := slices.Clone(c.blocks[k.kind])
			if m == nil {
				continue
			}
			if k.lai > 0 {
				copy(m[k.lai-1:], lai)
			}
			if k.kind == typeSI1 {
				// Cell Channel Description: this one frequency, variable bit map (§10.5.2.13.7).
				clear(m[2:18])
				m[2], m[3], m[4] = 0x8e|byte(arfcn>>9), byte(arfcn>>1), byte(arfcn)<<7
			}
			fmt.Fprintf(&b, "BCCH %d: %02x%s\n", arfcn, k.length<<2|1, hex.EncodeToString(m))
		}
	}
	return b.String()
}

// catchers lists the rogue GSM cells of the labelled captures, each configuration once.
func catchers(t *testing.T) []*catcher {
	t.Helper()
	var out []*catcher
	have := map[string]bool{}
	for _, labels := range []string{corpus(t, "labels.json"), corpus(t, "lab", "labels.json")} {
		b, err := os.ReadFile(labels)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Root     string
			Captures []struct {
				Path  string
				Rogue []struct {
					RAT  string
					PLMN string
					Area uint32
					Cell uint64
				}
			}
		}
		if err := json.Unmarshal(b, &doc); err != nil {
			t.Fatal(err)
		}
		for _, c := range doc.Captures {
			for _, r := range c.Rogue {
				if r.RAT != "gsm" {
					continue
				}
				blocks := broadcasts(t, filepath.Join(filepath.Dir(labels), doc.Root, c.Path), r.PLMN, r.Area, r.Cell)
				key := fmt.Sprint(blocks)
				if len(blocks) == 0 || have[key] {
					continue
				}
				have[key] = true
				out = append(out, &catcher{name: filepath.Base(c.Path) + " " + strconv.Itoa(int(r.Area)) + "/" + strconv.Itoa(int(r.Cell)), blocks: blocks})
			}
		}
	}
	return out
}

// silent is a sink for observations that nobody judges.
type silent struct{}

func (silent) Observe(*cell.Cell, *event.Event, bool) {}
func (silent) Repeats() bool                          { return false }

// broadcasts reads the system information of one cell of a capture, by message type: the
// frames in which its parameters have their last value.
func broadcasts(t *testing.T, path, plmn string, area uint32, ci uint64) map[byte][]byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	r, err := capture.New(f)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	tracker := cell.NewTracker()
	o := observe.New(tracker, silent{}, 0)
	u, d := capture.NewUnwrapper(capture.Options{}), gsmtap.NewDecoder()
	frames := map[int][]byte{}
	for {
		frame, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		p := u.Unwrap(frame)
		d.DecodePayload(&p, func(p *gsmtap.Packet) {
			o.Packet(frame.Number, frame.Time, p)
			if len(p.Octets) >= 13 && p.Octets[0] == 0x06 && p.Octets[1] >= typeSI1 && p.Octets[1] <= typeSI4 {
				frames[frame.Number] = slices.Clone(p.Octets)
			}
		})
	}
	o.Close()
	out := map[byte][]byte{}
	for _, c := range tracker.Cells() {
		if !c.ID.Known || c.ID.PLMN.String() != plmn || c.ID.Area != area || c.ID.Cell != ci {
			continue
		}
		for _, p := range c.Parameters() {
			if m := frames[p.First.Frame]; m != nil {
				out[m[1]] = m
			}
		}
	}
	return out
}
