package uper

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// formsSchema has a root for each construct of X.691.
func formsSchema() *Schema {
	k := &kit{}
	k.Release = "test"
	root := k.root
	root("bool", plain(Boolean))
	root("null", plain(Null))
	root("one", number(5, 5))
	root("int", number(-2, 10))
	root("wide", number(-1<<63, 1<<63-1))
	root("w40", number(0, 1<<40-1))
	root("intExt", extend(number(1, 4)))
	semi := number(-1, 0)
	semi.HasMax = false
	root("semi", semi)
	root("free", plain(Integer))
	root("upto", Type{Kind: Integer, Max: 3, HasMax: true, Element: NoType, Contains: NoType})

	root("enum", enum("a b c d e"))
	root("enum1", enum("only"))
	root("enumExt", enum("a b c ... x y"))

	root("bits", sized(BitString, 5, 5))
	root("bits0", sized(BitString, 0, 0))
	root("bitsRange", sized(BitString, 1, 160))
	root("bitsExt", extend(sized(BitString, 2, 3)))
	root("oct", sized(OctetString, 2, 2))
	root("octRange", sized(OctetString, 1, 8))
	root("octSemi", sized(OctetString, 1, -1))
	root("octAny", sized(OctetString, 0, -1))
	root("octBig", sized(OctetString, 0, 70000))
	ia5 := sized(CharacterString, 1, 8)
	ia5.Bits = 7
	root("ia5", ia5)
	utf8 := sized(CharacterString, 0, -1)
	utf8.Bits = 8
	root("utf8", utf8)
	root("open", plain(OpenType))

	root("list", k.of(number(0, 7), 1, 4))
	root("listExt", k.of(number(0, 7), 1, 2))
	k.Types[k.Roots["listExt"]].Extensible = true
	root("listAny", k.of(number(0, 255), 0, -1))
	root("listNull", k.of(plain(Null), 0, -1))

	root("seq", seq(k.field("a?", number(0, 3)), k.field("b", plain(Boolean)), k.field("c?", plain(Null))))
	root("seqEmpty", seq())
	// A message with the additions d, [[ e, f? ]], g and, as rel0 and rel1, what older
	// releases of it know.
	a := k.field("a", number(0, 3))
	d := group(k.field("d?", number(0, 15)))
	e := group(k.field("e?", plain(Boolean)), k.field("f?", number(0, 255)))
	g := group(k.field("g?", plain(Null)))
	root("rel0", more(seq(a)))
	root("rel1", more(seq(a), d))
	root("rel3", more(seq(a), d, e, g))

	root("choice", choice(k.field("a", plain(Null)), k.field("b", number(0, 7)), k.field("spare1", plain(Null))))
	root("choiceExt", more(choice(k.field("a", plain(Null)), k.field("b", number(0, 7))),
		group(k.field("c", plain(Boolean))), group(k.field("d", number(0, 255)), k.field("e", plain(Null)))))

	inner := k.root("inner", seq(k.field("x?", number(0, 15)), k.field("y", number(0, 255))))
	root("contOct", seq(k.field("p", plain(Boolean)), k.field("s", containing(sized(OctetString, 0, -1), inner)), k.field("q", plain(Boolean))))
	root("contBits", seq(k.field("p", plain(Boolean)), k.field("s", containing(sized(BitString, 16, 16), inner))))
	// A message that contains itself.
	self := k.root("self", Type{})
	k.Types[self] = seq(k.field("s?", containing(sized(OctetString, 0, -1), self)), k.field("n", number(0, 63)))
	k.Types[self].Name = "self"
	// A list within a list, without a bit of its own.
	deep := k.root("deep", Type{})
	k.Types[deep] = sized(SequenceOf, 1, 1)
	k.Types[deep].Name, k.Types[deep].Element = "deep", deep

	// The example of X.691 §A.4, its NumericString as the BIT STRING it becomes.
	ax := more(seq(
		k.field("a", number(250, 253)), k.field("b", plain(Boolean)),
		k.field("c", more(choice(k.field("d", plain(Integer))), group(k.field("e", plain(Boolean)), k.field("f", utf8)))),
		k.field("i?", utf8), k.field("j?", utf8)),
		group(k.field("g", sized(BitString, 12, 12)), k.field("h?", plain(Boolean))))
	root("Ax", ax)
	return &k.Schema
}

