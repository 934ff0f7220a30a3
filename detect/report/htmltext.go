package report

import (
	"embed"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"github.com/fbsdetect/fbsdetect/detect/event"
)

// langFiles holds a catalogue of messages a language, CODE.json, and what the rules say
// in that language, rules.CODE.json, by their English text.
//
//go:embed lang/*.json
var langFiles embed.FS

// Languages lists the languages of the HTML report by their BCP 47 codes, the first of
// them the default.
func Languages() []string { return []string{"en", "th", "zh"} }

// words says things in one language.
type words struct {
	code string
	loc  *i18n.Localizer
	num  *message.Printer
	// rules translates what rules say; nil for English, in which they are written.
	rules Sentences
	err   error
}

func newWords(code string) (*words, error) {
	tag, err := language.Parse(code)
	if err != nil {
		return nil, fmt.Errorf("language %q: %w", code, err)
	}
	bundle := i18n.NewBundle(language.English)
	for _, c := range Languages() {
		if _, err := bundle.LoadMessageFileFS(langFiles, "lang/"+c+".json"); err != nil {
			return nil, fmt.Errorf("messages of language %s: %w", c, err)
		}
	}
	w := &words{code: code, loc: i18n.NewLocalizer(bundle, code), num: message.NewPrinter(tag)}
	if code == "en" {
		return w, nil
	}
	w.rules, err = ReadSentences(code)
	return w, err
}

// T says a message; kv are names and values for its places. Count, a number, also
// chooses its plural. The first message that does not exist is kept in err.
func (w *words) T(id string, kv ...any) string {
	data := make(map[string]any, len(kv)/2)
	c := i18n.LocalizeConfig{MessageID: id, TemplateData: data}
	for i := 0; i+1 < len(kv); i += 2 {
		name, v := kv[i].(string), kv[i+1]
		if n, ok := v.(int); ok {
			v = w.N(n)
			if name == "Count" {
				c.PluralCount = n
			}
		}
		data[name] = v
	}
	s, err := w.loc.Localize(&c)
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("message %s in %s: %w", id, w.code, err)
	}
	return s
}

// term says the word of a fixed vocabulary, such as a family of rules; one that the
// catalogue does not have is shown as it is.
func (w *words) term(kind, value string) string {
	s, err := w.loc.Localize(&i18n.LocalizeConfig{MessageID: kind + "." + value})
	if err != nil {
		return Escape(value)
	}
	return s
}

// said is a text of a rule, in English where Lang says so.
type said struct{ Text, Lang string }

// rule says a sentence of a rule.
func (w *words) rule(english string) said {
	if w.code == "en" {
		return said{Text: Escape(english)}
	}
	if s, keys := w.rules.Find(english); keys != nil {
		return said{Text: s}
	}
	return said{Escape(english), "en"}
}

// says says what may be several sentences.
func (w *words) says(english string) []said {
	whole := w.rule(english)
	if whole.Lang == "" {
		return []said{whole}
	}
	var out []said
	var texts []string
	for s := range strings.SplitAfterSeq(english, ". ") {
		one := w.rule(strings.TrimSuffix(s, " "))
		if one.Lang == "" {
			texts = append(texts, one.Text)
		}
		out = append(out, one)
	}
	switch len(texts) {
	case 0:
		return []said{whole}
	case len(out):
		return []said{{Text: w.sentences(texts)}}
	}
	return out
}

// notice says a notice, which may begin with the file that it is about.
func (w *words) notice(english string) said {
	whole := w.rule(english)
	if file, rest, ok := strings.Cut(english, ": "); ok && whole.Lang != "" {
		if s := w.rule(rest); s.Lang == "" {
			return said{Text: Escape(file) + ": " + s.Text}
		}
	}
	return whole
}

// sentences puts sentences one behind the other; Chinese has no space between them.
func (w *words) sentences(list []string) string {
	if w.code == "zh" {
		return strings.Join(list, "")
	}
	return strings.Join(list, " ")
}

// N writes a whole number of any integer type.
func (w *words) N(n any) string { return w.num.Sprint(number.Decimal(n)) }

// decimal writes a number with that many decimals, and a typographic minus.
func (w *words) decimal(x float64, decimals int) string {
	s := w.num.Sprint(number.Decimal(math.Abs(x), number.MinFractionDigits(decimals), number.MaxFractionDigits(decimals)))
	if x < 0 && strings.Trim(s, "0.,") != "" {
		return "−" + s
	}
	return s
}

