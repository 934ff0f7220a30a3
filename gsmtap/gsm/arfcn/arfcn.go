// Package arfcn holds GSM's absolute radio frequency channel numbers and sets of
// them (TS 45.005 §2 and TS 44.018 §10.5.2.13).
package arfcn

import (
	"math/bits"
	"strconv"
)

// Max is the highest ARFCN.
const Max = 1023

// Set is a set of ARFCNs, 0 to 1023. It is a value: assignment copies it and ==
// compares it; the zero value is empty.
type Set [16]uint64

// Add puts n into the set; numbers outside 0..1023 are ignored.
func (s *Set) Add(n int) {
	if n >= 0 && n <= Max {
		s[n>>6] |= 1 << (n & 63)
	}
}

// Remove takes n out of the set.
func (s *Set) Remove(n int) {
	if n >= 0 && n <= Max {
		s[n>>6] &^= 1 << (n & 63)
	}
}

// Has reports whether n is in the set.
func (s *Set) Has(n int) bool {
	return n >= 0 && n <= Max && s[n>>6]>>(n&63)&1 == 1
}

// Union adds all of o.
func (s *Set) Union(o *Set) {
	for i := range s {
		s[i] |= o[i]
	}
}

// Len counts the members.
func (s *Set) Len() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// Empty reports whether the set has no member.
func (s *Set) Empty() bool { return *s == Set{} }

// Append appends the members in rising order.
func (s *Set) Append(to []int) []int {
	for i, w := range s {
		for w != 0 {
			to = append(to, i*64+bits.TrailingZeros64(w))
			w &= w - 1
		}
	}
	return to
}

// String lists the members in rising order, separated by spaces.
func (s Set) String() string {
	var b []byte
	for i, w := range s {
		for w != 0 {
			if len(b) > 0 {
				b = append(b, ' ')
			}
			b = strconv.AppendInt(b, int64(i*64+bits.TrailingZeros64(w)), 10)
			w &= w - 1
		}
	}
	return string(b)
}

// MarshalJSON writes the members as an array of numbers in rising order.
func (s Set) MarshalJSON() ([]byte, error) {
	b := []byte{'['}
	for i, w := range s {
		for w != 0 {
			if len(b) > 1 {
				b = append(b, ',')
			}
			b = strconv.AppendInt(b, int64(i*64+bits.TrailingZeros64(w)), 10)
			w &= w - 1
		}
	}
	return append(b, ']'), nil
}

// Band names the frequency band of an ARFCN, as TS 45.005 §2 divides the numbers;
// pcs chooses PCS 1900 for the numbers 512 to 810 that it shares with DCS 1800.
// It is empty for a number that no band uses.
func Band(n int, pcs bool) string {
	switch {
	case n >= 0 && n <= 124, n >= 975 && n <= 1023:
		return "GSM 900"
	case n >= 955 && n <= 974:
		return "GSM-R 900"
	case n >= 128 && n <= 251:
		return "GSM 850"
	case n >= 259 && n <= 293, n >= 306 && n <= 340:
		return "GSM 450"
	case n >= 438 && n <= 511:
		return "GSM 750"
	case n >= 512 && n <= 810 && pcs:
		return "PCS 1900"
	case n >= 512 && n <= 885:
		return "DCS 1800"
	}
	return ""
}

// DownlinkKHz returns the downlink carrier frequency in kHz, or 0 for a number
// that no band uses (TS 45.005 §2).
func DownlinkKHz(n int, pcs bool) int {
	switch Band(n, pcs) {
	case "GSM 900":
		if n <= 124 {
			return 935000 + 200*n
		}
		return 935000 + 200*(n-1024)
	case "GSM-R 900":
		return 935000 + 200*(n-1024)
	case "GSM 850":
		return 869200 + 200*(n-128)
	case "GSM 450":
		if n <= 293 {
			return 460600 + 200*(n-259)
		}
		return 489000 + 200*(n-306)
	case "GSM 750":
		return 777200 + 200*(n-438)
	case "PCS 1900":
		return 1930200 + 200*(n-512)
	case "DCS 1800":
		return 1805200 + 200*(n-512)
	}
	return 0
}
