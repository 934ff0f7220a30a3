package cell

import (
	"testing"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

func id(area uint32, ci uint64) event.CellID {
	return event.CellID{PLMN: ident.PLMN{MCC: 1, MNC: 1, MNCDigits: 2}, Area: area, Cell: ci, Known: true}
}

func TestLookup(t *testing.T) {
	tr := NewTracker()
	bare := tr.Lookup(event.GSM, id(1, 1), GSM(NoARFCN, false))
	if got := tr.Lookup(event.GSM, id(1, 1), GSM(33, false)); got != bare || got.ARFCN != 33 {
		t.Error("a cell without frequency does not take on the first it is heard with")
	}
	if got := tr.Lookup(event.GSM, id(1, 1), GSM(NoARFCN, false)); got != bare {
		t.Error("a message without frequency does not find the cell")
	}
	copied := tr.Lookup(event.GSM, id(1, 1), GSM(44, false))
	if copied == bare {
		t.Error("one identity on two frequencies is one entry")
	}
	if tr.Lookup(event.GSM, id(1, 1), GSM(33, true)) == bare {
		t.Error("DCS 1800 and PCS 1900 are one entry")
	}
	if tr.Lookup(event.UMTS, id(1, 1), GSM(NoARFCN, false)) == bare {
		t.Error("two generations are one entry")
	}
	lte := tr.Lookup(event.LTE, id(1, 1), Radio{ARFCN: 1850, PCI: NoPCI})
	if got := tr.Lookup(event.LTE, id(1, 1), Radio{ARFCN: 1850, PCI: 5}); got != lte || got.PCI != 5 {
		t.Error("a cell without physical identity does not take on the first it is heard with")
	}
	if tr.Lookup(event.LTE, id(1, 1), Radio{ARFCN: 1850, PCI: NoPCI}) != lte || tr.Lookup(event.LTE, id(1, 1), NoRadio) != lte {
		t.Error("a message without physical identity does not find the cell")
	}
	if tr.Lookup(event.LTE, id(1, 1), Radio{ARFCN: 1850, PCI: 6}) == lte {
		t.Error("one identity under two physical ones is one entry")
	}
	if tr.ByID(event.GSM, id(1, 1)) != bare || tr.ByID(event.GSM, id(1, 2)) != nil {
		t.Error("ByID")
	}
	first := tr.Unattributed(event.GSM, 0)
	if first == tr.Unattributed(event.GSM, 1) || first != tr.Unattributed(event.GSM, 0) {
		t.Error("entries without identity are not one per capture")
	}
}

func TestInArea(t *testing.T) {
	tr := NewTracker()
	if tr.InArea(event.GSM, id(1, 0)) != nil {
		t.Error("a cell in an empty area")
	}
	c := tr.Lookup(event.GSM, id(1, 1), GSM(33, false))
	tr.Lookup(event.GSM, id(2, 1), GSM(34, false))
	if tr.InArea(event.GSM, id(1, 0)) != c {
		t.Error("the only cell of the area is not found")
	}
	tr.Lookup(event.GSM, id(1, 2), GSM(35, false))
	if tr.InArea(event.GSM, id(1, 0)) != nil {
		t.Error("one of two cells is taken for the only one")
	}
}

// TestEviction: the tracker keeps its bound, drops what was not heard for longest and
// tells of it.
func TestEviction(t *testing.T) {
	tr := NewTracker()
	told := 0
	tr.OnEvict = func(*Cell) { told++ }
	keep := tr.Lookup(event.GSM, id(0, 1), GSM(1, false))
	for i := range uint64(5 * MaxCells) {
		tr.Lookup(event.GSM, id(9, i), GSM(NoARFCN, false))
		if tr.Lookup(event.GSM, id(0, 1), GSM(1, false)) != keep {
			t.Fatal("a cell that is still heard was dropped")
		}
		if n := len(tr.Cells()); i%1000 == 0 && n > MaxCells {
			t.Fatalf("%d cells kept", n)
		}
	}
	if told == 0 || tr.Evicted() != told || tr.Evicted()+len(tr.Cells()) != 5*MaxCells+1 {
		t.Errorf("%d dropped, told of %d, %d kept", tr.Evicted(), told, len(tr.Cells()))
	}
	if !tr.Known(keep) || tr.Known(&Cell{}) || tr.Known(nil) {
		t.Error("Known")
	}
	seen := map[int]bool{}
	for _, c := range tr.Cells() {
		if seen[c.Index()] {
			t.Fatalf("index %d is used twice", c.Index())
		}
		seen[c.Index()] = true
	}
}

func TestParameters(t *testing.T) {
	tr := NewTracker()
	c := tr.Lookup(event.GSM, id(1, 1), GSM(33, false))
	apply := func(frame int, basis event.Basis, b event.Body) {
		tr.Apply(c, &event.Event{Ref: event.Ref{Frame: frame}, Basis: basis, Body: b})
	}
	apply(1, event.ByLastBroadcast, &event.ControlChannel{T3212: 10})
	apply(2, event.ByIdentity, &event.ControlChannel{T3212: 10})
	apply(3, event.ByIdentity, &event.ControlChannel{T3212: 0})
	p, ok := c.Param(T3212)
	if !ok || p.Value != 0 || p.Changes != 1 || p.First.Frame != 3 || p.Basis != event.ByIdentity || p.Text != "0 (no periodic updating)" {
		t.Errorf("T3212: %+v, %v", p, ok)
	}
	// SI4 without the block does not take away what SI3 said.
	apply(4, event.ByIdentity, &event.Reselection{Source: event.SI3, Present: true, CRO: 5, OffsetDB: -10, PenaltyTime: 31})
	apply(5, event.ByIdentity, &event.Reselection{Source: event.SI4})
	if p, _ := c.Param(CRO); p.Value != -10 || p.Text != "5 (-10 dB)" {
		t.Errorf("CRO: %+v", p)
	}
	apply(6, event.ByIdentity, &event.Reselection{Source: event.SI3})
	if p, _ := c.Param(CRO); p.Text != "absent" {
		t.Errorf("CRO after SI3 left it out: %+v", p)
	}
	apply(7, event.BySI6, &event.Session{Steps: []event.Step{
		{Action: event.IdentityRequest}, {Action: event.AuthenticationRequest}, {Action: event.SecurityCommand, Ciphered: true}, {Action: event.UpdateReject},
	}})
	if want := (Sessions{Count: 1, Authenticated: 1, Ciphered: 1, Rejected: 1, IdentityRequests: 1}); c.Sessions != want {
		t.Errorf("sessions %+v", c.Sessions)
	}
	if _, ok := c.Param("no such"); ok {
		t.Error("a parameter that nobody broadcast")
	}
}

func TestLevel(t *testing.T) {
	var l Level
	for _, v := range []int{-70, -60, -80} {
		l.Add(v)
	}
	if l != (Level{N: 3, Min: -80, Max: -60, Sum: -210}) {
		t.Errorf("%+v", l)
	}
}
