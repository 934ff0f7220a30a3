package report

import (
	"encoding"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Object is a JSON object that keeps the order of its members, which is that of the
// fields in the message.
type Object []Member

// Member is one member of an Object. Value is nil, bool, int64, uint64, float64,
// string, Named, json.RawMessage, Object or []any of these.
type Member struct {
	Name  string
	Value any
}

// Named is a number that has a name, or a time in seconds. JSON has the number, text
// the name.
type Named struct {
	Code any
	Name string
}

// Fields returns what a message says, field by field: the keys are the names of the
// struct's fields, which follow the specification, and fields of embedded structs
// stand among them. What the message does not hold is nil. Identities of persons go
// through names; octets whose meaning is unknown are given by their number, and in
// full only where names reveals.
//
// Structs of messages mark what is absent by a flag, "HasX" or "XPresent" beside X,
// or "Present" inside; the flag itself is then left out. Arrays come with the number
// of their filled elements, "XCount", "XLen", "Count" or "Length".
func Fields(msg wire.Message, names *ident.Pseudonyms) Object {
	w := walker{names}
	if msg == nil {
		return Object{}
	}
	if t, ok := msg.(Treed); ok {
		return w.treed(t)
	}
	v := reflect.ValueOf(msg)
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return Object{}
		}
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return Object{{"Value", w.value(v, 0)}}
	}
	return w.object(v, 0)
}

// maxDepth bounds the nesting of a message's structs.
const maxDepth = 12

type walker struct{ names *ident.Pseudonyms }

// shape is what is known of a struct type.
type shape struct {
	fields []field
	// present is the index of the field Present, or -1.
	present int
}

type field struct {
	index int
	name  string
	embed bool
	// guards are the flags without which the field is absent.
	guards []int
	// flag: it only says whether other fields are present.
	flag bool
	// count is the field with the number of filled elements, or -1; octets says that
	// it counts octets.
	count  int
	octets bool
	// tmsi: a number that identifies a person.
	tmsi bool
}

var shapes sync.Map // reflect.Type to *shape

func shapeOf(t reflect.Type) *shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape)
	}
	s := &shape{present: -1}
	at := map[string]int{} // place in s.fields
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() && !f.Anonymous {
			continue
		}
		if f.Name == "Present" && f.Type.Kind() == reflect.Bool {
			s.present = i
			continue
		}
		at[f.Name] = len(s.fields)
		s.fields = append(s.fields, field{
			index: i, name: f.Name, embed: f.Anonymous && f.Type.Kind() == reflect.Struct, count: -1,
			tmsi: strings.Contains(f.Name, "TMSI") && f.Type.Kind() == reflect.Uint32,
		})
	}
	for n := range s.fields {
		f := &s.fields[n]
		ft := t.Field(f.index)
		if ft.Type.Kind() == reflect.Bool {
			s.guard(n, at)
		}
		if k := ft.Type.Kind(); k == reflect.Array || k == reflect.Slice {
			s.counted(n, t, at)
		}
	}
	got, _ := shapes.LoadOrStore(t, s)
	return got.(*shape)
}

// guard notes which fields the flag at n governs: the one it is named after, or those
// that follow it and whose names begin so.
func (s *shape) guard(n int, at map[string]int) {
	flag := s.fields[n].name
	of, ok := strings.CutPrefix(flag, "Has")
	if !ok || of == "" {
		if of, ok = strings.CutSuffix(flag, "Present"); !ok || of == "" {
			return
		}
	}
	if i, ok := at[of]; ok {
		s.fields[i].guards = append(s.fields[i].guards, s.fields[n].index)
		s.fields[n].flag = true
		return
	}
	for i := n + 1; i < len(s.fields) && strings.HasPrefix(s.fields[i].name, of); i++ {
		s.fields[i].guards = append(s.fields[i].guards, s.fields[n].index)
		s.fields[n].flag = true
	}
}

// counted finds the field that says how much of the array at n is filled.
func (s *shape) counted(n int, t reflect.Type, at map[string]int) {
	f := &s.fields[n]
	integer := func(i int) bool {
		k := t.Field(s.fields[i].index).Type.Kind()
		return k >= reflect.Int && k <= reflect.Uint64
	}
	for _, name := range []string{f.name + "Count", f.name + "Len"} {
		if i, ok := at[name]; ok && integer(i) {
			f.count, f.octets = s.fields[i].index, strings.HasSuffix(name, "Len")
			return
		}
	}
	for _, i := range []int{n + 1, n - 1} {
		if i < 0 || i >= len(s.fields) || !integer(i) {
			continue
		}
		name := s.fields[i].name
		length := name == "Length" || strings.HasSuffix(name, "Len")
		if length || strings.HasSuffix(name, "Count") {
			f.count, f.octets = s.fields[i].index, length
			return
		}
	}
}

