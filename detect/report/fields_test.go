package report

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

type inner struct {
	Present bool
	Level   uint8
}

type base struct{ Revision uint8 }

type cause uint8

func (c cause) String() string { return "cause\x1b " + string('0'+rune(c)) }

type sample struct {
	base2
	base
	CI       uint16
	PLMN     ident.PLMN
	Kind     ident.IdentityType
	Who      ident.MobileIdentity
	PTMSI    uint32
	Why      cause
	Wait     time.Duration
	Rest     inner
	HasTimer bool
	Timer    uint8
	// FDDPresent: the two fields after it are present.
	FDDPresent bool
	FDDRep     bool
	FDDMulti   uint8
	Cell       [4]uint16
	CellCount  uint8
	RES        [12]byte
	RESLen     int
	Octets     []byte
	Text       string
	Pointer    *inner
	IEI        [3]uint8
	Count      int
	hidden     int
}

type base2 struct{ Shown bool }

func (sample) Name() string { return "Sample" }

func imsi(t *testing.T) ident.MobileIdentity {
	t.Helper()
	m, ok := ident.ParseDigits(ident.IMSI, "001010123456789")
	if !ok {
		t.Fatal("test identity")
	}
	return m
}

func TestFields(t *testing.T) {
	full := &sample{
		base2: base2{true}, base: base{2}, CI: 7, PLMN: ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}, Kind: ident.IMEI,
		Who: imsi(t), PTMSI: 0xc0ffee, Why: 3, Wait: 20 * time.Second, Rest: inner{true, 5}, HasTimer: true, Timer: 9,
		FDDPresent: true, FDDRep: true, FDDMulti: 2, Cell: [4]uint16{11, 12, 13}, CellCount: 2,
		RES: [12]byte{1, 2, 3}, RESLen: 2, Octets: []byte{0xde, 0xad}, Text: "A\x1bB", Pointer: &inner{true, 1},
		IEI: [3]uint8{0x30, 0x40}, Count: 5, hidden: 1,
	}
	secret := ident.NewPseudonyms([]byte("k"), false)
	open := ident.NewPseudonyms(nil, true)
	for _, tt := range []struct {
		name  string
		msg   wire.Message
		names *ident.Pseudonyms
		want  string
	}{
		{"full, pseudonyms", full, secret, `{"Shown":true,"Revision":2,"CI":7,"PLMN":"001-01","Kind":"IMEI",` +
			`"Who":"` + secret.Mobile(imsi(t)) + `","PTMSI":"` + secret.Mobile(ident.TMSIIdentity(0xc0ffee)) + `","Why":3,"Wait":20,` +
			`"Rest":{"Level":5},"Timer":9,"FDDRep":true,"FDDMulti":2,"Cell":[11,12],"CellCount":2,"RES":{"octets":2},"RESLen":2,` +
			`"Octets":{"octets":2},"Text":"A\u001bB","Pointer":{"Level":1},"IEI":[48,64,0],"Count":5}`},
		{"empty", &sample{}, secret, `{"Shown":false,"Revision":0,"CI":0,"PLMN":null,"Kind":"No Identity","Who":"No Identity",` +
			`"PTMSI":"` + secret.Mobile(ident.TMSIIdentity(0)) + `","Why":0,"Wait":0,"Rest":null,"Timer":null,"FDDRep":null,"FDDMulti":null,` +
			`"Cell":[],"CellCount":0,"RES":null,"RESLen":0,"Octets":null,"Text":"","Pointer":null,"IEI":[],"Count":0}`},
		{"opaque", &wire.Opaque{Title: "x", Octets: []byte{1, 2, 3}}, secret, `{"Title":"x","Octets":{"octets":3}}`},
		{"opaque revealed", &wire.Opaque{Title: "x", Octets: []byte{1, 2, 3}}, open, `{"Title":"x","Octets":{"octets":3,"hex":"010203"}}`},
		{"nil", nil, secret, `{}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, err := json.Marshal(Fields(tt.msg, tt.names))
			if err != nil {
				t.Fatal(err)
			}
			if string(b) != tt.want {
				t.Errorf("\n got %s\nwant %s", b, tt.want)
			}
		})
	}
	b, _ := json.Marshal(Fields(full, open))
	for _, s := range []string{`"Who":"IMSI 001010123456789"`, `"PTMSI":"TMSI 0x00c0ffee"`, `"RES":{"octets":2,"hex":"0102"}`} {
		if !strings.Contains(string(b), s) {
			t.Errorf("revealed: no %s in %s", s, b)
		}
	}
}

func TestMessageLines(t *testing.T) {
	n := 20
	m := &Message{
		Capture: 1, Frame: 12, Time: 1_700_000_000_123_456_789, RAT: "gsm", Channel: "SDCCH", Direction: "ul", Name: "Sample\x1b[2J",
		Cell: &CellRef{PLMN: "001-01", Area: 1, Cell: 2, ARFCN: &n},
		Body: &sample{Who: imsi(t), Text: "two words\u202e", Cell: [4]uint16{1, 2}, CellCount: 2, Why: 1, Wait: 2 * time.Second},
		Err:  &wire.DecodeError{Path: "LAI.PLMN", Offset: 7, Err: wire.ErrShort}, Names: ident.NewPseudonyms([]byte("k"), false),
	}
	line := m.AppendJSON(nil)
	harmless(t, line)
	const start = `{"capture":1,"frame":12,"time":"2023-11-14T22:13:20.123456789Z","rat":"gsm","channel":"SDCCH","direction":"ul","message":"Sample\u001b[2J","cell":{"plmn":"001-01","area":1,"cell":2,"arfcn":20},"fields":{`
	if !strings.HasPrefix(string(line), start) {
		t.Errorf("\n got %s\nwant %s", line, start)
	}
	const end = `},"error":{"path":"LAI.PLMN","offset":7,"reason":"message ends early"}}` + "\n"
	if !strings.HasSuffix(string(line), end) {
		t.Errorf("\n got %s\nwant %s", line, end)
	}
	if !json.Valid(line) {
		t.Error("not JSON")
	}
	text := m.AppendText(nil, true)
	harmless(t, text)
	want := `1:12 2023-11-14T22:13:20.123456Z gsm SDCCH ul "Sample\u{1b}[2J" cell=001-01/1/2@20 Shown=false Revision=0 CI=0 Kind="No Identity" Who="` +
		m.Names.Mobile(imsi(t)) + `" PTMSI="` + m.Names.Mobile(ident.TMSIIdentity(0)) + `" Why="cause\u{1b} 1 (1)" Wait=2s Cell=[1 2] CellCount=2 RESLen=0 Text="two words\u{202e}" IEI=[] Count=0 error="LAI.PLMN at octet 7: message ends early"` + "\n"
	if string(text) != want {
		t.Errorf("\n got %s\nwant %s", text, want)
	}

	bare := &Message{Frame: 3, Name: "X", In: "RRCConnectionSetupComplete", Err: errors.New("odd"), Body: &wire.Opaque{}}
	const wantBare = `{"capture":0,"frame":3,"time":null,"rat":null,"channel":null,"direction":null,"message":"X","in":"RRCConnectionSetupComplete","cell":null,"fields":{"Title":"","Octets":null},"error":{"path":"","offset":0,"reason":"odd"}}` + "\n"
	if got := string(bare.AppendJSON(nil)); got != wantBare {
		t.Errorf("\n got %s\nwant %s", got, wantBare)
	}
}

func BenchmarkMessageJSON(b *testing.B) {
	m := &Message{Frame: 1, Time: 1, RAT: "gsm", Channel: "BCCH", Direction: "dl", Name: "Sample",
		Body: &sample{Cell: [4]uint16{1, 2}, CellCount: 2}, Names: ident.NewPseudonyms(nil, false)}
	b.ReportAllocs()
	var line []byte
	for b.Loop() {
		line = m.AppendJSON(line[:0])
	}
}
