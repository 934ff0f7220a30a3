package rules

import (
	"slices"
	"strconv"

	"github.com/fbsdetect/fbsdetect/detect/event"
	"github.com/fbsdetect/fbsdetect/detect/rule"
	"github.com/fbsdetect/fbsdetect/gsmtap/ident"
)

// push is a short message that a cell handed to a phone.
type push struct {
	event.Message
	ref  event.Ref
	time int64
	// phone numbers the phone, -1 if it did not name itself.
	phone int
	// plain: the connection was neither encrypted nor authenticated, as far as heard from
	// its beginning; encrypted and authenticated say which was.
	plain, encrypted, authenticated bool
}

// maxPushes bounds the messages kept of a cell, maxInboxPhones its phones: a blaster hands
// out some hundred messages a minute, and what the first minutes show is enough.
const (
	maxPushes      = 1024
	maxInboxPhones = 4096
)

// phones tells phones apart: all identities of one session are one phone.
type phones struct {
	of   map[ident.MobileIdentity]int
	into []int // of joined phones, the one they became; else itself
	n    int
}

// add returns the number of the phone with these identities, or -1 without any.
func (p *phones) add(ids []ident.MobileIdentity) int {
	if len(ids) == 0 {
		return -1
	}
	if p.of == nil {
		p.of = map[ident.MobileIdentity]int{}
	}
	phone := -1
	for _, id := range ids {
		n, ok := p.of[id]
		if !ok {
			continue
		}
		n = p.root(n)
		switch {
		case phone < 0:
			phone = n
		case phone != n:
			p.into[n] = phone
			p.n--
		}
	}
	if phone < 0 {
		if len(p.into) >= maxInboxPhones {
			return -1
		}
		phone = len(p.into)
		p.into = append(p.into, phone)
		p.n++
	}
	for _, id := range ids {
		p.of[id] = phone
	}
	return phone
}

func (p *phones) root(n int) int {
	for p.into[n] != n {
		n = p.into[n]
	}
	return n
}

// inbox collects the short messages that a cell hands to phones, the parts of a long one
// and repetitions as one.
type inbox struct {
	phones   phones
	messages []push
	// sessions counts the sessions looked at, basis is the weakest tie of one with a
	// message to the cell.
	sessions int
	basis    event.Basis
}

func (b *inbox) add(e *event.Event, s *event.Session) {
	b.sessions++
	phone := b.phones.add(s.Identities)
	d := begin(s)
	proof := slices.ContainsFunc(s.Steps, securing)
	var here []push
	for i := range s.Steps {
		st := &s.Steps[i]
		m := st.SMS
		if m == nil || !m.Delivered || m.Report {
			continue
		}
		p := push{
			Message: *m, ref: st.Ref, time: st.Time, phone: phone,
			encrypted: s.Ciphered(), authenticated: s.Authenticated(),
		}
		// Between the page and the message stands nothing but the phone's answer, so that a
		// receiver of the downlink alone hears the beginning, too.
		p.plain = !proof && (d.whole || !s.UplinkSeen)
		n := slices.IndexFunc(here, func(o push) bool { return o.same(&p) })
		switch {
		case n < 0:
			here = append(here, p)
		case p.Whole && !here[n].Whole:
			here[n].Text, here[n].Whole = p.Text, true
		}
	}
	for _, p := range here {
		if len(b.messages) < maxPushes {
			b.messages = append(b.messages, p)
			b.basis = max(b.basis, e.Basis)
		}
	}
}

// same reports whether two messages of a session are one, sent again or in parts.
func (p *push) same(o *push) bool {
	if p.Sender != o.Sender || p.Parts != o.Parts {
		return false
	}
	if p.Parts > 1 {
		return true
	}
	return p.Sent == o.Sent && p.Text == o.Text && p.Octets == o.Octets
}

// plain lists the messages handed over without any proof or encryption.
func (b *inbox) plain() []push {
	var out []push
	for _, m := range b.messages {
		if m.plain {
			out = append(out, m)
		}
	}
	return out
}

// text is a text and who received it.
type text struct {
	first    push
	messages int
	phones   int
	refs     []event.Ref
	seen     map[int]bool
}

// maxTexts bounds the different texts told apart on a cell.
const maxTexts = 64

// texts groups messages by what they say, most often sent first.
func (b *inbox) texts(list []push) []*text {
	var out []*text
	for _, m := range list {
		if m.Text == "" {
			continue
		}
		i := slices.IndexFunc(out, func(t *text) bool { return t.first.Text == m.Text && t.first.Sender == m.Sender })
		if i < 0 {
			if len(out) >= maxTexts {
				continue
			}
			out = append(out, &text{first: m, seen: map[int]bool{}})
			i = len(out) - 1
		}
		t := out[i]
		t.messages++
		if len(t.refs) < maxRefs {
			t.refs = append(t.refs, m.ref)
		}
		if m.phone >= 0 && !t.seen[b.phones.root(m.phone)] {
			t.seen[b.phones.root(m.phone)] = true
			t.phones++
		}
	}
	slices.SortStableFunc(out, func(a, b *text) int { return b.messages - a.messages })
	return out
}

// maxRefs bounds the frames of a finding collected at the end.
const maxRefs = 16

func refsOf(list []push) []event.Ref {
	var out []event.Ref
	for i := range list[:min(len(list), maxRefs)] {
		out = append(out, list[i].ref)
	}
	return out
}

// onPushes is an Observer that judges at the end the short messages that a cell handed
// to phones.
type onPushes struct {
	judge func(v rule.View, b *inbox) []rule.Evidence
	box   inbox
}

// Observe implements rule.Observer.
func (p *onPushes) Observe(e *event.Event) []rule.Evidence {
	if s, ok := e.Body.(*event.Session); ok && !packetDomain(s) {
		p.box.add(e, s)
	}
	return nil
}

// Finish implements rule.Finisher.
func (p *onPushes) Finish(v rule.View) []rule.Evidence {
	if len(p.box.messages) == 0 {
		return nil
	}
	found := p.judge(v, &p.box)
	for i := range found {
		found[i].Basis = max(found[i].Basis, p.box.basis)
	}
	return found
}

// Enough implements rule.Sufficiency.
func (p *onPushes) Enough(rule.View) bool { return len(p.box.messages) > 0 }

// openNetwork looks for cells of the network that serve phones without encryption, and
// for none that encrypts: then the network as a whole does without.
func openNetwork(v rule.View) rule.BenignStatus {
	switch ciphered, plain := cipherPractice(v); {
	case ciphered > 0:
		return rule.Excluded
	case plain > 0:
		return rule.Possible
	}
	return rule.NotTestable
}

var noEncryption = rule.Benign{
	Explanation: "The operator or the country does not encrypt.",
	Test:        openNetwork,
}

// customaryPlain lowers a finding in a network that does without encryption.
func customaryPlain(v rule.View, ev *rule.Evidence) {
	if ev.Scale == 0 {
		ev.Scale = 1
	}
	switch openNetwork(v) {
	case rule.Excluded:
		ev.Summary += " Other sessions of the same network were encrypted."
	case rule.Possible:
		ev.Scale *= 0.2
		ev.Summary += " The other cells heard of the network do not encrypt either."
	}
}

// count writes a number and what is counted: "1 message", "3 messages".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
