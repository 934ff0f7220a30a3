package asn1

import (
	"bytes"
	"regexp"
)

var releaseComment = regexp.MustCompile(`TS [0-9]{2}\.[0-9]{3} V[0-9]+\.[0-9]+\.[0-9]+`)

// Release returns the specification, "TS 36.331 V17.1.0", that the longest of the
// modules names in its first line, or "": files may lag behind where nothing changed.
func Release(modules ...Source) string {
	var longest []byte
	for _, m := range modules {
		if len(m.Text) > len(longest) {
			longest = m.Text
		}
	}
	line, _, _ := bytes.Cut(longest, []byte("\n"))
	return string(releaseComment.Find(line))
}
