package nas

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/mm"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// ESM is a session management message (TS 24.301 §8.3). Which fields are present
// depends on its type.
type ESM struct {
	Type ESMType
	// EBI is the EPS bearer identity, 0 for none, 5 to 15, and 1 to 4 where 15 bearers
	// are supported (§9.3.2).
	EBI uint8
	// PTI is the procedure transaction identity, 0 for none, 1 to 254; 255 is reserved
	// (§9.4).
	PTI uint8
	// HasRequestType: RequestType is present.
	HasRequestType bool
	RequestType    RequestType
	// HasPDNType: PDNType is present, that of the request or of the address.
	HasPDNType bool
	PDNType    PDNType
	// HasLinkedEBI: LinkedEBI is present.
	HasLinkedEBI bool
	LinkedEBI    uint8
	// HasCause: Cause is present.
	HasCause bool
	Cause    ESMCause
	// HasAPN: APN is present.
	HasAPN bool
	APN    APN
	// PDNAddress is the address without its type, IPv4 or the end of an IPv6 address,
	// which stands for a person; nil if absent.
	PDNAddress []byte
	// HasQCI: QCI, the class of the EPS quality of service (§9.9.4.3), is present.
	HasQCI bool
	QCI    uint8
	// QoS is the whole quality of service, TrafficFlow the traffic flow template or
	// aggregate (TS 24.008 §10.5.6.12); nil if absent.
	QoS, TrafficFlow []byte
	// HasInformationTransfer: InformationTransfer is present: the phone will tell the
	// APN under protection.
	HasInformationTransfer bool
	InformationTransfer    bool
	// BackOff is the back-off timer or T3396.
	BackOff Timer
	// HasNotification: Notification, the notification indicator, is present.
	HasNotification bool
	Notification    uint8
	// UserData is the user data container; nil if absent.
	UserData []byte
	Elements
}

// Name returns the message's name.
func (m *ESM) Name() string { return m.Type.String() }

// plausible reports whether identities, direction, cause and type of m go together.
func (m *ESM) plausible(dir Direction) bool {
	if !m.Type.known() || m.PTI == 255 || m.HasCause && (int(m.Cause) >= len(esmCauses) || esmCauses[m.Cause] == "") {
		return false
	}
	t := esmTypes[m.Type-firstESMType]
	switch m.Type {
	case TypeActivateDefaultAccept, TypeActivateDefaultReject, TypeActivateDedicatedAccept, TypeActivateDedicatedReject,
		TypeModifyAccept, TypeModifyReject, TypeDeactivateAccept:
		if m.PTI != 0 { // the phone answers the network's procedure
			return false
		}
	case TypeModifyRequest, TypeRemoteUEReport:
		if m.QoS == nil && m.TrafficFlow == nil && len(m.Other) == 0 { // nothing to modify or report
			return false
		}
	case TypeRemoteUEReportResponse: // holds nothing that could be looked at
		return false
	}
	switch {
	case t.way != Unknown && dir != Unknown && t.way != dir:
		return false
	case t.bearer == noBearer:
		return m.EBI == 0 && (m.PTI != 0 || m.Type == TypeESMDummy)
	case t.bearer == oneBearer:
		return m.EBI >= 5
	}
	return m.EBI == 0 || m.EBI >= 5
}

// Rows of the elements of ESM messages.
var (
	rowPCO          = element{0x27, tlv, 1, 251, "Protocol configuration options"}
	rowExtendedPCO  = element{0x7b, tlve, 1, 65535, "Extended protocol configuration options"}
	rowNBIFOM       = element{0x33, tlv, 1, 255, "NBIFOM container"}
	rowTransaction  = element{0x5d, tlv, 1, 2, "Transaction identifier"}
	rowLLCSAPI      = element{0x32, fixed, 1, 1, "LLC service access point identifier"}
	rowRadioPrio    = element{0x80, half, 1, 1, "Radio priority"}
	rowPacketFlow   = element{0x34, tlv, 1, 1, "Packet flow identifier"}
	rowGPRSQoS      = element{0x30, tlv, 12, 20, "Quality of service"}
	rowWLAN         = element{0xc0, half, 1, 1, "WLAN offload indication"}
	rowExtendedQoS  = element{0x5c, tlv, 10, 10, "Extended EPS QoS"}
	rowAMBR         = element{0x5e, tlv, 2, 6, "APN-AMBR"}
	rowExtendedAMBR = element{0x5f, tlv, 6, 6, "Extended APN-AMBR"}
	rowCause        = element{0x58, fixed, 1, 1, "ESM cause"}
	rowCompression  = element{0x66, tlv, 3, 255, "Header compression configuration"}
	rowBackOff      = element{0x37, tlv, 1, 1, "Back-off timer value"}
	rowReattempt    = element{0x6b, tlv, 1, 1, "Re-attempt indicator"}
	rowDevice       = element{0xc0, half, 1, 1, "Device properties"}
	rowAPN          = element{0x28, tlv, 1, 100, "Access point name"}
	rowQoS          = element{0x5b, tlv, 1, 13, "EPS QoS"}
)

