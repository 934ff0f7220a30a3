package gsmtap

import (
	"bytes"
	"errors"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/lapdm"
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/llc"
	"github.com/fbsdetect/fbsdetect/gsmtap/rrc"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// um returns a version 2 packet of the Um interface on ARFCN 33.
func um(t testing.TB, sub uint8, uplink bool, block string) []byte {
	h := Header{Type: TypeUm, ARFCN: 33, Channel: Channel(sub & 0x7f), ACCH: sub&0x80 != 0, Uplink: uplink}
	return append(AppendHeader(nil, &h), unhex(t, block)...)
}

const (
	// L2 pseudo length, then SI3 of 001-01, LAC 1, CI 2
	si3 = "49 06 1b 0002 00f110 0001 09 04 0a 28 6505 790000 80002b2b"
	si5 = "06 1d 00000000000000000000000000000000"
	// sixteen octets of a page of cell broadcast
	page = "d4f29c0e 1a8d46a3 d168341a 8d46a3d1"
	lu   = "05 08 00 00f110 0009 33 05 f4 11223344"
)

func TestDecode(t *testing.T) {
	tests := []struct {
		name     string
		in       []byte
		message  string // of the last packet; "" for none
		category Category
		err      error
	}{
		{"BCCH with L2 pseudo length", um(t, 1, false, si3), "System Information Type 3", Decoded, nil},
		{"SI13, whose L2 pseudo length is 0", um(t, 1, false, "01 06 00 90000000000000000000000000000000000000 2b"), "System Information Type 13", Decoded, nil},
		{"CCCH on the AGCH sub-type", um(t, 4, false, "15 06 21 00 01 f0 2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b"), "Paging Request Type 1", Decoded, nil},
		{"fill frame on CCCH", um(t, 5, false, "03 03 01 2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b"), "", Decoded, nil},
		{"padding only", um(t, 2, false, "2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b"), "", Decoded, nil},
		{"SDCCH message on the BCCH sub-type", um(t, 1, true, "01 3f 3d "+lu+" 2b2b2b2b2b"), "Location Updating Request", Decoded, nil},
		{"layer 3 without pseudo length on CCCH", um(t, 2, false, "06 1c 00f110 0001 6505 790000"), "System Information Type 4", Decoded, nil},
		{"SDCCH/8", um(t, 8, true, "01 3f 3d "+lu+" 2b2b2b2b2b"), "Location Updating Request", Decoded, nil},
		{"LAPDm without message", um(t, 7, false, "03 21 01 2b2b"), "", Decoded, nil},
		{"SACCH with layer 1 header and pseudo length", um(t, 0x87, false, "0500 03 03 49 "+si5), "System Information Type 5", Decoded, nil},
		{"SACCH of SDCCH/8 on the SDCCH sub-type", um(t, 0x86, false, "0500 03 03 49 "+si5), "System Information Type 5", Decoded, nil},
		{"SACCH without layer 2", um(t, 0x88, false, "05"), "", Malformed, wire.ErrShort},
		{"access burst", um(t, 3, false, "0b"), "Channel Request", Decoded, nil},
		{"PDCH", um(t, 13, false, "00"), "", Unsupported, nil},
		{"CBCH", um(t, 12, false, "30 4011 1112 0f 11 "+page), "SMSCB Message", Decoded, nil},
		{"CBCH, schedule message", um(t, 15, false, "38 0130 0000 00 00 "+page), "SMSCB Schedule Message", Decoded, nil},
		{"CBCH, null message", um(t, 12, false, "2f 2b2b2b2b2b2b "+page), "", Decoded, nil},
		{"CBCH, first of several blocks", um(t, 12, false, "20 4011 1112 0f 11 "+page), "", Decoded, nil},
		{"CBCH, first block missing", um(t, 12, false, "31 4011 1112 0f 11 "+page), "", Partial, wire.ErrShort},
		{"CBCH, reserved sequence number", um(t, 12, false, "24 4011 1112 0f 11 "+page), "", Unsupported, nil},
		{"CBCH, other protocol", um(t, 12, false, "00"), "", Malformed, wire.ErrInvalid},
		{"CBCH, associated channel", um(t, 0x8c, false, "00"), "", Unsupported, nil},
		{"empty block", um(t, 1, false, ""), "", Malformed, wire.ErrShort},
		{"layer 3 alone", append(AppendHeader(nil, &Header{Type: TypeAbis}), unhex(t, lu)...), "Location Updating Request", Decoded, nil},
		{"layer 3 with pseudo length", append(AppendHeader(nil, &Header{Type: TypeAbis}), unhex(t, si3)...), "System Information Type 3", Decoded, nil},
		{"call control", append(AppendHeader(nil, &Header{Type: TypeAbis}), unhex(t, "03 05 04 0160 5e 03 81 21f3")...), "Setup", Decoded, nil},
		{"call control of an unknown type", append(AppendHeader(nil, &Header{Type: TypeAbis}), unhex(t, "03 00 04")...), "CC message 0x00 (unknown)", Unsupported, nil},
		{"call control cut", append(AppendHeader(nil, &Header{Type: TypeAbis}), unhex(t, "83 25 02 e2")...), "Disconnect", Malformed, wire.ErrShort},
		{"supplementary services", append(AppendHeader(nil, &Header{Type: TypeAbis}), unhex(t, "8b 2a 1c 05 a203020102")...), "Release Complete", Decoded, nil},
		{"location services", append(AppendHeader(nil, &Header{Type: TypeAbis}), unhex(t, "0c 3a 05 a203020102")...), "Facility", Decoded, nil},
		{"unknown type of a known protocol", append(AppendHeader(nil, &Header{Type: TypeAbis}), unhex(t, "09 7f")...), "CP message 0x7f (unknown)", Unsupported, nil},
		{"reserved protocol", append(AppendHeader(nil, &Header{Type: TypeAbis}), unhex(t, "0d 01")...), "", Malformed, wire.ErrInvalid},
		{"message cut short", append(AppendHeader(nil, &Header{Type: TypeAbis}), unhex(t, "05 08 00 00f1")...), "Location Updating Request", Malformed, wire.ErrShort},
		{"LTE RRC without a message", AppendHeader(nil, &Header{Type: TypeLTERRC}), "DL-CCCH-Message", Malformed, wire.ErrShort},
		{"NR NAS", AppendHeader(nil, &Header{Type: TypeNAS5GS, Version: 3}), "", Unsupported, nil},
		{"no header", []byte{2, 4}, "", Malformed, wire.ErrShort},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := NewDecoder()
			d.Strict = true
			message := ""
			res := d.Decode(tt.in, func(p *Packet) {
				if p.Message != nil {
					message = p.Message.Name()
				}
			})
			if message != tt.message || res.Category != tt.category || !errors.Is(res.Err, tt.err) {
				t.Errorf("%q, category %d, error %v; want %q, %d, %v", message, res.Category, res.Err, tt.message, tt.category, tt.err)
			}
			if (res.Category == Unsupported) != (res.Reason != "") {
				t.Errorf("category %d with reason %q", res.Category, res.Reason)
			}
		})
	}
}

