package facility

import "fmt"

// Operation is an operation code (TS 24.080 §4.5, TS 29.002 §17.5).
type Operation int32

// Operations whose parameters are decoded.
const (
	RegisterSS                   Operation = 10
	InterrogateSS                Operation = 14
	NotifySS                     Operation = 16
	RegisterPassword             Operation = 17
	ProcessUnstructuredSSData    Operation = 19
	ProcessUnstructuredSSRequest Operation = 59
	UnstructuredSSRequest        Operation = 60
	UnstructuredSSNotify         Operation = 61
	CallDeflection               Operation = 117
)

var operationNames = [...]string{
	10: "registerSS", 11: "eraseSS", 12: "activateSS", 13: "deactivateSS", 14: "interrogateSS",
	16: "notifySS", 17: "registerPassword", 18: "getPassword", 19: "processUnstructuredSS-Data",
	38: "forwardCheckSS-Indication", 59: "processUnstructuredSS-Request", 60: "unstructuredSS-Request",
	61: "unstructuredSS-Notify", 76: "registerCC-Entry", 77: "eraseCC-Entry",
	109: "lcs-PeriodicLocationCancellation", 110: "lcs-LocationUpdate", 111: "lcs-PeriodicLocationRequest",
	112: "lcs-AreaEventCancellation", 113: "lcs-AreaEventReport", 114: "lcs-AreaEventRequest", 115: "lcs-MOLR",
	116: "lcs-LocationNotification", 117: "callDeflection", 118: "userUserService", 119: "accessRegisterCCEntry",
	120: "forwardCUG-Info", 121: "splitMPTY", 122: "retrieveMPTY", 123: "holdMPTY", 124: "buildMPTY",
	125: "forwardChargeAdvice", 126: "explicitCT",
}

// String names the operation.
func (o Operation) String() string { return lookup(operationNames[:], int(o)) }

// ErrorCode is the code of a failed operation (TS 24.080 §4.5, TS 29.002 §17.5).
type ErrorCode int32

var errorNames = [...]string{
	1: "unknownSubscriber", 9: "illegalSubscriber", 10: "bearerServiceNotProvisioned",
	11: "teleserviceNotProvisioned", 12: "illegalEquipment", 13: "callBarred", 15: "cug-Reject",
	16: "illegalSS-Operation", 17: "ss-ErrorStatus", 18: "ss-NotAvailable", 19: "ss-SubscriptionViolation",
	20: "ss-Incompatibility", 21: "facilityNotSupported", 27: "absentSubscriber", 29: "shortTermDenial",
	30: "longTermDenial", 34: "systemFailure", 35: "dataMissing", 36: "unexpectedDataValue",
	37: "pw-RegistrationFailure", 38: "negativePW-Check", 43: "numberOfPW-AttemptsViolation",
	51: "resourceLimitation", 52: "unauthorizedRequestingNetwork", 53: "unauthorizedLCSClient",
	54: "positionMethodFailure", 58: "unknownOrUnreachableLCSClient", 71: "unknownAlphabet", 72: "ussd-Busy",
	121: "rejectedByUser", 122: "rejectedByNetwork", 123: "deflectionToServedSubscriber",
	124: "specialServiceCode", 125: "invalidDeflectedToNumber", 126: "maxNumberOfMPTY-ParticipantsExceeded",
	127: "resourcesNotAvailable",
}

// String names the error.
func (e ErrorCode) String() string { return lookup(errorNames[:], int(e)) }

func lookup(names []string, n int) string {
	if n >= 0 && n < len(names) && names[n] != "" {
		return names[n]
	}
	return fmt.Sprintf("reserved (%d)", n)
}

// Problem is the problem of a Reject (TS 24.080 §3.6.7): its kind, 0 to 3, in the upper
// octet, its code in the lower one.
type Problem uint16

var problemNames = [4][]string{
	{"unrecognized component", "mistyped component", "badly structured component"},
	{"duplicate invoke ID", "unrecognized operation", "mistyped parameter", "resource limitation", "initiating release",
		"unrecognized linked ID", "linked response unexpected", "unexpected linked operation"},
	{"unrecognized invoke ID", "return result unexpected", "mistyped parameter"},
	{"unrecognized invoke ID", "return error unexpected", "unrecognized error", "unexpected error", "mistyped parameter"},
}

// String names kind and problem.
func (p Problem) String() string {
	kind := p >> 8 & 3
	return [4]string{"General: ", "Invoke: ", "Return result: ", "Return error: "}[kind] + lookup(problemNames[kind], int(p&0xff))
}

// Service is an SS-Code (TS 29.002 §17.7.5).
type Service uint8

// String names the service as TS 22.004 writes it for short.
func (s Service) String() string {
	if n, ok := serviceNames[s]; ok {
		return n
	}
	return fmt.Sprintf("SS-Code 0x%02x", uint8(s))
}

var serviceNames = map[Service]string{
	0x00: "all services", 0x10: "all line identification", 0x11: "CLIP", 0x12: "CLIR", 0x13: "COLP", 0x14: "COLR", 0x15: "MCI",
	0x18: "all name identification", 0x19: "CNAP", 0x20: "all call forwarding", 0x21: "CFU", 0x24: "CD",
	0x28: "all conditional call forwarding", 0x29: "CFB", 0x2a: "CFNRy", 0x2b: "CFNRc", 0x30: "all call offering", 0x31: "ECT",
	0x32: "MAH", 0x40: "all call completion", 0x41: "CW", 0x42: "HOLD", 0x43: "CCBS-A", 0x44: "CCBS-B", 0x45: "MC",
	0x50: "all multiparty", 0x51: "MPTY", 0x60: "all community of interest", 0x61: "CUG", 0x70: "all charging", 0x71: "AoCI",
	0x72: "AoCC", 0x80: "all additional information transfer", 0x81: "UUS1", 0x82: "UUS2", 0x83: "UUS3",
	0x90: "all call restriction", 0x91: "barring of outgoing calls", 0x92: "BAOC", 0x93: "BOIC", 0x94: "BOIC-exHC",
	0x99: "barring of incoming calls", 0x9a: "BAIC", 0x9b: "BIC-Roam", 0xa0: "all call priority", 0xa1: "eMLPP",
	0xb0: "all LCS privacy exceptions", 0xc0: "all mobile originating location requests", 0xf0: "all PLMN specific services",
}
