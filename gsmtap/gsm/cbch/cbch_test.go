package cbch

import (
	"bytes"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// block is a block of a type whose information is filled up with an octet.
func block(t testing.TB, typ uint8, info string, fill uint8) []byte {
	b := append([]byte{typ}, unhex(t, info)...)
	return append(b, bytes.Repeat([]byte{fill}, 1+blockLen-len(b))...)
}

func TestBlock(t *testing.T) {
	for _, c := range []struct {
		name   string
		in     []byte
		want   Block
		err    error
		path   string
		offset int
	}{
		{"first", block(t, 0x20, "0102", 0), Block{Sequence: 0}, nil, "", 0},
		{"fourth, spare bit, octets behind it", append(block(t, 0xb3, "01", 0), 1, 2), Block{Last: true, Sequence: 3}, nil, "", 0},
		{"schedule", block(t, 0x28, "01", 0), Block{Sequence: Schedule}, nil, "", 0},
		{"null", block(t, 0x2f, "", 0x2b), Block{Sequence: Null}, nil, "", 0},
		{"reserved number", block(t, 0x24, "", 0), Block{Sequence: 4}, wire.ErrUnsupported, "Sequence Number", 0},
		{"other protocol", block(t, 0x03, "", 0), Block{}, wire.ErrInvalid, "Link Protocol Discriminator", 0},
		{"nothing", nil, Block{}, wire.ErrShort, "Block Type", 0},
		{"cut", block(t, 0x31, "", 0)[:22], Block{Last: true, Sequence: 1}, wire.ErrShort, "Information", 1},
	} {
		var got Block
		err := got.Decode(c.in)
		if c.err == nil && !bytes.Equal(got.Info, c.in[1:23]) {
			t.Errorf("%s: information % x", c.name, got.Info)
		}
		got.Info = nil
		if !reflect.DeepEqual(got, c.want) || !errors.Is(err, c.err) {
			t.Errorf("%s: %+v, %v; want %+v, %v", c.name, got, err, c.want, c.err)
		}
		var de *wire.DecodeError
		if errors.As(err, &de) && (de.Path != c.path || de.Offset != c.offset) {
			t.Errorf("%s: %v; want %s at %d", c.name, err, c.path, c.offset)
		}
	}
}

var pages = []struct {
	name, in string
	want     Page
}{
	//               serial ID  DCS page
	{"7 bit", "0011 0032 0f 11 31d98c56b3dd1a 8d46a3d168341a", Page{MessageCode: 1, UpdateNumber: 1, MessageIdentifier: 50,
		Coding: 0x0f, Page: 1, Pages: 1, Text: "1234567"}},
	{"alert, UCS-2 with language, second of three", "7ff9 1112 11 23 7479 0041 0e01 000d 000d", Page{Scope: 1, MessageCode: 0x3ff, UpdateNumber: 9,
		MessageIdentifier: 0x1112, Coding: 0x11, Page: 2, Pages: 3, Text: "Aก", Language: "tr"}},
	{"8 bit, page numbers that are reserved", "c000 1080 44 00 414243", Page{Scope: 3, MessageIdentifier: 0x1080, Coding: 0x44}},
	{"header alone", "8010 0000 00 11", Page{Scope: 2, MessageCode: 1, Page: 1, Pages: 1, Language: "de"}},
}

func TestPage(t *testing.T) {
	for _, c := range pages {
		b := unhex(t, c.in)
		var d Decoder
		m, err := d.Decode(b, false)
		got, ok := m.(*Page)
		if err != nil || !ok || got.Name() != "SMSCB Message" {
			t.Errorf("%s: %T, %v", c.name, m, err)
			continue
		}
		if !bytes.Equal(got.Content, b[6:]) {
			t.Errorf("%s: content % x", c.name, got.Content)
		}
		got.Content = nil
		if !reflect.DeepEqual(*got, c.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", c.name, *got, c.want)
		}
		for n := range b {
			var de *wire.DecodeError
			switch err := got.Decode(b[:n]); {
			case n >= 6 && err != nil:
				t.Errorf("%s, %d of %d octets: %v", c.name, n, len(b), err)
			case n < 6 && (!errors.As(err, &de) || de.Err != wire.ErrShort || de.Offset > n):
				t.Errorf("%s, %d of %d octets: %v", c.name, n, len(b), err)
			}
		}
	}
}

func TestSchedule(t *testing.T) {
	var d Decoder
	m, err := d.Decode(unhex(t, "0130 8000 0000 0000 1234"), true)
	got, ok := m.(*ScheduleMessage)
	if err != nil || !ok || got.Type != 0 || got.BeginSlot != 1 || got.EndSlot != 48 || len(got.Content) != 8 || got.Name() != "SMSCB Schedule Message" {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := d.Decode([]byte{0xc1}, true); !errors.Is(err, wire.ErrShort) {
		t.Errorf("one octet: %v", err)
	}
}

func TestIdentifier(t *testing.T) {
	for id, want := range map[MessageIdentifier]string{
		50: "general (50)", 1000: "LCS E-OTD Assistance Data", 1004: "reserved (1004)", 0x1000: "data download to the SIM, unsecured (4096)",
		0x10ff: "data download to the SIM, secured (4351)", 0x1100: "ETWS earthquake warning", 0x1107: "ETWS (4359)", 0x1108: "public warning (4360)",
		0x1112: "CMAS Presidential Level Alert (EU-Alert Level 1)", 0x111f: "CMAS Presidential Level Alert (EU-Alert Level 1), additional language",
		0x112b: "CMAS operator defined use, additional language", 0x112c: "CMAS Public Safety Alert (EU-Alert Level 4)",
		0x1130: "public warning (4400)", 0x18ff: "public warning (6399)", 0x1900: "reserved (6400)", 0xa000: "PLMN operator specific (40960)", 0xffff: "reserved (65535)",
	} {
		if id.String() != want {
			t.Errorf("%#x: %q, want %q", uint16(id), id, want)
		}
		m := Page{MessageIdentifier: id}
		if m.Emergency() != (id >= 0x1100 && id <= 0x18ff) {
			t.Errorf("%#x: emergency %v", uint16(id), m.Emergency())
		}
	}
	for s, want := range map[interface{ String() string }]string{
		Scope(0): "Cell wide, immediate", Scope(3): "Cell wide", Scope(5): "PLMN wide",
		Sequence(2): "Third Block", Schedule: "First Schedule Block", Null: "Null message", Sequence(9): "reserved (9)",
	} {
		if s.String() != want {
			t.Errorf("%q, want %q", s, want)
		}
	}
}

func TestReassembler(t *testing.T) {
	segment, complete := Status{Segment: true}, Status{Complete: true}
	lost, skipped := Status{Lost: true}, Status{Skipped: true}
	type push struct {
		typ  uint8
		fill uint8
		st   Status
		want string // the fills of the blocks of the message returned
	}
	for _, c := range []struct {
		name   string
		pushes []push
	}{
		{"four blocks", []push{{0x20, 1, segment, ""}, {0x21, 2, segment, ""}, {0x22, 3, segment, ""}, {0x33, 4, complete, "01020304"}}},
		{"four blocks of which none is the last", []push{{0x20, 1, segment, ""}, {0x21, 2, segment, ""}, {0x22, 3, segment, ""}, {0x23, 4, complete, "01020304"}}},
		{"two blocks and filling", []push{{0x20, 1, segment, ""}, {0x31, 2, complete, "0102"}, {0x22, 0x2b, Status{}, ""}, {0x23, 0x2b, Status{}, ""}, {0x30, 5, complete, "05"}}},
		{"one block, twice", []push{{0x30, 1, complete, "01"}, {0x30, 1, complete, "01"}}},
		{"schedule", []push{{0x28, 1, segment, ""}, {0x31, 2, Status{Complete: true, ScheduleMessage: true}, "0102"}, {0x30, 3, complete, "03"}}},
		{"a block repeated", []push{{0x20, 1, segment, ""}, {0x21, 2, segment, ""}, {0x21, 2, Status{Duplicate: true}, ""}, {0x32, 3, complete, "010203"},
			{0x32, 3, Status{Duplicate: true}, ""}}},
		{"null messages", []push{{0x2f, 0x2b, Status{}, ""}, {0x21, 0x2b, Status{}, ""}, {0x20, 1, segment, ""}, {0x2f, 0x2b, lost, ""}}},
		{"first block missing", []push{{0x21, 2, skipped, ""}, {0x22, 3, skipped, ""}, {0x30, 1, complete, "01"}}},
		{"first block missing behind a null message", []push{{0x2f, 0x2b, Status{}, ""}, {0x21, 2, skipped, ""}}},
		{"first block missing behind a message", []push{{0x30, 1, complete, "01"}, {0x21, 2, skipped, ""}}},
		{"a block missing", []push{{0x20, 1, segment, ""}, {0x22, 3, Status{Skipped: true, Lost: true}, ""}, {0x33, 4, skipped, ""}}},
		{"a block out of order", []push{{0x20, 1, segment, ""}, {0x21, 2, segment, ""}, {0x21, 9, Status{Skipped: true, Lost: true}, ""}}},
		{"last blocks missing", []push{{0x20, 1, segment, ""}, {0x20, 5, Status{Segment: true, Lost: true}, ""}, {0x31, 6, complete, "0506"}}},
	} {
		var r Reassembler
		for i, p := range c.pushes {
			var b Block
			if err := b.Decode(block(t, p.typ, "", p.fill)); err != nil {
				t.Fatal(err)
			}
			got, st := r.Push(7, &b)
			var want []byte
			for _, f := range unhex(t, p.want) {
				want = append(want, bytes.Repeat([]byte{f}, blockLen)...)
			}
			if st != p.st || !bytes.Equal(got, want) {
				t.Errorf("%s, block %d: %+v, % x; want %+v, % x", c.name, i, st, got, p.st, want)
			}
		}
	}
}

// TestReassemblerBounds: channels do not mix, and of too many the oldest is forgotten.
func TestReassemblerBounds(t *testing.T) {
	var r Reassembler
	first, last := Block{Info: make([]byte, blockLen)}, Block{Sequence: 1, Last: true, Info: make([]byte, blockLen)}
	for ch := range uint64(MaxChannels + 1) {
		r.Push(ch, &first)
	}
	if r.Evicted() != 1 || len(r.channels) != MaxChannels {
		t.Errorf("%d evicted, %d kept", r.Evicted(), len(r.channels))
	}
	for ch := uint64(MaxChannels); ch > 0; ch-- {
		if _, st := r.Push(ch, &last); !st.Complete {
			t.Fatalf("channel %d: %+v", ch, st)
		}
	}
	if _, st := r.Push(0, &last); !st.Skipped {
		t.Errorf("forgotten channel: %+v", st)
	}
}

// FuzzReassembler pushes blocks of a type and one octet that fills them: a message
// returned is made of the blocks pushed last, and what is not returned is told.
func FuzzReassembler(f *testing.F) {
	f.Add([]byte{0x20, 1, 0x21, 2, 0x32, 3})
	f.Add([]byte{0x28, 1, 0x31, 2, 0x21, 0x2b, 0x2f, 0x2b})
	f.Fuzz(func(t *testing.T, in []byte) {
		var r Reassembler
		var d Decoder
		var b Block
		for ; len(in) >= 2; in = in[2:] {
			if b.Decode(append([]byte{in[0]}, bytes.Repeat(in[1:2], blockLen)...)) != nil {
				continue
			}
			got, st := r.Push(uint64(in[1]&1), &b)
			if st.Complete != (got != nil) || len(got) > MaxMessage || len(got)%blockLen != 0 {
				t.Fatalf("%d octets, %+v", len(got), st)
			}
			if st.Complete {
				if got[len(got)-1] != in[1] {
					t.Fatalf("ends with %x, want %x", got[len(got)-1], in[1])
				}
				m, err := d.Decode(got, st.ScheduleMessage)
				if err != nil || m.Name() == "" {
					t.Fatalf("%T, %v", m, err)
				}
			}
			if empty := b.Sequence == Null || in[1] == 0x2b; st == (Status{}) && !empty {
				t.Fatalf("block %x of %x went without a word", in[0], in[1])
			}
		}
	})
}

func FuzzPage(f *testing.F) {
	for _, c := range pages {
		f.Add(unhex(f, c.in))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var m Page
		err := m.Decode(b)
		var de *wire.DecodeError
		if err != nil && (!errors.As(err, &de) || de.Offset > len(b)) {
			t.Fatal(err)
		}
		if m.Scope > 3 || m.MessageCode > 0x3ff || m.UpdateNumber > 15 || m.Page > 15 || m.Pages > 15 || len(m.Language) > 8 || len(m.Text) > 4*len(b) {
			t.Fatalf("value outside its field: %+v", m)
		}
	})
}
