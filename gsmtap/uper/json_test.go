package uper

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// TestText: the text of a message, and the message of a text.
func TestText(t *testing.T) {
	s := sib1Schema()
	b, err := s.EncodeJSON(nil, "BCCH-DL-SCH-Message", []byte(sib1Text))
	if err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(s)
	v, err := d.Decode("BCCH-DL-SCH-Message", b)
	if err != nil || d.Rest() != (Rest{}) {
		t.Fatal(err, d.Rest())
	}
	text := v.AppendJSON(nil)
	if string(text) != sib1Text || !json.Valid(text) {
		t.Errorf("\n got %s\nwant %s", text, sib1Text)
	}
	// The order of members and white space do not matter.
	var x any
	if err := json.Unmarshal(text, &x); err != nil {
		t.Fatal(err)
	}
	sorted, err := json.MarshalIndent(x, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := s.EncodeJSON(nil, "BCCH-DL-SCH-Message", sorted); err != nil || !bytes.Equal(out, b) {
		t.Errorf("sorted text encodes to %x (%v)", out, err)
	}
	// A character string that is no UTF-8, and the one that has no text.
	forms := formsSchema()
	d = NewDecoder(forms)
	for in, want := range map[string]string{"\x03a\xffb": "\"a�b\"", "\x01\x7f": `"\u007f"`, "\x03\"\\\n": `"\"\\\u000a"`} {
		v, err := d.Decode("utf8", []byte(in))
		if got := v.AppendJSON(nil); err != nil || string(got) != want || !json.Valid(got) {
			t.Errorf("%q is %s (%v)", in, got, err)
		}
	}
	// A contained message that fails is shown as octets.
	v, err = d.Decode("contOct", octets(t, "1 00000001 1 0011000 1"))
	if got := string(v.AppendJSON(nil)); err != nil || got != `{"p":true,"s":"98","q":true}` {
		t.Errorf("%s (%v)", got, err)
	}
	// And may be given as octets.
	out, err := forms.EncodeJSON(nil, "contOct", []byte(`{"p":true,"s":"0080","q":false}`))
	if want := octets(t, "1 00000010 0000000010000000 0"); err != nil || !bytes.Equal(out, want) {
		t.Errorf("%x (%v), want %x", out, err, want)
	}
}

func TestTextErrors(t *testing.T) {
	s := formsSchema()
	for _, tt := range []struct{ root, text, want string }{
		{"none", `1`, "none: not decoded"},
		{"int", ``, "int: EOF"},
		{"int", `1 2`, "text goes on behind the value"},
		{"int", `11`, "11 is not in -2..10"},
		{"int", `1.5`, "number 1.5"},
		{"int", `9223372036854775808`, "number 9223372036854775808"},
		{"int", `"1"`, "1 does not fit the type"},
		{"bool", `1`, "1 does not fit the type"},
		{"null", `{}`, "map[] does not fit the type"},
		{"enum", `"f"`, `there is no value "f"`},
		{"enum", `"[5]"`, `there is no value "[5]"`},
		{"enumExt", `"[4]"`, `there is no value "[4]"`},
		{"enumExt", `"[05]"`, `there is no value "[05]"`},
		{"enumExt", `"[70000]"`, `there is no value "[70000]"`},
		{"bits", `"1011"`, "size 4 is not in 5..5"},
		{"bits", `"10112"`, `"10112" is not of 0 and 1`},
		{"oct", `"abc"`, `"abc" is not in hexadecimal`},
		{"oct", `"ab"`, "size 1 is not in 2..2"},
		{"ia5", `"ä"`, `"ä" is not of 7-bit characters`},
		{"list", `[1,8]`, "list: [1]: value not allowed here: 8 is not in 0..7"},
		{"list", `[1,null]`, "list: [1]: value not allowed here: <nil> does not fit the type"},
		{"list", `[]`, "size 0 is not in 1..4"},
		{"seq", `{"a":1}`, "b is missing"},
		{"seq", `{"b":true,"x":1}`, `there is no component "x"`},
		{"seq", `{"b":true,"...":1}`, `there is no component "..."`},
		{"rel3", `{"a":1,"f":256}`, "rel3: f: value not allowed here: 256 is not in 0..255"},
		{"rel3", `{"a":1,"[2]":"00"}`, `there is no component "[2]"`},
		{"rel3", `{"a":1,"[3]":0}`, "rel3: [3]: value not allowed here: 0 is not in hexadecimal"},
		{"rel3", `{"a":1,"d":0,"...":0}`, "1 extension additions are taken, not 0"},
		{"rel3", `{"a":1,"...":16384}`, "0 extension additions are taken, not 16384"},
		{"rel3", `{"a":1,"...":"1"}`, "0 extension additions are taken, not 1"},
		{"choice", `{}`, "map[] does not fit the type"},
		{"choice", `{"a":null,"b":1}`, "does not fit the type"},
		{"choice", `{"c":null}`, `there is no alternative "c"`},
		{"choice", `{"[3]":"00"}`, `there is no alternative "[3]"`},
		{"choiceExt", `{"[4]":"00"}`, `there is no alternative "[4]"`},
		{"choiceExt", `{"[5]":"0"}`, "[5]: value not allowed here: 0 is not in hexadecimal"},
		{"contOct", `{"p":true,"q":true,"s":{"y":256}}`, "s: y: value not allowed here: 256 is not in 0..255"},
		{"deep", strings.Repeat("[", 200) + strings.Repeat("]", 200), "nested too deep or too many values"},
		{"listNull", "[null" + strings.Repeat(",null", maxNodes) + "]", "nested too deep or too many values"},
		{"octAny", `"` + strings.Repeat("00", maxText/2) + `"`, "not decoded: text of 16777218 octets"},
	} {
		out, err := s.EncodeJSON([]byte("x"), tt.root, []byte(tt.text))
		if err == nil || !strings.HasSuffix(err.Error(), tt.want) || string(out) != "x" {
			t.Errorf("%s %.60s: %v, want %s", tt.root, tt.text, err, tt.want)
			continue
		}
		if tt.text != "" && !errors.Is(err, wire.ErrInvalid) && !errors.Is(err, wire.ErrUnsupported) {
			t.Errorf("%s %.60s: %v wraps no sentinel", tt.root, tt.text, err)
		}
	}
}

// FuzzEncodeJSON: what is encoded decodes, to a text that gives the same text again.
func FuzzEncodeJSON(f *testing.F) {
	s := formsSchema()
	roots := make([]string, 0, len(s.Roots))
	for i := range s.Types {
		if name := s.Types[i].Name; name != "" {
			roots = append(roots, name)
		}
	}
	for _, tt := range forms {
		for i, name := range roots {
			if name == tt.root {
				f.Add(byte(i), []byte(tt.text))
			}
		}
	}
	d := NewDecoder(s)
	f.Fuzz(func(t *testing.T, root byte, text []byte) {
		name := roots[int(root)%len(roots)]
		b, err := s.EncodeJSON(nil, name, text)
		if err != nil {
			return
		}
		v, err := d.Decode(name, b)
		if err != nil {
			t.Fatalf("%s encodes to %x: %v", text, b, err)
		}
		if r := d.Rest(); r.TrailingBits != 0 || len(d.tails) != 0 {
			return // octets given for a contained message
		}
		once := v.AppendJSON(nil)
		if b, err = s.EncodeJSON(nil, name, once); err != nil {
			t.Fatalf("%s is %s: %v", text, once, err)
		}
		v, err = d.Decode(name, b)
		if twice := v.AppendJSON(nil); err != nil || !bytes.Equal(twice, once) {
			t.Fatalf("%s is %s, then %s (%v)", text, once, twice, err)
		}
	})
}
