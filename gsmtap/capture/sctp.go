package capture

import (
	"encoding/binary"

	"github.com/fbsdetect/fbsdetect/gsmtap/wire"
)

// Chunk types with user data.
const (
	chunkData  = 0  // RFC 9260 §3.3.1
	chunkIData = 64 // RFC 8260 §2.1
)

// payloadProtocols are the payload protocol identifiers of mobile networks
// (IANA's registry of SCTP payload protocol identifiers).
var payloadProtocols = map[uint32]string{
	3:  "M3UA over SCTP (not decoded)",
	4:  "SUA over SCTP (not decoded)",
	18: "S1AP over SCTP (not decoded)",
	19: "RUA over SCTP (not decoded)",
	20: "HNBAP over SCTP (not decoded)",
	24: "SBc-AP over SCTP (not decoded)",
	25: "NBAP over SCTP (not decoded)",
	27: "X2AP over SCTP (not decoded)",
	60: "NGAP over SCTP (not decoded)",
	61: "XnAP over SCTP (not decoded)",
	62: "F1AP over SCTP (not decoded)",
	64: "E1AP over SCTP (not decoded)",
	66: "NGAP over DTLS over SCTP (not decoded)",
	67: "XnAP over DTLS over SCTP (not decoded)",
	68: "F1AP over DTLS over SCTP (not decoded)",
	69: "E1AP over DTLS over SCTP (not decoded)",
}

// sctp looks for user data of a mobile network in the packet b. Packets with other
// chunks, or other user data, are foreign. The first such chunk names the frame.
func sctp(f *Frame, b []byte, p *Payload) {
	if len(b) < 12 {
		malformed(p, "SCTP header", f.offset(b), wire.ErrShort)
		return
	}
	b = b[12:]
	for range maxChunks {
		if len(b) < 4 {
			return
		}
		kind, length := b[0], int(binary.BigEndian.Uint16(b[2:]))
		header := 16
		switch kind {
		case chunkIData:
			header = 20
			fallthrough
		case chunkData:
			if length < header || len(b) < header {
				malformed(p, "SCTP chunk", f.offset(b), wire.ErrLength)
				return
			}
			// In an I-DATA chunk the place holds the identifier only in a first fragment,
			// which is flag B, bit 2 (value 2).
			id := binary.BigEndian.Uint32(b[header-4:])
			if reason, ok := payloadProtocols[id]; ok && (kind == chunkData || b[1]&2 != 0) {
				unsupported(p, reason, b[header:min(length, len(b))])
				p.Truncated = length > len(b)
				return
			}
		}
		if length < 4 {
			malformed(p, "SCTP chunk", f.offset(b), wire.ErrLength)
			return
		}
		b = b[min((length+3)&^3, len(b)):]
	}
}
