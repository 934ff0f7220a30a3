// Package earfcn holds the channel numbers of E-UTRA: bands, frequencies and the
// EARFCN ranges of TS 36.101 v17 §5.5 and §5.7.3, and the recovery of an EARFCN of
// which a capture kept only the low bits.
package earfcn

import "sort"

// Max is the highest EARFCN (TS 36.331 §6.4, maxEARFCN2).
const Max = 262143

// Duplex is how a band separates downlink and uplink.
type Duplex uint8

// Duplex modes. SDL bands have a downlink only.
const (
	FDD Duplex = iota + 1
	TDD
	SDL
)

// String names the mode; empty for the zero value.
func (d Duplex) String() string {
	switch d {
	case FDD:
		return "FDD"
	case TDD:
		return "TDD"
	case SDL:
		return "SDL"
	}
	return ""
}

// Range is one row of TS 36.101 table 5.7.3-1. A TDD band uses its downlink numbers
// for both directions.
type Range struct {
	// Band is the E-UTRA operating band.
	Band int
	// Mode is the duplex mode (TS 36.101 table 5.5-1).
	Mode Duplex
	// DL100kHz is FDL_low in units of 100 kHz, DLFirst to DLLast the downlink EARFCNs;
	// NOffs-DL is DLFirst.
	DL100kHz        uint32
	DLFirst, DLLast uint32
	// UL100kHz, ULFirst and ULLast are the same for the uplink of an FDD band, else 0.
	UL100kHz        uint32
	ULFirst, ULLast uint32
}

// fdd makes the row of a band with an uplink of its own.
func fdd(band int, dl100kHz, dlFirst, dlLast, ul100kHz, ulFirst, ulLast uint32) Range {
	return Range{band, FDD, dl100kHz, dlFirst, dlLast, ul100kHz, ulFirst, ulLast}
}

// one makes the row of a band with downlink numbers only.
func one(band int, m Duplex, dl100kHz, first, last uint32) Range {
	return Range{Band: band, Mode: m, DL100kHz: dl100kHz, DLFirst: first, DLLast: last}
}

// ranges is sorted by band, which is also the order of the downlink numbers. 252
// and 255 are the downlink only bands of the LTE-U Forum in unlicensed spectrum.
var ranges = [...]Range{
	fdd(1, 21100, 0, 599, 19200, 18000, 18599),
	fdd(2, 19300, 600, 1199, 18500, 18600, 19199),
	fdd(3, 18050, 1200, 1949, 17100, 19200, 19949),
	fdd(4, 21100, 1950, 2399, 17100, 19950, 20399),
	fdd(5, 8690, 2400, 2649, 8240, 20400, 20649),
	fdd(6, 8750, 2650, 2749, 8300, 20650, 20749),
	fdd(7, 26200, 2750, 3449, 25000, 20750, 21449),
	fdd(8, 9250, 3450, 3799, 8800, 21450, 21799),
	fdd(9, 18449, 3800, 4149, 17499, 21800, 22149),
	fdd(10, 21100, 4150, 4749, 17100, 22150, 22749),
	fdd(11, 14759, 4750, 4949, 14279, 22750, 22949),
	fdd(12, 7290, 5010, 5179, 6990, 23010, 23179),
	fdd(13, 7460, 5180, 5279, 7770, 23180, 23279),
	fdd(14, 7580, 5280, 5379, 7880, 23280, 23379),
	fdd(17, 7340, 5730, 5849, 7040, 23730, 23849),
	fdd(18, 8600, 5850, 5999, 8150, 23850, 23999),
	fdd(19, 8750, 6000, 6149, 8300, 24000, 24149),
	fdd(20, 7910, 6150, 6449, 8320, 24150, 24449),
	fdd(21, 14959, 6450, 6599, 14479, 24450, 24599),
	fdd(22, 35100, 6600, 7399, 34100, 24600, 25399),
	fdd(23, 21800, 7500, 7699, 20000, 25500, 25699),
	fdd(24, 15250, 7700, 8039, 16265, 25700, 26039),
	fdd(25, 19300, 8040, 8689, 18500, 26040, 26689),
	fdd(26, 8590, 8690, 9039, 8140, 26690, 27039),
	fdd(27, 8520, 9040, 9209, 8070, 27040, 27209),
	fdd(28, 7580, 9210, 9659, 7030, 27210, 27659),
	one(29, SDL, 7170, 9660, 9769),
	fdd(30, 23500, 9770, 9869, 23050, 27660, 27759),
	fdd(31, 4625, 9870, 9919, 4525, 27760, 27809),
	one(32, SDL, 14520, 9920, 10359),
	one(33, TDD, 19000, 36000, 36199),
	one(34, TDD, 20100, 36200, 36349),
	one(35, TDD, 18500, 36350, 36949),
	one(36, TDD, 19300, 36950, 37549),
	one(37, TDD, 19100, 37550, 37749),
	one(38, TDD, 25700, 37750, 38249),
	one(39, TDD, 18800, 38250, 38649),
	one(40, TDD, 23000, 38650, 39649),
	one(41, TDD, 24960, 39650, 41589),
	one(42, TDD, 34000, 41590, 43589),
	one(43, TDD, 36000, 43590, 45589),
	one(44, TDD, 7030, 45590, 46589),
	one(45, TDD, 14470, 46590, 46789),
	one(46, TDD, 51500, 46790, 54539),
	one(47, TDD, 58550, 54540, 55239),
	one(48, TDD, 35500, 55240, 56739),
	one(49, TDD, 35500, 56740, 58239),
	one(50, TDD, 14320, 58240, 59089),
	one(51, TDD, 14270, 59090, 59139),
	one(52, TDD, 33000, 59140, 60139),
	one(53, TDD, 24835, 60140, 60254),
	fdd(65, 21100, 65536, 66435, 19200, 131072, 131971),
	fdd(66, 21100, 66436, 67335, 17100, 131972, 132671),
	one(67, SDL, 7380, 67336, 67535),
	fdd(68, 7530, 67536, 67835, 6980, 132672, 132971),
	one(69, SDL, 25700, 67836, 68335),
	fdd(70, 19950, 68336, 68585, 16950, 132972, 133121),
	fdd(71, 6170, 68586, 68935, 6630, 133122, 133471),
	fdd(72, 4610, 68936, 68985, 4510, 133472, 133521),
	fdd(73, 4600, 68986, 69035, 4500, 133522, 133571),
	fdd(74, 14750, 69036, 69465, 14270, 133572, 134001),
	one(75, SDL, 14320, 69466, 70315),
	one(76, SDL, 14270, 70316, 70365),
	fdd(85, 7280, 70366, 70545, 6980, 134002, 134181),
	fdd(87, 4200, 70546, 70595, 4100, 134182, 134231),
	fdd(88, 4220, 70596, 70645, 4120, 134232, 134281),
	fdd(103, 7570, 70646, 70655, 7870, 134282, 134291),
	one(252, SDL, 51500, 255144, 256143),
	one(255, SDL, 57250, 260894, 262143),
}

