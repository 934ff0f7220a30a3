package nas

// TrackingAreaUpdateRequest tells the network where the phone is (TS 24.301
// §8.2.29).
type TrackingAreaUpdateRequest struct {
	Type UpdateType
	// Active: the phone wants to keep the connection.
	Active bool
	KSI    KSI
	// Old is the old GUTI.
	Old EPSMobileIdentity
	// HasNonCurrentKSI: NonCurrentKSI is present.
	HasNonCurrentKSI bool
	NonCurrentKSI    KSI
	// HasCKSN: CKSN, the ciphering key sequence number of GPRS, is present.
	HasCKSN bool
	CKSN    uint8
	// HasNonce: Nonce, the phone's, is present.
	HasNonce bool
	Nonce    uint32
	// HasCapability: Capability, the UE network capability, is present.
	HasCapability bool
	Capability    UENetworkCapability
	// HasRadioUpdate: RadioUpdate, UE radio capability information update needed, is
	// present.
	HasRadioUpdate bool
	RadioUpdate    bool
	// HasBearers: Bearers is present.
	HasBearers bool
	Bearers    BearerStatus
	RequestElements
	Elements
}

// Name returns the message's name.
func (*TrackingAreaUpdateRequest) Name() string { return TypeTrackingAreaUpdateRequest.String() }

var updateRequestTable = append([]element{
	{0xb0, half, 1, 1, "Non-current native NAS key set identifier"},
	{0x80, half, 1, 1, "GPRS ciphering key sequence number"},
	{0x55, fixed, 4, 4, "NonceUE"},
	{0x58, tlv, 2, 13, "UE network capability"},
	{0xa0, half, 1, 1, "UE radio capability information update needed"},
	bearerContexts, ueRequestType, pagingRestriction,
}, attachRequestTable...)

func (m *TrackingAreaUpdateRequest) decode(p *parser) {
	*m = TrackingAreaUpdateRequest{Elements: m.Elements.cleared()}
	p.begin()
	v := p.U8("EPS update type")
	m.Type, m.Active, m.KSI = UpdateType(v&7), v&8 != 0, ksi(v>>4)
	const id = "Old GUTI"
	b, off := p.lv(id, 1, 11)
	m.Old = p.epsIdentity(id, b, off)
	p.elements(updateRequestTable, m, &m.Elements)
}

func (m *TrackingAreaUpdateRequest) element(p *parser, iei uint8, v []byte, off int) bool {
	switch iei {
	case 0xb0:
		m.NonCurrentKSI, m.HasNonCurrentKSI = ksi(v[0]), true
	case 0x80:
		m.CKSN, m.HasCKSN = v[0]&7, true
	case 0x55:
		m.Nonce, m.HasNonce = nonce(v), true
	case 0x58:
		m.Capability, m.HasCapability = ueNetworkCapability(v), true
	case 0xa0:
		m.RadioUpdate, m.HasRadioUpdate = v[0]&1 != 0, true
	case 0x57:
		m.Bearers, m.HasBearers = bearerStatus(v), true
	default:
		return m.take(p, iei, v, off)
	}
	return true
}

// nonce reads a nonce (TS 24.301 §9.9.3.25).
func nonce(v []byte) uint32 {
	return uint32(v[0])<<24 | uint32(v[1])<<16 | uint32(v[2])<<8 | uint32(v[3])
}

// TrackingAreaUpdateAccept acknowledges an update (TS 24.301 §8.2.26).
type TrackingAreaUpdateAccept struct {
	Result UpdateResult
	// T3412 is the time between periodic updates.
	T3412   Timer
	TAIList TAIList
	// HasBearers: Bearers is present.
	HasBearers bool
	Bearers    BearerStatus
	AcceptElements
	Elements
}

// Name returns the message's name.
func (*TrackingAreaUpdateAccept) Name() string { return TypeTrackingAreaUpdateAccept.String() }

var updateAcceptTable = append([]element{
	{0x5a, fixed, 1, 1, "T3412 value"},
	{0x54, tlv, 6, 96, "TAI list"},
	bearerContexts,
	{0x68, tlv, 2, 2, "Header compression configuration status"},
	additionalResult,
}, attachAcceptTable...)

func (m *TrackingAreaUpdateAccept) decode(p *parser) {
	*m = TrackingAreaUpdateAccept{Elements: m.Elements.cleared()}
	p.begin()
	m.Result = UpdateResult(p.U8("EPS update result") & 7)
	p.elements(updateAcceptTable, m, &m.Elements)
}

func (m *TrackingAreaUpdateAccept) element(p *parser, iei uint8, v []byte, off int) bool {
	switch iei {
	case 0x5a:
		m.T3412 = gprsTimer(v[0])
	case 0x54:
		m.TAIList = p.taiList("TAI list", v, off)
	case 0x57:
		m.Bearers, m.HasBearers = bearerStatus(v), true
	default:
		return m.take(p, iei, v, off)
	}
	return true
}

// TrackingAreaUpdateReject refuses an update (TS 24.301 §8.2.28).
type TrackingAreaUpdateReject struct {
	Cause EMMCause
	// T3346 is how long the phone must wait.
	T3346         Timer
	ExtendedCause ExtendedCause
	RejectElements
	Elements
}

// Name returns the message's name.
func (*TrackingAreaUpdateReject) Name() string { return TypeTrackingAreaUpdateReject.String() }

var updateRejectTable = []element{
	{0x5f, tlv, 1, 1, "T3346 value"},
	{0xa0, half, 1, 1, "Extended EMM cause"},
	lowerBound, forbiddenRoaming, forbiddenRegional,
}

func (m *TrackingAreaUpdateReject) decode(p *parser) {
	*m = TrackingAreaUpdateReject{Elements: m.Elements.cleared()}
	p.begin()
	m.Cause = EMMCause(p.U8("EMM cause"))
	p.elements(updateRejectTable, m, &m.Elements)
}

func (m *TrackingAreaUpdateReject) element(p *parser, iei uint8, v []byte, off int) bool {
	switch iei {
	case 0x5f:
		m.T3346 = gprsTimer(v[0])
	case 0xa0:
		m.ExtendedCause = extendedCause(v[0])
	default:
		return m.take(p, iei, v, off)
	}
	return true
}
