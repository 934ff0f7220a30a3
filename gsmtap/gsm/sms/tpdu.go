package sms

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/gsm/coding"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// carrier is the RP message that a TPDU came in, which tells what type it is of.
type carrier uint8

const (
	inData carrier = iota
	inAck
	inError
)

// Deliver brings a message to the phone (TS 23.040 §9.2.2.1).
type Deliver struct {
	// MoreMessages: the service centre has more for the phone (TP-MMS is 0).
	MoreMessages bool
	// LoopPrevention is TP-LP, StatusReportIndication TP-SRI, ReplyPath TP-RP.
	LoopPrevention, StatusReportIndication, ReplyPath bool
	// OriginatingAddress is who sent it (TP-OA).
	OriginatingAddress ident.Address
	PID                PID
	DCS                DCS
	// ServiceCentreTimeStamp is TP-SCTS.
	ServiceCentreTimeStamp Timestamp
	UserData               UserData
}

// Name returns the message's name.
func (*Deliver) Name() string { return "SMS-DELIVER" }

// Submit is a message from the phone (TS 23.040 §9.2.2.2).
type Submit struct {
	// RejectDuplicates is TP-RD, StatusReportRequest TP-SRR, ReplyPath TP-RP.
	RejectDuplicates, StatusReportRequest, ReplyPath bool
	// Reference is TP-MR.
	Reference uint8
	// DestinationAddress is to whom it goes (TP-DA).
	DestinationAddress ident.Address
	PID                PID
	DCS                DCS
	// ValidityFormat is TP-VPF: 0 none, 1 enhanced, 2 relative, 3 absolute. Relative is the
	// octet of the relative format (§9.2.3.12.1), Absolute the time of the absolute one;
	// the enhanced format is passed over.
	ValidityFormat uint8
	Relative       uint8
	Absolute       Timestamp
	UserData       UserData
}

// Name returns the message's name.
func (*Submit) Name() string { return "SMS-SUBMIT" }

// StatusReport tells what became of a message (TS 23.040 §9.2.2.3).
type StatusReport struct {
	// MoreMessages as in Deliver.
	MoreMessages bool
	// Reference is TP-MR of the message.
	Reference uint8
	// RecipientAddress is to whom it went (TP-RA).
	RecipientAddress       ident.Address
	ServiceCentreTimeStamp Timestamp
	// DischargeTime is TP-DT, Status TP-ST (§9.2.3.15): below 0x20 it arrived, below 0x40
	// it is still tried, else it failed.
	DischargeTime Timestamp
	Status        uint8
	Parameters
}

// Name returns the message's name.
func (*StatusReport) Name() string { return "SMS-STATUS REPORT" }

// Parameters are the optional ones at the end of a report, by TP-PI (TS 23.040
// §9.2.3.27).
type Parameters struct {
	HasPID      bool
	PID         PID
	HasDCS      bool
	DCS         DCS
	HasUserData bool
	UserData    UserData
}

// DeliverReport answers Deliver (TS 23.040 §9.2.2.1a).
type DeliverReport struct {
	// HasFailureCause: FailureCause is TP-FCS.
	HasFailureCause bool
	FailureCause    uint8
	Parameters
}

// Name returns the message's name.
func (*DeliverReport) Name() string { return "SMS-DELIVER REPORT" }

// SubmitReport answers Submit (TS 23.040 §9.2.2.2a).
type SubmitReport struct {
	// HasFailureCause: FailureCause is TP-FCS.
	HasFailureCause        bool
	FailureCause           uint8
	ServiceCentreTimeStamp Timestamp
	Parameters
}

// Name returns the message's name.
func (*SubmitReport) Name() string { return "SMS-SUBMIT REPORT" }

// Command asks the service centre to act on a message (TS 23.040 §9.2.2.4).
type Command struct {
	Reference uint8
	PID       PID
	// Type is TP-CT, Number TP-MN.
	Type, Number       uint8
	DestinationAddress ident.Address
	// Data is TP-CD.
	Data []byte
}

// Name returns the message's name.
func (*Command) Name() string { return "SMS-COMMAND" }

// Types of TPDU (TS 23.040 §9.2.3.1).
const (
	mtiDeliver = 0 // uplink: SMS-DELIVER-REPORT
	mtiSubmit  = 1 // downlink: SMS-SUBMIT-REPORT
	mtiStatus  = 2 // uplink: SMS-COMMAND
)

