package nas

import "fmt"

// EMMType is the message type of an EMM message (TS 24.301 table 9.8.1).
type EMMType uint8

// EMM message types.
const (
	TypeAttachRequest               EMMType = 0x41
	TypeAttachAccept                EMMType = 0x42
	TypeAttachComplete              EMMType = 0x43
	TypeAttachReject                EMMType = 0x44
	TypeDetachRequest               EMMType = 0x45
	TypeDetachAccept                EMMType = 0x46
	TypeTrackingAreaUpdateRequest   EMMType = 0x48
	TypeTrackingAreaUpdateAccept    EMMType = 0x49
	TypeTrackingAreaUpdateComplete  EMMType = 0x4a
	TypeTrackingAreaUpdateReject    EMMType = 0x4b
	TypeExtendedServiceRequest      EMMType = 0x4c
	TypeControlPlaneServiceRequest  EMMType = 0x4d
	TypeServiceReject               EMMType = 0x4e
	TypeServiceAccept               EMMType = 0x4f
	TypeGUTIReallocationCommand     EMMType = 0x50
	TypeGUTIReallocationComplete    EMMType = 0x51
	TypeAuthenticationRequest       EMMType = 0x52
	TypeAuthenticationResponse      EMMType = 0x53
	TypeAuthenticationReject        EMMType = 0x54
	TypeIdentityRequest             EMMType = 0x55
	TypeIdentityResponse            EMMType = 0x56
	TypeAuthenticationFailure       EMMType = 0x5c
	TypeSecurityModeCommand         EMMType = 0x5d
	TypeSecurityModeComplete        EMMType = 0x5e
	TypeSecurityModeReject          EMMType = 0x5f
	TypeEMMStatus                   EMMType = 0x60
	TypeEMMInformation              EMMType = 0x61
	TypeDownlinkNASTransport        EMMType = 0x62
	TypeUplinkNASTransport          EMMType = 0x63
	TypeCSServiceNotification       EMMType = 0x64
	TypeDownlinkGenericNASTransport EMMType = 0x68
	TypeUplinkGenericNASTransport   EMMType = 0x69
)

// emmTypes are the names of §8.2 and who sends the message; Unknown is either.
var emmTypes = [...]struct {
	name string
	way  Direction
}{
	TypeAttachRequest:               {"Attach request", Uplink},
	TypeAttachAccept:                {"Attach accept", Downlink},
	TypeAttachComplete:              {"Attach complete", Uplink},
	TypeAttachReject:                {"Attach reject", Downlink},
	TypeDetachRequest:               {"Detach request", Unknown},
	TypeDetachAccept:                {"Detach accept", Unknown},
	TypeTrackingAreaUpdateRequest:   {"Tracking area update request", Uplink},
	TypeTrackingAreaUpdateAccept:    {"Tracking area update accept", Downlink},
	TypeTrackingAreaUpdateComplete:  {"Tracking area update complete", Uplink},
	TypeTrackingAreaUpdateReject:    {"Tracking area update reject", Downlink},
	TypeExtendedServiceRequest:      {"Extended service request", Uplink},
	TypeControlPlaneServiceRequest:  {"Control plane service request", Uplink},
	TypeServiceReject:               {"Service reject", Downlink},
	TypeServiceAccept:               {"Service accept", Downlink},
	TypeGUTIReallocationCommand:     {"GUTI reallocation command", Downlink},
	TypeGUTIReallocationComplete:    {"GUTI reallocation complete", Uplink},
	TypeAuthenticationRequest:       {"Authentication request", Downlink},
	TypeAuthenticationResponse:      {"Authentication response", Uplink},
	TypeAuthenticationReject:        {"Authentication reject", Downlink},
	TypeIdentityRequest:             {"Identity request", Downlink},
	TypeIdentityResponse:            {"Identity response", Uplink},
	TypeAuthenticationFailure:       {"Authentication failure", Uplink},
	TypeSecurityModeCommand:         {"Security mode command", Downlink},
	TypeSecurityModeComplete:        {"Security mode complete", Uplink},
	TypeSecurityModeReject:          {"Security mode reject", Uplink},
	TypeEMMStatus:                   {"EMM status", Unknown},
	TypeEMMInformation:              {"EMM information", Downlink},
	TypeDownlinkNASTransport:        {"Downlink NAS transport", Downlink},
	TypeUplinkNASTransport:          {"Uplink NAS transport", Uplink},
	TypeCSServiceNotification:       {"CS service notification", Downlink},
	TypeDownlinkGenericNASTransport: {"Downlink generic NAS transport", Downlink},
	TypeUplinkGenericNASTransport:   {"Uplink generic NAS transport", Uplink},
}

// known reports whether the type is one of the table.
func (t EMMType) known() bool { return int(t) < len(emmTypes) && emmTypes[t].name != "" }

// String names the message.
func (t EMMType) String() string {
	if t.known() {
		return emmTypes[t].name
	}
	return fmt.Sprintf("unknown (%d)", uint8(t))
}

// direction returns who sends such a message; Unknown is either.
func (t EMMType) direction() Direction {
	if t.known() {
		return emmTypes[t].way
	}
	return Unknown
}

// ESMType is the message type of an ESM message (TS 24.301 table 9.8.2).
type ESMType uint8

