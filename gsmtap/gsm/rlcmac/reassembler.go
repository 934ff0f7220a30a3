package rlcmac

// Bounds of a Reassembler.
const (
	// MaxFrame is the longest LLC frame in octets: address 1, control 36, information 1520,
	// MAC 4 and FCS 3 (TS 44.064 §5.2, §6.3, §8.9.8).
	MaxFrame = 1 + 36 + 1520 + 4 + 3
	// MaxFlows is the number of flows followed at once: 32 in each direction on four
	// carriers.
	MaxFlows = 256
)

// Status says what a Reassembler made of a block. Several can be set.
type Status struct {
	// Duplicate: the block repeats one that was pushed before; nothing is returned.
	Duplicate bool
	// Lost: a frame in progress was given up because a block is missing, or the frame is
	// longer than MaxFrame.
	Lost bool
	// Skipped: the block holds a part of a frame whose beginning is missing, or came after
	// blocks that follow it.
	Skipped bool
}

// Reassembler joins the parts of LLC frames in data blocks (TS 44.060 §9.1.11, §10.4.14).
// Its zero value is ready. It is not for concurrent use.
//
// It listens, so it cannot ask for a missing block: blocks count only in the order of
// their numbers, and a frame that lacks one is given up.
type Reassembler struct {
	flows   map[flowKey]*flow
	clock   uint64
	evicted uint64
}

// flowKey tells flows apart. Timeslots do not: a flow may use several.
type flowKey struct {
	carrier uint64
	tfi     uint8
	uplink  bool
}

type flow struct {
	used uint64 // when, by Reassembler.clock
	next uint8  // BSN
	// ended: the flow has not begun, or its last block was pushed.
	ended bool
	// sums are those of the latest blocks by their number, 0 for one that is missing. They
	// tell a block that is sent again from one of another flow with the same identity.
	sums [128]uint64
	// inFrame: buf holds a frame from its beginning on. Otherwise the beginning of the
	// next frame is awaited.
	inFrame bool
	n       int
	buf     [MaxFrame]byte
}

// Evicted returns the number of flows forgotten because there were more than MaxFlows.
func (r *Reassembler) Evicted() uint64 { return r.evicted }

// Push takes the next data block of a carrier and calls frame for every LLC frame that
// ends in it; the octets are valid during the call. carrier tells carriers apart in any
// code of the caller's choice.
func (r *Reassembler) Push(carrier uint64, b *Block, frame func([]byte)) (st Status) {
	f := r.flow(flowKey{carrier, b.TFI, b.Uplink})
	begins := f.ended
	ahead := (b.BSN - f.next) & 127
	switch sum := f.sums[b.BSN]; {
	case ahead < window:
		for n := f.next; n != b.BSN; n = (n + 1) & 127 {
			f.sums[n] = 0
		}
	case sum == b.sum:
		return Status{Duplicate: true}
	case sum == 0 && !f.ended && b.BSN != 0:
		f.sums[b.BSN] = b.sum
		return Status{Skipped: true}
	default:
		f.sums = [128]uint64{}
		begins = true
	}
	if ahead != 0 {
		st.Lost = f.n > 0
		f.inFrame, f.n = begins && b.BSN == 0, 0
	}
	f.sums[b.BSN] = b.sum
	f.next = (b.BSN + 1) & 127
	for _, p := range b.parts[:b.count] {
		switch {
		case !f.inFrame:
			st.Skipped = true
		case len(p.octets) > len(f.buf)-f.n:
			st.Lost = true
			f.inFrame, f.n = false, 0
		default:
			f.n += copy(f.buf[f.n:], p.octets)
			if p.ends {
				frame(f.buf[:f.n])
			}
		}
		if p.ends {
			f.inFrame, f.n = true, 0
		}
	}
	if f.ended = b.Final; f.ended {
		// A phone may go on with the next number (TS 44.060 §9.3.1b).
		f.inFrame, f.n = true, 0
	}
	return st
}

// flow returns the state of a flow. Where there are too many, the one is forgotten that
// was used least recently.
func (r *Reassembler) flow(k flowKey) *flow {
	r.clock++
	f := r.flows[k]
	switch {
	case f != nil:
	case len(r.flows) < MaxFlows:
		f = &flow{ended: true, inFrame: true}
	default:
		var oldest flowKey
		for k, g := range r.flows {
			if f == nil || g.used < f.used {
				f, oldest = g, k
			}
		}
		delete(r.flows, oldest)
		*f = flow{ended: true, inFrame: true}
		r.evicted++
	}
	if r.flows == nil {
		r.flows = map[flowKey]*flow{}
	}
	f.used = r.clock
	r.flows[k] = f
	return f
}

// window is the number of blocks that a sender may send ahead of an acknowledgement (TS
// 44.060 §9.1.9): a number is one of those before or one of those to come.
const window = 64
