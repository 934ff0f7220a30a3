package baseline

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/fbsdetect/fbsdetect/detect/cell"
	"github.com/fbsdetect/fbsdetect/detect/event"
)

// derive fills the table cell and the sums of the networks from the sightings.
func (b *Builder) derive() error {
	r := newReader(b.conn)
	defer r.close()
	// Networks of which a replaced record was the only one are gone.
	if _, err := b.exec("DELETE FROM network WHERE id NOT IN (SELECT network FROM sighting)"); err != nil {
		return err
	}
	if _, err := b.exec(`UPDATE network SET newest = coalesce(
(SELECT max(last) FROM sighting s WHERE s.network = network.id AND s.verdict < ?), 0)`, firstQuarantined); err != nil {
		return err
	}
	var list []network
	if err := r.eachNetwork("", nil, func(n *network) error {
		list = append(list, *n)
		keep(r.networks, n.id, *n, maxEntries)
		return nil
	}); err != nil {
		return err
	}
	for i := range list {
		if err := b.deriveNetwork(r, &list[i]); err != nil {
			return err
		}
	}
	return b.sweep()
}

func (b *Builder) deriveNetwork(r *reader, n *network) error {
	var normal, other summary
	var at event.CellID
	sums := cell.Sessions{}
	flush := func() error {
		s := &normal
		if s.sightings == 0 {
			s = &other
		}
		if s.sightings == 0 {
			return nil
		}
		return b.cell(r, n.id, at, s, normal.sightings, other.sightings)
	}
	err := r.eachSighting(` WHERE s.network = ?
ORDER BY s.area, s.cell, s.last DESC, c.sha256 DESC, s.arfcn DESC, s.pcs DESC, s.pci DESC`, []any{n.id}, func(s *sighting) error {
		if s.id != at {
			if err := flush(); err != nil {
				return err
			}
			normal, other, at = summary{}, summary{}, s.id
		}
		if Quarantine(s.verdict) {
			return other.add(r, s)
		}
		if !n.faded(s.last) {
			sums.Add(&s.counts.sessions)
		} else if normal.sightings > 0 && !n.faded(normal.last) {
			normal.began(s.first)
			return nil
		}
		return normal.add(r, s)
	})
	if err != nil {
		return err
	}
	if err := flush(); err != nil {
		return err
	}
	_, err = b.exec(`UPDATE network SET sessions = ?, authenticated = ?, ciphered = ?, rejected = ?, identity_requests = ?, exposing = ? WHERE id = ?`,
		sums.Count, sums.Authenticated, sums.Ciphered, sums.Rejected, sums.IdentityRequests, sums.Exposing, n.id)
	return err
}

// summary is what the sightings of a cell come to. They are added newest first.
type summary struct {
	sightings   int
	radio       cell.Radio
	first, last int64
	counts      counts
	contents    int64 // the content, if it is as one sighting had it
	merged      *content
	seen        map[int64]bool
}

func (m *summary) began(first int64) {
	if first != 0 && (m.first == 0 || first < m.first) {
		m.first = first
	}
}

func (m *summary) add(r *reader, s *sighting) error {
	if m.sightings == 0 {
		m.radio, m.last, m.contents, m.seen = s.radio, s.last, s.contents, map[int64]bool{}
	}
	m.sightings++
	m.began(s.first)
	m.counts.add(&s.counts)
	if m.radio.ARFCN == cell.NoARFCN {
		m.radio.ARFCN, m.radio.PCS = s.radio.ARFCN, s.radio.PCS
	}
	if m.radio.PCI == cell.NoPCI {
		m.radio.PCI = s.radio.PCI
	}
	if m.seen[s.contents] {
		return nil
	}
	m.seen[s.contents] = true
	if s.contents == m.contents {
		return nil
	}
	older, err := r.content(s.contents)
	if err != nil {
		return err
	}
	if m.merged == nil {
		newest, err := r.content(m.contents)
		if err != nil {
			return err
		}
		m.merged = newest.clone()
	}
	m.merged.fill(older)
	return nil
}

func (c *content) clone() *content {
	out := *c
	out.params, out.measured = slices.Clone(c.params), maps.Clone(c.measured)
	return &out
}

// fill takes over what the older content says and c does not.
func (c *content) fill(older *content) {
	for _, p := range older.params {
		i, found := slices.BinarySearchFunc(c.params, p.Name, func(p cell.Parameter, name string) int { return strings.Compare(p.Name, name) })
		if !found {
			c.params = slices.Insert(c.params, i, p)
		}
	}
	if c.idle.Empty() {
		c.idle = older.idle
	}
	if c.dedicated.Empty() {
		c.dedicated = older.dedicated
	}
	if c.carriers.Empty() {
		c.carriers = older.carriers
	}
	c.has |= older.has &^ c.known
	c.known |= older.known
	for src, list := range older.measured {
		if len(c.measured[src]) == 0 {
			c.measured[src] = list
		}
	}
	if len(c.plmns) == 0 {
		c.plmns = older.plmns
	}
	if len(c.bands) == 0 {
		c.bands = older.bands
	}
}

var insertCell = "INSERT INTO cell VALUES (?" + strings.Repeat(", ?", 10+numCounts) + ")"

func (b *Builder) cell(r *reader, network int64, id event.CellID, m *summary, normal, other int) error {
	contents := m.contents
	if m.merged != nil {
		digest, err := m.merged.sum()
		if err != nil {
			return err
		}
		if contents, err = b.content(digest, func() (*content, error) { return m.merged, nil }); err != nil {
			return err
		}
	}
	_, err := b.exec(insertCell, append([]any{
		network, int64(id.Area), int64(id.Cell), m.radio.ARFCN, flag(m.radio.PCS), m.radio.PCI, normal, other, contents, m.first, m.last,
	}, m.counts.values()...)...)
	return err
}

// sweep removes what only replaced records referred to.
func (b *Builder) sweep() error {
	for _, s := range []string{
		"DELETE FROM content WHERE id NOT IN (SELECT content FROM sighting UNION SELECT content FROM cell)",
		"DELETE FROM parameter WHERE id NOT IN (SELECT j.value FROM content, json_each(content.parameters) j)",
		"DELETE FROM word WHERE id NOT IN (SELECT name FROM parameter UNION SELECT text FROM parameter UNION SELECT tool FROM capture)",
	} {
		if _, err := b.exec(s); err != nil {
			return err
		}
	}
	return nil
}

// byRATAndPLMN orders networks as reports do.
func byRATAndPLMN(a, b network) int {
	return cmp.Or(cmp.Compare(a.rat, b.rat), strings.Compare(a.plmn.String(), b.plmn.String()))
}
