// Package gsmtap turns what radio capture tools write into typed signalling
// messages. It reads the GSMTAP header (version 2 and 3), finds out which protocol
// a payload is, puts segmented messages together and hands octets to the decoder
// of the protocol.
//
//	capture   files and streams → frames, link layers, the ledger
//	gsmtap    GSMTAP header, channel → decoder
//	gsm/...   lapdm (TS 44.006), rr (TS 44.018), mm, cc, gmm, sm (TS 24.008), sms (TS
//	          24.011, TS 23.040), facility (TS 24.080), cbch (TS 44.012), llc (TS 44.064),
//	          rlcmac (TS 44.060): octets → messages
//	lte/...   rrc, nas, s1ap; macframed for MAC, RLC and PDCP below them
//	rrc, uper bits → trees of RRC messages, by a schema compiled from ASN.1
//	ident     PLMN, areas, cells; IMSI, IMEI, TMSI and their pseudonyms
//	wire      bounded readers and the error that locates a defect
//
// Nothing here judges: what a message means for the question whether a cell is a
// false base station is package detect's business. On hostile input no decoder
// panics, and none sizes an allocation from a length it read.
package gsmtap