// ESM message types.
const (
	TypeActivateDefaultRequest    ESMType = 0xc1
	TypeActivateDefaultAccept     ESMType = 0xc2
	TypeActivateDefaultReject     ESMType = 0xc3
	TypeActivateDedicatedRequest  ESMType = 0xc5
	TypeActivateDedicatedAccept   ESMType = 0xc6
	TypeActivateDedicatedReject   ESMType = 0xc7
	TypeModifyRequest             ESMType = 0xc9
	TypeModifyAccept              ESMType = 0xca
	TypeModifyReject              ESMType = 0xcb
	TypeDeactivateRequest         ESMType = 0xcd
	TypeDeactivateAccept          ESMType = 0xce
	TypePDNConnectivityRequest    ESMType = 0xd0
	TypePDNConnectivityReject     ESMType = 0xd1
	TypePDNDisconnectRequest      ESMType = 0xd2
	TypePDNDisconnectReject       ESMType = 0xd3
	TypeResourceAllocationRequest ESMType = 0xd4
	TypeResourceAllocationReject  ESMType = 0xd5
	TypeResourceModifyRequest     ESMType = 0xd6
	TypeResourceModifyReject      ESMType = 0xd7
	TypeESMInformationRequest     ESMType = 0xd9
	TypeESMInformationResponse    ESMType = 0xda
	TypeNotification              ESMType = 0xdb
	TypeESMDummy                  ESMType = 0xdc
	TypeESMStatus                 ESMType = 0xe8
	TypeRemoteUEReport            ESMType = 0xe9
	TypeRemoteUEReportResponse    ESMType = 0xea
	TypeESMDataTransport          ESMType = 0xeb
)

// bearer says what EPS bearer identity goes with a message (TS 24.301 §7.3.2).
type bearer uint8

const (
	anyBearer bearer = iota
	noBearer
	oneBearer
)

const firstESMType = 0xc0

// esmTypes are the names of §8.3, who sends the message, and for which bearer; the
// index counts from firstESMType.
var esmTypes = [...]struct {
	name   string
	way    Direction
	bearer bearer
}{
	TypeActivateDefaultRequest - firstESMType:    {"Activate default EPS bearer context request", Downlink, oneBearer},
	TypeActivateDefaultAccept - firstESMType:     {"Activate default EPS bearer context accept", Uplink, oneBearer},
	TypeActivateDefaultReject - firstESMType:     {"Activate default EPS bearer context reject", Uplink, oneBearer},
	TypeActivateDedicatedRequest - firstESMType:  {"Activate dedicated EPS bearer context request", Downlink, oneBearer},
	TypeActivateDedicatedAccept - firstESMType:   {"Activate dedicated EPS bearer context accept", Uplink, oneBearer},
	TypeActivateDedicatedReject - firstESMType:   {"Activate dedicated EPS bearer context reject", Uplink, oneBearer},
	TypeModifyRequest - firstESMType:             {"Modify EPS bearer context request", Downlink, oneBearer},
	TypeModifyAccept - firstESMType:              {"Modify EPS bearer context accept", Uplink, oneBearer},
	TypeModifyReject - firstESMType:              {"Modify EPS bearer context reject", Uplink, oneBearer},
	TypeDeactivateRequest - firstESMType:         {"Deactivate EPS bearer context request", Downlink, oneBearer},
	TypeDeactivateAccept - firstESMType:          {"Deactivate EPS bearer context accept", Uplink, oneBearer},
	TypePDNConnectivityRequest - firstESMType:    {"PDN connectivity request", Uplink, noBearer},
	TypePDNConnectivityReject - firstESMType:     {"PDN connectivity reject", Downlink, noBearer},
	TypePDNDisconnectRequest - firstESMType:      {"PDN disconnect request", Uplink, noBearer},
	TypePDNDisconnectReject - firstESMType:       {"PDN disconnect reject", Downlink, noBearer},
	TypeResourceAllocationRequest - firstESMType: {"Bearer resource allocation request", Uplink, noBearer},
	TypeResourceAllocationReject - firstESMType:  {"Bearer resource allocation reject", Downlink, noBearer},
	TypeResourceModifyRequest - firstESMType:     {"Bearer resource modification request", Uplink, noBearer},
	TypeResourceModifyReject - firstESMType:      {"Bearer resource modification reject", Downlink, noBearer},
	TypeESMInformationRequest - firstESMType:     {"ESM information request", Downlink, noBearer},
	TypeESMInformationResponse - firstESMType:    {"ESM information response", Uplink, noBearer},
	TypeNotification - firstESMType:              {"Notification", Downlink, anyBearer},
	TypeESMDummy - firstESMType:                  {"ESM dummy message", Unknown, noBearer},
	TypeESMStatus - firstESMType:                 {"ESM status", Unknown, anyBearer},
	TypeRemoteUEReport - firstESMType:            {"Remote UE report", Uplink, oneBearer},
	TypeRemoteUEReportResponse - firstESMType:    {"Remote UE report response", Downlink, oneBearer},
	TypeESMDataTransport - firstESMType:          {"ESM data transport", Unknown, oneBearer},
}

// known reports whether the type is one of the table.
func (t ESMType) known() bool {
	return t >= firstESMType && int(t)-firstESMType < len(esmTypes) && esmTypes[t-firstESMType].name != ""
}

// direction returns who sends such a message; Unknown is either.
func (t ESMType) direction() Direction {
	if t.known() {
		return esmTypes[t-firstESMType].way
	}
	return Unknown
}

// String names the message.
func (t ESMType) String() string {
	if t.known() {
		return esmTypes[t-firstESMType].name
	}
	return fmt.Sprintf("unknown (%d)", uint8(t))
}
