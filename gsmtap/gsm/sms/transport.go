package sms

import (
	"strconv"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Message types of CP (TS 24.011 §8.1.3) and RP (§8.2.2).
const (
	typeCPData  = 0x01
	typeCPAck   = 0x04
	typeCPError = 0x10

	rpDataUp    = 0
	rpDataDown  = 1
	rpAckUp     = 2
	rpAckDown   = 3
	rpErrorUp   = 4
	rpErrorDown = 5
	rpSMMA      = 6
)

// Transaction is the transaction identifier of a CP message (TS 24.007 §11.2.3.1.3).
type Transaction struct {
	// TI is the number, 0 to 6; 7 is reserved.
	TI uint8
	// ToOriginator is the TI flag: the message goes to the side that chose TI.
	ToOriginator bool
}

func transaction(v uint8) Transaction { return Transaction{TI: v >> 4 & 7, ToOriginator: v&0x80 != 0} }

// CPData carries an RP message (TS 24.011 §7.2.1).
type CPData struct {
	Transaction Transaction
	// Length is the length of CP-User data in octets.
	Length uint8
}

// Name returns the message's name.
func (*CPData) Name() string { return "CP-DATA" }

// CPAck acknowledges CP-DATA (TS 24.011 §7.2.2).
type CPAck struct{ Transaction Transaction }

// Name returns the message's name.
func (*CPAck) Name() string { return "CP-ACK" }

// CPError says that CP-DATA was not understood (TS 24.011 §7.2.3).
type CPError struct {
	Transaction Transaction
	Cause       CPCause
}

// Name returns the message's name.
func (*CPError) Name() string { return "CP-ERROR" }

// CPCause is the element CP-Cause (TS 24.011 §8.1.4.2).
type CPCause uint8

var cpCauses = map[CPCause]string{
	17: "Network failure", 22: "Congestion", 81: "Invalid Transaction Identifier value", 95: "Semantically incorrect message",
	96: "Invalid mandatory information", 97: "Message type non-existent or not implemented",
	98: "Message not compatible with the short message protocol state", 99: "Information element non-existent or not implemented",
	111: "Protocol error, unspecified",
}

// String names the cause.
func (c CPCause) String() string {
	if s := cpCauses[c]; s != "" {
		return s
	}
	return "reserved (" + strconv.Itoa(int(c)) + ")"
}

// RPData carries a TPDU (TS 24.011 §7.3.1).
type RPData struct {
	// Uplink: from the phone to the network.
	Uplink bool
	// Reference is the RP-Message Reference.
	Reference uint8
	// Originator is the service centre, downlink; Destination the same, uplink (§8.2.5.1,
	// §8.2.5.2).
	Originator, Destination ident.ServiceCentre
	// Length is the length of RP-User Data in octets.
	Length uint8
}

func direction(uplink bool) string {
	if uplink {
		return " (MS to Network)"
	}
	return " (Network to MS)"
}

// Name returns the message's name.
func (m *RPData) Name() string { return "RP-DATA" + direction(m.Uplink) }

// RPAck acknowledges RP-DATA or RP-SMMA (TS 24.011 §7.3.3).
type RPAck struct {
	Uplink    bool
	Reference uint8
}

// Name returns the message's name.
func (m *RPAck) Name() string { return "RP-ACK" + direction(m.Uplink) }

// RPError says that RP-DATA was refused (TS 24.011 §7.3.4).
type RPError struct {
	Uplink    bool
	Reference uint8
	Cause     RPCause
	// Diagnostic is the diagnostic field of the cause, if HasDiagnostic.
	HasDiagnostic bool
	Diagnostic    uint8
}

// Name returns the message's name.
func (m *RPError) Name() string { return "RP-ERROR" + direction(m.Uplink) }

// RPSMMA tells that the phone has memory again (TS 24.011 §7.3.2).
type RPSMMA struct{ Reference uint8 }

// Name returns the message's name.
func (*RPSMMA) Name() string { return "RP-SMMA" + direction(true) }

// RPCause is the element RP-Cause (TS 24.011 §8.2.5.4), bits 7 to 1.
type RPCause uint8

var rpCauses = map[RPCause]string{
	1: "Unassigned (unallocated) number", 8: "Operator determined barring", 10: "Call barred", 11: "Reserved",
	21: "Short message transfer rejected", 22: "Memory capacity exceeded", 27: "Destination out of order",
	28: "Unidentified subscriber", 29: "Facility rejected", 30: "Unknown subscriber", 38: "Network out of order",
	41: "Temporary failure", 42: "Congestion", 47: "Resources unavailable, unspecified", 50: "Requested facility not subscribed",
	69: "Requested facility not implemented", 81: "Invalid short message transfer reference value",
	95: "Semantically incorrect message", 96: "Invalid mandatory information", 97: "Message type non-existent or not implemented",
	98: "Message not compatible with short message protocol state", 99: "Information element non-existent or not implemented",
	111: "Protocol error, unspecified", 127: "Interworking, unspecified",
}

// String names the cause.
func (c RPCause) String() string {
	if s := rpCauses[c]; s != "" {
		return s
	}
	return "reserved (" + strconv.Itoa(int(c)) + ")"
}

func (d *Decoder) cp(b []byte, channel uint64) {
	r := wire.NewReader(b)
	ti := transaction(r.U8("Transaction identifier"))
	mt := r.U8("Message type")
	if !r.OK() {
		d.unknown("CP message without type", b, 0, r.Err())
		return
	}
	switch mt {
	case typeCPData:
		d.cpData = CPData{Transaction: ti}
		l := d.add(&d.cpData, b, 0)
		off := r.Offset()
		d.cpData.Length = r.U8("CP-User data")
		rpdu := r.Octets("CP-User data", min(int(d.cpData.Length), r.Len()))
		if r.OK() && len(rpdu) < int(d.cpData.Length) {
			r.Fail("CP-User data", off, wire.ErrShort)
		}
		l.Err = r.Err()
		if len(rpdu) > 0 {
			d.rp(rpdu, off+1, channel)
		}
	case typeCPAck:
		d.cpAck = CPAck{ti}
		d.add(&d.cpAck, b, 0)
	case typeCPError:
		d.cpError = CPError{Transaction: ti, Cause: CPCause(r.U8("CP-Cause"))}
		d.add(&d.cpError, b, 0).Err = r.Err()
	default:
		d.unknown(numbered("CP message", mt), b, 0, nil)
	}
}

func (d *Decoder) rp(b []byte, offset int, channel uint64) {
	r := wire.NewReader(b)
	mti, ref := r.U8("RP-Message Type")&7, r.U8("RP-Message Reference")
	if !r.OK() {
		d.unknown("RP message without reference", b, offset, r.Err())
		return
	}
	up := mti&1 == 0
	var in carrier
	var l *Layer
	switch mti {
	case rpDataUp, rpDataDown:
		d.rpData = RPData{Uplink: up, Reference: ref}
		l = d.add(&d.rpData, b, offset)
		d.rpData.Originator = serviceCentre(r.LV("RP-Originator Address"))
		d.rpData.Destination = serviceCentre(r.LV("RP-Destination Address"))
		off := r.Offset()
		d.rpData.Length = r.U8("RP-User Data")
		d.userData(l, &r, off, int(d.rpData.Length), up, inData, channel)
		return
	case rpAckUp, rpAckDown:
		d.rpAck = RPAck{up, ref}
		l, in = d.add(&d.rpAck, b, offset), inAck
	case rpErrorUp, rpErrorDown:
		d.rpError = RPError{Uplink: up, Reference: ref}
		l, in = d.add(&d.rpError, b, offset), inError
		off := r.Offset()
		if v := r.LV("RP-Cause"); r.OK() {
			if len(v) == 0 {
				r.Fail("RP-Cause", off, wire.ErrLength)
			} else {
				d.rpError.Cause = RPCause(v[0] & 0x7f)
			}
			if len(v) > 1 {
				d.rpError.Diagnostic, d.rpError.HasDiagnostic = v[1], true
			}
		}
	case rpSMMA:
		d.rpSMMA = RPSMMA{ref}
		d.add(&d.rpSMMA, b, offset)
		return
	default:
		d.unknown(numbered("RP message", mti), b, offset, nil)
		return
	}
	if iei, ok := r.Peek(); ok && iei == 0x41 {
		r.U8("RP-User Data IEI")
		off := r.Offset()
		n := r.U8("RP-User Data")
		d.userData(l, &r, off, int(n), up, in, channel)
		return
	}
	l.Err = r.Err()
}

// userData decodes the TPDU of n octets in an RP message, as far as it is there.
func (d *Decoder) userData(l *Layer, r *wire.Reader, off, n int, up bool, in carrier, channel uint64) {
	at := r.Offset()
	tpdu := r.Octets("RP-User Data", min(n, r.Len()))
	if r.OK() && len(tpdu) < n {
		r.Fail("RP-User Data", off, wire.ErrShort)
	}
	l.Err = r.Err()
	if len(tpdu) > 0 {
		d.tpdu(tpdu, l.Offset+at, up, in, channel)
	}
}

func serviceCentre(b []byte) ident.ServiceCentre {
	return ident.ServiceCentre{Address: ident.DecodeAddress(b)}
}
