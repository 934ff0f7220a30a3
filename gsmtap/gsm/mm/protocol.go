package mm

import "fmt"

// Discriminator is a protocol discriminator (TS 24.007 §11.2.3.1.1): bits 4 to 1 of
// the first octet of every layer 3 message.
type Discriminator uint8

// Protocol discriminators.
const (
	PDGroupCall          Discriminator = 0
	PDBroadcastCall      Discriminator = 1
	PDEPSSession         Discriminator = 2
	PDCallControl        Discriminator = 3
	PDTransparent        Discriminator = 4
	PDMobilityManagement Discriminator = 5
	PDRadioResource      Discriminator = 6
	PDEPSMobility        Discriminator = 7
	PDGPRSMobility       Discriminator = 8
	PDSMS                Discriminator = 9
	PDGPRSSession        Discriminator = 10
	PDSupplementary      Discriminator = 11
	PDLocation           Discriminator = 12
	PDExtension          Discriminator = 14
	PDTest               Discriminator = 15
)

var discriminators = [16]struct{ short, long string }{
	PDGroupCall:          {"GCC", "Group call control"},
	PDBroadcastCall:      {"BCC", "Broadcast call control"},
	PDEPSSession:         {"ESM", "EPS session management"},
	PDCallControl:        {"CC", "Call control"},
	PDTransparent:        {"GTTP", "GPRS transparent transport protocol"},
	PDMobilityManagement: {"MM", "Mobility management"},
	PDRadioResource:      {"RR", "Radio resources management"},
	PDEPSMobility:        {"EMM", "EPS mobility management"},
	PDGPRSMobility:       {"GMM", "GPRS mobility management"},
	PDSMS:                {"SMS", "Short message service"},
	PDGPRSSession:        {"SM", "GPRS session management"},
	PDSupplementary:      {"SS", "Non call related supplementary services"},
	PDLocation:           {"LS", "Location services"},
	PDTest:               {"TP", "Test procedures"},
}

// String names the protocol.
func (d Discriminator) String() string {
	if int(d) < len(discriminators) && discriminators[d].long != "" {
		return discriminators[d].long
	}
	return fmt.Sprintf("reserved (%d)", uint8(d))
}

// Short returns the protocol's abbreviation, as Wireshark writes it in front of a
// message's name; empty if there is none.
func (d Discriminator) Short() string {
	if int(d) < len(discriminators) {
		return discriminators[d].short
	}
	return ""
}

// typeMask takes the message type out of an octet whose bits 8 and 7 hold the send
// sequence number (TS 24.007 §11.2.3.2).
const typeMask = 0x3f

// numbered reports whether messages of the protocol have a send sequence number (TS
// 24.007 §11.2.3.2.1).
func (d Discriminator) numbered() bool {
	switch d {
	case PDGroupCall, PDBroadcastCall, PDCallControl, PDMobilityManagement, PDSupplementary, PDLocation:
		return true
	}
	return false
}

// ExtendedTransaction reports whether an octet with a protocol discriminator leaves the
// transaction identifier to the next octet, as session management may (TS 24.007
// §11.2.3.1.3).
func ExtendedTransaction(v uint8) bool { return v&0x7f == 0x70|uint8(PDGPRSSession) }

// MessageType returns the type of the layer 3 message that starts at b, without the
// send sequence number where its protocol has one. ok is false if b is too short.
func MessageType(b []byte) (d Discriminator, mt uint8, ok bool) {
	if len(b) < 2 {
		return 0, 0, false
	}
	d, mt = Discriminator(b[0]&15), b[1]
	if ExtendedTransaction(b[0]) {
		if len(b) < 3 {
			return d, 0, false
		}
		mt = b[2]
	}
	if d.numbered() {
		mt &= typeMask
	}
	return d, mt, true
}

// MessageName names a layer 3 message of any protocol but RR and EPS, in the words
// of its specification's headings as Wireshark writes them. pd is the protocol
// discriminator; bits 8 to 5 of the octet it came from are ignored, and so is a
// send sequence number in mt.
func MessageName(pd, mt uint8) (name string, ok bool) {
	d := Discriminator(pd & 15)
	if d.numbered() {
		mt &= typeMask
	}
	var names *[256]string
	switch d {
	case PDMobilityManagement:
		names = &mmNames
	case PDCallControl:
		names = &ccNames
	case PDSupplementary, PDLocation:
		names = &ssNames
	case PDSMS:
		names = &smsNames
	case PDGPRSMobility:
		names = &gmmNames
	case PDGPRSSession:
		names = &smNames
	case PDGroupCall, PDBroadcastCall:
		if d == PDGroupCall && mt == 0x3b {
			return "", false
		}
		names = &groupNames
	case PDTest:
		names = &testNames
	default:
		return "", false
	}
	return names[mt], names[mt] != ""
}

