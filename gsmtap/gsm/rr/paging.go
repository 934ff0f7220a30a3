package rr

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/classmark"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// PageMode tells phones where to expect pages (TS 44.018 §10.5.2.26).
type PageMode uint8

// Page modes.
const (
	NormalPaging         PageMode = 0
	ExtendedPaging       PageMode = 1
	PagingReorganization PageMode = 2
	SameAsBefore         PageMode = 3
)

// String names the mode as the specification does.
func (p PageMode) String() string {
	names := [...]string{"Normal paging", "Extended paging", "Paging reorganization", "Same as before"}
	return names[p&3]
}

// MarshalText writes the mode's name.
func (p PageMode) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// ChannelNeeded says for which channel a phone shall ask (TS 44.018 §10.5.2.8).
type ChannelNeeded uint8

// Channels needed.
const (
	AnyChannel ChannelNeeded = iota
	NeedsSDCCH
	NeedsTCHF
	NeedsTCHHOrF
)

// String names the channel as the specification does.
func (c ChannelNeeded) String() string {
	names := [...]string{"Any channel", "SDCCH", "TCH/F (Full rate)", "TCH/H or TCH/F (Dual rate)"}
	return names[c&3]
}

// MarshalText writes the channel's name.
func (c ChannelNeeded) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Page is one phone called in a paging request.
type Page struct {
	// Identity is who is called. In Paging Request Type 2 and 3 it is a TMSI, or the
	// P-TMSI if Packet is set. The type "no identity" is what networks send when
	// there is nobody to page.
	Identity ident.MobileIdentity
	// Needed is the channel to ask for. For the third and fourth page of a message
	// it is AnyChannel where the rest octets do not say otherwise.
	Needed ChannelNeeded
	// Packet is the Packet Page Indication: the page is for GPRS, as the rest octets
	// say. They have none for TMSIs in type 2 and 3.
	Packet bool
}

// PagingRest is what the rest octets of a paging request say besides the pages (TS
// 44.018 §10.5.2.23 to §10.5.2.25).
type PagingRest struct {
	// NLNPresent: NLN and NLNStatus are present.
	NLNPresent bool
	// NLN is NLN(PCH), the notification list number, 0 to 3.
	NLN uint8
	// NLNStatus is NLN status(PCH).
	NLNStatus bool
	// PriorityPresent has bit N set if the priority of page N is present.
	PriorityPresent uint8
	// Priority is the call priority of each page, 0 to 7.
	Priority [4]uint8
	// GroupCall: there is Group Call information, which is not decoded, and neither
	// is what follows it.
	GroupCall bool
}

// decode reads rest octets; which of their parts exist depends on the type of the
// paging request, 1 to 3. Octets that are all padding, the usual case, say nothing.
func (p *PagingRest) decode(b []byte, kind int, pages []Page) {
	empty := true
	for _, o := range b {
		if o != padding {
			empty = false
			break
		}
	}
	if empty {
		return
	}
	r := wire.NewBitReader(b)
	if kind > 1 && r.LH() {
		pages[2].Needed = ChannelNeeded(r.Bits("CN3", 2))
		if kind == 3 {
			pages[3].Needed = ChannelNeeded(r.Bits("CN4", 2))
		}
	}
	if p.NLNPresent = r.LH(); p.NLNPresent {
		p.NLN = uint8(r.Bits("NLN(PCH)", 2))
		p.NLNStatus = r.Flag("NLN status(PCH)")
	}
	for i := range kind + 1 {
		if r.LH() {
			p.PriorityPresent |= 1 << i
			p.Priority[i] = uint8(r.Bits("Priority", 3))
		}
	}
	switch kind {
	case 1:
		if p.GroupCall = r.LH(); !p.GroupCall {
			pages[0].Packet = r.LH()
			pages[1].Packet = r.LH()
		}
	case 2:
		pages[2].Packet = r.LH()
	}
}

// secondIdentity reads the Mobile Identity with identifier 17 that may precede the
// rest octets. These cannot be told from it but by their first octet: one that is
// 17 would be a priority without the notification list that usually comes with it.
func secondIdentity(r *wire.Reader, p *Page) bool {
	if iei, ok := r.Peek(); !ok || iei != 0x17 {
		return false
	}
	r.U8("IEI")
	p.Identity = identityLV(r)
	return r.OK() || p.Identity.Present()
}

// PagingRequestType1 calls up to two phones by any identity (TS 44.018 §9.1.22).
type PagingRequestType1 struct {
	// PageMode is the page mode.
	PageMode PageMode
	// Count is the number of pages, 1 or 2.
	Count int
	// Pages holds the first Count pages.
	Pages [2]Page
	// Rest is the P1 Rest Octets.
	Rest PagingRest
}