// forms are encodings worked out from X.691.
var forms = []struct{ root, bits, text string }{
	{"bool", "1", `true`},
	{"bool", "0", `false`},
	{"null", "00000000", `null`},
	{"one", "00000000", `5`},
	{"int", "0000", `-2`},
	{"int", "1100", `10`},
	{"wide", strings.Repeat("0", 64), `-9223372036854775808`},
	{"wide", strings.Repeat("1", 64), `9223372036854775807`},
	{"w40", "1" + strings.Repeat("0", 38) + "1", `549755813889`},
	{"intExt", "0 11", `4`},
	{"intExt", "1 00000001 00000101", `5`},
	{"intExt", "1 00000001 11111111", `-1`},
	{"semi", "00000001 00000000", `-1`},
	{"semi", "00000001 11111111", `254`},
	{"semi", "00000010 0000000100000000", `255`},
	{"free", "00000001 10000000", `-128`},
	{"free", "00000010 1111111101111111", `-129`},
	{"free", "00000010 0000000010000000", `128`},
	{"free", "00001000 1" + strings.Repeat("0", 63), `-9223372036854775808`},
	{"upto", "00000001 00000011", `3`},

	{"enum", "100", `"e"`},
	{"enum1", "00000000", `"only"`},
	{"enumExt", "0 10", `"c"`},
	{"enumExt", "1 0 000001", `"y"`},
	{"enumExt", "1 0 000010", `"[5]"`},
	{"enumExt", "1 1 00000001 01000000", `"[67]"`},

	{"bits", "10110", `"10110"`},
	{"bits0", "00000000", `""`},
	{"bitsRange", "00000010 101", `"101"`},
	{"bitsExt", "0 1 101", `"101"`},
	{"bitsExt", "1 00000100 1011", `"1011"`},
	{"oct", "10101011 11001101", `"abcd"`},
	{"octRange", "001 10101011 11001101", `"abcd"`},
	{"octSemi", "00000001 10101011", `"ab"`},
	{"octAny", "00000000", `""`},
	{"octAny", "10 00000010000000" + strings.Repeat("01010101", 128), `"` + strings.Repeat("55", 128) + `"`},
	{"octBig", "00000001 10101011", `"ab"`},
	{"ia5", "010 1000001 0100010 0001010", `"A\"\u000a"`},
	{"utf8", "00000010 11000011 10100100", `"ä"`},
	{"open", "00000010 10101011 11001101", `"abcd"`},

	{"list", "01 001 111", `[1,7]`},
	{"listExt", "0 0 001", `[1]`},
	{"listExt", "1 00000011 001 010 011", `[1,2,3]`},
	{"listExt", "1 00000000", `[]`},
	{"listAny", "00000000", `[]`},
	{"listAny", "00000010 00000001 11111111", `[1,255]`},
	{"listNull", "00000011", `[null,null,null]`},

	{"seq", "00 1", `{"b":true}`},
	{"seq", "11 10 1", `{"a":2,"b":true,"c":null}`},
	{"seqEmpty", "00000000", `{}`},
	{"rel3", "0 10", `{"a":2}`},
	{"rel3", "1 10 0 000010 100 00000001 01110000", `{"a":2,"d":7}`},
	{"rel3", "1 10 0 000010 010 00000001 10 1 00000", `{"a":2,"e":true}`},
	{"rel3", "1 10 0 000010 011 00000010 01 10000001 000000 00000001 00000000", `{"a":2,"f":129,"g":null}`},
	{"rel3", "1 10 0 000000 1 00000001 01110000", `{"a":2,"d":7,"...":1}`},
	{"rel3", "1 10 0 000010 000", `{"a":2,"...":3}`}, // a sender should clear the extension bit
	{"rel1", "1 10 0 000010 011 00000010 01 10000001 000000 00000001 00000000", `{"a":2,"[1]":"6040","[2]":"00"}`},
	{"rel0", "1 10 1 01000001 1" + strings.Repeat("0", 63) + "1 00000001 11110000 00000001 00001111", `{"a":2,"[0]":"f0","[64]":"0f"}`},

	{"choice", "00", `{"a":null}`},
	{"choice", "01 101", `{"b":5}`},
	{"choiceExt", "0 1 101", `{"b":5}`},
	{"choiceExt", "1 0 000000 00000001 10000000", `{"c":true}`},
	{"choiceExt", "1 0 000001 00000001 10000001", `{"d":129}`},
	{"choiceExt", "1 0 000010 00000001 00000000", `{"e":null}`},
	{"choiceExt", "1 0 000011 00000001 10000001", `{"[5]":"81"}`},

	{"contOct", "1 00000010 1 0011 00000001 000 1", `{"p":true,"s":{"x":3,"y":1},"q":true}`},
	{"contOct", "1 00000000 1", `{"p":true,"s":"","q":true}`}, // no content at all
	{"contBits", "1 1 0011 00000001 000", `{"p":true,"s":{"x":3,"y":1}}`},
	{"self", "1 00000011 1 00000001 0 000001 0 000010 0 000011", `{"s":{"s":{"n":1},"n":2},"n":3}`},

	{"Ax", "10011110 00000000 00000110 00000000 00000100 00001010 01000110 100100",
		`{"a":253,"b":true,"c":{"e":true},"g":"001000110100","h":true}`},
}