// Message types of mobility management (TS 24.008 table 10.2).
const (
	typeIMSIDetach            = 0x01
	typeUpdatingAccept        = 0x02
	typeUpdatingReject        = 0x04
	typeUpdatingRequest       = 0x08
	TypeAuthenticationReject  = 0x11
	typeAuthenticationRequest = 0x12
	typeAuthenticationAnswer  = 0x14
	typeIdentityRequest       = 0x18
	typeIdentityResponse      = 0x19
	typeTMSICommand           = 0x1a
	TypeTMSIComplete          = 0x1b
	typeAuthenticationFailure = 0x1c
	TypeServiceAccept         = 0x21
	typeServiceReject         = 0x22
	TypeServiceAbort          = 0x23
	typeServiceRequest        = 0x24
	typeServicePrompt         = 0x25
	typeReestablishment       = 0x28
	typeAbort                 = 0x29
	TypeNull                  = 0x30
	typeStatus                = 0x31
	typeInformation           = 0x32
)

// mmNames: TS 24.008 table 10.2.
var mmNames = [256]string{
	typeIMSIDetach:            "IMSI Detach Indication",
	typeUpdatingAccept:        "Location Updating Accept",
	typeUpdatingReject:        "Location Updating Reject",
	typeUpdatingRequest:       "Location Updating Request",
	TypeAuthenticationReject:  "Authentication Reject",
	typeAuthenticationRequest: "Authentication Request",
	typeAuthenticationAnswer:  "Authentication Response",
	typeIdentityRequest:       "Identity Request",
	typeIdentityResponse:      "Identity Response",
	typeTMSICommand:           "TMSI Reallocation Command",
	TypeTMSIComplete:          "TMSI Reallocation Complete",
	typeAuthenticationFailure: "Authentication Failure",
	TypeServiceAccept:         "CM Service Accept",
	typeServiceReject:         "CM Service Reject",
	TypeServiceAbort:          "CM Service Abort",
	typeServiceRequest:        "CM Service Request",
	typeServicePrompt:         "CM Service Prompt",
	typeReestablishment:       "CM Re-establishment Request",
	typeAbort:                 "Abort",
	TypeNull:                  "MM Null",
	typeStatus:                "MM Status",
	typeInformation:           "MM Information",
}

// ccNames: TS 24.008 table 10.3.
var ccNames = [256]string{
	0x01: "Alerting",
	0x02: "Call Proceeding",
	0x03: "Progress",
	0x04: "CC-Establishment",
	0x05: "Setup",
	0x06: "CC-Establishment Confirmed",
	0x07: "Connect",
	0x08: "Call Confirmed",
	0x09: "Start CC",
	0x0b: "Recall",
	0x0e: "Emergency Setup",
	0x0f: "Connect Acknowledge",
	0x10: "User Information",
	0x13: "Modify Reject",
	0x17: "Modify",
	0x18: "Hold",
	0x19: "Hold Acknowledge",
	0x1a: "Hold Reject",
	0x1c: "Retrieve",
	0x1d: "Retrieve Acknowledge",
	0x1e: "Retrieve Reject",
	0x1f: "Modify Complete",
	0x25: "Disconnect",
	0x2a: "Release Complete",
	0x2d: "Release",
	0x31: "Stop DTMF",
	0x32: "Stop DTMF Acknowledge",
	0x34: "Status Enquiry",
	0x35: "Start DTMF",
	0x36: "Start DTMF Acknowledge",
	0x37: "Start DTMF Reject",
	0x39: "Congestion Control",
	0x3a: "Facility",
	0x3d: "Status",
	0x3e: "Notify",
}

// ssNames: TS 24.080 §3.4 and, with the same numbers, TS 44.071.
var ssNames = [256]string{
	0x2a: "Release Complete",
	0x3a: "Facility",
	0x3b: "Register",
}

// smsNames: TS 24.011 §8.1.3.
var smsNames = [256]string{
	0x01: "CP-DATA",
	0x04: "CP-ACK",
	0x10: "CP-ERROR",
}

// gmmNames: TS 24.008 table 10.4.
var gmmNames = [256]string{
	0x01: "Attach Request",
	0x02: "Attach Accept",
	0x03: "Attach Complete",
	0x04: "Attach Reject",
	0x05: "Detach Request",
	0x06: "Detach Accept",
	0x08: "Routing Area Update Request",
	0x09: "Routing Area Update Accept",
	0x0a: "Routing Area Update Complete",
	0x0b: "Routing Area Update Reject",
	0x0c: "Service Request",
	0x0d: "Service Accept",
	0x0e: "Service Reject",
	0x10: "P-TMSI Reallocation Command",
	0x11: "P-TMSI Reallocation Complete",
	0x12: "Authentication and Ciphering Req",
	0x13: "Authentication and Ciphering Resp",
	0x14: "Authentication and Ciphering Rej",
	0x15: "Identity Request",
	0x16: "Identity Response",
	0x1c: "Authentication and Ciphering Failure",
	0x20: "GMM Status",
	0x21: "GMM Information",
}

