package arfcn

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestSet(t *testing.T) {
	var s Set
	if !s.Empty() || s.Len() != 0 || s.String() != "" {
		t.Errorf("zero set: %v", s)
	}
	for _, n := range []int{1023, 0, 64, 63, 64, -1, 1024} {
		s.Add(n)
	}
	if got := s.Append(nil); !slices.Equal(got, []int{0, 63, 64, 1023}) {
		t.Errorf("members %v", got)
	}
	if s.String() != "0 63 64 1023" || s.Len() != 4 || !s.Has(64) || s.Has(65) || s.Has(-1) || s.Has(1024) {
		t.Errorf("set %v", s)
	}
	b, err := json.Marshal(s)
	if err != nil || string(b) != "[0,63,64,1023]" {
		t.Errorf("JSON %s, %v", b, err)
	}
	s.Remove(64)
	s.Remove(5000)
	other := Set{}
	other.Add(7)
	s.Union(&other)
	if s.String() != "0 7 63 1023" {
		t.Errorf("after Remove and Union: %v", s)
	}
}

// Frequencies are the ends of the bands in TS 45.005 §2.
func TestBand(t *testing.T) {
	tests := []struct {
		n    int
		pcs  bool
		band string
		kHz  int
	}{
		{1, false, "GSM 900", 935200}, {124, false, "GSM 900", 959800}, {0, false, "GSM 900", 935000},
		{975, false, "GSM 900", 925200}, {1023, false, "GSM 900", 934800},
		{955, false, "GSM-R 900", 921200}, {974, false, "GSM-R 900", 925000},
		{128, false, "GSM 850", 869200}, {251, false, "GSM 850", 893800},
		{512, false, "DCS 1800", 1805200}, {885, false, "DCS 1800", 1879800},
		{512, true, "PCS 1900", 1930200}, {810, true, "PCS 1900", 1989800}, {811, true, "DCS 1800", 1865000},
		{259, false, "GSM 450", 460600}, {340, false, "GSM 450", 495800}, {438, false, "GSM 750", 777200},
		{300, false, "", 0}, {900, false, "", 0}, {-1, false, "", 0}, {1024, false, "", 0},
	}
	for _, tt := range tests {
		if got := Band(tt.n, tt.pcs); got != tt.band {
			t.Errorf("Band(%d, %v) = %q, want %q", tt.n, tt.pcs, got, tt.band)
		}
		if got := DownlinkKHz(tt.n, tt.pcs); got != tt.kHz {
			t.Errorf("DownlinkKHz(%d, %v) = %d, want %d", tt.n, tt.pcs, got, tt.kHz)
		}
	}
}
