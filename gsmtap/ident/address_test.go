package ident

import (
	"reflect"
	"strings"
	"testing"
)

func TestAddressForOutput(t *testing.T) {
	hidden, shown := NewPseudonyms([]byte("k"), false), NewPseudonyms([]byte("k"), true)
	tests := []struct {
		name           string
		a              Address
		hidden, reveal string
	}{
		{"international", Address{NumberInternational, PlanE164, "99900123456789"}, "+999~", "+99900123456789"},
		{"national", Address{NumberNational, PlanE164, "0123456789"}, "~", "0123456789"},
		{"short code", Address{NumberUnknown, PlanE164, "4545"}, "4545", "4545"},
		{"name", Address{NumberAlphanumeric, 0, "Bank24"}, "Bank##", "Bank24"},
		{"number written as a name", Address{NumberAlphanumeric, 0, "0123456789"}, "##########", "0123456789"},
		{"none", Address{}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := hidden.Address(tt.a); !strings.HasPrefix(got, tt.hidden) || len(got) > len(tt.hidden)+8 {
				t.Errorf("hidden: %q, want it to begin with %q", got, tt.hidden)
			}
			if got := shown.Address(tt.a); got != tt.reveal {
				t.Errorf("revealed: %q, want %q", got, tt.reveal)
			}
		})
	}
	c := Address{NumberInternational, PlanE164, "99955500001"}
	if got := hidden.ServiceCentre(c); !strings.HasPrefix(got, "+99955~") || strings.Contains(got, "00001") {
		t.Errorf("service centre: %q", got)
	}
	if got := shown.ServiceCentre(c); got != "+99955500001" {
		t.Errorf("service centre revealed: %q", got)
	}
}

func TestHosts(t *testing.T) {
	tests := []struct {
		in   string
		want []string
	}{
		{"Dear client, see https://Bank.example.com/a?b=1 now", []string{"bank.example.com"}},
		{"กดลิงก์http://login.example/9ค่ะ", []string{"login.example"}},
		{"short bit.example/x1 twice bit.example/x2", []string{"bit.example"}},
		{"www.example.org.", []string{"www.example.org"}},
		{"点击example.cn/a领取", []string{"example.cn"}},
		{"version 3.14 at 10.30/11.30, e.g. nothing", nil},
		{"a sentence.Without space", nil},
		{"", nil},
	}
	for _, tt := range tests {
		if got := Hosts(tt.in); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("Hosts(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestTextForOutput(t *testing.T) {
	p := NewPseudonyms([]byte("k"), false)
	const s = "Account 123456 locked: https://bank.example/u/99 ๑๒๓ write me@example.org"
	got := p.Text(s)
	if !strings.HasPrefix(got, "73 characters ~") || !strings.HasSuffix(got, " bank.example") || strings.Contains(got, "Account") {
		t.Errorf("Text = %q", got)
	}
	if p.Text(s) != got || p.Text(s+".") == got {
		t.Error("equal texts must have equal tags, others not")
	}
	if got, want := p.Template(s), "Account ###### locked: bank.example/… ### write …@…"; got != want {
		t.Errorf("Template = %q, want %q", got, want)
	}
	if r := NewPseudonyms(nil, true); r.Text(s) != s || r.Template(s) != s {
		t.Error("not revealed")
	}
}

func FuzzText(f *testing.F) {
	f.Add("see https://bank.example/u/99 or x.example/1")
	p := NewPseudonyms([]byte("k"), false)
	f.Fuzz(func(t *testing.T, s string) {
		for _, out := range []string{p.Text(Text(s)), p.Template(Text(s))} {
			for i := 0; i+7 <= len(s); i++ {
				w := s[i : i+7]
				if strings.Trim(w, "0123456789") == "" && strings.Contains(strings.Split(out, "~")[0], w) {
					t.Fatalf("%q keeps the digits %s of %q", out, w, s)
				}
			}
		}
	})
}

func TestDecodeAddress(t *testing.T) {
	for _, c := range []struct {
		in   []byte
		want Address
	}{
		{nil, Address{}},
		{[]byte{0x81}, Address{Plan: PlanE164}},
		{[]byte{0x91, 0x99, 0x09, 0xf1}, Address{TypeOfNumber: NumberInternational, Plan: PlanE164, Value: "99901"}},
		{[]byte{0x80, 0xba, 0xdc, 0xfe}, Address{Value: "*#abc"}},
		{[]byte{0xff, 0x1f, 0x32}, Address{TypeOfNumber: 7, Plan: 15}},
		{[]byte{0x01, 0xf1, 0x32}, Address{Plan: PlanE164, Value: "1"}},
	} {
		if got := DecodeAddress(c.in); got != c.want {
			t.Errorf("% x: %+v, want %+v", c.in, got, c.want)
		}
	}
}
