package macframed

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// elements appends length indicators and data field elements (TS 36.322 §6.2.1.3).
func elements(b []byte, elems []string) []byte {
	for i := 0; i < len(elems)-1; i++ {
		v := uint16(len(elems[i]))
		if i < len(elems)-2 {
			v |= 0x800
		}
		if i&1 == 0 {
			b = binary.BigEndian.AppendUint16(b, v<<4)
		} else {
			b[len(b)-1] |= byte(v >> 8)
			b = append(b, byte(v))
		}
	}
	return append(b, strings.Join(elems, "")...)
}

// amd makes an AMD PDU. fi is the framing info: 2 if the first element continues an
// SDU, 1 if the last one is continued.
func amd(sn uint16, fi byte, elems ...string) []byte {
	b := []byte{0x80 | fi<<3 | byte(sn>>8), byte(sn)}
	if len(elems) > 1 {
		b[0] |= 4
	}
	return elements(b, elems)
}

// segment makes an AMD PDU segment that begins at octet so of the data field.
func segment(sn uint16, fi byte, so uint16, last bool, elems ...string) []byte {
	b := []byte{0xc0 | fi<<3 | byte(sn>>8), byte(sn)}
	if len(elems) > 1 {
		b[0] |= 4
	}
	if last {
		so |= 0x8000
	}
	return elements(binary.BigEndian.AppendUint16(b, so), elems)
}

// umd makes a UMD PDU with a number of 5 bits.
func umd(sn, fi byte, elems ...string) []byte {
	b := []byte{fi<<6 | sn}
	if len(elems) > 1 {
		b[0] |= 0x20
	}
	return elements(b, elems)
}

func polled(b []byte) []byte {
	b[0] |= 0x20
	return b
}

// rlcStep is a PDU and the SDUs it completes.
type rlcStep struct {
	pdu  []byte
	want string
	what pushed
}

