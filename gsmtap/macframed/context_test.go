package macframed

import (
	"bytes"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func unhex(tb testing.TB, s string) []byte {
	tb.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// wantErr checks sentinel and offset of an error.
func wantErr(tb testing.TB, err, want error, offset int) {
	tb.Helper()
	var de *wire.DecodeError
	switch {
	case want == nil:
		if err != nil {
			tb.Errorf("error = %v", err)
		}
	case !errors.Is(err, want) || !errors.As(err, &de) || de.Offset != offset:
		tb.Errorf("error = %v, want %v at octet %d", err, want, offset)
	}
}

func TestContext(t *testing.T) {
	fdd := func(f func(c *Context)) Context {
		c := Context{RadioType: FDD, RNTIType: CRNTI}
		f(&c)
		return c
	}
	tests := []struct {
		name string
		in   string // radio type, direction, RNTI type; tags; 01 and the PDU
		want Context
		pdu  string
		err  error
		off  int
	}{
		{"all of srsRAN", "01 01 00 02 0000 03 0000 04 0013 07 01 0a 00 0f 00 01 400c00", Context{
			RadioType: FDD, HasRNTI: true, HasSFN: true, SFN: 1, Subframe: 3, CRC: CRCOK, HasCRC: true,
		}, "400c00", nil, 0},
		{"uplink of TDD", "02 00 03 02 0046 01 aa", Context{RadioType: TDD, Uplink: true, RNTIType: CRNTI, RNTI: 0x46, HasRNTI: true}, "aa", nil, 0},
		{"no PDU behind the tag", "01 01 03 01", fdd(func(*Context) {}), "", nil, 0},
		{"no tag but the payload's", "01 01 03 01 aa", fdd(func(*Context) {}), "aa", nil, 0},
		{"UEID", "01 01 03 03 0102 01 aa", fdd(func(c *Context) { c.UEID = 0x102 }), "aa", nil, 0},
		{"predefined", "01 01 03 05 01 01 aa", fdd(func(c *Context) { c.Predefined = true }), "aa", nil, 0},
		{"retransmission", "01 01 03 06 02 01 aa", fdd(func(c *Context) { c.Retx = 2 }), "aa", nil, 0},
		{"CRC failed", "01 01 03 07 00 01 aa", fdd(func(c *Context) { c.HasCRC = true }), "aa", nil, 0},
		{"extended BSR sizes, simultaneous PUCCH and PUSCH", "01 01 03 08 0c 0d 01 aa", fdd(func(*Context) {}), "aa", nil, 0},
		{"preamble with PDU", "01 01 03 09 3f02 01 aa", fdd(func(c *Context) { c.Preamble, c.RAPID, c.Attempt = true, 63, 2 }), "aa", nil, 0},
		{"preamble alone", "01 01 03 09 3f02", fdd(func(c *Context) { c.Preamble, c.RAPID, c.Attempt = true, 63, 2 }), "", nil, 0},
		{"carrier", "01 01 03 0a 04 01 aa", fdd(func(c *Context) { c.Carrier = 4 }), "aa", nil, 0},
		{"PHY", "01 01 03 0b 03 010203 01 aa", fdd(func(c *Context) { c.PHY = []byte{1, 2, 3} }), "aa", nil, 0},
		{"CE and NB mode", "01 01 03 0e 02 0f 01 01 aa", fdd(func(c *Context) { c.CEMode, c.NBMode = 2, 1 }), "aa", nil, 0},
		{"UL resource blocks", "01 01 03 10 64 01 aa", fdd(func(*Context) {}), "aa", nil, 0},
		{"scheduling requests", "01 01 03 11 0002 00010046 00020047", fdd(func(c *Context) { c.SchedulingRequests = 2 }), "", nil, 0},
		{"unknown RNTI type is kept", "01 01 c8 01 aa", Context{RadioType: FDD, RNTIType: 200}, "aa", nil, 0},

		{"radio type", "03 01 03 01 aa", Context{}, "", wire.ErrInvalid, 0},
		{"direction", "01 02 03 01 aa", Context{}, "", wire.ErrInvalid, 1},
		{"tag 0", "01 01 03 02 0046 00 01 aa", Context{}, "", wire.ErrUnsupported, 6},
		{"tag 12", "01 01 03 12 01 aa", Context{}, "", wire.ErrUnsupported, 3},
		{"payload tag missing", "01 01 03 02 0046", Context{}, "", wire.ErrShort, 6},
		{"RNTI cut", "01 01 03 02 00", Context{}, "", wire.ErrShort, 4},
		{"PHY cut", "01 01 03 0b 03 0102", Context{}, "", wire.ErrShort, 4},
		{"scheduling requests cut", "01 01 03 11 ffff 00010046", Context{}, "", wire.ErrShort, 6},
		{"empty", "", Context{}, "", wire.ErrShort, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var c Context
			pdu, err := c.Decode(unhex(t, tt.in))
			wantErr(t, err, tt.err, tt.off)
			if err != nil {
				return
			}
			if !reflect.DeepEqual(c, tt.want) || !bytes.Equal(pdu, unhex(t, tt.pdu)) {
				t.Errorf("\n got %+v %x\nwant %+v %s", c, pdu, tt.want, tt.pdu)
			}
		})
	}
}

func TestContextType(t *testing.T) {
	for _, tt := range []struct {
		c    Context
		want RNTIType
	}{
		{Context{RNTIType: CRNTI, RNTI: 0xffff, HasRNTI: true}, SIRNTI},
		{Context{RNTIType: CRNTI, RNTI: 0xfffe, HasRNTI: true}, PRNTI},
		{Context{RNTIType: CRNTI, RNTI: 0xfffd, HasRNTI: true}, MRNTI},
		{Context{RNTIType: NoRNTI, RNTI: 0xffff, HasRNTI: true}, NoRNTI},
		{Context{RNTIType: SIRNTI, RNTI: 0x46, HasRNTI: true}, SIRNTI},
		{Context{RNTIType: CRNTI}, CRNTI},
	} {
		if got := tt.c.Type(); got != tt.want {
			t.Errorf("type of %+v = %d, want %d", tt.c, got, tt.want)
		}
	}
}

func TestNRContext(t *testing.T) {
	tests := []struct {
		name string
		in   string
		want NRContext
		typ  RNTIType
		err  error
		off  int
	}{
		{"srsRAN", "01 01 03 02 ffff 03 0000 06 07 05 01 04 0013 01 aa", NRContext{
			RadioType: FDD, RNTIType: CRNTI, RNTI: 0xffff, HasRNTI: true, SFN: 1, Slot: 3, HasSFN: true, HARQ: 7,
		}, SIRNTI, nil, 0},
		{"slot", "02 00 05 02 fffe 07 03ff 009f 01 aa", NRContext{
			RadioType: TDD, Uplink: true, RNTIType: CSRNTI, RNTI: 0xfffe, HasRNTI: true, SFN: 1023, Slot: 159, HasSFN: true,
		}, PRNTI, nil, 0},
		{"no RNTI", "01 01 00 01 aa", NRContext{RadioType: FDD}, NoRNTI, nil, 0},
		{"tag of LTE", "01 01 03 0a 00 01 aa", NRContext{}, 0, wire.ErrUnsupported, 3},
		{"slot cut", "01 01 03 07 03ff 00", NRContext{}, 0, wire.ErrShort, 6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var c NRContext
			pdu, err := DecodeNRContext(unhex(t, tt.in), &c)
			wantErr(t, err, tt.err, tt.off)
			if err == nil && (c != tt.want || c.Type() != tt.typ || len(pdu) != 1) {
				t.Errorf("\n got %+v %x\nwant %+v", c, pdu, tt.want)
			}
		})
	}
}

