package report

import (
	"reflect"
	"testing"
)

func TestSentencesFind(t *testing.T) {
	s := Sentences{
		", ":                           "、",
		"Nothing (IMSI) of 2G.":        "全",
		"It asked {1} for ({2}).":      "（{2}）给 {1}",
		"Its band is {1} ({2} MHz).":   "{1}：{2}",
		"A list of {1}: {list}.":       "{1} 项：{list}。",
		"a level of {1} dB":            "电平 {1} dB",
		"nothing":                      "无",
		"It is in ({1}), not in there": "在{1}",
		"Chad (in use)":                "乍得",
	}
	for english, want := range map[string]string{
		"Nothing (IMSI) of 2G.":     "全",
		"It asked 3 for (IMEISV).":  "（IMEISV）给 3",
		"It asked 3 for (A\x1b{1})": "",
		// A value is text, not a place for another, and is escaped.
		"It asked 001-01/77/1 for (A{1}\x1b<b>\u202e).":      `（A{1}\u{1b}<b>\u{202e}）给 001-01/77/1`,
		"It asked A5/1 for (Tracking Area Update Reject).":   "（Tracking Area Update Reject）给 A5/1",
		"It asked -1.5 for (SIB 2, 3).":                      "（SIB 2, 3）给 -1.5",
		"Its band is 3, 7 (2120.0 MHz).":                     "3, 7：2120.0",
		"A list of 2: nothing, a level of +7 dB.":            "2 项：无、电平 +7 dB。",
		"A list of 2: nothing, something.":                   "",
		"It is in (Chad (in use)), not in there":             "在乍得",
		"It asked three for (IMEISV).":                       "",
		"It asked {1} for ({2}).":                            "（{2}）给 {1}", // the key itself
		"It asked 3 for (IMEISV). It asked 3 for (IMEISV). ": "",
	} {
		text, keys := s.Find(english)
		if text != want || (keys == nil) != (want == "") {
			t.Errorf("%q: %q by %q, want %q", english, text, keys, want)
		}
	}
}

// TestSays: of several sentences those without a translation stay English and are marked.
func TestSays(t *testing.T) {
	w, err := newWords("zh")
	if err != nil {
		t.Fatal(err)
	}
	w.rules = Sentences{"It sent {1} texts.": "发了 {1} 条。", "{1} frames were lost": "丢失 {1} 帧"}
	for english, want := range map[string][]said{
		"It sent 3 texts.":                  {{Text: "发了 3 条。"}},
		"It sent 3 texts. It sent 4 texts.": {{Text: "发了 3 条。发了 4 条。"}},
		"It sent 3 texts. It \x1bleft.":     {{Text: "发了 3 条。"}, {`It \u{1b}left.`, "en"}},
		"It came. It left.":                 {{"It came. It left.", "en"}},
	} {
		if got := w.says(english); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %q, want %q", english, got, want)
		}
	}
	for english, want := range map[string]said{
		"a: b.pcap: 3 frames were lost":  {"a: b.pcap: 3 frames were lost", "en"},
		"a\x1b.pcap: 3 frames were lost": {Text: `a\u{1b}.pcap: 丢失 3 帧`},
		"3 frames were lost":             {Text: "丢失 3 帧"},
		"a.pcap: gone":                   {"a.pcap: gone", "en"},
	} {
		if got := w.notice(english); got != want {
			t.Errorf("%q: %q, want %q", english, got, want)
		}
	}
	if w, err = newWords("en"); err != nil || !reflect.DeepEqual(w.says("It came. It \x1bleft."), []said{{Text: `It came. It \u{1b}left.`}}) {
		t.Errorf("English: %q, %v", w.says("It came. It \x1bleft."), err)
	}
}
