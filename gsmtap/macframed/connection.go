package macframed

// MaxConnections is the number of connections followed at once: more phones than a
// cell serves at a time. The one used longest ago is forgotten for a new one. A
// connection may take 4 times MaxSDU octets.
const MaxConnections = 512

// CipherState is how far a connection has come with ciphering (TS 36.331 §5.3.4).
type CipherState uint8

// States of ciphering.
const (
	// CipherUnknown: the beginning of the connection was not captured.
	CipherUnknown CipherState = iota
	// CipherOff: security was not activated yet.
	CipherOff
	// CipherCommanded: SecurityModeCommand was seen; the downlink is ciphered since.
	CipherCommanded
	// CipherOn: SecurityModeComplete was seen; both directions are ciphered.
	CipherOn
)

// String names the state.
func (s CipherState) String() string {
	switch s {
	case CipherOff:
		return "off"
	case CipherCommanded:
		return "commanded"
	case CipherOn:
		return "on"
	}
	return "unknown"
}

// Connection is what is known of a C-RNTI from its random access response on, or
// from the first signalling seen. A C-RNTI that is given to another phone starts a
// new Connection.
//
// The methods are for what only RRC tells; the one who decodes it calls them while
// the PDU is emitted.
type Connection struct {
	// ID is unique in a capture and counts from 1.
	ID   uint32
	RNTI uint16
	// FromStart is set if the capture shows the beginning: a random access response
	// or a message on CCCH.
	FromStart bool
	// TimingAdvance is that of the random access response with all commands since
	// applied, in units of 16 Ts (78.12 m of distance); -1 if unknown.
	TimingAdvance int
	// Cipher is the state of ciphering, Algorithm the number of the EEA or -1 if
	// unknown.
	Cipher    CipherState
	Algorithm int

	srb        [2]*[2]reassembler // SRB1, SRB2; downlink, uplink
	identity   [6]byte            // first octets of the message on uplink CCCH
	identified bool               // identity is set
	requested  bool               // the message itself was seen, not its echo
	used       bool               // an SRB was used

	newer, older *Connection // by use
}

// SecurityModeCommand tells that the network commanded ciphering with the algorithm
// EEA<ciphering>. What it sends from now on is ciphered, unless that is EEA0.
func (c *Connection) SecurityModeCommand(ciphering int) {
	c.Cipher, c.Algorithm = CipherCommanded, ciphering
}

// SecurityModeComplete tells that the phone complied: what it sends from now on is
// ciphered, too.
func (c *Connection) SecurityModeComplete() { c.Cipher = CipherOn }

// SecurityModeFailure tells that the phone refused: nothing is ciphered.
func (c *Connection) SecurityModeFailure() { c.Cipher, c.Algorithm = CipherOff, -1 }

// Reestablish tells that the connection continues old (TS 36.331 §5.3.7), whose
// ciphering goes on. old is nil if it is not known.
func (c *Connection) Reestablish(old *Connection) {
	c.Cipher, c.Algorithm = CipherUnknown, -1
	if old != nil && old != c {
		c.Cipher, c.Algorithm = old.Cipher, old.Algorithm
	}
}

// Reset tells that the connection was set up or released: the bearers begin anew and
// without ciphering.
func (c *Connection) Reset() {
	c.Cipher, c.Algorithm = CipherOff, -1
	for _, dirs := range c.srb {
		if dirs != nil {
			dirs[0].reset()
			dirs[1].reset()
		}
	}
}

// bearer returns the state of SRB srb (1 or 2) in a direction.
func (c *Connection) bearer(srb uint8, uplink bool) *reassembler {
	p := &c.srb[srb-1]
	if *p == nil {
		*p = new([2]reassembler)
	}
	return &(*p)[direction(uplink)]
}

// direction numbers the directions as mac-lte-framed does not: downlink is 0.
func direction(uplink bool) int {
	if uplink {
		return 1
	}
	return 0
}

// ciphered says whether a PDU of an SRB is ciphered, as far as the connection's
// state tells; if it does not, unsure is set.
//
// While integrity protection is not active the MAC-I is 0 (TS 36.323 §6.3.4), which
// tells that a connection captured from its middle is not ciphered either.
func (c *Connection) ciphered(p *PDU) (ciphered, unsure bool) {
	switch {
	case !p.PDCP.Present:
		return false, false // SRB1bis, which is given up for SRB1 with security
	case c.Cipher == CipherUnknown || c.Cipher == CipherOff:
		return false, p.PDCP.MACI != 0
	case c.Algorithm == 0:
		return false, false
	case c.Algorithm < 0:
		return false, true
	case c.Cipher == CipherCommanded && p.Context.Uplink && p.SRB == 1:
		return false, true // SecurityModeComplete, unless that was not captured
	}
	return true, false
}

// connections holds the connections by C-RNTI and by use.
type connections struct {
	byRNTI         map[uint16]*Connection
	newest, oldest *Connection
	lastID         uint32
}

// find returns the connection of rnti or nil.
func (s *connections) find(rnti uint16) *Connection {
	c := s.byRNTI[rnti]
	if c != nil && c != s.newest {
		s.unlink(c)
		s.link(c)
	}
	return c
}

// start makes a new connection for rnti; a former one is forgotten.
func (s *connections) start(rnti uint16, fromStart bool, st *Stats) *Connection {
	if old := s.byRNTI[rnti]; old != nil {
		s.drop(old)
	} else if len(s.byRNTI) == MaxConnections {
		st.Evicted++
		s.drop(s.oldest)
	}
	s.lastID++
	st.Connections++
	c := &Connection{ID: s.lastID, RNTI: rnti, TimingAdvance: -1, Algorithm: -1, FromStart: fromStart}
	if fromStart {
		c.Cipher = CipherOff
	}
	if s.byRNTI == nil {
		s.byRNTI = make(map[uint16]*Connection)
	}
	s.byRNTI[rnti] = c
	s.link(c)
	return c
}

// drop forgets c.
func (s *connections) drop(c *Connection) {
	s.unlink(c)
	delete(s.byRNTI, c.RNTI)
}

func (s *connections) unlink(c *Connection) {
	if c.newer != nil {
		c.newer.older = c.older
	} else {
		s.newest = c.older
	}
	if c.older != nil {
		c.older.newer = c.newer
	} else {
		s.oldest = c.newer
	}
	c.newer, c.older = nil, nil
}

func (s *connections) link(c *Connection) {
	c.older = s.newest
	if s.newest != nil {
		s.newest.newer = c
	} else {
		s.oldest = c
	}
	s.newest = c
}
