package gsmtap

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecodeHeader(t *testing.T) {
	tests := []struct {
		name    string
		in      string
		want    Header
		payload string
		err     error
	}{
		{
			// version hdr_len type timeslot | arfcn signal snr | frame_number | sub antenna subslot res
			"version 2, BCCH with level", "02040100 004bc40a 00000007 01000000 4906",
			Header{Version: 2, Type: TypeUm, SubType: 1, Channel: BCCH, ARFCN: 75, SignalDBm: -60, SignalMeasured: true,
				SNRdB: 10, SNRMeasured: true, FrameNumber: 7}, "4906", nil,
		},
		{
			"version 2, uplink SACCH/8, PCS, not measured", "02040103 c202 3fff 00000000 88 01 05 00 aa",
			Header{Version: 2, Type: TypeUm, SubType: 0x88, Channel: SDCCH8, ACCH: true, Uplink: true, PCS: true, ARFCN: 514,
				Timeslot: 3, SignalDBm: 63, SNRdB: -1, Antenna: 1, SubSlot: 5}, "aa", nil,
		},
		{
			"version 2 with a longer header", "02050200 00000000 00000000 00000000 deadbeef 05",
			Header{Version: 2, Type: TypeAbis}, "05", nil,
		},
		{
			"version 2 type without number in version 3", "02040b00 00000000 00000000 00000000",
			Header{Version: 2, Type: TypeUMTSRLCMAC}, "", nil,
		},
		{
			"version 2 unknown type", "02046300 00000000 00000000 00000000",
			Header{Version: 2, Type: typeV2UnknownFirst | 0x63}, "", nil,
		},
		{
			// version res hdr_len | type sub_type | channel number | PCI | end, not padded as SCAT does
			"version 3, LTE RRC, header not padded", "03000007 0403000a 00020004 0000940c 00050002 0151 fffe 48ce",
			Header{Version: 3, Type: TypeLTERRC, SubType: 10, ARFCN: 37900, PhysicalID: 337, HasPhysicalID: true}, "48ce", nil,
		},
		{
			"version 3, padded with zeros", "03000007 0403000a 00020004 0000940c 00050002 0151 fffe 00000000 48ce",
			Header{Version: 3, Type: TypeLTERRC, SubType: 10, ARFCN: 37900, PhysicalID: 337, HasPhysicalID: true}, "48ce", nil,
		},
		{
			// signal level -70.0 dBm and SNR 12.0 dB as IEEE floats
			"version 3, Um SACCH/4 with levels", "0300000c 02000107 01000004 c28c0000 01020004 41400000 00060001 02 00070001 03 fffe 0101",
			Header{Version: 3, Type: TypeUm, SubType: 0x107, Channel: SDCCH4, ACCH: true, Timeslot: 2, SubSlot: 3,
				SignalDBm: -70, SignalMeasured: true, SNRdB: 12, SNRMeasured: true}, "0101", nil,
		},
		{"version 1", "01040100 00000000 00000000 00000000", Header{}, "", ErrVersion},
		{"empty", "", Header{}, "", wire.ErrShort},
		{"version 2, header length too small", "02030100 00000000 00000000 00000000", Header{}, "", wire.ErrLength},
		{"version 2, cut", "02040100 004bc40a", Header{}, "", wire.ErrShort},
		{"version 3, cut in metadata", "03000007 0403000a 00020004 0000", Header{}, "", wire.ErrShort},
		{"version 3, header length 0", "03000000 0403000a", Header{}, "", wire.ErrLength},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := Header{Antenna: 99} // as left by another packet
			payload, err := DecodeHeader(unhex(t, tt.in), &h)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error = %v, want %v", err, tt.err)
			}
			if tt.err != nil {
				return
			}
			if h != tt.want {
				t.Errorf("\n got %+v\nwant %+v", h, tt.want)
			}
			if want := unhex(t, tt.payload); !bytes.Equal(payload, want) {
				t.Errorf("payload %x, want %x", payload, want)
			}
		})
	}
}