func (w walker) object(v reflect.Value, depth int) Object {
	s := shapeOf(v.Type())
	out := make(Object, 0, len(s.fields))
	for i := range s.fields {
		f := &s.fields[i]
		if f.flag {
			continue
		}
		fv := v.Field(f.index)
		if f.embed {
			if fv.CanInterface() {
				if e, ok := fv.Interface().(interface{ Empty() bool }); ok && e.Empty() {
					continue
				}
			}
			if o, ok := w.value(fv, depth).(Object); ok {
				out = append(out, o...)
				continue
			}
			if !v.Type().Field(f.index).IsExported() {
				continue
			}
		}
		out = append(out, Member{f.name, w.member(v, fv, f, depth)})
	}
	return out
}

func (w walker) member(v, fv reflect.Value, f *field, depth int) any {
	for _, g := range f.guards {
		if !v.Field(g).Bool() {
			return nil
		}
	}
	if f.tmsi {
		return Escape(w.names.Mobile(ident.TMSIIdentity(uint32(fv.Uint()))))
	}
	if f.count < 0 {
		return w.value(fv, depth+1)
	}
	if fv.CanInterface() {
		if _, ok := fv.Interface().(json.Marshaler); ok {
			return w.value(fv, depth+1)
		}
	}
	n := 0
	if c := v.Field(f.count); c.CanInt() {
		n = int(max(c.Int(), 0))
	} else if u := c.Uint(); u < 1<<31 {
		n = int(u)
	}
	n = min(n, fv.Len())
	if f.octets && fv.Type().Elem().Kind() == reflect.Uint8 {
		return w.octets(fv, n)
	}
	return w.list(fv, n, depth+1)
}

