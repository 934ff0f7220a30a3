// Package rules is the catalogue of detections: one rule a file, named by its ID.
//
// A rule file holds what the rule is called, why it matters, what harmless causes
// its finding has, the clauses and papers it rests on, its weight, its parameters
// with their sources, the function that looks, and vectors that show it firing and
// silent. To add a rule, copy the file of one that is like it; nothing else needs
// to change.
//
// Weights are log10 likelihood ratios (package score). They follow three rules of
// thumb: a broadcast parameter weighs at most 0.9, because genuine networks use
// every legal value somewhere; what differs from the other cells of the same network
// weighs more than what is unusual in general; what a network without the
// subscriber's key cannot avoid weighs most. A rule compares only with cells that
// were heard, and says nothing where too few were.
//
// The files session.go and broadcast.go hold what several rules share, mcc.go the
// table of country codes, vector.go the synthetic cells of the vectors.
package rules
