package nas_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/lte/nas"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// corpus returns a path below the corpus, which FBSDETECT_CORPUS names, or skips.
func corpus(t *testing.T, path ...string) string {
	t.Helper()
	root := os.Getenv("FBSDETECT_CORPUS")
	if root == "" {
		root = "../../../../shared/corpus"
	}
	p := filepath.Join(append([]string{root}, path...)...)
	if _, err := os.Stat(p); err != nil {
		t.Skip("no corpus of captures: set FBSDETECT_CORPUS")
	}
	return p
}

// compared are the fields that TestCorpusFields compares; frame.message fills in
// what this package has for them.
var compared = strings.Fields(`
nas_eps.security_header_type nas_eps.msg_auth_code nas_eps.seq_no nas_eps.seq_no_short nas_eps.emm.short_mac
nas_eps.nas_msg_emm_type nas_eps.nas_msg_esm_type nas_eps.bearer_id nas_eps.esm.proc_trans_id
nas_eps.emm.cause nas_eps.esm.cause nas_eps.emm.id_type2 nas_eps.emm.toi nas_eps.emm.toc
nas_eps.emm.nas_key_set_id nas_eps.emm.tsc nas_eps.emm.eps_att_type nas_eps.emm.EPS_attach_result
nas_eps.emm.update_type_value nas_eps.emm.eps_update_result_value nas_eps.emm.active_flg
nas_eps.emm.detach_type_ul nas_eps.emm.detach_type_dl nas_eps.emm.switch_off
nas_eps.emm.type_of_id nas_eps.emm.mme_grp_id nas_eps.emm.mme_code nas_eps.emm.m_tmsi
nas_eps.emm.tai_tol nas_eps.emm.tai_tac e212.tai.mcc e212.tai.mnc e212.gummei.mcc e212.gummei.mnc e212.lai.mcc e212.lai.mnc gsm_a.lac
nas_eps.emm.imeisv_req nas_eps.emm.nonce_mme nas_eps.emm.hash_mme nas_eps.emm.res
nas_eps.emm.eea0 nas_eps.emm.128eea1 nas_eps.emm.128eea2 nas_eps.emm.eea3 nas_eps.emm.eea7
nas_eps.emm.eia0 nas_eps.emm.128eia1 nas_eps.emm.128eia2 nas_eps.emm.eia3 nas_eps.emm.eia7
nas_eps.emm.uea0 nas_eps.emm.uea1 nas_eps.emm.uia1 nas_eps.emm.uia7 nas_eps.emm.emm_ucs2_supp
nas_eps.emm.gea1 nas_eps.emm.gea3 nas_eps.emm.dcnr_cap nas_eps.emm.n1mode_cap
nas_eps.emm.5g_ea0 nas_eps.emm.128_5g_ea2 nas_eps.emm.5g_ea15 nas_eps.emm.128_5g_ia2
nas_eps.emm.ims_vops nas_eps.emm.emc_bs nas_eps.emm.epc_lcs nas_eps.emm.cs_lcs nas_eps.emm.esr_ps nas_eps.emm.restrict_dcnr
nas_eps.emm.add_upd_type nas_eps.emm.saf nas_eps.emm.pnb_ciot nas_eps.emm.add_upd_res nas_eps.emm.guti_type nas_eps.emm.csfb_resp
nas_eps.emm.service_type nas_eps.emm.paging_id nas_eps.emm.gen_msg_cont_type nas_eps.emm.nas_msg_cont nas_eps.emm.gen_msg_cont nas_eps.emm.redic_policy
nas_eps.emm.ebi5 nas_eps.emm.ebi6 nas_eps.emm.ebi8 nas_eps.emm.esm_msg_cont
nas_eps.esm_pdn_type nas_eps.esm_request_type nas_eps.esm.qci nas_eps.esm.linked_bearer_id nas_eps.esm.eit
e212.imsi gsm_a.imeisv gsm_a.imei gsm_a.dtap.autn gsm_a.dtap.rand gsm_a.dtap.auts gsm_a.gm.sm.apn
gsm_a.gm.gmm.gprs_timer_unit gsm_a.gm.gmm.gprs_timer_value gsm_a.gm.gmm.gprs_timer2_unit gsm_a.gm.gmm.gprs_timer2_value
gsm_a.gm.gmm.gprs_timer3_unit gsm_a.gm.gmm.gprs_timer3_value
gsm_a.gm.gmm.voice_domain_pref_for_eutran gsm_a.gm.gmm.ue_usage_setting gsm_a.gm.gmm.tmsi_flag gsm_a.gm.gmm.cn_spec_drx_cycle_len_coef
gsm_a.dtap.timezone gsm_a.dtap.dst_adjustment gsm_a.dtap.text_string`)

