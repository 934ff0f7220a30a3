// Package capture reads capture files and streams frame by frame, finds what in a
// frame is signalling of a mobile network, and keeps the ledger that says what
// became of every frame.
//
//	Reader     classic pcap and pcapng, plain or inside gzip or zstd → Frame
//	Unwrapper  Frame → Payload: link, network and transport layers off
//	Ledger     the balance of one capture
//
// The containers follow draft-ietf-opsawg-pcap-04 and draft-ietf-opsawg-pcapng-02
// (cited below as pcap and pcapng), link types the registry of tcpdump.org, and
// the frame numbers are those Wireshark shows.
//
// A capture is untrusted. No length from a file sizes an allocation, memory does
// not depend on the length of the file, and every loop advances. A damaged file
// gives the frames before and after the damage and an entry per damage; nothing
// is dropped without an entry.
//
// Not decoded: IP fragments, tunnels other than IP in IP, and the protocols above
// TCP and SCTP. Blocks of pcapng that carry no packet are passed over: name
// resolution, statistics, decryption secrets, custom and systemd journal blocks.
package capture
