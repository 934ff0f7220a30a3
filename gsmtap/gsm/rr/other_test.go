package rr

import (
	"encoding"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/arfcn"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// octets reads hex with spaces.
func octets(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// imsi is a subscriber of the test network 001-01.
func imsi(t testing.TB, digits string) ident.MobileIdentity {
	t.Helper()
	m, ok := ident.ParseDigits(ident.IMSI, digits)
	if !ok {
		t.Fatal(digits)
	}
	return m
}

func set(n ...int) (s arfcn.Set) {
	for _, v := range n {
		s.Add(v)
	}
	return s
}

// dedicatedVector is a message made for the tests.
type dedicatedVector struct {
	name      string
	in        string
	mandatory int // octets without which the message is too short
	want      message
	err       error
	path      string // of err
	offset    int    // of err
}

// dedicatedVectors returns those of all messages of this half.
func dedicatedVectors(t testing.TB) []dedicatedVector {
	var v []dedicatedVector
	for _, f := range []func(testing.TB) []dedicatedVector{
		pagingVectors, assignmentVectors, cipheringVectors, handoverVectors, releaseVectors,
		classmarkVectors, measurementVectors, otherVectors, applicationVectors,
	} {
		v = append(v, f(t)...)
	}
	return v
}

func otherVectors(testing.TB) []dedicatedVector {
	lai := ident.LAI{PLMN: ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}, LAC: 0x0123}
	return []dedicatedVector{
		//                             PD MT cause
		{"status", "06 12 61", 3, &RRStatus{Cause: CauseUnknownMessage}, nil, "", 0},
		{"status, reserved cause, unknown element", "06 12 7f 55 01 aa", 3,
			&RRStatus{Cause: 0x7f, Unknown: UnknownIEs{IEI: [8]uint8{0x55}, Count: 1}}, nil, "", 0},
		//               PD MT TLLI     RAI            cause
		{"suspension", "06 34 c0000001 00f110 0123 07 01", 13,
			&GPRSSuspensionRequest{TLLI: ident.TMSIIdentity(0xc0000001), LAI: lai, RAC: 7, Cause: 1}, nil, "", 0},
		{"suspension with service support", "06 34 c0000001 00f110 0123 07 06 01 03", 13,
			&GPRSSuspensionRequest{TLLI: ident.TMSIIdentity(0xc0000001), LAI: lai, RAC: 7, Cause: 6, ServiceSupportPresent: true, ServiceSupport: 3}, nil, "", 0},
		{"suspension, digits that are none", "06 34 c0000001 ddfddd 0123 07 01", 13,
			&GPRSSuspensionRequest{TLLI: ident.TMSIIdentity(0xc0000001), LAI: ident.LAI{LAC: 0x0123}, RAC: 7, Cause: 1},
			wire.ErrInvalid, "Routing Area Identification.Location Area Identification.MCC MNC", 6},
	}
}

func TestDedicatedMessages(t *testing.T) {
	for _, tt := range dedicatedVectors(t) {
		t.Run(tt.want.Name()+"/"+tt.name, func(t *testing.T) {
			b := octets(t, tt.in)
			var d Decoder
			m, err := d.Decode(b)
			if !reflect.DeepEqual(m, wire.Message(tt.want)) {
				t.Errorf("\n got %+v\nwant %+v", m, tt.want)
			}
			located(t, b, err)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error = %v, want %v", err, tt.err)
			}
			var e *wire.DecodeError
			if errors.As(err, &e) && (e.Path != tt.path || e.Offset != tt.offset) {
				t.Errorf("error at %q, octet %d, want %q, %d", e.Path, e.Offset, tt.path, tt.offset)
			}
			if name, ok := messageName(b[1]); !ok || name != tt.want.Name() {
				t.Errorf("Name %q, table %q", tt.want.Name(), name)
			}
		})
	}
}

