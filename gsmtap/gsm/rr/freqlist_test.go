package rr

import (
	"errors"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/arfcn"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// arfcns returns the set of the given numbers.
func arfcns(n ...int) (s arfcn.Set) {
	for _, v := range n {
		s.Add(v)
	}
	return s
}

func TestDecodeFrequencyList(t *testing.T) {
	tests := []struct {
		name   string
		in     string // format and flags, then the list
		format FrequencyFormat
		want   arfcn.Set
		err    error
		offset int
	}{
		{"bit map 0, empty", "00 00000000000000 0000000000000000", BitMap0, arfcns(), nil, 0},
		{"bit map 0, both ends", "08 00000000000000 0000000000000001", BitMap0, arfcns(1, 124), nil, 0},
		{"bit map 0, around 64", "00 00000000000001 8000000000000000", BitMap0, arfcns(64, 65), nil, 0},
		{"bit map 0, bits 6 and 5 are no frequency", "30 00000000000000 0000000000000000", BitMap0, arfcns(), nil, 0},
		{"bit map 0, short", "00 00000000000000 00000000000000", BitMap0, arfcns(), wire.ErrShort, 15},
		{"bit map 0, long", "00 00000000000000 0000000000000001 ff", BitMap0, arfcns(1), wire.ErrLength, 16},
		{"1024 range, F0 alone", "84 00", Range1024, arfcns(0), nil, 0},
		{"1024 range, W(1)", "83 ff", Range1024, arfcns(1023), nil, 0},
		{"1024 range, W(1) W(2): left child", "82 00 00 80", Range1024, arfcns(512, 1), nil, 0},
		{"1024 range, cut", "84", Range1024, arfcns(), wire.ErrShort, 1},
		{"512 range, ORIG-ARFCN alone", "89 ff 80", Range512, arfcns(1023), nil, 0},
		{"512 range, W(1) wraps", "89 ff 80 40", Range512, arfcns(1023, 0), nil, 0},
		{"256 range, W(1)", "8a 0a 00 80", Range256, arfcns(20, 21), nil, 0},
		{"128 range, W(1)", "8c 0a 02", Range128, arfcns(20, 22), nil, 0},
		{"variable bit map", "8e 0a 40 80", VariableBitMap, arfcns(20, 21, 28), nil, 0},
		{"variable bit map wraps", "8f ff e0", VariableBitMap, arfcns(1023, 0, 1), nil, 0},
		{"variable bit map, cut", "8e 0a", VariableBitMap, arfcns(), wire.ErrShort, 2},
		{"reserved 01", "40 00 00 00", ReservedFormat, arfcns(), wire.ErrInvalid, 0},
		{"reserved 11", "c0 00 00 00", ReservedFormat, arfcns(), wire.ErrInvalid, 0},
		{"empty", "", ReservedFormat, arfcns(), wire.ErrShort, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := DecodeFrequencyList(siHex(t, tt.in))
			if !errors.Is(err, tt.err) {
				t.Fatalf("error = %v, want %v", err, tt.err)
			}
			var d *wire.DecodeError
			if errors.As(err, &d) && d.Offset != tt.offset {
				t.Errorf("offset = %d, want %d", d.Offset, tt.offset)
			}
			if got.Format != tt.format || got.ARFCNs != tt.want {
				t.Errorf("\n got %v %v\nwant %v %v", got.Format, got.ARFCNs, tt.format, tt.want)
			}
		})
	}
}

// bitWriter writes bits, most significant first.
type bitWriter struct {
	b []byte
	n int
}

func (w *bitWriter) put(v, n int) {
	for i := n - 1; i >= 0; i-- {
		if w.n%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.n/8] |= byte(v>>i&1) << (7 - w.n%8)
		w.n++
	}
}

// treeSize returns how many of the indices 1 to n lie in the subtree under k.
func treeSize(k, n int) int {
	if k > n {
		return 0
	}
	j := 1 << (bits.Len(uint(k)) - 1)
	return 1 + treeSize(k+j, n) + treeSize(k+2*j, n)
}

// encodeTree sets w[k] and what is under it so that the values v, 1 to size, come
// out of it; n is the highest index in use. It reports whether it found a way.
func encodeTree(w []int, k, n int, v []int, size int) bool {
	if len(v) == 0 {
		return true
	}
	j := 1 << (bits.Len(uint(k)) - 1)
	half := (size - 1) / 2
	for _, f := range v {
		var left, right []int
		for _, x := range v {
			switch d := ((x-f)%size + size) % size; {
			case d == 0:
			case d <= half:
				right = append(right, d)
			default: // f - (size+1)/2 + w = x
				left = append(left, d-half)
			}
		}
		if len(left) != treeSize(k+j, n) || len(right) != treeSize(k+2*j, n) {
			continue
		}
		w[k] = f
		if encodeTree(w, k+j, n, left, half) && encodeTree(w, k+2*j, n, right, half) {
			return true
		}
	}
	return false
}

// encodeRange codes set in the range format whose W(1) has width bits, in octets of
// length size; ok is false if the set cannot be coded so.
func encodeRange(set arfcn.Set, width, size int) (b []byte, ok bool) {
	var w bitWriter
	all := set.Append(nil)
	orig := 0
	if width == 10 {
		w.put(0x10, 5) // format 10 00 0: bits 8 to 4
		f0 := 0
		if set.Has(0) {
			f0, all = 1, all[1:]
		}
		w.put(f0, 1)
	} else {
		if len(all) == 0 {
			return nil, false
		}
		orig, all = all[0], all[1:]
		w.put(0x44|(9-width), 7) // format 10 00 1xx
		w.put(orig, 10)
	}
	for i := range all {
		if all[i] -= orig; all[i] >= 1<<width {
			return nil, false
		}
	}
	codes := make([]int, len(all)+1)
	if !encodeTree(codes, 1, len(all), all, 1<<width-1) {
		return nil, false
	}
	for k := 1; k < len(codes); k++ {
		w.put(codes[k], width+1-bits.Len(uint(k)))
	}
	if len(w.b) > size {
		return nil, false
	}
	return append(w.b, make([]byte, size-len(w.b))...), true
}