func (w walker) value(v reflect.Value, depth int) any {
	if depth > maxDepth {
		return "…"
	}
	if v.CanInterface() {
		if x, ok := w.known(v.Interface()); ok {
			return x
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return w.value(v.Elem(), depth+1)
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return named(v, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return named(v, v.Uint())
	case reflect.Float32, reflect.Float64:
		return v.Float()
	case reflect.String:
		return cut(v.String())
	case reflect.Struct:
		if s := shapeOf(v.Type()); s.present >= 0 && !v.Field(s.present).Bool() {
			return nil
		}
		return w.object(v, depth)
	case reflect.Array, reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return w.octets(v, v.Len())
		}
		return w.list(v, v.Len(), depth+1)
	}
	return nil // functions, channels and maps are no part of a message
}

// known handles the types that write themselves.
func (w walker) known(x any) (any, bool) {
	switch x := x.(type) {
	case ident.MobileIdentity:
		return w.names.Mobile(x), true
	case *ident.MobileIdentity:
		if x == nil {
			return nil, true
		}
		return w.names.Mobile(*x), true
	case ident.Address:
		if !x.Present() {
			return nil, true
		}
		return cut(w.names.Address(x)), true
	case ident.ServiceCentre:
		if !x.Present() {
			return nil, true
		}
		return cut(w.names.ServiceCentre(x.Address)), true
	case ident.Text:
		if x == "" {
			return nil, true
		}
		return cut(w.names.Text(x)), true
	case ident.PLMN:
		if !x.Known() {
			return nil, true
		}
		return x.String(), true
	case time.Duration:
		return Named{x.Seconds(), x.String()}, true
	case time.Time:
		if x.IsZero() {
			return nil, true
		}
		return x.UTC().Format(time.RFC3339Nano), true
	case json.Marshaler:
		if v := reflect.ValueOf(x); v.Kind() == reflect.Pointer && v.IsNil() {
			return nil, true
		}
		b, err := x.MarshalJSON()
		if err != nil || !json.Valid(b) {
			return nil, true
		}
		return json.RawMessage(b), true
	case encoding.TextMarshaler:
		if v := reflect.ValueOf(x); v.Kind() == reflect.Pointer && v.IsNil() {
			return nil, true
		}
		b, err := x.MarshalText()
		if err != nil {
			return nil, true
		}
		return cut(string(b)), true
	}
	return nil, false
}

// named adds the name of a number whose type has one.
func named(v reflect.Value, n any) any {
	if v.CanInterface() {
		if s, ok := v.Interface().(fmt.Stringer); ok {
			return Named{n, cut(s.String())}
		}
	}
	return n
}

func (w walker) list(v reflect.Value, n, depth int) []any {
	out := make([]any, 0, min(n, 64))
	for i := range n {
		out = append(out, w.value(v.Index(i), depth))
	}
	return out
}

// octets gives the number of octets, and them where identities are revealed; nil for
// none.
func (w walker) octets(v reflect.Value, n int) any {
	if n == 0 {
		return nil
	}
	o := Object{{"octets", int64(n)}}
	if w.names.Reveals() {
		b := make([]byte, n)
		reflect.Copy(reflect.ValueOf(b), v)
		o = append(o, Member{"hex", hex.EncodeToString(b)})
	}
	return o
}

// MarshalJSON writes the object with its members in order.
func (o Object) MarshalJSON() ([]byte, error) { return appendJSON(nil, o), nil }

func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case uint64:
		return strconv.AppendUint(b, v, 10)
	case Named:
		return appendJSON(b, v.Code)
	case json.RawMessage:
		return append(b, v...)
	case []any:
		b = append(b, '[')
		for i, x := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, x)
		}
		return append(b, ']')
	case Object:
		b = append(b, '{')
		for i, m := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, m.Name)
			b = append(b, ':')
			b = appendJSON(b, m.Value)
		}
		return append(b, '}')
	case string:
		if plainASCII(v) && !strings.ContainsAny(v, `"\`) {
			b = append(b, '"')
			b = append(b, v...)
			return append(b, '"')
		}
	}
	j, err := json.Marshal(v)
	if err != nil { // a float that is no number
		return append(b, "null"...)
	}
	return append(b, j...)
}

// appendText appends the members as "name=value", nested ones as "outer.inner=value",
// and leaves out what is absent, empty or all zero.
func appendText(b []byte, o Object, prefix string) []byte {
	for _, m := range o {
		name := prefix + m.Name
		switch v := m.Value.(type) {
		case nil:
			continue
		case Object:
			if len(v) > 0 && v[0].Name == "octets" {
				b = append(b, ' ')
				b = append(b, name...)
				b = append(b, '=')
				b = appendScalar(b, v)
				continue
			}
			if !allZero(v) {
				b = appendText(b, v, name+".")
			}
			continue
		case []any:
			if len(v) > 0 {
				if _, ok := v[0].(Object); ok {
					for i, x := range v {
						if x, ok := x.(Object); ok {
							b = appendText(b, x, name+"["+strconv.Itoa(i)+"].")
						}
					}
					continue
				}
			}
		}
		b = append(b, ' ')
		b = append(b, name...)
		b = append(b, '=')
		b = appendScalar(b, m.Value)
	}
	return b
}

// allZero reports whether an object says nothing: all numbers 0, all else empty.
func allZero(o Object) bool {
	for _, m := range o {
		switch v := m.Value.(type) {
		case nil:
		case bool:
			if v {
				return false
			}
		case int64:
			if v != 0 {
				return false
			}
		case uint64:
			if v != 0 {
				return false
			}
		case string:
			if v != "" {
				return false
			}
		case []any:
			if len(v) > 0 {
				return false
			}
		case Object:
			if !allZero(v) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func appendScalar(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return appendQuoted(b, v)
	case Named:
		if _, ok := v.Code.(float64); ok { // a time, which names itself
			return appendQuoted(b, v.Name)
		}
		code := " (" + string(appendJSON(nil, v.Code)) + ")"
		return appendQuoted(b, strings.TrimSuffix(v.Name, code)+code)
	case []any:
		b = append(b, '[')
		for i, x := range v {
			if i > 0 {
				b = append(b, ' ')
			}
			b = appendScalar(b, x)
		}
		return append(b, ']')
	case Object:
		if len(v) == 2 {
			if s, ok := v[1].Value.(string); ok {
				return append(b, s...)
			}
		}
		b = append(b, '<')
		b = appendScalar(b, v[0].Value)
		return append(b, " octets>"...)
	case json.RawMessage:
		return append(b, escapeJSON(v)...)
	}
	return appendJSON(b, v)
}

// appendQuoted appends escaped text, in quotes where it would not be one word.
func appendQuoted(b []byte, s string) []byte {
	s = Escape(s)
	if s != "" && !strings.ContainsAny(s, ` "=[]`) {
		return append(b, s...)
	}
	b = append(b, '"')
	b = append(b, strings.ReplaceAll(s, `"`, `\"`)...)
	return append(b, '"')
}