func (d *Decoder) tpdu(b []byte, offset int, up bool, in carrier, channel uint64) {
	r := wire.NewReader(b)
	first := r.U8("TP-Message-Type-Indicator")
	if !r.OK() {
		d.unknown("TPDU without type", b, offset, r.Err())
		return
	}
	udhi := first&0x40 != 0
	var m wire.Message
	switch mti := first & 3; {
	case in == inData && !up && mti != mtiSubmit && mti != mtiStatus:
		// A phone takes the reserved type for this one.
		m = d.delivery(&r, first, channel)
	case in == inData && !up && mti == mtiStatus:
		m = d.status(&r, first)
	case in == inData && up && mti == mtiSubmit:
		m = d.submission(&r, first, channel)
	case in == inData && up && mti == mtiStatus:
		c := &d.command
		*c = Command{Reference: r.U8("TP-Message-Reference"), PID: PID(r.U8("TP-Protocol-Identifier")),
			Type: r.U8("TP-Command-Type"), Number: r.U8("TP-Message-Number")}
		c.DestinationAddress = address(&r, "TP-Destination-Address")
		c.Data = r.LV("TP-Command-Data")
		m = c
	case in != inData && up && mti == mtiDeliver:
		x := &d.deliverReport
		*x = DeliverReport{HasFailureCause: in == inError}
		if in == inError {
			x.FailureCause = r.U8("TP-Failure-Cause")
		}
		x.Parameters.decode(&r, udhi)
		m = x
	case in != inData && !up && mti == mtiSubmit:
		x := &d.submitReport
		*x = SubmitReport{HasFailureCause: in == inError}
		if in == inError {
			x.FailureCause = r.U8("TP-Failure-Cause")
		}
		pi := r.U8("TP-Parameter-Indicator")
		x.ServiceCentreTimeStamp = timestamp(&r, "TP-Service-Centre-Time-Stamp")
		x.Parameters.rest(&r, pi, udhi)
		m = x
	default:
		d.unknown(numbered("TPDU", first&3), b, offset, &wire.DecodeError{Path: "TP-Message-Type-Indicator", Bit: 6, Err: wire.ErrInvalid})
		return
	}
	d.add(m, b, offset).Err = r.Err()
}

func (d *Decoder) delivery(r *wire.Reader, first uint8, channel uint64) *Deliver {
	m := &d.deliver
	*m = Deliver{
		MoreMessages: first&4 == 0, LoopPrevention: first&8 != 0, StatusReportIndication: first&0x20 != 0, ReplyPath: first&0x80 != 0,
	}
	m.OriginatingAddress = address(r, "TP-Originating-Address")
	m.PID = PID(r.U8("TP-Protocol-Identifier"))
	m.DCS = DCS(r.U8("TP-Data-Coding-Scheme"))
	m.ServiceCentreTimeStamp = timestamp(r, "TP-Service-Centre-Time-Stamp")
	b := m.UserData.decode(r, m.DCS, first&0x40 != 0)
	d.join(&m.UserData, b, longKey{channel: channel, sender: m.OriginatingAddress})
	return m
}

func (d *Decoder) submission(r *wire.Reader, first uint8, channel uint64) *Submit {
	m := &d.submit
	*m = Submit{
		RejectDuplicates: first&4 != 0, ValidityFormat: first >> 3 & 3, StatusReportRequest: first&0x20 != 0, ReplyPath: first&0x80 != 0,
	}
	m.Reference = r.U8("TP-Message-Reference")
	m.DestinationAddress = address(r, "TP-Destination-Address")
	m.PID = PID(r.U8("TP-Protocol-Identifier"))
	m.DCS = DCS(r.U8("TP-Data-Coding-Scheme"))
	switch m.ValidityFormat {
	case 1:
		r.Octets("TP-Validity-Period", 7)
	case 2:
		m.Relative = r.U8("TP-Validity-Period")
	case 3:
		m.Absolute = timestamp(r, "TP-Validity-Period")
	}
	b := m.UserData.decode(r, m.DCS, first&0x40 != 0)
	d.join(&m.UserData, b, longKey{channel: channel, sender: m.DestinationAddress, up: true})
	return m
}

// join adds a part of a long message to the others.
func (d *Decoder) join(u *UserData, b body, key longKey) {
	c := u.Header.Concatenation
	if !u.Header.HasConcatenation || !c.valid() || c.Total == 1 || b.alphabet == coding.Octets {
		return
	}
	key.reference, key.total = c.Reference, c.Total
	u.Whole, u.HasWhole = d.parts.push(key, c.Sequence, b)
}

func (d *Decoder) status(r *wire.Reader, first uint8) *StatusReport {
	m := &d.statusReport
	*m = StatusReport{MoreMessages: first&4 == 0}
	m.Reference = r.U8("TP-Message-Reference")
	m.RecipientAddress = address(r, "TP-Recipient-Address")
	m.ServiceCentreTimeStamp = timestamp(r, "TP-Service-Centre-Time-Stamp")
	m.DischargeTime = timestamp(r, "TP-Discharge-Time")
	m.Status = r.U8("TP-Status")
	m.Parameters.decode(r, first&0x40 != 0)
	return m
}

// decode reads TP-PI and what it announces; nothing at all is allowed, too.
func (p *Parameters) decode(r *wire.Reader, udhi bool) {
	if r.Len() > 0 {
		p.rest(r, r.U8("TP-Parameter-Indicator"), udhi)
	}
}

func (p *Parameters) rest(r *wire.Reader, pi uint8, udhi bool) {
	for more := pi; more&0x80 != 0 && r.OK(); {
		more = r.U8("TP-Parameter-Indicator") // an extension, all of it reserved
	}
	if pi&1 != 0 {
		p.PID = PID(r.U8("TP-Protocol-Identifier"))
		p.HasPID = r.OK()
	}
	if pi&2 != 0 {
		p.DCS = DCS(r.U8("TP-Data-Coding-Scheme"))
		p.HasDCS = r.OK()
	}
	if pi&4 != 0 {
		p.UserData.decode(r, p.DCS, udhi)
		p.HasUserData = r.OK()
	}
}
