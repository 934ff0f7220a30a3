package observe

// clock compares the clock of a capture with the frame numbers of GSM's radio
// interface: gr-gsm decodes recordings faster than they were received and writes the
// time of decoding.
type clock struct {
	arfcn     uint32
	fn        uint32
	time      int64
	air, wall int64
}

// Frame numbers that are further apart than this many frames (a minute) are of two
// recordings.
const maxFrameGap = 13000

// hear takes the frame number of a packet heard at time.
func (c *clock) hear(arfcn, fn uint32, time int64) {
	if fn == 0 || time == 0 {
		return
	}
	if c.fn != 0 && c.arfcn == arfcn && fn > c.fn && fn-c.fn < maxFrameGap {
		c.air += int64(fn-c.fn) * 120e6 / 26
		c.wall += max(0, time-c.time)
	}
	if c.fn == 0 || c.arfcn != arfcn || fn > c.fn || c.fn-fn > maxFrameGap {
		c.arfcn, c.fn, c.time = arfcn, fn, time
	}
}

// ofDecoding reports whether the capture's clock is that of decoding: what lasted
// several seconds on air took less than a third of that by the clock.
func (c *clock) ofDecoding() bool { return c.air >= 5e9 && c.wall < c.air/3 }

// ClockOfDecoding returns the time that the frames of GSM took on air and by the
// capture's clock, in nanoseconds, if the clock is that of decoding, not of reception.
func (o *Observer) ClockOfDecoding() (air, wall int64, ok bool) {
	return o.clock.air, o.clock.wall, o.clock.ofDecoding()
}
