package uper

// Bounds on what a message or a schema can make this package do. A message that
// exceeds one ends with wire.ErrUnsupported.
const (
	// maxDepth is how deep values may nest, contained messages included: RRC messages
	// stay under 25 levels each, and a container in a container of a message under 80.
	maxDepth = 128

	// maxNodes is how many values a message and the messages decoded by More may
	// have: at one value per bit the largest PDCP SDU (9000 octets, TS 38.323 §4.3.1)
	// has 72 000.
	maxNodes = 100_000

	// maxMessage is the longest message in octets: 16 segments of the largest PDCP SDU
	// (TS 38.331 §5.7.7) are 144 000.
	maxMessage = 256 << 10

	// maxArena bounds the octets kept for a message, those of More and the
	// reassembled fragments, each a copy of what contains it.
	maxArena = 8 * maxMessage

	// maxIndex is the greatest index of an addition, alternative or value behind an
	// extension marker; 3GPP's have less than 100.
	maxIndex = 1 << 16

	// keptOctets is how much storage for shifted strings outlives a message.
	keptOctets = maxMessage

	// maxText is the longest JSON text that is encoded, in octets: maxNodes values of
	// 160 octets, name and all.
	maxText = 16 << 20

	// maxStored bounds the octets kept while text is encoded, a contained object being
	// kept once more than its parts.
	maxStored = 4 * maxText

	// maxSchema is the longest binary schema in octets; that of TS 25.331, the longest
	// of the three RRC protocols, has 0.36 million.
	maxSchema = 4 << 20

	// maxTypes is how many types a schema may have; TS 25.331 has about 7000.
	maxTypes = 1 << 16

	// maxItems is how many components, additions, enumerated values or strings a
	// binary schema may have, each; TS 25.331 has 18 000 components.
	maxItems = 1 << 18
)

// Thresholds of X.691.
const (
	// wholeSizes is the upper bound from which a size is not a constrained length
	// (§11.9.4.1).
	wholeSizes = 64 << 10

	// fragment is the unit of a fragmented length, and maxFragments how many of it one
	// fragment may hold (§11.9.3.8).
	fragment     = 16 << 10
	maxFragments = 4
)
