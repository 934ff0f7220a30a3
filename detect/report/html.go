package report

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/detect/score"
)

//go:embed page/*
var pageFiles embed.FS

// Bounds on what a page shows; what is beyond is counted in it.
const (
	// maxBriefs is how many cells the summary tells of: more nobody reads as a summary.
	maxBriefs = 5
	// maxDetailed is how many cells are explained, those of the highest score. A drive
	// through a city meets some hundreds; a page of them still opens on a phone.
	maxDetailed = 200
	// maxPeerValues is how many values of the peer cells stand beside a parameter.
	maxPeerValues = 4
	// maxCited is how many frames a list of frames for Wireshark names.
	maxCited = 100
)

// HTML writes the document as one page for people in a language of Languages. The page
// needs nothing beside it: no network, no further file, no script to be read.
//
// Every text from the air is escaped, by Escape and by html/template for its place; the
// page's policy allows no style and no script but its own, by their hashes.
func HTML(w io.Writer, d *Document, language string) error {
	words, err := newWords(language)
	if err != nil {
		return err
	}
	v, err := newPage(d, words)
	if err != nil {
		return err
	}
	t, err := template.New("report.html").Funcs(template.FuncMap{
		"T": words.T, "N": words.N, "e": Escape, "notice": words.notice,
	}).ParseFS(pageFiles, "page/report.html")
	if err != nil {
		return fmt.Errorf("template of the page: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, v); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	if words.err != nil {
		return words.err
	}
	_, err = w.Write(visible(b.Bytes()))
	return err
}

// visible shows the characters that would not show as themselves, should one have come
// so far. Outside of texts from the air a page has none.
func visible(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == '\n' || printable(r) && !(r == utf8.RuneError && n == 1) {
			out = append(out, b[:n]...)
		} else {
			var s strings.Builder
			writeEscaped(&s, r)
			out = append(out, s.String()...)
		}
		b = b[n:]
	}
	return out
}

// page is what the template report.html shows.
type page struct {
	Doc     *Document
	Code    string
	CSP     string
	CSS     template.CSS
	JS      template.JS
	Sources string
	Read    string
	// Worst is the class of the highest verdict, Headline what came out in a sentence.
	Worst, Headline string
	Cells, Flagged  []*cellView
	// MoreFlagged and NotDetailed count the cells that the summary and the page leave out.
	MoreFlagged, NotDetailed int
	Captures                 []captureView
	VerdictWords             []verdictWord
	Rules                    []ruleView
	PriorOdds                string
	Damping, FamilyCap       string
	// English: what rules say is in English, at least in part.
	English bool
}

type verdictWord struct {
	Rank                 int
	Text, Meaning, Class string
}

// cellView is a cell as the page shows it.
type cellView struct {
	*Cell
	w   *words
	d   *Document
	all *cellSet

	Rank, Level    int
	Anchor, Class  string
	Detailed, Open bool
	// number is the number of a finding on the page, by rule.
	number map[string]int
}

// cellSet finds cells by what others say of them.
type cellSet struct {
	byCarrier map[carrier][]*cellView
	naming    map[carrier][]*cellView
	byPLMN    map[network][]*cellView
	byRAT     map[event.RAT][]*cellView
}

type network struct {
	rat  event.RAT
	plmn string
}

var verdictClass = map[score.Verdict]string{
	score.Consistent: "fbs", score.Suspicious: "sus", score.Unusual: "odd", score.Ordinary: "ok", score.Insufficient: "few",
}