// TestSegments: a message in two I frames comes out once, with the second; the echo
// of the first message is marked.
func TestSegments(t *testing.T) {
	d := NewDecoder()
	d.Strict = true
	var got []string
	decode := func(sub uint8, uplink bool, block string) {
		d.Decode(um(t, sub, uplink, block), func(p *Packet) {
			name := "-"
			if p.Message != nil {
				name = p.Message.Name()
			}
			if p.Echo {
				name += " echo"
			}
			if p.Repeated {
				name += " repeated"
			}
			got = append(got, name)
		})
	}
	decode(7, true, "01 3f 3d "+lu+" 2b2b2b2b2b")
	decode(7, false, "01 73 3d "+lu+" 2b2b2b2b2b")
	// Authentication Request, 19 octets: 18 in one frame with the M bit, then the rest.
	decode(7, false, "03 00 4b 05 12 00 000102030405060708090a0b0c0d0e")
	decode(7, false, "03 02 05 0f 2b2b")
	want := []string{"Location Updating Request", "Location Updating Request echo repeated", "-", "Authentication Request"}
	if len(got) != len(want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("packet %d: %q, want %q", i, got[i], want[i])
		}
	}
	if d.packet.Link != lapdm.I {
		t.Errorf("link frame %v", d.packet.Link)
	}
}