func TestReassembler(t *testing.T) {
	tests := []struct {
		name  string
		mode  rlcMode
		steps []rlcStep
		stats Stats
	}{
		{"whole", rlcAM, []rlcStep{{amd(0, 0, "a"), "a", 0}, {amd(1, 0, "b"), "b", 0}}, Stats{}},
		{"two, three, four in one", rlcAM, []rlcStep{
			{amd(0, 0, "ab", "c"), "ab c", 0},
			{amd(1, 0, "ab", "cde", "f"), "ab cde f", 0},
			{amd(2, 0, "ab", "cde", "f", "gh"), "ab cde f gh", 0},
		}, Stats{}},
		{"in three PDUs", rlcAM, []rlcStep{
			{amd(0, 1, "x", "ab"), "x", 0}, {amd(1, 3, "cd"), "", 0}, {amd(2, 2, "ef", "y"), "abcdef y", 0},
		}, Stats{Segmented: 1}},
		{"out of order", rlcAM, []rlcStep{
			{amd(0, 1, "ab"), "", 0}, {amd(2, 2, "ef"), "", 0}, {amd(3, 0, "z"), "z", 0}, {amd(1, 3, "cd"), "abcdef", 0},
		}, Stats{Segmented: 1, Gaps: 1}},
		{"a piece is missing", rlcAM, []rlcStep{
			{amd(0, 1, "ab"), "", 0}, {amd(2, 2, "ef", "y"), "y", 0}, {amd(400, 0, "z"), "z", 0}, {amd(700, 0, "z"), "z", 0},
		}, Stats{Gaps: 697, Lost: 2}},
		{"the next SDU is not joined to a lost one", rlcAM, []rlcStep{
			{amd(0, 1, "ab"), "", 0}, {amd(1, 1, "cd"), "", 0}, {amd(2, 2, "ef"), "cdef", 0},
		}, Stats{Segmented: 1}},
		{"repeated", rlcAM, []rlcStep{
			{amd(0, 0, "a"), "a", 0}, {amd(1, 1, "b"), "", 0}, {amd(0, 0, "a"), "", pushedRepeated},
			{polled(amd(0, 0, "a")), "", pushedRepeated}, {amd(1, 1, "b"), "", pushedRepeated}, {amd(2, 2, "c"), "bc", 0},
		}, Stats{Segmented: 1, Retransmissions: 3}},
		{"numbers wrap", rlcAM, []rlcStep{
			{amd(1022, 0, "a"), "a", 0}, {amd(1023, 1, "b"), "", 0}, {amd(0, 2, "c"), "bc", 0}, {amd(1, 0, "d"), "d", 0},
		}, Stats{Segmented: 1}},
		{"late", rlcAM, []rlcStep{
			{amd(5, 0, "a"), "a", 0}, {amd(3, 0, "b"), "b", 0}, {amd(3, 0, "b"), "", pushedRepeated},
		}, Stats{Retransmissions: 1}},
		{"number used again", rlcAM, []rlcStep{
			{amd(0, 0, "a"), "a", 0}, {amd(1, 1, "b"), "", 0}, {amd(0, 0, "A"), "A", 0}, {amd(1, 2, "B"), "", 0},
		}, Stats{Restarts: 1, Lost: 1}},
		{"number long past", rlcAM, []rlcStep{
			{amd(300, 0, "a"), "a", 0}, {amd(0, 0, "b"), "b", 0}, {amd(1, 0, "c"), "c", 0},
		}, Stats{Restarts: 1}},
		{"status", rlcAM, []rlcStep{{unhex(t, "0004"), "", pushedControl}, {amd(0, 0, "a"), "a", 0}}, Stats{}},

		{"segments", rlcAM, []rlcStep{
			{segment(0, 1, 0, false, "ab"), "", 0}, {segment(0, 2, 2, true, "cd", "e"), "abcd e", 0}, {amd(1, 0, "f"), "f", 0},
		}, Stats{Segmented: 1}},
		{"segments in reverse", rlcAM, []rlcStep{
			{segment(0, 2, 4, true, "ef"), "", 0}, {segment(0, 3, 2, false, "cd"), "", 0}, {segment(0, 1, 0, false, "ab"), "abcdef", 0},
		}, Stats{Segmented: 1}},
		{"segments and a continuation", rlcAM, []rlcStep{
			{segment(0, 1, 0, false, "ab"), "", 0}, {segment(0, 3, 2, true, "cd"), "", 0}, {amd(1, 2, "ef"), "abcdef", 0},
		}, Stats{Segmented: 1}},
		{"segments overlap", rlcAM, []rlcStep{
			{segment(0, 1, 0, false, "abc"), "", 0}, {segment(0, 3, 1, false, "bc"), "", 0}, {segment(0, 2, 1, true, "bcdef"), "abcdef", 0},
		}, Stats{Segmented: 1}},
		{"segments overlap in reverse", rlcAM, []rlcStep{
			{segment(0, 2, 3, true, "def"), "", 0}, {segment(0, 1, 0, false, "abcde"), "abcdef", 0},
		}, Stats{Segmented: 1}},
		{"the whole after a segment", rlcAM, []rlcStep{
			{segment(0, 3, 1, false, "b"), "", 0}, {amd(0, 1, "abc"), "", 0}, {amd(1, 2, "d"), "abcd", 0},
		}, Stats{Segmented: 1}},
		{"a segment after the whole", rlcAM, []rlcStep{
			{amd(0, 0, "abc"), "abc", 0}, {segment(0, 1, 0, false, "ab"), "", pushedRepeated},
		}, Stats{Retransmissions: 1}},

		{"unacknowledged", rlcUM5, []rlcStep{
			{umd(31, 0, "a", "bc"), "a bc", 0}, {umd(0, 1, "x"), "", 0}, {umd(1, 2, "y", "z"), "xy z", 0}, {umd(1, 2, "y", "z"), "", pushedRepeated},
			{umd(3, 0, "q"), "q", 0},
		}, Stats{Segmented: 1, Gaps: 1, Retransmissions: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := reassembler{mode: tt.mode}
			var st Stats
			var scratch []byte
			for i, s := range tt.steps {
				what, err := r.push(s.pdu, &st)
				if err != nil || what != s.what {
					t.Fatalf("PDU %d: %v, %v", i, what, err)
				}
				var got []string
				for {
					sdu, at, ok := r.take(&scratch, &st)
					if !ok {
						break
					}
					if !bytes.Contains(sdu, s.pdu[at:at+1]) {
						t.Errorf("PDU %d: %q has nothing of octet %d", i, sdu, at)
					}
					got = append(got, string(sdu))
				}
				if strings.Join(got, " ") != s.want {
					t.Errorf("PDU %d: %q, want %q", i, got, s.want)
				}
			}
			if st != tt.stats {
				t.Errorf("\n got %+v\nwant %+v", st, tt.stats)
			}
		})
	}
}

