package macframed

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func TestSplit(t *testing.T) {
	tests := []struct {
		name string
		ch   *sch
		in   string // subheaders; parts
		want string // lcid:octets ...
		err  error
		off  int
	}{
		{"one SDU", dlSCH, "01 aabb", "1:aabb", nil, 0},
		{"SDU and padding", dlSCH, "21 02 1f aabb 0000", "1:aabb 31:0000", nil, 0},
		{"L of 15 bits", dlSCH, "21 8002 1f aabb", "1:aabb 31:", nil, 0},
		{"L of 16 bits", dlSCH, "61 0002 1f aabb", "1:aabb 31:", nil, 0},
		{"padding of one octet", dlSCH, "3f 01 aabb", "31: 1:aabb", nil, 0},
		{"padding of two octets", dlSCH, "3f 3f 01 aabb", "31: 31: 1:aabb", nil, 0},
		{"contention resolution and CCCH", dlSCH, "3c 20 02 1f 010203040506 aabb 00", "28:010203040506 0:aabb 31:00", nil, 0},
		{"DL elements", dlSCH, "31 32 33 34 36 37 38 3a 3b 3d 1e 18 19 20202020 2222 24242424 27 29",
			"17: 18:18 19:19 20:20202020 22:2222 23: 24:24242424 26: 27:27 29:29 30:", nil, 0},
		{"CSI-RS has a length", dlSCH, "35 02 1f aabb", "21:aabb 31:", nil, 0},
		{"UL elements", ulSCH, "31 32 33 34 35 3a 3b 3c 3d 1e 17 18181818 19 2020 26 2727 28 29 303030",
			"17:17 18:18181818 19:19 20:2020 21: 26:26 27:2727 28:28 29:29 30:303030", nil, 0},
		{"UL elements with a length", ulSCH, "36 01 37 01 38 01 39 01 1f 22 23 24 25", "22:22 23:23 24:24 25:25 31:", nil, 0},
		{"reserved has a length", dlSCH, "2b 01 1f aa", "11:aa 31:", nil, 0},
		{"extended identity", dlSCH, "30 02 01 1f aa", "34:aa 31:", nil, 0},
		{"extended identity last", ulSCH, "10 3f aa", "95:aa", nil, 0},
		{"16 is no extension on MCH", mch, "30 01 1f aa", "16:aa 31:", nil, 0},
		{"padding that is not announced", ulSCH, "3d 1a 09 3f 0000", "29:09 26:3f", nil, 0},
		{"empty SDU", dlSCH, "21 00 1f", "1: 31:", nil, 0},

		{"nothing", dlSCH, "", "", wire.ErrShort, 0},
		{"chain cut", dlSCH, "3f", "", wire.ErrShort, 1},
		{"L cut", dlSCH, "21 80", "", wire.ErrShort, 2},
		{"L of 16 bits cut", dlSCH, "61 00", "", wire.ErrShort, 1},
		{"eLCID cut", dlSCH, "10", "", wire.ErrShort, 1},
		{"second SDU cut", dlSCH, "21 01 22 02 1f aa bb", "1:aa", wire.ErrShort, 6},
		{"element cut", ulSCH, "1b 00", "", wire.ErrShort, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := unhex(t, tt.in)
			parts, err := tt.ch.split(b, nil)
			wantErr(t, err, tt.err, tt.off)
			got := ""
			for i, p := range parts {
				if i > 0 {
					got += " "
				}
				got += fmt.Sprintf("%d:%x", p.lcid, b[p.off:p.off+p.n])
			}
			if got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestSplitEncoded: what AppendMAC makes is split into the same parts.
func TestSplitEncoded(t *testing.T) {
	in := []Part{
		{27, []byte{0, 0x46}}, {26, []byte{1}}, {0, make([]byte, 6)}, {1, make([]byte, 127)},
		{2, make([]byte, 128)}, {31, nil}, {3, make([]byte, 5)},
	}
	b := AppendMAC(nil, true, in...)
	parts, err := ulSCH.split(b, nil)
	if err != nil || len(parts) != len(in) {
		t.Fatalf("%d parts, %v", len(parts), err)
	}
	for i, p := range parts {
		if p.lcid != in[i].LCID || p.n != len(in[i].Octets) {
			t.Errorf("part %d: %+v", i, p)
		}
	}
}

func TestResponses(t *testing.T) {
	tests := []struct {
		name  string
		in    string // subheaders; responses
		modeB bool
		want  []RandomAccessResponse
		err   error
		off   int
	}{
		{"one", "45 0053a8010046", false, []RandomAccessResponse{{RAPID: 5, TimingAdvance: 5, Grant: 0x3a801, RNTI: 0x46}}, nil, 0},
		{"largest", "7f 7fffffffffff 00", false, []RandomAccessResponse{{RAPID: 63, TimingAdvance: 2047, Grant: 0xfffff, RNTI: 0xffff}}, nil, 0},
		{"backoff and two", "83 c5 46 0053a8010046 0063a8010047", false, []RandomAccessResponse{
			{RAPID: 5, TimingAdvance: 5, Grant: 0x3a801, RNTI: 0x46, Backoff: 3, HasBackoff: true},
			{RAPID: 6, TimingAdvance: 6, Grant: 0x3a801, RNTI: 0x47, Backoff: 3, HasBackoff: true},
		}, nil, 0},
		{"mode B", "45 0053a80046", true, []RandomAccessResponse{{RAPID: 5, TimingAdvance: 5, Grant: 0x3a8, RNTI: 0x46}}, nil, 0},
		{"backoff alone", "0c", false, nil, nil, 0},
		{"second cut", "c5 46 0053a8010046 0063a80100", false, []RandomAccessResponse{
			{RAPID: 5, TimingAdvance: 5, Grant: 0x3a801, RNTI: 0x46},
		}, wire.ErrShort, 8},
		{"subheaders cut", "c5", false, nil, wire.ErrShort, 1},
		{"nothing", "", false, nil, wire.ErrShort, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := unhex(t, tt.in)
			var got []RandomAccessResponse
			a, err := newResponses(b, tt.modeB)
			for err == nil {
				var r RandomAccessResponse
				var ok bool
				if ok, err = a.next(&r); !ok {
					break
				}
				got = append(got, r)
			}
			wantErr(t, err, tt.err, tt.off)
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("\n got %+v\nwant %+v", got, tt.want)
			}
			if err == nil && !tt.modeB && len(got) > 0 {
				if e := AppendRAR(nil, got...); string(e) != string(b[:len(e)]) {
					t.Errorf("encoded %x, want %x", e, b)
				}
			}
		})
	}
}
