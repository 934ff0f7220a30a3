package lapdm

import (
	"bytes"
	"testing"
)

var (
	up   = Link{Channel: 1, Uplink: true}
	down = Link{Channel: 1}
)

// push is one frame of a test and what must become of it.
type push struct {
	link Link
	f    Frame
	want string // the message; "" for none
	st   Status
}

func run(t *testing.T, r *Reassembler, steps []push) {
	t.Helper()
	for i, s := range steps {
		got, st := r.Push(s.link, &s.f)
		if string(got) != s.want || st != s.st {
			t.Errorf("frame %d (%v N(S) %d): %q %+v\nwant %q %+v", i, s.f.Kind, s.f.NS, got, st, s.want, s.st)
		}
	}
}

func info(ns uint8, more bool, s string) Frame {
	return Frame{Kind: I, NS: ns, More: more, Info: []byte(s)}
}

func frame(k Kind, s string) Frame { return Frame{Kind: k, Info: []byte(s)} }

func TestReassemble(t *testing.T) {
	complete, segment := Status{Complete: true}, Status{Segment: true}
	tests := []struct {
		name  string
		steps []push
		stats Stats
	}{
		{"location updating", []push{
			{up, frame(SABM, "LU"), "LU", Status{Complete: true, Reset: true}},
			{down, frame(UA, "LU"), "LU", Status{Complete: true, Echo: true, Repeated: true, Reset: true}},
			{down, info(0, false, "id?"), "id?", complete},
			{up, frame(RR, ""), "", Status{}},
			{up, info(0, false, "id!"), "id!", complete},
			{down, info(1, true, "acc"), "", segment},
			{down, info(2, false, "ept"), "accept", complete},
			{up, frame(DISC, ""), "", Status{Reset: true}},
			{down, frame(UA, ""), "", Status{Reset: true}},
		}, Stats{Messages: 5, Segmented: 1, Echoes: 1}},

		{"retransmission", []push{
			{up, frame(SABM, "LU"), "LU", Status{Complete: true, Reset: true}},
			{up, frame(SABM, "LU"), "", Status{Duplicate: true, Reset: true}},
			{down, frame(UA, "LU"), "LU", Status{Complete: true, Echo: true, Repeated: true, Reset: true}},
			{up, frame(SABM, "LU"), "", Status{Duplicate: true, Reset: true}},
			{down, info(0, true, "a"), "", segment},
			{down, info(0, true, "a"), "", Status{Duplicate: true}},
			{down, info(1, false, "b"), "ab", complete},
			{down, info(1, false, "b"), "", Status{Duplicate: true}},
			{down, info(2, false, "b"), "b", complete},
		}, Stats{Messages: 4, Segmented: 1, Duplicates: 4, Echoes: 1}},

		{"the same phone comes back", []push{
			{up, frame(SABM, "LU"), "LU", Status{Complete: true, Reset: true}},
			{down, info(0, false, "reject"), "reject", complete},
			{up, frame(SABM, "LU"), "LU", Status{Complete: true, Reset: true}},
		}, Stats{Messages: 3}},

		{"downlink only", []push{
			{down, frame(UA, "LU"), "LU", Status{Complete: true, Echo: true, Reset: true}},
			{down, frame(UA, "LU"), "LU", Status{Complete: true, Echo: true, Repeated: true, Reset: true}},
			{down, info(0, false, "reject"), "reject", complete},
			{down, frame(UA, "LU"), "LU", Status{Complete: true, Echo: true, Reset: true}},
		}, Stats{Messages: 4, Echoes: 3}},

		{"contention", []push{
			{up, frame(SABM, "A"), "A", Status{Complete: true, Reset: true}},
			{down, frame(UA, "B"), "B", Status{Complete: true, Echo: true, Contention: true, Reset: true}},
		}, Stats{Messages: 2, Echoes: 1}},

		{"gap between messages", []push{
			{up, frame(SABM, "LU"), "LU", Status{Complete: true, Reset: true}},
			{down, info(1, false, "late"), "late", Status{Complete: true, Gap: true, Unsure: true}},
			{down, info(2, false, "next"), "next", complete},
		}, Stats{Messages: 3, Gaps: 1}},

		{"gap between messages, then segments", []push{
			{up, frame(SABM, "LU"), "LU", Status{Complete: true, Reset: true}},
			{down, info(1, true, "la"), "", Status{Segment: true, Gap: true, Unsure: true}},
			{down, info(2, false, "te"), "late", Status{Complete: true, Unsure: true}},
			{down, info(3, true, "ne"), "", segment},
			{down, info(4, false, "xt"), "next", complete},
		}, Stats{Messages: 3, Segmented: 2, Gaps: 1}},

		{"gap inside a message", []push{
			{up, frame(SABM, "LU"), "LU", Status{Complete: true, Reset: true}},
			{down, info(0, true, "a"), "", segment},
			{down, info(2, true, "c"), "", Status{Gap: true, Lost: true, Skipped: true}},
			{down, info(4, true, "e"), "", Status{Gap: true, Skipped: true}},
			{down, info(5, false, "f"), "", Status{Skipped: true}},
			{down, info(6, false, "next"), "next", complete},
		}, Stats{Messages: 2, Gaps: 2, Lost: 1}},

		{"same number, other content", []push{
			{up, frame(SABM, "LU"), "LU", Status{Complete: true, Reset: true}},
			{down, info(0, false, "a"), "a", complete},
			{down, info(0, false, "b"), "b", Status{Complete: true, Gap: true, Unsure: true}},
		}, Stats{Messages: 3, Gaps: 1}},

		{"capture begins in the middle", []push{
			{down, info(5, false, "a"), "a", Status{Complete: true, Unsure: true}},
			{down, info(6, false, "b"), "b", complete},
			{up, info(0, false, "c"), "c", complete},
		}, Stats{Messages: 3}},

		{"re-establishment drops a partial message", []push{
			{down, info(0, true, "a"), "", segment},
			{up, frame(SABM, ""), "", Status{Reset: true, Lost: true}},
			{down, info(0, false, "b"), "b", complete},
		}, Stats{Messages: 1, Lost: 1}},

		{"repeated after DISC", []push{
			{down, info(3, false, "release"), "release", Status{Complete: true, Unsure: true}},
			{up, frame(DISC, ""), "", Status{Reset: true}},
			{down, info(3, false, "release"), "", Status{Duplicate: true}},
			{down, info(0, false, "release"), "release", complete},
		}, Stats{Messages: 2, Duplicates: 1}},

		{"DM", []push{
			{down, info(0, true, "a"), "", segment},
			{up, frame(DM, ""), "", Status{Reset: true, Lost: true}},
			{down, info(1, false, "b"), "b", Status{Complete: true, Unsure: true}},
		}, Stats{Messages: 1, Lost: 1}},

		{"access points are separate", []push{
			{down, info(0, true, "a"), "", segment},
			{Link{Channel: 1, SAPI: 3}, info(0, true, "x"), "", segment},
			{down, info(1, false, "b"), "ab", complete},
			{Link{Channel: 1, SAPI: 3}, info(1, false, "y"), "xy", complete},
			{Link{Channel: 2}, info(0, false, "z"), "z", complete},
		}, Stats{Messages: 3, Segmented: 2}},

		{"unnumbered", []push{
			{down, frame(UI, "si5"), "si5", complete},
			{down, frame(UI, ""), "", Status{}},
			{down, Frame{Format: FormatBbis, Info: []byte("si3")}, "si3", complete},
			{down, Frame{}, "", Status{}},
			{down, info(0, false, ""), "", Status{}},
		}, Stats{Messages: 2}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var r Reassembler
			run(t, &r, tt.steps)
			if r.Stats() != tt.stats {
				t.Errorf("\n got %+v\nwant %+v", r.Stats(), tt.stats)
			}
		})
	}
}

