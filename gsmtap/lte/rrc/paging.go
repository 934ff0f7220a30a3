package rrc

import (
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/uper"
)

// PagingIdentity is the kind of identity that a paging record carries.
type PagingIdentity uint8

// Kinds of identity in PagingUE-Identity (TS 36.331 §6.2.2, Paging).
const (
	UnknownIdentity PagingIdentity = iota
	PagedSTMSI
	PagedIMSI
	PagedNG5GSTMSI
	PagedFullIRNTI
)

// String names the kind as the specification does.
func (p PagingIdentity) String() string {
	switch p {
	case PagedSTMSI:
		return "S-TMSI"
	case PagedIMSI:
		return "IMSI"
	case PagedNG5GSTMSI:
		return "5G-S-TMSI"
	case PagedFullIRNTI:
		return "I-RNTI"
	}
	return "unknown"
}

// maxPageRec is the most records of one message (TS 36.331 §6.4).
const maxPageRec = 16

// PagingRecord is one paged phone.
type PagingRecord struct {
	Kind PagingIdentity
	// CS is cn-Domain cs; else ps. NB-IoT records have none.
	CS bool
	// MMEC is the MME code of an S-TMSI.
	MMEC uint8
	// Identity is the M-TMSI of an S-TMSI, as TMSI, or the IMSI; an IMSI of more than 16
	// digits, which TS 23.003 does not know, is left out.
	Identity ident.MobileIdentity
	// Number is the 48 bit 5G-S-TMSI or the 40 bit I-RNTI.
	Number uint64
}

// Paging is Paging or Paging-NB (TS 36.331 §6.2.2 and §6.7.2).
type Paging struct {
	// Records are the first Count of the array.
	Records [maxPageRec]PagingRecord
	Count   uint8
	// Kinds counts the records by kind of identity, CS and PS by cn-Domain.
	Kinds  [PagedFullIRNTI + 1]uint8
	CS, PS uint8
	// SystemInfoModification is systemInfoModification, and of extended DRX
	// SystemInfoModificationEDRX.
	SystemInfoModification, SystemInfoModificationEDRX bool
	// ETWS and CMAS are etws-Indication and cmas-Indication-r9.
	ETWS, CMAS bool
	// EAB is eab-ParamModification-r11.
	EAB bool
	// Redistribution is redistributionIndication-r13, UAC uac-ParamModification-r16.
	Redistribution, UAC bool
	// Later is set if the message ends in an extension of a later release.
	Later bool
}

// Read sets p from a Paging message.
func (p *Paging) Read(v uper.Value) {
	*p = Paging{}
	for v.Present() {
		for c := v.First(); c.Present(); c = c.Next() {
			switch c.Name() {
			case "pagingRecordList", "pagingRecordList-r13":
				for e := c.First(); e.Present() && int(p.Count) < len(p.Records); e = e.Next() {
					p.record(e)
				}
			case "systemInfoModification", "systemInfoModification-r13":
				p.SystemInfoModification = true
			case "systemInfoModification-eDRX-r13":
				p.SystemInfoModificationEDRX = true
			case "etws-Indication":
				p.ETWS = true
			case "cmas-Indication-r9":
				p.CMAS = true
			case "eab-ParamModification-r11":
				p.EAB = true
			case "redistributionIndication-r13":
				p.Redistribution = true
			case "uac-ParamModification-r16":
				p.UAC = true
			}
		}
		v, p.Later = next(v)
	}
}

func (p *Paging) record(v uper.Value) {
	r := &p.Records[p.Count]
	p.Count++
	for c := v.First(); c.Present(); c = c.Next() {
		switch base(c.Name()) {
		case "ue-Identity":
			r.identity(c.Chosen())
		case "cn-Domain":
			if r.CS = c.Int() == 1; r.CS {
				p.CS++
			} else {
				p.PS++
			}
		}
	}
	p.Kinds[r.Kind]++
}

func (r *PagingRecord) identity(v uper.Value) {
	switch base(v.Name()) {
	case "s-TMSI":
		r.Kind = PagedSTMSI
		t := sTMSI(v)
		r.MMEC, r.Identity = t.MMEC, ident.TMSIIdentity(t.MTMSI)
	case "imsi":
		r.Kind = PagedIMSI
		var b [21]byte
		n := 0
		for d := v.First(); d.Present() && n < len(b); d = d.Next() {
			b[n] = '0' + integer[uint8](d)
			n++
		}
		r.Identity, _ = ident.ParseDigits(ident.IMSI, string(b[:n]))
	case "ng-5G-S-TMSI":
		r.Kind, r.Number = PagedNG5GSTMSI, v.Uint()
	case "fullI-RNTI":
		r.Kind, r.Number = PagedFullIRNTI, v.Uint()
	}
}

// STMSI is an S-TMSI: MME code and M-TMSI (TS 23.003 §2.8).
type STMSI struct {
	MMEC  uint8
	MTMSI uint32
}

func sTMSI(v uper.Value) STMSI {
	return STMSI{bits[uint8](v.Field("mmec")), bits[uint32](v.Field("m-TMSI"))}
}