// TestForms checks each encoding in all directions.
func TestForms(t *testing.T) {
	s := formsSchema()
	d := NewDecoder(s)
	for _, tt := range forms {
		t.Run(tt.root+" "+fmt.Sprintf("%.40s", tt.text), func(t *testing.T) {
			in := octets(t, tt.bits)
			v, err := d.Decode(tt.root, in)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(v.AppendJSON(nil)); got != tt.text {
				t.Errorf("decodes to %s, want %s", got, tt.text)
			}
			if got := v.Bits(); got != len(strings.ReplaceAll(tt.bits, " ", "")) && got > 0 {
				t.Errorf("%d bits of %q", got, tt.bits)
			}
			if r := d.Rest(); r.TrailingBits != 0 || r.NonZeroPadding {
				t.Errorf("rest %+v", r)
			}
			got, err := d.Encode([]byte("x"), v)
			if err != nil || !bytes.Equal(got, append([]byte("x"), in...)) {
				t.Errorf("encodes to %x (%v), want %x", got, err, in)
			}
			got, err = s.EncodeJSON([]byte("x"), tt.root, []byte(tt.text))
			if err != nil || !bytes.Equal(got, append([]byte("x"), in...)) {
				t.Errorf("text encodes to %x (%v), want %x", got, err, in)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	d := NewDecoder(formsSchema())
	for _, tt := range []struct {
		name, root, bits string
		err              error
		path             string
		bit              int // offset
		text             string
	}{
		{"empty", "seq", "", wire.ErrShort, "seq", 0, `{}`},
		{"list cut", "list", "10 001 010", wire.ErrShort, "list[2]", 8, `[1,2]`},
		{"index of ENUMERATED", "enum", "101", wire.ErrInvalid, "enum", 0, `null`},
		{"index of CHOICE", "choice", "11", wire.ErrInvalid, "choice", 0, `{}`},
		{"INTEGER", "int", "1101", wire.ErrInvalid, "int", 0, `null`},
		{"size of a string", "bitsRange", "11111111", wire.ErrInvalid, "bitsRange", 0, `null`},
		{"size of a semi-constrained string", "octSemi", "00000000", wire.ErrInvalid, "octSemi", 0, `null`},
		{"string longer than the message", "octSemi", "00000010 00000000", wire.ErrShort, "octSemi", 0, `null`},
		{"number without octets", "free", "00000000", wire.ErrInvalid, "free", 0, `null`},
		{"number of 9 octets", "free", "00001001" + strings.Repeat("0", 72), wire.ErrUnsupported, "free", 0, `null`},
		{"number above 63 bits", "semi", "00001000" + strings.Repeat("1", 64), wire.ErrUnsupported, "semi", 0, `null`},
		{"fragment of 0", "octAny", "11000000", wire.ErrInvalid, "octAny", 0, `null`},
		{"fragment of 5 x 16K", "octAny", "11000101", wire.ErrInvalid, "octAny", 0, `null`},
		{"fragment cut", "octAny", "11000001 00000000", wire.ErrShort, "octAny", 0, `null`},
		{"index of 65 537", "enumExt", "1 1 00000011 000000010000000000000001", wire.ErrUnsupported, "enumExt", 0, `null`},
		{"no additions", "rel3", "1 10 1 00000000", wire.ErrInvalid, "rel3", 3, `{"a":2}`},
		{"fragmented additions", "rel3", "1 10 1 11000001", wire.ErrUnsupported, "rel3", 3, `{"a":2}`},
		{"additions behind the end", "rel3", "1 10 0 000111", wire.ErrShort, "rel3", 10, `{"a":2}`},
		{"addition cut", "rel3", "1 10 0 000010 010 00000010 01 1", wire.ErrShort, "rel3.f", 23, `{"a":2,"...":3}`},
		{"addition too short for its type", "rel3", "1 10 0 000010 010 00000001 11 1 00000 00000000", wire.ErrLength, "rel3.f", 24, `{"a":2,"e":true}`},
		{"unknown addition cut", "rel0", "1 10 0 000000 1 00000010 00000", wire.ErrShort, "rel0", 11, `{"a":2,"...":1}`},
		{"alternative cut", "choiceExt", "1 0 000011 00000010 10000001", wire.ErrShort, "choiceExt", 8, `{}`},
		{"no such message", "none", "1", wire.ErrUnsupported, "none", 0, `null`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v, err := d.Decode(tt.root, octets(t, tt.bits))
			var de *wire.DecodeError
			if !errors.As(err, &de) || !errors.Is(err, tt.err) || de.Path != tt.path || 8*de.Offset+de.Bit != tt.bit {
				t.Fatalf("error = %v, want %v of %s at bit %d", err, tt.err, tt.path, tt.bit)
			}
			got := string(v.AppendJSON(nil))
			if _, err := d.Encode(nil, v); err == nil {
				t.Errorf("%s is encoded", got)
			}
			if got != tt.text {
				t.Errorf("before the error %s, want %s", got, tt.text)
			}
		})
	}
}

func TestRest(t *testing.T) {
	d := NewDecoder(formsSchema())
	for _, tt := range []struct {
		name, root, bits string
		want             Rest
		same             bool // Encode gives the octets back
	}{
		{"padding", "seq", "00 1", Rest{}, true},
		{"padding not zero", "seq", "00 1 00100", Rest{NonZeroPadding: true}, false},
		{"trailing octet", "seq", "00 1 00000 00000000", Rest{TrailingBits: 13}, false},
		{"the octet of an empty message", "seqEmpty", "00000000", Rest{}, true},
		{"not zero", "seqEmpty", "00000001", Rest{NonZeroPadding: true}, false},
		{"two octets", "seqEmpty", "00000000 00000000", Rest{TrailingBits: 16}, false},
		{"spare alternative", "choice", "10", Rest{SpareBranches: 1}, true},
		{"unknown value", "enumExt", "1 0 000010", Rest{UnknownExtensions: 1}, true},
		{"known value", "enumExt", "1 0 000001", Rest{}, true},
		{"unknown alternative", "choiceExt", "1 0 000011 00000001 10000001", Rest{UnknownExtensions: 1, UnknownBits: 8}, true},
		{"unknown additions", "rel1", "1 10 0 000010 011 00000010 0110000001000000 00000001 00000000",
			Rest{UnknownExtensions: 2, UnknownBits: 24}, true},
		{"known addition, longer", "rel1", "1 10 0 000000 1 00000010 0111 111100001111", Rest{UnknownBits: 12}, true},
		{"known addition, padding not zero", "rel1", "1 10 0 000000 1 00000001 0111 0001", Rest{NonZeroPadding: true}, false},
		{"group without components", "rel3", "1 10 0 000010 010 00000001 00 000000", Rest{}, true},
		{"group without components, longer", "rel3", "1 10 0 000010 010 00000010 00 01010101010101", Rest{UnknownBits: 14}, true},
		{"alternative, longer", "choiceExt", "1 0 000000 00000010 10000000 11111111", Rest{UnknownBits: 15}, true},
		{"NULL as addition, two octets", "rel3", "1 10 0 000010 001 00000010 00000000 00000001", Rest{UnknownBits: 16}, true},
		{"contained, longer", "contOct", "1 00000010 0 00000001 0101010 1", Rest{NonZeroPadding: true}, true},
		{"contained, an octet more", "contOct", "1 00000011 0 00000001 000000000000000 1", Rest{TrailingBits: 15}, true},
		{"forms that X.691 does not allow", "octAny", "10 00000000000001 10101011", Rest{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := octets(t, tt.bits)
			v, err := d.Decode(tt.root, in)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Rest(); got != tt.want {
				t.Errorf("rest %+v, want %+v", got, tt.want)
			}
			out, err := d.Encode(nil, v)
			if err != nil || bytes.Equal(out, in) != tt.same {
				t.Errorf("encodes to %x (%v) from %x", out, err, in)
			}
		})
	}
}

// TestFragments: lengths from 16K on are in pieces (X.691 §11.9.3.8).
func TestFragments(t *testing.T) {
	s := formsSchema()
	d := NewDecoder(s)
	for _, n := range []int{fragment - 1, fragment, fragment + 1, 4 * fragment, 4*fragment + 1, 6*fragment + 200} {
		content := make([]byte, n)
		for i := range content {
			content[i] = byte(i*i>>3) ^ byte(i)
		}
		var w writer
		w.octets(content, 0, n)
		pieces := n/fragment + 1 + n%fragment/0x80
		if len(w.b) < n+n/(4*fragment)+1 || len(w.b) > n+pieces+1 {
			t.Fatalf("%d octets take %d", n, len(w.b))
		}
		v, err := d.Decode("octAny", w.b)
		if err != nil || !bytes.Equal(v.Octets(), content) || v.Bits() != 8*len(w.b) {
			t.Fatalf("%d octets: %v, %d bits", n, err, v.Bits())
		}
		if out, err := d.Encode(nil, v); err != nil || !bytes.Equal(out, w.b) {
			t.Errorf("%d octets encode to %d (%v)", n, len(out), err)
		}
		if out, err := s.EncodeJSON(nil, "octAny", v.AppendJSON(nil)); err != nil || !bytes.Equal(out, w.b) {
			t.Errorf("text of %d octets encodes to %d (%v)", n, len(out), err)
		}
		for _, cut := range []int{0, 1, len(w.b) / 2, len(w.b) - 1} {
			if _, err := d.Decode("octAny", w.b[:cut]); !errors.Is(err, wire.ErrShort) {
				t.Errorf("%d of %d octets: %v", cut, len(w.b), err)
			}
		}
		if n <= maxNodes/2 {
			v, err = d.Decode("listAny", w.b)
			if err != nil || v.Len() != n || v.At(n-1).Int() != int64(content[n-1]) {
				t.Errorf("list of %d: %v, %d elements", n, err, v.Len())
			}
			if out, err := d.Encode(nil, v); err != nil || !bytes.Equal(out, w.b) {
				t.Errorf("list of %d encodes to %d octets (%v)", n, len(out), err)
			}
		}
	}

	// A message in a fragmented string in a fragmented addition: places are those of
	// the message around all.
	var w writer
	content := make([]byte, fragment+2)
	content[0], content[1], content[2] = 0x80|3<<3, 1<<3, 0xff
	w.flag(true)
	w.octets(content, 0, len(content))
	w.flag(true)
	v, err := d.Decode("contOct", w.b)
	x := v.Field("s").Contained().Field("x")
	if err != nil || x.Int() != 3 || x.Offset() != 1+8+1 || v.Field("q").Offset() != 1+8+8*fragment+8+16 {
		t.Errorf("x %d at %d, q at %d (%v)", x.Int(), x.Offset(), v.Field("q").Offset(), err)
	}
	var outer writer
	outer.put(0b1_10_0_000011_0001, 14)
	outer.octets(w.b, 0, len(w.b))
	v, err = d.Decode("rel3", outer.b)
	if err != nil || v.First().Next().BitLen() != 8*len(w.b) {
		t.Errorf("unknown addition: %v", err)
	}
	if out, err := d.Encode(nil, v); err != nil || !bytes.Equal(out, outer.b) {
		t.Errorf("encodes to %d octets (%v)", len(out), err)
	}
	// y is the first field in the second fragment.
	k := &kit{}
	half := k.add(sized(BitString, wholeSizes-1, wholeSizes-1))
	tall := k.root("tall", seq(k.ref("a", half), k.ref("b", half), k.field("c", number(0, 3)), k.field("y", number(0, 1<<20-1))))
	k.root("around", seq(k.field("s", containing(sized(OctetString, 0, -1), tall))))
	w = writer{}
	w.octets(make([]byte, fragment+3), 0, fragment+3)
	d = NewDecoder(&k.Schema)
	v, err = d.Decode("around", w.b)
	if y := v.Field("s").Contained().Field("y"); err != nil || v.Field("s").ContainedErr() != nil || y.Offset() != 8*(1+fragment+1) {
		t.Errorf("y at %d (%v, %v)", y.Offset(), err, v.Field("s").ContainedErr())
	}
	w = writer{}
	w.octets(make([]byte, fragment+2), 0, fragment+2)
	v, err = d.Decode("around", w.b)
	var de *wire.DecodeError
	if inner := v.Field("s").ContainedErr(); err != nil || !errors.As(inner, &de) || de.Path != "tall.y" || de.Offset != 1+fragment+1 {
		t.Errorf("%v, %v", err, inner)
	}
}

func TestLimits(t *testing.T) {
	s := formsSchema()
	d := NewDecoder(s)
	if v, err := d.Decode("deep", []byte{0}); !errors.Is(err, wire.ErrUnsupported) || len(d.nodes) != maxDepth+1 || !v.Present() {
		t.Errorf("depth: %v with %d nodes", err, len(d.nodes))
	}
	many := bytes.Repeat([]byte{0xc4}, 200)
	if _, err := d.Decode("listNull", many); !errors.Is(err, wire.ErrUnsupported) || len(d.nodes) != maxNodes {
		t.Errorf("nodes: %v with %d", err, len(d.nodes))
	}
	if _, err := d.More("bool", []byte{0x80}); !errors.Is(err, wire.ErrUnsupported) || len(d.nodes) != maxNodes {
		t.Errorf("more nodes: %v with %d", err, len(d.nodes))
	}
	if _, err := d.Decode("octAny", make([]byte, maxMessage+1)); !errors.Is(err, wire.ErrUnsupported) {
		t.Errorf("long message: %v", err)
	}
	var err error
	n := 0
	for n = 0; n < 100 && err == nil; n++ {
		_, err = d.More("octAny", make([]byte, maxMessage))
	}
	if !errors.Is(err, wire.ErrUnsupported) || n != maxArena/maxMessage {
		t.Errorf("%d long messages: %v", n, err)
	}
	// Strings in strings, each of a fragment and more: every level is copied.
	inner := make([]byte, fragment)
	for range 150 {
		var w writer
		w.flag(true)
		w.octets(inner, 0, len(inner))
		w.put(0, 6)
		inner = w.b
	}
	v, err := d.Decode("self", inner)
	if err != nil || len(d.arena) > maxArena+len(inner)+150*len(guard) {
		t.Errorf("%v; arena of %d", err, len(d.arena))
	}
	levels := 0
	for ; v.Field("s").Contained().Present(); v = v.Field("s").Contained() {
		levels++
	}
	if err := v.Field("s").ContainedErr(); !errors.Is(err, wire.ErrUnsupported) && levels < maxDepth/2-1 {
		t.Errorf("%d levels, then %v", levels, err)
	}
}

// TestContainedErr: a contained message that fails does not end the one around it.
func TestContainedErr(t *testing.T) {
	d := NewDecoder(formsSchema())
	// self around self around self, whose string is longer than its message.
	in := octets(t, "1 00000100 1 00000010 1 00000101 0000000 000001 0 000010")
	v, err := d.Decode("self", in)
	if err != nil || v.Field("n").Int() != 2 {
		t.Fatalf("%v, n = %d", err, v.Field("n").Int())
	}
	v = v.Field("s")
	if v.ContainedErr() != nil || v.Contained().Field("n").Int() != 1 {
		t.Errorf("middle: %v, n = %d", v.ContainedErr(), v.Contained().Field("n").Int())
	}
	v = v.Contained().Field("s")
	var de *wire.DecodeError
	if err := v.ContainedErr(); !errors.As(err, &de) || !errors.Is(err, wire.ErrShort) ||
		de.Path != "self.s" || 8*de.Offset+de.Bit != 19 {
		t.Errorf("innermost: %v", err)
	}
	if !v.Contained().Present() || v.Contained().Len() != 0 || v.BitLen() != 16 {
		t.Errorf("innermost: %d bits, %d fields", v.BitLen(), v.Contained().Len())
	}
	if out, err := d.Encode(nil, d.root()); err != nil || !bytes.Equal(out, in) {
		t.Errorf("encodes to %x (%v)", out, err)
	}
}

// root returns the first message decoded.
func (d *Decoder) root() Value { return Value{d: d, gen: d.gen} }

func TestValue(t *testing.T) {
	s := sib1Schema()
	b, err := s.EncodeJSON(nil, "BCCH-DL-SCH-Message", []byte(sib1Text))
	if err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(s)
	root, err := d.Decode("BCCH-DL-SCH-Message", b)
	if err != nil {
		t.Fatal(err)
	}
	sib1 := root.Field("message").Chosen().Chosen()
	access := sib1.Field("cellAccessRelatedInfo")
	plmns := access.Field("plmn-IdentityList")
	offset := access.Offset() + 1 + 3 // after the optional bit of csg-Identity and the length
	for _, tt := range []struct {
		name      string
		got, want any
	}{
		{"Name", sib1.Name(), "systemInformationBlockType1"},
		{"TypeName", sib1.TypeName(), "SystemInformationBlockType1"},
		{"TypeName of a type in place", access.TypeName(), ""},
		{"Kind", root.Field("message").Kind(), Choice},
		{"Field of a CHOICE", root.Field("message").Field("c1") == root.Field("message").Chosen(), true},
		{"Field of another alternative", root.Field("message").Field("messageClassExtension").Present(), false},
		{"Chosen of a SEQUENCE", root.Chosen().Present(), false},
		{"Field of an INTEGER", sib1.Field("p-Max").Field("p-Max").Present(), false},
		{"Int", sib1.Field("p-Max").Int(), int64(23)},
		{"Int of an ENUMERATED", sib1.Field("si-WindowLength").Int(), int64(5)},
		{"Int of a BIT STRING", access.Field("cellIdentity").Int(), int64(0)},
		{"Text", sib1.Field("si-WindowLength").Text(), "ms20"},
		{"Text of an addition", sib1.Field("schedulingInfoList").At(3).Field("sib-MappingInfo").At(0).Text(), "sibType19-v1250"},
		{"Bool", access.Field("csg-Indication").Bool(), false},
		{"Uint", access.Field("trackingAreaCode").Uint(), uint64(0x123)},
		{"BitLen", access.Field("cellIdentity").BitLen(), 28},
		{"Octets", fmt.Sprintf("%x", access.Field("cellIdentity").Octets()), "001a2010"},
		{"Octets again", fmt.Sprintf("%x", access.Field("cellIdentity").Octets()), "001a2010"},
		{"Len", plmns.Len(), 2},
		{"Offset", plmns.First().Offset(), offset},
		{"Bits", plmns.First().Bits(), 1 + 12 + 1 + 8 + 1},
		{"Offset of the next", plmns.At(1).Offset(), offset + 23},
		{"Bits of a leaf", access.Field("trackingAreaCode").Bits(), 16},
		{"At behind the end", plmns.At(2).Present(), false},
		{"At before the start", plmns.At(-1).Present(), false},
		{"Next of the last", plmns.At(1).Next().Present(), false},
		{"Next of the message", root.Next().Present(), false},
		{"First of a leaf", sib1.Field("p-Max").First().Present(), false},
		{"Contained", access.Field("trackingAreaCode").Contained().Present(), false},
		{"ContainedErr", access.Field("trackingAreaCode").ContainedErr(), error(nil)},
	} {
		if tt.got != tt.want {
			t.Errorf("%s = %v, want %v", tt.name, tt.got, tt.want)
		}
	}

	// A message added keeps the first one; a new one ends it.
	more, err := d.More("BCCH-DL-SCH-Message", b)
	if err != nil || more.Field("message").Offset() != 0 || !bytes.Equal(more.AppendJSON(nil), root.AppendJSON(nil)) ||
		root.Next().Present() {
		t.Errorf("More: %v, %s", err, more.AppendJSON(nil))
	}
	if _, err := d.Decode("BCCH-DL-SCH-Message", b); err != nil {
		t.Fatal(err)
	}
	for _, v := range []Value{{}, root, more, access, plmns.At(1), plmns.Next().Field("x")} {
		if v.Present() || v.Name() != "" || v.TypeName() != "" || v.Kind() != 0 || v.Field("message").Present() ||
			v.Chosen().Present() || v.First().Present() || v.Next().Present() || v.Len() != 0 || v.At(0).Present() ||
			v.Int() != 0 || v.Bool() || v.Text() != "" || v.Uint() != 0 || v.BitLen() != 0 || v.Octets() != nil ||
			v.Contained().Present() || v.ContainedErr() != nil || v.Offset() != 0 || v.Bits() != 0 ||
			string(v.AppendJSON(nil)) != "null" {
			t.Errorf("%+v is not absent", v)
		}
		if _, err := d.Encode(nil, v); !errors.Is(err, wire.ErrInvalid) {
			t.Errorf("absent value is encoded: %v", err)
		}
	}
}

// TestTruncated decodes every prefix of a message: an error inside it, and what came
// before.
func TestTruncated(t *testing.T) {
	s := sib1Schema()
	b, err := s.EncodeJSON(nil, "BCCH-DL-SCH-Message", []byte(sib1Text))
	if err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(s)
	nodes := 0
	for n := range b {
		v, err := d.Decode("BCCH-DL-SCH-Message", b[:n])
		var de *wire.DecodeError
		if !errors.As(err, &de) || !errors.Is(err, wire.ErrShort) || de.Offset > n || len(d.nodes) < nodes {
			t.Fatalf("%d octets: %v, %d nodes", n, err, len(d.nodes))
		}
		nodes = len(d.nodes)
		if tac := v.Field("message").Chosen().Chosen().Field("cellAccessRelatedInfo").Field("trackingAreaCode"); n > 10 && tac.Uint() != 0x123 {
			t.Fatalf("%d octets: TAC %x", n, tac.Uint())
		}
	}
}

func TestAllocations(t *testing.T) {
	s := sib1Schema()
	b, err := s.EncodeJSON(nil, "BCCH-DL-SCH-Message", []byte(sib1Text))
	if err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(s)
	buf := make([]byte, 0, 4096)
	if n := testing.AllocsPerRun(100, func() {
		v, err := d.Decode("BCCH-DL-SCH-Message", b)
		if err != nil {
			t.Fatal(err)
		}
		cell := v.Field("message").Chosen().Chosen().Field("cellAccessRelatedInfo").Field("cellIdentity")
		if cell.Octets()[1] != 0x1a {
			t.Fatal("cell identity")
		}
		buf = v.AppendJSON(buf[:0])
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestInvalidSchema: a schema made by hand may be wrong.
func TestInvalidSchema(t *testing.T) {
	s := &Schema{Types: []Type{{Kind: SequenceOf, Element: 7}}, Roots: map[string]TypeID{"x": 0}}
	if _, err := NewDecoder(s).Decode("x", nil); err == nil {
		t.Error("decodes")
	}
	if _, err := s.EncodeJSON(nil, "x", []byte("{}")); err == nil {
		t.Error("encodes")
	}
}

// FuzzDecode decodes any octets as every type.
func FuzzDecode(f *testing.F) {
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
				f.Add(byte(i), octets(f, tt.bits))
			}
		}
	}
	d, e := NewDecoder(s), NewDecoder(s)
	f.Fuzz(func(t *testing.T, root byte, b []byte) {
		name := roots[int(root)%len(roots)]
		v, err := d.Decode(name, b)
		if len(d.nodes) > maxNodes || len(d.arena) > 2*maxArena {
			t.Fatalf("%d nodes, arena of %d", len(d.nodes), len(d.arena))
		}
		checkTree(t, v, 8*len(b))
		text := v.AppendJSON(nil)
		if err != nil {
			var de *wire.DecodeError
			if !errors.As(err, &de) || de.Offset < 0 || 8*de.Offset+de.Bit > 8*len(b) {
				t.Fatalf("error %v outside %d octets", err, len(b))
			}
			return
		}
		rest := d.Rest()
		out, err := d.Encode(nil, v)
		if err != nil {
			t.Fatal(err)
		}
		w, err := e.Decode(name, out)
		if err != nil {
			t.Fatalf("encoded to %x: %v", out, err)
		}
		if again := w.AppendJSON(nil); !bytes.Equal(again, text) {
			t.Fatalf("encoded to %x: %s, was %s", out, again, text)
		}
		if twice, err := e.Encode(nil, w); err != nil || !bytes.Equal(twice, out) {
			t.Fatalf("encoded to %x, then %x (%v)", out, twice, err)
		}
		if rest.UnknownBits != 0 || rest.TrailingBits != 0 || rest.NonZeroPadding || len(d.tails) != 0 ||
			name == "utf8" || name == "Ax" {
			return // not all of it is in the text
		}
		fromText, err := s.EncodeJSON(nil, name, text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		w, err = e.Decode(name, fromText)
		if again := w.AppendJSON(nil); err != nil || !bytes.Equal(again, text) {
			t.Fatalf("text %s encodes to %x: %s (%v)", text, fromText, again, err)
		}
	})
}

// checkTree checks that every value lies in its parent and within the message.
func checkTree(t *testing.T, v Value, size int) {
	if v.Offset() < 0 || v.Offset() > size || v.Bits() < 0 || v.Bits() > size {
		t.Fatalf("%s: %d bits at %d of %d", v.Name(), v.Bits(), v.Offset(), size)
	}
	if got := 8 * len(v.Octets()); got < v.BitLen() || got > v.BitLen()+7 {
		t.Fatalf("%s: %d bits in %d octets", v.Name(), v.BitLen(), len(v.Octets()))
	}
	if v.Contained().Present() {
		checkTree(t, v.Contained(), size)
	}
	n := 0
	for c := v.First(); c.Present(); c = c.Next() {
		checkTree(t, c, size)
		n++
	}
	if n != v.Len() {
		t.Fatalf("%s: %d children, Len %d", v.Name(), n, v.Len())
	}
}

func BenchmarkDecode(b *testing.B) {
	s := sib1Schema()
	in, err := s.EncodeJSON(nil, "BCCH-DL-SCH-Message", []byte(sib1Text))
	if err != nil {
		b.Fatal(err)
	}
	d := NewDecoder(s)
	id := s.Roots["BCCH-DL-SCH-Message"]
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.DecodeRoot(id, in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	s := sib1Schema()
	in, err := s.EncodeJSON(nil, "BCCH-DL-SCH-Message", []byte(sib1Text))
	if err != nil {
		b.Fatal(err)
	}
	d := NewDecoder(s)
	v, err := d.Decode("BCCH-DL-SCH-Message", in)
	if err != nil {
		b.Fatal(err)
	}
	out := make([]byte, 0, 64)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Encode(out, v); err != nil {
			b.Fatal(err)
		}
	}
}