func newPage(d *Document, w *words) (*page, error) {
	css, err := pageFiles.ReadFile("page/style.css")
	if err != nil {
		return nil, err
	}
	js, err := pageFiles.ReadFile("page/script.js")
	if err != nil {
		return nil, err
	}
	css = append(css, labels(w, ".params td", "parameters.this", "parameters.peers", "column.frames")...)
	p := &page{
		Doc: d, Code: w.code, CSS: template.CSS(css), JS: template.JS(js),
		CSP:       "default-src 'none'; style-src " + source(css) + "; script-src " + source(js) + "; base-uri 'none'; form-action 'none'",
		PriorOdds: w.odds(d.Tool.PriorLog10), Damping: w.decimal(d.Tool.Damping, 2), FamilyCap: w.decimal(d.Tool.FamilyCap, 1),
		English: w.code != "en",
	}
	frames := 0
	var first, last *time.Time
	var names []string
	for i := range d.Captures {
		c := &d.Captures[i]
		frames += c.Ledger.Frames
		names = append(names, captureName(d, i))
		if c.First != nil && (first == nil || c.First.Before(*first)) {
			first = c.First
		}
		if c.Last != nil && (last == nil || c.Last.After(*last)) {
			last = c.Last
		}
		p.Captures = append(p.Captures, captureView{c, w, names[i]})
	}
	if more := len(names) - 4; more > 0 {
		names = append(names[:4], w.T("more", "Count", more))
	}
	p.Sources = strings.Join(names, ", ")
	p.Read = w.T("read", "Count", frames, "When", w.span(first, last))
	for v := score.Consistent; ; v-- {
		p.VerdictWords = append(p.VerdictWords, verdictWord{int(v), w.T("verdict." + v.String()), w.T("meaning." + v.String()), verdictClass[v]})
		if v == score.Insufficient {
			break
		}
	}
	p.addCells(d, w)
	p.Rules = rulesOf(d, w)
	return p, nil
}

