package cbch

import "bytes"

// Bounds of a Reassembler.
const (
	maxBlocks = 4
	// MaxMessage is the length of the longest message in octets: four blocks.
	MaxMessage = maxBlocks * blockLen
	// MaxChannels is the number of channels followed at once. A cell has two, the basic and
	// the extended one.
	MaxChannels = 256
)

// Status says what a Reassembler made of a block. Several can be set; none is for a block
// that holds nothing.
type Status struct {
	// Complete: the block completes a message, that Push returned.
	Complete bool
	// ScheduleMessage: the message returned is a schedule message.
	ScheduleMessage bool
	// Segment: the block is part of a message that is not complete.
	Segment bool
	// Duplicate: the block repeats the one before it; nothing is returned.
	Duplicate bool
	// Lost: a message in progress was given up because a block is missing.
	Lost bool
	// Skipped: the block is part of a message whose blocks before it are missing.
	Skipped bool
}

// Reassembler joins the blocks of messages. Its zero value is ready. It is not for
// concurrent use.
//
// The blocks of a message follow each other on their channel (TS 44.012 §3.2), and nothing
// in them names the message: one that lacks a block is given up.
type Reassembler struct {
	channels map[uint64]*assembly
	clock    uint64
	evicted  uint64
}

// padding is a block that holds nothing (TS 44.006 §5.2).
var padding = bytes.Repeat([]byte{0x2b}, blockLen)

// assembly is the message in progress on a channel.
type assembly struct {
	used     uint64 // when, by Reassembler.clock
	blocks   int    // in buf
	complete bool
	schedule bool
	buf      [MaxMessage]byte
}

// Evicted returns the number of channels forgotten because there were more than
// MaxChannels.
func (r *Reassembler) Evicted() uint64 { return r.evicted }

// Push takes the next block of a channel and returns the message that it completes, which
// is valid until the next Push. channel tells channels apart in any code of the caller's
// choice.
func (r *Reassembler) Push(channel uint64, b *Block) (message []byte, st Status) {
	a := r.channel(channel)
	begins := b.Sequence == 0 || b.Sequence == Schedule
	n := int(b.Sequence)
	switch {
	case begins || b.Sequence == Null:
		st.Lost = a.blocks > 0 && !a.complete
		a.blocks, a.complete, a.schedule = 0, false, b.Sequence == Schedule
		if !begins {
			return nil, st
		}
		n = 0
	case n == a.blocks-1 && bytes.Equal(a.buf[n*blockLen:a.blocks*blockLen], b.Info):
		return nil, Status{Duplicate: true}
	case (a.complete || a.blocks == 0) && bytes.Equal(b.Info, padding):
		return nil, Status{} // what follows the last block or a null message
	case n != a.blocks || a.complete:
		st = Status{Skipped: true, Lost: a.blocks > 0 && !a.complete}
		a.blocks, a.complete = 0, false
		return nil, st
	}
	copy(a.buf[n*blockLen:], b.Info)
	a.blocks++
	if !b.Last && a.blocks < maxBlocks {
		st.Segment = true
		return nil, st
	}
	a.complete = true
	st.Complete, st.ScheduleMessage = true, a.schedule
	return a.buf[:a.blocks*blockLen], st
}

// channel returns the state of a channel. Where there are too many, the one is forgotten
// that was used least recently.
func (r *Reassembler) channel(k uint64) *assembly {
	r.clock++
	a, ok := r.channels[k]
	if !ok {
		if len(r.channels) < MaxChannels {
			a = new(assembly)
		} else {
			var oldest uint64
			for k, b := range r.channels {
				if a == nil || b.used < a.used {
					a, oldest = b, k
				}
			}
			delete(r.channels, oldest)
			*a = assembly{}
			r.evicted++
		}
		if r.channels == nil {
			r.channels = map[uint64]*assembly{}
		}
		r.channels[k] = a
	}
	a.used = r.clock
	return a
}