// located fails if err is not a located error inside b.
func located(t testing.TB, b []byte, err error) {
	t.Helper()
	if err == nil {
		return
	}
	var d *wire.DecodeError
	if !errors.As(err, &d) {
		t.Fatalf("error %T %v has no location", err, err)
	}
	if d.Offset < 0 || d.Offset > len(b) || d.Bit < 0 || d.Bit > 7 || d.Path == "" {
		t.Fatalf("error %q outside of %d octets", err, len(b))
	}
}

// Every length of every message: short of the mandatory part it is an error.
func TestDedicatedTruncated(t *testing.T) {
	for _, tt := range dedicatedVectors(t) {
		b := octets(t, tt.in)
		m := reflect.New(reflect.TypeOf(tt.want).Elem()).Interface().(message)
		for n := range b {
			err := m.Decode(b[:n:n])
			located(t, b[:n], err)
			if n < tt.mandatory && tt.err == nil && !errors.Is(err, wire.ErrShort) {
				t.Errorf("%s: %d octets: error %v", tt.name, n, err)
			}
		}
	}
}

// A message decoded into a used struct is the same as into a new one.
func TestDedicatedDirty(t *testing.T) {
	vectors := dedicatedVectors(t)
	var d Decoder
	for range 2 {
		for _, tt := range vectors {
			b := octets(t, tt.in)
			for _, n := range []int{len(b), len(b) - 1, min(3, len(b)), 2, len(b)} {
				dirty, err1 := d.Decode(b[:n:n])
				fresh, err2 := new(Decoder).Decode(b[:n:n])
				if !reflect.DeepEqual(dirty, fresh) || fmt.Sprint(err1) != fmt.Sprint(err2) {
					t.Fatalf("%s, %d octets\ndirty %+v %v\nfresh %+v %v", tt.name, n, dirty, err1, fresh, err2)
				}
			}
		}
	}
}

func TestDedicatedHeader(t *testing.T) {
	var d dedicatedMessages
	for mt := range 256 {
		m := d.pick(uint8(mt))
		if m == nil {
			continue
		}
		for _, tt := range []struct {
			in   []byte
			path string
			err  error
		}{
			{nil, "Protocol Discriminator", wire.ErrShort},
			{[]byte{5, byte(mt)}, "Protocol Discriminator", wire.ErrInvalid},
			{[]byte{6}, "Message Type", wire.ErrShort},
			{[]byte{6, byte(mt) ^ 0x80}, "Message Type", wire.ErrInvalid},
		} {
			err := m.Decode(tt.in)
			var e *wire.DecodeError
			if !errors.As(err, &e) || e.Path != tt.path || !errors.Is(err, tt.err) {
				t.Errorf("%s: %x: %v", m.Name(), tt.in, err)
			}
		}
	}
}

func TestMessageName(t *testing.T) {
	for mt, want := range map[uint8]string{
		0x21: "Paging Request Type 1", 0x39: "Immediate Assignment Extended", 0x60: "UTRAN Classmark Change",
		0x14: "Frequency Redefinition", 0x37: "Extended Measurement Order", 0x0a: "Partial Release", 0x07: "System Information Type 2quater",
	} {
		if got, ok := messageName(mt); !ok || got != want {
			t.Errorf("0x%02x: %q, want %q", mt, got, want)
		}
	}
	if got, ok := messageName(0xff); ok || got != "" {
		t.Errorf("0xff: %q", got)
	}
	m, err := new(Decoder).Decode([]byte{6, 0x60, 0})
	if o, ok := m.(*wire.Opaque); !ok || err != nil || o.Name() != "UTRAN Classmark Change" || len(o.Octets) != 3 {
		t.Errorf("%#v %v", m, err)
	}
}

func TestUnknownIEs(t *testing.T) {
	in := "06 12 00" + strings.Repeat(" 55 00", 7) + " 9f a1 40 02 ffff"
	var m RRStatus
	if err := m.Decode(octets(t, in)); err != nil {
		t.Fatal(err)
	}
	want := UnknownIEs{IEI: [8]uint8{0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x90}, Count: 10}
	if m.Unknown != want {
		t.Errorf("%+v", m.Unknown)
	}
	err := m.Decode(octets(t, "06 12 00 55 02 01"))
	var e *wire.DecodeError
	if !errors.As(err, &e) || e.Path != "unknown element" || e.Offset != 4 {
		t.Error(err)
	}
}

