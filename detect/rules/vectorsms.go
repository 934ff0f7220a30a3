package rules

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// shortMessage is a made-up short message to a phone, for vectors (TS 24.011 §7.2.1,
// §7.3.1, TS 23.040 §9.2.2.1).
type shortMessage struct {
	sender, centre string // as coded, with the octets of length and type
	pid, dcs       int
	sent           string // TP-SCTS as coded
	header         string // TP-UDH with its length, or nothing
	text           string
}

const (
	senderName   = "07d0 c2a07309" // BANK
	senderNumber = "0b91 99090000 00f1"
	centreHere   = "07 91 9995000000f1"
	centreOther  = "07 91 9995000000f2"
	centreOdd    = "04 81 214365" // six digits of no known type
	// sentSoon is a second after the time at which vectors begin, 14 November 2023
	// 22:13:20 UTC.
	sentSoon = "32114122 312200"
)

// message is a short message that a bank might send.
func message(text string) shortMessage {
	return shortMessage{sender: senderNumber, centre: centreHere, dcs: 8, sent: sentSoon, text: text}
}

// but returns the message after a change.
func (m shortMessage) but(change func(*shortMessage)) shortMessage {
	change(&m)
	return m
}

// line is the message on its way to the phone on ARFCN 33.
func (m shortMessage) line() string {
	join := func(s string) string { return strings.Join(strings.Fields(s), "") }
	lv := func(s string) string { return fmt.Sprintf("%02x%s", len(join(s))/2, join(s)) }
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(m.text)) {
		fmt.Fprintf(&b, "%04x", u)
	}
	ud, first := lv(m.header+b.String()), "04"
	if m.header != "" {
		first = "44"
	}
	if m.dcs&0x0c == 0 || m.dcs>>4 == 0xc {
		ud = "00" // 7-bit alphabets: these vectors have no text in them
		if m.header != "" {
			ud = fmt.Sprintf("%02x%s00", (8*len(join(m.header))/2+6)/7, join(m.header)) // and the bits to the next septet
		}
	}
	tpdu := join(first + m.sender + fmt.Sprintf("%02x%02x", m.pid, m.dcs) + m.sent + ud)
	return "DTAP 33: 0901" + lv("01 2a"+m.centre+"00"+lv(tpdu)) + "\n"
}

// phone names phone n in the messages of sessions.
func phone(n int) (tmsi, imsi string) {
	return fmt.Sprintf("05f4%08x", 0x11000000+n), fmt.Sprintf("0809101000000000%01d0", n%10)
}

// taken is a phone that a cell takes without any proof, and pushed what it then hands it.
func taken(n int) string {
	tmsi, imsi := phone(n)
	return "DTAP 33 ul: 0508 70 00f1100bb9 33 " + tmsi + "\n" + askIMSI + "DTAP 33 ul: 0519 " + imsi + "\n" + accept + release
}

func pushed(n int, m shortMessage) string {
	tmsi, _ := phone(n)
	return "DTAP 33 ul: 0627 00 03331981 " + tmsi + "\n" + m.line() + release
}

// handed is what a network with the subscriber's key does before it hands a message over.
func handed(n int, m shortMessage) string {
	tmsi, _ := phone(n)
	return "DTAP 33 ul: 0627 00 03331981 " + tmsi + "\n" + challenge + answer + cipherA51 + cipherDone + m.line() + release
}

// authenticatedOnly is the same in a network without encryption.
func authenticatedOnly(n int, m shortMessage) string {
	tmsi, _ := phone(n)
	return "DTAP 33 ul: 0627 00 03331981 " + tmsi + "\n" + challenge + answer + m.line() + release
}

// refused is a phone that tries to register and is turned away.
func refused(n int, reject string) string {
	tmsi, _ := phone(n)
	return "DTAP 33 ul: 0508 70 00f1100bb9 33 " + tmsi + "\n" + reject + release
}

// page is a page of cell broadcast on ARFCN 33 in its four blocks (TS 44.012 §3.3, TS
// 23.041 §9.4.1.2); id is the message identifier.
func page(id int) string {
	text := fmt.Sprintf("4010%04x0111", id) + strings.Repeat("0d", 82)
	var b strings.Builder
	for i, t := range []int{0x20, 0x21, 0x22, 0x33} {
		fmt.Fprintf(&b, "CBCH 33: %02x%s\n", t, text[44*i:44*i+44])
	}
	return b.String()
}

var (
	warningPage  = page(0x1112)
	operatorPage = page(50)
)

// lteSentTo2G is an LTE cell that releases the phone to 2G before security.
var lteSentTo2G = station.cycle() + station.connect(attachGUTI) + station.release(toGERAN)
