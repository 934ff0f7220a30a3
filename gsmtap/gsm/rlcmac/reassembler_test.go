package rlcmac

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// push pushes a block of CS-1, or CS-4 where it does not fit, and says what came of it:
// the frames, and D, L, S for the flags of Status.
func push(t *testing.T, r *Reassembler, carrier uint64, in string, uplink bool) string {
	t.Helper()
	raw := unhex(t, in)
	cs := 1
	if len(raw) > schemes[1].octets {
		cs = 4
	}
	var b Block
	if err := b.Decode(pad(raw, cs), uplink); err != nil {
		t.Fatal(err)
	}
	var out []string
	st := r.Push(carrier, &b, func(f []byte) { out = append(out, hex.EncodeToString(f)) })
	for _, f := range []struct {
		set  bool
		name string
	}{{st.Duplicate, "D"}, {st.Lost, "L"}, {st.Skipped, "S"}} {
		if f.set {
			out = append(out, f.name)
		}
	}
	return strings.Join(out, " ")
}

func TestReassembler(t *testing.T) {
	const end = " 15 " + octets5 // a length, and the last octets of a frame
	full := of(20)
	long := full + full + octets5
	// full blocks and the last block of flow 5
	block := func(bsn int) string { return fmt.Sprintf("07 0a %02x %s", bsn<<1|1, full) }
	last := func(bsn int) string { return fmt.Sprintf("07 0b %02x %s", bsn<<1, end) }
	// the end of a frame and the beginning of the next
	border := func(bsn int) string { return fmt.Sprintf("07 0a %02x 17 %s %s", bsn<<1, octets5, of(14)) }
	up := func(bsn, cv int) string { return fmt.Sprintf("%02x 0a %02x %s", cv<<2, bsn<<1, end) }
	type step struct{ in, want string }
	for _, tt := range []struct {
		name   string
		uplink bool
		steps  []step
	}{
		{"one block", false, []step{{last(0), octets5}}},
		{"three blocks", false, []step{{block(0), ""}, {block(1), ""}, {last(2), long}}},
		{"two frames", false, []step{{block(0), ""}, {border(1), full + octets5}, {last(2), of(14) + octets5}}},
		{"repeated blocks", false, []step{{block(0), ""}, {block(0), "D"}, {block(1), ""}, {block(0), "D"}, {last(2), long}, {last(2), "D"}, {block(1), "D"}}},
		{"a missing block", false, []step{{block(0), ""}, {block(2), "L S"}, {border(3), "S"}, {last(4), of(14) + octets5}}},
		{"the first block missing", false, []step{{block(1), "S"}, {border(2), "S"}, {last(3), of(14) + octets5}}},
		{"the missing block comes late, twice", false, []step{{block(0), ""}, {border(2), "L S"}, {block(1), "S"}, {block(1), "D"}, {last(3), of(14) + octets5}}},
		{"another flow", false, []step{{last(0), octets5}, {block(0), ""}, {last(1), full + octets5}}},
		{"another flow, the end of the one before missing", false, []step{{last(0), octets5}, {border(0), octets5}, {"07 0b 00 0d 0a0b0c", "0a0b0c L"}}},
		{"another flow, its beginning missing", false, []step{{block(0), ""}, {border(1), full + octets5}, {last(2), of(14) + octets5}, {border(1)[:9] + "17 " + octets5 + of(13) + "ff", "S"}, {last(2), of(13) + "ff" + octets5}}},
		{"an uplink flow that goes on", true, []step{{up(0, 1), octets5}, {up(1, 0), octets5}, {up(2, 15), octets5}, {up(3, 0), octets5}}},
		{"an uplink flow of one block, and another", true, []step{{up(0, 0), octets5}, {up(0, 0), "D"}, {"00 0a 00 0d 0a0b0c", "0a0b0c"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var r Reassembler
			for i, s := range tt.steps {
				if got := push(t, &r, 1, s.in, tt.uplink); got != s.want {
					t.Errorf("block %d: %q, want %q", i, got, s.want)
				}
			}
		})
	}
}

// TestReassemblerWrap: numbers begin again at 0 after 127, inside a frame and outside, also
// with blocks missing or repeated there.
func TestReassemblerWrap(t *testing.T) {
	var r Reassembler
	frames, want := 0, 0
	for i := range 3 * 128 {
		bsn := i & 127
		in := fmt.Sprintf("07 0a %02x 15 %010x", bsn<<1, i)
		expect := fmt.Sprintf("%010x", i)
		switch i {
		case 126, 127: // a frame in three blocks; its end is the part before the next length
			in = fmt.Sprintf("07 0a %02x %s", bsn<<1|1, of(20))
			expect = ""
		case 128:
			expect = of(20) + of(20) + expect
		case 255: // missing
			continue
		case 300:
			if got := push(t, &r, 1, in, false); got != expect {
				t.Errorf("block %d: %q", i, got)
			}
			expect = "D"
		}
		got := push(t, &r, 1, in, false)
		if got != expect && i != 256 {
			t.Errorf("block %d: %q, want %q", i, got, expect)
		}
		if i == 256 && got != "S" {
			t.Errorf("block %d behind a gap: %q", i, got)
		}
		want++
		if got != "" && got != "D" && got != "S" {
			frames++
		}
	}
	if frames != want-4 { // two blocks without an end, one skipped, one repeated
		t.Errorf("%d frames of %d blocks", frames, want)
	}
}

// TestReassemblerFlows: direction, identity and carrier tell flows apart.
func TestReassemblerFlows(t *testing.T) {
	var r Reassembler
	type flow struct {
		carrier uint64
		tfi     int
		uplink  bool
	}
	flows := []flow{{1, 5, false}, {1, 5, true}, {1, 6, false}, {2, 5, false}}
	for i, f := range flows {
		in := fmt.Sprintf("3c %02x 01 %s %02x", f.tfi<<1, of(19), i)
		if got := push(t, &r, f.carrier, in, f.uplink); got != "" {
			t.Errorf("flow %d: %q", i, got)
		}
	}
	for i, f := range flows {
		in := fmt.Sprintf("3c %02x 02 15 %s", f.tfi<<1, octets5)
		if got, want := push(t, &r, f.carrier, in, f.uplink), of(19)+fmt.Sprintf("%02x", i)+octets5; got != want {
			t.Errorf("flow %d: %q, want %q", i, got, want)
		}
	}
}

// TestReassemblerBounds: a frame without end is given up, and so is the flow used least
// recently.
func TestReassemblerBounds(t *testing.T) {
	var r Reassembler
	long := strings.Repeat("aa", 50) // of CS-4
	lost := 0
	for i := range 40 {
		switch got := push(t, &r, 1, fmt.Sprintf("07 0a %02x %s", i<<1|1, long), false); {
		case got == "L" && i == MaxFrame/50:
			lost++
		case got == "" && i < MaxFrame/50, got == "S" && i > MaxFrame/50:
		default:
			t.Errorf("block %d: %q", i, got)
		}
	}
	if lost != 1 {
		t.Errorf("given up %d times", lost)
	}
	// It is found again with the next frame.
	if got := push(t, &r, 1, "07 0a 50 0e 17 000102 0304050607", false); got != "0304050607 S" {
		t.Errorf("behind it: %q", got)
	}

	r = Reassembler{}
	const more = 10
	for i := range MaxFlows + more {
		push(t, &r, uint64(i), "07 0a 01 "+of(20), false)
		push(t, &r, more, "07 0a 01 "+of(20), false) // used all the time, once it is there
	}
	if len(r.flows) != MaxFlows || r.Evicted() != more {
		t.Errorf("%d flows, %d forgotten", len(r.flows), r.Evicted())
	}
	if got := push(t, &r, more, "07 0b 02 15 "+octets5, false); got != of(20)+octets5 {
		t.Errorf("a flow in use: %q", got)
	}
	if got := push(t, &r, 0, "07 0b 02 15 "+octets5, false); got != "S" {
		t.Errorf("a flow forgotten: %q", got)
	}
}
