package report

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// MessageError locates the defect that ended the decoding of a message.
type MessageError struct {
	// Path names the field, empty if the defect is in none.
	Path string `json:"path"`
	// Offset is the octet in which the field starts.
	Offset int    `json:"offset"`
	Reason string `json:"reason"`
}

func newMessageError(err error) *MessageError {
	if err == nil {
		return nil
	}
	var d *wire.DecodeError
	if !errors.As(err, &d) {
		return &MessageError{Reason: cut(err.Error())}
	}
	reason := "not decoded"
	if d.Err != nil {
		reason = d.Err.Error()
	}
	return &MessageError{Path: cut(d.Path), Offset: d.Offset, Reason: cut(reason)}
}

// AppendJSON appends the message as one line of JSON (design: dump -f ndjson), with
// the line feed.
func (m *Message) AppendJSON(b []byte) []byte {
	start := len(b)
	text := func(name, s string) {
		b = append(b, `,"`...)
		b = append(b, name...)
		b = append(b, `":`...)
		if s == "" {
			b = append(b, "null"...)
			return
		}
		b = appendJSON(b, cut(s))
	}
	value := func(name string, v any) {
		b = append(b, `,"`...)
		b = append(b, name...)
		b = append(b, `":`...)
		j, err := json.Marshal(v)
		if err != nil {
			j = []byte("null")
		}
		b = append(b, j...)
	}
	b = append(b, `{"capture":`...)
	b = strconv.AppendInt(b, int64(m.Capture), 10)
	b = append(b, `,"frame":`...)
	b = strconv.AppendInt(b, int64(m.Frame), 10)
	at := ""
	if m.Time != 0 {
		at = time.Unix(0, m.Time).UTC().Format(time.RFC3339Nano)
	}
	text("time", at)
	text("rat", m.RAT)
	text("channel", m.Channel)
	text("direction", m.Direction)
	text("message", m.Name)
	if m.In != "" {
		text("in", m.In)
	}
	value("cell", m.Cell)
	b = append(b, `,"fields":`...)
	b = appendJSON(b, Fields(m.Body, m.Names))
	value("error", newMessageError(m.Err))
	if m.Reason != "" {
		text("revealed", m.Reason)
	}
	b = append(b, '}')
	return append(append(b[:start], escapeJSON(b[start:])...), '\n')
}

// AppendText appends the message as one line for people: frame, time, channel,
// direction, name, fields. Where the run has more than one capture, captures is set
// and the frame is written as capture:frame, both counted as in AppendJSON.
func (m *Message) AppendText(b []byte, captures bool) []byte {
	if captures {
		b = strconv.AppendInt(b, int64(m.Capture), 10)
		b = append(b, ':')
	}
	b = strconv.AppendInt(b, int64(m.Frame), 10)
	b = append(b, ' ')
	if m.Time != 0 {
		b = time.Unix(0, m.Time).UTC().AppendFormat(b, "2006-01-02T15:04:05.000000Z")
	} else {
		b = append(b, '-')
	}
	for _, s := range []string{m.RAT, m.Channel, m.Direction} {
		b = append(b, ' ')
		if s == "" {
			s = "-"
		}
		b = append(b, Escape(s)...)
	}
	b = append(b, ' ')
	b = appendQuoted(b, m.Name)
	if m.In != "" {
		b = append(b, " in="...)
		b = appendQuoted(b, m.In)
	}
	if c := m.Cell; c != nil {
		b = append(b, " cell="...)
		b = append(b, Escape(c.PLMN)...)
		b = append(b, '/')
		b = strconv.AppendUint(b, uint64(c.Area), 10)
		b = append(b, '/')
		b = strconv.AppendUint(b, c.Cell, 10)
		if c.ARFCN != nil {
			b = append(b, '@')
			b = strconv.AppendInt(b, int64(*c.ARFCN), 10)
		}
	}
	if _, ok := m.Body.(Treed); ok {
		b = appendNested(b, Fields(m.Body, m.Names))
	} else {
		b = appendText(b, Fields(m.Body, m.Names), "")
	}
	if m.Err != nil {
		b = append(b, " error="...)
		b = appendQuoted(b, m.Err.Error())
	}
	if m.Reason != "" {
		b = append(b, " revealed="...)
		b = appendQuoted(b, m.Reason)
	}
	return append(b, '\n')
}

// appendNested appends the members of a tree, nested ones in braces and lists in
// brackets: RRC nests too deep for names joined by dots.
func appendNested(b []byte, o Object) []byte {
	for _, m := range o {
		b = append(b, ' ')
		b = append(b, m.Name...)
		b = appendNestedValue(b, m.Value)
	}
	return b
}

func appendNestedValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case Object:
		if len(v) > 0 && v[0].Name == "octets" {
			return appendScalar(append(b, '='), v)
		}
		if len(v) == 0 {
			return append(b, "{}"...)
		}
		b = append(b, '{')
		n := len(b)
		b = appendNested(b, v)
		b = append(b[:n], b[n+1:]...) // without the space before the first
		return append(b, '}')
	case []any:
		b = append(b, '[')
		for i, x := range v {
			if i > 0 {
				b = append(b, ' ')
			}
			if _, ok := x.(Object); ok {
				b = appendNestedValue(b, x)
			} else {
				b = appendScalar(b, x)
			}
		}
		return append(b, ']')
	}
	return appendScalar(append(b, '='), v)
}