// signed writes a weight with its sign.
func (w *words) signed(x float64) string {
	if s := w.decimal(x, 2); math.Abs(x) < 0.005 || x < 0 {
		return s
	}
	return "+" + w.decimal(x, 2)
}

func (w *words) percent(share float64) string {
	if share > 0 && share < 0.1 {
		return w.decimal(100*share, 1) + " %"
	}
	return w.decimal(100*share, 0) + " %"
}

// odds says a log10 of odds.
func (w *words) odds(log10 float64) string {
	f := math.Pow(10, math.Abs(log10))
	n := w.decimal(f, 0)
	if f < 10 {
		n = strings.TrimSuffix(w.decimal(f, 1), ".0")
	}
	if log10 < 0 {
		return w.T("odds", "For", "1", "Against", n)
	}
	return w.T("odds", "For", n, "Against", "1")
}

// day writes a date.
func (w *words) day(t time.Time) string {
	month := strings.Split(w.T("date.months"), ",")[t.Month()-1]
	return w.T("date.day", "Day", strconv.Itoa(t.Day()), "Month", month, "Year", strconv.Itoa(t.Year()), "BuddhistYear", strconv.Itoa(t.Year()+543))
}

// at writes a time, which is UTC.
func (w *words) at(t time.Time) string {
	t = t.UTC()
	return w.T("date.time", "Day", w.day(t), "Time", t.Format(time.TimeOnly))
}

// span writes from when to when; nothing is known without times.
func (w *words) span(a, b *time.Time) string {
	if a == nil || b == nil {
		return w.T("date.unknown")
	}
	first, last := inOrder(a, b)
	from, to := first.UTC(), last.UTC()
	switch {
	case from.Truncate(time.Second).Equal(to.Truncate(time.Second)):
		return w.at(from)
	case sameDay(&from, &to):
		return w.T("date.hours", "Day", w.day(from), "From", from.Format(time.TimeOnly), "To", to.Format(time.TimeOnly))
	}
	return w.T("date.days", "From", w.at(from), "To", w.at(to))
}

// identity names a cell by what it is called in the specifications.
func (w *words) identity(c *Cell) string {
	if c.PLMN == nil {
		return w.T("cell.unnamed", "RAT", ratText(c.RAT))
	}
	parts := []string{ratText(c.RAT) + " " + Escape(*c.PLMN)}
	if c.Area != nil {
		parts = append(parts, areaName(c.RAT)+" "+strconv.FormatUint(uint64(*c.Area), 10))
	}
	if c.Cell != nil {
		parts = append(parts, cellName(c.RAT)+" "+strconv.FormatUint(*c.Cell, 10))
	}
	return strings.Join(parts, ", ")
}

// name is identity with the frequency.
func (w *words) name(c *Cell) string {
	if c.ARFCN == nil {
		return w.identity(c)
	}
	return w.identity(c) + ", " + frequency(c)
}

// captureName is the file name of a capture, with its folder where that is needed to
// tell two apart.
func captureName(d *Document, i int) string {
	if i < 0 || i >= len(d.Captures) {
		return strconv.Itoa(i)
	}
	path := d.Captures[i].Path
	base := filepath.Base(path)
	for j := range d.Captures {
		if j != i && filepath.Base(d.Captures[j].Path) == base {
			return Escape(path)
		}
	}
	return Escape(base)
}

// frames lists frames, by capture where the document has several; times is how often
// it was found in all.
func (w *words) frames(d *Document, refs []event.Ref, times int) string {
	if len(refs) == 0 {
		return "–"
	}
	var parts []string
	for i := 0; i < len(refs); {
		j := i
		var numbers []string
		for ; j < len(refs) && refs[j].Capture == refs[i].Capture; j++ {
			numbers = append(numbers, strconv.Itoa(refs[j].Frame))
		}
		s := strings.Join(numbers, ", ")
		if len(d.Captures) > 1 {
			s = captureName(d, refs[i].Capture) + ": " + s
		}
		parts = append(parts, s)
		i = j
	}
	s := strings.Join(parts, "; ")
	if times > len(refs) {
		s += " " + w.T("frames.times", "Count", times)
	}
	return s
}
