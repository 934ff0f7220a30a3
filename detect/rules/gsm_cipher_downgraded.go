package rules

import (
	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
)

var _ = rule.Register(rule.Rule{
	ID:        "gsm-cipher-downgraded",
	Title:     "The cell encrypts more weakly than it did before",
	Family:    rule.Cipher,
	Severity:  rule.Medium,
	Status:    rule.Experimental,
	Since:     "0.3.0",
	Version:   1,
	RATs:      gsm,
	Catalogue: []string{"G03"},
	Needs:     []event.Kind{event.KindSession},
	Weight:    0.3, WeightBasis: expert,
	Why: "A network uses the best algorithm that it and the phone share. The same phone on the same cell getting a weaker one than before points to somebody in between.",
	Benign: []rule.Benign{
		{Explanation: "Another phone, which can do less."},
		{Explanation: "The network changed its settings or fell back under load."},
	},
	Refs: []string{"TS 44.018 §3.4.7", "TS 44.018 §10.5.2.9", "SnoopSnitch metric C1"},
	New:  func(rule.Values) rule.Observer { return &cipherDowngraded{best: map[int]int{}} },
	Vectors: []rule.Vector{
		{Name: "A5/3, then A5/1", Fires: true, Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + cipherA53 + cipherDone + accept + release + updateTMSI + challenge + answer + cipherA51 + cipherDone + accept + release},
		{Name: "another phone", Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + cipherA53 + cipherDone + accept + release + "DTAP 33 ul: 0508 70 00f1100bb9 33 05f455667788\n" + challenge + answer + cipherA51 + cipherDone + accept + release},
		{Name: "A5/1, then A5/3", Frames: ordinary(33, 10001).cycle() + updateTMSI + challenge + answer + cipherA51 + cipherDone + accept + release + updateTMSI + challenge + answer + cipherA53 + cipherDone + accept + release},
	},
})

// cipherDowngraded remembers the best algorithm of each phone.
type cipherDowngraded struct {
	phones phones
	best   map[int]int
	judged bool
}

// cipherRank orders algorithms by how hard they are to break (TS 43.020 §C.1; A5/2 is
// withdrawn).
var cipherRank = map[string]int{"A5/0": 0, "A5/2": 1, "A5/1": 2, "A5/3": 3, "A5/4": 4}

func (o *cipherDowngraded) Observe(e *event.Event) []rule.Evidence {
	s, ok := e.Body.(*event.Session)
	if !ok || packetDomain(s) {
		return nil
	}
	st, _ := s.Find(event.SecurityCommand, 0)
	n := o.phones.add(s.Identities)
	if st == nil || n < 0 {
		return nil
	}
	rank, ok := cipherRank[st.Algorithm]
	if !ok {
		return nil
	}
	n = o.phones.root(n)
	before, known := o.best[n]
	o.best[n] = max(before, rank)
	o.judged = o.judged || known
	if !known || rank >= before {
		return nil
	}
	return []rule.Evidence{{
		Frames: []event.Ref{st.Ref}, Field: "Cipher Mode Setting", Got: st.Algorithm, Expect: "as strong as in the phone's earlier connections here",
		Summary: "The cell ordered a phone to use " + st.Algorithm + " that it had given a stronger cipher before.",
	}}
}

// Enough implements rule.Sufficiency.
func (o *cipherDowngraded) Enough(rule.View) bool { return o.judged }
