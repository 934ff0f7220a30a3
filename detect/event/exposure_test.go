package event

import (
	"testing"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// TestExposing: the set has its 53 members, of which GSM shows 10 and LTE 26, the
// figures that Tucker et al. (NDSS 2025) give.
func TestExposing(t *testing.T) {
	n := 0
	for _, m := range ExposingMessages {
		n += max(1, len(m.Causes))
	}
	if n != 53 {
		t.Errorf("%d pairs, want 53", n)
	}
	want := map[RAT]int{GSM: 10, LTE: 26}
	for rat, want := range want {
		n := 0
		for a := range NumActions {
			for cause := range 128 {
				st := Step{Action: a, Cause: cause, Identity: ident.IMSI}
				kinds := []Step{st}
				if rat == LTE && a == UpdateReject {
					attach := st
					attach.Attach = true
					kinds = append(kinds, attach)
				}
				for _, st := range kinds {
					with := st.Exposing(rat)
					st.Uplink = true
					if st.Exposing(rat) {
						t.Errorf("uplink action %d exposes", a)
					}
					// Messages without causes count once.
					if with && (cause == 0 || a == UpdateReject || a == ServiceReject) {
						n++
					}
				}
			}
		}
		if n != want {
			t.Errorf("%v: %d, want %d", rat, n, want)
		}
	}
	st := Step{Action: IdentityRequest, Identity: ident.IMEI}
	if st.Exposing(LTE) {
		t.Error("a request for the IMEI is none of the set")
	}
}