// smNames: TS 24.008 table 10.4a.
var smNames = [256]string{
	0x41: "Activate PDP Context Request",
	0x42: "Activate PDP Context Accept",
	0x43: "Activate PDP Context Reject",
	0x44: "Request PDP Context Activation",
	0x45: "Request PDP Context Activation rej.",
	0x46: "Deactivate PDP Context Request",
	0x47: "Deactivate PDP Context Accept",
	0x48: "Modify PDP Context Request(Network to MS direction)",
	0x49: "Modify PDP Context Accept (MS to network direction)",
	0x4a: "Modify PDP Context Request(MS to network direction)",
	0x4b: "Modify PDP Context Accept (Network to MS direction)",
	0x4c: "Modify PDP Context Reject",
	0x4d: "Activate Secondary PDP Context Request",
	0x4e: "Activate Secondary PDP Context Accept",
	0x4f: "Activate Secondary PDP Context Reject",
	0x55: "SM Status",
	0x56: "Activate MBMS Context Request",
	0x57: "Activate MBMS Context Accept",
	0x58: "Activate MBMS Context Reject",
	0x59: "Request MBMS Context Activation",
	0x5a: "Request MBMS Context Activation Reject",
	0x5b: "Request Secondary PDP Context Activation",
	0x5c: "Request Secondary PDP Context Activation Reject",
	0x5d: "Notification",
}

// groupNames: TS 44.068 §9 and TS 44.069 §9, which share their numbers but for
// Immediate Setup 2.
var groupNames = [256]string{
	0x31: "Immediate Setup",
	0x32: "Setup",
	0x33: "Connect",
	0x34: "Termination",
	0x35: "Termination Request",
	0x36: "Termination Reject",
	0x38: "Status",
	0x39: "Get Status",
	0x3a: "Set Parameter",
	0x3b: "Immediate Setup 2",
}

// testNames: TS 44.014 §8, TS 34.109 §7 and TS 36.509 §6.
var testNames = [256]string{
	0x00: "Close TCH Loop Cmd",
	0x01: "Close TCH Loop Ack",
	0x06: "Open Loop Cmd",
	0x0c: "Act EMMI Cmd",
	0x0d: "Act EMMI Ack",
	0x10: "Deact EMMI",
	0x14: "Test Interface",
	0x20: "Close Multi-slot Loop Cmd",
	0x21: "Close Multi-slot Loop Ack",
	0x22: "Open Multi-slot Loop Cmd",
	0x23: "Open Multi-slot Loop Ack",
	0x24: "GPRS Test Mode Cmd",
	0x25: "EGPRS Start Radio Block Loopback Cmd",
	0x26: "Reset MS Positioning Stored Information",
	0x40: "Close UE Test Loop",
	0x41: "Close UE Test Loop Complete",
	0x42: "Open UE Test Loop",
	0x43: "Open UE Test Loop Complete",
	0x44: "Activate RB Test Mode",
	0x45: "Activate RB Test Mode Complete",
	0x46: "Deactivate RB Test Mode",
	0x47: "Deactivate RB Test Mode Complete",
	0x48: "Reset UE Positioning Stored Information",
	0x49: "UE Test Loop Mode 3 RLC SDU Counter Request",
	0x4a: "UE Test Loop Mode 3 RLC SDU Counter Response",
	0x80: "Close UE Test Loop",
	0x81: "Close UE Test Loop Complete",
	0x82: "Open UE Test Loop",
	0x83: "Open UE Test Loop Complete",
	0x84: "Activate Test Mode",
	0x85: "Activate Test Mode Complete",
	0x86: "Deactivate Test Mode",
	0x87: "Deactivate Test Mode Complete",
	0x88: "Reset UE Positioning Stored Information",
	0x89: "UE Test Loop Mode C MBMS Packet Counter Request",
	0x8a: "UE Test Loop Mode C MBMS Packet Counter Response",
	0x8b: "Update UE Location Information",
	0x8c: "UE Test Loop ProSe Packet Counter Request",
	0x8d: "UE Test Loop ProSe Packet Counter Response",
	0x8e: "UE Test Loop Mode F SCPTM Packet Counter Request",
	0x8f: "UE Test Loop Mode F SCPTM Packet Counter Response",
}
