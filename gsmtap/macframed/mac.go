package macframed

import "github.com/fbsdetect/fbsdetect/gsmtap/wire"

// Logical channel identities of DL-SCH, UL-SCH and MCH (TS 36.321 §6.2.1) that are
// of interest here.
const (
	lcidCCCH      = 0 // MCCH on MCH
	lcidSRB2      = 2
	lcidSRB1bis   = 3 // NB-IoT only (TS 36.331 §4.2.2)
	lcidLastDRB   = 10
	lcidExtension = 16 // a second octet holds the identity
	lcidPadding   = 31

	dlContentionResolution = 28
	dlTimingAdvance        = 29

	// CCCH of phones of category 0, with frequency hopping, and with a power
	// headroom report.
	ulCCCHCategory0 = 11
	ulCCCHHopping   = 12
	ulCCCHHeadroom  = 13
	ulCRNTI         = 27

	mchScheduling = 30

	// extensionBase is added to what lcidExtension announces, so that the identities
	// do not collide.
	extensionBase = 32
)

// sch is what differs between the transport channels.
type sch struct {
	// size is the size in octets of control elements without a length field (TS
	// 36.321 §6.1.3), or variable.
	size [32]int8
	// reserved has a bit for each identity without a meaning.
	reserved uint32
}

// variable is the size of what has a length field: SDUs, some control elements and,
// as far as one can tell, what is reserved.
const variable = -1

var (
	dlSCH = newSCH(map[int]int8{
		17: 0, // DCQR command
		18: 1, // activation of PDCP duplication
		19: 1, // hibernation
		20: 4, // hibernation
		22: 2, // recommended bit rate
		23: 0, // SC-PTM stop indication
		24: 4, // activation of secondary cells
		26: 0, // long DRX command
		27: 1, // activation of secondary cells

		dlContentionResolution: 6,
		dlTimingAdvance:        1,

		30: 0, // DRX command
	}, 11, 15)
	ulSCH = newSCH(map[int]int8{
		17: 1, // DCQR and AS RAI
		18: 4, // AUL confirmation
		19: 1, // AUL confirmation
		20: 2, // recommended bit rate query
		21: 0, // SPS confirmation
		26: 1, // power headroom

		ulCRNTI: 2,

		28: 1, // truncated buffer status
		29: 1, // short buffer status
		30: 3, // long buffer status
	}, 14, 15)
	mch = newSCH(nil, 0, -1)
)

func newSCH(sizes map[int]int8, firstReserved, lastReserved int) *sch {
	s := new(sch)
	for i := range s.size {
		s.size[i] = variable
		if n, ok := sizes[i]; ok {
			s.size[i] = n
		}
		if firstReserved <= i && i <= lastReserved {
			s.reserved |= 1 << i
		}
	}
	return s
}

// part is what a subheader announces: an SDU, a control element or padding.
type part struct {
	lcid uint8
	// header is the octet of the subheader; off and n are the part itself.
	header, off, n int
}

// split reads the subheaders of a MAC PDU (TS 36.321 §6.1.2) into parts, in order.
// If a part does not fit, it and what follows it are left out and the error, of
// wire.ErrShort, is that of the part. Octets after the last part are passed over:
// srsUE leaves out the subheader of padding after control elements.
func (s *sch) split(b []byte, parts []part) ([]part, error) {
	r := wire.NewReader(b)
	parts = parts[:0]
	for more := true; more; {
		p := part{header: r.Offset()}
		v := r.U8("MAC subheader")
		p.lcid = v & 0x1f
		more = v&0x20 != 0
		size := s.size[p.lcid]
		if p.lcid == lcidExtension && s != mch {
			p.lcid = extensionBase + r.U8("eLCID")&0x3f
		}
		switch {
		case size != variable:
			p.n = int(size)
		case !more:
			p.n = variable
		case p.lcid == lcidPadding:
		case v&0x40 != 0:
			p.n = int(r.U16("MAC subheader.L"))
		default:
			l := r.U8("MAC subheader.L")
			p.n = int(l & 0x7f)
			if l&0x80 != 0 {
				p.n = p.n<<8 | int(r.U8("MAC subheader.L"))
			}
		}
		if !r.OK() {
			return parts[:0], r.Err()
		}
		parts = append(parts, p)
	}
	off := r.Offset()
	for i := range parts {
		p := &parts[i]
		p.off = off
		if p.n == variable {
			p.n = len(b) - off
		}
		if p.n > len(b)-off {
			return parts[:i], &wire.DecodeError{Path: "MAC SDU", Offset: off, Err: wire.ErrShort}
		}
		off += p.n
	}
	return parts, nil
}

// RandomAccessResponse is the answer to one preamble (TS 36.321 §6.1.5).
type RandomAccessResponse struct {
	// RAPID is the preamble answered, 0..63.
	RAPID uint8
	// TimingAdvance is 0..1282 in units of 16 Ts: 78.12 m of distance each.
	TimingAdvance uint16
	// Grant is the uplink grant of 20 bits (TS 36.213 §6.2), 12 in coverage
	// enhancement mode B.
	Grant uint32
	// RNTI is the temporary C-RNTI.
	RNTI uint16
	// Backoff is the index of the backoff indicator (TS 36.321 §7.2), if HasBackoff. A
	// PDU may hold nothing else: then BackoffOnly is set.
	Backoff                 uint8
	HasBackoff, BackoffOnly bool
}

// ceModeB is the coverage enhancement mode with a shorter response.
const ceModeB = 2

// responses walks over the random access responses of a MAC PDU.
type responses struct {
	b          []byte
	header     int // next subheader
	headers    int // octets of subheaders
	off, n     int // next response and its length
	backoff    uint8
	hasBackoff bool
}

// newResponses reads the subheaders. A mode B response has a shorter grant.
func newResponses(b []byte, modeB bool) (responses, error) {
	a := responses{b: b, n: 6}
	if modeB {
		a.n = 5
	}
	for more := true; more; a.headers++ {
		if a.headers == len(b) {
			return a, &wire.DecodeError{Path: "RAR subheader", Offset: a.headers, Err: wire.ErrShort}
		}
		v := b[a.headers]
		more = v&0x80 != 0
		if v&0x40 == 0 {
			a.backoff, a.hasBackoff = v&0x0f, true
		}
	}
	a.off = a.headers
	return a, nil
}

// next reads the next response. After the last one ok is false; what follows in the
// PDU is padding.
func (a *responses) next(rar *RandomAccessResponse) (ok bool, err error) {
	for a.header < a.headers && a.b[a.header]&0x40 == 0 {
		a.header++
	}
	if a.header == a.headers {
		return false, nil
	}
	if a.n > len(a.b)-a.off {
		return false, &wire.DecodeError{Path: "RAR", Offset: a.off, Err: wire.ErrShort}
	}
	b := a.b[a.off : a.off+a.n]
	*rar = RandomAccessResponse{
		RAPID:         a.b[a.header] & 0x3f,
		TimingAdvance: uint16(b[0]&0x7f)<<4 | uint16(b[1]>>4),
		Grant:         uint32(b[1]&0x0f)<<8 | uint32(b[2]),
		RNTI:          uint16(b[a.n-2])<<8 | uint16(b[a.n-1]),
		Backoff:       a.backoff,
		HasBackoff:    a.hasBackoff,
	}
	if a.n == 6 {
		rar.Grant = rar.Grant<<8 | uint32(b[3])
	}
	a.header++
	a.off += a.n
	return true, nil
}