// Name returns "Paging Request Type 1".
func (*PagingRequestType1) Name() string { return "Paging Request Type 1" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *PagingRequestType1) Decode(b []byte) error {
	*m = PagingRequestType1{}
	r, err := begin(b, typePagingRequest1)
	if err != nil {
		return err
	}
	v := r.U8("Page Mode")
	m.PageMode = PageMode(v & 3)
	m.Pages[0].Needed = ChannelNeeded(v >> 4 & 3)
	second := ChannelNeeded(v >> 6)
	m.Pages[0].Identity = identityLV(&r)
	if r.OK() || m.Pages[0].Identity.Present() {
		m.Count = 1
	}
	if secondIdentity(&r, &m.Pages[1]) {
		m.Count = 2
		m.Pages[1].Needed = second
	}
	m.Rest.decode(r.Rest(), 1, m.Pages[:])
	clear(m.Pages[m.Count:]) // what the rest octets say of absent pages
	return r.Err()
}

// PagingRequestType2 calls two phones by TMSI and maybe a third by any identity (TS
// 44.018 §9.1.23).
type PagingRequestType2 struct {
	// PageMode is the page mode.
	PageMode PageMode
	// Count is the number of pages, 2 or 3.
	Count int
	// Pages holds the first Count pages.
	Pages [3]Page
	// Rest is the P2 Rest Octets.
	Rest PagingRest
}

// Name returns "Paging Request Type 2".
func (*PagingRequestType2) Name() string { return "Paging Request Type 2" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *PagingRequestType2) Decode(b []byte) error {
	*m = PagingRequestType2{}
	r, err := begin(b, typePagingRequest2)
	if err != nil {
		return err
	}
	m.PageMode, m.Count = tmsiPages(&r, m.Pages[:2])
	if secondIdentity(&r, &m.Pages[2]) {
		m.Count = 3
	}
	m.Rest.decode(r.Rest(), 2, m.Pages[:])
	clear(m.Pages[m.Count:])
	return r.Err()
}

// tmsiPages reads the page mode, the channels needed and a TMSI for each page.
func tmsiPages(r *wire.Reader, pages []Page) (mode PageMode, count int) {
	v := r.U8("Page Mode")
	for i := range pages {
		if tmsi := r.U32("TMSI/P-TMSI"); r.OK() {
			pages[i].Identity = ident.TMSIIdentity(tmsi)
			if i < 2 {
				pages[i].Needed = ChannelNeeded(v >> (4 + 2*i) & 3)
			}
			count++
		}
	}
	return PageMode(v & 3), count
}

// PagingRequestType3 calls four phones by TMSI (TS 44.018 §9.1.24).
type PagingRequestType3 struct {
	// PageMode is the page mode.
	PageMode PageMode
	// Count is the number of pages, 4; less if the message ends early.
	Count int
	// Pages holds the first Count pages.
	Pages [4]Page
	// Rest is the P3 Rest Octets.
	Rest PagingRest
}

// Name returns "Paging Request Type 3".
func (*PagingRequestType3) Name() string { return "Paging Request Type 3" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *PagingRequestType3) Decode(b []byte) error {
	*m = PagingRequestType3{}
	r, err := begin(b, typePagingRequest3)
	if err != nil {
		return err
	}
	m.PageMode, m.Count = tmsiPages(&r, m.Pages[:])
	if r.OK() {
		m.Rest.decode(r.Rest(), 3, m.Pages[:])
	}
	return r.Err()
}

// NoKey is the ciphering key sequence number of a phone that holds no key (TS 24.008
// §10.5.1.2).
const NoKey = 7

// PagingResponse is the phone's answer to a page (TS 44.018 §9.1.25).
type PagingResponse struct {
	// CKSN is the ciphering key sequence number, 0 to 6, or NoKey.
	CKSN uint8
	// Classmark is the Mobile Station Classmark 2.
	Classmark classmark.Classmark2
	// Identity is the identity that the phone gives, that of the page.
	Identity ident.MobileIdentity
	// AdditionalPresent: Additional is present.
	AdditionalPresent bool
	// Additional is the Additional Update Parameters (TS 24.008 §10.5.3.14), 4 bits:
	// bit 1 is CSMT, bit 2 CSMO, both for CS fallback.
	Additional uint8
	// Unknown are the elements not decoded.
	Unknown UnknownIEs
}

// Name returns "Paging Response".
func (*PagingResponse) Name() string { return "Paging Response" }

// Decode fills m from b, which starts at the protocol discriminator.
func (m *PagingResponse) Decode(b []byte) error {
	*m = PagingResponse{}
	r, err := begin(b, typePagingResponse)
	if err != nil {
		return err
	}
	m.CKSN = r.U8("Ciphering Key Sequence Number") & 7
	m.Classmark = classmark2LV(&r)
	m.Identity = identityLV(&r)
	for {
		e, ok := nextElement(&r, noElements)
		if !ok {
			break
		}
		if e.iei == 0xc0 && !m.AdditionalPresent {
			m.Additional, m.AdditionalPresent = e.half, true
		} else {
			m.Unknown.add(e)
		}
	}
	return r.Err()
}