func TestReassembleLongest(t *testing.T) {
	var r Reassembler
	var want []byte
	seg := bytes.Repeat([]byte{1}, N201)
	for i := range 12 { // 240 octets
		want = append(want, seg...)
		r.Push(down, &Frame{Kind: I, NS: uint8(i & 7), More: true, Info: seg})
	}
	want = append(want, seg[:11]...)
	if got, st := r.Push(down, &Frame{Kind: I, NS: 4, Info: seg[:11]}); !bytes.Equal(got, want) || !st.Complete || len(got) != MaxMessage {
		t.Fatalf("%d octets, %+v", len(got), st)
	}
	// One octet more is given up, and the next message is whole.
	for i := range 12 {
		r.Push(down, &Frame{Kind: I, NS: uint8((5 + i) & 7), More: true, Info: seg})
	}
	if got, st := r.Push(down, &Frame{Kind: I, NS: 1, More: true, Info: seg[:12]}); got != nil || st != (Status{Lost: true}) {
		t.Fatalf("%d octets, %+v", len(got), st)
	}
	if got, st := r.Push(down, &Frame{Kind: I, NS: 2, Info: seg[:1]}); got != nil || st != (Status{Skipped: true}) {
		t.Fatalf("%d octets, %+v", len(got), st)
	}
	if got, st := r.Push(down, &Frame{Kind: I, NS: 3, Info: seg[:2]}); len(got) != 2 || st != (Status{Complete: true}) {
		t.Fatalf("%d octets, %+v", len(got), st)
	}
	if s := r.Stats(); s.Overlong != 1 || s.Lost != 1 || s.Gaps != 0 {
		t.Fatalf("%+v", s)
	}
}