// esmTables are the optional elements of the messages; the index counts from
// firstESMType.
var esmTables = [...][]element{
	TypeActivateDefaultRequest - firstESMType: {rowTransaction, rowGPRSQoS, rowLLCSAPI, rowRadioPrio, rowPacketFlow, rowAMBR, rowCause, rowPCO,
		{0xb0, half, 1, 1, "Connectivity type"}, rowWLAN, rowNBIFOM, rowCompression, {0x90, half, 1, 1, "Control plane only indication"},
		rowExtendedPCO, {0x6e, tlv, 2, 2, "Serving PLMN rate control"}, rowExtendedAMBR, rowExtendedQoS},
	TypeActivateDefaultAccept - firstESMType: {rowPCO, rowExtendedPCO},
	TypeActivateDefaultReject - firstESMType: {rowPCO, rowExtendedPCO},
	TypeActivateDedicatedRequest - firstESMType: {rowTransaction, rowGPRSQoS, rowLLCSAPI, rowRadioPrio, rowPacketFlow, rowPCO, rowWLAN, rowNBIFOM,
		rowExtendedPCO, rowExtendedQoS},
	TypeActivateDedicatedAccept - firstESMType: {rowPCO, rowNBIFOM, rowExtendedPCO},
	TypeActivateDedicatedReject - firstESMType: {rowPCO, rowNBIFOM, rowExtendedPCO},
	TypeModifyRequest - firstESMType: {rowQoS, {0x36, tlv, 1, 255, "TFT"}, rowGPRSQoS, rowLLCSAPI, rowRadioPrio, rowPacketFlow, rowAMBR, rowPCO,
		rowWLAN, rowNBIFOM, rowCompression, rowExtendedPCO, rowExtendedAMBR, rowExtendedQoS},
	TypeModifyAccept - firstESMType:              {rowPCO, rowNBIFOM, rowExtendedPCO},
	TypeModifyReject - firstESMType:              {rowPCO, rowNBIFOM, rowExtendedPCO},
	TypeDeactivateRequest - firstESMType:         {rowPCO, rowBackOff, rowWLAN, rowNBIFOM, rowExtendedPCO},
	TypeDeactivateAccept - firstESMType:          {rowPCO, rowExtendedPCO},
	TypePDNConnectivityRequest - firstESMType:    {{0xd0, half, 1, 1, "ESM information transfer flag"}, rowAPN, rowPCO, rowDevice, rowNBIFOM, rowCompression, rowExtendedPCO},
	TypePDNConnectivityReject - firstESMType:     {rowPCO, rowBackOff, rowReattempt, rowNBIFOM, rowExtendedPCO},
	TypePDNDisconnectRequest - firstESMType:      {rowPCO, rowExtendedPCO},
	TypePDNDisconnectReject - firstESMType:       {rowPCO, rowExtendedPCO},
	TypeResourceAllocationRequest - firstESMType: {rowPCO, rowDevice, rowNBIFOM, rowExtendedPCO, rowExtendedQoS},
	TypeResourceAllocationReject - firstESMType:  {rowPCO, rowBackOff, rowReattempt, rowNBIFOM, rowExtendedPCO},
	TypeResourceModifyRequest - firstESMType:     {rowQoS, rowCause, rowPCO, rowDevice, rowNBIFOM, rowCompression, rowExtendedPCO, rowExtendedQoS},
	TypeResourceModifyReject - firstESMType:      {rowPCO, rowBackOff, rowReattempt, rowNBIFOM, rowExtendedPCO},
	TypeESMInformationResponse - firstESMType:    {rowAPN, rowPCO, rowExtendedPCO},
	TypeRemoteUEReport - firstESMType: {{0x79, tlve, 0, 65535, "Remote UE Context Connected"}, {0x7a, tlve, 0, 65535, "Remote UE Context Disconnected"},
		{0x6f, tlv, 1, 17, "ProSe Key Management Function Address"}},
	TypeESMDataTransport - firstESMType: {{0xf0, half, 1, 1, "Release assistance indication"}},
}

