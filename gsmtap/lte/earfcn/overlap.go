package earfcn

// Overlaps reports whether the frequency of a downlink EARFCN lies in a band, by
// whatever band it is numbered: bands overlap (TS 36.101 §5.5), and a phone may number
// a frequency by the smaller band inside the one that the cell names.
func Overlaps(earfcn uint32, band int) bool {
	r, known := Of(band)
	n := downlink(earfcn)
	if !known || n == nil {
		return false
	}
	at := n.DL100kHz + earfcn - n.DLFirst
	return at >= r.DL100kHz && at <= r.DL100kHz+r.DLLast-r.DLFirst
}

// RecoverOverlap is Recover for numbers of other bands that overlap the given ones.
func RecoverOverlap(low14 uint32, bands []int) (earfcn uint32, ok, ambiguous bool) {
	last := ranges[len(ranges)-1].DLLast
	for n := low14 & (1<<lowBits - 1); n <= last; n += 1 << lowBits {
		for _, b := range bands {
			if !Overlaps(n, b) {
				continue
			}
			if ok || ambiguous {
				return earfcn, false, true
			}
			earfcn, ok = n, true
			break
		}
	}
	return earfcn, ok, false
}
