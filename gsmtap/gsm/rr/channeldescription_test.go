package rr

import (
	"math"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/arfcn"
)

func TestChannelKind(t *testing.T) {
	for v := range uint8(32) {
		kind, sub := ChannelDescription{TypeAndOffset: v}.Kind()
		var want ChannelKind
		wantSub := 0
		switch {
		case v == 1:
			want = TCHF
		case v == 2 || v == 3:
			want, wantSub = TCHH, int(v)-2
		case v >= 4 && v <= 7:
			want, wantSub = SDCCH4, int(v)-4
		case v >= 8 && v <= 15:
			want, wantSub = SDCCH8, int(v)-8
		}
		if kind != want || sub != wantSub {
			t.Errorf("%05b: %v %d, want %v %d", v, kind, sub, want, wantSub)
		}
	}
}

// Every frame number comes back from what a base station would send for it.
func TestFrameNumber(t *testing.T) {
	for fn := range 42432 {
		in := FrameTime{T1: uint8(fn / 1326 % 32), T2: uint8(fn % 26), T3: uint8(fn % 51)}
		if got, ok := in.FrameNumber(); !ok || got != fn {
			t.Fatalf("%+v: %d %v, want %d", in, got, ok, fn)
		}
	}
	for _, in := range []FrameTime{{T2: 26}, {T3: 51}, {31, 31, 63}, {T1: 32}} {
		if fn, ok := in.FrameNumber(); ok {
			t.Errorf("%+v: %d", in, fn)
		}
	}
}

func TestMobileAllocationARFCNs(t *testing.T) {
	var wide arfcn.Set
	for n := range 100 {
		wide.Add(n)
	}
	for _, tt := range []struct {
		name string
		bits uint64
		cell arfcn.Set
		want arfcn.Set
	}{
		{"none", 0, set(1, 2), set()},
		{"first and third", 5, set(10, 20, 30), set(10, 30)},
		{"ARFCN 0 is last", 4, set(0, 20, 30), set(0)},
		{"bits without a frequency", 0xff, set(5), set(5)},
		{"bit 64", 1 << 63, wide, set(64)},
		{"empty cell", math.MaxUint64, set(), set()},
	} {
		if got := (MobileAllocation{Bitmap: tt.bits}).ARFCNs(tt.cell); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestTimingAdvanceMetres(t *testing.T) {
	for ta, want := range map[TimingAdvance]float64{0: 0, 1: 553.5, 63: 34869} {
		if got := ta.Metres(); math.Abs(got-want) > 1 {
			t.Errorf("%d: %v m, want %v", ta, got, want)
		}
	}
}
