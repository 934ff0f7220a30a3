package uper

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func TestBinary(t *testing.T) {
	for _, s := range []*Schema{formsSchema(), sib1Schema(), {}} {
		b, err := s.AppendBinary([]byte("x"))
		if err != nil {
			t.Fatal(err)
		}
		again, err := s.AppendBinary(nil)
		if err != nil || !bytes.Equal(again, b[1:]) {
			t.Fatalf("the same schema gives other octets (%v)", err)
		}
		got, err := Load(again)
		if err != nil {
			t.Fatal(err)
		}
		clear(again) // the schema must not alias the octets
		if got.Release != s.Release || !maps.Equal(got.Roots, s.Roots) || len(got.Types) != len(s.Types) {
			t.Errorf("%q with %d types, %d roots", got.Release, len(got.Types), len(got.Roots))
		}
		for i := range s.Types {
			if want, got := s.Types[i], got.Types[i]; fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
				t.Errorf("type %d\n got %+v\nwant %+v", i, got, want)
			}
		}
		for n := range len(b) - 1 {
			var de *wire.DecodeError
			if _, err := Load(b[1 : n+1]); !errors.As(err, &de) || de.Offset > n {
				t.Fatalf("%d of %d octets: %v", n, len(b)-1, err)
			}
		}
		var de *wire.DecodeError
		if _, err := Load(append(b[1:len(b):len(b)], 0)); !errors.As(err, &de) || de.Err != wire.ErrLength {
			t.Errorf("an octet more: %v", err)
		}
	}
}

// TestCheck: what a schema must not have.
func TestCheck(t *testing.T) {
	ok := plain(Null)
	name := func(name string) []Component { return []Component{{Name: name, Type: 0}} }
	for _, tt := range []struct {
		name string
		t    Type
		want string
	}{
		{"kind", Type{Kind: OpenType + 1}, "kind 11"},
		{"bounds", number(3, 2), "bounds 3..2"},
		{"size", sized(BitString, -1, 4), "size -1..4"},
		{"upper size alone", Type{Kind: OctetString, Max: -1, HasMax: true, Contains: NoType}, "size 0..-1"},
		{"characters", sized(CharacterString, 0, 4), "characters of 0 bits"},
		{"element", plain(SequenceOf), "element type -1 of 2"},
		{"content", containing(sized(OctetString, 0, -1), 2), "contained type 2 of 2"},
		{"no values", plain(Enumerated), "no values"},
		{"value", enum("a [1]"), `name "[1]"`},
		{"value in addition", enum("a ... 1"), `name "1"`},
		{"no alternatives", more(plain(Choice), name("a")), "no alternatives"},
		{"component", seq(Component{Name: "x", Type: 2}), "component x has type 2 of 2"},
		{"component without name", seq(name("")...), "component or value without name"},
		{"empty addition", more(seq(), nil), "addition 0 has 0 components"},
		{"addition of two", Type{Kind: Sequence, Extensible: true, Additions: []Addition{{Components: append(name("a"), name("b")...)}}}, "addition 0 has 2 components"},
		{"additions", Type{Kind: Sequence, Additions: []Addition{{Components: name("a")}}}, "additions without extension marker"},
		{"name in addition", more(seq(), name("...")), `name "..."`},
	} {
		s := &Schema{Types: []Type{ok, tt.t}}
		if _, err := s.AppendBinary(nil); err == nil || !strings.HasSuffix(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
	s := &Schema{Types: []Type{ok}, Roots: map[string]TypeID{"r": 1}}
	if _, err := s.AppendBinary(nil); err == nil {
		t.Error("root outside the types")
	}
	if _, err := (&Schema{Types: make([]Type, maxTypes+1)}).AppendBinary(nil); err == nil {
		t.Error("too many types")
	}
	if _, err := Load(append([]byte(magic), make([]byte, maxSchema)...)); !errors.Is(err, wire.ErrUnsupported) {
		t.Errorf("too long: %v", err)
	}
}

// FuzzLoad: a schema that loads is one that can be written, loaded again and decoded
// with.
func FuzzLoad(f *testing.F) {
	for _, s := range []*Schema{formsSchema(), sib1Schema(), {}} {
		b, err := s.AppendBinary(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Load(b)
		if err != nil {
			var de *wire.DecodeError
			if errors.As(err, &de) && (de.Offset < 0 || de.Offset > len(b)) {
				t.Fatalf("error %v outside %d octets", err, len(b))
			}
			return
		}
		out, err := s.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Load(out)
		if err != nil || !reflect.DeepEqual(again, s) {
			t.Fatalf("loads as another schema (%v)", err)
		}
		d := NewDecoder(s)
		for name := range s.Roots {
			v, err := d.Decode(name, b[:min(len(b), 64)])
			text := v.AppendJSON(nil)
			if err != nil {
				continue
			}
			if _, err := d.Encode(nil, v); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		}
	})
}

// BenchmarkLoad loads a schema of about 7000 types.
func BenchmarkLoad(b *testing.B) {
	s := sib1Schema()
	n := len(s.Types)
	for i := 1; len(s.Types) < 7000; i++ {
		for _, t := range s.Types[:n] {
			if t.Name != "" {
				t.Name = fmt.Sprintf("%s-%d", t.Name, i)
			}
			s.Types = append(s.Types, t)
		}
	}
	in, err := s.AppendBinary(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		s, err := Load(in)
		if err != nil {
			b.Fatal(err)
		}
		NewDecoder(s)
	}
}
