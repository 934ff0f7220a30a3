package report

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// expectationWidth is the length in characters up to which an object of a file of
// expectations is written on one line.
const expectationWidth = 100

// WriteExpectations writes a file of expectations: fields in one order, lists as given,
// lists of plain values and short objects on one line, so that a change of one
// expectation changes few lines.
func WriteExpectations(w io.Writer, e *Expectations) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return err
	}
	var out strings.Builder
	if err := layOut(&out, jsontext.Value(bytes.TrimSpace(b.Bytes())), ""); err != nil {
		return err
	}
	_, err := w.Write(escapeJSON([]byte(out.String() + "\n")))
	return err
}

// layOut writes a value that stands after indent.
func layOut(out *strings.Builder, v jsontext.Value, indent string) error {
	kind := v.Kind()
	if kind != '{' && kind != '[' || oneLine(v, indent) {
		v = v.Clone()
		if err := v.Format(jsontext.Multiline(false), jsontext.SpaceAfterColon(true), jsontext.SpaceAfterComma(true), jsontext.EscapeForHTML(false)); err != nil {
			return err
		}
		out.Write(v)
		return nil
	}
	d := jsontext.NewDecoder(bytes.NewReader(v))
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	inner := indent + "  "
	out.WriteByte(byte(kind))
	for first := true; d.PeekKind() != '}' && d.PeekKind() != ']'; first = false {
		if !first {
			out.WriteByte(',')
		}
		out.WriteString("\n" + inner)
		if kind == '{' {
			name, err := d.ReadValue()
			if err != nil {
				return err
			}
			out.Write(name)
			out.WriteString(": ")
		}
		member, err := d.ReadValue()
		if err != nil {
			return err
		}
		if err := layOut(out, member.Clone(), inner); err != nil {
			return err
		}
	}
	out.WriteString("\n" + indent)
	out.WriteByte(byte(kind) + 2) // '}' and ']' follow '{' and '[' by two
	return nil
}

// oneLine reports whether an object or list is written on one line: lists of plain
// values always, objects without others in them if they are short.
func oneLine(v jsontext.Value, indent string) bool {
	inside := v[1:]
	nested := bytes.IndexByte(inside, '{') >= 0
	if v.Kind() == '[' {
		return !nested
	}
	return !nested && len(indent)+len(v) <= expectationWidth
}