// Of returns the row of band; ok is false for a number that is no E-UTRA band.
func Of(band int) (r Range, ok bool) {
	i := sort.Search(len(ranges), func(i int) bool { return ranges[i].Band >= band })
	if i == len(ranges) || ranges[i].Band != band {
		return Range{}, false
	}
	return ranges[i], true
}

// downlink returns the row that holds a downlink EARFCN.
func downlink(earfcn uint32) *Range {
	i := sort.Search(len(ranges), func(i int) bool { return ranges[i].DLLast >= earfcn })
	if i == len(ranges) || earfcn < ranges[i].DLFirst {
		return nil
	}
	return &ranges[i]
}

// uplink returns the row that holds an uplink EARFCN.
func uplink(earfcn uint32) *Range {
	for i := range ranges {
		r := &ranges[i]
		switch r.Mode {
		case FDD:
			if earfcn >= r.ULFirst && earfcn <= r.ULLast {
				return r
			}
		case TDD:
			if earfcn >= r.DLFirst && earfcn <= r.DLLast {
				return r
			}
		}
	}
	return nil
}

// Band returns the band that a downlink EARFCN belongs to; the ranges of two bands
// never overlap, though their frequencies may.
func Band(earfcn uint32) (band int, ok bool) {
	if r := downlink(earfcn); r != nil {
		return r.Band, true
	}
	return 0, false
}

// InBand reports whether a downlink EARFCN is a number of band.
func InBand(earfcn uint32, band int) bool {
	r, ok := Of(band)
	return ok && earfcn >= r.DLFirst && earfcn <= r.DLLast
}

// DownlinkMHz returns the downlink carrier frequency in MHz, 0 for a number that no
// band uses (TS 36.101 §5.7.3).
func DownlinkMHz(earfcn uint32) float64 {
	r := downlink(earfcn)
	if r == nil {
		return 0
	}
	return float64(r.DL100kHz+earfcn-r.DLFirst) / 10
}

// UplinkBand returns the band that an uplink EARFCN belongs to.
func UplinkBand(earfcn uint32) (band int, ok bool) {
	if r := uplink(earfcn); r != nil {
		return r.Band, true
	}
	return 0, false
}

// UplinkMHz returns the uplink carrier frequency in MHz, 0 for a number that no band
// uses.
func UplinkMHz(earfcn uint32) float64 {
	r := uplink(earfcn)
	switch {
	case r == nil:
		return 0
	case r.Mode == TDD:
		return float64(r.DL100kHz+earfcn-r.DLFirst) / 10
	}
	return float64(r.UL100kHz+earfcn-r.ULFirst) / 10
}

// lowBits is how many bits of the EARFCN a GSMTAP header of version 2 has room for.
const lowBits = 14

// Recover returns the downlink EARFCN whose low 14 bits are low14 and that lies in
// band or one of more: a GSMTAP header of version 2 has no room for the rest, and a
// cell tells its bands in SIB1 (freqBandIndicator and multiBandInfoList). ok says
// that there is exactly one such number; ambiguous that there are several, of which
// earfcn is the lowest one in band or, without any there, in the first of more.
func Recover(low14 uint32, band int, more []int) (earfcn uint32, ok, ambiguous bool) {
	low14 &= 1<<lowBits - 1
	found := false
	consider := func(b int) {
		r, known := Of(b)
		if !known {
			return
		}
		for n := low14; n <= r.DLLast; n += 1 << lowBits {
			switch {
			case n < r.DLFirst:
			case !found:
				earfcn, found = n, true
			case n != earfcn:
				ambiguous = true
			}
		}
	}
	consider(band)
	for _, b := range more {
		consider(b)
	}
	return earfcn, found && !ambiguous, ambiguous
}
