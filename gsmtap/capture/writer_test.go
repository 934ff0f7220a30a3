package capture

import (
	"bytes"
	"errors"
	"io"
	"math"
	"testing"
)

// written is a frame with what is said on it.
type written struct {
	frame    Frame
	source   string
	comments []string
}

func write(t testing.TB, list []written) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, "test", "a file")
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		if err := w.Frame(&list[i].frame, list[i].source, list[i].comments...); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestWriterRoundTrip(t *testing.T) {
	list := []written{
		{Frame{Time: 1_700_000_000_123_456_789, HasTime: true, LinkType: LinkEthernet, OrigLen: 100, Data: []byte("cut short")}, "a.pcap", []string{"first", "second"}},
		{Frame{Time: 0, HasTime: true, LinkType: LinkUser0, OrigLen: 3, Data: []byte("abc")}, "a.pcap", nil},
		{Frame{Time: -1, HasTime: true, LinkType: LinkUser0, OrigLen: 4, Data: []byte("abcd")}, "a.pcap", []string{"before 1970 · ก"}},
		{Frame{Time: math.MaxInt64, HasTime: true, LinkType: LinkUser0, OrigLen: 1, Data: []byte("z")}, "b.pcap", nil},
		{Frame{LinkType: LinkGSMTAPUm, OrigLen: 0, Data: []byte{}}, "", nil},
	}
	b := write(t, list)
	if !bytes.Equal(b, write(t, list)) {
		t.Error("equal calls give other octets")
	}
	r, err := New(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		want := list[i].frame
		got, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if got.Time != want.Time || got.LinkType != want.LinkType || got.OrigLen != want.OrigLen || !bytes.Equal(got.Data, want.Data) {
			t.Errorf("frame %d: %+v, want %+v", i+1, got, want)
		}
	}
	if _, err := r.Next(); err != io.EOF || r.Stats().DamageCount != 0 {
		t.Errorf("end: %v, %+v", err, r.Stats())
	}
	want := []Comment{{0, "a file"}, {1, "first"}, {1, "second"}, {3, "before 1970 · ก"}}
	got := r.Comments()
	if len(got) != len(want) {
		t.Fatalf("comments %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("comment %+v, want %+v", got[i], want[i])
		}
	}
}

func TestWriterErrors(t *testing.T) {
	w, err := NewWriter(io.Discard, "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Frame(&Frame{Data: make([]byte, maxFrame+1)}, ""); !errors.Is(err, ErrTooLarge) {
		t.Errorf("large frame: %v", err)
	}
	r, out := io.Pipe()
	r.Close()
	if _, err := NewWriter(out, "test"); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("closed: %v", err)
	}
}

// FuzzWriter: what a Writer writes, a Reader reads without damage.
func FuzzWriter(f *testing.F) {
	f.Add([]byte("frame"), int64(1), true, uint16(1), 5, "source", "comment")
	f.Add([]byte{}, int64(math.MinInt64), true, uint16(147), 0, "", "")
	f.Add([]byte("x"), int64(-1), false, uint16(65535), -1, "\xff", "\x00\xff")
	f.Fuzz(func(t *testing.T, data []byte, at int64, timed bool, link uint16, length int, source, comment string) {
		if len(data) > maxFrame || len(comment) > maxOption || len(source) > maxOption || length < 0 || length > math.MaxUint32 {
			return
		}
		in := Frame{Time: at, HasTime: timed, LinkType: LinkType(link), OrigLen: length, Data: data}
		r, err := New(bytes.NewReader(write(t, []written{{in, source, []string{comment}}, {in, source, nil}})))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			got, err := r.Next()
			if err != nil {
				t.Fatalf("%v, %+v", err, r.Stats())
			}
			if !bytes.Equal(got.Data, data) || got.LinkType != in.LinkType || got.OrigLen != length ||
				timed && at > earlyOffset*1_000_000_000 && got.Time != at {
				t.Fatalf("wrote %+v, read %+v", in, got)
			}
		}
		if _, err := r.Next(); err != io.EOF || r.Stats().DamageCount != 0 || r.Stats().CommentCount != 2 {
			t.Fatalf("%v, %+v", err, r.Stats())
		}
	})
}