// TestFrequencyListRoundTrip codes random sets in every format and decodes them.
func TestFrequencyListRoundTrip(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	check := func(b []byte, f FrequencyFormat, want arfcn.Set) {
		t.Helper()
		got, err := DecodeFrequencyList(b)
		if err != nil || got.Format != f || got.ARFCNs != want {
			t.Fatalf("%x: %v %v, %v, want %v", b, got.Format, got.ARFCNs, err, want)
		}
	}
	formats := []struct {
		f     FrequencyFormat
		width int
		most  int // members that fit 16 octets
	}{{Range1024, 10, 16}, {Range512, 9, 18}, {Range256, 8, 22}, {Range128, 7, 29}}
	for _, f := range formats {
		coded := 0
		for range 3000 {
			n, size := 1+rnd.IntN(f.most), 16
			if rnd.IntN(8) == 0 { // longer than in system information
				n, size = 1+rnd.IntN(60), 100
			}
			span := 1 << f.width
			base := rnd.IntN(1025 - span)
			var s arfcn.Set
			s.Add(base)
			for range n - 1 {
				s.Add(base + rnd.IntN(span))
			}
			b, ok := encodeRange(s, f.width, size)
			if !ok {
				t.Fatalf("cannot code %v as %v in %d octets", s, f.f, size)
			}
			coded++
			check(b, f.f, s)
		}
		t.Logf("%v: %d sets", f.f, coded)
	}
	for range 3000 {
		var s arfcn.Set
		b := make([]byte, 16)
		for range rnd.IntN(124) {
			n := 1 + rnd.IntN(124)
			s.Add(n)
			b[15-(n-1)/8] |= 1 << ((n - 1) % 8)
		}
		check(b, BitMap0, s)

		var w bitWriter
		orig := rnd.IntN(1024)
		w.put(0x47, 7)
		w.put(orig, 10)
		s = arfcns(orig)
		for i := 1; i <= 111; i++ {
			bit := rnd.IntN(2)
			if w.put(bit, 1); bit == 1 {
				s.Add((orig + i) % 1024)
			}
		}
		check(w.b, VariableBitMap, s)
	}
}

func TestCellChannelDescription(t *testing.T) {
	var b [16]byte
	b[15] = 0x82
	got, err := DecodeCellChannelDescription(b)
	if want := (FrequencyList{BitMap0, arfcns(2, 8)}); err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	b[0] = 0x40
	var d *wire.DecodeError
	if _, err = DecodeCellChannelDescription(b); !errors.As(err, &d) || d.Path != "Cell Channel Description" || !errors.Is(err, wire.ErrInvalid) {
		t.Errorf("error = %v", err)
	}
}

func TestNeighbourCellFlags(t *testing.T) {
	tests := []struct {
		name   string
		in     byte
		second bool
		want   NeighbourCells
		err    error
	}{
		{"nothing", 0x00, false, NeighbourCells{FrequencyList: FrequencyList{Format: BitMap0}}, nil},
		{"EXT-IND", 0x20, false, NeighbourCells{FrequencyList: FrequencyList{Format: BitMap0}, EXTIND: true}, nil},
		{"BA-IND", 0x10, false, NeighbourCells{FrequencyList: FrequencyList{Format: BitMap0}, BAIND: true}, nil},
		{"multiband reporting 2", 0x40, true, NeighbourCells{FrequencyList: FrequencyList{Format: BitMap0}, MultibandReporting: 2}, nil},
		{"multiband reporting 3, 1024 range", 0xf0, true, NeighbourCells{FrequencyList: FrequencyList{Format: Range1024}, BAIND: true, MultibandReporting: 3}, nil},
		{"bit 7 is format in the first description", 0x40, false, NeighbourCells{}, wire.ErrInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := make([]byte, 16)
			b[0] = tt.in
			var n NeighbourCells
			err := n.decode(b)
			if tt.second {
				n = NeighbourCells{}
				err = n.decode2(b)
			}
			if !errors.Is(err, tt.err) {
				t.Fatalf("error = %v, want %v", err, tt.err)
			}
			if n != tt.want {
				t.Errorf("\n got %+v\nwant %+v", n, tt.want)
			}
		})
	}
}

func FuzzFrequencyList(f *testing.F) {
	for _, s := range []string{"00000000000000000000000000000001", "8400", "8a0a0080ffff", "8e0a4080", "8c0a01ffffffffffffffffffffffffffffff", "40"} {
		f.Add(siHex(f, s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := DecodeFrequencyList(b)
		checkError(t, err, len(b))
		if again, _ := DecodeFrequencyList(b); again != l {
			t.Fatalf("not deterministic: %v and %v", l, again)
		}
		if err == nil && l.Format == ReservedFormat {
			t.Fatal("reserved format without error")
		}
		if n := l.ARFCNs.Len(); n > 1+8*len(b) {
			t.Fatalf("%d frequencies from %d octets", n, len(b))
		}
		if len(b) < 16 {
			return
		}
		c, err := DecodeCellChannelDescription([16]byte(b))
		checkError(t, err, 16)
		if len(b) == 16 && c != l {
			t.Fatalf("cell channel description %v, list %v", c, l)
		}
	})
}
