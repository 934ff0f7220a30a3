package macframed_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/capture"
	"github.com/fbsdetect/fbsdetect/gsmtap/macframed"
)

// payloads calls f with what is behind the string "mac-lte" or "mac-nr" in every
// frame of a capture of the corpus.
func payloads(t *testing.T, path string, kind capture.Kind, f func(frame int, b []byte)) {
	t.Helper()
	root := os.Getenv("FBSDETECT_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpus of captures: set FBSDETECT_CORPUS")
	}
	r, err := capture.Open(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	u := capture.NewUnwrapper(capture.Options{})
	for {
		fr, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		p := u.Unwrap(fr)
		if p.Kind != kind {
			t.Fatalf("frame %d is %v", fr.Number, p.Kind)
		}
		f(fr.Number, p.Data)
	}
}

// counts of PDUs by channel: BCCH-BCH, BCCH-DL-SCH, PCCH, DL-CCCH, UL-CCCH, DL-DCCH,
// UL-DCCH. connections counts those that sent an RRCConnectionSetupComplete.
type counts struct {
	channels               [7]int
	repeated, segmented    uint64
	userPlane, connections int
}

// TestCorpus: the counts are those of tshark 4.0.17, which also gives the same
// octets, less what RLC repeats and with the SDUs that it does not put together.
func TestCorpus(t *testing.T) {
	const (
		captures = "captures/"
		sniffer  = captures + "SysSec-KAIST__LTESniffer/pcap_file_example/"
		visual   = captures + "thomasluijkman__4Gvisualiser/"
		suci     = captures + "RUB-SysSec__SUCI-artifacts/experiments/auth-throttling/networks/"
		lab      = "lab/lte-srsran-"
	)
	for path, want := range map[string]counts{
		captures + "EFForg__crocodilehunter/data/ue.pcap":                                      {[7]int{0, 2, 1187, 43, 43, 86, 43}, 0, 0, 0, 43},
		captures + "GinesGarcia__borrame/enb.pcap":                                             {[7]int{0, 0, 0, 6, 6, 11, 4}, 9, 0, 0, 4},
		captures + "GinesGarcia__borrame/originales/ue.pcap":                                   {[7]int{1, 2, 0, 1, 1, 6, 7}, 6, 1, 0, 1},
		captures + "Wooniety__srsLTE-Sniffer/imsi_forgot_time.pcap":                            {[7]int{0, 0, 25323, 0, 0, 0, 0}, 0, 0, 0, 0},
		captures + "sbaresearch__mobile-atlas/sdr-feasibility/logs/pcaps_notebook/ue_mac.pcap": {[7]int{1, 3, 24, 1, 1, 6, 7}, 8, 2, 462, 1},
		sniffer + "api_collector.pcap":                                                         {[7]int{0, 0, 0, 5, 5, 0, 10}, 0, 0, 0, 5},
		sniffer + "ltesniffer_dl_mode.pcap":                                                    {[7]int{0, 1790, 0, 1, 0, 9, 0}, 1, 0, 622, 0},
		sniffer + "ltesniffer_ul_mode.pcap":                                                    {[7]int{0, 1, 0, 1, 1, 7, 10}, 0, 0, 305, 1},
		visual + "enb.pcap":                                                                    {[7]int{0, 0, 0, 1, 1, 8, 9}, 0, 1, 340, 1},
		visual + "input/enb_auth_reject_correct.pcap":                                          {[7]int{0, 0, 0, 1, 1, 2, 2}, 3, 0, 0, 1},
		visual + "input/enb_nas_ciphering.pcap":                                                {[7]int{0, 0, 0, 1, 1, 8, 9}, 0, 1, 0, 1},
		suci + "lab/mac.pcap":                                                                  {[7]int{1, 2, 0, 56, 56, 46, 46}, 381, 0, 0, 46},
		suci + "operator-a/mac.pcap":                                                           {[7]int{1, 2, 0, 365, 364, 277, 364}, 143, 9, 0, 364},
		lab + "benign-ais.enb_macnet_udp.pcap":                                                 {[7]int{0, 0, 1, 4, 4, 16, 17}, 0, 0, 29, 4},
		lab + "rogue-idcatch-rejects.ue_mac.pcap":                                              {[7]int{12, 22, 0, 13, 13, 28, 23}, 2, 0, 0, 13},
		lab + "rogue-reject7-redirect-geran.enb_mac.pcap":                                      {[7]int{0, 0, 0, 2, 2, 3, 3}, 0, 0, 0, 2},
		lab + "nsa-benign.ue_mac.pcap":                                                         {[7]int{1, 2, 0, 1, 1, 10, 13}, 0, 0, 2, 1},
	} {
		t.Run(filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path), func(t *testing.T) {
			var got counts
			complete := map[uint32]bool{}
			d := macframed.NewDecoder()
			payloads(t, path, capture.KindMACLTE, func(frame int, b []byte) {
				res := d.Decode(b, func(p *macframed.PDU) {
					if p.Kind != macframed.RRC {
						return
					}
					got.channels[p.Channel-macframed.BCCHBCH]++
					if p.Channel == macframed.ULDCCH && p.Octets[0]&0xf8 == 0x20 {
						complete[p.Connection.ID] = true
					}
				})
				if res.Category != macframed.Decoded {
					t.Errorf("frame %d: %+v", frame, res)
				}
				if res.UserPlane {
					got.userPlane++
				}
			})
			st := d.Stats()
			got.repeated, got.segmented, got.connections = st.Retransmissions, st.Segmented, len(complete)
			if got != want {
				t.Errorf("\n got %+v\nwant %+v\n%+v", got, want, st)
			}
			if st.Lost != 0 || st.Restarts != 0 || st.Evicted != 0 {
				t.Errorf("%+v", st)
			}
		})
	}
}

