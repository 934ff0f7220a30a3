// Package gsmtap turns what radio capture tools write into typed signalling
// messages. It reads the GSMTAP header (version 2 and 3), finds out which protocol
// a payload is, puts segmented messages together and hands octets to the decoder
// of the protocol.
//
//	capture   files and streams → frames, link layers, the ledger
//	gsmtap    GSMTAP header, channel → decoder
//	gsm/...   lapdm (TS 44.006), rr (TS 44.018), mm (TS 24.008): octets → messages
//	ident     PLMN, areas, cells; IMSI, IMEI, TMSI and their pseudonyms
//	wire      bounded readers and the error that locates a defect
//
// Nothing here judges: what a message means for the question whether a cell is a
// false base station is package detect's business. On hostile input no decoder
// panics, and none sizes an allocation from a length it read.
package gsmtap