// labels is the style that names the columns of a long table, from the second on, where
// a narrow screen shows its rows one below the other: once for all rows, not in each.
func labels(w *words, cell string, ids ...string) string {
	var b strings.Builder
	b.WriteString("@media (max-width: 46rem) {\n")
	for i, id := range ids {
		text := strings.NewReplacer(`\`, `\5c `, `"`, `\22 `, "<", `\3c `, "\n", " ").Replace(w.T(id))
		fmt.Fprintf(&b, "  %s:nth-child(%d)::before { content: \"%s\"; }\n", cell, i+2, text)
	}
	b.WriteString("}\n")
	return b.String()
}

func (p *page) addCells(d *Document, w *words) {
	set := &cellSet{map[carrier][]*cellView{}, map[carrier][]*cellView{}, map[network][]*cellView{}, map[event.RAT][]*cellView{}}
	flagged := 0
	for i, e := range ranked(d) {
		c := &cellView{
			Cell: e.Cell, w: w, d: d, all: set, Rank: e.rank, Level: int(e.Verdict), Anchor: "cell-" + strconv.Itoa(e.rank),
			Class: verdictClass[e.Verdict], Detailed: i < maxDetailed, Open: e.Verdict >= score.Suspicious, number: map[string]int{},
		}
		against, support := byRule(c.Cell)
		for k, f := range slices.Concat(against, support) {
			c.number[f.list[0].Rule] = k + 1
		}
		p.Cells = append(p.Cells, c)
		if !c.Detailed {
			p.NotDetailed++
		}
		if c.Open {
			if flagged++; flagged <= maxBriefs {
				p.Flagged = append(p.Flagged, c)
			}
		}
		if c.PLMN == nil {
			continue
		}
		n := network{c.RAT, *c.PLMN}
		set.byPLMN[n] = append(set.byPLMN[n], c)
		set.byRAT[c.RAT] = append(set.byRAT[c.RAT], c)
		if c.ARFCN != nil {
			k := carrier{c.RAT, *c.ARFCN}
			set.byCarrier[k] = append(set.byCarrier[k], c)
		}
		for _, n := range c.Neighbours {
			k := carrier{n.RAT, n.ARFCN}
			if list := set.naming[k]; len(list) == 0 || list[len(list)-1] != c {
				set.naming[k] = append(list, c)
			}
		}
	}
	p.MoreFlagged = flagged - len(p.Flagged)
	if len(p.Cells) > 0 && flagged == 0 {
		p.Cells[0].Open = true // nothing found is worth what was looked at
	}
	switch {
	case len(p.Cells) == 0:
		p.Worst, p.Headline = "few", w.T("headline.nothing")
	case flagged == 0 && p.Cells[0].Verdict == score.Unusual:
		p.Worst, p.Headline = "odd", w.T("headline.unusual", "Count", len(p.Cells))
	case flagged == 0:
		p.Worst, p.Headline = verdictClass[p.Cells[0].Verdict], w.T("headline.none", "Count", len(p.Cells))
	default:
		consistent := 0
		for _, c := range p.Cells {
			if c.Verdict == score.Consistent {
				consistent++
			}
		}
		p.Worst, p.Headline = "fbs", w.T("headline.consistent", "Count", consistent, "All", len(p.Cells))
		if consistent == 0 {
			p.Worst, p.Headline = "sus", w.T("headline.suspicious", "Count", flagged, "All", len(p.Cells))
		}
	}
}

// source is the source expression of CSP that allows what has this content.
func source(content []byte) string {
	h := sha256.Sum256(content)
	return "'sha256-" + base64.StdEncoding.EncodeToString(h[:]) + "'"
}

// captureView is a capture as the page shows it.
type captureView struct {
	*Capture
	w    *words
	Name string
}

func (c captureView) Size() string { return c.w.T("capture.octets", "Count", int(c.Bytes)) }
func (c captureView) Span() string { return c.w.span(c.First, c.Last) }

// ErrorText says why reading ended early.
func (c captureView) ErrorText() string { return *c.Error }

// ledgerRow is what became of some of the frames.
type ledgerRow struct {
	Text         said
	Class, Count string
	Width        float64
	Sub          bool
}

// Rows is the ledger: every frame in one of five rows, then what overlaps them.
func (c captureView) Rows() []ledgerRow {
	l := &c.Ledger
	var rows []ledgerRow
	row := func(text said, class string, n int, sub bool) {
		width := 0.0
		if l.Frames > 0 {
			width = round1(100 * float64(n) / float64(l.Frames))
		}
		rows = append(rows, ledgerRow{text, class, c.w.N(n), width, sub})
	}
	named := func(id, class string, n int, sub bool) {
		if n > 0 || !sub {
			row(said{Text: c.w.T("ledger." + id)}, class, n, sub)
		}
	}
	named("decoded", "against", l.Decoded, false)
	named("ciphered", "prior", l.Ciphered, true)
	named("partial", "prior", l.Partial, false)
	named("malformed", "for", l.Malformed, false)
	named("unsupported", "prior", l.Unsupported, false)
	reasons := make([]string, 0, len(l.UnsupportedByReason))
	for reason := range l.UnsupportedByReason {
		reasons = append(reasons, reason)
	}
	slices.SortFunc(reasons, func(a, b string) int {
		return cmp.Or(cmp.Compare(l.UnsupportedByReason[b], l.UnsupportedByReason[a]), cmp.Compare(a, b))
	})
	for _, reason := range reasons {
		row(said{Escape(reason), "en"}, "prior", l.UnsupportedByReason[reason], true)
	}
	named("foreign", "prior", l.Foreign, false)
	named("truncated", "prior", l.Truncated, true)
	if l.UnreadOctets > 0 {
		rows = append(rows, ledgerRow{Text: said{Text: c.w.T("ledger.unread")}, Class: "for", Count: c.w.N(int(l.UnreadOctets)), Sub: true})
	}
	return rows
}

// ruleView is a rule that ran.
type ruleView struct {
	ID    string
	Title said
}

// rulesOf lists the rules that ran, by what they came to on the cells.
func rulesOf(d *Document, w *words) []ruleView {
	ran := map[string]bool{}
	for _, list := range [][]Cell{d.Cells, d.Unattributed} {
		for i := range list {
			o := &list[i].Outcomes
			for _, ids := range [][]string{o.Fired, o.Clear, o.Insufficient, o.NotObservable} {
				for _, id := range ids {
					ran[id] = true
				}
			}
		}
	}
	var out []ruleView
	for _, r := range rule.All() {
		if ran[r.ID] {
			out = append(out, ruleView{r.ID, w.rule(r.Title)})
		}
	}
	return out
}
