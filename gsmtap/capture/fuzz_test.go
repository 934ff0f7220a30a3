package capture

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"unsafe"

	"github.com/google/gopacket"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func FuzzReader(f *testing.F) {
	for _, c := range soundCaptures() {
		if len(c.file) < 4096 {
			f.Add(c.file)
			f.Add(append(bytes.Clone(c.file), "garbage"...))
			f.Add(append(bytes.Clone(c.file[:len(c.file)/2]), c.file...))
		}
	}
	small := soundCaptures()[0].file
	f.Add(gzipped(small))
	f.Add(zstandard(small))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := New(bytes.NewReader(b))
		if err != nil {
			if r != nil || !errors.Is(err, ErrNotCapture) && !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrCorrupt) {
				t.Fatalf("error of no class: %v", err)
			}
			return
		}
		defer r.Close()
		u, l := NewUnwrapper(Options{}), NewLedger()
		plain := len(b) < 2 || b[0] != 0x1f && b[0] != 0x28 && b[0]>>4 != 5
		octets := int64(0)
		for n := 1; ; n++ {
			frame, err := r.Next()
			if err != nil {
				if err != io.EOF {
					t.Fatal(err)
				}
				break
			}
			if frame.Number != n || len(frame.Data) > maxFrame || frame.OrigLen < 0 || frame.Interface < 0 || frame.Interface >= maxInterfaces {
				t.Fatalf("frame %d: %+v", n, frame)
			}
			octets += int64(len(frame.Data)) + 12
			if !l.CountFrame(frame, u.Unwrap(frame)) {
				l.Count(Decoded, "")
			}
		}
		s := r.Stats()
		if plain && (s.Octets != int64(len(b)) || octets+s.Unread > int64(len(b))) {
			t.Fatalf("%d octets in: %d consumed, %d in frames, %d unread", len(b), s.Octets, octets, s.Unread)
		}
		if l.Sum() != s.Frames || l.Frames != s.Frames {
			t.Fatalf("ledger %+v of %d frames", l, s.Frames)
		}
		last := int64(0)
		for _, d := range s.Damages {
			if d.Offset < last || d.Frame < 1 || d.Frame > s.Frames+1 || d.Skipped < 0 || plain && d.Offset+d.Skipped > int64(len(b)) ||
				!errors.Is(d.Reason, ErrTruncated) && !errors.Is(d.Reason, ErrCorrupt) && !errors.Is(d.Reason, ErrTooLarge) {
				t.Fatalf("damage %+v", d)
			}
			last = d.Offset
		}
		if _, ok := r.SHA256(); !ok || r.Bytes() != int64(len(b)) {
			t.Fatalf("%d octets of %d hashed", r.Bytes(), len(b))
		}
	})
}

func FuzzUnwrap(f *testing.F) {
	for _, tt := range unwrapCases() {
		f.Add(uint32(tt.link), tt.in)
	}
	f.Fuzz(func(t *testing.T, link uint32, b []byte) {
		b = b[:len(b):len(b)]
		u := NewUnwrapper(Options{Ports: []uint16{1}})
		for _, parser := range []*gopacket.DecodingLayerParser{u.fromEthernet, u.fromTag, u.fromIPv4, u.fromIPv6, u.fromUDP} {
			parser.IgnorePanic = true // here a panic shall show
		}
		p := u.Unwrap(Frame{LinkType: LinkType(link), Data: b, OrigLen: len(b)})
		if int(p.Kind) >= len(kindNames) {
			t.Fatalf("kind %d", p.Kind)
		}
		if (p.Kind == KindUnsupported) != (p.Reason != "") || (p.Kind == KindMalformed) != (p.Err != nil) || (p.Kind == KindUpperPDU) != (p.Dissector != "") {
			t.Fatalf("payload contradicts its kind: %+v", p)
		}
		var de *wire.DecodeError
		if p.Err != nil && (!errors.As(p.Err, &de) || de.Offset < 0 || de.Offset > len(b)) {
			t.Fatalf("error outside %d octets: %v", len(b), p.Err)
		}
		if (p.Kind == KindForeign || p.Kind == KindMalformed) && p.Data != nil {
			t.Fatalf("%s with data", p.Kind)
		}
		if len(p.Data) > 0 {
			start := uintptr(unsafe.Pointer(&p.Data[0])) - uintptr(unsafe.Pointer(&b[0]))
			if start > uintptr(len(b)) || int(start)+len(p.Data) > len(b) {
				t.Fatalf("data outside the frame")
			}
		}
	})
}
