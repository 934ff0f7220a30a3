package classmark

import (
	"errors"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func TestDecodeClassmark2(t *testing.T) {
	tests := []struct {
		name string
		in   []byte
		want Classmark2
		err  error
	}{
		{"release 99, A5/3", []byte{0x57, 0x1b, 0x82}, Classmark2{Classmark1: Classmark1{Revision: 2, EarlySending: true, A51: true, RFPower: 7},
			SSScreening: 1, SM: true, VGCS: true, FC: true, CM3: true, A53: true}, nil},
		{"no A5/1: the bit is inverted", []byte{0x08, 0, 0}, Classmark2{}, nil},
		{"longer than known", []byte{0x08, 0, 0, 0xff}, Classmark2{}, nil},
		{"cut: the first octet stays", []byte{0x28}, Classmark2{Classmark1: Classmark1{Revision: 1}}, wire.ErrShort},
		{"nothing", nil, Classmark2{}, wire.ErrShort},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := DecodeClassmark2(tt.in)
			if got != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("%+v, %v; want %+v, %v", got, err, tt.want, tt.err)
			}
		})
	}
}

func FuzzDecodeClassmark2(f *testing.F) {
	f.Add([]byte{0x57, 0x1b, 0x82})
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := DecodeClassmark2(b)
		var de *wire.DecodeError
		switch {
		case err != nil && (!errors.As(err, &de) || de.Offset > len(b)):
			t.Fatalf("error %v outside %d octets", err, len(b))
		case (err == nil) != (len(b) >= 3):
			t.Fatalf("error %v for %d octets", err, len(b))
		case c.Revision > 3 || c.RFPower > 7 || c.SSScreening > 3:
			t.Fatalf("value outside its field: %+v", c)
		}
	})
}