func (m *ESM) decode(p *parser) {
	*m = ESM{Elements: m.Elements.cleared()}
	v := p.U8("Protocol Discriminator")
	if p.OK() && mm.Discriminator(v&15) != mm.PDEPSSession {
		p.Fail("Protocol Discriminator", 0, wire.ErrInvalid)
		return
	}
	m.EBI = v >> 4
	m.PTI = p.U8("Procedure transaction identity")
	m.Type = ESMType(p.U8("Message type"))
	switch m.Type {
	case TypeActivateDefaultRequest:
		m.setQoS(p)
		m.APN, _ = p.lv("Access point name", 1, 100)
		m.HasAPN = p.OK()
		if b, _ := p.lv("PDN address", 5, 13); b != nil {
			m.PDNType, m.HasPDNType, m.PDNAddress = PDNType(b[0]&7), true, b[1:]
		}
	case TypeActivateDedicatedRequest:
		m.setLinked(p, "Linked EPS bearer identity")
		m.setQoS(p)
		m.TrafficFlow, _ = p.lv("TFT", 1, 255)
	case TypePDNConnectivityRequest:
		v := p.U8("Request type")
		m.RequestType, m.HasRequestType = RequestType(v&7), p.OK()
		m.PDNType, m.HasPDNType = PDNType(v>>4&7), p.OK()
	case TypePDNDisconnectRequest:
		m.setLinked(p, "Linked EPS bearer identity")
	case TypeResourceAllocationRequest:
		m.setLinked(p, "Linked EPS bearer identity")
		m.TrafficFlow, _ = p.lv("Traffic flow aggregate", 1, 255)
		m.setQoS(p)
	case TypeResourceModifyRequest:
		m.setLinked(p, "EPS bearer identity for packet filter")
		m.TrafficFlow, _ = p.lv("Traffic flow aggregate", 1, 255)
	case TypeActivateDefaultReject, TypeActivateDedicatedReject, TypeModifyReject, TypeDeactivateRequest,
		TypePDNConnectivityReject, TypePDNDisconnectReject, TypeResourceAllocationReject, TypeResourceModifyReject, TypeESMStatus:
		m.Cause = ESMCause(p.U8("ESM cause"))
		m.HasCause = p.OK()
	case TypeNotification:
		if b, _ := p.lv("Notification indicator", 1, 1); b != nil {
			m.Notification, m.HasNotification = b[0], true
		}
	case TypeESMDataTransport:
		m.UserData, _ = p.lve("User data container", 0, 65535)
	}
	var table []element
	if m.Type.known() && int(m.Type-firstESMType) < len(esmTables) {
		table = esmTables[m.Type-firstESMType]
	}
	p.odd = p.odd || !m.Type.known()
	p.elements(table, m, &m.Elements)
}

// setQoS reads an EPS quality of service.
func (m *ESM) setQoS(p *parser) {
	if b, _ := p.lv("EPS QoS", 1, 13); b != nil {
		m.QoS, m.QCI, m.HasQCI = b, b[0], true
	}
}

// setLinked reads a linked EPS bearer identity and the spare half octet.
func (m *ESM) setLinked(p *parser, field string) {
	m.LinkedEBI = p.U8(field) & 15
	m.HasLinkedEBI = p.OK()
}

func (m *ESM) element(_ *parser, iei uint8, v []byte, _ int) bool {
	switch iei {
	case 0x58:
		m.Cause, m.HasCause = ESMCause(v[0]), true
	case 0x28:
		m.APN, m.HasAPN = v, true
	case 0x5b:
		m.QoS, m.QCI, m.HasQCI = v, v[0], true
	case 0x36:
		m.TrafficFlow = v
	case 0xd0:
		m.InformationTransfer, m.HasInformationTransfer = v[0]&1 != 0, true
	case 0x37:
		m.BackOff = gprsTimer3(v[0], false)
	default:
		return false
	}
	return true
}