func TestReassemblerErrors(t *testing.T) {
	tests := []struct {
		name string
		mode rlcMode
		in   string
		err  error
		off  int
	}{
		{"nothing", rlcAM, "", wire.ErrShort, 0},
		{"one octet", rlcAM, "80", wire.ErrShort, 1},
		{"status of one octet", rlcAM, "00", wire.ErrShort, 1},
		{"no data", rlcAM, "8000", wire.ErrShort, 2},
		{"SO cut", rlcAM, "c00000", wire.ErrShort, 2},
		{"segment without data", rlcAM, "c0000000", wire.ErrShort, 4},
		{"LI cut", rlcAM, "840000", wire.ErrShort, 2},
		{"second LI cut", rlcAM, "8400 8010", wire.ErrShort, 3},
		{"LI 0", rlcAM, "8400 0000 aa", wire.ErrInvalid, 2},
		{"LI takes all", rlcAM, "8400 0010 aa", wire.ErrLength, 2},
		{"LI too long", rlcAM, "8400 0020 aa", wire.ErrLength, 2},
		{"UM without data", rlcUM5, "00", wire.ErrShort, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := reassembler{mode: tt.mode}
			_, err := r.push(unhex(t, tt.in), new(Stats))
			wantErr(t, err, tt.err, tt.off)
			if r.synced {
				t.Error("a malformed PDU counts")
			}
		})
	}
}

// TestReassemblerBounds: what is kept of incomplete SDUs does not grow, and the
// oldest goes first.
func TestReassemblerBounds(t *testing.T) {
	var r reassembler
	var st Stats
	var scratch []byte
	chunk := strings.Repeat("x", 1000)
	push := func(b []byte) string {
		t.Helper()
		if _, err := r.push(b, &st); err != nil {
			t.Fatal(err)
		}
		sdu, _, _ := r.take(&scratch, &st)
		return string(sdu)
	}
	for sn := range uint16(50) {
		push(amd(2*sn, 1, chunk))
		if len(r.buf) > MaxSDU || len(r.pieces) > maxPieces {
			t.Fatalf("%d octets in %d pieces", len(r.buf), len(r.pieces))
		}
	}
	if len(r.pieces) != 8 || st.Lost != 42 {
		t.Errorf("%d pieces, %+v", len(r.pieces), st)
	}
	if got := push(amd(99, 2, "y")); got != chunk+"y" {
		t.Errorf("the newest piece was dropped: %d octets", len(got))
	}
	r.reset()
	for sn := range uint16(maxPieces + 10) {
		push(amd(2*sn, 1, "x"))
	}
	if len(r.pieces) != maxPieces {
		t.Errorf("%d pieces", len(r.pieces))
	}
	// The longest SDU of PDCP in one PDU after the other.
	r.reset()
	long := bytes.Repeat([]byte("0123456789"), MaxSDU/10+1)[:MaxSDU]
	for i := 0; i < len(long); i += 100 {
		fi, end := byte(3), min(i+100, len(long))
		if i == 0 {
			fi = 1
		}
		if end == len(long) {
			fi = 2
		}
		got := push(amd(uint16(i/100), fi, string(long[i:end])))
		if end == len(long) && got != string(long) {
			t.Errorf("%d octets of %d", len(got), len(long))
		}
	}
	push(amd(500, 1, strings.Repeat("x", MaxSDU+1)))
	if len(r.pieces) != 0 {
		t.Error("a piece beyond MaxSDU is kept")
	}
}