func TestReassembleEviction(t *testing.T) {
	var r Reassembler
	for i := range MaxLinks {
		r.Push(Link{Channel: uint64(i)}, &Frame{Kind: I, More: true, Info: []byte("a")})
	}
	r.Push(Link{Channel: 0, Uplink: true}, &Frame{Kind: I, Info: []byte("b")}) // 0 is the newest now
	r.Push(Link{Channel: MaxLinks}, &Frame{Kind: I, Info: []byte("b")})
	if s := r.Stats(); s.Evicted != 1 || s.Lost != 1 || r.Len() != MaxLinks {
		t.Fatalf("%+v, %d links", s, r.Len())
	}
	if got, _ := r.Push(Link{Channel: 0}, &Frame{Kind: I, NS: 1, Info: []byte("c")}); string(got) != "ac" {
		t.Errorf("the link used last was evicted: %q", got)
	}
	if got, st := r.Push(Link{Channel: 1}, &Frame{Kind: I, NS: 1, Info: []byte("c")}); string(got) != "c" || !st.Unsure {
		t.Errorf("the oldest link was kept: %q %+v", got, st)
	}
}

func TestRelease(t *testing.T) {
	var r Reassembler
	r.Release(1) // nothing to do
	r.Push(up, &Frame{Kind: SABM, Info: []byte("LU")})
	r.Push(down, &Frame{Kind: I, More: true, Info: []byte("a")})
	r.Release(1)
	if _, st := r.Push(up, &Frame{Kind: SABM, Info: []byte("LU")}); !st.Complete {
		t.Errorf("%+v", st)
	}
	if r.Stats().Lost != 1 {
		t.Errorf("%+v", r.Stats())
	}
}

func FuzzReassembler(f *testing.F) {
	f.Add([]byte("\x00\x3f\x02LU\x00\x73\x02LU\x00\x02\x01a"), uint8(1))
	f.Add(bytes.Repeat([]byte{0x00, 0x00, 0x03, 1, 2, 3}, 40), uint8(3))
	f.Fuzz(func(t *testing.T, b []byte, channels uint8) {
		var r Reassembler
		frames := uint64(0)
		for len(b) >= 3 {
			n := min(int(b[2]&31), len(b)-3)
			fr := Frame{Kind: Kind(b[0]&15) % (UA + 2), NS: b[1] & 7, More: b[1]&8 != 0, Info: b[3 : 3+n], Format: FormatB}
			l := Link{Channel: uint64(b[1]>>4) % (uint64(channels) + 1), SAPI: b[0] >> 6 & 3, Uplink: b[0]&32 != 0}
			b = b[3+n:]
			frames++
			l3, st := r.Push(l, &fr)
			if (l3 != nil) != st.Complete {
				t.Fatalf("message %x, status %+v", l3, st)
			}
			if len(l3) > MaxMessage || st.Complete && len(l3) == 0 {
				t.Fatalf("%d octets", len(l3))
			}
			if st.Complete && (st.Duplicate || st.Segment || st.Skipped) {
				t.Fatalf("%+v", st)
			}
		}
		s := r.Stats()
		if s.Messages+s.Duplicates > frames || s.Segmented > s.Messages || s.Overlong > s.Lost || r.Len() > MaxLinks {
			t.Fatalf("%d frames: %+v, %d links", frames, s, r.Len())
		}
	})
}

