package rrc

import "github.com/fbsdetect/fbsdetect/gsmtap/uper"

// UEInformationRequest asks a phone for reports it has kept (TS 36.331 §6.2.2).
type UEInformationRequest struct {
	Envelope
	// What is asked for: rach-ReportReq, rlf-ReportReq, logMeasReportReq,
	// connEstFailReportReq, mobilityHistoryReportReq, idleModeMeasurementReq,
	// flightPathInfoReq, coarseLocationReq.
	RACH, RLF, LogMeas, ConnEstFail, MobilityHistory, IdleMeas, FlightPath, CoarseLocation bool
}

// Read sets m from a UEInformationRequest.
func (m *UEInformationRequest) Read(v uper.Value) {
	*m = UEInformationRequest{}
	for e := m.read(v); e.Present(); {
		for c := e.First(); c.Present(); c = c.Next() {
			switch base(c.Name()) {
			case "rach-ReportReq":
				m.RACH = c.Bool()
			case "rlf-ReportReq":
				m.RLF = c.Bool()
			case "logMeasReportReq":
				m.LogMeas = true
			case "connEstFailReportReq":
				m.ConnEstFail = true
			case "mobilityHistoryReportReq":
				m.MobilityHistory = true
			case "idleModeMeasurementReq":
				m.IdleMeas = true
			case "flightPathInfoReq":
				m.FlightPath = true
			case "coarseLocationReq":
				m.CoarseLocation = true
			}
		}
		e, m.Later = next(e)
	}
}

// UEInformationResponse answers a UEInformationRequest (TS 36.331 §6.2.2).
type UEInformationResponse struct {
	Envelope
	// What is present, in the order of UEInformationRequest.
	RACH, RLF, LogMeas, ConnEstFail, MobilityHistory, IdleMeas, FlightPath, CoarseLocation bool
	// RLFLocation says that the report of a radio link failure tells where it was.
	RLFLocation bool
	// RLFCause is rlf-Cause-r11 by its name, "t310-Expiry", or empty.
	RLFCause string
	// RLFConnectionFailure is connectionFailureType-r10: "rlf", "hof" or empty.
	RLFConnectionFailure string
}

// Read sets m from a UEInformationResponse.
func (m *UEInformationResponse) Read(v uper.Value) {
	*m = UEInformationResponse{}
	for e := m.read(v); e.Present(); {
		for c := e.First(); c.Present(); c = c.Next() {
			switch base(c.Name()) {
			case "rach-Report":
				m.RACH = true
			case "rlf-Report":
				m.RLF = true
				m.RLFLocation = c.Field("locationInfo-r10").Present()
				m.RLFCause = base(c.Field("basicFields-r11").Field("rlf-Cause-r11").Text())
				m.RLFConnectionFailure = c.Field("connectionFailureType-r10").Text()
			case "logMeasReport":
				m.LogMeas = true
			case "connEstFailReport":
				m.ConnEstFail = true
			case "mobilityHistoryReport":
				m.MobilityHistory = true
			case "measResultListIdle":
				m.IdleMeas = true
			case "flightPathInfoReport":
				m.FlightPath = true
			case "coarseLocationInfo":
				m.CoarseLocation = true
			}
		}
		e, m.Later = next(e)
	}
}

// LoggedMeasurementConfiguration makes a phone record measurements while idle (TS
// 36.331 §6.2.2).
type LoggedMeasurementConfiguration struct {
	Envelope
	// DurationMinutes is loggingDuration, IntervalMs loggingInterval.
	DurationMinutes uint8
	IntervalMs      uint32
	// Area says that areaConfiguration limits where.
	Area bool
}

// Read sets m from a LoggedMeasurementConfiguration.
func (m *LoggedMeasurementConfiguration) Read(v uper.Value) {
	*m = LoggedMeasurementConfiguration{}
	for e := m.read(v); e.Present(); {
		for c := e.First(); c.Present(); c = c.Next() {
			switch base(c.Name()) {
			case "loggingDuration":
				m.DurationMinutes = number[uint8](c)
			case "loggingInterval":
				m.IntervalMs = number[uint32](c)
			case "areaConfiguration":
				m.Area = true
			}
		}
		e, m.Later = next(e)
	}
}

// CounterCheck lets a phone compare its counters with the network's (TS 36.331
// §6.2.2).
type CounterCheck struct {
	Envelope
	// DRBs counts the bearers listed.
	DRBs uint8
}

// Read sets m from a CounterCheck.
func (m *CounterCheck) Read(v uper.Value) {
	*m = CounterCheck{}
	for e := m.read(v); e.Present(); {
		if l := e.Field("drb-CountMSB-InfoList"); l.Present() {
			m.DRBs = uint8(l.Len())
		}
		e, m.Later = next(e)
	}
}
