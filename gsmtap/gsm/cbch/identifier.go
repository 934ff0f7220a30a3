package cbch

import "fmt"

// MessageIdentifier says what a text is about (TS 23.041 §9.4.1.2.2). The names in
// brackets are those of EU-Alert (ETSI TS 102 900), which uses the identifiers of CMAS.
type MessageIdentifier uint16

// Ranges of public warning.
const (
	firstWarning     MessageIdentifier = 0x1100
	lastETWS         MessageIdentifier = 0x1107
	firstCMAS        MessageIdentifier = 0x1112
	firstTranslation MessageIdentifier = 0x111f // of those from firstCMAS on
	lastTranslation  MessageIdentifier = 0x112b
	lastWarning      MessageIdentifier = 0x18ff
)

// Emergency reports whether the identifier is one of public warning, among them tests
// and exercises.
func (m MessageIdentifier) Emergency() bool { return m >= firstWarning && m <= lastWarning }

var identifierNames = map[MessageIdentifier]string{
	1000:   "LCS E-OTD Assistance Data",
	1001:   "LCS DGPS Correction Data",
	1002:   "LCS GPS Ephemeris and Clock Correction Data",
	1003:   "LCS GPS Almanac and Other Data",
	0x1100: "ETWS earthquake warning",
	0x1101: "ETWS tsunami warning",
	0x1102: "ETWS earthquake and tsunami warning",
	0x1103: "ETWS test",
	0x1104: "ETWS other emergency",
	0x1112: "CMAS Presidential Level Alert (EU-Alert Level 1)",
	0x1113: "CMAS Extreme Alert, immediate, observed (EU-Alert Level 2)",
	0x1114: "CMAS Extreme Alert, immediate, likely (EU-Alert Level 2)",
	0x1115: "CMAS Severe Alert, extreme, expected, observed (EU-Alert Level 3)",
	0x1116: "CMAS Severe Alert, extreme, expected, likely (EU-Alert Level 3)",
	0x1117: "CMAS Severe Alert, severe, immediate, observed (EU-Alert Level 3)",
	0x1118: "CMAS Severe Alert, severe, immediate, likely (EU-Alert Level 3)",
	0x1119: "CMAS Severe Alert, severe, expected, observed (EU-Alert Level 3)",
	0x111a: "CMAS Severe Alert, severe, expected, likely (EU-Alert Level 3)",
	0x111b: "CMAS Child Abduction Emergency (EU-Amber)",
	0x111c: "CMAS Required Monthly Test (EU-Monthly Test)",
	0x111d: "CMAS Exercise (EU-Exercise)",
	0x111e: "CMAS operator defined use",
	0x112c: "CMAS Public Safety Alert (EU-Alert Level 4)",
	0x112d: "CMAS Public Safety Alert (EU-Alert Level 4), additional language",
	0x112e: "CMAS State/Local WEA Test (EU-Test)",
	0x112f: "CMAS State/Local WEA Test (EU-Test), additional language",
}

// String names the identifier, or the range that it is in.
func (m MessageIdentifier) String() string {
	if m >= firstTranslation && m <= lastTranslation {
		return identifierNames[m-firstTranslation+firstCMAS] + ", additional language"
	}
	if n, ok := identifierNames[m]; ok {
		return n
	}
	what := "reserved"
	switch {
	case m < 1000:
		what = "general" // of subjects that the GSM Association lists
	case m >= 0x1000 && m <= 0x107f:
		what = "data download to the SIM, unsecured"
	case m >= 0x1080 && m <= 0x10ff:
		what = "data download to the SIM, secured"
	case m >= firstWarning && m <= lastETWS:
		what = "ETWS"
	case m.Emergency():
		what = "public warning"
	case m >= 0xa000 && m <= 0xfeff:
		what = "PLMN operator specific"
	}
	return fmt.Sprintf("%s (%d)", what, uint16(m))
}
