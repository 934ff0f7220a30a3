// Package macframed reads MAC PDUs of LTE in Wireshark's mac-lte-framed format and
// takes the signalling out of them: MAC (TS 36.321), RLC (TS 36.322) and
// PDCP (TS 36.323), all of Release 16.
//
//	context.go     the tags before a PDU: radio type, direction, RNTI, SFN ...
//	mac.go         subheaders and control elements, random access response
//	rlc.go         reassembly of RLC SDUs, one per bearer and direction
//	connection.go  what is known of a C-RNTI: timing advance, ciphering
//	decoder.go     Decoder: frame → RRC PDUs and MAC events
//	encode.go      the reverse, for tests and for making captures
//
// Of MAC-NR only the context is read.
//
// Not decoded: user plane, sidelink, single-cell multicast, the content of buffer
// status and power headroom reports, RLC STATUS PDUs. Nothing is deciphered: what
// is ciphered is marked so. No input panics, nothing is allocated for a frame
// except the state of a new connection, and the state is bounded by MaxConnections
// and MaxSDU.
package macframed