// TestCorpusCiphered plays the part of the one who decodes RRC: with the state told,
// nothing stays unsure. tshark agrees on the first connection of each capture; it
// takes the next one of the same C-RNTI for ciphered from its first message on.
func TestCorpusCiphered(t *testing.T) {
	for _, tt := range []struct {
		path            string
		eea             int
		ciphered, clear int // PDUs on DCCH
	}{
		{"lab/lte-srsran-benign-ais.ue_mac.pcap", 2, 17, 16},
		{"lab/lte-srsran-benign-snow3g.enb_mac.pcap", 1, 7, 10},
		{"lab/lte-srsran-rogue-nullcipher-eea0.ue_mac.pcap", 0, 0, 17},
		{"lab/lte-srsran-rogue-null-eea0-eia0.ue_mac.pcap", 0, 0, 17},
	} {
		t.Run(filepath.Base(tt.path), func(t *testing.T) {
			ciphered, clear := 0, 0
			d := macframed.NewDecoder()
			payloads(t, tt.path, capture.KindMACLTE, func(frame int, b []byte) {
				d.Decode(b, func(p *macframed.PDU) {
					if p.SRB == 0 {
						return
					}
					if p.Ciphered {
						ciphered++
						return
					}
					clear++
					switch message := p.Octets[0] >> 3; {
					case p.Channel == macframed.DLDCCH && message == 6:
						p.Connection.SecurityModeCommand(tt.eea)
					case p.Channel == macframed.ULDCCH && message == 5:
						p.Connection.SecurityModeComplete()
					case p.Unsure:
						t.Errorf("frame %d: %x is unsure", frame, p.Octets)
					}
				})
			})
			if ciphered != tt.ciphered || clear != tt.clear {
				t.Errorf("%d ciphered, %d in clear, want %d, %d", ciphered, clear, tt.ciphered, tt.clear)
			}
		})
	}
}

// TestCorpusMerged: sessions that use the same C-RNTI one after the other give what
// they give apart.
func TestCorpusMerged(t *testing.T) {
	list := func(d *macframed.Decoder, path string) (pdus []string) {
		payloads(t, path, capture.KindMACLTE, func(frame int, b []byte) {
			d.Decode(b, func(p *macframed.PDU) {
				pdus = append(pdus, fmt.Sprintf("frame %d: %v %x %v", frame, p.Channel, p.Octets, p.Ciphered))
				if c := p.Connection; c != nil && p.Channel == macframed.DLDCCH && !p.Ciphered && p.Octets[0]>>3 == 6 {
					c.SecurityModeCommand(2)
				} else if c != nil && p.Channel == macframed.ULDCCH && !p.Ciphered && p.Octets[0]>>3 == 5 {
					c.SecurityModeComplete()
				}
			})
		})
		return pdus
	}
	merged := macframed.NewDecoder()
	for _, name := range []string{"benign-ais", "rogue-idcatch-rejects", "benign-csfb-redirect", "benign-ais"} {
		path := "lab/lte-srsran-" + name + ".ue_mac.pcap"
		if got, want := list(merged, path), list(macframed.NewDecoder(), path); !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, want)
		}
	}
}

// TestCorpusNR: the context of every frame of MAC-NR is read.
func TestCorpusNR(t *testing.T) {
	for name, want := range map[string]map[macframed.RNTIType]int{
		"nsa-benign.enb_mac_nr":  {macframed.CRNTI: 38},
		"sa-suci-null.ue_mac_nr": {macframed.RARNTI: 1, macframed.CRNTI: 8, macframed.SIRNTI: 1},
	} {
		types := map[macframed.RNTIType]int{}
		payloads(t, "lab/nr-srsran-"+name+".pcap", capture.KindMACNR, func(frame int, b []byte) {
			var c macframed.NRContext
			pdu, err := macframed.DecodeNRContext(b, &c)
			if err != nil || len(pdu) == 0 || !c.HasRNTI {
				t.Fatalf("%s frame %d: %+v, %v", name, frame, c, err)
			}
			types[c.Type()]++
		})
		if !maps.Equal(types, want) {
			t.Errorf("%s: %v, want %v", name, types, want)
		}
	}
}