// session is a location update in the octets of the air interface, downlink
// segmented.
func session(tb testing.TB) (blocks [][]byte, uplink []bool) {
	for _, s := range []string{
		"u 01 3f 3d 05 08 70 00f110 fffe 33 05f4 00000001",
		"d 01 73 3d 05 08 70 00f110 fffe 33 05f4 00000001",
		"d 03 00 0d 05 18 01",
		"u 03 21 01",
		"u 01 20 2d 05 59 08 0910100000000010",
		"d 03 22 53 05 12 00 000102030405060708090a0b0c0d0e0f 20",
		"d 03 24 45 10 0102030405060708090a0b0c0d0e0f10",
		"d 03 26 0d 05 04 0f",
		"u 01 53 01",
		"d 01 73 01",
	} {
		blocks = append(blocks, block(unhex(tb, s[2:]), 23))
		uplink = append(uplink, s[0] == 'u')
	}
	return blocks, uplink
}

func TestSession(t *testing.T) {
	blocks, uplink := session(t)
	var r Reassembler
	var got []int
	for i, b := range blocks {
		var f Frame
		if err := f.Decode(b, Dedicated, uplink[i]); err != nil {
			t.Fatalf("frame %d: %v", i, err)
		}
		if l3, st := r.Push(Link{Channel: 7, SAPI: f.SAPI, Uplink: uplink[i]}, &f); st.Complete {
			got = append(got, len(l3))
		}
	}
	want := []int{15, 15, 3, 11, 37, 3}
	if len(got) != len(want) {
		t.Fatalf("messages of %v octets, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("messages of %v octets, want %v", got, want)
			break
		}
	}
}

func BenchmarkSession(b *testing.B) {
	blocks, uplink := session(b)
	var r Reassembler
	var f Frame
	b.SetBytes(int64(23 * len(blocks)))
	b.ReportAllocs()
	for b.Loop() {
		for i, in := range blocks {
			_ = f.Decode(in, Dedicated, uplink[i])
			r.Push(Link{Channel: 7, SAPI: f.SAPI, Uplink: uplink[i]}, &f)
		}
	}
}

// BenchmarkEviction is the worst case: every frame belongs to another link.
func BenchmarkEviction(b *testing.B) {
	var r Reassembler
	f := Frame{Kind: I, More: true, Info: make([]byte, N201)}
	var ch uint64
	b.ReportAllocs()
	for b.Loop() {
		ch++
		r.Push(Link{Channel: ch}, &f)
	}
}

func TestAllocs(t *testing.T) {
	blocks, uplink := session(t)
	var r Reassembler
	var f Frame
	n := testing.AllocsPerRun(200, func() {
		for i, in := range blocks {
			if err := f.Decode(in, Dedicated, uplink[i]); err != nil {
				t.Fatal(err)
			}
			r.Push(Link{Channel: 7, SAPI: f.SAPI, Uplink: uplink[i]}, &f)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations for a session", n)
	}
}

// TestReassembleEmptySegments: segments without content make no message (found by
// fuzzing).
func TestReassembleEmptySegments(t *testing.T) {
	var r Reassembler
	r.Push(down, &Frame{Kind: I, More: true})
	if got, st := r.Push(down, &Frame{Kind: I, NS: 1}); got != nil || st.Complete || r.Stats().Messages != 0 {
		t.Errorf("%q, %+v, %+v", got, st, r.Stats())
	}
	if got, _ := r.Push(down, &Frame{Kind: I, NS: 2, Info: []byte("a")}); string(got) != "a" {
		t.Errorf("the message after them: %q", got)
	}
}
