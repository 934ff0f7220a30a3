package capture

// Bounds on what a capture can make the reader do. Whatever exceeds one is a
// Damage with ErrTooLarge.
const (
	// maxFrame is the largest captured frame in octets: 256 KiB is the ceiling
	// tcpdump and Wireshark use for these link types; a GSMTAP datagram fits in
	// 64 KiB.
	maxFrame = 256 << 10

	// maxPacketBlock is the largest pcapng block that is looked at as a whole: a
	// frame and one option of the greatest length (pcapng §3.5, 16 bits).
	maxPacketBlock = maxFrame + 64<<10

	// maxBlock is the largest pcapng block of any type, the bound Wireshark sets.
	maxBlock = 16 << 20

	// maxWindow is how much input is held at once: to judge whether a block
	// starts at an octet its end must be in view, and with twice that a search
	// moves the window once in maxPacketBlock octets.
	maxWindow = 2 * maxPacketBlock

	// firstWindow is held before the input has shown to be longer.
	firstWindow = 16 << 10

	// steadyWindow is held for input longer than firstWindow: large reads make
	// hashing and system calls cheap.
	steadyWindow = 256 << 10

	// maxInterfaces is how many interfaces of one section are kept; dumpcap on all
	// devices of a server stays under 100.
	maxInterfaces = 4096

	// maxLinkTypes bounds the list of link types in a report.
	maxLinkTypes = 64

	// maxDamages is how many damages are kept; all are counted.
	maxDamages = 100

	// maxComments is how many comments are kept; all are counted.
	maxComments = 100

	// maxComment is how much of one comment is kept, in octets.
	maxComment = 1 << 10

	// maxNesting is how many compressions may lie around a capture.
	maxNesting = 2

	// maxInflated bounds the octets decompressed from one input.
	maxInflated = 64 << 30

	// maxRatio bounds decompressed over compressed octets once inflatedFloor is
	// passed. Deflate cannot exceed 1032; captures with their changing time stamps
	// stay far below.
	maxRatio      = 2000
	inflatedFloor = 256 << 20

	// maxZstdWindow is the window a zstd frame may ask for, which is allocated from
	// the claim alone: RFC 8878 §3.1.1.1.2 asks decoders for 8 MiB, and zstd uses
	// more only at --ultra or --long.
	maxZstdWindow = 8 << 20

	// maxDrain bounds what is read after the last frame to complete the hash.
	maxDrain = 64 << 30

	// maxReasons is how many reasons a ledger tells apart.
	maxReasons = 64

	// maxReasonName bounds a name from the file inside a reason, in octets.
	maxReasonName = 48

	// maxNames bounds the names of exported PDUs an Unwrapper remembers.
	maxNames = 64

	// maxChunks is how many chunks of one SCTP packet are looked at; a packet of
	// 1500 octets holds at most 93 of the smallest DATA chunks.
	maxChunks = 128
)
