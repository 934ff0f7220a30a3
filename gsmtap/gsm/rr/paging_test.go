package rr

import (
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/classmark"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

func pagingVectors(t testing.TB) []dedicatedVector {
	tmsi := ident.TMSIIdentity
	cm2 := classmark.Classmark2{Classmark1: classmark.Classmark1{Revision: 1, EarlySending: true, A51: true, RFPower: 3}, SSScreening: 1, SM: true, FC: true, A53: true}
	return []dedicatedVector{
		//                PD MT need identity 1 rest
		{"nobody", "06 21 00 01 f0 2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b", 5,
			&PagingRequestType1{Count: 1}, nil, "", 0},
		{"one TMSI", "06 21 20 05 f4 11223344 2b2b2b2b2b2b2b2b2b2b2b2b2b", 9,
			&PagingRequestType1{Count: 1, Pages: [2]Page{{Identity: tmsi(0x11223344), Needed: NeedsTCHF}}}, nil, "", 0},
		{"one IMSI, extended paging", "06 21 01 08 09 10 10 00 00 00 00 10 2b2b2b2b2b2b2b2b2b2b", 12,
			&PagingRequestType1{PageMode: ExtendedPaging, Count: 1, Pages: [2]Page{{Identity: imsi(t, "001010000000001")}}}, nil, "", 0},
		{"TMSI and IMSI", "06 21 d0 05 f4 11223344 17 08 09 10 10 00 00 00 00 10 2b2b2b", 9,
			&PagingRequestType1{Count: 2, Pages: [2]Page{
				{Identity: tmsi(0x11223344), Needed: NeedsSDCCH}, {Identity: imsi(t, "001010000000001"), Needed: NeedsTCHHOrF}}}, nil, "", 0},
		// Rest octets: NLN H 10 1, priority 1 H 101, priority 2 L, group call L, packet 1 H, packet 2 L.
		{"rest octets", "06 21 00 05 f4 11223344 d5 0b 2b2b2b2b2b2b2b2b2b2b2b", 9,
			&PagingRequestType1{Count: 1, Pages: [2]Page{{Identity: tmsi(0x11223344), Packet: true}},
				Rest: PagingRest{NLNPresent: true, NLN: 2, NLNStatus: true, PriorityPresent: 1, Priority: [4]uint8{5}}}, nil, "", 0},
		// Rest octets: NLN L, priorities L L, group call H, and what is not read.
		{"rest octets with group call", "06 21 00 05 f4 11223344 3f ff 2b2b2b2b2b2b2b2b2b2b2b", 9,
			&PagingRequestType1{Count: 1, Pages: [2]Page{{Identity: tmsi(0x11223344)}}, Rest: PagingRest{GroupCall: true}}, nil, "", 0},
		{"identity with a digit that is none", "06 21 00 08 09 1a 10 00 00 00 00 10 2b2b", 5,
			&PagingRequestType1{Count: 1, Pages: [2]Page{{Identity: ident.MobileIdentity{Type: ident.IMSI}}}}, wire.ErrInvalid, "Mobile Identity", 5},
		{"identity 2 cut", "06 21 00 05 f4 11223344 17 08 09 10 10", 9,
			&PagingRequestType1{Count: 1, Pages: [2]Page{{Identity: tmsi(0x11223344)}}}, wire.ErrShort, "Mobile Identity", 10},
		//                  PD MT need TMSI 1  TMSI 2  rest
		{"two TMSIs", "06 22 90 00000001 fffffffe 2b2b2b2b2b2b2b2b2b2b2b", 11,
			&PagingRequestType2{Count: 2, Pages: [3]Page{{Identity: tmsi(1), Needed: NeedsSDCCH}, {Identity: tmsi(0xfffffffe), Needed: NeedsTCHF}}}, nil, "", 0},
		// Rest octets: CN3 H 01, NLN L, priorities L L L, packet 3 H.
		{"three", "06 22 03 00000001 00000002 17 05 f4 00000003 aa 2b 2b2b", 11,
			&PagingRequestType2{PageMode: SameAsBefore, Count: 3, Pages: [3]Page{{Identity: tmsi(1)}, {Identity: tmsi(2)}, {Identity: tmsi(3), Needed: NeedsSDCCH, Packet: true}}}, nil, "", 0},
		//                  PD MT need TMSIs rest
		{"four TMSIs", "06 24 00 00000001 00000002 00000003 00000004 2b2b2b", 19,
			&PagingRequestType3{Count: 4, Pages: [4]Page{{Identity: tmsi(1)}, {Identity: tmsi(2)}, {Identity: tmsi(3)}, {Identity: tmsi(4)}}}, nil, "", 0},
		// Rest octets: CN3 CN4 H 01 11, NLN H 01 0, priorities L L H 110 L.
		{"four TMSIs with rest octets", "06 24 00 00000001 00000002 00000003 00000004 bd3d2b", 19,
			&PagingRequestType3{Count: 4, Pages: [4]Page{{Identity: tmsi(1)}, {Identity: tmsi(2)}, {Identity: tmsi(3), Needed: NeedsSDCCH}, {Identity: tmsi(4), Needed: NeedsTCHHOrF}},
				Rest: PagingRest{NLNPresent: true, NLN: 1, PriorityPresent: 4, Priority: [4]uint8{2: 6}}}, nil, "", 0},
		{"two of four", "06 24 50 00000001 00000002 0000", 19,
			&PagingRequestType3{Count: 2, Pages: [4]Page{{Identity: tmsi(1), Needed: NeedsSDCCH}, {Identity: tmsi(2), Needed: NeedsSDCCH}}}, wire.ErrShort, "TMSI/P-TMSI", 11},
		//               PD MT CKSN classmark 2 identity
		{"response", "06 27 02 03 331902 05 f4 11223344", 13,
			&PagingResponse{CKSN: 2, Classmark: cm2, Identity: tmsi(0x11223344)}, nil, "", 0},
		{"response without key, CSMO", "06 27 07 03 331902 05 f4 11223344 c2", 13,
			&PagingResponse{CKSN: NoKey, Classmark: cm2, Identity: tmsi(0x11223344), AdditionalPresent: true, Additional: 2}, nil, "", 0},
		{"response, classmark too short", "06 27 07 02 3319 05 f4 11223344", 0,
			&PagingResponse{CKSN: NoKey, Classmark: classmark.Classmark2{Classmark1: cm2.Classmark1, SSScreening: 1, SM: true, FC: true}},
			wire.ErrShort, "Mobile Station Classmark 2", 6},
	}
}

func BenchmarkPagingRequestType1(b *testing.B) {
	b.Run("one", func(b *testing.B) {
		benchmarkDecode(b, "06 21 20 05 f4 11223344 2b2b2b2b2b2b2b2b2b2b2b2b2b")
	})
	b.Run("nobody", func(b *testing.B) {
		benchmarkDecode(b, "06 21 00 01 f0 2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b")
	})
	b.Run("two with rest octets", func(b *testing.B) {
		benchmarkDecode(b, "06 21 d0 05 f4 11223344 17 08 09 10 10 00 00 00 00 10 d5 0b 2b")
	})
}
