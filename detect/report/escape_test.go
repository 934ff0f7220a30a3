package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestEscape(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "ACME Mobile", "ACME Mobile"},
		{"empty", "", ""},
		{"Thai", "เอไอเอส ไทย", "เอไอเอส ไทย"},
		{"Chinese", "中国移动", "中国移动"},
		{"terminal escape", "A\x1b[2J\x1b]0;x\x07B", `A\u{1b}[2J\u{1b}]0;x\u{7}B`},
		{"C1 control", "A\u009b31mB", `A\u{9b}31mB`},
		{"raw C1 octet", "A\x9bB", `A\x9bB`},
		{"line breaks", "a\nb\r\tc", `a\nb\r\tc`},
		{"delete", "a\x7f", `a\u{7f}`},
		{"right-to-left override", "abc\u202egpj", `abc\u{202e}gpj`},
		{"isolates and marks", "\u2066\u2069\u200e\u061c", `\u{2066}\u{2069}\u{200e}\u{61c}`},
		{"zero width", "a\u200bb\ufeff", `a\u{200b}b\u{feff}`},
		{"line separator", "a\u2028b", `a\u{2028}b`},
		{"no-break space", "a\u00a0b", "a b"},
		{"letter without ink", "a\u3164", `a\u{3164}`},
		{"private use", "\ue000", `\u{e000}`},
		{"tag", "\U000e0041", `\u{e0041}`},
		{"invalid UTF-8", "a\xff\xc3", `a\xff\xc3`},
		{"stacked marks", "e" + strings.Repeat("\u0301", 6), "e" + strings.Repeat("\u0301", 4) + `\u{301}\u{301}`},
		{"cut", strings.Repeat("ก", 300), strings.Repeat("ก", 256) + "…"},
		{"not cut", strings.Repeat("x", 256), strings.Repeat("x", 256)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Escape(tt.in); got != tt.want {
				t.Errorf("\n got %q\nwant %q", got, tt.want)
			}
		})
	}
}

// harmless fails when output holds anything a terminal could act on.
func harmless(t *testing.T, out []byte) {
	t.Helper()
	if !utf8.Valid(out) {
		t.Error("output is no UTF-8")
	}
	for _, r := range string(out) {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == 0x2028) {
			t.Fatalf("output holds %U", r)
		}
	}
}

func FuzzEscape(f *testing.F) {
	f.Add("a\x1b[31m\u202e\xff")
	f.Fuzz(func(t *testing.T, s string) {
		out := Escape(s)
		harmless(t, []byte(out))
		if strings.Contains(out, "\n") {
			t.Error("more than one line")
		}
		if n := utf8.RuneCountInString(out); n > 10*maxText {
			t.Errorf("%d characters", n)
		}
		for _, limit := range []int{1, 7, 80} {
			for _, l := range wrap(out, limit) {
				if width(l) > max(limit, 2) {
					t.Errorf("line of %d columns, limit %d: %q", width(l), limit, l)
				}
			}
		}
	})
}

func TestJSONLosesNothing(t *testing.T) {
	in := "a\x1b\u009b\u202e\U000e0041ไทย\"<>\u2028\x7f"
	var b bytes.Buffer
	if err := writeJSON(&b, map[string]string{"k": in}, ""); err != nil {
		t.Fatal(err)
	}
	harmless(t, b.Bytes())
	var back map[string]string
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatalf("%v in %s", err, b.Bytes())
	}
	if back["k"] != in {
		t.Errorf("\n got %q\nwant %q", back["k"], in)
	}
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		limit    int
		want     string
	}{
		{"fits", "one two", 7, "one two"},
		{"words", "one two three", 8, "one two|three"},
		{"empty", "", 10, ""},
		{"long word", "abcdefgh", 3, "abc|def|gh"},
		{"wide characters", "中国移动通信", 5, "中国|移动|通信"},
		{"marks stay with their letter", "ที่ที่ที่", 2, "ที่ที่|ที่"},
		{"path", "captures/drive-2026/south.pcap", 20, "captures/drive-2026/|south.pcap"},
		{"line filled before a long word", "at 0123456789abcdef", 10, "at 0123456|789abcdef"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(wrap(tt.in, tt.limit), "|"); got != tt.want {
				t.Errorf("\n got %q\nwant %q", got, tt.want)
			}
		})
	}
	if got := strings.Join(wrapWords([]string{"TS 24.008 §4.3.3;", "TS 24.008 §9.2.10"}, 20), "|"); got != "TS 24.008 §4.3.3;|TS 24.008 §9.2.10" {
		t.Errorf("units broken: %q", got)
	}
}
