package report

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Sentences is what the program says of its findings in another language, by the English
// sentence. Values stand in both as {1}, {2}, ... in the order of the English sentence, and
// a list at its end as {list}, whose parts are keys of their own. The key ", " holds what
// stands between the parts of a list.
type Sentences map[string]string

// ReadSentences reads those of a language of Languages other than English.
func ReadSentences(code string) (Sentences, error) {
	b, err := langFiles.ReadFile("lang/rules." + code + ".json")
	if err != nil {
		return nil, fmt.Errorf("language %q is none of %s", code, strings.Join(Languages(), ", "))
	}
	var s Sentences
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("sentences in language %s: %w", code, err)
	}
	return s, nil
}

// variable is what varies in a sentence: a name in brackets, which may itself end with
// brackets, or a word with a digit in it, or several numbers.
var variable = regexp.MustCompile(`\([A-Z][^()]*(?:\([^()]*\))?\)|[+-]?[A-Za-z]*[0-9][A-Za-z0-9]*(?:[./,-][A-Za-z0-9]+)*(?:, [0-9]+\b)*`)

// Find returns a sentence in the language, its values escaped, and the keys that it was
// found by; without a key there is no translation.
func (s Sentences) Find(english string) (text string, keys []string) {
	if text, key := s.filled(english); key != "" {
		return text, []string{key}
	}
	head, list, ok := strings.Cut(strings.TrimSuffix(english, "."), ": ")
	if !ok {
		return "", nil
	}
	text, key := s.filled(head + ": {list}.")
	keys = []string{key}
	var parts []string
	for part := range strings.SplitSeq(list, ", ") {
		part, key := s.filled(part)
		parts, keys = append(parts, part), append(keys, key)
	}
	for _, key := range keys {
		if key == "" {
			return "", nil
		}
	}
	return strings.Replace(text, "{list}", strings.Join(parts, s[", "]), 1), keys
}

// filled translates one sentence or part of a list.
func (s Sentences) filled(english string) (text, key string) {
	if text, ok := s[english]; ok {
		return text, english
	}
	var values []string // as strings.NewReplacer wants them, which does not look into values again
	key = variable.ReplaceAllStringFunc(english, func(v string) string {
		open, end := "", ""
		if v[0] == '(' {
			open, end, v = "(", ")", v[1:len(v)-1]
		}
		if name, ok := s[v]; ok {
			v = name
		} else {
			v = Escape(v)
		}
		place := "{" + strconv.Itoa(len(values)/2+1) + "}"
		values = append(values, place, v)
		return open + place + end
	})
	text, ok := s[key]
	if !ok {
		return "", ""
	}
	return strings.NewReplacer(values...).Replace(text), key
}