// headers are those of compared that a ciphered message has; what tshark reads inside
// one is no message.
var headers = compared[1:3]

// carriers are the fields that hold a NAS message inside another protocol.
var carriers = []string{"lte-rrc.dedicatedInfoNAS", "lte-rrc.DedicatedInfoNAS", "s1ap.NAS_PDU", "s1ap.nAS_PDU"}

// frame is a frame's values by field name.
type frame map[string][]string

// oracle runs tshark over a capture.
func oracle(t *testing.T, path string) map[int]frame {
	t.Helper()
	names := slices.Concat([]string{"frame.number", "_ws.malformed", "nas_eps.ciphered_msg", "nas_eps.extraneous_data"}, compared, carriers)
	args := []string{"-r", path, "-Y", "nas-eps", "-T", "fields", "-E", "separator=/t", "-E", "aggregator=;",
		"-o", `uat:user_dlts:"User 1 (DLT=148)","nas-eps","0","","0",""`,
		"-o", `uat:user_dlts:"User 3 (DLT=150)","s1ap","0","","0",""`}
	for _, n := range names {
		args = append(args, "-e", n)
	}
	cmd := exec.Command("tshark", args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && len(out) == 0 {
		t.Fatalf("%s: %v: %s", path, err, stderr.Bytes())
	}
	frames := map[int]frame{}
	for line := range strings.Lines(string(out)) {
		f := frame{}
		for i, v := range strings.Split(strings.TrimRight(line, "\r\n"), "\t") {
			if v == "" {
				continue
			}
			for _, v := range strings.Split(v, ";") {
				f[names[i]] = append(f[names[i]], normal(v))
			}
		}
		n, err := strconv.Atoi(f["frame.number"][0])
		if err != nil {
			t.Fatal(err)
		}
		frames[n] = f
	}
	return frames
}

// normal writes a number in decimal and octets without colons.
func normal(s string) string {
	if n, err := strconv.ParseUint(s, 0, 64); err == nil && strings.HasPrefix(s, "0x") {
		return strconv.FormatUint(n, 10)
	}
	return strings.ReplaceAll(s, ":", "")
}

func (f frame) add(name string, v any) {
	s := fmt.Sprint(v)
	switch x := v.(type) {
	case bool:
		s = "0"
		if x {
			s = "1"
		}
	case []byte:
		s = hex.EncodeToString(x)
	case [16]byte:
		s = hex.EncodeToString(x[:])
	case fmt.Stringer:
		if n := reflect.ValueOf(v); n.CanUint() {
			s = strconv.FormatUint(n.Uint(), 10)
		}
	}
	f[name] = append(f[name], s)
}

func (f frame) emm(name string, v any) { f.add("nas_eps.emm."+name, v) }

func (f frame) plmn(kind string, p ident.PLMN) {
	f.add("e212."+kind+".mcc", p.MCC)
	f.add("e212."+kind+".mnc", p.MNC)
}

func (f frame) ksi(k nas.KSI) {
	f.emm("nas_key_set_id", k.ID)
	f.emm("tsc", k.Mapped)
}

func (f frame) identity(m nas.EPSMobileIdentity) {
	f.emm("type_of_id", m.Type)
	switch {
	case m.HasGUTI:
		f.plmn("gummei", m.GUTI.PLMN)
		f.emm("mme_grp_id", m.GUTI.MMEGroupID)
		f.emm("mme_code", m.GUTI.MMECode)
		f.emm("m_tmsi", m.GUTI.MTMSI)
	case m.HasIdentity:
		f.mobile(m.Identity)
	}
}

func (f frame) mobile(m ident.MobileIdentity) {
	switch m.Type {
	case ident.IMSI:
		f.add("e212.imsi", m.Digits())
	case ident.IMEI:
		f.add("gsm_a.imei", m.Digits())
	case ident.IMEISV:
		f.add("gsm_a.imeisv", m.Digits())
	}
}

func (f frame) tais(l nas.TAIList) {
	if !l.Present {
		return
	}
	f.emm("tai_tol", l.Type)
	for i, a := range l.TAIs[:l.Count] {
		if i == 0 || l.Type == 2 {
			f.plmn("tai", a.PLMN)
		}
		f.emm("tai_tac", a.TAC)
	}
}

func (f frame) bits(set nas.AlgorithmSet, names ...string) {
	for _, n := range names {
		i, err := strconv.Atoi(n[strings.LastIndexAny(n, "aA")+1:])
		if err != nil {
			panic(n)
		}
		f.emm(n, set.Has(i))
	}
}

func (f frame) eps(eea, eia nas.AlgorithmSet) {
	f.bits(eea, "eea0", "128eea1", "128eea2", "eea3", "eea7")
	f.bits(eia, "eia0", "128eia1", "128eia2", "eia3", "eia7")
}

func (f frame) umts(uea, uia nas.AlgorithmSet) {
	f.bits(uea, "uea0", "uea1")
	f.bits(uia, "uia1", "uia7")
}

func (f frame) capability(c nas.UENetworkCapability) {
	f.eps(c.EEA, c.EIA)
	if c.HasUIA {
		f.umts(c.UEA, c.UIA)
		f.emm("emm_ucs2_supp", c.UCS2)
	}
	if len(c.Features) > 2 {
		f.emm("dcnr_cap", c.DCNR)
		f.emm("n1mode_cap", c.N1Mode)
	}
}

func (f frame) additional(c nas.UEAdditionalSecurityCapability) {
	if c.Present {
		f.bits(c.NEA, "5g_ea0", "128_5g_ea2", "5g_ea15")
		f.bits(c.NIA, "128_5g_ia2")
	}
}

func (f frame) timer(kind string, timers ...nas.Timer) {
	for _, t := range timers {
		if t.Present {
			f.add("gsm_a.gm.gmm.gprs_timer"+kind+"_unit", t.Raw>>5)
			f.add("gsm_a.gm.gmm.gprs_timer"+kind+"_value", t.Raw&0x1f)
		}
	}
}

func (f frame) bearers(has bool, s nas.BearerStatus) {
	if has {
		for _, n := range []int{5, 6, 8} {
			f.emm("ebi"+strconv.Itoa(n), s>>n&1)
		}
	}
}

func (f frame) container(c *nas.ESMContainer) {
	if c.Present {
		f.emm("esm_msg_cont", c.Octets)
	}
	if c.HasMessage {
		f.session(&c.Message)
	}
}

func (f frame) session(m *nas.ESM) {
	f.add("nas_eps.nas_msg_esm_type", m.Type)
	f.add("nas_eps.bearer_id", m.EBI)
	f.add("nas_eps.esm.proc_trans_id", m.PTI)
	if m.HasCause {
		f.add("nas_eps.esm.cause", m.Cause)
	}
	if m.HasPDNType {
		f.add("nas_eps.esm_pdn_type", m.PDNType)
	}
	if m.HasRequestType {
		f.add("nas_eps.esm_request_type", m.RequestType)
	}
	if m.HasQCI {
		f.add("nas_eps.esm.qci", m.QCI)
	}
	if m.HasLinkedEBI {
		f.add("nas_eps.esm.linked_bearer_id", m.LinkedEBI)
	}
	if m.HasInformationTransfer {
		f.add("nas_eps.esm.eit", m.InformationTransfer)
	}
	if m.HasAPN {
		f.add("gsm_a.gm.sm.apn", m.APN.String())
	}
	f.timer("3", m.BackOff)
}

func (f frame) request(m *nas.RequestElements) {
	if m.HasAdditionalGUTI {
		f.identity(m.AdditionalGUTI)
	}
	if m.HasLastTAI {
		f.plmn("tai", m.LastTAI.PLMN)
		f.emm("tai_tac", m.LastTAI.TAC)
	}
	if m.HasOldLAI {
		f.plmn("lai", m.OldLAI.PLMN)
		f.add("gsm_a.lac", m.OldLAI.LAC)
	}
	if m.HasValidTMSI {
		f.add("gsm_a.gm.gmm.tmsi_flag", m.ValidTMSI)
	}
	if m.DRX.Present {
		f.add("gsm_a.gm.gmm.cn_spec_drx_cycle_len_coef", m.DRX.S1Cycle)
	}
	if m.VoiceDomain.Present {
		f.add("gsm_a.gm.gmm.voice_domain_pref_for_eutran", m.VoiceDomain.Preference)
		f.add("gsm_a.gm.gmm.ue_usage_setting", m.VoiceDomain.DataCentric)
	}
	if a := m.AdditionalUpdate; a.Present {
		f.emm("add_upd_type", a.SMSOnly)
		f.emm("saf", a.SignallingActive)
		f.emm("pnb_ciot", a.CIoT)
	}
	if m.HasOldGUTIType {
		f.emm("guti_type", m.OldGUTIType)
	}
	f.additional(m.AdditionalSecurity)
	f.timer("2", m.T3324)
	f.timer("3", m.T3412Extended)
}

func (f frame) accept(m *nas.AcceptElements) {
	if m.HasGUTI {
		f.identity(m.GUTI)
	}
	if m.HasLAI {
		f.plmn("lai", m.LAI.PLMN)
		f.add("gsm_a.lac", m.LAI.LAC)
	}
	if m.HasMSIdentity {
		f.mobile(m.MSIdentity)
	}
	if m.HasCause {
		f.emm("cause", m.Cause)
	}
	if a := m.Features; a.Present {
		f.emm("ims_vops", a.IMSVoPS)
		f.emm("emc_bs", a.EmergencyBearer)
		f.emm("epc_lcs", a.EPCLCS)
		f.emm("cs_lcs", a.CSLCS)
		f.emm("esr_ps", a.ESRPS)
		if len(a.Octets) > 1 {
			f.emm("restrict_dcnr", a.RestrictDCNR)
		}
	}
	if m.HasAdditionalResult {
		f.emm("add_upd_res", m.AdditionalResult)
	}
	if m.HasNetworkPolicy {
		f.emm("redic_policy", m.NetworkPolicy.RefusesGERAN())
	}
	f.timer("", m.T3402, m.T3423)
	f.timer("2", m.T3324, m.T3448)
	f.timer("3", m.T3412Extended, m.T3447)
}

// pdu adds a decoded message.
func (f frame) pdu(p nas.PDU) {
	for _, h := range []nas.SecurityHeader{p.Security, p.Inner} {
		if !h.Present || h.Type.ServiceRequest() {
			continue
		}
		f.add("nas_eps.security_header_type", h.Type)
		f.add("nas_eps.msg_auth_code", h.MAC)
		f.add("nas_eps.seq_no", h.Sequence)
	}
	if e, ok := p.Message.(*nas.ESM); ok {
		f.session(e)
		return
	}
	if _, ok := p.Message.(*wire.Opaque); ok || p.Message == nil {
		return
	}
	f.add("nas_eps.security_header_type", p.Octets[0]>>4)
	if m, ok := p.Message.(*nas.ServiceRequest); ok {
		f.emm("nas_key_set_id", m.KSI)
		f.add("nas_eps.seq_no_short", m.Sequence)
		f.emm("short_mac", m.ShortMAC)
		return
	}
	f.add("nas_eps.nas_msg_emm_type", p.Octets[1])
	switch m := p.Message.(type) {
	case *nas.AttachRequest:
		f.emm("eps_att_type", m.Type)
		f.ksi(m.KSI)
		f.identity(m.Identity)
		f.capability(m.Capability)
		f.container(&m.ESM)
		f.request(&m.RequestElements)
	case *nas.AttachAccept:
		f.emm("EPS_attach_result", m.Result)
		f.timer("", m.T3412)
		f.tais(m.TAIList)
		f.container(&m.ESM)
		f.accept(&m.AcceptElements)
	case *nas.AttachComplete:
		f.container(&m.ESM)
	case *nas.AttachReject:
		f.emm("cause", m.Cause)
		f.container(&m.ESM)
		f.timer("2", m.T3346, m.T3402)
	case *nas.UEDetachRequest:
		f.emm("detach_type_ul", m.Type)
		f.emm("switch_off", m.SwitchOff)
		f.ksi(m.KSI)
		f.identity(m.Identity)
	case *nas.NetworkDetachRequest:
		f.emm("detach_type_dl", m.Type)
		if m.HasCause {
			f.emm("cause", m.Cause)
		}
	case *nas.TrackingAreaUpdateRequest:
		f.emm("update_type_value", m.Type)
		f.emm("active_flg", m.Active)
		f.ksi(m.KSI)
		f.identity(m.Old)
		if m.HasNonCurrentKSI {
			f.ksi(m.NonCurrentKSI)
		}
		if m.HasCapability {
			f.capability(m.Capability)
		}
		f.bearers(m.HasBearers, m.Bearers)
		f.request(&m.RequestElements)
	case *nas.TrackingAreaUpdateAccept:
		f.emm("eps_update_result_value", m.Result)
		f.timer("", m.T3412)
		f.tais(m.TAIList)
		f.bearers(m.HasBearers, m.Bearers)
		f.accept(&m.AcceptElements)
	case *nas.TrackingAreaUpdateReject:
		f.emm("cause", m.Cause)
		f.timer("2", m.T3346)
	case *nas.ServiceReject:
		f.emm("cause", m.Cause)
		f.timer("", m.T3442)
		f.timer("2", m.T3346)
	case *nas.CauseMessage:
		f.emm("cause", m.Cause)
	case *nas.ExtendedServiceRequest:
		f.emm("service_type", m.Service)
		f.ksi(m.KSI)
		if m.HasCSFBAccepted {
			f.emm("csfb_resp", m.CSFBAccepted)
		}
		f.bearers(m.HasBearers, m.Bearers)
	case *nas.ControlPlaneServiceRequest:
		f.ksi(m.KSI)
		f.emm("active_flg", m.Active)
		f.container(&m.ESM)
		if m.Container != nil {
			f.emm("nas_msg_cont", m.Container)
		}
		f.bearers(m.HasBearers, m.Bearers)
	case *nas.AuthenticationRequest:
		f.ksi(m.KSI)
		f.add("gsm_a.dtap.rand", m.RAND)
		f.add("gsm_a.dtap.autn", m.AUTN)
	case *nas.AuthenticationResponse:
		f.emm("res", m.RES)
	case *nas.AuthenticationFailure:
		f.emm("cause", m.Cause)
		if m.AUTS != nil {
			f.add("gsm_a.dtap.auts", m.AUTS)
		}
	case *nas.IdentityRequest:
		f.emm("id_type2", m.Type)
	case *nas.IdentityResponse:
		f.mobile(m.Identity)
	case *nas.SecurityModeCommand:
		f.emm("toc", m.Ciphering)
		f.emm("toi", m.Integrity)
		f.ksi(m.KSI)
		f.eps(m.Replayed.EEA, m.Replayed.EIA)
		if m.Replayed.HasUIA {
			f.umts(m.Replayed.UEA, m.Replayed.UIA)
		}
		if m.Replayed.HasGEA {
			f.bits(m.Replayed.GEA, "gea1", "gea3")
		}
		if m.HasIMEISVRequest {
			f.emm("imeisv_req", m.IMEISVRequest)
		}
		if m.HasNonceMME {
			f.emm("nonce_mme", m.NonceMME)
		}
		if m.HashMME != nil {
			f.emm("hash_mme", m.HashMME)
		}
		f.additional(m.AdditionalSecurity)
	case *nas.SecurityModeComplete:
		if m.HasIMEISV {
			f.mobile(m.IMEISV)
		}
		if m.Replayed != nil {
			var d nas.Decoder
			p, err := d.Decode(m.Replayed, nas.Uplink)
			if err != nil {
				panic(err)
			}
			f.pdu(p)
		}
	case *nas.NASTransport:
		f.emm("nas_msg_cont", m.Container)
	case *nas.GenericNASTransport:
		f.emm("gen_msg_cont_type", m.ContainerType)
		f.emm("gen_msg_cont", m.Container)
	case *nas.CSServiceNotification:
		f.emm("paging_id", m.Paging)
	case *nas.EMMInformation:
		if m.HasDST {
			f.add("gsm_a.dtap.dst_adjustment", m.DST)
		}
		if m.HasZone {
			f.add("gsm_a.dtap.timezone", max(m.Zone, -m.Zone))
		}
		if m.HasTime {
			f.add("gsm_a.dtap.timezone", max(m.TimeZone, -m.TimeZone))
		}
		for _, n := range []string{m.FullName.Text, m.ShortName.Text} {
			if n != "" {
				f.add("gsm_a.dtap.text_string", n)
			}
		}
	}
}

// captures are the files with EPS NAS.
var captures = []string{
	"captures/SysNetS__fbsdetector/example_traces/nas/*.pcap",
	"captures/RUB-SysSec__SUCI-artifacts/experiments/auth-throttling/networks/*/nas.pcap",
	"captures/sbaresearch__mobile-atlas/sdr-feasibility/logs/pcaps_notebook/ue_nas.pcap",
	"captures/P1sec__QCSuper/pcaps/*",
	"captures/P1sec__QCSuper/docs/sample_pcaps/*",
	"captures/derived_scat/*",
	"lab/lte-*.ue_nas.pcap",
	"lab/lte-*s1ap.pcap",
}

// payloads returns the NAS messages of a capture's frames that are not inside
// another protocol but GSMTAP.
func payloads(t *testing.T, path string) map[int][]byte {
	t.Helper()
	r, err := capture.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	u := capture.NewUnwrapper(capture.Options{})
	out := map[int][]byte{}
	for {
		fr, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		switch p := u.Unwrap(fr); p.Kind {
		case capture.KindNASEPS:
			out[fr.Number] = bytes.Clone(p.Data)
		case capture.KindGSMTAP:
			// Version 2 has the type in its third octet, version 3 in its third pair.
			switch b := p.Data; {
			case len(b) > 16 && b[0] == 2 && b[2] == 0x12:
				out[fr.Number] = bytes.Clone(b[4*int(b[1]):])
			case len(b) > 16 && b[0] == 3 && b[4] == 4 && b[5] == 4:
				out[fr.Number] = bytes.Clone(b[4*(int(b[2])<<8|int(b[3])):])
			}
		}
	}
}

// tally counts what was compared.
type tally struct {
	messages map[string]int
	// values is the number of values that are equal, misread that of ciphered messages
	// that tshark takes for plain.
	values, misread int
}

// compare compares the NAS messages of a capture with tshark, field by field.
func (c *tally) compare(t *testing.T, path string) {
	t.Helper()
	var d nas.Decoder
	direct := payloads(t, path)
	for n, want := range oracle(t, path) {
		var in [][]byte
		if b, ok := direct[n]; ok {
			in = append(in, b)
		}
		for _, carrier := range carriers {
			for _, s := range want[carrier] {
				b, err := hex.DecodeString(s)
				if err != nil {
					t.Fatal(err)
				}
				in = append(in, b)
			}
		}
		if len(in) == 0 {
			continue
		}
		got, names := frame{}, compared
		for _, b := range in {
			p, err := d.Decode(b, nas.Unknown)
			if _, ok := p.Message.(*wire.Opaque); ok { // not EPS NAS
				names = nil
				continue
			}
			if err != nil {
				t.Errorf("%s frame %d: %v", path, n, err)
			}
			got.pdu(p)
			if _, ok := p.Message.(*nas.ESM); ok && !p.Security.Present && want["nas_eps.nas_msg_esm_type"] == nil {
				names = nil // tshark reads an ESM message only under a security header
			}
			if !p.Ciphered {
				c.messages[p.Message.Name()]++
				continue
			}
			c.messages["ciphered"]++
			if names = headers; len(want["nas_eps.nas_msg_emm_type"])+len(want["nas_eps.nas_msg_esm_type"]) > 0 {
				c.misread++
			}
		}
		for _, name := range names {
			if strings.HasPrefix(name, "e212.tai") && strings.HasSuffix(path, "s1ap.pcap") {
				continue // also in S1AP itself
			}
			slices.Sort(want[name])
			slices.Sort(got[name])
			if !slices.Equal(want[name], got[name]) {
				t.Errorf("%s frame %d: %s is %q, tshark has %q", path, n, name, got[name], want[name])
				continue
			}
			c.values += len(want[name])
		}
	}
}

// TestCorpusFields compares every NAS message of the corpus.
func TestCorpusFields(t *testing.T) {
	needTshark(t)
	c := tally{messages: map[string]int{}}
	for _, pattern := range captures {
		paths, err := filepath.Glob(filepath.Join(corpus(t), filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			c.compare(t, path)
		}
	}
	if c.values < 40000 || c.misread > 20 {
		t.Errorf("%+v", c)
	}
	t.Logf("%+v", c)
}

// TestCorpusVectors compares the messages of other projects' tests.
func TestCorpusVectors(t *testing.T) {
	needTshark(t)
	// A capture of link type 148, with the messages.
	file := []byte("\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00\x94\x00\x00\x00")
	count := 0
	for _, v := range []struct {
		file        string
		mark        string
		column, cut int
	}{{"pycrate_tests.tsv", "EPS domain", 2, 0}, {"scat_gsmtap.tsv", "\t020412", 2, 32}, {"rayhunter_tests.tsv", "NAS EPS", 1, 0}} {
		b, err := os.ReadFile(corpus(t, "vectors", v.file))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			if !strings.Contains(line, v.mark) {
				continue
			}
			m, err := hex.DecodeString(strings.Split(line, "\t")[v.column][v.cut:])
			if err != nil {
				t.Fatal(err)
			}
			file = binary.LittleEndian.AppendUint64(file, 0)
			file = binary.LittleEndian.AppendUint32(file, uint32(len(m)))
			file = binary.LittleEndian.AppendUint32(file, uint32(len(m)))
			file = append(file, m...)
			count++
		}
	}
	path := filepath.Join(t.TempDir(), "vectors.pcap")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	c := tally{messages: map[string]int{}}
	c.compare(t, path)
	if count < 30 {
		t.Errorf("%d messages found", count)
	}
	t.Logf("%d messages: %+v", count, c)
}

// TestNames compares the names of messages and causes with Wireshark's.
func TestNames(t *testing.T) {
	needTshark(t)
	out, err := exec.Command("tshark", "-G", "values").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		c := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(c) < 4 || c[0] != "V" {
			continue
		}
		n, err := strconv.ParseUint(c[2], 0, 8)
		if err != nil {
			continue
		}
		got := ""
		switch c[1] {
		case "nas_eps.nas_msg_emm_type":
			got = nas.EMMType(n).String()
		case "nas_eps.nas_msg_esm_type":
			got = nas.ESMType(n).String()
		case "nas_eps.emm.cause":
			got = nas.EMMCause(n).String()
		case "nas_eps.esm.cause":
			if n == 46 { // "Unused"
				continue
			}
			got = nas.ESMCause(n).String()
		default:
			continue
		}
		if seen++; got != c[3] {
			t.Errorf("%s %d is %q, Wireshark has %q", c[1], n, got, c[3])
		}
	}
	if seen < 140 {
		t.Errorf("%d names", seen)
	}
}

func needTshark(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("no tshark")
	}
}