// TestDecodeAllocates nothing for the messages a capture is full of.
func TestDecodeAllocates(t *testing.T) {
	d := NewDecoder()
	blocks := [][]byte{
		um(t, 1, false, si3), um(t, 7, true, "01 3f 3d "+lu+" 2b2b2b2b2b"), um(t, 0x87, false, "0500 03 03 49 "+si5),
		um(t, 5, false, "15 06 21 00 01 f0 2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b"),
	}
	emit := func(*Packet) {}
	for _, b := range blocks {
		d.Decode(b, emit)
	}
	for i, b := range blocks {
		if n := testing.AllocsPerRun(100, func() { d.Decode(b, emit) }); n != 0 {
			t.Errorf("block %d: %v allocations", i, n)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(um(f, 1, false, si3))
	f.Add(um(f, 7, true, "01 3f 3d "+lu+" 2b2b2b2b2b"))
	f.Add(um(f, 0x87, false, "0500 03 03 49 "+si5))
	f.Add(append(AppendHeader(nil, &Header{Type: TypeAbis}), unhex(f, lu)...))
	for _, b := range dataBlocks(f, 5, llcUI(f, llc.GMM, "08 02 01 54 22 00f110 03e9 07 18 05 f4 c0c0ffee")) {
		f.Add(b)
	}
	f.Add(append(AppendHeader(nil, &Header{Type: TypeGbLLC}), llcUI(f, llc.GMM, "08 15 01")...))
	d := NewDecoder()
	d.Strict = true
	f.Fuzz(func(t *testing.T, b []byte) {
		emitted := 0
		res := d.Decode(b, func(p *Packet) {
			emitted++
			if p.Message != nil && p.Message.Name() == "" {
				t.Fatalf("message without name: %T", p.Message)
			}
			// RRC carries messages of NAS, blocks of packet data carry LLC frames and those
			// messages; nothing else holds more than one.
			if emitted > 1 && p.In == "" {
				t.Fatalf("message %d of a frame of %s: %T in %q", emitted, p.RAT, p.Message, p.In)
			}
		})
		var de *wire.DecodeError
		if res.Err != nil && (!errors.As(res.Err, &de) || de.Offset < 0 || de.Offset > len(b)+lapdm.MaxMessage) {
			t.Fatalf("error %v outside %d octets", res.Err, len(b))
		}
		if (res.Category == Malformed) && res.Err == nil {
			t.Fatal("malformed without an error")
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	for _, c := range []struct {
		name string
		in   []byte
	}{
		{"SI3", um(b, 1, false, si3)},
		{"paging", um(b, 5, false, "15 06 21 00 01 f0 2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b")},
		{"SDCCH", um(b, 7, true, "01 3f 3d "+lu+" 2b2b2b2b2b")},
	} {
		b.Run(c.name, func(b *testing.B) {
			d := NewDecoder()
			emit := func(*Packet) {}
			b.ReportAllocs()
			for b.Loop() {
				d.Decode(c.in, emit)
			}
		})
	}
}

// TestRoundTrips: a message encoded again gives its bits, whatever its padding is.
func TestRoundTrips(t *testing.T) {
	// SecurityModeCommand with EEA0 and EIA2, 22 bits and two of padding, then the same
	// with nonzero padding and with a bit of the message changed under the decoder.
	octets, err := rrc.Schema(rrc.LTE).EncodeJSON(nil, "DL-DCCH-Message", []byte(`{"message":{"c1":{"securityModeCommand":{"rrc-TransactionIdentifier":1,"criticalExtensions":{"c1":{"securityModeCommand-r8":{"securityConfigSMC":{"securityAlgorithmConfig":{"cipheringAlgorithm":"eea0","integrityProtAlgorithm":"eia2"}}}}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	sub, _ := LTERRCSubType("DL-DCCH")
	packet := append(AppendHeader(nil, &Header{Version: 3, Type: TypeLTERRC, SubType: sub}), octets...)
	check := func(what string, b []byte, want bool, change func(*Packet)) {
		seen := false
		NewDecoder().Decode(b, func(p *Packet) {
			seen = true
			change(p)
			if got := p.RoundTrips(); got != want {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		})
		if !seen {
			t.Errorf("%s: no message", what)
		}
	}
	none := func(*Packet) {}
	check("as it is", packet, true, none)
	check("with octets behind it", append(bytes.Clone(packet), 0, 0), true, none)
	check("with another first octet", packet, false, func(p *Packet) {
		p.Octets = bytes.Clone(p.Octets)
		p.Octets[0] ^= 1
	})
	check("cut", packet, false, func(p *Packet) { p.Octets = p.Octets[:1] })
}

// FuzzPayload feeds a decoder with frames of every framing in turn: what one leaves
// behind must not harm the next. A frame is its kind, its length and that many octets.
func FuzzPayload(f *testing.F) {
	kinds := []capture.Kind{capture.KindGSMTAP, capture.KindMACLTE, capture.KindNASEPS, capture.KindS1AP, capture.KindUpperPDU}
	f.Add([]byte{1, 12, 1, 1, 3, 2, 0, 70, 1, 3, 2, 1, 2, 3, 2, 3, 7, 0x55, 1})
	f.Add([]byte{1, 20, 1, 0, 3, 2, 0, 70, 1, 1, 0x80, 0, 0, 0x2c, 0x40, 0x10, 0, 0, 0, 0, 0, 0, 3, 5, 0, 0x0c, 0x40, 1, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		d := NewDecoder()
		d.Strict = true
		for len(b) >= 2 {
			n := min(int(b[1]), len(b)-2)
			p := capture.Payload{Kind: kinds[int(b[0])%len(kinds)], Data: b[2 : 2+n], Dissector: "lte_rrc.dl_dcch"}
			res := d.DecodePayload(&p, func(p *Packet) {
				if p.Message != nil && p.Message.Name() == "" {
					t.Error("message without name")
				}
			})
			var de *wire.DecodeError
			if res.Err != nil && (!errors.As(res.Err, &de) || de.Offset < 0 || de.Offset > n) {
				t.Errorf("error %v outside %d octets", res.Err, n)
			}
			if defect := res.Category == Malformed || res.Category == Partial; defect && res.Err == nil || res.Category == Decoded && res.Err != nil {
				t.Errorf("category %d with error %v", res.Category, res.Err)
			}
			if (res.Category == Unsupported) != (res.Reason != "") {
				t.Errorf("category %d with reason %q", res.Category, res.Reason)
			}
			b = b[2+n:]
		}
	})
}