// TestChannelNames: every type and sub-type that GSMTAP defines has a name.
func TestChannelNames(t *testing.T) {
	for v2 := range 21 {
		if name := typeOfV2(uint8(v2)).String(); v2 > 0 && strings.HasPrefix(name, "GSMTAP type") {
			t.Errorf("version 2 type %d has no name", v2)
		}
	}
	tests := []struct {
		h    Header
		want string
	}{
		{Header{Version: 2, Type: TypeUm, Channel: SDCCH4, ACCH: true}, "SACCH/4"},
		{Header{Version: 2, Type: TypeUm, Channel: SDCCH, ACCH: true}, "SACCH"},
		{Header{Version: 2, Type: TypeUm, Channel: VoiceH}, "TCH/H"},
		{Header{Version: 2, Type: TypeUm, Channel: 99}, "channel 99"},
		{Header{Version: 2, Type: TypeAbis}, "DTAP"},
		{Header{Version: 2, Type: TypeLTERRC, SubType: 5}, "BCCH-DL-SCH"},
		{Header{Version: 3, Type: TypeLTERRC, SubType: 3}, "BCCH-DL-SCH"},
		{Header{Version: 3, Type: TypeLTERRC, SubType: 99}, "sub-type 0x0063"},
		{Header{Version: 2, Type: TypeUMTSRRC, SubType: 0}, "DL-DCCH"},
		{Header{Version: 3, Type: TypeUMTSRRC, SubType: 1}, "DL-DCCH"},
		{Header{Version: 3, Type: TypeUMTSRRC, SubType: 0x101}, "HandoverToUTRANCommand"},
		{Header{Version: 2, Type: TypeUMTSRRC, SubType: 61}, "TargetRNC-ToSourceRNC-Container"},
		{Header{Version: 2, Type: TypeUMTSRRC, SubType: 62}, "sub-type 62"},
		{Header{Version: 3, Type: TypeNRRRC, SubType: 2}, "BCCH-DL-SCH"},
		{Header{Version: 2, Type: TypeNASEPS}, "NAS"},
	}
	for _, tt := range tests {
		if got := tt.h.ChannelName(); got != tt.want {
			t.Errorf("%v %d: %q, want %q", tt.h.Type, tt.h.SubType, got, tt.want)
		}
	}
}

// TestUnpadded: SCAT's header of version 3 ends where its metadata end, whatever its
// length says, and a payload that begins with zeros is not taken for padding.
func TestUnpadded(t *testing.T) {
	var h Header
	tests := []struct{ name, in, payload string }{
		{"SCAT, channel number only", "03000005 04030003 00020004 00000514 fffe 0000801c31186fe2", "0000801c31186fe2"},
		{"SCAT, with time stamp", "03000009 04030003 0000000c 000000000000000000000000 00020004 00000514 fffe 0000801c", "0000801c"},
		{"padded with zeros", "03000006 04030003 00080004 00000001 00060001 00 fffe 00 801c", "801c"},
	}
	for _, tt := range tests {
		payload, err := DecodeHeader(unhex(t, tt.in), &h)
		if err != nil || !bytes.Equal(payload, unhex(t, tt.payload)) {
			t.Errorf("%s: payload %x, %v; want %s", tt.name, payload, err, tt.payload)
		}
	}
}

func FuzzDecodeHeader(f *testing.F) {
	f.Add(unhex(f, "02040100 004bc40a 00000007 01000000 4906"))
	f.Add(unhex(f, "03000007 0403000a 00020004 0000940c 00050002 0151 fffe 48ce"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var h Header
		payload, err := DecodeHeader(b, &h)
		var de *wire.DecodeError
		if err != nil {
			if !errors.As(err, &de) || de.Offset < 0 || de.Offset > len(b) {
				t.Fatalf("error %v outside %d octets", err, len(b))
			}
			return
		}
		if !bytes.HasSuffix(b, payload) || h.Version != 2 && h.Version != 3 {
			t.Fatalf("payload %x is no end of %x", payload, b)
		}
		if h.Version == 3 {
			// What is written of it comes back, in front of any payload.
			var again Header
			rest, err := DecodeHeader(append(AppendHeader(nil, &h), payload...), &again)
			if err != nil || !bytes.Equal(rest, payload) || again.ARFCN != h.ARFCN || again.Type != h.Type ||
				again.HasPhysicalID != h.HasPhysicalID || again.PhysicalID != h.PhysicalID {
				t.Fatalf("%+v comes back as %+v with %x, %v", h, again, rest, err)
			}
			return
		}
		if h.Type >= typeV2UnknownFirst {
			return
		}
		// A version 2 header of the common length comes back from its fields.
		var again Header
		if _, err := DecodeHeader(AppendHeader(nil, &h), &again); err != nil {
			t.Fatal(err)
		}
		if again.ARFCN != h.ARFCN || again.Type != h.Type || again.Uplink != h.Uplink || again.PCS != h.PCS ||
			again.Timeslot != h.Timeslot || again.SubSlot != h.SubSlot || again.FrameNumber != h.FrameNumber ||
			again.SignalDBm != h.SignalDBm || again.SNRdB != h.SNRdB || again.Antenna != h.Antenna ||
			again.Channel != h.Channel || again.ACCH != h.ACCH {
			t.Fatalf("%+v comes back as %+v", h, again)
		}
	})
}