func TestApplicationInformationSegments(t *testing.T) {
	for flags := range uint8(16) {
		m := ApplicationInformation{Flags: flags}
		if got, want := m.FirstSegment(), flags&2 == 0; got != want {
			t.Errorf("flags %04b: %v", flags, got)
		}
	}
}

func TestNames(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{CauseNormal.String(), "Normal event"},
		{Cause(0x7e).String(), "reserved"},
		{Cause(CausePreemptive).String(), "Preemptive release"},
		{CipherModeSetting{}.String(), "A5/0"},
		{CipherModeSetting{Start: true, Algorithm: A53}.String(), "A5/3"},
		{CipherAlgorithm(7).String(), "reserved"},
		{TargetEUTRAN.String(), "E-UTRAN"},
		{TargetKind(7).String(), "reserved"},
		{SuspensionCause(1).String(), "Location Area Update"},
		{SuspensionCause(7).String(), "reserved"},
		{APDURRLP.String(), "RRLP"},
		{APDUID(9).String(), "reserved"},
		{PagingReorganization.String(), "Paging reorganization"},
		{NeedsSDCCH.String(), "SDCCH"},
		{ModeSpeechV3.String(), "speech full rate or half rate version 3"},
		{ChannelMode(0xff).String(), "other"},
		{SDCCH8.String(), "SDCCH/8"},
		{PacketIndirect.String(), "indirect"},
		{PacketChannelCoding(9).String(), "reserved"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
	for c := range 256 { // no name panics or is empty
		for _, s := range []fmt.Stringer{Cause(c), CipherAlgorithm(c), TargetKind(c), SuspensionCause(c), APDUID(c),
			PageMode(c), ChannelNeeded(c), ChannelMode(c), ChannelKind(c), PacketChannelCoding(c)} {
			if s.String() == "" {
				t.Errorf("%T(%d) has no name", s, c)
			}
			if b, err := s.(encoding.TextMarshaler).MarshalText(); err != nil || string(b) != s.String() {
				t.Errorf("%T(%d): %q %v", s, c, b, err)
			}
		}
	}
}

// checkDedicated fails if a field of m, decoded from b, is out of its range.
func checkDedicated(t *testing.T, b []byte, m wire.Message) {
	t.Helper()
	channel := func(c ChannelDescription) {
		if c.TypeAndOffset > 31 || c.TN > 7 || c.TSC > 7 || c.MAIO > 63 || c.HSN > 63 || c.ARFCN > arfcn.Max {
			t.Fatalf("channel %+v", c)
		}
		if _, sub := c.Kind(); sub < 0 || sub > 7 {
			t.Fatalf("subchannel %d of %+v", sub, c)
		}
	}
	allocation := func(a MobileAllocation) {
		if a.Octets > maxMobileAllocation || a.Octets < 8 && a.Bitmap>>(8*a.Octets) != 0 {
			t.Fatalf("allocation %+v", a)
		}
	}
	unknown := func(u UnknownIEs) {
		if u.Count < 0 || u.Count > len(b) {
			t.Fatalf("unknown %+v", u)
		}
	}
	pages := func(p []Page, n int) {
		if n < 0 || n > len(p) {
			t.Fatalf("%d pages", n)
		}
		for i, p := range p {
			if p.Needed > 3 || i >= n && p != (Page{}) {
				t.Fatalf("page %d %+v", i, p)
			}
		}
	}
	change := func(c *ChannelChange) {
		allocation(c.MobileAllocation)
		allocation(c.MobileAllocationBefore)
		channel(c.SecondChannel)
		channel(c.FirstBefore)
		unknown(c.Unknown)
		if c.SequenceBefore != nil && len(c.SequenceBefore) != 9 {
			t.Fatal("sequence")
		}
	}
	switch m := m.(type) {
	case *PagingRequestType1:
		pages(m.Pages[:], m.Count)
	case *PagingRequestType2:
		pages(m.Pages[:], m.Count)
	case *PagingRequestType3:
		if m.Count < 0 || m.Count > 4 {
			t.Fatal(m.Count)
		}
	case *PagingResponse:
		if m.CKSN > NoKey || m.Additional > 15 {
			t.Fatalf("%+v", m)
		}
		unknown(m.Unknown)
	case *ImmediateAssignment:
		channel(m.Channel)
		p := m.PacketChannel
		if p.TN > 7 || p.TSC > 7 || p.MAIO > 63 || p.HSN > 63 || p.ARFCN > arfcn.Max || p.Coding > PacketDirect || p.ChangeMark1 > 3 {
			t.Fatalf("%+v", p)
		}
		if fn, ok := m.Reference.Time.FrameNumber(); ok && (fn < 0 || fn >= 42432) {
			t.Fatal(fn)
		}
		allocation(m.MobileAllocation)
	case *ImmediateAssignmentExtended:
		channel(m.Assigned[0].Channel)
		channel(m.Assigned[1].Channel)
		allocation(m.MobileAllocation)
	case *ImmediateAssignmentReject:
		if m.Count < 0 || m.Count > maxRejected {
			t.Fatal(m.Count)
		}
	case *AssignmentCommand:
		channel(m.Channel)
		change(&m.ChannelChange)
	case *HandoverCommand:
		if m.Cell.BSIC > 63 || m.Cell.ARFCN > arfcn.Max || m.Synchronization.SI > 3 || m.PLMNIndex > 15 {
			t.Fatalf("%+v", m)
		}
		channel(m.Channel)
		change(&m.ChannelChange)
	case *ChannelRelease:
		c := &m.CellSelection
		if c.Count < 0 || c.Count > maxTargets || c.Kind > 7 {
			t.Fatalf("%+v", c)
		}
		for _, x := range c.Targets[:c.Count] {
			if x.Frequency >= 1<<18 || x.BSIC > 63 || x.Cell > 511 || x.NrOfCells > 31 || x.Bandwidth > 7 {
				t.Fatalf("%+v", x)
			}
		}
		u := &m.UTRANFrequencies
		if u.FDDCount > maxUTRANFrequencies || u.TDDCount > maxUTRANFrequencies {
			t.Fatalf("%+v", u)
		}
		unknown(m.Unknown)
	case *MeasurementReport:
		r := &m.Results
		if r.RxLevFull > 63 || r.RxLevSub > 63 || r.RxQualFull > 7 || r.RxQualSub > 7 || r.NoNCellM > 7 || r.Count > int(r.NoNCellM) || r.Count > maxNeighbours {
			t.Fatalf("%+v", r)
		}
		for _, n := range r.Neighbours[:r.Count] {
			if n.RxLev > 63 || n.BCCHFreq > 31 || n.BSIC > 63 {
				t.Fatalf("%+v", n)
			}
		}
	}
}

func FuzzDedicatedMessages(f *testing.F) {
	for _, tt := range dedicatedVectors(f) {
		f.Add(octets(f, tt.in))
	}
	var used Decoder
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := used.Decode(b)
		located(t, b, err)
		checkDedicated(t, b, m)
		fresh, err2 := new(Decoder).Decode(b)
		if fmt.Sprint(err) != fmt.Sprint(err2) || !reflect.DeepEqual(m, fresh) {
			t.Fatalf("used %+v %v, fresh %+v %v", m, err, fresh, err2)
		}
	})
}

func TestDedicatedAllocations(t *testing.T) {
	var d Decoder
	for _, tt := range dedicatedVectors(t) {
		if tt.err != nil {
			continue
		}
		b := octets(t, tt.in)
		if n := testing.AllocsPerRun(100, func() {
			if _, err := d.Decode(b); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", tt.name, n)
		}
	}
}

func benchmarkDecode(b *testing.B, in string) {
	msg := octets(b, in)
	var d Decoder
	b.SetBytes(int64(len(msg)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Decode(msg); err != nil {
			b.Fatal(err)
		}
	}
}