func FuzzContext(f *testing.F) {
	f.Add([]byte{1, 1, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0x13, 7, 1, 0x0a, 0, 0x0f, 0, 1, 0x40})
	f.Add([]byte{1, 0, 3, 2, 0, 0x46, 9, 5, 1, 0x0b, 2, 1, 2, 0x0e, 2, 6, 1, 5, 1, 1, 0xaa})
	f.Fuzz(func(t *testing.T, b []byte) {
		var c, again Context
		pdu, err := c.Decode(b)
		var de *wire.DecodeError
		if err != nil {
			if !errors.As(err, &de) || de.Offset < 0 || de.Offset > len(b) {
				t.Fatalf("error %v of %d octets", err, len(b))
			}
			return
		}
		if c.SchedulingRequests > 0 {
			return
		}
		if len(c.PHY) == 0 {
			c.PHY = nil
		}
		p2, err := again.Decode(AppendFrame(nil, &c, pdu))
		if err != nil || !reflect.DeepEqual(again, c) || !bytes.Equal(pdu, p2) {
			t.Fatalf("encoded and decoded: %v\n got %+v\nwant %+v", err, again, c)
		}
	})
}

func FuzzNRContext(f *testing.F) {
	f.Add([]byte{1, 1, 3, 2, 0xff, 0xff, 3, 0, 0, 6, 7, 5, 1, 4, 0, 0x13, 1, 0xaa})
	f.Fuzz(func(t *testing.T, b []byte) {
		var c NRContext
		pdu, err := DecodeNRContext(b, &c)
		var de *wire.DecodeError
		if err != nil && (!errors.As(err, &de) || de.Offset < 0 || de.Offset > len(b)) || len(pdu) > len(b) {
			t.Fatalf("error %v of %d octets", err, len(b))
		}
	})
}
