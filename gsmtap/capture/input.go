package capture

import (
	"crypto/sha256"
	"errors"
	"hash"
	"io"
)

// rawInput hashes and counts the octets of the input as they are read.
type rawInput struct {
	src  io.Reader
	hash hash.Hash
	n    int64
	err  error // other than io.EOF
	eof  bool
}

func newRawInput(src io.Reader) *rawInput { return &rawInput{src: src, hash: sha256.New()} }

func (in *rawInput) Read(p []byte) (int, error) {
	n, err := in.src.Read(p)
	if n > 0 {
		in.hash.Write(p[:n])
		in.n += int64(n)
	}
	switch {
	case err == io.EOF:
		in.eof = true
	case err != nil:
		in.err = err
	}
	return n, err
}

// maxIdle is how often in a row a source may read nothing.
const maxIdle = 100

// errInflated is the end of a stream that decompresses to too much.
var errInflated = errors.New("input decompresses to too much")

// inflated bounds the output of a decompressor.
type inflated struct {
	src   io.Reader
	raw   *rawInput
	n     int64
	limit int64
	floor int64 // from here on maxRatio holds
}

func (in *inflated) Read(p []byte) (int, error) {
	if in.n >= in.limit || in.n > in.floor && in.n/maxRatio > in.raw.n {
		return 0, errInflated
	}
	if room := in.limit - in.n; int64(len(p)) > room {
		p = p[:room]
	}
	n, err := in.src.Read(p)
	in.n += int64(n)
	return n, err
}

// window holds the part of a stream that is being looked at.
type window struct {
	src      io.Reader
	buf      []byte
	pos, end int   // buf[pos:end] is not yet consumed
	base     int64 // offset of buf[0] in the stream
	err      error // why the stream ended, io.EOF included
}

func newWindow(src io.Reader) *window {
	return &window{src: src, buf: make([]byte, firstWindow)}
}

// offset is the place of the next octet in the stream.
func (w *window) offset() int64 { return w.base + int64(w.pos) }

// peek returns the next n octets without consuming them, fewer only at the end of
// the stream. They are valid until the next call. n is at most maxWindow.
func (w *window) peek(n int) []byte {
	if w.end-w.pos >= n {
		return w.buf[w.pos : w.pos+n]
	}
	w.fill(n)
	return w.buf[w.pos:min(w.pos+n, w.end)]
}

// fill reads until n octets are there or the stream ends. The window grows only
// when what was read has filled it.
func (w *window) fill(n int) {
	for idle := 0; w.end-w.pos < n && w.err == nil; {
		if w.pos > 0 {
			copy(w.buf, w.buf[w.pos:w.end])
			w.base += int64(w.pos)
			w.pos, w.end = 0, w.end-w.pos
		}
		if w.end == len(w.buf) || w.base >= firstWindow && len(w.buf) < steadyWindow {
			size := min(max(2*len(w.buf), steadyWindow), maxWindow)
			if w.base < firstWindow {
				size = min(2*len(w.buf), maxWindow)
			}
			grown := make([]byte, size)
			copy(grown, w.buf[:w.end])
			w.buf = grown
		}
		got, err := w.src.Read(w.buf[w.end:])
		w.end += got
		w.err = err
		if got > 0 {
			idle = 0
		} else if idle++; idle == maxIdle && err == nil {
			w.err = io.ErrNoProgress
		}
	}
}

// ahead returns everything that is held, at least n octets unless the stream ends
// before; last says that the stream ends with it. It reads only when fewer than n
// are held and then as much as the window takes, so a search that is called often
// does not move the window often.
func (w *window) ahead(n int) (b []byte, last bool) {
	if w.end-w.pos < n {
		w.fill(maxWindow)
	}
	return w.buf[w.pos:w.end], w.err != nil
}

// advance consumes n octets that a peek returned.
func (w *window) advance(n int) { w.pos += n }

// skip consumes n octets, fewer at the end of the stream, and returns how many.
func (w *window) skip(n int64) int64 {
	for left := n; ; {
		step := min(left, int64(w.end-w.pos))
		w.pos += int(step)
		if left -= step; left == 0 {
			return n
		}
		if w.fill(1); w.pos == w.end {
			return n - left
		}
	}
}

// Read consumes octets, for a decompressor that has this window as its input.
func (w *window) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if w.fill(1); w.pos == w.end {
		return 0, w.err
	}
	n := copy(p, w.buf[w.pos:w.end])
	w.pos += n
	return n, nil
}
